//! What speaks for a way to explain what was shown, beside the worth of its partition: do the other entries say such things at such places?

use super::find;
use super::lines::{Placed, Shown};
use crate::model::mention::Mention;
use crate::profile::Slot;
use crate::segment::units::{Unit, Units};
use crate::segment::{Considered, ruled};

/// Entries that are held against the one shown.
const SAMPLE: usize = 24;

/// What is measured.
pub(super) struct Case<'a> {
    pub(super) units: &'a Units,
    pub(super) partition: &'a Considered,
    pub(super) mentions: &'a [Mention],
    pub(super) shown: &'a [Shown<'a>],
    pub(super) placed: &'a [Placed],
}

/// What speaks for a way.
pub(super) struct Measures {
    /// How much the values of all entries look like those shown, from 0 to 1.
    pub(super) alike: f32,
    /// The number of entries, as a logarithm.
    pub(super) entries: f32,
    /// The share of entries whose values stand in such a line as the example's.
    pub(super) same_line: f32,
    /// How much longer or shorter entries are than the one shown, as a logarithm of words, a mean.
    pub(super) other_length: f32,
}

pub(super) fn measure(case: &Case<'_>) -> Measures {
    let core = || (case.placed.iter()).filter(|placed| is_core(placed.slot));
    let own: Vec<&[Unit]> = (case.partition.entries.iter())
        .map(|span| ruled::lines(&case.units.list, span))
        .collect();
    let n = own.len().max(1) as f32;
    let example = (case.shown.first())
        .and_then(|shown| own.get(shown.entry))
        .copied()
        .unwrap_or_default();
    let words = |units: &[Unit]| units.iter().map(|unit| unit.n_words).sum::<usize>().max(1) as f32;
    let lengths = (own.iter()).map(|own| (words(own) / words(example)).ln().abs().min(3.0));
    Measures {
        alike: core().map(|placed| placed.likeness).sum::<f32>() / core().count().max(1) as f32,
        entries: n.ln(),
        same_line: same_line(case, &own),
        other_length: lengths.sum::<f32>() / n,
    }
}

fn is_core(slot: Slot) -> bool {
    matches!(slot, Slot::Name | Slot::Project)
}

fn same_line(case: &Case<'_>, own: &[&[Unit]]) -> f32 {
    let Some(shown) = case.shown.first() else {
        return 0.0;
    };
    let line = |units: &[Unit], value: &str| Some(find::spots(units, value).first()?.unit);
    let step = own.len().div_ceil(SAMPLE).max(1);
    let (mut same, mut n) = (0.0_f32, 0.0_f32);
    for slot in (case.placed.iter())
        .map(|placed| placed.slot)
        .filter(|slot| is_core(*slot))
    {
        let value = shown.example.values.get(slot.name());
        let example = own.get(shown.entry).zip(value);
        let Some(example) = example.and_then(|(own, value)| line(own, value)) else {
            continue;
        };
        for (own, mention) in own.iter().zip(case.mentions).step_by(step) {
            let found = mention.text(slot.name()).and_then(|value| line(own, value));
            n += 1.0;
            same += f32::from(u8::from(found == Some(example)));
        }
    }
    same / n.max(1.0)
}
