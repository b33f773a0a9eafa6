//! One entry that somebody points at in; a profile out that reads all that are like it.
//!
//! Every partition that the document suggests, and those that the lines around the values shown suggest, are held against the examples: each must stand in
//! an entry of its own. Of those that are left the one is taken that is worth most by what was learnt of partitions (docs/learning.md) and whose entries
//! give most of what looks like the values shown. Not here: reading and writing files.

mod examples;
pub mod find;
mod forms;
mod lines;
mod measures;
mod partition;
mod shapes;
mod starts;
mod write;

use serde::{Deserialize, Serialize};

use crate::config::Expect;
use crate::extract::{Extraction, extract};
use crate::message;
use crate::message::Message;
use crate::model::document::Document;
use crate::model::evidence::Evidence;
use crate::model::mention::Mention;
use crate::model::text::Text;
use crate::profile::{Example, Lexicon, Match, Profile, Slot, fold};
use crate::segment::units::Units;
use crate::segment::{Segmentation, segment};

use lines::Placed;
pub use lines::same;
use partition::Plan;

/// What somebody says of a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lesson {
    /// What the profile is to be called.
    pub name: String,
    /// Entries, by their values.
    pub examples: Vec<Example>,
    /// What is no entry and no name.
    pub not: Vec<String>,
}

/// Where a value of an example stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    /// Which example, from 1.
    pub example: usize,
    /// Its field.
    pub field: String,
    /// The value, as the document prints it.
    pub value: String,
    /// Where that is.
    pub place: Message,
}

/// A line of a document, of which a person picks values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Printed {
    /// What it says.
    pub text: String,
    /// The part of it that is the value of a label.
    pub value: Option<String>,
    /// Page, from 1 (PDF).
    pub page: Option<u32>,
}

/// What was learnt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Taught {
    /// The profile, as TOML.
    pub profile: String,
    /// How entries are found.
    pub way: String,
    /// Where what was shown stands.
    pub found: Vec<Found>,
    /// How many entries it reads.
    pub entries: usize,
    /// Name, project and territory of the first.
    pub first: Vec<Example>,
    /// The same of all others.
    pub others: Vec<Example>,
    /// Lines between the first entry and the last that belong to none.
    pub left_over: Vec<String>,
    /// What is to be looked at.
    pub doubts: Vec<Message>,
}

/// Why nothing was learnt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Refusal {
    /// The document has no text.
    NoText,
    /// Values stand nowhere, each with its field and the nearest text.
    NotFound(Vec<(String, String, Option<String>)>),
    /// The values of an example stand in different entries: the number of the example, and which value where.
    Mixed(usize, Vec<(String, String, Message)>),
    /// Two examples are the same entry.
    SameEntry(usize, usize),
    /// The entries have nothing in common by which they are found.
    NoForm,
}

/// Entries that are shown to a person as what would be read.
const FIRST: usize = 3;

/// The lines of a document in reading order, cut as entries are.
pub fn lines_of(document: &Document, segmentation: &Segmentation) -> Vec<Printed> {
    let one_line = |text: &str| text.replace('\n', " ");
    let printed = segmentation.units().list.iter().map(|unit| Printed {
        text: one_line(unit.text.as_str()),
        value: (unit.label.as_ref())
            .and_then(|label| unit.text.as_str().get(label.value.clone()))
            .map(|value| one_line(value.trim()))
            .filter(|value| !value.is_empty()),
        page: (document.evidence(&unit.text).first()).and_then(|evidence| evidence.page),
    });
    printed
        .filter(|line| !line.text.trim().is_empty())
        .collect()
}

/// A profile from what was shown.
pub fn teach(
    document: &Document,
    segmentation: &Segmentation,
    lexicon: &Lexicon,
    lesson: &Lesson,
) -> Result<Taught, Refusal> {
    let units = segmentation.units();
    if units.list.is_empty() {
        return Err(Refusal::NoText);
    }
    let missing: Vec<_> = (lesson.examples.iter())
        .flat_map(|example| &example.values)
        .filter(|(_, value)| find::spots(&units.list, value).is_empty())
        .map(|(field, value)| {
            (
                field.clone(),
                value.clone(),
                find::nearest(&units.list, value),
            )
        })
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::NotFound(missing));
    }
    let plans = partition::plans(document, segmentation, lexicon, lesson)?;
    (plans.iter())
        .find_map(|plan| verified(document, lexicon, lesson, plan))
        .ok_or(Refusal::NoForm)
}

