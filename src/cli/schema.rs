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
    /// Which record; `laureates` is the whole file laureates.json
    #[arg(value_parser = PossibleValuesParser::new(Schema::ALL.map(Schema::name).into_iter().chain([LAUREATES])))]
    name: String,
}

/// The file that is one array.
const LAUREATES: &str = "laureates";

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let schema = Schema::ALL
        .into_iter()
        .find(|schema| schema.name() == args.name);
    match schema {
        Some(schema) => global.print(schema.text())?,
        None => global.print(&serde_json::to_string_pretty(&Schema::of_laureates())?)?,
    }
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
