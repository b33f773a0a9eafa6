//! What every subcommand is given: the options that stand before or after it, the configuration, and the ways out (standard output, messages).

use std::any::Any;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Context;
use palmares::config::{Config, ConfigError, MAX_JOBS};
use palmares::diagnostic::{Diagnostic, Severity};
use palmares::export::is_steering;

use super::terminal;

/// Stack of a thread, in bytes: what the main thread has on most systems, so that nesting within the limits is no matter of which thread reads it.
pub(crate) const STACK: usize = 8 << 20;

/// How reports and messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// When to colour messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Errors.
    Quiet,
    /// Warnings too, and what was done.
    Normal,
    /// Notes too.
    Verbose,
}

/// Options that every subcommand takes.
#[derive(clap::Args)]
#[command(next_help_heading = "Options of every command")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct GlobalArgs {
    /// How reports are written
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: notes beside warnings
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Show no progress bar
    #[arg(long, global = true)]
    no_progress: bool,
    /// Number of threads [default: one per core]; the output does not depend on it
    #[arg(short, long, global = true, value_name = "N", value_parser = jobs)]
    jobs: Option<NonZeroUsize>,
    /// Configuration file [default: palmares.toml here or in a folder above]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, global = true)]
    no_config: bool,
    /// When to colour messages
    #[arg(long, global = true, value_enum, default_value_t)]
    color: ColorChoice,
}

impl GlobalArgs {
    /// Whether messages are coloured.
    pub(crate) fn color(&self) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
                    && io::stderr().is_terminal()
            }
        }
    }
}

/// The options in force, the configuration, and the ways out.
pub(crate) struct Global {
    /// How reports are written.
    pub(crate) format: Format,
    /// How much is said beside the data.
    pub(crate) verbosity: Verbosity,
    /// Whether a progress bar may be shown: a person is watching, and wants one.
    pub(crate) progress: bool,
    /// What `palmares.toml` says; the default without one.
    pub(crate) config: Config,
    color: bool,
}

impl Global {
    /// Reads the configuration and sets the number of threads.
    pub(crate) fn new(args: &GlobalArgs) -> anyhow::Result<Self> {
        let config = if args.no_config {
            Config::default()
        } else {
            match &args.config {
                Some(path) => Config::read(path)?,
                None => Config::find(
                    &std::env::current_dir().context("cannot tell the working directory")?,
                )?,
            }
        };
        rayon::ThreadPoolBuilder::new()
            // 0 is one thread per core.
            .num_threads(args.jobs.or(config.jobs).map_or(0, NonZeroUsize::get))
            .stack_size(STACK)
            .build_global()
            .context("cannot start the threads")?;
        Ok(Self {
            format: args.format,
            verbosity: match (args.quiet, args.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, false) => Verbosity::Normal,
                (false, true) => Verbosity::Verbose,
            },
            progress: !args.no_progress && !args.quiet && io::stderr().is_terminal(),
            config,
            color: args.color(),
        })
    }

    /// Bytes of text to standard output.
    #[expect(
        clippy::unused_self,
        reason = "the way out belongs to what a command is given"
    )]
    pub(crate) fn write(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut out = terminal::stdout();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(())
    }

    /// A text to standard output; a final line feed is added where it lacks one.
    pub(crate) fn print(&self, text: &str) -> anyhow::Result<()> {
        self.write(text.as_bytes())?;
        if text.ends_with('\n') {
            Ok(())
        } else {
            self.write(b"\n")
        }
    }

    /// `error: …` on standard error, with a hint where there is one.
    pub(crate) fn error(&self, message: impl fmt::Display, hint: Option<&str>) {
        say(self.color, Kind::Error, &message);
        if let Some(hint) = hint {
            say(self.color, Kind::Hint, &hint);
        }
    }

    /// `warning: …` on standard error, unless quiet.
    pub(crate) fn warning(&self, message: impl fmt::Display) {
        if self.verbosity > Verbosity::Quiet {
            say(self.color, Kind::Warning, &message);
        }
    }

    /// `rejected: …` on standard error, unless quiet.
    pub(crate) fn rejected(&self, message: impl fmt::Display) {
        if self.verbosity > Verbosity::Quiet {
            say(self.color, Kind::Rejected, &message);
        }
    }

    /// Plain lines on standard error, unless quiet.
    pub(crate) fn note(&self, message: impl fmt::Display) {
        if self.verbosity > Verbosity::Quiet {
            terminal::tell(&message.to_string());
        }
    }

    /// A remark about a document: notes only when verbose, errors always.
    pub(crate) fn diagnostic(&self, path: &str, diagnostic: &Diagnostic) {
        if diagnostic.severity > Severity::Note || self.verbosity == Verbosity::Verbose {
            self.important(path, diagnostic);
        }
    }

    /// A remark about a document, be it a note, unless quiet.
    pub(crate) fn important(&self, path: &str, diagnostic: &Diagnostic) {
        let kind = match diagnostic.severity {
            Severity::Note => Kind::Note,
            Severity::Warning => Kind::Warning,
            Severity::Error => Kind::Error,
        };
        if self.verbosity == Verbosity::Quiet && diagnostic.severity < Severity::Error {
            return;
        }
        let place = if diagnostic.page.is_some() {
            ", "
        } else {
            ": "
        };
        say(self.color, kind, &format_args!("{path}{place}{diagnostic}"));
        if let Some(hint) = &diagnostic.hint {
            say(self.color, Kind::Hint, hint);
        }
    }
}

