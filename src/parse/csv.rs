//! Rows of cells that a sign separates (CSV, TSV). In: decoded text and the sign; out: the cells of one table, each in its row, and the lines above it.
//!
//! `csv-core` says where a cell ends. A quotation mark that is doubled in a cell is one in its value, which is made of what stands around the other:
//! so every character keeps its place in the file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::diagnostic::Diagnostic;
use crate::message;
use crate::model::document::Document;
use crate::model::text::Style;

use super::encoding::Decoded;
use super::grid::{self, GridCell, GridRow};
use super::rows;
use super::writer::{LineIndex, Linked, TextWriter};

/// Cells of a row that are read: more columns are an accident of export.
const MAX_COLUMNS: usize = 1000;

/// Cells with text that are read: each becomes a block, and a document is held in memory.
const MAX_CELLS: usize = 500_000;

/// Rows that tell how many columns the table has.
const SAMPLE: usize = 200;

/// A row as it stands in the text: its cells, with their quotation marks.
type Row = Vec<Range<usize>>;

/// Fills `document` with the cells of a table.
pub(super) fn read(decoded: &Decoded, delimiter: u8, document: &mut Document) -> Vec<Diagnostic> {
    let text = decoded.text();
    let index = LineIndex::new(text);
    let Split {
        rows,
        unclosed,
        cut,
    } = split(text, delimiter);
    let n_columns = usual_width(&rows);
    // Another separator is rare in sums and sentences.
    let head = rows.iter().find(|row| row.len() > 1 && delimiter == b',');
    let grid = rows
        .iter()
        .enumerate()
        .map(|(number, row)| GridRow {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            cells: head
                .map_or(Cow::from(row), |head| joined(text, row, head))
                .iter()
                .enumerate()
                .filter(|(_, cell)| !is_blank(text, cell))
                .take(MAX_COLUMNS)
                .map(|(column, cell)| {
                    let linked = value(decoded, &index, cell);
                    GridCell {
                        column,
                        width: 1,
                        is_figure: rows::is_figure(linked.text.as_str()),
                        linked,
                    }
                })
                .filter(|cell| !cell.linked.text.is_empty())
                .collect(),
        })
        .collect();
    let first = grid::push(grid, None, document, &mut 0) as usize;
    let ragged: Vec<(u32, usize)> = (rows.iter().skip(first))
        .filter(|row| !fits(text, row, n_columns))
        .map(|row| {
            let start = row.first().map_or(0, |cell| cell.start);
            (index.line_of(start), row.len())
        })
        .collect();
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let line_of = |at: usize| index.line_of(at);
    warnings(
        &ragged,
        n_columns,
        unclosed.map(line_of),
        cut.map(line_of),
        widest,
    )
}

/// A row of more cells than its head, with those put together that a comma of a sum (« 58 400,00 ») or of a sentence parted, where there are just as many
/// of these as cells too many: exports that never quote cells have such rows.
fn joined<'r>(text: &str, row: &'r Row, head: &Row) -> Cow<'r, [Range<usize>]> {
    // More are no accident of commas.
    const MOST: usize = 20;
    let string = |cell: &Range<usize>| text.get(cell.clone()).unwrap_or_default();
    let is_parted = |cell: &Range<usize>| {
        let letters = string(cell).strip_prefix(' ');
        letters.is_some_and(|letters| letters.starts_with(char::is_alphabetic))
    };
    let filled = row.iter().rposition(|cell| !is_blank(text, cell));
    let n_more = filled.map_or(0, |last| (last + 1).saturating_sub(head.len()));
    // Where the head has a space behind its commas, so have all rows.
    if n_more == 0 || n_more > MOST || head.iter().any(is_parted) {
        return Cow::from(row);
    }
    let goes_on = |before: &Range<usize>, cell: &Range<usize>| {
        is_parted(cell) && !is_blank(text, before) && !string(before).starts_with('"')
    };
    let has_cents = |before: &Range<usize>, cell: &Range<usize>| {
        let cents = string(cell);
        cents.len() == 2
            && cents.bytes().all(|byte| byte.is_ascii_digit())
            && string(before).ends_with(|c: char| c.is_ascii_digit())
    };
    let places = |is: &dyn Fn(&Range<usize>, &Range<usize>) -> bool| -> Vec<usize> {
        (row.windows(2).enumerate())
            .filter(|(_, pair)| matches!(pair, [before, cell] if is(before, cell)))
            .map(|(at, _)| at + 1)
            .collect()
    };
    let (sentences, cents) = (places(&goes_on), places(&has_cents));
    let both = [sentences.clone(), cents.clone()].concat();
    let Some(parted) = ([both, sentences, cents].into_iter()).find(|all| all.len() == n_more)
    else {
        return Cow::from(row);
    };
    let mut joined = Row::new();
    for (at, cell) in row.iter().enumerate() {
        match joined.last_mut() {
            Some(last) if parted.contains(&at) => last.end = cell.end,
            _ => joined.push(cell.clone()),
        }
    }
    joined.into()
}

