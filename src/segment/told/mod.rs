//! What a sentence, or an item of a list in one, tells of who was rewarded: `Le prix revient à X (Ville)`, `X décroche le prix`, `X (Ville) pour Y`.
//!
//! A text comes in; who is named goes out, with where the words stand that say so. Whether these are laureates is for the score.

mod frames;
mod items;
mod names;
mod values;
mod words;

pub(super) use frames::{mention, sentence};
pub(super) use items::{item, winners};
pub(super) use names::{Start, start, without_article};
pub(super) use words::{has_category, is_classified, joiners, lead, turns};
pub(crate) use words::{is_joiner, leads};

use super::columns::Line;

/// How a piece of a text tells who was rewarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// As an item of a list within a sentence; the number is the list's.
    Item(usize),
    /// As a sentence that says that somebody gets something.
    Sentence,
    /// As the first body that a paragraph names, where it says of nobody that he gets something.
    Mention,
    /// As another body that a paragraph names.
    Further,
}

/// What a piece tells, in bytes of the piece.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// How it does so.
    pub way: Way,
    /// What it says.
    pub line: Line,
}
