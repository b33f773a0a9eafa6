//! `palmares teach`: one laureate shown, a profile written that reads them all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::config::Limits;
use palmares::error::ErrorKind;
use palmares::ingest::Source;
use palmares::message;
use palmares::message::{Language, Message, list, verbatim};
use palmares::pipeline::{Options, Reading};
use palmares::profile::{Example, fold};
use palmares::teach::{self, Lesson, Refusal, Taught};
use serde::Deserialize;

use super::global::Format;
use super::input::sources;
use super::told::of_json;
use super::worker::Task;
use super::{Because, CLEAN, FINDINGS, Global, Pool, Usage};

mod dialogue;
mod needed;
mod pages;

/// Show one laureate as printed, and get a profile that reads them all.
///
/// Palmarès finds the values in the document, works out what they have in common with the rest, prints what it would read, and writes a short
/// profile. Nothing is written where it cannot.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares teach brochure.pdf --name \"Le Fournil du Quai\" --project \"Du pain pour tous\" -o profiles/brochure.toml\n  palmares teach --interactive brochure.pdf\n  palmares teach page.html --examples shown.json -o profiles/page.toml\n  palmares teach --list profiles/ raw/"
)]
pub(crate) struct Args {
    /// The document; with --list, the documents that profiles are tried on
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Who the laureate is, as printed, in whatever case
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// What it does
    #[arg(long, value_name = "TEXT")]
    project: Option<String>,
    /// Where
    #[arg(long, value_name = "TEXT")]
    territory: Option<String>,
    /// The region
    #[arg(long, value_name = "TEXT")]
    region: Option<String>,
    /// Whom it is for
    #[arg(long, value_name = "TEXT")]
    public: Option<String>,
    /// The subject
    #[arg(long, value_name = "TEXT")]
    theme: Option<String>,
    /// What is told of it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// More entries: a JSON file as `{"entries": [{"name": "…", "project": "…"}]}`
    #[arg(long, value_name = "FILE")]
    examples: Option<PathBuf>,
    /// This is no entry and no name; may be given several times
    #[arg(long, value_name = "TEXT")]
    not: Vec<String>,
    /// Show the document's lines, ask for the values of one laureate by number, and write the profile when it reads what it should
    #[arg(long, conflicts_with_all = ["name", "project", "territory", "region", "public", "theme", "description", "examples", "list"])]
    interactive: bool,
    /// Write the profile into this file, which must not exist yet [default: standard output; with --interactive, the file that is agreed on]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show which profiles of this folder read documents as well as without them
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["name", "project", "territory", "region", "public", "theme", "description", "examples", "not", "output"])]
    list: Option<PathBuf>,
}

/// What `--examples` names.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    entries: Vec<BTreeMap<String, String>>,
}

/// Fields of which an example may say something.
const FIELDS: [&str; 7] = [
    "name",
    "project",
    "territory",
    "region",
    "public",
    "theme",
    "description",
];

