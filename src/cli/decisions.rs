//! `palmares decisions`: what people decided, as a list, or as a fixture of the document that they corrected.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::decisions::{Act, Decision};
use palmares::evaluate::fixture::Expected;
use palmares::ingest;
use palmares::message;
use palmares::message::{Message, verbatim};
use palmares::pipeline::Options;
use palmares::profile::Profile;

use super::decided::read_decisions;
use super::input::ReadingArgs;
use super::records::{read_outcome, reading_of};
use super::test::{EXPECTATION, INPUT, PROFILE, one_source};
use super::{Because, CLEAN, FINDINGS, Format, Global, Pool, Usage};

/// List what people decided of records, or make a fixture of a document that they corrected.
///
/// A fixture is the document with what it must give, decisions followed: `palmares test` then says where reading alone does not come to the same. Nothing is
/// written where the folder holds a fixture already.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares decisions\n  palmares decisions raw/octobre.md --to-fixture fixtures/octobre && palmares test fixtures/octobre\n  palmares decisions --format json | jq '.[] | select(.act == \"drop\")'"
)]
pub(crate) struct Args {
    /// The document, by its path as the records have it [default: every document]
    document: Option<String>,
    /// Make a fixture of the document in this folder
    #[arg(long, value_name = "FOLDER")]
    to_fixture: Option<PathBuf>,
    /// What people decided of records, a table [default: decisions.csv, where there is one]
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let decided = read_decisions(args.decisions.as_deref(), global)?;
    let is_wanted = |decision: &&Decision| {
        args.document
            .as_ref()
            .is_none_or(|document| decision.document == *document)
    };
    let wanted: Vec<&Decision> = decided.decisions.iter().filter(is_wanted).collect();
    if let Some(folder) = &args.to_fixture {
        let document = the_document(args, &wanted)?;
        let mut options = args.reading.options(global)?;
        options.decisions = decided.decisions.clone();
        return to_fixture(&document, folder, &options, args, global);
    }
    match global.format {
        Format::Json => global.print(&serde_json::to_string_pretty(&wanted)?)?,
        Format::Text if wanted.is_empty() => global.note(&message!("nothing is decided")),
        Format::Text => {
            let lines: Vec<String> = wanted
                .iter()
                .map(|decision| global.in_words(&told(decision)))
                .collect();
            global.print(&lines.join("\n"))?;
        }
    }
    Ok(ExitCode::from(CLEAN))
}

/// A decision on a line.
fn told(decision: &Decision) -> Message {
    let Decision {
        line,
        act,
        document,
        record,
        name,
        field,
        found,
        value,
        other,
    } = decision;
    let value_of = |text: &String| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text.replace('\n', " ")
        }
    };
    match act {
        Act::Set => message!(
            "line {line}: {document}, « {name} »: {field} is « {value} », was « {found} »",
            line = *line,
            document,
            name,
            field,
            value = value_of(value),
            found = value_of(found)
        ),
        Act::Drop => message!(
            "line {line}: {document}, « {name} »: no laureate",
            line = *line,
            document,
            name
        ),
        Act::Add => message!(
            "line {line}: {document}: « {value} » begins a record, as its {field}",
            line = *line,
            document,
            value = value_of(value),
            field
        ),
        Act::Together => message!(
            "line {line}: {record} and {other} are one laureate",
            line = *line,
            record,
            other
        ),
        Act::Apart => message!(
            "line {line}: {record} and {other} are two laureates",
            line = *line,
            record,
            other
        ),
    }
}

/// The document that is named, or the only one that decisions are of.
fn the_document(args: &Args, wanted: &[&Decision]) -> anyhow::Result<String> {
    if let Some(document) = &args.document {
        return Ok(document.clone());
    }
    let mut documents: Vec<&str> = (wanted.iter())
        .map(|decision| decision.document.as_str())
        .filter(|document| !document.is_empty())
        .collect();
    documents.sort_unstable();
    documents.dedup();
    match documents.as_slice() {
        [document] => Ok((*document).to_owned()),
        several => Err(Usage::new(
            message!(
                "decisions are of {n} documents, and a fixture is of one",
                n = several.len()
            ),
            message!("name it: `palmares decisions DOCUMENT --to-fixture FOLDER`"),
        )
        .into()),
    }
}

fn to_fixture(
    document: &str,
    folder: &Path,
    options: &Options<'_>,
    args: &Args,
    global: &Global,
) -> anyhow::Result<ExitCode> {
    let file = folder.join(EXPECTATION);
    if file.exists() {
        return Err(Usage::new(
            message!("`{file}` is there already", file = file.display()),
            message!("name another folder, or remove it first"),
        )
        .into());
    }
    let source = one_source(Path::new(document), global)?;
    let pool = Pool::expecting(args.reading.expected(global));
    let outcome = match read_outcome(&source, options, &pool)? {
        Ok(outcome) => outcome,
        Err(error) => {
            global.failed(&error.path, &error.kind);
            return Ok(ExitCode::from(FINDINGS));
        }
    };
    for warning in &outcome.warnings {
        global.diagnostic(document, warning);
    }
    let bytes = ingest::bytes(&source, &options.limits)
        .because(|| message!("cannot read `{file}`", file = document))?;
    let cannot = |file: &Path| message!("cannot write `{file}`", file = file.display());
    fs::create_dir_all(folder).because(|| cannot(folder))?;
    let extension = Path::new(document).extension().unwrap_or(OsStr::new("txt"));
    let input = folder.join(INPUT).with_extension(extension);
    fs::write(&input, bytes.as_slice()).because(|| cannot(&input))?;
    if let Some(profile) = own_profile(outcome.record.get().profile.as_deref(), args, global) {
        let beside = folder.join(PROFILE);
        fs::copy(profile, &beside).because(|| cannot(&beside))?;
    }
    let reading = reading_of(&outcome)?;
    let expected = Expected::default().bless(&reading, None);
    fs::write(&file, expected.to_json()?).because(|| cannot(&file))?;
    let n = options
        .decisions
        .iter()
        .filter(|decision| decision.document == document)
        .count();
    global.note(&message!(
        "{n} {n|decision|decisions} followed, {records} {records|record|records}: `palmares test {folder}` says where reading alone differs",
        n,
        records = reading.mentions.len(),
        folder = folder.display()
    ));
    global.print(&global.in_words(&verbatim(folder.display().to_string())))?;
    Ok(ExitCode::from(CLEAN))
}

/// The file of the profile by which a document was read, where it is the person's own.
fn own_profile(name: Option<&str>, args: &Args, global: &Global) -> Option<PathBuf> {
    let mut files = args.reading.profiles.iter().chain(&global.config.profiles);
    let is_it = |file: &&PathBuf| {
        Profile::read(file).is_ok_and(|profile| Some(profile.name.as_str()) == name)
    };
    files.find(is_it).cloned()
}
