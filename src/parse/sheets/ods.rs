//! OpenDocument spreadsheets. In: bytes; out: the cells of the shown sheets, with the very text that they show, which the format keeps beside each value.

use std::collections::BTreeSet;
use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::{Book, MAX_CELLS, MAX_COLUMNS, Sheet, Shown};
use crate::config::Limits;
use crate::error::ErrorKind;
use crate::model::raw::RawDocument;
use crate::parse::package::{Package, damaged};
use crate::parse::xml::{Xml, attribute, characters, number};

/// Reads a workbook.
pub(super) fn read(
    raw: &RawDocument,
    limits: &Limits,
    book: &mut Book<'_>,
) -> Result<(), ErrorKind> {
    let mut package = Package::open(&raw.bytes, limits, Package::is_xml)?;
    package.ensure_open()?;
    let mut xml = package
        .xml("content.xml")?
        .ok_or_else(|| damaged("it has no content"))?;
    let mut styles = Styles::default();
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "style" => styles.begin(&element),
                "table-properties" => styles.read_table(&element),
                "text-properties" => styles.read_text(&element),
                "table" => {
                    let name = attribute(&element, "name").unwrap_or_default();
                    let style = attribute(&element, "style-name").unwrap_or_default();
                    if styles.hidden.contains(&style) {
                        xml.skip()?;
                        book.hidden_sheets.push(name);
                    } else {
                        let sheet = book.sheet(&name);
                        read_sheet(&mut xml, sheet, &styles, book)?;
                    }
                }
                // What was deleted while changes were recorded.
                "tracked-changes" => xml.skip()?,
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The styles that say something of what is shown.
#[derive(Default)]
struct Styles {
    current: String,
    /// Those of hidden sheets.
    hidden: BTreeSet<String>,
    /// Those of cells in bold.
    bold: BTreeSet<String>,
}

impl Styles {
    fn begin(&mut self, element: &BytesStart<'_>) {
        self.current = attribute(element, "name").unwrap_or_default();
    }

    fn read_table(&mut self, element: &BytesStart<'_>) {
        if attribute(element, "display").is_some_and(|display| display == "false") {
            self.hidden.insert(self.current.clone());
        }
    }

    fn read_text(&mut self, element: &BytesStart<'_>) {
        if attribute(element, "font-weight").is_some_and(|weight| weight == "bold") {
            self.bold.insert(self.current.clone());
        }
    }
}

/// What repeats a row, a column or a cell.
fn repeated(element: &BytesStart<'_>, name: &str) -> u32 {
    number(element, name).unwrap_or(1).max(1)
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    attribute(element, "visibility").is_some_and(|visibility| visibility != "visible")
}

fn read_sheet<R: BufRead>(
    xml: &mut Xml<R>,
    mut sheet: Sheet,
    styles: &Styles,
    book: &mut Book<'_>,
) -> Result<(), ErrorKind> {
    let mut row: u32 = 0;
    let mut columns: u32 = 0;
    let mut hidden: Vec<(u32, u32)> = Vec::new();
    let mut depth = 0;
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "table-column" => {
                    let count = repeated(&element, "number-columns-repeated");
                    let end = columns.saturating_add(count);
                    if is_hidden(&element) {
                        hidden.push((columns, end));
                    }
                    columns = end;
                    depth += 1;
                }
                "table-row" => {
                    let count = repeated(&element, "number-rows-repeated");
                    let is_hidden = is_hidden(&element);
                    let cells = read_row(xml, row, &mut sheet, styles)?;
                    let has_cells = cells.iter().any(|(_, shown)| !shown.text.trim().is_empty());
                    if has_cells && is_hidden {
                        book.n_hidden_rows += count as usize;
                    } else if has_cells {
                        add_rows(
                            row..row.saturating_add(count),
                            &cells,
                            &hidden,
                            &mut sheet,
                            book,
                        );
                    }
                    row = row.saturating_add(count);
                }
                // Drawings and forms float above the cells.
                "shapes" | "forms" => xml.skip()?,
                _ => depth += 1,
            },
            Event::End(_) if depth == 0 => break,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    // Columns up to the end of the sheet are hidden to frame it: they hold nothing.
    book.n_hidden_columns += (hidden.iter())
        .filter(|(_, end)| *end < columns)
        .map(|(start, end)| (end - start) as usize)
        .sum::<usize>();
    book.close(sheet);
    Ok(())
}

