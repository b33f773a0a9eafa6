//! Tokens in; the partners that prose names out: what stands behind « en lien avec », « avec le soutien de », « porté par ».

use std::collections::HashSet;
use std::ops::Range;

use super::phrases::{ends_phrase, is_infinitive_at};
use super::tokens::{Kind, Tokens};
use super::vocabulary::{self, Classes, VOCABULARY, is_partner_kind};

/// A partner that prose names.
#[derive(Clone, Debug)]
pub(super) struct FoundPartner {
    pub(super) places: Range<usize>,
    pub(super) sentence: Range<usize>,
    pub(super) confidence: f64,
}

/// Words between a phrase and the first partner: « notamment », « plusieurs ».
const SKIPPED: [&str; 10] = [
    "notamment",
    "ensemble",
    "principalement",
    "entre",
    "autres",
    "surtout",
    ":",
    "egalement",
    "aussi",
    "par",
];
/// A partner's designation is shorter than this.
const LONGEST_PARTNER: usize = 16;
/// A list of partners in prose is shorter than this.
const MOST_PARTNERS: usize = 12;

/// The partners of the text, in order; `own` is the folded name of the laureate itself.
pub(super) fn find(tokens: &Tokens, own: &str) -> Vec<FoundPartner> {
    let own: Vec<&str> = own.split(|c: char| !c.is_alphanumeric()).collect();
    let mut found: Vec<FoundPartner> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let mut openings: Vec<Opening> = VOCABULARY
        .partnership
        .find_iter(&tokens.folded)
        .map(|matched| Opening {
            // The pattern begins and ends with the space around tokens.
            first: tokens.at_folded(matched.start() + 1),
            behind: tokens.at_folded(matched.end()),
            is_carrier: VOCABULARY.is_carrier(matched.pattern().as_usize()),
        })
        .chain(examples(tokens))
        .collect();
    openings.sort_by_key(|opening| opening.behind);
    for opening in openings {
        // Sentences stand one behind the other.
        let at = (tokens.sentences).partition_point(|sentence| sentence.end <= opening.first);
        let Some(sentence) = (tokens.sentences.get(at))
            .filter(|sentence| sentence.contains(&opening.first) && opening.behind <= sentence.end)
        else {
            continue;
        };
        let listed = list(tokens, opening.behind, sentence.end);
        if opening.is_carrier && listed.len() < 2 {
            continue;
        }
        for places in listed {
            if !is_own(tokens, &places, &own)
                && names_partner(tokens, &places)
                && known.insert(written(tokens, &places))
            {
                found.push(FoundPartner {
                    confidence: confidence(tokens, &places),
                    places,
                    sentence: sentence.clone(),
                });
            }
        }
    }
    found
}

/// What stands in front of partners.
struct Opening {
    /// Its first token.
    first: usize,
    /// The token behind it.
    behind: usize,
    /// Whether those who carry the project follow.
    is_carrier: bool,
}

/// « les partenaires du quartier, notamment A et B », « (avec la CAF) ».
fn examples<'t>(tokens: &'t Tokens) -> impl Iterator<Item = Opening> + 't {
    /// Between « partenaires » and « notamment » stand a complement and a comma at most.
    const REACH: usize = 8;
    (0..tokens.len()).filter_map(|place| {
        let opening = |behind| Opening {
            first: place,
            behind,
            is_carrier: false,
        };
        if tokens.is_mark(place, '(')
            && tokens.word(place + 1) == "avec"
            && tokens.is(place + 2, Classes::DETERMINERS)
        {
            return Some(opening(place + 2));
        }
        if tokens.word(place) != "partenaires" {
            return None;
        }
        for next in place + 1..place + REACH {
            match tokens.word(next) {
                "notamment" | "parmi" => return Some(opening(next + 1)),
                "tels" | "telles" if tokens.word(next + 1) == "que" => {
                    return Some(opening(next + 2));
                }
                "," | "(" => {}
                _ if ends_phrase(tokens, next) => return None,
                _ => {}
            }
        }
        None
    })
}

/// Whether the partner is the laureate itself, perhaps shortened: the laureate's name holds all its words but the small ones and its kind.
fn is_own(tokens: &Tokens, places: &Range<usize>, own: &[&str]) -> bool {
    let small = Classes::DETERMINERS.and(Classes::STOPS);
    let mut significant = places
        .clone()
        .filter(|&place| {
            tokens.is_word(place)
                && !tokens.is(place, small)
                && !is_partner_kind(tokens.word(place))
        })
        .peekable();
    significant.peek().is_some() && significant.all(|place| own.contains(&tokens.word(place)))
}

