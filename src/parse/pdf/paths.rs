//! Paths as far as layout needs them: which of them are lines, rectangles or rounded shapes.

use kurbo::{Affine, Point};

use crate::model::geometry::BoundingBox;
use crate::model::page::{Page, Rect, Ruling};

/// A filled or stroked shape thinner than this (points) is a line.
const LINE_THICKNESS: f32 = 2.5;
/// Shorter lines are parts of drawings and letters.
const SHORTEST_LINE: f32 = 6.0;
/// Two coordinates this close (points) are the same: producers round to a tenth or worse.
const SAME: f32 = 0.35;
/// More points than this are an outline of letters or a picture, not a box, unless all lie on its sides and in its corners: some producers draw
/// each corner in several curves.
const MOST_POINTS_OF_A_BOX: usize = 24;
const MOST_POINTS_OF_ROUND_CORNERS: usize = 250;
/// How far a corner reaches along the shorter side.
const LARGEST_CORNER: f32 = 0.35;
/// Pages with more lines or boxes than this are charts and maps; the rest is not kept.
const MOST_SHAPES: usize = 20_000;
/// Rounded shapes smaller than this (points) are bullets and icons.
const SMALLEST_ROUNDED: f32 = 9.0;
/// What is smaller than this in both directions (points), and at most so many times as long as wide, is a dot.
const LARGEST_DOT: f32 = 9.0;
const LONGEST_DOT: f32 = 1.6;

/// A path under construction, in display coordinates.
#[derive(Default)]
pub(super) struct Path {
    subpaths: Vec<Subpath>,
    points: Vec<(f32, f32)>,
    current: Point,
    start: Point,
}

struct Subpath {
    first: usize,
    curved: bool,
    closed: bool,
}

impl Path {
    pub(super) fn move_to(&mut self, ctm: &Affine, to: Point) {
        self.begin();
        self.current = to;
        self.start = to;
        self.push(ctm, to);
    }

    pub(super) fn line_to(&mut self, ctm: &Affine, to: Point) {
        self.ensure_begun(ctm);
        self.current = to;
        self.push(ctm, to);
    }

    /// A curve counts by its end points and control points: they hold its box.
    pub(super) fn curve_to(&mut self, ctm: &Affine, points: [Point; 3]) {
        self.ensure_begun(ctm);
        if let Some(subpath) = self.subpaths.last_mut() {
            subpath.curved = true;
        }
        let [first, second, end] = points;
        self.push(ctm, first);
        self.push(ctm, second);
        self.push(ctm, end);
        self.current = end;
    }

    pub(super) fn current(&self) -> Point {
        self.current
    }

    pub(super) fn close(&mut self) {
        if let Some(subpath) = self.subpaths.last_mut() {
            subpath.closed = true;
        }
        self.current = self.start;
    }

    pub(super) fn rect(&mut self, ctm: &Affine, x: f64, y: f64, width: f64, height: f64) {
        self.move_to(ctm, Point::new(x, y));
        self.push(ctm, Point::new(x + width, y));
        self.push(ctm, Point::new(x + width, y + height));
        self.push(ctm, Point::new(x, y + height));
        self.close();
    }

    /// The box of the whole path, for clipping.
    pub(super) fn bounds(&self) -> Option<BoundingBox> {
        bounds_of(&self.points)
    }

    pub(super) fn clear(&mut self) {
        self.subpaths.clear();
        self.points.clear();
    }

    /// Records what painting this path draws inside the clip.
    pub(super) fn paint(
        &self,
        fill: Option<u32>,
        stroke: bool,
        clip: &BoundingBox,
        page: &mut Page,
    ) {
        for (index, subpath) in self.subpaths.iter().enumerate() {
            if page.rects.len() + page.rulings.len() >= MOST_SHAPES {
                return;
            }
            let end = self
                .subpaths
                .get(index + 1)
                .map_or(self.points.len(), |next| next.first);
            let points = self.points.get(subpath.first..end).unwrap_or_default();
            let Some(bounds) = bounds_of(points).and_then(|bounds| intersection(&bounds, clip))
            else {
                continue;
            };
            if fill.is_some() {
                push_dot(bounds, page);
            }
            let thin = bounds.width().min(bounds.height()) < LINE_THICKNESS;
            let long = bounds.width().max(bounds.height()) >= SHORTEST_LINE;
            let boxlike = if subpath.curved {
                (points.len() <= MOST_POINTS_OF_A_BOX || has_round_corners(points))
                    && bounds.width().min(bounds.height()) >= SMALLEST_ROUNDED
            } else {
                is_rectangle(points)
            };
            if thin && long && (fill.is_some() || is_rectangle(points) || points.len() == 2) {
                page.rulings.push(Ruling { bbox: bounds });
            } else if !thin && boxlike && (fill.is_some() || subpath.closed || points.len() > 4) {
                page.rects.push(Rect {
                    bbox: bounds,
                    fill,
                    stroked: stroke,
                    rounded: subpath.curved,
                });
            } else if stroke && !subpath.curved {
                stroke_lines(points, subpath.closed, clip, page);
            }
        }
    }

