//! Linking of the shared corpus from its gold records: the clusters of `gold/clusters.json` exactly, no hard negative merged, and the properties that
//! hold for any input.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use palmares::link::{
    Clusters, LinkDetail, LinkOptions, Linked, Mapping, Table, cluster_records, link,
};
use palmares::model::laureate::Decision;
use palmares::model::mention::Mention;
use palmares::model::threshold::AtThreshold;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("PALMARES_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    if root.join("corpus").is_dir() {
        return Some(root);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the shared corpus is missing: set PALMARES_SHARED"
    );
    writeln!(std::io::stderr(), "not run: the shared corpus is missing").expect("stderr is open");
    None
}

/// The gold records of a document, as mentions of a document of that path.
fn mentions(gold: &Value, path: &str) -> Vec<Mention> {
    let sha256 = hex(&Sha256::digest(path.as_bytes()));
    gold["records"]
        .as_array()
        .expect("gold has records")
        .iter()
        .map(|record| {
            let mut record = record.clone();
            let fields = record.as_object_mut().expect("a record is an object");
            let text = fields
                .remove("partners")
                .filter(|partners| !partners.is_array());
            if let Some(text) = text {
                fields.insert("partners_text".into(), text);
            }
            for optional in [
                "inferred",
                "inferred_optional",
                "evidence",
                "edition",
                "keywords",
                "public_types",
                "funding",
                "added_value",
                "quotes",
            ] {
                fields.remove(optional);
            }
            for list in ["links", "partners"] {
                if fields.get(list).is_some_and(|value| !value.is_array()) {
                    fields.remove(list);
                }
            }
            let mut mention: Mention =
                serde_json::from_value(record).expect("gold has the fields of the contract");
            let key = format!("{sha256}{}", mention.position);
            mention.id = format!("m-{}", &hex(&Sha256::digest(key.as_bytes()))[..16]);
            mention.document.path = path.into();
            mention.document.sha256.clone_from(&sha256);
            mention
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
        text
    })
}

const TEXTS: [&str; 5] = [
    "text/000.txt",
    "text/001.txt",
    "text/002.txt",
    "text/003.txt",
    "text/004.txt",
];
const ALL: [&str; 11] = [
    "text/000.txt",
    "text/001.txt",
    "text/002.txt",
    "text/003.txt",
    "text/004.txt",
    "raw/000.html",
    "raw/001.pdf",
    "raw/002.html",
    "raw/003.html",
    "raw/003_columns.pdf",
    "raw/004.pdf",
];

fn corpus(paths: &[&str]) -> Option<(Vec<Mention>, Value)> {
    let gold = shared()?.join("corpus/gold");
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(gold.join(name)).expect("gold is there");
        serde_json::from_str(&text).expect("gold is JSON")
    };
    let mentions = paths
        .iter()
        .flat_map(|path| {
            mentions(
                &read(&format!(
                    "{}.json",
                    &path.split_once('/').expect("a folder").1[..3]
                )),
                path,
            )
        })
        .collect();
    Some((mentions, read("clusters.json")))
}

/// `001:19`, as clusters.json refers to records.
fn key(member: &Value) -> (String, u64) {
    let number = member
        .get("position")
        .or(member.get("ordinal"))
        .and_then(Value::as_u64);
    (
        member["doc"].as_str().expect("a document").to_owned(),
        number.expect("a number"),
    )
}

/// The laureate and organisation ids of each record of clusters.json, from whichever file.
fn places(linked: &Linked) -> BTreeMap<(String, u64), BTreeSet<(String, String)>> {
    let mut places: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for laureate in &linked.laureates {
        for source in &laureate.sources {
            let document = source.document.split_once('/').expect("a folder").1[..3].to_owned();
            places
                .entry((document, u64::from(source.position)))
                .or_default()
                .insert((laureate.organisation.id.clone(), laureate.id.clone()));
        }
    }
    places
}

