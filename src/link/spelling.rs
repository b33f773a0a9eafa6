//! Words that may be one word misspelt: one letter away, or with letters that look alike.

use rayon::prelude::*;

use super::csr::{Rows, hash};
use super::vocabulary::{Symbol, Vocabulary};

/// A word with fewer letters has too many neighbours for a typo to be told from another word.
const TYPO_LENGTH: usize = 4;
/// A word with more bytes is no word: its deletions would take the square of them.
pub(super) const LONGEST: usize = 64;
/// Words that share a deletion and are looked at; beyond, the shared form says nothing.
const TYPO_GROUP: usize = 48;

/// Which letters the word has, one bit each; figures share a bit, and so does the rest.
pub(super) fn letter_set(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| {
        set | match byte {
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << 26,
            _ => 1 << 27,
        }
    })
}

/// The word with each of its letters left out.
pub(super) fn deletions(word: &str) -> impl Iterator<Item = String> {
    word.char_indices().map(|(at, letter)| {
        let (before, rest) = word.split_at(at);
        let after = rest.strip_prefix(letter).unwrap_or_default();
        format!("{before}{after}")
    })
}

/// Letters that scanners take for others: the pair is read as the single letter here, so that both sides agree.
const LOOKALIKES: [(&str, &str); 3] = [("rn", "m"), ("cl", "d"), ("ii", "u")];

/// The word with a pair of letters read as the one that it looks like, for each pair that it holds.
pub(super) fn lookalikes(word: &str) -> impl Iterator<Item = String> {
    LOOKALIKES
        .into_iter()
        .filter(|(two, _)| word.contains(two))
        .map(|(two, one)| word.replacen(two, one, 1))
}

/// Do the words differ by one letter, by two swapped, or by letters that look alike?
pub(super) fn is_slip(a: &str, b: &str) -> bool {
    is_one_typo(a, b) || lookalikes(a).any(|form| form == b) || lookalikes(b).any(|form| form == a)
}

/// Do the words differ by one letter, or by two swapped?
pub(super) fn is_one_typo(a: &str, b: &str) -> bool {
    a.len().abs_diff(b.len()) <= 1
        && a.len() <= LONGEST
        && rapidfuzz::distance::osa::distance_with_args(
            a.chars(),
            b.chars(),
            &rapidfuzz::distance::osa::Args::default().score_cutoff(1),
        )
        .is_some()
}

/// For each word the words one letter away, by the deletions that they share.
pub(super) fn neighbours(vocabulary: &Vocabulary) -> Rows<Symbol> {
    let used = |symbol: usize| {
        let count = |counts: &[u32]| counts.get(symbol).copied().unwrap_or(0);
        count(&vocabulary.name_count) + count(&vocabulary.title_count) > 0
    };
    let mut forms: Vec<(u64, Symbol)> = vocabulary
        .text
        .par_iter()
        .enumerate()
        .filter(|(symbol, text)| (TYPO_LENGTH..=LONGEST).contains(&text.len()) && used(*symbol))
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
