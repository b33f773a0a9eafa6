//! Where entries could start: every reading of the document that its labels, styles, numbers, tables or pages suggest.

mod elements;
mod lines;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub(super) use lines::plain_look;
use tables::first_cell;

use super::columns::Line;
use super::told::{self, Told, Way};
use super::units::{Form, Unit, Units};
use crate::message;
use crate::message::Message;
use crate::model::document::{BlockLabel, Document};
use crate::profile::{EntryRules, Field, Place, fold, stem};

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
        let lines = lines::lines(document, units);
        list.extend(with_told(units, &lines));
        list.extend(lines);
        // Lists of which sentences tell nothing are considered as they are laid out.
        let is_told = |index: &usize| {
            units
                .list
                .get(*index)
                .is_some_and(|unit| unit.told.is_some())
        };
        list.retain(|candidate| {
            candidate.anchors.len() > 1 && candidate.anchors.iter().any(is_told)
        });
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
    list.extend(tables::rows(document, units));
    list.push(Candidate::new(Method::Pages, pages(document, units)));
    for candidate in &mut list {
        candidate.anchors = tables::at_row_starts(document, units, &candidate.anchors);
    }
    tables::drop_parts_of_named_rows(document, units, &mut list);
    if !declared {
        list.extend(elements::elements(document, units));
        list.extend(elements::items(document, units));
        list.extend(lines::lines(document, units));
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
    let of_all = || {
        (units.list.iter().enumerate())
            .filter_map(|(index, unit)| Some((index, unit.told.as_ref()?)))
    };
    let gets = |way: Way| matches!(way, Way::Item(_) | Way::Sentence);
    let winners: BTreeSet<String> = of_all()
        .filter(|(_, told)| gets(told.way))
        .filter_map(|(index, told)| name_of(units, index, &told.line))
        .collect();
    // « Prix Évasion : Guido et La Playa », and below it « Guido accompagne les voyageurs »: who got something is told of, not another.
    let all: Vec<(usize, &Told)> = of_all()
        .filter(|(index, told)| {
            let is_again =
                || name_of(units, *index, &told.line).is_some_and(|name| winners.contains(&name));
            gets(told.way) || !is_again()
        })
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

/// Whom a line names, folded and without the article.
fn name_of(units: &Units, index: usize, line: &Line) -> Option<String> {
    let unit = units.list.get(index)?;
    let words = unit.text.as_str().get(line.name.clone()?)?;
    Some(fold(told::without_article(words).0))
}

/// Lists of lines, each with those that sentences beside it tell of: « Les deux autres lauréats, X et Y, … ». Whom a line names is not told of again.
fn with_told(units: &Units, lists: &[Candidate]) -> Vec<Candidate> {
    /// The longest lists; the others are parts of them.
    const MOST: usize = 4;
    let told: Vec<(usize, &Line)> = (units.list.iter().enumerate())
        .filter_map(|(index, unit)| Some((index, unit.told.as_ref()?)))
        .filter(|(_, told)| matches!(told.way, Way::Item(_) | Way::Sentence))
        .map(|(index, told)| (index, &told.line))
        .collect();
    let mut longest: Vec<&Candidate> = lists.iter().collect();
    longest.sort_by_key(|list| std::cmp::Reverse(list.anchors.len()));
    (longest.into_iter().take(MOST))
        .filter_map(|list| {
            let known: BTreeSet<String> = (list.anchors.iter().zip(&list.lines))
                .filter_map(|(index, line)| name_of(units, *index, line))
                .collect();
            // « Catégorie A : Innovation sociale » heads the lines below it.
            let heads = |index: usize| {
                let is_short = units
                    .list
                    .get(index)
                    .is_some_and(|unit| unit.form == Form::Short);
                is_short && list.anchors.binary_search(&(index + 1)).is_ok()
            };
            let is_new = |(index, line): &&(usize, &Line)| {
                list.anchors.binary_search(index).is_err()
                    && !heads(*index)
                    && name_of(units, *index, line).is_some_and(|name| !known.contains(&name))
            };
            let more: Vec<&(usize, &Line)> = told.iter().filter(is_new).collect();
            // What is mostly told is a list of sentences.
            if more.is_empty() || more.len() > list.anchors.len() {
                return None;
            }
            let mut all: Vec<(usize, Line)> = (list.anchors.iter().copied())
                .zip(list.lines.iter().cloned())
                .chain(
                    more.into_iter()
                        .map(|(index, line)| (*index, (*line).clone())),
                )
                .collect();
            all.sort_by_key(|(index, _)| *index);
            let (anchors, lines) = all.into_iter().unzip();
            Some(
                Candidate {
                    anchors,
                    lines,
                    ..list.clone()
                }
                .told_apart("and sentences"),
            )
        })
        .collect()
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
    let records = tables::record_tables(document, units);
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
