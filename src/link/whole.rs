//! What only all records together tell, for records that are a part of them: with it a part is read, keyed, weighed and grouped as in the whole, on any
//! machine. Records in, or a part of them with what the whole said; nothing is counted in a part.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::blocking::{self, Rule, Shared};
use super::copies::Copies;
use super::csr::Rows;
use super::fields::Source;
use super::gather::gather;
use super::laureates::{Constraints, labels};
use super::pairs::{Pair, learn, weigh_known};
use super::rarity::{self, Usage};
use super::records::{self, Counts, Records};
use super::table::Table;
use super::vocabulary::Symbol;
use super::weights::Model;
use super::{Clusters, LinkOptions, log_odds};
use crate::message;
use crate::message::Message;
use crate::model::laureate::LinkRecord;

/// What all records together tell. It is made of JSON for the version that wrote it, and grows with the number of different words, not of records.
#[derive(Debug, Serialize, Deserialize)]
pub struct Whole {
    version: String,
    /// The file that the records are of.
    path: String,
    /// Distinct records.
    records: usize,
    threshold: f64,
    words: Vec<Box<str>>,
    places: Vec<Box<str>>,
    has_seats: bool,
    name_count: Vec<u32>,
    title_count: Vec<u32>,
    near: Rows<Symbol>,
    name_meant: Vec<Symbol>,
    title_meant: Vec<Symbol>,
    place_count: Vec<u32>,
    place_departments: Rows<u16>,
    counts: Counts,
    usage: [Usage; 2],
    shared: Shared,
    model: Model,
    copies: Vec<CopiesOf>,
}

/// The other records that state what one does, and the lists of all of them.
#[derive(Debug, Serialize, Deserialize)]
struct CopiesOf {
    first: String,
    others: Vec<String>,
    lists: Vec<u64>,
}

/// A record under one of its keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// Records that share it are compared. It says its rule, too.
    pub key: String,
    /// Sorts records that are alike beside each other; those that nothing tells apart have the same.
    pub like: String,
    /// The record.
    pub id: String,
    /// How many records state what it does.
    pub copies: u32,
}

/// A record of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its row in the whole, from 1.
    pub row: u32,
    /// Its id.
    pub id: String,
    /// The record that stands for it, as it states the same: then it has no keys of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_of: Option<String>,
}

/// A pair to compare, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Brought {
    /// The record with the smaller id.
    pub a: String,
    /// The other.
    pub b: String,
    /// Rules that brought them together.
    pub blocked_by: Vec<String>,
}

/// A pair that was weighed.
#[derive(Clone, Debug, Serialize)]
pub struct WeighedPair {
    /// Its records belong to one connected set.
    pub joins: bool,
    /// The account of the pair, as it is where groups do not bring the two together.
    pub link: LinkRecord,
}

