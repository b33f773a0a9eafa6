//! Pages read from their picture, by stand-ins for the programs that draw and read it, which do what the test wants.

#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::workspace::{Ran, SAMPLE, Workspace, check};

/// A page of 595 by 842 points that shows nothing but a picture.
fn scan() -> String {
    (super::SCAN.replace("200 200", "595 842")).replace("200 0 0 200", "595 0 0 842")
}

/// The table that the program would write for these lines, as sure of each word as `confidence` says.
fn table(lines: &str, confidence: f32) -> String {
    let mut table = String::new();
    for (number, line) in (1..).zip(lines.lines()) {
        let (mut left, top) = (200, 100 + number * 80);
        for (word, text) in (1..).zip(line.split_whitespace()) {
            let width = 22 * text.chars().count();
            writeln!(
                table,
                "5\t1\t1\t1\t{number}\t{word}\t{left}\t{top}\t{width}\t36\t{confidence}\t{text}"
            )
            .expect("a text takes all");
            left += width + 20;
        }
    }
    table
}

/// A workspace with a scan, and a program named `tesseract` that does this.
fn with_program(script: &str) -> (Workspace, PathBuf) {
    let workspace = Workspace::new();
    workspace
        .write("raw/scan.pdf", scan())
        .write("bin/tesseract", format!("#!/bin/sh\n{script}\n"))
        .write(
            "bin/pdftoppm",
            "#!/bin/sh\necho \"$@\" > asked\n/bin/cat > /dev/null\necho 'P5 1 1 255\nx'\n",
        );
    let folder = workspace.path().join("bin");
    for program in ["tesseract", "pdftoppm"] {
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.join(program), executable).expect("it is the test's file");
    }
    (workspace, folder)
}

fn run(workspace: &Workspace, path: &Path, arguments: &[&str]) -> Ran {
    let mut command = workspace.command(arguments);
    Ran::from(
        command
            .env("PATH", path)
            .output()
            .expect("the command can be run"),
    )
}

#[test]
fn words_of_a_picture_are_read_where_they_stand_and_are_less_sure() {
    let (workspace, path) = with_program("/bin/cat > image.pgm; /bin/cat table.tsv");
    let sure = |confidence: f32| {
        workspace.write("table.tsv", table(SAMPLE, confidence));
        let ran = run(
            &workspace,
            &path,
            &["extract", "--ocr", "auto", "raw/scan.pdf"],
        );
        check(&ran, 0, &["page 1: the page was read from its picture"]);
        let records = ran.records();
        assert_eq!(records.len(), 3, "{}", ran.transcript());
        assert_eq!(records[1]["name"], "Association Radio Rivage");
        let place = &records[1]["evidence"]["/name"][0];
        assert_eq!(place["page"], 1);
        records[1]["confidence"]["/name"]
            .as_f64()
            .expect("it is a number")
    };
    let (high, low) = (sure(100.0), sure(50.0));
    assert!((low - high / 2.0).abs() < 0.011, "{high} {low}");
    let asked = workspace.read("asked");
    assert_eq!(
        asked.trim(),
        "-gray -cropbox -singlefile -r 300 -f 1 -l 1 -"
    );
    assert_eq!(workspace.read("image.pgm"), "P5 1 1 255\nx\n");
    // By default nothing that may differ from machine to machine is asked.
    let never = run(&workspace, &path, &["extract", "raw/scan.pdf"]);
    check(
        &never,
        1,
        &["the page is a picture without text", "`--ocr auto`"],
    );
    workspace.write("palmares.toml", "ocr = \"auto\"\n");
    check(
        &run(&workspace, &path, &["run"]),
        0,
        &["read from its picture"],
    );
}

#[test]
fn a_page_with_text_is_read_from_its_picture_only_where_all_are() {
    let (workspace, path) = with_program("/bin/cat > /dev/null; /bin/cat table.tsv");
    let pdf = format!(
        "{}/fixtures/tableau-pdf/input.pdf",
        env!("CARGO_MANIFEST_DIR")
    );
    workspace.write("table.tsv", table(SAMPLE, 90.0));
    let own = run(&workspace, &path, &["extract", "--ocr", "never", &pdf]);
    let auto = run(&workspace, &path, &["extract", "--ocr", "auto", &pdf]);
    assert_eq!(own.stdout, auto.stdout);
    assert!(
        !auto.stderr.contains("from its picture"),
        "{}",
        auto.transcript()
    );
    let always = run(&workspace, &path, &["extract", "--ocr", "always", &pdf]);
    check(&always, 0, &["page 1: the page was read from its picture"]);
    assert_ne!(own.stdout, always.stdout);
}

#[test]
fn without_the_program_the_page_says_what_to_install() {
    let (workspace, path) = with_program("exit 1");
    fs::remove_file(path.join("tesseract")).expect("it is the test's file");
    check(
        &run(
            &workspace,
            &path,
            &["extract", "--ocr", "auto", "raw/scan.pdf"],
        ),
        1,
        &[
            "the page is a picture without text",
            "`tesseract` is not installed",
            "apt install tesseract-ocr tesseract-ocr-fra poppler-utils",
        ],
    );
    fs::remove_file(path.join("pdftoppm")).expect("it is the test's file");
    check(
        &run(
            &workspace,
            &path,
            &["extract", "--ocr", "auto", "raw/scan.pdf"],
        ),
        1,
        &["`pdftoppm` is not installed"],
    );
    let script = "echo 'Error opening data file /usr/share/tessdata/fra.traineddata' >&2; exit 1";
    let (workspace, path) = with_program(script);
    check(
        &run(
            &workspace,
            &path,
            &["extract", "--ocr", "auto", "raw/scan.pdf"],
        ),
        1,
        &["`tesseract` has no French", "tesseract-ocr-fra"],
    );
}

#[test]
fn a_page_has_its_time_and_what_reads_it_ends_with_it() {
    let (workspace, path) = with_program("echo $$ > pid; exec /bin/sleep 60");
    workspace
        .write("palmares.toml", "[limits]\nocr-seconds = 1\n")
        .write("raw/a.txt", SAMPLE);
    let start = Instant::now();
    let ran = run(&workspace, &path, &["run", "--ocr", "auto"]);
    check(
        &ran,
        1,
        &["raw/scan.pdf, page 1: reading its picture took more than 1 s"],
    );
    assert!(start.elapsed() < Duration::from_secs(30));
    assert!(
        workspace
            .read("extracted/mentions.ndjson")
            .contains("raw/a.txt")
    );
    let pid = workspace.read("pid");
    let is_there = Command::new("/bin/kill").args(["-0", pid.trim()]).output();
    assert!(!is_there.expect("the system can say").status.success());
}
