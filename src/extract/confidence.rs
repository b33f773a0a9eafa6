//! How likely each value is right.
//!
//! Records come in, with the rules behind their values; what speaks for and against each value is measured beside the values of the same field in the
//! other records: a list that one hand made gives a field in one form. What the measures are worth is learnt from documents that have gold
//! (docs/learning.md), so that a value of 0.8 is right eight times in ten.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Extraction;
use super::draft::Rule;
use crate::model::mention::Mention;
use crate::profile::{VOCABULARY, fold, places};
use crate::segment::{Segmentation, agreement, look, units};

/// The fields whose values are weighed. Of the others too few are known to be right or wrong.
pub const FIELDS: [&str; 6] = [
    "name",
    "project",
    "territory",
    "amount",
    "award",
    "description",
];

/// Bytes of a value that are looked at: what is odd shows at its beginning.
const MOST_BYTES: usize = 200;

/// What a value's text looks like.
struct Look {
    name: &'static str,
    holds: fn(&str) -> bool,
}

/// All looks. For each there are two measures: whether the value has it, and how many of the other values differ in it.
static LOOKS: [Look; 20] = [
    Look {
        name: "capital first",
        holds: |text| text.starts_with(char::is_uppercase),
    },
    Look {
        name: "small letter first",
        holds: |text| text.starts_with(char::is_lowercase),
    },
    Look {
        name: "all capitals",
        holds: units::is_capitals,
    },
    Look {
        name: "figures",
        holds: |text| text.contains(|c: char| c.is_ascii_digit()),
    },
    Look {
        name: "full stop last",
        holds: |text| text.ends_with(['.', '…']),
    },
    Look {
        name: "open end",
        holds: |text| text.ends_with([',', ';', ':', '–', '-', '(', '«', '’', '\'']),
    },
    Look {
        name: "parenthesis",
        holds: |text| text.contains('('),
    },
    Look {
        name: "colon",
        holds: |text| text.contains(':'),
    },
    Look {
        name: "comma",
        holds: |text| text.contains(','),
    },
    Look {
        name: "dash",
        holds: |text| text.contains(" – ") || text.contains(" - "),
    },
    Look {
        name: "quotation",
        holds: |text| text.contains(['«', '“', '"']),
    },
    Look {
        name: "address",
        holds: |text| text.contains('@') || text.contains("http") || text.contains("www."),
    },
    Look {
        name: "sum",
        holds: |text| look::find_amount(text).is_some(),
    },
    Look {
        name: "begins as organisations do",
        holds: |text| VOCABULARY.begins_organisation(text),
    },
    Look {
        name: "word of organisations",
        holds: |text| VOCABULARY.marks_organisation(text),
    },
    Look {
        name: "begins as projects do",
        holds: |text| VOCABULARY.begins_project(text),
    },
    Look {
        name: "place",
        holds: |text| places::likeness(text) >= places::SURE,
    },
    Look {
        name: "prize",
        holds: look::is_award,
    },
    Look {
        name: "words to the reader",
        holds: |text| VOCABULARY.speaks_to_reader(&fold(text)),
    },
    Look {
        name: "words about laureates",
        holds: |text| VOCABULARY.speaks_of_laureates(&fold(text)),
    },
];

/// Rules in the order of their measures.
const RULES: [Rule; 8] = [
    Rule::Label,
    Rule::Template,
    Rule::Heading,
    Rule::Line,
    Rule::Section,
    Rule::Index,
    Rule::Place,
    Rule::Learnt,
];

/// What else is measured, in this order, behind the rules and before the looks.
const OTHERS: [&str; 19] = [
    "rule's confidence",
    "worth of the partition",
    "worth beside the best other",
    "odds of the partition",
    "partition in doubt",
    "partition that rules accept",
    "entries that say a label",
    "entries",
    "filled",
    "same rule",
    "words",
    "words beside others",
    "words unlike others",
    "repeated",
    "within another field",
    "fields",
    "fields unlike others",
    "last entry",
    "no value",
];

/// What the measures go by.
pub fn names() -> impl Iterator<Item = String> {
    let rules = RULES.iter().map(|rule| format!("by {}", rule.name()));
    let others = OTHERS.iter().map(|name| (*name).to_owned());
    let looks =
        (LOOKS.iter()).flat_map(|look| [look.name.to_owned(), format!("odd: {}", look.name)]);
    let entries = agreement::NAMES.iter().map(|name| (*name).to_owned());
    rules.chain(others).chain(looks).chain(entries)
}