fn check_corpus(paths: &[&str]) {
    let Some((mentions, gold)) = corpus(paths) else {
        return;
    };
    let linked = link(&mentions, &LinkOptions::default());
    let places = places(&linked);
    let mut wrong: Vec<String> = Vec::new();
    for (level, clusters) in [
        ("organisation", &gold["same_organisation"]),
        ("laureate", &gold["same_project"]),
    ] {
        for cluster in clusters.as_array().expect("clusters") {
            let ids: BTreeSet<&String> = cluster
                .as_array()
                .expect("members")
                .iter()
                .flat_map(|member| &places[&key(member)])
                .map(|(organisation, laureate)| {
                    if level == "organisation" {
                        organisation
                    } else {
                        laureate
                    }
                })
                .collect();
            if ids.len() != 1 {
                wrong.push(format!("{level} split: {}", cluster[0]));
            }
        }
    }
    for negative in gold["hard_negatives"].as_array().expect("hard negatives") {
        let (a, b) = (&places[&key(&negative["a"])], &places[&key(&negative["b"])]);
        let same_organisation = a.iter().any(|(x, _)| b.iter().any(|(y, _)| x == y));
        let same_laureate = a.iter().any(|(_, x)| b.iter().any(|(_, y)| x == y));
        if same_laureate || (same_organisation && negative["level"] == "both") {
            wrong.push(format!("merged: {} {}", negative["a"], negative["b"]));
        }
    }
    let organisations: BTreeSet<_> = linked
        .laureates
        .iter()
        .map(|laureate| &laureate.organisation.id)
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        linked.laureates.len(),
        92,
        "116 records, 24 of them seen twice"
    );
    // Two singletons of gold may be one organisation: the uncertain ones.
    assert!(
        (86..=88).contains(&organisations.len()),
        "{} organisations",
        organisations.len()
    );
}

#[test]
fn clusters_of_the_texts_are_those_of_gold() {
    check_corpus(&TEXTS);
}

#[test]
fn eleven_files_give_the_same_laureates() {
    check_corpus(&ALL);
}

#[test]
fn order_does_not_matter_and_linking_twice_changes_nothing() {
    let Some((mut mentions, _)) = corpus(&TEXTS) else {
        return;
    };
    let linked = link(&mentions, &LinkOptions::default());
    mentions.reverse();
    mentions.rotate_left(37);
    let again = link(&mentions, &LinkOptions::default());
    assert_eq!(linked.laureates, again.laureates);
    assert_eq!(linked.links, again.links);
}

