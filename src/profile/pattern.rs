//! What a profile writes to recognise or take apart a line: patterns with `*`, and templates of headings. Comparison is folded; there are no regular
//! expressions, so that anybody can write one.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::fold::fold;
use super::lexicon::VOCABULARY;
use crate::message;
use crate::message::Carried;

/// Words of a line, compared folded; `*` stands for anything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    source: String,
    parts: Vec<String>,
}

impl Pattern {
    /// Whether a folded text is what the pattern says, from its beginning to its end.
    pub fn is(&self, folded: &str) -> bool {
        let Some((first, rest)) = self.parts.split_first() else {
            return false;
        };
        let Some((last, middle)) = rest.split_last() else {
            return folded == first;
        };
        let Some(inner) = folded
            .strip_prefix(first.as_str())
            .and_then(|inner| inner.strip_suffix(last.as_str()))
        else {
            return false;
        };
        in_order(inner, middle)
    }

    /// What the one `*` of the pattern stands for in a folded text.
    pub fn star<'t>(&self, folded: &'t str) -> Option<&'t str> {
        let [first, last] = self.parts.as_slice() else {
            return None;
        };
        folded
            .strip_prefix(first.as_str())?
            .strip_suffix(last.as_str())
    }

    /// Whether the pattern stands anywhere in a folded text.
    pub fn is_within(&self, folded: &str) -> bool {
        in_order(folded, &self.parts)
    }

    /// Whether it is the whole of a line, word for word.
    pub fn is_exact(&self) -> bool {
        self.parts.len() == 1
    }
}

fn in_order(text: &str, parts: &[String]) -> bool {
    let mut rest = text;
    parts
        .iter()
        .all(|part| match rest.split_once(part.as_str()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
}

impl TryFrom<String> for Pattern {
    type Error = Carried;

    fn try_from(source: String) -> Result<Self, Carried> {
        let parts: Vec<String> = source.split('*').map(fold).collect();
        if parts.iter().all(String::is_empty) {
            return Err(Carried(message!(
                "`{source}` would match every line",
                source
            )));
        }
        Ok(Self { source, parts })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// What a part of a heading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// The organisation.
    Name,
    /// The project.
    Project,
    /// The place.
    Territory,
    /// The region.
    Region,
    /// Whom it is for.
    Public,
    /// The subject.
    Theme,
    /// What is told of it.
    Description,
    /// The printed number.
    Number,
    /// Nothing that a record holds.
    Nothing,
}

impl Slot {
    /// The part that gives a field.
    pub fn of(field: &str) -> Option<Self> {
        (Self::ALL.into_iter())
            .find(|(name, _)| *name == field && !name.is_empty())
            .map(|(_, slot)| slot)
    }

    /// The name that templates and records use; empty for nothing.
    pub fn name(self) -> &'static str {
        (Self::ALL.into_iter())
            .find(|(_, slot)| *slot == self)
            .map_or("", |(name, _)| name)
    }

    const ALL: [(&'static str, Self); 9] = [
        ("name", Self::Name),
        ("project", Self::Project),
        ("territory", Self::Territory),
        ("region", Self::Region),
        ("public", Self::Public),
        ("theme", Self::Theme),
        ("description", Self::Description),
        ("number", Self::Number),
        ("", Self::Nothing),
    ];
}

/// How a heading is put together: « {name} – {project} ».
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Slot(Slot),
    Literal(Vec<char>),
    /// Small words that join what follows to what stands before, or none: « de la », « par l’ ».
    Joint,
}

/// How the joint is written in a template.
const JOINT: &str = "de";

/// The bytes at the start of a text that are small words.
pub fn joint(text: &str) -> usize {
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let word = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(0);
        let is_small = rest
            .get(..word)
            .is_some_and(|word| VOCABULARY.is_joint(&word.to_lowercase()));
        let end = rest.get(word..).and_then(|behind| behind.chars().next());
        match end {
            Some(c) if is_small && (c.is_whitespace() || matches!(c, '’' | '\'')) => {
                at += word + c.len_utf8();
            }
            _ => break,
        }
    }
    at
}

impl Template {
    /// Whether it is one part: all of a line, whatever it says.
    pub fn is_whole(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Slot(_)])
    }

    /// The parts of a heading, as byte ranges without the space around them; `None` where the heading is put together otherwise.
    pub fn fit(&self, heading: &str) -> Option<Vec<(Slot, Range<usize>)>> {
        let mut found = Vec::new();
        let mut open: Option<(Slot, usize)> = None;
        let mut at = 0;
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                Part::Slot(slot) => open = Some((*slot, at)),
                Part::Joint => {
                    let rest = heading.get(at..)?;
                    at += rest.len() - rest.trim_start().len();
                    at += joint(heading.get(at..)?);
                }
                Part::Literal(literal) => {
                    let is_last = index + 1 == self.parts.len();
                    let range = find(heading, at, literal, open.is_none(), is_last)?;
                    if let Some((slot, start)) = open.take() {
                        found.push((slot, trimmed(heading, start..range.start)?));
                    }
                    at = range.end;
                }
            }
        }
        match open {
            Some((slot, start)) => found.push((slot, trimmed(heading, start..heading.len())?)),
            None if at < heading.len() => return None,
            None => {}
        }
        let numbers = found
            .iter()
            .filter(|(slot, _)| *slot == Slot::Number)
            .all(|(_, range)| {
                heading
                    .get(range.clone())
                    .is_some_and(|number| number.parse::<u32>().is_ok())
            });
        numbers.then_some(found)
    }
}

