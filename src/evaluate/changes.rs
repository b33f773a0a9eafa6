//! What changed from one run to the next, as text: a summary by field, then the documents.

use std::collections::BTreeMap;

use serde_json::Value;

use super::compare::{DocumentChange, Side};
use super::report::{excerpts, push, shown};
use crate::message;
use crate::message::{Language, Message, list, verbatim};

/// How the values of a field changed: those that were added, lost, and say something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    added: usize,
    lost: usize,
    other: usize,
}

/// Whether the later run lacks something that the earlier one had: a document, an entry, a value.
pub fn has_losses(changes: &[DocumentChange]) -> bool {
    let loses = |change: &DocumentChange| !change.lost.is_empty();
    changes.iter().any(loses) || tallies(changes).values().any(|tally| tally.lost > 0)
}

/// What changed, for people: what it comes to, and each document with all its changes.
pub fn text(changes: &[DocumentChange], language: Language) -> String {
    let mut out = String::new();
    let mut say = |message: Message| push(&mut out, format_args!("{}", message.to(language)));
    say(summary(changes));
    for change in changes {
        say(message!(
            "\n{path}{side}: {lost} lost, {gained} gained, {changed} {changed|value|values} changed",
            path = &change.path,
            side = change.only_in.map(|side| match side {
                Side::Old => message!(", only in the old run"),
                Side::New => message!(", only in the new run"),
            }),
            lost = change.lost.len(),
            gained = change.gained.len(),
            changed = change.changed.len(),
        ));
        for entry in &change.lost {
            say(message!(
                "  - entry {position}: {title}",
                position = entry.position,
                title = &entry.title
            ));
        }
        for entry in &change.gained {
            say(message!(
                "  + entry {position}: {title}",
                position = entry.position,
                title = &entry.title
            ));
        }
        for field in &change.changed {
            let (old, new) = match (&field.old, &field.new) {
                (Value::String(old), Value::String(new)) => {
                    let (old, new) = excerpts(old, new, usize::MAX);
                    (verbatim(old), verbatim(new))
                }
                (old, new) => (shown(old), shown(new)),
            };
            say(message!(
                "  ~ entry {position} ({title}): {field}\n      old: {old}\n      new: {new}",
                position = field.entry.position,
                title = &field.entry.title,
                field = &field.field,
                old,
                new,
            ));
        }
    }
    out
}

/// « 2 documents changed: 1 entry lost, 0 gained; partners +6 −1, amount −5, name 2 changed ».
fn summary(changes: &[DocumentChange]) -> Message {
    if changes.is_empty() {
        return message!("no change");
    }
    let total = |of: &dyn Fn(&DocumentChange) -> usize| changes.iter().map(of).sum::<usize>();
    let fields = tallies(changes).into_iter().map(|(field, tally)| {
        let parts = [
            (tally.added, message!("+{n}", n = tally.added)),
            (tally.lost, message!("−{n}", n = tally.lost)),
            (tally.other, message!("{n} changed", n = tally.other)),
        ];
        let parts = parts
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(_, told)| told);
        message!("{field} {parts}", field, parts = list(parts, " "))
    });
    let fields: Vec<Message> = fields.collect();
    message!(
        "{documents} {documents|document|documents} changed: {lost} {lost|entry|entries} lost, {gained} gained{fields}",
        documents = changes.len(),
        lost = total(&|change| change.lost.len()),
        gained = total(&|change| change.gained.len()),
        fields = (!fields.is_empty()).then(|| message!("; {fields}", fields = list(fields, ", "))),
    )
}

/// By field: the values of entries that both runs have. Of a list, each item is a value.
fn tallies(changes: &[DocumentChange]) -> BTreeMap<&str, Tally> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for change in changes.iter().flat_map(|change| &change.changed) {
        let tally = tallies.entry(change.field.as_str()).or_default();
        match (&change.old, &change.new) {
            (Value::Null, new) => tally.added += items(new).len(),
            (old, Value::Null) => tally.lost += items(old).len(),
            (Value::Array(old), Value::Array(new)) => {
                let mut rest: Vec<&Value> = old.iter().collect();
                for item in new {
                    match rest.iter().position(|other| *other == item) {
                        Some(at) => drop(rest.swap_remove(at)),
                        None => tally.added += 1,
                    }
                }
                tally.lost += rest.len();
            }
            _ => tally.other += 1,
        }
    }
    tallies
}

/// The items of a list; what is none is one.
fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::compare::{Entry, FieldChange};
    use super::*;

    #[test]
    fn a_summary_counts_by_field() {
        let change = |field: &str, old: Value, new: Value| FieldChange {
            entry: Entry {
                position: 1,
                title: "Un toit".to_owned(),
            },
            field: field.to_owned(),
            old,
            new,
        };
        let changes = [DocumentChange {
            sha256: "a".to_owned(),
            path: "raw/a".to_owned(),
            only_in: None,
            lost: Vec::new(),
            gained: Vec::new(),
            changed: vec![
                change("partners", json!(["A", "B"]), json!(["B", "C", "D"])),
                change("amount", json!({"text": "1 €"}), Value::Null),
                change("territory", json!("Lens"), json!("Hem")),
            ],
        }];
        assert_eq!(
            summary(&changes).to_string(),
            "1 document changed: 0 entries lost, 0 gained; amount −1, partners +2 −1, territory 1 changed"
        );
        assert!(has_losses(&changes));
        assert!(!has_losses(&[]));
    }
}
