//! YAML front matter, at the head of a file or of each fiche in it. In: lines; out: keys and values with their lines.
//!
//! Read by line, not with a YAML parser: values with an unquoted colon (`title: Appel : les lauréats`) are common in hand-written fiches and are
//! errors in YAML, and what is wanted is the place of each value, not its type.

use std::ops::Range;

/// Longest front matter, in lines; what is longer is a text between two rules.
const MAX_LINES: usize = 400;

/// Longest key, in characters.
const MAX_KEY: usize = 40;

/// How the lines of a value join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folding {
    /// By a space (plain and quoted scalars, `>`).
    Space,
    /// By a line feed (`|`).
    Newline,
}

/// A key with its value, or an item of a list.
#[derive(Debug)]
pub(super) struct Entry {
    /// The `-` of a list's item.
    pub(super) dash: Option<Range<usize>>,
    /// The key with its colon.
    pub(super) key: Option<Range<usize>>,
    /// The value's lines, without indentation, quotes and block indicators.
    pub(super) value: Vec<Range<usize>>,
    /// How they join.
    pub(super) folding: Folding,
    /// Whether the value is a block scalar, which may hold paragraphs.
    pub(super) is_block: bool,
    /// Nesting, from 0.
    pub(super) depth: u8,
}

/// The front matter that starts with the first of `lines` (each a range of `text`): its entries, and how many lines it takes.
pub(super) fn find(text: &str, lines: &[Range<usize>]) -> Option<(Vec<Entry>, usize)> {
    let line = |index: usize| lines.get(index).and_then(|range| text.get(range.clone()));
    let is_fence = |string: &str| string.trim_end() == "---";
    if !is_fence(line(0)?) {
        return None;
    }
    let mut n_keys = 0;
    let mut end = None;
    for index in 1..lines.len().min(MAX_LINES) {
        let string = line(index)?;
        if is_fence(string) || string.trim_end() == "..." {
            end = Some(index);
            break;
        }
        let is_own = string.starts_with([' ', '\t', '#']) || string.trim().is_empty();
        if is_own {
            continue;
        }
        let is_item = string.starts_with("- ") || string.trim_end() == "-";
        if key_length(string).is_some() {
            n_keys += 1;
        } else if !is_item || n_keys == 0 {
            return None;
        }
    }
    let end = end.filter(|_| n_keys > 0)?;
    let inner = lines.get(1..end)?;
    Some((entries(text, inner), end + 1))
}

/// The value of a key at the top level, as one string.
pub(super) fn scalar(text: &str, entries: &[Entry], name: &str) -> Option<String> {
    let entry = entries.iter().find(|entry| {
        entry.depth == 0
            && entry
                .key
                .clone()
                .and_then(|key| text.get(key))
                .is_some_and(|key| key.trim_end_matches(':').trim().eq_ignore_ascii_case(name))
    })?;
    let value: Vec<&str> = entry
        .value
        .iter()
        .filter_map(|range| text.get(range.clone()))
        .map(str::trim)
        .collect();
    let value = value.join(" ");
    (!value.is_empty()).then_some(value)
}

/// Length of the key with its colon that a string starts with.
fn key_length(string: &str) -> Option<usize> {
    let colon = string.find(':')?;
    let key = string.get(..colon)?;
    let after = string.get(colon + 1..)?;
    let well_formed = key
        .chars()
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_')
        && key.chars().count() <= MAX_KEY
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '\'' | '’'));
    (well_formed && (after.is_empty() || after.starts_with(char::is_whitespace)))
        .then_some(colon + 1)
}

fn entries(text: &str, lines: &[Range<usize>]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // Indentations of the open maps and lists.
    let mut indents: Vec<usize> = Vec::new();
    let mut index = 0;
    while let Some(range) = lines.get(index) {
        index += 1;
        let string = text.get(range.clone()).unwrap_or_default();
        let trimmed = string.trim_start();
        let indent = string.len() - trimmed.len();
        if trimmed.trim_end().is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let mut start = range.start + indent;
        let mut rest = trimmed;
        let mut dash = None;
        if let Some(after) = rest
            .strip_prefix('-')
            .filter(|after| after.starts_with(' '))
        {
            dash = Some(start..start + 1);
            let skipped = after.len() - after.trim_start().len() + 1;
            start += skipped;
            rest = rest.get(skipped..).unwrap_or_default();
        }
        let key = key_length(rest).map(|length| start..start + length);
        if key.is_none() && dash.is_none() {
            // The value of the key above goes on.
            if let Some(last) = entries.last_mut() {
                last.value.push(start..range.end);
            }
            continue;
        }
        while indents.last().is_some_and(|open| *open > indent) {
            indents.pop();
        }
        if indents.last() != Some(&indent) {
            indents.push(indent);
        }
        let depth = u8::try_from(indents.len().saturating_sub(1)).unwrap_or(u8::MAX);
        let value_start = key.as_ref().map_or(start, |key| key.end);
        let value = text.get(value_start..range.end).unwrap_or_default();
        let shift = value.len() - value.trim_start().len();
        let value = value.trim();
        let is_block = key.is_some()
            && value.len() <= 3
            && value.starts_with(['|', '>'])
            && value
                .chars()
                .skip(1)
                .all(|c| matches!(c, '-' | '+' | '0'..='9'));
        let mut entry = Entry {
            dash,
            key,
            value: Vec::new(),
            folding: if value.starts_with('|') && is_block {
                Folding::Newline
            } else {
                Folding::Space
            },
            is_block,
            depth,
        };
        if is_block {
            index = block_scalar(text, lines, index, indent, &mut entry);
        } else if !value.is_empty() {
            entry
                .value
                .push(value_start + shift..value_start + shift + value.len());
        }
        entries.push(entry);
    }
    for entry in &mut entries {
        unquote(text, &mut entry.value);
    }
    entries
}

