//! Where noun phrases end: the phrase behind a number, the partner behind « avec », the modifiers of people.

use super::tokens::{Kind, Tokens};
use super::vocabulary::Classes;

/// Words in -er, -ir and -re that are no infinitives though none of the regular endings tells.
const NO_INFINITIVES: [&str; 26] = [
    "foyer", "hiver", "mer", "cher", "leader", "manager", "master", "fer", "loyer", "danger",
    "hier", "avenir", "loisir", "plaisir", "desir", "soir", "pouvoir", "savoir", "devoir",
    "espoir", "cuir", "air", "bar", "cancer", "fer", "verger",
];
/// Infinitives in -re, which are too few and too like nouns for a rule.
const INFINITIVES: [&str; 26] = [
    "mettre",
    "permettre",
    "prendre",
    "apprendre",
    "comprendre",
    "entreprendre",
    "construire",
    "reconstruire",
    "faire",
    "rendre",
    "vivre",
    "suivre",
    "poursuivre",
    "rompre",
    "lire",
    "ecrire",
    "inscrire",
    "etre",
    "atteindre",
    "rejoindre",
    "repondre",
    "vendre",
    "naitre",
    "connaitre",
    "accroitre",
    "reduire",
];
/// Nouns and adjectives in -ent: verbs in the plural end so too.
const NO_PLURAL_VERBS: [&str; 28] = [
    "different",
    "adolescent",
    "parent",
    "president",
    "absent",
    "recent",
    "present",
    "agent",
    "patient",
    "client",
    "talent",
    "accident",
    "urgent",
    "permanent",
    "competent",
    "content",
    "argent",
    "equivalent",
    "excellent",
    "frequent",
    "referent",
    "adherent",
    "resident",
    "intermittent",
    "pourcent",
    "cent",
    "vent",
    "continent",
];
/// Nouns and adjectives in -ant in the singular that stand in noun phrases: participles end so too.
const NO_PARTICIPLES: [&str; 24] = [
    "enfant",
    "enseignant",
    "etudiant",
    "participant",
    "habitant",
    "migrant",
    "apprenant",
    "representant",
    "gerant",
    "restaurant",
    "encadrant",
    "intervenant",
    "accompagnant",
    "montant",
    "important",
    "aidant",
    "dirigeant",
    "soignant",
    "innovant",
    "constant",
    "courant",
    "debutant",
    "arrivant",
    "independant",
];

/// Whether a folded word is an infinitive.
fn is_infinitive(word: &str) -> bool {
    if INFINITIVES.contains(&word) {
        return true;
    }
    let regular = (word.ends_with("er") && !word.ends_with("ier")
        || word.ends_with("fier")
        || word.ends_with("dier") && word != "dier")
        || word.ends_with("ir");
    regular && word.len() > 3 && !NO_INFINITIVES.contains(&word)
}

/// Whether a folded word looks like a finite verb or a participle in -ant, by its ending.
fn looks_verbal(word: &str) -> bool {
    let long = word.len() > 4;
    let future = ["era", "ira", "dra", "tra", "vra", "rra"]
        .iter()
        .any(|ending| word.ends_with(ending))
        && !matches!(word, "camera" | "opera" | "extra" | "ultra");
    let imperfect = (word.ends_with("ait") || word.ends_with("aient"))
        && !matches!(
            word,
            "parfait" | "extrait" | "souhait" | "attrait" | "portrait" | "retrait" | "bienfait"
        );
    let plural = word.ends_with("ront") && word != "affront"
        || word.ends_with("ent") && !word.ends_with("ment") && !NO_PLURAL_VERBS.contains(&word);
    let participle = word.len() > 5 && word.ends_with("ant") && !NO_PARTICIPLES.contains(&word);
    long && (future || imperfect || plural) || participle
}

