//! The drafts of all pages in, the blocks of the document out.

mod flows;

use self::flows::{head_tables, in_order_of, join_flows, tell};
use super::PageLayout;
use super::blocks::{Break, Draft, Row};
use super::footnotes;
use super::furniture;
use super::headings::{Body, Candidate, Ranks, is_heading};
use super::hyphens::{Evidence, is_hyphen};
use super::lines::same_style;
use super::tagged::Tree;
use crate::model::document::{Block, BlockLabel, Cell, Layer, Link};
use crate::model::evidence::Join;
use crate::model::text::{Style, Text};

/// Columns of tables this close (points) are the same on the next page.
const SAME_COLUMN: f32 = 3.0;
/// A table goes on with one of so many before it.
const NEAREST_TABLES: usize = 50;
/// A frame that holds this share of its page's text frames the page, not a part of it.
const FRAMES_PAGE: f32 = 0.75;
/// Prose runs for at least so many bytes.
const SHORTEST_PROSE: usize = 140;
/// The title's type is larger than that of any other heading by this factor, or alone in its size.
const TITLE_SIZE: f32 = 0.98;
/// It is among so many first blocks, or this much larger than the body.
const EARLY: usize = 3;
/// A title may be set in two blocks side by side.
const MOST_TITLES: usize = 2;
const TITLE_OF_BODY: f32 = 1.8;

/// What a draft turned out to be, beside its text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Finding {
    furniture: bool,
    note: bool,
    /// Taken into an earlier paragraph.
    merged: bool,
}

/// Makes blocks of the drafts of all pages.
pub(super) fn assemble(mut pages: Vec<PageLayout>, tree: Option<&Tree<'_>>) -> Vec<Block> {
    let body = body(&pages);
    let furniture = furniture::find(&pages, body.size);
    let mut findings: Vec<Vec<Finding>> = Vec::with_capacity(pages.len());
    for (page, marks) in pages.iter_mut().zip(furniture) {
        let notes = footnotes::find(page, &marks, body.size);
        findings.push(
            marks
                .into_iter()
                .zip(notes)
                .map(|(furniture, note)| Finding {
                    furniture,
                    note,
                    merged: false,
                })
                .collect(),
        );
    }
    let tables = number_tables(&pages, &findings);
    match tree {
        Some(_) => join_flows(&mut pages, &mut findings),
        None => join_over_breaks(&mut pages, &mut findings),
    }
    let hyphens = hyphen_evidence(&pages, &findings);

    let mut blocks = Vec::new();
    let mut styles: Vec<Option<Style>> = Vec::new();
    // The flow of each block, or the last before it.
    let mut flows: Vec<u32> = Vec::new();
    let mut frames_before = 0;
    for ((page, findings), tables) in pages.into_iter().zip(findings).zip(tables) {
        let mut n_frames = 0;
        let n_characters: usize = page
            .drafts
            .iter()
            .zip(&findings)
            .filter(|(_, finding)| !finding.furniture)
            .flat_map(|(draft, _)| &draft.lines)
            .map(|(_, line)| line.text.len())
            .sum();
        let framing: Vec<u32> = page_frames(&page.drafts, n_characters);
        // Where the text of each row begins.
        let mut rows: Vec<(u32, usize)> = Vec::new();
        for (draft, finding) in page.drafts.into_iter().zip(findings) {
            if finding.merged {
                continue;
            }
            let frame = draft.frame.filter(|frame| !framing.contains(frame));
            n_frames = n_frames.max(draft.frame.map_or(0, |frame| frame + 1));
            let cell = draft.cell;
            let row = draft.row;
            let flow = draft.tag.map(|tag| tag.flow);
            let in_bottom_half = draft.bbox.y0 > page.height / 2.0;
            // Text along the side of a page heads no part of it.
            styles.push(draft.uniform_style().filter(|_| !draft.rotated));
            let mut block = block(draft, &hyphens, &page.links);
            if finding.furniture {
                block.layer = Layer::Furniture;
                block.label = if in_bottom_half {
                    BlockLabel::PageFooter
                } else {
                    BlockLabel::PageHeader
                };
            } else if finding.note {
                block.label = BlockLabel::Footnote;
            }
            block.boxed = frame.map(|frame| frame + frames_before);
            match row {
                Some(Row::Leads(row)) => rows.push((row, blocks.len())),
                Some(Row::Beside(row)) => {
                    block.beside =
                        (rows.iter().find(|(leader, _)| *leader == row)).map(|(_, first)| *first);
                }
                None => {}
            }
            block.cell = cell.and_then(|(table, row, column, header)| {
                let (number, first_row) = tables.get(table as usize).copied()?;
                Some(Cell {
                    table: number,
                    row: u32::from(row.saturating_add(first_row)),
                    column,
                    header,
                })
            });
            if let (Some(tree), Some(flow)) = (tree, flow) {
                tell(&mut block, flow, tree);
            }
            flows.push(flow.unwrap_or_else(|| flows.last().copied().unwrap_or(0)));
            blocks.push(block);
        }
        frames_before += n_frames;
    }
    if tree.is_some() {
        (blocks, styles) = in_order_of(&flows, blocks, styles);
        head_tables(&mut blocks, &styles);
    }
    label_headings(
        &mut blocks,
        &styles,
        &body,
        tree.is_some_and(|tree| tree.has_headings),
    );
    blocks
}

