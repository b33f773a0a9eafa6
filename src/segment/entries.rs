//! From anchors to entries: how far each head reaches back, what is context above it, where its body ends.

mod cells;
mod tails;

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidates::{Candidate, Method};
use super::pages;
use super::units::{Form, Unit, Units};
use crate::model::document::{BlockLabel, Document};
use crate::profile::{Field, Section, VOCABULARY, fold};

/// One entry as ranges of units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Units above the entry that are about several: section headings, introductions.
    pub context: Range<usize>,
    /// Its head: number, kicker, title, place.
    pub head: Range<usize>,
    /// What follows the head.
    pub body: Range<usize>,
}

impl Span {
    /// All of the entry's units, its head first.
    pub fn extent(&self) -> Range<usize> {
        self.head.start.min(self.body.start)..self.body.end
    }
}

/// A head has a handful of lines at most: number, kicker, region, place, title over two blocks.
pub(super) const LONGEST_HEAD: usize = 7;

/// A class that this share of the heads has is part of the entry; a rarer one above it is a section's heading.
const ENTRY_LEVEL: f32 = 0.6;

/// Places entries around the anchors of a candidate.
pub fn spans(document: &Document, units: &Units, candidate: &Candidate) -> Vec<Span> {
    let list = &units.list;
    if candidate.method == Method::Lines {
        return one_line_spans(document, list, &candidate.anchors);
    }
    if candidate.alone {
        return lone_spans(list, &candidate.anchors);
    }
    if !candidate.ends.is_empty() {
        return element_spans(document, list, candidate);
    }
    let rows = candidate.method == Method::Rows;
    let zones = if rows {
        candidate
            .anchors
            .iter()
            .map(|anchor| *anchor..*anchor)
            .collect()
    } else {
        zones(document, units, &candidate.anchors)
    };
    let zones = if matches!(candidate.method, Method::Profile(_)) {
        declared_zones(list, &candidate.anchors)
    } else {
        zones
    };
    let in_table = rows || cells::are_rows(document, list, &candidate.anchors);
    let zones = if in_table && !rows {
        cells::keep_to_rows(document, list, &candidate.anchors, zones)
    } else {
        zones
    };
    let zones = tails::sayings_above(list, tails::sums_below(list, zones));
    let level = entry_level_classes(list, &zones);
    let mut spans: Vec<Span> = Vec::new();
    for (number, zone) in zones.iter().enumerate() {
        let next = zones.get(number + 1).map_or(list.len(), |next| next.start);
        // Where a profile says what an entry starts with, it starts there.
        let start = if matches!(candidate.method, Method::Profile(_)) {
            zone.start
        } else {
            let start = head_start(list, zone, &level);
            let row = candidate.anchors.get(number).filter(|_| in_table);
            row.and_then(|anchor| cells::named_row(document, list, start..*anchor, &level))
                .unwrap_or(start)
        };
        let body_end = body_end(document, list, zone.end, next, (rows, in_table));
        let context_start = spans.last().map_or(0, |last: &Span| last.body.end);
        spans.push(Span {
            context: context_start.min(start)..start,
            head: start..zone.end,
            body: zone.end..body_end.max(zone.end),
        });
    }
    if !rows {
        trim_odd_tails(document, units, &mut spans);
        limit_last(&mut spans);
        // A number alone at the very end is a folio.
        if let Some(last) = spans.last_mut().filter(|span| {
            span.body.len() > 1
                && list
                    .get(span.body.end - 1)
                    .is_some_and(|unit| unit.form == Form::Number)
        }) {
            last.body.end -= 1;
        }
        if !matches!(candidate.method, Method::Profile(_)) {
            pages::widen(document, list, &mut spans);
        }
    }
    spans
}

