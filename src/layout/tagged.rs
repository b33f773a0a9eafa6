//! What the maker of a PDF says its text is, checked against where it stands. In: a page and the structure tree; out: drafts of blocks in the order of
//! the tree, and how well the two agree. Where they do not agree over the whole document, its layout goes by geometry alone.
//!
//! A tree says which text is one paragraph, item, heading or cell, and in which order they are read, also over pages. What is one line, one word or a
//! line break is told by geometry, as everywhere.

use rustc_hash::FxHashMap;

use super::blocks::{self, Break, Draft};
use super::lines::{self, Line};
use super::regions;
use super::words::{self, Fragment, Words};
use super::{PageLayout, reading_order};
use crate::model::document::{BlockLabel, Cell, Node};
use crate::model::geometry::BoundingBox;
use crate::model::page::{Glyph, Page, TextSpan};
use crate::model::structure::{Flow, Role, Structure};

/// A tree tells at least this share of the characters of the text.
const TOLD: f32 = 0.9;
/// Words that belong to several flows, and characters of flows that lie over others, are less than this share.
const CUT: f32 = 0.05;
const OVERLAPPED: f32 = 0.1;
/// Flows lie over each other that share this part of the smaller.
const OVER: f32 = 0.3;
/// Flows that only go on the one before are less than this share: else each line is a flow.
const GOING_ON: f32 = 0.2;
/// Cells of a table that stand beside their column are less than this share: else some are missing in the tree.
const SLIPPED: f32 = 0.05;
/// A flow of so many characters and more on a page is none: a text box, or a page.
const LUMP: usize = 4_000;
/// A flow goes on further up where a line stands so far (ems) above the one before it: in the next column.
const NEXT_COLUMN: f32 = 0.8;
/// How many flows below are looked at for those that lie over one.
const NEAREST: usize = 60;
/// A cell with more flows than this on average is a part of the page, not a value.
const MOST_FLOWS_OF_CELL: usize = 4;

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

/// How tree and page agree, in characters, words and flows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Agreement {
    n_characters: usize,
    n_told: usize,
    n_overlapped: usize,
    n_lumped: usize,
    n_words: usize,
    n_cut: usize,
    n_flows: usize,
    n_going_on: usize,
    n_cells: usize,
    n_slipped: usize,
}

/// Whether what the tree says of the pages is to be believed.
pub(super) fn is_sound(pages: &[PageLayout]) -> bool {
    let mut sum = Agreement::default();
    for page in pages {
        let Some(tagged) = &page.tagged else { continue };
        let of = &tagged.agreement;
        sum.n_characters += of.n_characters;
        sum.n_told += of.n_told;
        sum.n_overlapped += of.n_overlapped;
        sum.n_lumped += of.n_lumped;
        sum.n_words += of.n_words;
        sum.n_cut += of.n_cut;
        sum.n_flows += of.n_flows;
        sum.n_going_on += of.n_going_on;
        sum.n_cells += of.n_cells;
        sum.n_slipped += of.n_slipped;
    }
    let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
    sum.n_told > 0
        && share(sum.n_told, sum.n_characters) >= TOLD
        && share(sum.n_overlapped, sum.n_told) < OVERLAPPED
        && share(sum.n_lumped, sum.n_told) < OVERLAPPED
        && share(sum.n_cut, sum.n_words) < CUT
        && share(sum.n_going_on, sum.n_flows) < GOING_ON
        && share(sum.n_slipped, sum.n_cells) < SLIPPED
}

/// The tree, and what layout asks of it.
pub(super) struct Tree<'s> {
    structure: &'s Structure,
    /// The place in a table of each element that is a cell.
    cells: FxHashMap<u32, Cell>,
    /// Whether any text is a heading by it.
    pub(super) has_headings: bool,
}

impl<'s> Tree<'s> {
    pub(super) fn of(structure: &'s Structure) -> Self {
        let has_headings = (structure.flows.iter())
            .any(|flow| matches!(role(structure, flow.element), Some(Role::Heading(_))));
        Self {
            structure,
            cells: cells(structure),
            has_headings,
        }
    }

    fn flow(&self, flow: u32) -> Option<&Flow> {
        self.structure.flows.get(flow as usize)
    }

