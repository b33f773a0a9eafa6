//! The body of an entry: labelled values first, then what position and form tell of the rest.

use std::collections::{BTreeMap, HashSet};

use super::contacts::{self, ContactKind};
use super::draft::{Draft, Rule, one_line, paragraphs, without_full_stop, without_markers};
use super::heading::unquoted;
use super::{Habits, Head};
use super::{amounts, edition, partners};
use crate::model::document::{Block, BlockLabel, Document};
use crate::model::evidence::Join;
use crate::model::mention::{Award, Quote};
use crate::model::raw::Format;
use crate::model::text::Text;
use crate::profile::{Field, fold, stem};
use crate::segment::{Form, Unit, look};

/// The field of a unit's label.
pub fn label_of(unit: &Unit) -> Option<Field> {
    unit.label.as_ref().map(|label| label.field)
}

/// What the labels of a body introduce that name somebody or something: the words behind each, or the unit below it.
pub fn titles(body: &[Unit]) -> Vec<(Field, Text)> {
    let below = body.iter().skip(1).map(Some).chain([None]);
    body.iter()
        .zip(below)
        .filter_map(|(unit, below)| {
            let label = unit.label.as_ref()?;
            let named = matches!(label.field, Field::Name | Field::Project) && !label.column;
            let value = unit.text.slice(label.value.clone()).trim();
            let below = below.filter(|below| value.is_empty() && below.label.is_none());
            named.then(|| (label.field, below.map_or(value, |below| below.text.clone())))
        })
        .collect()
}

