//! Lists within a sentence: « les lauréats sont A (33), B et C », `A : 350 € ; B : 420 €`, « l'Aveyron avec X (…), la Haute-Savoie avec Y ».
//!
//! A sentence and its marks come in; its items go out. Where a piece goes on with the one before is decided by what most of them say.

use std::ops::Range;

use super::columns::Line;
use super::look::find_amount;
use super::sentences::{Mark, Scan, within};
use super::told::{self, Start};

/// The items of the list that a sentence holds, with what each says.
pub(super) fn items(
    string: &str,
    sentence: &Range<usize>,
    scan: &Scan,
    runs: &[Range<usize>],
) -> Vec<(Range<usize>, Line)> {
    let marks: Vec<(usize, Mark)> = scan
        .marks
        .iter()
        .filter(|(at, mark)| {
            sentence.contains(at) && !matches!(mark, Mark::Quote | Mark::Dash | Mark::Stop)
        })
        .copied()
        .collect();
    let n = |wanted: Mark| marks.iter().filter(|(_, mark)| *mark == wanted).count();
    let separator = if n(Mark::Semicolon) > 0 {
        Mark::Semicolon
    } else {
        Mark::Comma
    };
    let colons: Vec<usize> = marks
        .iter()
        .filter(|(_, mark)| *mark == Mark::Colon)
        .map(|(at, _)| *at)
        .collect();
    let mut begins = vec![sentence.start];
    begins.extend(colons.iter().map(|at| at + 1));
    begins.extend(
        told::lead(string.get(sentence.clone()).unwrap_or_default()).map(|at| sentence.start + at),
    );
    begins.sort_unstable();
    begins.dedup();
    let mut best: Vec<(Range<usize>, Line)> = Vec::new();
    for begin in begins {
        let lead = string.get(sentence.start..begin).unwrap_or_default();
        if told::is_classified(lead) {
            continue;
        }
        let ranges = split(string, begin..sentence.end, separator, &marks);
        let ranges = join(string, &ranges, separator, !lead.is_empty());
        if ranges.len() < 2 || !is_list(string, &ranges, separator, lead) {
            continue;
        }
        // Behind no words that lead to it, a list begins the sentence.
        if lead.is_empty() && ranges.first().is_none_or(|first| first.start > begin) {
            continue;
        }
        // « Ont été retenus : A, B et C » begins behind the colon; in « A : 20 €, B : 30 € » each has one.
        let has_colon = |range: &Range<usize>| colons.iter().any(|at| range.contains(at));
        if ranges.first().is_some_and(has_colon) && !ranges.iter().skip(1).any(has_colon) {
            continue;
        }
        let items: Vec<_> = ranges
            .into_iter()
            .filter_map(|range| Some((range.clone(), told::item(string, range, runs)?)))
            .collect();
        // Who is rewarded has a name: « risques, calendrier et profils » are subjects.
        let is_named = |(_, line): &(Range<usize>, Line)| {
            let name = line.name.clone().and_then(|name| string.get(name));
            name.is_some_and(|name| name.contains(char::is_uppercase))
        };
        let named = items.iter().filter(|item| is_named(item)).count();
        if named * 10 >= items.len() * 8 && items.len() >= best.len() {
            best = items;
        }
    }
    if best.len() < 2 { Vec::new() } else { best }
}

/// A stretch parted at a mark, and at words that add to a list.
fn split(
    string: &str,
    range: Range<usize>,
    separator: Mark,
    marks: &[(usize, Mark)],
) -> Vec<Range<usize>> {
    let mut cuts: Vec<usize> = marks
        .iter()
        .filter(|(at, mark)| *mark == separator && range.contains(at))
        .map(|(at, _)| at + 1)
        .collect();
    let scan = nesting(string, &range);
    // The word that adds the last item stands behind the last mark.
    let named =
        |at: &usize| told::start(string.get(*at..range.end).unwrap_or_default()) >= Start::Capital;
    let last = cuts.iter().copied().rfind(named).unwrap_or(range.start);
    let mut added: Vec<(Start, usize)> = Vec::new();
    for words in told::joiners() {
        let part = string.get(range.clone()).unwrap_or_default();
        for (at, _) in part.match_indices(words.as_str()) {
            let at = range.start + at;
            let nested = scan.iter().any(|inner| inner.contains(&at));
            let rest = string.get(at + 1..range.end).unwrap_or_default();
            let before = string.get(..at).unwrap_or_default();
            let open = before.ends_with('.') || before.ends_with(',') && separator == Mark::Comma;
            let start = told::start(rest);
            if !nested && at >= last && start >= Start::Capital && !open {
                added.push((start, at + 1));
            }
        }
    }
    cuts.extend(added.into_iter().max().map(|(_, at)| at));
    cuts.sort_unstable();
    cuts.dedup();
    let mut stretches = Vec::new();
    let mut start = range.start;
    for cut in cuts.into_iter().chain([range.end]) {
        let end = if cut == range.end
            || string
                .get(..cut)
                .is_some_and(|before| before.ends_with(' '))
        {
            cut
        } else {
            cut - 1
        };
        stretches.extend(within(string, start..end));
        start = cut;
    }
    stretches
}

/// What stands in parentheses or quotations.
fn nesting(string: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut list = Vec::new();
    let mut at = range.start;
    while let Some(open) = string
        .get(at..range.end)
        .and_then(|rest| rest.find(['(', '«', '“', '"']))
    {
        let open = at + open;
        let c = string
            .get(open..)
            .and_then(|rest| rest.chars().next())
            .unwrap_or('(');
        let closing = match c {
            '(' => ')',
            '«' => '»',
            '“' => '”',
            _ => '"',
        };
        let inner = open + c.len_utf8();
        match string
            .get(inner..range.end)
            .and_then(|rest| rest.find(closing))
        {
            Some(close) => {
                list.push(open..inner + close);
                at = inner + close + closing.len_utf8();
            }
            None => at = inner,
        }
    }
    list
}

