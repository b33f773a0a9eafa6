//! Drawn shapes in, a tree of containers out: the page, frames and tables on it, the cells of those, and the text in each.

use super::aligned::{self, Band};
use super::tables::{self, Grid, Segment};
use super::words::{Barrier, Fragment};
use crate::model::geometry::BoundingBox;
use crate::model::page::{Page, Rect};

/// A shape that covers this much of the page's width and height is its background.
const BACKGROUND: f32 = 0.9;
/// A frame has at least this extent (points) both ways: less than that holds no line of text.
const SMALLEST_FRAME: f32 = 9.0;
/// Two boxes whose edges differ by less (points) are one: fill and border, or a cell and its background.
const SAME_BOX: f32 = 3.0;
/// A shape may reach this far (points) out of what contains it.
const CONTAINED_SLACK: f32 = 2.5;
/// A grid of which one cell takes this much is a frame with something drawn on its border.
const ONE_CELL: f32 = 0.8;
/// Type this much larger than most is a numeral's.
const NUMERAL: f32 = 1.35;
/// Fills behind the rows of a table are no higher than this (points).
const HIGHEST_BAND: f32 = 60.0;
/// Rules that part what stands above from what stands below are at least this part of the width of both.
const LONG_RULE: f32 = 0.5;
/// Colours with every channel above this are paper.
const PAPER: u32 = 0xF8;
/// Pages with more frames than this are drawings.
const MOST_FRAMES: usize = 2_000;

/// What is set this near to a box (points) may stand in it.
const BESIDE_BOX: f32 = 0.5;

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Page,
    /// A frame or filled area, by its number on the page.
    Frame {
        number: u32,
    },
    /// A grid, by its number on the page.
    Table {
        number: u32,
    },
    Cell {
        table: u32,
        row: u16,
        column: u16,
        filled: Option<u32>,
    },
}

/// A part of the page that keeps what is in it together.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) kind: Kind,
    pub(super) bbox: BoundingBox,
    pub(super) parent: usize,
    pub(super) children: Vec<usize>,
    /// Fragments that lie in this container and in none of its children.
    pub(super) fragments: Vec<u32>,
}

/// The containers of a page; the first is the page itself.
#[derive(Debug)]
pub(super) struct Regions {
    pub(super) containers: Vec<Container>,
    pub(super) grids: Vec<Grid>,
    /// Sorted by x.
    pub(super) barriers: Vec<Barrier>,
    /// Horizontal rules, and fills behind rows of cells.
    rules: Vec<Segment>,
    bands: Vec<Band>,
}

/// Finds the containers of a page.
pub(super) fn find(page: &Page) -> Regions {
    let visible = visible_frames(page);
    let (horizontal, vertical) = segments(page, &visible);
    let (shapes, bands) = part_bands(visible.clone());
    let mut barriers: Vec<Barrier> = vertical
        .iter()
        .map(|line| Barrier {
            x: line.at,
            y0: line.from,
            y1: line.to,
        })
        .collect();
    let rules = horizontal.clone();
    let mut grids = tables::find(horizontal, vertical);
    let mut frames: Vec<BoundingBox> = Vec::new();
    // A grid of one column or one cell keeps its text together as a frame does; a row of boxes without text between is a table.
    grids.retain(|grid| {
        let largest = grid
            .cells
            .iter()
            .map(|cell| area(&cell.bbox))
            .fold(0.0, f32::max);
        let is_table =
            grid.xs.len() > 2 && grid.cells.len() > 1 && largest < ONE_CELL * area(&grid.bbox);
        if !is_table && !is_background(&grid.bbox, page) && is_closed(&grid.bbox, &barriers) {
            frames.push(grid.bbox);
        }
        is_table
    });
    for rect in &shapes {
        let known = frames.iter().any(|frame| same(frame, &rect.bbox))
            || grids.iter().any(|grid| {
                same(&grid.bbox, &rect.bbox)
                    || grid.cells.iter().any(|cell| same(&cell.bbox, &rect.bbox))
                    // The fill of a row or of part of a table.
                    || (inside(&rect.bbox, &grid.bbox)
                        && grid.ys.iter().any(|y| (y - rect.bbox.y0).abs() < SAME_BOX)
                        && grid.ys.iter().any(|y| (y - rect.bbox.y1).abs() < SAME_BOX))
            });
        if !known && frames.len() < MOST_FRAMES {
            frames.push(rect.bbox);
        }
    }
    barriers.extend(frames.iter().flat_map(|frame| {
        [frame.x0, frame.x1].map(|x| Barrier {
            x,
            y0: frame.y0,
            y1: frame.y1,
        })
    }));
    barriers.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y0.total_cmp(&b.y0)));
    let containers = tree(page, &frames, &grids, &visible);
    Regions {
        containers,
        grids,
        barriers,
        rules,
        bands,
    }
}

