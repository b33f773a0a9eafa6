//! What the words of an entry still say when rules have filled its record: a prize that it is for, a sum set apart, where its name ends.
//!
//! Records and entries come in; the records go out with what was missing. What a record has stays, but for a name that goes on into its prize.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::draft::{Draft, Rule, one_line};
use super::{amounts, fields, located};
use crate::model::document::Document;
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold};
use crate::segment::columns::without_article;
use crate::segment::{Segmentation, Unit, look, sentences};

/// Names, prizes and towns stand at the beginning of an entry.
pub(super) const NEAR: usize = 200;
/// A head of two lines, and the first that tells.
const NEAREST: usize = 3;

/// Reads what the words of all entries still say.
pub(super) fn read(drafts: &mut [Draft<'_>], document: &Document, segmentation: &Segmentation) {
    let own = |number: usize| units_of(segmentation, number);
    // « Mains d’or : … » alone is a title; beside « Mains d’argent : … » it is a rank.
    let ranked: BTreeSet<&str> = (0..drafts.len())
        .flat_map(&own)
        .filter_map(|unit| unit.text.as_str().get(medal(unit.text.as_str())?.1))
        .collect();
    for (number, draft) in drafts.iter_mut().enumerate() {
        award(draft, own(number), ranked.len() > 1);
        located::placed_title(draft);
        located::town(draft, own(number));
        located::with_department(draft, own(number));
        located::title(draft);
        titled(draft, own(number));
    }
    located::titles(drafts, own);
    sums(drafts, own);
    linked(drafts, document, own);
}

/// The units of an entry.
pub(super) fn units_of(segmentation: &Segmentation, number: usize) -> &[Unit] {
    let units = &segmentation.units().list;
    (segmentation.entries.get(number))
        .and_then(|span| units.get(span.extent()))
        .unwrap_or_default()
}

/// Ends names where those of most others end: « Le Sillon pour l’eau » beside « Hirondelle (Rennes) pour le logement » is « Le Sillon ».
pub(super) fn end_alike(drafts: &mut [Draft<'_>], segmentation: &Segmentation) {
    /// Fewer entries show no habit.
    const FEWEST: usize = 3;
    let goes_on: Vec<Option<&str>> = (drafts.iter().enumerate())
        .map(|(number, draft)| purpose_behind(draft, units_of(segmentation, number)))
        .collect();
    for word in VOCABULARY.purposes() {
        let n = (goes_on.iter())
            .filter(|found| **found == Some(word))
            .count();
        if n < FEWEST || n * 2 < drafts.len() {
            continue;
        }
        for (number, draft) in drafts.iter_mut().enumerate() {
            if goes_on.get(number).is_some_and(Option::is_some) || draft.is_labelled("/name") {
                continue;
            }
            let Some(name) = draft.mention.name.clone() else {
                continue;
            };
            let Some(at) = name.rfind(&format!(" {word} ")) else {
                continue;
            };
            let place = units_of(segmentation, number).iter().find_map(|unit| {
                let start = unit.text.as_str().find(name.as_str())?;
                Some(without_joint(&unit.text.slice(start..start + at)))
            });
            if let Some(kept) = place.filter(|kept| !kept.is_empty()) {
                draft.mention.name = Some(draft.ground("/name", &kept, Rule::Place));
            }
        }
    }
}

/// The word right behind an entry's name, marks and parentheses aside, that says what it is for.
fn purpose_behind(draft: &Draft<'_>, units: &[Unit]) -> Option<&'static str> {
    let name = draft.mention.name.as_deref()?;
    let behind = units.iter().find_map(|unit| {
        let string = unit.text.as_str();
        string.get(string.find(name)? + name.len()..)
    })?;
    let behind = behind.trim_start();
    let behind = match behind
        .strip_prefix('(')
        .and_then(|inside| inside.split_once(')'))
    {
        Some((_, behind)) => behind,
        None => behind,
    };
    let behind = behind.trim_start_matches([' ', '\u{a0}', ',', ';', '–', '—', '-']);
    let says = |word: &&String| {
        (behind.strip_prefix(word.as_str())).is_some_and(|rest| rest.starts_with(' '))
    };
    VOCABULARY.purposes().iter().find(says).map(String::as_str)
}

/// A name that goes on behind the link that opens its entry ends with the link, where most entries open with one.
fn linked<'u>(drafts: &mut [Draft<'_>], document: &Document, own: impl Fn(usize) -> &'u [Unit]) {
    let opening = |number: usize| {
        let unit = own(number).iter().find(|unit| unit.label.is_none())?;
        let block = document.blocks.get(unit.block)?;
        let link = (block.links.iter()).find(|link| link.range.start == unit.offset)?;
        let end = link.range.end.checked_sub(unit.offset)?;
        (end < unit.text.len()).then(|| (unit, unit.text.slice(0..end).trim()))
    };
    let n = drafts.len();
    if (0..n).filter(|number| opening(*number).is_some()).count() * 2 <= n {
        return;
    }
    for (number, draft) in drafts.iter_mut().enumerate() {
        let Some((unit, name)) = opening(number) else {
            continue;
        };
        let goes_on = (draft.mention.name.as_deref())
            .is_some_and(|found| found.len() > name.len() && found.starts_with(name.as_str()));
        if goes_on {
            draft.mention.name = Some(draft.ground("/name", &name, Rule::Line));
            if draft.mention.project.is_none() {
                let text = one_line([&unit.text]);
                draft.mention.description = Some(draft.ground("/description", &text, Rule::Place));
            }
        }
    }
}

/// A prize that an entry tells of itself, where nothing else does.
fn award(draft: &mut Draft<'_>, units: &[Unit], ranked: bool) {
    if draft.mention.award.is_some() {
        return;
    }
    let near = units.iter().take(NEAREST);
    for unit in near.filter(|unit| unit.label.is_none()) {
        let string = unit.text.as_str();
        let found = (medal(string).filter(|_| ranked))
            .or_else(|| quoted_prize(string).filter(|_| unit.told.is_some()))
            .or_else(|| purpose(string))
            .or_else(|| endowed(string));
        let Some((clause, prize)) = found else {
            continue;
        };
        let text = one_line([&unit.text.slice(prize)]);
        draft.mention.award = Some(fields::award(draft, &text, None, Rule::Place));
        cut(draft, unit, clause.start);
        return;
    }
}

/// Ends name, project and description where a clause begins that tells something else.
fn cut(draft: &mut Draft<'_>, unit: &Unit, at: usize) {
    let string = unit.text.as_str();
    for pointer in ["/name", "/project"] {
        let value = match pointer {
            "/name" => &draft.mention.name,
            _ => &draft.mention.project,
        };
        let Some(start) = value.as_deref().and_then(|value| {
            let start = string.find(value)?;
            (start < at && at < start + value.len()).then_some(start)
        }) else {
            continue;
        };
        let kept = without_joint(&unit.text.slice(start..at));
        let rule = draft.rule(pointer).unwrap_or(Rule::Place);
        let value = (!kept.is_empty()).then(|| draft.ground(pointer, &kept, rule));
        if value.is_none() {
            draft.forget(pointer);
        }
        match pointer {
            "/name" => draft.mention.name = value,
            _ => draft.mention.project = value,
        }
    }
    located::placed_name(draft);
}

/// Without the mark or the dash that a text ends in.
pub(super) fn without_joint(text: &Text) -> Text {
    let kept = text
        .as_str()
        .trim_end_matches([' ', '\n', '\u{a0}', ',', ';', ':', '–', '—', '-']);
    text.slice(0..kept.len()).trim()
}

/// The title that the first lines of an entry give its project, where nothing else does: « Grand Prix pour son projet « Le facteur du goût ». »
fn titled(draft: &mut Draft<'_>, units: &[Unit]) {
    if draft.mention.project.is_some() {
        return;
    }
    let near = units
        .iter()
        .take(NEAREST)
        .filter(|unit| unit.label.is_none());
    let mut titles = near.filter_map(|unit| {
        let title = introduced(unit.text.as_str())?;
        (title.start <= NEAR).then(|| one_line([&unit.text.slice(title)]).trim())
    });
    if let (Some(title), None) = (titles.next(), titles.next()) {
        draft.mention.project = Some(draft.ground("/project", &title, Rule::Place));
    }
}

/// The first quotation that words for a project stand in front of. Some editors turn both marks round.
fn introduced(string: &str) -> Option<Range<usize>> {
    const MARKS: [char; 5] = ['«', '»', '“', '”', '"'];
    let mut from = 0;
    while let Some((at, mark)) = find_char(string, from, &MARKS) {
        from = at + mark.len_utf8();
        let before = fold(string.get(..at)?);
        let names_project = |words: &String| {
            let rest = before.trim_end().strip_suffix(fold(words).as_str());
            rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        };
        // « pour », « avec » alone introduce anything.
        let mut introducers = VOCABULARY
            .introducers()
            .iter()
            .filter(|words| words.contains([' ', '\'']));
        let is_entitled = || (string.get(..at)).and_then(|text| VOCABULARY.before_entitled(text));
        if introducers.any(names_project) || is_entitled().is_some() {
            let (end, _) = find_char(string, from, &MARKS)?;
            return (end > from + 2).then_some(from..end);
        }
    }
    None
}

/// « Le Fauteuil bleu, pour le prix Montagne »: the clause, and the prize in it.
fn purpose(string: &str) -> Option<(Range<usize>, Range<usize>)> {
    for word in VOCABULARY.purposes() {
        for (at, _) in string.match_indices(word.as_str()) {
            let behind = at + word.len();
            let bounded = string
                .get(..at)
                .is_some_and(|before| before.ends_with([' ', '\u{a0}']));
            let rest = string.get(behind..).unwrap_or_default();
            if !bounded || !rest.starts_with(' ') || at > NEAR {
                continue;
            }
            let end = rest
                .find(['.', ';', ',', '(', '\n', ':'])
                .unwrap_or(rest.len());
            let prize = rest.get(..end).unwrap_or_default();
            if look::is_award(prize.trim()) {
                let start = behind + (prize.len() - prize.trim_start().len());
                let range = start..behind + prize.trim_end().len();
                return Some((at..behind + end, without_article(string, range, true)));
            }
        }
    }
    None
}

/// « Le « prix du quai » est allé à … »
fn quoted_prize(string: &str) -> Option<(Range<usize>, Range<usize>)> {
    const OPENING: [char; 3] = ['«', '“', '"'];
    const CLOSING: [char; 3] = ['»', '”', '"'];
    let mut from = 0;
    while let Some((at, mark)) = find_char(string, from, &OPENING) {
        from = at + mark.len_utf8();
        let Some((end, mark)) = find_char(string, from, &['«', '»', '“', '”', '"']) else {
            break;
        };
        let inside = string.get(from..end).unwrap_or_default();
        if !CLOSING.contains(&mark) || !(4..=80).contains(&inside.chars().count()) {
            continue;
        }
        let words = inside.trim();
        let start = from + (inside.len() - inside.trim_start().len());
        from = end + mark.len_utf8();
        if is_prize(words) {
            return Some((at..from, start..start + words.len()));
        }
    }
    None
}

/// The first of some characters from a place on, and where it stands.
fn find_char(string: &str, from: usize, marks: &[char]) -> Option<(usize, char)> {
    let rest = string.get(from..)?;
    let at = rest.find(marks)?;
    Some((from + at, rest.get(at..)?.chars().next()?))
}

/// « 1er prix de 1 800 € à … », « Mention spéciale (400 €) : … »: the prize that an entry begins with, in front of its sum.
fn endowed(string: &str) -> Option<(Range<usize>, Range<usize>)> {
    // Farther on, a sum is not the prize's.
    const FARTHEST: usize = 60;
    let near = string
        .get(..string.floor_char_boundary(FARTHEST))
        .unwrap_or_default();
    let sum = amounts::find(near).into_iter().next()?;
    let words = string.get(..sum.range.start)?;
    let words = words.get(..VOCABULARY.find_endowed(words).unwrap_or(words.len()))?;
    let words = words.trim_end_matches(['(', '[', ' ', '\u{a0}', ':', '–', '-']);
    let words = words.strip_suffix(" de").unwrap_or(words);
    look::is_award(words).then_some((0..0, 0..words.len()))
}

/// « Ruche d’or : Ville de X »
fn medal(string: &str) -> Option<(Range<usize>, Range<usize>)> {
    /// In characters.
    const LONGEST_RANK: usize = 60;
    static RANK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^([^:;.,«]{3,60}?)(?: ?\([^()]*\))? ?:").expect("the pattern is constant")
    });
    // Few entries name a metal, and the others need no pattern.
    let near = string.char_indices().nth(LONGEST_RANK);
    if !VOCABULARY
        .names_medal(near.map_or(string, |(end, _)| string.get(..end).unwrap_or_default()))
    {
        return None;
    }
    let found = RANK.captures(string)?;
    let rank = found.get(1)?;
    VOCABULARY
        .is_medal(rank.as_str())
        .then(|| (0..0, rank.range()))
}

