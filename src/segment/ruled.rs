//! The lines of an entry by a profile's rules: which are meant, and what stands where in them.

use std::ops::Range;

use super::entries::Span;
use super::units::{Unit, Units};
use crate::profile::{LineRule, Slot, fold};

/// The units of an entry, its head first.
pub fn lines<'u>(units: &'u [Unit], span: &Span) -> &'u [Unit] {
    units.get(span.extent()).unwrap_or_default()
}

/// The parts of a line by a rule; `None` where it is another line, or put together otherwise.
pub fn parts(units: &Units, number: usize, unit: &Unit, rule: &LineRule) -> Option<Parts> {
    let is_style = |style: &String| {
        let signature = units.classes.get(unit.class as usize);
        signature.is_some_and(|signature| {
            (style.split_whitespace())
                .all(|word| signature.split_whitespace().any(|own| own == word))
        })
    };
    let is_label = |label: &crate::profile::Pattern| {
        (unit.label.as_ref()).is_some_and(|own| label.is(&fold(&own.text)))
    };
    let holds = rule.number.is_none_or(|wanted| wanted == number)
        && rule.style.as_ref().is_none_or(is_style)
        && rule.label.as_ref().is_none_or(is_label);
    if !holds {
        return None;
    }
    let from = match (&rule.label, &unit.label) {
        (Some(_), Some(label)) => label.value.start,
        _ => 0,
    };
    let found = rule.reads_as.fit(unit.text.as_str().get(from..)?)?;
    Some(
        (found.into_iter())
            .map(|(slot, range)| (slot, range.start + from..range.end + from))
            .collect(),
    )
}

/// Which bytes of a line are what.
pub type Parts = Vec<(Slot, Range<usize>)>;

/// Whether a rule fits a line of an entry.
pub fn is_read(units: &Units, span: &Span, rules: &[LineRule]) -> bool {
    (lines(&units.list, span).iter().enumerate()).any(|(number, unit)| {
        rules
            .iter()
            .any(|rule| parts(units, number + 1, unit, rule).is_some())
    })
}
