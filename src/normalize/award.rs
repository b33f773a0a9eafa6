//! The text of a prize in; its rank and category out.

use crate::profile::fold;

/// Ranks beyond this are numbers of something else.
const LAST_RANK: u32 = 100;

/// Ordinals in words, as far as prizes go.
const ORDINALS: [(&str, u32); 17] = [
    ("premier", 1),
    ("premiere", 1),
    ("deuxieme", 2),
    ("second", 2),
    ("seconde", 2),
    ("troisieme", 3),
    ("quatrieme", 4),
    ("cinquieme", 5),
    ("sixieme", 6),
    ("septieme", 7),
    ("huitieme", 8),
    ("neuvieme", 9),
    ("dixieme", 10),
    ("first", 1),
    ("second", 2),
    ("third", 3),
    ("runner-up", 2),
];

/// The rank that the text opens with, an article aside: « 1er prix », « Deuxième prix ». A prize without a rank (« Grand prix ») has none.
pub(super) fn rank(text: &str) -> Option<u32> {
    let folded = fold(text);
    let first = folded
        .split_whitespace()
        .find(|word| !matches!(*word, "le" | "la" | "the"))?;
    let digits = first.bytes().take_while(u8::is_ascii_digit).count();
    let (number, ending) = first.split_at_checked(digits)?;
    if let Ok(rank) = number.parse::<u32>() {
        let is_ordinal = matches!(
            ending,
            "er" | "ere" | "e" | "eme" | "nd" | "nde" | "st" | "rd" | "th" | "o" | "°"
        );
        return (is_ordinal && (1..=LAST_RANK).contains(&rank)).then_some(rank);
    }
    ORDINALS
        .iter()
        .find(|(word, _)| *word == first)
        .map(|(_, rank)| *rank)
}

/// What stands behind « catégorie » in the text, up to punctuation.
pub(super) fn category(text: &str) -> Option<String> {
    let (place, word) = [
        "catégories",
        "catégorie",
        "Catégories",
        "Catégorie",
        "category",
        "Category",
    ]
    .iter()
    .find_map(|word| text.find(word).map(|place| (place, word)))?;
    let behind = text
        .get(place + word.len()..)?
        .trim_start_matches([' ', ':', '«', '\u{a0}', '“']);
    let end = behind
        .find(['»', '”', ',', ';', '(', ')', '\n'])
        .unwrap_or(behind.len());
    let category = behind.get(..end)?.trim().trim_end_matches('.').trim_end();
    (!category.is_empty()).then(|| category.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected_rank: Option<u32>, expected_category: Option<&str>) {
        assert_eq!(
            (rank(text), category(text).as_deref()),
            (expected_rank, expected_category)
        );
    }

    #[test]
    fn ranks_and_categories() {
        check("1er prix", Some(1), None);
        check(
            "Le 3ème prix, catégorie « Culture »",
            Some(3),
            Some("Culture"),
        );
        check(
            "Premier prix – Catégorie : Sport pour tous",
            Some(1),
            Some("Sport pour tous"),
        );
        check("2nd Prize", Some(2), None);
        check("Grand prix du jury", None, None);
        check("2019, prix de la ville", None, None);
        check("30 000 € de dotation", None, None);
        check("2000 €", None, None);
        check("2 000 € et un accompagnement", None, None);
    }
}
