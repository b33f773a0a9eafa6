//! What speaks for and against a partition: the measures by which it is judged.

mod case;

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::alike;
use super::candidates::Method;
use super::columns::Line;
use super::entries::Span;
use super::signals::{self, SIGNALS};
use super::units::Unit;
use crate::message;
use crate::message::{Message, word};
use crate::profile::places;
use crate::word;
pub use case::Case;

/// A measure by which partitions are judged.
pub struct Criterion {
    /// What it goes by.
    pub name: &'static str,
    /// What it says, and why a stranger should accept it.
    pub meaning: &'static str,
    measure: fn(&Case<'_>) -> f32,
}

/// The measures that are not shares of signals. A further one is a further row here.
pub static CRITERIA: [Criterion; 58] = [
    Criterion {
        name: "labelled-once",
        meaning: word!(
            "Of the labels that a laureate's record has, those that each entry has exactly once"
        ),
        measure: |case| case.features.labels,
    },
    Criterion {
        name: "fields",
        meaning: word!("How many labelled fields each entry has"),
        measure: |case| case.features.core.min(6.0) / 6.0,
    },
    Criterion {
        name: "labelled-fields",
        meaning: word!("Many labels, each once in an entry, in all that entries hold"),
        measure: |case| {
            case.features.labels.powi(2)
                * (case.features.core / 3.0).min(1.0)
                * case.features.coverage
        },
    },
    Criterion {
        name: "headed",
        meaning: word!("Entries with a head that can be a name or a title"),
        measure: |case| case.features.heads,
    },
    Criterion {
        name: "alike",
        meaning: word!("Entries that begin alike"),
        measure: |case| case.features.regular,
    },
    Criterion {
        name: "named",
        meaning: word!("Heads or labelled names with the form of an organisation's"),
        measure: |case| case.features.organisations,
    },
    Criterion {
        name: "worded",
        meaning: word!("Heads with words of organisations"),
        measure: |case| case.features.bodies,
    },
    Criterion {
        name: "substance",
        meaning: word!("Entries that say something beyond their head"),
        measure: |case| case.features.substance,
    },
    Criterion {
        name: "coverage",
        meaning: word!("Of the text between first and last entry, what entries hold"),
        measure: |case| case.features.coverage,
    },
    Criterion {
        name: "share",
        meaning: word!("Of the whole text, what entries hold"),
        measure: |case| case.features.share,
    },
    Criterion {
        name: "spoken-of",
        meaning: word!("The document speaks of laureates"),
        measure: |case| f32::from(u8::from(case.features.cue > 0.0)),
    },
    Criterion {
        name: "titled",
        meaning: word!("Its title, or a heading above the entries, announces laureates"),
        measure: |case| f32::from(u8::from(case.features.cue >= 1.0)),
    },
    Criterion {
        name: "counted",
        meaning: word!("An announced count is met"),
        measure: |case| case.features.announced,
    },
    Criterion {
        name: "sections",
        meaning: word!("Heads that name parts of a call, a form or an article"),
        measure: |case| case.features.sections,
    },
    Criterion {
        name: "prizes",
        meaning: word!("Entries that name a prize"),
        measure: |case| case.features.awards,
    },
    Criterion {
        name: "notices",
        meaning: word!("Entries that read like notices"),
        measure: |case| case.features.notices,
    },
    Criterion {
        name: "placed",
        meaning: word!("Entries with a known place beside their head"),
        measure: |case| case.features.placed,
    },
    Criterion {
        name: "guessed",
        meaning: word!("Entries whose name stands in a column that nobody knows"),
        measure: |case| case.features.guessed,
    },
    Criterion {
        name: "others",
        meaning: word!("Entries below a heading that names others: partners, a jury, a team"),
        measure: |case| case.features.others,
    },
    Criterion {
        name: "announced",
        meaning: word!("The list is announced right above it"),
        measure: |case| f32::from(u8::from(case.features.listed)),
    },
    Criterion {
        name: "shown",
        meaning: word!("A heading or words to the reader show the list"),
        measure: |case| f32::from(u8::from(case.features.shown)),
    },
    Criterion {
        name: "set-apart",
        meaning: word!("Lines that open with a run of its own look, or give an address"),
        measure: |case| case.features.set_apart,
    },
    Criterion {
        name: "records",
        meaning: word!("How surely lines are records by themselves"),
        measure: |case| case.features.lines,
    },
    Criterion {
        name: "covered-records",
        meaning: word!("Lines that are records, and all of the text between"),
        measure: |case| case.features.lines * case.features.coverage * case.features.coverage,
    },
    Criterion {
        name: "number",
        meaning: word!("Number of entries, as a logarithm"),
        measure: |case| (case.spans.len() as f32).ln().min(6.0) / 4.0,
    },
    Criterion {
        name: "few",
        meaning: word!("One or two entries repeat nothing"),
        measure: |case| f32::from(u8::from(case.spans.len() < 3)),
    },
    Criterion {
        name: "length",
        meaning: word!("Words of an entry, as a logarithm"),
        measure: |case| case.log_words().0 / 4.0,
    },
    Criterion {
        name: "uneven",
        meaning: word!("Entries of very different length: entries of one list are alike"),
        measure: |case| case.log_words().1.min(2.0),
    },
    Criterion {
        name: "longest",
        meaning: word!(
            "The longest entry beside all: one that holds half of the text holds several"
        ),
        measure: |case| {
            *case.words.iter().max().unwrap_or(&0) as f32
                / case.words.iter().sum::<u32>().max(1) as f32
        },
    },
    Criterion {
        name: "empty",
        meaning: word!("Entries of less than three words"),
        measure: |case| {
            case.words.iter().filter(|words| **words < 3).count() as f32
                / case.words.len().max(1) as f32
        },
    },
    Criterion {
        name: "distinct",
        meaning: word!(
            "Entries that begin with other words than all others: laureates have names of their own"
        ),
        measure: |case| {
            fn title<'t>(line: Option<&Line>, text: &'t str) -> Option<&'t str> {
                text.get(line?.title()?)
            }
            let firsts: FxHashSet<&str> = (case.spans.iter().enumerate())
                .filter_map(|(number, span)| {
                    let first = case.units.list.get(Case::first(span))?;
                    let body = case.units.list.get(span.body.start)?;
                    let line = case.candidate.lines.get(number);
                    title(line, body.text.as_str()).or(Some(first.folded.as_str()))
                })
                .collect();
            firsts.len() as f32 / case.spans.len().max(1) as f32
        },
    },
    Criterion {
        name: "whole-lists",
        meaning: word!(
            "Of the lines that stand in one list with the entries, those that are in entries, too"
        ),
        measure: alike::whole_lists,
    },
    Criterion {
        name: "same-parts",
        meaning: word!("Kinds of lines that an entry shares with the others"),
        measure: alike::same_parts,
    },
    Criterion {
        name: "agreement",
        meaning: word!("What most entries show, all do; what few show, none does"),
        measure: alike::agreement,
    },
    Criterion {
        name: "own-look",
        meaning: word!("Lines that look like the entries' first ones, and start one, too"),
        measure: alike::own_look,
    },
    Criterion {
        name: "before",
        meaning: word!("Of the text, what stands above the first entry"),
        measure: |case| {
            let all = case.signals.words(&(0..case.units.list.len())).max(1);
            case.signals.words(&(0..case.reach().start)) as f32 / all as f32
        },
    },
    Criterion {
        name: "behind",
        meaning: word!("Of the text, what stands below the last entry"),
        measure: |case| {
            let all = case.signals.words(&(0..case.units.list.len())).max(1);
            case.signals
                .words(&(case.reach().end..case.units.list.len())) as f32
                / all as f32
        },
    },
    Criterion {
        name: "witnesses",
        meaning: word!("Several ways to place entries lead to these"),
        measure: |case| (case.witnesses as f32).ln().min(2.0) / 2.0,
    },
    Criterion {
        name: "consensus",
        meaning: word!("Other partitions start entries where this one does"),
        measure: |case| case.consensus,
    },
    Criterion {
        name: "organisation-words",
        meaning: word!("How much more of the first lines' words are organisations' than projects'"),
        measure: |case| {
            case.mean(|span| {
                let first = Case::first(span);
                let unit = case.units.list.get(first);
                unit.map_or(0.0, |unit| case.signals.lean(first, unit))
            })
        },
    },
    Criterion {
        name: "capitals",
        meaning: word!("First lines that begin with a capital, a number or a quotation mark"),
        measure: |case| {
            case.share(|span| {
                case.units.list.get(Case::first(span)).is_some_and(|unit| {
                    unit.text.as_str().starts_with(|c: char| {
                        c.is_uppercase() || c.is_ascii_digit() || matches!(c, '«' | '“' | '"')
                    })
                })
            })
        },
    },
    Criterion {
        name: "long-heads",
        meaning: word!("Words of the first line, as a logarithm"),
        measure: |case| {
            case.mean(|span| {
                case.units
                    .list
                    .get(Case::first(span))
                    .map_or(0.0, |unit| (1.0 + unit.n_words as f32).ln() / 4.0)
            })
        },
    },
    Criterion {
        name: "ends-whole",
        meaning: word!(
            "Of what most entries have, what both the first and the last have: cut at the wrong line, a list has a beginning or an end too many"
        ),
        measure: |case| {
            // The looks of an entry's lines, each once.
            let looks = |span: &Span| -> FxHashSet<u32> {
                (case
                    .units
                    .list
                    .get(span.extent())
                    .unwrap_or_default()
                    .iter())
                .map(|unit| unit.class)
                .collect()
            };
            let (Some(first), Some(last)) = (case.spans.first(), case.spans.last()) else {
                return 0.0;
            };
            let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
            for look in case.spans.iter().flat_map(looks) {
                *counts.entry(look).or_default() += 1;
            }
            let usual: Vec<u32> = (counts.into_iter())
                .filter(|(_, n)| n * 2 > case.spans.len())
                .map(|(look, _)| look)
                .collect();
            let whole = |span: &Span| {
                let own = looks(span);
                let n = usual.iter().filter(|look| own.contains(look)).count();
                n as f32 / usual.len().max(1) as f32
            };
            whole(first).min(whole(last))
        },
    },
    Criterion {
        name: "by-label",
        meaning: word!("Entries placed by one of their labels"),
        measure: |case| case.is(|method| matches!(method, Method::Label(_))),
    },
    Criterion {
        name: "by-head",
        meaning: word!("Entries placed by a head above a label"),
        measure: |case| case.is(|method| matches!(method, Method::HeadThenLabel)),
    },
    Criterion {
        name: "by-look",
        meaning: word!("Entries placed by lines that look alike"),
        measure: |case| case.is(|method| matches!(method, Method::Class(_))),
    },
    Criterion {
        name: "by-row",
        meaning: word!("Entries that are rows of a table"),
        measure: |case| case.is(|method| matches!(method, Method::Rows)),
    },
    Criterion {
        name: "by-page",
        meaning: word!("Entries that are pages"),
        measure: |case| case.is(|method| matches!(method, Method::Pages)),
    },
    Criterion {
        name: "by-element",
        meaning: word!("Entries that are elements of the page"),
        measure: |case| case.is(|method| matches!(method, Method::Elements(_))),
    },
    Criterion {
        name: "by-line",
        meaning: word!("Entries that are lines"),
        measure: |case| case.is(|method| matches!(method, Method::Lines)),
    },
    Criterion {
        name: "by-sentence",
        meaning: word!("Entries cut out of paragraphs"),
        measure: |case| f32::from(u8::from(case.is_told)),
    },
    Criterion {
        name: "by-broken-line",
        meaning: word!("Entries of lines that paragraphs are broken into"),
        measure: |case| f32::from(u8::from(case.cut > 0 && !case.is_told)),
    },
    Criterion {
        name: "lines-below-headings",
        meaning: word!(
            "Lines that each stand right below a short line outside of all entries: it may be their head"
        ),
        measure: |case| {
            let above = |span: &Span| {
                let last = span.context.end.checked_sub(1);
                last.filter(|last| span.context.contains(last))
            };
            let is_headed = |span: &Span| {
                above(span)
                    .and_then(|above| case.units.list.get(above))
                    .is_some_and(Unit::is_head_like)
            };
            // Above half of them, or fewer, stand the headings of sections.
            let each = (2.0 * case.share(is_headed) - 1.0).max(0.0);
            case.is(|method| matches!(method, Method::Lines)) * each
        },
    },
    Criterion {
        name: "lines-with-project",
        meaning: word!("Lines that say what for"),
        measure: |case| case.share_of_lines(|line, _| line.project.is_some()),
    },
    Criterion {
        name: "lines-with-amount",
        meaning: word!("Lines that say how much"),
        measure: |case| case.share_of_lines(|line, _| line.amount.is_some()),
    },
    Criterion {
        name: "lines-with-award",
        meaning: word!("Lines that say which prize"),
        measure: |case| case.share_of_lines(|line, _| line.award.is_some()),
    },
    Criterion {
        name: "lines-with-place",
        meaning: word!("Lines that say where"),
        measure: |case| case.share_of_lines(|line, _| line.territory.is_some()),
    },
    Criterion {
        name: "lines-of-places",
        meaning: word!("Lines that name nothing but a known place: a list of towns or countries"),
        measure: |case| {
            case.share_of_lines(|line, text| {
                let title = line.title().and_then(|title| text.get(title));
                title.is_some_and(|title| places::likeness(title) >= places::SURE)
            })
        },
    },
];

