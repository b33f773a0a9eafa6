//! A note such as « Projet présenté au Forum 2018 » in; the edition of the event or prize out.

use super::words::fold;
use crate::model::mention::Edition;
use crate::model::text::Text;

/// A note longer than this is prose about the event, not the note of an entry.
const NOTE_CHARACTERS: usize = 240;

/// Small words that stand inside a proper name: « Prix de la Ville durable ».
const LINKS: [&str; 9] = ["de", "du", "des", "de la", "la", "le", "les", "et", "pour"];

/// What stands in front of an event's name, longest first.
const OPENERS: [&str; 17] = [
    "a l'appel a projets ",
    "a l'appel a projet ",
    "a l'appel ",
    "lors de la ",
    "lors de l'",
    "lors du ",
    "lors des ",
    "dans le cadre du ",
    "dans le cadre de la ",
    "dans le cadre des ",
    "a la ",
    "a l'",
    "aux ",
    "au ",
    "du ",
    "des ",
    "de l'",
];

/// The edition that a note states; `None` where the text names no event with a year, or says nothing of what became of the project there.
pub fn parse(note: &Text) -> Option<Edition> {
    parse_str(note.as_str())
}

/// The same, from a string.
pub fn parse_str(note: &str) -> Option<Edition> {
    let note = note.trim();
    if note.chars().count() > NOTE_CHARACTERS {
        return None;
    }
    // Same number of characters as in `note`, so that places can be carried over.
    let folded: Vec<char> = note.chars().map(fold_character).collect();
    let plain: String = folded.iter().collect();
    let words: Vec<&str> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let presented = status(&words, &["presente"]);
    let selected = status(
        &words,
        &["retenu", "laureat", "selectionne", "prime", "recompense"],
    )
    .or_else(|| {
        words
            .iter()
            .any(|word| matches!(*word, "vainqueur" | "gagnant" | "gagnante"))
            .then_some(true)
    });
    let collected = words.iter().any(|word| word.starts_with("recueilli"));
    let finalist = words.iter().any(|word| word.starts_with("finaliste"));
    let category = category(note, &plain);
    if presented.is_none() && selected.is_none() && !collected && !finalist {
        return None;
    }
    let year = year(&words);
    let event = event(note, &plain);
    if event.is_none() || (year.is_none() && category.is_none() && !note.contains('«')) {
        return None;
    }
    let note = note.trim_end_matches(['.', ';', ' ']);
    Some(Edition {
        note: note.to_owned(),
        event,
        year,
        presented: presented.or((finalist && selected.is_none()).then_some(true)),
        selected,
        category,
    })
}

/// Whether the note says so (« présentée »), denies it (« non présenté », « pas retenu »), or is silent.
fn status(words: &[&str], stems: &[&str]) -> Option<bool> {
    let place = words.iter().position(|word| {
        stems.iter().any(|stem| {
            word.strip_prefix(stem)
                .is_some_and(|ending| matches!(ending, "" | "e" | "s" | "es"))
        })
    })?;
    let denied = words
        .get(place.saturating_sub(2)..place)
        .is_some_and(|before| {
            before
                .iter()
                .any(|word| matches!(*word, "non" | "pas" | "jamais"))
        });
    Some(!denied)
}

