//! The calls that a document names: those of headings and of entries, their waves and other names.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::note;
use crate::extract::draft::one_line;
use crate::extract::heading::unquoted;
use crate::model::document::Document;
use crate::model::mention::Mention;
use crate::model::record::{Call, DocumentRecord};
use crate::model::text::Text;
use crate::profile::{Field, fold};
use crate::segment::{Segmentation, Unit};

/// The calls that headings name and those that entries belong to.
pub(super) fn calls(
    record: &mut DocumentRecord,
    document: &Document,
    segmentation: &Segmentation,
    outside: &[&Unit],
    mentions: &[Mention],
) {
    let mut current: Option<usize> = None;
    let mut pending = Call::default();
    let mut pending_evidence: Vec<(&str, Text)> = Vec::new();
    let value_of = |unit: &Unit| -> Option<Text> {
        unit.label
            .as_ref()
            .map(|label| unquoted(&one_line([&unit.text.slice(label.value.clone())])))
    };
    for (position, unit) in outside.iter().enumerate() {
        let Some(label) = unit.label.as_ref() else {
            continue;
        };
        // The value of a label alone on its line is the unit below.
        let value = value_of(unit)
            .filter(|value| !value.is_empty())
            .or_else(|| {
                outside
                    .get(position + 1)
                    .filter(|next| next.label.is_none())
                    .map(|next| one_line([&next.text]))
            });
        let Some(value) = value else { continue };
        if label.field == Field::Call {
            note(
                record,
                document,
                &format!("/calls/{}/name", record.calls.len()),
                &value,
            );
            current = Some(record.calls.len());
            record.calls.push(Call {
                name: value.as_str().to_owned(),
                ..Call::default()
            });
            continue;
        }
        if label.field != Field::Document && label.field != Field::Dates {
            continue;
        }
        let folded = fold(&label.text);
        let (name, slot): (&str, fn(&mut Call) -> &mut Option<String>) =
            if folded.starts_with("statut") {
                ("status", |call| &mut call.status)
            } else if folded.contains("date") || folded.contains("cloture") {
                ("dates", |call| &mut call.dates)
            } else {
                continue;
            };
        if let Some(index) = current {
            note(record, document, &format!("/calls/{index}/{name}"), &value);
            if let Some(call) = record.calls.get_mut(index) {
                *slot(call) = Some(value.as_str().to_owned());
            }
        } else if slot(&mut pending).is_none() {
            *slot(&mut pending) = Some(value.as_str().to_owned());
            pending_evidence.push((name, value));
        }
    }
    calls_of_entries(
        record,
        document,
        segmentation,
        mentions,
        pending,
        &pending_evidence,
    );
}

/// The calls that entries belong to, with how many do; `pending` is what the page says of the call of its first entry.
pub(super) fn calls_of_entries(
    record: &mut DocumentRecord,
    document: &Document,
    segmentation: &Segmentation,
    mentions: &[Mention],
    mut pending: Call,
    pending_evidence: &[(&str, Text)],
) {
    let mut known = calls_by_name(record);
    for (number, mention) in mentions.iter().enumerate() {
        let Some(name) = &mention.call else { continue };
        let index = *known.entry(fold(name)).or_insert_with(|| {
            let index = record.calls.len();
            if let Some(evidence) = mention.evidence.get("/call") {
                record
                    .evidence
                    .insert(format!("/calls/{index}/name"), evidence.clone());
            }
            // What the page says before it names any call is about the call of its entries.
            let call = if number == 0 {
                std::mem::take(&mut pending)
            } else {
                Call::default()
            };
            if number == 0 {
                for (field, text) in pending_evidence {
                    note(record, document, &format!("/calls/{index}/{field}"), text);
                }
            }
            record.calls.push(Call {
                name: name.clone(),
                ..call
            });
            index
        });
        let announced = segmentation.entries.get(number).and_then(|span| {
            let announced = &segmentation.announced();
            announced
                .get(announced.partition_point(|other| other.unit < span.context.start))
                .filter(|announced| announced.unit < span.context.end)
        });
        if let Some(call) = record.calls.get_mut(index) {
            call.found += 1;
            if let Some(announced) = announced.filter(|_| call.announced.is_none()) {
                call.announced = Some(announced.count);
                call.announced_text = Some(announced.text.as_str().to_owned());
                record.evidence.insert(
                    format!("/calls/{index}/announced"),
                    document.evidence(&announced.text),
                );
            }
        }
    }
}