impl Args {
    /// What was shown, the arguments first.
    fn shown(&self) -> anyhow::Result<Vec<Example>> {
        let given = [
            &self.name,
            &self.project,
            &self.territory,
            &self.region,
            &self.public,
            &self.theme,
            &self.description,
        ];
        let values = FIELDS
            .into_iter()
            .zip(given)
            .filter_map(|(field, value)| Some((field.to_owned(), value.clone()?)));
        let first = Example {
            values: values.collect(),
        };
        let mut examples: Vec<Example> = Some(first)
            .filter(|first| !first.values.is_empty())
            .into_iter()
            .collect();
        if let Some(file) = &self.examples {
            let text = fs::read_to_string(file)
                .because(|| message!("cannot read `{file}`", file = file.display()))?;
            let read: Examples = serde_json::from_str(&text).map_err(|error| {
                Usage::new(
                    message!(
                        "cannot use `{file}`: {error}",
                        file = file.display(),
                        error = of_json(&error)
                    ),
                    message!("write `{{\"entries\": [{{\"name\": \"…\", \"project\": \"…\"}}]}}`"),
                )
            })?;
            examples.extend(read.entries.into_iter().map(|values| Example { values }));
        }
        for example in &examples {
            if let Some(field) = example
                .values
                .keys()
                .find(|field| !FIELDS.contains(&field.as_str()))
            {
                return Err(Usage::new(
                    message!("nothing is taught of `{field}`", field),
                    message!("the fields are {fields}", fields = FIELDS.join(", ")),
                )
                .into());
            }
            if example.values.values().any(|value| fold(value).is_empty())
                || example.values.is_empty()
            {
                return Err(Usage::new(
                    message!("an example has an empty value"),
                    message!("leave out what the entry does not say"),
                )
                .into());
            }
        }
        if examples.is_empty() {
            return Err(Usage::new(
                message!("no laureate is shown"),
                message!("give `--name \"…\"` as printed, `--project \"…\"` beside it where the entry has one, or `--examples FILE`"))
            .into());
        }
        Ok(examples)
    }
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &args.list {
        return needed::list_profiles(folder, &args.files, global);
    }
    let examples = if args.interactive {
        dialogue::ensure_spoken(&args.files, global)?;
        Vec::new()
    } else {
        args.shown()?
    };
    if let Some(file) = args.output.as_ref().filter(|file| file.exists()) {
        return Err(Usage::new(
            message!("`{file}` is there already", file = file.display()),
            message!("name another file, or remove it first"),
        )
        .into());
    }
    let sources = sources(&args.files, global)?;
    let [source] = sources.as_slice() else {
        return Err(Usage::new(
            message!("more than one document is named"),
            message!("a profile is taught on one"),
        )
        .into());
    };
    let named = args
        .output
        .as_deref()
        .or(args.files.first().map(PathBuf::as_path));
    let lesson = Lesson {
        name: kebab(
            named
                .and_then(Path::file_stem)
                .unwrap_or_default()
                .to_string_lossy()
                .as_ref(),
        ),
        examples,
        not: args.not.clone(),
    };
    if args.interactive {
        return dialogue::hold(args, source, lesson, global);
    }
    let path = source.display_path();
    match ask(&Pool::new(), source, &global.config.limits, lesson) {
        Err(kind) => {
            global.failed(path, &kind);
            Ok(ExitCode::from(FINDINGS))
        }
        Ok(Err(refusal)) => {
            let (message, hint) = refused(&refusal, path);
            global.error(message, Some(hint));
            Ok(ExitCode::from(FINDINGS))
        }
        Ok(Ok(taught)) => {
            tell(&taught, args, global)?;
            Ok(ExitCode::from(CLEAN))
        }
    }
}

/// What is learnt of a document by a lesson, or why it cannot be read.
pub(crate) fn ask(
    pool: &Pool,
    source: &Source,
    limits: &Limits,
    lesson: Lesson,
) -> Result<Result<Taught, Refusal>, ErrorKind> {
    let options = Options {
        limits: limits.clone(),
        profiles: Vec::new().into(),
        ..Options::default()
    };
    let answer = pool.ask(&Task::Teach(lesson), source, &options, &|_| {});
    answer.findings?;
    serde_json::from_slice(&answer.text).map_err(|error| ErrorKind::Parser(of_json(&error)))
}

/// What a worker says of the lines of a document, of which values are picked.
pub(crate) fn lines(reading: &Reading) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&teach::lines_of(&reading.document, &reading.segmentation))
}

/// What a worker says of what it was taught.
pub(crate) fn taught(
    reading: &Reading,
    options: &Options<'_>,
    lesson: &Lesson,
) -> anyhow::Result<Vec<u8>> {
    let (document, segmentation) = (&reading.document, &reading.segmentation);
    let taught = teach::teach(document, segmentation, options.lexicon, lesson);
    Ok(serde_json::to_vec(&taught)?)
}

