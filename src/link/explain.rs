//! Why two records are, or are not, together: the account of a pair, for `links.ndjson` and for people. Nothing is decided here.

use super::compare::{Comparison, Outcomes, compare};
use super::records::Source;
use super::weights::{Model, Weighed, probability};
use super::{Clusters, LinkDetail, LinkOptions, Pair, blocking::Rule};
use crate::model::laureate::{Contribution, Decision, Judgement, LinkRecord};

impl Clusters {
    /// The account of the pairs considered, in the order of their ids.
    pub fn links(&self, source: &dyn Source, options: &LinkOptions) -> Vec<LinkRecord> {
        let mut pairs: Vec<&Pair> = match options.detail {
            LinkDetail::None => return Vec::new(),
            LinkDetail::Decided => self
                .pairs
                .iter()
                .filter(|pair| {
                    self.organisation.get(pair.a as usize) == self.organisation.get(pair.b as usize)
                })
                .collect(),
            LinkDetail::All => self.pairs.iter().collect(),
        };
        pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
        pairs
            .into_iter()
            .map(|pair| self.account(source, pair))
            .collect()
    }

    /// The account of any two records, by id, considered before or not. `None` where an id is unknown.
    pub fn explain(&self, source: &dyn Source, a: &str, b: &str) -> Option<LinkRecord> {
        let find = |id: &str| {
            self.records
                .order
                .binary_search_by(|index| source.id(*index as usize).as_ref().cmp(id))
                .ok()
                .and_then(|at| u32::try_from(at).ok())
        };
        let (a, b) = (find(a)?, find(b)?);
        let (a, b) = (a.min(b), a.max(b));
        let known = self.pairs.iter().find(|pair| pair.a == a && pair.b == b);
        let pair = known.copied().unwrap_or(Pair {
            a,
            b,
            weight: 0.0,
            rules: 0,
        });
        Some(self.account(source, &pair))
    }

    fn account(&self, source: &dyn Source, pair: &Pair) -> LinkRecord {
        let id = |record: u32| {
            self.records
                .order
                .get(record as usize)
                .map(|index| source.id(*index as usize).into_owned())
                .unwrap_or_default()
        };
        let same = |labels: &[u32]| labels.get(pair.a as usize) == labels.get(pair.b as usize);
        let decision = if same(&self.laureate) {
            Decision::SameLaureate
        } else if same(&self.organisation) {
            Decision::SameOrganisation
        } else {
            Decision::Different
        };
        let outcomes = compare(&self.records, pair.a as usize, pair.b as usize);
        let organisation = judge(&self.model, &outcomes);
        let laureate = judge(&Model::laureate(), &outcomes);
        let expected = match (organisation.weight > 0.0, laureate.weight > 0.0) {
            (true, true) => Decision::SameLaureate,
            (true, false) => Decision::SameOrganisation,
            (false, _) => Decision::Different,
        };
        let because = self
            .rules
            .reason(pair.a, pair.b)
            .map(|reason| reason.as_str().to_owned())
            .or_else(|| (decision != expected).then(|| "cluster".to_owned()));
        LinkRecord {
            a: id(pair.a),
            b: id(pair.b),
            decision,
            because,
            blocked_by: Rule::of(pair.rules)
                .map(|rule| rule.as_str().to_owned())
                .collect(),
            laureate: (decision != Decision::Different || organisation.weight > 0.0)
                .then_some(laureate),
            organisation,
        }
    }
}

/// The weights as records write them: rounded, and adding up as written.
fn judge(model: &Model, outcomes: &Outcomes) -> Judgement {
    let Weighed { parts, .. } = model.weigh(outcomes);
    let contributions: Vec<Contribution> = Comparison::ALL
        .into_iter()
        .zip(outcomes)
        .zip(parts)
        .filter_map(|((comparison, outcome), weight)| {
            let level = outcome.level?;
            Some(Contribution {
                comparison: comparison.as_str().to_owned(),
                level: (*comparison.levels().get(usize::from(level))?).to_owned(),
                weight: rounded(f64::from(weight)),
            })
        })
        .collect();
    let prior = rounded(f64::from(model.prior));
    let weight = rounded(
        prior
            + contributions
                .iter()
                .map(|contribution| contribution.weight)
                .sum::<f64>(),
    );
    #[expect(clippy::cast_possible_truncation, reason = "a few bits")]
    let probability = probability(weight as f32);
    Judgement {
        prior,
        contributions,
        weight,
        probability: (probability * 1e6).round() / 1e6,
    }
}

fn rounded(bits: f64) -> f64 {
    (bits * 1000.0).round() / 1000.0
}
