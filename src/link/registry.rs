//! Ids that last: which laureate and organisation each mention belonged to in the runs before. Clusters in; the ids that they keep out.
//!
//! A cluster keeps the id that most of its mentions had; of two that had one, the larger part keeps it. What is merged into another leaves word where it went.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::derived_id;
use crate::model::record::Registered;

/// Which laureate and organisation each mention belongs to, now or when it was last met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    laureates: BTreeMap<String, String>,
    organisations: BTreeMap<String, String>,
    /// What each mention says: its name and project, as a hash.
    contents: BTreeMap<String, String>,
    /// What became of ids that are not used any more.
    retired: BTreeMap<String, String>,
}

/// A line that is none of a registry's.
#[derive(Debug)]
pub struct Malformed {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for Malformed {}

/// Mentions that are one, with the id that they would have by themselves.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// That id.
    pub own: String,
    /// The ids of the mentions, the smallest first.
    pub mentions: Vec<String>,
}

impl Registry {
    /// Reads a file of lines.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        let mut registry = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let record: Registered = serde_json::from_str(line).map_err(|error| Malformed {
                line: number,
                reason: error.to_string(),
            })?;
            if let Some(laureate) = record.laureate {
                registry.laureates.insert(record.id.clone(), laureate);
            }
            if let Some(organisation) = record.organisation {
                registry
                    .organisations
                    .insert(record.id.clone(), organisation);
            }
            if let Some(content) = record.content {
                registry.contents.insert(record.id.clone(), content);
            }
            if let Some(now) = record.now {
                registry.retired.insert(record.id, now);
            }
        }
        Ok(registry)
    }

    /// A record for each mention, then for each retired id, in their order.
    pub fn records(&self) -> impl Iterator<Item = Registered> {
        let mentions = (self.laureates.iter()).map(|(mention, laureate)| Registered {
            id: mention.clone(),
            laureate: Some(laureate.clone()),
            organisation: self.organisations.get(mention).cloned(),
            content: self.contents.get(mention).cloned(),
            now: None,
        });
        let retired = self.retired.iter().map(|(id, now)| Registered {
            id: id.clone(),
            now: Some(now.clone()),
            ..Registered::default()
        });
        mentions.chain(retired)
    }

    /// Takes the mentions that are met, each with the hash of what it says. One that is new and says what one said that is gone is that one, in a document that was
    /// renamed: it takes its place.
    pub fn meet(&mut self, mentions: &[(String, String)]) {
        let met: BTreeSet<&String> = mentions.iter().map(|(mention, _)| mention).collect();
        let mut gone: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (mention, content) in &self.contents {
            if !met.contains(mention) {
                gone.entry(content.clone())
                    .or_default()
                    .push(mention.clone());
            }
        }
        for (mention, content) in mentions {
            if !self.laureates.contains_key(mention)
                && let Some(before) = gone.get_mut(content).and_then(Vec::pop)
            {
                self.contents.remove(&before);
                for known in [&mut self.laureates, &mut self.organisations] {
                    if let Some(id) = known.remove(&before) {
                        known.insert(mention.clone(), id);
                    }
                }
            }
            self.contents.insert(mention.clone(), content.clone());
        }
    }

    /// The mentions that a laureate had last.
    pub fn mentions_of<'r>(&'r self, laureate: &'r str) -> impl Iterator<Item = &'r str> {
        (self.laureates.iter())
            .filter(move |(_, own)| *own == laureate)
            .map(|(mention, _)| mention.as_str())
    }

    /// Gives laureates their ids, and remembers them: for each id that they would have by themselves, the one that they have.
    pub fn keep_laureates(&mut self, clusters: &[Cluster]) -> BTreeMap<String, String> {
        keep('l', &mut self.laureates, &mut self.retired, clusters)
    }

    /// The same for organisations.
    pub fn keep_organisations(&mut self, clusters: &[Cluster]) -> BTreeMap<String, String> {
        keep('o', &mut self.organisations, &mut self.retired, clusters)
    }
}

