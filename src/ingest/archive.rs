//! Archives of documents: ZIP, books (EPUB), mails, saved pages and web archives. In: an archive; out: the list of the documents in it, and the bytes of one. An archive within an archive is a folder of it.
//! Sizes that an archive states are limits to what is unpacked, never believed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::GzDecoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::paths::LOOK;
use super::warc::{self, Record, Records};
use super::{digest, mail, sniff};
use crate::config::Limits;
use crate::error::ErrorKind;
use crate::message;
use crate::message::{Message, verbatim, word};
use crate::model::raw::DocumentId;
use crate::word;

/// Files of an archive, those of archives within it included.
const MAX_FILES: usize = 20_000;

/// Archives within one another.
const MAX_NESTING: usize = 3;

/// How many times its own size an archive may unpack to, archives within it included. Text shrinks to a tenth, tables to a thirtieth.
const MAX_RATIO: u64 = 200;

/// Bytes that any archive may unpack to, however small it is.
const ALWAYS: u64 = 16 << 20;

/// What programs put into archives beside what was packed: a folder of one system, the kind of a book.
const LEFT_BEHIND: [&str; 2] = ["__MACOSX", "mimetype"];

/// What an archive holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its documents, in its own order.
    pub documents: Vec<Member>,
    /// What is none: the path within the archive, and what it is.
    pub skipped: Vec<(String, String)>,
}

/// A document in an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its path within the archive.
    pub path: String,
    /// Its number in the archive, or of web archives the byte where it begins; where archives are nested, that of each archive before.
    pub steps: Vec<usize>,
    /// Where it was on the web, as far as the archive says it.
    pub address: Option<String>,
    /// How many bytes it has, as the archive states.
    pub size: u64,
    /// The hash of its bytes; nothing where they cannot be unpacked, which reading it will say.
    pub sha256: Option<[u8; 32]>,
}

impl Member {
    /// The identity of its bytes.
    pub(super) fn id(&self) -> Option<DocumentId> {
        self.sha256.map(DocumentId)
    }
}

/// Lists the documents of an archive. All that is to be read is unpacked once, into nothing, for its hash.
pub fn list(path: &Path, limits: &Limits) -> Result<Listing, ErrorKind> {
    let (file, size) = open(path, limits)?;
    list_in(file, size, limits)
}

/// Lists the documents of an archive of this size.
fn list_in<R: Read + Seek>(archive: R, size: u64, limits: &Limits) -> Result<Listing, ErrorKind> {
    let mut walk = Walk {
        limits,
        left: size.saturating_mul(MAX_RATIO).max(ALWAYS),
        size,
        n_files: 0,
        paths: BTreeSet::new(),
        listing: Listing::default(),
    };
    walk.level(archive, "", &[])?;
    if walk.listing.documents.is_empty() {
        return Err(ErrorKind::NoDocuments);
    }
    Ok(walk.listing)
}

/// Why the bytes of an archive are no document: what is wrong with it, or that it is one.
pub(super) fn refusal(bytes: &[u8], what: &str, limits: &Limits) -> ErrorKind {
    list_in(Cursor::new(bytes), bytes.len() as u64, limits).map_or_else(
        |kind| kind,
        |_| ErrorKind::UnknownFormat(word(what.to_owned())),
    )
}

/// Unpacks one document.
pub(super) fn unpack(path: &Path, steps: &[usize], limits: &Limits) -> Result<Vec<u8>, ErrorKind> {
    let (file, _) = open(path, limits)?;
    let (first, inner) = steps.split_first().ok_or(ErrorKind::NoDocuments)?;
    let mut bytes = unpack_from(file, *first, limits)?;
    for step in inner {
        bytes = unpack_from(Cursor::new(bytes), *step, limits)?;
    }
    Ok(bytes)
}

fn open(path: &Path, limits: &Limits) -> Result<(File, u64), ErrorKind> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > limits.bytes {
        return Err(ErrorKind::TooLarge {
            size,
            limit: limits.bytes,
        });
    }
    Ok((file, size))
}

