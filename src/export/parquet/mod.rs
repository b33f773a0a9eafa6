//! Parquet: a row for each laureate, lists as lists and parts as parts, with the evidence of each value. Columns are called as in laureates.csv where that has them
//! flat; what records key by pointers or labels is a list of parts. The columns are `laureates.schema`, and `shred` turns rows into columns.

mod shred;

use std::io;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::{Map, Value, json};

use super::cell::text;
use super::collection::Collection;
use super::grounded::{Grounded, by_id, grounded};
use crate::model::laureate::Laureate;
use shred::Columns;

const SCHEMA: &str = include_str!("laureates.schema");

/// Rows of a group, which is held in memory: of laureates with their evidence some tens of megabytes.
const ROWS_OF_A_GROUP: usize = 10_000;

/// Writes the file.
pub(super) fn write(collection: &Collection, out: &mut dyn io::Write) -> io::Result<()> {
    let bytes = written(collection).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn written(collection: &Collection) -> Result<Vec<u8>, ParquetError> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let properties = WriterProperties::builder()
        // The version of a library is no part of what is said.
        .set_created_by("palmares".to_owned())
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), Arc::clone(&schema), Arc::new(properties))?;
    let mentions = by_id(&collection.mentions);
    for records in collection.laureates.chunks(ROWS_OF_A_GROUP) {
        let mut columns = Columns::new(&schema)?;
        for record in records {
            let record = record.unpack();
            let row = row(&record, grounded(&record, &mentions))
                .map_err(|error| ParquetError::External(error.into()))?;
            columns.add(&row)?;
        }
        let mut group = writer.next_row_group()?;
        for number in 0.. {
            let Some(mut column) = group.next_column()? else {
                break;
            };
            columns.write(number, column.untyped())?;
            column.close()?;
        }
        group.close()?;
    }
    writer.into_inner()
}

/// The row of a laureate.
fn row(record: &Laureate, grounded: Vec<Grounded>) -> serde_json::Result<Value> {
    let mut evidence = Vec::new();
    let mut provenance = Vec::new();
    for value in grounded {
        for piece in &value.evidence {
            let mut piece = serde_json::to_value(piece)?;
            if let Some(piece) = piece.as_object_mut() {
                piece.insert("pointer".to_owned(), value.pointer.clone().into());
                piece.insert("mention".to_owned(), value.mention.clone().into());
            }
            evidence.push(piece);
        }
        provenance.push(json!({
            "pointer": value.pointer, "mention": value.mention,
            "confidence": record.confidence.get(&value.pointer), "origin": record.origin.get(&value.pointer),
        }));
    }
    let variants = record.variants.iter().flat_map(|(pointer, variants)| {
        variants.iter().map(move |variant| {
            json!({"pointer": pointer, "value": text(&variant.value), "mentions": variant.mentions, "conflict": variant.conflict})
        })
    });
    let variants: Vec<Value> = variants.collect();
    let other: Vec<Value> = (record.other.iter())
        .map(|(label, text)| json!({"label": label, "text": text}))
        .collect();
    let Value::Object(mut fields) = serde_json::to_value(record)? else {
        return Ok(Value::Null);
    };
    // Confidence and origin stand with the provenance of their value.
    fields.remove("confidence");
    fields.remove("origin");
    for (field, values) in [
        ("evidence", evidence),
        ("provenance", provenance),
        ("variants", variants),
        ("other", other),
    ] {
        fields.insert(field.to_owned(), values.into());
    }
    for (field, column) in [
        ("call", "call_name"),
        ("group", "group_name"),
        ("public", "public_text"),
    ] {
        let value = fields.remove(field).unwrap_or_default();
        fields.insert(column.to_owned(), value);
    }
    for field in ["organisation", "edition", "amount", "award", "inferred"] {
        flatten(&mut fields, field);
    }
    Ok(fields.into())
}

/// Puts the parts of a field in its place, as `field_part`.
fn flatten(fields: &mut Map<String, Value>, field: &str) {
    if let Some(Value::Object(parts)) = fields.remove(field) {
        for (part, value) in parts {
            fields.insert(format!("{field}_{part}"), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Schema;

    #[test]
    fn every_field_of_a_laureate_has_a_column() {
        let record: Laureate = serde_json::from_value(Schema::Laureate.example()).unwrap();
        let row = row(&record, Vec::new()).unwrap();
        let schema = parse_message_type(SCHEMA).unwrap();
        let columns: Vec<&str> = schema
            .get_fields()
            .iter()
            .map(|field| field.name())
            .collect();
        for field in row.as_object().unwrap().keys() {
            assert!(columns.contains(&field.as_str()), "{field}");
        }
    }
}
