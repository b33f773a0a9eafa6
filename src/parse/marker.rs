//! What is printed in front of a list item or a note: bullets, numbers, letters. In: a text; out: its
//! items, each without its marker.

use crate::model::document::{Block, BlockLabel};
use crate::model::text::Text;

use super::writer::Linked;

/// Signs that mark an item wherever a line starts with them.
const BULLETS: &[char] = &[
    '•', '◦', '○', '●', '▪', '▫', '■', '□', '◆', '◇', '❖', '‣', '⁃', '∙', '►', '▶', '▸', '▹', '➢',
    '➤', '➔', '➜', '→', '⇒', '✓', '✔', '✗', '✘', '☐', '☑', '☛', '★', '☆', '\u{f0b7}', '\u{f0a7}',
    '\u{f0d8}', '\u{f0fc}',
];

/// Signs that mark an item only where white space follows: they also begin words, figures and quotations.
const DASHES: &[char] = &['-', '–', '—', '−', '*', '·', '+', '.'];

/// Items are numbered with so many digits at most; more is a year or an amount.
const MAX_DIGITS: usize = 3;

/// A marker at the start of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// One past the marker's last byte.
    pub(super) end: usize,
    /// Where the item's own text begins.
    pub(super) rest: usize,
    /// Whether it is a number or a letter, which tells items apart, rather than a bullet.
    pub(super) is_number: bool,
}

/// The bullet that `string` starts with.
pub(super) fn find_bullet(string: &str) -> Option<Marker> {
    let first = string.chars().next()?;
    let end = first.len_utf8();
    let after = string.get(end..)?;
    let spaced = after.starts_with(|c: char| c.is_whitespace());
    let is_bullet = BULLETS.contains(&first) && !after.is_empty();
    let is_dash = DASHES.contains(&first) && spaced && !after.trim().is_empty();
    (is_bullet || is_dash).then(|| Marker {
        end,
        rest: end + (after.len() - after.trim_start().len()),
        is_number: false,
    })
}

/// The number or letter that `string` starts with: `1.`, `2)`, `a)`, `n° 3 :`. A number followed by a dash (`26 - Accès…`) is part of the text.
pub(super) fn find_number(string: &str) -> Option<Marker> {
    let bytes = string.as_bytes();
    let digits_at = |from: usize| {
        bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let marker = |end: usize| {
        let after = string.get(end..)?;
        let trimmed = after.trim_start();
        (trimmed.len() < after.len() && !trimmed.is_empty()).then(|| Marker {
            end,
            rest: end + (after.len() - trimmed.len()),
            is_number: true,
        })
    };
    let digits = digits_at(0);
    if (1..=MAX_DIGITS).contains(&digits) {
        return match bytes.get(digits)? {
            b'.' if bytes.get(digits + 1) == Some(&b')') => marker(digits + 2),
            b'.' | b')' | b'/' => marker(digits + 1),
            // « 1 . », as character recognition spaces it.
            b' ' if matches!(bytes.get(digits + 1), Some(b'.' | b')')) => marker(digits + 2),
            // « 01    Mission locale »: the number stands in a column of its own.
            b' ' if is_apart(string.get(digits..)?) => marker(digits),
            _ => {
                let rest = string.get(digits..)?;
                let degree = rest.strip_prefix('°').or_else(|| rest.strip_prefix('º'))?;
                let close = usize::from(degree.starts_with([')', '.']));
                // « 1º Lugar »: an ordinal of what follows.
                if close == 0 && rest.starts_with('º') {
                    return None;
                }
                marker(string.len() - degree.len() + close)
            }
        };
    }
    if let [letter, b')', ..] = bytes
        && letter.is_ascii_alphabetic()
    {
        return marker(2);
    }
    let after_n = string.strip_prefix(['n', 'N'])?;
    let after_n = after_n
        .strip_prefix('°')
        .or_else(|| after_n.strip_prefix('º'))?
        .trim_start();
    let start = string.len() - after_n.len();
    let digits = digits_at(start);
    let tail = string.get(start + digits..)?;
    let colon = tail.trim_start();
    ((1..=MAX_DIGITS).contains(&digits) && colon.starts_with([':', '.', ')']))
        .then(|| marker(string.len() - colon.len() + 1))
        .flatten()
}

/// Whether words follow behind a wide gap, and no further column.
fn is_apart(rest: &str) -> bool {
    /// Narrower gaps are chance.
    const GAP: &str = "   ";
    rest.strip_prefix(GAP).is_some_and(|rest| {
        let words = rest.trim();
        words.starts_with(char::is_alphabetic) && !words.contains(GAP)
    })
}

/// The bullet or number that `string` starts with.
pub(super) fn find_marker(string: &str) -> Option<Marker> {
    find_bullet(string).or_else(|| find_number(string))
}

/// How far the numbers of a document's items have come: up to the one that goes on from there, a number is a marker however many digits it has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbering {
    highest: u32,
}

