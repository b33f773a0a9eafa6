//! What `palmares explain --format json` says.

use std::collections::BTreeMap;

use palmares::consistency;
use palmares::extract::draft::Rules;
use palmares::extract::{confidence, extract, measures_of, stretches_of};
use palmares::model::document::{Block, Document};
use palmares::model::mention::Mention;
use palmares::model::text::Text;
use palmares::pipeline::Reading;
use palmares::profile::{LEXICON, Profile};
use palmares::segment::{Considered, Segmentation, Span, cells, criteria, headers};
use serde_json::{Value, json};

use super::text::{SHOWN, labels, orphans, owners, slice};
use super::words::{label_of, rule};
use super::{Stage, View};

/// A reading as JSON: what the text shows, and what only programs ask for.
pub(super) fn reading(reading: &Reading, profile: Option<&Profile>, view: &View) -> Value {
    let Reading {
        document,
        segmentation,
        mentions,
        rules,
        record,
        warnings,
        ..
    } = reading;
    let mut value = json!({ "document": record.document, "format": document.format.media_type(), "pages": document.n_pages, "profile": record.profile, "expected": view.expected.as_ref().map(|(expect, by)| json!({ "value": expect.name(), "by": by.to_string() })),
        "warnings": warnings.iter().map(ToString::to_string).collect::<Vec<_>>() });
    let Some(object) = value.as_object_mut() else {
        return value;
    };
    if view.blocks || matches!(view.stage, Stage::Parse | Stage::Layout) {
        let owners = owners(segmentation, document.blocks.len());
        let blocks: Vec<Value> = document
            .blocks
            .iter()
            .zip(owners)
            .enumerate()
            .map(|(index, (block, entry))| block_json(document, index, block, entry))
            .collect();
        object.insert("blocks".to_owned(), blocks.into());
    }
    if matches!(view.stage, Stage::Segment | Stage::Extract) {
        object.insert("announced".to_owned(), segmentation.announced().iter().map(|announced| {
            json!({ "count": announced.count, "text": announced.text.as_str(), "evidence": document.evidence(&announced.text) })
        }).collect());
        object.insert("found".to_owned(), record.found.into());
        object.insert("orphan_share".to_owned(), record.orphan_share.into());
        object.insert(
            "chosen".to_owned(),
            segmentation
                .chosen
                .as_ref()
                .map_or(Value::Null, considered_json),
        );
        object.insert(
            "runners_up".to_owned(),
            segmentation
                .runners_up
                .iter()
                .take(SHOWN)
                .map(considered_json)
                .collect(),
        );
        if view.considered {
            object.insert("considered".to_owned(), all_considered(reading, profile));
        }
        let entries: Vec<Value> = segmentation
            .entries
            .iter()
            .zip(mentions.iter().zip(rules))
            .map(|(span, record)| {
                let with_mention = view.stage == Stage::Extract;
                entry_json(segmentation, span, record, profile, with_mention)
            })
            .collect();
        object.insert("entries".to_owned(), entries.into());
        object.insert("findings".to_owned(), findings(mentions, segmentation));
        if view.stretches {
            object.insert("stretches".to_owned(), all_stretches(reading, profile));
        }
        if view.measures {
            object.insert("measures".to_owned(), all_measures(reading, profile));
            object.insert("columns".to_owned(), all_columns(&reading.document));
        }
        object.insert(
            "orphans".to_owned(),
            orphans(segmentation)
                .iter()
                .map(|unit| json!({ "block": unit.block, "text": unit.text.as_str() }))
                .collect(),
        );
    }
    value
}

/// What does not agree among the records, by check.
fn findings(mentions: &[Mention], segmentation: &Segmentation) -> Value {
    let all = consistency::findings(mentions, segmentation);
    let rows = all.iter().flat_map(|(check, found)| {
        found.iter().map(|finding| {
            json!({ "check": check.name, "record": finding.record + 1, "pointer": finding.pointer, "shown": finding.shown })
        })
    });
    rows.collect()
}

fn block_json(document: &Document, index: usize, block: &Block, entry: Option<usize>) -> Value {
    json!({
        "index": index, "entry": entry, "label": label_of(block).trim_start_matches('~'),
        "layer": if block.is_body() { "body" } else { "furniture" },
        "level": block.level, "page": block.page, "depth": block.depth, "boxed": block.boxed,
        "style": { "size": block.style.size, "bold": block.style.bold, "italic": block.style.italic,
            "superscript": block.style.superscript, "color": format!("#{:06x}", block.style.color) },
        "marker": block.marker.as_ref().map(Text::as_str),
        "cell": block.cell.map(|cell| json!({ "table": cell.table, "row": cell.row, "column": cell.column, "header": cell.header })),
        "links": block.links.iter().map(|link| link.target.as_str()).collect::<Vec<_>>(),
        "text": block.text.as_str(), "evidence": document.evidence(&block.text),
    })
}

