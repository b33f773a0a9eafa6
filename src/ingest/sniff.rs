//! What bytes are. Extensions lie: pages are saved as `.pdf`, brochures as `.html`.

use std::io::Read;
use std::sync::LazyLock;

use flate2::bufread::GzDecoder;
use regex::Regex;

use super::{delimiter, warc};
use crate::model::raw::Format;
use crate::model::tables::PEOPLE as HEADERS;
use crate::word;

/// Viewers accept what precedes the header of a PDF up to here (Annex H of its reference, note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// Bytes that tell text from other data, and HTML from Markdown.
pub(super) const HEAD: usize = 16 * 1024;

/// Bytes at the end of an archive in which it says where its directory is.
const END_WITHIN: usize = 22 + (1 << 16);

/// Text holds next to no control characters; a stray one comes from a word processor. One in so many is data.
const TEXT_PER_CONTROL: usize = 100;

/// Bytes that tell a table: its rows may be long.
const TABLE_HEAD: usize = 64 * 1024;

/// Endings of Markdown, whose markup may be a few underscores.
const MARKDOWN_EXTENSIONS: [&str; 2] = ["md", "markdown"];

/// Endings of tables.
const TABLE_EXTENSIONS: [&str; 3] = ["csv", "tsv", "xls"];

/// Bytes in which a document may show that it is Markdown: a long introduction has no markup.
const MARKED_WITHIN: usize = 1024 * 1024;

/// First bytes of what people keep beside documents.
const OTHERS: [(&[u8], &str); 13] = [
    (b"\x89PNG", word!("a PNG image")),
    (b"\xff\xd8\xff", word!("a JPEG image")),
    (b"GIF8", word!("a GIF image")),
    (b"II*\0", word!("a TIFF image")),
    (warc::GZIP, word!("a gzip archive")),
    (b"%!PS", word!("a PostScript file")),
    (b"7z\xbc\xaf", word!("a 7z archive")),
    (b"Rar!", word!("a RAR archive")),
    (b"RIFF", word!("a sound, a film or an image")),
    (b"BM", word!("a BMP image")),
    (b"ID3", word!("a sound")),
    (b"SQLite format 3", word!("a database")),
    (b"\x7fELF", word!("a program")),
];

/// What a ZIP archive is that packs a file of this name.
const PACKED: [(&str, Result<Format, &str>); 9] = [
    (
        "application/vnd.oasis.opendocument.spreadsheet",
        Ok(Format::Ods),
    ),
    ("application/vnd.oasis.opendocument.text", Ok(Format::Odt)),
    (
        "opendocument.presentation",
        Err(word!("an OpenDocument presentation")),
    ),
    ("application/epub+zip", Err(EPUB)),
    ("word/", Ok(Format::Docx)),
    ("ppt/", Err(word!("a PowerPoint presentation"))),
    (
        "xl/workbook.bin",
        Err(word!("a binary Excel workbook (.xlsb)")),
    ),
    ("xl/", Ok(Format::Xlsx)),
    ("[Content_Types].xml", Err(OFFICE)),
];

/// The container of older Office programs.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What a container of older Office programs is that holds a stream of this name. What a password protects is packed into one, whatever it is.
const STREAMS: [(&str, Result<Format, &str>); 5] = [
    ("Workbook", Ok(Format::Xls)),
    ("Book", Ok(Format::Xls)),
    ("WordDocument", Err(word!("a document of Word 97 to 2003"))),
    (
        "PowerPoint Document",
        Err(word!("a PowerPoint presentation")),
    ),
    ("EncryptedPackage", Ok(Format::Xlsx)),
];

