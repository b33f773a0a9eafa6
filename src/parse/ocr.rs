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

/// What the accent of a capital adds.
const ACCENT: f32 = 0.2;

/// Sizes of a page that differ by less are one: boxes are as exact as the picture.
const SAME_SIZE: f32 = 0.12;

/// Strokes of bold letters are so many times as wide as those of a page's text: drawn in 18 families of fonts, 1.35 to 2.9 times; those of capitals that are not
/// bold, at most 1.19 times.
const BOLDER: f32 = 1.25;

/// Words that are less sure and so many times as high as a page's text are none. On a scan of eight pages all twelve of those were made of frames; words as high as the
/// others were right where they were less sure, too.
const UNSURE: f32 = 0.5;
const LARGE: f32 = 1.8;

/// Pictures are grey, from 0 (black) to 255; ink is darker.
const INK: u8 = 128;

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
    /// How wide the strokes of its letters are; `None` where they are too few to tell.
    stroke: Option<f32>,
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
        Picture::of(&picture).as_ref(),
    ))
}

/// The grey dots of a drawn page (PGM, as netpbm's `pgm(5)` tells of it).
struct Picture<'p> {
    width: usize,
    dots: &'p [u8],
}

impl<'p> Picture<'p> {
    /// Dots of one byte each, as the drawing program writes them.
    fn of(bytes: &'p [u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut word = || {
            let start = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
            let (_, from) = rest.split_at(start);
            let end = from.iter().position(u8::is_ascii_whitespace)?;
            let (word, behind) = from.split_at(end);
            rest = behind;
            std::str::from_utf8(word).ok()
        };
        let (kind, width, _, deepest) = (word()?, word()?, word()?, word()?);
        if (kind, deepest) != ("P5", "255") {
            return None;
        }
        Some(Self {
            width: width.parse().ok().filter(|width| *width > 0)?,
            dots: rest.get(1..)?,
        })
    }

    /// How wide most strokes are in a box, in dots: the middle half of the runs of ink in its rows.
    fn stroke(&self, [left, top, width, height]: [usize; 4]) -> Option<f32> {
        /// Fewer runs are of a mark, a digit or dirt.
        const FEWEST: usize = 60;
        let mut runs: Vec<usize> = Vec::new();
        for row in self.dots.chunks(self.width).skip(top).take(height) {
            let row = row
                .get(left..row.len().min(left + width))
                .unwrap_or_default();
            runs.extend(
                row.chunk_by(|a, b| (*a < INK) == (*b < INK))
                    .filter(|run| run.first().is_some_and(|dot| *dot < INK))
                    .map(<[u8]>::len),
            );
        }
        if runs.len() < FEWEST {
            return None;
        }
        runs.sort_unstable();
        let middle = runs.get(runs.len() / 4..runs.len() * 3 / 4)?;
        Some(middle.iter().sum::<usize>() as f32 / middle.len() as f32)
    }
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
    // What is large and no word of a language is a part of the picture: a frame, a drawing, text that lies on its side.
    let all = words.chunk_by(|a, b| a.line == b.line).map(size);
    let usual = median(all.collect()).unwrap_or_default();
    let is_text = |word: &&Word| word.confidence >= UNSURE || word.bbox.height() <= LARGE * usual;
    let words: Vec<Word> = words.iter().filter(is_text).cloned().collect();
    let lines: Vec<&[Word]> = words.chunk_by(|a, b| a.line == b.line).collect();
    let sizes = alike(&lines.iter().map(|line| size(line)).collect::<Vec<_>>());
    let strokes = (lines.iter().zip(&sizes)).flat_map(|(line, size)| {
        let strokes = line.iter().filter_map(|word| word.stroke);
        strokes.map(move |stroke| stroke / size)
    });
    let bold_from = BOLDER * median(strokes.collect()).unwrap_or(f32::INFINITY);
    for (line, size) in lines.into_iter().zip(sizes) {
        push(&mut page, line, size, bold_from * size);
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
fn words(table: &str, page: u32, scale: f32, picture: Option<&Picture<'_>>) -> Vec<Word> {
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
            let number = |cell: &str| cell.parse::<u16>().ok().map(usize::from);
            let dots = [number(left)?, number(top)?, number(width)?, number(height)?];
            let [left, top, width, height] = dots.map(|dots| dots as f32 / scale);
            Some(Word {
                page,
                bbox: BoundingBox::new(left, top, left + width, top + height),
                stroke: (picture.and_then(|picture| picture.stroke(dots))).map(|dots| dots / scale),
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

/// How far a word's letters go up and down from the line they stand on, as parts of their size.
fn reach(word: &str) -> (f32, f32) {
    let up = |c: char| {
        if c.is_uppercase() && !c.is_ascii() {
            ASCENT + ACCENT
        } else if c.is_uppercase()
            || c.is_ascii_digit()
            || "bdfhijklt\u{e9}\u{e8}\u{ea}\u{ee}\u{f4}'()".contains(c)
        {
            ASCENT
        } else {
            X_HEIGHT
        }
    };
    let up = word.chars().map(up).fold(X_HEIGHT, f32::max);
    let down = word.chars().any(|c| "gjpqy\u{e7}\u{c7}Q,;()".contains(c));
    (up, if down { DESCENT } else { 0.0 })
}

fn extent(line: &[Word]) -> BoundingBox {
    let boxes = line.iter().map(|word| word.bbox);
    boxes
        .reduce(|all, next| all.union(&next))
        .unwrap_or_default()
}

/// The size of a line's letters, from how high its words are.
fn size(line: &[Word]) -> f32 {
    let is_word = |word: &&Word| word.text.chars().any(char::is_alphanumeric);
    let sizes = line.iter().filter(is_word).map(|word| {
        let (up, down) = reach(&word.text);
        word.bbox.height() / (up + down)
    });
    let of_all = || extent(line).height() / (ASCENT + DESCENT);
    median(sizes.collect()).unwrap_or_else(of_all).max(1.0)
}

fn median(mut numbers: Vec<f32>) -> Option<f32> {
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}

/// Sizes that are about equal made equal: first those about the one that most of a page is set in, then those about the one that most others are.
fn alike(sizes: &[f32]) -> Vec<f32> {
    let mut alike: Vec<Option<f32>> = vec![None; sizes.len()];
    loop {
        let left = (sizes.iter().zip(&alike)).filter(|(_, alike)| alike.is_none());
        let Some(usual) = median(left.map(|(size, _)| *size).collect()) else {
            break;
        };
        for (size, alike) in sizes.iter().zip(&mut alike) {
            if alike.is_none() && (size - usual).abs() <= usual * SAME_SIZE {
                *alike = Some(usual);
            }
        }
    }
    alike.into_iter().map(Option::unwrap_or_default).collect()
}

/// Adds a line to a page: each word's letters share its box, and a space fills the gap to the next. Strokes from `bold_from` on are bold; what is too short to
/// tell is as the word before it.
fn push(page: &mut Page, line: &[Word], size: f32, bold_from: f32) {
    let is_bold = |word: &Word| word.stroke.map(|stroke| stroke >= bold_from);
    let mut bold = line.iter().find_map(is_bold).unwrap_or_default();
    let looks: Vec<bool> = (line.iter())
        .map(|word| {
            bold = is_bold(word).unwrap_or(bold);
            bold
        })
        .collect();
    let down = (line.iter().map(|word| reach(&word.text).1)).fold(0.0, f32::max);
    let baseline = extent(line).y1 - down * size;
    let mut before: Option<f32> = None;
    let mut words = line;
    for run in looks.chunk_by(|a, b| a == b) {
        let (words_of_run, rest) = words.split_at(run.len());
        words = rest;
        let start = n_glyphs(page);
        letters(page, words_of_run, &mut before);
        let style = Style {
            size,
            bold: run.first().copied().unwrap_or_default(),
            ..Style::default()
        };
        let end = n_glyphs(page);
        page.spans.push(TextSpan {
            glyphs: start..end,
            style,
            font: 0,
            baseline,
            top: baseline - ASCENT * size,
            bottom: baseline + DESCENT * size,
            rotation: 0.0,
            invisible: false,
            artifact: false,
            content: None,
        });
    }
}

fn n_glyphs(page: &Page) -> u32 {
    u32::try_from(page.glyphs.len()).unwrap_or(u32::MAX)
}

/// Adds the letters of words; `before` is where the word before them ends.
fn letters(page: &mut Page, words: &[Word], before: &mut Option<f32>) {
    for word in words {
        let BoundingBox { x0, x1, .. } = word.bbox;
        let glyph = |character, x0, x1, begins| Glyph {
            character,
            x0,
            x1,
            origin: UnicodeOrigin::Mapped,
            begins,
        };
        if let Some(end) = *before {
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
        *before = Some(x1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
        1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t\n\
        5\t1\t1\t1\t1\t1\t400\t400\t200\t40\t96.5\tRadio\n\
        5\t1\t1\t1\t1\t2\t620\t400\t260\t52\t91\tRivage\n\
        5\t1\t1\t1\t2\t1\t400\t500\t100\t40\t30\t\u{a0}\n\
        5\t1\t1\t1\t2\t2\t400\t500\t200\t40\t62\tBrest\n";

    #[test]
    fn words_stand_where_they_were_read() {
        let words = words(TABLE, 3, 4.0, None);
        assert_eq!(words.len(), 3);
        assert_eq!(words[1].bbox, BoundingBox::new(155.0, 100.0, 220.0, 113.0));
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

    /// A word of a line at this height, of letters so high, with strokes so wide.
    fn word(text: &str, line: u32, height: f32, stroke: f32, confidence: f32) -> Word {
        let (left, top) = (50.0, 100.0 * line as f32);
        Word {
            page: 1,
            bbox: BoundingBox::new(left, top, left + 40.0, top + height),
            confidence,
            text: text.to_owned(),
            line: [1, 1, line],
            stroke: Some(stroke),
        }
    }

    #[test]
    fn letters_of_wide_strokes_are_bold_and_an_accent_makes_no_larger_size() {
        let words = [
            word("REPERAGE", 1, 7.3, 1.5, 0.9),
            word("REPÉRAGE", 2, 9.3, 1.5, 0.9),
            word("mission", 3, 7.3, 1.0, 0.9),
            word("action", 4, 7.3, 1.0, 0.9),
            word("habitat", 5, 7.3, 1.0, 0.9),
        ];
        let page = page(Page::default(), &words);
        let looks: Vec<(bool, f32)> = (page.spans.iter())
            .map(|span| (span.style.bold, span.style.size.round()))
            .collect();
        let (bold, plain) = ((true, 10.0), (false, 10.0));
        assert_eq!(looks, [bold, bold, plain, plain, plain]);
    }

    #[test]
    fn what_is_large_and_unsure_is_no_word() {
        let words = [
            word("habitat", 1, 7.3, 1.0, 0.3),
            word("action", 2, 7.3, 1.0, 0.9),
            word("mission", 3, 7.3, 1.0, 0.9),
            word("HS", 4, 30.0, 9.0, 0.2),
            word("7", 5, 30.0, 9.0, 0.9),
        ];
        let page = page(Page::default(), &words);
        let firsts: Vec<char> = (page.spans.iter())
            .filter_map(|span| Some(page.glyphs_of(span).first()?.character))
            .collect();
        assert_eq!(firsts, ['h', 'a', 'm', '7']);
    }

    #[test]
    fn strokes_are_as_wide_as_most_runs_of_ink() {
        // Thirty rows of three strokes, two dots wide, on paper of eleven dots; a row of ink is one run.
        let row = [255, 0, 0, 255, 255, 0, 0, 255, 0, 0, 255];
        let mut bytes = b"P5\n11 31\n255\n".to_vec();
        bytes.extend(row.repeat(30));
        bytes.extend([0; 11]);
        let picture = Picture::of(&bytes).expect("it is a picture");
        assert_eq!(picture.stroke([0, 0, 11, 31]), Some(2.0));
        assert_eq!(picture.stroke([0, 0, 11, 5]), None, "too few runs to tell");
        assert!(Picture::of(b"P6 1 1 255\n").is_none());
    }

    #[test]
    fn what_is_no_table_holds_no_words() {
        assert_eq!(words("", 1, 4.0, None), []);
        assert_eq!(
            words("5\t1\t1\n5\t\t\t\t\t\t\t\t\t\t\tx\n", 1, 4.0, None),
            []
        );
    }
}
