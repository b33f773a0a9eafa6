//! How much a value looks like the one that was shown for its field.

use crate::profile::{Slot, VOCABULARY};

/// What sets parts of a line apart.
const MARKS: &[char] = &[
    '–', '—', '|', '•', '·', ':', ';', '(', ')', '«', '»', '“', '”', '\n', '[', ']',
];

/// From 0 to 1.
pub(super) fn likeness(slot: Slot, value: &str, shown: &str) -> f32 {
    let n = words(value);
    let most = match slot {
        Slot::Description => usize::MAX,
        Slot::Project => (words(shown) * 3).max(14),
        _ => (words(shown) * 3).max(9),
    };
    if n == 0 || n > most {
        return 0.0;
    }
    let mut likeness: f32 = 1.0;
    let first = |text: &str| text.chars().find(|c| c.is_alphanumeric());
    let is_small = |text: &str| first(text).is_some_and(char::is_lowercase);
    let is_figure = |text: &str| first(text).is_some_and(|c| c.is_ascii_digit());
    if is_small(value) && !is_small(shown) {
        likeness *= 0.5;
    } else if is_small(shown) && !is_small(value) {
        likeness *= 0.85;
    }
    if is_figure(value) != is_figure(shown) {
        likeness *= 0.7;
    }
    let extra = MARKS
        .iter()
        .filter(|mark| value.contains(**mark) && !shown.contains(**mark))
        .count();
    likeness *= 0.6_f32.powi(i32::try_from(extra.min(4)).unwrap_or(4));
    if value.contains(", ") && !shown.contains(", ") {
        likeness *= 0.75;
    }
    if slot != Slot::Description && value.contains(". ") && !shown.contains(". ") {
        likeness *= 0.4;
    }
    let last = value
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '’' | '\''))
        .next()
        .unwrap_or_default();
    if VOCABULARY.is_open(&last.to_lowercase()) || value.ends_with([',', '-', '(', ':']) {
        likeness *= 0.4;
    }
    // Twice as long as what was shown, or half, is no matter; more is.
    let ratio = (n as f32 / words(shown).max(1) as f32).max(words(shown) as f32 / n as f32);
    likeness / (1.0 + 0.04 * (ratio - 2.0).max(0.0))
}

fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count()
}
