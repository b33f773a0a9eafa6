//! One way to compare what people type: without case, accents and typographic variants.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// A character without case and accents, ligatures opened; nothing for an accent that stands alone. The letters of French and its neighbours are
/// looked up, the others are decomposed.
pub(crate) fn plain(character: char, mut push: impl FnMut(char)) {
    let opened = match character {
        'A'..='Z' => return push(character.to_ascii_lowercase()),
        // ASCII, and punctuation and signs: no case, no accent.
        '\0'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '€' => return push(character),
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ł' | 'Ł' => "l",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' | 'ẞ' => "ss",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        _ => {
            for lower in character.to_lowercase() {
                decompose_canonical(lower, |part| {
                    if !is_combining_mark(part) {
                        push(part);
                    }
                });
            }
            return;
        }
    };
    opened.chars().for_each(push);
}

/// Whether a byte is a letter, digit or mark that folds to its small letter by itself.
fn is_single(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'"' && byte != b'`'
}

/// Lower case, no accents, `'` and `-` for their typographic variants, no quotation marks, single spaces.
pub fn fold(text: &str) -> String {
    fold_words(text, usize::MAX)
}

/// The same of so many first words: texts are often looked at no further.
pub(super) fn fold_words(text: &str, count: usize) -> String {
    let mut folded = Words {
        bytes: Vec::with_capacity(text.len()),
        space: false,
        left: count,
    };
    let mut rest = text;
    while folded.left > 0 {
        // Nearly all of any text: runs are copied in one go.
        let run = rest.bytes().take_while(|byte| is_single(*byte)).count();
        let (word, behind) = rest.split_at(run);
        if run > 0 && folded.begin() {
            folded
                .bytes
                .extend(word.bytes().map(|byte| byte.to_ascii_lowercase()));
        }
        let mut characters = behind.chars();
        match characters.next() {
            None => break,
            Some(' ') => folded.space = true,
            Some('’' | '‘' | 'ʼ' | '`' | '´') => folded.push('\''),
            Some('–' | '—' | '‐' | '‑' | '−') => folded.push('-'),
            Some('«' | '»' | '“' | '”' | '„' | '"' | '\u{ad}' | '\u{200b}') => {}
            Some(c) if c.is_whitespace() => folded.space = true,
            Some(c) => plain(c, |c| folded.push(c)),
        }
        rest = characters.as_str();
    }
    String::from_utf8(folded.bytes).expect("characters are encoded whole")
}

/// Folded words, as far as they are written.
struct Words {
    bytes: Vec<u8>,
    /// There was a space since.
    space: bool,
    /// So many words are still wanted, the one that is being written among them.
    left: usize,
}

impl Words {
    /// Begins a word where there was a space; whether more is wanted.
    fn begin(&mut self) -> bool {
        if std::mem::take(&mut self.space) && !self.bytes.is_empty() {
            self.left -= 1;
            if self.left > 0 {
                self.bytes.push(b' ');
            }
        }
        self.left > 0
    }

    fn push(&mut self, character: char) {
        if !self.begin() {
            return;
        }
        let mut buffer = [0; 4];
        let encoded = character.encode_utf8(&mut buffer);
        self.bytes.extend_from_slice(encoded.as_bytes());
    }
}

/// The folded words with their plural endings off, joined by spaces: `Partenariats mobilisés` and `partenariat mobilisé` are one.
pub fn stem(folded: &str) -> String {
    let mut stemmed = String::with_capacity(folded.len());
    for word in folded.split(' ') {
        if !stemmed.is_empty() {
            stemmed.push(' ');
        }
        stemmed.push_str(stem_word(word));
    }
    stemmed
}

/// One folded word with its plural ending off.
pub(super) fn stem_word(word: &str) -> &str {
    // Words of three letters and less (bus, pas, les) end in s of their own right.
    word.strip_suffix(['s', 'x'])
        .filter(|bare| bare.chars().nth(2).is_some())
        .unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text), expected);
    }

    #[test]
    fn case_accents_and_typography_do_not_count() {
        check("  Référent\u{a0}DIRECCTE ", "referent direccte");
        check("L’Œuvre – « été »", "l'oeuvre - ete");
        check("E\u{301}te\u{301} à Šibenik", "ete a sibenik");
    }

    #[test]
    fn first_words_are_folded_as_in_the_whole() {
        assert_eq!(
            fold_words("«\u{a0}L’Œuvre\u{a0}»  de l’ÎLE verte", 2),
            "l'oeuvre de"
        );
        assert_eq!(fold_words("Œuvre", 2), "oeuvre");
        assert_eq!(fold_words("", 2), "");
    }

    #[test]
    fn plurals_are_one_with_their_singular() {
        assert_eq!(
            stem(&fold("Partenariats mobilisés")),
            stem(&fold("partenariat mobilisé"))
        );
        assert_eq!(stem("les bus"), "les bus");
    }
}
