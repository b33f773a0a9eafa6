//! The heads of entries: which line is the title, what the lines around it say, and what a record takes from them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::beside;
use super::context;
use super::draft::{self, BESIDE, Draft, Rule, without_markers};
use super::heading::{self, Orientation};
use super::sublines::{self, Sublines};
use super::{Habits, amounts, fields, marker_number, number_of};
use crate::model::document::{BlockLabel, Document};
use crate::model::evidence::Join;
use crate::model::text::Text;
use crate::profile::{Field, Template, VOCABULARY, fold, places};
use crate::segment::entries::without_label;
use crate::segment::{Form, Span, Unit, look};

/// The head of an entry, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// The printed number.
    pub ordinal: Option<(u32, Text)>,
    /// The line that names the laureate, the project, or both.
    pub title: Option<Text>,
    /// A region's name of its own line.
    pub region: Option<Text>,
    /// A place: in parentheses, or on a line of its own.
    pub territory: Option<Text>,
    /// A line above the title that several entries share.
    pub kicker: Option<Text>,
    /// A bold line right below the title that is no place.
    pub subtitle: Option<Text>,
    /// The lines beside the title, whatever they tell.
    pub rest: Vec<Text>,
    /// What the short lines around the title say.
    pub lines: Sublines,
}

/// Takes every head apart. The title's class is decided for all heads together: it is the last line before the body in most of them.
pub(super) fn heads(
    document: &Document,
    units: &[Unit],
    spans: &[Span],
    habits: &Habits,
) -> Vec<Head> {
    let markers = &habits.markers;
    let lines = |span: &Span| units.get(span.head.clone()).unwrap_or_default();
    let usual = usual_title_class(document, units, spans);
    let titles = titles(document, units, spans, usual, markers);
    let is_numbered = are_numbered(&titles);
    let own_number = |title: &Text| numbered(title).filter(|_| is_numbered);
    let titles: Vec<Option<(Text, Option<usize>)>> = titles
        .into_iter()
        .map(|title| {
            let (title, index) = title?;
            let bare = own_number(&title).map(|(_, _, rest)| rest);
            Some((bare.unwrap_or(title), index))
        })
        .collect();
    let mut told = sublines::read(
        document,
        units,
        spans,
        &titles,
        habits.share(Field::Name) >= Habits::REGULAR,
    );
    let kinds = beside::kinds(units, spans, &titles);
    spans
        .par_iter()
        .zip(&mut told)
        .map(|(span, told)| {
            let lines = lines(span);
            let mut head = Head::default();
            let candidates = title_candidates(lines);
            let title = choose_title(document, &candidates, usual);
            let look = title.map_or(0, |title| end_of_look(&title.text));
            head.title = title.map(|title| without_markers(&title.text.slice(0..look), markers));
            if let Some((number, printed, rest)) = head.title.as_ref().and_then(own_number) {
                head.ordinal = Some((number, printed));
                head.title = Some(rest);
            }
            head.lines = std::mem::take(told);
            head.subtitle = title.and_then(|title| beside::subtitle(lines, title, &kinds));
            if let Some(below) = title.map(|title| title.text.slice(look..title.text.len()).trim())
                && !below.is_empty()
            {
                head.rest.push(draft::one_line([&below]));
                head.lines.description.get_or_insert(below);
            }
            let mut passed = false;
            for (index, unit) in span.head.clone().zip(lines) {
                if head.lines.units.contains(&index) {
                    continue;
                }
                let string = unit.text.as_str();
                match unit.form {
                    Form::Number => {
                        if let Some(number) = number_of(&unit.text) {
                            head.ordinal.get_or_insert((number, unit.text.clone()));
                        }
                    }
                    Form::Sentinel => {}
                    Form::Parenthesis => {
                        head.territory.get_or_insert_with(|| inside(&unit.text));
                    }
                    _ if title.is_some_and(|title| std::ptr::eq(title, unit)) => passed = true,
                    _ if VOCABULARY.is_region(without_label(string)) => {
                        let value = without_label(string);
                        let start = string.rfind(value).unwrap_or(0);
                        head.region = Some(unit.text.slice(start..start + value.len()));
                    }
                    _ if unit.repeated && !passed => head.kicker = Some(unit.text.clone()),
                    _ if look::find_amount(string).is_some() => {}
                    // « 2023 », « 12 mai 2022 »: when, not where.
                    _ if !string.contains(char::is_alphabetic)
                        || look::begins_with_date(string) => {}
                    _ if kinds
                        .get(&unit.class)
                        .is_some_and(|kind| kind.excludes(string)) => {}
                    // A known place before what only could be one.
                    _ if head.territory.as_ref().is_none_or(|so_far| {
                        let sure = |text: &str| places::likeness(text) >= places::SURE;
                        sure(string) && !sure(so_far.as_str())
                    }) =>
                    {
                        head.territory = Some(draft::one_line([&unit.text]));
                    }
                    _ => {}
                }
                // Headings above the title are about others as well.
                let is_heading = document
                    .blocks
                    .get(unit.block)
                    .is_some_and(|block| block.label == BlockLabel::SectionHeader);
                let is_title = title.is_some_and(|title| std::ptr::eq(title, unit));
                if unit.form == Form::Short && !is_title && (passed || !is_heading) {
                    head.rest.push(draft::one_line([&unit.text]));
                }
            }
            if head.ordinal.is_none() {
                head.ordinal =
                    title.and_then(|title| marker_number(document.blocks.get(title.block)?));
            }
            head
        })
        .collect()
}