fn body(pages: &[PageLayout]) -> Body {
    let mut counts: Vec<(Style, usize)> = Vec::new();
    for (_, line) in pages
        .iter()
        .flat_map(|page| &page.drafts)
        .flat_map(|draft| &draft.lines)
    {
        for segment in line.text.segments() {
            let length = (segment.end - segment.start) as usize;
            match counts.iter_mut().find(|(style, _)| *style == segment.style) {
                Some((_, count)) => *count += length,
                None => counts.push((segment.style, length)),
            }
        }
    }
    Body::of(&counts)
}

/// Frames that hold most of what their page says.
fn page_frames(drafts: &[Draft], n_characters: usize) -> Vec<u32> {
    let mut held: Vec<(u32, usize)> = Vec::new();
    for draft in drafts {
        let Some(frame) = draft.frame else { continue };
        let length: usize = draft.lines.iter().map(|(_, line)| line.text.len()).sum();
        match held.iter_mut().find(|(other, _)| *other == frame) {
            Some((_, total)) => *total += length,
            None => held.push((frame, length)),
        }
    }
    held.into_iter()
        .filter(|(_, length)| *length as f32 > FRAMES_PAGE * n_characters as f32)
        .map(|(frame, _)| frame)
        .collect()
}

/// A table so far.
struct OpenTable {
    number: u32,
    columns: Vec<f32>,
    n_rows: u16,
    /// Whether its first row heads its columns.
    headed: bool,
}

impl OpenTable {
    fn has_columns(&self, xs: &[f32]) -> bool {
        self.columns.len() == xs.len()
            && (self.columns.iter().zip(xs)).all(|(a, b)| (a - b).abs() < SAME_COLUMN)
    }
}

/// The document's number of each table of each page, and the number of its first row. A table at the head of a page with the columns of the one
/// at the foot of the page before goes on; so does one whose columns nothing heads, wherever it stands, with the one before that has the same
/// columns under a header: lists in sections print it once.
fn number_tables(pages: &[PageLayout], findings: &[Vec<Finding>]) -> Vec<Vec<(u32, u16)>> {
    let mut all: Vec<Vec<(u32, u16)>> = Vec::with_capacity(pages.len());
    let mut seen: Vec<OpenTable> = Vec::new();
    // The table that the page before ended with, by its place in `seen`.
    let mut open: Option<usize> = None;
    for (page, findings) in pages.iter().zip(findings) {
        let mut numbers = Vec::new();
        let flow: Vec<&Draft> = page
            .drafts
            .iter()
            .zip(findings)
            .filter(|(_, finding)| !finding.furniture && !finding.note)
            .map(|(draft, _)| draft)
            .collect();
        let first_table = flow.first().and_then(|draft| draft.cell).map(|cell| cell.0);
        let last_table = flow.last().and_then(|draft| draft.cell).map(|cell| cell.0);
        for (local, xs) in (0_u32..).zip(&page.grids) {
            let cells =
                || (flow.iter().filter_map(|draft| draft.cell)).filter(|cell| cell.0 == local);
            let n_rows = cells().map(|(_, row, ..)| row + 1).max().unwrap_or(0);
            let mut heads = cells().filter(|(_, row, ..)| *row == 0).map(|cell| cell.3);
            let headed = heads
                .next()
                .is_some_and(|first| first && heads.all(|head| head));
            let alike = (0..seen.len())
                .rev()
                .take(NEAREST_TABLES)
                .find(|at| seen.get(*at).is_some_and(|table| table.has_columns(xs)));
            let goes_on = alike.filter(|alike| {
                (open == Some(*alike) && first_table == Some(local))
                    || (!headed && seen.get(*alike).is_some_and(|table| table.headed))
            });
            let at = goes_on.unwrap_or_else(|| {
                seen.push(OpenTable {
                    number: u32::try_from(seen.len()).unwrap_or(u32::MAX),
                    columns: xs.clone(),
                    n_rows: 0,
                    headed,
                });
                seen.len() - 1
            });
            if let Some(table) = seen.get_mut(at) {
                numbers.push((table.number, table.n_rows));
                table.n_rows = table.n_rows.saturating_add(n_rows);
            }
            if last_table == Some(local) {
                open = Some(at);
            }
        }
        if last_table.is_none() && !flow.is_empty() {
            open = None;
        }
        all.push(numbers);
    }
    all
}

