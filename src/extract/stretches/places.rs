//! Which words of a text are the name of a known place.

use super::tokens::{Shape, Token};
use crate::profile::{VOCABULARY, fold, gazetteer};

/// Words of a place's name at most: « La Roche sur Yon », « Saint Jean de la Ruelle ».
const LONGEST: usize = 5;
/// « Bus » and « Y » are places, and words.
const SHORTEST: usize = 4;

/// Where places begin among words, each with the word behind its last.
pub(super) struct Places(Vec<(usize, usize)>);

impl Places {
    /// The longest place at each word, none within another.
    pub(super) fn of(text: &str, words: &[Token]) -> Self {
        let mut found = Vec::new();
        let mut start = 0;
        while start < words.len() {
            let end = place_at(text, words, start);
            if let Some(end) = end {
                found.push((start, end));
            }
            start = end.unwrap_or(start + 1);
        }
        Self(found)
    }

    /// Whether a place begins at a word.
    pub(super) fn begins(&self, at: usize) -> bool {
        self.0.iter().any(|(start, _)| *start == at)
    }

    /// The first word of the place that ends before a word.
    pub(super) fn ending(&self, at: usize) -> Option<usize> {
        (self.0.iter()).find_map(|(start, end)| (*end == at).then_some(*start))
    }
}

fn place_at(text: &str, words: &[Token], start: usize) -> Option<usize> {
    let is_proper = |token: &Token| matches!(token.shape, Shape::Capital | Shape::Upper);
    let first = words.get(start).filter(|token| is_proper(token))?;
    let behind = words.get(start..)?;
    let n = behind
        .iter()
        .take(LONGEST)
        .take_while(|token| token.is_word())
        .count();
    (1..=n).rev().find_map(|n| {
        let last = behind.get(n - 1).filter(|token| is_proper(token))?;
        let name = fold(text.get(first.range.start..last.range.end)?);
        let is_place = name.len() >= SHORTEST
            && (gazetteer::is_known(&name.replace('-', " ")) || VOCABULARY.is_folded_region(&name));
        is_place.then_some(start + n)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn places_are_known_by_all_of_their_words() {
        let text = "Fleuret pour tous à Saint-Étienne et La Roche-sur-Yon";
        let words = tokens(text);
        let places = Places::of(text, &words);
        let at = |word: &str| {
            let start = text.find(word).expect("the word is there");
            words.iter().position(|token| token.range.start == start)
        };
        assert!(at("Saint-Étienne").is_some_and(|at| places.begins(at)));
        assert_eq!(places.ending(words.len()), at("La Roche"));
        assert!(!places.begins(0));
    }
}
