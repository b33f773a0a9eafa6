//! Rows of cells in text: separated by tabs, or by pipes. In: lines; out: the cells' places and which row is the header.

use std::collections::HashSet;
use std::ops::Range;

/// Longest cell of a header, in characters.
const MAX_HEADER: usize = 80;

/// A header's cells are so many times shorter than those below, at least.
const HEADER_RATIO: usize = 3;

/// The cells of each row, as ranges of the text; and whether the first row is a header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) cells: Vec<Vec<Range<usize>>>,
    /// How many lines they take.
    pub(super) n_lines: usize,
    pub(super) has_header: bool,
    /// The first cell of each row is its label.
    pub(super) is_labelled: bool,
}

/// The tab-separated rows that `lines` start with, and nothing where a tab is mere white space.
pub(super) fn find_tabbed(text: &str, lines: &[Range<usize>]) -> Option<Rows> {
    let mut rows = Vec::new();
    for range in lines {
        let line = text.get(range.clone()).unwrap_or_default();
        if !is_tabbed(line) {
            break;
        }
        let start = range.start + (line.len() - line.trim_start_matches(' ').len());
        rows.push(split(text, start..range.end, |_, byte| byte == b'\t'));
    }
    if rows.len() < 2 {
        return None;
    }
    Some(rows_of(text, rows))
}

/// Whether a tab stands between two texts.
pub(super) fn is_tabbed(line: &str) -> bool {
    line.trim().contains('\t')
}

/// The rows that `lines` start with whose cells stand between semicolons or bars, or below each other behind wide gaps, as `pdftotext -layout` sets them.
pub(super) fn find_separated(text: &str, lines: &[Range<usize>]) -> Option<Rows> {
    /// Fewer rows or columns happen in any text.
    const FEWEST: usize = 3;
    let first = text.get(lines.first()?.clone())?;
    for separator in [b';', b'|'] {
        let columns = first.bytes().filter(|byte| *byte == separator).count() + 1;
        if columns < FEWEST {
            continue;
        }
        let cells: Vec<Vec<Range<usize>>> = lines
            .iter()
            .map(|line| split(text, line.clone(), |_, byte| byte == separator))
            .take_while(|cells| cells.len() == columns)
            .collect();
        if cells.len() >= FEWEST {
            return Some(rows_of(text, cells));
        }
    }
    if let Some(cells) = comma_cells(text, lines, FEWEST) {
        return Some(rows_of(text, cells));
    }
    let columns = columns_of(first);
    if columns.len() < FEWEST {
        return None;
    }
    let rows: Vec<Vec<Range<usize>>> = lines
        .iter()
        .map_while(|line| {
            let string = text.get(line.clone()).unwrap_or_default();
            let own = columns_of(string);
            let aligned = own
                .iter()
                .zip(&columns)
                .filter(|(own, column)| own.abs_diff(**column) <= 8)
                .count();
            (own.len() == columns.len() && aligned + 1 >= columns.len()).then(|| {
                gap_cells(string)
                    .into_iter()
                    .map(|cell| line.start + cell.start..line.start + cell.end)
                    .collect()
            })
        })
        .collect();
    (rows.len() >= FEWEST).then(|| rows_of(text, rows))
}

/// The words that stand in front of a wide gap in several lines of a text: labels without colon, as printed forms set them.
pub(super) fn row_labels<'t>(text: &'t str, lines: &[Range<usize>]) -> HashSet<&'t str> {
    let mut once = HashSet::new();
    lines
        .iter()
        .filter_map(|line| Some(label_and_value(text, line)?.0))
        .map(|label| text.get(label).unwrap_or_default())
        .filter(|label| !once.insert(*label))
        .collect()
}

