//! Two names or titles in, which of their words belong together out: equal words, words a slip apart, words written together, a head spelt out.

use super::csr::Rows;
use super::records::{Records, Symbol};

/// Words of a name or title that are looked at: what stands beyond is a sentence.
pub(super) const WORDS: usize = 32;
/// A word matched with a typo excludes less chance: its neighbours would have matched as well.
const TYPO_BITS: f32 = 2.0;
/// A shorter word has more neighbours.
pub(super) const SHORT_TYPO_BITS: f32 = 4.0;
/// From this length a word is long for `TYPO_BITS`.
pub(super) const LONG_WORD: usize = 6;
/// From this length, two letters may be wrong.
const TWO_TYPOS: usize = 8;
/// A word made of two has at least this many letters.
const JOINED: u8 = 6;

/// Which words of two names belong together.
#[derive(Debug, Default)]
pub(super) struct Alignment {
    /// Bit per word: matched.
    pub(super) matched: [u64; 2],
    /// Some pair differs in spelling.
    pub(super) typos: bool,
    /// Bits of the matched words.
    pub(super) bits: f32,
}

impl Alignment {
    pub(super) fn has(&self, side: usize, at: usize) -> bool {
        self.matched
            .get(side)
            .is_some_and(|matched| matched >> at & 1 == 1)
    }

    pub(super) fn count(&self, side: usize) -> usize {
        self.matched
            .get(side)
            .map_or(0, |matched| matched.count_ones() as usize)
    }

    pub(super) fn set(&mut self, a: usize, b: usize) {
        for (matched, at) in self.matched.iter_mut().zip([a, b]) {
            *matched |= 1 << at;
        }
    }
}

/// One side of an alignment.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) words: &'a [Symbol],
    /// Bits of each word behind the word before it.
    in_place: &'a [f32],
}

impl<'a> Side<'a> {
    pub(super) fn of(rows: &'a Rows<Symbol>, bits: &'a Rows<f32>, record: usize) -> Self {
        let words = rows.row(record);
        let words = words.get(..words.len().min(WORDS)).unwrap_or(words);
        Self {
            words,
            in_place: bits.row(record),
        }
    }

    pub(super) fn in_place(&self, at: usize) -> f32 {
        self.in_place.get(at).copied().unwrap_or_default()
    }
}

/// Matches equal words, then words that differ by a typo, then words written together on one side.
pub(super) fn align(records: &Records, alone: &[f32], a: Side<'_>, b: Side<'_>) -> Alignment {
    let mut alignment = Alignment::default();
    let alone = |symbol: Symbol| alone.get(symbol as usize).copied().unwrap_or_default();
    let mut previous: Option<(usize, usize)> = None;
    for (i, word) in a.words.iter().enumerate() {
        let follows = |j: usize| previous.is_some_and(|(x, y)| x + 1 == i && y + 1 == j);
        let found = b
            .words
            .iter()
            .enumerate()
            .filter(|(j, other)| *other == word && !alignment.has(1, *j))
            .min_by_key(|(j, _)| !follows(*j));
        if let Some((j, _)) = found {
            alignment.bits += if follows(j) {
                a.in_place(i).min(b.in_place(j))
            } else {
                alone(*word)
            };
            alignment.set(i, j);
            previous = Some((i, j));
        }
    }
    for (i, word) in a.words.iter().enumerate() {
        if alignment.has(0, i) {
            continue;
        }
        for (j, other) in b.words.iter().enumerate() {
            if alignment.has(1, j) {
                continue;
            }
            if let Some(cost) = spelling_cost(records, *word, *other) {
                // The rarer of both is the misspelt one.
                let both = i > 0 && j > 0 && alignment.has(0, i - 1) && alignment.has(1, j - 1);
                let bits = if both {
                    a.in_place(i).min(b.in_place(j))
                } else {
                    alone(*word).min(alone(*other))
                };
                alignment.bits += (bits - cost).max(0.0);
                alignment.set(i, j);
                alignment.typos = true;
                break;
            }
        }
    }
    spell_out_heads(records, &mut alignment, a, b, 0);
    spell_out_heads(records, &mut alignment, b, a, 1);
    let left = a.words.len() - alignment.count(0);
    let right = b.words.len() - alignment.count(1);
    if left >= 2 && right >= 1 {
        join_parts(records, &mut alignment, a, b, 0);
    }
    if right >= 2 && left >= 1 {
        join_parts(records, &mut alignment, b, a, 1);
    }
    alignment
}

