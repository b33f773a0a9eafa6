//! The body of an entry: labelled values first, then what position and form tell of the rest.

use std::collections::BTreeMap;

use std::collections::HashSet;

use super::contacts::{self, ContactKind};
use super::draft::{Draft, Rule, one_line, paragraphs, without_full_stop, without_markers};
use super::heading::unquoted;
use super::sorted::{Sorted, Values, label_of, sort, titled};
use super::{Habits, Head};
use super::{amounts, edition, partners};
use crate::model::document::{Block, BlockLabel, Document};
use crate::model::evidence::Join;
use crate::model::mention::{Award, Quote};
use crate::model::raw::Format;
use crate::model::text::Text;
use crate::profile::{Field, LEXICON, column_field, fold};
use crate::segment::{Unit, look};

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
            let pointer = format!("/{}", field.as_str());
            draft.doubt(&pointer, Rule::Place.confidence());
        }
    }
    // Two columns may have one name: « FEDER » of what was decided, and of what was spent.
    let mut other: BTreeMap<&str, Text> = BTreeMap::new();
    for (label, text) in &sorted.other {
        let kept = other.entry(label).or_default();
        kept.append(&clean(text), Join::Newline);
    }
    take_other_sum(draft, &mut other);
    // « / » says that there is nothing.
    let says = |text: &Text| text.as_str().contains(char::is_alphanumeric);
    for (label, text) in other.iter().filter(|(_, text)| says(text)) {
        let pointer = format!("/other/{}", escape(label));
        let value = draft.ground(&pointer, text, Rule::Label);
        draft.mention.other.insert((*label).to_owned(), value);
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

/// Of two columns of sums (« Subvention de fonctionnement », « Subvention exceptionnelle ») a row may fill only the one that was not taken for the grant.
fn take_other_sum(draft: &mut Draft<'_>, other: &mut BTreeMap<&str, Text>) {
    if draft.mention.amount.is_some() {
        return;
    }
    let is_grant = |label: &str, text: &Text| {
        column_field(label, &LEXICON) == Some(Field::Amount) && is_sum(text.as_str(), label)
    };
    let mut grants = other.iter().filter(|(label, text)| is_grant(label, text));
    let (Some((label, text)), None) = (grants.next(), grants.next()) else {
        return;
    };
    let (label, text) = (*label, without_full_stop(text));
    let mut amount = amounts::labelled(text.as_str(), label).unwrap_or_default();
    amount.text = draft.ground("/amount", &text, Rule::Label);
    draft.mention.amount = Some(amount);
    other.remove(label);
}

/// « Soutien : 18 000 € », « Aide (€) : 5 000 »: a sum, and not who or what gives it.
fn is_sum(text: &str, label: &str) -> bool {
    look::is_amount(text) || amounts::bare(text, label).is_some()
}

/// Whether what stands behind « Place » is a rank, or a medal's picture, and no place.
fn is_rank(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_alphanumeric) || look::is_award(text)
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
        // « Prize: $5000 » is what the prize is worth.
        Field::Award if look::is_amount(short().as_str()) && draft.mention.amount.is_none() => {
            Field::Amount
        }
        // « Place: 2nd », « Place: 🥇 »
        Field::Territory if is_rank(short().as_str()) => Field::Award,
        field => field,
    };
    match field {
        Field::Name => {
            draft.mention.name = Some(draft.ground("/name", &unquoted(&short()), Rule::Label));
        }
        Field::Project => fill_project(draft, texts, values.rule()),
        Field::Territory => {
            draft.mention.territory = Some(draft.ground("/territory", &short(), values.rule()));
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
        // « / » in a column of sums: none.
        Field::Amount if !short().as_str().contains(char::is_alphanumeric) => {}
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
fn fill_project(draft: &mut Draft<'_>, texts: &[Text], rule: Rule) {
    let text = paragraphs(texts);
    if let Some(end) = titled(&text) {
        let title = unquoted(&text.slice(0..end));
        draft.mention.project = Some(draft.ground("/project", &title, rule));
        let told = text.slice(end..text.len()).trim();
        draft.mention.description = Some(draft.ground("/description", &told, Rule::Place));
    } else {
        let title = unquoted(&without_full_stop(&one_line(texts)));
        draft.mention.project = Some(draft.ground("/project", &title, rule));
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
    let found: Vec<Text> = with_whole_addresses(texts)
        .iter()
        .flat_map(|(_, text)| text.lines())
        .map(|line| without_full_stop(&line))
        .map(|line| behind_address(&line))
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

/// The texts, their addresses whole that a line end broke, each with the number of the first that it is made of.
fn with_whole_addresses(texts: &[Text]) -> Vec<(usize, Text)> {
    let mut whole: Vec<(usize, Text)> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let text = text.without(&contacts::gaps(text.as_str()));
        match whole.last_mut() {
            Some((_, last)) if contacts::goes_on(last.as_str(), text.as_str()) => {
                last.append(&text, Join::None);
            }
            _ => whole.push((number, text)),
        }
    }
    whole
}

/// Without the full stop behind an address: unlike that of an abbreviation it is never its own.
fn behind_address(line: &Text) -> Text {
    let length = line.as_str().trim_end_matches('.').len();
    let is_address =
        (contacts::find(line.as_str()).last()).is_some_and(|found| found.range.end == length);
    if is_address {
        line.slice(0..length)
    } else {
        line.clone()
    }
}

fn fill_links(draft: &mut Draft<'_>, document: &Document, texts: &[Text], values: &Values<'_>) {
    let mut found: Vec<(String, Text)> = Vec::new();
    for (number, text) in with_whole_addresses(texts) {
        let Some((_, unit)) = values.parts.get(number) else {
            continue;
        };
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
        Format::Markdown
        | Format::Pdf
        | Format::Csv { .. }
        | Format::Xlsx
        | Format::Xls
        | Format::Ods
        | Format::Docx
        | Format::Odt
        | Format::Rtf => false,
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
