//! Cells that stand for several rows of a table (« Département » once for its three towns): entries come in; what each takes from the rows above goes out.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::document::{Cell, Document};
use crate::segment::{Method, Segmentation, Unit};

/// Where fewer rows leave their first cell empty, it has nothing to say.
const FEWEST_EMPTY: f32 = 0.25;

/// For each entry, the cells that stand in front of its own in a row above; nothing where entries are no rows.
pub(super) fn spanned(document: &Document, segmentation: &Segmentation) -> Vec<Vec<Unit>> {
    let is_rows = segmentation.chosen.as_ref().is_some_and(|chosen| {
        chosen.method == Method::Rows || chosen.witnesses.contains(&Method::Rows)
    });
    if !is_rows {
        return Vec::new();
    }
    let cell = |unit: &Unit| document.blocks.get(unit.block).and_then(|block| block.cell);
    let rows: Vec<Vec<(Cell, &Unit)>> = segmentation
        .entries
        .iter()
        .map(|span| {
            let body = segmentation.units().list.get(span.body.clone());
            body.unwrap_or_default()
                .iter()
                .filter_map(|unit| Some((cell(unit)?, unit)))
                .collect()
        })
        .collect();
    let rows = with_continued_tables(document, rows);
    let spanning = spanning_tables(&rows);
    let broken = broken_off(document, &rows);
    let mut above: BTreeMap<(u32, u16), Vec<&Unit>> = BTreeMap::new();
    rows.iter()
        .enumerate()
        .map(|(index, row)| {
            let Some((first, _)) = row.first() else {
                return Vec::new();
            };
            let taken = above
                .range((first.table, 0)..(first.table, first.column))
                .filter(|_| spanning.contains(&first.table) || broken.contains(&index))
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

/// What is known of a table by the rows read so far.
struct TableSoFar<'u> {
    /// As it is numbered.
    number: u32,
    /// As it is taken: with the table that it goes on with.
    taken: u32,
    /// The page of its last row.
    page: Option<u32>,
    /// What its columns are called.
    names: BTreeMap<u16, &'u str>,
}

/// A table that goes on behind a page break, its columns named as before, is one with the table before it.
fn with_continued_tables<'u>(
    document: &Document,
    mut rows: Vec<Vec<(Cell, &'u Unit)>>,
) -> Vec<Vec<(Cell, &'u Unit)>> {
    let names = |row: &[(Cell, &'u Unit)]| -> BTreeMap<u16, &'u str> {
        row.iter()
            .filter_map(|(cell, unit)| Some((cell.column, unit.label.as_ref()?.text.as_str())))
            .collect()
    };
    let mut before: Option<TableSoFar<'u>> = None;
    for row in &mut rows {
        let Some((number, last)) = row
            .first()
            .map(|(cell, _)| cell.table)
            .zip(row.last().map(|(_, unit)| page(document, unit)))
        else {
            continue;
        };
        let own = names(row);
        let table = match before.take() {
            Some(mut table) if table.number == number => {
                table.names.extend(own);
                TableSoFar {
                    page: last,
                    ..table
                }
            }
            Some(table)
                if last > table.page
                    && table.page.is_some()
                    && !own.is_empty()
                    && own
                        .iter()
                        .all(|(column, name)| table.names.get(column) == Some(name)) =>
            {
                TableSoFar {
                    number,
                    page: last,
                    ..table
                }
            }
            _ => TableSoFar {
                number,
                taken: number,
                page: last,
                names: own,
            },
        };
        for (cell, _) in row.iter_mut() {
            cell.table = table.taken;
        }
        before = Some(table);
    }
    rows
}

fn page(document: &Document, unit: &Unit) -> Option<u32> {
    document.blocks.get(unit.block).and_then(|block| block.page)
}

/// The rows without a first cell that a page begins with, where the table has one cell for several rows above: the page breaks that cell off.
fn broken_off(document: &Document, rows: &[Vec<(Cell, &Unit)>]) -> BTreeSet<usize> {
    let mut broken = BTreeSet::new();
    // Of the row above: its table, its page, its first cell, and whether that stands for several rows.
    let mut above: Option<(u32, Option<u32>, Option<&str>, bool)> = None;
    for (index, row) in rows.iter().enumerate() {
        let Some(((cell, first), (_, last))) = row.first().zip(row.last()) else {
            continue;
        };
        let own = (cell.column == 0).then_some(first.folded.as_str());
        let before = above.filter(|(table, ..)| *table == cell.table);
        let several = match before {
            Some((_, on, _, true)) if own.is_none() && on < page(document, last) => true,
            Some(_) if own.is_none() && index > 0 && broken.contains(&(index - 1)) => true,
            Some((_, _, first, _)) => own.is_some() && own == first,
            None => false,
        };
        if several && own.is_none() {
            broken.insert(index);
        }
        above = Some((cell.table, page(document, last), own, several));
    }
    broken
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
