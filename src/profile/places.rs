//! Whether a text can be the name of a place: known communes and départements, and the look of a place's name.
//!
//! The names are those of `gazetteer`: of France, of countries, and of larger or French-speaking towns abroad.

use super::areas::{Head, Role, USAGE};
use super::fold::fold;
use super::gazetteer::{self, Kind};
use super::lexicon::{VOCABULARY, spaced};

/// Whether a folded text is the name of a commune or a département. Hyphens and spaces are one.
fn is_known(folded: &str) -> bool {
    gazetteer::is_known(&spaced(folded))
}

/// Words of a place's name that need no capital.
const SMALL: &[&str] = &[
    "le", "la", "les", "l", "de", "du", "des", "d", "en", "et", "sur", "sous", "aux", "au", "lès",
    "près", "a", "the", "of", "upon",
];

/// From this likeness on, a text is a place's name wherever it stands.
pub const SURE: f32 = 0.8;
/// From this likeness on, a text could be a place's name.
pub const POSSIBLE: f32 = 0.4;

/// How much a text looks like the name of a place, from 0 to 1: 1 where it is known, 0.5 where it only could be one.
pub fn likeness(text: &str) -> f32 {
    // Longer texts are sentences.
    const LONGEST_LIST: usize = 80;
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    // « 75,00 » is no list of départements.
    let is_decimal = || {
        (text.split_once(',')).is_some_and(|(whole, cents)| {
            [whole, cents]
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    if text.is_empty() || text.len() > LONGEST_LIST || is_decimal() {
        return 0.0;
    }
    // « Dole et Arbois », « Ain, Jura »
    let mut sum = 0.0;
    let mut count = 0_u8;
    if text.contains([',', '/']) || text.contains(" et ") {
        let pieces = text
            .split([',', '/'])
            .flat_map(|piece| piece.split(" et "))
            .map(str::trim)
            .filter(|piece| !piece.is_empty());
        for piece in pieces {
            let likeness = one(piece);
            if likeness == 0.0 {
                return one(text);
            }
            sum += likeness;
            count += 1;
        }
    }
    if count < 2 {
        return one(text);
    }
    sum / f32::from(count)
}

/// Whether a text is nothing but the name of a département, a region or a country: « Charente (16) », « 19 – Corrèze », « Région Bretagne ». Lists are sorted by them.
pub fn is_area(text: &str) -> bool {
    /// Words of the longest, with what it is: « département des Pyrénées-Atlantiques ».
    const MOST: usize = 8;
    let bare = text.split('(').next().unwrap_or(text);
    let bare = fold(bare.trim_matches(|c: char| !c.is_alphabetic()));
    let folded = spaced(&bare);
    let words: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || c == '\'')
        .collect();
    if words.len() > MOST {
        return false;
    }
    let (first, rest) = words.split_first().unwrap_or((&"", &[]));
    let is_head = [Head::Departement, Head::Region]
        .iter()
        .any(|head| USAGE.is(first, Role::Head(*head)));
    let is_small = |word: &&&str| SMALL.contains(*word);
    let named = if is_head {
        let n_small = rest.iter().take_while(is_small).count();
        rest.get(n_small..).unwrap_or_default().join(" ")
    } else {
        folded.to_string()
    };
    let is_large = |kind: Kind| {
        matches!(
            kind,
            Kind::Departement | Kind::Region | Kind::Overseas | Kind::Country
        )
    };
    VOCABULARY.is_folded_region(&named)
        || gazetteer::units(&named).any(|unit| is_large(unit.kind))
        || (USAGE.areas(&named).iter())
            .any(|area| area.is_exact && area.units.iter().all(|unit| is_large(unit.kind)))
}

/// Where the longest known place ends that a text begins with: « Saint-Étienne » of « Saint-Étienne : escrime ». No mark is part of it.
pub fn leading(text: &str) -> Option<usize> {
    /// Words of the longest names.
    const LONGEST: usize = 7;
    /// « Y » is a place, and a word.
    const SHORTEST: usize = 3;
    let mut end = 0;
    let mut longest = None;
    for word in text.split_inclusive(char::is_whitespace).take(LONGEST) {
        end += word.len();
        let place = text.get(..end)?;
        let place = place.trim_end_matches(|c: char| c.is_whitespace() || ",.;:)".contains(c));
        if place.contains([',', ';', ':', '(']) {
            break;
        }
        if likeness(place) >= SURE && fold(place).len() >= SHORTEST {
            longest = Some(place.len());
        }
    }
    longest
}

fn one(text: &str) -> f32 {
    // Numbers of départements, and postal codes: « 320 » is none.
    let is_code = |code: &str| {
        let number = code
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| code.parse().ok());
        match (code.len(), number.flatten()) {
            (2, Some(1..=95_u32)) | (3, Some(971..=988)) | (5, Some(1_000..=98_899)) => true,
            _ => matches!(code, "2A" | "2B" | "2a" | "2b"),
        }
    };
    if is_code(text) {
        return 0.8;
    }
    // « Meylan (38) », « Sarthe (72) »
    if let Some((name, rest)) = text.split_once('(')
        && let Some((inside, after)) = rest.split_once(')')
        && after.trim().is_empty()
    {
        let (name, inside) = (one(name.trim()), one(inside.trim()));
        // « Bus Santé Morvan (Nièvre) » could be one.
        return match name > 0.0 && inside > 0.0 {
            true if name >= SURE => 1.0,
            true => 0.7,
            false => 0.0,
        };
    }
    // « 69 – Rhône », « Rhône - 69 »
    for dash in [" – ", " — ", " - "] {
        if let Some((before, after)) = text.split_once(dash) {
            let (code, name) = if is_code(before) {
                (before, after)
            } else {
                (after, before)
            };
            // « Nantes – Loire-Atlantique »
            if is_code(code) && one(name) > 0.0 || one(before) >= SURE && one(after) >= SURE {
                return 1.0;
            }
        }
    }
    let folded = fold(text);
    if VOCABULARY.is_folded_region(&folded) || is_known(&folded) {
        return 1.0;
    }
    // « Lyon 8e », « Paris 13 »
    if let Some((name, rest)) = folded.rsplit_once(' ')
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.len() <= 4
        && is_known(name)
    {
        return 1.0;
    }
    // An education authority is named by its town; « Académie des sciences » is a body.
    for of in ["academie de ", "academie d'"] {
        if let Some(town) = folded.strip_prefix(of) {
            return if is_known(town) { 0.7 } else { 0.0 };
        }
    }
    for kind in [
        "departement",
        "region",
        "agglomeration",
        "pays",
        "quartier",
        "canton",
    ] {
        if folded.starts_with(kind) {
            return 0.7;
        }
    }
    let words: Vec<&str> = text
        .split([' ', '-', '’', '\''])
        .filter(|word| !word.is_empty())
        .collect();
    let is_proper = |word: &&str| {
        word.starts_with(char::is_uppercase) || SMALL.contains(&word.to_lowercase().as_str())
    };
    let could_be = words.len() <= 6
        && text.starts_with(char::is_uppercase)
        && words.iter().all(is_proper)
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '«' | '"' | ':' | '&'))
        && !VOCABULARY.begins_folded_organisation(text, &folded)
        && !VOCABULARY.begins_folded_project(text, &folded)
        && !VOCABULARY.marks_folded_organisation(&folded);
    if !could_be {
        return 0.0;
    }
    // « Villers-le-Lac » is put together as places are.
    let joined = text.matches('-').count() >= 2
        || ["-sur-", "-en-", "-lès-", "-sous-"]
            .iter()
            .any(|part| text.contains(part));
    match joined {
        true => 0.8,
        false if words.len() == 1 => 0.5,
        false => 0.4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, least: f32, most: f32) {
        let score = likeness(text);
        assert!(score >= least && score <= most, "{text}: {score}");
    }

    #[test]
    fn known_places_are_sure() {
        check("Saint-Étienne", 1.0, 1.0);
        check("Lozère", 1.0, 1.0);
        check("Hauts de France", 1.0, 1.0);
        check("Meylan (38)", 1.0, 1.0);
        check("Dole et Arbois", 1.0, 1.0);
        check("Lyon 8e", 1.0, 1.0);
        check("69 – Rhône", 1.0, 1.0);
        check("DRÔME - 26", 1.0, 1.0);
        check("Académie de Dijon", 0.7, 0.7);
        check("Académie des sciences", 0.0, 0.0);
    }

    #[test]
    fn areas_are_told_from_towns_and_from_what_only_names_them() {
        for text in [
            "Charente (16)",
            "19 – Corrèze",
            "RÉGION BRETAGNE",
            "Département de l’Ain",
            "Corse-du-Sud (2A)",
            "PACA",
        ] {
            assert!(is_area(text), "{text}");
        }
        for text in [
            "Nevers",
            "Meylan (38)",
            "Banque alimentaire du Bas-Rhin",
            "38",
            "",
        ] {
            assert!(!is_area(text), "{text}");
        }
    }

    #[test]
    fn a_text_begins_with_a_place_as_far_as_it_is_known() {
        assert_eq!(
            leading("Saint-Étienne : escrime"),
            Some("Saint-Étienne".len())
        );
        assert_eq!(
            leading("La Roche-sur-Yon (85)"),
            Some("La Roche-sur-Yon".len())
        );
        assert_eq!(leading("Marseille, où"), Some("Marseille".len()));
        assert_eq!(leading("Ramer contre la douleur"), None);
    }

    #[test]
    fn what_looks_like_a_place_could_be_one() {
        check("Whitby", 0.4, 0.8);
        check("Association du Marais", 0.0, 0.0);
        check("sport et handicap", 0.0, 0.0);
        check("Ramer contre la douleur", 0.0, 0.0);
    }
}
