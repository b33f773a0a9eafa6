//! All or nothing: files are written into a fresh folder beside the output folder, synced, and the two trade places. A run that is killed at any
//! moment leaves the last good output. Files in the output folder that are not ours survive.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::Context;

use super::Usage;

/// Ends the names of fresh folders, after the output folder's own.
const FRESH_MARK: &str = ".palmares-";

/// Held locked for as long as the run that owns a fresh folder lives.
const LOCK_FILE: &str = ".lock";

/// A fresh folder without a living owner is swept once it is this old: younger ones may be about to be locked.
const SWEEP_AFTER: Duration = Duration::from_mins(1);

/// A folder being written. Dropped without `commit`, it leaves nothing behind.
pub(crate) struct Output {
    target: PathBuf,
    fresh: PathBuf,
    lock: Option<File>,
    names: Mutex<Vec<OsString>>,
    committed: bool,
}

impl Output {
    /// A fresh folder for what is to stand in `folder`, which need not exist yet.
    pub(crate) fn create(folder: &Path) -> anyhow::Result<Self> {
        let target = resolved(folder)?;
        if target.exists() && !target.is_dir() {
            return Err(Usage::new(
                format!(
                    "cannot write into `{}`: it is not a folder",
                    folder.display()
                ),
                "name another one with `-o FOLDER`",
            )
            .into());
        }
        let fresh = fresh_folder(&target).map_err(|error| {
            anyhow::Error::new(error).context(Usage::new(
                format!("cannot write into `{}`", folder.display()),
                "name a folder that can be written with `-o FOLDER`",
            ))
        })?;
        let lock = File::create(fresh.join(LOCK_FILE))
            .ok()
            .filter(|lock| lock.try_lock().is_ok());
        if let Ok(current) = fs::metadata(&target) {
            // Whoever could read the old folder can read the new one.
            let _ = fs::set_permissions(&fresh, current.permissions());
        }
        Ok(Self {
            target,
            fresh,
            lock,
            names: Mutex::new(vec![OsString::from(LOCK_FILE)]),
            committed: false,
        })
    }

    /// Writes one file and syncs it to the disk. Several threads may write, each a file of its own.
    pub(crate) fn write(
        &self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let path = self.fresh.join(name);
        let written = || -> io::Result<()> {
            let mut out = BufWriter::new(File::create(&path)?);
            fill(&mut out)?;
            out.into_inner()?.sync_all()
        };
        written()
            .with_context(|| format!("cannot write `{}`", self.target.join(name).display()))?;
        self.names().push(OsString::from(name));
        Ok(())
    }

    /// Puts the fresh folder in the place of the old one.
    pub(crate) fn commit(mut self) -> anyhow::Result<()> {
        let place = || {
            format!(
                "cannot put the output in place in `{}`",
                self.target.display()
            )
        };
        fs::remove_file(self.fresh.join(LOCK_FILE)).with_context(place)?;
        self.lock = None;
        self.names().retain(|name| name != LOCK_FILE);
        if !self.swap().with_context(place)? {
            self.move_files().with_context(place)?;
        }
        self.committed = true;
        if let Some(parent) = self.target.parent() {
            sync_folder(parent);
            sweep(parent, &self.target);
        }
        let _ = fs::remove_dir_all(&self.fresh);
        Ok(())
    }

    /// Trades the folders. False where that cannot be done: on another file system, on a mount point, or when somebody stands in the old one.
    fn swap(&self) -> io::Result<bool> {
        let stands_inside =
            std::env::current_dir().is_ok_and(|here| here.starts_with(&self.target));
        if stands_inside || self.fresh.parent() != self.target.parent() {
            return Ok(false);
        }
        if !self.target.exists() {
            return match fs::rename(&self.fresh, &self.target) {
                Ok(()) => Ok(true),
                // Another run was faster.
                Err(_) if self.target.exists() => self.swap(),
                Err(error) => Err(error),
            };
        }
        if self.keep_foreign(&self.target, &self.fresh, true).is_err() {
            return Ok(false);
        }
        sync_folder(&self.fresh);
        if exchange(&self.fresh, &self.target).is_err() {
            return Ok(false);
        }
        // What came into the old folder while it was being replaced.
        let _ = self.keep_foreign(&self.fresh, &self.target, true);
        Ok(true)
    }

