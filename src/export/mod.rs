//! Valid records in; bytes out, the same for the same records. Writes to whatever it is given and opens nothing.

mod cell;
mod csv;
mod json;
mod people;
pub mod report;

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::CsvDialect;
use crate::validate::Packed;

/// Whether a character steers what shows a text rather than being part of it: control characters but the tab and the line feed, and those that turn
/// the direction of what follows.
pub fn is_steering(character: char) -> bool {
    match character {
        '\t' | '\n' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => character.is_control(),
    }
}

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One array, indented.
    Json,
    /// Each record on its own, indented.
    Object,
    /// One record a line.
    NdJson,
    /// A table with a column for each field.
    Csv,
    /// A table of what people look for first.
    People(CsvDialect),
}

/// Writes the records in their order; fields in the order of the contract, `\n` at the end.
pub fn export<T: Serialize + DeserializeOwned>(
    records: &[Packed<T>],
    format: ExportFormat,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        ExportFormat::Json => json::write_array(records, out),
        ExportFormat::Object => json::write_objects(records, out),
        ExportFormat::NdJson => json::write_lines(records, out),
        ExportFormat::Csv => csv::write(records, out),
        ExportFormat::People(dialect) => people::write(records, dialect, out),
    }
}
