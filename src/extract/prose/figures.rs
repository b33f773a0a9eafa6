//! Tokens in; figures out: a number with what it counts. Calendar years, dates, ordinals, numbers in names, and counts of a project's own parts
//! (« trois axes ») are no figures.

mod tenses;

use std::cell::LazyCell;
use std::ops::Range;

use super::phrases::{age_end, ends_phrase, is_infinitive_at, noun_phrase_end};
use super::tokens::{Kind, Tokens};
use super::vocabulary::{self, Classes, VOCABULARY, is_partner_kind};
use super::{Field, Nature};
use crate::extract::amounts;
use tenses::{Tenses, is_by_experience, nature};
pub(super) use tenses::{clause, is_perfect};

/// A figure, with the tokens that state it.
#[derive(Clone, Debug)]
pub(super) struct FoundFigure {
    pub(super) value: f64,
    /// `%`, `ans`, a currency, or the noun counted.
    pub(super) unit: Option<String>,
    pub(super) what: &'static str,
    pub(super) nature: Nature,
    /// Tokens of the number and its noun phrase.
    pub(super) places: Range<usize>,
    pub(super) confidence: f64,
}

/// A number as written: its tokens and its value, or two of a range.
struct Count {
    end: usize,
    value: f64,
    upper: Option<f64>,
    in_digits: bool,
}

/// The years that four digits alone stand for.
pub(super) const YEARS: std::ops::RangeInclusive<f64> = 1900.0..=2100.0;

/// The figures of one sentence, in order.
pub(super) fn find(tokens: &Tokens, sentence: &Range<usize>, field: Field) -> Vec<FoundFigure> {
    let mut found: Vec<FoundFigure> = Vec::new();
    let bytes = tokens.span(sentence);
    let money = if has_money(tokens, sentence) {
        amounts::find(tokens.source.get(bytes.clone()).unwrap_or_default())
    } else {
        Vec::new()
    };
    let whole = LazyCell::new(|| Tenses::of(tokens, sentence));
    let mut place = sentence.start;
    while place < sentence.end {
        let start = tokens.get(place).map_or(0, |token| token.start);
        if let Some(amount) = money.iter().find(|amount| {
            amount.range.start + bytes.start <= start && start < amount.range.end + bytes.start
        }) {
            let end = (place..sentence.end)
                .find(|&next| {
                    tokens
                        .get(next)
                        .is_none_or(|token| token.start >= amount.range.end + bytes.start)
                })
                .unwrap_or(sentence.end);
            let nature = nature(tokens, sentence, &whole, place, field);
            found.push(FoundFigure {
                value: amount.value,
                unit: Some(amount.currency.to_owned()),
                what: "amount",
                nature,
                places: place..end,
                confidence: 0.95,
            });
            place = end;
            continue;
        }
        let Some(count) = count_at(tokens, place, sentence.end) else {
            place += 1;
            continue;
        };
        if is_no_count(tokens, place, &count) {
            place = count.end;
            continue;
        }
        let before = found.len();
        let nature = nature(tokens, sentence, &whole, place, field);
        let end = figures_at(tokens, sentence, place, &count, nature, &mut found);
        place = if found.len() > before {
            end.max(count.end)
        } else {
            count.end
        };
    }
    found
}

fn has_money(tokens: &Tokens, sentence: &Range<usize>) -> bool {
    sentence
        .clone()
        .any(|place| match tokens.get(place).map(|token| token.kind) {
            Some(Kind::Mark('€' | '$' | '£')) => true,
            Some(Kind::Word) => matches!(
                tokens.word(place),
                "euros" | "euro" | "eur" | "dollars" | "usd" | "chf" | "gbp" | "francs"
            ),
            _ => false,
        })
}

/// The number that starts at a token, in digits or in words, and its second value where it is a range.
fn count_at(tokens: &Tokens, place: usize, limit: usize) -> Option<Count> {
    let (mut end, value, in_digits) = single(tokens, place, limit)?;
    let mut upper = None;
    let joins_range = matches!(tokens.word(end), "a" | "-" | "–" | "ou")
        // « 16/25 ans »
        || tokens.word(end) == "/" && tokens.word(end + 2) == "ans"
        || tokens.word(end) == "et" && tokens.word_before(place) == "entre";
    if joins_range
        && let Some((behind, second, _)) = single(tokens, end + 1, limit)
        && second > value
    {
        upper = Some(second);
        end = behind;
    }
    Some(Count {
        end,
        value,
        upper,
        in_digits,
    })
}

