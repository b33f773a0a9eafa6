//! All or nothing: files are written into a fresh folder, synced, and put in place at the end. A run that is killed before leaves the last output.
//!
//! The fresh folder stands beside the output folder, and the two trade places in one step. Where they cannot (the output folder is a mount point, its
//! parent cannot be written, somebody stands in it) the fresh folder becomes, in one step, the folder of what is pending, and its files replace their
//! predecessors one by one: a run that is killed among them is completed by the next. What is not ours is never touched.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::records::is_written_by_palmares;
use super::{Because, Usage};
use palmares::export::report::pages::{FOLDER, is_picture};
use palmares::message;

/// All files that commands write into output folders.
pub(crate) const FILES: [&str; 12] = [
    "mentions.ndjson",
    "laureates.json",
    "laureates.ndjson",
    "laureates.csv",
    "laureats.csv",
    "links.ndjson",
    "documents.ndjson",
    "rejects.ndjson",
    "registry.ndjson",
    "organisations.ndjson",
    PAGE,
    "run.json",
];

/// The report, and with it the folder of its pictures.
const PAGE: &str = "report.html";

/// Ends the names of fresh folders, after the output folder's own.
const FRESH_MARK: &str = ".palmares-";

/// In an output folder: a whole output of which some files are not in place yet.
const PENDING: &str = ".palmares-pending";

/// Held locked for as long as the run that owns a fresh folder lives.
const LOCK_FILE: &str = ".lock";

/// A fresh folder without a living owner is swept once it is this old: younger ones may be about to be locked.
const SWEEP_AFTER: Duration = Duration::from_mins(1);

/// Other runs into the same folder may come between two steps; so often in a row they do not.
const ATTEMPTS: usize = 10;

/// A folder being written. Dropped without `commit`, it leaves nothing behind.
pub(crate) struct Output {
    target: PathBuf,
    fresh: PathBuf,
    lock: Option<File>,
    names: Mutex<Vec<OsString>>,
    committed: bool,
}

