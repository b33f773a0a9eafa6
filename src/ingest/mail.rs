//! Mails (`.eml`) and pages that browsers saved whole (`.mhtml`), which have one form. In: bytes; out: what they hold that can be a document: the text as
//! it is shown, and what is attached. Pictures and styles of the text are no documents of their own.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// What marks text as UTF-8, whatever it says of itself: it was written in another encoding before.
const MARK: &str = "\u{feff}";

/// A part that may be a document.
pub(super) struct Part {
    /// Its number in the mail.
    pub(super) index: usize,
    /// The name of its file, or one that says what it is.
    pub(super) name: String,
    /// Where it was on the web.
    pub(super) address: Option<String>,
    /// Its bytes; text as UTF-8.
    pub(super) bytes: Vec<u8>,
}

/// The parts of a mail; nothing where it is none.
pub(super) fn parts(bytes: &[u8]) -> Option<Vec<Part>> {
    let message = MessageParser::default().parse(bytes)?;
    let shown = (message.html_body.first()).or_else(|| message.text_body.first());
    let parts = shown.into_iter().chain(&message.attachments);
    let mut indices: Vec<usize> = parts.map(|index| *index as usize).collect();
    indices.sort_unstable();
    indices.dedup();
    let parts = indices.into_iter().filter_map(|index| {
        let part = message.parts.get(index)?;
        Some(Part {
            index,
            name: name(part)?,
            address: address(&message, part, index),
            bytes: content(part)?,
        })
    });
    Some(parts.collect())
}

fn content(part: &MessagePart<'_>) -> Option<Vec<u8>> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => {
            Some([MARK.as_bytes(), text.as_bytes()].concat())
        }
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => Some(bytes.to_vec()),
        PartType::Message(message) => Some(message.raw_message.to_vec()),
        PartType::Multipart(_) => None,
    }
}

/// The name of a part's file. What has none is shown in the text, unless it is the text.
fn name(part: &MessagePart<'_>) -> Option<String> {
    if let Some(name) = part.attachment_name() {
        return Some(name.to_owned());
    }
    let is_style = part
        .content_type()
        .and_then(|kind| kind.subtype())
        .is_some_and(|kind| kind.eq_ignore_ascii_case("css") || kind.contains("javascript"));
    match &part.body {
        PartType::Html(_) => Some("page.html".to_owned()),
        PartType::Text(_) if !is_style => Some("texte.txt".to_owned()),
        PartType::Message(_) => Some("message.eml".to_owned()),
        _ => None,
    }
}

/// Where a part was on the web: of a saved page, the browser says it.
fn address(message: &Message<'_>, part: &MessagePart<'_>, index: usize) -> Option<String> {
    let is_page = message
        .html_body
        .first()
        .is_some_and(|first| *first as usize == index);
    let saved_from = message
        .header("Snapshot-Content-Location")
        .and_then(|value| value.as_text())
        .filter(|_| is_page);
    let address = part.content_location().or(saved_from)?.trim();
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    is_web.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mail: &str, expected: &[(&str, Option<&str>, &str)]) {
        let parts = parts(mail.as_bytes()).unwrap();
        let found: Vec<(&str, Option<&str>, &str)> = parts
            .iter()
            .map(|part| {
                let text = std::str::from_utf8(&part.bytes).unwrap();
                (
                    part.name.as_str(),
                    part.address.as_deref(),
                    text.trim_start_matches(MARK).trim(),
                )
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_mail_is_its_text_and_what_is_attached() {
        check(
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
             --x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n\
             --y\r\nContent-Type: text/plain\r\n\r\nles laureats\r\n\
             --y\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>les laur=E9ats</p>\r\n--y--\r\n\
             --x\r\nContent-Type: image/png\r\nContent-ID: <a>\r\n\r\npng\r\n\
             --x\r\nContent-Type: text/csv; name=\"liste.csv\"\r\nContent-Disposition: attachment; filename=\"liste.csv\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYTti\r\n--x--\r\n",
            &[
                ("page.html", None, "<p>les lauréats</p>"),
                ("liste.csv", None, "a;b"),
            ],
        );
    }

    #[test]
    fn a_saved_page_knows_its_address() {
        check(
            "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://exemple.fr/laureats\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/related; type=\"text/html\"; boundary=x\r\n\r\n\
             --x\r\nContent-Type: text/html\r\nContent-Location: https://exemple.fr/laureats\r\n\r\n<p>un</p>\r\n\
             --x\r\nContent-Type: text/css\r\nContent-Location: https://exemple.fr/x.css\r\n\r\np {}\r\n--x--\r\n",
            &[(
                "page.html",
                Some("https://exemple.fr/laureats"),
                "<p>un</p>",
            )],
        );
    }
}
