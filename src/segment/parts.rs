//! Lines taken apart: a line comes in; its parts go out, each with the separator in front and its own look (a sum, a quotation, a sentence …). What a
//! part *is* is not said here, but for all lines of a list together: see `columns`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::look::{
    LONGEST_NAME, Look, SHORTEST_PROSE, find_amount, find_behind, find_last_amount, is_award, look,
};
use crate::model::text::Text;
use crate::profile::{VOCABULARY, fold, places};

/// What stands in front of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joint {
    /// The beginning of the line.
    Start,
    /// A spaced dash.
    Dash,
    /// A comma.
    Comma,
    /// A semicolon, a bar or a tab.
    Bar,
    /// A colon.
    Colon,
    /// The part stands in parentheses or brackets.
    Paren,
    /// A closing parenthesis or bracket.
    After,
    /// The part is a quotation.
    Quote,
    /// A closing quotation mark.
    Unquote,
    /// The end of a bold run that opens the line.
    Bold,
    /// A line break.
    Line,
    /// The end of a sentence.
    Stop,
    /// A sum of money, whose receiver follows.
    Sum,
    /// « porté par », « par »: who carries the project follows.
    Carrier,
}

/// A stretch of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its bytes, without separators and spaces around.
    pub range: Range<usize>,
    /// What stands in front.
    pub joint: Joint,
    /// What it looks like.
    pub look: Look,
}

/// Words by which a kind of body is named at most: « association sportive et culturelle ».
const LONGEST_KIND: usize = 4;

/// What comes between who is rewarded and what for, at the beginning of a text.
static REWARDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:reçoit|reçoivent|recevra|recevront|obtient|remporte|décroche|bénéficie|se voit|(?:est|sont|a été|ont été|sera) (?:récompensé|primé|soutenu|lauréat|distingué|retenu|sélectionné)|a (?:reçu|obtenu|remporté|convaincu|séduit)|l[’']emporte|s[’']est distingué|se distingue|receives?|was awarded|wins)").expect("the pattern is constant")
});

/// Cuts a line into its parts.
pub fn cut(text: &Text) -> Vec<Part> {
    cut_behind(text, bold_run(text))
}

/// Where the bold run ends that opens a line and leaves some of it; 0 without one.
pub fn bold_run(text: &Text) -> usize {
    text.ranges_where(|segment| segment.style.bold)
        .first()
        .filter(|bold| bold.start == 0 && bold.end < text.len())
        .map_or(0, |bold| bold.end)
}

/// Cuts a line into its parts, one of which ends where its look says that it does: at `opened`, unless that is 0.
pub fn cut_behind(text: &Text, opened: usize) -> Vec<Part> {
    let string = text.as_str();
    let titles = italic_titles(text);
    let mut cutter = Cutter {
        string,
        parts: Vec::new(),
        start: lead(string),
        joint: Joint::Start,
    };
    let mut at = cutter.start;
    while let Some(character) = string.get(at..).and_then(|rest| rest.chars().next()) {
        let width = character.len_utf8();
        let next = string.get(at + width..).unwrap_or_default();
        let before = string.get(..at).unwrap_or_default();
        let spaced = before.ends_with(char::is_whitespace);
        if let Some(title) = titles.iter().find(|title| title.start == at)
            && let Some(after) = cutter.title(title)
        {
            at = cutter.prose(after).unwrap_or(after);
            continue;
        }
        if at == opened
            && opened > cutter.start
            && !before.ends_with(['»', '”', '"'])
            && !opens_with_separator(string.get(at..).unwrap_or_default())
        {
            cutter.flush(at, at, Joint::Bold);
            if cutter.prose(at).is_some() {
                break;
            }
        }
        let joint = match character {
            '–' | '—' if spaced || next.starts_with(' ') => Some(Joint::Dash),
            '-' if spaced && next.starts_with(' ') => Some(Joint::Dash),
            '|' | '\t' | ';' => Some(Joint::Bar),
            '•' | '·' if spaced && next.starts_with(' ') => Some(Joint::Bar),
            ',' if next.starts_with([' ', '\n']) => Some(Joint::Comma),
            ':' if spaced || next.starts_with([' ', '\n']) => Some(Joint::Colon),
            '\n' => Some(Joint::Line),
            '.' | '!' | '?' if is_end(before, next) => Some(Joint::Stop),
            _ => None,
        };
        let joint = joint.filter(|joint| {
            let parts = matches!(joint, Joint::Comma | Joint::Dash);
            let house = *joint == Joint::Comma && cutter.is_house_number(next);
            !(parts && cutter.parts.is_empty() && runs_to_colon(next) || house)
        });
        let after = match (joint, character) {
            (Some(joint), _) => {
                cutter.flush(at, at + width, joint);
                Some(at + width)
            }
            (None, '«' | '“' | '"') => cutter.quotation(at, width),
            (None, '(' | '[') => cutter.parenthesis(at, character),
            _ => None,
        };
        at = after
            .and_then(|after| cutter.prose(after))
            .or(after)
            .unwrap_or(at + width)
            .max(at + width);
    }
    cutter.flush(string.len(), string.len(), Joint::Stop);
    let mut parts = cutter.parts;
    // Behind an address stand the town and whom to ask.
    let address = parts.iter().position(|part| part.look == Look::Address);
    for part in parts
        .iter_mut()
        .skip(address.map_or(usize::MAX, |at| at + 1))
    {
        let words = string.get(part.range.clone()).unwrap_or_default();
        if !matches!(part.look, Look::Name | Look::Lower | Look::Public) {
            continue;
        }
        if words.starts_with(|c: char| c.is_ascii_digit()) {
            // The code and the town go on with the address.
            part.look = Look::Address;
        } else if places::likeness(words) < places::SURE {
            part.look = Look::Contact;
        }
    }
    parts
}

