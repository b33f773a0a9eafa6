//! Layout of small pages made by hand, from glyphs to blocks.

use std::collections::BTreeMap;

use super::*;
use crate::model::document::{Block, BlockLabel, Metadata};
use crate::model::geometry::{BoundingBox, Turn};
use crate::model::page::{Glyph, LinkAnnotation, Rect, Ruling, TextSpan, UnicodeOrigin};
use crate::model::raw::{DocumentId, Format};
use crate::model::structure::{Content, Element, Flow, Role, Structure};
use crate::model::text::Style;

/// Pages held in memory, and the structure of what they say.
struct Pages(Vec<Page>, Metadata, Option<Structure>);

impl PageSource for Pages {
    fn n_pages(&self) -> (usize, usize) {
        (self.0.len(), self.0.len())
    }

    fn metadata(&self) -> &Metadata {
        &self.1
    }

    fn structure(&self) -> Option<&Structure> {
        self.2.as_ref()
    }

    fn visit(
        &self,
        range: std::ops::Range<usize>,
        visit: &mut dyn FnMut(usize, Result<Page, ErrorKind>),
    ) {
        for index in range {
            visit(index, Ok(self.0[index].clone()));
        }
    }
}

/// A page under construction; glyphs are half an em wide.
struct Sheet(Page);

impl Sheet {
    fn new(number: u32) -> Self {
        Self(Page {
            number,
            width: 595.0,
            height: 842.0,
            ..Page::default()
        })
    }

    fn styled(&mut self, x: f32, y: f32, text: &str, style: Style) -> &mut Self {
        let page = &mut self.0;
        let start = u32::try_from(page.glyphs.len()).unwrap();
        let mut left = x;
        for character in text.chars() {
            let right = left + style.size * 0.5;
            page.glyphs.push(Glyph {
                character,
                x0: left,
                x1: right,
                origin: UnicodeOrigin::Mapped,
                begins: false,
            });
            left = right;
        }
        let end = u32::try_from(page.glyphs.len()).unwrap();
        page.spans.push(TextSpan {
            glyphs: start..end,
            style,
            font: 0,
            baseline: y,
            top: y - 0.75 * style.size,
            bottom: y + 0.22 * style.size,
            rotation: 0.0,
            invisible: false,
            artifact: false,
            content: None,
        });
        self
    }

    fn text(&mut self, x: f32, y: f32, text: &str) -> &mut Self {
        self.styled(x, y, text, plain(10.0))
    }

    /// Text that is a run of the document's structure.
    fn run(&mut self, x: f32, y: f32, text: &str, content: u32) -> &mut Self {
        self.text(x, y, text);
        self.0.spans.last_mut().unwrap().content = Some(content);
        self
    }

    fn bold(&mut self, x: f32, y: f32, text: &str) -> &mut Self {
        self.styled(
            x,
            y,
            text,
            Style {
                bold: true,
                ..plain(10.0)
            },
        )
    }

    fn frame(&mut self, x0: f32, y0: f32, x1: f32, y1: f32) -> &mut Self {
        self.0.rects.push(Rect {
            bbox: BoundingBox::new(x0, y0, x1, y1),
            fill: Some(0x00_AACC),
            stroked: false,
            rounded: false,
        });
        self
    }

    fn rule(&mut self, x0: f32, y0: f32, x1: f32, y1: f32) -> &mut Self {
        self.0.rulings.push(Ruling {
            bbox: BoundingBox::new(x0, y0, x1, y1),
        });
        self
    }
}

fn plain(size: f32) -> Style {
    Style {
        size,
        ..Style::default()
    }
}

fn blocks(sheets: Vec<Sheet>) -> Vec<Block> {
    tagged_blocks(sheets, None)
}

fn tagged_blocks(sheets: Vec<Sheet>, structure: Option<Structure>) -> Vec<Block> {
    let raw = RawDocument {
        address: None,
        id: DocumentId::default(),
        path: "essai.pdf".to_owned(),
        format: Format::Pdf,
        bytes: Vec::new().into(),
    };
    let pages = Pages(
        sheets.into_iter().map(|sheet| sheet.0).collect(),
        Metadata::default(),
        structure,
    );
    analyze(&raw, &pages).output.blocks
}

#[track_caller]
fn check(sheet: Sheet, expected: &[&str]) {
    let read = blocks(vec![sheet]);
    let texts: Vec<&str> = read.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, expected);
}

