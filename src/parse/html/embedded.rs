//! Records that a page holds as data for the program that shows them (JSON-LD, the state of an application). In: the scripts of a page; out: rows of a
//! table, each value at its bytes. Only where the page itself does not show them: what it shows is read from there.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::json::{self, Value};
use super::tree::{Content, NodeIdx, ROOT, Tree};
use crate::model::document::Document;
use crate::model::text::Style;
use crate::parse::encoding::Decoded;
use crate::parse::grid::{self, GridCell, GridRow};
use crate::parse::rows;
use crate::parse::writer::{LineIndex, Linked, TextWriter};

/// Fewer records are no list.
const FEWEST: usize = 2;

/// Letters that the records of a list have together, at least: settings of an application are lists, too, of words.
const LEAST_LETTERS: usize = 200;

/// Letters of a record that is about somebody, on average at least.
const LEAST_EACH: usize = 20;

/// Columns of a list that are told apart.
const MAX_COLUMNS: usize = 100;

/// Cells that are read.
const MAX_CELLS: usize = 100_000;

/// Objects within objects that are part of a record.
const MAX_DEPTH: usize = 3;

/// Keys of what programs need and people do not see. So are those that begin with a sign.
const TECHNICAL: [&str; 8] = [
    "id", "uuid", "slug", "key", "order", "position", "sort", "type",
];

/// Keys under which an object within a record says what it is: that has the name of the object.
const NAMING: [&str; 9] = [
    "label", "libelle", "name", "nom", "rendered", "title", "titre", "valeur", "value",
];

/// Adds the longest list of records that the scripts of a page hold and its text does not. Says how many there are.
pub(super) fn read(
    decoded: &Decoded,
    tree: &Tree,
    nesting: usize,
    document: &mut Document,
    n_tables: &mut u32,
) -> Option<usize> {
    let text = decoded.text();
    let scripts: Vec<Value> = tree
        .within(ROOT)
        .filter_map(|index| script(tree, index))
        .filter_map(|range| json::read(text, range, nesting))
        .collect();
    let mut lists = Vec::new();
    for script in &scripts {
        collect(text, script, &mut lists);
    }
    let shown: usize = (document.blocks.iter())
        .filter(|block| block.is_body())
        .map(|block| block.text.as_str().chars().count())
        .sum();
    let list = (lists.into_iter())
        .filter(|list| list.letters > shown.max(LEAST_LETTERS))
        .max_by_key(|list| list.letters)?;
    if is_shown(text, &list, document) {
        return None;
    }
    let n_records = list.records.len();
    grid::push(rows_of(decoded, &list), None, document, n_tables);
    Some(n_records)
}

/// The place of a script's text, where it is data.
fn script(tree: &Tree, index: NodeIdx) -> Option<Range<usize>> {
    let element = tree.element(index)?;
    let kind = element.attribute("type").unwrap_or_default();
    let is_data = element.tag_name() == "script"
        && matches!(kind.trim(), "application/json" | "application/ld+json");
    if !is_data {
        return None;
    }
    let runs = tree
        .children(index)
        .filter_map(|child| match &tree.node(child)?.content {
            Content::Text(runs) => Some((runs.first()?.range.start, runs.last()?.range.end)),
            _ => None,
        });
    let (start, end) = runs.reduce(|all, next| (all.0, next.1))?;
    Some(start..end)
}

/// Records of one list, with the letters of their words.
struct List {
    records: Vec<Vec<Field>>,
    letters: usize,
}

/// A value of a record.
struct Field {
    /// Keys that lead to it.
    path: String,
    /// What names it.
    name: Range<usize>,
    values: Vec<Range<usize>>,
}

/// Finds the lists of records in a value.
fn collect(text: &str, value: &Value, lists: &mut Vec<List>) {
    match value {
        Value::List(items) => {
            let records: Vec<Vec<Field>> = (items.iter())
                .filter_map(|item| match item {
                    Value::Object(_) => Some(fields(text, item)),
                    _ => None,
                })
                .filter(|fields| !fields.is_empty())
                .collect();
            let letters = (records.iter().flatten())
                .flat_map(|field| &field.values)
                .filter_map(|range| text.get(range.clone()))
                .filter(|string| string.contains(' '))
                .map(|string| string.chars().count())
                .sum();
            if records.len() >= FEWEST && letters >= records.len() * LEAST_EACH {
                lists.push(List { records, letters });
            }
            for item in items {
                collect(text, item, lists);
            }
        }
        Value::Object(fields) => {
            for (_, value) in fields {
                collect(text, value, lists);
            }
        }
        Value::String(_) | Value::Number(_) | Value::Word => {}
    }
}

fn fields(text: &str, record: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    flatten(text, record, "", None, 0, &mut fields);
    fields
}

