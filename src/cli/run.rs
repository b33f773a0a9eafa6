//! `palmares run`: the whole pipeline, from documents to a folder of records.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use anyhow::anyhow;
use palmares::config::{CsvDialect, LinkRows};
use palmares::diagnostic::Diagnostic;
use palmares::error::Error;
use palmares::export::report::pages::{FOLDER, Pages};
use palmares::export::report::{self as page, Report};
use palmares::export::{ExportFormat, export};
use palmares::ingest::{Discovery, Source};
use palmares::link::{Bodies, Decisions, Lines, LinkDetail, LinkOptions, Registry, Source as _};
use palmares::message;
use palmares::message::{Message, decimal, list, verbatim, word};
use palmares::model::laureate::RegisterMatch;
use palmares::model::mention::{DocumentRef, Mention};
use palmares::model::record::{
    DocumentRecord, Reason, Reject, Remark, Run, RunCounts, RunInput, Skipped,
};
use palmares::pipeline::{self, Merged, Options, Processed, milliseconds};
use palmares::validate::{Packed, Schema, prepare, validate};
use palmares::word;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::decided::{Decided, REGISTRY, read_decisions, read_registry};
use super::global::Format;
use super::input::{AssistArgs, ReadingArgs, StrictArgs, find};
use super::output::{FILES, Output};
use super::progress::Progress;
use super::register::{MATCHES, Register};
use super::{CLEAN, FINDINGS, Global, Pool, Usage, pages, report};

