//! A partition with all that is known of it: what its measures go by.

use std::ops::Range;

use super::super::candidates::{Candidate, Method};
use super::super::columns::Line;
use super::super::entries::Span;
use super::super::score::Features;
use super::super::signals::Signals;
use super::super::units::Units;

/// A partition with all that is known of it.
pub struct Case<'a> {
    /// The body.
    pub units: &'a Units,
    /// What its units show.
    pub signals: &'a Signals,
    /// Where its entries start, and what tells so.
    pub candidate: &'a Candidate,
    /// Its entries.
    pub spans: &'a [Span],
    /// What its entries have in common.
    pub features: &'a Features,
    /// Which cut of the body the units are of: 0 is the plain one.
    pub cut: usize,
    /// The units are of sentences that tell something.
    pub is_told: bool,
    /// How many ways to place entries led to these.
    pub witnesses: usize,
    /// How far the other partitions start their entries where this one does, from 0 to 1.
    pub consensus: f32,
    /// Words of each entry.
    pub(super) words: Vec<u32>,
}

impl<'a> Case<'a> {
    /// Lays a partition open.
    pub fn new(
        units: &'a Units,
        signals: &'a Signals,
        candidate: &'a Candidate,
        spans: &'a [Span],
        features: &'a Features,
    ) -> Self {
        let words = spans
            .iter()
            .map(|span| signals.words(&span.extent()))
            .collect();
        Self {
            units,
            signals,
            candidate,
            spans,
            features,
            cut: 0,
            is_told: false,
            witnesses: 1,
            consensus: 0.0,
            words,
        }
    }

    /// The mean over all entries.
    pub(super) fn mean(&self, measure: impl Fn(&Span) -> f32) -> f32 {
        self.spans.iter().map(measure).sum::<f32>() / self.spans.len().max(1) as f32
    }

    /// The share of entries for which something holds.
    pub(super) fn share(&self, holds: impl Fn(&Span) -> bool) -> f32 {
        self.mean(|span| f32::from(u8::from(holds(span))))
    }

    /// The share of lines that are records by themselves for which something holds.
    pub(super) fn share_of_lines(&self, holds: impl Fn(&Line, &str) -> bool) -> f32 {
        let lines = self.candidate.lines.iter().zip(self.spans);
        let holding = lines.filter(|(line, span)| {
            let unit = self.units.list.get(span.body.start);
            unit.is_some_and(|unit| holds(line, unit.text.as_str()))
        });
        holding.count() as f32 / self.spans.len().max(1) as f32
    }

    pub(super) fn is(&self, method: fn(&Method) -> bool) -> f32 {
        f32::from(u8::from(method(&self.candidate.method)))
    }

    /// The first unit of an entry.
    pub(in crate::segment) fn first(span: &Span) -> usize {
        span.head.start
    }

    pub(super) fn log_words(&self) -> (f32, f32) {
        let logs: Vec<f32> = (self.words.iter())
            .map(|words| (1.0 + *words as f32).ln())
            .collect();
        let n = logs.len().max(1) as f32;
        let mean = logs.iter().sum::<f32>() / n;
        let spread = logs.iter().map(|log| (log - mean).powi(2)).sum::<f32>() / n;
        (mean, spread.sqrt())
    }

    /// Units between the first entry's start and the last one's end.
    pub(in crate::segment) fn reach(&self) -> Range<usize> {
        let start = self.spans.first().map_or(0, Self::first);
        let end = self.spans.last().map_or(0, |span| span.body.end);
        start..end.max(start)
    }
}
