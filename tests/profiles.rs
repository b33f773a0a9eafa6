//! Profiles help, and nothing hangs on them: each built-in one can go, a first one written from a document reads it no worse, and the command tells
//! mistakes.

mod common;
#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::path::Path;

use palmares::evaluate::score::score;
use palmares::evaluate::{Mode, Record};
use palmares::ingest;
use palmares::pipeline::{self, Options};
use palmares::profile::Profile;
use serde_json::Value;
use workspace::{SAMPLE, Workspace};

/// A document may lose this much macro F1 with its profile.
const LOSS: f64 = 0.05;

/// The records of a document, and the profile that it was read by.
fn read(path: &Path, profiles: &[Profile]) -> (Vec<Record>, Option<String>) {
    let options = Options {
        profiles: profiles.to_vec().into(),
        ..Options::default()
    };
    let sources = ingest::discover(&[path.to_owned()], None).sources;
    let raw = ingest::ingest(sources.first().expect("the file is found"), &options.limits)
        .expect("the file is read");
    let outcome =
        pipeline::process_document(&raw, &options, &|_| {}).expect("the document is read");
    let records = outcome
        .mentions
        .iter()
        .map(
            |mention| match serde_json::to_value(mention.get()).expect("a mention serialises") {
                Value::Object(record) => record,
                other => panic!("a mention is an object, not {other}"),
            },
        )
        .collect();
    (records, outcome.record.get().profile.clone())
}

fn f1(gold: &[Record], found: &[Record]) -> f64 {
    score(gold, found)
        .macro_f1(Mode::Strict)
        .expect("gold has core fields")
}

#[test]
fn no_document_hangs_on_its_profile() {
    let Some(shared) = common::shared("no_document_hangs_on_its_profile") else {
        return;
    };
    let built_in = Profile::built_in();
    let mut used = Vec::new();
    for document in ["000.html", "001.pdf", "002.html", "003.html", "004.pdf"] {
        let corpus = shared.join("corpus");
        let path = corpus.join("raw").join(document);
        let gold = corpus
            .join("gold")
            .join(Path::new(document).with_extension("json"));
        let gold = std::fs::read_to_string(gold).expect("each document has gold");
        let gold: Value = serde_json::from_str(&gold).expect("gold is JSON");
        let gold: Vec<Record> = gold["records"]
            .as_array()
            .expect("gold is a list of records")
            .iter()
            .filter_map(|record| record.as_object().cloned())
            .collect();
        let (found, profile) = read(&path, &built_in);
        let profile = profile.unwrap_or_else(|| panic!("{document}: no profile is for it"));
        let others: Vec<Profile> = built_in
            .iter()
            .filter(|other| other.name != profile)
            .cloned()
            .collect();
        let (without, _) = read(&path, &others);
        let with = f1(&gold, &found);
        let without = f1(&gold, &without);
        assert!(
            with >= without,
            "{document}: {with:.4} with `{profile}`, {without:.4} without"
        );
        assert!(
            with - without <= LOSS,
            "{document}: {with:.4} with `{profile}`, {without:.4} without"
        );
        used.push(profile);
    }
    for profile in built_in.iter() {
        assert!(
            used.contains(&profile.name),
            "`{}` is for none of the documents",
            profile.name
        );
    }
}

#[test]
fn a_first_profile_reads_its_document_as_it_was_read_without() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let workspace = Workspace::new();
    let mut tried = 0;
    for fixture in std::fs::read_dir(folder).expect("there are fixtures") {
        let fixture = fixture.expect("an entry can be read").path();
        let Some(input) = std::fs::read_dir(&fixture).ok().and_then(|mut files| {
            files.find_map(|file| {
                let path = file.ok()?.path();
                // An archive is a folder of documents, which each have a profile.
                let is_document = path.file_stem()? == "input" && path.extension()? != "warc";
                is_document.then_some(path)
            })
        }) else {
            continue;
        };
        let ran = workspace.run(&["profile", "init", &input.display().to_string()]);
        assert_eq!(ran.code, 0, "{}: {}", input.display(), ran.stderr);
        let profile = Profile::parse(&ran.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", input.display(), ran.stdout));
        let plain = |(records, _): (Vec<Record>, _)| -> Vec<(Value, Value)> {
            let field = |record: &Record, key: &str| record.get(key).cloned().unwrap_or_default();
            records
                .iter()
                .map(|record| (field(record, "name"), field(record, "project")))
                .collect()
        };
        assert_eq!(
            plain(read(&input, &[profile])),
            plain(read(&input, &[])),
            "{}\n{}",
            input.display(),
            ran.stdout
        );
        tried += 1;
    }
    assert!(tried > 30, "only {tried} fixtures were tried");
}

