//! Which column of a table holds which field: named by the user, or known by what people call it. No cell is read here.

use std::fmt;

use super::fold::Words;
use crate::message;
use crate::message::Message;

/// A field that a column can be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The record's id.
    Id,
    /// The organisation.
    Name,
    /// The project's title.
    Project,
    /// The territory.
    Territory,
    /// Where the organisation sits: town, postal code, address.
    Seat,
    /// The département, code or name.
    Department,
    /// The region.
    Region,
    /// The public.
    Public,
    /// The partners, separated by `;` or `|`.
    Partners,
    /// The description.
    Description,
    /// Links, separated by `;` or `|`.
    Links,
    /// Contacts, separated by `;` or `|`.
    Contacts,
    /// The call.
    Call,
    /// The year.
    Year,
    /// The list that the record is an entry of.
    List,
}

/// How many fields there are.
pub(super) const COLUMNS: usize = 15;

impl Column {
    /// All columns.
    pub const ALL: [Self; COLUMNS] = [
        Self::Id,
        Self::Name,
        Self::Project,
        Self::Territory,
        Self::Seat,
        Self::Department,
        Self::Region,
        Self::Public,
        Self::Partners,
        Self::Description,
        Self::Links,
        Self::Contacts,
        Self::Call,
        Self::Year,
        Self::List,
    ];

    /// As the command line writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Project => "project",
            Self::Territory => "territory",
            Self::Seat => "seat",
            Self::Department => "department",
            Self::Region => "region",
            Self::Public => "public",
            Self::Partners => "partners",
            Self::Description => "description",
            Self::Links => "links",
            Self::Contacts => "contacts",
            Self::Call => "call",
            Self::Year => "year",
            Self::List => "list",
        }
    }

    /// Names that a column is recognised by where none is given, without case, accents and punctuation; the first that a table has counts.
    #[expect(clippy::too_many_lines, reason = "a list of names for each column")]
    pub(super) fn known_as(self) -> &'static [&'static str] {
        match self {
            Self::Id => &["id", "identifiant", "rec id", "record id"],
            Self::Name => &[
                "name",
                "nom",
                "laureat",
                "laureats",
                "nom du laureat",
                "organisation",
                "nom de l organisation",
                "structure",
                "nom de la structure",
                "structure porteuse",
                "structure laureate",
                "porteur",
                "porteur du projet",
                "porteur de projet",
                "nom du porteur",
                "organisme",
                "nom de l organisme",
                "association",
                "nom de l association",
                "beneficiaire",
                "nom du beneficiaire",
                "nombeneficiaire",
                "denomination",
                "raison sociale",
                "collectivite",
                "etablissement",
            ],
            Self::Project => &[
                "project",
                "projet",
                "project title",
                "titre",
                "titre du projet",
                "intitule",
                "intitule du projet",
                "nom du projet",
                "action",
                "intitule de l action",
                "objet",
            ],
            Self::Territory => &[
                "territory",
                "territoire",
                "territoires",
                "territoire concerne",
                "territoire d intervention",
                "territoire d action",
                "zone",
                "zone d intervention",
                "localisation",
                "lieu",
                "lieu de l action",
            ],
            Self::Seat => &[
                // As an address is written: street, postal code, town.
                "adresse",
                "adresse du siege",
                "address",
                "code postal",
                "cp",
                "commune",
                "nom de la commune",
                "commune du siege",
                "ville",
                "ville du siege",
                "siege",
                "siege social",
                "seat",
                "place",
            ],
            Self::Department => &[
                "department",
                "dept",
                "dep",
                "departement",
                "code departement",
                "departement code",
                "code du departement",
            ],
            Self::Region => &["region"],
            Self::Public => &[
                "public",
                "publics",
                "public vise",
                "publics vises",
                "public cible",
                "public text",
            ],
            Self::Partners => &["partners", "partenaires", "partenaire"],
            Self::Description => &[
                "description",
                "resume",
                "resume du projet",
                "description du projet",
                "presentation",
            ],
            Self::Links => &[
                "links",
                "liens",
                "lien",
                "url",
                "site",
                "site internet",
                "site web",
            ],
            Self::Contacts => &["contacts", "contact", "courriel", "email", "telephone"],
            Self::Call => &[
                "call",
                "call name",
                "appel",
                "appel a projets",
                "aap",
                "dispositif",
            ],
            Self::Year => &["year", "annee", "edition"],
            // Only where the user says so: a table is not one list of distinct laureates.
            Self::List => &[],
        }
    }

    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Partners | Self::Links | Self::Contacts)
    }
}

