//! What the maker of a PDF says its text is, checked against where it stands. In: a page and the structure tree; out: drafts of blocks in the order of
//! the tree, and how well the two agree. Where they do not agree over the whole document, its layout goes by geometry alone.
//!
//! A tree says which text is one paragraph, item, heading or cell, and in which order they are read, also over pages. What is one line, one word or a
//! line break is told by geometry, as everywhere.

mod agreement;
mod tree;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use self::agreement::Agreement;
pub(super) use self::agreement::is_sound;
pub(super) use self::tree::Tree;
use super::blocks::{self, Break, Draft};
use super::lines::{self, Line};
use super::reading_order;
use super::regions;
use super::words::{self, Fragment, Words};
use crate::model::page::{Glyph, Page, TextSpan};

/// A flow goes on further up where a line stands so far (ems) above the one before it: in the next column.
const NEXT_COLUMN: f32 = 0.8;

/// The part of a flow that a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) flow: u32,
    /// The runs that it begins and ends with.
    pub(super) first: u32,
    pub(super) last: u32,
}

/// A page as the tree tells it.
#[derive(Debug, Default)]
pub(super) struct TaggedPage {
    pub(super) drafts: Vec<Draft>,
    agreement: Agreement,
}

/// The text of a flow on a page, down one column.
struct Part {
    flow: u32,
    spans: Vec<usize>,
    labels: Vec<usize>,
    last_baseline: f32,
    lines: Vec<TaggedLine>,
    rotated: Vec<Line>,
    label: Option<Line>,
}

/// A line, and the runs that it begins and ends with.
struct TaggedLine {
    line: Line,
    first: u32,
    last: u32,
}

/// Reads a page by the tree; `words` and `drafts` are what geometry alone makes of it.
pub(super) fn read(page: &Page, words: &Words, drafts: &[Draft], tree: &Tree<'_>) -> TaggedPage {
    let (mut parts, rest) = parts(page, tree);
    let mut sheet = Sheet::new(page);
    for part in &mut parts {
        let (lines, rotated) = sheet.lines(&part.spans);
        part.lines = lines;
        part.rotated = rotated;
        if !part.labels.is_empty() {
            let (mut labels, turned) = sheet.lines(&part.labels);
            part.rotated.extend(turned);
            // What is called a label and has several lines, or nothing behind it, is text.
            if labels.len() == 1 && !part.lines.is_empty() {
                part.label = labels.pop().map(|label| label.line);
            }
            part.lines.splice(0..0, labels);
        }
    }
    set_limits(&mut parts, drafts);
    let agreement = Agreement::of(page, words, &parts, tree);
    let runs_on = parts.iter().any(|part| {
        let mut pairs = part.lines.iter().zip(part.lines.iter().skip(1));
        pairs.any(|(above, below)| above.last == below.first)
    });
    let mut drafts = Vec::new();
    for (leaf, part) in (1_u32..).zip(parts) {
        drafts.extend(drafts_of(part, leaf, runs_on, tree));
    }
    drafts.sort_by_key(|draft| draft.tag.map(|tag| tag.flow));
    drafts.extend(sheet.rest(&rest));
    TaggedPage { drafts, agreement }
}

