//! The words of `data/sheets.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::profile::fold;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    unnamed: Vec<String>,
    months: [String; 12],
    short_months: [String; 12],
    days: [String; 7],
    short_days: [String; 7],
    truths: [String; 2],
    totals: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/sheets.toml")).expect("data/sheets.toml is valid")
});

/// The months, in full and shortened.
pub(super) fn months() -> ([&'static str; 12], [&'static str; 12]) {
    let all = |names: &'static [String; 12]| names.each_ref().map(String::as_str);
    (all(&WORDS.months), all(&WORDS.short_months))
}

/// The days of the week from Sunday on, in full and shortened.
pub(super) fn days() -> ([&'static str; 7], [&'static str; 7]) {
    let all = |names: &'static [String; 7]| names.each_ref().map(String::as_str);
    (all(&WORDS.days), all(&WORDS.short_days))
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
