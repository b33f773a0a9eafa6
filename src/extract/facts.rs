//! What a document says of itself and of its calls: calls with their status and dates, counters, budget, glossary, index, the count announced, and, where
//! it names no laureate, what kind of text it seems to be.

mod calls;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::draft::one_line;
use super::{amounts, index};
use crate::diagnostic::Diagnostic;
use crate::message;
use crate::model::document::Document;
use crate::model::mention::Mention;
use crate::model::record::{Counter, DocumentRecord};
use crate::model::text::Text;
use crate::profile::{Field, VOCABULARY, fold};
use crate::segment::entries::{is_introduction, speaks_of_call};
use crate::segment::{Announced, Form, Segmentation, Unit};
use calls::{acronym, calls, waves};

/// Fills the record of a document; gives the remarks that the facts call for.
pub fn fill(
    record: &mut DocumentRecord,
    document: &Document,
    segmentation: &Segmentation,
    mentions: &[Mention],
) -> Vec<Diagnostic> {
    let outside: Vec<&Unit> = segmentation.outside().map(|(_, unit)| unit).collect();
    calls(record, document, segmentation, &outside, mentions);
    waves(record, document, segmentation, mentions);
    for call in &mut record.calls {
        call.aliases.extend(acronym(&call.name));
    }
    counters(record, document, &outside);
    budget(record, document, &outside);
    let apparatus = index::apparatus(document, segmentation);
    for item in &apparatus.glossary {
        note(
            record,
            document,
            &format!("/glossary/{}", super::fields::escape(item.term.as_str())),
            &item.meaning,
        );
        record.glossary.insert(
            item.term.as_str().to_owned(),
            item.meaning.as_str().to_owned(),
        );
    }
    for item in &apparatus.index {
        note(
            record,
            document,
            &format!("/index/{}", super::fields::escape(item.label.as_str())),
            &item.line,
        );
        record
            .index
            .insert(item.label.as_str().to_owned(), item.numbers.clone());
    }
    let mut remarks = Vec::new();
    if let Some(announced) = announced(segmentation, mentions.len()) {
        note(record, document, "/announced", &announced.text);
        note(record, document, "/announced_text", &announced.text);
        record.announced = Some(announced.count);
        record.announced_text = Some(announced.text.as_str().to_owned());
        // A count may be that of one call among several.
        let met = announced.count as usize == mentions.len()
            || announced.count as usize == found_in_section(segmentation, announced)
            || record
                .calls
                .iter()
                .any(|call| call.found == announced.count);
        if !met {
            remarks.push(
                Diagnostic::warning(message!(
                    "the document announces {announced}, {mentions} were found: `{text}`",
                    announced = announced.count,
                    mentions = mentions.len(),
                    text = shortened(announced.text.as_str())
                ))
                .with_hint(message!(
                    "compare with `palmares explain FILE`; the document itself may be wrong"
                )),
            );
        }
    }
    if let Some((label, count)) = outnumbering(segmentation) {
        remarks.push(
            Diagnostic::warning(message!(
                "the label `{label}` stands {count} times, {mentions} entries were found",
                label,
                count,
                mentions = mentions.len()
            ))
            .with_hint(message!(
                "an entry may hold several: compare with `palmares explain FILE`"
            )),
        );
    }
    record.kind = Some(
        if mentions.is_empty() {
            kind(segmentation)
        } else {
            "laureates"
        }
        .to_owned(),
    );
    if mentions.is_empty() {
        let seems = match record.kind.as_deref() {
            Some("call") => message!("a call text"),
            Some("form") => message!("a form"),
            Some("rules") => message!("rules"),
            _ => message!("an article or another text"),
        };
        remarks.push(Diagnostic::note(message!(
            "no laureates: this seems to be {seems}",
            seems
        )));
    }
    remarks
}

/// The label that nearly every entry has once and that yet stands oftener than there are entries: some entry holds others, or some are in none.
fn outnumbering(segmentation: &Segmentation) -> Option<(&str, usize)> {
    /// How often a label stands, and in how many entries it does once.
    #[derive(Default)]
    struct Count<'s> {
        label: &'s str,
        all: usize,
        alone: usize,
    }
    let n = segmentation.entries.len();
    let label = |unit: &Unit| {
        let label = unit.label.as_ref()?;
        let core = !label.column && !matches!(label.field, Field::Other | Field::Document);
        core.then(|| (label.field, fold(&label.text)))
    };
    let units = &segmentation.units().list;
    let mut counts: BTreeMap<(Field, String), Count<'_>> = BTreeMap::new();
    for unit in units {
        if let Some(key) = label(unit) {
            let count = counts.entry(key).or_default();
            count.all += 1;
            count.label = unit.label.as_ref().map_or("", |label| label.text.as_str());
        }
    }
    for span in &segmentation.entries {
        let mut own: BTreeMap<(Field, String), usize> = BTreeMap::new();
        let held = units.get(span.extent());
        for key in held.unwrap_or_default().iter().filter_map(label) {
            *own.entry(key).or_default() += 1;
        }
        for (key, _) in own.into_iter().filter(|(_, count)| *count == 1) {
            if let Some(count) = counts.get_mut(&key) {
                count.alone += 1;
            }
        }
    }
    counts
        .into_values()
        // One label more is an entry that has two.
        .filter(|count| count.alone * 10 >= n * 9 && n > 1 && count.all > n + 1)
        .max_by_key(|count| count.all)
        .map(|count| (count.label, count.all))
}

