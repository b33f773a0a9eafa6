//! A PDF page as parsing leaves it: positioned text and what is drawn around it, in display coordinates.

use super::geometry::BoundingBox;
use super::text::Style;

/// How a glyph's character was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnicodeOrigin {
    /// The font's ToUnicode map, its encoding with standard glyph names, or a standard character collection.
    Mapped,
    /// The embedded font program's own tables.
    FontProgram,
    /// A guess from the character code.
    Guessed,
    /// Nothing gives it: the character is U+FFFD.
    Unknown,
}

/// One glyph (or the characters of one ligature glyph).
#[derive(Clone, Debug)]
pub struct Glyph {
    /// Its characters; a ligature has several.
    pub characters: String,
    /// Box from advance and font ascent and descent.
    pub bbox: BoundingBox,
    /// Baseline origin, y.
    pub baseline: f32,
    /// How the characters were known.
    pub origin: UnicodeOrigin,
}

/// Glyphs shown one after the other in one font, size and colour on one baseline.
#[derive(Clone, Debug)]
pub struct TextSpan {
    /// The glyphs, in the order shown.
    pub glyphs: Vec<Glyph>,
    /// How they are set.
    pub style: Style,
    /// The font's name without its subset tag.
    pub font: String,
    /// Direction of the baseline in degrees, clockwise as displayed: 0 is upright text.
    pub rotation: f32,
    /// Neither filled nor stroked: the text layer of a scan.
    pub invisible: bool,
}

/// A drawn straight line, or a thin filled rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// Its extent; one of width and height is (nearly) 0.
    pub bbox: BoundingBox,
}

/// A filled or stroked rectangle that is not thin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its extent.
    pub bbox: BoundingBox,
    /// Fill colour as 0xRRGGBB, `None` when only stroked.
    pub fill: Option<u32>,
    /// Whether its outline is drawn.
    pub stroked: bool,
}

/// A link annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkAnnotation {
    /// Where a click leads.
    pub target: String,
    /// The area that reacts.
    pub bbox: BoundingBox,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Width in points, as displayed.
    pub width: f32,
    /// Height in points, as displayed.
    pub height: f32,
    /// Text in content-stream order.
    pub spans: Vec<TextSpan>,
    /// Lines.
    pub rulings: Vec<Ruling>,
    /// Rectangles.
    pub rects: Vec<Rect>,
    /// Boxes of the images drawn.
    pub images: Vec<BoundingBox>,
    /// Link annotations.
    pub links: Vec<LinkAnnotation>,
}
