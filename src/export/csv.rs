//! CSV: a column for each field, those of a field's parts named `field.part`. Where a value stands in its document is for JSON; a row names its
//! sources.

use std::io;

use serde_json::Value;

use super::cell::cell;
use crate::config::CsvDialect;
use crate::validate::Packed;

/// Columns, in the order of the contract. A test holds that no field of a laureate is missing.
const COLUMNS: [&str; 51] = [
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

pub(super) fn write<T>(
    records: &[Packed<T>],
    dialect: CsvDialect,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut builder = csv::WriterBuilder::new();
    if dialect == CsvDialect::ExcelFr {
        // Without the mark a French spreadsheet reads the accents as windows-1252, and by its locale it expects semicolons and CRLF.
        out.write_all("\u{feff}".as_bytes())?;
        builder.delimiter(b';').terminator(csv::Terminator::CRLF);
    }
    let mut writer = builder.from_writer(out);
    writer.write_record(COLUMNS)?;
    for record in records {
        let value: Value = serde_json::from_str(record.line())?;
        writer.write_record(COLUMNS.map(|column| {
            at(&value, column).map_or_else(String::new, |value| cell(value, dialect))
        }))?;
    }
    writer.flush()
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
}
