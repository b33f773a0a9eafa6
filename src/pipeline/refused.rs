//! The entries that a document would have given, had the best of its partitions convinced: they are not lost, but rejected with its reason.

use super::records::records;
use super::{reject, says_something};
use crate::diagnostic::Diagnostic;
use crate::extract::{Extraction, extract};
use crate::message;
use crate::message::{Message, decimal, list};
use crate::model::document::Document;
use crate::model::mention::Mention;
use crate::model::record::{Reason, Reject};
use crate::profile::Profile;
use crate::segment::Segmentation;
use crate::word;

/// Entries of a refused partition that are kept: enough to see what it is, and no burden where a crawl has thousands of documents without laureates.
const MOST_REFUSED: usize = 100;

/// The entries of the partition that was refused, each with the reason.
pub(super) fn rejects(
    document: &Document,
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) -> (Vec<Reject>, Option<Diagnostic>) {
    let Some(reading) = segmentation.with_refused() else {
        return (Vec::new(), None);
    };
    let extraction = extract(document, &reading, profile);
    let (Extraction { mentions, .. }, _) = records(extraction, document, &reading, &[]);
    let mentions: Vec<Mention> = mentions.into_iter().filter(says_something).collect();
    let Some((refusal, reason)) = why(segmentation, mentions.len()) else {
        return (Vec::new(), None);
    };
    let rejects = mentions
        .into_iter()
        .take(MOST_REFUSED)
        .map(|mention| reject(mention, "segment", vec![reason.clone()]))
        .collect();
    (rejects, Some(refusal))
}

/// Why none of so many entries is taken, and how to have them.
fn why(segmentation: &Segmentation, n_entries: usize) -> Option<(Diagnostic, Reason)> {
    /// Reasons that are told: `palmares explain` has them all, with figures.
    const TOLD: usize = 2;
    let refused = segmentation.refused?;
    let hundred = |probability: f32| decimal((probability * 100.0).round(), 0);
    let reasons = segmentation.runners_up.get(refused.number)?.reasons();
    let against: Vec<Message> = reasons
        .iter()
        .filter(|reason| reason.adds < 0.0)
        .take(TOLD)
        .map(|reason| {
            let meaning = &reason.meaning;
            if reason.measure > reason.usual {
                message!("« {meaning} », more than usual", meaning)
            } else {
                message!("« {meaning} », less than usual", meaning)
            }
        })
        .collect();
    let message = message!(
        "its list of {n} does not convince: of a hundred like it {probability} are of laureates, and {asked} are asked for{silence}{against}{cut}",
        n = n_entries,
        probability = hundred(refused.probability),
        asked = hundred(refused.asked),
        silence =
            (refused.is_silent).then(|| message!("; nothing in the document speaks of laureates")),
        against = (!against.is_empty()).then(|| message!(
            "; against it: {reasons}",
            reasons = list(against, word!("; "))
        )),
        cut = (n_entries > MOST_REFUSED)
            .then(|| message!("; the first {most} are kept here", most = MOST_REFUSED)),
    );
    let remedy = if refused.is_taken_if_expected {
        message!("to have it, say `--expect laureates`")
    } else {
        message!(
            "to have it, say in a profile what its entries start with (`palmares profile init FILE` writes a first one)"
        )
    };
    let reason = Reason {
        message: message!("{reason}; {remedy}", reason = &message, remedy = &remedy),
        // Three digits are more than such a probability can say.
        value: ((f64::from(refused.probability) * 1000.0).round() / 1000.0).into(),
        ..Reason::default()
    };
    Some((Diagnostic::warning(message).with_hint(remedy), reason))
}
