//! The texts of a mention in; the official numbers of its organisation that they state out: SIREN, SIRET, RNA, UAI, FINESS. A number whose key is wrong is none.

use std::ops::Range;

use super::{Grounds, note};
use crate::model::mention::{Identifier, Mention};
use crate::profile::fold;
use crate::profile::identifiers::is_valid;

/// What labels call a number, and what it is.
const LABELS: [(&str, &str); 9] = [
    ("siret", "siret"),
    ("siren", "siren"),
    ("rna", "rna"),
    ("waldec", "rna"),
    ("uai", "uai"),
    ("rne", "uai"),
    ("finess", "finess"),
    ("numero d'etablissement", "siret"),
    ("numero d'entreprise", "siren"),
];

/// A label stands so near in front of its number, in bytes.
const NEAR: usize = 32;

/// Gives each mention the numbers that its name, its contacts, or what no field takes state.
pub(super) fn identifiers(mentions: &mut [Mention], grounds: &Grounds<'_>) {
    for (number, mention) in mentions.iter_mut().enumerate() {
        if !mention.identifiers.is_empty() {
            continue;
        }
        let name = mention
            .name
            .iter()
            .map(|name| ("/name".to_owned(), String::new(), name.clone()));
        let contacts = (mention.contacts.iter().enumerate())
            .map(|(at, contact)| (format!("/contacts/{at}"), String::new(), contact.clone()));
        let other = (mention.other.iter()).map(|(label, text)| {
            (
                format!("/other/{}", label.replace('~', "~0").replace('/', "~1")),
                label.clone(),
                text.clone(),
            )
        });
        let texts: Vec<(String, String, String)> = name.chain(contacts).chain(other).collect();
        for (of, label, text) in texts {
            for (identifier, range) in stated(&label, &text) {
                let is_known = |known: &Identifier| {
                    known.scheme == identifier.scheme && known.value == identifier.value
                };
                if mention.identifiers.iter().any(is_known) {
                    continue;
                }
                let pointer = format!("/identifiers/{}", mention.identifiers.len());
                mention.identifiers.push(identifier);
                note(mention, pointer, &of, grounds(number, &of, range));
            }
        }
    }
}

/// The numbers that a text states, with their bytes.
fn stated(label: &str, text: &str) -> Vec<(Identifier, Range<usize>)> {
    let label = scheme(&fold(label));
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text
        .get(at..)
        .and_then(|rest| rest.find(|c: char| c.is_ascii_digit()))
        .map(|offset| at + offset)
    {
        let (range, value) = number(text, start);
        at = range.end.max(start + 1);
        let before = text.get(..range.start).unwrap_or_default();
        let near = before
            .char_indices()
            .rev()
            .map(|(at, _)| at)
            .take_while(|at| at + NEAR >= range.start)
            .last()
            .unwrap_or(range.start);
        let told = before
            .get(near..)
            .map(fold)
            .and_then(|words| scheme(&words))
            .or(label);
        let Some(scheme) = told_by_form(&value)
            .or(told)
            .filter(|scheme| is_valid(scheme, &value))
        else {
            continue;
        };
        let Some(words) = text.get(range.clone()) else {
            continue;
        };
        found.push((
            Identifier {
                scheme: scheme.to_owned(),
                value,
                text: words.to_owned(),
            },
            range,
        ));
    }
    found
}

/// What a folded label says that a number is: the word that stands last.
fn scheme(folded: &str) -> Option<&'static str> {
    let is_word = |at: usize, length: usize| {
        let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        is_end(
            folded
                .get(..at)
                .and_then(|before| before.chars().next_back()),
        ) && is_end(
            folded
                .get(at + length..)
                .and_then(|behind| behind.chars().next()),
        )
    };
    let places = LABELS.iter().filter_map(|(word, scheme)| {
        let at = folded.rfind(word)?;
        is_word(at, word.len()).then_some((at, *scheme))
    });
    places.max_by_key(|(at, _)| *at).map(|(_, scheme)| scheme)
}

/// The digits from a place on, with a letter in front of or behind them, written together.
fn number(text: &str, start: usize) -> (Range<usize>, String) {
    let mut value = String::new();
    let mut end = start;
    let mut gap = 0;
    for (offset, c) in text.get(start..).unwrap_or_default().char_indices() {
        match c {
            _ if c.is_ascii_digit() => {
                value.push(c);
                end = start + offset + 1;
                gap = 0;
            }
            // « 123 456 789 00012 »
            ' ' | '\u{a0}' | '\u{202f}' | '.' if gap == 0 => gap = 1,
            _ => break,
        }
    }
    let before = text
        .get(..start)
        .and_then(|before| before.strip_suffix(['W', 'w']));
    let is_rna =
        before.is_some_and(|before| !before.ends_with(char::is_alphanumeric)) && value.len() == 9;
    let behind = text.get(end..).unwrap_or_default();
    let key = behind.chars().next().filter(char::is_ascii_alphabetic);
    let is_uai = value.len() == 7
        && key.is_some()
        && !behind.chars().nth(1).is_some_and(char::is_alphanumeric);
    match (is_rna, key) {
        (true, _) => (start - 1..end, format!("W{value}")),
        (false, Some(key)) if is_uai => (
            start..end + 1,
            value + &key.to_ascii_uppercase().to_string(),
        ),
        _ => (start..end, value),
    }
}

/// What a number is by its letters.
fn told_by_form(value: &str) -> Option<&'static str> {
    match value.as_bytes() {
        [b'W', ..] => Some("rna"),
        [.., b'A'..=b'Z'] => Some("uai"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, text: &str, expected: &[(&str, &str, &str)]) {
        let found = stated(label, text);
        let found: Vec<(&str, &str, &str)> = (found.iter())
            .map(|(identifier, range)| {
                assert_eq!(text.get(range.clone()), Some(identifier.text.as_str()));
                (
                    identifier.scheme.as_str(),
                    identifier.value.as_str(),
                    identifier.text.as_str(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn labels_say_what_a_number_is() {
        check(
            "SIRET",
            "732 829 320 00074",
            &[("siret", "73282932000074", "732 829 320 00074")],
        );
        check(
            "",
            "Les Amis du fleuve – SIREN : 732829320",
            &[("siren", "732829320", "732829320")],
        );
        check(
            "",
            "SIREN 732 829 320, SIRET 732 829 320 00074",
            &[
                ("siren", "732829320", "732 829 320"),
                ("siret", "73282932000074", "732 829 320 00074"),
            ],
        );
        check("", "732829320", &[]);
        check("Code postal", "59000", &[]);
    }

    #[test]
    fn letters_say_what_a_number_is() {
        check(
            "",
            "association W591234567",
            &[("rna", "W591234567", "W591234567")],
        );
        check("UAI", "0590101P", &[("uai", "0590101P", "0590101P")]);
        check("UAI", "0590101T", &[]);
        check("", "le kW123456789", &[]);
    }

    #[test]
    fn a_wrong_key_is_no_number() {
        check("SIRET", "732 829 320 00075", &[]);
        check("SIREN", "000000000", &[]);
        check(
            "SIRET",
            "356 000 000 00048",
            &[("siret", "35600000000048", "356 000 000 00048")],
        );
    }
}
