//! Pages in; a document with labelled blocks in reading order out. No format, no field names: geometry, and what a document says of its own structure
//! where its pages bear it out (`tagged`).
//!
//! Each page is reduced to drafts of blocks by itself (words, regions, columns, lines, blocks), and its glyphs are dropped. Then the document
//! is looked at as a whole: what repeats on its pages, which styles are headings, which paragraphs go on over a break, how words divided at
//! line ends are spelt.

mod aligned;
mod assembly;
mod blocks;
mod bullets;
mod columns;
mod divided;
mod footnotes;
mod furniture;
mod headings;
mod hyphens;
mod lines;
mod notes;
mod reading_order;
mod regions;
mod rows;
mod strips;
mod tables;
mod tagged;
mod turned;
mod words;

pub use divided::join_divided;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Severity, Warned};
use crate::error::ErrorKind;
use crate::message;
use crate::message::Message;
use crate::model::document::Document;
use crate::model::page::{Page, PageSource};
use crate::model::raw::RawDocument;

/// Pages are read in parallel in stretches of at least this many: each stretch loads the fonts anew.
const PAGES_AT_A_TIME: usize = 16;
/// From this share of glyphs without Unicode on, what a page says is not known.
const UNKNOWN_SHARE: f32 = 0.3;
/// Images that cover this much of a page without text are scans.
const SCAN_COVER: f32 = 0.5;

/// A page reduced to its drafts.
pub(crate) struct PageLayout {
    number: u32,
    height: f32,
    drafts: Vec<blocks::Draft>,
    /// The page as the document's structure tells it.
    tagged: Option<tagged::TaggedPage>,
    /// Left edges of the columns of each table of the page.
    grids: Vec<Vec<f32>>,
    /// Targets of its links.
    links: Vec<String>,
    remarks: Vec<Remark>,
}

/// What is wrong with a page.
#[derive(Clone, Debug, PartialEq)]
enum Remark {
    Scan,
    Recognized,
    TextLayer,
    Unknown,
    Truncated,
    Failed(Message),
}

/// Makes a document of the pages of a file.
pub fn analyze(raw: &RawDocument, source: &dyn PageSource) -> Warned<Document> {
    let (n_pages, n_readable) = source.n_pages();
    let tree = source.structure().map(tagged::Tree::of);
    let n_stretches = n_readable.div_ceil(PAGES_AT_A_TIME).max(1);
    let stretches: Vec<Vec<PageLayout>> = (0..n_stretches)
        .into_par_iter()
        .map(|stretch| {
            let range =
                stretch * PAGES_AT_A_TIME..((stretch + 1) * PAGES_AT_A_TIME).min(n_readable);
            let mut layouts = Vec::with_capacity(range.len());
            source.visit(range, &mut |index, page| match page {
                Ok(page) => layouts.extend(lay_out_all(page, tree.as_ref())),
                Err(error) => layouts.push(failed(index, &error)),
            });
            layouts
        })
        .collect();
    let mut pages: Vec<PageLayout> = stretches.into_iter().flatten().collect();
    let tree = tree.filter(|_| tagged::is_sound(&pages));
    for page in &mut pages {
        let tagged = page.tagged.take();
        if let (Some(tagged), true) = (tagged, tree.is_some()) {
            page.drafts = tagged.drafts;
        }
    }
    let mut warnings = remarks(&pages);
    if n_readable < n_pages {
        warnings.push(
            Diagnostic::error(message!(
                "only the first {n_readable} of {n_pages} pages were read",
                n_readable,
                n_pages
            ))
            .with_hint(message!("split the document")),
        );
    }
    let mut document = Document::new(raw.id, raw.path.clone(), raw.format);
    document.metadata = source.metadata().clone();
    document.n_pages = u32::try_from(n_pages).ok();
    document.blocks = assembly::assemble(pages, tree.as_ref());
    document.nodes = tree.map(|tree| tree.nodes()).unwrap_or_default();
    Warned {
        output: document,
        warnings,
    }
}

/// One page, by itself.
fn lay_out(page: &Page, tree: Option<&tagged::Tree<'_>>) -> PageLayout {
    let mut regions = regions::find(page);
    let words = words::read(page, &regions.barriers);
    regions.assign(&words.fragments);
    let drafts = reading_order::read(page, &words, &regions);
    let tagged = tree.map(|tree| tagged::read(page, &words, &drafts, tree));
    PageLayout {
        number: page.number,
        height: page.height,
        drafts,
        tagged,
        grids: regions.grids.into_iter().map(|grid| grid.xs).collect(),
        links: page.links.iter().map(|link| link.target.clone()).collect(),
        remarks: Vec::new(),
    }
}