/// How many measures a partition has: the criteria, and for each signal the share of entries, of their first lines and of what is in no entry
/// that show it, and how much of all that shows it entries hold.
pub const N: usize = CRITERIA.len() + 4 * signals::N;

/// The measures of a partition, in the order of [`names`].
pub fn measure(case: &Case<'_>) -> Vec<f32> {
    let mut measures: Vec<f32> = CRITERIA
        .iter()
        .map(|criterion| (criterion.measure)(case))
        .collect();
    let n = case.spans.len().max(1) as f32;
    let shares = |stretch: &dyn Fn(&Span) -> Range<usize>| {
        let mut shares = [0.0f32; signals::N];
        for span in case.spans {
            for (share, count) in shares.iter_mut().zip(case.signals.counts(&stretch(span))) {
                *share += f32::from(u8::from(count > 0)) / n;
            }
        }
        shares
    };
    measures.extend(shares(&Span::extent));
    measures.extend(shares(&|span| Case::first(span)..Case::first(span) + 1));
    measures.extend(outside(case));
    measures.extend(held(case));
    measures
}

/// What the measures go by.
pub fn names() -> impl Iterator<Item = String> {
    let criteria = CRITERIA.iter().map(|criterion| criterion.name.to_owned());
    let within = SIGNALS
        .iter()
        .map(|signal| format!("{} within", signal.name));
    let first = SIGNALS
        .iter()
        .map(|signal| format!("{} first", signal.name));
    let outside = SIGNALS
        .iter()
        .map(|signal| format!("{} outside", signal.name));
    let held = SIGNALS.iter().map(|signal| format!("{} held", signal.name));
    criteria
        .chain(within)
        .chain(first)
        .chain(outside)
        .chain(held)
}

