//! Two pieces of a word at a line end in, how they join out.
//!
//! The document itself is the best witness: the word may stand elsewhere within a line, with or without its hyphen. Typographic sense decides
//! the rest.

use rustc_hash::FxHashMap;

use crate::model::evidence::Join;

/// Words that take a hyphen behind them in compounds; at a line end the hyphen is theirs.
const HYPHENATED_BEFORE: [&str; 37] = [
    "après", "arrière", "audio", "au", "auto", "avant", "beau", "belle", "bien", "celle", "celles",
    "celui", "ceux", "chef", "ci", "contre", "demi", "elle", "elles", "entre", "est", "eux", "ex",
    "franco", "grand", "là", "lui", "mi", "mot", "nord", "non", "outre", "peut", "rendez", "saint",
    "sainte", "semi",
];

/// Words that stand behind a hyphen in compounds.
const HYPHENATED_AFTER: [&str; 25] = [
    "ce", "ci", "clé", "clés", "dessous", "dessus", "devant", "dire", "elle", "elles", "emploi",
    "être", "il", "ils", "je", "là", "même", "mêmes", "nous", "on", "t", "tu", "un", "vis", "vous",
];

/// Beginnings of compounds that keep their hyphen whatever follows, unlike those above, which are words that also begin longer ones.
const ALWAYS_BEFORE: [&str; 12] = [
    "celles", "celui", "est", "ex", "franco", "non", "rendez", "sainte", "socio", "vice", "vis",
    "quelques",
];

/// From this number of hyphens on that are shown by themselves, it is the producer's habit.
const FEWEST_DETACHED: u32 = 3;

/// What a document shows about its hyphens.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// How often a form stands within a line, in lower case.
    forms: FxHashMap<String, u32>,
    /// U+002D and U+2010 between letters within lines.
    n_plain_within: u32,
    n_special_within: u32,
    /// U+2010 at line ends.
    n_special_at_end: u32,
    /// Hyphens at line ends that the producer showed by themselves: typesetting put them there.
    n_detached: u32,
    /// Slashes within lines without a space behind them, and with.
    n_slash_tight: u32,
    n_slash_spaced: u32,
}

/// Whether a character is a hyphen at a line end.
pub(super) fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}' | '\u{AD}')
}

/// The letters before the line-end hyphen and after the break, in lower case: `(forms that would be one word, with hyphen)`.
fn forms(above: &str, below: &str) -> Option<(String, String)> {
    let stem = above.strip_suffix(is_hyphen)?;
    let left: String = word_at_end(stem).to_lowercase();
    let right: String = word_at_start(below).to_lowercase();
    (!left.is_empty() && !right.is_empty())
        .then(|| (format!("{left}{right}"), format!("{left}-{right}")))
}

fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || is_hyphen(character)
}

fn word_at_end(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, character)| is_word_character(*character))
        .last()
        .map_or(text.len(), |(at, _)| at);
    text.get(start..).unwrap_or_default()
}

fn word_at_start(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|(_, character)| !is_word_character(*character))
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

impl Evidence {
    /// Asks for the forms of a line break to be counted.
    pub(super) fn ask(&mut self, above: &str, below: &str, detached: bool) {
        self.n_detached += u32::from(detached);
        if above.ends_with('\u{2010}') {
            self.n_special_at_end += 1;
        }
        if let Some((joined, hyphenated)) = forms(above, below) {
            self.forms.entry(joined).or_default();
            self.forms.entry(hyphenated).or_default();
        }
    }

    /// Counts what stands within a line.
    pub(super) fn witness(&mut self, line: &str) {
        let mut lower = String::new();
        for word in line.split(|character: char| !is_word_character(character)) {
            let bare = word.trim_matches(is_hyphen);
            for character in bare.chars() {
                match character {
                    '-' => self.n_plain_within += 1,
                    '\u{2010}' => self.n_special_within += 1,
                    _ => {}
                }
            }
            // The last word of a line that ends in a hyphen is a piece.
            if self.forms.is_empty() || bare.len() < 3 {
                continue;
            }
            lower.clear();
            for character in bare.chars() {
                match character {
                    '\u{2010}' => lower.push('-'),
                    other => lower.extend(other.to_lowercase()),
                }
            }
            if let Some(count) = self.forms.get_mut(lower.as_str()) {
                *count += 1;
            }
        }
        if line.contains('/') {
            let mut characters = line.chars().peekable();
            let mut before = ' ';
            while let Some(character) = characters.next() {
                if character == '/' && before != ' ' && before != '/' {
                    match characters.peek() {
                        Some(' ') => self.n_slash_spaced += 1,
                        Some('/') | None => {}
                        Some(_) => self.n_slash_tight += 1,
                    }
                }
                before = character;
            }
        }
    }

