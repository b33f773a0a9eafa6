//! A document in; its entries out: where laureates start and end, what is context, what belongs to none.

pub mod account;
mod alike;
pub mod candidates;
pub mod cells;
pub mod columns;
pub mod criteria;
pub mod entries;
mod enumerations;
pub mod headers;
mod joined;
mod labels;
pub mod line;
pub mod look;
mod pages;
pub mod parts;
mod rows;
pub mod ruled;
pub mod score;
pub mod sentences;
pub mod signals;
mod sums;
pub mod told;
pub mod trial;
pub mod units;
mod weights;

pub use account::Announced;
pub use candidates::Method;
pub use entries::Span;
pub use score::Features;
pub use trial::Trial;
pub use units::{Form, Unit, UnitLabel, Units};

use rayon::prelude::*;

use candidates::Candidate;
use criteria::Case;
use signals::Signals;
use units::Outline;
use weights::{Model, WEIGHTS};

use crate::config::Expect;
use crate::message::Message;
use crate::model::document::Document;
use std::collections::{BTreeMap, BTreeSet};

use crate::profile::{EntryRules, Lexicon, LineRule, Profile, Section};

/// A partition that was considered.
#[derive(Clone, Debug)]
pub struct Considered {
    /// What it goes by.
    pub method: Method,
    /// Which cut of the body its entries are stretches of: 0 is the plain one.
    pub cut: usize,
    /// That cut takes the lines of blocks apart.
    pub is_broken: bool,
    /// What else leads to the same entries.
    pub witnesses: Vec<Method>,
    /// What its method is called, with what tells it from others of a document; and those of what else leads to the same entries.
    pub ways: Vec<String>,
    /// Its measures.
    pub features: Features,
    /// Its measures, by the criteria.
    pub measures: Vec<f32>,
    /// Its score.
    pub score: f32,
    /// How right it is beside the others, by learnt weights: near 1 where all is, 0 where nothing is.
    pub worth: f32,
    /// The odds, as a logarithm, that it is right at all where as many documents have laureates as have none, by learnt weights.
    pub log_odds: f32,
    /// Its entries, in reading order.
    pub entries: Vec<Span>,
    /// What each entry says, where entries are records by themselves.
    pub lines: Vec<columns::Line>,
}

impl Considered {
    /// The measures by which it is more, or less, likely right than partitions are as a rule: those that add most to the log-odds first.
    pub fn reasons(&self) -> Vec<Reason> {
        self.told(&WEIGHTS.right, &WEIGHTS.usual)
    }

    /// The measures by which it is worth more, or less, than another: those that add most first.
    pub fn reasons_beside(&self, other: &Self) -> Vec<Reason> {
        self.told(&WEIGHTS.choice, &other.measures)
    }

    /// Leaves out the entries of which a profile says that they are none, or of which it says nothing where it is to say something of all.
    pub fn leave_out(&mut self, entry: &EntryRules, lines: &[LineRule], units: &Units) {
        let is_kept = |span: &Span| {
            let first = units.list.get(span.extent().start);
            !first.is_some_and(|unit| entry.excepts(&unit.folded))
                && (!entry.only || ruled::is_read(units, span, lines))
        };
        let kept: Vec<bool> = self.entries.iter().map(is_kept).collect();
        self.keep(&kept);
    }

    /// Keeps some of the entries.
    pub fn keep(&mut self, kept: &[bool]) {
        let mut all = kept.iter();
        self.entries.retain(|_| all.next() == Some(&true));
        let mut all = kept.iter();
        self.lines.retain(|_| all.next() == Some(&true));
    }

    fn told(&self, model: &Model, usual: &[f32]) -> Vec<Reason> {
        let measures = self.measures.iter().zip(usual);
        let mut told: Vec<Reason> = criteria::meanings()
            .zip(measures.zip(model.terms(&self.measures, usual)))
            .map(|(meaning, ((measure, usual), adds))| Reason {
                meaning,
                measure: *measure,
                usual: *usual,
                adds,
            })
            .collect();
        told.sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
        told
    }

