//! Text in; the amounts of money in it out, with value and currency. Budgets written without a currency are no amounts.

use std::ops::Range;

use super::numbers;
use super::words::fold;
use crate::model::mention::Amount;

/// An amount of money in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundAmount {
    /// Where it stands, sign or word of the currency included.
    pub range: Range<usize>,
    /// What it is worth in its currency.
    pub value: f64,
    /// ISO 4217 code.
    pub currency: &'static str,
}

/// Spellings of currencies, longest first, with their ISO 4217 codes.
const CURRENCIES: [(&str, &str); 16] = [
    ("d'euros", "EUR"),
    ("d'€", "EUR"),
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("eur", "EUR"),
    ("€", "EUR"),
    ("dollars", "USD"),
    ("usd", "USD"),
    ("us$", "USD"),
    ("$", "USD"),
    ("livres sterling", "GBP"),
    ("gbp", "GBP"),
    ("£", "GBP"),
    ("francs suisses", "CHF"),
    ("francs", "FRF"),
    ("chf", "CHF"),
];

/// Words and letters that scale the number before them, longest first.
const SCALES: [(&str, f64); 11] = [
    ("milliards", 1e9),
    ("milliard", 1e9),
    ("millions", 1e6),
    ("million", 1e6),
    ("mille", 1e3),
    ("mds", 1e9),
    ("md", 1e9),
    ("mio", 1e6),
    ("bn", 1e9),
    ("k", 1e3),
    ("m", 1e6),
];

/// More characters than these do not stand between a number and the end of its currency (« millions de livres sterling »).
const TAIL_CHARACTERS: usize = 32;

/// The amounts of money in the text, in order.
pub fn find(string: &str) -> Vec<FoundAmount> {
    let mut found: Vec<FoundAmount> = Vec::new();
    let bytes = string.as_bytes();
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        if !byte.is_ascii_digit() {
            place += 1;
            continue;
        }
        if let Some(amount) = at(string, place) {
            place = amount.range.end;
            found.push(amount);
        } else {
            place = numbers::at(string, place, false).map_or(place + 1, |number| number.end);
        }
    }
    found
}

/// The first amount of the text, as the record states it.
pub fn first(string: &str) -> Option<Amount> {
    let amount = find(string).into_iter().next()?;
    Some(Amount {
        text: string.get(amount.range)?.to_owned(),
        value: Some(amount.value),
        currency: Some(amount.currency.to_owned()),
    })
}

/// The amount that a label, or the head of a column, is about: the first with a currency, or a number alone, whose currency the label may name (« Montant (€) »).
pub fn labelled(string: &str, label: &str) -> Option<Amount> {
    first(string).or_else(|| bare(string, label))
}

/// The number that a text is, as an amount: with the scale and the currency that its label names, if it does.
pub fn bare(string: &str, label: &str) -> Option<Amount> {
    let text = string.trim();
    let (factor, currency) = unit(label);
    let number = numbers::at(text, 0, factor > 1.0)?;
    (number.end == text.len()).then(|| Amount {
        text: text.to_owned(),
        value: Some(number.value * factor),
        currency: currency.map(str::to_owned),
    })
}

/// What the numbers below a label count: « en milliers d’euros », « (k€) ».
fn unit(label: &str) -> (f64, Option<&'static str>) {
    let mut unit = (1.0, None);
    for word in fold(label)
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '€' | '$' | '£')))
        .filter(|word| !word.is_empty())
    {
        let currency = |word: &str| {
            CURRENCIES
                .iter()
                .find(|(name, _)| *name == word)
                .map(|(_, code)| *code)
        };
        // A letter scales beside a currency alone: « k€ ».
        let scaled = SCALES
            .iter()
            .find_map(|(name, factor)| Some((*factor, currency(word.strip_prefix(name)?)?)));
        match (currency(word), scaled) {
            (Some(code), _) => unit.1 = Some(code),
            (None, Some((factor, code))) => unit = (factor, Some(code)),
            (None, None) => match word {
                "milliers" => unit.0 = 1e3,
                "millions" => unit.0 = 1e6,
                _ => {}
            },
        }
    }
    unit
}

