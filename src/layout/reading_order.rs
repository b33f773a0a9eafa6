//! The containers of a page in, drafts of blocks in reading order out.
//!
//! A container's text is split into columns; what stands in frames and tables keeps its place between the lines above and below it. A frame
//! beside text is read after the last paragraph that stands beside it, or before the first where it heads them; a numeral in a badge just
//! before what it numbers.

use super::blocks::{self, Draft, Row};
use super::columns::{self, Content, Item};
use super::lines::{self, Line};
use super::regions::{Kind, Regions};
use super::rows::{self, RowOfCells};
use super::words::{Fragment, Words};
use crate::model::geometry::BoundingBox;
use crate::model::page::Page;

/// A badge holds at most so many characters.
const LONGEST_BADGE: u32 = 5;
/// A badge is at most this part of the page's width.
const WIDEST_BADGE: f32 = 0.25;
/// A numeral without a frame is a badge when it is this much larger than the text around it.
const BADGE_SIZE: f32 = 1.35;
/// Turned text this much larger than most is a title.
const SIDE_TITLE_SIZE: f32 = 1.15;
/// A container stands beside a line when they share this part of the line's height.
const BESIDE: f32 = 0.5;
/// A box takes room from a line when it overlaps this part of the line's height.
const TOUCHES: f32 = 0.1;
/// Text and box begin level when their tops differ by less than this (ems).
const LEVEL: f32 = 1.5;
/// Sizes of type that differ by less (points) are one.
const SAME_SIZE: f32 = 0.3;
/// Fragments whose baselines are this close (ems) stand on one line.
const SAME_LINE: f32 = 0.3;
/// In this part of the page's height at the top and bottom, a gap wider than so many ems parts a line.
const MARGIN: f32 = 0.12;
const MARGIN_GAP: f32 = 2.5;
/// Pictures wider than this part of the page are backgrounds.
const LARGEST_OBSTACLE: f32 = 0.6;
/// Containers whose tops differ by less than this part of the lower height stand in a row.
const SAME_TOP: f32 = 0.25;
/// Frames in frames in frames: drawings, not documents.
const DEEPEST: usize = 12;

/// Reads a page whose fragments have been assigned to containers.
pub(super) fn read(page: &Page, words: &Words, regions: &Regions) -> Vec<Draft> {
    let mut reader = Reader {
        page,
        words,
        regions,
        n_leaves: 0,
        n_rows: 0,
    };
    let mut drafts = reader.container(0, 0);
    let all: Vec<u32> = (0_u32..).zip(&words.fragments).map(|(n, _)| n).collect();
    let typical = reader.typical_size(&all);
    let mut side_titles = Vec::new();
    for &span in &words.rotated {
        if let Some(line) = lines::build_rotated(page, span) {
            reader.n_leaves += 1;
            let is_title = line.size > SIDE_TITLE_SIZE * typical;
            let mut draft = Draft::new(line, reader.n_leaves);
            draft.rotated = true;
            // What stands large along the side of a page is about all of it; credits and captions are about nothing else.
            if is_title {
                side_titles.push(draft);
            } else {
                drafts.push(draft);
            }
        }
    }
    drafts.splice(0..0, side_titles);
    drafts
}

struct Reader<'r> {
    page: &'r Page,
    words: &'r Words,
    regions: &'r Regions,
    n_leaves: u32,
    n_rows: u32,
}

