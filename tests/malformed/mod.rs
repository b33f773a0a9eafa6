//! Files as nobody should send them, of every form: each is read or refused in one message, within the limits, and costs the good ones beside it nothing.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::workspace::{SAMPLE, Workspace};

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("the fixture is there")
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("a part can be started");
        zip.write_all(content).expect("a part can be written");
    }
    zip.finish().expect("an archive can be ended").into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("bytes can be packed");
    encoder.finish().expect("a file can be ended")
}

/// A web archive of one answer, which states that it is this long.
fn answer(fields: &str, body: &[u8], length: u64) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://exemple.fr/a\r\nContent-Length: {length}\r\n\r\nHTTP/1.1 200 OK\r\n{fields}\r\n\r\n"
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

/// An `OpenDocument` file of this kind and content.
fn open_document(kind: &str, content: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("mimetype", stored)
        .and_then(|()| {
            Ok(zip.write_all(format!("application/vnd.oasis.opendocument.{kind}").as_bytes())?)
        })
        .and_then(|()| zip.start_file("content.xml", SimpleFileOptions::default()))
        .and_then(|()| Ok(zip.write_all(content.as_bytes())?))
        .expect("a part can be written");
    zip.finish().expect("a package can be ended").into_inner()
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn word(body: &str) -> Vec<u8> {
    let text = format!(r#"<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#);
    zip(&[("word/document.xml", text.as_bytes())])
}

fn sheet(rows: &str) -> Vec<u8> {
    let relationship = |kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let book = format!(
        r#"<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="F" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let rows = format!(r#"<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>"#);
    zip(&[
        (
            "_rels/.rels",
            relationship("officeDocument", "xl/workbook.xml").as_bytes(),
        ),
        ("xl/workbook.xml", book.as_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relationship("worksheet", "worksheets/sheet1.xml").as_bytes(),
        ),
        ("xl/worksheets/sheet1.xml", rows.as_bytes()),
    ])
}

/// A document type that makes ten of one, ten times.
fn entities(root: &str) -> String {
    let mut text = format!("<?xml version=\"1.0\"?><!DOCTYPE {root} [<!ENTITY a0 \"aaaaaaaaaa\">");
    for level in 1..10 {
        let before = format!("&a{};", level - 1).repeat(10);
        write!(text, "<!ENTITY a{level} \"{before}\">").expect("a text takes all");
    }
    text + "]>"
}

/// Files of each form that are cut, begin in the middle, have bytes turned, or bear the ending of another form.
fn spoilt() -> Vec<(String, Vec<u8>)> {
    let mail = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>{}\r\n--x--\r\n",
        SAMPLE.replace('\n', "<p>")
    );
    let wholes = [
        ("pdf", fixture("tableau-pdf/input.pdf")),
        ("docx", fixture("texte-word/input.docx")),
        ("odt", fixture("texte-opendocument/input.odt")),
        ("xlsx", fixture("classeur-registre/input.xlsx")),
        ("ods", fixture("classeur-opendocument/input.ods")),
        ("xls", fixture("classeur-excel-97/input.xls")),
        (
            "zip",
            zip(&[("a.txt", SAMPLE.as_bytes()), ("b.txt", SAMPLE.as_bytes())]),
        ),
        ("eml", mail.into_bytes()),
        ("html", fixture("cartes-html/input.html")),
        ("rtf", fixture("tableau-rtf/input.rtf")),
        ("warc", fixture("page-archivee/input.warc")),
        ("warc.gz", gzip(&fixture("page-archivee/input.warc"))),
    ];
    let mut files = Vec::new();
    for (ending, whole) in &wholes {
        let n = whole.len();
        let mut turned = whole.clone();
        for at in (0..n).step_by(97) {
            turned[at] ^= 0x55;
        }
        for (how, bytes) in [
            ("coupe", whole[..n / 2].to_vec()),
            ("debut", whole[..n / 10].to_vec()),
            ("milieu", whole[n / 3..].to_vec()),
            ("tourne", turned),
        ] {
            files.push((format!("{how}.{ending}"), bytes));
        }
    }
    let wrong = [
        ("pdf.docx", wholes[0].1.clone()),
        ("docx.pdf", wholes[1].1.clone()),
        ("xlsx.csv", wholes[3].1.clone()),
        ("xls.html", wholes[5].1.clone()),
        ("zip.txt", wholes[6].1.clone()),
        ("html.eml", wholes[8].1.clone()),
    ];
    files.extend(wrong.map(|(name, bytes)| (format!("autre-{name}"), bytes)));
    files
}

/// Files made to be too much: bombs, nests, far cells, loops, entities.
fn hostile() -> Vec<(String, Vec<u8>)> {
    let spaces = vec![b' '; 30 << 20];
    let nested = |deep: usize| {
        (0..deep).fold(zip(&[("a.txt", b"x")]), |inner, _| {
            zip(&[("z.zip", &inner)])
        })
    };
    let cells = |n: usize| "<c><v>1</v></c>".repeat(n);
    let repeated = |n: usize| {
        format!(
            r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="F"><table:table-row table:number-rows-repeated="{n}"><table:table-cell office:value-type="string" table:number-columns-repeated="{n}"><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#
        )
    };
    let far = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>"#;
    let made: Vec<(&str, Vec<u8>)> = vec![
        ("vide.pdf", Vec::new()),
        ("bombe.zip", zip(&[("a.txt", &spaces)])),
        ("profond.zip", nested(6)),
        ("sans-rien.zip", zip(&[])),
        ("dehors.zip", zip(&[("../../../a.exe", b"\x7fELF\x02\x01\x01\0")])),
        ("bombe.docx", word(&" ".repeat(280 << 20))),
        ("entites.docx", zip(&[(
            "word/document.xml",
            format!("{}<w:document xmlns:w=\"{WORD}\"><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>", entities("w:document")).as_bytes(),
        )])),
        ("dehors.docx", zip(&[(
            "word/document.xml",
            format!("<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w:document xmlns:w=\"{WORD}\"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>").as_bytes(),
        )])),
        ("profond.docx", word(&"<w:p>".repeat(50_000))),
        ("sans-corps.docx", word("")),
        ("macros.docx", {
            let text = format!("<w:document xmlns:w=\"{WORD}\"><w:body><w:p><w:r><w:t>Bonjour</w:t></w:r></w:p></w:body></w:document>");
            zip(&[("word/document.xml", text.as_bytes()), ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")])
        }),
        ("large.xlsx", sheet(&format!("<row>{}</row>", cells(1_000_000)))),
        ("loin.xlsx", sheet(far)),
        ("entites.xlsx", sheet(&format!("{}<row><c t=\"inlineStr\"><is><t>&a9;</t></is></c></row>", entities("x")))),
        ("ouvert.xlsx", sheet("<row><c><v>1")),
        ("negatif.xlsx", sheet("<row r=\"-1\"><c r=\"A0\"><v>1</v></c></row>")),
        ("repete.ods", open_document("spreadsheet", &repeated(1_000_000))),
        ("entites.odt", open_document("text", &format!("{}<a>&a9;</a>", entities("a")))),
        ("rien.odt", open_document("text", "")),
        ("large.csv", format!("a;b\n{}\n", ";".repeat(1_000_000)).into_bytes()),
        ("ouvert.csv", format!("nom;ville\n\"{}", "x;y\n".repeat(20_000)).into_bytes()),
        ("zeros.csv", vec![0; 10_000]),
        ("profond.html", "<div>".repeat(100_000).into_bytes()),
        ("etats.html", format!("<div id=a></div><script type='application/json'>{}</script>", "[".repeat(100_000)).into_bytes()),
        ("cellules.html", format!("<table><tr><td colspan=999999999 rowspan=999999999>{}", "x<td>".repeat(1000)).into_bytes()),
        ("profond.eml", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n".repeat(3000).into_bytes()),
        ("base.eml", b"MIME-Version: 1.0\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n!!!!%%%%".to_vec()),
        ("bombe.warc.gz", gzip(&spaces)),
        ("bombe-de-reponse.warc", {
            let body = gzip(&spaces);
            let length = body.len() as u64 + 43;
            answer("Content-Encoding: gzip", &body, length)
        }),
        ("long.warc", answer("Content-Type: text/html", b"<p>x", u64::MAX)),
        ("morceaux.warc", answer("Transfer-Encoding: chunked", b"ffffffffffffffff\r\nx", 65)),
        ("entetes.warc", "WARC/1.0\r\na: b\r\n".repeat(200_000).into_bytes()),
        ("boucle.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj trailer<</Root 1 0 R>>".to_vec()),
        ("pages.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 99999999>>endobj trailer<</Root 1 0 R>>".to_vec()),
        ("entete.pdf", b"%PDF-1.7\n".to_vec()),
        ("image.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("programme.docx", b"\x7fELF\x02\x01\x01\0".to_vec()),
        ("lettre.rtf", b"{\\rtf1 Bonjour}".to_vec()),
        ("profond.rtf", format!("{{\\rtf1 {}", "{\\b ".repeat(100_000)).into_bytes()),
        ("notes.rtf", format!("{{\\rtf1 {}", "{\\footnote x".repeat(900)).into_bytes()),
        ("cellules.rtf", format!("{{\\rtf1\\trowd{}", "\\cellx1\\cell".repeat(20_000)).into_bytes()),
        ("images.rtf", b"{\\rtf1{\\pict\\bin2147483647 x}}".to_vec()),
    ];
    made.into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

#[test]
fn each_is_read_or_refused_in_one_message_and_the_good_ones_are_read() {
    let workspace = Workspace::new();
    let files = [spoilt(), hostile()].concat();
    assert!(files.len() >= 60, "{}", files.len());
    for (name, bytes) in &files {
        workspace.write(format!("raw/{name}"), bytes);
    }
    let good = ["aa-bon.txt", "mm-bon.md", "zz-bon.txt"];
    for (number, name) in good.iter().enumerate() {
        workspace.write(
            format!("raw/{name}"),
            format!("{SAMPLE}{}", "\n".repeat(number)),
        );
    }
    let ran = workspace.run(&["run", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.transcript());
    assert!(!ran.stderr.contains("panic"), "{}", ran.transcript());
    let run: serde_json::Value = serde_json::from_str(&ran.stdout).expect("the account is JSON");
    let inputs = run["inputs"].as_array().expect("there are inputs");
    for good in good {
        let input = inputs
            .iter()
            .find(|input| input["path"] == format!("raw/{good}"));
        assert_eq!(input.expect("it was read")["found"], 3, "{good}");
    }
    let told: Vec<serde_json::Value> = (ran.stderr.lines())
        .map(|line| serde_json::from_str(line).expect("a message a line"))
        .collect();
    for (name, _) in &files {
        let path = format!("raw/{name}");
        let is_of = |own: &str| {
            own == path
                || own
                    .strip_prefix(&path)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let own: Vec<_> = (inputs.iter())
            .filter(|input| {
                input["path"].as_str().is_some_and(is_of)
                    || input["duplicates"].to_string().contains(&path)
            })
            .collect();
        let skipped = run["skipped"].as_array().expect("there is a list");
        let is_skipped = skipped
            .iter()
            .any(|file| file["path"].as_str().is_some_and(is_of));
        assert!(!own.is_empty() || is_skipped, "{path} is not accounted for");
        for input in own {
            let error = &input["error"];
            assert!(
                input["milliseconds"]
                    .as_f64()
                    .is_some_and(|time| time < 11_000.0),
                "{input}"
            );
            let n_said = told
                .iter()
                .filter(|line| line["kind"] == "error" && line["path"] == input["path"])
                .count();
            // A page without text is no failure of its reading, and told all the same.
            assert!(
                n_said == 1 || n_said == 0 && error.is_null(),
                "{path}: {n_said}\n{}",
                ran.transcript()
            );
            let text = error.as_str().unwrap_or_default();
            // What a limit stops has another message than what a parser breaks on.
            assert!(!text.contains("ended before it was done"), "{path}: {text}");
        }
    }
}
