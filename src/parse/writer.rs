//! The one way in which markup parsers make a grounded `Text`: characters go in as ranges of the decoded file, white space comes out collapsed.

use std::ops::Range;

use crate::model::document::{Block, BlockLabel, Link};
use crate::model::evidence::Join;
use crate::model::text::{Source, Style, Text};

use super::encoding::Decoded;

/// Where the lines of a text begin.
#[derive(Debug)]
pub(super) struct LineIndex(Vec<usize>);

impl LineIndex {
    /// The lines of `text`, ended by a line feed, a carriage return, or both.
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (position, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(position + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(position + 1);
            }
        }
        Self(starts)
    }

    /// The line, from 1, that a byte stands in.
    pub(super) fn line_of(&self, position: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= position)).unwrap_or(u32::MAX)
    }

    /// First byte of each line.
    pub(super) fn starts(&self) -> &[usize] {
        &self.0
    }
}

/// Text with its hyperlinks.
#[derive(Clone, Debug, Default)]
pub(super) struct Linked {
    pub(super) text: Text,
    pub(super) links: Vec<Link>,
}

impl Linked {
    /// The part between two byte offsets, trimmed, with the links that reach into it.
    pub(super) fn slice(&self, range: Range<usize>) -> Self {
        let string = self.text.as_str().get(range.clone()).unwrap_or_default();
        let start = range.start + (string.len() - string.trim_start().len());
        let end = start + string.trim().len();
        Self {
            text: self.text.slice(start..end),
            links: self
                .links
                .iter()
                .skip(self.links.partition_point(|link| link.range.end <= start))
                .take_while(|link| link.range.start < end)
                .map(|link| Link {
                    range: link.range.start.max(start) - start..link.range.end.min(end) - start,
                    target: link.target.clone(),
                })
                .collect(),
        }
    }

    /// A body block of this text.
    pub(super) fn into_block(self, label: BlockLabel) -> Block {
        let mut block = Block::new(label, self.text);
        block.links = self.links;
        block
    }
}

/// What a character is to white-space collapsing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shown.
    Visible,
    /// A plain space.
    Space,
    /// Any other white space: becomes a space.
    OtherSpace,
    /// Not shown: soft hyphens, zero-width characters, controls.
    Dropped,
}

pub(super) fn kind(character: char) -> Kind {
    match character {
        ' ' => Kind::Space,
        '\t' | '\n' | '\x0b' | '\x0c' | '\r' => Kind::OtherSpace,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}' => Kind::Dropped,
        _ if character.is_whitespace() => Kind::OtherSpace,
        _ if character.is_control() => Kind::Dropped,
        _ => Kind::Visible,
    }
}

/// White space that will be written when a character follows.
#[derive(Debug)]
struct PendingSpace {
    range: Range<usize>,
    is_plain: bool,
    node: Option<u32>,
    style: Style,
}

/// Writes one block's text.
#[derive(Debug)]
pub(super) struct TextWriter<'a> {
    decoded: &'a Decoded,
    /// For formats whose evidence names lines.
    lines: Option<&'a LineIndex>,
    text: Text,
    links: Vec<Link>,
    space: Option<PendingSpace>,
    break_pending: bool,
    /// The open link: where its text starts, once there is any.
    link: Option<(Option<usize>, String)>,
}

impl<'a> TextWriter<'a> {
    pub(super) fn new(decoded: &'a Decoded, lines: Option<&'a LineIndex>) -> Self {
        Self {
            decoded,
            lines,
            text: Text::new(),
            links: Vec::new(),
            space: None,
            break_pending: false,
            link: None,
        }
    }

    /// Whether nothing visible was written since the last break.
    pub(super) fn is_at_break(&self) -> bool {
        self.break_pending
    }

    /// Writes the characters of the decoded text in `range`.
    pub(super) fn push(&mut self, range: Range<usize>, style: Style, node: Option<u32>) {
        let decoded = self.decoded;
        let Some(string) = decoded.text().get(range.clone()) else {
            return;
        };
        let mut visible = range.start..range.start;
        let mut characters = string.char_indices().peekable();
        while let Some((offset, character)) = characters.next() {
            let at = range.start + offset..range.start + offset + character.len_utf8();
            match kind(character) {
                Kind::Visible => visible.end = at.end,
                // A lone space between two shown characters is part of the run: the common case.
                Kind::Space
                    if visible.end == at.start
                        && !visible.is_empty()
                        && characters
                            .peek()
                            .is_some_and(|(_, next)| kind(*next) == Kind::Visible) =>
                {
                    visible.end = at.end;
                }
                other => {
                    self.write(visible, style, node);
                    visible = at.end..at.end;
                    if other != Kind::Dropped {
                        self.push_space(at, other == Kind::Space, style, node);
                    }
                }
            }
        }
        self.write(visible, style, node);
    }

