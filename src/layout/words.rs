//! Glyphs in, words and fragments out: what stands on one baseline without a gap that only columns, cells and tabs leave.
//!
//! The order of the content stream does not matter here: spans are brought into rows by their baselines and read from left to right. Fonts
//! that are set wide (letter-spacing) are recognised by the gaps of the line itself.

use std::ops::Range;

use super::bullets;
use crate::model::geometry::BoundingBox;
use crate::model::page::{Glyph, Page, TextSpan, UnicodeOrigin};

/// Baselines closer than this part of the smaller type size are one row.
const SAME_ROW: f32 = 0.2;
/// A raised or lowered span is at most this part of the size of what it belongs to.
const SMALL: f32 = 0.85;
/// A few characters may be nearly as large: « 1er » of which the letters are only moved up.
const SMALL_MARKER: f32 = 0.97;
/// And at least this, since a numeral may stand beside small type; markers of a few characters may be smaller.
const LEAST_SMALL: f32 = 0.46;
const TINY_MARKER: u32 = 3;
const LEAST_TINY: f32 = 0.3;
/// Its baseline is at most this part of an em higher than that of the text, and at least the second.
const MOST_RAISED: f32 = 0.75;
const LEAST_RAISED: f32 = 0.12;
/// It stands this near (ems) to a word of the text.
const ATTACHED: f32 = 0.45;
/// Pages where this many pairs of spans have been compared are drawings; nothing more is attached.
const MOST_COMPARISONS: usize = 1_000_000;
/// And is no longer than this (ems of the text).
const LONGEST_RAISED: f32 = 4.0;
/// A gap wider than this (ems) without a space glyph ends a fragment.
const FRAGMENT_GAP: f32 = 0.95;
/// The same in rows whose words are parted by space glyphs elsewhere: two spaces wide.
const MOVED_FRAGMENT_GAP: f32 = 0.6;
/// A gap wider than this (ems) ends a fragment even where a space glyph stands in it: justified lines mostly stay below, and those that do not are
/// put together again with their column.
const SPACED_FRAGMENT_GAP: f32 = 1.2;
/// Spaces whose widths differ by less (points) are alike.
const SAME_GAP: f32 = 0.3;
/// From this gap (ems) on, beyond the line's own letter-spacing, two glyphs belong to two words. Spaces of text fonts are 0.2 to 0.3 em wide,
/// and justification takes a third of that at most; kerning stays below a tenth.
const WORD_GAP: f32 = 0.15;
/// The same where the line has space glyphs, so that gaps without one are rarely meant.
const WORD_GAP_BESIDE_SPACES: f32 = 0.28;
/// Gaps above this (ems) inside words show letter-spacing.
const LETTER_GAP: f32 = 0.05;
/// Digits this much larger than the text beside them are a numeral of their own.
const NUMERAL_SIZE: f32 = 1.35;
/// Words that start within this many points of each other share an edge.
const SAME_EDGE: f32 = 0.8;
/// In some of these rows the gap before the edge is wider than any space (points): the line before it is short.
const WIDE_GAP: f32 = 8.0;
/// A word that reaches over an edge by less than this (points) does not cross it.
const OVERHANG: f32 = 3.0;
/// So many rows that share an edge are no accident.
const ROWS_OF_EDGE: usize = 8;
/// And have at most so many characters.
const LONGEST_NUMERAL: usize = 4;

/// A capital over two lines is at least this much larger than they are; three lines make it three times as large.
const INITIAL_SIZE: f32 = 1.6;
/// It is a letter, perhaps with an opening quotation mark or an apostrophe, or a short word.
const LONGEST_INITIAL: usize = 4;
/// The lines beside it begin within so many ems of its right edge.
const INITIAL_GAP: f32 = 1.2;
/// Its foot is level with that of the last line beside it, within this part of an em.
const INITIAL_LEVEL: f32 = 0.45;
/// Pages with more are no text.
const MOST_INITIALS: usize = 60;

