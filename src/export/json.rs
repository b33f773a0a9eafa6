//! JSON and JSON Lines.

use std::io;

use serde::Serialize;

use crate::validate::ValidRecord;

/// One record a line.
pub(super) fn write_lines<T: Serialize>(
    records: &[ValidRecord<T>],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for record in records {
        serde_json::to_writer(&mut *out, record.get())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One array, indented.
pub(super) fn write_array<T: Serialize>(
    records: &[ValidRecord<T>],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let records: Vec<&T> = records.iter().map(ValidRecord::get).collect();
    serde_json::to_writer_pretty(&mut *out, &records)?;
    out.write_all(b"\n")
}

/// Each record on its own, indented.
pub(super) fn write_objects<T: Serialize>(
    records: &[ValidRecord<T>],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for record in records {
        serde_json::to_writer_pretty(&mut *out, record.get())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
