//! A document that yields nothing: which one, at which stage, and why.

use std::{fmt, io};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::message;
use crate::message::{Message, Value};

/// A stage that a document passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stage {
    /// Bytes are read and their format is told.
    Ingest,
    /// Bytes become pages or blocks, pages become blocks.
    Parse,
    /// The picture of a page without text is read.
    Recognise,
    /// Blocks become entries.
    Segment,
    /// Entries become mentions.
    Extract,
    /// A program of the team's is asked of an entry.
    Assist,
    /// Mentions are checked.
    Validate,
}

impl Stage {
    /// The name that the command line and the records use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Parse => "parse",
            Self::Recognise => "recognise",
            Self::Segment => "segment",
            Self::Extract => "extract",
            Self::Assist => "assist",
            Self::Validate => "validate",
        }
    }
}

/// Why a document yields nothing. The text completes "cannot process `PATH`: ".
#[derive(Debug, Serialize, Deserialize)]
pub enum ErrorKind {
    /// No byte.
    Empty,
    /// More bytes than `Limits::bytes`.
    TooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// Neither PDF nor any kind of text.
    UnknownFormat(Message),
    /// A PDF that a password protects.
    Encrypted,
    /// A PDF with more drawing operations than `Limits::operations`.
    TooManyOperations {
        /// The limit.
        limit: usize,
    },
    /// A PDF whose structure cannot be read.
    DamagedPdf(Message),
    /// A packed document that is not whole, or not what its parts say.
    Damaged(Message),
    /// A packed document that a password protects.
    Protected,
    /// A packed document whose parts are more than `Limits::unpacked`.
    TooMuchUnpacked {
        /// The limit.
        limit: u64,
    },
    /// An archive that unpacks to far more than documents do.
    UnpacksTooFar {
        /// Its size.
        size: u64,
        /// The limit.
        ratio: u64,
    },
    /// An archive of more files than are read.
    TooManyFiles {
        /// The limit.
        limit: usize,
    },
    /// An archive without documents.
    NoDocuments,
    /// A parser that went wrong; kept from the rest of the run.
    Parser(Message),
    /// Reading it took longer than `Limits::seconds`.
    OutOfTime {
        /// The limit.
        seconds: f64,
    },
    /// Reading it took more memory than `Limits::megabytes`.
    OutOfMemory {
        /// The limit.
        megabytes: u64,
    },
    /// The process that read it did not come to an end of its own.
    Ended(Message),
    /// A file of the system that has no end, such as `/dev/zero`.
    Device,
    /// The file cannot be read.
    Io(#[serde(serialize_with = "to_words", deserialize_with = "from_words")] io::Error),
}

/// An error of the system as what it says: its number means nothing to another system.
fn to_words<S: Serializer>(error: &io::Error, serializer: S) -> Result<S::Ok, S::Error> {
    message::of_system(error).serialize(serializer)
}

fn from_words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<io::Error, D::Error> {
    Message::deserialize(deserializer).map(io::Error::other)
}

impl From<io::Error> for ErrorKind {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for ErrorKind {}

impl ErrorKind {
    /// What is wrong.
    pub fn message(&self) -> Message {
        match self {
            Self::Empty => message!("the file is empty"),
            Self::TooLarge { size, limit } => message!(
                "the file has {size} bytes, the limit is {limit}",
                size = *size,
                limit = *limit
            ),
            Self::UnknownFormat(what) => message!(
                "it is {what}, not a PDF, HTML, Markdown, text or CSV file, a spreadsheet or a word processor's text",
                what
            ),
            Self::Encrypted => message!("the PDF is encrypted and its password is not empty"),
            Self::TooManyOperations { limit } => message!(
                "the PDF has more than {limit} drawing operations",
                limit = *limit
            ),
            Self::DamagedPdf(what) => message!("the PDF is damaged: {what}", what),
            Self::Damaged(what) => message!("the file is damaged: {what}", what),
            Self::Protected => message!("the file is protected by a password"),
            Self::TooMuchUnpacked { limit } => message!(
                "its parts unpack to more than {limit} bytes",
                limit = *limit
            ),
            Self::UnpacksTooFar { size, ratio } => message!(
                "the archive has {size} bytes and unpacks to more than {ratio} times as many",
                size = *size,
                ratio = *ratio
            ),
            Self::TooManyFiles { limit } => {
                message!("the archive holds more than {limit} files", limit = *limit)
            }
            Self::NoDocuments => message!("no file of the archive is a document"),
            Self::Parser(what) => message!("the parser failed: {what}", what),
            Self::OutOfTime { seconds } => message!(
                "reading it took more than {seconds} s",
                seconds = Value::Decimal(seconds.to_string())
            ),
            Self::OutOfMemory { megabytes } => message!(
                "reading it took more than {megabytes} MB of memory",
                megabytes = *megabytes
            ),
            Self::Ended(how) => message!(
                "the process that read it ended before it was done ({how})",
                how
            ),
            Self::Device => message!("it is a device"),
            Self::Io(error) => message::of_system(error),
        }
    }

