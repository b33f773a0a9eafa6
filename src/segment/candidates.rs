//! Where entries could start: every reading of the document that its labels, styles, numbers, tables or pages suggest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use rayon::prelude::*;

use super::columns::Line;
use super::line::{self, Taken};
use super::told::{self, Told, Way};
use super::units::{Form, Unit, Units};
use crate::message;
use crate::message::Message;
use crate::model::document::{BlockLabel, Document};
use crate::profile::{EntryRules, Field, Place, VOCABULARY, fold, stem};

/// What a candidate partition goes by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// A head, directly followed by a label.
    HeadThenLabel,
    /// One label of each entry.
    Label(Field),
    /// Units that look alike (style, place, number, bullet).
    Class(String),
    /// Rows of a table with a header.
    Rows,
    /// One page an entry.
    Pages,
    /// Elements of one kind, side by side: cards, sections, items.
    Elements(String),
    /// Lines that are records by themselves.
    Lines,
    /// What a profile says that entries start with.
    Profile(String),
}

impl Method {
    /// What it goes by, in words.
    pub fn told(&self) -> Message {
        match self {
            Self::HeadThenLabel => message!("a head followed by a label"),
            Self::Label(field) => message!("the label of `{field}`", field = field.as_str()),
            Self::Class(class) => message!("lines that look alike ({class})", class = class.trim()),
            Self::Rows => message!("rows of a table"),
            Self::Pages => message!("pages"),
            Self::Elements(kind) => {
                message!("elements of one kind ({kind})", kind)
            }
            Self::Lines => message!("one-line records"),
            Self::Profile(place) => {
                message!("what the profile says ({place})", place)
            }
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().fmt(f)
    }
}

/// One way to place the entries: an anchor unit for each.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it goes by.
    pub method: Method,
    /// Indices of units, ascending: each lies in the head of its entry, or is its first labelled unit.
    pub anchors: Vec<usize>,
    /// What the anchors say, where each is a record by itself.
    pub lines: Vec<Line>,
    /// Where each entry ends, where the anchors tell.
    pub ends: Vec<usize>,
    /// An entry is its anchor, and nothing below.
    pub alone: bool,
    /// What its method is called, with what else tells it from others of a document.
    pub way: String,
}

impl Candidate {
    fn new(method: Method, anchors: Vec<usize>) -> Self {
        Self {
            way: method.to_string(),
            method,
            anchors,
            lines: Vec::new(),
            ends: Vec::new(),
            alone: false,
        }
    }

    /// Lines that are records by themselves, by what `kind` of lines they are.
    fn of_lines(kind: &str, anchors: Vec<usize>, lines: Vec<Line>) -> Self {
        Self {
            lines,
            way: format!("{} ({kind})", Method::Lines),
            ..Self::new(Method::Lines, anchors)
        }
    }

    /// The same by a name that tells more.
    fn told_apart(self, by: &str) -> Self {
        Self {
            way: format!("{}, {by}", self.way),
            ..self
        }
    }
}

/// More classes than this are noise: a brochure has a dozen styles.
const MOST_CLASSES: usize = 60;

/// Every candidate that has at least two entries (one, for labels and rows).
/// What takes lines apart is left out where a profile has `declared` what entries start with.
pub fn candidates(document: &Document, units: &Units, declared: bool) -> Vec<Candidate> {
    if units.list.iter().any(|unit| unit.told.is_some()) {
        let mut list = told(units);
        list.extend(lines(document, units));
        list.retain(|candidate| candidate.anchors.len() > 1);
        return list;
    }
    let mut list = Vec::new();
    list.push(Candidate::new(
        Method::HeadThenLabel,
        heads_before_labels(document, units),
    ));
    list.extend(labelled(document, units));
    let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.list.iter().enumerate() {
        if !matches!(
            unit.form,
            Form::Labelled | Form::Footnote | Form::Attribution | Form::Parenthesis
        ) {
            classes.entry(unit.class).or_default().push(index);
        }
    }
    list.extend(classes_of_one_kind(units, &classes));
    list.extend(classes_below_introductions(units, &classes));
    let mut classes: Vec<(u32, Vec<usize>)> = classes
        .into_iter()
        .filter(|(_, anchors)| anchors.len() > 1)
        .collect();
    // Several repeated lines of one look are one kind of kicker, so they are one class already; the most frequent classes come first.
    classes.sort_by_key(|(class, anchors)| (std::cmp::Reverse(anchors.len()), *class));
    classes.truncate(MOST_CLASSES);
    list.extend(classes.into_iter().map(|(class, anchors)| {
        Candidate::new(
            Method::Class(
                units
                    .classes
                    .get(class as usize)
                    .cloned()
                    .unwrap_or_default(),
            ),
            anchors,
        )
    }));
    list.extend(rows(document, units));
    list.push(Candidate::new(Method::Pages, pages(document, units)));
    for candidate in &mut list {
        candidate.anchors = at_row_starts(document, units, &candidate.anchors);
    }
    drop_parts_of_named_rows(document, units, &mut list);
    if !declared {
        list.extend(elements(document, units));
        list.extend(items(document, units));
        list.extend(lines(document, units));
    }
    list.retain(|candidate| {
        candidate.anchors.len() > 1
            || (candidate.anchors.len() == 1
                && matches!(candidate.method, Method::HeadThenLabel | Method::Rows))
    });
    list.extend(fiche_alone(units));
    list
}

