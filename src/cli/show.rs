//! `palmares show`: where the values of a record stand in their document.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use palmares::evaluate::Record;
use palmares::ingest::{self, Source};
use palmares::message;
use palmares::model::evidence::Evidence;
use palmares::profile::fold;
use serde_json::{Value, json};

use super::explain::described;
use super::input::sources;
use super::records::read_mentions;
use super::{Because, CLEAN, Format, Global, Usage, file, terminal};

/// Show where the values of a record stand in their document: page and box, cell, line or bytes.
///
/// The record is one of a run, told by its id, the beginning of it, or words of its name or project. With `--image`, the page of a PDF is drawn with the value
/// marked on it.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares show \"Les Francas\"\n  palmares show m-52055aec territory\n  palmares show \"Le bus qui cause\" amount --image page.png\n  palmares show m-52055aec --format json | jq '.values[].evidence'"
)]
pub(crate) struct Args {
    /// The record: its id, the beginning of that, or words of its name or project
    record: String,
    /// The field, as `palmares schema mention` calls it [default: all that have a value]
    field: Option<String>,
    /// Folder that `palmares run` wrote
    #[arg(long, value_name = "FOLDER", default_value = "extracted")]
    of: PathBuf,
    /// Draw the page of a PDF with the value marked on it; `-` is standard output
    #[arg(long, value_name = "FILE.png")]
    image: Option<PathBuf>,
}

/// A value of the record.
struct Shown {
    /// Its place in the record, as a JSON Pointer.
    pointer: String,
    value: String,
    confidence: Option<f64>,
    evidence: Vec<Evidence>,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let mentions = read_mentions(&args.of)?;
    let mention = find(&mentions, &args.record)?;
    let values = values(mention, args.field.as_deref())?;
    let document = text_of(
        mention
            .get("document")
            .and_then(|document| document.get("path")),
    );
    if let Some(image) = &args.image {
        let png = drawn(&document, &values, global)?;
        if image == Path::new("-") {
            global.write(&png)?;
        } else {
            file::write(image, |out| out.write_all(&png))
                .because(|| message!("cannot write `{file}`", file = image.display()))?;
        }
        return Ok(ExitCode::from(CLEAN));
    }
    if global.format == Format::Json {
        let values: Vec<Value> = (values.iter())
            .map(|shown| {
                json!({"pointer": shown.pointer, "value": shown.value, "confidence": shown.confidence, "evidence": shown.evidence})
            })
            .collect();
        let shown =
            json!({"id": mention.get("id"), "document": mention.get("document"), "values": values});
        global.print(&format!("{}\n", serde_json::to_string_pretty(&shown)?))?;
        return Ok(ExitCode::from(CLEAN));
    }
    let mut out = terminal::stdout();
    writeln!(out, "{} · {document}", text_of(mention.get("id")))?;
    for shown in &values {
        let places = shown.evidence.iter().map(described);
        let places: Vec<String> = places.map(|place| global.in_words(&place)).collect();
        let confidence = shown
            .confidence
            .map(|confidence| format!(" · {confidence:.2}"));
        writeln!(
            out,
            "  {:<18} {}  [{}{}]",
            shown.pointer.trim_start_matches('/'),
            terminal::one_line(&shown.value),
            places.join("; "),
            confidence.unwrap_or_default(),
        )?;
    }
    out.flush()?;
    Ok(ExitCode::from(CLEAN))
}

/// The record of this id, or the only one that these words name.
fn find<'m>(mentions: &'m [Record], words: &str) -> anyhow::Result<&'m Record> {
    const MOST: usize = 5;
    let is = |mention: &&Record| text_of(mention.get("id")) == words;
    if let Some(mention) = mentions.iter().find(is) {
        return Ok(mention);
    }
    let folded = fold(words);
    let names = |mention: &&Record| {
        let says = |field: &str| fold(&text_of(mention.get(field))).contains(&folded);
        text_of(mention.get("id")).starts_with(words)
            || !folded.is_empty() && (says("name") || says("project"))
    };
    let found: Vec<&Record> = mentions.iter().filter(names).collect();
    match found.as_slice() {
        [] => Err(Usage::new(
            message!("no record is called `{words}`", words),
            message!("give an id, or words of a name or project, of a record of `palmares run`"),
        )
        .into()),
        [mention] => Ok(mention),
        several => {
            let ids = several.iter().take(MOST).map(|mention| {
                let name = mention.get("name").filter(|name| !name.is_null());
                let name = text_of(name.or_else(|| mention.get("project")));
                format!("{} ({name})", text_of(mention.get("id")))
            });
            Err(Usage::new(
                message!("{n} records are called `{words}`", n = several.len(), words),
                message!(
                    "name one of them by its id: {ids}",
                    ids = ids.collect::<Vec<_>>().join(", ")
                ),
            )
            .into())
        }
    }
}

