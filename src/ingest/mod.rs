//! Paths, folders, globs and standard input in; raw documents out. The only stage that reads outside data; decides the format by content.

pub mod archive;
mod delimiter;
mod mail;
mod paths;
pub mod sidecar;
mod sniff;
mod warc;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::config::Limits;
use crate::error::ErrorKind;
use crate::message::word;
use crate::model::raw::{DocumentId, RawDocument};
use crate::word;

use self::sidecar::Sidecar;

pub use paths::{Archive, Discovery, discover, is_named, source};

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
    Memory(Arc<Vec<u8>>),
    Packed(Packed),
}

/// A document in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Packed {
    archive: PathBuf,
    /// Its path within the archive.
    path: String,
    steps: Vec<usize>,
    /// Where it was on the web.
    address: Option<String>,
    /// How many bytes it has, and their hash, where they are known.
    size: Option<u64>,
    id: Option<DocumentId>,
}

impl Source {
    /// A file, under the name that records print.
    pub fn file(path: PathBuf, display: String) -> Self {
        Self {
            place: Place::File(path),
            display,
        }
    }

    /// Bytes that were read already, under the name that records print.
    pub fn memory(bytes: Vec<u8>, display: String) -> Self {
        Self {
            place: Place::Memory(Arc::new(bytes)),
            display,
        }
    }

    /// A document in an archive, by its number in each, the outermost first, under the name that records print.
    pub fn packed(
        archive: PathBuf,
        steps: Vec<usize>,
        address: Option<String>,
        display: String,
    ) -> Self {
        let place = Place::Packed(Packed {
            archive,
            path: String::new(),
            steps,
            address,
            size: None,
            id: None,
        });
        Self { place, display }
    }

    /// The archive that it lies in, its number in each, and its address as far as the archive says it, if it lies in one.
    pub fn in_archive(&self) -> Option<(&Path, &[usize], Option<&str>)> {
        match &self.place {
            Place::Packed(packed) => {
                Some((&packed.archive, &packed.steps, packed.address.as_deref()))
            }
            Place::Stdin | Place::File(_) | Place::Memory(_) => None,
        }
    }

    /// Where it lies, if it is a regular file: one that any process can read, and more than once.
    pub fn regular_file(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) if path.is_file() => Some(path),
            Place::File(_) | Place::Stdin | Place::Memory(_) | Place::Packed(_) => None,
        }
    }

    /// The path as records print it: relative to the working directory where it lies below, `/` as separator, bytes that are not UTF-8
    /// percent-encoded, `-` for standard input.
    pub fn display_path(&self) -> &str {
        &self.display
    }

    /// Whether it is a file that does not exist.
    pub fn is_missing(&self) -> bool {
        match &self.place {
            Place::Stdin | Place::Memory(_) => false,
            Place::File(path) | Place::Packed(Packed { archive: path, .. }) => !path.exists(),
        }
    }

    /// Size in bytes of a regular file, which can be read more than once.
    pub fn size(&self) -> Option<u64> {
        match &self.place {
            Place::Stdin | Place::Memory(_) => None,
            Place::Packed(packed) => packed.size,
            Place::File(path) => fs::metadata(path)
                .ok()
                .filter(fs::Metadata::is_file)
                .map(|metadata| metadata.len()),
        }
    }

    /// The ending of its name.
    fn extension(&self) -> Option<&str> {
        Path::new(&self.display).extension()?.to_str()
    }
}

/// What bytes from elsewhere are: the usual ending of a document's name, or what they are instead.
pub fn tell(bytes: &[u8]) -> Result<&'static str, &'static str> {
    match sniff::format(bytes, None) {
        _ if bytes.is_empty() => Err(word!("an empty file")),
        Ok(format) => Ok(format.extension()),
        Err(what) if what == sniff::ZIP => Ok("zip"),
        Err(what) if what == sniff::MAIL => Ok("mhtml"),
        Err(what) if what == sniff::WEB => Ok(if bytes.starts_with(warc::GZIP) {
            "warc.gz"
        } else {
            "warc"
        }),
        Err(what) => Err(what),
    }
}

/// Reads a document's bytes and tells their format.
pub fn ingest(source: &Source, limits: &Limits) -> Result<RawDocument, ErrorKind> {
    let bytes = bytes(source, limits)?;
    if bytes.is_empty() {
        return Err(ErrorKind::Empty);
    }
    let format = sniff::format(&bytes, source.extension()).map_err(|what| {
        if sniff::is_archive(what) {
            archive::refusal(&bytes, what, limits)
        } else {
            ErrorKind::UnknownFormat(word(what))
        }
    })?;
    let id = DocumentId::of(&bytes);
    let address = match &source.place {
        Place::Packed(packed) => packed.address.clone(),
        Place::File(path) => Sidecar::address(path, id),
        Place::Stdin | Place::Memory(_) => None,
    };
    Ok(RawDocument {
        id,
        path: source.display.clone(),
        format,
        address,
        bytes,
    })
}

/// Pieces in which a file is read of which only the hash is asked.
const PIECE: usize = 64 * 1024;

