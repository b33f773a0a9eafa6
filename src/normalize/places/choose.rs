//! A name with what can bear it, and what is known around it, in; the unit that is meant out, or all that may be.

use std::cmp::Reverse;

use crate::profile::areas::{Area, Head};
use crate::profile::gazetteer::{self, Kind, Unit};

use super::found::{Found, What};

/// A town of so many inhabitants is known beyond its region.
const KNOWN_ABROAD: u32 = 5_000;
/// A town is meant where it is so large, and so many times larger than all others of its name.
const LARGE: u32 = 10_000;
const LARGER: u32 = 50;
/// The same among those of one region.
const LARGE_NEAR: u32 = 2_000;
const LARGER_NEAR: u32 = 10;

/// Paris is a commune and a département of the same limits: the commune is meant.
const BOTH: &str = "75";

/// What is known around a name.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// The region that the record states.
    pub(super) region: Option<&'static str>,
    /// The region that most of the document's places lie in.
    pub(super) usual: Option<&'static str>,
    /// Whether nearly all of the document's places are départements.
    pub(super) of_departements: bool,
    /// Units that are sure, of the same text.
    pub(super) near: Vec<Unit>,
}

impl Context {
    /// How near a unit is to those that are sure: the same EPCI, arrondissement, département, region; and to how many.
    fn nearness(&self, unit: &Unit) -> (u8, usize) {
        let level = |near: &Unit| {
            let same = |a: &str, b: &str| !a.is_empty() && a == b;
            let is_within = |kind: Kind, code: &str| near.kind == kind && same(near.code, code);
            if same(unit.epci, near.epci)
                || is_within(Kind::Epci, unit.epci)
                || is_within(Kind::Initials, unit.epci)
            {
                4
            } else if same(unit.arrondissement, near.arrondissement)
                || is_within(Kind::Arrondissement, unit.arrondissement)
            {
                3
            } else if same(unit.departement(), near.departement()) {
                2
            } else {
                u8::from(same(unit.region(), near.region()))
            }
        };
        let levels = || self.near.iter().map(level);
        let best = levels().max().unwrap_or(0);
        (best, levels().filter(|level| *level == best).count())
    }

    /// The region that decides: the stated one, or that of all that is sure.
    fn deciding(&self) -> Option<&'static str> {
        let mut regions = self
            .near
            .iter()
            .map(Unit::region)
            .filter(|region| !region.is_empty());
        let of_near = regions
            .next()
            .filter(|first| regions.all(|other| other == *first));
        self.region.or(of_near).or(self.usual)
    }
}

/// What a name means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Choice {
    /// The unit itself.
    Unit(Unit),
    /// A unit that comes near, or several that together do.
    Near(Vec<Unit>),
    /// One of these, and the text does not say which.
    OneOf(Vec<Unit>),
    /// Nothing that has a code.
    None,
}

