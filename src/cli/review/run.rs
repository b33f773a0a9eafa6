//! What a run's folder holds, as a person goes through it: records, laureates, documents, and what is doubtful, first what is most so.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use palmares::decisions::{FIELDS, pointer};
use palmares::message;
use palmares::model::evidence::Evidence;
use palmares::model::laureate::{Contribution, Decision, Laureate, LinkRecord};
use palmares::model::mention::{DOUBTFUL, Mention};
use palmares::model::record::DocumentRecord;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::{Because, Usage};

const MENTIONS: &str = "mentions.ndjson";

/// The records of a run.
#[derive(Debug)]
pub(super) struct Run {
    /// When it was written.
    written: SystemTime,
    pub(super) documents: Vec<Document>,
    mentions: Vec<Mention>,
    laureates: Vec<Laureate>,
    uncertain: Vec<LinkRecord>,
    /// Each mention by its id, and its laureate.
    places: BTreeMap<String, (usize, Option<usize>)>,
}

/// A document that was read.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Document {
    pub(super) path: String,
    #[serde(skip)]
    pub(super) sha256: String,
    media_type: String,
    pages: Option<u32>,
    announced: Option<u32>,
    found: u32,
}

/// A record in a list.
#[derive(Serialize)]
pub(super) struct Listed<'r> {
    id: &'r str,
    title: &'r str,
    /// Its number among the documents.
    document: usize,
}

/// What a person should look at.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Doubt<'r> {
    /// A value that is less likely right than others.
    Value {
        record: &'r str,
        field: &'static str,
        value: &'r str,
        confidence: f64,
    },
    /// Sources of a laureate that disagree.
    Conflict {
        laureate: &'r str,
        field: &'static str,
        /// The records that state something, each with what it states; first that whose value is retained.
        says: Vec<(&'r str, &'r str)>,
    },
    /// Two records that may be one laureate.
    Pair {
        a: &'r str,
        b: &'r str,
        probability: f64,
        /// Whether they are taken for one.
        is_one: bool,
        contributions: &'r [Contribution],
    },
}