/// Where a literal stands from `at` on: right there, at the end, or anywhere. An opening parenthesis is the last one, since names have some too.
fn find(text: &str, at: usize, literal: &[char], here: bool, at_end: bool) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let mut places = rest.char_indices().filter_map(|(index, _)| {
        let length = length_of(rest.get(index..)?, literal)?;
        let fits = (!here || index == 0) && (!at_end || index + length == rest.len());
        fits.then_some(at + index..at + index + length)
    });
    if literal.contains(&'(') {
        places.next_back()
    } else {
        places.next()
    }
}

/// How many bytes at the start of `text` a literal takes.
fn length_of(text: &str, literal: &[char]) -> Option<usize> {
    let mut characters = text.chars();
    let mut length = 0;
    for wanted in literal {
        let character = characters.next()?;
        // A space fits the end of a line, too; the end of a line nothing else.
        if plain(character) != *wanted && !(*wanted == '\n' && character == '\n') {
            return None;
        }
        length += character.len_utf8();
    }
    Some(length)
}

/// A character without case, accent and typographic variant.
fn plain(character: char) -> char {
    match character {
        '–' | '—' | '‐' | '‑' | '−' => '-',
        '’' | '‘' | 'ʼ' => '\'',
        '“' | '”' | '„' => '"',
        c if c.is_whitespace() => ' ',
        c => c.to_lowercase().nfd().next().unwrap_or(c),
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    (start < end).then_some(start..end)
}

impl TryFrom<String> for Template {
    type Error = Carried;

    fn try_from(source: String) -> Result<Self, Carried> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = source.as_str();
        while let Some((literal, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                return Err(Carried(message!(
                    "`{source}` has a brace that is not closed",
                    source
                )));
            };
            push_literal(&mut parts, literal);
            if name == JOINT {
                if matches!(parts.last(), Some(Part::Slot(_))) {
                    return Err(Carried(message!(
                        "`{source}` has `{{de}}` right behind another part",
                        source
                    )));
                }
                parts.push(Part::Joint);
                rest = after;
                continue;
            }
            let Some((_, slot)) = Slot::ALL.into_iter().find(|(known, _)| *known == name) else {
                let known: Vec<String> = (Slot::ALL.iter())
                    .map(|(name, _)| *name)
                    .chain([JOINT])
                    .map(|name| format!("`{{{name}}}`"))
                    .collect();
                return Err(Carried(message!(
                    "unknown part `{{{name}}}`, expected one of {known}",
                    name,
                    known = known.join(", ")
                )));
            };
            if matches!(parts.last(), Some(Part::Slot(_))) {
                return Err(Carried(message!(
                    "`{source}` has two parts with nothing in between",
                    source
                )));
            }
            parts.push(Part::Slot(slot));
            rest = after;
        }
        push_literal(&mut parts, rest);
        let says = |part: &Part| matches!(part, Part::Slot(slot) if !matches!(slot, Slot::Number | Slot::Nothing));
        if !parts.iter().any(says) {
            return Err(Carried(message!("`{source}` gives no field", source)));
        }
        Ok(Self { source, parts })
    }
}