/// Endings of text files that are no documents, for folders that hold both; a file named on the command line is read whatever its name.
const DATA_EXTENSIONS: [(&str, &str); 16] = [
    ("json", word!("a JSON file")),
    ("ndjson", word!("a JSON file")),
    ("jsonl", word!("a JSON file")),
    ("geojson", word!("a JSON file")),
    ("xml", word!("an XML file")),
    ("svg", word!("an SVG image")),
    ("css", word!("a style sheet")),
    ("js", word!("a program")),
    ("py", word!("a program")),
    ("sh", word!("a program")),
    ("rs", word!("a program")),
    ("toml", word!("a configuration")),
    ("yaml", word!("a configuration")),
    ("yml", word!("a configuration")),
    ("ini", word!("a configuration")),
    ("log", word!("a log")),
];

/// The first columns of the tables that runs write for programs; those of earlier versions had a dot.
const OWN_COLUMNS: [[&str; 3]; 2] = [
    ["id", "organisation_id", "organisation_name"],
    ["id", "organisation.id", "organisation.name"],
];

/// What a page that a run wrote says of itself.
const OWN_PAGE: &str = "<meta name=\"generator\" content=\"palmares\">";

/// Bytes in which it says so.
const OWN_PAGE_WITHIN: usize = 1024;

/// What packs the parts of an office program, and does not show at its beginning of which.
pub(super) const OFFICE: &str = word!("an Office document");

/// What packs files of any kind.
pub(super) const ZIP: &str = word!("a ZIP archive");

/// A book, which packs its chapters as pages.
const EPUB: &str = word!("an EPUB book");

/// What packs a text with what is attached to it, or a page with its pictures.
pub(super) const MAIL: &str = word!("a mail or a saved page");

/// What packs pages of the web, each with its address.
pub(super) const WEB: &str = word!("a web archive (WARC)");

/// Whether files are packed in it that may be documents.
pub(super) fn is_archive(what: &str) -> bool {
    [ZIP, EPUB, MAIL, WEB].contains(&what)
}

/// Whether bytes begin as a web archive does, packed or not.
fn is_web(bytes: &[u8]) -> bool {
    let mut start = [0; warc::SIGNATURE.len()];
    bytes.starts_with(warc::SIGNATURE)
        || bytes.starts_with(warc::GZIP)
            && (GzDecoder::new(bytes).read_exact(&mut start))
                .is_ok_and(|()| start == warc::SIGNATURE)
}

/// Whether text is a mail: it begins with lines that say how it is written.
fn is_mail(text: &str) -> bool {
    static FIELD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\A[!-9;-~]+:[ \t]").expect("the pattern is constant"));
    let head = text.split("\n\n").next().unwrap_or_default();
    let head = head.split("\r\n\r\n").next().unwrap_or_default();
    let says = |name: &str| {
        head.lines().any(|line| {
            line.get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        })
    };
    FIELD.is_match(text) && says("mime-version:") && says("content-type:")
}

/// The signature of a file in a ZIP archive, and of one that holds none.
const ZIPPED: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// Bytes at the start of an `OpenDocument` file in which it says what it is.
const MIMETYPE: usize = 128;

/// How a text in RTF begins.
const RTF: &[u8] = b"{\\rtf";

/// Whether a file packs others, so that its beginning does not tell what it is.
pub(super) fn is_container(head: &[u8]) -> bool {
    is_zip(head) || head.starts_with(COMPOUND)
}

/// What a file that was found in a folder is, when it is no document: by its content, then by its name.
pub(super) fn foreign(head: &[u8], extension: Option<&str>) -> Option<&'static str> {
    if let Err(what) = format(head, None) {
        return Some(what);
    }
    let text = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let mut characters = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (characters.next(), characters.next()) {
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b'"' | b']')) => {
            return Some(word!("a JSON file"));
        }
        _ => {}
    }
    if text.trim_ascii_start().starts_with(b"<?xml") && format(head, None) != Ok(Format::Html) {
        return Some(word!("an XML file"));
    }
    if is_own_table(text) || is_own_page(head) {
        return Some(word!("the output of a run"));
    }
    let extension = extension?.to_ascii_lowercase();
    DATA_EXTENSIONS
        .iter()
        .find(|(own, _)| *own == extension)
        .map(|(_, what)| *what)
        .filter(|_| !matches!(format(head, None), Ok(Format::Html | Format::Pdf)))
}