#[test]
fn each_mention_is_in_one_laureate_and_explanations_add_up() {
    let Some((mentions, _)) = corpus(&ALL) else {
        return;
    };
    let linked = link(&mentions, &LinkOptions::default());
    let mut sources: Vec<&str> = linked
        .laureates
        .iter()
        .flat_map(|laureate| {
            laureate
                .sources
                .iter()
                .map(|source| source.mention.as_str())
        })
        .collect();
    sources.sort_unstable();
    let mut ids: Vec<&str> = mentions.iter().map(|mention| mention.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(sources, ids);
    assert!(
        linked
            .links
            .iter()
            .any(|link| link.decision == Decision::SameLaureate)
    );
    for link in &linked.links {
        for judgement in std::iter::once(&link.organisation).chain(&link.laureate) {
            let sum: f64 = judgement.contributions.iter().map(|part| part.weight).sum();
            assert!(
                (judgement.prior + sum - judgement.weight).abs() < 1e-6,
                "{link:?}"
            );
        }
    }
}

fn table(csv: &str) -> (Table, Clusters) {
    let mut table = Table::default();
    table
        .add("liste.csv", csv.as_bytes().to_vec(), &Mapping::default())
        .expect("the table can be read");
    table.finish().expect("ids are distinct");
    let clusters = cluster_records(&table, &LinkOptions::default());
    (table, clusters)
}

/// Links a table alone and compares the ids that come together, organisation by organisation and laureate by laureate.
#[track_caller]
fn check_table(csv: &str, organisations: &[&[&str]], laureates: &[&[&str]]) {
    let (table, clusters) = table(csv);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut groups: Vec<Vec<String>> = Vec::new();
    clusters.each_laureate(
        &table,
        |laureate| laureate,
        |laureate| {
            let ids: Vec<String> = laureate
                .sources
                .into_iter()
                .map(|source| source.mention)
                .collect();
            found
                .entry(laureate.organisation.id)
                .or_default()
                .extend(ids.iter().cloned());
            groups.push(ids);
        },
    );
    let sorted = |groups: Vec<Vec<String>>| -> BTreeSet<Vec<String>> {
        let several = groups.into_iter().filter(|ids| ids.len() > 1);
        several
            .map(|mut ids| {
                ids.sort();
                ids
            })
            .collect()
    };
    let expected = |groups: &[&[&str]]| -> BTreeSet<Vec<String>> {
        groups
            .iter()
            .map(|ids| ids.iter().map(|id| (*id).to_owned()).collect())
            .collect()
    };
    assert_eq!(
        sorted(found.into_values().collect()),
        expected(organisations)
    );
    assert_eq!(sorted(groups), expected(laureates));
}

#[test]
fn bodies_of_one_place_are_told_apart_by_what_they_are() {
    check_table(
        "id;nom;departement\n\
         1;Ville de Montbrison;42\n2;Mairie de Montbrison;42\n3;CCAS de Montbrison;42\n\
         4;Montbrison Agglomération;42\n5;Conseil départemental de l’Orne;61\n6;DEPARTEMENT DE L'ORNE;61\n\
         7;Syndicat départemental d'énergie de l'Orne;61\n8;Territoire d’énergie Orne;61\n",
        &[&["1", "2"], &["5", "6"], &["7", "8"]],
        &[&["1", "2"], &["5", "6"], &["7", "8"]],
    );
}

#[test]
fn a_body_in_two_calls_of_a_list_is_two_laureates() {
    check_table(
        "id;nom;departement;appel\n\
         1;Les Semeurs de Brocéliande;56;Rives vivantes saison 1\n2;Les semeurs de Broceliande;56;Rives vivantes saison 2\n\
         3;Association Les Semeurs de Brocéliande;56;Rives vivantes saison 1\n4;Les Semeurs de Brocéliande;56;Toits d'été\n",
        &[&["1", "2", "3", "4"]],
        &[&["1", "3"]],
    );
}

/// At which level the records 1 and 2 of a table agree on one thing.
#[track_caller]
fn check_level(csv: &str, comparison: &str, expected: &str) {
    let (table, clusters) = table(csv);
    let link = clusters
        .explain(&table, "1", "2")
        .expect("the ids are known");
    let contribution = link
        .organisation
        .contributions
        .iter()
        .find(|contribution| contribution.comparison == comparison);
    assert_eq!(
        contribution.map(|contribution| contribution.level.as_str()),
        Some(expected)
    );
}

#[test]
fn one_town_in_two_departments_is_two_towns() {
    check_level(
        "id;nom;territoire\n1;Régie de quartier de Montlieu;Montlieu (06)\n2;Régie de quartier de Montlieu;Mayenne\n",
        "territory",
        "other",
    );
    check_level(
        "id;nom;territoire\n1;Régie de quartier de Montlieu;Montlieu (53)\n2;Régie de quartier de Montlieu;Mayenne\n",
        "territory",
        "same_as_in_the_name",
    );
}

#[test]
fn a_postal_code_says_the_department_and_is_no_part_of_the_town() {
    check_level(
        "id;nom;territoire\n1;Les Semeurs;56380 Guer\n2;Les Glaneurs;Guer (56)\n",
        "territory",
        "same",
    );
    check_level(
        "id;nom;territoire\n1;Les Semeurs;2A004\n2;Les Glaneurs;Corse-du-Sud\n",
        "territory",
        "same_department",
    );
}

#[test]
fn a_town_that_two_names_share_is_no_name() {
    check_level(
        "id;nom;territoire\n1;Théâtre Kerbihan;Kerbihan\n2;Banque alimentaire Kerbihan;Kerbihan\n",
        "name",
        "different",
    );
    check_level(
        "id;nom;territoire\n1;Banque alimentaire;Kerbihan\n2;Banque alimentaire Kerbihan;Kerbihan\n",
        "name",
        "contained",
    );
}

#[test]
fn a_heading_that_runs_on_is_split_by_another_source() {
    let csv = "id;nom;projet\n1;Les Semeurs de Brocéliande;Un jardin pour tous\n2;LES SEMEURS DE BROCÉLIANDE Un jardin pour tous;\n\
         3;Les Semeurs de Brocéliande;Récolter ensemble\n";
    let (table, clusters) = table(csv);
    let mut laureates = Vec::new();
    clusters.each_laureate(
        &table,
        |laureate| laureate,
        |laureate| laureates.push(laureate),
    );
    let [garden, harvest] = laureates.as_slice() else {
        panic!("{laureates:?}");
    };
    assert_eq!(garden.sources.len(), 2);
    assert_eq!(garden.name.as_deref(), Some("Les Semeurs de Brocéliande"));
    assert_eq!(garden.project.as_deref(), Some("Un jardin pour tous"));
    assert_eq!(harvest.organisation, garden.organisation);
    assert_eq!(harvest.project.as_deref(), Some("Récolter ensemble"));
}

#[test]
fn an_organisation_named_as_a_partner_is_linked_and_marked() {
    let csv = "id;nom;partenaires;territoire\n1;Les Semeurs de Brocéliande;;Guer\n2;Théâtre du Grand Large;Semeurs de Broceliande ; Mairie;Brest\n\
         3;Ateliers du Fil;Les Semeurs de Brocéliande;Guer\n";
    let (table, clusters) = table(csv);
    let found: Vec<(String, String, Option<String>)> = clusters
        .partners(&table, &LinkOptions::default())
        .into_iter()
        .inspect(|link| assert_eq!(link.decision, Decision::Partner))
        .map(|link| (link.a, link.b, link.partner))
        .collect();
    let expected = [
        ("2", "Semeurs de Broceliande"),
        ("3", "Les Semeurs de Brocéliande"),
    ]
    .map(|(by, name)| (by.to_owned(), "1".to_owned(), Some(name.to_owned())));
    assert_eq!(found, expected);
}

#[test]
fn threads_do_not_matter() {
    let Some((mentions, _)) = corpus(&ALL) else {
        return;
    };
    let linked = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads start")
            .install(|| link(&mentions, &LinkOptions::default()))
    };
    let (one, four) = (linked(1), linked(4));
    assert_eq!(one.laureates, four.laureates);
    assert_eq!(one.links, four.links);
}

