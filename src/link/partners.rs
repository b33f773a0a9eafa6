//! Organisations that others name as their partners: names of partners in, links out. A link, not a merge: the partner is one of the organisations found,
//! and its mentions stay theirs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::blocking::{self, Rule};
use super::compare;
use super::explain::judge;
use super::fields::{Fields, Source};
use super::fold::Words;
use super::laureates::Constraints;
use super::records;
use super::{Clusters, LinkOptions, LinkType, log_odds};
use crate::model::laureate::{Decision, LinkRecord};
use crate::model::mention::Mention;

/// By how many bits one organisation must be likelier than the next: a name that two bear alike says of neither that it is meant.
const MARGIN: f32 = 3.0;

/// A name to be compared: an organisation's, or a partner's.
struct Entry<'a> {
    id: String,
    fields: Fields<'a>,
}

/// Names as records: organisations from one source, partners from another.
struct Sides<'a>(Vec<Entry<'a>>);

impl Source for Sides<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn id(&self, index: usize) -> Cow<'_, str> {
        self.0.get(index).map_or("", |entry| &entry.id).into()
    }
    fn fields(&self, index: usize) -> Fields<'_> {
        self.0
            .get(index)
            .map(|entry| entry.fields.clone())
            .unwrap_or_default()
    }
    fn mention(&self, _: usize) -> Cow<'_, Mention> {
        Cow::Owned(Mention::default())
    }
    fn name(&self, _: usize) -> Option<Cow<'_, str>> {
        None
    }
    fn place(&self, _: usize) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(""), 0)
    }
}

/// A partner as its mentions name it.
#[derive(Default)]
struct Partner {
    name: String,
    /// Records that name it, by their place among the ids, with the spelling of each.
    named_by: Vec<(u32, String)>,
}

impl Clusters {
    /// Who names which organisation as a partner, in the order of the mentions. Where two organisations are about as likely, neither is linked.
    pub fn partners(&self, source: &dyn Source, options: &LinkOptions) -> Vec<LinkRecord> {
        let links = self.named_as_partners(source, options);
        links.into_iter().map(|(_, link)| link).collect()
    }

    /// The same, each with the records that it is about.
    pub(super) fn named_as_partners(
        &self,
        source: &dyn Source,
        options: &LinkOptions,
    ) -> Vec<((u32, u32), LinkRecord)> {
        let partners = self.named_partners(source);
        if partners.is_empty() {
            return Vec::new();
        }
        let organisations = self.named_organisations(source);
        let n_organisations = organisations.len();
        // Ids that sort in this order: a record's place is its number.
        let id = |number: usize| format!("{number:010}");
        let mut entries: Vec<Entry<'_>> = Vec::with_capacity(n_organisations + partners.len());
        for (number, (record, _)) in organisations.iter().enumerate() {
            let of = source.fields(self.place(*record) as usize);
            entries.push(Entry {
                id: id(number),
                fields: Fields {
                    source: 0,
                    name: of.name,
                    territory: of.territory,
                    seat: of.seat,
                    department: of.department,
                    ..Fields::default()
                },
            });
        }
        for (number, partner) in partners.iter().enumerate() {
            entries.push(Entry {
                id: id(n_organisations + number),
                fields: Fields {
                    source: 1,
                    name: Some(Cow::Borrowed(&partner.name)),
                    ..Fields::default()
                },
            });
        }
        let sides = Sides(entries);
        let compared = records::read(&sides);
        let blocks = blocking::block(&compared);
        let across = LinkOptions {
            link_type: LinkType::Link,
            ..LinkOptions::default()
        };
        let rules = Constraints::new(&compared, &sides, &across);
        let model = super::pairs::learn(&compared, &blocks, &rules);
        let threshold = log_odds(options.threshold);
        // Per partner: the organisations that it may be, with their weights.
        let mut found: BTreeMap<usize, Vec<(f32, usize, u8)>> = BTreeMap::new();
        let mut candidates = Vec::new();
        for organisation in 0..n_organisations {
            blocks.candidates(organisation, &mut candidates);
            for (partner, by) in &candidates {
                let partner = *partner as usize;
                let name = compared.name.row(partner);
                let outcomes =
                    compare::compare_promising(&compared, organisation, partner, name, *by)
                        .filter(|_| rules.may_compare(organisation, partner));
                let weight = outcomes.map(|outcomes| model.weigh(&outcomes).total);
                if let Some(weight) = weight.filter(|weight| *weight > threshold) {
                    found
                        .entry(partner)
                        .or_default()
                        .push((weight, organisation, *by));
                }
            }
        }
        let mut links = Vec::new();
        for (partner, mut likely) in found {
            likely.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            let Some((weight, organisation, by)) = likely.first().copied() else {
                continue;
            };
            let body = |number: usize| organisations.get(number).map(|(_, body)| *body);
            let is_certain = likely.iter().all(|(other, number, _)| {
                body(*number) == body(organisation) || weight - other >= MARGIN
            });
            let (Some((record, own)), Some(named), true) = (
                organisations.get(organisation),
                partners.get(partner - n_organisations),
                is_certain,
            ) else {
                continue;
            };
            let outcomes = compare::compare(&compared, organisation, partner);
            let judgement = judge(&model, &outcomes);
            for (by_record, spelling) in &named.named_by {
                if self.organisation.get(*by_record as usize) == Some(own) {
                    continue;
                }
                let records = (self.copies.first(*by_record), self.copies.first(*record));
                let link = LinkRecord {
                    a: source.id(self.place(*by_record) as usize).into_owned(),
                    b: source.id(self.place(*record) as usize).into_owned(),
                    decision: Decision::Partner,
                    because: None,
                    partner: Some(spelling.clone()),
                    blocked_by: Rule::of(by).map(|rule| rule.as_str().to_owned()).collect(),
                    organisation: judgement.clone(),
                    laureate: None,
                };
                links.push((records, link));
            }
        }
        links.sort_by(|(x, by_x), (y, by_y)| (x, &by_x.partner).cmp(&(y, &by_y.partner)));
        links
    }

    fn place(&self, record: u32) -> u32 {
        let index = self.records.order.get(record as usize);
        index.copied().unwrap_or_default()
    }

    /// The partners that mentions name, stated or suggested by prose, each spelling-blind once.
    fn named_partners(&self, source: &dyn Source) -> Vec<Partner> {
        let mut words = Words::default();
        let mut partners: BTreeMap<String, Partner> = BTreeMap::new();
        for record in 0..u32::try_from(self.records.order.len()).unwrap_or(u32::MAX) {
            for name in source.partners(self.place(record) as usize) {
                let folded = words.folded(&name);
                if folded.is_empty() {
                    continue;
                }
                let partner = partners.entry(folded).or_default();
                if partner.name.is_empty() {
                    partner.name = name.clone().into_owned();
                }
                if partner
                    .named_by
                    .last()
                    .is_none_or(|(last, _)| *last != record)
                {
                    partner.named_by.push((record, name.into_owned()));
                }
            }
        }
        partners.into_values().collect()
    }

    /// The names of each organisation: the first record that bears each, and the organisation.
    fn named_organisations(&self, source: &dyn Source) -> Vec<(u32, u32)> {
        let mut words = Words::default();
        let mut names: BTreeMap<(u32, String), u32> = BTreeMap::new();
        for (record, organisation) in (0_u32..).zip(&self.organisation) {
            if let Some(name) = source.name(self.place(record) as usize) {
                names
                    .entry((*organisation, words.folded(&name)))
                    .or_insert(record);
            }
        }
        names
            .into_iter()
            .map(|((organisation, _), record)| (record, organisation))
            .collect()
    }
}
