//! Pictures of the pages that values were read from, drawn by workers into a folder beside the report.

use std::collections::{BTreeMap, BTreeSet};

use palmares::diagnostic::Diagnostic;
use palmares::error::ErrorKind;
use palmares::export::report::pages::{FOLDER, Pages, Wanted};
use palmares::ingest::Source;
use palmares::message;
use palmares::pipeline::Options;
use rayon::prelude::*;

use super::Usage;
use super::output::Output;
use super::worker::{Pool, Task};

/// Pages that are drawn at most.
const MOST_PAGES: usize = 400;

/// Bytes of all pictures at most: half a megabyte for each page.
const MOST_BYTES: usize = 200 << 20;

/// Pages that are drawn before the first of them is written: as many whatever the threads, so that the same are left out where there are too many.
const AT_ONCE: usize = 16;

/// An error where this palmares draws no pages.
pub(crate) fn ensure_drawing() -> Result<(), Usage> {
    if cfg!(feature = "pictures") {
        return Ok(());
    }
    Err(Usage::new(
        message!("this palmares was built without pictures"),
        message!("build it with the feature `pictures`, which is on by default"),
    ))
}

/// Pages of a document that were not drawn.
#[derive(Default)]
struct Failed {
    n: usize,
    /// One of them, and why.
    first: Option<(u32, ErrorKind)>,
}

/// Draws the pages that are wanted, and notes them. Gives what is to be told, with the document that it is of: the first reason of each why a page cannot be drawn.
pub(crate) fn draw(
    wanted: &[Wanted],
    pages: &mut Pages,
    sources: &[Source],
    options: &Options<'_>,
    output: &Output,
) -> anyhow::Result<Vec<(String, Diagnostic)>> {
    let pool = Pool::new();
    let by_path: BTreeMap<&str, &Source> = (sources.iter())
        .map(|source| (source.display_path(), source))
        .collect();
    let sizes = sizes(wanted, &by_path, options, &pool);
    let picture = |page: &Wanted| {
        let cannot = || ErrorKind::Parser(message!("the page cannot be drawn"));
        let document = page.document.as_str();
        let index = usize::try_from(page.page)
            .unwrap_or(usize::MAX)
            .wrapping_sub(1);
        let size = sizes.get(document).and_then(|sizes| sizes.get(index));
        let source = by_path.get(document).ok_or_else(cannot)?;
        let answer = pool.ask(&Task::Picture(page.page), source, options, &|_| {});
        answer.findings?;
        Ok((answer.text, *size.ok_or_else(cannot)?))
    };
    let (mut n_drawn, mut n_bytes) = (0, 0);
    let mut failed: BTreeMap<&str, Failed> = BTreeMap::new();
    'all: for batch in wanted.chunks(AT_ONCE) {
        // A document of which one page takes all the time or memory that there is would do so with each.
        let is_spent = |page: &Wanted| {
            let failed = failed.get(page.document.as_str());
            let why = failed.and_then(|failed| failed.first.as_ref());
            why.is_some_and(|(_, why)| !matches!(why, ErrorKind::Parser(_)))
        };
        let drawn: Vec<_> = (batch.par_iter().with_max_len(1))
            .map(|page| (!is_spent(page)).then(|| picture(page)))
            .collect();
        for (page, drawn) in batch.iter().zip(drawn) {
            match drawn {
                Some(Ok((png, size))) => {
                    if n_drawn == MOST_PAGES || n_bytes + png.len() > MOST_BYTES {
                        break 'all;
                    }
                    n_drawn += 1;
                    n_bytes += png.len();
                    let name = format!("{FOLDER}/{}", page.file);
                    output.write(&name, |out| out.write_all(&png))?;
                    pages.add(page.clone(), size);
                }
                Some(Err(why)) => {
                    let is_last = !matches!(why, ErrorKind::Parser(_));
                    let failed = failed.entry(&page.document).or_default();
                    failed.n += 1;
                    // What ends the document's pages is what is told.
                    if failed.n == 1 || is_last {
                        failed.first = Some((page.page, why));
                    }
                }
                None => {
                    if let Some(failed) = failed.get_mut(page.document.as_str()) {
                        failed.n += 1;
                    }
                }
            }
        }
    }
    let n_failed: usize = failed.values().map(|failed| failed.n).sum();
    let mut told: Vec<(String, Diagnostic)> = (failed.into_iter())
        .filter_map(|(document, failed)| Some((document.to_owned(), failed.told()?)))
        .collect();
    let n_left = wanted.len() - n_drawn - n_failed;
    if n_left > 0 {
        let message = message!(
            "{n_left} {n_left|page is|pages are} not drawn: no more than {most} of a run are, nor pictures of more than {megabytes} MB",
            n_left,
            most = MOST_PAGES,
            megabytes = MOST_BYTES >> 20
        );
        told.push((FOLDER.to_owned(), Diagnostic::warning(message)));
    }
    Ok(told)
}

impl Failed {
    fn told(self) -> Option<Diagnostic> {
        let (page, why) = self.first?;
        let told = message!(
            "{n} {n|page is|pages are} not shown in the report: {why}",
            n = self.n,
            why = why.message()
        );
        Some(Diagnostic::warning(told).on_page(page))
    }
}

/// The sizes of the pages of each document that is wanted, in points.
fn sizes<'w>(
    wanted: &'w [Wanted],
    by_path: &BTreeMap<&str, &Source>,
    options: &Options<'_>,
    pool: &Pool,
) -> BTreeMap<&'w str, Vec<[f32; 2]>> {
    let documents: BTreeSet<&str> = wanted.iter().map(|page| page.document.as_str()).collect();
    let of = |document: &'w str| {
        let source = by_path.get(document)?;
        let answer = pool.ask(&Task::Sizes, source, options, &|_| {});
        let sizes = serde_json::from_slice(&answer.text).ok()?;
        Some((document, sizes))
    };
    documents.into_par_iter().filter_map(of).collect()
}
