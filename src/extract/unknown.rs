//! Labels and heads of columns that no lexicon knows: what stands behind them in all entries tells what they introduce.

use std::collections::{BTreeMap, BTreeSet};

use crate::profile::{Field, LEXICON, VOCABULARY, fold, places};
use crate::segment::{Unit, look};

/// What unknown labels introduce in a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Unknown {
    fields: BTreeMap<String, Field>,
}

/// The values of one label.
#[derive(Default)]
struct Column<'u> {
    /// In how many entries it stands.
    count: usize,
    /// What stands behind it.
    values: Vec<&'u str>,
    /// Where in its entry it stood first: of two columns of sums the first counts.
    place: usize,
}

impl Column<'_> {
    /// The share of entries that have a value which passes.
    fn share(&self, passes: impl Fn(&str) -> bool) -> f32 {
        let n = self.values.iter().filter(|value| passes(value)).count();
        n as f32 / self.count.max(1) as f32
    }
}

/// Looks at the unknown labels of all entries. `known` are fields that labels of the lexicon feed in enough of them.
pub(super) fn unknown<'u>(
    bodies: impl Iterator<Item = &'u [Unit]>,
    known: impl Fn(Field) -> bool,
) -> Unknown {
    /// Of five values four look alike.
    const MOST: f32 = 0.8;
    let mut columns: BTreeMap<String, Column<'u>> = BTreeMap::new();
    let mut n = 0;
    for body in bodies {
        n += 1;
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (place, unit) in body.iter().enumerate() {
            let Some(label) = unit
                .label
                .as_ref()
                .filter(|label| label.field == Field::Other)
            else {
                continue;
            };
            let value = (unit.text.as_str().get(label.value.clone()))
                .unwrap_or_default()
                .trim();
            let column = columns.entry(fold(&label.text)).or_default();
            if seen.insert(&label.text) {
                column.count += 1;
            }
            if column.values.is_empty() {
                column.place = place;
            }
            if !value.is_empty() {
                column.values.push(value);
            }
        }
    }
    // A label that few entries have is an exception: nothing is concluded from it.
    columns.retain(|_, column| column.count >= 2 && column.count * 2 >= n);
    let says = |label: &str, words: &[String]| {
        let begins = |stem: &String| label.split(' ').any(|word| word.starts_with(stem.as_str()));
        words.iter().any(begins)
    };
    let mut fields = BTreeMap::new();
    if !known(Field::Amount) {
        let sum = |(label, column): &(&String, &Column<'_>)| {
            !says(label, VOCABULARY.ungranted()) && column.share(look::is_amount) >= MOST
        };
        let of_sums = columns.iter().filter(sum);
        // What says that it was given comes before what does not.
        if let Some((label, _)) =
            of_sums.min_by_key(|(label, column)| (!says(label, VOCABULARY.granted()), column.place))
        {
            fields.insert(label.clone(), Field::Amount);
        }
    }
    if !known(Field::Territory) {
        let sure = |value: &str| places::likeness(value) >= places::SURE;
        let worded = |value: &str| value.contains(char::is_alphabetic);
        // « 22 » is a department where the label says so, and a number of anything else.
        let says_place = |label: &str| {
            label
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| LEXICON.field(word) == Some(Field::Territory))
        };
        // « Département de mandat », « Commune de naissance » are of somebody else.
        let is_of_another = |label: &str| {
            let mut words = label.split(|c: char| !c.is_alphanumeric());
            let begins = words
                .next()
                .is_some_and(|word| LEXICON.field(word) == Some(Field::Territory));
            let of = words.next().is_some_and(|word| VOCABULARY.is_joint(word));
            let whose = words
                .find(|word| !VOCABULARY.is_joint(word))
                .unwrap_or_default();
            begins && of && !says(whose, VOCABULARY.seated())
        };
        let of_places = |(label, column): &(&String, &Column<'_>)| {
            !is_of_another(label)
                && column.share(sure) >= MOST
                && (column.share(worded) >= MOST || says_place(label))
        };
        if let Some((label, _)) = columns.iter().find(of_places) {
            fields.insert(label.clone(), Field::Territory);
        }
    }
    if !known(Field::Description) {
        let told = |value: &str| value.split_whitespace().count() >= 10 && value.ends_with('.');
        let of_sentences = columns
            .iter()
            .filter(|(_, column)| column.share(told) >= MOST);
        if let Some((label, _)) = of_sentences
            .max_by_key(|(_, column)| column.values.iter().map(|value| value.len()).sum::<usize>())
        {
            fields.insert(label.clone(), Field::Description);
        }
    }
    Unknown { fields }
}

impl Unknown {
    /// The field that a unit's unknown label feeds.
    pub(super) fn field_of(&self, unit: &Unit) -> Option<Field> {
        let label = unit.label.as_ref()?;
        self.fields.get(&fold(&label.text)).copied()
    }
}
