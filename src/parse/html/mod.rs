//! HTML: html5ever tree with byte spans; blocks with their element.

use std::ops::Range;

use crate::config::Limits;
use crate::diagnostic::Diagnostic;
use crate::model::document::{Block, BlockLabel, Document};

use super::encoding::Decoded;
use super::inline::{self, Lines};
use super::marker;
use super::writer::{LineIndex, TextWriter};

/// Fills `document` with the blocks, elements and metadata of a page.
pub(super) fn read(
    _decoded: &Decoded,
    _limits: &Limits,
    _document: &mut Document,
    _warnings: &mut Vec<Diagnostic>,
) {
}

/// The blocks of a piece of HTML inside a text.
pub(super) fn read_fragment(
    decoded: &Decoded,
    index: &LineIndex,
    range: Range<usize>,
    _limits: &Limits,
    _n_tables: &mut u32,
) -> Vec<Block> {
    let mut lines = Lines::default();
    lines.push(decoded.text(), &range);
    let mut writer = TextWriter::new(decoded, Some(index));
    let linked = inline::parse(&lines, true, &mut writer);
    marker::split_items(&linked, BlockLabel::Text)
}
