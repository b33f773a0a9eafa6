//! What the lines of an entry give by a profile's rules: these were shown by somebody, and go before all that is worked out.

use super::draft::{Draft, Rule, one_line, without_full_stop};
use super::heading::unquoted;
use crate::model::mention::Mention;
use crate::model::text::Text;
use crate::profile::{Profile, Slot, fold};
use crate::segment::Segmentation;
use crate::segment::ruled::{lines, parts};

/// Gives each entry what its lines say by a profile's rules.
pub(super) fn fill(
    drafts: &mut [Draft<'_>],
    segmentation: &Segmentation,
    profile: Option<&Profile>,
) {
    let Some(profile) = profile.filter(|profile| !profile.lines.is_empty()) else {
        return;
    };
    let units = segmentation.units();
    for (draft, span) in drafts.iter_mut().zip(&segmentation.entries) {
        let mut given: Vec<Slot> = Vec::new();
        for rule in &profile.lines {
            let found = (lines(&units.list, span).iter().enumerate())
                .find_map(|(number, unit)| Some((unit, parts(units, number + 1, unit, rule)?)));
            let Some((unit, parts)) = found else { continue };
            for (slot, range) in parts {
                if !given.contains(&slot) {
                    given.push(slot);
                    put(draft, slot, &unit.text.slice(range), &given);
                }
            }
        }
    }
}

fn put(draft: &mut Draft<'_>, slot: Slot, text: &Text, given: &[Slot]) {
    let line = without_full_stop(&one_line([text]));
    let (value, pointer) = match slot {
        Slot::Nothing => return,
        Slot::Number => {
            draft.mention.ordinal = line.as_str().parse().ok();
            draft.ground("/ordinal", &line, Rule::Template);
            return;
        }
        Slot::Name | Slot::Project => (unquoted(&line), format!("/{}", slot.name())),
        _ => (line, format!("/{}", slot.name())),
    };
    // What was taken for the other of the two is none where it is this one.
    let other = match slot {
        Slot::Name => Some(Slot::Project),
        Slot::Project => Some(Slot::Name),
        _ => None,
    };
    if let Some(other) = other.filter(|other| !given.contains(other)) {
        let taken = field(&mut draft.mention, other);
        let (own, said) = (fold(value.as_str()), taken.as_deref().map(fold));
        let shares = said.is_some_and(|said| own.contains(&said) || said.contains(&own));
        if shares {
            *taken = None;
            draft.forget(&format!("/{}", other.name()));
        }
    }
    let value = draft.ground(&pointer, &value, Rule::Template);
    *field(&mut draft.mention, slot) = Some(value);
}

/// Where a record keeps what a part gives.
fn field(mention: &mut Mention, slot: Slot) -> &mut Option<String> {
    match slot {
        Slot::Name => &mut mention.name,
        Slot::Project => &mut mention.project,
        Slot::Territory => &mut mention.territory,
        Slot::Region => &mut mention.region,
        Slot::Public => &mut mention.public,
        Slot::Theme => &mut mention.theme,
        Slot::Description | Slot::Number | Slot::Nothing => &mut mention.description,
    }
}