/// The first call of each folded name.
pub(super) fn calls_by_name(record: &DocumentRecord) -> HashMap<String, usize> {
    let mut known = HashMap::new();
    for (index, call) in record.calls.iter().enumerate() {
        known.entry(fold(&call.name)).or_insert(index);
    }
    known
}

/// « 1ère et 2ème vague », « deux premières vagues », « vagues 1 et 2 ».
pub(super) static WAVES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\bvagues? [0-9](?: ?(?:,|et|à) ?[0-9])*|(?:\b(?:[0-9] ?(?:ère|ere|re|ème|eme|e|nde?)|premières?|secondes?|deux|trois|deuxième|troisième)\b(?:,| et)? ?)+vagues?\b")
        .expect("the pattern is constant")
});

/// The waves that a text speaks of. Most documents speak of none, and need no pattern, which takes half a millisecond to compile.
pub(super) fn find_waves(text: &str) -> Option<regex::Match<'_>> {
    const WORD: &[u8] = b"vague";
    let is_word = |window: &[u8]| window.eq_ignore_ascii_case(WORD);
    (text.as_bytes().windows(WORD.len()).any(is_word))
        .then(|| WAVES.find(text))
        .flatten()
}

/// The waves that the text of no entry speaks of: above the entries of a call, they are that call's; of a single call, wherever they stand.
pub(super) fn waves(
    record: &mut DocumentRecord,
    document: &Document,
    segmentation: &Segmentation,
    mentions: &[Mention],
) {
    let known = calls_by_name(record);
    let mut entries = segmentation.entries.iter().enumerate().peekable();
    for (index, unit) in segmentation.units().list.iter().enumerate() {
        while entries
            .next_if(|(_, span)| span.body.end <= index)
            .is_some()
        {}
        let next = entries.peek();
        if next.is_some_and(|(_, span)| span.head.start <= index) {
            continue;
        }
        let line = one_line([&unit.text]);
        let Some(found) = find_waves(line.as_str()) else {
            continue;
        };
        let name = next
            .and_then(|(number, _)| mentions.get(*number))
            .and_then(|mention| mention.call.as_deref());
        let place = match (name, record.calls.len()) {
            (_, 1) => Some(0),
            (Some(name), _) => known.get(&fold(name)).copied(),
            (None, _) => None,
        };
        if let Some((place, call)) =
            place.and_then(|place| Some((place, record.calls.get_mut(place)?)))
            && call.waves.is_none()
        {
            let text = line.slice(found.range());
            call.waves = Some(text.as_str().to_owned());
            note(record, document, &format!("/calls/{place}/waves"), &text);
        }
    }
}

/// « Insertion professionnelle des réfugiés (IPR) » also goes by « IPR ».
pub(super) fn acronym(name: &str) -> Option<String> {
    let (_, rest) = name.rsplit_once('(')?;
    let inside = rest.split_once(')')?.0.trim();
    let is_acronym = inside.chars().count() > 1
        && inside
            .chars()
            .all(|c| c.is_uppercase() || c.is_ascii_digit());
    is_acronym.then(|| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_are_found_as_printed() {
        for (line, expected) in [
            ("Lauréats de la 1ère et 2ème vague", "1ère et 2ème vague"),
            (
                "les projets lauréats des deux premières vagues de cet appel",
                "deux premières vagues",
            ),
            ("Appel IPR, vagues 1 et 2", "vagues 1 et 2"),
        ] {
            assert_eq!(WAVES.find(line).map(|found| found.as_str()), Some(expected));
        }
    }

    #[test]
    fn a_call_goes_by_its_acronym_too() {
        assert_eq!(
            acronym("Insertion des réfugiés (IDR)").as_deref(),
            Some("IDR")
        );
        assert_eq!(acronym("Un appel (en cours)"), None);
    }
}
