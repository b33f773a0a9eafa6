//! Units that are labels by what stands around them: a label alone on its line, an introduction, a subheading that comes again in every entry.

use std::collections::HashMap;
use std::ops::Range;

use super::look::is_award;
use super::parts::{bold_run, lead_run};
use super::units::{Form, Unit, UnitLabel, Units, find_colon, first_line, skip_space};
use crate::model::document::{BlockLabel, Document};
use crate::profile::{Field, Lexicon, fold, stem};

/// A line that is a label of the lexicon and nothing else is one where the document repeats it: « Territoire » alone could be anything once. Its
/// value stands on the next line of the block, or in the next unit.
pub(super) fn label_lines_alone(units: &mut Units, lexicon: &Lexicon, copies: usize) {
    const REPEATED: usize = 2;
    let least = REPEATED * copies;
    let found = |unit: &Unit| -> Option<(Field, usize)> {
        if unit.label.is_some() || !matches!(unit.form, Form::Short | Form::Prose) {
            return None;
        }
        let line = unit.text.as_str().split('\n').next()?;
        Some((lexicon.field(line)?, line.len()))
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for unit in units.list.iter().filter(|unit| found(unit).is_some()) {
        *counts.entry(first_line(unit.text.as_str())).or_default() += 1;
    }
    for unit in &mut units.list {
        if let Some((field, end)) = found(unit)
            && (counts
                .get(&first_line(unit.text.as_str()))
                .is_some_and(|count| *count >= least)
                || lexicon.is_certain(unit.text.as_str().get(..end).unwrap_or_default()))
        {
            let label = unit.text.as_str().get(..end).unwrap_or_default().to_owned();
            set_label(unit, field, label, end);
        }
    }
}

/// A short line that ends with a colon and that the document repeats introduces what follows: « L'équipe : ».
pub(super) fn label_introductions(units: &mut Units, copies: usize) {
    const REPEATED: usize = 2;
    let least = REPEATED * copies;
    let words = |unit: &Unit| {
        let string = unit.text.as_str().trim_end();
        let introduces = unit.label.is_none()
            && string.ends_with(':')
            && string.split_whitespace().count() <= 5
            && !string.contains(|c: char| c.is_ascii_digit());
        introduces.then(|| fold(string))
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for found in units.list.iter().filter_map(words) {
        *counts.entry(found).or_default() += 1;
    }
    for unit in &mut units.list {
        if words(unit).is_some_and(|words| counts.get(&words).is_some_and(|count| *count >= least))
        {
            let end = unit.text.len();
            unit.label = Some(UnitLabel {
                field: Field::Other,
                text: unit.text.as_str().trim_end_matches([':', ' ']).to_owned(),
                value: end..end,
                column: false,
            });
            unit.form = Form::Labelled;
        }
    }
}

/// A heading (or a line all in bold) that the document repeats, each time with text right below it, is a label: « Problématique ». The lexicon may
/// know it or not.
pub(super) fn label_subheadings(
    units: &mut Units,
    document: &Document,
    lexicon: &Lexicon,
    copies: usize,
) {
    const REPEATED: usize = 3;
    let least = REPEATED * copies;
    let heading = |unit: &Unit| -> Option<(String, usize)> {
        if unit.label.is_some() || !matches!(unit.form, Form::Short | Form::Prose) {
            return None;
        }
        let line = unit.text.as_str().split('\n').next()?;
        let bold = unit
            .text
            .ranges_where(|segment| segment.style.bold)
            .first()
            .is_some_and(|bold| bold.start == 0 && bold.end >= line.trim_end().len());
        let header = document
            .blocks
            .get(unit.block)
            .is_some_and(|block| block.label == BlockLabel::SectionHeader);
        let words = line.split_whitespace().count();
        ((bold || header) && words <= 12).then(|| {
            (
                fold(line.trim_end_matches(['…', '.', ':', ' '])),
                line.len(),
            )
        })
    };
    let below = |list: &[Unit], index: usize, end: usize| {
        let own = list.get(index).is_some_and(|unit| unit.text.len() > end);
        own || list.get(index + 1).is_some_and(|next| {
            next.form == Form::Prose
                || document
                    .blocks
                    .get(next.block)
                    .is_some_and(|block| block.label == BlockLabel::ListItem)
        })
    };
    let mut counts: HashMap<String, (usize, usize)> = HashMap::new();
    for (index, unit) in units.list.iter().enumerate() {
        if let Some((words, end)) = heading(unit) {
            let count = counts.entry(words).or_default();
            count.0 += 1;
            count.1 += usize::from(below(&units.list, index, end));
        }
    }
    for unit in &mut units.list {
        if let Some((words, end)) = heading(unit)
            && counts
                .get(&words)
                .is_some_and(|(all, followed)| *all >= least && followed * 10 >= all * 8)
        {
            let text = unit.text.as_str();
            let label = text
                .get(..end)
                .unwrap_or_default()
                .trim_end_matches([':', ' '])
                .to_owned();
            let field = lexicon
                .field(label.trim_end_matches(['…', '.', ' ']))
                .unwrap_or(Field::Other);
            set_label(unit, field, label, end);
        }
    }
}

/// Makes the first line of a unit, which ends at `end`, the label of what stands below.
fn set_label(unit: &mut Unit, field: Field, text: String, end: usize) {
    let length = unit.text.len();
    unit.label = Some(UnitLabel {
        field,
        text,
        value: (end + 1).min(length)..length,
        column: false,
    });
    unit.form = Form::Labelled;
}

/// Labels that the document repeats: « Durée de vie : … » in several places; in bold also without a colon, where they go on with their value (« **Main dans la main
/// avec** le lycée »). They feed the field of the label that they hold (« Titre long »), else `other`.
pub(super) fn learn_labels(units: &mut Units, lexicon: &Lexicon, copies: usize) {
    // Twice could be chance, three times is a form.
    const REPEATED: usize = 3;
    let least = REPEATED * copies;
    let candidate = |unit: &Unit| -> Option<(String, Range<usize>)> {
        if unit.label.is_some() || unit.form == Form::Footnote {
            return None;
        }
        let string = unit.text.as_str();
        let bold = bold_run(&unit.text);
        let Some((colon, width)) = find_colon(string).filter(|(colon, _)| bold <= colon + 2) else {
            let run = lead_run(&unit.text);
            let (words, rest) = string.split_at_checked(run)?;
            let words = words.trim();
            let is_label = leads_on(words, rest) || run > bold && stands_alone(words);
            return is_label.then(|| (words.to_owned(), skip_space(string, run)..string.len()));
        };
        let words = string.get(..colon)?.trim();
        let bold = bold >= colon && bold <= colon + width + 1;
        let short = words.split(' ').count() <= if bold { 8 } else { 4 };
        let begins = words.starts_with(char::is_uppercase)
            || string
                .get(colon..)
                .is_some_and(|sign| sign.starts_with('='));
        (short && begins && colon + width < string.len()).then(|| {
            (
                words.to_owned(),
                skip_space(string, colon + width)..string.len(),
            )
        })
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    for unit in &units.list {
        if let Some((words, _)) = candidate(unit) {
            *counts.entry(stem(&fold(&words))).or_default() += 1;
        }
    }
    for unit in &mut units.list {
        if let Some((words, value)) = candidate(unit)
            && counts
                .get(&stem(&fold(&words)))
                .is_some_and(|count| *count >= least)
        {
            unit.label = Some(UnitLabel {
                field: lexicon
                    .field(&words)
                    .or_else(|| lexicon.field_of_part(&words))
                    .unwrap_or(Field::Other),
                text: words,
                value,
                column: false,
            });
            unit.form = Form::Labelled;
        }
    }
}

/// Whether words in a look of their own may be a label by themselves: « Pourquoi » in italics beside its answer.
fn stands_alone(words: &str) -> bool {
    const LONGEST: usize = 4;
    let n = words.split_whitespace().count();
    (1..=LONGEST).contains(&n)
        && words.starts_with(char::is_uppercase)
        && !words.contains(|c: char| c.is_ascii_digit())
        && !is_award(words)
}

/// Whether words set apart are the beginning of what follows them: several, the last of them in small letters, and no mark between.
fn leads_on(words: &str, rest: &str) -> bool {
    const LONGEST: usize = 8;
    let n = words.split_whitespace().count();
    let last = words.split_whitespace().next_back().unwrap_or_default();
    (2..=LONGEST).contains(&n)
        && words.starts_with(char::is_uppercase)
        && last.chars().all(char::is_lowercase)
        && rest.trim_start().starts_with(char::is_alphanumeric)
        && !is_award(words)
}
