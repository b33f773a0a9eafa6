//! Records that people added: the words of the document that each begins with, found where they stood when it was decided.

use std::ops::Range;

use regex::Regex;

use super::apply::{DECIDED, pointer};
use super::{Act, Decision};
use crate::diagnostic::Diagnostic;
use crate::message;
use crate::model::document::Document;
use crate::model::excerpt::{Excerpt, Run};
use crate::model::mention::{DocumentRef, Mention};
use crate::model::text::Text;
use crate::profile::fold;

/// A record that begins with words of the document.
#[derive(Debug)]
pub struct Added {
    /// With these words alone, of which a person is sure.
    pub mention: Mention,
    /// The pointer of the words.
    pub pointer: String,
    /// The words where they stand.
    pub text: Text,
    /// Their line.
    pub excerpt: Excerpt,
    /// Where that is in reading order: the block, and the byte in it.
    pub place: (usize, usize),
}

/// Words that stand somewhere in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The text, by its number.
    pub block: usize,
    /// The bytes of it.
    pub range: Range<usize>,
    /// The line that they stand in.
    pub line: String,
}

/// The records that are added to those of a document, and what is to be told of those that are not.
pub fn added(
    decisions: &[Decision],
    document: &Document,
    mentions: &[Mention],
) -> (Vec<Added>, Vec<Diagnostic>) {
    let (mut all, mut told): (Vec<Added>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for decision in decisions.iter().filter(|decision| decision.act == Act::Add) {
        let texts = document.blocks.iter().map(|block| block.text.as_str());
        let spot = match spot_of(decision, &spots(texts, &decision.value), &mut told) {
            Ok(spot) => spot,
            Err(stale) => {
                told.push(stale);
                continue;
            }
        };
        let Some(block) = document.blocks.get(spot.block) else {
            continue;
        };
        let text = block.text.slice(spot.range.clone());
        let (pointer, evidence) = (pointer(&decision.field), document.evidence(&text));
        let is_it = |mention: &&Mention| {
            let named = ["/name", "/project"].map(|pointer| mention.evidence.get(pointer));
            named.into_iter().flatten().any(|own| *own == evidence)
        };
        let before = all.iter().map(|added| &added.mention);
        if let Some(known) = mentions.iter().chain(before).find(is_it) {
            told.push(Diagnostic::note(message!(
                "the decision of line {line} adds nothing: record `{id}` begins with these words",
                line = decision.line,
                id = known.id.clone()
            )));
            continue;
        }
        let mut mention = decision.begun();
        mention.evidence.insert(pointer.clone(), evidence);
        all.push(Added {
            mention,
            excerpt: excerpt(&spot, block.text.as_str(), &decision.field),
            pointer,
            text,
            place: (spot.block, spot.range.start),
        });
    }
    (all, told)
}

impl Decision {
    /// The record that this decision adds, before anything else is known of it.
    pub fn begun(&self) -> Mention {
        let mut mention = Mention {
            id: self.record.clone(),
            document: DocumentRef {
                path: self.document.clone(),
                ..DocumentRef::default()
            },
            ..Mention::default()
        };
        let pointer = pointer(&self.field);
        mention.set_text(&self.field, Some(one_line(&self.value)));
        mention.confidence.insert(pointer.clone(), 1.0);
        mention.origin.insert(pointer, DECIDED.to_owned());
        mention
    }
}

/// Where words stand in texts, in order, whatever white space is between them; not within a longer word.
pub fn spots<'t>(texts: impl IntoIterator<Item = &'t str>, words: &str) -> Vec<Spot> {
    let words: Vec<String> = words.split_whitespace().map(regex::escape).collect();
    let Ok(pattern) = Regex::new(&words.join(r"\s+")) else {
        return Vec::new();
    };
    if words.is_empty() {
        return Vec::new();
    }
    let in_text = |(block, text): (usize, &'t str)| {
        let found: Vec<Spot> = (pattern.find_iter(text).map(|found| found.range()))
            .filter(|range| is_apart(text, range))
            .map(|range| Spot {
                block,
                line: one_line(text.get(lines_of(text, &range)).unwrap_or_default()),
                range,
            })
            .collect();
        found
    };
    texts.into_iter().enumerate().flat_map(in_text).collect()
}

/// Whether no letter or digit goes on before or behind.
fn is_apart(text: &str, range: &Range<usize>) -> bool {
    let (before, behind) = (text.get(..range.start), text.get(range.end..));
    let before = before.and_then(|before| before.chars().next_back());
    let behind = behind.and_then(|behind| behind.chars().next());
    ![before, behind]
        .into_iter()
        .flatten()
        .any(char::is_alphanumeric)
}

