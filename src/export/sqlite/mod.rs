//! A database of one file (`SQLite`): a table for each kind of record, keys between them, and an index of words. It is made in memory and written whole: the same bytes
//! for the same records. What documents say is always a parameter, never a part of a statement.

mod laureates;

use std::io;

use rusqlite::{Connection, MAIN_DB, Params, Result, params};

use super::cell::text;
use super::collection::Collection;
use crate::model::evidence::{Evidence, Join};
use crate::model::laureate::Decision;
use crate::model::mention::{DocumentRef, Mention};
use crate::validate::Packed;

const SCHEMA: &str = include_str!("schema.sql");
const INDEXES: &str = include_str!("indexes.sql");

/// Writes the database.
pub(super) fn write(collection: &Collection, out: &mut dyn io::Write) -> io::Result<()> {
    let mut database = filled(collection).map_err(io::Error::other)?;
    out.write_all(&database.serialize(MAIN_DB).map_err(io::Error::other)?)
}

fn filled(collection: &Collection) -> Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    // So many statements are made below.
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(SCHEMA)?;
    let transaction = connection.transaction()?;
    let tables = Tables(&transaction);
    tables.documents(collection)?;
    tables.laureates(&collection.laureates)?;
    tables.mentions(collection)?;
    tables.provenance(collection)?;
    tables.links(collection)?;
    tables.rejects(collection)?;
    transaction.execute_batch(INDEXES)?;
    transaction.commit()?;
    Ok(connection)
}

/// What rows are added to.
struct Tables<'a>(&'a Connection);

impl Tables<'_> {
    fn add(&self, statement: &'static str, values: impl Params) -> Result<()> {
        self.0.prepare_cached(statement)?.execute(values)?;
        Ok(())
    }

    fn documents(&self, collection: &Collection) -> Result<()> {
        for record in collection.documents.iter().map(Packed::unpack) {
            let path = &record.document.path;
            self.document(&record.document)?;
            self.add(
                "UPDATE documents SET pages = ?2, publisher = ?3, kind = ?4, profile = ?5, announced = ?6, announced_text = ?7, found = ?8, orphan_share = ?9 WHERE path = ?1",
                params![
                    path,
                    record.pages,
                    record.publisher,
                    record.kind,
                    record.profile,
                    record.announced,
                    record.announced_text,
                    record.found,
                    record.orphan_share
                ],
            )?;
            for call in &record.calls {
                self.add(
                    "INSERT INTO calls VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        path,
                        call.name,
                        call.status,
                        call.dates,
                        call.announced,
                        call.found
                    ],
                )?;
            }
            for remark in &record.warnings {
                self.add(
                    "INSERT INTO warnings VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        path,
                        remark.severity,
                        remark.page,
                        remark.message,
                        remark.hint
                    ],
                )?;
            }
        }
        Ok(())
    }

    /// A document that is there already stays as it is.
    fn document(&self, document: &DocumentRef) -> Result<()> {
        self.add(
            "INSERT OR IGNORE INTO documents (path, sha256, media_type, title, url) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![document.path, document.sha256, document.media_type, document.title, document.url],
        )
    }

    fn mentions(&self, collection: &Collection) -> Result<()> {
        for mention in collection.mentions.iter().map(Packed::unpack) {
            self.document(&mention.document)?;
            self.mention(&mention)?;
            for (pointer, pieces) in &mention.evidence {
                for (piece, evidence) in (0_u32..).zip(pieces) {
                    self.evidence(&mention.id, pointer, piece, evidence)?;
                }
            }
        }
        for record in collection.laureates.iter().map(Packed::unpack) {
            for source in &record.sources {
                self.add(
                    "UPDATE mentions SET laureate_id = ?1, page = ?2 WHERE id = ?3",
                    params![record.id, source.page, source.mention],
                )?;
            }
        }
        Ok(())
    }

    fn mention(&self, mention: &Mention) -> Result<()> {
        let amount = mention.amount.as_ref();
        self.add(
            "INSERT INTO mentions VALUES (?1, NULL, ?2, ?3, ?4, NULL, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                mention.id,
                mention.document.path,
                mention.position,
                mention.ordinal,
                mention.name,
                mention.project,
                mention.call,
                mention.group,
                mention.region,
                mention.territory,
                mention.public,
                mention.partners_text,
                mention.results,
                mention.description,
                amount.map(|amount| &amount.text),
                amount.and_then(|amount| amount.value),
                amount.and_then(|amount| amount.currency.as_ref()),
            ],
        )
    }

    fn evidence(
        &self,
        mention: &str,
        pointer: &str,
        piece: u32,
        evidence: &Evidence,
    ) -> Result<()> {
        let [x0, y0, x1, y1] = evidence.bbox.map_or([None; 4], |bbox| bbox.map(Some));
        let span = |span: Option<[u32; 2]>| span.map_or([None; 2], |span| span.map(Some));
        let ([byte_start, byte_end], [character_start, character_end]) =
            (span(evidence.span), span(evidence.characters));
        self.add(
            "INSERT INTO evidence VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
            params![
                mention,
                pointer,
                piece,
                evidence.page,
                x0,
                y0,
                x1,
                y1,
                byte_start,
                byte_end,
                evidence.selector,
                evidence.line,
                evidence.sheet,
                evidence.cell,
                evidence.part,
                evidence.paragraph,
                character_start,
                character_end,
                evidence.join.map(|join| match join {
                    Join::Space => "space",
                    Join::Newline => "newline",
                    Join::Hyphen => "hyphen",
                    Join::None => "none",
                }),
            ],
        )
    }

    fn links(&self, collection: &Collection) -> Result<()> {
        for link in collection.links.iter().map(Packed::unpack) {
            let decision = match link.decision {
                Decision::SameLaureate => "same_laureate",
                Decision::SameOrganisation => "same_organisation",
                Decision::Different => "different",
                Decision::Partner => "partner",
            };
            let laureate = link.laureate.as_ref();
            self.add(
                "INSERT INTO links VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    link.a,
                    link.b,
                    decision,
                    link.because,
                    link.partner,
                    link.organisation.weight,
                    link.organisation.probability,
                    laureate.map(|judgement| judgement.weight),
                    laureate.map(|judgement| judgement.probability),
                ],
            )?;
        }
        Ok(())
    }

    fn rejects(&self, collection: &Collection) -> Result<()> {
        for reject in collection.rejects.iter().map(Packed::unpack) {
            for reason in &reject.reasons {
                let value = Some(text(&reason.value)).filter(|text| !text.is_empty());
                self.add(
                    "INSERT INTO rejects VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![
                        reject.kind,
                        reject.stage,
                        reject.document.path,
                        reject.id,
                        reason.pointer,
                        reason.message.to_string(),
                        value,
                    ],
                )?;
            }
        }
        Ok(())
    }
}
