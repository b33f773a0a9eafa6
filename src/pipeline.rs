//! The stages in order, for one document and for many. The only module that knows them all.

mod assisted;
mod recognised;
mod records;
mod refused;
mod remarks;

use std::any::Any;
use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::recognised::Recognised;
use self::records::judge;
use crate::config::{Assist, Expect, Limits, Ocr};
use crate::decisions::Decision;
use crate::diagnostic::{Diagnostic, Severity, Warned};
pub use crate::error::Stage;
use crate::error::{Error, ErrorKind};
use crate::extract::draft::Rules;
use crate::extract::{Extraction, extract, facts};
use crate::ingest::{self, Source};
use crate::link::{Lines, LinkOptions, Registry, cluster_records};
use crate::message;
use crate::message::{Message, Value};
use crate::model::document::Document;
use crate::model::evidence::Evidence;
use crate::model::excerpt::Excerpt;
use crate::model::laureate::{Laureate, LinkRecord};
use crate::model::mention::{DocumentRef, Mention};
use crate::model::raw::{DocumentId, Format, RawDocument};
use crate::model::record::{DocumentRecord, Reason, Reject, Remark, RunInput};
use crate::model::threshold::AtThreshold;
use crate::parse;
use crate::profile::{LEXICON, Lexicon, Profile};
use crate::segment::{Segmentation, segment};
use crate::validate::{Packed, Rejection, Schema, ValidRecord, validate};
use crate::word;

/// What the stages are told.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// What a document may cost.
    pub limits: Limits,
    /// Which label feeds which field.
    pub lexicon: &'a Lexicon,
    /// Layouts as data: the first that is for a document tells how it is read.
    pub profiles: Arc<[Profile]>,
    /// Mentions under this confidence are rejected.
    pub min_confidence: f64,
    /// Whether documents are known to list laureates.
    pub expect: Expect,
    /// Which pages are read from their picture.
    pub ocr: Ocr,
    /// What people decided of records.
    pub decisions: Arc<[Decision]>,
    /// What is asked of what stays doubtful.
    pub assist: Option<Arc<Assist>>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            lexicon: &LEXICON,
            profiles: Profile::built_in(),
            min_confidence: 0.0,
            expect: Expect::default(),
            ocr: Ocr::default(),
            decisions: Arc::default(),
            assist: None,
        }
    }
}

/// A document with all that was read from it, before validation.
#[derive(Debug)]
pub struct Reading {
    /// Its blocks.
    pub document: Document,
    /// Where its entries are.
    pub segmentation: Segmentation,
    /// Its entries' records.
    pub mentions: Vec<Mention>,
    /// For each record, the rule behind each value.
    pub rules: Vec<Rules>,
    /// For each record, the words that it was read from.
    pub excerpts: Vec<Excerpt>,
    /// What it says of itself.
    pub record: DocumentRecord,
    /// Records of the entries that come nearest to being taken, where none are.
    pub rejects: Vec<Reject>,
    /// Why they are not taken.
    pub refusal: Option<Diagnostic>,
    /// What was noticed on the way.
    pub warnings: Vec<Diagnostic>,
}

/// The stage of what people dropped, in its rejection.
pub const DECIDED: &str = "decide";