/// The lines that a range stands in.
fn lines_of(text: &str, range: &Range<usize>) -> Range<usize> {
    let (before, behind) = (text.get(..range.start), text.get(range.end..));
    let start = before
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let length = behind.map(|behind| behind.find('\n').unwrap_or(behind.len()));
    start..range.end + length.unwrap_or_default()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words that a decision means: those in the line that it names, else the only ones; what is stale is said.
fn spot_of(
    decision: &Decision,
    spots: &[Spot],
    told: &mut Vec<Diagnostic>,
) -> Result<Spot, Diagnostic> {
    let (line, words) = (decision.line, decision.value.clone());
    let found = fold(&decision.found);
    let as_found: Vec<&Spot> = (spots.iter())
        .filter(|spot| found.is_empty() || fold(&spot.line) == found)
        .collect();
    let which = decision.other.parse::<usize>().ok();
    let meant = match (which, as_found.as_slice()) {
        (Some(which), all) => which
            .checked_sub(1)
            .and_then(|which| all.get(which).copied()),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    match (meant, spots) {
        (Some(spot), _) => Ok(spot.clone()),
        (None, [only]) => {
            told.push(Diagnostic::note(message!(
                "the decision of line {line} is of « {words} », which stands in another line now: « {now} »",
                line,
                words,
                now = only.line.clone()
            )));
            Ok(only.clone())
        }
        (None, []) => Err(Diagnostic::warning(message!(
            "the decision of line {line} is stale: « {words} » does not stand here any more",
            line,
            words
        ))
        .with_hint(message!("look at it again: correct its column `value`, or delete the line"))),
        (None, several) => Err(Diagnostic::warning(message!(
            "the decision of line {line} is stale: « {words} » stands here {n} times, and where it stood is not met",
            line,
            words,
            n = several.len()
        ))
        .with_hint(message!("give the line that it stands in, in the column `found`, and where several are the same which of them, from 1, in `other`"))),
    }
}

/// The line that words stand in, with the words as what their field took.
fn excerpt(spot: &Spot, text: &str, field: &str) -> Excerpt {
    let line = lines_of(text, &spot.range);
    let run = |range: Range<usize>, field: Option<&str>| Run {
        text: text.get(range).unwrap_or_default().replace('\n', " "),
        field: field.map(str::to_owned),
    };
    let runs = [
        run(line.start..spot.range.start, None),
        run(spot.range.clone(), Some(field)),
        run(spot.range.end..line.end, None),
    ];
    Excerpt {
        lines: vec![
            runs.into_iter()
                .filter(|run| !run.text.is_empty())
                .collect(),
        ],
        ..Excerpt::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 4] = [
        "Le Fournil",
        "Arcachon, Arc et Le\nFournil",
        "Soutien : Le Fournil",
        "Le Fournil",
    ];

    #[test]
    fn words_are_found_apart_whatever_white_space_is_between_them() {
        let found = |words| {
            let spots = spots(TEXTS, words);
            spots
                .into_iter()
                .map(|spot| (spot.block, spot.line))
                .collect::<Vec<_>>()
        };
        let at = |block: usize, line: &str| (block, line.to_owned());
        assert_eq!(found("Arc"), [at(1, "Arcachon, Arc et Le")]);
        assert_eq!(
            found(" Le  Fournil "),
            [
                at(0, "Le Fournil"),
                at(1, "Arcachon, Arc et Le Fournil"),
                at(2, "Soutien : Le Fournil"),
                at(3, "Le Fournil")
            ]
        );
        assert_eq!(found("(Le"), []);
        assert_eq!(found(" "), []);
    }

    /// The block in which a decision finds its words among these, and how many things are told.
    #[track_caller]
    fn found(texts: &[&str], line: &str, which: &str) -> (Option<usize>, usize) {
        let decision = Decision {
            line: 2,
            act: Act::Add,
            document: "a.md".to_owned(),
            record: String::new(),
            name: String::new(),
            field: "name".to_owned(),
            found: line.to_owned(),
            value: "Le Fournil".to_owned(),
            other: which.to_owned(),
        };
        let mut told = Vec::new();
        let spots = spots(texts.iter().copied(), &decision.value);
        match spot_of(&decision, &spots, &mut told) {
            Ok(spot) => (Some(spot.block), told.len()),
            Err(_) => (None, told.len() + 1),
        }
    }

    #[test]
    fn words_are_those_of_the_line_that_is_named() {
        assert_eq!(found(&TEXTS, "SOUTIEN : Le Fournil", ""), (Some(2), 0));
        assert_eq!(found(&TEXTS, "Le Fournil", "2"), (Some(3), 0));
        assert_eq!(found(&TEXTS, "", "2"), (Some(1), 0));
        // Which of several is meant is not guessed.
        assert_eq!(found(&TEXTS, "Le Fournil", ""), (None, 1));
        assert_eq!(found(&TEXTS, "Le Fournil", "3"), (None, 1));
        // The only ones are those that are meant, and it is said.
        assert_eq!(found(&TEXTS[2..3], "Le Fournil", ""), (Some(2 - 2), 1));
        assert_eq!(found(&["Un autre"], "Le Fournil", ""), (None, 1));
    }
}
