//! What the words of two names say of their bodies, through the whole linker: made-up names as registers write them.

use std::collections::{BTreeMap, BTreeSet};

use palmares::link::{Clusters, LinkOptions, Mapping, Table, cluster_records};

fn clusters(csv: &str) -> (Table, Clusters) {
    let mut table = Table::default();
    let bytes = csv.as_bytes().to_vec();
    table
        .add("registre.csv", bytes, &Mapping::default())
        .expect("the table can be read");
    table.finish().expect("ids are distinct");
    let clusters = cluster_records(&table, &LinkOptions::default());
    (table, clusters)
}

/// At which level two records, each a name and a seat, agree on one thing.
#[track_caller]
fn check(comparison: &str, a: &str, b: &str, expected: &str) {
    let (table, clusters) = clusters(&format!("id;nom;siège\n1;{a}\n2;{b}\n"));
    let link = clusters
        .explain(&table, "1", "2")
        .expect("the ids are known");
    let mut contributions = link.organisation.contributions.into_iter();
    let found = contributions.find(|contribution| contribution.comparison == comparison);
    let level = found.map(|contribution| contribution.level);
    assert_eq!(level.as_deref(), Some(expected), "{a} / {b}");
}

#[test]
fn words_cut_short_or_contracted_are_spellings() {
    for (a, b) in [
        (
            "CTE DEPART TIR ARC ADAPTE;44",
            "COMITÉ DÉPARTEMENTAL DU TIR À L'ARC ADAPTÉ;44",
        ),
        ("CTRE CULT FLUVIAL;44", "CENTRE CULTUREL FLUVIAL;44"),
        (
            "ENTRAID MUTUEL SALORGES;44",
            "ENTRAIDE MUTUELLE DE SALORGES;44",
        ),
    ] {
        check("name", a, b, "same_but_spelling");
    }
}

#[test]
fn notre_dame_and_saints_are_abbreviated() {
    check(
        "name",
        "OGEC ND DES ROSEAUX;44",
        "OGEC NOTRE DAME DES ROSEAUX;44",
        "same",
    );
    check("name", "OGEC STE ODILE;44", "OGEC SAINTE-ODILE;44", "same");
}

#[test]
fn a_stated_département_is_no_part_of_the_name() {
    check(
        "name",
        "RELAIS DES RAMEURS DE L A;44",
        "RELAIS DES RAMEURS 44;44 NANTES",
        "same",
    );
}

#[test]
fn former_names_and_acronyms_are_set_aside() {
    check(
        "name",
        "SALORGES AVIRON EX RIVES AVIRON;44",
        "SALORGES AVIRON;44",
        "same",
    );
    check(
        "name",
        "UBRAS - UNION BRETONNE DES RAMEURS ET AVIRONS DE SALORGES;44",
        "UBRAS;44",
        "acronym",
    );
}

#[test]
fn what_tells_bodies_apart_parts_names_that_share_the_rest() {
    for (a, b) in [
        // Another activity, reach, dedication, number, kind.
        (
            "ETOILE SALORGIENNE FOOTBALL;44",
            "ETOILE SALORGIENNE BASKET;44",
        ),
        (
            "COMITE REGIONAL SALORGES SOLIDAIRE;44",
            "COMITE DEPARTEMENTAL SALORGES SOLIDAIRE;44",
        ),
        ("OGEC ST EDERN SALORGES;44", "OGEC ST MAUDEZ SALORGES;44"),
        ("SALORGES TOURISME 3;44", "SALORGES TOURISME 4;44"),
        (
            "LIGUE SALORGIENNE DES RAMEURS;44",
            "AMICALE SALORGIENNE DES RAMEURS;44",
        ),
        ("FLEURS ET RAMES DU DOUBS;25", "FLEURS ET RAMES DU JURA;39"),
    ] {
        check("name", a, b, "different");
    }
}

#[test]
fn seats_are_told_from_départements_and_from_silence() {
    let check = |a: &str, b: &str, expected: &str| {
        check(
            "seat",
            &format!("RAMEURS;{a}"),
            &format!("RAMEURS;{b}"),
            expected,
        );
    };
    check("44 NANTES", "44100 Nantes", "same");
    check("69 LYON 3", "69 LYON", "same");
    check("75 PARIS 13", "75 PARIS", "same_department");
    check("44 NANTES", "44", "same_department");
    check("44 NANTES", "49 ANGERS", "other");
    check("44", "49 ANGERS", "other_department");
    check("44 NANTES", "", "not_stated");
}

#[test]
fn a_name_within_another_is_less_where_no_seat_is_shared() {
    let (a, b) = ("ENTRAIDE DES RAMEURS", "ENTRAIDE DES RAMEURS SALORGIENS");
    let check = |of_b: &str, expected: &str| {
        check(
            "name",
            &format!("{a};44 NANTES"),
            &format!("{b};{of_b}"),
            expected,
        );
    };
    check("44 NANTES", "contained");
    check("49 ANGERS", "contained_elsewhere");
}

/// The groups of a register in which each body has one of these names.
fn groups(names: [&str; 4]) -> BTreeSet<BTreeSet<String>> {
    let [first, second, third, fourth] = names;
    let csv = format!(
        "id;nom;siège\n1;ASS {first} AVIRON;44\n2;ASSOCIATION {first} AVIRON;44 NANTES\n3;{first} JUDO;44\n\
         4;CTE DEPART {second};44\n5;COMITÉ DÉPARTEMENTAL {second};44 NANTES\n6;COMITÉ RÉGIONAL {second};44 NANTES\n\
         7;LES {third};75 PARIS\n8;{third} EX {fourth};75 PARIS\n9;OGEC ST {fourth};49\n10;OGEC SAINT {fourth};49 ANGERS\n"
    );
    let (table, clusters) = clusters(&csv);
    let mut bodies: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for group in clusters.groups(&table) {
        let ids = group
            .members
            .iter()
            .map(|member| table.id(*member as usize).to_owned());
        bodies.entry(group.organisation).or_default().extend(ids);
    }
    bodies.into_values().collect()
}

#[test]
fn renaming_bodies_changes_no_link() {
    let expected = groups(["SALORGES", "BRIVADELLE", "TOURNEMINES", "MAUDEZ"]);
    assert!(
        expected.iter().any(|ids| ids.len() > 1) && expected.len() > 4,
        "{expected:?}"
    );
    for names in [
        ["KERVADEC", "MONTESQUIN", "PLUVIGNOLES", "EDERN"],
        ["VALCROZE", "PERIGNANES", "HAUTERIVOIS", "GUENOLE"],
    ] {
        assert_eq!(groups(names), expected, "{names:?}");
    }
}
