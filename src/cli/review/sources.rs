//! Documents as a person sees them: their words, and pictures of their pages. Both are worked out by workers, which a document cannot take with it.

use std::path::PathBuf;

use palmares::ingest::{self, Source};
use palmares::message;
use palmares::pipeline::Options;
use serde::Serialize;
use serde_json::value::RawValue;

use super::super::worker::{Pool, Task};
use super::super::{Because, Usage};
use super::run::Document;
use super::words::Written;

/// The words of a document.
#[derive(Serialize)]
pub(super) struct Words {
    /// Whether it is not what the run read any more.
    is_changed: bool,
    written: Box<RawValue>,
}

/// The words of a document and where they stand.
pub(super) fn words(
    document: &Document,
    pool: &Pool,
    options: &Options<'_>,
) -> anyhow::Result<Words> {
    let source = source_of(document, pool, options)?;
    let answer = pool.ask(&Task::Words, &source, options, &|_| {});
    answer.findings.because(|| cannot_read(document))?;
    let is_changed = answer
        .identity
        .is_some_and(|identity| identity.sha256 != document.sha256);
    let written = serde_json::from_slice(&answer.text)?;
    Ok(Words {
        is_changed,
        written,
    })
}

/// The words of a document, to be looked through here.
pub(super) fn written(
    document: &Document,
    pool: &Pool,
    options: &Options<'_>,
) -> anyhow::Result<Written> {
    let words = words(document, pool, options)?;
    Ok(serde_json::from_str(words.written.get())?)
}

/// A page of a PDF, from 1, as a PNG.
pub(super) fn picture(
    document: &Document,
    page: u32,
    pool: &Pool,
    options: &Options<'_>,
) -> anyhow::Result<Vec<u8>> {
    let source = source_of(document, pool, options)?;
    let answer = pool.ask(&Task::Picture(page), &source, options, &|_| {});
    answer.findings.because(|| cannot_read(document))?;
    Ok(answer.text)
}

/// The source of a document that was read by this path.
pub(super) fn source_of(
    document: &Document,
    pool: &Pool,
    options: &Options<'_>,
) -> anyhow::Result<Source> {
    let mut found = ingest::discover(&[PathBuf::from(&document.path)], None);
    for archive in std::mem::take(&mut found.archives).into_values() {
        let listing = pool.list(&archive, options);
        found.open(archive, listing);
    }
    let is_it = |source: &Source| source.display_path() == document.path && !source.is_missing();
    found
        .sources
        .into_iter()
        .find(is_it)
        .because(|| cannot_read(document))
}

fn cannot_read(document: &Document) -> Usage {
    Usage::new(
        message!("cannot read `{file}`", file = &document.path),
        message!("run it in the folder in which `palmares run` was run"),
    )
}
