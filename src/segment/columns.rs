//! What the parts of lines are, decided over all lines of a list together: the third part of every line is a town where most of them are.
//!
//! Lines taken apart come in (see `parts`); the role of each column goes out, and with it what each line says.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::look::{Look, find_amount, find_behind};
use super::parts::{Joint, Part};
use crate::profile::{VOCABULARY, places};

/// Which part of every line: by what stands in front, and the how-manieth of that kind it is.
pub type Column = (u32, Joint, u8);

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The laureate.
    Name,
    /// Its project.
    Project,
    /// The laureate, its project, or both in one.
    Head,
    /// A place.
    Place,
    /// A subject.
    Theme,
}

/// A line's parts with the columns they stand in. `class` tells lines of one entry apart that look different.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    /// Each part with its column and its words.
    pub cells: Vec<(Column, Look, &'t str)>,
}

/// The class of lines that are records by themselves.
pub(super) const LINES: u32 = 0;

/// The columns of a line's parts.
pub fn columns(parts: &[Part], class: u32) -> Vec<Column> {
    let mut seen: BTreeMap<Joint, u8> = BTreeMap::new();
    parts
        .iter()
        .map(|part| {
            let nth = seen.entry(part.joint).or_default();
            *nth = nth.saturating_add(1);
            (class, part.joint, *nth)
        })
        .collect()
}

impl<'t> Row<'t> {
    /// The parts of a line as a row.
    pub fn of(string: &'t str, parts: &[Part], class: u32) -> Self {
        let cells = columns(parts, class)
            .into_iter()
            .zip(parts)
            .map(|(column, part)| {
                let words = string.get(part.range.clone()).unwrap_or_default();
                (column, part.look, words)
            })
            .collect();
        Self { cells }
    }
}

/// What the parts of a column have in common.
#[derive(Debug, Default)]
struct Tally<'t> {
    count: usize,
    lower: usize,
    place: f32,
    placed: usize,
    known: usize,
    /// Parts that stand beside a sum, in a line of their own below the title.
    summed: usize,
    lean: f32,
    values: BTreeMap<&'t str, usize>,
    /// How many parts stand in front of them, added up.
    before: usize,
}

/// One column is more like organisations than another where every fourth of its parts has a word of theirs more.
const CLEARLY: f32 = 0.5;

/// Decides what each column of a list holds.
pub fn roles(rows: &[Row<'_>]) -> BTreeMap<Column, Role> {
    let tallies = tallies(rows);
    let mut roles = BTreeMap::new();
    let n = rows.len().max(1);
    find_places(&tallies, n, &mut roles);
    // What is left: a subject where values recur or are words in small letters, names and titles elsewhere.
    let mut heads: Vec<(Column, f32)> = Vec::new();
    for (column, tally) in &tallies {
        if roles.contains_key(column) {
            continue;
        }
        let recurs = tally.count >= 4 && tally.values.len() * 2 <= tally.count;
        let role = match column.1 {
            Joint::Paren if tally.placed * 2 >= tally.count => Role::Place,
            Joint::Carrier => Role::Name,
            Joint::Quote => Role::Project,
            // What few lines have is chance.
            _ if tally.count * 5 < n * 2 => continue,
            // « (association) », « (laboratoire du Vexin) »
            Joint::Paren if tally.lean > tally.count as f32 * CLEARLY => continue,
            _ if tally.lower * 2 > tally.count || recurs => Role::Theme,
            _ => {
                if tally.count * 2 >= n {
                    heads.push((*column, tally.lean / tally.count as f32));
                }
                continue;
            }
        };
        roles.insert(*column, role);
    }
    // In the order in which lines have them, whatever stands in front.
    let before = |column: &Column| {
        let tally = tallies.get(column);
        tally.map_or(0.0, |tally| tally.before as f32 / tally.count.max(1) as f32)
    };
    heads.sort_by(|a, b| before(&a.0).total_cmp(&before(&b.0)));
    let most = |wanted: Look| {
        let having = |row: &&Row<'_>| row.cells.iter().any(|(_, look, _)| *look == wanted);
        rows.iter().filter(having).count() * 2 > n
    };
    let carried = roles
        .iter()
        .find(|(_, role)| **role == Role::Name)
        .and_then(|(column, _)| {
            let tally = tallies.get(column)?;
            Some(tally.lean / tally.count.max(1) as f32)
        });
    assign_heads(&heads, carried, most(Look::Quoted), &mut roles);
    // Who has an address is no project.
    if most(Look::Address) {
        for role in roles.values_mut().filter(|role| **role == Role::Head) {
            *role = Role::Name;
        }
    }
    roles
}

fn tallies<'t>(rows: &[Row<'t>]) -> BTreeMap<Column, Tally<'t>> {
    let mut tallies: BTreeMap<Column, Tally<'_>> = BTreeMap::new();
    for (row, (before, (column, look, string))) in rows
        .iter()
        .flat_map(|row| row.cells.iter().enumerate().map(move |cell| (row, cell)))
    {
        if !matches!(look, Look::Name | Look::Lower | Look::Quoted) {
            continue;
        }
        let tally = tallies.entry(*column).or_default();
        let place = places::likeness(string);
        tally.count += 1;
        tally.before += before;
        tally.lower += usize::from(*look == Look::Lower);
        tally.place += place;
        tally.placed += usize::from(place > 0.0);
        tally.known += usize::from(place >= places::SURE);
        let below = column.0 > 0 && place > 0.0;
        tally.summed += usize::from(
            below
                && row
                    .cells
                    .iter()
                    .any(|(other, look, _)| other.0 == column.0 && *look == Look::Amount),
        );
        tally.lean += VOCABULARY.organisation_lean(string);
        *tally.values.entry(string).or_default() += 1;
    }
    tallies
}

