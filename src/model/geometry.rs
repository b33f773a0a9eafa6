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

/// A line that leans from a quarter turn by less than this (degrees) is turned by it.
const LEANS: f32 = 3.0;

/// How text is turned that is not upright on its page, with the extent of the page as displayed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Turn {
    /// Upright.
    #[default]
    None,
    /// By a quarter clockwise: lines run down the page.
    Down {
        /// Of the page.
        width: f32,
    },
    /// Upside down.
    Half {
        /// Of the page.
        width: f32,
        /// Of the page.
        height: f32,
    },
    /// By a quarter the other way: lines run up the page.
    Up {
        /// Of the page.
        height: f32,
    },
}

impl Turn {
    /// The quarter turns that a baseline at this angle (degrees, clockwise) is set at on a page of this extent; nothing for upright and slanted ones.
    pub fn of(rotation: f32, width: f32, height: f32) -> Option<Self> {
        let is_near = |angle: f32| (rotation.abs() - angle).abs() < LEANS;
        if is_near(180.0) {
            Some(Self::Half { width, height })
        } else if is_near(90.0) && rotation > 0.0 {
            Some(Self::Down { width })
        } else if is_near(90.0) {
            Some(Self::Up { height })
        } else {
            None
        }
    }

    /// Where a point of the page is when the page is turned so that the text is upright.
    pub fn apply(self, (x, y): (f32, f32)) -> (f32, f32) {
        match self {
            Self::None => (x, y),
            Self::Down { width } => (y, width - x),
            Self::Half { width, height } => (width - x, height - y),
            Self::Up { height } => (height - y, x),
        }
    }

    /// The box on the turned page that is this one as displayed.
    #[must_use]
    pub fn apply_to(self, bbox: &BoundingBox) -> BoundingBox {
        let (x0, y0) = self.apply((bbox.x0, bbox.y0));
        let (x1, y1) = self.apply((bbox.x1, bbox.y1));
        BoundingBox::new(x0, y0, x1, y1)
    }

    /// The box as displayed that is this one on the turned page.
    #[must_use]
    pub fn undo(self, bbox: &BoundingBox) -> BoundingBox {
        let back = |x: f32, y: f32| match self {
            Self::None => (x, y),
            Self::Down { width } => (width - y, x),
            Self::Half { width, height } => (width - x, height - y),
            Self::Up { height } => (y, height - x),
        };
        let ((x0, y0), (x1, y1)) = (back(bbox.x0, bbox.y0), back(bbox.x1, bbox.y1));
        BoundingBox::new(x0, y0, x1, y1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_turned_and_turned_back_is_where_it_was() {
        let bbox = BoundingBox::new(50.0, 100.0, 70.0, 400.0);
        for (angle, expected) in [
            (90.0, BoundingBox::new(100.0, 525.0, 400.0, 545.0)),
            (179.0, BoundingBox::new(525.0, 442.0, 545.0, 742.0)),
            (-90.0, BoundingBox::new(442.0, 50.0, 742.0, 70.0)),
        ] {
            let turn = Turn::of(angle, 595.0, 842.0).unwrap();
            assert_eq!(turn.apply_to(&bbox), expected);
            assert_eq!(turn.undo(&expected), bbox);
        }
        assert_eq!(Turn::of(45.0, 595.0, 842.0), None);
        assert_eq!(Turn::of(0.0, 595.0, 842.0), None);
    }
}
