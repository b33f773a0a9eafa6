//! `palmares profile check`: profiles against themselves, against each other, and against documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use palmares::config::Expect;
use palmares::extract::extract;
use palmares::ingest;
use palmares::message;
use palmares::message::Message;
use palmares::model::document::Document;
use palmares::model::mention::Mention;
use palmares::pipeline::{self, Options};
use palmares::profile::{Example, Field, LEXICON, Profile, Section, Slot, fold, stem};
use palmares::segment::{Segmentation, segment};
use palmares::teach;
use rayon::prelude::*;
use serde::Serialize;

use super::super::global::Format;
use super::super::input::sources;
use super::super::test::{EXPECTATION, find_input};
use super::super::{CLEAN, FINDINGS, Global, Pool};
use super::in_force;

/// Lint profiles: mistakes of writing, rules that never fire, rules that contradict each other.
///
/// Rules are tried on the documents of fixtures/ and raw/ here that the profile's `match` holds for. Exits with 1 when there is a finding; notes
/// are none.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares profile check\n  palmares profile check brochure.toml --on brochure.pdf"
)]
pub(super) struct Args {
    /// Profiles [default: those of palmares.toml, and the built-in ones]
    files: Vec<PathBuf>,
    /// Try the rules on these documents; a folder of fixtures gives the document of each
    #[arg(long, value_name = "PATH", num_args = 1..)]
    on: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Severity {
    Finding,
    Note,
}

#[derive(Debug, Serialize)]
struct Finding {
    severity: Severity,
    /// The profile's file, or its name where it is built in.
    profile: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(with = "message::text")]
    message: Message,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "message::text_or_none::serialize"
    )]
    hint: Option<Message>,
}

impl Finding {
    fn new(profile: &str, message: Message) -> Self {
        Self {
            severity: Severity::Finding,
            profile: profile.to_owned(),
            line: None,
            message,
            hint: None,
        }
    }

    fn note(profile: &str, message: Message) -> Self {
        Self {
            severity: Severity::Note,
            ..Self::new(profile, message)
        }
    }
}

pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    let mut profiles: Vec<(String, Profile)> = Vec::new();
    if args.files.is_empty() {
        for (source, profile) in in_force(global)? {
            let name = if source == "built in" {
                profile.name.clone()
            } else {
                source
            };
            profiles.push((name, profile));
        }
    }
    for file in &args.files {
        let name = file.display().to_string();
        match Profile::read(file) {
            Ok(profile) => profiles.push((name, profile)),
            Err(error) => findings.push(Finding {
                line: error.line,
                hint: error.hint,
                ..Finding::new(&name, error.message)
            }),
        }
    }
    let documents = documents(args, global)?;
    let tried: Vec<Tried> = profiles
        .iter()
        .map(|(name, profile)| Tried::on(name, profile, &documents))
        .collect();
    for tried in &tried {
        contradictions_within(tried, &mut findings);
        never_firing(tried, documents.len(), &mut findings);
    }
    contradictions_between(&tried, &mut findings);
    print(global, &findings, profiles.len(), documents.len())?;
    let clean = findings
        .iter()
        .all(|finding| finding.severity == Severity::Note);
    Ok(ExitCode::from(if clean { CLEAN } else { FINDINGS }))
}

fn print(
    global: &Global,
    findings: &[Finding],
    n_profiles: usize,
    n_documents: usize,
) -> anyhow::Result<()> {
    if global.format == Format::Json {
        return global.print(&serde_json::to_string_pretty(findings)?);
    }
    let mut lines = Vec::new();
    for finding in findings {
        let told = message!(
            "{profile}{line}: {kind}{message}",
            profile = &finding.profile,
            line = finding.line.map(|line| message!(", line {line}", line)),
            kind = (finding.severity == Severity::Note).then(|| message!("note: ")),
            message = &finding.message,
        );
        lines.push(global.in_words(&told));
        let hint = finding
            .hint
            .as_ref()
            .map(|hint| message!("  hint: {hint}", hint));
        lines.extend(hint.map(|hint| global.in_words(&hint)));
    }
    let n_findings = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Finding)
        .count();
    lines.push(global.in_words(&message!(
        "{profiles} {profiles|profile|profiles} tried on {documents} {documents|document|documents}: {findings} {findings|finding|findings}, {notes} {notes|note|notes}",
        profiles = n_profiles,
        documents = n_documents,
        findings = n_findings,
        notes = findings.len() - n_findings,
    )));
    global.print(&lines.join("\n"))
}

