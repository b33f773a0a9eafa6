//! A fixture's expectation against what was read: one result for each field, differences that can be read, and blessing. The format of
//! `expected.json` is described in fixtures/README.md.

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::Record;
use super::align::align;
use super::judge::FIELDS;
use crate::message;
use crate::message::Carried;

/// The results that are not fields of a record.
const RECORDS: &str = "records";
const ANNOUNCED: &str = "announced";

/// What a document must give.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// What the fixture shows, in a sentence.
    #[serde(default)]
    pub shows: Option<String>,
    /// How many laureates the document announces; not compared when absent.
    #[serde(default)]
    pub announced: Option<u32>,
    /// Fields that this fixture does not look at.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// One for each entry, in document order. A stated field that is absent is expected to be empty.
    pub records: Vec<Record>,
}

/// What was read from a fixture's document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The mentions, as JSON.
    pub mentions: Vec<Record>,
    /// The announced count.
    pub announced: Option<u32>,
}

/// Whether one field of one document is as expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldResult {
    /// Field of the contract, `records` or `announced`.
    pub field: String,
    /// Nothing when the field is as expected.
    pub differences: Vec<Difference>,
}

impl FieldResult {
    /// Whether the field is as expected.
    pub fn is_pass(&self) -> bool {
        self.differences.is_empty()
    }
}

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Position of the record in the expectation, or, for an unexpected one, among what was read; from 1. `None` for the document itself.
    pub record: Option<usize>,
    /// The record's name or project, to recognise it.
    pub title: String,
    /// What was expected.
    pub expected: Value,
    /// What was read.
    pub found: Value,
}

