//! Weighed pairs in, groups out: records are merged while the evidence between whole groups is for it, not while any chain of pairs reaches, and
//! never across a prohibition. No weight is computed here but those that the caller's function gives.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// A pair with evidence for it, in log2 odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) weight: f32,
}

/// What clustering asks about pairs.
pub(super) trait Evidence: Sync {
    /// Log2 odds of any pair, considered before or not.
    fn weight(&self, a: u32, b: u32) -> f32;
    /// May the two never be together?
    fn is_forbidden(&self, a: u32, b: u32) -> bool;
    /// Must the two be together?
    fn is_required(&self, a: u32, b: u32) -> bool;
    /// How many records state what this one does.
    fn copies(&self, a: u32) -> f32;
    /// Keys that only one member of a group may have: another way to say what is forbidden.
    fn exclusive(&self, a: u32) -> Vec<u64>;
}

/// One pair may speak this much for or against a merge of groups: a single surprising pair does not outvote many.
const VOICE: f32 = 12.0;
/// What evidence beyond its limit still weighs: enough to tell which of two comes first.
const BEYOND: f32 = 1e-3;
/// Groups up to this size are compared pair by pair; in a larger one, groups that a pair brings together are compared by some of their members.
const GROUP: usize = 150;
/// Members of a group that speak for it there.
const SPEAKERS: usize = 4;

/// The group of each of `count` records, named by its smallest member.
pub(super) fn cluster(count: usize, edges: &[Edge], evidence: &dyn Evidence) -> Vec<u32> {
    let mut labels: Vec<u32> = (0..count)
        .map(|index| u32::try_from(index).unwrap_or(u32::MAX))
        .collect();
    let groups: Vec<(Vec<u32>, Vec<Edge>)> = components(edges);
    let parted: Vec<Vec<u32>> = groups
        .into_par_iter()
        .flat_map_iter(|(members, edges)| part(&members, edges, evidence))
        .collect();
    for group in parted {
        let Some(smallest) = group.iter().min().copied() else {
            continue;
        };
        for member in group {
            if let Some(label) = labels.get_mut(member as usize) {
                *label = smallest;
            }
        }
    }
    labels
}

/// Records that pairs connect, each group with its pairs, in the order of the smallest members.
fn components(edges: &[Edge]) -> Vec<(Vec<u32>, Vec<Edge>)> {
    let mut members: Vec<u32> = edges.iter().flat_map(|edge| [edge.a, edge.b]).collect();
    members.sort_unstable();
    members.dedup();
    let index = |member: u32| members.binary_search(&member).unwrap_or_default();
    let mut parent: Vec<usize> = (0..members.len()).collect();
    for edge in edges {
        let (a, b) = (
            root(&mut parent, index(edge.a)),
            root(&mut parent, index(edge.b)),
        );
        let (low, high) = (a.min(b), a.max(b));
        if let Some(parent) = parent.get_mut(high) {
            *parent = low;
        }
    }
    // A root is the smallest of its group, so that groups come in order.
    let mut place = vec![usize::MAX; members.len()];
    let mut groups: Vec<(Vec<u32>, Vec<Edge>)> = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let root = root(&mut parent, at);
        if root == at {
            if let Some(place) = place.get_mut(at) {
                *place = groups.len();
            }
            groups.push((Vec::new(), Vec::new()));
        }
        if let Some(group) = place.get(root).and_then(|place| groups.get_mut(*place)) {
            group.0.push(*member);
        }
    }
    for edge in edges {
        let root = root(&mut parent, index(edge.a));
        if let Some(group) = place.get(root).and_then(|place| groups.get_mut(*place)) {
            group.1.push(*edge);
        }
    }
    groups
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    loop {
        let up = parent.get(at).copied().unwrap_or(at);
        if up == at {
            return at;
        }
        let above = parent.get(up).copied().unwrap_or(up);
        if let Some(parent) = parent.get_mut(at) {
            *parent = above;
        }
        at = above;
    }
}

/// Parts one connected group into groups that hold together.
fn part(members: &[u32], edges: Vec<Edge>, evidence: &dyn Evidence) -> Vec<Vec<u32>> {
    match members {
        [a, b] if evidence.is_forbidden(*a, *b) => vec![vec![*a], vec![*b]],
        [a, b] => vec![vec![*a, *b]],
        members if members.len() <= GROUP => agglomerate(members, evidence),
        members => join(members, edges, evidence),
    }
}