/// The documents that rules are tried on, each with its name.
fn documents(args: &Args, global: &Global) -> anyhow::Result<Vec<(String, Document)>> {
    let here: Vec<PathBuf> = ["fixtures", "raw"]
        .iter()
        .map(PathBuf::from)
        .filter(|folder| folder.is_dir())
        .collect();
    let mut files = Vec::new();
    for path in if args.on.is_empty() { &here } else { &args.on } {
        let inputs = inputs(path)?;
        if inputs.is_empty() {
            files.push(path.clone());
        } else {
            files.extend(inputs);
        }
    }
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let limits = &global.config.limits;
    let options = Options {
        limits: limits.clone(),
        ..Options::default()
    };
    let pool = Pool::new();
    let documents = sources(&files, global)?
        .par_iter()
        // What takes too much ends a worker, which reads it first, and not this process.
        .filter(|source| pool.read(source, &options, &|_| {}).findings.is_ok())
        .filter_map(|source| {
            let document = ingest::ingest(source, limits)
                .and_then(|raw| pipeline::guarded(|| pipeline::to_document(&raw, limits)));
            Some((source.display_path().to_owned(), document.ok()?.output))
        })
        .collect();
    Ok(documents)
}

/// The documents of a fixture, or of a folder of fixtures.
fn inputs(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if path.join(EXPECTATION).is_file() {
        return Ok(vec![find_input(path)?]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut inputs = Vec::new();
    for entry in fs::read_dir(path)? {
        let folder = entry?.path();
        if folder.join(EXPECTATION).is_file() {
            inputs.push(find_input(&folder)?);
        }
    }
    inputs.sort();
    Ok(inputs)
}

/// What became of a profile's rules on the documents that it is for.
struct Tried<'a> {
    name: &'a str,
    profile: &'a Profile,
    /// The documents that it is for.
    documents: BTreeSet<&'a str>,
    starts: usize,
    splits: usize,
    /// In how many documents each label stands.
    labels: BTreeMap<&'a str, usize>,
    sections: BTreeSet<Section>,
    furniture: BTreeSet<usize>,
    /// The examples that a document gives, by number.
    examples: BTreeSet<usize>,
}

impl<'a> Tried<'a> {
    fn on(name: &'a str, profile: &'a Profile, documents: &'a [(String, Document)]) -> Self {
        let mut tried = Self {
            name,
            profile,
            documents: BTreeSet::new(),
            starts: 0,
            splits: 0,
            labels: profile
                .labels
                .keys()
                .map(|label| (label.as_str(), 0))
                .collect(),
            sections: BTreeSet::new(),
            furniture: BTreeSet::new(),
            examples: BTreeSet::new(),
        };
        let read: Vec<(&str, &Document, Segmentation)> = documents
            .par_iter()
            .filter(|(_, document)| profile.is_for(document))
            .map(|(path, document)| {
                let segmentation = segment(document, &LEXICON, Some(profile), Expect::default());
                (path.as_str(), document, segmentation)
            })
            .collect();
        for (path, document, segmentation) in read {
            tried.documents.insert(path);
            tried.count(document, &segmentation);
        }
        tried
    }

    fn count(&mut self, document: &Document, segmentation: &Segmentation) {
        let units = &segmentation.units().list;
        self.starts += usize::from(
            segmentation
                .chosen
                .as_ref()
                .is_some_and(|_| segmentation.is_as_declared),
        );
        if !self.profile.examples.is_empty() {
            let mentions = extract(document, segmentation, Some(self.profile)).mentions;
            let is_read =
                |example: &Example| mentions.iter().any(|mention| gives(mention, example));
            let read = self.profile.examples.iter().enumerate();
            let read = read.filter(|(_, example)| is_read(example));
            self.examples.extend(read.map(|(number, _)| number));
        }
        if let Some(template) = &self.profile.heading.splits_as {
            self.splits += segmentation
                .entries
                .iter()
                .filter_map(|span| units.get(span.head.clone()))
                .flatten()
                .filter(|unit| template.fit(unit.text.as_str()).is_some())
                .count();
        }
        let found: BTreeSet<String> = units
            .iter()
            .filter_map(|unit| unit.label.as_ref())
            .map(|label| key(&label.text))
            .collect();
        for (label, count) in &mut self.labels {
            *count += usize::from(found.contains(&key(label)));
        }
        self.sections.extend(segmentation.sections().values());
        for (index, pattern) in self.profile.furniture.iter().enumerate() {
            let fires = document
                .blocks
                .iter()
                .filter(|block| block.is_body())
                .flat_map(|block| block.text.as_str().split('\n'))
                .any(|line| pattern.is(&fold(line)));
            if fires {
                self.furniture.insert(index);
            }
        }
    }
}

/// Whether a record says what was shown.
fn gives(mention: &Mention, example: &Example) -> bool {
    example.values.iter().all(|(field, value)| {
        let said = Slot::of(field).and_then(|slot| mention.text(slot.name()));
        said.is_some_and(|said| teach::same(said, value))
    })
}

/// Labels are compared as the lexicon does.
fn key(label: &str) -> String {
    stem(fold(label).trim_matches(|c: char| !c.is_alphanumeric()))
}

#[expect(clippy::too_many_lines, reason = "a rule after the other")]
fn never_firing(tried: &Tried<'_>, n_documents: usize, findings: &mut Vec<Finding>) {
    let mut find = |message: Message, hint: Message| {
        findings.push(Finding {
            hint: Some(hint),
            ..Finding::new(tried.name, message)
        });
    };
    if tried.documents.is_empty() {
        find(
            message!(
                "`match` holds for none of the {n} {n|document|documents}, so no rule could be tried",
                n = n_documents
            ),
            message!("name a document that it is for with `--on PATH`, or add a fixture"),
        );
        return;
    }
    let look = || {
        message!(
            "`palmares explain FILE --profile FILE` shows the lines with their styles and labels"
        )
    };
    if let Some(place) = tried
        .profile
        .entry
        .starts_with
        .as_ref()
        .filter(|_| tried.starts == 0)
    {
        find(
            message!(
                "`entry.starts-with` = {place} never fires",
                place = place.to_string()
            ),
            look(),
        );
    }
    if let Some(way) = (tried.profile.entry.found_by.as_ref()).filter(|_| tried.starts == 0) {
        find(
            message!("`entry.found-by` = \"{way}\" never fires", way),
            look(),
        );
    }
    for (number, example) in tried.profile.examples.iter().enumerate() {
        if !tried.examples.contains(&number) {
            let values: Vec<String> = (example.values.iter())
                .map(|(field, value)| format!("{field} « {value} »"))
                .collect();
            find(
                message!(
                    "example {number} is not read: {values}",
                    number = number + 1,
                    values = values.join(", ")
                ),
                message!(
                    "try the document that it was taught on: `--on PATH`; or show it again with `palmares teach`"
                ),
            );
        }
    }
    if let Some(template) = tried
        .profile
        .heading
        .splits_as
        .as_ref()
        .filter(|_| tried.splits == 0)
    {
        find(
            message!(
                "`heading.splits-as` = \"{template}\" fits no heading",
                template = template.to_string()
            ),
            look(),
        );
    }
    for (section, place) in tried.profile.context.rules() {
        if !tried.sections.contains(&section) {
            let key = match section {
                Section::Call => "call",
                Section::Region => "region",
                Section::Group => "group",
            };
            find(
                message!(
                    "`context.{key}` = {place} never fires",
                    key,
                    place = place.to_string()
                ),
                look(),
            );
        }
    }
    for (index, pattern) in tried.profile.furniture.iter().enumerate() {
        if !tried.furniture.contains(&index) {
            find(
                message!(
                    "`furniture`: \"{pattern}\" is no line",
                    pattern = pattern.to_string()
                ),
                look(),
            );
        }
    }
    for (label, _) in tried.labels.iter().filter(|(_, count)| **count == 0) {
        find(
            message!("`labels`: \"{label}\" never fires", label = *label),
            look(),
        );
    }
    let n_documents = tried.documents.len();
    for (label, _) in tried
        .labels
        .iter()
        .filter(|(_, count)| **count == 1 && n_documents > 1)
    {
        findings.push(Finding::note(
            tried.name,
            message!(
                "`labels`: \"{label}\" stands in one of {n} documents",
                label = *label,
                n = n_documents
            ),
        ));
    }
}

/// The same label, but for case, accents and number, under two fields.
fn contradictions_within(tried: &Tried<'_>, findings: &mut Vec<Finding>) {
    let mut fields: BTreeMap<String, (&str, Field)> = BTreeMap::new();
    for (label, field) in &tried.profile.labels {
        // With and without a colon are two labels.
        let key = (if label.ends_with('*') { "*" } else { "" }).to_owned() + &key(label);
        match fields.get(&key) {
            Some((other, before)) if before != field => findings.push(Finding::new(
                tried.name,
                message!("`labels`: \"{other}\" feeds `{before}` and \"{label}\" feeds `{field}`, which are one label", other = *other, before = before.as_str(), label, field = field.as_str()))),
            Some(_) => {}
            None => {
                fields.insert(key, (label, *field));
            }
        }
    }
}

/// Two profiles that are for one document, and that disagree on a label.
fn contradictions_between(tried: &[Tried<'_>], findings: &mut Vec<Finding>) {
    for (number, first) in tried.iter().enumerate() {
        for second in tried.iter().skip(number + 1) {
            let Some(document) = first.documents.intersection(&second.documents).next() else {
                continue;
            };
            for (label, field) in &second.profile.labels {
                let other = first
                    .profile
                    .labels
                    .iter()
                    .find(|(other, before)| key(other) == key(label) && *before != field);
                if let Some((_, before)) = other {
                    findings.push(Finding {
                        hint: Some(message!("the first of the two decides; let `match` tell the layouts apart")),
                        ..Finding::new(
                            second.name,
                            message!("\"{label}\" feeds `{field}`, in `{first}` it feeds `{before}`, and both are for `{document}`", label, field = field.as_str(), first = first.name, before = before.as_str(), document = *document))
                    });
                }
            }
        }
    }
}
