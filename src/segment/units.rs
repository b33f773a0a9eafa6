//! A document's body cut into units: the smallest pieces that can start an entry or carry a label.

mod forms;
mod pieces;

pub use forms::is_capitals;
pub use pieces::lines;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use rayon::prelude::*;

use forms::{declared_form, form, signature};
use pieces::{lists, pieces, without_end_mark};

use super::headers::{
    DataRows, HeaderRows, column_headers, data_rows, header_label, header_rows, heads_row,
    is_read_as_header, placed_names,
};
use super::joined::join;
use super::labels::{label_introductions, label_lines_alone, label_subheadings, learn_labels};
use super::look::is_award;
use super::parts::lead_run;
use super::rows::lone_rows;
use super::score::{begins_with_infinitive, looks_like_organisation};
use super::sentences::Piece;
use super::told::Told;
use crate::model::document::{Block, BlockLabel, Cell, Document};
use crate::model::text::Text;
use crate::profile::{Field, Lexicon, Profile, VOCABULARY, column_field, fold, places};

/// What a unit looks like, before anything is known of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// A number alone: a badge, a folio, the ordinal of a fiche.
    Number,
    /// A label with or without its value.
    Labelled,
    /// A text wholly in parentheses.
    Parenthesis,
    /// A short text without the punctuation of a sentence: a heading, a name, a place.
    Short,
    /// Sentences.
    Prose,
    /// A note at the foot of the page or text.
    Footnote,
    /// Who said the words before: « Yacine, 19 ans ».
    Attribution,
    /// A line by which a profile knows the start of an entry, and that says nothing else.
    Sentinel,
}

/// The label that a unit carries.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitLabel {
    /// What it feeds.
    pub field: Field,
    /// The words of the label, as printed, without their colon.
    pub text: String,
    /// The bytes of the unit's text that are the value; empty when the value stands in the units that follow.
    pub value: Range<usize>,
    /// The label heads a column of a table: the units of the column are its value.
    pub column: bool,
}

/// A block, or some lines of it.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent observation"
)]
pub struct Unit {
    /// Index of the block in the document.
    pub block: usize,
    /// The characters.
    pub text: Text,
    /// Byte offset of `text` in the block's text.
    pub offset: usize,
    /// The label, where it carries one.
    pub label: Option<UnitLabel>,
    /// What it looks like.
    pub form: Form,
    /// Style and place: units that look alike share a class.
    pub class: u32,
    /// The document repeats this line word for word.
    pub repeated: bool,
    /// The text without case, accents and typography.
    pub folded: String,
    /// Number of words.
    pub n_words: usize,
    /// It announces a list of laureates.
    pub announces: bool,
    /// It speaks as notices do: a job offer, an event to book.
    pub notice: bool,
    /// It can be a head, and looks like an organisation.
    pub organisation: bool,
    /// It can be a head, and words of an organisation's name outweigh those of a project's.
    pub body: bool,
    /// It is a short line that reads like a prize, a rank or a distinction.
    pub award: bool,
    /// It can be a head, and names a part of a call text, a form or an article.
    pub section: bool,
    /// It is a short line that is the name of a known place.
    pub place: bool,
    /// It names somebody in a column that no label says to do so.
    pub guessed: bool,
    /// What it tells of who was rewarded, where prose was cut for that.
    pub told: Option<Told>,
}

impl Unit {
    /// Finds out what its text says by itself.
    fn look(&mut self) {
        let string = self.text.as_str();
        let short = self.form == Form::Short;
        let folded = fold(string);
        self.n_words = string.split_whitespace().count();
        self.notice = VOCABULARY.is_notice(&folded);
        // « Accompagner les lauréats » says what somebody does for them.
        self.announces = VOCABULARY.announces_list_folded(&folded)
            && !(short && begins_with_infinitive(&folded));
        self.organisation = short && looks_like_organisation(string);
        self.body = short && VOCABULARY.folded_organisation_lean(string, &folded) > 0.0;
        self.award = short && is_award(string);
        self.section = short && VOCABULARY.is_section(string);
        self.place = short && places::likeness(string) >= places::SURE;
        self.folded = folded;
    }

    /// Whether it can be (part of) the head of an entry.
    pub fn is_head_like(&self) -> bool {
        matches!(
            self.form,
            Form::Number | Form::Parenthesis | Form::Short | Form::Sentinel
        )
    }
}

impl Units {
    /// The first unit of the text that a unit's box stands beside, if it stands in one.
    pub(super) fn row_start(&self, document: &Document, index: usize) -> Option<usize> {
        let first = document.blocks.get(self.list.get(index)?.block)?.beside?;
        let start = self.list.partition_point(|unit| unit.block < first);
        (start < index).then_some(start)
    }
}