/// A column holds places where most of its parts could be some and half are known, or stand in parentheses or beside a sum below a title; and another
/// column is left for the name.
fn find_places(
    tallies: &BTreeMap<Column, Tally<'_>>,
    n: usize,
    roles: &mut BTreeMap<Column, Role>,
) {
    let mut found: Vec<(Column, f32)> = tallies
        .iter()
        .filter(|(column, tally)| {
            column.1 != Joint::Quote
                && tally.placed * 10 >= tally.count * 7
                && (column.1 == Joint::Paren
                    || tally.known * 2 >= tally.count
                    || tally.summed * 10 >= tally.count * 8)
        })
        .map(|(column, tally)| {
            let apart = f32::from(u8::from(column.1 == Joint::Paren));
            (*column, tally.place / tally.count as f32 + apart)
        })
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
    for (column, _) in found {
        let left = tallies
            .iter()
            .filter(|(other, tally)| {
                **other != column
                    && !roles.contains_key(*other)
                    && tally.lower * 2 <= tally.count
                    && other.1 != Joint::Paren
            })
            .map(|(_, tally)| tally.count)
            .max()
            .unwrap_or(0);
        if left * 10 >= n * 6 {
            roles.insert(column, Role::Place);
        }
    }
}

/// Which of the columns that most lines have names the laureate, and which its project; `carried` is how much those look like
/// bodies that stand behind « porté par », and `titled` tells that
/// quotations are the titles.
fn assign_heads(
    heads: &[(Column, f32)],
    carried: Option<f32>,
    titled: bool,
    roles: &mut BTreeMap<Column, Role>,
) {
    match heads {
        [] => {}
        // « Ville de X (31) – Candidature présentée par Mme Y »: who speaks for the body.
        [first, ..] if carried.is_some_and(|lean| first.1 > lean + CLEARLY) && !titled => {
            roles.retain(|_, role| *role != Role::Name);
            roles.insert(first.0, Role::Name);
        }
        [first, ..] if carried.is_some() => {
            if !titled {
                roles.insert(first.0, Role::Project);
            }
        }
        [only] => {
            roles.insert(only.0, if titled { Role::Name } else { Role::Head });
        }
        // « X (université Y) pour sa thèse intitulée « … » »: where X belongs.
        [first, second, ..] if titled && second.0.1 == Joint::Paren => {
            roles.insert(first.0, Role::Name);
        }
        [first, second, ..] => {
            let swapped = second.1 > first.1 + CLEARLY;
            let (name, project) = if swapped {
                (second, first)
            } else {
                (first, second)
            };
            roles.insert(name.0, Role::Name);
            if !titled {
                roles.insert(project.0, Role::Project);
            }
        }
    }
}

/// What a line says, as byte ranges.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent observation"
)]
pub struct Line {
    /// The laureate.
    pub name: Option<Range<usize>>,
    /// Its project.
    pub project: Option<Range<usize>>,
    /// The laureate, its project, or both: a heading that is split as headings are.
    pub head: Option<Range<usize>>,
    /// A place.
    pub territory: Option<Range<usize>>,
    /// Whom it serves, counted.
    pub public: Option<Range<usize>>,
    /// A subject.
    pub theme: Option<Range<usize>>,
    /// A sum of money.
    pub amount: Option<Range<usize>>,
    /// What the laureate does.
    pub description: Option<Range<usize>>,
    /// Rank or prize.
    pub award: Option<Range<usize>>,
    /// The printed number.
    pub ordinal: Option<Range<usize>>,
    /// Words in front say that it is who carries a project, or gets a prize.
    pub carried: bool,
    /// A run that its look sets apart opens it: bold, or a link.
    pub opened: bool,
    /// It gives an address.
    pub addressed: bool,
    /// The year of an edition opens it.
    pub dated: bool,
    /// It says what somebody is, as lists of persons do, or gives a day, as agendas do.
    pub office: bool,
    /// How much it looks like a record by itself, from 0 to 1.
    pub evidence: f32,
}

