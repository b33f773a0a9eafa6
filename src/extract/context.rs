//! What entries inherit: the call, the region and the group of the sections that they stand in, and what the document is called.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Head;
use super::draft::{Draft, Rule, one_line};
use super::heading::unquoted;
use super::{clauses, fields, shared};
use crate::model::document::{BlockLabel, Document};
use crate::model::mention::Award;
use crate::model::text::Text;
use crate::profile::{Field, Profile, Section, VOCABULARY, fold};
use crate::segment::entries::{
    is_introduction, is_list_heading, is_region_label, speaks_of_call, without_label,
};
use crate::segment::{Form, Segmentation, Unit};

/// What one entry inherits.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The document's title.
    pub title: Option<Text>,
    /// The call.
    pub call: Option<Text>,
    /// The region.
    pub region: Option<Text>,
    /// The group or section.
    pub group: Option<Text>,
    /// The category of a prize, from a heading « Catégorie … ».
    pub category: Option<Text>,
    /// The prize, from a heading that is one.
    pub award: Option<Text>,
    /// What each gets, from such a heading.
    pub sum: Option<Text>,
}

impl Context {
    /// Begins a group, with the prize that its heading is of and what each gets.
    fn begin_group(&mut self, heading: Text) {
        (self.award, self.sum) = shared::prize(&heading);
        self.group = Some(heading);
    }

    /// Ends the group, and its prize with it.
    fn end_group(&mut self) {
        (self.group, self.award, self.sum) = (None, None, None);
    }
}

/// What each entry inherits, in order.
pub fn contexts(document: &Document, segmentation: &Segmentation, heads: &[Head]) -> Vec<Context> {
    let units = &segmentation.units().list;
    let title = title(document, units);
    let mut current = Context {
        title: title.clone(),
        ..Context::default()
    };
    // What stands between entries is a section's heading; what looks like it above the first is one too.
    let mut sections: Vec<u32> = segmentation
        .entries
        .iter()
        .skip(1)
        .flat_map(|span| units.get(span.context.clone()).unwrap_or_default())
        .filter(|unit| unit.form == Form::Short)
        .map(|unit| unit.class)
        .collect();
    sections.sort_unstable();
    sections.dedup();
    let entries: BTreeSet<u32> = (segmentation.entries.iter())
        .filter_map(|span| units.get(span.body.start.min(span.head.start)))
        .map(|unit| unit.class)
        .collect();
    let mut list = Vec::with_capacity(segmentation.entries.len());
    for (number, span) in segmentation.entries.iter().enumerate() {
        let above = units.get(span.context.clone()).unwrap_or_default();
        if above.iter().any(is_introduction) && number > 0 {
            current = Context {
                title: title.clone(),
                ..Context::default()
            };
        }
        let before = current.clone();
        let known = if number == 0 {
            sections.as_slice()
        } else {
            &[]
        };
        let above_others: Vec<&Unit> = (above.iter())
            .filter(|unit| !is_item_among(document, unit, &entries))
            .collect();
        read_headings(document, &above_others, &mut current, number == 0, known);
        // What a profile tells is not guessed.
        if told(segmentation, Section::Group) {
            (current.group, current.award, current.sum) = (before.group, before.award, before.sum);
        }
        if told(segmentation, Section::Region) {
            current.region = before.region;
        }
        read_sections(segmentation, span.context.clone(), &mut current);
        let guessed = !told(segmentation, Section::Call);
        if let Some(call) = find_call(above).filter(|_| guessed) {
            current.call = Some(call);
        } else if number == 0 && guessed {
            let introduction = units.get(0..span.context.end).unwrap_or_default();
            current.call = call_of_title(introduction, title.as_ref()).or_else(|| {
                let title = title.as_ref()?;
                Some(title.slice(call_of_a_year(title.as_str())?))
            });
        }
        // The region of a fiche without a heading of its own is that of the fiche before.
        if let Some(region) = heads.get(number).and_then(|head| head.region.clone()) {
            current.region = Some(region);
        }
        list.push(current.clone());
    }
    list
}

/// The title: the highest heading, or the first line of a text that begins with a heading-like line.
pub fn title(document: &Document, units: &[Unit]) -> Option<Text> {
    let block = document
        .blocks
        .iter()
        .find(|block| block.is_body() && block.label == BlockLabel::Title)
        .or_else(|| {
            document
                .blocks
                .iter()
                .find(|block| block.is_body() && block.level == Some(1))
        });
    if let Some(block) = block {
        return Some(one_line([&block.text]));
    }
    let first = units.first().filter(|unit| {
        unit.form == Form::Short
            && unit
                .text
                .as_str()
                .chars()
                .filter(|c| c.is_alphabetic())
                .count()
                > 3
    })?;
    // A line that begins with a figure is a counter, not a title; "100 % inclusion" is one.
    (!first.text.as_str().contains('\n') || first.text.as_str().starts_with(char::is_alphabetic))
        .then(|| one_line([&first.text]))
}

