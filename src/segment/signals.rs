//! What each unit shows by itself, summed up from the beginning on, so that any stretch of units is measured at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::candidates;
use super::look;
use super::score::begins_with_infinitive;
use super::units::{Form, Unit, Units};
use crate::model::document::{Block, BlockLabel, Document};
use crate::profile::{VOCABULARY, places};
use crate::word;

/// Something that a unit shows, or not.
pub struct Signal {
    /// What it goes by.
    pub name: &'static str,
    /// What shows it.
    pub meaning: &'static str,
    shows: fn(&Unit, &Block) -> bool,
}

/// How many signals there are.
pub const N: usize = 31;

/// All of them. A further one is a further row here.
pub static SIGNALS: [Signal; N] = [
    Signal {
        name: "amount",
        meaning: word!("a sum of money"),
        shows: |unit, _| look::find_amount(unit.text.as_str()).is_some(),
    },
    Signal {
        name: "award",
        meaning: word!("a prize or rank"),
        shows: |unit, _| unit.award,
    },
    Signal {
        name: "organisation",
        meaning: word!("the form of an organisation's name, in a short line"),
        shows: |unit, _| unit.organisation,
    },
    Signal {
        name: "body",
        meaning: word!("words of organisations, in a short line"),
        shows: |unit, _| unit.body,
    },
    Signal {
        name: "begins-organisation",
        meaning: word!("a beginning with a kind of organisation"),
        shows: |unit, _| VOCABULARY.begins_folded_organisation(unit.text.as_str(), &unit.folded),
    },
    Signal {
        name: "project",
        meaning: word!("a beginning as titles of projects have it"),
        shows: |unit, _| VOCABULARY.begins_folded_project(unit.text.as_str(), &unit.folded),
    },
    Signal {
        name: "place",
        meaning: word!("the name of a known place"),
        shows: |unit, _| unit.place,
    },
    Signal {
        name: "bracketed-place",
        meaning: word!("a known place in parentheses"),
        shows: |unit, _| has_bracketed_place(unit.text.as_str()),
    },
    Signal {
        name: "area",
        meaning: word!("nothing but the name of a département, region or country"),
        shows: |unit, _| unit.place && places::is_area(unit.text.as_str()),
    },
    Signal {
        name: "label",
        meaning: word!("a label that a laureate's record has"),
        shows: |unit, _| super::score::is_core(unit),
    },
    Signal {
        name: "section",
        meaning: word!("a heading of calls, forms and articles"),
        shows: |unit, _| unit.section,
    },
    Signal {
        name: "notice",
        meaning: word!("words of notices: posts to fill, places to book"),
        shows: |unit, _| unit.notice,
    },
    Signal {
        name: "laureates",
        meaning: word!("words about laureates"),
        shows: |unit, _| VOCABULARY.speaks_of_laureates(&unit.folded),
    },
    Signal {
        name: "announcement",
        meaning: word!("words that announce a list of laureates"),
        shows: |unit, _| unit.announces,
    },
    Signal {
        name: "given",
        meaning: word!("words that say who is given something"),
        shows: |unit, _| VOCABULARY.find_given(unit.text.as_str()).is_some(),
    },
    Signal {
        name: "application",
        meaning: word!("words to those who may still apply"),
        shows: |unit, _| VOCABULARY.is_application(&unit.folded),
    },
    Signal {
        name: "future",
        meaning: word!("words of what will be"),
        shows: |unit, _| VOCABULARY.is_future(&unit.folded),
    },
    Signal {
        name: "quotation",
        meaning: word!("a quotation"),
        shows: |unit, _| unit.text.as_str().contains(['«', '“', '"']),
    },
    Signal {
        name: "link",
        meaning: word!("a link"),
        shows: |unit, block| {
            let end = unit.offset + unit.text.len();
            let first = block
                .links
                .partition_point(|link| link.range.start < unit.offset);
            block
                .links
                .get(first)
                .is_some_and(|link| link.range.start < end)
        },
    },
    Signal {
        name: "contact",
        meaning: word!("an address of mail or web"),
        shows: |unit, _| {
            let text = unit.text.as_str();
            text.contains('@') || text.contains("http") || text.contains("www.")
        },
    },
    Signal {
        name: "date",
        meaning: word!("a beginning with a day or hour"),
        shows: |unit, _| look::begins_with_date(unit.text.as_str()),
    },
    Signal {
        name: "question",
        meaning: word!("a question"),
        shows: |unit, _| unit.text.as_str().trim_end().ends_with('?'),
    },
    Signal {
        name: "reader",
        meaning: word!("words to the reader, or of those who write"),
        shows: |unit, _| VOCABULARY.speaks_to_reader(&unit.folded),
    },
    Signal {
        name: "infinitive",
        meaning: word!("a beginning with a verb in the infinitive"),
        shows: |unit, _| begins_with_infinitive(&unit.folded),
    },
    Signal {
        name: "lower",
        meaning: word!("a beginning with a small letter"),
        shows: |unit, _| unit.text.as_str().starts_with(char::is_lowercase),
    },
    Signal {
        name: "prose",
        meaning: word!("sentences"),
        shows: |unit, _| unit.form == Form::Prose,
    },
    Signal {
        name: "short",
        meaning: word!("a few words that are no sentence"),
        shows: |unit, _| unit.form == Form::Short,
    },
    Signal {
        name: "heading",
        meaning: word!("the mark of a heading"),
        shows: |_, block| block.label == BlockLabel::SectionHeader,
    },
    Signal {
        name: "item",
        meaning: word!("the mark of a list's item"),
        shows: |_, block| block.label == BlockLabel::ListItem || block.marker.is_some(),
    },
    Signal {
        name: "cell",
        meaning: word!("their place in a table's cell"),
        shows: |_, block| block.cell.is_some(),
    },
    Signal {
        name: "person",
        meaning: word!("a beginning with somebody's name, the surname in capitals"),
        shows: |unit, _| begins_with_person(unit.text.as_str()),
    },
];