fn push_literal(parts: &mut Vec<Part>, literal: &str) {
    if !literal.is_empty() {
        let as_compared = |c| if c == '\n' { c } else { plain(c) };
        parts.push(Part::Literal(literal.chars().map(as_compared).collect()));
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(source: &str) -> Pattern {
        Pattern::try_from(source.to_owned()).unwrap()
    }

    #[track_caller]
    fn check(template: &str, heading: &str, expected: Option<&[(Slot, &str)]>) {
        let template = Template::try_from(template.to_owned()).unwrap();
        let found = template.fit(heading);
        let found: Option<Vec<(Slot, &str)>> = found.map(|parts| {
            parts
                .into_iter()
                .map(|(slot, range)| (slot, &heading[range]))
                .collect()
        });
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn the_end_of_a_line_is_a_mark_and_a_space() {
        let heading = "Un verger\nLe Sabot – Dole";
        let (project, name) = ((Slot::Project, "Un verger"), (Slot::Name, "Le Sabot"));
        let place = (Slot::Territory, "Dole");
        check(
            "{project}\n{name} – {territory}",
            heading,
            Some(&[project, name, place]),
        );
        check(
            "{project} le sabot – {territory}",
            heading,
            Some(&[project, place]),
        );
        check("{project}\n{name}", "Un verger Le Sabot", None);
    }

    #[test]
    fn a_pattern_is_a_whole_line_unless_a_star_says_otherwise() {
        assert!(pattern("Coup de cœur").is(&fold("COUP DE CŒUR")));
        assert!(!pattern("Coup de cœur").is(&fold("Coup de cœur du jury")));
        assert!(pattern("Coup de *").is(&fold("Coup de cœur du jury")));
        assert_eq!(
            pattern("Fiche n° *").star(&fold("FICHE N° 12")),
            Some(" 12")
        );
        assert!(pattern("*-*du jury").is(&fold("Prix – choix du jury")));
        assert!(pattern("lauréats*2022").is_within(&fold("Les lauréats de l'an 2022, enfin")));
        assert!(Pattern::try_from("*".to_owned()).is_err());
    }

    #[test]
    fn a_template_takes_a_heading_apart() {
        check(
            "{name} – {project}",
            "Les Amis du port - La Vague",
            Some(&[
                (Slot::Name, "Les Amis du port"),
                (Slot::Project, "La Vague"),
            ]),
        );
        check("{name} – {project}", "Porte-voix", None);
        check(
            "{name} ({territory})",
            "Union des jardins (UDJ) (Tulle)",
            Some(&[
                (Slot::Name, "Union des jardins (UDJ)"),
                (Slot::Territory, "Tulle"),
            ]),
        );
        check(
            "Fiche {number} : {project} par {name}",
            "fiche 12 : Le Vélo par Roue libre",
            Some(&[
                (Slot::Number, "12"),
                (Slot::Project, "Le Vélo"),
                (Slot::Name, "Roue libre"),
            ]),
        );
        check(
            "{name} : {}",
            "Roue libre : bravo",
            Some(&[(Slot::Name, "Roue libre"), (Slot::Nothing, "bravo")]),
        );
    }

    #[test]
    fn a_template_that_cannot_be_read_is_refused() {
        for source in ["{nom} – {project}", "{name", "{name}{project}"] {
            assert!(Template::try_from(source.to_owned()).is_err(), "{source}");
        }
    }
}
