//! Which pairs are worth comparing: records that share a key that few records share. The keys get more specific as the words get commoner, so
//! that neither the number of pairs nor the recall depends on the size of the data. No pair is judged here.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::csr::{Rows, mix, pair};
use super::records::{MISSPELT, Records};
use super::vocabulary::Symbol;

/// Why two records are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Rule {
    /// A rare word of the name, or one a typo away.
    RareWord,
    /// Two words of the name, or one and a place.
    WordPair,
    /// All words of the name, with the département where many bear it.
    NameAndDepartment,
    /// The project's title.
    Title,
    /// The title with a word of the name, a place or a département.
    TitleAndMore,
    /// An acronym or its expansion, with a place, a département or the title.
    Acronym,
    /// Part of the description.
    Description,
    /// A link or contact.
    Contact,
}

impl Rule {
    pub(super) const ALL: [Self; 8] = [
        Self::RareWord,
        Self::WordPair,
        Self::NameAndDepartment,
        Self::Title,
        Self::TitleAndMore,
        Self::Acronym,
        Self::Description,
        Self::Contact,
    ];

    /// As records write it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::RareWord => "rare_word",
            Self::WordPair => "word_pair",
            Self::NameAndDepartment => "name_and_department",
            Self::Title => "title",
            Self::TitleAndMore => "title_and_more",
            Self::Acronym => "acronym",
            Self::Description => "description",
            Self::Contact => "contact",
        }
    }

    /// Is the rule in the set?
    pub(super) fn is_in(self, set: u8) -> bool {
        set >> (self as u8) & 1 == 1
    }

    /// The rules of a set.
    pub(super) fn of(set: u8) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |rule| rule.is_in(set))
    }

    /// The set of the rules of these names, as records write them; others are none.
    pub(super) fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> u8 {
        let find = |name| Self::ALL.into_iter().find(|rule| rule.as_str() == name);
        (names.into_iter().filter_map(find)).fold(0, |set, rule| set | 1 << rule as u8)
    }

    /// The rule that a key is of.
    pub(super) fn of_key(key: u64) -> Option<Self> {
        let number = usize::try_from(key >> RULE_SHIFT).ok()?;
        Self::ALL.get(number).copied()
    }
}

/// Of a key that more records share, not every pair is compared.
const BLOCK: usize = 12;
/// Of those, so many neighbours are compared with each other and with the one that stands for most: eleven cost a third of all comparisons, and found
/// nothing more.
const SAMPLE: usize = 2;
/// A word that at most this many names hold blocks on its own.
const RARE: u32 = 16;
/// Words of a name that are paired: the rarest.
const PAIRED: usize = 7;
/// Smallest hashes of a description that block.
const SKETCH_KEYS: usize = 6;

/// Records by key.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// Records of each block, ascending.
    members: Rows<u32>,
    rule: Vec<u8>,
    /// Blocks of each record.
    of_record: Rows<u32>,
}

impl Blocks {
    /// The records after `record` that share a key with it, ascending, each with the set of rules.
    pub(super) fn candidates(&self, record: usize, into: &mut Vec<(u32, u8)>) {
        into.clear();
        let own = u32::try_from(record).unwrap_or(u32::MAX);
        for block in self.of_record.row(record) {
            let members = self.members.row(*block as usize);
            let rule = 1_u8 << self.rule.get(*block as usize).copied().unwrap_or_default();
            let after = members.partition_point(|member| *member <= own);
            into.extend(
                members
                    .get(after..)
                    .unwrap_or_default()
                    .iter()
                    .map(|other| (*other, rule)),
            );
        }
        into.sort_unstable();
        into.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 |= later.1;
            }
            same
        });
    }
}

