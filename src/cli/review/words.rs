//! The words of a document with their places, for a page on which they are clicked: what a worker says of a reading.

use palmares::model::document::{Block, BlockLabel, Document};
use palmares::model::evidence::Evidence;
use palmares::model::raw::{Format, RawDocument};
use palmares::parse;
use serde::{Deserialize, Serialize};

/// A document as its reader sees it.
#[derive(Serialize, Deserialize)]
pub(super) struct Written {
    /// Width and height of each page in points; none of a document without pages.
    pages: Vec<[f32; 2]>,
    pub(super) blocks: Vec<WrittenBlock>,
}

/// A paragraph, heading, item or cell.
#[derive(Serialize, Deserialize)]
pub(super) struct WrittenBlock {
    is_heading: bool,
    /// Whether it surrounds what the document says: a menu, a running header.
    is_aside: bool,
    pub(super) words: Vec<Word>,
}

/// Characters between white space.
#[derive(Serialize, Deserialize)]
pub(super) struct Word {
    pub(super) text: String,
    /// Whether its line ends with it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(super) ends_line: bool,
    pub(super) places: Vec<Evidence>,
}

/// The words of a document that was read, as JSON.
pub(crate) fn written(raw: &RawDocument, document: &Document) -> serde_json::Result<Vec<u8>> {
    let pages = match raw.format {
        Format::Pdf => parse::pdf::page_sizes(&raw.bytes),
        _ => Vec::new(),
    };
    let blocks = document
        .blocks
        .iter()
        .map(|block| of_block(document, block));
    serde_json::to_vec(&Written {
        pages,
        blocks: blocks.filter(|block| !block.words.is_empty()).collect(),
    })
}

fn of_block(document: &Document, block: &Block) -> WrittenBlock {
    let string = block.text.as_str();
    let (mut words, mut from) = (Vec::new(), 0);
    for part in string.split_inclusive(char::is_whitespace) {
        let text = part.trim_end();
        if !text.is_empty() {
            let places = document.evidence(&block.text.slice(from..from + text.len()));
            words.push(Word {
                text: text.to_owned(),
                ends_line: part.ends_with('\n'),
                places: places.into_iter().map(without_way).collect(),
            });
        }
        from += part.len();
    }
    WrittenBlock {
        is_heading: matches!(block.label, BlockLabel::Title | BlockLabel::SectionHeader),
        is_aside: !block.is_body(),
        words,
    }
}

/// A place without what leads to it, which is long and says no more.
fn without_way(place: Evidence) -> Evidence {
    Evidence {
        selector: None,
        join: None,
        ..place
    }
}
