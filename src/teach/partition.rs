//! Which partition of a document the examples mean, and what its profile says.

use std::collections::BTreeSet;

use super::examples::{first_spots, holding};
use super::find::Spot;
use super::lines::{self, Induced, Placed, Shown};
use super::measures::{Case, measure};
use super::{Lesson, Refusal, is_denied, starts};
use rayon::prelude::*;

use crate::extract::extract;
use crate::model::document::Document;
use crate::model::mention::Mention;
use crate::profile::{EntryRules, Lexicon, LineRule, Pattern, Place, Profile, Slot};
use crate::segment::units::Units;
use crate::segment::{Considered, Segmentation, Span, Trial};

/// What a profile may say, with what it would read.
#[derive(Debug)]
pub(super) struct Plan {
    /// Where entries start.
    pub rules: EntryRules,
    /// What lines give.
    pub lines: Vec<LineRule>,
    /// The entries.
    pub partition: Considered,
    /// Which of them each example is.
    pub entries: Vec<usize>,
    /// Entries that hold what the first example says.
    pub n_holding: usize,
    /// How well each field is found.
    pub placed: Vec<Placed>,
    /// Labels of the entries.
    pub labels: Vec<String>,
    /// What all of it is worth.
    pub worth: f32,
    /// What explains the examples about as well, and reads other entries.
    pub tie: Option<String>,
}

/// A partition that holds the examples, before it is read.
struct Held<'t> {
    rules: EntryRules,
    partition: Considered,
    home: Home<'t>,
    entries: Vec<usize>,
    n_holding: usize,
    worth: f32,
}

/// Whose units the entries of a partition are stretches of.
#[derive(Clone, Copy)]
enum Home<'t> {
    Document(&'t Segmentation),
    Trial(&'t Trial<'t>),
}

impl Home<'_> {
    fn cut_as(self, partition: &Considered) -> Segmentation {
        match self {
            Self::Document(segmentation) => segmentation.cut_as(partition),
            Self::Trial(trial) => trial.segmentation(partition),
        }
    }
}

/// Partitions of which all is read: the others are worth less by far. Of long documents fewer, so that a lesson takes less than a second.
const READ: usize = 24;
/// Of a document of so many units no more are read than it takes to read these.
const READ_UNITS: usize = 12_000;
/// Of any document so many are read.
const READ_AT_LEAST: usize = 8;
/// How much it counts that the entries' values look like those shown, by itself and for each time that there are e times as many entries; that they
/// stand in the same line of their entry; and, against it, that entries are e times as long or as short. These were chosen on real/ and kinds/, where a
/// plateau of them gives the same; weights of all measures, learnt, were no better on families left out.
const ALIKE: f32 = 0.1;
const MORE_ALIKE: f32 = 0.2;
const SAME_LINE: f32 = 0.2;
const OTHER_LENGTH: f32 = 0.3;
/// An example that several entries hold says less.
const SEVERAL: f32 = 0.08;
/// What is no better than this is no list. Two sentences of prose pass 0.65; of eight real documents that are taught none is lost by this.
const LEAST: f32 = 0.75;
/// Two plans are a tie from here on.
const TIE: f32 = 0.02;

/// What a profile may say, best first.
pub(super) fn plans(
    document: &Document,
    segmentation: &Segmentation,
    lexicon: &Lexicon,
    lesson: &Lesson,
) -> Result<Vec<Plan>, Refusal> {
    let base = Trial::of(document, lexicon, None);
    let own = own_cuts(document, lexicon, lesson, &base);
    let starts = starts_of(document, &base, lesson);
    let mut held = held(segmentation, (&base, starts), &own, lesson)?;
    for held in &mut held {
        held.worth -= SEVERAL * held.n_holding.saturating_sub(1).min(3) as f32;
    }
    held.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    let read = (READ_UNITS / base.units().list.len().max(1)).clamp(READ_AT_LEAST, READ);
    held.truncate(read);
    let mut plans: Vec<Plan> = (held.into_par_iter())
        .flat_map_iter(|held| plans_of(document, lesson, held))
        .collect();
    plans.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    plans.retain(|plan| plan.worth >= LEAST);
    if let [first, second, ..] = plans.as_mut_slice()
        && first.worth - second.worth < TIE
        && first.partition.entries.len() != second.partition.entries.len()
    {
        first.tie = Some(format!(
            "{} ({} entries)",
            second.rules,
            second.partition.entries.len()
        ));
    }
    Ok(plans)
}

