//! `palmares export`: a finished run in the form that the next tool expects.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::config::CsvDialect;
use palmares::diagnostic::Diagnostic;
use palmares::export::standard::{self, Account, Constants, Mistake, Standard};
use palmares::export::{Collection, CollectionFormat, ExportFormat, export, export_collection};
use palmares::message;
use palmares::message::{Message, list};
use palmares::validate::{Packed, Schema, validate};
use palmares::word;
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::output::FILES;
use super::run::way_back;
use super::{Because, CLEAN, FINDINGS, Format, Global, Usage, file, terminal};

/// Write what a run found in another form: a workbook, a database, a table for programs, open data.
///
/// Reads the folder that `palmares run` wrote, and changes nothing in it. The file is replaced as a whole, or not at all. What an open-data standard requires and
/// documents do not give stays empty and is told, unless `--constants` gives it; such a file is incomplete, and the exit code is 1.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares export -o laureats.xlsx\n  palmares export resultats -o laureats.db\n  palmares export --to csv --csv-dialect excel-fr -o laureats.csv\n  palmares export --to ndjson | jq .name\n  palmares export --to scdl --constants region.toml -o subventions.csv"
)]
pub(crate) struct Args {
    /// Folder that `palmares run` wrote [default: extracted]
    folder: Option<PathBuf>,
    /// What to write [default: what the ending of FILE says]
    #[arg(long, value_enum, value_name = "FORM")]
    to: Option<Form>,
    /// File to write; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// With `--to csv`: write the table for people, in this dialect, instead of the one with all columns
    #[arg(long, value_enum, value_name = "DIALECT")]
    csv_dialect: Option<CsvDialect>,
    /// With `--to scdl` or `360giving`: what you know and documents do not say, as TOML
    #[arg(long, value_name = "FILE")]
    constants: Option<PathBuf>,
}

/// A form to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A table of laureates
    Csv,
    /// A workbook for people: laureates, sources, variants, documents, warnings
    Xlsx,
    /// Laureates, one a line
    Ndjson,
    /// Laureates, one array
    Json,
    /// A database with a table for each kind of record, and an index of words
    Sqlite,
    /// A table of laureates with lists and evidence as nested columns
    Parquet,
    /// A feature for each laureate, without a point: join on the codes of places
    Geojson,
    /// SCDL subventions 2.1, a table
    Scdl,
    /// 360Giving 1.4, JSON
    #[value(name = "360giving")]
    ThreeSixtyGiving,
}

impl Form {
    /// The form that a file's ending stands for.
    fn of_ending(file: &Path) -> Option<Self> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "csv" => Self::Csv,
            "xlsx" => Self::Xlsx,
            "ndjson" | "jsonl" => Self::Ndjson,
            "json" => Self::Json,
            "sqlite" | "sqlite3" | "db" => Self::Sqlite,
            "parquet" => Self::Parquet,
            "geojson" => Self::Geojson,
            _ => return None,
        })
    }

    fn standard(self) -> Option<Standard> {
        match self {
            Self::Scdl => Some(Standard::Scdl),
            Self::ThreeSixtyGiving => Some(Standard::ThreeSixtyGiving),
            _ => None,
        }
    }

    /// Whether it is bytes that are no text.
    fn is_binary(self) -> bool {
        matches!(self, Self::Xlsx | Self::Sqlite | Self::Parquet)
    }

    /// Which files of a run it is made of, beside the laureates.
    fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Csv | Self::Ndjson | Self::Json | Self::Geojson | Self::Scdl => &[],
            Self::Parquet => &["mentions.ndjson"],
            Self::ThreeSixtyGiving => &["documents.ndjson"],
            Self::Xlsx => &["mentions.ndjson", "documents.ndjson", "rejects.ndjson"],
            Self::Sqlite => &[
                "mentions.ndjson",
                "documents.ndjson",
                "rejects.ndjson",
                "links.ndjson",
            ],
        }
    }
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let folder = args
        .folder
        .clone()
        .or_else(|| global.config.output.clone())
        .unwrap_or_else(|| PathBuf::from("extracted"));
    let form = form(args)?;
    ensure_meant(args, form)?;
    ensure_apart(&args.output, &folder)?;
    let constants = constants(args, form)?;
    let base = way_to_documents(&args.output);
    let format = collection_format(form, &base, global);
    if format.is_some_and(|format| !format.is_built()) {
        return Err(Usage::new(
            message!("this build of palmares was made without this form"),
            message!(
                "build it with its default features, or write another: csv, ndjson, json, geojson"
            ),
        )
        .into());
    }
    let collection = read(&folder, form)?;
    let fill = |out: &mut dyn Write| -> io::Result<Option<Account>> {
        let laureates = &collection.laureates;
        if let Some(standard) = form.standard() {
            return standard::write(&collection, standard, &constants, out).map(Some);
        }
        match (form, format) {
            (_, Some(format)) => export_collection(&collection, format, out)?,
            (Form::Csv, _) => {
                let people = args.csv_dialect.map(ExportFormat::People);
                export(laureates, people.unwrap_or(ExportFormat::Csv), out)?;
            }
            (Form::Ndjson, _) => export(laureates, ExportFormat::NdJson, out)?,
            _ => export(laureates, ExportFormat::Json, out)?,
        }
        Ok(None)
    };
    let account = if args.output == Path::new("-") {
        to_standard_output(form, fill)?
    } else {
        let account = file::write(&args.output, fill).because(|| {
            Usage::new(
                message!("cannot write `{file}`", file = args.output.display()),
                message!("name another file with `-o FILE`"),
            )
        })?;
        let n = collection.laureates.len();
        global.note(&message!(
            "{n} {n|laureate|laureates} written into `{file}`",
            n,
            file = args.output.display()
        ));
        account
    };
    let (Some(account), Some(standard)) = (account, form.standard()) else {
        return Ok(ExitCode::from(CLEAN));
    };
    tell(&account, standard, args, global)?;
    Ok(ExitCode::from(if account.is_complete() {
        CLEAN
    } else {
        FINDINGS
    }))
}

