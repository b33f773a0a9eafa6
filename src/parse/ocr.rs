//! Pages read from their picture, by programs of their own: `pdftoppm` draws a page, `tesseract` reads it. In: a file and the number of a page; out: words at their
//! places, each with how sure the reader is.
//!
//! What they say is no reading of the document's own characters: the layout sees it as any page, and values that rest on it are told less sure.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::message;
use crate::message::{Message, Value, of_system, verbatim};
use crate::model::geometry::BoundingBox;
use crate::model::page::{Glyph, Page, TextSpan, UnicodeOrigin};
use crate::model::text::Style;

/// The program that draws, of poppler.
const DRAWING: &str = "pdftoppm";

/// The program that reads.
const READING: &str = "tesseract";

/// Its name of the language that is read.
const LANGUAGE: &str = "fra";

/// Pages of a document that are read at most: a list of laureates has fewer, a scanned register has no end.
pub const MAX_PAGES: usize = 50;

/// How many times the seconds of one page all pages of a document may take.
pub const MAX_TIMES: f64 = 10.0;

/// Points of a picture to an inch: what readers of pictures are made for.
const RESOLUTION: f32 = 300.0;

/// Points of an inch on a page.
const INCH: f32 = 72.0;

/// Points that a picture is wide or high at most: posters are read from further away.
const MAX_SIDE: f32 = 5000.0;

/// Parts of its height that a letter takes above and below the line it stands on, with and without a stroke up or down.
const ASCENT: f32 = 0.73;
const X_HEIGHT: f32 = 0.52;
const DESCENT: f32 = 0.22;

/// Sizes of a page that differ by less are one: boxes are as exact as the picture.
const SAME_SIZE: f32 = 0.12;

/// Why a page was not read.
#[derive(Debug)]
pub enum Failure {
    /// A program is not there.
    Absent(&'static str),
    /// The reader's French is not there.
    NoFrench,
    /// It took too long.
    OutOfTime(f64),
    /// It failed in another way.
    Other(&'static str, Message),
}

impl Failure {
    /// What is wrong.
    pub fn message(&self) -> Message {
        match self {
            Self::Absent(program) => message!("`{program}` is not installed", program),
            Self::NoFrench => message!("`tesseract` has no French"),
            Self::OutOfTime(seconds) => message!(
                "reading its picture took more than {seconds} s",
                seconds = Value::Decimal(seconds.to_string())
            ),
            Self::Other(program, what) => message!("`{program}` failed: {what}", program, what),
        }
    }

    /// What the reader can do about it.
    pub fn hint(&self) -> Option<Message> {
        match self {
            Self::Absent(_) | Self::NoFrench => Some(message!(
                "install what reads pictures, for example with `apt install tesseract-ocr tesseract-ocr-fra poppler-utils`"
            )),
            Self::OutOfTime(_) => Some(message!(
                "raise `ocr-seconds` under [limits] in palmares.toml"
            )),
            Self::Other(..) => None,
        }
    }

    /// Whether other pages will fail so, too.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::Absent(_) | Self::NoFrench)
    }
}

/// A word as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Page from 1.
    pub page: u32,
    /// Where it stands.
    pub bbox: BoundingBox,
    /// How sure the reader is, from 0 to 1.
    pub confidence: f32,
    text: String,
    /// Words of one number stand in one line.
    line: [u32; 3],
}

/// Reads a page of this size, by its number from 1, within some seconds.
pub fn read(
    pdf: &[u8],
    number: u32,
    [width, height]: [f32; 2],
    seconds: f64,
) -> Result<Vec<Word>, Failure> {
    let resolution = RESOLUTION
        .min(MAX_SIDE * INCH / width.max(height).max(1.0))
        .max(1.0)
        .round();
    let (page, resolution_said) = (number.to_string(), format!("{resolution:.0}"));
    let deadline = Time {
        seconds,
        end: (Duration::try_from_secs_f64(seconds).ok())
            .and_then(|time| Instant::now().checked_add(time)),
    };
    let draw = [
        "-gray",
        "-cropbox",
        "-singlefile",
        "-r",
        &resolution_said,
        "-f",
        &page,
        "-l",
        &page,
        "-",
    ];
    let picture = run(DRAWING, &draw, pdf, &deadline)?;
    let read = [
        "stdin",
        "stdout",
        "-l",
        LANGUAGE,
        "--dpi",
        &resolution_said,
        "tsv",
    ];
    let table = run(READING, &read, &picture, &deadline)?;
    Ok(words(
        &String::from_utf8_lossy(&table),
        number,
        resolution / INCH,
    ))
}