/// Finds the blocks of all records.
pub(super) fn block(records: &Records) -> Blocks {
    let shared = Shared::of(records);
    let keys = Keys {
        records,
        shared: &shared,
    };
    let count = records.order.len();
    // A key and its record in one number: the rule, as much of the hash as there is room for, the record. Two keys that meet by chance only bring up
    // pairs to compare.
    let record_bits = record_bits(count);
    let pieces: Vec<Vec<u64>> = (0..count.div_ceil(PIECE))
        .into_par_iter()
        .map(|piece| {
            let mut entries = Vec::with_capacity(PIECE * 24);
            let mut own = Vec::new();
            for record in piece * PIECE..count.min((piece + 1) * PIECE) {
                keys.of(record, &mut own);
                entries.extend(
                    own.drain(..)
                        .map(|key: u64| key >> record_bits << record_bits | record as u64),
                );
            }
            entries
        })
        .collect();
    let mut entries: Vec<u64> = Vec::with_capacity(pieces.iter().map(Vec::len).sum());
    for piece in pieces {
        entries.extend(piece);
    }
    entries.par_sort_unstable();
    entries.dedup();
    let mut blocks = Blocks::default();
    let mut sizes = vec![0_u32; count + 1];
    let mut members: Vec<u32> = Vec::new();
    for group in entries.chunk_by(|a, b| a >> record_bits == b >> record_bits) {
        if group.len() < 2 {
            continue;
        }
        let rule = group.first().map_or(0, |entry| entry >> RULE_SHIFT);
        members.clear();
        members.extend(
            group
                .iter()
                .map(|entry| u32::try_from(entry & ((1 << record_bits) - 1)).unwrap_or(u32::MAX)),
        );
        sample(&mut members, &records.likeness, &records.copies, |block| {
            for record in block {
                blocks.members.push_value(*record);
                if let Some(size) = sizes.get_mut(*record as usize) {
                    *size += 1;
                }
            }
            blocks.members.close();
            blocks.rule.push(u8::try_from(rule).unwrap_or(u8::MAX));
        });
    }
    drop(entries);
    blocks.members.shrink();
    blocks.of_record = invert(&blocks.members, &sizes, count);
    blocks
}

/// Bits of a key that make room for the number of one of so many records.
fn record_bits(count: usize) -> u32 {
    usize::BITS - count.leading_zeros()
}