/// Joins paragraphs that a column or page break divides: the first part does not end a sentence, and the second begins in lower case.
fn join_over_breaks(pages: &mut [PageLayout], findings: &mut [Vec<Finding>]) {
    // Place of the paragraph that may go on.
    let mut open: Option<(usize, usize)> = None;
    for page_idx in 0..pages.len() {
        let n_drafts = pages.get(page_idx).map_or(0, |page| page.drafts.len());
        for draft_idx in 0..n_drafts {
            let (Some(draft), Some(finding)) = (
                pages
                    .get(page_idx)
                    .and_then(|page| page.drafts.get(draft_idx)),
                findings
                    .get(page_idx)
                    .and_then(|findings| findings.get(draft_idx)),
            ) else {
                continue;
            };
            if finding.furniture || finding.note || draft.rotated {
                continue;
            }
            let before = open.and_then(|(page, draft)| {
                Some(((page, draft), pages.get(page)?.drafts.get(draft)?))
            });
            if let Some((place, before)) = before
                && (place.0 != page_idx || before.leaf != draft.leaf)
                && continues(before, draft)
            {
                take_up(pages, findings, place, (page_idx, draft_idx), Break::Soft);
                continue;
            }
            let can_go_on = draft.frame.is_none() && draft.cell.is_none() && !draft.badge;
            if can_go_on {
                open = Some((page_idx, draft_idx));
            }
        }
    }
}

/// Takes the lines of a draft into an earlier one.
fn take_up(
    pages: &mut [PageLayout],
    findings: &mut [Vec<Finding>],
    place: (usize, usize),
    (page_idx, draft_idx): (usize, usize),
    how: Break,
) {
    let mut taken = pages
        .get_mut(page_idx)
        .and_then(|page| page.drafts.get_mut(draft_idx))
        .map(|draft| std::mem::take(&mut draft.lines))
        .unwrap_or_default();
    if let Some((first, _)) = taken.first_mut() {
        *first = how;
    }
    let n_links = pages.get(place.0).map_or(0, |page| page.links.len());
    let targets = pages
        .get(page_idx)
        .map(|page| page.links.clone())
        .unwrap_or_default();
    let moved = place.0 != page_idx;
    if let Some(page) = pages.get_mut(place.0) {
        // Numbers of links count within their page.
        if moved && taken.iter().any(|(_, line)| !line.links.is_empty()) {
            page.links.extend(targets);
            let shift = u32::try_from(n_links).unwrap_or(0);
            for (_, line) in &mut taken {
                for (_, number) in &mut line.links {
                    *number += shift;
                }
            }
        }
        if let Some(draft) = page.drafts.get_mut(place.1) {
            draft.lines.extend(taken);
        }
    }
    if let Some(finding) = findings
        .get_mut(page_idx)
        .and_then(|page| page.get_mut(draft_idx))
    {
        finding.merged = true;
    }
}

fn continues(before: &Draft, draft: &Draft) -> bool {
    let (Some(last), Some(first)) = (before.last(), draft.first()) else {
        return false;
    };
    if draft.frame.is_some() || draft.cell.is_some() || draft.badge || draft.is_item() {
        return false;
    }
    let ends = last.text.as_str().trim_end();
    let begins = first.text.as_str();
    let open_end =
        !ends.ends_with(['.', '!', '?', ':', ';', '»', ')', '”', '"']) || ends.ends_with(is_hyphen);
    let unfinished = ends.ends_with(is_hyphen) || ends.ends_with(',');
    let opened = ends.ends_with(['«', '(', '“']);
    let small =
        begins.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || "(«".contains(c));
    let lower = begins.starts_with(char::is_lowercase);
    same_size(last.last_style, first.first_style)
        && ((lower && open_end) || (small && unfinished) || opened)
}