/// Takes the values of a record, those of objects within it included. An object that says one thing says it under the name that it has itself.
fn flatten(
    text: &str,
    record: &Value,
    path: &str,
    name: Option<&Range<usize>>,
    depth: usize,
    fields: &mut Vec<Field>,
) {
    let Value::Object(members) = record else {
        return;
    };
    let key_of = |key: &Range<usize>| text.get(key.clone()).unwrap_or_default();
    let is_said = |key: &str| {
        key.starts_with(char::is_alphabetic)
            && !TECHNICAL.iter().any(|own| own.eq_ignore_ascii_case(key))
    };
    let has_kind = members.iter().any(|(key, _)| key_of(key) == "@type");
    let n_said = members
        .iter()
        .filter(|(key, _)| is_said(key_of(key)))
        .count();
    let name = name.filter(|_| !has_kind);
    for (key, value) in members {
        if !is_said(key_of(key)) {
            continue;
        }
        let path = format!("{path}/{}", key_of(key));
        let values = match value {
            Value::String(range) | Value::Number(range) => vec![range.clone()],
            Value::List(items) => items
                .iter()
                .filter_map(|item| match item {
                    Value::String(range) | Value::Number(range) => Some(range.clone()),
                    _ => None,
                })
                .collect(),
            Value::Object(_) => {
                if depth < MAX_DEPTH {
                    flatten(text, value, &path, Some(key), depth + 1, fields);
                }
                continue;
            }
            Value::Word => continue,
        };
        if !values.is_empty() {
            fields.push(Field {
                path,
                name: (name.filter(|_| n_said == 1 || NAMING.contains(&key_of(key))))
                    .unwrap_or(key)
                    .clone(),
                values,
            });
        }
    }
}

/// Whether the page shows most of the records: all words of the longest value of each.
fn is_shown(text: &str, list: &List, document: &Document) -> bool {
    let shown: HashSet<&str> = (document.blocks.iter())
        .flat_map(|block| words(block.text.as_str()))
        .collect();
    let is_shown = |record: &&Vec<Field>| {
        let longest =
            (record.iter().flat_map(|field| &field.values)).max_by_key(|value| value.len());
        longest.is_some_and(|value| words(&said(text, value)).all(|word| shown.contains(word)))
    };
    list.records.iter().filter(is_shown).count() * 2 > list.records.len()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    (text.split(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty())
}

/// The rows of a table: the names of its columns, then the records.
fn rows_of(decoded: &Decoded, list: &List) -> Vec<GridRow> {
    let index = LineIndex::new(decoded.text());
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    let mut head = GridRow::default();
    for field in list.records.iter().flatten() {
        let column = columns.len();
        if column < MAX_COLUMNS && !columns.contains_key(field.path.as_str()) {
            columns.insert(&field.path, column);
            let linked = written(decoded, &index, std::slice::from_ref(&field.name));
            head.cells.push(cell(column, linked));
        }
    }
    let mut left = MAX_CELLS;
    let records = (1..).zip(&list.records).map(|(number, record)| {
        let mut cells = BTreeMap::new();
        for field in record {
            if let Some(column) = columns.get(field.path.as_str())
                && left > 0
            {
                left -= 1;
                cells.insert(*column, written(decoded, &index, &field.values));
            }
        }
        GridRow {
            number,
            cells: (cells.into_iter())
                .filter(|(_, linked)| !linked.text.is_empty())
                .map(|(column, linked)| cell(column, linked))
                .collect(),
        }
    });
    let mut rows: Vec<GridRow> = records.collect();
    rows.insert(0, head);
    rows
}

fn cell(column: usize, linked: Linked) -> GridCell {
    GridCell {
        column,
        width: 1,
        is_figure: rows::is_figure(linked.text.as_str()),
        linked,
    }
}

/// Values as a text, one a line.
fn written(decoded: &Decoded, index: &LineIndex, values: &[Range<usize>]) -> Linked {
    let mut writer = TextWriter::new(decoded, Some(index));
    let style = Style::default();
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            writer.push_break();
        }
        for (place, stands_for) in pieces(decoded.text(), value) {
            match stands_for {
                Some(characters) => writer.push_as(&characters, &place, style, None),
                None => writer.push(place, style, None),
            }
        }
    }
    let linked = writer.take();
    linked.slice(0..linked.text.len())
}

