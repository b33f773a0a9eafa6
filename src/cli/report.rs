//! What is said of documents on standard error: failures, remarks, rejections, and the table at the end of a run.

use palmares::diagnostic::{Diagnostic, Severity};
use palmares::model::record::{Reject, RunInput};
use palmares::pipeline::{Processed, Stage};

use super::{Global, terminal};

/// Says what went wrong with a document, if anything did. True where there are findings: it failed, a part of it could not be read, or a record was
/// rejected. That a document lists nothing that convinces is no finding: most of a crawl do not.
pub(crate) fn processed(global: &Global, processed: &Processed, is_strict: bool) -> bool {
    match &processed.outcome {
        Err(error) => {
            global.error(error, error.kind.hint());
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
            let (refused, failed): (Vec<&Reject>, Vec<&Reject>) = outcome
                .rejects
                .iter()
                .partition(|reject| is_refused(reject));
            // All have one reason.
            for reason in refused.first().iter().flat_map(|first| &first.reasons) {
                global.rejected(format_args!("{}: {}", processed.input.path, reason.message));
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

/// One line for each reason of a rejection.
pub(crate) fn rejected(global: &Global, reject: &Reject) {
    for reason in &reject.reasons {
        let page = reason.evidence.first().and_then(|piece| piece.page);
        let page = page.map_or_else(String::new, |page| format!(", page {page}"));
        let entry = reject
            .position
            .map_or_else(String::new, |position| format!(", entry {position}"));
        global.rejected(format_args!(
            "{}{page}{entry}: {}{}{}",
            reject.document.path,
            reason.pointer,
            if reason.pointer.is_empty() { "" } else { ": " },
            reason.message
        ));
    }
}

/// The table of documents: one row each, numbers right-aligned under their headings.
pub(crate) fn table(inputs: &[RunInput]) -> String {
    const HEADINGS: [&str; 7] = [
        "document",
        "kind",
        "pages",
        "entries",
        "announced",
        "rejected",
        "warnings",
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
                    "failed"
                } else {
                    kind(input.media_type.as_deref())
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
    let widths: Vec<usize> = HEADINGS
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
    let line = |cells: [&str; 7]| {
        let cells: Vec<String> = cells
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                if column < 2 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(HEADINGS)];
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
        Some("text/plain") => "text",
        Some("text/csv") => "CSV",
        _ => "–",
    }
}

/// A number with what it counts.
pub(crate) fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
