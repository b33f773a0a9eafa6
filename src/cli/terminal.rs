//! The door that everything printed passes. Documents, file names and records come from anywhere; what would steer the terminal instead of being
//! shown on it is written as JSON writes it, `\u001b`: harmless, and in JSON still the same text.

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, Stderr, StdoutLock, Write};

use palmares::export::is_steering;

/// Standard output, locked and buffered. Flush it: an error that only dropping would meet is lost.
pub(crate) fn stdout() -> Door<BufWriter<StdoutLock<'static>>> {
    Door::new(BufWriter::new(io::stdout().lock()))
}

/// Standard output for bytes that are no text; none where a terminal would show them.
pub(crate) fn bytes() -> Option<impl Write> {
    let out = io::stdout().lock();
    (!out.is_terminal()).then(|| BufWriter::new(out))
}

/// Standard output for lines that another program reads: the bytes that a file would have, but where a terminal shows them.
pub(crate) fn stream() -> Box<dyn Write> {
    match bytes() {
        Some(out) => Box::new(out),
        None => Box::new(stdout()),
    }
}

/// One message on standard error, its first word in a colour where one is given; its further lines are indented, so that no part of it can pass for
/// another message. Where standard error is closed there is nobody to tell, so a failure to write is not itself an error.
pub(crate) fn say(word: &str, color: Option<&str>, message: &str) {
    let mut out: Stderr = io::stderr();
    let message = printable(message).replace('\n', "\n  ");
    let _ = match color {
        Some(color) => writeln!(out, "\u{1b}[{color}m{word}\u{1b}[0m {message}"),
        None => writeln!(out, "{word} {message}"),
    };
}

/// Plain lines on standard error.
pub(crate) fn tell(lines: &str) {
    let _ = writeln!(io::stderr(), "{}", printable(lines));
}

/// A question on standard error, behind which the answer is typed.
pub(crate) fn ask(question: &str) {
    let mut out = io::stderr();
    let _ = write!(out, "{} ", printable(question));
    let _ = out.flush();
}

/// A text on one line, as the door would write it.
pub(crate) fn one_line(text: &str) -> String {
    printable(text)
        .replace('\n', "\\u000a")
        .replace('\t', "\\u0009")
}

fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_steering(character) {
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// A writer of text that lets nothing pass that steers a terminal.
pub(crate) struct Door<W: Write> {
    out: W,
    /// The start of a character whose other bytes are still to come.
    begun: Vec<u8>,
}

impl<W: Write> Door<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            begun: Vec::new(),
        }
    }

    fn write_text(&mut self, text: &str) -> io::Result<()> {
        if text.contains(is_steering) {
            self.out.write_all(printable(text).as_bytes())
        } else {
            self.out.write_all(text.as_bytes())
        }
    }
}

impl<W: Write> Write for Door<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = std::mem::take(&mut self.begun);
        text.extend_from_slice(bytes);
        let mut chunks = text.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.write_text(chunk.valid())?;
            let broken = chunk.invalid();
            if chunks.peek().is_none()
                && std::str::from_utf8(broken).is_err_and(|error| error.error_len().is_none())
            {
                self.begun = broken.to_vec();
            } else if !broken.is_empty() {
                self.write_text("\u{fffd}")?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parts: &[&[u8]], expected: &str) {
        let mut door = Door::new(Vec::new());
        for part in parts {
            door.write_all(part).unwrap();
        }
        assert_eq!(String::from_utf8(door.out).unwrap(), expected);
    }

    #[test]
    fn text_passes_as_it_is() {
        let text = "un\tdeux\n« été » 🎉 e\u{301} \u{200d}\n";
        check(&[text.as_bytes()], text);
    }

    #[test]
    fn what_steers_a_terminal_is_shown_instead() {
        check(
            &["\u{1b}[31m\u{7}\r\u{9b}2J\u{7f}\u{202e}".as_bytes()],
            "\\u001b[31m\\u0007\\u000d\\u009b2J\\u007f\\u202e",
        );
    }

    #[test]
    fn characters_may_come_in_parts() {
        check(
            &[b"\xc2", b"\x9b", b"\xe2\x80", b"\xae\xc3\xa9"],
            "\\u009b\\u202e\u{e9}",
        );
        check(&[b"\xff\xc3", b"x"], "\u{fffd}\u{fffd}x");
    }

    #[test]
    fn json_says_the_same_behind_the_door() {
        let value = serde_json::json!({"a": "\u{1b}[31m \u{9b}0m \u{202e}fdp"});
        let mut door = Door::new(Vec::new());
        serde_json::to_writer_pretty(&mut door, &value).unwrap();
        assert!(
            !String::from_utf8(door.out.clone())
                .unwrap()
                .contains(is_steering)
        );
        let read: serde_json::Value = serde_json::from_slice(&door.out).unwrap();
        assert_eq!(read, value);
    }
}
