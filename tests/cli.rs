//! The command as people meet it: exit codes, output, messages, odd file names, bad input.

mod archives;
mod damage;
mod limits;
mod malformed;
mod ocr;
mod office;
mod workspace;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::Stdio;

use workspace::{Ran, SAMPLE, Workspace, check};

/// Files that a run writes.
const OUTPUT: [&str; 12] = [
    "documents.ndjson",
    "laureates.csv",
    "laureates.json",
    "laureates.ndjson",
    "laureats.csv",
    "links.ndjson",
    "mentions.ndjson",
    "organisations.ndjson",
    "registry.ndjson",
    "rejects.ndjson",
    "report.html",
    "run.json",
];

/// A workspace with two documents in raw/.
fn with_documents() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("raw/rivages.txt", SAMPLE).write(
        "raw/a/copie.md",
        SAMPLE
            .replace("1. ", "## ")
            .replace("2. ", "## ")
            .replace("3. ", "## "),
    );
    workspace
}

#[test]
fn without_arguments_raw_goes_into_extracted() {
    let workspace = with_documents();
    let ran = workspace.run::<&str>(&[]);
    check(
        &ran,
        0,
        &[
            "document",
            "announced",
            "raw/rivages.txt",
            "written into `extracted`",
        ],
    );
    assert_eq!(workspace.listing("extracted"), OUTPUT);
    assert_eq!(
        workspace.read("extracted/mentions.ndjson").lines().count(),
        6
    );
    assert_eq!(ran.stdout, "");
}

#[test]
fn where_there_is_no_raw_it_says_what_to_do() {
    insta::assert_snapshot!(Workspace::new().run::<&str>(&[]).transcript());
}

#[test]
fn a_folder_without_documents_is_misuse() {
    let workspace = Workspace::new();
    workspace
        .write("raw/.gitkeep", "")
        .write("raw/photo.png", b"\x89PNG\r\n\x1a\n");
    insta::assert_snapshot!(workspace.run(&["run"]).transcript());
    assert_eq!(workspace.listing("."), ["raw"]);
}

#[test]
fn a_missing_file_is_misuse() {
    insta::assert_snapshot!(
        Workspace::new()
            .run(&["extract", "absent.pdf"])
            .transcript()
    );
}

#[test]
fn a_mistyped_command_or_option_is_misuse() {
    let workspace = Workspace::new();
    check(&workspace.run(&["extrct", "x"]), 2, &["extract"]);
    check(&workspace.run(&["run", "--outptu", "x"]), 2, &["--output"]);
    check(
        &workspace.run(&["run", "--min-confidence", "2"]),
        2,
        &["not a number from 0 to 1"],
    );
    check(&workspace.run(&["schema", "laureat"]), 2, &["laureate"]);
}

#[test]
fn a_failed_document_does_not_stop_the_others() {
    let workspace = with_documents();
    workspace
        .write("raw/vide.pdf", "")
        .write("raw/casse.pdf", "%PDF-1.7\nrien");
    let ran = workspace.run(&["run"]);
    check(
        &ran,
        1,
        &[
            "error: cannot process `raw/vide.pdf`: the file is empty",
            "hint: ",
            "error: cannot process `raw/casse.pdf`",
        ],
    );
    assert_eq!(
        workspace.read("extracted/mentions.ndjson").lines().count(),
        6
    );
    assert_eq!(
        workspace.read("extracted/rejects.ndjson").lines().count(),
        2
    );
}

#[test]
fn a_document_that_fails_is_rejected_at_the_stage_that_failed() {
    let workspace = with_documents();
    workspace
        .write("raw/vide.pdf", "")
        .write("raw/casse.pdf", "%PDF-1.7\nrien");
    check(&workspace.run(&["run"]), 1, &[]);
    let rejects = workspace.read("extracted/rejects.ndjson");
    let stages: Vec<(String, String)> = rejects
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|reject| {
            let text = |pointer| {
                reject
                    .pointer(pointer)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            };
            (text("/document/path"), text("/stage"))
        })
        .collect();
    let expected = [("raw/casse.pdf", "parse"), ("raw/vide.pdf", "ingest")];
    assert_eq!(
        stages,
        expected.map(|(path, stage)| (path.to_owned(), stage.to_owned()))
    );
}

#[test]
fn what_is_skipped_in_a_folder_is_counted_listed_and_accounted_for() {
    let workspace = with_documents();
    workspace
        .write(
            "raw/brochure.pptx",
            b"PK\x03\x04\x14\0\0\0ppt/presentation.xml",
        )
        .write("raw/a/scan.png", b"\x89PNG\r\n\x1a\n")
        .write("raw/photo.pdf", b"\x89PNG\r\n\x1a\n");
    let line = "3 files skipped: 2 × a PNG image, a PowerPoint presentation; `-v` lists them";
    check(&workspace.run(&["run"]), 0, &[line]);
    let run: serde_json::Value =
        serde_json::from_str(&workspace.read("extracted/run.json")).unwrap();
    let expected = serde_json::json!([
        {"path": "raw/a/scan.png", "reason": "it is a PNG image"},
        {"path": "raw/brochure.pptx", "reason": "it is a PowerPoint presentation"},
        {"path": "raw/photo.pdf", "reason": "it is a PNG image"},
    ]);
    assert_eq!(run["skipped"], expected);
    let ran = workspace.run(&["extract", "raw", "-v"]);
    check(
        &ran,
        0,
        &["note: raw/brochure.pptx: skipped: it is a PowerPoint presentation"],
    );
    assert!(
        !ran.stderr.contains("files skipped"),
        "{}",
        ran.transcript()
    );
    assert_eq!(workspace.run(&["run", "-q"]).stderr, "");
    check(
        &workspace.run(&["extract", "raw/brochure.pptx"]),
        1,
        &[
            "it is a PowerPoint presentation, not a PDF",
            "hint: convert it",
        ],
    );
}

#[test]
fn a_folder_is_read_with_all_that_it_holds_but_what_is_hidden() {
    let workspace = Workspace::new();
    let list = |town: &str| SAMPLE.replace("Brest", town);
    workspace
        .write("raw/un/deux/trois.txt", list("Dinan"))
        .write("raw/.avant.txt", list("Dinard"))
        .write("raw/.cache/copie.txt", list("Saint-Lunaire"))
        .write("ailleurs.txt", list("Cancale"));
    let read = |arguments: &[&str]| {
        let ran = workspace.run(&[&["extract"], arguments].concat());
        check(&ran, 0, &[]);
        // What is hidden is meant to be: it is not skipped, and not told.
        assert_eq!(ran.stderr, "");
        let records = ran.records().into_iter();
        let firsts = records.filter(|record| record["position"] == 1);
        let path = |record: serde_json::Value| record["document"]["path"].as_str().map(Into::into);
        firsts.filter_map(path).collect::<Vec<String>>()
    };
    assert_eq!(read(&["raw"]), ["raw/un/deux/trois.txt"]);
    assert_eq!(read(&["raw/.avant.txt"]), ["raw/.avant.txt"]);
    #[cfg(unix)]
    {
        let link = workspace.path().join("raw/lien.txt");
        std::os::unix::fs::symlink("../ailleurs.txt", link).unwrap();
        assert_eq!(read(&["raw"]), ["raw/lien.txt", "raw/un/deux/trois.txt"]);
    }
}

