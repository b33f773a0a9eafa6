//! What a document says once of several entries: a prize with its sum in the heading above them (« Les trois prix d’honneur (450 €) sont remis à »),
//! a sum that each of them gets (« Chacun reçoit 2 000 € »).
//!
//! Records and their entries in; the records with what they share. What an entry says of itself stays, and where one of those concerned states a sum of its own,
//! the common one may be something else, and is nobody's.

use std::ops::Range;

use super::draft::{Draft, Rule, one_line};
use super::{amounts, clauses};
use crate::model::document::{Block, BlockLabel, Document};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold};
use crate::segment::columns::without_article;
use crate::segment::{Form, Segmentation, Unit, look, sentences};

/// Sentences that give a sum to each, of which each looks at all entries: more are those of entries themselves.
const MOST_SAID: usize = 50;

/// The prize that a heading is of, and the sum that it states for each: « Les trois prix d’honneur (450 €) sont remis à ».
pub(super) fn prize(heading: &Text) -> (Option<Text>, Option<Text>) {
    let string = heading.as_str();
    let sums = amounts::find(string);
    if let [sum] = sums.as_slice() {
        let words = string.get(..sum.range.start).unwrap_or_default();
        let end = VOCABULARY.find_endowed(words).unwrap_or(words.len());
        let words = words.get(..end).unwrap_or_default();
        let end = words.trim_end_matches(['(', '[', ' ', '\u{a0}']).len();
        let prize = uncounted(string, 0..end);
        let text = clauses::without_joint(&heading.slice(prize));
        if look::is_award(text.as_str()) && !VOCABULARY.is_bounded(string) {
            return (Some(text), Some(heading.slice(sum.range.clone())));
        }
    }
    let award = look::is_award(string).then(|| heading.clone());
    (award, None)
}

/// Without the article and the number in front: « Les trois prix d’honneur ».
fn uncounted(string: &str, range: Range<usize>) -> Range<usize> {
    let mut range = without_article(string, range, true);
    if let Some((first, rest)) =
        (string.get(range.clone())).and_then(|words| words.split_once([' ', '\u{a0}']))
        && (first.parse::<u32>().is_ok() || VOCABULARY.number(&fold(first)).is_some())
    {
        range.start = range.end - rest.len();
    }
    range
}

