//! The entries that a document would have given, had the best of its partitions convinced: they are not lost, but rejected with its reason.

use std::fmt::Write;

use super::{records, reject, says_something};
use crate::model::document::Document;
use crate::model::mention::Mention;
use crate::model::record::{Reason, Reject};
use crate::profile::Profile;
use crate::segment::Segmentation;

/// Entries of a refused partition that are kept: enough to see what it is, and no burden where a crawl has thousands of documents without laureates.
const MOST_REFUSED: usize = 100;

/// The entries of the partition that was refused, each with the reason.
pub(super) fn rejects(
    document: &Document,
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) -> Vec<Reject> {
    let Some(reading) = segmentation.with_refused() else {
        return Vec::new();
    };
    let (mentions, _) = records(document, &reading, profile);
    let mentions: Vec<Mention> = mentions.into_iter().filter(says_something).collect();
    let Some(reason) = why(segmentation, mentions.len()) else {
        return Vec::new();
    };
    mentions
        .into_iter()
        .take(MOST_REFUSED)
        .map(|mention| reject(mention, "segment", vec![reason.clone()]))
        .collect()
}

/// Why none of so many entries is taken, and how to have them.
fn why(segmentation: &Segmentation, n_entries: usize) -> Option<Reason> {
    /// Reasons that are told: `palmares explain` has them all, with figures.
    const TOLD: usize = 2;
    let refused = segmentation.refused?;
    let percent = |probability: f32| (probability * 100.0).round();
    let mut message = format!(
        "its list of {n_entries} does not convince: of a hundred like it {} are of laureates, and {} are asked for",
        percent(refused.probability),
        percent(refused.asked)
    );
    if refused.is_silent {
        message.push_str("; nothing in the document speaks of laureates");
    }
    let reasons = segmentation.runners_up.get(refused.number)?.reasons();
    let against: Vec<String> = reasons
        .iter()
        .filter(|reason| reason.adds < 0.0)
        .take(TOLD)
        .map(|reason| {
            let beside = if reason.measure > reason.usual {
                "more"
            } else {
                "less"
            };
            format!("« {} », {beside} than usual", reason.meaning)
        })
        .collect();
    if !against.is_empty() {
        message.push_str("; against it: ");
        message.push_str(&against.join("; "));
    }
    message.push_str(if refused.is_taken_if_expected {
        "; to have it, say `--expect laureates`"
    } else {
        "; to have it, say in a profile what its entries start with (`palmares profile init FILE` writes a first one)"
    });
    if n_entries > MOST_REFUSED {
        let _ = write!(message, "; the first {MOST_REFUSED} are kept here");
    }
    Some(Reason {
        message,
        // Three digits are more than such a probability can say.
        value: ((f64::from(refused.probability) * 1000.0).round() / 1000.0).into(),
        ..Reason::default()
    })
}
