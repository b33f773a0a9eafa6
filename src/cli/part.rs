//! A part of the records of a table, as an engine that spreads them over machines sends it: lines of JSON on standard input, in any order, and the statistics
//! of the whole in a file. What `palmares keys`, `score` and `merge` read.

use std::borrow::Cow;
use std::fs;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use palmares::link::{Brought, Table, Whole};
use palmares::message;
use palmares::message::{of_parser, of_system};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Usage;

/// What the whole table knows.
#[derive(clap::Args)]
pub(crate) struct StatisticsArgs {
    /// What all records together tell, as `palmares link --statistics` wrote it
    #[arg(long, value_name = "FILE")]
    pub(crate) statistics: PathBuf,
}

/// Records and pairs of them.
pub(crate) struct Stream {
    pub(crate) whole: Whole,
    pub(crate) table: Table,
    pub(crate) pairs: Vec<Brought>,
}

/// A record with its row, or a pair.
#[derive(Deserialize)]
struct Line<'a> {
    row: Option<u32>,
    #[serde(borrow)]
    record: Option<&'a RawValue>,
    #[serde(borrow)]
    a: Option<Cow<'a, str>>,
    #[serde(borrow)]
    b: Option<Cow<'a, str>>,
    #[serde(default)]
    blocked_by: Vec<String>,
}

/// Reads all of standard input.
pub(crate) fn read(statistics: &Path) -> anyhow::Result<Stream> {
    let whole = read_whole(statistics)?;
    let (mut rows, mut pairs) = (Vec::new(), Vec::new());
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let malformed = |error| {
            Usage::new(
                message!(
                    "line {number}: not a record or a pair: {error}",
                    number = number + 1,
                    error
                ),
                message!(
                    "a line holds {{\"row\": N, \"record\": {{…}}}} or {{\"a\": ID, \"b\": ID, \"blocked_by\": […]}}"
                ),
            )
        };
        let read: Line<'_> = serde_json::from_str(&line)
            .map_err(|error| malformed(of_parser(&error.to_string())))?;
        match read {
            Line {
                row: Some(row),
                record: Some(record),
                ..
            } => rows.push((row, record.get().to_owned())),
            Line {
                a: Some(a),
                b: Some(b),
                blocked_by,
                ..
            } => pairs.push(Brought {
                a: a.into_owned(),
                b: b.into_owned(),
                blocked_by,
            }),
            Line { .. } => return Err(malformed(message!("it is neither")).into()),
        }
    }
    let table = Table::of_part(whole.path(), rows).map_err(|error| {
        Usage::new(
            error.told(),
            message!("each record of a part comes once, as it stands in the whole"),
        )
    })?;
    Ok(Stream {
        whole,
        table,
        pairs,
    })
}

/// Reads the statistics.
fn read_whole(path: &Path) -> anyhow::Result<Whole> {
    let shown = path.to_string_lossy();
    let unreadable = |error| {
        Usage::new(
            message!(
                "cannot read `{shown}`: {error}",
                shown = shown.as_ref(),
                error
            ),
            message!("`palmares link --statistics FILE` writes it, in the same version"),
        )
    };
    let text = fs::read_to_string(path).map_err(|error| unreadable(of_system(&error)))?;
    Ok(Whole::from_json(&text).map_err(unreadable)?)
}

/// What a part is that is not one of the whole.
pub(crate) fn of_others(message: palmares::message::Message) -> Usage {
    Usage::new(
        message,
        message!("`palmares link --statistics FILE` writes them of these records"),
    )
}
