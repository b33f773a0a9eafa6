//! Text in, words out: lower case, without accents, ligatures, punctuation and elisions, so that spellings of one word compare equal. No
//! knowledge of what the words mean.

use crate::profile::fold::plain;

/// Words of a text, one string with their bounds, reused from text to text.
#[derive(Debug, Default)]
pub(super) struct Words {
    buffer: String,
    bounds: Vec<Word>,
    letters: Vec<Letter>,
    /// Words behind which a dash between spaces or a colon stands.
    parted: Vec<usize>,
}

/// Where a word stands in the buffer, and how it was written.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    /// Between parentheses.
    bracketed: bool,
    /// Written in capitals only.
    capitals: bool,
}

#[derive(Clone, Copy, Debug)]
struct Letter {
    start: usize,
    /// A full stop parts it from the single letter before it, as in an acronym.
    dotted: bool,
}

/// A word as the caller sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FoldedWord<'a> {
    /// Folded text.
    pub(super) text: &'a str,
    /// Stands between parentheses.
    pub(super) bracketed: bool,
    /// Written in capitals only.
    pub(super) capitals: bool,
}

/// Parts before an apostrophe that are elided words of their own; any other apostrophe stands inside one word (`Maj'yc`).
const ELISIONS: [&str; 18] = [
    "l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu",
    "presqu", "aujourd", "entr", "o",
];

impl Words {
    /// Splits a text; what was held before is gone.
    pub(super) fn split(&mut self, text: &str) {
        self.buffer.clear();
        self.bounds.clear();
        self.letters.clear();
        self.parted.clear();
        let mut depth = 0_u32;
        let mut word: Option<Word> = None;
        let mut dotted = false;
        let mut after_space = false;
        for character in text.chars() {
            let before = self.buffer.len();
            let spaced = std::mem::replace(&mut after_space, character == ' ');
            let kind = fold_into(character, &mut self.buffer);
            match kind {
                Kind::Word => {
                    let upper = !character.is_lowercase();
                    match &mut word {
                        Some(open) => {
                            open.end = self.buffer.len();
                            open.capitals &= upper;
                        }
                        None => {
                            word = Some(Word {
                                start: before,
                                end: self.buffer.len(),
                                bracketed: depth > 0,
                                capitals: upper && character.is_alphabetic(),
                            });
                        }
                    }
                }
                Kind::Mark => {}
                Kind::Apostrophe => {
                    let elided = word.is_some_and(|open| {
                        self.buffer
                            .get(open.start..open.end)
                            .is_none_or(|text| ELISIONS.contains(&text))
                    });
                    if elided {
                        self.close(&mut word, dotted);
                        dotted = false;
                    }
                }
                Kind::Separator => {
                    self.close(&mut word, dotted);
                    dotted = character == '.';
                    let dash = matches!(character, '-' | '–' | '—') && spaced;
                    if (dash || character == ':')
                        && let Some(last) = self.bounds.last()
                    {
                        self.parted.push(last.start);
                    }
                    match character {
                        '(' | '[' => depth += 1,
                        ')' | ']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
            }
        }
        self.close(&mut word, dotted);
        self.join_letters();
    }

    /// The words, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = FoldedWord<'_>> {
        self.bounds.iter().filter_map(|word| {
            Some(FoldedWord {
                text: self.buffer.get(word.start..word.end)?,
                bracketed: word.bracketed,
                capitals: word.capitals,
            })
        })
    }

    /// Does a dash or a colon part the word at this place from what follows?
    pub(super) fn is_parted(&self, at: usize) -> bool {
        let word = self.bounds.get(at);
        word.is_some_and(|word| {
            self.parted
                .iter()
                .any(|parted| (word.start..word.end).contains(parted))
        })
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// The words of a text, one space between.
    pub(super) fn folded(&mut self, text: &str) -> String {
        self.split(text);
        let mut folded = String::with_capacity(text.len());
        for word in self.iter() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word.text);
        }
        folded
    }

    fn close(&mut self, word: &mut Option<Word>, dotted: bool) {
        let Some(word) = word.take() else { return };
        if word.end - word.start == 1 {
            self.letters.push(Letter {
                start: word.start,
                dotted,
            });
        }
        self.bounds.push(word);
    }

    /// `R.A.D.A.R` and `A.I .D.E.` are one word: single letters that full stops part. They lie next to each other in the buffer.
    fn join_letters(&mut self) {
        if !self.letters.iter().any(|letter| letter.dotted) {
            return;
        }
        let mut joined: Vec<Word> = Vec::with_capacity(self.bounds.len());
        for word in &self.bounds {
            // Letters are in the order in which they stand.
            let letter = self
                .letters
                .binary_search_by_key(&word.start, |letter| letter.start);
            let letter = letter.ok().and_then(|at| self.letters.get(at));
            let dotted = letter.is_some_and(|letter| letter.dotted);
            match joined.last_mut() {
                Some(last) if dotted && last.end == word.start && last.capitals => {
                    last.end = word.end;
                }
                _ => joined.push(*word),
            }
        }
        self.bounds = joined;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// A combining accent: part of the letter before it.
    Mark,
    Apostrophe,
    Separator,
}

/// Appends the folded character where it belongs to a word.
fn fold_into(character: char, buffer: &mut String) -> Kind {
    if character.is_ascii() {
        return match character {
            'a'..='z' | '0'..='9' => {
                buffer.push(character);
                Kind::Word
            }
            'A'..='Z' => {
                buffer.push(character.to_ascii_lowercase());
                Kind::Word
            }
            '\'' | '`' => Kind::Apostrophe,
            _ => Kind::Separator,
        };
    }
    match character {
        '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' => Kind::Mark,
        '’' | '‘' | 'ʼ' | '´' | '′' => Kind::Apostrophe,
        other if other.is_alphanumeric() => {
            plain(other, |c| buffer.push(c));
            Kind::Word
        }
        _ => Kind::Separator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut words = Words::default();
        words.split(text);
        let found: Vec<&str> = words.iter().map(|word| word.text).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        check(
            "L’ÉCOLE des Cœurs – Ve\u{301}lo & ﬁls",
            &["l", "ecole", "des", "coeurs", "velo", "fils"],
        );
        check("Villeneuve-d'Ascq", &["villeneuve", "d", "ascq"]);
        check("", &[]);
    }

    #[test]
    fn apostrophes_inside_a_word_stay_inside() {
        check("MAJ'YC, Pluri'elles", &["majyc", "plurielles"]);
        check("jusqu'à l'été", &["jusqu", "a", "l", "ete"]);
    }

    #[test]
    fn letters_parted_by_full_stops_are_one_word() {
        check("R.A.D.A.R", &["radar"]);
        check("A.I .D.E. demain", &["aide", "demain"]);
        check("Vitamine T. D'abord", &["vitamine", "t", "d", "abord"]);
    }

    #[test]
    fn words_know_brackets_and_capitals() {
        let mut words = Words::default();
        words.split("Agence (APELS)");
        let found: Vec<_> = words.iter().collect();
        assert!(!found[0].bracketed && found[1].bracketed && found[1].capitals);
    }
}
