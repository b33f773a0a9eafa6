//! A text in; the dates and stretches of dates that it states out, as days of ISO 8601. A date whose year the text does not give is none, and so is one that may mean
//! two things (« hiver 2021 », « 2011-12 »). Days are read before months: « 03/04/2018 » is in April. What words mean is in data/prose.toml, `calendar`.

use std::ops::Range;

use super::figures::YEARS;
use super::tokens::Tokens;
use super::vocabulary::VOCABULARY;
use crate::model::mention::Period;

/// A day: year, month, day.
type Day = (i32, u32, u32);

/// How much of a date is said, from the most to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Precision {
    Day,
    Month,
    Season,
    Year,
    Approximate,
}

impl Precision {
    fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Season => "season",
            Self::Year => "year",
            Self::Approximate => "approximate",
        }
    }
}

/// A date as far as it is written.
#[derive(Clone, Copy, Debug)]
struct Point {
    year: Option<i32>,
    /// The first month, and how many.
    months: Option<(u32, u32)>,
    day: Option<u32>,
    /// Which third of the year or month.
    third: Option<u32>,
    precision: Precision,
}

impl Point {
    fn new(year: Option<i32>, month: Option<u32>, day: Option<u32>) -> Self {
        Self {
            year,
            months: month.map(|month| (month, 1)),
            day,
            third: None,
            precision: match (month, day) {
                (_, Some(_)) => Precision::Day,
                (Some(_), None) => Precision::Month,
                (None, None) => Precision::Year,
            },
        }
    }

    /// Its place in a year.
    fn in_year(&self) -> (u32, u32) {
        (
            self.months.map_or(0, |(month, _)| month),
            self.day.unwrap_or(0),
        )
    }

    /// What a date beside it says for both: « du 7 mai au 23 juin 2021 ».
    fn complete(&mut self, next: &Self, is_range: bool) {
        if self.day.is_some() && self.months.is_none() {
            self.months = next.months;
        }
        let is_later = self.in_year() > next.in_year();
        if self.year.is_none() && self.months.is_some() && next.months.is_some() {
            // « décembre et janvier 2022 » does not say which December is meant; « du 15 décembre au 3 janvier 2022 » does.
            self.year = match is_later {
                false => next.year,
                true if is_range => next.year.map(|year| year - 1),
                true => None,
            };
        }
    }

    /// Its first and its last day.
    fn days(&self) -> Option<(Day, Day)> {
        let year = self.year?;
        let (first, count) = self.months.unwrap_or((1, 12));
        if let Some(day) = self.day {
            let is_day = (1..=12).contains(&first) && (1..=length(year, first)).contains(&day);
            return is_day.then_some(((year, first, day), (year, first, day)));
        }
        let whole = |first: u32, count: u32| {
            let last = first + count - 1;
            let (end, last) = if last > 12 {
                (year + 1, last - 12)
            } else {
                (year, last)
            };
            ((year, first, 1), (end, last, length(end, last)))
        };
        let (start, end) = whole(first, count);
        Some(match (self.third, self.months) {
            (None, _) => (start, end),
            (Some(third), None) => whole(third * 4 + 1, 4),
            (Some(third), Some(_)) => {
                let last = if third == 2 { end.2 } else { third * 10 + 10 };
                ((year, first, third * 10 + 1), (year, first, last))
            }
        })
    }
}

/// How many days a month has.
fn length(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The dates of the text, in order, with the bytes that state them.
pub fn periods(source: &str) -> Vec<(Period, Range<usize>)> {
    let tokens = Tokens::new(source);
    let mut found = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        let chain = Chain::at(&tokens, place);
        place = chain.end.max(place + 1);
        found.extend(chain.periods(&tokens));
    }
    found
}

/// Dates that stand together: « 2018, 2019 et 2020 », « du 7 au 9 et du 14 au 16 juin 2021 ».
struct Chain {
    /// Each with its tokens, and whether it and the next bound a stretch.
    points: Vec<(Range<usize>, Point, bool)>,
    end: usize,
}