/// Prose that fills a column of 240 points in 10-point type, line by line.
const PROSE: [&str; 4] = [
    "Le fournil du quartier forme chaque année vingt",
    "personnes au métier de boulanger, avec l'appui",
    "de maîtres artisans et de la chambre de métiers",
    "du département.",
];

#[test]
fn the_order_of_the_stream_does_not_matter() {
    let mut sheet = Sheet::new(1);
    for (line, text) in PROSE.iter().enumerate().rev() {
        let y = 100.0 + 12.0 * f32::from(u8::try_from(line).unwrap());
        // The second half of each line is shown first.
        let (left, right) = text.split_at(text.char_indices().nth(9).unwrap().0);
        let x = 50.0 + 5.0 * f32::from(u8::try_from(left.chars().count()).unwrap());
        sheet.text(x, y, right).text(50.0, y, left);
    }
    check(sheet, &[&PROSE.join(" ")]);
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let mut sheet = Sheet::new(1);
    for (line, text) in PROSE.iter().enumerate() {
        let y = 100.0 + 12.0 * f32::from(u8::try_from(line).unwrap());
        sheet.text(50.0, y, text).text(310.0, y, text);
    }
    check(sheet, &[&PROSE.join(" "), &PROSE.join(" ")]);
}

#[test]
fn a_paragraph_ends_where_the_next_word_would_have_fitted() {
    let mut sheet = Sheet::new(1);
    for (line, text) in PROSE.iter().chain(&PROSE).enumerate() {
        sheet.text(
            50.0,
            100.0 + 12.0 * f32::from(u8::try_from(line).unwrap()),
            text,
        );
    }
    check(sheet, &[&PROSE.join(" "), &PROSE.join(" ")]);
}

#[test]
fn words_divided_at_line_ends_are_joined_and_grounded() {
    let mut sheet = Sheet::new(1);
    sheet
        .text(50.0, 100.0, "Un atelier de répa-")
        .text(50.0, 112.0, "ration dans les Hauts-de-")
        .text(50.0, 124.0, "France accueille");
    let read = blocks(vec![sheet]);
    assert_eq!(
        read[0].text.as_str(),
        "Un atelier de réparation dans les Hauts-de-France accueille"
    );
    let pieces = read[0].text.evidence(&());
    assert_eq!(pieces.len(), 3);
    assert_eq!(pieces[1].join, Some(crate::model::evidence::Join::Hyphen));
    assert!(
        (pieces[0].bbox.unwrap()[2] - 140.0).abs() < 0.01,
        "the hyphen is no part of it"
    );
}

#[test]
fn labels_in_bold_type_begin_blocks_and_keep_their_weight() {
    let mut sheet = Sheet::new(1);
    sheet
        .bold(50.0, 100.0, "Territoire :")
        .text(115.0, 100.0, "Val de Loire")
        .bold(50.0, 112.0, "Public :")
        .text(95.0, 112.0, "jeunes de 16 à 25 ans");
    let read = blocks(vec![sheet]);
    assert_eq!(read.len(), 2);
    assert_eq!(read[1].text.as_str(), "Public : jeunes de 16 à 25 ans");
    assert!(read[1].text.style_at(0).bold && !read[1].text.style_at(12).bold);
}

#[test]
fn a_badge_comes_just_before_the_heading_it_stands_beside() {
    let mut sheet = Sheet::new(1);
    sheet
        .text(120.0, 90.0, "Tours")
        .styled(
            120.0,
            110.0,
            "Cuisine mobile",
            Style {
                bold: true,
                ..plain(14.0)
            },
        )
        .text(120.0, 130.0, "Une cuisine va de quartier en quartier.")
        .frame(50.0, 92.0, 100.0, 140.0)
        .styled(
            65.0,
            112.0,
            "7",
            Style {
                color: 0xFF_FFFF,
                ..plain(20.0)
            },
        );
    check(
        sheet,
        &[
            "Tours",
            "7",
            "Cuisine mobile",
            "Une cuisine va de quartier en quartier.",
        ],
    );
}

