//! Prose in; inferred publics, partners, results and figures out, each with the sentence that says so. What a label states is not here.
//!
//! The rules are grammar over word classes (data/prose.toml): a noun of people with its modifiers; the noun phrases behind « en lien avec »; a
//! number with the noun that it counts. Precision comes before recall: a doubtful phrase gives nothing.

mod dates;
mod figures;
mod lengths;
mod partnerships;
mod phrases;
mod publics;
mod results;
#[cfg(test)]
mod tests;
mod tokens;
mod vocabulary;

use std::collections::HashSet;
use std::ops::Range;

use crate::extract::words::fold;
use crate::model::mention::{Figure, Inferred, InferredValue};
use crate::model::text::{Grounds, Text};

pub use dates::periods;
pub use lengths::{ages, lengths};

use figures::FoundFigure;
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
/// every text given. `grounds` is their document, for the evidence.
pub fn infer(fields: &[(Field, &Text)], stated: &Stated, grounds: &impl Grounds) -> Inferred {
    let mut inferred = Inferred::default();
    let own = stated.name.map(fold).unwrap_or_default();
    let mut known = Known::default();
    for (field, text) in fields {
        let tokens = Tokens::new(text.as_str());
        let reading = Reading {
            text,
            tokens: &tokens,
            grounds,
        };
        let figures: Vec<(Range<usize>, FoundFigure)> = tokens
            .sentences
            .iter()
            .flat_map(|sentence| {
                figures::find(&tokens, sentence, *field)
                    .into_iter()
                    .map(|figure| (sentence.clone(), figure))
            })
            .collect();
        for (sentence, found) in &figures {
            let figure = reading.figure(sentence, found);
            if known.is_new_figure(&figure) {
                inferred.figures.push(figure);
            }
        }
        if !matches!(field, Field::Description | Field::Objectives) {
            continue;
        }
        if !stated.public {
            for found in publics::find(&tokens) {
                let value = reading.value(&found.places, &found.sentence, found.confidence);
                if known.public.insert(value.value.clone()) {
                    inferred.public.push(value);
                }
            }
        }
        if !stated.partners {
            for found in partnerships::find(&tokens, &own) {
                let value = reading.value(&found.places, &found.sentence, found.confidence);
                if known.partners.insert(value.value.clone()) {
                    inferred.partners.push(value);
                }
            }
        }
        if !stated.results {
            for found in results::find(&tokens, &figures) {
                let value = reading.value(&found.places, &found.sentence, found.confidence);
                if known.results.insert(value.value.clone()) {
                    inferred.results.push(value);
                }
            }
        }
    }
    inferred
}

/// What was inferred already: the same words twice are one value.
#[derive(Default)]
struct Known {
    public: HashSet<String>,
    partners: HashSet<String>,
    results: HashSet<String>,
    /// Value, words and sentence of figures; ages are known by value and words.
    figures: HashSet<(u64, String, Option<String>)>,
}

impl Known {
    /// A sentence that is printed twice states its figures once, and so does a text that repeats an age.
    fn is_new_figure(&mut self, figure: &Figure) -> bool {
        let key = |sentence: Option<&String>| {
            (
                figure.value.to_bits(),
                figure.text.clone(),
                sentence.cloned(),
            )
        };
        if self.figures.contains(&key(None)) {
            return false;
        }
        if figure.what.starts_with("age") {
            self.figures.insert(key(None));
        }
        self.figures.insert(key(Some(&figure.sentence)))
    }
}

/// One text while it is read.
struct Reading<'r, G> {
    text: &'r Text,
    tokens: &'r Tokens<'r>,
    grounds: &'r G,
}

impl<G: Grounds> Reading<'_, G> {
    fn written(&self, places: &Range<usize>) -> Text {
        self.text.slice(self.tokens.span(places)).trim()
    }

    fn value(
        &self,
        places: &Range<usize>,
        sentence: &Range<usize>,
        confidence: f64,
    ) -> InferredValue {
        let sentence = self.written(sentence);
        InferredValue {
            value: self.written(places).as_str().to_owned(),
            sentence: sentence.as_str().to_owned(),
            confidence,
            evidence: sentence.evidence(self.grounds),
        }
    }

    fn figure(&self, sentence: &Range<usize>, found: &FoundFigure) -> Figure {
        let sentence = self.written(sentence);
        Figure {
            value: found.value,
            unit: found.unit.clone(),
            what: found.what.to_owned(),
            nature: found.nature.as_str().to_owned(),
            text: self.written(&found.places).as_str().to_owned(),
            sentence: sentence.as_str().to_owned(),
            confidence: found.confidence,
            evidence: sentence.evidence(self.grounds),
        }
    }
}
