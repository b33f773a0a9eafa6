//! What is to be said of a document beside its records: that there is no text in it, and what of its records is doubtful.

use crate::diagnostic::Diagnostic;
use crate::extract::confidence;
use crate::model::document::{Block, Document};
use crate::model::evidence::Evidence;
use crate::model::mention::Mention;
use crate::model::raw::Format;
use crate::segment::Segmentation;

/// What is to be said of a document without any text.
pub(super) fn blank(document: &Document) -> Option<Diagnostic> {
    let has_text = |block: &Block| block.is_body() && !block.text.as_str().trim().is_empty();
    (!document.blocks.iter().any(has_text)).then(|| {
        Diagnostic::error("no text was found in it").with_hint(match document.format {
            Format::Pdf => {
                "its text may be drawn; run OCR first, for example `ocrmypdf --force-ocr IN OUT`"
            }
            Format::Html => {
                "a page that a program fills in the browser is saved from there, with all that it shows"
            }
            _ => "the download may have failed; fetch the file again",
        })
    })
}

/// What is to be said of entries that may be none.
pub(super) fn doubtful(segmentation: &Segmentation) -> Option<Diagnostic> {
    let probability = segmentation.doubt?;
    Some(
        Diagnostic::warning(format!(
            "it is not sure that its {} entries are laureates, one each: {:.0} in a hundred are like this",
            segmentation.entries.len(),
            probability * 100.0
        ))
        .with_hint("`palmares explain` shows what speaks for and against; look at its records before you use them"),
    )
}

/// A value that is less likely right is to be looked at before it is used.
const DOUBTFUL: f64 = 0.6;

/// Values that are less likely right than is comfortable: how many of each field, and the least sure of them.
pub(super) fn doubtful_values(mentions: &[Mention]) -> Option<Diagnostic> {
    let told = confidence::FIELDS.into_iter().filter_map(|field| {
        let pointer = confidence::pointer(field);
        let mut doubtful: Vec<(f64, &Mention)> = (mentions.iter())
            .filter_map(|mention| Some((*mention.confidence.get(&pointer)?, mention)))
            .filter(|(confidence, _)| *confidence < DOUBTFUL)
            .collect();
        doubtful.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (confidence, mention) = doubtful.first()?;
        let evidence = mention.evidence.get(&pointer).and_then(|all| all.first());
        let place = evidence.map_or_else(String::new, Evidence::place);
        let place = if place.is_empty() {
            place
        } else {
            format!(", {place}")
        };
        let (n, position) = (doubtful.len(), mention.position);
        Some(format!(
            "{field} {n} (record {position}{place}: {confidence:.2})"
        ))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        Diagnostic::warning(format!(
            "doubtful values by field, with the least sure of each: {}",
            told.join(", ")
        ))
        .with_hint("those under 0.6; `palmares explain FILE` shows each with its place, and `--min-confidence 0.6` sets aside the records whose name or project is no surer")
    })
}

/// Amounts that are stated and could not be read: sums over the records would lack them.
pub(super) fn unread_amounts(mentions: &[Mention]) -> Option<Diagnostic> {
    let mut unread = mentions
        .iter()
        .filter_map(|mention| mention.amount.as_ref())
        .filter(|amount| amount.value.is_none());
    let first = unread.next()?;
    let others = match unread.count() {
        0 => String::new(),
        1 => " (and another)".to_owned(),
        more => format!(" (and {more} more)"),
    };
    Some(Diagnostic::warning(format!(
        "the amount `{}` has no value{others}",
        first.text
    )))
}