/// « Anne MARTIN », « Jean-Paul DE LA TOUR, directeur »: a given name in small letters, and a surname in capitals, as lists of persons have them.
fn begins_with_person(text: &str) -> bool {
    let is_given = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.clone().count() > 1
            && letters
                .all(|c| c.is_lowercase() || c == '-' || c.is_uppercase() && word.contains('-'))
            && word.chars().any(char::is_lowercase)
    };
    let is_surname = |word: &str| {
        word.chars().filter(|c| c.is_alphabetic()).count() > 1
            && word
                .chars()
                .all(|c| c.is_uppercase() || matches!(c, '-' | '\'' | '’'))
    };
    let name = text.split([',', ':', '(', '–', '—']).next().unwrap_or("");
    let words: Vec<&str> = name.split_whitespace().collect();
    let n_given = words.iter().take_while(|word| is_given(word)).count();
    let (given, surname) = words.split_at(n_given);
    (1..=2).contains(&given.len())
        && (1..=4).contains(&surname.len())
        && surname.iter().all(|word| is_surname(word))
}

/// For each class the look without what words, weight and colour make of it, numbered; and whether it is one of items.
fn kin(units: &Units) -> Vec<(u32, bool)> {
    let mut looks: BTreeMap<String, u32> = BTreeMap::new();
    let look_of = |class: &String| {
        let look = class.split_once(' ').map_or("", |(_, look)| look);
        let next = u32::try_from(looks.len()).unwrap_or(u32::MAX);
        let number = *looks.entry(candidates::plain_look(look)).or_insert(next);
        (number, look.starts_with("ListItem"))
    };
    units.classes.iter().map(look_of).collect()
}

/// « (Rennes) », « (Sarthe) » anywhere.
fn has_bracketed_place(text: &str) -> bool {
    text.split('(')
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .any(|(inside, _)| places::likeness(inside) >= places::SURE)
}

/// How many units of any stretch show each signal.
#[derive(Debug)]
pub struct Signals {
    /// For each unit the counts of all before it, and at the end of all.
    before: Vec<[u32; N]>,
    /// The same for words.
    words_before: Vec<u32>,
    /// How much more of each unit's words are organisations' than projects', from -1 to 1, once it was asked for.
    leans: Vec<OnceLock<f32>>,
    /// For each class of units the look that it shares with others, and whether items of a list have it.
    kin: Vec<(u32, bool)>,
}

impl Signals {
    /// Looks at each unit once.
    pub fn of(document: &Document, units: &Units) -> Self {
        let look = |unit: &Unit| {
            let block = document.blocks.get(unit.block);
            let shows = |signal: &Signal| block.is_some_and(|block| (signal.shows)(unit, block));
            SIGNALS.each_ref().map(shows)
        };
        let shown: Vec<[bool; N]> = units.list.par_iter().map(look).collect();
        let mut so_far = [0u32; N];
        let mut words = 0u32;
        let mut before = vec![so_far];
        let mut words_before = vec![words];
        for (unit, shown) in units.list.iter().zip(shown) {
            for (count, shows) in so_far.iter_mut().zip(shown) {
                *count += u32::from(shows);
            }
            words += u32::try_from(unit.n_words).unwrap_or(u32::MAX);
            before.push(so_far);
            words_before.push(words);
        }
        Self {
            before,
            words_before,
            kin: kin(units),
            leans: vec![OnceLock::new(); units.list.len()],
        }
    }

    /// How many units of a stretch show each signal.
    pub fn counts(&self, range: &Range<usize>) -> [u32; N] {
        let at = |index: usize| self.before.get(index).copied().unwrap_or([0; N]);
        let (start, end) = (at(range.start), at(range.end.max(range.start)));
        std::array::from_fn(|signal| {
            let of = |counts: &[u32; N]| counts.get(signal).copied().unwrap_or_default();
            of(&end).saturating_sub(of(&start))
        })
    }

    /// How much more of a unit's words are organisations' than projects', from -1 to 1.
    pub fn lean(&self, index: usize, unit: &Unit) -> f32 {
        let lean = || {
            VOCABULARY
                .folded_organisation_lean(unit.text.as_str(), &unit.folded)
                .clamp(-1.0, 1.0)
        };
        (self.leans.get(index)).map_or_else(lean, |known| *known.get_or_init(lean))
    }

    /// The look of a unit that other units of its list share, whatever their words; and whether it is that of items.
    pub fn kin(&self, unit: &Unit) -> (u32, bool) {
        (self.kin.get(unit.class as usize))
            .copied()
            .unwrap_or_default()
    }

    /// The words of a stretch.
    pub fn words(&self, range: &Range<usize>) -> u32 {
        let at = |index: usize| self.words_before.get(index).copied().unwrap_or_default();
        at(range.end.max(range.start)).saturating_sub(at(range.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_begin_with_a_given_name_and_a_surname_in_capitals() {
        for text in [
            "Anne MARTIN",
            "Jean-Paul DE LA TOUR, directeur",
            "Éloïse L’HERMITTE (élue)",
        ] {
            assert!(begins_with_person(text), "{text}");
        }
        for text in [
            "Association ABC pour tous",
            "LE PHARE",
            "Anne Martin",
            "Ville de PARIS",
            "Fondation",
        ] {
            assert!(!begins_with_person(text), "{text}");
        }
    }
}