/// What a name means, by the words around it and by what is near.
pub(super) fn choose(found: &Found, context: &Context) -> Choice {
    if let What::Demonym(towns) = &found.what {
        return about(found.head, towns, context);
    }
    let What::Named {
        key,
        units,
        areas,
        is_misspelt,
    } = &found.what
    else {
        return Choice::None;
    };
    let units: Vec<Unit> = units
        .iter()
        .filter(|unit| {
            found
                .number
                .as_deref()
                .is_none_or(|number| agrees(unit, number))
        })
        .copied()
        .collect();
    let all = units.as_slice();
    let of = |kinds: &[Kind]| {
        all.iter()
            .filter(|unit| kinds.contains(&unit.kind))
            .copied()
            .collect::<Vec<_>>()
    };
    let area = area(areas, context);
    // « 71100 CHALON »: the number says which of the longer names is meant.
    if (*is_misspelt || all.is_empty())
        && let Some(number) = &found.number
    {
        let mut towns = beginning(key).filter(|town| agrees(town, number));
        if let (Some(town), None) = (towns.next(), towns.next()) {
            return Choice::Unit(town);
        }
    }
    if *is_misspelt {
        return misspelt(key, all, found.number.is_some(), context);
    }
    if let Some(choice) = found.head.and_then(|head| headed(head, all, area, context)) {
        return choice;
    }
    let regions = of(&[Kind::Region]);
    if let [region] = regions.as_slice() {
        return Choice::Unit(*region);
    }
    let towns = of(&[Kind::Commune, Kind::Associated, Kind::Municipal]);
    if let [departement] = of(&[Kind::Departement, Kind::Overseas]).as_slice() {
        return departement_or_town(*departement, &towns, context);
    }
    if let Some(area) = area
        && (area.is_exact || towns.iter().all(|town| town.inhabitants < KNOWN_ABROAD))
    {
        return of_area(area);
    }
    if let Some(country) = of(&[Kind::Country]).first()
        && !towns.iter().any(|town| {
            town.inhabitants >= KNOWN_ABROAD || context.deciding() == Some(town.region())
        })
    {
        return Choice::Unit(*country);
    }
    if !towns.is_empty() {
        return town(key, &towns, context);
    }
    let bodies = of(&[Kind::Epci, Kind::Ept]);
    if !bodies.is_empty() {
        return nearest(&bodies, context);
    }
    let initials = of(&[Kind::Initials]);
    if !initials.is_empty() {
        return by_initials(&initials, context);
    }
    match nearest(&of(&[Kind::Arrondissement]), context) {
        // « Florac » is Florac Trois Rivières, the town that names the arrondissement.
        Choice::Unit(arrondissement) => {
            let mut seats =
                beginning(key).filter(|town| town.arrondissement == arrondissement.code);
            match (seats.next(), seats.next()) {
                (Some(town), None) => Choice::Unit(town),
                _ => Choice::Near(vec![arrondissement]),
            }
        }
        Choice::None => {
            let abroad = of(&[Kind::Country])
                .into_iter()
                .chain(of(&[Kind::Abroad]))
                .next();
            abroad.map_or(Choice::None, Choice::Unit)
        }
        other => other,
    }
}

/// What is about a town: its intercommunality where that is said, else the arrondissement that is named by it.
fn about(head: Option<Head>, towns: &[Unit], context: &Context) -> Choice {
    let town = match nearest(towns, context) {
        Choice::Unit(town) => town,
        other => return other,
    };
    let arrondissement = gazetteer::by_code('a', town.arrondissement)
        .filter(|arrondissement| arrondissement.name == town.name);
    let unit = match head {
        Some(Head::Around | Head::Epci) => gazetteer::by_code('e', town.epci),
        _ => arrondissement.or_else(|| gazetteer::by_code('e', town.epci)),
    };
    unit.map_or(Choice::None, |unit| Choice::Near(vec![unit]))
}

/// Whether a unit lies where a postal code or a département's number says.
fn agrees(unit: &Unit, number: &str) -> bool {
    match unit.kind {
        Kind::Country | Kind::Abroad | Kind::Initials => false,
        Kind::Region => number.len() < 5,
        Kind::Commune if number.len() == 5 => gazetteer::units(number)
            .any(|postal| postal.code.split(',').any(|code| code == unit.code)),
        _ if number.len() == 5 => number.starts_with(unit.departement()),
        _ => unit.departement().eq_ignore_ascii_case(number),
    }
}

/// The area that is meant: that of the stated region, where there are several or it lies elsewhere.
fn area<'a>(areas: &'a [Area], context: &Context) -> Option<&'a Area> {
    match (areas, context.region) {
        ([], _) => None,
        ([area], None) => Some(area),
        (_, region) => {
            let region = region.or(context.deciding())?;
            areas.iter().find(|area| area.region == region)
        }
    }
}

fn of_area(area: &Area) -> Choice {
    match (area.is_exact, area.units.as_slice()) {
        (true, [unit]) => Choice::Unit(*unit),
        _ => Choice::Near(area.units.clone()),
    }
}

