//! What a brochure says of its entries elsewhere: the list of contents (numbers and titles), the index (words by number), the glossary.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::draft::{Draft, Rule, Rules, one_line};
use crate::model::document::Document;
use crate::model::mention::Mention;
use crate::model::text::Text;
use crate::profile::{Field, VOCABULARY, fold};
use crate::segment::{Form, Segmentation, Unit, entries::without_label};

/// A line of the list of contents.
#[derive(Clone, Debug)]
pub struct ContentsItem {
    /// The number printed there.
    pub number: u32,
    /// The number's characters.
    pub ordinal: Text,
    /// The title.
    pub title: Text,
    /// The region whose heading stands above.
    pub region: Option<Text>,
}

/// A word of the index with the numbers of the entries that it applies to.
#[derive(Clone, Debug)]
pub struct IndexItem {
    /// Keywords, audiences or funding: by the heading above.
    pub field: Field,
    /// The word.
    pub label: Text,
    /// The entries' numbers.
    pub numbers: Vec<u32>,
    /// The whole line.
    pub line: Text,
}

/// A term of the glossary.
#[derive(Clone, Debug)]
pub struct GlossaryItem {
    /// The term.
    pub term: Text,
    /// What it means.
    pub meaning: Text,
}

/// Everything of the kind that stands outside the entries.
#[derive(Clone, Debug, Default)]
pub struct Apparatus {
    /// List of contents.
    pub contents: Vec<ContentsItem>,
    /// Index.
    pub index: Vec<IndexItem>,
    /// Glossary.
    pub glossary: Vec<GlossaryItem>,
}

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[Ff]iche )?(?:n° ?)?([0-9]{1,3}) ?[-–—.:)] ?(\S.*)$")
        .expect("the pattern is constant")
});
static BY_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<label>[^0-9:]\S.*?)(?-u:\s)*[-–—:](?-u:\s)*(?:(?i:fiches?|projets?|pages?|n°)(?-u:\s)*:?(?-u:\s)*)?(?P<numbers>[0-9]{1,3}(?:(?-u:\s)*[/,;](?-u:\s)*[0-9]{1,3})*)(?-u:\s)*\.?$").expect("the pattern is constant")
});

/// Reads contents, index and glossary from the units of no entry.
pub fn apparatus(document: &Document, segmentation: &Segmentation) -> Apparatus {
    let mut found = Apparatus::default();
    let mut region = None;
    let mut section = None;
    let mut glossary = false;
    let held = segmentation.held();
    for (index, unit) in segmentation.units().list.iter().enumerate() {
        if held.get(index).is_some_and(|held| *held) {
            continue;
        }
        let line = one_line([&unit.text]);
        if let Some(item) = index_item(&line, section) {
            found.index.push(item);
            continue;
        }
        if let Some(captures) = NUMBERED.captures(line.as_str())
            && let (Some(number), Some(title)) = (captures.get(1), captures.get(2))
            && let Ok(value) = number.as_str().parse()
        {
            found.contents.push(ContentsItem {
                number: value,
                ordinal: line.slice(number.range()),
                title: line.slice(title.range()),
                region: region.clone(),
            });
            continue;
        }
        if let Some(row) = glossary
            .then(|| glossary_row(document, &segmentation.units().list, index))
            .flatten()
        {
            found.glossary.push(row);
            continue;
        }
        if unit.form == Form::Short
            || unit.form == Form::Labelled
            || unit.text.as_str().ends_with(':')
        {
            let folded = fold(line.as_str());
            if VOCABULARY.is_region(without_label(line.as_str())) {
                region = Some(line.clone());
            }
            section = section_field(&folded).or(section);
            if document
                .blocks
                .get(unit.block)
                .is_none_or(|block| block.cell.is_none())
            {
                glossary = ["glossaire", "sigles", "lexique", "abreviations", "glossary"]
                    .iter()
                    .any(|cue| folded.contains(cue))
                    || glossary && unit.text.len() < 20;
            }
        }
    }
    // One numbered line is no list, and numbers of three digits make none that is longer.
    if !(3..=1000).contains(&found.contents.len()) {
        found.contents.clear();
    }
    found
}

/// Which field the lines under an index heading feed.
fn section_field(folded: &str) -> Option<Field> {
    if folded.contains("mot-cle")
        || folded.contains("mots-cle")
        || folded.contains("mot cle")
        || folded.contains("mots cle")
        || folded.contains("thematique")
        || folded.contains("keyword")
    {
        Some(Field::Keywords)
    } else if folded.contains("public") {
        Some(Field::Public)
    } else if folded.contains("financement") || folded.contains("financeur") {
        Some(Field::Funding)
    } else {
        None
    }
}

