//! Records of one line or one sentence: `Nom (Ville), thème, 10 000 €`, `Le projet « X » porté par Y (Ville)`, `1er prix : …`, `Org: $12,000 to …`.
//!
//! A line comes in; the byte ranges of its parts go out, with the pattern that they follow. Whether such lines are laureates is for the score.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold};

/// What a line's parts are set apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// A rank or prize, a colon, the laureate.
    Prize,
    /// A quoted project, and who carries it.
    Carried,
    /// A sentence: who receives what, where, for which project.
    Sentence,
    /// A name with a place in parentheses or an amount behind.
    Listed,
    /// A name, a colon, and what it does or gets.
    Colon,
    /// A name in bold that opens a paragraph.
    LeadIn,
}

impl Pattern {
    /// All, the surest first.
    pub const ALL: [Self; 6] = [
        Self::Prize,
        Self::Carried,
        Self::Sentence,
        Self::Listed,
        Self::Colon,
        Self::LeadIn,
    ];

    /// Whether lines of this pattern are seldom anything but records.
    pub fn is_strong(self) -> bool {
        matches!(
            self,
            Self::Prize | Self::Carried | Self::Sentence | Self::Listed
        )
    }
}

/// The parts of a line, as byte ranges.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// The laureate.
    pub name: Option<Range<usize>>,
    /// Its project.
    pub project: Option<Range<usize>>,
    /// A place.
    pub territory: Option<Range<usize>>,
    /// Whom it serves, counted.
    pub public: Option<Range<usize>>,
    /// A word or two between a place and an amount.
    pub theme: Option<Range<usize>>,
    /// A sum of money.
    pub amount: Option<Range<usize>>,
    /// What the laureate does with it.
    pub description: Option<Range<usize>>,
    /// Rank or prize.
    pub award: Option<Range<usize>>,
}

static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:[$£€](?-u:\s)?[0-9][0-9.,\u{a0} ]*(?:(?-u:\s)?(?:million|k|m)\b)?|[0-9][0-9\u{a0}\u{202f} .,]*(?:(?-u:\s)?(?:k|M|millions? d[’']|milliers? d[’'])(?-u:\s)?)?(?-u:\s)?(?:€|euros?\b|EUR\b|k€|M€|F\b|CHF\b))").expect("the pattern is constant")
});
static PRIZE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?P<award>(?:(?:le |la )?(?:[0-9]{1,2}(?-u:\s)?(?:er|re|ère|e|è|ème|nd|nde|st|nd|rd|th)|premier|première|deuxième|second|seconde|troisième|grand|first|second|third)(?-u:\s)+(?:prix|prize|place)|prix\b|trophée\b|mention\b|coup de cœur\b|médaille\b|lauréate?\b)[^:–—]*?)(?-u:\s)*[:–—](?-u:\s)*(?P<rest>\S.*)$").expect("the pattern is constant")
});
/// « 1er prix », « Grand prix »: a prize, not who won it.
static PRIZE_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:le |la )?(?:[0-9]{1,2}(?-u:\s)?(?:er|re|ère|e|è|ème|nd|nde|st|rd|th)|premier|première|deuxième|second|seconde|troisième|grand)?(?-u:\s)*(?:prix|prize|place)$").expect("the pattern is constant")
});
static CARRIED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:(?:le|la|l[’'])(?-u:\s)?(?:projet|action|initiative|programme|dispositif)(?-u:\s)+)?(?:projet(?-u:\s)+)?(?P<project>[«“][^»”]+[»”])(?-u:\s)*,?(?-u:\s)*(?:est(?-u:\s)+)?(?:présenté|porté|proposé|mené|conduit|piloté|soumis|lauréat|développé|imaginé)?e?(?-u:\s)*(?:par|de|d[’']|,|–|—|-|:)(?-u:\s)*(?P<rest>\S.*)$").expect("the pattern is constant")
});
static RECEIVES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:reçoit|recevra|obtient|remporte|décroche|bénéficie|se voit (?:attribuer|remettre)|est (?:récompensée?|primée?|soutenue?|lauréate?|distinguée?|retenue?)|a (?:reçu|obtenu|remporté)|receives?|was awarded|wins)\b").expect("the pattern is constant")
});
/// The inside of the first pair of brackets that is as long as a place's name.
fn bracketed(text: &str) -> Option<Range<usize>> {
    text.match_indices('(').find_map(|(open, _)| {
        let start = open + 1;
        let inside = text.get(start..)?;
        let inside = inside.get(..inside.find(['(', ')'])?)?;
        let closes = text.get(start + inside.len()..)?.starts_with(')');
        (closes && (2..=60).contains(&inside.chars().count()))
            .then_some(start..start + inside.len())
    })
}