/// How many organisations and laureates a table has, how many records its laureates list as sources, and how many links account for it.
fn counts(csv: &str) -> [usize; 4] {
    let (table, clusters) = table(csv);
    let (mut laureates, mut sources) = (0, 0);
    clusters.each_laureate(
        &table,
        |laureate| laureate.sources.len(),
        |of_one| {
            laureates += 1;
            sources += of_one;
        },
    );
    let links = clusters.links(&table, &LinkOptions::default()).len();
    [clusters.n_organisations(), laureates, sources, links]
}

/// Numbers around the limits of blocks and groups, and far beyond them.
fn numbers() -> impl Iterator<Item = usize> {
    (1..=40).chain([149, 150, 151, 299, 300, 301, 1000, 2000])
}

#[test]
fn copies_are_one_laureate_whatever_their_number() {
    for number in numbers() {
        let mut csv = "id;nom;projet;territoire\n".to_owned();
        for id in 0..number {
            writeln!(
                csv,
                "{id};Mission locale du Trégor;Un jardin partagé;Lannion"
            )
            .expect("a string takes all");
        }
        assert_eq!(counts(&csv), [1, 1, number, number - 1], "{number} copies");
    }
}

#[test]
fn copies_with_small_differences_are_one_laureate_whatever_their_number() {
    const NAMES: [&str; 4] = [
        "Mission locale du Trégor",
        "MISSION LOCALE DU TRÉGOR",
        "La Mission locale du Tregor",
        "Mission-locale, du Trégor",
    ];
    const TITLES: [&str; 6] = [
        "Ensemble cultivons un jardin partagé",
        "ENSEMBLE CULTIVONS UN JARDIN PARTAGE",
        "Ensemble, cultivons un jardin partagé !",
        "Ensemble cultivons un jardin partagé",
        "« Ensemble cultivons un jardin partagé »",
        "",
    ];
    for number in numbers() {
        let mut csv = "id;nom;projet;territoire\n".to_owned();
        for id in 0..number {
            let title = match TITLES[id % TITLES.len()] {
                // A letter for another: another one in each copy.
                "" => {
                    let letter = char::from(b'a' + u8::try_from(id / 6 % 26).expect("a letter"));
                    format!("Ensemble culti{letter}ons un jardin partagé")
                }
                title => title.to_owned(),
            };
            writeln!(csv, "{id};{};{title};Lannion", NAMES[id % NAMES.len()])
                .expect("a string takes all");
        }
        let [organisations, laureates, sources, links] = counts(&csv);
        assert_eq!([organisations, laureates, sources], [1, 1, number]);
        assert!(links <= 12 * number, "{links} links of {number} copies");
    }
}

