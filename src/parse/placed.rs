//! Text of packed formats, which have neither pages nor bytes to point at. In: the characters of a cell or paragraph as shown, and its place; out: grounded
//! text, white space collapsed, that knows the character of the place at which each of its own was read.

use crate::model::document::Link;
use crate::model::evidence::Join;
use crate::model::text::{Source, Style, Text};

use super::writer::{Kind, Linked, kind};

/// Writes the text of one place, run by run.
#[derive(Debug)]
pub(super) struct PlacedWriter {
    place: u32,
    /// Characters of the place that were pushed.
    n_read: u32,
    text: Text,
    links: Vec<Link>,
    /// White space that will be written when a character follows: its characters.
    space: Option<(u32, u32)>,
    break_pending: bool,
    style: Style,
}

impl PlacedWriter {
    pub(super) fn new(place: u32) -> Self {
        Self {
            place,
            n_read: 0,
            text: Text::new(),
            links: Vec::new(),
            space: None,
            break_pending: false,
            style: Style::default(),
        }
    }

    /// Writes a run of characters; line feeds in it are breaks that the author made.
    pub(super) fn push(&mut self, run: &str, style: Style) {
        self.style = style;
        // Characters from `first` on that stand one for one for those of the place.
        let mut shown = String::new();
        let mut first = self.n_read;
        let mut characters = run.chars().peekable();
        while let Some(character) = characters.next() {
            let at = self.n_read;
            self.n_read = self.n_read.saturating_add(1);
            let what = kind(character);
            if what == Kind::Visible && self.space.is_none() && !self.break_pending {
                if shown.is_empty() {
                    first = at;
                }
                shown.push(character);
                continue;
            }
            // Lone white space between two shown characters is part of the run: the common case.
            let is_lone = matches!(what, Kind::Space | Kind::OtherSpace)
                && !is_line_end(character)
                && !shown.is_empty()
                && (characters.peek()).is_some_and(|next| kind(*next) == Kind::Visible);
            if is_lone {
                shown.push(' ');
                continue;
            }
            self.write(&mut shown, first);
            match what {
                Kind::Dropped => {}
                _ if is_line_end(character) => {
                    self.space = None;
                    self.break_pending = true;
                }
                Kind::Visible => {
                    self.settle();
                    first = at;
                    shown.push(character);
                }
                Kind::Space | Kind::OtherSpace => {
                    let start = self.space.map_or(at, |(start, _)| start);
                    self.space = Some((start, at + 1));
                }
            }
        }
        self.write(&mut shown, first);
    }

    /// Where the next character will stand in the text so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What was written from `start` on leads to `target`.
    pub(super) fn link_from(&mut self, start: usize, target: &str) {
        let range = start.min(self.text.len())..self.text.len();
        if !range.is_empty() && !target.is_empty() {
            self.links.push(Link {
                range,
                target: target.to_owned(),
            });
        }
    }

    /// The text, without white space at either end.
    pub(super) fn take(self) -> Linked {
        let linked = Linked {
            text: self.text,
            links: self.links,
        };
        linked.slice(0..linked.text.len())
    }

    /// Writes the white space or break before a character.
    fn settle(&mut self) {
        let space = self.space.take();
        let is_break = std::mem::take(&mut self.break_pending);
        if self.text.is_empty() {
            return;
        }
        if is_break {
            self.text.push_joint(Join::Newline);
        } else if let Some((start, end)) = space {
            let place = self.place;
            let source = Source::Place { place, start, end };
            self.text.push(" ", source, self.style);
        }
    }

    fn write(&mut self, shown: &mut String, first: u32) {
        if shown.is_empty() {
            return;
        }
        let length = u32::try_from(shown.chars().count()).unwrap_or(u32::MAX);
        let source = Source::Place {
            place: self.place,
            start: first,
            end: first.saturating_add(length),
        };
        self.text.push(shown, source, self.style);
        shown.clear();
    }
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\x0b')
}

/// The text of a place in one run.
pub(super) fn placed(characters: &str, place: u32, style: Style) -> Linked {
    let mut writer = PlacedWriter::new(place);
    writer.push(characters, style);
    writer.take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str, characters: &[[u32; 2]]) {
        let text = placed(source, 0, Style::default()).text;
        assert_eq!(text.as_str(), expected);
        let found: Vec<[u32; 2]> = text
            .evidence(&())
            .iter()
            .filter_map(|piece| piece.characters)
            .collect();
        assert_eq!(found, characters);
    }

    #[test]
    fn characters_keep_their_place() {
        check("  été\u{a0}: un  toit ", "été : un toit", &[[2, 16]]);
        check("Lens\nLiévin", "Lens\nLiévin", &[[0, 4], [5, 11]]);
        check("lau\u{ad}réat", "lauréat", &[[0, 3], [4, 8]]);
    }

    #[test]
    fn a_slice_points_at_its_own_characters() {
        let text = placed("Été  à Lens", 0, Style::default()).text;
        let slice = text.slice(text.as_str().find("à").unwrap()..text.len());
        assert_eq!(slice.as_str(), "à Lens");
        let evidence = slice.evidence(&());
        assert_eq!(evidence.len(), 1);
        assert_eq!(evidence[0].characters, Some([5, 11]));
    }
}
