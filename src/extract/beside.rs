//! The lines beside the titles of entries: a look comes in whose lines are places, titles below a name, or anything else.

use std::collections::BTreeMap;

use super::draft;
use crate::model::text::Text;
use crate::profile::places;
use crate::segment::{Form, Span, Unit, look};

/// What the lines of one look beside the titles are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Places: some are known, or all could be some.
    Places,
    /// Titles below a name: set in bold.
    Subtitles,
    /// Anything else: what nobody has heard of is no place for standing below a title.
    Others,
}

impl Kind {
    /// Whether a line of this kind is no place.
    pub(super) fn excludes(self, line: &str) -> bool {
        self != Self::Places && places::likeness(line) < places::SURE
    }
}

/// Whether a line holds the name of a known place: « Pays de Fougères », « Quimper et communes proches ».
fn names_place(line: &str) -> bool {
    /// « Saint-Rémy de Provence »
    const LONGEST: usize = 3;
    /// « Bus » and « Y » are places, and words.
    const SHORTEST: usize = 4;
    let sure = |words: &str| words.len() >= SHORTEST && places::likeness(words) >= places::SURE;
    let starts = line
        .match_indices([' ', '\'', '’'])
        .map(|(at, mark)| at + mark.len());
    let mut names = std::iter::once(0)
        .chain(starts)
        .filter_map(|start| line.get(start..))
        .filter(|rest| rest.starts_with(char::is_uppercase));
    names.any(|rest| {
        let ends = rest.match_indices([' ', ',', ')']).map(|(at, _)| at);
        let ends = ends.take(LONGEST).chain([rest.len()]);
        ends.filter_map(|end| rest.get(..end)).any(sure)
    })
}

/// The bold line below a title that is a title, too.
pub(super) fn subtitle(lines: &[Unit], title: &Unit, kinds: &BTreeMap<u32, Kind>) -> Option<Text> {
    let below = lines.iter().skip_while(|unit| !std::ptr::eq(*unit, title));
    let found = (below.skip(1)).find(|unit| kinds.get(&unit.class) == Some(&Kind::Subtitles))?;
    Some(draft::one_line([&found.text]))
}

/// What the lines of each look are that stand in the heads beside the titles.
pub(super) fn kinds(
    units: &[Unit],
    spans: &[Span],
    titles: &[Option<(Text, Option<usize>)>],
) -> BTreeMap<u32, Kind> {
    /// Of two places one is known; of five that are none known, four look like some.
    const KNOWN: f32 = 0.5;
    const COULD: f32 = 0.8;
    /// Fewer entries may have a bold line for anything.
    const REGULAR: f32 = 0.3;
    let mut classes: BTreeMap<u32, Vec<&Unit>> = BTreeMap::new();
    for (span, title) in spans.iter().zip(titles) {
        let own = title.as_ref().and_then(|(_, index)| *index);
        let lines = units.get(span.head.clone()).unwrap_or_default();
        for (index, unit) in span.head.clone().zip(lines) {
            if unit.form == Form::Short && Some(index) != own {
                classes.entry(unit.class).or_default().push(unit);
            }
        }
    }
    let kind = |lines: &[&Unit]| {
        let share = |passes: &dyn Fn(&Unit) -> bool| {
            lines.iter().filter(|unit| passes(unit)).count() as f32 / lines.len() as f32
        };
        let likely = |least: f32| share(&|unit| places::likeness(unit.text.as_str()) >= least);
        let is_title = |unit: &Unit| {
            let string = unit.text.as_str();
            unit.text.dominant_style().bold
                && unit.n_words > 1
                && !unit.repeated
                && !unit.award
                && !string.ends_with(['.', ':', ','])
                && look::find_amount(string).is_none()
        };
        if share(&|unit| names_place(unit.text.as_str())) >= KNOWN
            || likely(places::POSSIBLE) >= COULD
        {
            Kind::Places
        } else if lines.len() > 1
            && lines.len() as f32 >= spans.len() as f32 * REGULAR
            && share(&is_title) >= COULD
        {
            Kind::Subtitles
        } else {
            Kind::Others
        }
    };
    classes
        .iter()
        .map(|(class, lines)| (*class, kind(lines)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_holds_a_known_place_names_one() {
        assert!(names_place("Quimper et communes proches"));
        assert!(names_place("Pays de Fougères"));
        assert!(!names_place("Aider les cantines à commander"));
        assert!(!names_place("A Shelf in Every Bus Stop"));
    }
}
