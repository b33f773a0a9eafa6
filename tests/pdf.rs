//! PDF from bytes to blocks, against the annotated corpus and against files made to break parsers.

use std::path::Path;
use std::time::{Duration, Instant};

use palmares::config::Limits;
use palmares::error::ErrorKind;
use palmares::layout;
use palmares::model::document::Document;
use palmares::model::raw::{DocumentId, Format, RawDocument};
use palmares::parse::pdf;
use serde_json::Value;

mod common;

fn read(path: &Path) -> Result<Document, ErrorKind> {
    let bytes = std::fs::read(path).unwrap();
    let raw = RawDocument {
        address: None,
        id: DocumentId::of(&bytes),
        path: path.display().to_string(),
        format: Format::Pdf,
        bytes: bytes.into(),
    };
    let file = pdf::open(&raw.bytes, &Limits::default())?;
    Ok(layout::analyze(&raw, &file).output)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The verbatim values of a record.
fn values(record: &Value) -> Vec<String> {
    const FIELDS: [&str; 12] = [
        "name",
        "project",
        "territory",
        "public",
        "partners_text",
        "partners",
        "results",
        "description",
        "added_value",
        "needs",
        "aid_type",
        "region",
    ];
    FIELDS
        .iter()
        .filter_map(|field| record.get(field))
        .flat_map(|value| match value {
            Value::String(text) => text.lines().map(str::to_owned).collect(),
            Value::Array(items) => items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        })
        .collect()
}

/// `missing` of the values may be divided by what the designer put between their parts.
#[track_caller]
fn check_gold(document: &str, gold: &str, missing: usize) {
    let Some(shared) = common::shared("gold values in blocks") else {
        return;
    };
    let read = read(&shared.join("corpus/raw").join(document)).unwrap();
    let body: Vec<String> = read
        .blocks
        .iter()
        .filter(|block| block.is_body())
        .map(|block| squeezed(block.text.as_str()))
        .collect();
    let all = body.join(" ");
    let gold: Value =
        serde_json::from_slice(&std::fs::read(shared.join("corpus/gold").join(gold)).unwrap())
            .unwrap();
    let absent: Vec<String> = gold["records"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(values)
        .filter(|value| !all.contains(squeezed(value).trim_start_matches("• ")))
        .collect();
    assert!(absent.len() <= missing, "{document}: {absent:#?}");
}

#[test]
fn the_values_of_the_corpus_stand_whole_in_the_blocks() {
    check_gold("001.pdf", "001.json", 0);
    check_gold("003_columns.pdf", "003.json", 2);
    check_gold("004.pdf", "004.json", 2);
}

/// Longest that a hostile file may take, in a build without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn hostile_and_real_files_end_in_time_with_blocks_or_an_error() {
    let Some(shared) = common::shared("hostile PDFs") else {
        return;
    };
    for folder in ["hostile", "real/docs"] {
        let mut files: Vec<_> = std::fs::read_dir(shared.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
            .collect();
        files.sort();
        for path in files {
            let start = Instant::now();
            match read(&path) {
                Ok(document) => assert!(
                    document.n_pages.is_some_and(|n| n > 0),
                    "{}",
                    path.display()
                ),
                Err(error) => assert!(
                    matches!(error, ErrorKind::Encrypted | ErrorKind::DamagedPdf(_)),
                    "{}: {error}",
                    path.display()
                ),
            }
            assert!(
                start.elapsed() < PATIENCE,
                "{} takes too long",
                path.display()
            );
        }
    }
}

#[test]
fn boxes_lie_on_their_pages() {
    let Some(shared) = common::shared("boxes of the corpus") else {
        return;
    };
    let document = read(&shared.join("corpus/raw/004.pdf")).unwrap();
    for block in &document.blocks {
        for piece in block.text.evidence(&()) {
            let [x0, y0, x1, y1] = piece.bbox.unwrap();
            assert!(x0 >= 0.0 && y0 >= 0.0 && x1 <= 595.5 && y1 <= 842.0 && x0 < x1 && y0 < y1);
        }
    }
}

#[test]
fn bytes_that_are_no_pdf_are_an_error() {
    for bytes in [
        b"".as_slice(),
        b"%PDF-1.7\n",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
    ] {
        let opened = pdf::open(&bytes.to_vec().into(), &Limits::default());
        assert!(matches!(
            opened,
            Err(ErrorKind::DamagedPdf(_) | ErrorKind::Parser(_))
        ));
    }
}

/// A PDF of one page with this content stream, and Helvetica as `F1`; further objects, of which number 6 is the root of the structure tree.
fn pdf_of(content: &str, tree: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R\n\
         /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >>\n\
         /XObject << /X 5 0 R >> >> >>\nendobj\n\
         4 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\n\
         5 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 400 400] /Resources << /XObject << /X 5 0 R >> >> /Length 8 >>\n\
         stream\n/X Do   \nendstream\nendobj\n{tree}trailer\n<< /Root 1 0 R >>\n",
        content.len()
    )
    .into_bytes()
}