/// Runs in italics within a line that can be titles, as works are set.
fn italic_titles(text: &Text) -> Vec<Range<usize>> {
    // Longer runs are sentences.
    const LONGEST: usize = 120;
    text.ranges_where(|segment| segment.style.italic)
        .into_iter()
        .filter(|run| run.start > 0 && run.len() <= LONGEST)
        .filter(|run| {
            text.as_str().get(run.clone()).is_some_and(|title| {
                title.starts_with(char::is_uppercase) && !title.trim_end().ends_with([':', '.'])
            })
        })
        .collect()
}

/// Whether words in small letters go on up to a colon: « Direction de la concurrence, de la consommation et de la répression des fraudes : … ». They
/// are of what the colon is about; a word or two are a subject.
fn runs_to_colon(next: &str) -> bool {
    const LONGEST: usize = 120;
    let next = next.trim_start();
    let clause = next.split(" :").next().unwrap_or_default();
    next.starts_with(char::is_lowercase)
        && clause.len() < next.len()
        && clause.len() <= LONGEST
        && clause.split_whitespace().count() >= SHORTEST_PROSE
        && !clause.contains(['.', ';', ':', '(', '«', '“', '|', '\n', '\t'])
        && !clause.contains(|c: char| c.is_ascii_digit())
}

fn opens_with_separator(rest: &str) -> bool {
    rest.trim_start().starts_with([
        ':', ',', '.', '–', '—', '-', '(', '[', ')', '«', '“', '|', ';',
    ]) || rest.starts_with('\n')
}

/// Where a line begins behind signs that adorn it (« 🥇 », « ➜ », « ► »), and words by which a list goes on (« Enfin, »).
fn lead(string: &str) -> usize {
    let bare = string
        .char_indices()
        .find(|(_, c)| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    '«' | '“' | '"' | '(' | '[' | '$' | '£' | '€' | '\'' | '’'
                )
        })
        .map_or(0, |(index, _)| index);
    let rest = string.get(bare..).unwrap_or_default();
    VOCABULARY.opener(rest).map_or(bare, |opener| {
        let spaces = rest
            .get(opener..)
            .map_or(0, |rest| rest.len() - rest.trim_start().len());
        bare + opener + spaces
    })
}

/// The place behind a preposition: « à Agen ».
fn after_preposition(text: &str) -> Option<&str> {
    [
        "à ", "À ", "en ", "En ", "au ", "aux ", "de ", "dans ", "in ",
    ]
    .iter()
    .find_map(|preposition| text.strip_prefix(preposition))
    .filter(|place| places::likeness(place) >= places::POSSIBLE)
}

/// Where the town begins that an organisation's name is followed by: « l'association X à Dole ».
fn town_of(text: &str) -> Option<usize> {
    let (at, _) = text.rmatch_indices(" à ").next()?;
    let town = text.get(at + 1..)?;
    let known = after_preposition(town).is_some_and(|town| places::likeness(town) >= places::SURE);
    (known && VOCABULARY.begins_organisation(text)).then_some(at + 1)
}

