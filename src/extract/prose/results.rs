//! Tokens in; results already achieved out: a figure in a clause about what has been done. Objectives are not results.

use std::ops::Range;

use super::Nature;
use super::figures::{self, FoundFigure};
use super::phrases::{ends_phrase, noun_phrase_end};
use super::tokens::{Kind, Tokens};
use super::vocabulary::Classes;

/// A result that prose states.
#[derive(Clone, Debug)]
pub(super) struct FoundResult {
    pub(super) places: Range<usize>,
    pub(super) sentence: Range<usize>,
    pub(super) confidence: f64,
}

/// The results among the figures of a description, in order.
pub(super) fn find(tokens: &Tokens, figures: &[(Range<usize>, FoundFigure)]) -> Vec<FoundResult> {
    let mut found: Vec<FoundResult> = Vec::new();
    for (sentence, figure) in figures {
        let taken = found.last().map_or(0, |result| result.places.end);
        if figure.places.start < taken || !is_result(tokens, sentence, figure) {
            continue;
        }
        found.push(FoundResult {
            places: result_places(tokens, sentence, figure),
            sentence: sentence.clone(),
            confidence: 0.65,
        });
    }
    found
}

/// Whether the figure counts people, jobs or a share of them, in a clause that tells of the past, or of what is the rule by experience.
fn is_result(tokens: &Tokens, sentence: &Range<usize>, figure: &FoundFigure) -> bool {
    if !matches!(figure.what, "jobs" | "share" | "beneficiaries") {
        return false;
    }
    let start = figure.places.start;
    let clause = figures::clause(tokens, sentence, start);
    if clause
        .clone()
        .any(|place| figures::is_perfect(tokens, place))
    {
        return true;
    }
    figure.what == "share" && figure.nature == Nature::Achieved
}

/// The figure; with the rest of its sentence where it is the subject (« 70 % des jeunes retrouvent… »), with what it is a share of otherwise.
fn result_places(tokens: &Tokens, sentence: &Range<usize>, figure: &FoundFigure) -> Range<usize> {
    let (start, mut end) = (figure.places.start, figure.places.end);
    // « 40 lycéens ont passé le permis »
    if matches!(tokens.word(end), "ont" | "sont" | "a" | "est") {
        return start
            ..figures::clause(tokens, sentence, start)
                .end
                .min(end_of_words(tokens, sentence));
    }
    if matches!(tokens.word(end), "de" | "des" | "d'" | "du") {
        let clause = figures::clause(tokens, sentence, start);
        if (end + 1..clause.end)
            .any(|place| tokens.is(place, Classes::VERBS) || is_plural_verb(tokens, place))
        {
            end = end_of_words(tokens, sentence);
        } else {
            end = noun_phrase_end(tokens, end + 1, sentence.end);
        }
    }
    start..end
}

/// The end of the sentence without its closing marks.
fn end_of_words(tokens: &Tokens, sentence: &Range<usize>) -> usize {
    let mut end = sentence.end;
    while end > sentence.start
        && matches!(
            tokens.get(end - 1).map(|token| token.kind),
            Some(Kind::Mark(_))
        )
    {
        end -= 1;
    }
    end
}

fn is_plural_verb(tokens: &Tokens, place: usize) -> bool {
    tokens.word(place).ends_with("ent") && ends_phrase(tokens, place)
}