/// A page, and what stands sideways on it as pages of their own.
fn lay_out_all(mut page: Page, tree: Option<&tagged::Tree<'_>>) -> Vec<PageLayout> {
    let remarks = page_remarks(&page);
    let turned = turned::take(&mut page);
    let mut layouts = Vec::with_capacity(1 + turned.len());
    for page in [page].iter().chain(&turned) {
        let mut layout = lay_out(page, tree);
        turned::ground(&mut layout, page.turn);
        // A sheet that is sideways as a whole has no upright page beside it.
        if turned.is_empty() || !layout.drafts.is_empty() {
            layouts.push(layout);
        }
    }
    if let Some(first) = layouts.first_mut() {
        first.remarks = remarks;
    }
    layouts
}

fn failed(index: usize, error: &ErrorKind) -> PageLayout {
    PageLayout {
        number: u32::try_from(index + 1).unwrap_or(u32::MAX),
        height: 0.0,
        drafts: Vec::new(),
        tagged: None,
        grids: Vec::new(),
        links: Vec::new(),
        remarks: vec![Remark::Failed(error.message())],
    }
}

/// Whether a page says nothing that can be read: it is a picture, or its fonts do not say which characters they show.
pub fn is_unreadable(page: &Page) -> bool {
    let remarks = page_remarks(page);
    remarks.contains(&Remark::Scan) || remarks.contains(&Remark::Unknown)
}

fn page_remarks(page: &Page) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if page.recognized {
        return vec![Remark::Recognized];
    }
    let (n_glyphs, n_unknown) = words::count_unknown(page);
    let area = (page.width * page.height).max(1.0);
    let cover = page
        .images
        .iter()
        .map(|image| image.width() * image.height() / area)
        .fold(0.0, f32::max);
    if n_glyphs == 0 && cover > SCAN_COVER {
        remarks.push(Remark::Scan);
    } else if n_unknown as f32 > UNKNOWN_SHARE * n_glyphs as f32 {
        remarks.push(Remark::Unknown);
    } else if words::is_mostly_invisible(page) {
        remarks.push(Remark::TextLayer);
    }
    if page.truncated {
        remarks.push(Remark::Truncated);
    }
    remarks
}

/// One remark for each kind of trouble, with the pages that have it.
fn remarks(pages: &[PageLayout]) -> Vec<Diagnostic> {
    let on = |wanted: &dyn Fn(&Remark) -> bool| -> Vec<u32> {
        pages
            .iter()
            .filter(|page| page.remarks.iter().any(wanted))
            .map(|page| page.number)
            .collect()
    };
    let mut diagnostics = Vec::new();
    let mut say = |severity, numbers: Vec<u32>, one: Message, many: Message, hint: Message| {
        let said = match numbers.as_slice() {
            [] => return,
            [number] => Diagnostic::warning(one).on_page(*number),
            numbers => Diagnostic::warning(message!(
                "{many}: {numbers}",
                many,
                numbers = ranges(numbers)
            )),
        };
        diagnostics.push(Diagnostic {
            severity,
            ..said.with_hint(hint)
        });
    };
    say(
        Severity::Error,
        on(&|remark| *remark == Remark::Scan),
        message!("the page is a picture without text"),
        message!("pages are pictures without text"),
        message!(
            "`--ocr auto` has `tesseract` read it, where that is installed; or run OCR first, for example `ocrmypdf IN OUT`"
        ),
    );
    say(
        Severity::Error,
        on(&|remark| *remark == Remark::Unknown),
        message!("the fonts do not say which characters they show"),
        message!("the fonts do not say which characters they show, on pages"),
        message!(
            "the text cannot be trusted: `--ocr auto` has `tesseract` read the picture; or run OCR first, for example `ocrmypdf --force-ocr IN OUT`"
        ),
    );
    say(
        Severity::Warning,
        on(&|remark| *remark == Remark::Recognized),
        message!("the page was read from its picture"),
        message!("pages were read from their pictures"),
        message!("check names and figures against them"),
    );
    say(
        Severity::Warning,
        on(&|remark| *remark == Remark::TextLayer),
        message!("the text is the invisible layer of a scan"),
        message!("the text is the invisible layer of a scan, on pages"),
        message!("check names and figures against the picture"),
    );
    say(
        Severity::Error,
        on(&|remark| *remark == Remark::Truncated),
        message!("the page has deeper nesting than the limits allow"),
        message!("pages have deeper nesting than the limits allow"),
        message!("something may be missing from it"),
    );
    for page in pages {
        for remark in &page.remarks {
            if let Remark::Failed(message) = remark {
                diagnostics.push(
                    Diagnostic::error(message!("the page cannot be read: {message}", message))
                        .on_page(page.number),
                );
            }
        }
    }
    diagnostics
}

/// `1-3, 7`.
fn ranges(numbers: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => parts.push((number, number)),
        }
    }
    parts
        .iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}-{last}")
            }
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests;
