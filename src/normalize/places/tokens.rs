//! A text that names places in; its words out, folded, with what stands between them.

use std::ops::Range;

use crate::profile::fold;

/// What stands in front of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing: an elided word ends with its apostrophe.
    None,
    /// A space.
    Space,
    /// A hyphen without spaces.
    Hyphen,
    /// A comma, a slash, a plus sign.
    Comma,
    /// An opening parenthesis, a dash, a colon: what follows is told of what went before.
    Open,
    /// A closing parenthesis.
    Close,
    /// The end of a sentence, of a line, of an item.
    Stop,
}

impl Gap {
    /// Whether a name may go on over it.
    pub(super) fn joins(self) -> bool {
        self <= Self::Hyphen
    }
}

/// A word, with its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// Folded; `st` and `ste` written out.
    pub(super) folded: String,
    /// What stands in front of it.
    pub(super) gap: Gap,
    /// Whether it begins with a capital.
    pub(super) is_capital: bool,
    /// Whether all of it are capitals, two at least.
    pub(super) is_capitals: bool,
    /// Whether it begins with a digit.
    pub(super) is_number: bool,
}

/// Words in front of nouns, and between parts of a name.
const SMALL: &[&str] = &[
    "le", "la", "les", "l'", "de", "du", "des", "d'", "et", "en", "sur", "sous", "aux", "au", "a",
    "lez", "lès", "les", "dans", "pour", "par", "avec", "dont", "ou", "ainsi", "que", "qui",
];

impl Token {
    /// Whether it is an article, or « de ».
    pub(super) fn is_article(&self) -> bool {
        matches!(
            self.folded.as_str(),
            "le" | "la" | "les" | "l'" | "de" | "du" | "des" | "d'"
        )
    }

    /// Whether it is an article, a preposition or a conjunction.
    pub(super) fn is_small(&self) -> bool {
        SMALL.contains(&self.folded.as_str())
    }
}

/// The words of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut between = 0..0;
    let mut characters = text.char_indices().peekable();
    while let Some((start, first)) = characters.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = characters.peek().copied() {
            let is_mark = matches!(c, '\'' | '’' | '‘' | 'ʼ');
            let is_word = c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}');
            if !is_word && !is_mark {
                break;
            }
            end = at + c.len_utf8();
            characters.next();
            if is_mark {
                break;
            }
        }
        between.end = start;
        let stands = text.get(between.clone()).unwrap_or(" ");
        let mut gap = gap(stands, tokens.is_empty());
        between.start = end;
        let Some(word) = text.get(start..end) else {
            continue;
        };
        let mut folded = fold(word);
        // « Céaux -d'Allègre »: a space slipped in beside a hyphen, where a small word goes on with the name.
        if matches!(stands, "- " | " -") && SMALL.contains(&folded.as_str()) {
            gap = Gap::Hyphen;
        }
        let is_capital = first.is_uppercase();
        if is_capital && matches!(folded.as_str(), "st" | "ste") {
            folded = if folded == "st" { "saint" } else { "sainte" }.into();
        }
        // « Chalon s/ Saône »
        let is_over = folded == "s" && text.get(end..).is_some_and(|rest| rest.starts_with('/'));
        if is_over {
            "sur".clone_into(&mut folded);
            between.start = end + 1;
        }
        tokens.push(Token {
            range: start..end,
            gap,
            is_capital,
            is_capitals: is_capital
                && word.chars().count() > 1
                && !word.chars().any(char::is_lowercase),
            is_number: first.is_ascii_digit(),
            folded,
        });
    }
    tokens
}

/// What stands between two words.
fn gap(between: &str, is_first: bool) -> Gap {
    if is_first {
        return Gap::Stop;
    }
    let marks: &str = between.trim();
    match marks {
        "" if between.contains('\n') => Gap::Stop,
        "" if between.is_empty() => Gap::None,
        "" => Gap::Space,
        "-" | "‐" | "‑" if between == marks => Gap::Hyphen,
        // « St. Omer »
        "." if between.len() > 1 && between.ends_with(' ') => Gap::Stop,
        _ if marks.contains(['\n', ';', '.', '!', '?', '•', '|']) => Gap::Stop,
        _ if marks.contains(['(', '[', ':', '-', '–', '—']) => Gap::Open,
        _ if marks.contains([')', ']']) => Gap::Close,
        _ => Gap::Comma,
    }
}

/// The words as the names of places are looked up: `val d'oise`.
pub(super) fn key(tokens: &[Token]) -> String {
    let mut key = String::new();
    for token in tokens {
        if !key.is_empty() && !key.ends_with('\'') {
            key.push(' ');
        }
        key.push_str(&token.folded);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_what_stands_between_them() {
        let tokens = tokens("St-Omer et l’Oise (Méru, Val-d'Oise) – 59");
        let words: Vec<(&str, Gap)> = tokens
            .iter()
            .map(|token| (token.folded.as_str(), token.gap))
            .collect();
        assert_eq!(
            words,
            [
                ("saint", Gap::Stop),
                ("omer", Gap::Hyphen),
                ("et", Gap::Space),
                ("l'", Gap::Space),
                ("oise", Gap::None),
                ("meru", Gap::Open),
                ("val", Gap::Comma),
                ("d'", Gap::Hyphen),
                ("oise", Gap::None),
                ("59", Gap::Open)
            ]
        );
        assert_eq!(key(&tokens[6..9]), "val d'oise");
    }
}
