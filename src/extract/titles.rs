//! Headings that hold a name and a title in; the two apart out.

use super::draft::{Draft, Rule};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold, places};

/// What parts a name and a title.
const MARKS: [char; 7] = [',', ':', '–', '—', '-', '|', '/'];

/// The title that a heading has beside a name, apart from it by a mark: « Un verger derrière la gare, | Les Jardiniers de Redon », « Vélo Bécherel : | Rustines ».
pub(super) fn beside(heading: &Text, name: &str) -> Option<Text> {
    /// « l’ », « les »
    const LONGEST_ARTICLE: usize = 5;
    let string = heading.as_str();
    let start = string.find(name)?;
    let (before, behind) = (string.get(..start)?, string.get(start + name.len()..)?);
    let marked = |c: char| MARKS.contains(&c) || c == '(';
    let title = if behind.trim().is_empty() || before.trim_end().ends_with('(') {
        let at = before.rfind(marked)?;
        let article = before.get(at..)?.trim_start_matches(marked).trim();
        let is_apart = article.len() <= LONGEST_ARTICLE && !article.starts_with(char::is_uppercase);
        is_apart.then(|| heading.slice(0..at))?
    } else {
        let title = behind.trim_start();
        let is_apart = title.starts_with(MARKS) && before.trim().is_empty();
        let start = string.len() - title.trim_start_matches(MARKS).len();
        is_apart.then(|| heading.slice(start..string.len()))?
    };
    let title = title.trim();
    // « La Halle, Redon » has no title beside its name; nor has what is the rest of a sentence.
    let string = title.as_str();
    let last = string.split([' ', '\u{a0}', '\'', '’']).next_back();
    let is_title = string.starts_with(|c: char| c.is_alphanumeric() || c == '«')
        && last.is_some_and(|word| !VOCABULARY.is_joint(&fold(word)))
        && places::likeness(string) < places::SURE;
    is_title.then_some(title)
}

/// Splits headings as most of a list's are split into title and name: « Les contes du lundi, | La Marmothèque ».
pub(super) fn split_alike(drafts: &mut [Draft<'_>]) {
    let value = |draft: &Draft<'_>, field: &str| {
        let mut texts = draft.pointed();
        (texts.find(|(pointer, _)| *pointer == field)).map(|(_, text)| text.clone())
    };
    let title_of = |draft: &Draft<'_>| {
        (draft.rule("/project") == Some(Rule::Heading) && draft.rule("/name") == Some(Rule::Learnt))
            .then(|| value(draft, "/project"))?
    };
    let is_split = |draft: &&Draft<'_>| title_of(draft).is_some();
    if drafts.iter().filter(is_split).count() * 2 <= drafts.len() {
        return;
    }
    for draft in drafts.iter_mut() {
        if draft.rule("/name") != Some(Rule::Heading) || draft.mention.project.is_some() {
            continue;
        }
        let Some(heading) = value(draft, "/name") else {
            continue;
        };
        let string = heading.as_str();
        let behind = (string.char_indices())
            .filter(|(_, c)| MARKS.contains(c))
            .filter_map(|(at, mark)| {
                let name = string.get(at + mark.len_utf8()..)?;
                let is_spaced = name.starts_with([' ', '\u{a0}']);
                is_spaced.then(|| string.len() - name.trim_start().len())
            })
            .next_back()
            .filter(|at| {
                let name = string.get(*at..).unwrap_or_default();
                name.starts_with(char::is_uppercase) && places::likeness(name) < places::SURE
            });
        if let Some(at) = behind {
            let name = heading.slice(at..heading.len()).trim();
            draft.rename(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_has_a_title_beside_its_name() {
        for (heading, name, title) in [
            (
                "Un verger derrière la gare, Les Jardiniers de Redon",
                "Les Jardiniers de Redon",
                Some("Un verger derrière la gare"),
            ),
            (
                "Garde-manger de marée, l’Amicale d’Étel",
                "Amicale d’Étel",
                Some("Garde-manger de marée"),
            ),
            (
                "Le pain d’à côté (Fournil solidaire, Millau)",
                "Fournil solidaire",
                Some("Le pain d’à côté"),
            ),
            (
                "Vélo Bécherel : Rustines",
                "Vélo Bécherel",
                Some("Rustines"),
            ),
            ("Les Halles, Redon", "Les Halles", None),
            ("Les mains bleues de Redon", "Redon", None),
        ] {
            let found = beside(&Text::from(heading), name);
            assert_eq!(found.as_ref().map(Text::as_str), title, "{heading}");
        }
    }
}