    /// How sure this partition is, beside the best that has other entries: labels, a profile and a met count make sure; else how alike the entries are,
    /// how much they look like organisations or records, and how far the other is behind.
    fn certainty(&self, second: Option<f32>) -> f32 {
        // Values of partitions without any of this are right nine times in ten where those of the others are.
        const LEAST: f32 = 0.9;
        // A second partition that scores so much less is out of question.
        const CLEAR: f32 = 1.5;
        let features = &self.features;
        let labelled = features.labels >= 0.5 && features.core >= 1.5;
        if labelled || features.announced > 0.0 || matches!(self.method, Method::Profile(_)) {
            return 1.0;
        }
        let looks = features.organisations.max(features.lines).min(1.0);
        let margin = second.map_or(1.0, |second| {
            ((self.score - second) / CLEAR).clamp(0.0, 1.0)
        });
        LEAST + (1.0 - LEAST) * (features.regular + looks + margin) / 3.0
    }
}

/// What a measure says for a partition, or against it.
#[derive(Clone, Debug)]
pub struct Reason {
    /// What is measured, in words.
    pub meaning: Message,
    /// How much of it there is.
    pub measure: f32,
    /// How much there is as a rule, or in the other partition.
    pub usual: f32,
    /// What the difference adds; less than 0 where it speaks against the partition.
    pub adds: f32,
}

/// The best partition of a document of which none was taken.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// Its place among the runners-up.
    pub number: usize,
    /// The probability that it is right, with what is expected of the document.
    pub probability: f32,
    /// The probability that is asked for.
    pub asked: f32,
    /// Nothing in the document speaks of laureates, which is asked for, too, where none are expected.
    pub is_silent: bool,
    /// It would be taken if laureates were expected.
    pub is_taken_if_expected: bool,
}

/// The partition of a document, with its account.
#[derive(Clone, Debug)]
pub struct Segmentation {
    /// The entries, in reading order.
    pub entries: Vec<Span>,
    /// The chosen partition, where one was.
    pub chosen: Option<Considered>,
    /// The others, best first.
    pub runners_up: Vec<Considered>,
    /// How sure the partition is, from 0 to 1: what is read from its entries is no surer.
    pub certainty: f32,
    /// The probability that the partition is right, where that is in doubt.
    pub doubt: Option<f32>,
    /// What comes nearest to being taken, where nothing is.
    pub refused: Option<Refused>,
    /// The entries are where a profile says.
    pub is_as_declared: bool,
    /// The body cut into units as it is laid out.
    plain: Cut,
    /// Other cuts, numbered from 1.
    finer: Vec<Cut>,
}

impl Segmentation {
    /// For each unit, whether an entry holds it.
    pub fn held(&self) -> Vec<bool> {
        let mut held = vec![false; self.units().list.len()];
        for span in &self.entries {
            if let Some(units) = held.get_mut(span.extent()) {
                units.fill(true);
            }
        }
        held
    }

    /// The units that belong to no entry, by their place among all.
    pub fn outside(&self) -> impl Iterator<Item = (usize, &Unit)> {
        let units = self.units().list.iter().enumerate();
        (units.zip(self.held())).filter_map(|(unit, is_held)| (!is_held).then_some(unit))
    }

    /// The body, as the units whose stretches are the entries.
    pub fn units(&self) -> &Units {
        &self.cut().units
    }

    /// The body, as the units whose stretches the entries of a partition that was considered are.
    pub fn units_of(&self, considered: &Considered) -> &Units {
        let finer = considered.cut.checked_sub(1);
        let cut = finer.and_then(|number| self.finer.get(number));
        &cut.unwrap_or(&self.plain).units
    }

    /// Every partition that was considered, the chosen one first.
    pub fn considered(&self) -> impl Iterator<Item = &Considered> {
        self.chosen.iter().chain(&self.runners_up)
    }

    /// The same document, cut as a partition says that is of one of its cuts.
    #[must_use]
    pub fn cut_as(&self, chosen: &Considered) -> Self {
        Self {
            entries: chosen.entries.clone(),
            chosen: Some(chosen.clone()),
            runners_up: Vec::new(),
            plain: self.plain.clone(),
            finer: self.finer.clone(),
            ..*self
        }
    }

    /// Counts that the document announces.
    pub fn announced(&self) -> &[Announced] {
        &self.cut().announced
    }

    /// The units that a profile knows as being about the entries below them.
    pub fn sections(&self) -> &BTreeMap<usize, Section> {
        &self.cut().sections
    }

