//! How good a partition is: what its entries have in common, how much they cover, how much they look like laureates.

use std::collections::BTreeMap;

use super::candidates::{Candidate, Method};
use super::columns::Line;
use super::entries::{Span, heading_of, is_introduction, is_list_heading};
use super::look;
use super::units::{Form, Unit, Units, is_capitals};
use crate::model::document::Document;
use crate::profile::{Field, VOCABULARY, fold, stem};

/// The parts of a score, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent observation"
)]
pub struct Features {
    /// Number of entries.
    pub entries: usize,
    /// Labels that each entry has exactly once, over the fields that a laureate has.
    pub labels: f32,
    /// How many such fields, each counted by the share of entries that has it exactly once.
    pub core: f32,
    /// Entries with a head that can be a name or a title.
    pub heads: f32,
    /// Entries that begin alike.
    pub regular: f32,
    /// Heads or labelled names that look like organisations.
    pub organisations: f32,
    /// Heads with a word of organisations.
    pub bodies: f32,
    /// Entries that say something beyond their head.
    pub substance: f32,
    /// Share of the body's words between the first and the last entry that entries hold.
    pub coverage: f32,
    /// Share of the words of the whole body that stand in entries.
    pub share: f32,
    /// The document speaks of laureates: 0.5 anywhere, 1 in a heading above the entries.
    pub cue: f32,
    /// An announced count is met.
    pub announced: f32,
    /// Heads that name parts of a call text, a form or an article.
    pub sections: f32,
    /// Entries that name a prize.
    pub awards: f32,
    /// Entries that speak of a post to fill, a place to book, a lesson to take: what notices do.
    pub notices: f32,
    /// Entries with a line that is the name of a known place, beside their head.
    pub placed: f32,
    /// Entries whose name stands in a column that nobody knows.
    pub guessed: f32,
    /// Entries below a heading that names others: partners, a jury, a team.
    pub others: f32,
    /// The list is announced right above it, or its count is: names alone will do.
    pub listed: bool,
    /// A heading or words to the reader announce it: an introducing sentence may be about criteria as well.
    pub shown: bool,
    /// Lines that open with a run of its own look (bold, a link), or give an address: the name is as sure as a heading's.
    pub set_apart: f32,
    /// The page's own structure holds each entry in an element.
    pub elements: bool,
    /// Entries are lines.
    pub one_line: bool,
    /// Entries are lines that are records by themselves: how sure their pattern is, 0 for others.
    pub lines: f32,
}

impl Features {
    /// The score: higher is better.
    pub fn score(&self) -> f32 {
        // Labels say most, since they are written to be read so; then the looks of the heads. Weights were set on the corpus, and hold on fixtures.
        3.0 * self.labels * self.labels * (self.core / 3.0).min(1.0) * self.coverage
            + 1.5 * self.heads
            + self.regular
            + 1.2 * self.organisations
            + 0.8 * self.substance
            + 1.2 * self.coverage
            + 0.5 * self.cue
            + 1.5 * self.announced
            - 2.5 * self.sections
            + 1.5 * self.lines * self.coverage * self.coverage
            + if self.elements { 0.3 } else { 0.0 }
            + 0.15 * (self.entries as f32).ln().min(4.0)
    }

