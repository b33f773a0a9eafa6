//! Palmarès turns brochures and web pages that list laureates into clean, grounded JSON: who was chosen, for what, where, with whom, and for each value
//! the page or the bytes that it was read from, and how sure it is. It reads PDF, HTML, Markdown, text, CSV, spreadsheets and texts of word processors.
//!
//! The crate is first of all the command `palmares`. As a library it gives the same records by a call each:
//!
//! - [`read`] and [`read_bytes`]: a document to its [`Document`]: the [`Mention`]s that it makes of laureates, checked, what it says of itself, and what is doubtful;
//! - [`run`]: documents to [`Laureate`]s, each once, with all that they say of it;
//! - [`link()`]: the mentions of documents that were read before to laureates.
//!
//! One document:
//!
//! ```
//! use palmares::{Options, read};
//!
//! # let raw = concat!(env!("CARGO_MANIFEST_DIR"), "/raw");
//! # let file = format!("{raw}/aller-vers-les-invisibles.html");
//! let document = read(file, &Options::default())?;
//! for mention in &document.mentions {
//!     println!("{:?}: {:?}", mention.name, mention.confidence.get("/name"));
//! }
//! for warning in document.warnings() {
//!     println!("{}: {}", warning.severity, warning.message);
//! }
//! assert_eq!(document.mentions.len(), 5);
//! # Ok::<(), palmares::Error>(())
//! ```
//!
//! Many, of which some may be unreadable:
//!
//! ```
//! use palmares::{Document, Options, link, read};
//!
//! # let raw = concat!(env!("CARGO_MANIFEST_DIR"), "/raw");
//! # let files = ["laureats-agir-2022.pdf", "aller-vers-les-invisibles.html", "absent.pdf"].map(|file| format!("{raw}/{file}"));
//! let options = Options::default();
//! let (mut documents, mut failures) = (Vec::<Document>::new(), Vec::new());
//! for file in files {
//!     match read(file, &options) {
//!         Ok(document) => documents.push(document),
//!         Err(error) => failures.push(error),
//!     }
//! }
//! let laureates = link(documents.iter().flat_map(|document| &document.mentions), &options);
//! assert_eq!(laureates.len(), 10);
//! assert!(failures[0].to_string().ends_with("it does not exist"));
//! ```
//!
//! # Limits
//!
//! - Documents are read in this process, on threads that each call starts. A panic of a parser is an error of its document; its text still goes to the panic hook.
//! - The limits of size, pages, operations and nesting hold. Those of time and memory are the command's alone, which reads each document in a process
//!   that it can end: whoever reads files of strangers runs the command, `palmares extract` or `palmares run`, and reads its JSON.
//! - No configuration file is looked for, no program of `[assist]` asked, and no table of decisions followed; identifiers are those of a run into a fresh folder.
//! - The promise is what stands here, [`config`] and [`model`]. The other modules are public for the command and the tests, and may change in any version.
#![warn(clippy::indexing_slicing, clippy::unwrap_used)]
// Tests cut strings where they know them; the other two lints let tests be by themselves.
#![cfg_attr(not(test), warn(clippy::string_slice))]

mod facade;

pub use error::{Error, ErrorKind, Stage};
pub use facade::{Document, Options, Profiles, link, read, read_bytes, run};
pub use message::Message;
pub use model::laureate::Laureate;
pub use model::mention::Mention;

pub mod config;
pub mod model;

// The stages: public for the command, the tests, the benches and the fuzz targets, and no promise.
#[doc(hidden)]
pub mod assist;
#[doc(hidden)]
pub mod consistency;
#[doc(hidden)]
pub mod decisions;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
pub mod evaluate;
#[doc(hidden)]
pub mod export;
#[doc(hidden)]
pub mod extract;
#[doc(hidden)]
pub mod ingest;
#[doc(hidden)]
pub mod layout;
#[doc(hidden)]
pub mod link;
#[doc(hidden)]
pub mod message;
#[doc(hidden)]
pub mod normalize;
#[doc(hidden)]
pub mod parse;
#[doc(hidden)]
pub mod pipeline;
#[doc(hidden)]
pub mod profile;
#[doc(hidden)]
pub mod segment;
#[doc(hidden)]
pub mod teach;
#[doc(hidden)]
pub mod validate;
