//! Palmarès turns brochures and web pages that list laureates into clean, grounded JSON.
#![warn(clippy::indexing_slicing, clippy::unwrap_used)]
// Tests cut strings where they know them; the other two lints let tests be by themselves.
#![cfg_attr(not(test), warn(clippy::string_slice))]

pub mod assist;
pub mod config;
pub mod consistency;
pub mod decisions;
pub mod diagnostic;
pub mod error;
pub mod evaluate;
pub mod export;
pub mod extract;
pub mod ingest;
pub mod layout;
pub mod link;
pub mod message;
pub mod model;
pub mod normalize;
pub mod parse;
pub mod pipeline;
pub mod profile;
pub mod segment;
pub mod teach;
pub mod validate;
