//! Mentions against gold annotations: precision, recall and F1 for each field, in four matching modes. The strict figures are those of the
//! reference scorer, `score.py`, whose alignment, folding and counting are followed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::Value;

use super::Record;
use super::align::align;
use super::fold::{dice, fold, words};
use super::judge::{FIELDS, Kind, Mode, items};

/// What the macro average takes: the entries themselves and the seven fields that every document may have.
pub const CORE: [&str; 8] = [
    "records",
    "name",
    "project",
    "territory",
    "public",
    "partners",
    "results",
    "description",
];

/// The kinds of inferred items.
const INFERRED: [&str; 4] = ["public", "partners", "results", "figures"];

/// An inferred item is right when half of its words agree.
const INFERRED_AGREEMENT: f64 = 0.5;

/// Counts of one field in one mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Values found that are right.
    pub right: usize,
    /// Values found.
    pub produced: usize,
    /// Values wanted.
    pub wanted: usize,
    /// Records: what a value is measured against where none is wanted.
    pub records: usize,
}

impl Tally {
    /// Share of what was found that is right.
    pub fn precision(&self) -> f64 {
        if self.wanted == 0 {
            self.abstention()
        } else {
            share(self.right, self.produced)
        }
    }

    /// Share of what was wanted that was found.
    pub fn recall(&self) -> f64 {
        if self.wanted == 0 {
            self.abstention()
        } else {
            share(self.right, self.wanted)
        }
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        if self.wanted == 0 {
            self.abstention()
        } else {
            share(2 * self.right, self.produced + self.wanted)
        }
    }

    /// Where nothing is wanted, the share of records that were left empty.
    fn abstention(&self) -> f64 {
        if self.records == 0 {
            1.0
        } else {
            (1.0 - share(self.produced, self.records)).max(0.0)
        }
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.produced += other.produced;
        self.wanted += other.wanted;
        self.records += other.records;
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// One field in the four modes, in the order of `Mode::ALL`.
pub type Row = [Tally; 4];

/// A value that is not what gold says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Which field.
    pub field: String,
    /// Which gold record, from 1; `None` for a record that gold does not have.
    pub record: Option<usize>,
    /// What gold says; for a list, the items that were not found.
    pub wanted: Value,
    /// What was found; for a list, the items that gold does not have.
    pub found: Value,
}

/// The figures of one document, or of several pooled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Rows by field: `records` first, then the fields in the order of the contract, then `inferred.*`.
    pub rows: Vec<(String, Row)>,
    /// Gold records of which every core field is right, by mode, and all gold records: instance recall.
    pub instances: ([usize; 4], usize),
    /// Strict differences.
    pub differences: Vec<Difference>,
}

impl Score {
    /// The row of a field.
    pub fn row(&self, field: &str) -> Option<&Row> {
        self.rows
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, row)| row)
    }

    /// Mean F1 over the core fields. `None` when a core row is missing, as before anything was added.
    pub fn macro_f1(&self, mode: Mode) -> Option<f64> {
        let scores: Option<Vec<f64>> = CORE
            .iter()
            .map(|field| {
                self.row(field)
                    .and_then(|row| row.get(mode as usize))
                    .map(Tally::f1)
            })
            .collect();
        scores.map(|scores| scores.iter().sum::<f64>() / CORE.len() as f64)
    }

    /// Share of gold records that are right in every core field.
    pub fn instance_recall(&self, mode: Mode) -> f64 {
        let (right, all) = &self.instances;
        if *all == 0 {
            1.0
        } else {
            share(right.get(mode as usize).copied().unwrap_or(0), *all)
        }
    }

    /// Adds another document's counts.
    pub fn pool(&mut self, other: &Self) {
        for (field, row) in &other.rows {
            match self.rows.iter_mut().find(|(name, _)| name == field) {
                Some((_, mine)) => mine
                    .iter_mut()
                    .zip(row)
                    .for_each(|(mine, other)| mine.add(*other)),
                None => self.rows.push((field.clone(), *row)),
            }
        }
        for (mine, other) in self.instances.0.iter_mut().zip(other.instances.0) {
            *mine += other;
        }
        self.instances.1 += other.instances.1;
    }
}

