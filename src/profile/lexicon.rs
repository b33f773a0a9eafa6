//! The label lexicon (`data/labels.toml`) and the vocabulary of organisations, projects and calls (`data/vocabulary.toml`).

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::fold::{fold, fold_words, stem, stem_word};

/// A field of the record contract that a label can feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the record contract")]
pub enum Field {
    Name,
    Project,
    Territory,
    Region,
    Public,
    Partners,
    Funding,
    Results,
    Description,
    Objectives,
    AddedValue,
    Needs,
    AidType,
    Amount,
    Duration,
    Dates,
    Theme,
    Keywords,
    Award,
    Contacts,
    Links,
    Call,
    Edition,
    /// What the document says of itself or of its call.
    Document,
    /// A label that nobody knows.
    Other,
}

impl Field {
    /// The name that records and profiles use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Project => "project",
            Self::Territory => "territory",
            Self::Region => "region",
            Self::Public => "public",
            Self::Partners => "partners",
            Self::Funding => "funding",
            Self::Results => "results",
            Self::Description => "description",
            Self::Objectives => "objectives",
            Self::AddedValue => "added_value",
            Self::Needs => "needs",
            Self::AidType => "aid_type",
            Self::Amount => "amount",
            Self::Duration => "duration",
            Self::Dates => "dates",
            Self::Theme => "theme",
            Self::Keywords => "keywords",
            Self::Award => "award",
            Self::Contacts => "contacts",
            Self::Links => "links",
            Self::Call => "call",
            Self::Edition => "edition",
            Self::Document => "document",
            Self::Other => "other",
        }
    }

    /// Whether values of this field are one short phrase, so that a paragraph after them is something else.
    pub fn is_short(self) -> bool {
        !matches!(
            self,
            Self::Partners
                | Self::Results
                | Self::Description
                | Self::Objectives
                | Self::AddedValue
                | Self::Other
        )
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelFile {
    label: Vec<LabelEntry>,
    #[serde(default)]
    complements: Complements,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Complements {
    of: Vec<String>,
    apart: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelEntry {
    field: Field,
    variants: Vec<String>,
    number: Option<Number>,
    #[serde(default)]
    rest: bool,
    #[serde(default)]
    ends: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Number {
    Singular,
    Plural,
}

/// Words that a profile lets begin a line, and the signs between them: more is a sentence.
const LONGEST_LEAD: usize = 24;

/// Which label feeds which field.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    exact: FxHashMap<String, Field>,
    stems: FxHashMap<String, Field>,
    rest: Vec<(String, Field)>,
    ends: Vec<(String, Field)>,
    complements: Vec<String>,
    apart: Vec<String>,
    variants: Vec<(String, Field)>,
    /// What a profile set: labels that need no repetition to be sure.
    certain: BTreeSet<String>,
    /// Words that begin a line and need no colon, from profiles.
    leads: Vec<(String, Field)>,
}

/// The lexicon that is built in.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::parse(include_str!("../../data/labels.toml"))
        .expect("the built-in lexicon is checked by a test")
});

impl Lexicon {
    /// Reads a lexicon in the format of `data/labels.toml`.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let file: LabelFile = toml::from_str(toml)?;
        let mut lexicon = Self {
            complements: file
                .complements
                .of
                .iter()
                .map(|complement| fold(complement))
                .collect(),
            apart: file
                .complements
                .apart
                .iter()
                .map(|word| fold(word))
                .collect(),
            ..Self::default()
        };
        for entry in file.label {
            for variant in &entry.variants {
                lexicon.insert(variant, entry.field, entry.number);
                if entry.ends {
                    lexicon.ends.push((fold(variant), entry.field));
                }
                if entry.rest {
                    lexicon.rest.push((stem(&fold(variant)), entry.field));
                }
            }
        }
        Ok(lexicon)
    }

    fn insert(&mut self, variant: &str, field: Field, number: Option<Number>) {
        let folded = fold(variant);
        if number.is_none() {
            self.stems.insert(stem(&folded), field);
        }
        self.exact.insert(folded, field);
        self.variants.push((variant.to_owned(), field));
    }

    /// Lets a label feed a field, whatever it fed before: what a profile does. With `*` at the end, the words feed it wherever a line begins with
    /// them, without a colon.
    pub fn set(&mut self, label: &str, field: Field) {
        if let Some(words) = label.strip_suffix('*') {
            self.leads.push((fold(words).trim_end().to_owned(), field));
            // The words that say more come first: « avec l'aide de » before « avec ».
            self.leads
                .sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
            return;
        }
        let folded = fold(label);
        let words = folded.trim_matches(|c: char| !c.is_alphanumeric());
        self.stems.insert(stem(words), field);
        self.exact.insert(words.to_owned(), field);
        self.certain.insert(stem(words));
    }

    /// Whether a profile set this label, so that it is one even where it stands only once.
    pub fn is_certain(&self, label: &str) -> bool {
        !self.certain.is_empty()
            && self.certain.contains(&stem(
                fold(label).trim_matches(|c: char| !c.is_alphanumeric()),
            ))
    }

    /// The words that begin a line as a label without a colon: their length in bytes, and the field.
    pub fn lead(&self, line: &str) -> Option<(usize, Field)> {
        if self.leads.is_empty() {
            return None;
        }
        let word_ends = line
            .char_indices()
            .filter(|(_, c)| !c.is_alphanumeric())
            .map(|(index, c)| {
                // An apostrophe ends « d'après l' », a space does not end « avec ».
                index + if c.is_whitespace() { 0 } else { c.len_utf8() }
            })
            .chain([line.len()]);
        let folded: Vec<(usize, String)> = word_ends
            .filter_map(|end| Some((end, fold(line.get(..end)?))))
            .take(LONGEST_LEAD)
            .collect();
        self.leads.iter().find_map(|(words, field)| {
            let (end, _) = folded
                .iter()
                .find(|(_, folded)| folded.trim_end() == words)?;
            Some((*end, *field))
        })
    }

    /// Every variant with its field, as written in the file.
    pub fn variants(&self) -> &[(String, Field)] {
        &self.variants
    }

    /// The field that a label feeds; `label` is the words alone, without their colon.
    pub fn field(&self, label: &str) -> Option<Field> {
        // Longer than any label of the lexicon with its complement: a sentence.
        const LONGEST: usize = 80;
        if label.len() > LONGEST {
            return None;
        }
        // Character recognition and conversions put a space behind an apostrophe.
        let mut folded = fold(label).replace("' ", "'");
        // « Commune(s) », « Lauréat(e)s »
        if folded.contains('(') {
            for ending in ["(s)", "(e)s", "(e)", "(es)", "(x)"] {
                folded = folded.replace(ending, "");
            }
        }
        let mut words = folded.trim_matches(|c: char| !c.is_alphanumeric());
        loop {
            if let Some(field) = self
                .exact
                .get(words)
                .or_else(|| self.stems.get(&stem(words)))
            {
                return Some(*field);
            }
            let Some(shorter) = self
                .complements
                .iter()
                .find_map(|complement| words.strip_suffix(complement.as_str())?.strip_suffix(' '))
            else {
                break;
            };
            words = shorter;
        }
        if let Some((_, field)) = self
            .ends
            .iter()
            .find(|(variant, _)| words.ends_with(variant.as_str()))
        {
            return Some(*field);
        }
        let stemmed = stem(words);
        // "Référent DIRECCTE Bretagne du projet": four more words at most.
        self.rest
            .iter()
            .find(|(variant, _)| {
                stemmed
                    .strip_prefix(variant.as_str())
                    .is_some_and(|more| more.starts_with(' ') && more.split(' ').count() <= 5)
            })
            .map(|(_, field)| *field)
    }
}