/// Which column holds which field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Named by the user; several columns for one field are joined.
    pub named: Vec<(Column, String)>,
    /// What separates the cells of a CSV; found out where it is not said.
    pub delimiter: Option<u8>,
}

/// Why a table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// Line from 1, where it concerns one.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: Message,
}

impl TableError {
    /// What is wrong, with the line.
    pub fn told(&self) -> Message {
        match self.line {
            Some(line) => message!("line {line}: {message}", line, message = &self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().fmt(f)
    }
}

impl std::error::Error for TableError {}

/// The separator that parts the header most often. A percent sign, which names of columns hold too, only where there is no other.
pub(super) fn delimiter(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    // The last of several maxima is taken: a tie goes to the comma.
    let usual = b"|\t;,"
        .iter()
        .copied()
        .max_by_key(|separator| count(*separator));
    match usual.filter(|separator| count(*separator) > 0) {
        Some(separator) => separator,
        None if count(b'%') > 0 => b'%',
        None => b',',
    }
}

/// The names of the columns, for a message.
fn listed(header: &csv::StringRecord) -> String {
    /// A table with more columns is shown by its first.
    const SHOWN: usize = 30;
    let names: Vec<String> = header
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", name.trim()))
        .collect();
    let more = header.len().saturating_sub(SHOWN);
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The columns of each field.
pub(super) fn find_columns(
    header: &csv::StringRecord,
    mapping: &Mapping,
) -> Result<Vec<Vec<usize>>, TableError> {
    let find = |name: &str| {
        header
            .iter()
            .position(|column| column.trim().to_lowercase() == name.to_lowercase())
    };
    let mut words = Words::default();
    let plain: Vec<String> = header.iter().map(|name| words.folded(name)).collect();
    // What the user names for one field is no other.
    let taken = |at: usize| {
        let mut named = mapping.named.iter();
        named.any(|(_, name)| find(name) == Some(at))
    };
    let mut found: Vec<Vec<usize>> = Vec::with_capacity(COLUMNS);
    for column in Column::ALL {
        let mut cells = Vec::new();
        let mut is_named = false;
        for (_, name) in mapping.named.iter().filter(|(known, _)| *known == column) {
            is_named = true;
            let at = find(name).ok_or_else(|| TableError {
                line: None,
                message: message!(
                    "no column `{name}`; there are {names}",
                    name,
                    names = listed(header)
                ),
            })?;
            cells.push(at);
        }
        if !is_named {
            let mut known = column
                .known_as()
                .iter()
                .filter_map(|name| plain.iter().position(|column| column == name))
                .filter(|at| !taken(*at));
            match column {
                // A postal code, a street and a town state one seat.
                Column::Seat => cells.extend(known),
                _ => cells.extend(known.next()),
            }
        }
        found.push(cells);
    }
    let has = |column: Column| {
        found
            .get(column as usize)
            .is_some_and(|cells| !cells.is_empty())
    };
    if !has(Column::Name) && !has(Column::Project) {
        return Err(TableError {
            line: None,
            message: message!(
                "no column for the name among {names}",
                names = listed(header)
            ),
        });
    }
    Ok(found)
}

/// Are these territories written as seats are? Nearly all of the first begin with the code of a département or of a town.
pub(super) fn are_seats<'a>(territories: impl Iterator<Item = &'a str>) -> bool {
    /// Rows that are looked at.
    const LOOKED_AT: usize = 1000;
    let stated: Vec<&str> = territories
        .filter(|cell| !cell.is_empty())
        .take(LOOKED_AT)
        .collect();
    let coded = stated.iter().filter(|cell| begins_with_code(cell)).count();
    !stated.is_empty() && coded * 10 >= stated.len() * 9
}

/// Two figures or five, `2A` and `2B` with them, and then nothing or a town.
fn begins_with_code(cell: &str) -> bool {
    let code = cell.split(' ').next().unwrap_or("");
    let rest = code.strip_prefix("2A").or_else(|| code.strip_prefix("2B"));
    let digits = rest.unwrap_or(code);
    let begins = rest.is_some() && digits.is_empty() || matches!(code.len(), 2 | 5);
    begins && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_from_the_header() {
        for (header, expected) in [
            ("id,nom", b','),
            ("id;nom, prénom", b','),
            ("id;nom;part (%)", b';'),
            ("id\tnom", b'\t'),
            ("id%nom%ville", b'%'),
            ("nom", b','),
        ] {
            assert_eq!(delimiter(header), expected, "{header}");
        }
    }
}
