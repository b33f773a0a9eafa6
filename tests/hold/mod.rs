//! What must hold whatever the bytes: no panic, every place inside its source and giving its value, records that are valid, two runs that are equal.
//! `tests/damaged.rs` and the fuzz targets of `fuzz/` come in here. The stages are called without the guard that makes an error of a panic.

use std::collections::{BTreeMap, BTreeSet};

use palmares::config::Expect;
use palmares::config::Limits;
use palmares::extract::extract;
use palmares::ingest;
use palmares::link::{LinkOptions, Mapping, Source as Records, Table, cluster_records};
use palmares::model::document::{Block, BlockLabel, Cell, Document, Layer};
use palmares::model::evidence::{Evidence, Join};
use palmares::model::geometry::BoundingBox;
use palmares::model::mention::Mention;
use palmares::model::page::PageSource;
use palmares::model::raw::{DocumentId, Format, RawDocument};
use palmares::model::text::{Source, Style, Text};
use palmares::normalize::normalize;
use palmares::parse::pdf;
use palmares::pipeline::{self, Options};
use palmares::profile::LEXICON;
use palmares::segment::segment;
use palmares::validate::{Schema, validate};
use serde::Serialize;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Bytes as a document of this format, through all stages. That nothing can be read is an answer.
pub(crate) fn document(format: Format, bytes: &[u8]) {
    let raw = RawDocument {
        address: None,
        id: DocumentId::of(bytes),
        path: "any".to_owned(),
        format,
        bytes: bytes.to_vec().into(),
    };
    let Ok(first) = pipeline::read(&raw, &Options::default(), &|_| {}) else {
        assert!(format == Format::Pdf || is_packed(format) || bytes.is_empty());
        return;
    };
    for block in &first.document.blocks {
        check_block(block, bytes);
    }
    let original = Original::new(&raw);
    for mention in &first.mentions {
        check_evidence(mention, &original);
    }
    check_valid(Schema::Document, &first.record);
    check_mentions(&first.mentions);

    let second = pipeline::read(&raw, &Options::default(), &|_| {}).expect("it was read before");
    assert_eq!(json(&first.mentions), json(&second.mentions));
    assert_eq!(json(&first.record), json(&second.record));
}

/// Bytes of which nobody says what they are, through all stages: an archive is listed, and is no document.
pub(crate) fn anything(bytes: &[u8]) {
    let source = ingest::Source::memory(bytes.to_vec(), "any".to_owned());
    if let Ok(raw) = ingest::ingest(&source, &Limits::default()) {
        document(raw.format, bytes);
    }
}

/// Bytes as blocks that no parser makes, one for each line: its first three bytes say what kind of block, the others what stands in it.
pub(crate) fn segmentation(bytes: &[u8]) {
    let document = blocks(bytes);
    let read = || {
        let segmentation = segment(&document, &LEXICON, None, Expect::default());
        let mut end = 0;
        for entry in &segmentation.entries {
            assert!(entry.head.start >= end && entry.head.end <= entry.body.end);
            assert!(entry.body.end <= segmentation.units().list.len());
            end = entry.body.end;
        }
        let mentions = extract(&document, &segmentation, None).mentions;
        (normalize(mentions, &|_, _, _| None).into_iter())
            .map(|mut mention| {
                mention.id = format!("m-{:016x}", mention.position);
                mention
            })
            .collect::<Vec<Mention>>()
    };
    let mentions = read();
    check_mentions(&mentions);
    assert_eq!(json(&mentions), json(&read()));
}

/// Bytes as records for `palmares link`: each is a source of exactly one laureate.
pub(crate) fn link(bytes: &[u8]) {
    let mut table = Table::default();
    if table
        .add("any.csv", bytes.to_vec(), &Mapping::default())
        .is_err()
        || table.finish().is_err()
    {
        return;
    }
    let options = LinkOptions::default();
    let read = || {
        let clusters = cluster_records(&table, &options);
        let mut laureates = Vec::new();
        clusters.each_laureate(
            &table,
            |laureate| laureate,
            |laureate| laureates.push(laureate),
        );
        (laureates, clusters.links(&table, &options))
    };
    let (laureates, links) = read();
    let sources: Vec<&str> = laureates
        .iter()
        .flat_map(|laureate| &laureate.sources)
        .map(|source| source.mention.as_str())
        .collect();
    let records: BTreeSet<String> = (0..table.len())
        .map(|index| Records::id(&table, index).into_owned())
        .collect();
    assert_eq!(sources.len(), records.len(), "a record is lost or doubled");
    assert!(sources.iter().all(|source| records.contains(*source)));
    for link in &links {
        check_valid(Schema::Link, link);
    }
    assert_eq!(json(&(laureates, links)), json(&read()));
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("records can be written")
}