impl Lexicon {
    /// The field of a label that some words of this one are: « Titre long », « Équipe porteuse HUMUS » without what qualifies them. Not where it
    /// is about something else: « Nom du référent ».
    pub fn field_of_part(&self, label: &str) -> Option<Field> {
        const LONGEST: usize = 4;
        let folded = fold(label);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let plain = |word: &&str| {
            word.chars().all(char::is_alphabetic) && !self.apart.iter().any(|apart| apart == word)
        };
        if words.len() > LONGEST || !words.iter().all(plain) {
            return None;
        }
        let known = |from: usize, length: usize| {
            let part = words.get(from..from + length)?.join(" ");
            self.exact
                .get(&part)
                .or_else(|| self.stems.get(&stem(&part)))
                .copied()
        };
        (1..words.len())
            .rev()
            .flat_map(|length| (0..=words.len() - length).map(move |from| (from, length)))
            .find_map(|(from, length)| known(from, length))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VocabularyFile {
    heads: Vec<String>,
    marks: Vec<String>,
    projects: Vec<String>,
    calls: Vec<String>,
    sections: Vec<String>,
    aids: Vec<String>,
    lists: Vec<String>,
    cues: Vec<String>,
    carriers: Vec<String>,
    introducers: Vec<String>,
    entitled: Vec<String>,
    entitling: Vec<String>,
    receivers: Vec<String>,
    offices: Vec<String>,
    notices: Vec<String>,
    negations: Vec<String>,
    counted: Vec<String>,
    chosen: Vec<String>,
    openers: Vec<String>,
    given: Vec<String>,
    granted: Vec<String>,
    ungranted: Vec<String>,
    received: Vec<String>,
    located: Vec<String>,
    others: Vec<String>,
    unrewarded: Vec<String>,
    priced: Vec<String>,
    addresses: Vec<String>,
    readers: Vec<String>,
    applications: Vec<String>,
    streets: Vec<String>,
    ranks: Vec<String>,
    ranked: Vec<String>,
    prizes: Vec<String>,
    ranked_alone: Vec<String>,
    prize_ends: Vec<String>,
    medals: Vec<String>,
    unawarded: Vec<String>,
    refused: Vec<String>,
    belonging: Vec<String>,
    purposes: Vec<String>,
    each: Vec<String>,
    joints: Vec<String>,
    verbs: Vec<String>,
    seated: Vec<String>,
    nouns_or_verbs: Vec<String>,
    determiners: Vec<String>,
    open_ends: Vec<String>,
    totals: Vec<String>,
    prepositions: Vec<String>,
    areas: Vec<String>,
    clauses: Vec<String>,
    bounds: Vec<String>,
    endowed: Vec<String>,
    abbreviations: Vec<String>,
    classes: HashMap<Field, Vec<String>>,
    ones: Vec<String>,
    numbers: HashMap<u32, Vec<String>>,
}

/// Common words by which organisations, projects, calls and parts of texts are known.
#[derive(Debug)]
pub struct Vocabulary {
    heads: Beginnings,
    marks: FxHashSet<String>,
    projects: Beginnings,
    calls: Beginnings,
    sections: Beginnings,
    aids: Beginnings,
    lists: AhoCorasick,
    /// What announces a list, and what else speaks of laureates.
    spoken: AhoCorasick,
    regions: FxHashSet<String>,
    carriers: AhoCorasick,
    introducers: Vec<String>,
    entitled: Vec<String>,
    entitling: Vec<String>,
    receivers: Vec<String>,
    offices: Beginnings,
    notices: AhoCorasick,
    negations: AhoCorasick,
    counted: FxHashSet<String>,
    chosen: FxHashSet<String>,
    openers: FxHashSet<String>,
    given: AhoCorasick,
    granted: Vec<String>,
    ungranted: Vec<String>,
    received: Vec<String>,
    located: FxHashSet<String>,
    others: FxHashSet<String>,
    unrewarded: Vec<String>,
    priced: Beginnings,
    addresses: Vec<String>,
    readers: FxHashSet<String>,
    applications: AhoCorasick,
    streets: FxHashSet<String>,
    ranks: Vec<String>,
    ranked: Vec<String>,
    prizes: Vec<String>,
    ranked_alone: Vec<String>,
    prize_ends: Vec<String>,
    medals: Vec<String>,
    unawarded: Vec<String>,
    refused: Vec<String>,
    belonging: Vec<String>,
    purposes: Vec<String>,
    each: AhoCorasick,
    joints: Vec<String>,
    verbs: Vec<String>,
    seated: Vec<String>,
    nouns_or_verbs: Vec<String>,
    determiners: Vec<String>,
    open_ends: Vec<String>,
    totals: AhoCorasick,
    prepositions: Vec<String>,
    areas: Vec<String>,
    clauses: Vec<String>,
    bounds: AhoCorasick,
    endowed: AhoCorasick,
    abbreviations: FxHashSet<String>,
    classes: FxHashMap<String, Field>,
    ones: Vec<String>,
    numbers: BTreeMap<String, u32>,
    /// The first words of those.
    number_words: FxHashSet<String>,
}

/// The vocabulary that is built in.
pub static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let file: VocabularyFile = toml::from_str(include_str!("../../data/vocabulary.toml"))
        .expect("the built-in vocabulary is checked by a test");
    let stems = |words: Vec<String>| Beginnings::of(&words, true);
    let exact = |words: Vec<String>| Beginnings::of(&words, false);
    Vocabulary {
        heads: exact(file.heads),
        marks: file.marks.iter().map(|word| stem(&fold(word))).collect(),
        projects: stems(file.projects),
        calls: stems(file.calls),
        sections: stems(file.sections),
        aids: stems(file.aids),
        lists: folded_phrases(&file.lists),
        spoken: folded_phrases(&[file.lists, file.cues].concat()),
        regions: include_str!("../../data/regions.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(|line| line.split('\t'))
            .map(|region| region_of(&spaced(&fold(region))).to_owned())
            .collect(),
        carriers: phrases(&file.carriers, MatchKind::LeftmostLongest),
        introducers: file.introducers,
        entitled: file.entitled.iter().map(|words| fold(words)).collect(),
        entitling: file.entitling.iter().map(|words| fold(words)).collect(),
        receivers: file.receivers,
        offices: exact(file.offices),
        notices: folded_phrases(&file.notices),
        negations: folded_phrases(&file.negations),
        counted: file.counted.iter().map(|word| fold(word)).collect(),
        chosen: file.chosen.iter().map(|word| fold(word)).collect(),
        given: phrases(&file.given, MatchKind::LeftmostLongest),
        granted: file.granted.iter().map(|stem| fold(stem)).collect(),
        ungranted: file.ungranted.iter().map(|stem| fold(stem)).collect(),
        received: file.received.iter().map(|stem| fold(stem)).collect(),
        openers: file.openers.iter().map(|words| fold(words)).collect(),
        located: file.located.iter().map(|word| fold(word)).collect(),
        others: file.others.iter().map(|words| fold(words)).collect(),
        unrewarded: file.unrewarded.iter().map(|words| fold(words)).collect(),
        priced: stems(file.priced),
        addresses: file.addresses.iter().map(|words| fold(words)).collect(),
        applications: folded_phrases(&file.applications),
        readers: file.readers.iter().map(|word| fold(word)).collect(),
        streets: file.streets.iter().map(|word| fold(word)).collect(),
        ranks: file.ranks,
        ranked: file.ranked,
        prizes: file.prizes,
        ranked_alone: file.ranked_alone,
        prize_ends: file.prize_ends.iter().map(|words| fold(words)).collect(),
        medals: file.medals.iter().map(|words| fold(words)).collect(),
        unawarded: file.unawarded.iter().map(|words| fold(words)).collect(),
        refused: file.refused.iter().map(|words| fold(words)).collect(),
        belonging: file.belonging,
        purposes: file.purposes,
        clauses: file.clauses,
        joints: file.joints,
        verbs: file.verbs,
        seated: file.seated,
        nouns_or_verbs: file.nouns_or_verbs,
        determiners: file.determiners,
        open_ends: file.open_ends,
        totals: phrases(&file.totals, MatchKind::LeftmostLongest),
        prepositions: file.prepositions,
        areas: file.areas,
        each: phrases(&file.each, MatchKind::LeftmostLongest),
        bounds: phrases(&file.bounds, MatchKind::LeftmostLongest),
        endowed: phrases(&file.endowed, MatchKind::LeftmostLongest),
        abbreviations: file.abbreviations.iter().map(|word| fold(word)).collect(),
        number_words: (file.numbers.values().flatten())
            .filter_map(|number| number.split('-').next())
            .map(str::to_owned)
            .collect(),
        ones: file.ones,
        numbers: file
            .numbers
            .into_iter()
            .flat_map(|(number, words)| words.into_iter().map(move |word| (word, number)))
            .collect(),
        classes: file
            .classes
            .into_iter()
            .flat_map(|(field, words)| words.into_iter().map(move |word| (word, field)))
            .collect(),
    }
});

/// Phrases that are looked for in folded texts, wherever they stand.
fn folded_phrases(list: &[String]) -> AhoCorasick {
    let folded: Vec<String> = list.iter().map(|words| fold(words)).collect();
    phrases(&folded, MatchKind::Standard)
}

/// All phrases looked for in one pass.
fn phrases(list: &[String], kind: MatchKind) -> AhoCorasick {
    // Built at every start: a table of all transitions would cost more than it saves.
    AhoCorasick::builder()
        .match_kind(kind)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(list)
        .expect("the vocabulary is small")
}

/// Where the first phrase stands in a text as whole words, and its length, in bytes.
fn find_words(phrases: &AhoCorasick, text: &str) -> Option<(usize, usize)> {
    let lower = lowered(text)?;
    phrases
        .find_iter(&lower)
        .find(|found| {
            let before = lower.get(..found.start()).unwrap_or_default();
            let after = lower.get(found.end()..).unwrap_or_default();
            is_bound(before.chars().next_back()) && is_bound(after.chars().next())
        })
        .map(|found| (found.start(), found.len()))
}

/// A text in small letters, where these take as many bytes: what is found in it stands there in the text.
fn lowered(text: &str) -> Option<String> {
    let mut lower = Vec::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            let mut byte = [0];
            character.encode_utf8(&mut byte);
            lower.push(byte[0].to_ascii_lowercase());
        } else {
            let mut buffer = [0; 4];
            for small in character.to_lowercase() {
                lower.extend_from_slice(small.encode_utf8(&mut buffer).as_bytes());
            }
        }
    }
    let lower = String::from_utf8(lower).ok()?;
    (lower.len() == text.len()).then_some(lower)
}