/// The measures of a record's values, by field.
pub type Measures = BTreeMap<&'static str, Vec<f32>>;

/// Where the confidence of a field is kept.
pub fn pointer(field: &str) -> String {
    match field {
        "award" => "/award/text".to_owned(),
        _ => format!("/{field}"),
    }
}

/// A value's text, where a record has one that was read.
fn value<'m>(mention: &'m Mention, field: &str) -> Option<&'m str> {
    let text = match field {
        "name" => mention.name.as_deref(),
        "project" => mention.project.as_deref(),
        "territory" => mention.territory.as_deref(),
        "amount" => mention.amount.as_ref().map(|amount| amount.text.as_str()),
        "award" => mention.award.as_ref().map(|award| award.text.as_str()),
        _ => mention.description.as_deref(),
    }?;
    mention
        .confidence
        .contains_key(&pointer(field))
        .then(|| text.get(..text.floor_char_boundary(MOST_BYTES)))?
}

/// What all records have in common in a field.
#[derive(Default)]
struct Column {
    n: usize,
    rules: BTreeMap<&'static str, usize>,
    looks: [usize; LOOKS.len()],
    /// The middle one of the values' lengths, as the logarithm of their words.
    words: f32,
    counts: HashMap<String, usize>,
}

impl Column {
    fn of(extraction: &Extraction, field: &str) -> Self {
        let mut column = Self::default();
        let mut words = Vec::new();
        for (mention, rules) in extraction.mentions.iter().zip(&extraction.rules) {
            let Some(text) = value(mention, field) else {
                continue;
            };
            column.n += 1;
            if let Some(rule) = rules.get(&pointer(field)) {
                *column.rules.entry(rule.name()).or_default() += 1;
            }
            for (count, look) in column.looks.iter_mut().zip(&LOOKS) {
                *count += usize::from((look.holds)(text));
            }
            words.push(log_words(text));
            *column.counts.entry(fold(text)).or_default() += 1;
        }
        words.sort_by(f32::total_cmp);
        column.words = words.get(words.len() / 2).copied().unwrap_or_default();
        column
    }
}

fn log_words(text: &str) -> f32 {
    (1.0 + text.split_whitespace().count() as f32).ln()
}

/// What speaks for and against each value.
pub fn measure(extraction: &Extraction, segmentation: &Segmentation) -> Vec<Measures> {
    let columns = FIELDS.map(|field| Column::of(extraction, field));
    let n = extraction.mentions.len();
    let filled = |mention: &Mention| FIELDS.map(|field| value(mention, field).is_some());
    let shares = columns.each_ref().map(|column| share(column.n, n));
    let partition = Partition::of(segmentation);
    let entries = agreement::measure(segmentation);
    let of = |(number, mention): (usize, &Mention)| {
        let own = filled(mention);
        let n_own = own.iter().filter(|is| **is).count() as f32;
        let unlike = (own.iter().zip(shares))
            .map(|(is, share)| (f32::from(u8::from(*is)) - share).abs())
            .sum::<f32>();
        let rules = extraction.rules.get(number);
        let measured = FIELDS.iter().zip(&columns).filter_map(|(field, column)| {
            let text = value(mention, field)?;
            let pointer = pointer(field);
            let rule = rules.and_then(|rules| rules.get(&pointer)).copied();
            let confidence = mention.confidence.get(&pointer).copied().unwrap_or(1.0);
            let words = log_words(text);
            let has_value = *field != "amount"
                || (mention.amount.as_ref()).is_some_and(|amount| amount.value.is_some());
            let same_rule = rule.and_then(|rule| column.rules.get(rule.name()));
            let times = column.counts.get(&fold(text)).copied().unwrap_or(1);
            let within_another = (FIELDS.iter())
                .filter(|other| *other != field)
                .filter_map(|other| value(mention, other))
                .any(|other| other.contains(text));
            let mut measures: Vec<f32> = RULES
                .iter()
                .map(|known| f32::from(u8::from(rule == Some(*known))))
                .collect();
            measures.extend(partition.measures(confidence));
            measures.extend([
                (n as f32).ln(),
                share(column.n, n),
                share(same_rule.copied().unwrap_or(1), column.n),
                words,
                words - column.words,
                (words - column.words).abs(),
                share(times - 1, column.n.saturating_sub(1)),
                f32::from(u8::from(within_another)),
                n_own,
                unlike,
                f32::from(u8::from(number + 1 == n)),
                f32::from(u8::from(!has_value)),
            ]);
            for (look, count) in LOOKS.iter().zip(column.looks) {
                let holds = (look.holds)(text);
                let alike = if holds { count } else { column.n - count };
                measures.push(f32::from(u8::from(holds)));
                measures.push(1.0 - share(alike - 1, column.n.saturating_sub(1)).min(1.0));
            }
            measures.extend(entries.get(number).into_iter().flatten());
            Some((*field, measures))
        });
        measured.collect()
    };
    extraction.mentions.iter().enumerate().map(of).collect()
}