impl Numbering {
    /// The bullet or number that `string` starts with.
    pub(super) fn find_marker(self, string: &str) -> Option<Marker> {
        find_marker(string).or_else(|| self.find_next(string))
    }

    fn find_next(self, string: &str) -> Option<Marker> {
        let rest = string.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = string.len() - rest.len();
        let number = string.get(..digits).filter(|_| digits > MAX_DIGITS)?;
        let after = rest.strip_prefix(['.', ')'])?;
        let text = after.trim_start();
        let goes_on = number
            .parse()
            .is_ok_and(|number: u32| number <= self.highest.saturating_add(1));
        (goes_on && text.len() < after.len() && !text.is_empty()).then(|| Marker {
            end: digits + 1,
            rest: string.len() - text.len(),
            is_number: true,
        })
    }

    /// Goes on with the number in a marker, where it has one.
    pub(super) fn follow(&mut self, marker: &str) {
        let digits = marker.trim_matches(|c: char| !c.is_ascii_digit());
        if let Ok(number) = digits.parse() {
            self.highest = self.highest.max(number);
        }
    }
}

/// All that stands in front of an item's text: `- `, `• – `, `- 1. `. The last number counts as the marker, else the first sign.
pub(super) fn find_markers(
    string: &str,
    numbering: Numbering,
) -> Option<(std::ops::Range<usize>, usize)> {
    let mut rest = 0;
    let mut found: Option<(std::ops::Range<usize>, usize)> = None;
    // Conversions double the bullet at most: the markup's own and the printed one, then a number.
    for _ in 0..3 {
        let Some(marker) = string
            .get(rest..)
            .and_then(|rest| numbering.find_marker(rest))
        else {
            break;
        };
        let range = rest..rest + marker.end;
        rest += marker.rest;
        found = match found {
            Some((first, _)) if !marker.is_number => Some((first, rest)),
            _ => Some((range, rest)),
        };
        if marker.is_number {
            break;
        }
    }
    found
}