fn single(tokens: &Tokens, place: usize, limit: usize) -> Option<(usize, f64, bool)> {
    if place >= limit {
        return None;
    }
    if let Some(value) = tokens.number(place) {
        let scale = match tokens.word(place + 1) {
            "million" | "millions" => 1e6,
            "milliard" | "milliards" => 1e9,
            "mille" => 1e3,
            _ => return Some((place + 1, value, true)),
        };
        return Some((place + 2, value * scale, true));
    }
    if matches!(tokens.word(place), "une" | "un")
        && let Some(value) = VOCABULARY.collective(tokens.word(place + 1))
        && matches!(tokens.word(place + 2), "de" | "d'")
    {
        return Some((place + 3, value, false));
    }
    // « d'une durée d'un an »: elsewhere « un » is no number.
    if matches!(tokens.word(place), "un" | "une")
        && tokens.is(place + 1, Classes::PERIODS)
        && tokens.word_before(place) == "d'"
        && tokens.word(place.wrapping_sub(2)) == "duree"
    {
        return Some((place + 1, 1.0, false));
    }
    if !tokens.is(place, Classes::NUMBERS) {
        return None;
    }
    let value = vocabulary::number(tokens.word(place))?;
    // A capital inside a sentence belongs to a name: « Les Trois Ponts ».
    if tokens.is_capitalised(place) && place > 0 && tokens.is_word(place - 1) {
        return None;
    }
    let (end, value) = match tokens.word(place + 1) {
        "cents" | "cent" if value < 10.0 => (place + 2, value * 100.0),
        "mille" if value < 1000.0 => (place + 2, value * 1000.0),
        _ => (place + 1, value),
    };
    let (end, value) = match vocabulary::number(tokens.word(end)) {
        Some(rest) if value >= 100.0 && rest < 100.0 => (end + 1, value + rest),
        _ => (end, value),
    };
    Some((end, value, false))
}

/// Whether the number is a year, a date, an ordinal, part of a name, or touches letters (« 24h/24 », « B2 », « 1er »).
fn is_no_count(tokens: &Tokens, place: usize, count: &Count) -> bool {
    let before = tokens.word_before(place);
    let written = tokens.written(place);
    let is_year = count.in_digits
        && written.len() == 4
        && YEARS.contains(&count.value)
        && !counts_people(tokens, count.end);
    let touches = |left: usize, right: usize| matches!((tokens.get(left), tokens.get(right)), (Some(a), Some(b)) if a.end == b.start);
    let in_date = tokens.is(count.end, Classes::MONTHS)
        || tokens.is_mark(count.end, '/')
            && touches(place, count.end)
            && tokens.number(count.end + 1).is_some()
            && tokens.word(count.end + 2) != "ans"
        || place > 0
            && tokens.is_mark(place - 1, '/')
            && touches(place - 1, place)
            && tokens.number(place.wrapping_sub(2)).is_some();
    let in_word = place > 0
        && tokens.is_word(place - 1)
        && touches(place - 1, place)
        && !before.ends_with(['\'', '’'])
        // « 1er », « 05T07 »; « 30h » is a duration.
        || tokens.is_word(count.end)
            && touches(count.end - 1, count.end)
            && !tokens.is(count.end, Classes::PERIODS);
    let in_name = count.in_digits
        && place > 0
        && tokens.is_capitalised(place - 1)
        && !(place >= 2 && tokens.is_mark(place - 2, '.'))
        && !counts_people(tokens, count.end)
        && !tokens.is_mark(count.end, '%');
    let numbered = matches!(
        before,
        "n°" | "no" | "numero" | "page" | "article" | "art" | "niveau" | "°" | "#" | "lot" | "tome"
    );
    is_year || in_date || in_word || in_name || numbered
}

