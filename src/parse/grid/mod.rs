//! Rows of shown cells, whatever file they stand in. In: the cells of a sheet or a separated text; out: blocks: the lines above a table, the names of its
//! columns, its cells. Says which row names the columns; what the columns are about is for segmentation.

mod parts;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::document::{Block, BlockLabel, Cell, Document, Layer};
use crate::model::evidence::Join;

use self::parts::{Part, parts, usual_width};
use super::marker;
use super::rows;
use super::sheets::words;
use super::writer::Linked;

/// A cell that says something.
#[derive(Debug)]
pub(super) struct GridCell {
    /// Column, from 0.
    pub(super) column: usize,
    /// Columns that it spans.
    pub(super) width: usize,
    /// Whether it holds a number or a date.
    pub(super) is_figure: bool,
    /// What it says.
    pub(super) linked: Linked,
}

impl GridCell {
    fn string(&self) -> &str {
        self.linked.text.as_str()
    }
}

/// A row with its cells that say something, from left to right.
#[derive(Debug, Default)]
pub(super) struct GridRow {
    /// Row of the sheet: what stands between two numbers is an empty row.
    pub(super) number: u32,
    pub(super) cells: Vec<GridCell>,
}

impl GridRow {
    fn cell(&self, column: usize) -> Option<&GridCell> {
        let index = (self.cells).binary_search_by_key(&column, |cell| cell.column);
        self.cells.get(index.ok()?)
    }
}

/// Adds the blocks of a grid to a document, its name below the lines above its first table; tables are numbered on from `n_tables`. Gives the row that the
/// first table begins with.
pub(super) fn push(
    mut grid: Vec<GridRow>,
    name: Option<Block>,
    document: &mut Document,
    n_tables: &mut u32,
) -> u32 {
    grid.retain(|row| !row.cells.is_empty());
    let parts = parts(&grid);
    let n_parts = parts.len();
    let first_row = (parts.first())
        .and_then(|part| grid.get(part.head.start))
        .map_or(0, |row| row.number);
    let leftmost = (grid.iter())
        .filter_map(|row| row.cells.first())
        .map(|cell| cell.column)
        .min()
        .unwrap_or(0);
    let mut name = name;
    for part in parts {
        let of_sheet = part.above.start == 0;
        let n_above = part.above.len();
        let own = Table {
            kinds: kinds(&grid, &part),
            leftmost,
        };
        for (line, row) in (grid.get_mut(part.above.clone()).unwrap_or_default())
            .iter_mut()
            .enumerate()
        {
            // Of several tables the first has a line of its own, too, below what the sheet is called.
            let is_own = line == 0 || n_parts > 1 && line + 1 == n_above;
            push_line(std::mem::take(row), document, is_own, of_sheet && line == 0);
        }
        document.blocks.extend(name.take());
        let head = grid.get(part.head.clone()).unwrap_or_default();
        let names = names(head);
        let body = grid.get_mut(part.body.clone()).unwrap_or_default();
        own.push(&names, body, document, n_tables);
    }
    first_row
}

/// A table that is being written.
struct Table {
    /// What each row of its body is.
    kinds: Vec<Kind>,
    /// The first column of the grid that holds something.
    leftmost: usize,
}

impl Table {
    /// Adds the names of the columns, and the rows. A line over some rows ends the table, and another with the same names begins below.
    fn push(
        &self,
        names: &BTreeMap<usize, Linked>,
        body: &mut [GridRow],
        document: &mut Document,
        n_tables: &mut u32,
    ) {
        let n_heads = usize::from(!names.is_empty());
        let mut number = n_heads;
        let mut is_open = false;
        for (row, kind) in body.iter_mut().zip(&self.kinds) {
            let cells = std::mem::take(row).cells;
            if *kind == Kind::Section {
                *n_tables += u32::from(is_open);
                is_open = false;
                let blocks = cells.into_iter().filter_map(|cell| {
                    let block = block_as(cell.linked, BlockLabel::SectionHeader)?;
                    Some(Block {
                        level: Some(SECTION),
                        ..block
                    })
                });
                document.blocks.extend(blocks);
                continue;
            }
            if !is_open {
                is_open = true;
                number = n_heads;
                for (column, name) in names {
                    let cell = self.place(*n_tables, 0, *column, true);
                    document
                        .blocks
                        .extend(block(name.clone()).map(|block| Block {
                            cell: Some(cell),
                            ..block
                        }));
                }
            }
            for cell in cells {
                let place = self.place(*n_tables, number, cell.column, false);
                let layer = match kind {
                    Kind::Total => Layer::Furniture,
                    _ => Layer::Body,
                };
                let blocks = cell_blocks(cell.linked).into_iter();
                document.blocks.extend(blocks.map(|block| Block {
                    cell: Some(place),
                    layer,
                    ..block
                }));
            }
            number += 1;
        }
        *n_tables += u32::from(is_open);
    }

    fn place(&self, table: u32, row: usize, column: usize, header: bool) -> Cell {
        Cell {
            table,
            row: u32::try_from(row).unwrap_or(u32::MAX),
            column: u16::try_from(column - self.leftmost).unwrap_or(u16::MAX),
            header,
        }
    }
}

/// What a row of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A row of values.
    Record,
    /// A line about the rows below it.
    Section,
    /// A sum of the rows above it.
    Total,
}

