//! Runs a page's content stream as far as text, lines, boxes and images go, and collects them in display coordinates.
//!
//! ISO 32000-2, chapters 8 and 9. Clips and optional content are followed, since what they hide is not on the page; blending, soft masks
//! and the order of painting are not.

mod annotations;
mod glyphs;
mod marks;

use std::borrow::Cow;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Rect as PdfRect, Stream};
use hayro_syntax::page::{Page as PdfPage, Resources};
use kurbo::{Affine, Point};

use self::glyphs::{Setting, push_turned, push_upright};
use self::marks::Mark;
use super::budget::Account;
use super::catalog::HiddenGroups;
use super::colors::{self, ColorSpace};
use super::fonts::{Face, Fonts, decoded};
use super::paths::{Path, intersection, push_dot};
use super::pieces::{Piece, Pieces};
use super::structure::Marked;
use crate::model::geometry::{BoundingBox, Turn};
use crate::model::page::{LinkAnnotation, Page, Rect, Ruling};

/// Forms nest this deep at most, whatever the limits say: each level costs stack.
const DEEPEST_FORM: usize = 24;
/// Saved graphics states at most; real pages stay below a hundred.
const DEEPEST_STATE: usize = 2_000;
/// Content costs one operation for each this many bytes, beside its own operations: decoding it takes time even when it holds none.
const BYTES_PER_OPERATION: usize = 64;
/// Content of a page at most, in bytes: no real page has a tenth of it.
const MOST_CONTENT: usize = 128 << 20;
/// Text smaller than this (points, as displayed) cannot be read and is not part of the page.
const SMALLEST_TEXT: f32 = 0.5;

/// Reads one page.
pub(super) fn read<'a>(
    pdf_page: &PdfPage<'a>,
    number: u32,
    fonts: &mut Fonts<'a>,
    hidden_groups: &HiddenGroups,
    marked: Option<&Marked>,
    nesting: usize,
    account: Account<'_>,
) -> Page {
    let (width, height) = pdf_page.render_dimensions();
    let ctm = Affine::new(pdf_page.initial_transform(true).as_coeffs());
    let page = Page {
        number,
        width,
        height,
        ..Page::default()
    };
    let clip = BoundingBox::new(0.0, 0.0, width, height);
    let mut walker = Walker {
        page,
        fonts,
        hidden_groups,
        marked,
        contents: Vec::new(),
        account,
        deepest: nesting.min(DEEPEST_FORM),
        state: State::new(ctm, clip),
        stack: Vec::new(),
        skipped_saves: 0,
        text_matrix: Affine::IDENTITY,
        line_matrix: Affine::IDENTITY,
        path: Path::default(),
        clip_pending: false,
        marks: Vec::new(),
        n_hidden: 0,
        n_artifacts: 0,
        begins: false,
        buffer: Vec::new(),
    };
    let content = page_content(pdf_page, &mut walker.account);
    walker.run(&content, pdf_page.resources(), 0);
    walker.state = State::new(ctm, clip);
    walker.annotations(pdf_page.raw(), ctm);
    let mut page = walker.page;
    turn_shapes(&mut page);
    page
}

/// The page that a page is when it is turned like this.
fn turned_page(page: &mut Page, turn: Turn) -> Option<&mut Page> {
    let known = page.turned.iter().position(|known| known.turn == turn);
    let index = known.unwrap_or(page.turned.len());
    if known.is_none() {
        let extent = BoundingBox::new(0.0, 0.0, page.width, page.height);
        let extent = turn.apply_to(&extent);
        page.turned.push(Page {
            number: page.number,
            width: extent.width(),
            height: extent.height(),
            turn,
            ..Page::default()
        });
    }
    page.turned.get_mut(index)
}

/// Gives the turned pages what is drawn on the page: the frames and lines of their tables are among it.
fn turn_shapes(page: &mut Page) {
    let mut turned = std::mem::take(&mut page.turned);
    for own in &mut turned {
        let apply = |bbox: &BoundingBox| own.turn.apply_to(bbox);
        own.rulings = (page.rulings.iter())
            .map(|ruling| Ruling {
                bbox: apply(&ruling.bbox),
            })
            .collect();
        own.rects = (page.rects.iter())
            .map(|rect| Rect {
                bbox: apply(&rect.bbox),
                ..*rect
            })
            .collect();
        own.dots = page.dots.iter().map(apply).collect();
        own.images = page.images.iter().map(apply).collect();
        own.links = (page.links.iter())
            .map(|link| LinkAnnotation {
                target: link.target.clone(),
                bbox: apply(&link.bbox),
            })
            .collect();
    }
    page.turned = turned;
}

