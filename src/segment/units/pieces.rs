//! Where blocks are cut into units. In: blocks; out: byte ranges of their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::forms::is_attribution;
use super::{Outline, is_bold_label, line_label, skip_space};
use crate::model::document::{Block, Document};
use crate::model::evidence::Join;
use crate::model::text::{Source, Text};
use crate::profile::{Lexicon, Place, Profile, fold};
use crate::segment::sentences::Piece;
use crate::segment::{line, look};

/// The blocks whose lines are records by themselves.
pub(super) fn lists(document: &Document) -> BTreeSet<usize> {
    let blocks: Vec<(usize, Vec<Text>)> = document
        .blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.is_body() && block.text.as_str().contains('\n'))
        .map(|(index, block)| (index, block.text.lines()))
        .collect();
    line::lists(&blocks)
}

/// The lines of the blocks that have several, where nothing says that they are broken only to fit a width: a page saved as text keeps the lines of its
/// records together. Nothing for pages that are laid out, whose paragraphs layout puts together.
pub fn lines(outline: &Outline<'_>) -> BTreeMap<usize, Vec<Piece>> {
    let blocks = outline.document.blocks.iter().enumerate();
    let broken: Vec<(usize, &Block)> = blocks
        .filter(|(index, block)| {
            let text = &block.text;
            block.is_body()
                && block.cell.is_none()
                && !outline.lists.contains(index)
                && text.as_str().contains('\n')
                && text.page().is_none()
        })
        .collect();
    let is_filled = filled(broken.iter().map(|(_, block)| block.text.as_str()));
    let cut = |(index, block): (usize, &Block)| {
        let string = block.text.as_str();
        let ranges = pieces(&block.text, outline.lexicon, outline.profile, true);
        let mut kept: Vec<Piece> = Vec::new();
        for range in ranges {
            // A line that fills its width goes on in the next.
            let before = string.get(..range.start).unwrap_or_default();
            let rest = string.get(range.start..).unwrap_or_default();
            match kept.last_mut() {
                Some(last) if before.ends_with('\n') && is_filled(before, rest) => {
                    last.range.end = range.end;
                }
                _ => kept.push(Piece {
                    further: range.start > 0,
                    ..Piece::from(range)
                }),
            }
        }
        (kept.len() > 1).then_some((index, kept))
    };
    broken.iter().copied().filter_map(cut).collect()
}

/// Whether the last line of a text is as long as lines become where a text is broken to fit a width, so that the first word of the rest had no room.
/// No line is, where most lines of several are shorter: then each was broken for what it says.
fn filled<'t>(texts: impl Iterator<Item = &'t str>) -> impl Fn(&str, &str) -> bool {
    // Words are of different lengths; narrower texts are lists.
    const NEARLY: f32 = 0.85;
    const NARROWEST: usize = 50;
    let length = |line: &str| line.chars().count();
    let mut lines: Vec<(usize, usize)> = Vec::new();
    for text in texts {
        let all: Vec<&str> = text.split('\n').collect();
        lines.extend(all.windows(2).filter_map(|pair| {
            let (line, next) = (pair.first()?, pair.get(1)?);
            let word = next.split_whitespace().next().unwrap_or_default();
            Some((length(line), length(word)))
        }));
    }
    let widest = lines.iter().map(|(line, _)| *line).max().unwrap_or(0);
    let least = widest as f32 * NEARLY;
    let full = move |line: usize, word: usize| (line + 1 + word) as f32 > least;
    let n_full = lines
        .iter()
        .filter(|(line, word)| full(*line, *word))
        .count();
    let is_wrapped = widest >= NARROWEST && n_full * 2 > lines.len();
    move |before, rest| {
        let line = before
            .trim_end_matches('\n')
            .rsplit('\n')
            .next()
            .unwrap_or_default();
        let word = rest.split_whitespace().next().unwrap_or_default();
        is_wrapped && full(length(line), length(word))
    }
}

