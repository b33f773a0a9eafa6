//! What lies in a container in, columns out, in the order in which they are read.
//!
//! A gutter is a strip that nothing crosses over some height, with lines of text on both sides. Above and below that height the page may be
//! set in another number of columns. Rows of a table without rulings have such strips too: there each row is read across. A few lines beside each
//! heading of a text are notes on what stands below it: they are read with it. Labels side by side above their values are read with these.

use super::{notes, strips};
use crate::model::geometry::BoundingBox;

/// A gutter is at least this wide (points), and at least this part of the type size.
const NARROWEST_GUTTER: f32 = 5.0;
const GUTTER_EMS: f32 = 0.7;
/// A left edge that so many lines share needs no gap before it, and lines may even reach over it by a little (points): narrow gutters exist.
const LINES_OF_CLEAR_EDGE: usize = 8;
const CLEAR_EDGE: f32 = -3.0;
/// Left edges this close (points) start at the same column.
pub(super) const SAME_EDGE: f32 = 3.0;
/// Columns have at least this many lines, unless one has just begun.
const FEWEST_LINES: usize = 3;
/// Which it does in this part of the container's width.
const LAST_COLUMN: f32 = 0.4;
/// Columns are at least this part of the container's width: narrower ones are numbers and bullets beside a text.
const NARROWEST_COLUMN: f32 = 0.12;
/// The columns of a gutter stand beside each other for at least this part of the shorter one's height.
const SIDE_BY_SIDE: f32 = 0.4;
/// Where all lines at the right begin at one edge, that much is enough.
const FLUSH_SIDE_BY_SIDE: f32 = 0.2;
/// Rows are read across when this part of the shorter side's lines have a partner on the same baseline.
const ACROSS: f32 = 0.8;
/// Lines that fill less than this part of their column are cells, not prose.
const PROSE_FILL: f32 = 0.72;
/// A rule goes across a gutter when it reaches this far (points) into the columns on both sides.
const RULE_REACH: f32 = 40.0;
/// Columns nest no deeper.
const DEEPEST: usize = 6;

/// A line fragment or a container in the flow.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) bbox: BoundingBox,
    pub(super) content: Content,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Content {
    /// A fragment, by its number.
    Text {
        fragment: u32,
        row: u32,
        size: f32,
        bold: bool,
        /// Colour, and whether it is italic.
        face: (u32, bool),
    },
    /// A container, by its number.
    Container(usize),
    /// A horizontal rule: columns do not go on across it.
    Rule,
}

impl Item {
    fn is_text(&self) -> bool {
        matches!(self.content, Content::Text { .. })
    }
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// From top to bottom.
    pub(super) items: Vec<Item>,
    /// Of notes beside a text: how many columns that text is, which come right before.
    pub(super) beside: Option<usize>,
}