#[test]
fn a_stream_of_documents_is_answered_in_order() {
    let frame = |name: &str, bytes: &[u8]| {
        let length = |part: &[u8]| u32::try_from(part.len()).unwrap().to_be_bytes();
        let (name, own) = (name.as_bytes(), length(bytes));
        [&length(name)[..], name, &own, bytes].concat()
    };
    let workspace = with_documents();
    let list = workspace.read("raw/rivages.txt");
    let stream = [
        frame("raw/rivages.txt", list.as_bytes()),
        frame("x.pdf", b"%PDF-1.7 of which nothing else came"),
        frame("été\u{92}.txt", list.as_bytes()),
    ]
    .concat();
    let ran = workspace.run_with(&["extract", "--stdin-stream", "-q"], &stream);
    assert_eq!(ran.code, 1, "{}", ran.transcript());
    let mut lines = ran.stdout.lines();
    let mut answered = || {
        let answer: serde_json::Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        let count = usize::try_from(answer["lines"].as_u64().unwrap()).unwrap();
        let records: Vec<&str> = lines.by_ref().take(count).collect();
        (answer, records.join("\n"))
    };
    let (first, records) = answered();
    assert_eq!(first["path"], "raw/rivages.txt");
    let alone = workspace.run(&["extract", "raw/rivages.txt"]);
    assert_eq!(records, alone.stdout.trim_end());
    let (second, records) = answered();
    assert!(second["error"].is_string(), "{second}");
    assert_eq!(records, "");
    let (third, records) = answered();
    assert_eq!(third["path"], "été\u{92}.txt");
    // What steers a terminal stays what it is: a program reads it, and a file would have it.
    assert!(records.contains("été\u{92}.txt"), "{records}");
    assert_eq!(third["sha256"], first["sha256"]);
    assert_eq!(records.lines().count(), 3);
    assert_eq!(lines.next(), None);

    let cut = workspace.run_with(&["extract", "--stdin-stream"], &stream[..stream.len() - 1]);
    check(&cut, 2, &["no stream of documents"]);
}

#[test]
fn what_documents_say_of_themselves_comes_before_their_mentions() {
    let workspace = with_documents();
    workspace.write("raw/article.txt", "Il a plu hier sur la rade.");
    let ran = workspace.run(&["extract", "--documents", "raw"]);
    let records = ran.records();
    let kinds = records.iter().map(|record| {
        let path = record["document"]["path"].as_str().unwrap();
        let kind = match record["position"].as_u64() {
            None => "document".to_owned(),
            Some(position) => format!("mention {position}"),
        };
        (path, kind)
    });
    let read = ["document", "mention 1", "mention 2", "mention 3"];
    let expected = (read
        .map(|kind| ("raw/a/copie.md", kind.to_owned()))
        .into_iter())
    .chain([("raw/article.txt", "document".to_owned())])
    .chain(read.map(|kind| ("raw/rivages.txt", kind.to_owned())));
    assert!(kinds.eq(expected), "{}", ran.transcript());
    workspace.run(&["run"]);
    let documents = workspace.read("extracted/documents.ndjson");
    let printed = ran
        .stdout
        .lines()
        .filter(|line| line.contains("orphan_share"));
    assert!(printed.eq(documents.lines()), "{documents}");
}

#[test]
fn each_command_has_a_manual_page_in_the_language_asked_for() {
    let workspace = Workspace::new();
    for folder in ["en", "fr"] {
        std::fs::create_dir(workspace.path().join(folder)).unwrap();
        check(&workspace.run(&["man", folder, "--lang", folder]), 0, &[]);
    }
    let pages = workspace.listing("en");
    assert_eq!(pages, workspace.listing("fr"));
    for page in ["palmares.1", "palmares-run.1", "palmares-profile-check.1"] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
    }
    assert!(
        !pages.iter().any(|name| name.contains("worker")),
        "{pages:?}"
    );
    assert!(
        workspace
            .read("en/palmares-run.1")
            .contains("Read documents")
    );
    assert!(
        workspace
            .read("fr/palmares-run.1")
            .contains("Lire des documents")
    );
    check(
        &workspace.run(&["man", "absent"]),
        2,
        &[
            "cannot write into `absent`",
            "hint: name a folder that exists",
        ],
    );
}

/// The ids of a kind of records by the name that they state.
fn ids(workspace: &Workspace, file: &str) -> BTreeMap<String, String> {
    let text = |record: &serde_json::Value, key: &str| record[key].as_str().unwrap().to_owned();
    let records = workspace.read(file);
    let records = records.lines().map(|line| {
        let record = serde_json::from_str(line).expect("each line is a JSON value");
        (text(&record, "name"), text(&record, "id"))
    });
    records.collect()
}

#[test]
fn ids_stay_where_documents_about_others_come_and_go() {
    const FILES: [&str; 2] = ["extracted/mentions.ndjson", "extracted/laureates.ndjson"];
    let workspace = Workspace::new();
    let now = || {
        check(&workspace.run(&["run"]), 0, &[]);
        FILES.map(|file| ids(&workspace, file))
    };
    workspace.write("raw/rivages.txt", SAMPLE);
    let first = now();
    assert_eq!(first.each_ref().map(BTreeMap::len), [3, 3]);
    let other = SAMPLE
        .replace(
            "Les Ateliers du Port – La Recyclerie mobile",
            "Les Vergers de Cluny – Cueillir ensemble",
        )
        .replace(
            "Association Radio Rivage – Des ondes et des mots",
            "Compagnie du Lézard – Jouer dehors",
        )
        .replace(
            "Régie de quartier du Moulin – Jardins de saison",
            "Foyer rural de Tournus – Le bal des champs",
        );
    workspace.write("raw/avant.txt", &other);
    workspace.write(
        "raw/zz/apres.md",
        other
            .replace("Cluny", "Mâcon")
            .replace("Tournus", "Cuiseaux"),
    );
    let more = now();
    for (before, after) in first.iter().zip(&more) {
        assert!(after.len() > before.len());
        for (name, id) in before {
            assert_eq!(after.get(name), Some(id), "{name}");
        }
    }
    // Nor do laureates change when a document gets another name, or another place; its mentions are named by that.
    std::fs::rename(
        workspace.path().join("raw/rivages.txt"),
        workspace.path().join("raw/zz/renomme.txt"),
    )
    .unwrap();
    let renamed = now();
    assert_eq!(renamed[1], more[1]);
    assert!(
        first[0]
            .iter()
            .all(|(name, id)| renamed[0].get(name) != Some(id))
    );
    for file in ["raw/avant.txt", "raw/zz/apres.md"] {
        std::fs::remove_file(workspace.path().join(file)).unwrap();
    }
    let left = now();
    assert_eq!(left[1], first[1]);
    // Nor what is changed beside them.
    workspace.write(
        "raw/zz/renomme.txt",
        format!("{SAMPLE}\nMis en page par nos soins.\n"),
    );
    assert_eq!(now(), left);
}

