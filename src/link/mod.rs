//! Mentions in, laureates out: which mentions are one organisation, and which of its mentions are one laureate; with the reasons. The result does
//! not depend on the order of the input or on the number of threads. No file is read or written here, and no document format is known.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::model::laureate::{Laureate, LinkRecord, Organisation};
use crate::model::mention::Mention;
use crate::model::threshold::AtThreshold;
use crate::profile::fold as folded;

mod align;
mod aside;
mod blocking;
mod cells;
mod cluster;
mod columns;
mod compare;
mod copies;
mod csr;
mod explain;
mod fields;
mod fold;
mod gather;
mod headings;
mod laureates;
mod lexicon;
mod lines;
mod merge;
mod names;
mod pairs;
mod partners;
mod places;
mod rarity;
mod reading;
mod records;
mod register;
mod registry;
mod spelling;
mod table;
mod thresholds;
mod vocabulary;
mod weights;
mod whole;

pub use columns::{Column, Mapping, TableError};
pub use explain::{Candidate, Identified, Scorer, describe};
pub use fields::{Fields, Source};
pub use lines::Lines;
pub use register::{Bodies, look_up};
pub use registry::{Cluster, Malformed, Registry};
pub use table::Table;
pub use whole::{Brought, Keyed, Known, Part, WeighedPair, Whole, pairs_of_key};

use copies::Copies;
use headings::Headings;
use pairs::{Pair, compare_all, learn};
use records::Records;
use weights::Model;

/// Which pairs may be one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkType {
    /// Records of one input only.
    Dedupe,
    /// Records of different inputs only, at most one of each.
    Link,
    /// Any.
    #[default]
    Both,
}

/// Which pairs `Linked::links` accounts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkDetail {
    /// Every pair above the floor.
    #[default]
    All,
    /// Pairs that were linked.
    Decided,
    /// None.
    None,
}

/// Decisions of people, by record id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Pairs that are one laureate.
    pub must_link: Vec<(String, String)>,
    /// Pairs that are two laureates.
    pub cannot_link: Vec<(String, String)>,
}

/// How to link.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkOptions {
    /// Which pairs may be one.
    pub link_type: LinkType,
    /// Probability from which two records are taken for one organisation.
    pub threshold: f64,
    /// Which pairs to account for.
    pub detail: LinkDetail,
    /// Probability under which a pair is not worth accounting for.
    pub floor: f64,
    /// Whether organisations are looked for among those that others name as their partners, too.
    pub partners: bool,
    /// Whether to estimate what other thresholds would give.
    pub thresholds: bool,
    /// Decisions of people.
    pub decisions: Decisions,
}

impl Default for LinkOptions {
    fn default() -> Self {
        Self {
            link_type: LinkType::Both,
            threshold: 0.5,
            detail: LinkDetail::All,
            floor: 0.001,
            partners: false,
            thresholds: false,
            decisions: Decisions::default(),
        }
    }
}

/// What linking found.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// Each laureate once; every mention is a source of exactly one. In the order of their first sources.
    pub laureates: Vec<Laureate>,
    /// The pairs considered, as `LinkOptions::detail` says, in the order of their ids.
    pub links: Vec<LinkRecord>,
    /// How many mentions have a name, a title or a call of so many words that only the first of them were compared.
    pub cut: usize,
}

/// Links mentions. A mention whose id came before is left out: the same bytes are one document.
pub fn link<M: Borrow<Mention> + Sync>(mentions: &[M], options: &LinkOptions) -> Linked {
    let source = Mentions(mentions);
    let clusters = cluster_records(&source, options);
    let mut laureates = Vec::new();
    clusters.each_laureate(
        &source,
        |laureate| laureate,
        |laureate| laureates.push(laureate),
    );
    Linked {
        laureates,
        links: clusters.links(&source, options),
        cut: clusters.cut(),
    }
}

/// Mentions as the linker reads them.
#[derive(Clone, Copy, Debug)]
pub struct Mentions<'a, M>(pub &'a [M]);

impl<M> Mentions<'_, M>
where
    M: Borrow<Mention>,
{
    fn get(&self, index: usize) -> Option<&Mention> {
        self.0.get(index).map(Borrow::borrow)
    }
}

