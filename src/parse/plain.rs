//! Plain text: paragraphs, bullets, numbers, tab-separated rows. In: decoded text; out: blocks. It is Markdown's reader without the markup.

use crate::config::Limits;
use crate::model::document::Document;

use super::encoding::Decoded;
use super::markdown::Reader;

/// Fills `document` with the blocks of a text.
pub(super) fn read(decoded: &Decoded, limits: &Limits, document: &mut Document) {
    document.blocks = Reader::new(decoded, false, limits).read_all().blocks;
}
