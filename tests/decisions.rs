//! What people decide holds from run to run, and ids do.

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::collections::BTreeMap;

use serde_json::Value;

use workspace::{SAMPLE, Workspace, check};

/// The mentions of the last run.
fn records(workspace: &Workspace, file: &str) -> Vec<Value> {
    let text = workspace.read(&format!("extracted/{file}.ndjson"));
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a record a line"))
        .collect()
}

/// The mention with this name.
#[track_caller]
fn named(workspace: &Workspace, name: &str) -> Value {
    (records(workspace, "mentions").into_iter())
        .find(|mention| mention["name"] == name)
        .expect("there is one with this name")
}

fn id(record: &Value) -> &str {
    record["id"].as_str().expect("a record has an id")
}

/// A workspace with one list, read once; its first two names.
fn with_list() -> (Workspace, String, String) {
    let workspace = Workspace::new();
    workspace.write("raw/liste.txt", SAMPLE);
    check(&workspace.run(&["run"]), 0, &[]);
    let mentions = records(&workspace, "mentions");
    let name = |number: usize| mentions[number]["name"].as_str().expect("it has a name");
    let (first, second) = (name(0).to_owned(), name(1).to_owned());
    (workspace, first, second)
}

#[test]
fn a_value_that_was_set_stays_and_says_so() {
    let (workspace, first, _) = with_list();
    let before = named(&workspace, &first);
    let (found, value) = (before["territory"].as_str().expect("it has one"), "Quimper");
    workspace.write(
        "decisions.csv",
        format!(
            "\u{feff}Pourquoi;Valeur;Champ;Trouv\u{e9};Acte;Document;Identifiant;Nom\r\nau t\u{e9}l\u{e9}phone;{value};territory;{found};corriger;raw/liste.txt;{};{first}\r\n",
            id(&before)
        ),
    );
    for _ in 0..2 {
        check(&workspace.run(&["run"]), 0, &[]);
        let now = named(&workspace, &first);
        assert_eq!(now["territory"], value);
        assert_eq!(now["origin"]["/territory"], "decided");
        assert_eq!(now["confidence"]["/territory"], 1.0);
        assert_eq!(now["id"], before["id"]);
        assert_eq!(
            now["places"][0]["code"], "29232",
            "its code is that of Quimper"
        );
    }
    let laureates = records(&workspace, "laureates");
    assert!(
        laureates
            .iter()
            .any(|laureate| laureate["territory"] == value)
    );
    // The text under it changes.
    workspace.write("raw/liste.txt", SAMPLE.replace(found, "Vannes"));
    let ran = workspace.run(&["run"]);
    check(&ran, 0, &["the decision of line 2 is stale", "« Vannes »"]);
    assert_eq!(named(&workspace, &first)["territory"], "Vannes");
    check(&workspace.run(&["run", "--strict"]), 1, &["stale"]);
}

#[test]
fn a_value_that_stands_in_the_document_has_its_place() {
    let (workspace, first, second) = with_list();
    let (mention, other) = (named(&workspace, &first), named(&workspace, &second));
    let value = other["territory"].as_str().expect("it has one");
    workspace.write(
        "decisions.csv",
        format!(
            "action,document,record,field,found,value\nset,raw/liste.txt,{},territory,{},{value}\n",
            id(&mention),
            mention["territory"].as_str().expect("it has one")
        ),
    );
    check(&workspace.run(&["run"]), 0, &[]);
    let now = named(&workspace, &first);
    assert_eq!(
        now["evidence"]["/territory"][0]["line"],
        other["evidence"]["/territory"][0]["line"]
    );
}

#[test]
fn a_record_that_was_dropped_is_rejected_with_its_line() {
    let (workspace, first, _) = with_list();
    let n = records(&workspace, "mentions").len();
    let row = format!(
        "drop,raw/liste.txt,{},{first}\n",
        id(&named(&workspace, &first))
    );
    workspace.write(
        "decisions.csv",
        format!("action,document,record,name\n{row}"),
    );
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(records(&workspace, "mentions").len(), n - 1);
    let rejects = records(&workspace, "rejects");
    let message = rejects[0]["reasons"][0]["message"]
        .as_str()
        .expect("it has one");
    assert!(message.contains("line 2"), "{message}");
    // Where the id is not met again, the name tells.
    workspace.write(
        "decisions.csv",
        format!("action,document,record,name\n{}", row.replace("m-", "m-0")),
    );
    check(&workspace.run(&["run", "-v"]), 0, &["which is `m-"]);
    assert_eq!(records(&workspace, "mentions").len(), n - 1);
}

