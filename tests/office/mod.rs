//! Workbooks and word processors' texts as people send them: what they are is told by their content, and what is wrong with one is said in a line.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::damage::damaged;
use super::workspace::{SAMPLE, Workspace, check};

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("the fixture is there")
}

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("a part can be started");
        zip.write_all(content.as_bytes())
            .expect("a part can be written");
    }
    zip.finish().expect("a package can be ended").into_inner()
}

/// A workbook of one sheet with these rows, as XML, and what stands in front of them and in the shared strings.
fn workbook(rows: &str, strings: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relationships = |target: &str, kind: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/><Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
        )
    };
    package(&[
        (
            "_rels/.rels",
            relationships("xl/workbook.xml", "officeDocument"),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Feuil1" sheetId="1" r:id="rId1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relationships("worksheets/sheet1.xml", "worksheet"),
        ),
        ("xl/sharedStrings.xml", strings.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
        ),
    ])
}

/// A row of words.
fn row(cells: &[&str]) -> String {
    let (start, end) = (r#"<c t="inlineStr"><is><t>"#, "</t></is></c>");
    format!(
        "<row>{start}{}{end}</row>",
        cells.join(&format!("{end}{start}"))
    )
}

fn list() -> String {
    [
        row(&["Association", "Ville", "Projet"]),
        row(&["Le Toit", "Lens", "Un toit pour tous"]),
        row(&["Le Pont", "Douai", "Un pont pour deux"]),
        row(&["La Cour", "Arras", "Une cour ouverte"]),
    ]
    .concat()
}

#[test]
fn values_name_their_sheet_and_cell() {
    let workspace = Workspace::new();
    workspace.write("liste.xlsx", workbook(&list(), "<sst/>"));
    let ran = workspace.run(&["extract", "liste.xlsx"]);
    check(&ran, 0, &[]);
    let records = ran.records();
    assert_eq!(records.len(), 3);
    let second = &records[1];
    assert_eq!(second["name"], "Le Pont");
    assert_eq!(
        second["evidence"]["/territory"],
        serde_json::json!([{ "sheet": "Feuil1", "cell": "B3", "characters": [0, 5] }])
    );
    let explained = workspace.run(&["explain", "liste.xlsx"]);
    assert!(
        explained.stdout.contains("sheet Feuil1, cell B3"),
        "{}",
        explained.transcript()
    );
}

#[test]
fn content_tells_what_a_file_is() {
    let workspace = Workspace::new();
    let table = "<table><tr><th>Association<th>Ville<tr><td>Le Toit<td>Lens<tr><td>Le Pont<td>Douai</table>";
    workspace
        .write("raw/classeur.pdf", fixture("classeur-registre/input.xlsx"))
        .write("raw/ancien.bin", fixture("classeur-excel-97/input.xls"))
        .write("raw/page.xls", format!("<html><body>{table}"))
        .write("raw/texte.xlsx", SAMPLE);
    let ran = workspace.run(&["run"]);
    check(&ran, 0, &[]);
    let documents = workspace.read("extracted/documents.ndjson");
    for kind in [
        "openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "text/html",
        "text/plain",
    ] {
        assert!(documents.contains(kind), "{kind}: {documents}");
    }
}

#[test]
fn malformed_workbooks_are_refused_in_a_line_and_the_others_are_read() {
    let whole = fixture("classeur-registre/input.xlsx");
    let open = fixture("classeur-opendocument/input.ods");
    let old = fixture("classeur-excel-97/input.xls");
    let mut protected = old.clone();
    let wide = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let at = (protected.windows(16))
        .position(|window| window == wide("Workbook"))
        .expect("its directory names the stream");
    protected.splice(at..at + 32, wide("EncryptedPackage"));
    let mut broken = old.clone();
    broken[1024..4096].fill(0xff);
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let nested = (0..40).fold(String::new(), |all, number| {
        format!(
            "{all}<!ENTITY e{number} \"&e{};&e{};\">",
            number + 1,
            number + 1
        )
    });
    let strings = format!("<!DOCTYPE sst [{nested}]><sst><si><t>&e0;</t></si></sst>");
    let entity = format!(r#"{}<row><c t="s"><v>0</v></c></row>"#, list());
    let workspace = Workspace::new();
    workspace
        .write("palmares.toml", "[limits]\nunpacked = 4000000\n")
        .write("raw/a.xlsx", workbook(&list(), "<sst/>"))
        .write("raw/bombe.xlsx", workbook(&" ".repeat(5_000_000), "<sst/>"))
        .write(
            "raw/chaines.xlsx",
            workbook(&list(), &" ".repeat(5_000_000)),
        )
        .write("raw/coupe.xlsx", half(&whole))
        .write("raw/coupe.ods", half(&open))
        .write("raw/casse.xls", broken)
        .write("raw/protege.xlsx", protected)
        .write(
            "raw/sans-parties.xlsx",
            package(&[("xl/rien.xml", String::new())]),
        )
        .write("raw/ouvert.xlsx", workbook("<row><c><v>1</v>", "<sst/>"))
        .write("raw/entites.xlsx", workbook(&entity, &strings));
    let ran = workspace.run(&["run"]);
    assert_eq!(ran.code, 1, "{}", ran.transcript());
    for (name, message) in [
        ("bombe.xlsx", "its parts unpack to more than 4000000 bytes"),
        (
            "chaines.xlsx",
            "its parts unpack to more than 4000000 bytes",
        ),
        ("coupe.xlsx", "the file is damaged: "),
        ("coupe.ods", "the file is damaged: "),
        ("casse.xls", "the file is damaged: "),
        ("protege.xlsx", "the file is protected by a password"),
        ("sans-parties.xlsx", "the file is damaged: "),
        ("ouvert.xlsx", "the file is damaged: "),
        ("entites.xlsx", "the file is damaged: "),
    ] {
        let line = format!("error: cannot process `raw/{name}`: {message}");
        assert_eq!(
            ran.stderr.matches(&line).count(),
            1,
            "{line}\n{}",
            ran.transcript()
        );
    }
    assert!(!ran.stderr.contains("panic"), "{}", ran.transcript());
    let mentions = workspace.read("extracted/mentions.ndjson");
    assert_eq!(mentions.matches("raw/a.xlsx").count(), 3, "{mentions}");
}

/// What reads the older form crashes on some damaged files and finds no end in others: that is why documents are read by processes of their own.
#[test]
fn damaged_workbooks_of_older_programs_cost_the_others_nothing() {
    const COPIES: u32 = 40;
    let workspace = Workspace::new();
    workspace
        .write("palmares.toml", "[limits]\nseconds = 2\nmegabytes = 256\n")
        .write("raw/z.txt", SAMPLE);
    let whole = fixture("classeur-excel-97/input.xls");
    for seed in 0..COPIES {
        workspace.write(format!("raw/{seed}.xls"), damaged(&whole, u64::from(seed)));
    }
    let ran = workspace.run(&["run"]);
    assert!(ran.code < 2, "{}", ran.transcript());
    assert!(
        workspace
            .read("extracted/mentions.ndjson")
            .contains("raw/z.txt")
    );
    let run: serde_json::Value =
        serde_json::from_str(&workspace.read("extracted/run.json")).expect("it is JSON");
    let inputs = run["inputs"].as_array().expect("inputs are listed");
    let skipped = run["skipped"].as_array().map_or(0, Vec::len);
    let copies = run["inputs"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|input| input["duplicates"].as_array())
        .map(Vec::len)
        .sum::<usize>();
    assert_eq!(inputs.len() + skipped + copies, 1 + COPIES as usize);
}

#[test]
fn a_sheet_of_a_million_columns_is_read_as_far_as_people_look() {
    let workspace = Workspace::new();
    let wide = format!(
        "{}<row>{}</row>",
        list(),
        "<c><v>1</v></c>".repeat(1_000_000)
    );
    workspace
        .write("palmares.toml", "[limits]\nseconds = 120\n")
        .write("large.xlsx", workbook(&wide, "<sst/>"));
    let ran = workspace.run(&["extract", "large.xlsx"]);
    check(&ran, 0, &["sheet `Feuil1`: of a row 1000 cells are read"]);
}

#[test]
fn what_is_hidden_is_told() {
    let workspace = Workspace::new();
    workspace.write("annees.xlsx", fixture("classeur-par-annee/input.xlsx"));
    check(
        &workspace.run(&["extract", "annees.xlsx"]),
        0,
        &["not read: 1 hidden sheet (`Brouillon`), 1 hidden row, 2 hidden columns"],
    );
}

/// A text of Word of these paragraphs and tables, as XML.
fn text(body: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    package(&[(
        "word/document.xml",
        format!(r#"<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>"#),
    )])
}

fn paragraph(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

#[test]
fn values_name_their_part_and_paragraph() {
    let workspace = Workspace::new();
    let body: String = SAMPLE.lines().map(paragraph).collect();
    workspace.write("liste.docx", text(&body));
    let ran = workspace.run(&["extract", "liste.docx"]);
    check(&ran, 0, &[]);
    let records = ran.records();
    assert!(!records.is_empty(), "{}", ran.transcript());
    for record in &records {
        let name = record["name"].as_str().expect("it names somebody");
        let place = &record["evidence"]["/name"][0];
        assert_eq!(place["part"], "word/document.xml");
        let number = |value: &serde_json::Value| -> usize {
            serde_json::from_value(value.clone()).expect("it is a number")
        };
        let line = SAMPLE.lines().nth(number(&place["paragraph"]) - 1);
        let line = line.expect("it exists");
        let characters = |index: usize| number(&place["characters"][index]);
        let read: String = (line.chars())
            .skip(characters(0))
            .take(characters(1) - characters(0))
            .collect();
        assert_eq!(read, name);
    }
}

#[test]
fn malformed_texts_are_refused_in_a_line() {
    let workspace = Workspace::new();
    let deep = format!(
        "{}{}",
        "<w:tbl><w:tr><w:tc>".repeat(50_000),
        paragraph("Le Toit")
    );
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    workspace
        .write("palmares.toml", "[limits]\nunpacked = 4000000\n")
        .write("raw/a.txt", SAMPLE)
        .write("raw/bombe.docx", text(&" ".repeat(5_000_000)))
        .write("raw/coupe.docx", half(&fixture("texte-word/input.docx")))
        .write(
            "raw/coupe.odt",
            half(&fixture("texte-opendocument/input.odt")),
        )
        .write("raw/profond.docx", text(&deep))
        .write("raw/ouvert.docx", text("<w:p><w:r><w:t>Le Toit <"));
    let ran = workspace.run(&["run"]);
    for (name, message) in [
        ("bombe.docx", "its parts unpack to more than 4000000 bytes"),
        ("coupe.docx", "the file is damaged: "),
        ("coupe.odt", "the file is damaged: "),
        ("ouvert.docx", "the file is damaged: "),
    ] {
        let line = format!("error: cannot process `raw/{name}`: {message}");
        assert_eq!(
            ran.stderr.matches(&line).count(),
            1,
            "{line}\n{}",
            ran.transcript()
        );
    }
    assert!(
        !ran.stderr.contains("the parser failed"),
        "{}",
        ran.transcript()
    );
    assert!(
        workspace
            .read("extracted/mentions.ndjson")
            .contains("raw/a.txt")
    );
}
