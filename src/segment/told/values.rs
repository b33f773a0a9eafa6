//! What is said behind a name: the title of a project, a sum, a prize.

use std::ops::Range;

use super::names::{trim, without_article};
use super::words::{WORDS, begins, lower};
use crate::profile::VOCABULARY;
use crate::segment::look::find_amount;
use crate::segment::sentences::{Mark, Scan};

/// The title behind « pour son projet », « avec la plateforme »: the words, or what is quoted in them. Behind « pour la », a sentence may as well say why;
/// where that is not so, the search is `loose`.
pub(in crate::segment) fn project_behind(
    string: &str,
    from: usize,
    to: usize,
    runs: &[Range<usize>],
    loose: bool,
) -> Option<Range<usize>> {
    // Longer ones tell what is done.
    const LONGEST: usize = 18;
    const LONGEST_TITLE: usize = 8;
    let rest = string.get(from..to)?;
    let small = lower(rest);
    let (at, word) = WORDS
        .purposes
        .iter()
        .map(String::as_str)
        .filter_map(|word| {
            let at = small.match_indices(word).map(|(at, _)| at).find(|at| {
                *at == 0
                    || small
                        .get(..*at)
                        .is_some_and(|before| before.ends_with(|c: char| !c.is_alphanumeric()))
            })?;
            Some((at, word))
        })
        .min()?;
    let behind = rest.get(at + word.len()..)?;
    let determined = [
        "son ", "sa ", "ses ", "leur ", "leurs ", "le ", "la ", "les ", "l’", "l'", "un ", "une ",
        "«", "“", "\"",
    ]
    .iter()
    .find(|word| behind.starts_with(**word));
    let begin = from + at + word.len();
    let own = behind.starts_with(char::is_uppercase) && word != "for ";
    if determined.is_none() && !own && !runs.iter().any(|run| run.start == begin) {
        return None;
    }
    let meant = without_article(behind).0;
    let possessed = determined
        .is_some_and(|word| matches!(*word, "son " | "sa " | "ses " | "leur " | "leurs "));
    if begins(&WORDS.prizes, meant) || !possessed && VOCABULARY.begins_organisation(meant) && !own {
        return None;
    }
    let scan = Scan::of(string.get(..to)?, begin);
    let end = scan
        .marks
        .iter()
        .find(|(at, mark)| *at > begin && !matches!(mark, Mark::Quote))
        .map_or(to, |(at, _)| *at);
    // « un club de marche, « Pas à pas » »
    let end = match string.get(end..to).and_then(|rest| rest.strip_prefix(", ")) {
        Some(rest) if rest.starts_with(['«', '“', '"']) => to,
        _ => end,
    };
    let paren = string
        .get(begin..end)?
        .find(['(', '\n'])
        .map_or(end, |at| begin + at);
    let mut end = end.min(paren);
    if let Some(quote) = scan
        .marks
        .iter()
        .find(|(at, mark)| *at < end && matches!(mark, Mark::Quote))
    {
        let open = string.get(quote.0..)?.chars().next()?.len_utf8();
        let close = string.get(quote.0 + open..to)?.find(['»', '”', '"'])?;
        return trim(string, quote.0 + open..quote.0 + open + close);
    }
    if let Some(run) = runs.iter().find(|run| run.start >= begin && run.end <= end) {
        return trim(string, run.clone());
    }
    let words = string.get(begin..end)?;
    let skipped = determined
        .filter(|word| !word.starts_with(['«', '“', '"']))
        .map_or(0, |word| word.len());
    let mut title = begin + skipped;
    // « son projet Glisse 74 »: the word only introduces the title.
    let bare = string.get(title..end)?;
    if let Some((first, rest)) = bare.split_once(' ')
        && rest.starts_with(char::is_uppercase)
        && first.starts_with(char::is_lowercase)
    {
        title = end - rest.len();
        // « l'opération Tous assis, tous debout »: nothing follows that is not of the title.
        let all = string.get(title..to)?;
        if all.split_whitespace().count() <= LONGEST_TITLE
            && !all.contains(['(', '.', ';', ':', '«', '\n'])
        {
            end = to;
        }
    }
    let range = trim(string, title..end)?;
    let sure = possessed
        || own
        || loose && determined.is_some_and(|word| !word.starts_with('u'))
        || title > begin + skipped
        || VOCABULARY.begins_project(meant);
    if !sure {
        return None;
    }
    // « pour sa part »
    let single = possessed
        && !words.get(skipped..)?.trim().contains(' ')
        && words.get(skipped..)?.starts_with(char::is_lowercase)
        && words.len() < 12;
    (!single && words.split_whitespace().count() <= LONGEST).then_some(range)
}

/// The first sum in a stretch.
pub(in crate::segment) fn amount_in(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let found = find_amount(string.get(range.clone())?)?;
    let text = found.as_str().trim_end_matches([' ', ',', '.', '\u{a0}']);
    Some(range.start + found.start()..range.start + found.start() + text.len())
}

/// The prize that a stretch names: « dans la catégorie « X » ».
pub(in crate::segment) fn category_in(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let at = WORDS
        .categories
        .iter()
        .find_map(|word| part.find(word.as_str()))?;
    let rest = part.get(at..)?;
    let end = rest.find(['»', '”']).map_or_else(
        || rest.find([',', '.', ';', ')']).unwrap_or(rest.len()),
        |close| close + '»'.len_utf8(),
    );
    trim_spaces(string, range.start + at..range.start + at + end)
}

pub(in crate::segment) fn trim_spaces(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let from = part.len() - part.trim_start().len();
    let to = part.trim_end_matches([' ', ',', '.', '\u{a0}', '\n']).len();
    (from < to).then(|| range.start + from..range.start + to)
}
