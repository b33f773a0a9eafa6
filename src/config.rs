//! Plain data that stages are given, and the `palmares.toml` that sets some of it; no globals.

use crate::message;
use crate::message::{Carried, Message};
use crate::word;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, IntoDeserializer, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Name of the configuration file that is looked for here and in the folders above.
pub const CONFIG_FILE: &str = "palmares.toml";

/// Name of the folder beside it whose profiles are used without being told.
pub const PROFILES_FOLDER: &str = "profiles";

/// Threads that may be asked for: more than any machine has cores, and few enough to be started.
pub const MAX_JOBS: usize = 1024;

/// Stack of a thread, in bytes: what the main thread has on most systems, so that nesting within the limits is no matter of which thread reads it.
pub const STACK: usize = 8 << 20;

/// What a document may cost at most: `[limits]` of `palmares.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Seconds of reading it. The command line holds it by a watch over the process that reads; stages called as a library do not look at the clock.
    pub seconds: f64,
    /// Seconds beyond that for each page that is read from its picture.
    pub ocr_seconds: f64,
    /// Megabytes (of 1,000,000 bytes) of memory, held as `seconds` is.
    pub megabytes: u64,
    /// Bytes of a file.
    pub bytes: u64,
    /// Bytes that the parts of a packed document (a spreadsheet, a word processor's text) unpack to.
    pub unpacked: u64,
    /// Pages of a PDF.
    pub pages: usize,
    /// Drawing operations of a PDF, forms as often as they are drawn and shown characters included.
    pub operations: usize,
    /// Nesting of HTML elements and PDF forms.
    pub nesting: usize,
}

impl Default for Limits {
    /// Generous for brochures, and far below what would exhaust a machine.
    fn default() -> Self {
        Self {
            seconds: 10.0,
            ocr_seconds: 60.0,
            megabytes: 512,
            bytes: 1 << 30,
            unpacked: 1 << 28,
            pages: 20_000,
            operations: 100_000_000,
            nesting: 512,
        }
    }
}

impl Limits {
    /// The least memory that a document can be read in: the program itself, its threads and its tables.
    pub const LEAST_MEGABYTES: u64 = 64;

    /// What is wrong with them, and what would be right.
    fn mistake(&self) -> Option<(Message, Message)> {
        if !is_time(self.seconds) {
            Some((
                message!("`limits.seconds` is not above 0"),
                message!("10 is the default"),
            ))
        } else if !is_time(self.ocr_seconds) {
            Some((
                message!("`limits.ocr-seconds` is not above 0"),
                message!("60 is the default"),
            ))
        } else if self.megabytes < Self::LEAST_MEGABYTES {
            Some((
                message!("`limits.megabytes` is under 64, which the program itself takes"),
                message!("512 is the default"),
            ))
        } else {
            None
        }
    }
}

/// How the table for people is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum CsvDialect {
    /// Comma, UTF-8 without a byte-order mark (RFC 4180)
    #[default]
    Standard,
    /// French headers, semicolon and a byte-order mark: what a French spreadsheet opens by a double click
    ExcelFr,
}

/// Which pairs `links.ndjson` holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum LinkRows {
    /// Every considered pair above the linker's floor
    #[default]
    All,
    /// The pairs that were linked
    Decided,
    /// No pair
    None,
}

/// Which pages are read from their picture, by `tesseract`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ocr {
    /// Those that show no text, or text of which nobody knows the characters
    Auto,
    /// Every page of a PDF
    Always,
    /// None: what is read is the same on every machine
    #[default]
    Never,
}

/// What is known of documents before they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// They list laureates: the best reading is taken, unless it is hopeless
    Laureates,
    /// Some do: only what convinces is read
    #[default]
    Unknown,
}

impl Expect {
    /// The name that the command line and the configuration use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Laureates => "laureates",
            Self::Unknown => "unknown",
        }
    }
}

/// `expect` of `palmares.toml`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// Of every document.
    All(Expect),
    /// Of those at certain paths; of two rules that a document matches, the later.
    At(Vec<ExpectedAt>),
}

/// What is known of the documents that a path names: a file, a folder with all that it holds, or a glob.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedAt {
    /// The path.
    #[serde(deserialize_with = "path_or_glob")]
    pub path: PathBuf,
    /// What is known.
    pub value: Expect,
}