/// Whether one of the phrases stands in a folded text as whole words.
fn has_words(phrases: &AhoCorasick, folded: &str) -> bool {
    phrases.find_overlapping_iter(folded).any(|found| {
        let before = folded.get(..found.start()).unwrap_or_default();
        let after = folded.get(found.end()..).unwrap_or_default();
        is_bound(before.chars().next_back()) && is_bound(after.chars().next())
    })
}

/// Whether nothing of a word stands on this side.
fn is_bound(neighbour: Option<char>) -> bool {
    neighbour.is_none_or(|c| !c.is_alphanumeric())
}

/// The longest entry of the vocabulary, in words.
const LONGEST_HEAD: usize = 5;
/// And in bytes: what stands further behind need not be looked at.
const LONGEST_HEAD_BYTES: usize = 96;

impl Vocabulary {
    /// Whether a text begins as an organisation's name does (« Association … », « CCAS de … »), articles aside.
    pub fn begins_organisation(&self, text: &str) -> bool {
        // « Associations loi 1901 » in the plural is a kind, not a body: plurals count only where the vocabulary has them.
        !is_indefinite(text) && self.heads.begin(text)
    }

    /// The same of a text that was folded for something else.
    pub fn begins_folded_organisation(&self, text: &str, folded: &str) -> bool {
        !is_indefinite(text) && self.heads.has_first(head(folded)) && self.heads.begin(text)
    }

