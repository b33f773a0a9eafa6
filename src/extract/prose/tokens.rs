//! A string in; its words, numbers and marks out, and the sentences they make. Places are bytes of the string.

use std::ops::Range;

use super::vocabulary::{Classes, VOCABULARY};
use crate::extract::numbers;
use crate::extract::words::fold_into;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// A word; `l'` and its like are words of their own.
    Word,
    /// A number in digits, with its value.
    Number(f64),
    /// A punctuation mark or sign.
    Mark(char),
    /// A line break that the author made.
    Break,
}

/// A word, number or mark.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// First byte in the string.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// What the folded word is.
    pub(super) classes: Classes,
    folded_start: usize,
    folded_end: usize,
}

/// The tokens of a string.
pub(super) struct Tokens<'s> {
    pub(super) source: &'s str,
    /// Folded tokens, each with a space before and behind.
    pub(super) folded: String,
    pub(super) list: Vec<Token>,
    pub(super) sentences: Vec<Range<usize>>,
}

impl<'s> Tokens<'s> {
    /// Cuts a string into tokens and sentences.
    pub(super) fn new(source: &'s str) -> Self {
        let mut tokens = Self::without_sentences(source, true);
        tokens.sentences = tokens.find_sentences();
        tokens
    }

    /// The folded words of a phrase joined by spaces, as `folded` holds them.
    pub(super) fn folded_words(phrase: &str) -> String {
        Tokens::without_sentences(phrase, false)
            .folded
            .trim()
            .to_owned()
    }

    /// `classified` is false only while the vocabulary itself is being made.
    fn without_sentences(source: &'s str, classified: bool) -> Self {
        let mut tokens = Self {
            source,
            folded: String::with_capacity(source.len() + source.len() / 4),
            list: Vec::with_capacity(source.len() / 5),
            sentences: Vec::new(),
        };
        tokens.folded.push(' ');
        let mut place = 0;
        while let Some(character) = source.get(place..).and_then(|rest| rest.chars().next()) {
            let end = place + character.len_utf8();
            if character == '\n' {
                tokens.push(place..end, Kind::Break, classified);
                place = end;
            } else if character.is_whitespace() {
                place = end;
            } else if character.is_ascii_digit() {
                let number = numbers::at(source, place, false);
                let (end, value) = number.map_or((end, 0.0), |number| (number.end, number.value));
                tokens.push(place..end, Kind::Number(value), classified);
                place = end;
            } else if character.is_alphabetic() {
                let end = word_end(source, place);
                tokens.push(place..end, Kind::Word, classified);
                place = end;
            } else {
                tokens.push(place..end, Kind::Mark(character), classified);
                place = end;
            }
        }
        tokens
    }

    fn push(&mut self, range: Range<usize>, kind: Kind, classified: bool) {
        let folded_start = self.folded.len();
        match kind {
            Kind::Break => self.folded.push('¶'),
            Kind::Mark(mark) => self.folded.push(mark),
            _ => fold_into(
                self.source.get(range.clone()).unwrap_or_default(),
                &mut self.folded,
            ),
        }
        let folded_end = self.folded.len();
        self.folded.push(' ');
        let classes = match kind {
            Kind::Word if classified => self
                .folded
                .get(folded_start..folded_end)
                .map_or_else(Classes::default, |word| VOCABULARY.classes(word)),
            _ => Classes::default(),
        };
        self.list.push(Token {
            start: range.start,
            end: range.end,
            kind,
            classes,
            folded_start,
            folded_end,
        });
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, place: usize) -> Option<&Token> {
        self.list.get(place)
    }

    /// The folded word at a place; empty beyond the end.
    pub(super) fn word(&self, place: usize) -> &str {
        self.get(place)
            .and_then(|token| self.folded.get(token.folded_start..token.folded_end))
            .unwrap_or_default()
    }

    /// The folded word before a place.
    pub(super) fn word_before(&self, place: usize) -> &str {
        place.checked_sub(1).map_or("", |before| self.word(before))
    }

    /// Whether the token at a place has one of the classes.
    pub(super) fn is(&self, place: usize, classes: Classes) -> bool {
        self.get(place)
            .is_some_and(|token| token.classes.any(classes))
    }