/// A share; of nothing, all.
fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        return 1.0;
    }
    part as f32 / whole as f32
}

/// What the partition says of all values.
struct Partition {
    worth: f32,
    lead: f32,
    log_odds: f32,
    in_doubt: bool,
    accepted: bool,
    labelled: f32,
}

impl Partition {
    fn of(segmentation: &Segmentation) -> Self {
        let chosen = segmentation.chosen.as_ref();
        let second = (segmentation.runners_up.iter())
            .map(|other| other.worth)
            .fold(0.0, f32::max);
        Self {
            worth: chosen.map_or(0.0, |chosen| chosen.worth),
            lead: chosen.map_or(0.0, |chosen| chosen.worth - second),
            log_odds: chosen.map_or(0.0, |chosen| chosen.log_odds),
            in_doubt: segmentation.doubt.is_some(),
            accepted: chosen.is_some_and(|chosen| chosen.features.is_convincing()),
            labelled: chosen.map_or(0.0, |chosen| chosen.features.labels),
        }
    }

    fn measures(&self, confidence: f64) -> [f32; 7] {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a confidence has three digits"
        )]
        let confidence = confidence.clamp(0.02, 0.98) as f32;
        [
            (confidence / (1.0 - confidence)).ln(),
            self.worth.clamp(0.0, 1.2),
            self.lead.clamp(-0.5, 0.5),
            self.log_odds.clamp(-4.0, 6.0),
            f32::from(u8::from(self.in_doubt)),
            f32::from(u8::from(self.accepted)),
            self.labelled.min(1.0),
        ]
    }
}

/// A sum of measures whose logistic is a probability.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    intercept: f32,
    weights: BTreeMap<String, f32>,
}

/// The weights that are built in, by field, in the order of the measures' names.
static WEIGHTS: LazyLock<BTreeMap<String, (f32, Vec<f32>)>> = LazyLock::new(|| {
    let models: BTreeMap<String, Model> =
        toml::from_str(include_str!("../../data/confidence.toml"))
            .expect("the built-in weights are checked by a test");
    let in_order = |model: Model| {
        let weights = names().map(|name| model.weights.get(&name).copied().unwrap_or_default());
        (model.intercept, weights.collect())
    };
    (models.into_iter())
        .map(|(field, model)| (field, in_order(model)))
        .collect()
});

/// Says how likely each value is right.
pub(super) fn weigh(extraction: &mut Extraction, measured: &[Measures]) {
    // Nobody has seen enough values to be surer, or less sure.
    const LEAST: f64 = 0.02;
    const MOST: f64 = 0.99;
    for (mention, measured) in extraction.mentions.iter_mut().zip(measured) {
        for (field, measures) in measured {
            let Some((intercept, weights)) = WEIGHTS.get(*field) else {
                continue;
            };
            let sum: f32 = weights
                .iter()
                .zip(measures)
                .map(|(weight, measure)| weight * measure)
                .sum();
            let probability = 1.0 / (1.0 + f64::from(-(intercept + sum)).exp());
            if let Some(confidence) = mention.confidence.get_mut(&pointer(field)) {
                *confidence = (probability.clamp(LEAST, MOST) * 1000.0).round() / 1000.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_of_measures_that_there_are() {
        let models: BTreeMap<String, Model> =
            toml::from_str(include_str!("../../data/confidence.toml"))
                .expect("the file is well-formed");
        let names: Vec<String> = names().collect();
        for (field, model) in models {
            assert!(
                FIELDS.contains(&field.as_str()),
                "no field is called {field}"
            );
            for name in model.weights.keys() {
                assert!(names.contains(name), "no measure is called {name}");
            }
        }
    }
}
