//! How well the structure tree and the page agree. In: what a page shows, and what the tree makes of it; out: whether the tree is to be believed.

use rustc_hash::FxHashMap;

use super::Part;
use super::tree::Tree;
use crate::layout::PageLayout;
use crate::layout::lines::{self, Line};
use crate::layout::words::{self, Words};
use crate::model::geometry::BoundingBox;
use crate::model::page::{Page, TextSpan};

/// A tree tells at least this share of the characters of the text.
const TOLD: f32 = 0.9;
/// Words that belong to several flows, and characters of flows that lie over others, are less than this share.
const CUT: f32 = 0.05;
const OVERLAPPED: f32 = 0.1;
/// Flows lie over each other that share this part of the smaller.
const OVER: f32 = 0.3;
/// Flows that only go on the one before are less than this share: else each line is a flow.
const GOING_ON: f32 = 0.2;
/// Cells of a table that stand beside their column are less than this share: else some are missing in the tree.
const SLIPPED: f32 = 0.05;
/// A flow of so many characters and more on a page is none: a text box, or a page.
const LUMP: usize = 4_000;
/// How many flows below are looked at for those that lie over one.
const NEAREST: usize = 60;

/// How tree and page agree, in characters, words and flows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Agreement {
    characters: usize,
    told: usize,
    overlapped: usize,
    lumped: usize,
    words: usize,
    cut: usize,
    flows: usize,
    going_on: usize,
    cells: usize,
    slipped: usize,
}

impl Agreement {
    pub(super) fn of(page: &Page, words: &Words, parts: &[Part], tree: &Tree<'_>) -> Self {
        let content_of = |span: &TextSpan| span.content.filter(|_| !span.artifact);
        let mut found = Self::default();
        for span in page.spans.iter().filter(|span| !span.artifact) {
            let letters = page.glyphs_of(span).iter();
            let n_letters = letters.filter(|glyph| glyph.character != ' ').count();
            found.characters += n_letters;
            found.told += if span.content.is_some() { n_letters } else { 0 };
        }
        for fragment in &words.fragments {
            let flow = |word: &words::Word| {
                let content = content_of(page.spans.get(word.span as usize)?)?;
                Some(tree.content(content)?.flow)
            };
            let of_fragment = words.of(fragment);
            found.words += of_fragment.len();
            found.cut += (of_fragment.iter().zip(of_fragment.iter().skip(1)))
                .filter(|(word, next)| !next.spaced && flow(word) != flow(next))
                .count();
        }
        let mut boxes: Vec<(BoundingBox, usize)> = Vec::with_capacity(parts.len());
        let mut before: Option<&Part> = None;
        for part in parts {
            let mut lines = part.lines.iter().map(|line| &line.line);
            let Some(first) = lines.next() else { continue };
            let (mut bbox, mut length) = (first.bbox, first.text.len());
            for line in lines {
                bbox = bbox.union(&line.bbox);
                length += line.text.len();
            }
            found.flows += 1;
            found.lumped += if length > LUMP { length } else { 0 };
            if let Some(last) = before.and_then(|part| part.lines.last()) {
                found.going_on += usize::from(goes_on(&last.line, first));
            }
            boxes.push((bbox, length));
            before = Some(part);
        }
        (found.cells, found.slipped) = slipped(parts, tree);
        boxes.sort_by(|a, b| a.0.y0.total_cmp(&b.0.y0));
        let mut lies_over = vec![false; boxes.len()];
        for (at, (bbox, _)) in boxes.iter().enumerate() {
            let below = boxes.iter().enumerate().skip(at + 1).take(NEAREST);
            for (other, (below, _)) in below.take_while(|(_, (below, _))| below.y0 < bbox.y1) {
                let area = |bbox: &BoundingBox| bbox.width() * bbox.height();
                let shared = bbox.overlap_x(below).max(0.0) * bbox.overlap_y(below).max(0.0);
                if shared > OVER * area(bbox).min(area(below)) {
                    for index in [at, other] {
                        if let Some(mark) = lies_over.get_mut(index) {
                            *mark = true;
                        }
                    }
                }
            }
        }
        found.overlapped = (boxes.iter().zip(lies_over))
            .filter(|(_, over)| *over)
            .map(|((_, length), _)| length)
            .sum();
        found
    }
}

/// Whether what the tree says of the pages is to be believed.
pub(in crate::layout) fn is_sound(pages: &[PageLayout]) -> bool {
    let mut sum = Agreement::default();
    for page in pages {
        let Some(tagged) = &page.tagged else { continue };
        let of = &tagged.agreement;
        sum.characters += of.characters;
        sum.told += of.told;
        sum.overlapped += of.overlapped;
        sum.lumped += of.lumped;
        sum.words += of.words;
        sum.cut += of.cut;
        sum.flows += of.flows;
        sum.going_on += of.going_on;
        sum.cells += of.cells;
        sum.slipped += of.slipped;
    }
    let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
    sum.told > 0
        && share(sum.told, sum.characters) >= TOLD
        && share(sum.overlapped, sum.told) < OVERLAPPED
        && share(sum.lumped, sum.told) < OVERLAPPED
        && share(sum.cut, sum.words) < CUT
        && share(sum.going_on, sum.flows) < GOING_ON
        && share(sum.slipped, sum.cells) < SLIPPED
}

/// How many cells of tables there are, and how many of them stand beside the column that most of its cells share.
fn slipped(parts: &[Part], tree: &Tree<'_>) -> (usize, usize) {
    let mut columns: FxHashMap<(u32, u16), Vec<(f32, f32)>> = FxHashMap::default();
    for part in parts {
        let Some(cell) = tree.cell(part.flow).filter(|cell| !cell.header) else {
            continue;
        };
        let boxes = || part.lines.iter().map(|line| line.line.bbox);
        let left = boxes().map(|bbox| bbox.x0).fold(f32::INFINITY, f32::min);
        let right = boxes()
            .map(|bbox| bbox.x1)
            .fold(f32::NEG_INFINITY, f32::max);
        if left < right {
            columns
                .entry((cell.table, cell.column))
                .or_default()
                .push((left, right));
        }
    }
    let (mut n_cells, mut n_slipped) = (0, 0);
    for ranges in columns.into_values() {
        let middle = |mut edges: Vec<f32>| {
            let at = edges.len() / 2;
            *edges.select_nth_unstable_by(at, f32::total_cmp).1
        };
        let left = middle(ranges.iter().map(|range| range.0).collect());
        let right = middle(ranges.iter().map(|range| range.1).collect());
        n_cells += ranges.len();
        n_slipped += (ranges.iter())
            .filter(|range| range.0 > right || range.1 < left)
            .count();
    }
    (n_cells, n_slipped)
}

/// Whether a flow reads and looks like the next line of the one before it.
fn goes_on(above: &Line, below: &Line) -> bool {
    let leading = below.baseline - above.baseline;
    lines::same_style(&above.last_style, &below.first_style)
        && leading > 0.0
        && leading < 1.6 * above.size
        && (above.bbox.x0 - below.bbox.x0).abs() < above.size
        && below.text.as_str().starts_with(char::is_lowercase)
        && !above
            .text
            .as_str()
            .ends_with(['.', ',', ';', ':', '!', '?', ')', '»'])
}
