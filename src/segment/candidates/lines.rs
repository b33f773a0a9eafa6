//! Entries that are one line each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;

use super::Candidate;
use super::elements::leads;
use crate::model::document::{BlockLabel, Document};
use crate::profile::{Field, VOCABULARY};
use crate::segment::columns::Line;
use crate::segment::line::{self, Taken};
use crate::segment::units::{Form, Unit, Units};
use crate::segment::{entries, score, told};

/// A look, its units, and what of them is records: all that are, and those that share something.
type Decided = (String, Vec<usize>, Vec<line::Decided>);

/// Units of one look that are records by themselves.
pub(super) fn lines(document: &Document, units: &Units) -> Vec<Candidate> {
    let mut list = Vec::new();
    // A heading with its text is the head of an entry.
    let titles = |anchors: &[usize]| {
        let titles = anchors
            .iter()
            .enumerate()
            .filter(|(number, anchor)| {
                is_header(document, units, **anchor)
                    && anchors.get(number + 1) != Some(&(**anchor + 1))
            })
            .count();
        titles * 10 > anchors.len() * 6
    };
    let open = |unit: &super::Unit| {
        let labelled = unit
            .label
            .as_ref()
            .is_some_and(|label| label.field != Field::Other && label.field != Field::Award);
        let announces = unit.announces && unit.form == Form::Short;
        let apart = announces || entries::is_introduction(unit);
        let other = matches!(unit.form, Form::Footnote | Form::Number | Form::Attribution);
        !(labelled || apart || other || leads(unit))
    };
    // Articles link their subjects, too: those of a list are entries where the text shows one.
    let shown = units
        .list
        .iter()
        .any(|unit| unit.announces && (entries::is_introduction(unit) || score::addresses(unit)));
    // One line may end with a full stop, another not: the look without what the words make of it. Of a list, one line may be bold, or in capitals.
    let mut looks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, unit) in units.list.iter().enumerate().filter(|(_, unit)| open(unit)) {
        let class = units.classes.get(unit.class as usize);
        let look = class.and_then(|class| class.split_once(' '));
        let look = look.map_or("", |(_, look)| look);
        looks.entry(look.to_owned()).or_default().push(index);
        let plain = plain_look(look);
        if plain != look {
            looks.entry(plain).or_default().push(index);
        }
    }
    // A line stands under several looks, and is taken apart once.
    let taken: BTreeMap<usize, Taken<'_>> = units
        .list
        .par_iter()
        .enumerate()
        .filter(|(_, unit)| open(unit))
        .filter_map(|(index, unit)| {
            let item = if shown {
                item(document, unit)
            } else {
                line::Item::from(&unit.text)
            };
            Some((index, Taken::of(index, item)?))
        })
        .collect();
    let looks: Vec<(String, Vec<usize>)> = (looks.into_iter())
        .filter(|(_, indices)| indices.len() > 1)
        .collect();
    let decided = looks
        .into_par_iter()
        .with_max_len(1)
        .map(|(look, indices)| {
            let taken: Vec<&Taken<'_>> = (indices.iter())
                .filter_map(|index| taken.get(index))
                .collect();
            let records = if look.starts_with("ListItem") {
                line::decide_items(&taken)
            } else {
                line::decide(&taken)
            };
            // And what those say that share something, where others look like them.
            let by_trait = line::decide_by_trait(&taken);
            let decided = std::iter::once(records).chain(by_trait).collect();
            (look, indices, decided)
        });
    let decided: Vec<Decided> = decided.collect();
    for (look, indices, decided) in decided {
        for (number, decided) in decided.into_iter().enumerate() {
            let whole = whole_lists(document, units, &indices, &decided);
            for (is_whole, mut found) in std::iter::once(decided.records).chain(whole).enumerate() {
                leave_others_out(units, &mut found);
                let (anchors, lines): (Vec<usize>, Vec<Line>) = found.into_iter().unzip();
                // Two lines of weak evidence happen in any text.
                let sure = lines.iter().filter(|line| line.evidence >= 1.0).count();
                // Below the heading of its category, a line that says who won there is the entry.
                let awarded = lines.iter().filter(|line| line.award.is_some()).count();
                let is_known = (list.iter())
                    .any(|known: &Candidate| known.anchors == anchors && known.lines == lines);
                if (anchors.len() > 2 || anchors.len() == 2 && sure == 2)
                    && !is_known
                    && (awarded * 10 > anchors.len() * 8 || !headed(document, units, &anchors))
                    && !titles(&anchors)
                {
                    let mut kind = look.trim().to_owned();
                    if number > 0 {
                        let _ = write!(kind, ", alike {number}");
                    }
                    if is_whole > 0 {
                        kind.push_str(", whole lists");
                    }
                    list.push(Candidate::of_lines(&kind, anchors, lines));
                }
            }
        }
    }
    list
}