impl Reader<'_> {
    fn container(&mut self, number: usize, depth: usize) -> Vec<Draft> {
        let regions = self.regions;
        let Some(container) = regions.containers.get(number) else {
            return Vec::new();
        };
        if let Kind::Table { number: table } = container.kind {
            return self.table(number, table, depth);
        }
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut badges: Vec<Draft> = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        // Badges and pictures: lines beside them are shorter.
        let mut obstacles: Vec<BoundingBox> = self
            .page
            .images
            .iter()
            .filter(|image| image.width() < LARGEST_OBSTACLE * self.page.width)
            .copied()
            .collect();
        for &child in &container.children {
            if let Some(badge) = self.badge(child) {
                badges.push(badge);
                obstacles.extend(
                    regions
                        .containers
                        .get(child)
                        .map(|container| container.bbox),
                );
            } else if let Some(child_container) = regions.containers.get(child) {
                items.push(Item {
                    bbox: child_container.bbox,
                    content: Content::Container(child),
                });
            }
        }
        let typical = self.typical_size(&container.fragments);
        for &fragment_number in &container.fragments {
            let Some(fragment) = self.words.fragments.get(fragment_number as usize) else {
                continue;
            };
            if self.is_bare_numeral(fragment, typical)
                && let Some(line) = lines::build(
                    self.page,
                    self.words,
                    &[fragment],
                    f32::NEG_INFINITY,
                    f32::INFINITY,
                )
            {
                let mut draft = Draft::new(line, 0);
                draft.badge = true;
                badges.push(draft);
                continue;
            }
            items.push(Item {
                bbox: fragment.bbox,
                content: Content::Text {
                    fragment: fragment_number,
                    row: fragment.row,
                    size: fragment.size,
                    bold: fragment.bold,
                    face: fragment.face,
                },
            });
        }
        let bounds = content_bounds(&items).unwrap_or(container.bbox);
        items.extend(regions.rules_in(&bounds).map(|bbox| Item {
            bbox,
            content: Content::Rule,
        }));
        let mut drafts = Vec::new();
        // Where the drafts of each column begin.
        let mut starts: Vec<usize> = Vec::new();
        for leaf in columns::split(items, &bounds) {
            let start = drafts.len();
            let mut inner = self.leaf(&leaf.items, &obstacles, depth);
            let text = leaf
                .beside
                .and_then(|n| starts.iter().nth_back(n.checked_sub(1)?));
            if let Some(text) = text.and_then(|first| drafts.get_mut(*first)) {
                self.join_row(text, &mut inner);
            }
            starts.push(start);
            drafts.extend(inner);
        }
        if let Kind::Frame { number } = container.kind {
            for draft in &mut drafts {
                draft.frame.get_or_insert(number);
            }
        }
        for badge in badges {
            place_badge(badge, &mut drafts);
        }
        drafts
    }

    /// A column: its lines, and the containers between and beside them.
    fn leaf(&mut self, items: &[Item], obstacles: &[BoundingBox], depth: usize) -> Vec<Draft> {
        self.n_leaves += 1;
        let leaf = self.n_leaves;
        let mut containers: Vec<(usize, BoundingBox)> = Vec::new();
        let mut fragments: Vec<&Fragment> = Vec::new();
        for item in items {
            match item.content {
                Content::Container(number) => containers.push((number, item.bbox)),
                Content::Rule => {}
                Content::Text { fragment, .. } => {
                    fragments.extend(self.words.fragments.get(fragment as usize));
                }
            }
        }
        let rows = self.rows(fragments);
        let lines = self.lines(&rows, &containers, obstacles);
        order_containers(&mut containers);

        let mut drafts: Vec<Draft> = Vec::new();
        let mut waiting: Vec<Line> = Vec::new();
        let mut between: Vec<(usize, BoundingBox)> = Vec::new();
        let mut beside: Vec<(usize, BoundingBox)> = Vec::new();
        for (number, bbox) in containers {
            if lines.iter().any(|line| is_beside(line, &bbox)) {
                beside.push((number, bbox));
            } else {
                between.push((number, bbox));
            }
        }
        let mut between = between.into_iter().peekable();
        for line in lines {
            while let Some((number, _)) = between.next_if(|(_, bbox)| {
                f32::midpoint(bbox.y0, bbox.y1) < f32::midpoint(line.bbox.y0, line.bbox.y1)
            }) {
                drafts.extend(blocks::build(std::mem::take(&mut waiting), leaf));
                drafts.extend(self.container(number, depth + 1));
            }
            waiting.push(line);
        }
        drafts.extend(blocks::build(waiting, leaf));
        for (number, _) in between {
            drafts.extend(self.container(number, depth + 1));
        }
        for (number, bbox) in beside {
            let inner = self.container(number, depth + 1);
            self.put_beside(&mut drafts, inner, &bbox, leaf);
        }
        drafts
    }

    /// Puts what a box holds behind the last draft of the leaf that stands beside it. Where text and box begin level they are one row, which the
    /// box may head.
    fn put_beside(
        &mut self,
        drafts: &mut Vec<Draft>,
        mut inner: Vec<Draft>,
        bbox: &BoundingBox,
        leaf: u32,
    ) {
        let is_text = |draft: &Draft| draft.leaf == leaf && draft.cell.is_none();
        let after = drafts
            .iter()
            .rposition(|draft| is_text(draft) && draft.bbox.y0 < bbox.y1 - 1.0)
            .map_or(0, |index| index + 1);
        let first = drafts.iter().take(after).position(|draft| {
            is_text(draft) && draft.lines.iter().any(|(_, line)| is_beside(line, bbox))
        });
        let mut at = after;
        if let Some(first) = first
            && let Some(text) = drafts.get_mut(first)
            && let (Some(line), Some(head)) = (text.first(), inner.first().and_then(Draft::first))
            && begin_level(line, head, bbox)
        {
            if heads(head, line) {
                at = first;
            } else {
                self.join_row(text, &mut inner);
            }
        }
        drafts.splice(at..at, inner);
    }

    /// Makes one row of a text that begins with a draft, and of what stands beside it.
    fn join_row(&mut self, text: &mut Draft, beside: &mut [Draft]) {
        let row = if let Some(Row::Leads(row)) = text.row {
            row
        } else {
            self.n_rows += 1;
            text.row = Some(Row::Leads(self.n_rows));
            self.n_rows
        };
        for draft in beside {
            draft.row.get_or_insert(Row::Beside(row));
        }
    }

    /// Fragments that stand on one line, from top to bottom, each row from left to right. Rows of the page do not serve: they take the lines of
    /// all its columns together.
    fn rows<'f>(&self, mut fragments: Vec<&'f Fragment>) -> Vec<Vec<&'f Fragment>> {
        fragments.sort_by(|a, b| {
            a.baseline
                .total_cmp(&b.baseline)
                .then(a.bbox.x0.total_cmp(&b.bbox.x0))
        });
        let mut rows: Vec<Vec<&Fragment>> = Vec::new();
        for fragment in fragments {
            let in_margin = fragment.bbox.y1 < MARGIN * self.page.height
                || fragment.bbox.y0 > (1.0 - MARGIN) * self.page.height;
            let fits = rows.last().is_some_and(|row| {
                row.iter().all(|other| {
                    let apart =
                        (fragment.bbox.x0 - other.bbox.x1).max(other.bbox.x0 - fragment.bbox.x1);
                    let level = (fragment.baseline - other.baseline).abs()
                        < SAME_LINE * fragment.size.min(other.size);
                    // Running headers and folios share a line but are not one text.
                    level && apart > -1.0 && !(in_margin && apart > MARGIN_GAP * fragment.size)
                })
            });
            match rows.last_mut() {
                Some(row) if fits => row.push(fragment),
                _ => rows.push(vec![fragment]),
            }
        }
        for row in &mut rows {
            row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        }
        rows
    }

    /// The lines of a leaf, from top to bottom; each may go as far to the right as the column, or a box beside it, allows.
    fn lines(
        &self,
        rows: &[Vec<&Fragment>],
        containers: &[(usize, BoundingBox)],
        obstacles: &[BoundingBox],
    ) -> Vec<Line> {
        let extents: Vec<(f32, f32)> = rows
            .iter()
            .map(|fragments| {
                (
                    fragments
                        .iter()
                        .map(|fragment| fragment.bbox.y0)
                        .fold(f32::INFINITY, f32::min),
                    fragments
                        .iter()
                        .map(|fragment| fragment.bbox.y1)
                        .fold(f32::NEG_INFINITY, f32::max),
                )
            })
            .collect();
        let right = rows
            .iter()
            .flatten()
            .map(|fragment| fragment.bbox.x1)
            .fold(f32::NEG_INFINITY, f32::max);
        let mut lines = Vec::new();
        for (index, fragments) in rows.iter().enumerate() {
            // Where lines overlap they are parted half way.
            let top = match (
                index.checked_sub(1).and_then(|above| extents.get(above)),
                extents.get(index),
            ) {
                (Some(above), Some(own)) if above.1 > own.0 && above.0 < own.0 => {
                    f32::midpoint(above.1, own.0)
                }
                _ => f32::NEG_INFINITY,
            };
            let bottom = match (extents.get(index), extents.get(index + 1)) {
                (Some(own), Some(below)) if own.1 > below.0 && own.0 < below.0 => {
                    f32::midpoint(own.1, below.0)
                }
                _ => f32::INFINITY,
            };
            if let Some(mut line) = lines::build(self.page, self.words, fragments, top, bottom) {
                line.limit = containers
                    .iter()
                    .map(|(_, bbox)| bbox)
                    .chain(obstacles)
                    .filter(|bbox| bbox.x0 > line.bbox.x0 && touches_height(&line, bbox))
                    .map(|bbox| bbox.x0 - line.size)
                    .fold(right, f32::min)
                    .max(line.bbox.x1);
                lines.push(line);
            }
        }
        narrow_limits(&mut lines, containers);
        lines
    }

    fn table(&mut self, number: usize, table: u32, depth: usize) -> Vec<Draft> {
        let regions = self.regions;
        let Some(container) = regions.containers.get(number) else {
            return Vec::new();
        };
        let mut rows: Vec<(u16, u16, Option<u32>, Vec<Draft>)> = Vec::new();
        for &child in &container.children {
            let Some(Kind::Cell {
                row,
                column,
                filled,
                ..
            }) = regions.containers.get(child).map(|child| child.kind)
            else {
                continue;
            };
            let drafts = self.container(child, depth + 1);
            rows.push((row, column, filled, drafts));
        }
        rows.sort_by_key(|(row, column, ..)| (*row, *column));
        let spans = |row: u16, column: u16| {
            let cell = regions
                .grids
                .get(table as usize)?
                .cells
                .iter()
                .find(|cell| cell.row == row && cell.column == column)?;
            Some((cell.n_rows, usize::from(cell.n_columns)))
        };
        // A cell as wide as the table parts it: it is a line between rows, and no cell of them.
        let n_columns = rows
            .iter()
            .map(|(_, column, ..)| usize::from(*column) + 1)
            .max()
            .unwrap_or(0);
        let is_parting = |row: u16, column: u16| {
            n_columns > 2 && column == 0 && spans(row, column).is_some_and(|(_, n)| n >= n_columns)
        };
        let (partings, mut rows): (Vec<RowOfCells>, Vec<RowOfCells>) = rows
            .into_iter()
            .partition(|(row, column, ..)| is_parting(*row, *column));
        let first_row = rows.first().map_or(0, |(row, ..)| *row);
        let header_end = rows::header_rows(&rows, first_row);
        let header_column = rows::header_column(&rows, first_row);
        if header_end > first_row || n_columns >= rows::FEWEST_OF_DATA {
            rows = rows::repeat_merged(rows, header_end, |row, column| {
                spans(row, column).map_or(1, |(n, _)| n)
            });
        }
        let mut partings = partings.into_iter().peekable();
        let mut all = Vec::new();
        for (row, column, _, drafts) in rows {
            while let Some((.., drafts)) = partings.next_if(|(above, ..)| *above < row) {
                all.extend(drafts);
            }
            let header = row < header_end || (header_column && column == 0);
            for mut draft in drafts {
                // Of a table in a cell of a table the inner cells are kept: they are what belongs together.
                draft.cell.get_or_insert((table, row, column, header));
                all.push(draft);
            }
        }
        all.extend(partings.flat_map(|(.., drafts)| drafts));
        all
    }

    /// The numeral that a small frame holds, if that is all it holds.
    fn badge(&mut self, number: usize) -> Option<Draft> {
        let container = self.regions.containers.get(number)?;
        if !matches!(container.kind, Kind::Frame { .. })
            || !container.children.is_empty()
            || container.bbox.width() > WIDEST_BADGE * self.page.width
        {
            return None;
        }
        let fragments: Vec<&Fragment> = container
            .fragments
            .iter()
            .filter_map(|&fragment| self.words.fragments.get(fragment as usize))
            .collect();
        let n_characters: u32 = fragments.iter().map(|fragment| fragment.n_characters).sum();
        let first = fragments.first()?;
        if n_characters > LONGEST_BADGE
            || fragments.iter().any(|fragment| fragment.row != first.row)
        {
            return None;
        }
        let line = lines::build(
            self.page,
            self.words,
            &fragments,
            f32::NEG_INFINITY,
            f32::INFINITY,
        )?;
        if !line.text.as_str().chars().any(char::is_numeric) {
            return None;
        }
        let mut draft = Draft::new(line, 0);
        draft.badge = true;
        Some(draft)
    }

    fn typical_size(&self, fragments: &[u32]) -> f32 {
        let mut sizes: Vec<(f32, u32)> = fragments
            .iter()
            .filter_map(|&fragment| self.words.fragments.get(fragment as usize))
            .map(|fragment| (fragment.size, fragment.n_characters))
            .collect();
        sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half: u32 = sizes.iter().map(|(_, count)| count).sum::<u32>() / 2;
        let mut seen = 0;
        sizes
            .iter()
            .find(|(_, count)| {
                seen += count;
                seen > half
            })
            .map_or(0.0, |(size, _)| *size)
    }

    /// A number without a frame that is set much larger than the text around it and has text beside it.
    fn is_bare_numeral(&self, fragment: &Fragment, typical: f32) -> bool {
        let words = self.words.of(fragment);
        let [word] = words else { return false };
        let glyphs = super::words::glyphs_of(self.page, word);
        let digits = glyphs
            .iter()
            .filter(|glyph| glyph.character.is_ascii_digit())
            .count();
        let is_number = (1..=3).contains(&digits)
            && glyphs.len() <= digits + 1
            && !glyphs
                .iter()
                .any(|glyph| glyph.character.is_alphabetic() || glyph.character == '%');
        if !is_number || fragment.size <= BADGE_SIZE * typical {
            return false;
        }
        self.words.fragments.iter().any(|other| {
            let is_beside = other.bbox.x0 >= fragment.bbox.x1
                && other.bbox.x0 - fragment.bbox.x1 < 6.0 * fragment.size
                && other.bbox.overlap_y(&fragment.bbox)
                    > 0.5 * other.bbox.height().min(fragment.bbox.height())
                && other.n_characters > 3;
            // Larger than what it numbers, or as large and in another colour.
            let is_apart = other.size < fragment.size / BADGE_SIZE
                || other.row == fragment.row
                    && other.size <= fragment.size
                    && other.face.0 != fragment.face.0;
            is_beside && is_apart
        })
    }
}