#[test]
fn a_box_beside_text_is_read_after_it() {
    let mut sheet = Sheet::new(1);
    sheet.frame(320.0, 90.0, 500.0, 130.0);
    sheet
        .text(330.0, 105.0, "Trente personnes formées")
        .text(330.0, 117.0, "en deux ans.");
    for (line, text) in PROSE.iter().enumerate() {
        sheet.text(
            50.0,
            100.0 + 12.0 * f32::from(u8::try_from(line).unwrap()),
            text,
        );
    }
    sheet.text(50.0, 170.0, "Après la boîte.");
    let read = blocks(vec![sheet]);
    let texts: Vec<&str> = read.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            PROSE.join(" ").as_str(),
            "Trente personnes formées en deux ans.",
            "Après la boîte."
        ]
    );
    assert!(read[1].boxed.is_some() && read[0].boxed.is_none());
}

#[test]
fn cells_that_wrap_side_by_side_are_kept_apart() {
    let mut sheet = Sheet::new(1);
    for y in [90.0, 110.0, 160.0] {
        sheet.rule(50.0, y, 450.0, y);
    }
    for x in [50.0, 250.0, 450.0] {
        sheet.rule(x, 90.0, x, 160.0);
    }
    sheet
        .bold(60.0, 104.0, "Description")
        .bold(260.0, 104.0, "Atouts")
        .text(60.0, 124.0, "Un jardin ouvert à")
        .text(60.0, 136.0, "toutes et tous")
        .text(260.0, 124.0, "• des bénévoles")
        .text(260.0, 136.0, "• un terrain");
    let read = blocks(vec![sheet]);
    let cells: Vec<(u32, u16, bool, &str)> = read
        .iter()
        .map(|block| {
            let cell = block.cell.unwrap();
            (cell.row, cell.column, cell.header, block.text.as_str())
        })
        .collect();
    assert_eq!(
        cells,
        [
            (0, 0, true, "Description"),
            (0, 1, true, "Atouts"),
            (1, 0, false, "Un jardin ouvert à toutes et tous"),
            (1, 1, false, "des bénévoles"),
            (1, 1, false, "un terrain"),
        ]
    );
    assert_eq!(
        read[3]
            .marker
            .as_ref()
            .map(crate::model::text::Text::as_str),
        Some("•")
    );
}

/// The texts of each row's cells, « * » in front of a header's.
fn cells(read: &[Block]) -> Vec<Vec<String>> {
    let mut rows: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
    for block in read {
        if let Some(cell) = block.cell {
            let mark = if cell.header { "*" } else { "" };
            let text = format!("{mark}{}", block.text.as_str());
            rows.entry((cell.table, cell.row)).or_default().push(text);
        }
    }
    rows.into_values().collect()
}

#[test]
fn a_header_may_have_two_storeys_and_a_merged_cell_is_said_of_each_row() {
    let columns = [50.0, 150.0, 250.0, 350.0, 450.0];
    let mut first = Sheet::new(1);
    first
        .bold(270.0, 104.0, "Aide décidée")
        .bold(60.0, 124.0, "Bénéficiaire")
        .bold(160.0, 124.0, "Projet")
        .bold(260.0, 124.0, "Région")
        .bold(360.0, 124.0, "Europe");
    let mut second = Sheet::new(2);
    for (sheet, top) in [(&mut first, 144.0), (&mut second, 104.0)] {
        sheet
            .text(60.0, top, "Les Tisserands")
            .text(160.0, top, "Un métier")
            .text(260.0, top, "1 200,00")
            .text(360.0, top, "300,00")
            .text(160.0, top + 20.0, "Une teinture")
            .text(260.0, top + 20.0, "2 500,00")
            .text(360.0, top + 20.0, "400,00");
        // The first column's cell is of both rows.
        for y in [top - 14.0, top + 26.0] {
            sheet.rule(50.0, y, 450.0, y);
        }
        sheet.rule(150.0, top + 6.0, 450.0, top + 6.0);
        for x in columns {
            sheet.rule(x, top - 14.0, x, top + 26.0);
        }
    }
    for y in [90.0, 110.0] {
        first.rule(50.0, y, 450.0, y);
    }
    // The cell above the last two columns is one.
    for x in [50.0, 150.0, 250.0, 450.0] {
        first.rule(x, 90.0, x, 110.0);
    }
    for x in columns {
        first.rule(x, 110.0, x, 130.0);
    }
    let data = [
        ["Les Tisserands", "Un métier", "1 200,00", "300,00"],
        ["Les Tisserands", "Une teinture", "2 500,00", "400,00"],
    ];
    let mut expected = vec![
        vec!["*Aide décidée"],
        vec!["*Bénéficiaire", "*Projet", "*Région", "*Europe"],
    ];
    expected.extend(data.iter().chain(&data).map(|row| row.to_vec()));
    assert_eq!(cells(&blocks(vec![first, second])), expected);
}

