//! What an entry's body is made of: each unit is a field's value, a quotation, a note, or has no label.

use std::collections::BTreeMap;

use super::Habits;
use super::contacts;
use super::draft::Rule;
use crate::model::document::{Block, BlockLabel, Document};
use crate::model::evidence::Join;
use crate::model::text::Text;
use crate::profile::{Field, LEXICON, column_field, fold, stem};
use crate::segment::{Form, Unit, UnitLabel};

/// The field of a unit's label.
pub(super) fn label_of(unit: &Unit) -> Option<Field> {
    unit.label.as_ref().map(|label| label.field)
}

/// Whether a value tells in sentences what its field has a few words for.
pub(super) fn tells(field: Field, value: &Text) -> bool {
    // « Club de Dole. » is a name; « Née à Decize, elle rassemble vingt jardiniers. » tells of somebody.
    const SHORTEST: usize = 6;
    match field {
        Field::Name => {
            let string = value.as_str().trim_end();
            string.ends_with('.') && string.split_whitespace().count() >= SHORTEST
        }
        _ => is_description(value),
    }
}

/// The texts of one field of an entry.
#[derive(Debug, Default)]
pub(super) struct Values<'u> {
    /// In reading order, with the unit each comes from.
    pub(super) parts: Vec<(Text, &'u Unit)>,
    /// The label that each part stands behind.
    pub(super) labels: Vec<String>,
}

impl<'u> Values<'u> {
    pub(super) fn push(&mut self, label: &str, text: Text, unit: &'u Unit) {
        self.parts.push((text, unit));
        self.labels.push(stem(&fold(label)));
    }

    /// The label of the first part that has one, as printed.
    pub(super) fn label(&self) -> &'u str {
        self.parts
            .iter()
            .find_map(|(_, unit)| unit.label.as_ref())
            .map_or("", |label| label.text.as_str())
    }

    /// The rule behind these values: what the column of cells holds is told by its head or, where nobody knows that, by the cells beside them.
    pub(super) fn rule(&self) -> Rule {
        let label = self.parts.iter().find_map(|(_, unit)| unit.label.as_ref());
        let is_told =
            |label: &UnitLabel| label.column && column_field(&label.text, &LEXICON).is_none();
        if label.is_some_and(is_told) {
            Rule::Line
        } else {
            Rule::Label
        }
    }

    /// Two labels of one field in one entry (a summary above, a section below): the one that says more is the value, the other keeps its label.
    pub(super) fn split_off_lesser(&mut self) -> Vec<(String, Text)> {
        let mut words: BTreeMap<&str, usize> = BTreeMap::new();
        for (label, (text, _)) in self.labels.iter().zip(&self.parts) {
            *words.entry(label).or_default() += text.len();
        }
        let Some(best) = words
            .iter()
            .max_by_key(|(_, length)| **length)
            .map(|(label, _)| (*label).to_owned())
        else {
            return Vec::new();
        };
        let mut lesser: Vec<(String, Text)> = Vec::new();
        let mut kept = (Vec::new(), Vec::new());
        for (label, part) in std::mem::take(&mut self.labels)
            .into_iter()
            .zip(std::mem::take(&mut self.parts))
        {
            if label == best {
                kept.0.push(part);
                kept.1.push(label);
            } else if let Some((_, text)) = lesser.last_mut().filter(|(last, _)| *last == label) {
                text.append(&part.0, Join::Newline);
            } else {
                lesser.push((label, part.0));
            }
        }
        (self.parts, self.labels) = kept;
        lesser
    }
}

/// What an entry's body is made of.
#[derive(Debug, Default)]
pub(super) struct Sorted<'u> {
    pub(super) labelled: BTreeMap<Field, Values<'u>>,
    pub(super) other: Vec<(String, Text)>,
    /// Unlabelled units before the first label.
    pub(super) lead: Vec<&'u Unit>,
    /// Unlabelled units after a label.
    pub(super) tail: Vec<&'u Unit>,
    /// Unlabelled units that a box sets apart from the rest of the entry.
    pub(super) apart: Vec<&'u Unit>,
    pub(super) quotes: Vec<(Vec<&'u Unit>, Option<&'u Unit>)>,
    pub(super) notes: Vec<&'u Unit>,
    /// A parenthesis right below the head.
    pub(super) place: Option<&'u Unit>,
}

