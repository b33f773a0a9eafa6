//! The short lines of entries: a name below a title, a town, a sum, a prize above.
//!
//! The heads and first lines of all entries come in; what each line says goes out. It is decided for all entries together: the second line is a town
//! where it is one in most of them.

use std::collections::{BTreeMap, BTreeSet};

use super::draft;
use crate::model::document::{BlockLabel, Document};
use crate::model::text::Text;
use crate::profile::{Field, VOCABULARY, places};
use crate::segment::columns::{self, Column, Role, Row};
use crate::segment::look::Look;
use crate::segment::parts::{self, Joint, Part};
use crate::segment::{Form, Span, Unit, entries::without_label};

/// What the short lines of an entry say.
#[derive(Clone, Debug, Default)]
pub struct Sublines {
    /// What is left of the title without place, prize, sum and number.
    pub title: Option<Text>,
    /// The laureate.
    pub name: Option<Text>,
    /// Its project.
    pub project: Option<Text>,
    /// A place.
    pub territory: Option<Text>,
    /// A region.
    pub region: Option<Text>,
    /// A subject.
    pub theme: Option<Text>,
    /// A sum of money.
    pub amount: Option<Text>,
    /// Rank or prize.
    pub award: Option<Text>,
    /// The printed number.
    pub ordinal: Option<(u32, Text)>,
    /// The rest of a paragraph that begins with who carries the project.
    pub description: Option<Text>,
    /// The units that are told here, and nowhere else.
    pub units: Vec<usize>,
}

/// A line that fewer entries have is no habit.
const REGULAR: f32 = 0.5;

/// The title's class among the lines of an entry.
const TITLE: u32 = 0;

/// Lines of one look that an entry has are told apart by their order, up to so many.
const SAME_LOOK: u32 = 8;

/// A line of an entry, taken apart.
struct Piece {
    class: u32,
    unit: Option<usize>,
    text: Text,
    parts: Vec<Part>,
}

/// Reads the short lines of all entries. `titles` are the titles of their heads; `labelled` tells whether labels name the laureates.
pub fn read(
    document: &Document,
    units: &[Unit],
    spans: &[Span],
    titles: &[Option<(Text, Option<usize>)>],
    labelled: bool,
) -> Vec<Sublines> {
    let mut entries: Vec<Vec<Piece>> = spans
        .iter()
        .zip(titles)
        .map(|(span, title)| pieces(document, units, span, title.as_ref()))
        .collect();
    // Lines that few entries have are left where they are.
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for piece in entries.iter().flatten() {
        *counts.entry(piece.class).or_default() += 1;
    }
    let least = (spans.len() as f32 * REGULAR).max(2.0);
    for entry in &mut entries {
        // A year names nothing.
        entry.retain(|piece| !is_year(piece.text.as_str()));
        entry.retain(|piece| {
            piece.class == TITLE
                || piece
                    .parts
                    .first()
                    .is_some_and(|part| matches!(part.look, Look::Amount | Look::Award))
                || counts
                    .get(&piece.class)
                    .is_some_and(|count| *count as f32 >= least)
        });
    }
    let classed = classed_fields(document, units, &entries, titles);
    let rows: Vec<Row<'_>> = entries
        .iter()
        .map(|entry| Row {
            cells: entry
                .iter()
                .flat_map(|piece| Row::of(piece.text.as_str(), &piece.parts, piece.class).cells)
                .collect(),
        })
        .collect();
    let roles = columns::roles(&rows);
    let carriers = clearly(&rows, &roles, 1.0)
        .or_else(|| beside_place(&rows, &roles))
        .filter(|_| !labelled);
    let projects = clearly(&rows, &roles, -1.0).filter(|_| !labelled && carriers.is_none());
    let quoted = rows
        .iter()
        .filter(|row| {
            row.cells
                .iter()
                .any(|(column, look, _)| column.0 == TITLE && *look == Look::Quoted)
        })
        .count()
        * 2
        > rows.len();
    entries
        .iter()
        .map(|entry| {
            entry_of(
                entry,
                &classed,
                &roles,
                (carriers, projects),
                quoted,
                labelled,
            )
        })
        .collect()
}