/// Whether a table begins as those that runs write, for programs or for people. Their separator depends on who asked for them.
fn is_own_table(text: &[u8]) -> bool {
    let mut tables = OWN_COLUMNS
        .iter()
        .map(<[_; 3]>::as_slice)
        .chain(HEADERS.iter().filter_map(|headers| headers.get(..3)));
    tables.any(|columns| {
        [b',', b';'].iter().any(|separator| {
            let head = columns.join(&char::from(*separator).to_string());
            text.strip_prefix(head.as_bytes())
                .is_some_and(|rest| rest.first() == Some(separator))
        })
    })
}

/// Whether a page is the report of a run.
fn is_own_page(head: &[u8]) -> bool {
    contains(head.get(..OWN_PAGE_WITHIN).unwrap_or(head), OWN_PAGE)
}

/// The format of a document, or what the bytes are instead. The ending of its name tells a table from a text of few separators, Markdown from a text of
/// little markup, and nothing else.
pub(super) fn format(bytes: &[u8], extension: Option<&str>) -> Result<Format, &'static str> {
    // What is packed may be a PDF, and stand at the start: the archive is none.
    if let Some(packed) = archive(bytes) {
        return packed;
    }
    if bytes.starts_with(COMPOUND) {
        return compound(bytes).unwrap_or(Err(OFFICE));
    }
    if bytes.starts_with(RTF) {
        return Ok(Format::Rtf);
    }
    let start = bytes.get(..PDF_HEADER_WITHIN).unwrap_or(bytes);
    if start.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    let text = ascii_view(bytes.get(..HEAD).unwrap_or(bytes));
    let controls = text
        .chars()
        .filter(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b'))
        .count();
    // A text may begin with the letters of a short signature (« BM »), data that follows it does not read like one.
    if let Some((_, what)) = OTHERS
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .filter(|(magic, _)| controls > 0 || !magic.is_ascii() || magic.len() > 3)
    {
        return Err(what);
    }
    if controls * TEXT_PER_CONTROL > text.len() {
        return Err(word!("a binary file"));
    }
    if is_mail(&text) {
        return Err(MAIL);
    }
    Ok(if is_html(&text) {
        Format::Html
    } else if let Some(delimiter) = find_delimiter(bytes, extension) {
        Format::Csv { delimiter }
    } else if is_named(extension, &MARKDOWN_EXTENSIONS)
        || is_marked(&text)
        || bytes.len() > HEAD && is_marked(&ascii_view(bytes.get(..MARKED_WITHIN).unwrap_or(bytes)))
    {
        Format::Markdown
    } else {
        Format::Plain
    })
}

/// Whether bytes begin as a ZIP archive does.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    ZIPPED.iter().any(|signature| bytes.starts_with(signature))
}

/// What holds other files: archives, and the formats that are one.
fn archive(bytes: &[u8]) -> Option<Result<Format, &'static str>> {
    if is_zip(bytes) {
        return Some(zipped(bytes));
    }
    if is_web(bytes) {
        return Some(Err(WEB));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Err(word!("a tar archive")));
    }
    OTHERS
        .iter()
        .filter(|(_, what)| what.ends_with("archive"))
        .find(|(magic, _)| bytes.starts_with(magic))
        .map(|(_, what)| Err(*what))
}

