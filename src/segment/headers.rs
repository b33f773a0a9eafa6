//! The header row of a table, and what each of its columns is about. No entry is found here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::units::UnitLabel;
use crate::model::document::{Block, Cell, Document};
use crate::profile::{Field, Lexicon, VOCABULARY, fold};

/// Tables whose markup tells no header, and whose first row is one: most of its cells are labels of the lexicon.
pub(super) fn header_rows(document: &Document, lexicon: &Lexicon) -> BTreeSet<u32> {
    let mut known: HashMap<u32, (usize, usize)> = HashMap::new();
    let mut marked: BTreeSet<u32> = BTreeSet::new();
    for block in &document.blocks {
        let Some(cell) = block.cell else { continue };
        if cell.header {
            marked.insert(cell.table);
        }
        if cell.row == 0 {
            let counts = known.entry(cell.table).or_default();
            counts.0 += 1;
            counts.1 += usize::from(lexicon.field(label_words(block.text.as_str())).is_some());
        }
    }
    known
        .into_iter()
        .filter(|(table, (cells, labels))| {
            !marked.contains(table) && *labels > 1 && labels * 2 >= *cells
        })
        .map(|(table, _)| table)
        .collect()
}

pub(super) fn is_read_as_header(heads: &BTreeSet<u32>, cell: Cell) -> bool {
    cell.row == 0 && heads.contains(&cell.table)
}

/// The words of a label, without colon and without what a parenthesis adds: « Montant (en €) ».
pub(super) fn label_words(text: &str) -> &str {
    let text = text.trim_end_matches([':', ' ']);
    match text.split_once('(') {
        Some((words, _)) if text.ends_with(')') && !words.trim().is_empty() => words.trim(),
        _ => text,
    }
}

/// The field that heads each column of each data table.
pub(super) fn column_headers(
    document: &Document,
    lexicon: &Lexicon,
    rows: &DataRows,
    heads: &BTreeSet<u32>,
) -> HashMap<(u32, u16), UnitLabel> {
    let mut headers: HashMap<(u32, u16), UnitLabel> = HashMap::new();
    let mut unknown: Vec<(Cell, String)> = Vec::new();
    for block in &document.blocks {
        let Some(cell) = block.cell.filter(|cell| {
            (cell.header || is_read_as_header(heads, *cell)) && !heads_row(rows, *cell)
        }) else {
            continue;
        };
        let text = block.text.as_str().trim_end_matches([':', ' ']);
        let field = lexicon
            .field(text)
            .or_else(|| lexicon.field(label_words(text)));
        match field {
            Some(field) => {
                headers
                    .entry((cell.table, cell.column))
                    .or_insert(UnitLabel {
                        field,
                        text: block.text.as_str().to_owned(),
                        value: 0..0,
                        column: true,
                    });
            }
            // « N° » heads numbers, which need no label.
            None if text.chars().filter(|c| c.is_alphabetic()).count() > 2 => {
                unknown.push((cell, text.to_owned()));
            }
            None => {}
        }
    }
    name_unknown_columns(document, rows, &unknown, &mut headers);
    headers
}

