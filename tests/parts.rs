//! Linking in parts gives what linking the whole gives, byte for byte, however the records are spread: what integrations/spark relies on.

use std::collections::{BTreeMap, BTreeSet};

use palmares::link::{
    Brought, Keyed, LinkOptions, Mapping, Source, Table, Whole, cluster_records, pairs_of_key,
};
use palmares::model::laureate::LinkRecord;

/// The records are of this file.
const PATH: &str = "records.ndjson";

/// Numbers that look like chance, the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

/// Records of few words, so that keys are common, with slips of the pen, copies in several lists, and a list that holds a record twice.
fn records(count: usize) -> Vec<String> {
    const HEADS: [&str; 6] = [
        "Association",
        "Les Amis",
        "Mission locale",
        "CCAS",
        "Atelier",
        "Ressourcerie",
    ];
    const WORDS: [&str; 12] = [
        "Semeurs",
        "Rivages",
        "Étoile",
        "Possibles",
        "Vivant",
        "Colline",
        "Passerelle",
        "Lucioles",
        "Grange",
        "Moulin",
        "Bocage",
        "Estuaire",
    ];
    const TOWNS: [&str; 6] = [
        "Lens",
        "Guer",
        "Rennes",
        "Saint-Brieuc",
        "Ajaccio",
        "Vannes",
    ];
    const TITLES: [&str; 5] = [
        "Un jardin pour tous",
        "Le bus des mots",
        "Récolter ensemble",
        "Cap sur l'emploi",
        "",
    ];
    let mut draw = Draw(7);
    let mut records: Vec<String> = Vec::new();
    for row in 0..count {
        if row > 50 && draw.below(8) == 0 {
            // What another record states, in whatever list.
            let before = records[draw.below(row)].clone();
            let (_, rest) = before.split_once(',').unwrap();
            let other = format!("\"sha256\":\"s{}\"", draw.below(9));
            let at = rest.find("\"sha256\"").unwrap();
            let end = at + rest[at..].find('}').unwrap();
            records.push(format!(
                "{{\"id\":\"m-{}\",{}{other}{}",
                id(row),
                &rest[..at],
                &rest[end..]
            ));
            continue;
        }
        let mut word = draw.of(&WORDS).to_owned();
        if draw.below(6) == 0 {
            word.pop();
        }
        records.push(format!(
            "{{\"id\":\"m-{}\",\"name\":\"{} {word} {}\",\"project\":\"{}\",\"territory\":\"{}\",\"contacts\":[\"c{}@exemple.fr\"],\"document\":{{\"path\":\"d\",\"sha256\":\"s{}\"}}}}",
            id(row),
            draw.of(&HEADS),
            draw.of(&WORDS),
            draw.of(&TITLES),
            draw.of(&TOWNS),
            draw.below(400),
            draw.below(9),
        ));
    }
    records
}

/// Ids in no order of the rows.
fn id(row: usize) -> String {
    format!("{:05}", row * 7919 % 99_991)
}

/// The lines of laureates.ndjson and of links.ndjson.
fn whole(records: &[String]) -> (Vec<String>, Vec<String>) {
    let table = table(records);
    let options = LinkOptions::default();
    let clusters = cluster_records(&table, &options);
    let mut laureates = Vec::new();
    clusters.each_laureate(
        &table,
        |laureate| serde_json::to_string(&laureate).unwrap(),
        |line| laureates.push(line),
    );
    let links = clusters.links(&table, &options);
    (laureates, links.iter().map(json).collect())
}

fn json(link: &LinkRecord) -> String {
    serde_json::to_string(link).unwrap()
}

fn table(records: &[String]) -> Table {
    let mut table = Table::default();
    table
        .add(PATH, records.join("\n").into_bytes(), &Mapping::default())
        .unwrap();
    table.finish().unwrap();
    table
}

