//! What a stretch of text looks like by itself: a sum, a prize, a date, the rest of a sentence, or a name. Where it stands is not looked at.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::parts::Joint;
use crate::profile::fold::plain;
use crate::profile::{VOCABULARY, fold};

/// What a part looks like by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// A sum of money.
    Amount,
    /// A quotation.
    Quoted,
    /// A prize or rank.
    Award,
    /// How old somebody is: « 22 ans ».
    Age,
    /// People counted: « 12 réfugiés ».
    Public,
    /// A printed number.
    Number,
    /// The year of an edition, at the head of a line.
    Year,
    /// A day or hour: what agendas and press reviews have in each line.
    Date,
    /// A sentence, or the rest of one.
    Prose,
    /// What somebody is: « présidente du jury ».
    Office,
    /// A house and its street: « 12 rue Haute ».
    Address,
    /// Whom to ask there.
    Contact,
    /// A word or several in small letters.
    Lower,
    /// Anything else: a name, a title, a place.
    Name,
}

/// Names and titles are shorter than sentences.
pub const LONGEST_NAME: usize = 16;

/// A part that begins with a small letter and has so many words is the rest of a sentence.
pub(super) const SHORTEST_PROSE: usize = 4;

/// A sum of money. Figures apart are one number where they stand in threes: « Phase 2 19,3 millions d’€ » is a phase and its sum.
pub(super) static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:[$£€](?-u:\s)?[0-9][0-9.,\u{a0} ]*(?:(?-u:\s)?(?:million|k|m)\b)?|\b(?:CHF|Fr\.)[ \u{a0}\u{202f}]?[0-9][0-9\u{a0}\u{202f} .,'’]*(?:[–—-])?|(?:[0-9]{1,3}(?:[\u{a0}\u{202f} .,'’]{1,2}[0-9]{3})+|[0-9]+)(?:[.,][0-9]{1,3})?(?:[.,][–—-])?(?:(?-u:\s)?(?:k|M|millions? d[’']|milliers? d[’'])(?-u:\s)?)?(?-u:\s)?(?:€|euros?\b|EUR\b|k€|M€|F\b|CHF\b))").expect("the pattern is constant")
});

/// The first sum of money in a text. Most texts have no figure or no unit, and need no pattern.
pub fn find_amount(text: &str) -> Option<regex::Match<'_>> {
    has_figure_and_unit(text)
        .then(|| AMOUNT.find(text))
        .flatten()
}

/// The last sum of money in a text.
pub(super) fn find_last_amount(text: &str) -> Option<regex::Match<'_>> {
    has_figure_and_unit(text)
        .then(|| AMOUNT.find_iter(text).last())
        .flatten()
}

fn has_figure_and_unit(text: &str) -> bool {
    let has_unit = || {
        text.contains(['€', '$', '£'])
            || ["euro", "EUR", "CHF", "Fr."]
                .iter()
                .any(|unit| text.contains(unit))
            || counts_francs(text)
    };
    text.bytes().any(|byte| byte.is_ascii_digit()) && has_unit()
}

/// « 12 000 F »: the letter behind a digit, a space between them or not.
fn counts_francs(text: &str) -> bool {
    text.match_indices('F').any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end();
        before.ends_with(|c: char| {
            c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '’' | 'k' | 'M')
        })
    })
}

/// Words by which a prize, a rank or a distinction begins: a rank and what is ranked (« 1er prix », « primo premio »), or a distinction's own name.
/// The text is in small letters: blind to case, the pattern takes a millisecond to compile, not half of one.
static AWARD: LazyLock<Regex> = LazyLock::new(|| {
    let [ranks, ranked, prizes, alone] = [
        VOCABULARY.ranks(),
        VOCABULARY.ranked(),
        VOCABULARY.prizes(),
        VOCABULARY.ranked_alone(),
    ]
    // « DEUXIEME PRIX »: capitals are often set without accents.
    .map(|words| {
        let unaccented = words.iter().map(|word| {
            let mut letters = String::new();
            for letter in word.chars() {
                plain(letter, |letter| letters.push(letter));
            }
            letters
        });
        let all: BTreeSet<String> = words.iter().cloned().chain(unaccented).collect();
        Vec::from_iter(all).join("|")
    });
    Regex::new(&format!(r"^(?:(?:le|la|les|the|el|il|lo|o)(?-u:\s)+)?(?:(?:[0-9]{{1,2}}(?-u:\s)?(?:[ºª°.)-]|ers?|res?|ière|ières|ères?|es?|è|èmes?|nde?|st|rd|th|ro|do|er|to)|{ranks})(?-u:\s)+(?:{ranked})\b|(?:{prizes})\b|(?:{alone})$|médailles?\b|(?:rubans?|palmes?|étoiles?|lauriers?|victoires?|trophées?)(?-u:\s)+(?:d[’']or|d[’']argent|de bronze)$|(?:or|argent|bronze)$|lauréate?s?(?:(?-u:\s)+(?:dans la catégorie|régionale?|nationale?|départementale?|de la catégorie|catégorie|du prix)\b.*)?$|best\b.*\baward)")).expect("the pattern is made of words")
});

