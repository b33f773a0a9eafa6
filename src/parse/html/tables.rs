//! HTML tables: which hold data, and where each cell stands. In: a table element; out: the cells' places, or nothing for a table that only lays out.

use super::furniture::Facts;
use super::tree::{Content, NodeIdx, Tree};
use crate::model::document::Cell;
use crate::parse::rows;

/// A cell with more blocks than this on average is a part of the page, not a value.
const MAX_CELL_BLOCKS: usize = 4;

/// Columns that a cell may claim to span: more is a mistake or an attack.
const MAX_SPAN: usize = 1000;

/// Columns of a table that are told apart: cells further right share the last.
const MAX_COLUMNS: usize = u16::MAX as usize;

/// Characters of a cell that are looked at to tell a header row.
const MAX_SAMPLE: usize = 400;

struct RawCell {
    node: NodeIdx,
    is_header: bool,
    column: usize,
}

/// The cells of a data table, each with its place.
pub(super) fn cells(
    tree: &Tree,
    table: NodeIdx,
    facts: &[Facts],
    text: &str,
    number: u32,
) -> Option<Vec<(NodeIdx, Cell)>> {
    let element = tree.element(table)?;
    if matches!(element.attribute("role"), Some("presentation" | "none")) {
        return None;
    }
    let (mut rows, has_head) = rows_of(tree, table);
    rows.retain(|row| !row.is_empty());
    let fact = |node: NodeIdx| facts.get(node as usize).copied().unwrap_or_default();
    let all = || rows.iter().flatten();
    let n_columns = all().map(|cell| cell.column + 1).max().unwrap_or(0);
    if n_columns < 2 || all().any(|cell| fact(cell.node).n_tables > 0) {
        return None;
    }
    let has_headers = all().any(|cell| cell.is_header);
    if !has_headers {
        let n_blocks: usize = all().map(|cell| fact(cell.node).n_blocks).sum();
        let has_headings = all().any(|cell| fact(cell.node).n_headings > 0);
        if rows.len() < 2 || has_headings || n_blocks > all().count() * MAX_CELL_BLOCKS {
            return None;
        }
    }
    // Without header cells, a first row in bold over one that is not, or that reads like one, heads the others.
    let is_bold = |row: &[RawCell]| {
        row.iter()
            .all(|cell| fact(cell.node).text > 0 && fact(cell.node).bold >= fact(cell.node).text)
    };
    let first_is_header = !has_headers
        && !has_head
        && match rows.as_slice() {
            [first, second, ..] => {
                let has_sum = (first.iter()).any(|cell| is_sum(&sample(tree, cell.node, text)));
                !has_sum
                    && (is_bold(first) && !is_bold(second) || reads_like_header(tree, &rows, text))
            }
            _ => false,
        };
    let mut cells = Vec::new();
    for (row_number, row) in rows.iter().enumerate() {
        for cell in row {
            let place = Cell {
                table: number,
                row: u32::try_from(row_number).unwrap_or(u32::MAX),
                column: u16::try_from(cell.column).unwrap_or(u16::MAX),
                header: cell.is_header || first_is_header && row_number == 0,
            };
            cells.push((cell.node, place));
        }
    }
    Some(cells)
}

/// The table's own rows, and whether it has a head of its own.
fn rows_of(tree: &Tree, table: NodeIdx) -> (Vec<Vec<RawCell>>, bool) {
    let tag = |node: NodeIdx| tree.element(node).map_or("", |element| element.tag_name());
    let mut rows = Vec::new();
    let mut has_head = false;
    // For each column, how many rows below are taken by a cell above.
    let mut taken: Vec<usize> = Vec::new();
    for group in tree.children(table) {
        let in_head = tag(group) == "thead";
        has_head |= in_head;
        if !matches!(tag(group), "thead" | "tbody" | "tfoot") {
            continue;
        }
        for row in tree.children(group).filter(|row| tag(*row) == "tr") {
            rows.push(cells_of(tree, row, in_head, &mut taken));
        }
    }
    (rows, has_head)
}

fn cells_of(tree: &Tree, row: NodeIdx, in_head: bool, taken: &mut Vec<usize>) -> Vec<RawCell> {
    let mut cells = Vec::new();
    let mut column = 0;
    let mut fresh: Vec<(usize, usize)> = Vec::new();
    for node in tree.children(row) {
        let Some(element) = tree.element(node) else {
            continue;
        };
        let tag = element.tag_name();
        if !matches!(tag, "td" | "th") {
            continue;
        }
        while column < MAX_COLUMNS && taken.get(column).is_some_and(|rows| *rows > 0) {
            column += 1;
        }
        let span = |name: &str| {
            element
                .attribute(name)
                .and_then(|value| value.trim().parse::<usize>().ok())
                .unwrap_or(1)
                .clamp(1, MAX_SPAN)
        };
        cells.push(RawCell {
            node,
            is_header: tag == "th" || in_head,
            column,
        });
        let (width, height) = (span("colspan"), span("rowspan"));
        if height > 1 {
            let end = (column + width).min(MAX_COLUMNS);
            fresh.extend((column..end).map(|column| (column, height)));
        }
        column += width;
    }
    for rows in taken.iter_mut() {
        *rows = rows.saturating_sub(1);
    }
    for (column, height) in fresh {
        if taken.len() <= column {
            taken.resize(column + 1, 0);
        }
        if let Some(rows) = taken.get_mut(column) {
            *rows = height - 1;
        }
    }
    cells
}

/// « 1 040 € » stands in rows of data.
fn is_sum(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_digit()) && text.ends_with(['€', '$', '£'])
}

fn reads_like_header(tree: &Tree, rows: &[Vec<RawCell>], text: &str) -> bool {
    let strings: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| sample(tree, cell.node, text))
                .collect()
        })
        .collect();
    let cells: Vec<Vec<&str>> = strings
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    rows::is_header(&cells)
}

/// The beginning of a cell's text, roughly.
fn sample(tree: &Tree, cell: NodeIdx, text: &str) -> String {
    let mut sample = String::new();
    for index in tree.within(cell) {
        if sample.len() > MAX_SAMPLE {
            break;
        }
        if let Some(Content::Text(runs)) = tree.node(index).map(|node| &node.content) {
            for run in runs {
                match &run.characters {
                    Some(characters) => sample.push_str(characters),
                    None => sample.push_str(text.get(run.range.clone()).unwrap_or_default()),
                }
            }
        }
    }
    sample.trim().to_owned()
}
