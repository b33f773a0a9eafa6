//! Sheets and cells. Texts are strings whatever they begin with, never formulas; those that look like one stay text when somebody edits them.

use rust_xlsxwriter::{
    ColNum, Color, Format, FormatAlign, Note, RowNum, Url, Worksheet, XlsxError,
};

use super::Context;
use crate::export::cell::{is_like_formula, shown};

/// What a cell holds.
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// Money, with the ISO 4217 code of its currency where it is stated.
    Money(f64, Option<String>),
    /// A share between 0 and 1.
    Share(f64),
    /// A text that leads somewhere.
    Link {
        target: String,
        text: String,
    },
}

impl Cell {
    /// A text, or nothing.
    pub(super) fn text(text: impl Into<Option<String>>) -> Self {
        match text.into() {
            Some(text) if !text.is_empty() => Self::Text(text),
            _ => Self::Empty,
        }
    }

    /// A whole number, or nothing.
    pub(super) fn number(number: Option<impl Into<f64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.into()))
    }
}

/// A column: its header, how wide it is (in digits of the default font), and what it holds of each row.
pub(super) struct Column<R> {
    pub(super) header: &'static str,
    pub(super) width: u8,
    /// The pointer of the value whose confidence decides whether the cell is marked.
    pub(super) pointer: &'static str,
    pub(super) cell: fn(&R, &Context<'_>) -> Cell,
}

/// A column, as a line of the tables that list them.
pub(super) const fn column<R>(
    header: &'static str,
    width: u8,
    pointer: &'static str,
    cell: fn(&R, &Context<'_>) -> Cell,
) -> Column<R> {
    Column {
        header,
        width,
        pointer,
        cell,
    }
}

/// A sheet that is being filled.
pub(super) struct Sheet {
    worksheet: Worksheet,
    name: String,
    next_row: RowNum,
    n_columns: ColNum,
    n_links: usize,
}

/// A text that a cell could not hold whole: the sheet and the cell.
pub(super) struct Cut {
    pub(super) sheet: String,
    pub(super) cell: String,
}

/// Characters of a cell, and of an address; links of a sheet: limits of the form (ECMA-376 and Excel's own).
const MOST_CHARACTERS: usize = 32_767;
const MOST_LINKS: usize = 65_530;

/// A doubtful cell: light enough to read black text on.
const DOUBTFUL_COLOR: Color = Color::RGB(0x00FF_F2CC);
const HEAD_COLOR: Color = Color::RGB(0x00D9_E1F2);

impl Sheet {
    /// A sheet with its head, which stays in sight.
    pub(super) fn new<R>(
        name: &'static str,
        columns: &[Column<R>],
        context: &Context<'_>,
    ) -> Result<Self, XlsxError> {
        let name = context.word(name);
        let mut worksheet = Worksheet::new();
        worksheet.set_name(&name)?;
        let head = Format::new()
            .set_bold()
            .set_background_color(HEAD_COLOR)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        for (number, column) in (0..).zip(columns) {
            worksheet.set_column_width(number, column.width)?;
            worksheet.write_string_with_format(0, number, context.word(column.header), &head)?;
        }
        worksheet.set_freeze_panes(1, 1)?;
        Ok(Self {
            worksheet,
            name,
            next_row: 1,
            n_columns: ColNum::try_from(columns.len()).unwrap_or(ColNum::MAX),
            n_links: 0,
        })
    }

    /// Adds a row; `note` says why the value at a pointer is doubtful.
    pub(super) fn row<R>(
        &mut self,
        columns: &[Column<R>],
        record: &R,
        context: &Context<'_>,
        note: impl Fn(&str) -> Option<String>,
        cut: &mut Vec<Cut>,
    ) -> Result<(), XlsxError> {
        let row = self.next_row;
        for (number, column) in (0..).zip(columns) {
            let note = note(column.pointer);
            let cell = (column.cell)(record, context);
            self.write(row, number, cell, note.is_some(), cut)?;
            if let Some(note) = note {
                let note = Note::new(note).add_author_prefix(false);
                self.worksheet.insert_note(row, number, &note)?;
            }
        }
        self.next_row += 1;
        Ok(())
    }

    fn write(
        &mut self,
        row: RowNum,
        column: ColNum,
        cell: Cell,
        is_doubtful: bool,
        cut: &mut Vec<Cut>,
    ) -> Result<(), XlsxError> {
        let mut format = Format::new().set_align(FormatAlign::Top);
        if is_doubtful {
            format = format.set_background_color(DOUBTFUL_COLOR);
        }
        let sheet = &mut self.worksheet;
        match cell {
            Cell::Empty => {
                sheet.write_blank(row, column, &format)?;
            }
            Cell::Number(number) => {
                sheet.write_number_with_format(row, column, number, &format)?;
            }
            Cell::Share(share) => {
                let format = format.set_num_format("0%");
                sheet.write_number_with_format(row, column, share, &format)?;
            }
            Cell::Money(value, currency) => {
                let format = format.set_num_format(money(value, currency.as_deref()));
                sheet.write_number_with_format(row, column, value, &format)?;
            }
            Cell::Link { target, text } if self.n_links < MOST_LINKS => {
                self.n_links += 1;
                let text = self.fitting(text, row, column, cut);
                let link = Url::new(target).set_text(&text);
                let format = format
                    .set_font_color(Color::RGB(0x0005_63C1))
                    .set_underline(rust_xlsxwriter::FormatUnderline::Single);
                let written = self
                    .worksheet
                    .write_url_with_format(row, column, link, &format);
                if written.is_err() {
                    // An address that the form cannot hold (too long, of an unknown kind) is still a text.
                    let plain = Format::new().set_align(FormatAlign::Top);
                    self.worksheet
                        .write_string_with_format(row, column, text, &plain)?;
                }
            }
            Cell::Link { text, .. } | Cell::Text(text) => {
                let text = self.fitting(text, row, column, cut);
                let mut format = format.set_text_wrap();
                if is_like_formula(&text) {
                    format = format.set_quote_prefix();
                }
                self.worksheet
                    .write_string_with_format(row, column, text, &format)?;
            }
        }
        Ok(())
    }

    /// The text, cut where a cell cannot hold it; what was cut is told on the sheet of warnings.
    fn fitting(&self, text: String, row: RowNum, column: ColNum, cut: &mut Vec<Cut>) -> String {
        const MARK: &str = " […]";
        let text = shown(text);
        // Excel counts UTF-16, in which a character takes two at most.
        if text.encode_utf16().count() <= MOST_CHARACTERS {
            return text;
        }
        cut.push(Cut {
            sheet: self.name.clone(),
            cell: rust_xlsxwriter::utility::row_col_to_cell(row, column),
        });
        let mut room = MOST_CHARACTERS - MARK.len();
        let mut kept: String = text
            .chars()
            .take_while(|character| {
                let fits = room >= character.len_utf16();
                room = room.saturating_sub(character.len_utf16());
                fits
            })
            .collect();
        kept.push_str(MARK);
        kept
    }

    /// The sheet, with filters over all its rows.
    pub(super) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        self.worksheet
            .autofilter(0, 0, self.next_row - 1, self.n_columns - 1)?;
        Ok(self.worksheet)
    }
}

/// How a sum is shown: with its currency, and cents where it has some.
fn money(value: f64, currency: Option<&str>) -> String {
    let digits = if value.fract() == 0.0 {
        "#,##0"
    } else {
        "#,##0.00"
    };
    match currency {
        Some("EUR") => format!("{digits}\\ \"€\""),
        // Only letters, so that no code can end the quotation.
        Some(code) if code.chars().all(|c| c.is_ascii_uppercase()) => {
            format!("{digits}\\ \"{code}\"")
        }
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_shown_with_their_currency() {
        assert_eq!(money(15000.0, Some("EUR")), "#,##0\\ \"€\"");
        assert_eq!(money(12.5, Some("CHF")), "#,##0.00\\ \"CHF\"");
        assert_eq!(money(12.0, Some("\";evil")), "#,##0");
    }
}