    pub(super) fn is_mark(&self, place: usize, mark: char) -> bool {
        matches!(self.get(place), Some(token) if token.kind == Kind::Mark(mark))
    }

    pub(super) fn is_word(&self, place: usize) -> bool {
        matches!(self.get(place), Some(token) if token.kind == Kind::Word)
    }

    /// The value of the number in digits at a place.
    pub(super) fn number(&self, place: usize) -> Option<f64> {
        match self.get(place)?.kind {
            Kind::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The characters as they stand.
    pub(super) fn written(&self, place: usize) -> &'s str {
        self.get(place)
            .and_then(|token| self.source.get(token.start..token.end))
            .unwrap_or_default()
    }

    /// Whether the word starts with a capital.
    pub(super) fn is_capitalised(&self, place: usize) -> bool {
        self.is_word(place) && self.written(place).starts_with(char::is_uppercase)
    }

    /// The bytes of the string that a run of tokens takes.
    pub(super) fn span(&self, places: &Range<usize>) -> Range<usize> {
        let start = self.get(places.start).map_or(0, |token| token.start);
        let end = places
            .end
            .checked_sub(1)
            .and_then(|last| self.get(last))
            .map_or(start, |token| token.end);
        start..end.max(start)
    }

    /// The token that starts at or behind a byte of `folded`.
    pub(super) fn at_folded(&self, byte: usize) -> usize {
        self.list.partition_point(|token| token.folded_start < byte)
    }

    /// Sentences end at a full stop, question or exclamation mark, ellipsis or line break; not at the stop of an abbreviation or initial, nor
    /// before a small letter, nor inside guillemets or brackets that close in the same line. A text that has lost its full stops is cut where it gets too long.
    fn find_sentences(&self) -> Vec<Range<usize>> {
        /// No sentence is longer; what a figure tells of is asked of all its words.
        const LONGEST: usize = 400;
        let mut sentences = Vec::new();
        let mut start = 0;
        let mut depth = 0usize;
        for place in 0..self.len() {
            let Some(token) = self.get(place) else { break };
            let ends = match token.kind {
                Kind::Break => {
                    depth = 0;
                    true
                }
                Kind::Mark('«' | '(' | '“') => {
                    depth += usize::from(self.closes_in_line(place));
                    false
                }
                Kind::Mark('»' | ')' | '”') => {
                    depth = depth.saturating_sub(1);
                    // « … ! » Le reste: the closing mark takes the end of the sentence with it.
                    depth == 0
                        && place > 0
                        && matches!(
                            self.get(place - 1),
                            Some(Token {
                                kind: Kind::Mark('.' | '!' | '?' | '…'),
                                ..
                            })
                        )
                        && self.starts_sentence(place + 1)
                }
                Kind::Mark('.') => depth == 0 && self.is_full_stop(place),
                Kind::Mark('!' | '?' | '…') => depth == 0 && self.starts_sentence(place + 1),
                _ => false,
            } || place + 1 - start >= LONGEST;
            if ends {
                let end = if token.kind == Kind::Break {
                    place
                } else {
                    place + 1
                };
                if end > start {
                    sentences.push(start..end);
                }
                start = place + 1;
            }
        }
        if start < self.len() {
            sentences.push(start..self.len());
        }
        sentences
    }

    fn closes_in_line(&self, open: usize) -> bool {
        /// A bracket or quotation within a sentence is shorter than this.
        const LONGEST: usize = 120;
        let close = match self.get(open).map(|token| token.kind) {
            Some(Kind::Mark('«')) => '»',
            Some(Kind::Mark('(')) => ')',
            _ => '”',
        };
        self.list
            .iter()
            .skip(open + 1)
            .take(LONGEST)
            .take_while(|token| token.kind != Kind::Break)
            .any(|token| token.kind == Kind::Mark(close))
    }

    fn is_full_stop(&self, place: usize) -> bool {
        let before = place.checked_sub(1);
        let is_short = before.is_some_and(|before| {
            let is_initial =
                self.is_capitalised(before) && self.written(before).chars().count() == 1;
            let touches =
                self.get(before).map(|token| token.end) == self.get(place).map(|token| token.start);
            touches && (is_initial || self.is(before, Classes::ABBREVIATIONS))
        });
        !is_short && self.starts_sentence(place + 1)
    }

    /// Whether what follows may open a sentence: a capital, a number, a guillemet, a bullet, or the end.
    fn starts_sentence(&self, place: usize) -> bool {
        match self.get(place).map(|token| token.kind) {
            None | Some(Kind::Break | Kind::Number(_)) => true,
            Some(Kind::Mark(mark)) => matches!(mark, '«' | '“' | '"' | '-' | '–' | '—' | '•' | '('),
            Some(Kind::Word) => self.is_capitalised(place),
        }
    }
}

/// Words whose apostrophe stands for a vowel before the next word.
const ELIDED: [&str; 13] = [
    "l", "d", "j", "m", "n", "s", "c", "t", "qu", "jusqu", "lorsqu", "puisqu", "quelqu",
];

/// Where the word that starts at `start` ends. A hyphen or apostrophe between letters belongs to it (« primo-arrivant », « aujourd'hui »), but an
/// elided article or pronoun is a word of its own, apostrophe included.
fn word_end(source: &str, start: usize) -> usize {
    let mut end = start;
    let mut characters = source
        .get(start..)
        .unwrap_or_default()
        .char_indices()
        .peekable();
    while let Some((place, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let joins = |wanted: fn(char) -> bool| next.is_some_and(wanted);
        match character {
            c if c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}') => {}
            '-' | '‐' | '‑' | '·' if place > 0 && joins(char::is_alphanumeric) => {}
            // « jeunes/familles » is two words, « h/f » one.
            '\'' | '’' if place > 0 => {
                let word = source.get(start..start + place).unwrap_or_default();
                let is_elided = ELIDED
                    .iter()
                    .any(|elided| elided.eq_ignore_ascii_case(word));
                if is_elided {
                    return start + place + character.len_utf8();
                }
                if !joins(char::is_alphabetic) {
                    break;
                }
            }
            _ => break,
        }
        end = start + place + character.len_utf8();
    }
    end.max(start + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tokens = Tokens::new(text);
        let sentences: Vec<&str> = tokens
            .sentences
            .iter()
            .map(|places| {
                text.get(tokens.span(places))
                    .expect("a span is on character boundaries")
            })
            .collect();
        assert_eq!(sentences, expected);
    }

    #[test]
    fn words_and_elisions() {
        let tokens = Tokens::new("L’ADDSEA, d'ici aujourd'hui : 3 000 primo-arrivants (70%)");
        let words: Vec<&str> = (0..tokens.len()).map(|place| tokens.word(place)).collect();
        assert_eq!(
            words,
            [
                "l'",
                "addsea",
                ",",
                "d'",
                "ici",
                "aujourd'hui",
                ":",
                "3 000",
                "primo-arrivants",
                "(",
                "70",
                "%",
                ")"
            ]
        );
    }

    #[test]
    fn a_text_without_full_stops_is_cut() {
        let text = "mot ".repeat(1000);
        let tokens = Tokens::new(&text);
        assert_eq!(tokens.sentences, [0..400, 400..800, 800..1000]);
    }

    #[test]
    fn sentences_end_where_the_author_ends_them() {
        check(
            "Il part. Elle reste ! On verra…",
            &["Il part.", "Elle reste !", "On verra…"],
        );
        check(
            "Titre\nLe projet (cf. p. 3) avance",
            &["Titre", "Le projet (cf. p. 3) avance"],
        );
        check(
            "Le projet R.A.D.A.R. a repris. Fin",
            &["Le projet R.A.D.A.R. a repris.", "Fin"],
        );
        check(
            "M. Petit dit : « Allez. Venez. » puis part.",
            &["M. Petit dit : « Allez. Venez. » puis part."],
        );
        check(
            "La fin.Le début… et la suite.",
            &["La fin.", "Le début… et la suite."],
        );
        check(
            "Jeunes, parents, etc. Tous viennent",
            &["Jeunes, parents, etc.", "Tous viennent"],
        );
    }
}
