//! Units that are the pieces of one line: the cells of a row in a table that nobody heads, and lines of one look that recur with a period (title, who
//! proposes it, sum). Each run becomes one unit, whose lines are the pieces: what they are is decided where lines are taken apart.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::look;
use super::units::{Form, Unit, Units};
use crate::model::document::{BlockLabel, Document};
use crate::model::evidence::Join;
use crate::profile::{VOCABULARY, fold};

/// Longer texts are paragraphs.
const LONGEST: usize = 200;

/// Fewer rows or periods tell nothing.
const FEWEST: usize = 3;

/// Joins the pieces of lines.
pub(super) fn join(document: &Document, units: &mut Units) {
    let mut runs = rows(document, &units.list);
    for mark in MARKS {
        runs.extend(periods(document, &units.list, mark));
    }
    runs.sort_by_key(|run| (run.start, std::cmp::Reverse(run.end)));
    let mut end = 0;
    runs.retain(|run| {
        let free = run.start >= end;
        if free {
            end = run.end;
        }
        free
    });
    if runs.is_empty() {
        return;
    }
    let mut classes: BTreeMap<u32, u32> = BTreeMap::new();
    let mut joined = Vec::with_capacity(units.list.len());
    let mut runs = runs.into_iter().peekable();
    let mut open = 0..0;
    for (index, unit) in std::mem::take(&mut units.list).into_iter().enumerate() {
        if let Some(run) = runs.next_if(|run| run.start == index) {
            open = run;
        }
        let first: Option<&mut Unit> = joined
            .last_mut()
            .filter(|_| open.start < index && index < open.end);
        if let Some(first) = first {
            first.text.append(&unit.text, Join::Newline);
            first.n_words += unit.n_words;
            if index + 1 == open.end {
                first.folded = fold(first.text.as_str());
            }
            continue;
        }
        let mut unit = unit;
        if open.start == index && !open.is_empty() {
            let names = &mut units.classes;
            let class = unit.class;
            unit.class = *classes.entry(class).or_insert_with(|| {
                names.push(format!(
                    "{} joined",
                    names.get(class as usize).map_or("", String::as_str)
                ));
                u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
            });
            unit.form = Form::Short;
            unit.place = false;
            unit.award = false;
        }
        joined.push(unit);
    }
    units.list = joined;
}

/// Whether a unit can be a piece: a line of its own that no label is on.
fn is_piece(unit: &Unit) -> bool {
    unit.label.is_none()
        && matches!(
            unit.form,
            Form::Short | Form::Prose | Form::Number | Form::Parenthesis
        )
        && unit.text.len() <= LONGEST
        && !unit.text.as_str().contains('\n')
}

/// The rows of tables without heads, where most rows have several cells.
fn rows(document: &Document, list: &[Unit]) -> Vec<Range<usize>> {
    let headed: BTreeSet<u32> = document
        .blocks
        .iter()
        .filter_map(|block| block.cell)
        .filter(|cell| cell.header)
        .map(|cell| cell.table)
        .collect();
    let cell = |unit: &Unit| document.blocks.get(unit.block)?.cell;
    let mut tables: BTreeMap<u32, Vec<Range<usize>>> = BTreeMap::new();
    let mut start = 0;
    let place = |unit: &Unit| cell(unit).map(|cell| (cell.table, cell.row));
    for row in list.chunk_by(|a, b| place(a).is_some() && place(a) == place(b)) {
        if let Some((table, _)) = row.first().and_then(place) {
            tables
                .entry(table)
                .or_default()
                .push(start..start + row.len());
        }
        start += row.len();
    }
    let is_line = |row: &Range<usize>| {
        let cells = list.get(row.clone()).unwrap_or_default();
        let columns: BTreeSet<u16> = cells
            .iter()
            .filter_map(|unit| Some(cell(unit)?.column))
            .collect();
        cells.len() > 1 && columns.len() == cells.len() && cells.iter().all(is_piece)
    };
    tables
        .into_iter()
        .filter(|(table, rows)| {
            let lines = rows.iter().filter(|row| is_line(row)).count();
            !headed.contains(table) && lines >= FEWEST && lines * 10 >= rows.len() * 6
        })
        .flat_map(|(_, rows)| {
            rows.into_iter()
                .filter(|row| is_line(row))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What one line of each record is, by its words: a sum, who proposes, an address.
static MARKS: [fn(&str) -> bool; 3] = [
    |text| look::is_amount(text),
    |text| VOCABULARY.begins_with_carrier(text),
    |text| VOCABULARY.is_address(text),
];

/// Lines of one look of which each so-manieth is marked.
fn periods(document: &Document, list: &[Unit], is_marked: fn(&str) -> bool) -> Vec<Range<usize>> {
    // A record has so many lines at most.
    const LONGEST_PERIOD: usize = 4;
    let mut found = Vec::new();
    let mut start = 0;
    let is_line = |unit: &Unit| {
        let block = document.blocks.get(unit.block);
        is_piece(unit)
            && block.is_some_and(|block| {
                block.cell.is_none() && block.label != BlockLabel::SectionHeader
            })
    };
    for lines in list.chunk_by(|a, b| a.class == b.class && is_line(a) && is_line(b)) {
        let marks: Vec<usize> = lines
            .iter()
            .enumerate()
            .filter(|(_, unit)| is_marked(unit.text.as_str()))
            .map(|(index, _)| index)
            .collect();
        let gaps: Vec<usize> = marks
            .windows(2)
            .filter_map(|pair| Some(pair.last()? - pair.first()?))
            .collect();
        let mut at = 0;
        for same in gaps.chunk_by(|a, b| a == b) {
            let (Some(&period), Some(&first)) = (same.first(), marks.get(at)) else {
                break;
            };
            at += same.len();
            if same.len() + 1 < FEWEST || !(2..=LONGEST_PERIOD).contains(&period) {
                continue;
            }
            // The mark is the last line, unless fewer stand in front of the first.
            let lead = first.min(period - 1);
            let records = (0..=same.len()).map(|number| {
                let from = first + number * period - lead;
                start + from..start + from + period
            });
            found.extend(records.filter(|record| record.end <= start + lines.len()));
        }
        start += lines.len();
    }
    found
}
