//! What units look like. In: the text of a unit and its block; out: its form, and the signature by which units are of one class.

use super::{Form, UnitLabel};
use crate::model::document::{Block, BlockLabel, Document, Node};
use crate::model::text::Text;
use crate::profile::{Profile, VOCABULARY, fold};

/// Words of a heading at most: longer ones exist, but are rarer than short sentences without a full stop.
const LONGEST_HEADING: usize = 30;

/// The form of a line by which a profile knows the start of an entry, where it says nothing else, or only a number.
pub(super) fn declared_form(text: &Text, profile: &Profile) -> Option<Form> {
    let place = profile
        .entry
        .starts_with
        .as_ref()
        .filter(|place| place.line.is_some())?;
    let folded = fold(text.as_str());
    if !place.is_line(&folded) {
        None
    } else if place.is_sentinel() {
        Some(Form::Sentinel)
    } else {
        place.is_numbering(&folded).then_some(Form::Number)
    }
}

pub(super) fn form(text: &Text, block: &Block, label: Option<&UnitLabel>) -> Form {
    let string = text.as_str();
    if block.label == BlockLabel::Footnote {
        return Form::Footnote;
    }
    if label.is_some() {
        return Form::Labelled;
    }
    if is_number(string) {
        return Form::Number;
    }
    if block.label != BlockLabel::SectionHeader && is_attribution(string) {
        return Form::Attribution;
    }
    if string.starts_with('(') && string.ends_with(')') && string.matches('(').count() == 1 {
        return Form::Parenthesis;
    }
    if is_heading_like(text, block) {
        Form::Short
    } else {
        Form::Prose
    }
}

/// "1", "n° 12", "Fiche 3", "04"
fn is_number(string: &str) -> bool {
    let folded = fold(string);
    let digits = folded
        .trim_start_matches("fiche")
        .trim_start()
        .trim_start_matches("projet")
        .trim_start()
        .trim_start_matches('n')
        .trim_start_matches(['°', 'º', '#', ' '])
        .trim_end_matches(['.', ')', ' ', '/']);
    !digits.is_empty() && digits.len() <= 3 && digits.chars().all(|c| c.is_ascii_digit())
}

/// A short line of a name and an age: « Yacine, 19 ans », « Marie D., 45 ans, bénéficiaire ».
pub(super) fn is_attribution(string: &str) -> bool {
    // Longer lines tell something else.
    const LONGEST: usize = 80;
    if string.len() > LONGEST
        || !string
            .trim_start_matches(['-', '–', '—', ' '])
            .starts_with(char::is_uppercase)
    {
        return false;
    }
    let Some((name, rest)) = string.split_once(',') else {
        return false;
    };
    let mut words = rest.split_whitespace();
    let age = words
        .next()
        .is_some_and(|word| word.len() <= 2 && word.chars().all(|c| c.is_ascii_digit()));
    age && words
        .next()
        .is_some_and(|word| fold(word).starts_with("ans"))
        && name.split_whitespace().count() <= 4
}

fn is_heading_like(text: &Text, block: &Block) -> bool {
    let string = text.as_str().trim_end();
    let words = string.split_whitespace().count();
    if block.label == BlockLabel::SectionHeader || block.label == BlockLabel::Title {
        return words <= LONGEST_HEADING * 2;
    }
    let sentence = string.ends_with(['.', '!', '?', ';', ':', ','])
        && !string.ends_with("...")
        && !ends_with_abbreviation(string);
    let inner = string
        .get(..string.len().saturating_sub(1))
        .is_some_and(|inner| inner.contains(". ") && words > 12);
    // A long quotation is what somebody says.
    let said = words > 12 && string.starts_with(['«', '“']) && string.ends_with(['»', '”']);
    words <= LONGEST_HEADING && !sentence && !inner && !said && block.label != BlockLabel::Quote
}

/// "R.A.D.A.R.", "S.A.S.", "Inc.", "e. V."
fn ends_with_abbreviation(string: &str) -> bool {
    let mut words = string.rsplit([' ', '\n', '\u{a0}']);
    let (last, before) = (words.next().unwrap_or_default(), words.next());
    let bare = last.trim_end_matches('.');
    let is_initial =
        |word: &str| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let are_initials = is_initial(bare)
        && before.is_some_and(|word| word.strip_suffix('.').is_some_and(is_initial));
    last.matches('.').count() >= 2
        || last.ends_with('.')
            && (are_initials
                || last.starts_with(char::is_uppercase) && VOCABULARY.is_abbreviated(bare))
}

/// Whether every letter is a capital (and there are some).
pub fn is_capitals(string: &str) -> bool {
    let mut letters = string.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(|c| !c.is_lowercase())
}

pub(super) fn signature(
    document: &Document,
    block: &Block,
    text: &Text,
    form: Form,
    further: bool,
) -> String {
    let style = text.dominant_style();
    let place = block
        .node
        .and_then(|node| document.nodes.get(node as usize))
        .map_or_else(String::new, |node| {
            let parent = node
                .parent
                .and_then(|parent| document.nodes.get(parent as usize));
            // Only the first class names the kind of element; further ones tell one card from another.
            let kind = |node: &Node| {
                format!(
                    "{}.{}",
                    node.tag,
                    node.class.split_whitespace().next().unwrap_or_default()
                )
            };
            format!("{}/{}", kind(node), parent.map_or_else(String::new, kind))
        });
    let whole_bold = text
        .ranges_where(|segment| segment.style.bold)
        .iter()
        .map(ExactSizeIterator::len)
        .sum::<usize>()
        * 10
        >= text.len() * 9;
    format!(
        "{:?} {:?} h{} {:.0}pt{}{}{} #{:06x} {}{}{} {place}{}",
        form,
        block.label,
        block.level.unwrap_or(0),
        style.size,
        if whole_bold { " bold" } else { "" },
        if style.italic { " italic" } else { "" },
        if is_capitals(text.as_str()) {
            " CAPS"
        } else {
            ""
        },
        style.color,
        if block.cell.is_some() { "cell " } else { "" },
        if block.boxed.is_some() { "boxed " } else { "" },
        block
            .marker
            .as_ref()
            .map_or_else(String::new, |marker| format!(
                "marker {}",
                marker_kind(marker.as_str())
            )),
        if further { " further" } else { "" },
    )
}

/// Numbers are one kind of marker, whatever their value.
fn marker_kind(marker: &str) -> String {
    marker
        .chars()
        .map(|c| if c.is_ascii_digit() { '1' } else { c })
        .collect::<String>()
        .replace("11", "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_and_legal_forms_end_no_sentence() {
        assert!(ends_with_abbreviation("Naturschutzjugend Hof e. V."));
        assert!(ends_with_abbreviation("Harbor Transitions, Inc."));
        assert!(!ends_with_abbreviation("Une forêt en ville."));
    }
}
