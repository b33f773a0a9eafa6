//! What the linker keeps of each record: words as numbers, other values as hashes, in flat arrays, so that a million records take some hundred
//! megabytes. No comparison is made here.

use std::fmt::Write;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::LinkOptions;
use super::copies::Copies;
use super::csr::{Rows, mix, pair};
use super::fields::Source;
use super::fold::Words;
use super::gather::gather;
use super::lexicon::lexicon;
use super::rarity::{self, Usage};
use super::reading::{Chunk, Reader};
use super::spelling::neighbours;
use super::vocabulary::{Place, Places, Symbol, Token, Vocabulary, mark_places};

/// Records a chunk: enough chunks to keep threads busy, few enough that each word is read few times.
const CHUNK: std::ops::RangeInclusive<usize> = 4096..=65_536;
/// Chunks that are made of few records.
const CHUNKS: usize = 32;
/// Hashes kept of a description: the error of the resemblance is about 1/√32.
pub(super) const SKETCH: usize = 32;
/// Départements that a place may lie in before it says nothing of the département.
const HOMONYMS: usize = 3;

/// Marks the key of a list, which is none of a source.
pub(super) const OF_LIST: u64 = 1 << 63;

/// Is it the key of a list?
pub(super) fn is_list(key: u64) -> bool {
    key & OF_LIST != 0
}

/// Everything about the records that comparing and blocking need. Records are in the order of their ids, whatever order they came in; copies are one.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Place in the source, per record; of copies, that of the first.
    pub(super) order: Vec<u32>,
    pub(super) source: Vec<u32>,
    /// The lists that it is an entry of, ascending; of a record that is in none, its source.
    pub(super) lists: Rows<u64>,
    /// How many records of the source state just this.
    pub(super) copies: Vec<u32>,
    /// Where it stands when like stands beside like: by name and place, then by the title's words. Records that agree on all three have one number.
    pub(super) likeness: Vec<u32>,
    /// Words of the name, in order, without stop words.
    pub(super) name: Rows<Token>,
    pub(super) title: Rows<Token>,
    /// The name's words without legal forms, sorted, as one key; 0 where there are none.
    pub(super) name_key: Vec<u64>,
    pub(super) title_key: Vec<u64>,
    /// Initials of the name's words, with and without the legal form.
    pub(super) initials: Rows<Symbol>,
    /// Words of the name that may be an acronym.
    pub(super) acronyms: Rows<Symbol>,
    /// Parts of the territory.
    pub(super) places: Rows<Place>,
    /// Some record states where its organisation sits.
    pub(super) has_seats: bool,
    /// Where the organisation sits.
    pub(super) seats: Rows<Place>,
    /// The territory as a whole; 0 where there is none.
    pub(super) territory: Vec<u64>,
    /// Départements: stated, or else named by the seat, or else by the territory.
    pub(super) departments: Rows<u16>,
    pub(super) public: Vec<u64>,
    pub(super) partners: Rows<u64>,
    pub(super) contacts: Rows<u64>,
    pub(super) sketch: Rows<u32>,
    pub(super) call: Rows<Symbol>,
    pub(super) year: Vec<i16>,
    /// How many records of the source have more words than are read.
    pub(super) cut: usize,
    pub(super) vocabulary: Vocabulary,
    pub(super) place_names: Places,
    /// The words of each département's name.
    pub(super) department_names: Vec<Vec<Symbol>>,
    /// How many records hold the value.
    pub(super) counts: Counts,
}

/// How many records hold a value: what makes agreeing on it evidence.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Counts {
    /// Records in all.
    pub(super) records: f32,
    pub(super) name_key: FxHashMap<u64, Namesakes>,
    pub(super) title_key: FxHashMap<u64, Namesakes>,
    /// Names whose initials are the acronym.
    pub(super) initials: FxHashMap<Symbol, u32>,
    pub(super) public: FxHashMap<u64, u32>,
    pub(super) partner: FxHashMap<u64, u32>,
    pub(super) contact: FxHashMap<u64, u32>,
    pub(super) department: Vec<u32>,
    /// Records that name a place, a département, a public, a title.
    pub(super) with_place: f32,
    pub(super) with_department: f32,
    pub(super) with_public: f32,
    /// Bits that one of two records drawn at random states its seat, and the other not.
    pub(super) half_seated: f32,
}

/// Records that bear one name, or title, as a whole.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Namesakes {
    pub(super) records: u32,
    /// Share of their pairs that are to be taken for two bodies.
    pub(super) apart: f32,
}

impl Namesakes {
    /// How many records beside these are other bodies.
    pub(super) fn others(self, at_hand: f32) -> f32 {
        (self.records as f32 - at_hand).max(0.0) * self.apart
    }
}

impl Records {
    /// The record with this id.
    pub(super) fn find(&self, source: &dyn Source, id: &str) -> Option<u32> {
        let at = (self.order)
            .binary_search_by(|index| source.id(*index as usize).as_ref().cmp(id))
            .ok()?;
        u32::try_from(at).ok()
    }

