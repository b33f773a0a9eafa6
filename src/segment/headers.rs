//! The header row of a table, and what each of its columns is about. No entry is found here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cells;
use super::sums;
use super::units::UnitLabel;
use crate::model::document::{Block, Cell, Document};
use crate::profile::{Field, Lexicon, VOCABULARY, column_field, fold, places};

/// The last of the rows that head a table whose markup tells no header: the first row, where most of its cells are labels of the lexicon; or several
/// storeys of cells in bold over rows that are not, the upper of which span columns.
pub(super) fn header_rows(document: &Document, lexicon: &Lexicon) -> HeaderRows {
    // A header has three storeys at most.
    const TALLEST: u32 = 3;
    let mut rows: HashMap<u32, BTreeMap<u32, HeadTally>> = HashMap::new();
    let mut marked: BTreeSet<u32> = BTreeSet::new();
    let mut widths: HashMap<u32, usize> = HashMap::new();
    for block in &document.blocks {
        let Some(cell) = block.cell else { continue };
        let width = widths.entry(cell.table).or_default();
        *width = (usize::from(cell.column) + 1).max(*width);
        if cell.header {
            marked.insert(cell.table);
        }
        // The row below the last storey tells whether its look does.
        if cell.row <= TALLEST {
            let tally = rows
                .entry(cell.table)
                .or_default()
                .entry(cell.row)
                .or_default();
            tally.cells += 1;
            tally.bold += usize::from(block.style.bold || cell.header);
            tally.labels += usize::from(
                cell.row < TALLEST && column_field(block.text.as_str(), lexicon).is_some(),
            );
        }
    }
    rows.into_iter()
        .filter_map(|(table, rows)| {
            let first = rows.get(&0)?;
            let is_marked = marked.contains(&table);
            if !is_marked && first.labels > 1 && first.labels * 2 >= first.cells {
                return Some((table, 0));
            }
            let storeys: Vec<&HeadTally> = rows
                .values()
                .take_while(|row| row.bold == row.cells)
                .collect();
            let labels: usize = storeys.iter().map(|row| row.labels).sum();
            let over_others = storeys.len() < rows.len();
            let spans = widths.get(&table).is_some_and(|width| first.cells < *width);
            let heads = if spans {
                storeys.len() > 1
            } else {
                storeys.len() == 1 && !is_marked
            };
            let last = u32::try_from(storeys.len()).ok()?.checked_sub(1)?;
            (heads && labels > 1 && over_others).then_some((table, last))
        })
        .collect()
}

/// The last row of each table's header that only its words and look tell.
pub(super) type HeaderRows = BTreeMap<u32, u32>;

/// What the cells of one of the first rows of a table have in common.
#[derive(Default)]
struct HeadTally {
    cells: usize,
    bold: usize,
    labels: usize,
}

pub(super) fn is_read_as_header(heads: &HeaderRows, cell: Cell) -> bool {
    heads.get(&cell.table).is_some_and(|last| cell.row <= *last)
}

/// The field that heads each column of each data table.
pub(super) fn column_headers(
    document: &Document,
    lexicon: &Lexicon,
    rows: &DataRows,
    heads: &HeaderRows,
) -> HashMap<(u32, u16), UnitLabel> {
    let mut headers: HashMap<(u32, u16), UnitLabel> = HashMap::new();
    let mut unknown: Vec<(Cell, String)> = Vec::new();
    let worded = worded_columns(document);
    for block in &document.blocks {
        let Some(cell) = block.cell.filter(|cell| {
            (cell.header || is_read_as_header(heads, *cell)) && !heads_row(rows, *cell)
        }) else {
            continue;
        };
        let text = block.text.as_str().trim_end_matches([':', ' ']);
        if let Some(field) = column_field(text, lexicon) {
            // « Statut », « Source » are about the document, but at the head of a column about each row.
            let field = match field {
                Field::Document => Field::Other,
                field => field,
            };
            headers
                .entry((cell.table, cell.column))
                .or_insert(UnitLabel {
                    field,
                    text: block.text.as_str().to_owned(),
                    value: 0..0,
                    column: true,
                });
            continue;
        }
        // « N° » heads numbers, which need no label; « id » heads what is no number.
        let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
        if n_letters > 2 || n_letters > 0 && worded.contains(&(cell.table, cell.column)) {
            unknown.push((cell, text.to_owned()));
        }
    }
    settle_unknown_columns(document, heads, rows, &unknown, &mut headers);
    settle_rivals(document, &mut headers);
    name_titles(document, &mut headers);
    head_continued_tables(document, &mut headers);
    sums::name_sums(document, rows, &mut headers);
    headers
}

