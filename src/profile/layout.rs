//! A profile: what a layout has of its own, as data. In: TOML. Out: rules that segmentation and extraction ask. Not here: applying them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::fold::{fold, stem};
use super::lexicon::{Field, Lexicon};
use super::pattern::{Pattern, Template};
use super::rules::{EntryRules, Example, LineRule, Place};
use crate::config::ConfigError;
use crate::message;
use crate::message::Message;
use crate::model::document::{BlockLabel, Document};

/// What a layout has of its own. Whatever a profile leaves out is found as without it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// What records call it.
    pub name: String,
    /// Which layout it is, in a sentence.
    #[serde(default)]
    pub description: String,
    /// Which documents it is for.
    #[serde(default, rename = "match")]
    pub matches: Match,
    /// Where entries start.
    #[serde(default)]
    pub entry: EntryRules,
    /// How headings split.
    #[serde(default)]
    pub heading: HeadingRules,
    /// What lines of an entry give: of the rules for a field the first that fits.
    #[serde(default, rename = "line")]
    pub lines: Vec<LineRule>,
    /// Entries as somebody showed them: what the document that it was taught on must give.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
    /// What labels feed here; with `*` at the end, the words that begin a line without a colon.
    #[serde(default)]
    pub labels: BTreeMap<String, Field>,
    /// Lines that are about the entries below them.
    #[serde(default)]
    pub context: ContextRules,
    /// Lines that are no content.
    #[serde(default)]
    pub furniture: Vec<Pattern>,
    /// Values that the document does not state.
    #[serde(default)]
    pub constants: Constants,
    /// The TOML that it was read from: reading it again gives the same profile.
    #[serde(skip)]
    pub source: Arc<str>,
}

/// Which documents a profile is for: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Match {
    /// The title has these words.
    pub title: Option<Pattern>,
    /// The body has these words.
    pub text: Option<Pattern>,
    /// The body has each of these labels.
    pub labels: Vec<String>,
    /// The media type has these words: `pdf`, `html`.
    pub media_type: Option<Pattern>,
}

/// How headings split.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HeadingRules {
    /// How a heading is put together.
    pub splits_as: Option<Template>,
}

/// Lines that are about the entries below them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContextRules {
    /// The heading of a group.
    pub group: Option<Place>,
    /// The name of a call.
    pub call: Option<Place>,
    /// The name of a region.
    pub region: Option<Place>,
}

/// Values that the document does not state.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Constants {
    /// The call.
    pub call: Option<String>,
    /// Who funds; one of `funding`.
    pub funder: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The territory.
    pub territory: Option<String>,
    /// The theme.
    pub theme: Option<String>,
}

/// What a section's line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// A call.
    Call,
    /// A region.
    Region,
    /// A group.
    Group,
}

impl ContextRules {
    /// The rules that are given, the widest section first.
    pub fn rules(&self) -> impl Iterator<Item = (Section, &Place)> {
        [
            (Section::Call, &self.call),
            (Section::Region, &self.region),
            (Section::Group, &self.group),
        ]
        .into_iter()
        .filter_map(|(section, place)| Some((section, place.as_ref()?)))
    }
}

impl Constants {
    /// The constants that are given, by the record's key.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("call", &self.call),
            ("funding", &self.funder),
            ("region", &self.region),
            ("territory", &self.territory),
            ("theme", &self.theme),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_deref()?)))
    }
}

/// The profiles that are built in, each with its text.
const BUILT_IN: [&str; 5] = [
    include_str!("../../profiles/labelled-web-page.toml"),
    include_str!("../../profiles/numbered-brochure.toml"),
    include_str!("../../profiles/grouped-web-list.toml"),
    include_str!("../../profiles/project-cards.toml"),
    include_str!("../../profiles/fiche-per-page.toml"),
];

static BUILT_IN_PROFILES: LazyLock<Arc<[Profile]>> = LazyLock::new(|| {
    BUILT_IN
        .iter()
        .map(|text| Profile::parse(text).expect("the built-in profiles are checked by a test"))
        .collect()
});

impl Profile {
    /// The profiles that are built in.
    pub fn built_in() -> Arc<[Self]> {
        Arc::clone(&BUILT_IN_PROFILES)
    }