    /// Whether a word anywhere marks an organisation (legal forms, « Fondation »).
    pub fn marks_organisation(&self, text: &str) -> bool {
        self.marks_folded_organisation(&fold(text))
    }

    /// The same, of a folded text.
    pub fn marks_folded_organisation(&self, folded: &str) -> bool {
        folded
            .split(' ')
            .flat_map(|word| stem_word(word).split(|c: char| !c.is_alphanumeric()))
            .any(|word| self.marks.contains(word))
    }

    /// Whether a text begins as a project's title does (« Dispositif … »).
    pub fn begins_project(&self, text: &str) -> bool {
        self.projects.begin(text)
    }

    /// The same of a text that was folded for something else.
    pub fn begins_folded_project(&self, text: &str, folded: &str) -> bool {
        self.projects.has_first(head(folded)) && self.projects.begin(text)
    }

    /// Whether a text begins with the designation of a call (« AAP … »).
    pub fn begins_call(&self, text: &str) -> bool {
        self.calls.begin(text)
    }

    /// Whether a text begins as an organisation's name does, as a project's title, as the designation of a call.
    pub fn beginnings(&self, text: &str) -> [bool; 3] {
        let first = fold_words(beginning(text), 2);
        [
            self.heads.has_first(&first) && self.begins_organisation(text),
            self.projects.has_first(&first) && self.begins_project(text),
            self.calls.has_first(&first) && self.begins_call(text),
        ]
    }

    /// Whether a line begins as a kind of aid does (« Aide au lancement »).
    pub fn begins_aid(&self, text: &str) -> bool {
        self.aids.begin(text)
    }

    /// Whether a heading or an introduction announces a list of laureates.
    pub fn announces_list(&self, text: &str) -> bool {
        self.announces_list_folded(&fold(text))
    }

    /// The same, of a folded text.
    pub fn announces_list_folded(&self, folded: &str) -> bool {
        (self.lists.is_match(folded) || self.counts_chosen(folded))
            && !self.negations.is_match(folded)
    }

    /// « Actions financées », « sites retenus »: what calls count, in the plural, and right behind it that it was chosen.
    fn counts_chosen(&self, folded: &str) -> bool {
        let mut before = false;
        folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .any(|word| {
                let chosen = before && self.chosen.contains(word);
                before = self.counted.contains(word);
                chosen
            })
    }

    /// Whether a folded text speaks as notices do: « poste à pourvoir », « sur inscription ».
    pub fn is_notice(&self, folded: &str) -> bool {
        has_words(&self.notices, folded)
    }

    /// Whether a folded text speaks to those who may apply: « date limite », « candidatures ».
    pub fn is_application(&self, folded: &str) -> bool {
        has_words(&self.applications, folded)
    }

