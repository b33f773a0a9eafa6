//! Paragraphs of prose cut finer: into sentences, items of a list within a sentence, and records run on, where they tell of laureates one by one.
//!
//! The units as laid out come in; for each block that is cut, its pieces go out, each with what it tells (see `told`). Where nothing is told, nothing is
//! cut. Cost is linear in the text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::columns::Line;
use super::enumerations;
use super::look::find_amount;
use super::parts;
use super::told::{self, Start, Told, Way};
use super::units::{Form, Unit, Units};
use crate::model::text::Text;

/// A stretch of a block's text that is to be a unit.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its bytes in the block's text.
    pub range: Range<usize>,
    /// What it tells.
    pub told: Option<Told>,
    /// It is a line that goes on in its block.
    pub further: bool,
}

impl From<Range<usize>> for Piece {
    fn from(range: Range<usize>) -> Self {
        Self {
            range,
            told: None,
            further: false,
        }
    }
}

/// A mark outside parentheses and quotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Comma,
    Semicolon,
    Colon,
    Dash,
    /// The end of a sentence.
    Stop,
    /// The beginning of a quotation, which is skipped.
    Quote,
}

/// The marks of a text, in order.
#[derive(Debug)]
pub(super) struct Scan {
    pub marks: Vec<(usize, Mark)>,
}

impl Scan {
    /// Finds the marks of a text from a byte on.
    pub(super) fn of(string: &str, from: usize) -> Self {
        // Longer ones are not closed.
        const LONGEST: usize = 400;
        let mut marks = Vec::new();
        let mut at = from;
        while let Some(c) = string.get(at..).and_then(|rest| rest.chars().next()) {
            let width = c.len_utf8();
            let after = string.get(at + width..).unwrap_or_default();
            let before = string.get(..at).unwrap_or_default();
            let closing: &[char] = match c {
                '(' => &[')'],
                '[' => &[']'],
                '«' => &['»'],
                '“' => &['”'],
                '"' => &['"'],
                _ => &[],
            };
            if !closing.is_empty() {
                if c != '(' && c != '[' {
                    marks.push((at, Mark::Quote));
                }
                let near = after
                    .get(..after.floor_char_boundary(LONGEST))
                    .unwrap_or(after);
                if let Some(close) = near.find(closing) {
                    let end = at + width + close;
                    // A full stop within closes the sentence with its quotation.
                    let last = string.get(..end).unwrap_or_default().trim_end();
                    at = end
                        + string
                            .get(end..)
                            .and_then(|rest| rest.chars().next())
                            .map_or(0, char::len_utf8);
                    let rest = string.get(at..).unwrap_or_default();
                    if last.ends_with(['.', '!', '?'])
                        && rest.trim_start().starts_with(char::is_uppercase)
                        && rest.starts_with([' ', '\n'])
                    {
                        marks.push((at, Mark::Stop));
                    }
                    continue;
                }
            }
            let spaced = before.ends_with([' ', '\u{a0}', '\n']);
            let mark = match c {
                ',' if after.starts_with([' ', '\n', '\u{a0}']) => Some(Mark::Comma),
                ';' => Some(Mark::Semicolon),
                ':' if spaced || after.starts_with([' ', '\n', '\u{a0}']) => Some(Mark::Colon),
                '–' | '—' | '-' if spaced && after.starts_with([' ', '\u{a0}']) => {
                    Some(Mark::Dash)
                }
                '.' | '!' | '?' | '…' if ends_sentence(before, after) => Some(Mark::Stop),
                _ => None,
            };
            marks.extend(mark.map(|mark| (at, mark)));
            at += width;
        }
        Self { marks }
    }
}

/// Whether a sentence ends between two texts: as `parts` has it, or behind a sum or a number.
fn ends_sentence(before: &str, after: &str) -> bool {
    parts::is_end(before, after)
        || before.ends_with(['€', '$', '£', '%'])
            && after.starts_with([' ', '\n'])
            && after.trim_start().starts_with(char::is_uppercase)
}

