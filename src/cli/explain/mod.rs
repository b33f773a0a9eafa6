//! `palmares explain`: how a document was read, stage by stage.

mod json;

use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use palmares::config::Expect;
use palmares::extract::draft::{Rule, Rules};
use palmares::model::document::{Block, BlockLabel, Document};
use palmares::model::evidence::Evidence;
use palmares::model::mention::Mention;
use palmares::model::text::{Source, Text};
use palmares::pipeline::{Options, Reading};
use palmares::profile::{Profile, fold};
use palmares::segment::{Considered, Form, Method, Reason, Segmentation, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::global::Format;
use super::input::{ReadingArgs, rule_of, sources};
use super::report::kind;
use super::worker::Task;
use super::{CLEAN, FINDINGS, Global, Pool, terminal};

/// Show how a document was read: its blocks, where entries start and why, which label gave which field, what belongs to no entry.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares explain raw/laureats-agir-2022.pdf\n  palmares explain raw/laureats-agir-2022.pdf --stage layout | less\n  palmares explain page.html --blocks --format json | jq '.blocks[] | select(.layer == \"furniture\")'"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Args {
    /// The document; `-` is standard input. With --link, the mentions of a run [default: extracted/mentions.ndjson]
    #[arg(required_unless_present = "link")]
    file: Option<PathBuf>,
    /// Say why two mentions are, or are not, one laureate
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    link: Vec<String>,
    /// Show what this stage made of the document
    #[arg(long, value_enum, default_value_t, value_name = "STAGE")]
    stage: Stage,
    /// List the blocks too
    #[arg(long)]
    blocks: bool,
    /// With --format json, list all partitions that were considered, with their measures and what each would give
    #[arg(long)]
    considered: bool,
    /// With --format json, list the stretches of words that may be a name, with what speaks for and against each
    #[arg(long)]
    stretches: bool,
    /// With --format json, list for each value what its confidence is made of
    #[arg(long)]
    measures: bool,
    #[command(flatten)]
    reading: ReadingArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
enum Stage {
    /// The text as the file holds it, with its places
    Parse,
    /// Blocks with labels and styles, in reading order
    Layout,
    /// Entries: where they start, what they hold, what belongs to none
    Segment,
    /// Entries with their fields
    #[default]
    Extract,
}

pub(crate) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    if let [a, b] = args.link.as_slice() {
        let mentions = args
            .file
            .clone()
            .unwrap_or_else(|| PathBuf::from("extracted/mentions.ndjson"));
        super::link::explain_pair(a, b, &mentions, global)?;
        return Ok(ExitCode::from(CLEAN));
    }
    let options = args.reading.options(global)?;
    let sources = sources(args.file.as_slice(), global)?;
    let view = View {
        stage: args.stage,
        blocks: args.blocks,
        considered: args.considered,
        stretches: args.stretches,
        measures: args.measures,
        json: global.format == Format::Json,
        expected: None,
    };
    let rules = args.reading.expected(global);
    let pool = Pool::expecting(rules.clone());
    let mut code = CLEAN;
    for source in &sources {
        let path = source.display_path();
        let rule = rule_of(&rules, source);
        let expect = rule.map_or(options.expect, |rule| rule.value);
        let by = rule.map(|rule| format!("the configuration for `{}`", rule.path.display()));
        let by = by.or_else(|| args.reading.expected_of_all(global).map(str::to_owned));
        let view = View {
            expected: by.map(|by| (expect, by)),
            ..view.clone()
        };
        let answer = pool.ask(&Task::Explain(view), source, &options, &|_| {});
        match answer.findings {
            Ok(_) => global.write(&answer.text)?,
            Err(kind) => {
                let hint = kind.hint();
                global.error(format_args!("cannot process `{path}`: {kind}"), hint);
                code = FINDINGS;
            }
        }
    }
    Ok(ExitCode::from(code))
}

/// What is shown of a reading.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct View {
    stage: Stage,
    blocks: bool,
    considered: bool,
    stretches: bool,
    measures: bool,
    json: bool,
    /// What is known of the document, and what says so.
    expected: Option<(Expect, String)>,
}

/// Writes how a document was read.
pub(crate) fn write(
    reading: &Reading,
    options: &Options<'_>,
    view: &View,
    out: impl Write,
) -> anyhow::Result<()> {
    let mut out = BufWriter::new(out);
    let named = reading.record.profile.as_deref();
    let profile = (options.profiles.iter()).find(|profile| Some(profile.name.as_str()) == named);
    if view.json {
        serde_json::to_writer_pretty(&mut out, &json::reading(reading, profile, view))?;
        writeln!(out)?;
    } else {
        Explanation {
            profile,
            reading,
            out: &mut out,
        }
        .write(view)?;
    }
    Ok(out.flush()?)
}

