//! The table of decisions as it lies on disk: rows go in and out, and all else stays as it is, byte for byte. Bytes in, bytes out.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Act, COLUMNS, Decision, decoded, delimiter_of, places_of};
use crate::config::CsvDialect;
use crate::message;
use crate::message::{Message, verbatim};
use crate::model::tables::FORMULA_STARTS;
use crate::profile::fold;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The columns of a table that begins here, in English and in French.
const HEADERS: [[&str; 8]; 2] = [
    [
        "action", "document", "record", "name", "field", "found", "value", "other",
    ],
    [
        "acte",
        "document",
        "identifiant",
        "nom",
        "champ",
        "trouvé",
        "valeur",
        "autre",
    ],
];

/// A table, row by row as it is written.
#[derive(Clone, Debug)]
pub struct Table {
    /// Each with its line end; the first is the header.
    rows: Vec<String>,
    encoding: &'static Encoding,
    has_mark: bool,
    delimiter: char,
    line_end: &'static str,
    /// Where each of `COLUMNS` stands.
    places: [Option<usize>; 8],
    n_columns: usize,
    is_french: bool,
}

impl Table {
    /// A table without decisions.
    pub fn new(dialect: CsvDialect) -> Self {
        let (headers, delimiter, line_end, is_french) = match dialect {
            CsvDialect::Standard => (HEADERS[0], ',', "\n", false),
            CsvDialect::ExcelFr => (HEADERS[1], ';', "\r\n", true),
        };
        let header = headers.join(delimiter.encode_utf8(&mut [0; 4]));
        Self {
            rows: vec![header + line_end],
            encoding: UTF_8,
            has_mark: is_french,
            delimiter,
            line_end,
            places: std::array::from_fn(Some),
            n_columns: headers.len(),
            is_french,
        }
    }

    /// The table of these bytes. One that holds nothing is as a new one.
    pub fn read(bytes: &[u8], dialect: CsvDialect) -> Result<Self, Message> {
        let (text, encoding) = decoded(bytes);
        if text.trim().is_empty() {
            return Ok(Self::new(dialect));
        }
        if [UTF_16LE, UTF_16BE].contains(&encoding) {
            return Err(message!(
                "it is in UTF-16, in which nothing is added: save it as CSV in UTF-8"
            ));
        }
        let delimiter = delimiter_of(&text);
        let rows = rows_of(&text, delimiter);
        let header = rows.first().map_or("", String::as_str);
        let names = header.trim_end_matches(['\r', '\n']).split(delimiter);
        let headers: csv::StringRecord = names.map(|name| name.trim_matches('"').trim()).collect();
        let places = places_of(&headers);
        let action = places[0].and_then(|place| headers.get(place));
        Ok(Self {
            encoding,
            has_mark: bytes.starts_with(BYTE_ORDER_MARK.as_bytes()),
            delimiter,
            line_end: if header.ends_with("\r\n") {
                "\r\n"
            } else {
                "\n"
            },
            places,
            n_columns: headers.len(),
            is_french: action.is_some_and(|name| fold(name) == "acte"),
            rows,
        })
    }

    /// The row of a decision, as this table writes it. An error where the table has no column for what it says.
    pub fn row(&self, decision: &Decision) -> Result<String, Message> {
        let said = [
            self.act(decision.act),
            &decision.document,
            &decision.record,
            &decision.name,
            &decision.field,
            &decision.found,
            &decision.value,
            &decision.other,
        ];
        let mut cells = vec![String::new(); self.n_columns];
        for ((text, place), names) in said.into_iter().zip(self.places).zip(COLUMNS) {
            match place.and_then(|place| cells.get_mut(place)) {
                Some(cell) => *cell = inert(text),
                // A name helps to find a record again, and no more.
                None if text.is_empty() || names.contains(&"name") => {}
                None => {
                    let column = names.first().copied().unwrap_or_default();
                    return Err(message!("it has no column `{column}`", column));
                }
            }
        }
        let mut row = csv::WriterBuilder::new()
            .delimiter(u8::try_from(self.delimiter).unwrap_or(b','))
            .terminator(match self.line_end {
                "\r\n" => csv::Terminator::CRLF,
                _ => csv::Terminator::Any(b'\n'),
            })
            .from_writer(Vec::new());
        (row.write_record(&cells)).map_err(|error| verbatim(error.to_string()))?;
        let bytes = (row.into_inner()).map_err(|error| verbatim(error.to_string()))?;
        String::from_utf8(bytes).map_err(|error| verbatim(error.to_string()))
    }