#[test]
fn pairs_are_brought_together_and_taken_apart() {
    let (workspace, first, second) = with_list();
    let n = records(&workspace, "laureates").len();
    let laureate = |name: &str| {
        let laureates = records(&workspace, "laureates");
        let own = laureates.iter().find(|laureate| laureate["name"] == name);
        id(own.expect("there is one")).to_owned()
    };
    let (a, b) = (laureate(&first), laureate(&second));
    workspace.write(
        "decisions.csv",
        format!("action,record,other\ntogether,{a},{b}\n"),
    );
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(records(&workspace, "laureates").len(), n - 1);
    let registry = workspace.read("extracted/registry.ndjson");
    assert!(
        registry.contains(&format!(
            "{{\"id\":\"{b}\",\"laureate\":null,\"organisation\":null,\"content\":null,\"now\":\"{a}\"}}"
        )) || registry.contains(&format!(
            "{{\"id\":\"{a}\",\"laureate\":null,\"organisation\":null,\"content\":null,\"now\":\"{b}\"}}"
        )),
        "{registry}"
    );
    // Without the decision they part again, and both have their ids.
    workspace.write("decisions.csv", "");
    check(&workspace.run(&["run"]), 0, &[]);
    let ids = [laureate(&first), laureate(&second)];
    assert!(ids.contains(&a) || ids.contains(&b));
    assert_eq!(records(&workspace, "laureates").len(), n);
}

#[test]
fn what_cannot_be_followed_is_told_with_its_line_and_nothing_is_written() {
    let (workspace, first, _) = with_list();
    let mention = named(&workspace, &first);
    let row = |value: &str| format!("set,raw/liste.txt,{},name,{first},{value}\n", id(&mention));
    workspace.write(
        "decisions.csv",
        format!(
            "action,document,record,field,found,value\n{}{}",
            row("A"),
            row("B")
        ),
    );
    let before = workspace.read("extracted/mentions.ndjson");
    check(
        &workspace.run(&["run"]),
        2,
        &["`decisions.csv`, line 3: it says otherwise than line 2"],
    );
    assert_eq!(workspace.read("extracted/mentions.ndjson"), before);
    workspace.write("decisions.csv", "qui;quoi\na;b\n");
    check(&workspace.run(&["run"]), 2, &["it has no column `action`"]);
    check(
        &workspace.run(&["run", "--decisions", "absent.csv"]),
        2,
        &["cannot read `absent.csv`"],
    );
    workspace.write(
        "decisions.csv",
        "action,document,record\ndrop,raw/autre.txt,m-1\n",
    );
    check(
        &workspace.run(&["run", "-v"]),
        0,
        &["1 decision is of documents that were not read"],
    );
}

/// A list with two more laureates, that no entry of it is read for: each stands in a sentence.
fn with_sentences() -> (Workspace, String) {
    let list = SAMPLE.replace(
        "1. Les Ateliers",
        "La Nasse verte, hors concours, rejoint Auray cette année.\n\n1. Les Ateliers",
    );
    let list = format!("{list}\nLe jury a aussi salué La Nasse verte et Le Fournil du Bourg.\n");
    let workspace = Workspace::new();
    workspace.write("raw/liste.txt", &list);
    check(&workspace.run(&["run"]), 0, &[]);
    let names: Vec<Value> = (records(&workspace, "mentions").iter())
        .map(|mention| mention["name"].clone())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    (workspace, list)
}

const ADDED: &str = "\
    ajouter;raw/liste.txt;m-00000000000000aa;name;La Nasse verte, hors concours, rejoint Auray cette année.;La Nasse verte;\n\
    corriger;raw/liste.txt;m-00000000000000aa;territory;;Auray;\n\
    ajouter;raw/liste.txt;;name;;Le Fournil du Bourg;\n";