impl Whole {
    /// What these records tell together. They are those of one file of JSON records.
    pub fn of(table: &Table, path: &str, options: &LinkOptions) -> Self {
        let (records, copies, usage) = records::read_and_count(table, options);
        let blocks = blocking::block(&records);
        let rules = Constraints::new(&records, table, options);
        let model = learn(&records, &blocks, &rules);
        let id = |record: u32| table.id(copies.place(record) as usize).to_owned();
        let copies_of = (0..records.order.len()).filter_map(|distinct| {
            let [first, others @ ..] = copies.records.row(distinct) else {
                return None;
            };
            (!others.is_empty()).then(|| CopiesOf {
                first: id(*first),
                others: others.iter().map(|other| id(*other)).collect(),
                lists: records.lists.row(distinct).to_vec(),
            })
        });
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            path: path.to_owned(),
            records: records.order.len(),
            threshold: options.threshold,
            has_seats: records.has_seats,
            copies: copies_of.collect(),
            shared: Shared::of(&records),
            words: records.vocabulary.text,
            places: records.place_names.text,
            name_count: records.vocabulary.name_count,
            title_count: records.vocabulary.title_count,
            near: records.vocabulary.near,
            name_meant: records.vocabulary.name_meant,
            title_meant: records.vocabulary.title_meant,
            place_count: records.place_names.count,
            place_departments: records.place_names.departments,
            counts: records.counts,
            usage,
            model,
        }
    }

    /// Reads what `of` found, as this version wrote it.
    pub fn from_json(text: &str) -> Result<Self, Message> {
        let whole: Self = serde_json::from_str(text).map_err(|error| {
            message!(
                "not what `palmares link --statistics` writes: {error}",
                error = message::of_parser(&error.to_string())
            )
        })?;
        if whole.version == env!("CARGO_PKG_VERSION") {
            Ok(whole)
        } else {
            Err(message!(
                "written by version {version}, this is {own}",
                version = whole.version,
                own = env!("CARGO_PKG_VERSION")
            ))
        }
    }

    /// The file that the records are of.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// How the whole is linked.
    pub fn options(&self) -> LinkOptions {
        LinkOptions {
            threshold: self.threshold,
            ..LinkOptions::default()
        }
    }

    /// Reads a part of the records.
    pub fn read(mut self, source: &Table) -> Result<Part<'_>, Message> {
        let (order, chunks) = records::read_chunks(source);
        let unknown = |known: &[Box<str>], word: &str| {
            known.binary_search_by(|known| (**known).cmp(word)).is_err()
        };
        let of_others = (chunks.iter()).any(|chunk| {
            (chunk.words.iter()).any(|word| unknown(&self.words, word))
                || (chunk.places.iter()).any(|place| unknown(&self.places, place))
        });
        if of_others {
            return Err(message!(
                "the statistics are of other records: a word is not in them"
            ));
        }
        let known = (
            std::mem::take(&mut self.words),
            std::mem::take(&mut self.places),
        );
        let mut records = gather(order, chunks, Some(known));
        records.has_seats = self.has_seats;
        let copies = self.unite(&mut records, source);
        records.vocabulary.name_count = self.name_count;
        records.vocabulary.title_count = self.title_count;
        records.vocabulary.near = self.near;
        records.vocabulary.name_meant = self.name_meant;
        records.vocabulary.title_meant = self.title_meant;
        records.place_names.count = self.place_count;
        records.place_names.departments = self.place_departments;
        records::mark_words(&mut records);
        records.counts = self.counts;
        rarity::weigh(&mut records, &self.usage);
        records.likeness = records::likeness(&records);
        Ok(Part {
            source,
            records,
            copies,
            n_records: self.records,
            threshold: self.threshold,
            shared: self.shared,
            model: self.model,
            first_of: (self.copies.into_iter())
                .flat_map(|CopiesOf { first, others, .. }| {
                    (others.into_iter()).map(move |other| (other, first.clone()))
                })
                .collect(),
        })
    }

    /// Unites the copies that the part has, with the lists and the number of all.
    fn unite(&self, records: &mut Records, source: &Table) -> Copies {
        let count = u32::try_from(records.order.len()).unwrap_or(u32::MAX);
        let mut first: Vec<u32> = (0..count).collect();
        let mut of_first: FxHashMap<u32, &CopiesOf> = FxHashMap::default();
        for copies in &self.copies {
            let Some(own) = records.find(source, &copies.first) else {
                continue;
            };
            of_first.insert(own, copies);
            for other in &copies.others {
                let at = records.find(source, other);
                if let Some(first) = at.and_then(|at| first.get_mut(at as usize)) {
                    *first = own;
                }
            }
        }
        let copies = Copies::of(records, &first);
        let known = |distinct: usize| {
            let first = u32::try_from(distinct).map(|distinct| copies.first(distinct));
            of_first.get(&first.unwrap_or(u32::MAX))
        };
        records.lists = (0..records.order.len())
            .map(|distinct| match known(distinct) {
                Some(copies) => copies.lists.clone(),
                None => records.lists.row(distinct).to_vec(),
            })
            .collect();
        for (distinct, count) in records.copies.iter_mut().enumerate() {
            let others = known(distinct).map_or(0, |copies| copies.others.len());
            *count = u32::try_from(1 + others).unwrap_or(u32::MAX);
        }
        copies
    }
}

/// A part of the records, as the whole sees them.
#[derive(Debug)]
pub struct Part<'a> {
    source: &'a Table,
    records: Records,
    copies: Copies,
    n_records: usize,
    threshold: f64,
    shared: Shared,
    model: Model,
    /// For each copy of the whole, the record that stands for it.
    first_of: FxHashMap<String, String>,
}