/// The same in parts: `part` says which of `n` something is of.
fn in_parts(records: &[String], n: usize) -> (Vec<String>, Vec<String>) {
    let statistics = Whole::of(&table(records), PATH, &LinkOptions::default());
    let statistics = serde_json::to_string(&statistics).unwrap();
    let read = || Whole::from_json(&statistics).unwrap();
    let part_of = |rows: &BTreeSet<u32>| {
        let rows = rows
            .iter()
            .map(|row| (*row, records[*row as usize - 1].clone()));
        Table::of_part(PATH, rows.collect()).unwrap()
    };
    // Keys.
    let mut by_key: BTreeMap<String, Vec<Keyed>> = BTreeMap::new();
    let (mut row_of, mut edges) = (BTreeMap::new(), Vec::new());
    for part in 0..n {
        let rows: BTreeSet<u32> = (1_u32..=records.len().try_into().unwrap())
            .filter(|row| {
                (*row as usize).is_multiple_of(n) && part == 0 || *row as usize % n == part
            })
            .collect();
        let table = part_of(&rows);
        let part = read().read(&table).unwrap();
        for known in part.known() {
            edges.extend(known.copy_of.map(|of| (of, known.id.clone())));
            row_of.insert(known.id, known.row);
        }
        part.each_key(|keyed| {
            by_key.entry(keyed.key.clone()).or_default().push(keyed);
            Ok::<(), ()>(())
        })
        .unwrap();
    }
    assert!(!edges.is_empty(), "there are copies");
    // Pairs.
    let mut rules: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for members in by_key.values_mut() {
        members.reverse();
        pairs_of_key(members, |pair| {
            rules
                .entry((pair.a, pair.b))
                .or_default()
                .extend(pair.blocked_by);
        });
    }
    // Weights: each pair with its two records, in some part.
    let parts = spread(rules, n);
    let mut weighed = Vec::new();
    for pairs in &parts {
        let rows = pairs
            .iter()
            .flat_map(|pair| [row_of[&pair.a], row_of[&pair.b]])
            .collect();
        let table = part_of(&rows);
        weighed.extend(read().read(&table).unwrap().weigh(pairs));
    }
    // Connected sets, by the smallest id.
    let joined = weighed.iter().filter(|pair| pair.joins);
    edges.extend(joined.map(|pair| (pair.link.a.clone(), pair.link.b.clone())));
    let set = connected(row_of.keys(), &edges);
    // Laureates.
    let options = LinkOptions::default();
    let number = |id: &str| row_of[&set[id]] as usize % n;
    let (mut laureates, mut links) = (Vec::new(), Vec::new());
    for part in 0..n {
        let rows = row_of
            .iter()
            .filter(|(id, _)| number(id) == part)
            .map(|(_, row)| *row)
            .collect();
        let table = part_of(&rows);
        let (inside, between): (Vec<_>, Vec<_>) = weighed
            .iter()
            .filter(|pair| number(&pair.link.a) == part)
            .partition(|pair| set[&pair.link.a] == set[&pair.link.b]);
        links.extend(between.into_iter().map(|pair| pair.link.clone()));
        let pairs: Vec<Brought> = (inside.into_iter())
            .map(|pair| Brought {
                a: pair.link.a.clone(),
                b: pair.link.b.clone(),
                blocked_by: pair.link.blocked_by.clone(),
            })
            .collect();
        let clusters = read().read(&table).unwrap().group(&pairs);
        let mut first = clusters.groups(&table).into_iter().map(|group| {
            let rows = group
                .members
                .iter()
                .map(|member| Source::place(&table, *member as usize).1);
            rows.min().unwrap()
        });
        clusters.each_laureate(
            &table,
            |laureate| serde_json::to_string(&laureate).unwrap(),
            |line| laureates.push((first.next().unwrap(), line)),
        );
        links.extend(clusters.links(&table, &options));
    }
    laureates.sort();
    links.sort_by(|x, y| (&x.a, &x.b).cmp(&(&y.a, &y.b)));
    (
        laureates.into_iter().map(|(_, line)| line).collect(),
        links.iter().map(json).collect(),
    )
}

/// The pairs, each in one of so many parts.
fn spread(rules: BTreeMap<(String, String), BTreeSet<String>>, n: usize) -> Vec<Vec<Brought>> {
    let mut parts: Vec<Vec<Brought>> = vec![Vec::new(); n];
    for (at, ((a, b), blocked_by)) in rules.into_iter().enumerate() {
        let blocked_by = blocked_by.into_iter().collect();
        parts[at % n].push(Brought { a, b, blocked_by });
    }
    parts
}

/// For each record the smallest id of those that it is connected with.
fn connected<'a>(
    ids: impl Iterator<Item = &'a String>,
    edges: &[(String, String)],
) -> BTreeMap<String, String> {
    let mut set: BTreeMap<String, String> = ids.map(|id| (id.clone(), id.clone())).collect();
    loop {
        let mut moved = false;
        for (a, b) in edges {
            let least = set[a].clone().min(set[b].clone());
            for end in [a, b] {
                moved |= set.insert(end.clone(), least.clone()) != Some(least.clone());
            }
        }
        if !moved {
            break;
        }
    }
    set
}

#[test]
fn parts_give_what_the_whole_gives() {
    let records = records(900);
    let whole = whole(&records);
    assert!(whole.0.len() < records.len(), "some are one");
    for n in [1, 2, 7] {
        let parts = in_parts(&records, n);
        for (parts, whole) in [(&parts.0, &whole.0), (&parts.1, &whole.1)] {
            let differs = parts
                .iter()
                .zip(whole.iter())
                .find(|(part, whole)| part != whole);
            assert_eq!(differs, None, "{n} parts");
            assert_eq!(parts.len(), whole.len(), "{n} parts");
        }
    }
}

#[test]
fn statistics_of_other_records_are_an_error() {
    let whole = Whole::of(&table(&records(20)), PATH, &LinkOptions::default());
    let other = r#"{"id":"x","name":"Zzyzx","project":"Nulle part"}"#.to_owned();
    let other = Table::of_part(PATH, vec![(1, other)]).unwrap();
    let error = whole.read(&other).unwrap_err();
    assert!(error.to_string().contains("other records"), "{error}");
}