#[track_caller]
fn check_valid<T: Serialize>(schema: Schema, record: T) {
    if let Err(rejection) = validate(schema, record) {
        // An entry that names nobody is rejected as a whole, which is right. Every other fault is the program's, not the document's.
        let mut reasons = rejection.reasons;
        reasons.retain(|reason| schema != Schema::Mention || !reason.pointer.is_empty());
        assert!(reasons.is_empty(), "{reasons:#?}");
    }
}

fn check_mentions(mentions: &[Mention]) {
    for (number, mention) in (1..).zip(mentions) {
        assert_eq!(mention.position, number);
        check_valid(Schema::Mention, mention);
    }
}

fn check_block(block: &Block, bytes: &[u8]) {
    check_text(&block.text, bytes);
    if let Some(marker) = &block.marker {
        check_text(marker, bytes);
    }
    for link in &block.links {
        assert!(block.text.as_str().get(link.range.clone()).is_some());
    }
}

/// A text of a block: trimmed, its white space collapsed, tiled by segments that begin and end between characters and lie inside the source.
fn check_text(text: &Text, bytes: &[u8]) {
    let string = text.as_str();
    assert!(!string.is_empty() && string.trim() == string, "{string:?}");
    assert!(!string.contains("  ") && !string.contains(['\t', '\r', '\u{a0}', '\u{ad}']));
    let mut end = 0;
    for segment in text.segments() {
        assert_eq!(segment.start, end, "segments tile the text");
        end = segment.end;
        let part = string
            .get(segment.start as usize..segment.end as usize)
            .expect("segments begin and end between characters");
        match &segment.source {
            Source::Exact { start, .. } => {
                let start = *start as usize;
                assert_eq!(bytes.get(start..start + part.len()), Some(part.as_bytes()));
            }
            Source::Span { start, end, .. } => {
                assert!(start < end && *end as usize <= bytes.len());
            }
            Source::Glyphs { edges, first, .. } => {
                assert!(*first as usize + part.chars().count() <= edges.len());
            }
            Source::Place { start, end, .. } => assert!(start < end),
            Source::Joint(_) => {}
        }
    }
    assert_eq!(end as usize, string.len());
}

/// Whether a format packs its parts, so that bytes are no places.
fn is_packed(format: Format) -> bool {
    matches!(
        format,
        Format::Xlsx | Format::Xls | Format::Ods | Format::Docx | Format::Odt | Format::Rtf
    )
}

/// A file as somebody reads it who has only its bytes and the evidence.
struct Original<'a> {
    raw: &'a RawDocument,
    /// For a PDF, the characters of each page, with the middle of each.
    pages: BTreeMap<u32, Vec<(char, f64, f64)>>,
}

impl<'a> Original<'a> {
    fn new(raw: &'a RawDocument) -> Self {
        let mut pages = BTreeMap::new();
        if raw.format == Format::Pdf
            && let Ok(file) = pdf::open(&raw.bytes, &Limits::default())
        {
            file.visit(0..file.n_pages().1, &mut |_, page| {
                let Ok(page) = page else { return };
                let characters = page.spans.iter().flat_map(|span| {
                    page.glyphs_of(span).iter().map(|glyph| {
                        let x = f64::from(glyph.x0).midpoint(f64::from(glyph.x1));
                        (
                            glyph.character,
                            x,
                            f64::from(span.top).midpoint(f64::from(span.bottom)),
                        )
                    })
                });
                let mut characters: Vec<(char, f64, f64)> = characters.collect();
                for turned in &page.turned {
                    characters.extend(turned.spans.iter().flat_map(|span| {
                        turned.glyphs_of(span).iter().map(|glyph| {
                            let bbox = BoundingBox::new(glyph.x0, span.top, glyph.x1, span.bottom);
                            let (x, y) = turned.turn.undo(&bbox).centre();
                            (glyph.character, f64::from(x), f64::from(y))
                        })
                    }));
                }
                pages.insert(page.number, characters);
            });
        }
        Self { raw, pages }
    }