/// By each field that labels feed, and by one of its labels where it has several.
fn labelled(document: &Document, units: &Units) -> Vec<Candidate> {
    let mut fields: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
    // One label of a field that has several (« description » above, « Description de l'initiative » below).
    let mut texts: BTreeMap<(Field, String), Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.list.iter().enumerate() {
        if let Some(label) = unit
            .label
            .as_ref()
            .filter(|label| !matches!(label.field, Field::Document | Field::Other))
        {
            // The cells below a header are its value, not the label once more.
            let before = index
                .checked_sub(1)
                .and_then(|before| units.list.get(before))
                .and_then(|before| before.label.as_ref());
            let continued = before
                .is_some_and(|before| before.column && label.column && before.field == label.field);
            if !continued {
                fields.entry(label.field).or_default().push(index);
                texts
                    .entry((label.field, stem(&fold(&label.text))))
                    .or_default()
                    .push(index);
            }
        }
    }
    texts.retain(|(field, _), anchors| {
        fields
            .get(field)
            .is_some_and(|all| all.len() > anchors.len())
    });
    let labelled = (fields.into_iter())
        .map(|(field, anchors)| (field, None, anchors))
        .chain((texts.into_iter()).map(|((field, text), anchors)| (field, Some(text), anchors)));
    let labelled = labelled.map(|(field, text, anchors)| {
        let candidate = Candidate::new(
            Method::Label(field),
            anchors
                .into_iter()
                .map(|index| first_label_before(document, units, index))
                .collect(),
        );
        match text {
            Some(text) => candidate.told_apart(&format!("« {text} »")),
            None => candidate,
        }
    });
    labelled.collect()
}

/// The rows of a table that have a sum are no list where all rows have a name: of two columns, what one fills and the other fills as well and more says
/// nothing of where records start.
fn drop_parts_of_named_rows(document: &Document, units: &Units, list: &mut Vec<Candidate>) {
    let is_cell = |index: &usize| {
        (units.list.get(*index))
            .and_then(|unit| document.blocks.get(unit.block))
            .is_some_and(|block| block.cell.is_some())
    };
    let named: Vec<BTreeSet<usize>> = (list.iter())
        .filter(|candidate| candidate.method == Method::Label(Field::Name))
        .map(|candidate| candidate.anchors.iter().copied().collect())
        .collect();
    list.retain(|candidate| {
        let is_other = matches!(candidate.method, Method::Label(field) if field != Field::Name);
        let is_part = |all: &BTreeSet<usize>| {
            candidate.anchors.len() < all.len()
                && (candidate.anchors.iter()).all(|anchor| all.contains(anchor) && is_cell(anchor))
        };
        !(is_other && named.iter().any(is_part))
    });
}

/// Classes that differ only in case, or in that their lines are repeated: a grid of cards has « 25 000 € » on several of them, and one title in capitals.
fn classes_of_one_kind(units: &Units, classes: &BTreeMap<u32, Vec<usize>>) -> Vec<Candidate> {
    let mut kinds: BTreeMap<String, Vec<&Vec<usize>>> = BTreeMap::new();
    for (class, anchors) in classes {
        let name = units.classes.get(*class as usize);
        let kind = name.map(|name| name.replace(" CAPS", "").replace(" repeated", ""));
        kinds
            .entry(kind.unwrap_or_default())
            .or_default()
            .push(anchors);
    }
    kinds
        .into_iter()
        .filter(|(_, classes)| classes.len() > 1)
        .map(|(kind, classes)| {
            let mut anchors: Vec<usize> = classes.into_iter().flatten().copied().collect();
            anchors.sort_unstable();
            Candidate::new(Method::Class(kind), anchors).told_apart("in capitals or not")
        })
        .collect()
}

