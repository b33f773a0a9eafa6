//! `palmares diff`: what a change of code, profile or lexicon did to a corpus.

use std::path::PathBuf;
use std::process::ExitCode;

use palmares::evaluate::{changes, compare};

use super::global::Format;
use super::records::read_mentions;
use super::{CLEAN, FINDINGS, Global};

/// Compare two runs over the same documents: what it comes to by field, entries gained and lost, values changed, the worst documents first.
///
/// A document is the same when its path is, else when its bytes are, else when its title is: a page that was fetched again is compared with itself. Exits with
/// 1 when the later run lacks a document, an entry or a value that the earlier one has.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares run corpus -o before && palmares run corpus -o after && palmares diff before after\n  palmares diff extracted/mentions.ndjson new.ndjson --format json | jq '.[0].lost'"
)]
pub(crate) struct Args {
    /// Earlier run: its output folder, or a file of mentions (NDJSON)
    old: PathBuf,
    /// Later run
    new: PathBuf,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let changed = compare::compare(&read_mentions(&args.old)?, &read_mentions(&args.new)?);
    match global.format {
        Format::Text => global.print(&changes::text(&changed, global.voice.language))?,
        Format::Json => global.print(&serde_json::to_string_pretty(&changed)?)?,
    }
    Ok(ExitCode::from(if changes::has_losses(&changed) {
        FINDINGS
    } else {
        CLEAN
    }))
}
