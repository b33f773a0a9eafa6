//! Numbered lines of which a person picks values, a page at a time; and what an answer means. Not here: asking and printing.

use std::ops::Range;

use palmares::message;
use palmares::message::{Message, verbatim};
use palmares::profile::fold;
use palmares::teach::Printed;

/// Lines that are shown at a time.
const PAGE: usize = 12;

/// A line, and what its number stands for.
pub(super) struct Row {
    text: String,
    value: String,
    page: Option<u32>,
}

impl Row {
    /// A line that stands for something else than all that it says.
    pub(super) fn of(text: String, value: String) -> Self {
        Self {
            text,
            value,
            page: None,
        }
    }
}

impl From<Printed> for Row {
    fn from(printed: Printed) -> Self {
        Self {
            value: printed
                .value
                .unwrap_or_else(|| printed.text.trim().to_owned()),
            text: printed.text,
            page: printed.page,
        }
    }
}

/// What a person answers where lines are shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer<'a> {
    /// The lines that follow.
    More,
    /// The lines before.
    Back,
    /// Lines that say these words.
    Search(&'a str),
    /// There is no such thing.
    Nothing,
    /// How to answer.
    Help,
    /// Numbers of lines, or words.
    Picked(&'a str),
}

impl<'a> Answer<'a> {
    pub(super) fn of(typed: &'a str) -> Self {
        match typed.trim() {
            "" => Self::More,
            "<" => Self::Back,
            "0" => Self::Nothing,
            "?" => Self::Help,
            words => match words.strip_prefix('/') {
                Some(words) => Self::Search(words.trim()),
                None => Self::Picked(words),
            },
        }
    }
}

/// The lines, and which of them are shown.
pub(super) struct Pages {
    rows: Vec<Row>,
    shown: Range<usize>,
}

impl Pages {
    pub(super) fn new(rows: Vec<Row>) -> Self {
        Self { rows, shown: 0..0 }
    }

    /// The page that follows what is shown.
    pub(super) fn more(&mut self) -> Vec<Message> {
        if self.shown.end >= self.rows.len() {
            return vec![message!("there are no more lines; `<` goes back")];
        }
        self.turn_to(self.shown.end)
    }

    /// The page before what is shown.
    pub(super) fn back(&mut self) -> Vec<Message> {
        if self.shown.start == 0 {
            return vec![message!("these are the first lines")];
        }
        self.turn_to(self.shown.start.saturating_sub(PAGE))
    }

    fn turn_to(&mut self, from: usize) -> Vec<Message> {
        self.shown = from..(from + PAGE).min(self.rows.len());
        let mut told = self.told(self.shown.clone());
        told.push(message!(
            "(lines {from} to {to} of {n})",
            from = self.shown.start + 1,
            to = self.shown.end,
            n = self.rows.len()
        ));
        told
    }

    /// The first lines that say these words; the page that follows begins with the first of them.
    pub(super) fn search(&mut self, words: &str) -> Vec<Message> {
        let wanted = bare(words);
        let hits = (0..self.rows.len()).filter(|at| self.says(*at, &wanted));
        let hits: Vec<usize> = hits.collect();
        let Some(first) = hits.first() else {
            return vec![message!("no line says « {words} »", words)];
        };
        self.shown = *first..*first;
        let mut told = self.told(hits.iter().copied().take(PAGE));
        if hits.len() > PAGE {
            told.push(message!("and {n} more", n = hits.len() - PAGE));
        }
        told
    }

    /// Lines with their numbers, and the page of the document where it changes.
    fn told(&self, numbers: impl IntoIterator<Item = usize>) -> Vec<Message> {
        // The rest of a paragraph is no help in telling which it is.
        const LONGEST: usize = 110;
        let (mut told, mut page) = (Vec::new(), None);
        for number in numbers {
            let Some(row) = self.rows.get(number) else {
                continue;
            };
            if let Some(own) = row.page.filter(|_| row.page != page) {
                told.push(message!("page {page}", page = own));
            }
            page = row.page;
            let mut text: String = row.text.chars().take(LONGEST).collect();
            if text.len() < row.text.len() {
                text.push('…');
            }
            let text = super::super::terminal::one_line(&text);
            told.push(verbatim(format!("{:>5}  {text}", number + 1)));
        }
        told
    }

    /// What is picked: all that a number stands for, words of the line of a number, or words of any line.
    pub(super) fn value(&self, picked: &str) -> Result<String, Message> {
        let (first, words) = picked
            .split_once(char::is_whitespace)
            .unwrap_or((picked, ""));
        let number = first.parse::<usize>().ok();
        if let (Some(number), "") = (number, words) {
            return self.row(number).map(|row| row.value.clone());
        }
        let at = number.and_then(|number| number.checked_sub(1));
        if at.is_some_and(|at| self.says(at, &bare(words))) {
            return Ok(words.trim().to_owned());
        }
        let wanted = bare(picked);
        if (0..self.rows.len()).any(|at| self.says(at, &wanted)) {
            return Ok(picked.to_owned());
        }
        match number {
            Some(number) => {
                self.row(number)?;
                Err(message!(
                    "line {number} does not say « {words} »",
                    number,
                    words = words.trim()
                ))
            }
            None => Err(message!("no line says « {words} »", words = picked)),
        }
    }

    /// What each of several numbers stands for, or what one answer picks.
    pub(super) fn values(&self, picked: &str) -> Result<Vec<String>, Message> {
        let numbers: Option<Vec<usize>> = picked
            .split([' ', ',', ';'])
            .filter(|number| !number.is_empty())
            .map(|number| number.parse().ok())
            .collect();
        match numbers {
            Some(numbers) => (numbers.into_iter())
                .map(|number| self.row(number).map(|row| row.value.clone()))
                .collect(),
            None => self.value(picked).map(|value| vec![value]),
        }
    }

    /// The line of a number, from 1.
    fn row(&self, number: usize) -> Result<&Row, Message> {
        let at = number.checked_sub(1);
        at.and_then(|at| self.rows.get(at)).ok_or_else(|| {
            message!(
                "there is no line {number}: the last is {n}",
                number,
                n = self.rows.len()
            )
        })
    }

    fn says(&self, at: usize, wanted: &str) -> bool {
        let row = self.rows.get(at);
        !wanted.is_empty() && row.is_some_and(|row| bare(&row.text).contains(wanted))
    }
}

/// Letters and digits of a text as they are compared.
fn bare(text: &str) -> String {
    let folded = fold(text);
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> Pages {
        let texts = [
            "Les lauréats",
            "Place 1 ~ Le Sabot vert >> Un verger",
            "1901 raisons de lire",
        ];
        let mut rows: Vec<Row> = texts
            .map(|text| Row::of(text.to_owned(), text.to_owned()))
            .into();
        rows.push(Row::of(
            "Porteur : Les Rameurs".to_owned(),
            "Les Rameurs".to_owned(),
        ));
        Pages::new(rows)
    }

    #[track_caller]
    fn check(picked: &str, expected: Result<&str, &str>) {
        let value = pages().value(picked).map_err(|message| message.to_string());
        assert_eq!(value.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn a_number_stands_for_its_line_or_for_the_value_of_its_label() {
        check("1", Ok("Les lauréats"));
        check("4", Ok("Les Rameurs"));
        check("5", Err("there is no line 5: the last is 4"));
        check("0 x", Err("there is no line 0: the last is 4"));
    }

    #[test]
    fn words_are_of_the_line_named_or_of_any() {
        check("2 le sabot  VERT", Ok("le sabot  VERT"));
        check("le sabot vert", Ok("le sabot vert"));
        check("1901 raisons de lire", Ok("1901 raisons de lire"));
        check("1 Un verger", Err("line 1 does not say « Un verger »"));
        check("Une serre", Err("no line says « Une serre »"));
    }

    #[test]
    fn several_numbers_are_several_values() {
        assert_eq!(
            pages().values("1, 4").unwrap(),
            ["Les lauréats", "Les Rameurs"]
        );
        assert!(pages().values("1 9").is_err());
    }

    #[test]
    fn answers_mean_one_thing() {
        for (typed, answer) in [
            ("\n", Answer::More),
            (" < \n", Answer::Back),
            ("/ rue\n", Answer::Search("rue")),
            ("0\n", Answer::Nothing),
            ("?\n", Answer::Help),
            ("12 mots\n", Answer::Picked("12 mots")),
        ] {
            assert_eq!(Answer::of(typed), answer);
        }
    }
}
