//! Documents on standard input, each in a frame, and the line that answers each: how an engine that spreads documents over machines asks one process for
//! many. A frame is the length of the document's name in bytes, as four bytes, the most significant first; the name, in UTF-8; the length of the document,
//! as four bytes likewise; the document.

use std::io::{self, Read};

use palmares::message;
use palmares::model::record::RunInput;
use serde::Serialize;

use super::{Because, Usage};

/// A document as a frame brings it.
pub(crate) struct Framed {
    /// The path that its records name.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The line that answers a document: there is one for each, in their order, also where it yields nothing. Its records follow, a line each.
#[derive(Serialize)]
pub(crate) struct Answer<'a> {
    path: &'a str,
    sha256: Option<&'a str>,
    /// How many lines follow.
    lines: usize,
    rejected: u32,
    error: Option<&'a str>,
}

impl<'a> Answer<'a> {
    pub(crate) fn new(input: &'a RunInput, lines: usize) -> Self {
        Self {
            path: &input.path,
            sha256: input.sha256.as_deref(),
            lines,
            rejected: input.rejected,
            error: input.error.as_deref(),
        }
    }
}

/// The next document; `None` where the stream ends between two. An end within a frame is an error: what was meant is not known.
pub(crate) fn next(input: &mut impl Read) -> anyhow::Result<Option<Framed>> {
    let mut first = [0_u8; 1];
    let begins = read_some(input, &mut first).because(|| message!("cannot read standard input"))?;
    if !begins {
        return Ok(None);
    }
    let framed = frame(first, input).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => anyhow::Error::from(Usage::new(
            message!("standard input is no stream of documents: it ends within one, or a name is not UTF-8"),
            message!("a document is the length of its name (4 bytes, most significant first), its name, its length (likewise), its bytes"),
        )),
        _ => error.into(),
    })?;
    Ok(Some(framed))
}

fn read_some(input: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    loop {
        match input.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return Ok(read? > 0),
        }
    }
}

fn frame([first]: [u8; 1], input: &mut impl Read) -> io::Result<Framed> {
    let mut rest = [0_u8; 3];
    input.read_exact(&mut rest)?;
    let [second, third, fourth] = rest;
    let name = part(u32::from_be_bytes([first, second, third, fourth]), input)?;
    let name = String::from_utf8(name).map_err(|_| io::ErrorKind::InvalidData)?;
    let mut length = [0_u8; 4];
    input.read_exact(&mut length)?;
    let bytes = part(u32::from_be_bytes(length), input)?;
    Ok(Framed { name, bytes })
}

/// So many bytes. Memory is taken as they come: a length may be a lie.
fn part(length: u32, input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(length.into()).read_to_end(&mut bytes)?;
    if bytes.len() < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(name: &[u8], bytes: &[u8]) -> Vec<u8> {
        let length = |part: &[u8]| u32::try_from(part.len()).unwrap().to_be_bytes();
        [&length(name)[..], name, &length(bytes)[..], bytes].concat()
    }

    #[test]
    fn documents_come_one_after_the_other() {
        let stream = [framed("é.txt".as_bytes(), b"one"), framed(b"two", b"")].concat();
        let mut input = stream.as_slice();
        let mut read = || {
            next(&mut input)
                .unwrap()
                .map(|read| (read.name, read.bytes))
        };
        assert_eq!(read(), Some(("é.txt".to_owned(), b"one".to_vec())));
        assert_eq!(read(), Some(("two".to_owned(), Vec::new())));
        assert_eq!(read(), None);
    }

    #[test]
    fn an_end_within_a_document_is_an_error() {
        let stream = framed(b"a.txt", b"one");
        for end in 1..stream.len() {
            assert!(next(&mut &stream[..end]).is_err(), "{end} bytes");
        }
        assert!(next(&mut framed(b"\xff", b"one").as_slice()).is_err());
    }
}