#[test]
fn what_runs_along_is_furniture() {
    let page = |number: u32| {
        let mut sheet = Sheet::new(number);
        sheet.styled(50.0, 30.0, "Cahier des projets", plain(8.0));
        for (line, text) in PROSE.iter().enumerate() {
            sheet.text(
                50.0,
                100.0 + 12.0 * f32::from(u8::try_from(line).unwrap()),
                text,
            );
        }
        sheet.styled(290.0, 820.0, &number.to_string(), plain(8.0));
        sheet
    };
    let read = blocks(vec![page(1), page(2), page(3)]);
    let labels: Vec<BlockLabel> = read.iter().map(|block| block.label).collect();
    assert_eq!(
        labels[..3],
        [
            BlockLabel::PageHeader,
            BlockLabel::Text,
            BlockLabel::PageFooter
        ]
    );
    assert_eq!(read.iter().filter(|block| block.is_body()).count(), 3);
}

/// Lines of prose from the top of the page on.
fn prose(sheet: &mut Sheet, n_lines: u8) {
    for line in 0..n_lines {
        let text = PROSE[usize::from(line) % 3];
        sheet.text(50.0, 100.0 + 12.0 * f32::from(line), text);
    }
}

#[test]
fn what_runs_along_is_furniture_wherever_the_page_ends() {
    let titles = ["Les débuts", "Les ateliers", "Les débuts", "Les voisins"];
    let pages = (1..=8_u32).map(|number| {
        let mut sheet = Sheet::new(number);
        prose(&mut sheet, 20 + u8::try_from(number % 5).unwrap());
        let (left, right) = if number % 2 == 0 {
            (
                "La maison commune",
                ["vi", "viii", "x", "xii"][number as usize / 2 - 1],
            )
        } else {
            (
                ["v", "vii", "ix", "xi"][number as usize / 2],
                titles[number as usize / 2],
            )
        };
        sheet
            .styled(50.0, 620.0, left, plain(9.0))
            .styled(260.0, 620.0, right, plain(9.0));
        sheet
    });
    let read = blocks(pages.collect());
    let furniture = read.iter().filter(|block| !block.is_body());
    assert_eq!(furniture.count(), 8);
    assert!(
        (read.iter().filter(|block| block.is_body()))
            .all(|block| block.text.as_str().contains("fournil"))
    );
}

#[test]
fn labels_that_every_page_has_are_none_of_it() {
    let values = [
        ("Le Fournil", "Nevers", "des apprentis", "4 000 €"),
        ("La Scierie", "Autun", "des voisins", "7 500 €"),
        ("L'Écluse", "Decize", "des mariniers", "2 100 €"),
        ("Le Moulin", "Clamecy", "des écoliers", "900 €"),
    ];
    let pages = (1_u32..)
        .zip(values)
        .map(|(number, (name, town, public, sum))| {
            let mut sheet = Sheet::new(number);
            sheet.styled(50.0, 60.0, name, plain(18.0));
            prose(&mut sheet, 8 + u8::try_from(number).unwrap());
            sheet
                .bold(50.0, 400.0, "Territoire")
                .text(50.0, 420.0, town)
                .bold(50.0, 470.0, "Public")
                .text(160.0, 470.0, public)
                .text(50.0, 520.0, &format!("Aide : {sum}"));
            sheet
        });
    let read = blocks(pages.collect());
    let furniture: Vec<&str> = (read.iter())
        .filter(|block| !block.is_body())
        .map(|block| block.text.as_str())
        .collect();
    assert!(furniture.is_empty(), "furniture: {furniture:?}");
}

#[test]
fn a_box_level_with_a_title_belongs_to_what_the_title_heads() {
    let mut sheet = Sheet::new(1);
    for (row, title) in (0_u8..).zip(["Le Fournil", "La Scierie"]) {
        let y = 100.0 + 100.0 * f32::from(row);
        sheet.frame(50.0, y - 12.0, 150.0, y + 60.0);
        sheet
            .text(60.0, y, "Nièvre")
            .bold(60.0, y + 14.0, "4 000 €")
            .styled(170.0, y, title, plain(14.0));
        for (line, text) in PROSE.iter().enumerate() {
            let line = f32::from(u8::try_from(line).unwrap());
            sheet.text(170.0, y + 16.0 + 12.0 * line, text);
        }
    }
    let read = blocks(vec![sheet]);
    let beside: Vec<(&str, Option<&str>)> = (read.iter())
        .filter(|block| block.boxed.is_some())
        .map(|block| {
            (
                block.text.as_str(),
                block.beside.map(|at| read[at].text.as_str()),
            )
        })
        .collect();
    assert_eq!(
        beside,
        [
            ("Nièvre", Some("Le Fournil")),
            ("4 000 €", Some("Le Fournil")),
            ("Nièvre", Some("La Scierie")),
            ("4 000 €", Some("La Scierie")),
        ]
    );
}

