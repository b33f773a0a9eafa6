//! The dates, durations and publics of mentions in; the days, the lengths of time and the ages that they state out.

use std::ops::Range;

use super::{Grounds, note};
use crate::extract::prose;
use crate::model::mention::Mention;

/// A value, and the bytes of its text that state it.
type Stated<T> = Vec<(T, Range<usize>)>;

/// Gives each mention the dates, the lengths of time and the ages that its texts state.
pub(super) fn times(mentions: &mut [Mention], grounds: &Grounds<'_>) {
    for (number, mention) in mentions.iter_mut().enumerate() {
        let read = |text: &Option<String>| text.clone().unwrap_or_default();
        let (dates, duration) = (read(&mention.dates), read(&mention.duration));
        if mention.periods.is_empty() {
            let texts = [("/dates", &dates), ("/duration", &duration)];
            for (of, text) in texts {
                add(
                    mention,
                    number,
                    of,
                    prose::periods(text),
                    "periods",
                    |mention| &mut mention.periods,
                    grounds,
                );
            }
        }
        if mention.durations.is_empty() {
            add(
                mention,
                number,
                "/duration",
                prose::lengths(&duration),
                "durations",
                |mention| &mut mention.durations,
                grounds,
            );
        }
        if mention.ages.is_empty() {
            ages(mention, number, grounds);
        }
    }
}

/// The ages of the public, or of what prose suggests of it where none is stated.
fn ages(mention: &mut Mention, number: usize, grounds: &Grounds<'_>) {
    if let Some(public) = mention.public.clone() {
        let found = prose::ages(&public);
        add(
            mention,
            number,
            "/public",
            found,
            "ages",
            |mention| &mut mention.ages,
            grounds,
        );
        return;
    }
    for (at, suggested) in mention.inferred.public.clone().into_iter().enumerate() {
        for (age, _) in prose::ages(&suggested.value) {
            if mention.ages.contains(&age) {
                continue;
            }
            let pointer = format!("/ages/{}", mention.ages.len());
            mention.ages.push(age);
            let of = format!("/inferred/public/{at}");
            note(
                mention,
                pointer.clone(),
                &of,
                Some(suggested.evidence.clone()),
            );
            (mention.confidence).insert(pointer.clone(), suggested.confidence);
            mention.origin.insert(pointer, "inferred".to_owned());
        }
    }
}

/// Adds what the text of a field states to a list of the mention, the same once.
fn add<T: PartialEq>(
    mention: &mut Mention,
    number: usize,
    of: &str,
    found: Stated<T>,
    list: &str,
    values: fn(&mut Mention) -> &mut Vec<T>,
    grounds: &Grounds<'_>,
) {
    for (value, range) in found {
        if values(mention).contains(&value) {
            continue;
        }
        let pointer = format!("/{list}/{}", values(mention).len());
        values(mention).push(value);
        note(mention, pointer, of, grounds(number, of, range));
    }
}
