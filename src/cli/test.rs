//! `palmares test`: the team's own regression tests, a folder of documents with what each must give.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::evaluate::fixture::{self, Expected, Reading};
use palmares::evaluate::report::{self, FixtureResult};
use palmares::ingest::Source;
use palmares::message;
use palmares::message::Message;
use palmares::pipeline::Options;
use palmares::profile::Profile;
use rayon::prelude::*;

use super::global::{Format, Verbosity};
use super::input::{ReadingArgs, sources};
use super::records::read_document;
use super::told::{hint_of, message_of};
use super::{Because, CLEAN, FINDINGS, Global, Pool, Usage};

/// What a document must give.
pub(crate) const EXPECTATION: &str = "expected.json";

/// The profile that a fixture is read by, where it has one.
pub(crate) const PROFILE: &str = "profile.toml";

/// The document beside it: `input.pdf`, `input.html`, `input`.
pub(crate) const INPUT: &str = "input";

/// Read the document of each fixture and compare it with what is expected, field by field.
///
/// A fixture is a folder that holds a document, `input.*`, and `expected.json`; fixtures/README.md describes the format. A folder with a
/// document alone becomes a fixture with `--bless`; a `profile.toml` beside the document is applied. Exits with 1 when anything differs.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares test\n  palmares test fixtures/tableau-pdf --only territory\n  palmares test fixtures/tableau-pdf --bless && git diff fixtures\n  palmares test --junit results.xml"
)]
pub(crate) struct Args {
    /// Folder of fixtures, or one fixture
    #[arg(default_value = "fixtures")]
    dir: PathBuf,
    /// Accept what is read: write `expected.json` where there is none, rewrite the values that differ where DIR is one fixture
    #[arg(long)]
    bless: bool,
    /// With --bless, rewrite the values that differ in every fixture: corrections made by hand are lost
    #[arg(long, requires = "bless")]
    force: bool,
    /// Compare, or bless (in every fixture), one field only: a field of the contract, `records` or `announced`
    #[arg(long, value_name = "FIELD", value_parser = field)]
    only: Option<String>,
    /// Write the results as `JUnit` XML into a file too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let folders = fixtures(&args.dir, args.bless)?;
    let options = args.reading.options(global)?;
    let pool = Pool::expecting(args.reading.expected(global));
    let results: Vec<FixtureResult> = folders
        .par_iter()
        .map(|folder| {
            test(folder, args, &options, &pool, global)
                .unwrap_or_else(|error| broken(folder, &error))
        })
        .collect();
    if let Some(file) = &args.junit {
        fs::write(file, report::test_junit(&results))
            .because(|| message!("cannot write `{file}`", file = file.display()))?;
    }
    match global.format {
        Format::Text => global.print(&report::test_text(
            &results,
            global.verbosity > Verbosity::Quiet,
            global.voice.language,
        ))?,
        Format::Json => global.print(&serde_json::to_string_pretty(&results)?)?,
    }
    let pass = results.iter().all(FixtureResult::is_pass);
    if args.bless
        && results
            .iter()
            .any(|result| !result.is_pass() && result.error.is_none())
    {
        global.warning(
            message!("expectations that differ are kept: `palmares test FIXTURE --bless` accepts what is read from one, `--only FIELD` one field, `--force` all"));
    }
    Ok(ExitCode::from(if pass { CLEAN } else { FINDINGS }))
}

/// The fixtures of a folder, by name; the folder itself where it is one.
fn fixtures(dir: &Path, bless: bool) -> anyhow::Result<Vec<PathBuf>> {
    let is_fixture =
        |folder: &Path| folder.join(EXPECTATION).is_file() || (bless && find_input(folder).is_ok());
    if is_fixture(dir) {
        return Ok(vec![dir.to_owned()]);
    }
    let hint = || {
        message!(
            "a fixture is a folder with a document `input.*` and `expected.json`; `palmares test FOLDER --bless` writes the latter"
        )
    };
    let entries = fs::read_dir(dir).because(|| {
        Usage::new(
            message!("cannot read the folder `{dir}`", dir = dir.display()),
            hint(),
        )
    })?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() && is_fixture(&path) {
            folders.push(path);
        }
    }
    folders.sort();
    if folders.is_empty() {
        return Err(Usage::new(
            message!("no fixture in `{dir}`", dir = dir.display()),
            hint(),
        )
        .into());
    }
    Ok(folders)
}

