//! `palmares explain`: how a document was read, stage by stage.

mod json;
mod text;
mod words;

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use palmares::config::Expect;
use palmares::message;
use palmares::message::{Language, Message, word};
use palmares::pipeline::{Options, Reading};
use serde::{Deserialize, Serialize};

use self::text::Explanation;
use self::words::Extents;
pub(crate) use self::words::described;
use super::global::{Format, Verbosity};
use super::input::{ReadingArgs, rule_of, sources};
use super::worker::Task;
use super::{CLEAN, FINDINGS, Global, Pool};

/// Show how a document was read: its blocks, where entries start and why, which label gave which field, what belongs to no entry.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares explain raw/laureats-agir-2022.pdf\n  palmares explain raw/laureats-agir-2022.pdf --stage layout | less\n  palmares explain page.html --blocks --format json | jq '.blocks[] | select(.layer == \"furniture\")'"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Args {
    /// The document; `-` is standard input. With --link, the mentions of a run [default: extracted/mentions.ndjson]
    #[arg(required_unless_present = "link")]
    file: Option<PathBuf>,
    /// Say why two mentions are, or are not, one laureate
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    link: Vec<String>,
    /// Show what this stage made of the document
    #[arg(long, value_enum, default_value_t, value_name = "STAGE")]
    stage: Stage,
    /// List the blocks too
    #[arg(long)]
    blocks: bool,
    /// With --format json, list all partitions that were considered, with their measures and what each would give
    #[arg(long)]
    considered: bool,
    /// With --format json, list the stretches of words that may be a name, with what speaks for and against each
    #[arg(long)]
    stretches: bool,
    /// With --format json, list for each value what its confidence is made of
    #[arg(long)]
    measures: bool,
    /// Show values in full
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    reading: ReadingArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
enum Stage {
    /// The text as the file holds it, with its places
    Parse,
    /// Blocks with labels and styles, in reading order
    Layout,
    /// Entries: where they start, what they hold, what belongs to none
    Segment,
    /// Entries with their fields
    #[default]
    Extract,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    if let [a, b] = args.link.as_slice() {
        let mentions = args
            .file
            .clone()
            .unwrap_or_else(|| PathBuf::from("extracted/mentions.ndjson"));
        super::link::explain_pair(a, b, &mentions, global)?;
        return Ok(ExitCode::from(CLEAN));
    }
    let options = args.reading.options(global)?;
    let sources = sources(args.file.as_slice(), global)?;
    let view = View {
        stage: args.stage,
        blocks: args.blocks,
        considered: args.considered,
        stretches: args.stretches,
        measures: args.measures,
        json: global.format == Format::Json,
        language: global.voice.language,
        full: args.full,
        verbose: global.verbosity == Verbosity::Verbose,
        expected: None,
    };
    let rules = args.reading.expected(global);
    let pool = Pool::expecting(rules.clone());
    let mut code = CLEAN;
    for source in &sources {
        let path = source.display_path();
        let rule = rule_of(&rules, source);
        let expect = rule.map_or(options.expect, |rule| rule.value);
        let by =
            rule.map(|rule| message!("the configuration for `{path}`", path = rule.path.display()));
        let by = by.or_else(|| args.reading.expected_of_all(global).map(word));
        let view = View {
            expected: by.map(|by| (expect, by)),
            ..view.clone()
        };
        let answer = pool.ask(&Task::Explain(view), source, &options, &|_| {});
        match answer.findings {
            Ok(_) => global.write(&answer.text)?,
            Err(kind) => {
                global.failed(path, &kind);
                code = FINDINGS;
            }
        }
    }
    Ok(ExitCode::from(code))
}

/// What is shown of a reading.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct View {
    stage: Stage,
    blocks: bool,
    considered: bool,
    stretches: bool,
    measures: bool,
    json: bool,
    language: Language,
    full: bool,
    verbose: bool,
    /// What is known of the document, and what says so.
    expected: Option<(Expect, Message)>,
}

/// Writes how a document was read.
pub(crate) fn write(
    reading: &Reading,
    options: &Options<'_>,
    view: &View,
    out: impl Write,
) -> anyhow::Result<()> {
    let mut out = BufWriter::new(out);
    let named = reading.record.profile.as_deref();
    let profile = (options.profiles.iter()).find(|profile| Some(profile.name.as_str()) == named);
    if view.json {
        serde_json::to_writer_pretty(&mut out, &json::reading(reading, profile, view))?;
        writeln!(out)?;
    } else {
        Explanation {
            profile,
            reading,
            language: view.language,
            full: view.full,
            verbose: view.verbose,
            extents: Extents::of(&reading.document),
            out: &mut out,
        }
        .write(view)?;
    }
    Ok(out.flush()?)
}