fn at(string: &str, start: usize) -> Option<FoundAmount> {
    let before = string.get(..start)?;
    if before.ends_with(|character: char| character.is_alphanumeric())
        && !ends_in_currency_word(before)
    {
        return None;
    }
    let plain = numbers::at(string, start, false)?;
    let in_front = currency_before(string, start);
    let scale = scale_behind(string, plain.end, in_front.is_some());
    let number = if scale.is_some() {
        numbers::at(string, start, true)?
    } else {
        plain
    };
    let (end, factor) = scale.unwrap_or((without_cents(string, number.end), 1.0));
    let value = number.value * factor;
    if let Some((end, currency)) = currency_behind(string, end) {
        return Some(FoundAmount {
            range: start..end,
            value,
            currency,
        });
    }
    let (currency_start, currency) = in_front?;
    Some(FoundAmount {
        range: currency_start..end,
        value,
        currency,
    })
}

fn ends_in_currency_word(before: &str) -> bool {
    before.ends_with("EUR")
        || before.ends_with("USD")
        || before.ends_with("GBP")
        || before.ends_with("CHF")
}

/// The scale word at `place`, behind at most one space: where it ends, and its factor.
fn scale_behind(string: &str, place: usize, has_currency: bool) -> Option<(usize, f64)> {
    let rest = string.get(place..)?;
    let spaces = leading_space(rest);
    let tail: String = rest.get(spaces..)?.chars().take(TAIL_CHARACTERS).collect();
    let folded = fold(&tail);
    let (word, factor) = SCALES.iter().find(|(word, _)| {
        folded.strip_prefix(word).is_some_and(|behind| {
            // A lone letter scales only beside a currency: « 12 k€ », « £3m ».
            if word.len() > 2 || has_currency {
                !behind.starts_with(char::is_alphanumeric)
            } else {
                currency_opens(behind.trim_start())
            }
        })
    })?;
    // These words are plain ASCII: folding keeps their length.
    Some((place + spaces + word.len(), *factor))
}

fn currency_opens(folded: &str) -> bool {
    CURRENCIES
        .iter()
        .any(|(word, _)| opens_with_currency(folded, word))
}

fn opens_with_currency(folded: &str, word: &str) -> bool {
    folded.strip_prefix(word).is_some_and(|behind| {
        !word.ends_with(|last: char| last.is_alphabetic())
            || !behind.starts_with(|next: char| next.is_alphanumeric())
    })
}

fn currency_behind(string: &str, place: usize) -> Option<(usize, &'static str)> {
    let rest = string.get(place..)?;
    let spaces = leading_space(rest);
    let tail: String = rest.get(spaces..)?.chars().take(TAIL_CHARACTERS).collect();
    let folded = fold(&tail);
    let (linked, skipped) = match folded.strip_prefix("de ") {
        Some(behind) => (behind, 3),
        None => (folded.as_str(), 0),
    };
    let (word, code) = CURRENCIES
        .iter()
        .find(|(word, _)| opens_with_currency(linked, word))?;
    let length: usize = tail
        .chars()
        .take(skipped + word.chars().count())
        .map(char::len_utf8)
        .sum();
    Some((place + spaces + length, code))
}

