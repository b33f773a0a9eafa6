//! An entry in; a mention out: finds field texts, does not interpret them.

pub mod amounts;
mod beside;
mod clauses;
pub mod confidence;
pub mod contacts;
pub mod context;
pub mod draft;
pub mod edition;
mod emphasis;
mod excerpt;
pub mod facts;
pub mod fields;
pub mod heading;
mod heads;
pub mod index;
mod lines;
mod located;
mod numbers;
pub mod partners;
pub mod prose;
mod rest;
mod shared;
pub mod shown;
mod situated;
mod sorted;
mod spanned;
mod stretches;
pub mod sublines;
mod taken;
mod titles;
mod unknown;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::model::document::{Block, BlockLabel, Document};
use crate::model::excerpt::Excerpt;
use crate::model::mention::{DocumentRef, Mention};
use crate::model::text::Text;
use crate::profile::{Field, Profile, VOCABULARY};
use crate::segment::columns::Line;
use crate::segment::{Form, Segmentation, Unit, look};

pub use heads::Head;
pub use stretches::Offered;

use context::Context;
use draft::{Draft, Rule, Rules, Texts};
use unknown::Unknown;

/// What the entries of a document have in common.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// The markers that footnotes of the document bear.
    pub markers: Vec<String>,
    labelled: BTreeMap<Field, f32>,
    /// Fields of a few words whose labels introduce sentences in most entries: « L'association : Née en 1998, elle … ».
    told: BTreeSet<Field>,
    /// What labels that no lexicon knows introduce.
    unknown: Unknown,
}

impl Habits {
    /// A label that fewer entries have is an exception.
    pub const REGULAR: f32 = 0.3;

    fn of(document: &Document, segmentation: &Segmentation) -> Self {
        let markers = document
            .blocks
            .iter()
            .filter(|block| block.label == BlockLabel::Footnote)
            .filter_map(|block| Some(block.marker.as_ref()?.as_str().trim().to_owned()))
            .collect();
        let bodies = || {
            (segmentation.entries.iter())
                .filter_map(|span| segmentation.units().list.get(span.body.clone()))
        };
        let mut values: BTreeMap<Field, (usize, usize)> = BTreeMap::new();
        for (field, value) in bodies().flat_map(fields::titles) {
            let (all, told) = values.entry(field).or_default();
            *all += 1;
            *told += usize::from(sorted::tells(field, &value));
        }
        let mut habits = Self {
            markers,
            labelled: BTreeMap::new(),
            told: (values.into_iter())
                .filter(|(_, (all, told))| told * 2 > *all)
                .map(|(field, _)| field)
                .collect(),
            unknown: Unknown::default(),
        };
        for body in bodies() {
            let fields: BTreeSet<Field> = (body.iter())
                .filter_map(|unit| habits.field_of(unit))
                .collect();
            for field in fields {
                *habits.labelled.entry(field).or_insert(0.0) +=
                    1.0 / segmentation.entries.len().max(1) as f32;
            }
        }
        let known = |field| habits.share(field) >= Self::REGULAR;
        habits.unknown = unknown::unknown(bodies(), known);
        habits
    }

    /// The field that a unit's label feeds in this document.
    pub fn field_of(&self, unit: &Unit) -> Option<Field> {
        let field = match sorted::label_of(unit)? {
            Field::Other => self.unknown.field_of(unit).unwrap_or(Field::Other),
            field => field,
        };
        Some(if self.told.contains(&field) {
            Field::Description
        } else {
            field
        })
    }

    /// The share of entries that label a field.
    pub fn share(&self, field: Field) -> f32 {
        self.labelled.get(&field).copied().unwrap_or(0.0)
    }
}

/// What the entries of a document give.
#[derive(Debug)]
pub struct Extraction {
    /// Every entry's record, in reading order.
    pub mentions: Vec<Mention>,
    /// For each record, the rule behind each value.
    pub rules: Vec<Rules>,
    /// For each record, the words that it was read from; without id.
    pub excerpts: Vec<Excerpt>,
    /// For each record, the text that each value was read from.
    pub texts: Vec<Texts>,
}

