//! How likely each value is right.
//!
//! Records come in, with the rules behind their values; what speaks for and against each value is measured beside the values of the same field in the
//! other records: a list that one hand made gives a field in one form. What the measures are worth is learnt from documents that have gold
//! (docs/learning.md), so that a value of 0.8 is right eight times in ten.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Extraction;
use super::draft::{Rule, Rules};
use crate::model::mention::Mention;
use crate::profile::fold;
use crate::profile::weights::weights;
use crate::segment::{Considered, Segmentation};

/// The fields whose values are weighed. Of the others too few are known to be right or wrong.
pub const FIELDS: [&str; 6] = [
    "name",
    "project",
    "territory",
    "amount",
    "award",
    "description",
];

/// A value, with what is known of it, of the others of its field, and of the partition that its entry is of.
struct Seen<'a> {
    text: &'a str,
    rule: Option<Rule>,
    /// How sure it is by its rule.
    confidence: f32,
    column: &'a Column,
    chosen: Option<&'a Considered>,
    n_entries: usize,
    /// For how many fields the other records mostly have a value where this one has none, or the other way round.
    unlike: f32,
}

/// What speaks for a value, or against it.
struct Measure {
    name: &'static str,
    of: fn(&Seen<'_>) -> f32,
}

/// The measures that are not one of the rules. A further one is a further row here. Each is worth its place: docs/learning.md has what is lost without it,
/// and what was left out since nothing was.
static MEASURES: [Measure; 10] = [
    Measure {
        name: "rule's confidence",
        of: |seen| {
            let confidence = seen.confidence.clamp(0.02, 0.98);
            (confidence / (1.0 - confidence)).ln()
        },
    },
    Measure {
        name: "worth of the partition",
        of: |seen| {
            seen.chosen
                .map_or(0.0, |chosen| chosen.worth.clamp(0.0, 1.2))
        },
    },
    Measure {
        name: "odds of the partition",
        of: |seen| {
            seen.chosen
                .map_or(0.0, |chosen| chosen.log_odds.clamp(-4.0, 6.0))
        },
    },
    Measure {
        name: "partition that rules accept",
        of: |seen| {
            let accepted = (seen.chosen).is_some_and(|chosen| chosen.features.is_convincing());
            f32::from(u8::from(accepted))
        },
    },
    Measure {
        name: "entries",
        of: |seen| (seen.n_entries as f32).ln(),
    },
    Measure {
        name: "same rule",
        of: |seen| {
            let same = seen
                .rule
                .and_then(|rule| seen.column.rules.get(rule.name()));
            share(same.copied().unwrap_or(1), seen.column.n)
        },
    },
    Measure {
        name: "words",
        of: |seen| log_words(seen.text),
    },
    Measure {
        name: "words unlike others",
        of: |seen| (log_words(seen.text) - seen.column.words).abs(),
    },
    Measure {
        name: "repeated",
        of: |seen| {
            let times = seen.column.counts.get(&fold(seen.text)).copied();
            share(times.unwrap_or(1) - 1, seen.column.n.saturating_sub(1))
        },
    },
    Measure {
        name: "fields unlike others",
        of: |seen| seen.unlike,
    },
];

/// Rules, each a measure of its own: 1 where it found the value.
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

/// What the measures go by.
pub fn names() -> impl Iterator<Item = String> {
    let rules = RULES.iter().map(|rule| format!("by {}", rule.name()));
    rules.chain(MEASURES.iter().map(|measure| measure.name.to_owned()))
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
    let text = mention.text(field)?;
    mention
        .confidence
        .contains_key(&pointer(field))
        .then_some(text)
}

/// What all records have in common in a field.
#[derive(Default)]
struct Column {
    n: usize,
    rules: BTreeMap<&'static str, usize>,
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
    let n_entries = extraction.mentions.len();
    let shares = columns.each_ref().map(|column| share(column.n, n_entries));
    let of = |(mention, rules): (&Mention, &Rules)| {
        let unlike = (FIELDS.iter().zip(shares))
            .map(|(field, share)| {
                (f32::from(u8::from(value(mention, field).is_some())) - share).abs()
            })
            .sum();
        let measured = FIELDS.iter().zip(&columns).filter_map(|(field, column)| {
            let pointer = pointer(field);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a confidence has three digits"
            )]
            let seen = Seen {
                text: value(mention, field)?,
                rule: rules.get(&pointer).copied(),
                confidence: *mention.confidence.get(&pointer)? as f32,
                column,
                chosen: segmentation.chosen.as_ref(),
                n_entries,
                unlike,
            };
            let by_rule = RULES.map(|rule| f32::from(u8::from(seen.rule == Some(rule))));
            let others = MEASURES.iter().map(|measure| (measure.of)(&seen));
            Some((*field, by_rule.into_iter().chain(others).collect()))
        });
        measured.collect()
    };
    (extraction.mentions.iter().zip(&extraction.rules))
        .map(of)
        .collect()
}

/// A share; of nothing, all.
fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        return 1.0;
    }
    part as f32 / whole as f32
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
    let models: BTreeMap<String, Model> = toml::from_str(&weights!("confidence.toml"))
        .expect("the built-in weights are checked by a test");
    let in_order = |model: Model| {
        let weights = names().map(|name| model.weights.get(&name).copied().unwrap_or_default());
        (model.intercept, weights.collect())
    };
    (models.into_iter())
        .map(|(field, model)| (field, in_order(model)))
        .collect()
});

/// Says how likely each value is right; what a person has shown in a profile is as sure as its rule.
pub(super) fn weigh(extraction: &mut Extraction, measured: &[Measures]) {
    // Nobody has seen enough values to be surer, or less sure.
    const LEAST: f64 = 0.02;
    const MOST: f64 = 0.99;
    let records = extraction.mentions.iter_mut().zip(&extraction.rules);
    for ((mention, rules), measured) in records.zip(measured) {
        for (field, measures) in measured {
            let is_shown = rules.get(&pointer(field)) == Some(&Rule::Template);
            let Some((intercept, weights)) = WEIGHTS.get(*field).filter(|_| !is_shown) else {
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
            toml::from_str(&weights!("confidence.toml")).expect("the file is well-formed");
        let names: Vec<String> = names().collect();
        for (field, model) in models {
            assert!(
                FIELDS.contains(&field.as_str()),
                "no field is called {field}"
            );
            for (name, weight) in &model.weights {
                assert!(names.contains(name), "no measure is called {name}");
                // Measures are from 0 to a few: one that is worth more was nearly always the same where it was learnt, and decides all elsewhere.
                assert!(weight.abs() < 10.0, "{field}: {name} is worth {weight}");
            }
        }
    }
}
