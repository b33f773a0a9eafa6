//! An entry's words with the values that were read from them.

use super::draft::Draft;
use super::taken::Taken;
use crate::model::excerpt::{Excerpt, Run};
use crate::segment::Unit;

/// What a person reads beside a record, in characters: the rest is in the document.
const MOST: usize = 4_000;

/// The lines of an entry, each in runs of what one field took. Of two fields that took the same characters the one with fewer is named: a name within
/// a description is seen as the name.
pub(super) fn excerpt(draft: &Draft<'_>, units: &[Unit]) -> Excerpt {
    let mut fields: Vec<(usize, &str, Taken)> = (draft.pointed())
        .filter_map(|(pointer, text)| {
            let field = pointer.split('/').nth(1)?;
            Some((text.len(), field, Taken::of([text].into_iter())))
        })
        .collect();
    fields.sort_by_key(|(length, field, _)| (std::cmp::Reverse(*length), *field));
    let mut excerpt = Excerpt::default();
    let mut room = MOST;
    for text in units.iter().flat_map(|unit| unit.text.lines()) {
        let length = text.as_str().chars().count();
        let Some(left) = room.checked_sub(length) else {
            excerpt.is_cut = true;
            break;
        };
        room = left;
        let mut owners: Vec<Option<&str>> = vec![None; text.len()];
        for (_, field, taken) in fields.iter().filter(|(_, _, taken)| taken.is_near(&text)) {
            for range in taken.held(&text) {
                if let Some(owned) = owners.get_mut(range) {
                    owned.fill(Some(field));
                }
            }
        }
        excerpt.lines.push(runs(text.as_str(), &owners));
    }
    excerpt
}

/// The characters of a line, parted where their owner changes. `owners` has one for each byte.
fn runs(string: &str, owners: &[Option<&str>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, character) in string.char_indices() {
        let field = owners.get(at).copied().flatten();
        match runs.last_mut() {
            Some(run) if run.field.as_deref() == field => run.text.push(character),
            _ => runs.push(Run {
                text: character.into(),
                field: field.map(str::to_owned),
            }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_parted_where_their_owner_changes() {
        let owners = [
            Some("name"),
            Some("name"),
            Some("name"),
            None,
            Some("territory"),
        ];
        let found: Vec<(String, Option<String>)> = runs("éa b", &owners)
            .into_iter()
            .map(|run| (run.text, run.field))
            .collect();
        let run = |text: &str, field: Option<&str>| (text.to_owned(), field.map(str::to_owned));
        assert_eq!(
            found,
            [
                run("éa", Some("name")),
                run(" ", None),
                run("b", Some("territory"))
            ]
        );
    }
}
