//! Headings that hold an organisation, a project, or both: which part is which is decided for the whole document.

use crate::model::text::Text;
use crate::profile::{Field, Slot, Template, VOCABULARY, fold};

/// What a heading says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Split {
    /// The organisation.
    pub name: Option<Text>,
    /// The project.
    pub project: Option<Text>,
    /// A place in parentheses behind.
    pub territory: Option<Text>,
    /// The printed number, where a profile says that it stands here.
    pub ordinal: Option<(u32, Text)>,
}

/// What the headings of a document have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent habit"
)]
pub struct Orientation {
    /// Of « A – B », A is the organisation.
    pub name_first: bool,
    /// A heading that does not split is the organisation (not the project).
    pub single_is_name: bool,
    /// Nearly all say behind « par » who carries the project, whatever words stand there.
    pub carried: bool,
    /// Most titles begin with a word that only says that they are one: « Projet X ».
    pub entitled: bool,
}

/// Decides, from all headings of a document, what their sides are. `named` and `titled` tell the share of entries that label the organisation and the project.
pub fn orientation<'a>(
    headings: impl Iterator<Item = &'a Text>,
    named: f32,
    titled: f32,
) -> Orientation {
    /// Fewer headings may say « par » of anything.
    const FEWEST: usize = 3;
    /// Every eighth heading has a word of organisations more.
    const CLEARLY: f32 = 0.25;
    let (mut first, mut second) = (0.0_f32, 0.0_f32);
    let mut splits = 0usize;
    let (mut organisations, mut projects) = (0usize, 0usize);
    let (mut carried, mut all, mut entitled) = (0usize, 0usize, 0usize);
    for heading in headings {
        let text = one_line(heading);
        all += 1;
        entitled += usize::from(is_entitled(text.as_str()));
        carried += usize::from(carried_by(text.as_str()).is_some());
        if let Some((left, right)) = dash_split(&text) {
            splits += 1;
            let lean = VOCABULARY.organisation_lean(left.as_str())
                - VOCABULARY.organisation_lean(right.as_str());
            if lean > 0.0 {
                first += lean;
            } else {
                second -= lean;
            }
        } else {
            organisations += usize::from(VOCABULARY.organisation_lean(text.as_str()) > 0.0);
            projects += usize::from(
                VOCABULARY.organisation_lean(text.as_str()) < 0.0 || is_quoted(text.as_str()),
            );
        }
    }
    Orientation {
        // The name stands first in most documents: the other side must be clearly more like organisations.
        name_first: first + CLEARLY * splits as f32 >= second,
        // Where the organisation has a label of its own, the heading is the project, and the other way round.
        single_is_name: if named >= 0.5 {
            false
        } else {
            titled >= 0.3 || organisations >= projects
        },
        carried: carried >= FEWEST && carried * 10 >= all * 8,
        entitled: entitled >= FEWEST && entitled * 2 > all,
    }
}

/// « Un composteur par cage d’escalier par Les Jardins de Robien »: where the last « par » stands, if a name follows.
fn carried_by(heading: &str) -> Option<usize> {
    const LINK: &str = " par ";
    let index = heading.rfind(LINK)?;
    let who = heading.get(index + LINK.len()..)?;
    let bare = ["l’", "l'", "le ", "la ", "les "]
        .iter()
        .find_map(|article| who.strip_prefix(article))
        .unwrap_or(who);
    (bare.starts_with(char::is_uppercase) || VOCABULARY.begins_organisation(bare)).then_some(index)
}

/// Splits one heading.
pub fn split(heading: &Text, orientation: Orientation, has_name: bool, has_project: bool) -> Split {
    let text = one_line(heading);
    let (text, call) = without_call(&text);
    if has_name && has_project {
        return Split::default();
    }
    if has_name {
        let project = call.unwrap_or(text);
        return Split {
            project: Some(bare_title(&project, orientation.entitled)),
            ..Split::default()
        };
    }
    let whole = call.clone().unwrap_or_else(|| text.clone());
    if let Some(split) = quoted_split(&whole)
        .or_else(|| dashed(&text, call.as_ref(), orientation))
        .or_else(|| acronym_split(&text))
        .or_else(|| carrier_split(&text, orientation))
    {
        if !has_project {
            return split;
        }
        // The project has a label: only what is surely the organisation is taken from the heading.
        return Split {
            name: split.name,
            ..Split::default()
        };
    }
    if has_project || orientation.single_is_name && !is_quoted(text.as_str()) {
        Split {
            name: Some(text),
            ..Split::default()
        }
    } else {
        Split {
            project: Some(bare_title(&whole, orientation.entitled)),
            ..Split::default()
        }
    }
}

