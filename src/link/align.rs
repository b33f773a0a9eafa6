//! Two names or titles in, which of their words belong together out: equal words, words a slip apart, words written together, a head spelt out.

use super::records::Records;
use super::spelling::LONGEST;
use super::vocabulary::{Shape, Symbol, Token, Vocabulary};

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

/// The words that are looked at.
pub(super) fn side(tokens: &[Token]) -> &[Token] {
    tokens.get(..tokens.len().min(WORDS)).unwrap_or(tokens)
}

/// Matches equal words, then words that differ by a typo, then words written together on one side.
pub(super) fn align(vocabulary: &Vocabulary, a: &[Token], b: &[Token]) -> Alignment {
    let mut alignment = Alignment::default();
    let mut previous: Option<(usize, usize)> = None;
    for (i, word) in a.iter().enumerate() {
        let follows = |j: usize| previous.is_some_and(|(x, y)| x + 1 == i && y + 1 == j);
        let found = b
            .iter()
            .enumerate()
            .filter(|(j, other)| other.symbol == word.symbol && !alignment.has(1, *j))
            .min_by_key(|(j, _)| !follows(*j));
        if let Some((j, other)) = found {
            alignment.bits += if follows(j) {
                word.in_place.min(other.in_place)
            } else {
                word.alone
            };
            alignment.set(i, j);
            previous = Some((i, j));
        }
    }
    for (i, word) in a.iter().enumerate() {
        if alignment.has(0, i) {
            continue;
        }
        for (j, other) in b.iter().enumerate() {
            if alignment.has(1, j) {
                continue;
            }
            let spelt = |token: &Token| (token.symbol, token.shape);
            if let Some(cost) = spelling_cost(vocabulary, spelt(word), spelt(other)) {
                // The rarer of both is the misspelt one.
                let both = i > 0 && j > 0 && alignment.has(0, i - 1) && alignment.has(1, j - 1);
                let bits = if both {
                    word.in_place.min(other.in_place)
                } else {
                    word.alone.min(other.alone)
                };
                alignment.bits += (bits - cost).max(0.0);
                alignment.set(i, j);
                alignment.typos = true;
                break;
            }
        }
    }
    if alignment.count(0) < a.len() && alignment.count(1) < b.len() {
        expand(vocabulary, &mut alignment, a, b);
    }
    spell_out_heads(vocabulary, &mut alignment, a, b, 0);
    spell_out_heads(vocabulary, &mut alignment, b, a, 1);
    let left = a.len() - alignment.count(0);
    let right = b.len() - alignment.count(1);
    if left >= 2 && right >= 1 {
        join_parts(vocabulary, &mut alignment, a, b, 0);
    }
    if right >= 2 && left >= 1 {
        join_parts(vocabulary, &mut alignment, b, a, 1);
    }
    alignment
}

/// Letters of an abbreviation: fewer stand for too many words.
const CUT_LENGTH: u8 = 3;

/// Matches words of which one is the other cut short or contracted, where what stands before both, or behind both, belongs together: alone, `art` is no
/// `artisan`.
fn expand(vocabulary: &Vocabulary, alignment: &mut Alignment, a: &[Token], b: &[Token]) {
    for (i, word) in a.iter().enumerate() {
        if alignment.has(0, i) {
            continue;
        }
        for (j, other) in b.iter().enumerate() {
            let (short, long) = if word.shape.len < other.shape.len {
                (word, other)
            } else {
                (other, word)
            };
            if alignment.has(1, j)
                || short.shape.len < CUT_LENGTH
                || short.shape.len == long.shape.len
                || short.shape.letters & !long.shape.letters != 0
                || short.shape.is_number()
                || long.shape.is_number()
            {
                continue;
            }
            let (cut, full) = (vocabulary.text(short.symbol), vocabulary.text(long.symbol));
            if !is_abbreviation(cut, full) || !stand_alike(alignment, (a, i), (b, j)) {
                continue;
            }
            let cost = if cut.len() >= LONG_WORD {
                TYPO_BITS
            } else {
                SHORT_TYPO_BITS
            };
            alignment.bits += (word.alone.min(other.alone) - cost).max(0.0);
            alignment.set(i, j);
            alignment.typos = true;
            break;
        }
    }
}

/// Is the word before each, or behind each, matched, a legal form, or none?
fn stand_alike(
    alignment: &Alignment,
    (a, i): (&[Token], usize),
    (b, j): (&[Token], usize),
) -> bool {
    let settled = |side: usize, tokens: &[Token], at: Option<usize>| {
        let token = at.and_then(|at| tokens.get(at));
        token.is_none_or(|token| token.shape.is_legal())
            || at.is_some_and(|at| alignment.has(side, at))
    };
    settled(0, a, i.checked_sub(1)) && settled(1, b, j.checked_sub(1))
        || settled(0, a, Some(i + 1)) && settled(1, b, Some(j + 1))
}

