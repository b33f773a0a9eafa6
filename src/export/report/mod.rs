//! A page to look at: what needs a person, a searchable table, and each laureate beside the words that it was read from. One file that opens from disk
//! and asks nobody for anything; what documents say goes in as data, never as markup, and no script runs but the page's own (its hash is stated).

pub mod pages;

use std::collections::BTreeSet;
use std::io;

use data_encoding::BASE64;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use self::pages::Pages;
use super::is_steering;
use crate::model::evidence::Evidence;
use crate::model::laureate::{Decision, Laureate, LinkRecord};
use crate::model::mention::DOUBTFUL;
use crate::model::record::{DocumentRecord, Reason, Reject, Remark, RunCounts, RunInput};
use crate::model::threshold::AtThreshold;
use crate::validate::Packed;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("page.js");

/// What the map is drawn over, of which `scripts/outlines.py` says where it is from.
const OUTLINES: &str = include_str!("../../../data/outlines.json");
/// What a page with pictures beside it may load.
const PICTURES: &str = " img-src 'self';";

/// A page with more laureates is slow to open; the other files hold all.
pub const MOST: usize = 5_000;

/// Pairs that a person may want to look at.
const MOST_UNCERTAIN: usize = 100;

/// What a run gave.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The account of each document.
    pub inputs: &'a [RunInput],
    /// What documents say of themselves.
    pub documents: &'a [Packed<DocumentRecord>],
    /// The laureates.
    pub laureates: &'a [Packed<Laureate>],
    /// The pairs that were compared.
    pub links: &'a [Packed<LinkRecord>],
    /// What other thresholds of linking would give; nothing where there is nothing to link.
    pub thresholds: &'a [AtThreshold],
    /// What was not taken.
    pub rejects: &'a [Packed<Reject>],
    /// The words that mentions were read from: `Excerpt`s as JSON.
    pub excerpts: &'a [Box<RawValue>],
    /// How much there is of everything.
    pub counts: RunCounts,
    /// Where documents with a relative path are, as seen from the page.
    pub base: &'a str,
    /// Pictures of the pages that values were read from, where they were drawn.
    pub pages: Option<&'a Pages>,
}

#[derive(Serialize)]
struct Data<'a> {
    counts: Counts,
    /// A value that is less likely right is shown as doubtful.
    doubtful: f64,
    base: &'a str,
    /// Nothing where no place has a point.
    map: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<&'a Pages>,
    documents: Vec<Document<'a>>,
    laureates: Vec<Laureate>,
    excerpts: &'a [Box<RawValue>],
    links: Vec<LinkRecord>,
    uncertain: Vec<LinkRecord>,
    thresholds: &'a [AtThreshold],
    rejects: Vec<Rejected>,
}

#[derive(Serialize)]
struct Counts {
    documents: usize,
    laureates: usize,
}

#[derive(Serialize)]
struct Document<'a> {
    path: &'a str,
    title: Option<String>,
    media_type: Option<&'a str>,
    pages: Option<u32>,
    announced: Option<u32>,
    found: u32,
    warnings: &'a [Remark],
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Rejected {
    kind: String,
    document: String,
    reasons: Vec<Reason>,
}