/// The town that a line of something else ends with, and where that ends: « Garage associatif – Lannion ».
fn town_in(piece: &Piece, roles: &BTreeMap<Column, Role>) -> Option<(usize, Text)> {
    let columns = columns::columns(&piece.parts, piece.class);
    let [before, town] = piece.parts.as_slice() else {
        return None;
    };
    let is_place = roles.get(columns.get(1)?) == Some(&Role::Place)
        && (town.joint == Joint::Paren
            || places::likeness(piece.text.slice(town.range.clone()).as_str()) > 0.0);
    is_place.then(|| (before.range.end, piece.text.slice(town.range.clone())))
}

/// The fields of lines whose elements bear a word for them in their class, and one that no other line of the entry bears.
fn classed_fields(
    document: &Document,
    units: &[Unit],
    entries: &[Vec<Piece>],
    titles: &[Option<(Text, Option<usize>)>],
) -> BTreeMap<u32, Field> {
    if document.nodes.is_empty() {
        return BTreeMap::new();
    }
    let mut words: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for (entry, title) in entries.iter().zip(titles) {
        let own = title.as_ref().and_then(|(_, unit)| *unit);
        for piece in entry {
            let unit = if piece.class == TITLE {
                own
            } else {
                piece.unit
            };
            let Some(unit) = unit.and_then(|unit| units.get(unit)) else {
                continue;
            };
            words
                .entry(piece.class)
                .or_insert_with(|| class_words(document, unit));
        }
    }
    let mut fields = BTreeMap::new();
    for (class, own) in words.iter().filter(|(class, _)| **class != TITLE) {
        let elsewhere = |word: &String| {
            words
                .iter()
                .any(|(other, words)| other != class && words.contains(word))
        };
        let mut found = own
            .iter()
            .filter(|word| !elsewhere(word))
            .filter_map(|word| VOCABULARY.class_field(word));
        // Two words for two fields say nothing.
        if let (Some(field), None) = (found.next(), found.next()) {
            fields.insert(*class, field);
        }
    }
    fields
}

/// The words of the class names of a unit's element, in small letters.
fn class_words(document: &Document, unit: &Unit) -> BTreeSet<String> {
    document
        .blocks
        .get(unit.block)
        .and_then(|block| document.nodes.get(block.node? as usize))
        .map(|node| {
            node.class
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect()
        })
        .unwrap_or_default()
}

fn is_year(text: &str) -> bool {
    let text = text.trim();
    text.len() == 4
        && text
            .parse::<u32>()
            .is_ok_and(|year| (1900..2100).contains(&year))
}