impl Expected {
    /// Reads an `expected.json`.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let expected: Self = serde_json::from_str(text)?;
        for field in expected
            .records
            .iter()
            .flat_map(Record::keys)
            .chain(&expected.ignore)
        {
            if !is_field(field) && !matches!(field.as_str(), "accept" | "inferred") {
                return Err(serde::de::Error::custom(Carried(message!(
                    "`{field}` is not a field of the contract",
                    field
                ))));
            }
        }
        Ok(expected)
    }

    /// The text of an `expected.json`: fields in the contract's order, one a line.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// One result for each field that is expected or was read, `records` first. With `only`, that field alone.
    pub fn check(&self, reading: &Reading, only: Option<&str>) -> Vec<FieldResult> {
        let pairs = self.pairs(reading);
        let mut results = vec![FieldResult {
            field: RECORDS.to_owned(),
            differences: self.unpaired(reading, &pairs),
        }];
        if let Some(announced) = self.announced {
            results.push(FieldResult {
                field: ANNOUNCED.to_owned(),
                differences: if reading.announced == Some(announced) {
                    Vec::new()
                } else {
                    vec![Difference {
                        record: None,
                        title: String::new(),
                        expected: announced.into(),
                        found: reading.announced.into(),
                    }]
                },
            });
        }
        for field in fields().filter(|field| !self.ignore.iter().any(|ignored| ignored == field)) {
            let mut present = false;
            let mut differences = Vec::new();
            for (i, expected, found) in paired(&self.records, &reading.mentions, &pairs) {
                for (pointer, wanted, got) in values(expected, found, field) {
                    present |= !is_empty(wanted) || !is_empty(got);
                    if !accepts(expected, field, wanted, got) {
                        differences.push(Difference {
                            record: Some(i + 1),
                            title: title(expected) + pointer,
                            expected: wanted.clone(),
                            found: got.clone(),
                        });
                    }
                }
            }
            if present {
                results.push(FieldResult {
                    field: field.to_owned(),
                    differences,
                });
            }
        }
        results.retain(|result| only.is_none_or(|only| result.field == only));
        results
    }

    /// The expectation that the reading fulfils: values that differ are replaced, values that are accepted stay as they are written. With `only`,
    /// that field alone is touched.
    #[must_use]
    pub fn bless(&self, reading: &Reading, only: Option<&str>) -> Self {
        let touches = |field: &str| only.is_none_or(|only| only == field);
        let mut blessed = self.clone();
        if touches(ANNOUNCED) && (self.announced.is_some() || self.records.is_empty()) {
            blessed.announced = reading.announced;
        }
        let pairs = self.pairs(reading);
        for (i, expected, found) in paired(&self.records, &reading.mentions, &pairs) {
            let Some(record) = blessed.records.get_mut(i) else {
                continue;
            };
            for field in fields().filter(|field| {
                touches(field) && !self.ignore.iter().any(|ignored| ignored == field)
            }) {
                let right = values(expected, found, field)
                    .into_iter()
                    .all(|(_, wanted, got)| accepts(expected, field, wanted, got));
                if right {
                    continue;
                }
                if let Some(accept) = record.get_mut("accept").and_then(Value::as_object_mut) {
                    accept.remove(field);
                }
                set(record, field, stated(found, field));
            }
            if record
                .get("accept")
                .and_then(Value::as_object)
                .is_some_and(Record::is_empty)
            {
                record.remove("accept");
            }
        }
        if touches(RECORDS) && pairs.len() != self.records.len().max(reading.mentions.len()) {
            let mut records = Vec::new();
            for (j, found) in reading.mentions.iter().enumerate() {
                let known = pairs
                    .iter()
                    .find(|(_, other)| *other == j)
                    .and_then(|(i, _)| blessed.records.get(*i));
                records.push(known.cloned().unwrap_or_else(|| self.whole(found)));
            }
            blessed.records = records;
        }
        blessed
    }

    /// An expectation of everything that a mention states.
    fn whole(&self, found: &Record) -> Record {
        let mut record = Record::new();
        for field in fields().filter(|field| {
            *field != "inferred"
                && !WORKED_OUT.contains(field)
                && !self.ignore.iter().any(|ignored| ignored == field)
        }) {
            set(&mut record, field, stated(found, field));
        }
        record
    }

    /// Pairs of records: by position where the counts agree, so that a wrong name is a wrong name; by likeness where they do not.
    fn pairs(&self, reading: &Reading) -> Vec<(usize, usize)> {
        if self.records.len() == reading.mentions.len() {
            (0..self.records.len()).map(|i| (i, i)).collect()
        } else {
            align(&self.records, &reading.mentions)
        }
    }

    fn unpaired(&self, reading: &Reading, pairs: &[(usize, usize)]) -> Vec<Difference> {
        let alone = |i: usize, record: &Record| Difference {
            record: Some(i + 1),
            title: title(record),
            expected: Value::Null,
            found: Value::Null,
        };
        let missing = self
            .records
            .iter()
            .enumerate()
            .filter(|(i, _)| !pairs.iter().any(|(other, _)| other == i))
            .map(|(i, record)| Difference {
                expected: title(record).into(),
                ..alone(i, record)
            });
        let unexpected = reading
            .mentions
            .iter()
            .enumerate()
            .filter(|(j, _)| !pairs.iter().any(|(_, other)| other == j))
            .map(|(j, record)| Difference {
                found: title(record).into(),
                ..alone(j, record)
            });
        missing.chain(unexpected).collect()
    }
}

impl Serialize for Expected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(shows) = &self.shows {
            map.serialize_entry("shows", shows)?;
        }
        if let Some(announced) = self.announced {
            map.serialize_entry("announced", &announced)?;
        }
        if !self.ignore.is_empty() {
            map.serialize_entry("ignore", &self.ignore)?;
        }
        map.serialize_entry(
            "records",
            &self.records.iter().map(InOrder).collect::<Vec<_>>(),
        )?;
        map.end()
    }
}

/// A record whose fields are written in the contract's order, whatever order the map keeps.
struct InOrder<'a>(&'a Record);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        let ordinal = ["ordinal", "call", "group", "region"];
        let rest = fields().filter(|field| !ordinal.contains(field));
        for field in ordinal.into_iter().chain(rest).chain(["accept"]) {
            if let Some(value) = self.0.get(field) {
                map.serialize_entry(field, value)?;
            }
        }
        map.end()
    }
}

