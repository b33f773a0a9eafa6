//! What outcomes are worth: match weights of Fellegi and Sunter in bits (log2 of how much likelier the outcome is among pairs of one body than
//! among unrelated pairs), learnt from the data at hand without labels, and the probability that they add up to.

use super::compare::{Comparison, Outcomes};

/// A table of weights per comparison and level.
pub(super) type Table = [Vec<f32>; 9];

/// Weights at one level of linking.
#[derive(Clone, Debug)]
pub(super) struct Model {
    /// Log2 of the share of matching pairs at the level, over its share by chance where that is not in the outcome's bits.
    pub(super) weights: Table,
    /// Log2 odds of a match before anything is compared.
    pub(super) prior: f32,
    /// Does the rarity of what agrees count?
    counts_bits: bool,
}

/// A pair's weight and what it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Weighed {
    /// Per comparison, in the order of `Comparison::ALL`.
    pub(super) parts: [f32; 9],
    /// Prior and parts together: log2 odds.
    pub(super) total: f32,
}

impl Weighed {
    /// The probability that the log2 odds stand for.
    pub(super) fn probability(&self) -> f64 {
        probability(self.total)
    }
}

/// The probability of these log2 odds.
pub(super) fn probability(bits: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(bits)).exp2())
}

/// Shares of matching pairs per level that French laureates have shown, before the data at hand is looked at.
fn prior_shares(comparison: Comparison) -> &'static [f32] {
    match comparison {
        Comparison::Name => &[0.45, 0.25, 0.15, 0.05, 0.07, 0.025, 0.005],
        Comparison::Territory => &[0.40, 0.06, 0.08, 0.12, 0.14, 0.07, 0.06, 0.07],
        Comparison::Project => &[0.30, 0.10, 0.05, 0.05, 0.50],
        Comparison::Public => &[0.50, 0.50],
        Comparison::Partners => &[0.50, 0.50],
        Comparison::Description => &[0.35, 0.10, 0.55],
        Comparison::Contacts => &[0.55, 0.45],
        Comparison::Call => &[0.34, 0.33, 0.33],
        Comparison::Year => &[0.2, 0.2, 0.6],
    }
}

/// Share of unrelated pairs at levels whose agreement has no bits of its own.
fn chance(comparison: Comparison, level: usize) -> f32 {
    match (comparison, level) {
        (Comparison::Territory, 7) => 1.0,
        (Comparison::Call, _) => 0.33,
        (Comparison::Year, 2) => 0.65,
        _ => 1.0,
    }
}

/// As many matches as the shipped shares weigh.
const PRIOR_MATCHES: f32 = 40.0;
/// Matches per record that are expected before the data is looked at, and how many records that expectation weighs.
const PRIOR_RATE: f32 = 0.15;
const PRIOR_RECORDS: f32 = 400.0;
/// Rounds of expectation and maximisation: the shares settle within ten.
const ROUNDS: usize = 12;

impl Model {
    /// The shipped weights, for so many records.
    pub(super) fn shipped(records: usize) -> Self {
        let mut model = Self {
            weights: Table::default(),
            prior: prior(PRIOR_RATE, records),
            counts_bits: true,
        };
        for (comparison, weights) in Comparison::ALL.into_iter().zip(&mut model.weights) {
            *weights = to_weights(comparison, prior_shares(comparison));
        }
        model
    }

    /// Whether two mentions of one organisation are one laureate. Within an organisation rarity says little: its words and places recur.
    pub(super) fn laureate() -> Self {
        let weights = Comparison::ALL.map(|comparison| {
            match comparison {
                Comparison::Name => [0.5, 0.5, 0.0, 0.0, 0.0, -0.5, -1.0].as_slice(),
                Comparison::Territory => &[1.5, 1.2, 0.5, 0.8, 0.2, -1.5, -2.0, 0.3],
                Comparison::Project => &[8.0, 7.0, 4.0, 3.5, -7.0],
                Comparison::Public => &[1.2, -1.0],
                Comparison::Partners => &[1.5, -0.3],
                Comparison::Description => &[8.0, 3.0, -1.5],
                Comparison::Contacts => &[1.5, -0.5],
                Comparison::Call => &[1.0, 0.3, -1.0],
                Comparison::Year => &[0.3, -0.3, -0.8],
            }
            .to_vec()
        });
        Self {
            weights,
            prior: -0.5,
            counts_bits: false,
        }
    }

    /// Adds up a pair's outcomes.
    pub(super) fn weigh(&self, outcomes: &Outcomes) -> Weighed {
        let mut weighed = Weighed {
            total: self.prior,
            ..Weighed::default()
        };
        for ((part, outcome), weights) in
            weighed.parts.iter_mut().zip(outcomes).zip(&self.weights)
        {
            if let Some(level) = outcome.level {
                let bits = if self.counts_bits { outcome.bits } else { 0.0 };
                *part = weights.get(usize::from(level)).copied().unwrap_or_default() + bits;
                weighed.total += *part;
            }
        }
        weighed
    }

    /// Learns shares and rate from candidate pairs: `sampled` is the part of all candidates that they are.
    pub(super) fn learn(&mut self, pairs: &[Outcomes], sampled: f32, records: usize) {
        for _ in 0..ROUNDS {
            let mut shares: Table = Table::default();
            for (comparison, share) in Comparison::ALL.into_iter().zip(&mut shares) {
                *share = prior_shares(comparison)
                    .iter()
                    .map(|share| share * PRIOR_MATCHES)
                    .collect();
            }
            let mut matches = 0.0_f64;
            for outcomes in pairs {
                let match_probability = self.weigh(outcomes).probability();
                if match_probability < 1e-3 {
                    continue;
                }
                matches += match_probability;
                for (outcome, share) in outcomes.iter().zip(&mut shares) {
                    if let Some(level) = outcome.level
                        && let Some(share) = share.get_mut(usize::from(level))
                    {
                        #[expect(clippy::cast_possible_truncation, reason = "a probability")]
                        let add = match_probability as f32;
                        *share += add / sampled;
                    }
                }
            }
            for ((comparison, share), weights) in Comparison::ALL
                .into_iter()
                .zip(&mut shares)
                .zip(&mut self.weights)
            {
                let total: f32 = share.iter().sum();
                for share in share.iter_mut() {
                    *share /= total;
                }
                *weights = to_weights(comparison, share);
            }
            #[expect(clippy::cast_possible_truncation, reason = "a count of pairs")]
            let found = matches as f32 / sampled;
            let rate = (found + PRIOR_RATE * PRIOR_RECORDS)
                / (records as f32 + PRIOR_RECORDS);
            self.prior = prior(rate, records);
        }
    }
}

/// Log2 odds that two records drawn at random match, where each has `rate` matches on average.
fn prior(rate: f32, records: usize) -> f32 {
    (2.0 * rate / (records as f32 - 1.0).max(1.0)).log2()
}

fn to_weights(comparison: Comparison, shares: &[f32]) -> Vec<f32> {
    shares
        .iter()
        .enumerate()
        .map(|(level, share)| (share.max(1e-5) / chance(comparison, level)).log2())
        .collect()
}
