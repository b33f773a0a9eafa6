//! A labelled partners text in; its partners out, each a slice of it. Nothing is looked up: only punctuation, « et », and kinds of
//! organisation decide.

mod boundaries;

use std::ops::Range;

use super::words::{fold, partner_kinds, unfolded};
use crate::model::text::Text;
use boundaries::{end_of, start_of, starts_organisation};

/// Nouns that announce a short list of names inside one partner: « des secteurs bâtiment, restauration et propreté ».
const ENUMERATORS: [&str; 10] = [
    "secteurs",
    "villes",
    "communes",
    "quartiers",
    "departements",
    "domaines",
    "filieres",
    "branches",
    "sites",
    "cantons",
];

/// Words that tie what follows to what stands before: a part between commas that opens with one continues the part before.
const TIES: [&str; 12] = [
    "de la ", "de l'", "du ", "d'", "de ", "a la ", "au ", "aux ", "pour ", "par ", "en ", "dans ",
];

/// Openers that add nothing to a partner's name.
const FILLERS: [&str; 12] = [
    "et ",
    "ainsi que ",
    "mais aussi ",
    "mais egalement ",
    "enfin ",
    "notamment ",
    "dont ",
    "- ",
    "• ",
    "* ",
    "· ",
    "→ ",
];

/// More words than this between two commas are hardly one name of an enumeration.
const ENUMERATED_WORDS: usize = 3;

/// The partners that a labelled text lists, in order. Each is a slice of `text`.
pub fn split(text: &Text) -> Vec<Text> {
    ranges(text.as_str())
        .into_iter()
        .map(|range| text.slice(range))
        .collect()
}

/// The partners' places in the string.
pub fn ranges(string: &str) -> Vec<Range<usize>> {
    let nested = nested(string);
    let start = after_partnership_with(string, &nested);
    let mut parts = comma_parts(string, start, &nested);
    merge_continued(string, &mut parts);
    let mut partners = Vec::new();
    let n_parts = parts.len();
    for (number, part) in parts.into_iter().enumerate() {
        let part = after_enumerating_head(string, part, &nested);
        let position = if n_parts >= 3 && number + 1 == n_parts {
            Position::EndOfList
        } else {
            Position::Inside
        };
        split_at_conjunctions(string, part, &nested, position, &mut partners);
    }
    let last = partners.len().saturating_sub(1);
    partners
        .into_iter()
        .enumerate()
        .map(|(number, range)| trim(string, range, number == last))
        .filter(|range| !range.is_empty())
        .collect()
}

/// Where a part stands in its list; « A et B » at the end of a list is two partners more often than in the middle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Inside,
    EndOfList,
}

/// The ranges inside brackets and quotation marks that are closed: separators in them separate nothing. An opening one that is never closed
/// is an ordinary character.
fn nested(string: &str) -> Vec<Range<usize>> {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut closed: Vec<Range<usize>> = Vec::new();
    for (place, character) in string.char_indices() {
        let opening = match character {
            '(' | '[' | '«' | '“' => {
                open.push((character, place));
                continue;
            }
            ')' => '(',
            ']' => '[',
            '»' => '«',
            '”' => '“',
            _ => continue,
        };
        if let Some(found) = open.iter().rposition(|(kind, _)| *kind == opening)
            && let Some(&(_, start)) = open.get(found)
        {
            open.truncate(found);
            while closed.last().is_some_and(|inner| inner.start > start) {
                closed.pop();
            }
            closed.push(start..place + character.len_utf8());
        }
    }
    closed
}

/// Whether `place` is inside a bracket or quotation.
fn is_nested(place: usize, nested: &[Range<usize>]) -> bool {
    let next = nested.partition_point(|range| range.end <= place);
    nested.get(next).is_some_and(|range| range.start < place)
}

