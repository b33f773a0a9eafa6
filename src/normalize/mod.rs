//! The mentions of a document in, the same out, with the values that their own texts state: amount and currency, edition, rank and category of a prize, places with
//! their official codes, audiences, official numbers, dates, lengths of time, ages. Texts stay as found; a value that is there stays. Idempotent.
//!
//! It leans on the readers of `extract` (`amounts`, `edition`, `prose`), which know how money, editions, dates and lengths of time are written.

mod audiences;
mod award;
mod identifiers;
mod places;
mod times;

use std::ops::Range;

use crate::extract::{amounts, edition};
use crate::model::evidence::Evidence;
use crate::model::mention::Mention;

/// Where a part of a value was read: the number of the mention, the pointer of the value, and bytes of it. Nothing where that is not known.
pub type Grounds<'a> = dyn Fn(usize, &str, Range<usize>) -> Option<Vec<Evidence>> + 'a;

/// Fills the values that the texts of mentions state and extraction left open.
#[must_use]
pub fn normalize(mut mentions: Vec<Mention>, grounds: &Grounds<'_>) -> Vec<Mention> {
    mentions.iter_mut().for_each(values);
    places::places(&mut mentions, grounds);
    audiences::audiences(&mut mentions, grounds);
    identifiers::identifiers(&mut mentions, grounds);
    times::times(&mut mentions, grounds);
    mentions
}

/// The values of single fields.
fn values(mention: &mut Mention) {
    if let Some(amount) = &mut mention.amount
        && amount.value.is_none()
        && let Some(read) = amounts::first(&amount.text)
    {
        amount.value = read.value;
        amount.currency = amount.currency.take().or(read.currency);
    }
    if let Some(stated) = &mut mention.edition
        && let Some(read) = edition::parse_str(&stated.note)
    {
        stated.event = stated.event.take().or(read.event);
        stated.year = stated.year.or(read.year);
        stated.presented = stated.presented.or(read.presented);
        stated.selected = stated.selected.or(read.selected);
        stated.category = stated.category.take().or(read.category);
    }
    if let Some(prize) = &mut mention.award {
        prize.rank = prize.rank.or_else(|| award::rank(&prize.text));
        prize.category = prize
            .category
            .take()
            .or_else(|| award::category(&prize.text));
    }
}

/// Notes that a value was worked out of a part of another: it was read there, and is no surer than that.
fn note(mention: &mut Mention, pointer: String, of: &str, evidence: Option<Vec<Evidence>>) {
    if let Some(evidence) = evidence.or_else(|| mention.evidence.get(of).cloned()) {
        mention.evidence.insert(pointer.clone(), evidence);
    }
    if let Some(confidence) = mention.confidence.get(of).copied() {
        mention.confidence.insert(pointer.clone(), confidence);
    }
    if let Some(origin) = mention.origin.get(of).cloned() {
        mention.origin.insert(pointer, origin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mention::{Amount, Award, Edition};

    fn mention(amount: &str, note: &str, prize: &str) -> Mention {
        Mention {
            amount: Some(Amount {
                text: amount.to_owned(),
                ..Amount::default()
            }),
            edition: Some(Edition {
                note: note.to_owned(),
                ..Edition::default()
            }),
            award: Some(Award {
                text: prize.to_owned(),
                ..Award::default()
            }),
            ..Mention::default()
        }
    }

    fn alone(mention: Mention) -> Mention {
        normalize(vec![mention], &|_, _, _| None)
            .pop()
            .unwrap_or_default()
    }

    #[test]
    fn values_come_from_the_texts() {
        let read = alone(mention(
            "12 k€",
            "Projet présenté au Forum 2019",
            "2e prix, catégorie Santé",
        ));
        let (amount, edition, award) = (
            read.amount.unwrap_or_default(),
            read.edition.unwrap_or_default(),
            read.award.unwrap_or_default(),
        );
        assert_eq!(
            (amount.value, amount.currency.as_deref()),
            (Some(12_000.0), Some("EUR"))
        );
        assert_eq!(
            (edition.event.as_deref(), edition.year),
            (Some("Forum"), Some(2019))
        );
        assert_eq!(
            (award.rank, award.category.as_deref()),
            (Some(2), Some("Santé"))
        );
    }

    #[test]
    fn texts_without_values_state_none() {
        let read = alone(mention("à définir", "voir page 3", "Coup de cœur du jury"));
        assert_eq!(
            read,
            mention("à définir", "voir page 3", "Coup de cœur du jury")
        );
    }

    proptest::proptest! {
        #[test]
        fn twice_is_once(amount in "[0-9 ,.]{0,8}(k€|€|M€| euros| Md)?", note in "(Projet (non )?(retenu|présenté) (à la|au) [A-Z][a-z]{1,8} ?(19|20)?[0-9]{0,2})?", prize in "([0-9]{1,2}(er|e|ème) )?(Grand )?[Pp]rix.{0,12}") {
            let once = alone(mention(&amount, &note, &prize));
            proptest::prop_assert_eq!(alone(once.clone()), once);
        }
    }
}