/// The stages from bytes to mentions. `observe` is told each stage before it starts.
pub fn read(
    raw: &RawDocument,
    options: &Options<'_>,
    observe: &dyn Fn(Stage),
) -> Result<Reading, ErrorKind> {
    observe(Stage::Parse);
    let mut words = recognised::Words::default();
    let Warned {
        output: document,
        mut warnings,
    } = if raw.format == Format::Pdf && options.ocr != Ocr::Never {
        let file = parse::pdf::open(&raw.bytes, &options.limits)?;
        let recognised = Recognised::read(&file, &raw.bytes, options.ocr, &options.limits, observe);
        observe(Stage::Parse);
        let mut document = crate::layout::analyze(raw, &recognised);
        file.ensure_within_limits()?;
        document.warnings.extend(recognised.problems);
        words = recognised.words;
        document
    } else {
        to_document(raw, &options.limits)?
    };
    observe(Stage::Segment);
    let (profile, segmentation) = cut(&document, options);
    observe(Stage::Extract);
    let extracted = || extract(&document, &segmentation, profile);
    let judged = |extraction| {
        let decisions = &options.decisions;
        judge(extraction, &document, &segmentation, decisions, &words)
    };
    let mut found = judged(extracted());
    if let Some(assist) = &options.assist {
        let doubtful = assisted::doubtful(&found);
        if !doubtful.is_empty() {
            let (mut extraction, of) = (extracted(), (&document, &segmentation));
            let told = assisted::fill(&mut extraction, &doubtful, of, assist, observe);
            warnings.extend(told);
            found = judged(extraction);
        }
    }
    let Extraction {
        mut mentions,
        mut rules,
        mut excerpts,
        ..
    } = found.extraction;
    let decided = found.decided;
    warnings.extend(decided.told);
    warnings.extend(found.told);
    let (mut rejects, refusal) = refused::rejects(&document, &segmentation, profile);
    let mut record = account(&document, &segmentation, &mentions, &mut warnings);
    record.profile = profile.map(|profile| profile.name.clone());
    for (excerpt, mention) in excerpts.iter_mut().zip(&mentions) {
        excerpt.mention.clone_from(&mention.id);
        let first = |(pointer, pieces): (&String, &Vec<Evidence>)| {
            Some((pointer.clone(), pieces.first()?.clone()))
        };
        excerpt.places = mention.evidence.iter().filter_map(first).collect();
    }
    let mut dropped = decided.dropped;
    dropped.sort_unstable();
    dropped.dedup_by_key(|(number, _)| *number);
    // From the last to the first, so that numbers hold.
    for (number, line) in dropped.into_iter().rev() {
        let mention = mentions.remove(number);
        rules.remove(number);
        excerpts.remove(number);
        let reason = Reason {
            message: message!(
                "it is no laureate, as line {line} of the decisions says",
                line
            ),
            ..Reason::default()
        };
        rejects.push(reject(mention, DECIDED, vec![reason]));
    }
    // What people added takes its place among what was read.
    if !mentions.is_sorted_by_key(|mention| mention.position) {
        let mut all: Vec<_> = mentions
            .into_iter()
            .zip(rules.into_iter().zip(excerpts))
            .collect();
        all.sort_by_key(|(mention, _)| mention.position);
        (mentions, (rules, excerpts)) = all.into_iter().unzip();
    }
    Ok(Reading {
        document,
        segmentation,
        mentions,
        rules,
        excerpts,
        record,
        rejects,
        refusal,
        warnings,
    })
}

/// The first profile that is for a document, and its entries by that. A profile that says how entries are found is for no document in which nothing is
/// found so.
fn cut<'o>(document: &Document, options: &'o Options<'_>) -> (Option<&'o Profile>, Segmentation) {
    let cut_by = |profile| segment(document, options.lexicon, profile, options.expect);
    for profile in Profile::all_for(&options.profiles, document) {
        let segmentation = cut_by(Some(profile));
        if profile.entry.found_by.is_none() && profile.examples.is_empty()
            || segmentation.is_as_declared
        {
            return (Some(profile), segmentation);
        }
    }
    (None, cut_by(None))
}

/// Whether anything was read of an entry: a label without value is no record, not even one to reject.
fn says_something(mention: &Mention) -> bool {
    !mention.evidence.is_empty()
}

/// Bytes to labelled blocks: markup states its structure, pages are analysed for theirs.
pub fn to_document(raw: &RawDocument, limits: &Limits) -> Result<Warned<Document>, ErrorKind> {
    let mut document = match raw.format {
        Format::Pdf => {
            let file = parse::pdf::open(&raw.bytes, limits)?;
            let document = crate::layout::analyze(raw, &file);
            file.ensure_within_limits()?;
            document
        }
        Format::Html
        | Format::Csv { .. }
        | Format::Xlsx
        | Format::Xls
        | Format::Ods
        | Format::Docx
        | Format::Odt
        | Format::Rtf => parse::parse_text(raw, limits)?,
        Format::Markdown | Format::Plain => {
            let mut parsed = parse::parse_text(raw, limits)?;
            crate::layout::join_divided(&mut parsed.output);
            parsed
        }
    };
    if raw.address.is_some() {
        document.output.metadata.address.clone_from(&raw.address);
    }
    Ok(document)
}

