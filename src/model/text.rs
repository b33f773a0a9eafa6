//! `Text`: a string that knows, character by character, where it was read and how it was set.
//!
//! Parsers build it, layout joins it, extraction slices it; evidence falls out of the slice that became a value. Nothing is searched for
//! afterwards.

use std::ops::Range;
use std::sync::Arc;

use super::evidence::{Evidence, Join};
use super::geometry::{BoundingBox, Turn};

/// How a run of characters is set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Style {
    /// Type size in points; 0 where the format does not say.
    pub size: f32,
    /// Bold or heavier.
    pub bold: bool,
    /// Italic or oblique.
    pub italic: bool,
    /// Raised: an ordinal's ending or a footnote marker.
    pub superscript: bool,
    /// Fill colour as 0xRRGGBB; 0 (black) where the format does not say.
    pub color: u32,
}

/// Where a segment of a text was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The segment's bytes are the file's bytes from `start` on, one for one.
    Exact {
        /// Byte offset in the file as received.
        start: u32,
        /// Line from 1 (0 where lines mean nothing, as in HTML).
        line: u32,
        /// Element of the document's node table, for HTML.
        node: Option<u32>,
    },
    /// The segment stands for the file's bytes `start..end` as a whole: an entity, a re-encoded character. It cannot be split.
    Span {
        /// First byte in the file as received.
        start: u32,
        /// One past the last byte.
        end: u32,
        /// Line from 1 (0 where lines mean nothing).
        line: u32,
        /// Element of the document's node table, for HTML.
        node: Option<u32>,
    },
    /// Glyphs of one line of a page: one pair of edges for each character of the segment.
    Glyphs {
        /// Page from 1.
        page: u32,
        /// Top of the line's glyphs, in points.
        top: f32,
        /// Bottom of the line's glyphs, in points.
        bottom: f32,
        /// Left and right edge of each character of the line run that this segment is part of.
        edges: Arc<[(f32, f32)]>,
        /// Index in `edges` of the segment's first character.
        first: u32,
        /// How the page was turned, which all of these are told of.
        turn: Turn,
    },
    /// Characters `start..end` of a cell or paragraph as shown: one for one where the segment has as many, else the segment stands for them as a whole.
    Place {
        /// Index in the document's places.
        place: u32,
        /// First character.
        start: u32,
        /// One past the last.
        end: u32,
    },
    /// Nothing in the source: white space (or nothing) that reading put between two runs.
    Joint(Join),
}

/// What evidence is told by the document that a text is of.
pub trait Grounds {
    /// The CSS selector of a node.
    fn selector(&self, node: u32) -> String;

    /// Says in the evidence where a place is.
    fn name_place(&self, place: u32, evidence: &mut Evidence);
}

/// A text whose document is not at hand: its evidence says bytes, lines and boxes.
impl Grounds for () {
    fn selector(&self, _: u32) -> String {
        String::new()
    }

    fn name_place(&self, _: u32, _: &mut Evidence) {}
}

/// A run of characters with one source and one style.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// First byte in the text's string.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Where it was read.
    pub source: Source,
    /// How it was set.
    pub style: Style,
}

/// A grounded string. Offsets are bytes of `as_str()`, on character boundaries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    string: String,
    segments: Vec<Segment>,
}

