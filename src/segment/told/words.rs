//! The words of data/told.toml, read once.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;

/// The words of data/told.toml.
pub(in crate::segment) struct Words {
    pub given: Vec<(Automaton, Vec<String>)>,
    pub honoured: Automaton,
    pub receiving: Automaton,
    pub participles: Automaton,
    pub leads: Automaton,
    pub ends: Automaton,
    pub intros: Automaton,
    pub classified: Automaton,
    pub prizes: Automaton,
    pub ordinals: Automaton,
    pub votes: Automaton,
    pub apart: Automaton,
    /// With the space behind, in both cases.
    pub articles: Vec<String>,
    pub conjunctions: Vec<String>,
    /// The same between two others, a space on both sides.
    pub joiners: Vec<String>,
    /// With the space behind.
    pub categories: Vec<String>,
    pub places: Vec<String>,
    pub auxiliaries: Vec<String>,
    pub purposes: Vec<String>,
    /// With the space behind.
    pub efforts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::segment) struct File {
    pub given: Vec<Given>,
    honoured: Verbs,
    receiving: Verbs,
    participles: Phrases,
    leads: Phrases,
    ends: Phrases,
    intros: Phrases,
    classified: Phrases,
    prizes: Phrases,
    ordinals: Phrases,
    votes: Phrases,
    apart: Phrases,
    articles: Phrases,
    conjunctions: Phrases,
    categories: Phrases,
    places: Phrases,
    auxiliaries: Phrases,
    purposes: Phrases,
    efforts: Phrases,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::segment) struct Given {
    verbs: Vec<String>,
    to: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::segment) struct Verbs {
    verbs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::segment) struct Phrases {
    words: Vec<String>,
}

pub(in crate::segment) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../../data/told.toml"))
        .expect("data/told.toml is checked by the tests");
    Words {
        given: file
            .given
            .into_iter()
            .map(|given| (automaton(&given.verbs), both_apostrophes(&given.to)))
            .collect(),
        honoured: automaton(&file.honoured.verbs),
        receiving: automaton(&file.receiving.verbs),
        participles: automaton(&file.participles.words),
        leads: automaton(&file.leads.words),
        ends: automaton(&file.ends.words),
        intros: automaton(&file.intros.words),
        classified: automaton(&file.classified.words),
        prizes: automaton(&file.prizes.words),
        ordinals: automaton(&file.ordinals.words),
        votes: automaton(&file.votes.words),
        apart: automaton(&file.apart.words),
        articles: both_cases(both_apostrophes(&file.articles.words)),
        joiners: (file.conjunctions.words.iter())
            .map(|words| format!(" {words} "))
            .collect(),
        categories: spaced(&file.categories.words),
        conjunctions: both_cases(spaced(&file.conjunctions.words)),
        places: spaced(&file.places.words),
        auxiliaries: file.auxiliaries.words,
        purposes: spaced(&file.purposes.words),
        efforts: spaced(&file.efforts.words),
    }
});

pub(in crate::segment) fn both_apostrophes(words: &[String]) -> Vec<String> {
    words
        .iter()
        .flat_map(|words| [words.clone(), words.replace('\'', "’")])
        .collect()
}

/// Words with the space that parts them from the next, unless an apostrophe does.
fn spaced(words: &[String]) -> Vec<String> {
    both_apostrophes(words)
        .into_iter()
        .map(|words| {
            if words.ends_with(['\'', '’']) {
                words
            } else {
                format!("{words} ")
            }
        })
        .collect()
}

/// Words as they are, and with a capital first; the longest first.
fn both_cases(words: Vec<String>) -> Vec<String> {
    let capitals: Vec<String> = words
        .iter()
        .filter_map(|words| {
            let first = words.chars().next()?;
            Some(format!(
                "{}{}",
                first.to_uppercase(),
                words.get(first.len_utf8()..)?
            ))
        })
        .collect();
    let mut all: Vec<String> = words.into_iter().chain(capitals).collect();
    all.sort_by_key(|words| std::cmp::Reverse(words.len()));
    all
}

/// Words that are looked for all at once, from when they are first needed: most documents need few of the lists.
pub(in crate::segment) struct Automaton {
    words: Vec<String>,
    built: OnceLock<AhoCorasick>,
}

impl Automaton {
    fn get(&self) -> &AhoCorasick {
        // A table of all transitions would cost more than it saves: each list is looked for in few sentences.
        let build = || {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(&self.words)
                .expect("the word lists are small")
        };
        self.built.get_or_init(build)
    }
}