/// Whether words are a prize's, also where the word for it stands behind: « Blue Loop Trophy ».
fn is_prize(words: &str) -> bool {
    let last = words.split_whitespace().next_back().unwrap_or_default();
    look::is_award(words) || words.contains(' ') && look::is_award(last)
}

/// The sum that each entry sets apart, where most of them have exactly one: « … (3 000 €). »; or that its sentences tell of: « Le Fonds apporte 5 000 €. »
fn sums<'u>(drafts: &mut [Draft<'_>], own: impl Fn(usize) -> &'u [Unit]) {
    let found: Vec<Option<Text>> = (drafts.iter().enumerate())
        .map(|(number, draft)| {
            let in_award = draft.mention.award.as_ref().map(|award| award.text.clone());
            sum(own(number), in_award.as_deref())
        })
        .collect();
    let stated = drafts
        .iter()
        .filter(|draft| draft.mention.amount.is_some())
        .count();
    let more = (drafts.iter().zip(&found))
        .filter(|(draft, found)| draft.mention.amount.is_none() && found.is_some())
        .count();
    let found = if more > 0 && (stated + more) * 2 >= drafts.len() && stated + more > 1 {
        found
    } else if stated == 0 {
        told_sums(drafts.len(), own)
    } else {
        return;
    };
    for (draft, found) in drafts.iter_mut().zip(&found) {
        if let Some(text) = found.as_ref().filter(|_| draft.mention.amount.is_none()) {
            let mut amount = amounts::first(text.as_str()).unwrap_or_default();
            amount.text = draft.ground("/amount", text, Rule::Place);
            draft.mention.amount = Some(amount);
            end_before(draft, text.as_str());
        }
    }
}