/// The lines that are records, with all that stand in one list with several of them, whatever these say; none, where nothing is missing. Items make a
/// list by their bullets; other lines do between those that are records. Headings of prizes between, and years in which none was given, are no records.
fn whole_lists(
    document: &Document,
    units: &Units,
    indices: &[usize],
    decided: &line::Decided,
) -> Option<Vec<(usize, Line)>> {
    // Fewer records tell nothing of what stands between them.
    const FEWEST: usize = 2;
    let is_item = |index: &usize| {
        let block = (units.list.get(*index)).and_then(|unit| document.blocks.get(unit.block));
        block.is_some_and(|block| block.label == BlockLabel::ListItem)
    };
    let is_found = |index: &usize| line::has(&decided.records, *index);
    // Sentences of one paragraph make no list.
    let is_told = |index: &usize| (units.list.get(*index)).is_some_and(|unit| unit.told.is_some());
    if indices.iter().any(is_told) {
        return None;
    }
    // Where most items of all lists are records, the lists are of one kind.
    let most = decided.records.len() * 10 >= indices.len() * 6;
    let mut more = Vec::new();
    for mut run in indices.chunk_by(|before, index| before + 1 == *index) {
        let records = run.iter().filter(|index| is_found(index)).count();
        let is_list = run.iter().all(is_item);
        if !is_list {
            let first = run.iter().position(is_found).unwrap_or(0);
            let last = run.iter().rposition(is_found).map_or(0, |last| last + 1);
            run = run.get(first..last).unwrap_or_default();
        }
        // One item in three is a record; of other lines, every second one.
        let wanted = if is_list { 3 } else { 2 };
        let several = records >= FEWEST && records * wanted >= run.len();
        let neighbours = if several {
            run
        } else if is_list && most {
            indices
        } else {
            continue;
        };
        // The neighbours speak for it: the more of them are records, the more.
        let evidence: f32 = (decided.records.iter())
            .filter(|(index, _)| neighbours.binary_search(index).is_ok())
            .map(|(_, line)| line.evidence / neighbours.len() as f32)
            .sum();
        let rest = run.iter().filter(|index| !is_found(index));
        more.extend(rest.filter_map(|index| {
            let unit = units.list.get(*index)?;
            let mut said = unit.folded.split(':').map(str::trim);
            if unit.award || said.any(|said| VOCABULARY.is_unawarded(said)) {
                return None;
            }
            let text = &unit.text;
            let other = (decided.others.iter()).find(|(other, _)| other == index);
            let line = other
                .map(|(_, line)| line.clone())
                .or_else(|| line::sibling(text))
                .or_else(|| told::item(text.as_str(), 0..text.len(), &[]))
                .unwrap_or_default();
            Some((*index, Line { evidence, ..line }))
        }));
    }
    if more.is_empty() {
        return None;
    }
    more.extend(decided.records.iter().cloned());
    more.sort_by_key(|(index, _)| *index);
    Some(more)
}

/// A look without what sets single lines of a list apart: weight, slant, case and colour; and size, where no page is laid out.
pub(in crate::segment) fn plain_look(look: &str) -> String {
    let is_flowing = look.contains(" 0pt");
    look.split(' ')
        .filter(|word| {
            let apart = matches!(*word, "bold" | "italic" | "CAPS") || word.starts_with('#');
            let size = is_flowing && word.ends_with("pt");
            !apart && !size
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A unit as a line: a link opens it where a sentence goes on behind, whose subject the link is then.
fn item<'u>(document: &Document, unit: &'u Unit) -> line::Item<'u> {
    let mut item = line::Item::from(&unit.text);
    let linked = document.blocks.get(unit.block).and_then(|block| {
        let links = &block.links;
        let first = links.partition_point(|link| link.range.start < unit.offset);
        links.get(first)
    });
    if let Some(link) = linked.filter(|link| link.range.start == unit.offset) {
        let end = link.range.end - unit.offset;
        let goes_on = unit
            .text
            .as_str()
            .get(end..)
            .is_some_and(|rest| rest.trim_start().starts_with(char::is_lowercase));
        if goes_on {
            item.opened = item.opened.max(end);
        }
    }
    item
}

/// Leaves out the lines below a heading that is about others: what a council charges and spends is given to nobody.
fn leave_others_out(units: &Units, found: &mut Vec<(usize, Line)>) {
    let (mut end, mut others) = (0, false);
    found.retain(|(index, _)| {
        let between = units.list.get(end..*index).unwrap_or_default();
        others = entries::heading_of(between).map_or(others, |heading| {
            VOCABULARY.is_others(&heading.folded) && !heading.announces
        });
        end = index + 1;
        !others
    });
}

pub(super) fn is_header(document: &Document, units: &Units, index: usize) -> bool {
    units
        .list
        .get(index)
        .and_then(|unit| document.blocks.get(unit.block))
        .is_some_and(|block| block.label == BlockLabel::SectionHeader)
}

/// Whether most of these stand below a heading of their own, a line or two between: then the heading is the entry's.
pub(super) fn headed(document: &Document, units: &Units, anchors: &[usize]) -> bool {
    // Farther up, a heading is about several.
    const NEAR: usize = 3;
    let below = anchors
        .iter()
        .filter(|anchor| {
            (anchor.saturating_sub(NEAR)..**anchor)
                .rev()
                .take_while(|above| {
                    !anchors.contains(above)
                        && units
                            .list
                            .get(*above)
                            .is_some_and(super::Unit::is_head_like)
                })
                .any(|above| is_header(document, units, above))
        })
        .count();
    below * 10 > anchors.len() * 8
}
