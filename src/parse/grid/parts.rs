//! Where the tables of a grid are. In: its rows; out: for each table the lines above it, the rows that name its columns, and those below. What the columns
//! are about is for segmentation; that labels of the lexicon stand in a row tells that it names them.

use std::collections::HashSet;
use std::ops::Range;

use super::{GridCell, GridRow, spanning};
use crate::parse::rows;
use crate::profile::{LEXICON, VOCABULARY, column_field, places};

/// Rows that tell what a table looks like.
const SAMPLE: usize = 200;

/// The names of the columns stand within so many rows, below titles, logos and notes.
const MOST_ABOVE: usize = 40;

/// A head has so many storeys at most.
const TALLEST: usize = 3;

/// A table in a grid: the rows that name its columns, and those below.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Lines above it.
    pub(super) above: Range<usize>,
    /// The storeys of its head; none where nothing names the columns.
    pub(super) head: Range<usize>,
    /// Its rows.
    pub(super) body: Range<usize>,
}

/// The tables of a grid, one below the other.
pub(super) fn parts(grid: &[GridRow]) -> Vec<Part> {
    let usual = usual_width(grid);
    let mut parts: Vec<Part> = Vec::new();
    let first = first_head(grid, usual);
    let mut above = 0..first.start;
    let mut head = first;
    loop {
        let next = next_head(grid, &head, usual);
        let end = next.as_ref().map_or(grid.len(), |next| next.0);
        parts.push(Part {
            above,
            body: head.end..end,
            head,
        });
        let Some((start, row)) = next else { break };
        let storeys = storeys(grid, row, start, usual);
        above = start..storeys.start;
        head = storeys;
    }
    parts
}

/// How many cells most rows of several have.
pub(super) fn usual_width(grid: &[GridRow]) -> usize {
    let mut widths: Vec<usize> = (grid.iter().take(SAMPLE))
        .map(|row| row.cells.len())
        .filter(|width| *width > 1)
        .collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(1)
}

/// The rows that name the columns of the first table: those with labels that are known; else the first full row, where it reads like names. Empty, and
/// where the table begins, if nothing names them.
fn first_head(grid: &[GridRow], usual: usize) -> Range<usize> {
    let within = grid.len().min(MOST_ABOVE);
    let is_full = |row: &GridRow| row.cells.len() * 2 > usual;
    if let Some(row) = (0..within).find(|row| names_known(grid, *row, usual)) {
        return storeys(grid, row, 0, usual);
    }
    let first = (0..within)
        .find(|row| grid.get(*row).is_some_and(is_full))
        .unwrap_or(0);
    if reads_like_names(grid, first) {
        storeys(grid, first, 0, usual)
    } else {
        first..first
    }
}

/// The next rows that name columns below a table: where lines above them begin, and which they are. Those of the first come again, or others stand
/// behind an empty row or a line alone.
fn next_head(grid: &[GridRow], head: &Range<usize>, usual: usize) -> Option<(usize, usize)> {
    if head.is_empty() {
        return None;
    }
    let strings = |row: &GridRow| -> Vec<String> {
        row.cells
            .iter()
            .map(|cell| cell.string().to_owned())
            .collect()
    };
    let last = head.end - 1;
    let own = grid.get(last).map(strings)?;
    let is_alone = |row: usize| grid.get(row).is_some_and(|row| row.cells.len() == 1);
    let is_behind_gap = |row: usize| {
        let number = |row: usize| grid.get(row).map_or(0, |row| row.number);
        number(row) > number(row - 1) + 1
    };
    (head.end..grid.len())
        .filter(|row| {
            let again = (grid.get(*row)).is_some_and(|row| {
                row.cells.len() == own.len()
                    && row
                        .cells
                        .iter()
                        .zip(&own)
                        .all(|(cell, own)| cell.string() == own)
            });
            again || (is_alone(row - 1) || is_behind_gap(*row)) && names_known(grid, *row, usual)
        })
        .map(|row| {
            let mut start = row;
            while start > head.end && start + TALLEST > row && is_alone(start - 1) {
                start -= 1;
                if is_behind_gap(start) {
                    break;
                }
            }
            (start, row)
        })
        .next()
}

/// Whether a row holds labels of the lexicon, in most of its cells.
fn names_known(grid: &[GridRow], row: usize, usual: usize) -> bool {
    let Some(cells) = grid.get(row).map(|row| &row.cells) else {
        return false;
    };
    if cells.len() < 2 || cells.len() * 2 < usual || !are_names(cells) {
        return false;
    }
    let known = n_known(cells);
    known > 1 && known * 3 >= cells.len() && grid.len() > row + 1
}

