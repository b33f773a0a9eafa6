//! The profile as a file: short, commented, and with what was shown as its own test.

use std::fmt::Write;

use super::Lesson;
use super::partition::Plan;
use crate::model::document::{BlockLabel, Document};
use crate::profile::{Profile, Slot};

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
    for line in matches(document, plan) {
        let _ = writeln!(text, "{line}");
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

/// What tells documents of this layout from others: the labels of its entries, else words that its lines have, else its title.
fn matches(document: &Document, plan: &Plan) -> Vec<String> {
    let media_type = document.format.media_type();
    let kind = media_type.rsplit('/').next().unwrap_or(media_type);
    let mut lines = vec![format!("media-type = {}", quoted(kind))];
    if plan.labels.len() > 1 {
        let labels: Vec<String> = plan
            .labels
            .iter()
            .take(4)
            .map(|label| quoted(label))
            .collect();
        lines.push(format!("labels = [{}]", labels.join(", ")));
    } else if let Some(words) = words(plan) {
        lines.push(format!("text = {}", quoted(&words)));
    } else if let Some(title) = title(document) {
        lines.push(format!("title = {}", quoted(&title)));
    }
    lines.retain(|line| {
        let text = format!("name = \"a\"\nmatch.{line}");
        Profile::parse(&text).is_ok_and(|profile| profile.is_for(document))
    });
    lines
}

/// The longest words that lines of entries have beside their values.
fn words(plan: &Plan) -> Option<String> {
    // Shorter ones stand in any text.
    const SHORTEST: usize = 6;
    let place = plan
        .rules
        .starts_with
        .iter()
        .filter_map(|place| place.line.as_ref());
    let patterns = place.map(ToString::to_string);
    let templates = plan.lines.iter().map(|rule| rule.reads_as.to_string());
    let texts: Vec<String> = patterns.chain(templates).collect();
    (texts.iter())
        .flat_map(|text| text.split(['*', '{', '}']))
        .filter(|words| Slot::of(words).is_none() && words.trim() != "de")
        .map(|words| words.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|words| words.len() >= SHORTEST)
        .max_by_key(|words| words.len())
        .map(str::to_owned)
}

/// The title, with its numbers left open: the next edition has others.
fn title(document: &Document) -> Option<String> {
    let heading = (document.blocks.iter())
        .find(|block| {
            block.is_body() && (block.label == BlockLabel::Title || block.level == Some(1))
        })
        .map(|block| block.text.as_str().replace('\n', " "));
    let title = document.metadata.title.clone().or(heading)?;
    let mut open = String::new();
    for c in title.chars() {
        if !c.is_ascii_digit() {
            open.push(c);
        } else if !open.ends_with('*') {
            open.push('*');
        }
    }
    Some(open).filter(|open| open.contains(char::is_alphabetic))
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let string = toml::Value::String(text.to_owned()).to_string();
    // One line is easier to read and to change than a string of several.
    if text.contains('\n') {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        return format!("\"{}\"", escaped.replace('\n', "\\n"));
    }
    string
}