fn entry_json(
    segmentation: &Segmentation,
    span: &Span,
    (mention, rules): (&Mention, &Rules),
    profile: Option<&Profile>,
    with_mention: bool,
) -> Value {
    let units = &segmentation.units();
    let head: Vec<Value> = slice(&units.list, &span.head)
        .iter()
        .map(|unit| json!({ "text": unit.text.as_str(), "block": unit.block, "class": units.classes.get(unit.class as usize) }))
        .collect();
    let labels = labels(slice(&units.list, &span.body));
    let by: BTreeMap<&str, String> = mention
        .evidence
        .keys()
        .filter(|_| with_mention)
        .map(|pointer| {
            (
                pointer.as_str(),
                rule(pointer, rules, &labels, profile).to_string(),
            )
        })
        .collect();
    let labels: Vec<Value> = labels
        .into_iter()
        .map(|(label, field)| json!({ "label": label, "field": field }))
        .collect();
    let mention = if with_mention {
        json!(mention)
    } else {
        Value::Null
    };
    json!({ "head": head, "labels": labels, "mention": mention, "rules": by })
}

/// Every partition, the chosen one first, with its measures and the records that it would give.
fn all_considered(reading: &Reading, profile: Option<&Profile>) -> Value {
    let segmentation = &reading.segmentation;
    let chosen = segmentation.chosen.iter().map(|_| segmentation.clone());
    let others =
        (0..segmentation.runners_up.len()).filter_map(|number| segmentation.with_runner_up(number));
    let of = |segmentation: Segmentation| {
        let considered = segmentation.chosen.as_ref()?;
        let measures: BTreeMap<String, f32> = criteria::names()
            .zip(considered.measures.iter().copied())
            .collect();
        let mentions: Vec<Value> = extract(&reading.document, &segmentation, profile)
            .mentions
            .into_iter()
            .map(|mention| {
                json!({ "name": mention.name, "project": mention.project, "territory": mention.territory, "description": mention.description, "public": mention.public })
            })
            .collect();
        let mut value = considered_json(considered);
        let object = value.as_object_mut()?;
        object.insert("measures".to_owned(), json!(measures));
        object.insert("mentions".to_owned(), mentions.into());
        Some(value)
    };
    chosen.chain(others).filter_map(of).collect()
}

/// For each entry the stretches of words that may be its name, with what speaks for and against each, and what the rules took.
fn all_stretches(reading: &Reading, profile: Option<&Profile>) -> Value {
    stretches_of(&reading.document, &reading.segmentation, profile)
        .into_iter()
        .map(|offered| {
            let stretches: Vec<Value> = (offered.accounts.iter())
                .map(|account| json!({ "text": account.text, "patterns": account.patterns, "traits": account.traits }))
                .collect();
            json!({ "ruled": offered.ruled, "project": offered.project, "certain": offered.certain, "stretches": stretches })
        })
        .collect()
}

/// For each record, by field, what speaks for and against its value.
fn all_measures(reading: &Reading, profile: Option<&Profile>) -> Value {
    measures_of(&reading.document, &reading.segmentation, profile)
        .into_iter()
        .map(|measured| -> Value {
            (measured.into_iter())
                .map(|(field, measures)| {
                    let measures: BTreeMap<String, f32> =
                        confidence::names().zip(measures).collect();
                    (field.to_owned(), json!(measures))
                })
                .collect()
        })
        .collect()
}

/// For each column of a table that has a head, what speaks for and against what it may hold, and the beginning of its cells.
fn all_columns(document: &Document) -> Value {
    const SHOWN: usize = 60;
    headers::columns_of(document, &LEXICON)
        .into_iter()
        .map(|column| {
            let measures: BTreeMap<&str, f32> =
                cells::measure_names().zip(column.measures()).collect();
            let cells: Vec<&str> = column.cells.iter().copied().take(SHOWN).collect();
            json!({ "table": column.place.0, "column": column.place.1, "head": column.head, "measures": measures, "cells": cells })
        })
        .collect()
}

fn considered_json(considered: &Considered) -> Value {
    json!({ "method": considered.method.to_string(), "score": considered.score, "convincing": considered.features.is_convincing(), "worth": considered.worth, "log_odds": considered.log_odds, "entries": considered.features.entries })
}
