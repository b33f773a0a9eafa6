//! Notes beside the headings of a text: what lies in a container comes in, each heading's text and the lines at its side come out.
//!
//! Place and sum at the left or right of each title make a column that means nothing by itself, however straight it stands. What tells it from
//! a column of text, and from labels beside their values: it has a few short lines level with each heading, none in between, and far fewer
//! than the text.

use super::columns::{Content, Item, SAME_EDGE};
use crate::model::geometry::BoundingBox;

/// Between notes and text there is at least so much room (points).
const GAP: f32 = 6.0;
/// A note begins level with its heading: their tops differ by less than this (ems).
const LEVEL: f32 = 0.7;
/// This part of the headings has notes, at least,
const ON_MOST: f32 = 0.7;
/// and so many of them.
const FEWEST: usize = 2;
/// A note has at most so many lines.
const LONGEST_NOTE: usize = 5;
/// The text has this many times the lines of the notes, at least.
const MORE_TEXT: usize = 2;
/// Notes are at most this part of the width of the text.
const WIDEST: f32 = 0.6;
/// and their lines wider than this (of their height): narrower ones are bullets.
const NARROWEST: f32 = 1.5;
/// A heading is larger than most of the text by this factor, or in bold type where that is not.
const LARGER: f32 = 1.05;
/// Lines of a heading are less apart than this (their heights),
const ONE_TEXT: f32 = 0.5;
/// paragraphs below it than this.
const LONGEST_GAP: f32 = 2.5;
/// Left edges and headings of one page: more are a drawing's.
const MOST_EDGES: usize = 64;
const MOST_HEADINGS: usize = 100;
/// Sizes of type that differ by less (points) are one.
const SAME_SIZE: f32 = 0.3;

/// A stretch of the text, and the notes beside it: none, above the first heading and between.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) text: Vec<Item>,
    pub(super) notes: Vec<Item>,
}

/// Parts items, from top to bottom, at the headings that have notes beside them; nothing, where these are no notes.
pub(super) fn find(items: &[Item]) -> Option<Vec<Part>> {
    let mut edges: Vec<f32> = items
        .iter()
        .filter(|item| is_text(item))
        .map(|item| item.bbox.x0)
        .collect();
    edges.sort_by(f32::total_cmp);
    edges.dedup_by(|a, b| *a - *b <= SAME_EDGE);
    edges
        .iter()
        .skip(1)
        .take(MOST_EDGES)
        .flat_map(|&x| [(x, true), (x, false)])
        .find_map(|(x, at_left)| part(items, x, at_left))
}

/// Parts items at the headings of the text right of `x`, with notes left of it, or of the text left of it, with notes at `x`.
fn part(items: &[Item], x: f32, at_left: bool) -> Option<Vec<Part>> {
    let side = |item: &Item| {
        let is_right = item.bbox.x0 >= x - SAME_EDGE;
        let is_left = item.bbox.x1 <= x - GAP;
        match (is_text(item), is_left, is_right) {
            (true, true, false) => Some(at_left),
            (true, false, true) => Some(!at_left),
            _ => None,
        }
    };
    let of = |wanted: bool| items.iter().filter(move |item| side(item) == Some(wanted));
    let text: Vec<&Item> = of(false).collect();
    let headings = headings(&text);
    let is_one_column = headings
        .iter()
        .zip(headings.iter().skip(1))
        .all(|(above, below)| below.y0 >= above.y1);
    if !is_one_column || headings.len() > MOST_HEADINGS {
        return None;
    }
    let mut parts: Vec<Part> = vec![Part::default()];
    // The heading below which items stand, and where its text ends.
    let mut below: Option<(BoundingBox, f32)> = None;
    let mut ahead: Vec<Item> = Vec::new();
    for item in items {
        let is_inside = |(_, bottom): &(BoundingBox, f32)| item.bbox.y0 < *bottom;
        let is_next = |heading: &&BoundingBox| {
            below.is_none_or(|(own, _)| heading.y0 > own.y0) && is_level(item, heading)
        };
        match side(item) {
            // Of a note and its heading either may come first.
            Some(true) if headings.iter().any(|heading| is_next(&heading)) => {
                ahead.push(item.clone());
            }
            Some(true) if below.as_ref().is_some_and(is_inside) => {
                let notes = &mut parts.last_mut()?.notes;
                let is_first =
                    notes.is_empty() && below.is_some_and(|(heading, _)| is_level(item, &heading));
                let goes_on = notes
                    .last()
                    .is_some_and(|above| item.bbox.y0 - above.bbox.y1 < item.bbox.height());
                // Lines beside the middle of a text are none.
                if !(is_first || goes_on) || notes.len() >= LONGEST_NOTE {
                    return None;
                }
                notes.push(item.clone());
            }
            Some(false) if headings.contains(&item.bbox) => {
                parts.push(Part {
                    text: vec![item.clone()],
                    notes: std::mem::take(&mut ahead),
                });
                below = Some((item.bbox, text_bottom(&text, &headings, &item.bbox)));
            }
            Some(false) if below.as_ref().is_some_and(is_inside) => {
                parts.last_mut()?.text.push(item.clone());
            }
            _ => {
                if below.take().is_some() {
                    parts.push(Part::default());
                }
                parts.last_mut()?.text.push(item.clone());
            }
        }
    }
    let noted: Vec<&Part> = parts.iter().filter(|part| !part.notes.is_empty()).collect();
    let n_notes: usize = noted.iter().map(|part| part.notes.len()).sum();
    let n_text: usize = noted.iter().map(|part| part.text.len()).sum();
    let width = |wanted: bool| {
        let bounds = of(wanted)
            .map(|item| item.bbox)
            .reduce(|all, bbox| all.union(&bbox));
        bounds.map_or(0.0, |bounds| bounds.width())
    };
    let is_noted = ahead.is_empty()
        && noted.len() >= FEWEST
        && noted.len() as f32 >= ON_MOST * headings.len() as f32
        && n_text >= MORE_TEXT * n_notes
        && noted.iter().all(|part| part.text.len() > part.notes.len())
        && !noted.iter().any(|part| are_labels(part))
        && (noted.iter().flat_map(|part| &part.notes))
            .all(|note| note.bbox.width() > NARROWEST * note.bbox.height())
        && width(true) <= WIDEST * width(false);
    is_noted.then_some(parts)
}

