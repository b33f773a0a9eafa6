//! Records for the commands that compare them: of a document read now, or of an earlier run.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::Context;
use palmares::error::Error;
use palmares::evaluate::Record;
use palmares::evaluate::fixture::Reading;
use palmares::ingest::Source;
use palmares::pipeline::{self, Options};

use super::{Pool, Usage};

/// Reads one document. The error is the document's own: it yields nothing.
pub(crate) fn read_document(
    source: &Source,
    options: &Options<'_>,
    pool: &Pool,
) -> anyhow::Result<Result<Reading, Error>> {
    let mut outcome = None;
    pipeline::process(
        std::slice::from_ref(source),
        options,
        &|source, observe| pool.read(source, options, observe),
        &|_| {},
        &mut |processed| {
            outcome = Some(processed.outcome);
            ControlFlow::Break(())
        },
    );
    match outcome.context("the document was not read")? {
        Ok(outcome) => Ok(Ok(Reading {
            announced: outcome.record.get().announced,
            mentions: outcome
                .mentions
                .iter()
                .map(|mention| {
                    Ok(serde_json::from_value(serde_json::to_value(
                        mention.get(),
                    )?)?)
                })
                .collect::<anyhow::Result<_>>()?,
        })),
        Err(error) => Ok(Err(error)),
    }
}

/// The mentions of a run's output folder, or of an NDJSON file.
pub(crate) fn read_mentions(path: &Path) -> anyhow::Result<Vec<Record>> {
    let file = if path.is_dir() {
        path.join("mentions.ndjson")
    } else {
        path.to_owned()
    };
    let text = fs::read_to_string(&file).with_context(|| {
        Usage::new(
            format!("cannot read `{}`", file.display()),
            "name a folder that `palmares run` wrote, or a file of mentions",
        )
    })?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).with_context(|| {
                format!(
                    "`{}`, line {}: not a JSON object",
                    file.display(),
                    number + 1
                )
            })
        })
        .collect()
}
