//! Tokens in; the people that a text is about out, each with its modifiers: « jeunes de 16 à 25 ans sans emploi ».

use std::ops::Range;

use super::phrases::{age_end, ends_phrase, people_end};
use super::tokens::Tokens;
use super::vocabulary::{Classes, is_partner_kind};

/// A description of people.
#[derive(Clone, Debug)]
pub(super) struct FoundPublic {
    pub(super) places: Range<usize>,
    pub(super) sentence: Range<usize>,
    strength: Strength,
    pub(super) confidence: f64,
}

/// How exactly people are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// A noun alone: « jeunes ».
    Bare,
    /// With an adjective or a complement: « jeunes invisibles ».
    Qualified,
    /// With an age, a state or a participle: « jeunes sans emploi ».
    Described,
}

/// A record's publics: more than these and the text tells of people of all kinds.
const MOST: usize = 3;

/// The publics of the text, best first; a bare noun only where nothing more exact was found.
pub(super) fn find(tokens: &Tokens) -> Vec<FoundPublic> {
    let mut candidates: Vec<FoundPublic> = Vec::new();
    for sentence in &tokens.sentences {
        let mut place = sentence.start;
        while place < sentence.end {
            match at(tokens, place, sentence) {
                Some(public) => {
                    place = public.places.end.max(place + 1);
                    candidates.push(public);
                }
                None => place += 1,
            }
        }
    }
    select(tokens, &candidates)
}

fn at(tokens: &Tokens, place: usize, sentence: &Range<usize>) -> Option<FoundPublic> {
    if tokens.number(place).is_some() {
        return ages_alone(tokens, place, sentence);
    }
    let is_public = tokens.is(place, Classes::PUBLIC);
    let is_generic = tokens.is(place, Classes::PUBLIC_GENERIC) && !tokens.is(place, Classes::STAFF);
    if !is_public && !is_generic || is_in_name(tokens, place, sentence) {
        return None;
    }
    let word = tokens.word(place);
    if matches!(
        word,
        "demandeur" | "demandeurs" | "demandeuse" | "demandeuses"
    ) && tokens.word(place + 1) != "d'"
    {
        return None;
    }
    // « ces publics » were described before.
    if matches!(
        tokens.word_before(place),
        "ces" | "cet" | "ce" | "cette" | "chaque" | "leurs" | "ses" | "son"
    ) {
        return None;
    }
    // « marchés publics », « personnes morales »: no people.
    let is_adjective = matches!(
        word,
        "public" | "publics" | "citoyens" | "citoyennes" | "adultes" | "seniors" | "scolaires"
    ) && place > sentence.start
        && tokens.is_word(place - 1)
        && !tokens.is(place - 1, Classes::DETERMINERS.and(Classes::STOPS))
        && !matches!(tokens.word(place - 1), "a" | "nouveaux" | "en");
    if is_adjective
        || matches!(
            tokens.word(place + 1),
            "physiques" | "morales" | "morale" | "physique"
        )
    {
        return None;
    }
    // « la ville la plus jeune »
    if word == "jeune"
        && !matches!(
            tokens.word_before(place),
            "le" | "du" | "au" | "un" | "tout"
        )
    {
        return None;
    }
    // « 40 % des inscrits »: part of the public.
    if matches!(tokens.word_before(place), "des" | "de" | "d'")
        && place >= 2
        && tokens.is_mark(place - 2, '%')
    {
        return None;
    }
    // « travailleurs sociaux »: kinds of partner, not of public.
    if !is_public && is_partner_kind(&format!("{word} {}", tokens.word(place + 1))) {
        return None;
    }
    // « un public jeunes », « jeunes adultes »: the phrase goes on over a second noun.
    let end = people_end(tokens, place, sentence.end);
    let is_modified = end > place + 1;
    if is_generic && !is_public && !(is_modified && says_who(tokens, place + 1)) {
        return None;
    }
    // Singulars tell of one person or of people as a class: only where « le jeune » stands for all.
    let is_plural =
        word.ends_with(['s', 'x']) || matches!(word, "public" | "jeune" | "beneficiaire");
    if !is_plural {
        return None;
    }
    let strength = if !is_modified {
        Strength::Bare
    } else if (place + 1..end).any(|inside| describes(tokens, inside)) {
        Strength::Described
    } else {
        Strength::Qualified
    };
    Some(FoundPublic {
        places: place..end,
        sentence: sentence.clone(),
        strength,
        confidence: match strength {
            Strength::Described => 0.88,
            Strength::Qualified => 0.8,
            Strength::Bare => 0.7,
        },
    })
}

fn describes(tokens: &Tokens, place: usize) -> bool {
    tokens.number(place).is_some()
        || tokens.is(place, Classes::MODIFIERS)
            && (tokens.word(place) != "en" || tokens.is(place + 1, Classes::STATES))
        || tokens.word(place) == "qui"
}

/// « les 16-25 ans », « auprès des 50 ans et plus ».
fn ages_alone(tokens: &Tokens, place: usize, sentence: &Range<usize>) -> Option<FoundPublic> {
    let end = age_end(tokens, place, sentence.end)?;
    let before = tokens.word_before(place);
    let is_range = tokens.number(place + 2).is_some() && tokens.word(place + 1) != "ans";
    let is_open = end > place + 2 && !is_range;
    let names_people = matches!(before, "les" | "des" | "aux")
        || is_range && !matches!(before, "de" | "entre" | "sur" | "en" | "d'");
    (names_people && (is_range || is_open)).then(|| FoundPublic {
        places: place..people_end(tokens, end - 1, sentence.end).max(end),
        sentence: sentence.clone(),
        strength: Strength::Described,
        confidence: 0.88,
    })
}

