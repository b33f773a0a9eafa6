//! What the traits of stretches are worth: learnt, and read from data/stretches.toml.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::PATTERNS;
use crate::profile::weights::weights;

/// What has been learnt of names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weights {
    /// A stretch that is likelier than what the rules took, so many times, takes its place.
    pub(super) ratio: f32,
    /// What speaks for an entry without a name.
    pub(super) none: f32,
    /// The same where the rules found none.
    pub(super) unruled: f32,
    pub(super) list: List,
    /// How sure a name is that the rules found.
    pub(super) kept: Calibration,
    /// How sure a name is that was put in the place of the rules'.
    pub(super) replaced: Calibration,
    traits: FxHashMap<String, f32>,
    /// All words of the traits.
    #[serde(skip)]
    words: FxHashSet<String>,
}

/// What a stretch is worth beside its list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    /// How likely it is by itself, as a logarithm.
    pub(super) alone: f32,
    /// What its patterns are worth.
    pub(super) patterns: [Habit; PATTERNS],
    /// No stretch.
    pub(super) none: f32,
    /// How likely it is in all entries that none is.
    pub(super) none_likely: f32,
}

/// What it is worth that stretches of the other entries share a pattern.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Habit {
    /// How likely they are.
    pub(super) likely: f32,
    /// In what share of entries there is one.
    pub(super) share: f32,
}

/// From odds, as a logarithm, to how often such a name is right.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Calibration {
    intercept: f32,
    slope: f32,
}

impl Weights {
    fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let mut weights: Self = toml::from_str(toml)?;
        let words = weights.traits.keys().flat_map(|name| name.split(' '));
        weights.words = words.map(str::to_owned).collect();
        Ok(weights)
    }

    /// Whether a word is in any trait that is worth something.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// What a trait is worth.
    pub(super) fn of(&self, name: &str) -> f32 {
        self.traits.get(name).copied().unwrap_or_default()
    }

    /// What a trait is worth whose name has these parts; `buffer` is where they are put together.
    pub(super) fn of_parts(&self, parts: &[&str], buffer: &mut String) -> f32 {
        buffer.clear();
        for part in parts {
            buffer.push_str(part);
        }
        self.of(buffer)
    }
}

impl Calibration {
    /// How sure a value of this likelihood is, to the thousandth.
    pub(super) fn confidence(&self, likely: f32) -> f64 {
        let likely = likely.clamp(1e-6, 1.0 - 1e-6);
        let odds = self.intercept + self.slope * (likely / (1.0 - likely)).ln();
        // A value that only its place tells is never certain.
        let most = f64::from(1.0 / (1.0 + (-odds).exp())).min(0.97);
        (most * 1000.0).round() / 1000.0
    }
}

/// The weights that are built in.
pub(super) static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    Weights::parse(&weights!("stretches.toml")).expect("the built-in weights are checked by a test")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_well_formed() {
        let weights = Weights::parse(&weights!("stretches.toml")).expect("the file is well-formed");
        assert!(weights.traits.len() > 500);
        assert!(weights.replaced.confidence(0.9) > weights.replaced.confidence(0.3));
        assert!(weights.ratio > 1.0);
    }
}
