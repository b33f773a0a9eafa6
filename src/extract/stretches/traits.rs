//! What speaks for and against a stretch: its ends, what is within, where it stands, what the rules took it for.

use std::cmp::Ordering;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::places::Places;
use super::tokens::{Shape, Token};
use super::weights::WEIGHTS;
use crate::extract::draft::{Draft, Rule};
use crate::segment::{Form, Unit};

/// A value that the rules found in an entry: its field and the rule, the characters, and where they stand.
struct Value<'d> {
    kind: String,
    characters: &'d str,
    at: Option<(usize, Range<usize>)>,
}

/// What the rules found in an entry.
pub(super) struct Known<'d> {
    values: Vec<Value<'d>>,
    /// How often the beginnings of its units have each word.
    counts: FxHashMap<&'d str, u32>,
    /// Where names begin behind what they are, as sentences say it: « l'association X »; the unit, and the word.
    behind_kinds: Vec<(usize, usize)>,
    /// Who the sentences tell of, but for the first words; the unit, and the words.
    subjects: Vec<(usize, Range<usize>)>,
}

/// The names that sentences begin with, and tell of: « Terre à Terre | installe quatre bacs », « Les Ondes Bleues | équipent … ».
fn subjects(words: &[Token]) -> impl Iterator<Item = Range<usize>> {
    const LONGEST: usize = 9;
    let begins = |at: &usize| {
        at.checked_sub(1)
            .and_then(|before| words.get(before))
            .is_none_or(|before| before.ends_sentence || before.word == "\n")
    };
    (0..words.len()).filter(begins).filter_map(|start| {
        let sentence = words.get(start..)?;
        let n = (sentence.iter().take(LONGEST + 1))
            .take_while(|token| token.is_word() && !token.is_verb())
            .count();
        let name = sentence.get(..n)?;
        let verb = sentence.get(n)?;
        let first = name.iter().position(|token| !token.is_short())?;
        let n_capitals = name.iter().filter(|token| token.is_capital()).count();
        let is_name = name.get(first)?.is_capital() && n_capitals > 1;
        // « En 2015 Le Toit ouvre », « Pour Marie »
        let leads = name.first()?.leads() || name.iter().any(|token| token.shape == Shape::Digit);
        (verb.is_verb() && is_name && !leads).then_some(start..start + n)
    })
}

/// The words at which names begin behind what they are: « l'association X », « la jeune entreprise X ».
fn behind_kinds(words: &[Token]) -> impl Iterator<Item = usize> {
    // « l'association sportive et culturelle X »
    const NEAR: usize = 4;
    let is_article = |token: &Token| {
        matches!(
            token.word.as_str(),
            "l'" | "d'" | "la" | "le" | "les" | "une" | "un" | "du" | "the"
        )
    };
    words.iter().enumerate().filter_map(move |(at, token)| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let begins = before.is_none_or(|before| is_article(before) || !before.is_word());
        if !(token.is_body()
            && (begins && token.shape == Shape::Lower || before.is_some_and(is_article)))
        {
            return None;
        }
        let behind = words.get(at + 1..)?.iter().take(NEAR);
        let small = behind
            .take_while(|token| token.shape == Shape::Lower && !token.is_verb())
            .count();
        let first = words.get(at + 1 + small)?;
        let quoted = matches!(first.word.as_str(), "«" | "\"");
        let first = at + 1 + small + usize::from(quoted);
        words.get(first)?.is_capital().then_some(first)
    })
}

