//! What records are checked for, one rule a row: that they are valid, that what they say is right for who imports it, that it can be joined with other data. In: records
//! one after the other; out: for each, which rules it breaks, by which values, and where these stand in its document.

use std::collections::HashMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{Schema, reason, rules};
use crate::message;
use crate::message::{Message, decimal};
use crate::model::evidence::Evidence;
use crate::model::record::Reason;
use crate::model::validation::Tier;
use crate::profile::identifiers;
use crate::word;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// What programs call it.
    pub name: &'static str,
    /// What it defends.
    pub tier: Tier,
    /// What it checks.
    pub what: &'static str,
    check: Check,
}

/// How a rule is checked.
#[derive(Debug)]
enum Check {
    /// Before there is a record: by whoever reads the file.
    Reading,
    Schema,
    Sense,
    /// Of what a document or several say of a laureate.
    Grant(fn(&Value) -> Found),
    Duplicate,
}

/// The values that break a rule, by their pointers, and what is wrong with each.
type Found = Vec<(String, Message)>;

/// All rules, the gravest first. Of a record that is not valid nothing else is looked at. Those of quality are what the importer of the State's database of grants rejects
/// a row for: a SIRET that is wrong, an amount that is no number, no year, the same row twice. What is not stated is no fault of quality, but for the year.
pub static RULES: [Rule; 14] = [
    row("json", Tier::Valid, word!("it is JSON"), Check::Reading),
    row(
        "known",
        Tier::Valid,
        word!("it is a record that palmares writes"),
        Check::Reading,
    ),
    row(
        "schema",
        Tier::Valid,
        word!("it satisfies its JSON Schema"),
        Check::Schema,
    ),
    row(
        "sense",
        Tier::Valid,
        word!("what it says of its values makes sense: evidence, pointers, places"),
        Check::Sense,
    ),
    row(
        "identifier",
        Tier::Quality,
        word!("its SIRET, SIREN and RNA have the length and the key of such numbers"),
        Check::Grant(wrong_identifiers),
    ),
    row(
        "amount",
        Tier::Quality,
        word!("the amount that it states is a number"),
        Check::Grant(amount_without_number),
    ),
    row(
        "year",
        Tier::Quality,
        word!("it names a year: in its edition, its call or its dates"),
        Check::Grant(no_year),
    ),
    row(
        "duplicate",
        Tier::Quality,
        word!("no other record of its file says exactly the same"),
        Check::Duplicate,
    ),
    row(
        "named",
        Tier::Usefulness,
        word!("it names an organisation, not a project alone"),
        Check::Grant(unnamed),
    ),
    row(
        "registered",
        Tier::Usefulness,
        word!("it has a SIRET, SIREN or RNA to look its organisation up by"),
        Check::Grant(unregistered),
    ),
    row(
        "placed",
        Tier::Usefulness,
        word!("a place of it has a code"),
        Check::Grant(unplaced),
    ),
    row(
        "addressed",
        Tier::Usefulness,
        word!("an audience of it has a code"),
        Check::Grant(unaddressed),
    ),
    row(
        "funded",
        Tier::Usefulness,
        word!("it states an amount"),
        Check::Grant(unfunded),
    ),
    row(
        "sure",
        Tier::Usefulness,
        word!("its values are more likely right than not"),
        Check::Grant(unsure),
    ),
];

/// Values less sure than this are as likely wrong as right.
const SURE: f64 = 0.5;

/// What differs between two records that say the same: where they were read, and what was worked out of that.
const APART: [&str; 12] = [
    "id",
    "document",
    "position",
    "organisation",
    "inferred",
    "evidence",
    "confidence",
    "origin",
    "sources",
    "provenance",
    "variants",
    "conflicts",
];

/// Schemes of registers of organisations, and what labels call them.
const REGISTERS: [(&str, &str); 3] = [("siret", "SIRET"), ("siren", "SIREN"), ("rna", "RNA")];

