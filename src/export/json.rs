//! JSON and JSON Lines.

use std::io;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer as _};

use crate::validate::Packed;

/// One record a line.
pub(super) fn write_lines<T>(records: &[Packed<T>], out: &mut dyn io::Write) -> io::Result<()> {
    for record in records {
        out.write_all(record.line().as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One array, indented.
pub(super) fn write_array<T: Serialize + DeserializeOwned>(
    records: &[Packed<T>],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::pretty(&mut *out);
    serializer.collect_seq(records.iter().map(Packed::unpack))?;
    out.write_all(b"\n")
}

/// Each record on its own, indented.
pub(super) fn write_objects<T: Serialize + DeserializeOwned>(
    records: &[Packed<T>],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for record in records {
        serde_json::to_writer_pretty(&mut *out, &record.unpack())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
