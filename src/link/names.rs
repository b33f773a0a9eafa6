//! The names of two records in, at which level they agree out, and what that excludes of chance.

use rustc_hash::FxHashMap;

use super::align::{Alignment, align, is_slip_of, side};
use super::compare::{Outcome, level, level_of};
use super::records::{Namesakes, Records};
use super::vocabulary::{Symbol, Token};

/// What is left of one side of an alignment.
#[derive(Clone, Copy, Default)]
struct Left {
    /// Content words without a partner.
    words: usize,
    /// Those among them that stand in places' names.
    place_words: usize,
    /// Legal forms.
    legal: usize,
    /// Words that the other record's territory explains.
    places: u32,
    /// Bits of all content words.
    total: f32,
    /// Some matched content word is neither the head of a network nor part of a place's name.
    shares_a_name: bool,
    /// Some matched word is.
    shares_a_head: bool,
    /// Some matched word is, or says what kind of body it is.
    shares_a_kind: bool,
    /// Heads without a partner.
    heads: usize,
    /// Those among them that one body may bear in turn.
    of_status: usize,
    /// Those among them behind which a place stands.
    authorities: usize,
    /// Words without a partner that say what kind of body it is.
    kinds: usize,
    /// … how far it reaches.
    levels: usize,
    /// … what it does.
    activities: usize,
    /// … whom it is dedicated to.
    saints: usize,
    /// … which of several it is.
    numbers: usize,
    /// … in which département.
    departments: usize,
}

impl Left {
    /// Is there something that tells bodies apart on both sides?
    fn differs_from(&self, other: &Self) -> bool {
        [
            (self.kinds, other.kinds),
            (self.levels, other.levels),
            (self.activities, other.activities),
            (self.saints, other.saints),
            (self.numbers, other.numbers),
            (self.departments, other.departments),
        ]
        .iter()
        .any(|(own, other)| *own > 0 && *other > 0)
    }

    /// What the words without a partner cost where the other name has none: some say that there is another body.
    fn cost(&self) -> f32 {
        let telling = self.levels + self.activities + self.saints + self.numbers;
        WORD_LEFT * self.words as f32 + TELLING_LEFT * telling as f32
    }
}

/// Bits that a word more in one name costs, and one that tells bodies apart.
const WORD_LEFT: f32 = 1.0;
const TELLING_LEFT: f32 = 4.0;

/// Whether the names stand under different heads: the commune of Brest, its CCAS and its mission locale are three bodies, and the rest of their names is a
/// place. A body whose status changed keeps the rest of its name.
fn are_other_bodies(left: &Left, right: &Left) -> bool {
    if left.differs_from(right) {
        return true;
    }
    if left.shares_a_head {
        return false;
    }
    let status = left.of_status > 0 && right.of_status > 0;
    let renamed = status && left.words <= left.heads && right.words <= right.heads;
    let heads = left.heads > 0 && right.heads > 0 && !renamed;
    let place_and_more = left.authorities > 0 && right.words > right.heads
        || right.authorities > 0 && left.words > left.heads;
    heads || place_and_more
}

const NAME_SAME: u8 = 0;
const NAME_SPELLING: u8 = 1;
pub(super) const NAME_CONTAINED: u8 = 2;
pub(super) const NAME_ACRONYM: u8 = 3;
pub(super) const NAME_MOSTLY: usize = 4;
pub(super) const NAME_PARTLY: u8 = 5;
const NAME_DIFFERENT: u8 = 6;
/// Contained, where nothing says that both sit in one place: most often a network and one of its members.
pub(super) const NAME_ELSEWHERE: u8 = 7;
/// Names that share this part of the poorer one's bits are mostly the same.
const MOSTLY: f32 = 0.6;
/// Where both names hold more than what they share, the shared words may be any of many: they exclude less chance.
const CONTRADICTED: f32 = 0.6;
/// Bits that each letter of an acronym excludes before the records are looked at: less than the 4.7 of an even alphabet, as few letters begin most words.
const LETTER_BITS: f32 = 3.5;
/// As many records as that expectation weighs.
const ACRONYM_RECORDS: f32 = 1000.0;

