//! Candidates in, weighed pairs out: every pair that blocking brought up is compared, after the weights were learnt from a part of them.

use rayon::prelude::*;

use super::blocking::Blocks;
use super::compare::{Outcomes, compare_promising};
use super::csr::Rows;
use super::laureates::Constraints;
use super::records::{Records, draw};
use super::vocabulary::Token;
use super::weights::{Model, probability};

/// A pair that was compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) weight: f32,
    pub(super) rules: u8,
}

impl Pair {
    /// The weight of a pair that people decided and that was not compared.
    pub(super) const DECIDED: f32 = f32::MAX;
}

/// What comparing gave.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Pairs above the floor, and what people decided beside.
    pub(super) pairs: Vec<Pair>,
    pub(super) floor: f32,
    /// How many pairs were compared.
    pub(super) count: usize,
    /// How many of these are one organisation, by their probabilities.
    pub(super) expected: Expected,
}

impl Compared {
    fn above(floor: f32) -> Self {
        Self {
            floor,
            ..Self::default()
        }
    }

    fn push(&mut self, pair: Pair) {
        self.expected.add(pair.weight);
        if pair.weight > self.floor {
            self.pairs.push(pair);
        }
    }
}

/// A sum of probabilities: in whole parts, so that no order of adding changes it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expected(u64);

impl Expected {
    /// Parts of a whole pair: billions of pairs have room.
    const PARTS: f64 = 4_294_967_296.0;

    /// Counts a pair of this weight.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to the parts of a pair"
    )]
    pub(super) fn add(&mut self, weight: f32) {
        self.0 += (probability(weight) * Self::PARTS) as u64;
    }

    /// The number of pairs.
    pub(super) fn pairs(self) -> f64 {
        self.0 as f64 / Self::PARTS
    }
}

/// Records whose pairs the weights are learnt from: more would not change the second digit.
const LEARN_FROM: usize = 8_000;

pub(super) fn learn(records: &Records, blocks: &Blocks, rules: &Constraints) -> Model {
    let count = records.order.len();
    let mut model = Model::shipped(count);
    let every = (count / LEARN_FROM).max(1) as u64;
    let pairs: Vec<Outcomes> = (0..count)
        .into_par_iter()
        .with_min_len(256)
        .filter(|record| draw(*record).is_multiple_of(every))
        .fold(
            || (Fetched::default(), Vec::new()),
            |(mut fetched, mut pairs), record| {
                fetched.fetch(records, blocks, rules, record..record + 1);
                pairs.extend(
                    fetched
                        .iter()
                        .filter_map(|(a, b, by, name)| compare_promising(records, a, b, name, by)),
                );
                (fetched, pairs)
            },
        )
        .map(|(_, pairs)| pairs)
        .reduce(Vec::new, |mut a, b| {
            a.extend(b);
            a
        });
    model.learn(&pairs, 1.0 / every as f32, count);
    model.calibrated()
}

/// Compares all candidates; keeps those above the floor, and counts all.
pub(super) fn compare_all(
    records: &Records,
    blocks: &Blocks,
    model: &Model,
    rules: &Constraints,
    floor: f32,
) -> Compared {
    /// Records whose candidates are fetched together: the memory answers many questions in the time of one.
    const TOGETHER: usize = 64;
    let count = records.order.len();
    (0..count.div_ceil(TOGETHER))
        .into_par_iter()
        .with_min_len(16)
        .fold(
            || (Fetched::default(), Compared::above(floor)),
            |(mut fetched, mut compared), piece| {
                let of = piece * TOGETHER..count.min((piece + 1) * TOGETHER);
                fetched.fetch(records, blocks, rules, of);
                compared.count += fetched.candidates.len();
                for (a, b, by, name) in fetched.iter() {
                    if let Some(outcomes) = compare_promising(records, a, b, name, by) {
                        compared.push(Pair {
                            a: u32::try_from(a).unwrap_or(u32::MAX),
                            b: u32::try_from(b).unwrap_or(u32::MAX),
                            weight: model.weigh(&outcomes).total,
                            rules: by,
                        });
                    }
                }
                (fetched, compared)
            },
        )
        .map(|(_, compared)| compared)
        .reduce(
            || Compared::above(floor),
            |mut a, b| {
                a.pairs.extend(b.pairs);
                a.count += b.count;
                a.expected.0 += b.expected.0;
                a
            },
        )
}

/// Compares these pairs (first record, second, rules), those of the same records one after the other, whose rules are one set; keeps those above the floor.
pub(super) fn weigh_known(
    records: &Records,
    known: &[(u32, u32, u8)],
    model: &Model,
    floor: f32,
) -> Vec<Pair> {
    let same: Vec<&[(u32, u32, u8)]> = known.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)).collect();
    same.into_par_iter()
        .filter_map(|same| {
            let (a, b, _) = *same.first()?;
            let rules = same.iter().fold(0, |rules, (_, _, by)| rules | by);
            let name = records.name.row(b as usize);
            let outcomes = compare_promising(records, a as usize, b as usize, name, rules)?;
            let weight = model.weigh(&outcomes).total;
            (weight > floor).then_some(Pair {
                a,
                b,
                weight,
                rules,
            })
        })
        .collect()
}

/// Candidates with the names of the second ones, side by side.
#[derive(Default)]
struct Fetched {
    /// First record, second, the rules that brought them together.
    candidates: Vec<(usize, usize, u8)>,
    names: Rows<Token>,
    of_one: Vec<(u32, u8)>,
}

impl Fetched {
    fn fetch(
        &mut self,
        records: &Records,
        blocks: &Blocks,
        rules: &Constraints,
        of: std::ops::Range<usize>,
    ) {
        self.candidates.clear();
        self.names.clear();
        for record in of {
            blocks.candidates(record, &mut self.of_one);
            let others = self.of_one.iter();
            self.candidates.extend(
                others
                    .map(|(other, by)| (record, *other as usize, *by))
                    .filter(|(record, other, _)| rules.may_compare(*record, *other)),
            );
        }
        for (_, other, _) in &self.candidates {
            self.names.push(records.name.row(*other).iter().copied());
        }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, usize, u8, &[Token])> {
        self.candidates
            .iter()
            .enumerate()
            .map(|(at, (a, b, by))| (*a, *b, *by, self.names.row(at)))
    }
}
