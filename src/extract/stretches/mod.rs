//! Which words of an entry are the name of its laureate.
//!
//! Every stretch of words that may be one is considered, as span classification does for named entities. What stands at its two ends, what is within,
//! where it stands and what the rules took it for speak for or against it: its *traits*, whose weights are learnt (docs/learning.md). A list that one
//! hand made says who is who in one way: a stretch is the surer, the more entries have one between the same neighbours.

mod decide;
mod places;
mod tokens;
mod traits;
mod weights;

use std::hash::BuildHasher;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::draft::{Draft, one_line};
use super::heading::unquoted;
use super::titles;
use crate::segment::{Form, Segmentation, Span, Unit};
use decide::{Choice, decide, softmax};
use places::Places;
use tokens::{Token, tokens};
use traits::{Known, Place, Seen, Sums};
use weights::WEIGHTS;

/// Units of an entry that are looked at, and bytes of each: names stand at the beginning.
const MOST_UNITS: usize = 10;
const MOST_BYTES: usize = 400;
/// Words of a stretch at most.
const LONGEST: usize = 25;
/// Within so many first words of a unit a name may end anywhere; farther on, where something shows that it does.
const ANYWHERE: usize = 9;
/// Stretches of one unit at most.
const MOST: usize = 120;
/// What stretches of several entries can share: their neighbours, what stands in front, how they stand in their unit.
const PATTERNS: usize = 3;

/// A stretch of words that may be a name. A long list has millions of them.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent observation"
)]
struct Stretch {
    /// Which of the entry's units.
    unit: u32,
    /// Bytes of the unit's text.
    start: u32,
    end: u32,
    /// What its traits add up to.
    worth: f32,
    /// The hashes of its patterns.
    patterns: [u64; PATTERNS],
    /// It is what the rules took for the name.
    ruled: bool,
    /// It is, or holds, what they took for the project.
    project: bool,
    /// What follows is told of it: a verb, or « pour » and a title.
    acts: bool,
    /// Its unit ends behind it, or a mark that is no comma does so.
    apart: bool,
}

/// What is told of a stretch.
#[derive(Clone, Debug)]
pub struct Account {
    /// The words.
    pub text: String,
    /// What stretches of several entries share: neighbours, what stands in front, how they stand in their unit.
    pub patterns: [String; PATTERNS],
    /// What speaks for and against it.
    pub traits: Vec<String>,
}

/// What an entry offers as its laureate's name.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    stretches: Vec<Stretch>,
    /// What is told of each stretch, where that was asked for.
    pub accounts: Vec<Account>,
    /// The name that the rules found.
    pub ruled: Option<String>,
    /// The project that they found.
    pub project: Option<String>,
    /// A label or an index says who it is: nothing else is considered.
    pub certain: bool,
}

/// The units of an entry in which a name is looked for.
fn looked_at<'u>(units: &'u [Unit], span: &Span) -> Vec<&'u Unit> {
    let of = |range: &Range<usize>| units.get(range.clone()).unwrap_or_default();
    of(&span.head)
        .iter()
        .chain(of(&span.body))
        .filter(|unit| unit.form != Form::Footnote)
        .take(MOST_UNITS)
        .collect()
}

