//! What a person does on the page, as the decisions that say so.

use palmares::decisions::{Act as Deed, Decision, FIELDS};
use palmares::message;
use palmares::model::mention::Mention;
use serde::Deserialize;

use super::super::{Because, Usage};
use super::run::{Run, doubtful, title};

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

impl Act {
    /// The decisions that say so. `standing` are those of the table.
    pub(super) fn decisions(
        &self,
        run: &Run,
        standing: &[Decision],
    ) -> anyhow::Result<Vec<Decision>> {
        let set =
            |mention: &Mention, field: &str, value: &str| set(mention, field, value, standing);
        Ok(match self {
            Self::Set {
                record,
                field,
                value,
            } => {
                ensure_field(field)?;
                vec![set(run.mention(record)?, field, value.trim())]
            }
            Self::Accept {
                record,
                field: Some(field),
            } => {
                ensure_field(field)?;
                let mention = run.mention(record)?;
                let said = mention.text(field).into_iter();
                said.map(|value| set(mention, field, value)).collect()
            }
            Self::Accept {
                record,
                field: None,
            } => {
                let mention = run.mention(record)?;
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
                let value = run.mention(record)?.text(field).unwrap_or_default();
                let laureate = run.laureate_of(record).because(|| no_laureate(record))?;
                let sources = laureate
                    .sources
                    .iter()
                    .map(|source| run.mention(&source.mention));
                let stating = sources.filter(|mention| {
                    mention
                        .as_ref()
                        .map_or(true, |mention| mention.text(field).is_some())
                });
                stating
                    .map(|mention| Ok(set(mention?, field, value)))
                    .collect::<anyhow::Result<_>>()?
            }
            Self::Drop { record } => vec![blank(Deed::Drop, run.mention(record)?, standing)],
            Self::Together { a, b } => vec![pair(Deed::Together, run.mention(a)?, run.mention(b)?)],
            Self::Apart { a, b } => vec![pair(Deed::Apart, run.mention(a)?, run.mention(b)?)],
            Self::Split { record } => {
                let mention = run.mention(record)?;
                let laureate = run.laureate_of(record).because(|| no_laureate(record))?;
                let others = laureate
                    .sources
                    .iter()
                    .filter(|source| source.mention != *record);
                others
                    .map(|other| Ok(pair(Deed::Apart, mention, run.mention(&other.mention)?)))
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
