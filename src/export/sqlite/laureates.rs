//! Laureates, with the tables of their lists.

use rusqlite::{Result, params};

use super::Tables;
use crate::export::cell::text;
use crate::export::collection::Collection;
use crate::export::grounded::{by_id, grounded};
use crate::model::laureate::Laureate;
use crate::model::mention::InferredValue;
use crate::validate::Packed;

impl Tables<'_> {
    pub(super) fn laureates(&self, laureates: &[Packed<Laureate>]) -> Result<()> {
        for record in laureates.iter().map(Packed::unpack) {
            self.organisation(&record)?;
            self.laureate(&record)?;
            self.lists(&record)?;
            self.inferred(&record)?;
        }
        Ok(())
    }

    fn organisation(&self, record: &Laureate) -> Result<()> {
        let organisation = &record.organisation;
        self.add(
            "INSERT OR IGNORE INTO organisations VALUES (?1, ?2)",
            params![organisation.id, organisation.name],
        )?;
        for name in &organisation.aliases {
            self.add(
                "INSERT OR IGNORE INTO organisation_names VALUES (?1, ?2)",
                params![organisation.id, name],
            )?;
        }
        Ok(())
    }

    fn laureate(&self, record: &Laureate) -> Result<()> {
        let (amount, award, edition) = (
            record.amount.as_ref(),
            record.award.as_ref(),
            record.edition.as_ref(),
        );
        self.add(
            "INSERT INTO laureates VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)",
            params![
                record.id,
                record.organisation.id,
                record.name,
                record.project,
                record.call,
                record.group,
                record.region,
                record.territory,
                record.public,
                record.partners_text,
                record.results,
                record.description,
                record.needs,
                record.aid_type,
                amount.map(|amount| &amount.text),
                amount.and_then(|amount| amount.value),
                amount.and_then(|amount| amount.currency.as_ref()),
                record.duration,
                record.dates,
                record.objectives,
                record.theme,
                award.map(|award| &award.text),
                award.and_then(|award| award.rank),
                award.and_then(|award| award.category.as_ref()),
                edition.map(|edition| &edition.note),
                edition.and_then(|edition| edition.event.as_ref()),
                edition.and_then(|edition| edition.year),
                edition.and_then(|edition| edition.presented),
                edition.and_then(|edition| edition.selected),
                edition.and_then(|edition| edition.category.as_ref()),
                record.conflicts,
            ],
        )
    }

    fn lists(&self, record: &Laureate) -> Result<()> {
        let id = &record.id;
        for (position, name) in (0_u32..).zip(&record.partners) {
            self.add(
                "INSERT INTO partners VALUES (?1, ?2, ?3)",
                params![id, position, name],
            )?;
        }
        for (position, place) in (0_u32..).zip(&record.places) {
            self.add(
                "INSERT INTO places VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    id,
                    position,
                    place.text,
                    place.kind,
                    place.code,
                    place.name,
                    place.point.map(|[longitude, _]| longitude),
                    place.point.map(|[_, latitude]| latitude),
                    place.approximate,
                    place.parent,
                    place.role
                ],
            )?;
            for code in &place.alternatives {
                self.add(
                    "INSERT OR IGNORE INTO place_alternatives VALUES (?1, ?2, ?3)",
                    params![id, position, code],
                )?;
            }
        }
        for (position, audience) in (0_u32..).zip(&record.audiences) {
            self.add(
                "INSERT INTO audiences VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, position, audience.code, audience.label, audience.text],
            )?;
        }
        for (position, identifier) in (0_u32..).zip(&record.identifiers) {
            self.add(
                "INSERT INTO identifiers VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    id,
                    position,
                    identifier.scheme,
                    identifier.value,
                    identifier.text
                ],
            )?;
        }
        for (position, quote) in (0_u32..).zip(&record.quotes) {
            self.add(
                "INSERT INTO quotes VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, position, quote.text, quote.author, quote.age],
            )?;
        }
        self.times(record)?;
        self.texts(record)
    }

    fn times(&self, record: &Laureate) -> Result<()> {
        let id = &record.id;
        for (position, period) in (0_u32..).zip(&record.periods) {
            self.add(
                "INSERT INTO periods VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id,
                    position,
                    period.text,
                    period.start,
                    period.end,
                    period.precision
                ],
            )?;
        }
        for (position, length) in (0_u32..).zip(&record.durations) {
            self.add(
                "INSERT INTO durations VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id,
                    position,
                    length.text,
                    length.from,
                    length.to,
                    length.unit
                ],
            )?;
        }
        for (position, age) in (0_u32..).zip(&record.ages) {
            self.add(
                "INSERT INTO ages VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, position, age.text, age.from, age.to],
            )?;
        }
        Ok(())
    }

    fn texts(&self, record: &Laureate) -> Result<()> {
        let lists = [
            ("keywords", &record.keywords),
            ("links", &record.links),
            ("contacts", &record.contacts),
            ("funding", &record.funding),
            ("added_value", &record.added_value),
            ("public_types", &record.public_types),
        ];
        let items = lists.into_iter().flat_map(|(field, items)| {
            let items = (0_u32..).zip(items);
            items.map(move |(position, text)| (field, position, None, text))
        });
        let other = (0_u32..).zip(&record.other);
        let other = other.map(|(position, (label, text))| ("other", position, Some(label), text));
        for (field, position, label, text) in items.chain(other) {
            self.add(
                "INSERT INTO texts VALUES (?1, ?2, ?3, ?4, ?5)",
                params![record.id, field, position, label, text],
            )?;
        }
        Ok(())
    }

    fn inferred(&self, record: &Laureate) -> Result<()> {
        let inferred = &record.inferred;
        let lists: [(&str, &[InferredValue]); 3] = [
            ("public", &inferred.public),
            ("partners", &inferred.partners),
            ("results", &inferred.results),
        ];
        for (field, values) in lists {
            for (position, value) in (0_u32..).zip(values) {
                self.add(
                    "INSERT INTO inferred VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        record.id,
                        field,
                        position,
                        value.value,
                        value.sentence,
                        value.confidence
                    ],
                )?;
            }
        }
        for (position, figure) in (0_u32..).zip(&inferred.figures) {
            self.add(
                "INSERT INTO figures VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    record.id,
                    position,
                    figure.value,
                    figure.unit,
                    figure.what,
                    figure.nature,
                    figure.text,
                    figure.sentence,
                    figure.confidence
                ],
            )?;
        }
        Ok(())
    }

    /// What each value of a laureate comes from, and what sources state otherwise; the mentions are there.
    pub(super) fn provenance(&self, collection: &Collection) -> Result<()> {
        let mentions = by_id(&collection.mentions);
        for record in collection.laureates.iter().map(Packed::unpack) {
            for value in grounded(&record, &mentions) {
                self.add(
                    "INSERT INTO provenance VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        record.id,
                        value.pointer,
                        value.mention,
                        value.mention_pointer,
                        record.confidence.get(&value.pointer),
                        record.origin.get(&value.pointer),
                    ],
                )?;
            }
            for (pointer, variants) in &record.variants {
                for variant in variants {
                    let stated = variant
                        .mentions
                        .iter()
                        .filter(|id| mentions.contains_key(*id));
                    for id in stated {
                        self.add(
                            "INSERT INTO variants VALUES (?1, ?2, ?3, ?4, ?5)",
                            params![
                                record.id,
                                pointer,
                                id,
                                text(&variant.value),
                                variant.conflict
                            ],
                        )?;
                    }
                }
            }
        }
        Ok(())
    }
}