    /// The elements that hold a flow, from the nearest on.
    fn holders(&self, flow: u32) -> impl Iterator<Item = u32> {
        let parent = |element: &u32| self.structure.elements.get(*element as usize)?.parent;
        std::iter::successors(self.flow(flow).map(|flow| flow.element), parent)
    }

    /// The element that a flow is of.
    pub(super) fn node(&self, flow: u32) -> Option<u32> {
        self.flow(flow).map(|flow| flow.element)
    }

    /// Where in a table a flow stands.
    pub(super) fn cell(&self, flow: u32) -> Option<Cell> {
        self.holders(flow)
            .find_map(|element| self.cells.get(&element).copied())
    }

    /// What a flow is, and the rank of a heading where that is told.
    pub(super) fn label(&self, flow: u32) -> (BlockLabel, Option<u8>) {
        for element in self.holders(flow) {
            match role(self.structure, element) {
                Some(Role::Heading(rank)) => return (BlockLabel::SectionHeader, rank),
                Some(Role::Caption) => return (BlockLabel::Caption, None),
                Some(Role::Quote) => return (BlockLabel::Quote, None),
                Some(Role::Note) => return (BlockLabel::Footnote, None),
                Some(Role::Item | Role::Cell { .. } | Role::Table) => break,
                _ => {}
            }
        }
        let begins_item = self.flow(flow).is_some_and(|flow| flow.begins_item);
        let label = if begins_item {
            BlockLabel::ListItem
        } else {
            BlockLabel::Text
        };
        (label, None)
    }

    /// How deep in lists a flow stands, from 0.
    pub(super) fn depth(&self, flow: u32) -> u8 {
        self.flow(flow)
            .map_or(0, |flow| flow.n_lists.saturating_sub(1))
    }

    /// The elements, as pages of the web have them.
    pub(super) fn nodes(&self) -> Vec<Node> {
        let elements = &self.structure.elements;
        let mut seen: FxHashMap<(Option<u32>, &str), u32> = FxHashMap::default();
        elements
            .iter()
            .map(|element| {
                let tag = match element.role {
                    Role::Group => "div",
                    Role::Paragraph => "p",
                    Role::Heading(Some(1)) => "h1",
                    Role::Heading(Some(2)) => "h2",
                    Role::Heading(Some(3)) => "h3",
                    Role::Heading(Some(4)) => "h4",
                    Role::Heading(_) => "h5",
                    Role::List => "ul",
                    Role::Item => "li",
                    Role::Table => "table",
                    Role::Row => "tr",
                    Role::Cell { header: true } => "th",
                    Role::Cell { header: false } => "td",
                    Role::Caption => "caption",
                    Role::Quote => "blockquote",
                    Role::Note => "aside",
                };
                let number = seen.entry((element.parent, tag)).or_default();
                *number += 1;
                Node {
                    parent: element.parent,
                    tag: tag.to_owned(),
                    class: String::new(),
                    id: String::new(),
                    nth_of_type: *number,
                }
            })
            .collect()
    }
}

fn role(structure: &Structure, element: u32) -> Option<Role> {
    (structure.elements.get(element as usize)).map(|element| element.role)
}

/// A table of the tree while its cells are placed.
#[derive(Default)]
struct Placing {
    rows: u32,
    column: usize,
    /// For each column, how many rows below are taken by a cell above.
    taken: Vec<u16>,
    cells: Vec<(u32, Cell)>,
    n_flows: usize,
    n_columns: usize,
    holds: bool,
}