/// Whether a noun phrase cannot go on over this token.
pub(super) fn ends_phrase(tokens: &Tokens, place: usize) -> bool {
    let Some(token) = tokens.get(place) else {
        return true;
    };
    match token.kind {
        Kind::Break => true,
        Kind::Mark(mark) => !matches!(mark, '«' | '»' | '“' | '”' | '/' | '&' | '+' | '’' | '·'),
        Kind::Number(_) => false,
        Kind::Word => {
            let word = tokens.word(place);
            // A capital inside a sentence is a name's, whatever the word ends in.
            if place > 0 && tokens.is_word(place - 1) && tokens.is_capitalised(place) {
                return tokens.is(place, Classes::STOPS)
                    && tokens.written(place).chars().count() > 1;
            }
            let after_determiner = tokens.is(place.wrapping_sub(1), Classes::DETERMINERS);
            tokens.is(place, Classes::STOPS)
                || (tokens.is(place, Classes::VERBS) && !after_determiner)
                || is_followed_as_verb(tokens, place)
                || (looks_verbal(word)
                    && !token.classes.any(
                        Classes::PUBLIC
                            .and(Classes::PUBLIC_GENERIC)
                            .and(Classes::STAFF),
                    ))
                || (is_infinitive(word) && !tokens.is(place, Classes::JOBS))
        }
    }
}

/// In a noun phrase no article or number word follows a noun or adjective directly: « réserve huit places », « ouvre un atelier » start with a verb.
fn is_followed_as_verb(tokens: &Tokens, place: usize) -> bool {
    /// Shorter words are prepositions and conjunctions.
    const SHORTEST: usize = 4;
    let word = tokens.word(place);
    word.len() >= SHORTEST
        && !word.ends_with(['s', 'x'])
        && !tokens.is(place, Classes::PUBLIC.and(Classes::PUBLIC_GENERIC))
        && (matches!(
            tokens.word(place + 1),
            "le" | "la" | "les" | "l'" | "un" | "une"
        ) || tokens.is(place + 1, Classes::NUMBERS))
        && !tokens.is_capitalised(place + 1)
}

/// Whether an infinitive stands at a place; names in -er are none.
pub(super) fn is_infinitive_at(tokens: &Tokens, place: usize) -> bool {
    !tokens.is_capitalised(place) && is_infinitive(tokens.word(place))
}

/// A noun phrase stops growing here: longer ones are sentences.
const LONGEST_PHRASE: usize = 14;

/// The end of the noun phrase whose head stands at `head`: adjectives, complements with « de », states with « en », a second noun or adjective
/// behind « et » that needs no article. Prepositions at the end are given back.
pub(super) fn noun_phrase_end(tokens: &Tokens, head: usize, limit: usize) -> usize {
    let mut place = head + 1;
    let mut end = place;
    while place < limit && place < head + LONGEST_PHRASE {
        if tokens.is_mark(place, '(') {
            break;
        }
        if ends_phrase(tokens, place) {
            break;
        }
        let word = tokens.word(place);
        match word {
            "de" | "d'" | "du" | "des" => {
                let next = place + 1;
                if is_infinitive_at(tokens, next)
                    || tokens.number(next).is_some()
                    || ends_phrase(tokens, next)
                {
                    break;
                }
                place += 1;
            }
            "la" | "l'" | "le" | "les" => {
                if !matches!(tokens.word_before(place), "de" | "a") {
                    break;
                }
                place += 1;
            }
            "en" => {
                if !tokens.is(place + 1, Classes::STATES) {
                    break;
                }
                place += 1;
            }
            "et" | "ou" => {
                if !joins_same(tokens, head, place + 1) {
                    break;
                }
                place += 1;
            }
            "a" | "au" | "aux" | "un" | "une" | "sans" => break,
            _ => {
                place += 1;
                end = place;
            }
        }
    }
    end.min(limit)
}

/// Whether the word behind « et » goes on with the same people or things: an adjective, or a noun without an article (« jeunes et adultes »).
fn joins_same(tokens: &Tokens, head: usize, place: usize) -> bool {
    let is_plural = tokens.word(head).ends_with(['s', 'x']);
    tokens.is_word(place)
        && !tokens.is(place, Classes::DETERMINERS)
        && !ends_phrase(tokens, place)
        && (!is_plural
            || tokens.word(place).ends_with(['s', 'x'])
            || matches!(tokens.word(place), "demandeurs" | "peu" | "tres"))
}

