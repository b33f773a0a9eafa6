//! Bytes of a table (CSV, or JSON records line by line) in, records for the linker out: the columns that it reads, under whatever names they come.
//! No file is opened here.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::cells::{csv_error, decode, json_cell};
use super::columns::{COLUMNS, Column, Mapping, TableError, are_seats, delimiter, find_columns};
use super::fields::{Fields, Source};
use super::fold::Words;
use crate::message;
use crate::model::mention::{Edition, Mention};

/// Records of one or more tables.
#[derive(Debug, Default)]
pub struct Table {
    files: Vec<File>,
    /// File and row of each record.
    rows: Vec<(u32, u32)>,
    /// Some id stands in several files: ids are told apart by the file's path.
    ids_recur: bool,
}

#[derive(Debug, Default)]
struct File {
    path: String,
    /// Fields of a CSV, each with the columns that it is read from.
    read_from: Vec<(Column, String)>,
    /// Per column, its place among those that the file has.
    slots: [Option<usize>; COLUMNS],
    /// Its territories are written as seats are: `59000 Lille`, `44 NANTES`.
    is_seated: bool,
    /// Where its rows stand in the whole of which they are a part, from 1; nothing where they are the whole.
    numbers: Vec<u32>,
    /// How many columns the file has.
    width: usize,
    /// Cells of all rows, row after row, column after column.
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
    /// Lines of a file of JSON records, and where each ends: values that no column holds are read from them.
    lines: Option<(String, Vec<usize>)>,
}

/// Joins the items of a list in a cell: never in a text.
const ITEM: char = '\u{1f}';

impl Table {
    /// Adds the records of a file.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>, mapping: &Mapping) -> Result<(), TableError> {
        let text = decode(bytes);
        let json = text.trim_start().starts_with('{');
        let mut file = File {
            path: path.to_owned(),
            ..File::default()
        };
        if json {
            file.read_json(text, mapping)?;
        } else {
            file.read_csv(&text, mapping)?;
        }
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let rows = u32::try_from(file.len()).map_err(|_| TableError {
            line: None,
            message: message!("more than 4 billion records"),
        })?;
        self.rows.extend((0..rows).map(|row| (number, row)));
        self.files.push(file);
        Ok(())
    }

    /// Records that are a part of a file of JSON records, each with its row there, from 1.
    pub fn of_part(path: &str, rows: Vec<(u32, String)>) -> Result<Self, TableError> {
        let mut file = File {
            path: path.to_owned(),
            ..File::default()
        };
        let mut text = String::new();
        for (number, line) in rows {
            file.numbers.push(number);
            text.push_str(&line);
            text.push('\n');
        }
        file.read_json(text, &Mapping::default())?;
        let mut table = Self {
            rows: (0_u32..)
                .zip(&file.numbers)
                .map(|(row, _)| (0, row))
                .collect(),
            files: vec![file],
            ids_recur: false,
        };
        table.finish()?;
        Ok(table)
    }

    /// Ends the reading: every record must have an id of its own in its file.
    pub fn finish(&mut self) -> Result<(), TableError> {
        let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
        seen.reserve(self.rows.len());
        let mut recur = false;
        for (number, row) in &self.rows {
            let Some(file) = self.files.get(*number as usize) else {
                continue;
            };
            let id = file.cell(*row as usize, Column::Id);
            match seen.insert(id, *number) {
                Some(before) if before == *number && !id.is_empty() => {
                    return Err(TableError {
                        line: Some(u64::from(*row) + 2),
                        message: message!(
                            "two records of `{path}` have the id `{id}`",
                            path = &file.path,
                            id
                        ),
                    });
                }
                Some(_) => recur = true,
                None => {}
            }
        }
        self.ids_recur = recur;
        Ok(())
    }

    /// The id of a record, as the input gives it.
    pub fn id(&self, index: usize) -> &str {
        self.cell(index, Column::Id)
    }

    /// Which columns of the CSV files are read, file by file: the file, the field, the column's name.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Column, &str)> {
        self.files.iter().flat_map(|file| {
            let columns = file.read_from.iter();
            columns.map(|(column, name)| (file.path.as_str(), *column, name.as_str()))
        })
    }

    /// Number of files.
    pub fn n_files(&self) -> usize {
        self.files.len()
    }

    fn place(&self, index: usize) -> Option<(&File, usize, u32)> {
        let (number, row) = self.rows.get(index)?;
        Some((self.files.get(*number as usize)?, *row as usize, *number))
    }

    fn cell(&self, index: usize, column: Column) -> &str {
        self.place(index)
            .map_or("", |(file, row, _)| file.cell(row, column))
    }
}