/// A string cut into stretches that are as written, and those that stand for something else: escapes, and tags of markup, which stand for a space.
fn pieces(text: &str, value: &Range<usize>) -> Vec<(Range<usize>, Option<String>)> {
    let string = text.get(value.clone()).unwrap_or_default();
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = string.get(at..)
        && let Some(sign) = rest.find(['\\', '<'])
    {
        at += sign;
        let rest = string.get(at..).unwrap_or_default();
        let (length, stands_for) = if rest.starts_with('<') {
            let Some(length) = tag(rest) else {
                at += 1;
                continue;
            };
            (length, " ".to_owned())
        } else {
            escape(rest)
        };
        pieces.push((start..at, None));
        pieces.push((at..at + length, Some(stands_for)));
        at += length;
        start = at;
    }
    pieces.push((start..string.len(), None));
    pieces.retain(|(place, _)| place.start < place.end);
    for (place, _) in &mut pieces {
        *place = value.start + place.start..value.start + place.end;
    }
    pieces
}

/// What a string says.
fn said(text: &str, value: &Range<usize>) -> String {
    pieces(text, value)
        .into_iter()
        .map(|(place, stands_for)| {
            stands_for.unwrap_or_else(|| text.get(place).unwrap_or_default().to_owned())
        })
        .collect()
}

/// How long an escape is, and what it stands for; two that make one character are one.
fn escape(text: &str) -> (usize, String) {
    let unit = |at: usize| -> Option<u16> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let stands_for = match text.as_bytes().get(1) {
        Some(b'n' | b'r' | b't' | b'b' | b'f') => " ".to_owned(),
        Some(b'u') => {
            let Some(first) = unit(0) else {
                return (1, String::new());
            };
            if let (0xd800..0xdc00, Some(second @ 0xdc00..0xe000)) = (first, unit(6)) {
                return (12, String::from_utf16_lossy(&[first, second]));
            }
            return (6, String::from_utf16_lossy(&[first]));
        }
        _ => {
            let character = text.get(1..).and_then(|rest| rest.chars().next());
            let Some(character) = character else {
                return (1, String::new());
            };
            return (1 + character.len_utf8(), character.to_string());
        }
    };
    (2, stands_for)
}

/// Longest tag: longer ones are none.
const LONGEST_TAG: usize = 1000;

/// How long the tag is that a text begins with. Its closing slash may be escaped.
fn tag(text: &str) -> Option<usize> {
    let inside = text.get(1..)?.trim_start_matches(['\\', '/']);
    if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    text.bytes()
        .take(LONGEST_TAG)
        .position(|byte| byte == b'>')
        .map(|end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::parse;

    #[test]
    fn records_that_a_program_would_show_are_a_table() {
        let state = r#"{"props": {"menu": [{"label": "Accueil du site"}, {"label": "Contact et plan"}], "laureats": [
            {"id": 1, "structure": "Radio Rivage", "ville": {"nom": "Brest"}, "projet": "Des ondes et des mots pour apprendre le fran\u00e7ais, ouvert <b>\u00e0 tous</b>"},
            {"id": 2, "structure": "R\u00e9gie du Moulin", "ville": {"nom": "Vannes"}, "projet": "Jardins de saison : des l\u00e9gumes \u00ab bio \u00bb cultiv\u00e9s avec les habitants"},
            {"id": 3, "structure": "Le \"Toit\"", "ville": {"nom": "Lens"}, "projet": "Un toit pour tous, le temps de trouver un logement qui dure"}]}}"#;
        let page = |shown: &str| {
            parse(format!(
                "<html><body><div id=app>{shown}</div><script id=__NEXT_DATA__ type='application/json'>{state}</script>"
            ))
        };
        let document = page("Chargement");
        let cells: Vec<(u32, u16, &str)> = (document.blocks.iter())
            .filter_map(|block| {
                let cell = block.cell?;
                Some((cell.row, cell.column, block.text.as_str()))
            })
            .collect();
        let expected = [
            (0, 0, "structure"),
            (0, 1, "ville"),
            (0, 2, "projet"),
            (1, 0, "Radio Rivage"),
            (1, 1, "Brest"),
            (
                1,
                2,
                "Des ondes et des mots pour apprendre le français, ouvert à tous",
            ),
            (2, 0, "Régie du Moulin"),
            (2, 1, "Vannes"),
            (
                2,
                2,
                "Jardins de saison : des légumes « bio » cultivés avec les habitants",
            ),
            (3, 0, "Le \"Toit\""),
            (3, 1, "Lens"),
            (
                3,
                2,
                "Un toit pour tous, le temps de trouver un logement qui dure",
            ),
        ];
        assert_eq!(cells, expected);
        // What the page shows by itself is read from there, and what it shows beside them is more.
        let words = "Le conseil a examiné toutes les candidatures reçues cette année. ".repeat(20);
        for shown in [
            "<p>Des ondes et des mots pour apprendre le français, ouvert à tous<p>Jardins de saison : des légumes « bio » cultivés avec les habitants",
            &words,
        ] {
            let document = page(shown);
            assert!(
                document.blocks.iter().all(|block| block.cell.is_none()),
                "{shown}"
            );
        }
    }
}
