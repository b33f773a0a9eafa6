//! What is known of French names before any record is seen (`data/link/`): words without weight, legal forms, network heads, how common words
//! are, départements. Read once; no record of the data at hand is looked at here.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::fold::Words;
use super::spelling::{is_one_typo, letter_set};

const NAMES: &str = include_str!("../../data/link/names.toml");
const DEPARTMENTS: &str = include_str!("../../data/link/departments.tsv");
const WORDS: &str = include_str!("../../data/link/words.tsv");

/// A word that begins this share of the names that hold it, and begins at least so many, says what kind of body it is.
const HEADING: f32 = 0.75;
const HEADED: f32 = 40.0;

/// A word of a head phrase of this many letters or more is recognised with one letter wrong; a shorter one has too many neighbours.
const TYPO_LENGTH: usize = 5;

/// How common a network's head is in names, where the list of frequencies does not say.
const HEAD_BITS: f32 = 6.0;

/// The shape of `data/link/names.toml`.
#[derive(Deserialize)]
struct NamesFile {
    stop: Vec<String>,
    legal: Vec<String>,
    abbreviations: FxHashMap<String, String>,
    status: Vec<String>,
    authorities: Vec<String>,
    levels: FxHashSet<String>,
    streets: FxHashSet<String>,
    heads: FxHashMap<String, Vec<String>>,
    activities: FxHashMap<String, Vec<String>>,
    joined: FxHashMap<String, Vec<String>>,
    frequency: std::collections::BTreeMap<String, toml::Value>,
}

/// What the linker knows of words.
#[derive(Debug)]
pub(super) struct Lexicon {
    stop: FxHashSet<String>,
    legal: FxHashSet<String>,
    abbreviations: FxHashMap<String, String>,
    /// First word to the phrases that it begins, the longest first.
    phrases: FxHashMap<String, Vec<HeadPhrase>>,
    heads: FxHashSet<String>,
    /// Heads that one body may bear in turn.
    status: FxHashSet<String>,
    /// Heads whose name is a place.
    authorities: FxHashSet<String>,
    /// Words that begin most names that hold them.
    kinds: FxHashSet<String>,
    /// Words that say how far a body reaches.
    levels: FxHashSet<String>,
    /// Words that begin the name of a street.
    streets: FxHashSet<String>,
    /// What bodies do: the sport of a club.
    activities: FxHashSet<String>,
    /// Heads with the words of their first phrase.
    spelt_out: Vec<(String, Vec<String>)>,
    bits: FxHashMap<String, f32>,
    /// Words of head phrases, by their number of bytes.
    head_words: Vec<Vec<HeadWord>>,
    departments: FxHashMap<String, u16>,
    codes: FxHashMap<String, u16>,
    initials: FxHashMap<u16, String>,
    /// What a word costs that no list holds.
    pub(super) unknown_bits: f32,
    /// How many records of the data the built-in frequencies weigh as much as.
    pub(super) prior_records: f32,
}

/// A word of a head phrase.
#[derive(Clone, Debug)]
struct HeadWord {
    text: String,
    letters: u32,
}

/// A way to write a head.
#[derive(Clone, Debug)]
struct HeadPhrase {
    words: Vec<String>,
    key: String,
    /// It counts only where it begins the name: `CC` or `département` inside a name may be anything.
    at_start: bool,
}

/// The built-in lexicon.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::built_in);
    &LEXICON
}

impl Lexicon {
    fn built_in() -> Self {
        let file: NamesFile =
            toml::from_str(NAMES).expect("data/link/names.toml is checked by the tests");
        let mut lexicon = Self {
            stop: file.stop.into_iter().collect(),
            legal: file.legal.into_iter().collect(),
            abbreviations: file.abbreviations,
            phrases: FxHashMap::default(),
            heads: FxHashSet::default(),
            status: file.status.into_iter().collect(),
            authorities: file.authorities.into_iter().collect(),
            kinds: FxHashSet::default(),
            levels: file.levels,
            streets: file.streets,
            activities: file.activities.keys().cloned().collect(),
            spelt_out: Vec::new(),
            bits: FxHashMap::default(),
            head_words: Vec::new(),
            departments: FxHashMap::default(),
            codes: FxHashMap::default(),
            initials: FxHashMap::default(),
            unknown_bits: 14.0,
            prior_records: 1000.0,
        };
        for (key, value) in &file.frequency {
            match (key.as_str(), value) {
                ("unknown", value) => lexicon.unknown_bits = number(value),
                ("records", value) => lexicon.prior_records = number(value),
                (bits, toml::Value::Array(words)) => {
                    let bits = bits.parse().unwrap_or(lexicon.unknown_bits);
                    for word in words.iter().filter_map(toml::Value::as_str) {
                        let known = lexicon
                            .bits
                            .entry(lexicon.expanded(word).to_owned())
                            .or_insert(bits);
                        // Listed twice: the commoner reading counts, whatever the order of the lists.
                        *known = known.min(bits);
                    }
                }
                _ => {}
            }
        }
        lexicon.read_words();
        lexicon.read_heads(&file.heads, true);
        lexicon.read_heads(&file.activities, false);
        lexicon.read_heads(&file.joined, false);
        lexicon.heads.retain(|head| !file.joined.contains_key(head));
        lexicon
            .heads
            .retain(|head| !file.activities.contains_key(head));
        lexicon.read_departments();
        lexicon
    }