    /// Reads a profile from a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
            path: path.to_owned(),
            line: None,
            message: message::of_system(&error),
            hint: Some(message!("`palmares profile init FILE` writes a first one")),
        })?;
        Self::parse(&text).map_err(|error| ConfigError {
            path: path.to_owned(),
            ..error
        })
    }

    /// Reads a profile; the error names the line and, for a misspelt key, the nearest one.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let fail = |line, message: Message, hint| ConfigError {
            path: PathBuf::new(),
            line,
            message,
            hint,
        };
        let mut profile: Self = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() + 1);
            fail(
                line,
                message::of_parser(error.message()),
                message::nearest(error.message()),
            )
        })?;
        if profile.name.trim().is_empty() {
            return Err(fail(None, message!("`name` is empty"), None));
        }
        let words = |label: &String| fold(label).chars().any(char::is_alphanumeric);
        if let Some(label) = profile
            .labels
            .keys()
            .chain(&profile.matches.labels)
            .find(|label| !words(label))
        {
            return Err(fail(
                None,
                message!("the label `{label}` has no word", label),
                None,
            ));
        }
        profile.source = text.into();
        Ok(profile)
    }

    /// The first profile that is for this document.
    pub fn find<'p>(profiles: &'p [Self], document: &Document) -> Option<&'p Self> {
        Self::all_for(profiles, document).next()
    }

    /// The profiles that are for this document, in order.
    pub fn all_for<'p>(
        profiles: &'p [Self],
        document: &Document,
    ) -> impl Iterator<Item = &'p Self> {
        let facts = Facts::new(document);
        (profiles.iter()).filter(move |profile| profile.matches.holds(&facts))
    }

    /// Whether it is for this document.
    pub fn is_for(&self, document: &Document) -> bool {
        self.matches.holds(&Facts::new(document))
    }

    /// The lexicon with this profile's labels.
    pub fn lexicon(&self, lexicon: &Lexicon) -> Lexicon {
        let mut own = lexicon.clone();
        for (label, field) in &self.labels {
            own.set(label, *field);
        }
        own
    }
}

impl Match {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let within = |pattern: &Option<Pattern>, text: &dyn Fn() -> String| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_within(&text()))
        };
        within(&self.media_type, &|| {
            fold(facts.document.format.media_type())
        }) && within(&self.title, &|| facts.title())
            && (self.labels.is_empty()
                || self
                    .labels
                    .iter()
                    .all(|label| facts.labels().contains(&label_key(label))))
            && self
                .text
                .as_ref()
                .is_none_or(|text| text.is_within(facts.text()))
    }
}

/// What `match` asks of a document, each found when it is first asked for.
struct Facts<'d> {
    document: &'d Document,
    text: OnceCell<String>,
    labels: OnceCell<BTreeSet<String>>,
}

impl<'d> Facts<'d> {
    fn new(document: &'d Document) -> Self {
        Self {
            document,
            text: OnceCell::new(),
            labels: OnceCell::new(),
        }
    }

    fn title(&self) -> String {
        let headings = self
            .document
            .blocks
            .iter()
            .filter(|block| block.label == BlockLabel::Title || block.level == Some(1))
            .map(|block| block.text.as_str());
        let title: Vec<&str> = self
            .document
            .metadata
            .title
            .as_deref()
            .into_iter()
            .chain(headings)
            .collect();
        fold(&title.join("\n"))
    }

    fn text(&self) -> &str {
        self.text.get_or_init(|| {
            let body: Vec<&str> = self
                .document
                .blocks
                .iter()
                .filter(|block| block.is_body())
                .map(|block| block.text.as_str())
                .collect();
            fold(&body.join("\n"))
        })
    }

    /// Everything that stands where a label does: in front of a colon, in bold at the start of a line, or alone on a line.
    fn labels(&self) -> &BTreeSet<String> {
        // Longer than any label: a sentence.
        const LONGEST: usize = 80;
        self.labels.get_or_init(|| {
            let mut labels = BTreeSet::new();
            for block in self.document.blocks.iter().filter(|block| block.is_body()) {
                for line in block.text.as_str().split('\n') {
                    let words = line.split_once(':').map_or(line, |(label, _)| label);
                    if words.len() <= LONGEST {
                        labels.insert(label_key(words));
                    }
                }
                let bold = block
                    .text
                    .segments()
                    .first()
                    .filter(|segment| segment.style.bold)
                    .and_then(|segment| block.text.as_str().get(..segment.end as usize))
                    .filter(|bold| bold.len() <= LONGEST);
                labels.extend(bold.map(label_key));
            }
            labels
        })
    }
}

