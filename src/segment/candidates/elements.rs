//! Entries that are elements of a page, or items of its lists.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::headed;
use super::{Candidate, MOST_CLASSES, Method};
use crate::model::document::{BlockLabel, Document};
use crate::segment::units::{Unit, Units};

/// Elements of one kind that each hold several units: what a page lays out side by side.
pub(super) fn elements(document: &Document, units: &Units) -> Vec<Candidate> {
    // Farther up, elements are the page's own.
    const DEEPEST: usize = 12;
    let mut kinds: BTreeMap<String, Vec<(u32, usize, usize)>> = BTreeMap::new();
    for (index, unit) in units.list.iter().enumerate() {
        let mut node = document.blocks.get(unit.block).and_then(|block| block.node);
        for _ in 0..DEEPEST {
            let Some(current) = node else { break };
            let Some(element) = document.nodes.get(current as usize) else {
                break;
            };
            if matches!(
                element.tag.as_str(),
                "body" | "html" | "main" | "table" | "tbody" | "thead" | "tr" | "td" | "th" | "p"
            ) {
                node = element.parent;
                continue;
            }
            let members = kinds.entry(kind(document, current)).or_default();
            match members.last_mut() {
                Some((last, _, end)) if *last == current => *end = index + 1,
                _ => members.push((current, index, index + 1)),
            }
            node = element.parent;
        }
    }
    let mut seen: BTreeSet<Vec<(usize, usize)>> = BTreeSet::new();
    let mut list = Vec::new();
    for (kind, members) in kinds {
        let several = members
            .iter()
            .filter(|(_, start, end)| end - start > 1)
            .count();
        let spans: Vec<(usize, usize)> = members
            .iter()
            .map(|(_, start, end)| (*start, *end))
            .collect();
        let apart = spans
            .iter()
            .zip(spans.iter().skip(1))
            .all(|(before, after)| before.1 <= after.0);
        if members.len() > 2
            && several * 10 >= members.len() * 8
            && apart
            && seen.insert(spans.clone())
        {
            let (anchors, ends): (Vec<usize>, Vec<usize>) = spans.into_iter().unzip();
            if headed(document, units, &anchors) {
                continue;
            }
            list.push(Candidate {
                ends,
                ..Candidate::new(Method::Elements(kind), anchors)
            });
        }
    }
    // The most numerous are the smallest; a page has a dozen kinds.
    list.sort_by_key(|candidate| std::cmp::Reverse(candidate.anchors.len()));
    list.truncate(MOST_CLASSES);
    list
}

/// The items of each list, whatever they look like, and those of all lists.
pub(super) fn items(document: &Document, units: &Units) -> Vec<Candidate> {
    // Of two lists in a row, one is of laureates; shorter ones are told otherwise.
    const MOST_LISTS: usize = 4;
    const FEWEST: usize = 3;
    let is_item = |unit: &Unit| {
        (document.blocks.get(unit.block)).is_some_and(|block| block.label == BlockLabel::ListItem)
    };
    let all: Vec<usize> = (0..units.list.len()).collect();
    let of = |index: &usize| units.list.get(*index);
    let mut lists: Vec<Candidate> = all
        .chunk_by(|before, index| of(before).is_some_and(is_item) == of(index).is_some_and(is_item))
        .filter(|run| run.first().and_then(of).is_some_and(is_item))
        .filter_map(|run| {
            let anchors: Vec<usize> = (run.iter().copied())
                .filter(|index| of(index).is_some_and(|unit| unit.offset == 0 && !leads(unit)))
                .collect();
            let end = run.last()? + 1;
            let ends = anchors.iter().skip(1).copied().chain([end]).collect();
            (anchors.len() >= FEWEST).then(|| Candidate {
                ends,
                ..Candidate::new(Method::Elements("li".to_owned()), anchors)
            })
        })
        .collect();
    lists.sort_by_key(|list| std::cmp::Reverse(list.anchors.len()));
    lists.truncate(MOST_LISTS);
    let mut lists: Vec<Candidate> = (lists.into_iter().enumerate())
        .map(|(number, list)| list.told_apart(&format!("list {number}")))
        .collect();
    if lists.len() > 1 {
        let mut spans: Vec<(usize, usize)> = (lists.iter())
            .flat_map(|list| list.anchors.iter().copied().zip(list.ends.iter().copied()))
            .collect();
        spans.sort_unstable();
        let (anchors, ends) = spans.into_iter().unzip();
        lists.push(Candidate {
            ends,
            ..Candidate::new(Method::Elements("li".to_owned()), anchors).told_apart("all lists")
        });
    }
    lists
}

/// « Les lauréats : » introduces the items below it.
pub(super) fn leads(unit: &Unit) -> bool {
    unit.text.as_str().trim_end().ends_with(':')
}

/// The kind of an element: its name and first class, and those of what holds it. Further classes tell one card from another.
fn kind(document: &Document, node: u32) -> String {
    let mut names = Vec::new();
    let mut current = Some(node);
    while let Some(element) = current.and_then(|node| document.nodes.get(node as usize)) {
        if names.len() == 3 {
            break;
        }
        names.push(format!(
            "{}.{}",
            element.tag,
            element.class.split_whitespace().next().unwrap_or_default()
        ));
        current = element.parent;
    }
    names.join("/")
}