/// The decoded content, without hayro's own cache of it: a document of thousands of pages would keep them all.
fn page_content(page: &PdfPage<'_>, account: &mut Account<'_>) -> Vec<u8> {
    let dict = page.raw();
    if let Some(stream) = dict.get::<Stream<'_>>(keys::CONTENTS) {
        let content = decoded(&stream).map(Cow::into_owned).unwrap_or_default();
        account.spend(content.len() / BYTES_PER_OPERATION);
        return content;
    }
    let mut content = Vec::new();
    if let Some(parts) = dict.get::<Array<'_>>(keys::CONTENTS) {
        let mut items = parts.flex_iter();
        while let Some(object) = items.next::<Object<'_>>() {
            if let Object::Stream(stream) = object
                && let Some(data) = decoded(&stream)
            {
                // One stream may be named a thousand times.
                if content.len() + data.len() > MOST_CONTENT {
                    account.spend(usize::MAX);
                }
                if !account.spend(data.len() / BYTES_PER_OPERATION) {
                    break;
                }
                content.extend_from_slice(&data);
                content.push(b'\n');
            }
        }
    }
    content
}

#[derive(Clone)]
struct State {
    ctm: Affine,
    clip: BoundingBox,
    fill: u32,
    fill_space: ColorSpace,
    font: Option<usize>,
    size: f64,
    char_spacing: f64,
    word_spacing: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

impl State {
    fn new(ctm: Affine, clip: BoundingBox) -> Self {
        Self {
            ctm,
            clip,
            fill: 0,
            fill_space: ColorSpace::Device,
            font: None,
            size: 0.0,
            char_spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }
}

struct Walker<'w, 'a> {
    page: Page,
    account: Account<'w>,
    fonts: &'w mut Fonts<'a>,
    hidden_groups: &'w HiddenGroups,
    /// The runs of the document's structure on this page, by their numbers.
    marked: Option<&'w Marked>,
    /// Those that are open, one for each of `marks`.
    contents: Vec<Option<u32>>,
    deepest: usize,
    state: State,
    stack: Vec<State>,
    skipped_saves: usize,
    text_matrix: Affine,
    line_matrix: Affine,
    path: Path,
    clip_pending: bool,
    marks: Vec<Mark>,
    n_hidden: usize,
    n_artifacts: usize,
    /// Whether the next glyph is the first of a text-showing operator.
    begins: bool,
    /// For the strings of arrays.
    buffer: Vec<u8>,
}

impl<'a> Walker<'_, 'a> {
    fn run(&mut self, content: &[u8], resources: &Resources<'a>, depth: usize) {
        let mut font_names: Vec<(Vec<u8>, Option<usize>)> = Vec::new();
        let mut instructions = TypedIter::new(content);
        let (base, marks_before) = (self.stack.len(), self.marks.len());
        while let Some(instruction) = instructions.next() {
            if !self.account.spend(1) {
                break;
            }
            self.execute(&instruction, resources, &mut font_names, base, depth);
        }
        self.stack.truncate(base);
        while self.marks.len() > marks_before {
            self.end_mark();
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each operator reads best in one place"
    )]
    fn execute(
        &mut self,
        instruction: &TypedInstruction<'_, '_>,
        resources: &Resources<'a>,
        font_names: &mut Vec<(Vec<u8>, Option<usize>)>,
        base: usize,
        depth: usize,
    ) {
        use TypedInstruction as Op;
        match instruction {
            Op::SaveState(_) => {
                if self.stack.len() < DEEPEST_STATE {
                    self.stack.push(self.state.clone());
                } else {
                    self.skipped_saves += 1;
                }
            }
            Op::RestoreState(_) => {
                if self.skipped_saves > 0 {
                    self.skipped_saves -= 1;
                } else if self.stack.len() > base
                    && let Some(state) = self.stack.pop()
                {
                    self.state = state;
                }
            }
            Op::Transform(m) => self.state.ctm *= matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]),

