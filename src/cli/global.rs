//! What every subcommand is given: the options that stand before or after it, the configuration, and the ways out (standard output, messages).

use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use palmares::config::{Config, MAX_JOBS, STACK};
use palmares::diagnostic::{Diagnostic, Severity};
use palmares::error::ErrorKind;
use palmares::message;
use palmares::message::{Language, Message};

use super::language::of_environment;
use super::terminal;
use super::told::Because;
pub(crate) use super::voice::Format;
use super::voice::{Kind, Said, Voice};

/// How a report is written: as messages are, or as `palmares validate` alone writes its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// For programs: reports as JSON, messages as one JSON object a line, always in English
    Json,
    /// A page
    #[value(hide = true)]
    Html,
    /// For editors and platforms that show errors beside lines
    #[value(hide = true)]
    Sarif,
    /// For GitHub's checks
    #[value(hide = true)]
    Github,
}

impl ReportFormat {
    /// How messages are said beside it.
    fn of_messages(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Text | Self::Html | Self::Sarif | Self::Github => Format::Text,
        }
    }

    /// Whether `palmares validate` alone writes it.
    pub(crate) fn is_of_validation(self) -> bool {
        matches!(self, Self::Html | Self::Sarif | Self::Github)
    }
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
    format: ReportFormat,
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
    /// The language of messages, reports and help [default: that of the locale]; records are the same in each
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    lang: Option<Language>,
}

impl GlobalArgs {
    /// How things are said.
    pub(crate) fn voice(&self) -> Voice {
        Voice {
            color: self.color(),
            format: self.format.of_messages(),
            language: self.lang.unwrap_or_else(of_environment),
        }
    }

    /// Whether messages are coloured.
    fn color(&self) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_colored(),
        }
    }
}

/// Whether messages are coloured where nothing is said of it: a person is watching who has nothing against it.
pub(crate) fn is_colored() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
        && io::stderr().is_terminal()
}

/// The options in force, the configuration, and the ways out.
pub(crate) struct Global {
    /// How reports are written.
    pub(crate) format: Format,
    /// The same, for the command that writes its report in further forms.
    pub(crate) report_format: ReportFormat,
    /// How much is said beside the data.
    pub(crate) verbosity: Verbosity,
    /// Whether a progress bar may be shown: a person is watching, and wants one.
    pub(crate) progress: bool,
    /// What `palmares.toml` says; the default without one.
    pub(crate) config: Config,
    /// Where that is.
    pub(crate) config_file: Option<PathBuf>,
    /// How things are said.
    pub(crate) voice: Voice,
}

impl Global {
    /// Reads the configuration and sets the number of threads.
    pub(crate) fn new(args: &GlobalArgs) -> anyhow::Result<Self> {
        let here =
            || std::env::current_dir().because(|| message!("cannot tell the working directory"));
        let file = match &args.config {
            _ if args.no_config => None,
            None => Config::file_for(&here()?),
            named => named.clone(),
        };
        let config = file.as_deref().map(Config::read).transpose()?;
        let config = config.unwrap_or_default();
        rayon::ThreadPoolBuilder::new()
            // 0 is one thread per core.
            .num_threads(args.jobs.or(config.jobs).map_or(0, NonZeroUsize::get))
            .stack_size(STACK)
            .build_global()
            .because(|| message!("cannot start the threads"))?;
        Ok(Self {
            format: args.format.of_messages(),
            report_format: args.format,
            verbosity: match (args.quiet, args.verbose) {
                (true, _) => Verbosity::Quiet,
                (false, false) => Verbosity::Normal,
                (false, true) => Verbosity::Verbose,
            },
            progress: !args.no_progress && !args.quiet && io::stderr().is_terminal(),
            config,
            config_file: file,
            voice: args.voice(),
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

    /// What is said, in the language in force.
    pub(crate) fn in_words(&self, message: &Message) -> String {
        message.to(self.voice.language)
    }

    /// An error, with a hint where there is one.
    pub(crate) fn error(&self, message: Message, hint: Option<Message>) {
        self.voice.say(Said {
            hint,
            ..Said::new(Kind::Error, message)
        });
    }

    /// A document that yields nothing.
    pub(crate) fn failed(&self, path: &str, kind: &ErrorKind) {
        self.voice.failed(path, kind);
    }

    /// A warning, unless quiet.
    pub(crate) fn warning(&self, message: Message) {
        if self.verbosity > Verbosity::Quiet {
            self.voice.say(Said::new(Kind::Warning, message));
        }
    }

    /// Something that was rejected, unless quiet.
    pub(crate) fn rejected(
        &self,
        path: &str,
        place: Option<Message>,
        message: Message,
        hint: Option<Message>,
    ) {
        if self.verbosity > Verbosity::Quiet {
            self.voice.say(Said {
                path: Some(path),
                place,
                hint,
                ..Said::new(Kind::Rejected, message)
            });
        }
    }

    /// Plain lines, unless quiet.
    pub(crate) fn note(&self, message: &Message) {
        if self.verbosity > Verbosity::Quiet {
            self.voice.tell(message);
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
        if self.verbosity > Verbosity::Quiet || diagnostic.severity == Severity::Error {
            self.voice.say(Said::of_document(path, diagnostic));
        }
    }
}

fn jobs(text: &str) -> Result<NonZeroUsize, Message> {
    text.parse()
        .ok()
        .filter(|jobs: &NonZeroUsize| jobs.get() <= MAX_JOBS)
        .ok_or_else(|| message!("not a number of threads from 1 to {most}", most = MAX_JOBS))
}
