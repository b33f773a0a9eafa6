//! `palmares man`: the manual pages that a package installs (scripts/release.sh).

use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory;
use palmares::message;

use super::{Because, CLEAN, Cli, Global, Usage, language};

/// Write a manual page for each command into a folder.
#[derive(clap::Args)]
#[command(
    hide = true,
    after_help = "Example:\n  palmares man /usr/local/share/man/man1"
)]
pub(crate) struct Args {
    /// Folder to write into, which exists
    folder: PathBuf,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    // `palmares help run` has no page of its own.
    let command = Cli::command().disable_help_subcommand(true);
    let command = language::translated(command, global.voice.language);
    clap_mangen::generate_to(command, &args.folder).because(|| {
        Usage::new(
            message!(
                "cannot write into `{folder}`",
                folder = args.folder.display()
            ),
            message!("name a folder that exists and may be written"),
        )
    })?;
    Ok(ExitCode::from(CLEAN))
}
