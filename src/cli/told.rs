//! What went wrong, in words: a mistake with its advice and its cause, and what any error says to a person.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::io;

use palmares::config::ConfigError;
use palmares::error::ErrorKind;
use palmares::message;
use palmares::message::Message;
use palmares::word;

/// A mistake of usage or configuration, or something that could not be done: what is wrong, and what to do about it.
#[derive(Debug)]
pub(crate) struct Usage {
    message: Message,
    hint: Option<Message>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Usage {
    /// A mistake with advice.
    pub(crate) fn new(message: Message, hint: Message) -> Self {
        Self {
            message,
            hint: Some(hint),
            cause: None,
        }
    }
}

impl From<Message> for Usage {
    fn from(message: Message) -> Self {
        Self {
            message,
            hint: None,
            cause: None,
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

impl Error for Usage {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// Says what could not be done because of an error.
pub(crate) trait Because<T> {
    /// The same, with what it means.
    fn because<U: Into<Usage>>(self, what: impl FnOnce() -> U) -> anyhow::Result<T>;
}

impl<T, E: Error + Send + Sync + 'static> Because<T> for Result<T, E> {
    fn because<U: Into<Usage>>(self, what: impl FnOnce() -> U) -> anyhow::Result<T> {
        self.map_err(|cause| {
            let usage = Usage {
                cause: Some(Box::new(cause)),
                ..what().into()
            };
            usage.into()
        })
    }
}

impl<T> Because<T> for Option<T> {
    fn because<U: Into<Usage>>(self, what: impl FnOnce() -> U) -> anyhow::Result<T> {
        self.ok_or_else(|| what().into().into())
    }
}

/// What an error says, with what caused it.
pub(crate) fn message_of(error: &anyhow::Error) -> Message {
    let told = message::list(error.chain().map(of_cause), word!(": "));
    message!("{told}", told)
}

/// What one error says to a person.
pub(crate) fn of_cause(error: &(dyn Error + 'static)) -> Message {
    if let Some(usage) = error.downcast_ref::<Usage>() {
        usage.message.clone()
    } else if let Some(message) = error.downcast_ref::<Message>() {
        message.clone()
    } else if let Some(error) = error.downcast_ref::<palmares::error::Error>() {
        error.message()
    } else if let Some(kind) = error.downcast_ref::<ErrorKind>() {
        kind.message()
    } else if let Some(error) = error.downcast_ref::<ConfigError>() {
        error.told()
    } else if let Some(error) = error.downcast_ref::<io::Error>() {
        message::of_system(error)
    } else if let Some(error) = error.downcast_ref::<serde_json::Error>() {
        of_json(error)
    } else if error.is::<std::num::ParseFloatError>() || error.is::<std::num::ParseIntError>() {
        message!("not a number, or too large a one")
    } else {
        message::verbatim(error.to_string())
    }
}

/// What a reader of JSON says, with the place.
pub(crate) fn of_json(error: &serde_json::Error) -> Message {
    let message = message::of_parser(&error.to_string());
    match error.line() {
        0 => message,
        line => message!(
            "line {line}, column {column}: {message}",
            line,
            column = error.column(),
            message
        ),
    }
}

/// What an error advises.
pub(crate) fn hint_of(error: &anyhow::Error) -> Option<Message> {
    error.chain().find_map(|cause| {
        let usage = || cause.downcast_ref::<Usage>()?.hint.clone();
        let config = || cause.downcast_ref::<ConfigError>()?.hint.clone();
        usage().or_else(config)
    })
}

/// Whether the reader of standard output has gone: nothing is wrong then, as in `palmares extract … | head`.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = || cause.downcast_ref::<serde_json::Error>()?.io_error_kind();
        io.or_else(json) == Some(io::ErrorKind::BrokenPipe)
    })
}

/// A panic outside the stages of a document: a mistake of the program.
pub(crate) fn internal(panic: &(dyn Any + Send)) -> anyhow::Error {
    let message = panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .map_or_else(|| message!("for an unknown reason"), message::verbatim);
    Usage::new(
        message!("palmares itself failed: {message}", message),
        message!(
            "this is a mistake of the program; please report it, with what `RUST_BACKTRACE=1` adds"
        ),
    )
    .into()
}