/// Characters without a space between them, in one span or in several that touch.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// In `Page::glyphs`.
    pub(super) glyphs: Range<u32>,
    /// In `Page::spans`.
    pub(super) span: u32,
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// Whether a space separates it from the word before it in the fragment.
    pub(super) spaced: bool,
    /// From this gap before it (ems) on it belongs to another fragment.
    break_gap: f32,
    /// How it stands in its row.
    pub(super) place: Place,
    /// Printed twice at nearly the same place, to look bold.
    pub(super) doubled: bool,
}

impl Word {
    /// Whether it is raised above the baseline of its row.
    pub(super) fn is_raised(&self) -> bool {
        self.place == Place::Raised
    }

    /// Whether it is a capital over several lines, at the head of the first of them.
    pub(super) fn is_initial(&self) -> bool {
        self.place == Place::Initial
    }
}

/// Words of one row without a wide gap.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    /// In `Words::list`.
    pub(super) words: Range<u32>,
    pub(super) bbox: BoundingBox,
    pub(super) baseline: f32,
    /// Size that most of it is set in.
    pub(super) size: f32,
    /// Whether most of it is bold.
    pub(super) bold: bool,
    /// Colour of its first word, and whether that is italic.
    pub(super) face: (u32, bool),
    /// Number of characters.
    pub(super) n_characters: u32,
    /// Row of the page, from the top.
    pub(super) row: u32,
    /// Whether a bullet is drawn in front of it.
    pub(super) bulleted: bool,
}

/// Words and fragments of a page.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) list: Vec<Word>,
    pub(super) fragments: Vec<Fragment>,
    /// Spans whose baseline is not upright.
    pub(super) rotated: Vec<u32>,
}

impl Words {
    /// The words of a fragment.
    pub(super) fn of(&self, fragment: &Fragment) -> &[Word] {
        self.list
            .get(fragment.words.start as usize..fragment.words.end as usize)
            .unwrap_or_default()
    }
}

/// A vertical edge that separates what stands on its two sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Barrier {
    pub(super) x: f32,
    pub(super) y0: f32,
    pub(super) y1: f32,
}

/// What of a row's text is between two spaces, or a space.
struct Token {
    x0: f32,
    word: Option<Word>,
    order: u32,
}

/// Reads the words of a page. `barriers` are sorted by x.
pub(super) fn read(page: &Page, barriers: &[Barrier]) -> Words {
    let mut found = Words::default();
    let keep_invisible = is_mostly_invisible(page);
    let mut upright: Vec<u32> = Vec::with_capacity(page.spans.len());
    for (index, span) in (0_u32..).zip(&page.spans) {
        if span.glyphs.is_empty() || (span.invisible && !keep_invisible) {
            continue;
        }
        if span.rotation.abs() > f32::EPSILON {
            found.rotated.push(index);
        } else {
            upright.push(index);
        }
    }
    let initials = initials(page, &upright);
    upright.retain(|index| initials.iter().all(|initial| initial.span != *index));
    let mut rows_of_words: Vec<RowOfWords> = Vec::new();
    let mut tokens: Vec<Token> = Vec::new();
    for row in rows(page, upright, &initials) {
        tokens.clear();
        for &(index, place) in &row.spans {
            if let Some(span) = page.spans.get(index as usize) {
                tokenize(page, span, index, place, &mut tokens);
            }
        }
        tokens.sort_by(|a, b| a.x0.total_cmp(&b.x0).then(a.order.cmp(&b.order)));
        let start = found.list.len();
        words_of_row(page, &mut tokens, &mut found);
        let words = found.list.get_mut(start..).unwrap_or_default();
        let letter_gap = letter_gap(page, words);
        decide_spaces(page, words, letter_gap);
        rows_of_words.push(RowOfWords {
            words: start..found.list.len(),
            letter_gap,
            y: row.baseline - 0.25 * row.size,
        });
    }
    let mut barriers = barriers.to_vec();
    barriers.extend(shared_edges(&found.list, &rows_of_words));
    barriers.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y0.total_cmp(&b.y0)));
    for (number, row) in (0_u32..).zip(&rows_of_words) {
        fragments_of_row(page, row, number, &barriers, &mut found);
    }
    for initial in &initials {
        initial.widen(&mut found.fragments);
    }
    bullets::mark(&page.dots, &mut found.fragments);
    found
}

