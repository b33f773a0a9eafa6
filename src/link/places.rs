//! The seats or territories of two records in, at which level they agree out, and what that excludes of chance.

use super::align::{Alignment, LONG_WORD, SHORT_TYPO_BITS, WORDS, is_slip_of};
use super::compare::{MAXIMUM_BITS, Outcome, level, level_of};
use super::records::Records;
use super::spelling::is_one_typo;
use super::vocabulary::{Place, Symbol};

const TERRITORY_SAME: u8 = 0;
const TERRITORY_SPELLING: u8 = 1;
const TERRITORY_IN_NAME: u8 = 2;
const TERRITORY_OVERLAP: u8 = 3;
const TERRITORY_DEPARTMENT: u8 = 4;
const TERRITORY_OTHER_PLACE: u8 = 5;
pub(super) const TERRITORY_OTHER: u8 = 6;
pub(super) const TERRITORY_REDUNDANT: usize = 7;
pub(super) const SEAT_OTHER_DEPARTMENT: u8 = 8;
const SEAT_NOT_STATED: u8 = 9;

/// Where the two sit. A département alone is told apart from a town: lists of one département state it for bodies that sit elsewhere.
pub(super) fn compare_seats(
    records: &Records,
    a: usize,
    b: usize,
    alignment: &Alignment,
) -> Outcome {
    let seated = [a, b].map(|record| is_seated(records, record));
    match seated {
        [true, true] => {}
        [false, false] => return Outcome::default(),
        _ if records.places_of(a).is_empty() || records.places_of(b).is_empty() => {
            return level(SEAT_NOT_STATED, records.counts.half_seated);
        }
        _ => return Outcome::default(),
    }
    let (left, right) = (records.seats.row(a), records.seats.row(b));
    let outcome = compare_rows(records, (a, left), (b, right), alignment);
    match outcome.level {
        Some(TERRITORY_OTHER) if left.is_empty() || right.is_empty() => {
            level(SEAT_OTHER_DEPARTMENT, 0.0)
        }
        _ => outcome,
    }
}

/// Where the two work, or are, as far as no seat says so.
pub(super) fn compare_territories(
    records: &Records,
    a: usize,
    b: usize,
    alignment: &Alignment,
) -> Outcome {
    if !is_seated(records, a) || !is_seated(records, b) {
        let (left, right) = (records.places_of(a), records.places_of(b));
        return compare_rows(records, (a, left), (b, right), alignment);
    }
    let (left, right) = (records.places.row(a), records.places.row(b));
    if left.is_empty() || right.is_empty() {
        return Outcome::default();
    }
    compare_rows(records, (a, left), (b, right), alignment)
}

/// Is it known where the record sits?
pub(super) fn is_seated(records: &Records, record: usize) -> bool {
    records.has_seats
        && (!records.seats.row(record).is_empty()
            || records.places.row(record).is_empty() && !records.departments.row(record).is_empty())
}

/// Is there a seat, and not one that the other may have too?
pub(super) fn is_elsewhere(seat: Outcome) -> bool {
    matches!(
        seat.level,
        Some(TERRITORY_OTHER | SEAT_OTHER_DEPARTMENT | SEAT_NOT_STATED)
    )
}

#[expect(
    clippy::many_single_char_names,
    reason = "`a` and `b` are the two records throughout this module"
)]
fn compare_rows(
    records: &Records,
    (a, left): (usize, &[Place]),
    (b, right): (usize, &[Place]),
    alignment: &Alignment,
) -> Outcome {
    let shared = |place: &&Place| right.binary_search(place).is_ok();
    let common: f32 = left
        .iter()
        .filter(shared)
        .map(|place| place_bits(records, *place))
        .sum();
    let departments = compare_departments(records, a, b);
    if common > 0.0 && !matches!(departments, Some((false, _))) {
        let all = left.len().max(right.len());
        let in_names = left
            .iter()
            .filter(shared)
            .all(|place| names_hold(records, *place, a, b, alignment));
        if in_names {
            let homonyms = left
                .iter()
                .filter(shared)
                .map(|place| homonym_bits(records, *place, departments));
            return level(level_of(TERRITORY_REDUNDANT), homonyms.fold(0.0, f32::max));
        }
        let number = left.iter().filter(shared).count();
        return if number == all {
            level(TERRITORY_SAME, common)
        } else {
            level(TERRITORY_OVERLAP, common * number as f32 / all as f32)
        };
    }
    match (left, right) {
        ([], []) => match departments {
            Some((true, bits)) => level(TERRITORY_DEPARTMENT, bits),
            Some((false, _)) => level(TERRITORY_OTHER, 0.0),
            None => Outcome::default(),
        },
        ([place], []) | ([], [place]) => {
            let silent = if right.is_empty() { b } else { a };
            let elsewhere = matches!(departments, Some((false, _)));
            if !elsewhere && name_holds(records, *place, silent) {
                let speaking = if silent == a { b } else { a };
                return if name_holds(records, *place, speaking) {
                    let bits = homonym_bits(records, *place, departments);
                    level(level_of(TERRITORY_REDUNDANT), bits)
                } else {
                    level(TERRITORY_IN_NAME, place_bits(records, *place))
                };
            }
            match departments {
                Some((true, bits)) => level(TERRITORY_DEPARTMENT, bits),
                Some((false, _)) => level(TERRITORY_OTHER, 0.0),
                None => Outcome::default(),
            }
        }
        ([x], [y]) => {
            let (p, q) = (records.place_names.text(*x), records.place_names.text(*y));
            let contradicted = matches!(departments, Some((false, _)));
            if !contradicted && p.len().min(q.len()) >= LONG_WORD - 1 && is_one_typo(p, q) {
                let bits = place_bits(records, *x).min(place_bits(records, *y));
                return level(TERRITORY_SPELLING, (bits - SHORT_TYPO_BITS).max(1.0));
            }
            if !contradicted && are_one_address(p, q) {
                let bits = place_bits(records, *x).min(place_bits(records, *y));
                return level(TERRITORY_SPELLING, (bits - SHORT_TYPO_BITS).max(1.0));
            }
            if !contradicted && (contains_words(p, q) || contains_words(q, p)) {
                return level(TERRITORY_OVERLAP, 1.0);
            }
            match departments {
                Some((true, bits)) => level(TERRITORY_OTHER_PLACE, bits),
                _ => level(TERRITORY_OTHER, 0.0),
            }
        }
        _ => {
            if !records.has_seats && records.territory.get(a) == records.territory.get(b) {
                return level(TERRITORY_SAME, MAXIMUM_BITS / 2.0);
            }
            // Lists of places are written in so many ways that finding none in common says little.
            match departments {
                Some((true, bits)) => level(TERRITORY_DEPARTMENT, bits / 2.0),
                _ if left.is_empty() || right.is_empty() => Outcome::default(),
                _ => level(TERRITORY_OTHER_PLACE, 0.0),
            }
        }
    }
}

