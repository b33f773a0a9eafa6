//! Two records in, one outcome per comparison out: at which level they agree, and how many bits of chance agreement that level excludes. What the
//! outcome is worth is not decided here.

use rustc_hash::FxHashMap;

use super::align::{Alignment, align, is_slip_of, side};
use super::blocking::Rule;
use super::csr::Rows;
use super::names::{NAME_CONTAINED, NAME_ELSEWHERE, NAME_PARTLY, compare_names, whole_bits};
use super::places::{compare_seats, compare_territories, is_elsewhere};
use super::records::{Records, SKETCH};
use super::vocabulary::{Symbol, Token};

/// How many comparisons there are.
pub(super) const COMPARISONS: usize = 10;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Comparison {
    Name,
    Territory,
    Seat,
    Project,
    Public,
    Partners,
    Description,
    Contacts,
    Call,
    Year,
}

impl Comparison {
    /// All, in the order that people read them.
    pub(super) const ALL: [Self; COMPARISONS] = [
        Self::Name,
        Self::Territory,
        Self::Seat,
        Self::Project,
        Self::Public,
        Self::Partners,
        Self::Description,
        Self::Contacts,
        Self::Call,
        Self::Year,
    ];

    /// As records and options write it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Territory => "territory",
            Self::Seat => "seat",
            Self::Project => "project",
            Self::Public => "public",
            Self::Partners => "partners",
            Self::Description => "description",
            Self::Contacts => "contacts",
            Self::Call => "call",
            Self::Year => "year",
        }
    }

    /// The levels, from the best agreement to none, as records write them.
    pub(super) fn levels(self) -> &'static [&'static str] {
        match self {
            Self::Name => &[
                "same",
                "same_but_spelling",
                "contained",
                "acronym",
                "mostly",
                "partly",
                "different",
                "contained_elsewhere",
            ],
            Self::Territory => &[
                "same",
                "same_but_spelling",
                "in_the_name",
                "overlap",
                "same_department",
                "other_place_same_department",
                "other",
                "same_as_in_the_name",
            ],
            Self::Seat => &[
                "same",
                "same_but_spelling",
                "in_the_name",
                "overlap",
                "same_department",
                "other_place_same_department",
                "other",
                "same_as_in_the_name",
                "other_department",
                "not_stated",
            ],
            Self::Project => &[
                "same",
                "same_but_spelling",
                "contained",
                "mostly",
                "different",
            ],
            Self::Public => &["same", "different"],
            Self::Description => &["near_copy", "similar", "different"],
            Self::Contacts | Self::Partners => &["shared", "different"],
            Self::Call => &["same", "overlap", "different", "other_call"],
            Self::Year => &["same", "next", "different"],
        }
    }
}

/// How two records compare on one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// Place among `Comparison::levels`; `None` where a side is silent.
    pub(super) level: Option<u8>,
    /// Log2 of how unlikely two unrelated records are to agree like this.
    pub(super) bits: f32,
}

/// How two records compare, in the order of `Comparison::ALL`.
pub(super) type Outcomes = [Outcome; COMPARISONS];

/// No single agreement counts more: two different bodies do share rare words.
pub(super) const MAXIMUM_BITS: f32 = 30.0;

/// A comparison has fewer than 256 levels.
pub(super) fn level_of(index: usize) -> u8 {
    u8::try_from(index).unwrap_or(u8::MAX)
}

pub(super) fn level(index: u8, bits: f32) -> Outcome {
    Outcome {
        level: Some(index),
        bits: bits.clamp(0.0, MAXIMUM_BITS),
    }
}

/// Compares two records.
pub(super) fn compare(records: &Records, a: usize, b: usize) -> Outcomes {
    let (name, alignment) = compare_names(records, a, b, records.name.row(b), true);
    let project = compare_titles(records, a, b);
    complete(records, a, b, name, &alignment, project)
}

/// The outcomes beside name and title.
fn complete(
    records: &Records,
    a: usize,
    b: usize,
    name: Outcome,
    alignment: &Alignment,
    project: Outcome,
) -> Outcomes {
    let project = match project.level {
        Some(_) => project,
        None => find_title_in_name(records, a, b, alignment),
    };
    let seat = compare_seats(records, a, b, alignment);
    let name = match name.level {
        Some(NAME_CONTAINED) if is_elsewhere(seat) => level(NAME_ELSEWHERE, name.bits),
        _ => name,
    };
    [
        name,
        compare_territories(records, a, b, alignment),
        seat,
        project,
        compare_public(records, a, b),
        compare_shared(
            &records.partners,
            &records.counts.partner,
            records.counts.records,
            a,
            b,
        ),
        compare_descriptions(records.sketch.row(a), records.sketch.row(b)),
        compare_shared(
            &records.contacts,
            &records.counts.contact,
            records.counts.records,
            a,
            b,
        ),
        compare_calls(records, a, b),
        compare_years(records, a, b),
    ]
}