/// The title of each head as its look ends it, with its place among the units.
fn titles(
    document: &Document,
    units: &[Unit],
    spans: &[Span],
    usual: Option<u32>,
    markers: &[String],
) -> Vec<Option<(Text, Option<usize>)>> {
    spans
        .iter()
        .map(|span| {
            let lines = units.get(span.head.clone()).unwrap_or_default();
            let candidates = title_candidates(lines);
            let title = choose_title(document, &candidates, usual)?;
            let index = (span.head.clone()).find(|index| {
                units
                    .get(*index)
                    .is_some_and(|unit| std::ptr::eq(unit, title))
            });
            let title = title.text.slice(0..end_of_look(&title.text));
            Some((without_markers(&title, markers), index))
        })
        .collect()
}

/// Where a title ends that begins in bold, and below which lines without any stand in the same block.
fn end_of_look(title: &Text) -> usize {
    let string = title.as_str();
    let bold = title.ranges_where(|segment| segment.style.bold);
    match (bold.first(), bold.last()) {
        (Some(first), Some(last)) if first.start == 0 => string
            .match_indices('\n')
            .map(|(at, _)| at)
            .find(|at| last.end <= at + 1)
            .unwrap_or(string.len()),
        _ => string.len(),
    }
}

/// The class that most titles have: a heading's where most heads have one, else that of the last line.
fn usual_title_class(document: &Document, units: &[Unit], spans: &[Span]) -> Option<u32> {
    let mut last: BTreeMap<u32, usize> = BTreeMap::new();
    let mut headings: BTreeMap<u32, usize> = BTreeMap::new();
    for span in spans {
        let candidates = title_candidates(units.get(span.head.clone()).unwrap_or_default());
        if let Some(unit) = candidates.last() {
            *last.entry(unit.class).or_default() += 1;
        }
        for unit in candidates.iter().filter(|unit| {
            !unit.repeated
                && document
                    .blocks
                    .get(unit.block)
                    .is_some_and(|block| block.label == BlockLabel::SectionHeader)
        }) {
            *headings.entry(unit.class).or_default() += 1;
        }
    }
    let most = |classes: BTreeMap<u32, usize>| {
        classes
            .into_iter()
            .max_by_key(|(class, count)| (*count, std::cmp::Reverse(*class)))
    };
    most(headings)
        .filter(|(_, count)| count * 5 >= spans.len() * 3)
        .or_else(|| most(last))
        .map(|(class, _)| class)
}

/// Whether the numbers in front of titles are the entries': nearly all titles begin with one, and a mark behind it or one more than the last. Bold
/// headings of pages keep theirs.
fn are_numbered(titles: &[Option<(Text, Option<usize>)>]) -> bool {
    let numbers: Vec<(u32, bool)> = titles
        .iter()
        .flatten()
        .filter_map(|(title, _)| {
            let (number, digits, rest) = numbered(title)?;
            Some((number, digits.len() + rest.len() + 1 < title.len()))
        })
        .collect();
    let n_marked = numbers.iter().filter(|(_, marked)| *marked).count();
    let n_next = (numbers.iter().zip(numbers.iter().skip(1)))
        .filter(|((above, _), (below, _))| *below == above + 1)
        .count();
    let nearly_all = |n: usize| n > 1 && n * 10 >= titles.len() * 9;
    nearly_all(n_marked) || nearly_all(numbers.len()) && (n_next + 1) * 10 >= numbers.len() * 9
}

/// The number in front of a title (« 12. Association X », « 03 Association X »), its digits, and the title.
fn numbered(title: &Text) -> Option<(u32, Text, Text)> {
    let string = title.as_str();
    let rest = string.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = string.len() - rest.len();
    let number = string.get(..digits)?.parse().ok()?;
    let behind = rest.strip_prefix(['.', ')']).unwrap_or(rest);
    let words = behind.strip_prefix(' ')?.trim_start();
    let start = string.len() - words.len();
    words.starts_with(char::is_alphabetic).then(|| {
        (
            number,
            title.slice(0..digits),
            title.slice(start..string.len()),
        )
    })
}

