//! Rulings in, grids out: tables whose cells are drawn.
//!
//! A grid is what rulings that touch each other enclose. Sides may be open (many tables have no outer verticals); cells that span rows or
//! columns are found by the rulings that are missing between them.

use crate::model::geometry::BoundingBox;

/// Rulings this close (points) touch, and are one when they run side by side: borders are often drawn cell by cell, or double.
const TOUCH: f32 = 2.0;
/// A side of a cell is drawn when rulings cover this part of it.
const COVERED: f32 = 0.6;
/// Grids of more cells than this are graph paper and crosswords.
const MOST_CELLS: usize = 20_000;
/// Rows and columns narrower than this (points) are double rulings.
const NARROWEST: f32 = 3.0;

/// A straight line along one axis: at `at` on the other axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// A cell of a grid.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GridCell {
    pub(super) row: u16,
    pub(super) column: u16,
    pub(super) n_rows: u16,
    pub(super) n_columns: u16,
    pub(super) bbox: BoundingBox,
}

/// A table as drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    pub(super) bbox: BoundingBox,
    /// From left to right; as many as columns, and one.
    pub(super) xs: Vec<f32>,
    /// From top to bottom; as many as rows, and one.
    pub(super) ys: Vec<f32>,
    /// By row, then column.
    pub(super) cells: Vec<GridCell>,
}

impl Grid {
    /// By row, then column, which cell lies there: its number among the cells.
    pub(super) fn cover(&self) -> Vec<usize> {
        let n_columns = self.xs.len().saturating_sub(1);
        let mut cover = vec![usize::MAX; n_columns * self.ys.len().saturating_sub(1)];
        for (number, cell) in self.cells.iter().enumerate() {
            for row in usize::from(cell.row)..usize::from(cell.row) + usize::from(cell.n_rows) {
                let from = row * n_columns + usize::from(cell.column);
                let places = cover.get_mut(from..from + usize::from(cell.n_columns));
                places.unwrap_or_default().fill(number);
            }
        }
        cover
    }

    /// The numbers of the cells at a point or no more than `slack` beside it, some of them several times. `cover` is this grid's.
    pub(super) fn cells_at<'c>(
        &self,
        cover: &'c [usize],
        (x, y): (f32, f32),
        slack: f32,
    ) -> impl Iterator<Item = usize> + 'c {
        let n_columns = self.xs.len().saturating_sub(1);
        // What two lines enclose is numbered by the first.
        let between = |lines: &[f32], at: f32| {
            let first = lines.partition_point(|line| *line < at - slack);
            let last = lines.partition_point(|line| *line <= at + slack);
            first.saturating_sub(1)..last.min(lines.len().saturating_sub(1))
        };
        let (rows, columns) = (between(&self.ys, y), between(&self.xs, x));
        rows.filter_map(move |row| {
            let from = row * n_columns;
            cover.get(from + columns.start..from + columns.end)
        })
        .flatten()
        .copied()
    }
}

