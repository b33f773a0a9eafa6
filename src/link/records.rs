//! What the linker keeps of each record: words as numbers, other values as hashes, in flat arrays, so that a million records take some hundred
//! megabytes. No comparison is made here.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::csr::{Rows, hash, mix, pair};
use super::fold::Words;
use crate::model::mention::Mention;

use super::lexicon::{deletions, is_slip, letter_set, lexicon, lookalikes};
use super::reading::{Chunk, Reader};

/// What one record states, as the linker reads it. Every value may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields<'a> {
    /// Which of the inputs it comes from: with `LinkType::Link`, only records of different inputs are compared.
    pub source: u32,
    /// The list that it is an entry of: two entries of one list are two laureates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Cow<'a, str>>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    /// The project's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<Cow<'a, str>>,
    /// The territory, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<Cow<'a, str>>,
    /// The département, code or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<Cow<'a, str>>,
    /// The public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public: Option<Cow<'a, str>>,
    /// The partners.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Cow<'a, str>>,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Cow<'a, str>>,
    /// Links and contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Cow<'a, str>>,
    /// The call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Cow<'a, str>>,
    /// The year or edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
}

/// Where records come from. The linker reads each record once, and again where its values are merged.
pub trait Source: Sync {
    /// How many records there are.
    fn len(&self) -> usize;
    /// The record's id, unique.
    fn id(&self, index: usize) -> Cow<'_, str>;
    /// What the linker compares.
    fn fields(&self, index: usize) -> Fields<'_>;
    /// All that the record states.
    fn mention(&self, index: usize) -> Cow<'_, Mention>;
    /// The organisation's name, as stated.
    fn name(&self, index: usize) -> Option<Cow<'_, str>>;
    /// The document and the position in it: laureates are listed in this order.
    fn place(&self, index: usize) -> (Cow<'_, str>, u32);
    /// Is there none?
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A word of the vocabulary.
pub(super) type Symbol = u32;

/// A place in a territory.
pub(super) type Place = u32;

/// Says nothing more than "a body".
const LEGAL: u8 = 1;

/// Heads a network.
const HEAD: u8 = 2;

/// Stands in a place's name, or is a letter away from a word that does.
const PLACE: u8 = 4;

/// A head that one body may bear in turn with others.
const STATUS: u8 = 8;

/// A head behind which a place stands.
const AUTHORITY: u8 = 32;

/// Holds a figure.
const NUMBER: u8 = 16;

/// Records a chunk: enough chunks to keep threads busy, few enough that each word is read few times.
const CHUNK: std::ops::RangeInclusive<usize> = 4096..=65_536;
/// Chunks that are made of few records.
const CHUNKS: usize = 32;
/// Hashes kept of a description: the error of the resemblance is about 1/√32.
pub(super) const SKETCH: usize = 32;
/// A word with fewer letters has too many neighbours for a typo to be told from another word.
const TYPO_LENGTH: usize = 4;
/// In a corpus of this many records, half of the repetitions of a name are taken for namesakes.
const REPETITION_RECORDS: f32 = 5000.0;
/// Départements that a place may lie in before it says nothing of the département.
const HOMONYMS: usize = 3;
/// Words that share a deletion and are looked at; beyond, the shared form says nothing.
const TYPO_GROUP: usize = 48;

/// Everything about the records that comparing and blocking need. Records are in the order of their ids, whatever order they came in.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Place in the source, per record.
    pub(super) order: Vec<u32>,
    pub(super) source: Vec<u32>,
    pub(super) list: Vec<u64>,
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
    /// The territory as a whole; 0 where there is none.
    pub(super) territory: Vec<u64>,
    /// Départements: stated, or else named by the territory.
    pub(super) departments: Rows<u16>,
    pub(super) public: Vec<u64>,
    pub(super) partners: Rows<u64>,
    pub(super) contacts: Rows<u64>,
    pub(super) sketch: Rows<u32>,
    pub(super) call: Rows<Symbol>,
    pub(super) year: Vec<i16>,
    pub(super) vocabulary: Vocabulary,
    pub(super) place_names: Places,
    /// How many records hold the value.
    pub(super) counts: Counts,
}

/// What is asked of a word again and again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Which letters the word has: a filter before a distance is computed.
    pub(super) letters: u32,
    /// Bytes, up to 255.
    pub(super) len: u8,
    flags: u8,
}

/// A word where it stands in a name or title. All that comparing asks of it lies together: a pair's words are far apart in memory, and fetching them
/// is most of the time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Token {
    pub(super) symbol: Symbol,
    pub(super) shape: Shape,
    /// Bits that sharing the word costs by chance.
    pub(super) alone: f32,
    /// The same, given that the word before is shared too.
    pub(super) in_place: f32,
}

