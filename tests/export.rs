//! `palmares export`: every form holds what the run found, is the same each time, and runs nothing that documents say.

#[expect(dead_code, reason = "these tests need a part of it")]
mod workspace;

use std::fs;

use serde_json::Value;
use workspace::{Ran, SAMPLE, Workspace, check};

/// Names that a spreadsheet or a database would run, were they not taken for text.
const HOSTILE: [&str; 6] = [
    "=HYPERLINK(\"http://example.org\";\"clic\")",
    "+33 2 97",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
];

/// A workspace with a run of three laureates.
fn with_run() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("raw/rivages.txt", SAMPLE);
    check(&workspace.run(&["run", "-q"]), 0, &[]);
    workspace
}

/// A run whose laureates have these names, as no document may say them but somebody may write them.
fn named(names: &[&str]) -> Workspace {
    let workspace = with_run();
    let lines = workspace.read("extracted/laureates.ndjson");
    let template: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let lines = names.iter().enumerate().map(|(number, name)| {
        let mut record = template.clone();
        record["id"] = format!("l-{number:016x}").into();
        record["name"] = (*name).into();
        record["organisation"]["id"] = format!("o-{number:016x}").into();
        record["organisation"]["name"] = (*name).into();
        record["project"] = (*name).into();
        format!("{record}\n")
    });
    workspace.write("extracted/laureates.ndjson", lines.collect::<String>());
    workspace
}

fn laureates(workspace: &Workspace) -> Vec<Value> {
    (workspace.read("extracted/laureates.ndjson").lines())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[track_caller]
fn exported(workspace: &Workspace, arguments: &[&str]) -> Ran {
    workspace.run(&[&["export"], arguments].concat())
}

#[test]
fn tables_and_json_are_the_bytes_of_the_run() {
    let workspace = with_run();
    for (file, own) in [
        ("a.csv", "laureates.csv"),
        ("a.json", "laureates.json"),
        ("a.ndjson", "laureates.ndjson"),
    ] {
        check(
            &exported(&workspace, &["-o", file]),
            0,
            &["3 laureates written"],
        );
        assert_eq!(
            workspace.read(file),
            workspace.read(&format!("extracted/{own}"))
        );
    }
    let people = exported(&workspace, &["--to", "csv", "--csv-dialect", "standard"]);
    assert_eq!(people.stdout, workspace.read("extracted/laureats.csv"));
    let lines = exported(&workspace, &["extracted", "--to", "ndjson"]);
    assert_eq!(lines.records(), laureates(&workspace));
}

#[test]
fn every_form_is_the_same_each_time_and_leaves_nothing_beside() {
    let workspace = with_run();
    let constants = "[scdl]\nnature = \"aide en nature\"\n";
    workspace.write("constants.toml", constants);
    let forms = [
        ("csv", true),
        ("xlsx", cfg!(feature = "xlsx")),
        ("ndjson", true),
        ("json", true),
        ("sqlite", cfg!(feature = "sqlite")),
        ("parquet", cfg!(feature = "parquet")),
        ("geojson", true),
        ("scdl", true),
        ("360giving", true),
    ];
    for (form, is_built) in forms {
        if !is_built {
            let ran = exported(&workspace, &["--to", form, "-o", "a"]);
            check(&ran, 2, &["made without this form", "default features"]);
            continue;
        }
        let bytes = ["a", "b"].map(|file| {
            let ran = exported(&workspace, &["--to", form, "-o", file]);
            let code = i32::from(matches!(form, "scdl" | "360giving"));
            check(&ran, code, &[]);
            fs::read(workspace.path().join(file)).unwrap()
        });
        assert!(!bytes[0].is_empty() && bytes[0] == bytes[1], "{form}");
    }
    assert_eq!(
        workspace.listing("."),
        ["a", "b", "constants.toml", "extracted", "raw"]
    );
}

#[test]
fn what_is_not_meant_is_told() {
    let workspace = with_run();
    check(
        &exported(&workspace, &[]),
        2,
        &["which form", "hint: ", "--to FORM"],
    );
    check(&exported(&workspace, &["-o", "a.pdf"]), 2, &["which form"]);
    check(
        &exported(&workspace, &["nowhere", "-o", "a.csv"]),
        2,
        &[
            "`nowhere` holds no run: there is no `laureates.ndjson`",
            "palmares run",
        ],
    );
    check(
        &exported(&workspace, &["raw", "-o", "a.csv"]),
        2,
        &["`raw` holds no run"],
    );
    check(
        &exported(&workspace, &["-o", "extracted/mentions.ndjson"]),
        2,
        &["is a file of the run itself"],
    );
    check(
        &exported(&workspace, &["-o", "a.json", "--csv-dialect", "excel-fr"]),
        2,
        &["`--csv-dialect` says nothing to this form"],
    );
    check(
        &exported(&workspace, &["-o", "a.csv", "--constants", "x.toml"]),
        2,
        &["`--constants` says nothing to this form"],
    );
    check(
        &exported(&workspace, &["-o", "none/a.csv"]),
        2,
        &["cannot write `none/a.csv`", "hint: "],
    );
    assert_eq!(workspace.listing("."), ["extracted", "raw"]);
}

#[test]
fn a_record_that_is_not_valid_is_told_with_its_line() {
    let workspace = with_run();
    let lines = workspace.read("extracted/laureates.ndjson");
    workspace.write(
        "extracted/laureates.ndjson",
        lines.replacen("\"l-", "\"x-", 1),
    );
    workspace.write("a.csv", "the last one");
    check(
        &exported(&workspace, &["-o", "a.csv"]),
        2,
        &[
            "`extracted/laureates.ndjson`, line 1: /id: ",
            "palmares validate",
        ],
    );
    assert_eq!(workspace.read("a.csv"), "the last one");
}

#[test]
fn formulas_are_inert_in_tables() {
    let workspace = named(&HOSTILE);
    let standard = exported(&workspace, &["--to", "csv"]);
    let people = exported(&workspace, &["--to", "csv", "--csv-dialect", "excel-fr"]);
    let scdl = exported(&workspace, &["--to", "scdl"]);
    for (ran, delimiter) in [(standard, b','), (people, b';'), (scdl, b',')] {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(ran.stdout.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), HOSTILE.len());
        let cells = rows.iter().flat_map(csv::StringRecord::iter);
        for cell in cells.filter(|cell| cell.parse::<f64>().is_err()) {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell:?}"
            );
        }
    }
}