            // Text state and position.
            Op::BeginText(_) => {
                self.text_matrix = Affine::IDENTITY;
                self.line_matrix = Affine::IDENTITY;
            }
            Op::CharacterSpacing(value) => self.state.char_spacing = value.0.as_f64(),
            Op::WordSpacing(value) => self.state.word_spacing = value.0.as_f64(),
            Op::HorizontalScaling(value) => self.state.scale = value.0.as_f64() / 100.0,
            Op::TextLeading(value) => self.state.leading = value.0.as_f64(),
            Op::TextRise(value) => self.state.rise = value.0.as_f64(),
            Op::TextRenderingMode(value) => self.state.mode = value.0.as_i64(),
            Op::TextFont(font) => {
                self.state.size = font.1.as_f64();
                let known = font_names
                    .iter()
                    .find(|(name, _)| name.as_slice() == font.0.as_ref());
                self.state.font = if let Some((_, index)) = known {
                    *index
                } else {
                    let index = self.fonts.find(&resources.fonts, font.0);
                    font_names.push((font.0.as_ref().to_vec(), index));
                    index
                };
            }
            Op::SetTextMatrix(m) => {
                self.line_matrix = matrix([&m.0, &m.1, &m.2, &m.3, &m.4, &m.5]);
                self.text_matrix = self.line_matrix;
            }
            Op::NextLine(by) => self.next_line(by.0.as_f64(), by.1.as_f64()),
            Op::NextLineAndSetLeading(by) => {
                self.state.leading = -by.1.as_f64();
                self.next_line(by.0.as_f64(), by.1.as_f64());
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::ShowText(string) => {
                self.begins = true;
                self.show(string.0.as_bytes());
            }
            Op::NextLineAndShowText(string) => {
                self.next_line(0.0, -self.state.leading);
                self.begins = true;
                self.show(string.0.as_bytes());
            }
            Op::ShowTextWithParameters(shown) => {
                self.state.word_spacing = shown.0.as_f64();
                self.state.char_spacing = shown.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.begins = true;
                self.show(shown.2.as_bytes());
            }
            Op::ShowTexts(array) => {
                self.begins = true;
                let mut buffer = std::mem::take(&mut self.buffer);
                let mut pieces = Pieces::new(array.0.data());
                while let Some(piece) = pieces.next(&mut buffer) {
                    match piece {
                        Piece::String(bytes) => self.show(bytes),
                        Piece::Number(thousandths) => self.kern(thousandths),
                    }
                }
                self.buffer = buffer;
            }

            // Paths.
            Op::MoveTo(to) => self.path.move_to(&self.state.ctm, point(&to.0, &to.1)),
            Op::LineTo(to) => self.path.line_to(&self.state.ctm, point(&to.0, &to.1)),
            Op::CubicTo(c) => self.path.curve_to(
                &self.state.ctm,
                [point(&c.0, &c.1), point(&c.2, &c.3), point(&c.4, &c.5)],
            ),
            Op::CubicStartTo(c) => {
                let start = self.path.current();
                self.path.curve_to(
                    &self.state.ctm,
                    [start, point(&c.0, &c.1), point(&c.2, &c.3)],
                );
            }
            Op::CubicEndTo(c) => {
                let end = point(&c.2, &c.3);
                self.path
                    .curve_to(&self.state.ctm, [point(&c.0, &c.1), end, end]);
            }
            Op::ClosePath(_) => self.path.close(),
            Op::RectPath(r) => self.path.rect(
                &self.state.ctm,
                r.0.as_f64(),
                r.1.as_f64(),
                r.2.as_f64(),
                r.3.as_f64(),
            ),
            Op::StrokePath(_) => self.paint(false, true),
            Op::CloseAndStrokePath(_) => {
                self.path.close();
                self.paint(false, true);
            }
            Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_) => self.paint(true, false),
            Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => self.paint(true, true),
            Op::CloseFillAndStrokeNonZero(_) | Op::CloseFillAndStrokeEvenOdd(_) => {
                self.path.close();
                self.paint(true, true);
            }
            Op::EndPath(_) => self.paint(false, false),
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.clip_pending = true,