/// Whether a value tells in sentences what its field has a few words for.
pub fn tells(field: Field, value: &Text) -> bool {
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
struct Values<'u> {
    /// In reading order, with the unit each comes from.
    parts: Vec<(Text, &'u Unit)>,
    /// The label that each part stands behind.
    labels: Vec<String>,
}

impl<'u> Values<'u> {
    fn push(&mut self, label: &str, text: Text, unit: &'u Unit) {
        self.parts.push((text, unit));
        self.labels.push(stem(&fold(label)));
    }

    /// The label of the first part that has one, as printed.
    fn label(&self) -> &'u str {
        self.parts
            .iter()
            .find_map(|(_, unit)| unit.label.as_ref())
            .map_or("", |label| label.text.as_str())
    }

    /// Two labels of one field in one entry (a summary above, a section below): the one that says more is the value, the other keeps its label.
    fn split_off_lesser(&mut self) -> Vec<(String, Text)> {
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
struct Sorted<'u> {
    labelled: BTreeMap<Field, Values<'u>>,
    other: Vec<(String, Text)>,
    /// Unlabelled units before the first label.
    lead: Vec<&'u Unit>,
    /// Unlabelled units after a label.
    tail: Vec<&'u Unit>,
    /// Unlabelled units that a box sets apart from the rest of the entry.
    apart: Vec<&'u Unit>,
    quotes: Vec<(Vec<&'u Unit>, Option<&'u Unit>)>,
    notes: Vec<&'u Unit>,
    /// A parenthesis right below the head.
    place: Option<&'u Unit>,
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

/// Fills a record from the units of a body.
pub fn fill(
    draft: &mut Draft<'_>,
    document: &Document,
    body: &[Unit],
    head: &Head,
    habits: &Habits,
) {
    let mut sorted = sort(document, body, habits);
    // Only long texts compete: two places or two links are both values.
    for field in [
        Field::Description,
        Field::Results,
        Field::Objectives,
        Field::Project,
    ] {
        let lesser = sorted
            .labelled
            .get_mut(&field)
            .map(Values::split_off_lesser)
            .unwrap_or_default();
        sorted.other.extend(lesser);
    }
    let sorted = sorted;
    let clean = |text: &Text| without_markers(text, &habits.markers);
    for (field, values) in &sorted.labelled {
        let texts: Vec<Text> = values
            .parts
            .iter()
            .map(|(text, _)| clean(text))
            .filter(|text| !text.is_empty())
            .collect();
        if texts.is_empty() {
            continue;
        }
        fill_field(draft, document, *field, &texts, values);
        if (values.parts.first()).is_some_and(|(_, unit)| label_of(unit) == Some(Field::Other)) {
            let pointer = match field {
                Field::Amount => "/amount",
                Field::Territory => "/territory",
                _ => "/description",
            };
            draft.doubt(pointer, Rule::Place.confidence());
        }
    }
    for (label, text) in sorted
        .other
        .iter()
        .filter(|(_, text)| !clean(text).is_empty())
    {
        let pointer = format!("/other/{}", escape(label));
        let value = draft.ground(&pointer, &clean(text), Rule::Label);
        draft.mention.other.insert(label.clone(), value);
    }
    fill_unlabelled(draft, document, &sorted, &clean);
    fill_quotes(draft, &sorted, &clean);
    for note in &sorted.notes {
        let text = clean(&note.text);
        if let Some(edition) = edition::parse(&text).filter(|_| draft.mention.edition.is_none()) {
            draft.ground("/edition/note", &text, Rule::Label);
            draft.mention.edition = Some(edition);
        } else if !text.is_empty() && draft.mention.edition.is_none() {
            let value = draft.ground("/other/note", &text, Rule::Place);
            draft.mention.other.insert("note".to_owned(), value);
        }
    }
    if let Some(place) = sorted
        .place
        .filter(|_| draft.mention.territory.is_none() && head.territory.is_none())
    {
        draft.mention.territory = Some(draft.ground(
            "/territory",
            &super::heads::inside(&place.text),
            Rule::Heading,
        ));
    }
}

/// Assigns each unit of a body to a field, a quotation, a note, or to what is unlabelled.
fn sort<'u>(document: &Document, body: &'u [Unit], habits: &Habits) -> Sorted<'u> {
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
            (Some(label), _) if habits.unknown.is_place(unit) => {
                let values = sorted.labelled.entry(Field::Territory).or_default();
                values.push(&label.text, unit.text.trim(), unit);
            }
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
                    Some(field) if continues(field, open, described, more_labels, unit) => {
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
fn titled(value: &Text) -> Option<usize> {
    const LONGEST: usize = 15;
    const SHORTEST: usize = 5;
    let (title, rest) = value.as_str().split_once('\n')?;
    let short = title.split_whitespace().count() <= LONGEST
        && !title.trim_end().ends_with(['.', ',', ';', '-', '–']);
    let told = rest.split_whitespace().count() >= SHORTEST && rest.trim_end().ends_with('.');
    (short && told).then_some(title.len())
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

/// « Soutien : 18 000 € », « Aide (€) : 5 000 »: a sum, and not who or what gives it.
fn is_sum(text: &str, label: &str) -> bool {
    look::is_amount(text) || amounts::bare(text, label).is_some()
}

fn fill_field(
    draft: &mut Draft<'_>,
    document: &Document,
    field: Field,
    texts: &[Text],
    values: &Values<'_>,
) {
    let short = || without_full_stop(&one_line(texts.iter()));
    let long = || paragraphs(texts.iter());
    let label = values.label();
    let field = match field {
        Field::Funding | Field::AidType if is_sum(short().as_str(), label) => Field::Amount,
        field => field,
    };
    match field {
        Field::Name => {
            draft.mention.name = Some(draft.ground("/name", &unquoted(&short()), Rule::Label));
        }
        Field::Project => fill_project(draft, texts),
        Field::Territory => {
            draft.mention.territory = Some(draft.ground("/territory", &short(), Rule::Label));
        }
        Field::Region => {
            draft.mention.region = Some(draft.ground("/region", &short(), Rule::Label));
        }
        Field::Public => {
            draft.mention.public = Some(draft.ground("/public", &short(), Rule::Label));
        }
        Field::Needs => {
            draft.mention.needs = Some(draft.ground("/needs", &short(), Rule::Label));
        }
        Field::AidType => {
            draft.mention.aid_type = Some(draft.ground("/aid_type", &short(), Rule::Label));
        }
        Field::Duration => {
            draft.mention.duration = Some(draft.ground("/duration", &short(), Rule::Label));
        }
        Field::Dates => {
            draft.mention.dates = Some(draft.ground("/dates", &short(), Rule::Label));
        }
        Field::Theme => {
            draft.mention.theme = Some(draft.ground("/theme", &short(), Rule::Label));
        }
        Field::Call => {
            draft.mention.call = Some(draft.ground("/call", &unquoted(&short()), Rule::Label));
        }
        Field::Objectives => {
            draft.mention.objectives = Some(draft.ground("/objectives", &long(), Rule::Label));
        }
        Field::Results => {
            draft.mention.results = Some(draft.ground("/results", &long(), Rule::Label));
        }
        Field::Description => {
            draft.mention.description = Some(draft.ground("/description", &long(), Rule::Label));
        }
        Field::Partners => fill_partners(draft, &long()),
        Field::AddedValue => fill_added_value(draft, document, texts, values),
        Field::Funding => {
            for text in partners::split(&short()) {
                let pointer = format!("/funding/{}", draft.mention.funding.len());
                let value = draft.ground(&pointer, &text, Rule::Label);
                draft.mention.funding.push(value);
            }
        }
        Field::Keywords => {
            for text in partners::split(&short()) {
                let pointer = format!("/keywords/{}", draft.mention.keywords.len());
                let value = draft.ground(&pointer, &text, Rule::Label);
                draft.mention.keywords.push(value);
            }
        }
        Field::Amount => {
            let text = short();
            let mut amount = amounts::labelled(text.as_str(), label).unwrap_or_default();
            amount.text = draft.ground("/amount", &text, Rule::Label);
            draft.mention.amount = Some(amount);
        }
        Field::Award => {
            draft.mention.award = Some(award(draft, &short(), None, Rule::Label));
        }
        Field::Edition => {
            let text = short();
            let value = draft.ground("/edition/note", &text, Rule::Label);
            draft.mention.edition =
                Some(
                    edition::parse(&text).unwrap_or_else(|| crate::model::mention::Edition {
                        note: value,
                        ..Default::default()
                    }),
                );
        }
        Field::Contacts => fill_contacts(draft, texts),
        Field::Links => fill_links(draft, document, texts, values),
        Field::Document | Field::Other => {}
    }
}

/// A title; where sentences stand below it in the same cell, they are the description.
fn fill_project(draft: &mut Draft<'_>, texts: &[Text]) {
    let text = paragraphs(texts);
    if let Some(end) = titled(&text) {
        let title = unquoted(&text.slice(0..end));
        draft.mention.project = Some(draft.ground("/project", &title, Rule::Label));
        let told = text.slice(end..text.len()).trim();
        draft.mention.description = Some(draft.ground("/description", &told, Rule::Place));
    } else {
        let title = unquoted(&without_full_stop(&one_line(texts)));
        draft.mention.project = Some(draft.ground("/project", &title, Rule::Label));
    }
}

fn fill_partners(draft: &mut Draft<'_>, text: &Text) {
    draft.mention.partners_text = Some(draft.ground("/partners_text", text, Rule::Label));
    for (number, partner) in partners::split(text).iter().enumerate() {
        let value = draft.ground(&format!("/partners/{number}"), partner, Rule::Label);
        draft.mention.partners.push(value);
    }
}

/// One value per item of the list; nested items go with the item that they belong to.
fn fill_added_value(
    draft: &mut Draft<'_>,
    document: &Document,
    texts: &[Text],
    values: &Values<'_>,
) {
    let mut items: Vec<Text> = Vec::new();
    let listed = values.parts.iter().any(|(_, unit)| {
        document
            .blocks
            .get(unit.block)
            .is_some_and(|block| block.label == BlockLabel::ListItem)
    });
    for (text, (_, unit)) in texts.iter().zip(&values.parts) {
        let block = document.blocks.get(unit.block);
        let nested = block
            .is_some_and(|block| block.label == BlockLabel::ListItem && block.depth > 0)
            || listed && block.is_some_and(|block| block.label != BlockLabel::ListItem);
        let text = one_line([text]);
        match items.last_mut() {
            Some(item) if nested => item.append(&text, Join::Newline),
            _ => items.push(text),
        }
    }
    for item in items {
        let pointer = format!("/added_value/{}", draft.mention.added_value.len());
        let value = draft.ground(&pointer, &item, Rule::Label);
        draft.mention.added_value.push(value);
    }
}

fn fill_contacts(draft: &mut Draft<'_>, texts: &[Text]) {
    // A contact is kept whole: « Anne Petit, 03 … » says more than the number alone.
    let found: Vec<Text> = texts
        .iter()
        .flat_map(Text::lines)
        .map(|line| without_full_stop(&line))
        .filter(|line| !line.is_empty())
        .collect();
    let mut known: HashSet<String> = draft.mention.contacts.iter().cloned().collect();
    for text in found {
        if known.insert(text.as_str().to_owned()) {
            let pointer = format!("/contacts/{}", draft.mention.contacts.len());
            let value = draft.ground(&pointer, &text, Rule::Label);
            draft.mention.contacts.push(value);
        }
    }
}

fn fill_links(draft: &mut Draft<'_>, document: &Document, texts: &[Text], values: &Values<'_>) {
    let mut found: Vec<(String, Text)> = Vec::new();
    for (text, (_, unit)) in texts.iter().zip(&values.parts) {
        let addresses: Vec<(String, Text)> = contacts::find(text.as_str())
            .into_iter()
            .filter(|contact| contact.kind == ContactKind::Url)
            .map(|contact| text.slice(contact.range))
            .map(|url| (url.as_str().replace(['\n', ' '], ""), url))
            .collect();
        if addresses.is_empty() {
            // The address stands behind the words: « Lien : le site du projet ».
            let block: Option<&Block> = document.blocks.get(unit.block);
            let behind = block
                .into_iter()
                .flat_map(|block| &block.links)
                .filter(|link| {
                    link.range.start >= unit.offset
                        && link.range.end <= unit.offset + unit.text.len()
                        && contacts::target_kind(&link.target) == ContactKind::Url
                });
            found.extend(behind.map(|link| (link.target.clone(), text.clone())));
        } else {
            found.extend(addresses);
        }
    }
    let mut known: HashSet<String> = draft.mention.links.iter().cloned().collect();
    for (target, text) in found {
        if known.insert(target.clone()) {
            let pointer = format!("/links/{}", draft.mention.links.len());
            draft.ground(&pointer, &text, Rule::Label);
            draft.mention.links.push(target);
        }
    }
}

/// What no label introduces: a presentation, results in a box or after the labels.
fn fill_unlabelled(
    draft: &mut Draft<'_>,
    document: &Document,
    sorted: &Sorted<'_>,
    clean: &dyn Fn(&Text) -> Text,
) {
    let join = |units: &[&Unit]| {
        paragraphs(
            &units
                .iter()
                .map(|unit| with_bullet(document, unit, &clean(&unit.text)))
                .collect::<Vec<_>>(),
        )
    };
    let described = draft.mention.description.is_some();
    let mut description: Vec<&Unit> = sorted.lead.clone();
    let mut results: Vec<&Unit> = sorted.apart.clone();
    let tail = &sorted.tail;
    if described
        || !description.is_empty() && tail.iter().any(|unit| tells_results(unit.text.as_str()))
    {
        results.extend(tail);
    } else {
        description.extend(tail);
    }
    if !description.is_empty() {
        if let Some(stated) = draft
            .mention
            .description
            .is_none()
            .then(|| join(&description))
        {
            draft.mention.description = Some(draft.ground("/description", &stated, Rule::Place));
        } else {
            let text = join(&description);
            let value = draft.ground("/other/texte", &text, Rule::Place);
            draft.mention.other.insert("texte".to_owned(), value);
        }
    }
    if !results.is_empty() {
        let text = join(&results);
        if draft.mention.results.is_none() && (described || tells_results(text.as_str())) {
            draft.mention.results = Some(draft.ground("/results", &text, Rule::Place));
        } else {
            let value = draft.ground("/other/encadré", &text, Rule::Place);
            draft.mention.other.insert("encadré".to_owned(), value);
        }
    }
}

/// A bullet that the author typed into running text is a character of it; one that a list's markup puts there is not.
fn with_bullet(document: &Document, unit: &Unit, text: &Text) -> Text {
    let Some(block) = document.blocks.get(unit.block) else {
        return text.clone();
    };
    let typed = match document.format {
        Format::Plain => block.depth == 0,
        Format::Html => block
            .node
            .and_then(|node| document.nodes.get(node as usize))
            .is_some_and(|node| node.tag != "li"),
        Format::Markdown | Format::Pdf | Format::Csv { .. } => false,
    };
    match block
        .marker
        .as_ref()
        .filter(|marker| typed && marker.as_str().trim() == "•")
    {
        Some(marker) => {
            let mut with = marker.trim();
            with.append(text, Join::Space);
            with
        }
        None => text.clone(),
    }
}

/// Whether a text tells what came of a project: an introduction of results, or figures of people and times past.
fn tells_results(text: &str) -> bool {
    let folded = fold(text);
    let introduced = [
        "resultat",
        "chiffres cles",
        "bilan",
        "livrable",
        "point d'etape",
    ]
    .iter()
    .any(|cue| folded.starts_with(cue));
    introduced
        || folded.chars().any(|c| c.is_ascii_digit())
            && [
                " ont ",
                " a permis",
                " ete ",
                "en 20",
                "depuis 20",
                "au 3",
                "accompagne",
                "%",
            ]
            .iter()
            .filter(|cue| folded.contains(*cue))
            .count()
                >= 2
}

fn fill_quotes(draft: &mut Draft<'_>, sorted: &Sorted<'_>, clean: &dyn Fn(&Text) -> Text) {
    for (quoted, attribution) in &sorted.quotes {
        let texts: Vec<Text> = quoted.iter().map(|unit| clean(&unit.text)).collect();
        let text = unquoted(&one_line(texts.iter()));
        if text.is_empty() {
            continue;
        }
        let number = draft.mention.quotes.len();
        let Some(attribution) = attribution else {
            let text = draft.ground(&format!("/quotes/{number}/text"), &text, Rule::Heading);
            draft.mention.quotes.push(Quote {
                text,
                author: None,
                age: None,
            });
            continue;
        };
        let line = attribution.text.as_str();
        let start = line.len() - line.trim_start_matches(['-', '–', '—', ' ']).len();
        let comma = line.find(',').unwrap_or(line.len());
        let author = attribution.text.slice(start..comma).trim();
        let age = line
            .get(comma..)
            .and_then(|rest| {
                rest.split(|c: char| !c.is_ascii_digit())
                    .find(|digits| !digits.is_empty())
            })
            .and_then(|digits| digits.parse().ok());
        let quote = Quote {
            text: draft.ground(&format!("/quotes/{number}/text"), &text, Rule::Heading),
            author: (!author.is_empty())
                .then(|| draft.ground(&format!("/quotes/{number}/author"), &author, Rule::Heading)),
            age,
        };
        if age.is_some() {
            draft.ground(
                &format!("/quotes/{number}/age"),
                &attribution.text,
                Rule::Heading,
            );
        }
        draft.mention.quotes.push(quote);
    }
}

/// A prize as printed, with the category that a section names. What its text states is worked out by `normalize`.
pub fn award(draft: &mut Draft<'_>, text: &Text, category: Option<&Text>, rule: Rule) -> Award {
    let value = draft.ground("/award/text", text, rule);
    let category =
        category.map(|category| draft.ground("/award/category", category, Rule::Section));
    Award {
        text: value,
        rank: None,
        category,
    }
}

/// A JSON Pointer's token.
pub(super) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