    /// Whether the entries are laureates at all.
    pub fn is_convincing(&self) -> bool {
        if self.sections > 0.34 || self.notices > 0.4 || self.others > 0.5 || self.entries == 0 {
            return false;
        }
        let announced = self.announced > 0.0;
        // A heading announces the list, or a sentence its count.
        let introduced = self.cue >= 1.0 || announced || self.awards >= 0.8;
        if self.one_line {
            // Strong patterns need the document to speak of laureates; weak ones that the list is introduced and the names look like
            // organisations.
            let strong = self.lines >= 0.8 && (introduced || self.entries >= 3 && self.cue > 0.0);
            // Right below what shows it, all of it names that a look or an address sets apart.
            let all_named = self.shown && self.set_apart >= 0.8 && self.coverage >= 0.8;
            return strong
                || introduced
                    && self.lines >= 0.4
                    && (self.organisations >= 0.5 || announced || all_named);
        }
        let labelled = self.core >= 1.5 && self.labels >= 0.5;
        if self.entries < 3 {
            // One or two entries repeat nothing: only a document that is about them, label by label, will do.
            return labelled
                && self.core >= 3.0
                && introduced
                && self.share >= 0.4
                && self.heads + self.organisations > 0.0;
        }
        // A bare list of names, right below the words that announce it: as many as they say, or organisations by their words.
        let names = self.heads >= 0.9
            && (self.listed && announced || (self.listed || announced) && self.bodies >= 0.6);
        let told = self.substance >= 0.5;
        let spoken_of = introduced
            && self.heads >= 0.6
            && (self.core >= 0.6 || told && self.organisations >= 0.5);
        // All entries have the same shape.
        let shaped = introduced
            && self.heads >= 0.8
            && self.regular >= 0.8
            && (self.substance >= 0.8 || self.elements && self.placed >= 0.8)
            && self.coverage >= 0.8
            && self.sections < 0.1;
        // A table of sums and places can be of anything.
        let known = self.guessed < 0.5 || introduced;
        labelled && known && self.share >= 0.15 && self.heads >= 0.34
            || spoken_of
            || shaped
            || names && self.coverage >= 0.8
    }
}

/// Fields that make a record a laureate's.
const CORE: [Field; 12] = [
    Field::Name,
    Field::Project,
    Field::Territory,
    Field::Public,
    Field::Partners,
    Field::Results,
    Field::Amount,
    Field::Needs,
    Field::AidType,
    Field::Award,
    Field::Description,
    Field::Funding,
];

/// Measures a partition.
pub fn features(
    units: &Units,
    candidate: &Candidate,
    spans: &[Span],
    announced: &[u32],
    cue: Cue,
) -> Features {
    let one_line = matches!(candidate.method, Method::Lines);
    let listed = spans
        .first()
        .is_some_and(|span| has_list_heading(units, span));
    let mut tally = Tally::default();
    for (number, span) in spans.iter().enumerate() {
        let (head, body) = (slice(units, &span.head), slice(units, &span.body));
        if let Some((line, (unit, below))) = candidate.lines.get(number).zip(body.split_first()) {
            tally.add_line(unit, line);
            tally.inside += below.iter().map(|unit| unit.n_words).sum::<usize>();
            continue;
        }
        tally.add_entry(head, body);
        // In an element of its own, who is meant may stand below the title's text.
        let named = |units: &[Unit]| units.iter().any(|unit| unit.organisation);
        if !candidate.ends.is_empty() && !named(head) && named(body) {
            tally.counts.organisations += 1.0;
        }
    }
    let mut features = Features {
        entries: spans.len(),
        one_line,
        elements: !candidate.ends.is_empty(),
        cue: if listed {
            1.0
        } else {
            cue.above(spans, one_line)
        },
        announced: share_of(meets_announcement(units, spans, announced)),
        coverage: coverage(units, spans, tally.inside, one_line),
        ..tally.shares(spans.len().max(1) as f32)
    };
    let words: usize = units.list.iter().map(|unit| unit.n_words).sum();
    features.notices = notices(units, spans);
    features.others = others(units, spans);
    let above = spans.first().map(|span| slice(units, &span.context));
    features.shown = above.is_some_and(is_shown);
    features.listed = features.shown || above.and_then(<[_]>::last).is_some_and(is_introduction);
    features.share = tally.inside as f32 / words.max(1) as f32;
    features
}