impl Shape {
    pub(super) fn is_legal(self) -> bool {
        self.flags & LEGAL != 0
    }
    pub(super) fn is_head(self) -> bool {
        self.flags & HEAD != 0
    }
    pub(super) fn is_status(self) -> bool {
        self.flags & STATUS != 0
    }
    pub(super) fn is_number(self) -> bool {
        self.flags & NUMBER != 0
    }
    pub(super) fn is_authority(self) -> bool {
        self.flags & AUTHORITY != 0
    }
    pub(super) fn is_of_place(self) -> bool {
        self.flags & PLACE != 0
    }
}

/// The words, by number.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    text: Vec<Box<str>>,
    /// What comparing asks of every word, without a look at its text.
    shapes: Vec<Shape>,
    pub(super) name_count: Vec<u32>,
    pub(super) title_count: Vec<u32>,
    /// Words one letter away.
    pub(super) near: Rows<Symbol>,
    /// The words of each head of a network that stands in the records.
    pub(super) phrases: FxHashMap<Symbol, Vec<Symbol>>,
}

/// The places, by number.
#[derive(Debug, Default)]
pub(super) struct Places {
    text: Vec<Box<str>>,
    /// Words of the place's name.
    pub(super) words: Rows<Symbol>,
    /// How many records name it.
    pub(super) count: Vec<u32>,
    /// Départements that records which name this place alone state for it.
    pub(super) departments: Rows<u16>,
}

/// How many records hold a value: what makes agreeing on it evidence.
#[derive(Debug, Default)]
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
}

/// Records that bear one name, or title, as a whole.
#[derive(Clone, Copy, Debug)]
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

impl Vocabulary {
    pub(super) fn text(&self, symbol: Symbol) -> &str {
        self.text.get(symbol as usize).map_or("", |text| text)
    }
    pub(super) fn shape(&self, symbol: Symbol) -> Shape {
        self.shapes
            .get(symbol as usize)
            .copied()
            .unwrap_or_default()
    }
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }
}

impl Places {
    pub(super) fn text(&self, place: Place) -> &str {
        self.text.get(place as usize).map_or("", |text| text)
    }
}

impl Records {
    /// The départements that a record states, or else those that other records state for its place.
    pub(super) fn departments_of(&self, record: usize) -> Option<&[u16]> {
        let stated = self.departments.row(record);
        if !stated.is_empty() {
            return Some(stated);
        }
        let [place] = self.places.row(record) else {
            return None;
        };
        let known = self.place_names.departments.row(*place as usize);
        (1..=HOMONYMS).contains(&known.len()).then_some(known)
    }
}