impl Line {
    /// What the line is about.
    pub fn title(&self) -> Option<Range<usize>> {
        self.name
            .clone()
            .or_else(|| self.head.clone())
            .or_else(|| self.project.clone())
    }
}

/// A subject has fewer words.
const SHORTEST_TOLD: usize = 4;

/// What a sum that somebody gets stands behind, at the beginning of a text.
static RECEIVED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:reçoit|reçoivent|recevra|recevront|obtient|obtiennent|remporte|bénéficie|bénéficient|dotation|subvention|aide|soutenue? à hauteur|receives?|awarded)\b").expect("the pattern is constant")
});

fn find_received(text: &str) -> Option<Range<usize>> {
    let is_bound = |before: Option<char>| before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    find_behind(&RECEIVED, text, is_bound)
}

/// Puts the parts of a line where the columns say; what looks clearly like something is that wherever it stands. `opened` is where the run ends that its
/// look sets apart at the line's beginning, 0 without one: a name that is all of it is printed with its article.
pub fn line(string: &str, parts: &[Part], opened: usize, roles: &BTreeMap<Column, Role>) -> Line {
    let mut filling = Filling {
        string,
        line: Line::default(),
        sure: false,
        last: None,
        misplaced: None,
    };
    for (number, (part, column)) in parts.iter().zip(columns(parts, LINES)).enumerate() {
        filling.put(number, part, roles.get(&column).copied());
    }
    let (sure, mut line, misplaced) = (filling.sure, filling.line, filling.misplaced);
    // « À Dole, le lycée X reçoit … » among lines that name the town behind.
    if line.name.is_none() && line.head.is_none() && line.territory.is_some() {
        line.name = misplaced;
    }
    // Without a column of their own, the words that stand first are the head.
    if line.name.is_none() && line.head.is_none() {
        line.name = parts
            .iter()
            .find(|part| part.look == Look::Name)
            .map(|part| part.range.clone())
            .filter(|first| {
                [&line.territory, &line.project, &line.theme]
                    .iter()
                    .all(|taken| taken.as_ref() != Some(first))
            });
    }
    let carried = line.carried;
    for name in [&mut line.name, &mut line.head].into_iter().flatten() {
        if opened > 0 && *name == (0..opened) {
            continue;
        }
        *name = without_article(string, name.clone(), carried);
    }
    line.opened = opened > 0;
    line.evidence = evidence(string, &line, sure, parts.len());
    line
}

/// How much a line looks like a record: surely where a sum, a prize, a quotation, a known place or « porté par » says so.
fn evidence(string: &str, line: &Line, sure: bool, n_parts: usize) -> f32 {
    // Fewer words tell nothing.
    const TOLD: usize = 3;
    let organisation = line
        .title()
        .and_then(|range| string.get(range))
        .is_some_and(|name| VOCABULARY.organisation_lean(name) > 0.0);
    let told = line
        .description
        .as_ref()
        .and_then(|range| string.get(range.clone()))
        .is_some_and(|description| description.split_whitespace().count() >= TOLD);
    if sure {
        1.0
    } else if line.public.is_some()
        || line.addressed
        || line.dated
        || told
        || organisation && n_parts > 1
    {
        0.5
    } else if line.name.is_some() && line.project.is_some() || line.territory.is_some() {
        0.3
    } else {
        0.0
    }
}

/// A line that is being put together.
struct Filling<'s> {
    string: &'s str,
    line: Line,
    /// Something in it is seldom anything but a record's.
    sure: bool,
    /// Where the part before ends, if that is a name or title.
    last: Option<usize>,
    /// What stands where the other lines have a place, and is none.
    misplaced: Option<Range<usize>>,
}

/// Whether words begin as a relative clause does.
fn is_relative(words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or_default();
    matches!(first, "qui" | "que" | "dont" | "où" | "who" | "which")
}

/// Puts a range where none is yet.
fn put(slot: &mut Option<Range<usize>>, range: &Range<usize>) -> bool {
    let free = slot.is_none();
    if free {
        *slot = Some(range.clone());
    }
    free
}