/// The words of a row of the page.
struct RowOfWords {
    words: Range<usize>,
    letter_gap: f32,
    /// Height of its lower-case letters.
    y: f32,
}

/// Left edges that words of many rows share, and that no word of these rows crosses: columns set so close that their gap is no wider than a space.
fn shared_edges(words: &[Word], rows: &[RowOfWords]) -> Vec<Barrier> {
    let mut starts: Vec<(f32, usize, bool)> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let of_row = words.get(row.words.clone()).unwrap_or_default();
        for (before, word) in of_row.iter().zip(of_row.iter().skip(1)) {
            starts.push((word.x0, number, word.x0 - before.x1 > WIDE_GAP));
        }
    }
    starts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut edges = Vec::new();
    let mut at = 0;
    while let Some(&(x, ..)) = starts.get(at) {
        let n = starts
            .get(at..)
            .unwrap_or_default()
            .partition_point(|start| start.0 - x <= SAME_EDGE);
        let group = starts.get(at..at + n).unwrap_or_default();
        // Cells of like content have like words at the same place, but each after one space.
        let n_wide = group.iter().filter(|(.., wide)| *wide).count();
        if n >= ROWS_OF_EDGE && n_wide * 4 >= n {
            edges.extend(uncrossed(words, rows, group, x));
        }
        at += n.max(1);
    }
    edges
}

/// The stretches of rows over which an edge is not crossed, where most rows have a word that starts at it.
fn uncrossed(
    words: &[Word],
    rows: &[RowOfWords],
    group: &[(f32, usize, bool)],
    x: f32,
) -> Vec<Barrier> {
    let mut on_edge: Vec<usize> = group.iter().map(|(_, row, _)| *row).collect();
    on_edge.sort_unstable();
    on_edge.dedup();
    let mut barriers = Vec::new();
    let mut open: Option<(usize, usize, usize)> = None;
    let mut close = |open: &mut Option<(usize, usize, usize)>| {
        if let Some((first, last, n)) = open.take()
            && n >= ROWS_OF_EDGE
            && n * 2 > last - first
            && let (Some(top), Some(bottom)) = (rows.get(first), rows.get(last))
        {
            barriers.push(Barrier {
                x: x - 0.5,
                y0: top.y - 6.0,
                y1: bottom.y + 6.0,
            });
        }
    };
    let (Some(&first), Some(&last)) = (on_edge.first(), on_edge.last()) else {
        return barriers;
    };
    for (number, row) in rows.iter().enumerate().take(last + 1).skip(first) {
        let crossed = words
            .get(row.words.clone())
            .unwrap_or_default()
            .iter()
            .any(|word| word.x0 < x - 1.0 && word.x1 > x + OVERHANG);
        if crossed {
            close(&mut open);
        } else if on_edge.binary_search(&number).is_ok() {
            open = Some(match open {
                Some((first, _, n)) => (first, number, n + 1),
                None => (number, number, 1),
            });
        }
    }
    close(&mut open);
    barriers
}

/// Whether the page's text is the invisible layer of a scan: then it is all there is to read.
pub(super) fn is_mostly_invisible(page: &Page) -> bool {
    let (mut visible, mut invisible) = (0, 0);
    for span in &page.spans {
        let length = span.glyphs.end - span.glyphs.start;
        if span.invisible {
            invisible += length;
        } else {
            visible += length;
        }
    }
    invisible > visible
}

struct Row {
    baseline: f32,
    size: f32,
    spans: Vec<(u32, Place)>,
}

/// How a span stands in its row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    OnBaseline,
    Raised,
    /// A capital over several lines, in the row of the first.
    Initial,
}

