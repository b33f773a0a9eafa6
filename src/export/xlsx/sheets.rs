//! The sheets behind the first: every mention, what sources state otherwise, the documents, and what was remarked or left out.

use std::collections::BTreeMap;

use rust_xlsxwriter::XlsxError;

use super::Context;
use super::cells::{Cell, Column, Cut, Sheet, column};
use crate::export::cell::text;
use crate::export::collection::Collection;
use crate::model::laureate::{Laureate, Variant};
use crate::model::mention::Mention;
use crate::model::record::DocumentRecord;
use crate::validate::Packed;
use crate::word;

/// A mention with the laureate that it is of.
struct SourceRow {
    mention: Mention,
    laureate: Option<String>,
    page: Option<u32>,
}

const SOURCES: [Column<SourceRow>; 13] = [
    column(word!("Laureate"), 32, "", |row, _| {
        Cell::text(row.mention.name.clone())
    }),
    column(word!("Project"), 32, "", |row, _| {
        Cell::text(row.mention.project.clone())
    }),
    column(word!("Territory"), 24, "", |row, _| {
        Cell::text(row.mention.territory.clone())
    }),
    column(word!("Region"), 16, "", |row, _| {
        Cell::text(row.mention.region.clone())
    }),
    column(word!("Amount as printed"), 16, "", |row, _| {
        Cell::text(
            row.mention
                .amount
                .as_ref()
                .map(|amount| amount.text.clone()),
        )
    }),
    column(word!("Call"), 28, "", |row, _| {
        Cell::text(row.mention.call.clone())
    }),
    column(word!("Source"), 28, "", |row, context| {
        context.document(&row.mention.document.path, row.page)
    }),
    column(word!("Page"), 7, "", |row, _| Cell::number(row.page)),
    column(word!("Position"), 8, "", |row, _| {
        Cell::number(Some(row.mention.position))
    }),
    column(word!("Printed number"), 8, "", |row, _| {
        Cell::number(row.mention.ordinal)
    }),
    column(word!("Least confidence"), 10, "", |row, _| {
        let least = row.mention.least_confidence();
        least.map_or(Cell::Empty, |(_, confidence)| Cell::Number(confidence))
    }),
    column(word!("Laureate’s identifier"), 21, "", |row, _| {
        Cell::text(row.laureate.clone())
    }),
    column(word!("Mention’s identifier"), 21, "", |row, _| {
        Cell::Text(row.mention.id.clone())
    }),
];

/// A row for each mention.
pub(super) fn sources(
    collection: &Collection,
    context: &Context<'_>,
    cut: &mut Vec<Cut>,
) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet::new(word!("Sources"), &SOURCES, context)?;
    let mut laureates: BTreeMap<String, (String, Option<u32>)> = BTreeMap::new();
    for record in &collection.laureates {
        let record = record.unpack();
        for source in record.sources {
            laureates.insert(source.mention, (record.id.clone(), source.page));
        }
    }
    for mention in &collection.mentions {
        let mention = mention.unpack();
        let (laureate, page) = laureates.remove(&mention.id).unzip();
        let row = SourceRow {
            mention,
            laureate,
            page: page.flatten(),
        };
        sheet.row(&SOURCES, &row, context, |_| None, cut)?;
    }
    Ok(sheet)
}

struct VariantRow {
    laureate: Laureate,
    pointer: String,
    variant: Variant,
    /// The first document that states it, and the page.
    source: Option<(String, Option<u32>)>,
}

const VARIANTS: [Column<VariantRow>; 8] = [
    column(word!("Laureate"), 32, "", |row, _| {
        Cell::text(row.laureate.name.clone())
    }),
    column(word!("Field"), 16, "", |row, _| {
        Cell::text(row.pointer.trim_start_matches('/').to_owned())
    }),
    column(word!("Retained value"), 48, "", |row, _| {
        let record = serde_json::to_value(&row.laureate).unwrap_or_default();
        Cell::text(record.pointer(&row.pointer).map(text))
    }),
    column(word!("Other value"), 48, "", |row, _| {
        Cell::text(text(&row.variant.value))
    }),
    column(word!("Contradicts"), 12, "", |row, context| {
        Cell::Text(context.word(if row.variant.conflict {
            word!("yes")
        } else {
            word!("no")
        }))
    }),
    column(word!("Source"), 28, "", |row, context| {
        (row.source.as_ref()).map_or(Cell::Empty, |(path, page)| context.document(path, *page))
    }),
    column(word!("Sources"), 8, "", |row, _| {
        Cell::number(u32::try_from(row.variant.mentions.len()).ok())
    }),
    column(word!("Laureate’s identifier"), 21, "", |row, _| {
        Cell::Text(row.laureate.id.clone())
    }),
];