/// From where a profile says that an entry starts: the head-like units.
fn declared_zones(list: &[Unit], anchors: &[usize]) -> Vec<Range<usize>> {
    anchors
        .iter()
        .enumerate()
        .map(|(number, &anchor)| {
            let ceiling = anchors.get(number + 1).copied().unwrap_or(list.len());
            let length = list
                .get(anchor..ceiling)
                .unwrap_or_default()
                .iter()
                .take(LONGEST_HEAD)
                .take_while(|unit| unit.is_head_like())
                .count();
            anchor..anchor + length
        })
        .collect()
}

/// Each anchor is an entry, and nothing below: a head where it can be one.
fn lone_spans(list: &[Unit], anchors: &[usize]) -> Vec<Span> {
    let mut end = 0;
    let of = |&anchor: &usize| {
        let context = end..anchor;
        let n_head = usize::from(list.get(anchor).is_some_and(Unit::is_head_like));
        end = anchor + 1;
        Span {
            context,
            head: anchor..anchor + n_head,
            body: anchor + n_head..end,
        }
    };
    anchors.iter().map(of).collect()
}

/// Lines that a profile knows as being about the entries below them stand in no entry: the entry before ends there, the next starts after.
pub fn keep_sections_out(spans: &mut [Span], sections: &BTreeMap<usize, Section>) {
    if sections.is_empty() {
        return;
    }
    for number in 0..spans.len() {
        let Some(span) = spans.get_mut(number) else {
            break;
        };
        if let Some((last, _)) = sections.range(span.head.clone()).next_back() {
            span.head.start = last + 1;
            span.context.end = last + 1;
        }
        let Some((first, _)) = sections.range(span.body.clone()).next() else {
            continue;
        };
        let end = *first;
        span.body.end = end;
        if let Some(next) = spans.get_mut(number + 1) {
            next.context.start = end;
        }
    }
}

/// Each element is an entry: its first lines are the head.
fn element_spans(document: &Document, list: &[Unit], candidate: &Candidate) -> Vec<Span> {
    let mut above = 0;
    candidate
        .anchors
        .iter()
        .zip(&candidate.ends)
        .map(|(&start, &end)| {
            let heads = (start..end)
                .take(LONGEST_HEAD)
                .take_while(|index| {
                    list.get(*index)
                        .is_some_and(|unit| is_head(document, list, *index, unit))
                })
                .count();
            let context = above.min(start)..start;
            above = end;
            Span {
                context,
                head: start..start + heads,
                body: start + heads..end,
            }
        })
        .collect()
}

/// Each line is an entry; what stands between is context, unless a text stands below most lines.
fn one_line_spans(document: &Document, list: &[Unit], anchors: &[usize]) -> Vec<Span> {
    // A region above the first line is one above others too.
    let regional = anchors
        .first()
        .and_then(|first| list.get(..*first))
        .is_some_and(|above| above.iter().any(is_region_label));
    let tells = |unit: &Unit| {
        matches!(unit.form, Form::Prose | Form::Labelled)
            && !is_introduction(unit)
            && !(regional && is_region_label(unit))
    };
    let below = anchors
        .iter()
        .enumerate()
        .filter(|(number, anchor)| {
            list.get(**anchor + 1).is_some_and(tells)
                && anchors.get(number + 1) != Some(&(**anchor + 1))
        })
        .count();
    let with_text = below * 10 >= anchors.len() * 7;
    let row = |index: usize| {
        let cell = document.blocks.get(list.get(index)?.block)?.cell?;
        Some((cell.table, cell.row))
    };
    let mut end = 0;
    let mut spans: Vec<Span> = anchors
        .iter()
        .enumerate()
        .filter(|(_, anchor)| **anchor < list.len())
        .map(|(number, &anchor)| {
            let context = end..anchor;
            let next = anchors.get(number + 1).copied().unwrap_or(list.len());
            // The other cells of its row are of the entry, whatever they hold.
            let own = row(anchor);
            // So are the labels that its paragraph goes on with.
            let block = list.get(anchor).map(|unit| unit.block);
            let labelled = |unit: &Unit| unit.form == Form::Labelled && block == Some(unit.block);
            let more = (anchor + 1..next)
                .take_while(|index| {
                    own.is_some() && row(*index) == own
                        || list
                            .get(*index)
                            .is_some_and(|unit| labelled(unit) || with_text && tells(unit))
                })
                .count();
            end = anchor + 1 + more;
            Span {
                context,
                head: anchor..anchor,
                body: anchor..end,
            }
        })
        .collect();
    limit_last(&mut spans);
    spans
}

