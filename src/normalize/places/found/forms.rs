//! Names that are no words of the gazetteer: numbers, compounds of names, adjectives of towns, words that nothing known bears.

use super::names::{misspelt, towns_of};
use super::{Match, Reader, SMALL, What};
use crate::normalize::places::tokens::{Gap, Token, key};
use crate::profile::areas::Head;
use crate::profile::gazetteer::{self, Kind, Unit};

/// Shorter names are not looked for with a letter wrong.
const SHORTEST_MISSPELT: usize = 6;
/// Nor are shorter ones the beginning of a longer name.
const SHORTEST: usize = 4;

impl Reader<'_> {
    /// A number: of a département, or a postal code.
    pub(super) fn number(&mut self) -> bool {
        let at = self.at;
        let Some(token) = self.tokens.get(at).filter(|token| token.is_number) else {
            return false;
        };
        let number = token.folded.clone();
        self.at += 1;
        if self.folded(at + 1).starts_with("arrondissement") {
            return self.municipal(&number);
        }
        let is_beside = |gap: Gap| matches!(gap, Gap::Space | Gap::Open | Gap::Comma);
        if number.len() == 5
            && let Some(postal) = gazetteer::units(&number).find(|unit| unit.kind == Kind::Postal)
        {
            let before = self.found.len();
            // « 59000 Lille »
            if self.gap(self.at) == Gap::Space && self.at < self.tokens.len() {
                self.step();
            }
            if self.found.len() == before {
                let own = self.tokens.get(at);
                let last = self.found.last_mut().filter(|found| {
                    own.is_some_and(|own| {
                        is_beside(own.gap) && found.range.end + 3 >= own.range.start
                    }) && found.number.is_none()
                });
                match last {
                    Some(last) => last.number = Some(number),
                    None => self.push(at..at + 1, What::Postal(postal)),
                }
            } else if let Some(found) = self.found.get_mut(before) {
                found.number = Some(number);
            }
            return true;
        }
        let units: Vec<Unit> = gazetteer::by_code('d', &number.to_uppercase())
            .into_iter()
            .collect();
        if units.is_empty() {
            return true;
        }
        let is_headed = self.head.is_some_and(|said| said.head == Head::Departement);
        // « Saint-Nazaire 44 »
        let is_behind = self.gap(at) == Gap::Space && self.gap(at + 1) >= Gap::Comma;
        let is_inside = self.gap(at) == Gap::Open
            && (self.gap(at + 1) == Gap::Close
                || at + 1 == self.tokens.len()
                || self.gap(at + 1) == Gap::Stop);
        let start = self.tokens.get(at).map_or(0, |token| token.range.start);
        let belongs = self.found.last_mut().filter(|found| {
            found.range.end + 4 >= start
                && !is_headed
                && matches!(found.what, What::Named { .. })
                && found.number.is_none()
        });
        match belongs {
            // « Meylan (38) »
            Some(last) if is_inside || is_behind => last.number = Some(number),
            _ if self.is_numeric || is_headed || is_inside => self.push(
                at..at + 1,
                What::Named {
                    key: number,
                    units,
                    areas: &[],
                    is_misspelt: false,
                },
            ),
            _ => {}
        }
        true
    }

    /// « 13e arrondissement de Paris »; without a town, it is none.
    pub(super) fn municipal(&mut self, number: &str) -> bool {
        let at = self.at - 1;
        let mut town = at + 2;
        while matches!(self.folded(town), "de" | "d'") {
            town += 1;
        }
        let digits = number.trim_end_matches(|c: char| !c.is_ascii_digit());
        let name = format!("{} {digits}", self.folded(town));
        let units: Vec<Unit> = gazetteer::units(&name)
            .filter(|unit| unit.kind == Kind::Municipal)
            .collect();
        self.at = at + 2;
        if !units.is_empty() && self.gap(town).joins() {
            self.head = None;
            self.push(
                at..town + 1,
                What::Named {
                    key: name,
                    units,
                    areas: &[],
                    is_misspelt: false,
                },
            );
            self.at = town + 1;
        }
        true
    }

    /// « Carvin-Lens »: known names joined by hyphens, all of them.
    pub(super) fn compound(&mut self) -> bool {
        let at = self.at;
        let end = (at + 1..self.tokens.len())
            .find(|next| !matches!(self.gap(*next), Gap::Hyphen | Gap::None))
            .unwrap_or(self.tokens.len());
        if end < at + 2 || !(at + 1..end).any(|next| self.gap(next) == Gap::Hyphen) {
            return false;
        }
        let mut pieces: Vec<(usize, Match)> = Vec::new();
        let mut next = at;
        while next < end {
            let ends = (next + 1..=end).rev();
            let piece = ends
                .filter(|stop| *stop == end || self.gap(*stop) == Gap::Hyphen)
                .find_map(|stop| {
                    self.longest(next, stop)
                        .filter(|(length, ..)| next + length == stop)
                });
            let Some(piece) = piece else { return false };
            pieces.push((next, piece.clone()));
            next += piece.0;
        }
        // Two names of different ends of France, or a town's and a word, are one name that nobody knows.
        let regions = |piece: &(usize, Match)| -> Vec<&'static str> {
            let units = piece.1.1.iter();
            let large =
                units.filter(|unit| unit.kind != Kind::Commune || unit.inhabitants >= SMALL);
            let areas = piece.1.2.iter().map(|area| area.region);
            large.map(Unit::region).chain(areas).collect()
        };
        let first = pieces.first().map(regions).unwrap_or_default();
        let share = first
            .iter()
            .any(|region| pieces.iter().all(|piece| regions(piece).contains(region)));
        if pieces.len() < 2 || !share {
            return false;
        }
        for (start, (length, units, areas)) in pieces {
            let name = key(self.slice(start..start + length));
            self.push(
                start..start + length,
                What::Named {
                    key: name,
                    units,
                    areas,
                    is_misspelt: false,
                },
            );
        }
        self.at = end;
        true
    }

    /// « Choletais », « agglomération grenobloise »: what is about a town, by an adjective.
    pub(super) fn demonym(&mut self) -> bool {
        let at = self.at;
        let is_headed = self.head.is_some_and(|said| {
            said.start < at && matches!(said.head, Head::Around | Head::Area | Head::Epci)
        });
        let Some(token) = self
            .tokens
            .get(at)
            .filter(|token| token.is_capital || is_headed)
        else {
            return false;
        };
        if !self.starts_item(at)
            || !(self.ends_item(at + 1) || self.tokens.get(at + 1).is_some_and(Token::is_small))
        {
            return false;
        }
        let towns = towns_of(&token.folded);
        if towns.is_empty() {
            return false;
        }
        self.push(at..at + 1, What::Demonym(towns));
        self.known_to = at + 1;
        self.at += 1;
        true
    }

    /// Words with capitals that nothing known bears: as they are, or with a letter put right.
    pub(super) fn unknown(&mut self) -> bool {
        const LONGEST_UNKNOWN: usize = 5;
        let at = self.at;
        let run = self.run(at);
        if run == 0 || !self.starts_item(at) {
            return false;
        }
        // The run may hold more than the name: « Arcques Saint-Omer ».
        let mut tried = run;
        while tried > 0 {
            let is_whole = tried == run || !matches!(self.gap(at + tried), Gap::Hyphen | Gap::None);
            if is_whole && self.ends_item(at + tried) {
                let name = key(self.slice(at..at + tried));
                let units = if name.len() < SHORTEST_MISSPELT {
                    Vec::new()
                } else {
                    misspelt(&name)
                };
                // « Marquette » begins the names of two towns.
                if !units.is_empty()
                    || name.len() >= SHORTEST && gazetteer::begins(&format!("{name} "))
                {
                    self.push(
                        at..at + tried,
                        What::Named {
                            key: name,
                            units,
                            areas: &[],
                            is_misspelt: true,
                        },
                    );
                    self.known_to = at + tried;
                    self.at += tried;
                    return true;
                }
            }
            tried -= 1;
        }
        // A name for itself in a list is a place, though none that is known.
        let is_headed = self.head.is_some_and(|said| said.start < at)
            || at > 0
                && self.gap(at - 1) >= Gap::Comma
                && matches!(self.folded(at - 1), "le" | "la" | "les" | "l'");
        if (self.gap(at) >= Gap::Comma || is_headed)
            && self.ends_item(at + run)
            && run <= LONGEST_UNKNOWN
        {
            self.push(at..at + run, What::Unknown);
        }
        self.at += run;
        true
    }
}