/// The partitions that hold the examples, those that the document suggests first; why there is none, where there is none.
fn held<'t>(
    segmentation: &'t Segmentation,
    (base, starts): (&'t Trial<'t>, Vec<Place>),
    own: &'t [(Trial<'t>, Place)],
    lesson: &Lesson,
) -> Result<Vec<Held<'t>>, Refusal> {
    let mut all: Vec<Held<'_>> = Vec::new();
    let mut refused: Vec<(f32, Refusal)> = Vec::new();
    let mut seen: BTreeSet<(usize, Vec<(usize, usize)>)> = BTreeSet::new();
    let mut hold =
        |rules: EntryRules, partition: Considered, home: Home<'t>, units: &Units| match holding(
            units,
            &partition.entries,
            lesson,
        ) {
            Ok((entries, n_holding)) => all.push(Held {
                worth: partition.worth,
                rules,
                partition,
                home,
                entries,
                n_holding,
            }),
            Err(refusal) => refused.push((partition.worth, refusal)),
        };
    for considered in segmentation.considered() {
        let Some(way) = considered.ways.first() else {
            continue;
        };
        let rules = EntryRules {
            found_by: Some(way.clone()),
            ..EntryRules::default()
        };
        seen.insert((0, extents(&considered.entries)));
        let units = segmentation.units_of(considered);
        hold(
            rules,
            considered.clone(),
            Home::Document(segmentation),
            units,
        );
    }
    let trials = std::iter::once((base, starts)).chain(
        own.iter()
            .map(|(trial, place)| (trial, vec![place.clone()])),
    );
    for (number, (trial, places)) in trials.enumerate() {
        for (place, alone) in places
            .iter()
            .flat_map(|place| [(place, false), (place, true)])
        {
            // Where lines of a paragraph are such places, the paragraph is cut by them first.
            if number == 0 && trial.is_cut_anew_by(place) {
                continue;
            }
            let rules = EntryRules {
                starts_with: Some(place.clone()),
                alone,
                ..EntryRules::default()
            };
            let Some(partition) = trial.cut_by(&rules) else {
                continue;
            };
            if partition.entries.len() > 1 && seen.insert((number, extents(&partition.entries))) {
                hold(rules, partition, Home::Trial(trial), trial.units());
            }
        }
    }
    if all.is_empty() {
        refused.sort_by(|a, b| b.0.total_cmp(&a.0));
        let reasons = refused.into_iter().map(|(_, refusal)| refusal);
        let told = reasons
            .into_iter()
            .find(|refusal| !matches!(refusal, Refusal::NoForm));
        return Err(told.unwrap_or(Refusal::NoForm));
    }
    Ok(all)
}

fn extents(spans: &[Span]) -> Vec<(usize, usize)> {
    spans
        .iter()
        .map(|span| (span.extent().start, span.extent().end))
        .collect()
}