fn table(rows: &str) -> String {
    format!("Acte;Document;Identifiant;Champ;Trouvé;Valeur;Autre\n{rows}")
}

#[test]
fn an_entry_that_was_missed_is_added_where_its_words_stand() {
    let (workspace, _) = with_sentences();
    let before = records(&workspace, "mentions");
    workspace.write("decisions.csv", table(ADDED));
    let mut ids = Vec::new();
    for _ in 0..2 {
        check(&workspace.run(&["run", "--strict"]), 0, &[]);
        let mentions = records(&workspace, "mentions");
        let names: Vec<&str> = (mentions.iter())
            .map(|mention| mention["name"].as_str().expect("it has a name"))
            .collect();
        assert_eq!(
            (names[0], names[4]),
            ("La Nasse verte", "Le Fournil du Bourg")
        );
        for (number, mention) in mentions.iter().enumerate() {
            assert_eq!(mention["position"], number + 1);
        }
        let read = mentions[1..4].iter().zip(&before);
        assert!(
            read.into_iter()
                .all(|(now, before)| now["id"] == before["id"])
        );
        let added = &mentions[0];
        assert_eq!(added["id"], "m-00000000000000aa");
        assert_eq!(added["confidence"]["/name"], 1.0);
        assert_eq!(added["origin"]["/name"], "decided");
        assert_eq!(added["evidence"]["/name"][0]["line"], 5);
        assert_eq!(added["territory"], "Auray");
        assert_eq!(added["evidence"]["/territory"][0]["line"], 5);
        assert_eq!(
            added["places"][0]["code"], "56007",
            "its code is that of Auray"
        );
        let laureates = records(&workspace, "laureates");
        let own: Vec<String> = (laureates.iter())
            .filter(|laureate| laureate["name"] == "Le Fournil du Bourg")
            .map(|laureate| format!("{} {}", id(laureate), id(&mentions[4])))
            .collect();
        ids.extend(own);
        assert_eq!(laureates.len(), 5);
    }
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1], "ids last");
    let report = workspace.read("extracted/report.html");
    assert!(report.contains("{\"text\":\"La Nasse verte\",\"field\":\"name\"}"));
    let listed = workspace.run(&["decisions"]);
    check(&listed, 0, &[]);
    assert!(
        listed
            .stdout
            .contains("« Le Fournil du Bourg » begins a record, as its name")
    );
    check(
        &workspace.run(&["decisions", "--to-fixture", "tests/ajoutee"]),
        0,
        &["3 decisions followed, 5 records"],
    );
    let tested = workspace.run(&["test", "tests/ajoutee"]);
    check(&tested, 1, &[]);
    assert!(
        tested.stdout.contains("La Nasse verte"),
        "{}",
        tested.stdout
    );
}

#[test]
fn an_entry_whose_words_are_gone_is_stale_and_one_that_is_read_is_not_added() {
    let (workspace, list) = with_sentences();
    workspace.write("decisions.csv", table(ADDED));
    // The line changes: of two places of the words none is the one.
    workspace.write(
        "raw/liste.txt",
        list.replace("hors concours, rejoint", "rejoint"),
    );
    let ran = workspace.run(&["run"]);
    check(
        &ran,
        0,
        &["the decision of line 2 is stale: « La Nasse verte » stands here 2 times"],
    );
    assert_eq!(records(&workspace, "mentions").len(), 4);
    check(&workspace.run(&["run", "--strict"]), 1, &["stale"]);
    // The only ones left are those that are meant, and it is said.
    let only = list
        .replace("La Nasse verte et ", "")
        .replace("hors concours, ", "");
    workspace.write("raw/liste.txt", only);
    check(
        &workspace.run(&["run", "-v"]),
        0,
        &["stands in another line now: « La Nasse verte, rejoint Auray"],
    );
    assert_eq!(records(&workspace, "mentions").len(), 5);
    workspace.write("raw/liste.txt", list.replace("La Nasse verte", "La Nasse"));
    check(
        &workspace.run(&["run"]),
        0,
        &["« La Nasse verte » does not stand here any more"],
    );
    // What is read needs nobody to add it.
    let row = "add;raw/liste.txt;;name;;Association Radio Rivage;\n";
    workspace.write("decisions.csv", table(row));
    check(
        &workspace.run(&["run", "-v"]),
        0,
        &["line 2 adds nothing: record `m-"],
    );
    assert_eq!(records(&workspace, "mentions").len(), 3);
    let drop = "écarter;raw/liste.txt;m-00000000000000aa;;;;\n";
    workspace.write("decisions.csv", table(&format!("{ADDED}{drop}")));
    check(
        &workspace.run(&["run"]),
        2,
        &["`decisions.csv`, line 5: it says otherwise than line 2"],
    );
}

