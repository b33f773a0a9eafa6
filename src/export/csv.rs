//! CSV for machines: a column for each field, those of a field's parts named `field_part`, none as SQL has a word. Where a value stands in its document is for
//! JSON; a row names its sources.

use std::io;

use serde_json::{Map, Value};

use super::cell::{cell, text};
use crate::config::CsvDialect;
use crate::validate::Packed;

/// Columns, in the order of the contract. A test holds that no field of a laureate is missing.
const COLUMNS: [&str; 57] = [
    "id",
    "organisation.id",
    "organisation.name",
    "organisation.aliases",
    "name",
    "project",
    "call",
    "group",
    "region",
    "territory",
    "public",
    "partners_text",
    "partners",
    "results",
    "description",
    "added_value",
    "needs",
    "aid_type",
    "quotes",
    "links",
    "contacts",
    "edition.note",
    "edition.event",
    "edition.year",
    "edition.presented",
    "edition.selected",
    "edition.category",
    "keywords",
    "public_types",
    "funding",
    "amount.text",
    "amount.value",
    "amount.currency",
    "duration",
    "dates",
    "objectives",
    "theme",
    "award.text",
    "award.rank",
    "award.category",
    "other",
    "places",
    "audiences",
    "identifiers",
    "periods",
    "durations",
    "ages",
    "inferred.public",
    "inferred.partners",
    "inferred.results",
    "inferred.figures",
    "sources",
    "provenance",
    "variants",
    "conflicts",
    "confidence",
    "origin",
];

/// The names of columns that their field alone would give, and SQL reserves.
const RESERVED: [(&str, &str); 3] = [
    ("call", "call_name"),
    ("group", "group_name"),
    ("public", "public_text"),
];

/// What a column is called.
fn name(column: &str) -> String {
    let reserved = RESERVED.iter().find(|(reserved, _)| *reserved == column);
    reserved.map_or_else(|| column.replace('.', "_"), |(_, name)| (*name).to_owned())
}

pub(super) fn write<T>(records: &[Packed<T>], out: &mut dyn io::Write) -> io::Result<()> {
    let dialect = CsvDialect::Standard;
    let mut writer = writer(dialect, out)?;
    writer.write_record(COLUMNS.map(name))?;
    for record in records {
        let value: Value = serde_json::from_str(record.line())?;
        writer.write_record(COLUMNS.map(|column| {
            at(&value, column).map_or_else(String::new, |value| cell(value, dialect))
        }))?;
    }
    writer.flush()
}

/// The columns of a record by their names: numbers and flags as they are, lists and parts as text. Nothing is done against formulas.
pub(super) fn values(record: &Value) -> Map<String, Value> {
    let value = |column| match at(record, column) {
        Some(value @ (Value::Array(_) | Value::Object(_))) => {
            Some(text(value)).filter(|text| !text.is_empty()).into()
        }
        other => other.cloned().unwrap_or_default(),
    };
    COLUMNS
        .iter()
        .map(|column| (name(column), value(column)))
        .collect()
}

/// What writes rows as a dialect has them.
pub(super) fn writer(
    dialect: CsvDialect,
    out: &mut dyn io::Write,
) -> io::Result<csv::Writer<&mut dyn io::Write>> {
    let mut builder = csv::WriterBuilder::new();
    if dialect == CsvDialect::ExcelFr {
        // Without the mark a French spreadsheet reads the accents as windows-1252, and by its locale it expects semicolons and CRLF.
        out.write_all("\u{feff}".as_bytes())?;
        builder.delimiter(b';').terminator(csv::Terminator::CRLF);
    }
    Ok(builder.from_writer(out))
}

fn at<'a>(record: &'a Value, column: &str) -> Option<&'a Value> {
    column
        .split('.')
        .try_fold(record, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Schema;

    #[test]
    fn every_field_of_a_laureate_has_a_column() {
        let example = Schema::Laureate.example();
        for field in example.as_object().unwrap().keys() {
            let prefix = format!("{field}.");
            assert!(
                COLUMNS
                    .iter()
                    .any(|column| column == field || column.starts_with(&prefix)),
                "{field}"
            );
        }
    }

    #[test]
    fn no_column_is_a_word_of_sql() {
        // Words that SQL:2016, PostgreSQL, SQLite, DuckDB, MySQL or SQL Server reserve, of those that a field may be called.
        const WORDS: [&str; 24] = [
            "all",
            "call",
            "case",
            "check",
            "column",
            "condition",
            "date",
            "default",
            "desc",
            "end",
            "from",
            "grant",
            "group",
            "key",
            "language",
            "limit",
            "order",
            "public",
            "references",
            "result",
            "select",
            "table",
            "value",
            "values",
        ];
        let names: std::collections::BTreeSet<String> = COLUMNS.map(name).into();
        assert_eq!(names.len(), COLUMNS.len());
        for name in names {
            assert!(!WORDS.contains(&name.as_str()), "{name}");
            assert!(
                name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                "{name}"
            );
        }
    }
}
