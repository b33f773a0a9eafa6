//! What must hold whatever the bytes holds for bytes, texts, and markup made up by chance.

use palmares::model::raw::Format;
use proptest::prelude::*;

mod hold;

fn check(bytes: &[u8]) {
    let table = Format::Csv { delimiter: b',' };
    for format in [Format::Html, Format::Markdown, Format::Plain, table] {
        hold::document(format, bytes);
    }
}

/// A run of other bytes in UTF-8: it is read as GBK, where « é » is another letter.
#[test]
fn text_that_is_taken_for_another_encoding() {
    let text = "# Les projets soutenus\n\n\
        « Algues à table », porté par l'association Estran (Roscoff) : des ateliers de cuisine.\n\n\
        « Passeurs de marée », porté par la SCOP Les Embruns (Concarneau) : une navette.\n\n\
        « Filets croisés », porté par le lycée du Guilvinec (Le Guilvinec) : la réparation de filets";
    check(&[text.as_bytes(), &[0xcf; 30]].concat());
}

/// What documents are made of, in any order.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<br>",
        "<li>",
        "<ul>",
        "</ul>",
        "<ol>",
        "<table>",
        "<tr>",
        "<td>",
        "<td colspan=3>",
        "<th>",
        "</table>",
        "<b>",
        "</b>",
        "<sup>",
        "</sup>",
        "<a href=x>",
        "</a>",
        "<pre>",
        "<div class=menu>",
        "</div>",
        "<h2>",
        "</h2>",
        "<blockquote>",
        "<cite>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "&amp;",
        "&nbsp;",
        "&eacute",
        "&#0;",
        "&",
        "<",
        ">",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\t",
        " ",
        "  ",
        "\u{a0}",
        "\u{ad}",
        "\u{200b}",
        "\u{feff}",
        "\0",
        "- ",
        "• ",
        "1. ",
        "# ",
        "## ",
        "> ",
        "**",
        "*",
        "_",
        "***",
        "`",
        "```",
        "[",
        "](",
        ")",
        "![",
        "^{",
        "}",
        "$",
        "\\",
        "---",
        "---\n",
        "title: x",
        "key: |\n",
        "|",
        "|---|",
        "{{<",
        ">}}",
        "<https://a.b>",
        "https://a.b/c",
        "Été",
        "œuvre",
        "12",
        "un toit",
        "L’été :",
        "🎉",
        "é",
        "¹",
    ]);
    prop::collection::vec(fragment, 0..60).prop_map(|parts| parts.concat())
}

/// Records that are much alike, under columns that are known or not, with the signs that rows are cut at where they do not belong.
fn cells() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec![
        "nom;projet;commune",
        "id,name,territory,partners",
        "structure\tannée\tthème",
        "{\"name\": \"A\"}",
    ]);
    let cell = prop::sample::select(vec![
        "Régie du port",
        "Regie du Port",
        "RÉGIE DU PORT DE BREST",
        "Les Ateliers",
        "Brest",
        "29",
        "2022",
        "CCAS ; mairie",
        "\"",
        "\"\"",
        "\n",
        "\r\n",
        "\0",
        "é",
        "",
        " ",
    ]);
    let cut = prop::sample::select(vec![";", ",", "\t", "\n", "\n", ""]);
    (header, prop::collection::vec((cell, cut), 0..60)).prop_map(|(header, cells)| {
        let cells = cells.into_iter().map(|(cell, cut)| format!("{cell}{cut}"));
        format!("{header}\n{}", cells.collect::<Vec<_>>().concat())
    })
}

fn in_encoding(text: &str, encoding: usize) -> Vec<u8> {
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => format!("\u{feff}{text}").into_bytes(),
        2 => format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect(),
        3 => format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect(),
        _ => text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
            .collect(),
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn any_file(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0..4_usize) {
        let start = [&b""[..], b"PK\x03\x04", b"PK\x05\x06", b"MIME-Version: 1.0\nContent-Type: text/html\n\n"][start];
        hold::anything(&[start, &bytes].concat());
    }

    #[test]
    fn any_text(text in any::<String>(), encoding in 0..5_usize) {
        check(&in_encoding(&text, encoding));
    }

    #[test]
    fn any_markup(text in fragments(), encoding in 0..5_usize) {
        check(&in_encoding(&text, encoding));
    }

    #[test]
    fn any_blocks(text in fragments()) {
        hold::segmentation(text.as_bytes());
    }

    #[test]
    fn any_records(cells in cells(), encoding in 0..5_usize) {
        hold::link(&in_encoding(&cells, encoding));
    }

    #[test]
    fn cut_markup(text in fragments(), cut in 0..400_usize) {
        let bytes = text.as_bytes();
        check(&bytes[..cut.min(bytes.len())]);
    }
}