/// A page that is nothing but a picture.
const SCAN: &str = "%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>> endobj
4 0 obj <</Length 29>> stream
q 200 0 0 200 0 0 cm /I Do Q
endstream endobj
5 0 obj <</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>> stream
x
endstream endobj
trailer <</Root 1 0 R/Size 6>>
";

#[test]
fn a_page_without_text_is_a_finding() {
    let workspace = with_documents();
    workspace.write("raw/scan.pdf", SCAN).write(
        "raw/page.html",
        "<!DOCTYPE html><html><body><div id=app></div>",
    );
    for command in [&["run"][..], &["extract", "raw"], &["run", "-q"]] {
        check(
            &workspace.run(command),
            1,
            &[
                "error: raw/scan.pdf, page 1: the page is a picture without text",
                "ocrmypdf",
                "error: raw/page.html: no text was found in it",
            ],
        );
    }
    let documents = workspace.read("extracted/documents.ndjson");
    assert!(documents.contains("\"severity\":\"error\""), "{documents}");
    check(&workspace.run(&["extract", "raw/rivages.txt"]), 0, &[]);
}

#[test]
fn a_run_says_what_is_new_changed_or_gone_since_the_last() {
    let workspace = with_documents();
    let first = workspace.run(&["run"]);
    assert!(
        !first.stderr.contains("since the last run"),
        "{}",
        first.transcript()
    );
    let again = workspace.run(&["run"]);
    assert!(
        !again.stderr.contains("since the last run"),
        "{}",
        again.transcript()
    );
    workspace
        .write("raw/rivages.txt", format!("{SAMPLE}\nFin\n"))
        .write("raw/neuf.txt", SAMPLE.replace("Radio", "Théâtre"));
    std::fs::remove_file(workspace.path().join("raw/a/copie.md")).unwrap();
    check(
        &workspace.run(&["run", "-v"]),
        0,
        &[
            "since the last run: 1 new, 1 changed, 1 gone",
            "raw/neuf.txt: new",
            "raw/rivages.txt: changed",
            "raw/a/copie.md: gone",
        ],
    );
}

#[test]
fn tables_in_a_folder_are_read_but_for_those_that_runs_wrote() {
    let workspace = with_documents();
    workspace.write(
        "raw/liste.csv",
        "Structure;Ville;Projet\nLe Toit;Lens;Un toit pour tous\nLe Pont;Douai;Un pont pour deux\nLa Cour;Arras;Une cour ouverte\n",
    );
    for dialect in ["standard", "excel-fr"] {
        check(
            &workspace.run(&["run", "--csv-dialect", dialect]),
            0,
            &["raw/liste.csv"],
        );
        check(
            &workspace.run(&["run", "extracted", "-o", "autre"]),
            2,
            &["no document found at `extracted`", "the output of a run"],
        );
    }
    let mentions = workspace.read("extracted/mentions.ndjson");
    assert_eq!(
        mentions.matches("\"path\":\"raw/liste.csv\"").count(),
        3,
        "{mentions}"
    );
}

