//! Rows of a table that are no record: totals, headings among rows, applications that got nothing. No entry is found here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::headers::DataRows;
use super::sums;
use crate::model::document::Document;
use crate::profile::{VOCABULARY, fold};

/// Rows that are no record: about other rows (one cell alone among rows of several, a total, or the sum of some), or of applications that got nothing.
pub(super) fn lone_rows(document: &Document, rows: &DataRows) -> BTreeSet<(u32, u32)> {
    let mut columns: BTreeMap<(u32, u32), BTreeSet<u16>> = BTreeMap::new();
    let mut totals: BTreeSet<(u32, u32)> = BTreeSet::new();
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
        .chain(refused_rows(document, rows))
        .chain(sums::subtotals(document))
        .collect()
}

/// Rows one cell of which says that an application got nothing, where other rows of the table do not: « Avis du comité | Défavorable ».
fn refused_rows(document: &Document, rows: &DataRows) -> BTreeSet<(u32, u32)> {
    let mut refused: BTreeMap<(u32, u16), BTreeSet<u32>> = BTreeMap::new();
    for block in &document.blocks {
        if let Some(cell) = block.cell.filter(|cell| !cell.header)
            && rows.get(&cell.table).is_some_and(|rows| rows.len() >= 3)
            && VOCABULARY.is_refused(block.text.as_str())
        {
            let column = refused.entry((cell.table, cell.column)).or_default();
            column.insert(cell.row);
        }
    }
    refused
        .into_iter()
        .filter(|((table, _), refused)| {
            // A list of refusals alone is another matter.
            rows.get(table)
                .is_some_and(|rows| rows.len() > refused.len() + 1)
        })
        .flat_map(|((table, _), refused)| refused.into_iter().map(move |row| (table, row)))
        .collect()
}