fn counts_people(tokens: &Tokens, noun: usize) -> bool {
    tokens.is(
        noun,
        Classes::PUBLIC
            .and(Classes::PUBLIC_GENERIC)
            .and(Classes::STAFF)
            .and(Classes::PERIODS)
            .and(Classes::ORGANISATIONS),
    )
}

/// Pushes the figures that the number states; returns the end of their words.
fn figures_at(
    tokens: &Tokens,
    sentence: &Range<usize>,
    place: usize,
    count: &Count,
    nature: Nature,
    found: &mut Vec<FoundFigure>,
) -> usize {
    let unit_place = count.end;
    let is_percent = tokens.is_mark(unit_place, '%')
        || tokens.word(unit_place) == "pour" && tokens.word(unit_place + 1) == "cent"
        || tokens.word(unit_place) == "pourcent";
    if is_percent {
        let end = unit_place
            + if tokens.word(unit_place) == "pour" {
                2
            } else {
                1
            };
        // « 100 % inclusif » is a manner of speaking.
        if (count.value - 100.0).abs() < f64::EPSILON
            && !matches!(tokens.word(end), "de" | "des" | "d'" | "du")
        {
            return count.end;
        }
        let nature = if nature == Nature::Context && is_by_experience(tokens, sentence) {
            Nature::Achieved
        } else {
            nature
        };
        push(found, count, place..end, "%", "share", nature, 0.9);
        return end;
    }
    if tokens.word(unit_place) == "ans" {
        return years(tokens, sentence, place, count, nature, found);
    }
    if tokens.is(unit_place, Classes::PERIODS) {
        if is_duration(tokens, place, unit_place) {
            push(
                found,
                count,
                place..unit_place + 1,
                tokens.word(unit_place),
                "duration",
                nature,
                0.85,
            );
        }
        return unit_place + 1;
    }
    let Some(head) = head_noun(tokens, unit_place, sentence.end, count) else {
        return bare(tokens, place, count, nature, found);
    };
    let is_kind = is_partner_kind(&format!("{} {}", tokens.word(head), tokens.word(head + 1)));
    if tokens.is(head, Classes::STRUCTURE) && !is_kind || tokens.is(head, Classes::MONTHS) {
        return count.end;
    }
    let mut end = figure_phrase_end(tokens, head, sentence.end);
    if (unit_place..head).any(|open| tokens.is_mark(open, '«')) {
        end = (head..sentence.end.min(head + 10))
            .find(|&close| tokens.is_mark(close, '»'))
            .map_or(end, |close| close + 1);
    }
    let what = what(tokens, head);
    // Partners that a sentence counts are there, whatever it aims at.
    let nature = if what == "partners" && nature == Nature::Objective {
        Nature::Context
    } else {
        nature
    };
    let confidence = if what == "count" { 0.7 } else { 0.88 };
    push(
        found,
        count,
        place..end,
        tokens.word(head),
        what,
        nature,
        confidence,
    );
    end
}

fn push(
    found: &mut Vec<FoundFigure>,
    count: &Count,
    places: Range<usize>,
    unit: &str,
    what: &'static str,
    nature: Nature,
    confidence: f64,
) {
    for value in [Some(count.value), count.upper].into_iter().flatten() {
        found.push(FoundFigure {
            value,
            unit: Some(unit.to_owned()),
            what,
            nature,
            places: places.clone(),
            confidence,
        });
    }
}

/// Whether the period lasts: not a moment (« depuis 5 mois »), a frequency (« deux soirs par semaine », « 7 jours sur 7 »), nor what qualifies people
/// (« installés depuis plus de 6 mois »).
pub(super) fn is_duration(tokens: &Tokens, place: usize, unit: usize) -> bool {
    let before = tokens.word_before(place);
    let two_before = tokens.word(place.wrapping_sub(2));
    let is_moment = matches!(
        before,
        "depuis"
            | "chaque"
            | "les"
            | "apres"
            | "avant"
            | "a"
            | "derniers"
            | "dernieres"
            | "premiers"
            | "premieres"
    ) || before == "d'" && two_before != "duree";
    let is_frequency = tokens.is_mark(unit + 1, '/')
        || tokens.word(unit + 1) == "par" && tokens.is(unit + 2, Classes::PERIODS)
        || tokens.word(unit + 1) == "sur" && tokens.number(unit + 2).is_some();
    let qualifies = before == "de"
        && matches!(two_before, "plus" | "moins")
        && tokens.word(place.wrapping_sub(3)) == "de";
    !(is_moment || is_frequency || qualifies)
}