impl Chain {
    fn at(tokens: &Tokens, start: usize) -> Self {
        let mut chain = Self {
            points: Vec::new(),
            end: start,
        };
        let mut place = start;
        while let Some((end, point)) = point(tokens, place) {
            chain.points.push((place..end, point, false));
            chain.end = end;
            let Some((next, is_range)) = joint(tokens, place, end) else {
                break;
            };
            let is_open = is_range
                && chain
                    .points
                    .iter()
                    .rev()
                    .nth(1)
                    .is_some_and(|(.., range)| *range);
            if is_open || self::point(tokens, next).is_none() {
                break;
            }
            if let Some((.., range)) = chain.points.last_mut() {
                *range = is_range;
            }
            place = next;
        }
        let mut next: Option<Point> = None;
        for (_, point, is_range) in chain.points.iter_mut().rev() {
            if let Some(next) = next {
                point.complete(&next, *is_range);
            }
            next = Some(*point);
        }
        // « de septembre 2020 à juin »
        let mut before: Option<Point> = None;
        for (_, point, is_range) in &mut chain.points {
            if let Some(before) = before
                && point.year.is_none()
                && point.months.is_some()
                && before.months.is_some()
            {
                let is_later = before.in_year() > point.in_year();
                point.year = before.year.map(|year| year + i32::from(is_later));
            }
            before = is_range.then_some(*point);
        }
        chain
    }

    fn periods(&self, tokens: &Tokens) -> Vec<(Period, Range<usize>)> {
        let mut found = Vec::new();
        let mut points = self.points.iter();
        while let Some((places, point, is_range)) = points.next() {
            let Some(lead) = Lead::before(tokens, places.start) else {
                continue;
            };
            let (last, places, upper) = match (is_range, points.as_slice()) {
                (true, [(upper, last, _), ..]) => {
                    points.next();
                    (
                        last,
                        lead.opening..upper.end,
                        point.precision.max(last.precision),
                    )
                }
                _ => (point, lead.start..places.end, point.precision),
            };
            let (Some((start, _)), Some((_, end))) = (point.days(), last.days()) else {
                continue;
            };
            if start > end {
                continue;
            }
            let range = tokens.span(&places);
            let iso = |(year, month, day): Day| format!("{year:04}-{month:02}-{day:02}");
            let precision = if lead.is_about {
                Precision::Approximate
            } else {
                upper
            };
            let period = Period {
                text: tokens
                    .source
                    .get(range.clone())
                    .unwrap_or_default()
                    .to_owned(),
                start: (lead.side != Side::Until).then(|| iso(start)),
                end: (lead.side != Side::Since).then(|| iso(end)),
                precision: precision.as_str().to_owned(),
            };
            found.push((period, range));
        }
        found
    }
}

fn is(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known == word)
}

fn touch(tokens: &Tokens, left: usize) -> bool {
    matches!((tokens.get(left), tokens.get(left + 1)), (Some(a), Some(b)) if a.end == b.start)
}

/// Behind small words: « fin de l'année 2021 ».
fn behind_small(tokens: &Tokens, mut place: usize) -> usize {
    while is(&VOCABULARY.calendar.small, tokens.word(place)) {
        place += 1;
    }
    place
}

/// What joins the date at `start..end` with the next: where that begins, and whether the two bound a stretch.
fn joint(tokens: &Tokens, start: usize, end: usize) -> Option<(usize, bool)> {
    let calendar = &VOCABULARY.calendar;
    let before = (0..start)
        .rev()
        .find(|place| !is(&calendar.small, tokens.word(*place)))
        .map_or("", |place| tokens.word(place));
    let word = tokens.word(end);
    // « 2021/2022 »
    let is_slash = word == "/"
        && touch(tokens, end)
        && year(tokens, start).is_some()
        && year(tokens, end + 1).is_some();
    let is_range = is_slash
        || is(&calendar.range, word)
        || is(&calendar.list, word) && is(&calendar.between, before);
    (is_range || is(&calendar.list, word)).then(|| (behind_small(tokens, end + 1), is_range))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Both,
    Since,
    Until,
}

/// What the words before a date say of it.
struct Lead {
    /// The first word of the date's own text, of a single date and of a stretch.
    start: usize,
    opening: usize,
    side: Side,
    is_about: bool,
}

