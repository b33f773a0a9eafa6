//! Palmarès turns brochures and web pages that list laureates into clean, grounded JSON.
#![warn(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used)]

pub mod config;
pub mod diagnostic;
pub mod error;
pub mod evaluate;
pub mod export;
pub mod extract;
pub mod ingest;
pub mod layout;
pub mod link;
pub mod model;
pub mod normalize;
pub mod parse;
pub mod pipeline;
pub mod profile;
pub mod segment;
pub mod validate;