fn same_size(a: Style, b: Style) -> bool {
    let plain = |style: Style| Style {
        italic: false,
        color: 0,
        ..style
    };
    same_style(&plain(a), &plain(b)) || ((a.size - b.size).abs() < 0.3 && a.color == b.color)
}

fn hyphen_evidence(pages: &[PageLayout], findings: &[Vec<Finding>]) -> Evidence {
    let mut evidence = Evidence::default();
    let drafts = || {
        pages
            .iter()
            .zip(findings)
            .flat_map(|(page, findings)| page.drafts.iter().zip(findings))
            .filter(|(_, finding)| !finding.furniture && !finding.merged)
            .map(|(draft, _)| draft)
    };
    for draft in drafts() {
        for ((_, above), (how, below)) in draft.lines.iter().zip(draft.lines.iter().skip(1)) {
            if *how == Break::Soft && above.text.as_str().ends_with(is_hyphen) {
                evidence.ask(
                    above.text.as_str(),
                    below.text.as_str(),
                    above.last_detached,
                );
            }
        }
    }
    for draft in drafts() {
        for (_, line) in &draft.lines {
            evidence.witness(line.text.as_str());
        }
    }
    evidence
}

/// Joins the lines of a draft into one grounded text.
fn block(draft: Draft, evidence: &Evidence, targets: &[String]) -> Block {
    let mut text = Text::new();
    let mut links: Vec<Link> = Vec::new();
    let is_item = draft.is_item();
    let mut rest = draft.lines.into_iter().peekable();
    let mut how = Join::None;
    while let Some((_, line)) = rest.next() {
        let next_how = rest.peek().map_or(Join::None, |(next_break, next)| {
            if *next_break == Break::Hard {
                Join::Newline
            } else {
                evidence.join(line.text.as_str(), next.text.as_str(), line.last_detached)
            }
        });
        let mut part = line.text;
        if next_how == Join::Hyphen {
            let kept = part.as_str().trim_end_matches(is_hyphen).len();
            part = part.slice(0..kept);
        } else if part.as_str().ends_with('\u{AD}') {
            let kept = part.as_str().trim_end_matches('\u{AD}').len();
            part = part.slice(0..kept).trim();
        }
        text.append(&part, how);
        let start = text.len() - part.len();
        for (range, number) in line.links {
            let Some(target) = targets.get(number as usize) else {
                continue;
            };
            let range = start + range.start.min(part.len())..start + range.end.min(part.len());
            match links.iter_mut().rev().find(|link| link.target == *target) {
                // A link that runs over a line end is one link.
                Some(link) if range.start <= link.range.end + 1 => {
                    link.range.end = range.end.max(link.range.end);
                }
                _ => links.push(Link {
                    range,
                    target: target.clone(),
                }),
            }
        }
        how = next_how;
    }
    let label = if is_item && !draft.badge {
        BlockLabel::ListItem
    } else {
        BlockLabel::Text
    };
    let mut block = Block::new(label, text);
    block.marker = draft.marker;
    block.depth = draft.depth;
    block.links = links;
    block
}

fn label_headings(blocks: &mut [Block], styles: &[Option<Style>], body: &Body, are_told: bool) {
    // Frames whose text is all bold are not full of headings; cells whose first block is bold have one only if others follow.
    let mut frame_alike: Vec<(u32, usize, bool)> = Vec::new();
    for (block, style) in blocks.iter().zip(styles) {
        let Some(frame) = block.boxed else { continue };
        let bold = style.is_some_and(|style| style.bold);
        match frame_alike.last_mut() {
            Some((number, count, all)) if *number == frame => {
                *count += 1;
                *all &= bold;
            }
            _ => frame_alike.push((frame, 1, bold)),
        }
    }
    let prose = prose_styles(blocks, styles);
    let mut headings: Vec<usize> = Vec::new();
    for (index, (block, style)) in blocks.iter().zip(styles).enumerate() {
        if block.label == BlockLabel::SectionHeader {
            headings.push(index);
            continue;
        }
        let Some(style) = *style else { continue };
        if are_told || block.label != BlockLabel::Text || !block.is_body() {
            continue;
        }
        let next = blocks.get(index + 1);
        let previous = index.checked_sub(1).and_then(|before| blocks.get(before));
        let in_same_cell = |other: Option<&Block>| {
            other.is_some_and(|other| {
                other.cell.is_some()
                    && other.cell.map(|cell| (cell.table, cell.row, cell.column))
                        == block.cell.map(|cell| (cell.table, cell.row, cell.column))
            })
        };
        let is_link = block
            .links
            .iter()
            .any(|link| (link.range.end - link.range.start) * 10 > block.text.len() * 6);
        let n_lines = 1 + block
            .text
            .segments()
            .iter()
            .filter(|segment| {
                matches!(
                    segment.source,
                    crate::model::text::Source::Joint(Join::Space | Join::Newline | Join::Hyphen)
                )
            })
            .count();
        let candidate = Candidate {
            text: block.text.as_str(),
            style,
            n_lines,
            in_cell: block.cell.is_some(),
            heads_cell: in_same_cell(next) && !in_same_cell(previous),
            frame_is_alike: block.boxed.is_some_and(|frame| {
                frame_alike
                    .iter()
                    .any(|(number, _, all)| *number == frame && *all)
            }) && style.size < 1.13 * body.size,
            is_link,
            in_prose: prose.iter().any(|other| same_style(other, &style)),
        };
        if is_heading(&candidate, body) {
            headings.push(index);
        }
    }
    let ranks = Ranks::of(
        headings
            .iter()
            .filter_map(|&index| styles.get(index).copied().flatten())
            .collect(),
    );
    let title = title(blocks, &headings, body);
    for index in headings {
        let style = styles.get(index).copied().flatten().unwrap_or_default();
        if let Some(block) = blocks.get_mut(index) {
            block.label = if Some(index) == title {
                BlockLabel::Title
            } else {
                BlockLabel::SectionHeader
            };
            block.level = block.level.or_else(|| Some(ranks.level(&style)));
        }
    }
    unbox_bands(blocks);
}