/// Byte ranges of a block's text that are units: cut before each line that begins with a label, and before every line of a `list`.
pub(super) fn pieces(
    text: &Text,
    lexicon: &Lexicon,
    profile: Option<&Profile>,
    list: bool,
) -> Vec<Range<usize>> {
    let string = text.as_str();
    let mut cuts = vec![0];
    let mut answered = string.contains('\n')
        && text
            .lines()
            .first()
            .is_some_and(|line| is_answered(line, lexicon));
    let mut apart = string.contains('\n')
        && profile.is_some_and(|profile| {
            is_set_apart(string.split('\n').next().unwrap_or_default(), profile)
        });
    for (index, _) in string.match_indices('\n') {
        let line_end = string
            .get(index + 1..)
            .and_then(|rest| rest.find('\n'))
            .map_or(string.len(), |length| index + 1 + length);
        let line = text.slice(index + 1..line_end);
        // A line that ends with a dash is not over: « Association X – / Projet « Y » » is one heading.
        let unfinished = string
            .get(..index)
            .is_some_and(|before| before.trim_end().ends_with(['–', '—', '-', ',']));
        let labelled = line_label(&line, lexicon).is_some()
            || is_bold_label(&line)
            || lexicon.is_certain(line.as_str());
        let own = profile.is_some_and(|profile| is_set_apart(line.as_str(), profile));
        // A short value is not gone on with by a sentence.
        let told = answered && is_sentence(line.as_str());
        if list
            || !unfinished && (labelled || told)
            || is_attribution(line.as_str())
            || own
            || apart
        {
            cuts.push(index + 1);
        }
        answered = is_answered(&line, lexicon);
        apart = own;
    }
    // What follows a labelled first line and is head-like stays with it; a head before a labelled line is its own unit.
    let lines = cuts.clone();
    for (number, start) in lines.iter().enumerate() {
        let end = lines.get(number + 1).copied().unwrap_or(string.len());
        let line_end = string
            .get(*start..end)
            .and_then(|line| line.find('\n'))
            .map_or(end, |length| start + length);
        let inner = run_in_labels(&text.slice(*start..line_end), lexicon);
        // After labels in a row, a new line is a new text.
        if !inner.is_empty() && line_end < end {
            cuts.push(line_end + 1);
        }
        cuts.extend(inner.into_iter().map(|at| start + at));
    }
    cuts.extend(behind_sums(text));
    cuts.sort_unstable();
    cuts.dedup();
    cuts.push(string.len());
    cuts.windows(2)
        .filter_map(|pair| Some(*pair.first()?..*pair.get(1)?))
        .collect()
}

/// Where lines begin behind others that end with a sum, where several do: « Ligue des rivières et des / étangs … 75 € / Club de tarot … 80 € », which a page
/// sets as a list, and whose lines are as close as those of a paragraph.
fn behind_sums(text: &Text) -> Vec<usize> {
    let string = text.as_str();
    if text.page().is_none() || look::find_amount(string).is_none() {
        return Vec::new();
    }
    let ends: BTreeSet<usize> = look::AMOUNT
        .find_iter(string)
        .map(|sum| sum.start() + sum.as_str().trim_end().len())
        .collect();
    let cuts: Vec<usize> = text
        .segments()
        .iter()
        .filter(|segment| matches!(segment.source, Source::Joint(Join::Space)))
        .filter(|segment| ends.contains(&(segment.start as usize)))
        .map(|segment| segment.end as usize)
        .collect();
    let closes = ends.contains(&string.trim_end().len());
    if cuts.len() + usize::from(closes) > 1 {
        cuts
    } else {
        Vec::new()
    }
}

/// Without the dash or bar that parts a unit from the next in the same line.
pub(super) fn without_end_mark(text: Text, more: bool) -> Text {
    let bare = text
        .as_str()
        .trim_end_matches([' ', '–', '—', '|', '•', '·', '/'])
        .len();
    let spaced = bare < text.len()
        && text
            .as_str()
            .get(bare..)
            .is_some_and(|end| end.starts_with(' '));
    if more && spaced && text.as_str().contains(':') {
        text.slice(0..bare)
    } else {
        text
    }
}

