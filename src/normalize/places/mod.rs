//! Territories in, the places that they name out, with their codes in the Code officiel géographique. What the text names decides with what stands beside it: the
//! region, the other places of the list, those of the document. What they do not decide stays open, with the codes that it may have.

mod choose;
mod found;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::model::mention::{Mention, Place};
use crate::profile::areas::{Head, USAGE};
use crate::profile::fold;
use crate::profile::gazetteer::{self, Kind, Unit};

use super::{Grounds, note};

use choose::{Choice, Context, choose};
use found::{Found, What};

/// A name with a letter put right is read so where nothing better is known: a person should look.
const PUT_RIGHT: f64 = 0.5;

/// So many names before and behind a name say where it lies.
const NEAR: usize = 12;

/// The names of a mention's places, before it is known what they mean.
struct Named {
    /// Where the text stands in the record.
    pointer: &'static str,
    text: String,
    /// The organisation's name: where it is may decide.
    name: String,
    region: Option<&'static str>,
    found: Vec<Found>,
}

/// Gives each mention the places that its territory names, or its region where it has none, or the body that it is named as.
pub(super) fn places(mentions: &mut [Mention], grounds: &Grounds<'_>) {
    let named: Vec<Option<Named>> = mentions.iter().map(named).collect();
    let usual = usual(&named);
    for (number, (mention, named)) in mentions.iter_mut().zip(named).enumerate() {
        let Some(named) = named else { continue };
        let mut known: BTreeSet<String> = BTreeSet::new();
        for (place, range, is_put_right) in resolve(&named, &usual) {
            let unit = place
                .code
                .as_ref()
                .map(|code| format!("{} {code}", place.kind));
            let is_new = known.insert(unit.unwrap_or_else(|| place.text.clone()));
            if !is_new {
                continue;
            }
            let pointer = format!("/places/{}", mention.places.len());
            mention.places.push(place);
            note(
                mention,
                pointer.clone(),
                named.pointer,
                grounds(number, named.pointer, range),
            );
            if is_put_right && let Some(confidence) = mention.confidence.get_mut(&pointer) {
                *confidence = confidence.min(PUT_RIGHT);
            }
        }
    }
}

/// The names of places that a mention's text holds out; nothing where it has its places already.
fn named(mention: &Mention) -> Option<Named> {
    if !mention.places.is_empty() {
        return None;
    }
    let name = mention.name.as_deref().unwrap_or_default();
    let (pointer, text) = match (&mention.territory, &mention.region) {
        (Some(territory), _) => ("/territory", territory.as_str()),
        (None, Some(region)) => ("/region", region.as_str()),
        (None, None) => ("/name", name),
    };
    let mut found = found::find(text);
    if pointer == "/name" {
        // « Ville de Lorient » is there; « Les Amis de Lorient » may be anywhere.
        let is_body = |found: &Found| {
            let of_unit = matches!(
                found.head,
                Some(Head::Commune | Head::Departement | Head::Region | Head::Epci)
            );
            found.range.start == 0 && found.part.is_none() && of_unit
        };
        found.truncate(1);
        found.retain(is_body);
    }
    Some(Named {
        pointer,
        text: text.to_owned(),
        name: name.to_owned(),
        region: mention.region.as_deref().and_then(region),
        found,
    })
}

/// The code of a region by a name that it has or had.
fn region(text: &str) -> Option<&'static str> {
    let name = fold(text).replace('-', " ");
    let name = name.trim_start_matches("region ").trim();
    let unit =
        gazetteer::units(name).find(|unit| matches!(unit.kind, Kind::Region | Kind::Overseas));
    unit.map(|unit| unit.code)
        .or_else(|| USAGE.areas(name).first().map(|area| area.region))
}