/// What one document gave.
#[derive(Debug)]
pub struct DocumentOutcome {
    /// What it says of itself.
    pub record: ValidRecord<DocumentRecord>,
    /// Its mentions, by position.
    pub mentions: Vec<ValidRecord<Mention>>,
    /// For each mention or rejected one, the words that it was read from.
    pub excerpts: Vec<Excerpt>,
    /// What failed the check, or belongs to a partition that does not convince.
    pub rejects: Vec<Reject>,
    /// Why that partition does not.
    pub refusal: Option<Diagnostic>,
    /// What was noticed on the way.
    pub warnings: Vec<Diagnostic>,
}

/// What one document says, not yet checked. It can pass from one process to another.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What it says of itself.
    pub record: DocumentRecord,
    /// Its mentions, by position.
    pub mentions: Vec<Mention>,
    /// For each mention, the words that it was read from.
    pub excerpts: Vec<Excerpt>,
    /// Entries that come nearest to being taken, where none are.
    pub rejects: Vec<Reject>,
    /// Why they are not.
    pub refusal: Option<Diagnostic>,
    /// What was noticed on the way.
    pub warnings: Vec<Diagnostic>,
}

impl From<Reading> for Findings {
    fn from(reading: Reading) -> Self {
        Self {
            record: reading.record,
            mentions: reading.mentions,
            excerpts: reading.excerpts,
            rejects: reading.rejects,
            refusal: reading.refusal,
            warnings: reading.warnings,
        }
    }
}

/// Reads one document and checks its records. A panic of a stage is an error of this document.
pub fn process_document(
    raw: &RawDocument,
    options: &Options<'_>,
    observe: &dyn Fn(Stage),
) -> Result<DocumentOutcome, ErrorKind> {
    guarded(|| {
        let findings = read(raw, options, observe)?.into();
        observe(Stage::Validate);
        check(findings, options)
    })
}

/// What is known of a document's bytes before they are understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Their hash.
    pub sha256: String,
    /// What they are.
    pub media_type: String,
    /// How many they are.
    pub bytes: u64,
}

impl Identity {
    /// The identity of a document.
    pub fn of(raw: &RawDocument) -> Self {
        Self {
            sha256: raw.id.to_string(),
            media_type: raw.format.media_type().to_owned(),
            bytes: raw.bytes.len() as u64,
        }
    }
}

/// What reading one source gave.
#[derive(Debug)]
pub struct Delivery {
    /// What its bytes are; nothing where they could not be had.
    pub identity: Option<Identity>,
    /// What it says, or why it yields nothing.
    pub findings: Result<Findings, ErrorKind>,
}

/// Reads the document of a source, in whatever process; is told where to announce each stage.
pub type Read<'a> = dyn Fn(&Source, &dyn Fn(Stage)) -> Delivery + Sync + 'a;

/// Reads the document of a source here and now. A panic of a stage is an error of this document.
pub fn read_source(source: &Source, options: &Options<'_>, observe: &dyn Fn(Stage)) -> Delivery {
    observe(Stage::Ingest);
    match ingest::ingest(source, &options.limits) {
        Ok(raw) => Delivery {
            identity: Some(Identity::of(&raw)),
            findings: guarded(|| Ok(read(&raw, options, observe)?.into())),
        },
        Err(kind) => Delivery {
            identity: None,
            findings: Err(kind),
        },
    }
}

/// Runs stages on one document so that their panic is an error of this document, and nothing else is lost.
pub fn guarded<T>(stages: impl FnOnce() -> Result<T, ErrorKind>) -> Result<T, ErrorKind> {
    catch_unwind(AssertUnwindSafe(stages))
        .unwrap_or_else(|panic| Err(ErrorKind::Parser(panic_message(panic.as_ref()))))
}

/// What a source gave: its outcome or why there is none, and what `run.json` says of it.
#[derive(Debug)]
pub struct Processed {
    /// The account of the source; its warnings are those of the outcome.
    pub input: RunInput,
    /// What it gave.
    pub outcome: Result<DocumentOutcome, Error>,
}

/// What happens while sources are processed; `usize` is the index of the source.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A stage starts.
    Stage(usize, &'a str, Stage),
    /// The source is done.
    Done(usize),
}

