//! Small texts in RTF, and the blocks that they give.

use super::*;
use crate::model::document::Document;
use crate::model::raw::{DocumentId, Format};

/// The blocks of a text, as "label level marker cell: text", with `*` around what is bold.
fn blocks(rtf: &[u8]) -> Vec<String> {
    let mut document = Document::new(DocumentId::default(), "a.rtf".to_owned(), Format::Rtf);
    let mut body = Body::new(&mut document);
    read(rtf, &mut body).unwrap();
    body.end();
    let told = document.blocks.iter().map(|block| {
        let marker = block
            .marker
            .as_ref()
            .map(|text| format!(" {}", text.as_str()));
        let cell = block
            .cell
            .map(|cell| format!(" {},{}", cell.row, cell.column));
        let links = block.links.iter().fold(String::new(), |links, link| {
            links + " <" + &link.target + ">"
        });
        format!(
            "{:?}{}{}: {}{links}",
            block.label,
            marker.unwrap_or_default(),
            cell.unwrap_or_default(),
            block.text.as_str()
        )
    });
    told.collect()
}

#[track_caller]
fn check(rtf: &str, expected: &[&str]) {
    assert_eq!(blocks(rtf.as_bytes()), expected);
}

#[test]
fn characters_are_those_of_the_code_page_of_their_font_or_of_unicode() {
    check(
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial CYR;}}\'e9t\'e9 {\f1 \'cc} \u8217?\u-3913?\u-10179?\u-8704? \emdash a\~b\par}",
        &["Text: été М ’•😀 —a b"],
    );
    check(r"{\rtf1\mac \'8et\'8e\uc0\u233 x\par}", &["Text: étééx"]);
}

#[test]
fn what_is_no_text_is_passed_over() {
    check(
        r"{\rtf1{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator X;}{\info{\title T}}{\pict\bin3 }}}}un{\v cach\'e9} {\deleted retir\'e9}{\*\bkmkstart a}deux{\nonshppict{\pict 00ff}}\par}",
        &["Text: un deux"],
    );
}

#[test]
fn styles_and_lists_make_headings_and_items() {
    check(
        r"{\rtf1{\stylesheet{Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Title;}{\*\cs3 Fort;}}
\pard\s2 Palmar\'e8s\par\pard\s1 Un prix\par\pard\s1 Un autre\par
{\listtext\pard\plain 1.\tab}\pard\ls1\ilvl0 Le Toit\par{\listtext\pard\plain\'b7\tab}\ilvl1 Le Pont\par
{\listtext\pard\plain Lot\tab  \'ad2\tab}\ls1 Le Puits\par}",
        &[
            "Title: Palmarès",
            "SectionHeader: Un prix",
            "SectionHeader: Un autre",
            "ListItem 1.: Le Toit",
            "ListItem: Le Pont",
            "ListItem Lot 2: Le Puits",
        ],
    );
}

#[test]
fn rows_and_cells_make_tables() {
    check(
        r"{\rtf1\trowd\trhdr\cellx1000\cellx2000\cellx3000\pard\intbl Nom\cell Ville\cell Somme\cell\row
\trowd\cellx2000\cellx3010\pard\intbl Le Toit\par \`a Lens\cell 3\cell\row\pard Fin\par}",
        &[
            "Text 0,0: Nom",
            "Text 0,1: Ville",
            "Text 0,2: Somme",
            "Text 1,0: Le Toit",
            "Text 1,0: a Lens",
            "Text 1,2: 3",
            "Text: Fin",
        ],
    );
}

#[test]
fn links_notes_and_margins_are_told_apart() {
    check(
        r#"{\rtf1{\header\pard Fondation\par}Voir {\field{\*\fldinst{HYPERLINK "https://exemple.fr/" \\o "x"}}{\fldrslt{le site}}}.{\footnote\pard Une note.} Fin\par}"#,
        &[
            "Text: Voir le site. Fin <https://exemple.fr/>",
            "PageHeader: Fondation",
            "Footnote: Une note.",
        ],
    );
}

#[test]
fn what_is_cut_is_read_as_far_as_it_goes_and_what_is_nested_too_deep_is_refused() {
    let mut document = Document::new(DocumentId::default(), "a.rtf".to_owned(), Format::Rtf);
    let mut body = Body::new(&mut document);
    assert!(matches!(read(br"{\rtf1 un\par de", &mut body), Ok(false)));
    assert!(read("{".repeat(2000).as_bytes(), &mut body).is_err());
    body.end();
    let texts: Vec<&str> = (document.blocks.iter())
        .map(|block| block.text.as_str())
        .collect();
    assert_eq!(texts, ["un", "de"]);
}
