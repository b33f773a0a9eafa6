//! What outcomes are worth: match weights of Fellegi and Sunter in bits (log2 of how much likelier the outcome is among pairs of one body than
//! among unrelated pairs), learnt from the data at hand without labels, and the probability that they add up to.

use serde::{Deserialize, Serialize};

use super::compare::{COMPARISONS, Comparison, Outcomes};
use super::names::{NAME_ACRONYM, NAME_MOSTLY};
use super::places::{SEAT_OTHER_DEPARTMENT, TERRITORY_OTHER, TERRITORY_REDUNDANT};

/// A table of weights per comparison and level.
pub(super) type Table = [Vec<f32>; COMPARISONS];

/// Weights at one level of linking.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Model {
    /// Log2 of the share of matching pairs at the level, over its share by chance where that is not in the outcome's bits.
    weights: Table,
    /// Log2 odds of a match before anything is compared.
    pub(super) prior: f32,
    /// Share of the pairs of one organisation that are of one project; `None` where the question is the project itself.
    same_project: Option<f32>,
}

/// A pair's weight and what it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Weighed {
    /// Per comparison, in the order of `Comparison::ALL`.
    pub(super) parts: [f32; COMPARISONS],
    /// Prior and parts together: log2 odds.
    pub(super) total: f32,
    /// Evidence for one project, as if the organisation were known to be one.
    project: f32,
}

/// The probability of these log2 odds.
pub(super) fn probability(bits: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(bits)).exp2())
}

/// Speaks of the project, not of the body behind it: another project of the same body is no surprise, whatever number of values differ.
fn is_of_project(comparison: Comparison) -> bool {
    matches!(
        comparison,
        Comparison::Project
            | Comparison::Public
            | Comparison::Description
            | Comparison::Call
            | Comparison::Year
    )
}

/// Shares of matching pairs per level that French laureates have shown, before the data at hand is looked at. Those that speak of the project: of
/// pairs of one project.
fn prior_shares(comparison: Comparison) -> &'static [f32] {
    match comparison {
        Comparison::Name => &[0.45, 0.25, 0.15, 0.08, 0.05, 0.015, 0.005, 0.003],
        Comparison::Territory => &[0.36, 0.06, 0.08, 0.12, 0.12, 0.10, 0.10, 0.06],
        // Of one body hardly ever two towns are stated; a list of one département states it for bodies that sit elsewhere.
        Comparison::Seat => &[0.36, 0.06, 0.08, 0.10, 0.16, 0.04, 0.005, 0.06, 0.015, 0.08],
        Comparison::Project => &[0.55, 0.25, 0.08, 0.08, 0.04],
        Comparison::Public | Comparison::Partners | Comparison::Contacts => &[0.70, 0.30],
        Comparison::Description => &[0.60, 0.15, 0.25],
        Comparison::Call => &[0.40, 0.30, 0.28, 0.02],
        Comparison::Year => &[0.3, 0.2, 0.5],
    }
}

/// Lists are seldom complete: that two share nothing says nothing, and how often two do is not learnt.
fn is_learnt(comparison: Comparison) -> bool {
    !matches!(comparison, Comparison::Partners | Comparison::Contacts)
}

/// Another town: so rare among the pairs of one body that learning finds none.
const OTHER_SEAT: usize = TERRITORY_OTHER as usize;

/// Few bodies are listed by their acronym alone, and learning takes them for chance.
const ACRONYM: usize = NAME_ACRONYM as usize;

/// Another département, where a town is not stated on both sides.
const OTHER_DEPARTMENT: usize = SEAT_OTHER_DEPARTMENT as usize;

/// Levels whose share of matching pairs is as shipped: there unrelated pairs so outnumber matching ones that learning would take the ones for the
/// others.
fn is_fixed(comparison: Comparison, level: usize) -> bool {
    matches!(
        (comparison, level),
        (Comparison::Name, ACRONYM | NAME_MOSTLY..=7)
            | (
                Comparison::Territory | Comparison::Seat,
                TERRITORY_REDUNDANT
            )
            | (Comparison::Seat, OTHER_SEAT | OTHER_DEPARTMENT)
    )
}