/// The rows that `lines` start with, of a label of the text and its value behind a wide gap; lines below that begin where the value does go on with it.
pub(super) fn find_labelled(
    text: &str,
    lines: &[Range<usize>],
    labels: &HashSet<&str>,
) -> Option<Rows> {
    /// One line with a gap happens in any text.
    const FEWEST: usize = 2;
    if labels.is_empty() {
        return None;
    }
    let mut cells: Vec<Vec<Range<usize>>> = Vec::new();
    let mut value_at = usize::MAX;
    let mut n_lines = 0;
    for line in lines {
        let string = text.get(line.clone()).unwrap_or_default();
        let indent = string.len() - string.trim_start_matches(' ').len();
        if let Some((label, value)) = label_and_value(text, line).filter(|(label, _)| {
            text.get(label.clone())
                .is_some_and(|label| labels.contains(label))
        }) {
            value_at = text
                .get(line.start..value.start)
                .map_or(usize::MAX, |before| before.chars().count());
            cells.push(vec![label, value]);
        } else if !string.trim().is_empty()
            && indent + 1 >= value_at
            && let Some(value) = cells.last_mut().and_then(|row| row.last_mut())
        {
            value.end = line.start + string.trim_end().len();
        } else {
            break;
        }
        n_lines += 1;
    }
    (cells.len() >= FEWEST).then_some(Rows {
        cells,
        n_lines,
        has_header: false,
        is_labelled: true,
    })
}

/// A few words at the start of a line, and what stands behind the wide gap after them.
fn label_and_value(text: &str, line: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    /// Longer words are no label.
    const LONGEST: usize = 40;
    /// Narrower gaps are chance, or justify a line.
    const GAP: usize = 3;
    let string = text.get(line.clone())?;
    if !string.contains("   ") {
        return None;
    }
    let cells = gap_cells(string);
    let [label, value] = cells.as_slice() else {
        return None;
    };
    let words = string.get(label.clone())?;
    let fits = words.len() <= LONGEST
        && words.starts_with(char::is_alphabetic)
        && !words.ends_with([':', '.', ',', ';'])
        && !string.get(value.start..)?.starts_with(':')
        && value.start - label.end >= GAP;
    fits.then(|| {
        (
            line.start + label.start..line.start + label.end,
            line.start + value.start..line.start + value.end,
        )
    })
}

/// The cells of lines that an export separates by commas without spaces; a quoted cell may hold some.
fn comma_cells(
    text: &str,
    lines: &[Range<usize>],
    fewest: usize,
) -> Option<Vec<Vec<Range<usize>>>> {
    let cells = |line: &Range<usize>| -> Option<Vec<Range<usize>>> {
        let mut cells = Vec::new();
        let (mut start, mut quoted) = (line.start, false);
        let string = text.get(line.clone())?;
        for (index, byte) in string.bytes().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b',' if !quoted => {
                    cells.push(start..line.start + index);
                    start = line.start + index + 1;
                }
                // Words go on behind a comma and a space.
                b' ' if !quoted && start == line.start + index => return None,
                _ => {}
            }
        }
        cells.push(start..line.end);
        Some(cells.into_iter().map(|cell| unquoted(text, cell)).collect())
    };
    let n_columns = cells(lines.first()?)?.len();
    if n_columns < fewest {
        return None;
    }
    let rows: Vec<Vec<Range<usize>>> = lines
        .iter()
        .map_while(|line| cells(line).filter(|cells| cells.len() == n_columns))
        .collect();
    (rows.len() >= fewest).then_some(rows)
}

/// A cell without the quotation marks around it.
fn unquoted(text: &str, cell: Range<usize>) -> Range<usize> {
    let string = text.get(cell.clone()).unwrap_or_default();
    let bare = string.trim();
    let start = cell.start + (string.len() - string.trim_start().len());
    if bare.len() > 1 && bare.starts_with('"') && bare.ends_with('"') {
        start + 1..start + bare.len() - 1
    } else {
        start..start + bare.len()
    }
}