/// A word for a number; those of two numbers are more than a slip apart.
fn word(number: usize) -> String {
    let digest = Sha256::digest(number.to_be_bytes());
    let syllables = digest.iter().take(5).flat_map(|byte| {
        let (consonant, vowel) = (usize::from(byte % 16), usize::from(byte / 16 % 5));
        [b"bcdfghjklmnprstv"[consonant], b"aeiou"[vowel]].map(char::from)
    });
    syllables.collect()
}

#[test]
fn one_body_with_many_projects_is_one_organisation_whatever_their_number() {
    for number in [2, 12, 13, 40, 151, 400] {
        let mut csv = "id;nom;projet;territoire\n".to_owned();
        for id in 0..number {
            let project = word(id);
            writeln!(
                csv,
                "{id};Mission locale du Trégor;Atelier {project};Lannion"
            )
            .expect("a string takes all");
        }
        for id in 1000..1050 {
            let [name, project, town] = [id, id + 1000, id + 2000].map(word);
            writeln!(csv, "{id};Comité {name};Fête {project};{town}").expect("a string takes all");
        }
        let [organisations, laureates, ..] = counts(&csv);
        assert_eq!(
            [organisations, laureates],
            [51, number + 50],
            "{number} projects"
        );
    }
}

/// A mention of a document.
fn mention(document: usize, position: usize, name: &str, project: &str) -> Mention {
    let mut mention = Mention {
        id: format!("m-{document:04}-{position}"),
        name: Some(name.into()),
        project: Some(project.into()),
        territory: Some("Lannion".into()),
        position: u32::try_from(position).expect("a small number"),
        ..Mention::default()
    };
    mention.document.path = format!("{document:04}.txt");
    mention.document.sha256 = format!("{document:064}");
    mention
}

/// Links mentions and compares how many of them each laureate has.
#[track_caller]
fn check_sources(mentions: &[Mention], expected: &[usize]) -> Linked {
    let linked = link(mentions, &LinkOptions::default());
    let laureates = linked.laureates.iter();
    let sources: Vec<usize> = laureates.map(|laureate| laureate.sources.len()).collect();
    assert_eq!(sources, expected);
    linked
}

