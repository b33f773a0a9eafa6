//! The file that an address is saved under: like its last step, with an ending that says what it is.

use std::path::{Path, PathBuf};

use fluent_uri::Uri;
use palmares::ingest::sidecar::Sidecar;

/// Letters of a name: file systems take 255 bytes with what is added.
const LONGEST: usize = 100;

/// The path for an address in a folder: one that is free, or that the same address was saved under.
pub(super) fn free(folder: &Path, address: &str, ending: &str) -> PathBuf {
    let name = stem(address, ending);
    for number in 1_u32.. {
        let name = match number {
            1 => format!("{name}.{ending}"),
            number => format!("{name}-{number}.{ending}"),
        };
        let path = folder.join(name);
        let is_free = !path.exists() && !Sidecar::path(&path).exists();
        if is_free || Sidecar::read(&path).is_some_and(|before| before.address == address) {
            return path;
        }
    }
    folder.join(name)
}

/// The name without its ending: the last step of the path and the query, or the host where there is none.
fn stem(address: &str, ending: &str) -> String {
    let Ok(uri) = Uri::parse(address) else {
        return "page".to_owned();
    };
    let mut steps = uri.path().as_str().split('/');
    let last = steps.rfind(|step| !step.is_empty());
    let host = uri.authority().map_or("page", |authority| authority.host());
    let name = percent_encoding::percent_decode_str(last.unwrap_or(host)).decode_utf8_lossy();
    let endings = [ending, "htm", "php", "asp", "aspx", "jsp"];
    let mut name = match name.rsplit_once('.') {
        Some((stem, own))
            if last.is_some() && endings.iter().any(|known| known.eq_ignore_ascii_case(own)) =>
        {
            stem.to_owned()
        }
        _ => name.into_owned(),
    };
    if let Some(query) = uri.query() {
        name.push('-');
        name.push_str(query.as_str());
    }
    let mut clean = String::new();
    for letter in name.chars() {
        if letter.is_alphanumeric() || matches!(letter, '_' | '.') {
            clean.push(letter);
        } else if !clean.ends_with('-') {
            clean.push('-');
        }
    }
    let clean: String = clean.chars().take(LONGEST).collect();
    // A file whose name begins with a full stop is hidden.
    let clean = clean.trim_matches(['-', '.']);
    if clean.is_empty() {
        "page".to_owned()
    } else {
        clean.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, ending: &str, expected: &str) {
        assert_eq!(stem(address, ending), expected);
    }

    #[test]
    fn names_are_like_addresses_and_lead_nowhere() {
        check(
            "https://a.fr/x/Laur%C3%A9ats%202024.PDF",
            "pdf",
            "Lauréats-2024",
        );
        check("https://a.fr/", "html", "a.fr");
        check("https://a.fr/page.php?id=3&x=y", "html", "page-id-3-x-y");
        check("https://a.fr/..%2F..%2Fetc", "html", "etc");
        check("https://a.fr/%2E%2E%2F.", "txt", "page");
        check("https://a.fr/liste.v2", "html", "liste.v2");
    }
}
