//! Lines that end an entry, and look like the head of the next.

use std::ops::Range;

use crate::segment::look;
use crate::segment::units::{Form, Unit};

/// Sums that stand alone at the end of entries head none: no sum stands above the first entry, but one above most others, and below the last.
pub(super) fn sums_below(list: &[Unit], mut zones: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let is_sum = |index: usize| {
        (list.get(index))
            .is_some_and(|unit| unit.form == Form::Short && look::is_amount(unit.text.as_str()))
    };
    let (Some(above), Some(below)) = (zones.first(), zones.last()) else {
        return zones;
    };
    let longest = (zones.windows(2))
        .filter_map(|pair| Some(pair.last()?.start.saturating_sub(pair.first()?.end)))
        .max()
        .unwrap_or_default();
    let headed = zones
        .iter()
        .skip(1)
        .filter(|zone| is_sum(zone.start))
        .count();
    let ends = (below.end..=below.end + longest).any(is_sum);
    if !ends || above.clone().any(is_sum) || headed * 2 < zones.len() {
        return zones;
    }
    for zone in zones
        .iter_mut()
        .skip(1)
        .filter(|zone| zone.len() > 1 && is_sum(zone.start))
    {
        zone.start += 1;
    }
    zones
}

/// What somebody says, a sentence between quotation marks, and who says it below, are of the text above where none stands above the first entry, but one
/// above most others: titles that ask something stand above all.
pub(super) fn sayings_above(list: &[Unit], mut zones: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let is_said = |index: &usize| {
        list.get(*index).is_some_and(|unit| {
            let string = unit.text.as_str().trim();
            let words = string.trim_end_matches(['»', '”', ' ', '\u{a0}', '\u{202f}']);
            string.starts_with(['«', '“'])
                && words.len() < string.len()
                && words.ends_with(['.', '!', '?', '…'])
        })
    };
    let said = |zone: &Range<usize>| {
        let above = zone.start.saturating_sub(1)..zone.end;
        above.rev().find(is_said)
    };
    let n_said = zones.iter().filter(|zone| said(zone).is_some()).count();
    if zones.first().is_none_or(|first| said(first).is_some()) || n_said * 2 < zones.len() {
        return zones;
    }
    for zone in &mut zones {
        // At least a line is left to head the entry.
        let start = said(zone).map(|said| said + 2);
        zone.start = start
            .filter(|start| *start < zone.end)
            .unwrap_or(zone.start);
    }
    zones
}
