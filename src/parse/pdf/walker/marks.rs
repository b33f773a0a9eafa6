//! Marked content: what it hides, what it sets apart from the text, and the text that it gives for what is drawn.

use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Dict, Object, String as PdfString};
use hayro_syntax::page::Resources;

use super::glyphs::{index, push_shares};
use super::{DEEPEST_STATE, Walker};
use crate::model::page::UnicodeOrigin;
use crate::parse::pdf::catalog::decode_text;
use crate::parse::pdf::fonts::spell;

/// Replacement text for more glyphs than this is an alternative for a picture or a paragraph, not the spelling of a ligature or hyphen.
const MOST_REPLACED_GLYPHS: usize = 8;

/// What a marked-content sequence means for the text in it.
pub(super) enum Mark {
    Plain,
    Hidden,
    Artifact,
    /// `/ActualText`, and how many glyphs and spans there were before.
    Replaced(String, usize, usize),
}

impl<'a> Walker<'_, 'a> {
    pub(super) fn begin_mark(
        &mut self,
        tag: &[u8],
        properties: Option<&Object<'_>>,
        resources: &Resources<'a>,
    ) {
        let mark = match (tag, properties) {
            (b"OC", Some(Object::Name(name)))
                if self
                    .hidden_groups
                    .hides(&resources.properties, name.as_ref()) =>
            {
                Mark::Hidden
            }
            (b"Artifact", _) => Mark::Artifact,
            (_, Some(Object::Dict(dict))) => self.replacement(dict),
            (_, Some(Object::Name(name))) if tag == b"Span" => resources
                .properties
                .get::<Dict<'_>>(name.as_ref())
                .map_or(Mark::Plain, |dict| self.replacement(&dict)),
            _ => Mark::Plain,
        };
        let content = self.content_of(properties, resources);
        match mark {
            Mark::Hidden => self.n_hidden += 1,
            Mark::Artifact => self.n_artifacts += 1,
            Mark::Plain | Mark::Replaced(..) => {}
        }
        // Unbalanced files may open without end.
        if self.marks.len() < DEEPEST_STATE {
            self.marks.push(mark);
            self.contents.push(content);
        } else {
            self.page.truncated = true;
        }
    }

    /// The run of the document's structure that begins here, or goes on.
    fn content_of(
        &self,
        properties: Option<&Object<'_>>,
        resources: &Resources<'a>,
    ) -> Option<u32> {
        let number = || match properties? {
            Object::Dict(dict) => dict.get::<i32>(b"MCID"),
            Object::Name(name) => {
                (resources.properties.get::<Dict<'_>>(name.as_ref()))?.get::<i32>(b"MCID")
            }
            _ => None,
        };
        let own = self
            .marked
            .and_then(|marked| marked.get(&number()?).copied());
        own.or_else(|| self.contents.last().copied().flatten())
    }

    fn replacement(&self, dict: &Dict<'_>) -> Mark {
        dict.get::<PdfString<'_>>(keys::ACTUAL_TEXT)
            .map_or(Mark::Plain, |text| {
                Mark::Replaced(
                    decode_text(text.as_bytes()),
                    self.page.glyphs.len(),
                    self.page.spans.len(),
                )
            })
    }

    pub(super) fn end_mark(&mut self) {
        self.contents.pop();
        match self.marks.pop() {
            Some(Mark::Hidden) => self.n_hidden = self.n_hidden.saturating_sub(1),
            Some(Mark::Artifact) => self.n_artifacts = self.n_artifacts.saturating_sub(1),
            Some(Mark::Replaced(text, n_glyphs, n_spans)) => {
                self.replace(&text, n_glyphs, n_spans);
            }
            Some(Mark::Plain) | None => {}
        }
    }

    /// Puts `/ActualText` in the place of the glyphs shown since, where these are few and on one line.
    fn replace(&mut self, text: &str, n_glyphs: usize, n_spans: usize) {
        let page = &mut self.page;
        let shown = page.glyphs.get(n_glyphs..).unwrap_or_default();
        if shown.is_empty() || shown.len() > MOST_REPLACED_GLYPHS {
            return;
        }
        let mut characters = Vec::new();
        for character in text.chars() {
            spell(character, &mut characters);
        }
        if characters.len() > 2 * MOST_REPLACED_GLYPHS
            || shown
                .iter()
                .map(|glyph| glyph.character)
                .eq(characters.iter().copied())
        {
            return;
        }
        let new_spans = page.spans.get(n_spans..).unwrap_or_default();
        let baseline = page.spans.last().map_or(0.0, |span| span.baseline);
        let one_line = new_spans.iter().all(|span| {
            (span.baseline - baseline).abs() < 0.1 && span.rotation.abs() < f32::EPSILON
        });
        if !one_line {
            return;
        }
        let left = shown
            .iter()
            .map(|glyph| glyph.x0)
            .fold(f32::INFINITY, f32::min);
        let right = shown
            .iter()
            .map(|glyph| glyph.x1)
            .fold(f32::NEG_INFINITY, f32::max);
        page.glyphs.truncate(n_glyphs);
        push_shares(
            &characters,
            left,
            right,
            UnicodeOrigin::Mapped,
            &mut page.glyphs,
        );
        let end = index(page.glyphs.len());
        // The spans begun since become one, or the glyphs go on the span that was open before.
        if page.spans.len() > n_spans {
            page.spans.truncate(n_spans + 1);
        }
        if let Some(span) = page.spans.last_mut() {
            span.glyphs.end = end;
            if span.glyphs.is_empty() {
                page.spans.pop();
            }
        }
    }
}
