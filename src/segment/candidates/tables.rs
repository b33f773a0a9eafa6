//! Entries that are rows of tables.

use std::collections::{BTreeMap, BTreeSet};

use super::{Candidate, Method};
use crate::model::document::Document;
use crate::profile::Field;
use crate::segment::units::{Unit, Units};

/// The rows of a table that have a sum are no list where all rows have a name: of two columns, what one fills and the other fills as well and more says
/// nothing of where records start.
pub(super) fn drop_parts_of_named_rows(
    document: &Document,
    units: &Units,
    list: &mut Vec<Candidate>,
) {
    let is_cell = |index: &usize| {
        (units.list.get(*index))
            .and_then(|unit| document.blocks.get(unit.block))
            .is_some_and(|block| block.cell.is_some())
    };
    let named: Vec<BTreeSet<usize>> = (list.iter())
        .filter(|candidate| candidate.method == Method::Label(Field::Name))
        .map(|candidate| candidate.anchors.iter().copied().collect())
        .collect();
    list.retain(|candidate| {
        let is_other = matches!(candidate.method, Method::Label(field) if field != Field::Name);
        let is_part = |all: &BTreeSet<usize>| {
            candidate.anchors.len() < all.len()
                && (candidate.anchors.iter()).all(|anchor| all.contains(anchor) && is_cell(anchor))
        };
        !(is_other && named.iter().any(is_part))
    });
}

/// The anchors, ascending; an entry that is told by a box starts with the text that the box stands beside, unless others start in that text.
pub(super) fn at_row_starts(document: &Document, units: &Units, anchors: &[usize]) -> Vec<usize> {
    let mut moved: Vec<usize> = Vec::with_capacity(anchors.len());
    for &anchor in anchors {
        match units.row_start(document, anchor) {
            Some(start) if moved.last().is_none_or(|last| *last < start) => moved.push(start),
            Some(_) => {}
            None => moved.push(anchor),
        }
    }
    moved.dedup();
    moved
}

/// The first unit of the row of a table in which a unit stands.
pub(super) fn first_cell(document: &Document, units: &Units, index: usize) -> usize {
    let row_of = |unit: &Unit| {
        let cell = document.blocks.get(unit.block)?.cell?;
        Some((cell.table, cell.row))
    };
    let row = units.list.get(index).and_then(row_of);
    let before = units.list.get(..index).unwrap_or_default();
    let in_row = |unit: &&Unit| row.is_some() && row_of(unit) == row;
    index - before.iter().rev().take_while(in_row).count()
}

/// Tables of records: at least two columns are headed by labels, or the sums of one stand beside words, and at least two rows have data. A table of one
/// data row is a two-column layout with captions, not a list.
pub(super) fn record_tables(document: &Document, units: &Units) -> BTreeSet<u32> {
    /// The columns of words, or with a label, by their field; and the rows.
    type Headed = (BTreeMap<u16, Option<Field>>, BTreeSet<u32>);
    let mut headed: BTreeMap<u32, Headed> = BTreeMap::new();
    for unit in &units.list {
        let Some(cell) = document.blocks.get(unit.block).and_then(|block| block.cell) else {
            continue;
        };
        let label = unit.label.as_ref().filter(|label| label.column);
        let field = label.map(|label| label.field);
        let is_worded = || !cell.header && unit.text.as_str().contains(char::is_alphabetic);
        if field.is_some_and(|field| field != Field::Other) || field.is_none() && is_worded() {
            let (columns, rows) = headed.entry(cell.table).or_default();
            let of_column = columns.entry(cell.column).or_default();
            *of_column = of_column.or(field);
            if field.is_some() {
                rows.insert(cell.row);
            }
        }
    }
    headed
        .into_iter()
        .filter(|(_, (columns, rows))| {
            let labelled: Vec<Field> = columns.values().copied().flatten().collect();
            let is_record = labelled.len() > 1
                || labelled == [Field::Amount] && columns.len() > 1
                || labelled == [Field::Name] && columns.len() > 2;
            is_record && rows.len() > 1
        })
        .map(|(table, _)| table)
        .collect()
}

/// The data rows of tables whose header names at least two fields.
pub(super) fn rows(document: &Document, units: &Units) -> Option<Candidate> {
    let mut anchors = Vec::new();
    let mut last = None;
    for (index, unit) in units.list.iter().enumerate() {
        let Some(cell) = document.blocks.get(unit.block).and_then(|block| block.cell) else {
            continue;
        };
        if cell.header
            || unit.label.is_none() && last != Some((cell.table, cell.row)) && cell.column > 0
        {
            continue;
        }
        let labelled = units
            .list
            .get(index..)
            .unwrap_or_default()
            .iter()
            .any(|other| {
                other.label.as_ref().is_some_and(|label| label.column)
                    && document
                        .blocks
                        .get(other.block)
                        .and_then(|block| block.cell)
                        .is_some_and(|other| (other.table, other.row) == (cell.table, cell.row))
            });
        if !labelled {
            continue;
        }
        if last != Some((cell.table, cell.row)) {
            last = Some((cell.table, cell.row));
            anchors.push(index);
        }
    }
    let records = record_tables(document, units);
    anchors.retain(|anchor| {
        units
            .list
            .get(*anchor)
            .and_then(|unit| document.blocks.get(unit.block))
            .and_then(|block| block.cell)
            .is_some_and(|cell| records.contains(&cell.table))
    });
    (!anchors.is_empty()).then(|| Candidate::new(Method::Rows, anchors))
}
