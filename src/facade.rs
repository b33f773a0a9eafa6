//! What the crate promises as a library: documents read, brought together and linked by a call each.

use std::cell::Cell;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::{ConfigError, Expect, Limits, Ocr, STACK};
use crate::error::{Error, ErrorKind, Stage};
use crate::ingest::{self, Source, archive};
use crate::link::{LinkOptions, Registry};
use crate::message;
use crate::message::{Message, list};
use crate::model::laureate::Laureate;
use crate::model::mention::Mention;
use crate::model::record::{DocumentRecord, Reject, Remark};
use crate::pipeline;
use crate::profile::Profile;
use crate::validate::{Packed, ValidRecord};

/// How documents are read and linked. The default is that of the command without a configuration file; more fields may come, so name those that differ.
///
/// ```
/// use palmares::Options;
/// use palmares::config::Expect;
///
/// let options = Options { expect: Expect::Laureates, ..Options::default() };
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether documents are known to list laureates.
    pub expect: Expect,
    /// Which pages of PDFs `tesseract` reads from their picture.
    pub ocr: Ocr,
    /// Mentions less sure than this, from 0 to 1, are rejected.
    pub min_confidence: f64,
    /// Layouts as data, beside what labels mean everywhere.
    pub profiles: Profiles,
    /// What a document may cost. Nobody holds `seconds` and `megabytes` here: the command does, by processes that it can end.
    pub limits: Limits,
    /// Probability from which two mentions are taken for one organisation.
    pub threshold: f64,
}

impl Default for Options {
    fn default() -> Self {
        let stages = pipeline::Options::default();
        Self {
            expect: stages.expect,
            ocr: stages.ocr,
            min_confidence: stages.min_confidence,
            profiles: Profiles(stages.profiles),
            limits: stages.limits,
            threshold: LinkOptions::default().threshold,
        }
    }
}

impl Options {
    fn for_stages(&self) -> pipeline::Options<'static> {
        pipeline::Options {
            limits: self.limits.clone(),
            profiles: Arc::clone(&self.profiles.0),
            min_confidence: self.min_confidence,
            expect: self.expect,
            ocr: self.ocr,
            ..pipeline::Options::default()
        }
    }

    fn for_linking(&self) -> LinkOptions {
        LinkOptions {
            threshold: self.threshold,
            ..LinkOptions::default()
        }
    }
}

/// Profiles in their order: the first that is for a document tells how it is read.
#[derive(Clone, Debug)]
pub struct Profiles(Arc<[Profile]>);

impl Default for Profiles {
    fn default() -> Self {
        Self(Profile::built_in())
    }
}

impl Profiles {
    /// None, as `--no-profiles` has it; the default are those that are built in.
    pub fn none() -> Self {
        Self(Arc::default())
    }

    /// The same after those of files, as `--profile` adds them.
    pub fn after(
        &self,
        files: impl IntoIterator<Item: AsRef<Path>>,
    ) -> Result<Self, Box<ConfigError>> {
        let files = files.into_iter();
        let mut all: Vec<Profile> = files
            .map(|file| Profile::read(file.as_ref()))
            .collect::<Result<_, _>>()?;
        all.extend(self.0.iter().cloned());
        Ok(Self(all.into()))
    }
}

/// What one document says.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it says of itself: calls, key figures, what it announces, and what was noticed while it was read.
    pub record: DocumentRecord,
    /// Its laureates, in its own order. Each was checked against the schema of the contract.
    pub mentions: Vec<Mention>,
    /// What was read and set aside, with the reasons.
    pub rejections: Vec<Reject>,
}

impl Document {
    /// Its path as records print it, or the name that was given with its bytes.
    pub fn path(&self) -> &str {
        &self.record.document.path
    }

    /// Its title, as it is printed.
    pub fn title(&self) -> Option<&str> {
        self.record.document.title.as_deref()
    }

    /// What is doubtful in it, or could not be read.
    pub fn warnings(&self) -> &[Remark] {
        &self.record.warnings
    }
}

impl From<pipeline::DocumentOutcome> for Document {
    fn from(outcome: pipeline::DocumentOutcome) -> Self {
        let mentions = outcome.mentions.into_iter();
        Self {
            record: outcome.record.into_inner(),
            mentions: mentions.map(ValidRecord::into_inner).collect(),
            rejections: outcome.rejects,
        }
    }
}

/// Reads the document of a file, with the records that `palmares extract` prints of it. A document without laureates is no error. Archives and folders
/// hold many documents, which `run` reads.
///
/// ```
/// # let raw = concat!(env!("CARGO_MANIFEST_DIR"), "/raw");
/// # let file = format!("{raw}/laureats-agir-2022.pdf");
/// let document = palmares::read(file, &palmares::Options::default())?;
/// let mention = &document.mentions[3];
/// assert_eq!(mention.name.as_deref(), Some("MISSION LOCALE DU TRÉGOR"));
/// assert_eq!(mention.evidence["/name"][0].page, Some(2));
/// # Ok::<(), palmares::Error>(())
/// ```
pub fn read(path: impl AsRef<Path>, options: &Options) -> Result<Document, Error> {
    read_source(&ingest::source(path.as_ref().to_owned()), options)
}