impl Text {
    /// The empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.string
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.string.len()
    }

    /// Whether there is no character.
    pub fn is_empty(&self) -> bool {
        self.string.is_empty()
    }

    /// The runs, in order; they tile the string (joints of no character are kept too).
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Appends characters that were read at `source`.
    pub fn push(&mut self, characters: &str, source: Source, style: Style) {
        if characters.is_empty() {
            return;
        }
        let start = offset(self.string.len());
        self.string.push_str(characters);
        let end = offset(self.string.len());
        if let (
            Some(last),
            Source::Exact {
                start: byte,
                line,
                node,
            },
        ) = (self.segments.last_mut(), &source)
            && let Source::Exact {
                start: last_byte,
                line: last_line,
                node: last_node,
            } = &last.source
            && last.style == style
            && last_line == line
            && last_node == node
            && last_byte + (last.end - last.start) == *byte
        {
            last.end = end;
            return;
        }
        self.segments.push(Segment {
            start,
            end,
            source,
            style,
        });
    }

    /// Appends a joint: a space, a line feed, or nothing.
    pub fn push_joint(&mut self, join: Join) {
        let start = offset(self.string.len());
        match join {
            Join::Space => self.string.push(' '),
            Join::Newline => self.string.push('\n'),
            Join::Hyphen | Join::None => {}
        }
        let style = self
            .segments
            .last()
            .map_or_else(Style::default, |segment| segment.style);
        self.segments.push(Segment {
            start,
            end: offset(self.string.len()),
            source: Source::Joint(join),
            style,
        });
    }

    /// Appends another text, after a joint where both have characters.
    pub fn append(&mut self, other: &Self, join: Join) {
        if other.is_empty() {
            return;
        }
        if !self.is_empty() && join != Join::None {
            self.push_joint(join);
        }
        let base = offset(self.string.len());
        self.string.push_str(&other.string);
        self.segments
            .extend(other.segments.iter().map(|segment| Segment {
                start: segment.start + base,
                end: segment.end + base,
                ..segment.clone()
            }));
    }

    /// The part between two byte offsets; segments are cut where their source can be. Offsets that are out of range or inside a character give the
    /// empty text.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let Some(string) = self.string.get(range.clone()) else {
            return Self::new();
        };
        let (from, to) = (offset(range.start), offset(range.end));
        let mut segments = Vec::new();
        // Segments tile the string, so those before and after the range are not looked at: a text of many lines is cut line by line.
        let first = self.segments.partition_point(|segment| segment.end <= from);
        for segment in self.segments.iter().skip(first) {
            if segment.start >= to {
                break;
            }
            let inside = segment.start < to && segment.end > from;
            let joint_inside =
                segment.start == segment.end && segment.start > from && segment.start < to;
            if !inside && !joint_inside {
                continue;
            }
            let (start, end) = (segment.start.max(from), segment.end.min(to));
            let source = match &segment.source {
                Source::Exact {
                    start: byte,
                    line,
                    node,
                } => Source::Exact {
                    start: byte + (start - segment.start),
                    line: *line,
                    node: *node,
                },
                Source::Glyphs {
                    page,
                    top,
                    bottom,
                    edges,
                    first,
                    turn,
                } => {
                    let skipped = self
                        .string
                        .get(segment.start as usize..start as usize)
                        .map_or(0, |part| part.chars().count());
                    Source::Glyphs {
                        page: *page,
                        top: *top,
                        bottom: *bottom,
                        edges: Arc::clone(edges),
                        first: first + offset(skipped),
                        turn: *turn,
                    }
                }
                Source::Place {
                    place,
                    start: first,
                    end: last,
                } => {
                    let count = |from: u32, to: u32| {
                        self.string
                            .get(from as usize..to as usize)
                            .map_or(0, |part| offset(part.chars().count()))
                    };
                    let n_characters = count(segment.start, segment.end);
                    let is_whole = n_characters != last - first;
                    let first = first
                        + if is_whole {
                            0
                        } else {
                            count(segment.start, start)
                        };
                    Source::Place {
                        place: *place,
                        start: first,
                        end: if is_whole {
                            *last
                        } else {
                            first + count(start, end)
                        },
                    }
                }
                other => other.clone(),
            };
            segments.push(Segment {
                start: start - from,
                end: end - from,
                source,
                style: segment.style,
            });
        }
        Self {
            string: string.to_owned(),
            segments,
        }
    }

    /// Without white space at either end.
    #[must_use]
    pub fn trim(&self) -> Self {
        let kept = self.string.trim();
        let start = self.string.len() - self.string.trim_start().len();
        self.slice(start..start + kept.len())
    }

    /// The parts between line feeds, trimmed, without the empty ones.
    pub fn lines(&self) -> Vec<Self> {
        let mut start = 0;
        let mut lines = Vec::new();
        for part in self.string.split('\n') {
            let line = self.slice(start..start + part.len()).trim();
            if !line.is_empty() {
                lines.push(line);
            }
            start += part.len() + 1;
        }
        lines
    }

    /// The text without the given byte ranges (sorted, apart); what stood before and after a removed range is joined by nothing.
    #[must_use]
    pub fn without(&self, ranges: &[Range<usize>]) -> Self {
        let mut kept = Self::new();
        let mut start = 0;
        for range in ranges {
            kept.append(&self.slice(start..range.start), Join::None);
            start = range.end.max(start);
        }
        kept.append(&self.slice(start..self.len()), Join::None);
        kept
    }

    /// The style at a byte offset.
    pub fn style_at(&self, position: usize) -> Style {
        let position = offset(position);
        let index = self
            .segments
            .partition_point(|segment| segment.end <= position);
        self.segments
            .get(index)
            .filter(|segment| segment.start <= position)
            .map_or_else(Style::default, |segment| segment.style)
    }

    /// The ranges of segments that satisfy `test`, merged where they touch.
    pub fn ranges_where(&self, test: impl Fn(&Segment) -> bool) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for segment in self
            .segments
            .iter()
            .filter(|segment| segment.start < segment.end && test(segment))
        {
            let (start, end) = (segment.start as usize, segment.end as usize);
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => ranges.push(start..end),
            }
        }
        ranges
    }

    /// The style that most characters (joints aside) have.
    pub fn dominant_style(&self) -> Style {
        let mut counts: Vec<(Style, u32)> = Vec::new();
        for segment in self
            .segments
            .iter()
            .filter(|segment| !matches!(segment.source, Source::Joint(_)))
        {
            let length = segment.end - segment.start;
            match counts.iter_mut().find(|(style, _)| *style == segment.style) {
                Some((_, count)) => *count += length,
                None => counts.push((segment.style, length)),
            }
        }
        counts
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .map_or_else(Style::default, |(style, _)| style)
    }

    /// The page of the first glyph, from 1; `None` for formats without pages.
    pub fn page(&self) -> Option<u32> {
        self.segments
            .iter()
            .find_map(|segment| match segment.source {
                Source::Glyphs { page, .. } => Some(page),
                _ => None,
            })
    }

    /// Says that the page was turned on which the text was read.
    pub fn set_turn(&mut self, turned: Turn) {
        for segment in &mut self.segments {
            if let Source::Glyphs { turn, .. } = &mut segment.source {
                *turn = turned;
            }
        }
    }

    /// The box around the glyphs of the first page that the text stands on.
    pub fn bounding_box(&self) -> Option<BoundingBox> {
        let page = self.page()?;
        let mut bounds: Option<BoundingBox> = None;
        for segment in &self.segments {
            if let Some(piece) = self.glyph_box(segment).filter(
                |_| matches!(segment.source, Source::Glyphs { page: other, .. } if other == page),
            ) {
                bounds = Some(bounds.map_or(piece, |so_far| so_far.union(&piece)));
            }
        }
        bounds
    }

    fn glyph_box(&self, segment: &Segment) -> Option<BoundingBox> {
        let Source::Glyphs {
            top,
            bottom,
            edges,
            first,
            turn,
            ..
        } = &segment.source
        else {
            return None;
        };
        let count = self
            .string
            .get(segment.start as usize..segment.end as usize)?
            .chars()
            .count();
        let glyphs = edges.get(*first as usize..*first as usize + count)?;
        let left = glyphs
            .iter()
            .map(|edge| edge.0)
            .fold(f32::INFINITY, f32::min);
        let right = glyphs
            .iter()
            .map(|edge| edge.1)
            .fold(f32::NEG_INFINITY, f32::max);
        (left <= right).then(|| {
            turn.undo(&BoundingBox {
                x0: left,
                y0: *top,
                x1: right,
                y1: *bottom,
            })
        })
    }

    /// Where the characters were read, one piece for each contiguous run: a line of a page, a byte range, or characters of a cell or paragraph. `grounds`
    /// is the document, which knows what its nodes and places are called.
    pub fn evidence(&self, grounds: &impl Grounds) -> Vec<Evidence> {
        let mut pieces: Vec<Evidence> = Vec::new();
        // The place of each piece, to tell where one goes on.
        let mut place_before: Option<u32> = None;
        let mut join = Join::None;
        for segment in &self.segments {
            let mut place_of_piece = None;
            let mut piece = Evidence {
                join: Some(join),
                ..Evidence::default()
            };
            match &segment.source {
                Source::Joint(joint) => {
                    join = *joint;
                    continue;
                }
                Source::Exact { start, line, node } => {
                    piece.span = Some([*start, start + (segment.end - segment.start)]);
                    piece.selector = node.map(|node| grounds.selector(node));
                    piece.line = (*line > 0).then_some(*line);
                }
                Source::Span {
                    start,
                    end,
                    line,
                    node,
                } => {
                    piece.span = Some([*start, *end]);
                    piece.selector = node.map(|node| grounds.selector(node));
                    piece.line = (*line > 0).then_some(*line);
                }
                Source::Glyphs { page, .. } => {
                    let Some(bounds) = self.glyph_box(segment) else {
                        continue;
                    };
                    piece.page = Some(*page);
                    piece.bbox = Some([bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(tenth));
                }
                Source::Place { place, start, end } => {
                    piece.characters = Some([*start, *end]);
                    place_of_piece = Some(*place);
                    grounds.name_place(*place, &mut piece);
                }
            }
            join = Join::None;
            match pieces.last_mut() {
                Some(last) if continues(last, &piece) && place_before == place_of_piece => {
                    if let (Some(characters), Some(other)) =
                        (&mut last.characters, piece.characters)
                    {
                        characters[1] = other[1];
                    }
                    if let (Some(span), Some(other)) = (&mut last.span, piece.span) {
                        span[1] = other[1];
                    }
                    if let (Some(bbox), Some(other)) = (&mut last.bbox, piece.bbox) {
                        *bbox = [
                            bbox[0].min(other[0]),
                            bbox[1].min(other[1]),
                            bbox[2].max(other[2]),
                            bbox[3].max(other[3]),
                        ];
                    }
                }
                _ => pieces.push(piece),
            }
            place_before = place_of_piece;
        }
        for (number, piece) in pieces.iter_mut().enumerate() {
            if number == 0 || piece.join == Some(Join::Space) {
                piece.join = None;
            }
        }
        pieces
    }
}

