//! The words of a public in; the audiences that they name out, by the taxonomy of `data/audiences.toml`.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{Grounds, note};
use crate::model::mention::{Audience, Mention};
use crate::profile::fold;

/// The taxonomy as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    skipped: Vec<String>,
    none: Vec<String>,
    audience: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    label: String,
    #[serde(default)]
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "told to those who join on the taxonomy; a test checks it"
        )
    )]
    parents: Vec<String>,
    triggers: Vec<String>,
    /// People of no more years.
    most: Option<u32>,
    /// People of no fewer years.
    least: Option<u32>,
}

struct Taxonomy {
    skipped: Vec<String>,
    entries: Vec<Entry>,
    /// Triggers by their first word: the others, and the entry; none for a phrase that means no public.
    triggers: Triggers,
}

type Triggers = FxHashMap<String, Vec<(Vec<String>, Option<usize>)>>;

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../data/audiences.toml"))
        .expect("the built-in taxonomy is well formed, which a test ensures");
    let mut triggers = Triggers::default();
    let of_entries = file
        .audience
        .iter()
        .enumerate()
        .flat_map(|(number, entry)| {
            entry
                .triggers
                .iter()
                .map(move |trigger| (trigger, Some(number)))
        });
    for (trigger, number) in of_entries.chain(file.none.iter().map(|phrase| (phrase, None))) {
        let mut words = words(trigger).into_iter().map(|word| word.stem);
        if let Some(first) = words.next() {
            triggers
                .entry(first)
                .or_default()
                .push((words.collect(), number));
        }
    }
    Taxonomy {
        skipped: file.skipped,
        entries: file.audience,
        triggers,
    }
});

/// A word of a text, as triggers are compared.
struct Word {
    range: Range<usize>,
    stem: String,
}

/// Words that say nothing by themselves.
const ARTICLES: &[&str] = &[
    "le", "la", "les", "l", "de", "d", "du", "des", "un", "une", "au", "aux",
];

/// Endings that write both genders: « réfugié·e·s », « demandeur(se)s ».
const BOTH: &[&str] = &[
    "e", "es", "s", "se", "ses", "ne", "nes", "le", "les", "te", "tes", "euse", "euses", "rice",
    "rices", "trice", "trices", "ere", "eres", "ive", "ives", "x",
];

/// Gives each mention the audiences that its public names, or what prose suggests of it where none is stated.
pub(super) fn audiences(mentions: &mut [Mention], grounds: &Grounds<'_>) {
    for (number, mention) in mentions.iter_mut().enumerate() {
        if !mention.audiences.is_empty() {
            continue;
        }
        if let Some(public) = mention.public.clone() {
            for (audience, range) in named(&public) {
                add(
                    mention,
                    audience,
                    "/public",
                    grounds(number, "/public", range),
                );
            }
            continue;
        }
        for (at, suggested) in mention.inferred.public.clone().into_iter().enumerate() {
            for (audience, _) in named(&suggested.value) {
                let pointer = format!("/audiences/{}", mention.audiences.len());
                if add(
                    mention,
                    audience,
                    &format!("/inferred/public/{at}"),
                    Some(suggested.evidence.clone()),
                ) {
                    mention
                        .confidence
                        .insert(pointer.clone(), suggested.confidence);
                    mention.origin.insert(pointer, "inferred".to_owned());
                }
            }
        }
    }
}

/// Adds an audience that is not there yet.
fn add(
    mention: &mut Mention,
    audience: Audience,
    of: &str,
    evidence: Option<Vec<crate::model::evidence::Evidence>>,
) -> bool {
    if mention
        .audiences
        .iter()
        .any(|known| known.code == audience.code)
    {
        return false;
    }
    let pointer = format!("/audiences/{}", mention.audiences.len());
    mention.audiences.push(audience);
    note(mention, pointer, of, evidence);
    true
}

/// The audiences that a text names, in the order of the text, each once.
fn named(text: &str) -> Vec<(Audience, Range<usize>)> {
    let taxonomy = &*TAXONOMY;
    let words = words(text);
    let has_accents = text.chars().any(|c| !c.is_ascii() && c.is_alphabetic());
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some((number, range, length)) = ages(text, &words, at) {
            found.extend(number.map(|number| (number, range)));
            at += length;
            continue;
        }
        match longest(&words, at, has_accents) {
            Some((length, number)) => {
                let range = words
                    .get(at)
                    .zip(words.get(at + length - 1))
                    .map(|(first, last)| first.range.start..last.range.end);
                found.extend(number.zip(range));
                at += length;
            }
            None => at += 1,
        }
    }
    let mut audiences: Vec<(Audience, Range<usize>)> = Vec::new();
    for (number, range) in found {
        let (Some(entry), Some(words)) = (taxonomy.entries.get(number), text.get(range.clone()))
        else {
            continue;
        };
        if !audiences.iter().any(|(known, _)| known.code == entry.code) {
            let audience = Audience {
                code: entry.code.clone(),
                label: entry.label.clone(),
                text: words.to_owned(),
            };
            audiences.push((audience, range));
        }
    }
    audiences
}

