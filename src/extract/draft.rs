//! A record in the making: each value goes in with the text it was read from, so that evidence and value cannot part.

use std::collections::BTreeMap;

use super::prose;
use super::titles;
use crate::model::document::Document;
use crate::model::evidence::{Evidence, Join};
use crate::model::mention::Mention;
use crate::model::text::Text;
use crate::profile::{Field, LEXICON, fold};
use crate::segment::score::begins_with_infinitive;

/// How a value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Behind a label of the lexicon or the profile, or in a column that one heads.
    Label,
    /// The head of an entry, or a part of it that punctuation sets apart.
    Heading,
    /// A part of the head, which the profile says how to split.
    Template,
    /// A part of a line of a list, whose lines agree on what each part is.
    Line,
    /// Inherited from a section or the title.
    Section,
    /// By the number of the entry in a contents list or an index.
    Index,
    /// By position alone.
    Place,
    /// The stretch of words that is likeliest by what has been learnt.
    Learnt,
}

impl Rule {
    /// How sure such a value is in an entry that is sure. Measured on the corpus and the fixtures; see docs/accuracy.md.
    pub fn confidence(self) -> f64 {
        match self {
            Self::Label => 0.97,
            Self::Heading | Self::Template | Self::Line => 0.93,
            Self::Section | Self::Index => 0.9,
            Self::Place | Self::Learnt => 0.85,
        }
    }

    /// Its name among the traits of stretches.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Heading => "heading",
            Self::Template => "template",
            Self::Line => "line",
            Self::Section => "section",
            Self::Index => "index",
            Self::Place => "place",
            Self::Learnt => "learnt",
        }
    }
}

/// The rule behind each value of a mention, by JSON Pointer.
pub type Rules = BTreeMap<String, Rule>;

/// The text that each value of a mention was read from, by JSON Pointer.
pub type Texts = BTreeMap<String, Text>;

/// Where lines of a head are kept that no field takes.
pub(super) const BESIDE: &str = "sous-titre";

/// The origin of a value that a profile supplies.
pub const PROFILE: &str = "profile";

/// A mention that is being filled.
#[derive(Debug)]
pub struct Draft<'a> {
    document: &'a Document,
    /// The record so far.
    pub mention: Mention,
    rules: Rules,
    /// The text of each value that was noted.
    texts: Texts,
}

