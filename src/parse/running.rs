//! Running headers and folios of texts that keep their page breaks (form feeds). In: lines; out: which of them only run along.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Lines at the top and bottom of a page that can run along.
const EDGE: usize = 2;

/// Where the lines begin that stand at the edge of pages, apart from the text, and are alike but for their figures; the first of them, which can be the
/// title, aside. Numbers alone at an edge are folios.
pub(super) fn running_lines(text: &str, lines: &[Range<usize>]) -> HashSet<usize> {
    let string = |line: &Range<usize>| text.get(line.clone()).unwrap_or_default();
    let mut running = HashSet::new();
    if !text.contains('\u{c}') {
        return running;
    }
    let mut alike: HashMap<String, Vec<usize>> = HashMap::new();
    let pages: Vec<&[Range<usize>]> = pages(text, lines);
    for page in &pages {
        for line in edges(text, page) {
            let key = without_figures(string(line));
            if is_folio(string(line), &key) {
                running.insert(line.start);
            } else if !key.is_empty() {
                alike.entry(key).or_default().push(line.start);
            }
        }
    }
    for starts in alike.into_values() {
        if starts.len() > 1 && starts.len() * 2 >= pages.len() {
            running.extend(starts.into_iter().skip(1));
        }
    }
    running
}

/// The lines of each page that has some.
fn pages<'l>(text: &str, lines: &'l [Range<usize>]) -> Vec<&'l [Range<usize>]> {
    let breaks = |line: &Range<usize>| {
        text.get(line.clone())
            .is_some_and(|line| line.starts_with('\u{c}'))
    };
    lines
        .chunk_by(|_, next| !breaks(next))
        .filter(|page| page.iter().any(|line| !is_empty(text, line)))
        .collect()
}

/// The lines at the top and bottom of a page that a blank line parts from its text.
fn edges<'l>(text: &str, page: &'l [Range<usize>]) -> Vec<&'l Range<usize>> {
    let from = |lines: &mut dyn Iterator<Item = &'l Range<usize>>| -> Vec<&'l Range<usize>> {
        let found: Vec<_> = lines
            .skip_while(|line| is_empty(text, line))
            .take_while(|line| !is_empty(text, line))
            .take(EDGE + 1)
            .collect();
        if found.len() > EDGE {
            Vec::new()
        } else {
            found
        }
    };
    let mut edges = from(&mut page.iter());
    edges.extend(from(&mut page.iter().rev()));
    edges.dedup();
    edges
}

fn is_empty(text: &str, line: &Range<usize>) -> bool {
    text.get(line.clone())
        .is_none_or(|line| line.trim().is_empty())
}

/// The words of a line, without those of a folio.
fn without_figures(line: &str) -> String {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| {
            !word.is_empty() && !matches!(word.to_lowercase().as_str(), "page" | "p" | "sur")
        })
        .collect();
    words.join(" ")
}

/// Whether a line without words is a page's number: « - 12 - », « Page 3 / 8 ».
fn is_folio(line: &str, words: &str) -> bool {
    /// Pages have numbers of so many digits, twice where they are counted as well.
    const MOST_DIGITS: usize = 8;
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let bare = line
        .chars()
        .all(|c| c.is_alphanumeric() || c.is_whitespace() || "-–—/|.·".contains(c));
    words.is_empty() && bare && (1..=MOST_DIGITS).contains(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut start = 0;
        let lines: Vec<Range<usize>> = text
            .split('\n')
            .map(|line| {
                let range = start..start + line.len();
                start = range.end + 1;
                range
            })
            .collect();
        let running = running_lines(text, &lines);
        let found: Vec<&str> = lines
            .iter()
            .filter(|line| running.contains(&line.start))
            .map(|line| text[line.clone()].trim())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn headers_and_folios_run_along() {
        check(
            "Recueil 2022\n\nUn texte.\n\n1\n\u{c}Recueil 2022\n\nUn autre.\n\n2\n\u{c}Recueil 2022\n\nLe dernier.\n\n3\n",
            &["1", "Recueil 2022", "2", "Recueil 2022", "3"],
        );
    }

    #[test]
    fn labels_over_their_value_and_texts_without_pages_stay() {
        check(
            "Porteur\nLe Toit\nLieu\n\u{c}Porteur\nLa Halle\nLieu\n",
            &[],
        );
        check("Recueil\n\nUn texte.\n\nRecueil\n\n1\n", &[]);
    }
}