/// The longest trigger that begins with a word: how many words it takes, and its entry.
fn longest(words: &[Word], at: usize, has_accents: bool) -> Option<(usize, Option<usize>)> {
    let first = &words.get(at)?.stem;
    let with_accent = format!("{first}é");
    let accented = (!has_accents)
        .then(|| TAXONOMY.triggers.get(&with_accent))
        .flatten();
    let triggers = TAXONOMY
        .triggers
        .get(first)
        .into_iter()
        .chain(accented)
        .flatten();
    let same = |a: &str, b: &str| a == b || !has_accents && b.strip_suffix('é') == Some(a);
    let fits = |rest: &[String]| {
        let mut next = at + 1;
        for wanted in rest {
            while !same(&words.get(next)?.stem, wanted) {
                let word = words.get(next)?;
                if !TAXONOMY.skipped.contains(&word.stem) {
                    return None;
                }
                next += 1;
            }
            next += 1;
        }
        Some(next - at)
    };
    // « égalité femmes-hommes » is as long as any trigger within it, and goes before.
    triggers
        .filter_map(|(rest, number)| Some((fits(rest)?, rest.len(), *number)))
        .max_by_key(|(length, words, number)| (*length, *words, number.is_none()))
        .map(|(length, _, number)| (length, number))
}

/// People by their ages: the entry, the words, and how many they are. « 16 – 29 ans », « moins de 26 ans », « 50 ans et plus ».
fn ages(text: &str, words: &[Word], at: usize) -> Option<(Option<usize>, Range<usize>, usize)> {
    /// Fewer years are how long something lasts, or the age of small children.
    const FEWEST: u32 = 12;
    const MOST: u32 = 99;
    let stem = |at: usize| words.get(at).map_or("", |word| word.stem.as_str());
    let number = |at: usize| {
        stem(at)
            .parse::<u32>()
            .ok()
            .filter(|years| (FEWEST..=MOST).contains(years))
    };
    let is_years = |at: usize| matches!(stem(at), "an" | "ans" | "annee");
    let range = |last: usize| Some(words.get(at)?.range.start..words.get(last)?.range.end);
    let of = |youngest: Option<u32>, oldest: Option<u32>| {
        let entries = TAXONOMY.entries.iter();
        entries.enumerate().find_map(|(number, entry)| {
            let is_young = entry
                .most
                .zip(oldest)
                .is_some_and(|(most, oldest)| oldest <= most);
            let is_old = entry
                .least
                .zip(youngest)
                .is_some_and(|(least, youngest)| youngest >= least);
            (is_young || is_old).then_some(number)
        })
    };
    match stem(at) {
        "moins" | "moin" if is_years(at + 2) => {
            number(at + 1).and_then(|most| Some((of(None, Some(most)), range(at + 2)?, 3)))
        }
        "plus" | "plu" if is_years(at + 2) => {
            number(at + 1).and_then(|least| Some((of(Some(least), None), range(at + 2)?, 3)))
        }
        _ => {
            let first = number(at)?;
            // « 16-25 ans », « 16 à 25 ans », « 18/30 ans », « 16 ans et 25 ans »
            let second = at + 1 + usize::from(matches!(stem(at + 1), "a" | "et"));
            let is_range = number(second).is_some_and(|last| last > first) && is_years(second + 1);
            if is_range {
                return Some((
                    of(Some(first), number(second)),
                    range(second + 1)?,
                    second + 2 - at,
                ));
            }
            let behind = |words: &str| {
                text.get(range(at + 1)?.end..)
                    .is_some_and(|rest| rest.trim_start().starts_with(words))
                    .then_some(())
            };
            if is_years(at + 1) && (behind("et plus").is_some() || behind("et +").is_some()) {
                return Some((of(Some(first), None), range(at + 1)?, 2));
            }
            if is_years(at + 1) && behind("et moins").is_some() {
                return Some((of(None, Some(first)), range(at + 1)?, 2));
            }
            None
        }
    }
}

/// The words of a text without articles.
fn words(text: &str) -> Vec<Word> {
    // Where all is in capitals, « DE » is the preposition.
    let has_small = text.chars().any(char::is_lowercase) || !text.contains(' ');
    let mut words = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if !first.is_alphanumeric() {
            continue;
        }
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = rest.peek().copied() {
            let is_part = c.is_alphanumeric() && c.is_ascii_digit() == first.is_ascii_digit()
                || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}');
            if !is_part {
                break;
            }
            end = at + c.len_utf8();
            rest.next();
        }
        let Some(word) = text.get(start..end) else {
            continue;
        };
        // « réfugié·e·s »
        let mut tail = end;
        while let Some(ending) = ending(text.get(tail..).unwrap_or_default()) {
            tail += ending;
        }
        while rest.peek().is_some_and(|(at, _)| *at < tail) {
            rest.next();
        }
        let stem = stem(word, has_small || words.is_empty());
        if !ARTICLES.contains(&stem.as_str()) {
            words.push(Word {
                range: start..end.max(tail),
                stem,
            });
        }
    }
    words
}