/// What most items of a list have, besides the name.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Traits([bool; 4]);

impl Traits {
    fn has(self, slot: usize) -> bool {
        self.0.get(slot).copied().unwrap_or_default()
    }

    fn of(part: &str) -> Self {
        Self([
            part.contains('('),
            find_amount(part).is_some(),
            told::has_category(part),
            part.contains(" avec ") || part.contains(" pour ") || part.contains(" for "),
        ])
    }
}

/// Pieces that do not begin with somebody go on with the one before.
fn join(string: &str, ranges: &[Range<usize>], separator: Mark, led: bool) -> Vec<Range<usize>> {
    let part = |range: &Range<usize>| string.get(range.clone()).unwrap_or_default();
    let starts: Vec<Start> = ranges
        .iter()
        .map(|range| told::start(part(range)))
        .collect();
    // « celle de X, Y et Z (Ain), celle de … »
    let pronouns = starts
        .iter()
        .filter(|start| **start == Start::Pronoun)
        .count();
    let articled = starts
        .iter()
        .filter(|start| **start == Start::Named)
        .count();
    let least = if pronouns > 1 {
        Start::Pronoun
    } else {
        Start::Capital
    };
    // What is said of somebody goes up to the next one.
    let about = |number: usize| {
        let next = (number + 1..ranges.len()).find(|next| {
            starts
                .get(*next)
                .is_some_and(|start| *start >= Start::Capital)
        });
        let from = ranges.get(number).map_or(0, |range| range.start);
        let to = next
            .and_then(|next| ranges.get(next))
            .or(ranges.last())
            .map_or(from, |range| {
                if next.is_some() {
                    range.start
                } else {
                    range.end
                }
            });
        Traits::of(string.get(from..to).unwrap_or_default())
    };
    let surest = if articled > 1 {
        Start::Named
    } else {
        Start::Common
    };
    let sure: Vec<Traits> = (0..ranges.len())
        .filter(|number| starts.get(*number).is_some_and(|start| *start >= surest))
        .map(about)
        .collect();
    let common = |slot: usize| {
        let having = sure.iter().filter(|traits| traits.has(slot)).count();
        sure.len() > 1 && having * 10 >= sure.len() * 6
    };
    let alike = |number: usize| {
        let own = about(number);
        (0..3).any(|slot| common(slot) && own.has(slot))
    };
    let mut joined: Vec<Range<usize>> = Vec::new();
    for (number, (range, start)) in ranges.iter().zip(&starts).enumerate() {
        let begins = match separator {
            Mark::Semicolon
                if number == 0
                    || !part(range).is_empty()
                        && string
                            .get(..range.start)
                            .is_some_and(|before| before.trim_end().ends_with(';')) =>
            {
                *start >= Start::Common || number == 0 && led
            }
            _ => {
                *start >= least
                    || *start == Start::Common && (alike(number) || number == 0 && articled > 0)
                    || find_amount(part(range)).is_some_and(|sum| sum.start() < 8)
                        && is_given(part(range))
            }
        };
        // A capital without an article among names that have one is a place, or the rest of a name, unless it says what they say.
        let odd = separator == Mark::Comma
            && *start == Start::Capital
            && pronouns == 0
            && articled * 2 > ranges.len()
            && !alike(number)
            && sure.iter().any(|traits| traits.0 != [false; 4]);
        // « M. et Mme X (Lot), 20 000 € »: what stands before says nothing yet.
        let early = joined.last().is_some_and(|last: &Range<usize>| {
            part(range).starts_with(['e', 'a', 'y', 'u'])
                && sure.len() > 1
                && (0..3).any(common)
                && !(0..3).any(|slot| common(slot) && Traits::of(part(last)).has(slot))
        });
        match joined.last_mut() {
            Some(before) if !begins || odd || early => before.end = range.end,
            None if !begins => {}
            _ => joined.push(range.clone()),
        }
    }
    joined
}

/// « 500 € aux Majorettes »
fn is_given(part: &str) -> bool {
    let Some(sum) = find_amount(part) else {
        return false;
    };
    let rest = part.get(sum.end()..).unwrap_or_default().trim_start();
    ["à ", "au ", "aux ", "to "]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// Whether pieces are a list of who was rewarded: alike, or behind words that lead to it.
fn is_list(string: &str, ranges: &[Range<usize>], separator: Mark, lead: &str) -> bool {
    let parts: Vec<&str> = ranges
        .iter()
        .filter_map(|range| string.get(range.clone()))
        .collect();
    let traits: Vec<Traits> = parts.iter().map(|part| Traits::of(part)).collect();
    let alike = (0..4).any(|slot| {
        let having = traits.iter().filter(|traits| traits.has(slot)).count();
        having * 10 >= traits.len() * 6 && having > 1
    });
    let colon = lead.trim_end().ends_with(':');
    let longest = parts
        .iter()
        .map(|part| part.split_whitespace().count())
        .max()
        .unwrap_or(0);
    match separator {
        Mark::Semicolon => alike || colon && ranges.len() > 2,
        _ if ranges.len() == 2 => alike && !lead.is_empty(),
        _ => alike || !lead.is_empty() && longest <= 16 || ranges.len() > 3 && longest <= 12,
    }
}
