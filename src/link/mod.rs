//! Mentions in, laureates out: which mentions are one organisation, and which of its mentions are one laureate; with the reasons. The result does
//! not depend on the order of the input or on the number of threads. No file is read or written here, and no document format is known.

use std::borrow::Borrow;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::model::laureate::{Laureate, LinkRecord};
use crate::model::mention::Mention;

mod blocking;
mod cluster;
mod compare;
mod csr;
mod explain;
mod fold;
mod laureates;
mod lexicon;
mod merge;
mod records;
mod weights;

pub use records::{Fields, Source};

use blocking::Blocks;
use cluster::Edge;
use compare::Outcomes;
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
}

/// Links mentions. A mention whose id came before is left out: the same bytes are one document.
pub fn link<M: Borrow<Mention> + Sync>(mentions: &[M], options: &LinkOptions) -> Linked {
    let clusters = cluster_records(&Mentions(mentions), options);
    let groups = clusters.groups();
    let merged: Vec<Laureate> = groups
        .par_iter()
        .map(|group| {
            let members: Vec<&Mention> = group
                .members
                .iter()
                .filter_map(|index| mentions.get(*index as usize))
                .map(Borrow::borrow)
                .collect();
            merge::merge(&members)
        })
        .collect();
    let id = |index: u32| {
        mentions
            .get(index as usize)
            .map_or("", |mention| &mention.borrow().id)
    };
    let mut laureates = merge::name_organisations(&groups, merged, id);
    laureates.sort_by(|a, b| a.sources.cmp(&b.sources));
    Linked {
        laureates,
        links: clusters.links(&Mentions(mentions), options),
    }
}

/// Mentions as the linker reads them.
#[derive(Clone, Copy, Debug)]
pub struct Mentions<'a, M>(pub &'a [M]);

impl<M: Borrow<Mention> + Sync> Source for Mentions<'_, M> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn fields(&self, index: usize) -> Fields<'_> {
        self.0
            .get(index)
            .map(|mention| Fields::from(mention.borrow()))
            .unwrap_or_default()
    }
}

impl<'a> From<&'a Mention> for Fields<'a> {
    fn from(mention: &'a Mention) -> Self {
        let text = |value: &'a Option<String>| value.as_deref().map(Into::into);
        // Entries of one document are entries of one list.
        let list = [&mention.document.sha256, &mention.document.path]
            .into_iter()
            .find(|text| !text.is_empty());
        Self {
            id: mention.id.as_str().into(),
            source: 0,
            list: list.map(|list| list.as_str().into()),
            name: text(&mention.name),
            project: text(&mention.project),
            territory: text(&mention.territory),
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
    records: Records,
    model: Model,
    /// Per record, in the order of ids: the smallest record of its organisation, and of its laureate.
    organisation: Vec<u32>,
    laureate: Vec<u32>,
    /// Pairs above the floor.
    pairs: Vec<Pair>,
    /// How many pairs were compared.
    compared: usize,
    rules: laureates::Constraints,
}

/// A pair that was compared.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pair {
    a: u32,
    b: u32,
    weight: f32,
    rules: u8,
}

