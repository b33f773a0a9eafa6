//! Which entries the examples are, and where their values stand together.

use std::collections::BTreeSet;

use super::find::{self, Spot};
use super::{Lesson, Refusal};
use crate::message;
use crate::profile::{Example, Slot};
use crate::segment::Span;
use crate::segment::units::Units;

/// The values by which an entry is known: who and what, or whatever is given.
fn core(example: &Example) -> Vec<(&str, &str)> {
    let all = || {
        example
            .values
            .iter()
            .map(|(field, value)| (field.as_str(), value.as_str()))
    };
    let core: Vec<_> = all()
        .filter(|(field, _)| matches!(*field, "name" | "project"))
        .collect();
    if core.is_empty() {
        all().collect()
    } else {
        core
    }
}

/// Which entry each example is, and how many hold the first.
pub(super) fn holding(
    units: &Units,
    spans: &[Span],
    lesson: &Lesson,
) -> Result<(Vec<usize>, usize), Refusal> {
    let mut entries: Vec<usize> = Vec::new();
    let mut n_holding = 0;
    for (number, example) in lesson.examples.iter().enumerate() {
        let core = core(example);
        let entry_of = |spot: &Spot| {
            spans
                .iter()
                .position(|span| span.extent().contains(&spot.unit))
        };
        let of: Vec<BTreeSet<usize>> = (core.iter())
            .map(|(_, value)| {
                find::spots(&units.list, value)
                    .iter()
                    .filter_map(entry_of)
                    .collect()
            })
            .collect();
        let mut all = of.iter();
        let first = all.next().cloned().unwrap_or_default();
        let mut common = all.fold(first, |common, entries| &common & entries);
        // Other values of the example tell which of several entries is meant.
        if common.len() > 1 {
            let closer: BTreeSet<usize> = (example.values.iter())
                .filter(|(field, _)| !core.iter().any(|(own, _)| own == field))
                .map(|(_, value)| {
                    find::spots(&units.list, value)
                        .iter()
                        .filter_map(entry_of)
                        .collect::<BTreeSet<usize>>()
                })
                .fold(common.clone(), |closer, entries| &closer & &entries);
            if !closer.is_empty() {
                common = closer;
            }
        }
        if common.is_empty() {
            if of.len() > 1 && of.iter().all(|entries| !entries.is_empty()) {
                let told = core.iter().zip(&of).map(|((field, value), entries)| {
                    let entry = entries.first().copied().unwrap_or_default();
                    (
                        (*field).to_owned(),
                        (*value).to_owned(),
                        message!("entry {entry}", entry = entry + 1),
                    )
                });
                return Err(Refusal::Mixed(number + 1, told.collect()));
            }
            return Err(Refusal::NoForm);
        }
        if number == 0 {
            n_holding = common.len();
        }
        let Some(entry) = common.iter().find(|entry| !entries.contains(entry)) else {
            let other = entries
                .iter()
                .position(|entry| common.contains(entry))
                .unwrap_or(0);
            return Err(Refusal::SameEntry(other + 1, number + 1));
        };
        entries.push(*entry);
    }
    Ok((entries, n_holding))
}

/// The first spots of the values of each example, near each other.
pub(super) fn first_spots(units: &Units, example: &Example) -> Vec<(usize, Vec<(Slot, Spot)>)> {
    // Farther apart they are of different entries.
    const NEAR: usize = 8;
    let core = core(example);
    let spots: Vec<Vec<Spot>> = core
        .iter()
        .map(|(_, value)| find::spots(&units.list, value))
        .collect();
    let Some(all) = spots.first() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for spot in all.iter().take(12) {
        let near = spots.iter().map(|others| {
            others
                .iter()
                .filter(|other| other.unit.abs_diff(spot.unit) <= NEAR)
                .min_by_key(|other| other.unit.abs_diff(spot.unit))
        });
        let Some(near) = near.collect::<Option<Vec<&Spot>>>() else {
            continue;
        };
        let lowest = near.iter().map(|spot| spot.unit).min();
        let first = lowest.unwrap_or(spot.unit);
        // All values that stand in the first line say how it is put together.
        let in_line = (example.values.iter())
            .filter_map(|(field, value)| {
                let all = find::spots(&units.list, value);
                let own = all.into_iter().find(|spot| spot.unit == first)?;
                Some((Slot::of(field)?, own))
            })
            .collect();
        found.push((first, in_line));
    }
    found
}
