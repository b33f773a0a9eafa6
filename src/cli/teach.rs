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
use palmares::profile::{Example, Profile, fold};
use palmares::teach::{self, Lesson, Refusal, Taught};
use serde::Deserialize;

use super::global::Format;
use super::input::sources;
use super::told::of_json;
use super::worker::Task;
use super::{Because, CLEAN, FINDINGS, Global, Pool, Usage};

/// Show one laureate as printed, and get a profile that reads them all.
///
/// Palmarès finds the values in the document, works out what they have in common with the rest, prints what it would read, and writes a short
/// profile. Nothing is written where it cannot.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares teach brochure.pdf --name \"Le Fournil du Quai\" --project \"Du pain pour tous\" -o profiles/brochure.toml\n  palmares teach page.html --examples shown.json -o profiles/page.toml\n  palmares teach --list profiles/ raw/"
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
    /// Write the profile into this file, which must not exist yet [default: standard output]
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
        return list_profiles(folder, &args.files, global);
    }
    let examples = args.shown()?;
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
        if let Some(folder) = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            fs::create_dir_all(folder)
                .because(|| message!("cannot make `{folder}`", folder = folder.display()))?;
        }
        fs::write(file, &taught.profile)
            .because(|| message!("cannot write `{file}`", file = file.display()))?;
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
        let values: Vec<String> = FIELDS
            .iter()
            .filter_map(|field| {
                first
                    .values
                    .get(*field)
                    .map(|value| format!("{field} « {value} »"))
            })
            .collect();
        say(&verbatim(format!(
            "  {}. {}",
            number + 1,
            values.join(", ")
        )));
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

/// Says of each profile of a folder whether the documents that it is for are read as well without it.
fn list_profiles(folder: &Path, files: &[PathBuf], global: &Global) -> anyhow::Result<ExitCode> {
    let sources = sources(files, global)?;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .because(|| message!("cannot look into `{folder}`", folder = folder.display()))?
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Usage::new(
            message!("no profile in `{folder}`", folder = folder.display()),
            message!("`palmares teach FILE … -o FOLDER/NAME.toml` writes one"),
        )
        .into());
    }
    let pool = Pool::new();
    let options = |profiles: Vec<Profile>| Options {
        limits: global.config.limits.clone(),
        profiles: profiles.into(),
        ..Options::default()
    };
    let read = |source: &Source, options: &Options<'_>| {
        let findings = pool.read(source, options, &|_| {}).findings.ok()?;
        let entries: Vec<(Option<String>, Option<String>)> = (findings.mentions.into_iter())
            .map(|mention| (mention.name, mention.project))
            .collect();
        Some((findings.record.profile, entries))
    };
    let plain = options(Vec::new());
    let without: Vec<_> = sources.iter().map(|source| read(source, &plain)).collect();
    let mut lines = Vec::new();
    for path in paths {
        let profile = Profile::read(&path)?;
        let own = options(vec![profile]);
        let (mut n, mut needed) = (0_usize, Vec::new());
        for (source, without) in sources.iter().zip(&without) {
            let Some((Some(_), with)) = read(source, &own) else {
                continue;
            };
            n += 1;
            let before = without
                .as_ref()
                .map(|(_, entries)| entries.as_slice())
                .unwrap_or_default();
            if before != with.as_slice() {
                needed.push(message!(
                    "{path} ({without} without it, {with} with it)",
                    path = source.display_path(),
                    without = before.len(),
                    with = with.len(),
                ));
            }
        }
        let verdict = match (n, needed.is_empty()) {
            (0, _) => message!("is for none of these documents"),
            (_, true) => message!(
                "not needed: {n} {n|document|documents} read as well without it",
                n
            ),
            (_, false) => message!("needed for {documents}", documents = list(needed, ", ")),
        };
        lines.push(format!("{}: {}", path.display(), global.in_words(&verdict)));
    }
    global.print(&lines.join("\n"))?;
    Ok(ExitCode::from(CLEAN))
}