/// Gives each entry the sum that its heading or a sentence beside it gives to each; `headings` has what those above the entries state.
pub(super) fn sums(
    drafts: &mut [Draft<'_>],
    document: &Document,
    segmentation: &Segmentation,
    headings: &[Option<Text>],
) {
    let mut first = 0;
    for same in
        headings.chunk_by(|a, b| a.as_ref().map(Text::as_str) == b.as_ref().map(Text::as_str))
    {
        let entries = first..first + same.len();
        if let Some(Some(sum)) = same.first() {
            give(drafts, entries.clone(), sum);
        }
        first = entries.end;
    }
    let units = segmentation.units().list.iter().enumerate();
    let said = units.filter_map(|(index, unit)| Some((index, unit, each(unit)?)));
    for (index, unit, sum) in said.take(MOST_SAID) {
        let entries = of_sentence(unit, document, segmentation)
            .or_else(|| below_heading(unit, document, segmentation))
            .unwrap_or_else(|| of_section(drafts, index, segmentation));
        give(drafts, entries, &sum);
    }
}

/// Gives entries a common sum, unless one of them has its own.
fn give(drafts: &mut [Draft<'_>], entries: Range<usize>, sum: &Text) {
    let drafts = drafts.get_mut(entries).unwrap_or_default();
    if drafts.iter().any(|draft| draft.mention.amount.is_some()) {
        return;
    }
    let sum = one_line([sum]);
    for draft in drafts {
        let mut amount = amounts::first(sum.as_str()).unwrap_or_default();
        amount.text = draft.ground("/amount", &sum, Rule::Section);
        draft.mention.amount = Some(amount);
    }
}

/// The one sum of a sentence that says that each gets it.
fn each(unit: &Unit) -> Option<Text> {
    let string = unit.text.as_str();
    let at = VOCABULARY.find_each(string)?;
    let sentence = sentences::holding(string, at);
    let words = string.get(sentence.clone())?;
    match amounts::find(words).as_slice() {
        [sum] if !VOCABULARY.is_bounded(words) => Some(
            unit.text
                .slice(sentence.start + sum.range.start..sentence.start + sum.range.end),
        ),
        _ => None,
    }
}

/// The entries that the sentence itself lists: « A, B et C repartent avec 1 500 € chacun ».
fn of_sentence(
    unit: &Unit,
    document: &Document,
    segmentation: &Segmentation,
) -> Option<Range<usize>> {
    let block = document.blocks.get(unit.block)?;
    let sentence = sentences::holding(block.text.as_str(), unit.offset);
    let inside = |number: &usize| {
        clauses::units_of(segmentation, *number)
            .first()
            .is_some_and(|first| first.block == unit.block && sentence.contains(&first.offset))
    };
    let mut entries = (0..segmentation.entries.len()).filter(inside);
    let first = entries.next()?;
    let last = entries.next_back().unwrap_or(first);
    Some(first..last + 1)
}

/// The entries below a heading that says what each gets, up to the next of its rank: « Prix Jeunesse – deux lauréats, 2 500 € chacun ».
fn below_heading(
    unit: &Unit,
    document: &Document,
    segmentation: &Segmentation,
) -> Option<Range<usize>> {
    let heading = (document.blocks.get(unit.block))
        .filter(|block| block.label == BlockLabel::SectionHeader)?;
    let ends = |block: &Block| {
        block.label == BlockLabel::SectionHeader
            && block.level.unwrap_or(u8::MAX) <= heading.level.unwrap_or(u8::MAX)
    };
    let from = unit.block + 1;
    let behind = document.blocks.get(from..)?;
    let end = (behind.iter().position(ends)).map_or(document.blocks.len(), |n| from + n);
    let block_of = |number: usize| {
        (clauses::units_of(segmentation, number).first()).map_or(usize::MAX, |first| first.block)
    };
    let n = segmentation.entries.len();
    let first = (0..n).take_while(|number| block_of(*number) < from).count();
    let count = (first..n)
        .take_while(|number| block_of(*number) < end)
        .count();
    Some(first..first + count)
}

/// The entries of the section that a unit stands in: those with the heading of the entry behind it, or, where another heading stands between, of the one before.
fn of_section(drafts: &[Draft<'_>], index: usize, segmentation: &Segmentation) -> Range<usize> {
    let units = &segmentation.units().list;
    let start = |number: usize| (segmentation.entries.get(number)).map(|span| span.extent().start);
    let n = drafts.len();
    let next = (0..n).find(|number| start(*number).is_some_and(|start| start > index));
    let is_parted = next.and_then(start).is_some_and(|start| {
        let between = units.get(index + 1..start).unwrap_or_default();
        between.iter().any(|unit| unit.form == Form::Short)
    });
    let number = match next {
        Some(next) if next == 0 || !is_parted => next,
        Some(next) => next - 1,
        None => n.saturating_sub(1),
    };
    let group = |number: usize| drafts.get(number).map(|draft| &draft.mention.group);
    let before = (0..number)
        .rev()
        .take_while(|other| group(*other) == group(number));
    let behind = (number..n).take_while(|other| group(*other) == group(number));
    number - before.count()..number + behind.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, award: Option<&str>, sum: Option<&str>) {
        let (found, each) = prize(&Text::from(heading));
        assert_eq!(found.as_ref().map(Text::as_str), award, "{heading}");
        assert_eq!(each.as_ref().map(Text::as_str), sum, "{heading}");
    }

    #[test]
    fn headings_give_a_prize_and_its_sum() {
        check(
            "Le grand prix (1 000 €) couronne",
            Some("grand prix"),
            Some("1 000 €"),
        );
        check(
            "Les trois prix d’honneur (450 €) sont remis à",
            Some("prix d’honneur"),
            Some("450 €"),
        );
        check(
            "Prix du public, doté de 2 000 euros",
            Some("Prix du public"),
            Some("2 000 euros"),
        );
        check("Prix du public", Some("Prix du public"), None);
        check(
            "Prix du jury (jusqu’à 500 €)",
            Some("Prix du jury (jusqu’à 500 €)"),
            None,
        );
        check("Solidarité : 120 000 €", None, None);
    }
}
