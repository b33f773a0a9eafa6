//! PDF: positioned glyphs and drawn lines, page by page, over the hayro crates.
//!
//! Bytes in, a [`PdfFile`] out; each thread takes a [`PageReader`] from it and reads the pages it wants. What the glyphs mean together is
//! layout's business; drawing it is nobody's here (`parse::ocr` has another program do that).

mod budget;
mod catalog;
mod colors;
mod fonts;
mod paths;
mod pieces;
mod structure;
mod walker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::config::Limits;
use crate::error::ErrorKind;
use crate::message;
use crate::message::Message;
use crate::model::document::Metadata;
use crate::model::page::{Page, PageSource};
use crate::model::structure::Structure;

/// An opened PDF.
pub struct PdfFile {
    pdf: Pdf,
    n_pages: usize,
    limits: Limits,
    budget: budget::Budget,
    metadata: Metadata,
    hidden_groups: catalog::HiddenGroups,
    tagging: Option<structure::Tagging>,
}

/// Width and height of each page as displayed, in points; none where the file cannot be opened.
pub fn page_sizes(bytes: &Arc<Vec<u8>>) -> Vec<[f32; 2]> {
    let sizes = catch_unwind(AssertUnwindSafe(|| {
        let pdf = Pdf::new(Arc::clone(bytes)).ok()?;
        let sizes = pdf
            .pages()
            .iter()
            .map(|page| page.render_dimensions().into());
        Some(sizes.collect())
    }));
    sizes.ok().flatten().unwrap_or_default()
}

/// Opens a PDF. A user password that is not empty, or a structure beyond repair, is an error.
pub fn open(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<PdfFile, ErrorKind> {
    guarded(|| {
        let pdf = Pdf::new(Arc::clone(bytes)).map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ErrorKind::Encrypted,
            LoadPdfError::Decryption(_) => {
                ErrorKind::DamagedPdf(message!("its encryption cannot be read"))
            }
            LoadPdfError::Invalid => ErrorKind::DamagedPdf(message!("no page can be found in it")),
        })?;
        let n_pages = pdf.pages().len();
        if n_pages == 0 {
            return Err(ErrorKind::DamagedPdf(message!("it has no page")));
        }
        let metadata = catalog::metadata(&pdf);
        let hidden_groups = catalog::HiddenGroups::read(&pdf);
        // A tree on which the parser fails is no reason not to read the pages.
        let tagging = guarded(|| structure::Tagging::read(&pdf)).ok().flatten();
        Ok(PdfFile {
            n_pages,
            pdf,
            limits: limits.clone(),
            budget: budget::Budget::new(limits.operations),
            metadata,
            hidden_groups,
            tagging,
        })
    })
    .unwrap_or_else(|message| Err(ErrorKind::Parser(message)))
}

impl PdfFile {
    /// A reader for one thread; it keeps the fonts that it has met.
    pub fn reader(&self) -> PageReader<'_> {
        PageReader {
            file: self,
            fonts: fonts::Fonts::new(),
        }
    }

    /// An error where the pages read so far have more operations than the limit: then something of them is missing.
    pub fn ensure_within_limits(&self) -> Result<(), ErrorKind> {
        if self.budget.is_overdrawn() {
            return Err(ErrorKind::TooManyOperations {
                limit: self.limits.operations,
            });
        }
        Ok(())
    }
}

impl PageSource for PdfFile {
    fn n_pages(&self) -> (usize, usize) {
        (self.n_pages, self.n_pages.min(self.limits.pages))
    }

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    fn structure(&self) -> Option<&Structure> {
        self.tagging.as_ref().map(|tagging| &tagging.structure)
    }

    fn visit(
        &self,
        range: std::ops::Range<usize>,
        visit: &mut dyn FnMut(usize, Result<Page, ErrorKind>),
    ) {
        let mut reader = self.reader();
        for index in range {
            visit(index, reader.page(index));
        }
    }
}

/// Reads pages, in whatever order.
pub struct PageReader<'a> {
    file: &'a PdfFile,
    fonts: fonts::Fonts<'a>,
}

impl PageReader<'_> {
    /// One page, by its index from 0. A page on which the parser fails is an error; the reader can go on with others.
    pub fn page(&mut self, index: usize) -> Result<Page, ErrorKind> {
        let file = self.file;
        let fonts = &mut self.fonts;
        let read = guarded(|| {
            let page = file.pdf.pages().get(index)?;
            Some(walker::read(
                page,
                u32::try_from(index + 1).unwrap_or(u32::MAX),
                fonts,
                &file.hidden_groups,
                file.tagging
                    .as_ref()
                    .and_then(|tagging| tagging.of_page(page.raw())),
                file.limits.nesting,
                file.budget.account(),
            ))
        });
        match read {
            Ok(Some(page)) => Ok(page),
            Ok(None) => Err(ErrorKind::DamagedPdf(message!(
                "no page {page}",
                page = index + 1
            ))),
            Err(message) => {
                // A panic may have left the caches of the fonts half filled.
                self.fonts = fonts::Fonts::new();
                Err(ErrorKind::Parser(message))
            }
        }
    }
}

/// Runs third-party parsers so that a panic in them costs a page or a document, never the run.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Message> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        panic
            .downcast_ref::<&str>()
            .map(|message| (*message).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .map_or_else(|| message!("for an unknown reason"), message::verbatim)
    })
}