fn content_bounds(items: &[Item]) -> Option<BoundingBox> {
    items
        .iter()
        .map(|item| item.bbox)
        .reduce(|all, bbox| all.union(&bbox))
}

fn is_beside(line: &Line, bbox: &BoundingBox) -> bool {
    line.bbox.overlap_y(bbox) > BESIDE * line.bbox.height().min(bbox.height())
        && line.bbox.overlap_x(bbox) < 0.5 * line.bbox.width().min(bbox.width())
}

/// Whether the first line of a text stands level with a box or with the first line in it.
fn begin_level(line: &Line, head: &Line, bbox: &BoundingBox) -> bool {
    let apart = |top: f32| (line.bbox.y0 - top).abs();
    apart(bbox.y0).min(apart(head.bbox.y0)) < LEVEL * line.size.max(head.size)
}

/// Whether a box at the left heads the text at its right: the text begins in smaller or lighter type than the box, whose first line is more than a figure.
/// Labels in bold are often set a little smaller than what they label.
fn heads(head: &Line, line: &Line) -> bool {
    const LABEL: f32 = 0.75;
    let count = |is: fn(char) -> bool| head.text.as_str().chars().filter(|c| is(*c)).count();
    let is_figure = count(char::is_numeric) > count(char::is_alphabetic);
    let heavier = match (head.first_style.bold, line.first_style.bold) {
        (true, false) => head.size > LABEL * line.size,
        (false, true) => false,
        _ => head.size > line.size - SAME_SIZE,
    };
    head.bbox.x1 < line.bbox.x0 && !is_figure && heavier
}

