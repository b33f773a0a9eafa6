//! Bytes in; pages (PDF) or a document (HTML, Markdown, text, CSV, spreadsheets, texts of word processors) out. The only place that names a parser crate.
//!
//! Everything keeps its place: `encoding` maps decoded text back to the bytes of the file, `writer` turns ranges of it into grounded `Text`.

mod csv;
mod encoding;
mod front_matter;
mod grid;
pub mod html;
mod inline;
pub mod markdown;
mod marker;
pub mod ocr;
mod office;
mod package;
pub mod pdf;
#[cfg(feature = "pictures")]
mod picture;
mod placed;
pub mod plain;
mod rows;
mod running;
mod sheets;
mod writer;
mod xml;

#[cfg(feature = "pictures")]
pub use picture::picture;

use crate::config::Limits;
use crate::diagnostic::Warned;
use crate::error::ErrorKind;
use crate::message;
use crate::model::document::Document;
use crate::model::raw::{Format, RawDocument};

/// Reads a document whose format states its own structure: HTML, Markdown, plain text, a table, a workbook or a word processor's text. (A PDF's pages come from `pdf`, its document from layout.)
pub fn parse_text(raw: &RawDocument, limits: &Limits) -> Result<Warned<Document>, ErrorKind> {
    if raw.bytes.is_empty() {
        return Err(ErrorKind::Empty);
    }
    let mut document = Document::new(raw.id, raw.path.clone(), raw.format);
    let packed = match raw.format {
        Format::Xlsx | Format::Xls | Format::Ods => Some(sheets::read(raw, limits, &mut document)),
        Format::Docx | Format::Odt | Format::Rtf => Some(office::read(raw, limits, &mut document)),
        _ => None,
    };
    if let Some(warnings) = packed {
        return Ok(Warned {
            output: document,
            warnings: warnings?,
        });
    }
    let mut decoded = encoding::decode(&raw.bytes);
    let mut warnings = std::mem::take(&mut decoded.warnings);
    match raw.format {
        Format::Html => html::read(&decoded, limits, &mut document, &mut warnings),
        Format::Markdown => markdown::read(&decoded, limits, &mut document),
        Format::Plain => plain::read(&decoded, limits, &mut document),
        Format::Csv { delimiter } => {
            warnings.extend(csv::read(&decoded, delimiter, &mut document));
        }
        _ => {
            return Err(ErrorKind::Parser(message!("the format is no text")));
        }
    }
    Ok(Warned {
        output: document,
        warnings,
    })
}