impl<M: Borrow<Mention> + Sync> Source for Mentions<'_, M> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn id(&self, index: usize) -> Cow<'_, str> {
        self.get(index).map_or("", |mention| &mention.id).into()
    }

    fn fields(&self, index: usize) -> Fields<'_> {
        self.get(index).map(Fields::from).unwrap_or_default()
    }

    fn mention(&self, index: usize) -> Cow<'_, Mention> {
        match self.get(index) {
            Some(mention) => Cow::Borrowed(mention),
            None => Cow::Owned(Mention::default()),
        }
    }

    fn name(&self, index: usize) -> Option<Cow<'_, str>> {
        self.get(index)?.name.as_deref().map(Into::into)
    }

    fn place(&self, index: usize) -> (Cow<'_, str>, u32) {
        self.get(index).map_or(("".into(), 0), |mention| {
            (mention.document.path.as_str().into(), mention.position)
        })
    }
}

impl<'a> From<&'a Mention> for Fields<'a> {
    fn from(mention: &'a Mention) -> Self {
        let text = |value: &'a Option<String>| value.as_deref().map(Into::into);
        Self {
            source: 0,
            list: list_of(&mention.document.sha256, &mention.document.path),
            name: text(&mention.name),
            project: text(&mention.project),
            territory: text(&mention.territory),
            seat: None,
            department: None,
            public: text(&mention.public),
            partners: mention
                .partners
                .iter()
                .map(|partner| partner.as_str().into())
                .collect(),
            description: text(&mention.description),
            contacts: mention
                .links
                .iter()
                .chain(&mention.contacts)
                .map(|contact| contact.as_str().into())
                .collect(),
            call: text(&mention.call),
            year: mention.edition.as_ref().and_then(|edition| edition.year),
        }
    }
}

/// The list that an entry of a document is of: entries of one document are entries of one list.
fn list_of<'a>(sha256: &'a str, path: &'a str) -> Option<Cow<'a, str>> {
    let list = [sha256, path].into_iter().find(|text| !text.is_empty());
    list.map(Cow::Borrowed)
}

/// The mentions of one laureate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Places in the source, in the order of their ids.
    pub members: Vec<u32>,
    /// Place in the source of the mention that names the organisation.
    pub organisation: u32,
}

/// Which records belong together, before their values are merged.
#[derive(Debug)]
pub struct Clusters {
    /// Distinct records, and those that each stands for.
    records: Records,
    copies: Copies,
    model: Model,
    /// Per distinct record, in the order of ids: the smallest record of its organisation, and of its laureate.
    organisation: Vec<u32>,
    laureate: Vec<u32>,
    /// Pairs above the floor.
    pairs: Vec<Pair>,
    /// How many pairs were compared.
    compared: usize,
    thresholds: Vec<AtThreshold>,
    rules: laureates::Constraints,
}

/// Finds which records belong together.
pub fn cluster_records(source: &dyn Source, options: &LinkOptions) -> Clusters {
    let (records, copies) = records::read_distinct(source, options);
    let blocks = blocking::block(&records);
    let rules = laureates::Constraints::new(&records, source, options);
    let model = learn(&records, &blocks, &rules);
    let threshold = log_odds(options.threshold);
    let floor = match options.detail {
        LinkDetail::All => log_odds(options.floor).min(threshold),
        LinkDetail::Decided | LinkDetail::None => threshold,
    };
    let mut compared = compare_all(&records, &blocks, &model, &rules, floor);
    drop(blocks);
    let required = rules.required_pairs(&compared.pairs);
    compared.pairs.extend(required);
    let (organisation, laureate) =
        laureates::labels(&records, &model, &rules, &compared.pairs, threshold);
    let thresholds = if options.thresholds {
        let used = options.threshold;
        thresholds::estimate(&records, &model, &rules, &compared, used, &organisation)
    } else {
        Vec::new()
    };
    Clusters {
        records,
        copies,
        model,
        organisation,
        laureate,
        pairs: compared.pairs,
        compared: compared.count,
        thresholds,
        rules,
    }
}

/// The pairs worth comparing, unscored, in the order of their ids.
pub fn each_candidate<E>(
    source: &dyn Source,
    options: &LinkOptions,
    mut each: impl FnMut(Candidate<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let (records, _) = records::read_distinct(source, options);
    let blocks = blocking::block(&records);
    let rules = laureates::Constraints::new(&records, source, options);
    let mut candidates = Vec::new();
    let identified = |record: usize| {
        let index = records.order.get(record).copied().unwrap_or_default() as usize;
        Identified {
            id: source.id(index),
            fields: source.fields(index),
        }
    };
    for record in 0..records.order.len() {
        blocks.candidates(record, &mut candidates);
        for (other, by) in &candidates {
            if rules.may_compare(record, *other as usize) {
                each(Candidate {
                    a: identified(record),
                    b: identified(*other as usize),
                    blocked_by: blocking::Rule::of(*by)
                        .map(|rule| rule.as_str().into())
                        .collect(),
                })?;
            }
        }
    }
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "a few bits")]
fn log_odds(probability: f64) -> f32 {
    let probability = probability.clamp(1e-9, 1.0 - 1e-9);
    (probability / (1.0 - probability)).log2() as f32
}

