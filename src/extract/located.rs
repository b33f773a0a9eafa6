//! Where an entry is by its words: a town with its department, and what was taken for something else and is a place.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::amounts;
use super::clauses::NEAR;
use super::draft::{self, Draft, Rule, one_line};
use crate::profile::{VOCABULARY, fold, places};
use crate::segment::{Form, Unit};

/// « Le Fauteuil bleu – Albi (81) pour le prix Montagne »: what was taken for the name behind the dash is the place, and the title the name.
pub(super) fn placed_name(draft: &mut Draft<'_>) {
    let place = |name: &str| places::likeness(name) >= places::SURE;
    if !draft.mention.name.as_deref().is_some_and(place) || draft.mention.territory.is_some() {
        return;
    }
    let moved = |draft: &mut Draft<'_>, from: &str, to: &str| {
        let text = draft.forget(from)?;
        Some(draft.ground(to, &text, Rule::Place))
    };
    draft.mention.territory = moved(draft, "/name", "/territory");
    draft.mention.name = moved(draft, "/project", "/name");
    draft.mention.project = None;
}

/// The département in parentheses behind a town is of its place: « Montbrison (Loire) ».
pub(super) fn with_department(draft: &mut Draft<'_>, units: &[Unit]) {
    let Some(town) = (draft.mention.territory.clone()).filter(|_| !draft.is_labelled("/territory"))
    else {
        return;
    };
    let whole = units.iter().find_map(|unit| {
        let string = unit.text.as_str();
        let start = string.find(town.as_str())?;
        let behind = string.get(start + town.len()..)?;
        let inside = behind.trim_start().strip_prefix('(')?;
        let (inside, rest) = inside.split_once(')')?;
        (places::likeness(inside) >= places::SURE && fold(inside) != fold(&town))
            .then(|| one_line([&unit.text.slice(start..string.len() - rest.len())]))
    });
    if let Some(whole) = whole {
        let rule = draft.rule("/territory").unwrap_or(Rule::Place);
        draft.mention.territory = Some(draft.ground("/territory", &whole, rule));
    }
}

/// « Albi (81) » that was taken for a title, beside the name, is where that is. « La Motte » may be one.
pub(super) fn placed_title(draft: &mut Draft<'_>) {
    let place = |title: &str| title.ends_with(')') && places::likeness(title) >= places::SURE;
    if draft.is_labelled("/project")
        || draft.mention.name.is_none()
        || !draft.mention.project.as_deref().is_some_and(place)
    {
        return;
    }
    draft.mention.project = None;
    let title = draft.forget("/project");
    if let Some(title) = title.filter(|_| draft.mention.territory.is_none()) {
        draft.mention.territory = Some(draft.ground("/territory", &title, Rule::Place));
    }
}

