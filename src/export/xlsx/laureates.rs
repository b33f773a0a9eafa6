//! The sheet of laureates: what people look for first, in the order in which they look.

use rust_xlsxwriter::XlsxError;

use super::Context;
use super::cells::{Cell, Column, Cut, Sheet, column};
use crate::export::cell::text;
use crate::message;
use crate::message::{Message, decimal, list};
use crate::model::laureate::Laureate;
use crate::model::mention::DOUBTFUL;
use crate::validate::Packed;
use crate::word;

/// Between the items of a list, as in the table for people.
pub(super) const SEPARATOR: &str = " | ";

/// Texts of which each stands on its own.
pub(super) fn joined<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Cell {
    let items: Vec<String> = (items.into_iter())
        .map(|item| item.as_ref().to_owned())
        .collect();
    Cell::text(items.join(SEPARATOR))
}

const COLUMNS: [Column<Laureate>; 31] = [
    column(word!("Laureate"), 32, "/name", |record, _| {
        Cell::text(record.name.clone())
    }),
    column(word!("Project"), 32, "/project", |record, _| {
        Cell::text(record.project.clone())
    }),
    column(word!("Territory"), 24, "/territory", |record, _| {
        Cell::text(record.territory.clone())
    }),
    column(word!("Region"), 16, "/region", |record, _| {
        Cell::text(record.region.clone())
    }),
    column(word!("Amount"), 14, "/amount", |record, _| {
        let amount = record.amount.as_ref();
        let value = amount.and_then(|amount| amount.value);
        value.map_or(Cell::Empty, |value| {
            Cell::Money(value, amount.and_then(|amount| amount.currency.clone()))
        })
    }),
    column(word!("Amount as printed"), 16, "/amount", |record, _| {
        Cell::text(record.amount.as_ref().map(|amount| amount.text.clone()))
    }),
    column(word!("Call"), 28, "/call", |record, _| {
        Cell::text(record.call.clone())
    }),
    column(word!("Source"), 28, "", |record, context| {
        (record.sources.first()).map_or(Cell::Empty, |source| {
            context.document(&source.document, source.page)
        })
    }),
    column(word!("Page"), 7, "", |record, _| {
        Cell::number(record.sources.first().and_then(|source| source.page))
    }),
    column(word!("Sources"), 8, "", |record, _| {
        Cell::number(u32::try_from(record.sources.len()).ok())
    }),
    column(word!("Sources differ"), 8, "", |record, _| {
        Cell::number(Some(record.conflicts))
    }),
    column(word!("Organisation"), 28, "", |record, _| {
        Cell::text(record.organisation.name.clone())
    }),
    column(word!("Official numbers"), 20, "", |record, _| {
        joined(
            (record.identifiers.iter())
                .map(|identifier| format!("{} {}", identifier.scheme, identifier.value)),
        )
    }),
    column(word!("Codes of places"), 20, "", |record, _| {
        joined((record.places.iter()).filter_map(|place| {
            let code = place.code.as_ref()?;
            let name = place.name.as_ref().unwrap_or(&place.text);
            let about = if place.approximate { "≈ " } else { "" };
            Some(format!("{about}{code} {name}"))
        }))
    }),
    column(word!("Public"), 28, "/public", |record, _| {
        Cell::text(record.public.clone())
    }),
    column(word!("Audiences"), 24, "", |record, _| {
        joined(record.audiences.iter().map(|audience| &audience.label))
    }),
    column(word!("Ages"), 10, "", |record, _| {
        joined(record.ages.iter().map(|age| &age.text))
    }),
    column(word!("Partners"), 32, "/partners_text", |record, _| {
        if record.partners.is_empty() {
            Cell::text(record.partners_text.clone())
        } else {
            joined(&record.partners)
        }
    }),
    column(word!("Description"), 60, "/description", |record, _| {
        Cell::text(record.description.clone())
    }),
    column(word!("Results"), 40, "/results", |record, _| {
        Cell::text(record.results.clone())
    }),
    column(word!("Objectives"), 40, "/objectives", |record, _| {
        Cell::text(record.objectives.clone())
    }),
    column(word!("Theme"), 20, "/theme", |record, _| {
        Cell::text(record.theme.clone())
    }),
    column(word!("Group"), 20, "/group", |record, _| {
        Cell::text(record.group.clone())
    }),
    column(word!("Prize"), 20, "/award", |record, _| {
        Cell::text(record.award.as_ref().map(|award| award.text.clone()))
    }),
    column(word!("Year"), 7, "/edition", |record, _| {
        Cell::number(record.edition.as_ref().and_then(|edition| edition.year))
    }),
    column(word!("Duration"), 14, "/duration", |record, _| {
        Cell::text(record.duration.clone())
    }),
    column(word!("Dates"), 16, "/dates", |record, _| {
        Cell::text(record.dates.clone())
    }),
    column(word!("Days (ISO 8601)"), 24, "", |record, _| {
        joined(record.periods.iter().map(|period| {
            let side = |day: &Option<String>| day.clone().unwrap_or_else(|| "..".to_owned());
            format!("{}/{}", side(&period.start), side(&period.end))
        }))
    }),
    column(word!("Contacts"), 28, "", |record, _| {
        joined(&record.contacts)
    }),
    column(word!("Web addresses"), 28, "", |record, _| {
        match record.links.as_slice() {
            [link] if link.starts_with("https://") || link.starts_with("http://") => Cell::Link {
                target: link.clone(),
                text: link.clone(),
            },
            links => joined(links),
        }
    }),
    column(word!("Identifier"), 21, "", |record, _| {
        Cell::Text(record.id.clone())
    }),
];

pub(super) fn sheet(
    laureates: &[Packed<Laureate>],
    context: &Context<'_>,
    cut: &mut Vec<Cut>,
) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet::new(word!("Laureates"), &COLUMNS, context)?;
    for record in laureates {
        let record = record.unpack();
        let note = |pointer: &str| Some(doubt(&record, pointer)?.to(context.language));
        sheet.row(&COLUMNS, &record, context, note, cut)?;
    }
    Ok(sheet)
}

/// Why a value is doubtful, if it is.
fn doubt(record: &Laureate, pointer: &str) -> Option<Message> {
    let confidence = *record.confidence.get(pointer)?;
    if confidence >= DOUBTFUL {
        return None;
    }
    let mut reasons = vec![message!(
        "likely right by {confidence}, under {floor}: look at the source",
        confidence = decimal(confidence, 2),
        floor = decimal(DOUBTFUL, 2)
    )];
    match record.origin.get(pointer).map(String::as_str) {
        Some("inferred") => reasons.push(message!("inferred from prose, not stated")),
        Some("assist") => reasons.push(message!("from the program of [assist]")),
        Some("profile") => reasons.push(message!("from the profile, not from the document")),
        _ => {}
    }
    for variant in record.variants.get(pointer).into_iter().flatten() {
        reasons.push(message!(
            "{n} {n|source says|sources say} « {value} »",
            n = variant.mentions.len(),
            value = text(&variant.value)
        ));
    }
    Some(message!("{reasons}", reasons = list(reasons, "\n")))
}
