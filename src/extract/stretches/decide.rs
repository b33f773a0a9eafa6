//! Which stretch is the name of each entry, decided over the whole list: what its entries have in common, and whether they begin with titles.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::tokens::{Shape, tokens};
use super::weights::WEIGHTS;
use super::{Offered, Stretch};
use crate::profile::VOCABULARY;
use crate::profile::places::is_area;

/// So many times likelier yet than another stretch is to be the beginning of what the rules took.
const SHORTENED: f32 = 8.0;
/// Where entries begin with titles, so many at least are named below,
const LEAST_APART: usize = 2;
/// and what is told there is this likely beside what they begin with. Of 112 lists ten are likelier; of eleven less likely down to 0.2, two begin with titles. Where most
/// are in the case of sentences, half of that and one are enough.
const ELSEWHERE: f32 = 0.4;
const FEWEST_TITLES: usize = 4;

impl Stretch {
    fn overlaps(&self, other: &Self) -> bool {
        self.unit == other.unit && self.start < other.end && other.start < self.end
    }
}

impl Offered {
    /// The title that an entry may begin with, and whether it is just what the rules took for the name: « Toilettes sèches, idées fraîches (7 000 €) ».
    fn title(&self) -> Option<(usize, bool)> {
        if self.project.is_some() || self.ruled.as_deref().is_none_or(is_area) {
            return None;
        }
        let of_first =
            || (self.stretches.iter().enumerate()).filter(|(_, stretch)| stretch.unit == 0);
        let start = of_first().map(|(_, stretch)| stretch.start).min()?;
        let beginning = || of_first().filter(|(_, stretch)| stretch.start == start);
        let end = beginning()
            .filter(|(_, stretch)| stretch.ruled)
            .map(|(_, stretch)| stretch.end)
            .max()?;
        beginning()
            .filter(|(_, stretch)| stretch.apart && stretch.end >= end)
            .min_by_key(|(_, stretch)| stretch.end)
            .map(|(number, stretch)| (number, stretch.end == end))
    }
}

/// What the entries of a list have in common: how likely, on average, the best stretch with a pattern is, and in what share of entries there is one.
fn habits(offered: &[&Offered], alone: &[Vec<f32>]) -> (FxHashMap<u64, (f32, f32)>, f32) {
    let n = offered.len().max(1) as f32;
    let mut shared: FxHashMap<u64, (f32, f32)> = FxHashMap::default();
    let mut none = 0.0;
    for (offered, alone) in offered.iter().zip(alone) {
        let mut best: BTreeMap<u64, f32> = BTreeMap::new();
        for (stretch, likely) in offered.stretches.iter().zip(alone) {
            for pattern in stretch.patterns {
                let best = best.entry(pattern).or_default();
                *best = best.max(*likely);
            }
        }
        for (pattern, likely) in best {
            let (sum, count) = shared.entry(pattern).or_default();
            *sum += likely / n;
            *count += 1.0 / n;
        }
        none += alone.last().copied().unwrap_or_default() / n;
    }
    (shared, none)
}

/// A name, with how likely it is right.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) name: Choice,
    pub(super) confidence: f64,
    /// Which stretch is the title of the project, where most of the list's entries begin with theirs.
    pub(super) title: Option<usize>,
}

/// Which words are the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// What the rules took.
    Ruled,
    /// This stretch.
    Stretch(usize),
    /// None: what the rules took is none.
    None,
}

