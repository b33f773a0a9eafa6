//! What `run`, `extract` and `explain` read, and how: the options they share.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use palmares::diagnostic::Diagnostic;
use palmares::ingest::{self, Source};
use palmares::pipeline::Options;
use palmares::profile::Profile;

use super::{Global, Usage};

/// How documents are read.
#[derive(clap::Args, Default)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadingArgs {
    /// Reject mentions less sure than this, from 0 to 1
    #[arg(long, value_name = "X", value_parser = confidence)]
    pub(crate) min_confidence: Option<f64>,
    /// Read documents that it is for by this profile, before any other; may be given several times
    #[arg(long = "profile", value_name = "FILE")]
    pub(crate) profiles: Vec<PathBuf>,
    /// Use no built-in profile
    #[arg(long)]
    pub(crate) no_profiles: bool,
}

impl ReadingArgs {
    /// What the stages are told: the arguments, then the configuration, then the defaults.
    pub(crate) fn options(&self, global: &Global) -> anyhow::Result<Options<'static>> {
        Ok(Options {
            limits: global.config.limits.clone(),
            profiles: self.profiles(global)?,
            min_confidence: self
                .min_confidence
                .or(global.config.min_confidence)
                .unwrap_or_default(),
            ..Options::default()
        })
    }

    /// The user's profiles, then those of the configuration, then the built-in ones.
    fn profiles(&self, global: &Global) -> anyhow::Result<Arc<[Profile]>> {
        let mut profiles = Vec::new();
        for file in self.profiles.iter().chain(&global.config.profiles) {
            profiles.push(Profile::read(file)?);
        }
        if !self.no_profiles && global.config.built_in_profiles != Some(false) {
            profiles.extend(Profile::built_in().iter().cloned());
        }
        Ok(profiles.into())
    }
}

/// The documents that the paths lead to, by path. An error where there is none.
pub(crate) fn sources(paths: &[PathBuf], global: &Global) -> anyhow::Result<Vec<Source>> {
    let found = ingest::discover(paths);
    for (path, reason) in &found.unreadable {
        global.warning(format_args!("cannot look into `{path}`: {reason}"));
    }
    for (path, what) in &found.skipped {
        let remark = Diagnostic::note(format!("skipped: it is {what}"));
        global.diagnostic(path, &remark);
    }
    let missing = |path: &&PathBuf| *path != Path::new("-") && !path.exists();
    if found.sources.is_empty()
        || paths.iter().filter(missing).count() == paths.len() && found.sources.len() == paths.len()
    {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        return Err(Usage::new(
            format!("no document found at {}", paths.join(", ")),
            "palmares reads PDF, HTML, Markdown and text, from files, folders, globs and `-` (standard input)",
        )
        .into());
    }
    Ok(found.sources)
}

fn confidence(text: &str) -> Result<f64, String> {
    text.replace(',', ".")
        .parse()
        .ok()
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or_else(|| "not a number from 0 to 1".to_owned())
}
