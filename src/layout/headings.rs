//! Which blocks are headings, and of which rank: by how their type differs from the body's.

use crate::model::text::Style;

/// Type this much larger than the body's is a heading's.
const LARGER: f32 = 1.13;
/// Bold type is a heading's when it is no smaller than this part of the body's.
const NOT_SMALLER: f32 = 0.97;
/// Headings are at most this long (characters), and in so many lines.
const LONGEST: usize = 240;
const MOST_LINES: usize = 6;
/// A heading that only its colour shows is short.
const LONGEST_COLORED: usize = 140;
/// A heading that ends like a sentence is at most so long.
const LONGEST_SENTENCE: usize = 60;
/// Sizes within this (points) of each other are one rank: rounding of renderers.
const SAME_SIZE: f32 = 0.4;
/// Ranks beyond this are one.
const LOWEST_RANK: u8 = 6;

/// The type that most of a document is set in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Body {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) color: u32,
}

impl Body {
    /// From styles and how many characters are set in each.
    pub(super) fn of(counts: &[(Style, usize)]) -> Self {
        let mut grouped: Vec<(Style, usize)> = Vec::new();
        for (style, count) in counts {
            match grouped.iter_mut().find(|(other, _)| {
                (other.size - style.size).abs() < 0.3
                    && other.bold == style.bold
                    && other.color == style.color
            }) {
                Some((_, total)) => *total += count,
                None => grouped.push((*style, *count)),
            }
        }
        grouped
            .iter()
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.size.total_cmp(&a.0.size)))
            .map_or(
                Self {
                    size: 10.0,
                    bold: false,
                    color: 0,
                },
                |(style, _)| Self {
                    size: style.size,
                    bold: style.bold,
                    color: style.color,
                },
            )
    }
}

/// What of a block matters for whether it is a heading.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent observations, each named where it is made"
)]
pub(super) struct Candidate<'t> {
    pub(super) text: &'t str,
    /// The one style of all its lines.
    pub(super) style: Style,
    pub(super) n_lines: usize,
    /// Whether it is in a table's cell, and whether others follow it there.
    pub(super) in_cell: bool,
    pub(super) heads_cell: bool,
    /// Whether all of the frame that it stands in is set in its weight.
    pub(super) frame_is_alike: bool,
    pub(super) is_link: bool,
    /// Whether the document has paragraphs of prose in this style.
    pub(super) in_prose: bool,
}

/// Whether a block is a heading.
pub(super) fn is_heading(block: &Candidate<'_>, body: &Body) -> bool {
    let text = block.text.trim();
    let n_characters = text.chars().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let larger = block.style.size >= LARGER * body.size && !block.in_prose;
    if n_characters > LONGEST || block.n_lines > MOST_LINES || block.is_link {
        return false;
    }
    if letters < 3 {
        return false;
    }
    let sentence = text.ends_with(['.', ',', ';']) && !text.ends_with("...") && letters > 3;
    if larger {
        return !sentence || (n_characters <= LONGEST_SENTENCE && !text.ends_with(','));
    }
    let begins =
        text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "«“\"(".contains(c));
    if sentence || !begins || (block.in_cell && !block.heads_cell) || block.frame_is_alike {
        return false;
    }
    let label = text.ends_with(':');
    let gray = is_gray(block.style.color)
        && block.style.color & 0xFF >= LIGHT + (body.color & 0xFF).min(0xFF - LIGHT);
    let bold = block.style.bold && !body.bold && block.style.size >= NOT_SMALLER * body.size;
    if bold && !gray {
        return !label || block.style.size > 1.04 * body.size;
    }
    let colored = !gray && block.style.color != body.color && block.style.size >= body.size - 0.05;
    if colored && !block.style.italic && !label {
        return n_characters <= LONGEST_COLORED && block.n_lines <= 2;
    }
    let capitals = letters >= 6
        && text
            .chars()
            .filter(|c| c.is_alphabetic())
            .all(char::is_uppercase);
    capitals
        && !label
        && block.style.size >= NOT_SMALLER * body.size
        && n_characters <= LONGEST_COLORED
        && !gray
}