fn keep(
    prefix: char,
    known: &mut BTreeMap<String, String>,
    retired: &mut BTreeMap<String, String>,
    clusters: &[Cluster],
) -> BTreeMap<String, String> {
    // How many mentions of each cluster had each id: the most first, then as clusters come.
    let mut claims: Vec<(usize, usize, &str)> = Vec::new();
    for (number, cluster) in clusters.iter().enumerate() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for id in cluster
            .mentions
            .iter()
            .filter_map(|mention| known.get(mention))
        {
            *counts.entry(id).or_default() += 1;
        }
        claims.extend(counts.into_iter().map(|(id, count)| (count, number, id)));
    }
    claims.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(b.2)));
    let mut ids: Vec<Option<String>> = vec![None; clusters.len()];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (_, number, id) in claims {
        if let Some(own @ None) = ids.get_mut(number)
            && !taken.contains(id)
        {
            *own = Some(id.to_owned());
            taken.insert(id.to_owned());
        }
    }
    // An id that a mention keeps which is not met today is not given away.
    let elsewhere: BTreeSet<String> = {
        let met: BTreeSet<&String> = clusters
            .iter()
            .flat_map(|cluster| &cluster.mentions)
            .collect();
        (known.iter())
            .filter(|(mention, _)| !met.contains(mention))
            .map(|(_, id)| id.clone())
            .collect()
    };
    for (cluster, id) in clusters.iter().zip(&mut ids) {
        if id.is_none() {
            let mut fresh = cluster.own.clone();
            while taken.contains(&fresh) || elsewhere.contains(&fresh) {
                fresh = derived_id(prefix, &fresh);
            }
            taken.insert(fresh.clone());
            *id = Some(fresh);
        }
    }
    let mut kept = BTreeMap::new();
    for (cluster, id) in clusters.iter().zip(ids) {
        let Some(id) = id else { continue };
        retired.remove(&id);
        for mention in &cluster.mentions {
            if let Some(before) = known.insert(mention.clone(), id.clone())
                && !taken.contains(&before)
                && !elsewhere.contains(&before)
            {
                retired.entry(before).or_insert_with(|| id.clone());
            }
        }
        kept.insert(cluster.own.clone(), id);
    }
    // Word of where an id went leads to where that is now.
    let next: BTreeMap<String, String> = retired.clone();
    for now in retired.values_mut() {
        // A chain is as long as there are retired ids at most.
        for _ in 0..next.len() {
            match next.get(now) {
                Some(then) => now.clone_from(then),
                None => break,
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(mentions: &[&str]) -> Cluster {
        Cluster {
            own: derived_id('l', mentions.first().expect("it has one")),
            mentions: mentions
                .iter()
                .map(|mention| (*mention).to_owned())
                .collect(),
        }
    }

    /// The ids that clusters get, one after the other.
    fn kept(registry: &mut Registry, clusters: &[&[&str]]) -> Vec<String> {
        let clusters: Vec<Cluster> = clusters.iter().map(|mentions| cluster(mentions)).collect();
        let ids = registry.keep_laureates(&clusters);
        registry.keep_organisations(&clusters);
        clusters
            .iter()
            .map(|cluster| ids[&cluster.own].clone())
            .collect()
    }

    #[test]
    fn ids_outlast_what_comes_and_goes() {
        let mut registry = Registry::default();
        let first = kept(&mut registry, &[&["m-2", "m-5"], &["m-3"]]);
        // A smaller mention joins, another document goes.
        assert_eq!(kept(&mut registry, &[&["m-1", "m-2", "m-5"]]), first[..1]);
        assert_eq!(
            kept(&mut registry, &[&["m-1"], &["m-3"]]),
            [first[0].clone(), first[1].clone()]
        );
        let lines = registry
            .records()
            .map(|record| serde_json::to_string(&record));
        let text: Vec<String> = lines.collect::<Result<_, _>>().expect("it is JSON");
        assert_eq!(
            Registry::read(&text.join("\n")).expect("it was written"),
            registry
        );
    }

    #[test]
    fn of_two_parts_the_larger_keeps_the_id_and_what_is_merged_leaves_word() {
        let mut registry = Registry::default();
        let whole = kept(&mut registry, &[&["m-1", "m-2", "m-3"]]);
        let parts = kept(&mut registry, &[&["m-1"], &["m-2", "m-3"]]);
        assert_eq!(parts[1], whole[0]);
        assert_ne!(parts[0], whole[0]);
        let again = kept(&mut registry, &[&["m-1", "m-2", "m-3"]]);
        assert_eq!(again, whole);
        assert_eq!(registry.retired.get(&parts[0]), Some(&whole[0]));
    }

    #[test]
    fn what_a_renamed_document_says_keeps_its_ids() {
        let mut registry = Registry::default();
        let meet = |mentions: &[&str]| -> Vec<(String, String)> {
            let said = |mention: &&str| (mention.to_string(), "c-1".to_owned());
            mentions.iter().map(said).collect()
        };
        registry.meet(&meet(&["m-1"]));
        let first = kept(&mut registry, &[&["m-1"]]);
        registry.meet(&meet(&["m-9"]));
        assert_eq!(kept(&mut registry, &[&["m-9"]]), first);
        // A second that says the same, while the first is there, is another.
        registry.meet(&meet(&["m-9", "m-8"]));
        let both = kept(&mut registry, &[&["m-9"], &["m-8"]]);
        assert_eq!(both[0], first[0]);
        assert_ne!(both[1], first[0]);
    }

    #[test]
    fn what_is_no_line_of_a_registry_is_named() {
        let error = Registry::read("{\"id\":\"l-1\",\"now\":\"l-2\"}\n{\"x\":1}\n");
        assert_eq!(error.expect_err("its second line is none").line, 2);
    }
}
