//! From what the command line names to sources: folders are walked, globs are expanded, the order is that of the paths' bytes. Links to files are
//! read, links to folders in a walked one are not followed: they may lead anywhere, and back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use globset::GlobBuilder;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use walkdir::WalkDir;

use super::archive::Listing;
use super::sidecar::Sidecar;
use super::{Packed, Place, Source, sniff};
use crate::message::{Message, of_system, verbatim};
use crate::word;

/// What the named paths lead to.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// Each document once, in the byte order of the printed paths.
    pub sources: Vec<Source>,
    /// Archives of documents, which `open` puts in their place.
    pub archives: BTreeMap<PathBuf, Archive>,
    /// Files in walked folders and archives that are no documents (images, data): their printed paths, with what they are.
    pub skipped: Vec<(String, String)>,
    /// Folders and files that could not be looked at, with the reason.
    pub unreadable: Vec<(String, Message)>,
}

/// An archive that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// Where it lies.
    pub path: PathBuf,
    /// The parts of it that are read, files or folders as named; nothing where all is.
    only: Option<BTreeSet<String>>,
    display: String,
}

impl Archive {
    /// The path as records print it.
    pub fn display_path(&self) -> &str {
        &self.display
    }

    /// The name by which a file of the archive is read, that of a folder around it perhaps.
    fn wanted_by<'p>(&self, path: &'p str) -> Option<&'p str> {
        let Some(only) = &self.only else {
            return Some(path);
        };
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        folders.chain([path]).find(|name| only.contains(*name))
    }
}

impl Discovery {
    /// Adds an archive, or more that is read of one.
    fn add_archive(&mut self, path: &Path, only: Option<String>) {
        let entry = self.archives.entry(normal(path));
        let archive = entry.or_insert_with_key(|path| Archive {
            path: path.clone(),
            only: Some(BTreeSet::new()),
            display: printed(path),
        });
        match (only, &mut archive.only) {
            (None, all) => *all = None,
            (Some(name), Some(names)) => {
                names.insert(name);
            }
            (Some(_), None) => {}
        }
    }

    /// Puts the documents of an archive in its place. One that could not be listed is a source of its own, which reading refuses; so is what is named in it
    /// and not there.
    pub fn open(&mut self, archive: Archive, listing: Option<Listing>) {
        let Some(listing) = listing else {
            self.sources.push(source(archive.path));
            return self.settle();
        };
        let printed = |path: &str| format!("{}/{path}", archive.display);
        let mut found = BTreeSet::new();
        for member in listing.documents {
            if let Some(name) = archive.wanted_by(&member.path) {
                found.insert(name.to_owned());
                self.sources.push(Source {
                    display: printed(&member.path),
                    place: Place::Packed(Packed {
                        archive: archive.path.clone(),
                        size: Some(member.size),
                        id: member.id(),
                        path: member.path,
                        steps: member.steps,
                        address: member.address,
                    }),
                });
            }
        }
        for (path, what) in listing.skipped {
            if let Some(name) = archive.wanted_by(&path) {
                found.insert(name.to_owned());
                self.skipped.push((printed(&path), what));
            }
        }
        let missing = (archive.only.iter().flatten()).filter(|name| !found.contains(*name));
        (self.sources).extend(missing.map(|name| source(archive.path.join(name))));
        self.settle();
    }

    /// Each document once, all in order.
    fn settle(&mut self) {
        self.sources
            .sort_by(|a, b| a.display.as_bytes().cmp(b.display.as_bytes()));
        self.sources.dedup_by(|a, b| a.display == b.display);
        self.skipped.sort();
        self.skipped.dedup();
        self.unreadable.sort();
        self.unreadable.dedup();
    }
}

/// Bytes of a walked file that tell whether it is a document.
pub(super) const LOOK: usize = 4096;

/// The file by which the output folder of a run is known.
const RUN_FILE: &str = "run.json";

/// Bytes that it may have at most.
const LONGEST_RUN: u64 = 256 << 20;