impl Regions {
    /// Puts each fragment into the smallest container that holds its centre.
    pub(super) fn assign(&mut self, fragments: &[Fragment]) {
        let covers: Vec<Vec<usize>> = self.grids.iter().map(Grid::cover).collect();
        for (index, fragment) in (0_u32..).zip(fragments) {
            let mut at = 0;
            while let Some(child) = self.child_around(at, &fragment.bbox, &covers) {
                at = child;
            }
            if let Some(container) = self.containers.get_mut(at) {
                container.fragments.push(index);
            }
        }
        self.find_aligned(fragments);
        self.drop_empty();
    }

    /// The first child of a container that holds the centre of a box; `covers` are those of the grids.
    fn child_around(&self, at: usize, bbox: &BoundingBox, covers: &[Vec<usize>]) -> Option<usize> {
        let container = self.containers.get(at)?;
        let holds = |child: &usize| {
            (self.containers.get(*child))
                .is_some_and(|child| child.bbox.contains_centre(bbox, BESIDE_BOX))
        };
        // The children of a table are its cells, and may be thousands.
        if let Kind::Table { number } = container.kind
            && let Some(grid) = self.grids.get(number as usize)
        {
            let cover = covers.get(number as usize)?;
            return (grid.cells_at(cover, bbox.centre(), BESIDE_BOX))
                .filter_map(|cell| container.children.get(cell).copied())
                .filter(holds)
                .min();
        }
        container.children.iter().copied().find(holds)
    }

    /// The horizontal rules that go over half of the width of a box, and are no part of a table.
    pub(super) fn rules_in<'r>(
        &'r self,
        bounds: &'r BoundingBox,
    ) -> impl Iterator<Item = BoundingBox> + 'r {
        self.rules
            .iter()
            .map(|rule| BoundingBox::new(rule.from, rule.at, rule.to, rule.at))
            .filter(|rule| {
                rule.y0 > bounds.y0
                    && rule.y0 < bounds.y1
                    && rule.overlap_x(bounds) > LONG_RULE * bounds.width()
            })
            .filter(|rule| {
                !self.grids.iter().any(|grid| {
                    grid.bbox.y0 - SAME_BOX < rule.y0 && rule.y0 < grid.bbox.y1 + SAME_BOX
                })
            })
    }

    /// Tables that only alignment shows, among what stands free on the page or in a frame.
    fn find_aligned(&mut self, fragments: &[Fragment]) {
        for at in 0..self.containers.len() {
            let Some(container) = self
                .containers
                .get(at)
                .filter(|container| matches!(container.kind, Kind::Page | Kind::Frame { .. }))
            else {
                continue;
            };
            // Large numerals number entries; they are no cells.
            let mut sizes: Vec<f32> = container
                .fragments
                .iter()
                .filter_map(|&number| fragments.get(number as usize))
                .map(|fragment| fragment.size)
                .collect();
            sizes.sort_by(f32::total_cmp);
            let largest = NUMERAL * sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
            let numbers: Vec<u32> = container
                .fragments
                .iter()
                .copied()
                .filter(|&number| {
                    fragments.get(number as usize).is_some_and(|fragment| {
                        fragment.size < largest || fragment.n_characters > 3
                    })
                })
                .collect();
            let free: Vec<&Fragment> = numbers
                .iter()
                .filter_map(|&number| fragments.get(number as usize))
                .collect();
            for table in aligned::find(&free, &self.rules, &self.bands) {
                self.add_aligned(at, &table, &numbers);
            }
        }
    }

    fn add_aligned(&mut self, parent: usize, table: &aligned::Aligned, numbers: &[u32]) {
        let number = u32::try_from(self.grids.len()).unwrap_or(u32::MAX);
        let table_at = self.containers.len();
        let taken: Vec<u32> = table
            .members
            .iter()
            .filter_map(|(index, ..)| numbers.get(*index).copied())
            .collect();
        let mut cells: Vec<Container> = table
            .grid
            .cells
            .iter()
            .map(|cell| Container {
                kind: Kind::Cell {
                    table: number,
                    row: cell.row,
                    column: cell.column,
                    filled: self
                        .bands
                        .iter()
                        .find(|band| {
                            let middle = f32::midpoint(cell.bbox.y0, cell.bbox.y1);
                            band.bbox.y0 < middle && middle < band.bbox.y1
                        })
                        .and_then(|band| band.fill),
                },
                bbox: cell.bbox,
                parent: table_at,
                children: Vec::new(),
                fragments: Vec::new(),
            })
            .collect();
        for (index, row, column) in &table.members {
            let cell = cells.iter_mut().find(|cell| {
                matches!(cell.kind, Kind::Cell { row: r, column: c, .. } if r == *row && c == *column)
            });
            if let (Some(cell), Some(&fragment)) = (cell, numbers.get(*index)) {
                cell.fragments.push(fragment);
            }
        }
        self.containers.push(Container {
            kind: Kind::Table { number },
            bbox: table.grid.bbox,
            parent,
            children: (table_at + 1..=table_at + cells.len()).collect(),
            fragments: Vec::new(),
        });
        self.containers.extend(cells);
        self.grids.push(table.grid.clone());
        if let Some(container) = self.containers.get_mut(parent) {
            container
                .fragments
                .retain(|fragment| !taken.contains(fragment));
            container.children.push(table_at);
        }
    }

    /// Takes containers out of the tree that hold no text, directly or in others: rules beside titles, photographs, decoration.
    fn drop_empty(&mut self) {
        let mut filled: Vec<bool> = self
            .containers
            .iter()
            .map(|container| !container.fragments.is_empty())
            .collect();
        for at in (1..self.containers.len()).rev() {
            if filled.get(at).copied().unwrap_or(false)
                && let Some(parent) = self.containers.get(at).map(|container| container.parent)
                && let Some(entry) = filled.get_mut(parent)
            {
                *entry = true;
            }
        }
        for container in &mut self.containers {
            container
                .children
                .retain(|&child| filled.get(child).copied().unwrap_or(false));
        }
    }
}