/// Scores the mentions of one document against its gold records.
pub fn score(gold: &[Record], found: &[Record]) -> Score {
    let pairs = align(gold, found);
    let total = gold.len().max(found.len());
    let mut score = Score::default();
    let records = Tally {
        right: pairs.len(),
        produced: found.len(),
        wanted: gold.len(),
        records: if gold.is_empty() {
            found.len().max(1)
        } else {
            total
        },
    };
    score.rows.push(("records".to_owned(), [records; 4]));
    let rows = rows(gold, found, &pairs);
    let mut whole: Vec<[bool; 4]> = rows
        .iter()
        .filter(|row| row.number.is_some())
        .map(|row| [row.aligned; 4])
        .collect();
    for (field, kind) in FIELDS {
        let named = |record: &Record| {
            record.contains_key(field) || (field == "contacts" && record.contains_key("contact"))
        };
        let core = CORE.contains(&field);
        if !core && !gold.iter().any(named) {
            continue;
        }
        let mut tallies: Row = [Tally {
            records: total,
            ..Tally::default()
        }; 4];
        for row in &rows {
            let verdict = match kind {
                Kind::Text => judge_text(row.gold, row.found, field),
                Kind::List => judge_list(row.gold, row.found, field),
            };
            for (tally, other) in tallies.iter_mut().zip(verdict.tallies) {
                tally.add(other);
            }
            if let Some((wanted, found)) = verdict.difference {
                score.differences.push(Difference {
                    field: field.to_owned(),
                    record: row.number.map(|number| number + 1),
                    wanted,
                    found,
                });
            }
            if let Some(mine) = row
                .number
                .and_then(|number| whole.get_mut(number))
                .filter(|_| core)
            {
                for (all_right, right) in mine.iter_mut().zip(verdict.clean) {
                    *all_right &= right;
                }
            }
        }
        score.rows.push((field.to_owned(), tallies));
    }
    for (mode, count) in score.instances.0.iter_mut().enumerate() {
        *count = whole
            .iter()
            .filter(|modes| modes.get(mode) == Some(&true))
            .count();
    }
    score.instances.1 = gold.len();
    for kind in INFERRED {
        if gold
            .iter()
            .any(|record| !inferred(record, "inferred", kind).is_empty())
        {
            let tally = score_inferred(gold, found, &pairs, kind);
            score.rows.push((format!("inferred.{kind}"), [tally; 4]));
        }
    }
    score
}

/// A gold record beside the mention that answers it; either may be missing.
struct Pair<'a> {
    gold: &'a Record,
    found: &'a Record,
    /// Index of the gold record.
    number: Option<usize>,
    aligned: bool,
}

/// Pairs in gold's order, and the mentions that answer none.
fn rows<'a>(gold: &'a [Record], found: &'a [Record], pairs: &[(usize, usize)]) -> Vec<Pair<'a>> {
    let answers: BTreeMap<usize, usize> = pairs.iter().copied().collect();
    let answered: BTreeMap<usize, usize> = pairs.iter().map(|(i, j)| (*j, *i)).collect();
    let mut rows: Vec<Pair<'a>> = gold
        .iter()
        .enumerate()
        .map(|(i, gold)| {
            let answer = answers.get(&i).and_then(|j| found.get(*j));
            Pair {
                gold,
                found: answer.unwrap_or(&EMPTY),
                number: Some(i),
                aligned: answer.is_some(),
            }
        })
        .collect();
    rows.extend(
        found
            .iter()
            .enumerate()
            .filter(|(j, _)| !answered.contains_key(j))
            .map(|(_, found)| Pair {
                gold: &EMPTY,
                found,
                number: None,
                aligned: false,
            }),
    );
    rows
}