/// The only sum of each of so many entries, where most have one, and half of their sentences say that it is given.
fn told_sums<'u>(n: usize, own: impl Fn(usize) -> &'u [Unit]) -> Vec<Option<Text>> {
    const FEWEST: usize = 3;
    let only = |number: usize| {
        let mut found = None;
        for unit in own(number).iter().filter(|unit| unit.label.is_none()) {
            for amount in amounts::find(unit.text.as_str()) {
                if found.replace((unit, amount.range)).is_some() {
                    return None;
                }
            }
        }
        let (unit, range) = found?;
        let string = unit.text.as_str();
        let sentence = string.get(sentences::holding(string, range.start))?;
        let is_given = VOCABULARY.says_given(&fold(sentence));
        (!VOCABULARY.is_bounded(sentence)).then(|| (one_line([&unit.text.slice(range)]), is_given))
    };
    let found: Vec<Option<(Text, bool)>> = (0..n).map(only).collect();
    let n_found = found.iter().flatten().count();
    let n_given = found.iter().flatten().filter(|(_, given)| *given).count();
    if n_found < FEWEST || n_found * 3 < n * 2 || n_given * 2 < n_found {
        return vec![None; n];
    }
    (found.into_iter())
        .map(|found| found.map(|(text, _)| text))
        .collect()
}