/// Whether words only lead to the sum behind them: « Une subvention de », « doté de ».
fn leads_to_sum(words: &str) -> bool {
    const LONGEST: usize = 6;
    let words = words.trim();
    let links = || {
        (VOCABULARY.belonging().iter())
            .any(|link| words.ends_with(&format!(" {}", link.trim_end())))
    };
    words.split_whitespace().count() <= LONGEST
        && (links() || words.ends_with(" d’"))
        && !VOCABULARY.begins_organisation(words)
}

/// Where the words begin that tell what a sum is given for: « à la Société musicale de Y pour le renouvellement … ». A name that is a purpose itself
/// (« Association pour le développement … ») has nothing of its own in front; in a sentence, a word or two is enough.
fn purpose(receiver: &str, sentence: bool) -> Option<usize> {
    let (at, link) = VOCABULARY
        .purposes()
        .iter()
        .filter_map(|link| Some((receiver.rfind(&format!(" {link}"))?, link)))
        .min()?;
    let mut words = receiver.get(..at)?.split([' ', '’', '\'']).skip(1);
    let proper = if sentence {
        words.next().is_some()
    } else {
        words.any(|word| word.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '"')))
    };
    let goes_on = receiver
        .get(at + 1 + link.len()..)?
        .trim_start()
        .starts_with(char::is_lowercase);
    (proper && goes_on).then_some(at + 1)
}

/// Where the words begin that tell for what of its own somebody is rewarded: « X pour ses veillées ».
fn own_purpose(words: &str) -> Option<usize> {
    [
        " pour son ",
        " pour sa ",
        " pour ses ",
        " pour leur ",
        " pour leurs ",
    ]
    .iter()
    // Most have none, which is quicker to find out than where one stands.
    .filter(|link| words.contains(**link))
    .filter_map(|link| words.find(link))
    .min()
}

/// Whether a full stop ends a sentence: a word stands before, a capital behind, and the word is no initial or abbreviation.
pub(super) fn is_end(before: &str, next: &str) -> bool {
    let opens = next.starts_with([' ', '\n'])
        && next
            .trim_start()
            .starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '“'));
    // Asked last: a word that holds many marks would be read from each of them.
    opens && {
        let word = before
            .rsplit(|c: char| c.is_whitespace() || c == '.')
            .next()
            .unwrap_or_default();
        let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
        letters > 2 && !VOCABULARY.is_abbreviated(word) || word.ends_with([')', '»'])
    }
}

struct Cutter<'s> {
    string: &'s str,
    parts: Vec<Part>,
    start: usize,
    joint: Joint,
}