    /// Whether a folded text tells what will be: « seront annoncés ».
    pub fn is_future(&self, folded: &str) -> bool {
        // Shorter words end so by chance.
        const SHORTEST: usize = 4;
        folded.split(|c: char| !c.is_alphanumeric()).any(|word| {
            word.len() >= SHORTEST && (word.ends_with("ra") || word.ends_with("ront"))
                || word == "will"
        })
    }

    /// The number that folded words mean: « douze », « vingt-six », « soixante et onze ».
    pub fn number(&self, folded: &str) -> Option<u32> {
        let known = |words: &str| self.numbers.get(words).copied();
        let together = |at: usize| {
            let tens = known(folded.get(..at)?).filter(|tens| (20..100).contains(tens))?;
            let less = folded.get(at + 1..)?;
            let less = (less.strip_prefix("et ").or(less.strip_prefix("et-"))).unwrap_or(less);
            let is_one = self.ones.iter().any(|one| one == less);
            let less = if is_one { 1 } else { known(less)? };
            (less < 20).then_some(tens + less)
        };
        known(folded)
            .or_else(|| (folded.match_indices(['-', ' '])).find_map(|(at, _)| together(at)))
    }

    /// Whether a word of a folded text is a number in digits, or begins a word that means one.
    pub fn has_number(&self, folded: &str) -> bool {
        folded
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .any(|word| {
                word.starts_with(|c: char| c.is_ascii_digit()) || self.number_words.contains(word)
            })
    }

    /// Whether a folded word is « un », which is an article, too.
    pub fn is_one(&self, folded: &str) -> bool {
        self.ones.iter().any(|one| one == folded)
    }

