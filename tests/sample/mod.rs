//! Documents that a test writes itself.

use palmares::config::Limits;
use palmares::model::document::Document;
use palmares::model::raw::{DocumentId, Format, RawDocument};
use palmares::pipeline::to_document;

/// The document of this text.
pub(crate) fn document(format: Format, source: &str) -> Document {
    let bytes = source.as_bytes().to_vec();
    let raw = RawDocument {
        address: None,
        id: DocumentId::of(&bytes),
        path: "essai".to_owned(),
        format,
        bytes: bytes.into(),
    };
    to_document(&raw, &Limits::default())
        .expect("the sample is readable")
        .output
}