    /// Whether the source at these places gives the value, white space and punctuation aside.
    fn gives(&self, value: &str, places: &[Evidence]) -> bool {
        if self.raw.format == Format::Pdf {
            self.shows(value, places)
        } else if is_packed(self.raw.format) {
            // The bytes are packed: cells and paragraphs are named, and hold as many characters.
            let held: usize = (places.iter())
                .filter(|place| place.sheet.is_some() || place.paragraph.is_some())
                .filter_map(|place| place.characters)
                .map(|[start, end]| (end - start) as usize)
                .sum();
            held >= letters(value).chars().count()
        } else {
            self.states(value, places)
        }
    }

    /// The boxes hold each character of the value.
    fn shows(&self, value: &str, places: &[Evidence]) -> bool {
        let mut inside = BTreeMap::new();
        for place in places {
            let (Some(page), Some([x0, y0, x1, y1])) = (place.page, place.bbox) else {
                return false;
            };
            let within = |x: f64, y: f64| {
                (x0 - SLACK..=x1 + SLACK).contains(&x) && (y0 - SLACK..=y1 + SLACK).contains(&y)
            };
            let characters = self.pages.get(&page).into_iter().flatten();
            let text: String = characters
                .filter(|(_, x, y)| within(*x, *y))
                .map(|(character, ..)| *character)
                .collect();
            for character in letters(&text).chars() {
                *inside.entry(character).or_insert(0) += 1;
            }
        }
        letters(value).chars().all(|character| {
            inside.get_mut(&character).is_some_and(|count| {
                *count -= 1;
                *count >= 0
            })
        })
    }

    /// The bytes, in some encoding and with entities undone, are the value.
    fn states(&self, value: &str, places: &[Evidence]) -> bool {
        let mut pieces = Vec::new();
        for place in places {
            let piece = place
                .span
                .and_then(|[start, end]| self.raw.bytes.get(start as usize..end as usize));
            match piece {
                Some(piece) if !piece.is_empty() => pieces.push(piece),
                _ => return false,
            }
        }
        // Before compatibility forms are undone: what one encoding reads as « é » is no « e » in another.
        let ascii = |text: &str| letters(&text.replace(|c: char| !c.is_ascii(), ""));
        let decoded = |encoding: &'static encoding_rs::Encoding, is_data: bool| {
            let texts = pieces
                .iter()
                .map(|piece| encoding.decode_without_bom_handling(piece).0);
            texts
                .map(|text| self.unescaped(&text, is_data))
                .collect::<String>()
        };
        let value_letters = letters(value);
        // Data for a program keeps its escapes, unless a tag that is broken shows it.
        [true, false].into_iter().any(|is_data| {
            ENCODINGS
                .iter()
                .any(|encoding| letters(&decoded(encoding, is_data)) == value_letters)
                // Some other encoding: those that remain agree with UTF-8 on ASCII.
                || ascii(&decoded(encoding_rs::UTF_8, is_data)) == ascii(value)
        })
    }

    fn unescaped(&self, text: &str, is_data: bool) -> String {
        let is_data = is_data && self.raw.format == Format::Html && text.contains('\\');
        let text = &match serde_json::from_str::<String>(&format!("\"{text}\"")) {
            Ok(said) if is_data => said,
            _ => text.to_owned(),
        };
        if matches!(self.raw.format, Format::Html | Format::Markdown) && text.contains('&') {
            let text = text.replace('<', "&lt;");
            scraper::Html::parse_fragment(&text)
                .root_element()
                .text()
                .collect()
        } else {
            text.to_owned()
        }
    }
}

/// Boxes are rounded, and glyphs of a size of nothing stand on their edges.
const SLACK: f64 = 1.0;

