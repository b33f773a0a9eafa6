//! What the words at a joint say: that a part ends, that a carrier, a purpose, a reward or a sum follows.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::look::{
    LONGEST_NAME, SHORTEST_PROSE, find_amount, find_behind, find_last_amount,
};
use super::trimming::{after_link, before_link};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold, places};

/// Words by which a kind of body is named at most: « association sportive et culturelle ».
pub(super) const LONGEST_KIND: usize = 4;

/// What comes between who is rewarded and what for, at the beginning of a text.
pub(super) static REWARDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:reçoit|reçoivent|recevra|recevront|obtient|remporte|décroche|bénéficie|se voit|(?:est|sont|a été|ont été|sera) (?:récompensé|primé|soutenu|lauréat|distingué|retenu|sélectionné)|a (?:reçu|obtenu|remporté|convaincu|séduit)|l[’']emporte|s[’']est distingué|se distingue|receives?|was awarded|wins)").expect("the pattern is constant")
});

/// Runs in italics within a line that can be titles, as works are set.
pub(super) fn italic_titles(text: &Text) -> Vec<Range<usize>> {
    // Longer runs are sentences.
    const LONGEST: usize = 120;
    text.ranges_where(|segment| segment.style.italic)
        .into_iter()
        .filter(|run| run.start > 0 && run.len() <= LONGEST)
        .filter(|run| {
            text.as_str().get(run.clone()).is_some_and(|title| {
                title.starts_with(char::is_uppercase) && !title.trim_end().ends_with([':', '.'])
            })
        })
        .collect()
}

/// Whether words in small letters go on up to a colon: « Direction de la concurrence, de la consommation et de la répression des fraudes : … ». They
/// are of what the colon is about; a word or two are a subject.
pub(super) fn runs_to_colon(next: &str) -> bool {
    const LONGEST: usize = 120;
    let next = next.trim_start();
    let clause = next.split(" :").next().unwrap_or_default();
    next.starts_with(char::is_lowercase)
        && clause.len() < next.len()
        && clause.len() <= LONGEST
        && clause.split_whitespace().count() >= SHORTEST_PROSE
        && !clause.contains(['.', ';', ':', '(', '«', '“', '|', '\n', '\t'])
        && !clause.contains(|c: char| c.is_ascii_digit())
}

pub(super) fn opens_with_separator(rest: &str) -> bool {
    rest.trim_start().starts_with([
        ':', ',', '.', '–', '—', '-', '(', '[', ')', '«', '“', '|', ';',
    ]) || rest.starts_with('\n')
}

/// Where a line begins behind signs that adorn it (« 🥇 », « ➜ », « ► »), and words by which a list goes on (« Enfin, »).
pub(super) fn lead(string: &str) -> usize {
    let bare = string
        .char_indices()
        .find(|(_, c)| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    '«' | '“' | '"' | '(' | '[' | '$' | '£' | '€' | '\'' | '’'
                )
        })
        .map_or(0, |(index, _)| index);
    let rest = string.get(bare..).unwrap_or_default();
    VOCABULARY.opener(rest).map_or(bare, |opener| {
        let spaces = rest
            .get(opener..)
            .map_or(0, |rest| rest.len() - rest.trim_start().len());
        bare + opener + spaces
    })
}

/// The place behind a preposition: « à Agen ».
pub(super) fn after_preposition(text: &str) -> Option<&str> {
    [
        "à ", "À ", "en ", "En ", "au ", "aux ", "de ", "dans ", "in ",
    ]
    .iter()
    .find_map(|preposition| text.strip_prefix(preposition))
    .filter(|place| places::likeness(place) >= places::POSSIBLE)
}

/// Where the town begins that an organisation's name is followed by: « l'association X à Dole ».
pub(super) fn town_of(text: &str) -> Option<usize> {
    let (at, _) = text.rmatch_indices(" à ").next()?;
    let town = text.get(at + 1..)?;
    let known = after_preposition(town).is_some_and(|town| places::likeness(town) >= places::SURE);
    (known && VOCABULARY.begins_organisation(text)).then_some(at + 1)
}

