//! What a value looks like in a cell of a table.

use serde_json::{Map, Value};

use super::is_steering;
use crate::config::CsvDialect;
use crate::model::tables::FORMULA_STARTS;

/// Between the items of a list.
const SEPARATOR: &str = " | ";

/// The value as one line of text, lists joined; a text that a spreadsheet would run as a formula is preceded by an apostrophe.
pub(super) fn cell(value: &Value, dialect: CsvDialect) -> String {
    match value {
        Value::Number(number) => {
            let number = plain_number(number);
            match dialect {
                CsvDialect::Standard => number,
                CsvDialect::ExcelFr => number.replace('.', ","),
            }
        }
        other => neutralised(text(other)),
    }
}

/// The value as text, lists joined.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => plain_number(number),
        Value::String(string) => string.clone(),
        Value::Array(items) => joined(items.iter().map(text)),
        Value::Object(object) => object_text(object),
    }
}

/// A quotation, a source, an inferred value: what it says first, what is said of it in parentheses. Other objects: their values by key.
fn object_text(object: &Map<String, Value>) -> String {
    let get = |key: &str| object.get(key).map(text).filter(|text| !text.is_empty());
    if let (Some(document), Some(position)) = (get("document"), get("position")) {
        let page = get("page").map_or_else(String::new, |page| format!(", p. {page}"));
        return format!("{document} #{position}{page}");
    }
    if object.contains_key("conflict") {
        return get("value").unwrap_or_default();
    }
    // « Douaisis (593) », « jeunes (16-25 ans) », « siret 73282932000074 »
    if object.contains_key("alternatives") {
        let code = get("code")
            .or_else(|| get("alternatives").map(|codes| codes.replace(SEPARATOR, " ? ") + " ?"));
        let text = get("text").unwrap_or_default();
        return code.map_or(text.clone(), |code| format!("{text} ({code})"));
    }
    if let (Some(code), Some(label)) = (get("code"), get("label")) {
        return format!("{label} ({code})");
    }
    if let (Some(scheme), Some(value)) = (get("scheme"), get("value")) {
        return format!("{scheme} {value}");
    }
    if object.contains_key("sentence") {
        return get("text").or_else(|| get("value")).unwrap_or_default();
    }
    if let (true, Some(quote)) = (object.contains_key("author"), get("text")) {
        let age = get("age").map(|age| format!("{age} ans"));
        let speaker: Vec<String> = get("author").into_iter().chain(age).collect();
        return if speaker.is_empty() {
            quote
        } else {
            format!("{quote} ({})", speaker.join(", "))
        };
    }
    joined(
        object
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| format!("{key} : {}", text(value))),
    )
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(SEPARATOR)
}

/// 15000 rather than 15000.0: a cell shows no precision that nobody stated.
fn plain_number(number: &serde_json::Number) -> String {
    let printed = number.to_string();
    printed
        .strip_suffix(".0")
        .map_or(printed.clone(), str::to_owned)
}

fn neutralised(text: String) -> String {
    let text = shown(text);
    if is_like_formula(&text) {
        format!("'{text}")
    } else {
        text
    }
}

/// The text with a mark in the place of what would steer what shows it.
pub(super) fn shown(text: String) -> String {
    if text.contains(is_steering) {
        text.replace("\r\n", "\n").replace(is_steering, "\u{fffd}")
    } else {
        text
    }
}

/// Whether a spreadsheet would run the text as a formula, were it typed.
pub(super) fn is_like_formula(text: &str) -> bool {
    let first = text.trim_start_matches(' ').chars().next();
    first.is_some_and(|first| FORMULA_STARTS.contains(&first))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        assert_eq!(cell(value, CsvDialect::Standard), expected);
    }

    #[test]
    fn lists_are_joined() {
        check(
            &json!(["CAF", "Ville de Lorient"]),
            "CAF | Ville de Lorient",
        );
    }

    #[test]
    fn absent_values_are_empty() {
        check(&Value::Null, "");
        check(&json!([]), "");
    }

    #[test]
    fn formulas_are_neutralised() {
        for formula in [
            "=1+1",
            "+33 2 97 00 00 00",
            "-5",
            "@SUM(A1)",
            "\t=1",
            " =1",
            "＝1",
        ] {
            check(&json!(formula), &format!("'{formula}"));
        }
        check(&json!(["=1", "b"]), "'=1 | b");
        check(&json!("a = b"), "a = b");
    }

    #[test]
    fn numbers_stay_numbers() {
        check(&json!(-5), "-5");
        check(&json!(15000.0), "15000");
        assert_eq!(cell(&json!(1.5), CsvDialect::ExcelFr), "1,5");
    }

    #[test]
    fn quotes_and_sources_read_like_a_sentence() {
        check(
            &json!([{"text": "J'ose parler.", "author": "Nina", "age": 20}]),
            "J'ose parler. (Nina, 20 ans)",
        );
        check(
            &json!([{"mention": "m-0", "document": "raw/a.pdf", "position": 4, "ordinal": null, "page": 2}]),
            "raw/a.pdf #4, p. 2",
        );
    }

    #[test]
    fn other_texts_keep_their_labels() {
        check(
            &json!({"Statut": "association", "Effectif": "12"}),
            "Effectif : 12 | Statut : association",
        );
    }
}
