//! How surprising it is to share a value: how many records hold it, how many of those are namesakes, and what each word of a name or title costs by
//! chance, given the word before it. Nothing is compared here.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::csr::Rows;
use super::lexicon::lexicon;
use super::places::is_seated;
use super::records::{Counts, Namesakes, Records};
use super::vocabulary::{Place, Symbol, Token, Vocabulary};

/// In a corpus of this many records, half of the repetitions of a name are taken for namesakes.
const REPETITION_RECORDS: f32 = 5000.0;

/// Counts values and words, and says what sharing each costs by chance; how words are used, in names and in titles.
pub(super) fn count(records: &mut Records) -> [Usage; 2] {
    let total = records.order.len() as f32;
    let counted = |keys: &[u64]| {
        let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
        for key in keys.iter().filter(|key| **key != 0) {
            *counts.entry(*key).or_default() += 1;
        }
        // What one record holds alone is looked up as 1.
        counts.retain(|_, count| *count > 1);
        counts.shrink_to_fit();
        counts
    };
    // In a small corpus a name that comes again is the same body, in a large one it may be a namesake.
    let repetition = total / (total + REPETITION_RECORDS);
    count_places(records);
    let mut department = vec![0_u32; 128];
    for code in records.departments.values() {
        if let Some(count) = department.get_mut(*code as usize) {
            *count += 1;
        }
    }
    let with = |rows: &Rows<u16>| {
        (0..rows.len())
            .filter(|row| !rows.row(*row).is_empty())
            .count() as f32
    };
    records.counts = Counts {
        records: total,
        name_key: namesakes(
            &records.name_key,
            repetition,
            |record| match records.departments_of(record) {
                Some([department]) => Some(*department),
                _ => None,
            },
            |record| match records.places_of(record) {
                [place] => Some(*place),
                _ => None,
            },
        ),
        title_key: namesakes(&records.title_key, repetition, |_| None, |_| None),
        initials: initials(&records.initials, &records.acronyms),
        public: counted(&records.public),
        partner: counted(records.partners.values()),
        contact: counted(records.contacts.values()),
        department,
        with_place: (0..records.places.len())
            .filter(|row| !records.places_of(*row).is_empty())
            .count() as f32,
        with_department: with(&records.departments),
        half_seated: half_seated(records),
        with_public: records.public.iter().filter(|key| **key != 0).count() as f32,
    };
    let lexicon = lexicon();
    let prior: Vec<f32> = records
        .vocabulary
        .text
        .iter()
        .map(|word| (-lexicon.bits(word)).exp2())
        .collect();
    let usage = [
        Usage::of(
            &records.name,
            &records.name_key,
            &records.counts.name_key,
            &prior,
            &records.vocabulary,
        ),
        Usage::of(
            &records.title,
            &records.title_key,
            &records.counts.title_key,
            &prior,
            &records.vocabulary,
        ),
    ];
    weigh(records, &usage);
    usage
}

/// Says how surprising each word of the names and titles is.
pub(super) fn weigh(records: &mut Records, [names, titles]: &[Usage; 2]) {
    names.weigh(&mut records.name, &records.vocabulary);
    titles.weigh(&mut records.title, &records.vocabulary);
}

fn half_seated(records: &Records) -> f32 {
    let count = (0..records.order.len())
        .filter(|record| is_seated(records, *record))
        .count();
    let share = count as f32 / (records.order.len() as f32).max(1.0);
    -(2.0 * share * (1.0 - share)).max(1e-3).log2()
}

/// Counts the records that name each place, and finds the départements that they state for it.
fn count_places(records: &mut Records) {
    let places = records.place_names.text.len();
    let mut count = vec![0_u32; places];
    let mut seen: Vec<Vec<u16>> = vec![Vec::new(); places];
    for row in 0..records.places.len() {
        let of = records.places_of(row);
        for place in of {
            if let Some(count) = count.get_mut(*place as usize) {
                *count += 1;
            }
        }
        if let ([place], departments) = (of, records.departments.row(row))
            && let Some(seen) = seen.get_mut(*place as usize)
        {
            for department in departments {
                if !seen.contains(department) {
                    seen.push(*department);
                }
            }
        }
    }
    for departments in &mut seen {
        departments.sort_unstable();
    }
    records.place_names.count = count;
    records.place_names.departments = seen.into_iter().collect();
}

