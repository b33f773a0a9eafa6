//! Boxes on a page: points, origin at the top left of the page as displayed, y downwards.

/// An axis-parallel box in points, `y0` above `y1`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BoundingBox {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl BoundingBox {
    /// The box between two corners, in whatever order they come.
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self {
            x0: x0.min(x1),
            y0: y0.min(y1),
            x1: x0.max(x1),
            y1: y0.max(y1),
        }
    }

    /// Horizontal extent.
    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    /// Vertical extent.
    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Its middle: x, and y.
    pub fn centre(&self) -> (f32, f32) {
        (
            f32::midpoint(self.x0, self.x1),
            f32::midpoint(self.y0, self.y1),
        )
    }

    /// Whether `other`'s centre lies inside, give or take `slack` points.
    pub fn contains_centre(&self, other: &Self, slack: f32) -> bool {
        let (x, y) = other.centre();
        x >= self.x0 - slack && x <= self.x1 + slack && y >= self.y0 - slack && y <= self.y1 + slack
    }

    /// Length of the overlap of the horizontal extents, 0 when they are apart.
    pub fn overlap_x(&self, other: &Self) -> f32 {
        (self.x1.min(other.x1) - self.x0.max(other.x0)).max(0.0)
    }

    /// Length of the overlap of the vertical extents, 0 when they are apart.
    pub fn overlap_y(&self, other: &Self) -> f32 {
        (self.y1.min(other.y1) - self.y0.max(other.y0)).max(0.0)
    }
}
