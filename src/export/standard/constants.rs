//! What the user knows and documents do not say: one value a field, for every record. A TOML file with a table for each standard.

use std::collections::BTreeMap;

use toml::value::Datetime;
use toml::{Table, Value};

use super::{Rule, Standard};
use crate::message;
use crate::message::{Message, list, nearest_of, verbatim};
use crate::profile::identifiers::is_valid;

/// Values by the names of a standard's fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constants(BTreeMap<String, String>);

/// What is wrong with a file of constants, and what would be right.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// What is wrong.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Message>,
}

impl Constants {
    /// Those of a standard; the table of another is left alone.
    pub fn read(text: &str, standard: Standard) -> Result<Self, Mistake> {
        let file: Table = toml::from_str(text).map_err(|error| Mistake {
            message: message::of_parser(error.message()),
            hint: None,
        })?;
        let tables = [Standard::Scdl, Standard::ThreeSixtyGiving].map(Standard::key);
        if let Some(key) = file.keys().find(|key| !tables.contains(&key.as_str())) {
            return Err(Mistake {
                message: message!("there is no key `{key}`", key),
                hint: Some(message!(
                    "constants stand in a table of their standard, `[scdl]` or `[360giving]`"
                )),
            });
        }
        let mut constants = BTreeMap::new();
        let table = file.get(standard.key()).and_then(Value::as_table);
        for (name, value) in table.into_iter().flatten() {
            let value = constant(standard, name, value)?;
            constants.insert(name.clone(), value);
        }
        Ok(Self(constants))
    }

    /// The value of a field.
    pub(super) fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }
}

fn constant(standard: Standard, name: &str, value: &Value) -> Result<String, Mistake> {
    let fields = standard.fields();
    let Some(field) = fields.iter().find(|field| field.name == name) else {
        let nearest = nearest_of(name, fields.iter().map(|field| field.name));
        return Err(Mistake {
            message: message!(
                "{standard} has no field `{name}` that a constant fills",
                standard = standard.name(),
                name
            ),
            hint: Some(match nearest {
                Some(nearest) => message!("the nearest name is `{nearest}`", nearest),
                None => message!(
                    "there are {names}",
                    names = list(fields.iter().map(|field| verbatim(field.name)), ", ")
                ),
            }),
        });
    };
    let is_number = matches!(field.rule, Rule::Number | Rule::Share);
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Datetime(date) => date.to_string(),
        Value::Integer(number) if is_number => number.to_string(),
        Value::Float(number) if is_number => number.to_string(),
        // A number loses its leading zeros.
        Value::Integer(number) => {
            return Err(Mistake {
                message: message!("`{name}` is a number: it must be a text", name),
                hint: Some(message!(
                    "put it between quotation marks: `{name} = \"{number}\"`",
                    name,
                    number = *number
                )),
            });
        }
        _ => {
            return Err(Mistake {
                message: message!("`{name}` is neither a text nor a date", name),
                hint: None,
            });
        }
    };
    if field.rule.allows(&text) {
        Ok(text)
    } else {
        Err(Mistake {
            message: message!("`{name}` cannot be `{text}`", name, text),
            hint: Some(field.rule.told()),
        })
    }
}

impl Rule {
    /// Whether a value is right.
    pub(super) fn allows(self, text: &str) -> bool {
        match self {
            Self::Text(most) => !text.trim().is_empty() && text.chars().count() <= most,
            Self::Siret => is_valid("siret", text),
            Self::Rna => is_valid("rna", text),
            Self::Date => is_date(text),
            Self::Period => {
                let mut dates = text.split('/');
                let (first, second, third) = (dates.next(), dates.next(), dates.next());
                first.is_some_and(is_date) && second.is_none_or(is_date) && third.is_none()
            }
            Self::Number => text
                .parse()
                .is_ok_and(|number: f64| number >= 0.0 && number.is_finite()),
            Self::Share => text
                .parse()
                .is_ok_and(|share: f64| share > 0.0 && share <= 1.0),
            Self::OneOf(names) => names.contains(&text),
            Self::Currency => text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
            Self::Prefix => text.strip_prefix("360G-").is_some_and(|rest| {
                !rest.is_empty()
                    && rest
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            }),
        }
    }

    /// What would be right.
    fn told(self) -> Message {
        match self {
            Self::Text(super::ANY_LENGTH) => message!("a text that says something"),
            Self::Text(most) => message!("a text of at most {most} characters", most),
            Self::Siret => message!("a SIRET has 14 digits, the last of which checks the others"),
            Self::Rna => message!("an RNA number is `W` and 9 digits"),
            Self::Date => message!("write the date as `2024-06-30`"),
            Self::Period => message!("write the dates as `2024-06-30` or `2024-06-30/2024-12-31`"),
            Self::Number => message!("a number from 0"),
            Self::Share => message!("a share above 0, at most 1"),
            Self::OneOf(names) => message!(
                "there are {names}",
                names = list(names.iter().map(|name| verbatim(format!("`{name}`"))), ", ")
            ),
            Self::Currency => message!("three letters, such as `EUR`"),
            Self::Prefix => message!("the prefix that 360Giving gave you, such as `360G-example`"),
        }
    }
}

/// `YYYY-MM-DD`, a day of the calendar.
fn is_date(text: &str) -> bool {
    text.parse::<Datetime>()
        .is_ok_and(|read| read.date.is_some() && read.time.is_none() && read.offset.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: Rule, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!(rule.allows(text), "{text}");
        }
        for text in wrong {
            assert!(!rule.allows(text), "{text}");
        }
    }

    #[test]
    fn values_follow_the_rules_of_their_fields() {
        check(Rule::Siret, &["73282932000074"], &["73282932000075"]);
        check(Rule::Rna, &["W561234567"], &["561234567"]);
        check(
            Rule::Date,
            &["2024-06-30"],
            &[
                "30/06/2024",
                "2024-13-01",
                "2024-02-30",
                "2024-6-30",
                "2024-06-30-",
                "+024-06-30",
            ],
        );
        check(
            Rule::Period,
            &["2024-06-30", "2024-06-30/2024-12-31"],
            &["2024-06-30/", "2024-06-30/2024-12-31/2025-01-01"],
        );
        check(Rule::Share, &["0.5", "1"], &["0", "1.5", "50 %"]);
        check(Rule::Prefix, &["360G-example"], &["example", "360G-"]);
    }

    #[test]
    fn a_file_of_constants_is_read_for_its_standard() {
        let text = "[scdl]\nidAttribuant = \"73282932000074\"\ndateConvention = 2024-06-30\n[360giving]\ncurrency = \"EUR\"\n";
        let constants = Constants::read(text, Standard::Scdl).unwrap();
        assert_eq!(constants.get("idAttribuant"), Some("73282932000074"));
        assert_eq!(constants.get("dateConvention"), Some("2024-06-30"));
        assert_eq!(constants.get("currency"), None);
    }

    #[test]
    fn a_number_of_a_register_is_a_text() {
        let mistake = Constants::read("[scdl]\nidAttribuant = 73282932000074\n", Standard::Scdl);
        let mistake = mistake.unwrap_err();
        assert_eq!(
            mistake.hint.unwrap().to_string(),
            "put it between quotation marks: `idAttribuant = \"73282932000074\"`"
        );
    }

    #[test]
    fn a_mistyped_name_is_told_with_the_nearest() {
        let mistake = Constants::read("[scdl]\nnomAtribuant = \"x\"\n", Standard::Scdl);
        assert_eq!(
            mistake.unwrap_err().hint.unwrap().to_string(),
            "the nearest name is `nomAttribuant`"
        );
    }
}
