//! A mention in, the mention out, with the values that its own texts state: amount and currency, edition, rank and category of a prize. Texts stay as found; a
//! value that is there stays. Idempotent. Places and audiences with official codes are not here.
//!
//! It leans on the readers of `extract` (`amounts`, `edition`), which know how money and editions are written.

mod award;

use crate::extract::{amounts, edition};
use crate::model::mention::Mention;

/// Fills the values that the texts of a mention state and extraction left open.
#[must_use]
pub fn normalize(mut mention: Mention) -> Mention {
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
    mention
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

    #[test]
    fn values_come_from_the_texts() {
        let read = normalize(mention(
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
        let read = normalize(mention("à définir", "voir page 3", "Coup de cœur du jury"));
        assert_eq!(
            read,
            mention("à définir", "voir page 3", "Coup de cœur du jury")
        );
    }

    proptest::proptest! {
        #[test]
        fn twice_is_once(amount in "[0-9 ,.]{0,8}(k€|€|M€| euros| Md)?", note in "(Projet (non )?(retenu|présenté) (à la|au) [A-Z][a-z]{1,8} ?(19|20)?[0-9]{0,2})?", prize in "([0-9]{1,2}(er|e|ème) )?(Grand )?[Pp]rix.{0,12}") {
            let once = normalize(mention(&amount, &note, &prize));
            proptest::prop_assert_eq!(normalize(once.clone()), once);
        }
    }
}
