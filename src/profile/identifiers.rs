//! What official numbers look like: their lengths and keys.

/// The letters that a UAI ends with, by its number modulo their count.
const UAI_KEYS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// La Poste's establishments have keys of their own.
const LA_POSTE: &str = "356000000";

/// Whether a number has the length of its kind, and its key.
pub(crate) fn is_valid(scheme: &str, value: &str) -> bool {
    match scheme {
        "siret" => {
            value.len() == 14
                && (is_luhn(value)
                    || value.starts_with(LA_POSTE) && digits(value).sum::<u32>().is_multiple_of(5))
        }
        "siren" | "finess" => value.len() == 9 && is_luhn(value),
        "rna" => {
            value.len() == 10
                && value
                    .strip_prefix('W')
                    .is_some_and(|rest| digits(rest).count() == 9)
        }
        "uai" => {
            let (number, key) = value.split_at_checked(7).unwrap_or_default();
            let expected = number
                .parse::<usize>()
                .ok()
                .and_then(|number| UAI_KEYS.get(number % UAI_KEYS.len()));
            value.len() == 8 && expected.is_some_and(|expected| key.as_bytes() == [*expected])
        }
        _ => false,
    }
}

fn digits(value: &str) -> impl DoubleEndedIterator<Item = u32> {
    value.chars().filter_map(|c| c.to_digit(10))
}

/// Luhn's key: every second digit from the right counts twice.
fn is_luhn(value: &str) -> bool {
    let sum: u32 = (digits(value).rev().enumerate())
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        })
        .sum();
    value.bytes().any(|digit| digit != b'0') && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(scheme: &str, right: &[&str], wrong: &[&str]) {
        for value in right {
            assert!(is_valid(scheme, value), "{value}");
        }
        for value in wrong {
            assert!(!is_valid(scheme, value), "{value}");
        }
    }

    #[test]
    fn numbers_have_the_length_and_the_key_of_their_kind() {
        check(
            "siret",
            &["73282932000074", "35600000000048"],
            &[
                "73282932000075",
                "732829320",
                "7328293200007A",
                "00000000000000",
                "",
            ],
        );
        check("siren", &["732829320"], &["732829321"]);
        check(
            "rna",
            &["W561234567"],
            &["561234567", "W56123456", "w561234567", "W56123456X"],
        );
    }
}