/// Every entry's record, in reading order, with the rules behind its values and how likely each is right.
pub fn extract(
    document: &Document,
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) -> Extraction {
    let mut extraction = unweighed(document, segmentation, profile);
    let measures = confidence::measure(&extraction, segmentation);
    confidence::weigh(&mut extraction, &measures);
    extraction
}

/// For each record, what speaks for and against its values.
pub fn measures_of(
    document: &Document,
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) -> Vec<confidence::Measures> {
    confidence::measure(&unweighed(document, segmentation, profile), segmentation)
}

/// Every entry's record, in reading order, with the rules behind its values, which are as sure as these.
fn unweighed(
    document: &Document,
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) -> Extraction {
    let (mut drafts, contexts) = drafts(document, segmentation, profile);
    clauses::read(&mut drafts, document, segmentation);
    let headings: Vec<Option<Text>> = contexts.into_iter().map(|context| context.sum).collect();
    shared::sums(&mut drafts, document, segmentation, &headings);
    stretches::name(&mut drafts, segmentation);
    for draft in &mut drafts {
        prize_named(draft);
        end_before_purpose(draft);
    }
    clauses::end_alike(&mut drafts, segmentation);
    located::behind_names(&mut drafts, |number| {
        clauses::units_of(segmentation, number)
    });
    emphasis::part(&mut drafts, segmentation);
    emphasis::title(&mut drafts, segmentation);
    located::unplaced(&mut drafts);
    shown::fill(&mut drafts, segmentation, profile);
    situated::places(&mut drafts, |number| {
        clauses::units_of(segmentation, number)
    });
    rest::keep(&mut drafts, segmentation);
    let excerpts = (drafts.par_iter().enumerate())
        .map(|(number, draft)| excerpt::excerpt(draft, clauses::units_of(segmentation, number)))
        .collect();
    let (mut mentions, (mut rules, texts)): (Vec<Mention>, (Vec<Rules>, Vec<Texts>)) = (drafts
        .into_par_iter())
    .map(|draft| draft.finish(segmentation.certainty))
    .unzip();
    let apparatus = index::apparatus(document, segmentation);
    index::number_entries(&apparatus, document, &mut mentions, &mut rules);
    index::apply_index(&apparatus, document, &mut mentions, &mut rules);
    Extraction {
        mentions,
        rules,
        excerpts,
        texts,
    }
}

/// For each entry the stretches of words that may be its name, with their traits, before any is chosen.
pub fn stretches_of(
    document: &Document,
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) -> Vec<Offered> {
    let (mut drafts, _) = drafts(document, segmentation, profile);
    clauses::read(&mut drafts, document, segmentation);
    stretches::offered(&drafts, segmentation, true)
}

/// Every entry's record as rules fill it, in reading order, and what each inherits.
fn drafts<'d>(
    document: &'d Document,
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) -> (Vec<Draft<'d>>, Vec<Context>) {
    let units = &segmentation.units().list;
    let habits = Habits::of(document, segmentation);
    let heads: Vec<Head> = heads::heads(document, units, &segmentation.entries, &habits);
    let orientation = heading::orientation(
        heads.iter().filter_map(|head| head.title.as_ref()),
        habits.share(Field::Name),
        habits.share(Field::Project),
    );
    let contexts = context::contexts(document, segmentation, &heads);
    let lines: &[Line] = segmentation
        .chosen
        .as_ref()
        .map_or(&[], |chosen| &chosen.lines);
    let spanned = spanned::spanned(document, segmentation);
    let line_habit = lines::orientation(units, &segmentation.entries, lines);
    let entries = (segmentation.entries.par_iter().zip(&heads).zip(&contexts)).enumerate();
    let drafts = entries
        .map(|(number, ((span, head), context))| {
            let body = units.get(span.body.clone()).unwrap_or_default();
            let mut draft = Draft::new(document);
            draft.mention.position = u32::try_from(number + 1).unwrap_or(u32::MAX);
            draft.mention.document = reference(
                document,
                contexts.first().and_then(|context| context.title.as_ref()),
            );
            if let Some(line) = lines.get(number) {
                let below = body.get(1..).unwrap_or_default();
                if !below.is_empty() {
                    fields::fill(&mut draft, document, below, head, &habits);
                }
                lines::fill(&mut draft, document, body, line, line_habit, context);
                context::fill(&mut draft, context, head, profile);
                return draft;
            }
            let own = (span.body.clone())
                .filter(|index| !head.lines.units.contains(index))
                .filter_map(|index| units.get(index).cloned());
            let told: Vec<Unit> = (spanned.get(number).into_iter().flatten().cloned())
                .chain(own)
                .collect();
            let body = if told.len() == body.len() {
                body
            } else {
                &told
            };
            // The first cell of a row is its number.
            let (number, body) = match body.split_first() {
                Some((first, rest))
                    if head.title.is_none()
                        && first.form == Form::Number
                        && first.label.is_none() =>
                {
                    (Some(first), rest)
                }
                _ => (None, body),
            };
            fields::fill(&mut draft, document, body, head, &habits);
            heads::fill_sublines(&mut draft, head, orientation, context);
            if let Some((value, unit)) =
                number.and_then(|unit| Some((number_of(&unit.text)?, unit)))
            {
                draft.ground("/ordinal", &unit.text, Rule::Heading);
                draft.mention.ordinal = Some(value);
            }
            let template = profile.and_then(|profile| profile.heading.splits_as.as_ref());
            heads::fill_head(&mut draft, head, orientation, template);
            if body.iter().any(names_winner) {
                prize_above(&mut draft);
            }
            context::fill(&mut draft, context, head, profile);
            heads::keep_rest(&mut draft, &head.rest);
            draft
        })
        .collect();
    (drafts, contexts)
}

