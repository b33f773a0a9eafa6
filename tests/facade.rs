//! The library's facade gives what the command gives.

use std::ffi::OsStr;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use palmares::config::{Expect, Limits};
use palmares::{Document, ErrorKind, Laureate, Mention, Options, Profiles, Stage};
use palmares::{link, read, read_bytes, run};
use serde::Serialize;

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use workspace::{SAMPLE, Workspace};

/// The command, in the folder of this repository.
fn palmares(subcommand: &str, arguments: impl IntoIterator<Item: AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_palmares"));
    command
        .arg(subcommand)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// What it prints of a document: its own record, then its mentions.
fn extracted(arguments: &[&str]) -> String {
    let mut command = palmares("extract", ["--documents", "--no-config"]);
    let ran = command.args(arguments).output().unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

/// The same of what the facade gives.
fn lines(document: &Document) -> String {
    let mut lines = line(&document.record);
    lines.extend(document.mentions.iter().map(line));
    lines
}

fn line(record: &impl Serialize) -> String {
    serde_json::to_string(record).unwrap() + "\n"
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn without_profiles() -> Options {
    Options {
        profiles: Profiles::none(),
        ..Options::default()
    }
}

#[track_caller]
fn check_read(path: &str, arguments: &[&str], options: &Options) {
    let printed = extracted(&[arguments, &[path]].concat());
    assert!(printed.lines().count() > 1, "{path}: {printed}");
    assert_eq!(lines(&read(here(path), options).unwrap()), printed);
}

#[track_caller]
fn check_error<T: Debug>(given: Result<T, palmares::Error>, stage: Stage, says: &str) {
    let error = given.unwrap_err();
    assert_eq!((error.stage, error.to_string().as_str()), (stage, says));
}

#[test]
fn a_document_gives_what_extract_prints() {
    let none = ["--no-profiles"];
    for path in [
        "fixtures/cartes-html/input.html",
        "fixtures/cartes-pdf/input.pdf",
        "raw/laureats-agir-2022.pdf",
    ] {
        check_read(path, &none, &without_profiles());
        check_read(path, &[], &Options::default());
    }
}

#[test]
fn options_are_those_of_the_command() {
    let path = "raw/tremplins-solidaires.html";
    let options = Options {
        expect: Expect::Laureates,
        min_confidence: 0.85,
        ..Options::default()
    };
    let arguments = ["--expect", "laureates", "--min-confidence", "0.85"];
    check_read(path, &arguments, &options);
    assert!(!read(here(path), &options).unwrap().rejections.is_empty());
}

#[test]
fn profiles_of_files_go_before_the_others() {
    let workspace = Workspace::new();
    workspace.write("mine.toml", "name = \"mine\"\n");
    let file = workspace.path().join("mine.toml");
    let profiles = Profiles::default().after([&file]).unwrap();
    let options = Options {
        profiles,
        ..Options::default()
    };
    let document = read_bytes("a.txt", SAMPLE, &options).unwrap();
    assert_eq!(document.record.profile.as_deref(), Some("mine"));
    let absent = Profiles::none().after([workspace.path().join("absent.toml")]);
    assert!(
        absent
            .unwrap_err()
            .to_string()
            .ends_with("it does not exist")
    );
}

#[test]
fn bytes_are_read_as_a_file_is() {
    let document = read_bytes("rivages.txt", SAMPLE, &Options::default()).unwrap();
    assert_eq!(document.path(), "rivages.txt");
    assert_eq!(document.title(), Some("Appel à projets Rivages solidaires"));
    assert_eq!(document.mentions.len(), 3);
    assert_eq!(document.warnings(), document.record.warnings);
}

#[test]
fn documents_give_what_a_run_writes() {
    let workspace = Workspace::new();
    let output = workspace.path().join("extracted");
    let ran = palmares("run", ["--no-config", "raw", "-o"])
        .arg(&output)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let laureates = run([here("raw")], &Options::default()).unwrap();
    let lines: String = laureates.iter().map(line).collect();
    assert_eq!(lines, workspace.read("extracted/laureates.ndjson"));
    let records: Vec<Laureate> =
        serde_json::from_str(&workspace.read("extracted/laureates.json")).unwrap();
    assert_eq!(laureates, records);
}

#[test]
fn mentions_are_linked_without_their_documents() {
    let options = Options::default();
    let mut paths: Vec<PathBuf> = fs::read_dir(here("raw"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let documents: Vec<Document> = paths
        .iter()
        .map(|path| read(path, &options).unwrap())
        .collect();
    let mentions: Vec<&Mention> = documents.iter().flat_map(|one| &one.mentions).collect();
    let laureates = link(mentions.iter().copied(), &options);
    assert_eq!(laureates, run(&paths, &options).unwrap());
    let apart = Options {
        threshold: 1.0,
        ..options
    };
    assert!(link(mentions.iter().copied(), &apart).len() > laureates.len());
    assert_eq!(link([], &apart), []);
}

#[test]
fn archives_are_read_by_run() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("rivages.txt", zip::write::SimpleFileOptions::default())
        .unwrap();
    std::io::Write::write_all(&mut zip, SAMPLE.as_bytes()).unwrap();
    let workspace = Workspace::new();
    workspace.write("a.zip", zip.finish().unwrap().into_inner());
    let path = workspace.path().join("a.zip");
    let laureates = run([&path], &Options::default()).unwrap();
    assert_eq!(laureates.len(), 3);
    assert!(
        laureates[0].sources[0]
            .document
            .ends_with("a.zip/rivages.txt")
    );
    assert!(read(&path, &Options::default()).is_err());
    let inner = run([path.join("rivages.txt")], &Options::default()).unwrap();
    assert_eq!(inner, laureates);
    workspace.write("b.zip", &fs::read(&path).unwrap()[..200]);
    let damaged = run([workspace.path().join("b.zip")], &Options::default());
    assert_eq!(damaged.unwrap_err().stage, Stage::Ingest);
}

#[test]
fn what_cannot_be_read_is_an_error_as_the_command_says_it() {
    let options = Options::default();
    let absent = "cannot process `absent.pdf`: it does not exist";
    check_error(read("absent.pdf", &options), Stage::Ingest, absent);
    check_error(run(["raw", "absent.pdf"], &options), Stage::Ingest, absent);
    check_error(
        read("raw", &options),
        Stage::Ingest,
        "cannot process `raw`: it is a folder",
    );
    let empty = read_bytes("a.html", "", &options).unwrap_err();
    assert!(matches!(empty.kind, ErrorKind::Empty), "{empty}");
    let damaged = read_bytes("a.pdf", "%PDF-1.7\n", &options).unwrap_err();
    assert_eq!(damaged.stage, Stage::Parse);
    assert!(
        matches!(damaged.kind, ErrorKind::DamagedPdf(_)),
        "{damaged}"
    );
    let folder = Workspace::new();
    let shown = folder.path().display().to_string();
    check_error(
        run([folder.path()], &options),
        Stage::Ingest,
        &format!("cannot process `{shown}`: no document found at `{shown}`"),
    );
    let none: [&str; 0] = [];
    assert_eq!(run(none, &options).unwrap(), []);
}

#[test]
fn nesting_within_the_limits_is_no_matter_of_whose_thread_asks() {
    let page = "<div>".repeat(100_000) + "<p>Lauréats</p>";
    let small = std::thread::Builder::new().stack_size(256 << 10);
    let asks = small.spawn(|| read_bytes("a.html", page, &Options::default()).map(drop));
    asks.unwrap().join().unwrap().unwrap();
}

#[test]
fn limits_hold() {
    let options = Options {
        limits: Limits {
            bytes: 10,
            ..Limits::default()
        },
        ..Options::default()
    };
    let refused = read(here("raw/tremplins-solidaires.html"), &options).unwrap_err();
    assert!(matches!(
        refused.kind,
        ErrorKind::TooLarge { limit: 10, .. }
    ));
}
