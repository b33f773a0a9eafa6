//! Types that cross a stage boundary. No I/O, no algorithms, no parser crate's types.

pub mod document;
pub mod evidence;
pub mod excerpt;
pub mod geometry;
pub mod laureate;
pub mod mention;
pub mod page;
pub mod raw;
pub mod record;
pub mod tables;
pub mod text;
pub mod threshold;
pub mod validation;