/// The fields that fixtures compare.
fn fields() -> impl Iterator<Item = &'static str> {
    FIELDS
        .iter()
        .map(|(field, _)| *field)
        .chain(["other", "places", "audiences", "identifiers", "inferred"])
        .chain(WORKED_OUT)
}

/// Fields that fixtures compare only where they state them, and that are not written into what a fixture expects.
const WORKED_OUT: [&str; 3] = ["periods", "durations", "ages"];

/// Whether a fixture may name it: a field of a record, or one of the two results beside them.
pub fn is_field(name: &str) -> bool {
    fields().any(|field| field == name) || name == RECORDS || name == ANNOUNCED
}

fn paired<'a>(
    expected: &'a [Record],
    found: &'a [Record],
    pairs: &'a [(usize, usize)],
) -> impl Iterator<Item = (usize, &'a Record, &'a Record)> {
    pairs
        .iter()
        .filter_map(|(i, j)| Some((*i, expected.get(*i)?, found.get(*j)?)))
}

/// The values to compare: the field's own; of `inferred`, each kind that the expectation names.
fn values<'a>(
    expected: &'a Record,
    found: &'a Record,
    field: &str,
) -> Vec<(&'a str, &'a Value, &'a Value)> {
    let null = &Value::Null;
    // What is worked out of texts that are compared themselves is compared where a fixture states it.
    if WORKED_OUT.contains(&field) && !expected.contains_key(field) {
        return Vec::new();
    }
    if field != "inferred" {
        return vec![(
            "",
            expected.get(field).unwrap_or(null),
            found.get(field).unwrap_or(null),
        )];
    }
    let read = found.get(field).unwrap_or(null);
    expected
        .get(field)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(kind, wanted)| (kind.as_str(), wanted, read.get(kind).unwrap_or(null)))
        .collect()
}

/// Whether what was read is what is expected, or one of the alternatives.
fn accepts(record: &Record, field: &str, wanted: &Value, got: &Value) -> bool {
    let alternatives = record
        .get("accept")
        .and_then(|accept| accept.get(field))
        .and_then(Value::as_array);
    std::iter::once(wanted)
        .chain(alternatives.into_iter().flatten())
        .any(|option| agrees(option, got))
}

/// Whether a value fulfils an expectation. A text stands for an object that prints it; of an object, the expected keys count.
fn agrees(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        _ if is_empty(expected) || is_empty(found) => is_empty(expected) && is_empty(found),
        (Value::String(text), Value::Object(object)) => ["text", "note", "value"]
            .iter()
            .filter_map(|key| object.get(*key))
            .any(|part| part.as_str() == Some(text)),
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(key, value)| agrees(value, found.get(key).unwrap_or(&Value::Null))),
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(expected, found)| agrees(expected, found))
        }
        (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
        _ => expected == found,
    }
}

/// Whether a value says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(parts) => parts.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A mention's value as an expectation writes it: without empty parts, inferred items by their texts.
fn stated(found: &Record, field: &str) -> Value {
    let value = found.get(field).cloned().unwrap_or(Value::Null);
    match value {
        Value::Object(kinds) if field == "inferred" => {
            Value::Object(
                kinds
                    .into_iter()
                    .map(|(kind, items)| {
                        let texts = items.as_array().into_iter().flatten().map(|item| {
                            match item.get("text") {
                                Some(text) => text.clone(),
                                None => item.get("value").cloned().unwrap_or(Value::Null),
                            }
                        });
                        (kind, texts.collect())
                    })
                    .collect(),
            )
        }
        // What most places are goes without saying.
        Value::Array(places) if field == "places" => places
            .into_iter()
            .map(without_empty)
            .map(|mut place| {
                if let Some(place) = place.as_object_mut() {
                    place.retain(|key, value| {
                        !(key == "approximate" && *value == false
                            || key == "role" && *value == "scope")
                    });
                }
                place
            })
            .collect(),
        other => without_empty(other),
    }
}

