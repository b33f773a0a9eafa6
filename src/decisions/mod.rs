//! What people decided of records: a table of corrections that every run applies anew. Its bytes in, decisions out; see docs/decisions.md for its columns.
//!
//! A decision names the record by its id, which follows from what the document says there and not from its bytes, and the value that was wrong. Where the id
//! is not met again, the record is looked for by that value and the name; where neither is, the decision is stale, and said to be.

mod add;
mod apply;
mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use crate::message;
use crate::message::{Message, verbatim};
use crate::model::tables::FORMULA_STARTS;
use crate::profile::fold;

pub use add::{Added, Spot, added, spots};
pub use apply::{Applied, apply, pointer};
pub use table::Table;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// A field of a record has another value, or none.
    Set,
    /// A record is none.
    Drop,
    /// Words of the document begin a record.
    Add,
    /// Two records are one laureate.
    Together,
    /// Two records are two laureates.
    Apart,
}

/// The names of acts, in English and French.
const ACTS: [(&str, Act); 10] = [
    ("set", Act::Set),
    ("corriger", Act::Set),
    ("drop", Act::Drop),
    ("ecarter", Act::Drop),
    ("add", Act::Add),
    ("ajouter", Act::Add),
    ("together", Act::Together),
    ("reunir", Act::Together),
    ("apart", Act::Apart),
    ("separer", Act::Apart),
];

/// The columns that are read, each by its names. Others are the person's own.
const COLUMNS: [&[&str]; 8] = [
    &["action", "acte"],
    &["document"],
    &["record", "id", "identifiant", "enregistrement"],
    &["name", "nom"],
    &["field", "champ"],
    &["found", "trouve"],
    &["value", "valeur"],
    &["other", "autre"],
];

/// Fields that can be set: texts, and what has one.
pub const FIELDS: [&str; 16] = [
    "name",
    "project",
    "territory",
    "region",
    "public",
    "theme",
    "group",
    "call",
    "description",
    "results",
    "needs",
    "objectives",
    "duration",
    "dates",
    "amount",
    "award",
];

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What is done.
    pub act: Act,
    /// The document, by its path or its address; empty for pairs.
    pub document: String,
    /// The record, by its id; of a pair the first.
    pub record: String,
    /// Its name, by which it is found where its id is not met again.
    pub name: String,
    /// The field that is set; of what is added the one that the words are.
    pub field: String,
    /// Its value when it was decided; of what is added the line that the words stand in.
    pub found: String,
    /// What it is; empty for none.
    pub value: String,
    /// Of a pair the second; of what is added which of several lines that are the same, from 1.
    pub other: String,
}

/// Fields whose words can begin a record.
const BEGIN: [&str; 2] = ["name", "project"];

impl Act {
    /// Whether it is of two records, of whatever documents.
    pub fn is_of_pair(self) -> bool {
        matches!(self, Self::Together | Self::Apart)
    }
}

impl Decision {
    /// Whether it may be of a document with this path, whose address is not known yet.
    pub fn may_be_of(&self, path: &str) -> bool {
        !self.act.is_of_pair() && (self.document == path || self.is_of_address())
    }

    /// Whether it names its document by an address.
    pub fn is_of_address(&self) -> bool {
        self.document.contains("://")
    }

    /// Whether it is about what the other is about, so that only one of the two can hold: a field of a record, a record, a pair.
    pub fn is_about_as(&self, other: &Self) -> bool {
        let is_pair = |decision: &Self| decision.act.is_of_pair();
        if is_pair(self) || is_pair(other) {
            let pair = |decision: &Self| {
                let (a, b) = (decision.record.clone(), decision.other.clone());
                if a < b { (a, b) } else { (b, a) }
            };
            return is_pair(self) && is_pair(other) && pair(self) == pair(other);
        }
        self.act == other.act
            && self.document == other.document
            && self.record == other.record
            && self.field == other.field
    }

    /// Whether it is of a document with this path or address.
    pub fn is_of(&self, path: &str, address: Option<&str>) -> bool {
        !self.act.is_of_pair() && (self.document == path || Some(self.document.as_str()) == address)
    }
}

/// A row that cannot be followed.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong.
    pub message: Message,
    /// What can be done.
    pub hint: Option<Message>,
}

