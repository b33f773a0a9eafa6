//! Reading of French text against the annotated corpus: floors on partners, editions and inferred values, from gold's own texts, so that
//! parsing and segmentation play no part.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use palmares::extract::prose::{self, Field, Stated};
use palmares::extract::{edition, partners};
use palmares::model::text::{Source, Style, Text};
use serde_json::Value;

/// The shared corpus; `None` (and a line on standard error) where it is absent, which CI does not allow.
fn gold(name: &str) -> Option<Value> {
    let folder = std::env::var_os("PALMARES_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = folder.join("corpus/gold").join(format!("{name}.json"));
    let Ok(bytes) = std::fs::read(&path) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "the shared corpus is not at {}",
            folder.display()
        );
        let _ = writeln!(
            std::io::stderr(),
            "not run: no shared corpus (set PALMARES_SHARED)"
        );
        return None;
    };
    Some(serde_json::from_slice(&bytes).unwrap())
}

fn text(string: &str) -> Text {
    let mut text = Text::new();
    let source = Source::Exact {
        start: 0,
        line: 1,
        node: None,
    };
    text.push(string, source, Style::default());
    text
}

fn records(gold: &Value) -> &[Value] {
    gold["records"].as_array().unwrap()
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .map(|items| {
            items
                .iter()
                .map(|item| item.as_str().unwrap().to_owned())
                .collect()
        })
        .unwrap_or_default()
}

/// Whether to print each difference: `PALMARES_SHOW=1 cargo test --test prose_gold -- --nocapture`.
fn show() -> bool {
    std::env::var_os("PALMARES_SHOW").is_some()
}

macro_rules! note {
    ($($argument:tt)*) => { let _ = writeln!(std::io::stderr(), $($argument)*); };
}

fn f1(right: usize, found: usize, wanted: usize) -> f64 {
    2.0 * right as f64 / (found + wanted) as f64
}

#[test]
fn partners_are_split_as_annotated() {
    let Some(gold) = gold("004") else { return };
    let (mut right, mut found, mut wanted) = (0, 0, 0);
    for record in records(&gold) {
        let Some(partners_text) = record["partners_text"].as_str() else {
            continue;
        };
        let got: Vec<String> = partners::split(&text(partners_text))
            .iter()
            .map(|partner| partner.as_str().to_owned())
            .collect();
        let want = strings(&record["partners"]);
        found += got.len();
        wanted += want.len();
        let mut rest = want.clone();
        for partner in &got {
            if let Some(place) = rest.iter().position(|item| item == partner) {
                rest.remove(place);
                right += 1;
            } else if show() {
                note!("{}: + {partner}", record["ordinal"]);
            }
        }
        if show() {
            for partner in rest {
                note!("{}: - {partner}", record["ordinal"]);
            }
        }
    }
    let score = f1(right, found, wanted);
    note!("partners: {right} right of {found} found, {wanted} wanted, F1 {score:.4}");
    assert!(score >= 0.95, "{score}");
}

#[test]
fn editions_are_read_as_annotated() {
    let Some(gold) = gold("004") else { return };
    for record in records(&gold) {
        let Some(note) = record["edition"]["note"].as_str() else {
            continue;
        };
        let found = edition::parse(&text(note)).expect("the note states an edition");
        assert_eq!(
            serde_json::to_value(found).unwrap(),
            record["edition"],
            "{note}"
        );
    }
}

/// Words as score.py compares them.
fn words(string: &str) -> BTreeMap<String, usize> {
    let mut bag = BTreeMap::new();
    let lower = string.to_lowercase();
    for word in lower
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
    {
        *bag.entry(word.to_owned()).or_insert(0) += 1;
    }
    bag
}

fn dice(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    let total: usize = a.values().sum::<usize>() + b.values().sum::<usize>();
    let shared: usize = a
        .iter()
        .map(|(word, count)| (*count).min(b.get(word).copied().unwrap_or(0)))
        .sum();
    if total == 0 {
        0.0
    } else {
        2.0 * shared as f64 / total as f64
    }
}

/// What `infer` finds in the texts of a gold record.
fn inferred(record: &Value) -> Value {
    let mut fields = Vec::new();
    for (field, name) in [
        (Field::Territory, "territory"),
        (Field::Public, "public"),
        (Field::Description, "description"),
        (Field::Results, "results"),
        (Field::Needs, "needs"),
    ] {
        if let Some(string) = record[name].as_str() {
            fields.push((field, text(string)));
        }
    }
    let fields: Vec<(Field, &Text)> = fields.iter().map(|(field, text)| (*field, text)).collect();
    let stated = Stated {
        name: record["name"].as_str(),
        public: record["public"].is_string(),
        partners: record["partners_text"].is_string(),
        results: record["results"].is_string(),
    };
    serde_json::to_value(prose::infer(&fields, &stated, &())).unwrap()
}

#[derive(Clone, Copy, Default, Debug)]
struct Score {
    right: usize,
    produced: usize,
    wanted: usize,
}

/// The `inferred.*` rows of score.py for the named documents.
fn score_inferred(documents: &[&str], field: &str) -> Option<Score> {
    let mut score = Score::default();
    for document in documents {
        let gold = gold(document)?;
        for record in records(&gold) {
            let found = inferred(record);
            let same = |a: &Value, b: &Value| {
                let written = |v: &Value| {
                    ["verbatim", "text", "value"]
                        .iter()
                        .find_map(|key| v[*key].as_str())
                        .unwrap_or_default()
                        .to_owned()
                };
                (field != "figures" || a["value"].as_f64() == b["value"].as_f64())
                    && dice(&written(a), &written(b)) >= 0.5
            };
            let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
            let want = list(&record["inferred"][field]);
            let spare = list(&record["inferred_optional"][field]);
            let mut rest = want.clone();
            for item in list(&found[field]) {
                if let Some(place) = rest.iter().position(|other| same(other, &item)) {
                    rest.remove(place);
                    score.right += 1;
                    score.produced += 1;
                } else if !spare.iter().any(|other| same(other, &item)) {
                    score.produced += 1;
                    if show() {
                        note!(
                            "{document}/{} {field} + {} {} | {}",
                            record["position"],
                            item["value"],
                            item["text"],
                            item["sentence"]
                        );
                    }
                }
            }
            if show() {
                for item in &rest {
                    note!(
                        "{document}/{} {field} - {} {} | {}",
                        record["position"],
                        item["value"],
                        item["verbatim"],
                        item["evidence"]
                    );
                }
            }
            score.wanted += want.len();
        }
    }
    Some(score)
}

#[test]
fn inferred_values_reach_their_floors() {
    let documents: Vec<String> = std::env::var("PALMARES_DOCUMENTS").map_or_else(
        |_| vec!["001".into(), "002".into(), "003".into()],
        |list| list.split(',').map(str::to_owned).collect(),
    );
    let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
    for (field, precision, recall) in [
        ("public", 0.8, 0.6),
        ("partners", 0.8, 0.6),
        ("figures", 0.8, 0.6),
        ("results", 0.0, 0.0),
    ] {
        let Some(score) = score_inferred(&documents, field) else {
            return;
        };
        let found_precision = score.right as f64 / score.produced.max(1) as f64;
        let found_recall = score.right as f64 / score.wanted.max(1) as f64;
        note!("{field}: {score:?} precision {found_precision:.3} recall {found_recall:.3}");
        if !show() {
            assert!(
                found_precision >= precision && found_recall >= recall,
                "{field}"
            );
        }
    }
}
