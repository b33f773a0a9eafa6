//! Whether confidence says how often a value is right: stated confidence against observed correctness, in bins.

use serde::Serialize;
use serde_json::Value;

use super::Record;
use super::align::align;
use super::fold::fold;
use super::judge::{FIELDS, Kind};
use super::score::{CORE, accepted};

/// Width of a bin.
const WIDTH: f64 = 0.1;

/// Values whose stated confidence lies in one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// How many.
    pub values: usize,
    /// How many of them are right, strictly.
    pub right: usize,
    /// Sum of their confidences.
    pub confidence: f64,
}

impl Bin {
    /// Mean stated confidence.
    pub fn stated(&self) -> f64 {
        self.confidence / self.values.max(1) as f64
    }

    /// Share of the values that are right.
    pub fn observed(&self) -> f64 {
        self.right as f64 / self.values.max(1) as f64
    }
}

/// A reliability curve: ten bins of width 0.1, the last one with 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    /// From 0 upwards.
    pub bins: [Bin; 10],
}

impl Reliability {
    /// Adds the values of one document whose field gold annotates. Values of a record that gold does not have are wrong.
    pub fn add(&mut self, gold: &[Record], found: &[Record]) {
        let pairs = align(gold, found);
        let empty = Record::new();
        for (field, kind) in FIELDS {
            if !CORE.contains(&field) && !gold.iter().any(|record| record.contains_key(field)) {
                continue;
            }
            for (j, record) in found.iter().enumerate() {
                let wanted = pairs
                    .iter()
                    .find(|(_, other)| *other == j)
                    .and_then(|(i, _)| gold.get(*i))
                    .unwrap_or(&empty);
                let options = options(wanted, field);
                let confidence = record.get("confidence");
                let stated = |pointer: &str| {
                    confidence
                        .and_then(|all| all.get(pointer))
                        .and_then(Value::as_f64)
                };
                let whole = format!("/{field}");
                match (kind, record.get(field)) {
                    (Kind::Text, Some(value)) => {
                        if let Some(confidence) = stated(&whole) {
                            self.count(confidence, options.contains(&fold(value)));
                        }
                    }
                    (Kind::List, Some(Value::Array(items))) if field != "quotes" => {
                        for (n, item) in items.iter().enumerate() {
                            if let Some(confidence) =
                                stated(&format!("{whole}/{n}")).or_else(|| stated(&whole))
                            {
                                self.count(confidence, options.contains(&fold(item)));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// Expected calibration error: the mean distance of stated from observed, weighted by the values of each bin.
    pub fn error(&self) -> f64 {
        let total: usize = self.bins.iter().map(|bin| bin.values).sum();
        let distance: f64 = self
            .bins
            .iter()
            .map(|bin| (bin.stated() - bin.observed()).abs() * bin.values as f64)
            .sum();
        distance / total.max(1) as f64
    }

    fn count(&mut self, confidence: f64, is_right: bool) {
        // Confidence is between 0 and 1, so the quotient is a small number; a hair over 1 would still be in the last bin.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 0..=9"
        )]
        let index = (confidence / WIDTH).clamp(0.0, 9.0) as usize;
        if let Some(bin) = self.bins.get_mut(index) {
            bin.values += 1;
            bin.right += usize::from(is_right);
            bin.confidence += confidence;
        }
    }
}

/// Every folded text or item that gold takes for right.
fn options(gold: &Record, field: &str) -> Vec<String> {
    let stated = gold.get(field).into_iter();
    stated
        .chain(accepted(gold, field))
        .flat_map(|value| match value {
            Value::Array(items) => items.iter().map(fold).collect(),
            other => vec![fold(other)],
        })
        .filter(|text| !text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_fall_into_the_bin_of_their_confidence() {
        let records = |value: Value| -> Vec<Record> {
            value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|record| record.as_object().cloned())
                .collect()
        };
        let gold =
            records(json!([{"name": "Un", "territory": "Lens", "partners": ["CAF", "PLIE"]}]));
        let found = records(json!([
            {"name": "Un", "territory": "Hem", "partners": ["CAF", "Ville"],
             "confidence": {"/name": 1.0, "/territory": 0.55, "/partners": 0.9, "/partners/1": 0.51}},
            {"name": "Pied de page", "confidence": {"/name": 0.5}},
        ]));
        let mut reliability = Reliability::default();
        reliability.add(&gold, &found);
        let counts: Vec<_> = reliability
            .bins
            .iter()
            .map(|bin| (bin.values, bin.right))
            .collect();
        assert_eq!(counts[5], (3, 0));
        assert_eq!(counts[9], (2, 2));
        // Bin 5: 3 values stated at 0.52 in the mean, none right; bin 9: 2 values at 0.95, all right.
        let expected = (3.0 * 0.52 + 2.0 * 0.05) / 5.0;
        assert!((reliability.error() - expected).abs() < 1e-9);
    }
}
