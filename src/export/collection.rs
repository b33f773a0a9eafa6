//! All the records of a finished run.

use crate::model::laureate::{Laureate, LinkRecord};
use crate::model::mention::Mention;
use crate::model::record::{DocumentRecord, Reject};
use crate::validate::Packed;

/// The records of a run, each kind in the order of its file.
#[derive(Debug, Default)]
pub struct Collection {
    /// `laureates.ndjson`.
    pub laureates: Vec<Packed<Laureate>>,
    /// `mentions.ndjson`.
    pub mentions: Vec<Packed<Mention>>,
    /// `documents.ndjson`.
    pub documents: Vec<Packed<DocumentRecord>>,
    /// `links.ndjson`.
    pub links: Vec<Packed<LinkRecord>>,
    /// `rejects.ndjson`.
    pub rejects: Vec<Packed<Reject>>,
}