#[test]
fn a_box_that_heads_a_text_is_read_before_it() {
    let mut sheet = Sheet::new(1);
    sheet.frame(50.0, 88.0, 150.0, 150.0);
    sheet
        .bold(60.0, 100.0, "Le Fournil")
        .text(60.0, 114.0, "Nevers");
    for (line, text) in PROSE.iter().enumerate() {
        let line = f32::from(u8::try_from(line).unwrap());
        sheet.text(170.0, 100.0 + 12.0 * line, text);
    }
    check(sheet, &["Le Fournil", "Nevers", &PROSE.join(" ")]);
}

#[test]
fn notes_beside_titles_are_read_with_them() {
    let mut sheet = Sheet::new(1);
    for (row, title) in (0_u8..).zip(["Le Fournil", "La Scierie", "Le Moulin"]) {
        let y = 100.0 + 100.0 * f32::from(row);
        sheet
            .text(50.0, y, "Nièvre")
            .bold(50.0, y + 14.0, "4 000 €")
            .styled(170.0, y, title, plain(14.0));
        for (line, text) in PROSE.iter().enumerate() {
            let line = f32::from(u8::try_from(line).unwrap());
            sheet.text(170.0, y + 16.0 + 12.0 * line, text);
        }
    }
    let prose = PROSE.join(" ");
    let notes = "Nièvre";
    check(
        sheet,
        &[
            "Le Fournil",
            &prose,
            notes,
            "4 000 €",
            "La Scierie",
            &prose,
            notes,
            "4 000 €",
            "Le Moulin",
            &prose,
            notes,
            "4 000 €",
        ],
    );
}

#[test]
fn a_table_without_header_goes_on_with_the_headed_one_of_its_columns() {
    let mut sheet = Sheet::new(1);
    let mut grid = |top: f32, rows: &[[&str; 2]], head: bool| {
        let bottom = top + 20.0 * f32::from(u8::try_from(rows.len()).unwrap());
        for x in [50.0, 250.0, 450.0] {
            sheet.rule(x, top, x, bottom);
        }
        sheet.rule(50.0, top, 450.0, top);
        for (row, [left, right]) in (0_u8..).zip(rows) {
            let y = top + 20.0 * f32::from(row);
            sheet.rule(50.0, y + 20.0, 450.0, y + 20.0);
            if head && row == 0 {
                sheet
                    .bold(60.0, y + 14.0, left)
                    .bold(260.0, y + 14.0, right);
            } else {
                sheet
                    .text(60.0, y + 14.0, left)
                    .text(260.0, y + 14.0, right);
            }
        }
    };
    grid(
        90.0,
        &[["Organisme", "Ville"], ["Le Fournil", "Nevers"]],
        true,
    );
    grid(
        240.0,
        &[["La Scierie", "Autun"], ["Le Moulin", "Clamecy"]],
        false,
    );
    sheet.text(50.0, 200.0, "Seconde section");
    let read = blocks(vec![sheet]);
    let cells: Vec<Option<(u32, u32, &str)>> = read
        .iter()
        .map(|block| Some((block.cell?.table, block.cell?.row, block.text.as_str())))
        .filter(|cell| cell.is_none_or(|(_, _, text)| text.starts_with('L')))
        .collect();
    assert_eq!(
        cells,
        [
            Some((0, 1, "Le Fournil")),
            None,
            Some((0, 2, "La Scierie")),
            Some((0, 3, "Le Moulin")),
        ]
    );
}

