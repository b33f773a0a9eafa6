//! Bytes in; pages (PDF) or a document (HTML, Markdown, text, CSV) out. The only place that names a parser crate.
//!
//! Everything keeps its place: `encoding` maps decoded text back to the bytes of the file, `writer` turns ranges of it into grounded `Text`.

mod csv;
mod encoding;
mod front_matter;
pub mod html;
mod inline;
pub mod markdown;
mod marker;
pub mod pdf;
pub mod plain;
mod rows;
mod running;
mod writer;

use crate::config::Limits;
use crate::diagnostic::Warned;
use crate::error::ErrorKind;
use crate::model::document::Document;
use crate::model::raw::{Format, RawDocument};

/// Reads a document whose format states its own structure: HTML, Markdown, plain text or a table. (A PDF's pages come from `pdf`, its document from layout.)
pub fn parse_text(raw: &RawDocument, limits: &Limits) -> Result<Warned<Document>, ErrorKind> {
    if raw.bytes.is_empty() {
        return Err(ErrorKind::Empty);
    }
    let mut decoded = encoding::decode(&raw.bytes);
    let mut warnings = std::mem::take(&mut decoded.warnings);
    let mut document = Document::new(raw.id, raw.path.clone(), raw.format);
    match raw.format {
        Format::Html => html::read(&decoded, limits, &mut document, &mut warnings),
        Format::Markdown => markdown::read(&decoded, limits, &mut document),
        Format::Plain => plain::read(&decoded, limits, &mut document),
        Format::Csv { delimiter } => {
            warnings.extend(csv::read(&decoded, delimiter, &mut document));
        }
        Format::Pdf => {
            return Err(ErrorKind::Parser(
                "a PDF has pages, which layout turns into a document".to_owned(),
            ));
        }
    }
    Ok(Warned {
        output: document,
        warnings,
    })
}
