//! Fragments in, grounded lines of text out.

use std::sync::Arc;

use unicode_normalization::char::compose;

use super::words::{Fragment, Word, Words, glyphs_of};
use crate::model::geometry::{BoundingBox, Turn};
use crate::model::page::Page;
use crate::model::text::{Source, Style, Text};

/// A printed line of text, in one column or cell.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each tells one thing of the line, and none another"
)]
pub(super) struct Line {
    pub(super) text: Text,
    pub(super) bbox: BoundingBox,
    pub(super) baseline: f32,
    /// Type size of most of it.
    pub(super) size: f32,
    /// Width of its first word.
    pub(super) first_word: f32,
    /// How far to the right it could have gone: the column's edge, or that of a box beside it.
    pub(super) limit: f32,
    /// Style of its first and last characters, raised ones aside.
    pub(super) first_style: Style,
    pub(super) last_style: Style,
    /// Whether all of it, raised characters aside, is set in `first_style`.
    pub(super) uniform: bool,
    /// Hyperlinks, as byte ranges of `text` and numbers of `Page::links`.
    pub(super) links: Vec<(std::ops::Range<usize>, u32)>,
    /// Whether the page marks it as no part of the text.
    pub(super) artifact: bool,
    /// Whether its last character was shown by itself, unlike the one before it: a hyphen that typesetting put there.
    pub(super) last_detached: bool,
    /// Whether a bullet is drawn in front of it.
    pub(super) bulleted: bool,
}

/// Makes a line of fragments that stand on one row, from left to right. `top` and `bottom` bound its evidence, so that it does not reach into
/// its neighbours.
pub(super) fn build(
    page: &Page,
    words: &Words,
    fragments: &[&Fragment],
    top: f32,
    bottom: f32,
) -> Option<Line> {
    let first = fragments.first()?;
    let mut bbox = first.bbox;
    for fragment in fragments {
        bbox = bbox.union(&fragment.bbox);
    }
    let largest = fragments.iter().max_by(|a, b| {
        a.n_characters
            .cmp(&b.n_characters)
            .then(b.bbox.x0.total_cmp(&a.bbox.x0))
    })?;
    let all: Vec<&Word> = fragments
        .iter()
        .flat_map(|fragment| words.of(fragment))
        .collect();
    let mut writer = Writer {
        page,
        top,
        bottom,
        string: String::new(),
        edges: Vec::new(),
        runs: Vec::new(),
    };
    let mut previous: Option<&Word> = None;
    let mut boundary = fragments.iter().map(|fragment| words.of(fragment).len());
    let mut left_in_fragment = boundary.next().unwrap_or(0);
    for (at, word) in all.iter().enumerate() {
        let mut new_fragment = false;
        while left_in_fragment == 0 {
            left_in_fragment = boundary.next().unwrap_or(usize::MAX);
            new_fragment = true;
        }
        left_in_fragment -= 1;
        if let Some(before) = previous
            && (word.spaced || new_fragment)
        {
            writer.space(before.x1, word.x0);
        }
        // A large capital is set in the style of the text that it begins.
        let like = all
            .get(at + 1)
            .filter(|_| word.is_initial())
            .unwrap_or(word);
        writer.word(word, like);
        previous = Some(word);
    }
    let first_word = first_word_width(&all);
    let artifact = all.iter().all(|word| {
        page.spans
            .get(word.span as usize)
            .is_some_and(|span| span.artifact)
    });
    let last_detached = ends_detached(page, &all);
    let text = writer.finish();
    if text.is_empty() {
        return None;
    }
    let mut line = finish(
        page,
        text,
        bbox,
        largest.baseline,
        largest.size,
        first_word,
        artifact,
    );
    line.last_detached = last_detached;
    line.bulleted = first.bulleted;
    Some(line)
}

