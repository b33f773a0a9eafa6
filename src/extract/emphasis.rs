//! Titles that only their look tells: in italics within a line that names who made them, or in bold before « du Club X ».
//!
//! Named records and their entries come in; the records go out with the project that a run of another look is, where most entries have one.

use std::ops::Range;

use super::clauses::units_of;
use super::draft::{Draft, Rule, one_line};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, places};
use crate::segment::{Form, Segmentation, Unit, look};

/// Lines of an entry that are looked at: its title and what stands right below.
const NEAREST: usize = 2;

/// Takes for the project what most entries set apart by its look, beside their name.
pub(super) fn title(drafts: &mut [Draft<'_>], segmentation: &Segmentation) {
    /// Fewer entries show no habit.
    const FEWEST: usize = 3;
    let runs: Vec<Option<Text>> = (drafts.iter().enumerate())
        .map(|(number, draft)| run(draft, units_of(segmentation, number)))
        .collect();
    let n = runs.iter().flatten().count();
    let is_habit = n >= FEWEST && n * 3 >= drafts.len() * 2;
    for (number, (draft, run)) in drafts.iter_mut().zip(runs).enumerate() {
        if draft.mention.project.is_some() {
            continue;
        }
        let run = (run.filter(|_| is_habit))
            .or_else(|| introduced(draft, units_of(segmentation, number)));
        if let Some(run) = run {
            draft.mention.project = Some(draft.ground("/project", &run, Rule::Place));
        }
    }
}

/// The run in italics or bold behind a name and words for a project: « X (Poitiers) avec son projet *Épicerie de nuit* ».
fn introduced(draft: &Draft<'_>, units: &[Unit]) -> Option<Text> {
    /// Farther off, it may be another's.
    const NEAR: usize = 60;
    let name = draft.mention.name.as_deref()?;
    units
        .iter()
        .filter(|unit| unit.label.is_none() && unit.form != Form::Number)
        .take(NEAREST)
        .find_map(|unit| {
            let string = unit.text.as_str();
            let end = string.find(name)? + name.len();
            let italic = unit.text.ranges_where(|segment| segment.style.italic);
            let bold = unit.text.ranges_where(|segment| segment.style.bold);
            let run = (italic.into_iter().chain(bold))
                .find(|run| run.start > end && run.start - end <= NEAR)?;
            let between = string.get(end..run.start)?.trim_end().to_lowercase();
            let is_introduced = (VOCABULARY.introducers().iter()).any(|words| {
                let rest = between.strip_suffix(words.as_str());
                rest.is_some_and(|rest| rest.ends_with([' ', ',']))
            });
            let title = trimmed(&unit.text, run);
            (is_introduced
                && !between.contains(['.', ';', ':'])
                && title.as_str().starts_with(char::is_uppercase)
                && is_title(title.as_str(), draft))
            .then_some(title)
        })
}

/// Parts names from the titles that they go on with, where most do: « Elvire Brissac pour *Un long hiver* ».
pub(super) fn part(drafts: &mut [Draft<'_>], segmentation: &Segmentation) {
    /// Fewer entries show no habit.
    const FEWEST: usize = 3;
    let parts: Vec<Option<(Text, Text)>> = (drafts.iter().enumerate())
        .map(|(number, draft)| name_and_title(draft, units_of(segmentation, number)))
        .collect();
    let n = parts.iter().flatten().count();
    if n < FEWEST || n * 3 < drafts.len() * 2 {
        return;
    }
    for (draft, parts) in drafts.iter_mut().zip(&parts) {
        if let Some((name, title)) = parts {
            draft.mention.name = Some(draft.ground("/name", name, Rule::Place));
            draft.mention.project = Some(draft.ground("/project", title, Rule::Place));
        }
    }
}

/// A name that ends in a title in italics, and what stands before.
fn name_and_title(draft: &Draft<'_>, units: &[Unit]) -> Option<(Text, Text)> {
    let name = draft.mention.name.as_deref()?;
    if draft.mention.project.is_some() || draft.is_labelled("/name") {
        return None;
    }
    let (unit, at) =
        (units.iter()).find_map(|unit| Some((unit, unit.text.as_str().find(name)?)))?;
    let whole = unit.text.slice(at..at + name.len());
    let mut italic = whole.ranges_where(|segment| segment.style.italic);
    let range = italic.pop().filter(|run| run.end == name.len())?;
    let before = name.get(..range.start)?.trim_end();
    let joint = (VOCABULARY.introducers().iter())
        .filter_map(|words| before.strip_suffix(words.as_str()))
        .filter(|before| before.ends_with(' '))
        .min_by_key(|before| before.len());
    let name = trimmed(&whole, 0..joint.unwrap_or(before).len());
    let title = trimmed(&whole, range);
    (!name.is_empty() && is_title(title.as_str(), draft)).then_some((name, title))
}

/// The one run of an entry's first lines that its look sets apart, and that is nothing else.
fn run(draft: &Draft<'_>, units: &[Unit]) -> Option<Text> {
    let name = draft.mention.name.as_deref()?;
    let lines = units
        .iter()
        .filter(|unit| unit.label.is_none() && unit.form != Form::Number)
        .take(NEAREST);
    let mut found = None;
    for unit in lines {
        let string = unit.text.as_str();
        // The name stands in the same line, in another look.
        let Some(at) = string.find(name) else {
            continue;
        };
        let italic = unit.text.ranges_where(|segment| segment.style.italic);
        let bold = unit.text.ranges_where(|segment| segment.style.bold);
        let runs = if italic.is_empty() { bold } else { italic };
        for range in runs {
            let apart = range.end <= at || range.start >= at + name.len();
            let text = trimmed(&unit.text, range);
            if !apart || !is_title(text.as_str(), draft) {
                continue;
            }
            if found.is_some() {
                return None;
            }
            found = Some(text);
        }
    }
    found
}

/// A run without the marks at its ends.
fn trimmed(text: &Text, range: Range<usize>) -> Text {
    let run = one_line([&text.slice(range)]);
    let string = run.as_str();
    let bare = string.trim_matches([' ', ',', ';', ':', '–', '—', '-', '«', '»', '“', '”']);
    let start = string.find(bare).unwrap_or(0);
    run.slice(start..start + bare.len())
}

/// Whether words may be a title: no prize, sum, place or label, and nothing that the record has already.
fn is_title(words: &str, draft: &Draft<'_>) -> bool {
    /// Titles are shorter than sentences.
    const LONGEST: usize = 16;
    let n = words.split_whitespace().count();
    let told = [
        draft
            .mention
            .award
            .as_ref()
            .map(|award| award.text.as_str()),
        draft.mention.theme.as_deref(),
        draft.mention.territory.as_deref(),
    ];
    (1..=LONGEST).contains(&n)
        && words.chars().filter(|c| c.is_alphabetic()).count() > 2
        && !words.ends_with('.')
        && !look::is_award(words)
        && look::find_amount(words).is_none()
        && places::likeness(words) < places::SURE
        && VOCABULARY.organisation_lean(words) <= 0.0
        && !told
            .into_iter()
            .flatten()
            .map(|value| value.trim_end_matches([' ', '\u{a0}', '»', '”']))
            .any(|value| value.contains(words) || words.contains(value))
}
