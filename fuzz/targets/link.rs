//! Records from anywhere, from bytes to laureates.
#![no_main]

#[expect(dead_code, reason = "each target takes one way in")]
#[path = "../../tests/hold/mod.rs"]
mod hold;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hold::link(bytes));