/// The cells of the tables that hold data.
fn cells(structure: &Structure) -> FxHashMap<u32, Cell> {
    let mut tables: FxHashMap<u32, Placing> = FxHashMap::default();
    // The table that each element stands in.
    let mut of: Vec<Option<u32>> = Vec::with_capacity(structure.elements.len());
    for (number, element) in (0_u32..).zip(&structure.elements) {
        let within = element
            .parent
            .and_then(|parent| of.get(parent as usize).copied().flatten());
        let mut own = within;
        match element.role {
            Role::Table => {
                if let Some(outer) = within.and_then(|outer| tables.get_mut(&outer)) {
                    outer.holds = true;
                }
                tables.insert(number, Placing::default());
                own = Some(number);
            }
            Role::Row => {
                if let Some(table) = within.and_then(|table| tables.get_mut(&table)) {
                    table.begin_row();
                }
            }
            Role::Cell { header } => {
                if let Some(table) = within.and_then(|table| tables.get_mut(&table)) {
                    table.cell(number, header, element.span);
                }
            }
            _ => {}
        }
        of.push(own);
    }
    let mut headed: FxHashMap<u32, bool> = FxHashMap::default();
    for flow in &structure.flows {
        let Some(table) = of.get(flow.element as usize).copied().flatten() else {
            continue;
        };
        if let Some(table) = tables.get_mut(&table) {
            table.n_flows += 1;
        }
        if matches!(role(structure, flow.element), Some(Role::Heading(_))) {
            headed.insert(table, true);
        }
    }
    let mut tables: Vec<(u32, Placing)> = tables.into_iter().collect();
    tables.sort_by_key(|(element, _)| *element);
    tables.retain(|(element, table)| {
        let has_header = table.cells.iter().any(|(_, cell)| cell.header);
        let is_layout = !has_header
            && (table.rows < 2
                || headed.contains_key(element)
                || table.n_flows > table.cells.len() * MOST_FLOWS_OF_CELL);
        table.n_columns > 1 && !table.holds && !is_layout
    });
    (0_u32..)
        .zip(tables)
        .flat_map(|(number, (_, table))| {
            let placed = move |(element, cell)| {
                (
                    element,
                    Cell {
                        table: number,
                        ..cell
                    },
                )
            };
            table.cells.into_iter().map(placed)
        })
        .collect()
}

impl Placing {
    fn begin_row(&mut self) {
        if self.rows > 0 {
            for rows in &mut self.taken {
                *rows = rows.saturating_sub(1);
            }
        }
        self.rows += 1;
        self.column = 0;
    }