/// The values of a record that were read somewhere; those of one field, where it is named.
fn values(mention: &Record, field: Option<&str>) -> anyhow::Result<Vec<Shown>> {
    let record = Value::Object(mention.clone());
    let empty = serde_json::Map::new();
    let evidence = mention
        .get("evidence")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let confidence = mention.get("confidence");
    let of_field = |pointer: &&String| {
        field.is_none_or(|field| {
            let field = field.trim_start_matches('/');
            let rest = pointer.trim_start_matches('/').strip_prefix(field);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let shown: Vec<Shown> = (evidence.keys().filter(of_field))
        .filter_map(|pointer| {
            let evidence = serde_json::from_value(evidence.get(pointer)?.clone()).ok()?;
            Some(Shown {
                value: said(record.pointer(pointer)?),
                confidence: confidence
                    .and_then(|all| all.get(pointer))
                    .and_then(Value::as_f64),
                pointer: pointer.clone(),
                evidence,
            })
        })
        .collect();
    match field {
        Some(field) if shown.is_empty() => {
            let mut fields: Vec<String> = (evidence.keys())
                .filter_map(|pointer| Some(pointer.split('/').nth(1)?.to_owned()))
                .collect();
            fields.dedup();
            Err(Usage::new(
                message!("the record has no value in `{field}`", field),
                message!("it has values in {fields}", fields = fields.join(", ")),
            )
            .into())
        }
        _ => Ok(shown),
    }
}

/// What a value says: its words, or those of its `text`.
fn said(value: &Value) -> String {
    match value.get("text") {
        Some(text) => text_of(Some(text)),
        None => text_of(Some(value)),
    }
}

fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The page on which the first of the values stands, with all of them that stand there marked.
fn drawn(document: &str, values: &[Shown], global: &Global) -> anyhow::Result<Vec<u8>> {
    let places = || values.iter().flat_map(|shown| &shown.evidence);
    let page = places().find_map(|piece| piece.page).ok_or_else(|| {
        Usage::new(
            message!("`{document}` has no pages that could be drawn", document),
            message!("`palmares show` without `--image` says where the value stands"),
        )
    })?;
    let boxes: Vec<[f64; 4]> = places()
        .filter(|piece| piece.page == Some(page))
        .filter_map(|piece| piece.bbox)
        .collect();
    let is_it = |source: &Source| source.display_path() == document;
    let sources = sources(&[PathBuf::from(document)], global).unwrap_or_default();
    let bytes = (sources.iter().find(|source| is_it(source)))
        .and_then(|source| ingest::bytes(source, &global.config.limits).ok());
    let bytes = bytes.ok_or_else(|| {
        Usage::new(
            message!("cannot read `{file}`", file = document),
            message!("run it in the folder in which `palmares run` was run"),
        )
    })?;
    picture(bytes, page, &boxes)
}

/// The picture of a page, from 1, with boxes marked on it.
#[cfg(feature = "pictures")]
pub(crate) fn picture(
    bytes: Arc<Vec<u8>>,
    page: u32,
    boxes: &[[f64; 4]],
) -> anyhow::Result<Vec<u8>> {
    palmares::parse::picture(bytes, page, boxes).map_err(|why| Usage::from(why).into())
}

#[cfg(not(feature = "pictures"))]
pub(crate) fn picture(_: Arc<Vec<u8>>, _: u32, _: &[[f64; 4]]) -> anyhow::Result<Vec<u8>> {
    Err(Usage::new(
        message!("this palmares was built without pictures"),
        message!("build it with the feature `pictures`, which is on by default"),
    )
    .into())
}