/// What a ZIP archive is. Its directory says what it packs; where that is not there, as in the beginning of a file, names stand unpacked in front of each
/// part: perhaps of parts of what is itself packed.
fn zipped(bytes: &[u8]) -> Result<Format, &'static str> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let Some(names) = directory(bytes) else {
        let known = PACKED.iter().find(|(name, _)| contains(head, name));
        return known.map_or(Err(ZIP), |(_, what)| *what);
    };
    // A folder of an archive may have the name of one of a package, and holds other files.
    let is_part = |name: &&[u8], part: &str| {
        name.starts_with(part.as_bytes()) && (name.ends_with(b".xml") || name.ends_with(b".bin"))
    };
    // An OpenDocument says what it is in its first part, which is not packed.
    let kind = bytes
        .get(30..MIMETYPE)
        .filter(|start| start.starts_with(b"mimetype"));
    let known = PACKED.iter().find(|(part, _)| {
        kind.is_some_and(|kind| contains(kind, part))
            || names.iter().any(|name| is_part(name, part))
    });
    known.map_or(Err(ZIP), |(_, what)| *what)
}

fn contains(bytes: &[u8], name: &str) -> bool {
    bytes
        .windows(name.len())
        .any(|window| window == name.as_bytes())
}

/// The names of what a ZIP archive packs, by the directory at its end.
fn directory(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = bytes.get(at..at.checked_add(length)?)?;
        Some((bytes.iter().rev()).fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let first = bytes.len().saturating_sub(END_WITHIN);
    let end = bytes
        .get(first..)?
        .windows(4)
        .rposition(|four| four == b"PK\x05\x06")?
        + first;
    let (size, mut at) = (number(end + 12, 4)?, number(end + 16, 4)?);
    // What stands in front of the archive moves its directory.
    at = end
        .checked_sub(size)
        .filter(|begin| *begin != at)
        .unwrap_or(at);
    let mut names = Vec::new();
    while bytes.get(at..at + 4) == Some(b"PK\x01\x02") {
        let length = number(at + 28, 2)?;
        names.push(bytes.get(at + 46..at + 46 + length)?);
        at += 46 + length + number(at + 30, 2)? + number(at + 32, 2)?;
    }
    Some(names)
}

/// What a container of older Office programs is, by the names of its streams, which begin at multiples of 128 bytes.
fn compound(bytes: &[u8]) -> Option<Result<Format, &'static str>> {
    let names = STREAMS.map(|(name, what)| {
        let wide: Vec<u8> = format!("{name}\0")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        (wide, what)
    });
    bytes.chunks(128).find_map(|entry| {
        let known = names.iter().find(|(name, _)| entry.starts_with(name));
        known.map(|(_, what)| *what)
    })
}

/// The sign that separates the cells of a table.
fn find_delimiter(bytes: &[u8], extension: Option<&str>) -> Option<u8> {
    let head = ascii_view(bytes.get(..TABLE_HEAD).unwrap_or(bytes));
    let is_whole = bytes.len() <= TABLE_HEAD;
    if is_named(extension, &TABLE_EXTENSIONS) {
        delimiter::find_named(&head, is_whole)
    } else {
        delimiter::find(&head, is_whole)
    }
}

fn is_named(extension: Option<&str>, endings: &[&str]) -> bool {
    extension.is_some_and(|extension| {
        (endings.iter()).any(|ending| ending.eq_ignore_ascii_case(extension))
    })
}

/// The text as far as markup goes: its ASCII characters, whatever the encoding. The zero bytes of UTF-16 are left out, and every other byte that is
/// not ASCII becomes a letter.
fn ascii_view(bytes: &[u8]) -> String {
    let zeros = |parity: usize| {
        bytes
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    // Half of a text in UTF-16 that is mostly ASCII is zeros, all on one side.
    let is_wide = bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || zeros(0).min(zeros(1)) * 10 < zeros(0).max(zeros(1));
    bytes
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(bytes)
        .iter()
        .filter(|byte| !(is_wide && **byte == 0))
        .map(|byte| {
            if byte.is_ascii() {
                char::from(*byte)
            } else {
                'x'
            }
        })
        .collect()
}

fn is_marked(text: &str) -> bool {
    MARKDOWN.is_match(text) || FRAGMENT.is_match(text)
}

/// A page, or a fragment of one that begins with an element and holds more markup than Markdown's.
fn is_html(text: &str) -> bool {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)<(?:!doctype\s+html|html|head|body)[ \t\r\n\x0c>]")
            .expect("the pattern is constant")
    });
    static ELEMENT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)</(?:p|div|h[1-6]|ul|ol|li|table|tr|td|section|article|main|span|strong|b|em|a)>",
        )
        .expect("the pattern is constant")
    });
    let begins_with_markup = text
        .trim_start_matches(['x', ' ', '\t', '\r', '\n', '\x0c'])
        .starts_with('<');
    if let Some(page) = PAGE.find(text)
        && (begins_with_markup || page.start() < PDF_HEADER_WITHIN)
    {
        return true;
    }
    begins_with_markup && ELEMENT.find_iter(text).count() > MARKDOWN.find_iter(text).count()
}