/// The straight lines that are drawn: rulings, the sides of stroked boxes, and those of filled heads of tables.
fn segments(page: &Page, visible: &[Rect]) -> (Vec<Segment>, Vec<Segment>) {
    let (mut horizontal, mut vertical) = (Vec::new(), Vec::new());
    for ruling in &page.rulings {
        let bbox = &ruling.bbox;
        // Rulings over the whole page are crop marks and backgrounds.
        if bbox.width() > bbox.height() {
            horizontal.push(Segment {
                at: f32::midpoint(bbox.y0, bbox.y1),
                from: bbox.x0,
                to: bbox.x1,
            });
        } else {
            vertical.push(Segment {
                at: f32::midpoint(bbox.x0, bbox.x1),
                from: bbox.y0,
                to: bbox.y1,
            });
        }
    }
    for rect in visible.iter().filter(|rect| rect.stroked && !rect.rounded) {
        let bbox = &rect.bbox;
        for at in [bbox.y0, bbox.y1] {
            horizontal.push(Segment {
                at,
                from: bbox.x0,
                to: bbox.x1,
            });
        }
        for at in [bbox.x0, bbox.x1] {
            vertical.push(Segment {
                at,
                from: bbox.y0,
                to: bbox.y1,
            });
        }
    }
    let heads = filled_heads(visible, &horizontal);
    for head in heads.into_iter().chain(tiles(visible)) {
        for at in [head.y0, head.y1] {
            horizontal.push(Segment {
                at,
                from: head.x0,
                to: head.x1,
            });
        }
        for at in [head.x0, head.x1] {
            vertical.push(Segment {
                at,
                from: head.y0,
                to: head.y1,
            });
        }
    }
    (horizontal, vertical)
}

/// Filled boxes side by side on a rule: the heads of a table whose body alone is ruled.
fn filled_heads(shapes: &[Rect], horizontal: &[Segment]) -> Vec<BoundingBox> {
    let filled: Vec<BoundingBox> = shapes
        .iter()
        .filter(|rect| !rect.stroked && !rect.rounded)
        .map(|rect| rect.bbox)
        .collect();
    let is_level = |a: &BoundingBox, b: &BoundingBox| {
        (a.y0 - b.y0).abs() < SAME_BOX && (a.y1 - b.y1).abs() < SAME_BOX
    };
    let touches = |a: &BoundingBox, b: &BoundingBox| {
        (a.x1 - b.x0).abs() < SAME_BOX || (b.x1 - a.x0).abs() < SAME_BOX
    };
    let stands_on_rule = |bbox: &BoundingBox| {
        horizontal.iter().any(|rule| {
            (rule.at - bbox.y1).abs() < SAME_BOX
                && rule.from < bbox.x0 + SAME_BOX
                && rule.to > bbox.x1 - SAME_BOX
        })
    };
    filled
        .iter()
        .filter(|bbox| {
            stands_on_rule(bbox)
                && filled
                    .iter()
                    .any(|other| is_level(bbox, other) && touches(bbox, other))
        })
        .copied()
        .collect()
}

