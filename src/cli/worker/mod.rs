//! Documents are read in processes of their own, so that one that takes too much memory or time, or that a parser breaks on, costs nothing but itself.
//!
//! A worker is this program once more, under a subcommand that help does not show. It reads one document after the other as requests on its
//! standard input ask, and answers on its standard output. What it may take is limited twice: by the system (`limits`), and by whoever waits for it
//! (`pool`). Not here: checking records, which is done where they arrive.

mod exchange;
mod limits;
mod pool;

use std::cell::{Cell, RefCell};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use palmares::config::Ocr;
use palmares::error::ErrorKind;
use palmares::ingest::{self, Source};
use palmares::model::raw::RawDocument;
use palmares::parse;
use palmares::pipeline::{self, Findings, Identity, Options, Reading, Stage};
use palmares::profile::Profile;

use self::exchange::{Reply, Request};
use super::told::message_of;
use super::{CLEAN, explain, profile, review, show, teach};

pub(crate) use exchange::Task;
pub(crate) use pool::Pool;

/// Answers requests until there is none: what a worker does.
pub(crate) fn serve() -> anyhow::Result<ExitCode> {
    limits::end_with_parent();
    let mut requests = io::stdin().lock();
    let mut options = Options::default();
    while let Some(request) = exchange::receive::<Request>(&mut requests)? {
        let source = request.origin.receive(&mut requests)?;
        let has_children = request.ocr != Ocr::Never || request.assist.is_some();
        limits::limit(&request.limits, rayon::current_num_threads(), has_children);
        options.limits = request.limits;
        options.expect = request.expect;
        options.ocr = request.ocr;
        options.assist = request.assist.map(Arc::new);
        options.decisions = request.decisions.into();
        if let Some(texts) = request.profiles {
            let profiles: Result<Vec<_>, _> =
                texts.iter().map(|text| Profile::parse(text)).collect();
            options.profiles = profiles?.into();
        }
        // Threads of the pool have a stack of known size, which the main thread need not have.
        rayon::scope(|_| answer(&request.task, &source, &options))?;
    }
    Ok(ExitCode::from(CLEAN))
}

/// Reads one document and says what came of it. Mentions go one by one, so that the whole is not held a second time as text.
fn answer(task: &Task, source: &Source, options: &Options<'_>) -> io::Result<()> {
    let replies = Replies(RefCell::new(BufWriter::new(io::stdout().lock())));
    let lifted = Cell::new(false);
    let observe = |stage| {
        // A program of the team's may take what it needs: what is limited is what a document makes of this one.
        if lifted.replace(stage == Stage::Assist) {
            limits::limit(&options.limits, rayon::current_num_threads(), true);
        }
        if stage == Stage::Assist {
            limits::lift();
        }
        replies.stage(stage);
    };
    observe(Stage::Ingest);
    if let (Task::List, Some(archive)) = (task, source.regular_file()) {
        return replies.list(archive, options);
    }
    let findings = ingest::ingest(source, &options.limits).and_then(|raw| {
        replies.send(&Reply::Identity(Identity::of(&raw)))?;
        // A page is drawn without what it says being read.
        if let Task::Picture(page) = task {
            let png = show::picture(raw.bytes, *page, &[]);
            let png = png.map_err(|why| ErrorKind::Parser(message_of(&why)))?;
            (&replies).write_all(&png)?;
            return Ok(Findings::default());
        }
        if let Task::Sizes = task {
            let sizes = serde_json::to_vec(&parse::pdf::page_sizes(&raw.bytes));
            (&replies).write_all(&sizes.map_err(io::Error::from)?)?;
            return Ok(Findings::default());
        }
        pipeline::guarded(|| {
            let reading = pipeline::read(&raw, options, &observe)?;
            describe(task, &raw, &reading, options, &replies).map_err(io::Error::other)?;
            Ok(Findings::from(reading))
        })
    });
    match findings {
        Ok(findings) => {
            if matches!(task, Task::Read) {
                for (mention, excerpt) in findings.mentions.into_iter().zip(findings.excerpts) {
                    replies.send(&Reply::Mention(Box::new(mention), Box::new(excerpt)))?;
                }
            }
            replies.send(&Reply::Done {
                record: Box::new(findings.record),
                rejects: findings.rejects,
                refusal: findings.refusal,
                warnings: findings.warnings,
            })?;
        }
        Err(kind) => replies.send(&Reply::Failed(kind))?,
    }
    replies.0.into_inner().flush()
}

/// What a task asks to be said of a reading beside its records.
fn describe(
    task: &Task,
    raw: &RawDocument,
    reading: &Reading,
    options: &Options<'_>,
    mut replies: &Replies,
) -> anyhow::Result<()> {
    match task {
        Task::Read | Task::List | Task::Picture(_) | Task::Sizes => {}
        Task::Explain(view) => explain::write(reading, options, view, &mut replies)?,
        Task::FirstProfile { stem } => {
            replies.write_all(profile::first_profile(reading, stem).as_bytes())?;
        }
        Task::Teach(lesson) => replies.write_all(&teach::taught(reading, options, lesson)?)?,
        Task::Lines => replies.write_all(&teach::lines(reading)?)?,
        Task::Words => replies.write_all(&review::words_written(raw, &reading.document)?)?,
    }
    Ok(())
}

/// Where a worker answers.
struct Replies(RefCell<BufWriter<StdoutLock<'static>>>);

impl Replies {
    fn send(&self, reply: &Reply) -> io::Result<()> {
        exchange::send(&mut *self.0.borrow_mut(), reply)
    }

    /// Says what an archive holds.
    fn list(self, archive: &Path, options: &Options<'_>) -> io::Result<()> {
        let listed = pipeline::guarded(|| ingest::archive::list(archive, &options.limits));
        match listed {
            Ok(listing) => {
                (&self).write_all(&serde_json::to_vec(&listing)?)?;
                self.send(&Reply::Done {
                    record: Box::default(),
                    rejects: Vec::new(),
                    refusal: None,
                    warnings: Vec::new(),
                })?;
            }
            Err(kind) => self.send(&Reply::Failed(kind))?,
        }
        self.0.into_inner().flush()
    }

    /// Says at once that a stage starts. If nobody hears it, the next reply will fail too.
    fn stage(&self, stage: Stage) {
        if self.send(&Reply::Stage(stage)).is_ok() {
            let _ = self.0.borrow_mut().flush();
        }
    }
}

/// What is written is part of the text that a task asks for.
impl Write for &Replies {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        exchange::send_bytes(&mut *self.0.borrow_mut(), bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