/// Splits items into columns, in reading order.
pub(super) fn split(mut items: Vec<Item>, bounds: &BoundingBox) -> Vec<Leaf> {
    items.sort_by(|a, b| {
        a.bbox
            .y0
            .total_cmp(&b.bbox.y0)
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    let mut leaves = Vec::new();
    divide(items, bounds, 0, &mut leaves);
    leaves
}

fn divide(items: Vec<Item>, bounds: &BoundingBox, depth: usize, leaves: &mut Vec<Leaf>) {
    if items.is_empty() {
        return;
    }
    if let Some(strip) = strips::find(&items) {
        let mut items = items;
        let below = items.split_off(strip.end);
        let own = items.split_off(strip.start);
        divide(items, bounds, depth, leaves);
        for column in strip.columns(own) {
            leaves.push(Leaf {
                items: column,
                beside: None,
            });
        }
        divide(below, bounds, depth, leaves);
        return;
    }
    if depth < DEEPEST
        && let Some(parts) = notes::find(&items)
    {
        for part in parts {
            let n_before = leaves.len();
            divide(part.text, bounds, depth + 1, leaves);
            let n_text = leaves.len() - n_before;
            if !part.notes.is_empty() {
                leaves.push(Leaf {
                    items: part.notes,
                    beside: Some(n_text),
                });
            }
        }
        return;
    }
    let gutter = if depth < DEEPEST {
        find_gutter(&items, bounds)
    } else {
        None
    };
    let Some(gutter) = gutter else {
        let mut items = items;
        items.retain(|item| item.content != Content::Rule);
        if !items.is_empty() {
            leaves.push(Leaf {
                items,
                beside: None,
            });
        }
        return;
    };
    let (mut above, mut left, mut right, mut below) = (vec![], vec![], vec![], vec![]);
    for (index, item) in items.into_iter().enumerate() {
        if index < gutter.first {
            above.push(item);
        } else if index >= gutter.end {
            below.push(item);
        } else if item.bbox.x0 >= gutter.x - SAME_EDGE {
            right.push(item);
        } else {
            left.push(item);
        }
    }
    divide(above, bounds, depth + 1, leaves);
    let left_bounds = BoundingBox {
        x1: gutter.x,
        ..*bounds
    };
    let right_bounds = BoundingBox {
        x0: gutter.x,
        ..*bounds
    };
    if let Some(cuts) = grid_rows(&left, &right) {
        // Cards in rows: each row is read across before the next.
        for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
            for side in [(&left, &left_bounds), (&right, &right_bounds)] {
                let part: Vec<Item> = side
                    .0
                    .iter()
                    .filter(|item| item.bbox.y0 >= *from && item.bbox.y0 < *to)
                    .cloned()
                    .collect();
                divide(part, side.1, depth + 1, leaves);
            }
        }
    } else {
        divide(left, &left_bounds, depth + 1, leaves);
        divide(right, &right_bounds, depth + 1, leaves);
    }
    divide(below, bounds, depth + 1, leaves);
}

struct Gutter {
    /// Left edge of the column on the right.
    x: f32,
    /// The items beside the gutter, by their order from the top.
    first: usize,
    end: usize,
}

fn find_gutter(items: &[Item], bounds: &BoundingBox) -> Option<Gutter> {
    if items.len() < 2 * FEWEST_LINES {
        return None;
    }
    let mut edges: Vec<f32> = items
        .iter()
        .filter(|item| item.content != Content::Rule)
        .map(|item| item.bbox.x0)
        .collect();
    edges.sort_by(f32::total_cmp);
    let mut candidates: Vec<(f32, usize)> = Vec::new();
    let mut count = 0;
    let mut start = f32::NEG_INFINITY;
    for &edge in edges.iter().chain(&[f32::INFINITY]) {
        if edge - start <= SAME_EDGE {
            count += 1;
            continue;
        }
        if count >= FEWEST_LINES || start - bounds.x0 > LAST_COLUMN * bounds.width() {
            candidates.push((start, count));
        }
        start = edge;
        count = 1;
    }
    let narrowest = NARROWEST_COLUMN * bounds.width();
    candidates
        .into_iter()
        .filter(|&(x, _)| x - bounds.x0 > narrowest && bounds.x1 - x > narrowest)
        .filter_map(|(x, count)| best_run(items, x, count))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, gutter)| gutter)
}

/// The highest stretch where nothing crosses the strip left of `x`, with its height.
fn best_run(items: &[Item], x: f32, count: usize) -> Option<(f32, Gutter)> {
    let mut best: Option<(f32, Gutter)> = None;
    let mut first = 0;
    for end in 0..=items.len() {
        let blocks = items.get(end).is_none_or(|item| {
            let size = match item.content {
                Content::Text { size, .. } => size,
                Content::Container(_) => 0.0,
                Content::Rule => {
                    return item.bbox.x0 < x - RULE_REACH && item.bbox.x1 > x + RULE_REACH;
                }
            };
            let strip = if count >= LINES_OF_CLEAR_EDGE {
                CLEAR_EDGE
            } else {
                NARROWEST_GUTTER.max(GUTTER_EMS * size)
            };
            item.bbox.x0 < x - SAME_EDGE && item.bbox.x1 > x - strip
        });
        if !blocks {
            continue;
        }
        if let Some((height, first, end)) =
            items.get(first..end).and_then(|run| judge(run, x, first))
            && best.as_ref().is_none_or(|(best, _)| height > *best)
        {
            best = Some((height, Gutter { x, first, end }));
        }
        first = end + 1;
    }
    best
}