/// Finds the grids that horizontal and vertical segments draw. A lone box is a grid of one cell.
pub(super) fn find(horizontal: Vec<Segment>, vertical: Vec<Segment>) -> Vec<Grid> {
    let horizontal = merged(horizontal);
    let vertical = merged(vertical);
    let mut grids = Vec::new();
    for (rows, columns) in connected(&horizontal, &vertical) {
        if let Some(grid) = grid(&rows, &columns) {
            grids.push(grid);
        }
    }
    grids.sort_by(|a, b| {
        a.bbox
            .y0
            .total_cmp(&b.bbox.y0)
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    grids
}

/// Joins segments that lie on one line and touch.
fn merged(mut segments: Vec<Segment>) -> Vec<Segment> {
    segments.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut lines: Vec<Segment> = Vec::new();
    let mut group: Vec<Segment> = Vec::new();
    let mut flush = |group: &mut Vec<Segment>| {
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Segment> = None;
        for segment in group.drain(..) {
            match &mut open {
                Some(line) if segment.from <= line.to + TOUCH => line.to = line.to.max(segment.to),
                _ => {
                    lines.extend(open.take());
                    open = Some(segment);
                }
            }
        }
        lines.extend(open);
    };
    for segment in segments {
        if group
            .first()
            .is_some_and(|first| segment.at - first.at > TOUCH)
        {
            flush(&mut group);
        }
        group.push(segment);
    }
    flush(&mut group);
    lines
}

/// Groups of lines that touch one another across.
fn connected(horizontal: &[Segment], vertical: &[Segment]) -> Vec<(Vec<Segment>, Vec<Segment>)> {
    let n = horizontal.len();
    let mut parent: Vec<usize> = (0..n + vertical.len()).collect();
    for (v, line) in vertical.iter().enumerate() {
        // Horizontal lines are sorted by y.
        let start = horizontal.partition_point(|row| row.at < line.from - TOUCH);
        for (h, row) in horizontal.iter().enumerate().skip(start) {
            if row.at > line.to + TOUCH {
                break;
            }
            if row.from - TOUCH <= line.at && line.at <= row.to + TOUCH {
                let (a, b) = (root(&mut parent, h), root(&mut parent, n + v));
                if let Some(entry) = parent.get_mut(a.max(b)) {
                    *entry = a.min(b);
                }
            }
        }
    }
    let mut groups: Vec<(usize, Vec<Segment>, Vec<Segment>)> = Vec::new();
    let mut slot_of_root: Vec<Option<usize>> = vec![None; n + vertical.len()];
    for (node, segment) in horizontal.iter().chain(vertical).enumerate() {
        let root = root(&mut parent, node);
        let slot = slot_of_root
            .get(root)
            .copied()
            .flatten()
            .unwrap_or_else(|| {
                groups.push((root, Vec::new(), Vec::new()));
                groups.len() - 1
            });
        if let Some(entry) = slot_of_root.get_mut(root) {
            *entry = Some(slot);
        }
        if let Some((_, rows, columns)) = groups.get_mut(slot) {
            if node < n {
                rows.push(*segment);
            } else {
                columns.push(*segment);
            }
        }
    }
    groups
        .into_iter()
        .map(|(_, rows, columns)| (rows, columns))
        .filter(|(rows, columns)| {
            rows.len() + columns.len() >= 3 && !rows.is_empty() && !columns.is_empty()
        })
        .collect()
}

/// The representative of a node's group, with the path to it shortened.
fn root(parent: &mut [usize], mut node: usize) -> usize {
    while let Some(&up) = parent.get(node) {
        if up == node {
            break;
        }
        let above = parent.get(up).copied().unwrap_or(up);
        if let Some(entry) = parent.get_mut(node) {
            *entry = above;
        }
        node = above;
    }
    node
}

/// Distinct positions, those closer than a double ruling taken together.
fn positions(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut sorted: Vec<f32> = values.collect();
    sorted.sort_by(f32::total_cmp);
    sorted.dedup_by(|next, kept| *next - *kept < NARROWEST);
    sorted
}

fn grid(rows: &[Segment], columns: &[Segment]) -> Option<Grid> {
    let left = rows
        .iter()
        .map(|row| row.from)
        .fold(f32::INFINITY, f32::min);
    let right = rows
        .iter()
        .map(|row| row.to)
        .fold(f32::NEG_INFINITY, f32::max);
    let top = columns
        .iter()
        .map(|column| column.from)
        .fold(f32::INFINITY, f32::min);
    let bottom = columns
        .iter()
        .map(|column| column.to)
        .fold(f32::NEG_INFINITY, f32::max);
    let xs = positions(columns.iter().map(|column| column.at).chain([left, right]));
    let ys = positions(rows.iter().map(|row| row.at).chain([top, bottom]));
    let (n_columns, n_rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if n_columns == 0 || n_rows == 0 || n_columns * n_rows > MOST_CELLS {
        return None;
    }
    // Whether the right side and the bottom of each elementary cell are drawn; the outer sides count as drawn.
    let has_right = |row: usize, column: usize| -> bool {
        column + 1 >= n_columns
            || covered(columns, xs.get(column + 1), ys.get(row), ys.get(row + 1))
    };
    let has_bottom = |row: usize, column: usize| -> bool {
        row + 1 >= n_rows || covered(rows, ys.get(row + 1), xs.get(column), xs.get(column + 1))
    };
    let mut taken = vec![false; n_columns * n_rows];
    let mut cells = Vec::new();
    for row in 0..n_rows {
        for column in 0..n_columns {
            if taken.get(row * n_columns + column).copied().unwrap_or(true) {
                continue;
            }
            let mut last_column = column;
            while !has_right(row, last_column)
                && !taken
                    .get(row * n_columns + last_column + 1)
                    .copied()
                    .unwrap_or(true)
            {
                last_column += 1;
            }
            let mut last_row = row;
            while (column..=last_column).all(|column| !has_bottom(last_row, column))
                && (column..last_column).all(|column| !has_right(last_row + 1, column))
                && (last_column + 1 >= n_columns || has_right(last_row + 1, last_column))
            {
                last_row += 1;
            }
            for row in row..=last_row {
                for column in column..=last_column {
                    if let Some(entry) = taken.get_mut(row * n_columns + column) {
                        *entry = true;
                    }
                }
            }
            let count = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
            cells.push(GridCell {
                row: count(row),
                column: count(column),
                n_rows: count(last_row + 1 - row),
                n_columns: count(last_column + 1 - column),
                bbox: BoundingBox {
                    x0: *xs.get(column)?,
                    y0: *ys.get(row)?,
                    x1: *xs.get(last_column + 1)?,
                    y1: *ys.get(last_row + 1)?,
                },
            });
        }
    }
    Some(Grid {
        bbox: BoundingBox {
            x0: *xs.first()?,
            y0: *ys.first()?,
            x1: *xs.last()?,
            y1: *ys.last()?,
        },
        xs,
        ys,
        cells,
    })
}

/// Whether lines at `at` cover most of the way from `from` to `to`.
fn covered(lines: &[Segment], at: Option<&f32>, from: Option<&f32>, to: Option<&f32>) -> bool {
    let (Some(&at), Some(&from), Some(&to)) = (at, from, to) else {
        return false;
    };
    let length: f32 = lines
        .iter()
        .filter(|line| (line.at - at).abs() <= NARROWEST)
        .map(|line| (line.to.min(to) - line.from.max(from)).max(0.0))
        .sum();
    length >= COVERED * (to - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_where_they_are() {
        // The first cell spans both columns: 0 above, 1 and 2 below.
        let lines = [
            line(0.0, 0.0, 40.0),
            line(10.0, 0.0, 40.0),
            line(20.0, 0.0, 40.0),
        ];
        let columns = [
            line(0.0, 0.0, 20.0),
            line(20.0, 10.0, 20.0),
            line(40.0, 0.0, 20.0),
        ];
        let grids = find(lines.to_vec(), columns.to_vec());
        let grid = grids.first().expect("there is a grid");
        let cover = grid.cover();
        assert_eq!(cover, [0, 0, 1, 2]);
        let at = |x, y| grid.cells_at(&cover, (x, y), 0.5).collect::<Vec<_>>();
        assert_eq!(at(30.0, 5.0), [0]);
        assert_eq!(at(30.0, 15.0), [2]);
        assert_eq!(at(20.2, 9.8), [0, 0, 1, 2]);
        assert_eq!(at(-0.3, 20.5), [1]);
        assert_eq!(at(60.0, 5.0), [0; 0]);
    }

    fn line(at: f32, from: f32, to: f32) -> Segment {
        Segment { at, from, to }
    }

    #[track_caller]
    fn check(horizontal: &[Segment], vertical: &[Segment], expected: &[(u16, u16, u16, u16)]) {
        let grids = find(horizontal.to_vec(), vertical.to_vec());
        let cells: Vec<(u16, u16, u16, u16)> = grids
            .iter()
            .flat_map(|grid| &grid.cells)
            .map(|cell| (cell.row, cell.column, cell.n_rows, cell.n_columns))
            .collect();
        assert_eq!(cells, expected);
    }

    #[test]
    fn four_cells_drawn_with_six_lines() {
        check(
            &[
                line(0.0, 0.0, 200.0),
                line(20.0, 0.0, 200.0),
                line(60.0, 0.0, 200.0),
            ],
            &[
                line(0.0, 0.0, 60.0),
                line(90.0, 0.0, 60.0),
                line(200.0, 0.0, 60.0),
            ],
            &[(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)],
        );
    }

    #[test]
    fn a_head_that_spans_both_columns() {
        check(
            &[
                line(0.0, 0.0, 200.0),
                line(20.0, 0.0, 200.0),
                line(60.0, 0.0, 200.0),
            ],
            &[
                line(0.0, 0.0, 60.0),
                line(90.0, 20.0, 60.0),
                line(200.0, 0.0, 60.0),
            ],
            &[(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)],
        );
    }

    #[test]
    fn open_sides_and_borders_drawn_cell_by_cell() {
        check(
            &[
                line(0.0, 0.0, 100.0),
                line(0.2, 99.5, 200.0),
                line(30.0, 0.0, 200.0),
            ],
            &[line(100.0, 0.0, 30.0)],
            &[(0, 0, 1, 1), (0, 1, 1, 1)],
        );
    }

    #[test]
    fn a_lone_box_is_one_cell_and_lone_lines_are_nothing() {
        check(
            &[line(0.0, 0.0, 50.0), line(30.0, 0.0, 50.0)],
            &[line(0.0, 0.0, 30.0), line(50.0, 0.0, 30.0)],
            &[(0, 0, 1, 1)],
        );
        check(&[line(0.0, 0.0, 50.0), line(30.0, 0.0, 50.0)], &[], &[]);
    }
}