impl Report<'_> {
    /// Writes the page.
    ///
    /// # Panics
    ///
    /// Where the page lacks the mark of a part, which every run would show.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        // A `<` is only within strings; escaped, nothing in them can end the element. What would turn the direction of a text is shown as the CSV shows it.
        let data = serde_json::to_string(&self.data())?
            .replace('<', "\\u003c")
            .replace(is_steering, "\u{fffd}");
        let parts = [
            ("{style-hash}", hash(STYLE)),
            ("{script-hash}", hash(SCRIPT)),
            // Without pictures nothing is loaded, whatever the page is made to ask for.
            ("{pictures}", self.pages.map_or("", |_| PICTURES).to_owned()),
            ("{style}", STYLE.to_owned()),
            ("{data}", data),
            ("{script}", SCRIPT.to_owned()),
        ];
        let mut rest = PAGE;
        for (mark, part) in &parts {
            let (before, behind) = rest
                .split_once(mark)
                .expect("the page has every mark, in order");
            out.write_all(before.as_bytes())?;
            out.write_all(part.as_bytes())?;
            rest = behind;
        }
        out.write_all(rest.as_bytes())
    }

    fn data(&self) -> Data<'_> {
        let laureates: Vec<Laureate> = (self.laureates.iter().take(MOST))
            .map(|laureate| without_places(laureate.unpack()))
            .collect();
        let shown: BTreeSet<&str> = (laureates.iter())
            .flat_map(|laureate| {
                laureate
                    .sources
                    .iter()
                    .map(|source| source.mention.as_str())
            })
            .collect();
        let (mut links, mut uncertain) = (Vec::new(), Vec::new());
        for link in self.links {
            let link = link.unpack();
            if !shown.contains(link.a.as_str()) || !shown.contains(link.b.as_str()) {
                continue;
            }
            if link.is_uncertain() {
                uncertain.push(link);
            } else if link.decision == Decision::SameLaureate
                && link.because.as_deref() != Some("copy")
            {
                links.push(link);
            }
        }
        uncertain.sort_by(|a, b| a.certainty().total_cmp(&b.certainty()));
        uncertain.truncate(MOST_UNCERTAIN);
        let has_point = (laureates.iter())
            .flat_map(|laureate| &laureate.places)
            .any(|place| place.point.is_some());
        Data {
            counts: Counts {
                documents: self.counts.documents,
                laureates: self.counts.laureates,
            },
            doubtful: DOUBTFUL,
            base: self.base,
            map: has_point.then(|| serde_json::from_str(OUTLINES).expect("the outlines are JSON")),
            pages: self.pages,
            documents: self.accounts(),
            excerpts: self.excerpts,
            links,
            uncertain,
            thresholds: self.thresholds,
            rejects: (self.rejects.iter())
                .map(|reject| rejected(reject.unpack()))
                .collect(),
            laureates,
        }
    }

    fn accounts(&self) -> Vec<Document<'_>> {
        // Of a document that gave nothing there is an account alone.
        let mut records = self.documents.iter().map(Packed::unpack).peekable();
        (self.inputs.iter())
            .map(|input| {
                let record = records.next_if(|record| record.document.path == input.path);
                Document {
                    path: &input.path,
                    title: record.and_then(|record| record.document.title),
                    media_type: input.media_type.as_deref(),
                    pages: input.pages,
                    announced: input.announced,
                    found: input.found,
                    warnings: &input.warnings,
                    error: input.error.as_deref(),
                }
            })
            .collect()
    }
}

/// How the page names a style or script that it lets run (Content Security Policy, level 2).
fn hash(content: &str) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(content)))
}

/// The page shows what prose suggests by its words; where they stand is in laureates.json.
fn without_places(mut laureate: Laureate) -> Laureate {
    let inferred = &mut laureate.inferred;
    let values = (inferred.public.iter_mut())
        .chain(&mut inferred.partners)
        .chain(&mut inferred.results);
    let evidence = values.map(|value| &mut value.evidence).chain(
        inferred
            .figures
            .iter_mut()
            .map(|figure| &mut figure.evidence),
    );
    evidence.for_each(Vec::<Evidence>::clear);
    laureate
}

fn rejected(reject: Reject) -> Rejected {
    Rejected {
        kind: reject.kind,
        document: reject.document.path,
        reasons: reject.reasons,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::{Schema, validate};

    fn page(mutate: impl FnOnce(&mut Laureate)) -> String {
        let mut laureate: Laureate = serde_json::from_value(Schema::Laureate.example()).unwrap();
        mutate(&mut laureate);
        let laureates = [validate(Schema::Laureate, laureate).unwrap().into()];
        let report = Report {
            inputs: &[],
            documents: &[],
            laureates: &laureates,
            links: &[],
            thresholds: &[],
            rejects: &[],
            excerpts: &[],
            counts: RunCounts::default(),
            base: "..",
            pages: None,
        };
        let mut out = Vec::new();
        report.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn elements(page: &str) -> usize {
        page.matches("<script").count()
    }

    #[test]
    fn what_documents_say_is_no_markup() {
        let plain = page(|_| ());
        let hostile = page(|laureate| {
            laureate.name = Some("</script><script>alert(1)</script><!-- {script}".to_owned());
        });
        assert_eq!(elements(&hostile), elements(&plain));
        assert!(hostile.contains("\\u003c/script>"));
    }

    #[test]
    fn a_map_is_drawn_where_a_place_has_a_point() {
        let outlines = OUTLINES.trim_end();
        assert!(page(|_| ()).contains(outlines));
        assert!(!page(|laureate| laureate.places.clear()).contains(outlines));
    }

    #[test]
    fn the_page_names_its_script_and_nothing_from_elsewhere() {
        let page = page(|_| ());
        assert!(page.contains(&hash(SCRIPT)));
        assert!(page.contains("default-src 'none'"));
        for outside in ["src=\"", "url(", "@import", "fetch("] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