/// The name of each entry, decided over the list; nothing for an entry that the rules name for certain, or that has no name.
pub(super) fn decide(offered: &[Offered]) -> Vec<Option<Decided>> {
    let open: Vec<&Offered> = offered.iter().filter(|offered| !offered.certain).collect();
    // Where most entries say who they are, too few are left to decide anything together.
    if open.len() * 2 < offered.len() {
        return vec![None; offered.len()];
    }
    let alone: Vec<Vec<f32>> = open.iter().map(|offered| offered.alone()).collect();
    let (shared, none) = habits(&open, &alone);
    let list = &WEIGHTS.list;
    // Where the rules found titles and no names, the list is one of projects: their titles are no names.
    let of_projects = |offered: &&&Offered| offered.ruled.is_none() && offered.project.is_some();
    let of_projects = open.iter().filter(of_projects).count() * 2 > open.len();
    let likely: Vec<Vec<f32>> = (open.iter().zip(&alone))
        .map(|(offered, alone)| {
            let patterns = offered.stretches.iter().map(|stretch| {
                (stretch.patterns.iter().zip(&list.patterns))
                    .map(|(pattern, weights)| {
                        let (likely, share) = shared.get(pattern).copied().unwrap_or_default();
                        weights.likely * likely + weights.share * share
                    })
                    .sum::<f32>()
            });
            let worths = alone
                .iter()
                .zip(patterns.chain([list.none + list.none_likely * none]))
                .map(|(likely, of_list)| list.alone * (likely + 1e-9).ln() + of_list);
            softmax(worths.collect())
        })
        .collect();
    let first: Vec<Option<Decided>> = open
        .iter()
        .zip(&likely)
        .map(|(offered, likely)| {
            let of_ruled = if offered.ruled.is_some() {
                (offered.stretches.iter().zip(likely))
                    .filter(|(stretch, _)| stretch.ruled)
                    .map(|(_, likely)| *likely)
                    .reduce(f32::max)
            } else {
                likely.last().copied()
            };
            // What was put together from several places is no stretch: nothing compares with it.
            let of_ruled = of_ruled?;
            let none = likely.last().copied().unwrap_or_default();
            // Of equals the first.
            let best = (offered.stretches.iter().zip(likely).enumerate().rev())
                .max_by(|(_, (_, a)), (_, (_, b))| a.total_cmp(b));
            // Where the rules found both, name and project are not exchanged.
            let is_title =
                |stretch: &Stretch| stretch.project && (of_projects || offered.ruled.is_some());
            let is_broken = offered.ruled.as_deref().is_some_and(is_broken);
            // What the rules took whole is not shortened lightly: « Association pour l'Orientation et la Réussite ».
            let shortens = |stretch: &Stretch| {
                let is_start = |whole: &Stretch| {
                    whole.ruled
                        && (whole.unit, whole.start) == (stretch.unit, stretch.start)
                        && whole.end > stretch.end
                };
                !stretch.acts && offered.stretches.iter().any(is_start)
            };
            let ratio = |stretch: &Stretch| match (is_broken, shortens(stretch)) {
                (true, _) => 1.0,
                (false, true) => WEIGHTS.ratio * SHORTENED,
                (false, false) => WEIGHTS.ratio,
            };
            match best {
                Some((number, (stretch, &likely)))
                    if likely > none
                        && likely > of_ruled * ratio(stretch)
                        && !is_title(stretch)
                        && !stretch.ruled =>
                {
                    Some(Decided {
                        name: Choice::Stretch(number),
                        confidence: WEIGHTS.replaced.confidence(likely),
                        title: None,
                    })
                }
                _ => (offered.ruled.is_some()).then(|| Decided {
                    name: Choice::Ruled,
                    confidence: WEIGHTS.kept.confidence(of_ruled),
                    title: None,
                }),
            }
        })
        .collect();
    let first = with_kinds(&open, &likely, first);
    let mut decided = below_titles(&open, &likely, first).into_iter();
    offered
        .iter()
        .map(|offered| {
            if offered.certain {
                None
            } else {
                decided.next().flatten()
            }
        })
        .collect()
}