impl<'d> Known<'d> {
    pub(super) fn of(units: &[&Unit], words: &'d [Vec<Token>], draft: &'d Draft<'_>) -> Self {
        let mention = &draft.mention;
        let fields = [
            ("/name", mention.name.as_deref()),
            ("/project", mention.project.as_deref()),
            ("/territory", mention.territory.as_deref()),
            ("/region", mention.region.as_deref()),
            ("/theme", mention.theme.as_deref()),
            ("/group", mention.group.as_deref()),
            ("/call", mention.call.as_deref()),
            ("/public", mention.public.as_deref()),
            ("/description", mention.description.as_deref()),
            (
                "/amount/text",
                mention.amount.as_ref().map(|amount| amount.text.as_str()),
            ),
            (
                "/award/text",
                mention.award.as_ref().map(|award| award.text.as_str()),
            ),
        ];
        let of = |(pointer, characters): (&str, Option<&'d str>)| {
            let characters = characters?.trim();
            let by = draft.rule(pointer).map_or("none", Rule::name);
            let field = pointer.trim_start_matches('/').trim_end_matches("/text");
            Some(Value {
                kind: format!("{field}:{by}"),
                characters,
                at: units.iter().enumerate().find_map(|(number, unit)| {
                    let start = unit.text.as_str().find(characters)?;
                    Some((number, start..start + characters.len()))
                }),
            })
        };
        let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
        for token in words.iter().flatten().filter(|token| token.is_word()) {
            *counts.entry(&token.word).or_default() += 1;
        }
        let behind_kinds = (words.iter().enumerate())
            .flat_map(|(number, words)| behind_kinds(words).map(move |at| (number, at)))
            .collect();
        let subjects = (words.iter().enumerate())
            .flat_map(|(number, words)| subjects(words).map(move |name| (number, name)))
            // How an entry begins says little: its first words are its name, or a title.
            .filter(|(number, name)| *number > 0 || name.start > 0)
            .collect();
        Self {
            values: fields.into_iter().filter_map(of).collect(),
            counts,
            behind_kinds,
            subjects,
        }
    }

    /// Where the name stands in a unit.
    pub(super) fn name_in(&self, number: usize) -> Option<&Range<usize>> {
        let name = self
            .values
            .iter()
            .find(|value| value.kind.starts_with("name:"))?;
        name.at
            .as_ref()
            .filter(|(unit, _)| *unit == number)
            .map(|(_, bytes)| bytes)
    }
}

/// Where in its entry a unit stands.
pub(super) struct Place {
    traits: Vec<String>,
    /// The same in entries of one form.
    key: String,
    /// Its first word that is no label.
    first: usize,
}

impl Place {
    pub(super) fn of(number: usize, n_head: usize, unit: &Unit, first: usize) -> Self {
        let form = match unit.form {
            Form::Number => "number",
            Form::Labelled => "labelled",
            Form::Parenthesis => "parenthesis",
            Form::Short => "short",
            Form::Prose => "prose",
            Form::Footnote => "footnote",
            Form::Attribution => "attribution",
            Form::Sentinel => "sentinel",
        };
        let label = unit.label.as_ref().map(|label| label.field.as_str());
        let part = if number < n_head { "head" } else { "body" };
        let observed = [
            (unit.award, "award"),
            (unit.place, "place"),
            (unit.organisation, "organisation"),
            (unit.body, "body"),
            (unit.repeated, "repeated"),
            (unit.guessed, "guessed"),
            (unit.told.is_some(), "told"),
        ];
        let traits = [
            format!("unit {}", number.min(4)),
            format!("unit {part} {form}"),
        ]
        .into_iter()
        .chain(label.map(|label| format!("unit label {label}")))
        .chain(
            observed
                .iter()
                .filter(|(is, _)| *is)
                .map(|(_, what)| format!("unit {what}")),
        )
        .collect();
        let key = match label {
            Some(label) => format!("label {label}"),
            None => format!("{form} {}", number.min(3)),
        };
        Self { traits, key, first }
    }

    /// The words on both sides of a stretch, in its unit.
    fn around<'w>(&self, words: &'w [Token], range: &Range<usize>) -> [Option<&'w Token>; 4] {
        let before = |distance: usize| {
            let at = range
                .start
                .checked_sub(distance)
                .filter(|at| *at >= self.first)?;
            words.get(at)
        };
        [
            before(2),
            before(1),
            words.get(range.end),
            words.get(range.end + 1),
        ]
    }
}

