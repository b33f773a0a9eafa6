//! Weighed pairs in, what each of some thresholds would give out: how many pairs, how right and how complete they are expected to be by their own
//! probabilities, and how many organisations are left. Nobody has checked these pairs, and nothing is decided here.

use rayon::prelude::*;

use super::laureates::{Constraints, organisations};
use super::pairs::{Compared, Expected, Pair};
use super::records::Records;
use super::weights::Model;
use super::{count_distinct, log_odds};
use crate::model::threshold::AtThreshold;

/// Thresholds that are tried: closer together where most pairs are right, as there the question is how many are not.
const TRIED: [f64; 13] = [
    0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999,
];

/// What these thresholds and the one that was used, which left `found`, would give: in order, as far down as pairs were kept. Nothing where no pair is above
/// any of them.
pub(super) fn estimate(
    records: &Records,
    model: &Model,
    rules: &Constraints,
    compared: &Compared,
    used: f64,
    found: &[u32],
) -> Vec<AtThreshold> {
    let others = TRIED.into_iter().filter(|tried| is_other(*tried, used));
    let mut tried: Vec<f64> = others.chain([used]).collect();
    tried.retain(|tried| log_odds(*tried) >= compared.floor);
    tried.sort_unstable_by(f64::total_cmp);
    let estimated: Vec<AtThreshold> = tried
        .into_par_iter()
        .map(|tried| {
            let threshold = log_odds(tried);
            let is_used = !is_other(tried, used);
            let (mut pairs, mut right) = (0, Expected::default());
            for pair in &compared.pairs {
                // What people brought together without a comparison says nothing of the threshold.
                if pair.weight > threshold && pair.weight < Pair::DECIDED {
                    pairs += 1;
                    right.add(pair.weight);
                }
            }
            AtThreshold {
                threshold: tried,
                is_used,
                pairs,
                precision: (pairs > 0).then(|| rounded(right.pairs() / pairs as f64)),
                recall: rounded(right.pairs() / compared.expected.pairs()),
                organisations: if is_used {
                    count_distinct(found)
                } else {
                    let pairs = &compared.pairs;
                    count_distinct(&organisations(records, model, rules, pairs, threshold))
                },
            }
        })
        .collect();
    match estimated.first() {
        Some(lowest) if lowest.pairs > 0 => estimated,
        _ => Vec::new(),
    }
}

/// Whether two thresholds would be shown as two.
fn is_other(a: f64, b: f64) -> bool {
    (a - b).abs() > 1e-9
}

/// To a hundredth of a percent, as the last digits differ between machines. What is nearly all is not said to be all.
fn rounded(share: f64) -> f64 {
    let rounded = (share * 10_000.0).round() / 10_000.0;
    if share < 1.0 {
        rounded.min(0.9999)
    } else {
        rounded
    }
}
