//! `palmares extract`: mentions on standard output, document by document.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use palmares::export::{ExportFormat, export};
use palmares::pipeline;
use palmares::validate::Packed;

use super::input::{AssistArgs, ReadingArgs, StrictArgs, sources};
use super::progress::Progress;
use super::report;
use super::{CLEAN, FINDINGS, Global, Pool, terminal};

/// Print the mentions of documents as NDJSON, one line per laureate.
///
/// Documents are read by path, mentions come in the order of the document. Nothing is written to disk.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares extract raw/laureats-agir-2022.pdf\n  palmares extract raw/*.html | jq -r '[.name, .project] | @tsv'\n  curl -s https://example.org/laureats | palmares extract -"
)]
pub(crate) struct Args {
    /// Files, folders or globs; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print what each document says of itself, a record of `palmares schema document`, before its mentions
    #[arg(long)]
    documents: bool,
    #[command(flatten)]
    strict: StrictArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    assist: AssistArgs,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let sources = sources(&args.files, global)?;
    let mut options = args.reading.options(global)?;
    options.assist = args.assist.assist(global);
    let progress = Progress::new(global, sources.len());
    let mut out = terminal::stdout();
    let is_strict = args.strict.is_strict(global);
    let mut findings = false;
    let mut written = Ok(());
    let pool = Pool::expecting(args.reading.expected(global));
    pipeline::process(
        &sources,
        &options,
        &|source, observe| pool.read(source, &options, observe),
        &|event| progress.show(event),
        &mut |processed| {
            progress.aside(|| findings |= report::processed(global, &processed, is_strict));
            if let Ok(outcome) = processed.outcome {
                let document = args.documents.then(|| Packed::from(outcome.record));
                let mentions: Vec<_> = outcome.mentions.into_iter().map(Packed::from).collect();
                written = export(document.as_slice(), ExportFormat::NdJson, &mut out)
                    .and_then(|()| export(&mentions, ExportFormat::NdJson, &mut out))
                    .and_then(|()| out.flush());
            }
            if written.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        },
    );
    progress.finish();
    written?;
    Ok(ExitCode::from(if findings { FINDINGS } else { CLEAN }))
}