fn n_known(cells: &[GridCell]) -> usize {
    (cells.iter())
        .filter(|cell| column_field(cell.string(), &LEXICON).is_some())
        .count()
}

/// Whether cells could name columns: short, no figures but years, each another.
fn are_names(cells: &[GridCell]) -> bool {
    let distinct: HashSet<&str> = cells.iter().map(GridCell::string).collect();
    distinct.len() == cells.len() && could_name(cells)
}

fn could_name(cells: &[GridCell]) -> bool {
    let is_year =
        |string: &str| string.len() == 4 && (string.starts_with("19") || string.starts_with("20"));
    (cells.iter())
        .all(|cell| rows::is_heading(cell.string()) && !cell.is_figure || is_year(cell.string()))
        && cells.iter().any(|cell| !cell.is_figure)
}

/// Whether a row that no known label stands in names the columns below it all the same: unlike them in kind or look, and not itself like a record.
fn reads_like_names(grid: &[GridRow], row: usize) -> bool {
    let Some(cells) = grid.get(row).map(|row| &row.cells) else {
        return false;
    };
    let below = grid.get(row + 1..).unwrap_or_default();
    if below.is_empty() || !are_names(cells) {
        return false;
    }
    let column = |own: &GridCell| {
        let column = own.column;
        (below.iter().take(SAMPLE)).filter_map(move |row| row.cell(column))
    };
    if n_known(cells) > 0 && cells.len() > 1 {
        return true;
    }
    let over_figures = cells.iter().any(|cell| {
        let mut filled = column(cell).peekable();
        filled.peek().is_some() && filled.all(|below| below.is_figure)
    });
    let is_bold = |cell: &GridCell| cell.linked.text.dominant_style().bold;
    let stands_out =
        cells.iter().all(is_bold) && !below.iter().flat_map(|row| &row.cells).all(is_bold);
    let comes_again = cells
        .iter()
        .any(|cell| column(cell).any(|below| below.string() == cell.string()));
    if over_figures || stands_out || comes_again {
        return !comes_again;
    }
    !cells.iter().any(|cell| {
        places::likeness(cell.string()) >= places::SURE
            || VOCABULARY.organisation_lean(cell.string()) > 0.0
    })
}

/// The storeys of the head that a row is part of; none is above the row `from`.
fn storeys(grid: &[GridRow], row: usize, from: usize, usual: usize) -> Range<usize> {
    let mut start = row;
    let mut end = row + 1;
    let follows = |row: usize| {
        let number = |row: usize| grid.get(row).map_or(0, |row| row.number);
        number(row + 1) == number(row) + 1
    };
    // Below: cells that part what a wide cell above heads.
    while end - start < TALLEST
        && follows(end - 1)
        && let (Some(above), Some(below)) = (grid.get(end - 1), grid.get(end))
        && parts_columns(above, below)
        && grid.len() > end + 1
    {
        end += 1;
    }
    // Above: cells that head several of these.
    while start > from
        && end - start < TALLEST
        && follows(start - 1)
        && let (Some(above), Some(below)) = (grid.get(start - 1), grid.get(start))
        && heads_several(above, below, usual)
    {
        start -= 1;
    }
    start..end
}

/// Whether each cell of a row stands under a cell above that spans several columns.
fn parts_columns(above: &GridRow, below: &GridRow) -> bool {
    below.cells.len() > 1
        && below.cells.len() <= above.cells.iter().map(|cell| cell.width).sum()
        && could_name(&below.cells)
        && below.cells.iter().all(|cell| {
            (above.cells.iter()).any(|wide| {
                wide.width > 1 && (wide.column..wide.column + wide.width).contains(&cell.column)
            })
        })
}

/// Whether the cells of a row are names over several columns of the row below it.
fn heads_several(above: &GridRow, below: &GridRow, usual: usize) -> bool {
    let wide = above.cells.iter().filter(|cell| cell.width > 1).count();
    let widest = above.cells.iter().map(|cell| cell.width).max().unwrap_or(1);
    let covered = |cell: &GridCell| {
        spanning(above, cell.column).is_some_and(|above| above.column <= cell.column)
    };
    could_name(&above.cells)
        && (wide > 0 && widest < usual || wide == 0 && above.cells.len() > 1)
        && above.cells.len() < below.cells.len()
        && below.cells.iter().filter(|cell| covered(cell)).count() > 1
        // A title and a date stand above a table, too: what heads columns begins where one of them does.
        && (above.cells.iter()).all(|cell| below.cell(cell.column).is_some() || cell.width == 1 && wide > 0)
}