/// Whether a profile tells sections of this kind, and the document has some.
fn told(segmentation: &Segmentation, section: Section) -> bool {
    segmentation
        .sections()
        .values()
        .any(|told| *told == section)
}

/// Calls, regions and groups as a profile tells them.
fn read_sections(segmentation: &Segmentation, above: Range<usize>, current: &mut Context) {
    for (index, section) in segmentation.sections().range(above) {
        let Some(unit) = segmentation.units().list.get(*index) else {
            continue;
        };
        let text = one_line([&unit.text]);
        match section {
            // A wider section begins without the narrower ones of the section before.
            Section::Call => {
                current.call = Some(unquoted(&text));
                current.region = None;
                current.end_group();
            }
            Section::Region => {
                let value = without_label(text.as_str());
                let start = text.as_str().rfind(value).unwrap_or(0);
                current.region = Some(text.slice(start..start + value.len()));
                current.end_group();
            }
            Section::Group => current.begin_group(text),
        }
    }
}

/// Whether a unit is a list's item that looks as the entries do: one of them, be it read as an entry or not, and the heading of none.
fn is_item_among(document: &Document, unit: &Unit, entries: &BTreeSet<u32>) -> bool {
    let item =
        (document.blocks.get(unit.block)).is_some_and(|block| block.label == BlockLabel::ListItem);
    item && entries.contains(&unit.class)
}

/// Region and group from the headings right above an entry; `sections` are looks that headings are known to have.
fn read_headings(
    document: &Document,
    above: &[&Unit],
    current: &mut Context,
    first: bool,
    sections: &[u32],
) {
    let is_heading = |unit: &Unit| {
        (unit.form == Form::Short || is_region_label(unit)) && !says_nothing(unit.text.as_str())
    };
    let cell = |unit: &Unit| document.blocks.get(unit.block)?.cell;
    // The row of several cells that a unit stands in, such as a total's.
    let is_row_with = |unit: &Unit, other: Option<&Unit>| {
        cell(unit)
            .zip(other.and_then(cell))
            .is_some_and(|(own, other)| {
                (own.table, own.row) == (other.table, other.row) && own.column != other.column
            })
    };
    let headings: Vec<(&Unit, bool)> = above
        .iter()
        .enumerate()
        .filter(|(_, unit)| is_heading(unit))
        .map(|(index, unit)| {
            let neighbour = |index: usize| above.get(index).copied();
            let in_row = is_row_with(unit, index.checked_sub(1).and_then(neighbour))
                || is_row_with(unit, neighbour(index + 1));
            (*unit, in_row)
        })
        .collect();
    // Of what stands before the first entry, only the headings that directly precede it are about the entries.
    let near = above
        .iter()
        .rev()
        .take_while(|unit| is_heading(unit) || unit.form == Form::Number)
        .count();
    let n_headings = headings.len();
    let mut has_prize = false;
    for (unit, in_row) in headings.into_iter().skip(if first {
        n_headings.saturating_sub(near)
    } else {
        0
    }) {
        let string = unit.text.as_str();
        if let Some(label) = unit.label.as_ref().filter(|_| is_region_label(unit)) {
            current.region = Some(unit.text.slice(label.value.clone()));
            current.end_group();
        } else if VOCABULARY.is_region(without_label(string)) {
            current.region = Some(unit.text.clone());
        } else if let Some(category) = category_of(&unit.text) {
            current.category = Some(category);
            // Of the prize right above it, a category is a part; that of the entries before is over.
            if !has_prize {
                let heading = one_line([&unit.text]);
                current.end_group();
                current.sum = shared::prize(&heading).1;
                current.group = Some(heading);
            }
        } else if is_list_heading(string) {
            current.end_group();
            if let Some(range) = VOCABULARY.find_region(string) {
                current.region = Some(unit.text.slice(range));
            }
        } else if !in_row
            && (!first
                || !speaks_of_call(string)
                    && (sections.contains(&unit.class)
                        || document
                            .blocks
                            .get(unit.block)
                            .is_some_and(|block| block.label == BlockLabel::SectionHeader)))
        {
            current.begin_group(one_line([&unit.text]));
            has_prize = current.award.is_some();
        }
    }
}

/// Whether a line between entries heads none: « et », « 2020 : prix non décerné ».
fn says_nothing(string: &str) -> bool {
    /// « DLA »
    const LEAST: usize = 3;
    let last = string.rsplit(':').next().unwrap_or(string);
    string.chars().filter(|c| c.is_alphanumeric()).count() < LEAST
        || VOCABULARY.is_unawarded(last.trim())
}

