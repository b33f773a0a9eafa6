//! A layout that is taught by showing one laureate: its profile is written where every run finds it, beside palmares.toml.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use palmares::config::{CONFIG_FILE, PROFILES_FOLDER};
use palmares::message;
use palmares::message::Language;
use palmares::pipeline::Options;
use palmares::profile::Example;
use palmares::teach::{Lesson, Taught};
use serde::{Deserialize, Serialize};

use super::super::teach::{ask, free, kebab, refused};
use super::super::worker::Pool;
use super::super::{Because, Usage};
use super::run::Document;
use super::sources::source_of;

/// What a palmares.toml says that is made so that profiles are found.
const CONFIG: &str = "# Every run follows the profiles of the folder profiles/ beside this file.\n";

/// One laureate, as the document prints it.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    /// The document, by its number.
    pub(super) document: usize,
    /// What was clicked, by field: `name`, `project`, `territory`.
    values: BTreeMap<String, String>,
}

/// What was learnt.
#[derive(Debug, Serialize)]
pub(super) struct Learnt {
    /// The profile that was written.
    pub(super) file: PathBuf,
    entries: usize,
    /// The values of the first entries.
    first: Vec<Example>,
    /// How many lines between entries belong to none.
    left_over: usize,
    /// What is to be looked at.
    doubts: Vec<String>,
    #[serde(skip)]
    pub(super) text: String,
}

/// Teaches a layout and writes its profile into `profiles/` beside `palmares.toml`, which is made where there is none.
pub(super) fn teach(
    shown: &Shown,
    document: &Document,
    config: Option<&Path>,
    language: Language,
    pool: &Pool,
    options: &Options<'_>,
) -> anyhow::Result<Learnt> {
    let source = source_of(document, pool, options)?;
    let stem = Path::new(&document.path).file_stem().unwrap_or_default();
    let name = kebab(&stem.to_string_lossy());
    let home = config.and_then(Path::parent).unwrap_or(Path::new(""));
    let folder = home.join(PROFILES_FOLDER);
    let file = free(&folder, &name);
    let values = shown
        .values
        .iter()
        .filter(|(_, value)| !value.trim().is_empty());
    let lesson = Lesson {
        name,
        examples: vec![Example {
            values: values
                .map(|(field, value)| (field.clone(), value.clone()))
                .collect(),
        }],
        not: Vec::new(),
    };
    let taught = ask(pool, &source, &options.limits, lesson)
        .because(|| message!("cannot read `{file}`", file = &document.path))?;
    let Taught {
        profile,
        entries,
        first,
        left_over,
        doubts,
        ..
    } = taught.map_err(|refusal| {
        let (message, hint) = refused(&refusal, &document.path);
        Usage::new(message, hint)
    })?;
    let cannot = |file: &Path| message!("cannot write `{file}`", file = file.display());
    fs::create_dir_all(&folder).because(|| cannot(&folder))?;
    if config.is_none() {
        let config = home.join(CONFIG_FILE);
        fs::write(&config, CONFIG).because(|| cannot(&config))?;
    }
    fs::write(&file, &profile).because(|| cannot(&file))?;
    Ok(Learnt {
        file,
        entries,
        first,
        left_over: left_over.len(),
        doubts: doubts.iter().map(|doubt| doubt.to(language)).collect(),
        text: profile,
    })
}