/// Nothing marks the end of the last entry: it is no longer than the longest of the others.
fn limit_last(spans: &mut [Span]) {
    // Two entries say nothing of how long a third may be.
    const ENOUGH: usize = 3;
    let Some((last, others)) = spans
        .split_last_mut()
        .filter(|(_, others)| others.len() + 1 >= ENOUGH)
    else {
        return;
    };
    let longest = others.iter().map(|span| span.body.len()).max().unwrap_or(0);
    last.body.end = last.body.end.min(last.body.start + longest.max(1));
}

/// The head-like units around each anchor.
fn zones(document: &Document, units: &Units, anchors: &[usize]) -> Vec<Range<usize>> {
    let list = &units.list;
    let reach = |anchor: usize, floor: usize| {
        let floor = floor.max(anchor.saturating_sub(LONGEST_HEAD));
        let mut start = anchor;
        // What stands above, one unit or a whole row: a box belongs to no other entry than the text beside it.
        while let Some(above) = start.checked_sub(1) {
            let above = units.row_start(document, above).unwrap_or(above);
            let is_head = above >= floor
                && (above..start).all(|index| {
                    list.get(index)
                        .is_some_and(|unit| is_head(document, list, index, unit))
                });
            if !is_head {
                break;
            }
            start = above;
        }
        start
    };
    let mut starts = Vec::new();
    let mut touching = 0;
    for (number, &anchor) in anchors.iter().enumerate() {
        let floor = number
            .checked_sub(1)
            .and_then(|before| anchors.get(before))
            .map_or(0, |before| before + 1);
        let start = reach(anchor, floor);
        // Nothing but head-like lines since the anchor before: a list of one-line records, where each line stands for itself.
        touching += usize::from(number > 0 && start == floor);
        starts.push(start);
    }
    let one_line = touching * 10 > anchors.len() * 3;
    anchors
        .iter()
        .enumerate()
        .map(|(number, &anchor)| {
            let start = if one_line {
                anchor
            } else {
                starts.get(number).copied().unwrap_or(anchor)
            };
            let ceiling = anchors.get(number + 1).copied().unwrap_or(list.len());
            let mut end = anchor;
            while end < ceiling
                && end - start < LONGEST_HEAD
                && list.get(end).is_some_and(|unit| {
                    unit.is_head_like() && (end == anchor || is_head(document, list, end, unit))
                })
            {
                end += 1;
            }
            // The head of the next entry is not this one's.
            start
                ..end
                    .min(if one_line {
                        ceiling
                    } else {
                        starts
                            .get(number + 1)
                            .copied()
                            .unwrap_or(ceiling)
                            .max(anchor)
                    })
                    .max(start)
        })
        .collect()
}

