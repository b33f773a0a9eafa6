//! What is inferred from sentences of our own, and what holds of any text.

use super::*;

fn read(string: &str, field: Field, stated: &Stated) -> Inferred {
    infer(&[(field, &Text::from(string))], stated, &())
}

fn described(string: &str) -> Inferred {
    read(string, Field::Description, &Stated::default())
}

fn values(values: &[InferredValue]) -> Vec<&str> {
    values.iter().map(|value| value.value.as_str()).collect()
}

#[track_caller]
fn publics(string: &str, expected: &[&str]) {
    assert_eq!(values(&described(string).public), expected);
}

#[track_caller]
fn partners(string: &str, expected: &[&str]) {
    assert_eq!(values(&described(string).partners), expected);
}

#[track_caller]
fn results(string: &str, expected: &[&str]) {
    assert_eq!(values(&described(string).results), expected);
}

#[track_caller]
fn figures(string: &str, expected: &[(f64, &str, &str, &str)]) {
    let found = described(string).figures;
    let found: Vec<(f64, &str, &str, &str)> = found
        .iter()
        .map(|figure| {
            (
                figure.value,
                figure.what.as_str(),
                figure.nature.as_str(),
                figure.text.as_str(),
            )
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn people_with_their_modifiers() {
    publics(
        "Le chantier accueille des femmes isolées, sans diplôme et éloignées de l'emploi, qui apprennent un métier.",
        &["femmes isolées, sans diplôme et éloignées de l'emploi"],
    );
    publics(
        "Un accueil pour les jeunes de 18 à 25 ans en rupture familiale, dans trois villages.",
        &["jeunes de 18 à 25 ans en rupture familiale"],
    );
    publics("Des ateliers réservés aux 11-15 ans.", &["11-15 ans"]);
    publics(
        "Elle aide les demandeurs d'asile à trouver un toit.",
        &["demandeurs d'asile"],
    );
    publics(
        "Le bus va vers les personnes les plus isolées du canton.",
        &["personnes les plus isolées du canton"],
    );
}

#[test]
fn the_exact_description_wins_over_the_bare_noun() {
    publics(
        "Les jeunes y cuisinent. Le projet s'adresse à des jeunes sortis de détention.",
        &["jeunes sortis de détention"],
    );
    publics(
        "Les lycéens y cuisinent, les lycéens y servent.",
        &["lycéens"],
    );
}

#[test]
fn what_is_no_public() {
    publics("L'association de parents d'élèves prête la salle.", &[]);
    publics(
        "Les marchés publics locaux sont ouverts aux personnes morales.",
        &[],
    );
    publics("Les personnes se retrouvent le mardi.", &[]);
    publics("La Maison des Jeunes ouvre le samedi.", &[]);
    let stated = Stated {
        public: true,
        ..Stated::default()
    };
    let read = read(
        "Il forme des jeunes sans emploi.",
        Field::Description,
        &stated,
    );
    assert_eq!(values(&read.public), Vec::<&str>::new());
}

#[test]
fn partners_behind_a_phrase() {
    partners(
        "En lien avec la mission locale du Val et le CCAS, Relais Nord ouvre un local.",
        &["mission locale du Val", "CCAS"],
    );
    partners(
        "Des repas sont servis avec le soutien de la Ville d'Évry, de la Banque alimentaire et de trois bailleurs.",
        &["Ville d'Évry", "Banque alimentaire", "trois bailleurs"],
    );
    partners(
        "Un projet porté par Relais Nord et le club Les Pieds Agiles.",
        &["Relais Nord", "club Les Pieds Agiles"],
    );
    partners(
        "Il réunit les partenaires du canton, notamment la CAF et le collège Zola.",
        &["CAF", "collège Zola"],
    );
}

#[test]
fn what_is_no_partner() {
    partners("Le projet porté par Relais Nord ouvre en mai.", &[]);
    partners("Elle travaille avec ses partenaires.", &[]);
    partners(
        "En lien avec le projet de vie de chacun, elle propose un suivi.",
        &[],
    );
    let stated = Stated {
        name: Some("Association Relais Nord"),
        ..Stated::default()
    };
    let read = read(
        "Initié par l'association Relais Nord et la CAF.",
        Field::Description,
        &stated,
    );
    assert_eq!(values(&read.partners), ["CAF"]);
}

#[test]
fn figures_count_something() {
    figures(
        "Il vise à former 40 apprentis cuisiniers en 18 mois.",
        &[
            (
                40.0,
                "beneficiaries",
                "objective",
                "40 apprentis cuisiniers",
            ),
            (18.0, "duration", "objective", "18 mois"),
        ],
    );
    figures(
        "En 2021, 12 personnes ont signé un contrat, soit 75 % des participants.",
        &[
            (12.0, "beneficiaries", "achieved", "12 personnes"),
            (75.0, "share", "achieved", "75 %"),
        ],
    );
    figures(
        "Une subvention de 1,2 M€ finance douze places et une trentaine de logements.",
        &[
            (1_200_000.0, "amount", "context", "1,2 M€"),
            (12.0, "places", "context", "douze places"),
            (30.0, "places", "context", "une trentaine de logements"),
        ],
    );
    figures(
        "Le stage dure de 4 à 6 semaines pour des adultes entre 20 et 45 ans.",
        &[
            (4.0, "duration", "context", "4 à 6 semaines"),
            (6.0, "duration", "context", "4 à 6 semaines"),
            (20.0, "age_min", "context", "entre 20 et 45 ans"),
            (45.0, "age_max", "context", "entre 20 et 45 ans"),
        ],
    );
}

#[test]
fn numbers_that_count_nothing() {
    figures(
        "Créée en 2015 puis, le 3 mai 2019, agréée, elle suit trois axes et deux objectifs, 24h/24, à 100 % bio.",
        &[],
    );
    figures(
        "Le Cap Emploi 13 et le lycée 2 de la rue du 1er mai, page 12.",
        &[],
    );
    figures("Depuis 5 ans, le club joue deux soirs par semaine.", &[]);
    figures("Le local ouvre 7 jours sur 7.", &[]);
}

#[test]
fn results_are_done() {
    results(
        "L'an dernier, 12 personnes ont été embauchées.",
        &["12 personnes ont été embauchées"],
    );
    results(
        "En moyenne, 60 % des stagiaires retrouvent un emploi.",
        &["60 % des stagiaires retrouvent un emploi"],
    );
    results(
        "L'objectif est que 60 % des stagiaires retrouvent un emploi.",
        &[],
    );
    results("Le club accueillera 30 jeunes.", &[]);
}

#[test]
fn a_labelled_field_says_how_its_figures_are_meant() {
    let nature = |field| {
        let read = read("80 places ouvertes", field, &Stated::default());
        read.figures.first().map(|figure| figure.nature.clone())
    };
    assert_eq!(nature(Field::Results).as_deref(), Some("achieved"));
    assert_eq!(nature(Field::Objectives).as_deref(), Some("objective"));
    assert_eq!(nature(Field::Description).as_deref(), Some("context"));
}

#[test]
fn the_evidence_is_the_sentence() {
    let read = described("Le bus part. Il mène 8 lycéens au stade. Puis il revient.");
    let figure = read.figures.first().expect("a number counts people");
    assert_eq!(figure.sentence, "Il mène 8 lycéens au stade.");
    assert_eq!(
        figure.evidence.first().and_then(|piece| piece.span),
        Some([13, 42])
    );
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Words and marks of the kind that the rules look for, so that they meet in any order.
    fn prose() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "jeunes",
            "de",
            "16",
            "à",
            "25 ans",
            "en lien avec",
            "la",
            "CAF",
            "et",
            "l'",
            "«",
            "»",
            "(",
            ")",
            ",",
            ".",
            "\n",
            "30",
            "%",
            "personnes",
            "sans",
            "emploi",
            "qui",
            "sont",
            "ont",
            "trouvé",
            "les",
            "plus",
            "âgés",
            "porté par",
            "ville",
            "3 000",
            "€",
            "une dizaine de",
            "ni",
            "…",
            "entre",
            "partenaires",
            "notamment",
            "d'",
            "Évry",
            "ministère",
            "12,5",
            "mois",
            "ne",
            "n'",
            "pour",
            "dont",
            "–",
            "’",
            "🙂",
            "e\u{301}",
        ]);
        prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
    }

    fn holds(string: &str) -> Result<(), TestCaseError> {
        let read = described(string);
        for value in read
            .public
            .iter()
            .chain(&read.partners)
            .chain(&read.results)
        {
            prop_assert!(string.contains(&value.sentence) && value.sentence.contains(&value.value));
            prop_assert!(!value.value.trim().is_empty() && !value.evidence.is_empty());
            prop_assert!((0.0..=1.0).contains(&value.confidence));
        }
        for figure in &read.figures {
            prop_assert!(
                string.contains(&figure.sentence) && figure.sentence.contains(&figure.text)
            );
            prop_assert!(figure.value.is_finite() && !figure.text.is_empty());
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn values_stand_in_their_sentence(string in prose()) {
            holds(&string)?;
        }

        #[test]
        fn any_text_is_read(string in "\\PC{0,80}") {
            holds(&string)?;
        }
    }
}