/// « Catégorie Commerce », « Category: Arts »
fn category_of(text: &Text) -> Option<Text> {
    let string = text.as_str();
    let word = ["Catégorie", "CATÉGORIE", "Categorie", "Category"]
        .iter()
        .find(|word| string.starts_with(**word))?;
    let rest = string.get(word.len()..)?;
    let start = string.len() - rest.trim_start_matches([' ', ':', '–', '-', '\n']).len();
    (start < string.len()).then(|| unquoted(&one_line([&text.slice(start..string.len())])))
}

/// « l'appel à projets NAME est … », « nommé « NAME » », « Appel à projets : NAME ».
fn find_call(above: &[Unit]) -> Option<Text> {
    // Farther up, a brochure speaks of other calls too.
    const NEAR: usize = 12;
    let labelled: Vec<Text> = above
        .iter()
        .filter_map(|unit| {
            unit.label
                .as_ref()
                .filter(|label| label.field == Field::Call && !label.value.is_empty())
                .map(|label| unquoted(&unit.text.slice(label.value.clone())))
        })
        .collect();
    if let [only] = labelled.as_slice() {
        return Some(only.clone());
    }
    if !labelled.is_empty() {
        return None;
    }
    // The last paragraph before the entries that names a call is the nearest.
    let mut phrase = None;
    for unit in above.iter().rev().take(NEAR) {
        let string = unit.text.as_str();
        if let Some(range) = named_call(string) {
            return Some(unquoted(&unit.text.slice(range)));
        }
        if phrase.is_none() {
            phrase = described_call(string).map(|range| unit.text.slice(range));
        }
    }
    phrase
}

static CALL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:appels? à projets?|appels? à manifestations? d[’']intérêts?|appels? à candidatures?|appels? à initiatives?|concours|AMI|AAP)\b").expect("the pattern is constant")
});
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^,? ?(?:est |été |a été )?(?:nommée?s?|intitulée?s?|dénommée?s?|baptisée?s?|appelée?s?)?,? ?[«“](?P<name>[^»”]+)[»”]").expect("the pattern is constant")
});
static PROPER: LazyLock<Regex> = LazyLock::new(|| {
    // A proper name: begins with a capital or a figure, ends before a verb, a comma or a full stop; an acronym in parentheses is part of it.
    Regex::new(r"^ (?P<name>(?:[0-9]+ ?%? ?)?[\p{L}0-9][^,.;:«»()]*?(?: \([A-Z]{2,8}\))?)(?: (?:est|sont|vise|visent|a|ont|permet|soutient|s[’']adresse|lancé|pour objectif)\b|[,.;:]|$)").expect("the pattern is constant")
});
static DESCRIBED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^,? (?:dédié|consacré|relatif|portant|destiné)e?s? [^,.;:()]+")
        .expect("the pattern is constant")
});

/// What parts the clauses of a title.
static CLAUSE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r" ?[:|,] | [–—-] ").expect("the pattern is constant"));
/// What stands between a list and whose it is.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r" (?:du |des |de la |de l[’'])").expect("the pattern is constant")
});

/// The byte range of a call's own name.
fn named_call(string: &str) -> Option<Range<usize>> {
    for cue in CALL.find_iter(string) {
        let rest = string.get(cue.end()..)?;
        if let Some(name) = NAMED
            .captures(rest)
            .and_then(|captures| captures.name("name"))
        {
            let trimmed = name.as_str().trim();
            let start =
                cue.end() + name.start() + (name.as_str().len() - name.as_str().trim_start().len());
            return Some(start..start + trimmed.len());
        }
        if let Some(name) = PROPER
            .captures(rest)
            .and_then(|captures| captures.name("name"))
            && name
                .as_str()
                .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && name.as_str().split(' ').count() <= 14
            && !begins_with_function_word(name.as_str())
        {
            return Some(cue.end() + name.start()..cue.end() + name.end());
        }
    }
    None
}

/// « APPELS À PROJETS DU PLAN … »: what follows the words is no name.
fn begins_with_function_word(name: &str) -> bool {
    let folded = fold(name);
    let first = folded.split([' ', '\'']).next().unwrap_or_default();
    matches!(
        first,
        "du" | "de"
            | "des"
            | "d"
            | "le"
            | "la"
            | "les"
            | "l"
            | "au"
            | "aux"
            | "pour"
            | "sur"
            | "en"
            | "et"
            | "dans"
            | "par"
    )
}

/// The byte range of a phrase that tells which call it is, where it has no name.
fn described_call(string: &str) -> Option<Range<usize>> {
    CALL.find_iter(string).find_map(|cue| {
        DESCRIBED
            .find(string.get(cue.end()..)?)
            .filter(|phrase| (15..=140).contains(&phrase.as_str().chars().count()))
            .map(|phrase| cue.start()..cue.end() + phrase.end())
    })
}