impl Run {
    /// Reads the folder of a run.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let written = written(folder).because(|| {
            Usage::new(
                message!("no run has written into `{folder}`", folder = folder.display()),
                message!("run `palmares run` first, or name the folder that it wrote: `palmares review FOLDER`"),
            )
        })?;
        let mentions: Vec<Mention> = records(folder, MENTIONS)?;
        let laureates: Vec<Laureate> = records(folder, "laureates.ndjson")?;
        let links: Vec<LinkRecord> = records(folder, "links.ndjson")?;
        let accounts: Vec<DocumentRecord> = records(folder, "documents.ndjson")?;
        let mut places: BTreeMap<String, (usize, Option<usize>)> = (mentions.iter().enumerate())
            .map(|(number, mention)| (mention.id.clone(), (number, None)))
            .collect();
        for (number, laureate) in laureates.iter().enumerate() {
            for source in &laureate.sources {
                if let Some((_, of)) = places.get_mut(&source.mention) {
                    *of = Some(number);
                }
            }
        }
        let is_open = |link: &LinkRecord| {
            let is_decided = matches!(link.because.as_deref(), Some("must_link" | "cannot_link"));
            link.is_uncertain()
                && !is_decided
                && places.contains_key(&link.a)
                && places.contains_key(&link.b)
        };
        let mut uncertain: Vec<LinkRecord> = links.into_iter().filter(is_open).collect();
        uncertain.sort_by(|a, b| a.certainty().total_cmp(&b.certainty()));
        Ok(Self {
            written,
            documents: accounts.into_iter().map(Document::from).collect(),
            mentions,
            laureates,
            uncertain,
            places,
        })
    }

    /// Whether the folder holds what was read of it.
    pub(super) fn is_of(&self, folder: &Path) -> bool {
        written(folder).is_ok_and(|written| written == self.written)
    }

    /// The record with this id.
    pub(super) fn mention(&self, id: &str) -> anyhow::Result<&Mention> {
        let place = self.places.get(id);
        let mention = place.and_then(|(number, _)| self.mentions.get(*number));
        mention.because(|| {
            Usage::new(
                message!("no record of this run is `{id}`", id),
                message!("load the page again: the folder may have been written anew"),
            )
        })
    }

    /// The record of a document whose field is these words at this place.
    pub(super) fn read_at(
        &self,
        path: &str,
        (field, words): (&str, &str),
        place: Option<&Evidence>,
    ) -> Option<&Mention> {
        let place = place.and_then(Evidence::place);
        let is_there = |mention: &Mention| {
            let places = mention.evidence.get(&pointer(field));
            let first = places.and_then(|places| places.first());
            first.and_then(Evidence::place) == place
        };
        let mut own = (self.mentions.iter()).filter(|mention| mention.document.path == path);
        own.find(|mention| mention.text(field) == Some(words) && is_there(mention))
    }

    /// The laureate of a record.
    pub(super) fn laureate_of(&self, id: &str) -> Option<&Laureate> {
        let (_, laureate) = self.places.get(id)?;
        self.laureates.get((*laureate)?)
    }

    /// A document by its number.
    pub(super) fn document(&self, number: usize) -> anyhow::Result<&Document> {
        (self.documents.get(number)).because(|| {
            Usage::new(
                message!("this run has no document {number}", number),
                message!("load the page again: the folder may have been written anew"),
            )
        })
    }

    /// All records, in order.
    pub(super) fn listed(&self) -> Vec<Listed<'_>> {
        let numbers: BTreeMap<&str, usize> = (self.documents.iter().enumerate())
            .map(|(number, document)| (document.path.as_str(), number))
            .collect();
        let listed = self.mentions.iter().filter_map(|mention| {
            Some(Listed {
                id: &mention.id,
                title: title(mention),
                document: *numbers.get(mention.document.path.as_str())?,
            })
        });
        listed.collect()
    }

    /// What is doubtful of what can be decided: values record by record, that with the least likely value first; then pairs, the most open
    /// first; then sources that disagree.
    pub(super) fn doubts(&self) -> Vec<Doubt<'_>> {
        let mut values: Vec<(f64, Vec<Doubt<'_>>)> = (self.mentions.iter())
            .filter_map(|mention| {
                let doubts: Vec<(f64, Doubt<'_>)> = (doubtful(mention))
                    .map(|(field, value, confidence)| {
                        let record = mention.id.as_str();
                        (
                            confidence,
                            Doubt::Value {
                                record,
                                field,
                                value,
                                confidence,
                            },
                        )
                    })
                    .collect();
                let least = doubts
                    .iter()
                    .map(|(confidence, _)| *confidence)
                    .reduce(f64::min)?;
                Some((least, doubts.into_iter().map(|(_, doubt)| doubt).collect()))
            })
            .collect();
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let conflicts = self
            .laureates
            .iter()
            .flat_map(|laureate| self.conflicts(laureate));
        let pairs = self.uncertain.iter().map(|link| Doubt::Pair {
            a: &link.a,
            b: &link.b,
            probability: link.organisation.probability,
            is_one: link.decision == Decision::SameLaureate,
            contributions: &link.organisation.contributions,
        });
        let values = values.into_iter().flat_map(|(_, doubts)| doubts);
        values.chain(pairs).chain(conflicts).collect()
    }

    /// The fields of a laureate on which its sources disagree, where nobody has decided which is right.
    fn conflicts<'r>(&'r self, laureate: &'r Laureate) -> Vec<Doubt<'r>> {
        let disputed = |field: &'static str| {
            let variants = of(&laureate.variants, field)?;
            let is_decided = of(&laureate.origin, field).is_some_and(|origin| origin == "decided");
            if is_decided || !variants.iter().any(|variant| variant.conflict) {
                return None;
            }
            let says = laureate.sources.iter().filter_map(|source| {
                let mention = self.mention(&source.mention).ok()?;
                Some((source.mention.as_str(), mention.text(field)?))
            });
            let mut says: Vec<(&str, &str)> = says.collect();
            let retained = of(&laureate.provenance, field);
            says.sort_by_key(|(record, _)| retained.is_none_or(|retained| retained != record));
            Some(Doubt::Conflict {
                laureate: &laureate.id,
                field,
                says,
            })
        };
        FIELDS.into_iter().filter_map(disputed).collect()
    }
}

/// When a folder was written by a run.
fn written(folder: &Path) -> io::Result<SystemTime> {
    fs::metadata(folder.join(MENTIONS))?.modified()
}

/// What is said of a field, or of its text.
fn of<'m, T>(map: &'m BTreeMap<String, T>, field: &str) -> Option<&'m T> {
    (map.get(&pointer(field))).or_else(|| map.get(&format!("/{field}")))
}

/// The values of a record that are doubtful, of those that can be set.
pub(super) fn doubtful(mention: &Mention) -> impl Iterator<Item = (&'static str, &str, f64)> {
    FIELDS.into_iter().filter_map(|field| {
        let confidence = *mention.confidence.get(&pointer(field))?;
        let value = mention.text(field)?;
        (confidence < DOUBTFUL).then_some((field, value, confidence))
    })
}

/// What a record is called.
pub(super) fn title(mention: &Mention) -> &str {
    let title = mention.name.as_deref().or(mention.project.as_deref());
    title.unwrap_or(&mention.id)
}

impl From<DocumentRecord> for Document {
    fn from(record: DocumentRecord) -> Self {
        Self {
            path: record.document.path,
            sha256: record.document.sha256,
            media_type: record.document.media_type,
            pages: record.pages,
            announced: record.announced,
            found: record.found,
        }
    }
}

/// The records of a file, one a line.
fn records<T: DeserializeOwned>(folder: &Path, name: &str) -> anyhow::Result<Vec<T>> {
    let file = folder.join(name);
    let again = || message!("`palmares run` writes the folder anew");
    let text = fs::read_to_string(&file).because(|| {
        Usage::new(
            message!("cannot read `{file}`", file = file.display()),
            again(),
        )
    })?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let read = lines.map(serde_json::from_str).collect::<Result<_, _>>();
    read.because(|| {
        Usage::new(
            message!(
                "`{file}` was written by another version of palmares",
                file = file.display()
            ),
            again(),
        )
    })
}
