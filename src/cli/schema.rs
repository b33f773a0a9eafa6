//! `palmares schema`: the contract of each record.

use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use palmares::validate::Schema;

use super::{CLEAN, Global};

/// Print the JSON Schema (2020-12) of a record.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares schema mention\n  palmares schema laureate | jq '.properties | map_values(.title)'"
)]
pub(crate) struct Args {
    /// Which record
    #[arg(value_parser = schema_parser())]
    name: Schema,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    global.print(args.name.text())?;
    Ok(ExitCode::from(CLEAN))
}

/// Reads the name of a schema; help and errors list the names.
pub(crate) fn schema_parser() -> impl TypedValueParser<Value = Schema> {
    PossibleValuesParser::new(Schema::ALL.map(Schema::name)).map(|name| {
        Schema::ALL
            .into_iter()
            .find(|schema| schema.name() == name)
            .expect("the parser takes no other name")
    })
}
