//! The JSON Schemas of `schemas/`: their text, their compiled form, and how they are generated from the Rust types.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Value, json};

use crate::message;
use crate::message::{Message, verbatim};
use crate::model::laureate::{Laureate, LinkRecord, RegisterMatch};
use crate::model::mention::Mention;
use crate::model::record::{DocumentRecord, Registered, Reject, Run};
use crate::model::validation::ValidationReport;

/// The record types that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schema {
    /// What one document states of one laureate.
    Mention,
    /// The golden record of one laureate.
    Laureate,
    /// What a document says of itself.
    Document,
    /// A pair of mentions that was considered.
    Link,
    /// What was rejected, and why.
    Reject,
    /// One run.
    Run,
    /// What a mention belongs to.
    Registry,
    /// What checking records found.
    Validation,
    /// What a register has of an organisation.
    Match,
}

impl Schema {
    /// All of them, as the command line lists them.
    pub const ALL: [Self; 9] = [
        Self::Mention,
        Self::Laureate,
        Self::Document,
        Self::Link,
        Self::Reject,
        Self::Run,
        Self::Registry,
        Self::Validation,
        Self::Match,
    ];

    /// The name that the command line takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Laureate => "laureate",
            Self::Document => "document",
            Self::Link => "link",
            Self::Reject => "reject",
            Self::Run => "run",
            Self::Registry => "registry",
            Self::Validation => "validation",
            Self::Match => "match",
        }
    }

    /// The schema as committed in `schemas/`.
    pub fn text(self) -> &'static str {
        match self {
            Self::Mention => include_str!("../../schemas/mention.schema.json"),
            Self::Laureate => include_str!("../../schemas/laureate.schema.json"),
            Self::Document => include_str!("../../schemas/document.schema.json"),
            Self::Link => include_str!("../../schemas/link.schema.json"),
            Self::Reject => include_str!("../../schemas/reject.schema.json"),
            Self::Run => include_str!("../../schemas/run.schema.json"),
            Self::Registry => include_str!("../../schemas/registry.schema.json"),
            Self::Validation => include_str!("../../schemas/validation.schema.json"),
            Self::Match => include_str!("../../schemas/match.schema.json"),
        }
    }

    /// The schema of `laureates.json`, which holds all laureates in one array.
    pub fn of_laureates() -> Value {
        let mut items: Value = serde_json::from_str(Self::Laureate.text()).unwrap_or_default();
        let take = |items: &mut Value, key: &str| {
            items
                .as_object_mut()
                .and_then(|object| object.remove(key))
                .unwrap_or_default()
        };
        let (dialect, _, definitions) = (
            take(&mut items, "$schema"),
            take(&mut items, "$id"),
            take(&mut items, "$defs"),
        );
        let examples = take(&mut items, "examples");
        json!({
            "$schema": dialect,
            "$id": format!("{ID_PREFIX}laureates.schema.json"),
            "title": "Lauréats",
            "type": "array",
            "items": items,
            "$defs": definitions,
            "examples": [examples],
        })
    }

    /// The schema that follows from the Rust type. A test holds that `text` is this.
    pub fn generate(self) -> Value {
        let generator = SchemaSettings::draft2020_12()
            .for_serialize()
            .into_generator();
        let mut schema = match self {
            Self::Mention => generated::<Mention>(generator),
            Self::Laureate => generated::<Laureate>(generator),
            Self::Document => generated::<DocumentRecord>(generator),
            Self::Link => generated::<LinkRecord>(generator),
            Self::Reject => generated::<Reject>(generator),
            Self::Run => generated::<Run>(generator),
            Self::Registry => generated::<Registered>(generator),
            Self::Validation => generated::<ValidationReport>(generator),
            Self::Match => generated::<RegisterMatch>(generator),
        };
        close_objects(&mut schema);
        if let Some(schema) = schema.as_object_mut() {
            schema.insert(
                "$id".to_owned(),
                json!(format!("{ID_PREFIX}{}.schema.json", self.name())),
            );
            schema.insert("examples".to_owned(), json!([self.example()]));
        }
        schema
    }

    /// Every violation as pointer and message.
    pub(super) fn violations(self, record: &Value) -> Vec<(String, Message)> {
        let validator = self.validator();
        if validator.is_valid(record) {
            return Vec::new();
        }
        validator
            .iter_errors(record)
            .map(|error| (error.instance_path().as_str().to_owned(), told(&error)))
            .collect()
    }

    /// A record that satisfies the schema and the rules beyond it.
    pub fn example(self) -> Value {
        let text = match self {
            Self::Mention => include_str!("../../schemas/examples/mention.json"),
            Self::Laureate => include_str!("../../schemas/examples/laureate.json"),
            Self::Document => include_str!("../../schemas/examples/document.json"),
            Self::Link => include_str!("../../schemas/examples/link.json"),
            Self::Reject => include_str!("../../schemas/examples/reject.json"),
            Self::Run => include_str!("../../schemas/examples/run.json"),
            Self::Registry => include_str!("../../schemas/examples/registry.json"),
            Self::Validation => include_str!("../../schemas/examples/validation.json"),
            Self::Match => include_str!("../../schemas/examples/match.json"),
        };
        // A test holds that they are valid.
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Compiled once for the process, when first needed, and shared by its threads.
    pub(super) fn validator(self) -> &'static Validator {
        static MENTION: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Mention));
        static LAUREATE: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Laureate));
        static DOCUMENT: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Document));
        static LINK: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Link));
        static REJECT: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Reject));
        static RUN: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Run));
        static REGISTRY: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Registry));
        static VALIDATION: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Validation));
        static MATCH: LazyLock<Validator> = LazyLock::new(|| compiled(Schema::Match));
        match self {
            Self::Mention => &MENTION,
            Self::Laureate => &LAUREATE,
            Self::Document => &DOCUMENT,
            Self::Link => &LINK,
            Self::Reject => &REJECT,
            Self::Run => &RUN,
            Self::Registry => &REGISTRY,
            Self::Validation => &VALIDATION,
            Self::Match => &MATCH,
        }
    }
}

