//! The mentions of one laureate in, its golden record out: the rules of survivorship (docs/linking.md), field by field. Every value that differs from
//! the one retained is kept, with the mentions that state it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde::Serialize;
use serde_json::Value;

use super::derived_id;
use super::fold::Words;
use crate::model::laureate::{Laureate, Organisation, SourceRef, Variant};
use crate::model::mention::{Age, Audience, Identifier, Inferred, Length, Mention, Period, Place};

/// Makes one record of the mentions of one laureate. `mentions` is not empty, and the result depends on its order nowhere.
pub(super) fn merge(mentions: Vec<Cow<'_, Mention>>) -> Laureate {
    let mentions = match <[_; 1]>::try_from(mentions) {
        Ok([mention]) => return of_one(mention.into_owned()),
        Err(mentions) => mentions,
    };
    let mut mentions: Vec<&Mention> = mentions.iter().map(AsRef::as_ref).collect();
    mentions.sort_by_cached_key(|mention| source_of(mention));
    let mut merger = Merger {
        laureate: Laureate::default(),
        words: Words::default(),
    };
    merger.laureate.sources = mentions.iter().map(|mention| source_of(mention)).collect();
    merger.merge_texts(&mentions);
    merger.merge_lists(&mentions);
    merger.merge_objects(&mentions);
    merger.merge_inferred(&mentions);
    merger.laureate.conflicts = u32::try_from(
        merger
            .laureate
            .variants
            .values()
            .filter(|variants| variants.iter().any(|variant| variant.conflict))
            .count(),
    )
    .unwrap_or(u32::MAX);
    merger.laureate
}

/// The record of a single mention: no value differs, and the source says where each comes from.
fn of_one(mut mention: Mention) -> Laureate {
    let sources = vec![source_of(&mention)];
    // The printed number is the source's, not the laureate's.
    mention.confidence.remove("/ordinal");
    mention.origin.remove("/ordinal");
    Laureate {
        id: String::new(),
        organisation: Organisation::default(),
        call: mention.call,
        group: mention.group,
        region: mention.region,
        name: mention.name,
        project: mention.project,
        territory: mention.territory,
        public: mention.public,
        partners_text: mention.partners_text,
        partners: mention.partners,
        results: mention.results,
        description: mention.description,
        added_value: mention.added_value,
        needs: mention.needs,
        aid_type: mention.aid_type,
        quotes: mention.quotes,
        links: mention.links,
        contacts: mention.contacts,
        edition: mention.edition,
        keywords: mention.keywords,
        public_types: mention.public_types,
        funding: mention.funding,
        amount: mention.amount,
        duration: mention.duration,
        dates: mention.dates,
        objectives: mention.objectives,
        theme: mention.theme,
        award: mention.award,
        other: mention.other,
        places: mention.places,
        audiences: mention.audiences,
        identifiers: mention.identifiers,
        periods: mention.periods,
        durations: mention.durations,
        ages: mention.ages,
        inferred: mention.inferred,
        sources,
        provenance: BTreeMap::new(),
        variants: BTreeMap::new(),
        conflicts: 0,
        confidence: mention.confidence,
        origin: mention.origin,
    }
}

/// An organisation by the name that most of its mentions bear, the others as aliases. `first` is its smallest mention.
pub(super) fn organisation(names: &[Cow<'_, str>], first: &str) -> Organisation {
    let id = derived_id('o', first);
    if let [] | [_] = names {
        return Organisation {
            id,
            name: names.first().map(|name| name.clone().into_owned()),
            aliases: Vec::new(),
        };
    }
    let mut words = Words::default();
    let mut counts: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for name in names {
        let entry = counts.entry(words.folded(name)).or_insert((0, name));
        entry.0 += 1;
        let better = |spelling: &str| (spelling.is_mixed_case(), spelling.accents());
        if (better(name), entry.1) > (better(entry.1), name) {
            entry.1 = name;
        }
    }
    let name = counts
        .iter()
        .max_by_key(|(folded, (count, _))| (*count, folded.len(), std::cmp::Reverse(*folded)))
        .map(|(_, (_, name))| *name);
    let mut aliases: Vec<String> = names
        .iter()
        .filter(|spelling| Some(spelling.as_ref()) != name)
        .map(|spelling| spelling.clone().into_owned())
        .collect();
    aliases.sort_unstable();
    aliases.dedup();
    Organisation {
        id,
        name: name.map(str::to_owned),
        aliases,
    }
}

fn source_of(mention: &Mention) -> SourceRef {
    let page = ["/name", "/project"]
        .iter()
        .find_map(|pointer| mention.evidence.get(*pointer)?.first()?.page);
    SourceRef {
        document: mention.document.path.clone(),
        position: mention.position,
        mention: mention.id.clone(),
        ordinal: mention.ordinal,
        page,
    }
}

/// Which of two agreeing principles comes first for a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Survivor {
    /// What most mentions say: names, titles, places.
    Majority,
    /// What says most: texts that conversions truncate.
    Fullest,
}

