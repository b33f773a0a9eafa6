//! Bytes in; text out, with the way back to the bytes.
//!
//! The encoding is what the byte order mark says, else UTF-8 where the bytes are UTF-8 (no other encoding looks like it by chance), else what the
//! document declares, else what `chardetng` makes of it. A declaration is believed only where the bytes agree.

use std::ops::Range;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::diagnostic::Diagnostic;
use crate::message;

/// How far into a file a declaration may stand: the HTML standard looks at 1,024 bytes; some systems put long comments first.
const DECLARATION_WINDOW: usize = 4096;

/// So many well-formed multi-byte characters to one broken make a damaged UTF-8 file rather than a file in another encoding.
const UTF_8_MAJORITY: usize = 4;

/// A file's text, and where in the file each character stands.
#[derive(Debug)]
pub(super) struct Decoded {
    text: String,
    /// In order; each run lasts to where the next begins.
    runs: Vec<Run>,
    /// Length of the file in bytes.
    n_bytes: usize,
    /// What was noticed.
    pub(super) warnings: Vec<Diagnostic>,
}

/// Characters that all have the same width in the text and the same width in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// First byte in the text.
    text: usize,
    /// First byte in the file.
    file: usize,
    /// Bytes of a character in the text, in the file. `(1, 1)` also stands for UTF-8 itself, where every byte is its own.
    widths: (u8, u8),
}

impl Run {
    fn is_exact(self) -> bool {
        self.widths == (1, 1)
    }
}

/// Part of a text, with the bytes of the file that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Bytes of the text.
    pub(super) text: Range<usize>,
    /// Bytes of the file.
    pub(super) file: Range<usize>,
    /// Whether they are the same bytes, one for one.
    pub(super) exact: bool,
}

impl Decoded {
    /// The characters, without a byte order mark.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the file that a range of the text stands for.
    pub(super) fn file_range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.run_at(range.start).map_or(0, |run| {
            if run.is_exact() {
                run.file + (range.start - run.text)
            } else {
                let (out, read) = (usize::from(run.widths.0), usize::from(run.widths.1));
                run.file + (range.start - run.text) / out * read
            }
        });
        if range.end <= range.start {
            return start..start;
        }
        let end = self.run_at(range.end - 1).map_or(start, |run| {
            let (out, read) = (usize::from(run.widths.0), usize::from(run.widths.1));
            run.file + (range.end - run.text).div_ceil(out) * read
        });
        start..end.min(self.n_bytes)
    }

    /// A range of the text cut where its relation to the file changes: exact pieces as long as they go, others by character.
    pub(super) fn pieces(&self, range: &Range<usize>, mut each: impl FnMut(Piece)) {
        let mut at = range.start;
        let mut index = self.runs.partition_point(|run| run.text <= at);
        while at < range.end {
            let Some(run) = index
                .checked_sub(1)
                .and_then(|before| self.runs.get(before))
            else {
                return;
            };
            let run_end = self
                .runs
                .get(index)
                .map_or(self.text.len(), |next| next.text)
                .min(range.end);
            if run.is_exact() {
                let file = run.file + (at - run.text);
                each(Piece {
                    text: at..run_end,
                    file: file..file + (run_end - at),
                    exact: true,
                });
                at = run_end;
            } else {
                let (out, read) = (usize::from(run.widths.0), usize::from(run.widths.1));
                while at < run_end {
                    let file = run.file + (at - run.text) / out * read;
                    let end = (at + out).min(run_end);
                    each(Piece {
                        text: at..end,
                        file: file..file + read,
                        exact: false,
                    });
                    at = end;
                }
            }
            index += 1;
        }
    }

    fn run_at(&self, position: usize) -> Option<Run> {
        let after = self.runs.partition_point(|run| run.text <= position);
        self.runs.get(after.checked_sub(1)?).copied()
    }

    fn new(n_bytes: usize) -> Self {
        Self {
            text: String::new(),
            runs: Vec::new(),
            n_bytes,
            warnings: Vec::new(),
        }
    }

    /// Notes that what is pushed next has these widths and stands at `file`.
    fn begin(&mut self, file: usize, widths: (u8, u8)) {
        let text = self.text.len();
        if let Some(last) = self.runs.last() {
            let (out, read) = (usize::from(last.widths.0), usize::from(last.widths.1));
            let (steps, rest) = ((text - last.text) / out, (text - last.text) % out);
            if last.widths == widths && rest == 0 && last.file + steps * read == file {
                return;
            }
        }
        self.runs.push(Run { text, file, widths });
    }
}