/// What the word in front asks for, where there is such a unit.
fn headed(head: Head, units: &[Unit], area: Option<&Area>, context: &Context) -> Option<Choice> {
    let of = |kinds: &[Kind]| -> Option<Choice> {
        let units: Vec<Unit> = units
            .iter()
            .filter(|unit| kinds.contains(&unit.kind))
            .copied()
            .collect();
        (!units.is_empty()).then(|| nearest(&units, context))
    };
    let exact = |kind: Kind| {
        let [unit] = area?.units.as_slice() else {
            return None;
        };
        (unit.kind == kind).then_some(Choice::Unit(*unit))
    };
    // The intercommunality about a town: by its name the unit itself, else what comes near a large town.
    let about = || {
        let towns: Vec<Unit> = units
            .iter()
            .filter(|unit| unit.kind == Kind::Commune)
            .copied()
            .collect();
        let Choice::Unit(town) = town("", &towns, context) else {
            return None;
        };
        let epci = gazetteer::by_code('e', town.epci)?;
        let is_named = names(epci.name, town.name);
        (is_named || town.inhabitants >= KNOWN_ABROAD).then_some((epci, is_named))
    };
    // What is so named is no town, though it may be unknown.
    let or_none = |choice: Option<Choice>| choice.or(Some(Choice::None));
    match head {
        Head::Commune | Head::Natural | Head::Quarter => None,
        Head::Departement => of(&[Kind::Departement, Kind::Overseas]),
        Head::Region => of(&[Kind::Region]),
        Head::Arrondissement => {
            or_none(of(&[Kind::Arrondissement]).or_else(|| exact(Kind::Arrondissement)))
        }
        Head::Epci => or_none(
            of(&[Kind::Epci, Kind::Ept])
                .or_else(|| exact(Kind::Epci))
                .or_else(|| {
                    let (epci, is_named) = about()?;
                    Some(if is_named {
                        Choice::Unit(epci)
                    } else {
                        Choice::Near(vec![epci])
                    })
                })
                .or_else(|| area.map(|area| Choice::Near(area.units.clone()))),
        ),
        Head::Around => or_none(
            area.map(of_area)
                .or_else(|| about().map(|(epci, _)| Choice::Near(vec![epci]))),
        ),
        Head::Area => {
            let near = |choice| match choice {
                Choice::Unit(unit) => Choice::Near(vec![unit]),
                other => other,
            };
            or_none(
                (area.map(|area| Choice::Near(area.units.clone())))
                    .or_else(|| of(&[Kind::Arrondissement]).map(near))
                    .or_else(|| about().map(|(epci, _)| Choice::Near(vec![epci])))
                    .or_else(|| of(&[Kind::Epci]).map(near)),
            )
        }
    }
}

/// Whether the name of an EPCI holds that of a town.
fn names(epci: &str, town: &str) -> bool {
    epci.match_indices(town).any(|(at, _)| {
        let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        is_end(epci.get(..at).and_then(|before| before.chars().next_back()))
            && is_end(
                epci.get(at + town.len()..)
                    .and_then(|after| after.chars().next()),
            )
    })
}

/// « Doubs » is the département; « Vienne » may be the town.
fn departement_or_town(departement: Unit, towns: &[Unit], context: &Context) -> Choice {
    if departement.kind == Kind::Overseas {
        let others: Vec<Unit> = towns
            .iter()
            .filter(|town| town.departement() != departement.code)
            .copied()
            .collect();
        let is_there = context
            .deciding()
            .is_some_and(|region| region == departement.region());
        return match (others.as_slice(), context.deciding()) {
            ([], _) => Choice::Unit(departement),
            (_, Some(_)) if !is_there => town(departement.name, &others, context),
            _ if is_there => Choice::Unit(departement),
            _ => Choice::OneOf([&[departement], by_inhabitants(&others).as_slice()].concat()),
        };
    }
    if departement.code == BOTH {
        return towns
            .iter()
            .max_by_key(|town| town.inhabitants)
            .map_or(Choice::Unit(departement), |town| Choice::Unit(*town));
    }
    let Some(town) = towns
        .iter()
        .filter(|town| town.inhabitants >= LARGE)
        .max_by_key(|town| town.inhabitants)
    else {
        return Choice::Unit(departement);
    };
    if let Some(region) = context.deciding() {
        match (departement.region() == region, town.region() == region) {
            (true, false) => return Choice::Unit(departement),
            (false, true) => return Choice::Unit(*town),
            _ => {}
        }
    }
    let is_town = |unit: &Unit| {
        matches!(
            unit.kind,
            Kind::Commune | Kind::Associated | Kind::Municipal
        )
    };
    if context.near.is_empty() && context.of_departements {
        return Choice::Unit(departement);
    }
    match (context.near.iter().any(is_town), context.near.is_empty()) {
        (false, false) => Choice::Unit(departement),
        (true, _) if context.nearness(town).0 >= 2 => Choice::Unit(*town),
        _ => Choice::OneOf(vec![departement, *town]),
    }
}