/// The sentences of a stretch of a text.
fn sentences(string: &str, scan: &Scan) -> Vec<Range<usize>> {
    let mut list = Vec::new();
    let mut start = 0;
    for (at, mark) in &scan.marks {
        if *mark == Mark::Stop {
            let c = string.get(*at..).and_then(|rest| rest.chars().next());
            let stop = c
                .filter(|c| matches!(c, '.' | '!' | '?' | '…'))
                .map_or(0, char::len_utf8);
            list.extend(within(string, start..at + stop));
            start = at + stop;
        }
    }
    list.extend(within(string, start..string.len()));
    // « …, tandis que X est choisie pour … »
    list.into_iter()
        .flat_map(|range| {
            let turns = told::turns(string.get(range.clone()).unwrap_or_default());
            let mut parts = Vec::new();
            let mut start = range.start;
            for turn in turns {
                parts.extend(within(string, start..range.start + turn.start));
                start = range.start + turn.end;
            }
            parts.extend(within(string, start..range.end));
            parts
        })
        .collect()
}

/// The sentence of a text that a byte stands in.
pub fn holding(string: &str, at: usize) -> Range<usize> {
    (sentences(string, &Scan::of(string, 0)).into_iter())
        .find(|sentence| at < sentence.end)
        .unwrap_or(0..string.len())
}

/// A range without spaces around; none, where nothing is left.
pub(super) fn within(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let from = part.len() - part.trim_start().len();
    let to = part.trim_end().len();
    (from < to).then(|| range.start + from..range.start + to)
}

/// The finer pieces of the blocks in which something is told, by block.
pub fn cut(units: &Units) -> BTreeMap<usize, Vec<Piece>> {
    // A page has a few lists in its sentences.
    let mut n_lists = 0;
    let mut blocks: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
    let mut told = false;
    for unit in &units.list {
        let whole = unit.offset..unit.offset + unit.text.len();
        let pieces = if is_open(unit) {
            pieces(&unit.text, unit.form, &mut n_lists)
        } else {
            Vec::new()
        };
        let list = blocks.entry(unit.block).or_default();
        if pieces.is_empty() {
            list.push(Piece::from(whole));
            continue;
        }
        told = true;
        list.extend(pieces.into_iter().map(|piece| Piece {
            range: unit.offset + piece.range.start..unit.offset + piece.range.end,
            ..piece
        }));
    }
    if !told {
        return BTreeMap::new();
    }
    blocks.retain(|_, pieces| pieces.iter().any(|piece| piece.told.is_some()));
    blocks
}

/// Whether sentences of a unit say who gets something, or list those who do.
pub fn tells(unit: &Unit) -> bool {
    let pieces = if is_open(unit) {
        pieces(&unit.text, unit.form, &mut 0)
    } else {
        Vec::new()
    };
    (pieces.iter().filter_map(|piece| piece.told.as_ref()))
        .any(|told| matches!(told.way, Way::Item(_) | Way::Sentence))
}

/// What a column's head labels is no text that tells.
fn is_open(unit: &Unit) -> bool {
    matches!(unit.form, Form::Prose | Form::Short | Form::Labelled)
        && !unit.label.as_ref().is_some_and(|label| label.column)
}

/// What is longer is no sentence: lists of it would be looked for in vain, and at a cost.
const LONGEST_SENTENCE: usize = 4_000;

