//! Entries that are one line each: what a record takes from the parts of its line.

use std::sync::LazyLock;

use regex::Regex;

use super::context;
use super::draft::{self, Draft, Rule};
use super::heading::{self, Orientation};
use super::{amounts, fields, marker_number, number_of};
use crate::model::document::Document;
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold};
use crate::segment::columns::Line;
use crate::segment::score::begins_with_infinitive;
use crate::segment::{Span, Unit, look};

/// How sure a name is that was cut out of a line like none of the others.
const DOUBTFUL: f64 = 0.5;

/// What the lines have in common that are records by themselves and hold name and project in one.
pub(super) fn orientation(units: &[Unit], spans: &[Span], lines: &[Line]) -> Orientation {
    let heads: Vec<Text> = spans
        .iter()
        .zip(lines)
        .filter_map(|(span, line)| Some(units.get(span.body.start)?.text.slice(line.head.clone()?)))
        .collect();
    let mut orientation = heading::orientation(heads.iter(), 0.0, 0.0);
    // « Covoit’Jura, organiser le covoiturage des apprentis »: what is there to do something is a project, unless it is a body by its words. A sentence
    // of its own (« Peindre les carrefours. ») may as well be what a body does.
    let to_do = spans.iter().zip(lines).filter(|(span, line)| {
        let text = units.get(span.body.start).map(|unit| unit.text.as_str());
        text.zip(line.description.clone())
            .and_then(|(text, range)| text.get(range))
            .is_some_and(|told| {
                told.starts_with(char::is_lowercase) && begins_with_infinitive(&fold(told))
            })
    });
    let bodies = heads
        .iter()
        .filter(|head| VOCABULARY.organisation_lean(head.as_str()) > 0.0);
    if to_do.count() * 2 > lines.len() && bodies.count() * 2 < lines.len() {
        orientation.single_is_name = false;
    }
    let entitled = spans.iter().zip(lines).filter(|(span, line)| {
        let text = units.get(span.body.start).map(|unit| unit.text.as_str());
        text.zip(line.project.clone().or(line.head.clone()))
            .and_then(|(text, range)| text.get(range))
            .is_some_and(heading::is_entitled)
    });
    orientation.entitled = entitled.count() * 2 > lines.len();
    orientation
}

