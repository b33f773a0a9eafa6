//! What comes from documents, file names and records does not steer the terminal, whatever command prints it.

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::fs;
use std::path::Path;

use palmares::export::is_steering;
use workspace::{Ran, Workspace};

/// The name of a document, and of a folder, that colours, clears and turns.
const NAME: &str = "\u{1b}[31mliste\u{9b}2J\u{202e}\u{7}\r";

/// Entries whose texts, labels and links do the same.
const PAGE: &str = "<!DOCTYPE html><title>Lauréats \u{1b}]0;titre\u{7} 2024</title><h1>Lauréats\u{9b}31m du fonds</h1>
<h2>Association \u{1b}[2JRadio Rivage – Des ondes \u{202e}et des mots</h2>
<p>Territoire : Bre\u{1b}[31mst</p><p>Public : femmes allo\u{9b}2Jphones</p><p>Site\u{7f} : <a href='https://exemple.fr/\u{1b}[5m'>ici</a></p>
<h2>Régie du Moulin – Jardins de\u{8} saison</h2><p>Territoire : Vannes\u{9d}</p><p>Public : jeunes</p><p>Site\u{7f} : <a href='mailto:a\u{1b}c@exemple.fr'>ici</a></p>
<h2>Ateliers du Port – La Recyclerie</h2><p>Territoire : Lorient</p><p>Public : jeunes\u{0}</p>";

/// A list whose lines do.
const LIST: &str = "Lauréats\u{1b}[31m\n\n1. Radio\u{9b}2J Rivage – Des ondes\nTerritoire : Bre\u{7}st\n\n2. Régie\u{202e} du Moulin – Jardins\nTerritoire : Vannes\u{7f}\n";

/// What `--color always` adds: before an error, a warning, a hint, a note, and behind.
const OUR_COLORS: [&str; 5] = [
    "\u{1b}[1;31m",
    "\u{1b}[1;33m",
    "\u{1b}[1;32m",
    "\u{1b}[1;36m",
    "\u{1b}[0m",
];

#[track_caller]
fn check(ran: &Ran) {
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        let text = OUR_COLORS
            .iter()
            .fold(text.clone(), |text, ours| text.replace(ours, ""));
        let steering = text.lines().find(|line| line.contains(is_steering));
        assert!(steering.is_none(), "{stream}: {steering:?}");
    }
}

/// Runs a command that has something to say, and none of it steers the terminal.
#[track_caller]
fn check_says_something(workspace: &Workspace, arguments: &[&str]) {
    let ran = workspace.run(arguments);
    // There may be no pair that is uncertain, or to be considered.
    let may_say_nothing = ["--uncertain", "--candidates-only"]
        .iter()
        .any(|option| arguments.contains(option));
    assert!(
        ran.code >= 0 && (may_say_nothing || !(ran.stdout.is_empty() && ran.stderr.is_empty())),
        "{arguments:?}"
    );
    check(&ran);
}

fn hostile() -> Workspace {
    let workspace = Workspace::new();
    workspace
        .write(format!("raw/{NAME}.html"), PAGE)
        .write(format!("raw/{NAME}.txt"), LIST)
        .write(format!("raw/{NAME}.pdf"), "%PDF-1.7\nrien")
        .write(format!("raw/{NAME}.png"), b"\x89PNG\r\n\x1a\n");
    workspace
}

#[test]
fn nothing_that_is_printed_steers_the_terminal() {
    let workspace = hostile();
    let ran = workspace.run(&["run", "-v"]);
    check(&ran);
    assert_eq!(ran.code, 1, "{}", ran.transcript());
    assert!(
        ran.stderr.contains("\\u001b[31mliste\\u009b2J\\u202e"),
        "{}",
        ran.transcript()
    );
    check(&workspace.run(&["run", "raw", "--format", "json"]));
    let page = format!("raw/{NAME}.html");
    let list = format!("raw/{NAME}.txt");
    for arguments in [
        &["extract", "raw", "-v"][..],
        &["explain", &page],
        &["explain", &page, "--blocks", "--format", "json"],
        &["explain", &list, "--stage", "parse"],
        &["explain", &list, "--stage", "layout"],
        &["profile", "init", &page],
        &["run", "raw", "--color", "always"],
        &["run", NAME],
        &["run", "raw", "-o", NAME, "--config", NAME],
        &["run", "raw", "-o", &page],
        &["run", "--color", NAME],
        &[NAME],
        &["link", "extracted/mentions.ndjson", "-o", NAME],
        &["link", "extracted/mentions.ndjson", "--uncertain"],
        &["link", "extracted/mentions.ndjson", "--thresholds"],
        &["link", "extracted/mentions.ndjson", "--candidates-only"],
        &["link", "extracted/mentions.ndjson", "--map", NAME],
        &["link", NAME],
        &["diff", NAME, "extracted"],
        &["validate", NAME],
        &["schema", NAME],
    ] {
        check_says_something(&workspace, arguments);
    }
}

#[test]
fn nothing_that_is_compared_steers_the_terminal() {
    let workspace = hostile();
    workspace.run(&["run"]);
    let mentions = workspace.read("extracted/mentions.ndjson");
    workspace.write(
        format!("{NAME}.ndjson"),
        mentions
            .replace("Vannes", "Van\u{9b}2Jnes")
            .replace("\"territory\":\"Lorient\"", "\"territory\":\"\""),
    );
    workspace
        .write(format!("cas/{NAME}/input.html"), PAGE)
        .write(
            format!("cas/{NAME}/expected.json"),
            "{\"records\": [{\"name\": \"Radio \\u001b[31m \u{9b}2J\"}]}",
        )
        .write("cas/casse/input.txt", LIST)
        .write("cas/casse/expected.json", "{\"\\u001b[31m\": 1}")
        .write(
            "ids.csv",
            format!(
                "nom;ville\n{NAME};Brest\nRadio Rivage\u{9b}2J;Brest\nRadio Rivage;Brest\u{7}\n"
            ),
        );
    let changed = format!("{NAME}.ndjson");
    for arguments in [
        &["diff", "extracted", &changed][..],
        &["validate", &changed],
        &["test", "cas"],
        &["test", "cas", "--format", "json"],
        &["eval", "--gold", "cas", "--differences"],
        &["link", "ids.csv", "--uncertain"],
        &["link", "ids.csv", "--map", "name=\u{9b}2J"],
    ] {
        check_says_something(&workspace, arguments);
    }
}

#[test]
fn ndjson_keeps_the_characters_of_the_document_and_csv_replaces_them() {
    let workspace = hostile();
    let ran = workspace.run(&["run"]);
    assert_eq!(ran.code, 1, "{}", ran.transcript());
    let written = workspace.read("extracted/mentions.ndjson");
    let printed: Vec<serde_json::Value> = workspace.run(&["extract", "-q", "raw"]).records();
    let written: Vec<serde_json::Value> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(!written.is_empty());
    assert_eq!(printed, written);
    let path = printed[0]["document"]["path"].as_str().unwrap();
    assert!(path.contains("\u{1b}[31mliste\u{9b}2J"), "{path:?}");
    let table = workspace.read("extracted/laureates.csv");
    assert!(!table.contains(is_steering), "{table:?}");
    assert!(table.contains("\u{fffd}[31mliste"), "{table}");
}

#[test]
fn a_message_cannot_pass_for_another() {
    let workspace = Workspace::new();
    workspace.write("raw/a\nerror: rien.pdf", "");
    let ran = workspace.run(&["extract", "raw"]);
    assert!(
        ran.stderr
            .lines()
            .all(|line| !line.starts_with("error: rien")),
        "{}",
        ran.transcript()
    );
}

#[test]
fn all_that_is_printed_passes_one_door() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
            // What a worker writes goes through a pipe to the process that asked.
            } else if !path.ends_with("cli/terminal.rs") && !path.ends_with("cli/worker/mod.rs") {
                let source = fs::read_to_string(&path).unwrap();
                let writes = |line: &&str| {
                    let line = line.trim_start();
                    !line.starts_with("//")
                        && ["io::stdout()", "io::stderr()", "print!(", "println!("]
                            .iter()
                            .any(|way| line.contains(way))
                        && !line.contains("terminal::stdout()")
                        && !line.contains("is_terminal()")
                };
                found.extend(
                    source
                        .lines()
                        .filter(writes)
                        .map(|line| format!("{}: {line}", path.display())),
                );
            }
        }
    }
    let mut found = Vec::new();
    look(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(found.is_empty(), "{found:#?}");
}
