//! The entries of a document in; its records out, with their ids, as people decided, and with the values that their texts state.

use std::collections::BTreeMap;

use super::recognised::Words;
use super::reference;
use crate::consistency;
use crate::decisions::{self, Added, Applied, Decision};
use crate::diagnostic::Diagnostic;
use crate::extract::Extraction;
use crate::extract::draft::Rules;
use crate::link::derived_id;
use crate::model::document::Document;
use crate::model::mention::Mention;
use crate::normalize::normalize;
use crate::profile::fold;
use crate::segment::{Segmentation, Span};

/// The records of a document's entries after all checks.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) extraction: Extraction,
    /// What people decided of them.
    pub(super) decided: Applied,
    /// Values that do not agree with others, by the number of the record and their pointer.
    pub(super) doubted: Vec<(usize, String)>,
    /// What does not agree.
    pub(super) told: Vec<Diagnostic>,
}

/// Finishes what was extracted, and compares it: what does not agree is less sure, and so is what was read from a picture.
pub(super) fn judge(
    extraction: Extraction,
    document: &Document,
    segmentation: &Segmentation,
    decisions: &[Decision],
    words: &Words,
) -> Judged {
    let (mut extraction, decided) = records(extraction, document, segmentation, decisions);
    let findings = consistency::findings(&extraction.mentions, segmentation);
    let told = consistency::doubt(&mut extraction.mentions, &findings);
    words.doubt(&mut extraction.mentions);
    let doubted = findings.into_iter().flat_map(|(_, found)| found);
    Judged {
        extraction,
        decided,
        doubted: (doubted.map(|finding| (finding.record, finding.pointer))).collect(),
        told,
    }
}

/// The records of a document's entries, with their ids, as people decided, and normalised.
pub(super) fn records(
    mut extraction: Extraction,
    document: &Document,
    segmentation: &Segmentation,
    decisions: &[Decision],
) -> (Extraction, Applied) {
    let mut texts = std::mem::take(&mut extraction.texts);
    let mut mentions = std::mem::take(&mut extraction.mentions);
    identify(&mut mentions);
    let address = document.metadata.address.as_deref();
    let own: Vec<Decision> = (decisions.iter())
        .filter(|decision| decision.is_of(&document.path, address))
        .cloned()
        .collect();
    let (mut added, told) = decisions::added(&own, document, &mentions);
    number(&mut mentions, &mut added, segmentation);
    for added in added {
        extraction.rules.push(Rules::new());
        extraction.excerpts.push(added.excerpt);
        texts.push([(added.pointer, added.text)].into());
        mentions.push(Mention {
            document: reference(document, &mentions),
            ..added.mention
        });
    }
    identify(&mut mentions);
    let mut decided = decisions::apply(&own, &mut mentions, &|number, value| {
        // What is added is of no entry.
        let extent = (segmentation.entries.get(number)).map_or(0..0, Span::extent);
        let units = &segmentation.units().list;
        // What a person read in the entry stands there, or else somewhere in the document.
        let text = (units.get(extent).into_iter().flatten().chain(units)).find_map(|unit| {
            let start = unit.text.as_str().find(value)?;
            Some(unit.text.slice(start..start + value.len()))
        })?;
        Some(document.evidence(&text))
    });
    decided.told.extend(told);
    for (number, pointer) in &decided.set {
        if let Some(texts) = texts.get_mut(*number) {
            texts.remove(pointer);
        }
    }
    extraction.mentions = normalize(mentions, &|number, pointer, range| {
        let text = texts.get(number)?.get(pointer)?.slice(range);
        Some(document.evidence(&text))
    });
    (extraction, decided)
}

/// Gives mentions their positions where others are added: behind the entry in which their words stand, or the last before them. The list itself stays that of
/// the entries, with what is added at its end.
fn number(mentions: &mut [Mention], added: &mut [Added], segmentation: &Segmentation) {
    if added.is_empty() {
        return;
    }
    let units = &segmentation.units().list;
    let mut last = (0, 0);
    // Whatever stands beside the text that it belongs to, entries stay in their order.
    let starts = segmentation.entries.iter().map(|span| {
        let first = units.get(span.extent().start);
        last = last.max(first.map_or((0, 0), |unit| (unit.block, unit.offset)));
        last
    });
    let read = starts.zip(mentions.iter_mut().map(|mention| &mut mention.position));
    let added = (added.iter_mut()).map(|added| (added.place, &mut added.mention.position));
    let mut all: Vec<((usize, usize), &mut u32)> = read.chain(added).collect();
    all.sort_by_key(|(place, _)| *place);
    for (position, (_, slot)) in (1..).zip(all) {
        *slot = position;
    }
}

/// Gives the mentions of a document their ids: `m-` and the first 16 hexadecimal digits of the SHA-256 of the document's path, the name, the project, and how many
/// with the same stand before, a line each. They follow from what the document says, not from its bytes: what stands beside the entry may change. (An address
/// is no key: two documents of a run may have one.) What was added under an id keeps it.
fn identify(mentions: &mut [Mention]) {
    let mut before: BTreeMap<String, u32> = BTreeMap::new();
    for mention in mentions {
        let said = [mention.name.as_deref(), mention.project.as_deref()];
        let [name, project] = said.map(|text| fold(text.unwrap_or_default()));
        let said = format!("{}\n{name}\n{project}", mention.document.path);
        let alike = before.entry(said.clone()).or_default();
        if mention.id.is_empty() {
            mention.id = derived_id('m', &format!("{said}\n{alike}"));
        }
        *alike += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_mentions_of_a_document_have_one_id() {
        let named = |name: &str| Mention {
            name: Some(name.to_owned()),
            ..Mention::default()
        };
        let mut mentions = ["Le Fournil", "LE FOURNIL", "Le Fournil", "L\u{e9} Fournil"].map(named);
        identify(&mut mentions);
        let ids: std::collections::BTreeSet<&str> =
            mentions.iter().map(|mention| mention.id.as_str()).collect();
        assert_eq!(ids.len(), mentions.len());
    }
}
