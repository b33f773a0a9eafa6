//! What the linker keeps of each record: words as numbers, other values as hashes, in flat arrays, so that a million records take some hundred
//! megabytes. No comparison is made here.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::csr::{Rows, mix, pair};
use super::fold::Words;
use crate::model::mention::Mention;

use super::lexicon::lexicon;
use super::rarity;
use super::reading::{Chunk, Reader};
use super::spelling::{letter_set, neighbours};

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
/// Départements that a place may lie in before it says nothing of the département.
const HOMONYMS: usize = 3;

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
    pub(super) text: Vec<Box<str>>,
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
    pub(super) text: Vec<Box<str>>,
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
    records.vocabulary.name_count = rarity::holders(&records.name, records.vocabulary.len());
    records.vocabulary.title_count = rarity::holders(&records.title, records.vocabulary.len());
    records.vocabulary.near = neighbours(&records.vocabulary);
    mark_places(&mut records.vocabulary, &records.place_names);
    rarity::count(&mut records);
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

/// A number for the record that depends on its id alone: samples are drawn by it.
pub(super) fn draw(record: usize) -> u64 {
    mix(record as u64)
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