/// Reads a table of decisions: UTF-8 or windows-1252, with commas, semicolons or tabs, its columns in any order.
pub fn read(bytes: &[u8]) -> Result<Vec<Decision>, Vec<Fault>> {
    let (text, _) = decoded(bytes);
    let mut table = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter_of(&text)).unwrap_or(b','))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let fault = |line, message, hint| {
        vec![Fault {
            line,
            message,
            hint,
        }]
    };
    let unreadable = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        fault(line, verbatim(error.to_string()), None)
    };
    let headers = table.headers().map_err(|error| unreadable(&error))?;
    let places = places_of(headers);
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    if places[0].is_none() {
        let columns: Vec<&str> = (COLUMNS.iter())
            .filter_map(|names| names.first())
            .copied()
            .collect();
        let hint = message!("its columns are {columns}", columns = columns.join(", "));
        return Err(fault(1, message!("it has no column `action`"), Some(hint)));
    }
    let (mut decisions, mut faults) = (Vec::new(), Vec::new());
    for row in table.records() {
        let row = row.map_err(|error| unreadable(&error))?;
        let line = row
            .position()
            .map_or(0, |position| line_of(&text, position));
        let [action, document, record, name, field, found, value, other] = places.map(|place| {
            place
                .and_then(|place| row.get(place))
                .map_or_else(String::new, as_meant)
        });
        if row.iter().all(str::is_empty) {
            continue;
        }
        let act = ACTS.iter().find(|(name, _)| *name == fold(&action));
        let Some((_, act)) = act else {
            faults.push(Fault {
                line,
                message: message!("« {action} » is no action", action),
                hint: Some(message!("an action is set, drop, add, together or apart")),
            });
            continue;
        };
        let decision = Decision {
            line,
            act: *act,
            document,
            record,
            name,
            field: field.to_lowercase(),
            found,
            value,
            other,
        };
        match decision.lacks() {
            Some(message) => faults.push(Fault {
                line,
                message,
                hint: None,
            }),
            None => decisions.push(decision),
        }
    }
    faults.extend(contradictions(&decisions));
    if faults.is_empty() {
        Ok(decisions)
    } else {
        faults.sort_by_key(|fault| fault.line);
        Err(faults)
    }
}

/// The characters of a table, and how they are encoded.
fn decoded(bytes: &[u8]) -> (Cow<'_, str>, &'static Encoding) {
    match UTF_8.decode(bytes) {
        (_, _, true) => (WINDOWS_1252.decode(bytes).0, WINDOWS_1252),
        (text, encoding, false) => (text, encoding),
    }
}

/// What parts the cells of a table: what its header has most of.
fn delimiter_of(text: &str) -> char {
    let header = text.lines().next().unwrap_or_default();
    let most = [',', ';', '\t']
        .into_iter()
        .max_by_key(|delimiter| header.matches(*delimiter).count());
    most.unwrap_or(',')
}

/// Where each of `COLUMNS` stands in a header.
fn places_of(headers: &csv::StringRecord) -> [Option<usize>; 8] {
    COLUMNS.map(|names| (headers.iter()).position(|header| names.contains(&fold(header).as_str())))
}

/// A cell without the apostrophe that keeps a spreadsheet from running it.
fn as_meant(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA_STARTS) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// The line on which a row begins, from 1: that of the reader is one too low where lines end in CR and LF.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let at = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let (before, from) = text.split_at_checked(at).unwrap_or((text, ""));
    let breaks = before.matches('\n').count() + usize::from(from.starts_with('\n'));
    breaks as u64 + 1
}

impl Decision {
    /// What it would need to be followed.
    fn lacks(&self) -> Option<Message> {
        if self.act.is_of_pair() {
            return (self.record.is_empty() || self.other.is_empty()).then(|| {
                message!("it needs the ids of two records, in the columns `record` and `other`")
            });
        }
        if self.act == Act::Add {
            return self.lacks_to_add();
        }
        if self.document.is_empty() || self.record.is_empty() && self.name.is_empty() {
            return Some(message!(
                "it needs a document, and the id or the name of a record"
            ));
        }
        (self.act == Act::Set && !FIELDS.contains(&self.field.as_str())).then(|| {
            message!(
                "« {field} » is no field that can be set: there are {fields}",
                field = self.field.clone(),
                fields = FIELDS.join(", ")
            )
        })
    }