    /// How the line `below` follows the line `above` in a paragraph. [`Join::Hyphen`] means that the hyphen goes.
    pub(super) fn join(&self, above: &str, below: &str, detached: bool) -> Join {
        let Some(last) = above.chars().next_back() else {
            return Join::Space;
        };
        let next = below.chars().next().unwrap_or(' ');
        if is_broken_address(above, below) {
            return Join::None;
        }
        if last == '/' && !above.ends_with(" /") && next.is_alphanumeric() {
            return if self.n_slash_spaced > self.n_slash_tight {
                Join::Space
            } else {
                Join::None
            };
        }
        if matches!(last, '\'' | '’')
            && next.is_alphabetic()
            && above.chars().rev().nth(1).is_some_and(char::is_alphabetic)
        {
            return Join::None;
        }
        if !is_hyphen(last) {
            return Join::Space;
        }
        let before = above.chars().rev().nth(1).unwrap_or(' ');
        if last == '\u{AD}' || (detached && before.is_alphabetic() && next.is_alphabetic()) {
            return Join::Hyphen;
        }
        // A dash with a space before it separates, it does not divide a word.
        if before == ' ' || !next.is_alphanumeric() {
            return Join::Space;
        }
        if !before.is_alphanumeric() {
            return if next.is_lowercase() {
                Join::None
            } else {
                Join::Space
            };
        }
        if before.is_ascii_digit() || next.is_ascii_digit() || next.is_uppercase() {
            return if next.is_uppercase() && self.is_shouting(above, below) {
                self.in_capitals(above, below)
            } else {
                Join::None
            };
        }
        self.by_evidence(last, above, below)
    }

    fn by_evidence(&self, hyphen: char, above: &str, below: &str) -> Join {
        // A producer that shows its own hyphens by themselves shows the author's with the word.
        if self.n_detached >= FEWEST_DETACHED && hyphen == '-' {
            return Join::None;
        }
        let Some((joined, hyphenated)) = forms(above, below) else {
            return Join::Hyphen;
        };
        if links_place_names(below) {
            return Join::None;
        }
        let count = |form: &str| self.forms.get(form).copied().unwrap_or(0);
        let (n_joined, n_hyphenated) = (count(&joined), count(&hyphenated));
        if n_joined != n_hyphenated {
            return if n_joined > n_hyphenated {
                Join::Hyphen
            } else {
                Join::None
            };
        }
        // Renderers that hyphenate with U+2010 leave the author's own hyphens as they are.
        let renderer_hyphenates =
            self.n_special_at_end > 0 && self.n_special_within == 0 && self.n_plain_within > 0;
        if renderer_hyphenates {
            return if hyphen == '\u{2010}' {
                Join::Hyphen
            } else {
                Join::None
            };
        }
        let left = hyphenated
            .split_at_checked(hyphenated.len() - word_at_start(below).to_lowercase().len());
        let (left, right) = left.map_or(("", ""), |(left, right)| {
            (left.trim_end_matches('-'), right)
        });
        let last_part = left.rsplit('-').next().unwrap_or(left);
        // `Hauts-de-` and `c'est-à-` go on with a hyphen: so do pieces that have one already and end in a whole short word.
        let compound = left.contains('-')
            && matches!(
                last_part,
                "de" | "du"
                    | "des"
                    | "à"
                    | "en"
                    | "sur"
                    | "sous"
                    | "la"
                    | "le"
                    | "les"
                    | "et"
                    | "aux"
            );
        let kept = compound
            || ALWAYS_BEFORE.contains(&last_part)
            || (HYPHENATED_BEFORE.contains(&last_part) && HYPHENATED_AFTER.contains(&right));
        if kept { Join::None } else { Join::Hyphen }
    }

    /// Whether both pieces are in capitals, so that a capital after the hyphen says nothing.
    #[expect(clippy::unused_self, reason = "reads as the other questions do")]
    fn is_shouting(&self, above: &str, below: &str) -> bool {
        let stem = above.strip_suffix(is_hyphen).unwrap_or(above);
        let all = |word: &str| {
            word.chars()
                .filter(|c| c.is_alphabetic())
                .all(char::is_uppercase)
        };
        let (left, right) = (word_at_end(stem), word_at_start(below));
        left.chars().count() > 1 && right.chars().count() > 1 && all(left) && all(right)
    }

    fn in_capitals(&self, above: &str, below: &str) -> Join {
        let Some((joined, hyphenated)) = forms(above, below) else {
            return Join::None;
        };
        let count = |form: &str| self.forms.get(form).copied().unwrap_or(0);
        if count(&joined) > count(&hyphenated) || above.ends_with('\u{2010}') {
            Join::Hyphen
        } else {
            Join::None
        }
    }
}