/// Decodes a file.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let declared = declaration(bytes);
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) if encoding == UTF_8 => utf_8(bytes, length),
        Some((encoding, length)) => utf_16(bytes, length, encoding == UTF_16LE),
        None => match without_mark(bytes) {
            Some(encoding) if encoding == UTF_8 => utf_8(bytes, 0),
            Some(encoding) => utf_16(bytes, 0, encoding == UTF_16LE),
            None => other(bytes, declared),
        },
    }
}

/// The encoding that an XML declaration or a `<meta>` element names.
fn declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(DECLARATION_WINDOW))?;
    let head = head.to_ascii_lowercase();
    let find = |from: usize, needle: &[u8]| {
        head.get(from..)?
            .windows(needle.len())
            .position(|window| window == needle)
            .map(|position| from + position)
    };
    let label_after = |position: usize| {
        let rest = head.get(position..)?;
        let start = rest
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'=' | b'"' | b'\'' | b'\t' | b'\n' | b'\r'))?;
        let label = rest.get(start..)?;
        let end = label
            .iter()
            .position(|byte| matches!(byte, b' ' | b'"' | b'\'' | b';' | b'/' | b'>' | b'?'))
            .unwrap_or(label.len());
        Encoding::for_label(label.get(..end)?)
    };
    if head.trim_ascii_start().starts_with(b"<?xml")
        && let Some(position) = find(0, b"encoding")
        && let Some(encoding) = label_after(position + b"encoding".len())
    {
        return Some(encoding);
    }
    let mut from = 0;
    while let Some(start) = find(from, b"<meta") {
        let end = find(start, b">").unwrap_or(head.len());
        if let Some(position) = find(start, b"charset").filter(|position| *position < end)
            && let Some(encoding) = label_after(position + b"charset".len())
        {
            // The declaration is itself readable as ASCII, so the file cannot be UTF-16.
            let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
            return Some(if is_wide { UTF_8 } else { encoding });
        }
        from = end;
    }
    None
}

/// UTF-8 where the bytes are (nearly) UTF-8, UTF-16 where every other byte of the beginning is zero, else nothing.
fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(DECLARATION_WINDOW))?;
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half > 1 {
        // Western text in UTF-16 has a zero in nearly every character, and none on the other side.
        if odd * 10 > half * 6 && even * 10 < half {
            return Some(UTF_16LE);
        }
        if even * 10 > half * 6 && odd * 10 < half {
            return Some(UTF_16BE);
        }
    }
    let (mut wide, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let cut_at_end = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    (broken == 0 || cut_at_end || wide >= broken * UTF_8_MAJORITY).then_some(UTF_8)
}

/// UTF-8 from `start` on; broken sequences become U+FFFD, a character cut off by the end of the file is left out.
fn utf_8(bytes: &[u8], start: usize) -> Decoded {
    let mut decoded = Decoded::new(bytes.len());
    let mut at = start;
    let mut broken = 0_usize;
    for chunk in bytes.get(start..).unwrap_or_default().utf8_chunks() {
        if !chunk.valid().is_empty() {
            decoded.begin(at, (1, 1));
            decoded.text.push_str(chunk.valid());
            at += chunk.valid().len();
        }
        let length = chunk.invalid().len();
        if length > 0 {
            if at + length == bytes.len() {
                decoded.warnings.push(cut_off());
            } else {
                decoded.begin(at, (3, u8::try_from(length).unwrap_or(u8::MAX)));
                decoded.text.push(char::REPLACEMENT_CHARACTER);
                broken += 1;
            }
            at += length;
        }
    }
    if broken > 0 {
        decoded.warnings.push(Diagnostic::warning(message!(
            "{broken} byte sequences are not UTF-8; they read as U+FFFD",
            broken
        )));
    }
    decoded
}