/// Longest description of people, in tokens: longer ones run into the next clause.
const LONGEST_PEOPLE: usize = 36;

/// The end of a description of people whose head noun stands at `head`: adjectives, complements, ages, states, and modifiers behind commas (« sans
/// emploi, éloignées du marché du travail et peu mobiles »), a relative clause that says what they are.
pub(super) fn people_end(tokens: &Tokens, head: usize, limit: usize) -> usize {
    let limit = limit.min(head + LONGEST_PEOPLE);
    let mut place = head + 1;
    let mut end = place;
    let mut in_modifier = false;
    while place < limit {
        let step = match tokens.get(place).map(|token| token.kind) {
            Some(Kind::Word) => word_step(tokens, head, place, in_modifier),
            Some(Kind::Number(_)) => {
                age_end(tokens, place, limit).map(|behind| Step::take(behind - place))
            }
            Some(Kind::Mark(mark)) => mark_step(tokens, head, place, mark, limit),
            Some(Kind::Break) | None => None,
        };
        let Some(step) = step else { break };
        place += step.length;
        if step.belongs {
            end = place;
        }
        in_modifier |= step.opens_modifier;
    }
    let end = end.min(limit);
    // A quotation that opened inside and did not close is left out.
    match (head..end).find(|&place| tokens.is_mark(place, '«')) {
        Some(open) if open > head && !(open..end).any(|place| tokens.is_mark(place, '»')) => open,
        _ => end,
    }
}

/// How a description of people goes on.
struct Step {
    /// Tokens to go over.
    length: usize,
    /// Whether the description may end behind them.
    belongs: bool,
    /// Whether they open a modifier, so that « et » or a comma may add another.
    opens_modifier: bool,
}

impl Step {
    /// Tokens that the description may end with.
    fn take(length: usize) -> Self {
        Self {
            length,
            belongs: true,
            opens_modifier: false,
        }
    }

    /// Tokens that need more behind them.
    fn pass(length: usize) -> Self {
        Self {
            length,
            belongs: false,
            opens_modifier: false,
        }
    }

    /// Tokens that open a modifier.
    fn open(length: usize) -> Self {
        Self {
            length,
            belongs: false,
            opens_modifier: true,
        }
    }
}

fn mark_step(tokens: &Tokens, head: usize, place: usize, mark: char, limit: usize) -> Option<Step> {
    match mark {
        '(' => short_bracket(tokens, place, limit).map(|close| Step::take(close + 1 - place)),
        ',' => (opens_modifier(tokens, place + 1) || tokens.word(place + 1) == "ni")
            .then(|| Step::open(1)),
        // A quotation that opened before the people ends with them.
        '»' | '”' => (head..place)
            .any(|inside| tokens.is_mark(inside, '«') || tokens.is_mark(inside, '“'))
            .then(|| Step::take(1)),
        '«' | '“' | '/' | '·' => Some(Step::pass(1)),
        _ => None,
    }
}

