//! What a threshold would give: the estimate that a report draws.

use serde::Serialize;

/// What linking would give from one threshold on, by the probabilities that it gives to the pairs it compared itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct AtThreshold {
    /// Probability from which two records are taken for one organisation.
    pub threshold: f64,
    /// Whether it is the one that was linked with.
    pub is_used: bool,
    /// Pairs above it; copies of a record are one.
    pub pairs: usize,
    /// Expected share of these that are one organisation. `None` where there are none.
    pub precision: Option<f64>,
    /// Expected share, of all pairs compared that are one organisation, of those above it.
    pub recall: f64,
    /// Organisations that it would leave.
    pub organisations: usize,
}
