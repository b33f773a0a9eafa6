//! What a program claims in; what of it stands in the lines out, each value with the characters that it was read from.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;

use super::Field;
use crate::model::evidence::Join;
use crate::model::text::Text;

/// What a program claims that a field is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claim {
    value: String,
    /// The lines that it stands in, from 1.
    lines: Vec<usize>,
}

/// What a program claims, by field.
pub(super) type Claims = BTreeMap<String, Option<Claim>>;

/// Which lines hold a value, by their index, and which bytes of each.
pub type Pieces = Vec<(usize, Range<usize>)>;

/// A value that stands in the lines of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its field.
    pub field: &'static str,
    /// Its characters, with their places.
    pub text: Text,
    /// The lines that hold it.
    pub pieces: Pieces,
}

/// What a program gave for an entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// What stands where it says, in the order of the fields.
    pub found: Vec<Found>,
    /// How many of its values do not, or were not asked for.
    pub n_refused: usize,
}

/// An answer, as it is written.
pub(super) fn parse(answer: &[u8]) -> serde_json::Result<Claims> {
    serde_json::from_slice(answer)
}

/// Keeps what stands in the lines that it names, of the fields that were asked for.
pub(super) fn ground(mut claims: Claims, lines: &[Text], fields: &[Field<'_>]) -> Given {
    let mut given = Given::default();
    for field in fields {
        let Some(claim) = claims.remove(field.name).flatten() else {
            continue;
        };
        match find(&claim, lines) {
            Some((text, pieces)) => given.found.push(Found {
                field: field.name,
                text,
                pieces,
            }),
            None => given.n_refused += 1,
        }
    }
    given.n_refused += claims.values().flatten().count();
    given
}

/// Where a value stands in the lines that are named for it: whole words, one after the other but for white space, in lines that follow each other.
fn find(claim: &Claim, lines: &[Text]) -> Option<(Text, Pieces)> {
    let mut named: Vec<usize> = (claim.lines.iter())
        .map(|number| number.checked_sub(1).filter(|index| *index < lines.len()))
        .collect::<Option<_>>()?;
    named.sort_unstable();
    named.dedup();
    let words: Vec<&str> = claim.value.split_whitespace().collect();
    named
        .chunk_by(|a, b| a + 1 == *b)
        .find_map(|run| stands(&words, run, lines))
}

/// Where words stand in lines that follow each other.
fn stands(words: &[&str], run: &[usize], lines: &[Text]) -> Option<(Text, Pieces)> {
    let mut joined = Text::new();
    let mut starts = Vec::new();
    for index in run {
        let line = lines.get(*index)?;
        joined.append(line, Join::Space);
        starts.push((*index, joined.len() - line.len(), line.len()));
    }
    let range = place(words, joined.as_str())?;
    let pieces = starts.into_iter().filter_map(|(index, start, length)| {
        let within = range.start.max(start)..range.end.min(start + length);
        (within.start < within.end).then(|| (index, within.start - start..within.end - start))
    });
    Some((joined.slice(range.clone()), pieces.collect()))
}

/// The bytes of a text at which words stand for the first time, one after the other but for white space. A part of a word or a number is no value.
fn place(words: &[&str], text: &str) -> Option<Range<usize>> {
    let (first, others) = words.split_first()?;
    text.match_indices(first).find_map(|(start, _)| {
        let mut end = start + first.len();
        for word in others {
            let rest = text.get(end..)?;
            let word_at = rest.trim_start();
            if word_at.len() == rest.len() || !word_at.starts_with(word) {
                return None;
            }
            end = text.len() - word_at.len() + word.len();
        }
        let (before, value, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
        let is_whole = !goes_on(before.chars().rev(), value.chars().next())
            && !goes_on(after.chars(), value.chars().next_back());
        is_whole.then_some(start..end)
    })
}

/// Whether a word or number goes on beyond a value's first or last character, into what stands beside it, told from the value outwards: « 000 € » is a
/// part of « 15 000 € ».
fn goes_on(mut beside: impl Iterator<Item = char>, edge: Option<char>) -> bool {
    let Some(edge) = edge.filter(|edge| edge.is_alphanumeric()) else {
        return false;
    };
    match beside.next() {
        Some(next) if next.is_alphanumeric() => true,
        Some(next) => {
            let parts_digits = next.is_whitespace() || matches!(next, '.' | ',');
            edge.is_numeric() && parts_digits && beside.next().is_some_and(char::is_numeric)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Source, Style};

    fn lines(texts: &[&str]) -> Vec<Text> {
        let mut start = 0;
        (texts.iter())
            .map(|string| {
                let mut text = Text::new();
                let source = Source::Exact {
                    start,
                    line: 1,
                    node: None,
                };
                text.push(string, source, Style::default());
                start += u32::try_from(string.len()).unwrap() + 1;
                text
            })
            .collect()
    }

    /// What stands of a claim, and the bytes of the file that it was read from.
    #[track_caller]
    fn check(texts: &[&str], value: &str, named: &[usize], expected: Option<(&str, [u32; 2])>) {
        let claim = Claim {
            value: value.to_owned(),
            lines: named.to_vec(),
        };
        let found = find(&claim, &lines(texts)).map(|(text, _)| {
            let evidence = text.evidence(&());
            let span = |piece: Option<&crate::model::evidence::Evidence>| {
                piece.and_then(|piece| piece.span).unwrap_or_default()
            };
            let [start, _] = span(evidence.first());
            let [_, end] = span(evidence.last());
            (text.as_str().to_owned(), [start, end])
        });
        let expected = expected.map(|(text, span)| (text.to_owned(), span));
        assert_eq!(found, expected, "{value:?} in {texts:?}, {named:?}");
    }

    #[test]
    fn a_value_stands_in_the_lines_that_are_named() {
        let texts = ["Radio Rivage", "Des ondes et", "des mots à Brest"];
        check(
            &texts,
            "Radio Rivage",
            &[1],
            Some(("Radio Rivage", [0, 12])),
        );
        check(
            &texts,
            "Radio\u{a0} Rivage ",
            &[1],
            Some(("Radio Rivage", [0, 12])),
        );
        let title = Some(("Des ondes et des mots", [13, 34]));
        check(&texts, "Des ondes et des mots", &[3, 2], title);
        check(&texts, "Radio Rivage", &[2], None);
        check(&texts, "Radio Rivage", &[1, 4], None);
        check(&texts, "Radio Rivage", &[0], None);
        check(&texts, "Radio Rivage", &[], None);
    }

    #[test]
    fn what_is_invented_or_put_together_stands_nowhere() {
        let texts = ["Radio Rivage", "Des ondes", "Brest"];
        check(&texts, "Radio Rivages", &[1], None);
        check(&texts, "radio rivage", &[1], None);
        check(&texts, "RadioRivage", &[1], None);
        check(&texts, "Radio Rivage Brest", &[1, 3], None);
        check(&texts, " ", &[1], None);
    }

    #[test]
    fn a_part_of_a_word_or_number_is_no_value() {
        let texts = ["Brestois, 15 000 €", "12 rue, Brest"];
        check(&texts, "Brest", &[1], None);
        check(&texts, "Brest", &[1, 2], Some(("Brest", [29, 34])));
        check(&texts, "000 €", &[1], None);
        check(&texts, "15", &[1], None);
        check(&texts, "15 000 €", &[1], Some(("15 000 €", [10, 20])));
        check(&texts, "12 rue", &[2], Some(("12 rue", [21, 27])));
    }

    #[test]
    fn what_was_not_asked_for_is_refused() {
        let claims = parse(
            br#"{"name": {"value": "Radio", "lines": [1]}, "project": {"value": "Radio", "lines": [1]}, "award": null}"#,
        );
        let name = Field {
            name: "name",
            meaning: "",
        };
        let given = ground(claims.unwrap(), &lines(&["Radio Rivage"]), &[name]);
        assert_eq!(given.found.len(), 1);
        assert_eq!(given.found[0].pieces, [(0, 0..5)]);
        assert_eq!(given.n_refused, 1);
    }

    #[test]
    fn an_answer_of_another_form_is_none() {
        for answer in [
            "",
            "[]",
            "{\"name\": \"Radio\"}",
            "{\"name\": {\"value\": \"Radio\"}}",
            "{\"name\": {\"value\": \"Radio\", \"lines\": [1], \"why\": \"\"}}",
            "{} {}",
        ] {
            assert!(parse(answer.as_bytes()).is_err(), "{answer}");
        }
    }
}
