//! What passes between the program and its workers: frames of a length, a kind and that many bytes.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use palmares::config::{Assist, Limits};
use palmares::decisions::Decision;
use palmares::diagnostic::Diagnostic;
use palmares::error::ErrorKind;
use palmares::ingest::{self, Source};
use palmares::model::excerpt::Excerpt;
use palmares::model::mention::Mention;
use palmares::model::record::{DocumentRecord, Reject};
use palmares::pipeline::{Identity, Stage};
use palmares::teach::Lesson;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use palmares::config::{Expect, Ocr};

use super::super::explain::View;

/// What a worker is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) task: Task,
    pub(super) origin: Origin,
    pub(super) limits: Limits,
    pub(super) expect: Expect,
    pub(super) ocr: Ocr,
    /// What is asked of what stays doubtful.
    pub(super) assist: Option<Assist>,
    /// What people decided of the document's records.
    pub(super) decisions: Vec<Decision>,
    /// The profiles' texts, where they are not those of the request before.
    pub(super) profiles: Option<Vec<String>>,
}

/// What is to be said of a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Its records.
    Read,
    /// How it was read, as `palmares explain` prints it.
    Explain(View),
    /// A first profile, as `palmares profile init` writes it.
    FirstProfile {
        /// Name of the document's file without its ending.
        stem: String,
    },
    /// The documents of an archive, as JSON.
    List,
    /// A profile that reads what was shown, as `palmares teach` writes it.
    Teach(Lesson),
    /// Its lines, of which `palmares teach --interactive` has values picked.
    Lines,
    /// Its words with their places, for `palmares review`.
    Words,
    /// The picture of a page, from 1.
    Picture(u32),
    /// The sizes of its pages in points, as JSON.
    Sizes,
}

/// Where a document is to be had.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Origin {
    /// A file that a worker opens itself. On Unix its path is the bytes, whatever they mean.
    File { path: Vec<u8>, name: String },
    /// A document in an archive that a worker opens itself.
    Packed {
        path: Vec<u8>,
        steps: Vec<usize>,
        address: Option<String>,
        name: String,
    },
    /// What follows the request: standard input, for one, which a worker does not share.
    Bytes { name: String },
}

impl Origin {
    /// Where a source is to be had, with its bytes where they must be sent along.
    pub(super) fn of(
        source: &Source,
        limits: &Limits,
    ) -> Result<(Self, Option<impl AsRef<Vec<u8>> + use<>>), ErrorKind> {
        let name = source.display_path().to_owned();
        if let Some((archive, steps, address)) = source.in_archive()
            && let Some(path) = path_to_bytes(archive)
        {
            let packed = Self::Packed {
                path,
                steps: steps.to_vec(),
                address: address.map(str::to_owned),
                name,
            };
            return Ok((packed, None));
        }
        Ok(match source.regular_file().and_then(path_to_bytes) {
            Some(path) => (Self::File { path, name }, None),
            None => (Self::Bytes { name }, Some(ingest::bytes(source, limits)?)),
        })
    }

    /// The source, once its bytes have arrived.
    pub(super) fn receive(self, input: &mut impl Read) -> io::Result<Source> {
        Ok(match self {
            Self::File { path, name } => Source::file(path_from_bytes(path)?, name),
            Self::Packed {
                path,
                steps,
                address,
                name,
            } => Source::packed(path_from_bytes(path)?, steps, address, name),
            Self::Bytes { name } => {
                let (_, bytes) = receive_frame(input)?.ok_or(io::ErrorKind::UnexpectedEof)?;
                Source::memory(bytes, name)
            }
        })
    }
}

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems have paths that are not bytes"
)]
fn path_to_bytes(path: &Path) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    Some(path.as_os_str().as_bytes().to_vec())
}

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems have paths that are not bytes"
)]
fn path_from_bytes(bytes: Vec<u8>) -> io::Result<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Ok(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn path_to_bytes(path: &Path) -> Option<Vec<u8>> {
    path.to_str().map(|path| path.as_bytes().to_vec())
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: Vec<u8>) -> io::Result<PathBuf> {
    String::from_utf8(bytes)
        .map(PathBuf::from)
        .map_err(io::Error::other)
}

/// What a worker answers: stages and the identity on the way, then its mentions, then how it ended.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Stage(Stage),
    Identity(Identity),
    Mention(Box<Mention>, Box<Excerpt>),
    Done {
        record: Box<DocumentRecord>,
        rejects: Vec<Reject>,
        refusal: Option<Diagnostic>,
        warnings: Vec<Diagnostic>,
    },
    Failed(ErrorKind),
}

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A message as JSON.
    Message = 0,
    /// Bytes as they are.
    Bytes = 1,
}

/// Sends a message.
pub(super) fn send(out: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    send_frame(out, Kind::Message, &serde_json::to_vec(message)?)
}

/// Sends bytes as they are.
pub(super) fn send_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    send_frame(out, Kind::Bytes, bytes)
}

fn send_frame(out: &mut impl Write, kind: Kind, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(&[kind as u8])?;
    out.write_all(bytes)
}

/// Receives a message; nothing where the other side has closed.
pub(super) fn receive<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let Some((_, bytes)) = receive_frame(input)? else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_slice(&bytes)?))
}

/// Receives a frame; nothing where the other side has closed. No more is held than what arrives.
pub(super) fn receive_frame(input: &mut impl Read) -> io::Result<Option<(Kind, Vec<u8>)>> {
    let mut head = [0; 9];
    match input.read_exact(&mut head) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let [length @ .., kind] = head;
    let length = u64::from_le_bytes(length);
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Ok(None);
    }
    let kind = if kind == Kind::Bytes as u8 {
        Kind::Bytes
    } else {
        Kind::Message
    };
    Ok(Some((kind, bytes)))
}
