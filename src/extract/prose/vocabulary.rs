//! The word classes of data/prose.toml, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::tokens::Tokens;
use crate::extract::words::{fold, partner_kinds};
use crate::profile;

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u32);

impl Classes {
    pub(super) const PUBLIC: Self = Self(1);
    pub(super) const PUBLIC_GENERIC: Self = Self(1 << 1);
    pub(super) const STAFF: Self = Self(1 << 2);
    pub(super) const JOBS: Self = Self(1 << 3);
    pub(super) const PLACES: Self = Self(1 << 4);
    pub(super) const SESSIONS: Self = Self(1 << 5);
    pub(super) const ORGANISATIONS: Self = Self(1 << 6);
    pub(super) const TERRITORIES: Self = Self(1 << 7);
    pub(super) const PERIODS: Self = Self(1 << 8);
    pub(super) const STRUCTURE: Self = Self(1 << 9);
    pub(super) const MONTHS: Self = Self(1 << 10);
    pub(super) const STOPS: Self = Self(1 << 11);
    pub(super) const DETERMINERS: Self = Self(1 << 12);
    pub(super) const MODIFIERS: Self = Self(1 << 13);
    pub(super) const STATES: Self = Self(1 << 14);
    pub(super) const VERBS: Self = Self(1 << 15);
    pub(super) const OBJECTIVE: Self = Self(1 << 16);
    pub(super) const ACHIEVED: Self = Self(1 << 17);
    pub(super) const ABBREVIATIONS: Self = Self(1 << 18);
    pub(super) const NUMBERS: Self = Self(1 << 19);

    /// Whether the two sets share a class.
    pub(super) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProseFile {
    public: Vec<String>,
    public_generic: Vec<String>,
    staff: Vec<String>,
    jobs: Vec<String>,
    places: Vec<String>,
    sessions: Vec<String>,
    organisations: Vec<String>,
    territories: Vec<String>,
    hours: Vec<String>,
    periods: Vec<String>,
    structure: Vec<String>,
    months: Vec<String>,
    stops: Vec<String>,
    determiners: Vec<String>,
    modifiers: Vec<String>,
    states: Vec<String>,
    verbs: Vec<String>,
    objective: Vec<String>,
    achieved: Vec<String>,
    abbreviations: Vec<String>,
    partnership: Vec<String>,
    carriers: Vec<String>,
    collectives: BTreeMap<String, f64>,
    calendar: Calendar,
}

/// How dates and lengths of time are said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Calendar {
    pub(super) small: Vec<String>,
    pub(super) until: Vec<String>,
    pub(super) since: Vec<String>,
    pub(super) beyond: Vec<String>,
    pub(super) about: Vec<String>,
    pub(super) between: Vec<String>,
    pub(super) opens: Vec<String>,
    pub(super) range: Vec<String>,
    pub(super) list: Vec<String>,
    pub(super) most: Vec<String>,
    pub(super) least: Vec<String>,
    pub(super) often: Vec<String>,
    pub(super) either: Vec<String>,
    pub(super) halves: Vec<String>,
    pub(super) edges: Vec<String>,
    pub(super) ordinals: BTreeMap<String, u32>,
    pub(super) terms: BTreeMap<String, u32>,
    pub(super) thirds: BTreeMap<String, u32>,
    spellings: BTreeMap<String, u32>,
    pub(super) seasons: BTreeMap<String, [u32; 2]>,
    pub(super) over_two: BTreeMap<String, [u32; 2]>,
    units: BTreeMap<String, String>,
}

impl Calendar {
    /// The number of a month.
    pub(super) fn month(&self, folded: &str) -> Option<u32> {
        self.spellings.get(folded).copied()
    }

    /// The unit of a length of time.
    pub(super) fn unit(&self, folded: &str) -> Option<&str> {
        let singular = || self.units.get(folded.strip_suffix('s')?);
        (self.units.get(folded).or_else(singular)).map(String::as_str)
    }
}

