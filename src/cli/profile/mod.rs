//! `palmares profile`: write, check and list the data that describes layouts.

mod check;
mod init;

use std::process::ExitCode;

use palmares::profile::Profile;
use palmares::word;
use serde_json::json;

use super::global::Format;
use super::{CLEAN, Global};

pub(crate) use init::first_profile;

/// Write, check and list profiles: layouts as data, a few lines of TOML each (docs/profiles.md).
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares profile init brochure.pdf -o brochure.toml\n  palmares profile check brochure.toml --on brochure.pdf\n  palmares profile list"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    List(ListArgs),
}

/// List the profiles in force, in the order in which they are tried.
#[derive(clap::Args)]
struct ListArgs {}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Init(args) => init::run(args, global),
        Command::Check(args) => check::run(args, global),
        Command::List(ListArgs {}) => list(global),
    }
}

/// The profiles of the configuration and the built-in ones, each with where it comes from.
fn in_force(global: &Global) -> anyhow::Result<Vec<(String, Profile)>> {
    let mut profiles = Vec::new();
    for file in &global.config.profiles {
        profiles.push((file.display().to_string(), Profile::read(file)?));
    }
    if global.config.built_in_profiles != Some(false) {
        profiles.extend(
            Profile::built_in()
                .iter()
                .map(|profile| (word!("built in").to_owned(), profile.clone())),
        );
    }
    Ok(profiles)
}

fn list(global: &Global) -> anyhow::Result<ExitCode> {
    let profiles = in_force(global)?;
    match global.format {
        Format::Json => {
            let list: Vec<_> = profiles
                .iter()
                .map(|(source, profile)| {
                    json!({ "name": profile.name, "description": profile.description, "source": source })
                })
                .collect();
            global.print(&serde_json::to_string_pretty(&list)?)?;
        }
        Format::Text => {
            let width = profiles
                .iter()
                .map(|(_, profile)| profile.name.chars().count())
                .max()
                .unwrap_or(0);
            let lines: Vec<String> = profiles
                .iter()
                .map(|(source, profile)| {
                    let source = global.voice.language.translated(source);
                    format!(
                        "{:<width$}  {} ({source})",
                        profile.name, profile.description
                    )
                })
                .collect();
            global.print(&lines.join("\n"))?;
        }
    }
    Ok(ExitCode::from(CLEAN))
}