/// Finds the documents that files, folders, globs and `-` name. A path that is none of them is taken for a file, so that reading it tells what is wrong.
/// What earlier runs wrote into folders below the named ones is left out, as is all that `output` holds, a folder in canonical form.
pub fn discover(inputs: &[PathBuf], output: Option<&Path>) -> Discovery {
    let mut found = Discovery::default();
    let mut known = BTreeMap::new();
    for input in inputs {
        if input == Path::new("-") {
            found.sources.push(Source {
                place: Place::Stdin,
                display: "-".to_owned(),
            });
        } else if input.is_dir() {
            let walker = WalkDir::new(input);
            walk(walker, |_| true, output, &mut found);
        } else if let Some((archive, only)) = archive_of(input, &mut known) {
            found.add_archive(archive, only);
        } else if let Some(glob) = pattern(input) {
            let root = glob_root(input);
            let walker = WalkDir::new(&root).max_depth(depth(input, &root));
            walk(
                walker,
                |path| glob.is_match(normal(path)),
                output,
                &mut found,
            );
        } else {
            found.sources.push(source(input.clone()));
        }
    }
    found.settle();
    found
}

/// The archive that a path names, or the one that it leads into and where to. What was looked at is `known`.
fn archive_of<'p>(
    path: &'p Path,
    known: &mut BTreeMap<&'p Path, bool>,
) -> Option<(&'p Path, Option<String>)> {
    let file = path.ancestors().find(|path| path.is_file())?;
    let is_archive = || matches!(look(file), Ok(Some(what)) if sniff::is_archive(what));
    if !*known.entry(file).or_insert_with(is_archive) {
        return None;
    }
    let only = normal(path.strip_prefix(file).ok()?);
    let only = only.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    Some((file, (!only.is_empty()).then_some(only)))
}

/// Adds the documents of a folder. Hidden files and folders are left out: they are the tools', not the people's.
fn walk(
    walker: WalkDir,
    is_wanted: impl Fn(&Path) -> bool,
    output: Option<&Path>,
    found: &mut Discovery,
) {
    let mut walker = walker.into_iter();
    while let Some(entry) = walker.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(Path::new("")).to_owned();
                let reason = error
                    .io_error()
                    .map_or_else(|| verbatim(error.to_string()), of_system);
                found.unreadable.push((printed(&path), reason));
                continue;
            }
        };
        // What is named itself, hidden or a link as it may be, is walked.
        if entry.depth() == 0 {
            continue;
        }
        let path = entry.path();
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if entry.file_type().is_dir() {
            if is_hidden || is_same(path, output) {
                walker.skip_current_dir();
            } else if is_output(path) {
                found
                    .skipped
                    .push((printed(path), word!("the output of a run").to_owned()));
                walker.skip_current_dir();
            }
            continue;
        }
        if is_hidden || !is_wanted(path) || Sidecar::is_one(path) {
            continue;
        }
        match look(path) {
            Ok(None) => found.sources.push(source(entry.into_path())),
            Ok(Some(what)) if sniff::is_archive(what) => {
                found.add_archive(path, None);
            }
            Ok(Some(what)) => found.skipped.push((printed(path), what.to_owned())),
            Err(error) => found.unreadable.push((printed(path), of_system(&error))),
        }
    }
}

/// Whether a folder is the one that is given in canonical form.
fn is_same(folder: &Path, canonical: Option<&Path>) -> bool {
    canonical.is_some_and(|canonical| {
        folder.file_name() == canonical.file_name()
            && folder.canonicalize().is_ok_and(|path| path == canonical)
    })
}

/// Whether a run wrote this folder: it holds the account of one.
fn is_output(folder: &Path) -> bool {
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "what counts is that they are there")]
    struct Account {
        version: String,
        inputs: IgnoredAny,
        counts: IgnoredAny,
    }
    File::open(folder.join(RUN_FILE)).is_ok_and(|file| {
        let file = BufReader::new(file.take(LONGEST_RUN));
        serde_json::from_reader::<_, Account>(file).is_ok()
    })
}

/// Bytes of a container that are looked at: office files are smaller, archives of anything else are known by their beginning.
const MOST_OF_CONTAINER: u64 = 64 * 1024 * 1024;

/// What a walked file is when it is no document. One that cannot be opened, or is empty, is left to `ingest`, which says so.
fn look(path: &Path) -> io::Result<Option<&'static str>> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Ok(Some(word!("a link to a folder")));
    }
    if !metadata.is_file() {
        return Ok(Some(word!("a pipe or a device")));
    }
    let mut head = Vec::with_capacity(LOOK);
    let read = File::open(path).and_then(|mut file| {
        (&mut file).take(LOOK as u64).read_to_end(&mut head)?;
        // What is packed into a container stands anywhere in it.
        if sniff::is_container(&head) {
            file.take(MOST_OF_CONTAINER).read_to_end(&mut head)?;
        }
        Ok(())
    });
    if read.is_err() {
        return Ok(None);
    }
    let extension = path.extension().and_then(|extension| extension.to_str());
    Ok(sniff::foreign(&head, extension))
}

