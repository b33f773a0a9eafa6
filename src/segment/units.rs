//! A document's body cut into units: the smallest pieces that can start an entry or carry a label.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use rayon::prelude::*;

use super::headers::{
    DataRows, HeaderRows, column_headers, data_rows, header_label, header_rows, heads_row,
    is_read_as_header, lone_rows, placed_names,
};
use super::joined::join;
use super::labels::{label_introductions, label_lines_alone, label_subheadings, learn_labels};
use super::line;
use super::look::{self, is_award};
use super::score::{begins_with_infinitive, looks_like_organisation};
use super::sentences::Piece;
use super::told::Told;
use crate::model::document::{Block, BlockLabel, Cell, Document, Node};
use crate::model::evidence::Join;
use crate::model::text::{Source, Text};
use crate::profile::{Field, Lexicon, Place, Profile, VOCABULARY, column_field, fold, places};

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

/// Words of a heading at most: longer ones exist, but are rarer than short sentences without a full stop.
const LONGEST_HEADING: usize = 30;

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

/// The blocks whose lines are records by themselves.
fn lists(document: &Document) -> BTreeSet<usize> {
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
fn pieces(
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
fn without_end_mark(text: Text, more: bool) -> Text {
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

pub(super) fn first_line(string: &str) -> String {
    fold(string.split('\n').next().unwrap_or_default())
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

/// The form of a line by which a profile knows the start of an entry, where it says nothing else, or only a number.
fn declared_form(text: &Text, profile: &Profile) -> Option<Form> {
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
    // "**Label** value": the run of bold characters at the start is the label, and not the whole line.
    if let Some(bold) = line
        .ranges_where(|segment| segment.style.bold)
        .first()
        .filter(|bold| bold.start == 0 && bold.end < string.len())
    {
        let words = string
            .get(..bold.end)?
            .trim()
            .trim_end_matches([':', '-', '–', '.'])
            .trim();
        if let Some(field) = known(words) {
            let after = string.get(bold.end..)?;
            let value = bold.end
                + (after.len() - after.trim_start_matches([' ', ':', '-', '–', '\n']).len());
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

fn form(text: &Text, block: &Block, label: Option<&UnitLabel>) -> Form {
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
fn is_attribution(string: &str) -> bool {
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

fn signature(document: &Document, block: &Block, text: &Text, form: Form, further: bool) -> String {
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

    #[test]
    fn initials_and_legal_forms_end_no_sentence() {
        assert!(ends_with_abbreviation("Naturschutzjugend Hof e. V."));
        assert!(ends_with_abbreviation("Harbor Transitions, Inc."));
        assert!(!ends_with_abbreviation("Une forêt en ville."));
    }
}
