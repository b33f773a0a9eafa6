//! The rows of a table on a page: which of them head the columns, and what a merged cell says of each of its rows. Cells with their blocks in; the same out, with
//! what repeats.

use super::blocks::Draft;

/// Rows that a merged cell may cover: a page has no more.
const MOST_MERGED: u16 = 60;

/// Columns of a table that is one of records, whether its header stands on this page or on the one before.
pub(super) const FEWEST_OF_DATA: usize = 4;

/// A cell's row, column, fill and blocks.
pub(super) type RowOfCells = (u16, u16, Option<u32>, Vec<Draft>);

fn all_bold(drafts: &[Draft]) -> bool {
    !drafts.is_empty()
        && drafts.iter().all(|draft| {
            draft
                .lines
                .iter()
                .all(|(_, line)| line.first_style.bold && line.last_style.bold)
        })
}

/// What a cell merged over several rows says is said of each of them.
pub(super) fn repeat_merged(
    rows: Vec<RowOfCells>,
    header_end: u16,
    n_rows: impl Fn(u16, u16) -> u16,
) -> Vec<RowOfCells> {
    let mut all = Vec::with_capacity(rows.len());
    for (row, column, filled, drafts) in rows {
        if row >= header_end && !drafts.is_empty() {
            for below in 1..n_rows(row, column).min(MOST_MERGED) {
                all.push((row.saturating_add(below), column, filled, drafts.clone()));
            }
        }
        all.push((row, column, filled, drafts));
    }
    all.sort_by_key(|(row, column, ..)| (*row, *column));
    all
}

/// Where the rows end that head the columns. A row in bold below one with fewer cells is its lower storey: « Budget décidé » over « Coût total » and « FEDER ».
pub(super) fn header_rows(rows: &[RowOfCells], first_row: u16) -> u16 {
    /// A header has three storeys at most.
    const TALLEST: u16 = 3;
    let filled = |row: u16| {
        (rows.iter())
            .filter(|(own, _, _, drafts)| *own == row && !drafts.is_empty())
            .count()
    };
    // A cell alone heads some columns where the row below heads all.
    let is_lone = filled(first_row) < 2 && !is_header(rows, first_row + 1);
    if is_lone || !is_header(rows, first_row) {
        return first_row;
    }
    let mut last = first_row;
    while last + 1 < first_row + TALLEST
        && filled(last) < filled(last + 1)
        && is_header(rows, last + 1)
    {
        last += 1;
    }
    last + 1
}

/// Whether a row heads the columns: filled unlike those below, or bold unlike them.
fn is_header(rows: &[RowOfCells], first_row: u16) -> bool {
    let first: Vec<&RowOfCells> = rows.iter().filter(|(row, ..)| *row == first_row).collect();
    let others: Vec<&RowOfCells> = rows.iter().filter(|(row, ..)| *row > first_row).collect();
    if first.is_empty() || others.is_empty() {
        return false;
    }
    let filled = first.iter().all(|cell| cell.2.is_some())
        && others
            .iter()
            .filter(|cell| cell.2 == first.first().and_then(|first| first.2))
            .count()
            * 2
            < others.len();
    let bold = first
        .iter()
        .filter(|cell| !cell.3.is_empty())
        .all(|cell| all_bold(&cell.3))
        && others
            .iter()
            .filter(|cell| cell.1 > 0 && !cell.3.is_empty())
            .any(|cell| !all_bold(&cell.3));
    filled || bold
}

/// Whether the first column heads the rows: bold where the others are not.
pub(super) fn header_column(rows: &[RowOfCells], first_row: u16) -> bool {
    let body = |first: bool| {
        rows.iter().filter(move |(row, column, _, drafts)| {
            *row > first_row && (*column == 0) == first && !drafts.is_empty()
        })
    };
    body(true).count() >= 2
        && body(true).all(|cell| all_bold(&cell.3))
        && body(false).filter(|cell| all_bold(&cell.3)).count() * 2 < body(false).count()
}