/// When a page is to be read.
struct Time {
    seconds: f64,
    end: Option<Instant>,
}

/// The page with these words instead of its own; what is drawn on it stays.
pub fn page(before: Page, words: &[Word]) -> Page {
    let mut page = Page {
        glyphs: Vec::new(),
        spans: Vec::new(),
        recognized: true,
        ..before
    };
    let lines: Vec<&[Word]> = words.chunk_by(|a, b| a.line == b.line).collect();
    let sizes: Vec<f32> = lines.iter().map(|line| size(line)).collect();
    let usual = usual(&sizes);
    for (line, size) in lines.into_iter().zip(sizes) {
        let size = if (size - usual).abs() <= usual * SAME_SIZE {
            usual
        } else {
            size
        };
        push(&mut page, line, size);
    }
    page
}

/// Runs a program on what it reads from its standard input, and gives what it writes.
fn run(
    program: &'static str,
    arguments: &[&str],
    given: &[u8],
    time: &Time,
) -> Result<Vec<u8>, Failure> {
    let other = |error: io::Error| Failure::Other(program, of_system(&error));
    let mut child = Command::new(program)
        .args(arguments)
        // Threads of one page take more time than they save, and what they give may differ.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::Absent(program),
            _ => other(error),
        })?;
    let (Some(mut input), Some(mut output), Some(mut messages)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(Failure::Other(program, message!("it has no pipes")));
    };
    let (sender, receiver) = mpsc::channel();
    let (written, said) = thread::scope(|scope| {
        scope.spawn(move || {
            // A program that has gone says why in its status.
            let _ = input.write_all(given);
        });
        let said = scope.spawn(move || {
            let mut said = Vec::new();
            let _ = messages.read_to_end(&mut said);
            String::from_utf8_lossy(&said).into_owned()
        });
        scope.spawn(move || {
            let mut written = Vec::new();
            let read = output.read_to_end(&mut written).map(|_| written);
            let _ = sender.send(read);
        });
        let left = time.end.map_or(Duration::MAX, |end| {
            end.saturating_duration_since(Instant::now())
        });
        let written = receiver.recv_timeout(left);
        if written.is_err() {
            // Its pipes close, and who waits for them goes on.
            let _ = child.kill();
        }
        (written, said.join().unwrap_or_default())
    });
    let status = child.wait().map_err(other)?;
    let written = written
        .map_err(|_| Failure::OutOfTime(time.seconds))?
        .map_err(other)?;
    if status.success() {
        return Ok(written);
    }
    if said.contains(&format!("{LANGUAGE}.traineddata")) {
        return Err(Failure::NoFrench);
    }
    let line = said.lines().find(|line| !line.trim().is_empty());
    Err(Failure::Other(
        program,
        verbatim(line.map_or_else(|| status.to_string(), str::to_owned)),
    ))
}

/// The words of a table, in the order of the reader: a row each, its twelve cells parted by tabs.
fn words(table: &str, page: u32, scale: f32) -> Vec<Word> {
    table
        .lines()
        .filter_map(|row| {
            let cells: Vec<&str> = row.splitn(12, '\t').collect();
            let [
                level,
                _,
                block,
                paragraph,
                line,
                _,
                left,
                top,
                width,
                height,
                confidence,
                text,
            ] = cells.as_slice()
            else {
                return None;
            };
            let text = text.trim();
            let confidence: f32 = confidence.parse().ok()?;
            if *level != "5" || text.is_empty() || confidence < 0.0 {
                return None;
            }
            let number = |cell: &str| cell.parse::<f32>().ok().map(|points| points / scale);
            let (left, top) = (number(left)?, number(top)?);
            let (width, height) = (number(width)?, number(height)?);
            Some(Word {
                page,
                bbox: BoundingBox::new(left, top, left + width, top + height),
                confidence: (confidence / 100.0).clamp(0.0, 1.0),
                text: text.to_owned(),
                line: [
                    block.parse().ok()?,
                    paragraph.parse().ok()?,
                    line.parse().ok()?,
                ],
            })
        })
        .collect()
}