/// Whether a line goes on in the middle of a place's name: `Boulogne-` / `sur-Mer`.
fn links_place_names(below: &str) -> bool {
    let mut parts = word_at_start(below).splitn(2, is_hyphen);
    let (Some(link), Some(name)) = (parts.next(), parts.next()) else {
        return false;
    };
    matches!(
        link,
        "sur"
            | "sous"
            | "en"
            | "la"
            | "le"
            | "les"
            | "lès"
            | "lez"
            | "de"
            | "du"
            | "des"
            | "et"
            | "aux"
            | "au"
            | "à"
    ) && name.starts_with(char::is_uppercase)
}

/// Whether a web or mail address was broken here: it has no spaces, so the pieces follow each other.
fn is_broken_address(above: &str, below: &str) -> bool {
    let last = above.rsplit(' ').next().unwrap_or_default();
    let next = below.split(' ').next().unwrap_or_default();
    let is_address = last.contains("://") || last.starts_with("www.");
    if !is_address || next.is_empty() {
        return false;
    }
    // It goes on where it stopped at a joint of its own, or where what follows looks like the rest of a path.
    let at_joint = last.ends_with(['/', '-', '_', '.', '=', '?', '&', '%', '#', '\u{2010}']);
    let looks_like_path = next.contains(['/', '_', '=', '%', '&'])
        || next.trim_end_matches(['.', ',', ')', ';']).contains('.')
        || next.bytes().filter(|byte| *byte == b'-').count() > 1;
    (at_joint && next.starts_with(|c: char| c.is_ascii_alphanumeric() || "/-_.=?&%#".contains(c)))
        || (looks_like_path && next.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], above: &str, below: &str, expected: Join) {
        let mut evidence = Evidence::default();
        evidence.ask(above, below, false);
        for line in lines {
            evidence.witness(line);
        }
        evidence.witness(above);
        evidence.witness(below);
        assert_eq!(
            evidence.join(above, below, false),
            expected,
            "{above} | {below}"
        );
    }

    #[test]
    fn hyphens_of_typesetting_go() {
        check(&[], "un atelier de répa-", "ration de vélos", Join::Hyphen);
        check(
            &[],
            "un atelier de répa\u{2010}",
            "ration de vélos",
            Join::Hyphen,
        );
        check(
            &[],
            "un atelier de répa\u{AD}",
            "ration de vélos",
            Join::Hyphen,
        );
        check(&["l'insertion"], "en vue de l'inser-", "tion", Join::Hyphen);
    }

    #[test]
    fn hyphens_of_the_word_stay() {
        check(&[], "dans les Hauts-de-", "France", Join::None);
        check(&[], "à Boulogne-", "sur-Mer", Join::None);
        check(&[], "des rendez-", "vous collectifs", Join::None);
        check(&[], "les freins socio-", "économiques", Join::None);
        check(
            &["le savoir-être au travail"],
            "le savoir-",
            "être",
            Join::None,
        );
        check(&[], "de 2017-", "2018", Join::None);
        check(&[], "les Alpes-de-haute-", "Provence", Join::None);
    }

    #[test]
    fn where_the_renderer_has_its_own_hyphen_the_plain_one_is_the_authors() {
        let mut evidence = Evidence::default();
        evidence.ask("la forma\u{2010}", "tion", false);
        evidence.ask("le pôle bois-", "énergie", false);
        evidence.witness("un avant-goût du chantier");
        assert_eq!(
            evidence.join("la forma\u{2010}", "tion", false),
            Join::Hyphen
        );
        assert_eq!(evidence.join("le pôle bois-", "énergie", false), Join::None);
    }

    #[test]
    fn hyphens_that_the_producer_shows_by_themselves_are_its_own() {
        let mut evidence = Evidence::default();
        for _ in 0..3 {
            evidence.ask("une forma-", "tion", true);
        }
        assert_eq!(evidence.join("une forma-", "tion", true), Join::Hyphen);
        assert_eq!(evidence.join("la plate-", "forme", false), Join::None);
    }

    #[test]
    fn addresses_are_not_divided() {
        check(
            &[],
            "voir https://exemple.fr/projets/",
            "cuisine-mobile",
            Join::None,
        );
        check(
            &[],
            "voir https://exemple.fr/cuisine-",
            "mobile",
            Join::None,
        );
        check(&[], "voir https://exemple.fr", "ou appeler", Join::Space);
    }

    #[test]
    fn a_dash_between_spaces_separates() {
        check(&[], "Maison des jeunes -", "atelier", Join::Space);
        check(
            &["santé/logement", "emploi/santé"],
            "santé/",
            "logement",
            Join::None,
        );
    }
}