/// What is wrong with a table.
fn warnings(
    ragged: &[(u32, usize)],
    n_columns: usize,
    unclosed: Option<u32>,
    cut: Option<u32>,
    widest: usize,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    if let Some(((line, n_cells), others)) = ragged.split_first() {
        let others = match others.len() {
            0 => None,
            1 => Some(message!(", and another row differs")),
            more => Some(message!(", and {more} more rows differ", more)),
        };
        warnings.push(
            Diagnostic::warning(message!(
                "line {line}: the row has {n_cells} cells, the table {n_columns}{others}",
                line,
                n_cells = *n_cells,
                n_columns,
                others
            ))
            .with_hint(message!(
                "put cells that hold the separator between quotation marks"
            )),
        );
    }
    if let Some(line) = unclosed {
        warnings.push(
            Diagnostic::warning(message!("line {line}: the quotation mark is never closed; from here on quotation marks are read as characters", line))
            .with_hint(message!("close it, or double it where it is a character")),
        );
    }
    if let Some(line) = cut {
        warnings.push(
            Diagnostic::warning(message!(
                "line {line}: the table has more than {most} cells; it is read up to here",
                line,
                most = MAX_CELLS
            ))
            .with_hint(message!("split the table")),
        );
    }
    if widest > MAX_COLUMNS {
        warnings.push(Diagnostic::warning(message!(
            "a row has {widest} cells; {most} are read",
            widest,
            most = MAX_COLUMNS
        )));
    }
    warnings
}

/// Rows as they stand in a text.
#[derive(Debug, Default, PartialEq)]
struct Split {
    rows: Vec<Row>,
    /// Where a cell begins whose quotation mark is never closed.
    unclosed: Option<usize>,
    /// Where the row begins that is one too many.
    cut: Option<usize>,
}

/// Cuts a text into rows; empty lines are none. From a quotation mark on that is never closed, quotation marks are characters like others.
fn split(text: &str, delimiter: u8) -> Split {
    let mut split = Split::default();
    read_rows(text, 0, delimiter, true, &mut split);
    let open = split
        .rows
        .last()
        .and_then(|row| row.last())
        .filter(|cell| is_open(text.get((*cell).clone()).unwrap_or_default()))
        .cloned();
    if let Some(cell) = open {
        let row = split.rows.pop().unwrap_or_default();
        split.unclosed = Some(cell.start);
        let start = row.first().map_or(0, |cell| cell.start);
        read_rows(text, start, delimiter, false, &mut split);
    }
    split
}

/// Adds the rows from the byte `from` on.
fn read_rows(text: &str, from: usize, delimiter: u8, quoting: bool, split: &mut Split) {
    let mut reader: Reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoting)
        .build();
    let bytes = text.as_bytes();
    // What a cell reads as is not kept: only where it ends.
    let mut scratch = [0; 4096];
    let (mut at, mut start) = (from, from);
    let mut row = Row::new();
    let mut n_cells: usize = split
        .rows
        .iter()
        .flatten()
        .filter(|cell| !is_blank(text, cell))
        .count();
    loop {
        let (result, n_read, _) =
            reader.read_field(bytes.get(at..).unwrap_or_default(), &mut scratch);
        at += n_read;
        match result {
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
            ReadFieldResult::End => break,
            ReadFieldResult::Field { record_end } => {
                if row.is_empty() {
                    // The line feed of a line before, and lines without anything.
                    start += bytes
                        .get(start..at)
                        .unwrap_or_default()
                        .iter()
                        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                        .count();
                }
                // The sign behind a cell was read with it; the end of the file has none.
                let end = if n_read > 0 { at - 1 } else { at };
                row.push(start.min(end)..end);
                start = at;
                if record_end {
                    let row = std::mem::take(&mut row);
                    n_cells += row.iter().filter(|cell| !is_blank(text, cell)).count();
                    if n_cells > MAX_CELLS {
                        split.cut = row.first().map(|cell| cell.start);
                        break;
                    }
                    split.rows.push(row);
                }
            }
        }
    }
}

