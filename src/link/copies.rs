//! Records that state the same, as far as comparing sees, are one from here on: nothing can tell them apart, and a list that is printed a thousand
//! times is no more evidence than once. Which records of the source each stands for is kept. Near copies are compared like any others.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::csr::{Rows, mix, pair};
use super::fields::Source;
use super::records::{Records, is_list};
use super::vocabulary::Token;
use super::{LinkOptions, LinkType};

/// Which records of the source each distinct record stands for.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// Place in the source of every record, in the order of the ids.
    pub(super) order: Vec<u32>,
    /// The distinct record of each, and the records of each distinct one, ascending.
    pub(super) distinct: Vec<u32>,
    pub(super) records: Rows<u32>,
}

/// Words of a title that may be all that a record states: of fewer, two of different bodies may be alike.
const WORDS_OF_TITLE: usize = 2;

impl Copies {
    /// Finds the copies among the records and keeps one of each, with the lists of all.
    ///
    /// Entries of one list are no copies of each other: the first of each list that state the same are one, and so are the second.
    pub(super) fn unite(records: &mut Records, source: &dyn Source, options: &LinkOptions) -> Self {
        let first = first_copies(records, source, options);
        Self::of(records, &first)
    }

    /// Keeps one of the records that are copies, with the lists of all; `first` is the first copy of each.
    pub(super) fn of(records: &mut Records, first: &[u32]) -> Self {
        let order = records.order.clone();
        let kept: Vec<u32> = (0_u32..)
            .zip(first)
            .filter(|(record, first)| record == *first)
            .map(|(record, _)| record)
            .collect();
        let distinct: Vec<u32> = first
            .iter()
            .map(|first| kept.binary_search(first).unwrap_or_default())
            .map(|at| u32::try_from(at).unwrap_or(u32::MAX))
            .collect();
        let mut by_distinct: Vec<(u32, u32)> = distinct.iter().copied().zip(0..).collect();
        by_distinct.par_sort_unstable();
        let mut copies = Self {
            order,
            distinct,
            records: Rows::with_capacity(kept.len(), by_distinct.len()),
        };
        for copy in by_distinct.chunk_by(|a, b| a.0 == b.0) {
            copies.records.push(copy.iter().map(|(_, record)| *record));
        }
        if kept.len() < copies.order.len() {
            let lists: Rows<u64> = (0..kept.len())
                .map(|distinct| {
                    let own = copies.records.row(distinct).iter();
                    let mut lists: Vec<u64> = own
                        .flat_map(|record| records.lists.row(*record as usize))
                        .copied()
                        .collect();
                    lists.sort_unstable();
                    lists.dedup();
                    lists
                })
                .collect();
            records.keep(&kept);
            records.lists = lists;
            for (distinct, count) in records.copies.iter_mut().enumerate() {
                *count = u32::try_from(copies.records.row(distinct).len()).unwrap_or(u32::MAX);
            }
        }
        copies
    }

    /// The first record of a distinct one, which stands for all.
    pub(super) fn first(&self, distinct: u32) -> u32 {
        let records = self.records.row(distinct as usize);
        records.first().copied().unwrap_or_default()
    }

    /// The place in the source of a record.
    pub(super) fn place(&self, record: u32) -> u32 {
        let index = self.order.get(record as usize);
        index.copied().unwrap_or_default()
    }
}

/// Per record, the first that it is a copy of, or itself.
fn first_copies(records: &Records, source: &dyn Source, options: &LinkOptions) -> Vec<u32> {
    let count = u32::try_from(records.order.len()).unwrap_or(u32::MAX);
    let mut first: Vec<u32> = (0..count).collect();
    if options.link_type == LinkType::Link {
        // At most one record of each input is in a group, and which one is for the evidence to say.
        return first;
    }
    let decided = &options.decisions;
    let decided: FxHashSet<&str> = decided
        .must_link
        .iter()
        .chain(&decided.cannot_link)
        .flat_map(|(a, b)| [a.as_str(), b.as_str()])
        .collect();
    let place = |record: u32| records.order.get(record as usize).copied().unwrap_or(0) as usize;
    let mut keys: Vec<(u64, u32)> = (0..count)
        .into_par_iter()
        .filter(|record| decided.is_empty() || !decided.contains(&*source.id(place(*record))))
        .filter_map(|record| {
            let key = content_key(records, record as usize)?;
            let own = records.source.get(record as usize).copied();
            Some(match options.link_type {
                LinkType::Dedupe => (pair(key, own.unwrap_or(0).into()), record),
                LinkType::Both | LinkType::Link => (key, record),
            })
        })
        .collect();
    keys.par_sort_unstable();
    let mut of_list: FxHashMap<u64, u32> = FxHashMap::default();
    let mut nth: Vec<(u32, u32)> = Vec::new();
    for same in keys
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|same| same.len() > 1)
    {
        of_list.clear();
        nth.clear();
        let mut by_position: Vec<(u32, u32)> = same
            .iter()
            .map(|(_, record)| (source.place(place(*record)).1, *record))
            .collect();
        by_position.sort_unstable();
        for (_, record) in by_position {
            let list = records.lists.row(record as usize).first().copied();
            let mut before = 0;
            if let Some(list) = list.filter(|list| is_list(*list)) {
                let counted = of_list.entry(list).or_default();
                before = *counted;
                *counted += 1;
            }
            nth.push((before, record));
        }
        nth.sort_unstable();
        for copies in nth.chunk_by(|a, b| a.0 == b.0) {
            let smallest = copies.first().map_or(0, |(_, record)| *record);
            for (_, record) in copies {
                if let Some(first) = first.get_mut(*record as usize) {
                    *first = smallest;
                }
            }
        }
    }
    first
}

/// All that is compared of a record, as one key; `None` where it says too little to be anybody's.
fn content_key(records: &Records, record: usize) -> Option<u64> {
    fn row<T: Copy>(rows: &Rows<T>, record: usize, value: impl Fn(T) -> u64) -> u64 {
        let row = rows.row(record);
        row.iter()
            .fold(row.len() as u64, |key, own| pair(key, value(*own)))
    }
    let value = |values: &[u64]| values.get(record).copied().unwrap_or(0);
    let symbol = |token: Token| u64::from(token.symbol);
    let is_named = records.name.row(record).iter().any(|token| {
        let shape = records.vocabulary.shape(token.symbol);
        !shape.is_legal()
    });
    if !is_named && records.title.row(record).len() < WORDS_OF_TITLE {
        return None;
    }
    let says_more = !records.title.row(record).is_empty()
        || !records.sketch.row(record).is_empty()
        || !records.contacts.row(record).is_empty();
    if !says_more && !records.lists.row(record).iter().copied().any(is_list) {
        // Two rows of a table with nothing but a name may be namesakes: the evidence says whether they are one.
        return None;
    }
    let year = records.year.get(record).copied().unwrap_or(0);
    let parts = [
        row(&records.name, record, symbol),
        row(&records.title, record, symbol),
        row(&records.initials, record, u64::from),
        row(&records.acronyms, record, u64::from),
        row(&records.places, record, u64::from),
        row(&records.seats, record, u64::from),
        row(&records.departments, record, u64::from),
        value(&records.territory),
        value(&records.public),
        row(&records.partners, record, |key| key),
        row(&records.contacts, record, |key| key),
        row(&records.sketch, record, u64::from),
        row(&records.call, record, u64::from),
        mix(u64::from(year.unsigned_abs())),
    ];
    Some(parts.into_iter().fold(0, pair))
}
