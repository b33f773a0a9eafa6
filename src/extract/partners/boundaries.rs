//! Whether one organisation ends and another begins at a conjunction or a comma.

use super::{Position, fold, partner_kinds, unfolded};

/// Bytes around a conjunction that tell whether it parts two organisations: no name is longer.
pub(super) const LONGEST_NAME: usize = 300;

pub(super) fn start_of(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_NAME))
        .unwrap_or(text)
}

pub(super) fn end_of(text: &str) -> &str {
    text.get(text.ceil_char_boundary(text.len().saturating_sub(LONGEST_NAME))..)
        .unwrap_or(text)
}

/// Length of a round number in front: « une trentaine d' », « une dizaine de ».
pub(super) fn about_as_many(folded: &str) -> Option<usize> {
    let rest = folded.strip_prefix("une ")?;
    let (number, noun) = rest.split_once(' ')?;
    let complement = ["de ", "d'"]
        .into_iter()
        .find(|complement| noun.starts_with(complement))?;
    number
        .ends_with("aine")
        .then_some("une ".len() + number.len() + " ".len() + complement.len())
}

/// Whether `right`, behind a conjunction, starts another organisation, rather than going on with the name of the one in `left`.
pub(super) fn starts_organisation(left: &str, right: &str, position: Position) -> bool {
    let heads = partner_kinds();
    let folded = fold(right);
    let without = |openers: &[&str]| {
        openers
            .iter()
            .find(|opener| folded.starts_with(**opener))
            .map(|opener| opener.len())
    };
    if without(&[
        "sa ", "son ", "ses ", "leur ", "leurs ", "de ", "du ", "d'", "a ", "en ",
    ])
    .is_some()
        || left.is_empty()
    {
        return false;
    }
    if without(&["autre ", "autres ", "d'autres "]).is_some() {
        return true;
    }
    let article = without(&[
        "la ",
        "le ",
        "les ",
        "l'",
        "des ",
        "un ",
        "une ",
        "plusieurs ",
    ]);
    let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
    let number = (digits > 0
        && folded
            .get(digits..)
            .is_some_and(|rest| rest.starts_with(' ')))
    .then_some(digits + 1);
    let bare_start = about_as_many(&folded).or(article).or(number).unwrap_or(0);
    let bare = folded.get(bare_start..).unwrap_or_default();
    let name = right.get(unfolded(right, bare_start)..).unwrap_or_default();
    let head = heads.opening(bare);
    if head > 0 {
        let modified = bare
            .get(head..)
            .is_some_and(|rest| !rest.trim_start().is_empty());
        return bare_start > 0 || !(modified && is_bare_kind(left));
    }
    if article.is_some() {
        return name.chars().next().is_some_and(char::is_uppercase);
    }
    if !name.chars().next().is_some_and(char::is_uppercase) {
        return false;
    }
    let left_folded = fold(left);
    let has_complement = [" de ", " du ", " des ", " d'", " pour ", " a "]
        .iter()
        .any(|tie| left_folded.contains(tie));
    if has_complement || is_bare_kind(left) {
        return false;
    }
    if last_word(left).chars().all(char::is_numeric)
        && last_word(left) == last_word(before_bracket(right))
    {
        return true;
    }
    if is_acronym(first_word(name)) && starts_upper(last_word(left)) {
        return true;
    }
    position == Position::EndOfList && starts_upper(last_word(left))
}

/// Whether the text is only a kind in the plural (« centres sociaux »), whose complement may stand behind the next kind: « centres sociaux et
/// MJC de la vallée » is one group.
pub(super) fn is_bare_kind(text: &str) -> bool {
    let folded = fold(text);
    let kind = partner_kinds().opening(&folded);
    let mut rest = folded.get(kind..).unwrap_or_default().split_whitespace();
    let is_plural = folded
        .get(..kind)
        .and_then(|head| head.split(' ').next())
        .is_some_and(|word| word.ends_with(['s', 'x']));
    kind > 0
        && is_plural
        && rest.next().is_none_or(|word| word.ends_with(['s', 'x']))
        && rest.next().is_none()
}

pub(super) fn first_word(text: &str) -> &str {
    text.split([' ', ',', '(']).next().unwrap_or_default()
}

pub(super) fn last_word(text: &str) -> &str {
    text.trim_end().rsplit(' ').next().unwrap_or_default()
}

pub(super) fn before_bracket(text: &str) -> &str {
    text.split('(').next().unwrap_or_default()
}

/// Two letters or more, none of them small.
pub(super) fn is_acronym(word: &str) -> bool {
    word.chars()
        .filter(|character| character.is_uppercase())
        .count()
        >= 2
        && !word.chars().any(char::is_lowercase)
}

pub(super) fn starts_upper(word: &str) -> bool {
    word.chars()
        .next()
        .is_some_and(|first| first.is_uppercase() || first.is_numeric())
}