/// A file, under the name that records print of its path.
pub fn source(path: PathBuf) -> Source {
    Source {
        display: printed(&path),
        place: Place::File(path),
    }
}

/// The path as records print it.
fn printed(path: &Path) -> String {
    /// A percent sign is encoded only where it could be mistaken for an encoded byte, which is where another byte is encoded.
    const WITH_PERCENT: &AsciiSet = &CONTROLS.add(b'%');
    let here = std::env::current_dir().unwrap_or_default();
    // `..` is followed by asking the file system: behind a link it does not lead back.
    let resolved = path
        .components()
        .any(|component| component == Component::ParentDir)
        .then(|| {
            let (path, here) = (path.canonicalize().ok()?, here.canonicalize().ok()?);
            path.strip_prefix(here).ok().map(Path::to_path_buf)
        })
        .flatten();
    let below = resolved
        .as_deref()
        .unwrap_or_else(|| path.strip_prefix(&here).unwrap_or(path));
    let path = normal(below);
    if path == Path::new("-") {
        // A file of that name, which is not standard input.
        return "./-".to_owned();
    }
    path.to_str().map_or_else(
        || percent_encode(path.as_os_str().as_encoded_bytes(), WITH_PERCENT).to_string(),
        |text| text.replace(std::path::MAIN_SEPARATOR, "/"),
    )
}

/// Without `.` components.
fn normal(path: &Path) -> PathBuf {
    path.components()
        .filter(|component| *component != Component::CurDir)
        .collect()
}

/// The pattern, where a path that does not exist looks like one.
fn pattern(path: &Path) -> Option<globset::GlobMatcher> {
    let text = path.to_str()?;
    if path.exists() || !text.contains(['*', '?', '[', '{']) {
        return None;
    }
    let glob = GlobBuilder::new(normal(path).to_str()?)
        .literal_separator(true)
        .build()
        .ok()?;
    Some(glob.compile_matcher())
}

/// Whether a path names the file of a source: it is that file, a folder that it lies in, or a glob that it matches.
pub fn is_named(source: &Source, path: &Path) -> bool {
    let (file, inside) = match (&source.place, source.regular_file()) {
        (Place::Packed(packed), _) => (packed.archive.as_path(), packed.path.as_str()),
        (_, Some(file)) => (file, ""),
        _ => return false,
    };
    let absolute = |path: &Path| std::path::absolute(path).map(|path| normal(&path));
    let Ok(path) = absolute(path) else {
        return false;
    };
    let glob = pattern(&path);
    // The file as it is named, and as it lies: a path may lead out of its folder and back.
    [absolute(file), file.canonicalize()]
        .into_iter()
        .flatten()
        .map(|file| {
            if inside.is_empty() {
                file
            } else {
                file.join(inside)
            }
        })
        .any(|file| {
            file.starts_with(&path) || glob.as_ref().is_some_and(|glob| glob.is_match(&file))
        })
}

/// The folder in front of the first component that is a pattern.
fn glob_root(path: &Path) -> PathBuf {
    let root: PathBuf = normal(path)
        .components()
        .take_while(|component| {
            !component
                .as_os_str()
                .to_string_lossy()
                .contains(['*', '?', '[', '{'])
        })
        .collect();
    if root.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        root
    }
}