/// Reads every record once, in parallel.
pub(super) fn read(source: &dyn Source) -> Records {
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
    let mut records = Records {
        order,
        ..Records::default()
    };
    merge(&mut records, chunks);
    records.vocabulary.name_count = holders(&records.name, records.vocabulary.len());
    records.vocabulary.title_count = holders(&records.title, records.vocabulary.len());
    records.vocabulary.near = neighbours(&records.vocabulary);
    mark_places(&mut records.vocabulary, &records.place_names);
    count(&mut records);
    records
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

/// Gives the chunks' words the numbers that hold for all: those of the sorted words, so that they depend on no order.
fn merge(records: &mut Records, mut chunks: Vec<Chunk>) {
    let words = sorted_union(chunks.iter().map(|chunk| &chunk.words));
    let places = sorted_union(chunks.iter().map(|chunk| &chunk.places));
    let (word_numbers, place_numbers) = (numbers(&words), numbers(&places));
    let lexicon = lexicon();
    let words_of: Vec<Vec<u32>> = chunks
        .iter()
        .map(|chunk| translation(&chunk.words, &word_numbers))
        .collect();
    let places_of: Vec<Vec<u32>> = chunks
        .iter()
        .map(|chunk| translation(&chunk.places, &place_numbers))
        .collect();
    let number = |of: &[Vec<u32>], chunk: usize, own: u32| {
        of.get(chunk)
            .and_then(|numbers| numbers.get(own as usize))
            .copied()
            .unwrap_or(0)
    };
    let word = |chunk: usize, own: &Symbol| number(&words_of, chunk, *own);
    let token = |chunk: usize, own: &Symbol| Token {
        symbol: word(chunk, own),
        ..Token::default()
    };
    let place = |chunk: usize, own: &Place| number(&places_of, chunk, *own);
    let all = &mut chunks;
    records.name = join(all, |chunk| &mut chunk.name, token);
    records.title = join(all, |chunk| &mut chunk.title, token);
    records.initials = join(all, |chunk| &mut chunk.initials, word);
    records.acronyms = join(all, |chunk| &mut chunk.acronyms, word);
    records.call = join(all, |chunk| &mut chunk.call, word);
    records.places = join(all, |chunk| &mut chunk.places_of, place);
    for row in 0..records.places.len() {
        records.places.row_mut(row).sort_unstable();
    }
    records.departments = join(all, |chunk| &mut chunk.departments, |_, code| *code);
    records.partners = join(all, |chunk| &mut chunk.partners, |_, key| *key);
    records.contacts = join(all, |chunk| &mut chunk.contacts, |_, key| *key);
    records.sketch = join(all, |chunk| &mut chunk.sketch, |_, hash| *hash);
    for (at, chunk) in chunks.into_iter().enumerate() {
        records.source.extend(chunk.source);
        records.list.extend(chunk.list);
        records.territory.extend(chunk.territory);
        records.public.extend(chunk.public);
        records.year.extend(chunk.year);
        let mut sorted: Vec<Symbol> = Vec::new();
        for row in 0..chunk.name_key_words.len() {
            sorted.clear();
            let row = chunk.name_key_words.row(row).iter();
            sorted.extend(row.map(|own| word(at, own)));
            sorted.sort_unstable();
            records.name_key.push(sequence_key(sorted.iter().copied()));
        }
    }
    records.title_key = (0..records.title.len())
        .map(|row| sequence_key(records.title.row(row).iter().map(|token| token.symbol)))
        .collect();
    let mut split = Words::default();
    records.place_names.words = places
        .iter()
        .map(|place| {
            split.split(place);
            split
                .iter()
                .filter_map(|word| find(&words, word.text))
                .collect::<Vec<Symbol>>()
        })
        .collect();
    let phrases = lexicon.head_phrases().filter_map(|(head, phrase)| {
        let phrase: Vec<Symbol> = phrase
            .iter()
            .filter_map(|word| find(&words, word))
            .collect();
        Some((find(&words, head)?, phrase))
    });
    records.vocabulary = Vocabulary {
        phrases: phrases.filter(|(_, phrase)| phrase.len() > 1).collect(),
        shapes: words
            .iter()
            .map(|word| Shape {
                letters: letter_set(word),
                len: u8::try_from(word.len()).unwrap_or(u8::MAX),
                flags: u8::from(lexicon.is_legal(word)) * LEGAL
                    + u8::from(lexicon.is_head(word)) * HEAD
                    + u8::from(lexicon.is_status(word)) * STATUS
                    + u8::from(lexicon.is_authority(word)) * AUTHORITY
                    + u8::from(word.bytes().any(|byte| byte.is_ascii_digit())) * NUMBER,
            })
            .collect(),
        text: words,
        ..Vocabulary::default()
    };
    records.place_names.text = places;
}

/// The rows of all chunks, taken from them, with values that hold for all.
fn join<T, U>(
    chunks: &mut [Chunk],
    rows: impl Fn(&mut Chunk) -> &mut Rows<T>,
    value: impl Fn(usize, &T) -> U,
) -> Rows<U>
where
    Rows<T>: Default,
{
    let (mut n_rows, mut n_values) = (0, 0);
    for chunk in &mut *chunks {
        let own = rows(chunk);
        n_rows += own.len();
        n_values += own.values().len();
    }
    // Of the exact size: a row too many would have all of it copied.
    let mut joined = Rows::with_capacity(n_rows, n_values);
    for (at, chunk) in chunks.iter_mut().enumerate() {
        let own = std::mem::take(rows(chunk));
        joined.append(own.map(|own| value(at, own)));
    }
    joined
}

/// The key of a sequence of words; 0 for none.
pub(super) fn sequence_key(words: impl IntoIterator<Item = Symbol>) -> u64 {
    words
        .into_iter()
        .fold(0, |key, word| pair(key, u64::from(word)))
}

fn sorted_union<'a>(lists: impl Iterator<Item = &'a Vec<Box<str>>>) -> Vec<Box<str>> {
    let all: FxHashSet<&Box<str>> = lists.flatten().collect();
    let mut sorted: Vec<Box<str>> = all.into_iter().cloned().collect();
    sorted.par_sort_unstable();
    sorted
}

fn find(sorted: &[Box<str>], text: &str) -> Option<u32> {
    sorted
        .binary_search_by(|known| known.as_ref().cmp(text))
        .ok()
        .and_then(|index| u32::try_from(index).ok())
}