/// Finds which records belong together.
pub fn cluster_records(source: &dyn Source, options: &LinkOptions) -> Clusters {
    let records = records::read(source);
    let blocks = blocking::block(&records);
    let rules = laureates::Constraints::new(&records, source, options);
    let model = learn(&records, &blocks, &rules);
    let threshold = log_odds(options.threshold);
    let floor = match options.detail {
        LinkDetail::All => log_odds(options.floor).min(threshold),
        LinkDetail::Decided | LinkDetail::None => threshold,
    };
    let (mut pairs, compared) = compare_all(&records, &blocks, &model, &rules, floor);
    drop(blocks);
    pairs.extend(rules.required_pairs(&pairs));
    let edges: Vec<Edge> = pairs
        .iter()
        .filter(|pair| pair.weight > threshold)
        .map(|pair| Edge {
            a: pair.a,
            b: pair.b,
            weight: pair.weight - threshold,
        })
        .collect();
    let organisation = laureates::organisations(&records, &model, &rules, &edges, threshold);
    let laureate = laureates::within(&records, &rules, &organisation);
    Clusters {
        records,
        model,
        organisation,
        laureate,
        pairs,
        compared,
        rules,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a few bits")]
fn log_odds(probability: f64) -> f32 {
    let probability = probability.clamp(1e-9, 1.0 - 1e-9);
    (probability / (1.0 - probability)).log2() as f32
}

/// Records whose pairs the weights are learnt from: more would not change the second digit.
const LEARN_FROM: usize = 20_000;

fn learn(records: &Records, blocks: &Blocks, rules: &laureates::Constraints) -> Model {
    let count = records.order.len();
    let mut model = Model::shipped(count);
    let every = (count / LEARN_FROM).max(1) as u64;
    let pairs: Vec<Outcomes> = (0..count)
        .into_par_iter()
        .with_min_len(256)
        .filter(|record| records::draw(*record) % every == 0)
        .fold(
            || (Vec::new(), Vec::new()),
            |(mut candidates, mut pairs), record| {
                blocks.candidates(record, &mut candidates);
                pairs.extend(
                    candidates
                        .iter()
                        .filter(|(other, _)| rules.may_compare(record, *other as usize))
                        .map(|(other, _)| compare::compare(records, record, *other as usize)),
                );
                (candidates, pairs)
            },
        )
        .map(|(_, pairs)| pairs)
        .reduce(Vec::new, |mut a, b| {
            a.extend(b);
            a
        });
    model.learn(&pairs, 1.0 / every as f32, count);
    model
}

/// Compares all candidates; keeps those above the floor, and counts all.
fn compare_all(
    records: &Records,
    blocks: &Blocks,
    model: &Model,
    rules: &laureates::Constraints,
    floor: f32,
) -> (Vec<Pair>, usize) {
    (0..records.order.len())
        .into_par_iter()
        .with_min_len(1024)
        .fold(
            || (Vec::new(), Vec::new(), 0),
            |(mut candidates, mut pairs, mut compared), record| {
                blocks.candidates(record, &mut candidates);
                for (other, by) in &candidates {
                    if !rules.may_compare(record, *other as usize) {
                        continue;
                    }
                    compared += 1;
                    let outcomes = compare::compare(records, record, *other as usize);
                    let weight = model.weigh(&outcomes).total;
                    if weight > floor {
                        pairs.push(Pair {
                            a: u32::try_from(record).unwrap_or(u32::MAX),
                            b: *other,
                            weight,
                            rules: *by,
                        });
                    }
                }
                (candidates, pairs, compared)
            },
        )
        .map(|(_, pairs, compared)| (pairs, compared))
        .reduce(
            || (Vec::new(), 0),
            |mut a, b| {
                a.0.extend(b.0);
                (a.0, a.1 + b.1)
            },
        )
}

impl Clusters {
    /// The laureates, in the order of their smallest ids.
    pub fn groups(&self) -> Vec<Group> {
        let mut by_label: Vec<(u32, u32)> = (0_u32..)
            .zip(&self.laureate)
            .map(|(a, b)| (*b, a))
            .collect();
        by_label.sort_unstable();
        let place = |record: u32| {
            self.records
                .order
                .get(record as usize)
                .copied()
                .unwrap_or_default()
        };
        by_label
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| {
                let label = group.first().map_or(0, |(label, _)| *label);
                let organisation = self
                    .organisation
                    .get(label as usize)
                    .copied()
                    .unwrap_or(label);
                Group {
                    members: group.iter().map(|(_, record)| place(*record)).collect(),
                    organisation: place(organisation),
                }
            })
            .collect()
    }

    /// How many pairs were compared.
    pub fn compared(&self) -> usize {
        self.compared
    }
}

/// An id of the kind `l-…` or `o-…`, from the smallest mention of what it names.
pub fn derived_id(prefix: char, mention: &str) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(mention.as_bytes());
    let mut id = format!("{prefix}-");
    for byte in digest.iter().take(8) {
        write!(id, "{byte:02x}").expect("writing to a string does not fail");
    }
    id
}
