//! Text in; the e-mail addresses, web addresses and telephone numbers in it out. Addresses of streets are not here.

use std::ops::Range;

/// What a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactKind {
    /// An e-mail address.
    Email,
    /// A web address, with its scheme or with `www.`.
    Url,
    /// A telephone number.
    Phone,
}

/// A contact in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundContact {
    /// Where it stands.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ContactKind,
}

/// Digits of a French telephone number, and of an international one.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;

/// The contacts in the text, in order, none inside another.
pub fn find(string: &str) -> Vec<FoundContact> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in string.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if let Some(contact) = in_word(word, start) {
            found.push(contact);
        }
        start += part.len();
    }
    phones(string, &mut found);
    found.sort_by_key(|contact| contact.range.start);
    found
}

/// Whether an address that ends `above` goes on where `below` begins: a line end or a space broke it, and what is there is none without the rest.
pub fn goes_on(above: &str, below: &str) -> bool {
    mail_goes_on(above, below) || page_goes_on(above, below)
}

/// White space that broke an address: any within one of mail, a line break within one of a page.
pub fn gaps(string: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut end = 0;
    for part in string.split_inclusive(char::is_whitespace) {
        let start = end + part.trim_end().len();
        end += part.len();
        let (Some(above), Some(below)) = (string.get(..start), string.get(end..)) else {
            continue;
        };
        let is_break = string.get(start..end).is_some_and(|gap| gap.contains('\n'));
        if start < end && (mail_goes_on(above, below) || is_break && page_goes_on(above, below)) {
            found.push(start..end);
        }
    }
    found
}

fn ends(above: &str, below: &str) -> (String, String) {
    let last = above.rsplit(char::is_whitespace).next();
    let next = below.split(char::is_whitespace).next();
    (
        last.unwrap_or_default().to_owned(),
        next.unwrap_or_default().to_owned(),
    )
}

/// « jean.dupont@ » and « exemple.fr », « jean.dupont » and « @exemple.fr »; a plain word before « @exemple.fr » may be none of it.
fn mail_goes_on(above: &str, below: &str) -> bool {
    let (last, next) = ends(above, below);
    let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let is_host = |word: &str| {
        let word = word.trim_end_matches(['.', ',', ';', ')']);
        word.chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            && word.rsplit_once('.').is_some_and(|(name, top)| {
                !name.is_empty() && top.len() >= 2 && top.bytes().all(|c| c.is_ascii_lowercase())
            })
    };
    if let Some(local) = last.strip_suffix('@') {
        return local.ends_with(is_local) && is_host(&next);
    }
    let is_whole = !last.is_empty() && last.chars().all(is_local);
    let is_no_word = last.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_'));
    is_whole && is_no_word && !last.ends_with('.') && next.strip_prefix('@').is_some_and(is_host)
}

/// « www.exemple.fr/projets/ » and « laureats-2021.html »: it stopped at a joint of its own, and what follows is no word of a sentence.
fn page_goes_on(above: &str, below: &str) -> bool {
    let (last, next) = ends(above, below);
    let is_page = in_word(&last, 0).is_some_and(|found| found.kind == ContactKind::Url);
    let is_address = next.contains("://") || next.starts_with("www.") || next.contains('@');
    let starts = next.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !is_page || is_address || !starts || !next.is_ascii() {
        return false;
    }
    let bare = next.trim_end_matches(['.', ',', ';', ')', '?']);
    let is_path = bare.contains(['/', '_', '=', '%', '.']);
    last.ends_with(['-', '_', '=', '&', '%']) || last.ends_with(['/', '?']) && is_path
}

/// The address of a link's target: `mailto:` and `tel:` lead to a contact, others to a page.
pub fn target_kind(target: &str) -> ContactKind {
    let lower = target.get(..7).unwrap_or(target).to_ascii_lowercase();
    if lower == "mailto:" {
        ContactKind::Email
    } else if lower.starts_with("tel:") {
        ContactKind::Phone
    } else {
        ContactKind::Url
    }
}

/// The contact in one run without white space.
fn in_word(word: &str, offset: usize) -> Option<FoundContact> {
    let folded = word.to_ascii_lowercase();
    let url_start = ["https://", "http://", "www."]
        .iter()
        .filter_map(|opening| folded.find(opening))
        .min()
        .filter(|&place| {
            folded.get(..place).is_some_and(|before| {
                !before.ends_with(|c: char| c.is_alphanumeric() || c == '@' || c == '.')
            })
        });
    if let Some(start) = url_start {
        let end = start + url_length(word.get(start..)?);
        let range = offset + start..offset + end;
        let has_host = word.get(start..end)?.contains('.');
        return has_host.then_some(FoundContact {
            range,
            kind: ContactKind::Url,
        });
    }
    let at = word.find('@')?;
    let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let before = word.get(..at)?;
    let start = before.len()
        - before
            .chars()
            .rev()
            .take_while(|c| is_local(*c))
            .map(char::len_utf8)
            .sum::<usize>();
    let behind = word.get(at + 1..)?;
    let length: usize = behind
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        .map(char::len_utf8)
        .sum();
    let host = behind.get(..length)?.trim_end_matches(['.', '-']);
    let (_, top) = host.rsplit_once('.')?;
    let is_address = start < at && top.len() >= 2 && top.chars().all(char::is_alphabetic);
    is_address.then_some(FoundContact {
        range: offset + start..offset + at + 1 + host.len(),
        kind: ContactKind::Email,
    })
}

