//! Verbs of the third person, before which a name in a sentence ends: « Le Banc public développe … ».

use std::sync::LazyLock;

use super::VOCABULARY;

/// French ones, as found in prose by scripts/learn/verbs.py; ascending.
static VERBS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    include_str!("../../data/verbs.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
});

/// Whether a word is such a verb, or a small word that stands in front of one: « se », « ne ». Names may have it, in capitals.
pub fn is_verb(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
        && (VERBS.binary_search(&word).is_ok() || VOCABULARY.is_verb(word))
}

/// The words of a text, with where they begin; an elided word is one.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    (text.char_indices())
        .filter(|(_, c)| c.is_whitespace() || matches!(c, '\'' | '’'))
        .chain([(text.len(), ' ')])
        .filter_map(move |(at, c)| {
            let end = if c.is_whitespace() {
                at
            } else {
                at + c.len_utf8()
            };
            let word = text.get(start..end).unwrap_or_default();
            let begin = start;
            start = at + c.len_utf8();
            (!word.is_empty()).then_some((begin, word))
        })
}

/// Where the first such verb stands behind a word of a text, outside of parentheses and quotations. A word that is a noun as well is a verb between
/// a word that is no article and an article: « Voix de femmes forme des médiatrices », and not « la forme des nuages ».
pub fn find_verb(text: &str) -> Option<usize> {
    let mut open = 0usize;
    let mut all = words(text).peekable();
    let mut before = "";
    let mut number = 0usize;
    while let Some((at, word)) = all.next() {
        open += word.matches(['(', '[', '«', '“']).count();
        let bare = word.trim_end_matches([',', ';', ':', '.']);
        let next = all.peek().map_or("", |(_, next)| next);
        let is_either = || {
            VOCABULARY.is_noun_or_verb(bare)
                && VOCABULARY.is_determiner(next)
                && !VOCABULARY.is_determiner(&before.to_lowercase())
        };
        if number > 0 && open == 0 && (is_verb(bare) || is_either()) {
            return Some(at);
        }
        open = open.saturating_sub(word.matches([')', ']', '»', '”']).count());
        before = word;
        number += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_ascends() {
        assert!(VERBS.is_sorted());
        assert!(VERBS.len() > 1_000);
    }

    #[test]
    fn a_name_ends_before_its_verb() {
        let name = |text: &'static str| find_verb(text).and_then(|at| text.get(..at));
        assert_eq!(
            name("Le Banc public développe l’entraide"),
            Some("Le Banc public ")
        );
        assert_eq!(name("La Ruche s’installe à Dole"), Some("La Ruche "));
        assert_eq!(
            name("Bays Initiative provides meals"),
            Some("Bays Initiative ")
        );
        assert_eq!(
            name("Voix de femmes forme des médiatrices"),
            Some("Voix de femmes ")
        );
        assert_eq!(name("La forme des nuages"), None);
        assert_eq!(name("Le Jardin (qui développe) de Dole"), None);
        assert_eq!(name("développe l’entraide"), None);
    }
}