/// « 3 ans »: an age, a duration, or a past that counts nothing (« depuis 5 ans »).
fn years(
    tokens: &Tokens,
    sentence: &Range<usize>,
    place: usize,
    count: &Count,
    nature: Nature,
    found: &mut Vec<FoundFigure>,
) -> usize {
    let before = tokens.word_before(place);
    let unit_end = count.end + 1;
    if matches!(before, "depuis" | "apres" | "chaque" | "les" | "derniers") && count.upper.is_none()
    {
        return unit_end;
    }
    let two_before = tokens.word(place.wrapping_sub(2));
    // « depuis plus de deux ans »
    let three_before = tokens.word(place.wrapping_sub(3));
    if matches!(before, "de" | "d'") && matches!(three_before, "depuis" | "apres") {
        return unit_end;
    }
    let open_end = match (tokens.word(unit_end), tokens.word(unit_end + 1)) {
        ("et", "plus" | "+" | "moins") => Some(unit_end + 2),
        ("+", _) => Some(unit_end + 1),
        _ => None,
    };
    let bounded = before == "de" && matches!(two_before, "plus" | "moins")
        || before == "d'" && matches!(two_before, "plus" | "moins");
    let is_lasting = matches!(
        before,
        "sur" | "en" | "pendant" | "durant" | "pour" | "d'ici"
    ) || (sentence.start..place).rev().take(4).any(|earlier| {
        matches!(
            tokens.word(earlier),
            "duree"
                | "periode"
                | "programme"
                | "accompagnement"
                | "formation"
                | "parcours"
                | "contrat"
                | "cursus"
                | "projet"
                | "experimentation"
                | "convention"
        )
    });
    let behind_people = (sentence.start..place).rev().take(6).any(|earlier| {
        tokens.is(earlier, Classes::PUBLIC.and(Classes::PUBLIC_GENERIC))
            || matches!(tokens.word(earlier), "age" | "ages" | "agee" | "agees")
    });
    let is_age = open_end.is_some()
        || bounded && !matches!(before, "sur" | "en")
        || behind_people && !matches!(before, "sur" | "en" | "pendant" | "durant")
        || !is_lasting && count.upper.is_some();
    if is_age {
        let start = if before == "entre" { place - 1 } else { place };
        let end = age_end(tokens, place, sentence.end)
            .or(open_end)
            .unwrap_or(unit_end);
        let (low, high) = if tokens.word(unit_end) == "et" && tokens.word(unit_end + 1) == "moins"
            || bounded && two_before == "moins"
            || before == "a" && two_before == "jusqu'"
        {
            ("age_max", "age_max")
        } else {
            ("age_min", "age_max")
        };
        let start = if bounded { place - 2 } else { start };
        for (value, what) in [(Some(count.value), low), (count.upper, high)] {
            if let Some(value) = value {
                found.push(FoundFigure {
                    value,
                    unit: Some("ans".to_owned()),
                    what,
                    nature: Nature::Context,
                    places: start..end,
                    confidence: 0.92,
                });
            }
        }
        return end;
    }
    push(
        found,
        count,
        place..unit_end,
        "ans",
        "duration",
        nature,
        0.85,
    );
    unit_end
}

/// Adjectives that stand between a number and its noun.
const FORE_ADJECTIVES: [&str; 22] = [
    "autres",
    "grands",
    "grandes",
    "grand",
    "nouveaux",
    "nouvelles",
    "petits",
    "petites",
    "premiers",
    "premieres",
    "principaux",
    "principales",
    "anciens",
    "anciennes",
    "futurs",
    "futures",
    "vrais",
    "jeunes",
    "gros",
    "belles",
    "differents",
    "differentes",
];