/// Words and phrases by which prose is read.
pub(super) struct Vocabulary {
    classes: FxHashMap<String, Classes>,
    collectives: FxHashMap<String, f64>,
    pub(super) calendar: Calendar,
    /// Phrases in front of partners, in folded tokens joined by spaces; from `first_carrier` on, those in front of carriers.
    pub(super) partnership: AhoCorasick,
    first_carrier: usize,
}

impl Vocabulary {
    /// The classes of a folded word.
    pub(super) fn classes(&self, folded: &str) -> Classes {
        let classes = self.classes.get(folded).copied().unwrap_or_default();
        // « vingt-six »
        if folded.contains('-') && number(folded).is_some() {
            classes.and(Classes::NUMBERS)
        } else {
            classes
        }
    }

    /// What a collective is worth: « dizaine ».
    pub(super) fn collective(&self, folded: &str) -> Option<f64> {
        self.collectives
            .get(folded.strip_suffix('s').unwrap_or(folded))
            .copied()
    }
}

impl Vocabulary {
    /// Whether the phrase of `partnership` with this number stands in front of carriers.
    pub(super) fn is_carrier(&self, phrase: usize) -> bool {
        phrase >= self.first_carrier
    }
}

/// The vocabulary that is built in.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut file: ProseFile = toml::from_str(include_str!("../../../data/prose.toml"))
        .expect("data/prose.toml is part of the build, and a test reads it");
    let mut classes: FxHashMap<String, Classes> = FxHashMap::default();
    let mut insert = |words: &[String], class: Classes, with_plurals: bool| {
        for word in words {
            let word = fold(word);
            if with_plurals && !word.ends_with(['s', 'x']) {
                let entry = classes.entry(format!("{word}s")).or_default();
                *entry = entry.and(class);
            }
            let entry = classes.entry(word).or_default();
            *entry = entry.and(class);
        }
    };
    for (words, class) in [
        (&file.public, Classes::PUBLIC),
        (&file.public_generic, Classes::PUBLIC_GENERIC),
        (&file.staff, Classes::STAFF),
        (&file.jobs, Classes::JOBS),
        (&file.places, Classes::PLACES),
        (&file.sessions, Classes::SESSIONS),
        (&file.organisations, Classes::ORGANISATIONS),
        (&file.territories, Classes::TERRITORIES),
        (&file.hours, Classes::PERIODS),
        (&file.periods, Classes::PERIODS),
        (&file.structure, Classes::STRUCTURE),
        (&file.modifiers, Classes::MODIFIERS),
        (&file.states, Classes::STATES),
    ] {
        insert(words, class, true);
    }
    for (words, class) in [
        (&file.months, Classes::MONTHS),
        (&file.stops, Classes::STOPS),
        (&file.determiners, Classes::DETERMINERS),
        (&file.verbs, Classes::VERBS),
        (&file.objective, Classes::OBJECTIVE),
        (&file.achieved, Classes::ACHIEVED),
        (&file.abbreviations, Classes::ABBREVIATIONS),
    ] {
        insert(words, class, false);
    }
    for number in profile::VOCABULARY.numbers() {
        let entry = classes.entry(number.to_owned()).or_default();
        *entry = entry.and(Classes::NUMBERS);
    }
    let phrases: Vec<String> = file
        .partnership
        .iter()
        .chain(&file.carriers)
        .map(|phrase| format!(" {} ", Tokens::folded_words(phrase)))
        .collect();
    (file.calendar.spellings).extend(file.months.iter().cloned().zip(1..));
    Vocabulary {
        classes,
        calendar: file.calendar,
        collectives: file.collectives.into_iter().collect(),
        first_carrier: file.partnership.len(),
        partnership: AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(phrases)
            .expect("a few hundred phrases make an automaton"),
    }
});

/// What a number word is worth: « douze », « vingt-six ».
pub(super) fn number(folded: &str) -> Option<f64> {
    profile::VOCABULARY.number(folded).map(f64::from)
}

/// Whether the folded word is a kind of partner (« association », « bailleurs »).
pub(super) fn is_partner_kind(folded: &str) -> bool {
    partner_kinds().opening(folded) == folded.len()
}
