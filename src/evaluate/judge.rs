//! Whether two values of a field are the same: the fields and how each is compared, in four matching modes.

use serde_json::Value;

use super::Record;
use super::fold::{fold, fold_text, printed};
use super::similarity::{levenshtein, ratcliff};

/// How close a text must come to count as right; each mode takes in what the first one takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The same after folding typography, case, white space and a final full stop.
    Strict,
    /// The same letters and digits.
    Soft,
    /// Levenshtein similarity of at least 0.8.
    Levenshtein,
    /// Ratcliff/Obershelp similarity of at least 0.95.
    Ratcliff,
}

impl Mode {
    /// All of them, strictest first.
    pub const ALL: [Self; 4] = [Self::Strict, Self::Soft, Self::Levenshtein, Self::Ratcliff];

    /// As tables head it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Soft => "soft",
            Self::Levenshtein => "Levenshtein ≥ 0.8",
            Self::Ratcliff => "Ratcliff ≥ 0.95",
        }
    }

    /// Whether two folded texts count as the same.
    pub(super) fn same(self, a: &str, b: &str) -> bool {
        if a == b {
            return true;
        }
        if a.is_empty() || b.is_empty() {
            return false;
        }
        match self {
            Self::Strict => false,
            Self::Soft => letters(a).eq(letters(b)),
            Self::Levenshtein => letters(a).eq(letters(b)) || levenshtein(a, b) >= LEVENSHTEIN,
            Self::Ratcliff => letters(a).eq(letters(b)) || ratcliff(a, b) >= RATCLIFF,
        }
    }
}

/// GROBID's thresholds for its fuzzy modes.
const LEVENSHTEIN: f64 = 0.8;
const RATCLIFF: f64 = 0.95;

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric())
}

/// How the values of a field are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As one text.
    Text,
    /// Item by item.
    List,
}

/// The stated fields of the contract, in the order of tables.
pub(super) const FIELDS: [(&str, Kind); 28] = [
    ("name", Kind::Text),
    ("project", Kind::Text),
    ("call", Kind::Text),
    ("region", Kind::Text),
    ("group", Kind::Text),
    ("territory", Kind::Text),
    ("public", Kind::Text),
    ("partners_text", Kind::Text),
    ("results", Kind::Text),
    ("description", Kind::Text),
    ("needs", Kind::Text),
    ("aid_type", Kind::Text),
    ("ordinal", Kind::Text),
    ("partners", Kind::List),
    ("added_value", Kind::List),
    ("links", Kind::List),
    ("contacts", Kind::List),
    ("keywords", Kind::List),
    ("public_types", Kind::List),
    ("funding", Kind::List),
    ("quotes", Kind::List),
    ("edition", Kind::List),
    ("amount", Kind::Text),
    ("duration", Kind::Text),
    ("dates", Kind::Text),
    ("objectives", Kind::Text),
    ("theme", Kind::Text),
    ("award", Kind::Text),
];

/// The items of a list field, as texts; testimonials and editions are spelled out.
pub(super) fn items(record: &Record, field: &str) -> Vec<String> {
    let value = record
        .get(field)
        .filter(|value| !value.is_null())
        .or_else(|| {
            (field == "contacts")
                .then(|| record.get("contact"))
                .flatten()
        });
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) if field == "quotes" => values
            .iter()
            .map(|quote| {
                let part = |key: &str| {
                    quote
                        .get(key)
                        .filter(|part| !part.is_null())
                        .map_or("None".to_owned(), printed)
                };
                format!("{} | {} | {}", part("text"), part("author"), part("age"))
            })
            .map(|text| fold_text(&text))
            .collect(),
        Some(Value::Object(parts)) => parts
            .iter()
            .filter(|(_, part)| !part.is_null())
            .map(|(key, part)| fold_text(&format!("{key} = {}", printed(part))))
            .collect(),
        Some(Value::Array(values)) => values.iter().map(fold).collect(),
        Some(value) => vec![fold(value)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expected: [bool; 4]) {
        assert_eq!(Mode::ALL.map(|mode| mode.same(a, b)), expected);
    }

    #[test]
    fn each_mode_takes_in_what_it_should() {
        check(
            "douaisis et ccco",
            "douaisis et ccco",
            [true, true, true, true],
        );
        check("pas-de-calais", "pas de calais", [false, true, true, true]);
        // Two edits on 11 characters: Levenshtein 9/11 = 0.818; blocks `crepy val` and `o`: Ratcliff 20/22 = 0.909.
        check("crepy valoi", "crepy vallo", [false, false, true, false]);
        // 41 and 40 characters, one inserted: Levenshtein 40/41, Ratcliff 80/81.
        check(
            "mission locale de la haute cornouaille et",
            "mission locale de la haute cornouaile et",
            [false, false, true, true],
        );
        check("lille", "roubaix", [false, false, false, false]);
        check("", "lille", [false, false, false, false]);
    }
}
