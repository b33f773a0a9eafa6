//! Words that a person clicked, found among the same words of the document: what a decision names them by.

use palmares::decisions::{Spot, spots};
use palmares::model::evidence::Evidence;

use super::words::{Written, WrittenBlock};

/// Words of a document that were clicked.
pub(super) struct Clicked {
    pub(super) spot: Spot,
    /// Which of the same words in the same lines they are, from 1, where there are several.
    pub(super) which: Option<usize>,
    /// Where the first of them stands.
    pub(super) place: Option<Evidence>,
}

impl Written {
    /// These words, at a word of a block or the first behind it.
    pub(super) fn clicked(&self, block: usize, word: usize, words: &str) -> Option<Clicked> {
        let texts: Vec<String> = self.blocks.iter().map(WrittenBlock::text).collect();
        let from = self.blocks.get(block)?.start_of(word);
        let all = spots(texts.iter().map(String::as_str), words);
        let is_it = |spot: &&Spot| spot.block == block && spot.range.end > from;
        let spot = all.iter().find(is_it)?.clone();
        let alike: Vec<&Spot> = all.iter().filter(|other| other.line == spot.line).collect();
        let which = alike.iter().position(|other| **other == spot)? + 1;
        let first = self.blocks.get(block)?.words.get(word)?;
        Some(Clicked {
            spot,
            which: (alike.len() > 1).then_some(which),
            place: first.places.first().cloned(),
        })
    }
}

impl WrittenBlock {
    fn text(&self) -> String {
        let mut text = String::new();
        for word in &self.words {
            text.push_str(&word.text);
            text.push(if word.ends_line { '\n' } else { ' ' });
        }
        text
    }

    /// The byte of its text at which a word begins.
    fn start_of(&self, word: usize) -> usize {
        let before = self.words.iter().take(word);
        before.map(|word| word.text.len() + 1).sum()
    }
}