/// Read documents, link their laureates, and write the records into a folder.
///
/// Without arguments it reads `raw/` and writes into `extracted/`. The output is replaced as a whole, or not at all: where no document can be read the last
/// one stays. Files in the folder that palmares did not write are kept.
#[derive(clap::Args, Default)]
#[command(
    after_help = "Examples:\n  palmares run\n  palmares run brochures/ page.html -o resultats --csv-dialect excel-fr\n  palmares run 'raw/*.pdf' --min-confidence 0.5\n  palmares run --add nouveau.pdf --strict"
)]
pub(crate) struct Args {
    /// Files, folders (with what they hold, but for links to other folders), globs; `-` is standard input [default: raw]
    paths: Vec<PathBuf>,
    /// Read what the last run into the output folder read, and what is named beside
    #[arg(long)]
    add: bool,
    /// Folder to write into [default: extracted]
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// How the table for people, laureats.csv, is written [default: standard]
    #[arg(long, value_enum, value_name = "DIALECT")]
    csv_dialect: Option<CsvDialect>,
    /// Which pairs `links.ndjson` holds [default: all]
    #[arg(long, value_enum, value_name = "PAIRS")]
    links: Option<LinkRows>,
    /// What people decided of records, a table [default: decisions.csv, where there is one]
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// A register of organisations (CSV, NDJSON, Parquet), such as an extract of SIRENE or RNA: who in it each organisation may be goes into organisations.ndjson, with score and reasons
    #[arg(long, value_name = "FILE")]
    organisations: Option<PathBuf>,
    /// Draw the pages of PDFs that values were read from into `report-pages/`, and show each value of the report on its page (400 pages and 200 MB at most)
    #[arg(long)]
    with_pages: bool,
    #[command(flatten)]
    strict: StrictArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    assist: AssistArgs,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let (started, clock) = (SystemTime::now(), Instant::now());
    let folder = args
        .output
        .clone()
        .or_else(|| global.config.output.clone())
        .unwrap_or_else(|| PathBuf::from("extracted"));
    let last = last_run(&folder);
    let inputs = inputs(args, last.as_ref(), &folder, global)?;
    ensure_apart(&inputs, &folder)?;
    let decided = read_decisions(args.decisions.as_deref(), global)?;
    let registry = read_registry(&folder)?;
    let register = (args.organisations.as_deref()).or(global.config.organisations.as_deref());
    let register = register.map(Register::read).transpose()?;
    // It starts while documents are looked for.
    let pool = Pool::expecting(args.reading.expected(global));
    pool.start_one();
    let found = find(&inputs, folder.canonicalize().ok().as_deref(), global)?;
    let output = open(&folder, args.with_pages)?;
    let sources = &found.sources;
    let is_strict = args.strict.is_strict(global);
    let mut records = Records {
        registry,
        ..Records::default()
    };
    records.skip(&found);
    let progress = Progress::new(global, sources.len());
    let mut options = args.reading.options(global)?;
    options.decisions = Arc::clone(&decided.decisions);
    options.assist = args.assist.assist(global);
    rayon::spawn(prepare);
    let mut added = Ok(());
    pipeline::process(
        sources,
        &options,
        &|source, observe| pool.read(source, &options, observe),
        &|event| progress.show(event),
        &mut |processed| {
            progress.aside(|| records.findings |= report::processed(global, &processed, is_strict));
            added = records.add(processed);
            match added {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        },
    );
    pool.dismiss();
    progress.finish();
    added?;
    records
        .run
        .timings
        .insert("read".to_owned(), milliseconds(clock));
    if records.gave_nothing() {
        return records.give_up(started, output, &folder, global);
    }
    let linking = Instant::now();
    records.link(&LinkOptions {
        detail: detail(args.links.or(global.config.links).unwrap_or_default()),
        partners: true,
        thresholds: true,
        decisions: records.pairs(&decided, global),
        ..LinkOptions::default()
    })?;
    super::link::tell_cut(records.merged.cut, global);
    for reject in &records.merged.rejects {
        report::rejected(global, reject);
    }
    records
        .run
        .timings
        .insert("link".to_owned(), milliseconds(linking));
    if let Some(register) = register {
        records.look_up(register, &folder, global)?;
    }
    let dialect = args
        .csv_dialect
        .or(global.config.csv_dialect)
        .unwrap_or_default();
    let pages = (args.with_pages)
        .then(|| records.draw(sources, &options, &output, global, is_strict))
        .transpose()?;
    records.finish(started);
    records.write(&output, &base(output.folder()), dialect, pages.as_ref())?;
    output.commit()?;
    if let Some(last) = &last {
        tell_changes(&last.inputs, &records.run.inputs, global);
    }
    if let Some(fewer) = last.and_then(|last| fewer(&last.counts, &records.run.counts)) {
        global.diagnostic(&folder.display().to_string(), &fewer);
        records.findings |= is_strict;
    }
    summarise(global, &records, &folder, clock)?;
    Ok(ExitCode::from(if records.findings {
        FINDINGS
    } else {
        CLEAN
    }))
}

/// The folder that is written, with room for pictures where they are wanted.
fn open(folder: &Path, with_pages: bool) -> anyhow::Result<Output> {
    if with_pages {
        pages::ensure_drawing()?;
    }
    let output = Output::create(folder, &FILES)?;
    if with_pages {
        output.ensure_ours(FOLDER, folder)?;
    }
    Ok(output)
}

/// The account of the run that wrote the folder, if one did.
fn last_run(folder: &Path) -> Option<Run> {
    serde_json::from_slice(&fs::read(folder.join("run.json")).ok()?).ok()
}

/// What is read: with `--add` what the last run read and the arguments, otherwise the arguments; without any what the configuration says, or `raw/`.
fn inputs(
    args: &Args,
    last: Option<&Run>,
    folder: &Path,
    global: &Global,
) -> anyhow::Result<Vec<PathBuf>> {
    let raw = Path::new("raw");
    if args.add {
        let Some(last) = last else {
            return Err(Usage::new(
                message!(
                    "nothing to add to: no run has written into `{folder}`",
                    folder = folder.display()
                ),
                message!("leave out `--add`, or name the folder of the run with `-o FOLDER`"),
            )
            .into());
        };
        let before = (last.inputs.iter())
            .flat_map(|input| std::iter::once(&input.path).chain(&input.duplicates))
            .map(PathBuf::from);
        Ok(before.chain(args.paths.iter().cloned()).collect())
    } else if !args.paths.is_empty() {
        Ok(args.paths.clone())
    } else if !global.config.inputs.is_empty() {
        Ok(global.config.inputs.clone())
    } else if raw.is_dir() {
        Ok(vec![raw.to_owned()])
    } else {
        Err(Usage::new(
            message!("nothing to read: there is no folder `raw` here"),
            message!("name what to read, `palmares run FILE-OR-FOLDER…`, or put documents into a folder `raw`; `palmares --help` tells more"))
        .into())
    }
}

/// An error where a folder that is read is the one that is written: nothing would tell what was read from what was written.
fn ensure_apart(inputs: &[PathBuf], output: &Path) -> anyhow::Result<()> {
    let Ok(output) = output.canonicalize() else {
        return Ok(());
    };
    let same = inputs
        .iter()
        .find(|input| input.canonicalize().is_ok_and(|input| input == output));
    match same {
        Some(input) => Err(Usage::new(
            message!(
                "the output folder is the input folder `{input}`",
                input = input.display()
            ),
            message!("name another folder with `-o FOLDER`; it may lie in the input folder"),
        )
        .into()),
        None => Ok(()),
    }
}

/// Says which documents are new, changed or gone since the run whose output this one replaces: how many of each, and with `-v` which.
fn tell_changes(before: &[RunInput], now: &[RunInput], global: &Global) {
    let by_path = |inputs: &[RunInput]| -> BTreeMap<String, Option<String>> {
        let all = inputs.iter().flat_map(|input| {
            let paths = std::iter::once(&input.path).chain(&input.duplicates);
            paths.map(|path| (path.clone(), input.sha256.clone()))
        });
        all.collect()
    };
    let (before, now) = (by_path(before), by_path(now));
    let others = |one: &BTreeMap<String, Option<String>>,
                  other: &BTreeMap<String, Option<String>>| {
        let paths = one.keys().filter(|path| !other.contains_key(*path));
        paths.cloned().collect::<Vec<_>>()
    };
    let is_changed = |(path, hash): &(&String, &Option<String>)| {
        before.get(*path).is_some_and(|was| was != *hash)
    };
    let changed = now.iter().filter(is_changed).map(|(path, _)| path.clone());
    let kinds = [
        (word!("new"), others(&now, &before)),
        (word!("changed"), changed.collect()),
        (word!("gone"), others(&before, &now)),
    ];
    let told: Vec<Message> = (kinds.iter())
        .filter(|(_, paths)| !paths.is_empty())
        .map(|(kind, paths)| match *kind {
            "new" => message!("{n} new", n = paths.len()),
            "changed" => message!("{changed} changed", changed = paths.len()),
            _ => message!("{n} gone", n = paths.len()),
        })
        .collect();
    if told.is_empty() {
        return;
    }
    global.note(&message!(
        "since the last run: {told}",
        told = list(told, ", ")
    ));
    for (kind, paths) in &kinds {
        for path in paths {
            global.diagnostic(path, &Diagnostic::note(word(*kind)));
        }
    }
}

/// What is to be said where a run gives less than the one whose output it replaces.
fn fewer(before: &RunCounts, now: &RunCounts) -> Option<Diagnostic> {
    (now.laureates < before.laureates).then(|| {
        Diagnostic::warning(message!("{laureates} {laureates|laureate|laureates} of {documents} {documents|document|documents} are replaced by {n} of {m}", laureates = before.laureates, documents = before.documents, n = now.laureates, m = now.documents))
        .with_hint(message!("`--add` keeps what the last run read; `palmares diff` compares two outputs"))
    })
}

/// All that a run writes.
#[derive(Default)]
struct Records {
    documents: Vec<Packed<DocumentRecord>>,
    mentions: Vec<Packed<Mention>>,
    merged: Merged,
    registry: Registry,
    /// What a register has of the organisations; nothing without one.
    matches: Vec<Packed<RegisterMatch>>,
    rejects: Vec<Packed<Reject>>,
    /// What the report shows beside the first laureates.
    excerpts: Vec<Box<RawValue>>,
    run: Run,
    findings: bool,
}

impl Records {
    /// What discovery left out. What it could not look at may be a document.
    fn skip(&mut self, found: &Discovery) {
        let skipped = found
            .skipped
            .iter()
            .map(|(path, what)| (path, message!("it is {what}", what = word(what.clone()))));
        let unreadable = found
            .unreadable
            .iter()
            .map(|(path, reason)| (path, message!("cannot look at it: {reason}", reason)));
        self.run.skipped = skipped
            .chain(unreadable)
            .map(|(path, reason)| Skipped {
                path: path.clone(),
                reason: reason.to_string(),
            })
            .collect();
        self.run.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        self.findings |= !found.unreadable.is_empty();
    }

