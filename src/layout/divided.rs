//! Words that a line end divides, in texts without pages: their halves come in, whole words go out. Conversions keep the lines and the hyphens of the
//! page that they come from.

use super::hyphens::{Evidence, is_hyphen};
use crate::model::document::{Block, Document};
use crate::model::evidence::Join;
use crate::model::text::Text;

/// Joins the halves of divided words in every block.
pub fn join_divided(document: &mut Document) {
    let is_divided = |block: &Block| block.links.is_empty() && has_divided(block.text.as_str());
    if !document.blocks.iter().any(is_divided) {
        return;
    }
    let mut evidence = Evidence::default();
    for block in document.blocks.iter().filter(|block| is_divided(block)) {
        let mut above = "";
        for line in block.text.as_str().split('\n') {
            if divides(above, line) {
                evidence.ask(above, line, false);
            }
            above = line;
        }
    }
    for line in document
        .blocks
        .iter()
        .flat_map(|block| block.text.as_str().split('\n'))
    {
        evidence.witness(line);
    }
    for block in &mut document.blocks {
        if is_divided(block) {
            block.text = joined(&block.text, &evidence);
        }
    }
}

fn has_divided(text: &str) -> bool {
    text.match_indices('\n').any(|(at, _)| {
        divides(
            text.get(..at).unwrap_or_default(),
            text.get(at + 1..).unwrap_or_default(),
        )
    })
}

/// Whether a line ends in the middle of a word that the next goes on with.
fn divides(above: &str, below: &str) -> bool {
    let letter = above
        .strip_suffix(is_hyphen)
        .is_some_and(|stem| stem.ends_with(char::is_alphabetic));
    letter && below.starts_with(char::is_lowercase)
}

fn joined(text: &Text, evidence: &Evidence) -> Text {
    let mut whole = Text::new();
    let mut how = Join::None;
    let mut start = 0;
    let mut lines = text.as_str().split('\n').peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().filter(|next| divides(line, next));
        let next_how = next.map_or(Join::Newline, |next| evidence.join(line, next, false));
        let kept = if next_how == Join::Hyphen {
            line.trim_end_matches(is_hyphen).len()
        } else {
            line.len()
        };
        whole.append(&text.slice(start..start + kept), how);
        start += line.len() + 1;
        how = next_how;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Source, Style};

    #[track_caller]
    fn check(string: &str, expected: &str) {
        let mut text = Text::new();
        text.push(
            string,
            Source::Exact {
                start: 0,
                line: 1,
                node: None,
            },
            Style::default(),
        );
        let mut evidence = Evidence::default();
        for (above, below) in string.split('\n').zip(string.split('\n').skip(1)) {
            evidence.ask(above, below, false);
        }
        string.split('\n').for_each(|line| evidence.witness(line));
        assert_eq!(joined(&text, &evidence).as_str(), expected);
    }

    #[test]
    fn halves_are_joined_and_other_lines_stay() {
        check(
            "les commer-\nçants du quartier",
            "les commerçants du quartier",
        );
        check("une liste -\nde mots", "une liste -\nde mots");
        check("Auvergne-\nRhône-Alpes", "Auvergne-\nRhône-Alpes");
        check("un sous-main, un sous-\nmain", "un sous-main, un sous-main");
    }
}