/// The keys of a record that is one of `count`, as far as they tell blocks apart.
pub(super) fn keys_of(records: &Records, shared: &Shared, count: usize, record: usize) -> Vec<u64> {
    let mut keys = Vec::new();
    Keys { records, shared }.of(record, &mut keys);
    let bits = record_bits(count);
    for key in &mut keys {
        *key = *key >> bits << bits;
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Parts the records of one key into blocks of which every pair is compared. Of many records that are each with those most like it, and with the one that
/// stands for most of them: so many pairs as there are records.
///
/// `likeness` and `copies` are those of each record.
pub(super) fn sample(
    members: &mut [u32],
    likeness: &[u32],
    copies: &[u32],
    mut block: impl FnMut(&[u32]),
) {
    if members.len() <= BLOCK {
        block(members);
        return;
    }
    let like = |record: &u32| likeness.get(*record as usize).copied();
    members.sort_unstable_by_key(|record| (like(record), *record));
    let Some(typical) = typical(members, likeness, copies) else {
        return;
    };
    let mut part: Vec<u32> = Vec::with_capacity(SAMPLE + 1);
    for others in members.chunks(SAMPLE) {
        part.clear();
        part.extend(others);
        part.push(typical);
        part.sort_unstable();
        part.dedup();
        if part.len() > 1 {
            block(&part);
        }
    }
}

/// Of records in the order of their likeness, the one that most records state, among those that are most.
fn typical(members: &[u32], likeness: &[u32], copies: &[u32]) -> Option<u32> {
    let copies = |record: &u32| copies.get(*record as usize).copied().unwrap_or(1);
    let likeness = |record: &u32| likeness.get(*record as usize).copied();
    let most = members
        .chunk_by(|a, b| likeness(a) == likeness(b))
        .max_by_key(|alike| {
            (
                alike.iter().map(copies).sum::<u32>(),
                Reverse(alike.first()),
            )
        })?;
    let typical = most
        .iter()
        .max_by_key(|record| (copies(record), Reverse(**record)));
    typical.copied()
}

/// Records whose keys are made at a time.
const PIECE: usize = 4096;
/// Where a key says its rule.
const RULE_SHIFT: u32 = 61;

/// The blocks of each record, from the records of each block.
fn invert(members: &Rows<u32>, sizes: &[u32], count: usize) -> Rows<u32> {
    let mut next: Vec<usize> = Vec::with_capacity(count);
    let mut total = 0_usize;
    for size in sizes.iter().take(count) {
        next.push(total);
        total += *size as usize;
    }
    let mut flat = vec![0_u32; total];
    for block in 0..members.len() {
        for record in members.row(block) {
            if let Some(next) = next.get_mut(*record as usize) {
                if let Some(slot) = flat.get_mut(*next) {
                    *slot = u32::try_from(block).unwrap_or(u32::MAX);
                }
                *next += 1;
            }
        }
    }
    let mut rows = Rows::default();
    let mut flat = flat.into_iter();
    for size in sizes.iter().take(count) {
        rows.push(flat.by_ref().take(*size as usize));
    }
    rows
}

/// What all records together say of keys.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Shared {
    /// Acronyms that are some name's initials, or of several names.
    acronyms: FxHashSet<Symbol>,
    /// Names as meant that more records hold than a block may.
    frequent_names: FxHashSet<u64>,
    frequent_titles: FxHashSet<u64>,
}

impl Shared {
    pub(super) fn of(records: &Records) -> Self {
        let initials: FxHashSet<Symbol> = records.initials.values().iter().copied().collect();
        let mut written: FxHashMap<Symbol, u32> = FxHashMap::default();
        for acronym in records.acronyms.values() {
            *written.entry(*acronym).or_default() += 1;
        }
        let frequent = |key: &dyn Fn(usize) -> u64| {
            let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
            for record in 0..records.order.len() {
                let key = key(record);
                if key != 0 {
                    *counts.entry(key).or_default() += 1;
                }
            }
            counts.retain(|_, count| *count as usize > BLOCK);
            counts.into_keys().collect()
        };
        Self {
            acronyms: records
                .acronyms
                .values()
                .iter()
                .filter(|acronym| initials.contains(acronym) || written.get(acronym) > Some(&1))
                .copied()
                .collect(),
            frequent_names: frequent(&|record| records.name_as_meant(record)),
            frequent_titles: frequent(&|record| title_key(records, record)),
        }
    }
}

fn title_key(records: &Records, record: usize) -> u64 {
    let title = records.title.row(record).iter();
    super::records::sequence_key(
        title.map(|token| Keys::meant(&records.vocabulary.title_meant, token.symbol)),
    )
}

/// Makes the keys of a record.
struct Keys<'a> {
    records: &'a Records,
    shared: &'a Shared,
}