    /// Writes characters that stand for the whole of `range`: an entity.
    pub(super) fn push_as(
        &mut self,
        characters: &str,
        range: &Range<usize>,
        style: Style,
        node: Option<u32>,
    ) {
        let is_space = |c: char| matches!(kind(c), Kind::Space | Kind::OtherSpace);
        let kept: String = characters
            .chars()
            .filter(|c| kind(*c) != Kind::Dropped)
            .collect();
        if kept.starts_with(is_space) {
            self.push_space(range.clone(), false, style, node);
        }
        let words: Vec<&str> = kept
            .split(is_space)
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return;
        }
        self.settle();
        let file = self.decoded.file_range(range);
        let source = self.span(&file, range.start, node);
        self.text.push(&words.join(" "), source, style);
        if kept.ends_with(is_space) {
            self.push_space(range.clone(), false, style, node);
        }
    }

    /// A break that the author made; several in a row are one.
    pub(super) fn push_break(&mut self) {
        self.space = None;
        self.break_pending = true;
    }

    /// What follows, up to `close_link`, leads to `target`.
    pub(super) fn open_link(&mut self, target: String) {
        self.close_link();
        self.link = Some((None, target));
    }

    /// Ends the link.
    pub(super) fn close_link(&mut self) {
        if let Some((Some(start), target)) = self.link.take() {
            let range = start..self.text.len();
            if !range.is_empty() && !target.is_empty() {
                self.links.push(Link { range, target });
            }
        }
    }

    /// The text, without white space at either end; the writer is as new, but for a link that stays open.
    pub(super) fn take(&mut self) -> Linked {
        let target = self.link.as_ref().map(|(_, target)| target.clone());
        self.close_link();
        self.link = target.map(|target| (None, target));
        self.space = None;
        self.break_pending = false;
        Linked {
            text: std::mem::take(&mut self.text),
            links: std::mem::take(&mut self.links),
        }
    }

    fn push_space(&mut self, range: Range<usize>, is_plain: bool, style: Style, node: Option<u32>) {
        match &mut self.space {
            Some(space) if space.range.end == range.start && space.node == node => {
                space.range.end = range.end;
                space.is_plain = false;
            }
            Some(_) => {}
            None => {
                self.space = Some(PendingSpace {
                    range,
                    is_plain,
                    node,
                    style,
                });
            }
        }
    }

    /// Writes what stands between the text so far and the character that comes.
    fn settle(&mut self) {
        let space = self.space.take();
        if std::mem::take(&mut self.break_pending) {
            if !self.text.is_empty() {
                self.text.push_joint(Join::Newline);
            }
        } else if let Some(space) = space.filter(|_| !self.text.is_empty()) {
            let file = self.decoded.file_range(&space.range);
            let is_exact = space.is_plain && file.len() == space.range.len();
            let source = if is_exact {
                self.exact(file.start, space.range.start, space.node)
            } else {
                self.span(&file, space.range.start, space.node)
            };
            self.text.push(" ", source, space.style);
        }
        if let Some((start @ None, _)) = &mut self.link {
            *start = Some(self.text.len());
        }
    }

    fn write(&mut self, range: Range<usize>, style: Style, node: Option<u32>) {
        if range.is_empty() {
            return;
        }
        self.settle();
        let decoded = self.decoded;
        decoded.pieces(&range, |piece| {
            let Some(characters) = decoded.text().get(piece.text.clone()) else {
                return;
            };
            let source = if piece.exact {
                self.exact(piece.file.start, piece.text.start, node)
            } else {
                self.span(&piece.file, piece.text.start, node)
            };
            self.text.push(characters, source, style);
        });
    }

    fn exact(&self, start: usize, text: usize, node: Option<u32>) -> Source {
        Source::Exact {
            start: offset(start),
            line: self.line(text),
            node,
        }
    }

    fn span(&self, file: &Range<usize>, text: usize, node: Option<u32>) -> Source {
        Source::Span {
            start: offset(file.start),
            end: offset(file.end),
            line: self.line(text),
            node,
        }
    }

    fn line(&self, text: usize) -> u32 {
        self.lines.map_or(0, |lines| lines.line_of(text))
    }
}

/// Evidence counts bytes in 32 bits; ingest refuses larger files.
fn offset(position: usize) -> u32 {
    u32::try_from(position).expect("a file is shorter than 4 GiB, which ingest ensures")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::encoding::decode;

    #[track_caller]
    fn check(source: &str, expected: &str, spans: &[[u32; 2]]) {
        let decoded = decode(source.as_bytes());
        let lines = LineIndex::new(decoded.text());
        let mut writer = TextWriter::new(&decoded, Some(&lines));
        writer.push(0..decoded.text().len(), Style::default(), None);
        let text = writer.take().text;
        assert_eq!(text.as_str(), expected);
        let found: Vec<[u32; 2]> = text
            .evidence(&())
            .iter()
            .filter_map(|piece| piece.span)
            .collect();
        assert_eq!(found, spans);
    }

    #[test]
    fn white_space_collapses_and_is_grounded() {
        check("  un  toit ", "un toit", &[[2, 10]]);
        check("l’été\u{a0}: « 3 »", "l’été : « 3 »", &[[0, 20]]);
        check("12\u{202f}000\u{2009}€", "12 000 €", &[[0, 14]]);
    }

    #[test]
    fn soft_hyphens_and_zero_width_characters_are_left_out() {
        check("lau\u{ad}réat\u{200b}", "lauréat", &[[0, 3], [5, 10]]);
    }

    #[test]
    fn a_line_feed_is_white_space_and_lines_are_told_apart() {
        check("un\ntoit", "un toit", &[[0, 3], [3, 7]]);
    }

    #[test]
    fn links_keep_their_place() {
        let source = "voir le site ici";
        let decoded = decode(source.as_bytes());
        let mut writer = TextWriter::new(&decoded, None);
        writer.push(0..5, Style::default(), None);
        writer.open_link("https://exemple.fr".to_owned());
        writer.push(5..13, Style::default(), None);
        writer.close_link();
        writer.push(13..16, Style::default(), None);
        let linked = writer.take();
        assert_eq!(linked.links[0].range, 5..12);
        assert_eq!(linked.slice(8..16).links[0].range, 0..4);
    }
}
