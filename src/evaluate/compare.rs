//! Two runs over the same documents: entries gained and lost, fields changed, the worst documents first.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::Record;
use super::align::align;
use super::fixture::title;
use super::judge::FIELDS;

/// What changed in one document from one run to the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentChange {
    /// SHA-256 of the document's bytes in the newer run, or in the older one where the newer lacks it.
    pub sha256: String,
    /// Its path in the newer run, or in the older one where the newer lacks it.
    pub path: String,
    /// The only run that has records of it, where one lacks them.
    pub only_in: Option<Side>,
    /// Entries of the old run that the new one lacks.
    pub lost: Vec<Entry>,
    /// Entries of the new run that the old one lacked.
    pub gained: Vec<Entry>,
    /// Values that differ in entries of both.
    pub changed: Vec<FieldChange>,
}

/// One of the two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The first.
    Old,
    /// The second.
    New,
}

/// An entry, as a person recognises it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Position in its document.
    pub position: u64,
    /// Name or project.
    pub title: String,
}

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// The entry, as the new run has it.
    pub entry: Entry,
    /// Field of the contract; `inferred.*` for what prose suggests.
    pub field: String,
    /// Value of the old run.
    pub old: Value,
    /// Value of the new run.
    pub new: Value,
}

impl DocumentChange {
    fn is_none(&self) -> bool {
        self.lost.is_empty() && self.gained.is_empty() && self.changed.is_empty()
    }

    /// Lost entries weigh most: nobody sees what is not there.
    fn severity(&self) -> (usize, usize, usize) {
        (self.lost.len(), self.changed.len(), self.gained.len())
    }
}

/// Compares the mentions of two runs. Documents that did not change are left out.
pub fn compare(old: &[Record], new: &[Record]) -> Vec<DocumentChange> {
    let (old, new) = (by_document(old), by_document(new));
    let none = Vec::new();
    let mut changes: Vec<DocumentChange> = (pairs(&old, &new).into_iter())
        .map(|(before, after)| compare_document(before.unwrap_or(&none), after.unwrap_or(&none)))
        .filter(|change| !change.is_none())
        .collect();
    changes.sort_by(|a, b| {
        b.severity()
            .cmp(&a.severity())
            .then_with(|| a.path.cmp(&b.path))
    });
    changes
}

/// The mentions of a document in both runs.
type Pair<'r> = (Option<&'r Vec<Record>>, Option<&'r Vec<Record>>);

/// Each document of one run with the same one of the other: by its path, else by its bytes, else by its title.
fn pairs<'r>(old: &'r [Vec<Record>], new: &'r [Vec<Record>]) -> Vec<Pair<'r>> {
    let mut pairs: Vec<Pair<'r>> = Vec::new();
    let mut old: Vec<&Vec<Record>> = old.iter().collect();
    let mut new: Vec<&Vec<Record>> = new.iter().collect();
    for key in ["path", "sha256", "title"] {
        let mut left: BTreeMap<&str, &Vec<Record>> = BTreeMap::new();
        for mentions in &old {
            let value = key_of(mentions, key);
            if !value.is_empty() {
                left.entry(value).or_insert(mentions);
            }
        }
        new.retain(|mentions| match left.remove(key_of(mentions, key)) {
            Some(before) => {
                pairs.push((Some(before), Some(mentions)));
                old.retain(|other| !std::ptr::eq(*other, before));
                false
            }
            None => true,
        });
    }
    pairs.extend(old.into_iter().map(|mentions| (Some(mentions), None)));
    pairs.extend(new.into_iter().map(|mentions| (None, Some(mentions))));
    pairs
}

fn key_of<'r>(mentions: &'r [Record], key: &str) -> &'r str {
    mentions
        .first()
        .map_or("", |mention| document(mention, key))
}

/// The mentions of each document, in their order.
fn by_document(mentions: &[Record]) -> Vec<Vec<Record>> {
    let mut documents: BTreeMap<(&str, &str), Vec<Record>> = BTreeMap::new();
    for mention in mentions {
        let key = (document(mention, "path"), document(mention, "sha256"));
        documents.entry(key).or_default().push(mention.clone());
    }
    let mut documents: Vec<Vec<Record>> = documents.into_values().collect();
    for mentions in &mut documents {
        mentions.sort_by_key(|mention| entry(mention).position);
    }
    documents
}

