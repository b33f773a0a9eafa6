//! A label is known by its field, not by its words: with every label of a document replaced by another variant of the lexicon, the values stay.

mod common;
mod reading;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use palmares::profile::{Field, LEXICON};
use reading::records;
use regex::{Captures, Regex};

/// Something that looks like a label in front of its value: at the start of a line or an element, up to a colon.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)(?<before>^[\s*•-]*|<(?:strong|th|td|p|b)>)(?<label>\p{L}[\p{L}’' -]{2,40}?)(?<after>\s*(?:&nbsp;)?\s*:)").expect("the pattern is right")
});

/// A label that stands in a document fewer times than this may be a sentence that happens to begin so.
const RECURRING: usize = 3;

/// How many other variants each label is tried with.
const TRIALS: usize = 3;

#[test]
fn other_variants_of_labels_give_the_same_values() {
    let Some(shared) = common::shared("other_variants_of_labels_give_the_same_values") else {
        return;
    };
    for path in [
        "text/000.txt",
        "text/001.txt",
        "text/002.txt",
        "text/003.txt",
        "text/004.txt",
        "raw/000.html",
        "raw/002.html",
        "raw/003.html",
    ] {
        let source =
            fs::read_to_string(shared.join("corpus").join(path)).expect("the corpus is UTF-8");
        for trial in 0..TRIALS {
            check(path, &source, trial);
        }
    }
}

#[track_caller]
fn check(path: &str, source: &str, trial: usize) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for found in LABEL.captures_iter(source) {
        *counts
            .entry(found.name("label").map_or("", |label| label.as_str()))
            .or_default() += 1;
    }
    let mut replaced = BTreeMap::new();
    let copy = LABEL.replace_all(source, |found: &Captures| {
        let label = &found["label"];
        let other = LEXICON
            .field(label)
            .filter(|_| counts.get(label).is_some_and(|count| *count >= RECURRING))
            .and_then(|field| variant(field, label, trial));
        if let Some(other) = &other {
            replaced.insert(label.to_owned(), other.clone());
        }
        format!(
            "{}{}{}",
            &found["before"],
            other.as_deref().unwrap_or(label),
            &found["after"]
        )
    });
    assert!(!replaced.is_empty(), "{path}: no label was replaced");
    let name = Path::new(path);
    let (before, after) = (records(name, source), records(name, &copy));
    assert_eq!(
        before.len(),
        after.len(),
        "{path}: other entries with {replaced:?}"
    );
    for (number, (before, after)) in before.iter().zip(&after).enumerate() {
        assert_eq!(
            before,
            after,
            "{path}, entry {}, with {replaced:?}",
            number + 1
        );
    }
}

/// Another variant that feeds the same field, written as the label is: with a capital, or all in capitals.
fn variant(field: Field, label: &str, trial: usize) -> Option<String> {
    let others: Vec<&str> = LEXICON
        .variants()
        .iter()
        .filter(|(variant, other)| {
            *other == field && !variant.eq_ignore_ascii_case(label) && !variant.is_ascii()
        })
        .chain(
            LEXICON
                .variants()
                .iter()
                .filter(|(variant, other)| *other == field && variant.contains(' ')),
        )
        .map(|(variant, _)| variant.as_str())
        .collect();
    // Steps that share no divisor with most lengths reach different parts of the list.
    let other = others.get((trial * 7 + label.len()) % others.len().max(1))?;
    let mut letters = other.chars();
    let first = letters.next()?;
    Some(if label.chars().all(|c| !c.is_lowercase()) {
        other.to_uppercase()
    } else {
        first.to_uppercase().chain(letters).collect()
    })
}
