//! Lines of an entry in; its testimonials out: what is said, who says it, the age of the person.

use std::ops::Range;

use super::words::fold;
use crate::model::text::Text;

/// A testimonial among the lines of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundQuote {
    /// The lines it takes, attribution included.
    pub lines: Range<usize>,
    /// What is said, without guillemets around all of it; lines joined by a space.
    pub text: Text,
    /// Who speaks, with the quality that follows the name.
    pub author: Option<Text>,
    /// Age of the person, in years.
    pub age: Option<u32>,
}

/// Who speaks: a line such as « Inès, 19 ans », « — Marc Petit, bénéficiaire ».
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The name, and what follows it where no age stands between.
    pub author: Text,
    /// Age in years.
    pub age: Option<u32>,
}

/// An attribution has a name, an age and a quality, not a sentence.
const ATTRIBUTION_WORDS: usize = 12;
/// Words of a person's name, « Marie-Thérèse de la Tour » included.
const NAME_WORDS: usize = 5;
/// Youngest and oldest age that a person speaks at.
const AGES: std::ops::RangeInclusive<u32> = 3..=110;
/// A testimonial seldom has more paragraphs than this; further ones are the description.
const QUOTE_LINES: usize = 8;

/// The testimonials among the lines, in order. A line belongs to one when it stands before an attribution and is in the first person or
/// between guillemets.
pub fn find(lines: &[Text]) -> Vec<FoundQuote> {
    let mut found: Vec<FoundQuote> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let taken = found.last().map_or(0, |quote| quote.lines.end);
        if let Some(quote) = inline(line, number) {
            found.push(quote);
            continue;
        }
        let Some(attribution) = attribution(line) else {
            continue;
        };
        let first = first_line(lines, taken, number);
        if first == number {
            continue;
        }
        let mut text = Text::new();
        for part in lines.get(first..number).unwrap_or(&[]) {
            text.append(&part.trim(), crate::model::evidence::Join::Space);
        }
        found.push(FoundQuote {
            lines: first..number + 1,
            text: without_guillemets(&text),
            author: Some(attribution.author),
            age: attribution.age,
        });
    }
    found
}

/// The first of the lines before `end` that the speaker says.
fn first_line(lines: &[Text], taken: usize, end: usize) -> usize {
    let lowest = taken.max(end.saturating_sub(QUOTE_LINES));
    let is_open = |number: usize| {
        lines
            .get(number)
            .is_some_and(|line| line.as_str().trim_start().starts_with(['«', '“', '"']))
    };
    let is_closed = end > 0
        && lines
            .get(end - 1)
            .is_some_and(|line| line.as_str().trim_end().ends_with(['»', '”', '"']));
    if is_closed && let Some(open) = (lowest..end).rev().find(|&number| is_open(number)) {
        return open;
    }
    let mut first = end;
    while first > lowest
        && lines
            .get(first - 1)
            .is_some_and(|line| is_first_person(line.as_str()))
    {
        first -= 1;
    }
    first
}

/// « What is said » Name, 19 ans: all in one line.
fn inline(line: &Text, number: usize) -> Option<FoundQuote> {
    let string = line.as_str();
    if !string.trim_start().starts_with(['«', '“']) {
        return None;
    }
    let close = string.rfind(['»', '”'])?;
    let behind = close + string.get(close..)?.chars().next()?.len_utf8();
    let attribution = attribution(&line.slice(behind..string.len()).trim())?;
    Some(FoundQuote {
        lines: number..number + 1,
        text: without_guillemets(&line.slice(0..behind).trim()),
        author: Some(attribution.author),
        age: attribution.age,
    })
}

/// Who speaks, if the line says only that: a name with an age, or with a dash in front, or with a quality behind a comma in brackets.
pub fn attribution(line: &Text) -> Option<Attribution> {
    let line = line.trim();
    let string = line.as_str();
    if string.split_whitespace().count() > ATTRIBUTION_WORDS {
        return None;
    }
    let dash = string.len()
        - string
            .trim_start_matches(['—', '–', '-', ' ', '(', '―', ','])
            .len();
    let body = string.get(dash..)?.trim_end_matches(['.', ')', ' ', ',']);
    let name_end = body.find([',', '(', ':']).unwrap_or_else(|| {
        // « Inès 19 ans »: the name ends where the digits start.
        body.find(|c: char| c.is_ascii_digit())
            .unwrap_or(body.len())
    });
    let name = body.get(..name_end)?.trim_end();
    if !is_person_name(name) {
        return None;
    }
    let behind = body.get(name_end..)?;
    let age = age_in(behind);
    let quality = behind.trim_start_matches([',', ' ', '(', ':']);
    if age.is_none() && dash == 0 {
        return None;
    }
    let end = if age.is_none() && !quality.is_empty() && behind.starts_with(',') {
        dash + body.len()
    } else {
        dash + name.len()
    };
    Some(Attribution {
        author: line.slice(dash..end),
        age,
    })
}

