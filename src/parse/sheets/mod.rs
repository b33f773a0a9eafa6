//! Workbooks. In: the bytes of a spreadsheet; out: blocks, each with the sheet and cell that it stands in. Every sheet is a section of its own; what the
//! program that wrote it does not show (hidden sheets, rows and columns) is not read, and that is said.

mod excel;
mod numbers;
mod ods;
pub(super) mod words;

use std::collections::BTreeMap;

use super::grid::{self, GridCell, GridRow};
use super::placed::placed;
use super::writer::Linked;
use crate::config::Limits;
use crate::diagnostic::Diagnostic;
use crate::error::ErrorKind;
use crate::message;
use crate::model::document::{Block, BlockLabel, Document, Link, Spot};
use crate::model::raw::{Format, RawDocument};
use crate::model::text::Style;

/// Columns of a sheet that are read: more are an accident.
const MAX_COLUMNS: u32 = 1000;

/// Cells with text that are read: each becomes a block, and a document is held in memory.
const MAX_CELLS: usize = 500_000;

/// Columns that a cell may span.
const MAX_SPAN: u32 = MAX_COLUMNS;

/// Fills `document` with the sheets of a workbook.
pub(super) fn read(
    raw: &RawDocument,
    limits: &Limits,
    document: &mut Document,
) -> Result<Vec<Diagnostic>, ErrorKind> {
    let mut book = Book::new(document);
    match raw.format {
        Format::Ods => ods::read(raw, limits, &mut book)?,
        Format::Xls => excel::read_old(raw, &mut book)?,
        _ => excel::read(raw, limits, &mut book)?,
    }
    Ok(book.warnings())
}

/// A workbook that is being read into a document.
struct Book<'d> {
    document: &'d mut Document,
    n_tables: u32,
    n_cells: usize,
    n_hidden_rows: usize,
    n_hidden_columns: usize,
    hidden_sheets: Vec<String>,
    /// Sheet and row at which reading stopped, for there are too many cells.
    cut: Option<(String, u32)>,
    /// The sheet with cells further right than are read.
    wide: Option<String>,
}

/// A cell as the sheet shows it.
#[derive(Clone)]
struct Shown {
    text: String,
    is_figure: bool,
    style: Style,
    /// Where it leads.
    link: Option<String>,
}

/// A sheet that is being read.
struct Sheet {
    part: u32,
    name: String,
    rows: BTreeMap<u32, BTreeMap<u32, Shown>>,
    spans: BTreeMap<(u32, u32), u32>,
}

impl<'d> Book<'d> {
    fn new(document: &'d mut Document) -> Self {
        Self {
            document,
            n_tables: 0,
            n_cells: 0,
            n_hidden_rows: 0,
            n_hidden_columns: 0,
            hidden_sheets: Vec::new(),
            cut: None,
            wide: None,
        }
    }

    /// Begins a sheet.
    fn sheet(&mut self, name: &str) -> Sheet {
        self.document.parts.push(name.to_owned());
        Sheet {
            part: u32::try_from(self.document.parts.len() - 1).unwrap_or(u32::MAX),
            name: name.to_owned(),
            rows: BTreeMap::new(),
            spans: BTreeMap::new(),
        }
    }

    /// Adds a cell to a sheet; says whether more are read.
    fn add(&mut self, sheet: &mut Sheet, row: u32, column: u32, shown: Shown) -> bool {
        if shown.text.trim().is_empty() {
            return true;
        }
        if column >= MAX_COLUMNS {
            self.wide.get_or_insert_with(|| sheet.name.clone());
            return true;
        }
        if self.n_cells >= MAX_CELLS {
            self.cut.get_or_insert_with(|| (sheet.name.clone(), row));
            return false;
        }
        self.n_cells += 1;
        sheet.rows.entry(row).or_default().insert(column, shown);
        true
    }

    /// Ends a sheet: its name, where it says something, then its tables.
    fn close(&mut self, sheet: Sheet) {
        if sheet.rows.is_empty() {
            return;
        }
        let name = (!words::is_unnamed(&sheet.name)).then(|| {
            let place = self.document.add_place(sheet.part, Spot::Tab);
            let name = placed(&sheet.name, place, Style::default());
            Block {
                level: Some(grid::SUBHEADING),
                ..name.into_block(BlockLabel::SectionHeader)
            }
        });
        let name = name.filter(|name| !name.text.is_empty());
        let rows = sheet
            .rows
            .into_iter()
            .map(|(row, cells)| GridRow {
                number: row,
                cells: cells
                    .into_iter()
                    .map(|(column, shown)| {
                        let spot = Spot::Cell { row, column };
                        let place = self.document.add_place(sheet.part, spot);
                        let width = sheet.spans.get(&(row, column)).copied().unwrap_or(1);
                        GridCell {
                            column: column as usize,
                            width: width.min(MAX_SPAN) as usize,
                            is_figure: shown.is_figure,
                            linked: shown.into_linked(place),
                        }
                    })
                    .filter(|cell| !cell.linked.text.is_empty())
                    .collect(),
            })
            .collect();
        grid::push(rows, name, self.document, &mut self.n_tables);
    }

    fn warnings(self) -> Vec<Diagnostic> {
        let mut warnings = Vec::new();
        if let Some((sheet, row)) = self.cut {
            warnings.push(
                Diagnostic::warning(message!("sheet `{sheet}`, row {row}: the workbook has more than {most} cells; it is read up to here", sheet, row = row.saturating_add(1), most = MAX_CELLS))
                .with_hint(message!("split the workbook")),
            );
        }
        if let Some(sheet) = self.wide {
            warnings.push(Diagnostic::warning(message!(
                "sheet `{sheet}`: of a row {most} cells are read, and it has some further right",
                sheet,
                most = MAX_COLUMNS
            )));
        }
        let names: Vec<String> = (self.hidden_sheets.iter())
            .map(|name| format!("`{name}`"))
            .collect();
        let (sheets, rows, columns) = (names.len(), self.n_hidden_rows, self.n_hidden_columns);
        let hidden = [
            (
                sheets,
                message!(
                    "{n} hidden {n|sheet|sheets} ({names})",
                    n = sheets,
                    names = names.join(", ")
                ),
            ),
            (rows, message!("{n} hidden {n|row|rows}", n = rows)),
            (
                columns,
                message!("{n} hidden {n|column|columns}", n = columns),
            ),
        ];
        let hidden: Vec<_> = (hidden.into_iter())
            .filter(|(count, _)| *count > 0)
            .map(|(_, told)| told)
            .collect();
        if !hidden.is_empty() {
            warnings.push(
                Diagnostic::warning(message!("not read: {hidden}", hidden = message::list(hidden, ", ")))
                    .with_hint(message!("show them in a spreadsheet program and save the file, where they belong to the list")),
            );
        }
        warnings
    }
}

impl Shown {
    /// A cell of words.
    fn words(text: String) -> Self {
        Self {
            text,
            is_figure: false,
            style: Style::default(),
            link: None,
        }
    }

    /// A number or a date.
    fn figure(text: String) -> Self {
        Self {
            is_figure: true,
            ..Self::words(text)
        }
    }

    fn into_linked(self, place: u32) -> Linked {
        let mut linked = placed(&self.text, place, self.style);
        if let Some(target) = self.link.filter(|_| !linked.text.is_empty()) {
            let range = 0..linked.text.len();
            linked.links.push(Link { range, target });
        }
        linked
    }
}
