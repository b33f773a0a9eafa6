//! How many attributes a tag may have. In: a page; out: the parts of it that tags with too many are better read without.
//!
//! `html5ever` compares each attribute of a tag with all before it, so that a tag of a megabyte would take minutes.

use std::ops::Range;

/// Attributes of a tag beyond this say nothing: those of real pages have some twenty.
pub(super) const MAX_ATTRIBUTES: usize = 1_000;

/// Where tags have more attributes than they may: from the first of those beyond to the `>`. What only looks like a tag (in a script, in a comment) is taken for one,
/// and the text that is lost with it there is no text of the page.
pub(super) fn beyond_limit(source: &str) -> Vec<Range<usize>> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = source.get(at..).and_then(|rest| rest.find('<')) {
        at += open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (end, beyond) = tag(bytes, at);
        found.extend(beyond.map(|start| start..end));
        at = end;
    }
    found
}

/// The end of the tag whose name begins at `start`, and where its attributes are too many.
fn tag(bytes: &[u8], start: usize) -> (usize, Option<usize>) {
    let mut n_attributes = 0;
    let mut beyond = None;
    let mut is_apart = false;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => break,
            b'=' if !is_apart => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let space = rest.iter().take_while(|c| c.is_ascii_whitespace()).count();
                at += space;
                if let Some(quote) = rest.get(space).filter(|c| matches!(c, b'"' | b'\'')) {
                    let value = rest.get(space + 1..).unwrap_or_default();
                    let length = value.iter().position(|c| c == quote);
                    at += length.unwrap_or(value.len()) + 2;
                    is_apart = true;
                }
            }
            b'/' => is_apart = true,
            c if c.is_ascii_whitespace() => {
                // `a = b` is one attribute.
                let rest = bytes.get(at..).unwrap_or_default();
                let space = rest.iter().take_while(|c| c.is_ascii_whitespace()).count();
                is_apart = rest.get(space) != Some(&b'=');
                at += space - 1;
            }
            _ if is_apart => {
                is_apart = false;
                n_attributes += 1;
                if n_attributes == MAX_ATTRIBUTES + 1 {
                    beyond = Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    (at.min(bytes.len()), beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beyond(attribute: &str, count: usize) -> Option<String> {
        let source = format!("<p>a < b</p><p {}>x", attribute.repeat(count));
        let found = beyond_limit(&source);
        assert!(found.len() < 2);
        found.first().map(|range| source[range.clone()].to_owned())
    }

    #[test]
    fn attributes_of_every_kind_are_counted() {
        for attribute in [
            "a ",
            "a=1 ",
            "a = '>' ",
            "a=\"b c\"",
            "a/",
            "a\t=\n\" = \" ",
        ] {
            assert_eq!(beyond(attribute, MAX_ATTRIBUTES), None, "{attribute}");
            assert_eq!(
                beyond(attribute, MAX_ATTRIBUTES + 2),
                Some(attribute.repeat(2)),
                "{attribute}"
            );
        }
    }

    #[test]
    fn a_tag_without_end_ends_with_the_page() {
        assert!(beyond_limit("<p a='").is_empty());
        assert!(beyond_limit("<p a=").is_empty());
    }
}
