//! The words of `data/sheets.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::profile::fold;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    unnamed: Vec<String>,
    months: Vec<String>,
    short_months: Vec<String>,
    truths: [String; 2],
    totals: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/sheets.toml")).expect("data/sheets.toml is valid")
});

/// The months, in full.
pub(super) fn months() -> &'static [String] {
    &WORDS.months
}

/// The months, shortened.
pub(super) fn short_months() -> &'static [String] {
    &WORDS.short_months
}

/// What a cell shows that is true or false.
pub(super) fn truth(value: bool) -> String {
    let [yes, no] = &WORDS.truths;
    if value { yes.clone() } else { no.clone() }
}

/// Whether the name of a sheet is one that a program gave it.
pub(in crate::parse) fn is_unnamed(name: &str) -> bool {
    let folded = fold(name);
    let word =
        folded.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == '_');
    word.is_empty() && folded.len() < 3 || WORDS.unnamed.iter().any(|unnamed| unnamed == word)
}

/// Whether a cell begins with the name of a sum: « Sous-total sport », « TOTAL ».
pub(in crate::parse) fn is_total(text: &str) -> bool {
    let folded = fold(text);
    WORDS.totals.iter().any(|total| {
        folded
            .strip_prefix(total.as_str())
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_names_are_none() {
        for name in ["Feuil1", "Sheet", "Feuille 2", "Sheet_3", "Données", "1"] {
            assert!(is_unnamed(name), "{name}");
        }
        for name in ["2023", "Lauréats", "Lot 2", "Feuille de route"] {
            assert!(!is_unnamed(name), "{name}");
        }
    }
}