/// The town of a name that is meant.
fn town(key: &str, towns: &[Unit], context: &Context) -> Choice {
    let Some(deciding) = context.deciding() else {
        return match by_size(towns, context, LARGE, LARGER) {
            // « Évry » may be the village of the Yonne, and Évry-Courcouronnes.
            Choice::Unit(town) if town.inhabitants < KNOWN_ABROAD && town.kind == Kind::Commune => {
                match large_of(key) {
                    Some(large) => Choice::OneOf(vec![large, town]),
                    None => Choice::Unit(town),
                }
            }
            Choice::OneOf(towns) if towns.iter().all(|town| town.inhabitants < KNOWN_ABROAD) => {
                Choice::OneOf(large_of(key).into_iter().chain(towns).collect())
            }
            other => other,
        };
    };
    let within: Vec<Unit> = towns
        .iter()
        .filter(|town| town.region() == deciding)
        .copied()
        .collect();
    let largest = towns.iter().map(|town| town.inhabitants).max().unwrap_or(0);
    match within.as_slice() {
        [] => match (longer(key, context), towns) {
            // Saint-Étienne is no village beside its neighbours in a list.
            (_, [town]) if town.inhabitants >= LARGE && context.region.is_none() => {
                Choice::Unit(*town)
            }
            (Choice::Unit(unit), _) => Choice::Unit(unit),
            // A town that all know, or a place of the document at large, lies where it lies.
            (_, [town])
                if town.inhabitants >= KNOWN_ABROAD
                    || context.region.is_none() && context.near.is_empty() =>
            {
                Choice::Unit(*town)
            }
            (_, _) if context.region.is_none() => by_size(towns, context, LARGE, LARGER),
            (Choice::OneOf(units), _) => Choice::OneOf(units),
            (_, _) => Choice::OneOf(by_inhabitants(towns)),
        },
        // A hamlet of the region beside a town that all know: what is near has to speak for it.
        [town]
            if town.inhabitants < LARGE_NEAR
                && largest >= LARGE
                && largest / LARGER > town.inhabitants
                && context.nearness(town).0 < 2 =>
        {
            Choice::OneOf(by_inhabitants(towns))
        }
        [town] => Choice::Unit(*town),
        _ => by_size(&within, context, LARGE_NEAR, LARGER_NEAR),
    }
}

/// The largest of the large towns whose longer names begin so.
fn large_of(key: &str) -> Option<Unit> {
    let towns = beginning(key).filter(|town| town.inhabitants >= LARGE);
    towns.max_by_key(|town| (town.inhabitants, Reverse(town.code)))
}

/// The towns whose names begin with a name and go on.
fn beginning(key: &str) -> impl Iterator<Item = Unit> {
    let start = if key.is_empty() {
        String::new()
    } else {
        format!("{key} ")
    };
    let names: Vec<Unit> = if start.is_empty() {
        Vec::new()
    } else {
        gazetteer::beginning(&start)
            .flat_map(|(_, units)| units)
            .collect()
    };
    names
        .into_iter()
        .filter(|unit| matches!(unit.kind, Kind::Commune | Kind::Associated))
}

/// The one that is nearest; else the one that is much larger than all others.
fn by_size(towns: &[Unit], context: &Context, large: u32, larger: u32) -> Choice {
    let communes: Vec<Unit> = towns
        .iter()
        .filter(|town| town.kind != Kind::Associated)
        .copied()
        .collect();
    // A former commune is seldom meant where a commune bears its name.
    let towns = if communes.is_empty() {
        towns
    } else {
        communes.as_slice()
    };
    match nearest(towns, context) {
        Choice::OneOf(all) => match all.as_slice() {
            [first, second, ..]
                if first.inhabitants >= large
                    && first.inhabitants / larger > second.inhabitants =>
            {
                Choice::Unit(*first)
            }
            _ => Choice::OneOf(all),
        },
        other => other,
    }
}