/// Spans by baseline; raised and lowered ones with the row they belong to.
fn rows(page: &Page, mut upright: Vec<u32>, initials: &[Initial]) -> Vec<Row> {
    let span_of = |index: u32| page.spans.get(index as usize);
    let baseline_of = |index: u32| span_of(index).map_or(0.0, |span| span.baseline);
    upright.sort_by(|&a, &b| baseline_of(a).total_cmp(&baseline_of(b)).then(a.cmp(&b)));
    let mut rows: Vec<Row> = Vec::new();
    for index in upright {
        let Some(span) = span_of(index) else {
            continue;
        };
        match rows.last_mut() {
            Some(row)
                if span.baseline - row.baseline < SAME_ROW * span.style.size.min(row.size) =>
            {
                row.size = row.size.min(span.style.size);
                row.spans.push((index, Place::OnBaseline));
            }
            _ => rows.push(Row {
                baseline: span.baseline,
                size: span.style.size,
                spans: vec![(index, Place::OnBaseline)],
            }),
        }
    }
    attach_raised(page, &mut rows);
    for initial in initials {
        let host = rows
            .iter_mut()
            .find(|row| row.spans.iter().any(|&(index, _)| index == initial.host));
        if let Some(row) = host {
            row.spans.push((initial.span, Place::Initial));
        }
    }
    rows.retain(|row| !row.spans.is_empty());
    rows
}

/// A span with its left and right edges.
type Extent<'p> = (&'p TextSpan, f32, f32);

fn extent(page: &Page, index: u32) -> Option<Extent<'_>> {
    let span = page.spans.get(index as usize)?;
    let glyphs = page.glyphs_of(span);
    Some((span, glyphs.first()?.x0, glyphs.last()?.x1))
}

fn attach_raised(page: &Page, rows: &mut [Row]) {
    let mut comparisons_left = MOST_COMPARISONS;
    for at in 0..rows.len() {
        let mut moved: Vec<(usize, usize, Place)> = Vec::new();
        let Some(row) = rows.get(at) else { continue };
        for (position, &(index, _)) in row.spans.iter().enumerate() {
            let Some(small) = extent(page, index) else {
                continue;
            };
            if let Some(host) = find_host(page, rows, at, &small, &mut comparisons_left) {
                let place = if host > at {
                    Place::Raised
                } else {
                    Place::OnBaseline
                };
                moved.push((position, host, place));
            }
        }
        for (position, host, place) in moved.into_iter().rev() {
            let taken = rows.get_mut(at).map(|row| row.spans.remove(position));
            if let (Some((index, _)), Some(host)) = (taken, rows.get_mut(host)) {
                host.spans.push((index, place));
            }
        }
    }
}

/// The row below or above that has text which a small span is attached to.
fn find_host(
    page: &Page,
    rows: &[Row],
    at: usize,
    small: &Extent<'_>,
    comparisons_left: &mut usize,
) -> Option<usize> {
    let (span, ..) = small;
    let near = |other: &usize| {
        rows.get(*other).is_some_and(|other| {
            let rise = other.baseline - span.baseline;
            rise < span.style.size * 3.0 && -rise < span.style.size
        })
    };
    let below = (at + 1..rows.len()).take_while(near);
    let above = (0..at).rev().take_while(near);
    for other in below.chain(above) {
        for &(host, place) in rows.get(other).map_or(&[][..], |row| &row.spans) {
            *comparisons_left = comparisons_left.checked_sub(1)?;
            if place == Place::OnBaseline
                && extent(page, host).is_some_and(|host| is_attached(small, &host))
            {
                return Some(other);
            }
        }
    }
    None
}

/// Whether a span is a raised or lowered part of another.
fn is_attached(small: &Extent<'_>, host: &Extent<'_>) -> bool {
    let (span, x0, x1) = *small;
    let (host, host_x0, host_x1) = *host;
    let em = host.style.size;
    let size = span.style.size;
    let rise = host.baseline - span.baseline;
    let is_marker = span.glyphs.end - span.glyphs.start <= TINY_MARKER;
    let near = (x0 - host_x1).abs() < ATTACHED * em
        || (host_x0 - x1).abs() < ATTACHED * em
        || (x0 > host_x0 && x1 < host_x1);
    near && size < if is_marker { SMALL_MARKER } else { SMALL } * em
        && (size > LEAST_SMALL * em || (is_marker && size > LEAST_TINY * em))
        && x1 - x0 < LONGEST_RAISED * em
        && ((LEAST_RAISED * em..MOST_RAISED * em).contains(&rise)
            || (LEAST_RAISED * em..0.4 * em).contains(&-rise))
}