/// Labels are compared as the lexicon does.
fn label_key(label: &str) -> String {
    stem(fold(label).trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Block;
    use crate::model::raw::{DocumentId, Format};
    use crate::model::text::{Source, Style, Text};

    fn document(lines: &[&str]) -> Document {
        let mut document = Document::new(
            DocumentId::of(lines.join("\n").as_bytes()),
            "essai.txt".to_owned(),
            Format::Plain,
        );
        for line in lines {
            let mut text = Text::new();
            text.push(
                line,
                Source::Exact {
                    start: 0,
                    line: 1,
                    node: None,
                },
                Style::default(),
            );
            document.blocks.push(Block::new(BlockLabel::Text, text));
        }
        document
    }

    #[test]
    fn the_folder_of_profiles_holds_nothing_else() {
        // Beside a palmares.toml every file of it is read as a profile.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
        let files = std::fs::read_dir(folder).expect("it is there");
        let read: Vec<_> = files
            .map(|file| Profile::read(&file.expect("it can be listed").path()))
            .collect();
        assert_eq!(read.len(), BUILT_IN.len());
        for profile in read {
            profile.expect("it is a profile");
        }
    }

    #[test]
    fn every_built_in_profile_reads_and_says_which_documents_it_is_for() {
        let mut names = BTreeSet::new();
        for profile in Profile::built_in().iter() {
            assert_ne!(profile.matches, Match::default(), "{}", profile.name);
            assert!(!profile.description.is_empty(), "{}", profile.name);
            assert!(names.insert(profile.name.clone()), "{}", profile.name);
        }
    }

    #[test]
    fn every_key_is_read() {
        let profile = Profile::parse(
            "name = 'essai'\ndescription = 'Un essai.'\n\
             match = { title = 'palmarès', text = 'coup de cœur', labels = ['Parrain'], media-type = 'pdf' }\n\
             entry.starts-with = { style = 'h2 bold' }\nheading.splits-as = '{name} ({territory})'\n\
             labels = { 'Parrain' = 'partners', 'Avec *' = 'partners' }\n\
             context = { group = { line = 'Axe *' }, call = { style = 'h1' } }\nfurniture = ['Retour*']\n\
             constants = { call = 'Un appel', funder = 'Une fondation', region = 'Bretagne' }\n",
        )
        .unwrap();
        assert_eq!(profile.labels.get("Parrain"), Some(&Field::Partners));
        assert_eq!(profile.context.rules().count(), 2);
        assert_eq!(profile.constants.given().count(), 3);
    }

    #[track_caller]
    fn check_error(text: &str, line: usize, message: &str, hint: Option<&str>) {
        let error = Profile::parse(text).unwrap_err();
        assert_eq!(error.line, Some(line), "{error}");
        assert!(error.message.to_string().contains(message), "{error}");
        assert_eq!(error.hint.map(|hint| hint.to_string()).as_deref(), hint);
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_what_was_meant() {
        check_error(
            "name = 'x'\nentry.start-with = { page = true }\n",
            2,
            "`start-with`",
            Some("the nearest key is `starts-with`"),
        );
        check_error(
            "name = 'x'\nlabels = { 'Parrain' = 'partner' }\n",
            2,
            "`partner`",
            Some("the nearest name is `partners`"),
        );
        check_error(
            "name = 'x'\nheading.splits-as = '{nom}'\n",
            2,
            "`{nom}`",
            Some("the nearest name is `{name}`"),
        );
        check_error(
            "name = 'x'\nentry.starts-with = { page = false }\n",
            2,
            "says nothing",
            None,
        );
    }

    #[test]
    fn all_that_match_gives_must_hold() {
        let document = document(&[
            "Le palmarès des hameaux",
            "Marraine : Une voisine",
            "Où : Tulle",
        ]);
        let holds = |keys: &str| {
            Profile::parse(&format!("name = 'x'\nmatch = {{ {keys} }}"))
                .unwrap()
                .is_for(&document)
        };
        assert!(holds(""));
        assert!(holds("text = 'PALMARES', labels = ['marraines', 'Où']"));
        assert!(!holds("text = 'palmarès', labels = ['parrain']"));
        assert!(!holds("media-type = 'pdf'"));
        assert!(holds("media-type = 'plain'"));
    }
}
