//! What a program of the team's is asked: the entries that stay doubtful after all checks, and of those only the fields that are doubtful or empty.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Instant;

use serde_json::Value as Json;

use super::records::Judged;
use crate::assist::{ASSIST, CONFIDENCE, Failure, Field, Found, Pieces, ask};
use crate::config::Assist;
use crate::diagnostic::Diagnostic;
use crate::error::Stage;
use crate::extract::Extraction;
use crate::extract::confidence::{FIELDS, pointer};
use crate::message;
use crate::message::Message;
use crate::model::document::Document;
use crate::model::evidence::Join;
use crate::model::excerpt::{Excerpt, Run};
use crate::model::mention::{DOUBTFUL, Mention};
use crate::model::text::Text;
use crate::segment::{Segmentation, Span};
use crate::validate::Schema;

/// How many times the seconds of one entry all entries of a document may take: what is left over is asked by the next run, which has the answers of this one.
const MAX_TIMES: f64 = 10.0;

/// So many failures in a document are no accident: it is asked no more.
const MAX_FAILURES: usize = 3;

/// Where extraction keeps what no field takes.
const REST: &str = "reste";

/// An entry that stays doubtful.
#[derive(Debug)]
pub(super) struct Doubtful {
    /// Its number.
    number: usize,
    /// The fields that are doubtful or empty.
    fields: Vec<&'static str>,
}

/// The entries of a document that stay doubtful: a value is, one is missing that others have, or nothing says who is meant. Those that people have decided on are
/// theirs.
pub(super) fn doubtful(judged: &Judged) -> Vec<Doubtful> {
    let mentions = &judged.extraction.mentions;
    let decided: BTreeSet<usize> = (judged.decided.set.iter().map(|(number, _)| *number))
        .chain(judged.decided.dropped.iter().map(|(number, _)| *number))
        .collect();
    let is_missing = |number: usize, at: &str| {
        let field = FIELDS.into_iter().find(|field| pointer(field) == at);
        (field.zip(mentions.get(number)))
            .is_some_and(|(field, mention)| mention.text(field).is_none())
    };
    let lacking: BTreeSet<usize> = (judged.doubted.iter())
        .filter(|(number, at)| is_missing(*number, at))
        .map(|(number, _)| *number)
        .collect();
    let of = |(number, mention): (usize, &Mention)| {
        let is_unsure = |field: &str| {
            let confidence = mention.confidence.get(&pointer(field));
            confidence.is_some_and(|confidence| *confidence < DOUBTFUL)
        };
        let is_empty = |field: &str| mention.text(field).is_none();
        let is_doubtful = FIELDS.iter().any(|field| is_unsure(field))
            || is_empty("name") && is_empty("project")
            || lacking.contains(&number);
        let fields = FIELDS
            .into_iter()
            .filter(|field| is_unsure(field) || is_empty(field));
        (is_doubtful && !decided.contains(&number)).then(|| Doubtful {
            number,
            fields: fields.collect(),
        })
    };
    mentions.iter().enumerate().filter_map(of).collect()
}

/// Asks of each doubtful entry, and fills its record with what stands in it. Gives what is to be told. `observe` is told before each, for it takes long.
pub(super) fn fill(
    extraction: &mut Extraction,
    doubtful: &[Doubtful],
    (document, segmentation): (&Document, &Segmentation),
    assist: &Assist,
    observe: &dyn Fn(Stage),
) -> Vec<Diagnostic> {
    let start = Instant::now();
    let mut account = Account::default();
    let units = &segmentation.units().list;
    for (n_done, Doubtful { number, fields }) in doubtful.iter().enumerate() {
        let is_late = start.elapsed().as_secs_f64() >= assist.seconds * MAX_TIMES;
        if is_late || account.n_failed >= MAX_FAILURES {
            account.n_left = doubtful.len() - n_done;
            break;
        }
        // What a decision added is of no entry, and is its author's.
        let span = segmentation.entries.get(*number).map(Span::extent);
        let Some(entry) = span.and_then(|extent| units.get(extent)) else {
            continue;
        };
        let lines: Vec<Text> = entry.iter().flat_map(|unit| unit.text.lines()).collect();
        observe(Stage::Assist);
        match ask(assist, &lines, &asked(fields)) {
            Ok((given, unkept)) => {
                account.n_found += given.found.len();
                account.n_refused += given.n_refused;
                account.unkept = account.unkept.take().or(unkept);
                set(extraction, *number, given.found, document, segmentation);
            }
            Err(failure) => {
                account.n_failed += 1;
                account.failure.get_or_insert(failure);
            }
        }
    }
    observe(Stage::Extract);
    account.told()
}

/// Fields with what the contract says that they are.
fn asked(fields: &[&'static str]) -> Vec<Field<'static>> {
    static MEANINGS: LazyLock<BTreeMap<&str, String>> = LazyLock::new(|| {
        let schema: Json = serde_json::from_str(Schema::Mention.text()).unwrap_or_default();
        let meaning = |field: &'static str| {
            let meaning = schema.pointer(&format!("/properties/{field}/description"));
            let meaning = meaning.and_then(Json::as_str).unwrap_or_default();
            (field, meaning.to_owned())
        };
        FIELDS.into_iter().map(meaning).collect()
    });
    let field = |name: &&'static str| Field {
        name,
        meaning: MEANINGS.get(name).map_or("", String::as_str),
    };
    fields.iter().map(field).collect()
}