/// What a plan's profile gives, where it gives what was shown once it is written and read again.
fn verified(
    document: &Document,
    lexicon: &Lexicon,
    lesson: &Lesson,
    plan: &Plan,
) -> Option<Taught> {
    let text = write::profile(document, lesson, plan);
    let profile = Profile::parse(&text).ok()?;
    let segmentation = segment(document, lexicon, Some(&profile), Expect::default());
    if segmentation.entries.len() != plan.partition.entries.len() {
        return None;
    }
    let Extraction { mentions, .. } = extract(document, &segmentation, Some(&profile));
    let units = segmentation.units();
    let found = located(document, units, lesson, &segmentation, plan);
    let chosen = segmentation.chosen.as_ref()?;
    Some(Taught {
        way: plan.rules.to_string(),
        found,
        entries: mentions.len(),
        first: mentions.iter().take(FIRST).map(said).collect(),
        others: mentions.iter().skip(FIRST).map(said).collect(),
        left_over: left_over(&segmentation),
        doubts: doubts(plan, &mentions, chosen.log_odds, &profile.matches),
        profile: text,
    })
}

/// What a record says of the fields that are shown to people.
fn said(mention: &Mention) -> Example {
    let fields = [Slot::Name, Slot::Project, Slot::Territory];
    let values = fields.into_iter().filter_map(|slot| {
        Some((
            slot.name().to_owned(),
            mention.text(slot.name())?.to_owned(),
        ))
    });
    Example {
        values: values.collect(),
    }
}

/// Where the values of the examples stand, in the entries that they are of.
fn located(
    document: &Document,
    units: &Units,
    lesson: &Lesson,
    segmentation: &Segmentation,
    plan: &Plan,
) -> Vec<Found> {
    let mut found = Vec::new();
    for (number, (example, entry)) in lesson.examples.iter().zip(&plan.entries).enumerate() {
        let Some(span) = segmentation.entries.get(*entry) else {
            continue;
        };
        let own = span.extent();
        for (field, value) in &example.values {
            let spots = find::spots(&units.list, value);
            let spot = (spots.iter())
                .find(|spot| own.contains(&spot.unit))
                .or(spots.first());
            let Some((spot, unit)) = spot.and_then(|spot| Some((spot, units.list.get(spot.unit)?)))
            else {
                continue;
            };
            let text = unit.text.slice(spot.range.clone());
            found.push(Found {
                example: number + 1,
                field: field.clone(),
                value: text.as_str().replace('\n', " "),
                place: place(document, &text),
            });
        }
    }
    found
}

/// Where a text stands, in words.
pub(crate) fn place(document: &Document, text: &Text) -> Message {
    (document.evidence(text).first())
        .and_then(Evidence::place)
        .unwrap_or_else(|| message!("somewhere"))
}

/// Lines between the first entry and the last that are in none.
fn left_over(segmentation: &Segmentation) -> Vec<String> {
    let first = segmentation.entries.first();
    let Some((first, last)) = first.zip(segmentation.entries.last()) else {
        return Vec::new();
    };
    let between = first.body.start..last.body.start;
    (segmentation.outside())
        .filter(|(index, _)| between.contains(index))
        .map(|(_, unit)| unit.text.as_str().replace('\n', " "))
        .collect()
}

/// What a person should look at.
fn doubts(plan: &Plan, mentions: &[Mention], log_odds: f32, matches: &Match) -> Vec<Message> {
    // Of values that look so little like the one shown, some are wrong.
    const ALIKE: f32 = 0.75;
    let mut doubts = Vec::new();
    for Placed {
        slot,
        likeness,
        is_known,
        is_ruled,
        ..
    } in &plan.placed
    {
        let field = slot.name();
        let missing = mentions
            .iter()
            .filter(|mention| mention.text(slot.name()).is_none())
            .count();
        if !is_known && !is_ruled {
            doubts.push(message!(
                "no rule says where `{field}` stands: it is left to the general reading",
                field
            ));
        } else if missing > 0 {
            doubts.push(message!(
                "{missing} of {n} entries have no `{field}`",
                missing,
                n = mentions.len(),
                field
            ));
        } else if *likeness < ALIKE {
            doubts.push(message!(
                "`{field}` looks different from entry to entry",
                field
            ));
        }
    }
    if plan.n_holding > 1 {
        doubts.push(message!(
            "what was shown stands in {n} {n|entry|entries}",
            n = plan.n_holding
        ));
    }
    if log_odds < 0.0 {
        doubts.push(message!(
            "the entries are less alike than those of lists are as a rule"
        ));
    }
    if matches.labels.is_empty() && matches.text.is_none() && matches.title.is_none() {
        doubts.push(message!("nothing tells documents of this layout from others: write words of theirs under `match`"));
    }
    if let Some(tie) = &plan.tie {
        doubts.push(message!(
            "another way of placing entries explains what was shown about as well: {tie}",
            tie
        ));
    }
    doubts
}

/// Whether a text of a record is what somebody said is none.
fn is_denied(mention: &Mention, not: &[String]) -> bool {
    let says = |slot: Slot| {
        let value = mention.text(slot.name()).map(fold);
        value.is_some_and(|value| not.iter().any(|not| value == fold(not)))
    };
    says(Slot::Name) || says(Slot::Project)
}