fn share_of(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

/// Share of entries that read like notices: job offers, events to book, days and hours; and of heads that tell the reader what to do.
fn notices(units: &Units, spans: &[Span]) -> f32 {
    let speaks = |span: &&Span| slice(units, &span.extent()).iter().any(|unit| unit.notice);
    let tells = |span: &&Span| {
        slice(units, &span.head)
            .iter()
            .find(|unit| unit.form == Form::Short)
            .is_some_and(|unit| begins_with_infinitive(&unit.folded))
    };
    let dates = |span: &&Span| {
        slice(units, &span.extent())
            .first()
            .is_some_and(|unit| look::begins_with_date(unit.text.as_str()))
    };
    let n = spans.len().max(1) as f32;
    let speaking = spans
        .iter()
        .filter(|span| speaks(span) || dates(span))
        .count() as f32
        / n;
    let telling = spans.iter().filter(tells).count() as f32 / n;
    // Titles of projects begin so now and then; where nearly all do, they are steps to take.
    speaking.max(if telling >= 0.8 { 1.0 } else { 0.0 })
}

/// Share of entries whose nearest heading names others than laureates, or stands on a page that is about others.
fn others(units: &Units, spans: &[Span]) -> f32 {
    let is_others = |unit: &Unit| VOCABULARY.is_others(&unit.folded);
    let titled = units.list.first().is_some_and(is_others);
    let mut below = titled;
    let count = spans
        .iter()
        .filter(|span| {
            if let Some(heading) = heading_of(slice(units, &span.context)) {
                below = is_others(heading) || titled && !heading.announces;
            }
            below
        })
        .count();
    count as f32 / spans.len().max(1) as f32
}

/// « Soigner le titre »: a verb in the infinitive, after the number that some headings have.
pub fn begins_with_infinitive(folded: &str) -> bool {
    let mut words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().any(char::is_alphabetic));
    words.next().is_some_and(|word| {
        word.len() > 4
            && (word.ends_with("er") || word.ends_with("ir") || word.ends_with("dre"))
            && words.next().is_some()
    })
}

/// What the entries of a partition have, counted.
#[derive(Debug, Default)]
struct Tally {
    counts: Features,
    once: BTreeMap<Field, f32>,
    several: BTreeMap<Field, f32>,
    first_classes: BTreeMap<u32, usize>,
    /// Words in entries.
    inside: usize,
}

impl Tally {
    /// An entry that is one line.
    fn add_line(&mut self, unit: &Unit, line: &Line) {
        let name = line.title().and_then(|range| unit.text.as_str().get(range));
        let section =
            |name: &str| VOCABULARY.is_section(name) && !VOCABULARY.begins_organisation(name);
        self.counts.lines += line.evidence;
        self.counts.awards += share_of(line.award.is_some());
        self.counts.set_apart += share_of(line.opened || line.addressed);
        self.counts.heads += 1.0;
        self.counts.substance += 1.0;
        self.counts.organisations += share_of(name.is_some_and(looks_like_organisation));
        self.counts.sections += share_of(name.is_some_and(section));
        self.inside += unit.n_words;
        *self.first_classes.entry(unit.class).or_default() += 1;
    }

    /// An entry with a head and a body.
    fn add_entry(&mut self, head: &[Unit], body: &[Unit]) {
        for (field, count) in label_counts(body) {
            let counts = if count == 1 {
                &mut self.once
            } else {
                &mut self.several
            };
            *counts.entry(field).or_default() += 1.0;
        }
        let labels = |fields: &[Field]| {
            body.iter().any(|unit| {
                unit.label
                    .as_ref()
                    .is_some_and(|label| fields.contains(&label.field))
            })
        };
        let named = labels(&[Field::Name, Field::Project]);
        let worded = head.iter().rev().find(|unit| {
            unit.form == Form::Short
                && unit
                    .text
                    .as_str()
                    .chars()
                    .filter(|c| c.is_alphabetic())
                    .count()
                    > 1
        });
        self.counts.heads += share_of(worded.is_some() || named);
        self.counts.sections += share_of(worded.is_some_and(|title| title.section) && !named);
        self.counts.organisations +=
            share_of(head.iter().any(|unit| unit.organisation) || labels(&[Field::Name]));
        self.counts.awards += share_of(head.iter().any(|unit| unit.award));
        let units = || head.iter().chain(body);
        self.counts.placed += share_of(units().count() > 1 && units().any(|unit| unit.place));
        self.counts.guessed += share_of(units().any(|unit| unit.guessed));
        self.counts.bodies += share_of(worded.is_some_and(|title| title.body));
        let words: usize = body.iter().map(|unit| unit.n_words).sum();
        // A word or two is a stray line.
        self.counts.substance += share_of(words >= 5);
        self.inside += words + head.iter().map(|unit| unit.n_words).sum::<usize>();
        if let Some(first) = head.first().or(body.first()) {
            *self.first_classes.entry(first.class).or_default() += 1;
        }
    }

