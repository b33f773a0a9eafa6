//! A document that yields nothing: which one, at which stage, and why.

use std::io;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A stage that a document passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stage {
    /// Bytes are read and their format is told.
    Ingest,
    /// Bytes become pages or blocks, pages become blocks.
    Parse,
    /// Blocks become entries.
    Segment,
    /// Entries become mentions.
    Extract,
    /// Mentions are checked.
    Validate,
}

impl Stage {
    /// The name that the command line and the records use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Parse => "parse",
            Self::Segment => "segment",
            Self::Extract => "extract",
            Self::Validate => "validate",
        }
    }
}

/// Why a document yields nothing. The text completes "cannot process `PATH`: ".
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
pub enum ErrorKind {
    /// No byte.
    #[error("the file is empty")]
    Empty,
    /// More bytes than `Limits::bytes`.
    #[error("the file has {size} bytes, the limit is {limit}")]
    TooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// Neither PDF nor any kind of text.
    #[error(
        "it is {0}, not a PDF, HTML, Markdown, text or CSV file, a spreadsheet or a word processor's text"
    )]
    UnknownFormat(String),
    /// A PDF that a password protects.
    #[error("the PDF is encrypted and its password is not empty")]
    Encrypted,
    /// A PDF with more drawing operations than `Limits::operations`.
    #[error("the PDF has more than {limit} drawing operations")]
    TooManyOperations {
        /// The limit.
        limit: usize,
    },
    /// A PDF whose structure cannot be read.
    #[error("the PDF is damaged: {0}")]
    DamagedPdf(String),
    /// A packed document that is not whole, or not what its parts say.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// A packed document that a password protects.
    #[error("the file is protected by a password")]
    Protected,
    /// A packed document whose parts are more than `Limits::unpacked`.
    #[error("its parts unpack to more than {limit} bytes")]
    TooMuchUnpacked {
        /// The limit.
        limit: u64,
    },
    /// A parser that went wrong; kept from the rest of the run.
    #[error("the parser failed: {0}")]
    Parser(String),
    /// Reading it took longer than `Limits::seconds`.
    #[error("reading it took more than {seconds} s")]
    OutOfTime {
        /// The limit.
        seconds: f64,
    },
    /// Reading it took more memory than `Limits::megabytes`.
    #[error("reading it took more than {megabytes} MB of memory")]
    OutOfMemory {
        /// The limit.
        megabytes: u64,
    },
    /// The process that read it did not come to an end of its own.
    #[error("the process that read it ended before it was done ({0})")]
    Ended(String),
    /// A file of the system that has no end, such as `/dev/zero`.
    #[error("it is a device")]
    Device,
    /// The file cannot be read.
    #[error("{0}")]
    Io(
        #[from]
        #[serde(serialize_with = "to_words", deserialize_with = "from_words")]
        io::Error,
    ),
}

/// An error of the system as what it says: its number means nothing to another system.
fn to_words<S: Serializer>(error: &io::Error, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(error)
}

fn from_words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<io::Error, D::Error> {
    String::deserialize(deserializer).map(io::Error::other)
}

impl ErrorKind {
    /// What the reader can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Empty => Some("the download may have failed; fetch the file again"),
            Self::TooLarge { .. } => {
                Some("raise `bytes` under [limits] in palmares.toml, or split the document")
            }
            Self::UnknownFormat(what) if what.ends_with("archive") => {
                Some("unpack it, and read the folder that it gives")
            }
            Self::UnknownFormat(_) => Some(
                "convert it to PDF, .docx, .odt, HTML, Markdown, text, .xlsx, .ods or CSV first",
            ),
            Self::Encrypted => {
                Some("remove the password, for example with `qpdf --decrypt --password=… IN OUT`")
            }
            Self::DamagedPdf(_) => {
                Some("repair it, for example with `qpdf IN OUT`, or fetch it again")
            }
            Self::Damaged(_) => {
                Some("open it in the program that it is for and save it again, or fetch it again")
            }
            Self::Protected => {
                Some("open it in the program that it is for and save it without a password")
            }
            Self::TooMuchUnpacked { .. } => {
                Some("raise `unpacked` under [limits] in palmares.toml, or split the document")
            }
            Self::Parser(_) => Some("please report it with the file"),
            Self::TooManyOperations { .. } => {
                Some("raise `operations` under [limits] in palmares.toml, or split the document")
            }
            Self::OutOfTime { .. } => {
                Some("raise `seconds` under [limits] in palmares.toml, or split the document")
            }
            Self::OutOfMemory { .. } => {
                Some("raise `megabytes` under [limits] in palmares.toml, or split the document")
            }
            Self::Ended(_) => Some(
                "read it again by itself; where it ends so again, please report it with the file",
            ),
            Self::Device => Some("name a file; `-` is standard input"),
            Self::Io(_) => None,
        }
    }
}

/// A document that yields nothing.
#[derive(Debug, thiserror::Error)]
#[error("cannot process `{path}`: {kind}")]
pub struct Error {
    /// The document's path, as the user gave it.
    pub path: String,
    /// The stage that failed.
    pub stage: Stage,
    /// Why.
    pub kind: ErrorKind,
}