/// The column of who stands beside a town in a line of its own (« X – Dole »), where it is no less like organisations than the titles are.
fn beside_place(rows: &[Row<'_>], roles: &BTreeMap<Column, Role>) -> Option<Column> {
    let place = roles
        .iter()
        .find(|(column, role)| {
            column.0 != TITLE && column.1 != Joint::Start && **role == Role::Place
        })?
        .0;
    let own = (place.0, Joint::Start, 1);
    let lean = |wanted: Column| {
        rows.iter()
            .flat_map(|row| &row.cells)
            .filter(|(column, _, _)| *column == wanted)
            .map(|(_, _, string)| VOCABULARY.organisation_lean(string))
            .sum::<f32>()
    };
    let n = rows
        .iter()
        .filter(|row| {
            row.cells
                .iter()
                .any(|(column, look, _)| *column == own && *look == Look::Name)
        })
        .count();
    (n * 2 >= rows.len() && lean(own) > lean((TITLE, Joint::Start, 1))).then_some(own)
}

/// How much the lines of a column look like organisations, added up.
#[derive(Clone, Copy, Default)]
struct Leaning {
    count: usize,
    /// By their words.
    lean: f32,
    /// Lines with small letters, in which capitals tell something.
    mixed: usize,
    /// Those of them that have a capital inside, as names do (« Pignon sur Rance ») and titles seldom do (« Vélo-école pour toutes »).
    proper: usize,
}

impl Leaning {
    fn add(&mut self, string: &str) {
        self.count += 1;
        self.lean += VOCABULARY.organisation_lean(string);
        self.mixed += usize::from(string.contains(char::is_lowercase));
        let mut inside = string.split([' ', '’', '\'']).skip(1);
        self.proper +=
            usize::from(inside.any(|word| {
                word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase)
            }));
    }

    fn mean(self) -> f32 {
        self.lean / self.count.max(1) as f32
    }

    /// Whether these are as much like organisations by their words as the others, and names by their capitals where the others are titles.
    fn is_proper_beside(self, others: Self) -> bool {
        /// Of four names three, of four titles one.
        const CLEARLY: f32 = 0.5;
        let share = |of: Self| of.proper as f32 / of.mixed.max(1) as f32;
        let tells = |of: Self| of.mixed * 2 > of.count;
        tells(self)
            && tells(others)
            && self.mean() >= others.mean()
            && share(self) - share(others) >= CLEARLY
    }
}

