//! Partitions that a rule would give, measured as those that the document suggests: what `teach` chooses among.

use super::candidates::{self, Candidate, Method};
use super::criteria::{self, Case};
use super::entries;
use super::signals::Signals;
use super::units::{self, Outline};
use super::weights::WEIGHTS;
use super::{Considered, Cut, Segmentation, Units, score};
use crate::model::document::Document;
use crate::profile::{EntryRules, Lexicon, Place, Profile, fold};
use std::collections::BTreeMap;

/// A document's body, ready to be cut by one rule after the other.
#[derive(Debug)]
pub struct Trial<'d> {
    document: &'d Document,
    cut: Cut,
    counts: Vec<u32>,
    cue: score::Cue,
    signals: Signals,
}

impl<'d> Trial<'d> {
    /// The body of a document as it is laid out, or as a profile lays it out.
    pub fn of(document: &'d Document, lexicon: &Lexicon, profile: Option<&Profile>) -> Self {
        let outline = Outline::of(document, lexicon, profile);
        let units = units::units(&outline, &BTreeMap::new());
        let cut = Cut::of(document, units, profile);
        Self {
            document,
            counts: cut
                .announced
                .iter()
                .map(|announced| announced.count)
                .collect(),
            cue: score::cue(document, &cut.units),
            signals: Signals::of(document, &cut.units),
            cut,
        }
    }

    /// The body.
    pub fn units(&self) -> &Units {
        &self.cut.units
    }

    /// Whether a profile that names this place would cut paragraphs at lines which are such places.
    pub fn is_cut_anew_by(&self, place: &Place) -> bool {
        let is_own = |line: &str| {
            let is_line = place.line.is_none() || place.is_line(&fold(line));
            is_line && place.reads(line)
        };
        let texts = self.cut.units.list.iter().map(|unit| unit.text.as_str());
        place.is_of_words()
            && texts
                .filter(|text| text.contains('\n'))
                .any(|text| text.split('\n').any(is_own))
    }

    /// The partition that a rule gives, with what it is worth; none where the rule holds nowhere.
    pub fn cut_by(&self, rules: &EntryRules) -> Option<Considered> {
        let Cut { units, .. } = &self.cut;
        let candidate = candidates::declared(self.document, units, rules)?;
        let spans = entries::spans(self.document, units, &candidate);
        let features = score::features(units, &candidate, &spans, &self.counts, self.cue);
        // What is worth how much was learnt of lines that look alike.
        let alike = Candidate {
            method: Method::Class(String::new()),
            ..candidate.clone()
        };
        let case = Case::new(units, &self.signals, &alike, &spans, &features);
        let measures = criteria::measure(&case);
        Some(Considered {
            is_broken: false,
            worth: WEIGHTS.choice.sum(&measures),
            log_odds: WEIGHTS.right.sum(&measures),
            measures,
            cut: 0,
            ways: vec![candidate.way],
            witnesses: Vec::new(),
            method: candidate.method,
            score: features.score(),
            features,
            entries: spans,
            lines: Vec::new(),
        })
    }

    /// The document, cut as a partition says that is of this body.
    pub fn segmentation(&self, chosen: &Considered) -> Segmentation {
        Segmentation {
            entries: chosen.entries.clone(),
            chosen: Some(chosen.clone()),
            runners_up: Vec::new(),
            certainty: 1.0,
            doubt: None,
            refused: None,
            is_as_declared: true,
            plain: self.cut.clone(),
            finer: Vec::new(),
        }
    }
}
