//! Archives of documents: read where they lie, each document under its path within, and none at the cost of the others.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::workspace::{SAMPLE, Workspace, check};

/// An archive of these files, packed or as they are.
fn zip(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options)
            .expect("a file can be started");
        zip.write_all(content).expect("a file can be written");
    }
    zip.finish().expect("an archive can be ended").into_inner()
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip(files, CompressionMethod::Deflated)
}

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("the fixture is there")
}

fn paths(records: &[serde_json::Value]) -> Vec<&str> {
    let mut paths: Vec<&str> = records
        .iter()
        .map(|record| record["document"]["path"].as_str().expect("it has a path"))
        .collect();
    paths.dedup();
    paths
}

#[test]
fn each_document_has_its_path_within_and_is_what_it_would_be_outside() {
    let workspace = Workspace::new();
    let (pdf, docx) = (
        fixture("tableau-pdf/input.pdf"),
        fixture("tableau-word/input.docx"),
    );
    let inner = packed(&[("liste.txt", SAMPLE.as_bytes())]);
    // Stored as they are, a PDF and the parts of a text stand in the bytes of the archive.
    let lot = zip(
        &[
            ("2024/tableau.docx", &docx),
            ("2024/tableau.pdf", &pdf),
            ("2025.zip", &inner),
            ("photo.jpg", b"\xff\xd8\xff\xe0"),
        ],
        CompressionMethod::Stored,
    );
    workspace
        .write("raw/lot.zip", lot)
        .write("seul.pdf", &pdf)
        .write("copie.txt", SAMPLE);
    let ran = workspace.run(&["run"]);
    check(&ran, 0, &["1 file skipped: a JPEG image"]);
    let run: serde_json::Value = serde_json::from_str(&workspace.read("extracted/run.json"))
        .expect("the account of a run is JSON");
    assert_eq!(run["skipped"][0]["path"], "raw/lot.zip/photo.jpg");
    let ran = workspace.run(&["extract", "raw"]);
    check(&ran, 0, &[]);
    assert_eq!(
        paths(&ran.records()),
        [
            "raw/lot.zip/2024/tableau.docx",
            "raw/lot.zip/2024/tableau.pdf",
            "raw/lot.zip/2025.zip/liste.txt",
        ]
    );
    // But for the path, a document in an archive gives what it gives alone.
    let within = workspace.run(&["extract", "raw/lot.zip/2024/tableau.pdf"]);
    let alone = workspace.run(&["extract", "seul.pdf"]);
    let without_path = |ran: &super::workspace::Ran| -> Vec<serde_json::Value> {
        let mut records = ran.records();
        for record in &mut records {
            record["id"].take();
            record["document"]["path"].take();
        }
        records
    };
    assert_eq!(without_path(&within), without_path(&alone));
    let both = workspace.run(&["run", "raw", "copie.txt", "-o", "both"]);
    check(&both, 0, &[]);
    let run: serde_json::Value = serde_json::from_str(&workspace.read("both/run.json"))
        .expect("the account of a run is JSON");
    let copy = &run["inputs"][0];
    assert_eq!(copy["path"], "copie.txt");
    assert_eq!(copy["duplicates"][0], "raw/lot.zip/2025.zip/liste.txt");
    check(
        &workspace.run(&["run", "--add", "copie.txt"]),
        0,
        &["3 documents", "raw/lot.zip/2024/tableau.pdf"],
    );
}

#[test]
fn of_an_archive_one_document_or_folder_can_be_named() {
    let workspace = Workspace::new();
    let other = SAMPLE.replace("Radio", "Théâtre");
    workspace.write(
        "lot.zip",
        packed(&[
            ("a/un.txt", SAMPLE.as_bytes()),
            ("ab.txt", other.as_bytes()),
        ]),
    );
    let ran = workspace.run(&["extract", "lot.zip/a"]);
    assert_eq!(paths(&ran.records()), ["lot.zip/a/un.txt"]);
    check(
        &workspace.run(&["extract", "lot.zip/b"]),
        2,
        &["no document found at `lot.zip/b`"],
    );
    check(
        &workspace.run(&["profile", "init", "lot.zip"]),
        2,
        &["`lot.zip` is more than one document"],
    );
    check(&workspace.run(&["explain", "lot.zip/ab.txt"]), 0, &[]);
    workspace.write(
        "palmares.toml",
        "[[expect]]\npath = \"lot.zip/a\"\nvalue = \"laureates\"\n",
    );
    check(&workspace.run(&["explain", "lot.zip/a/un.txt"]), 0, &[]);
}

/// Records of a web archive, each packed by itself, as crawlers do.
fn packed_web(records: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (address, body) in records {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{body}");
        let record = format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
            answer.len()
        );
        let mut encoder = GzEncoder::new(&mut archive, Compression::default());
        (encoder.write_all(record.as_bytes())).expect("a record can be packed");
        encoder.finish().expect("a record can be ended");
    }
    archive
}