impl Output {
    /// A fresh folder for what is to stand in `folder`, which need not exist yet. `names` are the files that may be written: an error where one of
    /// them is somebody else's.
    pub(crate) fn create(folder: &Path, names: &[&str]) -> anyhow::Result<Self> {
        let target = resolved(folder)?;
        ensure_folder(&target, folder)?;
        for name in names {
            ensure_ours(&target.join(name), folder)?;
        }
        let unwritable = || {
            Usage::new(
                message!("cannot write into `{folder}`", folder = folder.display()),
                message!("name a folder that can be written with `-o FOLDER`"),
            )
        };
        complete(&target).because(unwritable)?;
        let fresh = fresh_folder(&target).because(unwritable)?;
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
            names: Mutex::new(Vec::new()),
            committed: false,
        })
    }

    /// Where the folder will be, without links.
    pub(crate) fn folder(&self) -> &Path {
        &self.target
    }

    /// Writes one file and syncs it to the disk. Several threads may write, each a file of its own.
    pub(crate) fn write(
        &self,
        name: &str,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let path = self.fresh.join(name);
        let written = || -> io::Result<()> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut out = BufWriter::new(File::create(&path)?);
            fill(&mut out)?;
            out.into_inner()?.sync_all()
        };
        written().because(|| {
            message!(
                "cannot write `{target}`",
                target = self.target.join(name).display()
            )
        })?;
        self.names().push(OsString::from(name));
        Ok(())
    }

    /// An error where what is to be written would replace what palmares did not write. `named` is how the user calls the folder.
    pub(crate) fn ensure_ours(&self, name: &str, named: &Path) -> anyhow::Result<()> {
        ensure_ours(&self.target.join(name), named)
    }

    /// Puts what was written in the place of what was there.
    pub(crate) fn commit(mut self) -> anyhow::Result<()> {
        let place = || {
            message!(
                "cannot put the output in place in `{target}`",
                target = self.target.display()
            )
        };
        fs::remove_file(self.fresh.join(LOCK_FILE)).because(place)?;
        self.lock = None;
        if !self.swap().because(place)? {
            self.replace_files().because(place)?;
        }
        self.committed = true;
        for folder in [self.target.parent(), Some(&self.target)]
            .into_iter()
            .flatten()
        {
            sync_folder(folder);
            sweep(folder, &self.target);
        }
        let _ = fs::remove_dir_all(&self.fresh);
        Ok(())
    }

    /// Trades the folders. False where that cannot be done.
    fn swap(&self) -> io::Result<bool> {
        let stands_inside =
            std::env::current_dir().is_ok_and(|here| here.starts_with(&self.target));
        sync_folder(&self.fresh.join(FOLDER));
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
        complete(&self.target)?;
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

    /// The second best: what was written becomes what is pending in one step, and is then moved file by file.
    fn replace_files(&self) -> io::Result<()> {
        sync_folder(&self.fresh);
        let pending = self.target.join(PENDING);
        let mut renamed = fs::rename(&self.fresh, &pending);
        for _ in 1..ATTEMPTS {
            if renamed.is_ok() || !pending.exists() {
                break;
            }
            // Another run's.
            complete(&self.target)?;
            renamed = fs::rename(&self.fresh, &pending);
        }
        renamed?;
        sync_folder(&self.target);
        complete(&self.target)
    }

    /// Gives `to` what `from` holds beside our files and `to` does not: as hard links, so that both folders are whole at every moment.
    fn keep_foreign(&self, from: &Path, to: &Path, at_top: bool) -> io::Result<()> {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let (name, source) = (entry.file_name(), entry.path());
            let copy = to.join(&name);
            // Pictures belong to the page that is replaced.
            let is_picture = name == FOLDER && self.is_ours(OsStr::new(PAGE)) && is_ours(&source);
            if at_top && (is_picture || self.is_ours(&name) || is_fresh(&name, &self.target)) {
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
    let cannot = || {
        Usage::new(
            message!(
                "cannot make the folder `{folder}`",
                folder = folder.display()
            ),
            message!("name a folder that can be written with `-o FOLDER`"),
        )
    };
    let absolute = std::path::absolute(folder).because(cannot)?;
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Ok(absolute);
    };
    fs::create_dir_all(parent).because(cannot)?;
    Ok(parent.canonicalize().because(cannot)?.join(name))
}

/// An error where something else than a folder stands at the target, or a link that leads nowhere. `named` is how the user calls it.
fn ensure_folder(target: &Path, named: &Path) -> anyhow::Result<()> {
    let what = if target.is_dir() || fs::symlink_metadata(target).is_err() {
        return Ok(());
    } else if target.exists() {
        message!("it is not a folder")
    } else {
        message!("it is a link to what does not exist")
    };
    Err(Usage::new(
        message!(
            "cannot write into `{named}`: {what}",
            named = named.display(),
            what
        ),
        message!("name another one with `-o FOLDER`"),
    )
    .into())
}

/// An error where the output would replace a file, a folder or a link that palmares did not write.
fn ensure_ours(path: &Path, named: &Path) -> anyhow::Result<()> {
    if fs::symlink_metadata(path).is_err() || is_ours(path) {
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Err(Usage::new(
        message!(
            "cannot write into `{named}`: it holds a `{name}` that palmares did not write",
            named = named.display(),
            name = name.as_ref()
        ),
        message!("move it away, or name another folder with `-o FOLDER`"),
    )
    .into())
}

/// Whether palmares wrote a file, or the pictures that a folder holds.
fn is_ours(path: &Path) -> bool {
    if path.file_name() != Some(OsStr::new(FOLDER)) {
        return is_written_by_palmares(path);
    }
    let is_folder = fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let holds_pictures = || {
        let mut entries = fs::read_dir(path)?;
        entries.try_fold(true, |all, entry| {
            let entry = entry?;
            let is_picture = entry.file_name().to_str().is_some_and(is_picture);
            Ok::<bool, io::Error>(all && is_picture && entry.file_type()?.is_file())
        })
    };
    is_folder && holds_pictures().unwrap_or(false)
}

/// Moves the files of an output that is pending in this folder to their places: a run that was killed among them is completed by this.
fn complete(target: &Path) -> io::Result<()> {
    let pending = target.join(PENDING);
    if !pending.is_dir() {
        return Ok(());
    }
    // The pictures go before the page, which tells for as long as it is pending that they are replaced with it.
    let pictures = target.join(FOLDER);
    if pending.join(PAGE).exists() && is_ours(&pictures) {
        fs::remove_dir_all(&pictures)?;
    }
    for name in std::iter::once(FOLDER).chain(FILES) {
        match fs::rename(pending.join(name), target.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_folder(target);
    match fs::remove_dir_all(&pending) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A folder beside the target where the two can trade places, or inside it.
fn fresh_folder(target: &Path) -> io::Result<PathBuf> {
    let moment = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    let mut name = fresh_prefix(target);
    name.push(format!("{}-{moment:x}", std::process::id()));
    let beside = target.parent().map(|parent| parent.join(&name));
    for _ in 1..ATTEMPTS {
        if !target.exists()
            && let Some(beside) = &beside
        {
            fs::create_dir(beside)?;
            return Ok(beside.clone());
        }
        // What can be moved from inside to beside is on one file system, and can be moved back. Asking for device numbers would not do: a folder
        // may be mounted from the same device.
        let inside = target.join(&name);
        fs::create_dir(&inside)?;
        match &beside {
            Some(beside) if fs::rename(&inside, beside).is_ok() => return Ok(beside.clone()),
            _ if inside.is_dir() => return Ok(inside),
            // Another run replaced the folder in between.
            _ => {}
        }
    }
    Err(io::ErrorKind::ResourceBusy.into())
}

/// What the names of fresh folders for this target start with.
fn fresh_prefix(target: &Path) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or(OsStr::new("output")));
    prefix.push(FRESH_MARK);
    prefix
}

fn is_fresh(name: &OsStr, target: &Path) -> bool {
    name.as_encoded_bytes()
        .starts_with(fresh_prefix(target).as_encoded_bytes())
}

/// Removes fresh folders of runs that were killed.
fn sweep(folder: &Path, target: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > SWEEP_AFTER));
        if !is_fresh(&entry.file_name(), target) || !is_old {
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
        let output = Output::create(folder, &["run.json"])?;
        output.write("run.json", |out| out.write_all(content.as_bytes()))?;
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

    /// A record that palmares knows for its own.
    fn record(number: u8) -> String {
        format!("{{\"reasons\": [{number}]}}")
    }

    fn read(folder: &Path) -> String {
        fs::read_to_string(folder.join("run.json")).unwrap()
    }

    #[test]
    fn a_second_run_replaces_the_first_and_keeps_foreign_files() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("deep/extracted");
        run(&folder, &record(1)).unwrap();
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        fs::create_dir(folder.join("sub")).unwrap();
        fs::write(folder.join("sub/run.json"), "mine too").unwrap();
        run(&folder, &record(2)).unwrap();
        assert_eq!(read(&folder), record(2));
        assert_eq!(
            fs::read_to_string(folder.join("notes.txt")).unwrap(),
            "mine"
        );
        assert_eq!(
            fs::read_to_string(folder.join("sub/run.json")).unwrap(),
            "mine too"
        );
        assert_eq!(listing(&folder), ["notes.txt", "run.json", "sub"]);
        assert_eq!(listing(folder.parent().unwrap()), ["extracted"]);
    }

    #[test]
    fn a_run_that_stops_half_way_leaves_the_last_output() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("extracted");
        run(&folder, &record(1)).unwrap();
        let output = Output::create(&folder, &["run.json"]).unwrap();
        output.write("run.json", |out| out.write_all(b"2")).unwrap();
        let failed = output.write("b.json", |_| Err(io::Error::other("disk full")));
        assert!(failed.is_err());
        drop(output);
        assert_eq!(read(&folder), record(1));
        assert_eq!(listing(here.path()), ["extracted"]);
    }

    #[test]
    fn what_is_not_ours_is_refused_before_work_starts() {
        let here = tempfile::tempdir().unwrap();
        let refused = |folder: &Path, expected: &str| {
            let error = Output::create(folder, &FILES).map(|_| ()).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        };
        let file = here.path().join("file");
        fs::write(&file, "").unwrap();
        refused(&file, "is not a folder");
        let folder = here.path().join("folder");
        for (name, content) in [
            ("laureates.csv", "nom;ville\n"),
            ("laureates.json", "[{\"nom\": 1}]"),
            ("run.json", "{"),
        ] {
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join(name), content).unwrap();
            refused(&folder, "did not write");
            assert_eq!(listing(&folder), [name]);
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(folder.join("links.ndjson")).unwrap();
        refused(&folder, "did not write");
    }

    #[test]
    fn a_pending_output_is_completed_by_the_next_run_whatever_becomes_of_it() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("extracted");
        fs::create_dir_all(folder.join(PENDING)).unwrap();
        fs::write(folder.join("links.ndjson"), record(2)).unwrap();
        fs::write(folder.join("run.json"), record(1)).unwrap();
        fs::write(folder.join(PENDING).join("run.json"), record(2)).unwrap();
        drop(Output::create(&folder, &FILES).unwrap());
        assert_eq!(listing(&folder), ["links.ndjson", "run.json"]);
        assert_eq!(
            fs::read_to_string(folder.join("run.json")).unwrap(),
            record(2)
        );
    }

    #[test]
    fn files_replace_one_by_one_what_cannot_be_traded() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("extracted");
        run(&folder, &record(1)).unwrap();
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        let output = Output::create(&folder, &["run.json"]).unwrap();
        let written = record(2);
        output
            .write("run.json", |out| out.write_all(written.as_bytes()))
            .unwrap();
        output.replace_files().unwrap();
        assert_eq!(read(&folder), written);
        assert_eq!(listing(&folder), ["notes.txt", "run.json"]);
    }
}
