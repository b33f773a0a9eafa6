//! SCDL *subventions* 2.1 (<https://schema.data.gouv.fr/scdl/subventions/>): a table with a row for each laureate. Texts that a spreadsheet would run are made
//! inert as in the other tables.

use std::collections::BTreeSet;
use std::io;

use serde_json::Value;

use super::constants::Constants;
use super::{ANY_LENGTH, Account, Field, Rule, each, identifier, recipient};
use crate::config::CsvDialect;
use crate::export::cell::cell;
use crate::export::csv::writer;
use crate::model::laureate::Laureate;
use crate::validate::Packed;

/// The most characters of a text that has a limit.
const MOST_CHARACTERS: usize = 256;

/// The fields, in the order of the schema. One of the two numbers of the beneficiary is required; a row tells for itself.
pub(super) const FIELDS: [Field; 16] = [
    field("nomAttribuant", true, Rule::Text(ANY_LENGTH)),
    field("idAttribuant", true, Rule::Siret),
    field("dateConvention", true, Rule::Date),
    field("referenceDecision", false, Rule::Text(ANY_LENGTH)),
    field("nomBeneficiaire", true, Rule::Text(ANY_LENGTH)),
    field("idBeneficiaire", false, Rule::Siret),
    field("rnaBeneficiaire", false, Rule::Rna),
    field("objet", true, Rule::Text(MOST_CHARACTERS)),
    field("montant", true, Rule::Number),
    field(
        "nature",
        true,
        Rule::OneOf(&[
            "aide en numéraire",
            "aide en nature",
            "aide en numéraire;aide en nature",
        ]),
    ),
    field("conditionsVersement", true, Rule::Text(MOST_CHARACTERS)),
    field("datesPeriodeVersement", true, Rule::Period),
    field("idRAE", false, Rule::Text(5)),
    field("notificationUE", true, Rule::OneOf(&["oui", "non"])),
    field("pourcentageSubvention", true, Rule::Share),
    field("dispositifAide", false, Rule::Text(ANY_LENGTH)),
];

/// What the loss report calls the two fields of which one is required.
const EITHER_NUMBER: &str = "idBeneficiaire / rnaBeneficiaire";

const fn field(name: &'static str, is_required: bool, rule: Rule) -> Field {
    Field {
        name,
        is_required,
        rule,
    }
}

pub(super) fn write(
    laureates: &[Packed<Laureate>],
    constants: &Constants,
    out: &mut dyn io::Write,
) -> io::Result<Account> {
    let mut account = Account::default();
    let mut writer = writer(CsvDialect::Standard, out)?;
    writer.write_record(FIELDS.map(|field| field.name))?;
    let mut rows = BTreeSet::new();
    for record in each(laureates) {
        account.records += 1;
        let row = row(&record, constants, &mut account);
        let cells = row.map(|value| cell(&value, CsvDialect::Standard));
        writer.write_record(&cells)?;
        account.same += usize::from(!rows.insert(cells));
    }
    writer.flush()?;
    Ok(account)
}

fn row(record: &Laureate, constants: &Constants, account: &mut Account) -> [Value; FIELDS.len()] {
    // A sum in another currency is no number of euros.
    let amount = (record.amount.as_ref())
        .filter(|amount| amount.currency.as_deref().is_none_or(|code| code == "EUR"))
        .and_then(|amount| amount.value);
    let subject = record.project.as_ref().or(record.description.as_ref());
    let siret = identifier(record, "siret");
    let rna = identifier(record, "rna");
    let mut held = vec!["name"];
    if amount.is_some() {
        held.push("amount");
    }
    if record.project.is_some() {
        held.push("project");
    } else {
        held.push("description");
    }
    if siret.is_some() || rna.is_some() {
        held.push("identifiers");
    }
    account.loses(record, &held);
    let row = FIELDS.map(|field| {
        let stated: Value = match field.name {
            "nomBeneficiaire" => recipient(record).into(),
            "idBeneficiaire" => siret.into(),
            "rnaBeneficiaire" => rna.into(),
            "objet" => subject.map(|text| fitting(text, account)).into(),
            "montant" => amount.into(),
            _ => Value::Null,
        };
        let value = match constants.get(field.name) {
            Some(constant) if stated.is_null() => constant.into(),
            _ => stated,
        };
        if value.is_null() && field.is_required {
            account.lacks(field.name);
        }
        value
    });
    let has = |name: &str| {
        (FIELDS.iter().zip(&row)).any(|(field, value)| field.name == name && !value.is_null())
    };
    if !has("idBeneficiaire") && !has("rnaBeneficiaire") {
        account.lacks(EITHER_NUMBER);
    }
    row
}

/// The text on one line, cut at a word where it is too long.
fn fitting(text: &str, account: &mut Account) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST_CHARACTERS {
        return line;
    }
    *account.cut.entry("objet".to_owned()).or_default() += 1;
    // One for the ellipsis.
    let start: String = line.chars().take(MOST_CHARACTERS - 1).collect();
    let whole = start
        .rsplit_once(' ')
        .map_or(start.as_str(), |(words, _)| words);
    format!("{whole}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mention::{Amount, Identifier};

    fn record() -> Laureate {
        Laureate {
            name: Some("Les Ateliers du Port".to_owned()),
            project: Some("La Recyclerie mobile".to_owned()),
            territory: Some("Lorient".to_owned()),
            amount: Some(Amount {
                text: "15 000 €".to_owned(),
                value: Some(15000.0),
                currency: Some("EUR".to_owned()),
            }),
            identifiers: vec![Identifier {
                scheme: "siret".to_owned(),
                value: "73282932000074".to_owned(),
                text: "732 829 320 00074".to_owned(),
            }],
            ..Laureate::default()
        }
    }

    #[test]
    fn what_documents_state_goes_before_a_constant() {
        let constants = Constants::read(
            "[scdl]\nmontant = 1\nnature = \"aide en nature\"\n",
            super::super::Standard::Scdl,
        );
        let mut account = Account::default();
        let row = row(&record(), &constants.unwrap(), &mut account);
        assert_eq!(row[8], 15000.0);
        assert_eq!(row[9], "aide en nature");
        assert_eq!(row[5], "73282932000074");
        assert_eq!(account.missing.get(EITHER_NUMBER), None);
        assert_eq!(account.missing.get("nomAttribuant"), Some(&1));
        assert_eq!(account.lost.get("territory"), Some(&1));
        assert_eq!(account.lost.get("project"), None);
    }

    #[test]
    fn of_two_numbers_none_is_taken_and_francs_are_no_euros() {
        let mut record = record();
        record.identifiers.push(Identifier {
            scheme: "siret".to_owned(),
            value: "35600000000048".to_owned(),
            text: String::new(),
        });
        record.amount.as_mut().unwrap().currency = Some("CHF".to_owned());
        let mut account = Account::default();
        let row = row(&record, &Constants::default(), &mut account);
        assert!(row[5].is_null() && row[8].is_null());
        assert_eq!(account.missing.get("montant"), Some(&1));
        assert_eq!(account.lost.get("amount"), Some(&1));
    }

    #[test]
    fn a_long_subject_is_cut_at_a_word() {
        let mut account = Account::default();
        let cut = fitting(&"mot ".repeat(100), &mut account);
        assert!(cut.ends_with("mot…") && cut.chars().count() <= MOST_CHARACTERS);
        assert_eq!(account.cut.get("objet"), Some(&1));
    }
}
