//! A page of a PDF as a picture. In: the bytes of a file, the number of a page, and boxes on it as evidence has them; out: a PNG in which the boxes are marked.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use hayro_syntax::Pdf;

use crate::message;
use crate::message::Message;

/// Pixels a point: 144 dots an inch, where small print can be read.
const SCALE: f32 = 2.0;

/// Pixels of a side at most: a page of many metres is drawn smaller.
const LARGEST: f32 = 8_000.0;

/// Draws a page, from 1, and marks boxes `[x0, y0, x1, y1]` on it, in points from its top left as it is shown. Tells why where it cannot be drawn.
pub fn picture(bytes: Arc<Vec<u8>>, number: u32, boxes: &[[f64; 4]]) -> Result<Vec<u8>, Message> {
    // Drawing reads more of a file than its text; what breaks there is the file's.
    let drawn = catch_unwind(AssertUnwindSafe(|| draw(bytes, number, boxes)));
    drawn.unwrap_or_else(|_: Box<dyn Any + Send>| Err(message!("the page cannot be drawn")))
}

fn draw(bytes: Arc<Vec<u8>>, number: u32, boxes: &[[f64; 4]]) -> Result<Vec<u8>, Message> {
    let pdf = Pdf::new(bytes).map_err(|_| message!("the file is no PDF that can be read"))?;
    let index = usize::try_from(number)
        .unwrap_or(usize::MAX)
        .wrapping_sub(1);
    let page = (pdf.pages().get(index))
        .ok_or_else(|| message!("the file has no page {page}", page = number))?;
    let (width, height) = page.render_dimensions();
    let scale = SCALE.min(LARGEST / width.max(height).max(1.0));
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let mut pixmap = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let width = usize::from(pixmap.width());
    let mut canvas = Canvas {
        pixels: pixmap.data_as_u8_slice_mut(),
        width,
    };
    for corners in boxes {
        canvas.mark(corners.map(|corner| corner * f64::from(scale)));
    }
    (pixmap.into_png()).map_err(|_| message!("the page cannot be drawn"))
}

/// The pixels of a picture: four bytes each, row by row.
struct Canvas<'p> {
    pixels: &'p mut [u8],
    width: usize,
}

impl Canvas<'_> {
    /// Tints a box as a marker pen does, and draws its outline: what is printed stays to be read.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what lies outside of the picture is its edge"
    )]
    fn mark(&mut self, [x0, y0, x1, y1]: [f64; 4]) {
        const INK: [u8; 3] = [255, 238, 120];
        const LINE: [u8; 3] = [214, 86, 0];
        const AROUND: f64 = 3.0;
        let height = self.pixels.len() / 4 / self.width.max(1);
        let pixel = |at: f64, size: usize| (at.max(0.0) as usize).min(size.saturating_sub(1));
        let (left, right) = (
            pixel(x0 - AROUND, self.width),
            pixel(x1 + AROUND, self.width),
        );
        let (top, bottom) = (pixel(y0 - AROUND, height), pixel(y1 + AROUND, height));
        for y in top..=bottom {
            for x in left..=right {
                let at = (y * self.width + x) * 4;
                let Some(pixel) = self.pixels.get_mut(at..at + 3) else {
                    continue;
                };
                let is_line = x < left + 2 || x + 2 > right || y < top + 2 || y + 2 > bottom;
                for (channel, (ink, line)) in pixel.iter_mut().zip(INK.into_iter().zip(LINE)) {
                    let tinted = u16::from(*channel) * u16::from(ink) / 255;
                    *channel = if is_line {
                        line
                    } else {
                        u8::try_from(tinted).unwrap_or(u8::MAX)
                    };
                }
            }
        }
    }
}