impl<'s> Cutter<'s> {
    fn get(&self, range: Range<usize>) -> &'s str {
        self.string.get(range).unwrap_or_default()
    }

    /// Ends the open part at `end`; the next begins at `next`, behind `joint`.
    fn flush(&mut self, end: usize, next: usize, joint: Joint) {
        let open = self.start..end.max(self.start);
        // Behind a closing mark, a comma or dash parts no more than the mark does.
        let bare = !self.get(open.clone()).contains(char::is_alphanumeric);
        self.push(open, self.joint);
        let closed = matches!(self.joint, Joint::Unquote | Joint::After)
            && matches!(joint, Joint::Comma | Joint::Dash | Joint::Bar | Joint::Bold);
        self.start = next;
        if !(bare && closed) {
            self.joint = joint;
        }
    }

    /// Adds a stretch as one part, or as several where words or a sum inside part it.
    fn push(&mut self, range: Range<usize>, joint: Joint) {
        let Some(range) = trimmed(self.string, range) else {
            return;
        };
        let piece = self.get(range.clone());
        // « Le premier prix revient à X », « Le premier prix, doté de 5 000 euros, revient à X »
        let awarded = self.is_awarded();
        if (awarded || self.parts.is_empty())
            && let Some((at, width)) = VOCABULARY.find_given(piece)
        {
            let prize = piece.get(..at).unwrap_or_default().trim();
            let judged = !awarded && VOCABULARY.is_others(&fold(prize));
            if awarded && prize.is_empty() || judged || !awarded && is_award(prize) {
                if !judged {
                    self.push_whole(range.start..range.start + at, joint);
                }
                self.push_carrier(range.start + at + width..range.end);
                return;
            }
        }
        // « C'est X, de Dole, qui … »
        if let Some(shown) = after_presenting(piece).filter(|_| self.parts.is_empty()) {
            self.push_carrier(range.end - shown.len()..range.end);
            return;
        }
        // « …, reçoit 5 000 euros pour son projet « Y » »
        if begins_with_reward(piece) {
            if let Some(amount) = find_amount(piece) {
                self.push_whole(
                    range.start + amount.start()..range.start + amount.end(),
                    joint,
                );
            }
            return;
        }
        // « L'entreprise X bénéficie de 45 000 € pour … »
        if let Some(verb) = find_reward(piece)
            && piece
                .get(..verb)
                .is_some_and(|name| name.split_whitespace().count() <= LONGEST_NAME)
            && joint != Joint::Stop
        {
            self.push_presented(range.start..range.start + verb, joint);
            if let Some(rest) = trimmed(self.string, range.start + verb..range.end) {
                self.parts.push(Part {
                    range: rest,
                    joint: Joint::Unquote,
                    look: Look::Prose,
                });
            }
            return;
        }
        // « 8 000 € à l'association X », « Association X 8 000 € »
        if let Some(amount) = find_amount(piece)
            && amount.len() < piece.len()
            && !matches!(joint, Joint::Stop)
        {
            let (from, to) = (range.start + amount.start(), range.start + amount.end());
            let before = piece.get(..amount.start()).unwrap_or_default().trim();
            let after = piece.get(amount.end()..).unwrap_or_default().trim();
            // « Une subvention de 1 200 € à l'association X »
            let told = self.parts.is_empty()
                && leads_to_sum(before)
                && after_link(without_granted(after), VOCABULARY.receivers()).len() < after.len();
            if before.is_empty() || told {
                // Where nobody was named yet, « à l'association X » follows.
                let given = if self.parts.is_empty() {
                    after_link(without_granted(after), VOCABULARY.receivers())
                } else {
                    after
                };
                self.push_whole(from..to, joint);
                let start = range.end - given.len();
                let sentence = self.string.trim_end().ends_with('.');
                let purpose = purpose(given, sentence).map_or(range.end, |at| start + at);
                // « accordés à 21 clubs » says who receives; « pour … » may as well say what for.
                let is_told = given.len() < after.len()
                    && !(VOCABULARY.purposes().iter()).any(|link| after.starts_with(link.as_str()));
                if is_told && !self.get(start..purpose).contains(['«', '“', '"']) {
                    self.push_carrier(start..purpose);
                } else {
                    self.push_rest(start..purpose, Joint::Sum);
                }
                if let Some(range) = trimmed(self.string, purpose..range.end) {
                    self.parts.push(Part {
                        range,
                        joint: Joint::Unquote,
                        look: Look::Prose,
                    });
                }
                return;
            }
            if after.is_empty() && before.split_whitespace().count() <= LONGEST_NAME {
                // « doté de 5 000 euros »
                if !(before.starts_with(char::is_lowercase) && leads_to_sum(before)) {
                    self.push_rest(range.start..from, joint);
                }
                self.push_whole(from..to, Joint::Sum);
                return;
            }
        }
        self.push_rest(range, joint);
    }

    fn push_rest(&mut self, range: Range<usize>, joint: Joint) {
        let Some(range) = trimmed(self.string, range) else {
            return;
        };
        let piece = self.get(range.clone());
        // « Projet X porté par Y »
        if joint != Joint::Stop
            && let Some((at, width)) = find_carrier(piece)
        {
            let (left, right) = (range.start + at, range.start + at + width);
            if at > 0 {
                self.push_whole(range.start..left, joint);
            }
            self.push_carrier(right..range.end);
            return;
        }
        if joint != Joint::Start && joint != Joint::Stop {
            let bare = after_link(piece, &["par ", "by "]);
            if bare.len() < piece.len() {
                self.push_carrier(range.end - bare.len()..range.end);
                return;
            }
        }
        // « le Musée X pour ses veillées »: what is somebody's own is told of it, and no part of its name.
        if joint != Joint::Stop
            && let Some(at) = own_purpose(piece)
        {
            self.push_rest(range.start..range.start + at, joint);
            self.parts.extend(
                trimmed(self.string, range.start + at..range.end).map(|range| Part {
                    range,
                    joint: Joint::Unquote,
                    look: Look::Prose,
                }),
            );
            return;
        }
        // « Le projet « X » de l'association Y »
        if joint == Joint::Unquote
            && let Some(owner) = owner(piece)
        {
            self.push_carrier(range.end - owner.len()..range.end);
            return;
        }
        // « l'association X à Dole »
        if let Some(at) = town_of(piece) {
            self.push_whole(range.start..range.start + at, joint);
            self.push_whole(range.start + at..range.end, Joint::Paren);
            return;
        }
        self.push_whole(range, joint);
    }

    /// Somebody in front of a verb: « c'est l'association X qui » presents the association X.
    fn push_presented(&mut self, range: Range<usize>, joint: Joint) {
        let piece = self.get(range.clone());
        let shown = piece.trim_end();
        match (after_presenting(shown), shown.strip_suffix(" qui")) {
            (Some(bare), Some(who)) => {
                let start = range.start + shown.len() - bare.len();
                self.push_carrier(start..range.start + who.len());
            }
            _ => self.push(range, joint),
        }
    }

    /// Who carries a project, and the town behind.
    fn push_carrier(&mut self, range: Range<usize>) {
        let at = town_of(self.get(range.clone())).map_or(range.end, |at| range.start + at);
        self.push_whole(range.start..at, Joint::Carrier);
        self.push_whole(at..range.end, Joint::Paren);
    }

    fn push_whole(&mut self, range: Range<usize>, joint: Joint) {
        let Some(mut range) = trimmed(self.string, range) else {
            return;
        };
        let mut string = self.get(range.clone());
        if let Some(place) = after_preposition(VOCABULARY.located(string)) {
            range.start = range.end - place.len();
            string = place;
        }
        if !string.contains(char::is_alphanumeric) {
            return;
        }
        let look = look(string, joint);
        self.parts.push(Part { range, joint, look });
    }

    /// A title in italics right behind a separator is a part of its own.
    fn title(&mut self, run: &Range<usize>) -> Option<usize> {
        let bare = self.get(self.start..run.start).trim().is_empty();
        if !bare || self.joint == Joint::Start {
            return None;
        }
        self.parts.push(Part {
            range: trimmed(self.string, run.clone())?,
            joint: self.joint,
            look: Look::Name,
        });
        self.start = run.end;
        self.joint = Joint::Unquote;
        Some(run.end)
    }

    /// A quotation is a part of its own; the words that introduce it (« pour son projet ») are none.
    fn quotation(&mut self, at: usize, width: usize) -> Option<usize> {
        // Longer quotations are what somebody says.
        const LONGEST: usize = 160;
        let rest = self.string.get(at + width..)?;
        let length = rest
            .find(['»', '”', '"'])
            .filter(|length| *length <= LONGEST)?;
        let close = at + width + length;
        let end = close + self.string.get(close..)?.chars().next()?.len_utf8();
        // « Trophée « Économies d'eau » : … »: the quotation is of the prize's name.
        let prize = self.joint == Joint::Start
            && is_award(self.get(self.start..at).trim())
            && self
                .string
                .get(end..)?
                .trim_start()
                .starts_with([':', '–', '—', '-']);
        if prize {
            return Some(end);
        }
        let before = self.get(self.start..at);
        let kept = before_link(before, VOCABULARY.introducers());
        if kept.len() == before.len() && ends_with_kind(kept) {
            return Some(end);
        }
        // « X a été récompensé pour son projet « Y » »
        let verb = find_reward(kept).unwrap_or(kept.len());
        self.push_presented(self.start..self.start + verb, self.joint);
        if let Some(amount) = kept.get(verb..).and_then(find_amount) {
            let from = self.start + verb + amount.start();
            self.push_whole(from..from + amount.len(), Joint::Sum);
        }
        if let Some(range) = trimmed_quotes(self.string, at..end) {
            self.parts.push(Part {
                range,
                joint: Joint::Quote,
                look: Look::Quoted,
            });
        }
        self.start = end;
        self.joint = Joint::Unquote;
        Some(end)
    }

    /// What parentheses hold is a part where it is a place, a sum or a prize; an acronym belongs to the name.
    fn parenthesis(&mut self, at: usize, open: char) -> Option<usize> {
        const LONGEST: usize = 80;
        let closing = if open == '(' { ')' } else { ']' };
        let rest = self.string.get(at + 1..)?;
        let length = rest.find(closing).filter(|length| *length <= LONGEST)?;
        let close = at + 1 + length;
        let inside = self.get(at + 1..close);
        let before = self.get(self.start..at).trim();
        let acronym = !inside.contains(' ')
            && inside.chars().filter(|c| c.is_uppercase()).count() * 2 > inside.chars().count()
            && places::likeness(inside) < 0.8;
        // « Meylan (38) » is one place.
        let code = inside.chars().all(|c| c.is_ascii_digit())
            && places::likeness(before) >= 0.8
            && (self.joint != Joint::Start || self.string.len() == close + 1);
        let pieces: Vec<Range<usize>> = split_list(self.string, at + 1..close);
        let typed = pieces.iter().any(|piece| {
            let string = self.get(piece.clone());
            find_amount(string).is_some() || places::likeness(string) > 0.0 || is_award(string)
        }) || open == '['
            || is_one_word(inside)
            || inside.contains(": ");
        if acronym || code || !typed {
            return None;
        }
        self.push(self.start..at, self.joint);
        let whole = places::likeness(inside) > 0.0;
        if whole {
            self.push_whole(at + 1..close, Joint::Paren);
        } else {
            for piece in pieces {
                self.push(piece, Joint::Paren);
            }
        }
        self.start = close + 1;
        self.joint = Joint::After;
        Some(close + 1)
    }

    /// Where what follows is a sentence or the rest of one, it is the last part: the end of the text.
    fn prose(&mut self, from: usize) -> Option<usize> {
        let rest = self.string.get(from..)?;
        let trimmed = rest.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '–' | '—' | '-' | ',' | ';' | '.')
        });
        let start = self.string.len() - trimmed.len();
        let line = trimmed.split('\n').next().unwrap_or_default();
        // « Mission locale du Bessin. Un garage loue … »: a name, and then a sentence.
        let first = first_sentence(line);
        let short_first = first.len() < line.len() && first.split_whitespace().count() <= 8;
        let words = first.split_whitespace().count();
        // « Chapelle du Bez – association Les Amis du Bez »: a name begins in small letters where its first word is a common one.
        let named = words <= LONGEST_NAME
            && !line.trim_end().ends_with(['.', '!', '?'])
            && VOCABULARY.begins_organisation(line);
        let lower = trimmed.starts_with(char::is_lowercase) && !named;
        let sentence = !short_first
            && (line.trim_end().ends_with(['.', '!', '?']) && words >= 5 || words > LONGEST_NAME);
        let is_prose = match self.joint {
            Joint::Stop => words >= 2,
            Joint::Comma | Joint::Bar => lower && goes_on(line),
            Joint::Dash | Joint::After | Joint::Unquote | Joint::Sum => {
                lower && goes_on(line) || sentence
            }
            Joint::Colon | Joint::Line | Joint::Bold => {
                lower && words >= SHORTEST_PROSE && !ends_in_part(line) || sentence
            }
            _ => false,
        };
        let begins_with_sum = || {
            line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '€' | '$' | '£'))
                && find_amount(line).is_some_and(|sum| sum.start() == 0)
        };
        if !is_prose || begins_with_sum() || self.is_linked(line) {
            return None;
        }
        let range = trimmed_end(self.string, start..self.string.len());
        if !range.is_empty() {
            self.parts.push(Part {
                range,
                joint: self.joint,
                look: if VOCABULARY.begins_office(trimmed) && self.joint != Joint::Colon {
                    Look::Office
                } else {
                    Look::Prose
                },
            });
        }
        self.start = self.string.len();
        Some(self.string.len())
    }

    /// Whether the open part is the number of a house, whose street follows: « 3, place du Marché ».
    fn is_house_number(&self, next: &str) -> bool {
        let number = self.string.get(self.start..).unwrap_or_default().trim();
        let number = number.split(',').next().unwrap_or_default();
        number.starts_with(|c: char| c.is_ascii_digit())
            && VOCABULARY.is_address(&format!("{number} {}", next.trim_start()))
    }

    /// Whether a prize stands first.
    fn is_awarded(&self) -> bool {
        self.parts
            .first()
            .is_some_and(|part| part.look == Look::Award)
    }

    /// Whether what follows tells who carries a project, or its title.
    fn is_linked(&self, line: &str) -> bool {
        // What stands behind a name or title and in front of the next mark.
        const NEAR: usize = 90;
        let carried = find_carrier(line).is_some_and(|(at, _)| at == 0)
            || after_link(line, &["par ", "by "]).len() < line.len();
        let before_mark = line.find(['(', ',', ':']).is_some_and(|at| at <= NEAR)
            || find_reward(line).is_some_and(|verb| verb <= NEAR);
        let rewarded =
            begins_with_reward(line) && line.find(['«', '“']).is_some_and(|quote| quote <= NEAR);
        let awarded = self.is_awarded();
        let given = awarded && VOCABULARY.find_given(line).is_some_and(|(at, _)| at == 0);
        carried
            || rewarded
            || given
            || self.joint == Joint::Unquote && owner(line).is_some()
            || before_quotation(line)
            || awarded && self.joint == Joint::Line && before_mark
            || awarded
                && matches!(self.joint, Joint::Colon | Joint::Dash | Joint::Bold)
                && before_mark
                && line.starts_with(char::is_uppercase)
            || (matches!(self.joint, Joint::Unquote | Joint::Comma | Joint::Start)
                || awarded && self.joint == Joint::Colon)
                && before_mark
                && VOCABULARY.begins_organisation(after_presenting(line).unwrap_or(line))
    }
}