/// How many folders below its root a pattern can match: as many as it has steps, unless it says « however many ».
fn depth(pattern: &Path, root: &Path) -> usize {
    if pattern.to_string_lossy().contains("**") {
        return usize::MAX;
    }
    let n_steps = |path: &Path| normal(path).components().count();
    n_steps(pattern).saturating_sub(n_steps(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed paths of what `inputs` lead to in a folder with these files.
    #[track_caller]
    fn check(files: &[(&str, &[u8])], inputs: &[&str], expected: &[&str]) {
        let here = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = here.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let inputs: Vec<PathBuf> = inputs.iter().map(|input| here.path().join(input)).collect();
        let root = format!("{}/", here.path().display());
        let found: Vec<String> = discover(&inputs, None)
            .sources
            .iter()
            .map(|source| source.display_path().replace(&root, ""))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn folders_are_walked_in_byte_order_without_hidden_files_and_images() {
        check(
            &[
                ("b.txt", b"un"),
                ("B.txt", b"deux"),
                ("sub/\u{e9}t\u{e9}.txt", b"trois"),
                (".hidden.txt", b"x"),
                ("photo.pdf", b"\x89PNG\r\n\x1a\n"),
            ],
            &["."],
            &["B.txt", "b.txt", "sub/\u{e9}t\u{e9}.txt"],
        );
    }

    #[test]
    fn a_glob_matches_within_a_folder_and_a_file_of_its_name_comes_first() {
        let files: &[(&str, &[u8])] = &[
            ("a.txt", b"x"),
            ("b.md", b"x"),
            ("sub/c.txt", b"x"),
            ("[d].txt", b"x"),
        ];
        check(files, &["*.txt"], &["[d].txt", "a.txt"]);
        check(files, &["**/*.txt"], &["[d].txt", "a.txt", "sub/c.txt"]);
        check(files, &["[d].txt"], &["[d].txt"]);
    }

    #[test]
    fn a_file_that_is_named_twice_is_read_once() {
        check(&[("a.txt", b"x")], &["a.txt", "./a.txt", "."], &["a.txt"]);
    }

    #[test]
    fn any_name_is_a_name() {
        let names = [
            "-",
            "-o",
            "a b\u{e9}.txt",
            "e\u{301}t\u{e9}",
            "un\ndeux",
            "\u{e9}t\u{e9}",
        ];
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"x"[..])).collect();
        check(&files, &["."], &names);
    }

    #[test]
    fn data_in_a_folder_is_left_out_and_read_when_named() {
        let files: &[(&str, &[u8])] = &[("a.csv", b"x;y"), ("b.json", b"{}"), ("c.txt", b"x")];
        check(files, &["."], &["a.csv", "c.txt"]);
        check(files, &["b.json"], &["b.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_utf_8_are_percent_encoded() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"caf\xe9 100%.pdf"));
        assert_eq!(printed(path), "caf%E9 100%25.pdf");
        assert_eq!(
            printed(Path::new("caf\u{e9} 100%.pdf")),
            "caf\u{e9} 100%.pdf"
        );
        assert_eq!(printed(Path::new("./-")), "./-");
    }

    #[test]
    fn a_glob_goes_as_deep_as_it_says() {
        let depth = |pattern: &str| {
            let pattern = Path::new(pattern);
            depth(pattern, &glob_root(pattern))
        };
        assert_eq!(depth("*.pdf"), 1);
        assert_eq!(depth("./raw/*.pdf"), 1);
        assert_eq!(depth("../raw/20??/*.{pdf,html}"), 2);
        assert_eq!(depth("{a/b,c}/*.pdf"), 3);
        assert_eq!(depth("raw/**/*.pdf"), usize::MAX);
    }

    #[test]
    fn what_runs_wrote_is_no_input() {
        let run: &[u8] = br#"{"version": "0.1.0", "inputs": [], "counts": {}}"#;
        let files: &[(&str, &[u8])] = &[
            ("a.txt", b"x"),
            ("old/run.json", run),
            ("old/notes.txt", b"x"),
            ("old/links.ndjson", b""),
            ("other/run.json", b"{}"),
            ("other/b.txt", b"x"),
        ];
        check(files, &["."], &["a.txt", "other/b.txt"]);
        check(files, &["old"], &["old/notes.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_files_are_read_and_links_to_folders_are_not_followed() {
        use std::os::unix::fs::symlink;
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("raw");
        fs::create_dir(&folder).unwrap();
        fs::write(here.path().join("a.txt"), "x").unwrap();
        symlink(here.path().join("a.txt"), folder.join("link.txt")).unwrap();
        symlink("/", folder.join("everything")).unwrap();
        symlink("nowhere", folder.join("broken")).unwrap();
        let found = discover(std::slice::from_ref(&folder), None);
        let named = |name: &str| folder.join(name).display().to_string();
        assert_eq!(found.sources.len(), 1);
        assert_eq!(found.sources[0].display_path(), named("link.txt"));
        assert_eq!(
            found.skipped,
            [(named("everything"), "a link to a folder".to_owned())]
        );
        assert_eq!(found.unreadable.len(), 1);
        assert_eq!(found.unreadable[0].0, named("broken"));
        fs::remove_file(folder.join("everything")).unwrap();
        symlink(&folder, here.path().join("named")).unwrap();
        let found = discover(&[here.path().join("named")], None);
        assert_eq!((found.sources.len(), found.skipped.len()), (1, 0));
    }

    #[test]
    fn a_missing_file_is_left_to_reading() {
        check(&[], &["missing.pdf"], &["missing.pdf"]);
    }
}
