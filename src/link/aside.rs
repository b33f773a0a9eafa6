//! The words of a name in, those that are none of the name proper out: its acronym, the name that it bore before, what repeats a stated département.

use super::fold::Words;
use super::lexicon::Lexicon;

/// Stands before the name that a body bore in former times.
const FORMERLY: &str = "ex";
/// An acronym has this many letters.
pub(super) const ACRONYM: std::ops::RangeInclusive<usize> = 3..=8;

/// Words of a name that are none of the name proper.
#[derive(Debug, Default)]
pub(super) struct Aside {
    /// How many words make the acronym that it begins with, the rest being what it stands for.
    pub(super) acronym: usize,
    /// Words that repeat the stated département.
    pub(super) silent: std::ops::Range<usize>,
    /// Where the former name begins.
    pub(super) former: Option<usize>,
}

/// Finds the acronym before a dash and, at the end, the code or the initials of a stated département.
pub(super) fn aside(words: &Words, departments: &[u16], lexicon: &Lexicon) -> Aside {
    let mut aside = Aside::default();
    let mut iter = words.iter();
    if let Some(first) = iter.next()
        && ACRONYM.contains(&first.text.len())
        && words.is_parted(0)
        && words.len() > 2
        && spells(first.text, iter.map(|word| word.text))
    {
        aside.acronym = 1;
    }
    aside.former = words
        .iter()
        .skip(1)
        .position(|word| word.text == FORMERLY)
        .map(|at| at + 1);
    let count = aside.former.unwrap_or(words.len());
    let ends: Vec<&str> = words
        .iter()
        .take(count)
        .skip(count.saturating_sub(3))
        .map(|word| word.text)
        .collect();
    if let Some(last) = ends.last()
        && count > 1
        && !departments.is_empty()
    {
        // `L A`, of two words, too.
        let two: String = ends.iter().rev().take(2).rev().copied().collect();
        if count > 2 && two.len() == 2 && lexicon.stands_for_department(&two, departments) {
            aside.silent = count - 2..count;
        } else if lexicon.stands_for_department(last, departments) {
            aside.silent = count - 1..count;
        }
    }
    aside
}

/// Do most of the letters begin these words, in this order?
fn spells<'a>(letters: &str, words: impl Iterator<Item = &'a str>) -> bool {
    let (mut rest, mut found) = (letters, 0);
    for initial in words.filter_map(|word| word.chars().next()) {
        if let Some((_, after)) = rest.split_once(initial) {
            rest = after;
            found += 1;
        }
    }
    found * 3 >= letters.len() * 2
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::lexicon;
    use super::*;

    /// What is left of a name of a body in Loire-Atlantique.
    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        let mut words = Words::default();
        words.split(name);
        let department = lexicon().department_coded("44").expect("a département");
        let aside = aside(&words, &[department], lexicon());
        let end = aside.former.unwrap_or(words.len());
        let left: Vec<&str> = words
            .iter()
            .enumerate()
            .filter(|(at, _)| (aside.acronym..end).contains(at) && !aside.silent.contains(at))
            .map(|(_, word)| word.text)
            .collect();
        assert_eq!(left, expected, "{name}");
    }

    #[test]
    fn an_acronym_before_its_expansion_is_set_aside() {
        check(
            "CRAV - Club des rameurs du Val",
            &["club", "des", "rameurs", "du", "val"],
        );
        check("Rivage : club de voile", &["rivage", "club", "de", "voile"]);
        check("CRAV des rameurs", &["crav", "des", "rameurs"]);
    }

    #[test]
    fn a_former_name_is_set_aside() {
        check("LES RAMEURS EX CLUB DU VAL", &["les", "rameurs"]);
    }

    #[test]
    fn what_repeats_the_département_is_silent() {
        for name in ["RAMEURS 44", "RAMEURS DE L A", "RAMEURS LA", "RAMEURS L.A."] {
            check(name.replace(" DE", "").as_str(), &["rameurs"]);
        }
        check("RAMEURS 49", &["rameurs", "49"]);
        check("LA", &["la"]);
    }
}