/// Where further labels begin in a line that begins with one: « Porteur : X – Lieu : Y ». Each has a colon, and a mark or a bold run before it.
fn run_in_labels(line: &Text, lexicon: &Lexicon) -> Vec<usize> {
    // Longer words are no label.
    const LONGEST: usize = 50;
    const WIDEST_MARK: usize = '—'.len_utf8();
    let string = line.as_str();
    if string.matches(':').count() < 2 || line_label(line, lexicon).is_none() {
        return Vec::new();
    }
    let bold: Vec<usize> = line
        .ranges_where(|segment| segment.style.bold)
        .iter()
        .map(|range| range.start)
        .collect();
    let mut found = Vec::new();
    for (colon, _) in string.match_indices(':').skip(1) {
        let from = string.ceil_char_boundary(colon.saturating_sub(LONGEST + WIDEST_MARK));
        let Some(before) = string.get(from..colon) else {
            continue;
        };
        // The nearest mark behind which the words are a label.
        let bold = bold
            .get(bold.partition_point(|start| *start < from)..)
            .unwrap_or_default();
        let marks = before
            .char_indices()
            .filter(|(_, c)| matches!(c, '–' | '—' | '-' | '|' | ';' | '.' | ',' | '/' | '•' | '·'))
            .map(|(index, c)| from + index + c.len_utf8())
            .chain(bold.iter().copied().take_while(|start| *start < colon))
            .filter(|start| *start > 0 && colon - start <= LONGEST);
        let label = marks
            .filter(|start| {
                string
                    .get(*start..colon)
                    .is_some_and(|words| lexicon.field(words.trim()).is_some())
            })
            .min();
        if let Some(start) = label {
            found.push(skip_space(string, start));
        }
    }
    found
}

/// Whether a line is a label with its short value.
fn is_answered(line: &Text, lexicon: &Lexicon) -> bool {
    line_label(line, lexicon).is_some_and(|label| label.field.is_short() && !label.value.is_empty())
}

fn is_sentence(line: &str) -> bool {
    const SHORTEST: usize = 6;
    line.trim_end().ends_with('.')
        && line.starts_with(char::is_uppercase)
        && line.split_whitespace().count() >= SHORTEST
}

/// Whether a profile knows a line by its words: it is a unit of its own.
fn is_set_apart(line: &str, profile: &Profile) -> bool {
    let mut places = profile
        .entry
        .starts_with
        .iter()
        .chain(profile.context.rules().map(|(_, place)| place))
        .filter(|place| place.is_of_words())
        .peekable();
    if places.peek().is_none() && profile.furniture.is_empty() {
        return false;
    }
    let folded = fold(line);
    let is_own = |place: &Place| {
        place.line.as_ref().is_none_or(|_| place.is_line(&folded)) && place.reads(line)
    };
    places.any(is_own) || profile.furniture.iter().any(|line| line.is(&folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_fills_the_width_goes_on() {
        let wrapped = "Les premiers mois, la maison n’ouvrait que le mardi, et personne ne\nvenait ; on y fait la queue depuis que la radio en a parlé deux fois\nen un an.";
        let list = "Ludo 59 / Nord\nDes jeux avant la piqûre, et des blouses de héros pour les petits patients.\nMontant : 500 €";
        let is_filled = filled([wrapped].into_iter());
        assert!(is_filled(
            "Les premiers mois, la maison n’ouvrait que le mardi, et personne ne\n",
            "venait ; on y fait"
        ));
        let is_filled = filled([list].into_iter());
        assert!(!is_filled("Ludo 59 / Nord\n", "Des jeux avant la piqûre"));
        assert!(!is_filled(
            "Des jeux avant la piqûre, et des blouses de héros pour les petits patients.\n",
            "Montant"
        ));
    }
}