fn unpack_from<R: Read + Seek>(
    mut archive: R,
    step: usize,
    limits: &Limits,
) -> Result<Vec<u8>, ErrorKind> {
    match kind(&mut archive)? {
        Kind::Zip => {
            let mut archive = ZipArchive::new(archive).map_err(damaged)?;
            let mut file = archive.by_index(step).map_err(damaged)?;
            whole(&mut file, Vec::new(), limits)
        }
        Kind::Web => {
            let record = Records::from(archive, step as u64, limits)?.next()?;
            let record = record.filter(|record| record.at == step as u64);
            record.ok_or(ErrorKind::NoDocuments)?.content
        }
        Kind::Gzip => {
            archive.seek(SeekFrom::Start(step as u64))?;
            warc::read_most(GzDecoder::new(BufReader::new(archive)), limits)
        }
        Kind::Mail => {
            let parts = mail::parts(&warc::read_most(archive, limits)?).unwrap_or_default();
            let part = parts.into_iter().find(|part| part.index == step);
            part.map(|part| part.bytes).ok_or(ErrorKind::NoDocuments)
        }
    }
}

/// How an archive is opened.
enum Kind {
    Zip,
    Web,
    /// A web archive whose records are packed, each by itself.
    Gzip,
    Mail,
}

/// What an archive is, by its beginning.
fn kind<R: Read + Seek>(archive: &mut R) -> io::Result<Kind> {
    let mut head = Vec::new();
    let length = warc::SIGNATURE.len() as u64;
    archive.by_ref().take(length).read_to_end(&mut head)?;
    archive.rewind()?;
    Ok(if sniff::is_zip(&head) {
        Kind::Zip
    } else if head.starts_with(warc::SIGNATURE) {
        Kind::Web
    } else if head.starts_with(warc::GZIP) {
        Kind::Gzip
    } else {
        Kind::Mail
    })
}

/// The bytes of a file, of which the first were read already: no more than it states, and no more than may be unpacked.
fn whole<R: Read>(
    file: &mut ZipFile<'_, R>,
    mut bytes: Vec<u8>,
    limits: &Limits,
) -> Result<Vec<u8>, ErrorKind> {
    let size = file.size();
    if size > limits.unpacked {
        return Err(ErrorKind::TooMuchUnpacked {
            limit: limits.unpacked,
        });
    }
    let left = size.saturating_sub(bytes.len() as u64);
    bytes
        .try_reserve_exact(usize::try_from(left).unwrap_or(usize::MAX))
        .map_err(|_| ErrorKind::OutOfMemory {
            megabytes: limits.megabytes,
        })?;
    file.take(left.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(damaged)?;
    ensure_as_stated(bytes.len() as u64, size)?;
    Ok(bytes)
}

fn ensure_as_stated(length: u64, size: u64) -> Result<(), ErrorKind> {
    if length == size {
        return Ok(());
    }
    Err(ErrorKind::Damaged(message!(
        "a file in it has another size than it states"
    )))
}

/// What is wrong with an archive. What needs a password is not damaged.
fn damaged(error: impl Into<Reason>) -> ErrorKind {
    match error.into() {
        Reason::Password => ErrorKind::Protected,
        Reason::Other(words) => ErrorKind::Damaged(words),
    }
}

enum Reason {
    Password,
    Other(Message),
}

impl From<ZipError> for Reason {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Self::Password,
            other => Self::Other(verbatim(other.to_string())),
        }
    }
}

impl From<io::Error> for Reason {
    fn from(error: io::Error) -> Self {
        Self::Other(verbatim(error.to_string()))
    }
}

/// A walk through an archive and those within it.
struct Walk<'a> {
    limits: &'a Limits,
    /// Bytes of the outermost archive.
    size: u64,
    /// Bytes that may still be unpacked.
    left: u64,
    n_files: usize,
    /// Paths of the documents found.
    paths: BTreeSet<String>,
    listing: Listing,
}

