//! Parsing against the annotated corpus: every value of the gold stands in the text of the body blocks, and every character of a block stands in
//! the file where its source says.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use palmares::config::Limits;
use palmares::ingest;
use palmares::model::document::Document;
use palmares::model::raw::{Format, RawDocument};
use palmares::model::text::Source;
use palmares::parse;
use serde_json::Value;

/// The shared corpus; `None` (and a line on standard error) where it is absent, which CI does not allow.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("PALMARES_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    if folder.join("corpus").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the shared corpus is not at {}",
        folder.display()
    );
    let _ = writeln!(
        std::io::stderr(),
        "not run: no shared corpus (set PALMARES_SHARED)"
    );
    None
}

fn read(path: &Path) -> (RawDocument, Document) {
    let limits = Limits::default();
    let found = ingest::discover(&[path.to_path_buf()], None);
    let raw = ingest::ingest(&found.sources[0], &limits).unwrap();
    let parsed = parse::parse_text(&raw, &limits).unwrap();
    assert_eq!(parsed.warnings, [], "{}", path.display());
    (raw, parsed.output)
}

/// Checks one file against the gold beside it, and the source of each of its characters.
#[track_caller]
fn check(file: &str, gold: &str, format: Format) {
    let Some(shared) = shared() else { return };
    let (raw, document) = read(&shared.join(file));
    assert_eq!(raw.format, format);
    check_sources(&raw, &document);
    let body = body_text(&document);
    let gold: Value = serde_json::from_slice(&std::fs::read(shared.join(gold)).unwrap()).unwrap();
    let mut missing = Vec::new();
    for record in gold["records"].as_array().unwrap() {
        let mut values = Vec::new();
        for field in [
            "name",
            "project",
            "territory",
            "public",
            "region",
            "call",
            "group",
            "partners_text",
            "partners",
            "results",
            "description",
            "added_value",
            "needs",
            "aid_type",
            "quotes",
            "links",
            "contact",
        ] {
            strings(&record[field], &mut values);
        }
        missing.extend(values.into_iter().filter(|value| !body.contains(value)));
    }
    assert_eq!(missing, Vec::<String>::new(), "{file}");
}

/// The strings in a value, by line.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(string) => found.extend(string.split('\n').map(plain)),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => {
            strings(&fields["text"], found);
            strings(&fields["author"], found);
        }
        _ => {}
    }
}

/// A line of the gold without the marks that it keeps: a printed bullet, Markdown of documents from elsewhere.
fn plain(line: &str) -> String {
    let line = line.trim_start_matches(['•', ' ']).replace("**", "");
    let targets = regex::Regex::new(r"\[([^\]]*)\]\([^)]*\)").unwrap();
    collapse(&targets.replace_all(&line, "$1"))
}

fn collapse(string: &str) -> String {
    string.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the body, without references to notes; link targets behind the block that has them.
fn body_text(document: &Document) -> String {
    let mut body = String::new();
    for block in document.blocks.iter().filter(|block| block.is_body()) {
        let string = block.text.as_str();
        let notes = block.text.ranges_where(|segment| {
            let part = &string[segment.start as usize..segment.end as usize];
            segment.style.superscript && part.chars().all(|c| c.is_ascii_digit())
        });
        let without = block.text.without(&notes);
        body.push_str(without.as_str());
        for link in &block.links {
            body.push(' ');
            body.push_str(&link.target);
        }
        body.push('\n');
    }
    collapse(&body)
}

/// Exact segments are the file's bytes, spans lie inside the file, lines and nodes exist.
fn check_sources(raw: &RawDocument, document: &Document) {
    for block in &document.blocks {
        for segment in block.text.segments() {
            let part = &block.text.as_str()[segment.start as usize..segment.end as usize];
            match &segment.source {
                Source::Exact { start, node, .. } => {
                    let start = *start as usize;
                    assert_eq!(&raw.bytes[start..start + part.len()], part.as_bytes());
                    assert!(node.is_none_or(|node| (node as usize) < document.nodes.len()));
                }
                Source::Span { start, end, .. } => {
                    assert!(start < end && *end as usize <= raw.bytes.len());
                }
                Source::Joint(_) => {}
                Source::Glyphs { .. } | Source::Place { .. } => {
                    panic!("a text file has neither glyphs nor cells of a workbook")
                }
            }
        }
    }
}

#[test]
fn values_of_text_conversions_are_in_the_body() {
    check("corpus/text/000.txt", "corpus/gold/000.json", Format::Plain);
    check("corpus/text/001.txt", "corpus/gold/001.json", Format::Plain);
    check("corpus/text/002.txt", "corpus/gold/002.json", Format::Plain);
    check("corpus/text/003.txt", "corpus/gold/003.json", Format::Plain);
    check(
        "corpus/text/004.txt",
        "corpus/gold/004.json",
        Format::Markdown,
    );
}

#[test]
fn values_of_pages_are_in_the_body() {
    check("corpus/raw/000.html", "corpus/gold/000.json", Format::Html);
    check("corpus/raw/002.html", "corpus/gold/002.json", Format::Html);
    check("corpus/raw/003.html", "corpus/gold/003.json", Format::Html);
}

#[test]
fn values_of_real_markdown_are_in_the_body() {
    for name in [
        "014_numerique_gouv_ami_ia2",
        "029_aic_livret_13fiches_ASSEMBLED",
        "088_neg_aic_actualite_promo1",
        "089_neg_aic_proposer_projet",
    ] {
        let number = &name[..3];
        check(
            &format!("real/docs/{name}.md"),
            &format!("real/gold/{number}.json"),
            Format::Markdown,
        );
    }
}
