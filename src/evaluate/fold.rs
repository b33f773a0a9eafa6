//! The folding under which two texts are the same: typography, case, white space, surrounding quotation marks and a final full stop aside.

use std::collections::BTreeMap;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Marks at either end that do not make a text another.
const TRIMMED: &[char] = &[' ', '.', ';', ',', '\''];

/// Folds a JSON value's text: the string itself, an object's `text`, `value` or `name`, a number as printed; empty for `null`.
pub fn fold(value: &Value) -> String {
    fold_text(&printed(value))
}

/// A JSON value as text.
pub(super) fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(object) => ["text", "value", "name"]
            .iter()
            .filter_map(|key| object.get(*key))
            .map(printed)
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
    }
}

/// Folds a text.
pub(super) fn fold_text(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in without_superscript_marks(text)
        .nfkc()
        .flat_map(char::to_lowercase)
    {
        match c {
            '’' | '‘' | 'ʼ' | '`' | '´' => folded.push('\''),
            '–' | '—' | '‐' | '‑' | '−' => folded.push('-'),
            '«' | '»' | '“' | '”' | '„' | '"' => folded.push(' '),
            'ß' => folded.push_str("ss"),
            '\u{ad}' => {}
            _ => folded.push(c),
        }
    }
    let words: Vec<&str> = folded.split_whitespace().collect();
    let mut joined = String::with_capacity(folded.len());
    for word in words {
        let closes = word.starts_with([',', '.', ';', ':', '!', '?', ')']);
        if !joined.is_empty() && !closes && !joined.ends_with('(') {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined.trim_matches(TRIMMED).to_owned()
}

/// `1^{er}` as `1er`: conversions write superscripts so.
fn without_superscript_marks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("^{") {
        kept.push_str(before);
        let Some((inner, following)) = after.split_once('}') else {
            kept.push_str("^{");
            rest = after;
            continue;
        };
        kept.push_str(inner);
        rest = following;
    }
    kept.push_str(rest);
    kept
}

/// Words with their counts.
pub(super) type Bag = BTreeMap<String, usize>;

/// The words of some values, folded.
pub(super) fn words<'a>(values: impl IntoIterator<Item = &'a Value>) -> Bag {
    let mut bag = Bag::new();
    for value in values {
        for word in fold(value)
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
        {
            *bag.entry(word.to_owned()).or_default() += 1;
        }
    }
    bag
}

/// Dice's coefficient of two bags of words: 1 for the same words, 0 for none in common or none at all.
pub(super) fn dice(a: &Bag, b: &Bag) -> f64 {
    let total: usize = a.values().sum::<usize>() + b.values().sum::<usize>();
    let shared: usize = a
        .iter()
        .map(|(word, n)| *n.min(b.get(word).unwrap_or(&0)))
        .sum();
    if total == 0 {
        0.0
    } else {
        2.0 * shared as f64 / total as f64
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(&json!(text)), expected);
    }

    #[test]
    fn typography_does_not_count() {
        check("« L’Été ‑ un  projet »", "l'été - un projet");
        check("Le 1^{er} pas", "le 1er pas");
        check("un ( deux ) , trois .", "un (deux), trois");
        check("en at\u{ad}tente…", "en attente");
        check("^{ouvert", "^{ouvert");
    }

    #[test]
    fn numbers_and_objects_have_a_text() {
        assert_eq!(fold(&json!(4)), "4");
        assert_eq!(fold(&json!({"text": "4 000 €", "value": 4000})), "4 000 €");
        assert_eq!(fold(&json!(null)), "");
    }

    #[test]
    fn dice_counts_words_with_their_multiplicity() {
        let bag = |text: &str| words([&json!(text)]);
        assert!((dice(&bag("a b b"), &bag("b c")) - 0.4).abs() < 1e-12);
        assert!(dice(&bag(""), &bag("")).abs() < 1e-12);
    }
}
