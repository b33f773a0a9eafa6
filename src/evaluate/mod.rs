//! Mentions against what they should be: gold annotations (`score`), fixtures (`fixture`), an earlier run (`compare`). In: records as JSON objects,
//! with the contract's field names. Out: figures and differences, and their renderings. Not here: reading documents, and printing.

mod align;
pub mod calibration;
pub mod changes;
pub mod compare;
pub mod fixture;
pub mod floors;
mod fold;
mod judge;
pub mod report;
pub mod score;
mod similarity;

/// A record as JSON: gold, expectation or mention.
pub type Record = serde_json::Map<String, serde_json::Value>;

pub use fold::fold;
pub use judge::Mode;
pub use similarity::{levenshtein, ratcliff};