fn shape(token: Option<&Token>) -> &'static str {
    token.map_or("edge", |token| match token.shape {
        Shape::Lower => "lower",
        Shape::Capital => "capital",
        Shape::Upper => "upper",
        Shape::Digit => "digit",
        Shape::Mark => "mark",
    })
}

fn word(token: Option<&Token>) -> &str {
    token.map_or("edge", |token| token.word.as_str())
}

/// What traits are worth that many stretches of a unit have: those of its place, and of each word that they begin or end with.
pub(super) struct Sums {
    place: f32,
    begins: Vec<Option<f32>>,
    ends: Vec<Option<f32>>,
}

impl Sums {
    /// Those of a unit of so many words; none is added up yet but the place's.
    pub(super) fn of(place: &Place, n_words: usize) -> Self {
        Self {
            place: place.traits.iter().map(|name| WEIGHTS.of(name)).sum(),
            begins: vec![None; n_words],
            ends: vec![None; n_words],
        }
    }
}

/// A stretch with all that its traits are told of.
pub(super) struct Seen<'a> {
    /// Traits without a weight are told, too.
    pub(super) told: bool,
    /// The words of its unit, and which of them it is.
    pub(super) words: &'a [Token],
    pub(super) range: Range<usize>,
    pub(super) unit: &'a Unit,
    /// Which of the entry's units that is, and where it stands.
    pub(super) number: usize,
    pub(super) place: &'a Place,
    pub(super) places: &'a Places,
    pub(super) known: &'a Known<'a>,
}