/// What of each class stands below the last line that introduces a list of laureates, where some of it stands above: items of a list look like those of
/// the list beside it.
fn classes_below_introductions(
    units: &Units,
    classes: &BTreeMap<u32, Vec<usize>>,
) -> Vec<Candidate> {
    let introductions: Vec<usize> = (units.list.iter().enumerate())
        .filter(|(_, unit)| {
            unit.announces && unit.form == Form::Short || super::entries::is_introduction(unit)
        })
        .map(|(index, _)| index)
        .collect();
    classes
        .iter()
        .filter_map(|(class, anchors)| {
            let last = anchors
                .len()
                .checked_sub(2)
                .and_then(|last| anchors.get(last))?;
            let introduction = introductions.iter().rfind(|index| *index < last)?;
            let first = anchors.partition_point(|anchor| anchor <= introduction);
            let below = anchors.get(first..).filter(|_| first > 0)?;
            let name = units.classes.get(*class as usize).cloned();
            let candidate = Candidate::new(Method::Class(name.unwrap_or_default()), below.to_vec());
            Some(candidate.told_apart("below what introduces the list"))
        })
        .collect()
}

/// The whole document as one entry: labels of several fields, none of which comes twice.
fn fiche_alone(units: &Units) -> Option<Candidate> {
    // Fewer happen in any text.
    const FEWEST: usize = 3;
    let mut seen: BTreeSet<Field> = BTreeSet::new();
    let mut first = None;
    for (index, unit) in units.list.iter().enumerate() {
        let label = unit.label.as_ref().filter(|label| {
            !label.column && !matches!(label.field, Field::Document | Field::Other)
        });
        let Some(label) = label else { continue };
        if !seen.insert(label.field) {
            return None;
        }
        first.get_or_insert((index, label.field));
    }
    let (first, field) = first.filter(|_| seen.len() >= FEWEST)?;
    Some(Candidate::new(Method::Label(field), vec![first]))
}

/// What prose tells of laureates, where it was cut for that: the longest list within a sentence, all of them, sentences, and both; with the paragraphs that
/// only name a body, or those alone.
fn told(units: &Units) -> Vec<Candidate> {
    let all: Vec<(usize, &Told)> = units
        .list
        .iter()
        .enumerate()
        .filter_map(|(index, unit)| Some((index, unit.told.as_ref()?)))
        .collect();
    let mut counts: BTreeMap<Way, usize> = BTreeMap::new();
    for (_, told) in &all {
        *counts.entry(told.way).or_default() += 1;
    }
    let is_item = |way: Way| matches!(way, Way::Item(_));
    let longest = counts
        .iter()
        .filter(|(way, _)| is_item(**way))
        .max_by_key(|(way, count)| (**count, std::cmp::Reverse(**way)))
        .map(|(way, _)| *way);
    let wanted: [(&str, &dyn Fn(Way) -> bool); 8] = [
        ("the longest list within a sentence", &|way| {
            Some(way) == longest
        }),
        ("lists within sentences", &|way| is_item(way)),
        ("sentences", &|way| way == Way::Sentence),
        ("lists within sentences, and sentences", &|way| {
            is_item(way) || way == Way::Sentence
        }),
        ("sentences, and paragraphs that name a body", &|way| {
            way == Way::Sentence || way == Way::Mention
        }),
        ("paragraphs that name a body", &|way| way == Way::Mention),
        ("all that is told but what goes on", &|way| {
            way != Way::Further
        }),
        ("all that is told", &|_| true),
    ];
    let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
    let mut list = Vec::new();
    for (kind, wanted) in wanted {
        let (anchors, lines): (Vec<usize>, Vec<Line>) = all
            .iter()
            .filter(|(_, told)| wanted(told.way))
            .map(|(index, told)| (*index, told.line.clone()))
            .unzip();
        if seen.insert(anchors.clone()) {
            list.push(Candidate::of_lines(kind, anchors, lines));
        }
    }
    list
}

/// The anchors, ascending; an entry that is told by a box starts with the text that the box stands beside, unless others start in that text.
fn at_row_starts(document: &Document, units: &Units, anchors: &[usize]) -> Vec<usize> {
    let mut moved: Vec<usize> = Vec::with_capacity(anchors.len());
    for &anchor in anchors {
        match units.row_start(document, anchor) {
            Some(start) if moved.last().is_none_or(|last| *last < start) => moved.push(start),
            Some(_) => {}
            None => moved.push(anchor),
        }
    }
    moved.dedup();
    moved
}