/// Names are shorter than sentences.
const LONGEST_NAME: usize = 16;
/// Characters of a prize's name with its category.
const LONGEST_AWARD: usize = 100;

/// The parts of a line under one pattern; `None` where it does not follow it.
pub fn parse(text: &Text, pattern: Pattern) -> Option<Line> {
    let string = text.as_str();
    if string.len() > 2_000 || string.split_whitespace().count() < 2 {
        return None;
    }
    // What a pattern cannot do without is looked for first: most texts have none of it.
    let has = |marks: &[char]| string.contains(marks);
    let possible = match pattern {
        Pattern::Prize => string.len() < 400 && has(&[':', '–', '—']),
        Pattern::Carried => string.len() < 400 && has(&['«', '“']),
        Pattern::Sentence => has(&['«', '“', '€', '$', '£']) || string.contains("euro"),
        Pattern::Listed => {
            string.len() < 400 && (has(&['(', '€', '$', '£']) || string.contains("euro"))
        }
        Pattern::Colon => has(&[':']),
        Pattern::LeadIn => true,
    };
    if !possible {
        return None;
    }
    match pattern {
        Pattern::Prize => prize(string),
        Pattern::Carried => carried(string),
        Pattern::Sentence => sentence(string),
        Pattern::Listed => listed(string, 0),
        Pattern::Colon => colon(string),
        Pattern::LeadIn => lead_in(text),
    }
    .filter(|line| {
        line.name
            .as_ref()
            .or(line.project.as_ref())
            .is_some_and(|range| string.get(range.clone()).is_some_and(is_name))
    })
}

/// Whether most lines of a block are records by themselves, so that its lines are units.
pub fn is_list(lines: &[Text]) -> bool {
    // Two lines of a paragraph can look like anything.
    const FEWEST: usize = 3;
    lines.len() >= FEWEST
        && [Pattern::Prize, Pattern::Carried, Pattern::Listed]
            .into_iter()
            .any(|pattern| {
                let records = lines
                    .iter()
                    .filter(|line| line.len() < 300 && parse(line, pattern).is_some())
                    .count();
                records >= FEWEST && records * 10 >= lines.len() * 6
            })
}

/// A name has letters, is not too long, and is neither a part of a text nor a sum.
fn is_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    let folded = fold(name);
    let sum = [
        "total",
        "sous-total",
        "montant",
        "dont",
        "soit",
        "nb",
        "note",
        "source",
    ]
    .iter()
    .any(|word| folded == *word || folded.starts_with(&format!("{word} ")));
    words <= LONGEST_NAME
        && name.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !sum
        && !PRIZE_NAME.is_match(name)
        && AMOUNT
            .find(name)
            .is_none_or(|amount| amount.len() * 2 < name.len())
        && !name.contains(". ")
        && (VOCABULARY.begins_organisation(name)
            || name.starts_with(|c: char| {
                c.is_uppercase() || c.is_ascii_digit() || matches!(c, '«' | '“' | '"')
            }))
}

