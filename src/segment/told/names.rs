//! How a name begins in a sentence, where it ends, and the place behind it.

use std::ops::Range;

use super::words::{WORDS, begins, found, lower};
use crate::profile::verbs::find_verb;
use crate::profile::{VOCABULARY, places};
use crate::segment::look::find_amount;
use crate::segment::parts;

/// What follows an article, and whether there is one.
pub(in crate::segment) fn without_article(text: &str) -> (&str, bool) {
    WORDS
        .articles
        .iter()
        .find_map(|article| text.strip_prefix(article.as_str()))
        .map_or((text, false), |rest| (rest, true))
}

/// A name without the article that is not of it: « La Clé des chants » keeps its own.
pub(in crate::segment) fn bare_name(text: &str) -> &str {
    let (rest, article) = without_article(text);
    let own = text.starts_with(char::is_uppercase)
        && rest.starts_with(char::is_uppercase)
        && !VOCABULARY.begins_organisation(rest);
    if article && own { text } else { rest }
}

/// How surely a text begins with somebody's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::segment) enum Start {
    /// Nobody is named.
    None,
    /// An article and a common noun.
    Common,
    /// A capital without an article.
    Capital,
    /// An article, and a capital, a quotation or a kind of body.
    Named,
    /// « celle de X »: what stands before says of what kind.
    Pronoun,
}

/// How a text begins, behind the words by which a list goes on.
pub(in crate::segment) fn start(text: &str) -> Start {
    let text = text.trim_start();
    let text = WORDS
        .conjunctions
        .iter()
        .find_map(|word| text.strip_prefix(word.as_str()))
        .unwrap_or(text);
    let text = VOCABULARY
        .opener(text)
        .and_then(|opener| text.get(opener..))
        .unwrap_or(text)
        .trim_start();
    if begins(&WORDS.intros, text) && !begins_with_english_article(text) {
        return Start::None;
    }
    let (rest, article) = without_article(text);
    let opens = rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '“' | '"'));
    match (article, opens) {
        (true, true) if text.starts_with("cel") => Start::Pronoun,
        (true, true) => Start::Named,
        (false, true) => Start::Capital,
        (true, false) if VOCABULARY.begins_organisation(rest) => Start::Named,
        (true, false) if rest.starts_with(char::is_lowercase) => Start::Common,
        _ => Start::None,
    }
}

/// « A Sister's Hope », and not « A Rennes »: French capitals lose their accents.
fn begins_with_english_article(text: &str) -> bool {
    let name = text.strip_prefix("A ").unwrap_or_default();
    let end = name.find([',', ' ']).unwrap_or(name.len());
    name.starts_with(char::is_uppercase)
        && places::likeness(name.get(..end).unwrap_or_default()) < places::SURE
}

/// Who is named, where, and where the words end that do so.
#[derive(Clone, Debug)]
pub(in crate::segment) struct Named {
    pub name: Range<usize>,
    pub place: Option<Range<usize>>,
    pub end: usize,
}

impl Named {
    /// A name with the place right behind it.
    fn placed(string: &str, name: Range<usize>, to: usize) -> Self {
        let place = place_behind(string, name.end, to);
        let end = place.as_ref().map_or(name.end, |place| place.end);
        Self { name, place, end }
    }
}

/// A clause from where its name begins: behind the words by which a list goes on, those that say what of somebody's is rewarded, and the article.
fn bare_clause(clause: &str) -> &str {
    let bare = clause.trim_start();
    let bare = (WORDS.conjunctions.iter())
        .find_map(|word| bare.strip_prefix(word.as_str()))
        .unwrap_or(bare)
        .trim_start();
    let bare = VOCABULARY
        .opener(bare)
        .and_then(|opener| bare.get(opener..))
        .unwrap_or(bare)
        .trim_start();
    // « récompense l'initiative de X »
    let bare = (WORDS.efforts.iter())
        .find_map(|words| bare.strip_prefix(words.as_str()))
        .unwrap_or(bare);
    bare_name(bare)
}

