//! Records of a document in; what does not agree among them out. The entries of a list were written by one hand: most have the same fields, in the same
//! forms. Each check is a row of `CHECKS`. What it finds lowers the confidence of the value concerned, and is told with its place.

mod checks;

use crate::diagnostic::Diagnostic;
use crate::message;
use crate::message::word;
use crate::model::evidence::Evidence;
use crate::model::mention::Mention;
use crate::segment::Segmentation;

pub use checks::CHECKS;

/// A value that a check doubts is no surer than this.
const DOUBTED: f64 = 0.5;

/// A comparison between the records of a document.
#[derive(Debug)]
pub struct Check {
    /// What programs call it.
    pub name: &'static str,
    /// What it found, as a warning says.
    pub says: &'static str,
    /// What it compares with what, and what it found on real documents.
    pub compares: &'static str,
    /// What it finds.
    find: fn(&List<'_>) -> Vec<Finding>,
}

/// A value that does not agree with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The record, by its place in the list.
    pub record: usize,
    /// The value, as a JSON Pointer; where nothing stands, the value that is missing.
    pub pointer: String,
    /// What is shown of it.
    pub shown: String,
}

/// The records of a document, and what stands outside of them where all state a sum.
struct List<'d> {
    mentions: &'d [Mention],
    outside: Vec<&'d str>,
}

/// What the checks find, each with its findings in the order of the records.
pub fn findings(
    mentions: &[Mention],
    segmentation: &Segmentation,
) -> Vec<(&'static Check, Vec<Finding>)> {
    let list = List {
        mentions,
        outside: sums(mentions).map_or_else(Vec::new, |_| {
            let units = segmentation.outside();
            units.map(|(_, unit)| unit.text.as_str()).collect()
        }),
    };
    (CHECKS.iter())
        .map(|check| (check, (check.find)(&list)))
        .filter(|(_, found)| !found.is_empty())
        .collect()
}

/// The sums of all records, where all state one.
fn sums(mentions: &[Mention]) -> Option<Vec<f64>> {
    (mentions.iter())
        .map(|mention| mention.amount.as_ref()?.value)
        .collect()
}

/// Lowers the confidence of what was found, and says what that is.
pub fn doubt(
    mentions: &mut [Mention],
    findings: &[(&'static Check, Vec<Finding>)],
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (check, found) in findings {
        for finding in found {
            let confidence = (mentions.get_mut(finding.record))
                .and_then(|mention| mention.confidence.get_mut(&finding.pointer));
            if let Some(confidence) = confidence {
                *confidence = confidence.min(DOUBTED);
            }
        }
        warnings.extend(told(check, found, mentions));
    }
    warnings
}

/// A check's findings in a line: how many, and the first with its place.
fn told(check: &Check, found: &[Finding], mentions: &[Mention]) -> Option<Diagnostic> {
    let first = found.first()?;
    let mention = mentions.get(first.record)?;
    let evidence =
        (mention.evidence.get(&first.pointer)).or_else(|| mention.evidence.values().next());
    let place = (evidence.and_then(|pieces| pieces.first())).and_then(Evidence::place);
    let place = place.map(|place| message!(", {place}", place));
    let others = (found.len() > 1).then(|| message!(", and {n} more", n = found.len() - 1));
    Some(Diagnostic::warning(message!(
        "{says}: record {position}{place}: `{shown}`{others}",
        says = word(check.says),
        position = mention.position,
        place,
        shown = &first.shown,
        others
    )))
}
