//! Where entries could start: every reading of the document that its labels, styles, numbers, tables or pages suggest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::line::{self, Pattern};
use super::units::{Form, Units};
use crate::model::document::{BlockLabel, Document};
use crate::profile::{Field, Place, fold, stem};

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
    /// Lines that are records by themselves.
    Lines(Pattern),
    /// What a profile says that entries start with.
    Profile(String),
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeadThenLabel => f.write_str("a head followed by a label"),
            Self::Label(field) => write!(f, "the label of `{}`", field.as_str()),
            Self::Class(class) => write!(f, "lines that look alike ({})", class.trim()),
            Self::Rows => f.write_str("rows of a table"),
            Self::Pages => f.write_str("pages"),
            Self::Lines(pattern) => write!(f, "one-line records ({pattern:?})"),
            Self::Profile(place) => write!(f, "what the profile says ({place})"),
        }
    }
}

/// One way to place the entries: an anchor unit for each.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it goes by.
    pub method: Method,
    /// Indices of units, ascending: each lies in the head of its entry, or is its first labelled unit.
    pub anchors: Vec<usize>,
}

/// More classes than this are noise: a brochure has a dozen styles.
const MOST_CLASSES: usize = 60;

/// Every candidate that has at least two entries (one, for labels and rows).
pub fn candidates(document: &Document, units: &Units) -> Vec<Candidate> {
    let mut list = Vec::new();
    list.push(Candidate {
        method: Method::HeadThenLabel,
        anchors: heads_before_labels(units),
    });
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
    let labelled = fields.into_iter().chain(
        texts
            .into_iter()
            .map(|((field, _), anchors)| (field, anchors)),
    );
    list.extend(labelled.map(|(field, anchors)| {
        Candidate {
            method: Method::Label(field),
            anchors: anchors
                .into_iter()
                .map(|index| first_label_before(document, units, index))
                .collect(),
        }
    }));
    let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.list.iter().enumerate() {
        if !matches!(
            unit.form,
            Form::Labelled | Form::Footnote | Form::Attribution | Form::Parenthesis
        ) {
            classes.entry(unit.class).or_default().push(index);
        }
    }
    let mut classes: Vec<(u32, Vec<usize>)> = classes
        .into_iter()
        .filter(|(_, anchors)| anchors.len() > 1)
        .collect();
    // Several repeated lines of one look are one kind of kicker, so they are one class already; the most frequent classes come first.
    classes.sort_by_key(|(class, anchors)| (std::cmp::Reverse(anchors.len()), *class));
    classes.truncate(MOST_CLASSES);
    list.extend(classes.into_iter().map(|(class, anchors)| {
        Candidate {
            method: Method::Class(
                units
                    .classes
                    .get(class as usize)
                    .cloned()
                    .unwrap_or_default(),
            ),
            anchors,
        }
    }));
    list.extend(rows(document, units));
    list.push(Candidate {
        method: Method::Pages,
        anchors: pages(document, units),
    });
    list.extend(lines(units));
    for candidate in &mut list {
        candidate.anchors.dedup();
    }
    list.retain(|candidate| {
        candidate.anchors.len() > 1
            || (candidate.anchors.len() == 1
                && matches!(candidate.method, Method::HeadThenLabel | Method::Rows))
    });
    list
}

/// The entries that a profile's rule places; none where it never holds.
pub fn declared(document: &Document, units: &Units, place: &Place) -> Option<Candidate> {
    let anchors: Vec<usize> = (0..units.list.len())
        .filter(|index| is_place(document, units, *index, place))
        .collect();
    (!anchors.is_empty()).then(|| Candidate {
        method: Method::Profile(place.to_string()),
        anchors,
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
        && (!place.page || is_first_on_page())
        && (!place.number || is_numbered())
}

/// A short unit, directly followed by a labelled one.
fn heads_before_labels(units: &Units) -> Vec<usize> {
    let mut anchors = Vec::new();
    for (index, pair) in units.list.windows(2).enumerate() {
        let [before, unit] = pair else { continue };
        let labelled = unit
            .label
            .as_ref()
            .is_some_and(|label| label.field != Field::Document);
        if labelled && before.is_head_like() {
            anchors.push(index + 1);
        }
    }
    anchors
}

/// Labels of one entry stand together: the first labelled unit of the run that ends at `index`, prose between labels aside.
fn first_label_before(document: &Document, units: &Units, index: usize) -> usize {
    let mut first = index;
    let field = units
        .list
        .get(index)
        .and_then(|unit| unit.label.as_ref())
        .map(|label| label.field);
    for before in (0..index).rev() {
        let Some(unit) = units.list.get(before) else {
            break;
        };
        match &unit.label {
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
        if last != Some((cell.table, cell.row)) {
            last = Some((cell.table, cell.row));
            anchors.push(index);
        }
    }
    // A table of one data row is a two-column layout with captions, not a list.
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let table_of = |anchor: &usize| {
        units
            .list
            .get(*anchor)
            .and_then(|unit| document.blocks.get(unit.block))
            .and_then(|block| block.cell)
            .map(|cell| cell.table)
    };
    for table in anchors.iter().filter_map(table_of) {
        *counts.entry(table).or_default() += 1;
    }
    let mut headed: BTreeMap<u32, BTreeSet<u16>> = BTreeMap::new();
    for unit in units
        .list
        .iter()
        .filter(|unit| unit.label.as_ref().is_some_and(|label| label.column))
    {
        if let Some(cell) = document.blocks.get(unit.block).and_then(|block| block.cell) {
            headed.entry(cell.table).or_default().insert(cell.column);
        }
    }
    anchors.retain(|anchor| {
        table_of(anchor).is_some_and(|table| {
            counts.get(&table).is_some_and(|count| *count > 1)
                && headed.get(&table).is_some_and(|columns| columns.len() > 1)
        })
    });
    (!anchors.is_empty()).then_some(Candidate {
        method: Method::Rows,
        anchors,
    })
}

/// Units that are records by themselves, for each pattern. Weak patterns hold only where the lines look alike.
fn lines(units: &Units) -> Vec<Candidate> {
    let mut list = Vec::new();
    for pattern in Pattern::ALL {
        let mut anchors: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, unit) in units.list.iter().enumerate() {
            let labelled = unit
                .label
                .as_ref()
                .is_some_and(|label| label.field != Field::Other && label.field != Field::Award);
            if !labelled
                && !matches!(unit.form, Form::Footnote | Form::Number)
                && line::parse(&unit.text, pattern).is_some()
            {
                // Lines of one strong pattern belong together whatever their form: one may end with a full stop, another not.
                let class = if pattern.is_strong() { 0 } else { unit.class };
                anchors.entry(class).or_default().push(index);
            }
        }
        // Two such lines happen in any text.
        list.extend(
            anchors
                .into_values()
                .filter(|anchors| anchors.len() > if pattern.is_strong() { 1 } else { 2 })
                .map(|anchors| Candidate {
                    method: Method::Lines(pattern),
                    anchors,
                }),
        );
    }
    list
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
