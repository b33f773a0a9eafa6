//! Units that are records by themselves: `Nom (Ville), thème, 10 000 €`, `« X » porté par Y (Ville)`, `1er prix : …`, `Org: $12,000 to …`, and sentences
//! that tell who receives what.
//!
//! Units come in; what each says goes out. Whether such units are laureates is for the score.

use std::collections::BTreeSet;
use std::ops::Range;

use super::columns::{self, Line, Row};
use super::look::{self, Look, find_amount};
use super::parts::{self, Joint, Part};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold};

/// Names are shorter than sentences.
const LONGEST_NAME: usize = 16;

/// Units longer than this hold more than one record's line.
const LONGEST_LINE: usize = 2_000;

/// A line, and where the run ends that its look sets apart at its beginning (bold, or a link): 0 without one.
#[derive(Clone, Copy, Debug)]
pub struct Item<'t> {
    /// The characters.
    pub text: &'t Text,
    /// The end of the run, in bytes.
    pub opened: usize,
}

impl<'t> From<&'t Text> for Item<'t> {
    fn from(text: &'t Text) -> Self {
        let opened = parts::bold_run(text);
        Self { text, opened }
    }
}

/// What the items of a list say, for those that are records: as [`decide`] does for any lines. The full stop behind an item ends a sentence, or is only how the
/// list is set: behind its last item, or behind each. So items are read with and without it, and what makes more of them records is right.
pub fn decide_items(taken: &[&Taken<'_>]) -> Decided {
    let printed = decide(taken);
    let bare: Vec<Option<Text>> = taken.iter().map(|taken| without_stop(taken.text)).collect();
    let is_missed = |(taken, bare): (&&Taken<'_>, &Option<Text>)| {
        bare.is_some() && !has(&printed.records, taken.index)
    };
    if !taken.iter().zip(&bare).any(is_missed) {
        return printed;
    }
    let again: Vec<Option<Taken<'_>>> = taken
        .iter()
        .zip(&bare)
        .map(|(taken, bare)| {
            let item = Item {
                text: bare.as_ref()?,
                opened: taken.opened,
            };
            Taken::of(taken.index, item)
        })
        .collect();
    let again: Vec<&Taken<'_>> = taken
        .iter()
        .zip(&again)
        .map(|(taken, again)| again.as_ref().unwrap_or(taken))
        .collect();
    let bare = decide(&again);
    if bare.records.len() > printed.records.len() {
        bare
    } else {
        printed
    }
}

/// A line of one sentence without the full stop behind it; none, where there is none.
fn without_stop(text: &Text) -> Option<Text> {
    // Longer lines are paragraphs.
    const LONGEST: usize = 300;
    let string = text.as_str().trim_end();
    let line = string.strip_suffix('.')?;
    (text.len() <= LONGEST && !line.contains(". ") && !line.ends_with('.'))
        .then(|| text.slice(0..line.len()))
}

/// What the lines of a list say: those that are records by themselves, and the others that say something; each with its place.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// Records by themselves.
    pub records: Vec<(usize, Line)>,
    /// What the rest would say if they were.
    pub others: Vec<(usize, Line)>,
}

/// Whether a line of this place is among some.
pub fn has(lines: &[(usize, Line)], index: usize) -> bool {
    lines.binary_search_by_key(&index, |(at, _)| *at).is_ok()
}

/// A line that holds nothing but a name, beside others of its list that are records.
pub fn sibling(text: &Text) -> Option<Line> {
    let string = text.as_str();
    let parts = parts::cut(text);
    let [part] = parts.as_slice() else {
        return None;
    };
    let name = part.range.clone();
    (part.look == Look::Name && is_name(string.get(name.clone())?, false)).then(|| Line {
        name: Some(name),
        // Its neighbours speak for it.
        evidence: 0.5,
        ..Line::default()
    })
}

