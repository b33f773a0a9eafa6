//! What is said to people: English text as the code says it, the values that belong into it, and its translation. Records never hold a translation.
//!
//! The English text is the key of `data/french.toml`. `{name}` stands for a value, `{name|one|several}` for the form that the number asks for, `{{` and `}}`
//! for braces. A test reads the source and holds that every text is there with the same values, and no other.

mod parsers;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use parsers::{Carried, meant, nearest, nearest_of, of_parser};

/// A language that people are spoken to in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Language {
    /// English
    #[default]
    #[value(name = "en")]
    English,
    /// French
    #[value(name = "fr")]
    French,
}

/// A text with the values that belong into it. Shown as it is, it is English.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Message {
    text: Cow<'static, str>,
    values: Box<[(Cow<'static, str>, Value)]>,
}

/// What belongs into a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// Words that are not ours: a path, a name, what a document says.
    Text(String),
    /// A number, which decides between one and several.
    Number(i64),
    /// A number with decimals, as English writes it.
    Decimal(String),
    /// Words of ours.
    Message(Message),
    /// Several of them, with what stands between two.
    List(Vec<Message>, Cow<'static, str>),
}

/// A text that people are told, with its values by name: `message!("{n} {n|file|files} in `{folder}`", n = 3, folder = path)`.
#[doc(hidden)]
#[macro_export]
macro_rules! message {
    ($text:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::message::Message::new(
            $text,
            vec![$((::std::borrow::Cow::Borrowed(stringify!($name)), $crate::message!(@value $name $(= $value)?))),*],
        )
    };
    (@value $name:ident) => { $crate::message::Value::from($name) };
    (@value $name:ident = $value:expr) => { $crate::message::Value::from($value) };
}

/// Words of ours that stand in a table and are said later, by `message::word`: the test of the catalogue knows them by this.
#[doc(hidden)]
#[macro_export]
macro_rules! word {
    ($text:literal) => {
        $text
    };
}

/// A text that `word!` marks where it stands.
pub fn word(text: impl Into<Cow<'static, str>>) -> Message {
    Message::new(text, Vec::new())
}

/// A text that is not ours, as it is in every language.
pub fn verbatim(text: impl Into<String>) -> Message {
    Message::new(AS_IT_IS, vec![("text".into(), Value::Text(text.into()))])
}

/// Several texts, with this between each two.
pub fn list(texts: impl IntoIterator<Item = Message>, between: &'static str) -> Value {
    Value::List(texts.into_iter().collect(), between.into())
}

/// A number with so many decimals.
pub fn decimal(number: impl Into<f64>, digits: usize) -> Value {
    Value::Decimal(format!("{:.digits$}", number.into()))
}

/// What the system says of a file, without its numbers and names.
pub fn of_system(error: &io::Error) -> Message {
    match error.kind() {
        // What palmares says itself comes as an error of the system, too.
        io::ErrorKind::Other if error.raw_os_error().is_none() => {
            let own = error
                .get_ref()
                .and_then(|error| error.downcast_ref::<Message>());
            own.cloned().unwrap_or_else(|| verbatim(error.to_string()))
        }
        io::ErrorKind::NotFound => message!("it does not exist"),
        io::ErrorKind::PermissionDenied => message!("permission is missing"),
        io::ErrorKind::IsADirectory => message!("it is a folder"),
        io::ErrorKind::NotADirectory => message!("a part of its path is not a folder"),
        io::ErrorKind::AlreadyExists => message!("it is there already"),
        io::ErrorKind::StorageFull => message!("no space is left"),
        io::ErrorKind::ReadOnlyFilesystem => {
            message!("nothing can be written there: it is read-only")
        }
        io::ErrorKind::InvalidData => message!("it is not UTF-8 text"),
        _ => {
            let said = error.to_string();
            // « (os error 5) » helps nobody.
            let said = said.split(" (os error").next().unwrap_or_default();
            message!("the system says « {said} »", said)
        }
    }
}

/// Says only its value: what needs no translation.
const AS_IT_IS: &str = "{text}";

impl Message {
    /// A text and its values; `message!` is how it is written.
    pub fn new(
        text: impl Into<Cow<'static, str>>,
        values: Vec<(Cow<'static, str>, Value)>,
    ) -> Self {
        Self {
            text: text.into(),
            values: values.into(),
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text in a language.
    pub fn to(&self, language: Language) -> String {
        let mut out = String::new();
        self.write(language, &mut out);
        out
    }

    fn write(&self, language: Language, out: &mut String) {
        let template = language.translated(&self.text);
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            if let Some(after) = from.strip_prefix("{{") {
                out.push('{');
                rest = after;
            } else if let Some((place, after)) =
                (from.strip_prefix('{')).and_then(|from| from.split_once('}'))
            {
                self.write_place(place, language, out);
                rest = after;
            } else {
                out.push('}');
                rest = from.strip_prefix("}}").unwrap_or_default();
            }
        }
        out.push_str(rest);
    }

    fn write_place(&self, place: &str, language: Language, out: &mut String) {
        let mut parts = place.split('|');
        let name = parts.next().unwrap_or_default();
        let value = self
            .values
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value);
        match (value, parts.next(), parts.next()) {
            (Some(Value::Number(number)), Some(one), Some(several)) => {
                out.push_str(if language.is_one(*number) {
                    one
                } else {
                    several
                });
            }
            (Some(value), ..) => value.write(language, out),
            // A test holds that every place has its value.
            (None, ..) => {}
        }
    }
}

impl Value {
    /// The value as it is said in a language.
    pub fn to(&self, language: Language) -> String {
        let mut said = String::new();
        self.write(language, &mut said);
        said
    }

    fn write(&self, language: Language, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Self::Decimal(number) => match language {
                Language::English => out.push_str(number),
                Language::French => out.push_str(&number.replace('.', ",")),
            },
            Self::Message(message) => message.write(language, out),
            Self::List(messages, between) => {
                for (index, message) in messages.iter().enumerate() {
                    if index > 0 {
                        out.push_str(language.translated(between));
                    }
                    message.write(language, out);
                }
            }
        }
    }
}

impl Language {
    /// The language of the first of these that is set, as `LC_ALL`, `LC_MESSAGES` and `LANG` are: French where it begins so.
    pub fn of_locale<'l>(locales: impl IntoIterator<Item = &'l str>) -> Self {
        let first = locales.into_iter().find(|locale| !locale.is_empty());
        let language = first.and_then(|locale| locale.split(['_', '.', '-', '@']).next());
        match language {
            Some("fr") => Self::French,
            _ => Self::English,
        }
    }

    /// A text of ours in this language.
    pub fn translated(self, text: &str) -> &str {
        match self {
            Self::English => text,
            Self::French => FRENCH.get(text).map_or(text, String::as_str),
        }
    }

    /// Whether a number of things has the form of one.
    fn is_one(self, number: i64) -> bool {
        match self {
            Self::English => number == 1,
            Self::French => number.abs() < 2,
        }
    }
}