/// A path; what looks like a glob has to be one, or it would match nothing without a word.
fn path_or_glob<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    let path = String::deserialize(deserializer)?;
    if !Path::new(&path).exists() {
        globset::Glob::new(&path).map_err(|error| {
            let why = error.kind().to_string();
            de::Error::custom(Carried(message!(
                "`{path}` is no glob: {why}",
                path = &path,
                why
            )))
        })?;
    }
    Ok(path.into())
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Expected;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(word!(
                    "`laureates`, `unknown`, or tables `[[expect]]` with `path` and `value`"
                ))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Expected, E> {
                Expect::deserialize(text.into_deserializer()).map(Expected::All)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, rules: A) -> Result<Expected, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(rules)).map(Expected::At)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// What `palmares.toml` says; whatever it leaves out has its default. Paths are relative to the file's folder.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// What `palmares run` reads without an argument.
    pub inputs: Vec<PathBuf>,
    /// Where `palmares run` writes.
    pub output: Option<PathBuf>,
    /// What people decided of records: a table that `palmares run` follows.
    pub decisions: Option<PathBuf>,
    /// A register of organisations in which `palmares run` looks those of laureates up.
    pub organisations: Option<PathBuf>,
    /// Number of threads.
    pub jobs: Option<NonZeroUsize>,
    /// Mentions under this confidence are rejected.
    pub min_confidence: Option<f64>,
    /// What is known of documents before they are read.
    pub expect: Option<Expected>,
    /// Profiles beside the built-in ones; those of the folder `profiles/` beside the file follow.
    pub profiles: Vec<PathBuf>,
    /// Whether the built-in profiles are used.
    pub built_in_profiles: Option<bool>,
    /// Which pages are read from their picture.
    pub ocr: Option<Ocr>,
    /// How the table for people is written.
    pub csv_dialect: Option<CsvDialect>,
    /// Which pairs `links.ndjson` holds.
    pub links: Option<LinkRows>,
    /// What a document may cost at most.
    pub limits: Limits,
    /// What is asked of what stays doubtful; nothing without it.
    pub assist: Option<Assist>,
    /// What is reported, and how.
    pub report: Report,
}

/// A program of the team's that is asked for values that stay doubtful: `[assist]` of `palmares.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assist {
    /// What the shell is told to run.
    pub command: String,
    /// Seconds that it may take for an entry.
    #[serde(default = "Assist::seconds")]
    pub seconds: f64,
    /// The folder in which its answers are kept.
    #[serde(default = "Assist::cache")]
    pub cache: PathBuf,
    /// The folder that it runs in.
    #[serde(default)]
    pub folder: PathBuf,
}

impl Assist {
    /// What a model on a machine of one's own takes for a page, with room.
    fn seconds() -> f64 {
        60.0
    }

    fn cache() -> PathBuf {
        "assist-cache".into()
    }

    /// What is wrong with it, and what would be right.
    fn mistake(&self) -> Option<(Message, Message)> {
        if self.command.trim().is_empty() {
            Some((
                message!("`assist.command` is empty"),
                message!("leave out [assist] to read without a program"),
            ))
        } else if !is_time(self.seconds) {
            Some((
                message!("`assist.seconds` is not above 0"),
                message!("60 is the default"),
            ))
        } else {
            None
        }
    }
}

/// Whether something can take so many seconds.
fn is_time(seconds: f64) -> bool {
    seconds > 0.0 && seconds.is_finite()
}

/// What a run reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Report {
    /// From what on a document counts in the exit code.
    pub fail_on: FailOn,
}

/// What makes a run end with the exit code of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// A document or record that was lost.
    #[default]
    Error,
    /// A warning, too.
    Warning,
}

/// A configuration file that cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// Line from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub message: Message,
    /// What the reader can do.
    pub hint: Option<Message>,
}

