//! The decisions of one document, applied to what was read of it.

use super::{Act, Decision};
use crate::diagnostic::Diagnostic;
use crate::message;
use crate::model::evidence::Evidence;
use crate::model::mention::Mention;
use crate::profile::fold;

/// What a decided value's origin is called.
pub(super) const DECIDED: &str = "decided";

/// What the decisions of a document come to.
#[derive(Debug, Default)]
pub struct Applied {
    /// Which mentions are dropped, each by its number, and the line that says so.
    pub dropped: Vec<(usize, u64)>,
    /// Values that were set: the number of the mention, and the pointer.
    pub set: Vec<(usize, String)>,
    /// What is to be told of them.
    pub told: Vec<Diagnostic>,
}

/// Applies the decisions of a document. `find` says where a text stands in an entry, by its number.
pub fn apply(
    decisions: &[Decision],
    mentions: &mut [Mention],
    find: &dyn Fn(usize, &str) -> Option<Vec<Evidence>>,
) -> Applied {
    let mut applied = Applied::default();
    // What is added is among the records already; records are told apart as they were read, whatever is set first.
    let targets: Vec<(&Decision, Result<usize, Diagnostic>)> = (decisions.iter())
        .filter(|decision| decision.act != Act::Add)
        .map(|decision| (decision, target(decision, mentions, &mut applied.told)))
        .collect();
    for (decision, target) in targets {
        match target {
            Ok(number) if decision.act == Act::Drop => {
                applied.dropped.push((number, decision.line));
            }
            Ok(number) => {
                let Some(mention) = mentions.get_mut(number) else {
                    continue;
                };
                let pointer = pointer(&decision.field);
                let value = Some(decision.value.clone()).filter(|value| !value.is_empty());
                mention.set_text(&decision.field, value);
                mention.evidence.remove(&pointer);
                mention.confidence.remove(&pointer);
                mention.origin.remove(&pointer);
                if !decision.value.is_empty() {
                    // A person is as sure as one can be.
                    mention.confidence.insert(pointer.clone(), 1.0);
                    mention.origin.insert(pointer.clone(), DECIDED.to_owned());
                    if let Some(evidence) = find(number, &decision.value) {
                        mention.evidence.insert(pointer.clone(), evidence);
                    }
                }
                applied.set.push((number, pointer));
            }
            Err(stale) => applied.told.push(stale),
        }
    }
    applied
}

/// The pointer of a field's text.
pub fn pointer(field: &str) -> String {
    match field {
        "amount" | "award" => format!("/{field}/text"),
        field => format!("/{field}"),
    }
}

/// The mention that a decision is of: by its id, else by its name and what was found; what is stale is said.
fn target(
    decision: &Decision,
    mentions: &[Mention],
    told: &mut Vec<Diagnostic>,
) -> Result<usize, Diagnostic> {
    let line = decision.line;
    let value = |mention: &Mention| fold(mention.text(&decision.field).unwrap_or_default());
    let is_as_found = |mention: &Mention| {
        decision.act == Act::Drop || {
            let value = value(mention);
            value == fold(&decision.found) || value == fold(&decision.value)
        }
    };
    if let Some(number) = mentions
        .iter()
        .position(|mention| mention.id == decision.record)
    {
        let mention = mentions.get(number);
        return if mention.is_some_and(is_as_found) {
            Ok(number)
        } else {
            let now = mention.and_then(|mention| mention.text(&decision.field));
            Err(Diagnostic::warning(message!(
                "the decision of line {line} is stale: its field `{field}` is « {now} » now, and was « {found} »",
                line,
                field = decision.field.clone(),
                now = now.unwrap_or("–").to_owned(),
                found = if decision.found.is_empty() { "–".to_owned() } else { decision.found.clone() }
            ))
            .with_hint(message!("look at it again: correct its column `found`, or delete the line")))
        };
    }
    let name = fold(&decision.name);
    let is_named = |mention: &Mention| {
        let names = [mention.name.as_deref(), mention.project.as_deref()];
        !name.is_empty() && names.into_iter().flatten().any(|own| fold(own) == name)
    };
    let mut alike = (mentions.iter().enumerate())
        .filter(|(_, mention)| is_named(mention) && is_as_found(mention));
    match (alike.next(), alike.next()) {
        (Some((number, mention)), None) => {
            told.push(Diagnostic::note(message!(
                "the decision of line {line} is of « {name} », which is `{id}` now",
                line,
                name = decision.name.clone(),
                id = mention.id.clone()
            )));
            Ok(number)
        }
        _ => Err(Diagnostic::warning(message!(
            "the decision of line {line} is stale: no record here is `{record}`, nor the only one named « {name} »",
            line,
            record = decision.record.clone(),
            name = decision.name.clone()
        ))
        .with_hint(message!("look at it again: correct its column `record`, or delete the line"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentions() -> Vec<Mention> {
        ["Radio Rivage", "Le Fournil"]
            .into_iter()
            .zip(["m-1", "m-2"])
            .map(|(name, id)| Mention {
                id: id.to_owned(),
                name: Some(name.to_owned()),
                territory: Some("Brest".to_owned()),
                ..Mention::default()
            })
            .collect()
    }

    fn decision(record: &str, name: &str, found: &str) -> Decision {
        Decision {
            line: 2,
            act: Act::Set,
            document: "a.md".to_owned(),
            record: record.to_owned(),
            name: name.to_owned(),
            field: "territory".to_owned(),
            found: found.to_owned(),
            value: "Lorient".to_owned(),
            other: String::new(),
        }
    }

    /// Applies one decision: the territories afterwards, and how many things are told.
    #[track_caller]
    fn applied(decision: Decision) -> (Vec<Option<String>>, usize) {
        let mut mentions = mentions();
        let applied = apply(&[decision], &mut mentions, &|_, _| None);
        let territories = mentions.into_iter().map(|mention| mention.territory);
        (territories.collect(), applied.told.len())
    }

    #[test]
    fn a_value_is_set_where_it_is_as_it_was_found() {
        let is = |value: &str| Some(value.to_owned());
        assert_eq!(
            applied(decision("m-2", "", "BREST")),
            (vec![is("Brest"), is("Lorient")], 0)
        );
        assert_eq!(
            applied(decision("m-2", "", "Vannes")),
            (vec![is("Brest"), is("Brest")], 1)
        );
        assert_eq!(
            applied(decision("m-9", "le fournil", "Brest")),
            (vec![is("Brest"), is("Lorient")], 1)
        );
        assert_eq!(
            applied(decision("m-9", "Autre", "Brest")),
            (vec![is("Brest"), is("Brest")], 1)
        );
    }

    #[test]
    fn every_field_that_can_be_set_can_be_looked_at() {
        let mut mention = Mention::default();
        for field in super::super::FIELDS {
            mention.set_text(field, Some("x".to_owned()));
            assert_eq!(mention.text(field), Some("x"), "{field}");
            mention.set_text(field, None);
            assert_eq!(mention.text(field), None, "{field}");
        }
    }

    #[test]
    fn a_decided_value_is_certain_and_says_who_it_is_from() {
        let mut mentions = mentions();
        apply(&[decision("m-1", "", "Brest")], &mut mentions, &|_, _| None);
        let mention = mentions.first().expect("there are two");
        assert_eq!(mention.confidence.get("/territory"), Some(&1.0));
        assert_eq!(
            mention.origin.get("/territory").map(String::as_str),
            Some(DECIDED)
        );
    }
}