    /// What the reader can do about it.
    pub fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Empty => message!("the download may have failed; fetch the file again"),
            Self::TooLarge { .. } => {
                message!("raise `bytes` under [limits] in palmares.toml, or split the document")
            }
            Self::UnknownFormat(what) if what.to_string().ends_with("archive") => {
                message!("unpack it, and read the folder that it gives")
            }
            Self::UnknownFormat(_) => message!(
                "convert it to PDF, .docx, .odt, .rtf, HTML, Markdown, text, .xlsx, .ods or CSV first"
            ),
            Self::Encrypted => {
                message!(
                    "remove the password, for example with `qpdf --decrypt --password=… IN OUT`"
                )
            }
            Self::DamagedPdf(_) => {
                message!("repair it, for example with `qpdf IN OUT`, or fetch it again")
            }
            Self::Damaged(_) => {
                message!(
                    "open it in the program that it is for and save it again, or fetch it again"
                )
            }
            Self::Protected => message!(
                "save it without a password in the program that it is for; what an archive protects, unpack"
            ),
            Self::UnpacksTooFar { .. } => message!(
                "a file like this is made to do harm; unpack it yourself where you know better, and read the folder"
            ),
            Self::TooManyFiles { .. } => message!("unpack it, and read the folder that it gives"),
            Self::NoDocuments => {
                message!("look at what it holds: PDF, HTML, texts and tables are read")
            }
            Self::TooMuchUnpacked { .. } => {
                message!("raise `unpacked` under [limits] in palmares.toml, or split the document")
            }
            Self::Parser(_) => message!("please report it with the file"),
            Self::TooManyOperations { .. } => {
                message!(
                    "raise `operations` under [limits] in palmares.toml, or split the document"
                )
            }
            Self::OutOfTime { .. } => {
                message!("raise `seconds` under [limits] in palmares.toml, or split the document")
            }
            Self::OutOfMemory { .. } => {
                message!("raise `megabytes` under [limits] in palmares.toml, or split the document")
            }
            Self::Ended(_) => message!(
                "read it again by itself; where it ends so again, please report it with the file"
            ),
            Self::Device => message!("name a file; `-` is standard input"),
            Self::Io(_) => return None,
        })
    }
}

/// A document that yields nothing.
#[derive(Debug)]
pub struct Error {
    /// The document's path, as the user gave it.
    pub path: String,
    /// The stage that failed.
    pub stage: Stage,
    /// Why.
    pub kind: ErrorKind,
}

impl Error {
    /// Which document, and what is wrong with it.
    pub fn message(&self) -> Message {
        message!(
            "cannot process `{path}`: {kind}",
            path = &self.path,
            kind = self.kind.message()
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl std::error::Error for Error {}