/// A capital that spans the first lines of a paragraph.
struct Initial {
    span: u32,
    /// A span of the first line beside it.
    host: u32,
    bbox: BoundingBox,
    /// Size of the text beside it.
    size: f32,
}

impl Initial {
    /// The lines beside the capital begin where it does.
    fn widen(&self, fragments: &mut [Fragment]) {
        for fragment in fragments {
            let beside = fragment.baseline > self.bbox.y0
                && fragment.baseline < self.bbox.y1 + INITIAL_LEVEL * self.size
                && self.is_near(fragment.bbox.x0, fragment.size);
            if beside {
                fragment.bbox.x0 = fragment.bbox.x0.min(self.bbox.x0);
            }
        }
    }

    fn is_near(&self, x0: f32, size: f32) -> bool {
        (size - self.size).abs() < 0.1 * self.size
            && (-0.5..INITIAL_GAP).contains(&((x0 - self.bbox.x1) / size))
    }
}

/// Capitals that span the first lines of a paragraph: much larger than the lines at their right, two or more of which stand beside them, the last
/// on the same baseline.
fn initials(page: &Page, upright: &[u32]) -> Vec<Initial> {
    let mut found: Vec<Initial> = Vec::new();
    let mut usual = 0.0_f32;
    let mut most = 0;
    for &index in upright {
        if let Some(span) = page.spans.get(index as usize) {
            let length = span.glyphs.end - span.glyphs.start;
            if length > most {
                (usual, most) = (span.style.size, length);
            }
        }
    }
    for &index in upright {
        let large = page
            .spans
            .get(index as usize)
            .is_some_and(|span| span.style.size >= INITIAL_SIZE * usual);
        let Some((span, x0, x1)) = large.then(|| extent(page, index)).flatten() else {
            continue;
        };
        let glyphs = page.glyphs_of(span);
        if glyphs.len() > LONGEST_INITIAL
            || found.len() >= MOST_INITIALS
            || !glyphs.iter().any(|glyph| glyph.character.is_uppercase())
            || glyphs
                .iter()
                .any(|glyph| glyph.character.is_numeric() || glyph.character == '.')
        {
            continue;
        }
        let mut initial = Initial {
            span: index,
            host: index,
            bbox: BoundingBox::new(x0, span.top, x1, span.baseline),
            size: usual,
        };
        let mut lines: Vec<(f32, u32)> = Vec::new();
        for &other in upright {
            let Some((host, host_x0, _)) = extent(page, other) else {
                continue;
            };
            initial.size = host.style.size;
            if other != index
                && host.style.size * INITIAL_SIZE < span.style.size
                && host.baseline > span.top
                && host.baseline < span.baseline + INITIAL_LEVEL * host.style.size
                && initial.is_near(host_x0, host.style.size)
            {
                lines.push((host.baseline, other));
            }
        }
        lines.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (Some(&(top, host)), Some(&(bottom, last))) = (lines.first(), lines.last()) else {
            continue;
        };
        let size = page
            .spans
            .get(last as usize)
            .map_or(0.0, |span| span.style.size);
        if bottom - top > 0.8 * size && (span.baseline - bottom).abs() < INITIAL_LEVEL * size {
            found.push(Initial {
                host,
                size,
                ..initial
            });
        }
    }
    found
}

