//! Every fixture, as `palmares test` runs it: the command that a data team uses is the project's own test.

use std::path::Path;
use std::process::{Command, Output};

fn palmares(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_palmares"))
        .env("LC_ALL", "C")
        .args(arguments)
        .args(["--no-config", "--quiet"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary runs")
}

#[test]
fn every_fixture_is_as_expected() {
    let output = palmares(&["test", "fixtures"]);
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_difference_is_told_three_ways_and_blessed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let fixture = folder.path().join("tableau");
    copy(Path::new("fixtures/tableau-html"), &fixture);
    let expected = fixture.join("expected.json");
    let right = std::fs::read_to_string(&expected).expect("the copy is there");
    let wrong = right.replace("\"territory\": \"Chinon\"", "\"territory\": \"Chignon\"");
    assert_ne!(right, wrong);
    std::fs::write(&expected, &wrong).expect("the copy can be written");

    let path = folder
        .path()
        .to_str()
        .expect("temporary folders have plain names");
    let junit = folder.path().join("results.xml");
    let text = palmares(&[
        "test",
        path,
        "--junit",
        junit.to_str().expect("a plain name"),
    ]);
    assert_eq!(text.status.code(), Some(1));
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("FAIL  tableau: territory\n      record 2 (Maison des habitants de Chinon)\n        expected: Chi[-g-]non\n        found:    Chinon\n"), "{text}");

    let xml = std::fs::read_to_string(junit).expect("the results are written");
    assert!(
        xml.contains("failures=\"1\"")
            && xml.contains("classname=\"tableau\" name=\"territory\"><failure"),
        "{xml}"
    );

    let json = palmares(&["test", path, "--format", "json", "--only", "territory"]);
    let results: serde_json::Value =
        serde_json::from_slice(&json.stdout).expect("the results are JSON");
    assert_eq!(
        results[0]["results"][0]["differences"][0]["found"],
        "Chinon"
    );
    assert_eq!(
        palmares(&["test", path, "--only", "name"]).status.code(),
        Some(0)
    );

    // What somebody corrected stays, unless its fixture or its field is named.
    let kept = palmares(&["test", path, "--bless"]);
    assert_eq!(kept.status.code(), Some(1));
    let told = String::from_utf8_lossy(&kept.stdout).into_owned();
    assert!(told.contains("FAIL  tableau: territory"), "{told}");
    assert_eq!(
        std::fs::read_to_string(&expected).expect("it is there"),
        wrong
    );
    let ways: [&[&str]; 3] = [
        &[fixture.to_str().expect("a plain name"), "--bless"],
        &[path, "--bless", "--only", "territory"],
        &[path, "--bless", "--force"],
    ];
    for way in ways {
        std::fs::write(&expected, &wrong).expect("the copy can be written");
        let ran = palmares(&[&["test"], way].concat());
        assert_eq!(ran.status.code(), Some(0));
        let told = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(
            told.contains("BLESS tableau: territory\n      record 2 (Maison des habitants de Chinon)\n        expected: Chi[-g-]non"),
            "{told}"
        );
    }
    let blessed = std::fs::read_to_string(&expected).expect("the expectation is still there");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&blessed).expect("blessing writes JSON"),
        serde_json::from_str::<serde_json::Value>(&right).expect("the fixture is JSON")
    );
}

#[test]
fn a_broken_expectation_fails_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for name in ["tableau-html", "une-ligne"] {
        copy(&Path::new("fixtures").join(name), &folder.path().join(name));
    }
    let broken = folder.path().join("une-ligne/expected.json");
    std::fs::write(&broken, "{\"records\": [\n{\"nom\": 1}]}").expect("the copy can be written");
    let ran = palmares(&["test", folder.path().to_str().expect("a plain name")]);
    let told = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(ran.status.code(), Some(1));
    for expected in [
        "FAIL  une-ligne: `",
        "is not an expectation: `nom` is not a field of the contract",
        "      hint: correct it",
        "2 fixtures: 1 as expected, 1 not",
    ] {
        assert!(told.contains(expected), "no {expected:?} in {told}");
    }
}

