//! Sentences that say who gets something: « Le prix revient à X », « X décroche le prix », « Prix Z : X », « c'est X qui … ».

use std::ops::Range;

use super::names::{
    Named, Start, after_preposition, is_proper, name_at, place_behind, start, trim, without_article,
};
use super::values::{amount_in, category_in, project_behind};
use super::words::{WORDS, begins, found, is_classified, lower};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, places};
use crate::segment::columns::Line;
use crate::segment::look::is_award;
use crate::segment::sentences::{Mark, Scan};

/// Those that a sentence says were rewarded: for each where what is about it begins, and what it says.
pub(in crate::segment) fn sentence(
    text: &Text,
    range: Range<usize>,
    runs: &[Range<usize>],
) -> Vec<(usize, Line)> {
    let string = text.as_str();
    let Some(part) = string.get(range.clone()) else {
        return Vec::new();
    };
    let small = lower(part);
    let frame = counted(string, &range, runs)
        .or_else(|| presented(string, &range, &small, runs))
        .or_else(|| titled(string, &range, runs))
        .or_else(|| given(string, &range, &small, runs))
        .or_else(|| received(string, &range, &small, runs))
        .or_else(|| honoured(string, &range, &small, runs));
    let Some((named, award)) = frame else {
        return Vec::new();
    };
    if !is_proper(string, &named.name, range.start, runs) {
        return Vec::new();
    }
    let between = string
        .get(..named.name.start)
        .is_some_and(|before| before.contains(" entre "));
    let mut records = vec![(range.start, named, award)];
    // « à X, qui …, et à Y », « 8 000 € à X et 6 500 € à Y »
    let mut from = records.first().map_or(range.end, |(_, named, _)| named.end);
    while let Some((at, named)) = further(string, from..range.end, between, runs) {
        from = named.end.max(named.name.end);
        records.push((at, named, None));
    }
    let ends: Vec<usize> = records
        .iter()
        .skip(1)
        .map(|(at, _, _)| *at)
        .chain([range.end])
        .collect();
    records
        .into_iter()
        .zip(ends)
        .map(|((at, named, award), end)| (at, record(string, at..end, named, award, runs)))
        .collect()
}

pub(in crate::segment) fn record(
    string: &str,
    range: Range<usize>,
    named: Named,
    award: Option<Range<usize>>,
    runs: &[Range<usize>],
) -> Line {
    // « X, présenté par Y »: farther off, it is told of something else.
    const NEAR: usize = 60;
    let mut line = Line {
        evidence: 1.0,
        carried: true,
        ..Line::default()
    };
    let behind = string.get(named.end..range.end).unwrap_or_default();
    line.project = project_behind(string, named.end, range.end, runs, false);
    line.amount = amount_in(string, range.clone());
    line.award = award.or_else(|| category_in(string, range.clone()));
    line.territory = named.place;
    line.name = Some(named.name.clone());
    // « Les Horloges molles présenté par le Théâtre du Lavoir », « Gouttelette, projet de la ferme-école »
    let body = string
        .get(named.name.clone())
        .is_some_and(|name| VOCABULARY.begins_organisation(name));
    let carrier = VOCABULARY
        .find_carrier(behind)
        .filter(|(at, _)| {
            !body
                && *at <= NEAR
                && behind
                    .get(..*at)
                    .is_some_and(|between| !between.contains(['.', ';']))
        })
        .map(|(at, width)| named.end + at + width)
        .or_else(|| {
            let rest = behind.trim_start_matches([' ', ',']);
            if !behind.starts_with(',') || body {
                return None;
            }
            let project = ["projet de ", "projet du ", "project of ", "un projet de "];
            let told = project
                .iter()
                .find_map(|words| rest.strip_prefix(words))
                .filter(|rest| start(rest) > Start::None);
            let of = ["du ", "de "]
                .iter()
                .find_map(|words| rest.strip_prefix(words));
            told.or_else(|| {
                of.filter(|rest| {
                    start(rest) >= Start::Capital || VOCABULARY.begins_organisation(rest)
                })
            })
            .filter(|rest| {
                places::likeness(rest.split([',', '.', ' ']).next().unwrap_or_default())
                    < places::SURE
            })
            .map(|rest| range.end - rest.len())
        });
    if let Some(from) = carrier
        && let Some(by) = name_at(string, from, range.end, runs)
    {
        line.project = Some(named.name);
        line.name = Some(by.name);
        line.territory = by.place.or(line.territory);
    }
    line
}

