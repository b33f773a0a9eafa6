//! An entry in; a mention out: finds field texts, does not interpret them.
pub mod prose;
