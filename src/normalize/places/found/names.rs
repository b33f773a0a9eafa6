//! Which words are a name, as far as data tell: the longest known name, the phrases beside names, words with capitals, towns by adjectives and by misspellings.

use std::ops::Range;

use super::{Match, Reader, SMALL};
use crate::normalize::places::tokens::{Gap, Token};
use crate::profile::areas::{Area, Role, USAGE};
use crate::profile::gazetteer::{self, Kind, Unit};

/// The longest names and phrases have no more words.
const LONGEST: usize = 10;

impl Reader<'_> {
    /// The longest name that begins with a word and ends where a compound does, before `end`.
    pub(super) fn longest(&self, at: usize, end: usize) -> Option<Match> {
        let mut best = None;
        let mut name = String::new();
        let mut may_go_on = true;
        let contracted = match at.checked_sub(1).map(|before| self.folded(before)) {
            Some("du" | "au") => Some("le "),
            Some("des" | "aux") => Some("les "),
            _ => None,
        };
        for length in 1..=LONGEST.min(end.saturating_sub(at)) {
            let last = at + length - 1;
            if length > 1 && !self.gap(last).joins() {
                break;
            }
            if !name.is_empty() && !name.ends_with('\'') {
                name.push(' ');
            }
            name.push_str(self.folded(last));
            // A name does not end within a compound.
            let is_cut =
                at + length < end && matches!(self.gap(at + length), Gap::Hyphen | Gap::None);
            if is_cut || name.ends_with('\'') {
                continue;
            }
            let areas = USAGE.areas(&name);
            may_go_on = may_go_on && gazetteer::begins(&name);
            let mut units: Vec<Unit> = if may_go_on {
                gazetteer::units(&name).collect()
            } else {
                Vec::new()
            };
            if let Some(article) = contracted {
                let with_article: Vec<Unit> = gazetteer::units(&format!("{article}{name}"))
                    .filter(|unit| unit.kind == Kind::Commune)
                    .collect();
                if !with_article.is_empty()
                    && !units
                        .iter()
                        .any(|unit| matches!(unit.kind, Kind::Departement | Kind::Region))
                {
                    units = with_article;
                }
            }
            units.retain(|unit| match unit.kind {
                Kind::Postal => false,
                Kind::Initials => {
                    length == 1 && self.tokens.get(at).is_some_and(|token| token.is_capitals)
                }
                _ => true,
            });
            if (!units.is_empty() || !areas.is_empty())
                && self.is_name(at..at + length, &units, areas)
            {
                best = Some((length, units, areas));
            }
        }
        best
    }

    /// Whether words that are a name are meant as one.
    pub(super) fn is_name(&self, words: Range<usize>, units: &[Unit], areas: &[Area]) -> bool {
        let tokens = self.slice(words.clone());
        let mut names = tokens.iter().filter(|token| !token.is_small());
        let Some(first) = names.next() else {
            return false;
        };
        let of_several = names.next().is_some();
        let is_body = !areas.is_empty()
            || units
                .iter()
                .any(|unit| matches!(unit.kind, Kind::Epci | Kind::Ept));
        if !(first.is_capital || self.is_small || of_several && is_body) {
            return false;
        }
        let alone = self.starts_item(words.start) && self.ends_item(words.end);
        if !of_several && USAGE.is(&first.folded, Role::Common) {
            return alone;
        }
        // What stands beside something else is no name by itself: « Sud ».
        let is_departement = units.iter().any(|unit| unit.kind == Kind::Departement);
        if tokens.len() == 1 && USAGE.is(&first.folded, Role::Direction) && !is_departement {
            return false;
        }
        // The name of a person or a body, and the first word of a sentence, hold many a small commune.
        let small = units.iter().all(|unit| {
            matches!(unit.kind, Kind::Commune | Kind::Associated | Kind::Abroad)
                && unit.inhabitants < SMALL
        });
        if small && tokens.len() == 1 && areas.is_empty() && !first.is_capitals {
            // « couture » and « Simple » are words, though there are Couture and Simplé.
            let written = self
                .text
                .get(first.range.clone())
                .unwrap_or_default()
                .to_lowercase();
            if !first.is_capital
                || !units
                    .iter()
                    .any(|unit| unit.name.to_lowercase() == written || unit.name.is_empty())
            {
                return false;
            }
        }
        let before = (words.start.checked_sub(1)).and_then(|at| self.tokens.get(at));
        let follows_name = words.start != self.known_to
            && self.gap(words.start) == Gap::Space
            && before.is_some_and(|before| before.is_capital && !before.is_small());
        let after = self.tokens.get(words.end);
        let goes_on = !self.ends_item(words.end) && !after.is_some_and(Token::is_small);
        !areas.is_empty()
            || !small
            || !follows_name && (alone || !goes_on || words.start == self.known_to)
    }

    /// The longest phrase that says something of names, and what.
    pub(super) fn phrase(&self, at: usize) -> Option<(usize, Role)> {
        let mut best = None;
        let mut words = String::new();
        for length in 1..=LONGEST.min(self.tokens.len() - at) {
            let last = at + length - 1;
            if length > 1 && !self.gap(last).joins() {
                break;
            }
            if !words.is_empty() && !words.ends_with('\'') {
                words.push(' ');
            }
            words.push_str(self.folded(last));
            // « CC », not « ca ».
            if words.len() <= 3
                && matches!(words.as_str(), "cc" | "ca" | "cu" | "ept" | "dom")
                && !self.tokens.get(at).is_some_and(|token| token.is_capitals)
            {
                continue;
            }
            let role = USAGE
                .roles(&words)
                .iter()
                .find(|role| !matches!(role, Role::Common | Role::Direction | Role::Body));
            best = role.map(|role| (length, *role)).or(best);
        }
        best
    }

    /// How many words from here on are a name by their capitals.
    pub(super) fn run(&self, at: usize) -> usize {
        let mut end = at;
        let mut next = at;
        while let Some(token) = self.tokens.get(next) {
            if next > at && !token.gap.joins() {
                break;
            }
            // « Expérimentation Marseille », but « Saint Briec ».
            let leads_up = next > at
                && matches!(
                    self.folded(next - 1),
                    "saint" | "sainte" | "le" | "la" | "les" | "l'"
                );
            if next > at
                && token.gap == Gap::Space
                && token.is_capital
                && !leads_up
                && self.longest(next, self.tokens.len()).is_some()
            {
                break;
            }
            if token.is_capital && !token.is_small() && !token.is_number {
                end = next + 1;
            } else if !(next > at
                && token.is_small()
                && token.folded != "et"
                && token.folded != "ou"
                || token.gap == Gap::Hyphen)
            {
                break;
            } else if token.gap == Gap::Hyphen && !token.is_small() {
                end = next + 1;
            }
            next += 1;
        }
        end - at
    }
}