/// The name that begins at a byte of a text. `runs` are stretches set apart by their look.
pub(in crate::segment) fn name_at(
    string: &str,
    from: usize,
    to: usize,
    runs: &[Range<usize>],
) -> Option<Named> {
    // Longer ones are sentences.
    const LONGEST: usize = 160;
    let bare = bare_clause(string.get(from..to)?);
    let begin = to - bare.len();
    let of_run = |at: usize| runs.iter().find(|run| run.end <= to && run.contains(&at));
    if let Some(run) = of_run(begin) {
        let name = trim(string, begin.max(run.start)..run.end)?;
        return Some(Named::placed(string, name, to));
    }
    let mut length = before_clause(bare);
    let mut at = 0;
    while let Some(c) = bare.get(at..length).and_then(|rest| rest.chars().next()) {
        let after = bare.get(at + c.len_utf8()..).unwrap_or_default();
        let spaced = bare.get(..at).is_some_and(|before| before.ends_with(' '));
        // « l'association **Nos mères, nos mémoires** »
        if spaced
            && bare.starts_with(char::is_lowercase)
            && let Some(run) = runs
                .iter()
                .find(|run| run.start == begin + at && run.end <= to)
        {
            let name = trim(string, run.clone())?;
            let place = place_behind(string, run.end, to);
            return Some(Named {
                end: place.as_ref().map_or(run.end, |place| place.end),
                name,
                place,
            });
        }
        let stops = match c {
            ',' | ':' => !after.starts_with(|c: char| c.is_alphanumeric()),
            ';' | '\n' | '|' => true,
            '–' | '—' | '-' => spaced && !after.trim_start().starts_with(char::is_uppercase),
            '.' | '!' | '?' => {
                parts::is_end(bare.get(..at).unwrap_or_default(), after) || after.trim().is_empty()
            }
            '(' => {
                let inside = after.split(')').next().unwrap_or_default();
                let acronym = !inside.contains(' ')
                    && inside.chars().filter(|c| c.is_uppercase()).count() * 2
                        > inside.chars().count()
                    && places::likeness(inside) < places::SURE;
                if acronym {
                    at += inside.len();
                }
                !acronym
            }
            '«' | '“' | '"' => {
                let close = after.find(['»', '”', '"']);
                if let Some(close) = close {
                    let start = begin + at + c.len_utf8();
                    let name = trim(string, start..start + close)?;
                    let end = string
                        .get(start + close..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(to, |c| start + close + c.len_utf8());
                    let place = place_behind(string, end, to);
                    return Some(Named {
                        end: place.as_ref().map_or(end, |place| place.end),
                        name,
                        place,
                    });
                }
                true
            }
            // « à Dole », « au Togo »
            ' ' => {
                let rest = bare.get(at + 1..length).unwrap_or_default();
                let named = bare
                    .get(..at)
                    .is_some_and(|before| before.contains(char::is_uppercase));
                at > 0 && (preposition_and_place(rest).is_some() || named && ends_in_town(rest))
            }
            _ => false,
        };
        if stops {
            length = at;
            break;
        }
        at += c.len_utf8();
    }
    let name = trim(string, begin..begin + length)?;
    let words = string.get(name.clone())?;
    if name.len() > LONGEST || !words.contains(char::is_alphabetic) {
        return None;
    }
    let place = place_behind(string, name.end, to);
    let end = place.as_ref().map_or(begin + length, |place| place.end);
    Some(Named { name, place, end })
}

/// Where the clause begins that goes on behind a name: `qui …`, `pour …`, a verb; the length of the text without one.
fn before_clause(bare: &str) -> usize {
    let small = lower(bare);
    let mut ends = found(&WORDS.ends, &small).filter(|hit| {
        // « Riding for All » goes on.
        let after = bare.get(hit.end..).unwrap_or_default().trim_start();
        let english = matches!(small.get(hit.clone()), Some("for" | "with" | "by"));
        hit.start > 0
            && bare
                .get(..hit.start)
                .is_some_and(|before| before.ends_with(char::is_whitespace))
            && !(english && after.starts_with(char::is_uppercase))
            && bare
                .get(hit.clone())
                .is_some_and(|words| words.starts_with(char::is_lowercase))
    });
    let receiving = found(&WORDS.receiving, &small).map(|hit| hit.start).next();
    let verb = (receiving.into_iter()).chain(find_verb(bare)).min();
    ends.next()
        .map_or(bare.len(), |hit| hit.start)
        .min(verb.filter(|verb| *verb > 0).unwrap_or(bare.len()))
}

/// Whether a text is « à X », « en X », « au X » and nothing more of a name: what stands there behind a name is where it is.
pub(in crate::segment) fn ends_in_town(text: &str) -> bool {
    let Some(rest) = ["à ", "en ", "au "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
    else {
        return false;
    };
    let end = rest.find([',', '(', ';', ':']).unwrap_or(rest.len());
    let town = rest.get(..end).unwrap_or_default().trim();
    town.starts_with(char::is_uppercase) && !town.contains(' ')
}

/// The bytes of a known place that a text begins with, behind a preposition.
pub(in crate::segment) fn preposition_and_place(text: &str) -> Option<Range<usize>> {
    // A place has few words.
    const MOST_WORDS: usize = 6;
    let rest = WORDS
        .places
        .iter()
        .find_map(|word| text.strip_prefix(word.as_str()))?;
    let end = rest
        .find([',', ';', '.', ':', '(', '\n', ')'])
        .unwrap_or(rest.len());
    let words = rest.get(..end)?;
    // The longest beginning that is a place.
    let mut stop = words.len();
    for _ in 0..MOST_WORDS {
        let candidate = words.get(..stop)?.trim_end();
        if candidate.starts_with(char::is_uppercase) && places::likeness(candidate) >= places::SURE
        {
            let from = text.len() - rest.len();
            return Some(from..from + candidate.len());
        }
        stop = candidate.rfind(' ')?;
    }
    None
}

/// The place right behind a name: in parentheses, or with a preposition.
pub(in crate::segment) fn place_behind(
    string: &str,
    from: usize,
    to: usize,
) -> Option<Range<usize>> {
    let rest = string.get(from..to)?;
    let bare = rest.trim_start_matches([' ', ',', '\u{a0}', '\n', '»', '”', '"']);
    let at = to - bare.len();
    if let Some(inside) = bare.strip_prefix('(') {
        let inside = inside.split(')').next()?;
        return (places::likeness(inside) > 0.0 && find_amount(inside).is_none())
            .then(|| at + 1..at + 1 + inside.len());
    }
    let bare = VOCABULARY.located(bare);
    let at = to - bare.len();
    let place = preposition_and_place(bare).or_else(|| {
        let end = bare.find([',', '(', ';', ':', '.']).unwrap_or(bare.len());
        let word = bare
            .find(' ')
            .filter(|_| ends_in_town(bare.get(..end).unwrap_or_default()))?;
        Some(word + 1..bare.get(..end)?.trim_end().len())
    })?;
    Some(at + place.start..at + place.end)
}

/// A range without what sets it apart from its neighbours.
pub(in crate::segment) fn trim(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let mark = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '–' | '—' | '«' | '»' | '“' | '”' | '"' | '*'
            )
    };
    let from = part.len() - part.trim_start_matches(|c| mark(c) || c == '-').len();
    let to = part
        .trim_end_matches(|c| mark(c) || c == '-' || c == '.')
        .len();
    // « Inc. » keeps its stop.
    let stopped = part.get(to..).is_some_and(|rest| rest.starts_with('.'))
        && part
            .get(from..to)?
            .rsplit([' ', ','])
            .next()
            .is_some_and(|word| word.len() <= 3 && word.starts_with(char::is_uppercase));
    // « Trophée « espoir » » keeps the mark that closes its own.
    let inside = part.get(from..to).unwrap_or_default();
    let behind = part.get(to..).unwrap_or_default();
    let closing = [('«', '»'), ('“', '”')]
        .into_iter()
        .find_map(|(opens, closes)| {
            let spaces = behind.len() - behind.trim_start().len();
            (inside.matches(opens).count() > inside.matches(closes).count()
                && behind.trim_start().starts_with(closes))
            .then(|| spaces + closes.len_utf8())
        });
    let kept = closing.unwrap_or(usize::from(stopped));
    (from < to).then(|| range.start + from..range.start + to + kept)
}

