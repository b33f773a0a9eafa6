//! An entry in; a mention out: finds field texts, does not interpret them.
pub mod amounts;
pub mod contacts;
pub mod edition;
mod numbers;
pub mod partners;
pub mod prose;
pub mod quotes;
mod words;