/// The first unit of the row of a table in which a unit stands.
fn first_cell(document: &Document, units: &Units, index: usize) -> usize {
    let row_of = |unit: &Unit| {
        let cell = document.blocks.get(unit.block)?.cell?;
        Some((cell.table, cell.row))
    };
    let row = units.list.get(index).and_then(row_of);
    let before = units.list.get(..index).unwrap_or_default();
    let in_row = |unit: &&Unit| row.is_some() && row_of(unit) == row;
    index - before.iter().rev().take_while(in_row).count()
}

/// The entries that a profile's rule places; none where it never holds.
pub fn declared(document: &Document, units: &Units, rules: &EntryRules) -> Option<Candidate> {
    let place = rules.starts_with.as_ref()?;
    let is_excepted = |index: usize| {
        !rules.except.is_empty()
            && (units.list.get(index)).is_some_and(|unit| rules.excepts(&unit.folded))
    };
    let anchors: Vec<usize> = (0..units.list.len())
        .filter(|index| is_place(document, units, *index, place) && !is_excepted(*index))
        .collect();
    (!anchors.is_empty()).then(|| Candidate {
        alone: rules.alone,
        ..Candidate::new(Method::Profile(place.to_string()), anchors)
    })
}

/// Whether a unit is such a place as a profile describes.
pub fn is_place(document: &Document, units: &Units, index: usize, place: &Place) -> bool {
    let Some(unit) = units.list.get(index) else {
        return false;
    };
    let block = document.blocks.get(unit.block);
    let is_label = |label: &crate::profile::Pattern| {
        unit.label
            .as_ref()
            .is_some_and(|own| label.is(&fold(&own.text)))
    };
    let is_style = |style: &String| {
        let signature = units.classes.get(unit.class as usize);
        signature.is_some_and(|signature| {
            style
                .split_whitespace()
                .all(|word| signature.contains(word))
        })
    };
    let is_first_on_page = || {
        let page = |unit: &super::Unit| document.blocks.get(unit.block)?.page;
        let before = index
            .checked_sub(1)
            .and_then(|before| units.list.get(before));
        page(unit).is_some() && before.is_none_or(|before| page(before) != page(unit))
    };
    let is_numbered = || {
        unit.form == Form::Number
            || unit.offset == 0
                && block
                    .and_then(|block| block.marker.as_ref())
                    .is_some_and(|marker| marker.as_str().contains(|c: char| c.is_ascii_digit()))
    };
    place.label.as_ref().is_none_or(is_label)
        && (place.line.is_none() || place.is_line(&fold(unit.text.as_str())))
        && place.style.as_ref().is_none_or(is_style)
        && place.reads(unit.text.as_str())
        && (!place.page || is_first_on_page())
        && (!place.number || is_numbered())
}

/// A short unit, directly followed by a labelled one.
fn heads_before_labels(document: &Document, units: &Units) -> Vec<usize> {
    let mut anchors = Vec::new();
    let records = record_tables(document, units);
    for (index, pair) in units.list.windows(2).enumerate() {
        let [before, unit] = pair else { continue };
        let labelled = unit
            .label
            .as_ref()
            .is_some_and(|label| label.field != Field::Document);
        // The rows of a table of records are entries; what stands above the table is none.
        let row = document
            .blocks
            .get(unit.block)
            .and_then(|block| block.cell)
            .is_some_and(|cell| records.contains(&cell.table));
        if labelled && before.is_head_like() && !row {
            anchors.push(index + 1);
        }
    }
    anchors
}

/// Labels of one entry stand together: the first labelled unit of the run that ends at `index`, prose between labels aside. Under the heads of columns an
/// entry is a row.
fn first_label_before(document: &Document, units: &Units, index: usize) -> usize {
    let own = units.list.get(index).and_then(|unit| unit.label.as_ref());
    if own.is_some_and(|label| label.column) {
        return first_cell(document, units, index);
    }
    let mut first = index;
    let field = own.map(|label| label.field);
    let table = |index: usize| {
        let unit = units.list.get(index)?;
        Some(document.blocks.get(unit.block)?.cell?.table)
    };
    // In a table whose rows are labels and values, the labels of an entry are those of its table.
    let in_rows = own.is_some_and(|label| !label.column) && table(index).is_some();
    for before in (0..index).rev() {
        let Some(unit) = units.list.get(before) else {
            break;
        };
        if in_rows && table(before) != table(index) {
            break;
        }
        match &unit.label {
            None if in_rows => {}
            Some(label) if label.field == Field::Document || Some(label.field) == field => break,
            Some(_) => first = before,
            // Items of a list are the value of a label above them.
            None if document.blocks.get(unit.block).is_some_and(|block| {
                block.label == BlockLabel::ListItem || block.marker.is_some()
            }) => {}
            None if unit.is_head_like() || unit.form == Form::Footnote => break,
            None => {}
        }
    }
    first
}