const fn row(name: &'static str, tier: Tier, what: &'static str, check: Check) -> Rule {
    Rule {
        name,
        tier,
        what,
        check,
    }
}

impl Rule {
    /// The rule of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.name == name)
    }
}

/// The records of a file so far, by what they say.
#[derive(Debug, Default)]
pub struct Seen(HashMap<[u8; 32], String>);

/// Every rule that a record breaks, in the order of the rules, with the values that break it.
pub fn audit(schema: Schema, record: &Value, seen: &mut Seen) -> Vec<(&'static Rule, Reason)> {
    let is_grant = matches!(schema, Schema::Mention | Schema::Laureate);
    let mut broken = Vec::new();
    let mut tier = Tier::Valid;
    for rule in &RULES {
        // The rules presuppose those before: on a record of another shape they would only repeat what those said.
        let is_invalid = !broken.is_empty() && tier == Tier::Valid;
        if is_invalid {
            break;
        }
        tier = rule.tier;
        let mut found = match rule.check {
            Check::Schema => schema.violations(record),
            Check::Sense => rules::violations(schema, record),
            Check::Grant(check) if is_grant => check(record),
            Check::Duplicate if is_grant => seen.twice(record),
            Check::Reading | Check::Grant(_) | Check::Duplicate => continue,
        };
        found.sort();
        found.dedup();
        broken.extend(
            found
                .into_iter()
                .map(|(pointer, message)| (rule, reason(record, pointer, message))),
        );
    }
    broken
}

/// The document in which a value stands, and where: a laureate's value is that of one of its sources.
pub fn source_of<'r>(record: &'r Value, reason: &Reason) -> Option<(&'r str, Vec<Evidence>)> {
    if let Some(path) = record.pointer("/document/path").and_then(Value::as_str) {
        return Some((path, reason.evidence.clone()));
    }
    let sources = record.get("sources")?.as_array()?;
    let field = reason.pointer.split('/').nth(1).unwrap_or("name");
    let mention = record
        .get("provenance")
        .and_then(|map| map.get(format!("/{field}")));
    let is_it = |source: &&Value| mention.is_some() && source.get("mention") == mention;
    let source = (sources.iter().find(is_it)).or_else(|| sources.first())?;
    let page = source.get("page").and_then(Value::as_u64);
    let evidence = Evidence {
        page: page.and_then(|page| u32::try_from(page).ok()),
        ..Evidence::default()
    };
    let evidence = evidence.page.is_some().then_some(evidence);
    Some((
        source.get("document")?.as_str()?,
        evidence.into_iter().collect(),
    ))
}

