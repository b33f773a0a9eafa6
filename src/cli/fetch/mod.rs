//! `palmares fetch`: pages and files from the web into a folder, each with a note beside it of where it came from. The only door to the network.
//!
//! `client` asks within limits and refuses addresses of the own network, `robots` says what a site does not want read, `name` chooses the file.

mod client;
mod name;
mod robots;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use palmares::ingest;
use palmares::ingest::sidecar::Sidecar;
use palmares::message;
use palmares::message::word;
use palmares::model::raw::DocumentId;

use self::client::{Client, Failure, Fetched};
use super::global::Format;
use super::told::Because;
use super::{CLEAN, FINDINGS, Global, file};

/// Fetch pages and files from the web into a folder, one after the other.
///
/// Each is saved with what it is known by (address, date, headers, hash) in a file beside it, which reading takes the address from. What a site does not
/// want read by programs (robots.txt) is not fetched, nor what lies in the own network. No cookie, no password and no proxy is used.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares fetch https://example.org/laureats.pdf\n  palmares fetch https://example.org/laureats https://example.org/2024 -o raw && palmares run"
)]
pub(crate) struct Args {
    /// Addresses, http or https
    #[arg(required = true, value_name = "URL")]
    addresses: Vec<String>,
    /// Folder to save into
    #[arg(short, long, value_name = "FOLDER", default_value = "raw")]
    output: PathBuf,
    /// Seconds that one address may take, redirects included
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Fetch from the own network and this machine, too
    #[arg(long)]
    allow_private: bool,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    fs::create_dir_all(&args.output).because(|| {
        message!(
            "cannot make the folder `{folder}`",
            folder = args.output.display()
        )
    })?;
    let mut client = Client::new(
        Duration::from_secs(args.timeout),
        global.config.limits.bytes,
        if args.allow_private {
            |_| true
        } else {
            client::is_public
        },
    );
    let mut notes = Vec::new();
    let mut findings = false;
    for address in &args.addresses {
        match client
            .fetch(address)
            .and_then(|fetched| save(&args.output, address, fetched))
        {
            Ok((path, is_new, sidecar)) => {
                if !is_new {
                    global.note(&message!("{path}: unchanged", path = path.display()));
                }
                if global.format == Format::Text {
                    global.print(&path.display().to_string())?;
                }
                notes.push(sidecar);
            }
            Err(failure) => {
                findings = true;
                let hint = failure.hint();
                global.error(
                    message!(
                        "cannot fetch `{address}`: {failure}",
                        address,
                        failure = failure.message()
                    ),
                    hint,
                );
            }
        }
    }
    if global.format == Format::Json {
        global.print(&serde_json::to_string_pretty(&notes)?)?;
    }
    Ok(ExitCode::from(if findings { FINDINGS } else { CLEAN }))
}

/// Saves a document and the note beside it, unless they are there. Says where, and whether the bytes are new.
fn save(
    folder: &Path,
    requested: &str,
    fetched: Fetched,
) -> Result<(PathBuf, bool, Sidecar), Failure> {
    let kind = ingest::tell(&fetched.bytes).map_err(|what| Failure::Kind(word(what)))?;
    let id = DocumentId::of(&fetched.bytes).to_string();
    let path = name::free(folder, &fetched.address, kind);
    let is_new = Sidecar::read(&path).is_none_or(|before| before.sha256 != id) || !path.is_file();
    let sidecar = Sidecar {
        requested: (requested != fetched.address).then(|| requested.to_owned()),
        fetched: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        sha256: id,
        headers: fetched.headers,
        address: fetched.address,
    };
    let mut note =
        serde_json::to_vec_pretty(&sidecar).map_err(|error| Failure::Io(error.into()))?;
    note.push(b'\n');
    // A note that is older or newer than the document names another hash, and is not believed.
    for (path, bytes) in [(&path, &fetched.bytes), (&Sidecar::path(&path), &note)] {
        file::write(path, |out| out.write_all(bytes)).map_err(Failure::Io)?;
    }
    Ok((path, is_new, sidecar))
}

/// Headers that say what a document is, and of when.
fn told(headers: &ureq::http::HeaderMap) -> BTreeMap<String, String> {
    const TOLD: [&str; 6] = [
        "content-type",
        "content-disposition",
        "content-language",
        "date",
        "etag",
        "last-modified",
    ];
    TOLD.into_iter()
        .filter_map(|name| {
            let value = headers.get(name)?;
            Some((
                name.to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            ))
        })
        .collect()
}
