//! Chunks that were read side by side in, records with numbers that hold for all out. Nothing is counted or compared here.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::csr::Rows;
use super::fold::Words;
use super::lexicon::lexicon;
use super::reading::Chunk;
use super::records::{OF_LIST, Records, sequence_key};
use super::vocabulary::{Place, Shape, Symbol, Token, Vocabulary};

/// More than there are départements.
const DEPARTMENTS: usize = 128;

/// Sorted words and places, which give them their numbers.
pub(super) type Known = (Vec<Box<str>>, Vec<Box<str>>);

/// Gives the chunks' words the numbers that hold for all: those of the sorted words, so that they depend on no order. Where the records are a part of others,
/// `known` are the words and places of all.
pub(super) fn gather(order: Vec<u32>, mut chunks: Vec<Chunk>, known: Option<Known>) -> Records {
    let mut records = Records {
        copies: vec![1; order.len()],
        order,
        ..Records::default()
    };
    let (words, places) = known.unwrap_or_else(|| {
        (
            sorted_union(chunks.iter().map(|chunk| &chunk.words)),
            sorted_union(chunks.iter().map(|chunk| &chunk.places)),
        )
    });
    let (word_numbers, place_numbers) = (numbers(&words), numbers(&places));
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
    records.seats = join(all, |chunk| &mut chunk.seats_of, place);
    records.has_seats = all.iter().any(|chunk| chunk.is_seated);
    for rows in [&mut records.places, &mut records.seats] {
        for row in 0..rows.len() {
            rows.row_mut(row).sort_unstable();
        }
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
    name(&mut records, words, places);
    records
}

/// Gives the records the words and places by number, with what is asked of each.
fn name(records: &mut Records, words: Vec<Box<str>>, places: Vec<Box<str>>) {
    let lexicon = lexicon();
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
        shapes: words.iter().map(|word| Shape::of(word, lexicon)).collect(),
        text: words,
        ..Vocabulary::default()
    };
    records.department_names = vec![Vec::new(); DEPARTMENTS];
    for (name, number) in lexicon.department_names() {
        if let Some(known) = records.department_names.get_mut(number as usize) {
            let words = name.split(' ');
            known.extend(words.filter_map(|word| find(&records.vocabulary.text, word)));
        }
    }
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