/// One step over a word; `None` where the description ends before it.
fn word_step(tokens: &Tokens, head: usize, place: usize, in_modifier: bool) -> Option<Step> {
    let next = tokens.word(place + 1);
    let pass_if = |goes_on: bool| goes_on.then(|| Step::pass(1));
    match tokens.word(place) {
        "de" | "d'" | "du" | "des" => pass_if(complements_people(tokens, head, place, in_modifier)),
        // « les plus fragiles »
        "les" if matches!(next, "plus" | "moins") => Some(Step::open(2)),
        "la" | "l'" | "le" | "les" => pass_if(matches!(
            tokens.word_before(place),
            "de" | "a" | "sur" | "sous" | "dans" | "par" | "hors" | "pour"
        )),
        "en" => pass_if(
            tokens.is(place + 1, Classes::STATES)
                || tokens.is(place + 1, Classes::DETERMINERS)
                    && tokens.is(place + 2, Classes::STATES),
        ),
        "a" | "au" | "aux" => {
            pass_if(names_state(tokens, place + 1) || modifies_before(tokens, place))
        }
        "leur" | "leurs" => pass_if(in_modifier),
        // An object inside a modifier: « ayant un projet ».
        "un" | "une" => pass_if(in_modifier || matches!(tokens.word_before(place), "de" | "d'")),
        "et" | "ou" | "et/ou" => pass_if(adds_people(tokens, head, place + 1, in_modifier)),
        "qui" => relative_step(tokens, place),
        "ayant" | "n'" | "ne" | "sans" | "ni" | "peu" | "tres" | "plus" | "moins" | "entre"
        | "non" | "sous" | "hors" | "par" | "dans" | "sur" | "avec" => {
            opens_with_small_word(tokens, head, place).then(|| Step::open(1))
        }
        _ => {
            let opens = opens_modifier(tokens, place);
            let goes_on = opens
                || !ends_phrase(tokens, place)
                || in_modifier && tokens.is(place, Classes::PUBLIC);
            goes_on.then_some(Step {
                length: 1,
                belongs: true,
                opens_modifier: opens,
            })
        }
    }
}

/// « au chômage », « à la recherche d'un emploi », « aux profils variés »: behind « à ».
fn names_state(tokens: &Tokens, place: usize) -> bool {
    match tokens.word(place) {
        "la" => matches!(tokens.word(place + 1), "recherche" | "rue" | "marge"),
        word => matches!(
            word,
            "profil"
                | "profils"
                | "chomage"
                | "risque"
                | "mobilite"
                | "parcours"
                | "rsa"
                | "besoins"
                | "faible"
                | "faibles"
                | "revenus"
                | "minima"
                | "minimas"
                | "foyer"
        ),
    }
}

/// Whether « et » adds people, a modifier or an adjective to the description.
fn adds_people(tokens: &Tokens, head: usize, place: usize, in_modifier: bool) -> bool {
    let people = Classes::PUBLIC.and(Classes::PUBLIC_GENERIC);
    tokens.is(place, people) && !ends_phrase(tokens, place)
        || (in_modifier || place > head + 2) && opens_modifier(tokens, place)
        || is_plural_adjective(tokens, place)
}

/// A relative clause with « être » or « avoir » says who people are; others say what they will do.
fn relative_step(tokens: &Tokens, place: usize) -> Option<Step> {
    let verb = place
        + if matches!(tokens.word(place + 1), "ne" | "n'") {
            2
        } else {
            1
        };
    if !matches!(tokens.word(verb), "sont" | "ont") {
        return None;
    }
    // « qui sont pour la plupart … »
    let aside = tokens.word(verb + 1) == "pour" && tokens.word(verb + 2) == "la";
    Some(Step::open(verb + 1 - place + if aside { 3 } else { 0 }))
}

/// Whether « sans », « peu », « par » and the like open a modifier here, rather than another clause.
fn opens_with_small_word(tokens: &Tokens, head: usize, place: usize) -> bool {
    let word = tokens.word(place);
    let compares = place == head + 1
        && matches!(word, "plus" | "ne" | "n'")
        && !tokens.is(place + 1, Classes::MODIFIERS);
    !compares
        && (tokens.is(place, Classes::MODIFIERS) || word == "ni" || modifies_before(tokens, place))
}

