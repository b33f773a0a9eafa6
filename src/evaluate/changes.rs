//! What changed from one run to the next, as text: a summary by field, then the documents.

use std::collections::BTreeMap;

use serde_json::Value;

use super::compare::{DocumentChange, Side};
use super::report::{count, excerpts, push, shown};

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
pub fn text(changes: &[DocumentChange]) -> String {
    let mut out = summary(changes);
    for change in changes {
        let side = match change.only_in {
            None => "",
            Some(Side::Old) => ", only in the old run",
            Some(Side::New) => ", only in the new run",
        };
        push(
            &mut out,
            format_args!(
                "\n{}{side}: {} lost, {} gained, {} changed",
                change.path,
                change.lost.len(),
                change.gained.len(),
                count(change.changed.len(), "value"),
            ),
        );
        for entry in &change.lost {
            push(
                &mut out,
                format_args!("  - entry {}: {}", entry.position, entry.title),
            );
        }
        for entry in &change.gained {
            push(
                &mut out,
                format_args!("  + entry {}: {}", entry.position, entry.title),
            );
        }
        for field in &change.changed {
            push(
                &mut out,
                format_args!(
                    "  ~ entry {} ({}): {}",
                    field.entry.position, field.entry.title, field.field
                ),
            );
            let (old, new) = match (&field.old, &field.new) {
                (Value::String(old), Value::String(new)) => excerpts(old, new, usize::MAX),
                (old, new) => (shown(old), shown(new)),
            };
            push(&mut out, format_args!("      old: {old}"));
            push(&mut out, format_args!("      new: {new}"));
        }
    }
    out
}

/// « 2 documents changed: 1 entry lost, 0 gained; partners +6 −1, amount −5, name 2 changed ».
fn summary(changes: &[DocumentChange]) -> String {
    if changes.is_empty() {
        return "no change\n".to_owned();
    }
    let total = |of: &dyn Fn(&DocumentChange) -> usize| changes.iter().map(of).sum::<usize>();
    let fields: Vec<String> = (tallies(changes).iter())
        .map(|(field, tally)| {
            let parts = [
                ("+", tally.added, ""),
                ("−", tally.lost, ""),
                ("", tally.other, " changed"),
            ];
            let parts: Vec<String> = (parts.into_iter())
                .filter(|(_, n, _)| *n > 0)
                .map(|(sign, n, what)| format!("{sign}{n}{what}"))
                .collect();
            format!("{field} {}", parts.join(" "))
        })
        .collect();
    let fields = if fields.is_empty() {
        String::new()
    } else {
        format!("; {}", fields.join(", "))
    };
    format!(
        "{} changed: {} lost, {} gained{fields}\n",
        count(changes.len(), "document"),
        count(total(&|change| change.lost.len()), "entry"),
        total(&|change| change.gained.len()),
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
            summary(&changes),
            "1 document changed: 0 entries lost, 0 gained; amount −1, partners +2 −1, territory 1 changed\n"
        );
        assert!(has_losses(&changes));
        assert!(!has_losses(&[]));
    }
}