/// What each entry offers. `told` lists the traits of every stretch, too.
pub(super) fn offered(
    drafts: &[Draft<'_>],
    segmentation: &Segmentation,
    told: bool,
) -> Vec<Offered> {
    let units = &segmentation.units().list;
    drafts
        .par_iter()
        .zip(&segmentation.entries)
        .map(|(draft, span)| {
            let looked = looked_at(units, span);
            let mut offered = Offered {
                ruled: draft.mention.name.clone(),
                project: draft.mention.project.clone(),
                certain: draft.is_labelled("/name"),
                ..Offered::default()
            };
            if !offered.certain {
                offered.look_at(&looked, span.head.len(), draft, told);
            }
            offered
        })
        .collect()
}

impl Offered {
    fn look_at(&mut self, units: &[&Unit], n_head: usize, draft: &Draft<'_>, told: bool) {
        let words: Vec<Vec<Token>> = (units.iter())
            .map(|unit| tokens(beginning(unit.text.as_str())))
            .collect();
        let known = Known::of(units, &words, draft);
        // « Les soirées du lavoir à Lannion » holds the title.
        let holds = |value: &Option<String>, text: &str| {
            (value.as_deref()).is_some_and(|value| !value.is_empty() && text.contains(value.trim()))
        };
        // Nearly all stretches begin otherwise: most comparisons end there.
        let is = |value: &Option<String>, text: &str| {
            (value.as_ref()).is_some_and(|value| traits::says_the_same(text, value.trim_start()))
        };
        let mut buffer = String::new();
        for (number, (unit, words)) in units.iter().zip(&words).enumerate() {
            let string = unit.text.as_str();
            let value = unit.label.as_ref().map_or(0, |label| label.value.start);
            let first = words.partition_point(|token| token.range.start < value);
            let place = Place::of(number, n_head, unit, first);
            let mut sums = Sums::of(&place, words.len());
            let places = Places::of(beginning(string), words);
            let mut ranges = ends(words, first);
            ranges.truncate(MOST);
            // What the rules took is always considered.
            if let Some(bytes) = known.name_in(number) {
                let from = words.partition_point(|token| token.range.end <= bytes.start);
                let to = words.partition_point(|token| token.range.start < bytes.end);
                if from < to && !ranges.contains(&(from..to)) {
                    ranges.push(from..to);
                }
            }
            for range in ranges {
                let (Some(from), Some(to)) = (words.get(range.start), words.get(range.end - 1))
                else {
                    continue;
                };
                let (start, end) = (from.range.start, to.range.end);
                let text = string.get(start..end).unwrap_or_default();
                let mut told_patterns: [String; PATTERNS] = Default::default();
                let patterns = std::array::from_fn(|which| {
                    traits::pattern(which, words, &range, (&place, unit), &mut buffer);
                    if let Some(told_pattern) = told_patterns.get_mut(which).filter(|_| told) {
                        told_pattern.clone_from(&buffer);
                    }
                    FxBuildHasher.hash_one(&buffer)
                });
                // « X pour La Digue aux oiseaux »
                let next = words.get(range.end);
                let titled = next.is_some_and(|next| next.word == "pour")
                    && words.get(range.end + 1).is_some_and(Token::is_capital);
                let acts = titled || next.is_some_and(Token::is_verb);
                let apart = next.is_none_or(|next| !next.is_word() && next.word != ",");
                let seen = Seen {
                    told,
                    words,
                    range,
                    unit,
                    number,
                    place: &place,
                    places: &places,
                    known: &known,
                };
                let worth = seen.worth(&mut sums, &mut buffer);
                let mut traits = Vec::new();
                if told {
                    seen.tell(&mut buffer, |name| traits.push(name.to_owned()));
                }
                self.stretches.push(Stretch {
                    unit: offset(number),
                    start: offset(start),
                    end: offset(end),
                    worth,
                    patterns,
                    ruled: is(&self.ruled, text),
                    project: is(&self.project, text) || holds(&self.project, text),
                    acts,
                    apart,
                });
                if told {
                    self.accounts.push(Account {
                        text: text.to_owned(),
                        patterns: told_patterns,
                        traits,
                    });
                }
            }
        }
    }

    /// How likely each stretch is the name, and, last, that none is; by itself.
    fn alone(&self) -> Vec<f32> {
        let unruled = f32::from(u8::from(self.ruled.is_none()));
        let none = WEIGHTS.none + WEIGHTS.unruled * unruled;
        let worths = self.stretches.iter().map(|stretch| stretch.worth);
        softmax(worths.chain([none]).collect())
    }
}

/// Gives each entry the name that is likeliest, and each name how likely it is right.
pub(super) fn name(drafts: &mut [Draft<'_>], segmentation: &Segmentation) {
    // Where most entries say who they are, too few are left to decide anything together.
    let open = drafts.iter().filter(|draft| !draft.is_labelled("/name"));
    if open.count() * 2 < drafts.len() {
        return;
    }
    let offered = offered(drafts, segmentation, false);
    let units = &segmentation.units().list;
    let decided = decide(&offered);
    for (((draft, span), offered), decided) in drafts
        .iter_mut()
        .zip(&segmentation.entries)
        .zip(&offered)
        .zip(decided)
    {
        let Some(decided) = decided else { continue };
        let text_of = |number: usize| {
            let stretch = offered.stretches.get(number)?;
            let unit = looked_at(units, span).get(stretch.unit as usize).copied()?;
            let words = unit
                .text
                .slice(stretch.start as usize..stretch.end as usize);
            Some(unquoted(&one_line([&words])))
        };
        if let Some(title) = decided.title.and_then(text_of) {
            draft.entitle(&title);
        }
        if let Choice::Stretch(number) = decided.name
            && let Some(name) = text_of(number)
        {
            draft.rename(&name);
        }
        draft.doubt("/name", decided.confidence);
    }
    titles::split_alike(drafts);
}

/// Texts of a document are shorter than four gigabytes, and an entry has few units.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MOST_BYTES))
        .unwrap_or_default()
}

/// Where stretches begin and end, as places among the words; each end is behind its last word.
fn ends(words: &[Token], first: usize) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    for start in first..words.len() {
        if !begins(words, first, start) {
            continue;
        }
        for end in start + 1..=words.len().min(start + LONGEST) {
            let Some(last) = words.get(end - 1) else {
                break;
            };
            let anywhere = start == first && end <= first + ANYWHERE && last.is_word();
            // Sentences are not crossed.
            let ended = last.ends_sentence && end < words.len();
            if goes_on(words, end) {
                continue;
            }
            if closes(words, end) && (!ended || last.is_word()) || anywhere && !ended {
                all.push(start..end);
            }
            if ended {
                break;
            }
        }
    }
    all
}

