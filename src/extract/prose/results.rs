//! Tokens in; results already achieved out: a figure in a sentence about what has been done. Objectives are not results.

use std::ops::Range;

use super::figures;
use super::tokens::Tokens;
use super::{Field, Nature};

/// A result that prose states.
#[derive(Clone, Debug)]
pub(super) struct FoundResult {
    pub(super) places: Range<usize>,
    pub(super) sentence: Range<usize>,
    pub(super) confidence: f64,
}

/// The results of the text, in order.
pub(super) fn find(tokens: &Tokens) -> Vec<FoundResult> {
    let mut found = Vec::new();
    for sentence in &tokens.sentences {
        if figures::nature(tokens, sentence, Field::Description) != Nature::Achieved {
            continue;
        }
        for figure in figures::find(tokens, sentence, Field::Description) {
            if matches!(figure.what, "jobs" | "share" | "beneficiaries") {
                found.push(FoundResult {
                    places: figure.places,
                    sentence: sentence.clone(),
                    confidence: 0.6,
                });
            }
        }
    }
    found
}
