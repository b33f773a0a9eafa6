//! Codes of a shown string in, glyphs and spans of the page out: where each stands, and what goes on with what.

use kurbo::Affine;
use unicode_normalization::char::compose;

use super::State;
use crate::model::geometry::{BoundingBox, Turn};
use crate::model::page::{Glyph, Page, TextSpan, UnicodeOrigin};
use crate::model::text::Style;
use crate::parse::pdf::fonts::{CodeGlyph, Face};

/// A glyph goes on with the span before it when it starts within this part of an em of where that one ended: kerning, never a space.
const CONTIGUOUS: f32 = 0.08;
/// Kerning of pairs such as `To` draws glyphs together by this part of an em at most.
const DRAWN_TOGETHER: f32 = 0.2;
/// An accent lies over its letter by at least this part of the narrower of the two: beside it, it is a character of its own.
const ACCENT_OVERLAP: f32 = 0.5;
/// Accents over capitals are raised by less than this part of an em.
const RAISED_ACCENT: f32 = 0.4;
/// A baseline leaning less than this (degrees) is upright.
const UPRIGHT: f64 = 3.0;
/// How far beyond the clip (points) a glyph's centre may lie: clips of text frames are often tight.
const CLIP_SLACK: f32 = 2.0;

/// How the glyphs of one shown string are set.
pub(super) struct Setting {
    /// Text space to page.
    coefficients: [f64; 6],
    rise: f64,
    clip: BoundingBox,
    font: u32,
    pub(super) style: Style,
    ascent: f32,
    descent: f32,
    baseline: f32,
    pub(super) upright: bool,
    /// The angle of the baseline, where letters stand on one: those of vertical writing do not.
    angle: Option<f32>,
    rotation: f32,
    invisible: bool,
    pub(super) artifact: bool,
    pub(super) content: Option<u32>,
}

impl Setting {
    #[expect(clippy::cast_possible_truncation, reason = "geometry is f32")]
    pub(super) fn new(
        state: &State,
        text_matrix: &Affine,
        face: &Face<'_>,
        face_index: usize,
    ) -> Self {
        let coefficients = (state.ctm * *text_matrix).as_coeffs();
        let [right_x, right_y, up_x, up_y, _, origin_y] = coefficients;
        // Nearly all text is upright, whose height and angle need no root and no arc.
        let height = if up_x == 0.0 {
            up_y.abs()
        } else {
            up_x.hypot(up_y)
        };
        let size = (state.size.abs() * height) as f32 * face.em;
        let sign = state.size.signum() * state.scale.signum();
        let (rise, run) = (right_y * sign, right_x * sign);
        let angle = if rise == 0.0 && run > 0.0 {
            rise
        } else {
            rise.atan2(run).to_degrees()
        };
        Self {
            coefficients,
            rise: state.rise,
            clip: state.clip,
            font: index(face_index),
            style: Style {
                size: (size * 100.0).round() / 100.0,
                bold: face.bold || state.mode == 2,
                italic: face.italic,
                superscript: false,
                color: state.fill,
            },
            ascent: face.ascent,
            descent: face.descent,
            baseline: (up_y * state.rise + origin_y) as f32,
            upright: angle.abs() < UPRIGHT && face.horizontal,
            angle: face.horizontal.then_some(angle as f32),
            rotation: if face.horizontal { angle as f32 } else { 90.0 },
            // Text that is only a clip (mode 7) shows nothing; mode 3 is the text layer of a scan.
            invisible: matches!(state.mode, 3 | 7),
            artifact: false,
            content: None,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "geometry is f32")]
    pub(super) fn place(&self, x: f64, y: f64) -> (f32, f32) {
        let [right_x, right_y, up_x, up_y, origin_x, origin_y] = self.coefficients;
        let y = y + self.rise;
        (
            (right_x * x + up_x * y + origin_x) as f32,
            (right_y * x + up_y * y + origin_y) as f32,
        )
    }

    /// How text is turned that is set at a quarter turn, and the same as upright text of the page turned back.
    pub(super) fn turned(&self, page: &Page) -> Option<(Turn, Self)> {
        let turn = Turn::of(self.angle?, page.width, page.height)?;
        let (_, baseline) = turn.apply(self.place(0.0, 0.0));
        let setting = Self {
            upright: true,
            rotation: 0.0,
            baseline,
            clip: turn.apply_to(&self.clip),
            ..*self
        };
        Some((turn, setting))
    }