/// Whether a stretch may begin at a word: at the beginning, behind a mark, or where capitals set in, with the article before them.
fn begins(words: &[Token], first: usize, at: usize) -> bool {
    let Some(token) = words.get(at).filter(|token| token.is_word()) else {
        return false;
    };
    let Some(before) = at.checked_sub(1).and_then(|before| words.get(before)) else {
        return true;
    };
    let capital_follows = words.get(at + 1).is_some_and(Token::is_capital);
    at == first
        || !before.is_word()
        || token.is_capital() && !before.is_capital()
        || token.is_body()
        || token.is_short() && capital_follows
        || before.is_short() && !token.is_short()
}

/// Whether a line breaks before a place, and the next goes on with a small word: « Association pour l'Orientation / et la Réussite ».
fn goes_on(words: &[Token], end: usize) -> bool {
    let is_break = words.get(end).is_some_and(|next| next.word == "\n");
    is_break && words.get(end + 1).is_some_and(Token::is_short)
}

/// Whether a stretch may end before a place: at the end, before a mark, or before a small word that is none of its own.
fn closes(words: &[Token], end: usize) -> bool {
    let Some(last) = end.checked_sub(1).and_then(|last| words.get(last)) else {
        return false;
    };
    if !last.is_word() && !last.closes() || last.is_short() {
        return false;
    }
    words.get(end).is_none_or(|next| {
        !next.is_word()
            || next.is_short()
            || next.is_verb()
            || last.is_capital() && !next.is_capital()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn considered(text: &str) -> Vec<&str> {
        let words = tokens(text);
        ends(&words, 0)
            .into_iter()
            .filter_map(|range| {
                let (from, to) = (words.get(range.start)?, words.get(range.end - 1)?);
                text.get(from.range.start..to.range.end)
            })
            .collect()
    }

    #[test]
    fn stretches_end_where_something_shows_that_a_name_does() {
        let all = considered(
            "classe de CM1 de l’école Paul-Fort - Saint-Arnoult (78), académie de Versailles",
        );
        for name in ["école Paul-Fort", "Saint-Arnoult", "académie de Versailles"] {
            assert!(all.contains(&name), "« {name} » is not considered");
        }
        assert!(
            !all.contains(&"académie de"),
            "behind the first words, a name ends with no small word"
        );
    }

    #[test]
    fn no_stretch_ends_where_the_next_line_goes_on() {
        let all = considered("Association pour l’Orientation\net la Réussite en Trégor");
        assert!(!all.contains(&"Association pour l’Orientation"));
        let all = considered("Association pour l’Orientation\nTrégor");
        assert!(all.contains(&"Association pour l’Orientation"));
    }

    #[test]
    fn no_stretch_goes_on_into_the_next_sentence() {
        let all = considered("Le Rucher commun loue des ruches. Ses abeilles vont bien.");
        assert!(all.contains(&"Le Rucher commun"));
        assert!(all.iter().all(|stretch| !stretch.contains("ruches. Ses")));
    }
}
