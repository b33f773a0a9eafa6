//! The two levels of linking, organisations and the laureates within them, and what may never or must always be together. Weighed pairs in, a label
//! per record out.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::cluster::{Edge, Evidence, cluster};
use super::compare::compare;
use super::csr::Rows;
use super::fields::Source;
use super::records::{Records, is_list, share};
use super::weights::Model;
use super::{LinkOptions, LinkType, Pair};

/// What is settled before any evidence.
#[derive(Debug)]
pub(super) struct Constraints {
    link_type: LinkType,
    source: Vec<u32>,
    lists: Rows<u64>,
    required: FxHashSet<(u32, u32)>,
    forbidden: FxHashSet<(u32, u32)>,
}

/// Why a pair is or is not together, whatever its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    SameList,
    MustLink,
    CannotLink,
    LinkType,
}

impl Reason {
    /// As records write it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SameList => "same_list",
            Self::MustLink => "must_link",
            Self::CannotLink => "cannot_link",
            Self::LinkType => "link_type",
        }
    }
}

impl Constraints {
    /// Reads the decisions; a pair that names an unknown id has no effect.
    pub(super) fn new(records: &Records, source: &dyn Source, options: &LinkOptions) -> Self {
        let find = |id: &str| records.find(source, id);
        let pairs = |decisions: &[(String, String)]| {
            decisions
                .iter()
                .filter_map(|(a, b)| {
                    let (a, b) = (find(a)?, find(b)?);
                    Some((a.min(b), a.max(b)))
                })
                .filter(|(a, b)| a != b)
                .collect()
        };
        Self {
            link_type: options.link_type,
            source: records.source.clone(),
            lists: records.lists.clone(),
            required: pairs(&options.decisions.must_link),
            forbidden: pairs(&options.decisions.cannot_link),
        }
    }

    /// The weights for laureates within an organisation.
    pub(super) fn laureate_model(&self) -> Model {
        Model::laureate(self.link_type == LinkType::Link)
    }

    /// May the two be compared at all?
    pub(super) fn may_compare(&self, a: usize, b: usize) -> bool {
        let same = || self.source.get(a) == self.source.get(b);
        match self.link_type {
            LinkType::Both => true,
            LinkType::Dedupe => same(),
            LinkType::Link => !same(),
        }
    }

    /// Why two records cannot be, or have to be, one laureate.
    pub(super) fn reason(&self, a: u32, b: u32) -> Option<Reason> {
        let pair = (a.min(b), a.max(b));
        if self.forbidden.contains(&pair) {
            Some(Reason::CannotLink)
        } else if self.required.contains(&pair) {
            Some(Reason::MustLink)
        } else if !self.may_compare(a as usize, b as usize) {
            Some(Reason::LinkType)
        } else if share(self.lists_of(a), self.lists_of(b)) {
            Some(Reason::SameList)
        } else {
            None
        }
    }

    /// The lists that a record is an entry of; of copies, those of all.
    fn lists_of(&self, record: u32) -> &[u64] {
        let all = self.lists.row(record as usize);
        // Sources come before lists.
        all.get(all.partition_point(|key| !is_list(*key))..)
            .unwrap_or_default()
    }

    /// The key of the record's source, where a group may hold one record of it only.
    fn exclusive_source(&self, record: u32) -> Option<u64> {
        let source = self.source.get(record as usize).copied();
        source
            .filter(|_| self.link_type == LinkType::Link)
            .map(u64::from)
    }

    /// A key for each pair that people part and the record is of.
    fn parted(&self, record: u32) -> impl Iterator<Item = u64> {
        let pairs = self.forbidden.iter();
        pairs
            .filter(move |(a, b)| [*a, *b].contains(&record))
            .map(|(a, b)| super::csr::pair(u64::from(*a), u64::from(*b)))
    }

    /// Pairs that people decided and that no evidence brought up.
    pub(super) fn required_pairs(&self, known: &[Pair]) -> Vec<Pair> {
        let known: FxHashSet<(u32, u32)> = known.iter().map(|pair| (pair.a, pair.b)).collect();
        let mut missing: Vec<(u32, u32)> = self.required.difference(&known).copied().collect();
        missing.sort_unstable();
        missing
            .into_iter()
            .map(|(a, b)| Pair {
                a,
                b,
                weight: Pair::DECIDED,
                rules: 0,
            })
            .collect()
    }

    fn is_required(&self, a: u32, b: u32) -> bool {
        !self.required.is_empty() && self.reason(a, b) == Some(Reason::MustLink)
    }
}

struct SameOrganisation<'a> {
    records: &'a Records,
    model: &'a Model,
    rules: &'a Constraints,
    threshold: f32,
}

impl Evidence for SameOrganisation<'_> {
    fn weight(&self, a: u32, b: u32) -> f32 {
        let (a, b) = (a.min(b) as usize, a.max(b) as usize);
        self.model.weigh(&compare(self.records, a, b)).total - self.threshold
    }

    fn is_forbidden(&self, a: u32, b: u32) -> bool {
        !self.rules.may_compare(a as usize, b as usize)
    }

    fn is_required(&self, a: u32, b: u32) -> bool {
        self.rules.is_required(a, b)
    }

    fn copies(&self, a: u32) -> f32 {
        copies(self.records, a)
    }

    fn exclusive(&self, a: u32) -> Vec<u64> {
        self.rules.exclusive_source(a).into_iter().collect()
    }
}