    /// Keeps these records, in this order.
    pub(super) fn keep(&mut self, kept: &[u32]) {
        fn values<T: Copy>(all: &mut Vec<T>, kept: &[u32]) {
            *all = kept
                .iter()
                .filter_map(|record| all.get(*record as usize).copied())
                .collect();
        }
        fn rows<T: Copy>(all: &mut Rows<T>, kept: &[u32]) {
            *all = all.select(kept);
        }
        values(&mut self.order, kept);
        values(&mut self.source, kept);
        rows(&mut self.lists, kept);
        values(&mut self.copies, kept);
        rows(&mut self.name, kept);
        rows(&mut self.title, kept);
        values(&mut self.name_key, kept);
        values(&mut self.title_key, kept);
        rows(&mut self.initials, kept);
        rows(&mut self.acronyms, kept);
        rows(&mut self.places, kept);
        rows(&mut self.seats, kept);
        values(&mut self.territory, kept);
        rows(&mut self.departments, kept);
        values(&mut self.public, kept);
        rows(&mut self.partners, kept);
        rows(&mut self.contacts, kept);
        rows(&mut self.sketch, kept);
        rows(&mut self.call, kept);
        values(&mut self.year, kept);
    }

    /// The words of a name that are more than a legal form, as meant, in any order.
    pub(super) fn name_as_meant(&self, record: usize) -> u64 {
        let meant = &self.vocabulary.name_meant;
        let content = self.name.row(record).iter();
        let mut words: Vec<Symbol> = content
            .filter(|token| !token.shape.is_legal())
            .filter_map(|token| meant.get(token.symbol as usize).copied())
            .collect();
        words.sort_unstable();
        sequence_key(words)
    }

    /// Are the two entries of one list, or else records of one source that are in none?
    pub(super) fn share_a_list(&self, a: usize, b: usize) -> bool {
        share(self.lists.row(a), self.lists.row(b))
    }

    /// Where a record sits, or else its territory.
    pub(super) fn places_of(&self, record: usize) -> &[Place] {
        match self.seats.row(record) {
            [] => self.places.row(record),
            seats => seats,
        }
    }

    /// The départements that a record states, or else those that other records state for its place.
    pub(super) fn departments_of(&self, record: usize) -> Option<&[u16]> {
        let stated = self.departments.row(record);
        if !stated.is_empty() {
            return Some(stated);
        }
        let [place] = self.places_of(record) else {
            return None;
        };
        let known = self.place_names.departments.row(*place as usize);
        (1..=HOMONYMS).contains(&known.len()).then_some(known)
    }
}

/// Reads every record, in parallel, each for itself.
pub(super) fn read(source: &dyn Source) -> Records {
    let mut records = read_all(source);
    count(&mut records);
    records
}

/// Reads every record, in parallel, and unites copies: what is counted from here on does not depend on how often a list was printed.
pub(super) fn read_distinct(source: &dyn Source, options: &LinkOptions) -> (Records, Copies) {
    let (records, copies, _) = read_and_count(source, options);
    (records, copies)
}

/// The same, with how words are used in names and in titles: what weighs the words of records that were not counted.
pub(super) fn read_and_count(
    source: &dyn Source,
    options: &LinkOptions,
) -> (Records, Copies, [Usage; 2]) {
    let mut records = read_all(source);
    let copies = Copies::unite(&mut records, source, options);
    let usage = count(&mut records);
    (records, copies, usage)
}

/// Counts words and values, and tells from the counts what each is worth.
fn count(records: &mut Records) -> [Usage; 2] {
    records.vocabulary.name_count = rarity::holders(&records.name, records.vocabulary.len());
    records.vocabulary.title_count = rarity::holders(&records.title, records.vocabulary.len());
    records.vocabulary.near = neighbours(&records.vocabulary);
    records.vocabulary.name_meant = meant(records, &records.name);
    records.vocabulary.title_meant = meant(records, &records.title);
    mark_words(records);
    let usage = rarity::count(records);
    records.likeness = likeness(records);
    usage
}

/// Marks the words of places among all.
pub(super) fn mark_words(records: &mut Records) {
    let departments = records.department_names.concat();
    mark_places(&mut records.vocabulary, &records.place_names, &departments);
}

/// The order by name, first place and title, all as meant.
pub(super) fn likeness(records: &Records) -> Vec<u32> {
    let title = |record: u32| {
        let meant = &records.vocabulary.title_meant;
        let title = records.title.row(record as usize).iter();
        title.map(|token| meant.get(token.symbol as usize).copied())
    };
    let mut order: Vec<(u64, u32, u32)> = (0..u32::try_from(records.order.len())
        .unwrap_or(u32::MAX))
        .into_par_iter()
        .map(|record| {
            let place = records.places_of(record as usize).first();
            let place = place.map_or(0, |place| place + 1);
            (records.name_as_meant(record as usize), place, record)
        })
        .collect();
    order.par_sort_unstable_by(|a, b| {
        let same = (a.0, a.1).cmp(&(b.0, b.1));
        same.then_with(|| title(a.2).cmp(title(b.2)))
    });
    let mut likeness = vec![0; order.len()];
    let alike = order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1) && title(a.2).eq(title(b.2)));
    for (number, alike) in (0_u32..).zip(alike) {
        for (.., record) in alike {
            if let Some(likeness) = likeness.get_mut(*record as usize) {
                *likeness = number;
            }
        }
    }
    likeness
}