/// Compares two records unless nothing but chance can have brought them together: names that contradict each other, and neither title, text nor
/// contact to make up for it.
///
/// `name` are the words of the second one's name; `by` the rules that brought them together: what no rule has found in common is not looked for where
/// the names contradict each other.
pub(super) fn compare_promising(
    records: &Records,
    a: usize,
    b: usize,
    name: &[Token],
    by: u8,
) -> Option<Outcomes> {
    let (name, alignment) = compare_names(records, a, b, name, Rule::Acronym.is_in(by));
    let contradicts = name
        .level
        .is_some_and(|level| level >= NAME_PARTLY && level != NAME_ELSEWHERE);
    let beside_names = [
        Rule::Title,
        Rule::TitleAndMore,
        Rule::Description,
        Rule::Contact,
    ];
    if contradicts && !beside_names.iter().any(|rule| rule.is_in(by)) {
        return None;
    }
    let project = compare_titles(records, a, b);
    if contradicts
        && project.level.is_none_or(|level| level == TITLE_DIFFERENT)
        && (records.sketch.row(a).is_empty() || records.sketch.row(b).is_empty())
        && (records.contacts.row(a).is_empty() || records.contacts.row(b).is_empty())
    {
        return None;
    }
    Some(complete(records, a, b, name, &alignment, project))
}

const TITLE_SAME: u8 = 0;
const TITLE_SPELLING: u8 = 1;
const TITLE_CONTAINED: u8 = 2;
const TITLE_MOSTLY: u8 = 3;
const TITLE_DIFFERENT: u8 = 4;
/// Titles that share this part of the poorer one's bits are mostly the same: more than for names, since titles are built from the same parts.
const TITLE_SHARE: f32 = 0.75;

fn compare_titles(records: &Records, a: usize, b: usize) -> Outcome {
    let left = side(records.title.row(a));
    let right = side(records.title.row(b));
    if left.is_empty() || right.is_empty() {
        return Outcome::default();
    }
    let holds = |word: &Token| right.iter().any(|other| other.symbol == word.symbol);
    if !left.iter().any(holds) && left.len() > 1 {
        // A title of some words in which each is misspelt is another title.
        return level(TITLE_DIFFERENT, 0.0);
    }
    let alignment = align(&records.vocabulary, left, right);
    let total = |side: &[Token]| -> f32 { side.iter().map(|token| token.in_place).sum() };
    let all = |number: usize, side: &[Token]| {
        alignment
            .matched
            .get(number)
            .is_some_and(|matched| matched.count_ones() as usize == side.len())
    };
    match (all(0, left), all(1, right)) {
        (true, true) => {
            let (keys, counts) = (&records.title_key, &records.counts.title_key);
            let bits = whole_bits(records, alignment.bits, keys, counts, a, b);
            level(
                if alignment.typos {
                    TITLE_SPELLING
                } else {
                    TITLE_SAME
                },
                bits,
            )
        }
        (true, false) | (false, true) => level(TITLE_CONTAINED, alignment.bits),
        (false, false)
            if alignment.bits >= TITLE_SHARE * total(left).min(total(right)).max(1.0) =>
        {
            level(TITLE_MOSTLY, alignment.bits)
        }
        (false, false) => level(TITLE_DIFFERENT, 0.0),
    }
}

/// A title that the other record has at the end of its name: a heading that its document did not split.
fn find_title_in_name(records: &Records, a: usize, b: usize, alignment: &Alignment) -> Outcome {
    /// One word is of many names.
    const WORDS_OF_TITLE: usize = 2;
    let (title, whole, side_of_whole) = match (records.title.row(a), records.title.row(b)) {
        (title, []) => (title, b, 1),
        ([], title) => (title, a, 0),
        _ => return Outcome::default(),
    };
    let name = side(records.name.row(whole));
    // Of the name, the words that the other name does not hold.
    let holds = |word: &Token| {
        name.iter()
            .enumerate()
            .any(|(at, own)| own.symbol == word.symbol && !alignment.has(side_of_whole, at))
    };
    if title.len() < WORDS_OF_TITLE || alignment.bits <= 0.0 || !title.iter().all(holds) {
        return Outcome::default();
    }
    level(
        TITLE_CONTAINED,
        title.iter().map(|word| word.in_place).sum(),
    )
}

