//! Which lines of an entry give what: rules that give the values that were shown, and the same of the other entries.

use std::collections::{BTreeMap, BTreeSet};

use super::find::{self, Spot};
use super::forms;
use super::shapes;
use crate::model::mention::Mention;
use crate::profile::{Example, LineRule, Pattern, Slot, Template, VOCABULARY, fold};
use crate::segment::units::Units;
use crate::segment::{Considered, Span, Unit, ruled};

/// What is known of one field over all entries.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// The field.
    pub slot: Slot,
    /// How much the values of the entries look like those shown, from 0 to 1; an entry without one counts 0.
    pub likeness: f32,
    /// The rules of the general reading find it where it was shown.
    pub is_known: bool,
    /// A rule says where it stands.
    pub is_ruled: bool,
    /// How much what the general reading gives looks like those shown, for each entry that is looked at.
    pub(super) general: Vec<f32>,
}

/// An entry that was shown, found in a partition.
pub(super) struct Shown<'a> {
    /// Its place among the entries.
    pub entry: usize,
    /// What was shown.
    pub example: &'a Example,
}

/// A rule while it is tried.
struct Tried {
    rule: LineRule,
    /// For each entry looked at, what it gives, and how much that looks like what was shown.
    given: Vec<Vec<(Slot, f32)>>,
}

/// Entries that rules are tried on.
const SAMPLE: usize = 24;
/// Lines of an entry that are looked at.
const MOST_LINES: usize = 14;
/// Rules of a profile at most.
const MOST_RULES: usize = 4;

/// What lines of entries give.
pub(super) struct Induced {
    /// Rules for the fields that the general reading does not find as they were shown.
    pub(super) rules: Vec<LineRule>,
    /// How well each field is found with them.
    pub(super) placed: Vec<Placed>,
    /// Rules for all fields, where what they do not fit is no entry.
    pub(super) strict_rules: Vec<LineRule>,
    /// How well each is found then.
    pub(super) strict: Vec<Placed>,
}