/// Share of unrelated pairs at levels whose agreement has no bits of its own.
fn chance(comparison: Comparison, level: usize) -> f32 {
    match (comparison, level) {
        // What the names have agreed on already says nothing more, on either side.
        (Comparison::Territory | Comparison::Seat, TERRITORY_REDUNDANT) => {
            prior_share(comparison, level)
        }
        (Comparison::Call, _) => 0.33,
        (Comparison::Year, 2) => 0.65,
        (Comparison::Partners | Comparison::Contacts, 1) => 0.35,
        _ => 1.0,
    }
}

/// Conversions of one document, or a press release printed twice: they agree on everything, and say nothing of how independent sources vary.
fn is_copy(outcomes: &Outcomes) -> bool {
    Comparison::ALL
        .iter()
        .zip(outcomes)
        .any(|(comparison, outcome)| {
            *comparison == Comparison::Description && outcome.level == Some(0)
        })
}

/// Pairs of less weight are too improbable to learn from.
const NEGLIGIBLE: f32 = -10.0;
/// As many matches as the shipped shares weigh.
const PRIOR_MATCHES: f32 = 40.0;
/// Matches per record that are expected before the data is looked at, and how many records that expectation weighs.
const PRIOR_RATE: f32 = 0.15;
const PRIOR_RECORDS: f32 = 400.0;
/// Share of the pairs of one organisation that are of one project, before the data is looked at.
const PRIOR_SAME_PROJECT: f32 = 0.6;
/// Bits by which candidates near even odds are more often one body than their weights say, on records that none of the weights were learnt from: what
/// speaks for a match is counted cautiously, part by part. docs/linking.md has the reliability with it.
const CAUTION: f32 = 2.0;
/// Rounds of expectation and maximisation: the shares settle within ten.
const ROUNDS: usize = 12;

impl Model {
    /// The shipped weights, for so many records.
    pub(super) fn shipped(records: usize) -> Self {
        let mut model = Self {
            weights: Table::default(),
            prior: prior(PRIOR_RATE, records),
            same_project: Some(PRIOR_SAME_PROJECT),
        };
        for (comparison, weights) in Comparison::ALL.into_iter().zip(&mut model.weights) {
            *weights = to_weights(comparison, prior_shares(comparison));
        }
        model
    }

    /// Whether two mentions of one organisation are one laureate. Within an organisation rarity says little: its words and places recur.
    /// `one_to_one`: a record of another list is there once, so that a match of the organisation is likely to be the laureate.
    pub(super) fn laureate(one_to_one: bool) -> Self {
        let weights = Comparison::ALL.map(|comparison| {
            match comparison {
                Comparison::Name => [0.5, 0.5, 0.0, 0.0, 0.0, -0.5, -1.0, 0.0].as_slice(),
                Comparison::Territory => &[1.5, 1.2, 0.5, 0.8, 0.2, -1.5, -2.0, 0.3],
                Comparison::Seat => &[0.5, 0.4, 0.2, 0.2, 0.1, -0.5, -1.0, 0.1, -0.5, 0.0],
                Comparison::Project => &[8.0, 7.0, 4.0, 3.5, -7.0],
                Comparison::Public => &[1.2, -1.0],
                Comparison::Partners => &[1.5, -0.3],
                Comparison::Description => &[8.0, 3.0, -1.5],
                Comparison::Contacts => &[1.5, -0.5],
                Comparison::Call => &[1.0, 0.3, -1.0, -6.0],
                Comparison::Year => &[0.3, -0.3, -0.8],
            }
            .to_vec()
        });
        Self {
            weights,
            prior: if one_to_one { 3.0 } else { -0.5 },
            same_project: None,
        }
    }

    /// The model as it is applied, not learnt: its odds are those that are observed.
    pub(super) fn calibrated(mut self) -> Self {
        self.prior += CAUTION;
        self
    }