/// A town with its department, where the entry has no place or the department alone: « Foyer du Pré – Le Vigan (30) ».
pub(super) fn town(draft: &mut Draft<'_>, units: &[Unit]) {
    static TOWN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?P<joint>[–—-] |, (?:à |de |d[’'])?| à )(?P<town>\p{Lu}[\p{L}’'-]*(?:[ -](?:\p{Lu}[\p{L}’'-]*|de|du|des|la|le|les|sur|sous|en|lès|aux|au|et))*) ?\((?P<inside>[^()]{2,30})\)").expect("the pattern is constant")
    });
    let unit = units
        .iter()
        .find(|unit| unit.label.is_none() && unit.form != Form::Footnote);
    let Some(unit) = unit else { return };
    // Most entries have no place in parentheses, and need no pattern, which takes a millisecond to compile.
    let mut bracketed = unit.text.as_str().split('(').skip(1);
    if !bracketed.any(|rest| {
        let inside = rest.split_once(')').map_or("", |(inside, _)| inside);
        places::likeness(inside) >= places::SURE
    }) {
        return;
    }
    let Some(found) = TOWN.captures(unit.text.as_str()) else {
        return;
    };
    let part = |name: &str| found.name(name);
    let (Some(joint), Some(town), Some(inside)) = (part("joint"), part("town"), part("inside"))
    else {
        return;
    };
    // « Foyer du Pré, à Le Vigan (Gard) »; behind a dash « Sologne (Vierzon) » is no town.
    let located = joint
        .as_str()
        .trim_start_matches(',')
        .trim()
        .starts_with(char::is_alphabetic);
    let known = inside.as_str().contains(|c: char| c.is_ascii_digit()) || located;
    let known = known && places::likeness(inside.as_str()) >= places::SURE;
    // « Amicale de Brignac (83) »: what the name says is not told again.
    let named = (draft.mention.name.as_deref()).is_some_and(|name| name.contains(town.as_str()));
    let so_far = draft.mention.territory.as_deref();
    let other = so_far.is_some_and(|so_far| so_far != inside.as_str());
    if !known || named || other || joint.start() > NEAR {
        return;
    }
    let text = one_line([&unit.text.slice(town.start()..inside.end() + 1)]);
    draft.mention.territory = Some(draft.ground("/territory", &text, Rule::Place));
}

/// What was taken for a project, and is the town of the place: « Marans » beside « Marans (Vendée) ».
pub(super) fn title(draft: &mut Draft<'_>) {
    let Some(project) = draft.mention.project.as_deref() else {
        return;
    };
    let placed = (draft.mention.territory.as_deref())
        .is_some_and(|place| place.len() > project.len() && place.starts_with(project));
    if placed && !draft.is_labelled("/project") {
        draft.mention.project = None;
        draft.forget("/project");
    }
}

/// « UNE LAVERIE SOLIDAIRE À DOLE (JURA) »: a title that says where it is, is a project's, where most entries have one and none is a body's by its words.
pub(super) fn titles<'u>(drafts: &mut [Draft<'_>], own: impl Fn(usize) -> &'u [Unit]) {
    const LINKS: [&str; 2] = [" À ", " à "];
    let cut = |draft: &Draft<'_>| {
        let name = draft.mention.name.as_deref()?;
        let (at, link) = LINKS
            .iter()
            .find_map(|link| Some((name.rfind(link)?, link)))?;
        let place = name.get(at + link.len()..)?.trim();
        let alone = draft.rule("/name") == Some(Rule::Heading)
            && draft.mention.project.is_none()
            && draft.mention.territory.is_some();
        let body = name
            .get(..at)
            .is_none_or(|title| VOCABULARY.organisation_lean(title) > 0.0);
        (alone && !body && places::likeness(place) > 0.0).then_some(at)
    };
    let cuts: Vec<Option<usize>> = drafts.iter().map(cut).collect();
    if cuts.iter().flatten().count() < 3 || cuts.iter().flatten().count() * 3 < drafts.len() * 2 {
        return;
    }
    for (number, (draft, at)) in drafts.iter_mut().zip(cuts).enumerate() {
        let title = at.and_then(|at| draft.mention.name.as_deref()?.get(..at).map(str::to_owned));
        let Some(title) = title else { continue };
        let found = own(number).iter().find_map(|unit| {
            let start = unit.text.as_str().find(title.as_str())?;
            Some(one_line([&unit.text.slice(start..start + title.len())]))
        });
        if let Some(title) = found {
            draft.mention.name = None;
            draft.forget("/name");
            draft.mention.project = Some(draft.ground("/project", &title, Rule::Place));
        }
    }
}

/// Where a name ends, its place may follow: « Fleuret pour tous à Saint-Étienne : … », « Répit’Âge – Cholet (Maine-et-Loire). ». A name that goes on into its
/// place ends before it, if what is told of it follows.
pub(super) fn behind_names<'u>(drafts: &mut [Draft<'_>], own: impl Fn(usize) -> &'u [Unit]) {
    bracketed(drafts);
    for (number, draft) in drafts.iter_mut().enumerate() {
        let Some(name) = draft.mention.name.clone() else {
            continue;
        };
        if draft.is_labelled("/name") || draft.is_labelled("/territory") {
            continue;
        }
        parted(draft, &name);
        let units = own(number);
        let Some((unit, start)) = units
            .iter()
            .find_map(|unit| Some((unit, unit.text.as_str().find(name.as_str())?)))
        else {
            continue;
        };
        let string = unit.text.as_str();
        let links = (LINKS.iter().chain(&DASHES))
            .filter_map(|link| name.rfind(link))
            .max();
        let (end, place) = [links.unwrap_or(name.len()), name.len()]
            .into_iter()
            .map(|length| {
                (
                    start + length,
                    string.get(start + length..).and_then(place_behind),
                )
            })
            .find(|(_, place)| place.is_some())
            .unwrap_or((start, None));
        let Some(place) = place.map(|place| end + place.start..end + place.end) else {
            continue;
        };
        // « Besson (Allier) » says more than « Allier ».
        let holds = |so_far: &str| {
            string
                .get(place.clone())
                .is_some_and(|place| place.contains(so_far))
        };
        if !draft.mention.territory.as_deref().is_none_or(holds) {
            continue;
        }
        let part = |range| one_line([&unit.text.slice(range)]);
        // What was taken for the description, as the name seemed to go on, is what is told behind the place; and so is what nothing took.
        let town = string.get(place.clone()).unwrap_or_default();
        if (draft.mention.description.as_deref())
            .is_none_or(|told| told.starts_with(name.as_str()) || told.starts_with(town))
        {
            const JOINTS: [char; 8] = [' ', '\u{a0}', ':', ',', '–', '—', '-', ')'];
            let behind = string.get(place.end..).unwrap_or_default();
            let start = string.len() - behind.trim_start_matches(JOINTS).len();
            let told = draft::paragraphs([&unit.text.slice(start..string.len())]);
            if is_free(draft, told.as_str()) {
                draft.mention.description = Some(draft.ground("/description", &told, Rule::Place));
            }
        }
        draft.mention.territory = Some(draft.ground("/territory", &part(place), Rule::Line));
        if end < start + name.len() {
            draft.mention.name = Some(draft.ground("/name", &part(start..end), Rule::Line));
        }
    }
}

