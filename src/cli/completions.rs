//! `palmares completions`: a completion script for a shell.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;
use serde_json::json;

use super::{CLEAN, Cli, Format, Global};

/// Print a completion script for a shell.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  palmares completions bash > ~/.local/share/bash-completion/completions/palmares"
)]
pub(crate) struct Args {
    /// The shell that the script is for
    shell: Shell,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "palmares", &mut script);
    match global.format {
        Format::Text => global.write(&script)?,
        Format::Json => {
            global.print(&json!({ "script": String::from_utf8_lossy(&script) }).to_string())?;
        }
    }
    Ok(ExitCode::from(CLEAN))
}