/// Whether the items of a run are two columns: the height over which they are, and which of the items belong to them.
fn judge(run: &[Item], x: f32, offset: usize) -> Option<(f32, usize, usize)> {
    let run = footless(run);
    let is_right = |item: &Item| item.bbox.x0 >= x - SAME_EDGE;
    let extent = |right: bool| -> Option<(f32, f32, usize)> {
        let mut extent: Option<(f32, f32, usize)> = None;
        for item in run.iter().filter(|item| is_right(item) == right) {
            let (top, bottom, n) = extent.unwrap_or((item.bbox.y0, item.bbox.y1, 0));
            extent = Some((
                top.min(item.bbox.y0),
                bottom.max(item.bbox.y1),
                n + usize::from(item.is_text()),
            ));
        }
        extent
    };
    let (left_top, left_bottom, n_left) = extent(false)?;
    let (right_top, right_bottom, n_right) = extent(true)?;
    let begun = is_begun(run, x);
    if n_left < FEWEST_LINES || (n_right < FEWEST_LINES && !begun) {
        return None;
    }
    let shared = left_bottom.min(right_bottom) - left_top.max(right_top);
    let shorter = (left_bottom - left_top).min(right_bottom - right_top);
    let is_flush = run
        .iter()
        .filter(|item| is_right(item))
        .all(|item| item.bbox.x0 <= x + SAME_EDGE);
    let side_by_side = if is_flush && n_right > FEWEST_LINES {
        FLUSH_SIDE_BY_SIDE
    } else {
        SIDE_BY_SIDE
    };
    if shared < side_by_side * shorter || reads_across(run, x) {
        return None;
    }
    Some((shared, offset, offset + run.len()))
}

/// A run without a line at its foot that only one side has: far below the others, it is under both columns, or beside what follows.
fn footless(run: &[Item]) -> &[Item] {
    let mut run = run;
    while let Some((last, above)) = run.split_last() {
        let bottom = above
            .iter()
            .map(|item| item.bbox.y1)
            .fold(f32::NEG_INFINITY, f32::max);
        let foot = last.bbox.y0 - bottom > 2.5 * last.bbox.height();
        let alone = above.iter().all(|item| item.bbox.y0 < last.bbox.y0 - 1.0);
        if !(foot && alone) {
            break;
        }
        run = above;
    }
    run
}

/// Whether a column of text has just begun at the right of a full one: its one or two lines stand level with the first ones at the left, as do its
/// edges with a column as wide.
fn is_begun(run: &[Item], x: f32) -> bool {
    let is_right = |item: &&Item| item.bbox.x0 >= x - SAME_EDGE;
    let bounds = |items: &mut dyn Iterator<Item = &Item>| {
        items
            .filter(|item| item.is_text())
            .map(|item| (item.bbox, 1))
            .reduce(|(all, n), (bbox, _)| (all.union(&bbox), n + 1))
    };
    let left = bounds(&mut run.iter().filter(|item| !is_right(item)));
    let right = bounds(&mut run.iter().filter(is_right));
    let (Some((left, n_left)), Some((right, n_right))) = (left, right) else {
        return false;
    };
    n_right < FEWEST_LINES
        && n_left >= LINES_OF_CLEAR_EDGE
        && (right.y0 - left.y0).abs() < right.height()
        && right.width() > PROSE_FILL * left.width()
        && right.width() < left.width() / PROSE_FILL
        && x - left.x0 < left.width() / PROSE_FILL
}