/// Whether a box takes room from a line at its right, be it by a corner.
fn touches_height(line: &Line, bbox: &BoundingBox) -> bool {
    line.bbox.overlap_y(bbox) > TOUCHES * line.bbox.height() && line.bbox.overlap_x(bbox) < 1.0
}

/// Beside a box, lines go as far as the longest of them: the gap between text and box is the designer's choice.
fn narrow_limits(lines: &mut [Line], containers: &[(usize, BoundingBox)]) {
    for (_, bbox) in containers {
        let reach = lines
            .iter()
            .filter(|line| is_beside(line, bbox) && line.bbox.x0 < bbox.x0)
            .map(|line| line.bbox.x1)
            .fold(f32::NEG_INFINITY, f32::max);
        if reach > f32::NEG_INFINITY {
            for line in lines.iter_mut() {
                if is_beside(line, bbox) && line.bbox.x0 < bbox.x0 {
                    line.limit = line.limit.min(reach).max(line.bbox.x1);
                }
            }
        }
    }
}

/// From top to bottom, and from left to right where tops are level.
fn order_containers(containers: &mut [(usize, BoundingBox)]) {
    containers.sort_by(|a, b| a.1.y0.total_cmp(&b.1.y0).then(a.1.x0.total_cmp(&b.1.x0)));
    let mut start = 0;
    while start < containers.len() {
        let Some((_, first)) = containers.get(start).copied() else {
            break;
        };
        let mut end = start + 1;
        while containers.get(end).is_some_and(|(_, bbox)| {
            bbox.y0 - first.y0 < SAME_TOP * first.height().min(bbox.height()).max(8.0)
        }) {
            end += 1;
        }
        if let Some(row) = containers.get_mut(start..end) {
            row.sort_by(|a, b| a.1.x0.total_cmp(&b.1.x0));
        }
        start = end;
    }
}