/// Do both begin with the number of one house, in a street of the same name, whatever it calls itself besides?
fn are_one_address(p: &str, q: &str) -> bool {
    /// A shorter word is a kind of street, or a direction.
    const NAMING: usize = 3;
    let (Some((number, street)), Some((other, along))) = (p.split_once(' '), q.split_once(' '))
    else {
        return false;
    };
    let names = |word: &&str| word.len() > NAMING || word.bytes().any(|byte| byte.is_ascii_digit());
    number == other
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && street
            .split(' ')
            .filter(names)
            .any(|word| along.split(' ').any(|own| own == word))
}

/// Is one name the beginning or the end of the other, word by word?
fn contains_words(longer: &str, shorter: &str) -> bool {
    longer
        .strip_prefix(shorter)
        .is_some_and(|rest| rest.starts_with(' '))
        || longer
            .strip_suffix(shorter)
            .is_some_and(|rest| rest.ends_with(' '))
}

fn place_bits(records: &Records, place: Place) -> f32 {
    /// In a small corpus a place is no rarer than one in some hundreds.
    const PRIOR: f32 = 300.0;
    /// Other records that name a place which none is seen to name.
    const UNSEEN: f32 = 0.4;
    let count = records
        .place_names
        .count
        .get(place as usize)
        .copied()
        .unwrap_or(1) as f32;
    ((records.counts.with_place + PRIOR) / ((count - 2.0).max(0.0) + UNSEEN)).log2()
}

/// A place that the names agree on already says more where it is known in several départements, and both records are in one.
fn homonym_bits(records: &Records, place: Place, departments: Option<(bool, f32)>) -> f32 {
    let known = records.place_names.departments.row(place as usize).len();
    match departments {
        Some((true, _)) => (known.max(1) as f32).log2(),
        _ => 0.0,
    }
}

/// Whether the départements meet, and the bits of that.
fn compare_departments(records: &Records, a: usize, b: usize) -> Option<(bool, f32)> {
    /// As if each of a hundred départements had been seen once more.
    const PRIOR: f32 = 100.0;
    let (left, right) = (records.departments_of(a)?, records.departments_of(b)?);
    let common = left.iter().find(|department| right.contains(department));
    let Some(common) = common else {
        return Some((false, 0.0));
    };
    let count = records
        .counts
        .department
        .get(*common as usize)
        .copied()
        .unwrap_or(0) as f32;
    let bits = ((records.counts.with_department + PRIOR) / (count + 1.0)).log2();
    let guessed = (left.len().max(right.len())) as f32;
    Some((true, (bits - guessed.log2()).max(0.0)))
}

/// Do both names hold the place, matched with each other? Then a common territory says nothing new.
fn names_hold(records: &Records, place: Place, a: usize, b: usize, alignment: &Alignment) -> bool {
    let words = records.place_names.words.row(place as usize);
    let holds = |record: usize, side: usize| {
        words.iter().all(|word| {
            records
                .name
                .row(record)
                .iter()
                .take(WORDS)
                .enumerate()
                .any(|(at, own)| is_spelling(records, own.symbol, *word) && alignment.has(side, at))
        })
    };
    !words.is_empty() && holds(a, 0) && holds(b, 1)
}

fn name_holds(records: &Records, place: Place, record: usize) -> bool {
    let words = records.place_names.words.row(place as usize);
    !words.is_empty()
        && words.iter().all(|word| {
            records
                .name
                .row(record)
                .iter()
                .any(|own| is_spelling(records, own.symbol, *word))
        })
}

fn is_spelling(records: &Records, a: Symbol, b: Symbol) -> bool {
    a == b || usize::from(records.vocabulary.shape(b).len) >= LONG_WORD && is_slip_of(records, a, b)
}