    /// The counts as shares of `n` entries.
    fn shares(&self, n: f32) -> Features {
        let share = |map: &BTreeMap<Field, f32>| {
            CORE.iter().filter_map(|field| map.get(field)).sum::<f32>() / n
        };
        // A field of some entries only (a public that is not always stated) counts as far as it goes.
        let core = share(&self.once);
        let occurring = core + share(&self.several);
        Features {
            core,
            labels: if occurring > 0.0 {
                core / occurring
            } else {
                0.0
            },
            heads: self.counts.heads / n,
            lines: self.counts.lines / n,
            awards: self.counts.awards / n,
            set_apart: self.counts.set_apart / n,
            organisations: self.counts.organisations / n,
            bodies: self.counts.bodies / n,
            placed: self.counts.placed / n,
            guessed: self.counts.guessed / n,
            substance: self.counts.substance / n,
            sections: self.counts.sections / n,
            regular: self.first_classes.values().max().copied().unwrap_or(0) as f32 / n,
            ..Features::default()
        }
    }
}

/// Share of the words between the first and the last entry that entries hold, less for the labels that stand outside.
fn coverage(units: &Units, spans: &[Span], inside: usize, one_line: bool) -> f32 {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return 0.0;
    };
    let between = slice(
        units,
        &(first.head.start..last.body.end.max(first.head.start)),
    );
    let words: usize = between.iter().map(|unit| unit.n_words).sum();
    let labels = |units: &[Unit]| units.iter().filter(|unit| is_core(unit)).count();
    let all = labels(&units.list);
    let labelled = if all > 0 && !one_line {
        labels(between) as f32 / all as f32
    } else {
        1.0
    };
    inside as f32 / words.max(1) as f32 * labelled
}

/// Whether an announced count is that of all entries, or of those of one section.
fn meets_announcement(units: &Units, spans: &[Span], announced: &[u32]) -> bool {
    let mut sections = vec![0u32];
    for (number, span) in spans.iter().enumerate() {
        if number > 0 && slice(units, &span.context).iter().any(is_introduction) {
            sections.push(0);
        }
        if let Some(section) = sections.last_mut() {
            *section += 1;
        }
    }
    let all: u32 = sections.iter().sum();
    all > 1
        && (announced.contains(&all)
            || announced.iter().sum::<u32>() == all
            || sections
                .iter()
                .any(|section| *section > 1 && announced.contains(section)))
}

fn slice<'a>(units: &'a Units, range: &std::ops::Range<usize>) -> &'a [Unit] {
    units.list.get(range.clone()).unwrap_or_default()
}

pub(super) fn is_core(unit: &Unit) -> bool {
    unit.label
        .as_ref()
        .is_some_and(|label| CORE.contains(&label.field))
}

/// How often each field is labelled in a body by one label; the cells below a header count with it as one, and two different labels of one field
/// (« description » above, « Description de l'initiative » below) are no repetition.
fn label_counts(body: &[Unit]) -> BTreeMap<Field, usize> {
    let mut counts: BTreeMap<(Field, String), usize> = BTreeMap::new();
    let mut column: Option<Field> = None;
    for label in body
        .iter()
        .filter_map(|unit| unit.label.as_ref())
        .filter(|label| CORE.contains(&label.field))
    {
        if label.column {
            // The paragraphs of one cell; the same column once more is another row.
            if column.replace(label.field) == Some(label.field) {
                continue;
            }
        }
        *counts
            .entry((label.field, stem(&fold(&label.text))))
            .or_default() += 1;
    }
    let mut most: BTreeMap<Field, usize> = BTreeMap::new();
    for ((field, _), count) in counts {
        let so_far = most.entry(field).or_default();
        *so_far = count.max(*so_far);
    }
    most
}