/// The title of a page about a call is the call's name, unless it only announces a list.
fn call_of_title(above: &[Unit], title: Option<&Text>) -> Option<Text> {
    let title = title?;
    let generic = is_list_heading(title.as_str()) || fold(title.as_str()).split(' ').count() < 2;
    // « Cet appel à projets … »: the page is about the call. A mention of some call is not enough.
    let about = above.iter().any(|unit| {
        let folded = fold(unit.text.as_str());
        let labelled = unit
            .label
            .as_ref()
            .is_some_and(|label| label.field == Field::Call);
        labelled
            || [
                "cet appel",
                "ces appels",
                "cette consultation",
                "le present appel",
                "this call",
                "ce concours",
            ]
            .iter()
            .any(|cue| folded.contains(cue))
    });
    (!generic && about).then(|| title.clone())
}

/// The call that a title names with its year: « Prix Initiatives 2025 : découvrez les lauréats », « Les lauréats du Prix Initiatives 2025 ».
fn call_of_a_year(title: &str) -> Option<Range<usize>> {
    let mut from = 0;
    let clauses = (CLAUSE.find_iter(title)).map(|mark| (mark.start(), mark.end()));
    for (end, next) in clauses.chain([(title.len(), title.len())]) {
        let clause = title.get(from..end).unwrap_or_default();
        // « Les lauréats du … »
        let named = LINK
            .find_iter(clause)
            .find(|link| {
                (clause.get(..link.start())).is_some_and(|list| VOCABULARY.announces_list(list))
            })
            .map_or(0, |link| link.end());
        if is_call_of_a_year(clause.get(named..).unwrap_or_default()) {
            return Some(from + named..end);
        }
        from = next;
    }
    None
}

/// « FDVA 2025 », « Prix Initiatives 2025 »: a name that begins as calls' do, or an acronym, and a year.
fn is_call_of_a_year(name: &str) -> bool {
    let Some((call, year)) = name.rsplit_once(' ') else {
        return false;
    };
    let is_year =
        year.len() == 4 && (year.parse()).is_ok_and(|year: u32| (1900..2100).contains(&year));
    let acronym = call.chars().filter(|c| c.is_alphabetic()).count() > 1
        && call.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    is_year
        && (acronym || call.contains(' ') && VOCABULARY.begins_call(call))
        && !VOCABULARY.announces_list(call)
}

/// Puts the inherited values into a record: what the entry states stays, a profile's constants come before what sections say.
pub fn fill(draft: &mut Draft<'_>, context: &Context, head: &Head, profile: Option<&Profile>) {
    if let Some(region) = head
        .region
        .as_ref()
        .filter(|_| draft.mention.region.is_none())
    {
        draft.mention.region = Some(draft.ground("/region", region, Rule::Heading));
    }
    for (key, value) in profile.iter().flat_map(|profile| profile.constants.given()) {
        draft.supply(key, value);
    }
    if let Some(region) = context
        .region
        .as_ref()
        .filter(|_| draft.mention.region.is_none())
    {
        draft.mention.region = Some(draft.ground("/region", region, Rule::Section));
    }
    if let Some(call) = context
        .call
        .as_ref()
        .filter(|_| draft.mention.call.is_none())
    {
        draft.mention.call = Some(draft.ground("/call", call, Rule::Section));
    }
    // « Le prix revient à … » below a heading: which prize, the heading says.
    let bare = |award: &Award| clauses::is_bare_prize(&award.text);
    if let Some(award) =
        (context.award.as_ref()).filter(|_| draft.mention.award.as_ref().is_none_or(bare))
    {
        let category = context.category.as_ref();
        draft.mention.award = Some(fields::award(draft, award, category, Rule::Section));
    }
    if let Some(group) = context.group.as_ref() {
        draft.mention.group = Some(draft.ground("/group", group, Rule::Section));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, call: Option<&str>) {
        assert_eq!(
            call_of_a_year(title).and_then(|range| title.get(range)),
            call
        );
    }

    #[test]
    fn a_title_names_its_call_with_a_year() {
        check("Prix Initiatives 2025", Some("Prix Initiatives 2025"));
        check(
            "Les lauréats du Prix Initiatives 2025",
            Some("Prix Initiatives 2025"),
        );
        check(
            "Trophées du Marais 2024 : découvrez les lauréats",
            Some("Trophées du Marais 2024"),
        );
        check("FDVA 2025 – Associations soutenues", Some("FDVA 2025"));
    }

    #[test]
    fn a_title_that_names_a_list_names_no_call() {
        check("Subventions attribuées en 2025", None);
        check("Palmarès 2025", None);
        check("Prix 2025", None);
        check("Les lauréats du Prix Initiatives", None);
    }
}