fn prize(string: &str) -> Option<Line> {
    let captures = PRIZE.captures(string)?;
    let (award, rest) = (captures.name("award")?, captures.name("rest")?);
    // The name of a prize, not a sentence about one.
    if award.as_str().chars().count() > LONGEST_AWARD {
        return None;
    }
    let mut line = carried(rest.as_str())
        .map(|line| line.shifted(rest.start()))
        .or_else(|| listed(string, rest.start()))
        .unwrap_or_default();
    if line.name.is_none() && line.project.is_none() {
        line.name = name_range(string, rest.start(), string.len());
    }
    line.award = Some(award.range());
    Some(line)
}

fn carried(string: &str) -> Option<Line> {
    let captures = CARRIED.captures(string)?;
    let (project, rest) = (captures.name("project")?, captures.name("rest")?);
    let mut line = listed(string, rest.start()).unwrap_or_default();
    if line.name.is_none() {
        line.name = name_range(string, rest.start(), string.len());
    }
    line.name = line.name.map(|range| without_article(string, range));
    line.project = Some(inside_quotes(string, project.range()));
    Some(line)
}

/// « L'association X, à Ville, reçoit 5 000 € pour son projet « Y » … »
fn sentence(string: &str) -> Option<Line> {
    let verb = RECEIVES.find(string)?;
    let subject = string.get(..verb.start())?;
    let head = subject.find([',', '(']).unwrap_or(subject.len());
    let name = without_article(string, name_range(string, 0, head)?);
    let mut line = Line {
        name: Some(name),
        ..Line::default()
    };
    let rest = subject.get(head..)?;
    line.territory = bracketed(rest)
        .map(|place| place.start + head..place.end + head)
        .or_else(|| {
            let piece = rest.trim_start_matches([',', ' ']);
            let offset = head + (rest.len() - piece.len());
            let (word, place) = ["à ", "au ", "aux ", "en ", "de ", "in "]
                .iter()
                .find_map(|word| piece.strip_prefix(word).map(|place| (word.len(), place)))?;
            let end = place.find([',', '(', ';']).unwrap_or(place.len());
            let place = place.get(..end)?.trim_end();
            (place.starts_with(char::is_uppercase) && place.split_whitespace().count() <= 6)
                .then(|| offset + word..offset + word + place.len())
        });
    line.amount = AMOUNT
        .find(string)
        .map(|amount| trimmed(string, amount.range()));
    if let Some(open) = string
        .get(verb.end()..)?
        .find(['«', '“'])
        .map(|index| index + verb.end())
        && let Some(close) = string
            .get(open..)?
            .find(['»', '”'])
            .map(|index| index + open)
    {
        line.project = Some(inside_quotes(
            string,
            open..close + string.get(close..)?.chars().next()?.len_utf8(),
        ));
    }
    (line.amount.is_some() || line.project.is_some()).then(|| {
        line.description = Some(0..string.len());
        line
    })
}

/// `Nom (Ville), thème, 10 000 €`: from `start` on. A place or an amount must be there.
fn listed(string: &str, start: usize) -> Option<Line> {
    let rest = string.get(start..)?;
    if RECEIVES.is_match(rest) || CARRIED.is_match(rest) {
        return None;
    }
    let place = bracketed(rest)
        .map(|place| place.start + start..place.end + start)
        .filter(|place| {
            string.get(place.clone()).is_some_and(|place| {
                place.starts_with(char::is_uppercase) || place.chars().all(|c| c.is_ascii_digit())
            }) && string.get(start..place.start).is_some_and(|before| {
                before.split_whitespace().count() <= LONGEST_NAME && !before.contains([':', '.'])
            })
        });
    let amount = AMOUNT
        .find(rest)
        .map(|amount| trimmed(string, amount.start() + start..amount.end() + start));
    let separator = |from: usize| {
        string
            .get(from..)?
            .find([',', ';', '–', '—', '|', '\t'])
            .map(|index| index + from)
            .or_else(|| string.get(from..)?.find(" - ").map(|index| index + from))
    };
    let end = match (&place, &amount) {
        (Some(place), _) => place.start.saturating_sub(1),
        (None, Some(amount)) => separator(start)
            .filter(|separator| *separator < amount.start)
            .unwrap_or(amount.start),
        (None, None) => return None,
    };
    let mut line = Line {
        name: name_range(string, start, end),
        territory: place.clone(),
        amount: amount.clone(),
        ..Line::default()
    };
    line.name.as_ref()?;
    // What is left behind the place and in front of the amount, or behind both.
    let from = place.as_ref().map_or(end, |place| place.end + 1);
    let to = amount.as_ref().map_or(string.len(), |amount| amount.start);
    line.description = amount
        .as_ref()
        .and_then(|amount| name_range(string, amount.end, string.len()));
    let between = name_range(string, from.min(to), to);
    if let Some(between) = between {
        let words = string
            .get(between.clone())
            .map_or(0, |text| text.split_whitespace().count());
        if words <= 6 && amount.is_some() {
            line.theme = Some(between);
        } else if line.description.is_none() {
            line.description = Some(between);
        }
    }
    Some(line)
}

