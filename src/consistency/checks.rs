//! The checks, one a row.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{Check, Finding, List};
use crate::extract::amounts;
use crate::model::mention::{Mention, Place};
use crate::profile::{VOCABULARY, fold};
use crate::word;

/// Every check, in the order in which they are told.
pub const CHECKS: [Check; 8] = [
    Check {
        name: "gap",
        says: word!("a field that most records have is missing"),
        compares: "A field that nine records in ten have with the records that lack it. On 181 real documents and such of their kinds 4 findings, 3 of them wrong.",
        find: gaps,
    },
    Check {
        name: "several-in-one",
        says: word!("a name holds that of another record"),
        compares: "Each name with those of the other records: a line that swallowed the next holds both. No finding there.",
        find: several_in_one,
    },
    Check {
        name: "more-than-a-name",
        says: word!("a name or title holds who carries it, or a sum"),
        compares: "Names and titles with what other fields are for: « porté par », sums of money. 1 finding, wrong.",
        find: more_than_a_name,
    },
    Check {
        name: "total",
        says: word!("the sums read do not add up to the total that the document states"),
        compares: "The sums of all records, where all have one, with a total that stands outside of them. 1 finding: subtotals had been read as records.",
        find: total,
    },
    Check {
        name: "town-elsewhere",
        says: word!("a town is not in the département that the record names"),
        compares: "The one town of a record with its one département, both with a code. On 200 real documents and such of their kinds no finding; lists of many towns beside a département gave 4, all wrong.",
        find: town_elsewhere,
    },
    Check {
        name: "twice-the-same",
        says: word!("a record says the same in two fields"),
        compares: "Titles with names and territories, where nine records in ten say different things there. On 200 documents no finding; names with territories gave one, wrong: authorities are where they are.",
        find: twice_the_same,
    },
    Check {
        name: "no-number",
        says: word!("a sum has no number"),
        compares: "The texts of sums, where nine in ten have a number. On 200 documents no finding.",
        find: no_number,
    },
    Check {
        name: "slipped",
        says: word!(
            "sums stand where another field is, and other words where sums are: labels and values may have slipped against each other"
        ),
        compares: "Sums without a number with the other fields of their record: where in half of the records one is nothing but a sum, each value may be its neighbour's. On 551 documents no finding; before labels in tinted cells were read, one had it in all its records.",
        find: slipped,
    },
];

/// Fewer records show no habit.
const FEWEST: usize = 5;

/// Whether `part` of `all` is what most do.
fn are_most(part: usize, all: usize) -> bool {
    all >= FEWEST && part * 10 >= all * 9
}

fn finding(record: usize, field: &str, shown: &str) -> Finding {
    const LONGEST: usize = 60;
    let mut shown = shown.replace('\n', " ");
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(end);
        shown.push('…');
    }
    Finding {
        record,
        pointer: format!("/{field}"),
        shown,
    }
}

fn gaps(list: &List<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for field in ["name", "project", "territory", "amount"] {
        let has = |mention: &&Mention| mention.text(field).is_some();
        let n = list.mentions.iter().filter(has).count();
        if n < list.mentions.len() && are_most(n, list.mentions.len()) {
            let lacking = (list.mentions.iter().enumerate()).filter(|(_, mention)| !has(mention));
            found.extend(lacking.map(|(record, _)| finding(record, field, field)));
        }
    }
    found
}

fn several_in_one(list: &List<'_>) -> Vec<Finding> {
    /// « Mission locale » is part of many a name.
    const WORDS: usize = 3;
    // Titles of one call have much in common, names have not.
    let name = |mention: &Mention| Some(format!(" {} ", fold(mention.name.as_deref()?)));
    let names: Vec<Option<String>> = list.mentions.iter().map(name).collect();
    let long: Vec<&str> = (names.iter().flatten())
        .filter(|name| name.split_whitespace().count() >= WORDS)
        .map(String::as_str)
        .collect();
    // It is asked once: a smaller table costs less than it saves.
    let mut builder = AhoCorasick::builder();
    let Ok(others) = builder
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .build(&long)
    else {
        return Vec::new();
    };
    let holds = |name: &String| {
        (others.find_overlapping_iter(name.as_str())).any(|other| {
            let before = name.get(..other.start()).unwrap_or_default();
            // « Régie autonome de la Ville de Dole »
            let joint = before.split_whitespace().next_back();
            joint.is_some_and(|word| !VOCABULARY.is_joint(word))
        })
    };
    (list.mentions.iter().zip(&names).enumerate())
        .filter(|(_, (_, name))| name.as_ref().is_some_and(holds))
        .map(|(record, (mention, _))| {
            finding(record, "name", mention.name.as_deref().unwrap_or_default())
        })
        .collect()
}