static EMPTY: LazyLock<Record> = LazyLock::new(Record::new);

/// What one record's value of a field counts for.
struct Verdict {
    tallies: Row,
    /// Whether nothing is wrong or missing, by mode.
    clean: [bool; 4],
    difference: Option<(Value, Value)>,
}

/// The alternatives that gold accepts for a field.
pub(super) fn accepted<'a>(gold: &'a Record, field: &str) -> &'a [Value] {
    gold.get("accept")
        .and_then(|accept| accept.get(field))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn judge_text(gold: &Record, found: &Record, field: &str) -> Verdict {
    let value = |record: &Record| record.get(field).cloned().unwrap_or(Value::Null);
    let stated = fold(&value(gold));
    let options: Vec<String> = std::iter::once(stated.clone())
        .chain(accepted(gold, field).iter().map(fold))
        .collect();
    let got = fold(&value(found));
    let mut verdict = Verdict {
        tallies: [Tally::default(); 4],
        clean: [true; 4],
        difference: None,
    };
    for ((mode, tally), clean) in Mode::ALL
        .into_iter()
        .zip(&mut verdict.tallies)
        .zip(&mut verdict.clean)
    {
        *clean = options.iter().any(|option| mode.same(&got, option));
        tally.produced = usize::from(!got.is_empty());
        tally.wanted = usize::from(if *clean {
            !got.is_empty()
        } else {
            !stated.is_empty()
        });
        tally.right = usize::from(*clean && !got.is_empty());
    }
    if verdict.clean.first() == Some(&false) {
        verdict.difference = Some((value(gold), value(found)));
    }
    verdict
}

fn judge_list(gold: &Record, found: &Record, field: &str) -> Verdict {
    let extra = accepted(gold, field);
    let loose: Vec<String> = extra
        .iter()
        .filter(|value| value.is_string())
        .map(fold)
        .collect();
    let got = items(found, field);
    let options = std::iter::once(items(gold, field)).chain(
        extra
            .iter()
            .filter_map(Value::as_array)
            .map(|alternative| alternative.iter().map(fold).collect()),
    );
    // Of several equally good alternatives, the first.
    let mut wanted: Option<(usize, Vec<String>)> = None;
    for option in options {
        let mut shared: Vec<&String> = option.iter().filter(|item| got.contains(item)).collect();
        shared.sort();
        shared.dedup();
        if wanted.as_ref().is_none_or(|(best, _)| shared.len() > *best) {
            wanted = Some((shared.len(), option));
        }
    }
    let mut rest = wanted.map(|(_, option)| option).unwrap_or_default();
    let n_wanted = rest.len();
    let mut missed = Vec::new();
    for item in got {
        if let Some(place) = rest.iter().position(|other| *other == item) {
            rest.remove(place);
        } else if !loose.contains(&item) {
            missed.push(item);
        }
    }
    let right = n_wanted - rest.len();
    let mut verdict = Verdict {
        tallies: [Tally::default(); 4],
        clean: [true; 4],
        difference: None,
    };
    for ((mode, tally), clean) in Mode::ALL
        .into_iter()
        .zip(&mut verdict.tallies)
        .zip(&mut verdict.clean)
    {
        let mut open = rest.clone();
        for item in &missed {
            if let Some(place) = open.iter().position(|other| mode.same(item, other)) {
                open.remove(place);
            }
        }
        *tally = Tally {
            right: right + rest.len() - open.len(),
            produced: right + missed.len(),
            wanted: n_wanted,
            records: 0,
        };
        *clean = open.is_empty() && missed.len() == rest.len() - open.len();
    }
    if !missed.is_empty() || !rest.is_empty() {
        verdict.difference = Some((rest.into(), missed.into()));
    }
    verdict
}

fn inferred<'a>(record: &'a Record, key: &str, kind: &str) -> &'a [Value] {
    record
        .get(key)
        .and_then(|inferred| inferred.get(kind))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Items that prose suggests, over the aligned records; what is optional in gold counts neither way.
