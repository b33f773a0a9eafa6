//! One way to compare what people type: without case, accents and typographic variants.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case, no accents, `'` and `-` for their typographic variants, no quotation marks, single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut space = false;
    for character in text
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
    {
        match character {
            '’' | '‘' | 'ʼ' | '`' | '´' | '\'' => push(&mut folded, &mut space, "'"),
            '–' | '—' | '‐' | '‑' | '−' | '-' => push(&mut folded, &mut space, "-"),
            '«' | '»' | '“' | '”' | '„' | '"' | '\u{ad}' | '\u{200b}' => {}
            'œ' => push(&mut folded, &mut space, "oe"),
            'æ' => push(&mut folded, &mut space, "ae"),
            c if c.is_whitespace() => space = true,
            c => push(&mut folded, &mut space, c.encode_utf8(&mut [0; 4])),
        }
    }
    folded
}

fn push(folded: &mut String, space: &mut bool, characters: &str) {
    if *space && !folded.is_empty() {
        folded.push(' ');
    }
    *space = false;
    folded.push_str(characters);
}

/// The folded words with their plural endings off, joined by spaces: `Partenariats mobilisés` and `partenariat mobilisé` are one.
pub fn stem(folded: &str) -> String {
    let mut stemmed = String::with_capacity(folded.len());
    for word in folded.split(' ') {
        if !stemmed.is_empty() {
            stemmed.push(' ');
        }
        // Words of three letters and less (bus, pas, les) end in s of their own right.
        let bare = word
            .strip_suffix(['s', 'x'])
            .filter(|bare| bare.chars().count() > 2)
            .unwrap_or(word);
        stemmed.push_str(bare);
    }
    stemmed
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