    /// Whether no document could be read: each failed, or has a part that could not be read and nothing beside.
    fn gave_nothing(&self) -> bool {
        let is_unread = |input: &RunInput| {
            let is_error = |remark: &Remark| remark.severity == "error";
            input.error.is_some() || (input.found == 0 && input.warnings.iter().any(is_error))
        };
        self.mentions.is_empty() && self.run.inputs.iter().all(is_unread)
    }

    /// Leaves the output folder as it is.
    fn give_up(
        mut self,
        started: SystemTime,
        output: Output,
        folder: &Path,
        global: &Global,
    ) -> anyhow::Result<ExitCode> {
        drop(output);
        self.finish(started);
        if global.format == Format::Json {
            global.print(&serde_json::to_string_pretty(&self.run)?)?;
        }
        global.error(
            message!(
                "no document could be read: `{folder}` is left as it was",
                folder = folder.display()
            ),
            None,
        );
        Ok(ExitCode::from(FINDINGS))
    }

    fn add(&mut self, processed: Processed) -> anyhow::Result<()> {
        match processed.outcome {
            Ok(outcome) => {
                self.documents.push(outcome.record.into());
                let room = page::MOST.saturating_sub(self.excerpts.len());
                for excerpt in outcome.excerpts.iter().take(room) {
                    self.excerpts.push(to_raw_value(excerpt)?);
                }
                // Nothing else is done meanwhile.
                self.mentions
                    .par_extend(outcome.mentions.into_par_iter().map(Packed::from));
                self.reject(outcome.rejects)?;
            }
            Err(error) => self.reject([failed(&processed.input, &error)])?,
        }
        self.run.inputs.push(processed.input);
        Ok(())
    }