fn currency_before(string: &str, start: usize) -> Option<(usize, &'static str)> {
    let before = string.get(..start)?;
    let trimmed = before.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    for (word, code) in [
        ("US$", "USD"),
        ("$", "USD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("EUR", "EUR"),
        ("USD", "USD"),
        ("GBP", "GBP"),
        ("CHF", "CHF"),
        ("Fr.", "CHF"),
    ] {
        if let Some(rest) = trimmed.strip_suffix(word)
            && !(rest.ends_with(char::is_alphanumeric))
        {
            return Some((rest.len(), code));
        }
    }
    None
}

/// Where a sum ends that has a dash for its cents: « CHF 15'000.– ».
pub(super) fn without_cents(string: &str, end: usize) -> usize {
    let rest = string.get(end..).unwrap_or_default();
    [".–", ".—", ".-"]
        .iter()
        .find(|cents| rest.starts_with(**cents))
        .map_or(end, |cents| end + cents.len())
}

fn leading_space(rest: &str) -> usize {
    rest.chars()
        .take(1)
        .filter(|character| character.is_whitespace())
        .map(char::len_utf8)
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, f64, &str)]) {
        let found = find(text);
        let found: Vec<(&str, f64, &str)> = found
            .iter()
            .map(|amount| {
                let written = text
                    .get(amount.range.clone())
                    .expect("a range is on character boundaries");
                (
                    written,
                    (amount.value * 100.0).round() / 100.0,
                    amount.currency,
                )
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn french_amounts() {
        check(
            "une aide de 10 000 € sur 3 ans",
            &[("10 000 €", 10_000.0, "EUR")],
        );
        check(
            "1,302 M€ et 12 k€",
            &[("1,302 M€", 1_302_000.0, "EUR"), ("12 k€", 12_000.0, "EUR")],
        );
        check(
            "250 millions d'euros",
            &[("250 millions d'euros", 250e6, "EUR")],
        );
        check(
            "250 millions d’euros",
            &[("250 millions d’euros", 250e6, "EUR")],
        );
        check("5 M d'€", &[("5 M d'€", 5e6, "EUR")]);
        check("19,3 millions d’€", &[("19,3 millions d’€", 19.3e6, "EUR")]);
        check("1 500,50 euros", &[("1 500,50 euros", 1500.5, "EUR")]);
        check(
            "2 milliards d'euros",
            &[("2 milliards d'euros", 2e9, "EUR")],
        );
    }

    #[test]
    fn currencies_in_front() {
        check("Org: $12,000 to plant", &[("$12,000", 12_000.0, "USD")]);
        check("EUR 5.000", &[("EUR 5.000", 5000.0, "EUR")]);
        check(
            "CHF 15'000.– et Fr. 20 000.–",
            &[
                ("CHF 15'000.–", 15_000.0, "CHF"),
                ("Fr. 20 000.–", 20_000.0, "CHF"),
            ],
        );
        check("£2.5m towards", &[("£2.5m", 2_500_000.0, "GBP")]);
        check("€1.2 million", &[("€1.2 million", 1_200_000.0, "EUR")]);
    }

    #[test]
    fn numbers_without_currency_are_no_amounts() {
        check("30 jeunes, 12 mois, 2019, 40 Europe, 5 m de haut", &[]);
    }

    #[test]
    fn a_number_alone_takes_its_unit_from_its_label() {
        let read = |text, label| {
            labelled(text, label).map(|amount| (amount.value.unwrap_or_default(), amount.currency))
        };
        let euros = || Some("EUR".to_owned());
        assert_eq!(read("18 000", "Montant (€)"), Some((18_000.0, euros())));
        assert_eq!(
            read("14 650,50", "Subvention accordée (en €)"),
            Some((14_650.5, euros()))
        );
        assert_eq!(
            read("18,5", "Montant en milliers d’euros"),
            Some((18_500.0, euros()))
        );
        assert_eq!(read("18,5", "Aide (k€)"), Some((18_500.0, euros())));
        assert_eq!(read("2 500", "Montant"), Some((2500.0, None)));
        assert_eq!(read("480074.62", "aide_validee"), Some((480_074.62, None)));
        assert_eq!(
            read("CHF 300", "Montant (€)"),
            Some((300.0, Some("CHF".to_owned())))
        );
        assert_eq!(read("3 projets", "Montant (€)"), None);
        assert_eq!(read("à définir", "Montant (€)"), None);
    }

    #[test]
    fn the_first_is_the_record_s() {
        let amount = first("dotation : 8 000 € puis 2 000 €").expect("there is one");
        assert_eq!(
            (amount.text.as_str(), amount.value),
            ("8 000 €", Some(8000.0))
        );
    }
}