fn more_than_a_name(list: &List<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (record, mention) in list.mentions.iter().enumerate() {
        for field in ["name", "project"] {
            let Some(value) = mention.text(field) else {
                continue;
            };
            if VOCABULARY.find_carrier(value).is_some() || !amounts::find(value).is_empty() {
                found.push(finding(record, field, value));
            }
        }
    }
    found
}

fn total(list: &List<'_>) -> Vec<Finding> {
    /// Totals are rounded.
    const ABOUT: f64 = 1.0;
    let Some(sums) = super::sums(list.mentions).filter(|sums| sums.len() >= FEWEST) else {
        return Vec::new();
    };
    let sum: f64 = sums.iter().sum();
    let totals = (list.outside.iter()).filter_map(|text| match amounts::find(text).as_slice() {
        [total] if VOCABULARY.says_total(text) => Some((total.value, *text)),
        _ => None,
    });
    let totals: Vec<(f64, &str)> = totals.collect();
    // One that agrees settles it: others are of something else.
    if totals.iter().any(|(total, _)| (total - sum).abs() <= ABOUT) {
        return Vec::new();
    }
    (totals.first()).map_or_else(Vec::new, |(_, text)| {
        vec![finding(0, "total", &format!("{text} ≠ {sum}"))]
    })
}

fn town_elsewhere(list: &List<'_>) -> Vec<Finding> {
    let is_sure = |place: &Place| {
        place.role == "scope" && !place.approximate && place.alternatives.is_empty()
    };
    let only = |mention: &'_ Mention, kind: &str| {
        let mut places = (mention.places.iter().enumerate())
            .filter(|(_, place)| place.kind == kind && is_sure(place));
        // Of a list of places one says nothing of the others.
        let (number, place) = places.next().filter(|_| places.next().is_none())?;
        Some((number, place.text.clone(), place.code.clone()?))
    };
    let find = |(record, mention): (usize, &Mention)| {
        let (_, _, department) = only(mention, "departement")?;
        let (number, town, code) = only(mention, "commune")?;
        (!code.starts_with(&department))
            .then(|| finding(record, &format!("places/{number}"), &town))
    };
    list.mentions.iter().enumerate().filter_map(find).collect()
}

fn twice_the_same(list: &List<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (one, other) in [("name", "project"), ("project", "territory")] {
        let both: Vec<(usize, &str, &str)> = (list.mentions.iter().enumerate())
            .filter_map(|(record, mention)| {
                Some((record, mention.text(one)?, mention.text(other)?))
            })
            .collect();
        let same: Vec<&(usize, &str, &str)> = (both.iter())
            .filter(|(_, one, other)| fold(one) == fold(other))
            .collect();
        if are_most(both.len() - same.len(), both.len()) {
            found.extend(
                same.iter()
                    .map(|(record, _, value)| finding(*record, other, value)),
            );
        }
    }
    found
}

fn no_number(list: &List<'_>) -> Vec<Finding> {
    let sums: Vec<(usize, &str, bool)> = (list.mentions.iter().enumerate())
        .filter_map(|(record, mention)| {
            let amount = mention.amount.as_ref()?;
            Some((record, amount.text.as_str(), amount.value.is_some()))
        })
        .collect();
    let n = sums.iter().filter(|(_, _, is_number)| *is_number).count();
    if !are_most(n, sums.len()) {
        return Vec::new();
    }
    (sums.iter().filter(|(_, _, is_number)| !is_number))
        .map(|(record, text, _)| finding(*record, "amount", text))
        .collect()
}

