//! Word processors' texts. In: the bytes of a package, or of a text in RTF; out: labelled blocks, each with the part, the paragraph and the characters that it stands in. Styles tell
//! headings, as markup does; headers and footers are furniture, notes are notes.

mod docx;
mod odt;
mod rtf;

use super::marker::{self, Numbering};
use super::placed::PlacedWriter;
use super::rows;
use crate::config::Limits;
use crate::diagnostic::Diagnostic;
use crate::error::ErrorKind;
use crate::message;
use crate::model::document::{Block, BlockLabel, Cell, Document, Layer, Spot};
use crate::model::raw::{Format, RawDocument};
use crate::model::text::{Source, Style, Text};

/// Blocks of a document: each is held in memory.
const MAX_BLOCKS: usize = 500_000;

/// A cell with more blocks than this on average is a part of the page, not a value.
const MAX_CELL_BLOCKS: usize = 4;

/// Columns that a cell may span.
const MAX_SPAN: usize = 1000;

/// The deepest nesting of lists that is told.
const DEEPEST: usize = 8;

/// Fills `document` with the paragraphs of a text.
pub(super) fn read(
    raw: &RawDocument,
    limits: &Limits,
    document: &mut Document,
) -> Result<Vec<Diagnostic>, ErrorKind> {
    let mut body = Body::new(document);
    let mut is_whole = true;
    match raw.format {
        Format::Odt => odt::read(raw, limits, &mut body)?,
        Format::Rtf => is_whole = rtf::read(&raw.bytes, &mut body)?,
        _ => docx::read(raw, limits, &mut body)?,
    }
    let mut warnings = body.end();
    if !is_whole {
        warnings.push(Diagnostic::warning(message!(
            "the file ends in the middle of the text; it is read up to there"
        )));
    }
    Ok(warnings)
}

/// What a paragraph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Role {
    #[default]
    Text,
    /// What the document is called.
    Title,
    /// A heading of this rank.
    Heading(u8),
}

/// A paragraph that is being read.
struct Paragraph {
    place: u32,
    writer: PlacedWriter,
    role: Role,
    /// Nesting of its list, and what is printed in front of it.
    item: Option<(usize, Option<String>)>,
    /// Where the open link starts, and leads.
    link: Option<(usize, String)>,
}

impl Paragraph {
    fn push(&mut self, characters: &str, style: Style) {
        self.writer.push(characters, style);
    }

    fn open_link(&mut self, target: String) {
        self.link = Some((self.writer.len(), target));
    }

    fn close_link(&mut self) {
        if let Some((start, target)) = self.link.take() {
            self.writer.link_from(start, &target);
        }
    }
}

/// A table that is being read.
struct Table {
    number: u32,
    first_block: usize,
    n_rows: u32,
    column: usize,
    n_columns: usize,
    n_cells: usize,
    /// Whether the row heads the others, and whether one does.
    heads: bool,
    has_head: bool,
}

/// A text that is being read into a document.
struct Body<'d> {
    document: &'d mut Document,
    part: u32,
    n_paragraphs: u32,
    numbering: Numbering,
    tables: Vec<Table>,
    n_tables: u32,
    /// What the paragraphs of the part are, where they are no text of their own.
    margin: Option<BlockLabel>,
    is_cut: bool,
}

impl<'d> Body<'d> {
    fn new(document: &'d mut Document) -> Self {
        Self {
            document,
            part: 0,
            n_paragraphs: 0,
            numbering: Numbering::default(),
            tables: Vec::new(),
            n_tables: 0,
            margin: None,
            is_cut: false,
        }
    }

    /// Begins a part; its paragraphs are counted from 1.
    fn begin_part(&mut self, name: &str, margin: Option<BlockLabel>) {
        self.document.parts.push(name.to_owned());
        self.part = u32::try_from(self.document.parts.len() - 1).unwrap_or(u32::MAX);
        self.n_paragraphs = 0;
        self.margin = margin;
        self.tables.clear();
    }

    fn begin_paragraph(&mut self) -> Paragraph {
        self.n_paragraphs = self.n_paragraphs.saturating_add(1);
        let spot = Spot::Paragraph(self.n_paragraphs);
        let place = self.document.add_place(self.part, spot);
        Paragraph {
            place,
            writer: PlacedWriter::new(place),
            role: Role::Text,
            item: None,
            link: None,
        }
    }

