//! What a record must satisfy beyond its schema: things that JSON Schema cannot say.

use serde_json::{Map, Value};

use super::Schema;
use crate::message;
use crate::message::Message;

/// Every violation of a record that satisfies its schema, as pointer and message.
pub(super) fn violations(schema: Schema, record: &Value) -> Vec<(String, Message)> {
    let mut found = Vec::new();
    match schema {
        Schema::Mention => {
            ensure_named(record, &mut found);
            ensure_grounded(record, &mut found);
            ensure_pointers_resolve(record, &mut found);
            ensure_sane_places(record, &mut found);
        }
        Schema::Document => {
            ensure_pointers_resolve(record, &mut found);
            ensure_sane_places(record, &mut found);
        }
        Schema::Laureate => {
            ensure_named(record, &mut found);
            ensure_pointers_resolve(record, &mut found);
        }
        Schema::Link => {
            if record.get("a") == record.get("b") {
                found.push(("/b".to_owned(), message!("is a mention paired with itself")));
            }
        }
        Schema::Reject | Schema::Run | Schema::Registry | Schema::Validation | Schema::Match => {}
    }
    found
}

/// The fields whose value is the document's own characters: each must say where they stand.
const VERBATIM: [&str; 15] = [
    "name",
    "project",
    "call",
    "region",
    "group",
    "territory",
    "public",
    "partners_text",
    "results",
    "description",
    "needs",
    "aid_type",
    "objectives",
    "duration",
    "theme",
];

/// The same, for lists of texts.
const VERBATIM_LISTS: [&str; 2] = ["partners", "added_value"];

/// No coordinate lies farther from the origin than this: 200 inches, the largest page that PDF viewers agree on, and as much again for what hangs over.
const FARTHEST_POINT: f64 = 2.0 * 14_400.0;

fn ensure_named(record: &Value, found: &mut Vec<(String, Message)>) {
    if is_absent(record.get("name")) && is_absent(record.get("project")) {
        found.push((String::new(), message!("has neither a name nor a project")));
    }
}

/// A verbatim value is not empty, and has evidence, unless a profile or an inference is its declared origin.
fn ensure_grounded(record: &Value, found: &mut Vec<(String, Message)>) {
    let mut texts: Vec<(String, &Value)> = Vec::new();
    for field in VERBATIM {
        let value = record.get(field).filter(|value| value.is_string());
        texts.extend(value.map(|value| (format!("/{field}"), value)));
    }
    for field in VERBATIM_LISTS {
        for (index, value) in items(record, field).iter().enumerate() {
            texts.push((format!("/{field}/{index}"), value));
        }
    }
    for (index, quote) in items(record, "quotes").iter().enumerate() {
        for part in ["text", "author"] {
            texts.extend(
                quote
                    .get(part)
                    .map(|value| (format!("/quotes/{index}/{part}"), value)),
            );
        }
    }
    for (label, value) in entries(record, "other") {
        texts.push((format!("/other/{}", escaped(label)), value));
    }
    let (evidence, origin) = (record.get("evidence"), record.get("origin"));
    for (pointer, value) in texts {
        let Some(text) = value.as_str() else { continue };
        if text.trim().is_empty() {
            found.push((pointer, message!("is empty: an absent value is null")));
            continue;
        }
        let known = |map: Option<&Value>| {
            map.and_then(|map| map.get(&pointer))
                .is_some_and(|value| !is_absent(Some(value)))
        };
        if !known(evidence) && !known(origin) {
            found.push((pointer, message!("has no evidence")));
        }
    }
}

/// What is said of a value is said of a value that is there.
fn ensure_pointers_resolve(record: &Value, found: &mut Vec<(String, Message)>) {
    for map in ["evidence", "confidence", "origin", "provenance", "variants"] {
        for (pointer, _) in entries(record, map) {
            if is_absent(at(record, pointer)) {
                found.push((
                    format!("/{map}/{}", escaped(pointer)),
                    message!("`{pointer}` leads to no value", pointer),
                ));
            }
        }
    }
}

/// The value at a pointer. To one of the record's own fields, as most are, it has no step to be copied and unescaped.
fn at<'a>(record: &'a Value, pointer: &str) -> Option<&'a Value> {
    match pointer.strip_prefix('/') {
        Some(field) if !field.contains(['/', '~']) => record.get(field),
        _ => record.pointer(pointer),
    }
}

/// A piece of evidence is a box on a page or a byte range, of positive extent.
fn ensure_sane_places(record: &Value, found: &mut Vec<(String, Message)>) {
    let is_pdf = record
        .pointer("/document/media_type")
        .and_then(Value::as_str)
        == Some("application/pdf");
    for (pointer, pieces) in entries(record, "evidence") {
        let place = || format!("/evidence/{}", escaped(pointer));
        let pieces = pieces.as_array().map_or(&[][..], Vec::as_slice);
        if pieces.is_empty() {
            found.push((place(), message!("has no piece")));
        }
        for (index, piece) in pieces.iter().enumerate() {
            if let Some(message) = insane_place(piece, is_pdf) {
                found.push((format!("{}/{index}", place()), message));
            }
        }
    }
}