/// Where a table of records says nowhere who they are about, a column that nobody knows does: the one whose cells look most like organisations.
fn name_unknown_columns(
    document: &Document,
    rows: &DataRows,
    unknown: &[(Cell, String)],
    headers: &mut HashMap<(u32, u16), UnitLabel>,
) {
    let tables: BTreeSet<u32> = unknown.iter().map(|(cell, _)| cell.table).collect();
    for table in tables {
        let fields: Vec<Field> = headers
            .iter()
            .filter(|((owner, _), _)| *owner == table)
            .map(|(_, label)| label.field)
            .collect();
        // Two labels and two rows of data make a table of records.
        if fields.is_empty() || rows.get(&table).is_none_or(|rows| rows.len() < 2) {
            continue;
        }
        let lean = |column: u16| {
            let cells: Vec<&str> = document
                .blocks
                .iter()
                .filter(|block| {
                    block.cell.is_some_and(|cell| {
                        cell.table == table && cell.column == column && !cell.header
                    })
                })
                .map(|block| block.text.as_str())
                .filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 1)
                .collect();
            let sum: f32 = cells
                .iter()
                .map(|text| VOCABULARY.organisation_lean(text))
                .sum();
            (!cells.is_empty()).then(|| sum / cells.len() as f32)
        };
        let named = fields.contains(&Field::Name);
        let best = unknown
            .iter()
            .filter(|(cell, _)| cell.table == table && !named)
            .filter_map(|(cell, _)| Some((cell.column, lean(cell.column)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
            .map(|(column, _)| column);
        for (cell, text) in unknown.iter().filter(|(cell, _)| cell.table == table) {
            let field = if best == Some(cell.column) {
                Field::Name
            } else {
                Field::Other
            };
            headers
                .entry((table, cell.column))
                .or_insert_with(|| UnitLabel {
                    field,
                    text: text.clone(),
                    value: 0..0,
                    column: true,
                });
        }
    }
}

/// The rows of each table that have data cells.
pub(super) type DataRows = HashMap<u32, BTreeSet<u16>>;

/// The rows of each table that have data cells.
pub(super) fn data_rows(document: &Document, heads: &BTreeSet<u32>) -> DataRows {
    let mut rows = DataRows::new();
    for cell in document
        .blocks
        .iter()
        .filter_map(|block| block.cell)
        .filter(|cell| !cell.header && !is_read_as_header(heads, *cell))
    {
        rows.entry(cell.table).or_default().insert(cell.row);
    }
    rows
}

/// Rows that are about other rows: one cell alone among rows of several, or a total.
pub(super) fn lone_rows(document: &Document, rows: &DataRows) -> BTreeSet<(u32, u16)> {
    let mut columns: BTreeMap<(u32, u16), BTreeSet<u16>> = BTreeMap::new();
    let mut totals: BTreeSet<(u32, u16)> = BTreeSet::new();
    for block in &document.blocks {
        let Some(cell) = block.cell.filter(|cell| !cell.header) else {
            continue;
        };
        if rows.get(&cell.table).is_none_or(|rows| rows.len() < 3) || block.text.trim().is_empty() {
            continue;
        }
        columns
            .entry((cell.table, cell.row))
            .or_default()
            .insert(cell.column);
        let folded = fold(block.text.as_str());
        if folded == "total" || folded.starts_with("total ") || folded.starts_with("sous-total") {
            totals.insert((cell.table, cell.row));
        }
    }
    let mut widest: HashMap<u32, usize> = HashMap::new();
    for ((table, _), columns) in &columns {
        let widest = widest.entry(*table).or_default();
        *widest = columns.len().max(*widest);
    }
    columns
        .into_iter()
        .filter(|((table, _), columns)| {
            columns.len() == 1 && widest.get(table).is_some_and(|widest| *widest > 2)
        })
        .map(|(row, _)| row)
        .chain(totals)
        .collect()
}

/// Whether a header cell heads its row: other cells of the row are data.
pub(super) fn heads_row(rows: &DataRows, cell: Cell) -> bool {
    cell.header
        && rows
            .get(&cell.table)
            .is_some_and(|rows| rows.contains(&cell.row))
}

pub(super) fn header_label(
    block: &Block,
    lexicon: &Lexicon,
    headers: &HashMap<(u32, u16), UnitLabel>,
    rows: &DataRows,
) -> Option<UnitLabel> {
    let cell = block.cell?;
    if cell.header {
        let words = block.text.as_str().trim_end_matches([':', ' ']);
        if heads_row(rows, cell) {
            // The value is the next cell.
            let end = block.text.len();
            let field = lexicon.field(words).unwrap_or(Field::Other);
            return Some(UnitLabel {
                field,
                text: words.to_owned(),
                value: end..end,
                column: false,
            });
        }
        return lexicon.field(words).map(|field| UnitLabel {
            field,
            text: words.to_owned(),
            value: 0..0,
            column: true,
        });
    }
    let header = headers.get(&(cell.table, cell.column))?;
    Some(UnitLabel {
        value: 0..block.text.len(),
        ..header.clone()
    })
}