/// What people look for first; the other fields follow by name.
const FIRST_FIELDS: [&str; 10] = [
    "ordinal",
    "name",
    "project",
    "call",
    "group",
    "region",
    "territory",
    "public",
    "partners_text",
    "partners",
];

/// Runners-up that are shown.
const SHOWN: usize = 5;

struct Explanation<'a, W: Write> {
    reading: &'a Reading,
    profile: Option<&'a Profile>,
    out: W,
}

impl<W: Write> Explanation<'_, W> {
    fn write(&mut self, view: &View) -> anyhow::Result<()> {
        self.write_document(view)?;
        match view.stage {
            Stage::Parse => return self.write_runs(),
            Stage::Layout => return self.write_blocks(),
            Stage::Segment | Stage::Extract => {}
        }
        if view.blocks {
            self.write_blocks()?;
        }
        self.write_partition()?;
        self.write_entries(view.stage == Stage::Extract)?;
        self.write_orphans()
    }

    fn write_document(&mut self, view: &View) -> anyhow::Result<()> {
        let document = &self.reading.document;
        write!(
            self.out,
            "{} · {}",
            terminal::one_line(&document.path),
            kind(Some(document.format.media_type()))
        )?;
        if let Some(pages) = document.n_pages {
            write!(self.out, " · {pages} pages")?;
        }
        writeln!(self.out, " · sha256 {:.16}…", document.id.to_string())?;
        let reference = &self.reading.record.document;
        if let Some(title) = &reference.title {
            writeln!(self.out, "title: {title}")?;
        }
        if let Some(profile) = self.profile {
            writeln!(self.out, "profile: {}", profile.name)?;
        }
        if let Some((expect, by)) = &view.expected {
            writeln!(self.out, "expected: {}, says {by}", expect.name())?;
        }
        for warning in &self.reading.warnings {
            writeln!(self.out, "warning: {warning}")?;
        }
        Ok(())
    }

    /// Every run of characters with one source and one style, as the parser read it.
    fn write_runs(&mut self) -> anyhow::Result<()> {
        for block in &self.reading.document.blocks {
            for segment in block.text.segments() {
                if matches!(segment.source, Source::Joint(_)) {
                    continue;
                }
                let run = block
                    .text
                    .slice(segment.start as usize..segment.end as usize);
                let place = place_of(&run, &self.reading.document);
                writeln!(
                    self.out,
                    "{place:<34} {:<16} {}",
                    style_of(&segment.style),
                    run.as_str()
                )?;
            }
        }
        Ok(())
    }

    fn write_blocks(&mut self) -> anyhow::Result<()> {
        let owners = owners(
            &self.reading.segmentation,
            self.reading.document.blocks.len(),
        );
        writeln!(
            self.out,
            "\nblocks (number, entry, label, place, style, text)"
        )?;
        for (index, block) in self.reading.document.blocks.iter().enumerate() {
            let owner = owners.get(index).copied().flatten();
            let owner = owner.map_or_else(String::new, |entry| format!("#{entry}"));
            writeln!(
                self.out,
                "{index:>5} {owner:>5} {:<14} {:<12} {:<16} {}{}",
                label_of(block),
                short_place(&block.text, block.page, &self.reading.document),
                style_of(&block.style),
                marker_of(block),
                block.text.as_str().replace('\n', " ⏎ ")
            )?;
        }
        Ok(())
    }

    /// Whether a list was taken, and what speaks for it and against it: in words before figures.
    fn write_partition(&mut self) -> anyhow::Result<()> {
        let segmentation = &self.reading.segmentation;
        let record = &self.reading.record;
        writeln!(self.out)?;
        let best = |a: &&Considered, b: &&Considered| a.worth.total_cmp(&b.worth);
        let other = segmentation.runners_up.iter().max_by(best);
        match (&segmentation.chosen, segmentation.refused) {
            (Some(chosen), _) => {
                writeln!(
                    self.out,
                    "{} read, found by {}. {} What speaks for it (+) and against it (-):",
                    counted(record.found as usize, "entry was", "entries were"),
                    chosen.method,
                    verdict(segmentation, chosen)
                )?;
                self.write_reasons(&chosen.reasons(), [true, false], "usually")?;
                if let Some(other) = other {
                    writeln!(
                        self.out,
                        "The best other list has {}, found by {}. What is better (+) and worse (-) here than there:",
                        counted(other.features.entries, "entry", "entries"),
                        other.method
                    )?;
                    self.write_reasons(&chosen.reasons_beside(other), [true, false], "there")?;
                }
            }
            (None, Some(refused)) => {
                writeln!(
                    self.out,
                    "No laureates were read: no list in it convinces. Of a hundred like the best {:.0} are of laureates, and {:.0} are asked for.",
                    refused.probability * 100.0,
                    refused.asked * 100.0
                )?;
                if refused.is_silent {
                    writeln!(
                        self.out,
                        "Nothing in the document speaks of laureates, and without that no list is taken."
                    )?;
                }
                if let Some(best) = segmentation.runners_up.get(refused.number) {
                    writeln!(
                        self.out,
                        "The best has {}, found by {}; {}. What was missing (-), and what was there (+):",
                        counted(best.features.entries, "entry", "entries"),
                        best.method,
                        if refused.is_taken_if_expected {
                            "`--expect laureates` takes it"
                        } else {
                            "a profile can say what its entries start with"
                        }
                    )?;
                    self.write_reasons(&best.reasons(), [false, true], "usually")?;
                }
            }
            (None, None) => writeln!(
                self.out,
                "No laureates were read: nothing in it repeats as the entries of a list do."
            )?,
        }
        for announced in segmentation.announced() {
            writeln!(
                self.out,
                "The document announces {}: « {} »",
                announced.count,
                announced.text.as_str().trim()
            )?;
        }
        writeln!(
            self.out,
            "{:.1} % of the text belongs to no entry.",
            record.orphan_share * 100.0
        )?;
        if !segmentation.runners_up.is_empty() {
            writeln!(self.out, "Also considered:")?;
        }
        for other in segmentation.runners_up.iter().take(SHOWN) {
            writeln!(
                self.out,
                "  {}, {}",
                other.method,
                counted(other.features.entries, "entry", "entries")
            )?;
        }
        Ok(())
    }

    /// The measures that speak most for a partition (true) and most against it (false), one side after the other, beside what they are elsewhere.
    fn write_reasons(
        &mut self,
        reasons: &[Reason],
        sides: [bool; 2],
        elsewhere: &str,
    ) -> anyhow::Result<()> {
        const MOST: usize = 3;
        // What adds less changes nothing.
        const LEAST: f32 = 0.01;
        for speaks_for in sides {
            let sign = if speaks_for { '+' } else { '-' };
            let told = reasons
                .iter()
                .filter(|reason| (reason.adds > 0.0) == speaks_for && reason.adds.abs() >= LEAST);
            for reason in told.take(MOST) {
                writeln!(
                    self.out,
                    "  {sign} {}: {:.2}, {elsewhere} {:.2} ({:+.2})",
                    reason.meaning, reason.measure, reason.usual, reason.adds
                )?;
            }
        }
        Ok(())
    }

    fn write_entries(&mut self, with_fields: bool) -> anyhow::Result<()> {
        let units = &self.reading.segmentation.units();
        let records = self.reading.mentions.iter().zip(&self.reading.rules);
        for (span, (mention, rules)) in self.reading.segmentation.entries.iter().zip(records) {
            let head = slice(&units.list, &span.head);
            let start = head
                .first()
                .or_else(|| slice(&units.list, &span.body).first());
            let place = start.map_or_else(String::new, |unit| {
                short_place(&unit.text, unit.text.page(), &self.reading.document)
            });
            let number = mention
                .ordinal
                .map_or_else(String::new, |ordinal| format!(", printed number {ordinal}"));
            writeln!(self.out, "\n#{} {place}{number}", mention.position)?;
            for unit in head {
                let class = units
                    .classes
                    .get(unit.class as usize)
                    .map_or("", |class| class.trim());
                writeln!(
                    self.out,
                    "  head   {} [{class}]",
                    one_line(unit.text.as_str())
                )?;
            }
            let labels = labels(slice(&units.list, &span.body));
            for (label, field) in &labels {
                writeln!(self.out, "  label  « {label} » → {field}")?;
            }
            if with_fields {
                self.write_fields(mention, rules, &labels)?;
            }
        }
        Ok(())
    }

    fn write_fields(
        &mut self,
        mention: &Mention,
        rules: &Rules,
        labels: &[(String, &'static str)],
    ) -> anyhow::Result<()> {
        let value = serde_json::to_value(mention)?;
        let mut grounded: Vec<_> = mention.evidence.iter().collect();
        grounded.sort_by_key(|(pointer, _)| {
            let field = pointer.split('/').nth(1).unwrap_or_default();
            FIRST_FIELDS
                .iter()
                .position(|first| *first == field)
                .unwrap_or(FIRST_FIELDS.len())
        });
        for (pointer, pieces) in grounded {
            let Some(found) = value.pointer(pointer) else {
                continue;
            };
            let text = match found {
                Value::String(text) => one_line(text),
                other => one_line(&other.to_string()),
            };
            let confidence = mention
                .confidence
                .get(pointer)
                .map_or_else(String::new, |confidence| format!(" · {confidence:.2}"));
            let place = pieces.first().map_or_else(String::new, described);
            writeln!(
                self.out,
                "  {:<18} {text}  [{place}{confidence} · {}]",
                pointer.trim_start_matches('/'),
                rule(pointer, rules, labels, self.profile)
            )?;
        }
        for (pointer, origin) in &mention.origin {
            if let Some(found) = value.pointer(pointer).and_then(Value::as_str) {
                writeln!(
                    self.out,
                    "  {:<18} {}  [a constant of the {origin}]",
                    pointer.trim_start_matches('/'),
                    one_line(found)
                )?;
            }
        }
        Ok(())
    }

    fn write_orphans(&mut self) -> anyhow::Result<()> {
        let orphans: Vec<&Unit> = orphans(&self.reading.segmentation);
        if orphans.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\ntext that belongs to no entry")?;
        for unit in orphans {
            writeln!(
                self.out,
                "  {:<12} {}",
                short_place(&unit.text, unit.text.page(), &self.reading.document),
                one_line(unit.text.as_str())
            )?;
        }
        Ok(())
    }
}

/// Why a partition was taken.
fn verdict(segmentation: &Segmentation, chosen: &Considered) -> String {
    match segmentation.doubt {
        Some(probability) => format!(
            "It is in doubt: of a hundred lists like it {:.0} are of laureates.",
            probability * 100.0
        ),
        None if matches!(chosen.method, Method::Profile(_)) => "The profile says so.".to_owned(),
        None => "What it shows is enough to be sure of it.".to_owned(),
    }
}

/// A number with what it counts, one or several.
fn counted(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// The rule that gave a value, in words: a label and whose it is, the heading, a section, or the place alone.
fn rule(
    pointer: &str,
    rules: &Rules,
    labels: &[(String, &'static str)],
    profile: Option<&Profile>,
) -> String {
    let mut steps = pointer.split('/').skip(1);
    let field = match steps.next().unwrap_or_default() {
        "partners_text" => "partners",
        field => field,
    };
    match rules.get(pointer) {
        Some(Rule::Label) => {
            let own = |label: &str| {
                profile.is_some_and(|profile| {
                    profile
                        .labels
                        .keys()
                        .any(|known| fold(known.trim_end_matches(['*', ' '])) == fold(label))
                })
            };
            let label = if field == "other" {
                steps
                    .next()
                    .map(|label| label.replace("~1", "/").replace("~0", "~"))
            } else {
                labels
                    .iter()
                    .find(|(_, fed)| *fed == field)
                    .map(|(label, _)| label.clone())
            };
            match label {
                Some(label) if own(&label) => format!("the profile's label « {label} »"),
                Some(label) => format!("the label « {label} »"),
                None => "set apart in the text".to_owned(),
            }
        }
        Some(Rule::Template) => "the heading, as the profile splits it".to_owned(),
        Some(Rule::Heading) => "the heading".to_owned(),
        Some(Rule::Line) => "its part of the line, as in the lines beside it".to_owned(),
        Some(Rule::Section) => "the section".to_owned(),
        Some(Rule::Index) => "the index, by the entry's number".to_owned(),
        None => "what the entry says elsewhere".to_owned(),
        Some(Rule::Place) => "its place".to_owned(),
        Some(Rule::Learnt) => {
            "what stands around these words, as in the entries beside it".to_owned()
        }
    }
}

/// For each block the entry (from 1) that it is part of.
fn owners(segmentation: &Segmentation, n_blocks: usize) -> Vec<Option<usize>> {
    let mut owners = vec![None; n_blocks];
    for (index, span) in segmentation.entries.iter().enumerate() {
        for unit in slice(
            &segmentation.units().list,
            &(span.head.start..span.body.end),
        ) {
            if let Some(owner) = owners.get_mut(unit.block) {
                owner.get_or_insert(index + 1);
            }
        }
    }
    owners
}

fn orphans(segmentation: &Segmentation) -> Vec<&Unit> {
    let held = |index: &usize| {
        segmentation
            .entries
            .iter()
            .any(|span| (span.head.start..span.body.end).contains(index))
    };
    segmentation
        .units()
        .list
        .iter()
        .enumerate()
        .filter(|(index, unit)| !held(index) && !unit.text.is_empty())
        .map(|(_, unit)| unit)
        .collect()
}

/// The labels of an entry with the fields that they feed.
fn labels(units: &[Unit]) -> Vec<(String, &'static str)> {
    units
        .iter()
        .filter(|unit| unit.form == Form::Labelled || unit.label.is_some())
        .filter_map(|unit| unit.label.as_ref())
        .map(|label| (one_line(&label.text), label.field.as_str()))
        .collect()
}

fn slice<'a>(units: &'a [Unit], range: &Range<usize>) -> &'a [Unit] {
    units.get(range.clone()).unwrap_or_default()
}

/// What a block is; furniture is marked by `~`.
fn label_of(block: &Block) -> String {
    let label = match block.label {
        BlockLabel::Title => "Title",
        BlockLabel::SectionHeader => "SectionHeader",
        BlockLabel::Text => "Text",
        BlockLabel::ListItem => "ListItem",
        BlockLabel::Quote => "Quote",
        BlockLabel::Caption => "Caption",
        BlockLabel::Footnote => "Footnote",
        BlockLabel::PageHeader => "PageHeader",
        BlockLabel::PageFooter => "PageFooter",
    };
    let level = block
        .level
        .map_or_else(String::new, |level| format!(" {level}"));
    format!("{}{label}{level}", if block.is_body() { "" } else { "~" })
}

fn style_of(style: &palmares::model::text::Style) -> String {
    let mut words = Vec::new();
    if style.size > 0.0 {
        words.push(format!("{:.1}", style.size));
    }
    words.extend(style.bold.then(|| "bold".to_owned()));
    words.extend(style.italic.then(|| "italic".to_owned()));
    words.extend(style.superscript.then(|| "super".to_owned()));
    words.extend((style.color != 0).then(|| format!("#{:06x}", style.color)));
    words.join(" ")
}

fn marker_of(block: &Block) -> String {
    block
        .marker
        .as_ref()
        .map_or_else(String::new, |marker| format!("{} ", marker.as_str()))
}

fn evidence_of(text: &Text, document: &Document) -> Vec<Evidence> {
    document.evidence(text)
}

fn place_of(text: &Text, document: &Document) -> String {
    evidence_of(text, document)
        .first()
        .map_or_else(String::new, described)
}

/// Page, line, cell or paragraph, whichever the format has.
fn short_place(text: &Text, page: Option<u32>, document: &Document) -> String {
    if let Some(page) = page {
        return format!("page {page}");
    }
    let evidence = document.evidence(text);
    match evidence.first() {
        Some(Evidence {
            cell: Some(cell), ..
        }) => format!("cell {cell}"),
        Some(Evidence {
            paragraph: Some(paragraph),
            ..
        }) => format!("paragraph {paragraph}"),
        Some(Evidence {
            line: Some(line), ..
        }) => format!("line {line}"),
        Some(Evidence {
            span: Some([start, _]),
            ..
        }) => format!("byte {start}"),
        _ => String::new(),
    }
}

/// A place as a person looks it up.
pub(super) fn described(piece: &Evidence) -> String {
    if let (Some(page), Some([x0, y0, x1, y1])) = (piece.page, piece.bbox) {
        return format!("page {page}, box {x0} {y0} {x1} {y1}");
    }
    let bytes = piece
        .span
        .map(|[start, end]| format!("bytes {start}–{end}"));
    let line = piece.line.map(|line| format!("line {line}"));
    let characters = piece
        .characters
        .map(|[start, end]| format!("characters {start}–{end}"));
    let sheet = piece.sheet.as_ref().map(|sheet| format!("sheet {sheet}"));
    let cell = piece.cell.as_ref().map(|cell| format!("cell {cell}"));
    let paragraph = piece
        .paragraph
        .map(|paragraph| format!("paragraph {paragraph}"));
    line.into_iter()
        .chain(sheet)
        .chain(cell)
        .chain(piece.part.clone())
        .chain(paragraph)
        .chain(characters)
        .chain(bytes)
        .chain(piece.selector.clone())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A value on one line, cut where it would fill the screen.
fn one_line(text: &str) -> String {
    const LENGTH: usize = 100;
    let text = text.replace('\n', " ⏎ ");
    if text.chars().count() <= LENGTH {
        return text;
    }
    let start: String = text.chars().take(LENGTH).collect();
    format!("{start}…")
}