#[test]
fn a_list_printed_a_thousand_times_has_the_laureates_of_one() {
    let mentions: Vec<Mention> = (0..1000)
        .flat_map(|document| {
            (1..=6).map(move |number| {
                let name = [
                    "Semeurs",
                    "Glaneurs",
                    "Jardiniers",
                    "Forgerons",
                    "Tisserands",
                    "Luthiers",
                ];
                let project = format!("Atelier {number} au village");
                mention(document, number, name[number - 1], &project)
            })
        })
        .collect();
    let linked = check_sources(&mentions, &[1000; 6]);
    assert!(linked.links.len() < 6100, "{} links", linked.links.len());
    let copy = linked
        .links
        .iter()
        .find(|link| link.because.as_deref() == Some("copy"));
    assert_eq!(copy.map(|link| link.decision), Some(Decision::SameLaureate));
}

#[test]
fn entries_of_one_list_that_state_the_same_are_as_many_laureates_in_every_copy_of_it() {
    for documents in [1, 2, 20] {
        let mentions: Vec<Mention> = (0..documents)
            .flat_map(|document| {
                (1..=3)
                    .map(move |position| mention(document, position, "Amis de l’orgue", "Concert"))
            })
            .collect();
        check_sources(&mentions, &[documents; 3]);
    }
}

#[test]
fn a_decision_parts_copies() {
    let csv = "id;nom;projet\n1;Les Semeurs;Un jardin\n2;Les Semeurs;Un jardin\n3;Les Glaneurs;Un verger\n";
    let (table, _) = table(csv);
    let options = LinkOptions {
        decisions: palmares::link::Decisions {
            cannot_link: vec![("1".into(), "2".into())],
            ..palmares::link::Decisions::default()
        },
        ..LinkOptions::default()
    };
    let clusters = cluster_records(&table, &options);
    assert_eq!(clusters.groups(&table).len(), 3);
}

/// A pair that was compared and found unlikely is as much decided as one that no key brought up.
#[test]
fn a_decision_brings_together_what_the_evidence_is_against() {
    let csv = "id;nom;commune\n1;Les Pétroleuses;Nantes\n2;Les Pétroleuses du Nord;Lille\n3;Les Glaneurs;Brest\n";
    let (table, alone) = table(csv);
    assert_eq!(alone.n_organisations(), 3);
    for other in ["2", "3"] {
        let options = LinkOptions {
            decisions: palmares::link::Decisions {
                must_link: vec![("1".into(), other.into())],
                ..palmares::link::Decisions::default()
            },
            ..LinkOptions::default()
        };
        let clusters = cluster_records(&table, &options);
        assert_eq!(
            (clusters.n_organisations(), clusters.groups(&table).len()),
            (2, 2),
            "1 and {other}"
        );
    }
}

/// Names beside others that are nearly theirs, of towns that differ at times: some pairs are likely, some are not.
const DOUBTFUL: &str = "id;nom;commune\n\
    1;Les Semeurs du Trégor;Lannion\n2;Semeurs du Trégor;Lannion\n3;Les Semeurs du Trégor réunis;Brest\n\
    4;Compagnie des Glaneurs;Nantes\n5;Les Glaneurs;Nantes\n6;Les Glaneurs du Bocage;Vire\n\
    7;Atelier coopératif de la Vilaine;Rennes\n8;Atelier de la Vilaine;Rennes\n9;Atelier coopératif de l’Orne;Caen\n\
    10;Radio Rivage;Brest\n11;Radio Rivages;Quimper\n12;Rivage;Brest\n";

fn thresholds(csv: &str, options: &LinkOptions) -> (Clusters, Vec<AtThreshold>) {
    let (table, _) = table(csv);
    let options = LinkOptions {
        thresholds: true,
        ..options.clone()
    };
    let clusters = cluster_records(&table, &options);
    let thresholds = clusters.thresholds().to_vec();
    (clusters, thresholds)
}