struct Merger {
    laureate: Laureate,
    words: Words,
}

/// A value, who states it, and what speaks for it.
struct Candidate<'a, T: ?Sized> {
    value: &'a T,
    mention: &'a Mention,
    /// The value as compared: without case, accents, punctuation.
    folded: String,
    stated: bool,
}

/// Applies a method to the fields of one type, by their names.
macro_rules! each_field {
    ($merger:ident, $mentions:ident, $method:ident $(.$view:ident())?: $($field:ident $survivor:ident),+ $(,)?) => {
        each_field!(@ $merger, $mentions, $method, ($($view)?), $($field $survivor),+);
    };
    (@ $merger:ident, $mentions:ident, $method:ident, $view:tt, $($field:ident $survivor:ident),+) => {
        $(
            let chosen = $merger.$method(
                concat!("/", stringify!($field)),
                Survivor::$survivor,
                $mentions,
                |mention| each_field!(# $view mention.$field),
            );
            $merger.laureate.$field = chosen;
        )+
    };
    (# () $mention:ident.$field:ident) => { &$mention.$field };
    (# ($view:ident) $mention:ident.$field:ident) => { $mention.$field.$view() };
}

impl Merger {
    fn merge_texts(&mut self, mentions: &[&Mention]) {
        each_field!(self, mentions, text.as_deref():
            call Majority, group Majority, region Majority, name Majority, project Majority, territory Majority, public Majority,
            partners_text Fullest, results Fullest, description Fullest, needs Fullest, aid_type Majority, duration Majority,
            dates Majority, objectives Fullest, theme Majority,
        );
    }

    fn merge_lists(&mut self, mentions: &[&Mention]) {
        each_field!(self, mentions, list:
            partners Fullest, added_value Fullest, quotes Fullest,
        );
        each_field!(self, mentions, union:
            links Majority, contacts Majority, keywords Majority, public_types Majority, funding Majority,
            places Majority, audiences Majority, identifiers Majority, periods Majority, durations Majority,
            ages Majority,
        );
    }

    fn merge_objects(&mut self, mentions: &[&Mention]) {
        each_field!(self, mentions, object: edition Fullest, amount Majority, award Majority);
        let mut by_label: BTreeMap<&str, Vec<&Mention>> = BTreeMap::new();
        for mention in mentions {
            for label in mention.other.keys() {
                by_label.entry(label).or_default().push(mention);
            }
        }
        for (label, mentions) in by_label {
            let pointer = format!("/other/{}", label.replace('~', "~0").replace('/', "~1"));
            let chosen = self.text(&pointer, Survivor::Fullest, &mentions, |mention| {
                mention.other.get(label).map(String::as_str)
            });
            let chosen = chosen.map(|text| (label.to_owned(), text));
            self.laureate.other.extend(chosen);
        }
    }

    /// What prose suggests is kept from all: the same words of the same sentence once.
    fn merge_inferred(&mut self, mentions: &[&Mention]) {
        let mut inferred = Inferred::default();
        let mut origins: Vec<(String, String)> = Vec::new();
        macro_rules! union {
            ($($list:ident by $($key:ident),+);+) => {
                $(let mut known: BTreeSet<String> = BTreeSet::new();
                for mention in mentions {
                    for value in &mention.inferred.$list {
                        if known.insert(format!("{:?}", ($(&value.$key,)+))) {
                            let pointer = format!("/inferred/{}/{}", stringify!($list), inferred.$list.len());
                            origins.push((pointer, mention.id.clone()));
                            inferred.$list.push(value.clone());
                        }
                    }
                })+
            };
        }
        union!(public by value; partners by value; results by value; figures by value, text, what);
        self.laureate.provenance.extend(origins);
        self.laureate.inferred = inferred;
    }

    fn text<'a>(
        &mut self,
        pointer: &str,
        survivor: Survivor,
        mentions: &[&'a Mention],
        value: impl Fn(&'a Mention) -> Option<&'a str>,
    ) -> Option<String> {
        let mut candidates: Vec<Candidate<'a, str>> = Vec::new();
        for mention in mentions {
            if let Some(text) = value(mention) {
                candidates.push(Candidate {
                    value: text,
                    mention,
                    folded: self.words.folded(text),
                    stated: is_stated(mention, pointer),
                });
            }
        }
        let chosen = choose(&candidates, survivor)?;
        self.keep(pointer, &candidates, chosen, |text| Value::from(text));
        candidates.get(chosen).map(|chosen| chosen.value.to_owned())
    }

    fn list<'a, T: Serialize + Clone + PartialEq + 'a>(
        &mut self,
        pointer: &str,
        survivor: Survivor,
        mentions: &[&'a Mention],
        value: impl Fn(&'a Mention) -> &'a Vec<T>,
    ) -> Vec<T> {
        let mut candidates: Vec<Candidate<'a, Vec<T>>> = Vec::new();
        for mention in mentions {
            let values = value(mention);
            if !values.is_empty() {
                candidates.push(Candidate {
                    value: values,
                    mention,
                    folded: self
                        .words
                        .folded(&serde_json::to_string(values).unwrap_or_default()),
                    stated: is_stated(mention, pointer),
                });
            }
        }
        let Some(chosen) = choose(&candidates, survivor) else {
            return Vec::new();
        };
        self.keep(pointer, &candidates, chosen, as_json);
        candidates
            .get(chosen)
            .map(|chosen| chosen.value.clone())
            .unwrap_or_default()
    }

    /// Values of all mentions, each once: addresses, index words, places and audiences add up.
    fn union<'a, T: Identified + Clone + 'a>(
        &mut self,
        pointer: &str,
        _: Survivor,
        mentions: &[&'a Mention],
        value: impl Fn(&'a Mention) -> &'a Vec<T>,
    ) -> Vec<T> {
        let mut all: Vec<T> = Vec::new();
        let mut known: BTreeSet<String> = BTreeSet::new();
        for mention in mentions {
            for (at, text) in value(mention).iter().enumerate() {
                if !known.insert(text.identity(&mut self.words)) {
                    continue;
                }
                let own = format!("{pointer}/{}", all.len());
                let theirs = format!("{pointer}/{at}");
                if let Some(origin) = mention.origin.get(&theirs) {
                    self.laureate.origin.insert(own.clone(), origin.clone());
                }
                if let Some(confidence) = mention.confidence.get(&theirs) {
                    self.laureate.confidence.insert(own.clone(), *confidence);
                }
                self.laureate.provenance.insert(own, mention.id.clone());
                all.push(text.clone());
            }
        }
        all
    }

    fn object<'a, T: Serialize + Clone + PartialEq + Written + 'a>(
        &mut self,
        pointer: &str,
        survivor: Survivor,
        mentions: &[&'a Mention],
        value: impl Fn(&'a Mention) -> &'a Option<T>,
    ) -> Option<T> {
        let mut candidates: Vec<Candidate<'a, T>> = Vec::new();
        for mention in mentions {
            if let Some(object) = value(mention) {
                candidates.push(Candidate {
                    value: object,
                    mention,
                    folded: self
                        .words
                        .folded(&serde_json::to_string(object).unwrap_or_default()),
                    stated: is_stated(mention, pointer),
                });
            }
        }
        let chosen = choose(&candidates, survivor)?;
        self.keep(pointer, &candidates, chosen, as_json);
        candidates.get(chosen).map(|chosen| chosen.value.clone())
    }

    /// Notes where the retained value comes from, and every value that differs from it.
    fn keep<T: ?Sized + PartialEq>(
        &mut self,
        pointer: &str,
        candidates: &[Candidate<'_, T>],
        chosen: usize,
        json: impl Fn(&T) -> Value,
    ) {
        let Some(kept) = candidates.get(chosen) else {
            return;
        };
        let origin = within(&kept.mention.origin, pointer);
        self.laureate
            .origin
            .extend(origin.map(|(pointer, origin)| (pointer.clone(), origin.clone())));
        let confidence = within(&kept.mention.confidence, pointer);
        self.laureate
            .confidence
            .extend(confidence.map(|(pointer, confidence)| (pointer.clone(), *confidence)));
        self.laureate
            .provenance
            .insert(pointer.to_owned(), kept.mention.id.clone());
        let mut variants: Vec<(&T, Variant)> = Vec::new();
        // Only values that fold alike can be the same: the spellings of one value are few, the values may be many.
        let mut by_folded: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for candidate in candidates {
            if candidate.value == kept.value {
                continue;
            }
            let id = candidate.mention.id.clone();
            let alike = by_folded.entry(&candidate.folded).or_default();
            let same = alike.iter().copied().find(|at| {
                let value = variants.get(*at).map(|(value, _)| *value);
                value == Some(candidate.value)
            });
            if let Some((_, variant)) = same.and_then(|at| variants.get_mut(at)) {
                variant.mentions.push(id);
                continue;
            }
            alike.push(variants.len());
            variants.push((
                candidate.value,
                Variant {
                    value: json(candidate.value),
                    mentions: vec![id],
                    conflict: !is_part(&candidate.folded, &kept.folded),
                },
            ));
        }
        if !variants.is_empty() {
            let variants = variants.into_iter().map(|(_, variant)| variant).collect();
            self.laureate.variants.insert(pointer.to_owned(), variants);
        }
    }
}

/// What is said of a value or of a part of it.
fn within<'a, T>(
    of: &'a BTreeMap<String, T>,
    pointer: &'a str,
) -> impl Iterator<Item = (&'a String, &'a T)> {
    of.range::<str, _>((Bound::Included(pointer), Bound::Unbounded))
        .take_while(move |(key, _)| key.starts_with(pointer))
        .filter(move |(key, _)| {
            key.get(pointer.len()..)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

fn as_json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A value that the document states, not one that prose suggests or a profile supplies.
fn is_stated(mention: &Mention, pointer: &str) -> bool {
    !mention.origin.contains_key(pointer)
}

/// Is one text the other, or a part of it?
fn is_part(a: &str, b: &str) -> bool {
    a.contains(b) || b.contains(a)
}

/// The best of the values: stated before inferred; then what most say or what says most; then what is no part of another, of the newest edition, in mixed case
/// before capitals, with the more accents, the longer, the first in document order.
fn choose<T: ?Sized + Written>(
    candidates: &[Candidate<'_, T>],
    survivor: Survivor,
) -> Option<usize> {
    /// Values, the longest first, that a value may be a part of.
    const LONGEST: usize = 24;
    if candidates.len() < 2 {
        return (!candidates.is_empty()).then_some(0);
    }
    let votes: BTreeMap<&str, usize> =
        candidates
            .iter()
            .fold(BTreeMap::new(), |mut votes, candidate| {
                *votes.entry(candidate.folded.as_str()).or_default() += 1;
                votes
            });
    let mut longest: Vec<&str> = votes.keys().copied().collect();
    longest.sort_by_key(|folded| std::cmp::Reverse(folded.len()));
    longest.truncate(LONGEST);
    let best = candidates.iter().enumerate().max_by_key(|(at, candidate)| {
        let folded = candidate.folded.as_str();
        let vote = votes.get(folded).copied().unwrap_or(0);
        let (first, second) = match survivor {
            Survivor::Majority => (vote, 0),
            Survivor::Fullest => (folded.len(), vote),
        };
        let is_part_of_another = longest
            .iter()
            .any(|other| other.len() > folded.len() && other.contains(folded));
        (
            candidate.stated,
            first,
            second,
            !is_part_of_another,
            year(candidate.mention),
            candidate.value.is_mixed_case(),
            candidate.value.accents(),
            folded.len(),
            std::cmp::Reverse(*at),
        )
    });
    best.map(|(at, _)| at)
}

/// The year of the edition that a mention stands in.
fn year(mention: &Mention) -> Option<i32> {
    mention.edition.as_ref().and_then(|edition| edition.year)
}

/// What makes two values of a list one.
trait Identified {
    fn identity(&self, words: &mut Words) -> String;
}

impl Identified for String {
    fn identity(&self, words: &mut Words) -> String {
        words.folded(self)
    }
}

/// A place with a code is that unit; another is its name.
impl Identified for Place {
    fn identity(&self, words: &mut Words) -> String {
        match &self.code {
            Some(code) => format!("{} {code}", self.kind),
            None => words.folded(&self.text),
        }
    }
}

impl Identified for Audience {
    fn identity(&self, _: &mut Words) -> String {
        self.code.clone()
    }
}

impl Identified for Identifier {
    fn identity(&self, _: &mut Words) -> String {
        format!("{} {}", self.scheme, self.value)
    }
}

/// Dates that take the same days are one, however they are written.
impl Identified for Period {
    fn identity(&self, _: &mut Words) -> String {
        format!("{:?} {:?}", self.start, self.end)
    }
}

impl Identified for Length {
    fn identity(&self, _: &mut Words) -> String {
        format!("{:?} {:?} {}", self.from, self.to, self.unit)
    }
}

impl Identified for Age {
    fn identity(&self, _: &mut Words) -> String {
        format!("{:?} {:?}", self.from, self.to)
    }
}

/// How a value is written, where two spellings say the same.
trait Written {
    fn is_mixed_case(&self) -> bool {
        true
    }
    fn accents(&self) -> usize {
        0
    }
}

impl Written for str {
    fn is_mixed_case(&self) -> bool {
        self.chars().any(char::is_lowercase)
    }

    fn accents(&self) -> usize {
        self.chars()
            .filter(|character| character.is_alphabetic() && !character.is_ascii())
            .count()
    }
}

impl<T> Written for Vec<T> {}
impl Written for crate::model::mention::Edition {}
impl Written for crate::model::mention::Amount {}
impl Written for crate::model::mention::Award {}
