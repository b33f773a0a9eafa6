//! `palmares teach`: one laureate shown, a profile written that reads them all.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use palmares::ingest::Source;
use palmares::pipeline::{Options, Reading};
use palmares::profile::{Example, Profile, fold};
use palmares::teach::{self, Lesson, Refusal, Taught};
use serde::Deserialize;

use super::global::Format;
use super::input::sources;
use super::report::counted;
use super::worker::Task;
use super::{CLEAN, FINDINGS, Global, Pool, Usage};

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
                .with_context(|| format!("cannot read `{}`", file.display()))?;
            let read: Examples = serde_json::from_str(&text).map_err(|error| {
                Usage::new(
                    format!("cannot use `{}`: {error}", file.display()),
                    "write `{\"entries\": [{\"name\": \"…\", \"project\": \"…\"}]}`",
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
                    format!("nothing is taught of `{field}`"),
                    format!("the fields are {}", FIELDS.join(", ")),
                )
                .into());
            }
            if example.values.values().any(|value| fold(value).is_empty())
                || example.values.is_empty()
            {
                return Err(Usage::new(
                    "an example has an empty value",
                    "leave out what the entry does not say",
                )
                .into());
            }
        }
        if examples.is_empty() {
            return Err(Usage::new(
                "no laureate is shown",
                "give `--name \"…\"` as printed, `--project \"…\"` beside it where the entry has one, or `--examples FILE`",
            )
            .into());
        }
        Ok(examples)
    }
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &args.list {
        return list(folder, &args.files, global);
    }
    let examples = args.shown()?;
    if let Some(file) = args.output.as_ref().filter(|file| file.exists()) {
        return Err(Usage::new(
            format!("`{}` is there already", file.display()),
            "name another file, or remove it first",
        )
        .into());
    }
    let sources = sources(&args.files, global)?;
    let [source] = sources.as_slice() else {
        return Err(Usage::new(
            "more than one document is named",
            "a profile is taught on one",
        )
        .into());
    };
    let options = Options {
        limits: global.config.limits.clone(),
        profiles: Vec::new().into(),
        ..Options::default()
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
    let answer = Pool::new().ask(&Task::Teach(lesson.clone()), source, &options, &|_| {});
    let path = source.display_path();
    if let Err(kind) = answer.findings {
        global.error(format_args!("cannot process `{path}`: {kind}"), kind.hint());
        return Ok(ExitCode::from(FINDINGS));
    }
    let taught: Result<Taught, Refusal> = serde_json::from_slice(&answer.text)?;
    match taught {
        Err(refusal) => {
            let (message, hint) = refused(&refusal, path);
            global.error(message, Some(&hint));
            Ok(ExitCode::from(FINDINGS))
        }
        Ok(taught) => {
            tell(&taught, args, global)?;
            Ok(ExitCode::from(CLEAN))
        }
    }
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
fn refused(refusal: &Refusal, path: &str) -> (String, String) {
    match refusal {
        Refusal::NoText => (
            format!("`{path}` has no text to find anything in"),
            "a scan must be recognised first (OCR)".to_owned(),
        ),
        Refusal::NotFound(missing) => {
            let told: Vec<String> = missing.iter().map(|(field, value, _)| format!("`{field}` « {value} »")).collect();
            let near: Vec<String> = (missing.iter())
                .filter_map(|(_, _, near)| near.as_ref())
                .map(|near| format!("« {near} »"))
                .collect();
            let hint = if near.is_empty() {
                "write it as the document prints it".to_owned()
            } else {
                format!("the nearest text is {}", near.join(", "))
            };
            (format!("not in `{path}`: {}", told.join(", ")), hint)
        }
        Refusal::Mixed(number, values) => {
            let told: Vec<String> = values.iter().map(|(field, value, place)| format!("`{field}` « {value} » in {place}")).collect();
            (
                format!("the values of example {number} stand in different entries: {}", told.join(", ")),
                "show values of one entry".to_owned(),
            )
        }
        Refusal::SameEntry(a, b) => (
            format!("examples {a} and {b} stand in one entry"),
            "show two entries, or leave one of them out".to_owned(),
        ),
        Refusal::NoForm => (
            format!("nothing in `{path}` has the form of what was shown"),
            "running prose has no form; for a list, show another entry, or a second one with `--examples`".to_owned(),
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
                .with_context(|| format!("cannot make `{}`", folder.display()))?;
        }
        fs::write(file, &taught.profile)
            .with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    if global.format == Format::Json {
        return global.print(&serde_json::to_string_pretty(taught)?);
    }
    let text = report(taught);
    if let Some(file) = written {
        return global.print(&format!("{text}written to {}", file.display()));
    }
    global.note(text.trim_end());
    global.print(&taught.profile)
}

/// What was found, and what would be read.
fn report(taught: &Taught) -> String {
    // Lines that are shown of what is left over.
    const SHOWN: usize = 3;
    let mut text = String::new();
    for found in &taught.found {
        let _ = writeln!(
            text,
            "example {}: {} « {} » ({})",
            found.example, found.field, found.value, found.place
        );
    }
    let _ = writeln!(
        text,
        "{}, found by {}",
        counted_entries(taught.entries),
        taught.way
    );
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
        let _ = writeln!(text, "  {}. {}", number + 1, values.join(", "));
    }
    if !taught.left_over.is_empty() {
        let _ = writeln!(
            text,
            "left over between entries: {}",
            counted(taught.left_over.len(), "line")
        );
        for line in taught.left_over.iter().take(SHOWN) {
            let short: String = line.chars().take(100).collect();
            let _ = writeln!(text, "  {short}");
        }
    }
    for doubt in &taught.doubts {
        let _ = writeln!(text, "doubtful: {doubt}");
    }
    text
}

fn counted_entries(n: usize) -> String {
    if n == 1 {
        "1 entry".to_owned()
    } else {
        format!("{n} entries")
    }
}

/// A file's name as a profile's name.
fn kebab(stem: &str) -> String {
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
fn list(folder: &Path, files: &[PathBuf], global: &Global) -> anyhow::Result<ExitCode> {
    let sources = sources(files, global)?;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot look into `{}`", folder.display()))?
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Usage::new(
            format!("no profile in `{}`", folder.display()),
            "`palmares teach FILE … -o FOLDER/NAME.toml` writes one",
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
        let (mut n, mut needed) = (0, Vec::new());
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
                needed.push(format!(
                    "{} ({} without it, {} with it)",
                    source.display_path(),
                    before.len(),
                    with.len()
                ));
            }
        }
        let verdict = match (n, needed.as_slice()) {
            (0, _) => "is for none of these documents".to_owned(),
            (_, []) => format!(
                "not needed: {} read as well without it",
                counted(n, "document")
            ),
            (_, needed) => format!("needed for {}", needed.join(", ")),
        };
        lines.push(format!("{}: {verdict}", path.display()));
    }
    global.print(&lines.join("\n"))?;
    Ok(ExitCode::from(CLEAN))
}