/// The mean of what the pairs above say, their share of what all pairs say, and the groups that linking with the threshold gives.
#[test]
fn what_a_threshold_would_give_follows_from_the_pairs() {
    let (table, _) = table(DOUBTFUL);
    let all = LinkOptions {
        floor: 1e-9,
        ..LinkOptions::default()
    };
    let (clusters, thresholds) = thresholds(DOUBTFUL, &all);
    let probabilities: Vec<f64> = (clusters.links(&table, &all).iter())
        .map(|link| link.organisation.probability)
        .collect();
    let tried: Vec<f64> = thresholds.iter().map(|at| at.threshold).collect();
    assert_eq!(
        tried,
        [
            0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999
        ]
    );
    let mut pairs: Vec<usize> = thresholds.iter().map(|at| at.pairs).collect();
    for at in &thresholds {
        let above: Vec<f64> = (probabilities.iter().copied())
            .filter(|probability| *probability > at.threshold)
            .collect();
        let right: f64 = above.iter().sum();
        assert_eq!(at.pairs, above.len(), "{at:?}");
        if let Some(precision) = at.precision {
            assert!(
                (precision - right / above.len() as f64).abs() < 1e-4,
                "{at:?}"
            );
        }
        assert_eq!(at.precision.is_none(), above.is_empty(), "{at:?}");
        let recall = right / probabilities.iter().sum::<f64>();
        assert!((at.recall - recall).abs() < 1e-4, "{at:?}");
        let with_it = LinkOptions {
            threshold: at.threshold,
            ..all.clone()
        };
        let with_it = cluster_records(&table, &with_it);
        assert_eq!(at.organisations, with_it.n_organisations(), "{at:?}");
        assert_eq!(at.is_used, (at.threshold - 0.5).abs() < 1e-9);
    }
    pairs.dedup();
    assert!(pairs.len() > 2, "the pairs differ: {pairs:?}");
}

/// The recall is a share of all pairs that were compared, whichever of them are kept.
#[test]
fn thresholds_are_told_as_far_down_as_pairs_are_kept() {
    let (_, all) = thresholds(DOUBTFUL, &LinkOptions::default());
    let kept = LinkOptions {
        detail: LinkDetail::None,
        ..LinkOptions::default()
    };
    let (_, above) = thresholds(DOUBTFUL, &kept);
    assert_eq!(above, all[4..]);
    let used = LinkOptions {
        threshold: 0.85,
        ..LinkOptions::default()
    };
    let (clusters, other) = thresholds(DOUBTFUL, &used);
    let used: Vec<&AtThreshold> = other.iter().filter(|at| at.is_used).collect();
    assert_eq!((other.len(), used.len()), (all.len() + 1, 1));
    assert_eq!(
        (used[0].threshold, used[0].organisations),
        (0.85, clusters.n_organisations())
    );
}

#[test]
fn nothing_is_estimated_where_there_is_nothing_to_estimate_from() {
    let apart = "id;nom\n1;Les Semeurs\n2;Radio Rivage\n";
    let (_, none) = thresholds(apart, &LinkOptions::default());
    assert_eq!(none, []);
    // What people decide is no estimate.
    let decided = LinkOptions {
        decisions: palmares::link::Decisions {
            must_link: vec![("1".into(), "2".into())],
            ..palmares::link::Decisions::default()
        },
        ..LinkOptions::default()
    };
    let (clusters, none) = thresholds(apart, &decided);
    assert_eq!((clusters.n_organisations(), none), (1, vec![]));
    assert_eq!(table(DOUBTFUL).1.thresholds(), [], "nobody asked");
}

#[test]
fn a_word_of_any_length_and_a_name_of_any_number_of_words_are_read_in_linear_time() {
    let csv = format!(
        "id;nom;projet\n1;{};Un jardin\n2;{};Un verger\n3;Les Semeurs;{}\n",
        "x".repeat(1_000_000),
        "les mots ".repeat(200_000),
        "A.".repeat(500_000)
    );
    let (table, clusters) = table(&csv);
    assert_eq!(clusters.groups(&table).len(), 3);
    assert_eq!(
        clusters.cut(),
        1,
        "the second: letters with points are one word"
    );
}