/// Tables of records: at least two columns are headed by labels, and at least two rows have data. A table of one data row is a two-column layout with
/// captions, not a list.
fn record_tables(document: &Document, units: &Units) -> BTreeSet<u32> {
    let mut headed: BTreeMap<u32, (BTreeSet<u16>, BTreeSet<u32>)> = BTreeMap::new();
    for unit in units.list.iter().filter(|unit| {
        unit.label
            .as_ref()
            .is_some_and(|label| label.column && label.field != Field::Other)
    }) {
        if let Some(cell) = document.blocks.get(unit.block).and_then(|block| block.cell) {
            let (columns, rows) = headed.entry(cell.table).or_default();
            columns.insert(cell.column);
            rows.insert(cell.row);
        }
    }
    headed
        .into_iter()
        .filter(|(_, (columns, rows))| columns.len() > 1 && rows.len() > 1)
        .map(|(table, _)| table)
        .collect()
}

/// The data rows of tables whose header names at least two fields.
fn rows(document: &Document, units: &Units) -> Option<Candidate> {
    let mut anchors = Vec::new();
    let mut last = None;
    for (index, unit) in units.list.iter().enumerate() {
        let Some(cell) = document.blocks.get(unit.block).and_then(|block| block.cell) else {
            continue;
        };
        if cell.header
            || unit.label.is_none() && last != Some((cell.table, cell.row)) && cell.column > 0
        {
            continue;
        }
        let labelled = units
            .list
            .get(index..)
            .unwrap_or_default()
            .iter()
            .any(|other| {
                other.label.as_ref().is_some_and(|label| label.column)
                    && document
                        .blocks
                        .get(other.block)
                        .and_then(|block| block.cell)
                        .is_some_and(|other| (other.table, other.row) == (cell.table, cell.row))
            });
        if !labelled {
            continue;
        }
        if last != Some((cell.table, cell.row)) {
            last = Some((cell.table, cell.row));
            anchors.push(index);
        }
    }
    let records = record_tables(document, units);
    anchors.retain(|anchor| {
        units
            .list
            .get(*anchor)
            .and_then(|unit| document.blocks.get(unit.block))
            .and_then(|block| block.cell)
            .is_some_and(|cell| records.contains(&cell.table))
    });
    (!anchors.is_empty()).then(|| Candidate::new(Method::Rows, anchors))
}

fn is_header(document: &Document, units: &Units, index: usize) -> bool {
    units
        .list
        .get(index)
        .and_then(|unit| document.blocks.get(unit.block))
        .is_some_and(|block| block.label == BlockLabel::SectionHeader)
}

/// Whether most of these stand below a heading of their own, a line or two between: then the heading is the entry's.
fn headed(document: &Document, units: &Units, anchors: &[usize]) -> bool {
    // Farther up, a heading is about several.
    const NEAR: usize = 3;
    let below = anchors
        .iter()
        .filter(|anchor| {
            (anchor.saturating_sub(NEAR)..**anchor)
                .rev()
                .take_while(|above| {
                    !anchors.contains(above)
                        && units
                            .list
                            .get(*above)
                            .is_some_and(super::Unit::is_head_like)
                })
                .any(|above| is_header(document, units, above))
        })
        .count();
    below * 10 > anchors.len() * 8
}