/// Whether words only lead to the sum behind them: « Une subvention de », « doté de ».
pub(super) fn leads_to_sum(words: &str) -> bool {
    const LONGEST: usize = 6;
    let words = words.trim();
    let links = || {
        (VOCABULARY.belonging().iter())
            .any(|link| words.ends_with(&format!(" {}", link.trim_end())))
    };
    words.split_whitespace().count() <= LONGEST
        && (links() || words.ends_with(" d’"))
        && !VOCABULARY.begins_organisation(words)
}

/// Where the words begin that tell what a sum is given for: « à la Société musicale de Y pour le renouvellement … ». A name that is a purpose itself
/// (« Association pour le développement … ») has nothing of its own in front; in a sentence, a word or two is enough.
pub(super) fn purpose(receiver: &str, sentence: bool) -> Option<usize> {
    let (at, link) = VOCABULARY
        .purposes()
        .iter()
        .filter_map(|link| Some((receiver.rfind(&format!(" {link}"))?, link)))
        .min()?;
    let mut words = receiver.get(..at)?.split([' ', '’', '\'']).skip(1);
    let proper = if sentence {
        words.next().is_some()
    } else {
        words.any(|word| word.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '"')))
    };
    let goes_on = receiver
        .get(at + 1 + link.len()..)?
        .trim_start()
        .starts_with(char::is_lowercase);
    (proper && goes_on).then_some(at + 1)
}

/// Where the words begin that tell for what of its own somebody is rewarded: « X pour ses veillées ».
pub(super) fn own_purpose(words: &str) -> Option<usize> {
    [
        " pour son ",
        " pour sa ",
        " pour ses ",
        " pour leur ",
        " pour leurs ",
    ]
    .iter()
    // Most have none, which is quicker to find out than where one stands.
    .filter(|link| words.contains(**link))
    .filter_map(|link| words.find(link))
    .min()
}

/// Whether a full stop ends a sentence: a word stands before, a capital behind, and the word is no initial or abbreviation.
pub(in super::super) fn is_end(before: &str, next: &str) -> bool {
    let opens = next.starts_with([' ', '\n'])
        && next
            .trim_start()
            .starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '“'));
    // Asked last: a word that holds many marks would be read from each of them.
    opens && {
        let word = before
            .rsplit(|c: char| c.is_whitespace() || c == '.')
            .next()
            .unwrap_or_default();
        let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
        letters > 2 && !VOCABULARY.is_abbreviated(word) || word.ends_with([')', '»'])
    }
}

/// Whether a text is a single word as sentences begin with: a subject or a place, and no acronym.
pub(super) fn is_one_word(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
        && text.chars().skip(1).all(char::is_lowercase)
        && text.chars().nth(2).is_some()
}

/// What follows the word that says of a sum that it was given: « accordés à », « votés pour ».
pub(super) fn without_granted(text: &str) -> &str {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let folded = fold(first);
    let is_given = (VOCABULARY.granted().iter()).any(|stem| folded.starts_with(stem.as_str()));
    if is_given { rest } else { text }
}

/// Whether the last words name a kind of body, and no body: what is quoted behind « l'association » is its name, no title.
pub(super) fn ends_with_kind(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=LONGEST_KIND.min(words.len())).any(|length| {
        let kind = words
            .get(words.len() - length..)
            .unwrap_or_default()
            .join(" ");
        let bare = kind
            .split_once(['’', '\''])
            .map_or(kind.as_str(), |(_, bare)| bare);
        // « Association « X » » alone begins with a capital.
        let named = bare
            .chars()
            .skip(usize::from(length == words.len()))
            .any(char::is_uppercase);
        VOCABULARY.begins_organisation(bare) && !named
    })
}

/// Whether a text goes on behind the end of a sentence: a full stop that shortens no word.
pub(in super::super) fn has_stop(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| {
        let word = text
            .get(..at)
            .and_then(|before| before.split_whitespace().next_back());
        word.is_none_or(|word| !VOCABULARY.is_abbreviated(word))
    })
}

