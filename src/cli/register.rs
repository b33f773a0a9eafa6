//! `--organisations`: a register of the user's own, a table or Parquet, and what it has of the organisations of laureates.

use std::fs;
use std::path::Path;

use palmares::link::{Bodies, look_up};
use palmares::message;
use palmares::message::of_system;
use palmares::model::laureate::RegisterMatch;

use super::{Global, Usage};

/// What a register has of the organisations.
pub(crate) const MATCHES: &str = "organisations.ndjson";

/// How a Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

/// A register that was read, under its name.
pub(crate) struct Register {
    name: String,
    table: Vec<u8>,
}

impl Register {
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            name: path.to_string_lossy().into_owned(),
            table: read(path)?,
        })
    }

    /// Looks organisations up, and says how many were found.
    pub(crate) fn look_up(
        self,
        bodies: &Bodies,
        threshold: f64,
        output: &Path,
        global: &Global,
    ) -> anyhow::Result<Vec<RegisterMatch>> {
        let register = &self.name;
        let matches = look_up(bodies, register, self.table, threshold).map_err(|error| {
            Usage::new(
                message!(
                    "cannot read `{shown}`: {error}",
                    shown = register,
                    error = error.told()
                ),
                message!("a register has a column of numbers (`siret`, `siren`, `id`), each once, and one of names (`denominationUniteLegale`, `titre`, `nom`)"),
            )
        })?;
        global.note(&message!(
            "{n_joined} of {organisations} {organisations|organisation|organisations} found in `{register}`: {output} says who, how surely and why",
            n_joined = matches.iter().filter(|found| found.joined.is_some()).count(),
            organisations = matches.len(),
            register,
            output = output.join(MATCHES).display()
        ));
        Ok(matches)
    }
}

/// The bytes of a register; Parquet as the table that it is.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(path).map_err(|error| {
        Usage::new(
            message!(
                "cannot read `{path}`: {error}",
                path = path.display(),
                error = of_system(&error)
            ),
            message!("give a register of organisations: CSV, NDJSON or Parquet"),
        )
    })?;
    if bytes.starts_with(PARQUET) {
        return table_of(path);
    }
    Ok(bytes)
}

#[cfg(feature = "parquet")]
fn table_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::Because;

    let unreadable = || {
        Usage::new(
            message!("cannot read `{path}` as Parquet", path = path.display()),
            message!(
                "write it without compression or with Snappy, or as CSV: `duckdb -c \"COPY (FROM 'IN') TO 'OUT.csv'\"`"
            ),
        )
    };
    let reader = SerializedFileReader::new(fs::File::open(path)?).because(unreadable)?;
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut is_first = true;
    for row in reader.get_row_iter(None).because(unreadable)? {
        let row = row.because(unreadable)?;
        if std::mem::take(&mut is_first) {
            table.write_record(row.get_column_iter().map(|(name, _)| name))?;
        }
        let cells = row.get_column_iter().map(|(_, field)| match field {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            other => other.to_string(),
        });
        table.write_record(cells)?;
    }
    Ok(table.into_inner().unwrap_or_default())
}

#[cfg(not(feature = "parquet"))]
fn table_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    Err(Usage::new(
        message!("cannot read `{path}` as Parquet", path = path.display()),
        message!("this build has no `parquet`: give the register as CSV"),
    )
    .into())
}