/// What the lines of a list say, for those that are records: each with its place among `items`.
pub fn records(items: &[Item<'_>]) -> Vec<(usize, Line)> {
    let taken: Vec<Taken<'_>> = (items.iter().enumerate())
        .filter_map(|(index, item)| Taken::of(index, *item))
        .collect();
    decide(&taken.iter().collect::<Vec<_>>()).records
}

/// A trait by which the records of a list differ from other lines that look like them: what the first of their parts is, or that one of them is there.
static TRAITS: [fn(&Taken<'_>) -> bool; 7] = [
    |taken| taken.has(|part| part.look == Look::Award),
    |taken| taken.begins_as(Look::Year),
    |taken| taken.begins_as(Look::Amount),
    |taken| taken.opened > 0,
    |taken| taken.has(|part| part.look == Look::Quoted),
    |taken| taken.has(|part| part.look == Look::Amount),
    |taken| taken.has(|part| part.joint == Joint::Paren),
];

/// What the lines say that share one trait, for each trait that some lines of several have and others have not. Paragraphs that introduce a list look like
/// its lines in a text without styles, and decide nothing for these.
pub fn decide_by_trait(taken: &[&Taken<'_>]) -> Vec<Decided> {
    let n_divided = taken.iter().filter(|taken| taken.is_divided()).count();
    TRAITS
        .iter()
        .filter_map(|shows| {
            let having: Vec<&Taken<'_>> = taken
                .iter()
                .copied()
                .filter(|taken| taken.is_divided() && shows(taken))
                .collect();
            (having.len() > 1 && having.len() < n_divided).then(|| decide(&having))
        })
        .collect()
}

/// A line taken apart.
pub struct Taken<'t> {
    /// Its place among the lines.
    index: usize,
    text: &'t Text,
    opened: usize,
    parts: Vec<Part>,
    /// The parts of a sentence: who it is about, and what it tells; none, where the line is no sentence.
    told: Option<Vec<Part>>,
}

impl<'t> Taken<'t> {
    /// Takes a line apart that has this place among others; none, where it is too long to be one record's.
    pub fn of(index: usize, item: Item<'t>) -> Option<Self> {
        (item.text.len() <= LONGEST_LINE).then(|| {
            let parts = parts::cut_behind(item.text, item.opened);
            let told = parts::told(item.text.as_str(), &parts);
            Self {
                index,
                text: item.text,
                opened: item.opened,
                parts,
                told,
            }
        })
    }

    /// Its parts, in a list of sentences or in another.
    fn parts(&self, are_told: bool) -> &[Part] {
        let told = self.told.as_ref().filter(|_| are_told);
        told.unwrap_or(&self.parts)
    }

    /// Whether it says several things.
    fn is_divided(&self) -> bool {
        self.parts.len() > 1
    }

    fn begins_as(&self, look: Look) -> bool {
        self.parts.first().is_some_and(|part| part.look == look)
    }

    fn has(&self, test: fn(&Part) -> bool) -> bool {
        self.parts.iter().any(test)
    }
}

/// What lines say, decided for all of them together.
pub fn decide(taken: &[&Taken<'_>]) -> Decided {
    // « X développe … », « Y accueille … »: most lines tell what somebody does.
    let n_told = taken.iter().filter(|taken| taken.told.is_some()).count();
    let are_told = n_told >= FEWEST_RECORDS && n_told * 10 >= taken.len() * 6;
    let taken: Vec<&Taken<'_>> = (taken.iter().copied())
        .filter(|taken| taken.parts(are_told).len() > 1)
        .collect();
    let offices = taken
        .iter()
        .filter(|taken| taken.has(|part| matches!(part.look, Look::Office | Look::Date)))
        .count();
    let rows: Vec<Row<'_>> = taken
        .iter()
        .map(|taken| Row::of(taken.text.as_str(), taken.parts(are_told), columns::LINES))
        .collect();
    let roles = columns::roles(&rows);
    let lines: Vec<(usize, &str, Line)> = taken
        .iter()
        .map(|taken| {
            let string = taken.text.as_str();
            let line = columns::line(string, taken.parts(are_told), taken.opened, &roles);
            (taken.index, string, line)
        })
        .collect();
    // Where nothing is in capitals, names are not either.
    let caseless = !lines
        .iter()
        .any(|(_, string, _)| string.contains(char::is_uppercase));
    let usual = usual_slots(&lines);
    let core = Core::of(&lines);
    let mut decided = Decided::default();
    for (index, string, line) in lines {
        let title = line.title().and_then(|range| string.get(range));
        // A body may say who speaks for it.
        let names = |any_case: bool| {
            title.is_some_and(|name| {
                (!line.office || VOCABULARY.organisation_lean(name) > 0.0)
                    && is_name(name, any_case)
            })
        };
        let is_record = line.evidence > 0.0
            && has_usual(&line, &usual)
            && core.admits(index, &line)
            && !heads_lines_below(string)
            && names(caseless || line.carried || is_alike(&line, &usual));
        if is_record {
            decided.records.push((index, line));
        } else if names(true) {
            decided.others.push((index, line));
        }
    }
    // Persons with what they are, or days with what happens: a jury, a team, an agenda.
    if offices > decided.records.len() * 2 {
        return Decided::default();
    }
    decided
}

/// « Sports : » above a sum is the heading of the lines below it, and what they come to.
fn heads_lines_below(string: &str) -> bool {
    string.split_once('\n').is_some_and(|(first, rest)| {
        first.trim_end().ends_with(':') && look::is_amount(rest.trim())
    })
}

/// Where the lines stand that are surely records, and what all of them say.
struct Core {
    /// The first and the last of them.
    reach: Range<usize>,
    /// Each has a project, a sum, a prize.
    always: [bool; 3],
}

impl Core {
    fn of(lines: &[(usize, &str, Line)]) -> Self {
        let sure: Vec<(usize, [bool; 3])> = lines
            .iter()
            .filter(|(_, _, line)| line.evidence >= 1.0)
            .map(|(index, _, line)| (*index, Self::says(line)))
            .collect();
        let always = |slot: usize| {
            sure.len() >= FEWEST_RECORDS
                && sure
                    .iter()
                    .all(|(_, says)| says.get(slot).copied().unwrap_or_default())
        };
        let first = sure.first().map_or(0, |(index, _)| *index);
        let last = sure.last().map_or(0, |(index, _)| *index);
        Self {
            reach: first..last + 1,
            always: [always(0), always(1), always(2)],
        }
    }

    fn says(line: &Line) -> [bool; 3] {
        [
            line.project.is_some(),
            line.amount.is_some(),
            line.award.is_some(),
        ]
    }

    /// A line above or below all that are surely records is one where it says what all of them do.
    fn admits(&self, index: usize, line: &Line) -> bool {
        self.reach.contains(&index)
            || Self::says(line)
                .iter()
                .zip(&self.always)
                .all(|(says, always)| *says || !*always)
    }
}

/// What a line says, by kind.
fn slots(line: &Line) -> [bool; 10] {
    [
        // These three are the look of the list: where most lines have it, all do.
        line.opened,
        line.ordinal.is_some(),
        line.dated,
        line.name.is_some() || line.head.is_some(),
        line.project.is_some(),
        line.territory.is_some(),
        line.amount.is_some(),
        line.award.is_some(),
        line.description.is_some() || line.theme.is_some(),
        line.public.is_some(),
    ]
}

/// The kinds that most lines of a list say; where enough are surely records, most of those.
fn usual_slots(lines: &[(usize, &str, Line)]) -> [bool; 10] {
    let sure = lines
        .iter()
        .filter(|(_, _, line)| line.evidence >= 1.0)
        .count();
    let only_sure = sure >= FEWEST_RECORDS && sure * 3 > lines.len();
    let mut counts = [0usize; 10];
    let mut n = 0;
    for (_, _, line) in lines {
        if only_sure && line.evidence < 1.0 {
            continue;
        }
        n += 1;
        for (count, has) in counts.iter_mut().zip(slots(line)) {
            *count += usize::from(has);
        }
    }
    counts.map(|count| count * 2 > n)
}

/// Whether a line says most of what the lines of its list do: a title or a remark between them does not.
fn has_usual(line: &Line, usual: &[bool; 10]) -> bool {
    let wanted = usual.iter().filter(|usual| **usual).count();
    let found = slots(line)
        .iter()
        .zip(usual)
        .filter(|(has, usual)| **has && **usual)
        .count();
    let looks = slots(line)
        .iter()
        .zip(usual)
        .take(3)
        .all(|(has, usual)| *has || !*usual);
    looks && (found * 2 > wanted || wanted == 0)
}

/// Whether a line says all that most lines of its list do, and that is more than who is meant: then a name in small letters is one.
fn is_alike(line: &Line, usual: &[bool; 10]) -> bool {
    let all = slots(line)
        .iter()
        .zip(usual)
        .all(|(has, usual)| *has || !*usual);
    all && usual.iter().filter(|usual| **usual).count() > 1
}

/// Fewer records can look like anything.
const FEWEST_RECORDS: usize = 3;

/// Of several blocks, those whose lines are mostly records by themselves, so that each line is a unit. A short block is told by the others: below a
/// heading of its own it may hold one line.
pub fn lists(blocks: &[(usize, Vec<Text>)]) -> BTreeSet<usize> {
    // A line of a list is no paragraph.
    const LONGEST: usize = 300;
    let mut found = BTreeSet::new();
    let mut rest: Vec<(usize, &[Text])> = Vec::new();
    for (index, lines) in blocks {
        if lines.iter().any(|line| line.len() > LONGEST) {
            continue;
        }
        if is_list(lines) {
            found.insert(*index);
        } else {
            rest.push((*index, lines));
        }
    }
    let texts: Vec<&Text> = rest.iter().flat_map(|(_, lines)| *lines).collect();
    let records: BTreeSet<usize> = sure_records(&texts);
    if !are_most(records.len(), texts.len()) {
        return found;
    }
    let mut start = 0;
    for (index, lines) in rest {
        let end = start + lines.len();
        let count = records.range(start..end).count();
        let headed = usize::from(count > 0 && !records.contains(&start));
        if count * 10 >= (lines.len() - headed) * 6 {
            found.insert(index);
        }
        start = end;
    }
    found
}

fn are_most(records: usize, lines: usize) -> bool {
    records >= FEWEST_RECORDS && records * 10 >= lines * 6
}

/// The lines that are surely records.
fn sure_records(lines: &[&Text]) -> BTreeSet<usize> {
    let items: Vec<Item<'_>> = lines.iter().map(|line| Item::from(*line)).collect();
    records(&items)
        .into_iter()
        .filter(|(_, line)| line.evidence >= 1.0)
        .map(|(index, _)| index)
        .collect()
}

/// Whether most lines of a block are numbered, or records by themselves.
fn is_list(lines: &[Text]) -> bool {
    if lines.len() < FEWEST_RECORDS {
        return false;
    }
    let numbered = lines
        .iter()
        .filter(|line| {
            let parts = parts::cut(line);
            parts.len() > 1 && parts.first().is_some_and(|part| part.look == Look::Number)
        })
        .count();
    let texts: Vec<&Text> = lines.iter().collect();
    are_most(numbered, lines.len()) || are_most(sure_records(&texts).len(), lines.len())
}

/// A name has letters, is not too long, and is neither a part of a text nor a sum. It begins with a capital, unless the list has none, or words in front say
/// that somebody is named (`any_case`).
fn is_name(name: &str, any_case: bool) -> bool {
    let words = name.split_whitespace().count();
    let folded = fold(name);
    let sum = [
        "total",
        "sous-total",
        "montant",
        "dont",
        "soit",
        "nb",
        "note",
        "source",
    ]
    .iter()
    .any(|word| folded == *word || folded.starts_with(&format!("{word} ")));
    words <= LONGEST_NAME
        && name.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !sum
        && !look::is_award(name)
        && !VOCABULARY.is_unawarded(name)
        && find_amount(name).is_none_or(|amount| amount.len() * 2 < name.len())
        && !parts::has_stop(name)
        && (any_case
            || VOCABULARY.begins_organisation(name)
            || name.starts_with(|c: char| {
                c.is_uppercase() || c.is_ascii_digit() || matches!(c, '«' | '“' | '"')
            }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Source, Style};

    fn text(string: &str) -> Text {
        let mut text = Text::new();
        text.push(
            string,
            Source::Exact {
                start: 0,
                line: 1,
                node: None,
            },
            Style::default(),
        );
        text
    }

    /// What the first line of a list says: name, project, place, sum.
    #[track_caller]
    fn check(lines: &[&str], expected: [Option<&str>; 4]) {
        let texts: Vec<Text> = lines.iter().map(|line| text(line)).collect();
        let items: Vec<Item<'_>> = texts.iter().map(Item::from).collect();
        let records = records(&items);
        assert_eq!(records.len(), lines.len());
        let (_, line) = records.first().expect("there is a record");
        let first = lines.first().expect("there is a line");
        let part = |range: &Option<std::ops::Range<usize>>| first.get(range.clone()?);
        let name = part(&line.name).or_else(|| part(&line.head));
        let found = [
            name,
            part(&line.project),
            part(&line.territory),
            part(&line.amount),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_subject_of_a_sentence_is_the_name() {
        check(
            &[
                "1er prix (8 000 € + six mois de conseil), La Grange commune accueille des maraîchers sur huit hectares.",
                "2e prix (4 000 €), Maisons à plusieurs veut loger ensemble des anciens.",
                "3e prix (2 000 €), Voix de femmes forme des médiatrices dans trois quartiers.",
            ],
            [Some("La Grange commune"), None, None, Some("8 000 €")],
        );
    }

    #[test]
    fn a_place_may_stand_behind_a_slash() {
        check(
            &[
                "Café Prune / Tarn, 8 000 €",
                "Ludo 59 / Nord, 6 000 €",
                "Camp’Récup / Gironde, 4 000 €",
            ],
            [Some("Café Prune"), None, Some("Tarn"), Some("8 000 €")],
        );
    }

    #[test]
    fn the_place_is_found_wherever_it_stands() {
        let name = Some("Association Pages vives");
        check(
            &[
                "Association Pages vives (Honfleur), 4 000 €",
                "Les Forges (Pontarlier), 10 000 €",
                "Ludothèque Pirouette (Évreux), 2 500 €",
            ],
            [name, None, Some("Honfleur"), Some("4 000 €")],
        );
        check(
            &[
                "Honfleur – Association Pages vives – Des livres",
                "Pontarlier – Atelier des Forges – Au feu",
                "Évreux – Association Pirouette – Jouer dehors",
            ],
            [name, Some("Des livres"), Some("Honfleur"), None],
        );
    }

    #[test]
    fn words_between_tell_who_carries_what() {
        check(
            &[
                "« Des livres », porté par l’association Pages vives (Honfleur)",
                "« Au feu », porté par le foyer des Forges (Pontarlier)",
                "« Jouer dehors », porté par la commune de Vernon (Évreux)",
            ],
            [
                Some("association Pages vives"),
                Some("Des livres"),
                Some("Honfleur"),
                None,
            ],
        );
    }

    #[test]
    fn the_full_stop_behind_an_item_is_of_the_list() {
        let texts = [
            "Trophée Or : Centre social de Gray pour “La cuisine des voisins”.",
            "Trophée Argent : Commune de Vauxroy pour “Les bancs qui parlent”.",
            "Prix du public : Les Amis du lavoir pour “Mémoire d’eau”.",
        ]
        .map(text);
        let items: Vec<Item<'_>> = texts.iter().map(Item::from).collect();
        assert!(records(&items).is_empty());
        let taken: Vec<Taken<'_>> = (items.iter().enumerate())
            .filter_map(|(index, item)| Taken::of(index, *item))
            .collect();
        let found = decide_items(&taken.iter().collect::<Vec<_>>()).records;
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|(_, line)| line.project.is_some()));
    }

    #[test]
    fn persons_with_what_they_are_make_no_list() {
        let jury = [
            "Hélène Auclair, présidente du jury (Rouen)",
            "Denis Caron, maire de Barentin",
            "Nadia Ferhat, directrice du théâtre (Rouen)",
        ]
        .map(text);
        let items: Vec<Item<'_>> = jury.iter().map(Item::from).collect();
        assert!(records(&items).is_empty());
    }
}
