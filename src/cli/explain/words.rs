//! What explain shows, in words: where a value stands, which rule gave it, what a block is.

use palmares::extract::draft::{Rule, Rules};
use palmares::model::document::{Block, BlockLabel, Document};
use palmares::model::evidence::Evidence;
use palmares::model::text::{Style, Text};
use palmares::profile::{Profile, fold};

/// A number with what it counts, one or several.
pub(super) fn counted(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// The rule that gave a value, in words: a label and whose it is, the heading, a section, or the place alone.
pub(super) fn rule(
    pointer: &str,
    rules: &Rules,
    labels: &[(String, &'static str)],
    profile: Option<&Profile>,
) -> String {
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
                Some(label) if own(&label) => format!("the profile's label « {label} »"),
                Some(label) => format!("the label « {label} »"),
                None => "set apart in the text".to_owned(),
            }
        }
        Some(Rule::Template) => "the heading, as the profile splits it".to_owned(),
        Some(Rule::Heading) => "the heading".to_owned(),
        Some(Rule::Line) => "its part of the line, as in the lines beside it".to_owned(),
        Some(Rule::Section) => "the section".to_owned(),
        Some(Rule::Index) => "the index, by the entry's number".to_owned(),
        None => "what the entry says elsewhere".to_owned(),
        Some(Rule::Place) => "its place".to_owned(),
        Some(Rule::Learnt) => {
            "what stands around these words, as in the entries beside it".to_owned()
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

pub(super) fn place_of(text: &Text, document: &Document) -> String {
    document
        .evidence(text)
        .first()
        .map_or_else(String::new, described)
}

/// Page, line, cell or paragraph, whichever the format has.
pub(super) fn short_place(text: &Text, page: Option<u32>, document: &Document) -> String {
    if let Some(page) = page {
        return format!("page {page}");
    }
    let evidence = document.evidence(text);
    evidence.first().map_or_else(String::new, Evidence::place)
}

/// A place as a person looks it up.
pub(crate) fn described(piece: &Evidence) -> String {
    if let (Some(page), Some([x0, y0, x1, y1])) = (piece.page, piece.bbox) {
        return format!("page {page}, box {x0} {y0} {x1} {y1}");
    }
    let bytes = piece
        .span
        .map(|[start, end]| format!("bytes {start}–{end}"));
    let line = piece.line.map(|line| format!("line {line}"));
    let characters = piece
        .characters
        .map(|[start, end]| format!("characters {start}–{end}"));
    let sheet = piece.sheet.as_ref().map(|sheet| format!("sheet {sheet}"));
    let cell = piece.cell.as_ref().map(|cell| format!("cell {cell}"));
    let paragraph = piece
        .paragraph
        .map(|paragraph| format!("paragraph {paragraph}"));
    line.into_iter()
        .chain(sheet)
        .chain(cell)
        .chain(piece.part.clone())
        .chain(paragraph)
        .chain(characters)
        .chain(bytes)
        .chain(piece.selector.clone())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A value on one line, cut where it would fill the screen.
pub(super) fn one_line(text: &str) -> String {
    const LENGTH: usize = 100;
    let text = text.replace('\n', " ⏎ ");
    if text.chars().count() <= LENGTH {
        return text;
    }
    let start: String = text.chars().take(LENGTH).collect();
    format!("{start}…")
}

/// A measure as it is shown: never « -0.00 ».
pub(super) fn hundredths(measure: f32) -> f32 {
    (measure * 100.0).round() / 100.0 + 0.0
}