impl Seen<'_> {
    /// Tells what speaks for and against a stretch, each trait once; `buffer` is where its words are put together.
    pub(super) fn tell(&self, buffer: &mut String, mut tell: impl FnMut(&str)) {
        for name in &self.place.traits {
            tell(name);
        }
        let mut say = |parts: &[&str]| {
            buffer.clear();
            for part in parts {
                buffer.push_str(part);
            }
            tell(buffer);
        };
        let inside = self.words.get(self.range.clone()).unwrap_or_default();
        if let (Some(first), Some(last)) = (inside.first(), inside.last()) {
            self.beginning(first, &mut say);
            self.end(last, &mut say);
            self.all(inside, first, last, &mut say);
        }
    }

    /// What it is worth by its traits. Those of its beginning and of its end are added up once for all stretches that share them, in `sums`.
    pub(super) fn worth(&self, sums: &mut Sums, buffer: &mut String) -> f32 {
        let inside = self.words.get(self.range.clone()).unwrap_or_default();
        let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
            return sums.place;
        };
        let mut of_all = 0.0;
        self.all(inside, first, last, &mut |parts| {
            of_all += WEIGHTS.of_parts(parts, buffer);
        });
        let begins = sums.begins.get_mut(self.range.start);
        let begins = begins.map_or(0.0, |known| {
            *known.get_or_insert_with(|| {
                let mut sum = 0.0;
                self.beginning(first, &mut |parts| sum += WEIGHTS.of_parts(parts, buffer));
                sum
            })
        });
        let ends = sums.ends.get_mut(self.range.end - 1);
        let ends = ends.map_or(0.0, |known| {
            *known.get_or_insert_with(|| {
                let mut sum = 0.0;
                self.end(last, &mut |parts| sum += WEIGHTS.of_parts(parts, buffer));
                sum
            })
        });
        sums.place + begins + ends + of_all
    }

    /// Whether a word can be in a trait that is worth something: most words are in none that was learnt.
    fn is_weighed(&self, token: Option<&Token>) -> bool {
        self.told || token.is_none_or(|token| token.weighed)
    }

    /// The word that it begins with, and those before it.
    fn beginning(&self, first: &Token, say: &mut impl FnMut(&[&str])) {
        let [before2, before, ..] = self.place.around(self.words, &self.range);
        let begins = shape(Some(first));
        if self.is_weighed(Some(first)) {
            say(&["first ", &first.word]);
        }
        say(&["first shape ", begins]);
        if self.is_weighed(before) {
            say(&["before ", word(before)]);
            say(&["before ", word(before), " first shape ", begins]);
        }
        if self.is_weighed(before2) {
            say(&["before2 ", word(before2)]);
        }
        if self.is_weighed(before) {
            say(&["before ", word(before), " before2 shape ", shape(before2)]);
        }
        for what in first.begins() {
            say(&["begins as ", what]);
        }
        if before.is_some_and(Token::is_body) {
            say(&["before body"]);
        }
        if (self.known.behind_kinds).contains(&(self.number, self.range.start)) {
            let first = self.known.behind_kinds.first() == Some(&(self.number, self.range.start));
            say(&[
                "behind what it is",
                if first { ", first" } else { ", again" },
            ]);
            if self.known.behind_kinds.len() == 1 {
                say(&["behind what it is, alone"]);
            }
        } else if !self.known.behind_kinds.is_empty() {
            let part = if self.number == 0 { "first" } else { "farther" };
            say(&["another behind what it is, ", part]);
        }
        if first.leads() {
            say(&["first leads"]);
        }
        let of_sentence = |(number, name): &(usize, Range<usize>)| {
            *number == self.number && name.contains(&self.range.start)
        };
        if let Some(place) = self.known.subjects.iter().position(of_sentence) {
            say(&["told of", if place == 0 { ", first" } else { ", again" }]);
        } else if !self.known.subjects.is_empty() {
            let part = if self.number == 0 { "first" } else { "farther" };
            say(&["another told of, ", part]);
        }
    }

    /// The word that it ends with, and those behind it.
    fn end(&self, last: &Token, say: &mut impl FnMut(&[&str])) {
        let [_, _, next, next2] = self.place.around(self.words, &self.range);
        let ends = shape(Some(last));
        if self.is_weighed(Some(last)) {
            say(&["last ", &last.word]);
        }
        say(&["last shape ", ends]);
        if self.is_weighed(next) {
            say(&["next ", word(next)]);
        }
        say(&["next shape ", shape(next)]);
        say(&["last shape ", ends, " next shape ", shape(next)]);
        if self.is_weighed(next2) {
            say(&["next2 ", word(next2)]);
        }
        // « Les Amis du Four | à chaux », « Les Amis du Four | à Dole »
        if self.is_weighed(next) {
            say(&["next ", word(next), " next2 shape ", shape(next2)]);
        }
        if let Some(ending) = next.and_then(Token::ending) {
            say(&["next -", ending]);
        }
        if let Some(ending) = last.ending() {
            say(&["last -", ending]);
        }
        if next.is_some_and(Token::is_verb) {
            say(&["next verb"]);
        }
        // « Fleuret pour tous | à Saint-Étienne », « Répit’Âge | – Cholet »
        if self.places.begins(self.range.end + 1) {
            say(&["next ", word(next), " and a place"]);
        }
    }

    /// What is of its beginning and its end together, and of what is between.
    fn all(&self, inside: &[Token], first: &Token, last: &Token, say: &mut impl FnMut(&[&str])) {
        let [_, before, next, _] = self.place.around(self.words, &self.range);
        if self.is_weighed(before) && self.is_weighed(next) {
            say(&["before ", word(before), " next ", word(next)]);
        }
        let [stands, of] = standing(before, next, self.unit);
        say(&["stands ", stands, of]);
        if let Some(start) = self.places.ending(self.range.end) {
            match start.cmp(&self.range.start) {
                Ordering::Equal => say(&["place before ", word(next)]),
                Ordering::Greater => {
                    say(&["ends in ", word(self.words.get(start - 1)), " and a place"]);
                }
                Ordering::Less => say(&["ends in a part of a place"]),
            }
        }
        self.row(inside, say);
        self.inside(inside, say);
        self.look(first, last, say);
        self.ruled(first.range.start..last.range.end, say);
    }

    /// Whether it is a row of things of one kind, or a part of one: « R. Dupouy, G. Navailles et L. Abadie », « Dombes, Chalaronne et Saône ».
    fn row(&self, inside: &[Token], say: &mut impl FnMut(&[&str])) {
        let around = |at: Option<usize>| at.and_then(|at| self.words.get(at));
        let [_, before, next, _] = self.place.around(self.words, &self.range);
        let (first, last) = (inside.first(), inside.last());
        let capital = |token: Option<&Token>| token.is_some_and(Token::is_capital);
        let goes_on_behind = next.is_some_and(Token::joins)
            && capital(last)
            && capital(around(Some(self.range.end + 1)));
        let goes_on_before = before.is_some_and(Token::joins)
            && capital(first)
            && capital(around(self.range.start.checked_sub(2)));
        let n_joints = (inside.windows(3))
            .filter(|three| {
                matches!(three, [a, joint, b] if a.is_capital() && joint.joins() && b.is_capital())
            })
            .count();
        // Persons have two names or three.
        let persons = (inside.split(Token::joins))
            .all(|piece| (2..=4).contains(&piece.len()) && piece.iter().all(Token::names_person));
        let of = if persons { " of persons" } else { "" };
        let part = match (goes_on_before, goes_on_behind) {
            (false, false) if n_joints == 0 => return,
            (false, false) => "a whole row",
            (true, false) => "the end of a row",
            (false, true) => "the beginning of a row",
            (true, true) => "the middle of a row",
        };
        say(&[part, of]);
    }

    /// How long it is, and which small words, marks, endings and capitals it has.
    fn inside(&self, inside: &[Token], say: &mut impl FnMut(&[&str])) {
        let n = inside.iter().filter(|token| token.is_word()).count();
        let length = match n {
            0 | 1 => "1",
            2 => "2",
            3 => "3",
            4 => "4",
            5 | 6 => "5-6",
            7..=9 => "7-9",
            10..=14 => "10-14",
            _ => "15 or more",
        };
        say(&["words ", length]);
        let within = inside
            .get(1..inside.len().saturating_sub(1))
            .unwrap_or_default();
        let mut seen: Vec<&str> = Vec::new();
        for token in within {
            if (!token.is_word() || token.is_short())
                && self.is_weighed(Some(token))
                && !seen.contains(&token.word.as_str())
            {
                seen.push(&token.word);
                say(&["has ", &token.word]);
            }
        }
        seen.clear();
        for ending in inside.iter().filter_map(Token::ending) {
            if !seen.contains(&ending) {
                seen.push(ending);
                say(&["has -", ending]);
            }
        }
        if inside.iter().skip(1).any(Token::is_verb) {
            say(&["has verb"]);
        }
        // Who is named is told of.
        let mut long = (inside.iter())
            .filter(|token| token.is_word() && !token.is_short())
            .peekable();
        let twice = |token: &Token| {
            self.known
                .counts
                .get(token.word.as_str())
                .is_some_and(|count| *count > 1)
        };
        if long.peek().is_some() && long.all(twice) {
            say(&["told again"]);
        }
        let of = |shapes: &[Shape]| {
            inside
                .iter()
                .filter(|token| shapes.contains(&token.shape))
                .count()
        };
        let capitals = match of(&[Shape::Capital, Shape::Upper]) * 4 / n.max(1) {
            0 => "none",
            1 => "a quarter",
            2 => "half",
            3 => "most",
            _ => "all",
        };
        say(&["capitals ", capitals]);
        if of(&[Shape::Lower, Shape::Capital]) == 0 {
            say(&["upper case"]);
        }
        let marks = |mark: &str| inside.iter().filter(|token| token.word == mark).count();
        let pairs = [("(", ")"), ("«", "»"), ("[", "]")];
        if (pairs.iter()).any(|(opening, closing)| marks(opening) != marks(closing)) {
            say(&["unbalanced"]);
        }
    }

    /// How it is set.
    fn look(&self, first: &Token, last: &Token, say: &mut impl FnMut(&[&str])) {
        let [_, before, next, _] = self.place.around(self.words, &self.range);
        let bold = |at: usize| self.unit.text.style_at(at).bold;
        let outside = |token: Option<&Token>| token.is_none_or(|token| !bold(token.range.start));
        if bold(first.range.start) && bold(last.range.end.saturating_sub(1)) {
            say(&["bold"]);
            if outside(before) && outside(next) {
                say(&["bold alone"]);
            }
        }
    }

    /// What the rules took these words for.
    fn ruled(&self, bytes: Range<usize>, say: &mut impl FnMut(&[&str])) {
        let string = self
            .unit
            .text
            .as_str()
            .get(bytes.clone())
            .unwrap_or_default();
        for value in &self.known.values {
            let same = || says_the_same(string, value.characters);
            let how = match &value.at {
                Some((of, at)) if *of == self.number => {
                    if bytes.start >= at.end || bytes.end <= at.start {
                        continue;
                    }
                    let (from, to) = (bytes.start.cmp(&at.start), bytes.end.cmp(&at.end));
                    if from.is_eq() && to.is_eq() {
                        "is "
                    } else {
                        if from.is_eq() {
                            say(&["begins with ", &value.kind]);
                        }
                        if to.is_eq() {
                            say(&["ends with ", &value.kind]);
                        }
                        match (from.is_ge() && to.is_le(), from.is_le() && to.is_ge()) {
                            (true, _) => "within ",
                            (_, true) => "around ",
                            _ => "across ",
                        }
                    }
                }
                None if same() => "is ",
                Some(_) if same() => "like ",
                _ => continue,
            };
            say(&[how, &value.kind]);
        }
    }
}

