//! A text in; the lengths of time that it states out, and the ages of those whom it names. How often something takes place is no length of time.

use std::ops::Range;

use super::Field;
use super::figures::{self, is_duration};
use super::tokens::Tokens;
use super::vocabulary::{self, VOCABULARY};
use crate::model::mention::{Age, Length};
use crate::profile;

/// The lengths of time of the text, in order, with the bytes that state them.
pub fn lengths(source: &str) -> Vec<(Length, Range<usize>)> {
    let tokens = Tokens::new(source);
    let mut found = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        let Some((end, from, to, unit)) = length(&tokens, place) else {
            place += 1;
            continue;
        };
        if let Some((from, to)) = bounded(&tokens, place..end, from, to) {
            let range = tokens.span(&(place..end));
            let length = Length {
                text: source.get(range.clone()).unwrap_or_default().to_owned(),
                from,
                to,
                unit: unit.to_owned(),
            };
            found.push((length, range));
        }
        place = end;
    }
    found
}

/// « 18 mois », « 24 à 36 mois », « un an et demi », « 2 ans et 6 mois »: where it ends, its least and its most, and their unit.
fn length(tokens: &Tokens, place: usize) -> Option<(usize, f64, f64, &'static str)> {
    let (end, from) = number(tokens, place)?;
    let calendar = &VOCABULARY.calendar;
    let is_joint = |at: usize| {
        let is_between = is_in(&calendar.between, tokens.word_before(place));
        is_in(&calendar.range, tokens.word(at))
            || is_in(&calendar.either, tokens.word(at))
            || is_between && is_in(&calendar.list, tokens.word(at))
    };
    let unit = |at: usize| {
        calendar
            .unit(tokens.word(at))
            .filter(|_| tokens.is_word(at))
    };
    let upper = |at: usize| is_joint(at).then(|| number(tokens, at + 1)).flatten();
    if let Some((end, to)) = upper(end) {
        let unit = unit(end)?;
        return (from < to).then_some((end + 1, from, to, unit));
    }
    let (end, own) = (end + 1, unit(end)?);
    // « 1 an à 3 ans »
    if let Some((behind, to)) = upper(end)
        && unit(behind) == Some(own)
        && from < to
    {
        return Some((behind + 1, from, to, own));
    }
    let is_and = usize::from(is_in(&calendar.list, tokens.word(end)));
    if is_and == 1 && is_in(&calendar.halves, tokens.word(end + 1)) {
        return Some(match own {
            "year" => (end + 2, from * 12.0 + 6.0, from * 12.0 + 6.0, "month"),
            _ => (end + 2, from + 0.5, from + 0.5, own),
        });
    }
    if own == "year"
        && let Some((behind, months)) = number(tokens, end + is_and)
        && unit(behind) == Some("month")
    {
        let months = from * 12.0 + months;
        return Some((behind + 1, months, months, "month"));
    }
    Some((end, from, from, own))
}

/// A number in digits or words, « un » among them.
fn number(tokens: &Tokens, place: usize) -> Option<(usize, f64)> {
    let word = tokens.word(place);
    let one = profile::VOCABULARY.is_one(word).then_some(1.0);
    let value = tokens
        .number(place)
        .or(one)
        .or_else(|| vocabulary::number(word))?;
    Some((place + 1, value))
}

/// What the words around say of the least and the most; nothing where the words are no length of time (« 2 jours par semaine », « depuis 3 ans »).
fn bounded(
    tokens: &Tokens,
    places: Range<usize>,
    from: f64,
    to: f64,
) -> Option<(Option<f64>, Option<f64>)> {
    let calendar = &VOCABULARY.calendar;
    let (before, behind) = (tokens.word_before(places.start), tokens.word(places.end));
    let both = format!(
        "{} {before}",
        tokens.word_before(places.start.saturating_sub(1))
    );
    let says = |words: &[String]| {
        [both.as_str(), before, behind]
            .iter()
            .any(|said| is_in(words, said))
    };
    if says(&calendar.most) {
        Some((None, Some(to)))
    } else if says(&calendar.least) {
        Some((Some(from), None))
    } else {
        let is_rhythm = is_in(&calendar.often, before);
        (!is_rhythm && is_duration(tokens, places.start, places.end - 1))
            .then_some((Some(from), Some(to)))
    }
}

fn is_in(words: &[String], word: &str) -> bool {
    words.iter().any(|own| own == word)
}