/// A label that is a question is short: « Avec qui ? ».
const LONGEST_QUESTION: usize = 40;

/// The body of a document as units, with what class each signature got.
#[derive(Clone, Debug)]
pub struct Units {
    /// In reading order.
    pub list: Vec<Unit>,
    /// What each class stands for.
    pub classes: Vec<String>,
}

/// What is known of a document's tables and lists before it is cut: the same for every cut.
#[derive(Debug)]
pub struct Outline<'d> {
    document: &'d Document,
    lexicon: &'d Lexicon,
    profile: Option<&'d Profile>,
    heads: HeaderRows,
    rows: DataRows,
    lone: BTreeSet<(u32, u32)>,
    headers: HashMap<(u32, u16), UnitLabel>,
    placed: BTreeSet<(u32, u16)>,
    lists: BTreeSet<usize>,
}

impl<'d> Outline<'d> {
    /// Looks at all tables and lists of a document.
    pub fn of(document: &'d Document, lexicon: &'d Lexicon, profile: Option<&'d Profile>) -> Self {
        let heads = header_rows(document, lexicon);
        let rows = data_rows(document, &heads);
        let headers = column_headers(document, lexicon, &rows, &heads);
        Self {
            lone: lone_rows(document, &rows),
            placed: placed_names(document, &headers),
            lists: lists(document),
            document,
            lexicon,
            profile,
            heads,
            rows,
            headers,
        }
    }
}

/// Cuts a document's body into units; what a profile calls furniture is left out. Blocks that are in `finer` are cut as it says.
pub fn units(outline: &Outline<'_>, finer: &BTreeMap<usize, Vec<Piece>>) -> Units {
    let Outline {
        document,
        lexicon,
        profile,
        heads,
        rows,
        lone,
        headers,
        placed,
        lists,
    } = outline;
    let profile = *profile;
    let mut classes: HashMap<String, u32> = HashMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut list = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if !block.is_body() || block.text.is_empty() {
            continue;
        }
        let cell = block.cell;
        if cell.is_some_and(|cell| heads_columns(cell, heads, rows)) {
            continue;
        }
        let is_placed = cell.is_some_and(|cell| placed.contains(&(cell.table, cell.column)));
        let cut = finer.get(&index).map_or_else(
            || {
                let list = is_placed || lists.contains(&index);
                let pieces = pieces(&block.text, lexicon, profile, list);
                pieces.into_iter().map(Piece::from).collect()
            },
            Clone::clone,
        );
        for Piece {
            range,
            told,
            further,
        } in cut
        {
            let text = without_end_mark(
                block.text.slice(range.clone()).trim(),
                range.end < block.text.len(),
            );
            if text.is_empty() || profile.is_some_and(|profile| is_furniture(&text, profile)) {
                continue;
            }
            // A cell alone in its row is about the rows below; a row of totals is about those above.
            let apart = cell.is_some_and(|cell| lone.contains(&(cell.table, cell.row)));
            let label = header_label(block, lexicon, headers, rows)
                .filter(|_| !apart)
                .map(|label| {
                    if is_placed {
                        line_of_cell(label, range.start > 0, text.len())
                    } else {
                        label
                    }
                })
                .or_else(|| find_label(&text, block, lexicon));
            let own = profile
                .filter(|_| label.is_none())
                .and_then(|profile| declared_form(&text, profile));
            let form = own.unwrap_or_else(|| form(&text, block, label.as_ref()));
            let signature = signature(document, block, &text, form, further);
            let class = *classes.entry(signature.clone()).or_insert_with(|| {
                names.push(signature);
                u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
            });
            let offset = skip_space(block.text.as_str(), range.start);
            let guessed = label.as_ref().is_some_and(|label| {
                label.column
                    && label.field == Field::Name
                    && column_field(&label.text, lexicon).is_none()
            });
            list.push(Unit {
                block: index,
                offset,
                label,
                form,
                class,
                repeated: false,
                folded: String::new(),
                n_words: 0,
                announces: false,
                notice: false,
                organisation: false,
                body: false,
                award: false,
                section: false,
                place: false,
                guessed,
                told,
                text,
            });
        }
    }
    // Half the time that a cut takes.
    list.par_iter_mut().for_each(Unit::look);
    let mut units = Units {
        list,
        classes: names,
    };
    look_around(&mut units, document, lexicon);
    units
}

