//! Properties of parsing: whatever the bytes, no panic; and every character of a block stands in the file where its source says.

use palmares::config::Limits;
use palmares::model::raw::{DocumentId, Format, RawDocument};
use palmares::model::text::{Source, Text};
use palmares::parse;
use proptest::prelude::*;

fn check(bytes: &[u8]) {
    for format in [Format::Html, Format::Markdown, Format::Plain] {
        let raw = RawDocument {
            id: DocumentId::of(bytes),
            path: "any".to_owned(),
            format,
            bytes: bytes.to_vec().into(),
        };
        let Ok(parsed) = parse::parse_text(&raw, &Limits::default()) else {
            assert!(bytes.is_empty());
            continue;
        };
        for block in &parsed.output.blocks {
            check_text(&block.text, bytes);
            if let Some(marker) = &block.marker {
                check_text(marker, bytes);
            }
            for link in &block.links {
                assert!(block.text.as_str().get(link.range.clone()).is_some());
            }
        }
    }
}

fn check_text(text: &Text, bytes: &[u8]) {
    let string = text.as_str();
    assert!(!string.is_empty() && string.trim() == string);
    assert!(!string.contains("  ") && !string.contains(['\t', '\r', '\u{a0}', '\u{ad}']));
    for segment in text.segments() {
        let part = &string[segment.start as usize..segment.end as usize];
        match segment.source {
            Source::Exact { start, .. } => {
                let start = start as usize;
                assert_eq!(bytes.get(start..start + part.len()), Some(part.as_bytes()));
            }
            Source::Span { start, end, .. } => {
                assert!(start < end && end as usize <= bytes.len());
            }
            Source::Joint(_) | Source::Glyphs { .. } => {}
        }
    }
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
    fn any_text(text in any::<String>(), encoding in 0..5_usize) {
        check(&in_encoding(&text, encoding));
    }

    #[test]
    fn any_markup(text in fragments(), encoding in 0..5_usize) {
        check(&in_encoding(&text, encoding));
    }

    #[test]
    fn cut_markup(text in fragments(), cut in 0..400_usize) {
        let bytes = text.as_bytes();
        check(&bytes[..cut.min(bytes.len())]);
    }
}