/// The columns in which most cells have letters.
fn worded_columns(document: &Document) -> BTreeSet<(u32, u16)> {
    let mut counts: BTreeMap<(u32, u16), (usize, usize)> = BTreeMap::new();
    for block in document.blocks.iter().filter(|block| block.is_body()) {
        if let Some(cell) = block.cell.filter(|cell| !cell.header) {
            let (all, worded) = counts.entry((cell.table, cell.column)).or_default();
            *all += 1;
            *worded += usize::from(block.text.as_str().contains(char::is_alphabetic));
        }
    }
    (counts.into_iter())
        .filter(|(_, (all, worded))| worded * 2 > *all)
        .map(|(place, _)| place)
        .collect()
}

/// A column of what is told (« Objet ») names the projects where the table has no column for them and its cells are titles.
fn name_titles(document: &Document, headers: &mut HashMap<(u32, u16), UnitLabel>) {
    // A sentence has more words, or ends as one.
    const LONGEST: usize = 15;
    let columns = |field: Field| -> BTreeSet<(u32, u16)> {
        (headers.iter())
            .filter(|(_, label)| label.field == field)
            .map(|(place, _)| *place)
            .collect()
    };
    let entitled: BTreeSet<u32> = columns(Field::Project)
        .iter()
        .map(|place| place.0)
        .collect();
    let mut cells: BTreeMap<(u32, u16), (usize, usize)> = (columns(Field::Description).into_iter())
        .filter(|(table, _)| !entitled.contains(table))
        .map(|place| (place, (0, 0)))
        .collect();
    if cells.is_empty() {
        return;
    }
    for block in &document.blocks {
        let Some(cell) = block.cell.filter(|cell| !cell.header) else {
            continue;
        };
        if let Some((all, titles)) = cells.get_mut(&(cell.table, cell.column)) {
            let text = block.text.as_str().trim_end();
            *all += 1;
            *titles += usize::from(
                text.split_whitespace().count() <= LONGEST && !text.ends_with(['.', '…']),
            );
        }
    }
    for (place, (all, titles)) in cells {
        if titles * 10 >= all * 9
            && let Some(label) = headers.get_mut(&place)
        {
            label.field = Field::Project;
        }
    }
}

/// A table without heads right behind one that has some, and of as many columns, goes on with it on the next page.
fn head_continued_tables(document: &Document, headers: &mut HashMap<(u32, u16), UnitLabel>) {
    // Tables of two columns are too many kinds of things.
    const FEWEST: u16 = 3;
    let mut widths: BTreeMap<u32, u16> = BTreeMap::new();
    let mut behind: BTreeMap<u32, u32> = BTreeMap::new();
    let mut last: Option<u32> = None;
    for block in document.blocks.iter().filter(|block| block.is_body()) {
        let table = block.cell.map(|cell| cell.table);
        if let Some(cell) = block.cell {
            let width = widths.entry(cell.table).or_default();
            *width = cell.column.saturating_add(1).max(*width);
            if let Some(before) = last.filter(|before| *before != cell.table) {
                behind.entry(cell.table).or_insert(before);
            }
        }
        last = table;
    }
    for (table, before) in behind {
        let width = |table: u32| widths.get(&table).copied().unwrap_or_default();
        let has_heads = |table: u32| headers.keys().any(|(owner, _)| *owner == table);
        if width(table) < FEWEST || width(table) != width(before) || has_heads(table) {
            continue;
        }
        for column in 0..width(table) {
            if let Some(label) = headers.get(&(before, column)).cloned() {
                headers.insert((table, column), label);
            }
        }
    }
}

/// What the cells of a column have in common.
#[derive(Default)]
struct ColumnTally<'d> {
    /// Cells with letters or, in a column of amounts, with figures.
    filled: usize,
    distinct: HashSet<&'d str>,
    /// How much they look like organisations, added up.
    lean: f32,
}