fn ends_detached(page: &Page, words: &[&Word]) -> bool {
    let mut last = words
        .iter()
        .rev()
        .flat_map(|word| glyphs_of(page, word).iter().rev());
    match (last.next(), last.next()) {
        (Some(end), Some(before)) => end.begins && !before.begins,
        _ => false,
    }
}

/// A line of a span that is not upright.
pub(super) fn build_rotated(page: &Page, span_index: u32) -> Option<Line> {
    let span = page.spans.get(span_index as usize)?;
    let glyphs = page.glyphs_of(span);
    let mut string = String::new();
    let mut edges: Vec<(f32, f32)> = Vec::new();
    for glyph in glyphs {
        if glyph.character == ' ' && (string.is_empty() || string.ends_with(' ')) {
            continue;
        }
        string.push(glyph.character);
        edges.push((glyph.x0, glyph.x1));
    }
    while string.ends_with(' ') {
        string.pop();
        edges.pop();
    }
    let (x0, x1) = (
        edges
            .iter()
            .map(|edge| edge.0)
            .fold(f32::INFINITY, f32::min),
        edges
            .iter()
            .map(|edge| edge.1)
            .fold(f32::NEG_INFINITY, f32::max),
    );
    if string.is_empty() {
        return None;
    }
    let mut text = Text::new();
    text.push(
        &string,
        Source::Glyphs {
            page: page.number,
            top: span.top,
            bottom: span.bottom,
            edges: edges.into(),
            first: 0,
            turn: Turn::None,
        },
        span.style,
    );
    let bbox = BoundingBox::new(x0, span.top, x1, span.bottom);
    Some(finish(
        page,
        text,
        bbox,
        span.bottom,
        span.style.size,
        bbox.width(),
        span.artifact,
    ))
}

fn finish(
    page: &Page,
    text: Text,
    bbox: BoundingBox,
    baseline: f32,
    size: f32,
    first_word: f32,
    artifact: bool,
) -> Line {
    let text = without_soft_hyphens(text);
    let mut styles = text
        .segments()
        .iter()
        .map(|segment| segment.style)
        .filter(|style| !style.superscript);
    let first_style = styles.next().unwrap_or_else(|| text.dominant_style());
    let (mut last_style, mut uniform) = (first_style, true);
    for style in styles {
        uniform &= same_style(&style, &first_style);
        last_style = style;
    }
    let links = links_of(page, &text, &bbox);
    Line {
        text,
        bbox,
        baseline,
        size,
        first_word,
        limit: f32::NEG_INFINITY,
        first_style,
        last_style,
        uniform,
        links,
        artifact,
        last_detached: false,
        bulleted: false,
    }
}

/// Without the soft hyphens that are not shown: only at the end of a line they are.
fn without_soft_hyphens(text: Text) -> Text {
    let hidden: Vec<std::ops::Range<usize>> = (text.as_str().match_indices('\u{AD}'))
        .map(|(at, hyphen)| at..at + hyphen.len())
        .filter(|range| range.end < text.len())
        .collect();
    if hidden.is_empty() {
        text
    } else {
        text.without(&hidden)
    }
}

/// Whether two styles look the same to a reader.
pub(super) fn same_style(a: &Style, b: &Style) -> bool {
    a.bold == b.bold
        && a.italic == b.italic
        && a.color == b.color
        && (a.size - b.size).abs() <= 0.06 * a.size.max(b.size)
}

fn first_word_width(words: &[&Word]) -> f32 {
    let Some(first) = words.first() else {
        return 0.0;
    };
    let last = words
        .iter()
        .skip(1)
        .take_while(|word| !word.spaced)
        .last()
        .unwrap_or(first);
    last.x1 - first.x0
}