/// Whether « de » and what follows tell who the people are: « jeunes de moins de 26 ans », « familles du quartier », not « rapprocher les jeunes de
/// l'offre ». Inside a modifier anything may follow.
fn complements_people(tokens: &Tokens, head: usize, place: usize, in_modifier: bool) -> bool {
    let mut next = place + 1;
    if is_infinitive_at(tokens, next) {
        return false;
    }
    if matches!(tokens.word(next), "tous" | "toutes" | "leur" | "leurs") {
        return in_modifier || tokens.word(next).starts_with("tou");
    }
    let has_article =
        matches!(tokens.word(place), "du" | "des") || matches!(tokens.word(next), "la" | "l'");
    if matches!(tokens.word(next), "la" | "l'") {
        next += 1;
    }
    if ends_phrase(tokens, next) {
        return false;
    }
    let is_place = tokens.is(
        next,
        Classes::TERRITORIES
            .and(Classes::ORGANISATIONS)
            .and(Classes::STATES),
    ) || tokens.is_capitalised(next)
        || tokens.is(next, Classes::PUBLIC);
    !has_article || in_modifier || place > head + 1 || is_place
}

/// « éloignés de l'emploi par … », « suivis par », « sortis du système »: the participle before lets these prepositions in.
fn modifies_before(tokens: &Tokens, place: usize) -> bool {
    tokens.is(place.wrapping_sub(1), Classes::MODIFIERS)
        && !matches!(
            tokens.word_before(place),
            "plus" | "moins" | "en" | "non" | "sans"
        )
}

/// Whether the words from `place` on modify people.
fn opens_modifier(tokens: &Tokens, place: usize) -> bool {
    if !tokens.is(place, Classes::MODIFIERS) {
        return false;
    }
    match tokens.word(place) {
        "en" => tokens.is(place + 1, Classes::STATES),
        "au" | "aux" => matches!(
            tokens.word(place + 1),
            "profil" | "profils" | "chomage" | "rsa" | "parcours"
        ),
        "n'" | "ne" => matches!(
            tokens.word(place + 1),
            "ayant" | "etant" | "disposant" | "maitrisant" | "beneficiant" | "sachant"
        ),
        "plus" | "moins" | "entre" => {
            tokens.number(place + 1).is_some() || tokens.is(place + 1, Classes::MODIFIERS)
        }
        "sans" => !is_infinitive_at(tokens, place + 1),
        "sous" => matches!(
            tokens.word(place + 1),
            "main" | "protection" | "tutelle" | "curatelle" | "main-de-justice"
        ),
        "hors" => tokens.is_word(place + 1),
        _ => true,
    }
}

fn is_plural_adjective(tokens: &Tokens, place: usize) -> bool {
    tokens.is_word(place)
        && tokens.word(place).ends_with(['s', 'x'])
        && !tokens.is(place, Classes::DETERMINERS)
        && !ends_phrase(tokens, place)
}

/// The bracket behind people that explains them: « (NEET) », « (16-25 ans) ».
fn short_bracket(tokens: &Tokens, open: usize, limit: usize) -> Option<usize> {
    const LONGEST: usize = 8;
    let close = (open + 1..limit.min(open + LONGEST)).find(|&place| tokens.is_mark(place, ')'))?;
    // A list in brackets tells of something else.
    (open..close)
        .all(|place| !tokens.is_mark(place, ','))
        .then_some(close)
}

/// The end of an age that starts with the number at `place`: « 16 à 25 ans », « 16-25 ans », « 50 ans et plus »; `None` when it is no age.
pub(super) fn age_end(tokens: &Tokens, place: usize, limit: usize) -> Option<usize> {
    let mut at = place;
    tokens.number(at)?;
    at += 1;
    if matches!(tokens.word(at), "a" | "et" | "-" | "–" | "/") && tokens.number(at + 1).is_some()
    {
        at += 2;
    } else if tokens.word(at) == "ans"
        && matches!(tokens.word(at + 1), "a" | "et")
        && tokens.number(at + 2).is_some()
        && tokens.word(at + 3) == "ans"
    {
        at += 3;
    }
    if tokens.word(at) != "ans" {
        return None;
    }
    at += 1;
    if tokens.word(at) == "et" && matches!(tokens.word(at + 1), "plus" | "moins" | "+") {
        at += 2;
    } else if tokens.is_mark(at, '+') {
        at += 1;
    }
    (at <= limit).then_some(at)
}
