//! The table that people open: who, what, where, how much, which call, where in which document, and what is doubtful. Programs read the whole one.

use std::io;

use serde_json::Value;

use super::cell::cell;
use super::csv::writer;
use crate::config::CsvDialect;
use crate::model::mention::DOUBTFUL;
use crate::model::tables::PEOPLE as HEADERS;
use crate::validate::Packed;

/// Fields of which a doubt is told, with the column that shows them.
const SHOWN: [(&str, usize); 6] = [
    ("/name", 0),
    ("/project", 1),
    ("/territory", 2),
    ("/region", 3),
    ("/amount", 4),
    ("/call", 5),
];

pub(super) fn write<T>(
    records: &[Packed<T>],
    dialect: CsvDialect,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let [english, french] = &HEADERS;
    let headers = match dialect {
        CsvDialect::Standard => english,
        CsvDialect::ExcelFr => french,
    };
    let mut writer = writer(dialect, out)?;
    writer.write_record(headers)?;
    for record in records {
        let record: Value = serde_json::from_str(record.line())?;
        let field = |pointer: &str| {
            (record.pointer(pointer)).map_or_else(String::new, |value| cell(value, dialect))
        };
        // A number can be summed; what is none is shown as printed.
        let amount = match record.pointer("/amount/value") {
            Some(value) if value.is_number() => cell(value, dialect),
            _ => field("/amount/text"),
        };
        let sources = record.pointer("/sources").and_then(Value::as_array);
        let sources = sources.map(Vec::as_slice).unwrap_or_default();
        let each = |of: &dyn Fn(&Value) -> Value| {
            cell(&sources.iter().map(of).collect::<Vec<_>>().into(), dialect)
        };
        writer.write_record([
            field("/name"),
            field("/project"),
            field("/territory"),
            field("/region"),
            amount,
            field("/call"),
            each(&|source| source["document"].clone()),
            each(&|source| place(source, dialect).into()),
            doubt(&record, headers, dialect),
            field("/id"),
        ])?;
    }
    writer.flush()
}

/// « no 4, p. 2 »
fn place(source: &Value, dialect: CsvDialect) -> String {
    let number = match dialect {
        CsvDialect::Standard => "no.",
        CsvDialect::ExcelFr => "n°",
    };
    let page = (source["page"].as_u64()).map_or_else(String::new, |page| format!(", p. {page}"));
    format!("{number} {}{page}", source["position"])
}

/// The columns whose value is less sure than is comfortable, each with how likely it is right.
fn doubt(record: &Value, headers: &[&str], dialect: CsvDialect) -> String {
    let told = SHOWN.iter().filter_map(|(pointer, column)| {
        let confidence = record.get("confidence")?.get(pointer)?.as_f64()?;
        let confidence = (confidence < DOUBTFUL).then(|| format!("{confidence:.2}"))?;
        let confidence = match dialect {
            CsvDialect::Standard => confidence,
            CsvDialect::ExcelFr => confidence.replace('.', ","),
        };
        Some(format!("{} {confidence}", headers.get(*column)?))
    });
    told.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn doubts_are_told_by_column() {
        let record = json!({"confidence": {"/name": 0.97, "/territory": 0.424, "/amount": 0.55, "/theme": 0.1}});
        assert_eq!(
            doubt(&record, &HEADERS[0], CsvDialect::Standard),
            "where 0.42 | how much 0.55"
        );
        assert_eq!(
            doubt(&record, &HEADERS[1], CsvDialect::ExcelFr),
            "Où 0,42 | Combien 0,55"
        );
    }
}