/// Whether two texts have the same words; both begin with one.
pub(super) fn says_the_same(a: &str, b: &str) -> bool {
    a.bytes().next() == b.bytes().next() && a.split_whitespace().eq(b.split_whitespace())
}

/// How a stretch stands among the words of its unit.
fn standing(before: Option<&Token>, next: Option<&Token>, unit: &Unit) -> [&'static str; 2] {
    let stands = match (before.is_none(), next.is_none()) {
        (true, true) => "whole",
        (true, false) => "at the beginning",
        (false, true) => "at the end",
        (false, false) => "within",
    };
    let of = if unit.form == Form::Prose {
        " of prose"
    } else {
        ""
    };
    [stands, of]
}

/// What of a stretch other entries can have too, into `buffer`: what stands at both its ends, what stands in front, how it stands in its unit.
pub(super) fn pattern(
    which: usize,
    words: &[Token],
    range: &Range<usize>,
    (place, unit): (&Place, &Unit),
    buffer: &mut String,
) {
    fn of(token: Option<&Token>) -> &str {
        match token {
            Some(token) if token.is_verb() => "verb",
            // « l'association X »
            Some(token) if token.is_body() && token.shape == Shape::Lower => "body",
            Some(token) if token.is_word() && !token.is_short() => shape(Some(token)),
            token => word(token),
        }
    }
    let [_, before, next, _] = place.around(words, range);
    buffer.clear();
    let mut put = |parts: &[&str]| parts.iter().for_each(|part| buffer.push_str(part));
    put(&[&place.key]);
    match which {
        0 => put(&[" ", of(before), " ", of(next)]),
        1 => put(&[" behind ", of(before)]),
        _ => put(&standing(before, next, unit)),
    }
}
