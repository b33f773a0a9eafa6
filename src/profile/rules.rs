//! Rules of a profile about lines: which line an entry starts with, how a line is recognised, what it gives; and the entries that were shown.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::pattern::{Pattern, Template};

/// Where entries start.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct EntryRules {
    /// The line that each entry starts with.
    pub starts_with: Option<Place>,
    /// The way of placing entries, among those that documents suggest, by the name that `palmares explain` gives it.
    pub found_by: Option<String>,
    /// An entry is the line that it starts with, and nothing below.
    pub alone: bool,
    /// What has no line that a rule fits is no entry.
    pub only: bool,
    /// Words of lines that start no entry, whatever they look like.
    pub except: Vec<Pattern>,
}

impl EntryRules {
    /// Whether they say anything of where entries start.
    pub fn is_given(&self) -> bool {
        self.starts_with.is_some() || self.found_by.is_some()
    }

    /// Whether the words of a line say that no entry starts there.
    pub fn excepts(&self, folded: &str) -> bool {
        self.except.iter().any(|words| words.is_within(folded))
    }
}

impl fmt::Display for EntryRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.starts_with, &self.found_by) {
            (Some(place), _) => write!(f, "{place}"),
            (None, Some(way)) => f.write_str(way),
            (None, None) => Ok(()),
        }
    }
}

/// What a line of an entry gives.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LineRule {
    /// How it is put together.
    pub reads_as: Template,
    /// It is the how-manieth of its entry, from 1.
    #[serde(default)]
    pub number: Option<usize>,
    /// Words of its signature, as `palmares explain` prints it.
    #[serde(default)]
    pub style: Option<String>,
    /// It carries this label.
    #[serde(default)]
    pub label: Option<Pattern>,
}

/// An entry as somebody showed it: its values by their fields, as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Example {
    /// The values.
    pub values: BTreeMap<String, String>,
}

/// How a line is recognised: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "PlaceKeys")]
pub struct Place {
    /// It carries this label.
    pub label: Option<Pattern>,
    /// Its words.
    pub line: Option<Pattern>,
    /// Words of its signature, as `palmares explain` prints it.
    pub style: Option<String>,
    /// It is the first on its page.
    pub page: bool,
    /// It is a number, or numbered.
    pub number: bool,
    /// How it is put together.
    pub reads_as: Option<Template>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct PlaceKeys {
    label: Option<Pattern>,
    line: Option<Pattern>,
    style: Option<String>,
    page: bool,
    number: bool,
    reads_as: Option<Template>,
}

impl TryFrom<PlaceKeys> for Place {
    type Error = String;

    fn try_from(keys: PlaceKeys) -> Result<Self, String> {
        let style = keys.style.filter(|style| !style.trim().is_empty());
        if keys.label.is_none()
            && keys.line.is_none()
            && style.is_none()
            && !keys.page
            && !keys.number
            && keys.reads_as.is_none()
        {
            return Err(
                "says nothing: give `label`, `line`, `style`, `reads-as`, `page = true` or `number = true`"
                    .to_owned(),
            );
        }
        Ok(Self {
            label: keys.label,
            line: keys.line,
            style,
            page: keys.page,
            number: keys.number,
            reads_as: keys.reads_as,
        })
    }
}

impl Place {
    /// Whether the words of a line say what lines it is told from, so that it stands by itself.
    pub fn is_of_words(&self) -> bool {
        self.line.is_some() || self.reads_as.is_some()
    }

    /// Whether a line is put together as such a place is.
    pub fn reads(&self, line: &str) -> bool {
        let fits = |template: &Template| template.fit(line).is_some();
        self.reads_as.as_ref().is_none_or(fits)
    }

    /// Whether the words of a line alone say that it is such a place.
    pub fn is_line(&self, folded: &str) -> bool {
        self.line.as_ref().is_some_and(|line| line.is(folded))
    }

    /// Whether the line holds the same words wherever it stands, so that it says nothing by itself.
    pub fn is_sentinel(&self) -> bool {
        self.line.as_ref().is_some_and(Pattern::is_exact)
    }

    /// Whether the line says nothing but a number: « Fiche n° 12 » where the profile has « Fiche n° * ».
    pub fn is_numbering(&self, folded: &str) -> bool {
        // Longer numbers are amounts, and years are dates.
        const LONGEST: usize = 3;
        self.line
            .as_ref()
            .and_then(|line| line.star(folded))
            .map(|star| star.trim_matches(|c: char| !c.is_alphanumeric()))
            .is_some_and(|star| {
                !star.is_empty()
                    && star.len() <= LONGEST
                    && star.chars().all(|c| c.is_ascii_digit())
            })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |key: &str, value: &dyn fmt::Display| {
            format!("{key} = {}", toml::Value::String(value.to_string()))
        };
        let parts: Vec<String> = [
            self.label.as_ref().map(|label| quoted("label", label)),
            self.line.as_ref().map(|line| quoted("line", line)),
            self.style.as_ref().map(|style| quoted("style", style)),
            self.reads_as
                .as_ref()
                .map(|template| quoted("reads-as", template)),
            self.page.then(|| "page = true".to_owned()),
            self.number.then(|| "number = true".to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect();
        write!(f, "{{ {} }}", parts.join(", "))
    }
}