    /// The row that begins on this line, from 1.
    pub fn row_on(&self, line: u64) -> Option<&str> {
        let mut next = 1;
        for row in &self.rows {
            if next >= line {
                return (next == line).then_some(row);
            }
            next += row.matches('\n').count() as u64;
        }
        None
    }

    /// Puts one row in the place of another: with `before` alone it is taken out, with `after` alone it is put at the end. False where there is no such row.
    pub fn replace(&mut self, before: Option<&str>, after: Option<&str>) -> bool {
        let Some(before) = before else {
            if let Some(last) = self.rows.last_mut().filter(|last| !last.ends_with('\n')) {
                last.push_str(self.line_end);
            }
            self.rows.extend(after.map(str::to_owned));
            return true;
        };
        // The last row may lack its line end, and gets it with the next.
        let is_it = |row: &String| {
            row.trim_end_matches(['\r', '\n']) == before.trim_end_matches(['\r', '\n'])
        };
        let Some(at) = self.rows.iter().skip(1).rposition(is_it) else {
            return false;
        };
        self.rows.splice(at + 1..at + 2, after.map(str::to_owned));
        true
    }

    /// The table as bytes, in the encoding that it had. An error where a character has no place in it.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Message> {
        let text = self.rows.concat();
        let (bytes, _, is_lossy) = self.encoding.encode(&text);
        if is_lossy {
            return Err(message!(
                "it is in windows-1252, which lacks a character of the value: save it as CSV in UTF-8"
            ));
        }
        let mark = if self.has_mark { BYTE_ORDER_MARK } else { "" };
        Ok([mark.as_bytes(), &bytes].concat())
    }

    fn act(&self, act: Act) -> &'static str {
        match (act, self.is_french) {
            (Act::Set, false) => "set",
            (Act::Set, true) => "corriger",
            (Act::Drop, false) => "drop",
            (Act::Drop, true) => "écarter",
            (Act::Add, false) => "add",
            (Act::Add, true) => "ajouter",
            (Act::Together, false) => "together",
            (Act::Together, true) => "réunir",
            (Act::Apart, false) => "apart",
            (Act::Apart, true) => "séparer",
        }
    }
}

/// A cell that no spreadsheet runs.
fn inert(text: &str) -> String {
    let guard = if text.starts_with(FORMULA_STARTS) {
        "'"
    } else {
        ""
    };
    format!("{guard}{text}")
}