/// Filled boxes that touch others of their height at a side and others of their width above or below: the cells of a table drawn by fills alone.
fn tiles(shapes: &[Rect]) -> Vec<BoundingBox> {
    let filled: Vec<BoundingBox> = shapes
        .iter()
        .filter(|rect| !rect.stroked && !rect.rounded)
        .map(|rect| rect.bbox)
        .collect();
    let near = |a: f32, b: f32| (a - b).abs() < SAME_BOX;
    let beside = |a: &BoundingBox, b: &BoundingBox| {
        near(a.y0, b.y0) && near(a.y1, b.y1) && (near(a.x1, b.x0) || near(b.x1, a.x0))
    };
    let stacked = |a: &BoundingBox, b: &BoundingBox| {
        near(a.x0, b.x0) && near(a.x1, b.x1) && (near(a.y1, b.y0) || near(b.y1, a.y0))
    };
    filled
        .iter()
        .filter(|bbox| {
            filled.iter().any(|other| beside(bbox, other))
                && filled.iter().any(|other| stacked(bbox, other))
        })
        .copied()
        .collect()
}

fn is_background(bbox: &BoundingBox, page: &Page) -> bool {
    bbox.width() > BACKGROUND * page.width && bbox.height() > BACKGROUND * page.height
}

fn is_paper(color: u32) -> bool {
    [16, 8, 0]
        .iter()
        .all(|&shift| (color >> shift) & 0xFF >= PAPER)
}

/// Filled or stroked boxes that can be seen and can hold text.
fn visible_frames(page: &Page) -> Vec<Rect> {
    let mut frames: Vec<Rect> = Vec::new();
    for rect in &page.rects {
        let visible = rect.stroked || rect.fill.is_some_and(|color| !is_paper(color));
        if !visible
            || rect.bbox.width() < SMALLEST_FRAME
            || rect.bbox.height() < SMALLEST_FRAME
            || is_background(&rect.bbox, page)
        {
            continue;
        }
        if frames.len() >= MOST_FRAMES {
            break;
        }
        match frames
            .iter_mut()
            .rev()
            .find(|frame| same(&frame.bbox, &rect.bbox))
        {
            Some(frame) => {
                frame.stroked |= rect.stroked;
                frame.fill = rect.fill.or(frame.fill);
            }
            None => frames.push(*rect),
        }
    }
    frames
}