/// Of several columns that feed a field of one value (« Association » and « Établissement », « Département » and « Commune »), one does; the others keep
/// their own name. The laureate, as a place, is the column that tells most rows apart (several are of one school), then the one that looks most like
/// organisations; a sum is the one that was given.
fn settle_rivals(document: &Document, headers: &mut HashMap<(u32, u16), UnitLabel>) {
    let mut single: Vec<((u32, u16), Field)> = headers
        .iter()
        .map(|(place, label)| (*place, label.field))
        .filter(|(_, field)| is_single(*field))
        .collect();
    single.sort_unstable();
    let mut columns: BTreeMap<(u32, Field), Vec<u16>> = BTreeMap::new();
    for ((table, column), field) in single {
        columns.entry((table, field)).or_default().push(column);
    }
    columns.retain(|_, rivals| rivals.len() > 1);
    if columns.is_empty() {
        return;
    }
    let contested: HashSet<(u32, u16)> = columns
        .iter()
        .flat_map(|((table, _), rivals)| rivals.iter().map(|column| (*table, *column)))
        .collect();
    let mut tallies: HashMap<(u32, u16), ColumnTally<'_>> = HashMap::new();
    for block in &document.blocks {
        let Some(place) = block
            .cell
            .filter(|cell| !cell.header)
            .map(|cell| (cell.table, cell.column))
            .filter(|place| contested.contains(place))
        else {
            continue;
        };
        let is_sum = headers
            .get(&place)
            .is_some_and(|label| label.field == Field::Amount);
        let text = block.text.as_str().trim();
        if text.contains(if is_sum {
            is_digit
        } else {
            char::is_alphabetic
        }) {
            let tally = tallies.entry(place).or_default();
            tally.filled += 1;
            tally.distinct.insert(text);
            tally.lean += VOCABULARY.organisation_lean(text);
        }
    }
    for ((table, field), rivals) in columns {
        let weight = |column: u16| {
            let tally = tallies.get(&(table, column));
            let filled = tally.map_or(0, |tally| tally.filled);
            let distinct = tally.map_or(0, |tally| tally.distinct.len()) as f32;
            let lean = tally.map_or(0.0, |tally| tally.lean);
            let given = headers.get(&(table, column)).map_or(0.0, |label| {
                givenness(&label.text) + sums::recency(&label.text)
            });
            match field {
                Field::Name => (filled > 0, distinct, lean),
                Field::Amount => (filled > 0, given, filled as f32),
                _ => (filled > 0, distinct, filled as f32),
            }
        };
        // Of equals, the first.
        let best = rivals.iter().copied().reduce(|best, column| {
            let (a, b) = (weight(best), weight(column));
            let order = (a.0.cmp(&b.0))
                .then(a.1.total_cmp(&b.1))
                .then(a.2.total_cmp(&b.2));
            if order.is_lt() { column } else { best }
        });
        for column in rivals.into_iter().filter(|column| Some(*column) != best) {
            if let Some(label) = headers.get_mut(&(table, column)) {
                label.field = Field::Other;
            }
        }
    }
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// Fields that hold one value, which two columns would run together.
fn is_single(field: Field) -> bool {
    matches!(
        field,
        Field::Name
            | Field::Territory
            | Field::Region
            | Field::Amount
            | Field::Theme
            | Field::Call
            | Field::AidType
            | Field::Duration
    )
}

/// How much the name of a column says that its sums were given, and not asked for or spent.
fn givenness(name: &str) -> f32 {
    let folded = fold(name);
    let says = |stems: &[String]| {
        folded
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| stems.iter().any(|stem| word.starts_with(stem.as_str())))
    };
    if says(VOCABULARY.granted()) {
        1.0
    } else if says(VOCABULARY.ungranted()) {
        -1.0
    } else {
        0.0
    }
}

/// Columns of laureates whose cells say the place on a line of their own below the name, in tables that have no column for it.
pub(super) fn placed_names(
    document: &Document,
    headers: &HashMap<(u32, u16), UnitLabel>,
) -> BTreeSet<(u32, u16)> {
    // Fewer rows may do so by chance.
    const FEWEST: usize = 2;
    let placed: HashSet<u32> = headers
        .iter()
        .filter(|(_, label)| label.field == Field::Territory)
        .map(|((table, _), _)| *table)
        .collect();
    // Cells, those of two lines whose second could be a place, and those whose second is a known one.
    let mut counts: BTreeMap<(u32, u16), (usize, usize, usize)> = BTreeMap::new();
    for block in &document.blocks {
        let Some(place) = block
            .cell
            .filter(|cell| !cell.header && !placed.contains(&cell.table))
            .map(|cell| (cell.table, cell.column))
            .filter(|place| {
                headers
                    .get(place)
                    .is_some_and(|label| label.field == Field::Name)
            })
        else {
            continue;
        };
        let (cells, possible, known) = counts.entry(place).or_default();
        *cells += 1;
        if let Some((_, second)) = block
            .text
            .as_str()
            .split_once('\n')
            .filter(|(_, second)| !second.contains('\n'))
        {
            let likeness = places::likeness(second);
            *possible += usize::from(likeness > 0.0);
            *known += usize::from(likeness >= places::SURE);
        }
    }
    counts
        .into_iter()
        .filter(|(_, (cells, possible, known))| {
            *possible >= FEWEST && possible * 10 >= cells * 8 && known * 2 >= *possible
        })
        .map(|(place, _)| place)
        .collect()
}