/// Leaves what a body is before its name, « association Les Grands Chemins », and its article, where as many of the list's other names keep it as lose it.
fn with_kinds(
    offered: &[&Offered],
    likely: &[Vec<f32>],
    mut decided: Vec<Option<Decided>>,
) -> Vec<Option<Decided>> {
    let has_kind = |offered: &Offered| {
        let first = (offered.ruled.as_deref()).and_then(|name| tokens(name).into_iter().next());
        first.is_some_and(|first| {
            first.shape == Shape::Lower || VOCABULARY.is_joint(first.word.trim_end_matches('\''))
        })
    };
    // What the rules took, which the name chosen is the end of.
    let longer = |offered: &Offered, decided: &Option<Decided>| -> Option<usize> {
        let Choice::Stretch(name) = decided.as_ref()?.name else {
            return None;
        };
        let name = offered.stretches.get(name)?;
        (offered.stretches.iter()).position(|whole| {
            whole.ruled
                && (whole.unit, whole.end) == (name.unit, name.end)
                && whole.start < name.start
        })
    };
    let lost: Vec<Option<usize>> = (offered.iter().zip(&decided))
        .map(|(offered, decided)| longer(offered, decided).filter(|_| has_kind(offered)))
        .collect();
    let n_lost = lost.iter().flatten().count();
    let n_kept = (offered.iter().zip(&decided))
        .filter(|(offered, decided)| {
            let is_ruled = decided
                .as_ref()
                .is_some_and(|own| own.name == Choice::Ruled);
            is_ruled && has_kind(offered)
        })
        .count();
    if n_kept < n_lost {
        return decided;
    }
    for (number, whole) in lost.into_iter().enumerate() {
        if let (Some(whole), Some(Some(decided)), Some(likely)) =
            (whole, decided.get_mut(number), likely.get(number))
        {
            let likely = likely.get(whole).copied().unwrap_or_default();
            decided.name = Choice::Ruled;
            decided.confidence = WEIGHTS.kept.confidence(likely);
        }
    }
    decided
}

/// Takes beginnings of entries for titles where most of a list's are: whoever is told of below them is the laureate, and none where nobody is.
fn below_titles(
    offered: &[&Offered],
    likely: &[Vec<f32>],
    mut decided: Vec<Option<Decided>>,
) -> Vec<Option<Decided>> {
    let titles: Vec<Option<(usize, bool)>> =
        offered.iter().map(|offered| offered.title()).collect();
    // Whether each that begins with what the rules took is named elsewhere.
    let apart: Vec<Option<bool>> = (offered.iter().zip(&titles).zip(&decided))
        .map(|((offered, title), decided)| {
            let (title, _) = title.filter(|(_, is_ruled)| *is_ruled)?;
            let Choice::Stretch(name) = decided.as_ref()?.name else {
                return Some(false);
            };
            let stretch = |number: usize| offered.stretches.get(number);
            Some(!stretch(name)?.overlaps(stretch(title)?))
        })
        .collect();
    let n_titles = apart.iter().flatten().count();
    let n_apart = apart.iter().filter(|apart| **apart == Some(true)).count();
    let distinct: BTreeSet<&str> = (offered.iter().zip(&apart))
        .filter(|(_, apart)| apart.is_some())
        .filter_map(|(offered, _)| offered.ruled.as_deref())
        .collect();
    // How likely the best stretches are within these beginnings, and elsewhere.
    let likelihood = |within: bool| -> f32 {
        let of_entry = |offered: &Offered, title: Option<(usize, bool)>, likely: &[f32]| {
            let (title, _) = title.filter(|(_, is_ruled)| *is_ruled)?;
            let title = offered.stretches.get(title)?;
            (offered.stretches.iter().zip(likely))
                .filter(|(stretch, _)| stretch.overlaps(title) == within)
                .map(|(_, likely)| *likely)
                .reduce(f32::max)
        };
        (offered.iter().zip(&titles).zip(likely))
            .filter_map(|((offered, title), likely)| of_entry(offered, *title, likely))
            .sum()
    };
    let (within, elsewhere) = (likelihood(true), likelihood(false));
    let share = elsewhere / (within + elsewhere).max(f32::MIN_POSITIVE);
    let n_sentences = distinct
        .iter()
        .filter(|words| is_sentence_case(words))
        .count();
    let is_titled = n_apart >= LEAST_APART && share >= ELSEWHERE
        || n_apart > 0
            && n_titles >= FEWEST_TITLES
            && share >= ELSEWHERE / 2.0
            && n_sentences * 3 >= n_titles * 2;
    // What several entries begin with is their theme.
    if !is_titled || distinct.len() < n_titles {
        return decided;
    }
    for (number, decided) in decided.iter_mut().enumerate() {
        let (Some(decided), Some(Some((title, _))), Some(offered), Some(likely)) = (
            decided,
            titles.get(number),
            offered.get(number),
            likely.get(number),
        ) else {
            continue;
        };
        let Some(lead) = offered.stretches.get(*title) else {
            continue;
        };
        decided.title = Some(*title);
        if apart.get(number) == Some(&Some(true)) {
            continue;
        }
        let others = || {
            (offered.stretches.iter().zip(likely).enumerate())
                .filter(|(_, (stretch, _))| !stretch.overlaps(lead) && !stretch.project)
                .map(|(number, (_, likely))| (number, *likely))
        };
        let none = likely.last().copied().unwrap_or_default();
        let sum: f32 = others().map(|(_, likely)| likely).sum::<f32>() + none;
        let best = others().rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
        (decided.name, decided.confidence) = match best {
            Some((number, likely)) if likely > none => (
                Choice::Stretch(number),
                WEIGHTS.replaced.confidence(likely / sum),
            ),
            _ => (Choice::None, 0.0),
        };
    }
    decided
}