/// The next of those that one sentence names, and where the words begin that add it: « et au bureau X », « et la seconde à celle de X », « et 500 € à X ».
/// `between` tells that the first stands behind « entre ».
pub(in crate::segment) fn further(
    string: &str,
    range: Range<usize>,
    between: bool,
    runs: &[Range<usize>],
) -> Option<(usize, Named)> {
    // A name has its capital near.
    const NEAR: usize = 60;
    let rest = string.get(range.clone())?;
    let scan = Scan::of(string.get(..range.end)?, range.start);
    let mut added: Vec<(usize, usize)> = Vec::new();
    for words in &WORDS.joiners {
        added.extend(
            rest.match_indices(words.as_str())
                .map(|(at, _)| (range.start + at + 1, range.start + at + words.len())),
        );
    }
    added.extend(
        scan.marks
            .iter()
            .filter(|(_, mark)| *mark == Mark::Comma)
            .map(|(at, _)| (at + 1, at + 1)),
    );
    added.sort_unstable();
    for (at, behind) in added {
        let begin = amount_in(string, behind..range.end)
            .filter(|sum| sum.start == behind)
            .map_or(behind, |sum| sum.end);
        let small = lower(string.get(begin..range.end)?.trim_start());
        let ordinal = found(&WORDS.ordinals, &small)
            .next()
            .filter(|hit| hit.start == 0);
        let begin = ordinal
            .as_ref()
            .map_or(begin, |hit| range.end - small.len() + hit.end);
        let added = at != behind;
        let from = match after_preposition(string, begin, range.end) {
            Some(from) if added || ordinal.is_some() => from,
            _ if between && added && start(string.get(begin..range.end)?) >= Start::Named => begin,
            _ => continue,
        };
        let Some(named) = name_at(string, from, range.end, runs) else {
            continue;
        };
        let words = string.get(named.name.clone())?;
        let near = words.find(char::is_uppercase).is_some_and(|at| at <= NEAR);
        let town = ordinal.is_none() && places::likeness(words) >= places::SURE;
        if near && is_proper(string, &named.name, range.start, runs) && !town {
            return Some((at, named));
        }
    }
    None
}

pub(in crate::segment) type Frame = Option<(Named, Option<Range<usize>>)>;

/// « Suit X (611 voix) »
pub(in crate::segment) fn counted(
    string: &str,
    range: &Range<usize>,
    runs: &[Range<usize>],
) -> Frame {
    let part = string.get(range.clone())?;
    let (open, _) = part.match_indices('(').find(|(at, _)| {
        let inside = part
            .get(at + 1..)
            .and_then(|rest| rest.split(')').next())
            .unwrap_or_default();
        let (number, word) = inside.split_once([' ', '\u{a0}']).unwrap_or_default();
        !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
            && begins(&WORDS.votes, word)
    })?;
    let open = range.start + open;
    if let Some(run) = runs
        .iter()
        .rfind(|run| run.end <= open && open - run.end <= 2)
    {
        return Some((
            Named {
                name: trim(string, run.clone())?,
                place: None,
                end: run.end,
            },
            None,
        ));
    }
    let scan = Scan::of(string.get(..open)?, range.start);
    let clause = scan.marks.last().map_or(range.start, |(at, _)| at + 1);
    let words = string.get(clause..open)?;
    // The first capital that is not only that of the sentence.
    let name = words
        .char_indices()
        .filter(|(at, c)| c.is_uppercase() && (clause > range.start || *at > 0))
        .map(|(at, _)| clause + at)
        .next()
        .unwrap_or(clause);
    Some((
        Named {
            name: trim(string, name..open)?,
            place: place_behind(string, string.get(open..)?.find(')')? + open + 1, range.end),
            end: open,
        },
        None,
    ))
}