    /// The words that mean numbers, folded, but for those put together.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.numbers.keys().map(String::as_str)
    }

    /// A pattern of the words that mean numbers, folded.
    pub fn number_pattern(&self) -> String {
        let mut words: Vec<&str> = self.numbers().collect();
        // The longest first: « vingt-cinq » is no « vingt ».
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let words = words.join("|");
        let ones = self.ones.join("|");
        format!("(?:{words})(?:(?:-et-| et |-)(?:{words}|{ones})(?-u:\\b))?")
    }

    /// Whether a folded text speaks of laureates, however it does.
    pub fn speaks_of_laureates(&self, folded: &str) -> bool {
        self.spoken.is_match(folded)
    }

    /// Whether a heading names a part of a call text, a form or an article.
    pub fn is_section(&self, text: &str) -> bool {
        self.sections.begin(text)
    }

    /// The field that a page's makers say an element holds, by a word of its class.
    pub fn class_field(&self, word: &str) -> Option<Field> {
        self.classes.get(word).copied()
    }

    /// Whether a folded heading stands above a list of others than laureates: partners, a jury, a team, prices, those who got nothing.
    pub fn is_others(&self, folded: &str) -> bool {
        // A longer text tells of them.
        const LONGEST: usize = 80;
        self.others
            .contains(folded.trim_end_matches([':', ' ', '.']))
            || self.priced.begin(folded)
            || folded.len() <= LONGEST
                && (self.unrewarded.iter()).any(|words| folded.contains(words.as_str()))
    }

    /// Whether a folded sentence shows a list to the reader: « Découvrez … ».
    pub fn addresses(&self, folded: &str) -> bool {
        self.addresses
            .iter()
            .any(|words| folded.starts_with(words.as_str()))
    }

    /// Whether a folded text speaks to the reader, or of those who write it.
    pub fn speaks_to_reader(&self, folded: &str) -> bool {
        folded
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| self.readers.contains(word))
    }

    /// Whether a text begins with a house and its street: « 12 bis, rue Haute ».
    pub fn is_address(&self, text: &str) -> bool {
        let bare = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '/'));
        let digits = text.len() - bare.len();
        if digits == 0 || digits > 9 {
            return false;
        }
        let mut words = bare
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|word| !word.is_empty())
            .map(fold);
        let first = words.next().unwrap_or_default();
        let street = if matches!(first.as_str(), "bis" | "ter" | "quater" | "a" | "b") {
            words.next().unwrap_or_default()
        } else {
            first
        };
        self.streets.contains(street.trim_end_matches('.')) && words.next().is_some()
    }

    /// The words by which a paragraph of a list only goes on (« Enfin, », « Dans la catégorie « Santé », »): their bytes, with the comma.
    pub fn opener(&self, text: &str) -> Option<usize> {
        // The longest has four words; a category's name some more.
        const LONGEST: usize = 32;
        const LONGEST_CATEGORY: usize = 90;
        let comma = text.find(',').filter(|comma| *comma <= LONGEST_CATEGORY)?;
        let category = text.starts_with(['D', 'd', 'I', 'i']);
        if comma > LONGEST && !category {
            return None;
        }
        let words = fold(text.get(..comma)?);
        (comma <= LONGEST && self.openers.contains(&words)
            || category
                && (words.starts_with("dans la categorie ")
                    || words.starts_with("in the category ")))
        .then_some(comma + 1)
    }

    /// The place that a text says somebody is at: « installée à Loches ».
    pub fn located<'t>(&self, text: &'t str) -> &'t str {
        match text.split_once(' ') {
            Some((word, place)) if self.located.contains(&fold(word)) => place,
            _ => text,
        }
    }

    /// Whether a text begins with what a person is: « présidente du jury ».
    pub fn begins_office(&self, text: &str) -> bool {
        self.offices.begin(text)
    }

    /// Where the first words stand by which a text names who carries a project (« porté par »), and their length, in bytes.
    pub fn find_carrier(&self, text: &str) -> Option<(usize, usize)> {
        find_words(&self.carriers, text)
    }

    /// Whether a text begins with such words.
    pub fn begins_with_carrier(&self, text: &str) -> bool {
        find_words(&self.carriers, beginning(text)).is_some_and(|(at, _)| at == 0)
    }

    /// Where the first words stand behind which a text names who gets a prize (« revient à »), and their length, in bytes.
    pub fn find_given(&self, text: &str) -> Option<(usize, usize)> {
        find_words(&self.given, text)
    }

    /// The beginnings of words by which the name of a column says that its sums were given.
    pub fn granted(&self) -> &[String] {
        &self.granted
    }

    /// Whether a folded sentence says that a sum is given: « Le Fonds apporte 5 000 € », « les 3 200 € attribués ».
    pub fn says_given(&self, folded: &str) -> bool {
        let has = |stems: &[String]| {
            folded
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| stems.iter().any(|stem| word.starts_with(stem.as_str())))
        };
        (has(&self.granted) || has(&self.received)) && !has(&self.ungranted)
    }

    /// And of those by which it says that they were asked for, or are all that something costs.
    pub fn ungranted(&self) -> &[String] {
        &self.ungranted
    }

    /// What stands between a laureate and the title of its project: « pour son projet ».
    pub fn introducers(&self) -> &[String] {
        &self.introducers
    }

    /// A text without the words at its end that introduce a title in quotation marks: « X pour sa thèse intitulée ».
    pub fn before_entitled<'t>(&self, text: &'t str) -> Option<&'t str> {
        // « pour son deuxième long métrage intitulé »
        const FARTHEST: usize = 6;
        // What stands farther in front is not looked at.
        const NEAR: usize = 160;
        let text = text.trim_end_matches([' ', ':', '\n']);
        let near = text.floor_char_boundary(text.len().saturating_sub(NEAR));
        let folded = fold(text.get(near..)?);
        let is_entitled = (self.entitled.iter()).any(|word| {
            let before = folded.strip_suffix(word.as_str());
            before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
        });
        if !is_entitled {
            return None;
        }
        let mut rest = text;
        for _ in 0..=FARTHEST {
            let (before, word) = rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest));
            if self.entitling.contains(&fold(word)) {
                return Some(before.trim_end_matches([' ', ',', '–', '-', ':']));
            }
            if before.is_empty() || word.ends_with([',', '.', ';', ')']) {
                return None;
            }
            rest = before.trim_end();
        }
        None
    }

    /// What stands between a sum and who receives it: « à la ».
    pub fn receivers(&self) -> &[String] {
        &self.receivers
    }

    /// What ranks say in letters: « premier », « segundo ».
    pub fn ranks(&self) -> &[String] {
        &self.ranks
    }

    /// What is ranked: « prix », « lugar ».
    pub fn ranked(&self) -> &[String] {
        &self.ranked
    }

    /// Words by which the name of a distinction begins.
    pub fn prizes(&self) -> &[String] {
        &self.prizes
    }

    /// Words, folded, by which the name of a distinction ends: « Innovation Award ».
    pub fn prize_ends(&self) -> &[String] {
        &self.prize_ends
    }

    /// What somebody is who won, or nearly, in one word: « finaliste ».
    pub fn ranked_alone(&self) -> &[String] {
        &self.ranked_alone
    }

    /// Whether a text is a distinction that the metal at its end ranks: « Ruche d’or ».
    pub fn is_medal(&self, text: &str) -> bool {
        /// « Lycée de la Côte d’or » has more words than what is ranked so.
        const LONGEST: usize = 4;
        let folded = fold(text);
        let behind = |metal: &String| {
            (folded.strip_suffix(metal.as_str())).is_some_and(|before| before.ends_with(' '))
        };
        folded.split(' ').count() <= LONGEST && self.medals.iter().any(behind)
    }

    /// Whether such a metal is named anywhere.
    pub fn names_medal(&self, text: &str) -> bool {
        let folded = fold(text);
        (self.medals.iter()).any(|metal| folded.contains(metal.as_str()))
    }

    /// Whether a text says that nobody got what is given in other years: « Non décerné ».
    pub fn is_unawarded(&self, text: &str) -> bool {
        begins_with_any(text, &self.unawarded)
    }

    /// Whether a text says that an application got nothing: « Défavorable », « declined – not eligible ».
    pub fn is_refused(&self, text: &str) -> bool {
        // What is longer tells of something.
        const LONGEST: usize = 8;
        text.split_whitespace().nth(LONGEST).is_none() && begins_with_any(text, &self.refused)
    }

    /// Whether a word is one that names shorten, so that the full stop behind it ends no sentence: « Ass. ».
    pub fn is_abbreviated(&self, word: &str) -> bool {
        self.abbreviations.contains(&fold(word))
    }

    /// What stands between a title and whose it is, most words first: « de la ».
    pub fn belonging(&self) -> &[String] {
        &self.belonging
    }

    /// Where a text says that something is each one's: « chacun ».
    pub fn find_each(&self, text: &str) -> Option<usize> {
        find_words(&self.each, text).map(|(start, _)| start)
    }

    /// Whether a text says of a sum that it is the most that there is: « jusqu’à ».
    pub fn is_bounded(&self, text: &str) -> bool {
        find_words(&self.bounds, text).is_some()
    }

    /// Where a text says that a sum follows that goes with what stands before: « doté de ».
    pub fn find_endowed(&self, text: &str) -> Option<usize> {
        find_words(&self.endowed, text).map(|(start, _)| start)
    }

    /// Whether a text is what opens a paragraph of a list told in prose: « Enfin ».
    pub fn is_opener(&self, text: &str) -> bool {
        self.openers.contains(&fold(text))
    }

    /// Whether a text speaks of the sum of all: « montant total ».
    pub fn says_total(&self, text: &str) -> bool {
        find_words(&self.totals, text).is_some()
    }

    /// Whether a word, in small letters, joins a value to what stands before it: « de ».
    pub fn is_joint(&self, word: &str) -> bool {
        self.joints.iter().any(|known| known == word)
    }

    /// Whether a word, in small letters, is a verb of the third person of other languages than French, or stands in front of one in French.
    pub fn is_verb(&self, word: &str) -> bool {
        self.verbs.iter().any(|known| known == word)
    }

    /// How words begin, folded, by which the name of a column says that its places are those of laureates and projects.
    pub fn seated(&self) -> &[String] {
        &self.seated
    }

    /// Whether a word, in small letters, is a noun or a verb of the third person: « forme ».
    pub fn is_noun_or_verb(&self, word: &str) -> bool {
        self.nouns_or_verbs.iter().any(|known| known == word)
    }

    /// Whether a word, in small letters, is an article, or stands in its place.
    pub fn is_determiner(&self, word: &str) -> bool {
        self.determiners.iter().any(|known| known == word)
    }

    /// Whether a word, in small letters, is one with which no name or title ends.
    pub fn is_open(&self, word: &str) -> bool {
        self.is_joint(word) || self.open_ends.iter().any(|known| known == word)
    }

    /// Whether a word stands in front of places: « à ».
    pub fn is_preposition(&self, word: &str) -> bool {
        self.prepositions.contains(&word.to_lowercase())
    }

    /// Whether a word stands between such a word and a place: « la région ».
    pub fn is_of_area(&self, word: &str) -> bool {
        self.areas.iter().any(|known| known == word)
    }

    /// Whether a text opens with what says what for, or who: « pour », « qui ».
    pub fn opens_clause(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        (self.purposes.iter().chain(&self.clauses)).any(|word| {
            (lower.strip_prefix(word.as_str()))
                .is_some_and(|rest| rest.starts_with([' ', '\u{a0}']) || word.ends_with('\''))
        })
    }

    /// What stands between who receives and what for: « pour ».
    pub fn purposes(&self) -> &[String] {
        &self.purposes
    }

    /// How much a text looks like an organisation (positive) or like a project (negative).
    pub fn organisation_lean(&self, text: &str) -> f32 {
        self.folded_organisation_lean(text, &fold(text))
    }

    /// The same of a text that was folded for something else.
    pub fn folded_organisation_lean(&self, text: &str, folded: &str) -> f32 {
        let mut lean = 0.0;
        if self.begins_folded_organisation(text, folded) {
            // « L'école des algues »: titles begin so as well.
            lean += if begins_with_article(text) { 1.0 } else { 2.0 };
        }
        if self.marks_folded_organisation(folded) {
            lean += 1.0;
        }
        if self.begins_folded_project(text, folded) {
            lean -= 1.5;
        }
        if is_quoted(text) {
            lean -= 3.0;
        }
        // Two words in capitals at most: an acronym, which names a body more often than a project.
        if text.split_whitespace().count() <= 2
            && text.chars().any(char::is_alphabetic)
            && !text.chars().any(char::is_lowercase)
        {
            lean += 0.5;
        }
        lean
    }

    /// Whether a text is the name of a region, and nothing else.
    pub fn is_region(&self, text: &str) -> bool {
        text.len() < 60 && self.is_folded_region(&fold(text))
    }

    /// The same, of a folded text.
    pub fn is_folded_region(&self, folded: &str) -> bool {
        self.regions.contains(region_of(&spaced(folded)))
    }

    /// The byte range of the first region named in a text, as a whole word.
    pub fn find_region(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let starts: Vec<usize> = word_starts(text);
        for &start in &starts {
            for words in (1..=LONGEST_HEAD).rev() {
                let end = end_of_words(text, start, words)?;
                let Some(candidate) = text.get(start..end) else {
                    continue;
                };
                let trimmed = candidate.trim_end_matches(|c: char| !c.is_alphanumeric());
                // A region's name is a proper noun: « un centre » is none, « Centre » alone could be anything.
                if trimmed.len() > 6
                    && trimmed.starts_with(char::is_uppercase)
                    && self.is_folded_region(&fold(trimmed))
                {
                    return Some(start..start + trimmed.len());
                }
            }
        }
        None
    }
}