/// The ages that a public's text states, in order, with the bytes that state them.
pub fn ages(source: &str) -> Vec<(Age, Range<usize>)> {
    let tokens = Tokens::new(source);
    let mut found: Vec<(Age, Range<usize>)> = Vec::new();
    for sentence in &tokens.sentences {
        for figure in figures::find(&tokens, sentence, Field::Public) {
            let range = tokens.span(&figure.places);
            let side = match figure.what {
                "age_min" => 0,
                "age_max" => 1,
                _ => continue,
            };
            let is_same = found.last().is_some_and(|(_, last)| *last == range);
            if !is_same {
                let text = source.get(range.clone()).unwrap_or_default().to_owned();
                found.push((
                    Age {
                        text,
                        ..Age::default()
                    },
                    range,
                ));
            }
            if let Some((age, _)) = found.last_mut() {
                match side {
                    0 => age.from = Some(figure.value),
                    _ => age.to = Some(figure.value),
                }
                // « 18 ans » alone is that age.
                if !is_same && side == 0 && !is_least(&tokens, &figure.places) {
                    age.to = Some(figure.value);
                }
            }
        }
    }
    found
}

/// Whether the words say that an age is the least of several.
fn is_least(tokens: &Tokens, places: &Range<usize>) -> bool {
    let says = |at: usize| is_in(&VOCABULARY.calendar.edges, tokens.word(at));
    (places.start.saturating_sub(2)..=places.end).any(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Option<f64>, Option<f64>, &str)]) {
        let found = lengths(text);
        let found: Vec<_> = (found.iter())
            .map(|(length, range)| {
                assert_eq!(text.get(range.clone()), Some(length.text.as_str()));
                (
                    length.text.as_str(),
                    length.from,
                    length.to,
                    length.unit.as_str(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lengths_of_time() {
        check("18 mois", &[("18 mois", Some(18.0), Some(18.0), "month")]);
        check(
            "un an renouvelable",
            &[("un an", Some(1.0), Some(1.0), "year")],
        );
        check(
            "24 à 36 mois",
            &[("24 à 36 mois", Some(24.0), Some(36.0), "month")],
        );
        check(
            "entre 2 et 3 ans",
            &[("2 et 3 ans", Some(2.0), Some(3.0), "year")],
        );
        check(
            "1 an à 3 ans",
            &[("1 an à 3 ans", Some(1.0), Some(3.0), "year")],
        );
        check(
            "2 ans et 6 mois",
            &[("2 ans et 6 mois", Some(30.0), Some(30.0), "month")],
        );
        check(
            "un an et demi",
            &[("un an et demi", Some(18.0), Some(18.0), "month")],
        );
        check(
            "trois semaines",
            &[("trois semaines", Some(3.0), Some(3.0), "week")],
        );
        check(
            "3 ans (2021-2023)",
            &[("3 ans", Some(3.0), Some(3.0), "year")],
        );
    }

    #[test]
    fn bounds() {
        check("jusqu'à 3 ans", &[("3 ans", None, Some(3.0), "year")]);
        check("au moins 6 mois", &[("6 mois", Some(6.0), None, "month")]);
        check("36 mois maximum", &[("36 mois", None, Some(36.0), "month")]);
    }

    #[test]
    fn how_often_is_no_length() {
        check(
            "2 jours par semaine, chaque mois, 7 jours sur 7, depuis 3 ans, 2021",
            &[],
        );
    }

    #[track_caller]
    fn check_ages(text: &str, expected: &[(&str, Option<f64>, Option<f64>)]) {
        let found = ages(text);
        let found: Vec<_> = (found.iter())
            .map(|(age, range)| {
                assert_eq!(text.get(range.clone()), Some(age.text.as_str()));
                (age.text.as_str(), age.from, age.to)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn ages_of_a_public() {
        check_ages(
            "entre 16 et 30 ans",
            &[("entre 16 et 30 ans", Some(16.0), Some(30.0))],
        );
        check_ages(
            "Jeunes de 16 à 25 ans",
            &[("16 à 25 ans", Some(16.0), Some(25.0))],
        );
        check_ages("jeunes 16/25 ans", &[("16/25 ans", Some(16.0), Some(25.0))]);
        check_ages(
            "jeunes de moins de 26 ans",
            &[("moins de 26 ans", None, Some(26.0))],
        );
        check_ages(
            "personnes de 60 ans et plus",
            &[("60 ans et plus", Some(60.0), None)],
        );
        check_ages("jeunes à partir de 16 ans", &[("16 ans", Some(16.0), None)]);
        check_ages("jeunes de 18 ans", &[("18 ans", Some(18.0), Some(18.0))]);
        check_ages("jeunes jusqu'à 25 ans", &[("25 ans", None, Some(25.0))]);
        check_ages("demandeurs d'emploi, depuis 3 ans en France", &[]);
        check_ages("femmes sans emploi depuis plus de deux ans", &[]);
    }
}
