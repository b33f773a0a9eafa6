//! What a person does on the page, as the decisions that say so.

use palmares::decisions::{Act as Deed, Decision, FIELDS};
use palmares::link::derived_id;
use palmares::message;
use palmares::model::mention::Mention;
use serde::Deserialize;

use super::super::{Because, Usage};
use super::run::{Document, Run, doubtful, title};
use super::words::Written;

/// An act, as the page says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "act", rename_all = "lowercase")]
pub(super) enum Act {
    /// A field has this value, or none.
    Set {
        record: String,
        field: String,
        value: String,
    },
    /// A value is right as it is; without a field, all that are doubtful are.
    Accept {
        record: String,
        field: Option<String>,
    },
    /// Of sources that disagree on a field, this one is right.
    Prefer { record: String, field: String },
    /// A record is no laureate.
    Drop { record: String },
    /// Two records are one laureate.
    Together { a: String, b: String },
    /// Two records are two laureates.
    Apart { a: String, b: String },
    /// A record is another laureate than the others that it was taken for one with.
    Split { record: String },
}

/// Words of a document that begin a record.
#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    /// The document, by its number.
    pub(super) document: usize,
    /// What the words are: `name` or `project`.
    field: String,
    value: String,
    /// The block and the word of it that were clicked first.
    block: usize,
    word: usize,
}

impl Begun {
    /// The decision that says so.
    pub(super) fn decision(
        &self,
        run: &Run,
        document: &Document,
        written: &Written,
    ) -> anyhow::Result<Decision> {
        let words: Vec<&str> = self.value.split_whitespace().collect();
        let (value, field) = (words.join(" "), self.field.as_str());
        let clicked = written.clicked(self.block, self.word, &value);
        let clicked = clicked.because(|| {
            Usage::new(
                message!(
                    "« {value} » does not stand in one paragraph",
                    value = &value
                ),
                message!("choose words of one paragraph; what else the name has is set afterwards"),
            )
        })?;
        let place = clicked.place.as_ref();
        if let Some(known) = run.read_at(&document.path, (field, &value), place) {
            return Err(Usage::new(
                message!(
                    "« {value} » is a record here: `{id}`",
                    value,
                    id = &known.id
                ),
                message!("its values can be set"),
            )
            .into());
        }
        let found = clicked.spot.line;
        let other = (clicked.which).map_or_else(String::new, |which| which.to_string());
        let said = [&document.path, field, &value, &found, &other];
        Ok(Decision {
            line: 0,
            act: Deed::Add,
            document: document.path.clone(),
            record: derived_id('m', &said.join("\n")),
            name: value.clone(),
            field: field.to_owned(),
            found,
            value,
            other,
        })
    }
}

/// The records that were added and that no run has read yet are as their decisions begin them.
pub(super) fn begun(standing: &[Decision]) -> Vec<Mention> {
    let added = standing.iter().filter(|decision| decision.act == Deed::Add);
    added.map(Decision::begun).collect()
}

/// The record with this id, of the run or of those that were begun since.
pub(super) fn mention_of<'r>(
    run: &'r Run,
    begun: &'r [Mention],
    id: &str,
) -> anyhow::Result<&'r Mention> {
    let read = run.mention(id);
    if read.is_ok() {
        return read;
    }
    begun
        .iter()
        .find(|mention| mention.id == id)
        .map_or(read, Ok)
}

