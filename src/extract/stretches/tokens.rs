//! Words and marks of a text, as stretches see them.

use std::ops::Range;

use super::weights::WEIGHTS;
use crate::profile::verbs::is_verb;
use crate::profile::{VOCABULARY, fold};
use crate::segment::told::{is_joiner, leads};

/// Beginnings that the vocabulary knows have a few words: « communauté de communes ».
const LONGEST_BEGINNING: usize = 40;

/// What the vocabulary knows the first words of: names of organisations, titles of projects, names of calls and prizes.
const BEGINNINGS: [&str; 3] = ["body", "project", "call"];

/// Letters of a short word, at most; and of one whose ending shows what it is, at least.
const LONGEST_SHORT: usize = 4;
const SHORTEST_WITH_ENDING: usize = 5;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Lower,
    Capital,
    Upper,
    Digit,
    Mark,
}

/// A word, a number or a mark.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own"
)]
pub(super) struct Token {
    pub(super) range: Range<usize>,
    /// Without case and accents; digits are `#`.
    pub(super) word: String,
    pub(super) shape: Shape,
    /// Which of [`BEGINNINGS`] it begins as.
    begins: [bool; BEGINNINGS.len()],
    /// A word of few letters: most of them bind others.
    short: bool,
    /// A verb of the third person.
    verb: bool,
    /// A word by which sentences begin, and no names.
    leads: bool,
    /// Where its last two letters begin, where verbs and adjectives show by them.
    ending: Option<usize>,
    /// Some trait that was learnt has it.
    pub(super) weighed: bool,
    /// The full stop behind it ends a sentence.
    pub(super) ends_sentence: bool,
}

impl Token {
    /// What begins with such words.
    pub(super) fn begins(&self) -> impl Iterator<Item = &'static str> {
        (BEGINNINGS.into_iter().zip(self.begins)).filter_map(|(what, is)| is.then_some(what))
    }

    /// Whether names of organisations begin so.
    pub(super) fn is_body(&self) -> bool {
        self.begins[0]
    }

    pub(super) fn is_word(&self) -> bool {
        self.shape != Shape::Mark
    }

    pub(super) fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Digit)
    }

    /// A mark or word between things of one kind.
    pub(super) fn joins(&self) -> bool {
        matches!(self.word.as_str(), "," | ";" | "&") || is_joiner(&self.word)
    }

    /// A capital, or the full stop of an initial, as in the name of a person.
    pub(super) fn names_person(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper) || self.word == "."
    }

    /// A word of few letters: most of them bind others.
    pub(super) fn is_short(&self) -> bool {
        self.short
    }

    /// A word by which sentences begin, and no names: « Pour », « Parmi ».
    pub(super) fn leads(&self) -> bool {
        self.leads
    }

    /// A verb of the third person, in front of which a name in a sentence ends.
    pub(super) fn is_verb(&self) -> bool {
        self.verb
    }

    /// What a longer word in small letters ends in: verbs and adjectives show by it.
    pub(super) fn ending(&self) -> Option<&str> {
        self.word.get(self.ending?..)
    }

    /// A mark that closes what is part of a name: « Tous (et toutes) ».
    pub(super) fn closes(&self) -> bool {
        matches!(self.word.as_str(), ")" | "»" | "?" | "!" | "\"")
    }
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if let Some(length) = address(text.get(start..).unwrap_or_default()) {
            while chars.next_if(|(at, _)| *at < start + length).is_some() {}
            all.push(mark(start..start + length, "://"));
        } else if c.is_alphanumeric() {
            let mut end = start + c.len_utf8();
            while let Some((at, next)) = chars.peek().copied() {
                let after = text
                    .get(at + next.len_utf8()..)
                    .and_then(|rest| rest.chars().next());
                let joins = matches!(next, '-' | '\u{2011}' | '\u{ad}')
                    && after.is_some_and(char::is_alphanumeric);
                let apostrophe = matches!(next, '\'' | '’');
                if !(next.is_alphanumeric() || joins || apostrophe) {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
                if apostrophe {
                    break;
                }
            }
            all.push(word(text, start..end));
        } else if c == '\n' || !c.is_whitespace() {
            let end = start + c.len_utf8();
            let sign = match c {
                '–' | '—' | '-' | '‐' | '‑' | '−' => "-",
                '“' | '”' | '"' | '„' => "\"",
                '•' | '·' | '●' | '▪' | '◦' => "•",
                _ => text.get(start..end).unwrap_or_default(),
            };
            if matches!(c, '.' | '!' | '?')
                && sentence_begins(text.get(end..).unwrap_or_default())
                && let Some(last) = all.last_mut()
            {
                // An initial or an abbreviation is no end.
                last.ends_sentence = last.word.chars().count() > 3;
            }
            all.push(mark(start..end, sign));
        }
    }
    all
}

fn mark(range: Range<usize>, sign: &str) -> Token {
    Token {
        range,
        word: sign.to_owned(),
        shape: Shape::Mark,
        begins: Default::default(),
        short: false,
        verb: false,
        leads: false,
        ending: None,
        weighed: WEIGHTS.knows(sign),
        ends_sentence: false,
    }
}

/// How long the address of a page is that a text begins with.
fn address(text: &str) -> Option<usize> {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    let end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')');
    is_address.then(|| text.find(end).unwrap_or(text.len()))
}

/// Whether a sentence begins behind a mark.
fn sentence_begins(rest: &str) -> bool {
    let opens = |c: char| c.is_uppercase() || matches!(c, '«' | '“' | '"');
    rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(opens)
}

fn word(text: &str, range: Range<usize>) -> Token {
    let string = text.get(range.clone()).unwrap_or_default();
    let mut letters = string.chars().filter(|c| c.is_alphabetic());
    let shape = match letters.next() {
        None => Shape::Digit,
        Some(first) if first.is_uppercase() => {
            let mut rest = letters.peekable();
            if rest.peek().is_some() && rest.all(char::is_uppercase) {
                Shape::Upper
            } else {
                Shape::Capital
            }
        }
        Some(_) if letters.any(char::is_uppercase) => Shape::Capital,
        Some(_) => Shape::Lower,
    };
    let word = if shape == Shape::Digit {
        "#".to_owned()
    } else {
        fold(string)
    };
    let here = text.get(range.start..).unwrap_or_default();
    let longest = here.char_indices().nth(LONGEST_BEGINNING);
    let here = longest.map_or(here, |(end, _)| here.get(..end).unwrap_or_default());
    let begins = VOCABULARY.beginnings(here);
    let begins = begins.map(|is| is && shape != Shape::Digit);
    let length = word.chars().count();
    let lower = shape == Shape::Lower;
    let ending = word.char_indices().rev().nth(1).map(|(start, _)| start);
    Token {
        range,
        weighed: WEIGHTS.knows(&word),
        word,
        shape,
        begins,
        short: lower && length <= LONGEST_SHORT,
        verb: lower && is_verb(string),
        leads: leads(here),
        ending: ending.filter(|_| lower && length >= SHORTEST_WITH_ENDING),
        ends_sentence: false,
    }
}