/// Whether only the first of several words has a capital, as in titles: « Des moutons au cimetière ». Names of organisations have more, as a rule.
fn is_sentence_case(words: &str) -> bool {
    let mut words = (words.split([' ', '\u{a0}', '\'', '’', '-'])).filter(|word| !word.is_empty());
    let others: Vec<&str> = words.by_ref().skip(1).collect();
    !others.is_empty() && !(others.iter()).any(|word| word.starts_with(char::is_uppercase))
}

/// From what choices are worth to how likely each is.
pub(super) fn softmax(mut worths: Vec<f32>) -> Vec<f32> {
    let most = worths.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for worth in &mut worths {
        *worth = (*worth - most).exp();
    }
    let sum: f32 = worths.iter().sum();
    for power in &mut worths {
        *power /= sum;
    }
    worths
}

/// Whether words are no name: a sentence, or what a small word or an open bracket leaves unfinished.
fn is_broken(name: &str) -> bool {
    /// Names of more words are rare; sentences of fewer are.
    const LONGEST: usize = 11;
    const SHORTEST: usize = 6;
    let words = tokens(name);
    let n = words.iter().filter(|token| token.is_word()).count();
    let count = |mark: &str| words.iter().filter(|token| token.word == mark).count();
    let last = words.last();
    let unfinished = last.is_some_and(|last| last.is_short() || last.word == "-");
    let sentence = n >= SHORTEST && last.is_some_and(|last| last.word == ".");
    let open = [("(", ")"), ("«", "»"), ("[", "]")];
    unfinished || sentence || n > LONGEST || open.iter().any(|(a, b)| count(a) != count(b))
}

#[cfg(test)]
mod tests {
    use super::super::PATTERNS;
    use super::*;

    fn offered(stretches: &[(u64, f32)]) -> Offered {
        let stretch = |(pattern, worth): &(u64, f32)| Stretch {
            unit: 0,
            start: 0,
            end: 1,
            worth: *worth,
            patterns: [*pattern; PATTERNS],
            ruled: false,
            project: false,
            acts: false,
            apart: true,
        };
        Offered {
            stretches: stretches.iter().map(stretch).collect(),
            ..Offered::default()
        }
    }

    #[test]
    fn what_stands_where_the_names_of_the_others_stand_is_the_name() {
        const BEHIND_DE: u64 = 1;
        const QUOTED: u64 = 2;
        let mut list: Vec<Offered> = (0..5)
            .map(|_| offered(&[(BEHIND_DE, 12.0), (QUOTED, 2.0)]))
            .collect();
        list.push(offered(&[(QUOTED, 8.0), (BEHIND_DE, 8.0)]));
        let decided = decide(&list);
        let of_last = decided.last().and_then(Option::as_ref);
        assert_eq!(
            of_last.map(|decided| decided.name),
            Some(Choice::Stretch(1))
        );
    }

    #[test]
    fn titles_of_a_list_of_projects_are_no_names() {
        let of_one = |titled: bool| {
            let mut offered = offered(&[(1, 12.0)]);
            offered.project = Some("Mon herbier".to_owned());
            for stretch in &mut offered.stretches {
                stretch.project = titled;
            }
            offered
        };
        let named = |titled: bool| {
            let list: Vec<Offered> = (0..3).map(|_| of_one(titled)).collect();
            decide(&list).iter().filter(|name| name.is_some()).count()
        };
        assert_eq!((named(true), named(false)), (0, 3));
    }
}
