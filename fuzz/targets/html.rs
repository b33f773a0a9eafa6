//! A web page, from bytes to records.
#![no_main]

use palmares::model::raw::Format;
#[expect(dead_code, reason = "each target takes one way in")]
#[path = "../../tests/hold/mod.rs"]
mod hold;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hold::document(Format::Html, bytes));