/// One to five words, each capitalised but for the small ones of a name; no digit, no sentence.
fn is_person_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_name_word = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            || matches!(
                *word,
                "de" | "du" | "la" | "le" | "des" | "et" | "d'" | "von" | "van" | "el" | "ben"
            )
    };
    !words.is_empty()
        && words.len() <= NAME_WORDS
        && words
            .first()
            .is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase))
        && words.iter().all(is_name_word)
        && !name.contains(|c: char| c.is_ascii_digit() || matches!(c, '!' | '?' | '«' | '»'))
}

/// The number before « ans » that opens the text.
fn age_in(text: &str) -> Option<u32> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = text.get(start..)?;
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let behind = fold(digits.get(length..)?);
    let age: u32 = digits.get(..length)?.parse().ok()?;
    let behind = behind.trim_start();
    let is_age = behind
        .strip_prefix("ans")
        .or_else(|| behind.strip_prefix("years old"))
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) && !rest.starts_with(" d'"));
    (is_age && AGES.contains(&age)).then_some(age)
}

/// Whether someone speaks of themselves: « je », « j'ai », « m'a », « mon », « nous »…
pub fn is_first_person(text: &str) -> bool {
    let folded = fold(text);
    folded
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .any(|word| {
            matches!(
                word,
                "je" | "moi" | "mon" | "ma" | "mes" | "me" | "nous" | "notre" | "nos"
            ) || word.starts_with("j'")
                || word.starts_with("m'")
        })
}

/// Without quotation marks that enclose all of it.
fn without_guillemets(text: &Text) -> Text {
    let string = text.as_str();
    for (open, close) in [('«', '»'), ('“', '”'), ('"', '"')] {
        if let Some(inner) = string
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            && !inner.contains(open)
        {
            return text
                .slice(open.len_utf8()..open.len_utf8() + inner.len())
                .trim();
        }
    }
    text.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Source, Style};

    fn text(string: &str) -> Text {
        let mut text = Text::new();
        let source = Source::Exact {
            start: 0,
            line: 1,
            node: None,
        };
        text.push(string, source, Style::default());
        text
    }

    #[track_caller]
    fn check(lines: &[&str], expected: &[(&str, &str, Option<u32>, Range<usize>)]) {
        let lines: Vec<Text> = lines.iter().map(|line| text(line)).collect();
        let found = find(&lines);
        let found: Vec<_> = found
            .iter()
            .map(|quote| {
                let author = quote.author.as_ref().map_or("", Text::as_str);
                (quote.text.as_str(), author, quote.age, quote.lines.clone())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn first_person_lines_before_a_name_and_age() {
        check(
            &[
                "Le club forme des jeunes.",
                "J’ai repris confiance.",
                "On m’a écoutée.",
                "Inès, 19 ans",
            ],
            &[(
                "J’ai repris confiance. On m’a écoutée.",
                "Inès",
                Some(19),
                1..4,
            )],
        );
    }

    #[test]
    fn guillemets_and_dashes() {
        check(
            &["« C'est une chance »", "— Marc Petit, bénéficiaire"],
            &[("C'est une chance", "Marc Petit, bénéficiaire", None, 0..2)],
        );
        check(
            &[
                "« C'est une chance », Zoé (34 ans)",
                "« Oui » – Ali, 20 ans, salarié",
            ],
            &[
                ("C'est une chance", "Zoé", Some(34), 0..1),
                ("Oui", "Ali", Some(20), 1..2),
            ],
        );
    }

    #[test]
    fn what_is_no_testimonial() {
        check(
            &["Le club forme des jeunes.", "Paris, 19 ans d'action"],
            &[],
        );
        check(&["Jeunes de 16 à 25 ans", "Lille, Roubaix"], &[]);
        check(&["Inès, 19 ans"], &[]);
    }
}
