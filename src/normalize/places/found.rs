//! The text of a territory in; the names that it holds out, each with what can bear it and with the words around that say what it is. Nothing is decided here.

mod forms;
mod names;

use std::ops::Range;

use super::tokens::{Gap, Token, key, tokens};
use crate::profile::areas::{Area, Head, Role, USAGE};
use crate::profile::gazetteer::{self, Kind, Unit};

/// A town of fewer inhabitants is less often meant than a word that is the same.
const SMALL: u32 = 2_000;

/// What a name can be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// A name that units or areas bear.
    Named {
        /// As names are looked up.
        key: String,
        /// What bears it.
        units: Vec<Unit>,
        /// Usual areas of this name.
        areas: &'static [Area],
        /// Whether a letter is wrong.
        is_misspelt: bool,
    },
    /// A postal code alone: the codes of its communes.
    Postal(Unit),
    /// France.
    France,
    /// An adjective made of a town's name: « Choletais ».
    Demonym(Vec<Unit>),
    /// What is overseas.
    Overseas,
    /// A name that nothing known bears.
    Unknown,
}

/// A name of a place in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// Its bytes, with the words that belong to it.
    pub(super) range: Range<usize>,
    /// What can bear it.
    pub(super) what: What,
    /// What the words in front say that it is.
    pub(super) head: Option<Head>,
    /// Whether the words say that it is a bassin d'emploi.
    pub(super) is_employment: bool,
    /// The kind of a part of what is named: `quartier`, `qpv`, `other`.
    pub(super) part: Option<&'static str>,
    /// A number of a département or a postal code that stands beside it.
    pub(super) number: Option<String>,
    /// Whether the project is to go there next.
    pub(super) is_extension: bool,
}

/// A name of some words, and what bears it.
type Match = (usize, Vec<Unit>, &'static [Area]);

/// The names of places in a text, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    let tokens = tokens(text);
    let mut reader = Reader {
        text,
        is_small: !tokens.iter().any(|token| token.is_capital),
        // « 07/12 » is a day.
        is_numeric: !text.contains('/')
            && tokens.iter().all(|token| {
                token.is_number
                    || token.is_small()
                    || USAGE.is(&token.folded, Role::Head(Head::Departement))
            }),
        tokens,
        at: 0,
        head: None,
        is_extension: false,
        found: Vec::new(),
        known_to: usize::MAX,
    };
    while reader.at < reader.tokens.len() {
        reader.step();
    }
    reader.found
}

/// What the words in front of a name say.
#[derive(Clone, Copy, Debug)]
struct Said {
    head: Head,
    /// First word of the phrase.
    start: usize,
    is_plural: bool,
    is_employment: bool,
    is_priority: bool,
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// Whether no word has a capital: names need none.
    is_small: bool,
    /// Whether there is nothing but numbers.
    is_numeric: bool,
    at: usize,
    head: Option<Said>,
    is_extension: bool,
    found: Vec<Found>,
    /// The word behind the last name that is known.
    known_to: usize,
}