    fn reject(&mut self, rejects: impl IntoIterator<Item = Reject>) -> anyhow::Result<()> {
        for reject in rejects {
            self.rejects.push(ensure_valid(Schema::Reject, reject)?);
        }
        Ok(())
    }

    /// What people decided of pairs.
    fn pairs(&self, decided: &Decided, global: &Global) -> Decisions {
        if decided.decisions.is_empty() {
            return Decisions::default();
        }
        let read = (self.run.inputs.iter())
            .flat_map(|input| std::iter::once(&input.path).chain(&input.duplicates))
            .map(String::as_str);
        decided.tell_unread(&read.collect(), global);
        let mentions = Lines::of(&self.mentions);
        let ids = (0..self.mentions.len()).map(|index| mentions.id(index).into_owned());
        decided.pairs(&self.registry, &ids.collect(), global)
    }

    fn link(&mut self, options: &LinkOptions) -> anyhow::Result<()> {
        self.merged = pipeline::merge(&self.mentions, options, &mut self.registry);
        self.findings |= !self.merged.rejects.is_empty();
        self.reject(self.merged.rejects.clone())
    }

    fn look_up(
        &mut self,
        register: Register,
        folder: &Path,
        global: &Global,
    ) -> anyhow::Result<()> {
        let mut bodies = Bodies::default();
        for laureate in &self.merged.laureates {
            bodies.add(&laureate.unpack());
        }
        let threshold = LinkOptions::default().threshold;
        let matches = register.look_up(&bodies, threshold, folder, global)?;
        let matches = matches
            .into_iter()
            .map(|found| ensure_valid(Schema::Match, found));
        self.matches = matches.collect::<anyhow::Result<_>>()?;
        Ok(())
    }