/// Fills a record from a line that is one by itself.
pub(super) fn fill(
    draft: &mut Draft<'_>,
    document: &Document,
    body: &[Unit],
    line: &Line,
    orientation: Orientation,
    context: &context::Context,
) {
    let Some(unit) = body.first() else { return };
    let part = |range: &Option<std::ops::Range<usize>>| {
        range
            .clone()
            .map(|range| draft::one_line([&unit.text.slice(range)]))
    };
    let named = |range: &Option<std::ops::Range<usize>>| {
        let words = unit.text.as_str().get(range.clone()?)?;
        let start = range.as_ref()?.start;
        Some(start..start + subject(words).unwrap_or(words.len()))
    };
    let told = [&line.name, &line.head]
        .into_iter()
        .any(|range| *range != named(range));
    if let Some(head) = part(&named(&line.head)) {
        let split = heading::split(
            &head,
            orientation,
            line.name.is_some(),
            line.project.is_some(),
        );
        if let Some(name) = split.name {
            draft.mention.name = Some(draft.ground("/name", &name, Rule::Line));
        }
        if let Some(project) = split.project {
            draft.mention.project = Some(draft.ground("/project", &project, Rule::Line));
        }
    }
    let place = if line.evidence >= 1.0 {
        Rule::Line
    } else {
        Rule::Place
    };
    if let Some(text) = part(&named(&line.name)).filter(|_| draft.mention.name.is_none()) {
        draft.mention.name = Some(draft.ground("/name", &text, place));
    }
    if let Some(text) = part(&line.project).filter(|_| draft.mention.project.is_none()) {
        let title = heading::bare_title(&text, orientation.entitled);
        draft.mention.project = Some(draft.ground("/project", &title, Rule::Line));
    }
    if draft.mention.name.is_none() && draft.mention.project.is_none() {
        // A line of the list that is cut like none of the others is an entry all the same, and a doubtful one.
        let start = (line.award.iter().chain(&line.ordinal)).fold(0, |end, part| end.max(part.end));
        if let Some(name) = beginning(&unit.text, start) {
            draft.mention.name = Some(draft.ground("/name", &name, Rule::Place));
            draft.doubt("/name", DOUBTFUL);
        }
    }
    if let Some(text) = part(&line.territory).filter(|_| draft.mention.territory.is_none()) {
        draft.mention.territory = Some(draft.ground("/territory", &text, Rule::Line));
    }
    if let Some(text) = part(&line.public).filter(|_| draft.mention.public.is_none()) {
        draft.mention.public = Some(draft.ground("/public", &text, Rule::Place));
    }
    if let Some(text) = part(&line.theme).filter(|_| draft.mention.theme.is_none()) {
        draft.mention.theme = Some(draft.ground("/theme", &text, Rule::Place));
    }
    // A sentence that begins with its laureate is told whole.
    let description = if told {
        Some(0..unit.text.len())
    } else {
        line.description.clone()
    };
    if let Some(text) = part(&description).filter(|_| draft.mention.description.is_none()) {
        draft.mention.description = Some(draft.ground("/description", &text, Rule::Place));
    }
    let sum = line.amount.clone().map(|range| {
        let string = unit.text.as_str();
        let digits = string.get(range.clone()).unwrap_or_default();
        let end = range.start + digits.trim_end_matches('.').len();
        range.start..amounts::without_cents(string, end).max(range.end)
    });
    if let Some(text) = part(&sum).filter(|_| draft.mention.amount.is_none()) {
        let mut amount = amounts::first(text.as_str()).unwrap_or_default();
        amount.text = draft.ground("/amount", &text, Rule::Line);
        draft.mention.amount = Some(amount);
    }
    // A sum alone in a cell of the line's row.
    if let Some(sum) = body
        .iter()
        .skip(1)
        .find(|unit| look::is_amount(unit.text.as_str()))
        .filter(|_| draft.mention.amount.is_none())
    {
        let mut amount = amounts::first(sum.text.as_str()).unwrap_or_default();
        amount.text = draft.ground("/amount", &sum.text, Rule::Line);
        draft.mention.amount = Some(amount);
    }
    if let Some(text) = part(&line.award).filter(|_| draft.mention.award.is_none()) {
        draft.mention.award = Some(fields::award(
            draft,
            &text,
            context.category.as_ref(),
            Rule::Heading,
        ));
    }
    let printed = part(&line.ordinal).and_then(|text| Some((number_of(&text)?, text)));
    if let Some((number, text)) =
        printed.or_else(|| document.blocks.get(unit.block).and_then(marker_number))
    {
        draft.ground("/ordinal", &text, Rule::Line);
        draft.mention.ordinal = Some(number);
    }
}

/// A text's first words, behind what opens it (a year, a rank) and before the first mark: none where that is a sentence.
fn beginning(text: &Text, start: usize) -> Option<Text> {
    let rest = text.as_str().get(start..)?;
    let first = rest.find(char::is_alphabetic)?;
    let words = rest.get(first..)?;
    let end = words
        .find(['(', ':', ';', ',', '–', '—', '\n'])
        .unwrap_or(words.len());
    let words = words.get(..end)?.trim_end();
    let from = start + first;
    (words.split_whitespace().count() <= look::LONGEST_NAME && !words.ends_with('.'))
        .then(|| draft::one_line([&text.slice(from..from + words.len())]))
        .filter(|name| !name.is_empty())
}

/// Where the subject of a sentence ends that says what it is: « X est une association fondée en 2016 ».
fn subject(words: &str) -> Option<usize> {
    static COPULA: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r" (?:est|is) (?:née? |une? |la |le |l[’']|an? |the )")
            .expect("the pattern is constant")
    });
    COPULA.find(words).map(|verb| verb.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_says_what_somebody_is_begins_with_its_subject() {
        let named = |words: &'static str| subject(words).and_then(|end| words.get(..end));
        assert_eq!(
            named("Consigne du Sud est né en 2018"),
            Some("Consigne du Sud")
        );
        assert_eq!(
            named("Terre Levée est une coopérative"),
            Some("Terre Levée")
        );
        assert_eq!(named("Association Est Ensemble"), None);
    }
}
