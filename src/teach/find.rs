//! Where a value stands in a document, in whatever case, accents, apostrophes and white space; and what comes nearest where it does not.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::profile::fold;
use crate::segment::Unit;

/// A place where a value stands: bytes of the text of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Which unit.
    pub unit: usize,
    /// Its bytes.
    pub range: Range<usize>,
}

/// Every place where a value stands, as words of their own.
pub fn spots(units: &[Unit], value: &str) -> Vec<Spot> {
    // So long a text stands nowhere by chance: words that typesetting glued to it are no matter.
    const LONG: usize = 8;
    let wanted = fold(value);
    if wanted.is_empty() {
        return Vec::new();
    }
    for is_bounded in [true, false] {
        let holds = |unit: &Unit| unit.folded.contains(&wanted);
        let exact = search(units, &wanted, is_bounded, holds, fold_one);
        if !exact.is_empty() {
            return exact;
        }
        if wanted.len() < LONG {
            break;
        }
    }
    let letters: String = wanted.chars().filter(|c| c.is_alphanumeric()).collect();
    let first = wanted
        .split(|c: char| !c.is_alphanumeric())
        .max_by_key(|word| word.len());
    if letters.is_empty() {
        return Vec::new();
    }
    let may = |unit: &Unit| first.is_some_and(|word| unit.folded.contains(word));
    search(units, &letters, true, may, |c, folded| {
        if c.is_alphanumeric() {
            fold_one(c, folded);
        }
    })
}

fn search(
    units: &[Unit],
    wanted: &str,
    is_apart: bool,
    may_hold: impl Fn(&Unit) -> bool,
    fold_into: impl Fn(char, &mut String),
) -> Vec<Spot> {
    let mut found = Vec::new();
    for (number, unit) in units.iter().enumerate().filter(|(_, unit)| may_hold(unit)) {
        let text = unit.text.as_str();
        let mut folded = String::new();
        // For each byte of the folded text, where its character begins and ends in the text itself.
        let mut origin: Vec<Range<usize>> = Vec::new();
        for (at, c) in text.char_indices() {
            fold_into(c, &mut folded);
            origin.resize(folded.len(), at..at + c.len_utf8());
        }
        for (at, _) in folded.match_indices(wanted) {
            let (first, last) = (origin.get(at), origin.get(at + wanted.len() - 1));
            let Some((first, last)) = first.zip(last) else {
                continue;
            };
            let range = first.start..last.end;
            let is_bounded = |neighbour: Option<char>, own: Option<char>| {
                !is_apart
                    || !neighbour.is_some_and(char::is_alphanumeric)
                    || !own.is_some_and(char::is_alphanumeric)
            };
            let (before, after) = (text.get(..range.start), text.get(range.end..));
            let own = text.get(range.clone()).unwrap_or_default();
            if is_bounded(
                before.and_then(|before| before.chars().next_back()),
                own.chars().next(),
            ) && is_bounded(
                after.and_then(|after| after.chars().next()),
                own.chars().next_back(),
            ) {
                found.push(Spot {
                    unit: number,
                    range,
                });
            }
        }
    }
    found
}

/// One character as `fold` has it; white space is one space.
fn fold_one(c: char, folded: &mut String) {
    if c.is_whitespace() {
        if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    } else {
        folded.push_str(&fold(c.encode_utf8(&mut [0; 4])));
    }
}

/// The line that has most words of a value, from the first of them to the last.
pub fn nearest(units: &[Unit], value: &str) -> Option<String> {
    // Fewer words in common are chance.
    const FEWEST: f32 = 0.4;
    let words: Vec<String> = words_of(value).map(|(_, word)| word).collect();
    let wanted: BTreeSet<&str> = words.iter().map(String::as_str).collect();
    let is_near = |word: &str| {
        let similar = |wanted: &&&str| {
            rapidfuzz::distance::jaro_winkler::normalized_similarity(word.chars(), wanted.chars())
                > 0.9
        };
        wanted.contains(word) || word.len() > 3 && wanted.iter().any(|own| similar(&own))
    };
    let mut best: Option<(f32, String)> = None;
    for unit in units {
        let text = unit.text.as_str();
        let all: Vec<(Range<usize>, String)> = words_of(text).collect();
        let hits: Vec<usize> = (all.iter().enumerate())
            .filter(|(_, (_, word))| is_near(word))
            .map(|(number, _)| number)
            .collect();
        // The window of so many words as are wanted, and a few more, that has most of them.
        for from in &hits {
            let until = from + words.len() + 2;
            let within: Vec<&usize> = hits
                .iter()
                .filter(|hit| (*from..until).contains(hit))
                .collect();
            let distinct: BTreeSet<&str> = (within.iter())
                .filter_map(|hit| all.get(**hit).map(|(_, word)| word.as_str()))
                .collect();
            let share = distinct.len() as f32 / wanted.len().max(1) as f32;
            let stretch = (within.first().and_then(|first| all.get(**first)))
                .zip(within.last().and_then(|last| all.get(**last)))
                .and_then(|((first, _), (last, _))| text.get(first.start..last.end));
            if let Some(stretch) = stretch
                && share >= FEWEST
                && best.as_ref().is_none_or(|(most, _)| share > *most)
            {
                best = Some((share, stretch.replace('\n', " ")));
            }
        }
    }
    best.map(|(_, stretch)| stretch)
}

fn words_of(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut start = 0;
    text.split(|c: char| !c.is_alphanumeric())
        .map(move |word| {
            let at = start;
            // Separators have any number of bytes: the next word is found behind the one that parted them.
            start = at + word.len();
            start += text
                .get(start..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            (at..at + word.len(), fold(word))
        })
        .filter(|(_, word)| !word.is_empty())
}