/// Whether a text is a single word as sentences begin with: a subject or a place, and no acronym.
fn is_one_word(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
        && text.chars().skip(1).all(char::is_lowercase)
        && text.chars().nth(2).is_some()
}

/// What follows the word that says of a sum that it was given: « accordés à », « votés pour ».
fn without_granted(text: &str) -> &str {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let folded = fold(first);
    let is_given = (VOCABULARY.granted().iter()).any(|stem| folded.starts_with(stem.as_str()));
    if is_given { rest } else { text }
}

/// Whether the last words name a kind of body, and no body: what is quoted behind « l'association » is its name, no title.
fn ends_with_kind(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=LONGEST_KIND.min(words.len())).any(|length| {
        let kind = words
            .get(words.len() - length..)
            .unwrap_or_default()
            .join(" ");
        let bare = kind
            .split_once(['’', '\''])
            .map_or(kind.as_str(), |(_, bare)| bare);
        // « Association « X » » alone begins with a capital.
        let named = bare
            .chars()
            .skip(usize::from(length == words.len()))
            .any(char::is_uppercase);
        VOCABULARY.begins_organisation(bare) && !named
    })
}

/// Whether a text goes on behind the end of a sentence: a full stop that shortens no word.
pub(super) fn has_stop(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| {
        let word = text
            .get(..at)
            .and_then(|before| before.split_whitespace().next_back());
        word.is_none_or(|word| !VOCABULARY.is_abbreviated(word))
    })
}

