//! `palmares review`: a local page on which a person goes through what is doubtful in a run. Each act becomes a line of the table of decisions.
//!
//! `server` answers the browser, behind `guard`; `run` is what the folder holds, `acts` what a person does to it, `journal` the table with its undo,
//! `sources` the words and pictures of documents, `clicked` which of the words, `lessons` what is taught. The page is in `page/`, as plain files.

#[cfg(feature = "review")]
mod acts;
#[cfg(feature = "review")]
mod clicked;
#[cfg(feature = "review")]
mod guard;
#[cfg(feature = "review")]
mod journal;
#[cfg(feature = "review")]
mod lessons;
#[cfg(feature = "review")]
mod run;
#[cfg(feature = "review")]
mod server;
#[cfg(feature = "review")]
mod sources;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use super::Global;

pub(crate) use words::written as words_written;

/// Go through what is doubtful in a run on a local page: accept, correct, drop, add, merge, split, and teach layouts.
///
/// Prints the address of the page, for this machine and whoever has that address alone, and answers until it is ended (Ctrl+C). Each act adds one line to the
/// table of decisions, which every `palmares run` follows; what is undone is taken out again.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares review\n  palmares review resultats --port 8000\n  palmares review --decisions corrections.csv && palmares run --decisions corrections.csv"
)]
pub(crate) struct Args {
    /// Folder that `palmares run` wrote [default: extracted]
    folder: Option<PathBuf>,
    /// Port to answer on [default: one that is free]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Table that decisions are added to [default: decisions.csv; the first decision makes it]
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
}

#[cfg(feature = "review")]
pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    server::serve(args, global)
}

#[cfg(not(feature = "review"))]
pub(crate) fn run(_: &Args, _: &Global) -> anyhow::Result<ExitCode> {
    use palmares::message;

    Err(super::Usage::new(
        message!("this palmares was built without the page of `palmares review`"),
        message!("build it with the feature `review`, which is on by default; report.html of a run makes a table of decisions, too"),
    )
    .into())
}