impl<'a> Draft<'a> {
    /// An empty record of a document.
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            mention: Mention::default(),
            rules: Rules::new(),
            texts: Texts::new(),
        }
    }

    /// Notes where a value was read and by which rule; gives its characters.
    pub fn ground(&mut self, pointer: &str, text: &Text, rule: Rule) -> String {
        self.mention
            .evidence
            .insert(pointer.to_owned(), self.evidence(text));
        self.mention
            .confidence
            .insert(pointer.to_owned(), rule.confidence());
        self.rules.insert(pointer.to_owned(), rule);
        self.texts.insert(pointer.to_owned(), text.clone());
        text.as_str().to_owned()
    }

    /// The rule behind a value.
    pub(super) fn rule(&self, pointer: &str) -> Option<Rule> {
        self.rules.get(pointer).copied()
    }

    /// Whether a label, a profile or an index says a value: nothing else is sure of more.
    pub(super) fn is_labelled(&self, pointer: &str) -> bool {
        matches!(
            self.rule(pointer),
            Some(Rule::Label | Rule::Template | Rule::Index)
        )
    }

    /// Says how sure a value is that has been noted.
    pub(super) fn doubt(&mut self, pointer: &str, confidence: f64) {
        if let Some(noted) = self.mention.confidence.get_mut(pointer) {
            *noted = confidence;
        }
    }

    /// Puts a name in the place of the one that was found. What was taken for the name or the project and is none stays beside the fields, unless it
    /// shares words with the name.
    pub(super) fn rename(&mut self, name: &Text) {
        let shares = |value: &str| value.contains(name.as_str()) || name.as_str().contains(value);
        // « Le Club de voile » was no project where it is the name; « Rénover le hangar du Club de voile » may be one.
        let most = |value: &str| name.len() * 2 > value.len();
        if (self.mention.project.as_deref()).is_some_and(|project| shares(project) && most(project))
        {
            self.mention.project = None;
            self.forget("/project");
        }
        // A title without a name beside it is the project's; a sentence or the year of an edition is not.
        let is_none = |title: &str| {
            let first = title.split_whitespace().next().unwrap_or_default();
            begins_with_infinitive(&fold(title)) || LEXICON.field(first) == Some(Field::Edition)
        };
        let headed = self.rule("/name") == Some(Rule::Heading)
            && !self.mention.name.as_deref().is_some_and(is_none);
        let found = self.forget("/name");
        let title = (found.as_ref())
            .and_then(|found| {
                if shares(found.as_str()) {
                    titles::beside(found, name.as_str())
                } else {
                    Some(found.clone())
                }
            })
            .filter(|_| headed && self.mention.project.is_none());
        if let Some(title) = &title {
            self.mention.project = Some(self.ground("/project", title, Rule::Heading));
        } else {
            self.set_aside(found.filter(|found| !shares(found.as_str())));
        }
        self.mention.name = Some(self.ground("/name", name, Rule::Learnt));
    }

    /// Sets the title of the project, with which the entry begins, in the place of the name that was found there, and of what was found in its words.
    pub(super) fn entitle(&mut self, title: &Text) {
        let rule = self.rule("/name").unwrap_or(Rule::Heading);
        self.forget("/name");
        self.mention.name = None;
        self.mention.project = Some(self.ground("/project", title, rule));
        if (self.mention.territory.as_deref()).is_some_and(|place| title.as_str().contains(place))
            && !self.is_labelled("/territory")
        {
            self.mention.territory = None;
            self.forget("/territory");
        }
        // « Gué, | rivière, gué. L’amicale … »
        let Some(told) = self.texts.get("/description").cloned() else {
            return;
        };
        let words = title.as_str().match_indices([' ', '’', '\'']);
        let tail = (words.map(|(at, mark)| at + mark.len()))
            .filter_map(|at| title.as_str().get(at..))
            .find(|tail| told.as_str().starts_with(tail));
        if let Some(tail) = tail {
            let rest = told.as_str().get(tail.len()..).unwrap_or_default();
            let rest = rest.trim_start();
            let rest = (rest.strip_prefix('('))
                .and_then(|inside| inside.split_once(')'))
                .map_or(rest, |(_, behind)| behind);
            let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '«');
            let told = told.slice(told.len() - rest.len()..told.len());
            self.mention.description = Some(self.ground("/description", &told, rule));
        }
    }

    /// What was taken for a territory and is none stays beside the fields.
    pub(super) fn displace(&mut self) {
        self.mention.territory = None;
        let found = self.forget("/territory");
        self.set_aside(found);
    }

    fn set_aside(&mut self, found: Option<Text>) {
        if let Some(found) = found
            && !self.mention.other.contains_key(BESIDE)
        {
            let value = self.ground(&format!("/other/{BESIDE}"), &found, Rule::Place);
            self.mention.other.insert(BESIDE.to_owned(), value);
        }
    }

    /// Takes back what was noted of a value; gives its text.
    pub(super) fn forget(&mut self, pointer: &str) -> Option<Text> {
        self.mention.confidence.remove(pointer);
        self.rules.remove(pointer);
        self.mention.evidence.remove(pointer);
        self.texts.remove(pointer)
    }

    /// The texts of all values.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        self.texts.values()
    }

    /// The texts of all values, with their pointers.
    pub(super) fn pointed(&self) -> impl Iterator<Item = (&str, &Text)> {
        (self.texts.iter()).map(|(pointer, text)| (pointer.as_str(), text))
    }

    /// Sets a value that a profile supplies, unless the record has it: it stands nowhere in the document.
    pub fn supply(&mut self, key: &str, value: &str) {
        let mention = &mut self.mention;
        let field = match key {
            "call" => &mut mention.call,
            "region" => &mut mention.region,
            "territory" => &mut mention.territory,
            "theme" => &mut mention.theme,
            _ => {
                if !mention.funding.iter().any(|funder| funder == value) {
                    let pointer = format!("/funding/{}", mention.funding.len());
                    mention.funding.push(value.to_owned());
                    mention.origin.insert(pointer, PROFILE.to_owned());
                }
                return;
            }
        };
        if field.is_none() {
            *field = Some(value.to_owned());
            mention.origin.insert(format!("/{key}"), PROFILE.to_owned());
        }
    }

    /// The record, with what its texts suggest beyond what it states. No value is surer than the entry that it is read from: `certainty` is the
    /// partition's.
    pub fn finish(mut self, certainty: f32) -> (Mention, (Rules, Texts)) {
        if certainty < 1.0 {
            for confidence in self.mention.confidence.values_mut() {
                *confidence = (*confidence * f64::from(certainty) * 1000.0).round() / 1000.0;
            }
        }
        let fields: Vec<(prose::Field, &Text)> = self
            .texts
            .iter()
            .filter_map(|(pointer, text)| Some((prose::Field::of_pointer(pointer)?, text)))
            .collect();
        let stated = prose::Stated {
            name: self.mention.name.as_deref(),
            public: self.mention.public.is_some(),
            partners: self.mention.partners_text.is_some() || !self.mention.partners.is_empty(),
            results: self.mention.results.is_some(),
        };
        self.mention.inferred = prose::infer(&fields, &stated, self.document);
        (self.mention, (self.rules, self.texts))
    }

    /// The pieces of the source that a text was read from.
    pub fn evidence(&self, text: &Text) -> Vec<Evidence> {
        self.document.evidence(text)
    }
}