/// How many bytes belong to a web address: not the punctuation of the sentence around it, nor a bracket that it did not open.
fn url_length(word: &str) -> usize {
    let stop = word
        .find(['<', '>', '"', '»', '«', '”'])
        .unwrap_or(word.len());
    let mut kept = word.get(..stop).unwrap_or_default();
    loop {
        let shorter = kept.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '…']);
        let shorter = match shorter.strip_suffix([')', ']']) {
            Some(inner)
                if inner.matches(['(', '[']).count() <= inner.matches([')', ']']).count() =>
            {
                inner
            }
            _ => shorter,
        };
        if shorter.len() == kept.len() {
            return kept.len();
        }
        kept = shorter;
    }
}

/// French numbers (0 and nine digits in pairs) and international ones (+ and a country's code), with spaces, dots or hyphens.
fn phones(string: &str, found: &mut Vec<FoundContact>) {
    let bytes = string.as_bytes();
    let mut place = 0;
    while let Some(&byte) = bytes.get(place) {
        let starts = byte == b'+' || byte == b'0';
        let is_apart = string.get(..place).is_some_and(|before| {
            !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '=' | '.' | ','))
        });
        if !starts || !is_apart {
            place += 1;
            continue;
        }
        let rest = string.get(place..).unwrap_or_default();
        let mut digits = 0;
        let mut end = place;
        for (at, character) in rest.char_indices() {
            match character {
                '0'..='9' => {
                    digits += 1;
                    end = place + at + 1;
                }
                '+' if at == 0 => {}
                ' ' | '.' | '-' | '(' | ')' | '\u{a0}' | '\u{202f}' => {
                    if place + at > end + 3 {
                        break;
                    }
                }
                _ => break,
            }
            if digits == 10 && byte == b'0' {
                break;
            }
        }
        let is_number = if byte == b'0' {
            digits == 10 && bytes.get(end).is_none_or(|next| !next.is_ascii_digit())
        } else {
            PHONE_DIGITS.contains(&digits)
        };
        let is_free = found
            .iter()
            .all(|contact| contact.range.end <= place || contact.range.start >= end);
        if is_number && is_free {
            found.push(FoundContact {
                range: place..end,
                kind: ContactKind::Phone,
            });
        }
        place = end.max(place + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, ContactKind)]) {
        let found: Vec<(&str, ContactKind)> = find(text)
            .into_iter()
            .map(|contact| {
                let written = text
                    .get(contact.range)
                    .expect("a range is on character boundaries");
                (written, contact.kind)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn addresses_lose_the_sentence_around_them() {
        check(
            "écrire à jean.dupont@asso-exemple.fr, ou voir (https://exemple.fr/a_(b)).",
            &[
                ("jean.dupont@asso-exemple.fr", ContactKind::Email),
                ("https://exemple.fr/a_(b)", ContactKind::Url),
            ],
        );
        check(
            "www.exemple.org/page?x=1.",
            &[("www.exemple.org/page?x=1", ContactKind::Url)],
        );
        check(
            "Contact:info@exemple.fr.",
            &[("info@exemple.fr", ContactKind::Email)],
        );
        check("Web@cadémie et @compte", &[]);
    }

    #[track_caller]
    fn check_broken(text: &str, expected: &str) {
        let mut whole = text.to_owned();
        for gap in gaps(text).into_iter().rev() {
            whole.replace_range(gap, "");
        }
        assert_eq!(whole, expected);
    }

    #[test]
    fn broken_addresses_are_made_whole() {
        check_broken(
            "Jean, jean.dupont@\nexemple.fr",
            "Jean, jean.dupont@exemple.fr",
        );
        check_broken(
            "jean.dupont@ exemple.fr, 3 rue",
            "jean.dupont@exemple.fr, 3 rue",
        );
        check_broken("marie.durand\n@exemple.org.", "marie.durand@exemple.org.");
        check_broken(
            "https://exemple.fr/projets/\nlaureats-2021.html.",
            "https://exemple.fr/projets/laureats-2021.html.",
        );
        check_broken(
            "www.exemple.fr/une-page-\ntres-longue",
            "www.exemple.fr/une-page-tres-longue",
        );
    }

    #[test]
    fn what_may_be_whole_is_left() {
        for text in [
            "contact\n@exemple.org",
            "Suivez @exemple.org",
            "jean.dupont@\nparis",
            "https://exemple.fr/projets/\net aussi",
            "https://exemple.fr/\nwww.exemple.org/a",
            "https://exemple.fr\nexemple.org",
            "https://exemple.fr/projets/ laureats.html",
            "L'association.\n@exemple.org",
        ] {
            check_broken(text, text);
        }
    }

    #[test]
    fn telephone_numbers() {
        check(
            "Tél. 01 23 45 67 89",
            &[("01 23 45 67 89", ContactKind::Phone)],
        );
        check(
            "+33 (0)1 23 45 67 89, poste 2",
            &[("+33 (0)1 23 45 67 89", ContactKind::Phone)],
        );
        check(
            "05.56.00.00.01 ou 0556000002",
            &[
                ("05.56.00.00.01", ContactKind::Phone),
                ("0556000002", ContactKind::Phone),
            ],
        );
        check("010 000 €, 0,5 % et 02/05/2020", &[]);
    }

    #[test]
    fn link_targets() {
        assert_eq!(target_kind("mailto:a@b.fr"), ContactKind::Email);
        assert_eq!(target_kind("https://b.fr"), ContactKind::Url);
        assert_eq!(target_kind("tél"), ContactKind::Url);
    }
}
