//! What bytes are. Extensions lie: pages are saved as `.pdf`, brochures as `.html`.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::raw::Format;

/// Viewers accept what precedes the header of a PDF up to here (Annex H of its reference, note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// Bytes that tell text from other data, and HTML from Markdown.
const HEAD: usize = 16 * 1024;

/// Text holds next to no control characters; a stray one comes from a word processor. One in so many is data.
const TEXT_PER_CONTROL: usize = 100;

/// First bytes of what people keep beside documents.
const OTHERS: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%!PS", "a PostScript file"),
];

/// The format of a document, or what the bytes are instead.
pub(super) fn format(bytes: &[u8]) -> Result<Format, &'static str> {
    let start = bytes.get(..PDF_HEADER_WITHIN).unwrap_or(bytes);
    if start.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(what);
    }
    let text = ascii_view(bytes.get(..HEAD).unwrap_or(bytes));
    let controls = text
        .chars()
        .filter(|c| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b'))
        .count();
    if controls * TEXT_PER_CONTROL > text.len() {
        return Err("binary data");
    }
    Ok(if is_html(&text) {
        Format::Html
    } else if MARKDOWN.is_match(&text) {
        Format::Markdown
    } else {
        Format::Plain
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

/// A page, or a fragment of one that begins with an element and holds more markup than Markdown's.
fn is_html(text: &str) -> bool {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)<(?:!doctype\s+html|html|head|body)[\s>]")
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

/// A line of Markdown: a heading, emphasis that closes, a link, the rule of a table's header, front matter.
static MARKDOWN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^ {0,3}#{1,6} +\S|\*\*[^*\n]+\*\*|__[^_\n]+__|\]\([^)\s]+\)|^\s*\|?[ :]*-{3,}[ :]*\||\A---\s*$|^ {0,3}> \S|^```")
        .expect("the pattern is constant")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<Format, &str>) {
        assert_eq!(format(bytes), expected);
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
    fn data_is_no_document() {
        check(
            b"PK\x03\x04word/document.xml",
            Err("a ZIP archive or an Office document"),
        );
        check(b"\x00\x01\x02\x03\x04\x05\x06\x07\x08", Err("binary data"));
    }
}