impl Filling<'_> {
    fn put(&mut self, number: usize, part: &Part, role: Option<Role>) {
        let open = self.last.take();
        let (line, range) = (&mut self.line, &part.range);
        match part.look {
            Look::Amount => self.sure |= put(&mut line.amount, range),
            Look::Award if number == 0 || self.string.trim_end().len() == range.end => {
                self.sure |= put(&mut line.award, range);
            }
            Look::Number if number == 0 => {
                put(&mut line.ordinal, range);
            }
            Look::Quoted => self.sure |= put(&mut line.project, range),
            Look::Public => {
                put(&mut line.public, range);
            }
            Look::Office | Look::Date => line.office = true,
            Look::Address => line.addressed = true,
            Look::Year => line.dated = true,
            Look::Age | Look::Contact => {}
            Look::Prose => self.tell(part),
            Look::Number | Look::Award | Look::Lower | Look::Name => {
                self.put_by_role(number, part, role, open);
            }
        }
    }

    /// `open` is where the part before ends, if that is a name or title.
    fn put_by_role(&mut self, number: usize, part: &Part, role: Option<Role>, open: Option<usize>) {
        let words = self.string.get(part.range.clone()).unwrap_or_default();
        let place = places::likeness(words);
        let (line, range) = (&mut self.line, &part.range);
        match role {
            Some(Role::Place) if part.joint == Joint::Paren || place > 0.0 => {
                let free = put(&mut line.territory, range);
                self.sure |= free && (part.joint == Joint::Paren || place >= places::SURE);
            }
            Some(Role::Place) if part.look != Look::Lower => {
                put(&mut self.misplaced, range);
            }
            // More words than a subject has tell what is done.
            Some(Role::Place | Role::Theme)
                if part.look == Look::Lower
                    && words.split_whitespace().count() >= SHORTEST_TOLD =>
            {
                put(&mut line.description, range);
            }
            // « …, qui a été retenu » goes on with the sentence.
            Some(Role::Place | Role::Theme) if is_relative(words) => {}
            Some(Role::Place | Role::Theme) => {
                put(&mut line.theme, range);
            }
            Some(Role::Name) => {
                self.sure |= part.joint == Joint::Carrier;
                line.carried |= put(&mut line.name, range) && part.joint == Joint::Carrier;
                self.last = Some(range.end);
            }
            Some(Role::Project) => {
                put(&mut line.project, range);
                self.last = Some(range.end);
            }
            Some(Role::Head) => {
                put(&mut line.head, range);
                self.last = Some(range.end);
            }
            // A part that few lines have: a place, or the rest of a name that holds the separator.
            None if place >= places::SURE => {
                put(&mut line.territory, range);
            }
            None => {
                let open = [&mut line.name, &mut line.head, &mut line.project]
                    .into_iter()
                    .flatten()
                    .find(|slot| Some(slot.end) == open);
                match open {
                    Some(slot) if part.joint == Joint::Comma => {
                        slot.end = range.end;
                        self.last = Some(range.end);
                    }
                    // « X (association) »: what X is, not what it does.
                    _ if part.joint == Joint::Paren && VOCABULARY.begins_organisation(words) => {}
                    _ if number > 0 => {
                        put(&mut line.description, range);
                    }
                    _ => {}
                }
            }
        }
    }

    /// A sentence, or the rest of one, and the sum that it says was given.
    fn tell(&mut self, part: &Part) {
        let words = self.string.get(part.range.clone()).unwrap_or_default();
        // « X loue des vélos »: the rest of a sentence is told with its beginning.
        let continues = words.starts_with(char::is_lowercase)
            && matches!(part.joint, Joint::Bold | Joint::Unquote)
            && self.string.trim_end().ends_with('.');
        let whole = 0..self.string.len();
        put(
            &mut self.line.description,
            if continues { &whole } else { &part.range },
        );
        if self.line.amount.is_none()
            && find_amount(words).is_some()
            && let Some(verb) = find_received(words)
            && let Some(amount) = words.get(verb.end..).and_then(find_amount)
        {
            let from = part.range.start + verb.end + amount.start();
            let width = amount.as_str().trim_end_matches([' ', ',', '.']).len();
            self.line.amount = Some(from..from + width);
            self.sure = true;
        }
    }
}

/// « L'association X » in a sentence is « association X »; « La Ligue … » at the head of a line keeps its article, which can be part of the name.
/// `carried` tells that what precedes it says that somebody is named, by whatever word.
pub fn without_article(string: &str, range: Range<usize>, carried: bool) -> Range<usize> {
    let part = string.get(range.clone()).unwrap_or_default();
    for article in [
        "l’", "l'", "L’", "L'", "le ", "la ", "les ", "Le ", "La ", "Les ", "un ", "une ",
    ] {
        if let Some(rest) = part.strip_prefix(article)
            && (rest.starts_with(char::is_lowercase)
                && (carried || VOCABULARY.begins_organisation(rest))
                || article.starts_with(char::is_lowercase) && rest.starts_with(char::is_uppercase))
        {
            return range.end - rest.len()..range.end;
        }
    }
    range
}