/// A column of names that say where each is, « La Sauce Théâtre (Pont-Audemer) », holds two values. One name alone may be written so.
fn bracketed(drafts: &mut [Draft<'_>]) {
    // « Commune de X » needs no place beside it: a third is a habit.
    const FEWEST: usize = 3;
    const SHARE: usize = 3;
    // Where the name ends, and where its place stands.
    let place = |draft: &Draft<'_>| -> Option<(usize, Range<usize>)> {
        let name = draft.mention.name.as_deref()?;
        let open = name.rfind(" (").filter(|open| *open > 0)?;
        let inside = name.get(open + 2..)?.strip_suffix(')')?;
        if draft.rule("/name") != Some(Rule::Label) || places::likeness(inside) < places::SURE {
            return None;
        }
        // « Les Heures d’été – Bourges (18) »
        let town = (DASHES.iter())
            .filter_map(|dash| Some((name.get(..open)?.rfind(dash)?, dash.len())))
            .max()
            .filter(|(at, dash)| {
                name.get(at + dash..open)
                    .is_some_and(|town| places::likeness(town) > 0.0)
            });
        Some(match town {
            Some((at, dash)) => (at, at + dash..name.len()),
            None => (open, open + 2..name.len() - 1),
        })
    };
    let n_names = (drafts.iter())
        .filter(|draft| draft.rule("/name") == Some(Rule::Label))
        .count();
    let found: Vec<_> = drafts.iter().map(place).collect();
    let n_found = found.iter().flatten().count();
    if n_found < FEWEST || n_found * SHARE < n_names {
        return;
    }
    for (draft, found) in drafts.iter_mut().zip(found) {
        let Some((end, place)) = found.filter(|_| draft.mention.territory.is_none()) else {
            continue;
        };
        let Some(text) = draft.forget("/name") else {
            continue;
        };
        let (name, place) = (text.slice(0..end), text.slice(place));
        draft.mention.name = Some(draft.ground("/name", &name, Rule::Label));
        draft.mention.territory = Some(draft.ground("/territory", &place, Rule::Label));
    }
}

/// Whether words may be a description: there are some, and where there is none yet no other field has any of them.
fn is_free(draft: &Draft<'_>, told: &str) -> bool {
    const FEWEST: usize = 3;
    let mention = &draft.mention;
    let taken = ["project", "award", "theme", "public"];
    let is_taken = |field: &&str| {
        mention
            .text(field)
            .is_some_and(|value| told.contains(value))
    };
    let is_more = told.split_whitespace().count() >= FEWEST
        && amounts::find(told).is_empty()
        && !taken.iter().any(is_taken);
    !told.is_empty() && (mention.description.is_some() || is_more)
}

/// A line of a head that holds the name and its place was taken for the place: « Covoit’Sancy — La Bourboule ».
fn parted(draft: &mut Draft<'_>, name: &str) {
    let behind = |line: &str| {
        let rest = line.strip_prefix(name)?;
        DASHES
            .iter()
            .find_map(|dash| rest.strip_prefix(dash))
            .map(str::len)
    };
    let by_look = matches!(draft.rule("/territory"), Some(Rule::Heading | Rule::Place));
    let length = (draft.mention.territory.as_deref())
        .filter(|_| by_look)
        .and_then(behind);
    if let Some(length) = length
        && let Some(line) = draft.forget("/territory")
    {
        let place = line.slice(line.len() - length..line.len()).trim();
        draft.mention.territory = Some(draft.ground("/territory", &place, Rule::Heading));
    }
}

