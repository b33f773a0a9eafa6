//! Layouts as data: the label lexicon, the vocabulary, and profiles.

pub mod fold;
pub mod lexicon;

pub use fold::{fold, stem};
pub use lexicon::{Field, LEXICON, Lexicon, VOCABULARY, Vocabulary};