fn written(tokens: &Tokens, places: &Range<usize>) -> String {
    places
        .clone()
        .map(|place| tokens.word(place))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A name or acronym is surer than a kind.
fn confidence(tokens: &Tokens, places: &Range<usize>) -> f64 {
    if places.clone().any(|place| tokens.is_capitalised(place)) {
        0.9
    } else {
        0.75
    }
}

/// The coordinated noun phrases from `start` on.
fn list(tokens: &Tokens, start: usize, limit: usize) -> Vec<Range<usize>> {
    let mut partners = Vec::new();
    let mut place = start;
    let mut closed = false;
    let after_de = matches!(tokens.word_before(start), "de" | "du" | "des" | "d'");
    while place < limit && partners.len() < MOST_PARTNERS {
        while SKIPPED.contains(&tokens.word(place))
            || tokens.is(place, Classes::DETERMINERS)
            || matches!(
                tokens.word(place),
                "leur" | "leurs" | "ses" | "son" | "sa" | "tous" | "toutes"
            )
        {
            place += 1;
        }
        let end = partner_end(tokens, place, limit);
        if end <= place {
            break;
        }
        partners.push(place..end);
        place = end;
        // An apposition or a bracket behind the name belongs to it.
        if tokens.is_mark(place, '(') {
            let Some(close) =
                (place..limit.min(place + 24)).find(|&close| tokens.is_mark(close, ')'))
            else {
                break;
            };
            if let Some(last) = partners.last_mut() {
                last.end = close + 1;
            }
            place = close + 1;
        }
        // « ministères de l'Intérieur, du Travail et du Logement »: more complements of one partner, unless the phrase itself ends in « de ».
        while !after_de && adds_complement(tokens, partners.last(), place) {
            let mut at = place + 1;
            while tokens.is(at, Classes::DETERMINERS) {
                at += 1;
            }
            place = partner_end(tokens, at, limit).max(at);
            if let Some(last) = partners.last_mut() {
                last.end = place;
            }
        }
        match tokens.word(place) {
            "et" | "ou" | "&" if !closed || tokens.is(place + 1, Classes::DETERMINERS) => {
                if !starts_partner(tokens, place + 1) {
                    break;
                }
                closed = true;
                place += 1;
            }
            "ainsi" if tokens.word(place + 1) == "que" => place += 2,
            "," if !closed => {
                let behind = if tokens.word(place + 1) == "et" {
                    place + 2
                } else {
                    place + 1
                };
                if !goes_on(tokens, behind, limit) {
                    break;
                }
                place = behind;
            }
            _ => break,
        }
    }
    partners
}

/// Whether a comma or « et » stands at `place` with « du », « de l' » behind it, and the partner before has a complement of that form.
fn adds_complement(tokens: &Tokens, partner: Option<&Range<usize>>, place: usize) -> bool {
    matches!(tokens.word(place), "," | "et")
        && matches!(tokens.word(place + 1), "du" | "de" | "d'")
        && tokens.is_word(place + 2)
        && !is_infinitive_at(tokens, place + 2)
        && partner.is_some_and(|partner| {
            partner
                .clone()
                .any(|inside| matches!(tokens.word(inside), "du" | "de" | "d'" | "des"))
        })
}

fn is_count(tokens: &Tokens, place: usize) -> bool {
    vocabulary::number(tokens.word(place)).is_some()
}

/// Behind a comma, the list goes on only where « et » or another comma comes before any verb: else the comma closes the phrase.
fn goes_on(tokens: &Tokens, start: usize, limit: usize) -> bool {
    if !starts_partner(tokens, start) {
        return false;
    }
    let mut place = start;
    while place < limit {
        let end = skip_partner(tokens, place, limit);
        match tokens.word(end) {
            "et" | "ainsi" => {
                return starts_partner(tokens, end + if tokens.word(end) == "et" { 1 } else { 2 });
            }
            "," if tokens.word(end + 1) == "et" => return starts_partner(tokens, end + 2),
            "," => place = end + 1,
            "." | ";" | "" | "…" | "!" => return true,
            _ => return end >= limit,
        }
        if end >= limit {
            return true;
        }
        if !starts_partner(tokens, place) {
            return false;
        }
    }
    true
}

fn skip_partner(tokens: &Tokens, mut place: usize, limit: usize) -> usize {
    while tokens.is(place, Classes::DETERMINERS) {
        place += 1;
    }
    let mut end = partner_end(tokens, place, limit);
    if tokens.is_mark(end, '(') {
        end = (end..limit.min(end + 24))
            .find(|&close| tokens.is_mark(close, ')'))
            .map_or(end, |close| close + 1);
    }
    end
}

/// Whether a partner may start here: an article or number with a kind or a name, a kind, or a name.
fn starts_partner(tokens: &Tokens, place: usize) -> bool {
    let mut place = place;
    while tokens.is(place, Classes::DETERMINERS)
        || tokens.number(place).is_some()
        || is_count(tokens, place)
        || matches!(
            tokens.word(place),
            "notamment" | "autres" | "leurs" | "«" | "differents"
        )
    {
        place += 1;
    }
    tokens.is_word(place)
        && (tokens.is_capitalised(place)
            || is_partner_kind(tokens.word(place))
            || tokens.is(place, Classes::ORGANISATIONS.and(Classes::STAFF))
            || !ends_phrase(tokens, place) && tokens.word(place).ends_with('s'))
}

/// The end of one partner's designation: a name with its small words, or a kind with its complement.
fn partner_end(tokens: &Tokens, start: usize, limit: usize) -> usize {
    let mut place = start;
    let mut end = start;
    while place < limit && place < start + LONGEST_PARTNER {
        let Some(token) = tokens.get(place) else {
            break;
        };
        let word = tokens.word(place);
        match token.kind {
            Kind::Break => break,
            Kind::Mark('«') => {
                if let Some(close) = (place..limit.min(place + LONGEST_PARTNER))
                    .find(|&close| tokens.is_mark(close, '»'))
                {
                    place = close + 1;
                    end = place;
                    continue;
                }
                break;
            }
            Kind::Mark(mark) => {
                if !matches!(mark, '/' | '-' | '–' | '&' | '·') || place == start {
                    break;
                }
                place += 1;
                continue;
            }
            Kind::Number(_) => {
                // « Cap Emploi 13 », « 12 collèges »; elsewhere a number starts something else.
                if place > start && !tokens.is_capitalised(place - 1) {
                    break;
                }
                place += 1;
                end = place;
                continue;
            }
            Kind::Word => {}
        }
        let next_names = tokens.is_capitalised(place + 1)
            || tokens.is_capitalised(place + 2) && tokens.is(place + 1, Classes::DETERMINERS);
        match word {
            "de" | "d'" | "du" | "des" => {
                if is_infinitive_at(tokens, place + 1) {
                    break;
                }
                place += 1;
            }
            // « club Les Pieds Agiles »: a capital article opens a name.
            "la" | "l'" | "le" | "les" if tokens.is_capitalised(place) && place > start => {
                place += 1;
            }
            "la" | "l'" | "le" | "les" => {
                if !matches!(
                    tokens.word_before(place),
                    "de" | "dans" | "pour" | "a" | "sur"
                ) {
                    break;
                }
                place += 1;
            }
            // « Sport dans la Ville », « Agir pour l'Emploi »: small words inside a name.
            "dans" | "pour" | "sans" | "par" | "a" | "en" | "au" | "aux" | "sur" | "avec"
            | "contre" => {
                // « aide sociale à l'enfance » is a name in small letters.
                let is_service = word == "a"
                    && matches!(
                        tokens.word(place + 2),
                        "emploi" | "insertion" | "enfance" | "enseignement"
                    );
                if !(next_names && tokens.is_capitalised(place.wrapping_sub(1)) || is_service) {
                    break;
                }
                place += 1;
            }
            "et" => match goes_on_behind_et(tokens, start, place) {
                Some(length) => place += length,
                None => break,
            },
            _ => {
                if ends_phrase(tokens, place) && !tokens.is_capitalised(place) && place > start
                    || tokens.is(place, Classes::STOPS)
                {
                    break;
                }
                place += 1;
                end = place;
            }
        }
    }
    end
}

/// How many tokens « et » and what it adds to the same name take: « Prévention et de Lutte », where the same small word stands on both sides, « insertion et
/// probation »; `None` where a new partner may start.
fn goes_on_behind_et(tokens: &Tokens, start: usize, place: usize) -> Option<usize> {
    let starts_another = |at: usize| {
        is_count(tokens, at) || tokens.number(at).is_some() || is_partner_kind(tokens.word(at))
    };
    let repeats = tokens.word(place + 1) == "de"
        && !matches!(tokens.word(place + 2), "la" | "l'")
        && !starts_another(place + 2)
        && (start..place).any(|inside| tokens.word(inside) == "de");
    if repeats {
        return Some(2);
    }
    let adds = place > start
        && tokens.is_word(place + 1)
        && !tokens.is(place + 1, Classes::DETERMINERS.and(Classes::STOPS))
        && !tokens.is_capitalised(place + 1)
        && !starts_another(place + 1)
        && !ends_phrase(tokens, place + 1)
        && tokens.word(place - 1).ends_with('s')
        && tokens.word(place + 1).ends_with('s');
    adds.then_some(1)
}

/// Whether the phrase names a partner: it holds a name, or opens with a kind of partner or with people who work.
fn names_partner(tokens: &Tokens, places: &Range<usize>) -> bool {
    let mut first = places.start;
    while tokens.number(first).is_some()
        || is_count(tokens, first)
        || matches!(
            tokens.word(first),
            "autres" | "nombreux" | "nombreuses" | "differents" | "membres" | "de" | "du" | "d'"
        )
    {
        first += 1;
    }
    if first >= places.end {
        return false;
    }
    // Unnamed partners say nothing.
    if places.len() == 1
        && matches!(
            tokens.word(first),
            "partenaires"
                | "partenaire"
                | "acteurs"
                | "structures"
                | "autres"
                | "structure"
                | "elle"
                | "lui"
                | "eux"
        )
    {
        return false;
    }
    let is_people = tokens.is(first, Classes::PUBLIC);
    let is_kind = is_partner_kind(tokens.word(first))
        || tokens.is(
            first,
            Classes::ORGANISATIONS
                .and(Classes::STAFF)
                .and(Classes::TERRITORIES),
        );
    let has_name = (first..places.end).any(|place| tokens.is_capitalised(place));
    let kind_phrase = {
        let two = format!("{} {}", tokens.word(first), tokens.word(first + 1));
        is_partner_kind(&two)
    };
    has_name || (is_kind || kind_phrase) && !is_people
}