/// A text that sorts records as `likeness` does, also those of different parts of the whole.
pub(super) fn likeness_key(records: &Records, record: usize) -> String {
    let place = records
        .places_of(record)
        .first()
        .map_or(0, |place| place + 1);
    let mut key = format!("{:016x}{place:08x}", records.name_as_meant(record));
    for token in records.title.row(record) {
        let meant = records.vocabulary.title_meant.get(token.symbol as usize);
        let meant = meant.copied().unwrap_or(token.symbol);
        write!(key, "{meant:08x}").expect("a text takes what is written");
    }
    key
}

fn read_all(source: &dyn Source) -> Records {
    let (order, chunks) = read_chunks(source);
    gather(order, chunks, None)
}

/// Reads every record for itself: the order of their ids, and the records in it.
pub(super) fn read_chunks(source: &dyn Source) -> (Vec<u32>, Vec<Chunk>) {
    let order = canonical_order(source);
    let size = (order.len() / CHUNKS).clamp(*CHUNK.start(), *CHUNK.end());
    let chunks: Vec<Chunk> = order
        .par_chunks(size)
        .map(|indices| {
            let mut reader = Reader::default();
            let mut words = Words::default();
            for index in indices {
                reader.push(&source.fields(*index as usize), &mut words, lexicon());
            }
            reader.finish()
        })
        .collect();
    (order, chunks)
}

/// Do two ascending lists have a value in common?
pub(super) fn share(left: &[u64], right: &[u64]) -> bool {
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    short.iter().any(|key| long.binary_search(key).is_ok())
}

/// Places in the source, in the order of the ids: what follows does not depend on the order of the input.
fn canonical_order(source: &dyn Source) -> Vec<u32> {
    let count = u32::try_from(source.len()).expect("fewer than 2^32 records fit the memory");
    // The first bytes of an id decide nearly always: they are compared as one number, and the ids themselves only where they tie.
    let mut order: Vec<(u64, u32)> = (0..count)
        .into_par_iter()
        .map(|index| (first_bytes(&source.id(index as usize)), index))
        .collect();
    order.par_sort_unstable_by(|a, b| {
        let id = |index: u32| source.id(index as usize);
        a.0.cmp(&b.0)
            .then_with(|| id(a.1).cmp(&id(b.1)))
            .then(a.1.cmp(&b.1))
    });
    order.into_iter().map(|(_, index)| index).collect()
}

/// The first eight bytes of a text as a number that sorts as they do.
fn first_bytes(text: &str) -> u64 {
    let mut bytes = [0_u8; 8];
    for (byte, own) in bytes.iter_mut().zip(text.bytes()) {
        *byte = own;
    }
    u64::from_be_bytes(bytes)
}

/// A number for the record that depends on its id alone: samples are drawn by it.
pub(super) fn draw(record: usize) -> u64 {
    mix(record as u64)
}

/// A word that so few names hold may be a misspelling of a commoner one.
pub(super) const MISSPELT: u32 = 3;
/// How much commoner a word must be for a rare neighbour to be its misspelling.
const COMMONER: u32 = 3;

/// What each word of these rows is probably meant to be. How common a word is, copies say too: each was written that way.
fn meant(records: &Records, rows: &Rows<Token>) -> Vec<Symbol> {
    let mut counts = vec![0_u32; records.vocabulary.len()];
    for (row, copies) in records.copies.iter().enumerate() {
        for token in rows.row(row) {
            if let Some(count) = counts.get_mut(token.symbol as usize) {
                *count = count.saturating_add(*copies);
            }
        }
    }
    let count = |word: Symbol| counts.get(word as usize).copied().unwrap_or(0);
    (0..records.vocabulary.len())
        .map(|symbol| {
            let symbol = u32::try_from(symbol).unwrap_or_default();
            let own = count(symbol);
            if own == 0 || own > MISSPELT {
                return symbol;
            }
            records
                .vocabulary
                .near
                .row(symbol as usize)
                .iter()
                .copied()
                .filter(|near| count(*near) > own * COMMONER)
                .max_by_key(|near| (count(*near), std::cmp::Reverse(*near)))
                .unwrap_or(symbol)
        })
        .collect()
}

/// The key of a sequence of words; 0 for none.
pub(super) fn sequence_key(words: impl IntoIterator<Item = Symbol>) -> u64 {
    words
        .into_iter()
        .fold(0, |key, word| pair(key, u64::from(word)))
}