#[cfg(feature = "xlsx")]
mod workbook {
    use calamine::{Data, Reader, Xlsx, open_workbook};

    use super::*;

    fn opened(workspace: &Workspace, language: &str) -> Xlsx<std::io::BufReader<fs::File>> {
        let ran = exported(workspace, &["-o", "a.xlsx", "--lang", language]);
        check(&ran, 0, &[]);
        open_workbook(workspace.path().join("a.xlsx")).unwrap()
    }

    #[test]
    fn formulas_are_texts() {
        let workspace = named(&HOSTILE);
        let mut book = opened(&workspace, "fr");
        let sheet = book.worksheet_range("Lauréats").unwrap();
        for (row, name) in HOSTILE.iter().enumerate() {
            // A carriage return steers what shows it: a mark stands for it.
            let name = name.replace('\r', "\u{fffd}");
            assert_eq!(sheet[(row + 1, 0)], Data::String(name));
        }
        for sheet in book.sheet_names() {
            assert!(
                book.worksheet_formula(&sheet).unwrap().is_empty(),
                "{sheet}"
            );
        }
    }

    #[test]
    fn numbers_are_numbers_and_heads_are_in_the_language() {
        let workspace = with_run();
        let lines = workspace.read("extracted/laureates.ndjson").replace(
            "\"amount\":null",
            "\"amount\":{\"text\":\"15 000 €\",\"value\":15000.0,\"currency\":\"EUR\"}",
        );
        workspace.write("extracted/laureates.ndjson", lines);
        let mut book = opened(&workspace, "fr");
        assert_eq!(
            book.sheet_names(),
            [
                "Lauréats",
                "Sources",
                "Variantes",
                "Documents",
                "Avertissements"
            ]
        );
        let sheet = book.worksheet_range("Lauréats").unwrap();
        assert_eq!(sheet[(0, 4)], Data::String("Montant".to_owned()));
        assert_eq!(sheet[(1, 4)], Data::Float(15000.0));
        let mut book = opened(&workspace, "en");
        let sheet = book.worksheet_range("Laureates").unwrap();
        assert_eq!(sheet[(0, 4)], Data::String("Amount".to_owned()));
        let sources = book.worksheet_range("Sources").unwrap();
        assert_eq!(sources.height(), 4);
    }

    #[test]
    fn a_row_leads_to_its_document_from_where_the_workbook_lies() {
        let workspace = Workspace::new();
        workspace
            .write("raw/a #1 50%.txt", SAMPLE)
            .write("out/x", "");
        check(&workspace.run(&["run", "-q"]), 0, &[]);
        check(&exported(&workspace, &["-o", "out/a.xlsx"]), 0, &[]);
        let file = fs::File::open(workspace.path().join("out/a.xlsx")).unwrap();
        let mut parts = zip::ZipArchive::new(file).unwrap();
        let links = parts
            .by_name("xl/worksheets/_rels/sheet1.xml.rels")
            .unwrap();
        let links = std::io::read_to_string(links).unwrap();
        let target = "Target=\"../raw/a%20%231%2050%25.txt\"";
        assert!(links.contains(target), "{links}");
    }