/// A head that is one word on this side (`side`), and on the other its words with more slips than it was recognised by.
fn spell_out_heads(
    records: &Records,
    alignment: &mut Alignment,
    headed: Side<'_>,
    spelt: Side<'_>,
    side: usize,
) {
    if spelt.words.len() < alignment.count(1 - side) + 2 {
        return;
    }
    for (i, head) in headed.words.iter().enumerate() {
        if alignment.has(side, i) || !records.vocabulary.shape(*head).is_head() {
            continue;
        }
        let Some(phrase) = records.vocabulary.phrases.get(head) else {
            continue;
        };
        let mut found = 0_u64;
        for word in phrase {
            let at = spelt.words.iter().enumerate().position(|(j, other)| {
                !alignment.has(1 - side, j)
                    && found >> j & 1 == 0
                    && (other == word || spelling_cost(records, *other, *word).is_some())
            });
            if let Some(at) = at {
                found |= 1 << at;
            }
        }
        let matched = found.count_ones() as usize;
        if matched >= 2 && matched * 2 >= phrase.len() {
            if let Some(own) = alignment.matched.get_mut(side) {
                *own |= 1 << i;
            }
            if let Some(other) = alignment.matched.get_mut(1 - side) {
                *other |= found;
            }
            alignment.bits += (headed.in_place(i) - SHORT_TYPO_BITS).max(1.0);
            alignment.typos = true;
        }
    }
}

/// `tiers lieu` and `tierslieu`: two words on this side (`side`), one on the other.
fn join_parts(
    records: &Records,
    alignment: &mut Alignment,
    parts: Side<'_>,
    whole: Side<'_>,
    side: usize,
) {
    let vocabulary = &records.vocabulary;
    // A word that nothing matches may be two of the other side: those are not longer than it.
    let longest = whole
        .words
        .iter()
        .enumerate()
        .filter(|(j, _)| !alignment.has(1 - side, *j))
        .map(|(_, word)| vocabulary.shape(*word).len)
        .max();
    if longest.is_none_or(|longest| longest < JOINED) {
        return;
    }
    for (i, two) in parts.words.windows(2).enumerate() {
        let [first, second] = two else { continue };
        if alignment.has(side, i) || alignment.has(side, i + 1) {
            continue;
        }
        let length =
            usize::from(vocabulary.shape(*first).len) + usize::from(vocabulary.shape(*second).len);
        let (first, second) = (vocabulary.text(*first), vocabulary.text(*second));
        let joined = whole.words.iter().enumerate().find(|(j, word)| {
            !alignment.has(1 - side, *j)
                && usize::from(vocabulary.shape(**word).len) == length
                && vocabulary
                    .text(**word)
                    .strip_prefix(first)
                    .is_some_and(|rest| rest == second)
        });
        if let Some((j, _)) = joined {
            alignment.bits += (parts.in_place(i) + parts.in_place(i + 1)).min(whole.in_place(j));
            let (x, y) = if side == 0 { (i, j) } else { (j, i) };
            alignment.set(x, y);
            if let Some(matched) = alignment.matched.get_mut(side) {
                *matched |= 1 << (i + 1);
            }
            alignment.typos = true;
        }
    }
}

/// What the chance of a typo costs in bits, where one word may be a misspelling of the other.
pub(super) fn spelling_cost(records: &Records, a: Symbol, b: Symbol) -> Option<f32> {
    let vocabulary = &records.vocabulary;
    let (x, y) = (vocabulary.shape(a), vocabulary.shape(b));
    let shorter = usize::from(x.len.min(y.len));
    if shorter < 4 || x.len.abs_diff(y.len) > 2 || (x.letters ^ y.letters).count_ones() > 4 {
        return None;
    }
    if vocabulary.near.row(a as usize).binary_search(&b).is_ok() {
        return Some(if shorter >= LONG_WORD {
            TYPO_BITS
        } else {
            SHORT_TYPO_BITS
        });
    }
    if shorter < TWO_TYPOS {
        // Words one letter apart are all known as neighbours.
        return None;
    }
    let (x, y) = (vocabulary.text(a), vocabulary.text(b));
    let allowed = 2;
    let distance = rapidfuzz::distance::osa::distance_with_args(
        x.chars(),
        y.chars(),
        &rapidfuzz::distance::osa::Args::default().score_cutoff(allowed),
    )?;
    Some(if distance > 1 {
        SHORT_TYPO_BITS
    } else {
        TYPO_BITS
    })
}

/// Is the word the other, or one letter away?
pub(super) fn is_slip_of(records: &Records, a: Symbol, b: Symbol) -> bool {
    /// A letter less here, another there: words one slip apart differ in no more.
    const LETTERS: u32 = 3;
    let vocabulary = &records.vocabulary;
    a == b
        || (vocabulary.shape(a).letters ^ vocabulary.shape(b).letters).count_ones() <= LETTERS
            && vocabulary.near.row(a as usize).binary_search(&b).is_ok()
}