/// A mistake of usage or configuration: what is wrong, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Usage {
    message: String,
    hint: Option<String>,
}

impl Usage {
    /// A mistake with advice.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }
}

/// Whether the reader of standard output has gone: nothing is wrong then, as in `palmares extract … | head`.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}

/// A panic outside the stages of a document: a mistake of the program.
pub(crate) fn internal(panic: &(dyn Any + Send)) -> anyhow::Error {
    let message = panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "for an unknown reason".to_owned());
    Usage::new(
        format!("palmares itself failed: {message}"),
        "this is a mistake of the program; please report it, with what `RUST_BACKTRACE=1` adds",
    )
    .into()
}

/// `error: …` and its hint on standard error.
pub(crate) fn report(error: &anyhow::Error, color: bool) {
    say(color, Kind::Error, &format_args!("{error:#}"));
    if let Some(hint) = hint_of(error) {
        say(color, Kind::Hint, &hint);
    }
}

/// What an error advises.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<&str> {
    // `downcast_ref` of the whole finds what was attached as context, which the chain does not show as itself.
    let usage = error
        .downcast_ref::<Usage>()
        .and_then(|usage| usage.hint.as_deref());
    let config = || error.downcast_ref::<ConfigError>()?.hint.as_deref();
    usage.or_else(config)
}

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .ok()
        .filter(|jobs: &NonZeroUsize| jobs.get() <= MAX_JOBS)
        .ok_or_else(|| format!("not a number of threads from 1 to {MAX_JOBS}"))
}

#[derive(Clone, Copy)]
enum Kind {
    Error,
    Warning,
    Rejected,
    Note,
    Hint,
}

fn say(color: bool, kind: Kind, message: &dyn fmt::Display) {
    let (word, code) = match kind {
        Kind::Error => ("error", "1;31"),
        Kind::Warning => ("warning", "1;33"),
        Kind::Rejected => ("rejected", "1;33"),
        Kind::Note => ("note", "1;36"),
        Kind::Hint => ("hint", "1;32"),
    };
    terminal::say(word, color.then_some(code), &message.to_string());
}

/// What the argument parser says of a mistake, in its colours unless the arguments themselves would steer the terminal.
pub(crate) fn misused(error: &clap::Error) {
    let message = error.to_string();
    if message.contains(is_steering) {
        terminal::tell(message.trim_end());
    } else {
        let _ = error.print();
    }
}