/// The units of France whose names differ from a name by one letter.
pub(super) fn misspelt(name: &str) -> Vec<Unit> {
    let names = gazetteer::misspelt(name);
    let units = names.into_iter().flat_map(|(_, units)| units);
    units
        .filter(|unit| {
            matches!(
                unit.kind,
                Kind::Commune | Kind::Departement | Kind::Region | Kind::Epci
            )
        })
        .collect()
}

/// The towns that an adjective may be made of: large ones, and those that an arrondissement is named by.
pub(super) fn towns_of(adjective: &str) -> Vec<Unit> {
    const ENDINGS: [&str; 8] = ["oise", "ois", "aise", "ais", "aine", "ain", "ienne", "ien"];
    const SHORTEST: usize = 3;
    const LARGE: u32 = 20_000;
    let Some(stem) = ENDINGS
        .iter()
        .find_map(|ending| adjective.strip_suffix(ending))
        .filter(|stem| stem.len() >= SHORTEST)
    else {
        return Vec::new();
    };
    // « lyonnais »: Lyon; « strasbourgeois »: Strasbourg.
    let bare = stem.strip_suffix('e').unwrap_or(stem);
    let single =
        bare.len() > SHORTEST && bare.as_bytes().last() == bare.as_bytes().get(bare.len() - 2);
    let short = bare.get(..bare.len() - usize::from(single)).unwrap_or(bare);
    let mut towns: Vec<Unit> = Vec::new();
    for name in [
        format!("{stem}e"),
        format!("{stem}es"),
        format!("{stem}s"),
        bare.to_owned(),
        short.to_owned(),
        format!("le {stem}"),
        format!("le {stem}e"),
        format!("{stem}y"),
    ] {
        let units: Vec<Unit> = gazetteer::units(&name).collect();
        let is_seat = |town: &Unit| {
            units
                .iter()
                .any(|unit| unit.kind == Kind::Arrondissement && unit.code == town.arrondissement)
        };
        towns.extend(units.iter().filter(|unit| {
            unit.kind == Kind::Commune && (unit.inhabitants >= LARGE || is_seat(unit))
        }));
    }
    towns.sort_by_key(|town| town.code);
    towns.dedup_by_key(|town| town.code);
    towns
}