/// Whether a unit can be part of a head: short, and not an item of a list that goes on.
fn is_head(document: &Document, list: &[Unit], index: usize, unit: &Unit) -> bool {
    if !unit.is_head_like() || is_introduction(unit) || is_of_text_above(document, list, index) {
        return false;
    }
    // What follows a label without value is its value, unless it is a heading.
    let open = index
        .checked_sub(1)
        .and_then(|before| list.get(before))
        .and_then(|before| before.label.as_ref())
        .is_some_and(|label| label.value.is_empty() && !label.column);
    let block = document.blocks.get(unit.block);
    if open && block.is_none_or(|block| block.label != BlockLabel::SectionHeader) {
        return false;
    }
    let marker = |unit: &Unit| {
        document.blocks.get(unit.block).is_some_and(|block| {
            block.label == BlockLabel::ListItem || block.marker.is_some() || block.cell.is_some()
        })
    };
    // Items in a row are a list inside a text; a single item is how some pages set a name.
    let neighbour = |other: Option<&Unit>| {
        other.is_some_and(|other| marker(other) && other.class == unit.class)
    };
    !(marker(unit)
        && (neighbour(index.checked_sub(1).and_then(|before| list.get(before)))
            || neighbour(list.get(index + 1))))
}

fn entry_level_classes(list: &[Unit], zones: &[Range<usize>]) -> BTreeMap<u32, f32> {
    let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
    for zone in zones {
        let mut seen: Vec<u32> = list
            .get(zone.clone())
            .into_iter()
            .flatten()
            .map(|unit| unit.class)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        for class in seen {
            *counts.entry(class).or_default() += 1.0;
        }
    }
    for count in counts.values_mut() {
        *count /= zones.len().max(1) as f32;
    }
    counts
}

/// The first unit of the zone that belongs to the entry; what stands above is context.
fn head_start(list: &[Unit], zone: &Range<usize>, level: &BTreeMap<u32, f32>) -> usize {
    let Some(units) = list.get(zone.clone()) else {
        return zone.start;
    };
    let last_short = units
        .iter()
        .rposition(|unit| unit.form == Form::Short)
        .unwrap_or(0);
    let first = units.iter().take(last_short + 1).position(|unit| {
        let is_region =
            unit.form == Form::Short && VOCABULARY.is_region(without_label(unit.text.as_str()));
        unit.form != Form::Short
            || is_region
            || level
                .get(&unit.class)
                .is_some_and(|share| *share > ENTRY_LEVEL)
    });
    let mut first = first.unwrap_or(last_short);
    // A section's heading has the look of the entries' titles where a format has no styles; what says « lauréats » above a title is a heading.
    while first < last_short
        && units
            .get(first)
            .is_some_and(|unit| unit.form == Form::Short && unit.announces)
    {
        first += 1;
    }
    zone.start + first
}

/// « Région : Bretagne »
pub fn is_region_label(unit: &Unit) -> bool {
    unit.label.as_ref().is_some_and(|label| {
        label.field == Field::Region && !label.column && !label.value.is_empty()
    })
}

/// "Région : Grand Est" is the region Grand Est.
pub fn without_label(text: &str) -> &str {
    text.split_once(':')
        .filter(|(label, _)| fold(label).trim() == "region")
        .map_or(text, |(_, value)| value)
        .trim()
}

/// Whether a heading announces a list of laureates.
pub fn is_list_heading(text: &str) -> bool {
    VOCABULARY.announces_list(text)
}

/// Where the body that starts at `from` ends, `next` at the latest.
fn body_end(
    document: &Document,
    list: &[Unit],
    from: usize,
    next: usize,
    (rows, in_table): (bool, bool),
) -> usize {
    let table = |index: usize| {
        list.get(index)
            .and_then(|unit| document.blocks.get(unit.block))
            .and_then(|block| block.cell)
            .map(|cell| (cell.table, cell.row))
    };
    for index in from..next {
        let Some(unit) = list.get(index) else {
            return index;
        };
        // Behind a row of records, a row that no header labels is a total; other units stand below the table.
        let own = table(index);
        let is_unlabelled = || {
            (list.get(index..next).unwrap_or_default().iter().enumerate())
                .take_while(|(after, _)| {
                    *after == 0 || own.is_some() && table(index + after) == own
                })
                .all(|(_, unit)| unit.label.is_none())
        };
        if (rows || in_table && unit.label.is_none() && is_unlabelled()) && own != table(from) {
            return index;
        }
        if unit
            .label
            .as_ref()
            .is_some_and(|label| label.field == Field::Document)
        {
            return index;
        }
        if is_introduction(unit) {
            return introduction_start(list, from, index);
        }
    }
    next
}