    fn cell(&mut self, element: u32, header: bool, (width, height): (u16, u16)) {
        while self.taken.get(self.column).is_some_and(|rows| *rows > 0) {
            self.column += 1;
        }
        self.cells.push((
            element,
            Cell {
                table: 0,
                row: self.rows.saturating_sub(1),
                column: u16::try_from(self.column).unwrap_or(u16::MAX),
                header,
            },
        ));
        let end = (self.column + usize::from(width)).min(usize::from(u16::MAX));
        if height > 1 {
            if self.taken.len() < end {
                self.taken.resize(end, 0);
            }
            if let Some(taken) = self.taken.get_mut(self.column..end) {
                taken.fill(height);
            }
        }
        self.column = end;
        self.n_columns = self.n_columns.max(end);
    }
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
            let (labels, _) = sheet.lines(&part.labels);
            part.label = labels.into_iter().next().map(|label| label.line);
        }
    }
    set_limits(&mut parts, drafts);
    let agreement = agreement(page, words, &parts, tree);
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
            .and_then(|content| tree.structure.contents.get(content as usize));
        let Some(content) = content else {
            rest.push(index);
            continue;
        };
        let open = current.get(&content.flow).copied().filter(|at| {
            let up = NEXT_COLUMN * span.style.size;
            (parts.get(*at)).is_some_and(|part| span.baseline > part.last_baseline - up)
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
            part.last_baseline = span.baseline;
            if content.is_label {
                part.labels.push(index);
            } else {
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
    let mut rows: FxHashMap<i32, Vec<&Line>> = FxHashMap::default();
    for (_, line) in drafts.iter().flat_map(|draft| &draft.lines) {
        rows.entry(height(line.baseline)).or_default().push(line);
    }
    for line in parts.iter_mut().flat_map(|part| &mut part.lines) {
        let line = &mut line.line;
        let row = height(line.baseline);
        let limit = (row - 1..=row + 1)
            .filter_map(|row| rows.get(&row))
            .flatten()
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
        let content = tree.structure.contents.get(content as usize);
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

fn agreement(page: &Page, words: &Words, parts: &[Part], tree: &Tree<'_>) -> Agreement {
    let content_of = |span: &TextSpan| span.content.filter(|_| !span.artifact);
    let mut found = Agreement::default();
    for span in page.spans.iter().filter(|span| !span.artifact) {
        let letters = page.glyphs_of(span).iter();
        let n_letters = letters.filter(|glyph| glyph.character != ' ').count();
        found.n_characters += n_letters;
        found.n_told += if span.content.is_some() { n_letters } else { 0 };
    }
    for fragment in &words.fragments {
        let flow = |word: &words::Word| {
            let content = content_of(page.spans.get(word.span as usize)?)?;
            Some(tree.structure.contents.get(content as usize)?.flow)
        };
        let of_fragment = words.of(fragment);
        found.n_words += of_fragment.len();
        found.n_cut += (of_fragment.iter().zip(of_fragment.iter().skip(1)))
            .filter(|(word, next)| !next.spaced && flow(word) != flow(next))
            .count();
    }
    let mut boxes: Vec<(BoundingBox, usize)> = Vec::with_capacity(parts.len());
    let mut before: Option<&Part> = None;
    for part in parts {
        let mut lines = part.lines.iter().map(|line| &line.line);
        let Some(first) = lines.next() else { continue };
        let (mut bbox, mut length) = (first.bbox, first.text.len());
        for line in lines {
            bbox = bbox.union(&line.bbox);
            length += line.text.len();
        }
        found.n_flows += 1;
        found.n_lumped += if length > LUMP { length } else { 0 };
        if let Some(last) = before.and_then(|part| part.lines.last()) {
            found.n_going_on += usize::from(goes_on(&last.line, first));
        }
        boxes.push((bbox, length));
        before = Some(part);
    }
    (found.n_cells, found.n_slipped) = slipped(parts, tree);
    boxes.sort_by(|a, b| a.0.y0.total_cmp(&b.0.y0));
    let mut lies_over = vec![false; boxes.len()];
    for (at, (bbox, _)) in boxes.iter().enumerate() {
        let below = boxes.iter().enumerate().skip(at + 1).take(NEAREST);
        for (other, (below, _)) in below.take_while(|(_, (below, _))| below.y0 < bbox.y1) {
            let area = |bbox: &BoundingBox| bbox.width() * bbox.height();
            let shared = bbox.overlap_x(below).max(0.0) * bbox.overlap_y(below).max(0.0);
            if shared > OVER * area(bbox).min(area(below)) {
                for index in [at, other] {
                    if let Some(mark) = lies_over.get_mut(index) {
                        *mark = true;
                    }
                }
            }
        }
    }
    found.n_overlapped = (boxes.iter().zip(lies_over))
        .filter(|(_, over)| *over)
        .map(|((_, length), _)| length)
        .sum();
    found
}

/// How many cells of tables there are, and how many of them stand beside the column that most of its cells share.
fn slipped(parts: &[Part], tree: &Tree<'_>) -> (usize, usize) {
    let mut columns: FxHashMap<(u32, u16), Vec<(f32, f32)>> = FxHashMap::default();
    for part in parts {
        let Some(cell) = tree.cell(part.flow).filter(|cell| !cell.header) else {
            continue;
        };
        let boxes = || part.lines.iter().map(|line| line.line.bbox);
        let left = boxes().map(|bbox| bbox.x0).fold(f32::INFINITY, f32::min);
        let right = boxes()
            .map(|bbox| bbox.x1)
            .fold(f32::NEG_INFINITY, f32::max);
        if left < right {
            columns
                .entry((cell.table, cell.column))
                .or_default()
                .push((left, right));
        }
    }
    let (mut n_cells, mut n_slipped) = (0, 0);
    for ranges in columns.into_values() {
        let middle = |mut edges: Vec<f32>| {
            let at = edges.len() / 2;
            *edges.select_nth_unstable_by(at, f32::total_cmp).1
        };
        let left = middle(ranges.iter().map(|range| range.0).collect());
        let right = middle(ranges.iter().map(|range| range.1).collect());
        n_cells += ranges.len();
        n_slipped += (ranges.iter())
            .filter(|range| range.0 > right || range.1 < left)
            .count();
    }
    (n_cells, n_slipped)
}

/// Whether a flow reads and looks like the next line of the one before it.
fn goes_on(above: &Line, below: &Line) -> bool {
    let leading = below.baseline - above.baseline;
    lines::same_style(&above.last_style, &below.first_style)
        && leading > 0.0
        && leading < 1.6 * above.size
        && (above.bbox.x0 - below.bbox.x0).abs() < above.size
        && below.text.as_str().starts_with(char::is_lowercase)
        && !above
            .text
            .as_str()
            .ends_with(['.', ',', ';', ':', '!', '?', ')', '»'])
}