/// A mark of Markdown: a heading, emphasis that closes, a link, the rule of a table's header, front matter, a quotation, a fence.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^ {0,3}#{1,6} +\S|\*\*[^*\n]+\*\*|__[^_\n]+__|\]\([^)\s]+\)|^[ \t]*\|?[ :]*-{3,}[ :]*\||\A---[ \t\r]*$|^ {0,3}> \S|^```")
        .expect("the pattern is constant")
});

/// What conversions leave in a text: elements, entities, addresses in angle brackets.
static FRAGMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        </?(?:sup|sub|b|i|u|em|strong|br|p|ul|ol|li|div|span|h[1-6]|table|tr|td|th|a)(?:[\ \t\r\n]+[a-zA-Z0-9_:-]+=[^<>]*)?[\ \t\r\n]*/?>
        | <(?:https?://|mailto:)[^<>\s]+>
        | &(?:nbsp|amp|lt|gt|quot|\#[0-9]+|[a-z]+(?:acute|grave|circ|cedil|quo));",
    )
    .expect("the pattern is constant")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<Format, &str>) {
        assert_eq!(format(bytes, None), expected);
    }

    #[test]
    fn pdfs_are_told_behind_a_little_rubbish() {
        check(b"%PDF-1.4\n", Ok(Format::Pdf));
        check(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n", Ok(Format::Pdf));
    }

    #[test]
    fn pages_and_fragments_are_html() {
        check(b"<!DOCTYPE html><title>x</title>", Ok(Format::Html));
        check(
            b"\xef\xbb\xbf\n<!-- saved --><HTML lang=fr>",
            Ok(Format::Html),
        );
        check(b"<h2>Un projet</h2><p>Du texte.</p>", Ok(Format::Html));
    }

    #[test]
    fn wide_text_is_text() {
        let little: Vec<u8> = "<html><p>été</p>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        check(&little, Ok(Format::Html));
        let big: Vec<u8> = "Les lauréats"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        check(&big, Ok(Format::Plain));
    }

    #[test]
    fn marked_up_text_is_markdown() {
        check("# Les lauréats\n".as_bytes(), Ok(Format::Markdown));
        check(b"**Porteur** : Radio Rivage\n", Ok(Format::Markdown));
        check(b"---\ntitle: x\n---\ntexte\n", Ok(Format::Markdown));
    }

    #[test]
    fn other_text_is_plain() {
        check(
            "Les lauréats\n- Radio Rivage (Brest) : 3 < 5\n".as_bytes(),
            Ok(Format::Plain),
        );
        check(b"caf\xe9 \x97 l\x92association\n", Ok(Format::Plain));
        check(b"x", Ok(Format::Plain));
    }

    #[test]
    fn text_with_fragments_of_markup_is_markdown() {
        check(b"Le toit\nun essai<sup>1</sup>\n", Ok(Format::Markdown));
        check(
            b"Descriptif\tApport\n<p>Un</p>\t<ul><li>x</li></ul>\n",
            Ok(Format::Markdown),
        );
        check(b"Lien : <https://exemple.fr>\n", Ok(Format::Markdown));
        let late = format!("{}<sup>1</sup> note", "Un texte. ".repeat(5000));
        check(late.as_bytes(), Ok(Format::Markdown));
        check(b"si a<b et b>c, R&D; BMX", Ok(Format::Plain));
    }

    #[test]
    fn data_beside_documents_is_foreign_in_a_folder() {
        let foreign_in = |head: &str, name: &str| foreign(head.as_bytes(), Some(name));
        assert_eq!(foreign_in("{\"a\": 1}", "txt"), Some("a JSON file"));
        assert_eq!(foreign_in("nom;ville\nX;Y", "CSV"), None);
        for own in [
            "id,organisation_id,organisation_name,name",
            "id,organisation.id,organisation.name,name",
            "\u{feff}id;organisation.id;organisation.name;name",
            "who,what,where,region",
            "\u{feff}Qui;Quoi;O\u{f9};R\u{e9}gion",
        ] {
            assert_eq!(foreign_in(own, "csv"), Some("the output of a run"));
        }
        let page = |maker: &str| {
            let head =
                format!("<!doctype html><html><head><meta name=\"generator\" content=\"{maker}\">");
            foreign_in(&head, "html")
        };
        assert_eq!(page("palmares"), Some("the output of a run"));
        assert_eq!(page("WordPress"), None);
        assert_eq!(
            foreign_in("<?xml version='1.0'?><rss>", "xml"),
            Some("an XML file")
        );
        assert_eq!(foreign_in("<!DOCTYPE html><p>x", "xml"), None);
        assert_eq!(foreign_in("[Lauréats] 2021", "txt"), None);
        assert_eq!(foreign(b"Un texte", None), None);
        assert_eq!(foreign(b"\x89PNG\r\n\x1a\n", None), Some("a PNG image"));
    }

    #[test]
    fn an_archive_of_pdfs_is_no_pdf() {
        check(
            b"PK\x03\x04\n\0\0\0\0\0fiche.pdf%PDF-1.7\n",
            Err("a ZIP archive"),
        );
        let mut tar = vec![0; 512];
        tar.splice(0..9, *b"fiche.pdf");
        tar.splice(257..262, *b"ustar");
        tar.extend(b"%PDF-1.7\n");
        check(&tar, Err("a tar archive"));
        check(b"Rar!\x1a\x07\0%PDF-1.7", Err("a RAR archive"));
    }

    #[test]
    fn office_files_are_told_by_what_they_pack() {
        check(b"PK\x03\x04xl/workbook.xml", Ok(Format::Xlsx));
        check(b"PK\x03\x04word/document.xml", Ok(Format::Docx));
        check(
            b"PK\x03\x04xl/workbook.bin",
            Err("a binary Excel workbook (.xlsb)"),
        );
        check(
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK",
            Ok(Format::Ods),
        );
        let container = |stream: &str| {
            let mut bytes = COMPOUND.to_vec();
            bytes.resize(512, 0);
            bytes.extend(
                format!("{stream}\0")
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes),
            );
            bytes
        };
        check(&container("Workbook"), Ok(Format::Xls));
        check(&container("EncryptedPackage"), Ok(Format::Xlsx));
        check(
            &container("WordDocument"),
            Err("a document of Word 97 to 2003"),
        );
        check(&container("Autre"), Err(OFFICE));
        assert_eq!(foreign(&container("Autre"), Some("doc")), Some(OFFICE));
        assert_eq!(foreign(&container("Workbook"), Some("xls")), None);
    }

    #[test]
    fn texts_in_rtf_are_told_by_their_beginning() {
        check(b"{\\rtf1\\ansi Bonjour}", Ok(Format::Rtf));
        assert_eq!(foreign(b"{\\rtf1 Bonjour}", Some("doc")), None);
    }

    #[test]
    fn data_is_no_document() {
        check(
            b"PK\x03\x04ppt/presentation.xml",
            Err("a PowerPoint presentation"),
        );
        check(
            b"\x00\x01\x02\x03\x04\x05\x06\x07\x08",
            Err("a binary file"),
        );
    }
}
