//! Types that cross a stage boundary. No I/O, no algorithms, no parser crate's types.

pub mod evidence;
pub mod laureate;
pub mod mention;
pub mod record;

// What passes between stages, and no record: no promise.
#[doc(hidden)]
pub mod document;
#[doc(hidden)]
pub mod excerpt;
#[doc(hidden)]
pub mod geometry;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod raw;
#[doc(hidden)]
pub mod structure;
#[doc(hidden)]
pub mod tables;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod threshold;
#[doc(hidden)]
pub mod validation;
