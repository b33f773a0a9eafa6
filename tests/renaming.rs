//! No code knows an organisation: with every laureate of a document renamed throughout, the same records come out, renamed.

mod common;
mod reading;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::path::Path;

use reading::records;
use serde_json::{Map, Value};

#[test]
fn renamed_organisations_give_renamed_records() {
    let Some(shared) = common::shared("renamed_organisations_give_renamed_records") else {
        return;
    };
    let corpus = shared.join("corpus");
    for path in [
        "text/000.txt",
        "text/001.txt",
        "text/002.txt",
        "text/003.txt",
        "text/004.txt",
        "raw/000.html",
        "raw/002.html",
        "raw/003.html",
    ] {
        let document = Path::new(path)
            .file_stem()
            .and_then(OsStr::to_str)
            .expect("the path names a file");
        let gold = fs::read_to_string(corpus.join(format!("gold/{document}.json")))
            .expect("the corpus has gold");
        let source = fs::read_to_string(corpus.join(path)).expect("the corpus is UTF-8");
        check(path, &source, &Renaming::of(&gold));
    }
}

#[track_caller]
fn check(path: &str, source: &str, renaming: &Renaming) {
    let renamed = renaming.apply(source);
    assert_ne!(renamed, source, "{path}: nothing was renamed");
    let (before, after) = (
        records(path.as_ref(), source),
        records(path.as_ref(), &renamed),
    );
    assert_eq!(before.len(), after.len(), "{path}: other entries");
    for (number, (before, after)) in before.iter().zip(&after).enumerate() {
        let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for field in fields {
            let expected = before.get(field).map(|value| renaming.apply_to(value));
            assert_eq!(
                expected.as_ref(),
                after.get(field),
                "{path}, entry {}: {field}",
                number + 1
            );
        }
    }
}

/// A fixed map from names to names: letters move on by one within vowels and within consonants; a word's first letter, its length and its
/// capitals stay, so that acronyms still fit what they stand for. Words of kind (association, mission locale…), grammar and places stay.
struct Renaming {
    /// Names as folded words; the longest that fits is renamed.
    names: Vec<Vec<String>>,
    /// Words that are names by themselves, wherever they stand.
    proper: BTreeSet<String>,
    kept: BTreeSet<String>,
}

impl Renaming {
    fn of(gold: &str) -> Self {
        let gold: Value = serde_json::from_str(gold).expect("gold is JSON");
        let records = gold["records"].as_array().expect("gold has records");
        let texts = |field: &'static str| {
            records
                .iter()
                .filter_map(move |record| record[field].as_str())
        };
        let mut kept = words_of_kind();
        for place in texts("territory")
            .chain(texts("region"))
            .chain(["Hauts-de-France"])
        {
            kept.extend(words(place).into_iter().map(|word| folded(&place[word])));
        }
        let names: Vec<Vec<String>> = texts("name")
            .map(|name| {
                words(name)
                    .into_iter()
                    .map(|word| folded(&name[word]))
                    .collect()
            })
            .collect();
        // What the document also writes without a capital is an ordinary word, which is renamed within the whole name only.
        let prose: BTreeSet<String> = [
            "description",
            "project",
            "public",
            "results",
            "needs",
            "partners_text",
        ]
        .into_iter()
        .flat_map(|field| {
            texts(field).flat_map(|text| words(text).into_iter().map(move |word| &text[word]))
        })
        .chain(
            gold["facts"]
                .as_object()
                .into_iter()
                .flat_map(Map::values)
                .filter_map(Value::as_str)
                .flat_map(|text| words(text).into_iter().map(move |word| &text[word])),
        )
        .filter(|word| word.chars().all(char::is_lowercase))
        .map(folded)
        .collect();
        let proper = names
            .iter()
            .flatten()
            .filter(|word| {
                word.chars().count() >= 4 && !kept.contains(*word) && !prose.contains(*word)
            })
            .cloned()
            .collect();
        Self {
            names,
            proper,
            kept,
        }
    }

    fn apply(&self, text: &str) -> String {
        let words = words(text);
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        let mut next = 0;
        while let Some(word) = words.get(next) {
            let length = self.longest_name(text, words.get(next..).unwrap_or_default());
            let alone = usize::from(self.proper.contains(&folded(&text[word.clone()])));
            for word in words.iter().skip(next).take(length.max(alone)) {
                out.push_str(&text[copied..word.start]);
                out.push_str(&self.renamed(&text[word.clone()]));
                copied = word.end;
            }
            next += length.max(1);
        }
        out.push_str(&text[copied..]);
        out
    }

    fn apply_to(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.apply(text).into(),
            Value::Array(items) => items.iter().map(|item| self.apply_to(item)).collect(),
            Value::Object(parts) => parts
                .iter()
                .map(|(key, part)| {
                    // Official names of places and audiences are not the document's words.
                    let renamed = if parts.contains_key("code") && key != "text" {
                        part.clone()
                    } else {
                        self.apply_to(part)
                    };
                    (self.apply(key), renamed)
                })
                .collect(),
            other => other.clone(),
        }
    }

    /// How many words from here on are a name; 0 when none is.
    fn longest_name(&self, text: &str, words: &[Range<usize>]) -> usize {
        self.names
            .iter()
            .filter(|name| name.len() <= words.len())
            .filter(|name| {
                let alike = name.iter().zip(words).all(|(name, word)| *name == folded(&text[word.clone()]));
                let starts = words.first().is_some_and(|word| text[word.clone()].starts_with(char::is_uppercase));
                let joined = words
                    .windows(2)
                    .take(name.len() - 1)
                    .all(|pair| matches!(pair, [a, b] if !text[a.end..b.start].contains(['.', ':', ';', '!', '?'])));
                alike && starts && joined
            })
            .map(Vec::len)
            .max()
            .unwrap_or(0)
    }

    fn renamed(&self, word: &str) -> String {
        // An acronym stays beside what it stands for, whose initials stay.
        let is_acronym = self.names.iter().any(|name| {
            let initials: String = name.iter().filter_map(|part| part.chars().next()).collect();
            word.chars().count() >= 3
                && word.chars().all(char::is_uppercase)
                && is_drawn_from(&folded(word), &initials)
        });
        if is_acronym || word.chars().count() < 3 || self.kept.contains(&folded(word)) {
            return word.to_owned();
        }
        word.chars()
            .enumerate()
            .map(|(place, c)| if place == 0 { c } else { moved(c) })
            .collect()
    }
}