/// Reads a document of which the bytes are at hand. Records have the name as its path; where the bytes do not tell the format, the name's ending does.
pub fn read_bytes(
    name: impl Into<String>,
    bytes: impl Into<Vec<u8>>,
    options: &Options,
) -> Result<Document, Error> {
    read_source(&Source::memory(bytes.into(), name.into()), options)
}

fn read_source(source: &Source, options: &Options) -> Result<Document, Error> {
    let stages = options.for_stages();
    let path = source.display_path();
    with_threads(path, || {
        let stage = Cell::new(Stage::Ingest);
        pipeline::guarded(|| ingest::ingest(source, &stages.limits))
            .and_then(|raw| pipeline::process_document(&raw, &stages, &|next| stage.set(next)))
            .map(Document::from)
            .map_err(|kind| error(path, stage.get(), kind))
    })
}

/// Reads documents (files, folders, archives, globs; `-` is standard input) and brings together what they say of one laureate, as `palmares run` writes
/// laureates.json into a fresh folder. The same bytes under several paths are one document.
///
/// The first document that cannot be read, by path, is an error, for a list without its laureates would look whole. Who wants the others reads each by
/// [`read`], and gives what they say to [`link()`]. What does not pass the check, or is less sure than asked for, is left out.
///
/// ```
/// # let raw = concat!(env!("CARGO_MANIFEST_DIR"), "/raw");
/// let laureates = palmares::run([raw], &palmares::Options::default())?;
/// assert_eq!(laureates.len(), 19);
/// assert_eq!(laureates[0].name.as_deref(), Some("LES FRANCAS DU MENEZ"));
/// assert_eq!(laureates[0].sources.len(), 2);
/// # Ok::<(), palmares::Error>(())
/// ```
pub fn run(
    paths: impl IntoIterator<Item: AsRef<Path>>,
    options: &Options,
) -> Result<Vec<Laureate>, Error> {
    let paths: Vec<PathBuf> = paths.into_iter().map(|path| path.as_ref().into()).collect();
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let shown = shown.join(", ");
    with_threads(&shown, || {
        let sources = sources(&paths, options)?;
        if sources.is_empty() && !paths.is_empty() {
            let names = paths
                .iter()
                .map(|path| message!("`{path}`", path = path.display()));
            let nothing = message!("no document found at {names}", names = list(names, ", "));
            return Err(told(&*shown, nothing));
        }
        let mentions = read_all(&sources, options)?;
        let merged = pipeline::merge(&mentions, &options.for_linking(), &mut Registry::default());
        Ok(merged.laureates.iter().map(Packed::unpack).collect())
    })
}

/// The documents that the paths lead to, those in archives among them. An error where one could not be looked at.
fn sources(paths: &[PathBuf], options: &Options) -> Result<Vec<Source>, Error> {
    let mut found = ingest::discover(paths, None);
    for archive in std::mem::take(&mut found.archives).into_values() {
        let listed = pipeline::guarded(|| archive::list(&archive.path, &options.limits));
        let listing = listed.map_err(|kind| error(archive.display_path(), Stage::Ingest, kind))?;
        found.open(archive, Some(listing));
    }
    match found.unreadable.into_iter().next() {
        Some((path, reason)) => Err(told(path, reason)),
        None => Ok(found.sources),
    }
}

fn read_all(sources: &[Source], options: &Options) -> Result<Vec<Packed<Mention>>, Error> {
    let stages = options.for_stages();
    let mut all = Vec::new();
    let mut failed = None;
    pipeline::process(
        sources,
        &stages,
        &|source, observe| pipeline::read_source(source, &stages, observe),
        &|_| (),
        &mut |processed| match processed.outcome {
            Ok(outcome) => {
                all.extend(outcome.mentions.into_iter().map(Packed::from));
                ControlFlow::Continue(())
            }
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        },
    );
    failed.map_or(Ok(all), Err)
}

/// Brings together what mentions say of one laureate, as `palmares link` does with those of mentions.ndjson: every mention is a source of one laureate.
pub fn link<'m>(
    mentions: impl IntoIterator<Item = &'m Mention>,
    options: &Options,
) -> Vec<Laureate> {
    let mentions: Vec<&Mention> = mentions.into_iter().collect();
    crate::link::link(&mentions, &options.for_linking()).laureates
}

/// Runs on threads whose stack bears what the limits allow to be nested, as the command's does.
fn with_threads<T: Send>(
    path: &str,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let threads = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let threads = threads.map_err(|_| told(path, message!("cannot start the threads")))?;
    threads.install(work)
}

/// An error before anything is read, as `palmares` says it.
fn told(path: impl Into<String>, message: Message) -> Error {
    error(path, Stage::Ingest, io::Error::other(message).into())
}

fn error(path: impl Into<String>, stage: Stage, kind: ErrorKind) -> Error {
    let path = path.into();
    Error { path, stage, kind }
}
