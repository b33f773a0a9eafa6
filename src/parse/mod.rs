//! Bytes in; pages (PDF) or a document (HTML, Markdown, text) out. The only place that names a parser crate.

pub mod html;
pub mod markdown;
pub mod pdf;
pub mod plain;
