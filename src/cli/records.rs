//! Records for the commands that compare them: of a document read now, or of an earlier run.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use palmares::error::Error;
use palmares::evaluate::Record;
use palmares::evaluate::fixture::Reading;
use palmares::ingest::Source;
use palmares::message;
use palmares::model::tables::PEOPLE as PEOPLE_HEADERS;
use palmares::pipeline::{self, DocumentOutcome, Options};
use palmares::validate::Schema;
use serde_json::Value;

use super::{Because, Pool, Usage};

/// Reads one document. The error is the document's own: it yields nothing.
pub(crate) fn read_document(
    source: &Source,
    options: &Options<'_>,
    pool: &Pool,
) -> anyhow::Result<Result<Reading, Error>> {
    match read_outcome(source, options, pool)? {
        Ok(outcome) => reading_of(&outcome).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// The same, with what else was found.
pub(crate) fn read_outcome(
    source: &Source,
    options: &Options<'_>,
    pool: &Pool,
) -> anyhow::Result<Result<DocumentOutcome, Error>> {
    let mut outcome = None;
    pipeline::process(
        std::slice::from_ref(source),
        options,
        &|source, observe| pool.read(source, options, observe),
        &|_| {},
        &mut |processed| {
            outcome = Some(processed.outcome);
            ControlFlow::Break(())
        },
    );
    outcome.because(|| message!("the document was not read"))
}

/// What was read, as it is compared.
pub(crate) fn reading_of(outcome: &DocumentOutcome) -> anyhow::Result<Reading> {
    let record = |mention| Ok(serde_json::from_value(serde_json::to_value(mention)?)?);
    let mentions = outcome.mentions.iter().map(|mention| record(mention.get()));
    Ok(Reading {
        announced: outcome.record.get().announced,
        mentions: mentions.collect::<anyhow::Result<_>>()?,
    })
}

/// The mentions of a run's output folder, or of an NDJSON file.
pub(crate) fn read_mentions(path: &Path) -> anyhow::Result<Vec<Record>> {
    let file = if path.is_dir() {
        path.join("mentions.ndjson")
    } else {
        path.to_owned()
    };
    let text = fs::read_to_string(&file).because(|| {
        Usage::new(
            message!("cannot read `{file}`", file = file.display()),
            message!("name a folder that `palmares run` wrote, or a file of mentions"),
        )
    })?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| {
                let why = message::of_parser(&error.to_string());
                let message = message!(
                    "`{file}`, line {number}: not a JSON object: {why}",
                    file = file.display(),
                    number = number + 1,
                    why,
                );
                Usage::from(message).into()
            })
        })
        .collect()
}

/// The schema of a record, from the fields that only it has.
pub(crate) fn schema_of(record: &Value) -> Option<Schema> {
    let has = |key: &str| record.get(key).is_some();
    if has("rules") && has("errors") {
        Some(Schema::Validation)
    } else if has("candidates") && has("joined") {
        Some(Schema::Match)
    } else if has("reasons") {
        Some(Schema::Reject)
    } else if has("inputs") && has("counts") {
        Some(Schema::Run)
    } else if has("sources") && has("organisation") {
        Some(Schema::Laureate)
    } else if has("blocked_by") {
        Some(Schema::Link)
    } else if has("position") && has("document") {
        Some(Schema::Mention)
    } else if has("orphan_share") || has("counters") {
        Some(Schema::Document)
    } else if has("now") {
        Some(Schema::Registry)
    } else {
        None
    }
}

/// Whether a file is one that palmares writes: a record of ours comes first in it, it is our table, or it holds nothing.
pub(crate) fn is_written_by_palmares(file: &Path) -> bool {
    let begins_as_ours = || {
        let input = BufReader::new(File::open(file)?.take(LONGEST_RECORD));
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => begins_as_our_table(input),
            Some("html") => begins_as_our_page(input),
            _ => begins_with_our_record(input),
        }
    };
    // A link is not ours, wherever it leads: it is what replacing the file would remove.
    fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file())
        && begins_as_ours().unwrap_or(false)
}

/// Bytes that are read of a file to find the end of its first record: `run.json` grows with the number of documents.
const LONGEST_RECORD: u64 = 256 << 20;

fn begins_as_our_table(input: impl BufRead) -> io::Result<bool> {
    // Those of earlier versions had a dot.
    const MACHINES: [[&str; 2]; 2] = [["id", "organisation_id"], ["id", "organisation.id"]];
    let mut line = Vec::new();
    input.take(HEAD).read_until(b'\n', &mut line)?;
    let line = String::from_utf8_lossy(&line);
    let columns = line.trim_start_matches('\u{feff}').split([',', ';']);
    let first: Vec<&str> = columns.take(2).collect();
    let mut ours = MACHINES
        .iter()
        .map(<[_; 2]>::as_slice)
        .chain(PEOPLE_HEADERS.iter().filter_map(|headers| headers.get(..2)));
    Ok(line.is_empty() || ours.any(|header| header == first))
}

/// Bytes in which the first columns of a table are named, or the maker of a page.
const HEAD: u64 = 1024;

fn begins_as_our_page(input: impl BufRead) -> io::Result<bool> {
    const MAKER: &[u8] = b"<meta name=\"generator\" content=\"palmares\">";
    let mut head = Vec::new();
    input.take(HEAD).read_to_end(&mut head)?;
    Ok(head.is_empty() || head.windows(MAKER.len()).any(|bytes| bytes == MAKER))
}

fn begins_with_our_record(mut input: impl BufRead) -> io::Result<bool> {
    loop {
        match input.fill_buf()?.first() {
            None | Some(b']') => return Ok(true),
            Some(b'[' | b' ' | b'\t' | b'\r' | b'\n') => input.consume(1),
            Some(_) => break,
        }
    }
    let mut records = serde_json::Deserializer::from_reader(input).into_iter::<Value>();
    Ok(records
        .next()
        .and_then(Result::ok)
        .is_some_and(|record| schema_of(&record).is_some()))
}