    #[test]
    fn a_text_that_no_cell_holds_is_cut_and_told() {
        let workspace = named(&["a", &"é".repeat(40_000)]);
        let mut book = opened(&workspace, "en");
        let sheet = book.worksheet_range("Laureates").unwrap();
        let Data::String(cut) = &sheet[(2, 0)] else {
            panic!("{:?}", sheet[(2, 0)]);
        };
        assert!(cut.ends_with(" […]") && cut.chars().count() <= 32_767);
        let warnings = book.worksheet_range("Warnings").unwrap();
        let told = warnings.rows().any(|row| {
            row.iter()
                .any(|cell| cell.to_string().contains("sheet Laureates, cell A3: cut"))
        });
        assert!(told, "{warnings:?}");
    }
}

#[cfg(feature = "sqlite")]
mod database {
    use rusqlite::Connection;

    use super::*;

    /// A name that would end a statement that it stood in.
    const DROPPING: &str = "Robert'); DROP TABLE laureates;-- \"x\"";

    fn opened(workspace: &Workspace) -> Connection {
        check(&exported(workspace, &["-o", "a.db"]), 0, &[]);
        Connection::open(workspace.path().join("a.db")).unwrap()
    }

    fn texts(database: &Connection, query: &str) -> Vec<String> {
        let mut statement = database.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    #[test]
    fn names_are_values_and_never_statements() {
        let workspace = named(&[DROPPING, "L’Ancre \"bleue\""]);
        let database = opened(&workspace);
        assert_eq!(
            texts(&database, "SELECT name FROM laureates ORDER BY rowid"),
            [DROPPING, "L’Ancre \"bleue\""]
        );
    }

    #[test]
    fn words_are_found_whatever_their_accents() {
        let database = opened(&with_run());
        let query = "SELECT l.project FROM laureates_fts f JOIN laureates l ON l.rowid = f.rowid WHERE laureates_fts MATCH 'regie'";
        assert_eq!(texts(&database, query), ["Jardins de saison"]);
    }

    #[test]
    fn every_key_leads_somewhere_and_every_value_to_its_source() {
        let workspace = with_run();
        let database = opened(&workspace);
        let broken = database
            .prepare("PRAGMA foreign_key_check")
            .unwrap()
            .exists([]);
        assert!(!broken.unwrap());
        let query = "SELECT l.name || ' ' || p.text || ' ' || e.line FROM laureates l \
            JOIN places p ON p.laureate_id = l.id \
            JOIN provenance v ON v.laureate_id = l.id AND v.pointer = '/places/' || p.position \
            JOIN evidence e ON e.mention_id = v.mention_id AND e.pointer = v.mention_pointer \
            WHERE p.code = '29019'";
        assert_eq!(
            texts(&database, query),
            ["Association Radio Rivage Brest 11"]
        );
        let partners = "SELECT name FROM partners WHERE name LIKE 'CCAS%'";
        assert_eq!(texts(&database, partners), ["CCAS"]);
    }

    #[test]
    fn the_database_passes_through_a_pipe() {
        let workspace = with_run();
        let output = workspace
            .command(&["export", "--to", "sqlite"])
            .output()
            .unwrap();
        assert!(output.stdout.starts_with(b"SQLite format 3\0"));
        check(&exported(&workspace, &["-o", "a.db"]), 0, &[]);
        assert_eq!(
            output.stdout,
            fs::read(workspace.path().join("a.db")).unwrap()
        );
    }
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_lists_and_evidence() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{List, RowAccessor};

    let workspace = with_run();
    check(&exported(&workspace, &["-o", "a.parquet"]), 0, &[]);
    let file = fs::File::open(workspace.path().join("a.parquet")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let columns: Vec<String> = (reader
        .metadata()
        .file_metadata()
        .schema()
        .get_fields()
        .iter())
    .map(|field| field.name().to_owned())
    .collect();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let rows: Vec<_> = reader
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let records = laureates(&workspace);
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!(row.get_string(column("id")).unwrap(), &record["id"]);
        assert_eq!(
            row.get_string(column("public_text")).unwrap(),
            &record["public"]
        );
        let partners: &List = row.get_list(column("partners")).unwrap();
        assert_eq!(partners.len(), record["partners"].as_array().unwrap().len());
        let values = record["confidence"].as_object().unwrap().len();
        let evidence = row.get_list(column("evidence")).unwrap();
        assert!(values > 0 && evidence.len() >= values, "{}", evidence.len());
    }
}

#[test]
fn features_have_points_and_flat_properties_with_the_codes_of_places() {
    let workspace = with_run();
    let ran = exported(&workspace, &["--to", "geojson"]);
    let collection: Value = serde_json::from_str(&ran.stdout).unwrap();
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    let codes: Vec<&Value> = (features.iter())
        .map(|feature| &feature["properties"]["codes_commune"])
        .collect();
    assert!(codes.contains(&&"56121 | 56098".into()), "{codes:?}");
    let geometries: Vec<&Value> = (features.iter())
        .map(|feature| &feature["geometry"]["type"])
        .collect();
    assert!(geometries.contains(&&"MultiPoint".into()), "{geometries:?}");
    for feature in features {
        let is_located = feature["geometry"]["coordinates"].is_array();
        assert!(is_located || feature["geometry"].is_null(), "{feature}");
        let properties = feature["properties"].as_object().unwrap();
        assert!(
            !properties
                .values()
                .any(|value| value.is_array() || value.is_object())
        );
    }
}

#[test]
fn what_a_standard_requires_and_nobody_gave_is_left_out_and_told() {
    let workspace = with_run();
    let ran = exported(&workspace, &["--to", "scdl", "-o", "a.csv"]);
    check(
        &ran,
        1,
        &[
            "required, and not given: conditionsVersement (3)",
            "no place for: ",
            "territory (3)",
            "a.csv: incomplete by SCDL subventions 2.1",
            "--constants",
        ],
    );
    let table = workspace.read("a.csv");
    assert_eq!(table.lines().count(), 4);
    let first = "Les Ateliers du Port,,,La Recyclerie mobile,,,,,,,,";
    assert!(table.contains(&format!("\n,,,,{first}\n")), "{table}");

    let ran = exported(
        &workspace,
        &["--to", "360giving", "-o", "a.json", "--format", "json"],
    );
    assert_eq!(ran.code, 1);
    let account: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(account["complete"], false);
    assert_eq!(account["missing"]["awardDate"], 3);
    let package: Value = serde_json::from_str(&workspace.read("a.json")).unwrap();
    let grant = &package["grants"][0];
    assert!(grant.get("awardDate").is_none() && grant.get("amountAwarded").is_none());
    assert_eq!(grant["grantProgramme"][0]["title"], "Rivages solidaires");
}

#[test]
fn constants_complete_what_documents_state() {
    let workspace = with_run();
    let lines = workspace
        .read("extracted/laureates.ndjson")
        .replace(
            "\"identifiers\":[]",
            "\"identifiers\":[{\"scheme\":\"siret\",\"value\":\"73282932000074\",\"text\":\"732 829 320 00074\"}]",
        )
        .replace(
            "\"amount\":null",
            "\"amount\":{\"text\":\"15 000 €\",\"value\":15000.0,\"currency\":\"EUR\"}",
        );
    workspace.write("extracted/laureates.ndjson", lines);
    workspace.write(
        "constants.toml",
        "[scdl]\nnomAttribuant = \"Région Bretagne\"\nidAttribuant = \"23350001600040\"\ndateConvention = 2024-06-30\nnature = \"aide en numéraire\"\nconditionsVersement = \"unique\"\ndatesPeriodeVersement = \"2024-07-15\"\nnotificationUE = \"non\"\npourcentageSubvention = 0.8\n",
    );
    let arguments = [
        "--to",
        "scdl",
        "--constants",
        "constants.toml",
        "-o",
        "a.csv",
    ];
    let ran = exported(&workspace, &arguments);
    assert_eq!(ran.code, 0, "{}", ran.transcript());
    let table = workspace.read("a.csv");
    let row = table
        .lines()
        .find(|line| line.contains("Ateliers"))
        .unwrap();
    assert_eq!(
        row,
        "Région Bretagne,23350001600040,2024-06-30,,Les Ateliers du Port,73282932000074,,La Recyclerie mobile,15000,aide en numéraire,unique,2024-07-15,,non,0.8,"
    );
}

#[test]
fn a_wrong_constant_is_told_and_nothing_is_written() {
    let workspace = with_run();
    for (constants, told) in [
        (
            "[scdl]\nidAttribuant = \"23350001600041\"\n",
            "`idAttribuant` cannot be `23350001600041`",
        ),
        (
            "[scdl]\nidAttribuant = 23350001600040\n",
            "between quotation marks",
        ),
        (
            "[scdl]\nnomAtribuant = \"x\"\n",
            "the nearest name is `nomAttribuant`",
        ),
        ("nature = \"x\"\n", "there is no key `nature`"),
        ("[scdl\n", "constants.toml: "),
    ] {
        workspace.write("constants.toml", constants);
        let arguments = [
            "--to",
            "scdl",
            "--constants",
            "constants.toml",
            "-o",
            "a.csv",
        ];
        check(&exported(&workspace, &arguments), 2, &[told]);
    }
    assert_eq!(
        workspace.listing("."),
        ["constants.toml", "extracted", "raw"]
    );
}
