//! What is to be said of a document beside its records: that there is no text in it, and what of its records is doubtful.

use crate::diagnostic::Diagnostic;
use crate::extract::confidence;
use crate::message;
use crate::message::{Message, decimal};
use crate::model::document::{Block, Document};
use crate::model::evidence::Evidence;
use crate::model::mention::{DOUBTFUL, Mention};
use crate::model::raw::Format;
use crate::segment::Segmentation;

/// What is to be said of a document without any text.
pub(super) fn blank(document: &Document) -> Option<Diagnostic> {
    let has_text = |block: &Block| block.is_body() && !block.text.as_str().trim().is_empty();
    (!document.blocks.iter().any(has_text)).then(|| {
        Diagnostic::error(message!("no text was found in it")).with_hint(match document.format {
            Format::Pdf => {
                message!("its text may be drawn: `--ocr always` has `tesseract` read it, where that is installed; or run OCR first, for example `ocrmypdf --force-ocr IN OUT`")
            }
            Format::Html => {
                message!("a page that a program fills in the browser is saved from there, with all that it shows")
            }
            _ => message!("the download may have failed; fetch the file again"),
        })
    })
}

/// What is to be said of entries that may be none.
pub(super) fn doubtful(segmentation: &Segmentation) -> Option<Diagnostic> {
    let probability = segmentation.doubt?;
    Some(
        Diagnostic::warning(message!("it is not sure that its {entries} entries are laureates, one each: {probability} in a hundred are like this", entries = segmentation.entries.len(), probability = decimal(probability * 100.0, 0)))
        .with_hint(message!("`palmares explain` shows what speaks for and against; look at its records before you use them")),
    )
}

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
        let place = (evidence.and_then(Evidence::place)).map(|place| message!(", {place}", place));
        let (n, position) = (doubtful.len(), mention.position);
        let confidence = decimal(*confidence, 2);
        Some(message!(
            "{field} {n} (record {position}{place}: {confidence})",
            field,
            n,
            position,
            place,
            confidence
        ))
    });
    let told: Vec<Message> = told.collect();
    (!told.is_empty()).then(|| {
        Diagnostic::warning(message!("doubtful values by field, with the least sure of each: {told}", told = message::list(told, ", ")))
        .with_hint(message!("those under 0.6; `palmares explain FILE` shows each with its place, and `--min-confidence 0.6` sets aside the records whose name or project is no surer"))
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
        0 => None,
        1 => Some(message!(" (and another)")),
        more => Some(message!(" (and {more} more)", more)),
    };
    Some(Diagnostic::warning(message!(
        "the amount `{text}` has no value{others}",
        text = &first.text,
        others
    )))
}
