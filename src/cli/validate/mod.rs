//! `palmares validate`: records from a file or standard input, checked against their schema and by rules of what they are for.

mod forms;
mod html;
mod sarif;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::message;
use palmares::message::{Message, decimal};
use palmares::model::record::Reason;
use palmares::model::validation::{Fault, RuleCount, Tier, VERSION, ValidationReport};
use palmares::validate::{RULES, Rule, Schema, Seen, audit, source_of};
use serde_json::Value;

use super::global::{ReportFormat, Verbosity};
use super::records::schema_of;
use super::schema::schema_parser;
use super::{Because, CLEAN, FINDINGS, Global, Usage};

/// Check records: that they are valid, that an importer takes them, that other data can be joined to them.
///
/// Reads NDJSON or JSON. Errors are grouped by rule; each names the record, the JSON Pointer, the value, and the place in the source document.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares validate extracted/mentions.ndjson\n  palmares extract raw/laureats-agir-2022.pdf | palmares validate -\n  palmares validate --max-reject 5% extracted/laureates.ndjson\n  palmares validate --format sarif extracted/mentions.ndjson > validation.sarif\n\nThe schema follows from the records where `--schema` does not name it. `--format` also takes `html`, `sarif` and `github` here (docs/validation.md).\nExit code 1 when a record is not valid; with `--max-reject`, when more are rejected than that."
)]
pub(crate) struct Args {
    /// Files of records; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Which record the files hold [default: what each record looks like]
    #[arg(long, value_parser = schema_parser())]
    schema: Option<Schema>,
    /// How many records may have an error of validity or quality, such as `5%`
    #[arg(long, value_name = "SHARE", value_parser = share)]
    max_reject: Option<f64>,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let mut checked = Checked {
        schema: args.schema,
        seen: Seen::default(),
        report: ValidationReport {
            version: VERSION,
            max_reject: args.max_reject,
            rules: RULES.iter().map(uncounted).collect(),
            ..ValidationReport::default()
        },
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
            _ => checked.check_file(file)?,
        }
    }
    let mut report = checked.report;
    let is_piped = args.files.iter().all(|file| file == Path::new("-"));
    if report.records == 0 && is_piped {
        return Err(Usage::new(
            message!("no record found"),
            message!("`palmares validate` reads JSON or NDJSON, as `palmares run` and `palmares extract` write it"))
        .into());
    }
    report.passed = match args.max_reject {
        Some(most) => report.share() <= most,
        None => report.not_valid == 0,
    };
    let language = global.voice.language;
    match global.report_format {
        ReportFormat::Text => {
            let text = forms::text(&report, global.verbosity == Verbosity::Verbose, language);
            global.write(text.as_bytes())?;
        }
        ReportFormat::Json => global.print(&serde_json::to_string(&report)?)?,
        ReportFormat::Html => global.print(&html::page(&report, language))?,
        ReportFormat::Sarif => global.print(&sarif::log(&report, language).to_string())?,
        ReportFormat::Github => global.write(forms::github(&report, language).as_bytes())?,
    }
    tell(&report, global);
    Ok(ExitCode::from(if report.passed { CLEAN } else { FINDINGS }))
}

/// Sums up.
fn tell(report: &ValidationReport, global: &Global) {
    global.note(&summary(report));
    if let Some(most) = report.max_reject.filter(|_| !report.passed) {
        global.error(
            message!(
                "{share} % of the records would be rejected, more than {most} %",
                share = percent(report.share()),
                most = percent(most)
            ),
            None,
        );
    }
}

fn summary(report: &ValidationReport) -> Message {
    message!(
        "{records} {records|record|records} checked, {n_wrong} not valid, {rejected} that an importer would reject",
        records = report.records,
        n_wrong = report.not_valid,
        rejected = report.rejected
    )
}

fn percent(share: f64) -> message::Value {
    decimal(share * 100.0, 1)
}

fn uncounted(rule: &Rule) -> RuleCount {
    RuleCount {
        name: rule.name.to_owned(),
        tier: rule.tier,
        what: rule.what.to_owned(),
        ..RuleCount::default()
    }
}

