//! `palmares merge`: connected records in, laureates and the account of pairs out; what `palmares link` does last, for a part of the records.

use std::io::Write;
use std::process::ExitCode;

use palmares::link::{Source, Whole};
use serde::Serialize;

use super::part::{self, StatisticsArgs};
use super::{CLEAN, Global, terminal};

/// Group connected records into organisations and laureates, and merge their values: NDJSON on standard input, NDJSON on standard output.
///
/// A line in is a record, as for `palmares keys`, or a pair of records that both come, as `palmares keys --pairs` prints it. Records that weighed pairs or copies connect
/// must come together; which sets come together is as you like. A line out is `{"row": N, "laureate": {…}}`, with the first of its rows, or `{"link": {…}}`:
/// the lines of laureates.ndjson and links.ndjson.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  cat part.ndjson pairs.ndjson | palmares merge --statistics statistics.json"
)]
pub(crate) struct Args {
    #[command(flatten)]
    statistics: StatisticsArgs,
}

#[derive(Serialize)]
struct Merged<L> {
    row: u32,
    laureate: L,
}

#[derive(Serialize)]
struct Accounted<L> {
    link: L,
}

pub(crate) fn run(args: &Args, _: &Global) -> anyhow::Result<ExitCode> {
    let part::Stream {
        whole,
        table,
        pairs,
    } = part::read(&args.statistics.statistics)?;
    let options = Whole::options(&whole);
    let part = whole.read(&table).map_err(part::of_others)?;
    let clusters = part.group(&pairs);
    let mut rows = clusters.groups(&table).into_iter().map(|group| {
        let rows = group.members.iter().map(|member| {
            let (_, row) = Source::place(&table, *member as usize);
            row
        });
        rows.min().unwrap_or_default()
    });
    let mut lines: Vec<String> = Vec::new();
    let mut failed = None;
    let mut keep = |line: serde_json::Result<String>| match line {
        Ok(line) => lines.push(line),
        Err(error) => failed = Some(error),
    };
    clusters.each_laureate(
        &table,
        |laureate| laureate,
        |laureate| {
            let row = rows.next().unwrap_or_default();
            keep(serde_json::to_string(&Merged { row, laureate }));
        },
    );
    clusters.each_link(
        &table,
        &options,
        |link| serde_json::to_string(&Accounted { link }),
        &mut keep,
    );
    if let Some(error) = failed {
        return Err(error.into());
    }
    let mut out = terminal::stream();
    for line in lines {
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::from(CLEAN))
}
