//! A register of the user's own, such as an extract of SIRENE or of the RNA. In: the organisations of laureates, and the register; out: for each organisation who in the register it may be, with the
//! account of each pair. A proposal to look at: no record is changed.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::cells::decode;
use super::columns::{Column, Mapping, TableError, delimiter};
use super::fields::Source as _;
use super::table::Table;
use super::{Decisions, LinkDetail, LinkOptions, LinkType, cluster_records};
use crate::model::laureate::{Decision, Laureate, LinkRecord, RegisterCandidate, RegisterMatch};

/// Candidates that are told of an organisation.
const MOST: usize = 3;

/// A pair less likely than this is no candidate.
const FLOOR: f64 = 0.01;

/// Territories of an organisation that are compared with the seat in the register.
const MOST_TERRITORIES: usize = 5;

/// What the columns of the registers that the State publishes are called (SIRENE, RNA, and tables made of them): of an id and a name the first counts, of a seat all.
const COLUMNS: [(Column, &[&str]); 4] = [
    (
        Column::Id,
        &["siret", "siren", "id", "numero_rna", "rna_id", "rna"],
    ),
    (
        Column::Name,
        &[
            "denominationUniteLegale",
            "denominationUsuelleEtablissement",
            "nom_complet",
            "nom_raison_sociale",
            "raison_sociale",
            "denomination",
            "titre",
            "nom",
            "name",
        ],
    ),
    (
        Column::Seat,
        &[
            "codePostalEtablissement",
            "libelleCommuneEtablissement",
            "adrs_codepostal",
            "adrs_libcommune",
            "code_postal",
            "libelle_commune",
            "cp",
            "commune",
            "ville",
            "seat",
        ],
    ),
    // What an association is for is no project.
    (Column::Description, &["objet", "description"]),
];

/// Organisations, gathered from their laureates.
#[derive(Debug, Default)]
pub struct Bodies(BTreeMap<String, Body>);

#[derive(Debug, Default)]
struct Body {
    name: String,
    territories: Vec<String>,
    seat: Option<String>,
    /// Its official numbers.
    numbers: Vec<String>,
}

impl Bodies {
    /// Adds what a laureate says of its organisation.
    pub fn add(&mut self, laureate: &Laureate) {
        let organisation = &laureate.organisation;
        let Some(name) = organisation.name.as_ref().or(laureate.name.as_ref()) else {
            return;
        };
        let body = self.0.entry(organisation.id.clone()).or_default();
        body.name.clone_from(name);
        if let Some(territory) = &laureate.territory
            && body.territories.len() < MOST_TERRITORIES
            && !body.territories.contains(territory)
        {
            body.territories.push(territory.clone());
        }
        let seat = laureate.places.iter().find(|place| place.role == "seat");
        if let Some(seat) = seat {
            body.seat.get_or_insert_with(|| seat.text.clone());
        }
        let numbers = laureate.identifiers.iter();
        body.numbers
            .extend(numbers.map(|number| number.value.clone()));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a table.
    fn table(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["id", "name", "territory", "seat"])?;
        for (id, body) in &self.0 {
            let territories = body.territories.join(", ");
            let seat = body.seat.as_deref().unwrap_or_default();
            table.write_record([id, &body.name, &territories, seat])?;
        }
        Ok(table.into_inner().unwrap_or_default())
    }
}

/// Looks organisations up in a register (CSV or JSON records line by line), each taken for one of it from this probability on. In the order of their ids.
pub fn look_up(
    bodies: &Bodies,
    path: &str,
    register: Vec<u8>,
    threshold: f64,
) -> Result<Vec<RegisterMatch>, TableError> {
    let mapping = mapping(&register);
    let mut table = Table::default();
    let own = bodies
        .table()
        .map_err(|error| super::cells::csv_error(&error))?;
    table.add("", own, &Mapping::default())?;
    table.add(path, register, &mapping)?;
    table.finish()?;
    let options = LinkOptions {
        link_type: LinkType::Link,
        threshold,
        detail: LinkDetail::All,
        floor: FLOOR,
        decisions: Decisions {
            must_link: same_numbers(bodies, &table),
            cannot_link: Vec::new(),
        },
        ..LinkOptions::default()
    };
    let clusters = cluster_records(&table, &options);
    let mut links: BTreeMap<String, Vec<LinkRecord>> = BTreeMap::new();
    clusters.each_link(
        &table,
        &options,
        |link| link,
        |mut link| {
            if bodies.0.contains_key(&link.b) {
                std::mem::swap(&mut link.a, &mut link.b);
            }
            links.entry(link.a.clone()).or_default().push(link);
        },
    );
    let candidate = |link: LinkRecord| {
        let fields = (clusters.find(&table, &link.b)).map(|index| table.fields(index));
        let fields = fields.unwrap_or_default();
        RegisterCandidate {
            name: fields.name.map(std::borrow::Cow::into_owned),
            seat: fields.seat.map(std::borrow::Cow::into_owned),
            is_joined: is_one(&link),
            because: match link.because.as_deref() {
                Some("must_link") => Some("number".to_owned()),
                _ => link.because,
            },
            id: link.b,
            judgement: link.organisation,
        }
    };
    let matches = bodies.0.iter().map(|(id, body)| {
        let mut own = links.remove(id).unwrap_or_default();
        let sure = |link: &LinkRecord| (is_one(link), link.organisation.probability);
        own.sort_by(|a, b| {
            let ((a_is, a_sure), (b_is, b_sure)) = (sure(a), sure(b));
            (b_is.cmp(&a_is))
                .then(b_sure.total_cmp(&a_sure))
                .then_with(|| a.b.cmp(&b.b))
        });
        let joined = own.first().filter(|link| is_one(link));
        RegisterMatch {
            organisation: id.clone(),
            name: body.name.clone(),
            joined: joined.map(|link| link.b.clone()),
            candidates: own.into_iter().take(MOST).map(candidate).collect(),
        }
    });
    Ok(matches.collect())
}