fn numbers(sorted: &[Box<str>]) -> FxHashMap<&str, u32> {
    sorted.iter().map(AsRef::as_ref).zip(0..).collect()
}

fn translation(from: &[Box<str>], to: &FxHashMap<&str, u32>) -> Vec<u32> {
    from.iter()
        .map(|text| to.get(text.as_ref()).copied().unwrap_or_default())
        .collect()
}

/// Counts values and words, and says what sharing each costs by chance.
fn count(records: &mut Records) {
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
        name_key: namesakes(&records.name_key, repetition, |record| {
            match records.departments_of(record) {
                Some([department]) => Some(*department),
                _ => None,
            }
        }),
        title_key: namesakes(&records.title_key, repetition, |_| None),
        initials: initials(&records.initials, &records.acronyms),
        public: counted(&records.public),
        partner: counted(records.partners.values()),
        contact: counted(records.contacts.values()),
        department,
        with_place: (0..records.places.len())
            .filter(|row| !records.places.row(*row).is_empty())
            .count() as f32,
        with_department: with(&records.departments),
        with_public: records.public.iter().filter(|key| **key != 0).count() as f32,
    };
    let lexicon = lexicon();
    let prior: Vec<f32> = records
        .vocabulary
        .text
        .iter()
        .map(|word| (-lexicon.bits(word)).exp2())
        .collect();
    weigh(
        &mut records.name,
        &records.name_key,
        &records.counts.name_key,
        &prior,
        &records.vocabulary,
    );
    weigh(
        &mut records.title,
        &records.title_key,
        &records.counts.title_key,
        &prior,
        &records.vocabulary,
    );
}

