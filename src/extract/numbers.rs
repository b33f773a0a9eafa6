//! Numbers in digits: where one ends and what it is worth, in French and English spellings.

/// A number in digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// One past its last byte.
    pub(super) end: usize,
    /// What it is worth.
    pub(super) value: f64,
}

/// The number that starts at byte `start`, which holds its first digit. « 3 000 », « 3.000 », « 12,000 » group by three; « 1,5 », « 1.5 » are
/// decimals. `scaled` says that a word such as « millions » follows, before which « 1,302 » is a decimal.
pub(super) fn at(string: &str, start: usize, scaled: bool) -> Option<Number> {
    let first = digits(string, start);
    if first.is_empty() {
        return None;
    }
    let mut value: f64 = first.parse().ok()?;
    let mut end = start + first.len();
    let separator = separator(string, end);
    let mut grouped = None;
    if let Some((separator, length)) = separator
        && first.len() <= 3
    {
        let mut groups = Vec::new();
        let mut place = end;
        while let Some((next, length)) = self::separator(string, place)
            && next == separator
        {
            let group = digits(string, place + length);
            if group.len() != 3 {
                break;
            }
            groups.push(group);
            place += length + group.len();
        }
        // « 1,302 » alone may be a decimal; « 1,302,000 » and « 1 302 » cannot.
        let is_grouping = match separator {
            ',' | '.' => groups.len() > 1 || groups.len() == 1 && !scaled && first != "0",
            _ => !groups.is_empty(),
        };
        if is_grouping {
            for group in &groups {
                value = value * 1000.0 + group.parse::<f64>().ok()?;
            }
            end += groups.len() * (3 + length);
            grouped = Some(separator);
        }
    }
    if let Some((separator @ (',' | '.'), length)) = self::separator(string, end)
        && grouped != Some(separator)
    {
        let decimals = digits(string, end + length);
        if let Ok(worth) = decimals.parse::<f64>() {
            value += worth / 10f64.powi(i32::try_from(decimals.len()).unwrap_or(i32::MAX));
            end += length + decimals.len();
        }
    }
    Some(Number { end, value })
}

/// The digits at byte `start`.
fn digits(string: &str, start: usize) -> &str {
    let rest = string.get(start..).unwrap_or_default();
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest.get(..length).unwrap_or_default()
}

/// The character at byte `place` if it may stand inside a number, and its length in bytes. All spaces are one.
fn separator(string: &str, place: usize) -> Option<(char, usize)> {
    let character = string.get(place..)?.chars().next()?;
    let kind = match character {
        ',' | '.' | '\'' | '’' => character,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        _ => return None,
    };
    Some((kind, character.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, scaled: bool, value: f64, written: &str) {
        let number = at(text, 0, scaled).expect("the text starts with a number");
        assert!((number.value - value).abs() < 1e-9, "{}", number.value);
        assert_eq!(text.get(..number.end), Some(written));
    }

    #[test]
    fn groups_and_decimals() {
        check("3 000 jeunes", false, 3000.0, "3 000");
        check("3\u{202f}000 jeunes", false, 3000.0, "3\u{202f}000");
        check("1 250 000 €", false, 1_250_000.0, "1 250 000");
        check("12,000 to", false, 12000.0, "12,000");
        check("1,302 M€", true, 1.302, "1,302");
        check("1,5 point", false, 1.5, "1,5");
        check("5.000 €", false, 5000.0, "5.000");
        check("12 30 ans", false, 12.0, "12");
        check("2019 300 jeunes", false, 2019.0, "2019");
        check("12, 30", false, 12.0, "12");
        check("10 500,25 €", false, 10500.25, "10 500,25");
        check("1,234.50 $", false, 1234.5, "1,234.50");
        check("25.", false, 25.0, "25");
        check("0,125", false, 0.125, "0,125");
    }
}
