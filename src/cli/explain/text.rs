//! How a document was read, for people. In: a reading; out: lines, the verdict first.

use std::io::Write;
use std::ops::Range;

use palmares::extract::draft::Rules;
use palmares::message;
use palmares::message::{Language, Message, Value, decimal, word};
use palmares::model::mention::{DOUBTFUL, Mention};
use palmares::model::text::Source;
use palmares::pipeline::Reading;
use palmares::profile::Profile;
use palmares::segment::{Considered, Form, Method, Reason, Segmentation, Unit};
use serde_json::Value as Json;

use super::words::{
    Extents, described, hundredths, label_of, looked_up, marker_of, one_line, place_of, rule,
    short_place, style_of,
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
    pub(super) language: Language,
    /// Values in full.
    pub(super) full: bool,
    /// What only those ask for who work on palmares.
    pub(super) verbose: bool,
    pub(super) extents: Extents,
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
        if view.stage == Stage::Extract {
            self.write_doubts()?;
        }
        self.write_entries(view.stage == Stage::Extract)?;
        self.write_orphans()
    }

    fn say(&mut self, message: &Message) -> anyhow::Result<()> {
        Ok(writeln!(self.out, "{}", message.to(self.language))?)
    }

    fn write_document(&mut self, view: &View) -> anyhow::Result<()> {
        let document = &self.reading.document;
        let line = message!(
            "{path} · {kind}{pages} · sha256 {hash}…",
            path = terminal::one_line(&document.path),
            kind = word(kind(Some(document.format.media_type()))),
            pages = document
                .n_pages
                .map(|pages| message!(" · {pages} {pages|page|pages}", pages)),
            hash = format!("{:.16}", document.id.to_string()),
        );
        self.say(&line)?;
        let reference = &self.reading.record.document;
        if let Some(title) = &reference.title {
            self.say(&message!("title: {title}", title))?;
        }
        if let Some(profile) = self.profile {
            self.say(&message!("profile: {profile}", profile = &profile.name))?;
        }
        if let Some((expect, by)) = &view.expected {
            self.say(&message!(
                "expected: {what}, says {by}",
                what = expect.name(),
                by
            ))?;
        }
        for warning in &self.reading.warnings {
            self.say(&message!("warning: {warning}", warning = warning.told()))?;
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
                let place = place_of(&run, &self.reading.document).to(self.language);
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
        self.say(&message!(
            "\nblocks (number, entry, label, place, style, text)"
        ))?;
        for (index, block) in self.reading.document.blocks.iter().enumerate() {
            let owner = owners.get(index).copied().flatten();
            let owner = owner.map_or_else(String::new, |entry| format!("#{entry}"));
            writeln!(
                self.out,
                "{index:>5} {owner:>5} {:<14} {:<12} {:<16} {}{}",
                label_of(block),
                short_place(&block.text, block.page, &self.reading.document).to(self.language),
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
        let hundred = |probability: f32| decimal(probability * 100.0, 0);
        match (&segmentation.chosen, segmentation.refused) {
            (Some(chosen), _) => {
                self.say(&message!(
                    "{n} {n|entry was|entries were} read, found by {method}. {verdict} What speaks for it (+) and against it (-):",
                    n = record.found,
                    method = self.method(&chosen.method),
                    verdict = verdict(segmentation, chosen),
                ))?;
                self.write_reasons(&chosen.reasons(), [true, false], false)?;
                if let Some(other) = other {
                    self.say(&message!(
                        "The best other list has {n} {n|entry|entries}, found by {method}. What is better (+) and worse (-) here than there:",
                        n = other.features.entries,
                        method = self.method(&other.method),
                    ))?;
                    self.write_reasons(&chosen.reasons_beside(other), [true, false], true)?;
                }
            }
            (None, Some(refused)) => {
                self.say(&message!(
                    "No laureates were read: no list in it convinces. Of a hundred like the best {probability} are of laureates, and {asked} are asked for.",
                    probability = hundred(refused.probability),
                    asked = hundred(refused.asked),
                ))?;
                if refused.is_silent {
                    self.say(&message!("Nothing in the document speaks of laureates, and without that no list is taken."))?;
                }
                if let Some(best) = segmentation.runners_up.get(refused.number) {
                    self.say(&message!(
                        "The best has {n} {n|entry|entries}, found by {method}; {remedy}. What was missing (-), and what was there (+):",
                        n = best.features.entries,
                        method = self.method(&best.method),
                        remedy = if refused.is_taken_if_expected {
                            message!("`--expect laureates` takes it")
                        } else {
                            message!("a profile can say what its entries start with")
                        },
                    ))?;
                    self.write_reasons(&best.reasons(), [false, true], false)?;
                }
            }
            (None, None) => self.say(&message!(
                "No laureates were read: nothing in it repeats as the entries of a list do."
            ))?,
        }
        for announced in segmentation.announced() {
            self.say(&message!(
                "The document announces {n}: « {text} »",
                n = announced.count,
                text = announced.text.as_str().trim(),
            ))?;
        }
        self.say(&message!(
            "{percent} % of the text belongs to no entry.",
            percent = decimal(record.orphan_share * 100.0, 1),
        ))?;
        if !segmentation.runners_up.is_empty() {
            self.say(&message!("Also considered:"))?;
        }
        for other in segmentation.runners_up.iter().take(SHOWN) {
            self.say(&message!(
                "  {method}, {n} {n|entry|entries}",
                method = self.method(&other.method),
                n = other.features.entries,
            ))?;
        }
        Ok(())
    }

    /// How entries were found. The signature of a class of lines is for those who write profiles.
    fn method(&self, method: &Method) -> Message {
        match method {
            Method::Class(_) if !self.verbose => message!("lines that look alike"),
            Method::Elements(_) if !self.verbose => message!("elements of one kind"),
            method => method.told(),
        }
    }

    /// The measures that speak most for a partition (true) and most against it (false), one side after the other, beside what they are elsewhere.
    fn write_reasons(
        &mut self,
        reasons: &[Reason],
        sides: [bool; 2],
        beside_other: bool,
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
                let (sign, meaning) = (sign, &reason.meaning);
                let measure = decimal(hundredths(reason.measure), 2);
                let usual = decimal(hundredths(reason.usual), 2);
                let adds = Value::Decimal(format!("{:+.2}", reason.adds));
                self.say(&if beside_other {
                    message!(
                        "  {sign} {meaning}: {measure}, there {usual} ({adds})",
                        sign,
                        meaning,
                        measure,
                        usual,
                        adds
                    )
                } else {
                    message!(
                        "  {sign} {meaning}: {measure}, usually {usual} ({adds})",
                        sign,
                        meaning,
                        measure,
                        usual,
                        adds
                    )
                })?;
            }
        }
        Ok(())
    }

    /// The values that are less likely right than is comfortable, the least sure first.
    fn write_doubts(&mut self) -> anyhow::Result<()> {
        const MOST: usize = 10;
        let mut doubts = Vec::new();
        for mention in &self.reading.mentions {
            let doubtful = mention
                .confidence
                .iter()
                .filter(|(_, confidence)| **confidence < DOUBTFUL);
            doubts.extend(doubtful.map(|(pointer, confidence)| (*confidence, mention, pointer)));
        }
        if doubts.is_empty() {
            return Ok(());
        }
        doubts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.position.cmp(&b.1.position)));
        let most = if self.full { doubts.len() } else { MOST };
        self.say(&message!(
            "\n{n} {n|value is|values are} doubtful, the least sure first:",
            n = doubts.len()
        ))?;
        for (confidence, mention, pointer) in doubts.iter().take(most) {
            let value = serde_json::to_value(mention)?;
            let place = mention
                .evidence
                .get(*pointer)
                .and_then(|pieces| pieces.first());
            self.say(&message!(
                "  {confidence}  #{number} {field}: {value}  [{place}]",
                confidence = decimal(*confidence, 2),
                number = mention.position,
                field = pointer.trim_start_matches('/'),
                value = value
                    .pointer(pointer)
                    .map(|found| self.shown(found))
                    .unwrap_or_default(),
                place = place.map(|piece| looked_up(piece, &self.extents)),
            ))?;
        }
        if doubts.len() > most {
            self.say(&message!(
                "  and {n} more: `--full` shows all",
                n = doubts.len() - most
            ))?;
        }
        Ok(())
    }

    /// A value on one line.
    fn shown(&self, found: &Json) -> String {
        match found {
            Json::String(text) => one_line(text, self.full),
            // An amount or a prize goes by its text, a place or an audience by its name and code.
            Json::Object(of) => {
                let word = |key: &str| of.get(key).and_then(Json::as_str);
                let name = ["name", "label", "text"].into_iter().find_map(word);
                let code = word("code").map(|code| format!(" ({code})"));
                let shown = name.map(|name| name.to_owned() + &code.unwrap_or_default());
                one_line(&shown.unwrap_or_else(|| found.to_string()), self.full)
            }
            other => one_line(&other.to_string(), self.full),
        }
    }

    fn write_entries(&mut self, with_fields: bool) -> anyhow::Result<()> {
        let units = &self.reading.segmentation.units();
        let records = self.reading.mentions.iter().zip(&self.reading.rules);
        for (span, (mention, rules)) in self.reading.segmentation.entries.iter().zip(records) {
            let head = slice(&units.list, &span.head);
            let start = head
                .first()
                .or_else(|| slice(&units.list, &span.body).first());
            let place =
                start.map(|unit| short_place(&unit.text, unit.text.page(), &self.reading.document));
            let number = mention
                .ordinal
                .map(|number| message!(", printed number {number}", number));
            self.say(&message!(
                "\n#{position} {place}{number}",
                position = mention.position,
                place,
                number
            ))?;
            for unit in head {
                let class =
                    (units.classes.get(unit.class as usize)).map_or("", |class| class.trim());
                self.say(&message!(
                    "  head   {text}{class}",
                    text = one_line(unit.text.as_str(), self.full),
                    class = self.verbose.then(|| message!(" [{class}]", class)),
                ))?;
            }
            let labels = labels(slice(&units.list, &span.body));
            for (label, field) in &labels {
                self.say(&message!(
                    "  label  « {label} » → {field}",
                    label,
                    field = *field
                ))?;
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
            let place = pieces.first().map(|piece| {
                if self.verbose {
                    described(piece)
                } else {
                    looked_up(piece, &self.extents)
                }
            });
            self.say(&message!(
                "  {field} {value}  [{place}{confidence} · {rule}]",
                field = format!("{:<18}", pointer.trim_start_matches('/')),
                value = self.shown(found),
                place,
                confidence = (mention.confidence.get(pointer)).map(|confidence| message!(
                    " · {confidence}",
                    confidence = decimal(*confidence, 2)
                )),
                rule = rule(pointer, rules, labels, self.profile),
            ))?;
        }
        for (pointer, origin) in &mention.origin {
            if let Some(found) = value.pointer(pointer).filter(|found| found.is_string()) {
                self.say(&message!(
                    "  {field} {value}  [a constant of the {origin}]",
                    field = format!("{:<18}", pointer.trim_start_matches('/')),
                    value = self.shown(found),
                    origin,
                ))?;
            }
        }
        Ok(())
    }

    fn write_orphans(&mut self) -> anyhow::Result<()> {
        let orphans: Vec<&Unit> = orphans(&self.reading.segmentation);
        if orphans.is_empty() {
            return Ok(());
        }
        self.say(&message!("\ntext that belongs to no entry"))?;
        for unit in orphans {
            writeln!(
                self.out,
                "  {:<12} {}",
                short_place(&unit.text, unit.text.page(), &self.reading.document).to(self.language),
                one_line(unit.text.as_str(), self.full)
            )?;
        }
        Ok(())
    }
}

/// Why a partition was taken.
fn verdict(segmentation: &Segmentation, chosen: &Considered) -> Message {
    match segmentation.doubt {
        Some(probability) => message!(
            "It is in doubt: of a hundred lists like it {probability} are of laureates.",
            probability = decimal(probability * 100.0, 0),
        ),
        None if matches!(chosen.method, Method::Profile(_)) => message!("The profile says so."),
        None => message!("What it shows is enough to be sure of it."),
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
        .map(|label| (one_line(&label.text, false), label.field.as_str()))
        .collect()
}

pub(super) fn slice<'a>(units: &'a [Unit], range: &Range<usize>) -> &'a [Unit] {
    units.get(range.clone()).unwrap_or_default()
}