#[test]
fn notes_at_the_foot_lose_their_marker_and_calls_are_raised() {
    let mut sheet = Sheet::new(1);
    for (line, text) in PROSE.iter().enumerate() {
        sheet.text(
            50.0,
            100.0 + 12.0 * f32::from(u8::try_from(line).unwrap()),
            text,
        );
    }
    sheet.styled(125.0, 132.0, "1", plain(6.0));
    sheet.styled(50.0, 777.0, "1", plain(5.0)).styled(
        55.0,
        780.0,
        "Projet présenté au forum de 2021",
        plain(8.0),
    );
    let read = blocks(vec![sheet]);
    assert_eq!(read[1].label, BlockLabel::Footnote);
    assert_eq!(read[1].text.as_str(), "Projet présenté au forum de 2021");
    assert_eq!(
        read[1]
            .marker
            .as_ref()
            .map(crate::model::text::Text::as_str),
        Some("1")
    );
    let call = read[0].text.as_str().len() - 1;
    assert!(read[0].text.style_at(call).superscript);
}

#[test]
fn a_remark_in_small_letters_goes_on_with_its_sentence() {
    let lines = [
        PROSE[0],
        PROSE[1],
        "de la ville",
        "(en semaine), et d'un fonds.",
    ];
    let mut sheet = Sheet::new(1);
    for (line, y) in lines.iter().zip([60.0, 72.0, 84.0, 96.0]) {
        sheet.text(50.0, y, line);
    }
    assert_eq!(blocks(vec![sheet]).len(), 1);
    // Below one line it may say where somebody is.
    let mut sheet = Sheet::new(1);
    sheet
        .text(50.0, 60.0, "Le fournil")
        .text(50.0, 72.0, "(quartier nord)");
    sheet
        .text(50.0, 100.0, PROSE[0])
        .text(50.0, 112.0, PROSE[1]);
    assert_eq!(blocks(vec![sheet]).len(), 3);
}

#[test]
fn a_paragraph_goes_on_over_a_page_break() {
    let mut first = Sheet::new(1);
    first
        .text(50.0, 700.0, PROSE[0])
        .text(50.0, 712.0, PROSE[1]);
    let mut second = Sheet::new(2);
    second.text(50.0, 60.0, PROSE[2]).text(50.0, 72.0, PROSE[3]);
    let read = blocks(vec![first, second]);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].text.as_str(), PROSE.join(" "));
}

#[test]
fn letter_spacing_is_no_space_and_doubled_type_is_bold() {
    let mut sheet = Sheet::new(1);
    for (index, letter) in "LAURÉATS".chars().enumerate() {
        let x = 50.0 + 8.0 * f32::from(u8::try_from(index).unwrap());
        sheet.text(x, 100.0, &letter.to_string());
    }
    for (index, letter) in "2024".chars().enumerate() {
        let x = 122.0 + 8.0 * f32::from(u8::try_from(index).unwrap());
        sheet.text(x, 100.0, &letter.to_string());
    }
    sheet
        .text(50.0, 140.0, "Double")
        .text(50.3, 140.0, "Double");
    let read = blocks(vec![sheet]);
    let texts: Vec<&str> = read.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(texts, ["LAURÉATS 2024", "Double"]);
    assert!(read[1].style.bold);
}

#[test]
fn links_are_found_by_their_place() {
    let mut sheet = Sheet::new(1);
    sheet.text(50.0, 100.0, "Voir le site du projet");
    sheet.0.links.push(LinkAnnotation {
        target: "https://exemple.fr/".to_owned(),
        bbox: BoundingBox::new(75.0, 90.0, 110.0, 103.0),
    });
    let read = blocks(vec![sheet]);
    let link = &read[0].links[0];
    assert_eq!(link.target, "https://exemple.fr/");
    assert_eq!(
        read[0].text.as_str().get(link.range.clone()),
        Some("le site")
    );
}

#[test]
fn text_that_is_not_upright_is_kept_apart() {
    let mut sheet = Sheet::new(1);
    sheet.text(50.0, 100.0, "Le texte");
    let at = u32::try_from(sheet.0.glyphs.len()).unwrap();
    sheet.0.glyphs.push(Glyph {
        character: 'É',
        x0: 60.0,
        x1: 70.0,
        ..Glyph::default()
    });
    let mut span = sheet.0.spans[0].clone();
    span.glyphs = at..at + 1;
    span.rotation = -90.0;
    sheet.0.spans.push(span);
    check(sheet, &["Le texte", "É"]);
}

