//! `palmares diff`: what a change of code, profile or lexicon did to a corpus.

use std::path::PathBuf;
use std::process::ExitCode;

use palmares::evaluate::{compare, report};

use super::global::Format;
use super::records::read_mentions;
use super::{CLEAN, FINDINGS, Global};

/// Compare two runs over the same documents: entries gained and lost, values changed, the worst documents first.
///
/// A document is the same when its bytes are, whatever its path. Exits with 1 when anything differs.
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
    let changes = compare::compare(&read_mentions(&args.old)?, &read_mentions(&args.new)?);
    match global.format {
        Format::Text => global.print(&report::changes_text(&changes))?,
        Format::Json => global.print(&serde_json::to_string_pretty(&changes)?)?,
    }
    Ok(ExitCode::from(if changes.is_empty() {
        CLEAN
    } else {
        FINDINGS
    }))
}
