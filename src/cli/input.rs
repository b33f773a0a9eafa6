//! What `run`, `extract` and `explain` read, and how: the options they share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use palmares::config::{Assist, Expect, Expected, ExpectedAt, FailOn, Ocr};
use palmares::diagnostic::Diagnostic;
use palmares::ingest::{self, Discovery, Source};
use palmares::message;
use palmares::message::{Message, list, word};
use palmares::pipeline::Options;
use palmares::profile::Profile;
use palmares::word;

use super::global::Verbosity;
use super::{Global, Pool, Usage};

/// How documents are read.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadingArgs {
    /// Reject mentions less sure than this, from 0 to 1
    #[arg(long, value_name = "X", value_parser = confidence)]
    pub(crate) min_confidence: Option<f64>,
    /// What is known of the documents: `laureates` takes the best reading of each, unless it is hopeless [default: unknown]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) expect: Option<Expect>,
    /// Which pages of PDFs `tesseract` reads from their picture [default: never]
    #[arg(long, value_enum, value_name = "WHICH")]
    pub(crate) ocr: Option<Ocr>,
    /// Read documents that it is for by this profile, before any other; may be given several times
    #[arg(long = "profile", value_name = "FILE")]
    pub(crate) profiles: Vec<PathBuf>,
    /// Use no built-in profile
    #[arg(long)]
    pub(crate) no_profiles: bool,
}

/// Whether the team's program is asked of what stays doubtful.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Reading")]
pub(crate) struct AssistArgs {
    /// Do not ask the program of [assist] in palmares.toml
    #[arg(long)]
    no_assist: bool,
}

impl AssistArgs {
    /// The program that the configuration names.
    pub(crate) fn assist(&self, global: &Global) -> Option<Arc<Assist>> {
        let assist = global.config.assist.clone().filter(|_| !self.no_assist);
        assist.map(Arc::new)
    }
}

/// What counts in the exit code.
#[derive(clap::Args, Default)]
pub(crate) struct StrictArgs {
    /// End with exit code 1 where there is a warning, too
    #[arg(long)]
    strict: bool,
}

impl StrictArgs {
    /// Whether warnings count: the argument, then the configuration.
    pub(crate) fn is_strict(&self, global: &Global) -> bool {
        self.strict || global.config.report.fail_on == FailOn::Warning
    }
}

impl ReadingArgs {
    /// What the stages are told: the arguments, then the configuration, then the defaults.
    pub(crate) fn options(&self, global: &Global) -> anyhow::Result<Options<'static>> {
        Ok(Options {
            limits: global.config.limits.clone(),
            profiles: self.profiles(global)?,
            expect: self.expect.unwrap_or(match global.config.expect {
                Some(Expected::All(expect)) => expect,
                Some(Expected::At(_)) | None => Expect::default(),
            }),
            ocr: self.ocr.or(global.config.ocr).unwrap_or_default(),
            min_confidence: self
                .min_confidence
                .or(global.config.min_confidence)
                .unwrap_or_default(),
            ..Options::default()
        })
    }

    /// The rules of the configuration about what is known of which documents, unless the command line says so of all.
    pub(crate) fn expected(&self, global: &Global) -> Vec<ExpectedAt> {
        match &global.config.expect {
            Some(Expected::At(rules)) if self.expect.is_none() => rules.clone(),
            _ => Vec::new(),
        }
    }

    /// What says so of all documents.
    pub(crate) fn expected_of_all(&self, global: &Global) -> Option<&'static str> {
        match (&self.expect, &global.config.expect) {
            (Some(_), _) => Some(word!("the command line")),
            (None, Some(Expected::All(_))) => Some(word!("the configuration")),
            _ => None,
        }
    }

    /// The user's profiles, then those of the configuration, then the built-in ones.
    fn profiles(&self, global: &Global) -> anyhow::Result<Arc<[Profile]>> {
        let mut profiles = Vec::new();
        for file in self.profiles.iter().chain(&global.config.profiles) {
            profiles.push(Profile::read(file)?);
        }
        if !self.no_profiles && global.config.built_in_profiles != Some(false) {
            profiles.extend(Profile::built_in().iter().cloned());
        }
        Ok(profiles.into())
    }
}

/// The last rule that names the document of a source.
pub(crate) fn rule_of<'r>(rules: &'r [ExpectedAt], source: &Source) -> Option<&'r ExpectedAt> {
    rules
        .iter()
        .rev()
        .find(|rule| ingest::is_named(source, &rule.path))
}

/// The documents that the paths lead to, by path. An error where there is none.
pub(crate) fn sources(paths: &[PathBuf], global: &Global) -> anyhow::Result<Vec<Source>> {
    Ok(find(paths, None, global)?.sources)
}

/// The documents that the paths lead to, by path, and what was left out: a folder's files that are none, and all in `output`, a folder in canonical
/// form. Says what was left out; an error where there is no document.
pub(crate) fn find(
    paths: &[PathBuf],
    output: Option<&Path>,
    global: &Global,
) -> anyhow::Result<Discovery> {
    let mut found = ingest::discover(paths, output);
    let archives = std::mem::take(&mut found.archives);
    if !archives.is_empty() {
        // What is packed is unpacked where it can do no harm.
        let pool = Pool::new();
        let options = Options {
            limits: global.config.limits.clone(),
            ..Options::default()
        };
        for archive in archives.into_values() {
            let listing = pool.list(&archive, &options);
            found.open(archive, listing);
        }
    }
    for (path, reason) in &found.unreadable {
        global.error(
            message!("cannot look at `{path}`: {reason}", path, reason),
            None,
        );
    }
    tell_skipped(&found, global);
    if found.sources.iter().all(Source::is_missing) {
        let names: Vec<String> = paths
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        let is_address = |path: &PathBuf| path.starts_with("http:") || path.starts_with("https:");
        return Err(Usage::new(
            message!("no document found at {names}", names = names.join(", ")),
            if paths.iter().any(is_address) {
                message!("`palmares fetch ADDRESS` saves what is there into a folder; then it can be read")
            } else {
                message!("palmares reads PDF, HTML, Markdown, text, CSV, spreadsheets and texts of word processors, from files, folders, ZIP archives, globs and `-` (standard input)")
            },
        )
        .into());
    }
    Ok(found)
}

/// One line that counts what was skipped by kind, or one for each file.
fn tell_skipped(found: &Discovery, global: &Global) {
    let mut kinds: BTreeMap<&String, usize> = BTreeMap::new();
    for (path, what) in &found.skipped {
        global.diagnostic(
            path,
            &Diagnostic::note(message!("skipped: it is {what}", what = word(what.clone()))),
        );
        *kinds.entry(what).or_default() += 1;
    }
    if found.skipped.is_empty() || global.verbosity == Verbosity::Verbose {
        return;
    }
    let kinds = kinds.into_iter().map(|(what, n)| match n {
        1 => word(what.clone()),
        n => message!("{n} × {what}", n, what = word(what.clone())),
    });
    global.note(&message!(
        "{files} {files|file|files} skipped: {kinds}; `-v` lists them",
        files = found.skipped.len(),
        kinds = list(kinds, ", ")
    ));
}

fn confidence(text: &str) -> Result<f64, Message> {
    text.replace(',', ".")
        .parse()
        .ok()
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or_else(|| message!("not a number from 0 to 1"))
}