/// « Partenariat engagé avec A, B et C » lists what follows « avec »: the place behind it, else 0.
fn after_partnership_with(string: &str, nested: &[Range<usize>]) -> usize {
    let opening: String = fold(&string.chars().take(24).collect::<String>());
    let is_phrase = [
        "partenariat",
        "un partenariat",
        "le partenariat",
        "collaboration",
        "cooperation",
        "en lien ",
        "en partenariat",
        "travail ",
    ]
    .iter()
    .any(|phrase| opening.starts_with(phrase));
    if !is_phrase {
        return 0;
    }
    string
        .match_indices(" avec ")
        .map(|(place, with)| place + with.len())
        .find(|&place| !is_nested(place, nested))
        .unwrap_or(0)
}

/// The parts between commas, semicolons, line breaks and bullets. Where semicolons outnumber commas, commas belong to the parts.
fn comma_parts(string: &str, start: usize, nested: &[Range<usize>]) -> Vec<Range<usize>> {
    let Some(body) = string.get(start..) else {
        return Vec::new();
    };
    let top = |place: &usize| !is_nested(*place, nested);
    let count = |wanted: char| {
        body.char_indices()
            .filter(|(place, character)| *character == wanted && top(&(place + start)))
            .count()
    };
    let commas_separate = count(';') <= count(',');
    let mut parts = Vec::new();
    let mut from = start;
    let mut previous = ' ';
    let mut characters = body.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let place = place + start;
        let next = characters.peek().map_or(' ', |(_, next)| *next);
        let separates = top(&place)
            && match character {
                ',' => commas_separate && !(previous.is_numeric() && next.is_numeric()),
                ';' | '\n' | '•' => true,
                // A quotation right behind another one: the comma between them was lost.
                '«' => string
                    .get(from..place)
                    .is_some_and(|before| before.trim_end().ends_with('»')),
                _ => false,
            };
        if separates {
            parts.push(from..place);
            from = if character == '«' {
                place
            } else {
                place + character.len_utf8()
            };
        }
        previous = character;
    }
    parts.push(from..string.len());
    parts.retain(|part| {
        string
            .get(part.clone())
            .is_some_and(|part| part.chars().any(char::is_alphanumeric))
    });
    parts
}

/// Joins parts that only continue the one before: « partenaires de l'accueil, de la formation et de l'emploi », and the names of an
/// enumeration inside one partner.
fn merge_continued(string: &str, parts: &mut Vec<Range<usize>>) {
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(parts.len());
    let mut enumerating_until = 0;
    for (number, part) in parts.iter().enumerate() {
        let folded = fold(string.get(part.clone()).unwrap_or_default().trim());
        let tied = TIES.iter().any(|tie| folded.starts_with(tie))
            && merged.last().is_some_and(|before| {
                let before = fold(string.get(before.clone()).unwrap_or_default());
                TIES.iter().any(|tie| before.contains(&format!(" {tie}")))
            });
        match merged.last_mut() {
            Some(before) if tied || part.start < enumerating_until => before.end = part.end,
            _ => merged.push(part.clone()),
        }
        if enumerates(&folded) {
            enumerating_until = end_of_enumeration(string, parts.get(number + 1..).unwrap_or(&[]));
        }
    }
    *parts = merged;
}

/// Whether the part ends in « des secteurs X », « des villes de X ».
fn enumerates(folded: &str) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    let tail = words
        .get(words.len().saturating_sub(ENUMERATED_WORDS + 2)..)
        .unwrap_or(&[]);
    tail.iter()
        .position(|word| ENUMERATORS.contains(word))
        .is_some_and(|place| place > 0 && place + 1 < tail.len())
}

/// The end of the part that closes the enumeration with « et », when all parts up to it are short; else 0.
fn end_of_enumeration(string: &str, parts: &[Range<usize>]) -> usize {
    for part in parts {
        let Some(text) = string.get(part.clone()).map(str::trim) else {
            return 0;
        };
        if let Some((before, after)) = text.split_once(" et ") {
            let is_short = |side: &str| side.split(' ').count() <= ENUMERATED_WORDS;
            return if is_short(before) && is_short(after) {
                part.end
            } else {
                0
            };
        }
        if text.split(' ').count() > ENUMERATED_WORDS {
            return 0;
        }
    }
    0
}

