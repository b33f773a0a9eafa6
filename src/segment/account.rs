//! What the document announces: « 18 lauréats ont été sélectionnés ».

use std::sync::LazyLock;

use regex::Regex;

use super::units::{Form, Units};
use crate::model::text::Text;
use crate::profile::fold;

/// A count of laureates that the text states.
#[derive(Clone, Debug, PartialEq)]
pub struct Announced {
    /// How many.
    pub count: u32,
    /// The sentence.
    pub text: Text,
    /// The unit that holds it.
    pub unit: usize,
}

/// What is counted, and the words by which it is said to be chosen or shown, in either order.
static ANNOUNCEMENT: LazyLock<Regex> = LazyLock::new(|| {
    const WHAT: &str = r"(?:nouveaux |premiers |premieres |nouvelles )?(?:projets|laureats|laureates|initiatives|associations|structures|fiches|dossiers|actions|candidatures|organismes|territoires|porteurs|entreprises|equipes|projects|grants|grantees|awards|winners|organisations)";
    const CHOSEN: &str = r"(?:selectionne|retenu|laureat|soutenu|convaincu|choisi|recompense|prime|distingue|finance|accompagne|presente|selected|awarded|funded|supported|winners|fiches)";
    const NUMBER: &str = r"(\d{1,4}|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente)";
    Regex::new(&format!(
        r"\b{NUMBER} {WHAT}\b[^.!?]{{0,60}}?\b{CHOSEN}|\b{NUMBER} (?:laureats|laureates|projets laureats|laureats et laureates)\b|\ba retenu {NUMBER}\b|\bcompose[es]* de {NUMBER} {WHAT}|\b(?:selectionne|retient|retenu|recompense|prime|soutenu|soutient|distingue|choisi)\w* {NUMBER} {WHAT}"
    ))
    .expect("the pattern is constant")
});

/// « en a retenu 16 », « 6 ont été sélectionnés »: said of some among others.
static CHOSEN_OF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\ba (?:retenu|selectionne|distingue|recompense|prime) (\d{1,4})\b|, (\d{1,4}) ont ete (?:retenu|selectionne)").expect("the pattern is constant")
});
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:les |nos )?(\d{1,3}|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente) (?:nouveaux |nouvelles |premiers |premieres )?(?:projets|laureats|laureates|initiatives|associations|structures|equipes|actions|entreprises|winners|projects)\b").expect("the pattern is constant")
});

/// Beginnings of the words for what is counted.
const COUNTED: &[&str] = &[
    "grant",
    "award",
    "winner",
    "organisation",
    "projet",
    "laureat",
    "initiative",
    "association",
    "structure",
    "fiche",
    "dossier",
    "action",
    "candidature",
    "organisme",
    "territoire",
    "porteur",
    "entreprise",
    "equipe",
    "retenu",
    "project",
];

/// Every announcement of the body, in order.
pub fn announced(units: &Units) -> Vec<Announced> {
    let mut found = Vec::new();
    for (index, unit) in units.list.iter().enumerate() {
        if unit.form == Form::Number || unit.text.is_empty() {
            continue;
        }
        // Announcements have a number, in digits or in letters, and a word for what is counted.
        if !COUNTED.iter().any(|word| unit.folded.contains(word)) {
            continue;
        }
        // « Cinq initiatives du Morbihan » as a heading announces as well as a sentence does.
        if unit.form == Form::Short
            && let Some(count) = HEADING
                .captures(&fold(unit.text.as_str()))
                .and_then(|captures| number_of(captures.get(1)?.as_str()))
                .filter(|count| *count > 1)
        {
            found.push(Announced {
                count,
                text: unit.text.clone(),
                unit: index,
            });
            continue;
        }
        for sentence in sentences(&unit.text) {
            // The fold of a sentence is only searched: the sentence itself is what the account shows.
            let folded = fold(sentence.as_str());
            let chosen = CHOSEN_OF
                .captures(&folded)
                .and_then(|captures| captures.get(1).or(captures.get(2)));
            let counted = || {
                let captures = ANNOUNCEMENT.captures(&folded)?;
                let all = captures.get(0)?.as_str();
                // « Sur les 52 projets déposés, 6 ont été sélectionnés »: the first number counts the candidates.
                let candidates = ["depos", "recu", "propos", "candidat", "examin", "etudi"]
                    .iter()
                    .any(|cue| all.contains(cue));
                captures
                    .iter()
                    .skip(1)
                    .flatten()
                    .next()
                    .filter(|_| !candidates)
            };
            if let Some(count) = chosen
                .or_else(counted)
                .and_then(|number| number_of(number.as_str()))
                && count > 0
            {
                found.push(Announced {
                    count,
                    text: sentence,
                    unit: index,
                });
            }
        }
    }
    found
}

/// Splits at sentence ends and line breaks, well enough for counting.
fn sentences(text: &Text) -> Vec<Text> {
    let string = text.as_str();
    let mut start = 0;
    let mut list = Vec::new();
    let mut ends: Vec<usize> = string
        .match_indices(['.', '!', '?', '\n'])
        .map(|(index, mark)| index + mark.len())
        .filter(|end| {
            string
                .get(*end..)
                .is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        })
        .collect();
    ends.push(string.len());
    for end in ends {
        let sentence = text.slice(start..end).trim();
        if !sentence.is_empty() {
            list.push(sentence);
        }
        start = end;
    }
    list
}

fn number_of(word: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 17] = [
        ("deux", 2),
        ("trois", 3),
        ("quatre", 4),
        ("cinq", 5),
        ("six", 6),
        ("sept", 7),
        ("huit", 8),
        ("neuf", 9),
        ("dix", 10),
        ("onze", 11),
        ("douze", 12),
        ("treize", 13),
        ("quatorze", 14),
        ("quinze", 15),
        ("seize", 16),
        ("vingt", 20),
        ("trente", 30),
    ];
    word.parse().ok().or_else(|| {
        WORDS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, value)| *value)
    })
}
