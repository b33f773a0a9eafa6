//! `palmares validate`: records from a file or standard input, checked against their schema.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::message;
use palmares::message::{Language, verbatim};
use palmares::model::record::Reason;
use palmares::validate::{Schema, violations};
use serde_json::{Value, json};

use super::explain::described;
use super::global::Format;
use super::records::schema_of;
use super::schema::schema_parser;
use super::{Because, CLEAN, FINDINGS, Global, Usage, terminal};

/// Check records against their JSON Schema and the rules beyond it.
///
/// Reads NDJSON or JSON. For each error it prints the record, the JSON Pointer, the value, and the place in the source document.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares validate extracted/mentions.ndjson\n  palmares extract raw/laureats-agir-2022.pdf | palmares validate -\n  palmares validate --schema laureate export.json\n\nThe schema follows from the records where `--schema` does not name it. Exit code 1 when a record is not valid."
)]
pub(crate) struct Args {
    /// Files of records; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Which record the files hold [default: what each record looks like]
    #[arg(long, value_parser = schema_parser())]
    schema: Option<Schema>,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let mut report = Report {
        out: terminal::stdout(),
        format: global.format,
        language: global.voice.language,
        schema: args.schema,
        n_records: 0,
        n_wrong: 0,
    };
    for file in &args.files {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => global.note(&message!(
                "{file}: a table is not checked; the records beside it are",
                file = file.display()
            )),
            Some("html") => global.note(&message!(
                "{file}: a page is not checked; the records beside it are",
                file = file.display()
            )),
            _ => report.check_file(file)?,
        }
    }
    report.out.flush()?;
    let (n_records, n_wrong) = (report.n_records, report.n_wrong);
    drop(report);
    let is_piped = args.files.iter().all(|file| file == Path::new("-"));
    if n_records == 0 && is_piped {
        return Err(Usage::new(
            message!("no record found"),
            message!("`palmares validate` reads JSON or NDJSON, as `palmares run` and `palmares extract` write it"))
        .into());
    }
    global.note(&message!(
        "{records} {records|record|records} checked, {n_wrong} not valid",
        records = n_records,
        n_wrong
    ));
    Ok(ExitCode::from(if n_wrong == 0 { CLEAN } else { FINDINGS }))
}

struct Report<W: Write> {
    out: W,
    format: Format,
    language: Language,
    schema: Option<Schema>,
    n_records: usize,
    n_wrong: usize,
}

/// Where a record stands in its file.
#[derive(Clone, Copy)]
enum Place {
    /// Line from 1.
    Line(usize),
    /// Number from 1, in an array or a run of values.
    Record(usize),
}

impl<W: Write> Report<W> {
    fn check_file(&mut self, path: &Path) -> anyhow::Result<()> {
        let unreadable = || message!("cannot read `{path}`", path = path.display());
        let mut input: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(path).because(unreadable)?))
        };
        let mut line = Vec::new();
        let mut is_first = true;
        for number in 1.. {
            line.clear();
            if input.read_until(b'\n', &mut line).because(unreadable)? == 0 {
                break;
            }
            let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line);
            if text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match serde_json::from_slice::<Value>(text) {
                Ok(Value::Array(records)) => {
                    for (index, record) in records.iter().enumerate() {
                        self.check_record(path, Place::Record(index + 1), record)?;
                    }
                }
                Ok(record) => self.check_record(path, Place::Line(number), &record)?,
                // A value that goes on over several lines: the file is JSON rather than NDJSON.
                Err(error) if error.is_eof() && is_first => {
                    let mut whole = text.to_vec();
                    input.read_to_end(&mut whole).because(unreadable)?;
                    return self.check_values(path, &whole);
                }
                Err(error) => self.write_broken(path, Place::Line(number), &error)?,
            }
            is_first = false;
        }
        Ok(())
    }

    fn check_values(&mut self, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        let mut number = 0;
        for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
            match value {
                Ok(Value::Array(records)) => {
                    for record in &records {
                        number += 1;
                        self.check_record(path, Place::Record(number), record)?;
                    }
                }
                Ok(record) => {
                    number += 1;
                    self.check_record(path, Place::Record(number), &record)?;
                }
                Err(error) => {
                    self.write_broken(path, Place::Line(error.line()), &error)?;
                    break;
                }
            }
        }
        Ok(())
    }

    fn check_record(&mut self, path: &Path, place: Place, record: &Value) -> anyhow::Result<()> {
        self.n_records += 1;
        let Some(schema) = self.schema.or_else(|| schema_of(record)) else {
            let reason = Reason {
                message: message!("is no record that palmares knows"),
                ..Reason::default()
            };
            self.n_wrong += 1;
            return self.write(path, place, record, &reason);
        };
        let reasons = violations(schema, record);
        self.n_wrong += usize::from(!reasons.is_empty());
        reasons
            .iter()
            .try_for_each(|reason| self.write(path, place, record, reason))
    }

    fn write_broken(
        &mut self,
        path: &Path,
        place: Place,
        error: &serde_json::Error,
    ) -> anyhow::Result<()> {
        self.n_records += 1;
        self.n_wrong += 1;
        let reason = Reason {
            message: message!(
                "is not JSON: {error}",
                error = message::of_parser(&error.to_string())
            ),
            ..Reason::default()
        };
        self.write(path, place, &Value::Null, &reason)
    }

    fn write(
        &mut self,
        path: &Path,
        place: Place,
        record: &Value,
        reason: &Reason,
    ) -> anyhow::Result<()> {
        let document = record
            .pointer("/document/path")
            .or_else(|| record.pointer("/sources/0/document"))
            .and_then(Value::as_str);
        let id = record.get("id").and_then(Value::as_str);
        if self.format == Format::Json {
            let (line, number) = match place {
                Place::Line(line) => (Some(line), None),
                Place::Record(number) => (None, Some(number)),
            };
            let row = json!({
                "file": path.to_string_lossy(), "line": line, "record": number, "id": id, "pointer": reason.pointer,
                "message": reason.message.to_string(), "value": reason.value, "document": document, "evidence": reason.evidence,
            });
            serde_json::to_writer(&mut self.out, &row)?;
            writeln!(self.out)?;
            return Ok(());
        }
        let place = match place {
            Place::Line(line) => message!("line {line}", line),
            Place::Record(record) => message!("record {record}", record),
        };
        let message = message!(
            "{file}, {place}{id}: {pointer}: {message}{value}{source}",
            file = path.display(),
            place,
            id = id.map(|id| message!(" ({id})", id)),
            pointer = if reason.pointer.is_empty() {
                message!("the record")
            } else {
                verbatim(&reason.pointer)
            },
            message = &reason.message,
            value = (!reason.pointer.is_empty()).then(|| message!(
                "\n  value: {value}",
                value = shortened(&reason.value.to_string())
            )),
            source = document
                .zip(reason.evidence.first())
                .map(|(document, first)| message!(
                    "\n  source: {document}, {place}",
                    document,
                    place = described(first)
                )),
        );
        writeln!(self.out, "{}", message.to(self.language))?;
        Ok(())
    }
}

/// A whole paragraph would drown the message.
fn shortened(value: &str) -> String {
    const LENGTH: usize = 120;
    if value.chars().count() <= LENGTH {
        return value.to_owned();
    }
    let start: String = value.chars().take(LENGTH).collect();
    format!("{start}…")
}