    /// A span without glyphs yet.
    fn span(&self, at: u32, top: f32, bottom: f32) -> TextSpan {
        TextSpan {
            glyphs: at..at,
            style: self.style,
            font: self.font,
            baseline: if self.upright { self.baseline } else { bottom },
            top,
            bottom,
            rotation: if self.upright { 0.0 } else { self.rotation },
            invisible: self.invisible,
            artifact: self.artifact,
            content: self.content,
        }
    }

    /// Whether a span is set the same way.
    fn matches(&self, span: &TextSpan) -> bool {
        span.font == self.font
            && span.style == self.style
            && span.invisible == self.invisible
            && span.artifact == self.artifact
            && span.content == self.content
            && (span.rotation - if self.upright { 0.0 } else { self.rotation }).abs() < 1.0
            && (span.rotation.abs() < f32::EPSILON) == self.upright
    }
}

/// Adds an upright glyph between two points of its baseline.
pub(super) fn push_upright(
    page: &mut Page,
    setting: &Setting,
    glyph: &CodeGlyph,
    start: (f32, f32),
    end: (f32, f32),
    begins: bool,
) {
    let (left, right) = (start.0.min(end.0), start.0.max(end.0));
    let size = setting.style.size;
    if !is_inside(
        &setting.clip,
        f32::midpoint(left, right),
        start.1 - size * 0.25,
    ) {
        return;
    }
    let mut character = glyph.character;
    match accent(page, character, left, right, setting.baseline, size) {
        Accent::None => {}
        Accent::Before(composed) => {
            take_last(page);
            character = composed;
        }
        Accent::Behind(composed) => {
            if let Some(last) = page.glyphs.last_mut() {
                last.character = composed;
            }
            return;
        }
    }
    let continues = page.spans.last().is_some_and(|span| {
        (span.baseline - setting.baseline).abs() < 0.01
            && setting.matches(span)
            && page.glyphs.last().is_some_and(|last| {
                let gap = left - last.x1;
                gap < CONTIGUOUS * size && gap > -DRAWN_TOGETHER * size
            })
    });
    if !continues {
        let at = index(page.glyphs.len());
        page.spans.push(setting.span(
            at,
            setting.baseline - setting.ascent * size,
            setting.baseline + setting.descent * size,
        ));
    }
    match &glyph.more {
        None => page.glyphs.push(Glyph {
            character,
            x0: left,
            x1: right,
            origin: glyph.origin,
            begins,
        }),
        Some(characters) => {
            push_shares(characters, left, right, glyph.origin, &mut page.glyphs);
        }
    }
    let end = index(page.glyphs.len());
    if let Some(span) = page.spans.last_mut() {
        span.glyphs.end = end;
    }
}

/// Whether a glyph and the one shown before it are a letter and its accent.
enum Accent {
    None,
    /// The accent came first; the letter with it.
    Before(char),
    /// The letter came first; the letter with it.
    Behind(char),
}

/// Fonts without accented letters build them: an accent shown over (or a cedilla under) its letter, before or behind it.
fn accent(page: &Page, character: char, left: f32, right: f32, baseline: f32, size: f32) -> Accent {
    let Some(last) = page.glyphs.last() else {
        return Accent::None;
    };
    if last.character.is_ascii_alphanumeric() && character.is_ascii_alphanumeric() {
        return Accent::None;
    }
    let (found, mark, letter) = match (combining(last.character), combining(character)) {
        (Some(mark), None) => (Accent::Before as fn(char) -> Accent, mark, character),
        (None, Some(mark)) => (Accent::Behind as fn(char) -> Accent, mark, last.character),
        _ => return Accent::None,
    };
    let overlap = last.x1.min(right) - last.x0.max(left);
    let level = page
        .spans
        .last()
        .is_some_and(|span| (span.baseline - baseline).abs() < RAISED_ACCENT * size);
    if !level || overlap < ACCENT_OVERLAP * (last.x1 - last.x0).min(right - left) {
        return Accent::None;
    }
    // An accent takes the place of the dot.
    let letter = if letter == 'ı' { 'i' } else { letter };
    compose(letter, mark).map_or(Accent::None, found)
}