fn utf_16(bytes: &[u8], start: usize, little_endian: bool) -> Decoded {
    let mut decoded = Decoded::new(bytes.len());
    let units = bytes
        .get(start..)
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|pair| match pair {
            [a, b] if little_endian => u16::from_le_bytes([*a, *b]),
            [a, b] => u16::from_be_bytes([*a, *b]),
            _ => 0,
        });
    let mut at = start;
    for unit in char::decode_utf16(units) {
        let character = unit.unwrap_or(char::REPLACEMENT_CHARACTER);
        let read = if character.len_utf8() == 4 { 4 } else { 2 };
        let out = u8::try_from(character.len_utf8()).unwrap_or(4);
        // One byte of text for two of the file is never exact, so `(1, 1)` cannot arise here.
        decoded.begin(at, (out, read));
        decoded.text.push(character);
        at += usize::from(read);
    }
    if at < bytes.len() {
        decoded.warnings.push(cut_off());
    }
    decoded
}

/// Anything that is neither UTF-8 nor UTF-16.
fn other(bytes: &[u8], declared: Option<&'static Encoding>) -> Decoded {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // A few accented letters fit many encodings; the documents of this field are French.
    let guess = detector.guess(Some(b"fr"), chardetng::Utf8Detection::Deny);
    let believed = declared
        .filter(|encoding| *encoding != UTF_8 && !encoding.decode_without_bom_handling(bytes).1);
    let encoding = believed.unwrap_or(guess);
    let mut decoded = by_decoder(bytes, encoding);
    if let Some(declared) = declared.filter(|declared| *declared != encoding) {
        decoded.warnings.push(Diagnostic::note(message!(
            "declared as `{declared}`, read as `{encoding}`",
            declared = declared.name(),
            encoding = encoding.name()
        )));
    }
    decoded
}

/// Decodes byte by byte, so that every character's bytes are known.
fn by_decoder(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    // A decoder that is not given replacement never writes more than one or two characters for one byte.
    let mut buffer = [0_u8; 32];
    let encoding = if encoding.is_ascii_compatible() {
        encoding
    } else {
        WINDOWS_1252
    };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut output = Decoded::new(bytes.len());
    let mut from = 0;
    for (position, byte) in bytes.iter().enumerate() {
        let (mut input, last) = (std::slice::from_ref(byte), position + 1 == bytes.len());
        let mut written = String::new();
        // A malformed sequence gives back control with the byte that broke it still to be read.
        for _ in 0..4 {
            let (result, read, length) =
                decoder.decode_to_utf8_without_replacement(input, &mut buffer, last);
            if let Some(part) = buffer
                .get(..length)
                .and_then(|part| std::str::from_utf8(part).ok())
            {
                written.push_str(part);
            }
            input = input.get(read..).unwrap_or_default();
            match result {
                DecoderResult::Malformed(..) => written.push(char::REPLACEMENT_CHARACTER),
                DecoderResult::InputEmpty | DecoderResult::OutputFull => break,
            }
        }
        if written.is_empty() {
            continue;
        }
        let read = position + 1 - from;
        if let [ascii] = written.as_bytes()
            && ascii == byte
            && read == 1
        {
            output.begin(from, (1, 1));
        } else {
            let out = u8::try_from(written.len()).unwrap_or(u8::MAX);
            output.begin(from, (out, u8::try_from(read).unwrap_or(u8::MAX)));
        }
        output.text.push_str(&written);
        from = position + 1;
    }
    if from < bytes.len() {
        output.warnings.push(cut_off());
    }
    output
}