/// What nearly all sure places of a document have in common: the region that they lie in, and whether they are départements.
fn usual(named: &[Option<Named>]) -> Context {
    const FEWEST: usize = 3;
    let mut regions: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut kinds = [0_usize; 2];
    for named in named.iter().flatten() {
        let context = Context {
            region: named.region,
            ..Context::default()
        };
        for found in &named.found {
            let choice = choose(found, &context);
            let (Choice::Unit(unit), is_sure) = (match &choice {
                Choice::Near(units) if units.len() == 1 => (
                    units
                        .first()
                        .map_or(Choice::None, |unit| Choice::Unit(*unit)),
                    false,
                ),
                _ => (choice, true),
            }) else {
                continue;
            };
            let region = unit.region();
            if unit.kind != Kind::Region && !region.is_empty() {
                *regions.entry(region).or_default() += 1;
            }
            match unit.kind {
                Kind::Departement if is_sure => kinds[0] += 1,
                Kind::Commune if is_sure => kinds[1] += 1,
                _ => {}
            }
        }
    }
    let is_most = |count: usize, all: usize| count >= FEWEST && count * 5 >= all * 4;
    let all: usize = regions.values().sum();
    let most = regions
        .into_iter()
        .max_by_key(|(region, count)| (*count, std::cmp::Reverse(*region)));
    let [departements, towns] = kinds;
    Context {
        usual: most
            .filter(|(_, count)| is_most(*count, all))
            .map(|(region, _)| region),
        of_departements: is_most(departements, departements + towns),
        ..Context::default()
    }
}

/// What each name means, those that are sure by themselves first; with where it stands, and whether a letter of it was put right.
fn resolve(named: &Named, usual: &Context) -> Vec<(Place, Range<usize>, bool)> {
    let alone = Context {
        region: named.region,
        ..Context::default()
    };
    let sure: Vec<(usize, Unit)> = (named.found.iter().enumerate())
        .flat_map(|(number, found)| {
            let units = match choose(found, &alone) {
                Choice::Unit(unit) => vec![unit],
                Choice::Near(units) => units,
                Choice::OneOf(_) | Choice::None => Vec::new(),
            };
            units.into_iter().map(move |unit| (number, unit))
        })
        .collect();
    // A name is not near itself: each is asked again with those around it.
    let around = |number: usize| {
        let from = sure.partition_point(|(other, _)| other + NEAR < number);
        let around = sure
            .iter()
            .skip(from)
            .take_while(move |(other, _)| *other <= number + NEAR);
        around
            .filter(move |(other, _)| *other != number)
            .map(|(_, unit)| *unit)
            .collect()
    };
    let mut own: Option<Vec<Unit>> = None;
    let choices: Vec<Choice> = (named.found.iter().enumerate())
        .map(|(number, found)| {
            let mut context = Context {
                region: named.region,
                near: around(number),
                ..usual.clone()
            };
            let choice = choose(found, &context);
            if !matches!(choice, Choice::OneOf(_)) {
                return choice;
            }
            // What the list leaves open, the place in the organisation's name may decide.
            let own = own.get_or_insert_with(|| sure_in(&named.name));
            context.near.extend(own.iter());
            choose(found, &context)
        })
        .collect();
    // Beside its country, a town is there: « Lille (Belgique) », « Genval, Belgique ».
    let is_country = |choice: &Choice| country(choice).is_some();
    let country_of = |number: usize, found: &Found, choice: &Choice| {
        let country = country(choices.get(number + 1)?)?;
        let next = named.found.get(number + 1)?.range.start;
        let between = named.text.get(found.range.end..next)?.trim();
        let is_sure = matches!(choice, Choice::Unit(unit) if !unit.region().is_empty());
        let is_there = between == "(" || !is_sure && matches!(between, "," | "-" | "–");
        (is_there && found.number.is_none() && !is_country(choice)).then_some(country)
    };
    let mut places = Vec::new();
    for (number, (found, choice)) in named.found.iter().zip(&choices).enumerate() {
        let Some(text) = named.text.get(found.range.clone()) else {
            continue;
        };
        let mut place = match country_of(number, found, choice) {
            Some(country) => abroad(country),
            None => place(found, choice),
        };
        text.clone_into(&mut place.text);
        if named.pointer == "/name" {
            "seat".clone_into(&mut place.role);
        }
        if found.part.is_some()
            && place.parent.is_none()
            && found.what == What::Unknown
            && place.kind != "pays"
        {
            place.parent = town_beside(&choices, number);
        }
        // « Oloron » is no misspelling of Oloron-Sainte-Marie, but the beginning of it.
        let is_put_right = matches!(
            (&found.what, choice),
            (What::Named { key, is_misspelt: true, .. }, Choice::Unit(unit)) if !begins(unit.name, key)
        );
        places.push((place, found.range.clone(), is_put_right));
    }
    places
}

/// Whether an official name begins with the words of a key.
fn begins(name: &str, key: &str) -> bool {
    let name = fold(name).replace('-', " ");
    let name = ["le ", "la ", "les ", "l'"]
        .into_iter()
        .find_map(|article| name.strip_prefix(article))
        .unwrap_or(&name);
    name.starts_with(key)
}