/// Whether each of several lines at the side has a line of text level with it: labels beside their values.
fn are_labels(part: &Part) -> bool {
    const FEWEST_LABELS: usize = 3;
    const SAME_LINE: f32 = 0.3;
    let has_value = |note: &Item| {
        part.text
            .iter()
            .any(|item| (item.bbox.y1 - note.bbox.y1).abs() < SAME_LINE * note.bbox.height())
    };
    part.notes.len() >= FEWEST_LABELS && part.notes.iter().all(has_value)
}

/// The lines of a text that are set larger, or in bold type where the others are not.
fn headings(text: &[&Item]) -> Vec<BoundingBox> {
    let style = |item: &Item| match item.content {
        Content::Text { size, bold, .. } => Some((size, bold)),
        Content::Container(_) | Content::Rule => None,
    };
    let mut sizes: Vec<f32> = (text.iter())
        .filter_map(|item| style(item))
        .map(|(size, _)| size)
        .collect();
    sizes.sort_by(f32::total_cmp);
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    let n_bold = (text.iter())
        .filter(|item| style(item).is_some_and(|(_, bold)| bold))
        .count();
    let largest = sizes.last().copied().unwrap_or_default();
    let is_heading = |(size, bold): (f32, bool)| {
        size > largest - SAME_SIZE && (size > LARGER * usual || bold && n_bold * 2 < text.len())
    };
    let mut headings: Vec<BoundingBox> = Vec::new();
    for item in text
        .iter()
        .filter(|item| style(item).is_some_and(is_heading))
    {
        // The lines of one heading stand close.
        let goes_on = headings.last().is_some_and(|above| {
            (0.0..ONE_TEXT * item.bbox.height()).contains(&(item.bbox.y0 - above.y1))
        });
        if !goes_on {
            headings.push(item.bbox);
        }
    }
    headings
}

/// Where the text below a heading ends: at the next one, or where nothing follows for a while.
fn text_bottom(text: &[&Item], headings: &[BoundingBox], heading: &BoundingBox) -> f32 {
    let next = (headings.iter().map(|next| next.y0))
        .find(|y| *y > heading.y0)
        .unwrap_or(f32::INFINITY);
    let mut bottom = heading.y1;
    for item in text
        .iter()
        .filter(|item| item.bbox.y0 > heading.y0 && item.bbox.y0 < next)
    {
        if item.bbox.y0 - bottom > LONGEST_GAP * item.bbox.height() {
            break;
        }
        bottom = bottom.max(item.bbox.y1);
    }
    bottom
}

fn is_level(item: &Item, heading: &BoundingBox) -> bool {
    (item.bbox.y0 - heading.y0).abs() < LEVEL * heading.height().max(item.bbox.height())
}

fn is_text(item: &Item) -> bool {
    matches!(item.content, Content::Text { .. })
}