/// The lines of a head that can be its title: a prize or a place only where nothing else can.
fn title_candidates(lines: &[Unit]) -> Vec<&Unit> {
    let short: Vec<&Unit> = lines
        .iter()
        .filter(|unit| {
            unit.form == Form::Short && !VOCABULARY.is_region(without_label(unit.text.as_str()))
        })
        .collect();
    let is_other = |unit: &&Unit| {
        let string = unit.text.as_str();
        // « Prix 2020 : La maison des mots » names more than the prize.
        look::is_award(string) && !string.contains(" : ")
            || places::likeness(string) >= 0.8
            || string.chars().filter(|c| c.is_alphabetic()).count() < 2
    };
    if short.iter().all(is_other) {
        return short;
    }
    short.into_iter().filter(|unit| !is_other(unit)).collect()
}

fn choose_title<'u>(
    document: &Document,
    candidates: &[&'u Unit],
    usual: Option<u32>,
) -> Option<&'u Unit> {
    let size_of = |unit: &Unit| {
        document
            .blocks
            .get(unit.block)
            .map(|block| block.style.size)
    };
    let largest = candidates
        .iter()
        .filter_map(|unit| size_of(unit))
        .fold(f32::NEG_INFINITY, f32::max);
    let score = |index: usize, unit: &Unit| {
        let block = document.blocks.get(unit.block);
        let heading = block.is_some_and(|block| block.label == BlockLabel::SectionHeader);
        let note = unit
            .text
            .segments()
            .last()
            .is_some_and(|segment| segment.style.superscript);
        i32::from(note) * 8
            + i32::from(Some(unit.class) == usual) * 4
            + i32::from(heading) * 3
            + i32::from(index + 1 == candidates.len()) * 2
            + i32::from(!unit.repeated) * 3
            + i32::from(largest <= size_of(unit).unwrap_or(0.0))
    };
    candidates
        .iter()
        .enumerate()
        .max_by_key(|(index, unit)| (score(*index, unit), *index))
        .map(|(_, unit)| *unit)
}

/// The words inside a parenthesis.
pub(super) fn inside(text: &Text) -> Text {
    let text = draft::one_line([text]);
    text.slice(1..text.len().saturating_sub(1)).trim()
}

/// Keeps the lines of a head that no field takes.
pub(super) fn keep_rest(draft: &mut Draft<'_>, rest: &[Text]) {
    if rest.is_empty() {
        return;
    }
    let mention = &draft.mention;
    let fields = [
        &mention.name,
        &mention.project,
        &mention.territory,
        &mention.region,
        &mention.group,
        &mention.theme,
        &mention.call,
        &mention.aid_type,
        &mention.description,
    ];
    let mut told: Vec<String> = fields
        .into_iter()
        .flatten()
        .map(|value| fold(value))
        .collect();
    told.extend(mention.amount.iter().map(|amount| fold(&amount.text)));
    told.extend(mention.award.iter().map(|award| fold(&award.text)));
    told.retain(|value| !value.is_empty());
    let mut kept = Text::new();
    for text in rest {
        let own = fold(text.as_str());
        let is_told = (told.iter()).any(|value| value.contains(&own) || own.contains(value));
        if !is_told && own.contains(char::is_alphabetic) {
            kept.append(text, Join::Newline);
        }
    }
    if !kept.is_empty() {
        let value = draft.ground(&format!("/other/{BESIDE}"), &kept, Rule::Place);
        draft.mention.other.insert(BESIDE.to_owned(), value);
    }
}

/// Name, project, place and kind of aid from the head; what labels gave stays.
pub(super) fn fill_head(
    draft: &mut Draft<'_>,
    head: &Head,
    orientation: Orientation,
    template: Option<&Template>,
) {
    if let Some((number, text)) = &head.ordinal {
        draft.ground("/ordinal", text, Rule::Heading);
        draft.mention.ordinal = Some(*number);
    }
    if let Some(title) = head
        .title
        .as_ref()
        .map(|title| {
            let whole = template.is_some();
            head.lines
                .title
                .as_ref()
                .filter(|_| !whole)
                .unwrap_or(title)
        })
        .filter(|title| !title.is_empty())
    {
        let declared = template.and_then(|template| heading::split_as(title, template));
        if let Some((number, text)) = declared.as_ref().and_then(|split| split.ordinal.as_ref()) {
            draft.ground("/ordinal", text, Rule::Template);
            draft.mention.ordinal = Some(*number);
        }
        let rule = if declared.is_some() {
            Rule::Template
        } else {
            Rule::Heading
        };
        let split = declared.unwrap_or_else(|| {
            heading::split(
                title,
                orientation,
                draft.mention.name.is_some(),
                draft.mention.project.is_some(),
            )
        });
        if let Some(name) = split.name.filter(|_| draft.mention.name.is_none()) {
            draft.mention.name = Some(draft.ground("/name", &name, rule));
        }
        if let Some(project) = split.project.filter(|_| draft.mention.project.is_none()) {
            draft.mention.project = Some(draft.ground("/project", &project, rule));
        }
        if let Some(territory) = split
            .territory
            .filter(|_| draft.mention.territory.is_none())
        {
            draft.mention.territory = Some(draft.ground("/territory", &territory, rule));
        }
    }
    if let Some(territory) = head
        .territory
        .as_ref()
        .filter(|_| draft.mention.territory.is_none())
    {
        draft.mention.territory = Some(draft.ground("/territory", territory, Rule::Heading));
    }
    if let Some(subtitle) = (head.subtitle.as_ref())
        .filter(|_| draft.mention.name.is_some() && draft.mention.project.is_none())
    {
        draft.mention.project = Some(draft.ground("/project", subtitle, Rule::Place));
    }
    if let Some(kicker) = &head.kicker {
        if VOCABULARY.begins_aid(kicker.as_str()) {
            draft.mention.aid_type = Some(draft.ground("/aid_type", kicker, Rule::Heading));
        } else if draft.mention.theme.is_none() {
            draft.mention.theme = Some(draft.ground("/theme", kicker, Rule::Place));
        }
    }
}

