//! Workbooks of Excel, by `calamine`. In: bytes; out: the cells of the shown sheets. What calamine does not tell, which rows and columns are hidden, is read
//! from the sheets' own XML.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{
    Data, DataRef, Dimensions, Reader, SheetType, SheetVisible, Style as CellStyle, Xls, Xlsx,
};
use quick_xml::events::Event;

use super::numbers::{self, DATE, DATE_AND_HOUR};
use super::words::truth;
use super::{Book, Shown};
use crate::config::Limits;
use crate::error::ErrorKind;
use crate::model::raw::RawDocument;
use crate::model::text::Style;
use crate::parse::package::{Bytes, Package, damaged};
use crate::parse::xml::{attribute, number, says_yes};

/// Built-in formats that a French spreadsheet shows otherwise than their code says: the short date, and the same with the hour.
const LOCAL_DATES: [(u32, &str); 2] = [(14, DATE), (22, DATE_AND_HOUR)];

/// Reads a workbook of Excel 2007 and later.
pub(super) fn read(
    raw: &RawDocument,
    limits: &Limits,
    book: &mut Book<'_>,
) -> Result<(), ErrorKind> {
    let mut package = Package::open(&raw.bytes, limits, Package::is_xml)?;
    let paths = sheet_paths(&mut package)?;
    let cursor = Cursor::new(Bytes(raw.bytes.clone()));
    let mut workbook: Xlsx<_> = Xlsx::new(cursor).map_err(damaged)?;
    for metadata in workbook.sheets_metadata().to_vec() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        if metadata.visible != SheetVisible::Visible {
            book.hidden_sheets.push(metadata.name);
            continue;
        }
        let hidden = match paths.get(&metadata.name) {
            Some(path) => Hidden::of(&mut package, path)?,
            None => Hidden::default(),
        };
        let mut sheet = book.sheet(&metadata.name);
        let merged = workbook
            .merge_cells_by_sheet_name(&metadata.name)
            .unwrap_or_default();
        sheet.spans = spans(&merged);
        let links: BTreeMap<(u32, u32), String> = workbook
            .hyperlinks_by_sheet_name(&metadata.name)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|link| Some((link.range.start, link.target?)))
            .collect();
        let mut cells = workbook
            .worksheet_cells_reader(&metadata.name)
            .map_err(damaged)?;
        let styles = cells.styles().to_vec();
        let mut skipped = BTreeSet::new();
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
            let (row, column) = cell.get_position();
            if hidden.rows.contains(&row) {
                skipped.insert(row);
                continue;
            }
            let Some(mut shown) = shown(cell.get_value(), styles.get(style)) else {
                continue;
            };
            if hidden.has_column(column) {
                continue;
            }
            shown.link = links.get(&(row, column)).cloned();
            if !book.add(&mut sheet, row, column, shown) {
                break;
            }
        }
        book.n_hidden_rows += skipped.len();
        book.n_hidden_columns += hidden.n_columns();
        book.close(sheet);
    }
    Ok(())
}

/// Reads a workbook of Excel 97 to 2003: calamine tells the values of its cells, not their formats.
pub(super) fn read_old(raw: &RawDocument, book: &mut Book<'_>) -> Result<(), ErrorKind> {
    let cursor = Cursor::new(Bytes(raw.bytes.clone()));
    let mut workbook: Xls<_> = Xls::new(cursor).map_err(|error| match error {
        calamine::XlsError::Password => ErrorKind::Protected,
        other => damaged(other),
    })?;
    for (index, metadata) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        if metadata.visible != SheetVisible::Visible {
            book.hidden_sheets.push(metadata.name);
            continue;
        }
        let range = workbook.worksheet_range(&metadata.name).map_err(damaged)?;
        let mut sheet = book.sheet(&metadata.name);
        sheet.spans = spans(&workbook.merge_cells_by_sheet_id(index).unwrap_or_default());
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let value = match value {
                Data::Int(number) => DataRef::Int(*number),
                Data::Float(number) => DataRef::Float(*number),
                Data::String(words) => DataRef::SharedString(words),
                Data::Bool(value) => DataRef::Bool(*value),
                Data::DateTime(time) => DataRef::DateTime(*time),
                _ => continue,
            };
            let place = |index: usize, first: u32| {
                u32::try_from(index)
                    .unwrap_or(u32::MAX)
                    .saturating_add(first)
            };
            let (row, column) = (place(row, first_row), place(column, first_column));
            if let Some(shown) = shown(&value, None)
                && !book.add(&mut sheet, row, column, shown)
            {
                break;
            }
        }
        book.close(sheet);
    }
    Ok(())
}

