//! Cells that stand for several rows of a table (« Département » once for its three towns): entries come in; what each takes from the rows above goes out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::document::{Cell, Document};
use crate::segment::{Method, Segmentation, Unit};

/// Where fewer rows leave their first cell empty, it has nothing to say.
const FEWEST_EMPTY: f32 = 0.25;

/// For each entry, the cells that stand in front of its own in a row above; nothing where entries are no rows.
pub(super) fn spanned(document: &Document, segmentation: &Segmentation) -> Vec<Vec<Unit>> {
    let is_rows = segmentation
        .chosen
        .as_ref()
        .is_some_and(|chosen| chosen.method == Method::Rows);
    if !is_rows {
        return Vec::new();
    }
    let cell = |unit: &Unit| document.blocks.get(unit.block).and_then(|block| block.cell);
    let rows: Vec<Vec<(Cell, &Unit)>> = segmentation
        .entries
        .iter()
        .map(|span| {
            let body = segmentation.units.list.get(span.body.clone());
            body.unwrap_or_default()
                .iter()
                .filter_map(|unit| Some((cell(unit)?, unit)))
                .collect()
        })
        .collect();
    let rows = with_continued_tables(document, rows);
    let spanning = spanning_tables(&rows);
    let mut above: BTreeMap<(u32, u16), Vec<&Unit>> = BTreeMap::new();
    rows.iter()
        .map(|row| {
            let Some((first, _)) = row
                .first()
                .filter(|(cell, _)| spanning.contains(&cell.table))
            else {
                return Vec::new();
            };
            let taken = above
                .range((first.table, 0)..(first.table, first.column))
                .flat_map(|(_, units)| units.iter().map(|unit| (*unit).clone()))
                .collect();
            above.retain(|place, _| *place < (first.table, first.column));
            for (cell, unit) in row {
                above
                    .entry((cell.table, cell.column))
                    .or_default()
                    .push(unit);
            }
            taken
        })
        .collect()
}

/// A table that goes on behind a page break, its columns named as before, is one with the table before it.
fn with_continued_tables<'u>(
    document: &Document,
    mut rows: Vec<Vec<(Cell, &'u Unit)>>,
) -> Vec<Vec<(Cell, &'u Unit)>> {
    let page = |unit: &Unit| document.blocks.get(unit.block).and_then(|block| block.page);
    let names = |row: &[(Cell, &'u Unit)]| -> BTreeMap<u16, &'u str> {
        row.iter()
            .filter_map(|(cell, unit)| Some((cell.column, unit.label.as_ref()?.text.as_str())))
            .collect()
    };
    // The table as it is numbered, as it is taken, the page of its last row, and the names of its columns.
    let mut before: Option<(u32, u32, Option<u32>, BTreeMap<u16, &str>)> = None;
    for row in &mut rows {
        let Some((number, last)) = row
            .first()
            .map(|(cell, _)| cell.table)
            .zip(row.last().map(|(_, unit)| page(unit)))
        else {
            continue;
        };
        let own = names(row);
        before = Some(match before.take() {
            Some((table, taken, _, mut known)) if table == number => {
                known.extend(own);
                (table, taken, last, known)
            }
            Some((_, taken, page, known))
                if last > page
                    && page.is_some()
                    && !own.is_empty()
                    && own
                        .iter()
                        .all(|(column, name)| known.get(column) == Some(name)) =>
            {
                (number, taken, last, known)
            }
            _ => (number, number, last, own),
        });
        if let Some((_, taken, ..)) = before {
            for (cell, _) in row.iter_mut() {
                cell.table = taken;
            }
        }
    }
    rows
}

/// Tables in which rows without a first cell follow rows that have one, and no first cell repeats the one above it.
fn spanning_tables(rows: &[Vec<(Cell, &Unit)>]) -> BTreeSet<u32> {
    let mut tables: BTreeMap<u32, (usize, usize, Option<&str>, bool)> = BTreeMap::new();
    for (cell, unit) in rows.iter().filter_map(|row| row.first()) {
        let (n, empty, last, repeats) = tables.entry(cell.table).or_default();
        *n += 1;
        if cell.column > 0 {
            *empty += 1;
        } else {
            *repeats |= *last == Some(unit.folded.as_str());
            *last = Some(unit.folded.as_str());
        }
    }
    tables
        .into_iter()
        .filter(|(_, (n, empty, last, repeats))| {
            last.is_some() && !repeats && *empty as f32 >= *n as f32 * FEWEST_EMPTY
        })
        .map(|(table, _)| table)
        .collect()
}