/// « les trois opérateurs du département : A » lists A; the head, which names nobody, is left out. « UNAT : Union nationale… » expands an
/// acronym and stays whole, and so does « Ville de Lyon : financement », whose head has a name.
fn after_enumerating_head(
    string: &str,
    part: Range<usize>,
    nested: &[Range<usize>],
) -> Range<usize> {
    let Some(colon) = string
        .get(part.clone())
        .and_then(|text| text.find(':'))
        .map(|place| place + part.start)
    else {
        return part;
    };
    if is_nested(colon, nested)
        || string
            .get(colon..)
            .is_some_and(|rest| rest.starts_with("://"))
    {
        return part;
    }
    let head = string.get(part.start..colon).unwrap_or_default().trim();
    let folded = fold(head);
    let has_name = head
        .char_indices()
        .any(|(place, character)| place > 0 && character.is_uppercase());
    let introduces = has_name
        && (["les ", "des ", "l'ensemble ", "plusieurs "]
            .iter()
            .any(|article| folded.starts_with(article))
            || [" est ", " sont ", " par ", " comprend ", " associe "]
                .iter()
                .any(|verb| folded.contains(verb)));
    let tail_is_empty = string
        .get(colon + 1..part.end)
        .is_none_or(|tail| tail.trim().is_empty());
    if (!has_name || introduces) && !tail_is_empty {
        colon + 1..part.end
    } else {
        part
    }
}

/// Splits a part at each « et » or « ainsi que » behind which a new organisation starts.
fn split_at_conjunctions(
    string: &str,
    part: Range<usize>,
    nested: &[Range<usize>],
    position: Position,
    partners: &mut Vec<Range<usize>>,
) {
    let mut from = part.start;
    let text = string.get(part.clone()).unwrap_or_default();
    let mut conjunctions: Vec<(usize, usize)> = [" et ", " ainsi que ", " mais aussi "]
        .iter()
        .flat_map(|conjunction| {
            text.match_indices(conjunction)
                .map(|(place, found)| (place + part.start, found.len()))
        })
        .filter(|(place, _)| !is_nested(place + 1, nested))
        .collect();
    conjunctions.sort_unstable();
    for (place, length) in conjunctions {
        let left = end_of(string.get(from..place).unwrap_or_default());
        let right = start_of(string.get(place + length..part.end).unwrap_or_default());
        if starts_organisation(left.trim(), right.trim(), position) {
            partners.push(from..place);
            from = place + length;
        }
    }
    partners.push(from..part.end);
}