    /// `guarded`: a phrase of one short word may be anything, but at the start of a name.
    fn read_heads(&mut self, heads: &FxHashMap<String, Vec<String>>, guarded: bool) {
        let mut sorted: Vec<_> = heads.iter().collect();
        sorted.sort();
        for (key, phrases) in sorted {
            self.heads.insert(key.clone());
            self.bits.entry(key.clone()).or_insert(HEAD_BITS);
            for (at, phrase) in phrases.iter().enumerate() {
                let marked = phrase.strip_prefix('^');
                let words: Vec<String> = marked
                    .unwrap_or(phrase)
                    .split(' ')
                    .map(|word| self.expanded(word).to_owned())
                    .filter(|word| !self.stop.contains(word))
                    .collect();
                for word in &words {
                    self.add_head_word(word);
                }
                if at == 0 {
                    self.spelt_out.push((key.clone(), words.clone()));
                }
                if let Some(first) = words.first().cloned() {
                    let begun = self.phrases.entry(first.clone()).or_default();
                    let short = guarded && words.len() == 1 && first.len() <= 3;
                    begun.push(HeadPhrase {
                        words,
                        key: key.clone(),
                        at_start: marked.is_some() || short,
                    });
                    begun.sort_by(|a, b| {
                        let longer = b.words.len().cmp(&a.words.len());
                        longer.then_with(|| (&a.words, &a.key).cmp(&(&b.words, &b.key)))
                    });
                }
            }
        }
    }

