//! Where entries may start, from one that was shown: what its first lines have, each by itself and together.

use super::find::Spot;
use super::forms;
use crate::model::document::Document;
use crate::profile::{Example, Pattern, Place, Slot, Template};
use crate::segment::candidates::is_place;
use crate::segment::units::Units;

/// Lines above the first value at which an entry may start.
const ABOVE: usize = 4;
/// Templates of one line that are tried: those that say least come first.
const MOST_TEMPLATES: usize = 60;

/// The places that lines around a spot have in common with others.
pub(super) fn places(document: &Document, units: &Units, first: usize) -> Vec<Place> {
    let mut places = Vec::new();
    for index in (first.saturating_sub(ABOVE)..=first).rev() {
        let Some(unit) = units.list.get(index) else {
            continue;
        };
        let signature = units.classes.get(unit.class as usize);
        let styles: Vec<String> = signature.map_or_else(Vec::new, |signature| styles(signature));
        let line = unit.text.as_str().replace('\n', " ");
        let of_style = |style: &String| Place {
            style: Some(style.clone()),
            ..Place::default()
        };
        places.extend(styles.iter().map(of_style));
        let label = unit
            .label
            .as_ref()
            .and_then(|label| Pattern::try_from(label.text.clone()).ok());
        places.extend(label.map(|label| Place {
            label: Some(label),
            ..Place::default()
        }));
        for pattern in patterns(&line)
            .into_iter()
            .filter_map(|text| Pattern::try_from(text).ok())
        {
            let own = Place {
                line: Some(pattern),
                ..Place::default()
            };
            places.extend(styles.first().map(|style| Place {
                style: Some(style.clone()),
                ..own.clone()
            }));
            places.push(own);
        }
        for (number, page) in [(true, false), (false, true)] {
            let own = Place {
                page,
                number,
                ..Place::default()
            };
            if is_place(document, units, index, &own) {
                places.push(own);
            }
        }
    }
    places
}

/// The looks that a line may share with others: all of it, and without what sets single lines apart.
fn styles(signature: &str) -> Vec<String> {
    let whole: Vec<&str> = signature.split_whitespace().collect();
    let formless: Vec<&str> = whole.iter().skip(1).copied().collect();
    let is_apart = |word: &&&str| {
        !matches!(**word, "bold" | "italic" | "CAPS" | "repeated" | "joined")
            && !word.starts_with('#')
            && **word != "0pt"
    };
    let plain: Vec<&str> = formless.iter().filter(is_apart).copied().collect();
    let mut styles = vec![whole.join(" "), formless.join(" "), plain.join(" ")];
    styles.dedup();
    styles.retain(|style| !style.is_empty());
    styles
}

/// What the words of a line may have in common with others: a number left open, how it begins, all of it.
fn patterns(line: &str) -> Vec<String> {
    // A longer line is no sign.
    const LONGEST: usize = 60;
    if line.contains('*') {
        return Vec::new();
    }
    let mut patterns = Vec::new();
    let mut open = String::new();
    for c in line.chars() {
        if c.is_ascii_digit() {
            if !open.ends_with('*') {
                open.push('*');
            }
        } else {
            open.push(c);
        }
    }
    if open.len() <= LONGEST && open.contains(char::is_alphabetic) {
        patterns.push(open);
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    for n in 1..=2 {
        if words.len() > n
            && let Some(first) = words.get(..n)
        {
            patterns.push(format!("{} *", first.join(" ")));
        }
    }
    // « -Le Fournil »: a mark that opens the line.
    if let Some(mark) = line
        .chars()
        .next()
        .filter(|c| !c.is_alphanumeric() && !c.is_whitespace())
    {
        patterns.push(format!("{mark}*"));
    }
    patterns
}

/// What stands around the values of a line: a mark with the word behind it, be it the first of a value (« – Lycée »), or the words right before one.
pub(super) fn windows(line: &str, spots: &[(Slot, Spot)]) -> Vec<Place> {
    const MOST: usize = 24;
    // Bytes: a bracket and a space, not a clause.
    const NEAR: usize = 6;
    let mut patterns: Vec<String> = Vec::new();
    let pieces = forms::placed_pieces(line);
    let is_near = |range: &std::ops::Range<usize>| {
        (spots.iter()).any(|(_, spot)| {
            let (start, end) = (spot.range.start, spot.range.end);
            (range.start <= start && range.end + 2 > start)
                || (range.start <= end + NEAR && range.end >= end)
        })
    };
    for n in 1..=4 {
        for window in pieces.windows(n) {
            let (Some(first), Some(last)) = (window.first(), window.last()) else {
                continue;
            };
            let range = first.start..last.end;
            let text = line.get(range.clone()).unwrap_or_default();
            let bare = text.trim();
            let has_mark = bare.contains(|c: char| {
                !c.is_alphanumeric()
                    && !c.is_whitespace()
                    && !matches!(c, '\'' | '’' | '«' | '»' | '"')
            });
            let is_mark = !bare.contains(char::is_alphanumeric);
            if bare.is_empty()
                || text.contains('*')
                || !is_near(&range)
                || !has_mark && n < 3
                || is_mark && n > 1
            {
                continue;
            }
            let before = if range.start == 0 { "" } else { "*" };
            let behind = if range.end == line.len() { "" } else { "*" };
            patterns.push(format!("{before}{text}{behind}"));
        }
    }
    patterns.dedup();
    patterns.truncate(MOST);
    (patterns.into_iter())
        .filter_map(|pattern| Pattern::try_from(pattern).ok())
        .map(|pattern| Place {
            line: Some(pattern),
            ..Place::default()
        })
        .collect()
}

/// The same places, of lines that look like this one only.
pub(super) fn of_look(units: &Units, index: usize, places: &[Place]) -> Vec<Place> {
    let signature = units
        .list
        .get(index)
        .and_then(|unit| units.classes.get(unit.class as usize));
    let styles = signature.map_or_else(Vec::new, |signature| styles(signature));
    (styles.iter())
        .flat_map(|style| {
            places.iter().map(|place| Place {
                style: Some(style.clone()),
                ..place.clone()
            })
        })
        .collect()
}

/// The places that are put together as the line of a value is.
pub(super) fn forms(line: &str, example: &Example, spots: &[(Slot, Spot)]) -> Vec<Place> {
    let mut parts: Vec<(Slot, std::ops::Range<usize>)> = Vec::new();
    for (slot, spot) in spots {
        let overlaps = parts.iter().any(|(own, range)| {
            own == slot || range.start < spot.range.end && spot.range.start < range.end
        });
        if !overlaps && example.values.contains_key(slot.name()) {
            parts.push((*slot, spot.range.clone()));
        }
    }
    parts.sort_by_key(|(_, range)| range.start);
    let mut templates: Vec<Template> = (forms::templates(line, &parts).into_iter())
        .filter_map(|text| Template::try_from(text).ok())
        .filter(|template| !template.is_whole())
        .collect();
    templates.sort_by_key(|template| template.to_string().len());
    templates.truncate(MOST_TEMPLATES);
    (templates.into_iter())
        .map(|template| Place {
            reads_as: Some(template),
            ..Place::default()
        })
        .collect()
}
