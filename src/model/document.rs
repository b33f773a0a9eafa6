//! What parsing and layout make of a file, in one shape for every format: labelled blocks in reading order, each grounded.

use super::evidence::Evidence;
use super::geometry::BoundingBox;
use super::raw::{DocumentId, Format};
use super::text::{Grounds, Style, Text};

/// What a block is (the field's standard labels).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockLabel {
    /// The document's own title.
    Title,
    /// A heading; its rank is `Block::level`.
    SectionHeader,
    /// A paragraph.
    Text,
    /// An item of a list; its bullet or number is `Block::marker`.
    ListItem,
    /// A quotation set apart.
    Quote,
    /// Words under or beside a picture or table.
    Caption,
    /// A note at the foot of a page or text; its number is `Block::marker`.
    Footnote,
    /// A running header.
    PageHeader,
    /// A running footer or folio.
    PageFooter,
}

/// Whether a block belongs to what the document says, or to what surrounds it on every page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layer {
    /// Content.
    #[default]
    Body,
    /// Running headers, folios, menus, cookie banners, teasers: kept, shown by `explain`, never read as content.
    Furniture,
}

/// A block's place in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which table of the document, from 0.
    pub table: u32,
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub column: u16,
    /// Whether it heads its column (or row).
    pub header: bool,
}

/// A hyperlink inside a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Bytes of the block's text that carry it.
    pub range: std::ops::Range<usize>,
    /// Where it leads, as written.
    pub target: String,
}

/// An element of an HTML tree, as far as grounding and sibling shapes need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Index of the parent in `Document::nodes`.
    pub parent: Option<u32>,
    /// Tag name, lower case.
    pub tag: String,
    /// Class attribute, as written.
    pub class: String,
    /// Id attribute, as written; empty without one.
    pub id: String,
    /// Position among the parent's children of the same tag, from 1: what `:nth-of-type` counts.
    pub nth_of_type: u32,
}

/// Where a text stands in a format that has neither pages nor bytes to point at: a file that is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The sheet or part, by its index in `Document::parts`.
    pub part: u32,
    /// Where in it.
    pub spot: Spot,
}

/// What of a sheet or part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The name of a sheet.
    Tab,
    /// A cell of a sheet; row and column from 0.
    Cell {
        /// Row.
        row: u32,
        /// Column.
        column: u32,
    },
    /// A paragraph of a part, from 1.
    Paragraph(u32),
}

/// A paragraph, heading, list item, cell paragraph or note.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is.
    pub label: BlockLabel,
    /// Content or surroundings.
    pub layer: Layer,
    /// The characters, white space collapsed; a line feed stands for a break that the author made (`<br>`, a line of a poem or an address), a
    /// space for one that typesetting made.
    pub text: Text,
    /// Rank of a heading: 1 is the highest. From the markup, or from type size and weight.
    pub level: Option<u8>,
    /// How most of it is set.
    pub style: Style,
    /// The bullet, number or note marker printed in front, which is not part of `text`.
    pub marker: Option<Text>,
    /// Nesting of lists, from 0.
    pub depth: u8,
    /// Page from 1, for formats with pages.
    pub page: Option<u32>,
    /// Box on that page, in points.
    pub bbox: Option<BoundingBox>,
    /// Element that holds it, in `Document::nodes`.
    pub node: Option<u32>,
    /// Place in a table.
    pub cell: Option<Cell>,
    /// Number of the drawn box (a frame or a filled area smaller than the column) that it stands in.
    pub boxed: Option<u32>,
    /// Where that box stands beside a text that it belongs to: the first block of the text, by its index in `Document::blocks`.
    pub beside: Option<usize>,
    /// Hyperlinks.
    pub links: Vec<Link>,
}