/// « C'est X qui … », « ce sont X »
pub(in crate::segment) fn presented(
    string: &str,
    range: &Range<usize>,
    small: &str,
    runs: &[Range<usize>],
) -> Frame {
    let at = ["c’est ", "c'est ", "ce sont "]
        .iter()
        .find_map(|words| small.find(words).map(|at| at + words.len()))?;
    let from = range.start + at;
    let behind = string.get(from..range.end)?;
    let to = small.get(at..)?;
    if start(behind) < Start::Common && !runs.iter().any(|run| run.start == from)
        || !(to.contains(" qui ") || to.contains(" que "))
    {
        return None;
    }
    // « ce sont les cours d'école que l'association X entreprend de … »
    for (at, _) in to.match_indices(" que ") {
        let from = from + at + " que ".len();
        let (body, article) = without_article(string.get(from..range.end)?);
        if article && VOCABULARY.begins_organisation(body) {
            return Some((name_at(string, from, range.end, runs)?, None));
        }
    }
    Some((name_at(string, from, range.end, runs)?, None))
}

/// « 1er Prix (9 000 €) : le Centre … pour … », « Prix Solidarité – X »
pub(in crate::segment) fn titled(
    string: &str,
    range: &Range<usize>,
    runs: &[Range<usize>],
) -> Frame {
    const LONGEST: usize = 60;
    let part = string.get(range.clone())?;
    let scan = Scan::of(part, 0);
    let (at, _) = scan
        .marks
        .iter()
        .find(|(at, mark)| *at <= LONGEST && matches!(mark, Mark::Colon | Mark::Dash))?;
    let title = part.get(..*at)?;
    let bare = title.split('(').next()?.trim();
    let (unarticled, _) = without_article(bare);
    // « Le prix a quatre catégories : … » shares nothing out yet.
    let plural = bare.split_whitespace().count() > 3 && is_classified(bare);
    if plural || !(is_award(bare) || begins(&WORDS.prizes, unarticled)) {
        return None;
    }
    let mark = part.get(*at..)?.chars().next()?.len_utf8();
    let from = range.start + at + mark;
    if start(string.get(from..range.end)?) < Start::Common {
        return None;
    }
    let award = trim(string, range.start..range.start + bare.len());
    Some((name_at(string, from, range.end, runs)?, award))
}

/// « Le prix du public est » without the verb that stands in front of a participle.
fn without_auxiliary(words: &str) -> &str {
    let words = words.trim_end();
    (WORDS.auxiliaries.iter())
        .find_map(|auxiliary| words.strip_suffix(auxiliary.as_str())?.strip_suffix(' '))
        .unwrap_or(words)
}

