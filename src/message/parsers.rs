//! What the readers of TOML and JSON say of a mistake, in the words of a person. In: their English text; out: a message, and the nearest right name.

use super::{Message, verbatim, word};
use crate::message;

/// Precedes a message of ours on its way through an error of serde, which holds nothing but text.
const OWN: char = '\u{1}';

/// A message as the text of an error of serde, which `of_parser` reads.
#[derive(Debug)]
pub struct Carried(pub Message);

impl std::fmt::Display for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{OWN}{}",
            serde_json::to_string(&self.0).map_err(|_| std::fmt::Error)?
        )
    }
}

/// What is wrong, without the names that types have in the program.
pub fn of_parser(text: &str) -> Message {
    if let Some(own) = carried(text) {
        return own;
    }
    let text = text.split(" at line ").next().unwrap_or_default();
    let quoted = |start: &str| text.strip_prefix(start)?.split('`').next();
    if let Some(key) = quoted("unknown field `") {
        message!("there is no key `{key}`", key)
    } else if let Some(name) = quoted("unknown variant `") {
        match text.split_once("expected ") {
            Some((_, names)) => message!(
                "`{name}` is none of {names}",
                name,
                names = names.trim_start_matches("one of ").replace(" or ", ", ")
            ),
            None => message!("there is no `{name}`", name),
        }
    } else if let Some(key) = quoted("missing field `") {
        message!("`{key}` is missing", key)
    } else if let Some(key) = quoted("duplicate field `").or_else(|| quoted("duplicate key `")) {
        message!("`{key}` stands twice", key)
    } else if let Some((found, expected)) = (text.strip_prefix("invalid type: "))
        .or_else(|| text.strip_prefix("invalid value: "))
        .and_then(|text| text.split_once(", expected "))
    {
        message!(
            "{found} stands where {expected} is expected",
            found = in_words(found),
            expected = in_words(expected)
        )
    } else if text.starts_with("EOF while parsing") {
        message!("it ends too early")
    } else {
        message!(
            "it is not written as it must be: « {said} »",
            said = text.trim_end_matches('\n').replace('\n', ", ")
        )
    }
}

/// From an unknown key or name: the right one that is most like it.
pub fn nearest(text: &str) -> Option<Message> {
    let own = carried(text).map(|own| own.to_string());
    let text = own.as_deref().unwrap_or(text);
    let (is_key, rest) = [
        (true, "unknown field `"),
        (false, "unknown variant `"),
        (false, "unknown part `"),
    ]
    .into_iter()
    .find_map(|(is_key, start)| Some((is_key, text.strip_prefix(start)?)))?;
    let (given, expected) = rest.split_once('`')?;
    let nearest = nearest_of(given, expected.split('`').skip(1).step_by(2))?;
    Some(if is_key {
        message!("the nearest key is `{nearest}`", nearest)
    } else {
        message!("the nearest name is `{nearest}`", nearest)
    })
}

/// The name that is most like the one given.
pub fn nearest_of<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    names
        .into_iter()
        .max_by(|a, b| likeness(given, a).total_cmp(&likeness(given, b)))
}

/// The name that may have been meant: but for a slip or two, or the rest of it.
pub fn meant<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    /// So many letters are one slip.
    const LETTERS: usize = 3;
    let slips = |name: &str| rapidfuzz::distance::osa::distance(given.chars(), name.chars());
    let nearest = names.into_iter().min_by_key(|name| slips(name))?;
    let is_meant = slips(nearest) <= given.chars().count() / LETTERS || nearest.starts_with(given);
    (is_meant && !given.is_empty()).then_some(nearest)
}

fn likeness(a: &str, b: &str) -> f64 {
    rapidfuzz::distance::jaro_winkler::normalized_similarity(a.chars(), b.chars())
}

fn carried(text: &str) -> Option<Message> {
    // What follows is the place, which is told apart.
    let own = text.strip_prefix(OWN)?;
    serde_json::Deserializer::from_str(own)
        .into_iter()
        .next()?
        .ok()
}

/// A kind of value, as serde calls it.
fn in_words(kind: &str) -> Message {
    let value = |start: &str| Some(kind.strip_prefix(start)?.trim_matches(['`', '"']));
    if let Some(text) = value("string ") {
        return message!("the text « {text} »", text);
    }
    if let Some(number) = value("integer ").or_else(|| value("floating point ")) {
        return message!("the number {number}", number);
    }
    match kind {
        "a nonzero usize" => message!("a number from 1"),
        "usize" | "u64" | "u32" | "i64" | "f64" => message!("a number"),
        "sequence" | "a sequence" => message!("a list"),
        "a string" | "path string" | "string" => message!("a text"),
        "a boolean" => message!("`true` or `false`"),
        "null" | "unit value" => message!("nothing"),
        "map" | "a map" => message!("a table"),
        _ if kind.starts_with("struct ") => message!("a table"),
        _ if kind.starts_with("boolean ") => verbatim(kind.trim_start_matches("boolean ")),
        // Words of ours.
        _ => word(kind.to_owned()),
    }
}
