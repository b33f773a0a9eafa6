//! Mentions as lines of JSON, read when they are asked for: many of them take a third of the memory that they take as values.

use std::borrow::Cow;

use serde::Deserialize;

use super::records::{Fields, Source};
use crate::model::mention::Mention;

/// Mentions as the linker reads them, from the lines that they are written as. What is no mention is an empty one.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a, L>(pub &'a [L]);

/// What is asked of a mention apart from all that it states.
#[derive(Default, Deserialize)]
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

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    path: Cow<'a, str>,
}

impl<L: AsRef<str>> Lines<'_, L> {
    fn read<'b, T: Deserialize<'b> + Default>(&'b self, index: usize) -> T {
        let line = self.0.get(index).map_or("", AsRef::as_ref);
        serde_json::from_str(line).unwrap_or_default()
    }
}

impl<L: AsRef<str> + Sync> Source for Lines<'_, L> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn id(&self, index: usize) -> Cow<'_, str> {
        self.read::<Head<'_>>(index).id
    }

    fn fields(&self, index: usize) -> Fields<'_> {
        Fields::from(&self.read::<Mention>(index)).into_owned()
    }

    fn mention(&self, index: usize) -> Cow<'_, Mention> {
        Cow::Owned(self.read(index))
    }

    fn name(&self, index: usize) -> Option<Cow<'_, str>> {
        self.read::<Head<'_>>(index).name
    }

    fn place(&self, index: usize) -> (Cow<'_, str>, u32) {
        let head: Head<'_> = self.read(index);
        (head.document.path, head.position)
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
        let (lines, mentions) = (Lines(&lines), Mentions(&mentions));
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