/// Takes the lines that are indented more than their key; returns the index behind them.
fn block_scalar(
    text: &str,
    lines: &[Range<usize>],
    mut index: usize,
    indent: usize,
    entry: &mut Entry,
) -> usize {
    let mut own_indent = None;
    while let Some(range) = lines.get(index) {
        let string = text.get(range.clone()).unwrap_or_default();
        let trimmed = string.trim_start();
        let depth = string.len() - trimmed.len();
        if trimmed.is_empty() {
            entry.value.push(range.end..range.end);
        } else if depth > indent {
            let strip = depth.min(*own_indent.get_or_insert(depth));
            entry.value.push(range.start + strip..range.end);
        } else {
            break;
        }
        index += 1;
    }
    while entry.value.last().is_some_and(Range::is_empty) {
        entry.value.pop();
    }
    index
}

/// Takes the quotes off a value that begins and ends with the same one.
fn unquote(text: &str, value: &mut [Range<usize>]) {
    let (Some(first), Some(last)) = (value.first().cloned(), value.last().cloned()) else {
        return;
    };
    let end = last.start
        + text
            .get(last.clone())
            .map_or(0, |string| string.trim_end().len());
    let quote = text
        .get(first.clone())
        .and_then(|string| string.chars().next())
        .filter(|quote| matches!(quote, '"' | '\''));
    let closes = quote.is_some_and(|quote| {
        text.get(last.start..end)
            .is_some_and(|string| string.ends_with(quote))
            && end > first.start + 1
    });
    if closes {
        if let Some(first) = value.first_mut() {
            first.start += 1;
        }
        if let Some(last) = value.last_mut() {
            last.end = end - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Range<usize>> {
        let mut start = 0;
        text.split('\n')
            .map(|line| {
                let range = start..start + line.len();
                start = range.end + 1;
                range
            })
            .collect()
    }

    /// Each entry as `depth key|value lines`.
    #[track_caller]
    fn check(text: &str, expected: Option<&[&str]>) {
        let found = find(text, &lines(text)).map(|(entries, _)| {
            entries
                .iter()
                .map(|entry| {
                    let value: Vec<&str> = entry
                        .value
                        .iter()
                        .map(|range| &text[range.clone()])
                        .collect();
                    format!(
                        "{} {}{}|{}",
                        entry.depth,
                        entry.dash.as_ref().map_or("", |_| "- "),
                        entry.key.clone().map_or("", |key| &text[key]),
                        value.join("/")
                    )
                })
                .collect::<Vec<_>>()
        });
        assert_eq!(
            found
                .as_ref()
                .map(|found| found.iter().map(String::as_str).collect::<Vec<_>>()),
            expected.map(<[&str]>::to_vec)
        );
    }

    #[test]
    fn scalars_lists_and_maps() {
        check(
            "---\ntitle: \"Un toit\"\nwho: Appel : les jeunes\nthemes:\n  - Climat\nhow:\n  desc: long\n    texte\n---\n",
            Some(&[
                "0 title:|Un toit",
                "0 who:|Appel : les jeunes",
                "0 themes:|",
                "1 - |Climat",
                "0 how:|",
                "1 desc:|long/texte",
            ]),
        );
    }

    #[test]
    fn block_scalars() {
        check(
            "---\ntitle: |-\n  Un\n  toit\n\n  Fin\nville: Aurillac\n---\n",
            Some(&["0 title:|Un/toit//Fin", "0 ville:|Aurillac"]),
        );
    }

    #[test]
    fn a_text_between_rules_is_no_front_matter() {
        check("---\nNote : un texte.\nEt sa suite sans clé.\n---\n", None);
        check("---\n\nUn paragraphe\n\n---\n", None);
        check("---\ntitle: jamais fermé\n", None);
    }
}