/// Says of the columns of tables that nobody knows, by their cells, who each row is about, what, and where; the others keep their own names.
fn settle_unknown_columns(
    document: &Document,
    heads: &HeaderRows,
    rows: &DataRows,
    unknown: &[(Cell, String)],
    headers: &mut HashMap<(u32, u16), UnitLabel>,
) {
    let is_head = |cell: Cell| cell.header || is_read_as_header(heads, cell);
    let labelled: BTreeSet<(u32, Field)> = (headers.iter())
        .map(|((table, _), label)| (*table, label.field))
        .collect();
    let mut fields: BTreeMap<u32, Vec<Field>> = BTreeMap::new();
    for (table, field) in labelled {
        fields.entry(table).or_default().push(field);
    }
    // Columns of those served and of partners may be of those who get something.
    let strangers = (unknown.iter()).map(|(cell, text)| ((cell.table, cell.column), text.as_str()));
    let may_get = (headers.iter())
        .filter(|(_, label)| matches!(label.field, Field::Public | Field::Partners))
        .map(|(place, label)| (*place, label.text.as_str()));
    let mut of_table: BTreeMap<u32, Vec<cells::Column<'_>>> = BTreeMap::new();
    for column in cells::columns(document, strangers.chain(may_get), is_head) {
        of_table.entry(column.place.0).or_default().push(column);
    }
    let label_of = |place| headers.get(&place).map(|label| label.field);
    let settled: Vec<cells::Settled> = (of_table.iter())
        .flat_map(|(table, columns)| {
            let n_rows = rows.get(table).map_or(0, BTreeSet::len);
            let known = fields.get(table).map_or(&[][..], Vec::as_slice);
            cells::settle(columns, known, label_of, n_rows)
        })
        .collect();
    let of_records: BTreeSet<u32> = (fields.keys().copied())
        .chain(settled.iter().map(|settled| settled.place.0))
        .filter(|table| rows.get(table).is_some_and(|rows| rows.len() > 1))
        .collect();
    for (cell, text) in unknown
        .iter()
        .filter(|(cell, _)| of_records.contains(&cell.table))
    {
        headers
            .entry((cell.table, cell.column))
            .or_insert_with(|| UnitLabel {
                field: Field::Other,
                text: text.clone(),
                value: 0..0,
                column: true,
            });
    }
    for settled in &settled {
        if let Some(label) = headers.get_mut(&settled.place) {
            label.field = settled.field;
        }
    }
}

/// The columns of a document's tables that have a head, known or not.
pub fn columns_of<'d>(document: &'d Document, lexicon: &Lexicon) -> Vec<cells::Column<'d>> {
    let heads = header_rows(document, lexicon);
    let rows = data_rows(document, &heads);
    let is_head = |cell: Cell| cell.header || is_read_as_header(&heads, cell);
    let named = (document.blocks.iter()).filter_map(|block| {
        let cell = block
            .cell
            .filter(|cell| is_head(*cell) && !heads_row(&rows, *cell))?;
        Some(((cell.table, cell.column), block.text.as_str()))
    });
    cells::columns(document, named, is_head)
}

/// The rows of each table that have data cells.
pub(super) type DataRows = HashMap<u32, BTreeSet<u32>>;

/// The rows of each table that have data cells.
pub(super) fn data_rows(document: &Document, heads: &HeaderRows) -> DataRows {
    let mut rows = DataRows::new();
    for cell in document
        .blocks
        .iter()
        .filter_map(|block| block.cell)
        .filter(|cell| !cell.header && !is_read_as_header(heads, *cell))
    {
        rows.entry(cell.table).or_default().insert(cell.row);
    }
    rows
}

/// Whether a header cell heads its row: other cells of the row are data.
pub(super) fn heads_row(rows: &DataRows, cell: Cell) -> bool {
    cell.header
        && rows
            .get(&cell.table)
            .is_some_and(|rows| rows.contains(&cell.row))
}

pub(super) fn header_label(
    block: &Block,
    lexicon: &Lexicon,
    headers: &HashMap<(u32, u16), UnitLabel>,
    rows: &DataRows,
) -> Option<UnitLabel> {
    let cell = block.cell?;
    let header = headers.get(&(cell.table, cell.column));
    let words = block.text.as_str().trim_end_matches([':', ' ']);
    let field = lexicon.field(words);
    let heads_row = heads_row(rows, cell);
    // What stands first in its row, in bold, is a value as the others are where its column has a head of its own: « Poste » above « ABIDJAN ».
    let is_value = heads_row && header.is_some() && field.is_none();
    if cell.header && !is_value {
        if heads_row {
            // The value is the next cell.
            let end = block.text.len();
            return Some(UnitLabel {
                field: field.unwrap_or(Field::Other),
                text: words.to_owned(),
                value: end..end,
                column: false,
            });
        }
        return field.map(|field| UnitLabel {
            field,
            text: words.to_owned(),
            value: 0..0,
            column: true,
        });
    }
    Some(UnitLabel {
        value: 0..block.text.len(),
        ..header?.clone()
    })
}