/// Whether the words behind a general noun say who the people are, rather than where they are from: a modifier or an adjective.
fn says_who(tokens: &Tokens, place: usize) -> bool {
    tokens.is(place, Classes::MODIFIERS)
        || tokens.is(place, Classes::PUBLIC)
        || tokens.is_word(place)
            && !tokens.is(place, Classes::DETERMINERS)
            && !ends_phrase(tokens, place)
            && !matches!(tokens.word(place), "et" | "ou" | "a" | "en")
        || tokens.word(place) == "qui"
        || lives_in(tokens, place)
        || tokens.word(place) == "les" && matches!(tokens.word(place + 1), "plus" | "moins")
}

/// « habitants des quartiers nord », « résidents d'EHPAD »: a place or an institution behind « de ».
fn lives_in(tokens: &Tokens, place: usize) -> bool {
    let of = matches!(tokens.word(place), "de" | "d'" | "du" | "des");
    let next = place
        + if matches!(tokens.word(place + 1), "la" | "l'") {
            2
        } else {
            1
        };
    of && (tokens.is(next, Classes::TERRITORIES.and(Classes::ORGANISATIONS))
        || is_acronym(tokens.written(next)))
}

fn is_acronym(written: &str) -> bool {
    written.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// Inside the name of an organisation or a programme: « association de parents d'élèves », « Maison des Jeunes », « Contrat Engagement Jeune ».
fn is_in_name(tokens: &Tokens, place: usize, sentence: &Range<usize>) -> bool {
    let starts_sentence = place == sentence.start
        || tokens.is_mark(place - 1, '«')
        || tokens.is_mark(place - 1, '•')
        || tokens.is_mark(place - 1, ':')
        || tokens.is_mark(place - 1, '-');
    let written = tokens.written(place);
    let is_acronym = is_acronym(written);
    if tokens.is_capitalised(place) && !starts_sentence && !is_acronym {
        return true;
    }
    // « Jeunes en Mouvement propose »: a name that opens the sentence.
    let names_on = tokens.is_capitalised(place + 1)
        || matches!(tokens.word(place + 1), "et" | "en" | "de" | "du" | "pour")
            && tokens.is_capitalised(place + 2);
    if tokens.is_capitalised(place) && !is_acronym && names_on {
        return true;
    }
    let Some(link) = place.checked_sub(1) else {
        return false;
    };
    let noun = match tokens.word(link) {
        "de" | "d'" | "des" => link.checked_sub(1),
        "les" | "la" if tokens.word_before(link) == "pour" => link.checked_sub(2),
        _ => None,
    };
    noun.is_some_and(|noun| {
        noun >= sentence.start
            && (matches!(tokens.word(noun), "equipe" | "equipes")
                || is_partner_kind(tokens.word(noun))
                    && !tokens.word(noun).ends_with(['s', 'x'])
                    && !matches!(
                        tokens.word(noun),
                        "service"
                            | "services"
                            | "structure"
                            | "acteurs"
                            | "dispositif"
                            | "dispositifs"
                            | "partenaires"
                            | "professionnels"
                            | "mission"
                    )
                || tokens.is(noun, Classes::PUBLIC) && is_in_name(tokens, noun, sentence)
                || tokens.is_capitalised(noun) && noun > sentence.start)
    })
}

/// The most exact descriptions: those contained in another are dropped, bare nouns count only alone.
fn select(tokens: &Tokens, candidates: &[FoundPublic]) -> Vec<FoundPublic> {
    let words = |public: &FoundPublic| -> Vec<String> {
        public
            .places
            .clone()
            .filter(|&place| tokens.is_word(place) || tokens.number(place).is_some())
            .map(|place| tokens.word(place).to_owned())
            .collect()
    };
    let strongest = candidates.iter().map(|public| public.strength).max();
    let mut kept: Vec<(FoundPublic, Vec<String>)> = Vec::new();
    for (number, candidate) in candidates.iter().enumerate() {
        // « jeunes et femmes isolées »: coordinated with an exact one, a bare noun counts too.
        let is_joined = [number.checked_sub(1), Some(number + 1)]
            .into_iter()
            .flatten()
            .filter_map(|other| candidates.get(other))
            .any(|other| Some(other.strength) == strongest && are_joined(tokens, candidate, other));
        if Some(candidate.strength) != strongest && !is_joined {
            continue;
        }
        let described = words(candidate);
        if kept
            .iter()
            .any(|(_, other)| described.iter().all(|word| other.contains(word)))
        {
            continue;
        }
        kept.retain(|(_, other)| !other.iter().all(|word| described.contains(word)));
        kept.push((candidate.clone(), described));
    }
    kept.truncate(match strongest {
        Some(Strength::Described) => MOST,
        Some(Strength::Qualified) => 2,
        _ => 1,
    });
    kept.into_iter().map(|(public, _)| public).collect()
}

/// Whether only « et », « ou », commas and articles stand between the two.
fn are_joined(tokens: &Tokens, a: &FoundPublic, b: &FoundPublic) -> bool {
    let (first, second) = if a.places.start < b.places.start {
        (a, b)
    } else {
        (b, a)
    };
    let between = first.places.end..second.places.start;
    !between.is_empty()
        && between.len() <= 4
        && between
            .clone()
            .any(|place| matches!(tokens.word(place), "et" | "ou" | ","))
        && between.clone().all(|place| {
            matches!(
                tokens.word(place),
                "et" | "ou" | "," | "de" | "d'" | "des" | "les" | "aux" | "du" | "ainsi" | "que"
            )
        })
}