/// Blocks for one text: each line that starts with a marker begins a list item, which the lines behind it go on; what stands in front is `label`.
/// A superscript figure in front makes a footnote.
pub(super) fn split_items(
    linked: &Linked,
    label: BlockLabel,
    numbering: &mut Numbering,
) -> Vec<Block> {
    let string = linked.text.as_str();
    if string.is_empty() {
        return Vec::new();
    }
    if let Some(rest) = note_text(&linked.text) {
        let mut block = linked
            .slice(rest..string.len())
            .into_block(BlockLabel::Footnote);
        block.marker = Some(linked.text.slice(0..rest).trim());
        return vec![block];
    }
    let mut starts = vec![0];
    for start in [0]
        .into_iter()
        .chain(string.match_indices('\n').map(|(position, _)| position + 1))
    {
        let line = string.get(start..).unwrap_or_default();
        let marker = numbering.find_marker(line);
        if let Some(marker) = marker.and_then(|marker| line.get(..marker.end)) {
            numbering.follow(marker);
            if start > 0 {
                starts.push(start);
            }
        }
    }
    starts.extend(changes_of_weight(&linked.text));
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([string.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| item(&linked.slice(*start..end), label, *numbering))
        .collect()
}

/// Where lines that are bold as a whole begin, and those that are not below them.
fn changes_of_weight(text: &Text) -> Vec<usize> {
    let string = text.as_str();
    if !string.contains('\n') {
        return Vec::new();
    }
    let bold = text.ranges_where(|segment| segment.style.bold);
    let mut bold = bold.as_slice();
    let mut changes = Vec::new();
    let (mut start, mut before) = (0, None);
    for line in string.split('\n') {
        let end = start + line.len();
        let passed = bold.partition_point(|bold| bold.end <= start);
        bold = bold.get(passed..).unwrap_or_default();
        let n_bold: usize = (bold.iter())
            .take_while(|bold| bold.start < end)
            .map(|bold| bold.end.min(end) - bold.start.max(start))
            .sum();
        let is_bold = n_bold * 10 >= line.len() * 9;
        if !line.trim().is_empty() {
            if before.is_some_and(|before| before != is_bold) {
                changes.push(start);
            }
            before = Some(is_bold);
        }
        start = end + 1;
    }
    // One line above or below the others is a part of what they tell.
    if changes.len() < 2 {
        Vec::new()
    } else {
        changes
    }
}

/// The block of a heading, its number taken off.
pub(super) fn heading(linked: &Linked, numbering: &mut Numbering) -> Option<Block> {
    let string = linked.text.as_str();
    let marker = find_markers(string, *numbering);
    if let Some(marker) = marker
        .as_ref()
        .and_then(|(range, _)| string.get(range.clone()))
    {
        numbering.follow(marker);
    }
    let rest = marker.as_ref().map_or(0, |(_, rest)| *rest);
    let mut block = linked
        .slice(rest..string.len())
        .into_block(BlockLabel::SectionHeader);
    block.marker = marker.map(|(marker, _)| linked.text.slice(marker));
    (!string.is_empty()).then_some(block)
}

/// One block, its marker taken off.
fn item(linked: &Linked, label: BlockLabel, numbering: Numbering) -> Option<Block> {
    let string = linked.text.as_str();
    let Some((marker, rest)) = find_markers(string, numbering) else {
        return (!string.is_empty()).then(|| linked.clone().into_block(label));
    };
    let label = if label == BlockLabel::Text {
        BlockLabel::ListItem
    } else {
        label
    };
    let mut block = linked.slice(rest..string.len()).into_block(label);
    block.marker = Some(linked.text.slice(marker));
    Some(block)
}

/// Where the text of a note begins: behind a superscript figure or asterisk that nothing but space follows.
fn note_text(text: &Text) -> Option<usize> {
    let string = text.as_str();
    let raised = text
        .ranges_where(|segment| segment.style.superscript)
        .into_iter()
        .next()
        .filter(|range| range.start == 0)
        .map_or(0, |range| range.end);
    let printed = string
        .find(|c: char| !matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹'))
        .unwrap_or(string.len());
    let end = raised.max(printed);
    let marker = string.get(..end)?.trim();
    let is_marker = !marker.is_empty()
        && marker.chars().count() <= MAX_DIGITS
        && marker
            .chars()
            .all(|c| c.is_numeric() || matches!(c, '*' | '(' | ')'));
    (is_marker && !string.get(end..)?.trim().is_empty()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::Join;
    use crate::model::text::{Source, Style};

    /// `marker|rest`, or nothing.
    #[track_caller]
    fn check(string: &str, expected: Option<(&str, &str)>) {
        let found = find_markers(string, Numbering::default())
            .map(|(marker, rest)| (&string[marker], &string[rest..]));
        assert_eq!(found, expected);
    }

    #[test]
    fn bullets_are_markers() {
        check("- un toit", Some(("-", "un toit")));
        check("•un toit", Some(("•", "un toit")));
        check("→ org : 12 personnes", Some(("→", "org : 12 personnes")));
        check("- • un toit", Some(("-", "un toit")));
    }

    #[test]
    fn numbers_and_letters_are_markers() {
        check("1. Un toit", Some(("1.", "Un toit")));
        check("12) Un toit", Some(("12)", "Un toit")));
        check("a) Un toit", Some(("a)", "Un toit")));
        check("n°1 : Un toit", Some(("n°1 :", "Un toit")));
        check("- 3. Un toit", Some(("3.", "Un toit")));
    }

    #[test]
    fn what_belongs_to_the_text_is_no_marker() {
        for string in [
            "26 - Un métier",
            "8 – Un métier",
            "2021. Une année",
            "1,5 million",
            "-5 degrés",
            "2 sessions",
            "A. Martin",
            "12",
            "-",
            "1er prix : une association",
            "opération",
        ] {
            check(string, None);
        }
        check("- 26 - Un métier", Some(("-", "26 - Un métier")));
    }

    #[test]
    fn a_long_number_is_a_marker_where_the_numbers_have_come_so_far() {
        let mut numbering = Numbering::default();
        assert_eq!(numbering.find_marker("1000. Un toit"), None);
        numbering.follow("999.");
        assert!(numbering.find_marker("1000. Un toit").is_some());
        assert_eq!(numbering.find_marker("2021. Une année"), None);
        numbering.follow("1.");
        numbering.follow("1000)");
        assert!(numbering.find_marker("1001) Un métier").is_some());
    }

    #[test]
    fn several_bold_lines_of_a_paragraph_are_parts_of_their_own() {
        let starts = |lines: &[(&str, bool)]| {
            let mut text = Text::new();
            for (line, bold) in lines {
                let style = Style {
                    bold: *bold,
                    ..Style::default()
                };
                text.push(line, Source::Joint(Join::None), style);
            }
            let starts = changes_of_weight(&text);
            let string = text.as_str().to_owned();
            (starts.into_iter())
                .map(|start| string[start..].split('\n').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let several = [
            ("Prix du jury\n", true),
            ("Un nom\n", false),
            ("Prix du public\n", true),
            ("Un autre", false),
        ];
        assert_eq!(starts(&several), ["Un nom", "Prix du public", "Un autre"]);
        // One line above what it is about belongs to it.
        assert!(
            starts(&[
                ("Un nom\n", true),
                ("Sa ville\n", false),
                ("Son projet", false)
            ])
            .is_empty()
        );
    }
}
