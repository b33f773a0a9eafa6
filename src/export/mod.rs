//! Valid records in; bytes out, the same for the same records. Writes to whatever it is given and opens nothing.

mod cell;
mod collection;
mod csv;
mod geojson;
#[cfg(any(feature = "sqlite", feature = "parquet"))]
mod grounded;
mod json;
#[cfg(feature = "parquet")]
mod parquet;
mod people;
pub mod report;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod standard;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::CsvDialect;
use crate::message::Language;
use crate::validate::Packed;

pub use collection::Collection;

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

/// A form of which one file holds several kinds of records, or more of a laureate than the files of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectionFormat<'a> {
    /// A workbook for people.
    Xlsx {
        /// The language of its heads and notes.
        language: Language,
        /// The way from its folder to where relative paths of documents begin.
        base: &'a str,
    },
    /// A database.
    Sqlite,
    /// A table with nested columns.
    Parquet,
    /// Features of a map.
    GeoJson,
}

impl CollectionFormat<'_> {
    /// Whether this build has it: the crates of some are large, and a build may leave them out.
    pub fn is_built(self) -> bool {
        match self {
            Self::Xlsx { .. } => cfg!(feature = "xlsx"),
            Self::Sqlite => cfg!(feature = "sqlite"),
            Self::Parquet => cfg!(feature = "parquet"),
            Self::GeoJson => true,
        }
    }
}

/// Writes the records of a run in one file. The same bytes for the same records.
pub fn export_collection(
    collection: &Collection,
    format: CollectionFormat<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        #[cfg(feature = "xlsx")]
        CollectionFormat::Xlsx { language, base } => xlsx::write(collection, language, base, out),
        #[cfg(feature = "sqlite")]
        CollectionFormat::Sqlite => sqlite::write(collection, out),
        #[cfg(feature = "parquet")]
        CollectionFormat::Parquet => parquet::write(collection, out),
        CollectionFormat::GeoJson => geojson::write(&collection.laureates, out),
        #[cfg(not(all(feature = "xlsx", feature = "sqlite", feature = "parquet")))]
        _ => Err(io::Error::other(crate::message!(
            "this build of palmares was made without it"
        ))),
    }
}