/// Why nothing is written, and what to do.
pub(crate) fn refused(refusal: &Refusal, path: &str) -> (Message, Message) {
    match refusal {
        Refusal::NoText => (
            message!("`{path}` has no text to find anything in", path),
            message!("a scan must be recognised first (OCR)"),
        ),
        Refusal::NotFound(missing) => {
            let told: Vec<String> = missing
                .iter()
                .map(|(field, value, _)| format!("`{field}` « {value} »"))
                .collect();
            let near: Vec<String> = (missing.iter())
                .filter_map(|(_, _, near)| near.as_ref())
                .map(|near| format!("« {near} »"))
                .collect();
            let hint = if near.is_empty() {
                message!("write it as the document prints it")
            } else {
                message!("the nearest text is {texts}", texts = near.join(", "))
            };
            (
                message!("not in `{path}`: {values}", path, values = told.join(", ")),
                hint,
            )
        }
        Refusal::Mixed(number, values) => {
            let told = values.iter().map(|(field, value, place)| {
                message!("`{field}` « {value} » in {place}", field, value, place)
            });
            (
                message!(
                    "the values of example {number} stand in different entries: {values}",
                    number = *number,
                    values = list(told, ", ")
                ),
                message!("show values of one entry"),
            )
        }
        Refusal::SameEntry(a, b) => (
            message!("examples {a} and {b} stand in one entry", a = *a, b = *b),
            message!("show two entries, or leave one of them out"),
        ),
        Refusal::NoForm => (
            message!("nothing in `{path}` has the form of what was shown", path),
            message!(
                "running prose has no form; for a list, show another entry, or a second one with `--examples`"
            ),
        ),
    }
}

fn tell(taught: &Taught, args: &Args, global: &Global) -> anyhow::Result<()> {
    let written = args.output.as_ref();
    if let Some(file) = written {
        write(file, taught)?;
    }
    if global.format == Format::Json {
        let mut value = serde_json::to_value(taught)?;
        // Between processes messages pass as they are; programs are told the text.
        let doubts: Vec<String> = taught.doubts.iter().map(ToString::to_string).collect();
        value["doubts"] = doubts.into();
        for (index, found) in taught.found.iter().enumerate() {
            value["found"][index]["place"] = found.place.to_string().into();
        }
        return global.print(&serde_json::to_string_pretty(&value)?);
    }
    let text = report(taught, global.voice.language);
    if let Some(file) = written {
        let written = message!("written to {file}", file = file.display());
        return global.print(&format!("{text}{}", global.in_words(&written)));
    }
    global.note(&verbatim(text.trim_end()));
    global.print(&taught.profile)
}

/// Writes the profile, with the folder that it goes into.
fn write(file: &Path, taught: &Taught) -> anyhow::Result<()> {
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder)
            .because(|| message!("cannot make `{folder}`", folder = folder.display()))?;
    }
    fs::write(file, &taught.profile)
        .because(|| message!("cannot write `{file}`", file = file.display()))
}

/// What was found, and what would be read.
fn report(taught: &Taught, language: Language) -> String {
    // Lines that are shown of what is left over.
    const SHOWN: usize = 3;
    let mut text = String::new();
    let mut say = |message: &Message| {
        text.push_str(&message.to(language));
        text.push('\n');
    };
    for found in &taught.found {
        say(&message!(
            "example {example}: {field} « {value} » ({place})",
            example = found.example,
            field = &found.field,
            value = &found.value,
            place = &found.place,
        ));
    }
    say(&message!(
        "{entries} {entries|entry|entries}, found by {way}",
        entries = taught.entries,
        way = &taught.way
    ));
    for (number, first) in taught.first.iter().enumerate() {
        say(&verbatim(format!("  {}. {}", number + 1, values_of(first))));
    }
    if !taught.left_over.is_empty() {
        say(&message!(
            "left over between entries: {lines} {lines|line|lines}",
            lines = taught.left_over.len()
        ));
        for line in taught.left_over.iter().take(SHOWN) {
            let short: String = line.chars().take(100).collect();
            say(&verbatim(format!("  {short}")));
        }
    }
    for doubt in &taught.doubts {
        say(&message!("doubtful: {doubt}", doubt));
    }
    text
}

/// The values of an entry, each with its field.
fn values_of(entry: &Example) -> String {
    let values = FIELDS.iter().filter_map(|field| {
        let value = entry.values.get(*field)?;
        Some(format!("{field} « {value} »"))
    });
    values.collect::<Vec<String>>().join(", ")
}

/// A file of a folder of profiles that is not there yet.
pub(crate) fn free(folder: &Path, name: &str) -> PathBuf {
    let first = folder.join(format!("{name}.toml"));
    let further = (2_u32..).map(|number| folder.join(format!("{name}-{number}.toml")));
    let mut files = std::iter::once(first.clone()).chain(further);
    files.find(|file| !file.exists()).unwrap_or(first)
}

/// A file's name as a profile's name.
pub(crate) fn kebab(stem: &str) -> String {
    let folded = fold(stem);
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        "profile".to_owned()
    } else {
        words.join("-")
    }
}
