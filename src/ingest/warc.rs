//! Web archives (WARC, ISO 28500). In: bytes and where to begin; out: the records that can be documents, one after the other, each with the address that it was fetched from. What pages are
//! shown with (pictures, styles, programs) is passed over unread; what servers refused or sent elsewhere is no document.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use brotli_decompressor::Decompressor as Brotli;
use encoding_rs::Encoding;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use fluent_uri::Uri;
use percent_encoding::percent_decode_str;

use crate::config::Limits;
use crate::error::ErrorKind;
use crate::message;

/// How a record begins.
pub(super) const SIGNATURE: &[u8] = b"WARC/";

/// How a gzip file begins.
pub(super) const GZIP: &[u8] = b"\x1f\x8b";

/// Bytes of the fields in front of a record's content, or of an answer's.
const MOST_FIELDS: u64 = 1 << 20;

/// Bytes that are unpacked at a time.
const BUFFER: usize = 4096;

/// What marks text as UTF-8, whatever it says of itself: it was written in another encoding before.
const MARK: &str = "\u{feff}";

/// What pages are shown with: the beginning of its media type, or a part of it.
const SHOWN_WITH: [&str; 4] = ["image/", "font/", "audio/", "video/"];
const PROGRAMS: [&str; 6] = ["css", "javascript", "ecmascript", "json", "wasm", "font"];

/// A record that may be a document.
pub(super) struct Record {
    /// Where it begins.
    pub(super) at: u64,
    /// Its address as a path, or its place.
    pub(super) name: String,
    /// Where it was on the web.
    pub(super) address: Option<String>,
    /// Its bytes, or why they cannot be had.
    pub(super) content: Result<Vec<u8>, ErrorKind>,
}

impl Record {
    /// What stands for the rest of an archive that cannot be read.
    pub(super) fn unreadable(at: u64, kind: ErrorKind) -> Self {
        Self {
            at,
            name: format!("octet-{at}"),
            address: None,
            content: Err(kind),
        }
    }
}

/// The records of an archive.
pub(super) struct Records<'l, R> {
    input: BufReader<R>,
    limits: &'l Limits,
    is_done: bool,
}

impl<'l, R: Read + Seek> Records<'l, R> {
    /// Reads from the record at this place on.
    pub(super) fn from(mut archive: R, at: u64, limits: &'l Limits) -> io::Result<Self> {
        archive.seek(SeekFrom::Start(at))?;
        Ok(Self {
            input: BufReader::new(archive),
            limits,
            is_done: false,
        })
    }

    /// The next record that may be a document. What cannot be read ends the archive.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        while !self.is_done {
            skip_line_ends(&mut self.input)?;
            let at = self.input.stream_position()?;
            if self.input.fill_buf()?.is_empty() {
                break;
            }
            let fields = read_fields(&mut self.input)?;
            let length = fields.as_ref().filter(|fields| fields.begins("WARC/"));
            let length = length.and_then(|fields| fields.get("content-length")?.parse().ok());
            let (Some(fields), Some(length)) = (fields, length) else {
                self.is_done = true;
                let kind = ErrorKind::Damaged(message!("no record begins at byte {at}", at));
                return Ok(Some(Record::unreadable(at, kind)));
            };
            let begin = self.input.stream_position()?;
            let record = self.record(at, &fields, length)?;
            let end = begin.saturating_add(length);
            self.input.seek(SeekFrom::Start(end))?;
            if record.is_some() {
                return Ok(record);
            }
        }
        Ok(None)
    }

    fn record(&mut self, at: u64, fields: &Fields, length: u64) -> io::Result<Option<Record>> {
        let is_answer = match fields.get("warc-type") {
            Some("response") => true,
            Some("resource") => false,
            _ => return Ok(None),
        };
        let address = fields.get("warc-target-uri").unwrap_or_default();
        let address = address.trim_start_matches('<').trim_end_matches('>');
        let is_web = address.starts_with("http://") || address.starts_with("https://");
        // What programs note of themselves has schemes of its own.
        if !is_web && (is_answer || !address.starts_with("file:")) {
            return Ok(None);
        }
        let mut content = (&mut self.input).take(length);
        let answer = if is_answer {
            read_fields(&mut content)?
        } else {
            None
        };
        if is_answer && !(answer.as_ref()).is_some_and(Fields::is_found) {
            return Ok(None);
        }
        let own = answer.as_ref().unwrap_or(fields);
        let kind = own.get("content-type").unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        let name = name(address);
        if is_shown_with(&kind) || name.ends_with("/robots.txt") {
            return Ok(None);
        }
        Ok(Some(Record {
            at,
            name: if name.is_empty() {
                format!("octet-{at}")
            } else {
                name
            },
            address: is_web.then(|| address.to_owned()),
            content: body(&mut content, answer.as_ref(), self.limits)
                .map(|bytes| in_utf8(bytes, &kind)),
        }))
    }
}