/// Whether a cell says nothing.
fn is_blank(text: &str, cell: &Range<usize>) -> bool {
    text.get(cell.clone())
        .is_none_or(|string| string.trim().is_empty())
}

/// Whether the quotation mark that a cell begins with is never closed.
fn is_open(cell: &str) -> bool {
    cell.starts_with('"') && {
        let inner = cell.get(1..).unwrap_or_default();
        let marks = inner.bytes().rev().take_while(|byte| *byte == b'"').count();
        let closed_within = inner.replace("\"\"", "").contains('"');
        marks % 2 == 0 && !closed_within
    }
}

/// What a cell says: without the quotation marks around it, and with one for each that is doubled; a line's end is one that its author made.
fn value(decoded: &Decoded, index: &LineIndex, cell: &Range<usize>) -> Linked {
    let text = decoded.text();
    let mut writer = TextWriter::new(decoded, Some(index));
    for piece in unquoted(text, cell.clone()) {
        let string = text.get(piece.clone()).unwrap_or_default();
        let mut start = piece.start;
        for line in string.split_inclusive(['\n', '\r']) {
            let end = start + line.trim_end_matches(['\n', '\r']).len();
            writer.push(start..end, Style::default(), None);
            if end < start + line.len() {
                writer.push_break();
            }
            start += line.len();
        }
    }
    let linked = writer.take();
    linked.slice(0..linked.text.len())
}

/// The stretches of a cell that are its value.
fn unquoted(text: &str, cell: Range<usize>) -> Vec<Range<usize>> {
    let string = text.get(cell.clone()).unwrap_or_default();
    if !string.starts_with('"') || is_open(string) {
        return vec![cell];
    }
    let mut pieces = Vec::new();
    let mut start = cell.start + 1;
    let mut marks = string
        .match_indices('"')
        .map(|(at, _)| cell.start + at)
        .skip(1)
        .peekable();
    while let Some(mark) = marks.next() {
        if marks.peek() == Some(&(mark + 1)) {
            pieces.push(start..mark + 1);
            marks.next();
            start = mark + 2;
        } else {
            // Behind the closing mark, marks are characters.
            pieces.push(start..mark);
            start = mark + 1;
            break;
        }
    }
    pieces.push(start..cell.end);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// How many cells most rows have.
fn usual_width(rows: &[Row]) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for row in rows.iter().take(SAMPLE).filter(|row| row.len() > 1) {
        *counts.entry(row.len()).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width))
        .map_or(1, |(width, _)| width)
}

