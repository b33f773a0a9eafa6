//! HTML: pages as content systems write them, and fragments inside other texts. In: decoded text; out: blocks with their element and byte spans, the
//! table of elements, the page's metadata.

mod blocks;
mod furniture;
mod tables;
mod tree;

use std::ops::Range;

use crate::config::Limits;
use crate::diagnostic::Diagnostic;
use crate::model::document::{Block, BlockLabel, Document, Layer, Metadata};
use crate::model::text::Style;

use self::blocks::{Page, Reading};
use self::tree::{Content, NodeIdx, ROOT, Tree};
use super::encoding::Decoded;
use super::markdown::label_title;
use super::writer::{LineIndex, TextWriter};

/// Where class names leave less than one part in so many of a page's text, they do not mean what they say there.
const MIN_BODY: usize = 20;

/// Fills `document` with the blocks, elements and metadata of a page.
pub(super) fn read(
    decoded: &Decoded,
    limits: &Limits,
    document: &mut Document,
    warnings: &mut Vec<Diagnostic>,
) {
    let tree = tree::build(decoded.text(), 0..decoded.text().len(), limits.nesting);
    if tree.is_flattened {
        warnings.push(Diagnostic::warning(format!(
            "elements are nested more than {} deep or repeated without end; those beyond were read as plain text",
            limits.nesting
        )));
    }
    let mut reading = Reading {
        decoded,
        lines: None,
        tree: &tree,
        by_class: true,
        first_table: 0,
    };
    let mut page = blocks::read(&reading);
    if length(&page, Some(Layer::Body)) * MIN_BODY < length(&page, None) {
        reading.by_class = false;
        page = blocks::read(&reading);
    }
    document.metadata = metadata(decoded, &tree);
    show_title(&mut page.blocks);
    label_title(&mut page.blocks);
    document.blocks = page.blocks;
    document.nodes = page.nodes;
}

/// The blocks of a piece of HTML inside a text; tables are numbered on from `n_tables`.
pub(super) fn read_fragment(
    decoded: &Decoded,
    index: &LineIndex,
    range: Range<usize>,
    limits: &Limits,
    n_tables: &mut u32,
) -> Vec<Block> {
    let tree = tree::build(decoded.text(), range, limits.nesting);
    let page = blocks::read(&Reading {
        decoded,
        lines: Some(index),
        tree: &tree,
        by_class: false,
        first_table: *n_tables,
    });
    *n_tables += page.n_tables;
    page.blocks
}

/// Bytes of text in a layer, or in all.
fn length(page: &Page, layer: Option<Layer>) -> usize {
    page.blocks
        .iter()
        .filter(|block| layer.is_none_or(|layer| block.layer == layer))
        .map(|block| block.text.len())
        .sum()
}

/// The only main heading of a page is content, even where it stands in the banner.
fn show_title(blocks: &mut [Block]) {
    let is_main =
        |block: &&mut Block| block.label == BlockLabel::SectionHeader && block.level == Some(1);
    let mut main = blocks.iter_mut().filter(is_main);
    if let (Some(only), None) = (main.next(), main.next()) {
        only.layer = Layer::Body;
    }
}

fn metadata(decoded: &Decoded, tree: &Tree) -> Metadata {
    let mut metadata = Metadata::default();
    let mut author = None;
    for index in tree.within(ROOT) {
        let Some(element) = tree.element(index) else {
            continue;
        };
        match element.tag_name() {
            "html" => metadata.language = non_empty(element.attribute("lang")),
            "title" if metadata.title.is_none() => metadata.title = text_of(decoded, tree, index),
            "meta" => {
                let name = element
                    .attribute("property")
                    .or_else(|| element.attribute("name"))
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                let content = || non_empty(element.attribute("content"));
                match name.as_str() {
                    "og:site_name" => metadata.publisher = metadata.publisher.or_else(content),
                    "publisher" | "dc.publisher" | "dcterms.publisher" | "author" => {
                        author = author.or_else(content);
                    }
                    _ => {}
                }
            }
            "body" => break,
            _ => {}
        }
    }
    metadata.publisher = metadata.publisher.or(author);
    metadata
}

fn non_empty(value: Option<&str>) -> Option<String> {
    value
        .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|value| !value.is_empty())
}

/// The text of an element, white space collapsed.
fn text_of(decoded: &Decoded, tree: &Tree, top: NodeIdx) -> Option<String> {
    let mut writer = TextWriter::new(decoded, None);
    for index in tree.within(top) {
        if let Some(Content::Text(runs)) = tree.node(index).map(|node| &node.content) {
            for run in runs {
                match &run.characters {
                    Some(characters) => {
                        writer.push_as(characters, &run.range, Style::default(), None);
                    }
                    None => writer.push(run.range.clone(), Style::default(), None),
                }
            }
        }
    }
    let text = writer.take().text;
    (!text.is_empty()).then(|| text.as_str().to_owned())
}
