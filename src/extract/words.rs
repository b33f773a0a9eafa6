//! The word lists of data/, folded once and looked up by the longest match: no rule about words, only which words are of which kind.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::profile::fold::plain;

/// Lower case without accents, ligatures opened, typographic apostrophes and hyphens plain: the form in which words are compared. Unlike
/// `profile::fold` it neither drops nor joins anything that separates words, so that places in prose stay comparable.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded form of `text`.
pub(super) fn fold_into(text: &str, folded: &mut String) {
    for character in text.chars() {
        match character {
            '’' | '‘' | 'ʼ' | '´' => folded.push('\''),
            '‐' | '‑' | '–' | '−' => folded.push('-'),
            '\u{a0}' | '\u{202f}' | '\u{2009}' => folded.push(' '),
            '\u{ad}' => {}
            other => plain(other, |c| folded.push(c)),
        }
    }
}

/// How many bytes of `text` fold to the first `length` bytes of its folded form: a typographic apostrophe has three and folds to one.
pub(super) fn unfolded(text: &str, length: usize) -> usize {
    let mut folded = String::with_capacity(length);
    let mut bytes = [0; 4];
    for (index, character) in text.char_indices() {
        if folded.len() >= length {
            return index;
        }
        fold_into(character.encode_utf8(&mut bytes), &mut folded);
    }
    text.len()
}

/// A set of folded words and phrases.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    set: FxHashSet<String>,
    /// Words of the longest phrase.
    longest: usize,
}

impl Phrases {
    /// A set of the given phrases, folded, and their plurals: -s on every word but the small ones, or on the first alone.
    pub(super) fn with_plurals<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Self {
        let mut made = Self::default();
        for phrase in phrases {
            let phrase = fold(phrase);
            made.insert(plural(&phrase, usize::MAX));
            made.insert(plural(&phrase, 1));
            made.insert(phrase);
        }
        made
    }

    fn insert(&mut self, phrase: String) {
        self.longest = self.longest.max(phrase.split(' ').count());
        self.set.insert(phrase);
    }

    /// How many bytes of the folded text the longest phrase takes that it opens with, ending where a word ends; 0 for none.
    pub(super) fn opening(&self, folded: &str) -> usize {
        let mut ends = [0usize; 8];
        let mut count = 0;
        let limit = self.longest.min(ends.len());
        for (place, character) in folded.char_indices() {
            if count == limit {
                break;
            }
            if !(character.is_alphanumeric() || character == '-' || character == '\'')
                && let Some(end) = ends.get_mut(count)
            {
                *end = place;
                count += 1;
                if character != ' ' {
                    break;
                }
            }
            if place + character.len_utf8() == folded.len()
                && (character.is_alphanumeric())
                && count < limit
                && let Some(end) = ends.get_mut(count)
            {
                *end = folded.len();
                count += 1;
            }
        }
        ends.iter()
            .take(count)
            .rev()
            .copied()
            .find(|&end| {
                folded
                    .get(..end)
                    .is_some_and(|opening| self.set.contains(opening))
            })
            .unwrap_or(0)
    }
}

/// The plural in -s of the first `words` words of a phrase, those of one or two letters and elided ones left alone.
fn plural(phrase: &str, words: usize) -> String {
    let mut made = String::with_capacity(phrase.len() + 4);
    for (number, word) in phrase.split(' ').enumerate() {
        if number > 0 {
            made.push(' ');
        }
        made.push_str(word);
        let small = matches!(
            word,
            "de" | "d" | "a" | "la" | "le" | "les" | "des" | "du" | "et" | "par" | "pour" | "en"
        );
        if number < words && !small && !word.contains('\'') && !word.ends_with(['s', 'x', 'z']) {
            made.push('s');
        }
    }
    made
}

#[derive(Deserialize)]
struct PartnersFile {
    heads: Vec<String>,
}

/// Kinds of partner: the words that a partner's designation opens with (data/partners.toml).
pub(super) fn partner_kinds() -> &'static Phrases {
    static KINDS: LazyLock<Phrases> = LazyLock::new(|| {
        let file: PartnersFile = toml::from_str(include_str!("../../data/partners.toml"))
            .expect("data/partners.toml is part of the build, and a test reads it");
        Phrases::with_plurals(file.heads.iter().map(String::as_str))
    });
    &KINDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_what_spelling_varies_in() {
        assert_eq!(fold("L’Œuvre – ÉLÈVE"), "l'oeuvre - eleve");
        assert_eq!(fold("E\u{301}cole"), "ecole");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let folded = fold(text);
        let end = partner_kinds().opening(&folded);
        assert_eq!(folded.get(..end), Some(expected));
    }

    #[test]
    fn the_longest_kind_is_found() {
        check("Centre social des Tilleuls", "centre social");
        check("Missions locales", "missions locales");
        check("Organismes de formation (CFA)", "organismes de formation");
        check("Association, Ville", "association");
        check("Associatif", "");
    }
}
