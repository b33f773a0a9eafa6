//! `palmares eval`: precision, recall and F1 against annotated documents.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::evaluate::calibration::Reliability;
use palmares::evaluate::floors::{Floors, POOLED, Shortfall};
use palmares::evaluate::score::{Score, score};
use palmares::evaluate::{Record, report};
use palmares::ingest::Source;
use palmares::message;
use palmares::message::{Value, decimal};
use serde_json::Value as Json;

use super::global::Format;
use super::input::{ReadingArgs, sources};
use super::records::{read_document, read_mentions};
use super::test::{EXPECTATION, find_input, one_source, with_own_profile};
use super::{Because, CLEAN, FINDINGS, Global, Pool, Usage};

/// Score what is read from documents against gold annotations: by field and document, in four matching modes.
///
/// A document's gold is the file of `--gold` that has its name: `004.json` for `text/004.txt` and `raw/004.pdf`, and for `004_columns.pdf`
/// where nothing longer fits. A folder of fixtures is gold too: each `expected.json` for the document beside it. Text is right when it is the
/// same after folding case, typography, white space and a final full stop (strict), when letters and digits agree (soft), at a Levenshtein
/// similarity of 0.8, or at a Ratcliff/Obershelp similarity of 0.95. Exits with 1 when a floor is not met.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares eval --gold gold text/ raw/\n  palmares eval --gold gold text/ --floors floors.toml --differences\n  palmares eval --gold fixtures --markdown > accuracy.md\n  palmares eval --gold gold --mentions extracted/mentions.ndjson --format json"
)]
pub(crate) struct Args {
    /// Gold: a folder of NAME.json with `records`, one such file, or a folder of fixtures
    #[arg(long, value_name = "DIR")]
    gold: PathBuf,
    /// Documents: files, folders or globs; not needed where gold is a folder of fixtures
    #[arg(conflicts_with = "mentions")]
    paths: Vec<PathBuf>,
    /// Score these mentions instead of reading documents: NDJSON, or a run's output folder
    #[arg(long, value_name = "FILE")]
    mentions: Option<PathBuf>,
    /// Scores that must be reached: TOML, a table for each document, a key for each field
    #[arg(long, value_name = "FILE")]
    floors: Option<PathBuf>,
    /// Print Markdown tables
    #[arg(long)]
    markdown: bool,
    /// List every value that differs
    #[arg(long)]
    differences: bool,
    /// Print how often values of each confidence are right
    #[arg(long)]
    calibration: bool,
    #[command(flatten)]
    reading: ReadingArgs,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let floors = args.floors.as_deref().map(read_floors).transpose()?;
    let gold = read_gold(&args.gold)?;
    let mut reliability = Reliability::default();
    let scores: Vec<(String, Score)> = found(args, &gold, global)?
        .into_iter()
        .map(|(document, gold, mentions)| {
            reliability.add(&gold.records, &mentions);
            (document, score(&gold.records, &mentions))
        })
        .collect();
    let mut pooled = Score::default();
    for (_, score) in &scores {
        pooled.pool(score);
    }
    let mut all: Vec<(&str, &Score)> = scores
        .iter()
        .map(|(document, score)| (document.as_str(), score))
        .collect();
    if scores.len() > 1 {
        all.push((POOLED, &pooled));
    }
    let shortfalls: Vec<Shortfall> = floors
        .iter()
        .flat_map(|floors| {
            all.iter()
                .flat_map(|(document, score)| floors.shortfalls(document, score))
        })
        .collect();
    print(args, global, &all, &reliability, &shortfalls)?;
    for short in &shortfalls {
        let reached = short.reached.map_or_else(
            || Value::from(message!("not scored")),
            |reached| decimal(reached, 4),
        );
        global.error(
            message!(
                "{document}: {field} is {reached}, the floor is {floor}",
                document = &short.document,
                field = &short.field,
                reached,
                floor = Value::Decimal(short.floor.to_string())
            ),
            None,
        );
    }
    Ok(ExitCode::from(if shortfalls.is_empty() {
        CLEAN
    } else {
        FINDINGS
    }))
}

fn print(
    args: &Args,
    global: &Global,
    scores: &[(&str, &Score)],
    reliability: &Reliability,
    shortfalls: &[Shortfall],
) -> anyhow::Result<()> {
    if global.format == Format::Json {
        let documents: Vec<Json> = scores
            .iter()
            .map(|(document, score)| {
                let mut json = report::score_json(document, score);
                if let Some(object) = json.as_object_mut().filter(|_| args.differences) {
                    object.insert(
                        "differences".to_owned(),
                        serde_json::json!(score.differences),
                    );
                }
                json
            })
            .collect();
        let mut report = serde_json::json!({"documents": documents, "shortfalls": shortfalls});
        if let Some(object) = report.as_object_mut().filter(|_| args.calibration) {
            object.insert("calibration".to_owned(), serde_json::json!(reliability));
        }
        return global.print(&serde_json::to_string_pretty(&report)?);
    }
    let mut out = String::new();
    for (document, score) in scores {
        if args.differences {
            out.push_str(&report::differences_text(
                document,
                score,
                global.voice.language,
            ));
        }
        if args.markdown {
            out.push_str(&report::score_markdown(document, score));
        } else {
            out.push_str(&report::score_text(document, score));
            out.push('\n');
        }
    }
    if args.calibration {
        out.push_str(&report::reliability_markdown(reliability));
    }
    global.print(out.trim_end())
}

