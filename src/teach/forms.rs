//! How a line that was shown is put together: every template that fits it, with what it leaves open.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::profile::Slot;

/// Templates of a line in which values stand; for all of these, and for some of them.
pub(super) fn templates(line: &str, parts: &[(Slot, Range<usize>)]) -> Vec<String> {
    // Lines of more text are told, not put together.
    const MOST: usize = 400;
    let mut all = BTreeSet::new();
    if line.contains(['{', '}']) {
        return Vec::new();
    }
    for kept in 1u32..1 << parts.len().min(4) {
        let kept: Vec<&(Slot, Range<usize>)> = (parts.iter().enumerate())
            .filter(|(number, _)| kept & (1 << number) != 0)
            .map(|(_, part)| part)
            .collect();
        let mut texts = vec![String::new()];
        let mut end = 0;
        for (number, (slot, range)) in kept.iter().enumerate() {
            let gap = line.get(end..range.start).unwrap_or_default();
            let options = if number == 0 {
                leading(gap)
            } else {
                between(gap)
            };
            texts = (texts.iter())
                .flat_map(|text| {
                    options
                        .iter()
                        .map(move |option| format!("{text}{option}{{{}}}", slot.name()))
                })
                .take(MOST)
                .collect();
            end = range.end;
        }
        let options = trailing(line.get(end..).unwrap_or_default());
        all.extend(
            (texts.iter())
                .flat_map(|text| options.iter().map(move |option| format!("{text}{option}"))),
        );
    }
    all.into_iter().take(MOST * 2).collect()
}

/// Words, and what stands between them.
fn pieces(gap: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<bool> = None;
    for (at, c) in gap.char_indices() {
        let is_word = c.is_alphanumeric();
        if before.is_some_and(|before| before != is_word) {
            pieces.extend(gap.get(start..at));
            start = at;
        }
        before = Some(is_word);
    }
    pieces.extend(gap.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// Where words are in a line, and what stands between them.
pub(super) fn placed_pieces(line: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let place = |piece: &str| {
        let range = start..start + piece.len();
        start = range.end;
        range
    };
    pieces(line).into_iter().map(place).collect()
}

/// The last pieces of a gap, from the fewest that say something on.
fn ends(gap: &str, most: usize) -> Vec<String> {
    let pieces = pieces(gap);
    (1..=most.min(pieces.len()))
        .filter_map(|n| pieces.get(pieces.len() - n..))
        .map(|pieces| pieces.concat())
        .filter(|end| !end.trim().is_empty() && end.len() < gap.len())
        .collect()
}

/// The first pieces.
fn beginnings(gap: &str, most: usize) -> Vec<String> {
    let pieces = pieces(gap);
    (1..=most.min(pieces.len()))
        .filter_map(|n| pieces.get(..n))
        .map(|pieces| pieces.concat())
        .filter(|beginning| !beginning.trim().is_empty() && beginning.len() < gap.len())
        .collect()
}

/// Longer words between values are another one's.
const LONGEST: usize = 30;

fn leading(gap: &str) -> Vec<String> {
    if gap.is_empty() {
        return vec![String::new()];
    }
    let whole = (gap.len() <= LONGEST && !gap.trim().is_empty()).then(|| gap.to_owned());
    let ends = ends(gap, 4)
        .into_iter()
        .filter(|end| !end.trim().is_empty());
    let open = ends.map(|end| format!("{{}}{end}"));
    // What only marks open a line with need not be there.
    let bare = gap.chars().all(|c| !c.is_alphanumeric()).then(String::new);
    whole.into_iter().chain(open).chain(bare).collect()
}

fn trailing(gap: &str) -> Vec<String> {
    if gap.is_empty() {
        return vec![String::new()];
    }
    let whole = (gap.len() <= LONGEST && !gap.trim().is_empty()).then(|| gap.to_owned());
    let open = beginnings(gap, 4)
        .into_iter()
        .map(|beginning| format!("{beginning}{{}}"));
    let bare = gap.chars().all(|c| !c.is_alphanumeric()).then(String::new);
    whole.into_iter().chain(open).chain(bare).collect()
}

fn between(gap: &str) -> Vec<String> {
    let mut options = Vec::new();
    if gap.len() <= LONGEST && !gap.trim().is_empty() {
        options.push(gap.to_owned());
    }
    let (beginnings, ends) = (beginnings(gap, 3), ends(gap, 3));
    for beginning in &beginnings {
        for end in &ends {
            if beginning.len() + end.len() < gap.len() {
                options.push(format!("{beginning}{{}}{end}"));
            }
        }
    }
    // One mark of several between: « (38) – » and « – » are put together alike.
    options.truncate(10);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_put_together_by_what_stands_between_its_values() {
        let line = "2e lauréat • Le Moulin - Farine du pays";
        let name = line.find("Le Moulin").unwrap();
        let project = line.find("Farine").unwrap();
        let all = templates(
            line,
            &[
                (Slot::Name, name..name + 9),
                (Slot::Project, project..line.len()),
            ],
        );
        for wanted in [
            "{} • {name} - {project}",
            "2e lauréat • {name} - {project}",
            "{} • {name} -{}",
        ] {
            assert!(
                all.iter().any(|template| template == wanted),
                "{wanted}: {all:#?}"
            );
        }
    }
}