/// Where the words begin behind « à la », « au », « to ».
pub(in crate::segment) fn after_preposition(string: &str, from: usize, to: usize) -> Option<usize> {
    let rest = string.get(from..to)?;
    let bare = rest.trim_start();
    let given = WORDS.given.iter().flat_map(|(_, to)| to);
    let longest = given
        .filter(|word| lower(bare).starts_with(word.as_str()))
        .map(String::len)
        .max()?;
    let open = bare.get(..longest)?.ends_with(['\'', '’']);
    let behind = bare.get(longest..)?;
    (open || behind.starts_with(char::is_whitespace)).then(|| to - behind.trim_start().len())
}

/// Whether a name is one: it has a capital that is not only that of the sentence.
pub(in crate::segment) fn is_proper(
    string: &str,
    name: &Range<usize>,
    sentence: usize,
    runs: &[Range<usize>],
) -> bool {
    let words = string.get(name.clone()).unwrap_or_default();
    let quoted = string
        .get(..name.start)
        .is_some_and(|before| before.trim_end().ends_with(['«', '“', '"']));
    let run = runs.iter().any(|run| run.contains(&name.start));
    let inner = words
        .char_indices()
        .any(|(at, c)| c.is_uppercase() && (at > 0 || name.start > sentence));
    let single = words.starts_with(char::is_uppercase) && !words.contains(' ');
    quoted || run || inner || single && !VOCABULARY.begins_project(words)
}