/// « Le prix revient à X »
pub(in crate::segment) fn given(
    string: &str,
    range: &Range<usize>,
    small: &str,
    runs: &[Range<usize>],
) -> Frame {
    // « va cette année à »
    const NEAR: usize = 40;
    const MOST_WORDS: usize = 3;
    for (verbs, to) in &WORDS.given {
        for verb in found(verbs, small) {
            let near = small
                .get(verb.end..small.floor_char_boundary((verb.end + NEAR).min(small.len())))?;
            let next = to
                .iter()
                .flat_map(|word| {
                    near.match_indices(word.as_str())
                        .map(move |(at, _)| (at, word))
                })
                .filter(|(at, word)| {
                    // « est allé à La Cabane bleue »: that article is the name's.
                    let start = range.start + verb.end + at;
                    let written = string.get(start..start + word.len()).unwrap_or_default();
                    !(written.starts_with(char::is_lowercase)
                        && written.contains(char::is_uppercase))
                })
                .filter(|(at, word)| {
                    near.get(..*at).is_some_and(|before| {
                        before.ends_with(' ')
                            && before.split_whitespace().count() <= MOST_WORDS
                            && ![", ", ". ", ";", "(", ":"]
                                .iter()
                                .any(|mark| before.contains(mark))
                    }) && near
                        .get(at + word.len()..)
                        .is_some_and(|after| word.ends_with(['\'', '’']) || after.starts_with(' '))
                })
                .min_by_key(|(at, word)| (*at, std::cmp::Reverse(word.len())));
            // « le premier prix revient à »: of two, the verb nearest to whom it is given says so.
            let next = next.filter(|(at, _)| {
                (near.get(..*at)).is_some_and(|before| found(verbs, before).next().is_none())
            });
            let Some((at, word)) = next else { continue };
            let from = range.start + verb.end + at + word.len();
            let behind = string.get(from..range.end)?.trim_start();
            let from = range.end - behind.len();
            let (bare, _) = without_article(behind);
            let opens = bare
                .starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '“' | '"'))
                || VOCABULARY.begins_organisation(bare)
                || runs.iter().any(|run| run.start == from)
                || bare.starts_with(char::is_lowercase);
            if !opens {
                continue;
            }
            let Some(mut named) = name_at(string, from, range.end, runs) else {
                continue;
            };
            let proper = |named: &Named| is_proper(string, &named.name, range.start, runs);
            if !proper(&named) {
                // « à une bénévole, la dentellière Rosine X »
                let rest = string.get(named.end..range.end)?;
                let apposed = rest
                    .strip_prefix(", ")
                    .filter(|rest| start(rest) >= Start::Common);
                let other = apposed
                    .and_then(|rest| name_at(string, range.end - rest.len(), range.end, runs));
                match other.filter(proper) {
                    Some(other) => named = other,
                    None => continue,
                }
            }
            let prize = without_auxiliary(string.get(range.start..range.start + verb.start)?);
            let numbered = numbering(prize);
            let short = prize.split_whitespace().count() <= 10;
            let award = short
                .then(|| trim(string, range.start + numbered..range.start + prize.len()))
                .flatten()
                .filter(|award| {
                    string.get(award.clone()).is_some_and(|award| {
                        begins(&WORDS.prizes, without_article(award).0) || is_award(award)
                    })
                });
            return Some((named, award));
        }
    }
    None
}

/// The bytes of the number in front of a prize: « 1 - Trophée … ».
fn numbering(prize: &str) -> usize {
    let digits = prize.bytes().take_while(u8::is_ascii_digit).count();
    let behind = prize.get(digits..).unwrap_or_default().trim_start();
    let rest = behind.trim_start_matches(['-', '–', '—', '.', ')']);
    if (1..=2).contains(&digits) && rest.len() < behind.len() {
        prize.len() - rest.trim_start().len()
    } else {
        0
    }
}

