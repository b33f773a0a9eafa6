//! Reading of French text against the annotated corpus: floors on partners, editions and inferred values, from gold's own texts, so that
//! parsing and segmentation play no part.

use std::io::Write as _;
use std::path::PathBuf;

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