/// Whether a row has the table's columns; empty cells at its end do not count, and a line alone is no row.
fn fits(text: &str, row: &Row, n_columns: usize) -> bool {
    let filled = row
        .iter()
        .rposition(|cell| !is_blank(text, cell))
        .map_or(0, |last| last + 1);
    row.len() == n_columns || row.len() > n_columns && filled <= n_columns || row.len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::raw::{DocumentId, Format, RawDocument};
    use crate::parse::parse_text;

    fn parse(bytes: &[u8], delimiter: u8) -> (Document, Vec<String>) {
        let raw = RawDocument {
            address: None,
            id: DocumentId::of(bytes),
            path: "laureats.csv".to_owned(),
            format: Format::Csv { delimiter },
            bytes: bytes.to_vec().into(),
        };
        let parsed = parse_text(&raw, &crate::config::Limits::default()).expect("it is readable");
        let warnings = parsed.warnings.iter().map(ToString::to_string).collect();
        (parsed.output, warnings)
    }

    fn shown(document: &Document) -> Vec<String> {
        document
            .blocks
            .iter()
            .map(|block| match block.cell {
                Some(cell) => format!(
                    "{},{}{} {}",
                    cell.row,
                    cell.column,
                    if cell.header { " head" } else { "" },
                    block.text.as_str()
                ),
                None => block.text.as_str().to_owned(),
            })
            .collect()
    }

    #[track_caller]
    fn check(source: &str, delimiter: u8, expected: &[&str]) {
        let (document, warnings) = parse(source.as_bytes(), delimiter);
        assert_eq!(shown(&document), expected);
        assert_eq!(warnings, Vec::<String>::new());
    }

    #[test]
    fn cells_stand_in_their_rows() {
        check(
            "nom;ville\nLe Toit;Lens\r\n\nL’Atelier;\n",
            b';',
            &[
                "0,0 head nom",
                "0,1 head ville",
                "1,0 Le Toit",
                "1,1 Lens",
                "2,0 L’Atelier",
            ],
        );
    }

    #[test]
    fn lines_above_the_columns_names_are_about_the_table() {
        check(
            "\u{feff}Lauréats 2024;;\n;;\nnom;ville;montant\nLe Toit;Lens;500 €\nL’Atelier;Douai;300 €\n",
            b';',
            &[
                "Lauréats 2024",
                "0,0 head nom",
                "0,1 head ville",
                "0,2 head montant",
                "1,0 Le Toit",
                "1,1 Lens",
                "1,2 500 €",
                "2,0 L’Atelier",
                "2,1 Douai",
                "2,2 300 €",
            ],
        );
    }

    #[test]
    fn quoted_cells_hold_separators_lines_and_marks() {
        check(
            "nom,projet\n\"Le Toit, Lens\",\"Un \"\"grand\"\" toit\nà deux\"\n",
            b',',
            &[
                "0,0 head nom",
                "0,1 head projet",
                "1,0 Le Toit, Lens",
                "1,1 Un \"grand\" toit\nà deux",
            ],
        );
    }

    #[test]
    fn every_character_keeps_its_place() {
        // Windows-1252: « é » is one byte of the file and two of the text.
        let source = b"nom;projet\n\"\xe9t\xe9 \"\"bleu\"\"\";x\n";
        let (document, _) = parse(source, b';');
        let name = document.blocks.get(2).expect("there is a row");
        assert_eq!(name.text.as_str(), "été \"bleu\"");
        let read: Vec<u8> = name
            .text
            .evidence(&())
            .iter()
            .filter_map(|piece| piece.span)
            .flat_map(|[start, end]| source[start as usize..end as usize].to_vec())
            .collect();
        assert_eq!(read, b"\xe9t\xe9 \"bleu\"");
    }

    #[test]
    fn rows_of_other_widths_are_told() {
        let (document, warnings) = parse(b"a;b;c\n1 x;2 x;3 x\n1 y;2 y\n4 x;5 x;6 x\n", b';');
        assert_eq!(document.blocks.len(), 11);
        assert_eq!(warnings, ["line 3: the row has 2 cells, the table 3"]);
    }

    #[test]
    fn a_mark_that_is_never_closed_takes_nothing_along() {
        let (document, warnings) = parse(b"a;b\nun;\"deux\ntrois;quatre\n", b';');
        assert_eq!(
            shown(&document),
            [
                "0,0 head a",
                "0,1 head b",
                "1,0 un",
                "1,1 \"deux",
                "2,0 trois",
                "2,1 quatre"
            ]
        );
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn cells_that_a_comma_parted_are_put_together() {
        let check = |text: &str, expected: &[&str]| {
            let split = split(text, b',');
            let row = joined(text, &split.rows[1], &split.rows[0]);
            let cells: Vec<&str> = row.iter().map(|cell| &text[cell.clone()]).collect();
            assert_eq!(cells, expected);
        };
        check(
            "qui,objet,montant,payé\nADILE,Un conseil, et un avis,64 125,00,oui",
            &["ADILE", "Un conseil, et un avis", "64 125,00", "oui"],
        );
        check("a,b,c,d\nx,y,12,00,z", &["x", "y", "12,00", "z"]);
        // Nothing shows which belong together.
        check("a,b\nx,y,z,t", &["x", "y", "z", "t"]);
        // A comma at the end is of no cell, nor does a space behind all of them part a sentence.
        check("a,b\nLe Toit, Lens,", &["Le Toit", " Lens", ""]);
        check("a, b\nLe Toit, Lens,62", &["Le Toit", " Lens", "62"]);
    }

    #[test]
    fn a_table_without_names_of_columns_has_no_header() {
        check(
            "Le Toit;12\nL’Atelier;15\n",
            b';',
            &["0,0 Le Toit", "0,1 12", "1,0 L’Atelier", "1,1 15"],
        );
    }

    proptest::proptest! {
        #[test]
        fn cells_read_as_the_csv_crate_reads_them(source in "[ab\"; \n]{0,40}") {
            let split = split(&source, b';');
            proptest::prop_assume!(split.unclosed.is_none());
            let found: Vec<Vec<String>> = split
                .rows
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|cell| unquoted(&source, cell.clone()).into_iter().map(|piece| &source[piece]).collect::<String>().trim().to_owned())
                        .collect()
                })
                .collect();
            let expected: Vec<Vec<String>> = csv::ReaderBuilder::new()
                .delimiter(b';')
                .flexible(true)
                .has_headers(false)
                .from_reader(source.as_bytes())
                .records()
                .map(|row| row.expect("it is UTF-8").iter().map(|cell| cell.trim().to_owned()).collect())
                .collect();
            proptest::prop_assert_eq!(found, expected);
        }
    }
}