/// Splits a heading as a profile says; `None` where it is put together otherwise.
pub fn split_as(heading: &Text, template: &Template) -> Option<Split> {
    let text = one_line(heading);
    let mut split = Split::default();
    for (slot, range) in template.fit(text.as_str())? {
        let part = text.slice(range);
        match slot {
            Slot::Name => split.name = Some(unquoted(&part)),
            Slot::Project => split.project = Some(unquoted(&part)),
            Slot::Territory => split.territory = Some(part),
            Slot::Number => split.ordinal = Some((part.as_str().parse().ok()?, part)),
            // The other fields are of lines, not of headings.
            Slot::Region | Slot::Public | Slot::Theme | Slot::Description | Slot::Nothing => {}
        }
    }
    Some(split)
}

/// A heading broken over lines is one line.
fn one_line(heading: &Text) -> Text {
    use crate::model::evidence::Join;
    let mut joined = Text::new();
    for line in heading.lines() {
        joined.append(&line, Join::Space);
    }
    joined
}

/// « Org – Project »: the parts around the first spaced dash; a long dash before a hyphen.
fn dash_split(text: &Text) -> Option<(Text, Text)> {
    let string = text.as_str();
    let dash = [" – ", " — ", " - ", " | ", " : "].iter().find_map(|dash| {
        let index = string.find(dash)?;
        // Inside parentheses a dash is punctuation.
        let before = string.get(..index)?;
        (before.matches('(').count() == before.matches(')').count()).then_some((index, dash.len()))
    });
    let (index, width) = dash?;
    let (left, right) = (
        text.slice(0..index).trim(),
        text.slice(index + width..text.len()).trim(),
    );
    (!left.is_empty() && !right.is_empty()).then_some((left, right))
}

fn dashed(text: &Text, whole: Option<&Text>, orientation: Orientation) -> Option<Split> {
    let (left, right) = dash_split(whole.unwrap_or(text))?;
    let lean =
        VOCABULARY.organisation_lean(left.as_str()) - VOCABULARY.organisation_lean(right.as_str());
    // Clear words on one heading outweigh the habit of the others.
    let name_first = if lean.abs() >= 2.0 {
        lean > 0.0
    } else {
        orientation.name_first
    };
    let (name, project) = if name_first {
        (left, right)
    } else {
        (right, left)
    };
    let name = without_call(&name).0;
    Some(Split {
        name: Some(name),
        project: Some(bare_title(&project, orientation.entitled)),
        ..Split::default()
    })
}

/// « X « Y » », « « Y » – X », « X – Projet « Y » »: the quotation is the project, the rest the organisation.
fn quoted_split(text: &Text) -> Option<Split> {
    let string = text.as_str();
    let open = string.find(['«', '“'])?;
    let close = string.rfind(['»', '”']).filter(|close| *close > open)?;
    let width = string.get(close..)?.chars().next()?.len_utf8();
    let outside = |part: Text| {
        let trimmed = part.as_str().trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '–' | '—' | '-' | ':' | ',' | '|')
        });
        let start = part.as_str().find(trimmed)?;
        let part = part.slice(start..start + trimmed.len());
        let bare = without_suffix(&part);
        (!bare.is_empty() && bare.as_str().chars().any(char::is_alphabetic)).then_some(bare)
    };
    let (before, after) = (
        outside(text.slice(0..open)),
        outside(text.slice(close + width..text.len())),
    );
    let territory = after
        .as_ref()
        .filter(|after| after.as_str().starts_with('(') && after.as_str().ends_with(')'))
        .map(|after| after.slice(1..after.len() - 1).trim());
    let name = before.or(after.filter(|_| territory.is_none()))?;
    Some(Split {
        name: Some(name),
        project: Some(unquoted(&text.slice(open..close + width))),
        territory,
        ordinal: None,
    })
}

/// « NAME OF THE BODY (NOTB) PROJECT »: the acronym of the words before it ends the name.
fn acronym_split(text: &Text) -> Option<Split> {
    let string = text.as_str();
    let open = string.find('(')?;
    let close = open + string.get(open..)?.find(')')?;
    let acronym = string.get(open + 1..close)?;
    let rest = text.slice(close + 1..text.len()).trim();
    let name = string.get(..open)?.trim();
    (rest.as_str().split_whitespace().count() >= 2 && is_acronym_of(acronym, name)).then(|| Split {
        name: Some(text.slice(0..close + 1).trim()),
        project: Some(unquoted(&rest)),
        ..Split::default()
    })
}

