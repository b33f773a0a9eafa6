//! What is said of documents on standard error: failures, remarks, rejections, and the table at the end of a run.

use palmares::diagnostic::{Diagnostic, Severity};
use palmares::message;
use palmares::message::Language;
use palmares::model::evidence::Evidence;
use palmares::model::record::{Reject, RunInput};
use palmares::pipeline::{self, Processed, Stage};
use palmares::word;

use super::{Global, terminal};

/// Says what went wrong with a document, if anything did. True where there are findings: it failed, a part of it could not be read, or a record was
/// rejected. That a document lists nothing that convinces is no finding: most of a crawl do not.
pub(crate) fn processed(global: &Global, processed: &Processed, is_strict: bool) -> bool {
    match &processed.outcome {
        Err(error) => {
            global.failed(&error.path, &error.kind);
            true
        }
        Ok(outcome) => {
            let is_refused = |reject: &Reject| reject.stage == Stage::Segment.name();
            for warning in &outcome.warnings {
                // Why there is nothing to see is what a person asks first.
                if outcome.mentions.is_empty() && outcome.rejects.iter().all(is_refused) {
                    global.important(&processed.input.path, warning);
                } else {
                    global.diagnostic(&processed.input.path, warning);
                }
            }
            // What people dropped, they know.
            let (refused, failed): (Vec<&Reject>, Vec<&Reject>) = outcome
                .rejects
                .iter()
                .filter(|reject| reject.stage != pipeline::DECIDED)
                .partition(|reject| is_refused(reject));
            // All have one reason.
            if let Some(refusal) = outcome.refusal.as_ref().filter(|_| !refused.is_empty()) {
                global.rejected(
                    &processed.input.path,
                    None,
                    refusal.message.clone(),
                    refusal.hint.clone(),
                );
            }
            for reject in &failed {
                rejected(global, reject);
            }
            let counts_from = if is_strict {
                Severity::Warning
            } else {
                Severity::Error
            };
            let counts = |warning: &Diagnostic| warning.severity >= counts_from;
            !failed.is_empty() || outcome.warnings.iter().any(counts)
        }
    }
}

/// One line for each reason of a rejection, with its place.
pub(crate) fn rejected(global: &Global, reject: &Reject) {
    for reason in &reject.reasons {
        let place = reason.evidence.first().and_then(Evidence::place);
        let place = match (place, reject.position) {
            (Some(place), Some(entry)) => Some(message!("{place}, entry {entry}", place, entry)),
            (None, Some(entry)) => Some(message!("entry {entry}", entry)),
            (place, None) => place,
        };
        let message = match reason.pointer.as_str() {
            "" => reason.message.clone(),
            pointer => message!("{pointer}: {message}", pointer, message = &reason.message),
        };
        global.rejected(&reject.document.path, place, message, None);
    }
}

/// The table of documents: one row each, numbers right-aligned under their headings.
pub(crate) fn table(inputs: &[RunInput], language: Language) -> String {
    const HEADINGS: [&str; 7] = [
        word!("document"),
        word!("kind"),
        word!("pages"),
        word!("entries"),
        word!("announced"),
        word!("rejected"),
        word!("warnings"),
    ];
    let count =
        |number: Option<u32>| number.map_or_else(|| "–".to_owned(), |number| number.to_string());
    let rows: Vec<[String; 7]> = inputs
        .iter()
        .map(|input| {
            let warnings = input
                .warnings
                .iter()
                .filter(|remark| remark.severity != "note")
                .count();
            [
                ending(&terminal::one_line(&input.path)),
                if input.error.is_some() {
                    language.translated(word!("failed"))
                } else {
                    language.translated(kind(input.media_type.as_deref()))
                }
                .to_owned(),
                count(input.pages),
                input.found.to_string(),
                count(input.announced),
                input.rejected.to_string(),
                warnings.to_string(),
            ]
        })
        .collect();
    aligned(HEADINGS, &rows, 2, language)
}

/// Rows under their headings, in columns: so many of texts, then of numbers.
pub(crate) fn aligned<const N: usize>(
    headings: [&'static str; N],
    rows: &[[String; N]],
    texts: usize,
    language: Language,
) -> String {
    let headings = headings.map(|heading| language.translated(heading));
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(column, heading)| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .chain([heading.chars().count()])
                .max()
                .unwrap_or(0)
        })
        .collect();
    let line = |cells: [&str; N]| {
        let cells: Vec<String> = cells
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                if column < texts {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(headings)];
    lines.extend(
        rows.iter()
            .map(|row| line(row.each_ref().map(String::as_str))),
    );
    lines.join("\n")
}

/// The end of a long path, which tells documents apart.
fn ending(path: &str) -> String {
    const LONGEST: usize = 60;
    let length = path.chars().count();
    if length <= LONGEST {
        return path.to_owned();
    }
    let end: String = path.chars().skip(length - LONGEST + 1).collect();
    format!("…{end}")
}

/// What people call a media type.
pub(crate) fn kind(media_type: Option<&str>) -> &'static str {
    match media_type {
        Some("application/pdf") => "PDF",
        Some("text/html") => "HTML",
        Some("text/markdown") => "Markdown",
        Some("text/plain") => word!("text"),
        Some("text/csv") => "CSV",
        _ => "–",
    }
}