/// Without white space, fillers in front, and, for the last of the list, the full stop, ellipsis or « etc. » that ends the list.
fn trim(string: &str, range: Range<usize>, is_last: bool) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    loop {
        let text = string.get(start..end).unwrap_or_default();
        let kept = text.trim_start();
        start += text.len() - kept.len();
        end = start + kept.trim_end().len();
        let kept = string.get(start..end).unwrap_or_default();
        let opening = fold(&kept.chars().take(16).collect::<String>());
        if let Some(filler) = FILLERS.iter().find(|filler| opening.starts_with(**filler)) {
            start += unfolded(kept, filler.len());
            continue;
        }
        if is_last
            && let Some(ending) = ["...", "…", ".", " etc", ",etc", ";", ","]
                .iter()
                .find(|ending| kept.ends_with(**ending))
        {
            end -= ending.len();
            continue;
        }
        if kept == "etc" {
            return start..start;
        }
        return start..end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = ranges(text)
            .into_iter()
            .map(|range| text.get(range).expect("a range is on character boundaries"))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn typographic_apostrophes_and_dashes_are_as_wide_as_they_are() {
        check("CAF et l’Anis étoilé", &["CAF", "l’Anis étoilé"]);
        check("– la CAF\n– l’Anis étoilé", &["la CAF", "l’Anis étoilé"]);
    }

    #[test]
    fn commas_and_semicolons_separate() {
        check(
            "CAF, ville d'Évry ; Amicale du Parc",
            &["CAF", "ville d'Évry", "Amicale du Parc"],
        );
        check(
            "Ville d'Évry, service jeunesse ; CAF ; Amicale",
            &["Ville d'Évry, service jeunesse", "CAF", "Amicale"],
        );
    }

    #[test]
    fn brackets_and_guillemets_hold_together() {
        check(
            "associations (Le Nid, La Ruche et Cie), « Un, deux »",
            &["associations (Le Nid, La Ruche et Cie)", "« Un, deux »"],
        );
        check(
            "CAF, Comité du port et une trentaine d'entreprises",
            &["CAF", "Comité du port", "une trentaine d'entreprises"],
        );
        check("« Le Nid » « La Ruche »", &["« Le Nid »", "« La Ruche »"]);
        check("ARSA (Agence du Sud, CAF", &["ARSA (Agence du Sud", "CAF"]);
    }

    #[test]
    fn et_splits_only_before_an_organisation() {
        check(
            "CAF et la mission locale du Val",
            &["CAF", "la mission locale du Val"],
        );
        check(
            "Maison de l'emploi et de la formation",
            &["Maison de l'emploi et de la formation"],
        );
        check(
            "artisans et leurs apprentis",
            &["artisans et leurs apprentis"],
        );
        check(
            "employeurs publics et privés",
            &["employeurs publics et privés"],
        );
        check(
            "lycées et collèges de la vallée",
            &["lycées et collèges de la vallée"],
        );
        check("lycées et collèges", &["lycées", "collèges"]);
        check(
            "le Rectorat et 12 missions locales",
            &["le Rectorat", "12 missions locales"],
        );
        check("Ciel et Terre, CAF", &["Ciel et Terre", "CAF"]);
    }

    #[test]
    fn an_enumeration_drops_its_head() {
        check(
            "CAF, les deux bailleurs du canton : Logis 12 et la SEMIR",
            &["CAF", "Logis 12", "la SEMIR"],
        );
        check("UNAT : Union nationale", &["UNAT : Union nationale"]);
    }

    #[test]
    fn a_list_loses_its_end_only() {
        check("CAF, CCAS...", &["CAF", "CCAS"]);
        check("Art. Cie, bailleurs, etc.", &["Art. Cie", "bailleurs"]);
    }

    #[test]
    fn prose_starts_behind_avec() {
        check(
            "Partenariat noué avec le service des sports, les lycées et la CAF",
            &["le service des sports", "les lycées", "la CAF"],
        );
    }

    #[test]
    fn complements_go_on() {
        check(
            "acteurs de l'accueil, de la santé et de l'emploi",
            &["acteurs de l'accueil, de la santé et de l'emploi"],
        );
        check(
            "syndicats des secteurs bois, verre et cuir, CAF",
            &["syndicats des secteurs bois, verre et cuir", "CAF"],
        );
    }

    proptest::proptest! {
        #[test]
        fn partners_are_slices_in_order(string in "([A-ZÉa-zé]{1,6}|et|«|»|\\(|\\)|,|;|:|\n|l'|de la|\\.\\.\\.|[ ]){0,24}") {
            let mut end = 0;
            for range in ranges(&string) {
                proptest::prop_assert!(range.start >= end && range.end <= string.len());
                let partner = string.get(range.clone());
                proptest::prop_assert!(partner.is_some_and(|partner| !partner.is_empty() && partner.trim() == partner));
                end = range.end;
            }
        }

        #[test]
        fn any_text_is_split(string in "\\PC{0,60}") {
            for range in ranges(&string) {
                proptest::prop_assert!(string.get(range).is_some());
            }
            crate::extract::amounts::find(&string);
            crate::extract::contacts::find(&string);
            crate::extract::edition::parse_str(&string);
        }
    }
}