/// Whether a head looks like an organisation, or an organisation with its project.
pub fn looks_like_organisation(text: &str) -> bool {
    let split = text.contains(" – ") || text.contains(" - ") || text.contains(" — ");
    let quoted = text.contains('«') && text.contains('»');
    VOCABULARY.begins_organisation(text)
        || VOCABULARY.marks_organisation(text)
        || is_capitals(text)
        || quoted
        || split && text.split_whitespace().count() <= 25
}

/// Whether a heading or sentence right above the first entry, or the document's first line, announces a list of laureates.
fn has_list_heading(units: &Units, span: &Span) -> bool {
    // Farther up, a heading is about something else.
    const NEAR: usize = 8;
    let above = slice(units, &span.context);
    let near = above
        .get(above.len().saturating_sub(NEAR)..)
        .unwrap_or_default();
    units.list.first().into_iter().chain(near).any(|unit| {
        let announces = unit.form != Form::Prose || is_introduction(unit) || addresses(unit);
        announces && unit.announces
    })
}

/// « Découvrez les projets soutenus. » announces; « Le comité désigne les lauréats. » does not: a sentence does where it addresses the reader, last.
pub fn addresses(unit: &Unit) -> bool {
    // Longer sentences tell something else besides.
    const LONGEST: usize = 14;
    unit.folded
        .split(['.', '!', '?'])
        .map(str::trim)
        .rfind(|sentence| !sentence.is_empty())
        .is_some_and(|last| {
            last.split_whitespace().count() <= LONGEST && VOCABULARY.addresses(last)
        })
}

/// Whether a heading or words to the reader show a list: right above it, or above a line that only leads on (« Les diplômés sont : »).
fn is_shown(above: &[Unit]) -> bool {
    let shows = |unit: &Unit| unit.announces && (unit.form == Form::Short || addresses(unit));
    match above {
        [.., last] if shows(last) => true,
        [.., before, last] => last.text.as_str().trim_end().ends_with(':') && shows(before),
        _ => false,
    }
}

/// How a document speaks of laureates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cue {
    /// Its title announces them, and no main heading beside it.
    Title,
    /// From this unit on.
    From(usize),
    /// Nowhere, or on a page that says in its first heading that it is about something else.
    Never,
}

impl Cue {
    /// 1 in the title, 0.5 elsewhere. What a page says only below its last line is not about a list of lines.
    fn above(self, spans: &[Span], one_line: bool) -> f32 {
        let end = spans.last().map_or(0, |last| last.body.end);
        match self {
            Self::Title => 1.0,
            Self::From(unit) if unit < end || !one_line => 0.5,
            Self::From(_) | Self::Never => 0.0,
        }
    }
}

/// How the document speaks of laureates.
pub fn cue(document: &Document, units: &Units) -> Cue {
    let elsewhere = units
        .list
        .first()
        .is_some_and(|first| first.section && !first.announces);
    if elsewhere {
        return Cue::Never;
    }
    let titled = document
        .metadata
        .title
        .as_deref()
        .is_some_and(is_list_heading);
    let has_main_heading = document
        .blocks
        .iter()
        .any(|block| block.is_body() && block.level == Some(1));
    match (titled, has_main_heading) {
        (true, false) => Cue::Title,
        (true, true) => Cue::From(0),
        (false, _) => units
            .list
            .iter()
            .position(|unit| VOCABULARY.speaks_of_laureates(&unit.folded))
            .map_or(Cue::Never, Cue::From),
    }
}