/// « X décroche le prix », « X est elle aussi mise à l'honneur »
pub(in crate::segment) fn received(
    string: &str,
    range: &Range<usize>,
    small: &str,
    runs: &[Range<usize>],
) -> Frame {
    const NEAR: usize = 45;
    let verb = found(&WORDS.receiving, small).map(|hit| hit.start).next();
    let said = found(&WORDS.participles, small).find_map(|hit| {
        let before =
            small.get(small.ceil_char_boundary(hit.start.saturating_sub(NEAR))..hit.start)?;
        let auxiliary = WORDS
            .auxiliaries
            .iter()
            .flat_map(|word| {
                before
                    .rmatch_indices(word.as_str())
                    .map(move |(at, _)| (at, word.len()))
            })
            .filter(|(at, width)| {
                let bound = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric());
                bound(before.get(..*at).and_then(|text| text.chars().next_back()))
                    && bound(
                        before
                            .get(at + width..)
                            .and_then(|text| text.chars().next()),
                    )
            })
            .map(|(at, _)| at.saturating_sub(1))
            .max()?;
        Some(hit.start - (before.len() - auxiliary))
    });
    let verb = [verb, said].into_iter().flatten().min()?;
    let subject = range.start..range.start + verb;
    let scan = Scan::of(string.get(subject.clone())?, 0);
    let mut from = subject.start;
    let mut starts = vec![from];
    for (at, mark) in &scan.marks {
        if matches!(mark, Mark::Comma | Mark::Colon) {
            from = subject.start + at + 1;
            starts.push(from);
        }
    }
    let begins = |from: &usize| string.get(*from..subject.end).map_or(Start::None, start);
    let best = starts
        .iter()
        .find(|from| begins(from) >= Start::Named)
        .or_else(|| starts.iter().find(|from| begins(from) >= Start::Capital))
        .or_else(|| starts.iter().find(|from| begins(from) >= Start::Common))?;
    Some((name_at(string, *best, range.end, runs)?, None))
}

/// « Le prix salue X »
pub(in crate::segment) fn honoured(
    string: &str,
    range: &Range<usize>,
    small: &str,
    runs: &[Range<usize>],
) -> Frame {
    for verb in found(&WORDS.honoured, small) {
        let from = range.start + verb.end;
        let behind = string.get(from..range.end)?.trim_start();
        let from = range.end - behind.len();
        let run = runs.iter().any(|run| run.start == from);
        // « le jury a choisi « Femmes d’Étang », une association … »
        let quoted = behind.starts_with(['«', '“', '"']);
        if (start(behind) >= Start::Capital || run || quoted || start(behind) == Start::Common)
            && let Some(named) = name_at(string, from, range.end, runs)
            && is_proper(string, &named.name, range.start, runs)
        {
            return Some((named, None));
        }
    }
    None
}

/// The first body that a sentence names by its kind: « l'association X apprend à … ».
pub(in crate::segment) fn mention(
    string: &str,
    range: Range<usize>,
    runs: &[Range<usize>],
) -> Option<Line> {
    let part = string.get(range.clone())?;
    let mut found = None;
    for (at, _) in part.match_indices([' ', '’', '\'']).chain([(0, "")]) {
        let width = part
            .get(at..)?
            .chars()
            .next()
            .filter(|c| !c.is_alphanumeric())
            .map_or(0, char::len_utf8);
        let rest = part.get(at + width..)?;
        let before = part.get(..at + width)?;
        let articled = before.is_empty()
            || [
                "l’", "l'", "la ", "le ", "les ", "L’", "L'", "La ", "Le ", "Les ", "une ", "un ",
                "d’", "the ", "The ",
            ]
            .iter()
            .any(|article| before.ends_with(article));
        let clause = before.trim_end().ends_with(',')
            && start(rest) >= Start::Capital
            && !rest.starts_with("les ");
        if !(articled
            && rest.starts_with(char::is_lowercase)
            && VOCABULARY.begins_organisation(rest)
            || clause)
        {
            continue;
        }
        let from = range.start + at + width;
        if let Some(named) = name_at(string, from, range.end, runs).filter(|named| {
            // « …, Ciel du Quercy fait entrer … »: between commas alone, a capital names anything.
            let behind = string.get(named.end..range.end).unwrap_or_default();
            let does = behind.trim_start().starts_with(char::is_lowercase);
            (does || !clause) && is_proper(string, &named.name, range.start, runs)
        }) {
            found = Some(named);
            break;
        }
    }
    let named = found?;
    Some(Line {
        evidence: 0.5,
        carried: true,
        name: Some(named.name),
        territory: named.place,
        project: None,
        ..Line::default()
    })
}