/// Annotations of one document.
struct Gold {
    /// What documents that it annotates are called.
    name: String,
    records: Vec<Record>,
    /// The document itself, where gold is a fixture.
    input: Option<PathBuf>,
}

/// Each document with its gold and its mentions.
fn found<'a>(
    args: &Args,
    gold: &'a [Gold],
    global: &Global,
) -> anyhow::Result<Vec<(String, &'a Gold, Vec<Record>)>> {
    if let Some(file) = &args.mentions {
        return answer_mentions(file, gold);
    }
    let options = args.reading.options(global)?;
    let mut documents: Vec<(Source, &Gold)> = Vec::new();
    if args.paths.is_empty() {
        for gold in gold {
            if let Some(input) = &gold.input {
                documents.push((one_source(input, global)?, gold));
            }
        }
    } else {
        for source in sources(&args.paths, global)? {
            match find_gold(Path::new(source.display_path()), gold) {
                Some(gold) => documents.push((source, gold)),
                None => global.note(&message!(
                    "{display_path}: no gold for it",
                    display_path = source.display_path()
                )),
            }
        }
    }
    if documents.is_empty() {
        return Err(Usage::new(
            message!("no document that gold annotates"),
            message!("name documents behind `--gold DIR`; `004.json` is the gold of `004.pdf`"),
        )
        .into());
    }
    let pool = Pool::expecting(args.reading.expected(global));
    documents
        .into_iter()
        .map(|(source, gold)| {
            // A fixture's document is read as `palmares test` reads it.
            let own = Path::new(source.display_path())
                .parent()
                .map(|folder| with_own_profile(folder, &options))
                .transpose()?
                .flatten()
                .filter(|_| gold.input.is_some());
            let mentions = match read_document(&source, own.as_ref().unwrap_or(&options), &pool)? {
                Ok(reading) => reading.mentions,
                Err(error) => {
                    global.failed(&error.path, &error.kind);
                    Vec::new()
                }
            };
            Ok((source.display_path().to_owned(), gold, mentions))
        })
        .collect()
}

/// Mentions of an earlier run, by document. Gold that no mention answers counts as missed.
fn answer_mentions<'a>(
    file: &Path,
    gold: &'a [Gold],
) -> anyhow::Result<Vec<(String, &'a Gold, Vec<Record>)>> {
    let mentions = read_mentions(file)?;
    let path = |mention: &Record| {
        let document = mention
            .get("document")
            .map(|document| document.get("path").unwrap_or(document));
        document
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let paths: BTreeSet<String> = mentions.iter().map(&path).collect();
    let mut answers: Vec<(String, &Gold, Vec<Record>)> = paths
        .into_iter()
        .filter_map(|document| {
            let gold = match gold {
                // Mentions from elsewhere need not name their document.
                [only] if document.is_empty() => only,
                _ => find_gold(Path::new(&document), gold)?,
            };
            let own = mentions.iter().filter(|mention| path(mention) == document);
            Some((document.clone(), gold, own.cloned().collect()))
        })
        .collect();
    for gold in gold {
        if !answers.iter().any(|(_, other, _)| other.name == gold.name) {
            answers.push((gold.name.clone(), gold, Vec::new()));
        }
    }
    answers.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(answers)
}

/// The gold whose name begins the document's: all of it, or up to a character that is neither letter nor digit; the longest of several.
fn find_gold<'a>(document: &Path, gold: &'a [Gold]) -> Option<&'a Gold> {
    let stem = document.file_stem()?.to_string_lossy();
    gold.iter()
        .filter(|gold| match &gold.input {
            Some(input) => input == document,
            None => stem
                .strip_prefix(gold.name.as_str())
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)),
        })
        .max_by_key(|gold| gold.name.len())
}

fn read_gold(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let mut gold = Vec::new();
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)
            .because(|| message!("cannot read the folder `{path}`", path = path.display()))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        entries.sort();
        for entry in entries {
            if entry.join(EXPECTATION).is_file() {
                gold.extend(read_gold_file(
                    &entry.join(EXPECTATION),
                    &entry,
                    Some(find_input(&entry)?),
                )?);
            } else if entry
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                gold.extend(read_gold_file(&entry, &entry, None)?);
            }
        }
    } else {
        gold.extend(read_gold_file(path, path, None)?);
    }
    if gold.is_empty() {
        return Err(Usage::new(
            message!("no gold in `{path}`", path = path.display()),
            message!("gold is JSON with a list `records`, one file for each document"),
        )
        .into());
    }
    Ok(gold)
}

/// One file of gold; `None` for JSON of another kind, such as clusters beside it.
fn read_gold_file(
    file: &Path,
    named: &Path,
    input: Option<PathBuf>,
) -> anyhow::Result<Option<Gold>> {
    let text = fs::read_to_string(file).because(|| {
        Usage::new(
            message!("cannot read `{file}`", file = file.display()),
            message!("name gold with `--gold DIR`"),
        )
    })?;
    let value: Json = serde_json::from_str(&text)
        .because(|| message!("`{file}` is not JSON", file = file.display()))?;
    let Some(records) = value.get("records").and_then(Json::as_array) else {
        return Ok(None);
    };
    Ok(Some(Gold {
        name: named
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        records: records
            .iter()
            .filter_map(Json::as_object)
            .cloned()
            .collect(),
        input,
    }))
}

fn read_floors(file: &Path) -> anyhow::Result<Floors> {
    let text = fs::read_to_string(file)
        .because(|| message!("cannot read `{file}`", file = file.display()))?;
    Floors::parse(&text)
        .because(|| message!("`{file}` is not a file of floors", file = file.display()))
}
