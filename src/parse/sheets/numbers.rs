//! Numbers and dates as a French spreadsheet shows them. In: a value and the code of its format; out: what stands in the cell. What a code means is
//! `ssfmt`'s to know; here is what it shows otherwise than readers want it.

use std::sync::LazyLock;

use calamine::{ExcelDateTime, ExcelDateTimeType};
use ssfmt::{DateSystem, FormatOptions, NumberFormat};

use super::words;

/// Digits that a number without a format is shown with.
const SIGNIFICANT: i32 = 11;

/// Characters of a format that Excel lets people write; longer ones cost more than they are worth.
const LONGEST_CODE: usize = 255;

/// A date without a format of its own, and one with its hour.
pub(super) const DATE: &str = "dd/mm/yyyy";
pub(super) const DATE_AND_HOUR: &str = "dd/mm/yyyy hh:mm";

/// How French spells numbers and dates.
static FRENCH: LazyLock<FormatOptions> = LazyLock::new(|| {
    let mut options = FormatOptions::default();
    let locale = &mut options.locale;
    locale.decimal_separator = ',';
    locale.thousands_separator = ' ';
    (locale.month_names_full, locale.month_names_short) = words::months();
    (locale.day_names_full, locale.day_names_short) = words::days();
    options
});

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

/// A number in a format; one without, and one that asks for powers of ten, is shown plainly.
pub(super) fn formatted(value: f64, code: &str) -> String {
    let is_plain =
        code.is_empty() || code == "General" || code.contains("E+") || code.contains("E-");
    let shown = (!is_plain)
        .then(|| shown(value, code, DateSystem::default()))
        .flatten();
    shown.unwrap_or_else(|| general(value))
}

/// A date in a format; where there is none, the day, and the hour if it is not midnight.
pub(super) fn date(time: ExcelDateTime, code: &str) -> String {
    let value = time.as_f64();
    if time.is_duration() {
        return general(value);
    }
    // Calamine keeps to itself from which year it counts.
    let since_1904 = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, true);
    let system = if time == since_1904 {
        DateSystem::Date1904
    } else {
        DateSystem::Date1900
    };
    let code = match code {
        "" | "General" if value.fract() == 0.0 => DATE,
        "" | "General" => DATE_AND_HOUR,
        code => code,
    };
    shown(value, code, system).unwrap_or_else(|| general(value))
}

/// What a format makes of a number; nothing where it is no format, or shows nothing.
fn shown(value: f64, code: &str, date_system: DateSystem) -> Option<String> {
    if code.chars().nth(LONGEST_CODE).is_some() {
        return None;
    }
    let options = FormatOptions {
        date_system,
        ..FRENCH.clone()
    };
    let shown = NumberFormat::parse(code).ok()?.format(value, &options);
    // Room that a format leaves for brackets and signs.
    let words: Vec<&str> = shown.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
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
    fn percents_powers_and_codes_without_end() {
        check(0.125, "0.0%", "12,5%");
        check(0.7, "0%", "70%");
        check(120_000.0, "0.00E+00", "120000");
        check(7.0, &"0".repeat(100_000), "7");
    }

    #[test]
    fn dates_show_as_their_format_says() {
        let check = |value: f64, code: &str, expected: &str| {
            let time = |is_1904: bool, value: f64| {
                ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904)
            };
            assert_eq!(date(time(false, value), code), expected);
            // Years from 1904 on are counted from there in old files of Macintosh.
            assert_eq!(date(time(true, value - 1462.0), code), expected);
        };
        check(45356.0, "yyyy\\-mm\\-dd", "2024-03-05");
        check(45356.0, "dd/mm/yyyy", "05/03/2024");
        check(45356.0, "[$-40C]d\\ mmmm\\ yyyy;@", "5 mars 2024");
        check(45356.0, "mmm\\-yy", "mars-24");
        check(45356.0, "dddd d mmmm", "mardi 5 mars");
        check(45356.0, "General", "05/03/2024");
        check(45356.38, "dd/mm/yyyy hh:mm", "05/03/2024 09:07");
        check(45356.38, "", "05/03/2024 09:07");
    }
}