    /// Gives `to` what `from` holds beside our files and `to` does not: as hard links, so that both folders are whole at every moment.
    fn keep_foreign(&self, from: &Path, to: &Path, at_top: bool) -> io::Result<()> {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let (name, source) = (entry.file_name(), entry.path());
            let copy = to.join(&name);
            if at_top && (self.is_ours(&name) || name == LOCK_FILE) {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if !copy.exists() {
                    fs::create_dir(&copy)?;
                    fs::set_permissions(&copy, entry.metadata()?.permissions())?;
                }
                self.keep_foreign(&source, &copy, false)?;
            } else if fs::symlink_metadata(&copy).is_err() && fs::hard_link(&source, &copy).is_err()
            {
                fs::copy(&source, &copy)?;
            }
        }
        Ok(())
    }

    fn is_ours(&self, name: &OsStr) -> bool {
        self.names().iter().any(|own| own == name)
    }

    fn names(&self) -> MutexGuard<'_, Vec<OsString>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The second best: each file replaces its predecessor in one step.
    fn move_files(&self) -> io::Result<()> {
        fs::create_dir_all(&self.target)?;
        for name in self.names().iter() {
            fs::rename(self.fresh.join(name), self.target.join(name))?;
        }
        sync_folder(&self.target);
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.committed {
            let _ = fs::remove_dir_all(&self.fresh);
        }
    }
}

/// The folder itself where the path is a link to it; a missing folder's parents are made.
fn resolved(folder: &Path) -> anyhow::Result<PathBuf> {
    if let Ok(path) = folder.canonicalize() {
        return Ok(path);
    }
    let cannot = |error: io::Error| {
        anyhow::Error::new(error).context(Usage::new(
            format!("cannot make the folder `{}`", folder.display()),
            "name a folder that can be written with `-o FOLDER`",
        ))
    };
    let absolute = std::path::absolute(folder).map_err(cannot)?;
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Ok(absolute);
    };
    fs::create_dir_all(parent).map_err(cannot)?;
    Ok(parent.canonicalize().map_err(cannot)?.join(name))
}

/// A folder beside the target, or inside it where the parent cannot be written.
fn fresh_folder(target: &Path) -> io::Result<PathBuf> {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or(OsStr::new("output")));
    name.push(FRESH_MARK);
    let moment = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    name.push(format!("{}-{moment:x}", std::process::id()));
    let beside = target.parent().map(|parent| parent.join(&name));
    if let Some(path) = beside
        && fs::create_dir(&path).is_ok()
    {
        return Ok(path);
    }
    let inside = target.join(&name);
    fs::create_dir(&inside)?;
    Ok(inside)
}

/// Removes fresh folders of runs that were killed.
fn sweep(parent: &Path, target: &Path) {
    let mut mark = OsString::from(".");
    mark.push(target.file_name().unwrap_or_default());
    mark.push(FRESH_MARK);
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let is_fresh = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(mark.as_encoded_bytes());
        let is_old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > SWEEP_AFTER));
        if !is_fresh || !is_old {
            continue;
        }
        let has_owner =
            File::open(entry.path().join(LOCK_FILE)).is_ok_and(|lock| lock.try_lock().is_err());
        if !has_owner {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Makes renames in this folder last; where the system has no such thing, they last when they last.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(folder: &Path, content: &str) -> anyhow::Result<()> {
        let output = Output::create(folder)?;
        output.write("a.json", |out| out.write_all(content.as_bytes()))?;
        output.commit()
    }

    fn listing(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_run_replaces_the_first_and_keeps_foreign_files() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("deep/extracted");
        run(&folder, "1").unwrap();
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        fs::create_dir(folder.join("sub")).unwrap();
        fs::write(folder.join("sub/a.json"), "mine too").unwrap();
        run(&folder, "2").unwrap();
        assert_eq!(fs::read_to_string(folder.join("a.json")).unwrap(), "2");
        assert_eq!(
            fs::read_to_string(folder.join("notes.txt")).unwrap(),
            "mine"
        );
        assert_eq!(
            fs::read_to_string(folder.join("sub/a.json")).unwrap(),
            "mine too"
        );
        assert_eq!(listing(&folder), ["a.json", "notes.txt", "sub"]);
        assert_eq!(listing(folder.parent().unwrap()), ["extracted"]);
    }

    #[test]
    fn a_run_that_stops_half_way_leaves_the_last_output() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("extracted");
        run(&folder, "1").unwrap();
        let output = Output::create(&folder).unwrap();
        output.write("a.json", |out| out.write_all(b"2")).unwrap();
        let failed = output.write("b.json", |_| Err(io::Error::other("disk full")));
        assert!(failed.is_err());
        drop(output);
        assert_eq!(fs::read_to_string(folder.join("a.json")).unwrap(), "1");
        assert_eq!(listing(here.path()), ["extracted"]);
    }

    #[test]
    fn a_file_in_the_way_is_a_usage_error() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("extracted");
        fs::write(&folder, "").unwrap();
        let error = run(&folder, "1").unwrap_err();
        assert!(error.to_string().contains("is not a folder"), "{error}");
    }
}