impl Source for Table {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn id(&self, index: usize) -> Cow<'_, str> {
        let Some((file, row, _)) = self.place(index) else {
            return Cow::Borrowed("");
        };
        let id = file.cell(row, Column::Id);
        if self.ids_recur {
            Cow::Owned(format!("{}:{id}", file.path))
        } else {
            Cow::Borrowed(id)
        }
    }

    fn fields(&self, index: usize) -> Fields<'_> {
        let Some((file, row, number)) = self.place(index) else {
            return Fields::default();
        };
        let text = |column| {
            let cell = file.cell(row, column);
            (!cell.is_empty()).then_some(Cow::Borrowed(cell))
        };
        let list = |column| {
            file.cell(row, column)
                .split(ITEM)
                .filter(|item| !item.is_empty())
                .map(Cow::Borrowed)
        };
        Fields {
            source: number,
            list: text(Column::List),
            name: text(Column::Name),
            project: text(Column::Project),
            territory: text(Column::Territory).filter(|_| !file.is_seated),
            seat: text(if file.is_seated {
                Column::Territory
            } else {
                Column::Seat
            }),
            department: text(Column::Department),
            public: text(Column::Public),
            partners: list(Column::Partners).collect(),
            description: text(Column::Description),
            contacts: list(Column::Links).chain(list(Column::Contacts)).collect(),
            call: text(Column::Call),
            year: year(file.cell(row, Column::Year)),
        }
    }

    fn mention(&self, index: usize) -> Cow<'_, Mention> {
        let Some((file, row, _)) = self.place(index) else {
            return Cow::Owned(Mention::default());
        };
        let mut mention = file
            .line(row)
            .and_then(|line| serde_json::from_str::<Mention>(line).ok())
            .unwrap_or_default();
        let text = |column| {
            let cell = file.cell(row, column);
            (!cell.is_empty()).then(|| cell.to_owned())
        };
        let list = |column| -> Vec<String> {
            file.cell(row, column)
                .split(ITEM)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let set = |value: &mut Option<String>, column| {
            if value.is_none() {
                *value = text(column);
            }
        };
        file.cell(row, Column::Id).clone_into(&mut mention.id);
        set(&mut mention.name, Column::Name);
        set(&mut mention.project, Column::Project);
        set(&mut mention.territory, Column::Territory);
        // A record has one field for places: what is known of none but the seat is there.
        set(&mut mention.territory, Column::Seat);
        set(&mut mention.region, Column::Region);
        set(&mut mention.public, Column::Public);
        set(&mut mention.description, Column::Description);
        set(&mut mention.call, Column::Call);
        if mention.partners.is_empty() {
            mention.partners = list(Column::Partners);
        }
        if mention.links.is_empty() {
            mention.links = list(Column::Links);
        }
        if mention.contacts.is_empty() {
            mention.contacts = list(Column::Contacts);
        }
        let stated = file.cell(row, Column::Year);
        if mention.edition.is_none() && !stated.is_empty() {
            mention.edition = Some(Edition {
                note: stated.to_owned(),
                year: year(stated),
                ..Edition::default()
            });
        }
        if mention.document.path.is_empty() {
            mention.document.path.clone_from(&file.path);
        }
        if mention.position == 0 {
            mention.position = file.number(row);
        }
        Cow::Owned(mention)
    }

    fn name(&self, index: usize) -> Option<Cow<'_, str>> {
        let name = self.cell(index, Column::Name);
        (!name.is_empty()).then_some(Cow::Borrowed(name))
    }

    fn place(&self, index: usize) -> (Cow<'_, str>, u32) {
        match self.place(index) {
            Some((file, row, _)) => (Cow::Borrowed(file.path.as_str()), file.number(row)),
            None => (Cow::Borrowed(""), 0),
        }
    }
}

/// The first four digits that make a year of our time.
fn year(text: &str) -> Option<i32> {
    let digits = text
        .split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 4)?;
    digits
        .parse()
        .ok()
        .filter(|year| (1900..2100).contains(year))
}

impl File {
    fn len(&self) -> usize {
        self.ends.len() / self.width.max(1)
    }

    /// Where a row stands in the file, from 1.
    fn number(&self, row: usize) -> u32 {
        let number = self.numbers.get(row).copied();
        number.unwrap_or_else(|| u32::try_from(row + 1).unwrap_or(u32::MAX))
    }

