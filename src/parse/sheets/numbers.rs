//! Numbers as a sheet shows them. In: a value and the code of its format; out: what stands in the cell, as a French spreadsheet writes it.

use super::words::{months, short_months};

/// Digits that a number without a format is shown with.
const SIGNIFICANT: i32 = 11;

/// Decimals that a format may ask for.
const MOST_DECIMALS: usize = 15;

/// A number without a format: no more digits than say something, and never « 1,2E5 ».
pub(super) fn general(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let magnitude = value.abs().log10().floor();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a logarithm of a finite number is small"
    )]
    let decimals = (SIGNIFICANT - 1 - magnitude as i32).clamp(0, 15);
    let shown = format!("{value:.*}", usize::try_from(decimals).unwrap_or(0));
    let shown = if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.')
    } else {
        &shown
    };
    shown.replace('.', ",")
}

/// A number in a format; « General », and what is no format of numbers, is as if there was none.
pub(super) fn formatted(value: f64, code: &str) -> String {
    if code.is_empty() {
        return general(value);
    }
    let sections = sections(code);
    // One for positive numbers, one for negative ones, one for nothing.
    let own = match sections.as_slice() {
        [_, negative, ..] if value < 0.0 => Some((negative, true)),
        [_, _, zero, ..] if value == 0.0 => Some((zero, false)),
        [first, ..] => Some((first, false)),
        [] => None,
    };
    let Some((section, has_sign)) = own else {
        return general(value);
    };
    let Some(layout) = Layout::of(section) else {
        return general(value);
    };
    let sign = if value < 0.0 && !has_sign { "-" } else { "" };
    let shown = layout.digits.as_ref().map_or_else(String::new, |digits| {
        format!("{sign}{}", digits.shown(value.abs()))
    });
    format!("{}{shown}{}", layout.before, layout.after)
        .trim()
        .to_owned()
}

/// The sections of a code, cut at semicolons outside quotation.
fn sections(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut quoted = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            '\\' if !quoted => {
                if let Some(section) = sections.last_mut() {
                    section.push('\\');
                    section.extend(characters.next());
                }
                continue;
            }
            ';' if !quoted => {
                sections.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(section) = sections.last_mut() {
            section.push(character);
        }
    }
    sections
}

/// How the digits of a number are set.
#[derive(Debug, Default)]
struct Digits {
    /// Digits in front of the comma at least.
    least: usize,
    /// Decimals at most, and at least.
    decimals: usize,
    least_decimals: usize,
    grouped: bool,
    /// What it is multiplied with: percent, thousands.
    scale: f64,
}

impl Digits {
    fn shown(&self, value: f64) -> String {
        let fixed = format!("{:.*}", self.decimals, value * self.scale);
        let (whole, decimals) = fixed.split_once('.').unwrap_or((&fixed, ""));
        let whole = format!("{whole:0>least$}", least = self.least);
        let whole = if self.least == 0 && whole == "0" {
            ""
        } else {
            &whole
        };
        let mut shown = String::new();
        for (index, digit) in whole.char_indices() {
            if self.grouped && index > 0 && (whole.len() - index).is_multiple_of(3) {
                shown.push(' ');
            }
            shown.push(digit);
        }
        let kept = decimals
            .trim_end_matches('0')
            .len()
            .max(self.least_decimals);
        let decimals = decimals.get(..kept).unwrap_or(decimals);
        if !decimals.is_empty() {
            shown.push(',');
            shown.push_str(decimals);
        }
        shown
    }
}

/// A section of a code: the digits and the words around them.
#[derive(Debug, Default)]
struct Layout {
    before: String,
    digits: Option<Digits>,
    after: String,
}

impl Layout {
    fn of(section: &str) -> Option<Self> {
        let mut layout = Self::default();
        let mut pattern = String::new();
        let mut scale = 1.0;
        let mut characters = section.chars().peekable();
        while let Some(character) = characters.next() {
            let mut word = String::new();
            match character {
                '"' => word.extend(characters.by_ref().take_while(|c| *c != '"')),
                '\\' => word.extend(characters.next()),
                // As wide as the next character, or filled with it.
                '_' | '*' => {
                    characters.next();
                    if !pattern.is_empty() {
                        word.push(' ');
                    }
                }
                // « [$€-40C] » is a currency; a colour or a condition is not shown.
                '[' => {
                    let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    if let Some(currency) = inner.strip_prefix('$') {
                        word.push_str(currency.split('-').next().unwrap_or_default());
                    }
                }
                '0' | '#' | '?' | '.' | ',' if layout.after.trim().is_empty() => {
                    // « # ##0 »: a space between digits groups them.
                    if !layout.after.is_empty() && !pattern.is_empty() {
                        layout.after.clear();
                        pattern.push(',');
                    }
                    pattern.push(character);
                }
                '%' => {
                    scale *= 100.0;
                    word.push_str(" %");
                }
                // Powers and fractions, letters that mean something else.
                'E' | 'e' | '/' | '@' | 'G' | 'g' => return None,
                other => word.push(other),
            }
            if pattern.is_empty() {
                layout.before.push_str(&word);
            } else {
                layout.after.push_str(&word);
            }
        }
        if pattern.is_empty() {
            return Some(layout);
        }
        // Commas behind the last digit divide by thousands.
        let bare = pattern.trim_end_matches(',');
        for _ in bare.len()..pattern.len() {
            scale /= 1000.0;
        }
        let (whole, decimals) = bare.split_once('.').unwrap_or((bare, ""));
        let zeros = |part: &str| part.matches('0').count().min(MOST_DECIMALS);
        layout.digits = Some(Digits {
            least: zeros(whole),
            decimals: decimals
                .chars()
                .filter(|c| *c != ',')
                .count()
                .min(MOST_DECIMALS),
            least_decimals: zeros(decimals),
            grouped: whole.contains(','),
            scale,
        });
        Some(layout)
    }
}

