//! What the measures of a partition are worth: learnt, and read from data/partition.toml.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::criteria;
use crate::profile::weights::weights;

/// A sum of measures, each times its weight.
#[derive(Debug)]
pub(super) struct Model {
    intercept: f32,
    /// In the order of the criteria's names.
    weights: Vec<f32>,
}

impl Model {
    /// The sum for a partition's measures.
    pub(super) fn sum(&self, measures: &[f32]) -> f32 {
        let terms = self.weights.iter().zip(measures);
        self.intercept + terms.map(|(weight, measure)| weight * measure).sum::<f32>()
    }

    /// What each measure adds where it is not `usual`.
    pub(super) fn terms(&self, measures: &[f32], usual: &[f32]) -> Vec<f32> {
        self.weights
            .iter()
            .zip(measures.iter().zip(usual))
            .map(|(weight, (measure, usual))| weight * (measure - usual))
            .collect()
    }
}

/// Both models of partitions.
#[derive(Debug)]
pub(super) struct Weights {
    /// How right a partition is, beside the others.
    pub(super) choice: Model,
    /// The odds that the preferred one is right at all, as a logarithm; as many documents with laureates as without are supposed.
    pub(super) right: Model,
    /// What the measures of preferred partitions are as a rule.
    pub(super) usual: Vec<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelFile {
    intercept: f32,
    weights: BTreeMap<String, f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightsFile {
    choice: ModelFile,
    right: ModelFile,
    usual: BTreeMap<String, f32>,
}

impl From<ModelFile> for Model {
    fn from(file: ModelFile) -> Self {
        Self {
            intercept: file.intercept,
            weights: in_order(&file.weights),
        }
    }
}

/// Numbers by name in the order of the criteria's names; what has none is 0.
fn in_order(numbers: &BTreeMap<String, f32>) -> Vec<f32> {
    criteria::names()
        .map(|name| numbers.get(&name).copied().unwrap_or_default())
        .collect()
}

/// The weights that are built in.
pub(super) static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let file: WeightsFile = toml::from_str(&weights!("partition.toml"))
        .expect("the built-in weights are checked by a test");
    Weights {
        choice: file.choice.into(),
        right: file.right.into(),
        usual: in_order(&file.usual),
    }
});

/// From odds, as a logarithm, to a probability.
pub(super) fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_of_measures_that_there_are() {
        let file: WeightsFile =
            toml::from_str(&weights!("partition.toml")).expect("the file is well-formed");
        let names: Vec<String> = criteria::names().collect();
        for name in file.choice.weights.keys().chain(file.right.weights.keys()) {
            assert!(names.contains(name), "no measure is called {name}");
        }
        assert!(file.choice.weights.len() > 50);
    }
}