/// Which of a line's letters go up, and which go down.
fn strokes(line: &[Word]) -> (bool, bool) {
    let mut letters = line.iter().flat_map(|word| word.text.chars());
    let up = letters.clone().any(|c| {
        c.is_uppercase()
            || c.is_ascii_digit()
            || "bdfhijklt\u{e9}\u{e8}\u{ea}\u{ee}\u{f4}'".contains(c)
    });
    (up, letters.any(|c| "gjpqy\u{e7}Q,;()".contains(c)))
}

fn extent(line: &[Word]) -> BoundingBox {
    let boxes = line.iter().map(|word| word.bbox);
    boxes
        .reduce(|all, next| all.union(&next))
        .unwrap_or_default()
}

/// The size of a line's letters, from how high they are.
fn size(line: &[Word]) -> f32 {
    let (up, down) = strokes(line);
    let part = if up { ASCENT } else { X_HEIGHT } + if down { DESCENT } else { 0.0 };
    (extent(line).height() / part).max(1.0)
}

/// The size that most of a page is set in.
fn usual(sizes: &[f32]) -> f32 {
    let mut sizes = sizes.to_vec();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(1.0)
}

/// Adds a line to a page: each word's letters share its box, and a space fills the gap to the next.
fn push(page: &mut Page, line: &[Word], size: f32) {
    let n_glyphs = |page: &Page| u32::try_from(page.glyphs.len()).unwrap_or(u32::MAX);
    let start = n_glyphs(page);
    let mut before: Option<f32> = None;
    for word in line {
        let BoundingBox { x0, x1, .. } = word.bbox;
        let glyph = |character, x0, x1, begins| Glyph {
            character,
            x0,
            x1,
            origin: UnicodeOrigin::Mapped,
            begins,
        };
        if let Some(end) = before {
            page.glyphs.push(glyph(' ', end, x0.max(end), false));
        }
        let n = word.text.chars().count().max(1) as f32;
        for (number, character) in word.text.chars().enumerate() {
            let at = |number: f32| x0 + (x1 - x0) * number / n;
            let number_f = number as f32;
            page.glyphs.push(glyph(
                character,
                at(number_f),
                at(number_f + 1.0),
                number == 0,
            ));
        }
        before = Some(x1);
    }
    let (_, down) = strokes(line);
    let bottom = extent(line).y1;
    let baseline = if down {
        bottom - DESCENT * size
    } else {
        bottom
    };
    let end = n_glyphs(page);
    page.spans.push(TextSpan {
        glyphs: start..end,
        style: Style {
            size,
            ..Style::default()
        },
        font: 0,
        baseline,
        top: baseline - ASCENT * size,
        bottom: baseline + DESCENT * size,
        rotation: 0.0,
        invisible: false,
        artifact: false,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
        1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t\n\
        5\t1\t1\t1\t1\t1\t400\t400\t200\t46\t96.5\tRadio\n\
        5\t1\t1\t1\t1\t2\t620\t400\t260\t46\t91\tRivage\n\
        5\t1\t1\t1\t2\t1\t400\t500\t100\t40\t30\t\u{a0}\n\
        5\t1\t1\t1\t2\t2\t400\t500\t200\t40\t62\tBrest\n";

    #[test]
    fn words_stand_where_they_were_read() {
        let words = words(TABLE, 3, 4.0);
        assert_eq!(words.len(), 3);
        assert_eq!(words[1].bbox, BoundingBox::new(155.0, 100.0, 220.0, 111.5));
        assert!((words[0].confidence - 0.965).abs() < 1e-6);
        let page = page(
            Page {
                number: 3,
                ..Page::default()
            },
            &words,
        );
        assert!(page.recognized);
        let text: Vec<String> = (page.spans.iter())
            .map(|span| {
                page.glyphs_of(span)
                    .iter()
                    .map(|glyph| glyph.character)
                    .collect()
            })
            .collect();
        assert_eq!(text, ["Radio Rivage", "Brest"]);
        let glyphs = page.glyphs_of(&page.spans[0]);
        assert!((glyphs[5].x0 - 150.0).abs() < 1e-3 && (glyphs[5].x1 - 155.0).abs() < 1e-3);
        // Both lines are set in one size, though one has letters that go down.
        assert!((page.spans[0].style.size - page.spans[1].style.size).abs() < 1.0);
    }

    #[test]
    fn what_is_no_table_holds_no_words() {
        assert_eq!(words("", 1, 4.0), []);
        assert_eq!(words("5\t1\t1\n5\t\t\t\t\t\t\t\t\t\t\tx\n", 1, 4.0), []);
    }
}
