//! What the document announces: « 18 lauréats ont été sélectionnés ».

use std::sync::LazyLock;

use regex::Regex;

use super::units::{Form, Units};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold};

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

/// A number, what it counts, and the verb before it that says they are chosen. The text is folded: its letters are ASCII.
static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    // « attribuer un soutien à quatre organisations »
    const VERB: &str = "(?:attribu|accord|decern|remis|remet|octroy)[a-z]* (?:un |une |son |sa |leur )?(?:soutien|aide|subvention|bourse|prix|dotation|trophee)s? a|a retenu|compose[es]* de|(?:selectionne|retient|retenu|recompense|prime|soutenu|soutient|distingue|choisi)[a-z]*";
    const WHAT: &str = "(?:nouveaux |premiers |premieres |nouvelles )?(?:projets|laureats|laureates|initiatives|associations|structures|fiches|dossiers|actions|candidatures|organismes|territoires|porteurs|entreprises|equipes|projects|grants|grantees|awards|winners|organisations)";
    Regex::new(&format!(
        r"(?-u:\b)(?:(?P<verb>{VERB}) )?(?P<number>[0-9]{{1,4}}|{})(?-u:\b)(?: (?P<what>{WHAT})(?-u:\b))?",
        VOCABULARY.number_pattern()
    ))
    .expect("the pattern is constant")
});

/// Beginnings of the words by which what was counted is said to be chosen or shown.
const CHOSEN: &[&str] = &[
    " selectionne",
    " retenu",
    " laureat",
    " soutenu",
    " convaincu",
    " choisi",
    " recompense",
    " prime",
    " distingue",
    " finance",
    " se partagent",
    " accompagne",
    " presente",
    " selected",
    " awarded",
    " funded",
    " supported",
    " winners",
    " fiches",
];

/// How far behind the count its participle stands, in bytes: a clause, not a paragraph.
const CLAUSE: usize = 64;

/// The number by which a folded sentence counts the chosen.
fn counted(folded: &str) -> Option<&str> {
    COUNT.captures_iter(folded).find_map(|captures| {
        let all = captures.get(0)?;
        let after = folded.get(all.end()..)?;
        let after = after.get(..after.floor_char_boundary(CLAUSE))?;
        let clause = after.split(['.', '!', '?', ';']).next()?;
        let verb = captures.name("verb");
        let what = captures.name("what");
        // Whatever is chosen behind it, a number that counts nothing announces nothing.
        if what.is_none() && verb.is_none_or(|verb| verb.as_str() != "a retenu") {
            return None;
        }
        let chosen = CHOSEN.iter().filter_map(|word| clause.find(word)).min();
        let announces = verb.is_some_and(|verb| verb.as_str() == "a retenu")
            || what.is_some_and(|what| {
                verb.is_some() || what.as_str().contains("laureat") || chosen.is_some()
            });
        // « Sur les 52 projets déposés, 6 ont été sélectionnés »: the first number counts the candidates.
        let before = clause.get(..chosen.unwrap_or(0))?;
        let candidates = ["depos", "recu", "propos", "candidat", "examin", "etudi"]
            .iter()
            .any(|cue| all.as_str().contains(cue) || before.contains(cue));
        (announces && !candidates)
            .then(|| captures.name("number"))?
            .map(|number| number.as_str())
    })
}

/// « en a retenu 16 », « 6 ont été sélectionnés »: said of some among others.
static CHOSEN_OF: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)a (?:retenu|selectionne|distingue|recompense|prime) ([0-9]{1,4})(?-u:\b)|, ([0-9]{1,4}) ont ete (?:retenu|selectionne)").expect("the pattern is constant")
});
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    const WHAT: &str = "(?:nouveaux |nouvelles |premiers |premieres )?(?:projets|laureats|laureates|initiatives|associations|structures|equipes|actions|entreprises|winners|projects)";
    Regex::new(&format!(
        r"^(?:les |nos )?([0-9]{{1,3}}|{}) {WHAT}\b",
        VOCABULARY.number_pattern()
    ))
    .expect("the pattern is constant")
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
        if !VOCABULARY.has_number(&unit.folded)
            || !COUNTED.iter().any(|word| unit.folded.contains(word))
        {
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
            if !VOCABULARY.has_number(&folded) {
                continue;
            }
            let chosen = CHOSEN_OF
                .captures(&folded)
                .and_then(|captures| captures.get(1).or(captures.get(2)))
                .map(|number| number.as_str());
            if let Some(count) = chosen.or_else(|| counted(&folded)).and_then(number_of)
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
    word.parse().ok().or_else(|| VOCABULARY.number(word))
}