/// The spans of each part of a flow, in the order in which the page shows them, and those that the tree does not tell of.
fn parts(page: &Page, tree: &Tree<'_>) -> (Vec<Part>, Vec<usize>) {
    let mut parts: Vec<Part> = Vec::new();
    let mut current: FxHashMap<u32, usize> = FxHashMap::default();
    let mut rest = Vec::new();
    let shows_invisible = words::is_mostly_invisible(page);
    for (index, span) in page.spans.iter().enumerate() {
        if span.invisible && !shows_invisible {
            continue;
        }
        let content = span
            .content
            .filter(|_| !span.artifact)
            .and_then(|content| tree.content(content));
        let Some(content) = content else {
            rest.push(index);
            continue;
        };
        let open = current.get(&content.flow).copied().filter(|at| {
            // A bullet may be shown after the text that it stands beside.
            let up = NEXT_COLUMN * span.style.size;
            let goes_on = |part: &Part| span.baseline > part.last_baseline - up;
            content.is_label || parts.get(*at).is_some_and(goes_on)
        });
        let at = open.unwrap_or_else(|| {
            current.insert(content.flow, parts.len());
            parts.push(Part {
                flow: content.flow,
                spans: Vec::new(),
                labels: Vec::new(),
                last_baseline: span.baseline,
                lines: Vec::new(),
                rotated: Vec::new(),
                label: None,
            });
            parts.len() - 1
        });
        if let Some(part) = parts.get_mut(at) {
            if content.is_label {
                part.labels.push(index);
            } else {
                part.last_baseline = span.baseline;
                part.spans.push(index);
            }
        }
    }
    (parts, rest)
}

/// A page with some of another's spans.
struct Sheet<'p> {
    page: &'p Page,
    own: Page,
}

impl<'p> Sheet<'p> {
    fn new(page: &'p Page) -> Self {
        let own = Page {
            number: page.number,
            width: page.width,
            height: page.height,
            links: page.links.clone(),
            turn: page.turn,
            ..Page::default()
        };
        Self { page, own }
    }

    fn take(&mut self, spans: &[usize]) {
        self.own.glyphs.clear();
        self.own.spans.clear();
        for span in spans.iter().filter_map(|index| self.page.spans.get(*index)) {
            let start = u32::try_from(self.own.glyphs.len()).unwrap_or(u32::MAX);
            let glyphs: &[Glyph] = self.page.glyphs_of(span);
            self.own.glyphs.extend_from_slice(glyphs);
            let end = u32::try_from(self.own.glyphs.len()).unwrap_or(u32::MAX);
            self.own.spans.push(TextSpan {
                glyphs: start..end,
                ..span.clone()
            });
        }
    }

    /// The lines of some spans from top to bottom, and those that are not upright.
    fn lines(&mut self, spans: &[usize]) -> (Vec<TaggedLine>, Vec<Line>) {
        self.take(spans);
        let words = words::read(&self.own, &[]);
        let mut found = Vec::new();
        for row in words.fragments.chunk_by(|a, b| a.row == b.row) {
            let mut row: Vec<&Fragment> = row.iter().collect();
            row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
            let all = || row.iter().flat_map(|fragment| words.of(fragment));
            let content = |word: &words::Word| self.own.spans.get(word.span as usize)?.content;
            let first = all().find_map(content);
            let last = all().rev().find_map(content);
            let line = lines::build(&self.own, &words, &row, f32::NEG_INFINITY, f32::INFINITY);
            if let (Some(line), Some(first), Some(last)) = (line, first, last) {
                found.push(TaggedLine { line, first, last });
            }
        }
        let rotated = (words.rotated.iter())
            .filter_map(|span| lines::build_rotated(&self.own, *span))
            .collect();
        (found, rotated)
    }

    /// What the tree says nothing of, by geometry.
    fn rest(&mut self, spans: &[usize]) -> Vec<Draft> {
        self.take(spans);
        let mut regions = regions::find(&self.own);
        let words = words::read(&self.own, &regions.barriers);
        regions.assign(&words.fragments);
        reading_order::read(&self.own, &words, &regions)
    }
}

