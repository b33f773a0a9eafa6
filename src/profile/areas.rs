//! Usual areas of France, and the words around the names of places: `data/areas.tsv`, `data/places.toml` and the regions as brochures print them.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::fold::fold;
use super::gazetteer::{self, Kind, Unit};

/// A name in use that is no official unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// The name, as it is written.
    pub name: &'static str,
    /// The region that it lies in.
    pub region: &'static str,
    /// The unit or units that it commonly stands for.
    pub units: Vec<Unit>,
    /// Whether the name is that of the unit itself, by its initials.
    pub is_exact: bool,
}

/// What the word in front of a name says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Head {
    /// « ville de »
    Commune,
    /// « département de »
    Departement,
    /// « région »
    Region,
    /// « arrondissement de »
    Arrondissement,
    /// « communauté de communes de »
    Epci,
    /// « agglomération de »
    Around,
    /// « bassin d'emploi de »
    Area,
    /// « vallée de »: what is named is not meant.
    Natural,
    /// « quartier de »
    Quarter,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    heads: FxHashMap<Head, Vec<String>>,
    words: Lists,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    directions: Vec<String>,
    bodies: Vec<String>,
    extension: Vec<String>,
    streets: Vec<String>,
    common: Vec<String>,
    france: Vec<String>,
    overseas: Vec<String>,
}

/// What a folded phrase, hyphens as spaces, says beside names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// What kind of unit the name behind is.
    Head(Head),
    /// A part of what is named beside it.
    Direction,
    /// Behind a town's name: the intercommunality about it.
    Body,
    /// Places behind it are where a project is to go next.
    Extension,
    /// A street's name follows.
    Street,
    /// A name that is a word, too.
    Common,
    /// France.
    France,
    /// What is overseas.
    Overseas,
}

/// Areas and words, by folded name, hyphens as spaces.
pub struct Usage {
    areas: FxHashMap<String, Vec<Area>>,
    roles: FxHashMap<String, Vec<Role>>,
}

/// The areas and words that the program ships.
pub static USAGE: LazyLock<Usage> = LazyLock::new(|| {
    let mut areas: FxHashMap<String, Vec<Area>> = FxHashMap::default();
    for line in include_str!("../../data/areas.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (names, initials, region) = (next(), next(), next());
        let units: Vec<Unit> = next().split(' ').filter_map(unit).collect();
        for (names, is_exact) in [(names, false), (initials, units.len() == 1)] {
            for name in names.split("; ").filter(|name| !name.is_empty()) {
                let area = Area {
                    name,
                    region,
                    units: units.clone(),
                    is_exact,
                };
                areas.entry(key(name)).or_default().push(area);
            }
        }
    }
    for line in include_str!("../../data/regions.tsv").lines() {
        let mut names = line.split('\t');
        let official = gazetteer::units(&key(names.next().unwrap_or_default()));
        let region: Vec<Unit> = official.filter(|unit| unit.kind == Kind::Region).collect();
        for name in names {
            if let [region] = region.as_slice() {
                let area = Area {
                    name,
                    region: region.code,
                    units: vec![*region],
                    is_exact: true,
                };
                areas.entry(key(name)).or_default().push(area);
            }
        }
    }
    let file: File = toml::from_str(include_str!("../../data/places.toml"))
        .expect("the built-in words of places are well formed, which a test ensures");
    let mut roles: FxHashMap<String, Vec<Role>> = FxHashMap::default();
    let mut put = |words: Vec<String>, role: Role| {
        for word in words {
            roles.entry(word).or_default().push(role);
        }
    };
    let mut heads: Vec<(Head, Vec<String>)> = file.heads.into_iter().collect();
    heads.sort_unstable();
    for (head, words) in heads {
        put(words, Role::Head(head));
    }
    put(file.words.directions, Role::Direction);
    put(file.words.bodies, Role::Body);
    put(file.words.extension, Role::Extension);
    put(file.words.streets, Role::Street);
    put(file.words.common, Role::Common);
    put(file.words.france, Role::France);
    put(file.words.overseas, Role::Overseas);
    Usage { areas, roles }
});

impl Usage {
    /// The areas of a folded name, hyphens as spaces.
    pub fn areas(&self, name: &str) -> &[Area] {
        self.areas.get(name).map_or(&[], Vec::as_slice)
    }

    /// What a folded phrase, hyphens as spaces, says.
    pub fn roles(&self, phrase: &str) -> &[Role] {
        self.roles.get(phrase).map_or(&[], Vec::as_slice)
    }

    /// Whether a folded phrase says this.
    pub fn is(&self, phrase: &str, role: Role) -> bool {
        self.roles(phrase).contains(&role)
    }
}

/// A name as areas and words are looked up.
fn key(name: &str) -> String {
    fold(name).replace('-', " ")
}

/// A unit as `data/areas.tsv` names it: a letter and a code; a commune's name stands behind its code.
fn unit(written: &'static str) -> Option<Unit> {
    let mut letters = written.chars();
    let letter = letters.next()?;
    if letter != 'c' {
        return gazetteer::by_code(letter, letters.as_str());
    }
    let (code, name) = letters.as_str().split_once(':')?;
    gazetteer::units(&key(name)).find(|unit| unit.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_has_its_units() {
        let lines = include_str!("../../data/areas.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'));
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 4, "{line}");
            let names = fields[0].split("; ").next().unwrap_or_default();
            let areas = USAGE.areas(&key(names));
            assert!(
                areas
                    .iter()
                    .any(|area| area.units.len() == fields[3].split(' ').count()
                        && area.region == fields[2]),
                "{line}"
            );
        }
    }

    #[test]
    fn initials_are_the_unit_itself() {
        assert!(
            USAGE
                .areas("ccco")
                .iter()
                .all(|area| area.is_exact && area.units[0].code == "245901152")
        );
        assert!(
            USAGE
                .areas("idf")
                .iter()
                .all(|area| area.is_exact && area.units[0].code == "11")
        );
        assert!(!USAGE.areas("douaisis")[0].is_exact);
    }

    #[test]
    fn words_say_what_a_name_is() {
        assert!(USAGE.is("bassin d'emploi", Role::Head(Head::Area)));
        assert!(USAGE.is("qpv", Role::Head(Head::Quarter)));
    }
}
