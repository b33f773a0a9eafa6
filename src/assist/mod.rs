//! The lines of an entry and the fields to be found in, what a program of the team's says of them out: values that stand in those lines, word for word.
//!
//! Palmarès starts the program and knows nothing of what is behind it; whatever it answers is no more than a claim. What is asked, and when, is `pipeline`'s.

mod answer;
mod cache;
mod program;

use serde_json::{Value, json};

use crate::config::Assist;
use crate::message;
use crate::message::{Message, Value as Said, of_parser};
use crate::model::text::Text;

pub use answer::{Found, Given, Pieces};

/// The origin of a value that a program gave.
pub const ASSIST: &str = "assist";

/// How likely such a value is right. Nobody has measured the program on documents that it has not seen, so no more is claimed than that it may be so: the
/// value stays under what is doubtful, and comes up in warnings, reports and the review until a person has looked at it.
pub const CONFIDENCE: f64 = 0.5;

/// A field that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name in the contract.
    pub name: &'static str,
    /// What the contract says that it is.
    pub meaning: &'a str,
}

/// Why a program gave nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// It took too long.
    OutOfTime(f64),
    /// It wrote too much.
    TooLong(usize),
    /// It said that it failed, or could not be started.
    Ended(Message),
    /// It wrote something else than what was asked for.
    Form(Message),
}

impl Failure {
    /// What is wrong.
    pub fn message(&self) -> Message {
        match self {
            Self::OutOfTime(seconds) => message!(
                "it took more than {seconds} s",
                seconds = Said::Decimal(seconds.to_string())
            ),
            Self::TooLong(limit) => message!("it wrote more than {limit} bytes", limit = *limit),
            Self::Ended(how) => how.clone(),
            Self::Form(why) => message!("its answer is not of the form asked for: {why}", why),
        }
    }

    /// What the reader can do about it.
    pub fn hint(&self) -> Message {
        match self {
            Self::OutOfTime(_) => message!("raise `seconds` under [assist] in palmares.toml"),
            Self::TooLong(_) | Self::Form(_) => {
                message!("docs/assist.md shows what it is given, and what it may answer")
            }
            Self::Ended(_) => message!("`--no-assist` reads without it"),
        }
    }
}

/// What a program says of an entry; kept answers are not asked for again. The warning is that an answer could not be kept.
pub fn ask(
    assist: &Assist,
    lines: &[Text],
    fields: &[Field<'_>],
) -> Result<(Given, Option<Message>), Failure> {
    let request = request(lines, fields).to_string();
    let key = cache::key(&assist.command, &request);
    let given = |answer: &[u8]| {
        let said =
            answer::parse(answer).map_err(|error| Failure::Form(of_parser(&error.to_string())))?;
        Ok(answer::ground(said, lines, fields))
    };
    if let Some(given) = cache::find(assist, &key).and_then(|kept| given(&kept).ok()) {
        return Ok((given, None));
    }
    let answer = program::run(assist, request.into_bytes())?;
    let given = given(&answer)?;
    Ok((given, cache::keep(assist, &key, &answer).err()))
}

/// What a program is given: the lines with their numbers from 1, and the JSON Schema of what it may answer.
fn request(lines: &[Text], fields: &[Field<'_>]) -> Value {
    let numbered: Vec<Value> = (1..)
        .zip(lines)
        .map(|(number, line): (usize, &Text)| json!({ "number": number, "text": line.as_str() }))
        .collect();
    let value = json!({ "type": "string", "minLength": 1 });
    let line = json!({ "type": "integer", "minimum": 1, "maximum": lines.len() });
    let properties: serde_json::Map<String, Value> = fields
        .iter()
        .map(|Field { name, meaning }| {
            let field = json!({
                "description": meaning,
                "type": ["object", "null"],
                "properties": {
                    "value": value,
                    "lines": { "type": "array", "items": line, "minItems": 1 },
                },
                "required": ["value", "lines"],
                "additionalProperties": false,
            });
            ((*name).to_owned(), field)
        })
        .collect();
    json!({
        "lines": numbered,
        "schema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": properties,
            "required": fields.iter().map(|field| field.name).collect::<Vec<_>>(),
            "additionalProperties": false,
        },
    })
}