/// Elements of one kind that each hold several units: what a page lays out side by side.
fn elements(document: &Document, units: &Units) -> Vec<Candidate> {
    // Farther up, elements are the page's own.
    const DEEPEST: usize = 12;
    let mut kinds: BTreeMap<String, Vec<(u32, usize, usize)>> = BTreeMap::new();
    for (index, unit) in units.list.iter().enumerate() {
        let mut node = document.blocks.get(unit.block).and_then(|block| block.node);
        for _ in 0..DEEPEST {
            let Some(current) = node else { break };
            let Some(element) = document.nodes.get(current as usize) else {
                break;
            };
            if matches!(
                element.tag.as_str(),
                "body" | "html" | "main" | "table" | "tbody" | "thead" | "tr" | "td" | "th" | "p"
            ) {
                node = element.parent;
                continue;
            }
            let members = kinds.entry(kind(document, current)).or_default();
            match members.last_mut() {
                Some((last, _, end)) if *last == current => *end = index + 1,
                _ => members.push((current, index, index + 1)),
            }
            node = element.parent;
        }
    }
    let mut seen: BTreeSet<Vec<(usize, usize)>> = BTreeSet::new();
    let mut list = Vec::new();
    for (kind, members) in kinds {
        let several = members
            .iter()
            .filter(|(_, start, end)| end - start > 1)
            .count();
        let spans: Vec<(usize, usize)> = members
            .iter()
            .map(|(_, start, end)| (*start, *end))
            .collect();
        let apart = spans
            .iter()
            .zip(spans.iter().skip(1))
            .all(|(before, after)| before.1 <= after.0);
        if members.len() > 2
            && several * 10 >= members.len() * 8
            && apart
            && seen.insert(spans.clone())
        {
            let (anchors, ends): (Vec<usize>, Vec<usize>) = spans.into_iter().unzip();
            if headed(document, units, &anchors) {
                continue;
            }
            list.push(Candidate {
                ends,
                ..Candidate::new(Method::Elements(kind), anchors)
            });
        }
    }
    // The most numerous are the smallest; a page has a dozen kinds.
    list.sort_by_key(|candidate| std::cmp::Reverse(candidate.anchors.len()));
    list.truncate(MOST_CLASSES);
    list
}

/// The items of each list, whatever they look like, and those of all lists.
fn items(document: &Document, units: &Units) -> Vec<Candidate> {
    // Of two lists in a row, one is of laureates; shorter ones are told otherwise.
    const MOST_LISTS: usize = 4;
    const FEWEST: usize = 3;
    let is_item = |unit: &Unit| {
        (document.blocks.get(unit.block)).is_some_and(|block| block.label == BlockLabel::ListItem)
    };
    let all: Vec<usize> = (0..units.list.len()).collect();
    let of = |index: &usize| units.list.get(*index);
    let mut lists: Vec<Candidate> = all
        .chunk_by(|before, index| of(before).is_some_and(is_item) == of(index).is_some_and(is_item))
        .filter(|run| run.first().and_then(of).is_some_and(is_item))
        .filter_map(|run| {
            let anchors: Vec<usize> = (run.iter().copied())
                .filter(|index| of(index).is_some_and(|unit| unit.offset == 0 && !leads(unit)))
                .collect();
            let end = run.last()? + 1;
            let ends = anchors.iter().skip(1).copied().chain([end]).collect();
            (anchors.len() >= FEWEST).then(|| Candidate {
                ends,
                ..Candidate::new(Method::Elements("li".to_owned()), anchors)
            })
        })
        .collect();
    lists.sort_by_key(|list| std::cmp::Reverse(list.anchors.len()));
    lists.truncate(MOST_LISTS);
    let mut lists: Vec<Candidate> = (lists.into_iter().enumerate())
        .map(|(number, list)| list.told_apart(&format!("list {number}")))
        .collect();
    if lists.len() > 1 {
        let mut spans: Vec<(usize, usize)> = (lists.iter())
            .flat_map(|list| list.anchors.iter().copied().zip(list.ends.iter().copied()))
            .collect();
        spans.sort_unstable();
        let (anchors, ends) = spans.into_iter().unzip();
        lists.push(Candidate {
            ends,
            ..Candidate::new(Method::Elements("li".to_owned()), anchors).told_apart("all lists")
        });
    }
    lists
}

/// « Les lauréats : » introduces the items below it.
fn leads(unit: &Unit) -> bool {
    unit.text.as_str().trim_end().ends_with(':')
}

/// The kind of an element: its name and first class, and those of what holds it. Further classes tell one card from another.
fn kind(document: &Document, node: u32) -> String {
    let mut names = Vec::new();
    let mut current = Some(node);
    while let Some(element) = current.and_then(|node| document.nodes.get(node as usize)) {
        if names.len() == 3 {
            break;
        }
        names.push(format!(
            "{}.{}",
            element.tag,
            element.class.split_whitespace().next().unwrap_or_default()
        ));
        current = element.parent;
    }
    names.join("/")
}

/// A look, its units, and what of them is records: all that are, and those that share something.
type Decided = (String, Vec<usize>, Vec<line::Decided>);

