//! How much alike the entries of a partition are, what of their kind they leave out, and whether they keep to the elements of a page.

use std::collections::{BTreeMap, BTreeSet};

use super::criteria::Case;
use super::entries::Span;
use super::units::Unit;
use super::{look, signals};

/// The classes of lines that an entry has, beside those that most have: the mean of what both have over what either has.
pub(super) fn same_parts(case: &Case<'_>) -> f32 {
    let classes = |span: &Span| -> BTreeSet<u32> {
        case.units
            .list
            .get(span.extent())
            .unwrap_or_default()
            .iter()
            .map(|unit| unit.class)
            .collect()
    };
    let sets: Vec<BTreeSet<u32>> = case.spans.iter().map(classes).collect();
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for class in sets.iter().flatten() {
        *counts.entry(*class).or_default() += 1;
    }
    let usual: BTreeSet<u32> = counts
        .into_iter()
        .filter(|(_, count)| count * 2 >= sets.len())
        .map(|(class, _)| class)
        .collect();
    let likeness = |set: &BTreeSet<u32>| {
        let both = set.intersection(&usual).count();
        both as f32 / (set.len() + usual.len() - both).max(1) as f32
    };
    sets.iter().map(likeness).sum::<f32>() / sets.len().max(1) as f32
}

/// For each signal that at least one entry in ten shows, how far from half the share of entries is that shows it.
pub(super) fn agreement(case: &Case<'_>) -> f32 {
    const SHOWN: f32 = 0.1;
    let n = case.spans.len().max(1) as f32;
    let mut shares = [0.0f32; signals::N];
    for span in case.spans {
        for (share, count) in shares.iter_mut().zip(case.signals.counts(&span.extent())) {
            *share += f32::from(u8::from(count > 0)) / n;
        }
    }
    let shown: Vec<f32> = shares.into_iter().filter(|share| *share >= SHOWN).collect();
    shown
        .iter()
        .map(|share| (share - 0.5).abs() * 2.0)
        .sum::<f32>()
        / shown.len().max(1) as f32
}

/// Of entries and of the lines that look like one's beginning and are in none, the entries: between the first and the last, and of items also above and
/// below in the same list. What a paragraph says beside an entry that is cut out of it is not missing.
pub(super) fn whole_lists(case: &Case<'_>) -> f32 {
    let list = &case.units.list;
    let kin = |index: usize| Some(case.signals.kin(list.get(index)?));
    let starts: BTreeSet<(u32, bool)> = (case.spans.iter())
        .filter_map(|span| kin(span.body.start))
        .collect();
    let is_alike = |index: usize| kin(index).is_some_and(|kin| starts.contains(&kin));
    let block = |index: usize| Some(list.get(index)?.block);
    let mut missed = 0;
    let mut end: Option<usize> = None;
    for span in case.spans {
        let own = span.extent();
        if let Some(end) = end {
            let (before, after) = (block(end.saturating_sub(1)), block(own.start));
            missed += (end..own.start)
                .filter(|index| {
                    is_alike(*index) && block(*index) != before && block(*index) != after
                })
                .count();
        }
        end = Some(own.end.max(end.unwrap_or(0)));
    }
    let is_item = |index: &usize| is_alike(*index) && kin(*index).is_some_and(|(_, item)| item);
    let reach = case.reach();
    missed += (0..reach.start).rev().take_while(is_item).count();
    missed += (reach.end..list.len()).take_while(is_item).count();
    let n = case.spans.len() as f32;
    n / (n + missed as f32).max(1.0)
}

/// Of the units that look as most entries' first ones do, between the first entry and the last, those that start one.
pub(super) fn own_look(case: &Case<'_>) -> f32 {
    let class = |index: usize| Some(case.units.list.get(index)?.class);
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for class in case
        .spans
        .iter()
        .filter_map(|span| class(Case::first(span)))
    {
        *counts.entry(class).or_default() += 1;
    }
    let Some((most, starting)) = counts.into_iter().max_by_key(|(_, count)| *count) else {
        return 0.0;
    };
    let all = case
        .units
        .list
        .get(case.reach())
        .unwrap_or_default()
        .iter()
        .filter(|unit| unit.class == most)
        .count();
    starting as f32 / all.max(1) as f32
}

/// Whether most entries hold several lines that begin with a rank: « 1er prix – 3 000 € », « 2e prix – 2 000 € ». They are categories, and each prize is an
/// entry.
pub(super) fn holds_several_prizes(units: &[Unit], spans: &[Span]) -> bool {
    let is_prize = |unit: &Unit| {
        let string = unit.text.as_str();
        let first = string
            .split(['(', ':', '–', '—', '\n'])
            .next()
            .unwrap_or(string)
            .trim();
        string.starts_with(|c: char| c.is_ascii_digit()) && look::is_award(first)
    };
    let several = spans.iter().filter(|span| {
        let own = units.get(span.extent()).unwrap_or_default();
        own.iter().filter(|unit| is_prize(unit)).nth(1).is_some()
    });
    several.count() * 2 > spans.len()
}

/// Whether most entries start within one element of a kind and end within the next: what a card ends with would be the next one's.
pub(super) fn is_astride(spans: &[Span], elements: &[Span]) -> bool {
    let start = |span: &Span| span.extent().start;
    let astride = spans.iter().filter(|span| {
        let after = elements.partition_point(|element| start(element) < start(span));
        let starts_within = (after.checked_sub(1).and_then(|at| elements.get(at)))
            .is_some_and(|element| start(span) < element.body.end);
        let ends_within = (elements.get(after)).is_some_and(|element| {
            start(element) < span.body.end && span.body.end < element.body.end
        });
        starts_within && ends_within
    });
    astride.count() * 2 > spans.len()
}