impl Keys<'_> {
    fn meant(meant: &[Symbol], word: Symbol) -> Symbol {
        meant.get(word as usize).copied().unwrap_or(word)
    }

    fn count(&self, word: Symbol) -> u32 {
        self.records
            .vocabulary
            .name_count
            .get(word as usize)
            .copied()
            .unwrap_or(0)
    }

    /// Adds the record's keys.
    #[expect(
        clippy::too_many_lines,
        reason = "one paragraph for each blocking rule"
    )]
    fn of(&self, record: usize, entries: &mut Vec<u64>) {
        let records = self.records;
        let mut add = |rule: Rule, key: u64| {
            // The rule takes the top bits, so that keys of different rules never meet.
            entries.push(((rule as u64) << RULE_SHIFT) | (key >> (64 - RULE_SHIFT)));
        };
        let word = |word: Symbol| mix(u64::from(word));
        let place_word = |place: &u32| {
            records
                .place_names
                .words
                .row(*place as usize)
                .iter()
                .copied()
                .min_by_key(|word| (self.count(*word), *word))
        };
        let places = records.places_of(record);
        let places = places.get(..places.len().min(3)).unwrap_or(places);
        let departments = records.departments.row(record);

        // Words of the name: rare ones alone, the others two by two, with the places.
        let mut paired: Vec<(u32, Symbol)> = Vec::new();
        for token in records.name.row(record) {
            if token.shape.is_legal() {
                continue;
            }
            let symbol = token.symbol;
            let count = self.count(symbol);
            if count <= RARE {
                add(Rule::RareWord, word(symbol));
            }
            if count <= MISSPELT {
                for near in records.vocabulary.near.row(symbol as usize) {
                    if (1..=RARE).contains(&self.count(*near)) {
                        add(Rule::RareWord, word(*near));
                    }
                }
            }
            let meant = Self::meant(&self.records.vocabulary.name_meant, symbol);
            paired.push((self.count(meant), meant));
        }
        let names = paired.len();
        paired.sort_unstable();
        paired.truncate(PAIRED);
        let common = |count: u32| count > RARE;
        for place in places {
            if let Some(meant) =
                place_word(place).map(|word| Self::meant(&self.records.vocabulary.name_meant, word))
            {
                paired.push((self.count(meant), meant));
            }
        }
        paired.sort_unstable();
        paired.dedup();
        for (at, (first_count, first)) in paired.iter().enumerate() {
            for (second_count, second) in paired.iter().skip(at + 1) {
                if common(*first_count) || common(*second_count) {
                    let (low, high) = (first.min(second), first.max(second));
                    add(Rule::WordPair, pair(word(*low), word(*high)));
                }
            }
        }
        let name_key = records.name_as_meant(record);
        if names > 0 {
            let is_frequent = self.shared.frequent_names.contains(&name_key);
            add(Rule::NameAndDepartment, name_key);
            if is_frequent {
                for place in places {
                    let place = mix(u64::from(*place) + (1 << 41));
                    add(Rule::NameAndDepartment, pair(name_key, place));
                }
            }
            for department in departments {
                let department = mix(u64::from(*department) + (1 << 40));
                if is_frequent {
                    add(Rule::NameAndDepartment, pair(name_key, department));
                }
                for (count, symbol) in paired.iter().filter(|(count, _)| common(*count)).take(2) {
                    if *count < 4000 {
                        add(Rule::NameAndDepartment, pair(word(*symbol), department));
                    }
                }
            }
        }

        // The title, whole or as far as its colon; with more where many have it.
        let title_key = title_key(records, record);
        if title_key != 0 {
            add(Rule::Title, title_key);
            if self.shared.frequent_titles.contains(&title_key) {
                for (_, symbol) in paired.iter().take(4) {
                    add(Rule::TitleAndMore, pair(title_key, word(*symbol)));
                }
                for place in places {
                    add(
                        Rule::TitleAndMore,
                        pair(title_key, mix(u64::from(*place) + (1 << 41))),
                    );
                }
                for department in departments {
                    add(
                        Rule::TitleAndMore,
                        pair(title_key, mix(u64::from(*department) + (1 << 40))),
                    );
                }
            }
            let mut rarest: Vec<(u32, Symbol)> = records
                .title
                .row(record)
                .iter()
                .map(|token| {
                    let meant = Self::meant(&self.records.vocabulary.title_meant, token.symbol);
                    (self.title_count(meant), meant)
                })
                .collect();
            rarest.sort_unstable();
            rarest.dedup();
            if let [(_, first), (_, second), ..] = rarest.as_slice() {
                let (low, high) = (first.min(second), first.max(second));
                add(Rule::Title, pair(word(*low), word(*high)));
            }
            if let (Some((_, first)), Some((_, symbol))) = (rarest.first(), paired.first()) {
                add(Rule::TitleAndMore, pair(word(*first), word(*symbol)));
            }
        }

        for symbol in records
            .initials
            .row(record)
            .iter()
            .chain(records.acronyms.row(record))
            .filter(|symbol| self.shared.acronyms.contains(symbol))
        {
            for place in places {
                add(
                    Rule::Acronym,
                    pair(word(*symbol), mix(u64::from(*place) + (1 << 41))),
                );
            }
            for department in departments {
                add(
                    Rule::Acronym,
                    pair(word(*symbol), mix(u64::from(*department) + (1 << 40))),
                );
            }
            if title_key != 0 {
                add(Rule::Acronym, pair(word(*symbol), title_key));
            }
            add(Rule::Acronym, word(*symbol));
        }
        for hash in records.sketch.row(record).iter().take(SKETCH_KEYS) {
            add(Rule::Description, mix(u64::from(*hash)));
        }
        for contact in records.contacts.row(record) {
            add(Rule::Contact, *contact);
        }
    }

    fn title_count(&self, word: Symbol) -> u32 {
        self.records
            .vocabulary
            .title_count
            .get(word as usize)
            .copied()
            .unwrap_or(0)
    }
}