/// The only one, or the only one that is nearest to what is sure.
fn nearest(units: &[Unit], context: &Context) -> Choice {
    match units {
        [] => return Choice::None,
        [unit] => return Choice::Unit(*unit),
        _ => {}
    }
    let in_region: Vec<Unit> = units
        .iter()
        .filter(|unit| {
            context
                .deciding()
                .is_some_and(|region| unit.region() == region)
        })
        .copied()
        .collect();
    if let [unit] = in_region.as_slice() {
        return Choice::Unit(*unit);
    }
    let units = if in_region.is_empty() {
        units
    } else {
        in_region.as_slice()
    };
    let best = units
        .iter()
        .map(|unit| context.nearness(unit).0)
        .max()
        .unwrap_or(0);
    let mut near = units.iter().filter(|unit| context.nearness(unit).0 == best);
    match (best > 0, near.next(), near.next()) {
        (true, Some(unit), None) => Choice::Unit(*unit),
        _ => Choice::OneOf(by_inhabitants(units)),
    }
}

/// « Saint-André » near Lille is Saint-André-lez-Lille: the one town whose longer name begins so, near what is sure or much larger than the others of the region.
fn longer(key: &str, context: &Context) -> Choice {
    /// More towns are no choice.
    const MOST: usize = 12;
    let articles = ["le ", "la ", "les ", "l'"]
        .into_iter()
        .filter(|_| !key.is_empty());
    let with_article = articles
        .flat_map(|article| gazetteer::units(&format!("{article}{key}")))
        .filter(|unit| unit.kind == Kind::Commune);
    let region = context.deciding();
    let mut towns: Vec<Unit> = with_article
        .chain(beginning(key))
        .filter(|unit| Some(unit.region()) == region)
        .collect();
    let level = towns
        .iter()
        .map(|town| context.nearness(town).0)
        .max()
        .unwrap_or(0);
    towns.retain(|town| context.nearness(town).0 == level);
    let towns = by_inhabitants(&towns);
    match towns.as_slice() {
        [] => Choice::None,
        [town] if level >= 2 || names_article(town.name, key) => Choice::Unit(*town),
        [first, second, ..]
            if first.inhabitants >= LARGE
                && first.inhabitants / LARGER_NEAR > second.inhabitants =>
        {
            Choice::Unit(*first)
        }
        _ if towns.len() <= MOST => Choice::OneOf(towns),
        _ => Choice::None,
    }
}

/// Whether a town's name is the key behind an article.
fn names_article(name: &str, key: &str) -> bool {
    name.split([' ', '-', '\'']).count() == key.split([' ', '\'']).count() + 1
}

/// The unit that a name means which nothing bears: a longer one, or one of other spelling, that lies near or is large.
fn misspelt(key: &str, units: &[Unit], is_placed: bool, context: &Context) -> Choice {
    let longer = longer(key, context);
    if let Choice::Unit(_) = longer {
        return longer;
    }
    let region = context.deciding();
    let is_meant = |unit: &&Unit| match region {
        _ if is_placed => true,
        Some(region) => unit.region() == region,
        None => unit.kind != Kind::Commune || unit.inhabitants >= LARGE,
    };
    let near: Vec<Unit> = units.iter().filter(is_meant).copied().collect();
    match by_size(&near, context, LARGE_NEAR, LARGER_NEAR) {
        Choice::None => longer,
        choice => choice,
    }
}

/// An EPCI by initials that many may have: only where what is near decides.
fn by_initials(units: &[Unit], context: &Context) -> Choice {
    let region = context.deciding();
    let near: Vec<Unit> = units
        .iter()
        .filter(|unit| region.is_some_and(|region| unit.region() == region))
        .copied()
        .collect();
    match nearest(&near, context) {
        Choice::Unit(unit) => Choice::Unit(unit),
        _ => Choice::None,
    }
}

/// The largest first.
fn by_inhabitants(units: &[Unit]) -> Vec<Unit> {
    let mut units = units.to_vec();
    units.sort_by_key(|unit| (Reverse(unit.inhabitants), unit.code));
    units.dedup_by_key(|unit| unit.code);
    units
}
