//! Bytes, JSON values and the errors of the CSV reader in, the text of cells and messages out. Which column is which is decided elsewhere.

use serde_json::Value;

use super::columns::{Column, Mapping, TableError};
use crate::message;

/// The cell of a record; `plain` are its keys without case, accents and punctuation, with their values.
pub(super) fn json_cell(
    record: &Value,
    plain: &[(String, &Value)],
    column: Column,
    mapping: &Mapping,
) -> String {
    let named: Vec<&str> = mapping
        .named
        .iter()
        .filter(|(known, _)| *known == column)
        .map(|(_, name)| name.as_str())
        .collect();
    let value = |name: &str| {
        record
            .get(name)
            .or_else(|| record.pointer(&format!("/{}", name.replace('.', "/"))))
            .filter(|value| !value.is_null())
    };
    if !named.is_empty() {
        let cells: Vec<String> = named.into_iter().filter_map(value).map(json_text).collect();
        return cells.join(if column.is_list() { "\u{1f}" } else { " " });
    }
    // A mention states its document and its year deeper down.
    let inside: &[&str] = match column {
        Column::List => &["document.sha256", "document.path"],
        Column::Year => &["edition.year"],
        _ => &[],
    };
    let known = column.known_as().iter().filter_map(|name| {
        let (_, value) = plain.iter().find(|(key, _)| key == name)?;
        (!value.is_object()).then_some(*value)
    });
    inside
        .iter()
        .filter_map(|name| value(name))
        .chain(known)
        .map(json_text)
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

fn json_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(json_text).collect();
            items.join("\u{1f}")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

pub(super) fn csv_error(error: &csv::Error) -> TableError {
    TableError {
        line: error.position().map(csv::Position::line),
        message: message::verbatim(error.to_string()),
    }
}

/// UTF-8 with or without a byte order mark, or else windows-1252, as spreadsheets write it.
pub(super) fn decode(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        },
        Err(error) => encoding_rs::WINDOWS_1252
            .decode(error.as_bytes())
            .0
            .into_owned(),
    }
}