/// The combining form of an accent that stands by itself.
fn combining(character: char) -> Option<char> {
    Some(match character {
        '`' => '\u{300}',
        '´' => '\u{301}',
        '^' | 'ˆ' => '\u{302}',
        '~' | '˜' => '\u{303}',
        '¯' => '\u{304}',
        '¨' => '\u{308}',
        '˚' => '\u{30A}',
        'ˇ' => '\u{30C}',
        '¸' => '\u{327}',
        _ => return None,
    })
}

/// Takes the last glyph off the page.
fn take_last(page: &mut Page) {
    page.glyphs.pop();
    let end = index(page.glyphs.len());
    if let Some(span) = page.spans.last_mut() {
        span.glyphs.end = end;
        if span.glyphs.start >= end {
            page.spans.pop();
        }
    }
}

/// Adds a glyph whose baseline is not upright: its box is that of its baseline and its height at a right angle to that. Its span's top and
/// bottom grow to hold it.
#[expect(clippy::cast_possible_truncation, reason = "geometry is f32")]
pub(super) fn push_turned(
    page: &mut Page,
    setting: &Setting,
    glyph: &CodeGlyph,
    start: (f32, f32),
    end: (f32, f32),
) {
    let [_, _, up_x, up_y, ..] = setting.coefficients;
    let up = up_x.hypot(up_y).max(1e-9);
    let size = setting.style.size;
    let (unit_x, unit_y) = ((up_x / up) as f32 * size, (up_y / up) as f32 * size);
    let mut bbox = BoundingBox::new(start.0, start.1, end.0, end.1);
    for (x, y) in [start, end] {
        for height in [setting.ascent, -setting.descent] {
            let corner = (x + unit_x * height, y + unit_y * height);
            bbox = bbox.union(&BoundingBox::new(corner.0, corner.1, corner.0, corner.1));
        }
    }
    if !is_inside(
        &setting.clip,
        f32::midpoint(bbox.x0, bbox.x1),
        f32::midpoint(bbox.y0, bbox.y1),
    ) {
        return;
    }
    let height = bbox.height().max(bbox.width());
    let continues = page.spans.last().is_some_and(|span| {
        setting.matches(span)
            && bbox.y0 - span.bottom < height
            && span.top - bbox.y1 < height
            && page
                .glyphs
                .last()
                .is_some_and(|last| bbox.x0 - last.x1 < height && last.x0 - bbox.x1 < height)
    });
    let at = index(page.glyphs.len());
    if !continues {
        page.spans.push(setting.span(at, bbox.y0, bbox.y1));
    }
    let characters: &[char] = match &glyph.more {
        None => &[glyph.character],
        Some(characters) => characters,
    };
    page.glyphs
        .extend(characters.iter().map(|&character| Glyph {
            character,
            x0: bbox.x0,
            x1: bbox.x1,
            origin: glyph.origin,
            begins: false,
        }));
    let end = index(page.glyphs.len());
    if let Some(span) = page.spans.last_mut() {
        span.glyphs.end = end;
        span.top = span.top.min(bbox.y0);
        span.bottom = span.bottom.max(bbox.y1);
        span.baseline = span.bottom;
    }
}

/// Adds the characters of one glyph, each with its share of the advance.
pub(super) fn push_shares(
    characters: &[char],
    left: f32,
    right: f32,
    origin: UnicodeOrigin,
    glyphs: &mut Vec<Glyph>,
) {
    let share = (right - left) / characters.len().max(1) as f32;
    for (position, &character) in characters.iter().enumerate() {
        glyphs.push(Glyph {
            character,
            x0: left + share * position as f32,
            x1: left + share * (position + 1) as f32,
            origin,
            begins: false,
        });
    }
}

fn is_inside(clip: &BoundingBox, x: f32, y: f32) -> bool {
    x >= clip.x0 - CLIP_SLACK
        && x <= clip.x1 + CLIP_SLACK
        && y >= clip.y0 - CLIP_SLACK
        && y <= clip.y1 + CLIP_SLACK
}

/// Counts of glyphs, spans and fonts of one page; pages of more than four thousand million are cut short by the budget of operations.
pub(super) fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