/// The column of lines that are clearly more (`sign` 1) or less (-1) like organisations than the titles are: they name who carries the project that the
/// title names, or the project of whom it names.
fn clearly(rows: &[Row<'_>], roles: &BTreeMap<Column, Role>, sign: f32) -> Option<Column> {
    // One organisation's word in three entries.
    const CLEARLY: f32 = 0.6;
    let mut leanings: BTreeMap<Column, Leaning> = BTreeMap::new();
    for (column, look, string) in rows.iter().flat_map(|row| &row.cells) {
        if *look == Look::Name {
            leanings.entry(*column).or_default().add(string);
        }
    }
    let titles = (leanings.get(&(TITLE, Joint::Start, 1)).copied()).unwrap_or_default();
    leanings
        .iter()
        .filter(|(column, leaning)| {
            column.0 != TITLE
                && matches!(column.1, Joint::Start | Joint::Carrier)
                && !matches!(roles.get(*column), Some(Role::Place | Role::Theme))
                && leaning.count * 2 >= rows.len()
        })
        .filter(|(column, leaning)| {
            sign > 0.0 && (column.1 == Joint::Carrier || leaning.is_proper_beside(titles))
                || (leaning.mean() - titles.mean()) * sign >= CLEARLY
                    && (sign > 0.0 || titles.mean() >= 1.0)
        })
        .max_by(|a, b| {
            (a.1.mean() * sign)
                .total_cmp(&(b.1.mean() * sign))
                .then_with(|| b.0.cmp(a.0))
        })
        .map(|(column, _)| *column)
}

/// The title and the short lines around it; a paragraph too that begins with « porté par ».
fn pieces(
    document: &Document,
    units: &[Unit],
    span: &Span,
    title: Option<&(Text, Option<usize>)>,
) -> Vec<Piece> {
    let mut list = Vec::new();
    if let Some((text, _)) = title {
        list.push(Piece {
            class: TITLE,
            unit: None,
            parts: parts::cut(text),
            text: text.clone(),
        });
    }
    let own = title.and_then(|(_, unit)| *unit);
    let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
    let is_item = |index: usize| {
        let item = |unit: &Unit| {
            document
                .blocks
                .get(unit.block)
                .is_some_and(|block| block.label == BlockLabel::ListItem || block.marker.is_some())
        };
        let unit = units.get(index);
        let neighbour = |other: Option<&Unit>| {
            other
                .zip(unit)
                .is_some_and(|(other, unit)| item(other) && other.class == unit.class)
        };
        unit.is_some_and(item)
            && (neighbour(index.checked_sub(1).and_then(|index| units.get(index)))
                || neighbour(units.get(index + 1)))
    };
    let is_beside = |unit: &Unit| {
        let block = document.blocks.get(unit.block);
        block.is_some_and(|block| block.beside.is_some())
    };
    let mut labelled = false;
    for index in span.extent() {
        let Some(unit) = units.get(index) else { break };
        // What follows a label is its value, but for what stands beside the text.
        labelled |= unit.label.is_some();
        if labelled && (unit.label.is_some() || !is_beside(unit)) {
            continue;
        }
        // A line in the head that names a region or a list is about the entries below as well: the context reads it.
        let string = unit.text.as_str();
        let shared = index < span.body.start
            && (VOCABULARY.is_region(without_label(string)) || VOCABULARY.announces_list(string));
        if Some(index) == own || unit.repeated || shared || is_item(index) {
            continue;
        }
        let text = draft::one_line([&unit.text]);
        let cut = match unit.form {
            Form::Short => parts::cut(&text),
            Form::Prose if index >= span.body.start => {
                let cut = parts::cut(&text);
                let carried = cut
                    .first()
                    .is_some_and(|part| part.joint == Joint::Carrier || is_sum(part, &cut));
                if !carried {
                    continue;
                }
                cut
            }
            _ => continue,
        };
        if cut.is_empty() {
            continue;
        }
        let nth = seen.entry(unit.class).or_default();
        let class = 1 + unit.class.saturating_mul(SAME_LOOK) + (*nth).min(SAME_LOOK - 1);
        *nth += 1;
        list.push(Piece {
            class,
            unit: Some(index),
            text,
            parts: cut,
        });
    }
    list
}

/// A line that is a sum and nothing else.
fn is_sum(part: &Part, parts: &[Part]) -> bool {
    part.look == Look::Amount && parts.len() == 1
}

fn entry_of(
    entry: &[Piece],
    classed: &BTreeMap<u32, Field>,
    roles: &BTreeMap<Column, Role>,
    (carriers, projects): (Option<Column>, Option<Column>),
    quoted: bool,
    labelled: bool,
) -> Sublines {
    let mut lines = Sublines::default();
    for piece in entry {
        if let (Some(field), Some(unit)) = (classed.get(&piece.class), piece.unit) {
            let slot = match field {
                Field::Name => &mut lines.name,
                Field::Project => &mut lines.project,
                Field::Territory => &mut lines.territory,
                Field::Amount => &mut lines.amount,
                _ => &mut lines.theme,
            };
            let town = town_in(piece, roles).filter(|_| *field != Field::Territory);
            let end = town.as_ref().map_or(piece.text.len(), |(end, _)| *end);
            slot.get_or_insert_with(|| piece.text.slice(0..end));
            if let Some((_, town)) = town {
                lines.territory.get_or_insert(town);
            }
            lines.units.push(unit);
            continue;
        }
        let before = lines.clone();
        let columns = columns::columns(&piece.parts, piece.class);
        let mut taken = 0;
        let mut left: Vec<std::ops::Range<usize>> = Vec::new();
        for (number, (part, column)) in piece.parts.iter().zip(columns).enumerate() {
            let text = piece.text.slice(part.range.clone());
            let string = text.as_str();
            let slot = match (part.look, roles.get(&column)) {
                (Look::Age, _) if number > 0 => {
                    taken += 1;
                    continue;
                }
                (Look::Amount, _) => &mut lines.amount,
                (Look::Award, _)
                    if number == 0
                        && (piece.class != TITLE || piece.parts.len() > 1 || labelled) =>
                {
                    &mut lines.award
                }
                (Look::Number, _) if number == 0 && piece.parts.len() > 1 => {
                    let digits: String = string.chars().filter(char::is_ascii_digit).collect();
                    if let Ok(value) = digits.parse() {
                        lines.ordinal.get_or_insert((value, text));
                        taken += 1;
                    }
                    continue;
                }
                (Look::Name | Look::Lower, Some(Role::Place)) if VOCABULARY.is_region(string) => {
                    &mut lines.region
                }
                (Look::Name | Look::Lower | Look::Number, Some(Role::Place))
                    if part.joint == Joint::Paren || places::likeness(string) > 0.0 =>
                {
                    &mut lines.territory
                }
                (Look::Prose, _) if piece.unit.is_some() && part.joint == Joint::Stop => {
                    &mut lines.description
                }
                (Look::Quoted, _) if piece.class != TITLE && !quoted => &mut lines.project,
                (_, Some(Role::Theme)) if piece.class != TITLE && number == 0 => &mut lines.theme,
                _ if carriers == Some(column) => &mut lines.name,
                _ if projects == Some(column) => &mut lines.project,
                _ => {
                    left.push(part.range.clone());
                    continue;
                }
            };
            if slot.is_none() {
                *slot = Some(text);
                taken += 1;
            } else {
                left.push(part.range.clone());
            }
        }
        if piece.class == TITLE {
            // The separators between what is left are kept: headings are split at them.
            lines.title = match (left.first(), left.last()) {
                _ if taken == 0 => None,
                (Some(first), Some(last)) => {
                    let (start, end) = quoted_around(&piece.text, first.start, last.end);
                    let gone = in_parentheses(piece, &left, start..end);
                    Some(piece.text.slice(start..end).without(&gone))
                }
                // Nothing but a prize or a place: there is no title.
                _ => Some(Text::new()),
            };
        } else if left.is_empty()
            && taken > 0
            && let Some(unit) = piece.unit
        {
            lines.units.push(unit);
        } else if !left.is_empty() && lines.name == before.name {
            // Half a line that nobody is named in says nothing by itself: the line stays where it is.
            lines = before;
        } else if let Some(unit) = piece.unit.filter(|_| taken > 0) {
            lines.units.push(unit);
        }
    }
    lines.name = lines.name.map(|name| {
        let range = columns::without_article(name.as_str(), 0..name.len(), false);
        name.slice(range)
    });
    lines
}

/// The parts that stand in parentheses inside a stretch and are told elsewhere, relative to its start.
fn in_parentheses(
    piece: &Piece,
    left: &[std::ops::Range<usize>],
    within: std::ops::Range<usize>,
) -> Vec<std::ops::Range<usize>> {
    let string = piece.text.as_str();
    piece
        .parts
        .iter()
        .filter(|part| {
            part.joint == Joint::Paren
                && !left.contains(&part.range)
                && part.range.start > within.start
                && part.range.end < within.end
        })
        .filter_map(|part| {
            let open = string.get(..part.range.start)?.rfind(['(', '['])?;
            let close = part.range.end + string.get(part.range.end..)?.find([')', ']'])? + 1;
            let open = string.get(..open)?.trim_end().len();
            (open >= within.start && close <= within.end)
                .then(|| open - within.start..close - within.start)
        })
        .collect()
}

/// A stretch with the quotation marks that stand right around it.
fn quoted_around(text: &Text, start: usize, end: usize) -> (usize, usize) {
    let string = text.as_str();
    let before = string.get(..start).unwrap_or_default();
    let after = string.get(end..).unwrap_or_default();
    let open = before
        .trim_end()
        .chars()
        .next_back()
        .filter(|c| matches!(c, '«' | '“' | '"'))
        .map_or(start, |c| before.trim_end().len() - c.len_utf8());
    let close = after
        .trim_start()
        .chars()
        .next()
        .filter(|c| matches!(c, '»' | '”' | '"'))
        .map_or(end, |c| {
            end + (after.len() - after.trim_start().len()) + c.len_utf8()
        });
    (open, close)
}