/// The ranges of a line that link annotations cover.
fn links_of(page: &Page, text: &Text, bbox: &BoundingBox) -> Vec<(std::ops::Range<usize>, u32)> {
    let mut links = Vec::new();
    for (number, link) in (0_u32..).zip(&page.links) {
        let area = &link.bbox;
        let middle = f32::midpoint(bbox.y0, bbox.y1);
        if middle < area.y0 - 1.0 || middle > area.y1 + 1.0 || area.overlap_x(bbox) <= 0.0 {
            continue;
        }
        let mut range: Option<std::ops::Range<usize>> = None;
        for segment in text.segments() {
            let Source::Glyphs { edges, first, .. } = &segment.source else {
                continue;
            };
            let (start, end) = (segment.start as usize, segment.end as usize);
            let characters = text.as_str().get(start..end).unwrap_or_default();
            let edges = edges.iter().skip(*first as usize);
            for ((at, character), (x0, x1)) in characters.char_indices().zip(edges) {
                let x = f32::midpoint(*x0, *x1);
                if character != ' ' && x >= area.x0 - 0.5 && x <= area.x1 + 0.5 {
                    let (from, to) = (start + at, start + at + character.len_utf8());
                    range = Some(range.map_or(from..to, |range| range.start..to));
                }
            }
        }
        links.extend(range.map(|range| (range, number)));
    }
    links
}

/// Characters of one style.
struct Run {
    /// First byte and first edge.
    start: usize,
    first: u32,
    style: Style,
    top: f32,
    bottom: f32,
    /// Whether it is a capital over several lines, whose box is higher than the line.
    initial: bool,
}

struct Writer<'p> {
    page: &'p Page,
    top: f32,
    bottom: f32,
    string: String,
    edges: Vec<(f32, f32)>,
    runs: Vec<Run>,
}

impl Writer<'_> {
    fn space(&mut self, from: f32, to: f32) {
        self.string.push(' ');
        self.edges.push((from.min(to), from.max(to)));
    }

    /// Writes a word in the style of `like`.
    fn word(&mut self, word: &Word, like: &Word) {
        let Some(span) = self.page.spans.get(word.span as usize) else {
            return;
        };
        let Some(model) = self.page.spans.get(like.span as usize) else {
            return;
        };
        let style = Style {
            superscript: word.is_raised(),
            bold: model.style.bold || like.doubled,
            ..model.style
        };
        // A raised marker may stand above the line; the rest stays between its neighbours.
        let (top, bottom) = if word.is_raised() || word.is_initial() {
            (span.top, span.bottom)
        } else {
            (span.top.max(self.top), span.bottom.min(self.bottom))
        };
        let (top, bottom) = if top < bottom {
            (top, bottom)
        } else {
            (span.top, span.bottom)
        };
        match self.runs.last_mut() {
            Some(run) if run.style == style && run.initial == word.is_initial() => {
                run.top = run.top.min(top);
                run.bottom = run.bottom.max(bottom);
            }
            _ => self.runs.push(Run {
                start: self.string.len(),
                first: u32::try_from(self.edges.len()).unwrap_or(u32::MAX),
                style,
                top,
                bottom,
                initial: word.is_initial(),
            }),
        }
        for glyph in glyphs_of(self.page, word) {
            // A combining accent goes on the letter before it.
            if ('\u{300}'..='\u{36F}').contains(&glyph.character)
                && let Some(letter) = self.string.chars().next_back()
                && let Some(composed) = compose(letter, glyph.character)
            {
                self.string.pop();
                self.string.push(composed);
                continue;
            }
            self.string.push(glyph.character);
            self.edges.push((glyph.x0, glyph.x1));
        }
    }

    fn finish(self) -> Text {
        let edges: Arc<[(f32, f32)]> = self.edges.into();
        let mut text = Text::new();
        for (run, next) in self
            .runs
            .iter()
            .zip(self.runs.iter().skip(1).map(Some).chain([None]))
        {
            let end = next.map_or(self.string.len(), |next| next.start);
            text.push(
                self.string.get(run.start..end).unwrap_or_default(),
                Source::Glyphs {
                    page: self.page.number,
                    top: run.top,
                    bottom: run.bottom,
                    edges: Arc::clone(&edges),
                    first: run.first,
                    turn: Turn::None,
                },
                run.style,
            );
        }
        text
    }
}
