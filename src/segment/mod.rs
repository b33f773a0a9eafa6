//! A document in; its entries out: where laureates start and end, what is context, what belongs to none.

pub mod account;
pub mod candidates;
pub mod columns;
pub mod entries;
mod headers;
mod labels;
pub mod line;
pub mod look;
mod pages;
pub mod parts;
pub mod score;
pub mod units;

pub use account::Announced;
pub use candidates::Method;
pub use entries::Span;
pub use score::Features;
pub use units::{Form, Unit, UnitLabel, Units};

use crate::model::document::Document;
use std::collections::BTreeMap;

use crate::profile::{Lexicon, Profile, Section};

/// A partition that was considered.
#[derive(Clone, Debug)]
pub struct Considered {
    /// What it goes by.
    pub method: Method,
    /// Its measures.
    pub features: Features,
    /// Its score.
    pub score: f32,
    /// What each entry says, where entries are records by themselves.
    pub lines: Vec<columns::Line>,
}

impl Considered {
    /// How sure this partition is, beside the best that has other entries: labels, a profile and a met count make sure; else how alike the entries are,
    /// how much they look like organisations or records, and how far the other is behind.
    fn certainty(&self, second: Option<f32>) -> f32 {
        // Values of partitions without any of this are right nine times in ten where those of the others are.
        const LEAST: f32 = 0.9;
        // A second partition that scores so much less is out of question.
        const CLEAR: f32 = 1.5;
        let features = &self.features;
        let labelled = features.labels >= 0.5 && features.core >= 1.5;
        if labelled || features.announced > 0.0 || matches!(self.method, Method::Profile(_)) {
            return 1.0;
        }
        let looks = features.organisations.max(features.lines).min(1.0);
        let margin = second.map_or(1.0, |second| {
            ((self.score - second) / CLEAR).clamp(0.0, 1.0)
        });
        LEAST + (1.0 - LEAST) * (features.regular + looks + margin) / 3.0
    }
}

/// The partition of a document, with its account.
#[derive(Debug)]
pub struct Segmentation {
    /// The body, as units.
    pub units: Units,
    /// The entries, in reading order.
    pub entries: Vec<Span>,
    /// The chosen partition, where one was.
    pub chosen: Option<Considered>,
    /// The others, best first.
    pub runners_up: Vec<Considered>,
    /// Counts that the document announces.
    pub announced: Vec<Announced>,
    /// How sure the partition is, from 0 to 1: what is read from its entries is no surer.
    pub certainty: f32,
    /// The units that a profile knows as being about the entries below them.
    pub sections: BTreeMap<usize, Section>,
}

/// Cuts a document into entries; none, where nothing convinces. Where a profile says what entries start with, and that occurs, its word decides.
pub fn segment(document: &Document, lexicon: &Lexicon, profile: Option<&Profile>) -> Segmentation {
    /// Runners-up that `explain` shows.
    const SHOWN: usize = 5;
    let own = profile
        .filter(|profile| !profile.labels.is_empty())
        .map(|profile| profile.lexicon(lexicon));
    let units = units::units(document, own.as_ref().unwrap_or(lexicon), profile);
    let declared = profile
        .and_then(|profile| profile.entry.starts_with.as_ref())
        .and_then(|place| candidates::declared(document, &units, place));
    let sections = sections(document, &units, profile);
    let announced = account::announced(&units);
    let counts: Vec<u32> = announced
        .iter()
        .map(|announcement| announcement.count)
        .collect();
    let cue = score::cue(document, &units);
    let mut considered: Vec<(Considered, Vec<Span>)> =
        candidates::candidates(document, &units, declared.is_some())
            .iter()
            .chain(&declared)
            .map(|candidate| {
                let mut spans = entries::spans(document, &units, candidate);
                entries::keep_sections_out(&mut spans, &sections);
                let features = score::features(&units, candidate, &spans, &counts, cue);
                (
                    Considered {
                        method: candidate.method.clone(),
                        score: features.score(),
                        features,
                        lines: candidate.lines.clone(),
                    },
                    spans,
                )
            })
            .collect();
    // The sort is stable, so that of two equal partitions the first kind of evidence wins.
    considered.sort_by(|a, b| b.0.score.total_cmp(&a.0.score));
    let chosen = considered
        .iter()
        .position(|(candidate, _)| matches!(candidate.method, Method::Profile(_)))
        .or_else(|| {
            considered
                .iter()
                .position(|(candidate, _)| candidate.features.is_convincing())
        });
    let (chosen, entries) = chosen.map_or((None, Vec::new()), |index| {
        let (candidate, spans) = considered.remove(index);
        (Some(candidate), spans)
    });
    let second = considered
        .iter()
        .filter(|(candidate, _)| {
            chosen
                .as_ref()
                .is_some_and(|chosen| candidate.features.entries != chosen.features.entries)
        })
        .map(|(candidate, _)| candidate.score)
        .next();
    let certainty = chosen
        .as_ref()
        .map_or(1.0, |chosen| chosen.certainty(second));
    let runners_up = considered
        .into_iter()
        .map(|(candidate, _)| candidate)
        .take(SHOWN)
        .collect();
    Segmentation {
        units,
        entries,
        chosen,
        runners_up,
        announced,
        certainty,
        sections,
    }
}

/// The lines that a profile knows as being about the entries below them; of two rules, the wider section's.
fn sections(
    document: &Document,
    units: &Units,
    profile: Option<&Profile>,
) -> BTreeMap<usize, Section> {
    let rules: Vec<_> = profile
        .iter()
        .flat_map(|profile| profile.context.rules())
        .collect();
    if rules.is_empty() {
        return BTreeMap::new();
    }
    (0..units.list.len())
        .filter_map(|index| {
            rules
                .iter()
                .find(|(_, place)| candidates::is_place(document, units, index, place))
                .map(|(section, _)| (index, *section))
        })
        .collect()
}