    fn lacks_to_add(&self) -> Option<Message> {
        if self.document.is_empty() || self.value.trim().is_empty() {
            return Some(message!(
                "it needs a document, and the words of it that begin the record, in the column `value`"
            ));
        }
        if !BEGIN.contains(&self.field.as_str()) {
            return Some(message!(
                "« {field} » begins no record: there are {fields}",
                field = self.field.clone(),
                fields = BEGIN.join(", ")
            ));
        }
        let is_number = self.other.parse::<usize>().is_ok_and(|number| number > 0);
        (!self.other.is_empty() && !is_number).then(|| {
            message!(
                "« {other} » is no number, and the column `other` says which of several lines is meant, from 1",
                other = self.other.clone()
            )
        })
    }

    /// What no two decisions may say otherwise of.
    fn subject(&self) -> String {
        if self.act.is_of_pair() {
            let (a, b) = (self.record.as_str(), self.other.as_str());
            return format!("{}\n{}", a.min(b), a.max(b));
        }
        // A record is meant by its name where no id is given.
        let name = match (self.record.as_str(), self.act) {
            ("", Act::Add) => fold(&self.value),
            ("", _) => fold(&self.name),
            _ => String::new(),
        };
        let field = match self.act {
            Act::Set => self.field.as_str(),
            // What is added cannot be dropped.
            _ => "",
        };
        format!("{}\n{}\n{name}\n{field}", self.document, self.record)
    }

    /// Whether it says the same of its subject.
    fn says_as(&self, other: &Self) -> bool {
        let where_added = |decision: &Self| {
            let is_known = decision.act == Act::Add && !decision.record.is_empty();
            is_known.then(|| [&decision.field, &decision.found, &decision.other].map(Clone::clone))
        };
        self.act == other.act
            && self.value == other.value
            && where_added(self) == where_added(other)
    }
}

/// Decisions of one subject that say different things.
fn contradictions(decisions: &[Decision]) -> Vec<Fault> {
    let mut first: BTreeMap<String, &Decision> = BTreeMap::new();
    let mut faults = Vec::new();
    for decision in decisions {
        let before = *first.entry(decision.subject()).or_insert(decision);
        if !decision.says_as(before) {
            faults.push(Fault {
                line: decision.line,
                message: message!("it says otherwise than line {line}", line = before.line),
                hint: Some(message!("delete one of the two lines")),
            });
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_as_a_spreadsheet_saves_it() {
        let plain = "action,document,record,name,field,found,value,other\n\
            set,raw/a.md,m-1,Radio Rivage,territory,Brest,Lorient,\n\
            together,,m-1,,,,,m-2\n";
        let saved = "\u{feff}Valeur;Champ;Trouv\u{e9};Acte;Document;Identifiant;Nom;Autre;Remarque\r\n\
            Lorient;Territory;Brest;Corriger;raw/a.md;m-1;Radio Rivage;;vu avec Zo\u{e9}\r\n\
            ;;;r\u{e9}unir;;m-1;;m-2;\r\n;;;;;;;;\r\n";
        let (plain, saved) = (read(plain.as_bytes()), read(saved.as_bytes()));
        assert_eq!(plain.as_ref().ok().map(Vec::len), Some(2), "{plain:?}");
        assert_eq!(plain.ok(), saved.ok());
        assert_eq!(read(b"").ok(), Some(Vec::new()));
        let inert =
            read(b"action,document,record,field,found,value\nset,a.md,m-1,name,'=A1,'t Zand\n");
        let inert = inert.expect("it can be followed");
        assert_eq!(
            (inert[0].found.as_str(), inert[0].value.as_str()),
            ("=A1", "'t Zand")
        );
    }

    #[test]
    fn what_cannot_be_followed_is_told_by_line() {
        let table = "action,document,record,field,value,other\n\
            set,raw/a.md,m-1,name,A,\n\
            set,raw/a.md,m-1,name,B,\n\
            paint,raw/a.md,m-1,,,\n\
            set,raw/a.md,m-1,colour,red,\n\
            apart,,m-1,,,m-2\n\
            together,,m-2,,,m-1\n\
            drop,,m-1,,,\n\
            add,raw/a.md,m-5,name,Le Fournil,\n\
            drop,raw/a.md,m-5,,,\n\
            add,raw/a.md,m-5,name,Le Fournil,2\n\
            add,raw/a.md,,territory,Brest,\n\
            add,raw/a.md,,name,,\n\
            add,raw/a.md,,name,Le Moulin,two\n\
            add,raw/a.md,,name,Le Moulin,\n\
            add,raw/a.md,,project,Le Moulin,2\n";
        let faults = read(table.as_bytes()).expect_err("there are faults");
        let lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [3, 4, 5, 7, 8, 10, 11, 12, 13, 14]);
    }
}
