//! Records in; `ValidRecord`s or rejections out. The only place that names JSON Schema. Nothing is repaired or left out here: a record passes
//! whole, or is rejected with every reason.

mod audit;
mod packed;
mod rules;
mod schema;

use std::borrow::Borrow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::message;
use crate::message::Message;
use crate::model::evidence::Evidence;
use crate::model::record::Reason;

pub use audit::{RULES, Rule, Seen, audit, source_of};
pub use packed::Packed;
pub use schema::Schema;

/// A record that satisfies its schema and the rules beyond it. Only `validate` makes one, and `export` takes nothing else but what it is packed into.
#[derive(Clone, Debug)]
pub struct ValidRecord<T> {
    record: T,
}

impl<T> ValidRecord<T> {
    /// The record.
    pub fn get(&self) -> &T {
        &self.record
    }

    /// The record, no longer bound to be valid.
    pub fn into_inner(self) -> T {
        self.record
    }
}

impl<T> Borrow<T> for ValidRecord<T> {
    fn borrow(&self) -> &T {
        &self.record
    }
}

/// A record that violates its schema or a rule.
#[derive(Clone, Debug)]
pub struct Rejection<T> {
    /// The record, unchanged.
    pub record: T,
    /// Every violation, in the order of their pointers.
    pub reasons: Vec<Reason>,
}

/// Compiles every schema that is not yet, so that no stage that one thread runs alone has to wait for it.
pub fn prepare() {
    for schema in Schema::ALL {
        schema.validator();
    }
}

/// Checks a record against its schema and the rules beyond it.
pub fn validate<T: Serialize>(
    schema: Schema,
    record: T,
) -> Result<ValidRecord<T>, Box<Rejection<T>>> {
    let reasons = match serde_json::to_value(&record) {
        Ok(value) => violations(schema, &value),
        Err(error) => vec![Reason {
            message: message!(
                "cannot be written as JSON: {error}",
                error = error.to_string()
            ),
            ..Reason::default()
        }],
    };
    if reasons.is_empty() {
        Ok(ValidRecord { record })
    } else {
        Err(Box::new(Rejection { record, reasons }))
    }
}

/// Every violation of the schema and of the rules beyond it, in the order of their pointers; each with the offending value and its place in the
/// source, from the record's own evidence.
pub fn violations(schema: Schema, record: &Value) -> Vec<Reason> {
    let mut found = schema.violations(record);
    // The rules presuppose the schema's types: on a record of another shape they would only repeat what the schema said.
    if found.is_empty() {
        found = rules::violations(schema, record);
    }
    found.sort();
    found.dedup();
    found
        .into_iter()
        .map(|(pointer, message)| reason(record, pointer, message))
        .collect()
}

/// What is wrong with the value at a pointer, with the value and its place.
fn reason(record: &Value, pointer: String, message: Message) -> Reason {
    Reason {
        value: record.pointer(&pointer).cloned().unwrap_or_default(),
        evidence: evidence_of(record, &pointer),
        pointer,
        message,
    }
}

/// The evidence of the value at a pointer, of the nearest value that holds it, or of what names the entry.
fn evidence_of(record: &Value, pointer: &str) -> Vec<Evidence> {
    let evidence: BTreeMap<String, Vec<Evidence>> = record
        .get("evidence")
        .and_then(|map| serde_json::from_value(map.clone()).ok())
        .unwrap_or_default();
    // A violation inside the evidence of a value is about that value.
    let pointer = pointer.strip_prefix("/evidence/").map_or_else(
        || pointer.to_owned(),
        |rest| {
            let key = rest.split('/').next().unwrap_or_default();
            key.replace("~1", "/").replace("~0", "~")
        },
    );
    let mut nearest = pointer.as_str();
    loop {
        if let Some(pieces) = evidence.get(nearest) {
            return pieces.clone();
        }
        let Some((parent, _)) = nearest.rsplit_once('/') else {
            break;
        };
        nearest = parent;
    }
    // What has no place of its own is looked up where the entry is named.
    ["/name", "/project"]
        .into_iter()
        .find_map(|pointer| evidence.get(pointer))
        .cloned()
        .unwrap_or_default()
}
