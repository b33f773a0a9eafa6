//! The modules of the library depend on each other one way: none is in a circle, and a stage takes nothing of another but what is listed here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Every module of the library, each below those that it may use.
const ORDER: [&str; 22] = [
    "message",
    "diagnostic",
    "error",
    "config",
    "model",
    "profile",
    "ingest",
    "parse",
    "layout",
    "segment",
    "extract",
    "assist",
    "normalize",
    "consistency",
    "decisions",
    "link",
    "validate",
    "export",
    "teach",
    "pipeline",
    "evaluate",
    "facade",
];

/// Modules that are promised, beside what the facade has at the crate's root.
const PROMISED: [&str; 2] = ["config", "model"];

/// Modules that are stages: from data to data.
const STAGES: [&str; 12] = [
    "ingest",
    "parse",
    "layout",
    "segment",
    "extract",
    "assist",
    "normalize",
    "consistency",
    "decisions",
    "link",
    "validate",
    "export",
];

/// What stages take of others: entries are stretches of the segmentation's units, amounts are told alike where they are found and where they are
/// worked out, and only what was checked is exported.
const TAKEN: [(&str, &str); 5] = [
    ("extract", "segment"),
    ("normalize", "extract"),
    ("consistency", "segment"),
    ("consistency", "extract"),
    ("export", "validate"),
];

/// The source files of a module.
fn files(module: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![src.join(format!("{module}.rs"))];
    let mut folders = vec![src.join(module)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.retain(|file| file.is_file());
    files
}

/// The modules that a source names by `crate::`, but for its tests and comments.
fn named(source: &str) -> BTreeSet<String> {
    let code = source.split("\n#[cfg(test)]\n").next().unwrap_or_default();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            rest[..end.unwrap_or(rest.len())].to_owned()
        })
        .collect()
}

/// For each module the others that it uses.
fn uses() -> BTreeMap<&'static str, BTreeSet<String>> {
    let of = |module: &'static str| {
        let files = files(module);
        assert!(!files.is_empty(), "there is no module {module}");
        let mut used: BTreeSet<String> = (files.iter())
            .flat_map(|file| named(&fs::read_to_string(file).unwrap()))
            .collect();
        // The macro is `message`'s.
        used.remove("word");
        used.remove(module);
        (module, used)
    };
    ORDER.into_iter().map(of).collect()
}

/// The root of the library.
fn library() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap()
}

/// The module that a line declares.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    line.strip_prefix("mod ")?.strip_suffix(';')
}

#[test]
fn every_module_of_the_library_has_its_place() {
    let library = library();
    let mut modules: Vec<&str> = library.lines().filter_map(declared).collect();
    let mut order = ORDER.to_vec();
    modules.sort_unstable();
    order.sort_unstable();
    assert_eq!(modules, order);
}

#[test]
fn stages_are_no_promise() {
    let library = library();
    let lines: Vec<&str> = library.lines().collect();
    let shown = |pair: &&[&str]| pair[1].starts_with("pub ") && pair[0] != "#[doc(hidden)]";
    let promised: Vec<&str> = (lines.windows(2).filter(shown))
        .filter_map(|pair| declared(pair[1]))
        .collect();
    assert_eq!(promised, PROMISED);
}

#[test]
fn no_modules_are_in_a_circle() {
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    for (module, used) in uses() {
        for other in used {
            let below = place(&other).unwrap_or_else(|| panic!("{module} uses `crate::{other}`"));
            assert!(
                Some(below) < place(module),
                "{module} uses {other}, which stands above it"
            );
        }
    }
}

#[test]
fn stages_are_independent() {
    let uses = uses();
    let taken: Vec<(&str, &str)> = STAGES
        .iter()
        .flat_map(|stage| {
            let others = STAGES.iter().filter(|other| uses[stage].contains(**other));
            others.map(|other| (*stage, *other))
        })
        .collect();
    assert_eq!(taken, TAKEN);
}

#[test]
fn uses_are_found_in_code_and_not_in_comments_or_tests() {
    let source = "//! See crate::link.\nuse crate::model::text::Text;\n    let a = crate::error::Stage::Parse; // crate::x is not code, but it is seldom\n#[cfg(test)]\nmod tests { use crate::export; }\n";
    let found = named(source);
    assert!(
        found.contains("model") && found.contains("error"),
        "{found:?}"
    );
    assert!(
        !found.contains("link") && !found.contains("export"),
        "{found:?}"
    );
}
