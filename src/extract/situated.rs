//! Places that sentences and short lines tell: « À Paimbœuf, l’association … », « logés dans le Vaucluse », « Redon · Solidarité ». Records and their entries in; the records with where they are.

use std::ops::Range;

use super::draft::{Draft, Rule, one_line};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, places};
use crate::segment::{Form, Unit};

/// Where an entry says where it is: in its first lines.
const NEAREST: usize = 3;
const NEAR: usize = 300;

/// A place for each record that has none and tells one, where enough of the list do: a town that one sentence names is where a person was born, or a train went.
pub(super) fn places<'u>(drafts: &mut [Draft<'_>], own: impl Fn(usize) -> &'u [Unit]) {
    const FEWEST: usize = 2;
    let is_open = |draft: &Draft<'_>| draft.mention.territory.is_none();
    let found: Vec<Option<Text>> = (drafts.iter().enumerate())
        .map(|(number, draft)| is_open(draft).then(|| told(own(number), draft))?)
        .collect();
    let n_open = drafts.iter().filter(|draft| is_open(draft)).count();
    let n_found = found.iter().flatten().count();
    if n_found < FEWEST || n_found * 3 < n_open {
        return;
    }
    for (draft, place) in drafts.iter_mut().zip(&found) {
        if let Some(place) = place {
            draft.mention.territory = Some(draft.ground("/territory", place, Rule::Place));
        }
    }
}

/// The first place that the sentences of an entry tell, outside of its name and title.
fn told(units: &[Unit], draft: &Draft<'_>) -> Option<Text> {
    let heads = [&draft.mention.name, &draft.mention.project];
    let sentences = units
        .iter()
        .filter(|unit| unit.label.is_none() && unit.form != Form::Footnote);
    sentences.take(NEAREST).find_map(|unit| {
        let string = unit.text.as_str();
        let range =
            place(string).or_else(|| (unit.form == Form::Short).then(|| marked(string))?)?;
        let words = string.get(range.clone())?;
        let is_named =
            |head: &Option<String>| head.as_deref().is_some_and(|head| head.contains(words));
        (!heads.into_iter().any(is_named)).then(|| one_line([&unit.text.slice(range)]))
    })
}

/// The part between marks of a short line that is a known place: « [Redon] · Solidarité », « Environnement | [Guichen] ».
fn marked(string: &str) -> Option<Range<usize>> {
    const MARKS: [char; 5] = ['·', '|', '•', '–', '—'];
    if !string.contains(MARKS) {
        return None;
    }
    let mut end = 0;
    (string.split_inclusive(MARKS))
        .map(|part| {
            let start = end;
            end += part.len();
            let bare = part.trim_end_matches(MARKS).trim_end();
            let lead = bare.len() - bare.trim_start().len();
            start + lead..start + bare.len()
        })
        .find(|range| {
            (string.get(range.clone())).is_some_and(|part| places::likeness(part) >= places::SURE)
        })
}

/// The first known place behind a preposition: « dans la région [Pays de la Loire] ».
fn place(string: &str) -> Option<Range<usize>> {
    let mut end = 0;
    let words: Vec<(usize, &str)> = (string.split_inclusive(char::is_whitespace))
        .map(|word| {
            let start = end;
            end += word.len();
            (start, word.trim_end())
        })
        .take_while(|(at, _)| *at < NEAR)
        .filter(|(_, word)| !word.is_empty())
        .collect();
    (words.iter().enumerate()).find_map(|(number, (_, word))| {
        if !VOCABULARY.is_preposition(word) {
            return None;
        }
        let behind = words.get(number + 1..)?;
        let behind = behind.get(
            behind
                .iter()
                .take_while(|(_, word)| VOCABULARY.is_of_area(word))
                .count()..,
        )?;
        let (at, first) = *behind.first()?;
        // « l’Estérel »
        let elided = first
            .find(['’', '\''])
            .filter(|at| *at < 3)
            .map_or(0, |at| {
                at + first
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8)
            });
        let start = at + elided;
        if !string.get(start..)?.starts_with(char::is_uppercase) {
            return None;
        }
        Some(start..start + places::leading(string.get(start..)?)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(string: &str, expected: Option<&str>) {
        assert_eq!(place(string).and_then(|range| string.get(range)), expected);
    }

    #[test]
    fn sentences_tell_where() {
        check(
            "À Paimbœuf, en Loire-Atlantique, l’association",
            Some("Paimbœuf"),
        );
        check("55 saisonniers logés dans le Vaucluse ;", Some("Vaucluse"));
        check(
            "menée dans la région Pays de la Loire, est saluée",
            Some("Pays de la Loire"),
        );
        check(
            "la commune de Rimont, en Occitanie, retient",
            Some("Occitanie"),
        );
        check("les jeunes de Paris dansent", None);
        check("à vélo, avec Marseille", None);
    }

    #[test]
    fn marks_set_places_apart() {
        let found = |line: &'static str| marked(line).and_then(|range| line.get(range));
        assert_eq!(found("Redon · Solidarité"), Some("Redon"));
        assert_eq!(found("Environnement | Guichen"), Some("Guichen"));
        assert_eq!(found("Solidarité · Jeunesse"), None);
        assert_eq!(found("Redon"), None);
    }
}