impl Act {
    /// The decisions that say so. `standing` are those of the table.
    pub(super) fn decisions(
        &self,
        run: &Run,
        standing: &[Decision],
    ) -> anyhow::Result<Vec<Decision>> {
        let begun = begun(standing);
        let record_of = |id: &str| mention_of(run, &begun, id);
        let set =
            |mention: &Mention, field: &str, value: &str| set(mention, field, value, standing);
        Ok(match self {
            Self::Set {
                record,
                field,
                value,
            } => {
                ensure_field(field)?;
                vec![set(record_of(record)?, field, value.trim())]
            }
            Self::Accept {
                record,
                field: Some(field),
            } => {
                ensure_field(field)?;
                let mention = record_of(record)?;
                let said = mention.text(field).into_iter();
                said.map(|value| set(mention, field, value)).collect()
            }
            Self::Accept {
                record,
                field: None,
            } => {
                let mention = record_of(record)?;
                let of_mention = blank(Deed::Set, mention, standing);
                // What was corrected before is not taken back.
                let is_open = |field: &str| {
                    let about = Decision {
                        field: field.to_owned(),
                        ..of_mention.clone()
                    };
                    !standing.iter().any(|other| other.is_about_as(&about))
                };
                (doubtful(mention).filter(|(field, ..)| is_open(field)))
                    .map(|(field, value, _)| set(mention, field, value))
                    .collect()
            }
            Self::Prefer { record, field } => {
                ensure_field(field)?;
                let value = record_of(record)?.text(field).unwrap_or_default();
                let laureate = run.laureate_of(record).because(|| no_laureate(record))?;
                let sources = laureate
                    .sources
                    .iter()
                    .map(|source| record_of(&source.mention));
                let stating = sources.filter(|mention| {
                    mention
                        .as_ref()
                        .map_or(true, |mention| mention.text(field).is_some())
                });
                stating
                    .map(|mention| Ok(set(mention?, field, value)))
                    .collect::<anyhow::Result<_>>()?
            }
            Self::Drop { record } => vec![blank(Deed::Drop, record_of(record)?, standing)],
            Self::Together { a, b } => vec![pair(Deed::Together, record_of(a)?, record_of(b)?)],
            Self::Apart { a, b } => vec![pair(Deed::Apart, record_of(a)?, record_of(b)?)],
            Self::Split { record } => {
                let mention = record_of(record)?;
                let laureate = run.laureate_of(record).because(|| no_laureate(record))?;
                let others = laureate
                    .sources
                    .iter()
                    .filter(|source| source.mention != *record);
                others
                    .map(|other| Ok(pair(Deed::Apart, mention, record_of(&other.mention)?)))
                    .collect::<anyhow::Result<_>>()?
            }
        })
    }
}

/// A decision about a record, which names it as it was read.
fn blank(act: Deed, mention: &Mention, standing: &[Decision]) -> Decision {
    let named = standing.iter().find(|other| {
        other.act == Deed::Set && other.record == mention.id && other.field == "name"
    });
    let name = match named {
        Some(decision) if !decision.found.is_empty() => &decision.found,
        _ => title(mention),
    };
    Decision {
        line: 0,
        act,
        document: mention.document.path.clone(),
        record: mention.id.clone(),
        name: name.to_owned(),
        field: String::new(),
        found: String::new(),
        value: String::new(),
        other: String::new(),
    }
}

/// A decision that sets a field. What was found is what the document says, whatever was decided before.
fn set(mention: &Mention, field: &str, value: &str, standing: &[Decision]) -> Decision {
    let mut decision = Decision {
        field: field.to_owned(),
        value: value.to_owned(),
        ..blank(Deed::Set, mention, standing)
    };
    let before = standing.iter().find(|other| other.is_about_as(&decision));
    decision.found = match before {
        Some(before) => before.found.clone(),
        None => mention.text(field).unwrap_or_default().to_owned(),
    };
    decision
}

fn pair(act: Deed, a: &Mention, b: &Mention) -> Decision {
    Decision {
        document: String::new(),
        other: b.id.clone(),
        ..blank(act, a, &[])
    }
}

fn ensure_field(field: &str) -> anyhow::Result<()> {
    if FIELDS.contains(&field) {
        return Ok(());
    }
    Err(Usage::new(
        message!("`{field}` is no field that can be set", field),
        message!("the fields are {fields}", fields = FIELDS.join(", ")),
    )
    .into())
}

fn no_laureate(record: &str) -> Usage {
    message!("no laureate of this run has the record `{record}`", record).into()
}