/// Where the words stand by which a text names who carries a project, and their length. « un projet de café itinérant » says what it is, not whose.
fn find_carrier(text: &str) -> Option<(usize, usize)> {
    let (at, width) = VOCABULARY.find_carrier(text)?;
    let rest = text.get(at + width..)?.trim_start();
    let belongs = text.get(at..at + width)?.ends_with(" de");
    // « un projet de la crèche X » is somebody's, too.
    let definite = after_link(rest, &["la ", "le ", "les ", "l'"]).len() < rest.len();
    let is_named =
        definite || rest.starts_with(char::is_uppercase) || VOCABULARY.begins_organisation(rest);
    (!belongs || is_named).then_some((at, width))
}

/// What follows « c'est ».
fn after_presenting(text: &str) -> Option<&str> {
    let text = text.trim_start();
    ["c’est ", "c'est ", "C’est ", "C'est "]
        .iter()
        .find_map(|words| text.strip_prefix(words))
}

/// Whose a title is that stands in front: « de l'association X », a name and no sentence.
fn owner(text: &str) -> Option<&str> {
    let owner = after_link(text, VOCABULARY.belonging());
    let name = owner.split(['(', ',', '–', ':', ';']).next()?;
    let named = name.starts_with(char::is_uppercase) || VOCABULARY.begins_organisation(name);
    let told = find_reward(name).is_some() || first_sentence(name).len() < name.len();
    (owner.len() < text.len() && named && !told && name.split_whitespace().count() <= LONGEST_NAME)
        .then_some(owner)
}