/// The hash of a file's bytes, of which no more than a piece is held at a time. Nothing where it is no regular file, no document or more than the limit.
pub fn identify(source: &Source, limits: &Limits) -> Option<DocumentId> {
    if let Place::Packed(packed) = &source.place {
        return packed.id;
    }
    let mut file = File::open(source.regular_file()?)
        .ok()?
        .take(limits.bytes.saturating_add(1));
    let mut head = Vec::new();
    file.by_ref()
        .take(sniff::HEAD as u64)
        .read_to_end(&mut head)
        .ok()?;
    if head.is_empty() || sniff::format(&head, None).is_err() {
        return None;
    }
    let mut hash = Sha256::new_with_prefix(&head);
    let size = head.len() as u64 + digest(file, &mut hash).ok()?;
    (size <= limits.bytes).then(|| DocumentId(hash.finalize().into()))
}

/// Reads to the end into a hash, and says how many bytes there were.
fn digest(mut input: impl Read, hash: &mut Sha256) -> io::Result<u64> {
    let mut piece = vec![0; PIECE];
    let mut size = 0;
    loop {
        let length = input.read(&mut piece)?;
        if length == 0 {
            return Ok(size);
        }
        hash.update(piece.get(..length).unwrap_or_default());
        size += length as u64;
    }
}

/// The bytes of a document, no more than the limit.
pub fn bytes(source: &Source, limits: &Limits) -> Result<Arc<Vec<u8>>, ErrorKind> {
    let bytes = match &source.place {
        Place::Stdin => read(io::stdin().lock(), 0, limits)?,
        Place::File(path) => {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            if metadata.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
            }
            if is_device(metadata.file_type()) {
                return Err(ErrorKind::Device);
            }
            if metadata.len() > limits.bytes {
                return Err(ErrorKind::TooLarge {
                    size: metadata.len(),
                    limit: limits.bytes,
                });
            }
            read(file, metadata.len(), limits)?
        }
        Place::Memory(bytes) => return Ok(Arc::clone(bytes)),
        Place::Packed(packed) => archive::unpack(&packed.archive, &packed.steps, limits)?,
    };
    Ok(Arc::new(bytes))
}

/// Whether reading may have no end: of files that are none, a pipe alone has one.
#[cfg(unix)]
fn is_device(kind: fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.is_char_device() || kind.is_block_device()
}

#[cfg(not(unix))]
fn is_device(_: fs::FileType) -> bool {
    false
}

/// All bytes, `expected` as far as is known, and one more than the limit at most: a pipe has no size that could be asked for. What is no document shows
/// at its start, and is read no further.
fn read(input: impl Read, expected: u64, limits: &Limits) -> Result<Vec<u8>, ErrorKind> {
    let out_of_memory = |error: io::Error| match error.kind() {
        io::ErrorKind::OutOfMemory => ErrorKind::OutOfMemory {
            megabytes: limits.megabytes,
        },
        _ => error.into(),
    };
    let mut bytes = Vec::new();
    let mut input = input.take(limits.bytes.saturating_add(1));
    input
        .by_ref()
        .take(sniff::HEAD as u64)
        .read_to_end(&mut bytes)?;
    if !bytes.is_empty() {
        // The beginning of an office file may not tell what it is: the whole is asked again.
        sniff::format(&bytes, None)
            .map(drop)
            .or_else(|what| {
                if what == sniff::OFFICE || sniff::is_archive(what) {
                    Ok(())
                } else {
                    Err(what)
                }
            })
            .map_err(|what| ErrorKind::UnknownFormat(word(what)))?;
    }
    bytes
        .try_reserve_exact(
            usize::try_from(expected)
                .unwrap_or(usize::MAX)
                .saturating_sub(bytes.len()),
        )
        .map_err(io::Error::from)
        .and_then(|()| input.read_to_end(&mut bytes))
        .map_err(out_of_memory)?;
    let size = bytes.len() as u64;
    if size > limits.bytes {
        return Err(ErrorKind::TooLarge {
            size,
            limit: limits.bytes,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &[u8], limit: u64, is_document: bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, content).unwrap();
        let limits = Limits {
            bytes: limit,
            ..Limits::default()
        };
        let source = Source::file(path, "file".into());
        let found = identify(&source, &limits);
        assert_eq!(found, is_document.then(|| DocumentId::of(content)));
        assert_eq!(found, ingest(&source, &limits).ok().map(|raw| raw.id));
    }

    #[test]
    fn a_file_is_identified_piece_by_piece() {
        let long = "Les lauréats\n".repeat(PIECE / 4);
        check(b"Les laureats", 100, true);
        check(long.as_bytes(), long.len() as u64, true);
        check(long.as_bytes(), long.len() as u64 - 1, false);
        check(b"", 100, false);
        check(b"\x7fELF\x02\x01\x01\0", 100, false);
    }

    #[test]
    fn what_is_no_regular_file_has_no_identity() {
        let source = Source::file(std::env::temp_dir(), "folder".into());
        assert_eq!(identify(&source, &Limits::default()), None);
        let source = Source::memory(b"Les laureats".to_vec(), "-".into());
        assert_eq!(identify(&source, &Limits::default()), None);
    }
}
