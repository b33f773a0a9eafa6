//! Why two records are, or are not, together: the account of a pair, for `links.ndjson` and for people. Nothing is decided here.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::compare::{Comparison, Outcomes, compare};
use super::fields::{Fields, Source};
use super::laureates::Reason;
use super::records;
use super::weights::{Model, Weighed, probability};
use super::{Clusters, LinkDetail, LinkOptions, Pair, blocking::Rule};
use crate::message;
use crate::message::{Language, Message, Value, decimal};
use crate::model::laureate::{Contribution, Decision, Judgement, LinkRecord};
use crate::model::mention::Mention;
use crate::word;

/// Why two records are one laureate that nothing tells apart, as records write it.
const COPY: &str = "copy";

/// Accounts made at a time.
const BATCH: usize = 4096;

/// Two records to account for, the smaller first.
#[derive(Clone, Copy)]
struct Considered {
    a: u32,
    b: u32,
    /// The rules that brought them together.
    rules: u8,
}

/// A line of `links.ndjson`, by the two records that it is about.
enum Row {
    Pair(Considered),
    /// By its place among the links of partners.
    Partner(u32, u32, usize),
}

impl Row {
    /// Rows are in this order.
    fn key(&self) -> (u32, u32, usize) {
        match self {
            Self::Pair(pair) => (pair.a, pair.b, 0),
            Self::Partner(a, b, at) => (*a, *b, at + 1),
        }
    }
}

/// A record as lines of JSON carry it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identified<'a> {
    /// The record's id.
    pub id: Cow<'a, str>,
    /// What it states.
    #[serde(flatten)]
    pub fields: Fields<'a>,
}

/// A pair worth comparing, as lines of JSON carry it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate<'a> {
    /// One record.
    pub a: Identified<'a>,
    /// The other.
    pub b: Identified<'a>,
    /// Rules that brought them together.
    #[serde(default)]
    pub blocked_by: Vec<Cow<'a, str>>,
}

/// Weighs pairs one by one, with the shipped weights: what a pair weighs does not depend on other pairs.
#[derive(Debug)]
pub struct Scorer {
    model: Model,
    threshold: f32,
}

impl Scorer {
    /// For pairs drawn from so many records, taken for one organisation from this probability on.
    pub fn new(records: usize, threshold: f64) -> Self {
        Self {
            model: Model::shipped(records).calibrated(),
            threshold: super::log_odds(threshold),
        }
    }

    /// Weighs a pair.
    pub fn score(&self, pair: &Candidate<'_>) -> LinkRecord {
        let records = records::read(&Pair2(pair));
        let outcomes = compare(&records, 0, 1);
        let organisation = judge(&self.model, &outcomes);
        let laureate = judge(&Model::laureate(false), &outcomes);
        let is_one = organisation.weight > f64::from(self.threshold);
        LinkRecord {
            a: pair.a.id.clone().into_owned(),
            b: pair.b.id.clone().into_owned(),
            decision: match (is_one, laureate.weight > 0.0) {
                (true, true) => Decision::SameLaureate,
                (true, false) => Decision::SameOrganisation,
                (false, _) => Decision::Different,
            },
            because: None,
            partner: None,
            blocked_by: pair
                .blocked_by
                .iter()
                .map(|rule| rule.clone().into_owned())
                .collect(),
            laureate: is_one.then_some(laureate),
            organisation,
        }
    }
}

/// Two records as a source.
struct Pair2<'a>(&'a Candidate<'a>);

impl Source for Pair2<'_> {
    fn len(&self) -> usize {
        2
    }
    fn id(&self, index: usize) -> Cow<'_, str> {
        // The first stays the first.
        Cow::Borrowed(if index == 0 { "a" } else { "b" })
    }
    fn fields(&self, index: usize) -> Fields<'_> {
        let side = if index == 0 { &self.0.a } else { &self.0.b };
        side.fields.clone()
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

/// The account of a pair in words: one line per comparison with its weight, and what they add up to.
pub fn describe(link: &LinkRecord, a: &str, b: &str, language: Language) -> String {
    let verdict = match link.decision {
        Decision::SameLaureate => word!("one laureate"),
        Decision::SameOrganisation => word!("two laureates of one organisation"),
        Decision::Different => word!("two organisations"),
        Decision::Partner => word!("the second's organisation is a partner of the first"),
    };
    let mut text = format!(
        "{}  {a}\n{}  {b}\n\n{}\n",
        link.a,
        link.b,
        language.translated(verdict)
    );
    let mut say = |message: &Message| {
        text.push_str(&message.to(language));
        text.push('\n');
    };
    if let Some(partner) = &link.partner {
        say(&message!("named as: {partner}", partner));
    }
    if let Some(because) = &link.because {
        let because = match because.as_str() {
            "same_list" => message!("they are two entries of one list, so they are two laureates"),
            "must_link" => message!("a decision says that they are one laureate"),
            "cannot_link" => message!("a decision says that they are two laureates"),
            COPY => message!("they state the same in all that is compared"),
            "link_type" => message!("only records of different inputs are compared"),
            _ => message!("the other mentions of both groups outweigh what this pair says"),
        };
        say(&message!("because {because}", because));
    }
    if !link.blocked_by.is_empty() {
        say(&message!(
            "compared because of: {rules}",
            rules = link.blocked_by.join(", ")
        ));
    }
    let question = match link.decision {
        Decision::Partner => message!("Is the partner that organisation?"),
        _ => message!("Are they one organisation?"),
    };
    describe_judgement(&mut say, &question, &link.organisation);
    if let Some(laureate) = &link.laureate {
        describe_judgement(
            &mut say,
            &message!("If so, are they one laureate?"),
            laureate,
        );
    }
    text
}