/// The stretches of a line between gaps of two spaces and more.
fn gap_cells(line: &str) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut start = None;
    let mut spaces = 0;
    for (index, character) in line.char_indices() {
        if character == ' ' {
            spaces += 1;
            continue;
        }
        match start {
            Some(from) if spaces > 1 => {
                cells.push(from..index - spaces);
                start = Some(index);
            }
            None => start = Some(index),
            Some(_) => {}
        }
        spaces = 0;
    }
    if let Some(from) = start {
        cells.push(from..line.trim_end().len());
    }
    cells
}

/// How many characters stand in front of each of a line's `gap_cells`.
fn columns_of(line: &str) -> Vec<usize> {
    let mut before = 0;
    let mut counted = 0;
    gap_cells(line)
        .into_iter()
        .map(|cell| {
            before += line
                .get(counted..cell.start)
                .map_or(0, |between| between.chars().count());
            counted = cell.start;
            before
        })
        .collect()
}

fn rows_of(text: &str, cells: Vec<Vec<Range<usize>>>) -> Rows {
    let strings: Vec<Vec<&str>> = cells
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| text.get(cell.clone()).unwrap_or_default())
                .collect()
        })
        .collect();
    let has_header = is_header(&strings);
    Rows {
        n_lines: cells.len(),
        cells,
        has_header,
        is_labelled: false,
    }
}

/// Whether a line could be one of a table without rules: cheap to ask of every line.
pub(super) fn is_separated(line: &str) -> bool {
    let line = line.trim();
    line.matches(';').count() > 1
        || line.matches('|').count() > 1
        || line.match_indices("  ").count() > 1
        || line.matches(',').count() > 1
}

/// The pipe table that `lines` start with: a header, a row of dashes, rows; or rows that begin and end with a pipe.
pub(super) fn find_piped(text: &str, lines: &[Range<usize>]) -> Option<Rows> {
    let line = |index: usize| lines.get(index).and_then(|range| text.get(range.clone()));
    let first = line(0)?;
    if !first.contains('|') {
        return None;
    }
    let has_header = line(1).is_some_and(is_rule);
    let is_boxed = |line: &str| {
        let line = line.trim();
        line.len() > 1 && line.starts_with('|') && line.ends_with('|')
    };
    if !(has_header || is_boxed(first) && line(1).is_some_and(is_boxed)) {
        return None;
    }
    let mut rows = Vec::new();
    let mut n_lines = 0;
    for range in lines {
        let line = text.get(range.clone()).unwrap_or_default();
        if !line.contains('|') || !(has_header || is_boxed(line)) {
            break;
        }
        if is_rule(line) {
            n_lines += 1;
            continue;
        }
        let trimmed = line.trim();
        let start = range.start + (line.len() - line.trim_start().len());
        let leading = usize::from(trimmed.starts_with('|'));
        let trailing = usize::from(trimmed.len() > 1 && trimmed.ends_with('|'));
        let inner = start + leading..start + trimmed.len() - trailing;
        rows.push(split(text, inner, |before, byte| {
            byte == b'|' && before != Some(b'\\')
        }));
        n_lines += 1;
    }
    // Converters that know no header leave it empty: the first row that says something may be it.
    let is_empty = |row: &Vec<Range<usize>>| row.iter().all(std::ops::Range::is_empty);
    let unheaded = has_header && rows.first().is_some_and(is_empty) && rows.len() > 1;
    if unheaded {
        rows.remove(0);
    }
    Some(Rows {
        cells: rows,
        n_lines,
        has_header: has_header && !unheaded,
        is_labelled: false,
    })
}

/// `|---|:--:|`
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains("--")
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '+' | '='))
}

/// The parts of a range between separators, without white space around them.
fn split(
    text: &str,
    range: Range<usize>,
    is_separator: impl Fn(Option<u8>, u8) -> bool,
) -> Vec<Range<usize>> {
    let line = text.get(range.clone()).unwrap_or_default();
    let mut cells = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut push = |from: usize, to: usize| {
        let cell = line.get(from..to).unwrap_or_default();
        let start = range.start + from + (cell.len() - cell.trim_start().len());
        cells.push(start..start + cell.trim().len());
    };
    for (position, byte) in line.bytes().enumerate() {
        if is_separator(before, byte) {
            push(start, position);
            start = position + 1;
        }
        before = Some(byte);
    }
    push(start, line.len());
    cells
}