/// Whether what stands left and right of `x` are the cells of rows: partners on the same baseline, short and of another style or with white
/// space between the rows.
fn reads_across(run: &[Item], x: f32) -> bool {
    let mut rows: Vec<(u32, usize, bool, bool)> = Vec::new();
    let (mut left_width, mut right_width) = (0.0_f32, 0.0_f32);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut left_edge, mut right_edge) = (f32::INFINITY, x);
    for item in run {
        let Content::Text { row, bold, .. } = item.content else {
            continue;
        };
        let is_right = item.bbox.x0 >= x - SAME_EDGE;
        if is_right {
            right_width = right_width.max(item.bbox.x1 - x);
            right.push(item.bbox.width());
            right_edge = right_edge.max(item.bbox.x1);
        } else {
            left_edge = left_edge.min(item.bbox.x0);
            left.push(item.bbox.width());
            left_width = left_width.max(item.bbox.x1 - left_edge);
        }
        match rows.iter_mut().find(|(number, ..)| *number == row) {
            Some(entry) => {
                entry.1 += usize::from(!is_right);
                entry.2 |= is_right;
                entry.3 |= bold && !is_right;
            }
            None => rows.push((row, usize::from(!is_right), is_right, bold && !is_right)),
        }
    }
    let n_both = rows
        .iter()
        .filter(|(_, left, right, _)| *left > 0 && *right)
        .count();
    let n_left = rows.iter().filter(|(_, left, ..)| *left > 0).count();
    let n_right = rows.iter().filter(|(_, _, right, _)| *right).count();
    let shorter = n_left.min(n_right);
    if (n_both as f32) < ACROSS * shorter as f32 && !has_labels(run, x) {
        return false;
    }
    let fill = |widths: &[f32], full: f32| {
        widths
            .iter()
            .filter(|&&width| width > PROSE_FILL * full)
            .count() as f32
            / widths.len().max(1) as f32
    };
    let left_is_prose = fill(&left, left_width) > 0.5 && left_width > 90.0;
    let right_is_prose = fill(&right, right_width) > 0.5 && right_width > 90.0;
    let n_bold_left = rows.iter().filter(|(.., bold)| *bold).count();
    let labels_left = n_left > 0 && n_bold_left * 5 >= n_left * 4 && n_left <= n_right;
    // Prose on both sides is two columns however well the baselines agree.
    if left_is_prose && right_is_prose {
        return false;
    }
    // « 1er prix | Les Hortensias | Brest » below a heading: rows of several cells, each with one at the right.
    let n_of_cells = rows
        .iter()
        .filter(|(_, left, right, _)| *left > 1 && *right)
        .count();
    let are_cells =
        !right_is_prose && n_both == n_right && n_of_cells as f32 >= ACROSS * n_both as f32;
    labels_left || are_cells || (!left_is_prose && (n_left < n_right || has_labels(run, x)))
}

/// Whether most lines left of `x` are in a look that none right of it has, and each of these has a partner there: labels in a margin, and a number or a
/// header among them.
fn has_labels(run: &[Item], x: f32) -> bool {
    // All lines are compared: more than a page has would take its square.
    const MOST_LINES: usize = 300;
    if run.len() > MOST_LINES {
        return false;
    }
    let side = |right: bool| {
        run.iter().filter_map(move |item| match item.content {
            Content::Text {
                row, bold, face, ..
            } if (item.bbox.x0 >= x - SAME_EDGE) == right => Some((row, (bold, face))),
            _ => None,
        })
    };
    let n_left = side(false).count();
    let Some(look) = side(false)
        .map(|(_, look)| look)
        .max_by_key(|look| side(false).filter(|(_, own)| own == look).count())
    else {
        return false;
    };
    let labels = || side(false).filter(|(_, own)| *own == look);
    labels().count() * 2 > n_left
        && side(true).all(|(_, own)| own != look)
        && labels().all(|(row, _)| side(true).any(|(other, _)| other == row))
}

