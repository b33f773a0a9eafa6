//! ZIP packages, as office programs write them. In: bytes; out: the parts, each unpacked within the limits. Sizes that the package states are not believed.

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::xml::{Xml, attribute};
use crate::config::Limits;
use crate::error::ErrorKind;
use crate::message;

/// Parts of a package: more are no document.
const MAX_PARTS: usize = 20_000;

/// The bytes of a package, which parsers may share.
#[derive(Clone, Debug)]
pub(super) struct Bytes(pub(super) Arc<Vec<u8>>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A part as XML, read as it is unpacked.
type PartXml<'p> = Xml<BufReader<ZipFile<'p, Cursor<Bytes>>>>;

/// A package whose parts are known to unpack within the limits.
pub(super) struct Package {
    archive: ZipArchive<Cursor<Bytes>>,
}

impl Package {
    /// Opens a package, and unpacks each part that ends as `is_read` wants to see how long it is.
    pub(super) fn open(
        bytes: &Arc<Vec<u8>>,
        limits: &Limits,
        is_read: impl Fn(&str) -> bool,
    ) -> Result<Self, ErrorKind> {
        // Office programs pack what a password protects into a container of another kind.
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(ErrorKind::Protected);
        }
        let cursor = Cursor::new(Bytes(Arc::clone(bytes)));
        let mut archive = ZipArchive::new(cursor).map_err(damaged)?;
        if archive.len() > MAX_PARTS {
            return Err(ErrorKind::Damaged(message!(
                "it has {n} {n|part|parts}",
                n = archive.len()
            )));
        }
        let mut left = limits.unpacked;
        for index in 0..archive.len() {
            let part = match archive.by_index(index) {
                Ok(part) => part,
                Err(ZipError::UnsupportedArchive(message))
                    if message == ZipError::PASSWORD_REQUIRED =>
                {
                    return Err(ErrorKind::Protected);
                }
                Err(error) => return Err(damaged(error)),
            };
            if !is_read(part.name().map_err(damaged)?.as_ref()) {
                continue;
            }
            let length =
                std::io::copy(&mut part.take(left.saturating_add(1)), &mut std::io::sink())?;
            left = (left.checked_sub(length)).ok_or(ErrorKind::TooMuchUnpacked {
                limit: limits.unpacked,
            })?;
        }
        Ok(Self { archive })
    }

    /// A part as XML, read as it is unpacked; nothing where there is none of this name.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<PartXml<'_>>, ErrorKind> {
        match self.archive.by_name(name) {
            Ok(part) => Ok(Some(Xml::new(BufReader::new(part)))),
            Err(ZipError::FileNotFound) => Ok(None),
            Err(error) => Err(damaged(error)),
        }
    }
}

/// A part or an address that a part refers to.
#[derive(Clone, Debug)]
pub(super) struct Related {
    /// What kind of thing it is, as an address that ends with a slash and a word.
    pub(super) kind: String,
    /// Where it is, as written.
    pub(super) target: String,
    /// The name of the part, where it is one.
    pub(super) path: String,
}

/// The packages of Office: parts say by relationships what they refer to.
impl Package {
    /// Whether a part is read: pictures and programs are not.
    pub(super) fn is_xml(name: &str) -> bool {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        ["xml", "rels"]
            .iter()
            .any(|own| own.eq_ignore_ascii_case(ending))
    }

    /// The part that holds the document.
    pub(super) fn main_part(&mut self, usual: &str) -> Result<String, ErrorKind> {
        let roots = self.related("")?;
        Ok(roots
            .into_values()
            .find(|related| related.kind.ends_with("/officeDocument"))
            .map_or_else(|| usual.to_owned(), |related| related.path))
    }

    /// What a part refers to, by the identifiers that it uses; the package itself is the part without a name.
    pub(super) fn related(&mut self, part: &str) -> Result<BTreeMap<String, Related>, ErrorKind> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let mut related = BTreeMap::new();
        let Some(mut xml) = self.xml(&joined(folder, &format!("_rels/{name}.rels")))? else {
            return Ok(related);
        };
        loop {
            match xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                    let said = |name: &str| attribute(&element, name);
                    if let (Some(id), Some(kind), Some(target)) =
                        (said("Id"), said("Type"), said("Target"))
                    {
                        let path = match target.strip_prefix('/') {
                            Some(absolute) => absolute.to_owned(),
                            None => joined(folder, &target),
                        };
                        let one = Related { kind, target, path };
                        related.insert(id, one);
                    }
                }
                Event::Eof => return Ok(related),
                _ => {}
            }
        }
    }
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The packages of OpenDocument: a manifest says what they hold.
impl Package {
    /// Says where OpenDocument parts are encrypted.
    pub(super) fn ensure_open(&mut self) -> Result<(), ErrorKind> {
        let Some(mut manifest) = self.xml("META-INF/manifest.xml")? else {
            return Ok(());
        };
        loop {
            match manifest.next()? {
                Event::Start(element) if element.local_name().as_ref() == "encryption-data" => {
                    return Err(ErrorKind::Protected);
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

/// What is wrong with a package, in a parser's words.
pub(super) fn damaged(error: impl std::fmt::Display) -> ErrorKind {
    ErrorKind::Damaged(message::verbatim(error.to_string()))
}
