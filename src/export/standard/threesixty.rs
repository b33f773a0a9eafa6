//! 360Giving 1.4 (<https://standard.threesixtygiving.org>): a package of grants as JSON. Codes of French places have no type in its code list, so they stand in words;
//! organisations are known by FR-RCS, the list of SIREN numbers at org-id.guide.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Map, Value, json};

use super::constants::Constants;
use super::{ANY_LENGTH, Account, Field, Rule, each, identifier, recipient};
use crate::export::collection::Collection;
use crate::model::laureate::Laureate;
use crate::model::mention::{DocumentRef, Place};

/// What a constant may fill: `prefix` begins the identifiers of grants, which must be unique in the world.
pub(super) const FIELDS: [Field; 10] = [
    field("prefix", Rule::Prefix),
    field("currency", Rule::Currency),
    field("amountAwarded", Rule::Number),
    field("awardDate", Rule::Date),
    field("fundingOrganization.id", Rule::Text(ANY_LENGTH)),
    field("fundingOrganization.name", Rule::Text(ANY_LENGTH)),
    field("grantProgramme.title", Rule::Text(ANY_LENGTH)),
    field("grantProgramme.code", Rule::Text(ANY_LENGTH)),
    field("fromOpenCall", Rule::OneOf(&["Yes", "No"])),
    field("fundingType", Rule::Text(ANY_LENGTH)),
];

const fn field(name: &'static str, rule: Rule) -> Field {
    Field {
        name,
        // Which fields a grant must have is told where it is made.
        is_required: false,
        rule,
    }
}

/// The version of the standard, as a package states it.
const VERSION: &str = "1.4";

/// Digits of a SIREN, which a SIRET begins with.
const SIREN_LENGTH: usize = 9;

pub(super) fn write(
    collection: &Collection,
    constants: &Constants,
    out: &mut dyn io::Write,
) -> io::Result<Account> {
    let mut account = Account::default();
    let documents: BTreeMap<String, DocumentRef> = (collection.documents.iter())
        .map(|record| record.unpack().document)
        .map(|document| (document.path.clone(), document))
        .collect();
    let grants: Vec<Value> = each(&collection.laureates)
        .map(|record| {
            account.records += 1;
            grant(&record, constants, &documents, &mut account)
        })
        .collect();
    let package = json!({"version": VERSION, "grants": grants});
    serde_json::to_writer_pretty(&mut *out, &package)?;
    out.write_all(b"\n")?;
    Ok(account)
}

fn grant(
    record: &Laureate,
    constants: &Constants,
    documents: &BTreeMap<String, DocumentRef>,
    account: &mut Account,
) -> Value {
    let mut held = vec!["name", "project"];
    let constant = |name: &str| constants.get(name).map(Value::from);
    let amount = record.amount.as_ref();
    let value = amount.and_then(|amount| amount.value);
    let currency = amount.and_then(|amount| amount.currency.as_deref());
    // A constant sum belongs to the constant currency, not to that of a text whose sum is not known.
    let (sum, currency) = match value {
        Some(value) => (
            Some(value.into()),
            currency.map(Value::from).or_else(|| constant("currency")),
        ),
        None => (
            constants.get("amountAwarded").and_then(number),
            constant("currency"),
        ),
    };
    let description = [
        ("description", &record.description),
        ("objectives", &record.objectives),
        ("results", &record.results),
    ];
    let description = (description.into_iter())
        .find_map(|(field, text)| Some((field, text.as_ref()?)))
        .map(|(field, text)| {
            held.push(field);
            Value::from(text.as_str())
        });
    let mut grant = Map::new();
    let mut required = |name: &str, value: Option<Value>| match value {
        Some(value) => {
            grant.insert(name.to_owned(), value);
        }
        None => account.lacks(name),
    };
    let id = (constants.get("prefix")).map(|prefix| format!("{prefix}-{}", record.id).into());
    required("id", id);
    required("title", record.project.as_deref().map(Value::from));
    required("description", description);
    required("currency", currency);
    if value.is_some() && sum.is_some() {
        held.push("amount");
    }
    required("amountAwarded", sum);
    required("awardDate", constant("awardDate"));
    grant.insert(
        "fundingOrganization".to_owned(),
        json!([organisation("fundingOrganization", account, |part| {
            constant(&format!("fundingOrganization.{part}"))
        })]),
    );
    grant.insert(
        "recipientOrganization".to_owned(),
        json!([receiver(record, account, &mut held)]),
    );
    optional(record, constants, documents, &mut grant, &mut held);
    account.loses(record, &held);
    grant.into()
}

/// An organisation, whose number and name are required.
fn organisation(
    role: &str,
    account: &mut Account,
    value: impl Fn(&str) -> Option<Value>,
) -> Map<String, Value> {
    let mut organisation = Map::new();
    for part in ["id", "name"] {
        match value(part) {
            Some(value) => {
                organisation.insert(part.to_owned(), value);
            }
            None => account.lacks(&format!("{role}.{part}")),
        }
    }
    organisation
}