/// Units of one look that are records by themselves.
fn lines(document: &Document, units: &Units) -> Vec<Candidate> {
    let mut list = Vec::new();
    // A heading with its text is the head of an entry.
    let titles = |anchors: &[usize]| {
        let titles = anchors
            .iter()
            .enumerate()
            .filter(|(number, anchor)| {
                is_header(document, units, **anchor)
                    && anchors.get(number + 1) != Some(&(**anchor + 1))
            })
            .count();
        titles * 10 > anchors.len() * 6
    };
    let open = |unit: &super::Unit| {
        let labelled = unit
            .label
            .as_ref()
            .is_some_and(|label| label.field != Field::Other && label.field != Field::Award);
        let announces = unit.announces && unit.form == Form::Short;
        let apart = announces || super::entries::is_introduction(unit);
        let other = matches!(unit.form, Form::Footnote | Form::Number | Form::Attribution);
        !(labelled || apart || other || leads(unit))
    };
    // Articles link their subjects, too: those of a list are entries where the text shows one.
    let shown = units.list.iter().any(|unit| {
        unit.announces && (super::entries::is_introduction(unit) || super::score::addresses(unit))
    });
    // One line may end with a full stop, another not: the look without what the words make of it. Of a list, one line may be bold, or in capitals.
    let mut looks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.list.iter().enumerate().filter(|(_, unit)| open(unit)) {
        let class = units.classes.get(unit.class as usize);
        let look = class.and_then(|class| class.split_once(' '));
        let look = look.map_or("", |(_, look)| look);
        looks.entry(look.to_owned()).or_default().push(index);
        let plain = plain_look(look);
        if plain != look {
            looks.entry(plain).or_default().push(index);
        }
    }
    // A line stands under several looks, and is taken apart once.
    let taken: BTreeMap<usize, Taken<'_>> = units
        .list
        .par_iter()
        .enumerate()
        .filter(|(_, unit)| open(unit))
        .filter_map(|(index, unit)| {
            let item = if shown {
                item(document, unit)
            } else {
                line::Item::from(&unit.text)
            };
            Some((index, Taken::of(index, item)?))
        })
        .collect();
    let looks: Vec<(String, Vec<usize>)> = (looks.into_iter())
        .filter(|(_, indices)| indices.len() > 1)
        .collect();
    let decided = looks
        .into_par_iter()
        .with_max_len(1)
        .map(|(look, indices)| {
            let taken: Vec<&Taken<'_>> = (indices.iter())
                .filter_map(|index| taken.get(index))
                .collect();
            let records = if look.starts_with("ListItem") {
                line::decide_items(&taken)
            } else {
                line::decide(&taken)
            };
            // And what those say that share something, where others look like them.
            let by_trait = line::decide_by_trait(&taken);
            let decided = std::iter::once(records).chain(by_trait).collect();
            (look, indices, decided)
        });
    let decided: Vec<Decided> = decided.collect();
    for (look, indices, decided) in decided {
        for (number, decided) in decided.into_iter().enumerate() {
            let whole = whole_lists(document, units, &indices, &decided);
            for (is_whole, mut found) in std::iter::once(decided.records).chain(whole).enumerate() {
                leave_others_out(units, &mut found);
                let (anchors, lines): (Vec<usize>, Vec<Line>) = found.into_iter().unzip();
                // Two lines of weak evidence happen in any text.
                let sure = lines.iter().filter(|line| line.evidence >= 1.0).count();
                // Below the heading of its category, a line that says who won there is the entry.
                let awarded = lines.iter().filter(|line| line.award.is_some()).count();
                let is_known = (list.iter())
                    .any(|known: &Candidate| known.anchors == anchors && known.lines == lines);
                if (anchors.len() > 2 || anchors.len() == 2 && sure == 2)
                    && !is_known
                    && (awarded * 10 > anchors.len() * 8 || !headed(document, units, &anchors))
                    && !titles(&anchors)
                {
                    let mut kind = look.trim().to_owned();
                    if number > 0 {
                        let _ = write!(kind, ", alike {number}");
                    }
                    if is_whole > 0 {
                        kind.push_str(", whole lists");
                    }
                    list.push(Candidate::of_lines(&kind, anchors, lines));
                }
            }
        }
    }
    list
}