    fn cut(&self) -> &Cut {
        self.chosen
            .as_ref()
            .and_then(|chosen| self.finer.get(chosen.cut.checked_sub(1)?))
            .unwrap_or(&self.plain)
    }

    /// The same document, cut as its runner-up of this number cuts it.
    pub fn with_runner_up(&self, number: usize) -> Option<Self> {
        let chosen = self.runners_up.get(number)?.clone();
        Some(Self {
            entries: chosen.entries.clone(),
            chosen: Some(chosen),
            ..self.clone()
        })
    }

    /// The same document, cut as the partition that was refused cuts it, and as sure as that is.
    pub fn with_refused(&self) -> Option<Self> {
        let refused = self.refused?;
        Some(Self {
            certainty: refused.probability,
            ..self.with_runner_up(refused.number)?
        })
    }
}

/// The body of a document, cut into units, with what is known of these.
#[derive(Clone, Debug)]
pub struct Cut {
    /// In reading order.
    pub units: Units,
    /// Counts that it announces.
    pub announced: Vec<Announced>,
    /// The units that a profile knows as being about the entries below them.
    pub sections: BTreeMap<usize, Section>,
}

impl Cut {
    fn of(document: &Document, units: Units, profile: Option<&Profile>) -> Self {
        Self {
            sections: sections(document, &units, profile),
            announced: account::announced(&units),
            units,
        }
    }
}

/// Cuts a document into entries; none, where nothing convinces. Where a profile says what entries start with, and that occurs, its word decides.
/// Learnt weights choose (data/partition.toml); what no rule accepts is taken where its probability is enough for what is expected, and is in doubt then.
pub fn segment(
    document: &Document,
    lexicon: &Lexicon,
    profile: Option<&Profile>,
    expect: Expect,
) -> Segmentation {
    // Where what the rules accept is worth so much, sentences tell nothing better: of 156 documents of families left out, one loses by it.
    const SETTLED: f32 = 0.7;
    let own = profile
        .filter(|profile| !profile.labels.is_empty())
        .map(|profile| profile.lexicon(lexicon));
    let lexicon = own.as_ref().unwrap_or(lexicon);
    let outline = Outline::of(document, lexicon, profile);
    let units = units::units(&outline, &BTreeMap::new());
    let rules = profile.map(|profile| &profile.entry);
    let declared = rules.and_then(|rules| candidates::declared(document, &units, rules));
    let plain = Cut::of(document, units, profile);
    let is_declared = declared.is_some();
    let mut considered = consider(document, &plain, 0, declared);
    let way = rules.and_then(|rules| rules.found_by.as_deref());
    let is_found =
        |candidate: &Considered| way.is_some_and(|way| candidate.ways.iter().any(|own| own == way));
    let settled = (considered.iter()).find(|candidate| match way {
        Some(_) => is_found(candidate),
        None => candidate.worth >= SETTLED && candidate.features.is_convincing(),
    });
    let is_settled = settled.is_some();
    let pieces = if is_declared || way.is_some() && is_settled {
        BTreeMap::new()
    } else {
        let is_told = settled.is_none_or(|settled| tells_beside(settled, &plain.units));
        if is_told {
            sentences::cut(&plain.units)
        } else {
            BTreeMap::new()
        }
    };
    let lines = if is_declared || way.is_some() && is_settled {
        BTreeMap::new()
    } else {
        units::lines(&outline)
    };
    let finer: Vec<Cut> = [pieces, lines]
        .iter()
        .filter(|pieces| !pieces.is_empty())
        .map(|pieces| Cut::of(document, units::units(&outline, pieces), profile))
        .collect();
    for (number, cut) in finer.iter().enumerate() {
        considered.extend(consider(document, cut, number + 1, None));
    }
    // The sort is stable, so that of two equal partitions the first kind of evidence wins.
    considered.sort_by(|a, b| b.score.total_cmp(&a.score));
    let declared = considered.iter().position(|candidate| {
        matches!(candidate.method, Method::Profile(_)) || is_found(candidate)
    });
    if let Some((index, profile)) = declared.zip(profile)
        && let Some(taken) = considered.get_mut(index)
    {
        let cut = finer.get(taken.cut.wrapping_sub(1)).unwrap_or(&plain);
        taken.leave_out(&profile.entry, &profile.lines, &cut.units);
    }
    let (choice, refused) = match declared {
        Some(index) => (Some((index, None)), None),
        None => match choose(&considered, expect) {
            Ok(choice) => (Some(choice), None),
            Err(refused) => (None, refused),
        },
    };
    let chosen = choice.map(|(index, _)| considered.remove(index));
    let doubt = choice.and_then(|(_, doubt)| doubt);
    let second = considered.first().map(|candidate| candidate.score);
    let certainty = doubt.unwrap_or_else(|| {
        chosen
            .as_ref()
            .map_or(1.0, |chosen| chosen.certainty(second))
    });
    Segmentation {
        entries: chosen
            .as_ref()
            .map_or_else(Vec::new, |chosen| chosen.entries.clone()),
        chosen,
        runners_up: considered,
        certainty,
        doubt,
        refused,
        is_as_declared: declared.is_some(),
        plain,
        finer,
    }
}