            // Colours.
            Op::NonStrokeColorDeviceGray(value) => self.fill(&[value.0.as_f32()]),
            Op::NonStrokeColorDeviceRgb(c) => {
                self.fill(&[c.0.as_f32(), c.1.as_f32(), c.2.as_f32()]);
            }
            Op::NonStrokeColorCmyk(c) => {
                self.fill(&[c.0.as_f32(), c.1.as_f32(), c.2.as_f32(), c.3.as_f32()]);
            }
            Op::ColorSpaceNonStroke(name) => {
                self.state.fill_space = resources.get_color_space(name.0).map_or_else(
                    || ColorSpace::read(&Object::Name(name.0.clone())),
                    |space| ColorSpace::read(&space),
                );
                self.state.fill = 0;
            }
            Op::NonStrokeColor(components) => {
                let values: Vec<f32> = components.0.iter().map(Number::as_f32).collect();
                self.state.fill = self.state.fill_space.color(&values);
            }
            Op::NonStrokeColorNamed(components) => {
                let values: Vec<f32> = components.0.iter().map(Number::as_f32).collect();
                self.state.fill = if components.1.is_some() {
                    colors::PATTERN_GREY
                } else {
                    self.state.fill_space.color(&values)
                };
            }

            // Objects.
            Op::XObject(name) if self.n_hidden == 0 => {
                if let Some(stream) = resources.get_x_object(name.0) {
                    self.x_object(&stream, resources, depth);
                }
            }
            Op::InlineImage(_) => self.image(),
            Op::Shading(_) if self.n_hidden == 0 => self.page.rects.push(Rect {
                bbox: self.state.clip,
                fill: Some(colors::PATTERN_GREY),
                stroked: false,
                rounded: false,
            }),