/// Splits a span at its spaces.
fn tokenize(page: &Page, span: &TextSpan, index: u32, place: Place, tokens: &mut Vec<Token>) {
    let mut open: Option<Word> = None;
    for (at, glyph) in (span.glyphs.start..).zip(page.glyphs_of(span)) {
        if glyph.character == ' ' {
            if let Some(word) = open.take() {
                push_word(word, tokens);
            }
            tokens.push(Token {
                x0: glyph.x0,
                word: None,
                order: at,
            });
            continue;
        }
        match &mut open {
            Some(word) => {
                word.glyphs.end = at + 1;
                word.x0 = word.x0.min(glyph.x0);
                word.x1 = word.x1.max(glyph.x1);
            }
            None => {
                open = Some(Word {
                    glyphs: at..at + 1,
                    span: index,
                    x0: glyph.x0,
                    x1: glyph.x1,
                    spaced: false,
                    break_gap: SPACED_FRAGMENT_GAP,
                    place,
                    doubled: false,
                });
            }
        }
    }
    if let Some(word) = open {
        push_word(word, tokens);
    }
}

fn push_word(word: Word, tokens: &mut Vec<Token>) {
    tokens.push(Token {
        x0: word.x0,
        order: word.glyphs.start,
        word: Some(word),
    });
}

/// The glyphs of a word.
pub(super) fn glyphs_of<'p>(page: &'p Page, word: &Word) -> &'p [Glyph] {
    page.glyphs
        .get(word.glyphs.start as usize..word.glyphs.end as usize)
        .unwrap_or_default()
}

fn same_characters(page: &Page, a: &Word, b: &Word) -> bool {
    glyphs_of(page, a)
        .iter()
        .map(|glyph| glyph.character)
        .eq(glyphs_of(page, b).iter().map(|glyph| glyph.character))
}

/// Spaces become flags of the words behind them; what is printed twice is kept once.
fn words_of_row(page: &Page, tokens: &mut Vec<Token>, found: &mut Words) {
    let first_word = found.list.len();
    let mut space = false;
    for token in tokens.drain(..) {
        let Some(mut word) = token.word else {
            space = true;
            continue;
        };
        let twin = found
            .list
            .get_mut(first_word..)
            .unwrap_or_default()
            .iter_mut()
            .rev()
            .take(3)
            .find(|earlier| {
                let overlap = earlier.x1.min(word.x1) - earlier.x0.max(word.x0);
                overlap > 0.7 * (word.x1 - word.x0) && same_characters(page, earlier, &word)
            });
        if let Some(twin) = twin {
            twin.doubled |= (twin.x0 - word.x0).abs() > 0.01;
            continue;
        }
        word.spaced = std::mem::take(&mut space);
        found.list.push(word);
    }
}

fn fragments_of_row(
    page: &Page,
    row: &RowOfWords,
    number: u32,
    barriers: &[Barrier],
    found: &mut Words,
) {
    let mut start = row.words.start;
    for at in row.words.clone() {
        let ends = match found.list.get(at + 1).filter(|_| at + 1 < row.words.end) {
            None => true,
            Some(next) => found.list.get(at).is_some_and(|word| {
                let of_row = found.list.get(row.words.clone()).unwrap_or_default();
                let justified = is_justified(of_row, at - row.words.start);
                is_break(page, word, next, row.letter_gap, justified, barriers)
            }),
        };
        if ends {
            push_fragment(page, start..at + 1, number, found);
            start = at + 1;
        }
    }
}

/// Whether the space behind a word is as wide as one beside it: justification makes all spaces of a line alike, tabs and columns do not.
fn is_justified(words: &[Word], at: usize) -> bool {
    let gap = |at: Option<usize>| {
        let (left, right) = (words.get(at?)?, words.get(at? + 1)?);
        (right.break_gap >= SPACED_FRAGMENT_GAP).then_some(right.x0 - left.x1)
    };
    let Some(own) = gap(Some(at)) else {
        return false;
    };
    [gap(at.checked_sub(1)), gap(Some(at + 1))]
        .into_iter()
        .flatten()
        .any(|other| (own - other).abs() < SAME_GAP)
}

fn span_of<'p>(page: &'p Page, word: &Word) -> Option<&'p TextSpan> {
    page.spans.get(word.span as usize)
}

fn size_of(page: &Page, word: &Word) -> f32 {
    span_of(page, word).map_or(1.0, |span| span.style.size)
}