/// Processes many sources, in parallel, and hands each over in the order of the sources. The same bytes under several paths are one document:
/// the first source in order stands for them, the others are its `duplicates`. `read` reads them, `read_source` or another process.
pub fn process(
    sources: &[Source],
    options: &Options<'_>,
    read: &Read<'_>,
    observe: &(dyn Fn(Event<'_>) + Sync),
    hand_over: &mut dyn FnMut(Processed) -> ControlFlow<()>,
) {
    let copies = find_copies(sources, &options.limits);
    let numbered: Vec<(usize, &Source)> = sources
        .iter()
        .enumerate()
        .filter(|(index, _)| !copies.values().flatten().any(|copy| copy == index))
        .collect();
    // What is done waits for what is before it, so no more than a few documents are held for each thread.
    let n_ahead = rayon::current_num_threads() * DOCUMENTS_AHEAD;
    for batch in numbered.chunks(n_ahead.max(1)) {
        // The largest first, so that no long document is left over for one thread.
        let mut batch = batch.to_vec();
        batch.sort_by_key(|(index, source)| (Reverse(source.size()), *index));
        let mut processed: Vec<(usize, Processed)> = batch
            .into_par_iter()
            .with_max_len(1)
            .map(|(index, source)| {
                let mut processed = process_source(index, source, options, read, observe);
                let copies = copies.get(&index).map_or(&[][..], Vec::as_slice);
                processed.input.duplicates = copies
                    .iter()
                    .filter_map(|copy| sources.get(*copy))
                    .map(|source| source.display_path().to_owned())
                    .collect();
                for index in copies.iter().chain([&index]) {
                    observe(Event::Done(*index));
                }
                (index, processed)
            })
            .collect();
        processed.sort_by_key(|(index, _)| *index);
        for (_, processed) in processed {
            if hand_over(processed).is_break() {
                return;
            }
        }
    }
}

/// Documents for each thread that are read before the first of them is handed over: enough to keep threads busy beside one long document.
const DOCUMENTS_AHEAD: usize = 8;

/// For each source whose bytes come again: the later ones. Only files of the same size are read for it.
fn find_copies(sources: &[Source], limits: &Limits) -> BTreeMap<usize, Vec<usize>> {
    let mut sizes: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, source) in sources.iter().enumerate() {
        if let Some(size) = source.size() {
            sizes.entry(size).or_default().push(index);
        }
    }
    sizes
        .into_values()
        .filter(|alike| alike.len() > 1)
        .collect::<Vec<_>>()
        .par_iter()
        .flat_map_iter(|alike| {
            let mut by_id: BTreeMap<DocumentId, Vec<usize>> = BTreeMap::new();
            for index in alike {
                let source = sources.get(*index);
                if let Some(id) = source.and_then(|source| ingest::identify(source, limits)) {
                    by_id.entry(id).or_default().push(*index);
                }
            }
            by_id.into_values()
        })
        .filter_map(|same| {
            let (first, copies) = same.split_first()?;
            (!copies.is_empty()).then(|| (*first, copies.to_vec()))
        })
        .collect()
}

fn process_source(
    index: usize,
    source: &Source,
    options: &Options<'_>,
    read: &Read<'_>,
    observe: &(dyn Fn(Event<'_>) + Sync),
) -> Processed {
    let start = Instant::now();
    let path = source.display_path().to_owned();
    let stage = Cell::new(Stage::Ingest);
    let observe = |next| {
        stage.set(next);
        observe(Event::Stage(index, &path, next));
    };
    let mut input = RunInput {
        path: path.clone(),
        ..RunInput::default()
    };
    let Delivery { identity, findings } = read(source, &observe);
    if let Some(identity) = identity {
        input.sha256 = Some(identity.sha256);
        input.media_type = Some(identity.media_type);
        input.bytes = Some(identity.bytes);
    }
    let outcome = findings.and_then(|findings| {
        observe(Stage::Validate);
        guarded(|| check(findings, options))
    });
    match &outcome {
        Ok(outcome) => {
            let record = outcome.record.get();
            input.pages = record.pages;
            input.profile.clone_from(&record.profile);
            input.announced = record.announced;
            input.found = record.found;
            input.rejected = u32::try_from(outcome.rejects.len()).unwrap_or(u32::MAX);
            input.orphan_share = Some(record.orphan_share);
            input.warnings.clone_from(&record.warnings);
        }
        Err(kind) => input.error = Some(kind.to_string()),
    }
    input.milliseconds = milliseconds(start);
    Processed {
        input,
        outcome: outcome.map_err(|kind| Error {
            path: path.clone(),
            stage: stage.get(),
            kind,
        }),
    }
}

/// Laureates and links, checked.
#[derive(Debug, Default)]
pub struct Merged {
    /// Each laureate once.
    pub laureates: Vec<Packed<Laureate>>,
    /// The pairs considered.
    pub links: Vec<Packed<LinkRecord>>,
    /// Number of organisations.
    pub n_organisations: usize,
    /// What other thresholds would give, where that was asked.
    pub thresholds: Vec<AtThreshold>,
    /// Mentions of which not all words were compared.
    pub cut: usize,
    /// What failed the check.
    pub rejects: Vec<Reject>,
}

/// The stages from the mentions of all documents to laureates, which keep the ids that they have in the registry, and are noted there.
pub fn merge(
    mentions: &[Packed<Mention>],
    options: &LinkOptions,
    registry: &mut Registry,
) -> Merged {
    let source = Lines::of(mentions);
    let clusters = cluster_records(&source, options);
    let (laureate_ids, organisation_ids) = clusters.keep_ids(&source, registry);
    let rename = |mut laureate: Laureate| {
        if let Some(id) = laureate_ids.get(&laureate.id) {
            laureate.id.clone_from(id);
        }
        if let Some(id) = organisation_ids.get(&laureate.organisation.id) {
            laureate.organisation.id.clone_from(id);
        }
        laureate
    };
    let mut merged = Merged {
        n_organisations: clusters.n_organisations(),
        thresholds: clusters.thresholds().to_vec(),
        cut: clusters.cut(),
        ..Merged::default()
    };
    // Who names whom as a partner is found out by one thread alone.
    let (laureates, links) = rayon::join(
        || {
            let mut all = Vec::new();
            let pack = |laureate| pack(Schema::Laureate, rename(laureate));
            clusters.each_laureate(&source, pack, |laureate| all.push(laureate));
            all
        },
        || {
            let mut all = Vec::new();
            let pack = |link| pack(Schema::Link, link);
            clusters.each_link(&source, options, pack, |link| all.push(link));
            all
        },
    );
    for laureate in laureates {
        match laureate {
            Ok(packed) => merged.laureates.push(packed),
            Err(rejection) => {
                let id = rejection.record.id.clone();
                let reject = reject_merged("laureate", Some(id), *rejection);
                merged.rejects.push(reject);
            }
        }
    }
    for link in links {
        match link {
            Ok(packed) => merged.links.push(packed),
            Err(rejection) => merged.rejects.push(reject_merged("link", None, *rejection)),
        }
    }
    merged
}

fn pack<T: Serialize>(schema: Schema, record: T) -> Result<Packed<T>, Box<Rejection<T>>> {
    validate(schema, record).map(Packed::from)
}

fn reject_merged<T: Serialize>(kind: &str, id: Option<String>, rejection: Rejection<T>) -> Reject {
    Reject {
        kind: kind.to_owned(),
        stage: "validate".to_owned(),
        id,
        reasons: rejection.reasons,
        record: serde_json::to_value(rejection.record).ok(),
        ..Reject::default()
    }
}

/// Milliseconds since `start`, to the hundredth.
pub fn milliseconds(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 100_000.0).round() / 100.0
}

/// The document's own record: what it says of itself, and the account of what was read from it.
fn account(
    document: &Document,
    segmentation: &Segmentation,
    mentions: &[Mention],
    warnings: &mut Vec<Diagnostic>,
) -> DocumentRecord {
    let found = u32::try_from(mentions.len()).unwrap_or(u32::MAX);
    let mut record = DocumentRecord {
        document: reference(document, mentions),
        pages: document.n_pages,
        publisher: document.metadata.publisher.clone(),
        found,
        orphan_share: orphan_share(segmentation),
        ..DocumentRecord::default()
    };
    warnings.extend(remarks::blank(document).filter(|_| {
        warnings
            .iter()
            .all(|remark| remark.severity != Severity::Error)
    }));
    warnings.extend(facts::fill(&mut record, document, segmentation, mentions));
    warnings.extend(remarks::unread_amounts(mentions));
    warnings.extend(remarks::doubtful(segmentation));
    warnings.extend(remarks::doubtful_values(mentions));
    record.warnings = warnings.iter().map(Remark::from).collect();
    record
}

fn reference(document: &Document, mentions: &[Mention]) -> DocumentRef {
    mentions.first().map_or_else(
        || DocumentRef {
            path: document.path.clone(),
            sha256: document.id.to_string(),
            media_type: document.format.media_type().to_owned(),
            title: document.metadata.title.clone(),
            url: document.metadata.address.clone(),
        },
        |mention| mention.document.clone(),
    )
}

/// Share of the body's characters that belong to no entry.
fn orphan_share(segmentation: &Segmentation) -> f64 {
    let length = |units: &[crate::segment::Unit]| -> usize {
        units
            .iter()
            .map(|unit| unit.text.as_str().chars().count())
            .sum()
    };
    let total = length(&segmentation.units().list);
    let held: usize = segmentation
        .entries
        .iter()
        .filter_map(|span| segmentation.units().list.get(span.extent()))
        .map(length)
        .sum();
    if total == 0 {
        return 0.0;
    }
    // Three digits say all that a share of characters can say.
    let share = 1.0 - held as f64 / total as f64;
    (share.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}

/// Keeps what is valid and sure enough; the rest is rejected with its reasons.
fn check(findings: Findings, options: &Options<'_>) -> Result<DocumentOutcome, ErrorKind> {
    let Findings {
        mut record,
        mut mentions,
        excerpts,
        rejects,
        refusal,
        mut warnings,
    } = findings;
    let n_entries = mentions.len();
    mentions.retain(says_something);
    if mentions.len() < n_entries {
        let n_empty = n_entries - mentions.len();
        let remark = Diagnostic::warning(message!(
            "{n_empty} of {n_entries} entries say nothing and were left out",
            n_empty,
            n_entries
        ));
        record.warnings.push(Remark::from(&remark));
        warnings.push(remark);
    }
    let mut outcome = DocumentOutcome {
        record: validate(Schema::Document, record).map_err(|rejection| {
            ErrorKind::Parser(message!(
                "its record is not valid: {reasons}",
                reasons = listed(&rejection.reasons)
            ))
        })?,
        mentions: Vec::with_capacity(mentions.len()),
        excerpts,
        rejects,
        refusal,
        warnings,
    };
    // A document that is done last would else keep one core busy alone.
    let checked: Vec<Result<ValidRecord<Mention>, Box<Reject>>> = mentions
        .into_par_iter()
        .map(|mention| match doubt(&mention, options.min_confidence) {
            Some(reason) => Err(Box::new(reject(mention, "extract", vec![reason]))),
            None => validate(Schema::Mention, mention)
                .map_err(|invalid| Box::new(reject(invalid.record, "validate", invalid.reasons))),
        })
        .collect();
    for result in checked {
        match result {
            Ok(valid) => outcome.mentions.push(valid),
            Err(reject) => outcome.rejects.push(*reject),
        }
    }
    Ok(outcome)
}

/// Why a mention is less sure than asked for.
fn doubt(mention: &Mention, floor: f64) -> Option<Reason> {
    let (pointer, confidence) = mention.least_confidence()?;
    (confidence < floor).then(|| Reason {
        pointer: pointer.to_owned(),
        message: message!(
            "its confidence {confidence} is under {floor}",
            confidence = Value::Decimal(confidence.to_string()),
            floor = Value::Decimal(floor.to_string())
        ),
        value: confidence.into(),
        evidence: mention.evidence.get(pointer).cloned().unwrap_or_default(),
    })
}

fn reject(mention: Mention, stage: &str, reasons: Vec<Reason>) -> Reject {
    Reject {
        kind: "mention".to_owned(),
        stage: stage.to_owned(),
        document: mention.document.clone(),
        id: Some(mention.id.clone()),
        position: Some(mention.position),
        reasons,
        record: serde_json::to_value(mention).ok(),
    }
}

fn listed(reasons: &[Reason]) -> Value {
    let told = |reason: &Reason| {
        message!(
            "{pointer}: {message}",
            pointer = &reason.pointer,
            message = &reason.message
        )
    };
    message::list(reasons.iter().map(told), word!("; "))
}

fn panic_message(panic: &(dyn Any + Send)) -> Message {
    panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .map_or_else(|| message!("for an unknown reason"), message::verbatim)
}