/// Rules for the fields that the general reading does not find, and how well each field is found with them.
pub(super) fn induce(
    units: &Units,
    partition: &Considered,
    mentions: &[Mention],
    shown: &[Shown<'_>],
) -> Induced {
    let spans = &partition.entries;
    let sample = sample(spans.len(), shown);
    let mut fields: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    for shown in shown {
        for (field, value) in &shown.example.values {
            fields.entry(field).or_default().push((shown.entry, value));
        }
    }
    let mut placed: Vec<Placed> = Vec::new();
    let mut values: BTreeMap<&'static str, &str> = BTreeMap::new();
    for (field, examples) in &fields {
        let Some(slot) = Slot::of(field) else {
            continue;
        };
        let Some((_, example)) = examples.first() else {
            continue;
        };
        let is_known = examples.iter().all(|(entry, value)| {
            let said = mentions
                .get(*entry)
                .and_then(|mention| mention.text(slot.name()));
            said.is_some_and(|said| about_the_same(said, value))
        });
        // What is read otherwise than shown is likely wrong elsewhere, too.
        let trust = if is_known { 1.0 } else { 0.7 };
        let likeness = sample.iter().map(|entry| {
            let said = mentions
                .get(*entry)
                .and_then(|mention| mention.text(slot.name()));
            said.map_or(0.0, |said| trust * shapes::likeness(slot, said, example))
        });
        let general: Vec<f32> = likeness.collect();
        values.insert(slot.name(), example);
        placed.push(Placed {
            slot,
            likeness: general.iter().sum::<f32>() / sample.len().max(1) as f32,
            general,
            is_known,
            is_ruled: false,
        });
    }
    let tried = tried(units, spans, &sample, shown, &values);
    let mut strict = placed.clone();
    Induced {
        rules: choose(&tried, &sample, &mut placed, false),
        placed,
        strict_rules: choose(&tried, &sample, &mut strict, true),
        strict,
    }
}

/// Some entries from all over the list, those shown among them.
fn sample(n: usize, shown: &[Shown<'_>]) -> Vec<usize> {
    let step = n.div_ceil(SAMPLE).max(1);
    let mut sample: Vec<usize> = (0..n).step_by(step).collect();
    sample.extend(shown.iter().map(|shown| shown.entry));
    sample.sort_unstable();
    sample.dedup();
    sample
}

/// Every rule that gives what was shown of an entry.
fn tried(
    units: &Units,
    spans: &[Span],
    sample: &[usize],
    shown: &[Shown<'_>],
    values: &BTreeMap<&'static str, &str>,
) -> Vec<Tried> {
    let mut rules: Vec<LineRule> = Vec::new();
    for shown in shown {
        let Some(span) = spans.get(shown.entry) else {
            continue;
        };
        let own = ruled::lines(&units.list, span);
        let own = own.get(..own.len().min(MOST_LINES)).unwrap_or(own);
        for (number, parts) in stood(own, shown.example) {
            let Some(unit) = own.get(number) else {
                continue;
            };
            let from = unit.label.as_ref().map_or(0, |label| label.value.start);
            let is_labelled = from > 0 && parts.iter().all(|(_, range)| range.start >= from);
            let text = unit.text.as_str();
            let base = if is_labelled { from } else { 0 };
            let parts: Vec<_> = (parts.into_iter())
                .map(|(slot, range)| (slot, range.start - base..range.end - base))
                .collect();
            let text = text.get(base..).unwrap_or_default();
            let line = text.replace('\n', " ");
            let mut templates = forms::templates(&line, &parts);
            // A paragraph may say something else in each of its lines.
            if line != text {
                let by_lines = forms::templates(text, &parts).into_iter();
                templates.extend(by_lines.filter(|template| template.contains('\n')));
            }
            for template in templates {
                let Ok(reads_as) = Template::try_from(template) else {
                    continue;
                };
                rules.extend(selected(units, unit, number + 1, is_labelled, &reads_as));
            }
        }
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    (rules.into_iter())
        .filter_map(|rule| {
            let key = format!("{rule:?}");
            if !seen.insert(key) {
                return None;
            }
            let given = |entry: &usize| -> Vec<(Slot, f32)> {
                let Some(span) = spans.get(*entry) else {
                    return Vec::new();
                };
                give(units, span, &rule)
                    .into_iter()
                    .filter_map(|(slot, text)| {
                        let shown = values.get(slot.name())?;
                        Some((slot, shapes::likeness(slot, &text, shown)))
                    })
                    .collect()
            };
            let gives_shown = shown.iter().any(|shown| {
                spans.get(shown.entry).is_some_and(|span| {
                    let parts = give(units, span, &rule);
                    !parts.is_empty()
                        && parts.iter().all(|(slot, text)| {
                            let wanted = shown.example.values.get(slot.name());
                            wanted.is_some_and(|wanted| same(wanted, text))
                        })
                })
            });
            if !gives_shown {
                return None;
            }
            let given = sample.iter().map(given).collect();
            Some(Tried { rule, given })
        })
        .collect()
}

/// What a rule gives of an entry.
fn give(units: &Units, span: &Span, rule: &LineRule) -> Vec<(Slot, String)> {
    let found = (ruled::lines(&units.list, span).iter().enumerate())
        .find_map(|(number, unit)| Some((unit, ruled::parts(units, number + 1, unit, rule)?)));
    let Some((unit, parts)) = found else {
        return Vec::new();
    };
    (parts.into_iter())
        .filter(|(slot, _)| *slot != Slot::Nothing)
        .map(|(slot, range)| {
            (
                slot,
                unit.text.as_str().get(range).unwrap_or_default().to_owned(),
            )
        })
        .collect()
}

/// Whether two values are the same as people print them.
pub fn same(a: &str, b: &str) -> bool {
    let bare = |text: &str| {
        fold(text)
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_owned()
    };
    bare(a) == bare(b)
}

/// The same but for an article or another small word in front.
fn about_the_same(a: &str, b: &str) -> bool {
    let bare = |text: &str| {
        let folded = fold(text);
        let mut rest = folded.trim_matches(|c: char| !c.is_alphanumeric());
        while let Some((first, more)) = rest.split_once([' ', '\'']) {
            if !VOCABULARY.is_open(first) || more.is_empty() {
                break;
            }
            rest = more;
        }
        rest.to_owned()
    };
    bare(a) == bare(b)
}

/// The lines of an entry in which what was shown of it stands, each with the parts.
fn stood(own: &[Unit], example: &Example) -> BTreeMap<usize, Vec<(Slot, std::ops::Range<usize>)>> {
    let mut found: BTreeMap<Slot, Vec<Spot>> = BTreeMap::new();
    for (field, value) in &example.values {
        if let Some(slot) = Slot::of(field) {
            found.insert(slot, find::spots(own, value));
        }
    }
    // A line that says several of them is the one that is meant.
    let n_said = |unit: usize| {
        (found.values())
            .filter(|spots| spots.iter().any(|spot| spot.unit == unit))
            .count()
    };
    let mut lines: BTreeMap<usize, Vec<(Slot, std::ops::Range<usize>)>> = BTreeMap::new();
    for (slot, spots) in &found {
        let best =
            (spots.iter()).max_by_key(|spot| (n_said(spot.unit), std::cmp::Reverse(spot.unit)));
        let first = spots.first().filter(|first| Some(*first) != best);
        for spot in best.into_iter().chain(first) {
            let parts = lines.entry(spot.unit).or_default();
            // Of a value within another, the longer; the other is looked for in another line.
            let overlaps = |range: &std::ops::Range<usize>| {
                range.start < spot.range.end && spot.range.start < range.end
            };
            if !parts
                .iter()
                .any(|(own, range)| own == slot || overlaps(range))
            {
                parts.push((*slot, spot.range.clone()));
            }
        }
    }
    for parts in lines.values_mut() {
        parts.sort_by_key(|(_, range)| range.start);
    }
    lines
}

/// The ways to say which line of an entry is meant.
fn selected(
    units: &Units,
    unit: &Unit,
    number: usize,
    is_labelled: bool,
    reads_as: &Template,
) -> Vec<LineRule> {
    let plain = LineRule {
        reads_as: reads_as.clone(),
        number: None,
        style: None,
        label: None,
    };
    if is_labelled {
        let label = unit.label.as_ref().map(|label| label.text.clone());
        let label = label.and_then(|label| Pattern::try_from(label).ok());
        return label
            .map(|label| LineRule {
                label: Some(label),
                ..plain
            })
            .into_iter()
            .collect();
    }
    let style = units.classes.get(unit.class as usize).map(|signature| {
        let words = signature.split_whitespace().skip(1);
        words.collect::<Vec<_>>().join(" ")
    });
    // What is all of any line says nothing of which.
    let is_open = reads_as.is_whole();
    let mut rules = vec![
        LineRule {
            number: Some(number),
            ..plain.clone()
        },
        LineRule {
            style,
            ..plain.clone()
        },
    ];
    if !is_open {
        rules.insert(0, plain);
    }
    rules
}

/// The rules that together give most of what looks like the values shown; none for fields that the general reading finds about as well.
fn choose(
    tried: &[Tried],
    sample: &[usize],
    placed: &mut [Placed],
    is_forced: bool,
) -> Vec<LineRule> {
    // What the general reading finds as it was shown is likely right elsewhere, too.
    const KNOWN: f32 = 0.12;
    let n = sample.len().max(1) as f32;
    let mut rules = Vec::new();
    let general: BTreeMap<Slot, Vec<f32>> = (placed.iter())
        .map(|placed| (placed.slot, placed.general.clone()))
        .collect();
    // What no rule gives is left to the general reading.
    let worth_of = |tried: &[&Tried], slot: Slot| -> f32 {
        (0..sample.len())
            .map(|entry| {
                let given = tried.iter().find_map(|tried| {
                    let mut given = tried.given.get(entry)?.iter();
                    given.find(|(own, _)| *own == slot)
                });
                let left = || {
                    general
                        .get(&slot)
                        .and_then(|general| general.get(entry))
                        .copied()
                };
                given.map_or_else(
                    || {
                        if is_forced {
                            0.0
                        } else {
                            left().unwrap_or_default()
                        }
                    },
                    |(_, likeness)| *likeness,
                )
            })
            .sum::<f32>()
            / n
    };
    let gives =
        |tried: &Tried, slot: Slot| tried.given.iter().flatten().any(|(own, _)| *own == slot);
    let best_of = |slot: Slot| {
        let giving = tried.iter().filter(|tried| gives(tried, slot));
        giving
            .map(|tried| worth_of(&[tried], slot))
            .fold(0.0, f32::max)
    };
    // Which fields rules are wanted for.
    let wanted: Vec<Slot> = (placed.iter())
        .filter(|placed| {
            let best = best_of(placed.slot);
            let is_core = matches!(placed.slot, Slot::Name | Slot::Project);
            best > 0.0
                && (!placed.is_known || best > placed.likeness + KNOWN || is_forced && is_core)
        })
        .map(|placed| placed.slot)
        .collect();
    if wanted.is_empty() {
        return rules;
    }
    let mut taken: Vec<&Tried> = Vec::new();
    while taken.len() < MOST_RULES {
        let total = |more: Option<&Tried>| -> f32 {
            let all: Vec<&Tried> = taken.iter().copied().chain(more).collect();
            wanted.iter().map(|slot| worth_of(&all, *slot)).sum()
        };
        let now = total(None);
        // Of equals the one that says least.
        let best = (tried.iter().enumerate())
            .map(|(number, one)| {
                let length = one.rule.reads_as.to_string().len() as f32;
                let is_selected = one.rule.number.is_some() || one.rule.style.is_some();
                let cost = 0.0005 * length + if is_selected { 0.005 } else { 0.0 };
                (number, total(Some(one)) - now, cost)
            })
            .max_by(|a, b| (a.1 - a.2).total_cmp(&(b.1 - b.2)).then(b.0.cmp(&a.0)));
        let Some((number, gain, _)) = best else { break };
        // A rule for a few entries more is a rule too many.
        let least = if taken.is_empty() {
            0.0
        } else {
            (1.5 / n).max(0.05)
        };
        if gain <= least {
            break;
        }
        taken.extend(tried.get(number));
    }
    for placed in placed.iter_mut() {
        if wanted.contains(&placed.slot) {
            placed.is_ruled = true;
            placed.likeness = worth_of(&taken, placed.slot);
        }
    }
    rules.extend(taken.into_iter().map(|tried| tried.rule.clone()));
    rules
}
