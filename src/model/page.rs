//! A PDF page as parsing leaves it: positioned glyphs and what is drawn around them, in display coordinates.
//!
//! Glyphs of a page lie in one vector, so that a page costs a handful of allocations however much it says.

use std::ops::Range;

use super::document::Metadata;
use super::geometry::{BoundingBox, Turn};
use super::structure::Structure;
use super::text::Style;
use crate::error::ErrorKind;

/// How a glyph's character was known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnicodeOrigin {
    /// The font's `ToUnicode` map, its encoding with standard glyph names, or a standard character collection.
    #[default]
    Mapped,
    /// A guess from the character code.
    Guessed,
    /// Nothing gives it: the character is U+FFFD.
    Unknown,
}

/// One character. A ligature glyph gives several, each with its share of the glyph's advance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Glyph {
    /// The character; white space of any kind is a plain space.
    pub character: char,
    /// Left edge.
    pub x0: f32,
    /// Right edge: where the advance ends.
    pub x1: f32,
    /// How the character was known.
    pub origin: UnicodeOrigin,
    /// Whether a text-showing operator begins with it: producers show what they insert, such as a hyphen at a line end, by itself.
    pub begins: bool,
}

/// Characters shown one after the other in one font, size and colour on one baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct TextSpan {
    /// The characters, as a range of `Page::glyphs`, in the order shown.
    pub glyphs: Range<u32>,
    /// How they are set.
    pub style: Style,
    /// Number of the font within its document.
    pub font: u32,
    /// Where the letters stand, y.
    pub baseline: f32,
    /// Top: the font's ascent above the baseline.
    pub top: f32,
    /// Bottom: the font's descent below the baseline.
    pub bottom: f32,
    /// Direction of the baseline in degrees, clockwise as displayed: 0 is upright text. The edges of glyphs that are not upright are the span's.
    pub rotation: f32,
    /// Neither filled nor stroked: the text layer of a scan.
    pub invisible: bool,
    /// Marked by its producer as no part of the text: a running header, a folio.
    pub artifact: bool,
    /// The run of the document's structure that it is part of, in `Structure::contents`.
    pub content: Option<u32>,
}

/// A drawn straight line, or a thin filled rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// Its extent; one of width and height is (nearly) 0.
    pub bbox: BoundingBox,
}

/// A filled or stroked rectangle that is not thin; or what a rounded shape fits in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its extent.
    pub bbox: BoundingBox,
    /// Fill colour as 0xRRGGBB, `None` when only stroked.
    pub fill: Option<u32>,
    /// Whether its outline is drawn.
    pub stroked: bool,
    /// Whether its outline has curves: a disc, a rounded box.
    pub rounded: bool,
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
    /// The characters of all spans.
    pub glyphs: Vec<Glyph>,
    /// Text in content-stream order.
    pub spans: Vec<TextSpan>,
    /// Lines.
    pub rulings: Vec<Ruling>,
    /// Rectangles, in the order painted.
    pub rects: Vec<Rect>,
    /// Boxes of small shapes and images, about as high as wide: bullets and icons.
    pub dots: Vec<BoundingBox>,
    /// Boxes of the images drawn.
    pub images: Vec<BoundingBox>,
    /// Link annotations.
    pub links: Vec<LinkAnnotation>,
    /// How the page as displayed was turned to give this one.
    pub turn: Turn,
    /// Its text that stands at quarter turns, as pages of that text alone, turned so that it is upright. Its spans are among this page's, too.
    pub turned: Vec<Page>,
    /// Whether its text was read from its picture.
    pub recognized: bool,
    /// Whether nesting went beyond the limits, so that something may be missing.
    pub truncated: bool,
}

impl Page {
    /// The characters of a span.
    pub fn glyphs_of(&self, span: &TextSpan) -> &[Glyph] {
        self.glyphs
            .get(span.glyphs.start as usize..span.glyphs.end as usize)
            .unwrap_or_default()
    }
}

/// Where pages come from: a parsed file whose pages are read when they are wanted, and dropped when they have been used.
pub trait PageSource: Sync {
    /// How many pages there are, and how many of them may be read.
    fn n_pages(&self) -> (usize, usize);
    /// What the file says of itself.
    fn metadata(&self) -> &Metadata;
    /// What its maker says the text is, where it says so.
    fn structure(&self) -> Option<&Structure> {
        None
    }
    /// Hands the pages of a range of indices, one after the other, to `visit`; what they share (fonts) is loaded once for the range.
    fn visit(&self, range: Range<usize>, visit: &mut dyn FnMut(usize, Result<Page, ErrorKind>));
}
