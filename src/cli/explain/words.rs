//! What explain shows, in words: where a value stands, which rule gave it, what a block is.

use std::collections::BTreeMap;

use palmares::extract::draft::{Rule, Rules};
use palmares::message;
use palmares::message::{Message, list, verbatim};
use palmares::model::document::{Block, BlockLabel, Document};
use palmares::model::evidence::Evidence;
use palmares::model::text::{Style, Text};
use palmares::profile::{Profile, fold};

/// The rule that gave a value, in words: a label and whose it is, the heading, a section, or the place alone.
pub(super) fn rule(
    pointer: &str,
    rules: &Rules,
    labels: &[(String, &'static str)],
    profile: Option<&Profile>,
) -> Message {
    let mut steps = pointer.split('/').skip(1);
    let field = match steps.next().unwrap_or_default() {
        "partners_text" => "partners",
        field => field,
    };
    match rules.get(pointer) {
        Some(Rule::Label) => {
            let own = |label: &str| {
                profile.is_some_and(|profile| {
                    profile
                        .labels
                        .keys()
                        .any(|known| fold(known.trim_end_matches(['*', ' '])) == fold(label))
                })
            };
            let label = if field == "other" {
                steps
                    .next()
                    .map(|label| label.replace("~1", "/").replace("~0", "~"))
            } else {
                labels
                    .iter()
                    .find(|(_, fed)| *fed == field)
                    .map(|(label, _)| label.clone())
            };
            match label {
                Some(label) if own(&label) => message!("the profile's label « {label} »", label),
                Some(label) => message!("the label « {label} »", label),
                None => message!("set apart in the text"),
            }
        }
        Some(Rule::Template) => message!("the heading, as the profile splits it"),
        Some(Rule::Heading) => message!("the heading"),
        Some(Rule::Line) => message!("its part of the line, as in the lines beside it"),
        Some(Rule::Section) => message!("the section"),
        Some(Rule::Index) => message!("the index, by the entry's number"),
        None => message!("what the entry says elsewhere"),
        Some(Rule::Place) => message!("its place"),
        Some(Rule::Learnt) => {
            message!("what stands around these words, as in the entries beside it")
        }
    }
}

/// What a block is; furniture is marked by `~`.
pub(super) fn label_of(block: &Block) -> String {
    let label = match block.label {
        BlockLabel::Title => "Title",
        BlockLabel::SectionHeader => "SectionHeader",
        BlockLabel::Text => "Text",
        BlockLabel::ListItem => "ListItem",
        BlockLabel::Quote => "Quote",
        BlockLabel::Caption => "Caption",
        BlockLabel::Footnote => "Footnote",
        BlockLabel::PageHeader => "PageHeader",
        BlockLabel::PageFooter => "PageFooter",
    };
    let level = block
        .level
        .map_or_else(String::new, |level| format!(" {level}"));
    format!("{}{label}{level}", if block.is_body() { "" } else { "~" })
}

pub(super) fn style_of(style: &Style) -> String {
    let mut words = Vec::new();
    if style.size > 0.0 {
        words.push(format!("{:.1}", style.size));
    }
    words.extend(style.bold.then(|| "bold".to_owned()));
    words.extend(style.italic.then(|| "italic".to_owned()));
    words.extend(style.superscript.then(|| "super".to_owned()));
    words.extend((style.color != 0).then(|| format!("#{:06x}", style.color)));
    words.join(" ")
}

pub(super) fn marker_of(block: &Block) -> String {
    block
        .marker
        .as_ref()
        .map_or_else(String::new, |marker| format!("{} ", marker.as_str()))
}

pub(super) fn place_of(text: &Text, document: &Document) -> Message {
    document
        .evidence(text)
        .first()
        .map_or_else(Message::default, described)
}

/// Page, line, cell or paragraph, whichever the format has.
pub(super) fn short_place(text: &Text, page: Option<u32>, document: &Document) -> Message {
    if let Some(page) = page {
        return message!("page {page}", page);
    }
    let evidence = document.evidence(text);
    (evidence.first().and_then(Evidence::place)).unwrap_or_default()
}

/// A place as a person looks it up, with the figures that a program asks for.
pub(crate) fn described(piece: &Evidence) -> Message {
    if let (Some(page), Some(bbox)) = (piece.page, piece.bbox) {
        let bbox = bbox.map(|edge| edge.to_string()).join(" ");
        return message!("page {page}, box {bbox}", page, bbox);
    }
    let parts = [
        piece.line.map(|line| message!("line {line}", line)),
        (piece.sheet.as_ref()).map(|sheet| message!("sheet {sheet}", sheet)),
        (piece.cell.as_ref()).map(|cell| message!("cell {cell}", cell)),
        piece.part.clone().map(verbatim),
        piece
            .paragraph
            .map(|paragraph| message!("paragraph {paragraph}", paragraph)),
        piece
            .characters
            .map(|[start, end]| message!("characters {start}–{end}", start, end)),
        piece
            .span
            .map(|[start, end]| message!("bytes {start}–{end}", start, end)),
        piece.selector.clone().map(verbatim),
    ];
    message!("{parts}", parts = list(parts.into_iter().flatten(), ", "))
}

/// A place as a person finds it: where on the page, or in which of the last elements.
pub(super) fn looked_up(piece: &Evidence, extents: &Extents) -> Message {
    if let (Some(page), Some(bbox)) = (piece.page, piece.bbox) {
        return match extents.0.get(&page).map(|extent| part_of(bbox, *extent)) {
            Some(part) => message!("page {page}, {part}", page, part),
            None => message!("page {page}", page),
        };
    }
    let place = piece.place().unwrap_or_default();
    match piece.selector.as_deref().map(shortest) {
        Some(selector) if place.is_empty() => verbatim(selector),
        Some(selector) => message!("{place}, {selector}", place, selector),
        None => place,
    }
}

/// The box that the text of each page fills.
#[derive(Debug, Default)]
pub(super) struct Extents(BTreeMap<u32, [f64; 4]>);

impl Extents {
    /// Of the pages of a document; nothing where it has none.
    pub(super) fn of(document: &Document) -> Self {
        let mut extents: BTreeMap<u32, [f64; 4]> = BTreeMap::new();
        for piece in document
            .blocks
            .iter()
            .flat_map(|block| document.evidence(&block.text))
        {
            let (Some(page), Some([x0, y0, x1, y1])) = (piece.page, piece.bbox) else {
                continue;
            };
            let [left, top, right, bottom] = extents.entry(page).or_insert([x0, y0, x1, y1]);
            (*left, *top) = (left.min(x0), top.min(y0));
            (*right, *bottom) = (right.max(x1), bottom.max(y1));
        }
        Self(extents)
    }
}

/// In which part of what a page's text fills a box lies.
fn part_of([x0, y0, x1, y1]: [f64; 4], [left, top, right, bottom]: [f64; 4]) -> Message {
    let third = |middle: f64, from: f64, to: f64| match (middle - from) / (to - from).max(1.0) {
        share if share < 1.0 / 3.0 => 0,
        share if share < 2.0 / 3.0 => 1,
        _ => 2,
    };
    let is_wide = x1 - x0 > (right - left) / 2.0;
    match (
        third(f64::midpoint(y0, y1), top, bottom),
        third(f64::midpoint(x0, x1), left, right),
    ) {
        (0, _) if is_wide => message!("at the top"),
        (1, _) if is_wide => message!("in the middle"),
        (_, _) if is_wide => message!("at the bottom"),
        (0, 0) => message!("top left"),
        (0, 1) => message!("top centre"),
        (0, _) => message!("top right"),
        (1, 0) => message!("middle left"),
        (1, 1) => message!("centre"),
        (1, _) => message!("middle right"),
        (_, 0) => message!("bottom left"),
        (_, 1) => message!("bottom centre"),
        (_, _) => message!("bottom right"),
    }
}

/// The end of a selector, which a person finds again.
fn shortest(selector: &str) -> String {
    const STEPS: usize = 2;
    let steps: Vec<&str> = selector.split(" > ").collect();
    steps
        .iter()
        .skip(steps.len().saturating_sub(STEPS))
        .copied()
        .collect::<Vec<_>>()
        .join(" > ")
}

/// A value on one line, cut where it would fill the screen unless all of it is asked for.
pub(super) fn one_line(text: &str, full: bool) -> String {
    const LENGTH: usize = 100;
    let text = text.replace('\n', " ⏎ ");
    if full || text.chars().count() <= LENGTH {
        return text;
    }
    let start: String = text.chars().take(LENGTH).collect();
    format!("{start}…")
}

/// A measure as it is shown: never « -0.00 ».
pub(super) fn hundredths(measure: f32) -> f32 {
    (measure * 100.0).round() / 100.0 + 0.0
}