/// What stands between a name and its place.
const LINKS: [&str; 4] = [" à ", " au ", " en ", " aux "];
const DASHES: [&str; 3] = [" — ", " – ", " - "];

/// The known place right at the beginning of what stands behind a name, with its département, if nothing but what is told follows.
fn place_behind(rest: &str) -> Option<Range<usize>> {
    const MARKS: [&str; 6] = [" – ", " — ", " - ", ", à ", ", ", " ("];
    let joint = (LINKS.iter().chain(&MARKS)).find(|joint| rest.starts_with(**joint))?;
    let at = joint.len();
    let words = rest.get(at..)?;
    if !words.starts_with(char::is_uppercase) {
        return None;
    }
    // « (Wimereux, 62) »: parentheses say where the place ends.
    let inside = words.find(')').filter(|_| *joint == " (");
    let length = match inside {
        Some(end) => (places::likeness(words.get(..end)?) >= places::SURE).then_some(end)?,
        None => places::leading(words)?,
    };
    let (place, behind) = words.split_at_checked(length)?;
    let is_town = *joint == " à " || !LINKS.contains(joint);
    // « en Bretagne », but not « Lire en Boischaut »
    if !is_town && !places::is_area(place) {
        return None;
    }
    let department = (behind.strip_prefix(" (").filter(|_| *joint != " ("))
        .and_then(|inside| inside.split_once(')'))
        .filter(|(inside, _)| places::likeness(inside) >= places::SURE)
        .map_or(0, |(inside, _)| inside.len() + 3);
    let behind = behind.get(department..)?.trim_start();
    let is_told = behind.is_empty()
        || behind.starts_with([':', ',', '.', ';', '–', '—', '-', '(', ')', '\n', '|']);
    is_told.then_some(at..at + length + department)
}

/// What was taken for places, in a list where hardly one is: « Elvire Brissac (Éditions du Phare) », « Anne Morel (Université de Lorraine) ». It stays
/// beside the fields.
pub(super) fn unplaced(drafts: &mut [Draft<'_>]) {
    // In lists of real documents that give places without a label, at least as many of them are known; where others stand there, at most a quarter is.
    const HARDLY: f32 = 0.34;
    // One place is no habit.
    const FEWEST: usize = 2;
    let found = |draft: &Draft<'_>| {
        let by_look = matches!(
            draft.rule("/territory"),
            Some(Rule::Heading | Rule::Line | Rule::Place)
        );
        let place = (draft.mention.territory.as_deref()).filter(|_| by_look)?;
        Some(place_likeness(place))
    };
    let found: Vec<Option<f32>> = drafts.iter().map(found).collect();
    let n_found = found.iter().flatten().count();
    let n_known = (found.iter().flatten())
        .filter(|likeness| **likeness >= places::SURE)
        .count();
    if n_found < FEWEST || n_known as f32 >= HARDLY * n_found as f32 {
        return;
    }
    for (draft, likeness) in drafts.iter_mut().zip(found) {
        if likeness.is_some_and(|likeness| likeness < places::SURE) {
            draft.displace();
        }
    }
}

/// How much the likeliest part of a text looks like a place's name: « Lille Sud, Hem », « Kergrist – Côtes-d’Armor », « Draguignan-Nord ».
fn place_likeness(text: &str) -> f32 {
    let parts = text.split([',', '/', '(', ')', ';']);
    let parts = parts.flat_map(|part| part.split(" et "));
    let parts = (parts.flat_map(|part| part.split(" – "))).flat_map(|part| part.split(" - "));
    (parts.flat_map(|part| [Some(part), part.split_once('-').map(|(town, _)| town)]))
        .flatten()
        .map(places::likeness)
        .fold(places::likeness(text), f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(behind: &str, expected: Option<&str>) {
        let found = place_behind(behind).and_then(|range| behind.get(range));
        assert_eq!(found, expected);
    }

    #[test]
    fn the_place_of_a_name_stands_behind_it() {
        check(" à Saint-Étienne : escrime", Some("Saint-Étienne"));
        check(
            " – Cholet (Maine-et-Loire).",
            Some("Cholet (Maine-et-Loire)"),
        );
        check(" au Sénégal : lire", Some("Sénégal"));
        check(" (Paris – Île-de-France)", Some("Paris – Île-de-France"));
        check(" (Wimereux, 62)« Le vent »", Some("Wimereux, 62"));
        check(" à Paris et ailleurs", None);
        check(" pour Lyon", None);
        check(" à Besson (Allier)", Some("Besson (Allier)"));
    }
}
