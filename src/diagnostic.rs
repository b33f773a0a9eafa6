//! Remarks about a document that yields something.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Something may be missing or wrong.
    Warning,
    /// A part of the document could not be read.
    Error,
}

/// A remark: what, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is the case: lower case, no full stop, the offending value in backticks.
    pub message: String,
    /// Page from 1, where it concerns one.
    pub page: Option<u32>,
    /// What the reader can do.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A warning without place or advice.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            message: message.into(),
            page: None,
            hint: None,
        }
    }

    /// An error without place or advice.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            ..Self::warning(message)
        }
    }

    /// A note without place or advice.
    pub fn note(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::warning(message)
        }
    }

    /// The same, about one page.
    #[must_use]
    pub fn on_page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    /// The same, with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(page) = self.page {
            write!(f, "page {page}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// A result with the remarks made on the way.
#[derive(Clone, Debug)]
pub struct Warned<T> {
    /// What was made.
    pub output: T,
    /// What was noticed.
    pub warnings: Vec<Diagnostic>,
}

impl<T> Warned<T> {
    /// A result without remarks.
    pub fn clean(output: T) -> Self {
        Self {
            output,
            warnings: Vec::new(),
        }
    }
}
