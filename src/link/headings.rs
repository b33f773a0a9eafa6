//! Headings that their document cannot split, since name and title run on with no mark between them. Where another source of the organisation states
//! both apart, its words tell where the one ends and the other begins. What no source bears out stays whole.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};

use super::fields::Source;
use super::fold::Words;
use crate::model::mention::Mention;

/// Stands between a name and a title, and belongs to neither.
const SEPARATORS: [char; 8] = [' ', '–', '—', '-', ':', ',', '|', '/'];

/// Words of a heading that is looked at: a longer one is a text.
const WORDS: usize = 64;

/// Names and titles that the sources of one organisation state apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Headings {
    /// Folded titles by folded name.
    apart: BTreeMap<String, BTreeSet<String>>,
}

impl Headings {
    /// What these records state apart; nothing where no record is in need of it.
    pub(super) fn of(source: &dyn Source, members: &[u32]) -> Self {
        let mut apart: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut whole = false;
        let mut words = Words::default();
        for member in members {
            let fields = source.fields(*member as usize);
            match (fields.name, fields.project) {
                (Some(name), Some(project)) => {
                    let (name, project) = (words.folded(&name), words.folded(&project));
                    if !name.is_empty() && !project.is_empty() {
                        apart.entry(name).or_default().insert(project);
                    }
                }
                (Some(_), None) => whole = true,
                (None, _) => {}
            }
        }
        if !whole {
            apart.clear();
        }
        Self { apart }
    }

    /// The mention with its heading split, its name and title marked as inferred.
    pub(super) fn divide(&self, mention: &Mention) -> Option<Mention> {
        if self.apart.is_empty() || mention.project.is_some() {
            return None;
        }
        let heading = mention.name.as_deref()?;
        let (name, project) = self.split(heading)?;
        let mut divided = mention.clone();
        divided.name = heading.get(name).map(str::to_owned);
        divided.project = heading.get(project).map(str::to_owned);
        for pointer in ["/name", "/project"] {
            divided.origin.insert(pointer.into(), "inferred".into());
        }
        if let Some(confidence) = divided.confidence.get("/name").copied() {
            divided.confidence.insert("/project".into(), confidence);
        }
        Some(divided)
    }

    /// Where the name and the title stand in a heading that is both.
    pub(super) fn split(&self, heading: &str) -> Option<(Range<usize>, Range<usize>)> {
        let mut words = Words::default();
        words.split(heading);
        if self.apart.is_empty() || words.len() > WORDS {
            return None;
        }
        // The first name, in their order, that one side is.
        let mut found: Option<(&str, Range<usize>, Range<usize>)> = None;
        for (at, _) in heading.match_indices(' ') {
            let (before, after) = heading.split_at_checked(at)?;
            let before = before.trim_end_matches(SEPARATORS);
            let after = after.trim_start_matches(SEPARATORS);
            let first = 0..before.len();
            let second = heading.len() - after.len()..heading.len();
            let (left, right) = (words.folded(before), words.folded(after));
            let sides = [
                (&left, &right, first.clone(), second.clone()),
                (&right, &left, second, first),
            ];
            for (name, title, of_name, of_title) in sides {
                if let Some((name, titles)) = self.apart.get_key_value(name)
                    && found
                        .as_ref()
                        .is_none_or(|(best, ..)| name.as_str() < *best)
                    && is_title(title, titles)
                {
                    found = Some((name, of_name, of_title));
                }
            }
        }
        found.map(|(_, name, title)| (name, title))
    }
}

/// Is it one of the titles, cut short or with more behind it?
fn is_title(text: &str, titles: &BTreeSet<String>) -> bool {
    let begins = |longer: &str, shorter: &str| {
        longer
            .strip_prefix(shorter)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let mut longer = titles.range::<str, _>((Bound::Included(text), Bound::Unbounded));
    let ends = text.match_indices(' ').map(|(at, _)| at);
    !text.is_empty()
        && (longer.next().is_some_and(|title| begins(title, text))
            || ends
                .chain([text.len()])
                .any(|end| text.get(..end).is_some_and(|title| titles.contains(title))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, expected: Option<(&str, &str)>) {
        let headings = Headings {
            apart: BTreeMap::from([(
                "les semeurs".to_owned(),
                BTreeSet::from(["un jardin pour tous".to_owned()]),
            )]),
        };
        let mention = Mention {
            name: Some(heading.into()),
            ..Mention::default()
        };
        let divided = headings.divide(&mention);
        let found = divided.as_ref().map(|mention| {
            assert_eq!(
                mention.origin.get("/project").map(String::as_str),
                Some("inferred")
            );
            (
                mention.name.as_deref().unwrap_or(""),
                mention.project.as_deref().unwrap_or(""),
            )
        });
        assert_eq!(found, expected, "{heading}");
    }

    #[test]
    fn a_heading_is_split_by_what_another_source_states() {
        check(
            "LES SEMEURS Un jardin pour tous",
            Some(("LES SEMEURS", "Un jardin pour tous")),
        );
        check(
            "Un jardin pour tous, Les Semeurs",
            Some(("Les Semeurs", "Un jardin pour tous")),
        );
        check(
            "Les Semeurs : un jardin",
            Some(("Les Semeurs", "un jardin")),
        );
    }

    #[test]
    fn what_no_source_bears_out_stays_whole() {
        check("Les Semeurs de l'Avesnois", None);
        check("Les Semeurs un jardinier", None);
        check("Les Semeurs", None);
    }
}
