//! Floors: the scores that documents must reach, from a TOML file with one table for each document and a key for each field.

use std::collections::BTreeMap;

use super::judge::Mode;
use super::score::{Score, Tally};

/// Strict F1 by document and field. A table's name is how the document's path ends (`text/004.txt`), `pooled` for all documents together, or `*`
/// for every document; of several that fit, the longest counts, field by field. `macro_f1` and `instance_recall` are fields too.
///
/// ```toml
/// ["*"]
/// records = 1.0
/// macro_f1 = 0.99
///
/// ["004.txt"]
/// macro_f1 = 0.98
/// ```
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct Floors(BTreeMap<String, BTreeMap<String, f64>>);

/// A score that lies under its floor, or a floor of a field that has no score.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Shortfall {
    /// Path of the document, or `pooled`.
    pub document: String,
    /// Field.
    pub field: String,
    /// What was wanted.
    pub floor: f64,
    /// What was reached; `None` when the field is not scored in this document.
    pub reached: Option<f64>,
}

impl Floors {
    /// Reads the TOML of a floors file.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The floors that one document's score does not reach.
    pub fn shortfalls(&self, document: &str, score: &Score) -> Vec<Shortfall> {
        self.of(document)
            .into_iter()
            .filter_map(|(field, floor)| {
                let reached = match field {
                    "macro_f1" => score.macro_f1(Mode::Strict),
                    "instance_recall" => Some(score.instance_recall(Mode::Strict)),
                    _ => score.row(field).and_then(|row| row.first()).map(Tally::f1),
                };
                // Floors are written with two to four digits; a score that rounds to its floor reaches it.
                let short = reached.is_none_or(|reached| rounded(reached) < floor);
                short.then(|| Shortfall {
                    document: document.to_owned(),
                    field: field.to_owned(),
                    floor,
                    reached,
                })
            })
            .collect()
    }

    fn of(&self, document: &str) -> BTreeMap<&str, f64> {
        let mut tables: Vec<_> = self
            .0
            .iter()
            .filter(|(name, _)| (*name == "*" && document != POOLED) || ends_with(document, name))
            .collect();
        tables.sort_by_key(|(name, _)| if *name == "*" { 0 } else { name.len() });
        tables
            .into_iter()
            .flat_map(|(_, floors)| floors.iter().map(|(field, floor)| (field.as_str(), *floor)))
            .collect()
    }
}

/// The name of all documents together.
pub const POOLED: &str = "pooled";

/// Whether a path ends with whole components, or is the last one without its extension.
fn ends_with(path: &str, name: &str) -> bool {
    let whole = |path: &str| {
        path.strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    whole(path) || path.rsplit_once('.').is_some_and(|(stem, _)| whole(stem))
}

fn rounded(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Record;
    use super::super::score::score;
    use super::*;

    #[track_caller]
    fn check(toml: &str, document: &str, expected: &[(&str, Option<f64>)]) {
        let gold: Vec<Record> =
            json!([{"name": "Un", "territory": "Lens"}, {"name": "Deux", "territory": "Hem"}])
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|value| value.as_object().cloned())
                .collect();
        let mut found = gold.clone();
        found[1].insert("territory".to_owned(), json!("Lille"));
        let short = Floors::parse(toml)
            .expect("the test's TOML is right")
            .shortfalls(document, &score(&gold, &found));
        let short: Vec<_> = short
            .iter()
            .map(|short| (short.field.as_str(), short.reached))
            .collect();
        assert_eq!(short, expected);
    }

    #[test]
    fn a_score_under_its_floor_is_named() {
        check(
            "[\"*\"]\nterritory = 0.6\nname = 1.0",
            "text/000.txt",
            &[("territory", Some(0.5))],
        );
        check("[\"*\"]\nterritory = 0.5", "text/000.txt", &[]);
    }

    #[test]
    fn the_longest_name_counts() {
        check(
            "[\"*\"]\nterritory = 0.9\n[\"000.txt\"]\nterritory = 0.5",
            "text/000.txt",
            &[],
        );
        check(
            "[\"*\"]\nterritory = 0.9\n[\"000\"]\nterritory = 0.4",
            "text/000.txt",
            &[],
        );
        check("[\"00.txt\"]\nterritory = 0.9", "text/000.txt", &[]);
    }

    #[test]
    fn a_floor_of_an_unscored_field_is_not_silently_met() {
        check("[\"*\"]\nregion = 0.9", "text/000.txt", &[("region", None)]);
    }
}