/// Whether sentences outside of the entries of a list of lines say who gets something: « Les deux autres lauréats, X et Y, … ». Of fiches they do not, whose
/// introductions tell of much.
fn tells_beside(list: &Considered, units: &Units) -> bool {
    if list.method != Method::Lines {
        return false;
    }
    let within: BTreeSet<usize> = (list.entries.iter())
        .filter_map(|span| units.list.get(span.extent()))
        .flatten()
        .map(|unit| unit.block)
        .collect();
    (units.list.iter())
        .filter(|unit| !within.contains(&unit.block))
        .any(sentences::tells)
}

/// The partition that is right, most likely; with its probability, where that is all that speaks for it. Refused, where that is not enough for what is
/// expected. What the rules accept is taken where it is worth about as much as the best: among equals they know better.
fn choose(
    considered: &[Considered],
    expect: Expect,
) -> Result<(usize, Option<f32>), Option<Refused>> {
    // Of the differences tried (0 to 0.15), those up to here read as many documents of families left out, give or take two, and a greater one fewer; with a
    // smaller one what the program was designed from is not exact.
    const ABOUT: f32 = 0.04;
    // Of documents that are expected to list laureates nine in ten do; the weights suppose one in two.
    const EXPECTED_LOG_ODDS: f32 = 2.2;
    // With families left out, two in 25 documents without laureates pass, and 0.14 of the records' F1 is lost: docs/learning.md.
    const ENOUGH: f32 = 0.7;
    // Of 156 documents of families left out none is read worse than with 0.3, nor with 0.5; with 0.2 wrong lists go out that are better than none.
    const HOPELESS: f32 = 0.4;
    let (index, best) = considered
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.worth.total_cmp(&b.1.worth).then(b.0.cmp(&a.0)))
        .ok_or(None)?;
    let convinces = |candidate: &Considered, about: f32| {
        candidate.features.is_convincing() && candidate.worth >= best.worth - about
    };
    // Blocks are taken as they are laid out, unless their lines are worth clearly more: a heading may have two.
    let accepted = (considered.iter())
        .position(|candidate| !candidate.is_broken && convinces(candidate, ABOUT))
        .or_else(|| (considered.iter()).position(|candidate| convinces(candidate, ABOUT)));
    if let Some(accepted) = accepted {
        // Of 98 such lists of families left out that are right, four are doubted so; of five pages that only look like lists of laureates, three.
        let odds = considered.get(accepted).map_or(0.0, |list| list.log_odds);
        let probability = weights::probability(odds);
        let is_doubtful = expect == Expect::Unknown && probability < HOPELESS;
        return Ok((accepted, is_doubtful.then_some(probability)));
    }
    // A list of anything looks like one of laureates, where nothing says what it is of.
    let features = &best.features;
    let is_spoken_of = features.cue > 0.0 || features.announced > 0.0 || features.awards > 0.0;
    let is_silent = expect == Expect::Unknown && !is_spoken_of;
    let expected = weights::probability(best.log_odds + EXPECTED_LOG_ODDS);
    let (probability, asked) = match expect {
        Expect::Laureates => (expected, HOPELESS),
        Expect::Unknown => (weights::probability(best.log_odds), ENOUGH),
    };
    if probability >= asked && !is_silent {
        return Ok((index, Some(probability)));
    }
    Err(Some(Refused {
        number: index,
        probability,
        asked,
        is_silent,
        is_taken_if_expected: expected >= HOPELESS,
    }))
}

