//! A workbook for people (Office Open XML): laureates with filters and a frozen head, numbers as numbers, a way to each source, doubtful cells coloured with the reason
//! as a note; then sheets of sources, of what they state otherwise, of documents and of warnings. The same bytes for the same records: no clock is asked.

mod cells;
mod laureates;
mod sheets;

use std::collections::BTreeMap;
use std::io;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::collection::Collection;
use crate::message::Language;
use crate::model::record::DocumentRecord;
use cells::{Cell, Sheet};

/// What cells are made of beside their record.
struct Context<'a> {
    language: Language,
    /// The way from the workbook to where relative paths of documents begin.
    base: &'a str,
    documents: BTreeMap<String, DocumentRecord>,
}

impl Context<'_> {
    fn word(&self, text: &'static str) -> String {
        self.language.translated(text).to_owned()
    }

    /// A cell that leads to a document: to its address on the web and the page there, or to the file.
    fn document(&self, path: &str, page: Option<u32>) -> Cell {
        let url = (self.documents.get(path))
            .and_then(|record| record.document.url.as_deref())
            // Whatever else a note beside a document may say, a click opens a page.
            .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let target = match (url, page) {
            (Some(url), Some(page)) if !url.contains('#') => format!("{url}#page={page}"),
            (Some(url), _) => url.to_owned(),
            (None, _) => {
                let is_absolute = path.starts_with('/') || path.contains(':');
                let way = if is_absolute || self.base.is_empty() {
                    path.to_owned()
                } else {
                    format!("{}/{path}", self.base)
                };
                // What follows a `#` would be taken for a place in the file.
                let way = (way.replace('%', "%25").replace('#', "%23")).replace(' ', "%20");
                format!("file:///{way}")
            }
        };
        Cell::Link {
            target,
            text: path.to_owned(),
        }
    }
}

/// Writes the workbook. `base` is the way from its folder to where relative paths of documents begin.
pub(super) fn write(
    collection: &Collection,
    language: Language,
    base: &str,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let context = Context {
        language,
        base,
        documents: (collection.documents.iter())
            .map(|record| {
                let record = record.unpack();
                (record.document.path.clone(), record)
            })
            .collect(),
    };
    let bytes = workbook(collection, &context).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(collection: &Collection, context: &Context<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The day that ECMA-376 took effect: any will do, but always the same.
    let created = ExcelDateTime::from_ymd(2006, 12, 7)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let mut cut = Vec::new();
    let mut sheets: Vec<Sheet> = vec![
        laureates::sheet(&collection.laureates, context, &mut cut)?,
        sheets::sources(collection, context, &mut cut)?,
        sheets::variants(collection, context, &mut cut)?,
        sheets::documents(collection, context, &mut cut)?,
    ];
    sheets.push(sheets::warnings(collection, context, &cut)?);
    for sheet in sheets {
        workbook.push_worksheet(sheet.finish()?);
    }
    workbook.save_to_buffer()
}