/// Other bodies that bear a name, or one that cannot be told from it: chapters of a network, homonyms. However rare its words are, a name excludes no more
/// chance than these are.
const NAMESAKES: f32 = 0.01;
/// What bits beyond that still count: of long names fewer are borne twice.
const BEYOND_MOST: f32 = 0.25;
/// A name excludes at least so many bits of chance among few records.
const LEAST_MOST: f32 = 16.0;

/// `name` are the words of `b`'s name.
pub(super) fn compare_names(
    records: &Records,
    a: usize,
    b: usize,
    name: &[Token],
    with_acronyms: bool,
) -> (Outcome, Alignment) {
    let (left, right) = (side(records.name.row(a)), side(name));
    if left.is_empty() || right.is_empty() {
        return (Outcome::default(), Alignment::default());
    }
    let alignment = align(&records.vocabulary, left, right);
    let mut of_left = left_over(left, &alignment, 0);
    let mut of_right = left_over(right, &alignment, 1);
    if of_left.words > 0 || of_right.words > 0 {
        let one_sided = of_left.words == 0 || of_right.words == 0;
        let has_heads = of_left.heads + of_right.heads > 0;
        // Without heads it only matters whether all that is left is explained.
        if has_heads || one_sided || of_left.words == of_left.place_words {
            explain_by_place(records, &mut of_left, left, &alignment, 0, b);
        }
        if has_heads || one_sided || of_right.words == of_right.place_words {
            explain_by_place(records, &mut of_right, right, &alignment, 1, a);
        }
    }
    let content_matched = alignment.bits > 0.0;
    let outcome = if are_other_bodies(&of_left, &of_right) {
        level(NAME_DIFFERENT, 0.0)
    } else if content_matched && of_left.words == 0 && of_right.words == 0 {
        let same_words = of_left.places == 0 && of_right.places == 0;
        let bits = if same_words {
            let (keys, counts) = (&records.name_key, &records.counts.name_key);
            whole_bits(records, alignment.bits, keys, counts, a, b)
        } else {
            alignment.bits
        };
        match (same_words, alignment.typos) {
            (true, false) => level(NAME_SAME, bits),
            (true, true) => level(NAME_SPELLING, bits),
            (false, _) => level(NAME_CONTAINED, bits),
        }
    } else if let Some(bits) =
        acronym_bits(records, a, b, with_acronyms).filter(|bits| *bits > alignment.bits)
    {
        level(NAME_ACRONYM, bits)
    } else if content_matched
        && (of_left.words == 0 || of_right.words == 0)
        && (of_left.shares_a_name || of_left.shares_a_kind)
    {
        level(
            NAME_CONTAINED,
            alignment.bits - of_left.cost() - of_right.cost(),
        )
    } else if content_matched && of_left.shares_a_name {
        let poorer = of_left.total.min(of_right.total).max(1.0);
        if alignment.bits >= MOSTLY * poorer {
            level(level_of(NAME_MOSTLY), alignment.bits * CONTRADICTED)
        } else {
            level(NAME_PARTLY, alignment.bits * CONTRADICTED)
        }
    } else {
        level(NAME_DIFFERENT, 0.0)
    };
    let most = (records.counts.records / NAMESAKES).log2().max(LEAST_MOST);
    let beyond = (outcome.bits - most).max(0.0);
    let bits = outcome.bits.min(most) + BEYOND_MOST * beyond;
    (Outcome { bits, ..outcome }, alignment)
}

/// What a whole name or title excludes, from what its words do and from how many namesakes the two at hand have: the more there are than the words
/// lead to expect, the less. (The mean of a gamma distribution, updated by a count.)
pub(super) fn whole_bits(
    records: &Records,
    words: f32,
    keys: &[u64],
    counts: &FxHashMap<u64, Namesakes>,
    a: usize,
    b: usize,
) -> f32 {
    /// Namesakes that the expectation weighs as much as.
    const SHAPE: f32 = 0.5;
    let key = |record: usize| keys.get(record).copied().unwrap_or(0);
    let at_hand = if key(a) == key(b) { 2.0 } else { 1.0 };
    let others = |record: usize| {
        let namesakes = counts.get(&key(record));
        namesakes.map_or(0.0, |namesakes| namesakes.others(at_hand))
    };
    let found = others(a).max(others(b));
    let expected = records.counts.records * (-words).exp2();
    words - ((SHAPE + found) / (SHAPE + expected)).log2()
}

