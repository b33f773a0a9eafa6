//! What the document's structure says, in the blocks: the parts of a flow are one, in the tree's order, labelled as it labels them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Finding, take_up};
use crate::layout::PageLayout;
use crate::layout::blocks::{Break, Draft};
use crate::layout::tagged::{self, Tag, Tree};
use crate::model::document::{Block, BlockLabel};
use crate::model::text::Style;

/// Joins the parts of each flow of the document's structure over columns and pages.
pub(super) fn join_flows(pages: &mut [PageLayout], findings: &mut [Vec<Finding>]) {
    // The last draft of each flow so far.
    let mut open: FxHashMap<u32, ((usize, usize), Tag)> = FxHashMap::default();
    let places: Vec<(usize, usize)> = (pages.iter().enumerate())
        .flat_map(|(page_idx, page)| (0..page.drafts.len()).map(move |draft| (page_idx, draft)))
        .collect();
    for here in places {
        let finding = (findings.get(here.0)).and_then(|page| page.get(here.1));
        let draft = (pages.get(here.0)).and_then(|page| page.drafts.get(here.1));
        let (Some(draft), Some(tag)) = (draft, draft.and_then(|draft| draft.tag)) else {
            continue;
        };
        if finding.is_none_or(|finding| finding.furniture) || draft.rotated {
            continue;
        }
        let before = open.get(&tag.flow).copied();
        let above = before.and_then(|(place, before)| {
            let above = pages.get(place.0)?.drafts.get(place.1)?;
            let is_elsewhere = place.0 != here.0 || above.leaf != draft.leaf;
            is_elsewhere.then_some((place, before, above))
        });
        let place = match above {
            // The head of a table is shown again on each page, as a part of the same flow.
            Some((_, _, above)) if says_the_same(above, draft) => {
                if let Some(finding) =
                    (findings.get_mut(here.0)).and_then(|page| page.get_mut(here.1))
                {
                    finding.furniture = true;
                }
                continue;
            }
            Some((place, before, above)) if draft.marker.is_none() => {
                let how = (above.last().zip(draft.first())).map_or(Break::Soft, |(last, first)| {
                    tagged::follows(last, before.last, first, tag.first)
                });
                take_up(pages, findings, place, here, how);
                place
            }
            _ => here,
        };
        open.insert(tag.flow, (place, tag));
    }
}

fn says_the_same(draft: &Draft, other: &Draft) -> bool {
    draft.lines.len() == other.lines.len()
        && (draft.lines.iter().zip(&other.lines))
            .all(|((_, line), (_, other))| line.text.as_str() == other.text.as_str())
}

/// Says of a block what the document's structure says of its flow.
pub(super) fn tell(block: &mut Block, flow: u32, tree: &Tree<'_>) {
    block.node = tree.node(flow);
    block.cell = tree.cell(flow);
    let (label, level) = tree.label(flow);
    if block.is_body() && label != BlockLabel::Text {
        block.label = label;
        block.level = level;
    }
}

/// Blocks in the order of the document's structure: a column or card may go on over pages before the next begins.
pub(super) fn in_order_of(
    flows: &[u32],
    blocks: Vec<Block>,
    styles: Vec<Option<Style>>,
) -> (Vec<Block>, Vec<Option<Style>>) {
    let mut all: Vec<(u32, (Block, Option<Style>))> = (flows.iter().copied())
        .zip(blocks.into_iter().zip(styles))
        .collect();
    all.sort_by_key(|(flow, _)| *flow);
    all.into_iter().map(|(_, block)| block).unzip()
}

/// Tables whose maker says of no cell that it heads others: the first rows in bold type do, where the others are not.
pub(super) fn head_tables(blocks: &mut [Block], styles: &[Option<Style>]) {
    // For each table, whether it has a header, and the rows that are bold as a whole.
    let mut tables: FxHashMap<u32, (bool, BTreeMap<u32, bool>)> = FxHashMap::default();
    for (block, style) in blocks.iter().zip(styles) {
        let Some(cell) = block.cell else { continue };
        let (headed, rows) = tables.entry(cell.table).or_default();
        *headed |= cell.header;
        *rows.entry(cell.row).or_insert(true) &= style.is_some_and(|style| style.bold);
    }
    let heads: FxHashMap<u32, u32> = (tables.into_iter())
        .filter(|(_, (headed, _))| !headed)
        .filter_map(|(table, (_, rows))| {
            let first_plain = rows.into_iter().find(|(_, bold)| !bold)?.0;
            Some((table, first_plain))
        })
        .collect();
    for block in blocks {
        if let Some(cell) = &mut block.cell
            && heads
                .get(&cell.table)
                .is_some_and(|first| cell.row < *first)
        {
            cell.header = true;
        }
    }
}