fn document<'a>(mention: &'a Record, key: &str) -> &'a str {
    mention
        .get("document")
        .and_then(|document| document.get(key))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn entry(mention: &Record) -> Entry {
    Entry {
        position: mention
            .get("position")
            .and_then(Value::as_u64)
            .unwrap_or_default(),
        title: title(mention),
    }
}

fn compare_document(old: &[Record], new: &[Record]) -> DocumentChange {
    let pairs = align(old, new);
    let alone = |records: &[Record], is_paired: &dyn Fn(usize) -> bool| {
        records
            .iter()
            .enumerate()
            .filter(|(i, _)| !is_paired(*i))
            .map(|(_, record)| entry(record))
            .collect()
    };
    let mut changed = Vec::new();
    for (before, after) in pairs
        .iter()
        .filter_map(|(i, j)| old.get(*i).zip(new.get(*j)))
    {
        let (earlier, later) = (values(before), values(after));
        let mut fields: Vec<&String> = earlier.keys().chain(later.keys()).collect();
        fields.sort_unstable();
        fields.dedup();
        for field in fields {
            let value = |values: &BTreeMap<String, Value>| {
                values.get(field).cloned().unwrap_or(Value::Null)
            };
            if value(&earlier) != value(&later) {
                changed.push(FieldChange {
                    entry: entry(after),
                    field: field.clone(),
                    old: value(&earlier),
                    new: value(&later),
                });
            }
        }
    }
    DocumentChange {
        sha256: key_of(if new.is_empty() { old } else { new }, "sha256").to_owned(),
        path: new
            .first()
            .or(old.first())
            .map(|mention| document(mention, "path"))
            .unwrap_or_default()
            .to_owned(),
        only_in: match (old.is_empty(), new.is_empty()) {
            (true, false) => Some(Side::New),
            (false, true) => Some(Side::Old),
            _ => None,
        },
        lost: alone(old, &|i| pairs.iter().any(|(other, _)| *other == i)),
        gained: alone(new, &|j| pairs.iter().any(|(_, other)| *other == j)),
        changed,
    }
}

/// What a mention says, without where it says it: the stated fields, and the texts of what prose suggests.
fn values(mention: &Record) -> BTreeMap<String, Value> {
    let fields = FIELDS.iter().map(|(field, _)| *field).chain(["other"]);
    let mut values: BTreeMap<String, Value> = fields
        .filter_map(|field| Some((field.to_owned(), mention.get(field)?.clone())))
        .collect();
    let inferred = mention.get("inferred").and_then(Value::as_object);
    for (kind, items) in inferred.into_iter().flatten() {
        let texts: Vec<Value> = items
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|item| item.get("text").or_else(|| item.get("value")).cloned())
            .collect();
        values.insert(format!("inferred.{kind}"), texts.into());
    }
    values.retain(|_, value| {
        !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
    });
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mention(document: &str, position: u32, name: &str, territory: Option<&str>) -> Record {
        json!({"document": {"path": format!("raw/{document}"), "sha256": document}, "position": position, "name": name, "territory": territory,
               "evidence": {"/name": [{"page": position}]}})
        .as_object()
        .cloned()
        .unwrap_or_default()
    }

    #[test]
    fn the_same_run_has_no_changes() {
        let run = [
            mention("a", 1, "Un toit", Some("Lens")),
            mention("b", 1, "Deux mains", None),
        ];
        assert!(compare(&run, &run).is_empty());
    }

    #[test]
    fn losses_come_first_and_changes_are_named() {
        let old = [
            mention("a", 1, "Un toit", Some("Lens")),
            mention("b", 1, "Deux mains", None),
            mention("b", 2, "Trois voix", None),
        ];
        // Fetched again, the document has other bytes.
        let mut again = mention("a", 1, "Un toit", Some("Hem"));
        again["document"]["sha256"] = json!("other");
        let new = [
            again,
            mention("b", 1, "Deux mains", None),
            mention("c", 1, "Quatre vents", None),
        ];
        let changes = compare(&old, &new);
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["raw/b", "raw/a", "raw/c"]);
        assert_eq!(changes[0].lost[0].title, "Trois voix");
        assert_eq!(changes[1].changed[0].field, "territory");
        assert_eq!(changes[1].changed[0].new, json!("Hem"));
        assert_eq!(changes[2].only_in, Some(Side::New));
    }
}
