//! Answers as they were given, one file each, under the hash of what was asked: the same question is asked once. What is kept is trusted no more than what is
//! given: it passes the same checks.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::program::MOST;
use crate::config::Assist;
use crate::message;
use crate::message::{Message, of_system};

/// The name of an answer: of the command, and of what it is given.
pub(super) fn key(command: &str, request: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(command);
    // No command holds it.
    hash.update([0]);
    hash.update(request);
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

fn path(assist: &Assist, key: &str) -> PathBuf {
    assist.cache.join(format!("{key}.json"))
}

/// The answer that was kept.
pub(super) fn find(assist: &Assist, key: &str) -> Option<Vec<u8>> {
    let mut answer = Vec::new();
    let file = File::open(path(assist, key)).ok()?;
    file.take(MOST as u64).read_to_end(&mut answer).ok()?;
    Some(answer)
}

/// Keeps an answer, whole or not at all.
pub(super) fn keep(assist: &Assist, key: &str, answer: &[u8]) -> Result<(), Message> {
    let write = || -> io::Result<()> {
        fs::create_dir_all(&assist.cache)?;
        // Another worker may be told the same at the same time.
        let beside = assist.cache.join(format!("{key}.{}", std::process::id()));
        fs::write(&beside, answer)?;
        fs::rename(&beside, path(assist, key))
    };
    write().map_err(|error| {
        message!(
            "answers cannot be kept in `{folder}`: {why}",
            folder = assist.cache.display(),
            why = of_system(&error)
        )
    })
}