#[test]
fn a_constant_stands_in_every_record_and_says_where_it_is_from() {
    let workspace = Workspace::new();
    workspace.write("liste.txt", SAMPLE).write(
        "liste.toml",
        "name = 'liste'\nconstants = { funder = 'Fondation du Large', theme = 'Rivages' }\nfurniture = ['Public : femmes*']\n",
    );
    let ran = workspace.run(&["extract", "liste.txt", "--profile", "liste.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let records = ran.records();
    assert_eq!(records.len(), 3);
    for record in &records {
        assert_eq!(record["funding"][0], "Fondation du Large");
        assert_eq!(record["origin"]["/funding/0"], "profile");
        assert_eq!(record["origin"]["/theme"], "profile");
        assert!(record["evidence"].get("/theme").is_none());
    }
    assert_eq!(records[1]["public"], Value::Null);
    let explained = workspace.run(&["explain", "liste.txt", "--profile", "liste.toml"]);
    assert!(
        explained.stdout.contains("profile: liste\n")
            && explained
                .stdout
                .contains("Rivages  [a constant of the profile]")
            && explained.stdout.contains("the label « Territoire »"),
        "{}",
        explained.stdout
    );
}

#[test]
fn profiles_of_the_configuration_come_before_the_built_in_ones() {
    let workspace = Workspace::new();
    workspace
        .write("palmares.toml", "profiles = ['profils/liste.toml']\n")
        .write(
            "profils/liste.toml",
            "name = 'liste'\ndescription = 'Une liste.'\n",
        );
    let ran = workspace.run(&["profile", "list"]);
    assert!(ran.stdout.starts_with("liste "), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 1 + Profile::built_in().len());
}

#[test]
fn check_tells_mistakes() {
    let workspace = Workspace::new();
    workspace.write("liste.txt", SAMPLE);
    let check = |toml: &str, code: i32, expected: &str| {
        workspace.write("p.toml", toml);
        let ran = workspace.run(&["profile", "check", "p.toml", "--on", "liste.txt"]);
        assert_eq!(ran.code, code, "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(expected), "{}", ran.stdout);
    };
    check(
        "name = 'p'\nentry.starts-with = { number = true }\n",
        0,
        "0 findings",
    );
    check(
        "name = 'p'\n\nfurnitur = []\n",
        1,
        "p.toml, line 3: there is no key `furnitur`",
    );
    check(
        "name = 'p'\nfurnitur = []\n",
        1,
        "hint: the nearest key is `furniture`",
    );
    check(
        "name = 'p'\nlabels = { 'Marraine' = 'partners' }\n",
        1,
        "`labels`: \"Marraine\" never fires",
    );
    check(
        "name = 'p'\nentry.starts-with = { style = 'h7' }\n",
        1,
        "`entry.starts-with` = { style = \"h7\" } never fires",
    );
    check(
        "name = 'p'\nlabels = { 'Territoire' = 'territory', 'TERRITOIRES' = 'public' }\n",
        1,
        "which are one label",
    );
    check(
        "name = 'p'\nmatch.title = 'autre chose'\n",
        1,
        "`match` holds for none of the 1 document,",
    );
}

#[test]
fn two_profiles_that_disagree_on_a_document_are_told() {
    let workspace = Workspace::new();
    workspace
        .write("liste.txt", SAMPLE)
        .write("a.toml", "name = 'a'\nlabels = { 'Public' = 'public' }\n")
        .write("b.toml", "name = 'b'\nlabels = { 'Public' = 'theme' }\n");
    let ran = workspace.run(&["profile", "check", "a.toml", "b.toml", "--on", "liste.txt"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(
        ran.stdout.contains(
            "b.toml: \"Public\" feeds `theme`, in `a.toml` it feeds `public`, and both are for `liste.txt`"
        ),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_built_in_profiles_are_clean() {
    let workspace = Workspace::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ran = workspace.run(&[
        "profile",
        "check",
        "--on",
        &root.join("fixtures").display().to_string(),
        &root.join("raw").display().to_string(),
    ]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}