impl Lead {
    /// Nothing where the date is the edge of something else (« avant 2020 »).
    fn before(tokens: &Tokens, place: usize) -> Option<Self> {
        let calendar = &VOCABULARY.calendar;
        let mut first = place;
        while first > 0 && is(&calendar.small, tokens.word(first - 1)) {
            first -= 1;
        }
        let word = tokens.word_before(first);
        let is_one = |list| first > 0 && is(list, word);
        // « des » is an article, « dès » is none.
        let is_from =
            (first..place).find(|at| is(&calendar.since, &tokens.written(*at).to_lowercase()));
        let side = match () {
            () if is_from.is_some() || is_one(&calendar.since) => Side::Since,
            () if is_one(&calendar.until) => Side::Until,
            () => Side::Both,
        };
        let opening = if is_one(&calendar.between) {
            first - 1
        } else {
            (first..place)
                .find(|at| is(&calendar.opens, tokens.word(*at)))
                .unwrap_or(place)
        };
        let start = match (side, is_from) {
            (Side::Both, _) => place,
            (_, Some(from)) => from,
            // « à partir de », « d'ici »
            _ if first > 1 && is(&calendar.small, tokens.word(first - 2)) => first - 2,
            _ => first - 1,
        };
        (!is_one(&calendar.beyond)).then(|| Self {
            start,
            opening: if side == Side::Both { opening } else { start },
            side,
            is_about: is_one(&calendar.about),
        })
    }
}

/// The date that starts at a token, as far as it is written: where it ends, and what it says.
fn point(tokens: &Tokens, place: usize) -> Option<(usize, Point)> {
    numeric(tokens, place)
        .or_else(|| with_day(tokens, place))
        .or_else(|| with_month(tokens, place))
        .or_else(|| part(tokens, place))
        .or_else(|| years(tokens, place))
}

/// The digits of a token, where they are all that it is.
fn digits<'t>(tokens: &'t Tokens, place: usize) -> Option<&'t str> {
    let written = tokens.written(place);
    let is_plain = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then_some(written)
}

fn year(tokens: &Tokens, place: usize) -> Option<i32> {
    digits(tokens, place).and_then(year_of)
}

fn year_of(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    YEARS.contains(&f64::from(year)).then_some(year)
}

fn short(tokens: &Tokens, place: usize) -> Option<u32> {
    digits(tokens, place)
        .filter(|digits| digits.len() <= 2)
        .and_then(|digits| digits.parse().ok())
}

/// « 31/03/2018 », « 31.03.2018 », « 2018-03-31 », « 03/2018 ».
fn numeric(tokens: &Tokens, place: usize) -> Option<(usize, Point)> {
    let parted = |at: usize| {
        (tokens.is_mark(at, '/') || tokens.is_mark(at, '-'))
            && touch(tokens, at - 1)
            && touch(tokens, at)
    };
    if let Some((day, month)) = tokens.written(place).split_once('.') {
        let year = year(tokens, place + 2).filter(|_| {
            tokens.is_mark(place + 1, '.') && touch(tokens, place) && touch(tokens, place + 1)
        })?;
        let point = Point::new(Some(year), month.parse().ok(), day.parse().ok());
        return Some((place + 3, point));
    }
    if !parted(place + 1) {
        return None;
    }
    let third = parted(place + 3).then_some(place + 4);
    if let (Some(year), Some(at)) = (year(tokens, place), third) {
        let (month, day) = (short(tokens, place + 2)?, short(tokens, at)?);
        return Some((at + 1, Point::new(Some(year), Some(month), Some(day))));
    }
    let first = short(tokens, place)?;
    if let Some(at) = third {
        let (month, year) = (short(tokens, place + 2)?, year(tokens, at)?);
        return Some((at + 1, Point::new(Some(year), Some(month), Some(first))));
    }
    let year = year(tokens, place + 2)?;
    (1..=12)
        .contains(&first)
        .then(|| (place + 3, Point::new(Some(year), Some(first), None)))
}

/// The month that a word names, and where its words end: an abbreviation has its stop.
fn month(tokens: &Tokens, place: usize) -> Option<(usize, u32)> {
    let month = VOCABULARY.calendar.month(tokens.word(place))?;
    let has_stop =
        tokens.is_mark(place + 1, '.') && touch(tokens, place) && year(tokens, place + 2).is_some();
    Some((place + 1 + usize::from(has_stop), month))
}

/// The year behind a day or month, if it has one.
fn own_year(tokens: &Tokens, place: usize) -> (usize, Option<i32>) {
    let at = behind_small(tokens, place);
    year(tokens, at).map_or((place, None), |year| (at + 1, Some(year)))
}

/// « 7 mai 2021 », « 1er mai », « 7 » before « au 23 juin ».
fn with_day(tokens: &Tokens, place: usize) -> Option<(usize, Point)> {
    let day = short(tokens, place).filter(|day| (1..=31).contains(day))?;
    // « 1er », « 7th »
    let has_ending =
        touch(tokens, place) && tokens.is_word(place + 1) && tokens.word(place + 1).len() == 2;
    let end = place + 1 + usize::from(has_ending);
    if let Some((end, month)) = month(tokens, end) {
        let (end, year) = own_year(tokens, end);
        return Some((end, Point::new(year, Some(month), Some(day))));
    }
    let (next, _) = joint(tokens, place, end)?;
    let next = point(tokens, next)?.1;
    next.day
        .is_some()
        .then(|| (end, Point::new(None, None, Some(day))))
}

