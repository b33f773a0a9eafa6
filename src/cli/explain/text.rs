//! How a document was read, for people. In: a reading; out: lines, the verdict first.

use std::io::Write;
use std::ops::Range;

use palmares::extract::draft::Rules;
use palmares::model::mention::Mention;
use palmares::model::text::Source;
use palmares::pipeline::Reading;
use palmares::profile::Profile;
use palmares::segment::{Considered, Form, Method, Reason, Segmentation, Unit};
use serde_json::Value;

use super::words::{
    counted, described, hundredths, label_of, marker_of, one_line, place_of, rule, short_place,
    style_of,
};
use super::{Stage, View};
use crate::cli::report::kind;
use crate::cli::terminal;

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
pub(super) const SHOWN: usize = 5;

pub(super) struct Explanation<'a, W: Write> {
    pub(super) reading: &'a Reading,
    pub(super) profile: Option<&'a Profile>,
    pub(super) out: W,
}

impl<W: Write> Explanation<'_, W> {
    pub(super) fn write(&mut self, view: &View) -> anyhow::Result<()> {
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
                    reason.meaning,
                    hundredths(reason.measure),
                    hundredths(reason.usual),
                    reason.adds
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

/// For each block the entry (from 1) that it is part of.
pub(super) fn owners(segmentation: &Segmentation, n_blocks: usize) -> Vec<Option<usize>> {
    let mut owners = vec![None; n_blocks];
    for (index, span) in segmentation.entries.iter().enumerate() {
        for unit in slice(&segmentation.units().list, &span.extent()) {
            if let Some(owner) = owners.get_mut(unit.block) {
                owner.get_or_insert(index + 1);
            }
        }
    }
    owners
}

/// The texts that belong to no entry.
pub(super) fn orphans(segmentation: &Segmentation) -> Vec<&Unit> {
    (segmentation.outside())
        .map(|(_, unit)| unit)
        .filter(|unit| !unit.text.is_empty())
        .collect()
}

/// The labels of an entry with the fields that they feed.
pub(super) fn labels(units: &[Unit]) -> Vec<(String, &'static str)> {
    units
        .iter()
        .filter(|unit| unit.form == Form::Labelled || unit.label.is_some())
        .filter_map(|unit| unit.label.as_ref())
        .map(|label| (one_line(&label.text), label.field.as_str()))
        .collect()
}

pub(super) fn slice<'a>(units: &'a [Unit], range: &Range<usize>) -> &'a [Unit] {
    units.get(range.clone()).unwrap_or_default()
}