    /// How common words are in names, and which head them. What the hand-written lists hold besides stands in titles too.
    fn read_words(&mut self) {
        let lines = WORDS.lines().filter(|line| !line.starts_with('#'));
        let mut names = 1.0;
        for line in lines {
            let mut cells = line.split('\t');
            let (Some(word), Some(held), Some(headed)) = (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let [held, headed]: [f32; 2] = [held, headed].map(|cell| cell.parse().unwrap_or(1.0));
            if word == "*" {
                names = held;
                continue;
            }
            let bits = (names / held).log2();
            let known = self.bits.entry(word.to_owned()).or_insert(bits);
            *known = known.min(bits);
            if headed >= HEADED && headed >= HEADING * held {
                self.kinds.insert(word.to_owned());
            }
        }
    }

    fn add_head_word(&mut self, word: &str) {
        if self.head_words.len() <= word.len() {
            self.head_words.resize(word.len() + 1, Vec::new());
        }
        if let Some(known) = self.head_words.get_mut(word.len())
            && !known.iter().any(|known| known.text == word)
        {
            known.push(HeadWord {
                text: word.to_owned(),
                letters: letter_set(word),
            });
        }
    }

    fn read_departments(&mut self) {
        let mut words = Words::default();
        let lines = DEPARTMENTS.lines().filter(|line| !line.starts_with('#'));
        for (index, (code, name)) in (1_u16..).zip(lines.filter_map(|line| line.split_once('\t'))) {
            let name = self.bare(name, &mut words);
            let initials = name.split(' ').filter_map(|word| word.chars().next());
            self.initials.insert(index, initials.collect());
            self.departments.insert(name, index);
            self.codes.insert(code.to_lowercase(), index);
        }
    }

    /// The words of a text that are evidence, one space between.
    pub(super) fn bare(&self, text: &str, words: &mut Words) -> String {
        words.split(text);
        let bare: Vec<&str> = words
            .iter()
            .map(|word| word.text)
            .filter(|word| !self.is_stop(word))
            .collect();
        bare.join(" ")
    }

    /// An article, a preposition: no evidence.
    pub(super) fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    /// A legal form.
    pub(super) fn is_legal(&self, word: &str) -> bool {
        self.legal.contains(word)
    }

    /// The key of a network's head.
    pub(super) fn is_head(&self, word: &str) -> bool {
        self.heads.contains(word)
    }

    /// A head that one body may bear before or after another of its kind.
    pub(super) fn is_status(&self, word: &str) -> bool {
        self.status.contains(word)
    }

    /// A head behind which a place stands.
    pub(super) fn is_authority(&self, word: &str) -> bool {
        self.authorities.contains(word)
    }

    /// Says what kind of body it is.
    pub(super) fn is_kind(&self, word: &str) -> bool {
        self.kinds.contains(word)
    }

    /// Says how far the body reaches.
    pub(super) fn is_level(&self, word: &str) -> bool {
        self.levels.contains(word)
    }

    /// Says what the body does.
    pub(super) fn is_activity(&self, word: &str) -> bool {
        self.activities.contains(word)
    }

    /// Begins the name of a street.
    pub(super) fn is_street(&self, word: &str) -> bool {
        self.streets.contains(word)
    }

    /// The usual spelling of an abbreviated or inflected word.
    pub(super) fn expanded<'a>(&'a self, word: &'a str) -> &'a str {
        self.abbreviations.get(word).map_or(word, String::as_str)
    }

    /// The word of a head phrase that this is, or is with one letter wrong.
    pub(super) fn head_word<'a>(&'a self, word: &'a str) -> Option<&'a str> {
        let of_length = |length: usize| self.head_words.get(length).into_iter().flatten();
        let exact = of_length(word.len()).find(|known| known.text == word);
        if let Some(known) = exact {
            return Some(&known.text);
        }
        if word.len() < TYPO_LENGTH || self.bits.contains_key(word) {
            return None;
        }
        let letters = letter_set(word);
        (word.len() - 1..=word.len() + 1)
            .flat_map(of_length)
            .filter(|known| known.text.len() >= TYPO_LENGTH)
            // One letter for another makes two that they have not in common.
            .filter(|known| (known.letters ^ letters).count_ones() <= 2)
            .find(|known| is_one_typo(word, &known.text))
            .map(|known| known.text.as_str())
    }

    /// The longest head phrase that these words begin with, and how many of them it takes. `at_start`: the words begin the name.
    pub(super) fn head_at(
        &self,
        words: &[impl AsRef<str>],
        at_start: bool,
    ) -> Option<(&str, usize)> {
        let first = words.first()?.as_ref();
        let phrase = self.phrases.get(first)?.iter().find(|phrase| {
            phrase.words.len() <= words.len()
                && phrase.words.iter().zip(words).all(|(a, b)| a == b.as_ref())
                // A head without a name behind it is the name.
                && (!phrase.at_start || at_start && words.len() > phrase.words.len())
        })?;
        Some((phrase.key.as_str(), phrase.words.len()))
    }

    /// The first phrase of each head: what its key stands for.
    pub(super) fn head_phrases(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.spelt_out
            .iter()
            .map(|(head, phrase)| (head.as_str(), phrase.as_slice()))
    }

    /// How common a word is in such names, in bits.
    pub(super) fn bits(&self, word: &str) -> f32 {
        self.bits.get(word).copied().unwrap_or(self.unknown_bits)
    }

    /// Is the word one of the built-in common ones?
    pub(super) fn is_common(&self, word: &str) -> bool {
        self.bits.contains_key(word)
    }

    /// A département by its folded name.
    pub(super) fn department_named(&self, name: &str) -> Option<u16> {
        self.departments.get(name).copied()
    }

    /// Their names, each with its number.
    pub(super) fn department_names(&self) -> impl Iterator<Item = (&str, u16)> {
        let names = self.departments.iter();
        names.map(|(name, number)| (name.as_str(), *number))
    }

    /// Is it the code of one of these départements, or the initials of its name where that has several words?
    pub(super) fn stands_for_department(&self, word: &str, departments: &[u16]) -> bool {
        let coded = (self.codes.get(word)).is_some_and(|code| departments.contains(code));
        coded
            || word.len() > 1
                && departments.iter().any(|department| {
                    self.initials
                        .get(department)
                        .is_some_and(|initials| initials == word)
                })
    }

    /// A département by its code.
    pub(super) fn department_coded(&self, code: &str) -> Option<u16> {
        self.codes.get(code).copied().or_else(|| {
            // Spreadsheets lose the zero of `01`.
            (code.len() == 1)
                .then(|| self.codes.get(&format!("0{code}")).copied())
                .flatten()
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "small numbers written by hand"
)]
fn number(value: &toml::Value) -> f32 {
    value.as_float().unwrap_or_default() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str], at_start: bool, expected: Option<(&str, usize)>) {
        assert_eq!(lexicon().head_at(words, at_start), expected, "{words:?}");
    }

    #[test]
    fn heads_of_networks_are_one_word() {
        check(
            &["mission", "locale", "laon"],
            true,
            Some(("missionlocale", 2)),
        );
        check(&["ml", "laon"], true, Some(("missionlocale", 1)));
        check(&["ml", "laon"], false, None);
        check(
            &["centre", "communal", "action", "social", "x"],
            true,
            Some(("ccas", 4)),
        );
        check(&["atelier"], true, None);
    }

    #[test]
    fn words_of_heads_are_known_with_a_typo() {
        assert_eq!(lexicon().head_word("misison"), Some("mission"));
        assert_eq!(lexicon().head_word("locle"), Some("locale"));
        assert_eq!(lexicon().head_word("emploi"), Some("emploi"));
        assert_eq!(lexicon().head_word("vitamine"), None);
    }

    #[test]
    fn departments_are_known_by_name_and_code() {
        assert_eq!(
            lexicon().department_named("cote or"),
            lexicon().department_coded("21")
        );
        assert_eq!(
            lexicon().department_coded("1"),
            lexicon().department_coded("01")
        );
    }
}
