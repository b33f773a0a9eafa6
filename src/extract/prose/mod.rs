//! Prose in; inferred publics, partners, results and figures out, each with the sentence that says so. What a label states is not here.
//!
//! The rules are grammar over word classes (data/prose.toml): a noun of people with its modifiers; the noun phrases behind « en lien avec »; a
//! number with the noun that it counts. Precision comes before recall: a doubtful phrase gives nothing.

mod figures;
mod partnerships;
mod phrases;
mod publics;
mod results;
#[cfg(test)]
mod tests;
mod tokens;
mod vocabulary;

use std::ops::Range;

use crate::extract::words::fold;
use crate::model::mention::{Figure, Inferred, InferredValue};
use crate::model::text::Text;

use tokens::Tokens;

/// Which field a text is the value of: it decides how its figures are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The labelled territory.
    Territory,
    /// The labelled public.
    Public,
    /// The labelled objectives.
    Objectives,
    /// Description.
    Description,
    /// Added value.
    AddedValue,
    /// Labelled results.
    Results,
    /// Needs.
    Needs,
}

impl Field {
    /// The field that a JSON Pointer of the record names, if prose is read from it.
    pub fn of_pointer(pointer: &str) -> Option<Self> {
        Some(match pointer {
            "/territory" => Self::Territory,
            "/public" => Self::Public,
            "/objectives" => Self::Objectives,
            "/description" => Self::Description,
            "/results" => Self::Results,
            "/needs" => Self::Needs,
            _ => return None,
        })
    }
}

/// What the record states already, so that prose need not say it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stated<'s> {
    /// The laureate's name: it is not its own partner.
    pub name: Option<&'s str>,
    /// A label states the public.
    pub public: bool,
    /// A label states the partners.
    pub partners: bool,
    /// A label or its place states the results.
    pub results: bool,
}

/// Whether a figure tells of what shall be, what has been, or how things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    Objective,
    Achieved,
    Context,
}

impl Nature {
    fn as_str(self) -> &'static str {
        match self {
            Self::Objective => "objective",
            Self::Achieved => "achieved",
            Self::Context => "context",
        }
    }
}

/// What the texts of one entry suggest. Publics, partners and results come from prose alone, and only where nothing states them; figures from
/// every text given. `selector` names a node of the document, for the evidence.
pub fn infer(
    fields: &[(Field, &Text)],
    stated: &Stated,
    selector: &impl Fn(u32) -> String,
) -> Inferred {
    let mut inferred = Inferred::default();
    let own = stated.name.map(fold).unwrap_or_default();
    for (field, text) in fields {
        let tokens = Tokens::new(text.as_str());
        for sentence in &tokens.sentences {
            for found in figures::find(&tokens, sentence, *field) {
                let figure = figure(text, &tokens, sentence, &found, selector);
                // A sentence that is printed twice states its figures once.
                let is_known = inferred.figures.iter().any(|known| {
                    known.value.to_bits() == figure.value.to_bits()
                        && known.text == figure.text
                        && (known.sentence == figure.sentence || known.what.starts_with("age"))
                });
                if !is_known {
                    inferred.figures.push(figure);
                }
            }
        }
        if !matches!(field, Field::Description | Field::Objectives) {
            continue;
        }
        if !stated.public {
            for found in publics::find(&tokens) {
                let value = value(
                    text,
                    &tokens,
                    &found.places,
                    &found.sentence,
                    found.confidence,
                    selector,
                );
                push_new(&mut inferred.public, value);
            }
        }
        if !stated.partners {
            for found in partnerships::find(&tokens, &own) {
                let value = value(
                    text,
                    &tokens,
                    &found.places,
                    &found.sentence,
                    found.confidence,
                    selector,
                );
                push_new(&mut inferred.partners, value);
            }
        }
        if !stated.results {
            for found in results::find(&tokens) {
                let value = value(
                    text,
                    &tokens,
                    &found.places,
                    &found.sentence,
                    found.confidence,
                    selector,
                );
                push_new(&mut inferred.results, value);
            }
        }
    }
    inferred
}

fn push_new(values: &mut Vec<InferredValue>, value: InferredValue) {
    if values.iter().all(|known| known.value != value.value) {
        values.push(value);
    }
}

fn value(
    text: &Text,
    tokens: &Tokens,
    places: &Range<usize>,
    sentence: &Range<usize>,
    confidence: f64,
    selector: &impl Fn(u32) -> String,
) -> InferredValue {
    let sentence = text.slice(tokens.span(sentence)).trim();
    InferredValue {
        value: text.slice(tokens.span(places)).trim().as_str().to_owned(),
        sentence: sentence.as_str().to_owned(),
        confidence,
        evidence: sentence.evidence(selector),
    }
}

fn figure(
    text: &Text,
    tokens: &Tokens,
    sentence: &Range<usize>,
    found: &figures::FoundFigure,
    selector: &impl Fn(u32) -> String,
) -> Figure {
    let sentence = text.slice(tokens.span(sentence)).trim();
    Figure {
        value: found.value,
        unit: found.unit.clone(),
        what: found.what.to_owned(),
        nature: found.nature.as_str().to_owned(),
        text: text
            .slice(tokens.span(&found.places))
            .trim()
            .as_str()
            .to_owned(),
        sentence: sentence.as_str().to_owned(),
        confidence: found.confidence,
        evidence: sentence.evidence(selector),
    }
}
