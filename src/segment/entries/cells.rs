//! Entries that start in the cells of tables: each keeps to its row.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ENTRY_LEVEL;
use crate::model::document::Document;
use crate::profile::Field;
use crate::segment::units::Unit;

/// Whether most entries start in the cells of one table after the other: under labels that head its columns.
pub(super) fn are_rows(document: &Document, list: &[Unit], anchors: &[usize]) -> bool {
    let cell = |index: usize| document.blocks.get(list.get(index)?.block)?.cell;
    // A number may stand in front of what a label heads.
    let table = |anchor: usize| {
        let own = cell(anchor)?;
        (list.get(anchor..)?.iter().enumerate())
            .take_while(|(after, _)| {
                cell(anchor + after)
                    .is_some_and(|other| (other.table, other.row) == (own.table, own.row))
            })
            .any(|(_, unit)| unit.label.as_ref().is_some_and(|label| label.column))
            .then_some(own.table)
    };
    let n_following = anchors
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if table(*a).is_some() && table(*a) == table(*b)))
        .count();
    n_following * 2 >= anchors.len()
}

/// The zones of anchors in different rows of a table: each holds what stands in front of its anchor in its row, and nothing of the row above.
pub(super) fn keep_to_rows(
    document: &Document,
    list: &[Unit],
    anchors: &[usize],
    mut zones: Vec<Range<usize>>,
) -> Vec<Range<usize>> {
    let row = |index: usize| {
        let cell = document.blocks.get(list.get(index)?.block)?.cell?;
        Some((cell.table, cell.row))
    };
    // Where the row of the anchor before ends.
    let mut floor = 0;
    for (number, &anchor) in anchors.iter().enumerate() {
        let own = row(anchor);
        if own.is_none() {
            floor = anchor + 1;
            continue;
        }
        let start = (floor..anchor)
            .rev()
            .take_while(|index| row(*index) == own)
            .last()
            .unwrap_or(anchor);
        if let Some(zone) = zones.get_mut(number).filter(|_| floor <= anchor) {
            zone.start = zone.start.min(start).max(floor);
            let start = zone.start;
            if let Some(before) = number
                .checked_sub(1)
                .and_then(|before| zones.get_mut(before))
            {
                before.end = before.end.min(start).max(before.start);
            }
        }
        floor = (anchor..list.len())
            .take_while(|index| row(*index) == own)
            .last()
            .map_or(anchor + 1, |last| last + 1);
    }
    zones
}

/// Where the row of an anchor starts, if it names its laureate and only headings as few entries have stand above it: they head the rows below as well.
pub(super) fn named_row(
    document: &Document,
    list: &[Unit],
    above: Range<usize>,
    level: &BTreeMap<u32, f32>,
) -> Option<usize> {
    let row = |index: usize| {
        let cell = document.blocks.get(list.get(index)?.block)?.cell?;
        Some((cell.table, cell.row))
    };
    let own = row(above.end)?;
    let is_named = (list.get(above.end..)?.iter().enumerate())
        .take_while(|(after, _)| row(above.end + after) == Some(own))
        .filter_map(|(_, unit)| unit.label.as_ref())
        .any(|label| label.column && label.field == Field::Name);
    let is_of_entries =
        |unit: &Unit| (level.get(&unit.class)).is_some_and(|share| *share > ENTRY_LEVEL);
    let outside = above.clone().take_while(|index| row(*index) != Some(own));
    let start = above.start + outside.count();
    let headings = list.get(above.start..start)?;
    (is_named && !headings.iter().any(is_of_entries)).then_some(start)
}