fn without_empty(value: Value) -> Value {
    match value {
        Value::Object(parts) => parts
            .into_iter()
            .filter(|(_, part)| !is_empty(part))
            .map(|(key, part)| (key, without_empty(part)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_empty).collect(),
        other => other,
    }
}

fn set(record: &mut Record, field: &str, value: Value) {
    if is_empty(&value) {
        record.remove(field);
    } else {
        record.insert(field.to_owned(), value);
    }
}

/// What a record is called in messages.
pub(super) fn title(record: &Record) -> String {
    ["name", "project"]
        .iter()
        .filter_map(|field| record.get(*field).and_then(Value::as_str))
        .find(|text| !text.is_empty())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reading(mentions: &Value) -> Reading {
        Reading {
            mentions: mentions
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|value| value.as_object().cloned())
                .collect(),
            announced: Some(2),
        }
    }

    fn expected() -> Expected {
        Expected::parse(
            r#"{"shows": "deux entrées", "announced": 2, "ignore": ["call"], "records": [
                {"name": "Un", "territory": "Lens", "amount": "4 000 €"},
                {"name": "Deux", "territory": "Hem", "accept": {"territory": [null]}}]}"#,
        )
        .expect("the test's JSON is right")
    }

    #[track_caller]
    fn check(mentions: &Value, failing: &[&str]) {
        let results = expected().check(&reading(mentions), None);
        let failed: Vec<&str> = results
            .iter()
            .filter(|result| !result.is_pass())
            .map(|result| result.field.as_str())
            .collect();
        assert_eq!(failed, failing);
    }

    #[test]
    fn what_is_expected_passes() {
        check(
            &json!([
                {"name": "Un", "territory": "Lens", "amount": {"text": "4 000 €", "value": 4000.0, "currency": "EUR"}, "call": "X", "public": null},
                {"name": "Deux", "territory": null, "partners": []}]),
            &[],
        );
    }

    #[test]
    fn a_value_that_moves_to_another_field_fails_on_both() {
        check(
            &json!([
                {"name": "Un", "public": "Lens", "amount": {"text": "4 000 €"}},
                {"name": "Deux", "public": "Hem"}]),
            &["territory", "public"],
        );
    }

    #[test]
    fn a_missing_record_is_one_failure() {
        check(
            &json!([{"name": "Un", "territory": "Lens", "amount": {"text": "4 000 €"}}]),
            &["records"],
        );
    }

    #[test]
    fn blessing_takes_what_differs_and_nothing_else() {
        let reading = reading(&json!([
            {"name": "Un", "territory": "Lens", "public": "Jeunes", "amount": {"text": "4 000 €", "value": 4000.0, "currency": null}},
            {"name": "Deux", "territory": null, "public": "Seniors"}]));
        let blessed = expected().bless(&reading, None);
        assert!(
            blessed
                .check(&reading, None)
                .iter()
                .all(FieldResult::is_pass)
        );
        assert_eq!(blessed.records[0]["amount"], json!("4 000 €"));
        assert_eq!(blessed.records[1]["territory"], json!("Hem"));
        assert_eq!(expected().bless(&reading, Some("name")), expected());
    }

    #[test]
    fn blessing_adds_and_drops_records() {
        let reading = reading(&json!([{"name": "Deux", "territory": "Hem"}]));
        let blessed = expected().bless(&reading, None);
        assert_eq!(blessed.records.len(), 1);
        assert!(
            blessed
                .check(&reading, None)
                .iter()
                .all(FieldResult::is_pass)
        );
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let error =
            Expected::parse(r#"{"records": [{"nom": "Un"}]}"#).expect_err("`nom` is not a field");
        let told = message::of_parser(&error.to_string()).to_string();
        assert!(told.contains("`nom`"), "{told}");
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = expected().to_json().expect("strings and lists serialise");
        assert_eq!(
            Expected::parse(&text).expect("own output is right"),
            expected()
        );
    }
}
