//! `palmares teach --list`: which profiles of a folder read documents as well as reading without them does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::ingest::Source;
use palmares::message;
use palmares::message::list;
use palmares::pipeline::Options;
use palmares::profile::Profile;

use super::super::input::sources;
use super::super::{Because, CLEAN, Global, Pool, Usage};

/// Says of each profile of a folder whether the documents that it is for are read as well without it.
pub(super) fn list_profiles(
    folder: &Path,
    files: &[PathBuf],
    global: &Global,
) -> anyhow::Result<ExitCode> {
    let sources = sources(files, global)?;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .because(|| message!("cannot look into `{folder}`", folder = folder.display()))?
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Usage::new(
            message!("no profile in `{folder}`", folder = folder.display()),
            message!("`palmares teach FILE … -o FOLDER/NAME.toml` writes one"),
        )
        .into());
    }
    let pool = Pool::new();
    let options = |profiles: Vec<Profile>| Options {
        limits: global.config.limits.clone(),
        profiles: profiles.into(),
        ..Options::default()
    };
    let read = |source: &Source, options: &Options<'_>| {
        let findings = pool.read(source, options, &|_| {}).findings.ok()?;
        let entries: Vec<(Option<String>, Option<String>)> = (findings.mentions.into_iter())
            .map(|mention| (mention.name, mention.project))
            .collect();
        Some((findings.record.profile, entries))
    };
    let plain = options(Vec::new());
    let without: Vec<_> = sources.iter().map(|source| read(source, &plain)).collect();
    let mut lines = Vec::new();
    for path in paths {
        let profile = Profile::read(&path)?;
        let own = options(vec![profile]);
        let (mut n, mut needed) = (0_usize, Vec::new());
        for (source, without) in sources.iter().zip(&without) {
            let Some((Some(_), with)) = read(source, &own) else {
                continue;
            };
            n += 1;
            let before = without
                .as_ref()
                .map(|(_, entries)| entries.as_slice())
                .unwrap_or_default();
            if before != with.as_slice() {
                needed.push(message!(
                    "{path} ({without} without it, {with} with it)",
                    path = source.display_path(),
                    without = before.len(),
                    with = with.len(),
                ));
            }
        }
        let verdict = match (n, needed.is_empty()) {
            (0, _) => message!("is for none of these documents"),
            (_, true) => message!(
                "not needed: {n} {n|document|documents} read as well without it",
                n
            ),
            (_, false) => message!("needed for {documents}", documents = list(needed, ", ")),
        };
        lines.push(format!("{}: {}", path.display(), global.in_words(&verdict)));
    }
    global.print(&lines.join("\n"))?;
    Ok(ExitCode::from(CLEAN))
}