fn colon(string: &str) -> Option<Line> {
    let index = string
        .find(" : ")
        .map(|index| (index, 3))
        .or_else(|| string.find(": ").map(|index| (index, 2)))
        .or_else(|| string.find(":\n").map(|index| (index, 2)))?;
    let name = name_range(string, 0, index.0)?;
    let mut line = Line {
        name: Some(name),
        ..Line::default()
    };
    let rest = string.get(index.0 + index.1..)?;
    let offset = index.0 + index.1;
    if let Some(amount) = AMOUNT.find(rest).filter(|amount| amount.start() < 3) {
        line.amount = Some(trimmed(
            string,
            offset + amount.start()..offset + amount.end(),
        ));
        line.description = name_range(string, offset + amount.end(), string.len());
        return Some(line);
    }
    // « 12 réfugiés, Angers »: whom, then where.
    if rest.starts_with(|c: char| c.is_ascii_digit())
        && let Some(comma) = rest.find(", ")
        && rest.get(comma + 2..).is_some_and(|place| {
            place.starts_with(char::is_uppercase) && place.split_whitespace().count() <= 8
        })
        && !rest.contains('.')
    {
        line.public = name_range(string, offset, offset + comma);
        line.territory = name_range(string, offset + comma + 2, string.len());
        return Some(line);
    }
    line.description = name_range(string, offset, string.len());
    Some(line)
}

/// The bold run that opens a paragraph, where the rest is not bold.
fn lead_in(text: &Text) -> Option<Line> {
    let bold = text
        .ranges_where(|segment| segment.style.bold)
        .into_iter()
        .next()
        .filter(|bold| bold.start == 0 && bold.end < text.len())?;
    let string = text.as_str();
    let name = name_range(string, 0, bold.end)?;
    let words = string.get(bold.end..)?.split_whitespace().count();
    (words >= 4).then(|| Line {
        name: Some(name),
        description: Some(0..string.len()),
        ..Line::default()
    })
}

/// A range without the separators and spaces around it; `None` when nothing is left.
fn name_range(string: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let part = string.get(start..end.max(start))?;
    let trim =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '—' | '-' | '|' | '(');
    let from = part.len() - part.trim_start_matches(trim).len();
    let to = part.trim_end_matches(trim).len();
    (from < to).then(|| start + from..start + to)
}

fn trimmed(string: &str, range: Range<usize>) -> Range<usize> {
    let part = string.get(range.clone()).unwrap_or_default();
    range.start..range.start + part.trim_end_matches([' ', ',', '.', '\u{a0}']).len()
}

fn inside_quotes(string: &str, range: Range<usize>) -> Range<usize> {
    let part = string.get(range.clone()).unwrap_or_default();
    let trim = |c: char| c.is_whitespace() || matches!(c, '«' | '»' | '“' | '”' | '"');
    let from = part.len() - part.trim_start_matches(trim).len();
    range.start + from..range.start + part.trim_end_matches(trim).len().max(from)
}