/// Where the words stand by which a text names who carries a project, and their length. « un projet de café itinérant » says what it is, not whose.
pub(super) fn find_carrier(text: &str) -> Option<(usize, usize)> {
    let (at, width) = VOCABULARY.find_carrier(text)?;
    let rest = text.get(at + width..)?.trim_start();
    let belongs = text.get(at..at + width)?.ends_with(" de");
    // « un projet de la crèche X » is somebody's, too.
    let definite = after_link(rest, &["la ", "le ", "les ", "l'"]).len() < rest.len();
    let is_named =
        definite || rest.starts_with(char::is_uppercase) || VOCABULARY.begins_organisation(rest);
    (!belongs || is_named).then_some((at, width))
}

/// What follows « c'est ».
pub(super) fn after_presenting(text: &str) -> Option<&str> {
    let text = text.trim_start();
    ["c’est ", "c'est ", "C’est ", "C'est "]
        .iter()
        .find_map(|words| text.strip_prefix(words))
}

/// Whose a title is that stands in front: « de l'association X », a name and no sentence.
pub(super) fn owner(text: &str) -> Option<&str> {
    let owner = after_link(text, VOCABULARY.belonging());
    let name = owner.split(['(', ',', '–', ':', ';']).next()?;
    let named = name.starts_with(char::is_uppercase) || VOCABULARY.begins_organisation(name);
    let told = find_reward(name).is_some() || first_sentence(name).len() < name.len();
    (owner.len() < text.len() && named && !told && name.split_whitespace().count() <= LONGEST_NAME)
        .then_some(owner)
}

pub(super) fn begins_with_reward(text: &str) -> bool {
    REWARDED.is_match(text)
}

/// The space in front of what comes between who is rewarded and what for.
pub(super) fn find_reward(text: &str) -> Option<usize> {
    let is_space = |before: Option<char>| before.is_some_and(|c| matches!(c, '\t'..='\r' | ' '));
    find_behind(&REWARDED, text, is_space).map(|verb| verb.start - 1)
}

/// A line up to the end of its first sentence.
pub(super) fn first_sentence(line: &str) -> &str {
    line.char_indices()
        .filter(|(_, c)| matches!(c, '.' | '!' | '?'))
        .find(|(index, _)| {
            is_end(
                line.get(..*index).unwrap_or_default(),
                line.get(index + 1..).unwrap_or_default(),
            )
        })
        .and_then(|(index, _)| line.get(..index))
        .unwrap_or(line)
}

/// Whether a piece in small letters is more than a subject between commas.
pub(super) fn goes_on(line: &str) -> bool {
    let piece = line.split([',', ';', '–']).next().unwrap_or_default();
    piece.split_whitespace().count() >= SHORTEST_PROSE
        && !ends_in_part(line)
        && !(ends_in_sum(piece)
            && find_amount(piece)
                .is_some_and(|sum| piece.get(..sum.start()).is_some_and(leads_to_sum)))
}

/// Whether a line ends with a sum of money, or with a town behind a dash: then what stands before is no sentence.
pub(super) fn ends_in_part(line: &str) -> bool {
    let town = |dash| {
        line.rsplit_once(dash)
            .is_some_and(|(_, town)| places::likeness(town.trim()) >= places::SURE)
    };
    [" – ", " — ", " - "].into_iter().any(town) || ends_in_sum(line)
}

/// Whether a line ends with a sum of money.
pub(super) fn ends_in_sum(line: &str) -> bool {
    find_last_amount(line)
        .is_some_and(|sum| line.trim_end_matches(['.', ' ', ')', ';']).len() <= sum.end() + 1)
}

/// Whether the words in front of the first quotation only introduce it.
pub(super) fn before_quotation(line: &str) -> bool {
    line.find(['«', '“'])
        .and_then(|quote| line.get(..quote))
        .is_some_and(|before| {
            before_link(before, VOCABULARY.introducers())
                .trim()
                .is_empty()
        })
}