impl Reader<'_> {
    fn gap(&self, at: usize) -> Gap {
        self.tokens.get(at).map_or(Gap::Stop, |token| token.gap)
    }

    fn folded(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| token.folded.as_str())
    }

    fn slice(&self, range: Range<usize>) -> &[Token] {
        self.tokens.get(range).unwrap_or_default()
    }

    /// Whether the words before stand apart, or lead up to a name: « de », « et ».
    fn starts_item(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        self.gap(at) >= Gap::Comma
            || before.is_none_or(Token::is_small)
            || at == self.known_to
            || self.head.is_some_and(|said| said.start < at)
    }

    fn ends_item(&self, at: usize) -> bool {
        self.gap(at) >= Gap::Comma || matches!(self.folded(at), "et" | "ou" | "puis")
    }

    /// Reads on from where it is.
    fn step(&mut self) {
        let at = self.at;
        match self.gap(at) {
            Gap::Open | Gap::Close | Gap::Stop => self.head = None,
            // « Bassin du Laonnois, de la Thiérache »; « Bassins de Besançon et Montbéliard »
            Gap::Comma => self.drop_head(at),
            Gap::None | Gap::Space | Gap::Hyphen => {}
        }
        if self.folded(at) == "et" || self.folded(at) == "ou" {
            self.drop_head(at + 1);
            self.at += 1;
            return;
        }
        if self.number() || self.direction() {
            return;
        }
        let known = self.longest(at, self.tokens.len());
        let phrase = self.phrase(at);
        if let Some((length, role)) = phrase
            && known.as_ref().is_none_or(|(known, ..)| *known <= length)
            && self.told(length, role)
        {
            return;
        }
        if let Some((length, units, areas)) = known {
            self.named(length, units, areas);
            return;
        }
        if self.compound() || self.demonym() || self.unknown() {
            return;
        }
        // « 12 agglomérations dont la MEL pour les Hauts-de-France »
        if !self.tokens.get(at).is_some_and(Token::is_article) {
            self.head = None;
        }
        self.at += 1;
    }

    /// A head holds for the next of a list where it is in the plural or the next begins as the first: « du …, de la … ».
    fn drop_head(&mut self, next: usize) {
        let goes_on = self.head.is_some_and(|said| said.is_plural)
            || matches!(self.folded(next), "de" | "du" | "d'" | "des");
        if !goes_on {
            self.head = None;
        }
    }

    /// Takes a phrase that says something; false where it says nothing here.
    fn told(&mut self, length: usize, role: Role) -> bool {
        let at = self.at;
        match role {
            Role::Head(head) => {
                // « rue du Port »: the head is a part of a compound.
                if matches!(self.gap(at + length), Gap::Hyphen) && length == 1 {
                    return false;
                }
                let first = self.folded(at);
                self.head = Some(Said {
                    head,
                    start: at,
                    is_plural: first.ends_with('s') && first != "pays",
                    is_employment: head == Head::Area
                        && (first.starts_with("bassin") || first.starts_with("zone"))
                        && length > 1,
                    is_priority: head == Head::Quarter && (length > 1 || first.starts_with("qpv")),
                });
                self.at += length;
                if matches!(head, Head::Natural | Head::Quarter) {
                    self.behind_head();
                }
            }
            Role::Extension => {
                self.is_extension = true;
                self.at += length;
            }
            Role::Street => {
                let follows_number = at > 0
                    && self.tokens.get(at - 1).is_some_and(|token| {
                        token.is_number || matches!(token.folded.as_str(), "bis" | "ter")
                    });
                if self.gap(at) < Gap::Comma && !follows_number {
                    return false;
                }
                let is_end = |at: &usize| {
                    self.gap(*at) >= Gap::Comma
                        || self
                            .tokens
                            .get(*at)
                            .is_some_and(|token| token.is_number && token.folded.len() == 5)
                };
                self.at = (at + 1..self.tokens.len())
                    .find(is_end)
                    .unwrap_or(self.tokens.len());
            }
            Role::France | Role::Overseas => {
                // « territoire national » is France; « national » only where nothing else stands.
                let alone = self.starts_item(at) && self.ends_item(at + length);
                let is_named = self.tokens.get(at).is_some_and(|token| token.is_capital)
                    && self.folded(at) != "national"
                    && self.folded(at) != "nationale";
                if !(alone || is_named || length > 1) {
                    return false;
                }
                self.push(
                    at..at + length,
                    if role == Role::France {
                        What::France
                    } else {
                        What::Overseas
                    },
                );
                self.at += length;
            }
            Role::Direction | Role::Body | Role::Common => return false,
        }
        true
    }

    /// What follows « quartier » or « vallée »: a name of its own, unless the quarters are those of a town.
    fn behind_head(&mut self) {
        let Some(said) = self.head else { return };
        let mut at = self.at;
        while self
            .tokens
            .get(at)
            .is_some_and(|token| token.is_small() && token.gap.joins() && token.folded != "et")
        {
            at += 1;
        }
        if at >= self.tokens.len()
            || !self.gap(at).joins()
            || self
                .phrase(at)
                .is_some_and(|(length, _)| self.gap(at + length) != Gap::Hyphen)
        {
            return;
        }
        let known = self.longest(at, self.tokens.len());
        let of = at > self.at;
        if said.head == Head::Quarter
            && let Some((length, ..)) = known
        {
            // « quartier Saint-Michel à Bordeaux », but « quartiers de Bordeaux », « QPV Lille ».
            let is_own = !said.is_plural && !said.is_priority && !of;
            if !is_own {
                self.head = None;
                return;
            }
            self.part_at(said, at, length);
            return;
        }
        let run = known.map_or_else(|| self.run(at), |(length, ..)| length);
        if run == 0 {
            return;
        }
        self.part_at(said, at, run);
    }

    fn part_at(&mut self, said: Said, at: usize, length: usize) {
        let start = if said.head == Head::Natural || !said.is_plural {
            said.start
        } else {
            at
        };
        self.push(start..at + length, What::Unknown);
        if let Some(found) = self.found.last_mut() {
            found.part = Some(match said.head {
                Head::Quarter if said.is_priority => "qpv",
                Head::Quarter => "quartier",
                _ => "pays",
            });
        }
        self.head = None;
        self.at = at + length;
    }

    /// « Sud Somme », « Nord-Est de Tourcoing »: a part of what is named.
    fn direction(&mut self) -> bool {
        let at = self.at;
        let is_direction = |words: Range<usize>| USAGE.is(&key(self.slice(words)), Role::Direction);
        let length =
            if self.gap(at + 1).joins() && at + 1 < self.tokens.len() && is_direction(at..at + 2) {
                2
            } else if is_direction(at..at + 1) {
                1
            } else {
                return false;
            };
        if self
            .longest(at, self.tokens.len())
            .is_some_and(|(known, ..)| known > length)
        {
            return false;
        }
        let mut next = at + length;
        while self.tokens.get(next).is_some_and(|token| {
            token.gap.joins()
                && matches!(
                    token.folded.as_str(),
                    "de" | "du" | "d'" | "des" | "la" | "l'" | "le" | "departement"
                )
        }) {
            next += 1;
        }
        if next >= self.tokens.len() || !self.gap(next).joins() {
            return false;
        }
        let Some((known, units, areas)) = self.longest(next, self.tokens.len()) else {
            return false;
        };
        let name = key(self.slice(next..next + known));
        self.push(
            at..next + known,
            What::Named {
                key: name,
                units,
                areas,
                is_misspelt: false,
            },
        );
        if let Some(found) = self.found.last_mut() {
            found.part = Some("other");
        }
        self.at = next + known;
        true
    }

    /// A name that is known, with what belongs to it.
    fn named(&mut self, length: usize, units: Vec<Unit>, areas: &'static [Area]) {
        let at = self.at;
        let mut end = at + length;
        self.known_to = end;
        let name = key(self.slice(at..end));
        let is_town = units
            .iter()
            .any(|unit| matches!(unit.kind, Kind::Commune | Kind::Associated));
        let mut part = None;
        let mut head = None;
        let next = self.folded(end).to_owned();
        let two = key(self.slice(end..end + 2));
        if self.gap(end).joins() {
            let behind = [(2, two.as_str()), (1, next.as_str())];
            let beside = |role| {
                behind
                    .iter()
                    .find(|(length, words)| {
                        USAGE.is(words, role)
                            && end + length <= self.tokens.len()
                            && self.gap(end + length - 1).joins()
                    })
                    .map(|(length, _)| *length)
            };
            let is_of = |at: usize| {
                self.gap(at).joins() && matches!(self.folded(at), "de" | "du" | "d'" | "des")
            };
            if let Some(more) = beside(Role::Body).filter(|_| is_town) {
                head = Some(Head::Around);
                end += more;
            } else if let Some(more) = beside(Role::Direction)
                .filter(|more| !is_of(end + more) && !matches!(next.as_str(), "haut" | "bas"))
            {
                part = Some(if is_town { "quartier" } else { "other" });
                end += more;
            } else if is_town
                && areas.is_empty()
                && self.gap(end) == Gap::Space
                && self.phrase(end).is_none()
                && self.longest(end, self.tokens.len()).is_none()
            {
                // « Lille Fives »
                const LONGEST_QUARTER: usize = 3;
                let run = self.run(end);
                let begins = |at: usize| gazetteer::begins(&(key(self.slice(at..at + 1)) + " "));
                if run > 0
                    && run <= LONGEST_QUARTER
                    && !begins(end)
                    && self.ends_item(end + run)
                    && !self.tokens.get(end).is_some_and(|token| token.is_capitals)
                {
                    part = Some("quartier");
                    end += run;
                }
            }
        }
        if units.iter().any(|unit| unit.kind == Kind::Municipal)
            && self.folded(end).starts_with("arrondissement")
        {
            end += 1;
        }
        self.push(
            at..end,
            What::Named {
                key: name,
                units,
                areas,
                is_misspelt: false,
            },
        );
        if let Some(found) = self.found.last_mut() {
            found.part = part;
            found.head = head.or(found.head);
        }
        self.at = end;
    }

    fn push(&mut self, words: Range<usize>, what: What) {
        let Some((first, last)) = self
            .tokens
            .get(words.start)
            .zip(self.tokens.get(words.end - 1))
        else {
            return;
        };
        let said = self
            .head
            .filter(|said| !matches!(said.head, Head::Natural | Head::Quarter));
        // The words in front belong to the name where nothing but an article stands between.
        let start = said.filter(|said| {
            self.found.last().is_none_or(|found| {
                found.range.end
                    <= self
                        .tokens
                        .get(said.start)
                        .map_or(0, |token| token.range.start)
            })
        });
        let start = start
            .and_then(|said| self.tokens.get(said.start))
            .map_or(first.range.start, |token| token.range.start);
        self.found.push(Found {
            range: start..last.range.end,
            what,
            head: said.map(|said| said.head),
            is_employment: said.is_some_and(|said| said.is_employment),
            part: None,
            number: None,
            is_extension: self.is_extension,
        });
    }
}