/// The beginning of a word, or its first letter, some of the others in their order, and its last: `intercom`, `ctre`.
fn is_abbreviation(cut: &str, full: &str) -> bool {
    if cut.len() < usize::from(CUT_LENGTH) {
        return false;
    }
    if full.starts_with(cut) {
        return true;
    }
    let mut rest = full.chars();
    cut.chars().next() == full.chars().next()
        && cut.chars().next_back() == full.chars().next_back()
        && cut.len() * 4 <= full.len() * 3
        && cut.chars().all(|letter| rest.any(|other| other == letter))
}

/// A head that is one word on this side (`side`), and on the other its words with more slips than it was recognised by.
fn spell_out_heads(
    vocabulary: &Vocabulary,
    alignment: &mut Alignment,
    headed: &[Token],
    spelt: &[Token],
    side: usize,
) {
    if spelt.len() < alignment.count(1 - side) + 2 {
        return;
    }
    for (i, head) in headed.iter().enumerate() {
        if alignment.has(side, i) || !head.shape.is_head() {
            continue;
        }
        let Some(phrase) = vocabulary.phrases.get(&head.symbol) else {
            continue;
        };
        let mut found = 0_u64;
        for word in phrase {
            let shape = vocabulary.shape(*word);
            let at = spelt.iter().enumerate().position(|(j, other)| {
                let other = (other.symbol, other.shape);
                !alignment.has(1 - side, j)
                    && found >> j & 1 == 0
                    && (other.0 == *word
                        || spelling_cost(vocabulary, other, (*word, shape)).is_some()
                        || is_abbreviation(vocabulary.text(other.0), vocabulary.text(*word)))
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
            alignment.bits += (head.in_place - SHORT_TYPO_BITS).max(1.0);
            alignment.typos = true;
        }
    }
}

/// `tiers lieu` and `tierslieu`: two words on this side (`side`), one on the other.
fn join_parts(
    vocabulary: &Vocabulary,
    alignment: &mut Alignment,
    parts: &[Token],
    whole: &[Token],
    side: usize,
) {
    // A word that nothing matches may be two of the other side: those are not longer than it.
    let longest = whole
        .iter()
        .enumerate()
        .filter(|(j, _)| !alignment.has(1 - side, *j))
        .map(|(_, word)| word.shape.len)
        .max();
    if longest.is_none_or(|longest| longest < JOINED) {
        return;
    }
    for (i, two) in parts.windows(2).enumerate() {
        let [first, second] = two else { continue };
        if alignment.has(side, i) || alignment.has(side, i + 1) {
            continue;
        }
        let length = usize::from(first.shape.len) + usize::from(second.shape.len);
        let joined = whole.iter().enumerate().find(|(j, word)| {
            !alignment.has(1 - side, *j)
                && usize::from(word.shape.len) == length
                && vocabulary
                    .text(word.symbol)
                    .strip_prefix(vocabulary.text(first.symbol))
                    .is_some_and(|rest| rest == vocabulary.text(second.symbol))
        });
        if let Some((j, word)) = joined {
            alignment.bits += (first.in_place + second.in_place).min(word.in_place);
            let (x, y) = if side == 0 { (i, j) } else { (j, i) };
            alignment.set(x, y);
            if let Some(matched) = alignment.matched.get_mut(side) {
                *matched |= 1 << (i + 1);
            }
            alignment.typos = true;
        }
    }
}

/// Letters that two words have not in common, where one is a slip of the other: one less here, another there, or two that look like a third.
const SLIP_LETTERS: u32 = 3;

/// What the chance of a typo costs in bits, where one word may be a misspelling of the other.
fn spelling_cost(
    vocabulary: &Vocabulary,
    (a, x): (Symbol, Shape),
    (b, y): (Symbol, Shape),
) -> Option<f32> {
    let shorter = usize::from(x.len.min(y.len));
    let letters = (x.letters ^ y.letters).count_ones();
    let two = u32::from(shorter >= TWO_TYPOS);
    if shorter < 4 || u32::from(x.len.abs_diff(y.len)) > 1 + two || letters > SLIP_LETTERS + two {
        return None;
    }
    if vocabulary.near.row(a as usize).binary_search(&b).is_ok() || vocabulary.mean_one(a, b) {
        return Some(if shorter >= LONG_WORD {
            TYPO_BITS
        } else {
            SHORT_TYPO_BITS
        });
    }
    if two == 0 || usize::from(x.len.max(y.len)) > LONGEST {
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
    let vocabulary = &records.vocabulary;
    a == b
        || (vocabulary.shape(a).letters ^ vocabulary.shape(b).letters).count_ones() <= SLIP_LETTERS
            && vocabulary.near.row(a as usize).binary_search(&b).is_ok()
}
