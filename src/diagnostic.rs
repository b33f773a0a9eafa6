//! Remarks about a document that yields something.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::message;
use crate::message::Message;

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
    pub message: Message,
    /// Page from 1, where it concerns one.
    pub page: Option<u32>,
    /// What the reader can do.
    pub hint: Option<Message>,
}

impl Diagnostic {
    /// A warning without place or advice.
    pub fn warning(message: Message) -> Self {
        Self {
            severity: Severity::Warning,
            message,
            page: None,
            hint: None,
        }
    }

    /// An error without place or advice.
    pub fn error(message: Message) -> Self {
        Self {
            severity: Severity::Error,
            ..Self::warning(message)
        }
    }

    /// A note without place or advice.
    pub fn note(message: Message) -> Self {
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
    pub fn with_hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }
}

impl Diagnostic {
    /// Where it is and what is the case.
    pub fn told(&self) -> Message {
        match self.page {
            Some(page) => message!("page {page}: {message}", page, message = &self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().fmt(f)
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
