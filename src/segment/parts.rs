//! Lines taken apart: a line comes in; its parts go out, each with the separator in front and its own look (a sum, a quotation, a sentence …). What a
//! part *is* is not said here, but for all lines of a list together: see `columns`.

mod trimming;
mod wording;

use std::ops::Range;

use super::look::{LONGEST_NAME, Look, SHORTEST_PROSE, find_amount, is_award, look};
use crate::model::text::{Style, Text};
use crate::profile::verbs::find_verb;
use crate::profile::{VOCABULARY, fold, places};
use trimming::{after_link, before_link, split_list, trimmed, trimmed_end, trimmed_quotes};
use wording::{
    after_preposition, after_presenting, before_quotation, begins_with_reward, ends_in_part,
    ends_with_kind, find_carrier, find_reward, first_sentence, goes_on, is_one_word, italic_titles,
    lead, leads_to_sum, opens_with_separator, own_purpose, owner, purpose, runs_to_colon, town_of,
    without_granted,
};
pub(super) use wording::{has_stop, is_end};

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

/// Where the run ends that opens a line in a look of its own, bold, italic or in another colour, and leaves some of it; 0 without one.
pub fn lead_run(text: &Text) -> usize {
    let bold = bold_run(text);
    if bold > 0 {
        return bold;
    }
    let segments = text.segments();
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
        return 0;
    };
    let (first, last) = (first.style, last.style);
    // Colours are known where sizes are.
    let is_marked = first.italic || first.size > 0.0 && first.color != last.color;
    if !is_marked || last.italic {
        return 0;
    }
    let is_like = |style: &Style| (style.italic, style.color) == (first.italic, first.color);
    text.ranges_where(|segment| is_like(&segment.style))
        .first()
        .filter(|run| run.start == 0 && run.end < text.len())
        .map_or(0, |run| run.end)
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
        opened,
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
            '/' if spaced && begins_with_place(next) => Some(Joint::Dash),
            '•' | '·' if spaced && next.starts_with(' ') => Some(Joint::Bar),
            ',' if next.starts_with([' ', '\n']) => Some(Joint::Comma),
            ':' if spaced || next.starts_with([' ', '\n']) => Some(Joint::Colon),
            // « 3e prix:Nguyen Thi »
            ':' if next.starts_with(char::is_uppercase)
                && is_award(cutter.get(cutter.start..at).trim()) =>
            {
                Some(Joint::Colon)
            }
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

/// The parts of a sentence that tells what somebody does: a prize that stands in front, who it is, what is told, and a sum; none, where a line is no such
/// sentence.
pub fn told(string: &str, parts: &[Part]) -> Option<Vec<Part>> {
    // A name has fewer words than a sentence; what is told has some.
    const LONGEST: usize = 8;
    const SHORTEST: usize = 3;
    let is_typed = |part: &Part| matches!(part.look, Look::Award | Look::Amount | Look::Number);
    let number = parts
        .iter()
        .position(|part| !is_typed(part) && part.joint != Joint::Unquote)?;
    let subject = parts.get(number)?;
    if !matches!(subject.look, Look::Name | Look::Prose) {
        return None;
    }
    let start = subject.range.start;
    let rest = string.get(start..)?;
    let verb = find_verb(rest)?;
    let name = trimmed(string, start..start + verb)?;
    let words = string.get(name.clone())?;
    let is_name = words.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        || VOCABULARY.begins_organisation(words);
    let is_told = rest.get(verb..)?.split_whitespace().count() >= SHORTEST;
    if !is_name
        || !is_told
        || words.split_whitespace().count() > LONGEST
        || words.contains([':', '.', ';', '\n'])
    {
        return None;
    }
    let mut told: Vec<Part> = parts.get(..number)?.to_vec();
    told.push(Part {
        range: name,
        joint: subject.joint,
        look: Look::Name,
    });
    told.push(Part {
        range: trimmed_end(string, start + verb..string.len()),
        joint: Joint::Unquote,
        look: Look::Prose,
    });
    told.extend(
        (parts.iter())
            .filter(|part| part.range.start >= start + verb && is_typed(part))
            .cloned(),
    );
    Some(told)
}

/// Whether a text begins with a space and a known place, up to the next mark: « Café Prune / Tarn ».
fn begins_with_place(text: &str) -> bool {
    let place = text
        .split([',', ';', ':', '(', '\n', '/'])
        .next()
        .unwrap_or_default();
    text.starts_with(' ') && places::likeness(place) >= places::SURE
}

struct Cutter<'s> {
    string: &'s str,
    parts: Vec<Part>,
    start: usize,
    joint: Joint,
    /// Where a run ends that its look sets apart, 0 without one.
    opened: usize,
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
            // « (7 000 € + six mois de conseil) »
            if before.is_empty() && joint == Joint::Paren && after.starts_with(['+', '&']) {
                self.push_whole(from..to, joint);
                return;
            }
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
        let kept = (VOCABULARY.before_entitled(before))
            .unwrap_or_else(|| before_link(before, VOCABULARY.introducers()));
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
        // « **X** (université de Pau) »
        let apart = self.opened > self.start
            && self.opened <= at
            && self.get(self.opened..at).trim().is_empty();
        if acronym || code || !typed && !apart {
            return None;
        }
        self.push(self.start..at, self.joint);
        // « (69 – Rhône) »: the number and the name of one place.
        let is_place = |piece: &Range<usize>| places::likeness(self.get(piece.clone())) > 0.0;
        let whole = places::likeness(inside) > 0.0 || pieces.iter().all(is_place);
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
        // « à Dole, porté par X »
        let begins = |at: usize| {
            let before = line
                .get(..at)
                .unwrap_or_default()
                .trim_end_matches([' ', ',']);
            before.is_empty() || after_preposition(before).is_some()
        };
        let carried = find_carrier(line).is_some_and(|(at, _)| begins(at))
            || after_link(line, &["par ", "by "]).len() < line.len();
        let before_mark = line.find(['(', ',', ':']).is_some_and(|at| at <= NEAR)
            || find_reward(line).is_some_and(|verb| verb <= NEAR);
        let rewarded =
            begins_with_reward(line) && line.find(['«', '“']).is_some_and(|quote| quote <= NEAR);
        let awarded = self.is_awarded();
        let given = awarded && VOCABULARY.find_given(line).is_some_and(|(at, _)| at == 0);
        // « pour sa thèse intitulée « … » »
        let entitled = line.find(['«', '“', '"']).is_some_and(|quote| {
            let before = line
                .get(..quote)
                .and_then(|before| VOCABULARY.before_entitled(before));
            before.is_some_and(str::is_empty)
        });
        carried
            || rewarded
            || entitled
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