/// The form that is asked for, or that the file's ending stands for.
fn form(args: &Args) -> anyhow::Result<Form> {
    args.to
        .or_else(|| Form::of_ending(&args.output))
        .because(|| {
            Usage::new(
                message!("nothing says which form to write"),
                message!("name it with `--to FORM`, or a file with its ending: `-o laureats.xlsx`"),
            )
        })
}

/// An error where an option says something that the form has no use for.
fn ensure_meant(args: &Args, form: Form) -> anyhow::Result<()> {
    let (option, of) = if args.csv_dialect.is_some() && form != Form::Csv {
        ("--csv-dialect", "--to csv")
    } else if args.constants.is_some() && form.standard().is_none() {
        ("--constants", "--to scdl|360giving")
    } else {
        return Ok(());
    };
    Err(Usage::new(
        message!("`{option}` says nothing to this form", option),
        message!("it goes with `{of}`", of),
    )
    .into())
}

/// An error where the file is one of the run's own: a run is only changed by a run.
fn ensure_apart(output: &Path, folder: &Path) -> anyhow::Result<()> {
    let place = |path: &Path| path.canonicalize().ok();
    let parent = output.parent().map(|parent| {
        if parent.as_os_str().is_empty() {
            Path::new(".")
        } else {
            parent
        }
    });
    let is_inside =
        parent.is_some_and(|parent| place(parent).is_some() && place(parent) == place(folder));
    let is_ours = FILES.iter().any(|name| output.ends_with(name));
    if is_inside && is_ours {
        return Err(Usage::new(
            message!(
                "`{file}` is a file of the run itself",
                file = output.display()
            ),
            message!("name another file with `-o FILE`"),
        )
        .into());
    }
    Ok(())
}

/// From where the file will be to where relative paths of documents begin.
fn way_to_documents(output: &Path) -> String {
    let parent = output
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new(".")).canonicalize();
    folder.map_or_else(|_| String::new(), |folder| way_back(&folder).join("/"))
}

fn collection_format<'b>(
    form: Form,
    base: &'b str,
    global: &Global,
) -> Option<CollectionFormat<'b>> {
    match form {
        Form::Xlsx => Some(CollectionFormat::Xlsx {
            language: global.voice.language,
            base,
        }),
        Form::Sqlite => Some(CollectionFormat::Sqlite),
        Form::Parquet => Some(CollectionFormat::Parquet),
        Form::Geojson => Some(CollectionFormat::GeoJson),
        Form::Csv | Form::Ndjson | Form::Json | Form::Scdl | Form::ThreeSixtyGiving => None,
    }
}

fn constants(args: &Args, form: Form) -> anyhow::Result<Constants> {
    let (Some(path), Some(standard)) = (&args.constants, form.standard()) else {
        return Ok(Constants::default());
    };
    let text = fs::read_to_string(path)
        .because(|| message!("cannot read `{path}`", path = path.display()))?;
    Constants::read(&text, standard).map_err(|Mistake { message, hint }| {
        let message = message!("{path}: {message}", path = path.display(), message);
        match hint {
            Some(hint) => Usage::new(message, hint).into(),
            None => Usage::from(message).into(),
        }
    })
}

/// The records of the folder that the form is made of.
fn read(folder: &Path, form: Form) -> anyhow::Result<Collection> {
    let needs = form.needs();
    Ok(Collection {
        laureates: records(folder, "laureates.ndjson", Schema::Laureate, true)?,
        mentions: optional(folder, "mentions.ndjson", Schema::Mention, needs)?,
        documents: optional(folder, "documents.ndjson", Schema::Document, needs)?,
        links: optional(folder, "links.ndjson", Schema::Link, needs)?,
        rejects: optional(folder, "rejects.ndjson", Schema::Reject, needs)?,
    })
}

