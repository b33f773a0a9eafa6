//! Nothing that an entry says is lost: its names and figures stand in its record, whatever the document. Text outside of entries is for `palmares explain`
//! to list.

mod common;

use std::path::{Path, PathBuf};

use palmares::config::Expect;
use palmares::ingest;
use palmares::model::mention::Mention;
use palmares::pipeline::{self, Options};
use palmares::profile::fold;
use palmares::segment::{Form, Span, Unit};
use walkdir::WalkDir;

#[test]
fn what_entries_of_fixtures_say_stands_in_their_records() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    check(&documents(&folder), 100);
}

#[test]
fn what_entries_of_real_documents_say_stands_in_their_records() {
    let name = "what_entries_of_real_documents_say_stands_in_their_records";
    let Some(shared) = common::shared(name) else {
        return;
    };
    let folders = ["real/docs", "kinds", "trial", "field", "corpus/raw"];
    let paths: Vec<PathBuf> = (folders.iter())
        .flat_map(|folder| documents(&shared.join(folder)))
        .collect();
    check(&paths, 200);
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let is_text = |path: &Path| {
        let known = ["html", "md", "txt", "pdf", "docx", "odt"];
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| known.contains(&extension))
            && path.file_name().is_some_and(|name| name != "README.md")
    };
    let mut paths: Vec<PathBuf> = (WalkDir::new(folder).into_iter())
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| is_text(path))
        .collect();
    paths.sort();
    paths
}

/// Holds that the entries of the documents, at least `fewest` of which give some, are accounted for.
#[track_caller]
fn check(paths: &[PathBuf], fewest: usize) {
    let options = Options {
        profiles: Vec::new().into(),
        expect: Expect::Laureates,
        ..Options::default()
    };
    let (mut n_documents, mut n_words) = (0, 0);
    let mut lost: Vec<String> = Vec::new();
    for path in paths {
        let sources = ingest::discover(std::slice::from_ref(path), None).sources;
        let read = (sources.first())
            .and_then(|source| ingest::ingest(source, &options.limits).ok())
            .and_then(|raw| pipeline::read(&raw, &options, &|_| {}).ok());
        let Some(read) = read else { continue };
        n_documents += usize::from(!read.mentions.is_empty());
        let units = &read.segmentation.units().list;
        let entries = &read.segmentation.entries;
        let own = |span: &Span| units.get(span.extent()).unwrap_or_default();
        // « Récompense » in front of each sum is of the list's form.
        let is_common = |word: &str| {
            let says = |unit: &Unit| words(unit).any(|other| other == word);
            let n = (entries.iter())
                .filter(|span| own(span).iter().any(says))
                .count();
            n > 1 && n * 2 >= entries.len()
        };
        for (span, mention) in entries.iter().zip(&read.mentions) {
            let record = said(mention);
            for unit in own(span).iter().filter(|unit| is_own(unit)) {
                for word in words(unit) {
                    n_words += 1;
                    // The mark of a footnote stands in no value.
                    let bare = word.strip_suffix(|c: char| c.is_ascii_digit());
                    let says = |word: &str| !word.is_empty() && record.contains(&fold(word));
                    if !says(word) && !bare.is_some_and(says) && !is_common(word) {
                        let number = mention.position;
                        lost.push(format!("{}, record {number}: {word}", path.display()));
                    }
                }
            }
        }
    }
    assert!(
        n_documents >= fewest,
        "only {n_documents} documents give records"
    );
    assert!(
        lost.is_empty(),
        "{} of {n_words} words:\n{}",
        lost.len(),
        lost.join("\n")
    );
}

/// Sentences that tell who got something say so in words that no record keeps; a line that announces the list is not the entry's, nor is a page's number.
fn is_own(unit: &Unit) -> bool {
    unit.told.is_none() && !unit.announces && unit.label.is_none() && unit.form != Form::Number
}

/// Names and figures: what begins with a capital inside a line, and numbers of two figures and more.
fn words(unit: &Unit) -> impl Iterator<Item = &str> {
    let words = unit.text.as_str().split(|c: char| !c.is_alphanumeric());
    words.skip(1).filter(|word| {
        let is_number = word.len() > 1 && word.chars().all(|c| c.is_ascii_digit());
        let n_letters = word.chars().filter(|c| c.is_alphabetic()).count();
        is_number || n_letters > 2 && word.starts_with(char::is_uppercase)
    })
}

/// All that a record says, folded.
fn said(mention: &Mention) -> String {
    let mut mention = mention.clone();
    mention.evidence.clear();
    fold(&serde_json::to_string(&mention).expect("a mention serialises"))
}