/// What the measures mean, in the same order: what there is more or less of.
pub fn meanings() -> impl Iterator<Item = Message> {
    let criteria = CRITERIA.iter().map(|criterion| word(criterion.meaning));
    let signals = || SIGNALS.iter().map(|signal| word(signal.meaning));
    criteria
        .chain(signals().map(|what| message!("Entries that have {what}", what)))
        .chain(signals().map(|what| message!("First lines of entries that have {what}", what)))
        .chain(
            signals().map(|what| message!("Lines outside of all entries that have {what}", what)),
        )
        .chain(
            signals().map(|what| message!("Of the lines that have {what}, those in entries", what)),
        )
}

/// For each signal, the share of the units that show it which are in entries; 0, where none shows it.
fn held(case: &Case<'_>) -> [f32; signals::N] {
    let all = case.signals.counts(&(0..case.units.list.len()));
    let mut held = [0u32; signals::N];
    for span in case.spans {
        for (held, own) in held.iter_mut().zip(case.signals.counts(&span.extent())) {
            *held += own;
        }
    }
    std::array::from_fn(|signal| {
        let of =
            |counts: &[u32; signals::N]| counts.get(signal).copied().unwrap_or_default() as f32;
        (of(&held) / of(&all).max(1.0)).min(1.0)
    })
}

/// For each signal, the share of the units in no entry that show it.
fn outside(case: &Case<'_>) -> [f32; signals::N] {
    let n_units = case.units.list.len();
    let mut counts = case.signals.counts(&(0..n_units));
    let mut n = n_units;
    for span in case.spans {
        let own = span.extent();
        n = n.saturating_sub(own.len());
        for (count, own) in counts.iter_mut().zip(case.signals.counts(&own)) {
            *count = count.saturating_sub(own);
        }
    }
    counts.map(|count| count as f32 / n.max(1) as f32)
}