/// Where rows of cards begin, when both columns start paragraphs with a bold or large line at the same heights, and only there; ends with
/// infinity.
fn grid_rows(left: &[Item], right: &[Item]) -> Option<Vec<f32>> {
    let starts = |items: &[Item]| -> Vec<(f32, f32)> {
        let mut bottom = f32::NEG_INFINITY;
        let mut starts = Vec::new();
        for item in items {
            if let Content::Text { size, bold, .. } = item.content
                && item.bbox.y0 - bottom > 0.6 * size
                && bold
            {
                starts.push((item.bbox.y0, size));
            }
            bottom = bottom.max(item.bbox.y1);
        }
        starts
    };
    let (mut left, mut right) = (starts(left), starts(right));
    // Titles of cards are set larger than what else is bold in them, such as labels.
    let largest = left
        .iter()
        .chain(&right)
        .map(|(_, size)| *size)
        .fold(0.0, f32::max);
    for starts in [&mut left, &mut right] {
        starts.retain(|(_, size)| largest - size < 0.3);
    }
    let fewer = left.len().min(right.len());
    if fewer < 2 || left.len().abs_diff(right.len()) > 1 {
        return None;
    }
    let aligned = left
        .iter()
        .zip(&right)
        .take(fewer)
        .all(|(a, b)| (a.0 - b.0).abs() < 2.5 && (a.1 - b.1).abs() < 0.3);
    if !aligned {
        return None;
    }
    let longer = if left.len() >= right.len() {
        &left
    } else {
        &right
    };
    let mut cuts: Vec<f32> = longer.iter().map(|(y, _)| y - 3.0).collect();
    if let Some(first) = cuts.first_mut() {
        *first = f32::NEG_INFINITY;
    }
    cuts.push(f32::INFINITY);
    Some(cuts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(number: u32, x0: f32, y: f32, x1: f32) -> Item {
        styled(number, x0, y, x1, false)
    }

    fn styled(number: u32, x0: f32, y: f32, x1: f32, bold: bool) -> Item {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small"
        )]
        let row = y as u32;
        Item {
            bbox: BoundingBox::new(x0, y, x1, y + 9.0),
            content: Content::Text {
                fragment: number,
                row,
                size: 10.0,
                bold,
                face: (0, false),
            },
        }
    }

    #[track_caller]
    fn check(items: Vec<Item>, expected: &[&[u32]]) {
        let bounds = BoundingBox::new(40.0, 40.0, 560.0, 800.0);
        let read: Vec<Vec<u32>> = split(items, &bounds)
            .into_iter()
            .map(|leaf| {
                leaf.items
                    .iter()
                    .map(|item| match item.content {
                        Content::Text { fragment, .. } => fragment,
                        Content::Container(_) | Content::Rule => u32::MAX,
                    })
                    .collect()
            })
            .collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn a_title_two_columns_and_a_folio() {
        let mut items = vec![text(0, 40.0, 40.0, 400.0)];
        for line in 0..4_u8 {
            let y = 70.0 + 12.0 * f32::from(line);
            items.push(text(10 + u32::from(line), 40.0, y, 280.0));
            items.push(text(20 + u32::from(line), 300.0, y + 3.0, 550.0));
        }
        items.push(text(30, 290.0, 780.0, 310.0));
        check(items, &[&[0], &[10, 11, 12, 13], &[20, 21, 22, 23], &[30]]);
    }

    #[test]
    fn a_rule_across_the_gutter_ends_the_columns() {
        let mut items = vec![Item {
            bbox: BoundingBox::new(40.0, 150.0, 550.0, 150.0),
            content: Content::Rule,
        }];
        for part in 0..2_u8 {
            for line in 0..4_u8 {
                let y = 70.0 + 120.0 * f32::from(part) + 12.0 * f32::from(line);
                let number = 100 * u32::from(part) + u32::from(line);
                items.push(text(10 + number, 40.0, y, 280.0));
                items.push(text(20 + number, 300.0, y + 3.0, 550.0));
            }
        }
        check(
            items,
            &[
                &[10, 11, 12, 13],
                &[20, 21, 22, 23],
                &[110, 111, 112, 113],
                &[120, 121, 122, 123],
            ],
        );
    }

    #[test]
    fn labels_beside_values_are_read_across() {
        let mut items = Vec::new();
        for line in 0..4_u8 {
            let y = 70.0 + 20.0 * f32::from(line);
            items.push(styled(u32::from(line) * 2, 40.0, y, 120.0, true));
            items.push(text(u32::from(line) * 2 + 1, 200.0, y, 420.0));
        }
        check(items, &[&[0, 1, 2, 3, 4, 5, 6, 7]]);
    }

    #[test]
    fn cards_whose_titles_stand_level_are_read_row_by_row() {
        let mut items = Vec::new();
        for card_row in 0..2_u8 {
            for column in 0..2_u8 {
                let (x, y) = (
                    40.0 + 260.0 * f32::from(column),
                    60.0 + 120.0 * f32::from(card_row),
                );
                let base = u32::from(card_row) * 20 + u32::from(column) * 10;
                items.push(styled(base, x, y, x + 130.0, true));
                for line in 1..5_u8 {
                    items.push(text(
                        base + u32::from(line),
                        x,
                        y + 12.0 * f32::from(line),
                        x + 220.0,
                    ));
                }
            }
        }
        check(
            items,
            &[
                &[0, 1, 2, 3, 4],
                &[10, 11, 12, 13, 14],
                &[20, 21, 22, 23, 24],
                &[30, 31, 32, 33, 34],
            ],
        );
    }
}
