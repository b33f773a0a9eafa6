//! Annotations: links, and the appearances of those that say something.

use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name, Rect as PdfRect, Stream, String as PdfString};
use kurbo::Affine;

use super::{Walker, placed, read_matrix};
use crate::model::page::LinkAnnotation;
use crate::parse::pdf::catalog::decode_text;

impl<'a> Walker<'_, 'a> {
    /// Links, and the appearances of form fields, stamps and free text.
    pub(super) fn annotations(&mut self, page: &Dict<'a>, ctm: Affine) {
        let Some(annotations) = page.get::<Array<'a>>(keys::ANNOTS) else {
            return;
        };
        for annotation in annotations.iter::<Dict<'a>>() {
            if !self.account.spend(1) {
                return;
            }
            let flags = annotation.get::<i32>(b"F").unwrap_or(0);
            // Hidden (2) and no view (32).
            if flags & 0x22 != 0 || self.hidden_groups.hides(&annotation, b"OC") {
                continue;
            }
            let Some(place) = annotation.get::<PdfRect>(keys::RECT) else {
                continue;
            };
            let subtype = annotation.get::<Name<'_>>(keys::SUBTYPE);
            match subtype.as_ref().map(AsRef::as_ref) {
                Some(b"Link") => {
                    let uri = annotation
                        .get::<Dict<'_>>(b"A")
                        .and_then(|action| action.get::<PdfString<'_>>(b"URI"));
                    if let Some(uri) = uri {
                        self.page.links.push(LinkAnnotation {
                            target: decode_text(uri.as_bytes()),
                            bbox: placed(&ctm, place.x0, place.y0, place.x1, place.y1),
                        });
                    }
                }
                Some(b"Widget" | b"FreeText" | b"Stamp") => self.appearance(&annotation, &place),
                _ => {}
            }
        }
    }

    fn appearance(&mut self, annotation: &Dict<'a>, place: &PdfRect) {
        let Some(appearances) = annotation.get::<Dict<'a>>(b"AP") else {
            return;
        };
        let stream = appearances.get::<Stream<'a>>(b"N").or_else(|| {
            let state = annotation.get::<Name<'_>>(b"AS")?;
            appearances
                .get::<Dict<'a>>(b"N")?
                .get::<Stream<'a>>(state.as_ref())
        });
        let Some(stream) = stream else {
            return;
        };
        // ISO 32000-2, 12.5.5: the form's box, after its matrix, is fitted to the annotation's rectangle.
        let Some(bounds) = stream.dict().get::<PdfRect>(keys::BBOX) else {
            return;
        };
        let form_matrix = read_matrix(stream.dict()).unwrap_or(Affine::IDENTITY);
        let shown = placed(&form_matrix, bounds.x0, bounds.y0, bounds.x1, bounds.y1);
        let (width, height) = (f64::from(shown.width()), f64::from(shown.height()));
        if width < 1e-6 || height < 1e-6 {
            return;
        }
        let (sx, sy) = (place.width() / width, place.height() / height);
        let fit = Affine::new([
            sx,
            0.0,
            0.0,
            sy,
            place.x0 - f64::from(shown.x0) * sx,
            place.y0 - f64::from(shown.y0) * sy,
        ]);
        self.form(&stream, None, Some(fit), 0);
    }
}
