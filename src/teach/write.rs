//! The profile as a file: short, commented, and with what was shown as its own test.

use std::fmt::Write;

use super::Lesson;
use super::partition::Plan;
use crate::model::document::Document;

/// The text of a plan's profile; it reads back.
pub(super) fn profile(document: &Document, lesson: &Lesson, plan: &Plan) -> String {
    let mut text = String::new();
    let n = lesson.examples.len();
    let _ = writeln!(
        text,
        "# Taught on « {} » by {n} example{}; `palmares profile check` reads them again. docs/profiles.md explains every key.",
        document.path,
        if n == 1 { "" } else { "s" }
    );
    let _ = writeln!(text, "name = {}", quoted(&lesson.name));
    let _ = writeln!(
        text,
        "\n# Which documents it is for: all that is given must hold.\n[match]"
    );
    let media_type = document.format.media_type();
    let kind = media_type.rsplit('/').next().unwrap_or(media_type);
    let _ = writeln!(text, "media-type = {}", quoted(kind));
    if plan.labels.len() > 1 {
        let labels: Vec<String> = plan
            .labels
            .iter()
            .take(4)
            .map(|label| quoted(label))
            .collect();
        let _ = writeln!(text, "labels = [{}]", labels.join(", "));
    }
    let _ = writeln!(text, "\n# Where entries start.\n[entry]");
    if let Some(way) = &plan.rules.found_by {
        let _ = writeln!(text, "found-by = {}", quoted(way));
    }
    if let Some(place) = &plan.rules.starts_with {
        let _ = writeln!(text, "starts-with = {place}");
    }
    if plan.rules.alone {
        let _ = writeln!(text, "alone = true");
    }
    if plan.rules.only {
        let _ = writeln!(text, "only = true");
    }
    if !plan.rules.except.is_empty() {
        let words: Vec<String> = plan
            .rules
            .except
            .iter()
            .map(|words| quoted(&words.to_string()))
            .collect();
        let _ = writeln!(text, "except = [{}]", words.join(", "));
    }
    if !plan.lines.is_empty() {
        let _ = writeln!(
            text,
            "\n# What a line of an entry gives; of the rules for a field the first that fits."
        );
    }
    for rule in &plan.lines {
        let _ = writeln!(
            text,
            "[[line]]\nreads-as = {}",
            quoted(&rule.reads_as.to_string())
        );
        if let Some(number) = rule.number {
            let _ = writeln!(text, "number = {number}");
        }
        if let Some(style) = &rule.style {
            let _ = writeln!(text, "style = {}", quoted(style));
        }
        if let Some(label) = &rule.label {
            let _ = writeln!(text, "label = {}", quoted(&label.to_string()));
        }
    }
    let _ = writeln!(text, "\n# What was shown.");
    for example in &lesson.examples {
        let _ = writeln!(text, "[[example]]");
        for (field, value) in &example.values {
            let _ = writeln!(text, "{} = {}", field, quoted(value));
        }
    }
    text
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
