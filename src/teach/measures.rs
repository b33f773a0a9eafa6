//! What speaks for and against a partition beside its own measures: how far its entries are like the one that was shown.

use std::collections::BTreeSet;

use super::find;
use super::lines::{Placed, Shown, value_of};
use crate::model::mention::Mention;
use crate::profile::{EntryRules, Slot, fold};
use crate::segment::units::Units;
use crate::segment::{Considered, Unit, ruled};

/// The measures, by name, in the order in which `measure` gives them.
pub(super) const NAMES: [&str; 27] = [
    "worth",
    "log odds",
    "values alike",
    "least alike",
    "known",
    "ruled",
    "first look",
    "same looks",
    "length",
    "found by lines",
    "found by looks",
    "found otherwise",
    "starts with style",
    "starts with words",
    "starts with form",
    "alone",
    "entries",
    "held by several",
    "said twice",
    "left out",
    "convincing",
    "rules",
    "announced",
    "before values",
    "behind values",
    "line of values",
    "only",
];

/// Entries that are held against the one shown.
const SAMPLE: usize = 24;

/// What is measured.
pub(super) struct Case<'a> {
    pub(super) units: &'a Units,
    pub(super) rules: &'a EntryRules,
    pub(super) partition: &'a Considered,
    pub(super) mentions: &'a [Mention],
    pub(super) shown: &'a [Shown<'a>],
    pub(super) placed: &'a [Placed],
    pub(super) n_rules: usize,
    pub(super) n_holding: usize,
}

/// One number for each name.
pub(super) fn measure(case: &Case<'_>) -> Vec<f32> {
    let Case {
        units,
        rules,
        partition,
        placed,
        ..
    } = case;
    let core: Vec<&Placed> = (placed.iter())
        .filter(|placed| matches!(placed.slot, Slot::Name | Slot::Project))
        .collect();
    let n_core = core.len().max(1) as f32;
    let spans = &partition.entries;
    let n = spans.len().max(1) as f32;
    let own: Vec<&[Unit]> = spans
        .iter()
        .map(|span| ruled::lines(&units.list, span))
        .collect();
    let example = case
        .shown
        .first()
        .and_then(|shown| own.get(shown.entry))
        .copied()
        .unwrap_or_default();
    let mean = |of: &dyn Fn(&[Unit]) -> f32| own.iter().map(|own| of(own)).sum::<f32>() / n;
    let look = |unit: &Unit| {
        let signature = units
            .classes
            .get(unit.class as usize)
            .map_or("", String::as_str);
        signature
            .split_whitespace()
            .skip(1)
            .filter(|word| !matches!(*word, "bold" | "italic" | "CAPS" | "repeated"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let first = example.first().map(look);
    let looks = |units: &[Unit]| units.iter().map(look).collect::<BTreeSet<String>>();
    let all = looks(example);
    let words = |units: &[Unit]| units.iter().map(|unit| unit.n_words).sum::<usize>().max(1) as f32;
    let is = |holds: bool| f32::from(u8::from(holds));
    let way = rules.found_by.as_deref().unwrap_or_default();
    let starts = rules.starts_with.as_ref();
    let is_of_lines = !partition.lines.is_empty();
    let is_of_looks = way.starts_with("lines that look alike");
    let names: Vec<String> = (case.mentions.iter())
        .filter_map(|mention| {
            mention
                .name
                .as_deref()
                .or(mention.project.as_deref())
                .map(fold)
        })
        .collect();
    let distinct: BTreeSet<&String> = names.iter().collect();
    let (before, behind, line) = surroundings(case, &own);
    let held: usize = own.iter().map(|own| own.len()).sum();
    let reach = match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => last
            .body
            .end
            .saturating_sub(first.head.start.min(first.body.start)),
        _ => 0,
    };
    vec![
        partition.worth,
        (partition.log_odds / 5.0).clamp(-2.0, 2.0),
        core.iter().map(|placed| placed.likeness).sum::<f32>() / n_core,
        core.iter()
            .map(|placed| placed.likeness)
            .fold(1.0, f32::min),
        core.iter().filter(|placed| placed.is_known).count() as f32 / n_core,
        core.iter().filter(|placed| placed.is_ruled).count() as f32 / n_core,
        mean(&|own| is(own.first().map(look) == first)),
        mean(&|own| {
            let looks = looks(own);
            looks.intersection(&all).count() as f32 / looks.union(&all).count().max(1) as f32
        }),
        mean(&|own| (words(own) / words(example)).ln().abs().min(3.0)),
        is(is_of_lines),
        is(!is_of_lines && is_of_looks),
        is(starts.is_none() && !is_of_lines && !is_of_looks),
        is(starts.is_some_and(|place| place.style.is_some() && !place.is_of_words())),
        is(starts.is_some_and(|place| place.line.is_some())),
        is(starts.is_some_and(|place| place.reads_as.is_some())),
        is(rules.alone),
        n.ln(),
        case.n_holding.saturating_sub(1).min(3) as f32,
        1.0 - distinct.len() as f32 / names.len().max(1) as f32,
        1.0 - held as f32 / reach.max(held).max(1) as f32,
        is(partition.features.is_convincing()),
        case.n_rules as f32,
        is(partition.features.announced > 0.0),
        before,
        behind,
        line,
        is(rules.only),
    ]
}

/// The share of entries whose values stand behind, before and in such a line as the example's.
fn surroundings(case: &Case<'_>, own: &[&[Unit]]) -> (f32, f32, f32) {
    let around = |units: &[Unit], value: &str| -> Option<(String, String, usize)> {
        let spot = find::spots(units, value).into_iter().next()?;
        let text = units.get(spot.unit)?.text.as_str();
        let before = text.get(..spot.range.start).unwrap_or_default();
        let behind = text.get(spot.range.end..).unwrap_or_default();
        Some((last_piece(before), first_piece(behind), spot.unit))
    };
    let slots = case
        .placed
        .iter()
        .map(|placed| placed.slot)
        .filter(|slot| matches!(slot, Slot::Name | Slot::Project));
    let (mut sums, mut n) = ([0.0f32; 3], 0.0f32);
    let step = own.len().div_ceil(SAMPLE).max(1);
    for slot in slots {
        let Some(shown) = case.shown.first() else {
            continue;
        };
        let Some(value) = shown.example.values.get(slot.name()) else {
            continue;
        };
        let Some(example) = own.get(shown.entry).and_then(|own| around(own, value)) else {
            continue;
        };
        for (own, mention) in own.iter().zip(case.mentions).step_by(step) {
            n += 1.0;
            let Some((before, behind, line)) =
                value_of(mention, slot).and_then(|value| around(own, value))
            else {
                continue;
            };
            let agree = [before == example.0, behind == example.1, line == example.2];
            for (sum, agrees) in sums.iter_mut().zip(agree) {
                *sum += f32::from(u8::from(agrees));
            }
        }
    }
    let [before, behind, line] = sums.map(|sum| sum / n.max(1.0));
    (before, behind, line)
}

/// The mark, word or nothing right before a value.
fn last_piece(before: &str) -> String {
    let bare = before.trim_end();
    let Some(last) = bare.chars().next_back() else {
        return String::new();
    };
    if !last.is_alphanumeric() {
        return last.to_string();
    }
    fold(
        bare.rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default(),
    )
}

/// The mark, word or nothing right behind it.
fn first_piece(behind: &str) -> String {
    let bare = behind.trim_start();
    let Some(first) = bare.chars().next() else {
        return String::new();
    };
    if !first.is_alphanumeric() {
        return first.to_string();
    }
    fold(
        bare.split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default(),
    )
}
