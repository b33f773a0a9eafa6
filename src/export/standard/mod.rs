//! Standards of open data on grants. What a laureate's record maps to is written; what is asked for and not known is left out and told, and so is what a standard has
//! no place for. Nothing is made up: a field has what documents state, or a constant that the user gives.

mod constants;
mod scdl;
mod threesixty;

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::collection::Collection;
use crate::model::laureate::Laureate;
use crate::validate::Packed;

pub use constants::{Constants, Mistake};

/// A standard of open data on grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// SCDL *subventions* 2.1, of the common base of local data of French authorities: a table.
    Scdl,
    /// 360Giving 1.4: JSON.
    ThreeSixtyGiving,
}

impl Standard {
    /// What it is called, with its version.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scdl => "SCDL subventions 2.1",
            Self::ThreeSixtyGiving => "360Giving 1.4",
        }
    }

    /// The table of a file of constants that is for it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Scdl => "scdl",
            Self::ThreeSixtyGiving => "360giving",
        }
    }

    fn fields(self) -> &'static [Field] {
        match self {
            Self::Scdl => &scdl::FIELDS,
            Self::ThreeSixtyGiving => &threesixty::FIELDS,
        }
    }
}

/// A field of a standard that a constant may fill.
struct Field {
    name: &'static str,
    is_required: bool,
    rule: Rule,
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// Any text of at most so many characters.
    Text(usize),
    /// Fourteen digits with a right check digit.
    Siret,
    /// `W` and nine digits.
    Rna,
    /// `YYYY-MM-DD`.
    Date,
    /// One date, or two with a `/` between.
    Period,
    /// A number from 0.
    Number,
    /// A number above 0, at most 1.
    Share,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Three capital letters (ISO 4217).
    Currency,
    /// Letters, digits and hyphens, beginning with `360G-`.
    Prefix,
}

/// A text without a limit of its own.
const ANY_LENGTH: usize = usize::MAX;

/// What an export came to: what is missing and what was lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Records written.
    pub records: usize,
    /// Required fields that no document and no constant gives, by how many records lack them.
    pub missing: BTreeMap<String, usize>,
    /// Fields of ours that the standard cannot hold, by how many records have them.
    pub lost: BTreeMap<String, usize>,
    /// Fields whose text was cut to the length that the standard allows, by how many records.
    pub cut: BTreeMap<String, usize>,
    /// Records that are the same as another in every field: importers take them for duplicates.
    pub same: usize,
}

impl Account {
    /// Whether every record has all that the standard requires.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    fn lacks(&mut self, field: &str) {
        *self.missing.entry(field.to_owned()).or_default() += 1;
    }

    fn loses(&mut self, record: &Laureate, held: &[&str]) {
        for field in stated(record) {
            if !held.contains(&field) {
                *self.lost.entry(field.to_owned()).or_default() += 1;
            }
        }
    }
}

/// Writes the laureates as a standard has them.
pub fn write(
    collection: &Collection,
    standard: Standard,
    constants: &Constants,
    out: &mut dyn io::Write,
) -> io::Result<Account> {
    match standard {
        Standard::Scdl => scdl::write(&collection.laureates, constants, out),
        Standard::ThreeSixtyGiving => threesixty::write(collection, constants, out),
    }
}

/// The fields of a record that say something, but for those that say how it came about.
fn stated(record: &Laureate) -> Vec<&'static str> {
    let texts = [
        ("call", &record.call),
        ("group", &record.group),
        ("region", &record.region),
        ("name", &record.name),
        ("project", &record.project),
        ("territory", &record.territory),
        ("public", &record.public),
        ("results", &record.results),
        ("description", &record.description),
        ("needs", &record.needs),
        ("aid_type", &record.aid_type),
        ("duration", &record.duration),
        ("dates", &record.dates),
        ("objectives", &record.objectives),
        ("theme", &record.theme),
    ];
    let present = [
        (
            "partners",
            record.partners_text.is_some() || !record.partners.is_empty(),
        ),
        ("added_value", !record.added_value.is_empty()),
        ("quotes", !record.quotes.is_empty()),
        ("links", !record.links.is_empty()),
        ("contacts", !record.contacts.is_empty()),
        ("edition", record.edition.is_some()),
        ("keywords", !record.keywords.is_empty()),
        ("public_types", !record.public_types.is_empty()),
        ("funding", !record.funding.is_empty()),
        ("amount", record.amount.is_some()),
        ("award", record.award.is_some()),
        ("other", !record.other.is_empty()),
        ("places", !record.places.is_empty()),
        ("audiences", !record.audiences.is_empty()),
        ("identifiers", !record.identifiers.is_empty()),
        ("periods", !record.periods.is_empty()),
        ("durations", !record.durations.is_empty()),
        ("ages", !record.ages.is_empty()),
        (
            "organisation.aliases",
            !record.organisation.aliases.is_empty(),
        ),
        ("sources", true),
        ("evidence", !record.provenance.is_empty()),
        ("variants", !record.variants.is_empty()),
        ("confidence", !record.confidence.is_empty()),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(field, text)| text.as_ref().map(|_| field));
    let present = present
        .into_iter()
        .filter_map(|(field, is_present)| is_present.then_some(field));
    texts.chain(present).collect()
}

/// The number of an organisation in a register, where exactly one is stated: of several nobody knows which is meant.
fn identifier<'r>(record: &'r Laureate, scheme: &str) -> Option<&'r str> {
    let mut numbers = record.identifiers.iter().filter(|one| one.scheme == scheme);
    match (numbers.next(), numbers.next()) {
        (Some(one), None) => Some(&one.value),
        _ => None,
    }
}

/// Who got it: the name that the documents give, or that of the organisation.
fn recipient(record: &Laureate) -> Option<&str> {
    let name = record.organisation.name.as_ref().or(record.name.as_ref());
    name.map(String::as_str)
}

/// Laureates one after the other.
fn each(laureates: &[Packed<Laureate>]) -> impl Iterator<Item = Laureate> {
    laureates.iter().map(Packed::unpack)
}