impl Part<'_> {
    /// Every record, in the order of the ids.
    pub fn known(&self) -> impl Iterator<Item = Known> {
        self.copies.order.iter().map(|index| {
            let id = self.source.id(*index as usize);
            let (_, row) = Source::place(self.source, *index as usize);
            Known {
                row,
                id: id.to_owned(),
                copy_of: self.first_of.get(id).cloned(),
            }
        })
    }

    /// The keys of every record but copies, in the order of the ids.
    pub fn each_key<E>(&self, mut each: impl FnMut(Keyed) -> Result<(), E>) -> Result<(), E> {
        for (record, index) in self.records.order.iter().enumerate() {
            let id = self.source.id(*index as usize);
            if self.first_of.contains_key(id) {
                continue;
            }
            let like = records::likeness_key(&self.records, record);
            let copies = self.records.copies.get(record).copied().unwrap_or(1);
            for key in blocking::keys_of(&self.records, &self.shared, self.n_records, record) {
                each(Keyed {
                    key: format!("{key:016x}"),
                    like: like.clone(),
                    id: id.to_owned(),
                    copies,
                })?;
            }
        }
        Ok(())
    }

    /// Weighs pairs; those below the floor are left out, and so are pairs of records that the part has not.
    pub fn weigh(self, pairs: &[Brought]) -> Vec<WeighedPair> {
        let threshold = log_odds(self.threshold);
        let (clusters, source) = self.clusters(pairs, |records, _, _| {
            let own = (0_u32..).zip(&records.order).map(|(record, _)| record);
            let own: Vec<u32> = own.collect();
            (own.clone(), own)
        });
        let considered = clusters.pairs.iter();
        considered
            .map(|pair| WeighedPair {
                joins: pair.weight > threshold,
                link: clusters.account_of(source, pair),
            })
            .collect()
    }

    /// Groups the records along the pairs. Every connected set that the part has any of, it must have whole, with the copies of its records.
    pub fn group(self, pairs: &[Brought]) -> Clusters {
        let threshold = log_odds(self.threshold);
        let model = self.model.clone();
        let (clusters, _) = self.clusters(pairs, |records, rules, pairs| {
            labels(records, &model, rules, pairs, threshold)
        });
        clusters
    }
}

/// The organisation and the laureate of each record.
type Labels = (Vec<u32>, Vec<u32>);

impl<'a> Part<'a> {
    fn clusters(
        self,
        pairs: &[Brought],
        label: impl FnOnce(&Records, &Constraints, &[Pair]) -> Labels,
    ) -> (Clusters, &'a Table) {
        let options = LinkOptions {
            threshold: self.threshold,
            ..LinkOptions::default()
        };
        let rules = Constraints::new(&self.records, self.source, &options);
        let find = |id: &str| self.records.find(self.source, id);
        let known: FxHashSet<(u32, u32, u8)> = (pairs.iter())
            .filter_map(|pair| {
                let by = Rule::set(pair.blocked_by.iter().map(String::as_str));
                let (a, b) = (find(&pair.a)?, find(&pair.b)?);
                Some((a.min(b), a.max(b), by))
            })
            .collect();
        let mut known: Vec<(u32, u32, u8)> = known.into_iter().collect();
        known.sort_unstable();
        let floor = log_odds(options.floor).min(log_odds(self.threshold));
        let pairs = weigh_known(&self.records, &known, &self.model, floor);
        let (organisation, laureate) = label(&self.records, &rules, &pairs);
        let clusters = Clusters {
            records: self.records,
            copies: self.copies,
            model: self.model,
            organisation,
            laureate,
            pairs,
            compared: known.len(),
            thresholds: Vec::new(),
            rules,
        };
        (clusters, self.source)
    }
}

/// The pairs of the records of one key, which come in any order, each perhaps more than once.
pub fn pairs_of_key(members: &mut Vec<Keyed>, mut each: impl FnMut(Brought)) {
    members.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    members.dedup_by(|a, b| a.id == b.id);
    let Some(rule) = (members.first())
        .and_then(|member| u64::from_str_radix(&member.key, 16).ok())
        .and_then(Rule::of_key)
    else {
        return;
    };
    let mut likes: Vec<&str> = members.iter().map(|member| &*member.like).collect();
    likes.sort_unstable();
    likes.dedup();
    let likeness: Vec<u32> = (members.iter())
        .map(|member| likes.binary_search(&&*member.like).unwrap_or_default())
        .map(|at| u32::try_from(at).unwrap_or(u32::MAX))
        .collect();
    let copies: Vec<u32> = members.iter().map(|member| member.copies).collect();
    let mut own: Vec<u32> = (0_u32..).zip(&copies).map(|(own, _)| own).collect();
    let id = |own: u32| members.get(own as usize).map(|member| member.id.clone());
    blocking::sample(&mut own, &likeness, &copies, |block| {
        for (at, a) in block.iter().enumerate() {
            for b in block.iter().skip(at + 1) {
                each(Brought {
                    a: id(*a).unwrap_or_default(),
                    b: id(*b).unwrap_or_default(),
                    blocked_by: vec![rule.as_str().to_owned()],
                });
            }
        }
    });
}