/// Whether the letters of an acronym are found, in order, at the beginnings of the words.
fn is_acronym_of(acronym: &str, name: &str) -> bool {
    let letters: Vec<char> = fold(acronym)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    if letters.len() < 2 || letters.len() > 10 {
        return false;
    }
    let folded = fold(name);
    let mut wanted = letters.iter().peekable();
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        for character in word.chars() {
            if wanted.peek() == Some(&&character) {
                wanted.next();
            } else {
                break;
            }
        }
    }
    wanted.next().is_none()
}

/// « Project avec Org », « Project porté par Org »: only where the right side is an organisation by its words and the left is none, or where all
/// headings are put together so.
fn carrier_split(text: &Text, orientation: Orientation) -> Option<Split> {
    let string = text.as_str();
    if let Some(index) = carried_by(string).filter(|_| orientation.carried) {
        return Some(Split {
            name: Some(text.slice(index + " par ".len()..text.len()).trim()),
            project: Some(bare_title(
                &text.slice(0..index).trim(),
                orientation.entitled,
            )),
            ..Split::default()
        });
    }
    for (link, sure) in [
        (" porté par ", true),
        (" portée par ", true),
        (" proposé par ", true),
        (" présenté par ", true),
        (" avec ", false),
        (" par ", false),
        (" by ", false),
    ] {
        let Some(index) = string.find(link) else {
            continue;
        };
        let (left, right) = (
            text.slice(0..index).trim(),
            text.slice(index + link.len()..text.len()).trim(),
        );
        let clear = (VOCABULARY.begins_organisation(right.as_str())
            || VOCABULARY.marks_organisation(right.as_str()))
            && !VOCABULARY.begins_organisation(left.as_str());
        if (sure || clear) && !left.is_empty() && !right.is_empty() {
            return Some(Split {
                name: Some(right),
                project: Some(bare_title(&left, orientation.entitled)),
                ..Split::default()
            });
        }
    }
    None
}

/// A parenthesis at the end that names the call (« (AAP REPÉRAGE) ») is no part of the organisation's name. The second value is the text with it.
fn without_call(text: &Text) -> (Text, Option<Text>) {
    let string = text.as_str();
    if let Some(open) = string
        .rfind('(')
        .filter(|open| *open > 0 && string.ends_with(')'))
        && string
            .get(open + 1..string.len() - 1)
            .is_some_and(|inside| VOCABULARY.begins_call(inside))
    {
        return (text.slice(0..open).trim(), Some(text.clone()));
    }
    (text.clone(), None)
}

/// A title without quotation marks, and without the words in front that only say that it is one: « Le projet X », « Projet « X » ». « Projet X » alone
/// may be all of the title, unless most titles of the document begin so (`entitled`).
pub fn bare_title(text: &Text, entitled: bool) -> Text {
    let start = behind_label(text.as_str())
        .filter(|(_, sure)| *sure || entitled)
        .map_or(0, |(start, _)| start);
    unquoted(&text.slice(start..text.len()))
}

/// Whether a title begins with a word that says that it is one.
pub fn is_entitled(title: &str) -> bool {
    behind_label(title).is_some()
}

/// Where the title begins behind a word that says that it is one; and whether an article or a mark beside that word makes it sure.
fn behind_label(string: &str) -> Option<(usize, bool)> {
    let bare = ["Le ", "le ", "L’", "L'", "l’", "l'"]
        .iter()
        .find_map(|article| string.strip_prefix(article))
        .unwrap_or(string);
    let (word, rest) = bare.split_once(' ')?;
    let word_only = word.trim_end_matches(':');
    let title = rest.trim_start_matches([' ', ':']);
    let marked = word_only.len() < word.len()
        || title.len() < rest.len()
        || title.starts_with(['«', '“', '"']);
    let begins = marked || title.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    (begins
        && !title.is_empty()
        && VOCABULARY.class_field(&fold(word_only)) == Some(Field::Project))
    .then(|| {
        (
            string.len() - title.len(),
            marked || bare.len() < string.len(),
        )
    })
}