#[track_caller]
fn check_content(content: &str, expected: &[&str]) {
    check_tagged(content, "", expected);
}

#[track_caller]
fn check_tagged(content: &str, tree: &str, expected: &[&str]) {
    let bytes = pdf_of(content, tree);
    let raw = RawDocument {
        address: None,
        id: DocumentId::of(&bytes),
        path: "essai.pdf".to_owned(),
        format: Format::Pdf,
        bytes: bytes.into(),
    };
    let file = pdf::open(&raw.bytes, &Limits::default()).unwrap();
    let document = layout::analyze(&raw, &file).output;
    let texts: Vec<&str> = document
        .blocks
        .iter()
        .map(|block| block.text.as_str())
        .collect();
    assert_eq!(texts, expected);
}

#[test]
fn text_is_shown_where_the_operators_put_it() {
    check_content(
        "BT /F1 12 Tf 50 300 Td (Un) Tj 19 0 Td [(toi) 20 (t)] TJ ET",
        &["Un toit"],
    );
    check_content(
        "BT /F1 12 Tf 50 300 Td 14 TL (Un toit) Tj T* (sur la t\\352te) Tj ET",
        &["Un toit sur la tête"],
    );
    check_content(
        "q 1 0 0 1 50 0 cm BT /F1 12 Tf 0 300 Td (Dedans) Tj ET Q",
        &["Dedans"],
    );
}

#[test]
fn what_is_not_on_the_page_is_not_read() {
    check_content("BT /F1 12 Tf 50 900 Td (Dehors) Tj ET", &[]);
    check_content(
        "0 0 100 100 re W n BT /F1 12 Tf 50 300 Td (Cach\\351) Tj ET",
        &[],
    );
    check_content(
        "/OC /MC0 BDC BT /F1 12 Tf 50 300 Td (Visible) Tj ET EMC",
        &["Visible"],
    );
}

#[test]
fn forms_that_hold_themselves_and_states_that_are_never_restored_end() {
    check_content("/X Do BT /F1 12 Tf 50 300 Td (Fin) Tj ET", &["Fin"]);
    let many = format!("{} BT /F1 12 Tf 50 300 Td (Fin) Tj ET", "q ".repeat(50_000));
    check_content(&many, &["Fin"]);
}

#[test]
fn replacement_text_stands_for_few_glyphs() {
    check_content(
        "BT /F1 12 Tf 50 300 Td (e) Tj /Span << /ActualText (ff) >> BDC (X) Tj EMC (et) Tj ET",
        &["effet"],
    );
}

/// Two lines so near that they are one paragraph by their places, each a run of the structure.
const TWO_RUNS: &str = "BT /F1 12 Tf 50 300 Td /P << /MCID 0 >> BDC (Un toit pour) Tj EMC 0 -14 Td /P << /MCID 1 >> BDC (Tous les jeunes) Tj EMC ET";

#[test]
fn the_structure_says_what_is_a_paragraph() {
    let page = "/Pg 3 0 R";
    let tree = |kids: &str| format!("6 0 obj\n<< /Type /StructTreeRoot /K {kids} >>\nendobj\n");
    check_tagged(TWO_RUNS, "", &["Un toit pour Tous les jeunes"]);
    let two = tree(&format!(
        "[<< /S /H2 {page} /K 0 >> << /S /P {page} /K [<< /Type /MCR /MCID 1 >>] >>]"
    ));
    check_tagged(TWO_RUNS, &two, &["Un toit pour", "Tous les jeunes"]);
    // The order of reading is the tree's; runs of spans are of what holds them.
    let turned = tree(&format!(
        "[<< /S /H2 {page} /K 1 >> << /S /P {page} /K << /S /Span /K 0 >> >>]"
    ));
    check_tagged(TWO_RUNS, &turned, &["Tous les jeunes", "Un toit pour"]);
}

#[test]
fn a_structure_that_holds_itself_ends() {
    // An element among its own kids, an array named twice at each level, and roles that stand for each other.
    let tree = "6 0 obj\n<< /Type /StructTreeRoot /K 7 0 R /RoleMap << /A /B /B /A >> >>\nendobj\n\
                7 0 obj\n<< /S /A /Pg 3 0 R /K [7 0 R 8 0 R 8 0 R 0] >>\nendobj\n\
                8 0 obj\n[8 0 R 8 0 R 1]\nendobj\n";
    check_tagged(TWO_RUNS, tree, &["Un toit pour Tous les jeunes"]);
}