impl Sorted<'_> {
    /// A text set apart that nobody is said to have spoken tells of the project where nothing else does.
    fn tell_unspoken(&mut self) {
        let quoted = |unit: &&Unit| super::heading::is_quoted(unit.text.as_str().trim());
        if let [(words, None)] = self.quotes.as_slice()
            && self.lead.is_empty()
            && self.tail.is_empty()
            && !words.iter().any(quoted)
        {
            self.lead.clone_from(words);
            self.quotes.clear();
        }
    }
}

/// Assigns each unit of a body to a field, a quotation, a note, or to what is unlabelled.
pub(super) fn sort<'u>(document: &Document, body: &'u [Unit], habits: &Habits) -> Sorted<'u> {
    let mut sorted = Sorted::default();
    let mut current: Option<Field> = None;
    let mut current_label = String::new();
    // A label without value: what follows is its value.
    let mut open = false;
    let described = body
        .iter()
        .any(|unit| habits.field_of(unit) == Some(Field::Description));
    let last_label = body
        .iter()
        .rposition(|unit| label_of(unit).is_some_and(|field| field != Field::Document));
    // Where results have no label of their own, a line such as « Résultats : » introduces them and is part of them.
    let introduces = |unit: &Unit| {
        label_of(unit) == Some(Field::Results) && habits.share(Field::Results) < Habits::REGULAR
    };
    // Where all of an entry stands in a frame, the frame sets nothing apart; nor does one that holds labels of the entry.
    // What stands beside a text stands in a box, be it drawn or not.
    let box_of = |unit: &Unit| {
        let block = document.blocks.get(unit.block)?;
        (block.boxed.is_some() || block.beside.is_some()).then_some((block.boxed, block.beside))
    };
    let framed = body.iter().all(|unit| box_of(unit).is_some());
    let mut labelled: BTreeMap<(Option<u32>, Option<usize>), usize> = BTreeMap::new();
    for (index, unit) in body.iter().enumerate() {
        if let Some(number) = box_of(unit).filter(|_| unit.label.is_some() && !introduces(unit)) {
            labelled.entry(number).or_insert(index);
        }
    }
    for (index, unit) in body.iter().enumerate() {
        let block = document.blocks.get(unit.block);
        let boxed = !framed
            && box_of(unit).is_some_and(|number| {
                // Above the first label of what stands beside the text nothing is the value of a label.
                (labelled.get(&number)).is_none_or(|first| number.1.is_some() && index < *first)
            });
        match (unit.label.as_ref().filter(|_| !introduces(unit)), unit.form) {
            (_, Form::Footnote) => sorted.notes.push(unit),
            (Some(label), _) if label.field == Field::Document => {}
            (Some(label), _) => {
                let value = unit.text.slice(label.value.clone()).trim();
                if habits.field_of(unit) == Some(Field::Other) {
                    open = value.is_empty();
                    sorted.other.push((label.text.clone(), value));
                    current = Some(Field::Other);
                    continue;
                }
                let field = match habits.field_of(unit) {
                    Some(Field::Project) if is_description(&value) => Field::Description,
                    field => field.unwrap_or(label.field),
                };
                open = value.is_empty() && !label.column;
                current_label.clone_from(&label.text);
                current = Some(field);
                let values = sorted.labelled.entry(field).or_default();
                if !value.is_empty() {
                    values.push(&label.text, value, unit);
                }
            }
            (None, Form::Attribution) => {
                // Words that are set apart as a quotation already wait for their author.
                if let Some((_, author @ None)) = sorted.quotes.last_mut() {
                    *author = Some(unit);
                } else {
                    let quoted = take_quotation(&mut sorted, document);
                    sorted.quotes.push((quoted, Some(unit)));
                }
            }
            (None, Form::Prose) if is_quotation(block, unit) => match sorted.quotes.last_mut() {
                Some((units, None)) => units.push(unit),
                _ => sorted.quotes.push((vec![unit], None)),
            },
            (None, _) if boxed => sorted.apart.push(unit),
            (None, Form::Parenthesis) if sorted.lead.is_empty() && current.is_none() => {
                sorted.place = Some(unit);
            }
            (None, _) => {
                let more_labels = last_label.is_some_and(|last| last > index);
                match current {
                    None => sorted.lead.push(unit),
                    Some(Field::Other) if !open && !described && unit.form == Form::Prose => {
                        sorted.tail.push(unit);
                    }
                    Some(field)
                        if continues(field, open, described, more_labels, unit)
                            || sorted.is_rest_of_address(field, unit) =>
                    {
                        if field == Field::Other {
                            if let Some((_, text)) = sorted.other.last_mut() {
                                text.append(&unit.text, Join::Newline);
                            }
                        } else {
                            let values = sorted.labelled.entry(field).or_default();
                            values.push(&current_label, unit.text.clone(), unit);
                        }
                        // One line or paragraph is enough for a short value.
                        open = open && !field.is_short();
                    }
                    Some(_) => sorted.tail.push(unit),
                }
            }
        }
    }
    if !described {
        sorted.tell_unspoken();
    }
    sorted
}