/// How far lines could have gone, as the layout by geometry tells of those at their places.
fn set_limits(parts: &mut [Part], drafts: &[Draft]) {
    // Lines beside each other hardly overlap: so many on the left of an edge are looked at.
    const NEAREST: usize = 8;
    let mut rows: BTreeMap<i32, Vec<&Line>> = BTreeMap::new();
    for (_, line) in drafts.iter().flat_map(|draft| &draft.lines) {
        rows.entry(height(line.baseline)).or_default().push(line);
    }
    for row in rows.values_mut() {
        row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    }
    let on_left = |row: i32, x: f32| {
        let row = rows.get(&row).map(Vec::as_slice).unwrap_or_default();
        let end = row.partition_point(|line| line.bbox.x0 < x);
        row.get(end.saturating_sub(NEAREST)..end)
            .unwrap_or_default()
    };
    for line in parts.iter_mut().flat_map(|part| &mut part.lines) {
        let line = &mut line.line;
        let row = height(line.baseline);
        let limit = (row.saturating_sub(1)..=row.saturating_add(1))
            .flat_map(|row| on_left(row, line.bbox.x1))
            .filter(|other| other.bbox.overlap_x(&line.bbox) > 0.0)
            .map(|other| other.limit)
            .fold(f32::NEG_INFINITY, f32::max);
        line.limit = limit.max(line.bbox.x1);
    }
}

/// A height on the page, in points.
fn height(y: f32) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a height beyond is cut off"
    )]
    let height = y.round() as i32;
    height
}

/// How a line of a flow follows another: a run that goes on is broken by typesetting.
pub(super) fn follows(above: &Line, last: u32, below: &Line, first: u32) -> Break {
    let is_broken = last != first && blocks::ends_early(above, below);
    if is_broken { Break::Hard } else { Break::Soft }
}

/// Whether the author ended a line: text that nothing sets apart is one run, where runs go over lines at all.
fn is_ended(above: &TaggedLine, below: &TaggedLine, tree: &Tree<'_>) -> bool {
    let is_plain = |content: u32| {
        let content = tree.content(content);
        content.is_some_and(|content| !content.is_inline)
    };
    above.last != below.first
        && is_plain(above.last)
        && is_plain(below.first)
        && lines::same_style(&above.line.last_style, &below.line.first_style)
}

fn drafts_of(part: Part, leaf: u32, runs_on: bool, tree: &Tree<'_>) -> Vec<Draft> {
    let ended: Vec<bool> = (part.lines.iter().zip(part.lines.iter().skip(1)))
        .map(|(above, below)| runs_on && is_ended(above, below, tree))
        .collect();
    let ended = std::iter::once(false).chain(ended);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut label = part.label.filter(|label| !label.text.is_empty());
    for (TaggedLine { line, first, last }, is_ended) in part.lines.into_iter().zip(ended) {
        let how = drafts.last().and_then(|draft| {
            let tag = draft.tag?;
            let how = follows(draft.last()?, tag.last, &line, first);
            Some(if is_ended { Break::Hard } else { how })
        });
        let begins = match how {
            None => true,
            Some(how) => {
                let before = drafts.last();
                let is_new_run = before
                    .and_then(|draft| draft.tag)
                    .is_some_and(|tag| tag.last != first);
                // Where each line is a run, what ends one may be a part of its own.
                how == Break::Hard && blocks::begins_with_marker(&line, before)
                    || !runs_on && is_new_run && is_set_apart(before, &line)
            }
        };
        let tag = |first| {
            Some(Tag {
                flow: part.flow,
                first,
                last,
            })
        };
        if let (false, Some(how), Some(draft)) = (begins, how, drafts.last_mut()) {
            draft.tag = tag(draft.tag.map_or(first, |tag| tag.first));
            draft.push(how, line);
            continue;
        }
        let mut draft = match label.take() {
            Some(label) => {
                let mut draft = Draft::new(line, leaf);
                draft.marker = Some(label.text);
                draft
            }
            None => blocks::open(line, leaf),
        };
        draft.tag = tag(first);
        draft.depth = tree.depth(part.flow);
        drafts.push(draft);
    }
    for line in part.rotated {
        let mut draft = Draft::new(line, leaf);
        draft.rotated = true;
        drafts.push(draft);
    }
    drafts
}

/// Whether a line is set in another type than all of what stands above it.
fn is_set_apart(above: Option<&Draft>, line: &Line) -> bool {
    let style = above.and_then(Draft::uniform_style);
    line.uniform && style.is_some_and(|style| !lines::same_style(&style, &line.first_style))
}