/// A part of the records: `5%`, `0.05`.
fn share(text: &str) -> Result<f64, Message> {
    let (number, unit) = match text.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    let number: Option<f64> = number.trim().replace(',', ".").parse().ok();
    (number.map(|number| number / unit))
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| message!("not a share such as `5%` or `0.05`"))
}

/// What was checked, and what was found.
struct Checked {
    schema: Option<Schema>,
    seen: Seen,
    report: ValidationReport,
}

/// Where a record stands in its file.
#[derive(Clone, Copy)]
enum Place {
    /// Line from 1.
    Line(usize),
    /// Number from 1, in an array or a run of values.
    Record(usize),
}

impl Checked {
    fn check_file(&mut self, path: &Path) -> anyhow::Result<()> {
        // The same records may stand in another file, in another form.
        self.seen = Seen::default();
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
                        self.check_record(path, Place::Record(index + 1), record);
                    }
                }
                Ok(record) => self.check_record(path, Place::Line(number), &record),
                // A value that goes on over several lines: the file is JSON rather than NDJSON.
                Err(error) if error.is_eof() && is_first => {
                    let mut whole = text.to_vec();
                    input.read_to_end(&mut whole).because(unreadable)?;
                    self.check_values(path, &whole);
                    return Ok(());
                }
                Err(error) => self.refuse(path, Place::Line(number), &error),
            }
            is_first = false;
        }
        Ok(())
    }

    fn check_values(&mut self, path: &Path, bytes: &[u8]) {
        let mut number = 0;
        for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
            match value {
                Ok(Value::Array(records)) => {
                    for record in &records {
                        number += 1;
                        self.check_record(path, Place::Record(number), record);
                    }
                }
                Ok(record) => {
                    number += 1;
                    self.check_record(path, Place::Record(number), &record);
                }
                Err(error) => {
                    self.refuse(path, Place::Line(error.line()), &error);
                    break;
                }
            }
        }
    }

    fn check_record(&mut self, path: &Path, place: Place, record: &Value) {
        let Some(schema) = self.schema.or_else(|| schema_of(record)) else {
            let reason = Reason {
                message: message!("is no record that palmares knows"),
                ..Reason::default()
            };
            return self.count(
                path,
                place,
                record,
                Rule::named("known").map(|rule| (rule, reason)),
            );
        };
        let broken = audit(schema, record, &mut self.seen);
        self.count(path, place, record, broken);
    }

    fn refuse(&mut self, path: &Path, place: Place, error: &serde_json::Error) {
        let reason = Reason {
            message: message!(
                "is not JSON: {error}",
                error = message::of_parser(&error.to_string())
            ),
            ..Reason::default()
        };
        self.count(
            path,
            place,
            &Value::Null,
            Rule::named("json").map(|rule| (rule, reason)),
        );
    }

    /// Counts a record with what is wrong with it.
    fn count(
        &mut self,
        path: &Path,
        place: Place,
        record: &Value,
        broken: impl IntoIterator<Item = (&'static Rule, Reason)>,
    ) {
        let report = &mut self.report;
        report.records += 1;
        let mut rules: BTreeSet<&str> = BTreeSet::new();
        let mut gravest = Tier::Usefulness;
        for (rule, reason) in broken {
            gravest = gravest.min(rule.tier);
            if let Some(own) = report.rules.iter_mut().find(|own| own.name == rule.name) {
                own.errors += 1;
                own.records += usize::from(rules.insert(rule.name));
            }
            let (line, number) = match place {
                Place::Line(line) => (Some(line), None),
                Place::Record(number) => (None, Some(number)),
            };
            let (document, evidence) = source_of(record, &reason).unzip();
            report.errors.push(Fault {
                rule: rule.name.to_owned(),
                tier: rule.tier,
                file: path.to_string_lossy().into_owned(),
                line,
                record: number,
                id: record.get("id").and_then(Value::as_str).map(str::to_owned),
                // A whole record would say what stands in the file anyhow.
                value: match reason.pointer.as_str() {
                    "" => Value::Null,
                    _ => reason.value,
                },
                pointer: reason.pointer,
                message: reason.message,
                document: document.map(str::to_owned),
                evidence: evidence.unwrap_or_default(),
            });
        }
        report.not_valid += usize::from(gravest == Tier::Valid);
        report.rejected += usize::from(gravest <= Tier::Quality);
    }
}
