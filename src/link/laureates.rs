//! The two levels of linking, organisations and the laureates within them, and what may never or must always be together. Weighed pairs in, a label
//! per record out.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::cluster::{Edge, Evidence, cluster};
use super::compare::compare;
use super::records::{Records, Source};
use super::weights::Model;
use super::{LinkOptions, LinkType, Pair};

/// What is settled before any evidence.
#[derive(Debug)]
pub(super) struct Constraints {
    link_type: LinkType,
    source: Vec<u32>,
    list: Vec<u64>,
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
        let find = |id: &str| -> Option<u32> {
            let at = records
                .order
                .binary_search_by(|index| source.id(*index as usize).as_ref().cmp(id))
                .ok()?;
            u32::try_from(at).ok()
        };
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
            list: records.list.clone(),
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
        let list = |record: u32| self.list.get(record as usize).copied().unwrap_or(0);
        if self.forbidden.contains(&pair) {
            Some(Reason::CannotLink)
        } else if self.required.contains(&pair) {
            Some(Reason::MustLink)
        } else if !self.may_compare(a as usize, b as usize) {
            Some(Reason::LinkType)
        } else if list(a) != 0 && list(a) == list(b) {
            Some(Reason::SameList)
        } else {
            None
        }
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
                weight: f32::MAX,
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
}

/// The organisation of each record.
pub(super) fn organisations(
    records: &Records,
    model: &Model,
    rules: &Constraints,
    edges: &[Edge],
    threshold: f32,
) -> Vec<u32> {
    let evidence = SameOrganisation {
        records,
        model,
        rules,
        threshold,
    };
    cluster(records.order.len(), edges, &evidence)
}

/// Mentions of one organisation that are compared each with each; of more, those with nearly the same title.
const EACH_WITH_EACH: usize = 300;
/// How many of its neighbours, by title, a mention of a larger organisation is compared with.
const WINDOW: usize = 12;

/// The laureate of each record, within its organisation.
pub(super) fn within(records: &Records, rules: &Constraints, organisation: &[u32]) -> Vec<u32> {
    let evidence = SameLaureate {
        records,
        model: rules.laureate_model(),
        rules,
    };
    let mut members: Vec<(u32, u32)> = (0_u32..).zip(organisation).map(|(a, b)| (*b, a)).collect();
    members.par_sort_unstable();
    let edges: Vec<Edge> = members
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .flat_map_iter(|group| {
            let mut group: Vec<u32> = group.iter().map(|(_, record)| *record).collect();
            let window = if group.len() <= EACH_WITH_EACH {
                group.len()
            } else {
                group.sort_by_key(|record| (records.title_key.get(*record as usize), *record));
                WINDOW
            };
            let mut edges = Vec::new();
            for (at, a) in group.iter().enumerate() {
                for b in group.iter().skip(at + 1).take(window) {
                    let (a, b) = (*a.min(b), *a.max(b));
                    let weight = if rules.is_required(a, b) {
                        f32::MAX
                    } else if evidence.is_forbidden(a, b) {
                        continue;
                    } else {
                        evidence.weight(a, b)
                    };
                    if weight > 0.0 {
                        edges.push(Edge { a, b, weight });
                    }
                }
            }
            edges
        })
        .collect();
    cluster(records.order.len(), &edges, &evidence)
}