#[test]
fn two_runs_are_compared_by_document() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mentions = |name: &str| folder.path().join(name);
    let extracted = palmares(&["extract", "fixtures/une-ligne/input.txt"]).stdout;
    std::fs::write(mentions("old"), &extracted).expect("a temporary file can be written");
    let text = String::from_utf8(extracted).expect("records are UTF-8");
    let (first, rest) = text
        .split_once('\n')
        .expect("the fixture has several entries");
    assert!(first.contains("Pontarlier"), "{first}");
    std::fs::write(mentions("new"), rest.replacen("Morteau", "Mortain", 1))
        .expect("a temporary file can be written");

    let diff = |old: &str, new: &str| {
        let (old, new) = (mentions(old), mentions(new));
        palmares(&[
            "diff",
            old.to_str().expect("a plain name"),
            new.to_str().expect("a plain name"),
        ])
    };
    assert_eq!(diff("old", "old").status.code(), Some(0));
    let changed = diff("old", "new");
    assert_eq!(changed.status.code(), Some(1));
    let changed = String::from_utf8_lossy(&changed.stdout).into_owned();
    assert!(
        changed.contains("1 lost, 0 gained, 1 value changed"),
        "{changed}"
    );
    assert!(
        changed.contains("- entry 1: Les Forges de Pontarlier"),
        "{changed}"
    );
}

/// Points a label of a fixture at another field, and compares the fields that `palmares test` then reports with those that the label feeds.
#[track_caller]
fn check_pointed_elsewhere(fixture: &str, label: &str, field: &str, expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let copied = folder.path().join("copy");
    copy(&Path::new("fixtures").join(fixture), &copied);
    let profile =
        format!("name = \"elsewhere\"\nmatch = {{}}\nlabels = {{ \"{label}\" = \"{field}\" }}\n");
    std::fs::write(copied.join("profile.toml"), profile).expect("the copy can be written");
    let path = folder
        .path()
        .to_str()
        .expect("temporary folders have plain names");
    let output = palmares(&["test", path, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{fixture}: {label}");
    let results: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("the results are JSON");
    let differing: Vec<&str> = results[0]["results"]
        .as_array()
        .expect("a result for each field")
        .iter()
        .filter(|result| {
            result["differences"]
                .as_array()
                .is_some_and(|differences| !differences.is_empty())
        })
        .filter_map(|result| result["field"].as_str())
        // Codes are worked out of other fields, and differ with them.
        .filter(|field| !["places", "audiences", "identifiers"].contains(field))
        .collect();
    assert_eq!(differing, expected, "{fixture}: {label} as {field}");
}

#[test]
fn a_label_pointed_elsewhere_fails_the_fields_that_it_feeds() {
    let definitions = "libelles-en-dt";
    check_pointed_elsewhere(definitions, "Périmètre", "public", &["territory", "public"]);
    check_pointed_elsewhere(definitions, "Périmètre", "theme", &["territory", "theme"]);
    check_pointed_elsewhere(
        definitions,
        "Durée",
        "objectives",
        &["duration", "objectives"],
    );
    check_pointed_elsewhere(
        definitions,
        "Résumé",
        "results",
        &["results", "description"],
    );
    check_pointed_elsewhere(
        definitions,
        "Organisme porteur",
        "project",
        &["name", "project", "other"],
    );
    // Partners are listed from their text.
    let partners = &["public", "partners_text", "partners"];
    check_pointed_elsewhere(definitions, "Partenaires", "public", partners);
    check_pointed_elsewhere(
        "libelles-sans-accents",
        "LOCALISATION",
        "needs",
        &["territory", "needs"],
    );
    check_pointed_elsewhere(
        "une-page-par-entree",
        "Territoire",
        "needs",
        &["territory", "needs"],
    );
    check_pointed_elsewhere(
        "tableau-pdf",
        "Localisation",
        "public",
        &["territory", "public"],
    );
    check_pointed_elsewhere("tableau-html", "Commune", "theme", &["territory", "theme"]);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a temporary folder can be written");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
    for entry in std::fs::read_dir(from).expect("the fixture is there") {
        let entry = entry.expect("the fixture can be listed");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a fixture can be copied");
    }
}