/// Whether a text begins with an article in capitals: « La maison des semences ».
fn begins_with_article(text: &str) -> bool {
    ["Le ", "La ", "Les ", "L’", "L'"]
        .iter()
        .any(|article| text.starts_with(article))
}

/// Whether a text is one quotation.
pub fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with('«') && text.ends_with('»') && text.matches('«').count() == 1)
        || (text.starts_with('“') && text.ends_with('”'))
        || (text.len() > 2 && text.starts_with('"') && text.ends_with('"'))
}

/// A folded name with spaces for its hyphens: « Hauts de France », « Provence Alpes Côte d'Azur ».
pub(super) fn spaced(folded: &str) -> Cow<'_, str> {
    if folded.contains('-') {
        Cow::Owned(folded.replace('-', " "))
    } else {
        Cow::Borrowed(folded)
    }
}

/// What of a folded text can be the name of a region.
fn region_of(spaced: &str) -> &str {
    spaced.trim_matches(|c: char| !c.is_alphanumeric())
}

fn word_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut inside = false;
    for (index, character) in text.char_indices() {
        let letter = character.is_alphanumeric();
        if letter && !inside {
            starts.push(index);
        }
        // An apostrophe begins a new word: « d'Occitanie ».
        inside = letter || character == '-';
    }
    starts
}

