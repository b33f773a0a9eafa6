//! How things are said on standard error: in words or as JSON, in which language, in colour or not.

use palmares::diagnostic::{Diagnostic, Severity};
use palmares::error::ErrorKind;
use palmares::message;
use palmares::message::{Language, Message, Value};
use palmares::word;
use serde_json::json;

use super::terminal;

/// How reports and messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: reports as JSON, messages as one JSON object a line, always in English.
    Json,
}

/// What kind of thing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Error,
    Warning,
    Rejected,
    Note,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Rejected => "rejected",
            Self::Note => "note",
        }
    }

    /// The word that a line begins with, and its colour.
    fn word(self) -> (&'static str, &'static str) {
        match self {
            Self::Error => (word!("error:"), "1;31"),
            Self::Warning => (word!("warning:"), "1;33"),
            Self::Rejected => (word!("rejected:"), "1;33"),
            Self::Note => (word!("note:"), "1;36"),
        }
    }
}

impl From<Severity> for Kind {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Note => Self::Note,
        }
    }
}

/// Something to be said.
#[derive(Clone, Debug)]
pub(crate) struct Said<'a> {
    pub(crate) kind: Kind,
    /// The file that it is about.
    pub(crate) path: Option<&'a str>,
    /// Where in it.
    pub(crate) place: Option<Message>,
    pub(crate) message: Message,
    pub(crate) hint: Option<Message>,
}

impl<'a> Said<'a> {
    /// Something about no file.
    pub(crate) fn new(kind: Kind, message: Message) -> Self {
        Self {
            kind,
            path: None,
            place: None,
            message,
            hint: None,
        }
    }

    /// A remark about a document.
    pub(crate) fn of_document(path: &'a str, diagnostic: &Diagnostic) -> Self {
        Self {
            path: Some(path),
            place: diagnostic.page.map(|page| message!("page {page}", page)),
            hint: diagnostic.hint.clone(),
            ..Self::new(diagnostic.severity.into(), diagnostic.message.clone())
        }
    }
}

/// How things are said.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Voice {
    pub(crate) color: bool,
    pub(crate) format: Format,
    pub(crate) language: Language,
}

impl Voice {
    /// Says it: a line that begins with its kind, and its advice on another; or one JSON object.
    pub(crate) fn say(self, said: Said<'_>) {
        let Said {
            kind,
            path,
            place,
            message,
            hint,
        } = said;
        if self.format == Format::Json {
            let text = |message: &Message| message.to_string();
            let row = json!({
                "kind": kind.name(), "message": text(&message), "hint": hint.as_ref().map(text), "path": path, "place": place.as_ref().map(text),
            });
            terminal::tell(&row.to_string());
            return;
        }
        let message = match (path, place) {
            (Some(path), Some(place)) => {
                message!("{path}, {place}: {message}", path, place, message)
            }
            (Some(path), None) => message!("{path}: {message}", path, message),
            (None, _) => message,
        };
        let line = |(word, color): (&'static str, &'static str), message: &Message| {
            let word = self.language.translated(word);
            terminal::say(
                word,
                self.color.then_some(color),
                &message.to(self.language),
            );
        };
        line(kind.word(), &message);
        if let Some(hint) = &hint {
            line((word!("hint:"), "1;32"), hint);
        }
    }

    /// A document that yields nothing.
    pub(crate) fn failed(self, path: &str, kind: &ErrorKind) {
        let (message, is_text) = (kind.message(), self.format == Format::Text);
        let cannot = || {
            message!(
                "cannot process `{path}`: {kind}",
                path,
                kind = Value::from(&message)
            )
        };
        self.say(Said {
            path: Some(path).filter(|_| !is_text),
            hint: kind.hint(),
            ..Said::new(
                Kind::Error,
                if is_text { cannot() } else { message.clone() },
            )
        });
    }

    /// Plain lines, or a note as JSON.
    pub(crate) fn tell(self, message: &Message) {
        match self.format {
            Format::Text => terminal::tell(&message.to(self.language)),
            Format::Json => self.say(Said::new(Kind::Note, message.clone())),
        }
    }
}