const ENCODINGS: [&encoding_rs::Encoding; 9] = [
    encoding_rs::UTF_8,
    encoding_rs::WINDOWS_1252,
    encoding_rs::UTF_16LE,
    encoding_rs::UTF_16BE,
    encoding_rs::GBK,
    encoding_rs::BIG5,
    encoding_rs::SHIFT_JIS,
    encoding_rs::EUC_JP,
    encoding_rs::EUC_KR,
];

/// What distinguishes texts: letters and digits, in small letters, compatibility forms undone.
fn letters(text: &str) -> String {
    text.nfkd()
        .flat_map(char::to_lowercase)
        .filter(|character| character.is_alphanumeric())
        .collect()
}

/// Values that are the document's own characters.
const VERBATIM: [&str; 9] = [
    "/name",
    "/project",
    "/territory",
    "/public",
    "/partners_text",
    "/results",
    "/description",
    "/needs",
    "/aid_type",
];

fn check_evidence(mention: &Mention, original: &Original<'_>) {
    let record = serde_json::to_value(mention).expect("a mention can be written");
    for (pointer, places) in &mention.evidence {
        assert!(!places.is_empty(), "{pointer} has no place");
        for place in places {
            if let Some([start, end]) = place.span {
                assert!(start < end && end as usize <= original.raw.bytes.len());
            }
            if let Some(page) = place.page {
                assert!(
                    original.pages.contains_key(&page),
                    "there is no page {page}"
                );
            }
        }
        let verbatim = VERBATIM.contains(&pointer.as_str())
            || pointer.starts_with("/partners/")
            || pointer.starts_with("/added_value/");
        if verbatim && let Some(value) = record.pointer(pointer).and_then(Value::as_str) {
            assert!(
                original.gives(value, places),
                "{pointer}: {places:?} do not give {value:?}"
            );
        }
    }
}

/// A document of one block for each line of the bytes.
fn blocks(bytes: &[u8]) -> Document {
    const LABELS: [BlockLabel; 9] = [
        BlockLabel::Text,
        BlockLabel::SectionHeader,
        BlockLabel::ListItem,
        BlockLabel::Title,
        BlockLabel::Quote,
        BlockLabel::Caption,
        BlockLabel::Footnote,
        BlockLabel::PageHeader,
        BlockLabel::PageFooter,
    ];
    let mut document = Document::new(DocumentId::of(bytes), "any".to_owned(), Format::Plain);
    let mut start = 0_u32;
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let next = start + u32::try_from(line.len()).expect("inputs are small") + 1;
        if let Some(([label, kind, place], words)) = line.split_first_chunk()
            && let Some(text) = words_at(words, start + 3, number, kind & 32 > 0)
        {
            let mut block = Block::new(LABELS[usize::from(*label) % LABELS.len()], text);
            block.level = (block.label == BlockLabel::SectionHeader).then_some(1 + (kind & 3));
            block.depth = kind >> 2 & 3;
            block.boxed = (kind & 16 > 0).then_some(u32::from(*place));
            block.cell = (kind & 64 > 0).then_some(Cell {
                table: u32::from(kind & 1),
                row: u32::from(place >> 3),
                column: u16::from(place & 7),
                header: place >> 3 == 0,
            });
            if matches!(block.label, BlockLabel::PageHeader | BlockLabel::PageFooter) {
                block.layer = Layer::Furniture;
            }
            document.blocks.push(block);
        }
        start = next;
    }
    document
}

/// The words of a line, with a space between each two.
fn words_at(line: &[u8], start: u32, number: u32, bold: bool) -> Option<Text> {
    let mut text = Text::new();
    let style = Style {
        bold,
        ..Style::default()
    };
    let string = std::str::from_utf8(line).ok()?;
    for word in string.split_whitespace() {
        if !text.is_empty() {
            text.push_joint(Join::Space);
        }
        let offset = word.as_ptr() as usize - string.as_ptr() as usize;
        let source = Source::Exact {
            start: start + u32::try_from(offset).expect("inputs are small"),
            line: number,
            node: None,
        };
        text.push(word, source, style);
    }
    (!text.is_empty() && !text.as_str().contains('\u{ad}')).then_some(text)
}