impl Clusters {
    /// The mentions of each laureate, in the order of their first places.
    pub fn groups(&self, source: &dyn Source) -> Vec<Group> {
        let mut by_label: Vec<(u32, u32)> = (0_u32..)
            .zip(&self.copies.distinct)
            .filter_map(|(record, distinct)| {
                let label = self.laureate.get(*distinct as usize)?;
                Some((*label, record))
            })
            .collect();
        by_label.par_sort_unstable();
        let mut groups: Vec<Group> = by_label
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| {
                let label = group.first().map_or(0, |(label, _)| *label);
                let organisation = self.organisation.get(label as usize);
                Group {
                    members: group
                        .iter()
                        .map(|(_, record)| self.copies.place(*record))
                        .collect(),
                    organisation: self
                        .copies
                        .place(self.copies.first(organisation.copied().unwrap_or(label))),
                }
            })
            .collect();
        // Documents by path, then entries by position; ids tell apart what has neither.
        let mut paths: Vec<Cow<'_, str>> = Vec::new();
        let mut ranks: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
        for index in 0..source.len() {
            let (path, _) = source.place(index);
            if !ranks.contains_key(&path) {
                ranks.insert(path.clone(), 0);
                paths.push(path);
            }
        }
        paths.sort_unstable();
        for (rank, path) in paths.iter().enumerate() {
            ranks.insert(path.clone(), rank);
        }
        groups.par_sort_by_cached_key(|group| {
            let first = group.members.iter().enumerate().map(|(at, index)| {
                let (path, position) = source.place(*index as usize);
                (ranks.get(&path).copied().unwrap_or_default(), position, at)
            });
            let first = first.min();
            let id = |at: usize| {
                group
                    .members
                    .get(at)
                    .map(|index| source.id(*index as usize))
            };
            first.map(|(rank, position, at)| (rank, position, id(at)))
        });
        groups
    }

    /// Merges the values of each laureate, in the order of `groups`: `map` is called on several threads at once, `each` in order.
    pub fn each_laureate<R: Send>(
        &self,
        source: &dyn Source,
        map: impl Fn(Laureate) -> R + Sync,
        mut each: impl FnMut(R),
    ) {
        /// Laureates held at a time.
        const BATCH: usize = 16_384;
        /// Laureates that a thread merges at least: of a few brochures there are a hundred, and each takes a tenth of a millisecond.
        const SHARE: usize = 8;
        let groups = self.groups(source);
        let organisations = Self::shared_bodies(source, &groups);
        for batch in groups.chunks(BATCH) {
            let merged: Vec<R> = batch
                .par_iter()
                .with_min_len(SHARE)
                .map(|group| {
                    let body = match organisations.get(&group.organisation) {
                        Some(shared) => Cow::Borrowed(shared),
                        None => Cow::Owned(Body::of(source, &group.members, group.organisation)),
                    };
                    let members: Vec<Cow<'_, Mention>> = group
                        .members
                        .iter()
                        .map(|index| {
                            let mention = source.mention(*index as usize);
                            match body.headings.divide(&mention) {
                                Some(divided) => Cow::Owned(divided),
                                None => mention,
                            }
                        })
                        .collect();
                    let mut laureate = merge::merge(members);
                    let smallest = group.members.first().copied().unwrap_or_default();
                    laureate.id = derived_id('l', &source.id(smallest as usize));
                    laureate.organisation = body.into_owned().organisation;
                    map(laureate)
                })
                .collect();
            merged.into_iter().for_each(&mut each);
        }
    }

    /// For the ids that laureates and organisations would have by themselves, those that they keep.
    pub fn keep_ids(
        &self,
        source: &dyn Source,
        registry: &mut Registry,
    ) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let groups = self.groups(source);
        let content = |index: usize| {
            let fields = source.fields(index);
            let said = [fields.name.as_deref(), fields.project.as_deref()];
            let said = said.map(|text| folded(text.unwrap_or_default()));
            derived_id('c', &said.join("\n"))
        };
        let mentions = (groups.iter())
            .flat_map(|group| &group.members)
            .map(|index| *index as usize)
            .map(|index| (source.id(index).into_owned(), content(index)));
        registry.meet(mentions);
        let cluster = |prefix, first: u32, members: &[u32]| {
            let own = derived_id(prefix, &source.id(first as usize));
            let ids = members.iter().map(|index| source.id(*index as usize));
            Cluster::new(&own, ids)
        };
        let laureates: Vec<Cluster> = (groups.iter())
            .map(|group| {
                let first = group.members.first().copied().unwrap_or_default();
                cluster('l', first, &group.members)
            })
            .collect();
        let mut by_organisation: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for group in &groups {
            let members = by_organisation.entry(group.organisation).or_default();
            members.extend(&group.members);
        }
        let organisations: Vec<Cluster> = (by_organisation.iter())
            .map(|(first, members)| cluster('o', *first, members))
            .collect();
        (
            registry.keep_laureates(&laureates),
            registry.keep_organisations(&organisations),
        )
    }

    /// The organisations of more than one laureate.
    fn shared_bodies(source: &dyn Source, groups: &[Group]) -> FxHashMap<u32, Body> {
        let mut by_organisation: Vec<(u32, &Group)> = groups
            .iter()
            .map(|group| (group.organisation, group))
            .collect();
        by_organisation.par_sort_by_key(|(organisation, _)| *organisation);
        by_organisation
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|groups| groups.len() > 1)
            .filter_map(|groups| {
                let (organisation, _) = groups.first()?;
                let members: Vec<u32> = groups
                    .iter()
                    .flat_map(|(_, group)| group.members.iter().copied())
                    .collect();
                Some((*organisation, Body::of(source, &members, *organisation)))
            })
            .collect()
    }

    /// How many organisations there are.
    pub fn n_organisations(&self) -> usize {
        count_distinct(&self.organisation)
    }

    /// What the threshold and others would give, by the probabilities of the pairs, in order. Nothing where no pair is above any, or nobody asked.
    pub fn thresholds(&self) -> &[AtThreshold] {
        &self.thresholds
    }

    /// The place in the source of the record with this id.
    pub fn find(&self, source: &dyn Source, id: &str) -> Option<usize> {
        let record = self.find_record(source, id)?;
        Some(self.copies.place(record) as usize)
    }

    fn find_record(&self, source: &dyn Source, id: &str) -> Option<u32> {
        let order = &self.copies.order;
        let at = order
            .binary_search_by(|index| source.id(*index as usize).as_ref().cmp(id))
            .ok()?;
        u32::try_from(at).ok()
    }

    /// How many records have a name, a title or a call of so many words that only the first of them were compared.
    pub fn cut(&self) -> usize {
        self.records.cut
    }

    /// How many pairs were compared.
    pub fn compared(&self) -> usize {
        self.compared
    }
}

