//! The command line: one file per subcommand. This layer alone prints and uses `anyhow`; the library below it does neither.
//!
//! A subcommand is a module with `Args` (its help is its doc comment), `run(&Args, &Global) -> anyhow::Result<ExitCode>`, a variant of `Command`
//! and an arm in `dispatch`.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use palmares::message;

mod completions;
mod decided;
mod decisions;
mod diff;
mod eval;
mod explain;
mod export;
mod extract;
mod fetch;
mod file;
mod global;
mod input;
mod keys;
mod language;
mod link;
mod man;
mod merge;
mod output;
mod pages;
mod part;
mod profile;
mod progress;
mod records;
mod register;
mod report;
mod review;
mod run;
mod schema;
mod score;
mod show;
mod stream;
mod teach;
mod terminal;
mod test;
mod told;
mod validate;
mod voice;
mod worker;

pub(crate) use global::{Format, Global, GlobalArgs};
pub(crate) use told::{Because, Usage};
use voice::{Kind, Said};
pub(crate) use worker::Pool;

/// All went well.
pub(crate) const CLEAN: u8 = 0;
/// The command ran and has findings: a failed document, a rejected record, a floor not met.
pub(crate) const FINDINGS: u8 = 1;
/// Usage, configuration, or no document found.
pub(crate) const MISUSE: u8 = 2;

/// Turns brochures (PDF), web pages and texts that list laureates into clean, grounded JSON.
///
/// Every value carries the place it was read from; the same laureate in several documents becomes one record.
/// Nothing is sent anywhere, and no model is asked but by a program of yours that `[assist]` names; only `palmares fetch` opens the network.
#[derive(Parser)]
#[command(name = "palmares", version, max_term_width = 110)]
#[command(
    after_help = "Exit codes: 0 done and clean; 1 ran, with findings (a failed document, a page without text, a rejected record, a floor not met); 2 usage, configuration, or no document found."
)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Extract(extract::Args),
    Explain(explain::Args),
    Show(show::Args),
    Review(review::Args),
    Decisions(decisions::Args),
    Export(export::Args),
    Validate(validate::Args),
    Fetch(fetch::Args),
    Link(link::Args),
    Keys(keys::Args),
    Score(score::Args),
    Merge(merge::Args),
    Test(test::Args),
    Eval(eval::Args),
    Diff(diff::Args),
    Profile(profile::Args),
    Teach(teach::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
    /// Read documents for another palmares: what keeps one that takes too much from the others
    #[command(hide = true)]
    Worker,
}

/// Reads the arguments, runs the subcommand, reports an error; the exit code tells how it went.
pub(crate) fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let voice = language::voice(&arguments);
    let mut command = language::translated(Cli::command(), voice.language);
    let parsed = (command.try_get_matches_from_mut(arguments))
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            language::misused(&error, &command, voice);
            return ExitCode::from(MISUSE);
        }
        // Help, or the version.
        Err(error) => error.exit(),
    };
    let voice = cli.global.voice();
    // A stage that panics on a document is reported as an error of that document: the hook would say it twice, in other words.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        Global::new(&cli.global).and_then(|global| dispatch(cli.command, &global))
    }))
    .unwrap_or_else(|panic| Err(told::internal(panic.as_ref())));
    match outcome {
        Ok(code) => code,
        Err(error) if told::is_broken_pipe(&error) => ExitCode::from(CLEAN),
        Err(error) => {
            voice.say(Said {
                hint: told::hint_of(&error),
                ..Said::new(Kind::Error, told::message_of(&error))
            });
            ExitCode::from(MISUSE)
        }
    }
}

fn dispatch(command: Option<Command>, global: &Global) -> anyhow::Result<ExitCode> {
    if global.report_format.is_of_validation() && !matches!(command, Some(Command::Validate(_))) {
        return Err(Usage::new(
            message!("only `palmares validate` writes its report in this format"),
            message!("`--format` is `text` or `json` for the other commands"),
        )
        .into());
    }
    match command {
        Some(Command::Run(args)) => run::run(&args, global),
        Some(Command::Extract(args)) => extract::run(&args, global),
        Some(Command::Show(args)) => show::run(&args, global),
        Some(Command::Review(args)) => review::run(&args, global),
        Some(Command::Decisions(args)) => decisions::run(&args, global),
        Some(Command::Explain(args)) => explain::run(&args, global),
        Some(Command::Export(args)) => export::run(&args, global),
        Some(Command::Validate(args)) => validate::run(&args, global),
        Some(Command::Fetch(args)) => fetch::run(&args, global),
        Some(Command::Link(args)) => link::run(&args, global),
        Some(Command::Keys(args)) => keys::run(&args, global),
        Some(Command::Score(args)) => score::run(&args, global),
        Some(Command::Merge(args)) => merge::run(&args, global),
        Some(Command::Test(args)) => test::run(&args, global),
        Some(Command::Eval(args)) => eval::run(&args, global),
        Some(Command::Diff(args)) => diff::run(&args, global),
        Some(Command::Profile(args)) => profile::run(&args, global),
        Some(Command::Teach(args)) => teach::run(&args, global),
        Some(Command::Schema(args)) => schema::run(&args, global),
        Some(Command::Completions(args)) => completions::run(&args, global),
        Some(Command::Man(args)) => man::run(&args, global),
        Some(Command::Worker) => worker::serve(),
        // The main job needs no word: raw/ into extracted/.
        None => run::run(&run::Args::default(), global),
    }
}
