//! Pages of PDFs that the values of laureates were read from: which of them are wanted as pictures beside the report, and where on them values stand. Drawing
//! is not here.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::MOST;
use crate::model::laureate::Laureate;
use crate::model::mention::Mention;
use crate::model::raw::Format;
use crate::validate::Packed;

/// The folder of the pictures, beside the page.
pub const FOLDER: &str = "report-pages";

/// A page that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The path of its document.
    pub document: String,
    /// Its number, from 1.
    pub page: u32,
    /// Its picture in the folder, which the bytes of the document name.
    pub file: String,
}

/// The pictures of a report, and the boxes of values on them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pages {
    folder: &'static str,
    /// By document and page.
    pictures: BTreeMap<String, BTreeMap<u32, Picture>>,
    /// By mention.
    places: BTreeMap<String, Boxes>,
}

/// By JSON Pointer: for each piece of the value its page, and its box in points from the top left.
type Boxes = BTreeMap<String, Vec<(u32, [f64; 4])>>;

#[derive(Clone, Debug, Serialize)]
struct Picture {
    file: String,
    /// Width and height of the page in points.
    size: [f32; 2],
}

impl Pages {
    /// Where values of the laureates that the report shows stand on pages, and the pages, in the order of the mentions.
    pub fn of(laureates: &[Packed<Laureate>], mentions: &[Packed<Mention>]) -> (Self, Vec<Wanted>) {
        let shown: BTreeSet<String> = (laureates.iter().take(MOST))
            .flat_map(|laureate| laureate.unpack().sources)
            .map(|source| source.mention)
            .collect();
        let mut pages = Self {
            folder: FOLDER,
            ..Self::default()
        };
        let (mut wanted, mut known) = (Vec::new(), BTreeSet::new());
        for mention in mentions.iter().map(Packed::unpack) {
            if mention.document.media_type != Format::Pdf.media_type()
                || !shown.contains(&mention.id)
            {
                continue;
            }
            let places = boxes(&mention);
            for (page, _) in places.values().flatten() {
                if known.insert((mention.document.path.clone(), *page)) {
                    wanted.push(Wanted {
                        file: name(&mention.document.sha256, *page),
                        document: mention.document.path.clone(),
                        page: *page,
                    });
                }
            }
            pages.places.insert(mention.id, places);
        }
        (pages, wanted)
    }

    /// Notes that a page was drawn.
    pub fn add(&mut self, drawn: Wanted, size: [f32; 2]) {
        let file = drawn.file;
        let of_document = self.pictures.entry(drawn.document).or_default();
        of_document.insert(drawn.page, Picture { file, size });
    }
}

fn boxes(mention: &Mention) -> Boxes {
    let of_value = (mention.evidence.iter()).map(|(pointer, pieces)| {
        let boxes = pieces
            .iter()
            .filter_map(|piece| Some((piece.page?, piece.bbox?)));
        (pointer.clone(), boxes.collect::<Vec<_>>())
    });
    of_value.filter(|(_, boxes)| !boxes.is_empty()).collect()
}

/// Digits of a document's hash that tell it from the others of a run.
const DIGITS: usize = 16;

fn name(sha256: &str, page: u32) -> String {
    let digits = sha256.get(..DIGITS).unwrap_or(sha256);
    format!("{digits}-{page}.png")
}

/// Whether a file of this name is a picture of a page.
pub fn is_picture(name: &str) -> bool {
    let parts = name
        .strip_suffix(".png")
        .and_then(|name| name.split_once('-'));
    parts.is_some_and(|(digits, page)| {
        digits.len() == DIGITS
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            && page.parse::<u32>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_name() {
        assert!(is_picture(&name(&"0a".repeat(32), 12)));
        for other in [
            "a.png",
            "0a0a0a0a0a0a0a0a-12.jpg",
            "0a0a0a0a0a0a0a0a.png",
            "0a0a-1.png",
        ] {
            assert!(!is_picture(other), "{other}");
        }
    }
}