/// Styles that paragraphs of prose are set in, as against the lines that are set in them.
fn prose_styles(blocks: &[Block], styles: &[Option<Style>]) -> Vec<Style> {
    let mut counts: Vec<(Style, usize, usize)> = Vec::new();
    for (block, style) in blocks.iter().zip(styles) {
        let style = style.unwrap_or(block.style);
        let length = block.text.len();
        let is_prose =
            length >= SHORTEST_PROSE && block.text.as_str().ends_with(['.', ':', '!', '?', ';']);
        let prose = if is_prose { length } else { 0 };
        match counts
            .iter_mut()
            .find(|(other, ..)| same_style(other, &style))
        {
            Some((_, total, of_prose)) => {
                *total += length;
                *of_prose += prose;
            }
            None => counts.push((style, length, prose)),
        }
    }
    counts
        .into_iter()
        .filter(|(_, total, prose)| prose * 2 > *total)
        .map(|(style, ..)| style)
        .collect()
}

/// The largest heading of the first page with headings, if no other page has a larger one and it comes early or is much larger than the text. Where
/// others that look the same stand at the same height, it heads one of several sheets.
fn title(blocks: &[Block], headings: &[usize], body: &Body) -> Option<usize> {
    let first_page = blocks.get(*headings.first()?)?.page?;
    let size = |index: &usize| blocks.get(*index).map_or(0.0, |block| block.style.size);
    let largest = headings.iter().map(size).fold(0.0, f32::max);
    let found = headings.iter().copied().find(|index| {
        blocks
            .get(*index)
            .is_some_and(|block| block.page == Some(first_page))
            && size(index) >= TITLE_SIZE * largest
    })?;
    let looks = |index: usize| {
        let block = blocks.get(index)?;
        Some((block.style, block.text.bounding_box()?.y0))
    };
    let n_alike = looks(found).map_or(0, |(style, y)| {
        let is_alike = |index: &&usize| {
            looks(**index)
                .is_some_and(|(other, other_y)| other == style && (other_y - y).abs() < style.size)
        };
        headings.iter().filter(is_alike).count()
    });
    if n_alike > MOST_TITLES {
        return None;
    }
    let n_before = blocks
        .iter()
        .take(found)
        .filter(|block| block.is_body())
        .count();
    (n_before < EARLY || size(&found) >= TITLE_OF_BODY * body.size).then_some(found)
}

/// A frame that holds a heading and nothing else is a band, not a box.
fn unbox_bands(blocks: &mut [Block]) {
    let mut start = 0;
    while start < blocks.len() {
        let frame = blocks.get(start).and_then(|block| block.boxed);
        let mut end = start + 1;
        while blocks.get(end).is_some_and(|block| block.boxed == frame) {
            end += 1;
        }
        if frame.is_some()
            && let Some(group) = blocks.get_mut(start..end)
            && group
                .iter()
                .all(|block| matches!(block.label, BlockLabel::Title | BlockLabel::SectionHeader))
        {
            for block in group {
                block.boxed = None;
            }
        }
        start = end;
    }
}