            // Marked content.
            Op::BeginMarkedContent(tag) => self.begin_mark(tag.0.as_ref(), None, resources),
            Op::BeginMarkedContentWithProperties(tag) => {
                self.begin_mark(tag.0.as_ref(), Some(tag.1), resources);
            }
            Op::EndMarkedContent(_) => self.end_mark(),
            _ => {}
        }
    }

    fn fill(&mut self, components: &[f32]) {
        self.state.fill_space = ColorSpace::Device;
        self.state.fill = colors::of_components(components);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line_matrix *= Affine::translate((x, y));
        self.text_matrix = self.line_matrix;
    }

    fn kern(&mut self, thousandths: f64) {
        let horizontal = self
            .state
            .font
            .and_then(|index| self.fonts.face(index))
            .is_none_or(|face| face.horizontal);
        let shift = -thousandths / 1000.0 * self.state.size;
        self.text_matrix *= if horizontal {
            Affine::translate((shift * self.state.scale, 0.0))
        } else {
            Affine::translate((0.0, shift))
        };
    }

    fn paint(&mut self, fill: bool, stroke: bool) {
        if (fill || stroke) && self.n_hidden == 0 {
            self.path.paint(
                fill.then_some(self.state.fill),
                stroke,
                &self.state.clip,
                &mut self.page,
            );
        }
        if std::mem::take(&mut self.clip_pending)
            && let Some(bounds) = self.path.bounds()
        {
            let nothing = BoundingBox::new(-1.0, -1.0, -1.0, -1.0);
            self.state.clip = intersection(&self.state.clip, &bounds).unwrap_or(nothing);
        }
        self.path.clear();
    }

    fn image(&mut self) {
        if self.n_hidden > 0 {
            return;
        }
        if let Some(bbox) = intersection(
            &placed(&self.state.ctm, 0.0, 0.0, 1.0, 1.0),
            &self.state.clip,
        ) {
            push_dot(bbox, &mut self.page);
            self.page.images.push(bbox);
        }
    }

    fn x_object(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, depth: usize) {
        let dict = stream.dict();
        if self.hidden_groups.hides(dict, b"OC") {
            return;
        }
        let subtype = dict.get::<Name<'_>>(keys::SUBTYPE);
        match subtype.as_ref().map(AsRef::as_ref) {
            Some(b"Image") => self.image(),
            Some(b"Form") | None => {
                self.form(stream, Some(resources), None, depth);
            }
            Some(_) => {}
        }
    }

    /// Runs a form; `fit` maps its box as an annotation's appearance asks for.
    fn form(
        &mut self,
        stream: &Stream<'a>,
        parent: Option<&Resources<'a>>,
        fit: Option<Affine>,
        depth: usize,
    ) {
        if depth >= self.deepest {
            self.page.truncated = true;
            return;
        }
        let dict = stream.dict();
        let Some(content) = decoded(stream) else {
            return;
        };
        self.account.spend(content.len() / BYTES_PER_OPERATION);
        let saved = (
            self.state.clone(),
            self.text_matrix,
            self.line_matrix,
            std::mem::take(&mut self.path),
            self.skipped_saves,
        );
        // The numbers in a form are its own: what it shows is of the run in which it is drawn.
        let marked = self.marked.take();
        if let Some(fit) = fit {
            self.state.ctm *= fit;
        }
        if let Some(form_matrix) = read_matrix(dict) {
            self.state.ctm *= form_matrix;
        }
        if let Some(bounds) = dict.get::<PdfRect>(keys::BBOX) {
            let shown = placed(&self.state.ctm, bounds.x0, bounds.y0, bounds.x1, bounds.y1);
            self.state.clip = intersection(&self.state.clip, &shown)
                .unwrap_or_else(|| BoundingBox::new(-1.0, -1.0, -1.0, -1.0));
        }
        match (dict.get::<Dict<'a>>(keys::RESOURCES), parent) {
            (Some(own), _) => self.run(&content, &Resources::new(own), depth + 1),
            (None, Some(parent)) => self.run(&content, parent, depth + 1),
            (None, None) => self.run(&content, &Resources::new(Dict::empty()), depth + 1),
        }
        self.marked = marked;
        (
            self.state,
            self.text_matrix,
            self.line_matrix,
            self.path,
            self.skipped_saves,
        ) = saved;
    }

    /// Shows a string: its glyphs go to the page, and the text matrix moves on.
    fn show(&mut self, bytes: &[u8]) {
        let Some(face_index) = self.state.font else {
            return;
        };
        let state = &self.state;
        let Some(face) = self.fonts.face(face_index) else {
            return;
        };
        let mut setting = Setting::new(state, &self.text_matrix, face, face_index);
        setting.artifact = self.n_artifacts > 0;
        setting.content = self.contents.last().copied().flatten();
        let visible = self.n_hidden == 0
            && setting.style.size >= SMALLEST_TEXT
            && setting.style.size.is_finite();
        let turned = setting.turned(&self.page);
        let horizontal = face.horizontal;
        let (mut x, mut y) = (0.0_f64, 0.0_f64);
        let mut offset = 0;
        self.account.spend(bytes.len());
        while offset < bytes.len() {
            let (code, length) = face.read_code(bytes, offset);
            offset += length;
            let spacing = state.char_spacing
                + if Face::is_word_space(code, length) {
                    state.word_spacing
                } else {
                    0.0
                };
            let glyph = face.glyph(code);
            let advance = f64::from(glyph.advance) * state.size;
            let start = setting.place(x, y);
            let end = if horizontal {
                setting.place(x + advance * state.scale, y)
            } else {
                setting.place(x, y + advance)
            };
            if horizontal {
                x += (advance + spacing) * state.scale;
            } else {
                y += advance + spacing;
            }
            if !visible || glyph.nothing {
                continue;
            }
            let begins = std::mem::take(&mut self.begins);
            if setting.upright {
                push_upright(&mut self.page, &setting, glyph, start, end, begins);
            } else {
                push_turned(&mut self.page, &setting, glyph, start, end);
            }
            if let Some((turn, setting)) = &turned
                && let Some(page) = turned_page(&mut self.page, *turn)
            {
                let (start, end) = (turn.apply(start), turn.apply(end));
                push_upright(page, setting, glyph, start, end, begins);
            }
        }
        self.text_matrix *= Affine::translate((x, y));
    }
}

fn matrix(numbers: [&Number; 6]) -> Affine {
    Affine::new(numbers.map(Number::as_f64))
}

fn read_matrix(dict: &Dict<'_>) -> Option<Affine> {
    let mut numbers = dict.get::<Array<'_>>(keys::MATRIX)?.iter::<Number>();
    let mut coefficients = [0.0; 6];
    for coefficient in &mut coefficients {
        *coefficient = numbers.next()?.as_f64();
    }
    Some(Affine::new(coefficients))
}

fn point(x: &Number, y: &Number) -> Point {
    Point::new(x.as_f64(), y.as_f64())
}

/// The box around a rectangle as displayed.
fn placed(ctm: &Affine, x0: f64, y0: f64, x1: f64, y1: f64) -> BoundingBox {
    let shown = ctm.transform_rect_bbox(kurbo::Rect::new(x0, y0, x1, y1));
    #[expect(clippy::cast_possible_truncation, reason = "geometry is f32")]
    BoundingBox::new(
        shown.x0 as f32,
        shown.y0 as f32,
        shown.x1 as f32,
        shown.y1 as f32,
    )
}
