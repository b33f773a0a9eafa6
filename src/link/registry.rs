//! Ids that last: which laureate and organisation each mention belonged to in the runs before. Clusters in; the ids that they keep out.
//!
//! A cluster keeps the id that most of its mentions had; of two that had one, the larger part keeps it. What is merged into another leaves word where it went.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::derived_id;
use crate::model::record::Registered;

/// The number that an id has behind its letter: a hundred thousand of them take little room.
type Number = u64;

/// What is known of a mention: numbers of its laureate, its organisation, and of what it says (its name and project, as a hash).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Known {
    laureate: Option<Number>,
    organisation: Option<Number>,
    content: Option<Number>,
}

/// Which laureate and organisation each mention belongs to, now or when it was last met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    mentions: BTreeMap<Number, Known>,
    /// What became of ids that are not used any more, of laureates and of organisations.
    retired: [BTreeMap<Number, Number>; 2],
}

/// What laureates are to a registry, and organisations.
#[derive(Clone, Copy)]
enum Level {
    Laureate,
    Organisation,
}

impl Level {
    fn letter(self) -> char {
        match self {
            Self::Laureate => 'l',
            Self::Organisation => 'o',
        }
    }

    fn of(self, known: &Known) -> Option<Number> {
        match self {
            Self::Laureate => known.laureate,
            Self::Organisation => known.organisation,
        }
    }
}

/// The number of an id; nothing for an id of another kind.
fn number(id: &str) -> Option<Number> {
    let (_, digits) = id.split_once('-')?;
    Number::from_str_radix(digits, 16).ok()
}

fn id(letter: char, number: Number) -> String {
    format!("{letter}-{number:016x}")
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
    own: Number,
    /// The numbers of the mentions, the smallest first.
    mentions: Vec<Number>,
}

impl Cluster {
    /// Mentions with these ids; `own` is the id that they would have.
    pub fn new<'a>(own: &str, mentions: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> Self {
        Self {
            own: number(own).unwrap_or_default(),
            mentions: mentions.filter_map(|mention| number(&mention)).collect(),
        }
    }
}

