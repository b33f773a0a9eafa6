//! The words of an entry as its document has them, with what its record took of them: what is shown beside the values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;

/// What one entry says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The id of its mention.
    pub mention: String,
    /// Its lines, or the first of them.
    pub lines: Vec<Vec<Run>>,
    /// Whether it has more lines.
    pub is_cut: bool,
    /// Where each value begins, by JSON Pointer.
    pub places: BTreeMap<String, Evidence>,
}

/// Characters of a line that one field took, or none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// The field, as the record names it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
}