#[test]
fn what_stands_sideways_is_read_turned_where_it_is_text() {
    let beside = |lines: &[&str]| {
        let mut sheet = Sheet::new(1);
        sheet.text(50.0, 100.0, "Le texte");
        let turn = Turn::Up { height: 842.0 };
        let mut turned = Sheet::new(1);
        for (line, y) in lines.iter().zip([200.0_f32, 220.0, 240.0, 260.0]) {
            turned.text(100.0, y, line);
            // The page has the same characters, as one line each.
            let mut span = turned.0.spans.last().unwrap().clone();
            let start = u32::try_from(sheet.0.glyphs.len()).unwrap();
            sheet
                .0
                .glyphs
                .extend(turned.0.glyphs_of(&span).iter().map(|glyph| Glyph {
                    x0: span.top,
                    x1: span.bottom,
                    ..*glyph
                }));
            span.glyphs = start..u32::try_from(sheet.0.glyphs.len()).unwrap();
            span.rotation = -90.0;
            sheet.0.spans.push(span);
        }
        (turned.0.width, turned.0.height, turned.0.turn) = (842.0, 595.0, turn);
        sheet.0.turned.push(turned.0);
        sheet
    };
    let lines = [
        "Les Amis du Canal tiennent une école de pêche ouverte aux familles du canton,",
        "et prêtent des barques à celles qui n'en ont pas, les mercredis et les samedis",
        "de mars à novembre.",
        "Ils ont reçu trois mille euros du fonds des Deux Rives pour les remettre à neuf.",
    ];
    let read = blocks(vec![beside(&lines)]);
    assert_eq!(read.len(), 3);
    assert!(
        read[1]
            .text
            .as_str()
            .starts_with("Les Amis du Canal tiennent")
    );
    assert!(read[1].text.as_str().contains("canton, et prêtent"));
    let place = read[1].text.slice(0..3).bounding_box().unwrap();
    let (x, y) = place.centre();
    assert!(
        (190.0..205.0).contains(&x) && (720.0..742.0).contains(&y),
        "{place:?}"
    );
    // Heads of narrow columns stay lines of their own.
    check(
        beside(&["Janvier", "Février", "Mars"]),
        &["Le texte", "Janvier", "Février", "Mars"],
    );
}

#[test]
fn a_picture_of_a_page_is_told() {
    let mut sheet = Sheet::new(1);
    sheet
        .0
        .images
        .push(BoundingBox::new(0.0, 0.0, 595.0, 842.0));
    let raw = RawDocument {
        address: None,
        id: DocumentId::default(),
        path: "scan.pdf".to_owned(),
        format: Format::Pdf,
        bytes: Vec::new().into(),
    };
    let result = analyze(&raw, &Pages(vec![sheet.0], Metadata::default(), None));
    assert!(result.output.blocks.is_empty());
    assert_eq!(result.warnings.len(), 1);
    assert!(
        result.warnings[0]
            .hint
            .as_ref()
            .is_some_and(|hint| hint.to_string().contains("OCR"))
    );
}

#[test]
fn page_numbers_are_told_as_ranges() {
    assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10");
}

#[test]
fn lines_in_groups_are_paragraphs_of_lines() {
    let mut sheet = Sheet::new(1);
    sheet.text(
        50.0,
        60.0,
        "Une ligne montre jusqu’où va la colonne de ce texte-là, au moins.",
    );
    for (group, name) in ["Au Pain sec", "Le Four bas", "Mie et fils", "La Grigne"]
        .iter()
        .enumerate()
    {
        let y = 100.0 + 50.0 * group as f32;
        sheet.text(50.0, y, name).text(50.0, y + 12.0, "Une rue");
    }
    let read = blocks(vec![sheet]);
    let texts: Vec<&str> = read
        .iter()
        .skip(1)
        .map(|block| block.text.as_str())
        .collect();
    assert_eq!(
        texts,
        [
            "Au Pain sec\nUne rue",
            "Le Four bas\nUne rue",
            "Mie et fils\nUne rue",
            "La Grigne\nUne rue"
        ]
    );
}

#[test]
fn drawn_bullets_begin_items() {
    let mut sheet = Sheet::new(1);
    for (row, item) in [
        "Un nom qui remplit presque toute la ligne",
        "Un autre nom en remplit autant qu’elle",
    ]
    .iter()
    .enumerate()
    {
        let y = 100.0 + 12.0 * row as f32;
        sheet.text(60.0, y, item);
        sheet
            .0
            .dots
            .push(BoundingBox::new(48.0, y - 5.0, 51.0, y - 2.0));
    }
    let labels: Vec<BlockLabel> = blocks(vec![sheet])
        .iter()
        .map(|block| block.label)
        .collect();
    assert_eq!(labels, [BlockLabel::ListItem, BlockLabel::ListItem]);
}