/// « L'association X » in a sentence is « association X »; « La Ligue … » at the head of a line keeps its article, which can be part of the name.
fn without_article(string: &str, range: Range<usize>) -> Range<usize> {
    let part = string.get(range.clone()).unwrap_or_default();
    for article in [
        "l’", "l'", "L’", "L'", "le ", "la ", "les ", "Le ", "La ", "Les ", "un ", "une ",
    ] {
        if let Some(rest) = part.strip_prefix(article)
            && (VOCABULARY.begins_organisation(rest)
                || article.starts_with(char::is_lowercase) && rest.starts_with(char::is_uppercase))
        {
            return range.end - rest.len()..range.end;
        }
    }
    range
}

impl Line {
    fn shifted(mut self, by: usize) -> Self {
        for range in [
            &mut self.name,
            &mut self.project,
            &mut self.territory,
            &mut self.public,
            &mut self.theme,
            &mut self.amount,
            &mut self.description,
            &mut self.award,
        ]
        .into_iter()
        .flatten()
        {
            *range = range.start + by..range.end + by;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::{Source, Style};

    #[track_caller]
    fn check(string: &str, pattern: Pattern, expected: &[(&str, &str)]) {
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
        let line = parse(&text, pattern).expect("the line follows the pattern");
        let parts = [
            ("award", line.award),
            ("name", line.name),
            ("project", line.project),
            ("territory", line.territory),
            ("public", line.public),
            ("theme", line.theme),
            ("amount", line.amount),
            ("description", line.description),
        ];
        let found: Vec<(&str, &str)> = parts
            .into_iter()
            .filter_map(|(name, range)| Some((name, string.get(range?)?)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_listed_line_has_a_place_or_an_amount() {
        check(
            "Les Forges (Pontarlier), apprentissage, 10 000 €",
            Pattern::Listed,
            &[
                ("name", "Les Forges"),
                ("territory", "Pontarlier"),
                ("theme", "apprentissage"),
                ("amount", "10 000 €"),
            ],
        );
        check(
            "Épicerie Chez Mado (Lozère)",
            Pattern::Listed,
            &[("name", "Épicerie Chez Mado"), ("territory", "Lozère")],
        );
    }

    #[test]
    fn a_prize_stands_before_its_colon() {
        check(
            "1er prix : Épicerie Chez Mado (Lozère)",
            Pattern::Prize,
            &[
                ("award", "1er prix"),
                ("name", "Épicerie Chez Mado"),
                ("territory", "Lozère"),
            ],
        );
    }

    #[test]
    fn a_carried_project_names_its_carrier() {
        check(
            "Le projet « Des livres » porté par l’association Pages vives (Honfleur)",
            Pattern::Carried,
            &[
                ("name", "association Pages vives"),
                ("project", "Des livres"),
                ("territory", "Honfleur"),
            ],
        );
    }

    #[test]
    fn a_sentence_tells_who_gets_what() {
        let string = "L'association Café Lecture, à Poligny, reçoit 4 000 euros pour son projet « Un soir, une voix », qui fait lire.";
        check(
            string,
            Pattern::Sentence,
            &[
                ("name", "association Café Lecture"),
                ("project", "Un soir, une voix"),
                ("territory", "Poligny"),
                ("amount", "4 000 euros"),
                ("description", string),
            ],
        );
    }

    #[test]
    fn a_colon_parts_the_name_from_the_rest() {
        check(
            "Foyer des Mauges : 8 réfugiés, Cholet",
            Pattern::Colon,
            &[
                ("name", "Foyer des Mauges"),
                ("territory", "Cholet"),
                ("public", "8 réfugiés"),
            ],
        );
        check(
            "Mill Lane Allotments: $4,250 to open raised beds.",
            Pattern::Colon,
            &[
                ("name", "Mill Lane Allotments"),
                ("amount", "$4,250"),
                ("description", "to open raised beds."),
            ],
        );
    }
}