impl Registry {
    /// Reads a file of lines.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        let mut registry = Self::default();
        for (line, text) in (1..).zip(text.lines()) {
            if text.trim().is_empty() {
                continue;
            }
            let malformed = |reason: String| Malformed { line, reason };
            let record: Registered =
                serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
            let of = |id: &Option<String>| id.as_deref().and_then(number);
            let own = number(&record.id).ok_or_else(|| malformed(record.id.clone()))?;
            match (record.id.chars().next(), of(&record.now)) {
                (Some('l'), Some(now)) => registry.retired[0].insert(own, now),
                (Some('o'), Some(now)) => registry.retired[1].insert(own, now),
                _ => {
                    let known = Known {
                        laureate: of(&record.laureate),
                        organisation: of(&record.organisation),
                        content: of(&record.content),
                    };
                    registry.mentions.insert(own, known);
                    None
                }
            };
        }
        Ok(registry)
    }

    /// A record for each mention, then for each retired id, in their order.
    pub fn records(&self) -> impl Iterator<Item = Registered> {
        let mentions = self.mentions.iter().map(|(mention, known)| Registered {
            id: id('m', *mention),
            laureate: known.laureate.map(|number| id('l', number)),
            organisation: known.organisation.map(|number| id('o', number)),
            content: known.content.map(|number| id('c', number)),
            now: None,
        });
        let retired = ['l', 'o'].into_iter().zip(&self.retired);
        mentions.chain(retired.flat_map(|(letter, retired)| {
            retired.iter().map(move |(before, now)| Registered {
                id: id(letter, *before),
                now: Some(id(letter, *now)),
                ..Registered::default()
            })
        }))
    }

    /// Takes the mentions that are met, each with the hash of what it says. One that is new and says what one said that is gone is that one, in a document that was
    /// renamed: it takes its place.
    pub fn meet(&mut self, mentions: impl Iterator<Item = (String, String)>) {
        let met: BTreeMap<Number, Option<Number>> = mentions
            .filter_map(|(mention, content)| Some((number(&mention)?, number(&content))))
            .collect();
        let mut gone: BTreeMap<Number, Vec<Number>> = BTreeMap::new();
        for (mention, known) in &self.mentions {
            if let Some(content) = known.content
                && !met.contains_key(mention)
            {
                gone.entry(content).or_default().push(*mention);
            }
        }
        for (mention, content) in met {
            let before = content.and_then(|content| gone.get_mut(&content));
            if !self.mentions.contains_key(&mention)
                && let Some(before) = before.and_then(Vec::pop)
                && let Some(known) = self.mentions.remove(&before)
            {
                self.mentions.insert(mention, known);
            }
            self.mentions.entry(mention).or_default().content = content;
        }
    }

    /// The mentions that a laureate had last.
    pub fn mentions_of(&self, laureate: &str) -> impl Iterator<Item = String> {
        let laureate = laureate
            .starts_with("l-")
            .then(|| number(laureate))
            .flatten();
        (self.mentions.iter())
            .filter(move |(_, known)| laureate.is_some() && known.laureate == laureate)
            .map(|(mention, _)| id('m', *mention))
    }

    /// Gives laureates their ids, and remembers them: for each id that they would have by themselves, the one that they have, where that is another.
    pub fn keep_laureates(&mut self, clusters: &[Cluster]) -> BTreeMap<String, String> {
        self.keep(Level::Laureate, clusters)
    }

    /// The same for organisations.
    pub fn keep_organisations(&mut self, clusters: &[Cluster]) -> BTreeMap<String, String> {
        self.keep(Level::Organisation, clusters)
    }

    fn keep(&mut self, level: Level, clusters: &[Cluster]) -> BTreeMap<String, String> {
        let letter = level.letter();
        let known = |mention: &Number| self.mentions.get(mention).and_then(|known| level.of(known));
        // How many mentions of each cluster had each id: the most first, then as clusters come.
        let mut claims: Vec<(usize, usize, Number)> = Vec::new();
        for (place, cluster) in clusters.iter().enumerate() {
            let mut counts: BTreeMap<Number, usize> = BTreeMap::new();
            for number in cluster.mentions.iter().filter_map(known) {
                *counts.entry(number).or_default() += 1;
            }
            claims.extend(
                counts
                    .into_iter()
                    .map(|(number, count)| (count, place, number)),
            );
        }
        claims.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut ids: Vec<Option<Number>> = vec![None; clusters.len()];
        let mut taken: BTreeSet<Number> = BTreeSet::new();
        for (_, place, number) in claims {
            if let Some(own @ None) = ids.get_mut(place)
                && taken.insert(number)
            {
                *own = Some(number);
            }
        }
        // An id that a mention keeps which is not met today is not given away.
        let met: BTreeSet<Number> = (clusters.iter())
            .flat_map(|cluster| cluster.mentions.iter().copied())
            .collect();
        let elsewhere: BTreeSet<Number> = (self.mentions.iter())
            .filter(|(mention, _)| !met.contains(mention))
            .filter_map(|(_, known)| level.of(known))
            .collect();
        let mut kept = BTreeMap::new();
        let mut retired = Vec::new();
        for (cluster, own) in clusters.iter().zip(&mut ids) {
            let number = *own.get_or_insert_with(|| {
                let mut fresh = cluster.own;
                while elsewhere.contains(&fresh) || !taken.insert(fresh) {
                    fresh = number(&derived_id(letter, &id(letter, fresh))).unwrap_or_default();
                }
                fresh
            });
            if number != cluster.own {
                kept.insert(id(letter, cluster.own), id(letter, number));
            }
        }
        for (cluster, own) in clusters.iter().zip(ids) {
            let Some(own) = own else { continue };
            for mention in &cluster.mentions {
                let known = self.mentions.entry(*mention).or_default();
                let slot = match level {
                    Level::Laureate => &mut known.laureate,
                    Level::Organisation => &mut known.organisation,
                };
                if let Some(before) = slot.replace(own)
                    && !taken.contains(&before)
                    && !elsewhere.contains(&before)
                {
                    retired.push((before, own));
                }
            }
        }
        let word = match level {
            Level::Laureate => &mut self.retired[0],
            Level::Organisation => &mut self.retired[1],
        };
        word.retain(|before, _| !taken.contains(before));
        for (before, now) in retired {
            word.entry(before).or_insert(now);
        }
        // Word of where an id went leads to where that is now; a chain is as long as there are retired ids at most.
        let next = word.clone();
        for now in word.values_mut() {
            for _ in 0..next.len() {
                match next.get(now) {
                    Some(then) => *now = *then,
                    None => break,
                }
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(mentions: &[&str]) -> Cluster {
        let own = derived_id('l', mentions.first().expect("it has one"));
        Cluster::new(&own, mentions.iter().map(|mention| (*mention).into()))
    }

    /// The ids that clusters get, one after the other.
    fn kept(registry: &mut Registry, clusters: &[&[&str]]) -> Vec<String> {
        let clusters: Vec<Cluster> = clusters.iter().map(|mentions| cluster(mentions)).collect();
        let ids = registry.keep_laureates(&clusters);
        registry.keep_organisations(&clusters);
        let of = |cluster: &Cluster| {
            let own = id('l', cluster.own);
            ids.get(&own).cloned().unwrap_or(own)
        };
        clusters.iter().map(of).collect()
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
        assert_eq!(
            registry.retired[0].get(&number(&parts[0]).expect("it is an id")),
            number(&whole[0]).as_ref()
        );
    }

    #[test]
    fn what_a_renamed_document_says_keeps_its_ids() {
        let mut registry = Registry::default();
        let meet = |mentions: &[&'static str]| {
            let said = |mention: &&str| ((*mention).to_owned(), "c-1".to_owned());
            mentions.iter().map(said).collect::<Vec<_>>().into_iter()
        };
        registry.meet(meet(&["m-1"]));
        let first = kept(&mut registry, &[&["m-1"]]);
        registry.meet(meet(&["m-9"]));
        assert_eq!(kept(&mut registry, &[&["m-9"]]), first);
        // A second that says the same, while the first is there, is another.
        registry.meet(meet(&["m-9", "m-8"]));
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
