//! How a line that was shown is put together: every template that fits it, with what it leaves open.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::profile::{Slot, joint};

/// Templates of a line in which values stand; for all of these, and for some of them.
pub(super) fn templates(line: &str, parts: &[(Slot, Range<usize>)]) -> Vec<String> {
    // Lines of more text are told, not put together.
    const MOST: usize = 300;
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
            let plain = if number == 0 {
                leading(gap)
            } else {
                between(gap)
            };
            let options = with_joints(plain);
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
    let mut all: Vec<String> = all.into_iter().collect();
    all.sort_by_key(String::len);
    all.truncate(MOST);
    all
}

/// Words, and the marks between them, each with the spaces behind it.
fn pieces(gap: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let (mut is_word, mut has_mark) = (false, false);
    for (at, c) in gap.char_indices() {
        let (word, mark) = (
            c.is_alphanumeric(),
            !c.is_alphanumeric() && !c.is_whitespace(),
        );
        if at > start && (word != is_word || mark && has_mark) {
            pieces.extend(gap.get(start..at));
            (start, has_mark) = (at, false);
        }
        is_word = word;
        has_mark |= mark;
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
        .map(<[&str]>::concat)
        .filter(|end| !end.trim().is_empty() && end.len() < gap.len())
        .collect()
}

/// The first pieces.
fn beginnings(gap: &str, most: usize) -> Vec<String> {
    let pieces = pieces(gap);
    (1..=most.min(pieces.len()))
        .filter_map(|n| pieces.get(..n))
        .map(<[&str]>::concat)
        .filter(|beginning| !beginning.trim().is_empty() && beginning.len() < gap.len())
        .collect()
}

/// Longer words between values are another one's.
const LONGEST: usize = 30;

fn leading(gap: &str) -> Vec<String> {
    if gap.is_empty() {
        return vec![String::new()];
    }
    // What stands in lines before says nothing of this one.
    if gap.trim_end_matches(' ').ends_with('\n') && !gap.trim().is_empty() {
        return vec!["{}\n".to_owned()];
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

/// The same, and with any small words where some stand right before the value: « de l’ », « du », « par la ».
fn with_joints(options: Vec<String>) -> Vec<String> {
    let joined = options.iter().filter_map(|option| {
        let starts = option.char_indices().map(|(at, _)| at);
        let at = starts.filter(|at| {
            let before = option
                .get(..*at)
                .and_then(|before| before.chars().next_back());
            !before.is_some_and(char::is_alphanumeric)
        });
        let is_rest = |at: &usize| {
            option
                .get(*at..)
                .is_some_and(|rest| !rest.is_empty() && joint(rest) == rest.len())
        };
        let at = at.into_iter().find(is_rest)?;
        let before = option.get(..at)?;
        let is_open = before.ends_with('}') || before.trim_end().ends_with("{}");
        (!is_open).then(|| format!("{before}{{de}}"))
    });
    let mut all: Vec<String> = joined.collect();
    all.extend(options);
    all.dedup();
    all
}

fn trailing(gap: &str) -> Vec<String> {
    if gap.is_empty() {
        return vec![String::new()];
    }
    if gap.trim_start_matches(' ').starts_with('\n') && !gap.trim().is_empty() {
        return vec!["\n{}".to_owned()];
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
    if gap.contains('\n') && gap.trim().is_empty() {
        options.push("\n".to_owned());
    } else if gap.len() <= LONGEST && !gap.trim().is_empty() {
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
            "{} • {name} - {}",
        ] {
            assert!(
                all.iter().any(|template| template == wanted),
                "{wanted}: {all:#?}"
            );
        }
    }
}
