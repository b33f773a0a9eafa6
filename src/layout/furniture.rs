//! Running headers, footers and folios: what stands at the same height near the edge of many pages, figures aside.

use rustc_hash::FxHashMap;

use super::PageLayout;
use super::blocks::Draft;
use super::footnotes;

/// Furniture stands in the top or bottom of the page, within this part of its height.
const MARGIN: f32 = 0.13;
/// Heights this close (points) are the same place.
const SAME_HEIGHT: f32 = 4.0;
/// It is on this part of all pages, or of the pages between the first and the last that have it.
const ON_MOST_PAGES: f32 = 0.5;
/// Type larger than the body's by more than this is a heading, unless most pages have it.
const HEADING_SIZE: f32 = 1.12;
/// Text this near (ems, from box to box) is of one piece.
const CLOSE: f32 = 0.75;
/// Longer texts (characters) do not run along.
const LONGEST: usize = 160;

/// Page and draft by their indices, and the distance from the near edge of the page.
type Place = (usize, usize, f32);
/// The text with figures made alike, and whether it is at the bottom.
type Key = (String, bool);

/// Whether a draft is furniture, for each draft of each page.
pub(super) fn find(pages: &[PageLayout], body_size: f32) -> Vec<Vec<bool>> {
    let mut found: Vec<Vec<bool>> = pages
        .iter()
        .map(|page| vec![false; page.drafts.len()])
        .collect();
    if let ([page], [marks]) = (pages, found.as_mut_slice()) {
        mark_echoes(page, marks, body_size);
        return found;
    }
    // Texts in the margins, figures made alike, by half: where they are, and how often the same text stands elsewhere.
    let mut places: FxHashMap<Key, Vec<Place>> = FxHashMap::default();
    let mut elsewhere: FxHashMap<String, usize> = FxHashMap::default();
    for (page_idx, page) in pages.iter().enumerate() {
        for (draft_idx, draft) in page.drafts.iter().enumerate() {
            let Some(key) = key(draft) else { continue };
            if draft.bbox.y1 < MARGIN * page.height {
                places
                    .entry((key, false))
                    .or_default()
                    .push((page_idx, draft_idx, draft.bbox.y0));
            } else if draft.bbox.y0 > (1.0 - MARGIN) * page.height {
                if is_called_note(page, draft) {
                    continue;
                }
                places.entry((key, true)).or_default().push((
                    page_idx,
                    draft_idx,
                    page.height - draft.bbox.y1,
                ));
            } else {
                *elsewhere.entry(key).or_default() += 1;
            }
        }
    }
    let mut places: Vec<(Key, Vec<Place>)> = places.into_iter().collect();
    places.sort_by(|a, b| a.0.cmp(&b.0));
    for ((key, _), mut occurrences) in places {
        occurrences.sort_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)));
        let mut rest = occurrences.as_slice();
        while let Some(first) = rest.first() {
            let n = rest.partition_point(|place| place.2 - first.2 <= SAME_HEIGHT);
            let (same, others) = rest.split_at(n);
            rest = others;
            if repeats(
                same,
                pages,
                body_size,
                elsewhere.get(&key).copied().unwrap_or(0),
                &key,
            ) {
                for &(page_idx, draft_idx, _) in same {
                    if let Some(mark) = found
                        .get_mut(page_idx)
                        .and_then(|page| page.get_mut(draft_idx))
                    {
                        *mark = true;
                    }
                }
            }
        }
    }
    for (page, marks) in pages.iter().zip(&mut found) {
        keep_with_text(page, marks);
    }
    mark_artifacts(pages, &mut found);
    found
}

/// What stands as close to the text of its column or box as lines of one paragraph do belongs to it: a label that heads the same column of every
/// page, the first line of a box.
fn keep_with_text(page: &PageLayout, marks: &mut [bool]) {
    let is_text = |draft: &Draft, mark: bool| !mark && !draft.badge && !draft.rotated;
    for at in 0..marks.len() {
        let (Some(draft), Some(true)) = (page.drafts.get(at), marks.get(at)) else {
            continue;
        };
        let is_folio = key(draft).is_some_and(|key| !key.contains(char::is_alphabetic));
        let em = draft.first().map_or(0.0, |line| line.size);
        let at_top = draft.bbox.y1 < MARGIN * page.height;
        let touches = |other: &Draft| {
            let gap = if at_top {
                other.bbox.y0 - draft.bbox.y1
            } else {
                draft.bbox.y0 - other.bbox.y1
            };
            (draft.frame.is_some() && other.frame == draft.frame)
                || other.leaf == draft.leaf
                    && other.bbox.overlap_x(&draft.bbox) > 0.0
                    && (-0.5..CLOSE).contains(&(gap / em))
        };
        let belongs = page
            .drafts
            .iter()
            .zip(marks.iter())
            .any(|(other, mark)| is_text(other, *mark) && touches(other));
        if belongs
            && !is_folio
            && let Some(mark) = marks.get_mut(at)
        {
            *mark = false;
        }
    }
}

