//! `palmares show`: where values stand, and the picture of their page.

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::fs;
use std::path::Path;

use serde_json::Value;
use workspace::{SAMPLE, Workspace, check};

/// A workspace with a run of a brochure and of a text.
fn with_run() -> Workspace {
    let workspace = Workspace::new();
    let brochure = Path::new(env!("CARGO_MANIFEST_DIR")).join("raw/laureats-agir-2022.pdf");
    workspace.write("raw/brochure.pdf", fs::read(brochure).unwrap());
    workspace.write("raw/rivages.txt", SAMPLE);
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    workspace
}

/// A record of the brochure that has a territory.
fn placed(workspace: &Workspace) -> Value {
    let lines = workspace.read("extracted/mentions.ndjson");
    let records = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let is_placed = |record: &Value| {
        record["document"]["path"] == "raw/brochure.pdf"
            && record["territory"].is_string()
            && record["name"].is_string()
    };
    records.into_iter().find(is_placed).unwrap()
}

#[test]
fn a_value_is_shown_with_its_place() {
    let workspace = with_run();
    let record = placed(&workspace);
    let (id, territory) = (
        record["id"].as_str().unwrap(),
        record["territory"].as_str().unwrap(),
    );
    let ran = workspace.run(&["show", id.get(..10).unwrap(), "territory"]);
    check(&ran, 0, &[]);
    assert!(
        ran.stdout.contains(territory) && ran.stdout.contains("page "),
        "{}",
        ran.stdout
    );
    let by_name = workspace.run(&["show", record["name"].as_str().unwrap(), "territory"]);
    assert_eq!(by_name.stdout, ran.stdout);
    let ran = workspace.run(&["show", id, "territory", "--format", "json"]);
    let shown: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        shown["values"][0]["evidence"],
        record["evidence"]["/territory"]
    );
}

#[test]
fn what_is_not_there_is_told() {
    let workspace = with_run();
    check(
        &workspace.run(&["show", "personne de ce nom"]),
        2,
        &["no record is called"],
    );
    let id = placed(&workspace)["id"].as_str().unwrap().to_owned();
    check(
        &workspace.run(&["show", &id, "aucun"]),
        2,
        &["no value in `aucun`", "it has values in"],
    );
    check(
        &workspace.run(&["show", "m-"]),
        2,
        &["records are called `m-`", "by its id"],
    );
}

#[cfg(feature = "pictures")]
#[test]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the boxes lie on the page"
)]
fn the_words_are_marked_where_they_are_printed() {
    let workspace = with_run();
    let record = placed(&workspace);
    let id = record["id"].as_str().unwrap();
    check(
        &workspace.run(&["show", id, "territory", "--image", "page.png"]),
        0,
        &[],
    );
    let decoder = png::Decoder::new(std::io::Cursor::new(
        fs::read(workspace.path().join("page.png")).unwrap(),
    ));
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let channels = info.color_type.samples();
    let pixel = |x: f64, y: f64| {
        let at = ((y as usize) * info.width as usize + x as usize) * channels;
        [pixels[at], pixels[at + 1], pixels[at + 2]]
    };
    let corners = record["evidence"]["/territory"][0]["bbox"]
        .as_array()
        .unwrap();
    let [x0, y0, x1, y1] = [0, 1, 2, 3].map(|corner| corners[corner].as_f64().unwrap() * 2.0);
    // The words are dark on the marker's yellow, and nothing is yellow beside it.
    let inside: Vec<[u8; 3]> = (0..400)
        .map(|step| {
            pixel(
                x0 + (x1 - x0) * f64::from(step) / 400.0,
                f64::midpoint(y0, y1),
            )
        })
        .collect();
    let is_yellow = |[red, _, blue]: &[u8; 3]| i16::from(*red) - i16::from(*blue) > 60;
    let is_dark = |pixel: &[u8; 3]| pixel.iter().all(|channel| *channel < 150);
    assert!(inside.iter().filter(|pixel| is_yellow(pixel)).count() > 100);
    assert!(inside.iter().any(is_dark), "no word is printed in the box");
    assert!(!is_yellow(&pixel(x0, y0 - 20.0)) && !is_yellow(&pixel(x0, y1 + 20.0)));
    let ran = workspace.run(&["show", "Rivages", "--image", "page.png"]);
    assert_ne!(ran.code, 0);
}

#[cfg(feature = "pictures")]
#[test]
fn the_page_of_a_document_in_an_archive_is_drawn() {
    use std::io::Write;

    let workspace = Workspace::new();
    let brochure = Path::new(env!("CARGO_MANIFEST_DIR")).join("raw/laureats-agir-2022.pdf");
    let mut lot = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    lot.start_file(
        "2022/brochure.pdf",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    lot.write_all(&fs::read(brochure).unwrap()).unwrap();
    workspace.write("raw/lot.zip", lot.finish().unwrap().into_inner());
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    let ran = workspace.run(&["show", "FRANCAS", "territory", "--image", "page.png"]);
    check(&ran, 0, &[]);
    assert!(workspace.path().join("page.png").is_file());
}