/// Counts the records that name each place, and finds the départements that they state for it.
fn count_places(records: &mut Records) {
    let places = records.place_names.text.len();
    let mut count = vec![0_u32; places];
    let mut seen: Vec<Vec<u16>> = vec![Vec::new(); places];
    for row in 0..records.places.len() {
        let of = records.places.row(row);
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
/// different places. `repetition` is the share of pairs taken for two bodies where no département is stated.
fn namesakes(
    keys: &[u64],
    repetition: f32,
    department: impl Fn(usize) -> Option<u16>,
) -> FxHashMap<u64, Namesakes> {
    /// Pairs that the expectation weighs as much as.
    const EXPECTED: f32 = 1.0;
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    for key in keys.iter().filter(|key| **key != 0) {
        *counts.entry(*key).or_default() += 1;
    }
    // What one record holds alone is looked up as 1.
    counts.retain(|_, count| *count > 1);
    let mut stated: Vec<(u64, u16)> = keys
        .iter()
        .enumerate()
        .filter(|(_, key)| counts.contains_key(key))
        .filter_map(|(record, key)| Some((*key, department(record)?)))
        .collect();
    stated.sort_unstable();
    let mut namesakes: FxHashMap<u64, Namesakes> = counts
        .into_iter()
        .map(|(key, records)| {
            let apart = repetition;
            (key, Namesakes { records, apart })
        })
        .collect();
    let pairs = |number: usize| (number * number.saturating_sub(1)) as f32 / 2.0;
    for of_key in stated.chunk_by(|a, b| a.0 == b.0) {
        let all = pairs(of_key.len());
        let same: f32 = of_key
            .chunk_by(|a, b| a == b)
            .map(|of_department| pairs(of_department.len()))
            .sum();
        let key = of_key.first().map_or(0, |(key, _)| *key);
        if let Some(namesakes) = namesakes.get_mut(&key) {
            namesakes.apart = (all - same + EXPECTED * repetition) / (all + EXPECTED);
        }
    }
    namesakes
}

/// How many names have each acronym for their initials.
fn initials(initials: &Rows<Symbol>, acronyms: &Rows<Symbol>) -> FxHashMap<Symbol, u32> {
    let mut counts: FxHashMap<Symbol, u32> = acronyms
        .values()
        .iter()
        .map(|acronym| (*acronym, 0))
        .collect();
    for row in 0..initials.len() {
        for acronym in initials.row(row) {
            if let Some(count) = counts.get_mut(acronym) {
                *count += 1;
            }
        }
    }
    counts.retain(|_, count| *count > 0);
    counts
}

/// Marks the words of places: only those are looked for in a territory.
fn mark_places(vocabulary: &mut Vocabulary, places: &Places) {
    let departments: Vec<Symbol> = lexicon()
        .department_words()
        .filter_map(|word| find(&vocabulary.text, word))
        .collect();
    for word in places.words.values().iter().chain(&departments) {
        for marked in std::iter::once(word).chain(vocabulary.near.row(*word as usize)) {
            if let Some(shape) = vocabulary.shapes.get_mut(*marked as usize) {
                shape.flags |= PLACE;
            }
        }
    }
}

/// How many rows hold each word.
fn holders(rows: &Rows<Token>, words: usize) -> Vec<u32> {
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

/// Says how surprising each word is: its bits alone, and its bits in place, given the word before it.
fn weigh(
    rows: &mut Rows<Token>,
    keys: &[u64],
    counts: &FxHashMap<u64, Namesakes>,
    prior: &[f32],
    vocabulary: &Vocabulary,
) {
    /// How much a word's own frequency weighs against its frequency behind the word before.
    const BACKOFF: f32 = 20.0;
    let prior_records = lexicon().prior_records;
    let mut mass = vec![0.0_f32; prior.len()];
    let mut together: FxHashMap<u64, f32> = FxHashMap::default();
    let bigram = |a: Symbol, b: Symbol| (u64::from(a) << 32) | u64::from(b);
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
    let others = |mass: f32| (mass - 2.0).max(0.0) + unseen;
    #[expect(clippy::cast_possible_truncation, reason = "a count of records")]
    let filled = filled as f32;
    let share: Vec<f32> = mass
        .iter()
        .zip(prior)
        .map(|(mass, prior)| (others(*mass) + prior_records * prior) / (filled + prior_records))
        .collect();
    let get = |values: &[f32], word: Symbol| values.get(word as usize).copied().unwrap_or(1.0);
    for row in 0..rows.len() {
        let mut before: Option<Symbol> = None;
        for token in rows.row_mut(row) {
            let own = get(&share, token.symbol);
            let given = before.map_or(own, |before| {
                let both = together.get(&bigram(before, token.symbol));
                let seen = get(&mass, before);
                let rest = |mass: f32| (mass - 2.0).max(0.0);
                let given =
                    (rest(both.copied().unwrap_or(1.0)) + BACKOFF * own) / (rest(seen) + BACKOFF);
                given.clamp(own, 1.0)
            });
            before = Some(token.symbol);
            token.shape = vocabulary.shape(token.symbol);
            token.alone = -own.log2();
            token.in_place = -given.log2();
        }
    }
}

/// For each word the words one letter away, by the deletions that they share.
fn neighbours(vocabulary: &Vocabulary) -> Rows<Symbol> {
    let used = |symbol: usize| {
        let count = |counts: &[u32]| counts.get(symbol).copied().unwrap_or(0);
        count(&vocabulary.name_count) + count(&vocabulary.title_count) > 0
    };
    let mut forms: Vec<(u64, Symbol)> = vocabulary
        .text
        .par_iter()
        .enumerate()
        .filter(|(symbol, text)| text.len() >= TYPO_LENGTH && used(*symbol))
        .flat_map_iter(|(symbol, text)| {
            let symbol = u32::try_from(symbol).unwrap_or_default();
            std::iter::once((hash(text.as_bytes()), symbol)).chain(
                deletions(text)
                    .chain(lookalikes(text))
                    .map(move |form| (hash(form.as_bytes()), symbol)),
            )
        })
        .collect();
    forms.par_sort_unstable();
    forms.dedup();
    let mut near: Vec<(Symbol, Symbol)> = forms
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1 && group.len() <= TYPO_GROUP)
        .flat_map_iter(|group| {
            let mut pairs = Vec::new();
            for (at, (_, a)) in group.iter().enumerate() {
                for (_, b) in group.iter().skip(at + 1) {
                    if a != b && is_slip(vocabulary.text(*a), vocabulary.text(*b)) {
                        pairs.extend([(*a, *b), (*b, *a)]);
                    }
                }
            }
            pairs
        })
        .collect();
    near.par_sort_unstable();
    near.dedup();
    let mut rows = Rows::default();
    let mut rest = near.as_slice();
    for symbol in 0..vocabulary.len() {
        let symbol = u32::try_from(symbol).unwrap_or_default();
        let taken = rest.iter().take_while(|(a, _)| *a == symbol).count();
        let (row, after) = rest.split_at(taken);
        rows.push(row.iter().map(|(_, b)| *b));
        rest = after;
    }
    rows
}

/// A number for the record that depends on its id alone: samples are drawn by it.
pub(super) fn draw(record: usize) -> u64 {
    mix(record as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(departments: &[Option<u16>], expected: f32) {
        let keys = vec![7; departments.len()];
        let found = namesakes(&keys, 0.8, |record| {
            departments.get(record).copied().flatten()
        });
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
