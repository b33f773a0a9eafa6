//! What the catalogue says about the whole file: title, author, language, and which optional content is off.

use hayro_syntax::Pdf;
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, String as PdfString};
use rustc_hash::FxHashSet;

use crate::model::document::Metadata;

/// Optional content nests this deep at most.
const DEEPEST_MEMBERSHIP: usize = 4;

pub(super) fn metadata(pdf: &Pdf) -> Metadata {
    let information = pdf.metadata();
    let text = |bytes: &Option<Box<[u8]>>| {
        bytes
            .as_ref()
            .map(|bytes| decode_text(bytes).trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let language = root(pdf).and_then(|root| {
        let language = root.get::<PdfString<'_>>(b"Lang")?;
        let language = decode_text(language.as_bytes()).trim().to_owned();
        (!language.is_empty()).then_some(language)
    });
    Metadata {
        title: text(&information.title),
        publisher: text(&information.author),
        language,
        address: None,
    }
}

pub(super) fn root(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())
}

/// A text string: UTF-16 or UTF-8 by its mark, else `PDFDocEncoding`, which is Latin-1 but for some punctuation.
pub(super) fn decode_text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode(rest).0.into_owned(),
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode(rest).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|&byte| document_character(byte)).collect(),
    }
}

fn document_character(byte: u8) -> char {
    match byte {
        0x80 => '•',
        0x84 => '—',
        0x85 => '–',
        0x8D => '“',
        0x8E => '”',
        0x8F => '‘',
        0x90 => '’',
        0x92 => '™',
        0x93 => 'ﬁ',
        0x94 => 'ﬂ',
        0x96 => 'Œ',
        0x9C => 'œ',
        0xA0 => '€',
        other => char::from(other),
    }
}

/// The optional content groups that are off when the document is opened.
#[derive(Default)]
pub(super) struct HiddenGroups {
    off: FxHashSet<ObjRef>,
    /// Everything is off but these, where the base state is OFF.
    only: Option<FxHashSet<ObjRef>>,
}

impl HiddenGroups {
    pub(super) fn read(pdf: &Pdf) -> Self {
        let Some(configuration) = root(pdf)
            .and_then(|root| root.get::<Dict<'_>>(keys::OCPROPERTIES))
            .and_then(|properties| properties.get::<Dict<'_>>(b"D"))
        else {
            return Self::default();
        };
        let groups = |key: &[u8]| -> FxHashSet<ObjRef> {
            configuration
                .get::<Array<'_>>(key)
                .map(|array| {
                    array
                        .raw_iter()
                        .filter_map(|item| item.as_obj_ref())
                        .collect()
                })
                .unwrap_or_default()
        };
        let base_off = configuration
            .get::<Name<'_>>(b"BaseState")
            .is_some_and(|state| state.as_ref() == b"OFF");
        Self {
            off: groups(b"OFF"),
            only: base_off.then(|| groups(b"ON")),
        }
    }

    /// Whether the group or membership at `key` of a dictionary (properties, a form, an image) is hidden.
    pub(super) fn hides(&self, holder: &Dict<'_>, key: &[u8]) -> bool {
        if self.off.is_empty() && self.only.is_none() {
            return false;
        }
        let reference = holder.get_ref(key);
        let dict = holder.get::<Dict<'_>>(key).unwrap_or_default();
        self.is_hidden(reference, &dict, DEEPEST_MEMBERSHIP)
    }

    fn is_hidden(&self, reference: Option<ObjRef>, dict: &Dict<'_>, depth: usize) -> bool {
        let is_membership = dict
            .get::<Name<'_>>(keys::TYPE)
            .is_some_and(|name| name.as_ref() == b"OCMD");
        if !is_membership || depth == 0 {
            return reference.is_some_and(|reference| {
                self.off.contains(&reference)
                    || self
                        .only
                        .as_ref()
                        .is_some_and(|only| !only.contains(&reference))
            });
        }
        let mut members: Vec<bool> = Vec::new();
        if let Some(groups) = dict.get::<Array<'_>>(keys::OCGS) {
            for item in groups.raw_iter() {
                match item {
                    MaybeRef::Ref(group) => {
                        members.push(self.is_hidden(Some(group), &Dict::empty(), depth - 1));
                    }
                    MaybeRef::NotRef(Object::Dict(group)) => {
                        members.push(self.is_hidden(None, &group, depth - 1));
                    }
                    MaybeRef::NotRef(_) => {}
                }
            }
        } else if let Some(group) = dict.get_ref(keys::OCGS) {
            members.push(self.is_hidden(Some(group), &Dict::empty(), depth - 1));
        }
        if members.is_empty() {
            return false;
        }
        let policy = dict.get::<Name<'_>>(b"P");
        match policy
            .as_ref()
            .map(|policy| policy.as_ref().to_vec())
            .as_deref()
        {
            Some(b"AllOn") => members.contains(&true),
            Some(b"AnyOff") => !members.contains(&true),
            Some(b"AllOff") => members.contains(&false),
            _ => !members.contains(&false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_are_decoded_by_their_mark() {
        assert_eq!(decode_text(b"\xFE\xFF\x00\xC9\x00t\x00\xE9"), "Été");
        assert_eq!(decode_text(b"\xEF\xBB\xBF\xC3\x89t\xC3\xA9"), "Été");
        assert_eq!(decode_text(b"\xC9t\xE9 \x9Cuvre"), "Été œuvre");
    }
}