fn describe_judgement(say: &mut dyn FnMut(&Message), question: &Message, judgement: &Judgement) {
    let weight = |weight: f64| Value::Decimal(format!("{weight:>+8.2}"));
    say(&message!("\n{question}", question));
    say(&message!(
        "  {prior}  before comparing: {odds}",
        prior = Value::Decimal(format!("{:>8.2}", judgement.prior)),
        odds = odds(judgement.prior),
    ));
    for part in &judgement.contributions {
        say(&message!(
            "  {weight}  {comparison}: {level} {bar}",
            weight = weight(part.weight),
            comparison = &part.comparison,
            level = part.level.replace('_', " "),
            bar = bar(part.weight),
        ));
    }
    say(&message!(
        "  {weight}  in all: {percent} % likely",
        weight = weight(judgement.weight),
        percent = decimal(judgement.probability * 100.0, 1)
    ));
}

/// A bar as long as the weight: one sign per two bits.
fn bar(weight: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few signs"
    )]
    let length = (weight.abs() / 2.0).round().min(20.0) as usize;
    if weight < 0.0 { "-" } else { "+" }.repeat(length)
}

/// Log2 odds in words.
fn odds(bits: f64) -> Message {
    let many = decimal(bits.abs().exp2(), 0);
    if bits >= 0.0 {
        message!("{many} to 1 that they are", many)
    } else {
        message!("1 to {many} that they are", many)
    }
}

impl Clusters {
    /// The account of the pairs considered, in the order of their ids.
    pub fn links(&self, source: &dyn Source, options: &LinkOptions) -> Vec<LinkRecord> {
        let mut links = Vec::new();
        self.each_link(source, options, |link| link, |link| links.push(link));
        links
    }

    /// Accounts for every pair considered, and for partners where they are asked for, in the order of their ids: `map` is called on several threads
    /// at once, `each` in order.
    pub fn each_link<R: Send>(
        &self,
        source: &dyn Source,
        options: &LinkOptions,
        map: impl Fn(LinkRecord) -> R + Sync,
        mut each: impl FnMut(R),
    ) {
        let one = |pair: &&Pair| {
            self.organisation.get(pair.a as usize) == self.organisation.get(pair.b as usize)
        };
        let pairs = self.pairs.iter();
        let of_first = |pair| Row::Pair(self.of_first(pair));
        let mut rows: Vec<Row> = match options.detail {
            LinkDetail::None => return,
            LinkDetail::Decided => pairs.filter(one).map(of_first).collect(),
            LinkDetail::All => pairs.map(of_first).collect(),
        };
        for distinct in 0..self.records.order.len() {
            if let [first, copies @ ..] = self.copies.records.row(distinct) {
                rows.extend(copies.iter().map(|copy| {
                    Row::Pair(Considered {
                        a: *first,
                        b: *copy,
                        rules: 0,
                    })
                }));
            }
        }
        let partners = if options.partners {
            self.named_as_partners(source, options)
        } else {
            Vec::new()
        };
        let of_partners = partners.iter().enumerate();
        rows.extend(of_partners.map(|(at, ((a, b), _))| Row::Partner(*a, *b, at)));
        rows.par_sort_unstable_by_key(Row::key);
        let account = |row: &Row| match row {
            Row::Pair(pair) => Some(self.account(source, *pair)),
            Row::Partner(_, _, at) => partners.get(*at).map(|(_, link)| link.clone()),
        };
        for batch in rows.chunks(BATCH) {
            let accounts: Vec<R> = batch.par_iter().filter_map(account).map(&map).collect();
            accounts.into_iter().for_each(&mut each);
        }
    }