impl ConfigError {
    /// Which file, and what is wrong with it.
    pub fn told(&self) -> Message {
        let (path, message) = (self.path.display(), &self.message);
        match self.line {
            Some(line) => message!(
                "cannot use `{path}`, line {line}: {message}",
                path,
                line,
                message
            ),
            None => message!("cannot use `{path}`: {message}", path, message),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().fmt(f)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// The nearest `palmares.toml` at or above `folder`.
    pub fn file_for(folder: &Path) -> Option<PathBuf> {
        let mut files = folder
            .ancestors()
            .map(|ancestor| ancestor.join(CONFIG_FILE));
        files.find(|path| path.is_file())
    }

    /// The configuration of the nearest `palmares.toml` at or above `folder`; the default without one.
    pub fn find(folder: &Path) -> Result<Self, ConfigError> {
        Self::file_for(folder).map_or_else(|| Ok(Self::default()), |path| Self::read(&path))
    }

    /// The configuration of this file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let fail = |message: Message, hint: Message| ConfigError {
            path: path.to_owned(),
            line: None,
            message,
            hint: Some(hint),
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            fail(
                message::of_system(&error),
                message!("`--no-config` runs without a configuration file"),
            )
        })?;
        let mut config = Self::parse(&text).map_err(|error| ConfigError {
            path: path.to_owned(),
            ..error
        })?;
        if config
            .min_confidence
            .is_some_and(|floor| !(0.0..=1.0).contains(&floor))
        {
            return Err(fail(
                message!("`min-confidence` is not between 0 and 1"),
                message!("0 keeps every mention, 0.5 those that are more likely right than wrong"),
            ));
        }
        let mistake =
            (config.limits.mistake()).or_else(|| config.assist.as_ref().and_then(Assist::mistake));
        if let Some((mistake, hint)) = mistake {
            return Err(fail(mistake, hint));
        }
        if config.jobs.is_some_and(|jobs| jobs.get() > MAX_JOBS) {
            return Err(fail(
                message!("`jobs` is not a number from 1 to {limit}", limit = MAX_JOBS),
                message!("without it there is a thread for each core"),
            ));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        if let Some(Expected::At(rules)) = &mut config.expect {
            for rule in rules {
                rule.path = below_working_directory(&folder.join(&rule.path));
            }
        }
        let listed: Vec<PathBuf> = config
            .profiles
            .iter()
            .map(|path| folder.join(path))
            .collect();
        let beside = profiles_in(&folder.join(PROFILES_FOLDER));
        (config.profiles).extend(beside.into_iter().filter(|path| !listed.contains(path)));
        for path in config
            .inputs
            .iter_mut()
            .chain(&mut config.profiles)
            .chain(&mut config.output)
            .chain(&mut config.decisions)
            .chain(&mut config.organisations)
        {
            *path = below_working_directory(&folder.join(&*path));
        }
        if let Some(assist) = &mut config.assist {
            // A worker starts it, and so where it is may not depend on where that stands.
            for path in [&mut assist.cache, &mut assist.folder] {
                *path = std::path::absolute(folder.join(&*path)).unwrap_or_default();
            }
        }
        Ok(config)
    }

    fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() + 1);
            ConfigError {
                path: PathBuf::new(),
                line,
                message: message::of_parser(error.message()),
                hint: message::nearest(error.message()),
            }
        })
    }
}

/// The profiles that lie in a folder, by name.
fn profiles_in(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = (files.map(|file| file.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

/// The path relative to the working directory where it lies below it, so that records name it as a person would.
fn below_working_directory(path: &Path) -> PathBuf {
    std::env::current_dir()
        .ok()
        .and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned))
        .filter(|relative| !relative.as_os_str().is_empty())
        .unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }

    #[test]
    fn keys_are_read() {
        let config =
            Config::parse("inputs = ['brochures']\ncsv-dialect = 'excel-fr'\nlinks = 'all'\n")
                .unwrap();
        assert_eq!(config.inputs, [PathBuf::from("brochures")]);
        assert_eq!(config.csv_dialect, Some(CsvDialect::ExcelFr));
        assert_eq!(config.links, Some(LinkRows::All));
    }

    #[test]
    fn types_are_named_in_words() {
        let message = |text: &str| Config::parse(text).unwrap_err().message.to_string();
        assert!(message("jobs = 'four'").contains("a number from 1 is expected"));
        assert!(message("jobs = 0").contains("a number from 1 is expected"));
        assert!(message("inputs = 'raw'").contains("a list is expected"));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
        let error = Config::parse("jobs = 2\noutptu = 'x'\n").unwrap_err();
        assert_eq!(error.line, Some(2));
        assert!(
            error.message.to_string().contains("`outptu`"),
            "{}",
            error.message
        );
        assert_eq!(
            error.hint.unwrap().to_string(),
            "the nearest key is `output`"
        );
    }
}