/// Joins along the pairs, the strongest first, while some members of both groups have evidence between them: as many comparisons as there are pairs.
fn join(members: &[u32], mut edges: Vec<Edge>, evidence: &dyn Evidence) -> Vec<Vec<u32>> {
    edges.sort_by(|x, y| {
        y.weight
            .total_cmp(&x.weight)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    });
    let mut groups: Vec<Joined> = members
        .iter()
        .map(|member| Joined::of(*member, evidence))
        .collect();
    let mut parent: Vec<usize> = (0..members.len()).collect();
    let place = |member: u32| members.binary_search(&member).unwrap_or_default();
    for edge in edges {
        let (a, b) = (
            root(&mut parent, place(edge.a)),
            root(&mut parent, place(edge.b)),
        );
        let (low, high) = (a.min(b), a.max(b));
        let (Some(first), Some(second)) = (groups.get(low), groups.get(high)) else {
            continue;
        };
        let required = evidence.is_required(edge.a, edge.b);
        if low == high || !required && !first.holds_with(second, evidence) {
            continue;
        }
        let moved = groups.get_mut(high).map(std::mem::take).unwrap_or_default();
        if let Some(group) = groups.get_mut(low) {
            group.extend(moved);
        }
        if let Some(parent) = parent.get_mut(high) {
            *parent = low;
        }
    }
    groups
        .into_iter()
        .map(|group| group.members)
        .filter(|members| !members.is_empty())
        .collect()
}

/// A group of which nobody compares all members.
#[derive(Default)]
struct Joined {
    members: Vec<u32>,
    /// What only one group may hold.
    own: FxHashSet<u64>,
}

impl Joined {
    fn of(member: u32, evidence: &dyn Evidence) -> Self {
        Self {
            members: vec![member],
            own: evidence.exclusive(member).into_iter().collect(),
        }
    }

    /// May the groups be one, and is there evidence between those who speak for them?
    fn holds_with(&self, other: &Self, evidence: &dyn Evidence) -> bool {
        let (few, many) = if self.own.len() <= other.own.len() {
            (&self.own, &other.own)
        } else {
            (&other.own, &self.own)
        };
        if few.iter().any(|key| many.contains(key)) {
            return false;
        }
        let sum: f32 = self
            .speakers()
            .flat_map(|a| other.speakers().map(move |b| (a, b)))
            .map(|(a, b)| voice(a, b, evidence))
            .sum();
        sum > 0.0
    }

    /// Some members, from all over the group; the first is one that many records state.
    fn speakers(&self) -> impl Iterator<Item = u32> {
        let step = self.members.len().div_ceil(SPEAKERS);
        self.members.iter().step_by(step.max(1)).copied()
    }

    fn extend(&mut self, mut other: Self) {
        if self.own.len() < other.own.len() {
            std::mem::swap(&mut self.own, &mut other.own);
        }
        self.own.extend(other.own);
        self.members.extend(other.members);
    }
}

/// What a pair says in a question of groups, once for each pair of records that say it.
fn voice(a: u32, b: u32, evidence: &dyn Evidence) -> f32 {
    // Of voices at their limit, the one with more behind it comes first.
    let weight = evidence.weight(a, b);
    (weight.clamp(-VOICE, VOICE) + weight * BEYOND) * evidence.copies(a) * evidence.copies(b)
}