/// Takes the fills behind rows of cells out of the frames: boxes that touch side by side make a row; rows of one width one below the other make
/// a table.
fn part_bands(mut frames: Vec<Rect>) -> (Vec<Rect>, Vec<Band>) {
    frames.sort_by(|a, b| {
        a.bbox
            .y0
            .total_cmp(&b.bbox.y0)
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    // Each row: its box, fill, how many boxes make it, and these.
    let mut rows: Vec<(Band, usize, Vec<usize>)> = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        if frame.rounded || frame.stroked || frame.bbox.height() > HIGHEST_BAND {
            continue;
        }
        let row = rows.iter_mut().rev().take(12).find(|(band, ..)| {
            (band.bbox.y0 - frame.bbox.y0).abs() < SAME_BOX
                && (band.bbox.y1 - frame.bbox.y1).abs() < SAME_BOX
                && (frame.bbox.x0 - band.bbox.x1).abs() < SAME_BOX
                && band.fill == frame.fill
        });
        match row {
            Some((band, count, members)) => {
                band.bbox = band.bbox.union(&frame.bbox);
                *count += 1;
                members.push(index);
            }
            None => rows.push((
                Band {
                    bbox: frame.bbox,
                    fill: frame.fill,
                },
                1,
                vec![index],
            )),
        }
    }
    let mut is_band = vec![false; frames.len()];
    let mut bands = Vec::new();
    for (at, (band, count, members)) in rows.iter().enumerate() {
        let alike = rows.iter().enumerate().any(|(other_at, (other, ..))| {
            other_at != at
                && (other.bbox.x0 - band.bbox.x0).abs() < SAME_BOX
                && (other.bbox.x1 - band.bbox.x1).abs() < SAME_BOX
                && {
                    let apart = (other.bbox.y0 - band.bbox.y1).max(band.bbox.y0 - other.bbox.y1);
                    apart < 1.6 * band.bbox.height().min(other.bbox.height()).max(12.0)
                }
        });
        if *count >= 3 || (alike && band.bbox.width() > 12.0 * band.bbox.height().min(24.0) / 2.0) {
            bands.push(*band);
            for member in members {
                if let Some(mark) = is_band.get_mut(*member) {
                    *mark = true;
                }
            }
        }
    }
    let kept = frames
        .into_iter()
        .zip(is_band)
        .filter_map(|(frame, band)| (!band).then_some(frame))
        .collect();
    (kept, bands)
}

/// Whether both sides of a box are drawn: two horizontal rules and one vertical are no box.
fn is_closed(bbox: &BoundingBox, barriers: &[Barrier]) -> bool {
    let side = |x: f32| {
        barriers
            .iter()
            .filter(|barrier| (barrier.x - x).abs() < SAME_BOX)
            .map(|barrier| (barrier.y1.min(bbox.y1) - barrier.y0.max(bbox.y0)).max(0.0))
            .sum::<f32>()
            > 0.7 * bbox.height()
    };
    bbox.height() >= SMALLEST_FRAME && side(bbox.x0) && side(bbox.x1)
}

fn same(a: &BoundingBox, b: &BoundingBox) -> bool {
    (a.x0 - b.x0).abs() < SAME_BOX
        && (a.x1 - b.x1).abs() < SAME_BOX
        && (a.y0 - b.y0).abs() < SAME_BOX
        && (a.y1 - b.y1).abs() < SAME_BOX
}

fn inside(inner: &BoundingBox, outer: &BoundingBox) -> bool {
    inner.x0 >= outer.x0 - CONTAINED_SLACK
        && inner.x1 <= outer.x1 + CONTAINED_SLACK
        && inner.y0 >= outer.y0 - CONTAINED_SLACK
        && inner.y1 <= outer.y1 + CONTAINED_SLACK
}

fn area(bbox: &BoundingBox) -> f32 {
    bbox.width() * bbox.height()
}

fn tree(page: &Page, frames: &[BoundingBox], grids: &[Grid], shapes: &[Rect]) -> Vec<Container> {
    let container = |kind: Kind, bbox: BoundingBox| Container {
        kind,
        bbox,
        parent: 0,
        children: Vec::new(),
        fragments: Vec::new(),
    };
    let mut outer: Vec<(Kind, BoundingBox)> = (0_u32..)
        .zip(frames)
        .map(|(number, bbox)| (Kind::Frame { number }, *bbox))
        .chain(
            (0_u32..)
                .zip(grids)
                .map(|(number, grid)| (Kind::Table { number }, grid.bbox)),
        )
        .collect();
    // Larger ones first, so that parents are in the tree before their children.
    outer.sort_by(|a, b| area(&b.1).total_cmp(&area(&a.1)));
    let mut containers = vec![container(
        Kind::Page,
        BoundingBox::new(0.0, 0.0, page.width, page.height),
    )];
    for (kind, bbox) in outer {
        let mut parent = 0;
        while let Some(child) = containers.get(parent).and_then(|candidate| {
            candidate.children.iter().copied().find(|&child| {
                containers.get(child).is_some_and(|child| {
                    inside(&bbox, &child.bbox) && !matches!(child.kind, Kind::Table { .. })
                        || matches!(child.kind, Kind::Table { .. })
                            && child.bbox.contains_centre(&bbox, 0.0)
                            && inside(&bbox, &child.bbox)
                })
            })
        }) {
            parent = child;
        }
        // A frame over several cells of a table is decoration.
        if containers
            .get(parent)
            .is_some_and(|parent| matches!(parent.kind, Kind::Table { .. }))
        {
            continue;
        }
        let at = containers.len();
        containers.push(Container {
            parent,
            ..container(kind, bbox)
        });
        if let Some(parent) = containers.get_mut(parent) {
            parent.children.push(at);
        }
        if let Kind::Table { number } = kind
            && let Some(grid) = grids.get(number as usize)
        {
            for cell in &grid.cells {
                let filled = shapes.iter().rev().find_map(|rect| {
                    rect.fill.filter(|_| {
                        rect.bbox.contains_centre(&cell.bbox, 0.0)
                            && area(&rect.bbox) <= 1.2 * area(&bbox)
                    })
                });
                let cell_at = containers.len();
                containers.push(Container {
                    parent: at,
                    ..container(
                        Kind::Cell {
                            table: number,
                            row: cell.row,
                            column: cell.column,
                            filled,
                        },
                        cell.bbox,
                    )
                });
                if let Some(table) = containers.get_mut(at) {
                    table.children.push(cell_at);
                }
            }
        }
    }
    containers
}
