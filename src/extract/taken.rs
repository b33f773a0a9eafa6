//! Which characters of a text values were read from: both know their places, so nothing is searched for.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::text::{Source, Text};

/// The places that values were read from.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeMap<Key, Vec<(u32, u32)>>);

/// What the places of a source are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Bytes of the file.
    File,
    /// Characters of a line of a page, by where its edges are held.
    Line(usize),
    /// Characters of a cell or paragraph.
    Place(u32),
}

impl Taken {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t Text>) -> Self {
        let mut taken = Self::default();
        for text in texts {
            for segment in text.segments() {
                let string = text
                    .as_str()
                    .get(segment.start as usize..segment.end as usize);
                if let Some((key, start, end)) =
                    string.and_then(|string| place(&segment.source, string))
                {
                    taken.0.entry(key).or_default().push((start, end));
                }
            }
        }
        taken.0.values_mut().for_each(merge);
        taken
    }

    /// Whether any of a text's characters stand where values were read: most texts of an entry have nothing to do with most values.
    pub(super) fn is_near(&self, text: &Text) -> bool {
        (text.segments().iter())
            .filter_map(|segment| key(&segment.source))
            .any(|key| self.0.contains_key(&key))
    }

    /// The stretches of a text that values were read from.
    pub(super) fn held(&self, text: &Text) -> Vec<Range<usize>> {
        let mut from = 0;
        let mut held = Vec::new();
        for gap in self
            .gaps(text)
            .into_iter()
            .chain(std::iter::once(text.len()..text.len()))
        {
            if from < gap.start {
                held.push(from..gap.start);
            }
            from = gap.end;
        }
        held
    }

    /// The stretches of a text that none was read from.
    pub(super) fn gaps(&self, text: &Text) -> Vec<Range<usize>> {
        let mut gaps: Vec<Range<usize>> = Vec::new();
        let mut push = |range: Range<usize>| match gaps.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => gaps.push(range),
        };
        for segment in text.segments() {
            let range = segment.start as usize..segment.end as usize;
            let Some(string) = text.as_str().get(range.clone()) else {
                continue;
            };
            let Some((key, start, end)) = place(&segment.source, string) else {
                // White space that reading put between two runs belongs to what surrounds it.
                push(range);
                continue;
            };
            let taken = self.0.get(&key).map_or(&[][..], Vec::as_slice);
            let reach = |at: u32| {
                let begun = taken.partition_point(|(first, _)| *first <= at);
                (begun.checked_sub(1))
                    .and_then(|last| taken.get(last))
                    .map_or(0, |(_, end)| *end)
            };
            if reach(start) >= end {
                continue;
            }
            if reach(end.saturating_sub(1)) <= start {
                push(range);
                continue;
            }
            let is_bytes = key == Key::File;
            let length = if is_bytes {
                string.len()
            } else {
                string.chars().count()
            };
            // What stands for the source as a whole has no part.
            let is_whole = end - start != u32::try_from(length).unwrap_or(u32::MAX);
            for (number, (at, character)) in string.char_indices().enumerate() {
                let offset = match (is_whole, is_bytes) {
                    (true, _) => 0,
                    (false, true) => at,
                    (false, false) => number,
                };
                let place = start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
                if reach(place) <= place {
                    let at = range.start + at;
                    push(at..at + character.len_utf8());
                }
            }
        }
        gaps
    }
}

/// Sorts ranges, and makes one of those that meet.
fn merge(ranges: &mut Vec<(u32, u32)>) {
    ranges.sort_unstable();
    ranges.dedup_by(|next, last| {
        let meets = next.0 <= last.1;
        if meets {
            last.1 = last.1.max(next.1);
        }
        meets
    });
}

/// Where characters were read: what is counted, the first and one past the last.
fn place(source: &Source, string: &str) -> Option<(Key, u32, u32)> {
    let length = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (start, end) = match source {
        Source::Exact { start, .. } => (*start, start + length(string.len())),
        Source::Glyphs { first, .. } => (*first, first + length(string.chars().count())),
        Source::Span { start, end, .. } | Source::Place { start, end, .. } => (*start, *end),
        Source::Joint(_) => return None,
    };
    Some((key(source)?, start, end))
}

/// What the places of a source are counted in; nothing for what reading put between two.
fn key(source: &Source) -> Option<Key> {
    match source {
        Source::Exact { .. } | Source::Span { .. } => Some(Key::File),
        Source::Glyphs { edges, .. } => Some(Key::Line(edges.as_ptr().addr())),
        Source::Place { place, .. } => Some(Key::Place(*place)),
        Source::Joint(_) => None,
    }
}
