//! The report in lines: for people, by tier and rule, and for GitHub's checks.

use std::fmt::Write as _;

use palmares::message;
use palmares::message::{Language, Message, verbatim, word};
use palmares::model::validation::{Fault, Tier, ValidationReport};
use palmares::word;

use crate::cli::explain::described;

/// Errors of a rule that are shown, unless all are asked for.
const MOST: usize = 10;

/// The report for people: under each tier the rules that are broken, under each rule its errors.
pub(super) fn text(report: &ValidationReport, all: bool, language: Language) -> String {
    let mut text = String::new();
    let mut write = |indent: usize, message: &Message| {
        for line in message.to(language).lines() {
            let _ = writeln!(text, "{:indent$}{line}", "");
        }
    };
    for tier in Tier::ALL {
        let mut rules = (report.rules.iter())
            .filter(|rule| rule.tier == tier && rule.errors > 0)
            .peekable();
        if rules.peek().is_some() {
            write(0, &name_of(tier));
        }
        for rule in rules {
            write(
                2,
                &message!(
                    "{name}: {what} – {errors} {errors|error|errors} in {records} {records|record|records}",
                    name = &rule.name,
                    what = word(rule.what.clone()),
                    errors = rule.errors,
                    records = rule.records
                ),
            );
            let errors = report.errors.iter().filter(|error| error.rule == rule.name);
            let most = if all { usize::MAX } else { MOST };
            for error in errors.take(most) {
                write(4, &told(error));
            }
            if rule.errors > most {
                write(
                    4,
                    &message!("and {more} more; `-v` shows all", more = rule.errors - most),
                );
            }
        }
    }
    text
}

/// What a tier is called, and what it is about.
pub(super) fn name_of(tier: Tier) -> Message {
    word(match tier {
        Tier::Valid => word!("Validity: records are what their schema promises"),
        Tier::Quality => word!("Quality: an importer takes them"),
        Tier::Usefulness => word!("Usefulness: other data can be joined to them"),
    })
}

/// An error: where the record is, which value, what is wrong with it, and where that stands in the document.
fn told(error: &Fault) -> Message {
    message!(
        "{file}, {place}{id}: {pointer}: {message}{value}{source}",
        file = &error.file,
        place = place_of(error),
        id = error.id.as_ref().map(|id| message!(" ({id})", id)),
        pointer = named(error),
        message = &error.message,
        value = value_of(error).map(|value| message!("\n  value: {value}", value)),
        source = source_of(error).map(|source| message!("\n  source: {source}", source)),
    )
}

/// Where the record stands in its file.
pub(super) fn place_of(error: &Fault) -> Message {
    match (error.line, error.record) {
        (Some(line), _) => message!("line {line}", line),
        (None, record) => message!("record {record}", record = record.unwrap_or_default()),
    }
}

/// Which value of it.
pub(super) fn named(error: &Fault) -> Message {
    if error.pointer.is_empty() {
        message!("the record")
    } else {
        verbatim(&error.pointer)
    }
}

/// Where the value stands in the document.
pub(super) fn source_of(error: &Fault) -> Option<Message> {
    let document = error.document.as_ref()?;
    let Some(first) = error.evidence.first() else {
        return Some(verbatim(document));
    };
    let place = match first.page {
        Some(page) if first.bbox.is_none() => message!("page {page}", page),
        _ => described(first),
    };
    Some(message!("{document}, {place}", document, place))
}

/// The value as JSON, where there is one.
pub(super) fn value_of(error: &Fault) -> Option<String> {
    let value = error.value.to_string();
    let is_nothing = matches!(value.as_str(), "null" | "[]" | "{}");
    (!is_nothing).then(|| shortened(&value))
}

/// A whole paragraph would drown the message.
fn shortened(value: &str) -> String {
    const LENGTH: usize = 120;
    if value.chars().count() <= LENGTH {
        return value.to_owned();
    }
    let start: String = value.chars().take(LENGTH).collect();
    format!("{start}…")
}

/// Commands by which GitHub shows errors beside the lines of a file.
pub(super) fn github(report: &ValidationReport, language: Language) -> String {
    let mut text = String::new();
    for error in &report.errors {
        let level = match error.tier {
            Tier::Valid => "error",
            Tier::Quality => "warning",
            Tier::Usefulness => "notice",
        };
        let _ = writeln!(
            text,
            "::{level} file={},line={},title={}::{}",
            property(&error.file),
            error.line.unwrap_or(1),
            property(&error.rule),
            escaped(&told(error).to(language))
        );
    }
    text
}

/// What would end a command, or be one.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_says_is_no_command_of_github() {
        let report = ValidationReport {
            errors: vec![Fault {
                rule: "year".to_owned(),
                tier: Tier::Quality,
                file: "a,b.ndjson".to_owned(),
                line: Some(3),
                id: Some("x\n::error::50 %".to_owned()),
                message: message!("names no year"),
                ..Fault::default()
            }],
            ..ValidationReport::default()
        };
        assert_eq!(
            github(&report, Language::English),
            "::warning file=a%2Cb.ndjson,line=3,title=year::a,b.ndjson, line 3 (x%0A::error::50 %25): the record: names no year\n"
        );
    }
}
