//! Where the documents are that come with the repository.

use std::path::PathBuf;

/// The documents of `fixtures/` and `raw/` with this extension.
pub(crate) fn originals(extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["fixtures", "raw"]
        .into_iter()
        .flat_map(walkdir::WalkDir::new)
        .map(|entry| entry.expect("fixtures can be listed").into_path())
        .filter(|path| path.extension().is_some_and(|own| own == extension))
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}