/// The bytes of a record as a browser would take them.
fn body<R: Read>(
    content: &mut io::Take<R>,
    answer: Option<&Fields>,
    limits: &Limits,
) -> Result<Vec<u8>, ErrorKind> {
    let mut bytes = read_most(content.by_ref(), limits)?;
    if content.limit() > 0 {
        return Err(ErrorKind::Damaged(message!("a record of it is cut short")));
    }
    let Some(answer) = answer else {
        return Ok(bytes);
    };
    // Programs that save pages undo what a server did, and leave the server's word for it.
    if answer.says("transfer-encoding", "chunked")
        && let Some(whole) = joined(&bytes)
    {
        bytes = whole;
    }
    let encoding = answer.get("content-encoding").unwrap_or_default();
    let input = bytes.as_slice();
    match encoding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" if input.starts_with(GZIP) => read_most(GzDecoder::new(input), limits),
        // By its standard it has a frame, by many servers none.
        "deflate" => read_most(ZlibDecoder::new(input), limits)
            .or_else(|_| read_most(DeflateDecoder::new(input), limits))
            .or(Ok(bytes)),
        // What shows as text was decoded by whoever saved it.
        _ if std::str::from_utf8(input).is_ok() => Ok(bytes),
        "br" => read_most(Brotli::new(input, BUFFER), limits).or(Ok(bytes)),
        "zstd" => Err(ErrorKind::Damaged(message!(
            "a record of it is packed as `{encoding}`, which is not read",
            encoding
        ))),
        _ => Ok(bytes),
    }
}

/// All bytes, no more than the limit.
pub(super) fn read_most(input: impl Read, limits: &Limits) -> Result<Vec<u8>, ErrorKind> {
    let mut bytes = Vec::new();
    let read = (input.take(limits.unpacked.saturating_add(1))).read_to_end(&mut bytes);
    if bytes.len() as u64 > limits.unpacked {
        return Err(ErrorKind::TooMuchUnpacked {
            limit: limits.unpacked,
        });
    }
    read.map_err(|_| ErrorKind::Damaged(message!("what is packed in it is not whole")))?;
    Ok(bytes)
}

/// The pieces of a chunked answer (RFC 9112, 7.1) as one; nothing where it is none.
fn joined(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = rest.get(end + 1..)?;
        if size == 0 {
            return Some(whole);
        }
        whole.extend(rest.get(..size)?);
        rest = rest.get(size..)?;
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n")?;
    }
}

/// Text of which the server alone says the encoding, in UTF-8.
fn in_utf8(bytes: Vec<u8>, kind: &str) -> Vec<u8> {
    let said = kind.split_once("charset=").map_or("", |(_, said)| said);
    let said = said.split(';').next().unwrap_or_default();
    let encoding = Encoding::for_label(said.trim_matches([' ', '"', '\'']).as_bytes());
    match encoding {
        Some(encoding)
            if kind.starts_with("text/")
                && encoding != encoding_rs::UTF_8
                && Encoding::for_bom(&bytes).is_none() =>
        {
            let (text, _) = encoding.decode_without_bom_handling(&bytes);
            [MARK.as_bytes(), text.as_bytes()].concat()
        }
        _ => bytes,
    }
}

fn is_shown_with(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default();
    SHOWN_WITH.iter().any(|start| kind.starts_with(start))
        || PROGRAMS.iter().any(|program| kind.contains(program))
}

/// An address as the path of a file: host, steps, and what was asked.
fn name(address: &str) -> String {
    let Ok(uri) = Uri::parse(address) else {
        return String::new();
    };
    let host = uri.authority().map_or("", |authority| authority.host());
    let path = percent_decode_str(uri.path().as_str()).decode_utf8_lossy();
    let mut name = format!("{host}/{}", path.trim_matches('/'));
    if let Some(query) = uri.query() {
        let query = percent_decode_str(query.as_str()).decode_utf8_lossy();
        name = format!("{}?{query}", name.trim_end_matches('/'));
    }
    name.trim_matches('/').to_owned()
}

/// The lines in front of a record's or an answer's content.
struct Fields {
    first: String,
    /// Names in lower case.
    fields: Vec<(String, String)>,
}

impl Fields {
    fn begins(&self, with: &str) -> bool {
        self.first.starts_with(with)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(own, _)| own == name)?;
        Some(value)
    }

    fn says(&self, name: &str, value: &str) -> bool {
        (self.get(name)).is_some_and(|own| own.trim().eq_ignore_ascii_case(value))
    }

    /// Whether a server gave what it was asked for.
    fn is_found(&self) -> bool {
        self.begins("HTTP/") && self.first.split(' ').nth(1) == Some("200")
    }
}

/// Reads fields to the empty line behind them; nothing where none is.
fn read_fields(input: &mut impl BufRead) -> io::Result<Option<Fields>> {
    let mut input = input.take(MOST_FIELDS);
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let mut lines = lines.into_iter();
    let Some(first) = lines.next() else {
        return Ok(None);
    };
    let fields = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    });
    Ok(Some(Fields {
        first,
        fields: fields.collect(),
    }))
}