/// The pieces of a unit; none, where nothing is told.
fn pieces(text: &Text, form: Form, n_lists: &mut usize) -> Vec<Piece> {
    let string = text.as_str();
    let scan = Scan::of(string, 0);
    let runs = runs(text);
    // What each stretch tells, in order.
    let mut records: Vec<(Range<usize>, Told)> = Vec::new();
    let mut untold: Vec<Range<usize>> = Vec::new();
    let winners = if form == Form::Prose {
        Vec::new()
    } else {
        told::winners(string, &runs)
    };
    let whole = if winners.is_empty() {
        sentences(string, &scan)
    } else {
        Vec::new()
    };
    records.extend(winners.into_iter().map(|(range, line)| {
        (
            range,
            Told {
                way: Way::Sentence,
                line,
            },
        )
    }));
    // One record in a paragraph is a line of a list, which all its lines explain together.
    let alone = whole.len() == 1;
    for range in whole
        .into_iter()
        .filter(|range| range.len() <= LONGEST_SENTENCE)
    {
        let items = enumerations::items(string, &range, &scan, &runs);
        if !items.is_empty() {
            records.extend(items.into_iter().map(|(range, line)| {
                let told = Told {
                    way: Way::Item(*n_lists),
                    line,
                };
                (range, told)
            }));
            *n_lists += 1;
            continue;
        }
        if let Some((range, line)) = run_on(string, &range, alone, &runs) {
            let told = Told {
                way: Way::Item(usize::MAX),
                line,
            };
            records.push((range, told));
            continue;
        }
        let lines = told::sentence(text, range.clone(), &runs);
        if lines.is_empty() {
            untold.push(range);
            continue;
        }
        let starts: Vec<usize> = lines
            .iter()
            .skip(1)
            .map(|(at, _)| *at)
            .chain([range.end])
            .collect();
        for ((at, line), end) in lines.into_iter().zip(starts) {
            if let Some(range) = within(string, at..end) {
                records.push((
                    range,
                    Told {
                        way: Way::Sentence,
                        line,
                    },
                ));
            }
        }
    }
    let mut way = if records.is_empty() {
        Way::Mention
    } else {
        Way::Further
    };
    for range in untold.into_iter().filter(|_| form == Form::Prose) {
        if let Some(line) = told::mention(string, range.clone(), &runs) {
            records.push((range, Told { way, line }));
            way = Way::Further;
        }
    }
    records.sort_by_key(|(range, _)| range.start);
    if records.is_empty() {
        return Vec::new();
    }
    around(string, records)
}

/// Pieces that tell something, with what stands between them.
fn around(string: &str, records: Vec<(Range<usize>, Told)>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for (range, mut told) in records {
        pieces.extend(
            within(string, end..range.start)
                .filter(|gap| has_words(string, gap))
                .map(Piece::from),
        );
        end = range.end;
        shift(&mut told.line, range.start);
        pieces.push(Piece {
            told: Some(told),
            ..Piece::from(range)
        });
    }
    pieces.extend(
        within(string, end..string.len())
            .filter(|gap| has_words(string, gap))
            .map(Piece::from),
    );
    pieces
}

fn has_words(string: &str, range: &Range<usize>) -> bool {
    string
        .get(range.clone())
        .is_some_and(|part| part.contains(char::is_alphanumeric))
}

/// Makes what a line says count from a byte on.
fn shift(line: &mut Line, by: usize) {
    for range in [
        &mut line.name,
        &mut line.project,
        &mut line.territory,
        &mut line.amount,
        &mut line.award,
    ]
    .into_iter()
    .flatten()
    {
        *range = range.start.saturating_sub(by)..range.end.saturating_sub(by);
    }
}

/// Stretches in bold or italics that are not all of a text.
fn runs(text: &Text) -> Vec<Range<usize>> {
    const LONGEST: usize = 120;
    text.ranges_where(|segment| segment.style.bold || segment.style.italic)
        .into_iter()
        .filter(|run| run.len() < text.len() * 8 / 10 && run.len() <= LONGEST)
        .collect()
}

