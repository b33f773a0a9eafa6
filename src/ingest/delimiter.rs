//! Whether a text is a table whose cells a sign separates, and which sign. In: the beginning of a file; out: the sign.

use std::collections::{BTreeMap, HashSet};

/// Signs that separate cells, the surest first: a comma stands in any text.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// Rows that tell.
const SAMPLE: usize = 200;

/// Lines above the names of the columns: a title, a source, a date.
const MOST_ABOVE: usize = 10;

/// Longest name of a column, in bytes.
const LONGEST_NAME: usize = 60;

/// What a sign makes of a text.
struct Reading {
    delimiter: u8,
    /// Cells of most rows.
    width: usize,
    /// Rows of that width.
    n_rows: usize,
    /// Share of rows of that width, from the first of them on.
    share: f32,
    /// Whether the first of them could name columns.
    is_headed: bool,
    /// Share of cells that begin with a space, as words behind a comma do.
    spaced: f32,
}

/// The sign that separates the cells of a text that says by its shape alone that it is a table: the names of the columns, and rows of as many cells.
pub(super) fn find(text: &str, is_whole: bool) -> Option<u8> {
    readings(text, is_whole, true)
        .filter(|reading| {
            reading.width > 2
                && reading.n_rows > 2
                && reading.share >= 0.9
                && reading.is_headed
                && (reading.spaced < 0.1 || reading.delimiter == b'\t')
        })
        .max_by(|a, b| a.share.total_cmp(&b.share).then(a.width.cmp(&b.width)))
        .map(|reading| reading.delimiter)
}

/// The same of a text whose name says that it is a table: two columns and rows are enough, and most rows agree.
pub(super) fn find_named(text: &str, is_whole: bool) -> Option<u8> {
    let best = |quoting| {
        readings(text, is_whole, quoting)
            .filter(|reading| reading.width > 1 && reading.n_rows > 1 && reading.share >= 0.5)
            .max_by(|a, b| a.share.total_cmp(&b.share).then(a.width.cmp(&b.width)))
            .map(|reading| reading.delimiter)
    };
    // One quotation mark that is never closed hides the rows behind it.
    best(true).or_else(|| best(false))
}

fn readings(text: &str, is_whole: bool, quoting: bool) -> impl Iterator<Item = Reading> {
    DELIMITERS
        .into_iter()
        .filter_map(move |delimiter| read(text, delimiter, is_whole, quoting))
}

fn read(text: &str, delimiter: u8, is_whole: bool, quoting: bool) -> Option<Reading> {
    let mut rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoting)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .take(SAMPLE)
        .collect::<Result<_, _>>()
        .ok()?;
    // The last row of a beginning is cut off anywhere.
    if !is_whole && rows.len() < SAMPLE {
        rows.pop();
    }
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.len() > 1) {
        *counts.entry(row.len()).or_default() += 1;
    }
    let (width, n_rows) = counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width))?;
    let is_full = |row: &csv::StringRecord| {
        row.len() == width && row.iter().filter(|cell| !cell.trim().is_empty()).count() * 2 > width
    };
    let first = rows.iter().position(is_full)?;
    let below = rows.get(first..)?;
    let cells = || below.iter().flat_map(|row| row.iter().skip(1));
    let spaced = cells().filter(|cell| cell.starts_with(' ')).count();
    let head = below.first()?;
    Some(Reading {
        delimiter,
        width,
        n_rows,
        share: n_rows as f32 / below.len().max(1) as f32,
        is_headed: first <= MOST_ABOVE && names_columns(head),
        spaced: spaced as f32 / cells().count().max(1) as f32,
    })
}

/// Whether a row could hold the names of columns: short, different, with letters and without the full stop of a sentence.
fn names_columns(row: &csv::StringRecord) -> bool {
    let names: Vec<&str> = row
        .iter()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    let distinct: HashSet<&&str> = names.iter().collect();
    distinct.len() == names.len()
        && names.len() + 1 >= row.len()
        && names.iter().all(|name| {
            name.len() <= LONGEST_NAME
                && name.starts_with(char::is_alphabetic)
                && !name.ends_with(['.', ':'])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, by_content: Option<u8>, by_name: Option<u8>) {
        assert_eq!(
            (find(text, true), find_named(text, true)),
            (by_content, by_name)
        );
    }

    #[test]
    fn names_of_columns_over_rows_make_a_table() {
        for delimiter in ['\t', ';', '|', ','] {
            let text = "nom;ville;montant\nLe Toit;Lens;500\nL'Atelier;Douai;300\n"
                .replace(';', &delimiter.to_string());
            let sign = u8::try_from(delimiter).ok();
            check(&text, sign, sign);
        }
        let titled =
            "Laureats 2024;;\nnom;ville;montant\nLe Toit;\"Lens\n(62)\";500\nL'Atelier;Douai;300\n";
        check(titled, Some(b';'), Some(b';'));
    }

    #[test]
    fn lists_and_sentences_make_none() {
        check(
            "Le Toit, Lens, 500 euros\nL'Atelier, Douai, 300 euros\nLe Pont, Arras, 200 euros\n",
            None,
            Some(b','),
        );
        check("Un texte.\nUn autre, plus long.\n", None, None);
    }

    #[test]
    fn two_columns_make_a_table_where_the_name_says_so() {
        check("nom;projet\nLe Toit;Un toit\n", None, Some(b';'));
        check("nom\nLe Toit\n", None, None);
        check(
            "nom;projet\n\"Le Toit;Un toit\nLe Pont;Un pont\n",
            None,
            Some(b';'),
        );
    }
}