/// A moment: year, month, day, hour, minute, second.
pub(super) type Moment = [u16; 6];

/// A date without a format of its own.
pub(super) const DATE: &str = "dd/mm/yyyy";

/// A date with its hour.
const DATE_AND_HOUR: &str = "dd/mm/yyyy hh:mm";

/// A moment in a format; where that says nothing, the day, and the hour if it is not midnight.
pub(super) fn moment(moment: Moment, code: &str) -> String {
    let code = sections(code).into_iter().next().unwrap_or_default();
    let shown = by_code(moment, &code);
    if shown.is_empty() {
        let has_hour = moment.iter().skip(3).any(|part| *part > 0);
        by_code(moment, if has_hour { DATE_AND_HOUR } else { DATE })
    } else {
        shown
    }
}

fn by_code([year, month, day, hour, minute, second]: Moment, code: &str) -> String {
    let mut shown = String::new();
    let mut characters = code.chars().peekable();
    // « m » is a minute behind hours and in front of seconds.
    let mut after_hour = false;
    let mut says = false;
    while let Some(character) = characters.next() {
        match character {
            '"' => shown.extend(characters.by_ref().take_while(|c| *c != '"')),
            '\\' => shown.extend(characters.next()),
            '_' | '*' => {
                characters.next();
            }
            '[' => characters.by_ref().take_while(|c| *c != ']').for_each(drop),
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => {
                let letter = character.to_ascii_lowercase();
                let mut n = 1;
                while characters
                    .next_if(|c| c.to_ascii_lowercase() == letter)
                    .is_some()
                {
                    n += 1;
                }
                let before_seconds = || {
                    characters
                        .clone()
                        .find(char::is_ascii_alphabetic)
                        .is_some_and(|c| c.eq_ignore_ascii_case(&'s'))
                };
                let month_name = |names: &[String]| {
                    names
                        .get(usize::from(month).saturating_sub(1))
                        .cloned()
                        .unwrap_or_default()
                };
                let padded = |value: u16| {
                    if n > 1 {
                        format!("{value:02}")
                    } else {
                        value.to_string()
                    }
                };
                let part = match letter {
                    'y' if n <= 2 => format!("{:02}", year % 100),
                    'y' => year.to_string(),
                    'm' if after_hour || before_seconds() => padded(minute),
                    'm' if n == 3 => month_name(short_months()),
                    'm' if n > 3 => month_name(months()),
                    'm' => padded(month),
                    // Names of days say nothing that the date does not.
                    'd' if n > 2 => String::new(),
                    'd' => padded(day),
                    'h' => padded(hour),
                    _ => padded(second),
                };
                after_hour = letter == 'h';
                says = true;
                shown.push_str(&part);
            }
            'A' | 'P' | '@' | 'G' | ';' => break,
            other => shown.push(other),
        }
    }
    if says {
        shown.trim().to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, code: &str, expected: &str) {
        assert_eq!(formatted(value, code), expected);
    }

    #[test]
    fn numbers_without_format_keep_their_digits() {
        check(120_000.0, "General", "120000");
        check(22_530_001_100_015.0, "General", "22530001100015");
        check(480_074.62, "General", "480074,62");
        check(0.1 + 0.2, "", "0,3");
        check(-3.5, "General", "-3,5");
        check(1e20, "General", "100000000000000000000");
    }

    #[test]
    fn amounts_show_their_currency_and_groups() {
        let accounting = r#"_-* #,##0.00\ "€"_-;\-* #,##0.00\ "€"_-;_-* "-"??\ "€"_-;_-@_-"#;
        check(90545.0, accounting, "90 545,00 €");
        check(-12.5, accounting, "-12,50 €");
        check(1_234_567.0, "#,##0", "1 234 567");
        check(1500.0, "#,##0\\ [$€-40C]", "1 500 €");
        check(1500.0, "# ##0 €", "1 500 €");
        check(1500.0, "[$£-809]#,##0", "£1 500");
        check(2_500_000.0, "#,##0.0,,\" M€\"", "2,5 M€");
        check(-5.0, "0;[Red](0)", "(5)");
        check(7.0, "000", "007");
        check(0.5, "#.##", ",5");
    }

    #[test]
    fn percents_and_powers() {
        check(0.125, "0.0%", "12,5 %");
        check(0.7, "0%", "70 %");
        check(120_000.0, "0.00E+00", "120000");
    }

    #[test]
    fn dates_show_as_their_format_says() {
        let day = [2024, 3, 5, 0, 0, 0];
        assert_eq!(moment(day, "yyyy\\-mm\\-dd"), "2024-03-05");
        assert_eq!(moment(day, "dd/mm/yyyy"), "05/03/2024");
        assert_eq!(moment(day, "[$-40C]d\\ mmmm\\ yyyy;@"), "5 mars 2024");
        assert_eq!(moment(day, "mmm\\-yy"), "mars-24");
        assert_eq!(moment(day, "General"), "05/03/2024");
        assert_eq!(
            moment([2024, 3, 5, 9, 7, 0], "dd/mm/yyyy hh:mm"),
            "05/03/2024 09:07"
        );
        assert_eq!(moment([2024, 3, 5, 9, 7, 0], ""), "05/03/2024 09:07");
    }
}