/// The letter-spacing of a row: the median gap between glyphs that no space separates, where most such gaps are open.
fn letter_gap(page: &Page, words: &[Word]) -> f32 {
    let mut gaps: Vec<f32> = Vec::new();
    let mut n_pairs = 0_usize;
    for word in words {
        let em = size_of(page, word).max(0.1);
        let glyphs = glyphs_of(page, word);
        n_pairs += glyphs.len().saturating_sub(1);
        for (left, right) in glyphs.iter().zip(glyphs.iter().skip(1)) {
            let gap = (right.x0 - left.x1) / em;
            if gap > LETTER_GAP {
                gaps.push(gap);
            }
        }
    }
    for (left, right) in words.iter().zip(words.iter().skip(1)) {
        if right.spaced {
            continue;
        }
        n_pairs += 1;
        let gap = (right.x0 - left.x1) / size_of(page, left).max(size_of(page, right)).max(0.1);
        if gap > LETTER_GAP {
            gaps.push(gap);
        }
    }
    if n_pairs < 4 || gaps.len() * 5 < n_pairs * 3 {
        return 0.0;
    }
    gaps.sort_by(f32::total_cmp);
    // In wide-set text the letter gaps are the many and the word gaps the few above them: the lower third is safe from the latter.
    gaps.get(gaps.len() / 3).copied().unwrap_or(0.0)
}

/// Sets `spaced` where the gap says so although no space glyph does.
fn decide_spaces(page: &Page, words: &mut [Word], letter_gap: f32) {
    let has_spaces = words.iter().any(|word| word.spaced);
    let threshold = letter_gap
        + if has_spaces && letter_gap > 0.0 {
            WORD_GAP_BESIDE_SPACES
        } else {
            WORD_GAP
        };
    let mut previous: Option<(f32, f32, bool)> = None;
    let (mut initial_before, mut stands_alone) = (false, false);
    for word in words.iter_mut() {
        let em = size_of(page, word);
        if let Some((x1, size, raised)) = previous
            && !word.spaced
        {
            let em = if raised || word.is_raised() {
                em.max(size)
            } else {
                em.min(size)
            };
            word.spaced = word.x0 - x1 > threshold * em;
            word.break_gap = if has_spaces && letter_gap <= 0.0 {
                MOVED_FRAGMENT_GAP
            } else {
                FRAGMENT_GAP
            };
        }
        if initial_before {
            word.spaced = stands_alone;
        }
        previous = Some((
            previous.map_or(word.x1, |(x1, ..)| x1.max(word.x1)),
            em,
            word.is_raised(),
        ));
        initial_before = word.is_initial();
        // A capital belongs to the letters beside it, as does an elided word; a word does not.
        stands_alone = word.glyphs.end - word.glyphs.start > 1
            && glyphs_of(page, word)
                .last()
                .is_some_and(|glyph| glyph.character.is_lowercase());
    }
    close_spaced_letters(page, words);
}

/// Letters typed with a space between each (`L A U R É A T S`): the narrow gaps are letter-spacing, the wide ones spaces.
fn close_spaced_letters(page: &Page, words: &mut [Word]) {
    let n_single = words
        .iter()
        .filter(|word| word.glyphs.end - word.glyphs.start == 1)
        .count();
    if words.len() < 6 || n_single * 10 < words.len() * 9 {
        return;
    }
    let mut gaps: Vec<f32> = words
        .iter()
        .zip(words.iter().skip(1))
        .map(|(left, right)| right.x0 - left.x1)
        .collect();
    gaps.sort_by(f32::total_cmp);
    let narrow = gaps.get(gaps.len() / 3).copied().unwrap_or(0.0);
    let all_letters = words.iter().all(|word| {
        glyphs_of(page, word)
            .iter()
            .all(|glyph| glyph.character.is_alphabetic() || !glyph.character.is_alphanumeric())
    });
    if !all_letters || narrow <= 0.0 {
        return;
    }
    let mut x1 = f32::NEG_INFINITY;
    for word in words.iter_mut() {
        word.spaced = word.x0 - x1 > narrow * 1.7;
        x1 = word.x1;
    }
}