/// Schemas are named, not located: nothing is fetched.
const ID_PREFIX: &str = "urn:palmares:schema:";

/// Values can be whole paragraphs; a message quotes no more than this many characters.
const MESSAGE_LENGTH: usize = 300;

fn generated<T: schemars::JsonSchema>(generator: SchemaGenerator) -> Value {
    generator.into_root_schema_for::<T>().to_value()
}

fn compiled(schema: Schema) -> Validator {
    let text = serde_json::from_str(schema.text()).expect("the schemas are checked by a test");
    jsonschema::draft202012::new(&text).expect("the schemas are checked by a test")
}

/// A record with a property that its schema does not know is a mistake, of the program or of a hand that edited it.
fn close_objects(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
                // Every field is always written, so that a default would only mislead.
                for property in properties.values_mut().filter_map(Value::as_object_mut) {
                    property.remove("default");
                }
            }
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close_objects);
        }
        Value::Array(items) => items.iter_mut().for_each(close_objects),
        _ => {}
    }
}

/// What is wrong with a value: what is often wrong in words of ours, the rest as the crate says it.
fn told(error: &ValidationError<'_>) -> Message {
    let value = || shortened(&error.instance().to_string());
    match error.kind() {
        ValidationErrorKind::Type {
            kind: TypeKind::Single(kind),
        } => message!(
            "{value} is not of type \"{kind}\"",
            value = value(),
            kind = kind.to_string()
        ),
        ValidationErrorKind::Required { property } => message!(
            "{property} is a required property",
            property = property.to_string()
        ),
        ValidationErrorKind::Minimum { limit } => message!(
            "{value} is less than the minimum of {limit}",
            value = value(),
            limit = limit.to_string()
        ),
        ValidationErrorKind::AdditionalProperties { unexpected } => message!(
            "the key `{key}` is not known",
            key = unexpected.join("`, `")
        ),
        _ => verbatim(shortened(&error.to_string())),
    }
}

fn shortened(message: &str) -> String {
    if message.chars().count() <= MESSAGE_LENGTH {
        return message.to_owned();
    }
    // The start of a message is the value, the end says what is wrong with it.
    let characters: Vec<char> = message.chars().collect();
    let half = MESSAGE_LENGTH / 2;
    let (head, tail) = (
        characters.iter().take(half),
        characters.iter().skip(characters.len() - half),
    );
    head.chain(&['…']).chain(tail).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// `PALMARES_BLESS=1 cargo test schema` rewrites `schemas/` after a change of the types or of an example.
    #[test]
    fn the_committed_schemas_follow_from_the_types() {
        for schema in Schema::ALL {
            let mut expected = serde_json::to_string_pretty(&schema.generate()).unwrap();
            expected.push('\n');
            if std::env::var_os("PALMARES_BLESS").is_some() {
                let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join(format!("schemas/{}.schema.json", schema.name()));
                std::fs::write(path, &expected).unwrap();
            } else {
                assert!(
                    schema.text() == expected,
                    "schemas/{}.schema.json is out of date: PALMARES_BLESS=1 cargo test schema",
                    schema.name()
                );
            }
        }
    }

    #[test]
    fn the_committed_schema_of_a_whole_file_follows_from_that_of_its_records() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/laureates.schema.json");
        let schema = Schema::of_laureates();
        let mut expected = serde_json::to_string_pretty(&schema).unwrap();
        expected.push('\n');
        if std::env::var_os("PALMARES_BLESS").is_some() {
            std::fs::write(&path, &expected).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        assert!(validator.is_valid(&schema["examples"][0]));
        assert!(!validator.is_valid(&Schema::Laureate.example()));
        assert!(!validator.is_valid(&json!([{}])));
    }

    #[test]
    fn every_example_is_valid() {
        for schema in Schema::ALL {
            let reasons = super::super::violations(schema, &schema.example());
            assert!(reasons.is_empty(), "{}: {reasons:#?}", schema.name());
        }
    }

    #[test]
    fn every_field_of_a_record_has_a_title() {
        for schema in Schema::ALL {
            let generated = schema.generate();
            for (name, field) in generated["properties"].as_object().unwrap() {
                assert!(field.get("title").is_some(), "{}: {name}", schema.name());
            }
        }
    }

    #[test]
    fn a_long_value_does_not_drown_the_message() {
        let message = shortened(&format!("\"{}\" is not a number", "x".repeat(5000)));
        assert!(message.ends_with("is not a number"), "{message}");
        assert_eq!(message.chars().count(), MESSAGE_LENGTH + 1);
    }
}
