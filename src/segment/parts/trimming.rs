//! Parts without what joins them: linking words, marks, quotation marks.

use std::ops::Range;

pub(super) fn split_list(string: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let inside = string.get(range.clone()).unwrap_or_default();
    let mut pieces = Vec::new();
    let mut start = 0;
    for separator in [", ", " – ", " - ", " ; ", "; "] {
        if inside.contains(separator) {
            for piece in inside.split(separator) {
                pieces.push(range.start + start..range.start + start + piece.len());
                start += piece.len() + separator.len();
            }
            return pieces;
        }
    }
    vec![range]
}

/// What follows one of the phrases that a text begins with; the whole text where none does. Elided articles go with the phrase.
pub(super) fn after_link<'s, P: AsRef<str>>(text: &'s str, links: &[P]) -> &'s str {
    let lower = text.to_lowercase().replace('’', "'");
    if lower.len() != text.replace('’', "'").len() {
        return text;
    }
    for link in links {
        let link = link.as_ref();
        if lower.starts_with(link) {
            // The apostrophe is the only sign whose width may differ: as many characters are cut off.
            let characters = link.chars().count();
            return text
                .char_indices()
                .nth(characters)
                .map_or("", |(index, _)| text.get(index..).unwrap_or_default());
        }
    }
    text
}

/// A text without the phrase that it ends with.
pub(super) fn before_link<'s>(text: &'s str, links: &[String]) -> &'s str {
    let trimmed = text.trim_end_matches([' ', ':', '\n']);
    for link in links {
        let link = link.trim();
        let characters = link.chars().count();
        let Some((index, _)) = trimmed.char_indices().rev().nth(characters - 1) else {
            continue;
        };
        let end = trimmed.get(index..).unwrap_or_default();
        let before = trimmed.get(..index).unwrap_or_default();
        let bounded = before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric());
        if bounded && end.to_lowercase().replace('’', "'") == link {
            return before.trim_end_matches([' ', ',', '–', '-', ':']);
        }
    }
    text
}

pub(super) fn trimmed(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let trim = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '–' | '—' | '|' | '(' | ')' | '[' | ']' | '•' | '·' | '*'
            )
    };
    let from = part.len()
        - part
            .trim_start_matches(|c| trim(c) || c == '-' || c == '.')
            .len();
    let to = part.trim_end_matches(|c| trim(c) || c == '-').len();
    // Dots that lead to the next column are of no part.
    let bare = part.get(..to)?.trim_end_matches(['.', '…', '_', ' ']).len();
    let leader = part.get(bare..to)?;
    let to = if leader.matches(['.', '_']).count() > 3 {
        bare
    } else {
        to
    };
    if from >= to {
        return None;
    }
    // A parenthesis that the name opens stays closed.
    let inner = part.get(from..to)?;
    let to = if inner.matches('(').count() > inner.matches(')').count()
        && part.get(to..)?.starts_with(')')
    {
        to + 1
    } else {
        to
    };
    Some(range.start + from..range.start + to)
}

pub(super) fn trimmed_end(string: &str, range: Range<usize>) -> Range<usize> {
    let part = string.get(range.clone()).unwrap_or_default();
    range.start..range.start + part.trim_end_matches([' ', ';', '\n', ',']).len()
}

pub(super) fn trimmed_quotes(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let trim = |c: char| c.is_whitespace() || matches!(c, '«' | '»' | '“' | '”' | '"' | ',');
    let from = part.len() - part.trim_start_matches(trim).len();
    let to = part.trim_end_matches(trim).len();
    (from < to).then(|| range.start + from..range.start + to)
}