/// Adds the cells of a row as often as it is repeated.
fn add_rows(
    rows: std::ops::Range<u32>,
    cells: &[(u32, Shown)],
    hidden: &[(u32, u32)],
    sheet: &mut Sheet,
    book: &mut Book<'_>,
) {
    let is_shown = |column: u32| {
        !hidden
            .iter()
            .any(|(start, end)| (*start..*end).contains(&column))
    };
    for row in rows {
        for (column, shown) in cells {
            if is_shown(*column) && !book.add(sheet, row, *column, shown.clone()) {
                return;
            }
        }
    }
}

/// The cells of a row, each with its column.
fn read_row<R: BufRead>(
    xml: &mut Xml<R>,
    row: u32,
    sheet: &mut Sheet,
    styles: &Styles,
) -> Result<Vec<(u32, Shown)>, ErrorKind> {
    let mut cells = Vec::new();
    let mut column: u32 = 0;
    let mut depth = 0;
    loop {
        match xml.next()? {
            Event::Start(element)
                if matches!(
                    element.local_name().as_ref(),
                    "table-cell" | "covered-table-cell"
                ) =>
            {
                let count = repeated(&element, "number-columns-repeated");
                let is_covered = element.local_name().as_ref() == "covered-table-cell";
                let width = repeated(&element, "number-columns-spanned");
                let kind = attribute(&element, "value-type").unwrap_or_default();
                let style = attribute(&element, "style-name").unwrap_or_default();
                let mut shown = read_cell(xml)?;
                shown.is_figure = !matches!(kind.as_str(), "" | "string" | "boolean");
                shown.style.bold = styles.bold.contains(&style);
                if width > 1 {
                    sheet.spans.insert((row, column), width);
                }
                if !is_covered && !shown.text.trim().is_empty() && cells.len() < MAX_CELLS {
                    // Beyond the columns that are read one tells that there are more.
                    let end = column.saturating_add(count).min(MAX_COLUMNS + 1);
                    cells.extend(
                        (column..end.max(column + 1)).map(|column| (column, shown.clone())),
                    );
                }
                column = column.saturating_add(count);
            }
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => break,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(cells)
}

/// What a cell shows: its paragraphs, one in a line.
fn read_cell<R: BufRead>(xml: &mut Xml<R>) -> Result<Shown, ErrorKind> {
    let mut shown = Shown::words(String::new());
    let mut depth = 0;
    // Text outside paragraphs is the indentation of the XML.
    let mut in_paragraph = 0;
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(element) => {
                let mut skipped = false;
                match element.local_name().as_ref() {
                    "p" | "h" => {
                        in_paragraph += 1;
                        if !shown.text.is_empty() {
                            shown.text.push('\n');
                        }
                    }
                    "s" => {
                        let count = repeated(element, "c").min(100) as usize;
                        shown.text.push_str(&" ".repeat(count));
                    }
                    "tab" => shown.text.push(' '),
                    "line-break" => shown.text.push('\n'),
                    "a" => shown.link = attribute(element, "href").or(shown.link),
                    "annotation" | "shapes" | "frame" | "custom-shape" => skipped = true,
                    _ => {}
                }
                if skipped {
                    xml.skip()?;
                } else {
                    depth += 1;
                }
            }
            Event::End(_) if depth == 0 => break,
            Event::End(element) => {
                depth -= 1;
                if matches!(element.local_name().as_ref(), "p" | "h") {
                    in_paragraph -= 1;
                }
            }
            Event::Eof => break,
            event => {
                if in_paragraph > 0
                    && let Some(text) = characters(event)
                {
                    // Line ends of the XML are spaces.
                    shown.text.push_str(&text.replace(['\n', '\r', '\t'], " "));
                }
            }
        }
    }
    Ok(shown)
}
