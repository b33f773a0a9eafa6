//! A second reader as witness: `pdf-extract`, which stands on other crates than we do, finds the same words in every PDF of the repository.

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use originals::originals;
use palmares::config::Limits;
use palmares::layout;
use palmares::model::raw::{DocumentId, Format, RawDocument};
use palmares::model::text::Text;
use palmares::parse::pdf;
use unicode_normalization::UnicodeNormalization;

mod originals;

/// Share of the words of either that the other finds, too.
const FLOOR: f64 = 0.98;

/// Where fewer are found: the share of our words that the witness has, of the witness's words that we have, and why.
const DIFFERENCES: [(&str, f64, f64, &str); 8] = [
    (
        "accents-en-deux-signes",
        0.97,
        0.98,
        "the witness leaves the dotless i under an accent as it is",
    ),
    (
        "cellule-coupee-par-la-page-pdf",
        0.93,
        1.0,
        "a cell that spans rows is said of each row",
    ),
    (
        "deux-fiches-par-page",
        1.0,
        0.92,
        "the witness sees no space between lines that are set side by side",
    ),
    (
        "lettrines-pdf",
        0.97,
        1.0,
        "the witness reads a capital over several lines as a word",
    ),
    (
        "pdf-balise-colonnes-sur-deux-pages",
        0.97,
        1.0,
        "the witness sees spaces between letters that are placed one by one",
    ),
    (
        "tableau-couche-pdf",
        1.0,
        0.95,
        "the witness sees no space between cells that lie on their side",
    ),
    (
        "tableau-fusionne-pdf",
        0.92,
        1.0,
        "a cell that spans rows is said of each row",
    ),
    (
        "texte-hors-page",
        1.0,
        0.69,
        "the witness reads what stands beyond the edges of the sheet",
    ),
];

#[test]
fn a_second_reader_finds_the_same_words() {
    let mut faults = Vec::new();
    for path in originals("pdf") {
        let bytes = std::fs::read(&path).expect("a PDF can be read");
        let name = path.display().to_string();
        let Some(witness) = witness(&bytes) else {
            faults.push(format!("{name}: the witness fails"));
            continue;
        };
        let (ours, theirs) = (words(&read(bytes)), words(&witness));
        let shares = [share(&ours, &theirs), share(&theirs, &ours)];
        let listed = DIFFERENCES
            .iter()
            .find(|(listed, ..)| name.contains(listed));
        let floors = listed.map_or([FLOOR; 2], |(_, ours, theirs, _)| [*ours, *theirs]);
        if shares[0] < floors[0] || shares[1] < floors[1] {
            faults.push(format!(
                "{name}: {shares:?} under {floors:?}; only we read {:?}, only the witness {:?}",
                only(&ours, &theirs),
                only(&theirs, &ours)
            ));
        }
        if listed.is_some() && shares.iter().all(|share| *share >= FLOOR) {
            faults.push(format!("{name}: {shares:?}, and still listed as different"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What the witness reads; `None` where it panics, as it does on one in twenty of the PDFs that browsers are tested with.
fn witness(bytes: &[u8]) -> Option<String> {
    catch_unwind(|| pdf_extract::extract_text_from_mem(bytes))
        .ok()?
        .ok()
}

/// What layout gives, furniture included.
fn read(bytes: Vec<u8>) -> String {
    let raw = RawDocument {
        address: None,
        id: DocumentId::of(&bytes),
        path: String::new(),
        format: Format::Pdf,
        bytes: bytes.into(),
    };
    let file = pdf::open(&raw.bytes, &Limits::default()).expect("fixtures are sound");
    let blocks = layout::analyze(&raw, &file).output.blocks;
    let texts = blocks
        .iter()
        .flat_map(|block| block.marker.iter().chain([&block.text]));
    texts.map(Text::as_str).collect::<Vec<&str>>().join("\n")
}

/// Words in order: letters and digits, in small letters, without accents, which some fonts show as signs of their own.
fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    plain
        .split(|c: char| !c.is_alphanumeric() || ('\u{2b0}'..='\u{2ff}').contains(&c))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Share of the words of one that the other has.
fn share(words: &[String], other: &[String]) -> f64 {
    1.0 - only(words, other).len() as f64 / words.len() as f64
}

/// Words of one that the other has not, or not as often. The two cut words differently, at hyphens and where letters are set apart: what is left of one
/// is looked for in the letters that are left of the other, too.
fn only(words: &[String], other: &[String]) -> Vec<String> {
    let letters = left(other, words).concat();
    let mut only = left(words, other);
    only.retain(|word| !letters.contains(word));
    only
}

/// The words of one without those of the other, each as often as it comes.
fn left(words: &[String], other: &[String]) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for word in other {
        *counts.entry(word).or_default() += 1;
    }
    let mut left = words.to_vec();
    left.retain(|word| match counts.get_mut(word) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    left
}