/// The noun that the number counts: a plural, an acronym, or a noun that the vocabulary knows.
fn head_noun(tokens: &Tokens, place: usize, limit: usize, count: &Count) -> Option<usize> {
    let mut head = place;
    while head < limit
        && (tokens.is_mark(head, '«')
            || FORE_ADJECTIVES.contains(&tokens.word(head)) && is_counted(tokens, head + 1, count))
    {
        head += 1;
    }
    // « 1,5 million d'habitants », « 3 millions de personnes ».
    if matches!(tokens.word(head), "de" | "d'") && count.value >= 1000.0 {
        head += 1;
    }
    (head < limit && is_counted(tokens, head, count)).then_some(head)
}

fn is_counted(tokens: &Tokens, head: usize, count: &Count) -> bool {
    let known = Classes::PUBLIC
        .and(Classes::PUBLIC_GENERIC)
        .and(Classes::STAFF)
        .and(Classes::JOBS)
        .and(Classes::PLACES)
        .and(Classes::SESSIONS)
        .and(Classes::ORGANISATIONS)
        .and(Classes::TERRITORIES)
        .and(Classes::STRUCTURE);
    if !tokens.is_word(head) || tokens.is(head, Classes::DETERMINERS) {
        return false;
    }
    if tokens.is(head, known) || is_partner_kind(tokens.word(head)) {
        return true;
    }
    if ends_phrase(tokens, head) {
        return false;
    }
    let written = tokens.written(head);
    let is_acronym =
        written.len() > 1 && written.chars().all(|c| c.is_uppercase() || c.is_numeric());
    let is_plural = tokens.word(head).ends_with(['s', 'x']);
    is_acronym || (count.value >= 2.0 && is_plural) || (count.value < 2.0 && count.in_digits)
}

/// The words that belong to the figure behind its noun: adjectives and one complement, no modifier of people.
fn figure_phrase_end(tokens: &Tokens, head: usize, limit: usize) -> usize {
    let end = noun_phrase_end(tokens, head, limit);
    let mut complements = 0;
    let mut place = head + 1;
    let mut kept = place;
    while place < end {
        let word = tokens.word(place);
        if tokens.is(place, Classes::MODIFIERS) && !matches!(word, "en" | "plus" | "moins") {
            break;
        }
        if matches!(word, "de" | "du" | "des" | "d'") {
            complements += 1;
            if complements > 1 {
                break;
            }
        }
        if !matches!(
            word,
            "de" | "du" | "des" | "d'" | "la" | "l'" | "le" | "les" | "en" | "et" | "ou"
        ) {
            kept = place + 1;
        }
        place += 1;
    }
    kept
}

/// « dont 50 bénéficieront », « en amener 1 000 à »: the people counted were named before.
fn bare(
    tokens: &Tokens,
    place: usize,
    count: &Count,
    nature: Nature,
    found: &mut Vec<FoundFigure>,
) -> usize {
    let before = tokens.word_before(place);
    let two_before = tokens.word(place.wrapping_sub(2));
    let continues =
        before == "dont" || two_before == "en" && is_infinitive_at(tokens, place.wrapping_sub(1));
    let counted_before = found.iter().any(|figure| figure.what == "beneficiaries");
    if continues && counted_before && count.value >= 2.0 {
        push(
            found,
            count,
            place..count.end,
            "",
            "beneficiaries",
            nature,
            0.75,
        );
        if let Some(last) = found.last_mut() {
            last.unit = None;
        }
    }
    count.end
}

/// What a figure counts, by its noun.
fn what(tokens: &Tokens, head: usize) -> &'static str {
    let is = |classes| tokens.is(head, classes);
    if is(Classes::STAFF) && !is(Classes::PUBLIC) && tokens.word(head) != "salaries" {
        "staff"
    } else if is(Classes::PUBLIC.and(Classes::PUBLIC_GENERIC)) {
        "beneficiaries"
    } else if is(Classes::JOBS) {
        "jobs"
    } else if is(Classes::PLACES) {
        "places"
    } else if is(Classes::SESSIONS) {
        "sessions"
    } else if is(Classes::TERRITORIES) {
        "territories"
    } else if is(Classes::ORGANISATIONS)
        || is_partner_kind(&format!("{} {}", tokens.word(head), tokens.word(head + 1)))
    {
        "partners"
    } else {
        "count"
    }
}