#[cfg(unix)]
#[test]
fn devices_are_refused_and_pipes_are_read() {
    let workspace = with_documents();
    check(
        &workspace.run(&["extract", "/dev/zero"]),
        1,
        &["cannot process `/dev/zero`: it is a device", "hint: "],
    );
    let mut endless = workspace.command(&["extract", "-"]);
    let zeros = std::fs::File::open("/dev/zero").unwrap();
    check(
        &Ran::from(endless.stdin(zeros).output().unwrap()),
        1,
        &["it is a binary file"],
    );
    let pipe = workspace.path().join("raw/tuyau");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    check(
        &workspace.run(&["extract", "raw"]),
        0,
        &["1 file skipped: a pipe or a device"],
    );
    let writer = std::thread::spawn(move || std::fs::write(pipe, SAMPLE).unwrap());
    let ran = workspace.run(&["extract", "raw/tuyau"]);
    writer.join().unwrap();
    check(&ran, 0, &[]);
    assert_eq!(ran.records().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_link_to_everything_is_not_followed() {
    let workspace = with_documents();
    std::os::unix::fs::symlink("/", workspace.path().join("raw/tout")).unwrap();
    check(
        &workspace.run(&["run"]),
        0,
        &["1 file skipped: a link to a folder"],
    );
    std::os::unix::fs::symlink("nulle-part", workspace.path().join("raw/casse.pdf")).unwrap();
    check(
        &workspace.run(&["run"]),
        1,
        &["error: cannot look at `raw/casse.pdf`"],
    );
}

#[test]
fn the_number_of_threads_is_a_number_that_can_be_started() {
    let workspace = with_documents();
    for jobs in ["0", "100000", "quatre"] {
        check(
            &workspace.run(&["run", "-j", jobs]),
            2,
            &["not a number of threads from 1 to 1024"],
        );
    }
    workspace.write("palmares.toml", "jobs = 100000");
    check(
        &workspace.run(&["run"]),
        2,
        &["`jobs` is not a number from 1 to 1024"],
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let workspace = with_documents();
    for (folder, jobs) in [("one", "1"), ("two", "2"), ("again", "2")] {
        check(&workspace.run(&["run", "-j", jobs, "-o", folder]), 0, &[]);
    }
    for name in OUTPUT.iter().filter(|name| **name != "run.json") {
        let expected = workspace.read(&format!("one/{name}"));
        assert!(
            workspace.read(&format!("two/{name}")) == expected,
            "{name} differs by threads"
        );
        assert!(
            workspace.read(&format!("again/{name}")) == expected,
            "{name} differs by run"
        );
    }
}

#[test]
fn files_that_are_not_ours_survive_a_run() {
    let workspace = with_documents();
    workspace
        .write("extracted/notes.txt", "à relire")
        .write("extracted/mentions.ndjson", "");
    check(&workspace.run(&["run", "raw"]), 0, &[]);
    assert_eq!(workspace.read("extracted/notes.txt"), "à relire");
    assert_eq!(
        workspace.read("extracted/mentions.ndjson").lines().count(),
        6
    );
    assert_eq!(workspace.listing("."), ["extracted", "raw"]);
}

#[test]
fn what_a_run_wrote_is_not_read_by_the_next() {
    let workspace = with_documents();
    check(&workspace.run(&["run", "."]), 0, &[]);
    let first = workspace.read("extracted/mentions.ndjson");
    check(&workspace.run(&["run", "."]), 0, &[]);
    assert!(workspace.read("extracted/mentions.ndjson") == first);
}

#[test]
fn a_killed_run_leaves_the_last_output() {
    let workspace = with_documents();
    check(&workspace.run(&["run"]), 0, &[]);
    let before = workspace.read("extracted/mentions.ndjson");
    let mut child = workspace
        .command(&["run", "raw", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(100));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(workspace.read("extracted/mentions.ndjson") == before);
    assert_eq!(workspace.listing("extracted"), OUTPUT);
}

#[test]
fn an_output_that_is_a_file_is_misuse() {
    let workspace = with_documents();
    workspace.write("sortie", "à garder");
    check(
        &workspace.run(&["run", "-o", "sortie"]),
        2,
        &["`sortie`: it is not a folder", "hint: "],
    );
    assert_eq!(workspace.read("sortie"), "à garder");
}

#[test]
fn standard_input_is_a_document() {
    let workspace = Workspace::new();
    let ran = workspace.run_with(&["extract", "-"], SAMPLE.as_bytes());
    check(&ran, 0, &[]);
    let records = ran.records();
    assert_eq!(records.len(), 3);
    assert_eq!(records[0]["document"]["path"], "-");
    assert_eq!(records[0]["name"], "Les Ateliers du Port");
    assert_eq!(records[0]["project"], "La Recyclerie mobile");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let workspace = with_documents();
    let mut child = workspace
        .command(&["extract", "raw"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    check(&ran, 0, &[]);
    assert!(!ran.stderr.contains("error"), "{}", ran.transcript());
}

#[test]
fn file_names_may_be_odd() {
    let workspace = Workspace::new();
    let names = [
        "un espace.txt",
        "e\u{301}te\u{301}.txt",
        "\u{e9}t\u{e9}.md",
        "deux\nlignes.txt",
        "-tiret.txt",
        "sans-extension",
        "page.pdf",
    ];
    for (index, name) in names.iter().enumerate() {
        workspace.write(
            format!("raw/{name}"),
            SAMPLE.replace("Brest", &format!("Brest {index}")),
        );
    }
    let ran = workspace.run(&["extract", "-q", "raw"]);
    check(&ran, 0, &[]);
    let mut found: Vec<String> = ran
        .records()
        .iter()
        .filter(|record| record["position"] == 1)
        .map(|record| record["document"]["path"].as_str().unwrap().to_owned())
        .collect();
    let mut expected: Vec<String> = names.iter().map(|name| format!("raw/{name}")).collect();
    expected.sort();
    assert_eq!(found, expected);
    found.dedup();
    assert_eq!(found.len(), names.len());
    let ran = workspace
        .command(&["extract", "--", "-tiret.txt"])
        .current_dir(workspace.path().join("raw"))
        .output()
        .unwrap();
    assert_eq!(Ran::from(ran).records().len(), 3);
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf_8_is_printed_percent_encoded() {
    use std::os::unix::ffi::OsStringExt;
    let workspace = Workspace::new();
    let name = OsString::from_vec(b"\xe9t\xe9.txt".to_vec());
    workspace.write(&name, SAMPLE);
    let ran = workspace.run(&[OsString::from("extract"), name]);
    check(&ran, 0, &[]);
    assert_eq!(ran.records()[0]["document"]["path"], "%E9t%E9.txt");
}

#[test]
fn the_same_bytes_under_two_paths_are_one_document() {
    let workspace = Workspace::new();
    workspace
        .write("raw/b.txt", SAMPLE)
        .write("raw/a.txt", SAMPLE);
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(
        workspace.read("extracted/documents.ndjson").lines().count(),
        1
    );
    let run: serde_json::Value =
        serde_json::from_str(&workspace.read("extracted/run.json")).unwrap();
    assert_eq!(run["inputs"][0]["path"], "raw/a.txt");
    assert_eq!(run["inputs"][0]["duplicates"][0], "raw/b.txt");
}

#[test]
fn paths_below_the_working_directory_are_relative() {
    let workspace = Workspace::new();
    workspace.write("raw/a.txt", SAMPLE);
    let here = workspace.path().canonicalize().unwrap();
    let absolute = here.join("raw/a.txt").into_os_string();
    let mut command = workspace.command(&[OsString::from("extract"), absolute]);
    let ran = Ran::from(command.current_dir(&here).output().unwrap());
    assert_eq!(ran.records()[0]["document"]["path"], "raw/a.txt");
}

#[test]
fn a_configuration_above_is_found_and_can_be_refused() {
    let workspace = Workspace::new();
    workspace
        .write(
            "palmares.toml",
            "inputs = ['brochures']\noutput = 'sortie'\n",
        )
        .write("brochures/a.txt", SAMPLE)
        .write("sous/dossier/.gitkeep", "");
    let below = workspace.path().join("sous/dossier");
    let ran = Ran::from(
        workspace
            .command(&["run"])
            .current_dir(&below)
            .output()
            .unwrap(),
    );
    check(&ran, 0, &[]);
    assert_eq!(workspace.read("sortie/organisations.ndjson"), "");
    let ran = Ran::from(
        workspace
            .command(&["run", "--no-config"])
            .current_dir(&below)
            .output()
            .unwrap(),
    );
    check(&ran, 2, &["there is no folder `raw` here"]);
}

#[test]
fn a_mistake_in_the_configuration_is_named_with_its_line() {
    let workspace = with_documents();
    workspace.write("palmares.toml", "jobs = 2\noutptu = 'x'\n");
    check(
        &workspace.run(&["run"]),
        2,
        &[
            "palmares.toml`, line 2: there is no key `outptu`",
            "hint: the nearest key is `output`",
        ],
    );
    check(
        &workspace.run(&["run", "--config", "absent.toml"]),
        2,
        &["absent.toml"],
    );
}

#[test]
fn a_low_confidence_is_rejected_where_that_is_asked_for() {
    let workspace = with_documents();
    let ran = workspace.run(&["run", "--min-confidence", "1"]);
    check(
        &ran,
        1,
        &["rejected: raw/rivages.txt, line 5, entry 1: ", "is under 1"],
    );
    assert_eq!(workspace.read("extracted/mentions.ndjson"), "");
    assert_eq!(
        workspace.read("extracted/rejects.ndjson").lines().count(),
        6
    );
}

#[test]
fn pages_that_are_not_read_are_a_finding() {
    let workspace = Workspace::new();
    let pages = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/encadre-lateral-pdf/input.pdf"
    );
    check(&workspace.run(&["extract", pages]), 0, &[]);
    workspace.write("palmares.toml", "[limits]\npages = 1\n");
    check(
        &workspace.run(&["extract", pages]),
        1,
        &["only the first 1 of 3 pages were read", "hint: "],
    );
    // What is nested too deep on a page is not read either: a form in a form.
    let text = "BT /F 12 Tf 50 100 Td (Bonjour) Tj ET";
    let form = |number: u32, content: &str, uses: &str| {
        let length = content.len();
        format!(
            "{number} 0 obj <</Subtype/Form/BBox[0 0 200 200]/Resources<<{uses}>>/Length {length}>> stream\n{content}\nendstream endobj\n"
        )
    };
    let font = "/Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
    let document = SCAN
        .replace(
            "q 200 0 0 200 0 0 cm /I Do Q",
            "q 1.0 0 0 1.0 0 0 cm /I Do Q",
        )
        .replace(
            "trailer",
            &(form(6, "/J Do", "/XObject<</J 7 0 R>>") + &form(7, text, font) + "trailer"),
        )
        .replace("/I 5 0 R", "/I 6 0 R");
    workspace.write("formes.pdf", document);
    let read = |limit: u32| {
        workspace.write("palmares.toml", format!("[limits]\nnesting = {limit}\n"));
        workspace.run(&["extract", "formes.pdf"])
    };
    check(&read(8), 0, &[]);
    check(
        &read(1),
        1,
        &["page 1: the page has deeper nesting than the limits allow"],
    );
}

#[test]
fn a_floor_that_is_not_met_is_a_finding() {
    let workspace = Workspace::new();
    workspace
        .write("gold/un.json", r#"{"records": [{"name": "Radio Rivage"}]}"#)
        .write("un.txt", SAMPLE)
        .write("low.toml", "[\"*\"]\nname = 0.0\n")
        .write("high.toml", "[\"*\"]\nname = 1.0\n");
    let eval = |floors| workspace.run(&["eval", "--gold", "gold", "un.txt", "--floors", floors]);
    check(&eval("low.toml"), 0, &[]);
    check(&eval("high.toml"), 1, &["name is ", "the floor is 1"]);
    check(&eval("absent.toml"), 2, &["absent.toml"]);
}

#[test]
fn everything_that_a_run_writes_is_valid() {
    let workspace = with_documents();
    workspace.write("raw/vide.pdf", "");
    check(&workspace.run(&["run"]), 1, &[]);
    let files: Vec<String> = OUTPUT
        .iter()
        .map(|name| format!("extracted/{name}"))
        .collect();
    let mut arguments = vec!["validate".to_owned()];
    arguments.extend(files);
    let ran = workspace.run(&arguments);
    check(&ran, 0, &["0 not valid"]);
    // laureates.json and laureates.ndjson hold the same.
    assert!(!ran.stdout.contains("duplicate"), "{}", ran.transcript());
}

#[test]
fn validate_names_record_pointer_value_and_place() {
    let workspace = Workspace::new();
    workspace.write("a.txt", SAMPLE);
    let mut records = workspace.run(&["extract", "a.txt"]).records();
    records[1]["territory"] = "".into();
    records[2]["position"] = "trois".into();
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    workspace.write("mentions.ndjson", lines.join("\n"));
    insta::assert_snapshot!(workspace.run(&["validate", "mentions.ndjson"]).transcript());
    let ran = workspace.run(&["validate", "--format", "json", "mentions.ndjson"]);
    let report = &ran.records()[0];
    assert_eq!(
        (&report["version"], &report["not_valid"]),
        (&1.into(), &2.into())
    );
    let invalid: Vec<&serde_json::Value> = (report["errors"].as_array().into_iter().flatten())
        .filter(|error| error["tier"] == "valid")
        .collect();
    assert_eq!(invalid.len(), 2);
    assert_eq!(invalid[0]["pointer"], "/territory");
    workspace.write("report.json", &ran.stdout);
    check(
        &workspace.run(&["validate", "report.json"]),
        0,
        &["1 record checked, 0 not valid"],
    );
    check(
        &workspace.run_with(&["validate", "-"], b"{\"id\": \n"),
        1,
        &["1 record checked, 1 not valid"],
    );
    check(
        &workspace.run_with(&["validate", "-"], b""),
        2,
        &["no record found"],
    );
    workspace.write("rejects.ndjson", "");
    check(
        &workspace.run(&["validate", "rejects.ndjson"]),
        0,
        &["0 records checked, 0 not valid"],
    );
}

/// Records of which one is a row twice, one has a wrong SIRET under its label, and one states a sum that is no number.
fn with_faults() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("a.txt", format!("Palmarès 2023\n\n{SAMPLE}"));
    let mut records = workspace.run(&["extract", "a.txt"]).records();
    records[1]["other"]["SIRET"] = "4991E+13 <b>".into();
    records[1]["origin"] = serde_json::json!({"/other/SIRET": "profile"});
    records[2]["amount"] =
        serde_json::json!({"text": "selon projet", "value": null, "currency": null});
    records.push(records[0].clone());
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    workspace.write("mentions.ndjson", lines.join("\n"));
    workspace
}

#[test]
fn what_an_importer_rejects_is_told_by_rule_and_can_be_a_gate() {
    let workspace = with_faults();
    let mut told = String::new();
    for language in ["en", "fr"] {
        let arguments = ["validate", "--lang", language, "mentions.ndjson"];
        told += &workspace.run(&arguments).transcript();
    }
    insta::assert_snapshot!(told);
    let gate = |share: &str| workspace.run(&["validate", "--max-reject", share, "mentions.ndjson"]);
    check(&gate("75%"), 0, &["3 that an importer would reject"]);
    check(
        &gate("0,5"),
        1,
        &["75.0 % of the records would be rejected, more than 50.0 %"],
    );
    check(&gate("120%"), 2, &["not a share such as `5%`"]);
}

#[test]
fn the_report_of_validation_has_a_form_for_each_reader() {
    let workspace = with_faults();
    let report = |format: &str| {
        let ran = workspace.run(&["validate", "--format", format, "mentions.ndjson"]);
        check(&ran, 0, &[]);
        ran.stdout
    };
    let log: serde_json::Value = serde_json::from_str(&report("sarif")).expect("SARIF is JSON");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let index = usize::try_from(index).expect("it is small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let amount = (results.iter())
        .find(|result| result["ruleId"] == "amount")
        .expect("a sum that is no number");
    let place = &amount["locations"][0];
    assert_eq!(place["physicalLocation"]["region"]["startLine"], 3);
    assert_eq!(
        place["logicalLocations"][0]["fullyQualifiedName"],
        "/amount/text"
    );
    let document = &amount["relatedLocations"][0]["physicalLocation"];
    assert_eq!(document["artifactLocation"]["uri"], "a.txt");

    let page = report("html");
    assert!(
        page.contains("4991E+13 &lt;b&gt;") && !page.contains("<b>"),
        "{page}"
    );
    workspace.write("raw/validation.html", &page);
    workspace.write("raw/a.txt", SAMPLE);
    check(
        &workspace.run(&["extract", "raw"]),
        0,
        &["the output of a run"],
    );

    let commands = report("github");
    assert!(
        commands.lines().any(|line| line.starts_with(
            "::warning file=mentions.ndjson,line=4,title=duplicate::"
        )),
        "{commands}"
    );
    assert!(
        commands.lines().all(|line| line.starts_with("::")),
        "{commands}"
    );
    check(
        &workspace.run(&["extract", "--format", "sarif", "a.txt"]),
        2,
        &["only `palmares validate` writes its report in this format"],
    );
}

#[test]
fn organisations_are_looked_up_in_a_register_and_told_with_reasons() {
    let workspace = Workspace::new();
    workspace
        .write("a.txt", SAMPLE)
        .write(
            "sirene.csv",
            "siret;denominationUniteLegale;codePostalEtablissement;libelleCommuneEtablissement\n\
             11111111100011;ASSOCIATION RADIO RIVAGE;29200;BREST\n22222222200022;LES JARDINS DU COUCHANT;56100;LORIENT\n",
        )
        .write("sans-nom.csv", "siret;effectif\n1;2\n");
    check(&workspace.run(&["run", "a.txt", "-o", "sortie"]), 0, &[]);
    let look_up = |register: &str| {
        let mentions = "sortie/mentions.ndjson";
        workspace.run(&["link", mentions, "--organisations", register, "-o", "liens"])
    };
    check(
        &look_up("sirene.csv"),
        0,
        &["1 of 3 organisations found in `sirene.csv`: liens/organisations.ndjson says who"],
    );
    let matches: Vec<serde_json::Value> = (workspace.read("liens/organisations.ndjson").lines())
        .map(|line| serde_json::from_str(line).expect("a record a line"))
        .collect();
    let radio = (matches.iter())
        .find(|found| found["name"] == "Association Radio Rivage")
        .expect("each organisation has a line");
    assert_eq!(radio["joined"], "11111111100011");
    assert_eq!(radio["candidates"][0]["seat"], "29200 BREST");
    let laureates = workspace.read("liens/laureates.ndjson");
    assert!(
        !laureates.contains("11111111100011"),
        "no record is changed"
    );
    check(
        &workspace.run(&["validate", "liens/organisations.ndjson"]),
        0,
        &["3 records checked, 0 not valid"],
    );
    let again = [
        "run",
        "a.txt",
        "--organisations",
        "sirene.csv",
        "-o",
        "sortie",
    ];
    check(&workspace.run(&again), 0, &["1 of 3 organisations found"]);
    let matches = workspace.read("sortie/organisations.ndjson");
    assert!(
        matches.contains("\"joined\":\"11111111100011\""),
        "{matches}"
    );
    workspace.write("palmares.toml", "organisations = \"sirene.csv\"\n");
    check(
        &workspace.run(&["run", "a.txt", "-o", "sortie"]),
        0,
        &["1 of 3 organisations found"],
    );
    workspace.write("palmares.toml", "");
    // What a run without a register writes has nothing of it.
    check(&workspace.run(&["run", "a.txt", "-o", "sortie"]), 0, &[]);
    assert_eq!(workspace.listing("sortie"), OUTPUT);
    check(
        &look_up("sans-nom.csv"),
        2,
        &["no column for the name among"],
    );
    check(
        &look_up("absent.parquet"),
        2,
        &["cannot read `absent.parquet`"],
    );
    workspace.write("casse.parquet", "PAR1 rien");
    check(
        &look_up("casse.parquet"),
        2,
        &["cannot read `casse.parquet` as Parquet"],
    );
    #[cfg(feature = "parquet")]
    {
        let export = [
            "export",
            "sortie",
            "--to",
            "parquet",
            "-o",
            "registre.parquet",
        ];
        check(&workspace.run(&export), 0, &[]);
        check(
            &look_up("registre.parquet"),
            0,
            &["3 of 3 organisations found"],
        );
    }
}

#[test]
fn schemas_are_printed_as_committed() {
    let workspace = Workspace::new();
    for name in [
        "mention",
        "laureate",
        "document",
        "link",
        "reject",
        "run",
        "registry",
        "validation",
        "match",
    ] {
        let ran = workspace.run(&["schema", name]);
        check(&ran, 0, &[]);
        let path = format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        assert!(ran.stdout == std::fs::read_to_string(path).unwrap());
    }
}

#[test]
fn a_decision_about_an_unknown_id_is_misuse() {
    let workspace = Workspace::new();
    workspace.write("liste.csv", "id;nom\nm-10;Les Semeurs\nm-25;Les Glaneurs\n");
    for option in ["--together", "--apart"] {
        let ran = workspace.run(&["link", "liste.csv", option, "m-10,m-26"]);
        check(
            &ran,
            2,
            &[
                "no record has the id `m-26`",
                "hint: the id nearest to `m-26` is `m-25`",
            ],
        );
        assert!(
            !workspace.path().join("linked").exists(),
            "nothing is written"
        );
    }
    let ran = workspace.run(&["link", "liste.csv", "--together", "m-10,m-25"]);
    check(&ran, 0, &["2 records, 1 laureate of 1 organisation"]);
}

#[test]
fn the_report_holds_what_other_thresholds_would_give_as_link_prints_it() {
    let workspace = Workspace::new();
    workspace.write("raw/a.txt", SAMPLE);
    check(&workspace.run(&["run"]), 0, &[]);
    let alone = workspace.read("extracted/report.html");
    assert!(alone.contains("\"thresholds\":[]"), "there are no pairs");
    workspace.write("raw/b.txt", SAMPLE.replace("Brest", "Quimper"));
    check(&workspace.run(&["run"]), 0, &[]);
    let report = workspace.read("extracted/report.html");
    let (_, drawn) = report
        .split_once("\"thresholds\":")
        .expect("the report has them");
    let drawn = serde_json::Deserializer::from_str(drawn)
        .into_iter::<Vec<serde_json::Value>>()
        .next()
        .expect("they are a list")
        .expect("the list is JSON");
    let printed = workspace.run(&[
        "link",
        "extracted/mentions.ndjson",
        "--thresholds",
        "--format",
        "json",
    ]);
    check(&printed, 0, &[]);
    assert_eq!(printed.records(), drawn);
    let used: Vec<&serde_json::Value> = drawn.iter().filter(|at| at["is_used"] == true).collect();
    let run: serde_json::Value =
        serde_json::from_str(&workspace.read("extracted/run.json")).expect("run.json is JSON");
    assert_eq!(used.len(), 1);
    assert_eq!(used[0]["organisations"], run["counts"]["organisations"]);
}

#[test]
fn link_says_where_not_all_words_are_compared() {
    let workspace = Workspace::new();
    let name = "les mots ".repeat(1000);
    workspace.write("liste.csv", format!("id;nom\n1;Les Semeurs\n2;\"{name}\n"));
    let ran = workspace.run(&["link", "liste.csv"]);
    check(
        &ran,
        0,
        &["warning: 1 record has a name, a title or a call of hundreds of words"],
    );
}

#[test]
fn entries_of_a_list_that_does_not_convince_are_kept_with_the_reason() {
    let workspace = Workspace::new();
    let items: Vec<String> = (1..=120)
        .map(|n| format!("- Salle {n}, 12 rue des Ormes\n"))
        .collect();
    workspace.write(
        "raw/salles.md",
        format!("# Nos salles\n\n{}", items.concat()),
    );
    let line = "rejected: raw/salles.md: its list of 120 does not convince: of a hundred like it ";
    // A crawl is full of such documents: this is no finding.
    let ran = workspace.run(&["run"]);
    check(&ran, 0, &[line]);
    assert_eq!(
        ran.stderr.matches("rejected: ").count(),
        1,
        "{}",
        ran.transcript()
    );
    check(&workspace.run(&["extract", "raw/salles.md"]), 0, &[line]);
    let rejects = workspace.read("extracted/rejects.ndjson");
    let rejects: Vec<serde_json::Value> = (rejects.lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rejects.len(), 100);
    for (position, reject) in (1..).zip(&rejects) {
        assert_eq!(reject["kind"], "mention");
        assert_eq!(reject["stage"], "segment");
        assert_eq!(reject["position"], position);
        let message = reject["reasons"][0]["message"].as_str().unwrap();
        for words in [
            "nothing in the document speaks of laureates",
            "against it: « ",
            "; to have it, ",
            "; the first 100 are kept here",
        ] {
            assert!(message.contains(words), "no {words:?} in {message}");
        }
        let probability = reject["reasons"][0]["value"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&probability), "{probability}");
        let text = reject["record"].to_string();
        assert!(text.contains(&format!("Salle {position}")), "{text}");
    }
}

#[test]
fn what_is_expected_may_be_said_of_a_folder_a_file_or_a_glob() {
    let workspace = Workspace::new();
    let list = "# Nos salles\n\n- Association Les Tilleuls (Brest)\n- Club des Aînés (Lorient)\n- Comité des fêtes (Vannes)\n";
    workspace
        .write("raw/a/un.md", list)
        .write("raw/a/deux.md", format!("{list}\n"))
        .write("raw/b/trois.md", format!("{list}\n\n"))
        .write(
            "palmares.toml",
            "[[expect]]\npath = 'raw/a'\nvalue = 'laureates'\n\n[[expect]]\npath = 'raw/*/d*.md'\nvalue = 'unknown'\n",
        );
    let found = |arguments: &[&str]| {
        let ran = workspace.run(&[&["extract"], arguments].concat());
        ran.stdout.lines().count()
    };
    assert_eq!(found(&["raw/a/un.md"]), 3);
    assert_eq!(found(&["raw/b/../a/un.md"]), 3);
    assert_eq!(found(&["raw/a/deux.md"]), 0);
    assert_eq!(found(&["raw/b"]), 0);
    assert_eq!(found(&["raw/b", "--expect", "laureates"]), 3);
    assert_eq!(found(&["raw/a/un.md", "--expect", "unknown"]), 0);
    assert_eq!(found(&["raw/a/un.md", "--no-config"]), 0);
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(
        workspace.read("extracted/mentions.ndjson").lines().count(),
        3
    );
    let explained = |arguments: &[&str]| {
        let ran = workspace.run(&[&["explain"], arguments].concat());
        let line = ran
            .stdout
            .lines()
            .find(|line| line.starts_with("expected: "));
        line.map(str::to_owned)
    };
    let rule = |value: &str, by: &str| Some(format!("expected: {value}, says {by}"));
    let here = "the configuration for";
    assert_eq!(
        explained(&["raw/a/un.md"]),
        rule("laureates", &format!("{here} `raw/a`"))
    );
    assert_eq!(
        explained(&["raw/a/deux.md"]),
        rule("unknown", &format!("{here} `raw/*/d*.md`"))
    );
    assert_eq!(explained(&["raw/b/trois.md"]), None);
    let told = ["raw/a/deux.md", "--expect", "laureates"];
    assert_eq!(explained(&told), rule("laureates", "the command line"));
    workspace.write("palmares.toml", "expect = 'laureates'\n");
    assert_eq!(
        explained(&["raw/b/trois.md"]),
        rule("laureates", "the configuration")
    );
    for (mistake, message) in [
        (
            "expect = 'laureate'",
            "`laureate` is none of `laureates`, `unknown`",
        ),
        ("expect = 3", "tables `[[expect]]` with `path` and `value`"),
        ("[[expect]]\npath = 'raw'", "`value` is missing"),
        (
            "[[expect]]\npath = 'raw/a[*.md'\nvalue = 'laureates'",
            "`raw/a[*.md` is no glob: unclosed character class",
        ),
    ] {
        workspace.write("palmares.toml", mistake);
        check(&workspace.run(&["run"]), 2, &[message]);
    }
}

#[test]
fn explain_shows_entries_labels_and_orphans() {
    let workspace = Workspace::new();
    workspace.write("a.txt", SAMPLE);
    let ran = workspace.run(&["explain", "a.txt"]);
    check(&ran, 0, &[]);
    for expected in [
        "a.txt · text",
        "3 entries were read, found by ",
        "The best other list has ",
        "The document announces 3: « 3 lauréats ont été sélectionnés. »",
        "#2 line 10, printed number 2",
        "label  « Partenaires » → partners",
        "Lorient et Lanester  [line 6 · ",
        "text that belongs to no entry\n  line 1",
    ] {
        assert!(
            ran.stdout.contains(expected),
            "no {expected:?} in\n{}",
            ran.transcript()
        );
    }
    for stage in ["parse", "layout", "segment", "extract"] {
        let ran = workspace.run(&["explain", "a.txt", "--stage", stage, "--format", "json"]);
        check(&ran, 0, &[]);
        serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap();
        check(
            &workspace.run(&["explain", "a.txt", "--stage", stage]),
            0,
            &[],
        );
    }
}

#[test]
fn the_csv_opens_in_a_french_spreadsheet() {
    let workspace = Workspace::new();
    workspace.write("raw/a.txt", SAMPLE.replace("La Recyclerie mobile", "=2+3"));
    check(
        &workspace.run(&["run", "--csv-dialect", "excel-fr"]),
        0,
        &[],
    );
    let table = workspace.read("extracted/laureats.csv");
    let rows: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(
        rows[0],
        "\u{feff}Qui;Quoi;Où;Région;Combien;Appel;Document;Place dans le document;Doute;Identifiant"
    );
    assert!(
        rows.iter()
            .any(|row| row.contains(";'=2+3;Lorient et Lanester;")),
        "{table}"
    );
    assert!(table.contains(";raw/a.txt;n° 1;"), "{table}");
    // The machines' table is the same whatever people want.
    let machines = workspace.read("extracted/laureates.csv");
    assert!(machines.starts_with("id,organisation_id,"), "{machines}");
    assert!(
        machines.contains(",Mission locale | Ville de Lorient,"),
        "{machines}"
    );
    check(&workspace.run(&["run"]), 0, &[]);
    assert_eq!(workspace.read("extracted/laureates.csv"), machines);
    let english = workspace.read("extracted/laureats.csv");
    assert!(
        english.starts_with("who,what,where,region,how much,call,document,place in it,doubt,id\n"),
        "{english}"
    );
}

#[test]
fn completions_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = Workspace::new().run(&["completions", shell]);
        check(&ran, 0, &[]);
        assert!(ran.stdout.contains("palmares"));
    }
}

#[test]
fn messages_are_plain_where_nobody_watches_and_quiet_where_asked() {
    let workspace = with_documents();
    assert!(!workspace.run(&["run"]).stderr.contains('\u{1b}'));
    let ran = workspace.run(&["run", "--color", "always", "absent.pdf"]);
    assert!(
        ran.stderr.contains("\u{1b}[1;31merror:\u{1b}[0m"),
        "{}",
        ran.transcript()
    );
    assert_eq!(workspace.run(&["run", "-q"]).stderr, "");
    let ran = workspace.run(&["run", "--format", "json"]);
    let run: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(run["counts"]["mentions"], 6);
}

#[test]
fn an_announced_count_is_a_warning_also_where_nothing_is_found() {
    let workspace = Workspace::new();
    workspace.write(
        "raw/appel.txt",
        "Le jury a retenu 7 projets.\n\nIls seront présentés en mai.\n",
    );
    let wanted = ["warning", "announces 7, 0 were found"];
    check(&workspace.run(&["run"]), 0, &wanted);
    check(&workspace.run(&["extract", "raw/appel.txt"]), 0, &wanted);
}

#[test]
fn labels_that_outnumber_the_entries_are_a_warning() {
    let workspace = Workspace::new();
    let entry = |number: usize| {
        format!("## Association Exemple {number}\n\nProjet : Un jardin\n\nVille : Dole\n\n")
    };
    let mut text: String = (1..=12).map(entry).collect();
    text.push_str("Ville : Gray\n\nVille : Salins\n");
    workspace.write("raw/liste.md", format!("# Les lauréats\n\n{text}"));
    check(
        &workspace.run(&["run"]),
        0,
        &["the label `Ville` stands 14 times, 12 entries were found"],
    );
}

#[test]
fn each_value_of_a_table_stands_in_its_row() {
    use std::fmt::Write as _;
    const ROWS: usize = 800;
    let workspace = Workspace::new();
    let mut table = String::from("Structure;Projet;Commune;Montant (€);Année\r\n");
    for row in 1..=ROWS {
        let quoted = format!("\"Titre \"\"{row}\"\"\r\nen deux lignes ; rang {row}\"");
        let year = 1200 + row;
        write!(
            table,
            "Association {row} du Val;{quoted};Lens;{row} 500,50;{year}\r\n"
        )
        .expect("a string takes all");
    }
    workspace.write("table.csv", &table);
    let ran = workspace.run(&["extract", "table.csv"]);
    check(&ran, 0, &[]);
    let mentions: Vec<serde_json::Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is a record"))
        .collect();
    assert_eq!(mentions.len(), ROWS);
    for (number, mention) in mentions.iter().enumerate() {
        let row = number + 1;
        assert_eq!(mention["name"], format!("Association {row} du Val"));
        assert_eq!(
            mention["project"],
            format!("Titre \"{row}\" en deux lignes ; rang {row}")
        );
        assert_eq!(mention["amount"]["value"], row as f64 * 1000.0 + 500.5);
        assert_eq!(mention["amount"]["currency"], "EUR");
        assert_eq!(mention["dates"], (1200 + row).to_string());
        // The bytes that the evidence names are the value, but for the second of two quotation marks.
        let pieces = mention["evidence"]["/project"]
            .as_array()
            .expect("it is grounded");
        let read: Vec<&str> = pieces
            .iter()
            .map(|piece| {
                let byte = |at: usize| {
                    let byte = piece["span"][at].as_u64().expect("it is a byte");
                    usize::try_from(byte).expect("it is one of the file's")
                };
                &table[byte(0)..byte(1)]
            })
            .collect();
        assert_eq!(
            read.concat(),
            format!("Titre \"{row}\"en deux lignes ; rang {row}")
        );
    }
}

#[test]
fn a_table_is_called_one_and_its_faults_are_told() {
    let workspace = Workspace::new();
    workspace.write(
        "table.csv",
        "Structure,Commune,Montant\nLe Toit,Lens,500 €\nLe Pont,Arras\nLe Verger,Douai,à définir\n",
    );
    let ran = workspace.run(&["run", "table.csv"]);
    check(
        &ran,
        0,
        &[
            "CSV",
            "line 3: the row has 2 cells, the table 3",
            "the amount `à définir` has no value",
        ],
    );
}

#[test]
fn add_reads_again_what_the_last_run_read() {
    let workspace = Workspace::new();
    workspace.write("raw/a.txt", SAMPLE);
    let others = SAMPLE
        .replace("du Port – La Recyclerie mobile", "du Pré – Le Verger")
        .replace(
            "Radio Rivage – Des ondes et des mots",
            "Théâtre Brume – Scènes",
        )
        .replace("du Moulin – Jardins", "des Tilleuls – Repas");
    workspace.write("neuf/b.txt", others);
    let nothing = workspace.run(&["run", "--add", "neuf/b.txt"]);
    check(
        &nothing,
        2,
        &[
            "nothing to add to: no run has written into `extracted`",
            "leave out `--add`",
        ],
    );
    check(&workspace.run(&["run"]), 0, &[]);
    let added = workspace.run(&["run", "--add", "neuf/b.txt"]);
    check(&added, 0, &["2 documents, 6 mentions"]);
    check(
        &workspace.run(&["run", "--add"]),
        0,
        &["2 documents, 6 mentions"],
    );
    // What is lost is told, and counts where warnings do.
    let told = "6 laureates of 2 documents are replaced by 3 of 1";
    check(&workspace.run(&["run"]), 0, &[told, "`--add` keeps"]);
    check(&workspace.run(&["run", "--add", "neuf/b.txt"]), 0, &[]);
    check(&workspace.run(&["run", "--strict"]), 1, &[told]);
}

#[test]
fn warnings_count_where_they_are_told_to() {
    let workspace = Workspace::new();
    workspace.write("a.txt", SAMPLE.replace("3 lauréats ont", "7 lauréats ont"));
    let told = ["announces 7, 3 were found"];
    check(&workspace.run(&["extract", "a.txt"]), 0, &told);
    check(&workspace.run(&["extract", "a.txt", "--strict"]), 1, &told);
    workspace.write("palmares.toml", "[report]\nfail-on = \"warning\"\n");
    check(&workspace.run(&["extract", "a.txt"]), 1, &told);
    workspace.write("palmares.toml", "[report]\nfail-on = \"notes\"\n");
    let mistake = ["`notes` is none of `error`, `warning`"];
    check(&workspace.run(&["extract", "a.txt"]), 2, &mistake);
}

#[test]
fn a_diff_begins_with_what_it_comes_to_and_fails_on_losses_alone() {
    let workspace = Workspace::new();
    workspace.write("raw/a.txt", SAMPLE);
    check(&workspace.run(&["run", "-o", "before"]), 0, &[]);
    // The same file with other words is the same document.
    workspace.write("raw/a.txt", SAMPLE.replace("Territoire : Brest\n", ""));
    check(&workspace.run(&["run", "-o", "after"]), 0, &[]);
    let compare = |old: &str, new: &str, code: i32, said: &[&str]| {
        let ran = workspace.run(&["diff", old, new]);
        check(&ran, code, &[]);
        for words in said {
            assert!(ran.stdout.contains(words), "no {words:?} in {}", ran.stdout);
        }
    };
    let lost = "1 document changed: 0 entries lost, 0 gained; territory −1\n";
    compare("before", "after", 1, &[lost, "old: Brest"]);
    compare("after", "before", 0, &["territory +1"]);
    compare("after", "after", 0, &["no change"]);
}