impl Block {
    /// A body block with this label and text; the rest is set by whoever knows it.
    pub fn new(label: BlockLabel, text: Text) -> Self {
        let (style, page, bbox) = (text.dominant_style(), text.page(), text.bounding_box());
        Self {
            label,
            layer: Layer::Body,
            text,
            level: None,
            style,
            marker: None,
            depth: 0,
            page,
            bbox,
            node: None,
            cell: None,
            boxed: None,
            beside: None,
            links: Vec::new(),
        }
    }

    /// Whether it is content.
    pub fn is_body(&self) -> bool {
        self.layer == Layer::Body
    }
}

/// What a file says of itself outside its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Title property (`<title>`, PDF /Title, front matter).
    pub title: Option<String>,
    /// Author or publisher property.
    pub publisher: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// Where it was fetched or saved from.
    pub address: Option<String>,
}

/// A document as parsing and layout leave it.
#[derive(Clone, Debug)]
pub struct Document {
    /// Hash of the file's bytes.
    pub id: DocumentId,
    /// Path as records print it.
    pub path: String,
    /// What the file is.
    pub format: Format,
    /// What the file says of itself.
    pub metadata: Metadata,
    /// Number of pages, for formats with pages.
    pub n_pages: Option<u32>,
    /// All blocks in reading order, furniture included.
    pub blocks: Vec<Block>,
    /// The element table that `Block::node` and evidence refer to (HTML).
    pub nodes: Vec<Node>,
    /// The names of the sheets (spreadsheets) or parts that texts stand in.
    pub parts: Vec<String>,
    /// The cells and paragraphs that evidence refers to.
    pub places: Vec<Place>,
}

impl Document {
    /// A document without blocks.
    pub fn new(id: DocumentId, path: String, format: Format) -> Self {
        Self {
            id,
            path,
            format,
            metadata: Metadata::default(),
            n_pages: None,
            blocks: Vec::new(),
            nodes: Vec::new(),
            parts: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Where the characters of a text of this document were read.
    pub fn evidence(&self, text: &Text) -> Vec<Evidence> {
        text.evidence(self)
    }

    /// The number of a new place.
    pub(crate) fn add_place(&mut self, part: u32, spot: Spot) -> u32 {
        self.places.push(Place { part, spot });
        u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
    }

    /// A CSS selector that leads to one element: from the nearest ancestor with an id, by tag and `:nth-of-type`.
    pub fn selector(&self, node: u32) -> String {
        let mut steps = Vec::new();
        let mut current = Some(node);
        while let Some(index) = current {
            let Some(element) = self.nodes.get(index as usize) else {
                break;
            };
            if !element.id.is_empty()
                && element
                    .id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
                && !element.id.starts_with(|c: char| c.is_ascii_digit())
            {
                steps.push(format!("#{}", element.id));
                break;
            }
            steps.push(if matches!(element.tag.as_str(), "html" | "body") {
                element.tag.clone()
            } else {
                format!("{}:nth-of-type({})", element.tag, element.nth_of_type)
            });
            current = element.parent;
        }
        steps.reverse();
        steps.join(" > ")
    }
}

impl Grounds for Document {
    fn selector(&self, node: u32) -> String {
        Self::selector(self, node)
    }

    fn name_place(&self, place: u32, evidence: &mut Evidence) {
        let Some(place) = self.places.get(place as usize) else {
            return;
        };
        let name = self.parts.get(place.part as usize).cloned();
        match place.spot {
            Spot::Tab => evidence.sheet = name,
            Spot::Cell { row, column } => {
                evidence.sheet = name;
                evidence.cell = Some(cell_name(row, column));
            }
            Spot::Paragraph(number) => {
                evidence.part = name;
                evidence.paragraph = Some(number);
            }
        }
    }
}

/// What spreadsheets call a cell: « B12 ».
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        let names = [
            (0, 0),
            (11, 1),
            (0, 25),
            (0, 26),
            (0, 701),
            (0, 702),
            (0, 16383),
        ]
        .map(|(row, column)| cell_name(row, column));
        assert_eq!(names, ["A1", "B12", "Z1", "AA1", "ZZ1", "AAA1", "XFD1"]);
    }
}