fn year(words: &[&str]) -> Option<i32> {
    words
        .iter()
        .find(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")))
        .and_then(|word| word.parse().ok())
}

/// The name between guillemets, or the capitalised name behind « à la », « au », « lors du »…
fn event(note: &str, plain: &str) -> Option<String> {
    // What stands between guillemets is the event, unless it is the category.
    if let Some(quoted) =
        quoted(note).filter(|quoted| category(note, plain).as_deref() != Some(quoted))
    {
        return Some(quoted.to_owned());
    }
    let mut best: Option<(usize, usize)> = None;
    for opener in OPENERS {
        for (place, found) in plain.match_indices(opener) {
            let is_word = place == 0
                || plain
                    .get(..place)
                    .is_some_and(|before| before.ends_with([' ', '(', ',']));
            let behind = plain
                .get(..place + found.len())
                .map_or(0, |before| before.chars().count());
            if is_word && best.is_none_or(|(so_far, _)| place < so_far) {
                let name = proper_name(note, behind);
                if !name.is_empty() {
                    best = Some((place, behind));
                }
            }
        }
    }
    best.map(|(_, behind)| proper_name(note, behind))
}

/// A short name that a year closes is whole, common nouns included: « Trophées de l'insertion 2020 ».
fn up_to_year(rest: &str) -> Option<&str> {
    const LONGEST: usize = 6;
    let is_year = |word: &str| word.len() == 4 && word.parse::<u32>().is_ok();
    let words: Vec<&str> = rest.split(' ').collect();
    let year = words
        .iter()
        .position(|word| is_year(word))
        .filter(|year| (1..=LONGEST).contains(year))?;
    let name = words.get(..year)?;
    let is_part = |word: &str| {
        !matches!(
            fold(word).as_str(),
            "en" | "dans" | "par" | "sur" | "non" | "qui" | "edition" | "session"
        )
    };
    let opens = name.first()?.starts_with(char::is_uppercase)
        && name.iter().skip(1).all(|word| is_part(word));
    let length = name
        .iter()
        .map(|word| word.len() + 1)
        .sum::<usize>()
        .checked_sub(1)?;
    // « Prix du lien de 2020 »: the preposition before the year is not part of it.
    opens
        .then(|| rest.get(..length))
        .flatten()
        .map(|name| name.trim_end_matches(" de"))
}

/// The capitalised words (and small words between them) from a character on, up to a year or punctuation.
fn proper_name(note: &str, from: usize) -> String {
    let start: usize = note.chars().take(from).map(char::len_utf8).sum();
    let rest = note.get(start..).unwrap_or_default();
    let rest = rest
        .split([',', ';', '.', '(', ')', ':'])
        .next()
        .unwrap_or_default();
    if let Some(name) = up_to_year(rest) {
        return name.to_owned();
    }
    let mut kept = 0;
    let mut place = 0;
    for word in rest.split(' ') {
        let begins = word.chars().next();
        if begins.is_some_and(char::is_uppercase) {
            kept = place + word.len();
        } else if begins.is_some_and(char::is_numeric)
            || !(LINKS.contains(&word)
                || word.starts_with("d'")
                || word.starts_with("d’")
                || word.starts_with("l'"))
            || kept == 0
        {
            break;
        }
        place += word.len() + 1;
    }
    rest.get(..kept).unwrap_or_default().to_owned()
}

fn quoted(note: &str) -> Option<&str> {
    let (_, behind) = note.split_once('«').or_else(|| note.split_once('“'))?;
    let (inside, _) = behind.split_once('»').or_else(|| behind.split_once('”'))?;
    let inside = inside.trim();
    (!inside.is_empty()).then_some(inside)
}

/// What stands behind « catégorie(s) », up to punctuation.
fn category(note: &str, plain: &str) -> Option<String> {
    let place = plain.find("categorie")?;
    let characters = plain.get(..place)?.chars().count();
    let start: usize = note.chars().take(characters).map(char::len_utf8).sum();
    let (_, behind) = note.get(start..)?.split_once(' ')?;
    let behind = behind.trim_start_matches([' ', ':']);
    if let Some(inside) = behind.strip_prefix('«') {
        let (inside, _) = inside.split_once('»')?;
        return Some(inside.trim().to_owned());
    }
    let end = behind
        .find([',', ';', '.', '(', ')'])
        .unwrap_or(behind.len());
    let category = behind.get(..end)?.trim();
    let words: Vec<&str> = category.split(' ').collect();
    // « en catégorie Mobilité en 2019 »: the year is not part of it.
    let kept = words
        .iter()
        .position(|word| word.len() == 4 && word.parse::<u32>().is_ok())
        .map_or(words.len(), |year| {
            if year > 0 && matches!(words.get(year - 1), Some(&"en" | &"de")) {
                year - 1
            } else {
                year
            }
        });
    let category = words.get(..kept)?.join(" ");
    (!category.is_empty()).then_some(category)
}

/// One folded character for each character: a ligature keeps its first letter, which is enough to find words in the note.
fn fold_character(character: char) -> char {
    let mut buffer = [0; 4];
    fold(character.encode_utf8(&mut buffer))
        .chars()
        .next()
        .unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    type Expected<'e> = (
        Option<&'e str>,
        Option<i32>,
        Option<bool>,
        Option<bool>,
        Option<&'e str>,
    );

    #[track_caller]
    fn check(note: &str, (event, year, presented, selected, category): Expected) {
        let found = parse_str(note).expect("the note states an edition");
        assert_eq!(
            (
                found.event.as_deref(),
                found.year,
                found.presented,
                found.selected,
                found.category.as_deref()
            ),
            (event, year, presented, selected, category)
        );
    }

    #[test]
    fn presented_or_not() {
        check(
            "Initiative présentée au Forum des Quartiers 2021",
            (
                Some("Forum des Quartiers"),
                Some(2021),
                Some(true),
                None,
                None,
            ),
        );
        check(
            "Action recueillie à l'Agora 2015, non présentée",
            (Some("Agora"), Some(2015), Some(false), None, None),
        );
    }

    #[test]
    fn selected_or_not_with_category() {
        check(
            "Ayant candidaté à l'appel « Prix du lien » de 2020, non retenu",
            (Some("Prix du lien"), Some(2020), None, Some(false), None),
        );
        check(
            "Projet lauréat des Victoires du Social 2022 en catégorie Accès aux droits.",
            (
                Some("Victoires du Social"),
                Some(2022),
                None,
                Some(true),
                Some("Accès aux droits"),
            ),
        );
        check(
            "Projet lauréat des Palmes du terrain 2020, catégorie « Ruralité »",
            (
                Some("Palmes du terrain"),
                Some(2020),
                None,
                Some(true),
                Some("Ruralité"),
            ),
        );
        check(
            "Retenu à l'appel « Prix du lien » de 2020 catégories « Santé »",
            (
                Some("Prix du lien"),
                Some(2020),
                None,
                Some(true),
                Some("Santé"),
            ),
        );
    }

    #[test]
    fn other_notes_state_nothing() {
        for note in [
            "Source : Insee, 2018",
            "Le projet sera présenté à ses partenaires",
            "Service public de l'emploi",
            "Voir le rapport de la Cour des comptes, 2019",
        ] {
            assert_eq!(parse_str(note), None, "{note}");
        }
    }
}