/// What units say that only those around them tell: labels of their own line, above several, or that the document repeats; what is one unit with the
/// next; and what is repeated. Each of these reads what those before it found.
fn look_around(units: &mut Units, document: &Document, lexicon: &Lexicon) {
    let copies = copies(units);
    label_lines_alone(units, lexicon, copies);
    label_subheadings(units, document, lexicon, copies);
    label_introductions(units, copies);
    learn_labels(units, lexicon, copies);
    join(document, units);
    set_repeated_apart(units, copies);
}

/// Whether a cell is of the header of a table of records, which is about all rows: its labels go with the cells below.
fn heads_columns(cell: Cell, heads: &HeaderRows, rows: &DataRows) -> bool {
    is_read_as_header(heads, cell)
        || cell.header
            && !heads_row(rows, cell)
            && rows.get(&cell.table).is_some_and(|rows| rows.len() > 1)
}

/// The label of a line of a cell that gives the place below the name.
fn line_of_cell(label: UnitLabel, is_below: bool, length: usize) -> UnitLabel {
    UnitLabel {
        field: if is_below {
            Field::Territory
        } else {
            label.field
        },
        value: 0..length,
        ..label
    }
}

/// How often a short line occurs as a rule: once, but in a file that holds several copies of a brochure as often as there are copies. What
/// counts as repeated is relative to it.
fn copies(units: &Units) -> usize {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for unit in units.list.iter().filter(|unit| unit.form == Form::Short) {
        *counts.entry(&unit.folded).or_default() += 1;
    }
    let mut counts: Vec<usize> = counts.into_values().collect();
    let middle = counts.len() / 2;
    if counts.is_empty() {
        1
    } else {
        *counts.select_nth_unstable(middle).1
    }
}

/// A short line that a document repeats word for word (« Aide au lancement », a region's name on each page) is another class than the lines that look
/// like it but differ each time.
fn set_repeated_apart(units: &mut Units, copies: usize) {
    const REPEATED: usize = 3;
    let mut counts: HashMap<String, usize> = HashMap::new();
    for unit in units.list.iter().filter(|unit| unit.form == Form::Short) {
        *counts.entry(unit.folded.clone()).or_default() += 1;
    }
    // Where a look has nothing but repeated lines (« Aide au lancement » four times, « Aide à l'essaimage » twice), the rarer of them belong to it too.
    let mut in_class: HashMap<(u32, String), usize> = HashMap::new();
    for unit in units.list.iter().filter(|unit| unit.form == Form::Short) {
        *in_class
            .entry((unit.class, unit.folded.clone()))
            .or_default() += 1;
    }
    let mut rarest: HashMap<u32, usize> = HashMap::new();
    for unit in units.list.iter().filter(|unit| unit.form == Form::Short) {
        let count = in_class
            .get(&(unit.class, unit.folded.clone()))
            .copied()
            .unwrap_or(0);
        let rarest = rarest.entry(unit.class).or_insert(count);
        *rarest = count.min(*rarest);
    }
    let mut repeated: HashMap<u32, u32> = HashMap::new();
    for unit in &mut units.list {
        let is_all_repeated = rarest
            .get(&unit.class)
            .is_some_and(|rarest| *rarest > copies);
        let floor = copies * if is_all_repeated { 2 } else { REPEATED };
        if unit.form == Form::Short
            && counts
                .get(&unit.folded)
                .is_some_and(|count| *count >= floor)
        {
            let class = unit.class;
            let names = &mut units.classes;
            unit.class = *repeated.entry(class).or_insert_with(|| {
                names.push(format!(
                    "{} repeated",
                    names.get(class as usize).map_or("", String::as_str)
                ));
                u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
            });
            unit.repeated = true;
        }
    }
}

pub(super) fn first_line(string: &str) -> String {
    fold(string.split('\n').next().unwrap_or_default())
}

/// Whether a profile drops a unit.
fn is_furniture(text: &Text, profile: &Profile) -> bool {
    !profile.furniture.is_empty() && {
        let folded = fold(text.as_str());
        profile.furniture.iter().any(|line| line.is(&folded))
    }
}

/// A bold run that opens a line and ends with a colon is a label, whether the lexicon knows it or not.
fn is_bold_label(line: &Text) -> bool {
    // Longer bold runs are sentences with weight.
    const LONGEST: usize = 60;
    let Some(bold) = line
        .ranges_where(|segment| segment.style.bold)
        .into_iter()
        .next()
    else {
        return false;
    };
    let end = line.as_str().get(bold.clone()).map_or("", str::trim_end);
    let colon_behind = line
        .as_str()
        .get(bold.end..)
        .is_some_and(|rest| rest.trim_start().starts_with(':'));
    bold.start == 0
        && bold.end < line.len()
        && bold.end <= LONGEST
        && (end.ends_with(':') || colon_behind)
}