/// The document of a fixture.
pub(crate) fn find_input(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut inputs: Vec<PathBuf> = fs::read_dir(folder)
        .because(|| {
            message!(
                "cannot read the folder `{folder}`",
                folder = folder.display()
            )
        })?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && path.file_stem().is_some_and(|stem| stem == INPUT))
        .collect();
    inputs.sort();
    match (inputs.pop(), inputs.pop()) {
        (Some(input), None) => Ok(input),
        (None, _) => Err(Usage::new(
            message!("`{folder}` has no document", folder = folder.display()),
            message!("name it `input.pdf`, `input.html`, `input.md` or `input.txt`"),
        )
        .into()),
        (Some(_), Some(_)) => Err(Usage::new(
            message!(
                "`{folder}` has several documents named `input`",
                folder = folder.display()
            ),
            message!("a fixture has one; make a folder for each"),
        )
        .into()),
    }
}

/// The source that one file is.
pub(crate) fn one_source(file: &Path, global: &Global) -> anyhow::Result<Source> {
    let mut found = sources(&[file.to_owned()], global)?;
    if found.len() > 1 {
        let name = found.first().map_or("", Source::display_path);
        return Err(Usage::new(
            message!(
                "`{file}` holds {n} documents",
                file = file.display(),
                n = found.len()
            ),
            message!("name one of them, such as `{name}`", name),
        )
        .into());
    }
    found
        .pop()
        .because(|| message!("`{file}` is no document", file = file.display()))
}

/// The expectation of a fixture.
pub(crate) fn read_expectation(folder: &Path) -> anyhow::Result<Expected> {
    let file = folder.join(EXPECTATION);
    let text = fs::read_to_string(&file)
        .because(|| message!("cannot read `{file}`", file = file.display()))?;
    Expected::parse(&text).because(|| {
        Usage::new(
            message!("`{file}` is not an expectation", file = file.display()),
            message!("correct it; fixtures/README.md describes the format"),
        )
    })
}

/// How a fixture with a profile of its own is read: by that one before any other.
pub(crate) fn with_own_profile<'a>(
    folder: &Path,
    options: &Options<'a>,
) -> anyhow::Result<Option<Options<'a>>> {
    let file = folder.join(PROFILE);
    if !file.is_file() {
        return Ok(None);
    }
    let mut profiles = vec![Profile::read(&file)?];
    profiles.extend(options.profiles.iter().cloned());
    Ok(Some(Options {
        profiles: profiles.into(),
        ..options.clone()
    }))
}

fn test(
    folder: &Path,
    args: &Args,
    options: &Options<'_>,
    pool: &Pool,
    global: &Global,
) -> anyhow::Result<FixtureResult> {
    let input = find_input(folder)?;
    let source = one_source(&input, global)?;
    let is_new = !folder.join(EXPECTATION).is_file();
    let mut expected = if is_new {
        Expected::default()
    } else {
        read_expectation(folder)?
    };
    let only = args.only.as_deref();
    let own = with_own_profile(folder, options)?;
    let options = own.as_ref().unwrap_or(options);
    let (reading, error) = match read_document(&source, options, pool)? {
        Ok(reading) => (reading, None),
        Err(error) => (Reading::default(), Some(error)),
    };
    // What differs may be what somebody corrected: it is replaced where it is named.
    let may_change = only.is_some() || args.force || folder == args.dir;
    let mut changes = Vec::new();
    if args.bless && error.is_none() {
        let blessed = expected.bless(&reading, only);
        if is_new || (blessed != expected && may_change) {
            let file = folder.join(EXPECTATION);
            fs::write(&file, blessed.to_json()?)
                .because(|| message!("cannot write `{file}`", file = file.display()))?;
            if !is_new {
                changes = expected.check(&reading, only);
                changes.retain(|result| !result.is_pass());
            }
            expected = blessed;
        }
    }
    let hint = error.as_ref().and_then(|error| error.kind.hint());
    Ok(FixtureResult {
        fixture: name_of(folder),
        input: source.display_path().to_owned(),
        records: reading.mentions.len(),
        results: if error.is_some() {
            Vec::new()
        } else {
            expected.check(&reading, only)
        },
        blessed: changes,
        hint,
        error: error.map(|error| error.message()),
    })
}

/// A fixture that cannot be tested: it fails, the others are tested.
fn broken(folder: &Path, error: &anyhow::Error) -> FixtureResult {
    FixtureResult {
        fixture: name_of(folder),
        input: String::new(),
        records: 0,
        results: Vec::new(),
        blessed: Vec::new(),
        error: Some(message_of(error)),
        hint: hint_of(error),
    }
}

fn name_of(folder: &Path) -> String {
    let whole = folder.canonicalize();
    let name = whole.as_deref().unwrap_or(folder).file_name();
    name.map_or_else(
        || folder.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn field(name: &str) -> Result<String, Message> {
    if fixture::is_field(name) {
        Ok(name.to_owned())
    } else {
        Err(message!(
            "not a field; `palmares schema mention` lists them"
        ))
    }
}
