//! Labels side by side above their values: what lies in a container comes in, from top to bottom; where such a strip stands, and its columns, go out.
//!
//! « Porteur du projet | Département | Aide accordée » in bold, and below each what it is: read across, a value that takes two lines would go on with the
//! next one's. A table has several rows with as many cells; a strip has one, and below it what is left of longer values.

use super::columns::{Content, Item, SAME_EDGE};

/// Between two labels there is at least so much room (of the type size).
const GAP: f32 = 1.5;
/// Values begin so far below their labels at most, and go on so far below their first line (heights of a line).
const BELOW: f32 = 1.2;
const NEXT: f32 = 0.7;
/// Values have at most so many lines.
const LONGEST: usize = 5;
/// Sizes of type that differ by less (points) are one.
const SAME_SIZE: f32 = 0.3;
/// A container with more items than this is a map or a drawing: each strip is looked for from the last on.
const MOST_ITEMS: usize = 3_000;

/// A strip of labels and values.
#[derive(Debug)]
pub(super) struct Strip {
    /// Its items.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where its columns begin.
    edges: Vec<f32>,
}

impl Strip {
    /// Its items, column by column.
    pub(super) fn columns(&self, items: Vec<Item>) -> Vec<Vec<Item>> {
        let mut columns: Vec<Vec<Item>> = self.edges.iter().map(|_| Vec::new()).collect();
        for item in items {
            let column = edge_of(&self.edges, &item).unwrap_or(0);
            if let Some(column) = columns.get_mut(column) {
                column.push(item);
            }
        }
        columns
    }
}

fn edge_of(edges: &[f32], item: &Item) -> Option<usize> {
    edges
        .iter()
        .position(|edge| (edge - item.bbox.x0).abs() <= SAME_EDGE)
}

/// What a line looks like: whether it is bold, its face, its size.
fn look(item: &Item) -> Option<(bool, (u32, bool), f32)> {
    match item.content {
        Content::Text {
            bold, face, size, ..
        } => Some((bold, face, size)),
        Content::Container(_) | Content::Rule => None,
    }
}

fn row(item: &Item) -> Option<u32> {
    match item.content {
        Content::Text { row, .. } => Some(row),
        Content::Container(_) | Content::Rule => None,
    }
}

/// The first strip among items that are ordered from top to bottom.
pub(super) fn find(items: &[Item]) -> Option<Strip> {
    if items.len() > MOST_ITEMS {
        return None;
    }
    let mut rows: Vec<&[Item]> = Vec::new();
    let mut rest = items;
    while let Some(first) = rest.first() {
        let n = match row(first) {
            Some(own) => (rest.iter())
                .take_while(|item| row(item) == Some(own))
                .count(),
            None => 1,
        };
        let (own, behind) = rest.split_at(n);
        rows.push(own);
        rest = behind;
    }
    let mut start = 0;
    for (number, labels) in rows.iter().enumerate() {
        let behind = rows.get(number + 1..).unwrap_or_default();
        let above = number.checked_sub(1).and_then(|above| rows.get(above));
        if let Some((n, edges)) = strip(above.copied(), labels, behind) {
            return Some(Strip {
                start,
                end: start + labels.len() + n,
                edges,
            });
        }
        start += labels.len();
    }
    None
}

/// Whether a row holds labels of what stands below it: how many items these are, and where the columns begin.
fn strip(above: Option<&[Item]>, labels: &[Item], behind: &[&[Item]]) -> Option<(usize, Vec<f32>)> {
    let own = look(labels.first()?)?;
    let are_labels = labels.len() > 1
        && own.0
        && labels.iter().all(|item| {
            look(item).is_some_and(|(bold, face, size)| {
                bold && face == own.1 && (size - own.2).abs() < SAME_SIZE
            })
        })
        && (labels.iter().zip(labels.iter().skip(1)))
            .all(|(left, right)| right.bbox.x0 - left.bbox.x1 >= GAP * own.2);
    if !are_labels {
        return None;
    }
    let edges: Vec<f32> = labels.iter().map(|item| item.bbox.x0).collect();
    let aligned = |row: &[Item]| row.iter().all(|item| edge_of(&edges, item).is_some());
    // A row of a table has others of its form above or below.
    if above.is_some_and(|above| above.len() > 1 && aligned(above)) {
        return None;
    }
    let mut bottom = labels.iter().map(|item| item.bbox.y1).reduce(f32::max)?;
    let mut n_items = 0;
    let mut n_values = 0;
    for (number, values) in behind.iter().enumerate() {
        let first = values.first()?;
        let is_value =
            |item: &Item| look(item).is_some_and(|(bold, face, _)| (bold, face) != (own.0, own.1));
        let reach = if number == 0 { BELOW } else { NEXT };
        let near = first.bbox.y0 - bottom < reach * first.bbox.height();
        let goes_on = near && aligned(values) && values.iter().all(is_value);
        if number == 0 {
            if !goes_on || values.len() < 2 {
                return None;
            }
            n_values = values.len();
        } else if !goes_on {
            // A further row of as many cells farther down is a table's.
            let is_table = aligned(values) && values.len() > 1;
            return (!is_table).then_some((n_items, edges));
        } else if values.len() >= n_values || number >= LONGEST {
            return None;
        }
        n_items += values.len();
        bottom = values.iter().map(|item| item.bbox.y1).reduce(f32::max)?;
    }
    (n_items > 0).then_some((n_items, edges))
}
