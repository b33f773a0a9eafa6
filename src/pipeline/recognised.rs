//! Pages without text of their own, read from their picture: which they are, what they say then, and how sure that is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Instant;

use crate::config::{Limits, Ocr};
use crate::diagnostic::Diagnostic;
use crate::error::{ErrorKind, Stage};
use crate::layout;
use crate::message;
use crate::message::Value;
use crate::model::document::Metadata;
use crate::model::mention::Mention;
use crate::model::page::{Page, PageSource};
use crate::parse::ocr::{self, Word};
use crate::parse::pdf::PdfFile;

/// A file with some of its pages read from their pictures.
pub(super) struct Recognised<'a> {
    file: &'a PdfFile,
    /// The words of those pages.
    pub(super) words: Words,
    /// What could not be read, and why.
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Recognised<'a> {
    /// Reads the pages that need it: those without text, or all. `observe` is told before each, for it takes long.
    pub(super) fn read(
        file: &'a PdfFile,
        bytes: &[u8],
        which: Ocr,
        limits: &Limits,
        observe: &dyn Fn(Stage),
    ) -> Self {
        let mut recognised = Self {
            file,
            words: Words::default(),
            problems: Vec::new(),
        };
        let mut wanted = Vec::new();
        if which != Ocr::Never {
            file.visit(0..file.n_pages().1, &mut |index, page| {
                if let Ok(page) = page
                    && (which == Ocr::Always || layout::is_unreadable(&page))
                {
                    wanted.push((index, [page.width, page.height]));
                }
            });
        }
        let (start, n_wanted) = (Instant::now(), wanted.len());
        let all_seconds = limits.ocr_seconds * ocr::MAX_TIMES;
        for (n_done, (index, size)) in wanted.into_iter().enumerate() {
            let left = all_seconds - start.elapsed().as_secs_f64();
            if n_done >= ocr::MAX_PAGES || left <= 0.0 {
                (recognised.problems).push(unfinished(n_wanted - n_done, n_done, all_seconds));
                break;
            }
            observe(Stage::Recognise);
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            match ocr::read(bytes, number, size, limits.ocr_seconds.min(left)) {
                Ok(words) => {
                    recognised.words.0.insert(index, words);
                }
                Err(failure) => {
                    let mut problem = Diagnostic::error(failure.message());
                    problem.hint = failure.hint();
                    if failure.is_lasting() {
                        recognised.problems.push(problem);
                        break;
                    }
                    recognised.problems.push(problem.on_page(number));
                }
            }
        }
        recognised
    }
}

/// What is to be said where the limits of a whole document end its reading.
fn unfinished(n_left: usize, n_done: usize, all_seconds: f64) -> Diagnostic {
    if n_done >= ocr::MAX_PAGES {
        return Diagnostic::warning(message!(
            "{n_left} {n_left|page was|pages were} not read from {n_left|its picture|their pictures}: no more than {most} of a document are",
            n_left,
            most = ocr::MAX_PAGES
        ))
        .with_hint(message!("split the document"));
    }
    Diagnostic::warning(message!(
        "{n_left} {n_left|page was|pages were} not read from {n_left|its picture|their pictures}: those before took {seconds} s",
        n_left,
        seconds = Value::Decimal(all_seconds.to_string())
    ))
    .with_hint(message!(
        "raise `ocr-seconds` under [limits] in palmares.toml, or split the document"
    ))
}

/// Words read from pictures, by the index of their page.
#[derive(Default)]
pub(super) struct Words(BTreeMap<usize, Vec<Word>>);

impl Words {
    /// Lowers the confidence of each value by how sure the words are that it was read from.
    pub(super) fn doubt(&self, mentions: &mut [Mention]) {
        if self.0.is_empty() {
            return;
        }
        for mention in mentions {
            for (pointer, confidence) in &mut mention.confidence {
                let sure: Vec<f64> = (mention.evidence.get(pointer).into_iter().flatten())
                    .filter_map(|place| Some((place.page?, place.bbox?)))
                    .flat_map(|(page, bbox)| self.words_in(page, bbox))
                    .map(|word| f64::from(word.confidence))
                    .collect();
                if !sure.is_empty() {
                    let mean = sure.iter().sum::<f64>() / sure.len() as f64;
                    *confidence = (*confidence * mean * 100.0).round() / 100.0;
                }
            }
        }
    }

    /// Words whose middle lies in a box of a page.
    fn words_in(&self, page: u32, [x0, y0, x1, y1]: [f64; 4]) -> impl Iterator<Item = &Word> {
        let words = self.0.get(&(page as usize).saturating_sub(1));
        words.into_iter().flatten().filter(move |word| {
            let (x, y) = word.bbox.centre();
            (x0..=x1).contains(&f64::from(x)) && (y0..=y1).contains(&f64::from(y))
        })
    }
}

impl PageSource for Recognised<'_> {
    fn n_pages(&self) -> (usize, usize) {
        self.file.n_pages()
    }

    fn metadata(&self) -> &Metadata {
        self.file.metadata()
    }

    fn visit(&self, range: Range<usize>, visit: &mut dyn FnMut(usize, Result<Page, ErrorKind>)) {
        self.file.visit(range, &mut |index, page| {
            visit(
                index,
                match self.words.0.get(&index) {
                    Some(words) => page.map(|page| ocr::page(page, words)),
                    None => page,
                },
            );
        });
    }
}
