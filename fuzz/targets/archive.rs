//! Bytes from elsewhere: what they are, what they pack, and what is read of them.
#![no_main]

#[expect(dead_code, reason = "each target takes one way in")]
#[path = "../../tests/hold/mod.rs"]
mod hold;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hold::anything(bytes));
