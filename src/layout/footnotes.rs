//! Notes at the foot of a page: small type, a marker in front, nothing but furniture below.

use super::PageLayout;
use super::blocks::Draft;
use crate::model::text::Text;

/// Notes are set in at most this part of the body's size.
const SMALL: f32 = 0.93;
/// They stand in the lower part of the page, from here on.
const LOWER_PART: f32 = 0.4;
/// Markers are at most so long (characters).
const LONGEST_MARKER: usize = 4;

/// Finds the notes of a page and takes the marker off each: whether each draft is a note.
pub(super) fn find(page: &mut PageLayout, furniture: &[bool], body_size: f32) -> Vec<bool> {
    let mut notes = vec![false; page.drafts.len()];
    // From the bottom up, as long as there are notes.
    let mut order: Vec<usize> = (0..page.drafts.len())
        .filter(|&index| !furniture.get(index).copied().unwrap_or(false))
        .collect();
    let bottom = |draft: Option<&Draft>| draft.map_or(0.0, |draft| draft.bbox.y0);
    order.sort_by(|&a, &b| bottom(page.drafts.get(b)).total_cmp(&bottom(page.drafts.get(a))));
    let mut open: Vec<usize> = Vec::new();
    for index in order {
        let Some(draft) = page.drafts.get(index) else {
            continue;
        };
        let small = draft
            .lines
            .iter()
            .all(|(_, line)| line.size < SMALL * body_size);
        if !small
            || draft.bbox.y0 < LOWER_PART * page.height
            || draft.cell.is_some()
            || draft.rotated
        {
            break;
        }
        open.push(index);
        if marker(draft).is_some() {
            // Whatever small type stands between this note and the foot belongs to notes.
            for index in open.drain(..) {
                if let Some(mark) = notes.get_mut(index) {
                    *mark = true;
                }
            }
        }
    }
    for (draft, is_note) in page.drafts.iter_mut().zip(&notes) {
        if *is_note
            && draft.marker.is_none()
            && let Some((marker, rest)) = marker(draft)
            && let Some((_, line)) = draft.lines.first_mut()
        {
            line.links.clear();
            line.text = rest;
            draft.marker = Some(marker);
        }
    }
    notes
}

/// The marker in front of a note, and the rest of its first line.
pub(super) fn marker(draft: &Draft) -> Option<(Text, Text)> {
    let text = &draft.first()?.text;
    let string = text.as_str();
    if let Some(marker) = &draft.marker {
        let is_number = marker
            .as_str()
            .starts_with(|c: char| c.is_ascii_digit() || c == '*');
        return is_number.then(|| (marker.clone(), text.clone()));
    }
    let raised: usize = text
        .segments()
        .iter()
        .take_while(|segment| segment.style.superscript)
        .last()
        .map_or(0, |segment| segment.end as usize);
    let end = if raised > 0 {
        raised
    } else {
        let is_sign = |c: char| matches!(c, '*' | '†' | '‡' | '¹' | '²' | '³' | '⁴'..='⁹');
        let signs: usize = string
            .chars()
            .take_while(|c| is_sign(*c))
            .map(char::len_utf8)
            .sum();
        if signs > 0 {
            signs
        } else {
            // A plain number, where text follows after a space.
            let digits = string.bytes().take_while(u8::is_ascii_digit).count();
            let rest = string.get(digits..)?;
            let spaced = rest.starts_with(' ') || rest.starts_with(". ") || rest.starts_with(") ");
            if digits == 0 || digits > 3 || !spaced {
                return None;
            }
            digits
        }
    };
    if string.get(..end)?.trim().chars().count() > LONGEST_MARKER {
        return None;
    }
    let rest = string.get(end..)?;
    let trimmed = rest.trim_start_matches(['.', ')', ' ']);
    if trimmed.is_empty() {
        return None;
    }
    Some((
        text.slice(0..end).trim(),
        text.slice(string.len() - trimmed.len()..string.len()),
    ))
}