fn automaton(words: &[String]) -> Automaton {
    Automaton {
        words: both_apostrophes(words),
        built: OnceLock::new(),
    }
}

/// A text in small letters, byte for byte; letters whose other case is of another width stay.
pub(in crate::segment) fn lower(string: &str) -> String {
    string
        .chars()
        .map(|c| {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
                _ => c,
            }
        })
        .collect()
}

/// Whole words that one of the lists has, in a text in small letters.
pub(in crate::segment) fn found<'a>(
    words: &'a Automaton,
    lower: &'a str,
) -> impl Iterator<Item = Range<usize>> + 'a {
    words.get().find_iter(lower).filter_map(move |hit| {
        let bound = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let before = lower.get(..hit.start())?.chars().next_back();
        let after = lower.get(hit.end()..)?.chars().next();
        let open = lower.get(hit.range())?.ends_with(['\'', '’']);
        (bound(before) && (open || bound(after))).then(|| hit.range())
    })
}

pub(in crate::segment) fn begins(words: &Automaton, text: &str) -> bool {
    let lower = lower(text.get(..text.floor_char_boundary(40)).unwrap_or(text));
    found(words, &lower)
        .next()
        .is_some_and(|hit| hit.start == 0)
}

/// Whether a text begins with words by which sentences begin that name nobody there: « Pour », « Parmi les projets ».
pub(crate) fn leads(text: &str) -> bool {
    begins(&WORDS.intros, text)
}

/// Where a sentence goes on about somebody else: at words that say so, and at a semicolon or « et » behind which another prize is given.
pub(in crate::segment) fn turns(string: &str) -> Vec<Range<usize>> {
    let small = lower(string);
    let mut turns: Vec<Range<usize>> = found(&WORDS.apart, &small).collect();
    let marks = std::iter::once("; ").chain(WORDS.joiners.iter().map(String::as_str));
    turns.extend(marks.flat_map(|mark| {
        string.match_indices(mark).filter_map(|(at, _)| {
            let rest = string.get(at + mark.len()..)?;
            gives_prize(rest).then_some(at..at + mark.len())
        })
    }));
    turns.sort_by_key(|turn| turn.start);
    turns
}

/// « le coup de cœur du jury est allé à … »: an article, a prize, and soon a verb by which it is given.
fn gives_prize(text: &str) -> bool {
    const NEAR: usize = 80;
    let (bare, is_articled) = super::names::without_article(text);
    let near = bare.get(..bare.floor_char_boundary(NEAR)).unwrap_or(bare);
    let small = lower(near.split([',', ';', '.']).next().unwrap_or_default());
    let verbs = (WORDS.given.iter().map(|(verbs, _)| verbs)).chain([&WORDS.honoured]);
    is_articled
        && begins(&WORDS.prizes, bare)
        && verbs
            .into_iter()
            .any(|verbs| found(verbs, &small).next().is_some())
}

/// Words in front of which a list begins without a colon: where they end.
pub(in crate::segment) fn lead(string: &str) -> Option<usize> {
    found(&WORDS.leads, &lower(string))
        .last()
        .map(|hit| hit.end)
}

/// The words that add the last item of a list, a space on both sides.
pub(in crate::segment) fn joiners() -> &'static [String] {
    &WORDS.joiners
}

/// Whether a folded word adds the last item of a list: « et ».
pub(crate) fn is_joiner(word: &str) -> bool {
    WORDS.joiners.iter().any(|joiner| joiner.trim() == word)
}

/// Whether a text says what a prize is divided into.
pub(in crate::segment) fn has_category(text: &str) -> bool {
    (WORDS.categories.iter()).any(|word| text.contains(word.as_str()))
}

/// Whether the words in front of a list say that it is one of subjects.
pub(in crate::segment) fn is_classified(lead: &str) -> bool {
    let lead = lower(lead);
    let near = lead
        .get(lead.ceil_char_boundary(lead.len().saturating_sub(40))..)
        .unwrap_or_default();
    found(&WORDS.classified, near).next().is_some() && !near.contains(['«', '“'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_on_where_another_prize_is_given() {
        let cut = |text: &'static str| turns(text).first().and_then(|turn| text.get(turn.end..));
        let told = "Le premier prix va à Dole ; le coup de cœur du jury est allé à Pédale douce.";
        assert_eq!(
            cut(told),
            Some("le coup de cœur du jury est allé à Pédale douce.")
        );
        assert_eq!(cut("Un jury et le prix de la viande"), None);
    }
}