/// A structure whose elements have each the role and parent given; each that holds no other is a flow of one run.
fn structure(elements: &[(Role, Option<u32>)]) -> Structure {
    let mut made = Structure::default();
    for (number, (role, parent)) in (0_u32..).zip(elements) {
        made.elements.push(Element {
            role: *role,
            parent: *parent,
            span: (1, 1),
        });
        if elements.iter().all(|(_, parent)| *parent != Some(number)) {
            made.contents.push(Content {
                flow: u32::try_from(made.flows.len()).unwrap(),
                is_label: false,
                is_inline: false,
            });
            made.flows.push(Flow {
                element: number,
                begins_item: false,
                n_lists: 0,
            });
        }
    }
    made
}

/// Two rows of two cells.
fn two_rows() -> Structure {
    let cell = Role::Cell { header: false };
    structure(&[
        (Role::Table, None),
        (Role::Row, Some(0)),
        (cell, Some(1)),
        (cell, Some(1)),
        (Role::Row, Some(0)),
        (cell, Some(4)),
        (cell, Some(4)),
    ])
}

#[test]
fn cells_that_the_structure_parts_are_read_one_by_one() {
    // A space lies between the columns: geometry alone makes one line of each row.
    let mut sheet = Sheet::new(1);
    sheet
        .run(50.0, 100.0, "Judo club", 0)
        .run(98.0, 100.0, "Un tapis neuf", 1)
        .run(50.0, 113.0, "Aïkido", 2)
        .run(98.0, 113.0, "Des sabres", 3);
    let read = tagged_blocks(vec![sheet], Some(two_rows()));
    let cells: Vec<(&str, Option<(u32, u16)>)> = (read.iter())
        .map(|block| {
            let place = block.cell.map(|cell| (cell.row, cell.column));
            (block.text.as_str(), place)
        })
        .collect();
    assert_eq!(
        cells,
        [
            ("Judo club", Some((0, 0))),
            ("Un tapis neuf", Some((0, 1))),
            ("Aïkido", Some((1, 0))),
            ("Des sabres", Some((1, 1))),
        ]
    );
}

#[test]
fn a_table_whose_cells_stand_beside_their_columns_is_read_by_geometry() {
    // In the second row the structure lacks the first cell.
    let mut sheet = Sheet::new(1);
    let cell = Role::Cell { header: false };
    let mut elements = vec![(Role::Table, None)];
    for row in 0..3_u32 {
        elements.push((Role::Row, Some(0)));
        let parent = u32::try_from(elements.len() - 1).unwrap();
        elements.extend([(cell, Some(parent)), (cell, Some(parent))]);
        let y = 100.0 + 13.0 * row as f32;
        let shift = if row == 1 { 150.0 } else { 0.0 };
        sheet.run(50.0 + shift, y, "un nom", 2 * row).run(
            200.0 + shift,
            y,
            "un titre",
            2 * row + 1,
        );
    }
    let read = tagged_blocks(vec![sheet], Some(structure(&elements)));
    assert!(read.iter().all(|block| block.node.is_none()));
}

#[test]
fn a_text_goes_on_over_the_page_before_the_one_beside_it_begins() {
    let paragraphs = structure(&[
        (Role::Group, None),
        (Role::Paragraph, Some(0)),
        (Role::Paragraph, Some(0)),
    ]);
    let mut first = Sheet::new(1);
    first
        .run(50.0, 780.0, "À gauche le texte commence au bas", 0)
        .run(320.0, 780.0, "À droite un autre commence aussi", 1);
    let mut second = Sheet::new(2);
    second
        .run(50.0, 60.0, "de la page.", 0)
        .run(320.0, 60.0, "bas que lui.", 1);
    let read = tagged_blocks(vec![first, second], Some(paragraphs));
    let texts: Vec<&str> = read.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "À gauche le texte commence au bas de la page.",
            "À droite un autre commence aussi bas que lui.",
        ]
    );
}

#[test]
fn a_structure_that_tells_half_of_the_text_is_not_believed() {
    let mut sheet = Sheet::new(1);
    sheet.run(50.0, 100.0, "Ce que la structure dit", 0).text(
        50.0,
        160.0,
        "Ce qu’elle ne dit pas du tout",
    );
    let read = tagged_blocks(vec![sheet], Some(structure(&[(Role::Paragraph, None)])));
    assert!(read.iter().all(|block| block.node.is_none()));
}