impl Walk<'_> {
    /// Lists an archive that lies in `folder` of the outermost, behind these steps.
    fn level<R: Read + Seek>(
        &mut self,
        mut archive: R,
        folder: &str,
        steps: &[usize],
    ) -> Result<(), ErrorKind> {
        match kind(&mut archive)? {
            Kind::Zip => self.zip(archive, folder, steps),
            Kind::Web => self.web(archive, folder, steps),
            Kind::Gzip => self.gzip(archive, folder, steps),
            Kind::Mail => self.mail(&warc::read_most(archive, self.limits)?, folder, steps),
        }
    }

    fn zip<R: Read + Seek>(
        &mut self,
        archive: R,
        folder: &str,
        steps: &[usize],
    ) -> Result<(), ErrorKind> {
        let mut archive = ZipArchive::new(archive).map_err(damaged)?;
        self.count(archive.len())?;
        for index in 0..archive.len() {
            // What cannot be opened may be a document: reading it says what is wrong.
            let (raw_name, size) = {
                let file = archive.by_index_raw(index).map_err(damaged)?;
                if !file.is_file() {
                    continue;
                }
                (file.name().map_err(damaged)?.into_owned(), file.size())
            };
            self.take(size)?;
            let Some(name) = clean(&raw_name) else {
                continue;
            };
            let path = format!("{folder}{name}");
            let steps = [steps, &[index]].concat();
            match archive.by_index(index) {
                Ok(file) => self.file(file, path, steps)?,
                Err(_) => self.document(path, steps, size, None),
            }
        }
        Ok(())
    }

    /// Counts files of an archive.
    fn count(&mut self, n_files: usize) -> Result<(), ErrorKind> {
        self.n_files += n_files;
        if self.n_files > MAX_FILES {
            return Err(ErrorKind::TooManyFiles { limit: MAX_FILES });
        }
        Ok(())
    }

    /// Counts bytes that are unpacked.
    fn take(&mut self, size: u64) -> Result<(), ErrorKind> {
        self.left = (self.left.checked_sub(size)).ok_or(ErrorKind::UnpacksTooFar {
            size: self.size,
            ratio: MAX_RATIO,
        })?;
        Ok(())
    }

    /// Lists the records of a web archive.
    fn web<R: Read + Seek>(
        &mut self,
        archive: R,
        folder: &str,
        steps: &[usize],
    ) -> Result<(), ErrorKind> {
        let mut records = Records::from(archive, 0, self.limits)?;
        while let Some(record) = records.next()? {
            self.count(1)?;
            self.record(record, folder, steps)?;
        }
        Ok(())
    }

    fn record(&mut self, record: Record, folder: &str, steps: &[usize]) -> Result<(), ErrorKind> {
        let at = usize::try_from(record.at).unwrap_or(usize::MAX);
        let Some(name) = clean(&record.name) else {
            return Ok(());
        };
        let path = self.free(folder, &name, at);
        let steps = [steps, &[at]].concat();
        match record.content {
            Ok(bytes) => {
                self.take(bytes.len() as u64)?;
                self.bytes(bytes, path, steps, record.address)
            }
            // Reading it will say why.
            Err(kind) => {
                if matches!(kind, ErrorKind::TooMuchUnpacked { .. }) {
                    self.take(self.limits.unpacked)?;
                }
                self.document(path, steps, 0, None);
                Ok(())
            }
        }
    }

    /// Lists a web archive whose records are packed, each by itself or all as one.
    fn gzip<R: Read + Seek>(
        &mut self,
        archive: R,
        folder: &str,
        steps: &[usize],
    ) -> Result<(), ErrorKind> {
        let mut input = BufReader::new(archive);
        while !input.fill_buf()?.is_empty() {
            let at = input.stream_position()?;
            match warc::read_most(GzDecoder::new(&mut input), self.limits) {
                Ok(bytes) => {
                    self.take(bytes.len() as u64)?;
                    let place = usize::try_from(at).unwrap_or(usize::MAX);
                    self.web(Cursor::new(bytes), folder, &[steps, &[place]].concat())?;
                }
                // Where the next would begin is not known.
                Err(kind) => return self.record(Record::unreadable(at, kind), folder, steps),
            }
        }
        Ok(())
    }

    /// A path that no document has yet: documents of one name are told apart by their numbers.
    fn free(&self, folder: &str, name: &str, number: usize) -> String {
        let path = format!("{folder}{name}");
        if self.paths.contains(&path) {
            return format!("{folder}{number}-{name}");
        }
        path
    }

    /// Lists the parts of a mail.
    fn mail(&mut self, bytes: &[u8], folder: &str, steps: &[usize]) -> Result<(), ErrorKind> {
        let parts = mail::parts(bytes)
            .ok_or_else(|| ErrorKind::Damaged(message!("it is no whole mail")))?;
        for part in parts {
            let Some(name) = clean(&part.name) else {
                continue;
            };
            let path = self.free(folder, &name, part.index);
            let steps = [steps, &[part.index]].concat();
            self.bytes(part.bytes, path, steps, part.address)?;
        }
        Ok(())
    }

    /// Lists a file that is unpacked.
    fn bytes(
        &mut self,
        bytes: Vec<u8>,
        path: String,
        steps: Vec<usize>,
        address: Option<String>,
    ) -> Result<(), ErrorKind> {
        let extension = Path::new(&path)
            .extension()
            .and_then(|ending| ending.to_str());
        match sniff::foreign(&bytes, extension) {
            Some(what) if sniff::is_archive(what) => return self.archive(bytes, path, steps),
            Some(what) => self.listing.skipped.push((path, what.to_owned())),
            None => {
                let (size, id) = (bytes.len() as u64, DocumentId::of(&bytes));
                self.document(path, steps, size, Some(id));
                if let (Some(_), Some(document)) = (&address, self.listing.documents.last_mut()) {
                    document.address = address;
                }
            }
        }
        Ok(())
    }

    /// Lists a file: a document, something else, or an archive again. An error where all that was seen is too much.
    fn file<R: Read>(
        &mut self,
        mut file: ZipFile<'_, R>,
        path: String,
        steps: Vec<usize>,
    ) -> Result<(), ErrorKind> {
        let size = file.size();
        let mut head = Vec::new();
        let read = (&mut file).take(LOOK as u64).read_to_end(&mut head);
        if read.is_err() || size > self.limits.unpacked {
            self.document(path, steps, size, None);
            return Ok(());
        }
        let extension = Path::new(&path)
            .extension()
            .and_then(|ending| ending.to_str());
        // What is packed into a container stands anywhere in it.
        let what = sniff::foreign(&head, extension);
        if sniff::is_container(&head) || what.is_some_and(sniff::is_archive) {
            let Ok(bytes) = whole(&mut file, head, self.limits) else {
                self.document(path, steps, size, None);
                return Ok(());
            };
            return self.bytes(bytes, path, steps, None);
        }
        if let Some(what) = what {
            self.listing.skipped.push((path, what.to_owned()));
            return Ok(());
        }
        let mut hash = Sha256::new_with_prefix(&head);
        let rest = file.take(size.saturating_sub(head.len() as u64).saturating_add(1));
        let id = (digest(rest, &mut hash).ok())
            .filter(|length| *length + head.len() as u64 == size)
            .map(|_| DocumentId(hash.finalize().into()));
        self.document(path, steps, size, id);
        Ok(())
    }

    /// Lists an archive within an archive. One that is too deep or damaged stands for itself, so that reading it says so.
    fn archive(
        &mut self,
        bytes: Vec<u8>,
        path: String,
        steps: Vec<usize>,
    ) -> Result<(), ErrorKind> {
        let size = bytes.len() as u64;
        if steps.len() >= MAX_NESTING {
            self.document(path, steps, size, None);
            return Ok(());
        }
        match self.level(Cursor::new(bytes), &format!("{path}/"), &steps) {
            Err(ErrorKind::Damaged(_)) => self.document(path, steps, size, None),
            other => return other,
        }
        Ok(())
    }

    fn document(&mut self, path: String, steps: Vec<usize>, size: u64, id: Option<DocumentId>) {
        // Two files of one path are told apart by nothing that could be printed.
        if !self.paths.insert(path.clone()) {
            let what = word!("another file of the same name").to_owned();
            self.listing.skipped.push((path, what));
            return;
        }
        self.listing.documents.push(Member {
            path,
            steps,
            address: None,
            size,
            sha256: id.map(|id| id.0),
        });
    }
}

