//! The table of decisions while a page is open: what is decided goes in, what is undone comes out. The table on disk is read anew for every act, so that a
//! person may edit it meanwhile, and another page add to it: from reading to writing it is locked.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use palmares::config::CsvDialect;
use palmares::decisions::{self, Act, Decision, Table};
use palmares::message;
use palmares::message::Message;

use super::super::decided::faulty;
use super::super::{Because, Usage, file};

/// The one writer of the table.
#[derive(Debug)]
pub(super) struct Journal {
    pub(super) path: PathBuf,
    dialect: CsvDialect,
    done: Vec<Step>,
}

/// What one act did.
#[derive(Debug)]
enum Step {
    /// Rows that were put in the place of others.
    Rows(Vec<Change>),
    /// A file that was written, with its text.
    File(PathBuf, String),
}

/// A row before and after.
#[derive(Debug)]
struct Change {
    before: Option<String>,
    after: Option<String>,
}

impl Journal {
    /// A journal of the table at this path, which need not be there.
    pub(super) fn new(path: PathBuf, dialect: CsvDialect) -> Self {
        Self {
            path,
            dialect,
            done: Vec::new(),
        }
    }

    /// How many acts can be undone.
    pub(super) fn undoable(&self) -> usize {
        self.done.len()
    }

    /// What is decided, as the table says it now.
    pub(super) fn standing(&self) -> anyhow::Result<Vec<Decision>> {
        Ok(self.read()?.1)
    }

    /// Writes what was decided: a decision about the same as another takes its place. Nothing is written that could not be followed.
    pub(super) fn write(&mut self, decided: &[Decision]) -> anyhow::Result<()> {
        let _lock = self.lock()?;
        let (mut table, standing) = self.read()?;
        let mut changes = Vec::new();
        for decision in decided {
            let before = standing.iter().find(|other| other.is_about_as(decision));
            if before
                .is_some_and(|other| other.act == decision.act && other.value == decision.value)
            {
                continue;
            }
            let before = before.and_then(|other| table.row_on(other.line));
            changes.push(Change {
                before: before.map(str::to_owned),
                after: Some(table.row(decision).map_err(|why| self.cannot(why))?),
            });
        }
        self.change(&mut table, changes)
    }

    /// Takes out the decision that stands on a line; with a record that was added, what was decided of it.
    pub(super) fn withdraw(&mut self, decision: &Decision) -> anyhow::Result<()> {
        let _lock = self.lock()?;
        let (mut table, standing) = self.read()?;
        if !standing.contains(decision) {
            return Err(moved().into());
        }
        let hangs_on = |other: &&Decision| {
            let is_of_added = decision.act == Act::Add
                && other.document == decision.document
                && other.record == decision.record;
            *other == decision || is_of_added
        };
        let mut changes = Vec::new();
        // What is put back last stands last.
        for other in standing.iter().rev().filter(hangs_on) {
            let row = table.row_on(other.line).because(moved)?;
            changes.push(Change {
                before: Some(row.to_owned()),
                after: None,
            });
        }
        self.change(&mut table, changes)
    }

    /// Remembers a file that an act wrote, so that it can be undone.
    pub(super) fn wrote(&mut self, path: PathBuf, text: String) {
        self.done.push(Step::File(path, text));
    }

    /// Undoes the last act: its rows are taken out, and those that they replaced put back; its file is removed.
    pub(super) fn undo(&mut self) -> anyhow::Result<()> {
        let step = self
            .done
            .last()
            .because(|| message!("there is nothing to undo"))?;
        match step {
            Step::Rows(changes) => {
                let _lock = self.lock()?;
                let (mut table, _) = self.read()?;
                for change in changes.iter().rev() {
                    if !table.replace(change.after.as_deref(), change.before.as_deref()) {
                        return Err(moved().into());
                    }
                }
                self.save(&table)?;
            }
            Step::File(path, text) => {
                let now = fs::read_to_string(path).ok();
                if now.is_some_and(|now| now == *text) {
                    fs::remove_file(path)
                        .because(|| message!("cannot remove `{file}`", file = path.display()))?;
                }
            }
        }
        self.done.pop();
        Ok(())
    }

    fn change(&mut self, table: &mut Table, changes: Vec<Change>) -> anyhow::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        for change in &changes {
            table.replace(change.before.as_deref(), change.after.as_deref());
        }
        self.save(table)?;
        self.done.push(Step::Rows(changes));
        Ok(())
    }

    /// Waits until no other page writes the table, and lets others wait for as long as what is given lives. A file beside the table is locked, and stays: the
    /// table itself is another file each time that it is written.
    fn lock(&self) -> anyhow::Result<File> {
        let table = self.path.canonicalize();
        let table = table.as_ref().unwrap_or(&self.path);
        let mut name = OsString::from(".");
        name.push(table.file_name().unwrap_or_default());
        name.push(".lock");
        let path = table.with_file_name(name);
        let mut options = File::options();
        let lock = options.create(true).truncate(false).write(true).open(&path);
        let locked = lock.and_then(|lock| lock.lock().map(|()| lock));
        locked.because(|| message!("cannot write `{file}`", file = path.display()))
    }

    fn read(&self) -> anyhow::Result<(Table, Vec<Decision>)> {
        let bytes = match fs::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => {
                read.because(|| message!("cannot read `{path}`", path = self.path.display()))?
            }
        };
        let standing =
            decisions::read(&bytes).map_err(|faults| faulty(&self.path, faults, &|_, _| {}))?;
        let table = Table::read(&bytes, self.dialect).map_err(|why| self.cannot(why))?;
        Ok((table, standing))
    }

    fn save(&self, table: &Table) -> anyhow::Result<()> {
        let bytes = table.to_bytes().map_err(|why| self.cannot(why))?;
        decisions::read(&bytes).map_err(|faults| faulty(&self.path, faults, &|_, _| {}))?;
        file::write(&self.path, |out| out.write_all(&bytes))
            .because(|| message!("cannot write `{file}`", file = self.path.display()))
    }

    fn cannot(&self, why: Message) -> anyhow::Error {
        Usage::new(
            message!(
                "cannot add to `{path}`: {why}",
                path = self.path.display(),
                why
            ),
            message!("docs/decisions.md tells of its columns"),
        )
        .into()
    }
}

fn moved() -> Usage {
    Usage::new(
        message!("the line of the decision is not in the table any more"),
        message!("the table was changed meanwhile: load the page again"),
    )
}