/// The places at which entries may start.
fn starts_of(document: &Document, trial: &Trial<'_>, lesson: &Lesson) -> Vec<Place> {
    let units = trial.units();
    let mut places: Vec<Place> = Vec::new();
    for example in &lesson.examples {
        for (start, spots) in first_spots(units, example).into_iter().take(4) {
            let line = units
                .list
                .get(start)
                .map(|unit| unit.text.as_str().replace('\n', " "));
            let mut own = starts::places(document, units, start);
            let line = line.unwrap_or_default();
            let mut put = starts::forms(&line, example, &spots);
            put.extend(starts::windows(&line, &spots));
            own.extend(starts::of_look(units, start, &put));
            own.extend(put);
            for place in own {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
    }
    places
}

/// Where the lines of a paragraph are entries: the paragraph cut by each way in which the line of the example is put together.
fn own_cuts<'d>(
    document: &'d Document,
    lexicon: &Lexicon,
    lesson: &Lesson,
    base: &Trial<'d>,
) -> Vec<(Trial<'d>, Place)> {
    // Each cuts the document anew.
    const MOST: usize = 16;
    let mut places: Vec<Place> = Vec::new();
    let Some(example) = lesson.examples.first() else {
        return Vec::new();
    };
    for (start, spots) in first_spots(base.units(), example).into_iter().take(2) {
        let Some(unit) = base.units().list.get(start) else {
            continue;
        };
        let text = unit.text.as_str();
        let Some((_, first)) = spots.first().filter(|_| text.contains('\n')) else {
            continue;
        };
        let from = text
            .get(..first.range.start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        let to = text
            .get(first.range.end..)
            .and_then(|after| after.find('\n'))
            .map_or(text.len(), |at| first.range.end + at);
        let within: Vec<(Slot, Spot)> = (spots.iter())
            .filter(|(_, spot)| from <= spot.range.start && spot.range.end <= to)
            .map(|(slot, spot)| {
                let range = spot.range.start - from..spot.range.end - from;
                (
                    *slot,
                    Spot {
                        unit: spot.unit,
                        range,
                    },
                )
            })
            .collect();
        let line = text.get(from..to).unwrap_or_default();
        places.extend(starts::forms(line, example, &within).into_iter().take(MOST));
    }
    let others = starts_of(document, base, lesson);
    places.extend(
        others
            .into_iter()
            .filter(|place| base.is_cut_anew_by(place))
            .take(MOST),
    );
    (places.into_par_iter())
        .map(|place| {
            let profile = Profile {
                entry: EntryRules {
                    starts_with: Some(place.clone()),
                    ..EntryRules::default()
                },
                ..Profile::default()
            };
            (Trial::of(document, lexicon, Some(&profile)), place)
        })
        .collect()
}

/// Reads a partition, and finds out what its lines give; and the same without the entries in which nothing stands as what was shown.
fn plans_of(document: &Document, lesson: &Lesson, held: Held<'_>) -> Vec<Plan> {
    let segmentation = held.home.cut_as(&held.partition);
    let mentions = read(document, &segmentation, &held.rules, &[]);
    let units = segmentation.units();
    let shown = shown_of(lesson, &held.entries);
    let Induced {
        rules,
        placed,
        strict_rules,
        strict,
    } = lines::induce(units, &held.partition, &mentions, &shown);
    let stricter = without_others(units, &held, &strict_rules);
    let mut plans = vec![plan(
        document,
        lesson,
        held,
        &segmentation,
        mentions,
        (rules, placed),
    )];
    if let Some(held) = stricter {
        let segmentation = held.home.cut_as(&held.partition);
        let n = plans.first().map_or(0, |plan| plan.partition.entries.len());
        // How much of all entries the values were like: of those that are left, more.
        let more = n as f32 / held.partition.entries.len().max(1) as f32;
        let strict = (strict.into_iter())
            .map(|placed| Placed {
                likeness: (placed.likeness * more).min(1.0),
                ..placed
            })
            .collect();
        plans.push(plan(
            document,
            lesson,
            held,
            &segmentation,
            Vec::new(),
            (strict_rules, strict),
        ));
    }
    plans
}

/// The records of a partition, by rules of a profile.
fn read(
    document: &Document,
    segmentation: &Segmentation,
    rules: &EntryRules,
    lines: &[LineRule],
) -> Vec<Mention> {
    let profile = Profile {
        entry: rules.clone(),
        lines: lines.to_vec(),
        ..Profile::default()
    };
    extract(document, segmentation, Some(&profile)).mentions
}

fn shown_of<'l>(lesson: &'l Lesson, entries: &[usize]) -> Vec<Shown<'l>> {
    (lesson.examples.iter().zip(entries))
        .map(|(example, entry)| Shown {
            entry: *entry,
            example,
        })
        .collect()
}

