//! A document that yields nothing: which one, and why.

/// Why a document yields nothing. The text completes "cannot process `PATH`: ".
#[derive(Debug, thiserror::Error)]
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
    #[error("not a PDF, HTML, Markdown or text file ({0})")]
    UnknownFormat(String),
    /// A PDF that a password protects.
    #[error("the PDF is encrypted and its password is not empty")]
    Encrypted,
    /// A PDF whose structure cannot be read.
    #[error("the PDF is damaged: {0}")]
    DamagedPdf(String),
    /// A parser that went wrong; kept from the rest of the run.
    #[error("the parser failed: {0}")]
    Parser(String),
    /// The file cannot be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl ErrorKind {
    /// What the reader can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Empty => Some("the download may have failed; fetch the file again"),
            Self::TooLarge { .. } => Some("split the document"),
            Self::UnknownFormat(_) => Some("convert it to PDF, HTML, Markdown or text first"),
            Self::Encrypted => {
                Some("remove the password, for example with `qpdf --decrypt --password=… IN OUT`")
            }
            Self::DamagedPdf(_) => {
                Some("repair it, for example with `qpdf IN OUT`, or fetch it again")
            }
            Self::Parser(_) => Some("please report it with the file"),
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
    /// Why.
    pub kind: ErrorKind,
}