/// What the short lines around the title say; what labels gave stays.
pub(super) fn fill_sublines(
    draft: &mut Draft<'_>,
    head: &Head,
    orientation: Orientation,
    context: &context::Context,
) {
    let lines = &head.lines;
    if let Some(text) = lines.name.as_ref().filter(|_| draft.mention.name.is_none()) {
        draft.mention.name = Some(draft.ground("/name", text, Rule::Line));
    }
    if let Some(text) = lines
        .project
        .as_ref()
        .filter(|_| draft.mention.project.is_none())
    {
        let title = heading::bare_title(text, orientation.entitled);
        draft.mention.project = Some(draft.ground("/project", &title, Rule::Line));
    }
    // Where a label tells the place, what stands where another document has one is a subject: « Fanfare X (Culture) ».
    let (mut territory, mut theme) = (lines.territory.as_ref(), lines.theme.as_ref());
    if draft.mention.territory.is_some() {
        let subject = territory.take();
        theme = theme.or(subject.filter(|text| places::likeness(text.as_str()) < places::SURE));
    }
    if let Some(text) = territory {
        draft.mention.territory = Some(draft.ground("/territory", text, Rule::Line));
    }
    if let Some(text) = lines
        .region
        .as_ref()
        .filter(|_| draft.mention.region.is_none())
    {
        draft.mention.region = Some(draft.ground("/region", text, Rule::Line));
    }
    if let Some(text) = theme.filter(|_| draft.mention.theme.is_none()) {
        draft.mention.theme = Some(draft.ground("/theme", text, Rule::Place));
    }
    if let Some(text) = lines
        .description
        .as_ref()
        .filter(|_| draft.mention.description.is_none())
    {
        draft.mention.description = Some(draft.ground("/description", text, Rule::Place));
    }
    if let Some(text) = lines
        .amount
        .as_ref()
        .filter(|_| draft.mention.amount.is_none())
    {
        let mut amount = amounts::first(text.as_str()).unwrap_or_default();
        amount.text = draft.ground("/amount", text, Rule::Line);
        draft.mention.amount = Some(amount);
    }
    if let Some(text) = lines
        .award
        .as_ref()
        .filter(|_| draft.mention.award.is_none())
    {
        draft.mention.award = Some(fields::award(
            draft,
            text,
            context.category.as_ref(),
            Rule::Heading,
        ));
    }
    if let Some((number, text)) = &lines.ordinal {
        draft.ground("/ordinal", text, Rule::Line);
        draft.mention.ordinal = Some(*number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Source, Style};

    #[track_caller]
    fn check_title(parts: &[(&str, bool)], title: &str) {
        let mut text = Text::new();
        for (string, bold) in parts {
            let style = Style {
                bold: *bold,
                ..Style::default()
            };
            let source = Source::Exact {
                start: 0,
                line: 1,
                node: None,
            };
            text.push(string, source, style);
        }
        assert_eq!(text.as_str().get(..end_of_look(&text)), Some(title));
    }

    #[test]
    fn a_title_in_bold_ends_above_a_line_without() {
        check_title(
            &[
                ("Carnet de quai – Port de la Baie", true),
                ("\nConnaître les places", false),
            ],
            "Carnet de quai – Port de la Baie",
        );
        check_title(
            &[
                ("Carnet de quai", true),
                (" – Port\n", false),
                ("de la Baie", true),
            ],
            "Carnet de quai – Port\nde la Baie",
        );
        check_title(&[("Carnet\nde quai", false)], "Carnet\nde quai");
    }
}