/// The ids of laureates by name.
fn ids(workspace: &Workspace) -> BTreeMap<String, String> {
    (records(workspace, "laureates").iter())
        .map(|laureate| {
            let name = laureate["name"].as_str().expect("it has a name");
            (name.to_owned(), id(laureate).to_owned())
        })
        .collect()
}

#[test]
fn ids_last_when_documents_come_go_and_are_fetched_again() {
    let workspace = Workspace::new();
    let page = |extra: &str| {
        let list = SAMPLE.replace('\n', "<br>\n");
        format!("<!doctype html><title>Les lauréats</title>{extra}<p>{list}</p>")
    };
    workspace.write("raw/b.txt", SAMPLE);
    check(&workspace.run(&["run"]), 0, &[]);
    let first = ids(&workspace);
    let holds = |what: &str| {
        for (name, id) in ids(&workspace) {
            if let Some(before) = first.get(&name) {
                assert_eq!(*before, id, "{name}: {what}");
            }
        }
    };
    // The same laureates in a document that comes before, then a change of it, then without the first.
    for (what, extra) in [
        ("a page comes", ""),
        ("a comment is added", "<!-- vu -->"),
        ("a menu is added", "<nav><a href=/>Accueil</a></nav>"),
    ] {
        workspace.write("raw/a.html", page(extra));
        check(&workspace.run(&["run"]), 0, &[]);
        holds(what);
    }
    std::fs::remove_file(workspace.path().join("raw/b.txt")).expect("it is there");
    assert!(workspace.run(&["run"]).code <= 1);
    holds("the first goes");
    workspace.write("raw/b.txt", SAMPLE);
    check(&workspace.run(&["run"]), 0, &[]);
    holds("it is back");
    check(
        &workspace.run(&["validate", "extracted/registry.ndjson"]),
        0,
        &[],
    );
    workspace.write("extracted/registry.ndjson", "x\n");
    check(
        &workspace.run(&["run"]),
        2,
        &["registry.ndjson` is damaged: line 1"],
    );
    check(
        &workspace.run(&["validate", "extracted/mentions.ndjson"]),
        0,
        &[],
    );
}

#[test]
fn a_corrected_document_becomes_a_fixture() {
    let (workspace, first, second) = with_list();
    let before = named(&workspace, &first);
    workspace.write(
        "decisions.csv",
        format!(
            "action,document,record,name,field,found,value\nset,raw/liste.txt,{},{first},territory,{},Quimper\ndrop,raw/liste.txt,{},{second},,,\n",
            id(&before),
            before["territory"].as_str().expect("it has one"),
            id(&named(&workspace, &second))
        ),
    );
    let listed = workspace.run(&["decisions"]);
    check(&listed, 0, &[]);
    assert!(
        listed.stdout.contains("territory is « Quimper »"),
        "{}",
        listed.stdout
    );
    check(
        &workspace.run(&["decisions", "--to-fixture", "tests/corrigee"]),
        0,
        &["2 decisions followed, 2 records"],
    );
    assert_eq!(workspace.read("tests/corrigee/input.txt"), SAMPLE);
    let expected: Value =
        serde_json::from_str(&workspace.read("tests/corrigee/expected.json")).unwrap();
    assert_eq!(expected["records"][0]["territory"], "Quimper");
    assert_eq!(expected["records"].as_array().map(Vec::len), Some(2));
    // It says what is wanted, and reading alone does not give it.
    let tested = workspace.run(&["test", "tests/corrigee"]);
    check(&tested, 1, &[]);
    assert!(tested.stdout.contains("Quimper"), "{}", tested.stdout);
    check(
        &workspace.run(&["decisions", "--to-fixture", "tests/corrigee"]),
        2,
        &["is there already"],
    );
}