/// The rows of a text, each with its line end: a line feed within quotes ends none.
fn rows_of(text: &str, delimiter: char) -> Vec<String> {
    let (mut rows, mut row) = (Vec::new(), String::new());
    let (mut is_quoted, mut begins_cell) = (false, true);
    for character in text.chars() {
        row.push(character);
        // A quote that is doubled closes and opens again.
        is_quoted ^= character == '"' && (is_quoted || begins_cell);
        begins_cell = !is_quoted && (character == delimiter || character == '"');
        if character == '\n' && !is_quoted {
            rows.push(std::mem::take(&mut row));
            begins_cell = true;
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn decision(value: &str) -> Decision {
        Decision {
            line: 0,
            act: Act::Set,
            document: "raw/a.md".to_owned(),
            record: "m-1".to_owned(),
            name: "Radio Rivage".to_owned(),
            field: "territory".to_owned(),
            found: "Brest".to_owned(),
            value: value.to_owned(),
            other: String::new(),
        }
    }

    /// Adds a decision to a table and takes it out again: the table with it, and what is read of that.
    #[track_caller]
    fn added(table: &[u8], value: &str) -> (Vec<u8>, Decision) {
        let mut changed = Table::read(table, CsvDialect::Standard).expect("it is a table");
        let row = changed.row(&decision(value)).expect("it has the columns");
        assert!(changed.replace(None, Some(&row)));
        let with = changed.to_bytes().expect("it has the characters");
        let read = read(&with).expect("it can be followed");
        assert!(changed.replace(Some(&row), None));
        assert_eq!(changed.to_bytes().as_deref(), Ok(table));
        (with, read.last().expect("there is one").clone())
    }

    #[test]
    fn a_row_is_written_as_the_table_is() {
        let plain = b"action,document,record,name,field,found,value,other\n";
        let (with, read) = added(plain, "Lorient, \"le port\"\net Lanester");
        assert!(with.ends_with(
            b"\nset,raw/a.md,m-1,Radio Rivage,territory,Brest,\"Lorient, \"\"le port\"\"\net Lanester\",\n"
        ));
        assert_eq!(read.value, "Lorient, \"le port\"\net Lanester");
        assert_eq!(added(plain, "=1+1").1.value, "=1+1");
        let saved = "\u{feff}Valeur;Champ;Trouvé;Acte;Document;Identifiant;Remarque\r\n;;;;;;\r\n\"a\r\nb\";territory;x;corriger;c;m-2;\"vu; hier\"\r\n";
        let (with, read) = added(saved.as_bytes(), "Lorient");
        let row = "Lorient;territory;Brest;corriger;raw/a.md;m-1;\r\n";
        assert_eq!(with, [saved, row].concat().as_bytes());
        assert_eq!((read.act, read.line), (Act::Set, 5));
        let latin = b"action,document,record,field,found,value,other,vu par\nset,a,m-9,name,\xc9t\xe9,x,,Zo\xe9\n";
        assert_eq!(added(latin, "\u{c9}t\u{e9}").1.value, "Été");
    }

    #[test]
    fn what_a_table_cannot_say_is_told() {
        let lacks = Table::read(
            b"action,document,record,field,value\n",
            CsvDialect::Standard,
        )
        .unwrap();
        assert!(lacks.row(&decision("Lorient")).is_err());
        let latin = b"action,document,record,field,found,value,other,vu par\nset,a,m-9,name,\xc9t\xe9,x,,\n";
        let mut latin = Table::read(latin, CsvDialect::Standard).unwrap();
        let row = latin.row(&decision("Łódź")).unwrap();
        assert!(latin.replace(None, Some(&row)) && latin.to_bytes().is_err());
        let utf_16: Vec<u8> = "\u{feff}action"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(Table::read(&utf_16, CsvDialect::Standard).is_err());
    }

    #[test]
    fn rows_are_found_by_line_and_replaced_where_they_stand() {
        let text = b"action,record,other\napart,\"m-1\n\",m-2\n\napart,m-3,m-4";
        let mut table = Table::read(text, CsvDialect::Standard).unwrap();
        assert_eq!(table.row_on(5), Some("apart,m-3,m-4"));
        assert_eq!(table.row_on(3), None);
        assert!(table.replace(Some("apart,m-3,m-4\n"), Some("together,m-3,m-4\n")));
        assert!(!table.replace(Some("apart,m-3,m-4\n"), None));
        assert_eq!(
            table.to_bytes().unwrap(),
            b"action,record,other\napart,\"m-1\n\",m-2\n\ntogether,m-3,m-4\n"
        );
    }

    #[test]
    fn a_new_table_is_as_the_dialect_says() {
        for (dialect, begins) in [
            (CsvDialect::Standard, "action,document"),
            (CsvDialect::ExcelFr, "\u{feff}acte;document;identifiant"),
        ] {
            let mut table = Table::read(b"", dialect).unwrap();
            let row = table.row(&decision("Lorient")).unwrap();
            table.replace(None, Some(&row));
            let bytes = table.to_bytes().unwrap();
            assert!(bytes.starts_with(begins.as_bytes()));
            let read = read(&bytes).unwrap();
            assert_eq!(
                read,
                [Decision {
                    line: 2,
                    ..decision("Lorient")
                }]
            );
        }
    }
}