/// What each row of a table is, told from its shape and look. A total lacks cells that records have, but for its words and sums; a line over several rows
/// stands alone at the left, and unlike what stands there else.
fn kinds(grid: &[GridRow], part: &Part) -> Vec<Kind> {
    let body = grid.get(part.body.clone()).unwrap_or_default();
    let width = usual_width(body);
    let leftmost = (body.iter())
        .filter_map(|row| Some(row.cells.first()?.column))
        .min();
    let is_capital =
        |text: &str| text.contains(char::is_uppercase) && !text.contains(char::is_lowercase);
    let is_bold = |cell: &GridCell| cell.linked.text.dominant_style().bold;
    // The cells that records have in the first column.
    let first: Vec<&GridCell> = (body.iter().filter(|row| row.cells.len() > 1))
        .filter_map(|row| row.cells.first())
        .filter(|cell| Some(cell.column) == leftmost && !words::is_total(cell.string()))
        .collect();
    let most = |test: &dyn Fn(&GridCell) -> bool| {
        first.iter().filter(|cell| test(cell)).count() * 2 > first.len()
    };
    let (bold, capital, figures) = (
        most(&is_bold),
        most(&|cell| is_capital(cell.string())),
        most(&|cell| cell.is_figure),
    );
    let is_spare = first.len() * 2 < body.len();
    let mut kinds: Vec<Kind> = (body.iter())
        .map(|row| match row.cells.as_slice() {
            [alone]
                if width > 1
                    && Some(alone.column) == leftmost
                    && rows::is_heading(alone.string())
                    && !words::is_total(alone.string())
                    && (alone.width > 1
                        || figures && !alone.is_figure
                        || is_spare
                        || is_bold(alone) && !bold
                        || is_capital(alone.string()) && !capital) =>
            {
                Kind::Section
            }
            cells => {
                let (mut said, mut figures) = (cells.iter().filter(|cell| !cell.is_figure), 0);
                figures += cells.iter().filter(|cell| cell.is_figure).count();
                let is_total = said
                    .next()
                    .is_some_and(|cell| words::is_total(cell.string()));
                let only = said.next().is_none();
                if is_total && only && (figures + 1 < width || figures == 0) {
                    Kind::Total
                } else {
                    Kind::Record
                }
            }
        })
        .collect();
    // A line that no row stands below heads none: a source, a note.
    for kind in kinds.iter_mut().rev() {
        match kind {
            Kind::Record => break,
            Kind::Section => *kind = Kind::Total,
            Kind::Total => {}
        }
    }
    kinds
}

/// A line above a table: the first of a document is what it is called, the first of another sheet what that is called, and the first above another
/// table of the sheet what is in it. A label stands in front of its value.
fn push_line(row: GridRow, document: &mut Document, is_own: bool, of_sheet: bool) {
    let label = if document.blocks.is_empty() {
        BlockLabel::Title
    } else if is_own && row.cells.len() == 1 {
        BlockLabel::SectionHeader
    } else {
        BlockLabel::Text
    };
    let mut lines: Vec<Linked> = Vec::new();
    for cell in row.cells {
        match lines.last_mut() {
            Some(before) if before.text.as_str().ends_with(':') => {
                before.text.append(&cell.linked.text, Join::Space);
            }
            _ => lines.push(cell.linked),
        }
    }
    let level = if of_sheet { SHEET } else { SUBHEADING };
    for (number, line) in lines.into_iter().enumerate() {
        let label = if number == 0 { label } else { BlockLabel::Text };
        let blocks = block_as(line, label).map(|block| Block {
            level: (label == BlockLabel::SectionHeader).then_some(level),
            ..block
        });
        document.blocks.extend(blocks);
    }
}

/// The rank of what a sheet is called.
const SHEET: u8 = 1;

/// The rank of the name of a sheet's tab, and of a line above one of its tables.
pub(super) const SUBHEADING: u8 = 2;

/// The rank of a line within a table.
const SECTION: u8 = 3;

/// A cell of several lines may hold a list.
fn cell_blocks(linked: Linked) -> Vec<Block> {
    if linked.text.as_str().contains('\n') {
        marker::split_items(&linked, BlockLabel::Text, &mut marker::Numbering::default())
    } else {
        block(linked).into_iter().collect()
    }
}

fn block(linked: Linked) -> Option<Block> {
    block_as(linked, BlockLabel::Text)
}

fn block_as(linked: Linked, label: BlockLabel) -> Option<Block> {
    (!linked.text.is_empty()).then(|| linked.into_block(label))
}

/// What each column is called: the storeys of its head, one in a line.
fn names(head: &[GridRow]) -> BTreeMap<usize, Linked> {
    let mut names: BTreeMap<usize, Linked> = BTreeMap::new();
    let columns: BTreeSet<usize> = (head.iter().flat_map(|row| &row.cells))
        .map(|cell| cell.column)
        .collect();
    for column in columns {
        let mut name = Linked::default();
        for (storey, row) in head.iter().enumerate() {
            // Only what is above others spans them.
            let is_last = storey + 1 == head.len();
            let own = row.cell(column);
            let cell = own.or_else(|| spanning(row, column).filter(|_| !is_last));
            if let Some(cell) = cell {
                name.text.append(&cell.linked.text, Join::Newline);
            }
        }
        names.insert(column, name);
    }
    names
}

/// The cell of a storey that stands over a column further right: as far as it spans or, where the file knows no spans, up to the next.
fn spanning(row: &GridRow, column: usize) -> Option<&GridCell> {
    let has_spans = row.cells.iter().any(|cell| cell.width > 1);
    let cell = row.cells.iter().rfind(|cell| cell.column <= column)?;
    (!has_spans || column < cell.column + cell.width).then_some(cell)
}

#[cfg(test)]
mod tests;
