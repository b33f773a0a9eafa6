//! What the linker keeps of each record: words as numbers, other values as hashes, in flat arrays, so that a million records take some hundred
//! megabytes. No comparison is made here.

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::LinkOptions;
use super::csr::{Rows, mix, pair};
use super::fold::Words;
use crate::model::mention::Mention;

use super::copies::Copies;
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

impl Fields<'_> {
    /// The same, bound to nothing.
    pub fn into_owned(self) -> Fields<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let all = |texts: Vec<Cow<'_, str>>| texts.into_iter().map(own).collect();
        Fields {
            source: self.source,
            list: self.list.map(own),
            name: self.name.map(own),
            project: self.project.map(own),
            territory: self.territory.map(own),
            department: self.department.map(own),
            public: self.public.map(own),
            partners: all(self.partners),
            description: self.description.map(own),
            contacts: all(self.contacts),
            call: self.call.map(own),
            year: self.year,
        }
    }
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
    /// The partners that the record names, stated and then suggested by prose.
    fn partners(&self, index: usize) -> Vec<Cow<'_, str>> {
        let mention = self.mention(index);
        let suggested = mention.inferred.partners.iter();
        let all = (mention.partners.iter()).chain(suggested.map(|partner| &partner.value));
        all.map(|partner| Cow::Owned(partner.clone())).collect()
    }
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

/// Marks the key of a list, which is none of a source.
const OF_LIST: u64 = 1 << 63;

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
    /// How many records of the source have more words than are read.
    pub(super) cut: usize,
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
    /// What each word is probably meant to be, in names and in titles: a rare one its far commoner neighbour, any other itself.
    pub(super) name_meant: Vec<Symbol>,
    pub(super) title_meant: Vec<Symbol>,
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
    /// Are the two misspellings of one word, in names or in titles?
    pub(super) fn mean_one(&self, a: Symbol, b: Symbol) -> bool {
        [&self.name_meant, &self.title_meant]
            .into_iter()
            .any(|meant| {
                let word = |word: Symbol| meant.get(word as usize).filter(|meant| **meant != word);
                word(a).is_some_and(|meant| word(b) == Some(meant))
            })
    }
}

impl Places {
    pub(super) fn text(&self, place: Place) -> &str {
        self.text.get(place as usize).map_or("", |text| text)
    }
}

impl Records {
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

/// Reads every record, in parallel, each for itself.
pub(super) fn read(source: &dyn Source) -> Records {
    let mut records = read_all(source);
    count(&mut records);
    records
}

/// Reads every record, in parallel, and unites copies: what is counted from here on does not depend on how often a list was printed.
pub(super) fn read_distinct(source: &dyn Source, options: &LinkOptions) -> (Records, Copies) {
    let mut records = read_all(source);
    let copies = Copies::unite(&mut records, source, options);
    count(&mut records);
    (records, copies)
}

/// Counts words and values, and tells from the counts what each is worth.
fn count(records: &mut Records) {
    records.vocabulary.name_count = rarity::holders(&records.name, records.vocabulary.len());
    records.vocabulary.title_count = rarity::holders(&records.title, records.vocabulary.len());
    records.vocabulary.near = neighbours(&records.vocabulary);
    records.vocabulary.name_meant = meant(records, &records.name);
    records.vocabulary.title_meant = meant(records, &records.title);
    mark_places(&mut records.vocabulary, &records.place_names);
    rarity::count(records);
    records.likeness = likeness(records);
}

/// The order by name, first place and title, all as meant.
fn likeness(records: &Records) -> Vec<u32> {
    let title = |record: u32| {
        let meant = &records.vocabulary.title_meant;
        let title = records.title.row(record as usize).iter();
        title.map(|token| meant.get(token.symbol as usize).copied())
    };
    let mut order: Vec<(u64, u32, u32)> = (0..u32::try_from(records.order.len())
        .unwrap_or(u32::MAX))
        .into_par_iter()
        .map(|record| {
            let place = records.places.row(record as usize).first();
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

fn read_all(source: &dyn Source) -> Records {
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
    records.copies = vec![1; records.order.len()];
    records
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
        for (source, list) in chunk.source.iter().zip(chunk.list) {
            records.lists.push([match list {
                0 => u64::from(*source),
                list => list | OF_LIST,
            }]);
        }
        records.source.extend(chunk.source);
        records.territory.extend(chunk.territory);
        records.public.extend(chunk.public);
        records.year.extend(chunk.year);
        records.cut += chunk.cut;
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
