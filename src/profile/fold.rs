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

/// Lower case, no accents, `'` and `-` for their typographic variants, no quotation marks, single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut space = false;
    for character in text.chars() {
        let character = match character {
            // Nearly all of any text.
            'a'..='z' | '0'..='9' => {
                if std::mem::take(&mut space) && !folded.is_empty() {
                    folded.push(' ');
                }
                folded.push(character);
                continue;
            }
            ' ' => {
                space = true;
                continue;
            }
            '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
            '–' | '—' | '‐' | '‑' | '−' => '-',
            '«' | '»' | '“' | '”' | '„' | '"' | '\u{ad}' | '\u{200b}' => continue,
            c if c.is_whitespace() => {
                space = true;
                continue;
            }
            c => c,
        };
        plain(character, |c| {
            if std::mem::take(&mut space) && !folded.is_empty() {
                folded.push(' ');
            }
            folded.push(c);
        });
    }
    folded
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
    fn plurals_are_one_with_their_singular() {
        assert_eq!(
            stem(&fold("Partenariats mobilisés")),
            stem(&fold("partenariat mobilisé"))
        );
        assert_eq!(stem("les bus"), "les bus");
    }
}