    /// Draws the pages that the report shows.
    fn draw(
        &mut self,
        sources: &[Source],
        options: &Options<'_>,
        output: &Output,
        global: &Global,
        is_strict: bool,
    ) -> anyhow::Result<Pages> {
        let drawing = Instant::now();
        let (mut pages, wanted) = Pages::of(&self.merged.laureates, &self.mentions);
        let told = pages::draw(&wanted, &mut pages, sources, options, output)?;
        self.findings |= is_strict && !told.is_empty();
        for (path, diagnostic) in &told {
            global.diagnostic(path, diagnostic);
        }
        (self.run.timings).insert("draw".to_owned(), milliseconds(drawing));
        Ok(pages)
    }

    fn finish(&mut self, started: SystemTime) {
        let inputs = &self.run.inputs;
        env!("CARGO_PKG_VERSION").clone_into(&mut self.run.version);
        self.run.started = humantime::format_rfc3339_seconds(started).to_string();
        self.run.counts = RunCounts {
            documents: inputs.len(),
            failed_documents: inputs.iter().filter(|input| input.error.is_some()).count(),
            mentions: self.mentions.len(),
            laureates: self.merged.laureates.len(),
            organisations: self.merged.n_organisations,
            links: self.merged.links.len(),
            rejects: self.rejects.len(),
            warnings: inputs
                .iter()
                .flat_map(|input| &input.warnings)
                .filter(|remark| remark.severity != "note")
                .count(),
        };
    }

