//! Which record answers which: the order-preserving alignment that maximises the summed affinity of the pairs.

use serde_json::Value;

use super::Record;
use super::fold::{Bag, dice, words};

/// Records less alike than this are not the same entry.
const THRESHOLD: f64 = 0.55;

/// Pairs of indices, in order; no index twice.
pub(super) fn align(gold: &[Record], found: &[Record]) -> Vec<(usize, usize)> {
    let (gold, found) = (profiles(gold), profiles(found));
    let width = found.len() + 1;
    let mut best = Grid::new(width, gold.len() + 1, (0.0, Step::Found));
    for (i, wanted) in gold.iter().enumerate().rev() {
        for (j, got) in found.iter().enumerate().rev() {
            let mut cell = (best.at(i + 1, j).0, Step::Gold);
            if best.at(i, j + 1).0 > cell.0 {
                cell = (best.at(i, j + 1).0, Step::Found);
            }
            let affinity = wanted.affinity(got);
            let matched = affinity + best.at(i + 1, j + 1).0;
            if affinity >= THRESHOLD && matched > cell.0 {
                cell = (matched, Step::Match);
            }
            best.set(i, j, cell);
        }
    }
    let (mut pairs, mut i, mut j) = (Vec::new(), 0, 0);
    while i < gold.len() && j < found.len() {
        match best.at(i, j).1 {
            Step::Match => {
                pairs.push((i, j));
                i += 1;
                j += 1;
            }
            Step::Gold => i += 1,
            Step::Found => j += 1,
        }
    }
    pairs
}

#[derive(Clone, Copy)]
enum Step {
    Match,
    Gold,
    Found,
}

/// The words by which a record is recognised.
struct Profile {
    /// One for each reading of name and project that is accepted.
    heads: Vec<Bag>,
    body: Bag,
}

/// A field's values that are right: what the record says, and what it accepts beside that.
fn readings<'r>(record: &'r Record, field: &str) -> Vec<&'r Value> {
    let accepted = (record.get("accept"))
        .and_then(|accept| accept.get(field))
        .and_then(Value::as_array);
    let own = record.get(field).unwrap_or(&Value::Null);
    std::iter::once(own)
        .chain(accepted.into_iter().flatten())
        .collect()
}

fn profiles(records: &[Record]) -> Vec<Profile> {
    let heads = |record: &Record| {
        let projects = readings(record, "project");
        readings(record, "name")
            .into_iter()
            .flat_map(|name| projects.iter().map(move |project| words([name, *project])))
            .collect()
    };
    records
        .iter()
        .map(|record| Profile {
            heads: heads(record),
            body: words([record.get("description").unwrap_or(&Value::Null)]),
        })
        .collect()
}

impl Profile {
    /// How alike two records are, from the words of their heads and of their descriptions: the same description under another name is the same entry.
    fn affinity(&self, other: &Self) -> f64 {
        let head = (self.heads.iter())
            .flat_map(|head| other.heads.iter().map(move |other| dice(head, other)))
            .fold(0.0, f64::max);
        let body = dice(&self.body, &other.body);
        head.max(0.5 * head + 0.5 * body).max(0.9 * body)
    }
}

/// A table with its rows one after the other.
struct Grid<T> {
    width: usize,
    cells: Vec<T>,
}

impl<T: Copy> Grid<T> {
    fn new(width: usize, height: usize, value: T) -> Self {
        Self {
            width,
            cells: vec![value; width * height],
        }
    }

    fn at(&self, row: usize, column: usize) -> T {
        *self
            .cells
            .get(row * self.width + column)
            .expect("rows and columns lie within the grid")
    }

    fn set(&mut self, row: usize, column: usize, value: T) {
        *self
            .cells
            .get_mut(row * self.width + column)
            .expect("rows and columns lie within the grid") = value;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn records(names: &[&str]) -> Vec<Record> {
        names
            .iter()
            .map(|name| {
                json!({"name": name})
                    .as_object()
                    .cloned()
                    .unwrap_or_default()
            })
            .collect()
    }

    #[track_caller]
    fn check(gold: &[&str], found: &[&str], expected: &[(usize, usize)]) {
        assert_eq!(align(&records(gold), &records(found)), expected);
    }

    #[test]
    fn a_missing_and_an_extra_record_are_left_alone() {
        check(
            &["un toit", "deux mains", "trois voix"],
            &["un toit", "trois voix", "pied de page"],
            &[(0, 0), (2, 1)],
        );
    }

    #[test]
    fn what_is_accepted_is_recognised() {
        let record = |value: Value| value.as_object().cloned().unwrap_or_default();
        let gold = [record(json!({
            "name": "un toit",
            "project": "Tous les travaux de la maison",
            "accept": { "project": [null] },
        }))];
        assert_eq!(align(&gold, &records(&["un toit"])), [(0, 0)]);
    }

    #[test]
    fn order_is_kept() {
        check(
            &["un toit", "deux mains"],
            &["deux mains", "un toit"],
            &[(1, 0)],
        );
    }
}