fn is_break(
    page: &Page,
    word: &Word,
    next: &Word,
    letter_gap: f32,
    justified: bool,
    barriers: &[Barrier],
) -> bool {
    let (Some(left), Some(right)) = (span_of(page, word), span_of(page, next)) else {
        return true;
    };
    let gap = next.x0 - word.x1;
    let em = left.style.size.min(right.style.size);
    let wide_em = left.style.size.max(right.style.size);
    if word.is_initial() {
        return false;
    }
    if !justified && gap > (next.break_gap + letter_gap) * em.max(0.6 * wide_em) {
        return true;
    }
    if !word.is_raised() && !next.is_raised() && wide_em > NUMERAL_SIZE * em {
        let larger = if left.style.size > right.style.size {
            word
        } else {
            next
        };
        let glyphs = glyphs_of(page, larger);
        if next.spaced
            && glyphs.len() <= LONGEST_NUMERAL
            && glyphs.iter().any(|glyph| glyph.character.is_ascii_digit())
            && !glyphs.iter().any(|glyph| glyph.character.is_alphabetic())
        {
            return true;
        }
    }
    let y = f32::midpoint(left.top, left.bottom);
    let from =
        barriers.partition_point(|barrier| barrier.x < (word.x1 - OVERHANG).max(word.x0 + 1.0));
    barriers
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|barrier| barrier.x <= next.x0 + 0.5)
        .any(|barrier| barrier.y0 <= y && y <= barrier.y1)
}

fn push_fragment(page: &Page, range: Range<usize>, row: u32, found: &mut Words) {
    let words = found.list.get(range.clone()).unwrap_or_default();
    let mut bbox: Option<BoundingBox> = None;
    let mut sizes: Vec<(f32, f32, u32, u32)> = Vec::new();
    let mut n_characters = 0;
    let mut n_bold = 0;
    for word in words {
        let Some(span) = span_of(page, word) else {
            continue;
        };
        let piece = BoundingBox {
            x0: word.x0,
            y0: span.top,
            x1: word.x1,
            y1: span.bottom,
        };
        let length = word.glyphs.end - word.glyphs.start;
        n_characters += length;
        if span.style.bold || word.doubled {
            n_bold += length;
        }
        // A raised marker counts for the extent from left to right only: the line's height is that of its text.
        bbox = Some(bbox.map_or(piece, |so_far| {
            if word.is_raised() || word.is_initial() {
                BoundingBox {
                    x0: so_far.x0.min(piece.x0),
                    x1: so_far.x1.max(piece.x1),
                    ..so_far
                }
            } else {
                so_far.union(&piece)
            }
        }));
        let weight = if word.is_raised() || word.is_initial() {
            0
        } else {
            length
        };
        match sizes
            .iter_mut()
            .find(|(size, ..)| (*size - span.style.size).abs() < 0.05)
        {
            Some((_, _, count, _)) => *count += weight,
            None => sizes.push((
                span.style.size,
                span.baseline,
                weight,
                u32::try_from(sizes.len()).unwrap_or(0),
            )),
        }
    }
    let Some(bbox) = bbox else { return };
    let (size, baseline) = sizes
        .iter()
        .max_by(|a, b| a.2.cmp(&b.2).then(b.3.cmp(&a.3)))
        .map_or((1.0, bbox.y1), |&(size, baseline, ..)| (size, baseline));
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    found.fragments.push(Fragment {
        words: offset(range.start)..offset(range.end),
        bbox,
        baseline,
        size,
        bold: n_bold * 2 > n_characters,
        face: (words.first())
            .and_then(|word| span_of(page, word))
            .map_or((0, false), |span| (span.style.color, span.style.italic)),
        n_characters,
        row,
        bulleted: false,
    });
}

/// How many glyphs a page has, spaces aside, and how many of them no font explains.
pub(super) fn count_unknown(page: &Page) -> (usize, usize) {
    let mut total = 0;
    let mut unknown = 0;
    for glyph in page.glyphs.iter().filter(|glyph| glyph.character != ' ') {
        total += 1;
        if glyph.origin == UnicodeOrigin::Unknown {
            unknown += 1;
        }
    }
    (total, unknown)
}
