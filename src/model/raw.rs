//! A file as received.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// What the bytes of a document are; decided by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Portable Document Format.
    Pdf,
    /// Hypertext, with or without a doctype.
    Html,
    /// Text with Markdown structure, possibly with HTML fragments.
    Markdown,
    /// Text without markup.
    Plain,
    /// Rows of cells that a sign separates.
    Csv {
        /// The sign: a comma, a semicolon, a tab or a bar.
        delimiter: u8,
    },
    /// A workbook of Excel 2007 and later, or of another program that writes this form.
    Xlsx,
    /// A workbook of Excel 97 to 2003.
    Xls,
    /// An OpenDocument spreadsheet.
    Ods,
    /// A text of Word 2007 and later, or of another program that writes this form.
    Docx,
    /// An OpenDocument text.
    Odt,
    /// A text in the form that word processors exchange.
    Rtf,
}

impl Format {
    /// The media type that records name.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Html => "text/html",
            Self::Markdown => "text/markdown",
            Self::Plain => "text/plain",
            Self::Csv { .. } => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Rtf => "application/rtf",
        }
    }

    /// The usual ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Plain => "txt",
            Self::Csv { .. } => "csv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
        }
    }
}

/// SHA-256 of a document's bytes: the same bytes are one document, whatever their path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DocumentId(pub [u8; 32]);

impl DocumentId {
    /// The identity of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({self})")
    }
}

/// A document's bytes, unchanged, with what ingest found out about them.
#[derive(Clone, Debug)]
pub struct RawDocument {
    /// Identity: hash of the bytes.
    pub id: DocumentId,
    /// Where it came from, as records print it: relative to the working directory where it lies below, `/` as separator, `-` for standard input.
    pub path: String,
    /// What the bytes are.
    pub format: Format,
    /// Where it was fetched from, where that is known.
    pub address: Option<String>,
    /// The bytes as received; shared, for a parser may want to keep them.
    pub bytes: Arc<Vec<u8>>,
}