#[test]
fn pages_of_a_web_archive_have_their_address() {
    let workspace = Workspace::new();
    let other = SAMPLE.replace("Radio", "Théâtre");
    let records = [
        ("https://exemple.fr/2024/", SAMPLE),
        ("https://exemple.fr/?page=2", &other),
        ("https://exemple.fr/2024", "Les lauréats de 2023"),
    ];
    workspace.write("raw/pages.warc.gz", packed_web(&records));
    let web = fixture("page-archivee/input.warc");
    workspace.write("raw/lot.zip", packed(&[("web/rives.warc", &web)]));
    let ran = workspace.run(&["extract", "raw"]);
    check(&ran, 0, &[]);
    let records = ran.records();
    let mut found: Vec<[&str; 2]> = (records.iter())
        .map(|record| {
            ["path", "url"].map(|key| record["document"][key].as_str().unwrap_or_default())
        })
        .collect();
    found.dedup();
    assert_eq!(
        found,
        [
            [
                "raw/lot.zip/web/rives.warc/rives.exemple.fr/palmares/2023",
                "https://rives.exemple.fr/palmares/2023"
            ],
            [
                "raw/pages.warc.gz/exemple.fr/2024",
                "https://exemple.fr/2024/"
            ],
            [
                "raw/pages.warc.gz/exemple.fr?page=2",
                "https://exemple.fr/?page=2"
            ],
        ]
    );
    let name = "raw/pages.warc.gz/exemple.fr?page=2";
    assert_eq!(paths(&workspace.run(&["extract", name]).records()), [name]);
    // A second copy of a page, and what is behind a record that is cut, cost the others nothing.
    let cut = packed_web(&[
        ("https://exemple.fr/a", SAMPLE),
        ("https://exemple.fr/b", &other),
    ]);
    workspace.write("cut.warc.gz", &cut[..cut.len() - 20]);
    let ran = workspace.run(&["extract", "cut.warc.gz"]);
    check(
        &ran,
        1,
        &["the file is damaged: what is packed in it is not whole"],
    );
    assert_eq!(paths(&ran.records()), ["cut.warc.gz/exemple.fr/a"]);
}

#[test]
fn a_bad_archive_says_what_is_wrong_and_costs_the_others_nothing() {
    let workspace = Workspace::new();
    let spaces = vec![b' '; 40 << 20];
    let whole = packed(&[("liste.txt", SAMPLE.as_bytes())]);
    let names: Vec<String> = (0..20_001).map(|number| format!("{number}.txt")).collect();
    let many: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"x"[..]))
        .collect();
    let mut deep = whole.clone();
    for _ in 0..3 {
        deep = packed(&[("zip.zip", &deep)]);
    }
    // A file that says that a password protects it: a bit in front of it, and one in the directory.
    let mut locked = whole.clone();
    let directory = locked
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .expect("there is a directory");
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    workspace
        .write("raw/a.txt", SAMPLE)
        .write("raw/bombe.zip", packed(&[("a.txt", &spaces)]))
        .write("raw/coupe.zip", &whole[..whole.len() - 30])
        .write("raw/mille.zip", packed(&many))
        .write("raw/profond.zip", deep)
        .write("raw/ferme.zip", locked)
        .write("raw/vide.zip", packed(&[]))
        .write("raw/images.zip", packed(&[("a.png", b"\x89PNG\r\n\x1a\n")]));
    let ran = workspace.run(&["run"]);
    assert_eq!(ran.code, 1, "{}", ran.transcript());
    for (name, message) in [
        ("bombe.zip", "unpacks to more than 200 times as many"),
        ("coupe.zip", "the file is damaged: "),
        ("mille.zip", "the archive holds more than 20000 files"),
        ("profond.zip/zip.zip/zip.zip/zip.zip", "it is a ZIP archive"),
        ("ferme.zip/liste.txt", "the file is protected by a password"),
        ("vide.zip", "no file of the archive is a document"),
        ("images.zip", "no file of the archive is a document"),
    ] {
        let line = format!("error: cannot process `raw/{name}`: ");
        let said: Vec<&str> = (ran.stderr.lines())
            .filter(|said| said.starts_with(&line))
            .collect();
        assert_eq!(said.len(), 1, "{line}\n{}", ran.transcript());
        assert!(said[0].contains(message), "{}", ran.transcript());
    }
    assert!(!ran.stderr.contains("panic"), "{}", ran.transcript());
    let mentions = workspace.read("extracted/mentions.ndjson");
    assert_eq!(mentions.matches("\"raw/a.txt\"").count(), 3, "{mentions}");
}