    /// Adds up a pair's outcomes.
    pub(super) fn weigh(&self, outcomes: &Outcomes) -> Weighed {
        let mut weighed = Weighed::default();
        let mut body = 0.0;
        for (((part, outcome), weights), comparison) in weighed
            .parts
            .iter_mut()
            .zip(outcomes)
            .zip(&self.weights)
            .zip(Comparison::ALL)
        {
            let Some(level) = outcome.level else { continue };
            let bits = if self.same_project.is_some() {
                outcome.bits
            } else {
                0.0
            };
            *part = weights.get(usize::from(level)).copied().unwrap_or_default() + bits;
            if is_of_project(comparison) {
                weighed.project += *part;
            } else {
                body += *part;
            }
        }
        let mut project = weighed.project;
        if let Some(share) = self.same_project {
            // Either one project, with all that speaks for and against it, or two, and what their values say is chance.
            project = (share * weighed.project.min(100.0).exp2() + 1.0 - share).log2();
            let scale = if weighed.project.abs() > 1e-3 {
                project / weighed.project
            } else {
                share
            };
            for (part, comparison) in weighed.parts.iter_mut().zip(Comparison::ALL) {
                if is_of_project(comparison) {
                    *part *= scale;
                }
            }
        }
        weighed.total = self.prior + body + project;
        weighed
    }

    /// Learns shares and rate from candidate pairs: `sampled` is the part of all candidates that they are.
    pub(super) fn learn(&mut self, pairs: &[Outcomes], sampled: f32, records: usize) {
        for _ in 0..ROUNDS {
            let mut shares = Comparison::ALL.map(|comparison| -> Vec<f32> {
                prior_shares(comparison)
                    .iter()
                    .map(|share| share * PRIOR_MATCHES)
                    .collect()
            });
            let (mut matches, mut independent, mut of_project) = (0.0_f32, 0.0_f32, 0.0_f32);
            let share = self.same_project.unwrap_or(1.0);
            for outcomes in pairs {
                let weighed = self.weigh(outcomes);
                if weighed.total < NEGLIGIBLE {
                    continue;
                }
                let both = f32_probability(weighed.total) / sampled;
                let one_project = f32_probability((share / (1.0 - share)).log2() + weighed.project);
                matches += both;
                if is_copy(outcomes) {
                    continue;
                }
                independent += both;
                of_project += both * one_project;
                for ((outcome, share), comparison) in
                    outcomes.iter().zip(&mut shares).zip(Comparison::ALL)
                {
                    if let Some(level) = outcome.level
                        && is_learnt(comparison)
                        && let Some(share) = share.get_mut(usize::from(level))
                    {
                        *share += both
                            * if is_of_project(comparison) {
                                one_project
                            } else {
                                1.0
                            };
                    }
                }
            }
            for ((comparison, share), weights) in Comparison::ALL
                .into_iter()
                .zip(&mut shares)
                .zip(&mut self.weights)
            {
                normalise(comparison, share);
                *weights = to_weights(comparison, share);
            }
            let share =
                (of_project + PRIOR_SAME_PROJECT * PRIOR_MATCHES) / (independent + PRIOR_MATCHES);
            self.same_project = Some(share.clamp(0.05, 0.95));
            let rate = (matches + PRIOR_RATE * PRIOR_RECORDS) / (records as f32 + PRIOR_RECORDS);
            self.prior = prior(rate, records);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a probability")]
fn f32_probability(bits: f32) -> f32 {
    probability(bits) as f32
}

/// Log2 odds that two records drawn at random match, where each has `rate` matches on average.
fn prior(rate: f32, records: usize) -> f32 {
    (2.0 * rate / (records as f32 - 1.0).max(1.0)).log2()
}

fn prior_share(comparison: Comparison, level: usize) -> f32 {
    prior_shares(comparison).get(level).copied().unwrap_or(1.0)
}

/// Scales the learnt shares so that with the fixed ones they make one.
fn normalise(comparison: Comparison, shares: &mut [f32]) {
    let fixed: f32 = (0..shares.len())
        .filter(|level| is_fixed(comparison, *level))
        .map(|level| prior_share(comparison, level))
        .sum();
    let learnt: f32 = shares
        .iter()
        .enumerate()
        .filter(|(level, _)| !is_fixed(comparison, *level))
        .map(|(_, share)| share)
        .sum();
    for (level, share) in shares.iter_mut().enumerate() {
        *share = if is_fixed(comparison, level) {
            prior_share(comparison, level)
        } else {
            *share / learnt.max(f32::MIN_POSITIVE) * (1.0 - fixed)
        };
    }
}

fn to_weights(comparison: Comparison, shares: &[f32]) -> Vec<f32> {
    shares
        .iter()
        .enumerate()
        .map(|(level, share)| (share.max(1e-5) / chance(comparison, level)).log2())
        .collect()
}
