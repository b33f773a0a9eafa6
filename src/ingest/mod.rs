//! Paths, folders, globs and standard input in; raw documents out. The only stage that reads outside data; decides the format by content.

mod paths;
mod sniff;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::config::Limits;
use crate::error::ErrorKind;
use crate::model::raw::{DocumentId, RawDocument};

pub use paths::{Discovery, discover};

/// Where a document is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    place: Place,
    display: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Stdin,
    File(PathBuf),
}

impl Source {
    /// The path as records print it: relative to the working directory where it lies below, `/` as separator, bytes that are not UTF-8
    /// percent-encoded, `-` for standard input.
    pub fn display_path(&self) -> &str {
        &self.display
    }

    /// Size in bytes of a regular file, which can be read more than once.
    pub fn size(&self) -> Option<u64> {
        match &self.place {
            Place::Stdin => None,
            Place::File(path) => fs::metadata(path)
                .ok()
                .filter(fs::Metadata::is_file)
                .map(|metadata| metadata.len()),
        }
    }

    /// Whether it is a file in (a folder in) this folder, which is given in canonical form.
    pub fn lies_in(&self, folder: &Path) -> bool {
        match &self.place {
            Place::Stdin => false,
            Place::File(path) => path
                .canonicalize()
                .is_ok_and(|path| path.starts_with(folder)),
        }
    }
}

/// Reads a document's bytes and tells their format.
pub fn ingest(source: &Source, limits: &Limits) -> Result<RawDocument, ErrorKind> {
    let bytes = match &source.place {
        Place::Stdin => read(io::stdin().lock(), limits)?,
        Place::File(path) => {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            if metadata.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
            }
            if metadata.len() > limits.bytes {
                return Err(ErrorKind::TooLarge {
                    size: metadata.len(),
                    limit: limits.bytes,
                });
            }
            read(file, limits)?
        }
    };
    if bytes.is_empty() {
        return Err(ErrorKind::Empty);
    }
    let format = sniff::format(&bytes).map_err(|what| ErrorKind::UnknownFormat(what.to_owned()))?;
    Ok(RawDocument {
        id: DocumentId::of(&bytes),
        path: source.display.clone(),
        format,
        bytes,
    })
}

/// All bytes, and one more than the limit at most: a pipe has no size that could be asked for.
fn read(input: impl Read, limits: &Limits) -> Result<Vec<u8>, ErrorKind> {
    let mut bytes = Vec::new();
    input
        .take(limits.bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    let size = bytes.len() as u64;
    if size > limits.bytes {
        return Err(ErrorKind::TooLarge {
            size,
            limit: limits.bytes,
        });
    }
    Ok(bytes)
}