/// Counts the records of each key that more than one holds, and tells by the départements that they state how many bodies they are: namesakes stand in
/// different places. `repetition` is the share of pairs taken for two bodies where no département is stated, unless they name one place: a body is
/// written in several ways, and its place too, so that two places say nothing.
fn namesakes(
    keys: &[u64],
    repetition: f32,
    department: impl Fn(usize) -> Option<u16>,
    place: impl Fn(usize) -> Option<Place>,
) -> FxHashMap<u64, Namesakes> {
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    for key in keys.iter().filter(|key| **key != 0) {
        *counts.entry(*key).or_default() += 1;
    }
    // What one record holds alone is looked up as 1.
    counts.retain(|_, count| *count > 1);
    let mut namesakes: FxHashMap<u64, Namesakes> = counts
        .into_iter()
        .map(|(key, records)| {
            let apart = repetition;
            (key, Namesakes { records, apart })
        })
        .collect();
    for (key, apart) in parted(keys, &namesakes, repetition, place) {
        if let Some(namesakes) = namesakes.get_mut(&key) {
            namesakes.apart = namesakes.apart.min(apart);
        }
    }
    for (key, apart) in parted(keys, &namesakes, repetition, department) {
        if let Some(namesakes) = namesakes.get_mut(&key) {
            namesakes.apart = apart;
        }
    }
    namesakes
}

/// Per key, the share of pairs that state two values; as often as expected where few state any.
fn parted<T: Copy + Ord>(
    keys: &[u64],
    of: &FxHashMap<u64, Namesakes>,
    expected: f32,
    stated: impl Fn(usize) -> Option<T>,
) -> Vec<(u64, f32)> {
    /// Pairs that the expectation weighs as much as.
    const EXPECTED: f32 = 1.0;
    let pairs = |number: usize| (number * number.saturating_sub(1)) as f32 / 2.0;
    let mut values: Vec<(u64, T)> = keys
        .iter()
        .enumerate()
        .filter(|(_, key)| of.contains_key(key))
        .filter_map(|(record, key)| Some((*key, stated(record)?)))
        .collect();
    values.sort_unstable();
    values
        .chunk_by(|a, b| a.0 == b.0)
        .map(|of_key| {
            let all = pairs(of_key.len());
            let same: f32 = of_key
                .chunk_by(|a, b| a == b)
                .map(|of_value| pairs(of_value.len()))
                .sum();
            let key = of_key.first().map_or(0, |(key, _)| *key);
            (key, (all - same + EXPECTED * expected) / (all + EXPECTED))
        })
        .collect()
}

/// How many names have each acronym for their initials.
fn initials(initials: &Rows<Symbol>, acronyms: &Rows<Symbol>) -> FxHashMap<Symbol, u32> {
    let mut counts: FxHashMap<Symbol, u32> = acronyms
        .values()
        .iter()
        .map(|acronym| (*acronym, 0))
        .collect();
    for row in 0..initials.len() {
        for acronym in initials.row(row).iter().chain(acronyms.row(row)) {
            if let Some(count) = counts.get_mut(acronym) {
                *count += 1;
            }
        }
    }
    counts.retain(|_, count| *count > 0);
    counts
}

/// How many rows hold each word.
pub(super) fn holders(rows: &Rows<Token>, words: usize) -> Vec<u32> {
    let mut count = vec![0_u32; words];
    for row in 0..rows.len() {
        let row = rows.row(row);
        for (at, token) in row.iter().enumerate() {
            if is_first(row, at)
                && let Some(count) = count.get_mut(token.symbol as usize)
            {
                *count += 1;
            }
        }
    }
    count
}

/// Does the word stand here for the first time?
fn is_first(row: &[Token], at: usize) -> bool {
    let symbol = |token: &Token| token.symbol;
    let own = row.get(at).map(symbol);
    !row.iter().take(at).any(|before| Some(before.symbol) == own)
}

/// In how many other records a word is to be expected that none of them holds (after Good and Turing): from how many words two records hold, for each
/// that one holds. Words that are misspellings of commoner ones are left out, and so are the pairs that duplicates make.
fn unseen(mass: &[f32], near: &Rows<Symbol>) -> f32 {
    /// Of the words that two records hold, this part per word is due to duplicates.
    const DUPLICATES: f32 = 0.2;
    /// Even a small corpus is no proof that a word is unique.
    const LEAST: f32 = 0.05;
    let (mut once, mut twice) = (0.0_f32, 0.0_f32);
    for (word, own) in mass.iter().enumerate() {
        let misspelt = near
            .row(word)
            .iter()
            .any(|other| mass.get(*other as usize).is_some_and(|mass| mass > own));
        if misspelt {
            continue;
        }
        if (0.5..1.5).contains(own) {
            once += 1.0;
        } else if (1.5..2.5).contains(own) {
            twice += 1.0;
        }
    }
    (2.0 * twice / once.max(1.0) - DUPLICATES).clamp(LEAST, 1.0)
}