/// A partition without the entries in which no rule fits, where these are some.
fn without_others<'t>(units: &Units, held: &Held<'t>, lines: &[LineRule]) -> Option<Held<'t>> {
    let mut rules = held.rules.clone();
    rules.only = true;
    let mut partition = held.partition.clone();
    partition.leave_out(&rules, lines, units);
    let (n, before) = (partition.entries.len(), held.partition.entries.len());
    if lines.is_empty() || n < 2 || n == before || n * 3 < before {
        return None;
    }
    let place = |entry: &usize| {
        let span = held.partition.entries.get(*entry)?;
        partition.entries.iter().position(|own| own == span)
    };
    let entries = held
        .entries
        .iter()
        .map(place)
        .collect::<Option<Vec<usize>>>()?;
    Some(Held {
        rules,
        partition,
        entries,
        home: held.home,
        ..*held
    })
}

/// What a partition's profile says, with rules of lines, and how well each field is found with them.
fn plan(
    document: &Document,
    lesson: &Lesson,
    held: Held<'_>,
    segmentation: &Segmentation,
    mentions: Vec<Mention>,
    (lines, placed): (Vec<LineRule>, Vec<Placed>),
) -> Plan {
    let Held {
        mut rules,
        mut partition,
        mut entries,
        n_holding,
        worth,
        ..
    } = held;
    let units = segmentation.units();
    let mentions = if lines.is_empty() {
        mentions
    } else {
        read(document, segmentation, &rules, &lines)
    };
    let is_kept: Vec<bool> = (mentions.iter())
        .map(|mention| !is_denied(mention, &lesson.not))
        .collect();
    if is_kept.contains(&false) {
        let words = lesson.not.iter().cloned();
        rules.except = (words.filter_map(|words| Pattern::try_from(words).ok())).collect();
        partition.keep(&is_kept);
        for entry in &mut entries {
            *entry -= is_kept.iter().take(*entry).filter(|kept| !**kept).count();
        }
    }
    let mentions: Vec<Mention> = (mentions.into_iter().zip(&is_kept))
        .filter_map(|(mention, is_kept)| is_kept.then_some(mention))
        .collect();
    let shown = shown_of(lesson, &entries);
    let measured = measure(&Case {
        units,
        partition: &partition,
        mentions: &mentions,
        shown: &shown,
        placed: &placed,
    });
    let says = ALIKE * measured.alike
        + MORE_ALIKE * measured.alike * measured.entries
        + SAME_LINE * measured.same_line
        - OTHER_LENGTH * measured.other_length;
    Plan {
        labels: labels(units, &partition),
        worth: worth + says,
        rules,
        lines,
        partition,
        entries,
        n_holding,
        placed,
        tie: None,
    }
}

/// Labels that most entries have.
fn labels(units: &Units, partition: &Considered) -> Vec<String> {
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for span in &partition.entries {
        let own: BTreeSet<&str> = (units.list.get(span.body.clone()).unwrap_or_default().iter())
            .filter_map(|unit| unit.label.as_ref())
            .filter(|label| !label.column)
            .map(|label| label.text.as_str())
            .collect();
        for label in own {
            *counts.entry(label.to_owned()).or_default() += 1;
        }
    }
    (counts.into_iter())
        .filter(|(label, count)| {
            count * 10 >= partition.entries.len() * 8 && label.contains(char::is_alphabetic)
        })
        .map(|(label, _)| label)
        .collect()
}
