//! How far the other partitions agree with each entry of the chosen one, and how much each entry is like the others: what is right stands out whatever
//! suggests it.

use std::collections::BTreeMap;

use super::Segmentation;
use super::criteria::whole;
use super::units::{Form, Unit, Units};

/// What the measures of an entry go by.
pub const NAMES: [&str; 10] = [
    "others start here",
    "others have the same",
    "others start before",
    "others hold it",
    "entry's words",
    "entry's words unlike others",
    "entry's units unlike others",
    "first unit's class",
    "entry lacks",
    "entry has more",
];

/// Partitions whose worth differs by so much differ in weight by a factor e. Chosen on families left out, with the weights of confidence.
const APART: f32 = 0.08;

/// What is out of question, by its weight, says nothing.
const LEAST: f32 = 0.01;

/// A place in the document: a block, and a byte of it.
type Place = (usize, usize);

fn place(units: &Units, index: usize) -> Place {
    (units.list.get(index)).map_or((usize::MAX, 0), |unit| (unit.block, unit.offset))
}

/// What a unit may be, whatever its words.
const TRAITS: [fn(&Unit) -> bool; 10] = [
    |unit| unit.label.is_some(),
    |unit| unit.organisation,
    |unit| unit.body,
    |unit| unit.award,
    |unit| unit.section,
    |unit| unit.place,
    |unit| unit.announces,
    |unit| unit.notice,
    |unit| unit.form == Form::Prose,
    |unit| unit.form == Form::Short,
];

/// For each entry its measures, in the order of [`NAMES`].
pub fn measure(segmentation: &Segmentation) -> Vec<[f32; NAMES.len()]> {
    let units = segmentation.units();
    let ranges: Vec<_> = segmentation.entries.iter().map(whole).collect();
    let starts: Vec<Place> = (segmentation.entries.iter())
        .map(|span| place(units, span.head.start))
        .collect();
    let ends: Vec<Place> = ranges.iter().map(|range| place(units, range.end)).collect();
    let mut agreed = vec![[0.0f32; 4]; starts.len()];
    let best = (segmentation.runners_up.iter().chain(&segmentation.chosen))
        .map(|considered| considered.worth)
        .fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for other in &segmentation.runners_up {
        let weight = ((other.worth - best) / APART).exp();
        let Some(cut) = segmentation.cut_of(other).filter(|_| weight > LEAST) else {
            continue;
        };
        sum += weight;
        let own: BTreeMap<Place, Place> = (other.entries.iter())
            .map(|span| (place(cut, span.head.start), place(cut, span.body.end)))
            .collect();
        for ((agreed, start), end) in agreed.iter_mut().zip(&starts).zip(&ends) {
            let Some((from, to)) = own.range(..=*start).next_back() else {
                continue;
            };
            let holds = to > start;
            let same_start = from == start;
            for (measure, holds) in agreed.iter_mut().zip([
                same_start,
                same_start && to == end,
                holds && !same_start,
                holds,
            ]) {
                *measure += if holds { weight } else { 0.0 };
            }
        }
    }
    for measure in agreed.iter_mut().flatten() {
        *measure /= sum.max(f32::MIN_POSITIVE);
    }
    let own: Vec<&[Unit]> = (ranges.iter())
        .map(|range| units.list.get(range.clone()).unwrap_or_default())
        .collect();
    let words: Vec<f32> = (own.iter())
        .map(|units| (1.0 + units.iter().map(|unit| unit.n_words).sum::<usize>() as f32).ln())
        .collect();
    let lengths: Vec<f32> = own
        .iter()
        .map(|units| (units.len().max(1) as f32).ln())
        .collect();
    let shown: Vec<[bool; TRAITS.len()]> = (own.iter())
        .map(|units| TRAITS.map(|holds| units.iter().any(holds)))
        .collect();
    let n = own.len().max(1) as f32;
    let shares: [f32; TRAITS.len()] = std::array::from_fn(|at| {
        shown
            .iter()
            .filter(|shown| shown.get(at).copied().unwrap_or_default())
            .count() as f32
            / n
    });
    let mut classes: BTreeMap<u32, f32> = BTreeMap::new();
    let first = |units: &[Unit]| units.first().map_or(u32::MAX, |unit| unit.class);
    for units in &own {
        *classes.entry(first(units)).or_default() += 1.0 / n;
    }
    let (usual_words, usual_length) = (middle(&words), middle(&lengths));
    (own.iter()
        .zip(agreed)
        .zip(shown)
        .zip(words.iter().zip(&lengths)))
    .map(|(((units, agreed), shown), (words, length))| {
        // Most have what this one lacks; hardly one has what it has.
        const MOST: f32 = 0.7;
        let lacks = shown
            .iter()
            .zip(shares)
            .filter(|(has, share)| !**has && *share >= MOST);
        let more = shown
            .iter()
            .zip(shares)
            .filter(|(has, share)| **has && *share <= 1.0 - MOST);
        let [starts, same, before, holds] = agreed;
        [
            starts,
            same,
            before,
            holds,
            *words,
            (words - usual_words).abs(),
            (length - usual_length).abs(),
            classes.get(&first(units)).copied().unwrap_or_default(),
            lacks.count() as f32,
            more.count() as f32,
        ]
    })
    .collect()
}

fn middle(numbers: &[f32]) -> f32 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