/// How many groups labels name.
fn count_distinct(labels: &[u32]) -> usize {
    let records = (0_u32..).zip(labels);
    records.filter(|(record, label)| record == *label).count()
}

/// What the mentions of one organisation say together.
#[derive(Clone)]
struct Body {
    organisation: Organisation,
    headings: Headings,
}

impl Body {
    /// `first` has the smallest id of the members.
    fn of(source: &dyn Source, members: &[u32], first: u32) -> Self {
        let headings = match members {
            [_] => Headings::default(),
            members => Headings::of(source, members),
        };
        let names: Vec<Cow<'_, str>> = members
            .iter()
            .filter_map(|index| {
                let name = source.name(*index as usize)?;
                Some(match headings.split(&name) {
                    Some((part, _)) => Cow::Owned(name.get(part)?.to_owned()),
                    None => name,
                })
            })
            .collect();
        Self {
            organisation: merge::organisation(&names, &source.id(first as usize)),
            headings,
        }
    }
}

/// An id of the kind `m-…`, `l-…`, `o-…` or `c-…`: the first 16 hexadecimal digits of the SHA-256 of a text, that of the smallest mention for what is merged.
pub fn derived_id(prefix: char, text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut id = String::with_capacity(18);
    id.extend([prefix, '-']);
    for byte in digest.iter().take(8) {
        for digit in [byte >> 4, byte & 15] {
            id.extend(char::from_digit(digit.into(), 16));
        }
    }
    id
}