/// How the words of names, or of titles, are used in all records.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Usage {
    /// Per word, how many other bodies' records hold it.
    mass: Vec<f32>,
    /// Per word, the share of records that hold it by chance.
    share: Vec<f32>,
    /// Words that stand behind each other, beyond what the two at hand may show.
    together: FxHashMap<u64, f32>,
}

/// How many records hold it besides the two at hand.
fn rest(mass: f32) -> f32 {
    (mass - 2.0).max(0.0)
}

fn bigram(a: Symbol, b: Symbol) -> u64 {
    (u64::from(a) << 32) | u64::from(b)
}

impl Usage {
    /// Counts the words of all records.
    fn of(
        rows: &Rows<Token>,
        keys: &[u64],
        counts: &FxHashMap<u64, Namesakes>,
        prior: &[f32],
        vocabulary: &Vocabulary,
    ) -> Self {
        let prior_records = lexicon().prior_records;
        let mut mass = vec![0.0_f32; prior.len()];
        let mut together: FxHashMap<u64, f32> = FxHashMap::default();
        let mut filled = 0.0_f64;
        for (row, key) in keys.iter().enumerate() {
            let row = rows.row(row);
            if row.is_empty() {
                continue;
            }
            // Of the repetitions of a whole name only those that are other bodies count.
            let own = counts.get(key).map_or(1.0, |namesakes| {
                (1.0 + namesakes.others(1.0)) / namesakes.records as f32
            });
            filled += f64::from(own);
            for (at, token) in row.iter().enumerate() {
                if is_first(row, at)
                    && let Some(mass) = mass.get_mut(token.symbol as usize)
                {
                    *mass += own;
                }
            }
            for two in row.windows(2) {
                if let [a, b] = two {
                    *together.entry(bigram(a.symbol, b.symbol)).or_default() += own;
                }
            }
        }
        // Of the records that hold a word, two are those at hand: the others make the chance.
        let unseen = unseen(&mass, &vocabulary.near);
        together.retain(|_, mass| rest(*mass) > 0.0);
        #[expect(clippy::cast_possible_truncation, reason = "a count of records")]
        let filled = filled as f32;
        let share = mass
            .iter()
            .zip(prior)
            .map(|(mass, prior)| {
                (rest(*mass) + unseen + prior_records * prior) / (filled + prior_records)
            })
            .collect();
        Self {
            mass,
            share,
            together,
        }
    }

    /// Says how surprising each word is: its bits alone, and its bits in place, given the word before it.
    fn weigh(&self, rows: &mut Rows<Token>, vocabulary: &Vocabulary) {
        /// How much a word's own frequency weighs against its frequency behind the word before.
        const BACKOFF: f32 = 20.0;
        let get = |values: &[f32], word: Symbol| values.get(word as usize).copied().unwrap_or(1.0);
        for row in 0..rows.len() {
            let mut before: Option<Symbol> = None;
            for token in rows.row_mut(row) {
                let own = get(&self.share, token.symbol);
                let given = before.map_or(own, |before| {
                    let both = self.together.get(&bigram(before, token.symbol));
                    let both = both.copied().map_or(0.0, rest);
                    let given = (both + BACKOFF * own) / (rest(get(&self.mass, before)) + BACKOFF);
                    given.clamp(own, 1.0)
                });
                before = Some(token.symbol);
                token.shape = vocabulary.shape(token.symbol);
                token.alone = -own.log2();
                token.in_place = -given.log2();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(departments: &[Option<u16>], expected: f32) {
        let keys = vec![7; departments.len()];
        let found = namesakes(
            &keys,
            0.8,
            |record| departments.get(record).copied().flatten(),
            |_| None,
        );
        let others = found.get(&7).map_or(0.0, |namesakes| namesakes.others(1.0));
        assert!(
            (others - expected).abs() < 1e-5,
            "{others} of {departments:?}"
        );
    }

    #[test]
    fn namesakes_are_told_by_their_departments() {
        check(&[None], 0.0);
        check(&[None, None, None], 1.6);
        // Three pairs in one département, and one as expected.
        check(&[Some(1), Some(1), Some(1)], 2.0 * 0.8 / 4.0);
        check(&[Some(1), Some(2), Some(3)], 2.0 * 3.8 / 4.0);
    }
}