fn copies(records: &Records, record: u32) -> f32 {
    let copies = records.copies.get(record as usize);
    copies.copied().unwrap_or(1) as f32
}

struct SameLaureate<'a> {
    records: &'a Records,
    model: Model,
    rules: &'a Constraints,
}

impl Evidence for SameLaureate<'_> {
    fn weight(&self, a: u32, b: u32) -> f32 {
        let (a, b) = (a.min(b) as usize, a.max(b) as usize);
        self.model.weigh(&compare(self.records, a, b)).total
    }

    fn is_forbidden(&self, a: u32, b: u32) -> bool {
        !matches!(self.rules.reason(a, b), None | Some(Reason::MustLink))
    }

    fn is_required(&self, a: u32, b: u32) -> bool {
        self.rules.is_required(a, b)
    }

    fn copies(&self, a: u32) -> f32 {
        copies(self.records, a)
    }

    fn exclusive(&self, a: u32) -> Vec<u64> {
        let mut keys = self.rules.lists_of(a).to_vec();
        keys.extend(self.rules.exclusive_source(a));
        keys.extend(self.rules.parted(a));
        keys
    }
}

/// The organisation and the laureate of each record, along the pairs.
pub(super) fn labels(
    records: &Records,
    model: &Model,
    rules: &Constraints,
    pairs: &[Pair],
    threshold: f32,
) -> (Vec<u32>, Vec<u32>) {
    let organisation = organisations(records, model, rules, pairs, threshold);
    let laureate = within(records, rules, &organisation, pairs);
    (organisation, laureate)
}

/// The organisation of each record, along the pairs above the threshold and those that people decided, whatever they weigh.
pub(super) fn organisations(
    records: &Records,
    model: &Model,
    rules: &Constraints,
    pairs: &[Pair],
    threshold: f32,
) -> Vec<u32> {
    let weight = |pair: &Pair| {
        if rules.is_required(pair.a, pair.b) {
            Pair::DECIDED
        } else {
            pair.weight - threshold
        }
    };
    let edges: Vec<Edge> = (pairs.iter())
        .map(|pair| Edge {
            a: pair.a,
            b: pair.b,
            weight: weight(pair),
        })
        .filter(|edge| edge.weight > 0.0)
        .collect();
    let evidence = SameOrganisation {
        records,
        model,
        rules,
        threshold,
    };
    cluster(records.order.len(), &edges, &evidence)
}

/// Mentions of one organisation that are compared each with each; of more, those that were brought together before, or have nearly the same title.
const EACH_WITH_EACH: usize = 300;
/// How many of its neighbours, by title, a mention of a larger organisation is compared with.
const WINDOW: usize = 12;

/// The laureate of each record, within its organisation. `pairs` are those compared before.
fn within(
    records: &Records,
    rules: &Constraints,
    organisation: &[u32],
    pairs: &[Pair],
) -> Vec<u32> {
    let evidence = SameLaureate {
        records,
        model: rules.laureate_model(),
        rules,
    };
    let mut members: Vec<(u32, u32)> = (0_u32..).zip(organisation).map(|(a, b)| (*b, a)).collect();
    members.par_sort_unstable();
    let mut candidates: Vec<(u32, u32)> = Vec::new();
    let mut large: FxHashSet<u32> = FxHashSet::default();
    for group in members.chunk_by(|a, b| a.0 == b.0) {
        let mut group: Vec<u32> = group.iter().map(|(_, record)| *record).collect();
        let mut window = group.len();
        if window > EACH_WITH_EACH {
            large.extend(group.first());
            group.sort_by_key(|record| (records.likeness.get(*record as usize), *record));
            window = WINDOW;
        }
        for (at, a) in group.iter().enumerate() {
            let others = group.iter().skip(at + 1).take(window);
            candidates.extend(others.map(|b| (*a.min(b), *a.max(b))));
        }
    }
    let label = |record: u32| organisation.get(record as usize);
    let of_large = pairs.iter().filter(|pair| {
        let label = label(pair.a).filter(|own| Some(*own) == label(pair.b));
        label.is_some_and(|label| large.contains(label))
    });
    candidates.extend(of_large.map(|pair| (pair.a, pair.b)));
    candidates.par_sort_unstable();
    candidates.dedup();
    let edges: Vec<Edge> = candidates
        .into_par_iter()
        .filter_map(|(a, b)| {
            let weight = if rules.is_required(a, b) {
                f32::MAX
            } else if evidence.is_forbidden(a, b) {
                return None;
            } else {
                evidence.weight(a, b)
            };
            (weight > 0.0).then_some(Edge { a, b, weight })
        })
        .collect();
    cluster(records.order.len(), &edges, &evidence)
}