    /// The pairs most worth a person's look: nearest to even odds, or decided against their own weight.
    pub fn uncertain(
        &self,
        source: &dyn Source,
        options: &LinkOptions,
        count: usize,
    ) -> Vec<LinkRecord> {
        let threshold = super::log_odds(options.threshold);
        let mut pairs: Vec<(f32, &Pair)> = self
            .pairs
            .iter()
            .map(|pair| {
                let same = self.organisation.get(pair.a as usize)
                    == self.organisation.get(pair.b as usize);
                let doubt = (pair.weight - threshold).abs();
                let overruled = same != (pair.weight > threshold);
                (if overruled { doubt / 4.0 } else { doubt }, pair)
            })
            .collect();
        pairs.sort_by(|(x, p), (y, q)| x.total_cmp(y).then((p.a, p.b).cmp(&(q.a, q.b))));
        pairs
            .into_iter()
            .take(count)
            .map(|(_, pair)| self.account(source, self.of_first(pair)))
            .collect()
    }

    /// The account of any two records, by id, considered before or not. `None` where an id is unknown.
    pub fn explain(&self, source: &dyn Source, a: &str, b: &str) -> Option<LinkRecord> {
        let (a, b) = (self.find_record(source, a)?, self.find_record(source, b)?);
        let (a, b) = (a.min(b), a.max(b));
        let distinct = (self.distinct(a), self.distinct(b));
        let (low, high) = (distinct.0.min(distinct.1), distinct.0.max(distinct.1));
        let mut known = self.pairs.iter();
        let known = known.find(|pair| (pair.a, pair.b) == (low, high));
        let rules = known.map_or(0, |pair| pair.rules);
        Some(self.account(source, Considered { a, b, rules }))
    }

    /// The account of a pair.
    pub(super) fn account_of(&self, source: &dyn Source, pair: &Pair) -> LinkRecord {
        self.account(source, self.of_first(pair))
    }

    /// The pair of records that two distinct ones are first stated by.
    fn of_first(&self, pair: &Pair) -> Considered {
        Considered {
            a: self.copies.first(pair.a),
            b: self.copies.first(pair.b),
            rules: pair.rules,
        }
    }

    fn distinct(&self, record: u32) -> u32 {
        let distinct = self.copies.distinct.get(record as usize);
        distinct.copied().unwrap_or_default()
    }

    fn account(&self, source: &dyn Source, pair: Considered) -> LinkRecord {
        let id = |record: u32| source.id(self.copies.place(record) as usize).into_owned();
        let (a, b) = (self.distinct(pair.a), self.distinct(pair.b));
        let same = |labels: &[u32]| labels.get(a as usize) == labels.get(b as usize);
        let decision = if same(&self.laureate) {
            Decision::SameLaureate
        } else if same(&self.organisation) {
            Decision::SameOrganisation
        } else {
            Decision::Different
        };
        let outcomes = compare(&self.records, a.min(b) as usize, a.max(b) as usize);
        let organisation = judge(&self.model, &outcomes);
        let laureate = judge(&self.rules.laureate_model(), &outcomes);
        let expected = match (organisation.weight > 0.0, laureate.weight > 0.0) {
            (true, true) => Decision::SameLaureate,
            (true, false) => Decision::SameOrganisation,
            (false, _) => Decision::Different,
        };
        let because = self
            .rules
            .reason(a, b)
            .filter(|_| a != b)
            .map(Reason::as_str)
            .or_else(|| (a == b).then_some(COPY))
            .or_else(|| (decision != expected).then_some("cluster"))
            .map(str::to_owned);
        LinkRecord {
            a: id(pair.a),
            b: id(pair.b),
            decision,
            because,
            partner: None,
            blocked_by: Rule::of(pair.rules)
                .map(|rule| rule.as_str().to_owned())
                .collect(),
            laureate: (decision != Decision::Different || organisation.weight > 0.0)
                .then_some(laureate),
            organisation,
        }
    }
}

/// The weights as records write them: rounded, and adding up as written.
pub(super) fn judge(model: &Model, outcomes: &Outcomes) -> Judgement {
    let Weighed { parts, .. } = model.weigh(outcomes);
    let contributions: Vec<Contribution> = Comparison::ALL
        .into_iter()
        .zip(outcomes)
        .zip(parts)
        .filter_map(|((comparison, outcome), weight)| {
            let level = outcome.level?;
            Some(Contribution {
                comparison: comparison.as_str().to_owned(),
                level: (*comparison.levels().get(usize::from(level))?).to_owned(),
                weight: rounded(f64::from(weight)),
            })
        })
        .collect();
    let prior = rounded(f64::from(model.prior));
    let weight = rounded(
        prior
            + contributions
                .iter()
                .map(|contribution| contribution.weight)
                .sum::<f64>(),
    );
    #[expect(clippy::cast_possible_truncation, reason = "a few bits")]
    let probability = probability(weight as f32);
    Judgement {
        prior,
        contributions,
        weight,
        probability: (probability * 1e6).round() / 1e6,
    }
}

fn rounded(bits: f64) -> f64 {
    (bits * 1000.0).round() / 1000.0
}