    /// Writes the blocks of a paragraph; `margin` is what it is, where it is no text of its own.
    fn end_paragraph(&mut self, mut paragraph: Paragraph, margin: Option<BlockLabel>) {
        if self.document.blocks.len() >= MAX_BLOCKS {
            self.is_cut = true;
            return;
        }
        paragraph.close_link();
        let Paragraph {
            place,
            writer,
            role,
            item,
            ..
        } = paragraph;
        let linked = writer.take();
        if linked.text.is_empty() {
            return;
        }
        let margin = margin.or(self.margin);
        let mut level = None;
        let mut blocks = match (margin, role) {
            (Some(label), _) => vec![linked.into_block(label)],
            (None, Role::Title) if self.document.blocks.is_empty() => {
                vec![linked.into_block(BlockLabel::Title)]
            }
            (None, Role::Title | Role::Heading(_)) => {
                level = Some(match role {
                    Role::Heading(level) => level,
                    _ => 1,
                });
                marker::heading(&linked, &mut self.numbering)
                    .into_iter()
                    .collect()
            }
            (None, Role::Text) => {
                let label = if item.is_some() {
                    BlockLabel::ListItem
                } else {
                    BlockLabel::Text
                };
                marker::split_items(&linked, label, &mut self.numbering)
            }
        };
        if let (Some(first), Some((_, Some(printed)))) = (blocks.first_mut(), &item) {
            // A number printed in front of the text tells more than the list's own.
            let has_number = (first.marker.as_ref())
                .is_some_and(|own| own.as_str().contains(char::is_alphanumeric));
            if !has_number {
                first.marker = marker_of(printed, place).or(first.marker.take());
            }
        }
        let cell = self.cell();
        let is_furniture = matches!(
            margin,
            Some(BlockLabel::PageHeader | BlockLabel::PageFooter)
        );
        for block in &mut blocks {
            block.level = level;
            block.cell = cell.filter(|_| margin.is_none());
            block.depth = item.as_ref().map_or(0, |(depth, _)| {
                u8::try_from((*depth).min(DEEPEST)).unwrap_or(0)
            });
            if is_furniture {
                block.layer = Layer::Furniture;
            }
        }
        self.document.blocks.extend(blocks);
    }

    /// The place of what is read in the innermost table.
    fn cell(&self) -> Option<Cell> {
        let table = self.tables.last()?;
        Some(Cell {
            table: table.number,
            row: table.n_rows.saturating_sub(1),
            column: u16::try_from(table.column).unwrap_or(u16::MAX),
            header: table.heads,
        })
    }

    fn begin_table(&mut self) {
        self.tables.push(Table {
            number: self.n_tables,
            first_block: self.document.blocks.len(),
            n_rows: 0,
            column: 0,
            n_columns: 0,
            n_cells: 0,
            heads: false,
            has_head: false,
        });
        self.n_tables = self.n_tables.saturating_add(1);
    }

    fn begin_row(&mut self, heads: bool) {
        if let Some(table) = self.tables.last_mut() {
            table.n_rows = table.n_rows.saturating_add(1);
            table.column = 0;
            table.heads = heads;
            table.has_head |= heads;
        }
    }

    /// The row that is being read heads the others.
    fn head_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.heads = true;
            table.has_head = true;
        }
    }

    /// Ends a cell that spans so many columns.
    fn end_cell(&mut self, width: usize) {
        if let Some(table) = self.tables.last_mut() {
            table.n_cells += 1;
            table.column = table.column.saturating_add(width.clamp(1, MAX_SPAN));
            table.n_columns = table.column.max(table.n_columns);
        }
    }

    /// Ends a table: one that only lays out is none, and one whose first row reads like a head has one.
    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        let blocks = self.document.blocks.get_mut(table.first_block..);
        let blocks = blocks.unwrap_or_default();
        let own = |block: &Block| block.cell.is_some_and(|cell| cell.table == table.number);
        let has_heading =
            (blocks.iter()).any(|block| own(block) && block.label == BlockLabel::SectionHeader);
        let is_layout = table.n_columns < 2
            || !table.has_head
                && (table.n_rows < 2
                    || has_heading
                    || blocks.len() > table.n_cells * MAX_CELL_BLOCKS);
        if is_layout {
            for block in blocks.iter_mut().filter(|block| own(block)) {
                block.cell = None;
            }
            return;
        }
        if table.has_head {
            return;
        }
        let mut strings: Vec<Vec<&str>> = Vec::new();
        for block in blocks.iter().filter(|block| own(block)) {
            let row = block.cell.map_or(0, |cell| cell.row as usize);
            if strings.len() <= row {
                strings.resize_with(row + 1, Vec::new);
            }
            if let Some(cells) = strings.get_mut(row) {
                cells.push(block.text.as_str());
            }
        }
        if rows::is_header(&strings) {
            for block in blocks.iter_mut().filter(|block| own(block)) {
                if let Some(cell) = block.cell.as_mut().filter(|cell| cell.row == 0) {
                    cell.header = true;
                }
            }
        }
    }

    fn end(self) -> Vec<Diagnostic> {
        super::markdown::label_title(&mut self.document.blocks);
        let mut warnings = Vec::new();
        if self.is_cut {
            warnings.push(
                Diagnostic::warning(message!(
                    "the text has more than {most} paragraphs; it is read up to there",
                    most = MAX_BLOCKS
                ))
                .with_hint(message!("split the document")),
            );
        }
        warnings
    }
}

/// What a list prints in front of a paragraph, which is not among its characters.
fn marker_of(printed: &str, place: u32) -> Option<Text> {
    // Shown as any text is; but it stands in front of the place, whose characters it does not count among.
    let mut writer = PlacedWriter::new(place);
    writer.push(printed, Style::default());
    let shown = writer.take().text;
    let mut text = Text::new();
    let (start, end) = (0, 1);
    text.push(
        shown.as_str(),
        Source::Place { place, start, end },
        Style::default(),
    );
    (!text.is_empty()).then_some(text)
}