/// Paragraphs and items as one text: lines that typesetting broke are joined by a space, those that the author broke by a line feed.
pub fn paragraphs<'t>(texts: impl IntoIterator<Item = &'t Text>) -> Text {
    let mut joined = Text::new();
    for text in texts {
        for (number, line) in text.lines().iter().enumerate() {
            let wraps = number > 0 && wraps_on(joined.as_str(), line.as_str());
            joined.append(line, if wraps { Join::Space } else { Join::Newline });
        }
    }
    joined
}

/// Lines of one value as one line.
pub fn one_line<'t>(texts: impl IntoIterator<Item = &'t Text>) -> Text {
    let mut joined = Text::new();
    for text in texts {
        for line in text.lines() {
            joined.append(&line, Join::Space);
        }
    }
    joined
}

/// Whether a line goes on with the sentence of the line before: that one has no end, and this one no beginning.
fn wraps_on(before: &str, line: &str) -> bool {
    let ended = before
        .trim_end()
        .ends_with(['.', '!', '?', ';', ':', '…', '»']);
    let begins = line
        .trim_start_matches(['«', '“', '"', '(', ' '])
        .starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
    !ended && begins
}

/// Without footnote markers: raised numbers that a footnote of the document bears, or that close the text.
pub fn without_markers(text: &Text, markers: &[String]) -> Text {
    let raised = text.ranges_where(|segment| segment.style.superscript);
    let ranges: Vec<_> = raised
        .into_iter()
        .filter(|range| {
            text.as_str().get(range.clone()).is_some_and(|mark| {
                let mark = mark.trim().trim_matches(['(', ')', '[', ']']);
                let number = !mark.is_empty()
                    && mark
                        .chars()
                        .all(|c| c.is_ascii_digit() || c == '*' || c == '†');
                number
                    && (markers.iter().any(|marker| marker == mark)
                        || range.end == text.len()
                        || mark.starts_with(['*', '†']))
            })
        })
        .collect();
    if ranges.is_empty() {
        text.trim()
    } else {
        text.without(&ranges).trim()
    }
}

/// Without the full stop that ends a labelled value; an abbreviation's stays.
pub fn without_full_stop(text: &Text) -> Text {
    let string = text.as_str().trim_end();
    let Some(bare) = string.strip_suffix('.').filter(|bare| !bare.ends_with('.')) else {
        return text.trim();
    };
    let last = bare.rsplit([' ', '\n']).next().unwrap_or_default();
    // "etc." and "R.A.D.A.R." keep theirs.
    if last == "etc" || last.contains('.') && last.len() > 2 && !last.contains("//") {
        text.trim()
    } else {
        text.slice(0..bare.len()).trim()
    }
}