fn compare_public(records: &Records, a: usize, b: usize) -> Outcome {
    /// As if some publics had been seen before.
    const PRIOR: f32 = 20.0;
    let key = |record: usize| records.public.get(record).copied().unwrap_or(0);
    let (left, right) = (key(a), key(b));
    if left == 0 || right == 0 {
        return Outcome::default();
    }
    if left != right {
        return level(1, 0.0);
    }
    let count = records.counts.public.get(&left).copied().unwrap_or(1) as f32;
    level(
        0,
        ((records.counts.with_public + PRIOR) / (count + 1.0))
            .log2()
            .min(10.0),
    )
}

/// Values of a list in common, the rare ones counting more.
fn compare_shared(
    rows: &Rows<u64>,
    counts: &FxHashMap<u64, u32>,
    records: f32,
    a: usize,
    b: usize,
) -> Outcome {
    /// As if this many records had been seen before.
    const PRIOR: f32 = 100.0;
    /// Partners come in groups: sharing many is little more than sharing some.
    const MAXIMUM: f32 = 6.0;
    let (left, right) = (rows.row(a), rows.row(b));
    if left.is_empty() || right.is_empty() {
        return Outcome::default();
    }
    let bits: f32 = left
        .iter()
        .filter(|key| right.binary_search(key).is_ok())
        .map(|key| {
            let count = counts.get(key).copied().unwrap_or(1) as f32;
            ((records + PRIOR) / (count + 1.0)).log2()
        })
        .sum();
    if bits > 0.0 {
        level(0, bits.min(MAXIMUM))
    } else {
        level(1, 0.0)
    }
}

/// Two texts with this share of their word triples in common are copies of each other.
const NEAR_COPY: f32 = 0.5;
/// With this share, one has borrowed from the other.
const SIMILAR: f32 = 0.2;

fn compare_descriptions(left: &[u32], right: &[u32]) -> Outcome {
    if left.is_empty() || right.is_empty() {
        return Outcome::default();
    }
    match resemblance(left, right) {
        share if share >= NEAR_COPY => level(0, 10.0),
        share if share >= SIMILAR => level(1, 4.0),
        _ => level(2, 0.0),
    }
}

/// Share of common members among the smallest of both sketches: an estimate of the texts' Jaccard resemblance.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a sketch has a few dozen members"
)]
fn resemblance(left: &[u32], right: &[u32]) -> f32 {
    let (mut i, mut j, mut union, mut common) = (0, 0, 0_u32, 0_u32);
    while union < SKETCH as u32 {
        match (left.get(i), right.get(j)) {
            (Some(a), Some(b)) if a == b => {
                common += 1;
                i += 1;
                j += 1;
            }
            (Some(a), Some(b)) if a < b => i += 1,
            (Some(_) | None, Some(_)) => j += 1,
            (Some(_), None) => i += 1,
            (None, None) => break,
        }
        union += 1;
    }
    common as f32 / union.max(1) as f32
}

/// Calls are named in many ways, but one list names each in one: there, two names or editions are two calls, and a call left blank is not known to
/// be the same. Everywhere, two numbers are two calls (« saison 1 », « saison 4 »).
fn compare_calls(records: &Records, a: usize, b: usize) -> Outcome {
    let (left, right) = (records.call.row(a), records.call.row(b));
    // A run reads many documents as one source: there, the document is the list.
    let same_list = records.share_a_list(a, b);
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Outcome::default(),
        (false, false) => {}
        _ if same_list => return level(3, 0.0),
        _ => return Outcome::default(),
    }
    let common = left.iter().filter(|word| right.contains(word)).count();
    if common == left.len() && common == right.len() {
        return level(0, 0.0);
    }
    let overlaps = common * 2 >= left.len().min(right.len());
    let has_own = |of: &[Symbol], but: &[Symbol]| {
        of.iter()
            .any(|word| !but.iter().any(|other| is_slip_of(records, *word, *other)))
    };
    let numbers = |of: &[Symbol], but: &[Symbol]| {
        of.iter()
            .filter(|word| records.vocabulary.shape(**word).is_number() && !but.contains(word))
            .count()
    };
    let (left_only, right_only) = (numbers(left, right), numbers(right, left));
    let is_other = if same_list {
        left_only + right_only > 0 || has_own(left, right) && has_own(right, left)
    } else {
        left_only > 0 && right_only > 0
    };
    match (is_other, overlaps) {
        (true, _) => level(3, 0.0),
        (false, true) => level(1, 0.0),
        (false, false) => level(2, 0.0),
    }
}

fn compare_years(records: &Records, a: usize, b: usize) -> Outcome {
    let year = |record: usize| records.year.get(record).copied().unwrap_or(0);
    match (year(a), year(b)) {
        (0, _) | (_, 0) => Outcome::default(),
        // Of the dozen years that such lists span.
        (a, b) if a == b => level(0, 3.0),
        (a, b) if a.abs_diff(b) == 1 => level(1, 2.0),
        _ => level(2, 0.0),
    }
}