/// How many columns each merged cell spans.
fn spans(merged: &[Dimensions]) -> BTreeMap<(u32, u32), u32> {
    merged
        .iter()
        .map(|area| (area.start, area.end.1.saturating_sub(area.start.1) + 1))
        .collect()
}

/// What a cell shows; nothing for an empty one and for one whose formula failed.
fn shown(value: &DataRef<'_>, style: Option<&CellStyle>) -> Option<Shown> {
    let format = style.and_then(|style| style.number_format.as_ref());
    let code = format.map_or("", |format| {
        let own = format.format_id.unwrap_or_default();
        let local = LOCAL_DATES.iter().find(|(id, _)| *id == own);
        local.map_or(format.format_code.as_str(), |(_, code)| code)
    });
    let mut shown = match value {
        DataRef::Empty | DataRef::Error(_) | DataRef::DurationIso(_) => return None,
        DataRef::String(words) | DataRef::DateTimeIso(words) => Shown::words(words.clone()),
        DataRef::SharedString(words) => Shown::words((*words).to_owned()),
        DataRef::Bool(value) => Shown::words(truth(*value)),
        #[expect(clippy::cast_precision_loss, reason = "sheets hold doubles")]
        DataRef::Int(number) => Shown::figure(numbers::formatted(*number as f64, code)),
        DataRef::Float(number) => Shown::figure(numbers::formatted(*number, code)),
        DataRef::DateTime(time) => Shown::figure(numbers::date(*time, code)),
    };
    shown.style = Style {
        bold: style
            .and_then(|style| style.font.as_ref())
            .is_some_and(calamine::Font::is_bold),
        ..Style::default()
    };
    Some(shown)
}

/// Rows and columns that a sheet does not show.
#[derive(Debug, Default)]
struct Hidden {
    rows: BTreeSet<u32>,
    /// First and last, from 0.
    columns: Vec<(u32, u32)>,
}

impl Hidden {
    fn of(package: &mut Package, path: &str) -> Result<Self, ErrorKind> {
        let mut hidden = Self::default();
        let Some(mut xml) = package.xml(path)? else {
            return Ok(hidden);
        };
        let mut row = 0;
        loop {
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "col" if says_yes(&element, "hidden") => {
                        let first = number(&element, "min").unwrap_or(1);
                        let last = number(&element, "max").unwrap_or(first);
                        hidden
                            .columns
                            .push((first.saturating_sub(1), last.saturating_sub(1)));
                    }
                    "row" => {
                        row = number(&element, "r").unwrap_or(row + 1);
                        if says_yes(&element, "hidden") {
                            hidden.rows.insert(row.saturating_sub(1));
                        }
                    }
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "sheetData" => break,
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(hidden)
    }

    fn has_column(&self, column: u32) -> bool {
        (self.columns.iter()).any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// Columns up to the end of the sheet are hidden to frame it: they hold nothing.
    fn n_columns(&self) -> usize {
        const LAST: u32 = 16_383;
        (self.columns.iter())
            .filter(|(_, last)| *last < LAST)
            .map(|(first, last)| (last.saturating_sub(*first) + 1) as usize)
            .sum()
    }
}

/// The part that holds each sheet.
fn sheet_paths(package: &mut Package) -> Result<BTreeMap<String, String>, ErrorKind> {
    let workbook = package.main_part("xl/workbook.xml")?;
    let related = package.related(&workbook)?;
    let mut paths = BTreeMap::new();
    let Some(mut xml) = package.xml(&workbook)? else {
        return Ok(paths);
    };
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "sheet" => {
                let related = attribute(&element, "id").and_then(|id| related.get(&id));
                if let (Some(name), Some(related)) = (attribute(&element, "name"), related) {
                    paths.insert(name, related.path.clone());
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(paths)
}