fn skip_line_ends(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let n = buffer
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        if n == 0 {
            return Ok(());
        }
        input.consume(n);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn record(kind: &str, address: &str, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let fields = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nContent-Length: {length}\r\n\r\n"
        );
        [fields.as_bytes(), content, b"\r\n\r\n"].concat()
    }

    fn answer(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
        [
            format!("HTTP/1.1 {status}\r\n{fields}\r\n\r\n").as_bytes(),
            body,
        ]
        .concat()
    }

    fn all(bytes: &[u8]) -> Vec<(String, Option<String>, Result<String, String>)> {
        let limits = Limits {
            unpacked: 1000,
            ..Limits::default()
        };
        let mut records = Records::from(Cursor::new(bytes), 0, &limits).unwrap();
        let mut found = Vec::new();
        while let Some(record) = records.next().unwrap() {
            let content = record.content.map_err(|kind| kind.to_string());
            let content = content.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            found.push((record.name, record.address, content));
        }
        found
    }

    #[track_caller]
    fn check(fields: &str, body: &[u8], expected: Result<&str, &str>) {
        let bytes = record(
            "response",
            "https://exemple.fr/l",
            &answer("200 OK", fields, body),
        );
        let found = all(&bytes).remove(0).2;
        let found = found.as_ref().map(String::as_str).map_err(String::as_str);
        assert_eq!(found, expected);
    }

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn of_all_records_those_are_read_that_may_be_documents() {
        let page = answer("200 OK", "Content-Type: text/html", b"<p>un</p>");
        let bytes = [
            record("warcinfo", "", b"software: x"),
            record(
                "request",
                "https://exemple.fr/a",
                b"GET /a HTTP/1.1\r\n\r\n",
            ),
            record("response", "<https://exemple.fr/a/?p=1>", &page),
            record(
                "response",
                "https://exemple.fr/b",
                &answer("404 Not Found", "Content-Type: text/html", b"<p>rien</p>"),
            ),
            record(
                "response",
                "https://exemple.fr/c.css",
                &answer("200 OK", "Content-Type: text/css", b"p {}"),
            ),
            record(
                "response",
                "https://exemple.fr/robots.txt",
                &answer("200 OK", "Content-Type: text/plain", b"User-agent: *"),
            ),
            record("response", "dns:exemple.fr", b"exemple.fr. 1 IN A"),
            record(
                "resource",
                "metadata://exemple.fr/arguments.txt",
                b"--warc-file",
            ),
            record("resource", "file:///tmp/laur%C3%A9ats.txt", b"deux"),
        ]
        .concat();
        let own = |name: &str, address: Option<&str>, text: &str| {
            (
                name.to_owned(),
                address.map(str::to_owned),
                Ok(text.to_owned()),
            )
        };
        assert_eq!(
            all(&bytes),
            [
                own(
                    "exemple.fr/a?p=1",
                    Some("https://exemple.fr/a/?p=1"),
                    "<p>un</p>"
                ),
                own("tmp/lauréats.txt", None, "deux"),
            ]
        );
    }

    #[test]
    fn what_a_server_did_to_the_bytes_is_undone_unless_it_was_before() {
        let chunked = "Content-Type: text/html\r\nTransfer-Encoding: chunked";
        check(
            chunked,
            b"3\r\n<p>\r\n2;x=y\r\nun\r\n0\r\n\r\n",
            Ok("<p>un"),
        );
        check(chunked, b"<p>un", Ok("<p>un"));
        let packed = "Content-Encoding: gzip";
        check(packed, &zipped(b"<p>un"), Ok("<p>un"));
        check(packed, b"<p>un", Ok("<p>un"));
        check("Content-Encoding: br", b"<p>un", Ok("<p>un"));
        check(
            "Content-Encoding: br",
            b"\x0b\x02\x80<p>un\x03",
            Ok("<p>un"),
        );
        check(
            "Content-Encoding: zstd",
            b"\x28\xb5\x2f\xfd",
            Err("the file is damaged: a record of it is packed as `zstd`, which is not read"),
        );
        check(
            packed,
            &zipped(&[b' '; 2000]),
            Err("its parts unpack to more than 1000 bytes"),
        );
        check(
            packed,
            &zipped(b"<p>un")[..12],
            Err("the file is damaged: what is packed in it is not whole"),
        );
        check(
            "Content-Type: text/html; charset=ISO-8859-1",
            b"\xe9t\xe9",
            Ok("\u{feff}été"),
        );
    }

    #[test]
    fn what_is_cut_or_is_no_record_is_said_behind_what_could_be_read() {
        let whole = record("resource", "https://exemple.fr/a", b"un");
        let cut = [&whole[..], &whole[..whole.len() - 5]].concat();
        let found = all(&cut);
        assert_eq!(found[0].2, Ok("un".to_owned()));
        assert_eq!(
            found[1].2,
            Err("the file is damaged: a record of it is cut short".to_owned())
        );
        let rubbish = [&whole[..], b"rubbish"].concat();
        let last = all(&rubbish).remove(1);
        assert_eq!(last.0, format!("octet-{}", whole.len()));
        assert_eq!(
            last.2,
            Err(format!(
                "the file is damaged: no record begins at byte {}",
                whole.len()
            ))
        );
    }
}