/// A description does not end in a line that is the sum.
fn end_before(draft: &mut Draft<'_>, sum: &str) {
    let kept = (draft.mention.description.as_deref())
        .and_then(|told| told.strip_suffix(sum)?.strip_suffix('\n'))
        .map(str::len);
    if let Some(kept) = kept.filter(|kept| *kept > 0)
        && let Some(told) = draft.forget("/description")
    {
        let told = told.slice(0..kept).trim();
        draft.mention.description = Some(draft.ground("/description", &told, Rule::Place));
    }
}

/// The one sum of an entry that no sentence goes on around, or that its prize is of.
fn sum(units: &[Unit], award: Option<&str>) -> Option<Text> {
    let mut found = None;
    for unit in units.iter().filter(|unit| unit.label.is_none()) {
        let string = unit.text.as_str();
        for amount in amounts::find(string) {
            let of_award = award.is_some_and(|award| {
                (string.find(award)).is_some_and(|at| {
                    at <= amount.range.start && amount.range.end <= at + award.len()
                })
            });
            if !of_award && !is_apart(string, &amount.range) {
                continue;
            }
            if found.is_some() {
                return None;
            }
            found = Some(one_line([&unit.text.slice(amount.range)]));
        }
    }
    found
}

/// Whether a sum stands by itself: between parentheses, or behind a mark and at the end.
fn is_apart(string: &str, range: &Range<usize>) -> bool {
    let before = string.get(..range.start).unwrap_or_default().trim_end();
    let after = string.get(range.end..).unwrap_or_default().trim_start();
    let enclosed = before.ends_with(['(', '[']) && after.starts_with([')', ']']);
    let closes = after.trim_matches([' ', '.', ';', ',', ')']).is_empty();
    let opens =
        before.is_empty() || before.ends_with(['.', ';', ':', ',', '–', '—', '-', '?', '!', '|']);
    enclosed || opens && closes
}