/// A path within the archive, whatever it wants to lead to; nothing for what is hidden, or left behind by programs.
fn clean(name: &str) -> Option<String> {
    let steps: Vec<&str> = name
        .split(['/', '\\'])
        .filter(|step| !matches!(*step, "" | "." | ".."))
        .collect();
    let is_hidden = |step: &&str| step.starts_with('.') || LEFT_BEHIND.contains(step);
    (!steps.is_empty() && !steps.iter().any(is_hidden)).then(|| steps.join("/"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn listed(bytes: &[u8]) -> Result<Listing, ErrorKind> {
        list_in(Cursor::new(bytes), bytes.len() as u64, &Limits::default())
    }

    fn paths(bytes: &[u8]) -> Vec<String> {
        let documents = listed(bytes).unwrap().documents;
        documents.into_iter().map(|member| member.path).collect()
    }

    #[test]
    fn documents_are_told_from_what_is_none_and_names_lead_nowhere_else() {
        let bytes = packed(&[
            ("2024/liste.txt", b"Les laureats"),
            ("../../etc/liste.txt", b"Les laureats"),
            ("a\\b.txt", b"x"),
            (".cache/x.txt", b"x"),
            ("__MACOSX/x.txt", b"x"),
            ("photo.png", b"\x89PNG\r\n\x1a\n"),
            ("a/b.txt", b"y"),
        ]);
        let listing = listed(&bytes).unwrap();
        assert_eq!(
            paths(&bytes),
            ["2024/liste.txt", "etc/liste.txt", "a/b.txt"]
        );
        assert_eq!(
            listing.documents[0].id(),
            Some(DocumentId::of(b"Les laureats"))
        );
        let skipped: Vec<&str> = (listing.skipped.iter())
            .map(|(path, _)| path.as_str())
            .collect();
        assert_eq!(skipped, ["photo.png", "a/b.txt"]);
    }

    #[test]
    fn an_archive_within_an_archive_is_a_folder_three_deep() {
        let mut bytes = packed(&[("a.txt", b"x")]);
        for _ in 0..2 {
            bytes = packed(&[("in.zip", &bytes)]);
        }
        assert_eq!(paths(&bytes), ["in.zip/in.zip/a.txt"]);
        bytes = packed(&[("in.zip", &bytes)]);
        assert_eq!(paths(&bytes), ["in.zip/in.zip/in.zip"]);
    }

    #[test]
    fn what_unpacks_too_far_is_refused_before_it_is_unpacked() {
        let zeros = vec![b' '; 20 << 20];
        let one = packed(&[("a.txt", &zeros)]);
        assert!(matches!(listed(&one), Err(ErrorKind::UnpacksTooFar { .. })));
        let small = packed(&[("a.txt", &zeros[..9 << 20])]);
        assert_eq!(paths(&small), ["a.txt"]);
        // Each is small enough, all together are not.
        let nested = packed(&[("a.zip", &small), ("b.zip", &small)]);
        assert!(matches!(
            listed(&nested),
            Err(ErrorKind::UnpacksTooFar { .. })
        ));
    }

    #[test]
    fn without_documents_it_is_none() {
        assert!(matches!(listed(&packed(&[])), Err(ErrorKind::NoDocuments)));
        assert!(matches!(
            listed(&packed(&[("a.png", b"\x89PNG\r\n\x1a\n")])),
            Err(ErrorKind::NoDocuments)
        ));
        assert!(matches!(listed(b"PK\x03\x04"), Err(ErrorKind::Damaged(_))));
    }
}
