//! The XML of packed documents. In: a part; out: its tags and texts one after the other. Entities that a part declares itself are never expanded.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::package::damaged;
use crate::error::ErrorKind;

/// A part that is read from its beginning to its end.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    /// Elements that are open.
    depth: usize,
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(reader: R) -> Self {
        let mut reader = Reader::from_reader(reader);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
        }
    }

    /// The next tag or text; `Event::Eof` at the end, where all that was opened is closed.
    pub(super) fn next(&mut self) -> Result<Event<'_>, ErrorKind> {
        self.buffer.clear();
        let event = (self.reader)
            .read_event_into(&mut self.buffer)
            .map_err(damaged)?;
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(damaged("its XML ends too early")),
            _ => {}
        }
        Ok(event)
    }

    /// Passes over all that is in the element that was opened last.
    pub(super) fn skip(&mut self) -> Result<(), ErrorKind> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(())
    }
}

/// The characters that a text, a section of them or a reference stands for.
pub(super) fn characters<'e>(event: &'e Event<'_>) -> Option<Cow<'e, str>> {
    match event {
        Event::Text(text) => Some(text.xml10_content()),
        Event::CData(text) => Some(text.xml10_content()),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(Cow::Owned(character.to_string())),
            _ => resolve_predefined_entity(&reference.xml10_content())
                .map(|entity| Cow::Owned(entity.to_owned())),
        },
        _ => None,
    }
}

/// An attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some(value.into_owned())
        })
}

/// An attribute that is a number; a number that cannot be is none.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.trim().parse().ok()
}

/// Whether an attribute is there and says yes.
pub(super) fn says_yes(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}