fn left_over(side: &[Token], alignment: &Alignment, number: usize) -> Left {
    let mut left = Left::default();
    let mut after_saint = false;
    for (at, token) in side.iter().enumerate() {
        let shape = token.shape;
        let of_saint = std::mem::replace(&mut after_saint, shape.is_saint());
        if shape.is_legal() {
            left.legal += 1;
            continue;
        }
        left.total += token.alone;
        if alignment.has(number, at) {
            left.shares_a_name |= !shape.is_head() && !shape.is_of_place();
            left.shares_a_head |= shape.is_head();
            left.shares_a_kind |= shape.is_kind() || shape.is_head();
        } else if shape.len == 1 && !shape.is_number() {
            // What a slipped space leaves behind, or an initial.
        } else {
            left.words += 1;
            left.place_words += usize::from(shape.is_of_place());
            left.heads += usize::from(shape.is_head());
            left.of_status += usize::from(shape.is_status());
            left.authorities += usize::from(shape.is_authority());
            left.kinds += usize::from(shape.is_kind());
            left.levels += usize::from(shape.is_level());
            left.activities += usize::from(shape.is_activity());
            left.saints += usize::from(of_saint);
            left.numbers += usize::from(shape.is_number());
            left.departments += usize::from(shape.is_of_department());
        }
    }
    if left.legal == side.len() {
        // Nothing but legal forms: then they are the name.
        left.words = left.legal - alignment.count(number);
    }
    left
}

/// Words without a partner that the other record's territory holds contradict nothing.
fn explain_by_place(
    records: &Records,
    left: &mut Left,
    side: &[Token],
    alignment: &Alignment,
    number: usize,
    other: usize,
) {
    for (at, token) in side.iter().enumerate() {
        let shape = token.shape;
        let left_over = !shape.is_legal() && shape.len > 1 && !alignment.has(number, at);
        if !left_over || !shape.is_of_place() {
            continue;
        }
        if is_place_word(records, token.symbol, other) {
            left.places += 1;
            left.words = left.words.saturating_sub(1);
        }
    }
}

/// Does the record's territory hold the word, or one a typo away?
fn is_place_word(records: &Records, word: Symbol, record: usize) -> bool {
    let places = records.places_of(record);
    let departments = records.departments.row(record);
    let named = departments.len() <= 2
        && departments.iter().any(|department| {
            let words = records.department_names.get(*department as usize);
            words.is_some_and(|words| words.contains(&word))
        });
    // A long list of places holds any word.
    named
        || places.len() <= 3
            && places.iter().any(|place| {
                let words = records.place_names.words.row(*place as usize);
                words.iter().any(|part| is_slip_of(records, *part, word))
            })
}

/// One name holds the initials of the other.
fn acronym_bits(records: &Records, a: usize, b: usize, wanted: bool) -> Option<f32> {
    if !wanted {
        return None;
    }
    let stands_for = |short: usize, long: usize| {
        let initials = records.initials.row(long);
        // Of two names that say more than their acronym, the rest is what counts.
        let written = match records.name.row(short).len() {
            ..=2 => records.acronyms.row(long),
            _ => &[],
        };
        // What the long name holds as a word has been matched as one.
        let is_word = |acronym: &Symbol| {
            let words = records.name.row(long);
            words.iter().any(|word| word.symbol == *acronym)
        };
        records
            .acronyms
            .row(short)
            .iter()
            .find(|acronym| {
                initials.contains(acronym) || written.contains(acronym) && !is_word(acronym)
            })
            .copied()
    };
    let acronym = stands_for(a, b).or_else(|| stands_for(b, a))?;
    let letters = records.vocabulary.text(acronym).len() as f32;
    // Names with these initials, beside the one at hand.
    let held = records.counts.initials.get(&acronym).copied().unwrap_or(2) as f32 - 2.0;
    let expected = ACRONYM_RECORDS * (-letters * LETTER_BITS).exp2();
    Some(((records.counts.records + ACRONYM_RECORDS) / (held.max(0.0) + expected)).log2())
}
