//! What several test files need: where the shared corpus is, and how to say that a test did not run.

use std::io::Write;
use std::path::PathBuf;

/// The shared folder: `PALMARES_SHARED`, by default `../shared`. Where it is absent the test says that it did not run; with `CI=true` its absence
/// is a failure.
pub(crate) fn shared(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("PALMARES_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    did_not_run(test, "the shared corpus is not there; set PALMARES_SHARED");
    None
}

/// Says so on standard error itself, which the test harness does not swallow.
pub(crate) fn did_not_run(test: &str, why: &str) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{test} did not run: {why}"
    );
    let _ = writeln!(std::io::stderr(), "{test} did not run: {why}");
}