fn index_item(line: &Text, section: Option<Field>) -> Option<IndexItem> {
    let field = section?;
    let captures = BY_NUMBER.captures(line.as_str())?;
    let (label, numbers) = (captures.name("label")?, captures.name("numbers")?);
    let numbers: Vec<u32> = numbers
        .as_str()
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    Some(IndexItem {
        field,
        label: line.slice(label.range()).trim(),
        numbers,
        line: line.clone(),
    })
}

/// A row of two cells: the unit is the first, the next the second.
fn glossary_row(document: &Document, units: &[Unit], index: usize) -> Option<GlossaryItem> {
    let unit = units.get(index)?;
    let cell = |unit: &Unit| document.blocks.get(unit.block).and_then(|block| block.cell);
    let (first, next) = (cell(unit)?, units.get(index + 1)?);
    let second = cell(next)?;
    (first.column == 0
        && second.column == 1
        && first.row == second.row
        && first.table == second.table)
        .then(|| GlossaryItem {
            term: one_line([&unit.text]),
            meaning: one_line([&next.text]),
        })
}

/// Gives entries without a printed number that of the list of contents, where the titles agree.
pub fn number_entries(
    apparatus: &Apparatus,
    document: &Document,
    mentions: &mut [Mention],
    rules: &mut [Rules],
) {
    // Titles of a list and of the fiches differ in wording now and then; half of the words is agreement.
    const AGREEMENT: f32 = 0.5;
    let titles: Vec<Vec<String>> = apparatus
        .contents
        .iter()
        .map(|item| words(item.title.as_str()))
        .collect();
    let mut next = 0;
    for (mention, rules) in mentions.iter_mut().zip(rules) {
        let title = mention
            .project
            .clone()
            .or_else(|| mention.name.clone())
            .unwrap_or_default();
        let title = words(&title);
        let found = apparatus
            .contents
            .iter()
            .zip(&titles)
            .enumerate()
            .skip(next)
            .find(|(_, (_, words))| similarity(words, &title) >= AGREEMENT);
        let Some((index, (item, _))) = found else {
            continue;
        };
        next = index + 1;
        if mention.ordinal.is_none() {
            mention.ordinal = Some(item.number);
            let draft = Draft::new(document);
            mention
                .evidence
                .insert("/ordinal".to_owned(), draft.evidence(&item.ordinal));
            rules.insert("/ordinal".to_owned(), Rule::Index);
            mention
                .confidence
                .insert("/ordinal".to_owned(), Rule::Index.confidence());
        }
    }
}

fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Dice coefficient of the words.
fn similarity(a: &[String], b: &[String]) -> f32 {
    let mut left: Vec<&String> = b.iter().collect();
    let mut shared = 0;
    for word in a {
        if let Some(position) = left.iter().position(|other| *other == word) {
            left.swap_remove(position);
            shared += 2;
        }
    }
    let total = a.len() + b.len();
    if total == 0 {
        0.0
    } else {
        shared as f32 / total as f32
    }
}

/// Gives each record the words that the index lists its number under.
pub fn apply_index(
    apparatus: &Apparatus,
    document: &Document,
    mentions: &mut [Mention],
    rules: &mut [Rules],
) {
    if apparatus.index.is_empty() {
        return;
    }
    let mut by_number: BTreeMap<u32, Vec<&IndexItem>> = BTreeMap::new();
    for item in &apparatus.index {
        for number in item.numbers.iter().collect::<BTreeSet<_>>() {
            by_number.entry(*number).or_default().push(item);
        }
    }
    for (mention, rules) in mentions.iter_mut().zip(rules) {
        let listed = mention.ordinal.and_then(|ordinal| by_number.get(&ordinal));
        for item in listed.into_iter().flatten() {
            let (name, list) = match item.field {
                Field::Public => ("public_types", &mut mention.public_types),
                Field::Funding => ("funding", &mut mention.funding),
                _ => ("keywords", &mut mention.keywords),
            };
            let pointer = format!("/{name}/{}", list.len());
            list.push(item.label.as_str().to_owned());
            let draft = Draft::new(document);
            mention
                .evidence
                .insert(pointer.clone(), draft.evidence(&item.label));
            rules.insert(pointer.clone(), Rule::Index);
            mention.confidence.insert(pointer, Rule::Index.confidence());
        }
    }
}