/// The lines that are records, with all that stand in one list with several of them, whatever these say; none, where nothing is missing. Items make a
/// list by their bullets; other lines do between those that are records. Headings of prizes between, and years in which none was given, are no records.
fn whole_lists(
    document: &Document,
    units: &Units,
    indices: &[usize],
    decided: &line::Decided,
) -> Option<Vec<(usize, Line)>> {
    // Fewer records tell nothing of what stands between them.
    const FEWEST: usize = 2;
    let is_item = |index: &usize| {
        let block = (units.list.get(*index)).and_then(|unit| document.blocks.get(unit.block));
        block.is_some_and(|block| block.label == BlockLabel::ListItem)
    };
    let is_found = |index: &usize| line::has(&decided.records, *index);
    // Sentences of one paragraph make no list.
    if units.list.iter().any(|unit| unit.told.is_some()) {
        return None;
    }
    // Where most items of all lists are records, the lists are of one kind.
    let most = decided.records.len() * 10 >= indices.len() * 6;
    let mut more = Vec::new();
    for mut run in indices.chunk_by(|before, index| before + 1 == *index) {
        let records = run.iter().filter(|index| is_found(index)).count();
        let is_list = run.iter().all(is_item);
        if !is_list {
            let first = run.iter().position(is_found).unwrap_or(0);
            let last = run.iter().rposition(is_found).map_or(0, |last| last + 1);
            run = run.get(first..last).unwrap_or_default();
        }
        // One item in three is a record; of other lines, every second one.
        let wanted = if is_list { 3 } else { 2 };
        let several = records >= FEWEST && records * wanted >= run.len();
        let neighbours = if several {
            run
        } else if is_list && most {
            indices
        } else {
            continue;
        };
        // The neighbours speak for it: the more of them are records, the more.
        let evidence: f32 = (decided.records.iter())
            .filter(|(index, _)| neighbours.binary_search(index).is_ok())
            .map(|(_, line)| line.evidence / neighbours.len() as f32)
            .sum();
        let rest = run.iter().filter(|index| !is_found(index));
        more.extend(rest.filter_map(|index| {
            let unit = units.list.get(*index)?;
            let mut said = unit.folded.split(':').map(str::trim);
            if unit.award || said.any(|said| VOCABULARY.is_unawarded(said)) {
                return None;
            }
            let text = &unit.text;
            let other = (decided.others.iter()).find(|(other, _)| other == index);
            let line = other
                .map(|(_, line)| line.clone())
                .or_else(|| line::sibling(text))
                .or_else(|| told::item(text.as_str(), 0..text.len(), &[]))
                .unwrap_or_default();
            Some((*index, Line { evidence, ..line }))
        }));
    }
    if more.is_empty() {
        return None;
    }
    more.extend(decided.records.iter().cloned());
    more.sort_by_key(|(index, _)| *index);
    Some(more)
}

/// A look without what sets single lines of a list apart: weight, slant, case and colour; and size, where no page is laid out.
pub(super) fn plain_look(look: &str) -> String {
    let is_flowing = look.contains(" 0pt");
    look.split(' ')
        .filter(|word| {
            let apart = matches!(*word, "bold" | "italic" | "CAPS") || word.starts_with('#');
            let size = is_flowing && word.ends_with("pt");
            !apart && !size
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A unit as a line: a link opens it where a sentence goes on behind, whose subject the link is then.
fn item<'u>(document: &Document, unit: &'u Unit) -> line::Item<'u> {
    let mut item = line::Item::from(&unit.text);
    let linked = document.blocks.get(unit.block).and_then(|block| {
        let links = &block.links;
        let first = links.partition_point(|link| link.range.start < unit.offset);
        links.get(first)
    });
    if let Some(link) = linked.filter(|link| link.range.start == unit.offset) {
        let end = link.range.end - unit.offset;
        let goes_on = unit
            .text
            .as_str()
            .get(end..)
            .is_some_and(|rest| rest.trim_start().starts_with(char::is_lowercase));
        if goes_on {
            item.opened = item.opened.max(end);
        }
    }
    item
}

/// Leaves out the lines below a heading that is about others: what a council charges and spends is given to nobody.
fn leave_others_out(units: &Units, found: &mut Vec<(usize, Line)>) {
    let (mut end, mut others) = (0, false);
    found.retain(|(index, _)| {
        let between = units.list.get(end..*index).unwrap_or_default();
        others = super::entries::heading_of(between).map_or(others, |heading| {
            VOCABULARY.is_others(&heading.folded) && !heading.announces
        });
        end = index + 1;
        !others
    });
}

/// The first unit of each page, from the first page that has a head.
fn pages(document: &Document, units: &Units) -> Vec<usize> {
    let mut anchors = Vec::new();
    let mut last = None;
    for (index, unit) in units.list.iter().enumerate() {
        let page = document.blocks.get(unit.block).and_then(|block| block.page);
        if page.is_some() && page != last {
            last = page;
            anchors.push(index);
        }
    }
    anchors
}