fn slipped(list: &List<'_>) -> Vec<Finding> {
    /// What a label gives; a heading stands by itself.
    const FIELDS: [&str; 5] = ["name", "territory", "public", "description", "amount"];
    let is_sum = |text: &str| {
        amounts::find(text).first().is_some_and(|sum| {
            sum.range.start == 0 && text.get(sum.range.end..).is_some_and(str::is_empty)
        })
    };
    let slips = |mention: &Mention| {
        mention
            .amount
            .as_ref()
            .is_some_and(|sum| sum.value.is_none())
            && FIELDS
                .iter()
                .any(|field| mention.text(field).is_some_and(is_sum))
    };
    let records: Vec<usize> = (list.mentions.iter().enumerate())
        .filter(|(_, mention)| slips(mention))
        .map(|(record, _)| record)
        .collect();
    if records.len() * 2 < list.mentions.len() {
        return Vec::new();
    }
    (records.iter())
        .filter_map(|record| Some((record, list.mentions.get(*record)?)))
        .flat_map(|(record, mention)| {
            let of = |field: &&'static str| {
                (mention.text(field)).map(|value| finding(*record, field, value))
            };
            FIELDS.iter().filter_map(of).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mention::Amount;

    /// Records of a name, a title, a place and a sum; what is empty is not there.
    fn check(records: &[[&str; 4]], name: &str, expected: &[(usize, &str)]) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mentions: Vec<Mention> = (records.iter())
            .map(|[name, project, territory, amount]| Mention {
                name: some(name),
                project: some(project),
                territory: some(territory),
                amount: some(amount).map(|text| Amount {
                    value: amounts::first(&text).and_then(|amount| amount.value),
                    currency: text.contains('€').then(|| "EUR".to_owned()),
                    text,
                }),
                ..Mention::default()
            })
            .collect();
        let list = List {
            mentions: &mentions,
            outside: vec!["Montant total : 4 500 €"],
        };
        let check = CHECKS.iter().find(|check| check.name == name).unwrap();
        let found: Vec<(usize, String)> = ((check.find)(&list).into_iter())
            .map(|finding| (finding.record, finding.pointer))
            .collect();
        let found: Vec<(usize, &str)> = (found.iter())
            .map(|(record, pointer)| (*record, pointer.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    fn list(odd: [&'static str; 4]) -> Vec<[&'static str; 4]> {
        let mut records = vec![["Le Fournil", "Un four", "Rennes", "500 €"]; 9];
        records.push(odd);
        records
    }

    #[test]
    fn what_most_have_is_missed() {
        check(
            &list(["La Forge", "Une enclume", "Dole", ""]),
            "gap",
            &[(9, "/amount")],
        );
        check(
            &list(["La Forge", "Une enclume", "Dole", "1 €"]),
            "gap",
            &[],
        );
    }

    #[test]
    fn names_hold_no_other_and_no_sum() {
        let mut records = list(["Amicale des Deux Rives du Canal", "Un bac", "Dole", "1 €"]);
        records.push([
            "Les Amis du four Amicale des Deux Rives du Canal",
            "",
            "",
            "2 €",
        ]);
        check(&records, "several-in-one", &[(10, "/name")]);
        check(
            &list(["La Forge, 300 €", "Porté par Dole", "", ""]),
            "more-than-a-name",
            &[(9, "/name"), (9, "/project")],
        );
    }

    #[test]
    fn towns_lie_in_their_department() {
        let place = |kind: &str, code: &str| Place {
            text: code.to_owned(),
            kind: kind.to_owned(),
            code: Some(code.to_owned()),
            role: "scope".to_owned(),
            ..Place::default()
        };
        let mention = |towns: &[&str], department: &str| Mention {
            places: std::iter::once(place("departement", department))
                .chain(towns.iter().map(|town| place("commune", town)))
                .collect(),
            ..Mention::default()
        };
        let mentions = [
            mention(&["59512"], "59"),
            mention(&["59512"], "62"),
            mention(&["59512", "62765"], "62"),
        ];
        let list = List {
            mentions: &mentions,
            outside: Vec::new(),
        };
        assert_eq!(town_elsewhere(&list), [finding(1, "places/1", "59512")]);
    }

    #[test]
    fn fields_say_different_things() {
        let odd = ["La Forge", "La Forge", "Dole", "1 €"];
        check(&list(odd), "twice-the-same", &[(9, "/project")]);
        check(&[odd; 9], "twice-the-same", &[]);
    }

    #[test]
    fn sums_are_numbers() {
        let odd = ["La Forge", "Une enclume", "Dole", "à préciser"];
        check(&list(odd), "no-number", &[(9, "/amount")]);
    }

    #[test]
    fn values_have_not_slipped_against_their_labels() {
        let slipped = ["Dole", "Une enclume", "86 000 €", "Un autocar passe"];
        let fields = ["/name", "/territory", "/amount"];
        let expected: Vec<(usize, &str)> = fields.iter().map(|field| (0, *field)).collect();
        check(&[slipped], "slipped", &expected);
        check(&list(slipped), "slipped", &[]);
    }

    #[test]
    fn sums_add_up_to_the_total() {
        let mut records = list(["La Forge", "Une enclume", "Dole", "100 €"]);
        check(&records, "total", &[(0, "/total")]);
        records.pop();
        check(&records, "total", &[]);
    }
}
