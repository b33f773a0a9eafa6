//! What the names of a table's columns mean. In: a name as a sheet or data file has it; out: the field that it feeds.

use super::fold;
use super::lexicon::{Field, Lexicon, VOCABULARY};

/// The words of a label, without colon and without what a parenthesis adds: « Montant (en €) ».
fn label_words(text: &str) -> &str {
    let text = text.trim_end_matches([':', ' ', '*', '€', '£', '$']);
    match text.split_once('(') {
        Some((words, _)) if text.ends_with(')') && !words.trim().is_empty() => words.trim(),
        _ => text,
    }
}

/// The field that the name of a column feeds: as it stands, without a parenthesis, without a year, or spelled out from what a data file calls it. Of a
/// name in several lines (the storeys of a head) it is that of all of them, else of the last that is known.
pub fn column_field(name: &str, lexicon: &Lexicon) -> Option<Field> {
    field_of_line(name, lexicon).or_else(|| {
        name.contains('\n').then(|| {
            name.rsplit('\n')
                .find_map(|line| field_of_line(line, lexicon))
        })?
    })
}

fn field_of_line(name: &str, lexicon: &Lexicon) -> Option<Field> {
    let name = name.trim_end_matches([':', ' ']);
    let words = label_words(name);
    lexicon
        .field(name)
        .or_else(|| lexicon.field(words))
        .or_else(|| lexicon.field(without_year(words)?))
        .or_else(|| lexicon.field(&spelled_out(name)?))
        .or_else(|| parted(name, lexicon))
        .or_else(|| lexicon.field(named(&fold(words))?))
        .or_else(|| qualified(&fold(label_words(name))))
}

/// « Subvention de fonctionnement », « Aide exceptionnelle »: a sum, of one kind or another, unless it was asked for or is what all costs.
fn qualified(folded: &str) -> Option<Field> {
    // Longer heads are sentences.
    const LONGEST: usize = 5;
    let (first, rest) = folded.split_once(' ')?;
    let is_aid = VOCABULARY.class_field(first) == Some(Field::Amount);
    let is_given = rest
        .split(' ')
        .all(|word| (VOCABULARY.ungranted().iter()).all(|stem| !word.starts_with(stem.as_str())));
    (is_aid && is_given && rest.split(' ').count() < LONGEST).then_some(Field::Amount)
}

/// « Nom du bénéficiaire », « Intitulé de l'action » without the words that say only that it is called so.
fn named(folded: &str) -> Option<&str> {
    let (first, rest) = folded.split_once(' ')?;
    let is_calling = matches!(
        first,
        "nom" | "noms" | "intitule" | "denomination" | "designation" | "libelle" | "name"
    );
    let links = ["du ", "de la ", "de l'", "des ", "de ", "of the ", "of "];
    links
        .iter()
        .filter(|_| is_calling)
        .find_map(|link| rest.strip_prefix(link))
}

/// « Aide attribuée en 2025 », « Subvention 2024 » without the year.
fn without_year(name: &str) -> Option<&str> {
    let (words, year) = name.rsplit_once(' ')?;
    let is_year = year.len() == 4
        && (year.starts_with("19") || year.starts_with("20"))
        && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then(|| words.strip_suffix(" en").unwrap_or(words))
}

/// The words of a name in one: « `aide_validee` », « `nomBeneficiaire` ».
fn spelled_out(name: &str) -> Option<String> {
    if name.contains(' ') {
        return None;
    }
    let mut words = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for character in name.chars() {
        if character.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(if character == '_' { ' ' } else { character });
        before = character;
    }
    words.contains(' ').then_some(words)
}

/// The field of two words that a data file writes in one, without a capital between them: « nombeneficiaire ».
fn parted(name: &str, lexicon: &Lexicon) -> Option<Field> {
    // Shorter names are words by themselves.
    const SHORTEST: usize = 8;
    if name.len() < SHORTEST || !name.chars().all(char::is_alphabetic) {
        return None;
    }
    name.char_indices().skip(1).find_map(|(at, _)| {
        let (first, second) = name.split_at_checked(at)?;
        lexicon.field(&format!("{first} {second}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::LEXICON;

    #[track_caller]
    fn check(name: &str, expected: Option<Field>) {
        assert_eq!(column_field(name, &LEXICON), expected);
    }

    #[test]
    fn names_of_columns_are_read_in_many_spellings() {
        check("Montant (en €)", Some(Field::Amount));
        check("Subvention 2024", Some(Field::Amount));
        check("nomBeneficiaire", Some(Field::Name));
        check("nombeneficiaire", Some(Field::Name));
        check("aide_validee", Some(Field::Amount));
        check("Porteur\nCommune", Some(Field::Territory));
        check("Identification\nNom", Some(Field::Name));
        check("Nom du bénéficiaire", Some(Field::Name));
        check("Dénomination de la structure", Some(Field::Name));
        check("Subvention exceptionnelle (6745)", Some(Field::Amount));
        check("Libellé du programme budgétaire", None);
        check("conditionsversement", None);
    }
}