fn begins_with_reward(text: &str) -> bool {
    REWARDED.is_match(text)
}

/// The space in front of what comes between who is rewarded and what for.
fn find_reward(text: &str) -> Option<usize> {
    let is_space = |before: Option<char>| before.is_some_and(|c| matches!(c, '\t'..='\r' | ' '));
    find_behind(&REWARDED, text, is_space).map(|verb| verb.start - 1)
}

/// A line up to the end of its first sentence.
fn first_sentence(line: &str) -> &str {
    line.char_indices()
        .filter(|(_, c)| matches!(c, '.' | '!' | '?'))
        .find(|(index, _)| {
            is_end(
                line.get(..*index).unwrap_or_default(),
                line.get(index + 1..).unwrap_or_default(),
            )
        })
        .and_then(|(index, _)| line.get(..index))
        .unwrap_or(line)
}

/// Whether a piece in small letters is more than a subject between commas.
fn goes_on(line: &str) -> bool {
    let piece = line.split([',', ';', '–']).next().unwrap_or_default();
    piece.split_whitespace().count() >= SHORTEST_PROSE
        && !ends_in_part(line)
        && !(ends_in_sum(piece)
            && find_amount(piece)
                .is_some_and(|sum| piece.get(..sum.start()).is_some_and(leads_to_sum)))
}

