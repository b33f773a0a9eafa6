//! Reads a text as the pipeline reads a file, and keeps what the records say, without ids and places.

use std::fs;
use std::path::Path;

use palmares::ingest;
use palmares::pipeline::{self, Options};
use serde_json::{Map, Value};

/// The records of a document, which is given the name of `path`.
pub(crate) fn records(path: &Path, source: &str) -> Vec<Map<String, Value>> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder
        .path()
        .join(path.file_name().expect("the path names a file"));
    fs::write(&file, source).expect("a temporary file can be written");
    let options = Options::default();
    let sources = ingest::discover(&[file], None).sources;
    let raw = ingest::ingest(sources.first().expect("the file is found"), &options.limits)
        .expect("the file is read");
    let outcome =
        pipeline::process_document(&raw, &options, &|_| {}).expect("the document is read");
    outcome
        .mentions
        .iter()
        .map(|mention| {
            let mut record =
                match serde_json::to_value(mention.get()).expect("a mention serialises") {
                    Value::Object(record) => record,
                    other => panic!("a mention is an object, not {other}"),
                };
            for field in ["id", "document", "evidence", "confidence", "origin"] {
                record.remove(field);
            }
            drop_places(record.get_mut("inferred"));
            record
        })
        .collect()
}

/// Drops the evidence of inferred items: byte offsets, which move with the words. Their confidence stays: it must not depend on a name.
fn drop_places(inferred: Option<&mut Value>) {
    for item in inferred
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_array_mut)
        .flatten()
    {
        if let Some(item) = item.as_object_mut() {
            item.remove("evidence");
        }
    }
}