/// What the producer marked as no part of the text, where it also stands in the margin.
fn mark_artifacts(pages: &[PageLayout], found: &mut [Vec<bool>]) {
    for (page, marks) in pages.iter().zip(found) {
        for (draft, mark) in page.drafts.iter().zip(marks) {
            let in_margin = draft.bbox.y1 < MARGIN * page.height
                || draft.bbox.y0 > (1.0 - MARGIN) * page.height;
            *mark |= in_margin && draft.lines.iter().all(|(_, line)| line.artifact);
        }
    }
}

fn repeats(
    same: &[Place],
    pages: &[PageLayout],
    body_size: f32,
    n_elsewhere: usize,
    key: &str,
) -> bool {
    let mut on: Vec<usize> = same.iter().map(|place| place.0).collect();
    on.sort_unstable();
    on.dedup();
    let n = on.len();
    if n < 2 {
        return false;
    }
    let is_folio = key.chars().all(|c| c == '#' || !c.is_alphabetic());
    if n_elsewhere >= n && !is_folio {
        return false;
    }
    let size = same
        .iter()
        .filter_map(|&(page_idx, draft_idx, _)| pages.get(page_idx)?.drafts.get(draft_idx)?.first())
        .map(|line| line.size)
        .fold(0.0, f32::max);
    let of_all = n as f32 / pages.len() as f32;
    if size > HEADING_SIZE * body_size && !is_folio {
        // A band with the name of a part is repeated on the pages of that part only.
        return of_all > 0.6 && n > 2;
    }
    let (first, last) = (
        on.first().copied().unwrap_or(0),
        on.last().copied().unwrap_or(0),
    );
    let span = (last - first + 1) as f32;
    let in_span = n as f32 / span;
    // Left and right pages may differ.
    let alternating = n > 2
        && on
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if b - a == 2));
    let enough = if pages.len() == 2 { 2 } else { 3 };
    (of_all >= ON_MOST_PAGES && n >= 2)
        || (n >= enough && (in_span >= ON_MOST_PAGES || alternating))
}

/// On a lone page nothing repeats: a small line in the margin that says again what a larger one says, or a number alone, runs along all the same.
fn mark_echoes(page: &PageLayout, marks: &mut [bool], body_size: f32) {
    let size = |draft: &Draft| draft.first().map_or(0.0, |line| line.size);
    for (draft, mark) in page.drafts.iter().zip(marks) {
        let in_margin =
            draft.bbox.y1 < MARGIN * page.height || draft.bbox.y0 > (1.0 - MARGIN) * page.height;
        let Some(key) = key(draft).filter(|_| in_margin && size(draft) < body_size) else {
            continue;
        };
        let words = key.trim_matches(|c: char| c == '#' || !c.is_alphanumeric());
        let echoes = page
            .drafts
            .iter()
            .filter(|other| size(other) > size(draft))
            .filter_map(self::key)
            .any(|other| other == words);
        *mark |= words.is_empty() || echoes;
    }
}

/// Whether a draft is a note whose marker is raised in the text of its page: such notes may say the same on every page and still be content.
fn is_called_note(page: &PageLayout, draft: &Draft) -> bool {
    let Some((marker, _)) = footnotes::marker(draft) else {
        return false;
    };
    let calls = page
        .drafts
        .iter()
        .filter(|other| other.bbox.y1 < draft.bbox.y0)
        .flat_map(|other| &other.lines)
        .flat_map(|(_, line)| {
            let text = &line.text;
            text.segments()
                .iter()
                .filter(|segment| segment.style.superscript && segment.start > 0)
                .filter_map(move |segment| {
                    text.as_str()
                        .get(segment.start as usize..segment.end as usize)
                })
        });
    let number = |text: &str| text.trim_matches(['.', ')', '(', ' ']).to_owned();
    let wanted = number(marker.as_str());
    calls.into_iter().any(|call| number(call) == wanted)
}

/// The text with figures made alike, or nothing when it cannot be furniture.
fn key(draft: &Draft) -> Option<String> {
    if draft.cell.is_some() || draft.badge || draft.rotated || draft.lines.len() > 2 {
        return None;
    }
    let mut key = String::new();
    for (_, line) in &draft.lines {
        for character in line.text.as_str().chars() {
            if character.is_ascii_digit() {
                if !key.ends_with('#') {
                    key.push('#');
                }
            } else {
                key.extend(character.to_lowercase());
            }
        }
        key.push(' ');
    }
    let key = key.trim().to_owned();
    (!key.is_empty() && key.len() <= LONGEST).then_some(key)
}
