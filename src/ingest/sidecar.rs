//! What lies beside a fetched document: where it came from, and when. It is believed of the bytes whose hash it names, and of no others.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::raw::DocumentId;

/// What the name of a document's file is followed by.
const ENDING: &str = ".source.json";

/// Bytes that it may have.
const LARGEST: u64 = 1 << 20;

/// Where a document came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sidecar {
    /// Where it was found in the end: its address.
    pub address: String,
    /// What was asked for, where that led elsewhere.
    pub requested: Option<String>,
    /// When, in UTC (RFC 3339).
    pub fetched: String,
    /// Hash of the bytes.
    pub sha256: String,
    /// What the server said of them.
    pub headers: BTreeMap<String, String>,
}

impl Sidecar {
    /// Where it lies, for a document's file.
    pub fn path(document: &Path) -> PathBuf {
        let mut path = OsString::from(document);
        path.push(ENDING);
        path.into()
    }

    /// Whether a file is the sidecar of one that lies beside it.
    pub(super) fn is_one(path: &Path) -> bool {
        (path.as_os_str().to_str())
            .and_then(|path| path.strip_suffix(ENDING))
            .is_some_and(|document| Path::new(document).is_file())
    }

    /// Reads the sidecar of a document's file, whatever bytes that has now.
    pub fn read(document: &Path) -> Option<Self> {
        let file = File::open(Self::path(document)).ok()?;
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// The address of these bytes.
    pub(super) fn address(document: &Path, id: DocumentId) -> Option<String> {
        Self::read(document)
            .filter(|sidecar| sidecar.sha256 == id.to_string() && !sidecar.address.is_empty())
            .map(|sidecar| sidecar.address)
    }
}