fn is_one(link: &LinkRecord) -> bool {
    matches!(
        link.decision,
        Decision::SameLaureate | Decision::SameOrganisation
    )
}

/// Organisations of which a document gives a number that one of the register has, and no other.
fn same_numbers(bodies: &Bodies, table: &Table) -> Vec<(String, String)> {
    /// Figures of a SIREN, with which a SIRET begins.
    const SIREN: usize = 9;
    const SIRET: usize = 14;
    let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
    for id in (0..table.len()).map(|index| table.id(index)) {
        if bodies.0.contains_key(id) {
            continue;
        }
        known.entry(id).or_default().push(id);
        if let Some(siren) = id.get(..SIREN).filter(|_| id.len() == SIRET) {
            known.entry(siren).or_default().push(id);
        }
    }
    let mut pairs = Vec::new();
    let mut taken: HashSet<&str> = HashSet::new();
    for (body, number) in (bodies.0.iter())
        .flat_map(|(id, body)| body.numbers.iter().map(move |number| (id, number.as_str())))
    {
        let siren = number.get(..SIREN).filter(|_| number.len() == SIRET);
        let found = [Some(number), siren]
            .into_iter()
            .flatten()
            .find_map(|number| known.get(number));
        // A SIREN of several establishments says nothing of which it is.
        if let Some([id]) = found.map(Vec::as_slice)
            && taken.insert(id)
        {
            pairs.push((body.clone(), (*id).to_owned()));
        }
    }
    pairs
}

/// Which columns of a register are read.
fn mapping(register: &[u8]) -> Mapping {
    let end = memchr::memchr(b'\n', register).unwrap_or(register.len());
    let head = decode(register.get(..end).unwrap_or_default().to_vec());
    if head.trim_start().starts_with('{') {
        return Mapping::default();
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&head))
        .from_reader(head.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let find = |name: &str| {
        header
            .iter()
            .find(|column| column.trim().eq_ignore_ascii_case(name))
            .map(|column| column.trim().to_owned())
    };
    let mut named = Vec::new();
    for (column, names) in COLUMNS {
        let found = names.iter().filter_map(|name| Some((column, find(name)?)));
        match column {
            Column::Seat => named.extend(found),
            _ => named.extend(found.take(1)),
        }
    }
    Mapping {
        named,
        delimiter: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::laureate::Organisation;
    use crate::model::mention::Identifier;

    fn laureate(id: &str, name: &str, territory: &str, number: Option<&str>) -> Laureate {
        Laureate {
            organisation: Organisation {
                id: id.to_owned(),
                name: Some(name.to_owned()),
                aliases: Vec::new(),
            },
            territory: Some(territory.to_owned()),
            identifiers: number
                .iter()
                .map(|number| Identifier {
                    scheme: "siren".to_owned(),
                    value: (*number).to_owned(),
                    text: (*number).to_owned(),
                })
                .collect(),
            ..Laureate::default()
        }
    }

    const REGISTER: &str = "\
siret;denominationUniteLegale;codePostalEtablissement;libelleCommuneEtablissement
11111111100011;ASSOCIATION RADIO RIVAGE;29200;BREST
22222222200022;REGIE DE QUARTIER DU MOULIN;56000;VANNES
33333333300033;LES JARDINS DU COUCHANT;56100;LORIENT
44444444400044;COMPAGNIE DU PHARE;29900;CONCARNEAU
";

    #[test]
    fn organisations_are_found_by_name_and_seat_or_by_number_and_others_are_not() {
        let mut bodies = Bodies::default();
        bodies.add(&laureate("o-1", "Radio Rivage", "Brest", None));
        bodies.add(&laureate("o-1", "Radio Rivage", "Quimper", None));
        bodies.add(&laureate("o-2", "Théâtre des Brumes", "Rennes", None));
        bodies.add(&laureate("o-3", "CDP", "Concarneau", Some("444444444")));
        let found = look_up(&bodies, "sirene.csv", REGISTER.into(), 0.5).unwrap();
        let joined: Vec<(&str, Option<&str>)> = (found.iter())
            .map(|found| (found.organisation.as_str(), found.joined.as_deref()))
            .collect();
        assert_eq!(
            joined,
            [
                ("o-1", Some("11111111100011")),
                ("o-2", None),
                ("o-3", Some("44444444400044")),
            ]
        );
        let first = &found[0].candidates[0];
        assert_eq!(first.seat.as_deref(), Some("29200 BREST"));
        assert!(first.judgement.probability > 0.5);
        assert!(!first.judgement.contributions.is_empty());
        assert_eq!(found[2].candidates[0].because.as_deref(), Some("number"));
    }

    #[test]
    fn a_register_that_names_nobody_is_refused() {
        let mut bodies = Bodies::default();
        bodies.add(&laureate("o-1", "Radio Rivage", "Brest", None));
        assert!(look_up(&bodies, "x.csv", b"a;b\n1;2\n".to_vec(), 0.5).is_err());
    }
}