/// « mai 2021 », « May 7, 2021 ».
fn with_month(tokens: &Tokens, place: usize) -> Option<(usize, Point)> {
    let (end, month) = month(tokens, place)?;
    if let Some(day) = short(tokens, end)
        && tokens.is_mark(end + 1, ',')
        && let Some(year) = year(tokens, end + 2)
    {
        return Some((end + 3, Point::new(Some(year), Some(month), Some(day))));
    }
    let (end, year) = own_year(tokens, end);
    Some((end, Point::new(year, Some(month), None)))
}

/// « fin 2017 », « mi-juin 2021 », « été 2024 », « 2e trimestre 2021 », « hiver 2020-2021 ».
fn part(tokens: &Tokens, place: usize) -> Option<(usize, Point)> {
    let calendar = &VOCABULARY.calendar;
    let word = tokens.word(place);
    let rough = |point: Point, third: u32| Point {
        third: Some(third),
        precision: Precision::Approximate,
        ..point
    };
    if let Some((third, rest)) = word.split_once('-')
        && let Some(third) = calendar.thirds.get(third)
    {
        if let Some(year) = year_of(rest) {
            return Some((place + 1, rough(Point::new(Some(year), None, None), *third)));
        }
        let month = calendar.month(rest)?;
        let (end, year) = own_year(tokens, place + 1);
        return Some((end, rough(Point::new(year, Some(month), None), *third)));
    }
    if let Some(third) = calendar.thirds.get(word) {
        let at = behind_small(tokens, place + 1);
        let (end, point) = with_month(tokens, at).or_else(|| years(tokens, at))?;
        return (point.day.is_none()).then(|| (end, rough(point, *third)));
    }
    if let Some(&[first, count]) = calendar.seasons.get(word) {
        let (end, year) = own_year(tokens, place + 1);
        let point = Point {
            months: Some((first, count)),
            precision: Precision::Season,
            ..Point::new(year, None, None)
        };
        return Some((end, point));
    }
    if let Some(&[first, count]) = calendar.over_two.get(word) {
        let at = behind_small(tokens, place + 1);
        let (from, to) = (year(tokens, at)?, year(tokens, at + 2)?);
        let point = Point {
            months: Some((first, count)),
            precision: Precision::Approximate,
            ..Point::new(Some(from), None, None)
        };
        return (to == from + 1).then_some((at + 3, point));
    }
    let (at, number) = match calendar.ordinals.get(word) {
        Some(number) => (place + 1, *number),
        None => (
            place + 2,
            short(tokens, place).filter(|_| touch(tokens, place))?,
        ),
    };
    let months = *calendar.terms.get(tokens.word(at))?;
    let (end, year) = own_year(tokens, at + 1);
    let point = Point {
        months: Some(((number.checked_sub(1)?) * months + 1, months)),
        ..Point::new(year, Some(1), None)
    };
    (number * months <= 12).then_some((end, point))
}

/// « 2021 »; not « hiver 2021 », nor « 2021-22 », whose second part may be a month.
fn years(tokens: &Tokens, place: usize) -> Option<(usize, Point)> {
    let year = year(tokens, place)?;
    let before = place.checked_sub(1);
    let is_apart =
        before.is_none_or(|before| !touch(tokens, before) || is_apart(tokens.word(before)));
    let goes_on = touch(tokens, place)
        && (tokens.is_word(place + 1)
            || touch(tokens, place + 1)
                && (tokens.is_mark(place + 1, '/') || tokens.is_mark(place + 1, '-'))
                && short(tokens, place + 2).is_some());
    let is_half = VOCABULARY
        .calendar
        .over_two
        .contains_key(tokens.word_before(place));
    (is_apart && !goes_on && !is_half).then(|| (place + 1, Point::new(Some(year), None, None)))
}

/// Whether what touches a year from before is no part of a number or a name.
fn is_apart(before: &str) -> bool {
    before.ends_with(|last: char| {
        matches!(
            last,
            '(' | '\'' | '«' | '"' | '-' | '–' | '—' | '/' | ':' | ','
        )
    })
}

#[cfg(test)]
mod tests;