/// A row for each value that a source states otherwise.
pub(super) fn variants(
    collection: &Collection,
    context: &Context<'_>,
    cut: &mut Vec<Cut>,
) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet::new(word!("Variants"), &VARIANTS, context)?;
    for record in collection.laureates.iter().map(Packed::unpack) {
        for (pointer, variants) in &record.variants {
            for variant in variants {
                let states = |id: &String| (record.sources.iter()).find(|one| one.mention == *id);
                let source = variant.mentions.iter().find_map(states);
                let row = VariantRow {
                    laureate: record.clone(),
                    pointer: pointer.clone(),
                    variant: variant.clone(),
                    source: source.map(|source| (source.document.clone(), source.page)),
                };
                sheet.row(&VARIANTS, &row, context, |_| None, cut)?;
            }
        }
    }
    Ok(sheet)
}

const DOCUMENTS: [Column<DocumentRecord>; 11] = [
    column(word!("Document"), 36, "", |record, context| {
        context.document(&record.document.path, None)
    }),
    column(word!("Title"), 40, "", |record, _| {
        Cell::text(record.document.title.clone())
    }),
    column(word!("Publisher"), 24, "", |record, _| {
        Cell::text(record.publisher.clone())
    }),
    column(word!("Kind"), 12, "", |record, _| {
        Cell::text(record.kind.clone())
    }),
    column(word!("Pages"), 7, "", |record, _| {
        Cell::number(record.pages)
    }),
    column(word!("Announced"), 10, "", |record, _| {
        Cell::number(record.announced)
    }),
    column(word!("Found"), 8, "", |record, _| {
        Cell::number(Some(record.found))
    }),
    column(word!("Text of no entry"), 10, "", |record, _| {
        Cell::Share(record.orphan_share)
    }),
    column(word!("Profile"), 20, "", |record, _| {
        Cell::text(record.profile.clone())
    }),
    column(word!("Media type"), 20, "", |record, _| {
        Cell::text(record.document.media_type.clone())
    }),
    column("SHA-256", 20, "", |record, _| {
        Cell::text(record.document.sha256.clone())
    }),
];

/// A row for each document.
pub(super) fn documents(
    collection: &Collection,
    context: &Context<'_>,
    cut: &mut Vec<Cut>,
) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet::new(word!("Documents"), &DOCUMENTS, context)?;
    for record in &collection.documents {
        sheet.row(&DOCUMENTS, &record.unpack(), context, |_| None, cut)?;
    }
    Ok(sheet)
}

#[derive(Default)]
struct WarningRow {
    document: Option<String>,
    severity: &'static str,
    page: Option<u32>,
    what: String,
    hint: Option<String>,
}

const WARNINGS: [Column<WarningRow>; 5] = [
    column(word!("Document"), 36, "", |row, context| {
        (row.document.as_ref()).map_or(Cell::Empty, |path| context.document(path, row.page))
    }),
    column(word!("Severity"), 12, "", |row, context| {
        Cell::Text(context.word(row.severity))
    }),
    column(word!("Page"), 7, "", |row, _| Cell::number(row.page)),
    column(word!("What"), 80, "", |row, _| Cell::Text(row.what.clone())),
    column(word!("Advice"), 60, "", |row, _| {
        Cell::text(row.hint.clone())
    }),
];

/// A row for each remark, rejection, and text that a cell could not hold. What documents were remarked for is in English, as records hold it.
pub(super) fn warnings(
    collection: &Collection,
    context: &Context<'_>,
    cut: &[Cut],
) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet::new(word!("Warnings"), &WARNINGS, context)?;
    let mut add = |row: &WarningRow| sheet.row(&WARNINGS, row, context, |_| None, &mut Vec::new());
    for record in collection.documents.iter().map(Packed::unpack) {
        for remark in &record.warnings {
            add(&WarningRow {
                document: Some(record.document.path.clone()),
                severity: match remark.severity.as_str() {
                    "error" => word!("error"),
                    "warning" => word!("warning"),
                    _ => word!("note"),
                },
                page: remark.page,
                what: remark.message.clone(),
                hint: remark.hint.clone(),
            })?;
        }
    }
    for reject in collection.rejects.iter().map(Packed::unpack) {
        for reason in &reject.reasons {
            let about = if reason.pointer.is_empty() {
                String::new()
            } else {
                format!("{}: ", reason.pointer)
            };
            add(&WarningRow {
                document: Some(reject.document.path.clone()).filter(|path| !path.is_empty()),
                severity: word!("rejected"),
                page: reason.evidence.first().and_then(|piece| piece.page),
                what: format!("{about}{}", reason.message),
                hint: None,
            })?;
        }
    }
    for Cut { sheet, cell } in cut {
        let what = crate::message!(
            "sheet {sheet}, cell {cell}: cut, for a cell holds 32,767 characters",
            sheet,
            cell
        );
        add(&WarningRow {
            severity: word!("note"),
            what: what.to(context.language),
            ..WarningRow::default()
        })?;
    }
    Ok(sheet)
}
