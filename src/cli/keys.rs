//! `palmares keys`: records in, the keys by which they are compared out; and of what shares a key, the pairs. The seam by which another engine does the join.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use palmares::link::{Brought, Keyed, pairs_of_key};
use palmares::message;
use palmares::message::of_parser;
use serde::Serialize;

use super::{CLEAN, Global, Usage, part, terminal};

/// Print the keys of records: those that share one are worth comparing. NDJSON on standard input, NDJSON on standard output.
///
/// A line in is `{"row": N, "record": {…}}`: a record of the table that the statistics are of, with its line there, from 1. A line out is `{"row": N, "id": ID}`,
/// with `copy_of` where the record states what another does, or `{"key": …, "like": …, "id": ID, "copies": N}`. Lines are independent: split the input as you like.
/// With --pairs, lines out sorted by key come in, and `{"a": ID, "b": ID, "blocked_by": […]}` go out: docs/scale.md has the whole way.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares link mentions.ndjson --statistics statistics.json\n  jq -c '{row: input_line_number, record: .}' mentions.ndjson | palmares keys --statistics statistics.json | grep '^{\"key\"' | sort > keys.ndjson\n  palmares keys --pairs < keys.ndjson"
)]
pub(crate) struct Args {
    /// What all records together tell, as `palmares link --statistics` wrote it
    #[arg(long, value_name = "FILE", required_unless_present = "pairs")]
    statistics: Option<PathBuf>,
    /// Read keys instead, those that are equal one after the other, and print the pairs
    #[arg(long, conflicts_with = "statistics")]
    pairs: bool,
}

pub(crate) fn run(args: &Args, _: &Global) -> anyhow::Result<ExitCode> {
    let mut out = terminal::stream();
    match &args.statistics {
        Some(statistics) => {
            let part::Stream { whole, table, .. } = part::read(statistics)?;
            let read = whole.read(&table).map_err(part::of_others)?;
            for known in read.known() {
                line(&mut out, &known)?;
            }
            read.each_key(|keyed| line(&mut out, &keyed))?;
        }
        None => pairs(&mut out)?,
    }
    out.flush()?;
    Ok(ExitCode::from(CLEAN))
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Prints the pairs of each key.
fn pairs(out: &mut dyn Write) -> anyhow::Result<()> {
    let mut members: Vec<Keyed> = Vec::new();
    let mut print = |members: &mut Vec<Keyed>| {
        let mut written = Ok(());
        pairs_of_key(members, |pair: Brought| {
            if written.is_ok() {
                written = line(out, &pair);
            }
        });
        members.clear();
        written
    };
    for (number, text) in io::stdin().lock().lines().enumerate() {
        let text = text?;
        if text.trim().is_empty() {
            continue;
        }
        let keyed: Keyed = serde_json::from_str(&text).map_err(|error| {
            Usage::new(
                message!(
                    "line {number}: not a key: {error}",
                    number = number + 1,
                    error = of_parser(&error.to_string())
                ),
                message!("`palmares keys --statistics FILE` prints keys; sort them"),
            )
        })?;
        if members.first().is_some_and(|first| first.key != keyed.key) {
            print(&mut members)?;
        }
        members.push(keyed);
    }
    print(&mut members)?;
    Ok(())
}