/// Puts values into a record; what stood in their place and is in none of them is kept with what no field takes.
fn set(
    extraction: &mut Extraction,
    number: usize,
    found: Vec<Found>,
    document: &Document,
    segmentation: &Segmentation,
) {
    let (Some(mention), Some(rules), Some(texts), Some(excerpt)) = (
        extraction.mentions.get_mut(number),
        extraction.rules.get_mut(number),
        extraction.texts.get_mut(number),
        extraction.excerpts.get_mut(number),
    ) else {
        return;
    };
    let confidence = CONFIDENCE.min(f64::from(segmentation.certainty));
    let mut put_aside = Vec::new();
    for Found {
        field,
        text,
        pieces,
    } in found
    {
        let (own, below) = (pointer(field), format!("/{field}"));
        let is_own = |key: &String| *key == below || key.starts_with(&format!("{below}/"));
        put_aside.extend(texts.get(&own).cloned());
        mention.evidence.retain(|key, _| !is_own(key));
        mention.confidence.retain(|key, _| !is_own(key));
        mention.origin.retain(|key, _| !is_own(key));
        rules.retain(|key, _| !is_own(key));
        texts.retain(|key, _| !is_own(key));
        mention.set_text(field, Some(text.as_str().to_owned()));
        mention
            .evidence
            .insert(own.clone(), document.evidence(&text));
        mention.confidence.insert(own.clone(), confidence);
        mention.origin.insert(own.clone(), ASSIST.to_owned());
        texts.insert(own, text);
        mark(excerpt, field, &pieces);
    }
    let is_held = |text: &Text| {
        let mut values = FIELDS.into_iter().filter_map(|field| mention.text(field));
        values.any(|value| value.contains(text.as_str()))
    };
    put_aside.retain(|text| !is_held(text));
    if put_aside.is_empty() {
        return;
    }
    let own = format!("/other/{REST}");
    let sureness = mention.confidence.get(&own).copied().unwrap_or(confidence);
    let mut rest = texts.remove(&own).unwrap_or_else(Text::new);
    for text in &put_aside {
        rest.append(text, Join::Newline);
    }
    mention
        .other
        .insert(REST.to_owned(), rest.as_str().to_owned());
    mention
        .evidence
        .insert(own.clone(), document.evidence(&rest));
    mention.confidence.insert(own.clone(), sureness);
    texts.insert(own, rest);
}

/// Says in the words of an entry which of them a field took, and no others.
fn mark(excerpt: &mut Excerpt, field: &str, pieces: &Pieces) {
    for (index, line) in excerpt.lines.iter_mut().enumerate() {
        let taken = pieces
            .iter()
            .find(|(at, _)| *at == index)
            .map(|(_, range)| range);
        let mut marked: Vec<Run> = Vec::new();
        let mut at = 0;
        for run in std::mem::take(line) {
            let before = run.field.filter(|own| own != field);
            for character in run.text.chars() {
                let own = if taken.is_some_and(|range| range.contains(&at)) {
                    Some(field.to_owned())
                } else {
                    before.clone()
                };
                at += character.len_utf8();
                match marked.last_mut() {
                    Some(last) if last.field == own => last.text.push(character),
                    _ => marked.push(Run {
                        text: character.into(),
                        field: own,
                    }),
                }
            }
        }
        *line = marked;
    }
}

/// What became of what was asked of a document.
#[derive(Default)]
struct Account {
    n_found: usize,
    n_refused: usize,
    n_failed: usize,
    /// Entries that were not asked about.
    n_left: usize,
    /// The first failure.
    failure: Option<Failure>,
    /// Why answers could not be kept.
    unkept: Option<Message>,
}

impl Account {
    fn told(self) -> Vec<Diagnostic> {
        let mut told = Vec::new();
        if self.n_found > 0 {
            told.push(Diagnostic::note(message!(
                "{n} {n|value is|values are} as the program of [assist] says, in words of the document",
                n = self.n_found
            )));
        }
        if self.n_refused > 0 {
            told.push(
                Diagnostic::warning(message!(
                    "{n} {n|value|values} of the program of [assist] {n|was|were} left out: {n|it does|they do} not stand in the lines that it names, or {n|was|were} not asked for",
                    n = self.n_refused
                ))
                .with_hint(message!(
                    "docs/assist.md shows what it is given, and what it may answer"
                )),
            );
        }
        let left = (self.n_left > 0).then(|| {
            message!(
                "; {left} more {left|was|were} not asked about",
                left = self.n_left
            )
        });
        if let Some(failure) = self.failure {
            told.push(
                Diagnostic::warning(message!(
                    "the program of [assist] gave nothing for {n} {n|entry|entries}: {why}{left}",
                    n = self.n_failed,
                    why = failure.message(),
                    left
                ))
                .with_hint(failure.hint()),
            );
        } else if self.n_left > 0 {
            told.push(
                Diagnostic::warning(message!(
                    "the program of [assist] was not asked about {n} {n|entry|entries}: those before took too long",
                    n = self.n_left
                ))
                .with_hint(message!(
                    "the next run goes on: what it has answered is kept"
                )),
            );
        }
        told.extend(self.unkept.map(Diagnostic::warning));
        told
    }
}