/// « Winner : X »
fn names_winner(unit: &Unit) -> bool {
    (unit.label.as_ref())
        .is_some_and(|label| label.field == Field::Name && look::is_award(&label.text))
}

/// What stands above a winner is what was won: « Community Group of the Year ».
fn prize_above(draft: &mut Draft<'_>) {
    if draft.rule("/project") == Some(Rule::Heading)
        && draft.mention.award.is_none()
        && let Some(title) = draft.forget("/project")
    {
        draft.mention.project = None;
        draft.mention.award = Some(fields::award(draft, &title, None, Rule::Heading));
    }
}

/// « la fédération des foyers ruraux pour : formation » ends before what it is for.
fn end_before_purpose(draft: &mut Draft<'_>) {
    let Some((before, last)) = (draft.mention.name.as_deref())
        .and_then(|name| name.rsplit_once(' '))
        .filter(|_| !draft.is_labelled("/name"))
    else {
        return;
    };
    let length = before.trim_end().len();
    let is_purpose = VOCABULARY.purposes().iter().any(|word| word == last);
    let rule = draft.rule("/name").unwrap_or(Rule::Place);
    if length > 0
        && is_purpose
        && let Some(text) = draft.forget("/name")
    {
        draft.mention.name = Some(draft.ground("/name", &text.slice(0..length), rule));
    }
}

/// A prize is not who won it: « Prix du jury » that was taken for the name.
fn prize_named(draft: &mut Draft<'_>) {
    let mention = &draft.mention;
    let award = mention.award.as_ref().map(|award| award.text.as_str());
    let is_prize = (mention.name.as_deref())
        .is_some_and(|name| award.is_none_or(|award| award == name) && look::is_award(name));
    if draft.is_labelled("/name") || !is_prize {
        return;
    }
    draft.mention.name = None;
    if let Some(prize) = draft.forget("/name")
        && draft.mention.award.is_none()
    {
        draft.mention.award = Some(fields::award(draft, &prize, None, Rule::Place));
    }
}

fn reference(document: &Document, title: Option<&Text>) -> DocumentRef {
    DocumentRef {
        path: document.path.clone(),
        sha256: document.id.to_string(),
        media_type: document.format.media_type().to_owned(),
        title: title
            .map(|title| title.as_str().replace('\n', " "))
            .or_else(|| document.metadata.title.clone()),
        url: document.metadata.address.clone(),
    }
}

/// The number that a text prints.
fn number_of(text: &Text) -> Option<u32> {
    let digits: String = text.as_str().chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn marker_number(block: &Block) -> Option<(u32, Text)> {
    let marker = block.marker.as_ref()?;
    Some((number_of(marker)?, marker.clone()))
}
