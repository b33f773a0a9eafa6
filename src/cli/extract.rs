//! `palmares extract`: mentions on standard output, document by document.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use palmares::export::{ExportFormat, export};
use palmares::ingest::Source;
use palmares::pipeline::{self, Options, Processed};
use palmares::validate::Packed;

use super::input::{AssistArgs, ReadingArgs, StrictArgs, sources};
use super::progress::Progress;
use super::report;
use super::stream::{self, Answer};
use super::{CLEAN, FINDINGS, Global, Pool, terminal};

/// Print the mentions of documents as NDJSON, one line per laureate.
///
/// Documents are read by path, mentions come in the order of the document. Nothing is written to disk.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares extract raw/laureats-agir-2022.pdf\n  palmares extract raw/*.html | jq -r '[.name, .project] | @tsv'\n  curl -s https://example.org/laureats | palmares extract -\n  python3 job.py | palmares extract --stdin-stream"
)]
pub(crate) struct Args {
    /// Files, folders or globs; `-` is standard input
    #[arg(required_unless_present = "stdin_stream")]
    files: Vec<PathBuf>,
    /// Read many documents from standard input, each as its name and its bytes, and answer each with a line of JSON that counts its records, and their lines (docs/scale.md)
    #[arg(long, conflicts_with = "files")]
    stdin_stream: bool,
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
    if args.stdin_stream {
        return answer(args, global);
    }
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

/// Reads documents as they come on standard input, one at a time: whoever asks starts as many processes as there are cores.
fn answer(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let options = args.reading.options(global)?;
    let pool = Pool::expecting(args.reading.expected(global));
    let is_strict = args.strict.is_strict(global);
    let mut input = std::io::stdin().lock();
    let mut out = terminal::stream();
    let mut findings = false;
    while let Some(document) = stream::next(&mut input)? {
        let source = Source::memory(document.bytes, document.name);
        let processed = read_one(source, &options, &pool);
        findings |= report::processed(global, &processed, is_strict);
        let mut lines = Vec::new();
        if let Ok(outcome) = processed.outcome {
            let document = args.documents.then(|| Packed::from(outcome.record));
            lines.extend(document.map(|document| document.line().to_owned()));
            let mentions = outcome.mentions.into_iter().map(Packed::from);
            lines.extend(mentions.map(|mention| mention.line().to_owned()));
        }
        serde_json::to_writer(&mut out, &Answer::new(&processed.input, lines.len()))?;
        for line in lines {
            write!(out, "\n{line}")?;
        }
        // Whoever asks may wait for this answer before it asks again.
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(ExitCode::from(if findings { FINDINGS } else { CLEAN }))
}

fn read_one(source: Source, options: &Options<'_>, pool: &Pool) -> Processed {
    let mut read = None;
    pipeline::process(
        &[source],
        options,
        &|source, observe| pool.read(source, options, observe),
        &|_| (),
        &mut |processed| {
            read = Some(processed);
            ControlFlow::Continue(())
        },
    );
    read.expect("every source is handed over")
}