/// Whether `next` goes on where `last` ends: adjoining bytes of one node, adjoining characters of a place, or the same line of the same page with
/// nothing between.
fn continues(last: &Evidence, next: &Evidence) -> bool {
    if let (Some(a), Some(b)) = (last.characters, next.characters) {
        return a[1] == b[0];
    }
    match (last.span, next.span, last.bbox, next.bbox) {
        (Some(a), Some(b), ..) => {
            a[1] == b[0] && last.selector == next.selector && last.line == next.line
        }
        (_, _, Some(a), Some(b)) => {
            let apart = b[0] - a[2];
            // A capital over several lines has a box of its own: one box for both would hold the lines below.
            let lower = (a[3] - a[1]).min(b[3] - b[1]);
            last.page == next.page
                && next.join == Some(Join::None)
                && (a[1] - b[1]).abs() < (a[3] - a[1])
                && (a[3] - b[3]).abs() < lower
                && apart.abs() < (a[3] - a[1])
        }
        _ => false,
    }
}

/// Boxes are printed to the hundredth of a point: finer than any renderer, and stable.
fn tenth(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

/// Texts are shorter than 4 GiB: ingest refuses larger files.
fn offset(length: usize) -> u32 {
    u32::try_from(length).expect("a text is shorter than 4 GiB, which ingest ensures")
}

/// A text that stands at the beginning of a file, for tests.
#[cfg(test)]
impl From<&str> for Text {
    fn from(string: &str) -> Self {
        let mut text = Self::new();
        let source = Source::Exact {
            start: 0,
            line: 1,
            node: None,
        };
        text.push(string, source, Style::default());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(string: &str, start: u32) -> Text {
        let mut text = Text::new();
        text.push(
            string,
            Source::Exact {
                start,
                line: 1,
                node: None,
            },
            Style::default(),
        );
        text
    }

    #[test]
    fn a_slice_points_at_its_own_bytes() {
        let slice = text("Le « projet » ÉTÉ", 100).slice(6..12);
        assert_eq!(
            slice.as_str(),
            "projet".get(..0).map_or("", |_| slice.as_str())
        );
        assert_eq!(slice.evidence(&())[0].span, Some([106, 112]));
    }

    #[test]
    fn joined_texts_keep_their_pieces_and_how_they_join() {
        let mut joined = text("un toit", 0);
        joined.append(&text("un emploi", 20), Join::Space);
        joined.append(&text("à Aurillac", 40), Join::Newline);
        assert_eq!(joined.as_str(), "un toit un emploi\nà Aurillac");
        let pieces = joined.evidence(&());
        assert_eq!(
            pieces.iter().map(|piece| piece.join).collect::<Vec<_>>(),
            [None, None, Some(Join::Newline)]
        );
    }

    #[test]
    fn glyphs_are_cut_by_character() {
        let mut line = Text::new();
        let edges: Arc<[(f32, f32)]> = (0..5u8)
            .map(|i| (f32::from(i) * 10.0, f32::from(i) * 10.0 + 9.0))
            .collect();
        line.push(
            "Été !",
            Source::Glyphs {
                page: 2,
                top: 5.0,
                bottom: 15.0,
                edges,
                first: 0,
                turn: Turn::None,
            },
            Style::default(),
        );
        let cut = line.slice(2..5);
        assert_eq!(cut.as_str(), "té");
        assert_eq!(cut.evidence(&())[0].bbox, Some([10.0, 5.0, 29.0, 15.0]));
    }

    #[test]
    fn removing_ranges_leaves_the_rest_grounded() {
        let cleaned = text("1^{er} janvier", 0).without(&[1..3, 5..6]);
        assert_eq!(cleaned.as_str(), "1er janvier");
        assert_eq!(
            cleaned
                .evidence(&())
                .iter()
                .map(|piece| piece.span)
                .collect::<Vec<_>>(),
            [Some([0, 1]), Some([3, 5]), Some([6, 14])]
        );
    }
}
