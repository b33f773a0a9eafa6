//! `palmares score`: pairs of records in, weighed pairs out; the seam by which another engine does the shuffle.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::link::{Candidate, Scorer};
use palmares::message;
use palmares::message::of_parser;

use super::{CLEAN, Global, Usage, part, terminal};

/// Weigh pairs of records: NDJSON on standard input, NDJSON on standard output.
///
/// A line in is {"a": {"id": …, "name": …, "project": …, "territory": …}, "b": {…}}, as `palmares link --candidates-only` prints it. A line out is as
/// in links.ndjson. Lines are independent: split the input as you like.
///
/// With --statistics pairs weigh what they weigh in the whole table: lines in are as for `palmares merge`, lines out `{"joins": …, "link": {…}}`, where `joins` says that
/// the pair's records are of one connected set. Pairs that nothing speaks for are left out.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares link laureats.csv --candidates-only | palmares score --records 25000\n  duckdb -c \"copy (…) to '/dev/stdout' (format json)\" | palmares score --records 25000\n  cat part.ndjson pairs.ndjson | palmares score --statistics statistics.json"
)]
pub(crate) struct Args {
    /// How many records the pairs are drawn from: the more, the less likely a pair is one
    #[arg(long, value_name = "N", default_value_t = 1000)]
    records: usize,
    /// Probability from which a pair is taken for one organisation
    #[arg(long, value_name = "P", default_value_t = 0.5)]
    threshold: f64,
    /// What all records together tell, as `palmares link --statistics` wrote it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["records", "threshold"])]
    statistics: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, _: &Global) -> anyhow::Result<ExitCode> {
    if let Some(statistics) = &args.statistics {
        return weigh(statistics);
    }
    let scorer = Scorer::new(args.records, args.threshold);
    let mut out = terminal::stdout();
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let pair: Candidate<'_> = serde_json::from_str(&line).map_err(|error| {
            Usage::new(
                message!(
                    "line {number}: not a pair of records: {error}",
                    number = number + 1,
                    error = of_parser(&error.to_string())
                ),
                message!("a line holds {{\"a\": {{…}}, \"b\": {{…}}}}"),
            )
        })?;
        serde_json::to_writer(&mut out, &scorer.score(&pair))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::from(CLEAN))
}

/// Weighs pairs as the whole table does.
fn weigh(statistics: &Path) -> anyhow::Result<ExitCode> {
    let part::Stream {
        whole,
        table,
        pairs,
    } = part::read(statistics)?;
    let part = whole.read(&table).map_err(part::of_others)?;
    let mut out = terminal::stream();
    for weighed in part.weigh(&pairs) {
        serde_json::to_writer(&mut out, &weighed)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::from(CLEAN))
}