/// Every partition of a cut that something suggests. Equal ones are one, with all that leads to them.
fn consider(
    document: &Document,
    cut: &Cut,
    number: usize,
    declared: Option<Candidate>,
) -> Vec<Considered> {
    let Cut {
        units,
        announced,
        sections,
    } = cut;
    let counts: Vec<u32> = announced
        .iter()
        .map(|announcement| announcement.count)
        .collect();
    let cue = score::cue(document, units);
    let signals = Signals::of(document, units);
    let mut distinct: Vec<(Candidate, Vec<Candidate>, Vec<Span>)> = Vec::new();
    let mut known: BTreeMap<Vec<(usize, usize)>, usize> = BTreeMap::new();
    let is_declared = declared.is_some();
    for candidate in candidates::candidates(document, units, is_declared)
        .into_iter()
        .chain(declared)
    {
        let mut spans = entries::spans(document, units, &candidate);
        entries::keep_sections_out(&mut spans, sections);
        let extents = spans
            .iter()
            .map(|span| (span.extent().start, span.extent().end))
            .collect();
        // What lines say of themselves is another reading of the same entries.
        let own = !candidate.lines.is_empty() || matches!(candidate.method, Method::Profile(_));
        let equal = known
            .get(&extents)
            .filter(|_| !own)
            .and_then(|index| distinct.get_mut(*index));
        if let Some((_, witnesses, _)) = equal {
            witnesses.push(candidate);
        } else {
            known.entry(extents).or_insert(distinct.len());
            distinct.push((candidate, Vec::new(), spans));
        }
    }
    let elements: Vec<Vec<Span>> = (distinct.iter())
        .filter(|(candidate, _, _)| !candidate.ends.is_empty())
        .map(|(_, _, spans)| spans.clone())
        .collect();
    distinct.retain(|(candidate, _, spans)| {
        let declared = matches!(candidate.method, Method::Profile(_));
        !(elements.iter()).any(|elements| alike::is_astride(spans, elements))
            && (declared || !alike::holds_several_prizes(&units.list, spans))
    });
    let mut starting = vec![0u32; units.list.len()];
    for span in distinct.iter().flat_map(|(_, _, spans)| spans) {
        if let Some(count) = starting.get_mut(span.head.start) {
            *count += 1;
        }
    }
    let is_told = units.list.iter().any(|unit| unit.told.is_some());
    let n_others = distinct.len().saturating_sub(1).max(1) as f32;
    let considered: Vec<Considered> = distinct
        .into_par_iter()
        .map(|(candidate, witnesses, spans)| {
            let features = score::features(units, &candidate, &spans, &counts, cue);
            let mut case = Case::new(units, &signals, &candidate, &spans, &features);
            case.cut = number;
            case.is_told = is_told;
            case.witnesses = witnesses.len() + 1;
            let agreeing = spans
                .iter()
                .filter_map(|span| starting.get(span.head.start));
            let agreeing: u32 = agreeing.map(|count| count.saturating_sub(1)).sum();
            case.consensus = agreeing as f32 / (spans.len().max(1) as f32 * n_others);
            let measures = criteria::measure(&case);
            Considered {
                worth: WEIGHTS.choice.sum(&measures),
                log_odds: WEIGHTS.right.sum(&measures),
                measures,
                cut: number,
                is_broken: number > 0 && !is_told,
                ways: (std::iter::once(&candidate).chain(&witnesses))
                    .map(|candidate| candidate.way.clone())
                    .collect(),
                witnesses: (witnesses.into_iter())
                    .map(|candidate| candidate.method)
                    .collect(),
                method: candidate.method,
                score: features.score(),
                features,
                entries: spans,
                lines: candidate.lines,
            }
        })
        .collect();
    considered
}

/// The lines that a profile knows as being about the entries below them; of two rules, the wider section's.
fn sections(
    document: &Document,
    units: &Units,
    profile: Option<&Profile>,
) -> BTreeMap<usize, Section> {
    let rules: Vec<_> = profile
        .iter()
        .flat_map(|profile| profile.context.rules())
        .collect();
    if rules.is_empty() {
        return BTreeMap::new();
    }
    (0..units.list.len())
        .filter_map(|index| {
            rules
                .iter()
                .find(|(_, place)| candidates::is_place(document, units, index, place))
                .map(|(section, _)| (index, *section))
        })
        .collect()
}
