//! Damaged copies of every fixture, by seed: the stages never panic, always end, and what they read still holds.

use std::cell::Cell;
use std::io::Write;
use std::panic;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use originals::originals;
use palmares::model::raw::Format;

mod damage;
mod hold;
mod originals;

/// Damaged copies of each format.
const COPIES: u64 = 500;

/// Longest that a copy may take, in a build without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn pdfs() {
    check(&originals("pdf"), |bytes| {
        hold::document(Format::Pdf, bytes);
    });
}

#[test]
fn web_pages() {
    check(&originals("html"), |bytes| {
        hold::document(Format::Html, bytes);
    });
}

#[test]
fn markdown() {
    check(&originals("md"), |bytes| {
        hold::document(Format::Markdown, bytes);
    });
}

#[test]
fn texts() {
    check(&originals("txt"), |bytes| {
        hold::document(Format::Plain, bytes);
    });
}

#[test]
fn documents_that_are_tables() {
    check(&originals("csv"), |bytes| {
        hold::document(Format::Csv { delimiter: b';' }, bytes);
    });
}

#[test]
fn workbooks() {
    check(&originals("xlsx"), |bytes| {
        hold::document(Format::Xlsx, bytes);
    });
}

#[test]
fn workbooks_of_other_programs() {
    check(&originals("ods"), |bytes| {
        hold::document(Format::Ods, bytes);
    });
}

#[test]
fn texts_of_word() {
    check(&originals("docx"), |bytes| {
        hold::document(Format::Docx, bytes);
    });
}

#[test]
fn texts_of_other_programs() {
    check(&originals("odt"), |bytes| {
        hold::document(Format::Odt, bytes);
    });
}

#[test]
fn texts_that_word_processors_exchange() {
    check(&originals("rtf"), |bytes| {
        hold::document(Format::Rtf, bytes);
    });
}

#[test]
fn archives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lot.zip");
    let mut lot = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for name in ["liste-de-noms/input.html", "texte-word/input.docx"] {
        let bytes = std::fs::read(format!("fixtures/{name}")).unwrap();
        lot.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        lot.write_all(&bytes).unwrap();
    }
    lot.finish().unwrap();
    let mail = folder.path().join("message.eml");
    std::fs::write(
        &mail,
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>Les lauréats\n--x\n\
         Content-Type: text/csv\nContent-Disposition: attachment; filename=l.csv\nContent-Transfer-Encoding: base64\n\nYTtiO2M7ZAo=\n--x--\n",
    )
    .unwrap();
    let web = PathBuf::from("fixtures/page-archivee/input.warc");
    check(&[path, mail, web], hold::anything);
}

#[test]
fn tables() {
    check(&[PathBuf::from("extracted/laureates.csv")], hold::link);
}

#[test]
fn records() {
    check(&[PathBuf::from("extracted/mentions.ndjson")], hold::link);
}

#[test]
fn blocks() {
    check(&originals("txt"), hold::segmentation);
}

/// Holds the originals, and damaged copies of one after the other.
#[track_caller]
fn check(originals: &[PathBuf], hold: fn(&[u8])) {
    let originals: Vec<(String, Vec<u8>)> = originals
        .iter()
        .map(|path| {
            (
                path.display().to_string(),
                std::fs::read(path).expect("it can be read"),
            )
        })
        .collect();
    let (underway, told) = channel();
    let worker = thread::spawn(move || hold_copies(&originals, hold, &underway));
    let mut name = String::new();
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok(next) => name = next,
            Err(RecvTimeoutError::Timeout) => panic!("{name} does not end"),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    assert!(worker.join().is_ok(), "{name} does not hold");
}

/// Tells the name of each copy before it starts.
fn hold_copies(originals: &[(String, Vec<u8>)], hold: fn(&[u8]), underway: &Sender<String>) {
    count_panics();
    // All on this thread, so that the panics are its own.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread();
    let _pool = pool.build().expect("a pool of this thread");
    let hold = |name: String, bytes: &[u8]| {
        underway.send(name).expect("the test waits");
        hold(bytes);
        assert_eq!(PANICS.get(), 0, "a stage caught a panic");
    };
    for (path, bytes) in originals {
        hold(path.clone(), bytes);
    }
    for (seed, (path, bytes)) in (0..COPIES).zip(originals.iter().cycle()) {
        let name = format!("{path}, damaged with seed {seed},");
        hold(name, &damage::damaged(bytes, seed));
    }
}

thread_local! {
    /// Panics of this thread, those that somebody catches included.
    static PANICS: Cell<u32> = const { Cell::new(0) };
}

fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            PANICS.set(PANICS.get() + 1);
            print(panic);
        }));
    });
}