/// The length of an ending of the other gender that stands apart.
fn ending(rest: &str) -> Option<usize> {
    let mark = rest
        .chars()
        .next()
        .filter(|mark| matches!(mark, '·' | '•' | '⋅' | '.' | '(' | '-' | '/'))?;
    let letters = rest.get(mark.len_utf8()..)?;
    let length = letters
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(letters.len());
    let behind = letters.get(length..)?;
    let is_ending = BOTH.contains(&fold(letters.get(..length)?).as_str());
    let closes = usize::from(mark == '(' && behind.starts_with(')'));
    let plural = usize::from(closes == 1 && behind.starts_with(")s"));
    // « accueil. Et » ends a sentence; « emploi-e » is no word.
    (is_ending && (mark != '(' || closes == 1) && letters.starts_with(char::is_lowercase))
        .then_some(mark.len_utf8() + length + closes + plural)
}

/// A word without case, accents, number and gender. Two capitals stay capitals (DE), and a participle keeps its accent: « élevé » is no « élève ».
fn stem(word: &str, has_small: bool) -> String {
    const SHORT: usize = 4;
    let is_capitals =
        !word.chars().any(char::is_lowercase) && word.chars().any(char::is_alphabetic);
    if is_capitals && has_small && word.chars().count() == 2 {
        return word.to_owned();
    }
    let small = word.to_lowercase();
    let single = if small.chars().count() >= SHORT {
        small.strip_suffix(['s', 'x']).unwrap_or(&small)
    } else {
        &small
    };
    let participle = single
        .strip_suffix("ée")
        .or_else(|| single.strip_suffix('é'));
    if let Some(participle) = participle {
        return fold(participle) + "é";
    }
    let mut folded = fold(single);
    for (feminine, masculine) in [
        ("euse", "eur"),
        ("trice", "teur"),
        ("ienne", "ien"),
        ("elle", "el"),
        ("ive", "if"),
        ("iere", "ier"),
        ("aire", "aire"),
    ] {
        if let Some(start) = folded.strip_suffix(feminine)
            && start.len() >= 2
        {
            return format!("{start}{masculine}");
        }
    }
    while folded.len() > SHORT && folded.ends_with('e') {
        folded.pop();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = named(text);
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(audience, _)| (audience.code.as_str(), audience.text.as_str()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_taxonomy_is_well_formed() {
        let taxonomy = &*TAXONOMY;
        let codes: Vec<&str> = taxonomy
            .entries
            .iter()
            .map(|entry| entry.code.as_str())
            .collect();
        for entry in &taxonomy.entries {
            assert_eq!(
                codes.iter().filter(|code| **code == entry.code).count(),
                1,
                "{}",
                entry.code
            );
            assert!(
                entry
                    .parents
                    .iter()
                    .all(|parent| codes.contains(&parent.as_str())),
                "{}",
                entry.code
            );
            for trigger in &entry.triggers {
                let found = named(trigger);
                assert!(
                    found
                        .iter()
                        .any(|(audience, _)| audience.code == entry.code),
                    "« {trigger} » does not say {}: {found:?}",
                    entry.code
                );
            }
        }
    }

    #[test]
    fn number_and_gender_do_not_matter() {
        check(
            "Demandeuses d’emploi et étudiante",
            &[
                ("demandeurs_emploi", "Demandeuses d’emploi"),
                ("eleves", "étudiante"),
            ],
        );
        check(
            "réfugié·e·s, salarié(e)s",
            &[
                ("refugies_primo_arrivants", "réfugié·e·s"),
                ("salaries", "salarié(e)s"),
            ],
        );
        check("REFUGIES", &[("refugies_primo_arrivants", "REFUGIES")]);
    }

    #[test]
    fn words_have_bounds() {
        check("personnes au niveau de vie élevé", &[]);
        check("un public rajeuni", &[]);
        check("accompagnement de la ville", &[]);
        check("DE peu mobiles", &[("demandeurs_emploi", "DE")]);
        check("égalité femmes-hommes", &[]);
    }

    #[test]
    fn the_longest_words_count() {
        check(
            "mineurs non accompagnés",
            &[("mineurs_non_accompagnes", "mineurs non accompagnés")],
        );
        check(
            "femmes en situation de grande précarité",
            &[
                ("femmes", "femmes"),
                ("precarite", "en situation de grande précarité"),
            ],
        );
        check(
            "demandeurs d’emploi de longue durée",
            &[("deld", "demandeurs d’emploi de longue durée")],
        );
    }

    #[test]
    fn ages_say_who_is_young_or_old() {
        check("habitants de 18 à 25 ans", &[("jeunes", "18 à 25 ans")]);
        check("16 – 29 ans", &[("jeunes", "16 – 29 ans")]);
        check("moins de 26 ans", &[("jeunes", "moins de 26 ans")]);
        check("55 ans et plus", &[("seniors", "55 ans")]);
        check("de 25 à 50 ans", &[]);
        check("parcours de 18 mois sur 3 ans", &[]);
    }
}
