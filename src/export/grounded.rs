//! Where the values of a laureate were read: a laureate names the mention that gave each, and the mention has the evidence.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[cfg(feature = "parquet")]
use crate::model::evidence::Evidence;
use crate::model::laureate::Laureate;
use crate::model::mention::Mention;
use crate::validate::Packed;

/// Where a retained value was read: the mention that states it, and the pieces of text that say it.
pub(super) struct Grounded {
    /// The value's pointer in the laureate.
    pub(super) pointer: String,
    /// The mention's id.
    pub(super) mention: String,
    /// The value's pointer in the mention: a list of a laureate is made of those of several mentions.
    #[cfg(feature = "sqlite")]
    pub(super) mention_pointer: String,
    /// The pieces.
    #[cfg(feature = "parquet")]
    pub(super) evidence: Vec<Evidence>,
}

/// Mentions by their id.
pub(super) fn by_id(mentions: &[Packed<Mention>]) -> BTreeMap<String, &Packed<Mention>> {
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    let id = |mention: &Packed<Mention>| serde_json::from_str(mention.line()).map(|Id { id }| id);
    mentions
        .iter()
        .filter_map(|mention| Some((id(mention).ok()?, mention)))
        .collect()
}

/// Where the retained values of a laureate were read, by their pointers.
pub(super) fn grounded(
    laureate: &Laureate,
    mentions: &BTreeMap<String, &Packed<Mention>>,
) -> Vec<Grounded> {
    let value = serde_json::to_value(laureate).unwrap_or_default();
    let mut read: BTreeMap<&str, (Mention, Value)> = BTreeMap::new();
    let mut found = Vec::new();
    for (pointer, id) in origins(laureate, mentions, &value) {
        let Some((id, packed)) = mentions.get_key_value(&id) else {
            continue;
        };
        let (mention, stated) = read.entry(id).or_insert_with(|| {
            let mention = packed.unpack();
            let stated = serde_json::to_value(&mention).unwrap_or_default();
            (mention, stated)
        });
        let mention_pointer = pointer_in(&value, stated, &pointer);
        found.push(Grounded {
            #[cfg(feature = "parquet")]
            evidence: pieces(mention, stated, &mention_pointer),
            pointer,
            mention: mention.id.clone(),
            #[cfg(feature = "sqlite")]
            mention_pointer,
        });
    }
    found
}

/// The values of a laureate by their pointers, each with the mention that gave it. A laureate of one mention does not name it for each value.
fn origins(
    laureate: &Laureate,
    mentions: &BTreeMap<String, &Packed<Mention>>,
    value: &Value,
) -> BTreeMap<String, String> {
    let mut origins = laureate.provenance.clone();
    if let ([source], true) = (laureate.sources.as_slice(), origins.is_empty())
        && let Some(mention) = mentions.get(&source.mention)
    {
        let mention = mention.unpack();
        let pointers = (mention.evidence.into_keys())
            .chain(laureate.confidence.keys().cloned())
            .chain(inferred(value));
        let stated = pointers.filter(|pointer| value.pointer(pointer).is_some());
        origins.extend(stated.map(|pointer| (pointer, mention.id.clone())));
    }
    origins
}

/// The pointers of what prose suggests.
fn inferred(laureate: &Value) -> impl Iterator<Item = String> {
    let lists = (laureate.get("inferred").and_then(Value::as_object))
        .into_iter()
        .flatten();
    lists.flat_map(|(field, values)| {
        let n_values = values.as_array().map_or(0, Vec::len);
        (0..n_values).map(move |number| format!("/inferred/{field}/{number}"))
    })
}

/// The pieces that say a value: what prose suggests holds its own.
#[cfg(feature = "parquet")]
fn pieces(mention: &Mention, stated: &Value, pointer: &str) -> Vec<Evidence> {
    let own = || {
        let own = stated.pointer(pointer)?.get("evidence")?;
        serde_json::from_value(own.clone()).ok()
    };
    let listed = mention.evidence.get(pointer).cloned();
    listed.or_else(own).unwrap_or_default()
}

/// Where a mention has the value that a laureate has at this pointer: an item of a list stands where the mention's list has it.
fn pointer_in(laureate: &Value, mention: &Value, pointer: &str) -> String {
    let item = || {
        let (list, number) = pointer.rsplit_once('/')?;
        number.parse::<usize>().ok()?;
        let value = laureate.pointer(pointer)?;
        let position = (mention.pointer(list)?.as_array()?.iter()).position(|other| other == value);
        Some(format!("{list}/{}", position?))
    };
    item().unwrap_or_else(|| pointer.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_is_found_where_the_mention_lists_it() {
        let laureate = json!({"name": "a", "places": [{"text": "Brest"}, {"text": "Vannes"}]});
        let mention = json!({"name": "b", "places": [{"text": "Vannes"}]});
        assert_eq!(pointer_in(&laureate, &mention, "/places/1"), "/places/0");
        assert_eq!(pointer_in(&laureate, &mention, "/name"), "/name");
    }
}