/// Whether a text only says that there is a prize: « Le prix ».
pub(super) fn is_bare_prize(text: &str) -> bool {
    let bare = without_article(text, 0..text.len(), true);
    let words = text.get(bare).unwrap_or_default();
    !words.trim().contains(' ')
        && look::is_award(words)
        && fold(words).chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Option<(Range<usize>, Range<usize>)>, string: &str, prize: Option<&str>) {
        assert_eq!(found.and_then(|(_, range)| string.get(range)), prize);
    }

    #[test]
    fn a_purpose_that_is_a_prize_is_one() {
        for (string, prize) in [
            (
                "Club de voile, pour le Prix Grand large",
                Some("Prix Grand large"),
            ),
            (
                "Le Banc bleu pour le Trophée Accueil.",
                Some("Trophée Accueil"),
            ),
            ("Club de voile, pour le matériel", None),
            (
                "Association pour le prix unique du pain bien plus long que dix mots en tout cas",
                None,
            ),
        ] {
            check(purpose(string), string, prize);
        }
    }

    #[test]
    fn a_metal_before_a_colon_is_a_rank() {
        for (string, prize) in [
            ("Barque d’or : Ville de Muret", Some("Barque d’or")),
            (
                "Barque d'argent (ex æquo) : Ville de Muret",
                Some("Barque d'argent"),
            ),
            ("Les amis de la Côte d’or du sud : bal", None),
        ] {
            check(medal(string), string, prize);
        }
    }

    #[test]
    fn a_title_stands_in_quotation_marks_behind_words_for_a_project() {
        for (string, title) in [
            (
                "Grand Prix pour son projet « Le facteur du goût ».",
                Some("Le facteur du goût"),
            ),
            (
                "Prix Agents pour son projet » La classe « ",
                Some("La classe"),
            ),
            ("Le « prix du quai » est allé à la Régie", None),
        ] {
            let found = introduced(string).and_then(|range| string.get(range));
            assert_eq!(found.map(str::trim), title);
        }
    }

    #[test]
    fn a_prize_in_front_of_its_sum_is_one() {
        for (string, prize) in [
            ("1er prix de 1 800 € à la commune de Pey", Some("1er prix")),
            (
                "Mention spéciale (400 €) : le Comité",
                Some("Mention spéciale"),
            ),
            ("Ville de Pey : 400 €", None),
        ] {
            check(endowed(string), string, prize);
        }
    }

    #[test]
    fn a_quotation_that_is_a_prize_is_one() {
        let string = "Le « prix du quai » est allé à la Régie « Vent debout »";
        check(quoted_prize(string), string, Some("prix du quai"));
    }

    #[test]
    fn a_sum_stands_apart_between_marks() {
        let apart = |string: &str| {
            amounts::find(string)
                .first()
                .is_some_and(|amount| is_apart(string, &amount.range))
        };
        assert!(apart("Une chorale répétera le jeudi (3 000 euros)."));
        assert!(apart("To paint the courts. $2,400."));
        assert!(!apart("Un budget de 3 000 euros."));
        assert!(!apart("Les 3 000 euros seront versés."));
    }

    #[test]
    fn a_bare_prize_says_nothing() {
        assert!(is_bare_prize("Le prix"));
        assert!(!is_bare_prize("Prix jeune public"));
    }
}