impl Seen {
    /// Whether a record before says the same: all that a document says of it, its number in the list included. What differs in any of that is a grant of its own, and so is what
    /// another document states.
    fn twice(&mut self, record: &Value) -> Found {
        let Some(fields) = record.as_object() else {
            return Vec::new();
        };
        let mut hash = Sha256::new();
        let path = record.pointer("/document/path").and_then(Value::as_str);
        hash.update(path.unwrap_or_default());
        let own: Map<String, Value> = (fields.iter())
            .filter(|(name, _)| !APART.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        hash.update(Value::Object(own).to_string());
        let id = text(record, "id").unwrap_or_default().to_owned();
        match self.0.insert(hash.finalize().into(), id) {
            Some(first) => vec![(
                String::new(),
                message!(
                    "says exactly what `{first}` says; a grant of its own would differ in a number, a date, an amount or a project",
                    first
                ),
            )],
            None => Vec::new(),
        }
    }
}

/// Official numbers that are none, and those that a label announces and nobody could read.
fn wrong_identifiers(record: &Value) -> Found {
    let known = rules::items(record, "identifiers");
    let mut found = Found::new();
    for (index, number) in known.iter().enumerate() {
        let (scheme, value) = (text(number, "scheme"), text(number, "value"));
        let (Some(scheme), Some(value)) = (scheme, value) else {
            continue;
        };
        if !identifiers::is_valid(scheme, value) {
            let name = scheme.to_uppercase();
            found.push((
                format!("/identifiers/{index}/value"),
                message!(
                    "`{value}` is no {name}: its length or its key is wrong",
                    value,
                    name
                ),
            ));
        }
    }
    for (label, value) in rules::entries(record, "other") {
        let words: Vec<&str> = label.split(|c: char| !c.is_alphanumeric()).collect();
        let register = REGISTERS
            .iter()
            .find(|(scheme, _)| words.iter().any(|word| word.eq_ignore_ascii_case(scheme)));
        if let (Some((scheme, name)), Some(value)) = (register, value.as_str())
            && value.contains(|c: char| c.is_ascii_digit())
            && !known
                .iter()
                .any(|number| text(number, "scheme") == Some(scheme))
        {
            found.push((
                format!("/other/{}", rules::escaped(label)),
                message!(
                    "`{value}` is no {name}: its length or its key is wrong",
                    value,
                    name = *name
                ),
            ));
        }
    }
    found
}

fn amount_without_number(record: &Value) -> Found {
    let amount = record.get("amount").filter(|amount| amount.is_object());
    let stated = amount.filter(|amount| amount.get("value").is_none_or(Value::is_null));
    let stated = stated.and_then(|amount| text(amount, "text"));
    stated.map_or_else(Vec::new, |stated| {
        vec![(
            "/amount/text".to_owned(),
            message!("`{stated}` gives no number", stated),
        )]
    })
}

fn no_year(record: &Value) -> Found {
    let is_year =
        |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let texts = [
        "/edition/note",
        "/call",
        "/group",
        "/dates",
        "/document/title",
    ];
    let names_year = record
        .pointer("/edition/year")
        .is_some_and(Value::is_number)
        || texts
            .iter()
            .filter_map(|pointer| record.pointer(pointer)?.as_str())
            .any(|text| text.split(|c: char| !c.is_ascii_digit()).any(is_year));
    if names_year {
        return Vec::new();
    }
    let pointer = if text(record, "call").is_some() {
        "/call"
    } else {
        ""
    };
    vec![(pointer.to_owned(), message!("names no year"))]
}

fn unnamed(record: &Value) -> Found {
    absent(record, "name", || message!("names no organisation"))
}

fn unfunded(record: &Value) -> Found {
    absent(record, "amount", || message!("states no amount"))
}

fn unplaced(record: &Value) -> Found {
    uncoded(record, "places", || {
        message!("names no place that has a code")
    })
}

fn unaddressed(record: &Value) -> Found {
    uncoded(record, "audiences", || {
        message!("names no audience that has a code")
    })
}

fn unregistered(record: &Value) -> Found {
    let is_registered = rules::items(record, "identifiers").iter().any(|number| {
        REGISTERS
            .iter()
            .any(|(scheme, _)| text(number, "scheme") == Some(scheme))
    });
    if is_registered {
        return Vec::new();
    }
    vec![(
        "/identifiers".to_owned(),
        message!("has no SIRET, SIREN or RNA"),
    )]
}

fn unsure(record: &Value) -> Found {
    let unsure = rules::entries(record, "confidence").filter_map(|(pointer, sure)| {
        let sure = sure.as_f64().filter(|sure| *sure < SURE)?;
        Some((
            pointer.clone(),
            message!(
                "is right with a probability of {sure}",
                sure = decimal(sure, 2)
            ),
        ))
    });
    unsure.collect()
}

fn absent(record: &Value, field: &str, what: fn() -> Message) -> Found {
    if rules::is_absent(record.get(field)) {
        return vec![(format!("/{field}"), what())];
    }
    Vec::new()
}

fn uncoded(record: &Value, field: &str, what: fn() -> Message) -> Found {
    let has_code = |item: &Value| text(item, "code").is_some();
    if rules::items(record, field).iter().any(has_code) {
        return Vec::new();
    }
    vec![(format!("/{field}"), what())]
}

fn text<'r>(record: &'r Value, field: &str) -> Option<&'r str> {
    record.get(field)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The rules that the example breaks with some values replaced, with the pointers.
    #[track_caller]
    fn check(changes: &[(&str, Value)], expected: &[&str]) {
        let mut record = Schema::Mention.example();
        for (pointer, value) in changes {
            let (parent, field) = pointer.rsplit_once('/').unwrap();
            record.pointer_mut(parent).unwrap()[field] = value.clone();
        }
        let found: Vec<String> = audit(Schema::Mention, &record, &mut Seen::default())
            .into_iter()
            .map(|(rule, reason)| format!("{} {}", rule.name, reason.pointer))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_record_that_is_not_valid_is_not_looked_at_any_further() {
        check(&[], &[]);
        check(
            &[("/position", json!("deux")), ("/call", Value::Null)],
            &["schema /position"],
        );
        check(
            &[
                ("/theme", json!("Réemploi")),
                ("/amount/value", Value::Null),
            ],
            &["sense /theme"],
        );
    }

    #[test]
    fn what_an_importer_rejects_is_a_fault_of_quality() {
        let siret =
            json!([{"scheme": "siret", "value": "73282932000075", "text": "732 829 320 00075"}]);
        check(
            &[("/identifiers", siret)],
            &["identifier /identifiers/0/value"],
        );
        check(&[("/amount/value", Value::Null)], &["amount /amount/text"]);
        check(
            &[
                ("/call", json!("Quartiers solidaires")),
                ("/dates", json!("au printemps")),
            ],
            &["year /call"],
        );
        check(
            &[
                ("/call", json!("Quartiers solidaires")),
                ("/document/title", json!("Bilan 2023")),
            ],
            &[],
        );
    }

    #[test]
    fn a_number_that_a_label_announces_and_nobody_can_read_is_wrong() {
        let mut record = Schema::Mention.example();
        record["other"] = json!({"N° SIRET": "4991E+13", "Siren": "non communiqué"});
        let found = wrong_identifiers(&record);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "/other/N° SIRET");
        record["identifiers"] =
            json!([{"scheme": "siret", "value": "73282932000074", "text": "73282932000074"}]);
        assert_eq!(wrong_identifiers(&record), []);
    }

    #[test]
    fn the_same_row_twice_is_told_from_two_grants() {
        let mut seen = Seen::default();
        let mut again = |field: &str, value: Value| {
            let mut record = Schema::Mention.example();
            record[field] = value;
            seen.twice(&record).len()
        };
        assert_eq!(again("id", json!("m-0000000000000001")), 0);
        assert_eq!(again("id", json!("m-0000000000000002")), 1);
        assert_eq!(again("position", json!(9)), 1);
        assert_eq!(again("ordinal", json!(3)), 0);
        assert_eq!(again("dates", json!("mai 2023")), 0);
        assert_eq!(again("document", json!({"path": "raw/autre.pdf"})), 0);
    }

    #[test]
    fn what_nothing_can_be_joined_on_is_of_less_use() {
        let bare = json!({"confidence": {"/project": 0.4, "/call": 0.9}});
        let checks = [
            unnamed,
            unregistered,
            unplaced,
            unaddressed,
            unfunded,
            unsure,
        ];
        let found = checks.iter().flat_map(|check| check(&bare));
        let pointers: Vec<String> = found.map(|(pointer, _)| pointer).collect();
        let expected = [
            "/name",
            "/identifiers",
            "/places",
            "/audiences",
            "/amount",
            "/project",
        ];
        assert_eq!(pointers, expected);
        let example = Schema::Mention.example();
        assert!(checks.iter().all(|check| check(&example).is_empty()));
    }

    #[test]
    fn a_laureates_value_stands_in_the_source_that_it_is_from() {
        let record = Schema::Laureate.example();
        let reason = reason(&record, "/name".to_owned(), Message::default());
        let (document, evidence) = source_of(&record, &reason).unwrap();
        assert_eq!(
            (document, evidence[0].page),
            ("raw/quartiers-solidaires.pdf", Some(3))
        );
    }
}