/// The heading or introduction that stands nearest above what follows these units.
pub fn heading_of(above: &[Unit]) -> Option<&Unit> {
    above.iter().rfind(|unit| {
        let leads_on = unit.text.as_str().trim_end().ends_with(':');
        unit.label.is_none() && (unit.form == Form::Short || unit.announces || leads_on)
    })
}

/// A sentence that introduces a list of laureates: « Les projets lauréats sont les suivants : ».
pub fn is_introduction(unit: &Unit) -> bool {
    unit.announces && unit.label.is_none() && unit.text.as_str().trim_end().ends_with(':')
}

/// Paragraphs about a call that come right before an introduction belong to it.
fn introduction_start(list: &[Unit], from: usize, introduction: usize) -> usize {
    let mut start = introduction;
    while start > from
        && list.get(start - 1).is_some_and(|unit| {
            matches!(unit.form, Form::Prose | Form::Short) && speaks_of_call(unit.text.as_str())
        })
    {
        start -= 1;
    }
    start
}

/// Whether a text is about a call rather than about a project.
pub fn speaks_of_call(text: &str) -> bool {
    let folded = fold(text);
    [
        "appel a projet",
        "appels a projet",
        "appel a manifestation",
        "appel a candidature",
        "call for projects",
        "du concours",
        "cet aap",
    ]
    .iter()
    .any(|cue| folded.contains(cue))
}

/// Whether a short line of a page goes on with the text right above it: set like it, and closer to it than to what stands below.
fn is_of_text_above(document: &Document, list: &[Unit], index: usize) -> bool {
    const CLOSER: f32 = 1.5;
    let block = |index: usize| document.blocks.get(list.get(index)?.block);
    let (Some(own), Some(above)) = (block(index), index.checked_sub(1).and_then(block)) else {
        return false;
    };
    let (Some(bbox), Some(upper)) = (own.bbox, above.bbox) else {
        return false;
    };
    let is_text = (list.get(index - 1)).is_some_and(|unit| !unit.is_head_like());
    let alike = own.page == above.page && own.style == above.style && own.cell == above.cell;
    let gap = bbox.y0 - upper.y1;
    let room = block(index + 1)
        .filter(|below| below.page == own.page)
        .and_then(|below| below.bbox)
        .map(|lower| lower.y0 - bbox.y1)
        .filter(|room| *room >= 0.0)
        .unwrap_or(f32::INFINITY);
    is_text && alike && gap >= 0.0 && gap * CLOSER < room
}

/// Headings at the end of a body stand above what follows, unless most bodies end so.
fn trim_odd_tails(document: &Document, units: &Units, spans: &mut [Span]) {
    let is_heading = |index: usize| {
        units.list.get(index).is_some_and(|unit| {
            let marked = document.blocks.get(unit.block).is_some_and(|block| {
                block.label == BlockLabel::ListItem
                    || block.marker.is_some()
                    || block.cell.is_some()
                    || block.boxed.is_some()
                    || block.beside.is_some()
            });
            unit.form == Form::Short && !marked && !is_of_text_above(document, &units.list, index)
        })
    };
    let ending = spans
        .iter()
        .filter(|span| !span.body.is_empty() && is_heading(span.body.end - 1))
        .count();
    if ending * 2 > spans.len() {
        return;
    }
    for number in 0..spans.len() {
        let Some(span) = spans.get_mut(number) else {
            break;
        };
        let mut end = span.body.end;
        while end > span.body.start + 1 && is_heading(end - 1) {
            end -= 1;
        }
        if end < span.body.end {
            span.body.end = end;
            if let Some(next) = spans.get_mut(number + 1) {
                next.context.start = end;
            }
        }
    }
}