fn note(record: &mut DocumentRecord, document: &Document, pointer: &str, text: &Text) {
    record
        .evidence
        .insert(pointer.to_owned(), document.evidence(text));
}

fn shortened(text: &str) -> String {
    const LENGTH: usize = 80;
    let mut short: String = text
        .chars()
        .take(LENGTH)
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect();
    if text.chars().count() > LENGTH {
        short.push('…');
    }
    short
}

/// How many entries stand between the announcement and the next list that has an introduction of its own: an announcement may speak of one of
/// several lists.
fn found_in_section(segmentation: &Segmentation, announced: &Announced) -> usize {
    let mut found = 0;
    for span in &segmentation.entries {
        let above = segmentation.units().list.get(span.context.clone());
        if span.head.start < announced.unit {
            continue;
        }
        if found > 0 && above.unwrap_or_default().iter().any(is_introduction) {
            break;
        }
        found += 1;
    }
    found
}

static COUNTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\+? ?(?P<number>[0-9]{1,3}(?:[ .][0-9]{3})*|[0-9]+)(?:[,.](?P<decimals>[0-9]+))? ?(?P<unit>M€|k€|€|%|millions?|Md€)?$").expect("the pattern is constant")
});

/// Big numerals with a few words below: « 2 873 / personnes accompagnées ».
fn counters(record: &mut DocumentRecord, document: &Document, outside: &[&Unit]) {
    // More words are a sentence that happens to follow a number.
    const LONGEST: usize = 25;
    for pair in outside.windows(2) {
        let [unit, below] = pair else { continue };
        let string = unit.text.as_str().trim();
        let Some(captures) = COUNTER.captures(string) else {
            continue;
        };
        let text = one_line([&below.text]);
        let words = text.as_str().split_whitespace().count();
        if below.label.is_some()
            || words == 0
            || words > LONGEST
            || !text.as_str().starts_with(char::is_lowercase)
        {
            continue;
        }
        let digits: String = captures
            .name("number")
            .map_or("", |number| number.as_str())
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let decimals = captures
            .name("decimals")
            .map_or("", |decimals| decimals.as_str());
        let Ok(value) = format!("{digits}.{decimals}0").parse::<f64>() else {
            continue;
        };
        let scale = match captures.name("unit").map(|unit| unit.as_str()) {
            Some("M€" | "million" | "millions") => 1e6,
            Some("k€") => 1e3,
            Some("Md€") => 1e9,
            _ => 1.0,
        };
        let mut whole = unit.text.trim();
        whole.append(&text, crate::model::evidence::Join::Space);
        note(
            record,
            document,
            &format!("/counters/{}", record.counters.len()),
            &whole,
        );
        record.counters.push(Counter {
            value: value * scale,
            text: whole.as_str().to_owned(),
        });
    }
}

/// The sum that a sentence about the call gives it.
fn budget(record: &mut DocumentRecord, document: &Document, outside: &[&Unit]) {
    for unit in outside {
        let folded = fold(unit.text.as_str());
        if ![
            "enveloppe",
            "budget",
            "dotation",
            "dote de",
            "confier",
            "credits",
        ]
        .iter()
        .any(|cue| folded.contains(cue))
            || !speaks_of_call(unit.text.as_str())
        {
            continue;
        }
        let Some(found) = amounts::find(unit.text.as_str()).into_iter().next() else {
            continue;
        };
        let text = unit.text.slice(found.range.clone());
        let Some(mut amount) = amounts::first(text.as_str()) else {
            continue;
        };
        text.as_str().clone_into(&mut amount.text);
        note(record, document, "/budget", &text);
        record.budget = Some(amount);
        return;
    }
}

/// The announcement that is met; else the last one before the entries; else the first.
fn announced(segmentation: &Segmentation, found: usize) -> Option<&Announced> {
    let all = &segmentation.announced();
    let first = segmentation
        .entries
        .first()
        .map_or(usize::MAX, |span| span.head.start);
    all.iter()
        .find(|announced| announced.count as usize == found)
        .or_else(|| all.iter().rfind(|announced| announced.unit < first))
        .or_else(|| all.first())
}

/// What a text without laureates seems to be, by the words that it repeats.
fn kind(segmentation: &Segmentation) -> &'static str {
    let units = &segmentation.units().list;
    let blanks = units
        .iter()
        .filter(|unit| {
            ["....", "____", "□", "☐", "…………"]
                .iter()
                .any(|blank| unit.text.as_str().contains(blank))
        })
        .count();
    let text: Vec<String> = units.iter().map(|unit| fold(unit.text.as_str())).collect();
    let count = |cues: &[&str]| {
        text.iter()
            .filter(|unit| cues.iter().any(|cue| unit.contains(cue)))
            .count()
    };
    let rules = count(&[
        "reglement",
        "article 1",
        "article 2",
        "est seul juge",
        "le present",
    ]);
    let call = count(&[
        "candidature",
        "deposer",
        "depot des dossiers",
        "date limite",
        "criteres",
        "eligib",
        "appel a projet",
        "appel a manifestation",
        "cahier des charges",
        "call for",
    ]);
    let sections = units
        .iter()
        .filter(|unit| unit.form == Form::Short && VOCABULARY.is_section(unit.text.as_str()))
        .count();
    if blanks >= 5 && blanks * 8 >= units.len() {
        "form"
    } else if rules >= 2 && rules >= call {
        "rules"
    } else if call >= 2 || sections >= 3 && call >= 1 {
        "call"
    } else {
        "article"
    }
}