/// Byte offset after `words` space-separated words from `start`; the end of the text when it has fewer.
fn end_of_words(text: &str, start: usize, words: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    Some(
        rest.match_indices(' ')
            .nth(words - 1)
            .map_or(text.len(), |(index, _)| start + index),
    )
}

/// Words by which texts begin, folded.
#[derive(Debug)]
struct Beginnings {
    entries: FxHashSet<String>,
    /// The first word of each: nearly all texts begin with none of them, and are not looked at any further.
    first: FxHashSet<String>,
    /// Plurals are one with their singular.
    stemmed: bool,
}

impl Beginnings {
    fn of(words: &[String], stemmed: bool) -> Self {
        let entry = |word: &String| {
            let folded = fold(word);
            if stemmed { stem(&folded) } else { folded }
        };
        let entries: FxHashSet<String> = words.iter().map(entry).collect();
        let first = entries
            .iter()
            .filter_map(|entry| entry.split(' ').next())
            .map(str::to_owned)
            .collect();
        Self {
            entries,
            first,
            stemmed,
        }
    }

    /// Whether a text begins with one of them, articles aside.
    fn begin(&self, text: &str) -> bool {
        let text = beginning(text);
        // An article, and the word behind it.
        if !self.has_first(&fold_words(text, 2)) {
            return false;
        }
        let folded = fold(text);
        let folded = if self.stemmed { stem(&folded) } else { folded };
        let words: Vec<&str> = words_behind_article(&folded).take(LONGEST_HEAD).collect();
        (1..=words.len()).rev().any(|count| {
            words
                .get(..count)
                .is_some_and(|first| self.entries.contains(&first.join(" ")))
        })
    }

    fn has_first(&self, folded: &str) -> bool {
        let stemmed;
        let folded = if self.stemmed {
            stemmed = stem(folded);
            &stemmed
        } else {
            folded
        };
        words_behind_article(folded)
            .next()
            .is_some_and(|word| self.first.contains(word))
    }
}

/// Whether a text begins with an article that tells what somebody has: « une ferme … ».
fn is_indefinite(text: &str) -> bool {
    ["un ", "une "]
        .iter()
        .any(|article| text.starts_with(article))
}

/// A folded text up to the end of the word behind its article.
fn head(folded: &str) -> &str {
    let mut spaces = folded.match_indices(' ');
    let end = spaces.nth(1).map_or(folded.len(), |(at, _)| at);
    folded.get(..end).unwrap_or(folded)
}

/// As much of a text as the longest entry takes.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_HEAD_BYTES))
        .unwrap_or(text)
}

/// The words of a folded text without the article in front, each without the marks around it.
fn words_behind_article(folded: &str) -> impl Iterator<Item = &str> {
    ["l'", "le ", "la ", "les ", "d'", "un ", "une "]
        .iter()
        .find_map(|article| folded.strip_prefix(article))
        .unwrap_or(folded)
        .split(' ')
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
}

/// Whether a text begins with one of these words, folded, and says no more or goes on behind a mark.
fn begins_with_any(text: &str, words: &[String]) -> bool {
    let folded = fold(text);
    words.iter().any(|words| {
        folded
            .strip_prefix(words.as_str())
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, expected: Option<Field>) {
        assert_eq!(LEXICON.field(label), expected, "{label}");
    }

    #[test]
    fn numbers_are_put_together_from_their_words() {
        for (words, number) in [
            ("douze", Some(12)),
            ("vingt", Some(20)),
            ("vingt-six", Some(26)),
            ("trente et une", Some(31)),
            ("soixante-et-onze", Some(71)),
            ("quatre-vingt-dix-sept", Some(97)),
            ("forty-two", Some(42)),
            ("vingt-trente", None),
            ("une", None),
        ] {
            assert_eq!(VOCABULARY.number(words), number, "{words}");
        }
        let pattern = format!(r"\b{}", VOCABULARY.number_pattern());
        let pattern = regex::Regex::new(&pattern).expect("a pattern");
        let found = |text| pattern.find(text).map(|found| found.as_str());
        assert_eq!(found("elle en a retenu vingt-six."), Some("vingt-six"));
        assert_eq!(found("vingt et quelques"), Some("vingt"));
    }

    #[test]
    fn labels_are_known_in_their_variants() {
        check("Territoires", Some(Field::Territory));
        check("ORGANISME PORTEUR DU PROJET", Some(Field::Name));
        check("Partenariats mobilisés", Some(Field::Partners));
        check("Besoins de ce projet", Some(Field::Needs));
        check("Référent DIRECCTE", Some(Field::Contacts));
        check("Valeur ajoutée de la démarche", Some(Field::AddedValue));
        check("Resultats obtenus", Some(Field::Results));
    }

    #[test]
    fn the_singular_names_the_carrier_and_the_plural_the_public() {
        check("Bénéficiaire", Some(Field::Name));
        check("Bénéficiaires", Some(Field::Public));
    }

    #[test]
    fn a_sentence_is_no_label() {
        check("Les projets présentés devront", None);
        check("Pour cela", None);
    }

    #[test]
    fn regions_are_known_by_their_variants() {
        assert!(
            VOCABULARY.is_region("PACA")
                && VOCABULARY.is_region("Ile de France")
                && !VOCABULARY.is_region("Rennes")
        );
        let text = "Lauréats en Hauts-de-France";
        assert_eq!(
            VOCABULARY.find_region(text).map(|range| &text[range]),
            Some("Hauts-de-France")
        );
        assert_eq!(VOCABULARY.find_region("Lauréats du centre social"), None);
    }
}
