//! What an item of a list tells, and the names in a title that gives a prize to several.

use std::ops::Range;

use super::frames::titled;
use super::names::{Start, after_preposition, bare_name, name_at, place_behind, start, trim};
use super::values::{amount_in, category_in, project_behind};
use super::words::WORDS;
use crate::segment::columns::Line;

/// What an item of a list says.
pub(in crate::segment) fn item(
    string: &str,
    range: Range<usize>,
    runs: &[Range<usize>],
) -> Option<Line> {
    // « Nom : 350 € », « Name - $1,800 To … », « Name, for …, $4,000 »
    let part = string.get(range.clone())?;
    let sum = amount_in(string, range.clone());
    let mut line = Line {
        evidence: 1.0,
        carried: true,
        ..Line::default()
    };
    // « 500 € aux Majorettes de l'Arroux »
    let lead = part.trim_start();
    let lead = WORDS
        .conjunctions
        .iter()
        .find_map(|word| lead.strip_prefix(word.as_str()))
        .unwrap_or(lead);
    let begin = range.end - lead.len();
    if let Some(sum) = sum.clone().filter(|sum| sum.start == begin) {
        let from = after_preposition(string, sum.end, range.end)?;
        let named = name_at(string, from, range.end, runs)?;
        line.project = project_behind(string, named.end, range.end, runs, true);
        (line.name, line.territory, line.amount) = (Some(named.name), named.place, Some(sum));
        return Some(line);
    }
    let separated = sum.as_ref().and_then(|sum| {
        let before = string.get(range.start..sum.start)?.trim_end();
        let bare = before.trim_end_matches([':', '-', '–', '—', ' ', '\u{a0}']);
        (bare.len() < before.len()).then(|| range.start..range.start + bare.len())
    });
    let within = separated.unwrap_or_else(|| range.clone());
    let whole = within.end < range.end;
    let mut named = name_at(string, within.start, within.end, runs)?;
    if whole && !string.get(within.clone())?.contains(['(', '«', '“', '"']) {
        // What stands in front of the mark and the sum is the name, whatever its words.
        let text = string.get(within.clone())?.trim_start();
        let text = WORDS
            .conjunctions
            .iter()
            .find_map(|word| text.strip_prefix(word.as_str()))
            .unwrap_or(text);
        let text = bare_name(text);
        named.name = trim(string, within.end - text.len()..within.end)?;
        named.end = within.end;
    }
    // « la replantation des pentes par le syndicat X »
    if let Some(by) = string
        .get(named.end..range.end)
        .and_then(|rest| rest.trim_start().strip_prefix("par "))
        && start(by) >= Start::Common
        && let Some(other) = name_at(string, range.end - by.len(), range.end, runs)
    {
        line.project = Some(named.name);
        (line.name, line.territory, line.amount) = (Some(other.name), other.place, sum);
        return Some(line);
    }
    // « celle de X, Y et Z (Ain) »
    if start(part) == Start::Pronoun {
        let rest = string.get(named.end..range.end)?;
        let end = rest
            .find(" avec ")
            .into_iter()
            .chain(rest.find(" pour "))
            .chain(rest.find('('))
            .min();
        if let Some(end) = end.filter(|_| rest.starts_with([',', ' '])) {
            named.name = trim(string, named.name.start..named.end + end)?;
            named.place = place_behind(string, named.name.end, range.end);
            named.end = named
                .place
                .as_ref()
                .map_or(named.name.end, |place| place.end);
        }
    }
    line.project = project_behind(string, named.end, range.end, runs, true);
    line.award = category_in(string, range.clone());
    line.amount = sum;
    line.name = Some(named.name);
    line.territory = named.place;
    Some(line)
}

/// The names of a title that gives a prize to several: « Prix X : A et B ».
pub(in crate::segment) fn winners(
    string: &str,
    runs: &[Range<usize>],
) -> Vec<(Range<usize>, Line)> {
    const MOST_WORDS: usize = 12;
    let Some((first, award)) = titled(string, &(0..string.len()), runs) else {
        return Vec::new();
    };
    let from = award.as_ref().map_or(first.name.start, |award| award.end);
    let from = string
        .get(from..)
        .and_then(|rest| rest.find(char::is_alphanumeric))
        .map_or(from, |at| from + at);
    let rest = string.get(from..).unwrap_or_default();
    if rest.split_whitespace().count() > MOST_WORDS
        || rest.trim_end().ends_with(['.', '!', '?'])
        || rest.contains('\n')
    {
        return Vec::new();
    }
    let mut starts = vec![from];
    let joiners = || std::iter::once(", ").chain(WORDS.joiners.iter().map(String::as_str));
    for words in joiners() {
        starts.extend(
            rest.match_indices(words)
                .map(|(at, _)| from + at + words.len())
                .filter(|at| {
                    string
                        .get(*at..)
                        .is_some_and(|rest| start(rest) >= Start::Capital)
                }),
        );
    }
    starts.sort_unstable();
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).copied().chain([string.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(at, end)| {
            let part = string.get(*at..end)?;
            let part = joiners()
                .find_map(|words| part.strip_suffix(words))
                .unwrap_or(part);
            let name = trim(string, *at..*at + part.len())?;
            Some((
                *at..*at + part.len(),
                Line {
                    evidence: 1.0,
                    carried: true,
                    name: Some(name),
                    ..Line::default()
                },
            ))
        })
        .collect()
}