/// Whether the letters of an acronym stand in this order among the initials.
fn is_drawn_from(acronym: &str, initials: &str) -> bool {
    let mut rest = initials.chars();
    acronym.chars().all(|c| rest.any(|other| other == c))
}

/// The next vowel, or the next consonant, in the same case.
fn moved(c: char) -> char {
    let base = folded(&c.to_string()).chars().next().unwrap_or(c);
    let next = ["aeiou", "bcdfghjklmnpqrstvwxz"]
        .into_iter()
        .find_map(|row| {
            let place = row.chars().position(|other| other == base)?;
            row.chars().cycle().nth(place + 1)
        });
    match next {
        Some(next) if c.is_uppercase() => next.to_ascii_uppercase(),
        Some(next) => next,
        None => c,
    }
}

/// Byte ranges of the words of a text or of an HTML page; tags, entities and addresses separate them.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let (mut in_tag, mut in_entity) = (false, false);
    let names_a_site = |run: &str| run.contains("://") || run.contains("www.") || run.contains('@');
    let mut in_address = names_a_site(text.split(char::is_whitespace).next().unwrap_or_default());
    let mut start = None;
    for (place, c) in text.char_indices() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            '&' => {
                in_entity = text[place..].chars().take(9).any(|c| c == ';')
                    && !text[place + 1..].starts_with(' ');
            }
            ';' => in_entity = false,
            _ => {}
        }
        if c.is_whitespace() || matches!(c, '<' | '>' | '"') {
            let rest = &text[place + c.len_utf8()..];
            let run = &rest[..rest
                .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
                .unwrap_or(rest.len())];
            in_address = names_a_site(run);
        }
        if c.is_alphabetic() && !in_tag && !in_entity && !in_address {
            start.get_or_insert(place);
        } else if let Some(start) = start.take() {
            ranges.push(start..place);
        }
    }
    if let Some(start) = start {
        ranges.push(start..text.len());
    }
    ranges
}

/// Without case and accents, the few that French has.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' => folded.push('i'),
            'ô' | 'ö' => folded.push('o'),
            'ù' | 'û' | 'ü' => folded.push('u'),
            'ç' => folded.push('c'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            c => folded.push(c),
        }
    }
    folded
}

/// The words that say what kind of body, project or call something is, and those of grammar.
fn words_of_kind() -> BTreeSet<String> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/vocabulary.toml");
    let text = fs::read_to_string(data).expect("the vocabulary is in the repository");
    let vocabulary: toml::Table = text.parse().expect("the vocabulary is TOML");
    let mut kept: BTreeSet<String> = [
        "les", "des", "une", "dans", "pour", "par", "sur", "avec", "chez", "aux", "la", "le", "de",
        "du", "et", "en",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    for entry in vocabulary
        .values()
        .filter_map(toml::Value::as_array)
        .flatten()
        .filter_map(toml::Value::as_str)
    {
        kept.extend(words(entry).into_iter().map(|word| folded(&entry[word])));
    }
    kept
}

#[test]
fn the_map_keeps_what_it_should() {
    let renaming = Renaming {
        names: vec![
            [
                "agence",
                "pour",
                "l",
                "education",
                "par",
                "le",
                "sport",
                "apels",
            ]
            .map(str::to_owned)
            .to_vec(),
        ],
        proper: ["chenelet".to_owned()].into(),
        kept: ["agence", "pour", "par"].map(str::to_owned).into(),
    };
    assert_eq!(
        renaming.apply("L’AGENCE POUR L’ÉDUCATION PAR LE SPORT (APELS) et le Chênelet, du sport"),
        "L’AGENCE POUR L’ÉFADEVOUP PAR LE SQUSV (APELS) et le Cjipimiv, du sport"
    );
    assert_eq!(
        renaming.apply("<p class=\"chenelet\">Chenelet&nbsp;!</p>"),
        "<p class=\"chenelet\">Cjipimiv&nbsp;!</p>"
    );
}