/// A label that the lexicon knows at the start of a line, with the value behind it.
fn line_label(line: &Text, lexicon: &Lexicon) -> Option<UnitLabel> {
    let string = line.as_str();
    let known = |words: &str| lexicon.field(words);
    // "Label : value", "Label: value"
    if let Some((colon, width)) = find_colon(string) {
        let words = string.get(..colon)?.trim();
        if let Some(field) = known(words) {
            return Some(UnitLabel {
                field,
                text: words.to_owned(),
                value: skip_space(string, colon + width)..string.len(),
                column: false,
            });
        }
    }
    // "Où ? value"
    if let Some(mark) = string.find('?').filter(|mark| *mark <= LONGEST_QUESTION) {
        let words = string.get(..mark)?.trim();
        if let Some(field) = known(words) {
            return Some(UnitLabel {
                field,
                text: string.get(..=mark)?.to_owned(),
                value: skip_space(string, mark + 1)..string.len(),
                column: false,
            });
        }
    }
    // "**Label** value": the run in a look of its own at the start is the label, and not the whole line.
    let run = lead_run(line);
    if run > 0 {
        let words = string
            .get(..run)?
            .trim()
            .trim_end_matches([':', '-', '–', '.'])
            .trim();
        if let Some(field) = known(words) {
            let after = string.get(run..)?;
            let value =
                run + (after.len() - after.trim_start_matches([' ', ':', '-', '–', '\n']).len());
            return Some(UnitLabel {
                field,
                text: words.to_owned(),
                value: value..string.len(),
                column: false,
            });
        }
    }
    if let Some((end, field)) = lexicon.lead(string) {
        let after = string.get(end..)?;
        let value = end + (after.len() - after.trim_start_matches([' ', ':', '\n']).len());
        return Some(UnitLabel {
            field,
            text: string.get(..end)?.trim().to_owned(),
            value: value..string.len(),
            column: false,
        });
    }
    // "Projet « … »": a guillemet does what a colon does.
    if let Some(quote) = string.find(['«', '“', '"']).filter(|quote| *quote > 0) {
        let words = string.get(..quote)?.trim();
        if string
            .trim_end_matches(['.', ' '])
            .ends_with(['»', '”', '"'])
            && let Some(field @ (Field::Project | Field::Name)) = known(words)
        {
            return Some(UnitLabel {
                field,
                text: words.to_owned(),
                value: quote..string.len(),
                column: false,
            });
        }
    }
    None
}

/// The colon that can end a label, or the sign of an export that does what it does: the first one, within the first words, and not one of a URL or a time.
pub(super) fn find_colon(string: &str) -> Option<(usize, usize)> {
    const FARTHEST: usize = 90;
    // « Ville .......... Valence »
    const LEADER: &str = "....";
    if let Some(start) = string.find(LEADER).filter(|start| *start < FARTHEST) {
        let rest = string.get(start..)?;
        let width = rest.len() - rest.trim_start_matches(['.', ' ']).len();
        return (!string.get(..start)?.contains(':')).then_some((start, width));
    }
    let (index, colon) = string
        .char_indices()
        .take_while(|(index, c)| *index < FARTHEST && *c != '\n')
        .find(|(_, c)| matches!(c, ':' | '：' | '='))?;
    let after = string.get(index + colon.len_utf8()..)?;
    let time = colon == ':' && after.starts_with(|c: char| c.is_ascii_digit());
    (!after.starts_with("//") && !time).then_some((index, colon.len_utf8()))
}

pub(super) fn skip_space(string: &str, from: usize) -> usize {
    string
        .get(from..)
        .map_or(from, |rest| from + (rest.len() - rest.trim_start().len()))
}

/// A label of the lexicon in a unit: in front of its value, or alone on its line.
fn find_label(text: &Text, block: &Block, lexicon: &Lexicon) -> Option<UnitLabel> {
    if block.label == BlockLabel::Footnote {
        return None;
    }
    if let Some(label) = line_label(text, lexicon) {
        return Some(label);
    }
    // Alone: a heading or a bold line that is a label and nothing else. Plain words alone could be anything.
    let string = text.as_str();
    let set_apart = block.label == BlockLabel::SectionHeader
        || text.segments().iter().all(|segment| segment.style.bold);
    (set_apart && !string.contains('\n')).then_some(())?;
    let field = lexicon.field(string)?;
    Some(UnitLabel {
        field,
        text: string.to_owned(),
        value: string.len()..string.len(),
        column: false,
    })
}