/// Puts a badge before the block that it stands beside: of the nearest ones the largest type, the highest of equals.
fn place_badge(badge: Draft, drafts: &mut Vec<Draft>) {
    let is_beside = |draft: &Draft| {
        !draft.badge
            && draft.bbox.overlap_y(&badge.bbox)
                > 0.3 * draft.bbox.height().min(badge.bbox.height())
    };
    let apart = |draft: &Draft| {
        (draft.bbox.x0 - badge.bbox.x1)
            .max(badge.bbox.x0 - draft.bbox.x1)
            .max(0.0)
    };
    let nearest = drafts
        .iter()
        .filter(|draft| is_beside(draft))
        .map(apart)
        .fold(f32::INFINITY, f32::min);
    let reach = nearest + badge.bbox.height().max(badge.bbox.width());
    let beside = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| is_beside(draft) && apart(draft) <= reach)
        .max_by(|(a_index, a), (b_index, b)| {
            let size = |draft: &Draft| {
                draft
                    .first()
                    .map_or((0.0, false), |line| (line.size, line.first_style.bold))
            };
            let ((a_size, a_bold), (b_size, b_bold)) = (size(a), size(b));
            a_size
                .total_cmp(&b_size)
                .then(a_bold.cmp(&b_bold))
                .then(b_index.cmp(a_index))
        })
        .map(|(index, _)| index);
    let at = beside.unwrap_or_else(|| {
        drafts
            .iter()
            .position(|draft| draft.bbox.y0 >= badge.bbox.y0)
            .unwrap_or(drafts.len())
    });
    drafts.insert(at, badge);
}