/// « 12 mai 2022 », « 3 mars », « 9 h 30 »
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:le|du|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )*(?:[0-9]{1,2}(?-u:\s)?(?:h|heures)\b|[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}(?:er)? (?:janv|févr|fevr|mars|avril|mai|juin|juil|août|aout|sept|oct|nov|déc|dec|january|february|march|april|may|june|july|august|october)|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4})").expect("the pattern is constant")
});

/// Where a pattern that is bound to its beginning, and begins with a letter, matches first behind certain characters. One that may begin anywhere is
/// compiled five times as long: more than a millisecond, where a document of a few pages is read in thirty.
pub(super) fn find_behind(
    pattern: &Regex,
    text: &str,
    may_precede: impl Fn(Option<char>) -> bool,
) -> Option<Range<usize>> {
    let mut before = None;
    text.char_indices().find_map(|(at, character)| {
        let bound = may_precede(before.replace(character));
        if !bound || !character.is_alphabetic() {
            return None;
        }
        let found = pattern.find(text.get(at..)?)?;
        Some(at..at + found.end())
    })
}

/// Whether a text is a prize, a rank or a distinction: « 1er prix », « Prix du public ».
pub fn is_award(text: &str) -> bool {
    // What is longer tells of a prize.
    const LONGEST: usize = 10;
    if text.split_whitespace().nth(LONGEST).is_some() {
        return false;
    }
    let lower = text.to_lowercase();
    (AWARD.is_match(&lower) || ends_with_prize(text))
        && !names_a_list(&lower)
        && (!text.contains(['«', '“']) || text.trim_end().ends_with(['»', '”']))
}

/// « Prix de l'inclusion : recueil des lauréats » is the title of a list.
fn names_a_list(lower: &str) -> bool {
    ["lauréats", "laureats", "lauréates", "palmarès", "recueil"]
        .iter()
        .any(|word| lower.contains(word))
}

/// « Innovation Award », « Bénévole de l’année »
fn ends_with_prize(text: &str) -> bool {
    let folded = fold(text.trim_end());
    (VOCABULARY.prize_ends().iter()).any(|end| {
        let before = folded.strip_suffix(end.as_str());
        before.is_some_and(|before| before.is_empty() || before.ends_with([' ', '-', '\'']))
    })
}

/// Whether a text begins with a day or an hour.
pub fn begins_with_date(text: &str) -> bool {
    DATE.is_match(text)
}

/// Whether a text is a sum of money, and hardly anything else.
pub fn is_amount(text: &str) -> bool {
    find_amount(text).is_some_and(|amount| amount.len() * 10 >= text.len() * 6)
}

/// The look of a part by itself.
pub(super) fn look(string: &str, joint: Joint) -> Look {
    let words = string.split_whitespace().count();
    if is_amount(string) {
        return Look::Amount;
    }
    if joint != Joint::Paren && is_award(string) {
        return Look::Award;
    }
    if is_number(string) {
        return Look::Number;
    }
    if joint == Joint::Start && is_year(string) {
        return Look::Year;
    }
    if DATE.is_match(string) {
        return Look::Date;
    }
    if words == 2 && string.ends_with(" ans") && string.starts_with(|c: char| c.is_ascii_digit()) {
        return Look::Age;
    }
    if VOCABULARY.is_address(string) {
        return Look::Address;
    }
    if joint == Joint::Carrier && words <= LONGEST_NAME {
        return Look::Name;
    }
    if string.starts_with(|c: char| c.is_ascii_digit())
        && words > 1
        && string
            .split_whitespace()
            .nth(1)
            .is_some_and(|word| word.starts_with(char::is_lowercase))
    {
        return Look::Public;
    }
    if VOCABULARY.begins_office(string) {
        return Look::Office;
    }
    if words > LONGEST_NAME {
        return Look::Prose;
    }
    if string.starts_with(char::is_lowercase) && !VOCABULARY.begins_organisation(string) {
        let told = joint == Joint::Sum && words >= SHORTEST_PROSE - 1;
        return if words >= SHORTEST_PROSE + 2 || told {
            Look::Prose
        } else {
            Look::Lower
        };
    }
    Look::Name
}

/// « 3 », « 01 », « n° 4 »
fn is_number(string: &str) -> bool {
    let folded = fold(string);
    let digits = folded.trim_start_matches(['n', '°', 'º', '#', ' ']);
    !digits.is_empty() && digits.len() <= 3 && digits.chars().all(|c| c.is_ascii_digit())
}

/// « 2019 », « 2016-2017 », « 2013/14 »
fn is_year(string: &str) -> bool {
    let (first, second) = string
        .split_once(['-', '/', '–'])
        .unwrap_or((string, "2000"));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    first.len() == 4
        && (first.starts_with("19") || first.starts_with("20"))
        && is_digits(first)
        && matches!(second.len(), 2 | 4)
        && is_digits(second)
}