/// The units that a text names by themselves.
fn sure_in(text: &str) -> Vec<Unit> {
    let found = found::find(text);
    let choices = found.iter().map(|found| choose(found, &Context::default()));
    let unit = |choice| match choice {
        Choice::Unit(unit) => Some(unit),
        _ => None,
    };
    choices
        .filter_map(unit)
        .filter(|unit| !unit.region().is_empty())
        .collect()
}

/// The town that a quarter is told of: the one before, else the one behind.
fn town_beside(choices: &[Choice], number: usize) -> Option<String> {
    let town = |choice: &Choice| match choice {
        Choice::Unit(unit) if unit.kind == Kind::Commune => Some(unit.code.to_owned()),
        _ => None,
    };
    let (before, behind) = choices.split_at_checked(number)?;
    before
        .iter()
        .rev()
        .find_map(town)
        .or_else(|| behind.iter().find_map(town))
}

/// The country that is meant.
fn country(choice: &Choice) -> Option<Unit> {
    match choice {
        Choice::Unit(unit) if unit.kind == Kind::Country => Some(*unit),
        _ => None,
    }
}

/// A place of a country that the text states.
fn abroad(country: Unit) -> Place {
    Place {
        kind: "etranger".to_owned(),
        parent: Some(country.code.to_owned()),
        role: "scope".to_owned(),
        ..Place::default()
    }
}

/// A place as a record states it, but for its text.
fn place(found: &Found, choice: &Choice) -> Place {
    let mut place = Place {
        role: if found.is_extension {
            "extension"
        } else {
            "scope"
        }
        .to_owned(),
        ..Place::default()
    };
    let codes = |units: &[Unit]| {
        units
            .iter()
            .map(|unit| unit.code.to_owned())
            .collect::<Vec<_>>()
    };
    let kind = match (&found.what, choice) {
        (What::France, _) => "france",
        (What::Overseas, _) => "outre_mer",
        (What::Unknown, _) => "other",
        (What::Postal(unit), _) => {
            if unit.code.contains(',') {
                place.alternatives = unit.code.split(',').map(str::to_owned).collect();
            } else {
                is(&mut place, unit);
            }
            "commune"
        }
        (_, Choice::Unit(unit)) if matches!(unit.kind, Kind::Country | Kind::Abroad) => {
            place.name = (unit.kind == Kind::Country).then(|| unit.name.to_owned());
            "etranger"
        }
        (_, Choice::Unit(unit)) => {
            if found.part.is_some() {
                place.parent = Some(unit.code.to_owned());
            } else {
                is(&mut place, unit);
                let is_part = matches!(unit.kind, Kind::Associated | Kind::Municipal);
                place.parent = (is_part && !unit.within.is_empty()).then(|| unit.within.to_owned());
            }
            kind_of(unit)
        }
        (_, Choice::Near(units)) => {
            match units.as_slice() {
                [unit] if found.part.is_some() => place.parent = Some(unit.code.to_owned()),
                [unit] => is(&mut place, unit),
                units => place.alternatives = codes(units),
            }
            place.approximate = found.part.is_none();
            if found.is_employment {
                "bassin_emploi"
            } else {
                "pays"
            }
        }
        (_, Choice::OneOf(units)) => {
            place.alternatives = codes(units);
            units.first().map_or("other", kind_of)
        }
        (_, Choice::None) => "other",
    };
    found.part.unwrap_or(kind).clone_into(&mut place.kind);
    place
}

/// A place is a unit, or commonly stands for it.
fn is(place: &mut Place, unit: &Unit) {
    place.code = Some(unit.code.to_owned());
    place.name = Some(unit.name.to_owned());
    place.point = unit.point();
}

/// What a unit is called in a record.
fn kind_of(unit: &Unit) -> &'static str {
    match unit.kind {
        Kind::Commune | Kind::Postal => "commune",
        Kind::Associated => "commune_deleguee",
        Kind::Municipal => "arrondissement_municipal",
        Kind::Epci | Kind::Initials => "epci",
        Kind::Ept => "ept",
        Kind::Arrondissement => "arrondissement",
        Kind::Departement => "departement",
        Kind::Overseas => "outre_mer",
        Kind::Region => "region",
        Kind::Country | Kind::Abroad => "etranger",
    }
}
