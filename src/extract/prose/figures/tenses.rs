//! What the tense and the words around a figure say of it: a plan, an experience, a result.

use std::cell::LazyCell;
use std::ops::Range;

use super::super::phrases::is_infinitive_at;
use super::super::tokens::{Kind, Tokens};
use super::super::vocabulary::Classes;
use super::super::{Field, Nature};

/// What the words of a stretch tell of.
pub(super) struct Tenses {
    /// The first word that says what somebody aims at.
    objective: Option<usize>,
    is_future: bool,
    is_done: bool,
}

impl Tenses {
    pub(super) fn of(tokens: &Tokens, places: &Range<usize>) -> Self {
        Self {
            objective: places
                .clone()
                .find(|&place| tokens.is(place, Classes::OBJECTIVE)),
            is_future: places.clone().any(|place| is_future(tokens, place)),
            is_done: places.clone().any(|place| is_perfect(tokens, place)),
        }
    }

    /// « vise à former 12 apprentis »: such words stand in front of the figure; a future or a perfect may follow it.
    fn is_meant(&self, place: usize) -> bool {
        self.objective.is_some_and(|objective| objective < place) || self.is_future
    }
}

/// What a figure at `place` tells of: what shall be, what has been, or how things are. Its own clause decides, then the `whole` sentence.
pub(super) fn nature(
    tokens: &Tokens,
    sentence: &Range<usize>,
    whole: &LazyCell<Tenses, impl FnOnce() -> Tenses>,
    place: usize,
    field: Field,
) -> Nature {
    match field {
        Field::Results => return Nature::Achieved,
        Field::Objectives | Field::Needs | Field::Public | Field::Territory => {
            return Nature::Objective;
        }
        Field::Description | Field::AddedValue => {}
    }
    let own = Tenses::of(tokens, &clause(tokens, sentence, place));
    if own.is_done {
        Nature::Achieved
    } else if own.is_meant(place) || whole.is_meant(place) {
        Nature::Objective
    } else if whole.is_done {
        Nature::Achieved
    } else {
        Nature::Context
    }
}

/// The tokens between the commas, colons and brackets around `place`.
pub(in super::super) fn clause(
    tokens: &Tokens,
    sentence: &Range<usize>,
    place: usize,
) -> Range<usize> {
    let is_edge = |at: &usize| {
        matches!(
            tokens.get(*at).map(|token| token.kind),
            Some(Kind::Mark(',' | ';' | ':' | '(' | ')'))
        )
    };
    let start = (sentence.start..place)
        .rev()
        .find(is_edge)
        .map_or(sentence.start, |edge| edge + 1);
    let end = (place..sentence.end).find(is_edge).unwrap_or(sentence.end);
    start..end
}

/// « formera », « formeront », « va former ».
pub(super) fn is_future(tokens: &Tokens, place: usize) -> bool {
    let word = tokens.word(place);
    let is_ending = word.len() > 5
        && ["era", "eront", "ira", "iront", "tra", "tront"]
            .iter()
            .any(|ending| word.ends_with(ending));
    is_ending && !tokens.is_capitalised(place)
        || matches!(word, "va" | "vont") && is_infinitive_at(tokens, place + 1)
}

/// Whether the sentence tells what has been the rule: « en moyenne », « depuis 5 ans ».
pub(super) fn is_by_experience(tokens: &Tokens, sentence: &Range<usize>) -> bool {
    sentence.clone().any(|place| {
        matches!(tokens.word(place), "moyenne" | "bilan")
            || tokens.word(place) == "depuis" && tokens.number(place + 1).is_some()
    })
}

/// « ont trouvé », « a permis », « ont été formés », « sont employés avec succès »: something that has been done.
pub(in super::super) fn is_perfect(tokens: &Tokens, place: usize) -> bool {
    let auxiliary = matches!(tokens.word(place), "a" | "ont" | "ete");
    let mut next = place + 1;
    while matches!(
        tokens.word(next),
        "deja" | "ainsi" | "egalement" | "pu" | "depuis" | "su" | "notamment"
    ) {
        next += 1;
    }
    let is_participle = |word: &str| {
        word.len() > 3
            && (word.ends_with('e') && !word.ends_with("re")
                || word.ends_with("es")
                || word.ends_with("is")
                || word.ends_with('u')
                || word.ends_with("us")
                || word.ends_with('i'))
            || word == "ete"
    };
    // « a » without its accent is the preposition too: only the verb stands unaccented in the source.
    let is_verb = tokens.written(place) != "à";
    auxiliary
        && is_verb
        && is_participle(tokens.word(next))
        && !tokens.is(next, Classes::DETERMINERS)
        || matches!(tokens.word(place), "employes" | "embauches" | "recrutes")
            && tokens.word(place + 1) == "avec"
            && tokens.word(place + 2) == "succes"
}
