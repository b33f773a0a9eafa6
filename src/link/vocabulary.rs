//! The words and places of the records, by number, with all that comparing asks of each. Nothing is read or compared here.

use rustc_hash::FxHashMap;

use super::csr::Rows;
use super::lexicon::Lexicon;
use super::spelling::letter_set;

/// A word of the vocabulary.
pub(super) type Symbol = u32;

/// A place in a territory.
pub(super) type Place = u32;

/// Says nothing more than "a body".
const LEGAL: u16 = 1;

/// Heads a network.
const HEAD: u16 = 2;

/// Stands in a place's name, or is a letter away from a word that does.
const PLACE: u16 = 4;

/// A head that one body may bear in turn with others.
const STATUS: u16 = 8;

/// A head behind which a place stands.
const AUTHORITY: u16 = 32;

/// Says what kind of body it is.
const KIND: u16 = 64;

/// Says how far the body reaches.
const LEVEL: u16 = 128;

/// Says what the body does.
const ACTIVITY: u16 = 256;

/// Stands before a saint's name.
const SAINT: u16 = 512;

/// Stands in a département's name.
const DEPARTMENT: u16 = 1024;

/// Holds a figure.
const NUMBER: u16 = 16;

/// What is asked of a word again and again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Which letters the word has: a filter before a distance is computed.
    pub(super) letters: u32,
    /// Bytes, up to 255.
    pub(super) len: u8,
    flags: u16,
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
    /// What the word is, as far as the word alone says.
    pub(super) fn of(word: &str, lexicon: &Lexicon) -> Self {
        let has = |is: bool, flag: u16| if is { flag } else { 0 };
        Self {
            letters: letter_set(word),
            len: u8::try_from(word.len()).unwrap_or(u8::MAX),
            flags: has(lexicon.is_legal(word), LEGAL)
                | has(lexicon.is_head(word), HEAD)
                | has(lexicon.is_status(word), STATUS)
                | has(lexicon.is_authority(word), AUTHORITY)
                | has(lexicon.is_kind(word), KIND)
                | has(lexicon.is_level(word), LEVEL)
                | has(lexicon.is_activity(word), ACTIVITY)
                | has(matches!(word, "saint" | "sainte" | "notredame"), SAINT)
                | has(word.bytes().any(|byte| byte.is_ascii_digit()), NUMBER),
        }
    }
    pub(super) fn is_kind(self) -> bool {
        self.flags & KIND != 0
    }
    pub(super) fn is_level(self) -> bool {
        self.flags & LEVEL != 0
    }
    pub(super) fn is_activity(self) -> bool {
        self.flags & ACTIVITY != 0
    }
    pub(super) fn is_saint(self) -> bool {
        self.flags & SAINT != 0
    }
    pub(super) fn is_of_department(self) -> bool {
        self.flags & DEPARTMENT != 0
    }
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
    pub(super) shapes: Vec<Shape>,
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

/// Marks the words of places, `departments` and others: only those are looked for in a territory.
pub(super) fn mark_places(vocabulary: &mut Vocabulary, places: &Places, departments: &[Symbol]) {
    let all = places.words.values().iter().chain(departments);
    for word in all {
        for marked in std::iter::once(word).chain(vocabulary.near.row(*word as usize)) {
            if let Some(shape) = vocabulary.shapes.get_mut(*marked as usize) {
                shape.flags |= PLACE;
            }
        }
    }
    for word in departments {
        if let Some(shape) = vocabulary.shapes.get_mut(*word as usize) {
            shape.flags |= DEPARTMENT;
        }
    }
}
