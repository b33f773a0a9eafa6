//! The scores that are promised, measured as a user measures them: `palmares eval` with a file of floors.

mod common;

use std::path::Path;
use std::process::Command;

#[test]
fn the_corpus_reaches_its_floors() {
    let Some(shared) = common::shared("the_corpus_reaches_its_floors") else {
        return;
    };
    let corpus = shared.join("corpus");
    check(
        &corpus.join("gold"),
        &[&corpus.join("text"), &corpus.join("raw")],
        "tests/floors/corpus.toml",
    );
}

#[test]
fn real_documents_reach_their_floors() {
    let Some(shared) = common::shared("real_documents_reach_their_floors") else {
        return;
    };
    let real = shared.join("real");
    check(
        &real.join("gold"),
        &[&real.join("docs")],
        "tests/floors/real.toml",
    );
}

#[test]
fn the_samples_are_read_to_the_word() {
    check(
        Path::new("tests/samples"),
        &[Path::new("raw")],
        "tests/floors/samples.toml",
    );
}

#[test]
fn held_out_fixtures_keep_what_they_reached() {
    check(
        Path::new("fixtures/held-out"),
        &[],
        "tests/floors/held-out.toml",
    );
}

#[track_caller]
fn check(gold: &Path, documents: &[&Path], floors: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_palmares"))
        .env("LC_ALL", "C")
        .args(["eval", "--no-config", "--quiet", "--gold"])
        .arg(gold)
        .args(documents)
        .args(["--floors", floors])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary runs");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