/// Whether a line ends with a sum of money, or with a town behind a dash: then what stands before is no sentence.
fn ends_in_part(line: &str) -> bool {
    let town = |dash| {
        line.rsplit_once(dash)
            .is_some_and(|(_, town)| places::likeness(town.trim()) >= places::SURE)
    };
    [" – ", " — ", " - "].into_iter().any(town) || ends_in_sum(line)
}

/// Whether a line ends with a sum of money.
fn ends_in_sum(line: &str) -> bool {
    find_last_amount(line)
        .is_some_and(|sum| line.trim_end_matches(['.', ' ', ')', ';']).len() <= sum.end() + 1)
}

/// Whether the words in front of the first quotation only introduce it.
fn before_quotation(line: &str) -> bool {
    line.find(['«', '“'])
        .and_then(|quote| line.get(..quote))
        .is_some_and(|before| {
            before_link(before, VOCABULARY.introducers())
                .trim()
                .is_empty()
        })
}

fn split_list(string: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let inside = string.get(range.clone()).unwrap_or_default();
    let mut pieces = Vec::new();
    let mut start = 0;
    for separator in [", ", " – ", " - ", " ; ", "; "] {
        if inside.contains(separator) {
            for piece in inside.split(separator) {
                pieces.push(range.start + start..range.start + start + piece.len());
                start += piece.len() + separator.len();
            }
            return pieces;
        }
    }
    vec![range]
}

/// What follows one of the phrases that a text begins with; the whole text where none does. Elided articles go with the phrase.
fn after_link<'s, P: AsRef<str>>(text: &'s str, links: &[P]) -> &'s str {
    let lower = text.to_lowercase().replace('’', "'");
    if lower.len() != text.replace('’', "'").len() {
        return text;
    }
    for link in links {
        let link = link.as_ref();
        if lower.starts_with(link) {
            // The apostrophe is the only sign whose width may differ: as many characters are cut off.
            let characters = link.chars().count();
            return text
                .char_indices()
                .nth(characters)
                .map_or("", |(index, _)| text.get(index..).unwrap_or_default());
        }
    }
    text
}

/// A text without the phrase that it ends with.
fn before_link<'s>(text: &'s str, links: &[String]) -> &'s str {
    let trimmed = text.trim_end_matches([' ', ':', '\n']);
    for link in links {
        let link = link.trim();
        let characters = link.chars().count();
        let Some((index, _)) = trimmed.char_indices().rev().nth(characters - 1) else {
            continue;
        };
        let end = trimmed.get(index..).unwrap_or_default();
        let before = trimmed.get(..index).unwrap_or_default();
        let bounded = before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric());
        if bounded && end.to_lowercase().replace('’', "'") == link {
            return before.trim_end_matches([' ', ',', '–', '-', ':']);
        }
    }
    text
}

fn trimmed(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let trim = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '–' | '—' | '|' | '(' | ')' | '[' | ']' | '•' | '·' | '*'
            )
    };
    let from = part.len()
        - part
            .trim_start_matches(|c| trim(c) || c == '-' || c == '.')
            .len();
    let to = part.trim_end_matches(|c| trim(c) || c == '-').len();
    // Dots that lead to the next column are of no part.
    let bare = part.get(..to)?.trim_end_matches(['.', '…', '_', ' ']).len();
    let leader = part.get(bare..to)?;
    let to = if leader.matches(['.', '_']).count() > 3 {
        bare
    } else {
        to
    };
    if from >= to {
        return None;
    }
    // A parenthesis that the name opens stays closed.
    let inner = part.get(from..to)?;
    let to = if inner.matches('(').count() > inner.matches(')').count()
        && part.get(to..)?.starts_with(')')
    {
        to + 1
    } else {
        to
    };
    Some(range.start + from..range.start + to)
}

fn trimmed_end(string: &str, range: Range<usize>) -> Range<usize> {
    let part = string.get(range.clone()).unwrap_or_default();
    range.start..range.start + part.trim_end_matches([' ', ';', '\n', ',']).len()
}

fn trimmed_quotes(string: &str, range: Range<usize>) -> Option<Range<usize>> {
    let part = string.get(range.clone())?;
    let trim = |c: char| c.is_whitespace() || matches!(c, '«' | '»' | '“' | '”' | '"' | ',');
    let from = part.len() - part.trim_start_matches(trim).len();
    let to = part.trim_end_matches(trim).len();
    (from < to).then(|| range.start + from..range.start + to)
}