/// The French of every English text.
pub fn french() -> &'static BTreeMap<String, String> {
    &FRENCH
}

static FRENCH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    // A test holds that it can be read.
    toml::from_str(include_str!("../data/french.toml")).unwrap_or_default()
});

/// The English text.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to(Language::English))
    }
}

impl std::error::Error for Message {}

macro_rules! numbers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Value {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })*
    };
}

numbers!(u8, u32, u64, usize, i64);

impl From<&u32> for Value {
    fn from(number: &u32) -> Self {
        Self::from(*number)
    }
}

macro_rules! texts {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Value {
            fn from(text: $kind) -> Self {
                Self::Text(text.to_string())
            }
        })*
    };
}

texts!(
    &str,
    &String,
    &&str,
    String,
    Cow<'_, str>,
    std::path::Display<'_>,
    char
);

impl From<&Path> for Value {
    fn from(path: &Path) -> Self {
        Self::Text(path.display().to_string())
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<&Message> for Value {
    fn from(message: &Message) -> Self {
        Self::Message(message.clone())
    }
}

impl From<Option<Message>> for Value {
    fn from(message: Option<Message>) -> Self {
        Self::Message(message.unwrap_or_default())
    }
}

/// A message as the English text that records hold: `#[serde(with = "message::text")]`.
pub mod text {
    use super::{Deserialize, Deserializer, Message, Serializer, verbatim};

    /// Writes the English text.
    pub fn serialize<S: Serializer>(message: &Message, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(message)
    }

    /// Reads a text, which is said as it is.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Message, D::Error> {
        String::deserialize(deserializer).map(verbatim)
    }
}

/// The same where there may be none.
pub mod text_or_none {
    use super::{Message, Serialize, Serializer};

    /// Writes the English text, or null.
    pub fn serialize<S: Serializer>(
        message: &Option<Message>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        message
            .as_ref()
            .map(ToString::to_string)
            .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_where_their_names_stand() {
        let message = Message::new(
            "{a} {{b}} {a}{missing}",
            vec![("a".into(), "x".into()), ("c".into(), 1_u32.into())],
        );
        assert_eq!(message.to_string(), "x {b} x");
    }

    #[test]
    fn what_a_value_says_is_no_template() {
        assert_eq!(verbatim("{a} }} {").to_string(), "{a} }} {");
        assert_eq!(
            verbatim("it does not exist").to(Language::French),
            "it does not exist"
        );
    }

    #[test]
    fn numbers_decide_between_one_and_several() {
        let message = |n: u32| Message::new("{n} {n|file|files}", vec![("n".into(), n.into())]);
        assert_eq!(
            [0, 1, 2].map(|n| message(n).to_string()),
            ["0 files", "1 file", "2 files"]
        );
        assert!(
            Language::French.is_one(0) && Language::French.is_one(1) && !Language::French.is_one(2)
        );
    }

    #[test]
    fn decimals_have_a_comma_in_french() {
        let message = Message::new("{n} s", vec![("n".into(), decimal(0.25, 2))]);
        assert_eq!(
            (message.to_string(), message.to(Language::French)),
            ("0.25 s".into(), "0,25 s".into())
        );
    }

    #[test]
    fn the_first_locale_that_is_set_decides() {
        let of = |locales: &[&'static str]| Language::of_locale(locales.iter().copied());
        assert_eq!(of(&["", "fr_FR.UTF-8", "en_US"]), Language::French);
        assert_eq!(of(&["fr"]), Language::French);
        assert_eq!(of(&["C", "fr_FR"]), Language::English);
        assert_eq!(of(&["frr_DE"]), Language::English);
        assert_eq!(of(&[]), Language::English);
    }

    #[test]
    fn a_message_passes_between_processes_whole_and_into_records_as_english() {
        let message = message!("it is a folder");
        let sent = serde_json::to_vec(&message).unwrap();
        let received: Message = serde_json::from_slice(&sent).unwrap();
        assert_eq!(received.to(Language::French), "c’est un dossier");
        let reason = crate::model::record::Reason {
            message,
            ..Default::default()
        };
        assert_eq!(
            serde_json::to_value(reason).unwrap()["message"],
            "it is a folder"
        );
    }
}
