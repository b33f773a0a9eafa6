//! The report as SARIF 2.1.0, which editors and platforms show beside the lines of a file.

use palmares::message::{Language, word};
use palmares::model::validation::{Fault, Tier, ValidationReport};
use serde_json::{Value, json};

use super::forms::source_of;

/// A log of one run.
pub(super) fn log(report: &ValidationReport, language: Language) -> Value {
    let rules: Vec<Value> = (report.rules.iter())
        .map(|rule| {
            json!({
                "id": rule.name,
                "shortDescription": { "text": word(rule.what.clone()).to(language) },
                "defaultConfiguration": { "level": level(rule.tier) },
                "properties": { "tier": rule.tier },
            })
        })
        .collect();
    let results: Vec<Value> = (report.errors.iter())
        .map(|error| result(error, report, language))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "palmares", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn level(tier: Tier) -> &'static str {
    match tier {
        Tier::Valid => "error",
        Tier::Quality => "warning",
        Tier::Usefulness => "note",
    }
}

fn result(error: &Fault, report: &ValidationReport, language: Language) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": address(&error.file) } });
    if let Some(line) = error.line {
        physical["region"] = json!({ "startLine": line });
    }
    let mut result = json!({
        "ruleId": error.rule,
        "ruleIndex": report.rules.iter().position(|rule| rule.name == error.rule),
        "level": level(error.tier),
        "message": { "text": error.message.to(language) },
        "locations": [{
            "physicalLocation": physical,
            "logicalLocations": [{ "fullyQualifiedName": error.pointer, "kind": "value" }],
        }],
        "properties": { "id": error.id, "record": error.record, "value": error.value },
    });
    if let (Some(document), Some(source)) = (&error.document, source_of(error)) {
        result["relatedLocations"] = json!([{
            "physicalLocation": { "artifactLocation": { "uri": address(document) } },
            "message": { "text": source.to(language) },
        }]);
    }
    result
}

/// A path as the reference that SARIF asks for.
fn address(path: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'-')
        .remove(b'_')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(path, KEPT).to_string()
}
