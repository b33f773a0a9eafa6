//! Mentions as lines of JSON, read when they are asked for: many of them take a third of the memory that they take as values.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Deserialize;

use super::fields::{Fields, Source};
use super::list_of;
use crate::model::mention::Mention;

/// Mentions as the linker reads them, from the lines that they are written as. What is no mention is an empty one.
#[derive(Debug)]
pub struct Lines<'a, L> {
    lines: &'a [L],
    heads: Vec<Head<'a>>,
}

/// What is compared of a mention, and asked for again and again: read once, and as far as it can be where it stands in the line. The rest, two thirds of
/// a line for its evidence alone, is read where values are merged.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Head<'a> {
    id: Stated<'a>,
    document: Place<'a>,
    position: u32,
    name: Option<Stated<'a>>,
    project: Option<Stated<'a>>,
    territory: Option<Stated<'a>>,
    public: Option<Stated<'a>>,
    partners: Vec<Stated<'a>>,
    description: Option<Stated<'a>>,
    links: Vec<Stated<'a>>,
    contacts: Vec<Stated<'a>>,
    call: Option<Stated<'a>>,
    edition: Option<Year>,
    inferred: Suggested<'a>,
}

/// A text; one without escapes is not copied.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
struct Stated<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Place<'a> {
    path: Stated<'a>,
    sha256: Stated<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Year {
    year: Option<i32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Suggested<'a> {
    partners: Vec<SuggestedValue<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct SuggestedValue<'a> {
    value: Stated<'a>,
}

impl Stated<'_> {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

impl<'a, L: AsRef<str> + Sync> Lines<'a, L> {
    /// Reads what is asked of each line apart from all that it states.
    pub fn of(lines: &'a [L]) -> Self {
        let heads = lines
            .par_iter()
            .map(|line| serde_json::from_str(line.as_ref()).unwrap_or_default())
            .collect();
        Self { lines, heads }
    }
}

impl<L: AsRef<str> + Sync> Source for Lines<'_, L> {
    fn len(&self) -> usize {
        self.lines.len()
    }

    fn id(&self, index: usize) -> Cow<'_, str> {
        self.heads
            .get(index)
            .map(|head| head.id.text())
            .unwrap_or_default()
    }

    fn fields(&self, index: usize) -> Fields<'_> {
        self.heads.get(index).map(Fields::from).unwrap_or_default()
    }

    fn mention(&self, index: usize) -> Cow<'_, Mention> {
        let line = self.lines.get(index).map_or("", AsRef::as_ref);
        Cow::Owned(serde_json::from_str(line).unwrap_or_default())
    }

    fn name(&self, index: usize) -> Option<Cow<'_, str>> {
        self.heads.get(index)?.name.as_ref().map(Stated::text)
    }

    fn place(&self, index: usize) -> (Cow<'_, str>, u32) {
        self.heads.get(index).map_or_else(Default::default, |head| {
            (head.document.path.text(), head.position)
        })
    }

    fn partners(&self, index: usize) -> Vec<Cow<'_, str>> {
        let Some(head) = self.heads.get(index) else {
            return Vec::new();
        };
        let suggested = head.inferred.partners.iter();
        let all = (head.partners.iter()).chain(suggested.map(|partner| &partner.value));
        all.map(Stated::text).collect()
    }
}

impl<'a> From<&'a Head<'_>> for Fields<'a> {
    fn from(head: &'a Head<'_>) -> Self {
        fn text<'a>(value: Option<&'a Stated<'_>>) -> Option<Cow<'a, str>> {
            value.map(Stated::text)
        }
        Self {
            source: 0,
            list: list_of(&head.document.sha256.0, &head.document.path.0),
            name: text(head.name.as_ref()),
            project: text(head.project.as_ref()),
            territory: text(head.territory.as_ref()),
            seat: None,
            department: None,
            public: text(head.public.as_ref()),
            partners: head.partners.iter().map(Stated::text).collect(),
            description: text(head.description.as_ref()),
            contacts: (head.links.iter().chain(&head.contacts))
                .map(Stated::text)
                .collect(),
            call: text(head.call.as_ref()),
            year: head.edition.as_ref().and_then(|edition| edition.year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mentions;
    use super::*;
    use crate::model::mention::{DocumentRef, Edition, Inferred, InferredValue};

    #[test]
    fn lines_say_what_their_mentions_say() {
        let mention = Mention {
            id: "m-1".into(),
            document: DocumentRef {
                path: "liste \"A\".pdf".into(),
                ..DocumentRef::default()
            },
            position: 3,
            name: Some("Les\nSemeurs".into()),
            project: Some("Un jardin".into()),
            partners: vec!["Mairie".into()],
            inferred: Inferred {
                partners: vec![InferredValue {
                    value: "École \"B\"".into(),
                    ..InferredValue::default()
                }],
                ..Inferred::default()
            },
            contacts: vec!["a@b.fr".into()],
            edition: Some(Edition {
                year: Some(2024),
                ..Edition::default()
            }),
            ..Mention::default()
        };
        let lines = [serde_json::to_string(&mention).unwrap(), "not one".into()];
        let mentions = [mention, Mention::default()];
        let (lines, mentions) = (Lines::of(&lines), Mentions(&mentions));
        assert_eq!(lines.len(), mentions.len());
        for index in 0..3 {
            assert_eq!(lines.id(index), mentions.id(index));
            assert_eq!(lines.fields(index), mentions.fields(index));
            assert_eq!(lines.mention(index), mentions.mention(index));
            assert_eq!(lines.name(index), mentions.name(index));
            assert_eq!(lines.place(index), mentions.place(index));
            assert_eq!(lines.partners(index), mentions.partners(index));
        }
    }
}