    fn cell(&self, row: usize, column: Column) -> &str {
        let Some(slot) = self.slots.get(column as usize).copied().flatten() else {
            return "";
        };
        let at = row * self.width + slot;
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
            None => 0,
        };
        self.ends
            .get(at)
            .and_then(|end| self.text.get(start..*end))
            .unwrap_or("")
    }

    fn line(&self, row: usize) -> Option<&str> {
        let (text, ends) = self.lines.as_ref()?;
        let start = match row.checked_sub(1) {
            Some(before) => ends.get(before).copied()?,
            None => 0,
        };
        text.get(start..*ends.get(row)?)
    }

    /// Gives the file these columns.
    fn set_columns(&mut self, columns: impl Iterator<Item = Column>) {
        for column in columns {
            if let Some(slot) = self.slots.get_mut(column as usize) {
                *slot = Some(self.width);
                self.width += 1;
            }
        }
    }

    fn close(&mut self) {
        self.ends.push(self.text.len());
    }

    fn read_csv(&mut self, text: &str, mapping: &Mapping) -> Result<(), TableError> {
        let head = text.lines().next().unwrap_or("");
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(mapping.delimiter.unwrap_or_else(|| delimiter(head)))
            .flexible(true)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| csv_error(&error))?.clone();
        let columns: Vec<(Column, Vec<usize>)> = Column::ALL
            .into_iter()
            .zip(find_columns(&header, mapping)?)
            // A row without an id has its number.
            .filter(|(column, cells)| *column == Column::Id || !cells.is_empty())
            .collect();
        self.set_columns(columns.iter().map(|(column, _)| *column));
        for (column, cells) in &columns {
            let names = cells.iter().filter_map(|at| header.get(*at));
            self.read_from
                .extend(names.map(|name| (*column, name.trim().to_owned())));
        }
        let mut record = csv::StringRecord::new();
        let mut row = 0_u64;
        self.text.reserve(text.len() / 2);
        while reader
            .read_record(&mut record)
            .map_err(|error| csv_error(&error))?
        {
            row += 1;
            for (column, cells) in &columns {
                let column = *column;
                let mut first = true;
                for cell in cells.iter().filter_map(|at| record.get(*at)) {
                    let cell = cell.trim();
                    if cell.is_empty() {
                        continue;
                    }
                    if !first {
                        self.text.push(if column.is_list() { ITEM } else { ' ' });
                    }
                    first = false;
                    self.push_cell(column, cell);
                }
                if column == Column::Id && first {
                    self.text.push_str(&row.to_string());
                }
                self.close();
            }
        }
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        let has_seats = self
            .slots
            .get(Column::Seat as usize)
            .is_some_and(Option::is_some);
        let territories = (0..self.len()).map(|row| self.cell(row, Column::Territory));
        self.is_seated = !has_seats && are_seats(territories);
        Ok(())
    }

    fn push_cell(&mut self, column: Column, cell: &str) {
        if !column.is_list() {
            self.text.push_str(cell);
            return;
        }
        let items = cell.split([';', '|']).map(str::trim);
        for (at, item) in items.filter(|item| !item.is_empty()).enumerate() {
            if at > 0 {
                self.text.push(ITEM);
            }
            self.text.push_str(item);
        }
    }

    fn read_json(&mut self, text: String, mapping: &Mapping) -> Result<(), TableError> {
        let mut ends = Vec::new();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            offset += line.len();
            ends.push(offset);
        }
        let lines: Vec<(usize, &str)> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .collect();
        if lines.len() < ends.len() {
            // Lines without a record have no row.
            let kept: Vec<usize> = lines
                .iter()
                .filter_map(|(at, _)| ends.get(*at).copied())
                .collect();
            ends = kept;
        }
        let cells: Vec<Vec<String>> = lines
            .par_iter()
            .map(|(at, line)| {
                let record: Value = serde_json::from_str(line).map_err(|error| TableError {
                    line: Some(*at as u64 + 1),
                    message: message!(
                        "not a JSON record: {error}",
                        error = message::of_parser(&error.to_string())
                    ),
                })?;
                let mut words = Words::default();
                let keys = record.as_object().into_iter().flatten();
                let plain: Vec<(String, &Value)> = keys
                    .map(|(key, value)| (words.folded(key), value))
                    .collect();
                Ok(Column::ALL
                    .into_iter()
                    .map(|column| json_cell(&record, &plain, column, mapping))
                    .collect())
            })
            .collect::<Result<_, TableError>>()?;
        self.set_columns(Column::ALL.into_iter());
        for (row, cells) in cells.into_iter().enumerate() {
            for (column, cell) in Column::ALL.into_iter().zip(cells) {
                if column == Column::Id && cell.is_empty() {
                    self.text.push_str(&self.number(row).to_string());
                }
                self.text.push_str(&cell);
                self.close();
            }
        }
        self.lines = Some((text, ends));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8], mapping: &Mapping) -> Result<Table, TableError> {
        let mut table = Table::default();
        table.add("liste.csv", bytes.to_vec(), mapping)?;
        table.finish()?;
        Ok(table)
    }

    #[test]
    fn columns_are_found_by_name_or_named() {
        let bytes = "id;Nom;ville;porte\n7;Les Semeurs;Lens;x\n8;Éclats;;y\n".as_bytes();
        let mapping = Mapping {
            named: vec![(Column::Project, "porte".into())],
            delimiter: None,
        };
        let table = table(bytes, &mapping).expect("a table");
        let first = table.fields(0);
        assert_eq!(first.name.as_deref(), Some("Les Semeurs"));
        assert_eq!(first.seat.as_deref(), Some("Lens"));
        assert_eq!(first.project.as_deref(), Some("x"));
        assert_eq!(table.fields(1).seat, None);
        assert_eq!(table.mention(0).territory.as_deref(), Some("Lens"));
        assert_eq!(Source::id(&table, 1), "8");
    }

    #[test]
    fn columns_are_known_by_what_people_call_them() {
        let header =
            "N°;Nom de la Structure;INTITULÉ DU PROJET;Commune;Code_département;Appel à projets\n";
        let bytes = format!("{header}1;Les Semeurs;Récolter;Guer;56;Rives\n");
        let table = table(bytes.as_bytes(), &Mapping::default()).expect("a table");
        let read: Vec<(&str, &str)> = table
            .columns()
            .map(|(_, column, name)| (column.as_str(), name))
            .collect();
        assert_eq!(
            read,
            [
                ("name", "Nom de la Structure"),
                ("project", "INTITULÉ DU PROJET"),
                ("seat", "Commune"),
                ("department", "Code_département"),
                ("call", "Appel à projets"),
            ]
        );
        let json = "{\"Nom de la structure\":\"Les Semeurs\",\"Année\":2021}\n";
        let table = super::tests::table(json.as_bytes(), &Mapping::default()).expect("a table");
        assert_eq!(table.fields(0).name.as_deref(), Some("Les Semeurs"));
        assert_eq!(table.fields(0).year, Some(2021));
    }

    #[test]
    fn seats_are_told_from_territories() {
        let of = |bytes: &str| {
            let table = table(bytes.as_bytes(), &Mapping::default()).expect("a table");
            let fields = table.fields(0).into_owned();
            (fields.seat, fields.territory)
        };
        let seat = of("nom;adresse;CP;ville;zone\nA;2 rue Haute;62300;Lens;Artois\n");
        assert_eq!(seat.0.as_deref(), Some("2 rue Haute 62300 Lens"));
        assert_eq!(seat.1.as_deref(), Some("Artois"));
        let coded = of("nom;territoire\nA;62 LENS\nB;2A AJACCIO\nC;44\n");
        assert_eq!((coded.0.as_deref(), coded.1), (Some("62 LENS"), None));
        let named = of("nom;territoire\nA;Lens\nB;62 LENS\n");
        assert_eq!((named.0, named.1.as_deref()), (None, Some("Lens")));
    }

    #[test]
    fn windows_1252_is_read() {
        let table = table(b"nom\nAssociation \xe9toile\n", &Mapping::default()).expect("a table");
        assert_eq!(table.fields(0).name.as_deref(), Some("Association étoile"));
    }

    #[test]
    fn mistakes_are_named() {
        let message = |bytes: &[u8], mapping: &Mapping| {
            table(bytes, mapping).expect_err("a mistake").to_string()
        };
        assert_eq!(
            message(b"a,b\n1,2\n", &Mapping::default()),
            "no column for the name among `a`, `b`"
        );
        assert_eq!(
            message(b"id,nom\n1,X\n1,Y\n", &Mapping::default()),
            "line 3: two records of `liste.csv` have the id `1`"
        );
        let mapping = Mapping {
            named: vec![(Column::Name, "titel".into())],
            delimiter: None,
        };
        assert_eq!(
            message(b"id,nom\n", &mapping),
            "no column `titel`; there are `id`, `nom`"
        );
    }

    #[test]
    fn json_records_are_mentions_or_any_object() {
        let bytes = "{\"id\":\"m-1\",\"name\":\"A\",\"document\":{\"sha256\":\"s\"},\"partners\":[\"B\",\"C\"],\"edition\":{\"year\":2021}}\n\n{\"id\":2,\"nom\":\"D\"}\n";
        let table = table(bytes.as_bytes(), &Mapping::default()).expect("a table");
        let first = table.fields(0);
        assert_eq!(first.list.as_deref(), Some("s"));
        assert_eq!(first.partners, ["B", "C"]);
        assert_eq!(first.year, Some(2021));
        assert_eq!(table.fields(1).name.as_deref(), Some("D"));
        assert_eq!(table.mention(0).partners, ["B", "C"]);
    }
}