/// Merges the two groups with the most evidence between them, again and again, while there is any.
fn agglomerate(members: &[u32], evidence: &dyn Evidence) -> Vec<Vec<u32>> {
    let count = members.len();
    let mut groups: Vec<Vec<u32>> = members.iter().map(|member| vec![*member]).collect();
    let mut sizes: Vec<f32> = members
        .iter()
        .map(|member| evidence.copies(*member))
        .collect();
    let mut between = Between::new(count);
    for (i, a) in members.iter().enumerate() {
        for (j, b) in members.iter().enumerate().skip(i + 1) {
            let weight = if evidence.is_forbidden(*a, *b) {
                f32::NEG_INFINITY
            } else if evidence.is_required(*a, *b) {
                f32::INFINITY
            } else {
                voice(*a, *b, evidence)
            };
            between.set(i, j, weight);
        }
    }
    let mut alive: Vec<usize> = (0..count).collect();
    loop {
        let mut best: Option<(f32, usize, usize)> = None;
        for (at, i) in alive.iter().enumerate() {
            for j in alive.iter().skip(at + 1) {
                let records = |group: &usize| sizes.get(*group).copied().unwrap_or(1.0);
                let average = between.get(*i, *j) / (records(i) * records(j));
                if average > 0.0 && best.is_none_or(|(most, _, _)| average > most) {
                    best = Some((average, *i, *j));
                }
            }
        }
        let Some((_, i, j)) = best else { break };
        let moved = groups.get_mut(j).map(std::mem::take).unwrap_or_default();
        if let Some(group) = groups.get_mut(i) {
            group.extend(moved);
        }
        let added = sizes.get(j).copied().unwrap_or_default();
        if let Some(size) = sizes.get_mut(i) {
            *size += added;
        }
        alive.retain(|other| *other != j);
        for other in &alive {
            if *other != i {
                between.add(i, *other, between.get(j, *other));
            }
        }
    }
    groups
        .into_iter()
        .filter(|group| !group.is_empty())
        .collect()
}

/// Sums of evidence between groups.
struct Between {
    count: usize,
    sums: Vec<f32>,
}

impl Between {
    fn new(count: usize) -> Self {
        Self {
            count,
            sums: vec![0.0; count * count],
        }
    }

    fn get(&self, i: usize, j: usize) -> f32 {
        self.sums
            .get(i.min(j) * self.count + i.max(j))
            .copied()
            .unwrap_or_default()
    }

    fn set(&mut self, i: usize, j: usize, weight: f32) {
        if let Some(sum) = self.sums.get_mut(i.min(j) * self.count + i.max(j)) {
            *sum = weight;
        }
    }

    fn add(&mut self, i: usize, j: usize, weight: f32) {
        let sum = self.get(i, j) + weight;
        // A prohibition outweighs a requirement: infinities of both signs have no sum.
        self.set(i, j, if sum.is_nan() { f32::NEG_INFINITY } else { sum });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evidence between neighbours only; everything else speaks against.
    struct Chain<'a> {
        edges: &'a [(u32, u32, f32)],
        forbidden: &'a [(u32, u32)],
    }

    impl Evidence for Chain<'_> {
        fn weight(&self, a: u32, b: u32) -> f32 {
            self.edges
                .iter()
                .find(|(x, y, _)| (*x, *y) == (a, b))
                .map_or(-8.0, |(_, _, weight)| *weight)
        }
        fn is_forbidden(&self, a: u32, b: u32) -> bool {
            self.forbidden.contains(&(a, b))
        }
        fn is_required(&self, _: u32, _: u32) -> bool {
            false
        }
        fn copies(&self, _: u32) -> f32 {
            1.0
        }
        fn exclusive(&self, a: u32) -> Vec<u64> {
            let pairs = (0_u64..).zip(self.forbidden);
            pairs
                .filter(|(_, (x, y))| [*x, *y].contains(&a))
                .map(|(at, _)| at)
                .collect()
        }
    }

    #[track_caller]
    fn check(count: usize, edges: &[(u32, u32, f32)], forbidden: &[(u32, u32)], expected: &[u32]) {
        let listed: Vec<Edge> = edges
            .iter()
            .map(|(a, b, weight)| Edge {
                a: *a,
                b: *b,
                weight: *weight,
            })
            .collect();
        assert_eq!(
            cluster(count, &listed, &Chain { edges, forbidden }),
            expected
        );
    }

    #[test]
    fn a_chain_is_cut_at_its_weak_bridge() {
        check(
            4,
            &[(0, 1, 9.0), (1, 2, 1.0), (2, 3, 9.0)],
            &[],
            &[0, 0, 2, 2],
        );
    }

    #[test]
    fn what_agrees_all_round_is_one() {
        check(3, &[(0, 1, 9.0), (1, 2, 1.0), (0, 2, 2.0)], &[], &[0, 0, 0]);
    }

    #[test]
    fn a_prohibition_holds_whatever_the_evidence() {
        check(
            3,
            &[(0, 1, 12.0), (1, 2, 11.0), (0, 2, 12.0)],
            &[(0, 2)],
            &[0, 0, 2],
        );
    }
}