/// From this much lighter than the body's on (of 255), gray type stands back.
const LIGHT: u32 = 0x30;

/// Whether a colour has no hue.
fn is_gray(color: u32) -> bool {
    let channel = |shift: u32| (color >> shift) & 0xFF;
    let (red, green, blue) = (channel(16), channel(8), channel(0));
    red.abs_diff(green) < 0x18 && green.abs_diff(blue) < 0x18
}

/// Ranks of heading styles: the largest first, then bold before light, then by colour.
#[derive(Debug, Default)]
pub(super) struct Ranks(Vec<Style>);

impl Ranks {
    pub(super) fn of(mut styles: Vec<Style>) -> Self {
        styles.sort_by(|a, b| {
            b.size
                .total_cmp(&a.size)
                .then(b.bold.cmp(&a.bold))
                .then(a.italic.cmp(&b.italic))
                .then(a.color.cmp(&b.color))
        });
        let mut ranks: Vec<Style> = Vec::new();
        for style in styles {
            if !ranks.iter().any(|rank| same_rank(rank, &style)) {
                ranks.push(style);
            }
        }
        Self(ranks)
    }

    /// From 1.
    pub(super) fn level(&self, style: &Style) -> u8 {
        let rank = self
            .0
            .iter()
            .position(|rank| same_rank(rank, style))
            .unwrap_or(self.0.len());
        u8::try_from(rank + 1)
            .unwrap_or(LOWEST_RANK)
            .min(LOWEST_RANK)
    }
}

/// Colour is no difference of rank by itself: parts of a document are often told apart by colour.
fn same_rank(a: &Style, b: &Style) -> bool {
    (a.size - b.size).abs() < SAME_SIZE && a.bold == b.bold && a.italic == b.italic
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(size: f32, bold: bool, color: u32) -> Style {
        Style {
            size,
            bold,
            color,
            ..Style::default()
        }
    }

    #[track_caller]
    fn check(text: &str, style: Style, expected: bool) {
        let body = Body {
            size: 10.0,
            bold: false,
            color: 0,
        };
        let block = Candidate {
            text,
            style,
            n_lines: 1,
            in_cell: false,
            heads_cell: false,
            frame_is_alike: false,
            is_link: false,
            in_prose: false,
        };
        assert_eq!(is_heading(&block, &body), expected, "{text}");
    }

    #[test]
    fn size_weight_or_colour_make_headings() {
        check("Les lauréats", style(14.0, false, 0), true);
        check(
            "Cuisine mobile – Association Le Fourneau",
            style(10.0, true, 0),
            true,
        );
        check("Cuisine mobile", style(10.0, false, 0x1B_4F72), true);
        check("LE FOURNEAU SOLIDAIRE", style(10.0, false, 0), true);
    }

    #[test]
    fn sentences_labels_and_captions_do_not() {
        check(
            "Trente personnes ont été formées.",
            style(10.0, true, 0),
            false,
        );
        check("Territoire :", style(10.0, true, 0), false);
        check("Inès, 22 ans", style(10.0, true, 0x55_5555), false);
        check("une suite en gras", style(10.0, true, 0), false);
        check("Une ligne de texte", style(10.0, false, 0), false);
    }

    #[test]
    fn ranks_follow_size_then_weight() {
        let ranks = Ranks::of(vec![
            style(12.0, true, 0),
            style(20.0, true, 0),
            style(12.1, true, 0xFF),
            style(12.0, false, 0xFF),
        ]);
        assert_eq!(ranks.level(&style(20.0, true, 0)), 1);
        assert_eq!(ranks.level(&style(12.0, true, 0x33)), 2);
        assert_eq!(ranks.level(&style(12.0, false, 0xFF)), 3);
    }
}
