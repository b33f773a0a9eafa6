//! Headings that their document cannot split, since name and title run on with no mark between them. Where another source of the organisation states
//! both apart, its words tell where the one ends and the other begins. What no source bears out stays whole.

use std::ops::Range;

use super::fold::Words;
use super::records::Source;
use crate::model::mention::Mention;

/// Stands between a name and a title, and belongs to neither.
const SEPARATORS: [char; 8] = [' ', '–', '—', '-', ':', ',', '|', '/'];

/// Names and titles that the sources of one organisation state apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Headings {
    /// Folded name, folded title.
    apart: Vec<(String, String)>,
}

impl Headings {
    /// What these records state apart; nothing where no record is in need of it.
    pub(super) fn of(source: &dyn Source, members: &[u32]) -> Self {
        let mut apart: Vec<(String, String)> = Vec::new();
        let mut whole = false;
        let mut words = Words::default();
        for member in members {
            let fields = source.fields(*member as usize);
            match (fields.name, fields.project) {
                (Some(name), Some(project)) => {
                    apart.push((words.folded(&name), words.folded(&project)));
                }
                (Some(_), None) => whole = true,
                (None, _) => {}
            }
        }
        apart.retain(|(name, project)| !name.is_empty() && !project.is_empty());
        apart.sort_unstable();
        apart.dedup();
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
        self.apart
            .iter()
            .find_map(|apart| split(heading, apart, &mut words))
    }
}

/// Where the name and the title stand in the heading, either first.
fn split(
    heading: &str,
    (name, project): &(String, String),
    words: &mut Words,
) -> Option<(Range<usize>, Range<usize>)> {
    let spaces = heading.match_indices(' ').map(|(at, _)| at);
    for at in spaces {
        let (before, after) = heading.split_at_checked(at)?;
        let before = before.trim_end_matches(SEPARATORS);
        let after = after.trim_start_matches(SEPARATORS);
        let first = 0..before.len();
        let second = heading.len() - after.len()..heading.len();
        let (left, right) = (words.folded(before), words.folded(after));
        if left == *name && is_title(&right, project) {
            return Some((first, second));
        }
        if right == *name && is_title(&left, project) {
            return Some((second, first));
        }
    }
    None
}

/// Is it the title, cut short or with more behind it?
fn is_title(text: &str, project: &str) -> bool {
    let begins = |longer: &str, shorter: &str| {
        longer
            .strip_prefix(shorter)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    !text.is_empty() && (begins(text, project) || begins(project, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, expected: Option<(&str, &str)>) {
        let headings = Headings {
            apart: vec![("les semeurs".into(), "un jardin pour tous".into())],
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
