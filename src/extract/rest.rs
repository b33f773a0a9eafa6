//! What no field took of an entry: nothing that it says is lost. Records and their entries in; the records with what was left.
//!
//! A clause that says what for or who (« pour relier trois hameaux », « qui mesure la pluie »), or the longest of a few words, describes, where nothing else does.
//! The rest is kept as it stands under `other`, but for the words of a sentence that only say that somebody got something.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::clauses;
use super::draft::{Draft, Rule, one_line};
use super::taken::Taken;
use crate::model::evidence::Join;
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold};
use crate::segment::{Form, Segmentation, Unit};

/// Where what no field takes is kept.
const REST: &str = "reste";

/// A clause has at least this many words; one that does not say what it is, as many as a sentence.
const CLAUSE: usize = 3;
const SENTENCE: usize = 8;

/// A piece of an entry that no value was read from.
struct Piece {
    text: Text,
    /// It is of a sentence that tells who got something.
    is_told: bool,
    /// Other words of its unit were taken.
    is_part: bool,
}

/// Gives each record what its entry says and no value of it does.
pub(super) fn keep(drafts: &mut [Draft<'_>], segmentation: &Segmentation) {
    (drafts.par_iter_mut().enumerate()).for_each(|(number, draft)| {
        end_sentence(draft, clauses::units_of(segmentation, number));
    });
    let mut rests: Vec<Vec<Piece>> = (drafts.par_iter().enumerate())
        .map(|(number, draft)| pieces(draft, clauses::units_of(segmentation, number)))
        .collect();
    let common = common(&rests);
    for (draft, rest) in drafts.iter_mut().zip(&mut rests) {
        drop_echo(draft);
        // « pour sa pièce intitulée » only introduces a title.
        let introduces = |text: &str| VOCABULARY.before_entitled(text) == Some("");
        rest.retain(|piece| {
            let text = piece.text.as_str();
            !common.contains(&fold(text)) && !introduces(text)
        });
        if draft.mention.territory.is_none()
            && let Some(address) = rest.iter_mut().find_map(address)
        {
            draft.mention.territory = Some(draft.ground("/territory", &address, Rule::Place));
        }
        if draft.mention.description.is_none()
            && let Some(at) = description(rest)
        {
            let text = one_line([&rest.swap_remove(at).text]);
            draft.mention.description = Some(draft.ground("/description", &text, Rule::Place));
        }
        let mut kept = Text::new();
        for piece in rest.iter().filter(|piece| says_something(piece)) {
            kept.append(&piece.text, Join::Newline);
        }
        if !kept.is_empty() {
            let value = draft.ground(&format!("/other/{REST}"), &kept, Rule::Place);
            draft.mention.other.insert(REST.to_owned(), value);
        }
    }
}

/// A description in the words of the name or title describes nothing.
fn drop_echo(draft: &mut Draft<'_>) {
    let mention = &draft.mention;
    let heads = [mention.name.as_deref(), mention.project.as_deref()];
    let is_echo = (mention.description.as_deref()).is_some_and(|text| {
        heads
            .into_iter()
            .flatten()
            .any(|head| fold(head) == fold(text))
    });
    if is_echo && !draft.is_labelled("/description") {
        draft.mention.description = None;
        draft.forget("/description");
    }
}

/// A description that ends at a comma goes on to the end of its unit, if no field took anything there.
fn end_sentence(draft: &mut Draft<'_>, units: &[Unit]) {
    let Some(told) = draft.mention.description.as_deref() else {
        return;
    };
    let ended = told.ends_with(['.', '!', '?', '…', '»', '”', ')']);
    if ended || draft.is_labelled("/description") {
        return;
    }
    let whole = units.iter().find_map(|unit| {
        let string = unit.text.as_str();
        let start = string.find(told)?;
        let end = start + told.len();
        let behind = string.get(end..)?;
        let goes_on = behind.starts_with(", ") && !behind.trim_end().ends_with(':');
        // What was taken is asked last: most descriptions end where their unit does.
        let free = goes_on
            && (Taken::of(draft.texts()).gaps(&unit.text).iter())
                .any(|gap| gap.start <= end && gap.end == string.len());
        free.then(|| unit.text.slice(start..string.len()).trim())
    });
    if let Some(whole) = whole {
        let rule = draft.rule("/description").unwrap_or(Rule::Place);
        draft.mention.description = Some(draft.ground("/description", &whole, rule));
    }
}

/// What an entry says and no value of its record does.
fn pieces(draft: &Draft<'_>, units: &[Unit]) -> Vec<Piece> {
    let taken = Taken::of(draft.texts());
    let title = fold(draft.mention.document.title.as_deref().unwrap_or_default());
    let is_own = |unit: &&Unit| !unit.announces && !title.contains(&unit.folded);
    (units.iter().filter(is_own))
        .flat_map(|unit| left(unit, &taken))
        .collect()
}

/// What at least half of the entries say in the same words: it is of the list's form, as « Récompense » in front of each sum.
fn common(rests: &[Vec<Piece>]) -> FxHashSet<String> {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for rest in rests {
        let own: BTreeSet<String> = (rest.iter())
            .map(|piece| fold(piece.text.as_str()))
            .collect();
        for words in own {
            *counts.entry(words).or_default() += 1;
        }
    }
    let is_common = |(_, n): &(String, usize)| *n > 1 && *n * 2 >= rests.len();
    (counts.into_iter().filter(is_common))
        .map(|(words, _)| words)
        .collect()
}

/// The line of a piece that is an address, taken out of it.
fn address(piece: &mut Piece) -> Option<Text> {
    let lines = piece.text.lines();
    let at = (lines.iter()).position(|line| VOCABULARY.is_address(line.as_str()))?;
    let mut kept = Text::new();
    for (_, line) in lines.iter().enumerate().filter(|(number, _)| *number != at) {
        kept.append(line, Join::Newline);
    }
    piece.text = kept;
    lines.into_iter().nth(at)
}

/// The piece that describes best.
fn description(rest: &[Piece]) -> Option<usize> {
    let words = |piece: &Piece| piece.text.as_str().split_whitespace().count();
    let opens = |piece: &Piece| VOCABULARY.opens_clause(piece.text.as_str());
    let best = (rest.iter().enumerate())
        .max_by_key(|(at, piece)| (opens(piece), words(piece), usize::MAX - at));
    let (at, piece) = best?;
    let is_enough = if opens(piece) {
        words(piece) >= CLAUSE
    } else {
        words(piece) >= SENTENCE && is_prose(piece.text.as_str())
    };
    is_enough.then_some(at)
}

/// Whether most words are in small letters.
fn is_prose(string: &str) -> bool {
    let small = (string.split_whitespace()).filter(|word| word.starts_with(char::is_lowercase));
    small.count() * 2 > string.split_whitespace().count()
}

/// More than the words that lead from one value to the next (« porté par l’ », « est primée pour »), or that tell that somebody got something.
fn says_something(piece: &Piece) -> bool {
    let string = piece.text.as_str();
    let words = || string.split(|c: char| !c.is_alphanumeric());
    let is_name =
        |word: &str| word.starts_with(char::is_uppercase) && word.chars().nth(2).is_some();
    let names = words().any(is_name) || string.chars().filter(char::is_ascii_digit).count() > 1;
    let is_clause = !piece.is_part || words().filter(|word| !word.is_empty()).count() >= SENTENCE;
    // « Porté par l’ », « Enfin »
    let is_short = string.split_whitespace().count() <= CLAUSE;
    let leads =
        is_short && (VOCABULARY.begins_with_carrier(string) || VOCABULARY.is_opener(string));
    !piece.is_told
        && !leads
        && (names || is_clause && words().any(|word| word.chars().nth(2).is_some()))
}

/// The pieces of a unit that no value was read from.
fn left(unit: &Unit, taken: &Taken) -> Vec<Piece> {
    if unit.form == Form::Number || unit.form == Form::Footnote {
        return Vec::new();
    }
    // A label says what its value is; both are accounted for where a field took the value.
    let within = match &unit.label {
        Some(label) if label.value.start < label.value.end => label.value.clone(),
        Some(_) => return Vec::new(),
        None => 0..unit.text.len(),
    };
    let text = unit.text.slice(within);
    let gaps = taken.gaps(&text);
    let is_whole = |range: &Range<usize>| range.len() == text.len();
    let is_part = !gaps.iter().any(is_whole);
    (gaps.into_iter())
        .map(|range| Piece {
            text: trimmed(&text, range),
            is_told: unit.told.is_some(),
            is_part,
        })
        .filter(|piece| piece.text.as_str().contains(char::is_alphanumeric))
        .collect()
}

/// Without the marks that set a piece apart.
fn trimmed(text: &Text, range: Range<usize>) -> Text {
    const MARKS: &str = " \n\u{a0},;:.–—-|•*«»/";
    let string = text.as_str().get(range.clone()).unwrap_or_default();
    // Of what stood in parentheses, one is left on either side.
    let opened = string.trim_start_matches(|c| MARKS.contains(c) || c == ')');
    let closed = string.trim_end_matches(|c| MARKS.contains(c) || c == '(');
    // Of what stood in quotation marks, too.
    let is_odd =
        |c: char| matches!(c, '"' | '“' | '”') && (c != '"' || string.matches(c).count() % 2 == 1);
    let opened = match opened.strip_prefix(|c| c != '“' && is_odd(c)) {
        Some(rest) => rest.trim_start_matches(|c| MARKS.contains(c)),
        None => opened,
    };
    let start = range.start + (string.len() - opened.len());
    text.slice(start..(range.start + closed.len()).max(start))
}