/// Words set apart as somebody's: a paragraph that is one long quotation, or a block of quotation in quotation marks. A block without them is anybody's,
/// unless who said it follows.
fn is_quotation(block: Option<&Block>, unit: &Unit) -> bool {
    // Shorter quotations are titles.
    const SHORTEST: usize = 12;
    let string = unit.text.as_str().trim();
    let set_apart = block.is_some_and(|block| block.label == BlockLabel::Quote);
    super::heading::is_quoted(string) && (set_apart || string.split_whitespace().count() > SHORTEST)
}

impl Sorted<'_> {
    /// Whether a unit is the rest of an address that the value before it breaks off.
    fn is_rest_of_address(&self, field: Field, unit: &Unit) -> bool {
        let before = (self.labelled.get(&field)).and_then(|values| values.parts.last());
        matches!(field, Field::Links | Field::Contacts)
            && before.is_some_and(|(text, _)| contacts::goes_on(text.as_str(), unit.text.as_str()))
    }
}

/// Whether an unlabelled unit goes on with the value of the label before it.
fn continues(field: Field, open: bool, described: bool, more_labels: bool, unit: &Unit) -> bool {
    let has_address = contacts::find(unit.text.as_str())
        .iter()
        .any(|contact| contact.range.len() * 2 > unit.text.len());
    match field {
        _ if open => true,
        Field::Links | Field::Contacts => has_address,
        Field::Description | Field::Objectives | Field::AddedValue | Field::Results => true,
        // Prose after a list of partners is about the project, unless the project has been described already.
        Field::Partners | Field::Other => described && more_labels,
        _ => false,
    }
}

/// The words that an attribution attributes: the paragraphs right before it that are set apart, or the one right before it.
fn take_quotation<'u>(sorted: &mut Sorted<'u>, document: &Document) -> Vec<&'u Unit> {
    let list = if sorted.tail.is_empty() {
        &mut sorted.lead
    } else {
        &mut sorted.tail
    };
    let look = |unit: &Unit| {
        document.blocks.get(unit.block).map(|block| {
            (
                block.label == BlockLabel::Quote,
                unit.text.dominant_style().italic,
            )
        })
    };
    let Some(nearest) = list.pop() else {
        return Vec::new();
    };
    let apart = look(nearest);
    let mut words = vec![nearest];
    while let Some(before) = list.last() {
        let same = apart.is_some_and(|(quote, italic)| quote || italic) && look(before) == apart;
        if !same {
            break;
        }
        words.extend(list.pop());
    }
    words.reverse();
    words
}

/// « Projet : » in front of sentences introduces a presentation, not a title.
fn is_description(value: &Text) -> bool {
    // Titles have been seen with up to some twenty words; a sentence of them ends with a full stop.
    const LONGEST_TITLE: usize = 30;
    let string = value.as_str();
    if titled(value).is_some() {
        return false;
    }
    let words = string.split_whitespace().count();
    let quoted = super::heading::is_quoted(string.trim_end_matches(['.', ' ']));
    !quoted && (words > LONGEST_TITLE || words > 12 && string.trim_end().ends_with('.'))
}

/// A title on a line of its own, and the sentences below it: their place in the text.
pub(super) fn titled(value: &Text) -> Option<usize> {
    const LONGEST: usize = 15;
    const SHORTEST: usize = 5;
    let (title, rest) = value.as_str().split_once('\n')?;
    let short = title.split_whitespace().count() <= LONGEST
        && !title.trim_end().ends_with(['.', ',', ';', '-', '–']);
    let told = rest.split_whitespace().count() >= SHORTEST && rest.trim_end().ends_with('.');
    (short && told).then_some(title.len())
}
