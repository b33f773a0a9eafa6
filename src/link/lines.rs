//! Mentions as lines of JSON, read when they are asked for: many of them take a third of the memory that they take as values.

use std::borrow::Cow;

use serde::Deserialize;

use super::records::{Fields, Source};
use crate::model::mention::Mention;

/// Mentions as the linker reads them, from the lines that they are written as. What is no mention is an empty one.
#[derive(Debug)]
pub struct Lines<'a, L> {
    lines: &'a [L],
    /// What is asked for again and again, read once.
    heads: Vec<Head<'a>>,
}

/// What is asked of a mention apart from all that it states.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Head<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    document: Place<'a>,
    position: u32,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
}

impl<'a, L: AsRef<str>> Lines<'a, L> {
    /// Reads what is asked of each line apart from all that it states.
    pub fn of(lines: &'a [L]) -> Self {
        let heads = lines
            .iter()
            .map(|line| serde_json::from_str(line.as_ref()).unwrap_or_default())
            .collect();
        Self { lines, heads }
    }

    fn head(&self, index: usize) -> Option<&Head<'a>> {
        self.heads.get(index)
    }

    fn read(&self, index: usize) -> Mention {
        let line = self.lines.get(index).map_or("", AsRef::as_ref);
        serde_json::from_str(line).unwrap_or_default()
    }
}

impl<L: AsRef<str> + Sync> Source for Lines<'_, L> {
    fn len(&self) -> usize {
        self.lines.len()
    }

    fn id(&self, index: usize) -> Cow<'_, str> {
        self.head(index)
            .map_or(Cow::Borrowed(""), |head| Cow::Borrowed(&*head.id))
    }

    fn fields(&self, index: usize) -> Fields<'_> {
        Fields::from(&self.read(index)).into_owned()
    }

    fn mention(&self, index: usize) -> Cow<'_, Mention> {
        Cow::Owned(self.read(index))
    }

    fn name(&self, index: usize) -> Option<Cow<'_, str>> {
        self.head(index)?.name.as_deref().map(Cow::Borrowed)
    }

    fn place(&self, index: usize) -> (Cow<'_, str>, u32) {
        self.head(index).map_or_else(Default::default, |head| {
            (Cow::Borrowed(&*head.document.path), head.position)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mentions;
    use super::*;
    use crate::model::mention::{DocumentRef, Edition};

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
        }
    }
}