fn optional<T: Serialize + DeserializeOwned + Send>(
    folder: &Path,
    name: &str,
    schema: Schema,
    needs: &[&str],
) -> anyhow::Result<Vec<Packed<T>>> {
    records(folder, name, schema, needs.contains(&name))
}

/// The records of a file, each checked; none where the file is not needed.
fn records<T: Serialize + DeserializeOwned + Send>(
    folder: &Path,
    name: &str,
    schema: Schema,
    is_needed: bool,
) -> anyhow::Result<Vec<Packed<T>>> {
    if !is_needed {
        return Ok(Vec::new());
    }
    let path = folder.join(name);
    if !path.exists() {
        return Err(Usage::new(
            message!(
                "`{folder}` holds no run: there is no `{name}` in it",
                folder = folder.display(),
                name
            ),
            message!(
                "`palmares run` writes one; name its folder, `palmares export FOLDER`, where it is not `extracted`"
            ),
        )
        .into());
    }
    let text = fs::read_to_string(&path)
        .because(|| message!("cannot read `{path}`", path = path.display()))?;
    let lines: Vec<(usize, &str)> = (text.lines().enumerate())
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    lines
        .into_par_iter()
        .map(|(index, line)| {
            record(line, schema).map_err(|why| {
                Usage::new(
                    message!(
                        "`{file}`, line {number}: {why}",
                        file = path.display(),
                        number = index + 1,
                        why
                    ),
                    message!("`palmares validate` tells all that is wrong; `palmares run` writes the records anew"),
                )
                .into()
            })
        })
        .collect()
}

fn record<T: Serialize + DeserializeOwned>(
    line: &str,
    schema: Schema,
) -> Result<Packed<T>, Message> {
    let record: T = serde_json::from_str(line).map_err(|error| {
        message!(
            "is not JSON: {error}",
            error = message::of_parser(&error.to_string())
        )
    })?;
    validate(schema, record)
        .map(Packed::from)
        .map_err(|rejection| {
            let first = rejection.reasons.first();
            first.map_or_else(
                || message!("is no record that palmares knows"),
                |reason| {
                    message!(
                        "{pointer}: {message}",
                        pointer = &reason.pointer,
                        message = &reason.message
                    )
                },
            )
        })
}

/// Writes to standard output: text by the door that lets nothing pass that steers a terminal, bytes only where there is none.
fn to_standard_output(
    form: Form,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<Option<Account>>,
) -> anyhow::Result<Option<Account>> {
    if !form.is_binary() {
        let mut out = terminal::stdout();
        let account = fill(&mut out)?;
        out.flush()?;
        return Ok(account);
    }
    let mut out = terminal::bytes().because(|| {
        Usage::new(
            message!("this form is no text that a terminal can show"),
            message!("name a file with `-o FILE`, or pass it on with `|`"),
        )
    })?;
    let account = fill(&mut out)?;
    out.flush()?;
    Ok(account)
}

/// Says what is missing and what was lost; to programs as JSON on standard output, where the data is not there.
fn tell(account: &Account, standard: Standard, args: &Args, global: &Global) -> anyhow::Result<()> {
    let is_apart = args.output != Path::new("-");
    if global.format == Format::Json && is_apart {
        let report = serde_json::json!({
            "standard": standard.name(), "complete": account.is_complete(), "records": account.records,
            "missing": account.missing, "lost": account.lost, "cut": account.cut, "same": account.same,
        });
        global.print(&serde_json::to_string_pretty(&report)?)?;
    } else {
        let parts = [
            (word!("required, and not given"), &account.missing),
            (word!("no place for"), &account.lost),
            (word!("cut to the longest that may be"), &account.cut),
        ];
        for (what, fields) in parts {
            if !fields.is_empty() {
                global.note(&message!(
                    "  {what}: {fields}",
                    what = message::word(what),
                    fields = counted(fields)
                ));
            }
        }
    }
    let name = args.output.display().to_string();
    if account.same > 0 {
        global.important(
            &name,
            &Diagnostic::warning(message!(
                "{n} {n|record is|records are} the same as another in every field",
                n = account.same
            ))
            .with_hint(message!("importers take the same row for a duplicate: a field that tells them apart, such as `referenceDecision`, is for you to fill")),
        );
    }
    if !account.is_complete() {
        let all = account.missing.len();
        global.important(
            &name,
            &Diagnostic::warning(message!(
                "incomplete by {standard}: {n} required {n|field is|fields are} not given by every document",
                standard = standard.name(),
                n = all
            ))
            .with_hint(message!("what you know goes into a file for `--constants FILE`: docs/exports.md shows one")),
        );
    }
    Ok(())
}

/// « montant (19), nature (19) », those of most records first.
fn counted(fields: &BTreeMap<String, usize>) -> message::Value {
    let mut fields: Vec<(&String, &usize)> = fields.iter().collect();
    fields.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    list(
        fields
            .into_iter()
            .map(|(field, n)| message!("{field} ({n})", field, n = *n)),
        ", ",
    )
}
