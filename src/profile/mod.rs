//! Layouts as data: the label lexicon, the vocabulary, and profiles.

pub mod areas;
pub mod columns;
pub mod fold;
pub mod gazetteer;
pub(crate) mod identifiers;
pub mod layout;
pub mod lexicon;
pub mod pattern;
pub mod places;
pub mod rules;
pub mod verbs;
pub(crate) mod weights;

pub use columns::column_field;
pub use fold::{fold, stem};
pub use layout::{Match, Profile, Section};
pub use lexicon::{Field, LEXICON, Lexicon, VOCABULARY, Vocabulary, is_quoted};
pub use pattern::{Pattern, Slot, Template, joint};
pub use rules::{EntryRules, Example, LineRule, Place};