fn score_inferred(
    gold: &[Record],
    found: &[Record],
    pairs: &[(usize, usize)],
    kind: &str,
) -> Tally {
    let same = |a: &Value, b: &Value| {
        let text = |item: &Value, keys: &[&str]| {
            let text = keys
                .iter()
                .filter_map(|key| item.get(*key))
                .find(|value| !fold(value).is_empty());
            words(text)
        };
        if kind == "figures" {
            let value = |item: &Value| item.get("value").and_then(Value::as_f64);
            value(a) == value(b)
                && dice(
                    &text(a, &["verbatim", "text"]),
                    &text(b, &["verbatim", "text"]),
                ) >= INFERRED_AGREEMENT
        } else {
            dice(&text(a, &["value"]), &text(b, &["value"])) >= INFERRED_AGREEMENT
        }
    };
    let mut tally = Tally {
        records: gold.len(),
        ..Tally::default()
    };
    for (gold, found) in pairs
        .iter()
        .filter_map(|(i, j)| gold.get(*i).zip(found.get(*j)))
    {
        let wanted = inferred(gold, "inferred", kind);
        let mut rest: Vec<&Value> = wanted.iter().collect();
        for item in inferred(found, "inferred", kind) {
            if let Some(place) = rest.iter().position(|other| same(other, item)) {
                rest.remove(place);
                tally.right += 1;
                tally.produced += 1;
            } else if !inferred(gold, "inferred_optional", kind)
                .iter()
                .any(|other| same(other, item))
            {
                tally.produced += 1;
            }
        }
        tally.wanted += wanted.len();
    }
    tally
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn records(value: &Value) -> Vec<Record> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .cloned()
            .collect()
    }

    fn gold() -> Value {
        json!([
            {"name": "Association Un", "project": "Premier pas", "territory": "Lille", "public": null, "partners": ["CAF", "Ville de Lille"],
             "description": "Une description assez longue pour aligner."},
            {"name": "Association Deux", "project": "Second souffle", "territory": "Roubaix", "public": "Jeunes", "partners": [],
             "description": "Un autre texte, sans rien de commun."},
            {"name": "Association Trois", "project": null, "territory": "Hem", "public": "Seniors", "partners": ["PLIE"],
             "description": "Encore autre chose ici."},
            {"name": "Association Quatre", "project": "Quart", "territory": "Croix", "public": null, "partners": [],
             "description": "La dernière de la liste."},
        ])
    }

    /// Errors planted one by one, with the figures worked out by hand.
    fn planted() -> Value {
        json!([
            // `Lile` for `Lille`: Levenshtein 0.8, Ratcliff 8/9; a partner lost; a public invented.
            {"name": "ASSOCIATION UN", "project": "« Premier pas »", "territory": "Lile", "public": "Tous", "partners": ["CAF"],
             "description": "Une description assez longue pour aligner."},
            // `second-souffle` for `second souffle`: right from `soft` on.
            {"name": "Association Deux", "project": "Second-souffle", "territory": "Roubaix", "public": "Jeunes", "partners": [],
             "description": "Un autre texte, sans rien de commun."},
            // The third is missing; the fourth is whole; an extra record follows.
            {"name": "Association Quatre", "project": "Quart", "territory": "Croix", "public": null, "partners": [],
             "description": "La dernière de la liste."},
            {"name": "Mentions légales", "project": null, "territory": null, "public": null, "partners": [], "description": null},
        ])
    }

    #[track_caller]
    fn check(score: &Score, field: &str, mode: Mode, right: usize, produced: usize, wanted: usize) {
        let row = score.row(field).expect("the field has a row")[mode as usize];
        assert_eq!(
            (row.right, row.produced, row.wanted),
            (right, produced, wanted),
            "{field}, {mode:?}"
        );
    }

    #[test]
    fn planted_errors_cost_what_they_should() {
        let score = score(&records(&gold()), &records(&planted()));
        check(&score, "records", Mode::Strict, 3, 4, 4);
        check(&score, "name", Mode::Strict, 3, 4, 4);
        check(&score, "project", Mode::Strict, 2, 3, 3);
        check(&score, "project", Mode::Soft, 3, 3, 3);
        check(&score, "territory", Mode::Strict, 2, 3, 4);
        check(&score, "territory", Mode::Levenshtein, 3, 3, 4);
        check(&score, "territory", Mode::Ratcliff, 2, 3, 4);
        check(&score, "public", Mode::Strict, 1, 2, 2);
        check(&score, "partners", Mode::Strict, 1, 1, 3);
        check(&score, "description", Mode::Strict, 3, 3, 4);
        // Results are wanted nowhere and produced nowhere: 1.
        check(&score, "results", Mode::Strict, 0, 0, 0);
        // F1: records 3/4, name 3/4, project 2/3, territory 4/7, public 1/2, partners 1/2, results 1, description 6/7.
        let expected = (0.75 + 0.75 + 2.0 / 3.0 + 4.0 / 7.0 + 0.5 + 0.5 + 1.0 + 6.0 / 7.0) / 8.0;
        assert!(
            (score.macro_f1(Mode::Strict).expect("every core row exists") - expected).abs() < 1e-12
        );
        // Whole records: only the fourth, and from `soft` on the second too.
        assert_eq!(score.instances, ([1, 2, 2, 2], 4));
        // A field that no gold record names is not scored.
        assert!(score.row("region").is_none());
    }

    #[test]
    fn an_invented_value_costs_where_none_is_wanted() {
        let gold = records(&json!([{"name": "Un"}, {"name": "Deux"}]));
        let found = records(&json!([{"name": "Un", "results": "dix"}, {"name": "Deux"}]));
        let row = *score(&gold, &found)
            .row("results")
            .expect("results is a core field");
        assert!((row[0].f1() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn alternatives_count_as_right_and_null_accepts_absence() {
        let gold = records(&json!([
            {"name": "Un", "territory": "MEL", "partners": ["A et B"], "accept": {"territory": ["Métropole", null], "partners": [["A", "B"], "C"]}},
        ]));
        for (territory, expected) in [
            (json!("métropole"), (1, 1, 1)),
            (json!(null), (0, 0, 0)),
            (json!("Lens"), (0, 1, 1)),
        ] {
            let found = records(
                &json!([{"name": "Un", "territory": territory, "partners": ["A", "B", "C"]}]),
            );
            let score = score(&gold, &found);
            check(
                &score,
                "territory",
                Mode::Strict,
                expected.0,
                expected.1,
                expected.2,
            );
            check(&score, "partners", Mode::Strict, 2, 2, 2);
        }
    }

    #[test]
    fn no_record_is_wanted_of_a_negative() {
        let empty = score(&[], &[]);
        assert!((empty.row("records").expect("always there")[0].f1() - 1.0).abs() < 1e-12);
        let invented = score(&[], &records(&json!([{"name": "Un"}])));
        assert!(invented.row("records").expect("always there")[0].f1().abs() < 1e-12);
    }

    #[test]
    fn optional_inferred_items_count_neither_way() {
        let gold = records(&json!([{"name": "Un",
            "inferred": {"public": [{"value": "jeunes décrocheurs"}], "figures": [{"value": 30, "verbatim": "30 jeunes"}]},
            "inferred_optional": {"public": [{"value": "familles"}]}}]));
        let found = records(&json!([{"name": "Un", "inferred": {
            "public": [{"value": "jeunes"}, {"value": "familles"}, {"value": "élus"}],
            "figures": [{"value": 30.0, "text": "30 jeunes décrocheurs"}, {"value": 3, "text": "30 jeunes"}]}}]));
        let score = score(&gold, &found);
        check(&score, "inferred.public", Mode::Strict, 1, 2, 1);
        check(&score, "inferred.figures", Mode::Strict, 1, 2, 1);
    }
}