/// Whether a cell could head its column.
pub(super) fn is_heading(string: &str) -> bool {
    string.chars().count() <= MAX_HEADER && !string.ends_with('.') && !is_figure(string)
}

/// Whether a cell holds a number.
pub(super) fn is_figure(string: &str) -> bool {
    string.starts_with(|c: char| c.is_ascii_digit())
        && string
            .chars()
            .all(|c| !c.is_alphabetic() || matches!(c, 'k' | 'K' | 'M' | '€'))
}

/// Whether the first row heads the others: short cells, over longer ones, over markup, or over figures.
pub(super) fn is_header(rows: &[Vec<&str>]) -> bool {
    let Some((first, others)) = rows.split_first() else {
        return false;
    };
    if !first.iter().all(|string| is_heading(string)) {
        return false;
    }
    let column = |index: usize| others.iter().filter_map(move |row| row.get(index).copied());
    let is_markup = |string: &str| string.starts_with('<') && string.ends_with('>');
    let over_markup = others.iter().flatten().any(|string| is_markup(string));
    let over_figures = (0..first.len()).any(|index| {
        let mut filled = column(index).filter(|string| !string.is_empty()).peekable();
        filled.peek().is_some() && filled.all(is_figure)
    });
    let over_longer = first.iter().enumerate().all(|(index, string)| {
        let n_rows = column(index).count().max(1);
        let total: usize = column(index).map(str::len).sum();
        total >= n_rows * HEADER_RATIO * string.len()
    });
    over_markup || over_figures || over_longer
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

    #[track_caller]
    fn check(text: &str, found: Option<Rows>, expected: &[&[&str]], header: bool) {
        let found = found.expect("there are rows");
        let cells: Vec<Vec<&str>> = found
            .cells
            .iter()
            .map(|row| row.iter().map(|cell| &text[cell.clone()]).collect())
            .collect();
        assert_eq!(cells, expected);
        assert_eq!(found.has_header, header);
    }

    #[test]
    fn tabs_separate_cells() {
        let text = "ACI\tAtelier et chantier\nEA\tEntreprise adaptée\nfin";
        let expected: &[&[&str]] = &[
            &["ACI", "Atelier et chantier"],
            &["EA", "Entreprise adaptée"],
        ];
        check(text, find_tabbed(text, &lines(text)), expected, false);
        let text = "Nom\tVille\tMontant\nL'Atelier\tLens\t10 000 €\nLe Toit\tDouai\t5 000 €";
        let expected: &[&[&str]] = &[
            &["Nom", "Ville", "Montant"],
            &["L'Atelier", "Lens", "10 000 €"],
            &["Le Toit", "Douai", "5 000 €"],
        ];
        check(text, find_tabbed(text, &lines(text)), expected, true);
        let text = "Descriptif\tApport\n<p>Un texte</p>\t<ul><li>x</li></ul>";
        let expected: &[&[&str]] = &[
            &["Descriptif", "Apport"],
            &["<p>Un texte</p>", "<ul><li>x</li></ul>"],
        ];
        check(text, find_tabbed(text, &lines(text)), expected, true);
    }

    #[test]
    fn pipes_separate_cells() {
        let text = "| Nom | Ville |\n|---|:-:|\n| Le \\| Toit | Douai |\n\nfin";
        let expected: &[&[&str]] = &[&["Nom", "Ville"], &["Le \\| Toit", "Douai"]];
        check(text, find_piped(text, &lines(text)), expected, true);
    }

    #[test]
    fn one_tab_or_pipe_makes_no_table() {
        for text in ["Lien :\thttps://exemple.fr", "un | deux"] {
            assert_eq!(find_tabbed(text, &lines(text)), None);
            assert_eq!(find_piped(text, &lines(text)), None);
        }
    }
}