    fn begin(&mut self) {
        self.subpaths.push(Subpath {
            first: self.points.len(),
            curved: false,
            closed: false,
        });
    }

    fn ensure_begun(&mut self, ctm: &Affine) {
        if self.subpaths.last().is_none_or(|subpath| subpath.closed) {
            let start = self.current;
            self.begin();
            self.push(ctm, start);
        }
    }

    fn push(&mut self, ctm: &Affine, point: Point) {
        let shown = *ctm * point;
        #[expect(clippy::cast_possible_truncation, reason = "geometry is f32")]
        self.points.push((shown.x as f32, shown.y as f32));
    }
}

/// Records a shape that is small and about as high as wide.
pub(super) fn push_dot(bounds: BoundingBox, page: &mut Page) {
    let (least, most) = (
        bounds.width().min(bounds.height()),
        bounds.width().max(bounds.height()),
    );
    if least > 0.0
        && most < LARGEST_DOT
        && most < LONGEST_DOT * least
        && page.dots.len() < MOST_SHAPES
    {
        page.dots.push(bounds);
    }
}

/// Records the straight sides of a stroked figure that is not a rectangle.
fn stroke_lines(points: &[(f32, f32)], closed: bool, clip: &BoundingBox, page: &mut Page) {
    let closing = closed
        .then(|| Some((*points.last()?, *points.first()?)))
        .flatten();
    let pairs = points.iter().copied().zip(points.iter().copied().skip(1));
    for ((x0, y0), (x1, y1)) in pairs.chain(closing) {
        let straight = (x0 - x1).abs() < SAME || (y0 - y1).abs() < SAME;
        let Some(bbox) = intersection(&BoundingBox::new(x0, y0, x1, y1), clip) else {
            continue;
        };
        if straight
            && bbox.width().max(bbox.height()) >= SHORTEST_LINE
            && page.rulings.len() < MOST_SHAPES
        {
            page.rulings.push(Ruling { bbox });
        }
    }
}

fn bounds_of(points: &[(f32, f32)]) -> Option<BoundingBox> {
    let &(x, y) = points.first()?;
    let mut bounds = BoundingBox::new(x, y, x, y);
    for &(x, y) in points {
        bounds = bounds.union(&BoundingBox::new(x, y, x, y));
    }
    [bounds.x0, bounds.y0, bounds.x1, bounds.y1]
        .iter()
        .all(|edge| edge.is_finite())
        .then_some(bounds)
}

/// The common part of two boxes; lines, which have no area, count.
pub(super) fn intersection(a: &BoundingBox, b: &BoundingBox) -> Option<BoundingBox> {
    let (x0, y0) = (a.x0.max(b.x0), a.y0.max(b.y0));
    let (x1, y1) = (a.x1.min(b.x1), a.y1.min(b.y1));
    (x0 <= x1 && y0 <= y1).then_some(BoundingBox { x0, y0, x1, y1 })
}

/// Whether all points lie on the sides of their box or in its corners.
fn has_round_corners(points: &[(f32, f32)]) -> bool {
    if points.len() > MOST_POINTS_OF_ROUND_CORNERS {
        return false;
    }
    let Some(bounds) = bounds_of(points) else {
        return false;
    };
    let corner = LARGEST_CORNER * bounds.width().min(bounds.height());
    points.iter().all(|&(x, y)| {
        let across = (x - bounds.x0).min(bounds.x1 - x);
        let along = (y - bounds.y0).min(bounds.y1 - y);
        across < SAME || along < SAME || (across < corner && along < corner)
    })
}

/// Whether the points are the corners of an axis-parallel rectangle, in order, possibly with points repeated or on the edges.
fn is_rectangle(points: &[(f32, f32)]) -> bool {
    if points.len() < 4 || points.len() > 9 {
        return false;
    }
    let Some(bounds) = bounds_of(points) else {
        return false;
    };
    let on_edge = points.iter().all(|&(x, y)| {
        (x - bounds.x0).abs() < SAME
            || (x - bounds.x1).abs() < SAME
            || (y - bounds.y0).abs() < SAME
            || (y - bounds.y1).abs() < SAME
    });
    let next = points.iter().skip(1).chain(points.first());
    on_edge
        && points
            .iter()
            .zip(next)
            .all(|(a, b)| (a.0 - b.0).abs() < SAME || (a.1 - b.1).abs() < SAME)
}