/// `Org - $1,800 To buy …`, `Nom : 350 €`: a name, a mark, and a sum.
fn run_on(
    string: &str,
    range: &Range<usize>,
    alone: bool,
    runs: &[Range<usize>],
) -> Option<(Range<usize>, Line)> {
    const LONGEST: usize = 90;
    let part = string.get(range.clone())?;
    // « Members voted on these grants: Org - $1,800 … »
    let led = part.match_indices(':').map(|(at, _)| at).find(|at| {
        part.get(at + 1..)
            .is_some_and(|rest| rest.trim_start().starts_with(char::is_uppercase))
    });
    let range = led.map_or_else(|| range.clone(), |at| range.start + at + 1..range.end);
    let range = within(string, range)?;
    let part = string.get(range.clone())?;
    let sum = find_amount(part)?;
    let before = part.get(..sum.start())?.trim_end();
    let marked = before.ends_with([':', '-', '–', '—']);
    // « Cedar Friends, for roof repair, $5,000. »
    let ended = part.get(sum.end()..)?.trim_matches([' ', '.']).is_empty() && before.ends_with(',');
    let goes_on = before.match_indices(", ").any(|(at, _)| {
        before
            .get(at + 2..)
            .is_some_and(|rest| rest.starts_with(char::is_lowercase))
    });
    let starts = told::start(part)
        >= if marked {
            Start::Common
        } else {
            Start::Capital
        };
    let told = ended || marked && !goes_on && !alone;
    if !told || before.len() > LONGEST || !starts || sum.start() == 0 {
        return None;
    }
    Some((range.clone(), told::item(string, range, runs)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names and projects that a paragraph tells, and in how many pieces it is cut.
    #[track_caller]
    fn check(string: &str, expected: &[(&str, Option<&str>)]) {
        let text = Text::from(string);
        let found: Vec<(&str, Option<&str>)> = pieces(&text, Form::Prose, &mut 0)
            .into_iter()
            .filter_map(|piece| {
                let part = string.get(piece.range)?;
                let line = piece.told.filter(|told| told.way != Way::Further)?.line;
                let project = line.project.and_then(|range| part.get(range));
                Some((part.get(line.name?)?, project))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn records_run_on_are_cut_at_each() {
        check(
            "Elm Street Choir - $3,000 To replace risers. Kids on Wheels - $2,250 For a van. St. Ann Hostel, Inc. - $900. Deer Park Library - $750 New lamps.",
            &[
                ("Elm Street Choir", None),
                ("Kids on Wheels", None),
                ("St. Ann Hostel, Inc.", None),
                ("Deer Park Library", None),
            ],
        );
        check(
            "Anciens combattants : 120 € ; Étoile sportive du Val : 1 600 € ; Les Doigts d’or (couture) : 150 €.",
            &[
                ("Anciens combattants", None),
                ("Étoile sportive du Val", None),
                ("Les Doigts d’or", None),
            ],
        );
    }

    #[test]
    fn a_list_within_a_sentence_is_cut_at_its_items() {
        check(
            "Ont été retenus : la communauté de communes du Haut-Val, Corte Montagne, le syndicat mixte du Puy, SOLARIS et l’Établissement public du Marais.",
            &[
                ("communauté de communes du Haut-Val", None),
                ("Corte Montagne", None),
                ("syndicat mixte du Puy", None),
                ("SOLARIS", None),
                ("Établissement public du Marais", None),
            ],
        );
        check(
            "Trois intercommunalités sont retenues : celle de Dombes, Chalaronne et Saône (Ain) avec le jeu de piste Étangs et Lunes (dix balises), celle du Pays de Nemours (Seine-et-Marne) avec le guide Prises et Surprises, et celle de Val de Drôme avec sa mission Pas à pas.",
            &[
                (
                    "Dombes, Chalaronne et Saône",
                    Some("jeu de piste Étangs et Lunes"),
                ),
                ("Pays de Nemours", Some("Prises et Surprises")),
                ("Val de Drôme", Some("Pas à pas")),
            ],
        );
    }

    #[test]
    fn subjects_in_a_row_are_no_laureates() {
        check(
            "Le prix se décline en quatre catégories : Accueil, Mobilité, Création et Entraide.",
            &[],
        );
    }

    #[test]
    fn each_sentence_tells_who_gets_a_prize() {
        check(
            "Le “Grand Loop Trophy” est allé ex-aequo à la coopérative Reloue qui prête des outils et au bureau Hydrosan (Huy), lequel filtre l’eau. La commune de Rebecq s’est vu décerner le “School Trophy” pour une enquête. C’est l’association Sève et Récré qui l’emporte avec son projet « La cour ».",
            &[
                ("coopérative Reloue", None),
                ("bureau Hydrosan", None),
                ("commune de Rebecq", None),
                ("association Sève et Récré", Some("La cour")),
            ],
        );
    }

    #[test]
    fn a_title_gives_a_prize_to_one() {
        check(
            "1er Prix (9 000 €) : le Centre hospitalier de Gap pour sa chambre parentale.",
            &[("Centre hospitalier de Gap", Some("chambre parentale"))],
        );
    }

    #[test]
    fn what_tells_of_nobody_is_not_cut() {
        check(
            "Le jury a siégé tout l’après-midi. La prochaine édition aura lieu en novembre.",
            &[],
        );
    }
}