fn receiver(
    record: &Laureate,
    account: &mut Account,
    held: &mut Vec<&'static str>,
) -> Map<String, Value> {
    let of_establishment = || identifier(record, "siret")?.get(..SIREN_LENGTH);
    let number = identifier(record, "siren").or_else(of_establishment);
    if number.is_some() {
        held.push("identifiers");
    }
    let mut receiver = organisation("recipientOrganization", account, |part| match part {
        "id" => number.map(|number| format!("FR-RCS-{number}").into()),
        _ => recipient(record).map(Value::from),
    });
    // The standard has room for one other name.
    if let [alias] = record.organisation.aliases.as_slice() {
        receiver.insert("alternateName".to_owned(), alias.as_str().into());
        held.push("organisation.aliases");
    }
    receiver
}

/// What a grant may say besides.
fn optional(
    record: &Laureate,
    constants: &Constants,
    documents: &BTreeMap<String, DocumentRef>,
    grant: &mut Map<String, Value>,
    held: &mut Vec<&'static str>,
) {
    let mut programme = Map::new();
    if let Some(title) = record.call.as_deref() {
        programme.insert("title".to_owned(), title.into());
        held.push("call");
    } else if let Some(title) = constants.get("grantProgramme.title") {
        programme.insert("title".to_owned(), title.into());
    }
    if let Some(code) = constants.get("grantProgramme.code") {
        programme.insert("code".to_owned(), code.into());
    }
    if !programme.is_empty() {
        grant.insert("grantProgramme".to_owned(), json!([programme]));
    }
    for name in ["fromOpenCall", "fundingType"] {
        if let Some(value) = constants.get(name) {
            grant.insert(name.to_owned(), value.into());
        }
    }
    let locations = locations(record, held);
    if !locations.is_empty() {
        grant.insert("beneficiaryLocation".to_owned(), locations.into());
    }
    let audiences = record.audiences.iter().map(|audience| {
        json!({"vocabulary": "Palmarès audiences", "code": audience.code, "title": audience.label})
    });
    let audiences: Vec<Value> = audiences.collect();
    if !audiences.is_empty() {
        grant.insert("classifications".to_owned(), audiences.into());
        held.push("audiences");
    }
    let sources = record.sources.iter();
    let mut urls: Vec<&DocumentRef> = sources
        .filter_map(|source| documents.get(&source.document))
        .filter(|document| document.url.is_some())
        .collect();
    urls.dedup_by_key(|document| &document.path);
    if let Some(first) = urls.first() {
        grant.insert("dataSource".to_owned(), first.url.clone().into());
        let related: Vec<Value> = (urls.iter())
            .map(|document| {
                let mut related = Map::new();
                related.insert("url".to_owned(), document.url.clone().into());
                if let Some(title) = &document.title {
                    related.insert("title".to_owned(), title.as_str().into());
                }
                related.into()
            })
            .collect();
        grant.insert("relatedDocument".to_owned(), related.into());
        held.push("sources");
    }
}

/// Where it has place: the places of the territory, or its text.
fn locations(record: &Laureate, held: &mut Vec<&'static str>) -> Vec<Value> {
    let named = |place: &Place| {
        let name = place.name.as_ref().unwrap_or(&place.text);
        let mut location = Map::new();
        location.insert("name".to_owned(), name.as_str().into());
        if let Some(code) = &place.code {
            let about = if place.approximate { "≈ " } else { "" };
            let described = format!(
                "code officiel géographique : {about}{code} ({})",
                place.kind
            );
            location.insert("description".to_owned(), described.into());
        }
        Value::from(location)
    };
    if !record.places.is_empty() {
        held.push("places");
        held.push("territory");
        return record.places.iter().map(named).collect();
    }
    match &record.territory {
        Some(territory) => {
            held.push("territory");
            vec![json!({"name": territory})]
        }
        None => Vec::new(),
    }
}

fn number(text: &str) -> Option<Value> {
    Some(text.parse::<f64>().ok()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::standard::Standard;
    use crate::model::mention::Amount;

    #[test]
    fn what_is_not_known_is_left_out_and_told() {
        let record = Laureate {
            id: "l-0123456789abcdef".to_owned(),
            name: Some("Les Ateliers du Port".to_owned()),
            amount: Some(Amount {
                text: "15 000 €".to_owned(),
                value: Some(15000.0),
                currency: Some("EUR".to_owned()),
            }),
            ..Laureate::default()
        };
        let mut account = Account::default();
        let constants = Constants::read(
            "[360giving]\nprefix = \"360G-essai\"\n",
            Standard::ThreeSixtyGiving,
        );
        let grant = grant(&record, &constants.unwrap(), &BTreeMap::new(), &mut account);
        assert_eq!(grant["id"], "360G-essai-l-0123456789abcdef");
        assert_eq!(grant["amountAwarded"], 15000.0);
        assert!(grant.get("title").is_none() && grant.get("awardDate").is_none());
        let missing: Vec<&str> = account.missing.keys().map(String::as_str).collect();
        assert_eq!(
            missing,
            [
                "awardDate",
                "description",
                "fundingOrganization.id",
                "fundingOrganization.name",
                "recipientOrganization.id",
                "title"
            ]
        );
    }
}