fn cut_off() -> Diagnostic {
    Diagnostic::warning(message!("the file ends in the middle of a character")).with_hint(message!(
        "the download may have been cut off; fetch the file again"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text, and for each needle the bytes of the file that it stands for.
    #[track_caller]
    fn check(bytes: &[u8], text: &str, spans: &[(&str, Range<usize>)]) {
        let decoded = decode(bytes);
        assert_eq!(decoded.text(), text);
        for (needle, span) in spans {
            let start = text.find(needle).unwrap();
            let range = start..start + needle.len();
            assert_eq!(&decoded.file_range(&range), span, "{needle}");
            let mut pieces = Vec::new();
            decoded.pieces(&range, |piece| pieces.push(piece));
            assert_eq!(pieces.first().unwrap().file.start, span.start);
            assert_eq!(pieces.last().unwrap().file.end, span.end);
            for piece in pieces.iter().filter(|piece| piece.exact) {
                assert_eq!(
                    &bytes[piece.file.clone()],
                    text[piece.text.clone()].as_bytes()
                );
            }
        }
    }

    fn utf_16_bytes(text: &str, big_endian: bool, mark: bool) -> Vec<u8> {
        let mark = mark.then_some('\u{feff}');
        mark.into_iter()
            .chain(text.chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(|unit| {
                if big_endian {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn utf_8_is_read_with_and_without_a_mark() {
        check("Lauréats".as_bytes(), "Lauréats", &[("éats", 4..9)]);
        check(
            "\u{feff}Lauréats".as_bytes(),
            "Lauréats",
            &[("éats", 7..12)],
        );
    }

    #[test]
    fn windows_1252_is_read_whatever_the_declaration() {
        let body = b"<p>L\x92\xe9t\xe9 \xe0 l\x92\x9cuvre, 3 \x80</p>";
        for head in [
            &b"<meta charset=\"iso-8859-1\">"[..],
            b"<meta http-equiv=Content-Type content='text/html; charset=utf-8'>",
            b"<?xml version='1.0' encoding='windows-1252'?>",
            b"",
        ] {
            let bytes = [head, body].concat();
            let text = format!(
                "{}<p>L’été à l’œuvre, 3 €</p>",
                String::from_utf8_lossy(head)
            );
            check(&bytes, &text, &[("été", head.len() + 5..head.len() + 8)]);
        }
    }

    #[test]
    fn a_wrong_latin_1_declaration_does_not_spoil_utf_8() {
        check(
            "<meta charset=latin1>été".as_bytes(),
            "<meta charset=latin1>été",
            &[("été", 21..26)],
        );
    }

    #[test]
    fn a_wrong_declaration_is_noted() {
        let decoded = decode(b"<meta charset=utf-8><p>\xe9t\xe9 et \xe0 l'\xe9cole");
        assert_eq!(
            decoded.warnings[0].to_string(),
            "declared as `UTF-8`, read as `windows-1252`"
        );
    }

    #[test]
    fn a_few_accents_are_read_as_french() {
        check(b"\xe9t\xe9", "été", &[("té", 1..3)]);
        check(
            b"R\xe9f\xe9rent : l\x92\x8cil, 12 \x80",
            "Référent : l’Œil, 12 €",
            &[],
        );
        check(
            b"\xab Ose \xbb \x96 Cit\xe9o",
            "« Ose » – Citéo",
            &[("Citéo", 10..15)],
        );
    }

    #[test]
    fn utf_16_is_read_in_both_orders_with_and_without_a_mark() {
        for big_endian in [false, true] {
            check(
                &utf_16_bytes("Prix 🎉 été", big_endian, true),
                "Prix 🎉 été",
                &[("🎉", 12..16), ("été", 18..24)],
            );
            check(
                &utf_16_bytes("Prix des lauréats", big_endian, false),
                "Prix des lauréats",
                &[("lauréats", 18..34)],
            );
        }
    }

    #[test]
    fn a_character_cut_off_by_the_end_is_left_out() {
        let bytes = "lauréat é".as_bytes();
        let decoded = decode(&bytes[..bytes.len() - 1]);
        assert_eq!(decoded.text(), "lauréat ");
        assert_eq!(decoded.warnings.len(), 1);
        assert_eq!(decode(&utf_16_bytes("été", false, true)[..7]).text(), "ét");
    }

    #[test]
    fn damaged_utf_8_stays_utf_8() {
        check(
            b"\xc3\xa9t\xc3\xa9, \xc3\xa9cole, for\xeat, d\xc3\xa9but, lyc\xc3\xa9e",
            "été, école, for\u{fffd}t, début, lycée",
            &[("\u{fffd}", 18..19), ("lycée", 30..36)],
        );
    }

    #[test]
    fn multi_byte_encodings_keep_their_bytes() {
        let bytes = b"<meta charset=shift_jis>\x93\xfa\x96\x7b abc";
        check(
            bytes,
            "<meta charset=shift_jis>日本 abc",
            &[("本", 26..28), ("abc", 29..32)],
        );
    }
}
