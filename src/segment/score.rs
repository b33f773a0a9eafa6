//! How good a partition is: what its entries have in common, how much they cover, how much they look like laureates.

use std::collections::BTreeMap;

use super::candidates::Method;
use super::entries::{Span, is_introduction, is_list_heading};
use super::line;
use super::units::{Form, Unit, Units, is_capitals};
use crate::profile::{Field, VOCABULARY, fold, stem};

/// The parts of a score, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
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
            + 1.5 * self.lines
            + 0.15 * (self.entries as f32).ln().min(4.0)
    }

    /// Whether the entries are laureates at all.
    pub fn is_convincing(&self) -> bool {
        if self.sections > 0.34 || self.entries == 0 {
            return false;
        }
        let announced = self.announced > 0.0;
        // A heading announces the list, or a sentence its count.
        let introduced = self.cue >= 1.0 || announced;
        if self.one_line {
            // Strong patterns need the document to speak of laureates; weak ones that the list is introduced and the names look like
            // organisations.
            let strong = self.lines >= 0.8 && (introduced || self.entries >= 3 && self.cue > 0.0);
            return strong
                || introduced && self.lines >= 0.4 && (self.organisations >= 0.5 || announced);
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
        let told = self.substance >= 0.5;
        let spoken_of = introduced
            && self.heads >= 0.6
            && (self.core >= 0.6 || told && self.organisations >= 0.5);
        // All entries have the same shape.
        let shaped = introduced
            && self.heads >= 0.8
            && self.regular >= 0.8
            && self.substance >= 0.8
            && self.coverage >= 0.8
            && self.sections < 0.1;
        labelled && self.share >= 0.15 || spoken_of || shaped
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
    method: &Method,
    spans: &[Span],
    announced: &[u32],
    cue: f32,
) -> Features {
    let n = spans.len().max(1) as f32;
    let line_pattern = match method {
        Method::Lines(pattern) => Some(*pattern),
        _ => None,
    };
    let mut features = Features {
        entries: spans.len(),
        one_line: line_pattern.is_some(),
        cue: if spans
            .first()
            .is_some_and(|span| has_list_heading(units, span))
        {
            1.0
        } else {
            cue
        },
        ..Features::default()
    };
    let mut once: BTreeMap<Field, f32> = BTreeMap::new();
    let mut several: BTreeMap<Field, f32> = BTreeMap::new();
    let mut first_classes: BTreeMap<u32, usize> = BTreeMap::new();
    let (mut inside, mut total) = (0usize, 0usize);
    for span in spans {
        let head = slice(units, &span.head);
        let body = slice(units, &span.body);
        for (field, count) in label_counts(body) {
            *if count == 1 {
                once.entry(field).or_default()
            } else {
                several.entry(field).or_default()
            } += 1.0;
        }
        if let Some((pattern, unit)) = line_pattern.zip(body.first()) {
            let name = line::parse(&unit.text, pattern)
                .and_then(|line| line.name.or(line.project))
                .and_then(|range| unit.text.as_str().get(range));
            features.lines += if pattern.is_strong() { 1.0 } else { 0.5 };
            features.heads += 1.0;
            features.organisations +=
                f32::from(u8::from(name.is_some_and(looks_like_organisation)));
            features.sections += f32::from(u8::from(name.is_some_and(|name| {
                VOCABULARY.is_section(name) && !VOCABULARY.begins_organisation(name)
            })));
            features.substance += 1.0;
            inside += unit.n_words;
            *first_classes.entry(unit.class).or_default() += 1;
            continue;
        }
        let title = head.iter().rev().find(|unit| unit.form == Form::Short);
        let labelled_name = body.iter().any(|unit| {
            unit.label
                .as_ref()
                .is_some_and(|label| matches!(label.field, Field::Name | Field::Project))
        });
        if let Some(title) =
            title.filter(|title| title.text.as_str().chars().any(char::is_alphabetic))
        {
            features.heads += 1.0;
            features.sections += f32::from(u8::from(title.section && !labelled_name));
        } else if labelled_name {
            features.heads += 1.0;
        }
        features.organisations += f32::from(u8::from(
            title.is_some_and(|title| title.organisation)
                || body.iter().any(|unit| {
                    unit.label
                        .as_ref()
                        .is_some_and(|label| label.field == Field::Name)
                }),
        ));
        let words: usize = body.iter().map(|unit| unit.n_words).sum();
        features.substance += f32::from(u8::from(words >= 5));
        inside += words + head.iter().map(|unit| unit.n_words).sum::<usize>();
        if let Some(first) = head.first().or(body.first()) {
            *first_classes.entry(first.class).or_default() += 1;
        }
    }
    if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
        total += units
            .list
            .get(first.head.start..last.body.end.max(first.head.start))
            .into_iter()
            .flatten()
            .map(|unit| unit.n_words)
            .sum::<usize>();
        let labels_all = units.list.iter().filter(|unit| is_core(unit)).count();
        let labels_inside = units
            .list
            .get(first.head.start..last.body.end.max(first.head.start))
            .into_iter()
            .flatten()
            .filter(|unit| is_core(unit))
            .count();
        features.coverage = (inside as f32 / total.max(1) as f32)
            * if labels_all > 0 && !features.one_line {
                labels_inside as f32 / labels_all as f32
            } else {
                1.0
            };
    }
    features.share = inside as f32
        / units
            .list
            .iter()
            .map(|unit| unit.n_words)
            .sum::<usize>()
            .max(1) as f32;
    let fields: Vec<Field> = CORE
        .into_iter()
        .filter(|field| once.contains_key(field) || several.contains_key(field))
        .collect();
    let share =
        |map: &BTreeMap<Field, f32>, field: Field| map.get(&field).copied().unwrap_or(0.0) / n;
    // A field of some entries only (a public that is not always stated) counts as far as it goes.
    features.core = fields.iter().map(|field| share(&once, *field)).sum();
    let occurring: f32 = fields
        .iter()
        .map(|field| share(&once, *field) + share(&several, *field))
        .sum();
    features.labels = if occurring > 0.0 {
        features.core / occurring
    } else {
        0.0
    };
    features.heads /= n;
    features.lines *= features.coverage / n;
    features.organisations /= n;
    features.substance /= n;
    features.sections /= n;
    features.regular = first_classes.values().max().copied().unwrap_or(0) as f32 / n;
    features.announced = f32::from(u8::from(meets_announcement(units, spans, announced)));
    features
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

fn is_core(unit: &Unit) -> bool {
    unit.label
        .as_ref()
        .is_some_and(|label| CORE.contains(&label.field))
}

/// How often each field is labelled in a body by one label; the cells below a header count with it as one, and two different labels of one field
/// (« description » above, « Description de l'initiative » below) are no repetition.
fn label_counts(body: &[Unit]) -> BTreeMap<Field, usize> {
    let mut counts: BTreeMap<(Field, String), usize> = BTreeMap::new();
    let mut columns: Vec<Field> = Vec::new();
    for label in body
        .iter()
        .filter_map(|unit| unit.label.as_ref())
        .filter(|label| CORE.contains(&label.field))
    {
        if label.column {
            if columns.contains(&label.field) {
                continue;
            }
            columns.push(label.field);
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
        (unit.form != Form::Prose || is_introduction(unit) || unit.n_words < 15) && unit.announces
    })
}

/// Whether the document speaks of laureates anywhere.
pub fn speaks_of_laureates(units: &Units, title: Option<&str>) -> bool {
    title.is_some_and(is_list_heading)
        || units
            .list
            .iter()
            .any(|unit| VOCABULARY.speaks_of_laureates(&unit.folded))
}