    fn write(
        &self,
        output: &Output,
        base: &str,
        dialect: CsvDialect,
        pages: Option<&Pages>,
    ) -> anyhow::Result<()> {
        let run = [ensure_valid(Schema::Run, self.run.clone())?];
        let (mentions, documents, rejects) = (&self.mentions, &self.documents, &self.rejects);
        let (laureates, links) = (&self.merged.laureates, &self.merged.links);
        let report = Report {
            inputs: &self.run.inputs,
            documents,
            laureates,
            links,
            thresholds: &self.merged.thresholds,
            rejects,
            excerpts: &self.excerpts,
            counts: self.run.counts,
            base,
            pages,
        };
        let files: [(&str, Fill<'_>); FILES.len()] = [
            ("mentions.ndjson", &|out| {
                export(mentions, ExportFormat::NdJson, out)
            }),
            ("laureates.json", &|out| {
                export(laureates, ExportFormat::Json, out)
            }),
            ("laureates.ndjson", &|out| {
                export(laureates, ExportFormat::NdJson, out)
            }),
            ("laureates.csv", &|out| {
                export(laureates, ExportFormat::Csv, out)
            }),
            ("laureats.csv", &|out| {
                export(laureates, ExportFormat::People(dialect), out)
            }),
            ("links.ndjson", &|out| {
                export(links, ExportFormat::NdJson, out)
            }),
            ("documents.ndjson", &|out| {
                export(documents, ExportFormat::NdJson, out)
            }),
            ("rejects.ndjson", &|out| {
                export(rejects, ExportFormat::NdJson, out)
            }),
            // Line by line: of a large run all together would take room that nothing else needs.
            (REGISTRY, &|out| {
                for record in self.registry.records() {
                    serde_json::to_writer(&mut *out, &record)?;
                    out.write_all(b"\n")?;
                }
                Ok(())
            }),
            ("report.html", &|out| report.write(out)),
            ("run.json", &|out| export(&run, ExportFormat::Object, out)),
            (MATCHES, &|out| {
                export(&self.matches, ExportFormat::NdJson, out)
            }),
        ];
        files
            .par_iter()
            .with_max_len(1)
            .try_for_each(|(name, fill)| output.write(name, fill))
    }
}

/// The way from a folder to where relative paths of documents begin, part by part. Empty where there is none.
pub(super) fn way_back(folder: &Path) -> Vec<String> {
    let ways = || {
        let here = std::env::current_dir().ok()?.canonicalize().ok()?;
        pathdiff::diff_paths(here, folder)
    };
    let parts = ways().into_iter().flat_map(|way| {
        (way.iter().map(|part| part.to_string_lossy().into_owned())).collect::<Vec<String>>()
    });
    parts.collect()
}

/// The same for a page, as an address has it.
fn base(folder: &Path) -> String {
    let encoded: Vec<String> = (way_back(folder).iter())
        .map(|part| {
            utf8_percent_encode(part, NON_ALPHANUMERIC)
                .to_string()
                .replace("%2E", ".")
        })
        .collect();
    encoded.join("/")
}

/// Writes the content of a file.
type Fill<'a> = &'a (dyn Fn(&mut dyn io::Write) -> io::Result<()> + Sync);

/// A record that the command makes itself is valid, or the command is wrong.
fn ensure_valid<T: Serialize>(schema: Schema, record: T) -> anyhow::Result<Packed<T>> {
    validate(schema, record)
        .map(Packed::from)
        .map_err(|rejection| {
            let reasons: Vec<String> = rejection
                .reasons
                .iter()
                .map(|reason| format!("{}: {}", reason.pointer, reason.message))
                .collect();
            anyhow!(
                "a {} record is not valid: {}",
                schema.name(),
                reasons.join("; ")
            )
        })
}

fn detail(rows: LinkRows) -> LinkDetail {
    match rows {
        LinkRows::All => LinkDetail::All,
        LinkRows::Decided => LinkDetail::Decided,
        LinkRows::None => LinkDetail::None,
    }
}

/// A document that gave nothing, as a rejection by the stage where it failed.
fn failed(input: &RunInput, error: &Error) -> Reject {
    Reject {
        kind: "document".to_owned(),
        stage: error.stage.name().to_owned(),
        document: DocumentRef {
            path: input.path.clone(),
            sha256: input.sha256.clone().unwrap_or_default(),
            media_type: input.media_type.clone().unwrap_or_default(),
            title: None,
            url: None,
        },
        reasons: vec![Reason {
            message: error.kind.message(),
            ..Reason::default()
        }],
        ..Reject::default()
    }
}

/// What was done, for the person who waits: a table and where the files are, or for a program: the run's record.
fn summarise(
    global: &Global,
    records: &Records,
    folder: &Path,
    clock: Instant,
) -> anyhow::Result<()> {
    if global.format == Format::Json {
        return global.print(&serde_json::to_string_pretty(&records.run)?);
    }
    let RunCounts {
        documents,
        mentions,
        laureates,
        organisations,
        rejects,
        ..
    } = records.run.counts;
    global.note(&verbatim(report::table(
        &records.run.inputs,
        global.voice.language,
    )));
    global.note(&message!("{documents} {documents|document|documents}, {mentions} {mentions|mention|mentions}, {laureates} {laureates|laureate|laureates} of {organisations} {organisations|organisation|organisations}, {rejections} {rejections|rejection|rejections} in {seconds} s", documents, mentions, laureates, organisations, rejections = rejects, seconds = decimal(clock.elapsed().as_secs_f64(), 2)));
    global.note(&message!(
        "written into `{folder}`",
        folder = folder.display()
    ));
    Ok(())
}