/// « Projet » at the end, in front of a quotation, is a label.
fn without_suffix(text: &Text) -> Text {
    let string = text.as_str();
    for suffix in [
        "projet",
        "le projet",
        "dispositif",
        "programme",
        "pour",
        "avec",
        "avec son projet",
        "pour son projet",
        "pour le projet",
    ] {
        let folded = fold(string);
        if folded == suffix {
            return Text::new();
        }
        if folded.ends_with(&format!(" {suffix}")) {
            // The fold keeps the number of words, so as many words are cut from the text as the suffix has.
            let words = suffix.split(' ').count();
            let cut = string
                .rmatch_indices(' ')
                .nth(words - 1)
                .map_or(0, |(index, _)| index);
            let trimmed = string.get(..cut).map_or(0, |kept| {
                kept.trim_end_matches(|c: char| {
                    c.is_whitespace() || matches!(c, '–' | '—' | '-' | ':' | ',')
                })
                .len()
            });
            return text.slice(0..trimmed);
        }
    }
    text.clone()
}

pub use crate::profile::is_quoted;

/// The inside of a text that is one quotation; the text itself where it is not.
pub fn unquoted(text: &Text) -> Text {
    let text = text.trim();
    let string = text.as_str().trim_end_matches(['.', ' ']);
    if !is_quoted(string) {
        return text;
    }
    let width = |c: Option<char>| c.map_or(0, char::len_utf8);
    text.slice(width(string.chars().next())..string.len() - width(string.chars().next_back()))
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Source, Style};

    fn text(string: &str) -> Text {
        let mut text = Text::new();
        text.push(
            string,
            Source::Exact {
                start: 0,
                line: 1,
                node: None,
            },
            Style::default(),
        );
        text
    }

    #[track_caller]
    fn check(heading: &str, name: Option<&str>, project: Option<&str>) {
        let split = split(
            &text(heading),
            Orientation {
                name_first: true,
                single_is_name: true,
                carried: false,
                entitled: false,
            },
            false,
            false,
        );
        assert_eq!(split.name.as_ref().map(Text::as_str), name);
        assert_eq!(split.project.as_ref().map(Text::as_str), project);
    }

    #[test]
    fn a_dash_parts_the_organisation_from_the_project() {
        check(
            "LES AMIS DU CANAL – DES BERGES POUR TOUS",
            Some("LES AMIS DU CANAL"),
            Some("DES BERGES POUR TOUS"),
        );
        check(
            "Programme d’entraide – ARCADE",
            Some("ARCADE"),
            Some("Programme d’entraide"),
        );
    }

    #[test]
    fn a_quotation_is_the_project_on_either_side() {
        check(
            "« Bonne pioche » – Association Les Compagnons",
            Some("Association Les Compagnons"),
            Some("Bonne pioche"),
        );
        check(
            "Le Moulin – Projet « Tourne toujours »",
            Some("Le Moulin"),
            Some("Tourne toujours"),
        );
        check(
            "Le Moulin « Tourne toujours »",
            Some("Le Moulin"),
            Some("Tourne toujours"),
        );
    }

    #[test]
    fn an_acronym_of_the_words_before_it_ends_the_name() {
        check(
            "UNION DES JARDINS PARTAGÉS (UJP) POTAGERS D’HIVER",
            Some("UNION DES JARDINS PARTAGÉS (UJP)"),
            Some("POTAGERS D’HIVER"),
        );
    }

    #[test]
    fn the_name_of_the_call_in_parentheses_is_dropped_from_the_organisation() {
        check("RÉGIE DU PORT (AAP MOBILITÉ)", Some("RÉGIE DU PORT"), None);
    }

    #[test]
    fn words_that_only_say_that_a_title_follows_are_none_of_it() {
        let bare = |title: &str, entitled| bare_title(&text(title), entitled).as_str().to_owned();
        assert_eq!(
            bare("Le projet La soupe du marché", false),
            "La soupe du marché"
        );
        assert_eq!(bare("Projet « Bal clos »", false), "Bal clos");
        assert_eq!(bare("L’initiative Pas à pas", false), "Pas à pas");
        // One title may begin so by itself; where most do, none does.
        assert_eq!(bare("Projet Bal clos", false), "Projet Bal clos");
        assert_eq!(bare("Projet Bal clos", true), "Bal clos");
        assert_eq!(bare("Le projet d’une vie", true), "Le projet d’une vie");
    }

    #[test]
    fn a_linking_word_parts_only_where_the_words_are_clear() {
        check(
            "La Tournée des villages avec Horizon Foundation",
            Some("Horizon Foundation"),
            Some("La Tournée des villages"),
        );
        check(
            "Avancer avec confiance",
            Some("Avancer avec confiance"),
            None,
        );
    }
}