fn insane_place(piece: &Value, is_pdf: bool) -> Option<Message> {
    let numbers = |key: &str| -> Option<Vec<f64>> {
        piece
            .get(key)?
            .as_array()?
            .iter()
            .map(Value::as_f64)
            .collect()
    };
    if is_pdf {
        let (Some(bbox), Some(_)) = (numbers("bbox"), piece.get("page")) else {
            return Some(message!("names no page and box"));
        };
        let [x0, y0, x1, y1] = bbox.as_slice() else {
            return Some(message!("has a box that is not four numbers"));
        };
        if x0 > x1 || y0 > y1 {
            return Some(message!(
                "has a box whose corners are the wrong way round: {bbox}",
                bbox = format!("{bbox:?}")
            ));
        }
        if bbox.iter().any(|edge| edge.abs() > FARTHEST_POINT) {
            return Some(message!(
                "has a box off every page: {bbox}",
                bbox = format!("{bbox:?}")
            ));
        }
    } else if let Some(characters) = numbers("characters") {
        if ["cell", "sheet", "paragraph"]
            .iter()
            .all(|key| piece.get(*key).is_none())
        {
            return Some(message!("names no cell and no paragraph"));
        }
        if characters.first() >= characters.last() {
            return Some(message!(
                "has an empty range of characters: {characters}",
                characters = format!("{characters:?}")
            ));
        }
    } else {
        let Some(span) = numbers("span") else {
            return Some(message!(
                "names no byte range and no characters of a cell or paragraph"
            ));
        };
        if span.first() >= span.last() {
            return Some(message!(
                "has an empty byte range: {span}",
                span = format!("{span:?}")
            ));
        }
    }
    None
}

/// Null, nothing, or an empty list or object.
pub(super) fn is_absent(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(object)) => object.is_empty(),
        Some(_) => false,
    }
}

pub(super) fn items<'a>(record: &'a Value, field: &str) -> &'a [Value] {
    record
        .get(field)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

pub(super) fn entries<'a>(
    record: &'a Value,
    field: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    record
        .get(field)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

/// A key as a step of a JSON Pointer (RFC 6901).
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::violations;
    use super::*;

    /// The example mention with one value replaced, checked: the reasons as "pointer: message".
    #[track_caller]
    fn check(pointer: &str, value: Value, expected: &[&str]) {
        let mut record = Schema::Mention.example();
        *record.pointer_mut(pointer).unwrap() = value;
        let found: Vec<String> = violations(Schema::Mention, &record)
            .into_iter()
            .map(|reason| format!("{}: {}", reason.pointer, reason.message))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_wrong_type_is_a_matter_of_the_schema_alone() {
        check(
            "/position",
            json!("deux"),
            &["/position: \"deux\" is not of type \"integer\""],
        );
    }

    #[test]
    fn positions_count_from_one() {
        check(
            "/position",
            json!(0),
            &["/position: 0 is less than the minimum of 1"],
        );
    }

    #[test]
    fn a_verbatim_value_without_evidence_is_a_violation() {
        check("/theme", json!("Réemploi"), &["/theme: has no evidence"]);
    }

    #[test]
    fn an_empty_text_is_a_violation() {
        check(
            "/public",
            json!(" "),
            &["/public: is empty: an absent value is null"],
        );
    }

    #[test]
    fn evidence_of_nothing_is_a_violation() {
        check(
            "/region",
            Value::Null,
            &["/evidence/~1region: `/region` leads to no value"],
        );
    }

    #[test]
    fn a_mention_names_somebody_or_something() {
        let mut record = Schema::Mention.example();
        for field in ["name", "project"] {
            record[field] = Value::Null;
            record["evidence"]
                .as_object_mut()
                .unwrap()
                .remove(&format!("/{field}"));
            record["confidence"]
                .as_object_mut()
                .unwrap()
                .remove(&format!("/{field}"));
        }
        let found = violations(Schema::Mention, &record);
        assert_eq!(
            found[0].message.to_string(),
            "has neither a name nor a project"
        );
    }

    #[test]
    fn a_box_has_its_corners_the_right_way_round() {
        check(
            "/evidence/~1name/0/bbox",
            json!([201.4, 98.0, 70.0, 112.0]),
            &[
                "/evidence/~1name/0: has a box whose corners are the wrong way round: [201.4, 98.0, 70.0, 112.0]",
            ],
        );
    }

    #[test]
    fn a_reason_carries_the_value_and_its_place() {
        let mut record = Schema::Mention.example();
        record["project"] = json!(7);
        let reasons = violations(Schema::Mention, &record);
        assert_eq!(
            (&reasons[0].value, reasons[0].evidence[0].page),
            (&json!(7), Some(3))
        );
    }
}
