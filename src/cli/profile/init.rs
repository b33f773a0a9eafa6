//! `palmares profile init`: a first profile, written from what a document shows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use palmares::config::Expect;
use palmares::message;
use palmares::pipeline::{Options, Reading};
use palmares::profile::{
    EntryRules, Field, LEXICON, Pattern, Place, Profile, Slot, Template, fold, stem,
};
use palmares::segment::{Method, Span, Unit, candidates, segment};
use serde_json::json;

use super::super::input::sources;
use super::super::worker::Task;
use super::super::{Because, CLEAN, FINDINGS, Format, Global, Pool, Usage};

/// Write a commented first profile from what is found in a document.
///
/// What is sure stands as a rule; what is not stands as a comment, to be corrected and uncommented.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  palmares profile init brochure.pdf -o brochure.toml\n  palmares explain brochure.pdf --profile brochure.toml"
)]
pub(super) struct Args {
    /// The document
    file: PathBuf,
    /// Write into this file, which must not exist yet [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global) -> anyhow::Result<ExitCode> {
    let sources = sources(std::slice::from_ref(&args.file), global)?;
    let [source] = sources.as_slice() else {
        return Err(Usage::new(
            message!(
                "`{file}` is more than one document",
                file = args.file.display()
            ),
            message!("a first profile is written from one"),
        )
        .into());
    };
    // What the profile is to help with is what is read without any.
    let options = Options {
        limits: global.config.limits.clone(),
        profiles: Vec::new().into(),
        ..Options::default()
    };
    let stem = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let task = Task::FirstProfile {
        stem: stem.into_owned(),
    };
    let answer = Pool::new().ask(&task, source, &options, &|_| {});
    if let Err(kind) = answer.findings {
        let path = source.display_path();
        global.failed(path, &kind);
        return Ok(ExitCode::from(FINDINGS));
    }
    let text = answer.text;
    match &args.output {
        None if global.format == Format::Json => {
            global.print(&json!({ "profile": String::from_utf8_lossy(&text) }).to_string())?;
        }
        None => global.write(&text)?,
        Some(file) if file.exists() => {
            return Err(Usage::new(
                message!("`{file}` is there already", file = file.display()),
                message!("name another file, or remove it first"),
            )
            .into());
        }
        Some(file) => {
            fs::write(file, text)
                .because(|| message!("cannot write `{file}`", file = file.display()))?;
        }
    }
    Ok(ExitCode::from(CLEAN))
}

/// The text of a profile; it reads back.
pub(crate) fn first_profile(reading: &Reading, stem: &str) -> String {
    let mut text = String::new();
    let found = reading.mentions.len();
    let _ = writeln!(
        text,
        "# A first profile, from one document in which {found} entries were found{}. docs/profiles.md explains every key.\n\
         # A line that begins with `#` is not in force: correct it, then remove the sign.",
        reading
            .record
            .announced
            .map_or_else(String::new, |announced| format!(
                " and {announced} announced"
            ))
    );
    let _ = writeln!(text, "name = {}", quoted(&kebab(stem)));
    let _ = writeln!(text, "description = \"\"");
    let labels = labels(reading);
    write_match(&mut text, reading, &labels);
    write_start(&mut text, reading);
    write_split(&mut text, reading);
    write_context(&mut text, reading);
    let _ = writeln!(
        text,
        "\n# Lines that are no content, such as the name of the newsletter between two entries.\n# furniture = [\"Suivez-nous*\"]"
    );
    let _ = writeln!(
        text,
        "\n# What the document does not state.\n# constants = {{ call = \"…\", funder = \"…\" }}"
    );
    write_labels(&mut text, &labels, found);
    text
}

/// A label as printed, what it feeds, and in how many entries.
struct Label {
    text: String,
    field: Field,
    entries: usize,
}

fn labels(reading: &Reading) -> Vec<Label> {
    let units = &reading.segmentation.units().list;
    let mut labels: BTreeMap<String, Label> = BTreeMap::new();
    for span in &reading.segmentation.entries {
        let mut seen = BTreeSet::new();
        let body = units.get(span.body.clone()).unwrap_or_default();
        for label in body.iter().filter_map(|unit| unit.label.as_ref()) {
            let words = label
                .text
                .trim_matches(|c: char| c.is_whitespace() || c == ':');
            let key = stem(&fold(words));
            if words.contains('*')
                || !key.chars().any(char::is_alphanumeric)
                || !seen.insert(key.clone())
            {
                continue;
            }
            labels
                .entry(key)
                .or_insert_with(|| Label {
                    text: words.replace('\n', " "),
                    field: label.field,
                    entries: 0,
                })
                .entries += 1;
        }
    }
    let mut labels: Vec<Label> = labels.into_values().collect();
    labels.sort_by(|a, b| b.entries.cmp(&a.entries).then_with(|| a.text.cmp(&b.text)));
    labels
}

fn write_match(text: &mut String, reading: &Reading, labels: &[Label]) {
    // More would exclude next year's edition, which drops a label.
    const LABELS: usize = 4;
    let found = reading.mentions.len();
    let usual: Vec<String> = labels
        .iter()
        .filter(|label| label.entries * 5 >= found * 3)
        .take(LABELS)
        .map(|label| quoted(&label.text))
        .collect();
    let _ = writeln!(
        text,
        "\n# Which documents it is for: all that is given must hold (`title`, `text`, `labels`, `media-type`)."
    );
    let media_type = reading.document.format.media_type();
    let media_type = quoted(media_type.rsplit('/').next().unwrap_or(media_type));
    let title = reading
        .record
        .document
        .title
        .as_deref()
        .filter(|title| fold(title).chars().any(char::is_alphanumeric));
    let _ = match (usual.is_empty(), title) {
        (false, _) => writeln!(
            text,
            "match = {{ media-type = {media_type}, labels = [{}] }}",
            usual.join(", ")
        ),
        (true, Some(title)) => writeln!(
            text,
            "match = {{ media-type = {media_type}, title = {} }}",
            quoted(&title.replace('*', " "))
        ),
        (true, None) => writeln!(
            text,
            "# match = {{ media-type = {media_type}, text = \"…\" }}"
        ),
    };
}

/// The rule that gives exactly the entries that were found; the nearest one, as a comment, where none does.
fn write_start(text: &mut String, reading: &Reading) {
    let segmentation = &reading.segmentation;
    let units = &segmentation.units();
    let starts: Vec<usize> = segmentation
        .entries
        .iter()
        .map(|span| span.extent().start)
        .collect();
    let _ = writeln!(
        text,
        "\n# What each entry starts with: {{ line = \"…*\" }}, {{ label = \"…\" }}, {{ style = \"…\" }}, {{ number = true }} or {{ page = true }}."
    );
    if starts.is_empty() {
        write_styles(text, reading);
        return;
    }
    if let Some(chosen) = &segmentation.chosen {
        let _ = writeln!(text, "# Without a rule: {}.", chosen.method);
    }
    let mut best: Option<(usize, usize, Place)> = None;
    for place in places(reading, &starts) {
        if gives_the_same(reading, &place) {
            let _ = writeln!(text, "entry.starts-with = {place}");
            return;
        }
        let anchors = candidates::declared(
            &reading.document,
            units,
            &EntryRules {
                starts_with: Some(place.clone()),
                ..EntryRules::default()
            },
        )
        .map_or_else(Vec::new, |candidate| candidate.anchors);
        let right = anchors
            .iter()
            .filter(|anchor| starts.contains(anchor))
            .count();
        let wrong = anchors.len() - right;
        if best.as_ref().is_none_or(|(most, least, _)| {
            right.saturating_sub(wrong) > most.saturating_sub(*least)
        }) {
            best = Some((right, wrong, place));
        }
    }
    if let Some(Method::Lines | Method::Rows) =
        segmentation.chosen.as_ref().map(|chosen| &chosen.method)
    {
        let _ = writeln!(text, "# Each is a record by itself: no rule is needed.");
    } else if let Some((right, wrong, place)) = best {
        let _ = writeln!(
            text,
            "# The nearest rule finds {right} of {} entries, and {wrong} other lines.\n# entry.starts-with = {place}",
            starts.len()
        );
    }
}

/// Whether entries lie where they were found, to the line, once the rule says where they start.
fn gives_the_same(reading: &Reading, place: &Place) -> bool {
    let by_itself = matches!(
        reading
            .segmentation
            .chosen
            .as_ref()
            .map(|chosen| &chosen.method),
        Some(Method::Lines | Method::Rows) | None
    );
    // A rule says where entries start, not how a line or a row is a record by itself.
    !by_itself
        && Profile::parse(&format!("name = \"rule\"\nentry.starts-with = {place}\n")).is_ok_and(
            |profile| {
                let entries = segment(
                    &reading.document,
                    &LEXICON,
                    Some(&profile),
                    Expect::default(),
                )
                .entries;
                let bounds = |spans: &[Span]| -> Vec<(Range<usize>, Range<usize>)> {
                    spans
                        .iter()
                        .map(|span| (span.head.clone(), span.body.clone()))
                        .collect()
                };
                bounds(&entries) == bounds(&reading.segmentation.entries)
            },
        )
}

/// What the first lines of entries have in common, the plainest rule first.
fn places(reading: &Reading, starts: &[usize]) -> Vec<Place> {
    let units = &reading.segmentation.units();
    let firsts: Vec<&Unit> = starts
        .iter()
        .filter_map(|start| units.list.get(*start))
        .collect();
    let most = |words: Vec<String>| -> Option<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
        counts
            .into_iter()
            .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
            .map(|(word, _)| word)
    };
    let pattern = |words: String| Pattern::try_from(words.replace(['\n', '*'], " ")).ok();
    let label = most(
        firsts
            .iter()
            .filter_map(|unit| Some(unit.label.as_ref()?.text.clone()))
            .collect(),
    );
    let line = most(
        firsts
            .iter()
            .filter(|unit| unit.repeated)
            .map(|unit| unit.text.as_str().to_owned())
            .collect(),
    );
    let style = most(
        firsts
            .iter()
            .filter_map(|unit| Some(units.classes.get(unit.class as usize)?.trim().to_owned()))
            .collect(),
    );
    [
        Some(Place {
            number: true,
            ..Place::default()
        }),
        label.and_then(pattern).map(|label| Place {
            label: Some(label),
            ..Place::default()
        }),
        line.and_then(pattern).map(|line| Place {
            line: Some(line),
            ..Place::default()
        }),
        style.map(|style| Place {
            style: Some(style),
            ..Place::default()
        }),
        Some(Place {
            page: true,
            ..Place::default()
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where no entry was found: the styles that come again, each with a line that has it.
fn write_styles(text: &mut String, reading: &Reading) {
    const SHOWN: usize = 6;
    let units = &reading.segmentation.units();
    let mut classes: BTreeMap<u32, Vec<&Unit>> = BTreeMap::new();
    for unit in units.list.iter().filter(|unit| unit.is_head_like()) {
        classes.entry(unit.class).or_default().push(unit);
    }
    let mut classes: Vec<(u32, Vec<&Unit>)> = classes
        .into_iter()
        .filter(|(_, units)| units.len() > 1)
        .collect();
    classes.sort_by_key(|(class, units)| (std::cmp::Reverse(units.len()), *class));
    let _ = writeln!(text, "# No entry was found. These short lines look alike:");
    for (class, alike) in classes.iter().take(SHOWN) {
        let place = Place {
            style: units
                .classes
                .get(*class as usize)
                .map(|class| class.trim().to_owned()),
            ..Place::default()
        };
        let example = alike.first().map_or("", |unit| {
            unit.text.as_str().split('\n').next().unwrap_or_default()
        });
        let _ = writeln!(
            text,
            "# entry.starts-with = {place}   # {} lines, such as « {example} »",
            alike.len()
        );
    }
}

/// The template that gives the names and projects that were found.
fn write_split(text: &mut String, reading: &Reading) {
    const TEMPLATES: [&str; 9] = [
        "{name} – {project} ({territory})",
        "{project} – {name} ({territory})",
        "{name} – {project}",
        "{project} – {name}",
        "{name} ({territory})",
        "{project} ({territory})",
        "{name} : {project}",
        "{name}",
        "{project}",
    ];
    let units = &reading.segmentation.units().list;
    let agrees = |template: &Template| {
        reading
            .segmentation
            .entries
            .iter()
            .zip(&reading.mentions)
            .filter(|(span, mention)| {
                let head = units.get(span.head.clone()).unwrap_or_default();
                // Where the head gives name and project on lines of their own, a rule for one of the lines would leave the other out.
                let has_line = |value: &Option<String>| {
                    let is_value = |unit: &Unit| {
                        let text = fold(unit.text.as_str());
                        (value.as_deref()).is_some_and(|value| fold(value).trim() == text.trim())
                    };
                    head.iter().any(is_value)
                };
                let apart = has_line(&mention.name) && has_line(&mention.project);
                head.iter().any(|unit| {
                    let heading = unit.text.as_str().replace('\n', " ");
                    template.fit(&heading).is_some_and(|parts| {
                        !(apart && parts.len() == 1)
                            && parts.iter().all(|(slot, range)| {
                                let value = match slot {
                                    Slot::Name => mention.name.as_deref(),
                                    Slot::Project => mention.project.as_deref(),
                                    Slot::Territory => mention.territory.as_deref(),
                                    _ => return true,
                                };
                                let part = heading.get(range.clone()).unwrap_or_default();
                                value.is_some_and(|value| fold(value).trim() == fold(part).trim())
                            })
                    })
                })
            })
            .count()
    };
    let found = reading.mentions.len();
    let mut best: Option<(usize, &str)> = None;
    for source in TEMPLATES {
        let Ok(template) = Template::try_from(source.to_owned()) else {
            continue;
        };
        let count = agrees(&template);
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, source));
        }
    }
    let _ = writeln!(
        text,
        "\n# How a heading is put together, of {{name}}, {{project}}, {{territory}}, {{number}} and {{}} for what is no value."
    );
    let (count, source) = best.unwrap_or((0, "{name} – {project}"));
    let _ = writeln!(
        text,
        "{}heading.splits-as = {}   # agrees with {count} of {found} entries",
        // A heading that is put together otherwise is split as without a profile, so a rule for most is no harm; one for few is a guess.
        if count > 0 && count * 10 >= found * 9 {
            ""
        } else {
            "# "
        },
        quoted(source)
    );
}

/// The headings above groups of entries.
fn write_context(text: &mut String, reading: &Reading) {
    let segmentation = &reading.segmentation;
    let units = &segmentation.units();
    let groups: BTreeSet<String> = reading
        .mentions
        .iter()
        .filter_map(|mention| mention.group.as_deref().map(fold))
        .collect();
    let _ = writeln!(
        text,
        "\n# Headings that are about the entries below them: `group`, `call`, `region`."
    );
    let above: BTreeSet<u32> = segmentation
        .entries
        .iter()
        .filter_map(|span| units.list.get(span.context.clone()))
        .flatten()
        .filter(|unit| groups.contains(&fold(unit.text.as_str())))
        .map(|unit| unit.class)
        .collect();
    if above.is_empty() {
        let _ = writeln!(text, "# context = {{ group = {{ line = \"Axe *\" }} }}");
    }
    for class in above {
        let place = Place {
            style: units
                .classes
                .get(class as usize)
                .map(|class| class.trim().to_owned()),
            ..Place::default()
        };
        let n_inside = segmentation
            .entries
            .iter()
            .filter_map(|span| units.list.get(span.extent()))
            .flatten()
            .filter(|unit| unit.class == class)
            .count();
        let _ = writeln!(
            text,
            "# context = {{ group = {place} }}   # {n_inside} such lines stand inside entries"
        );
    }
}

fn write_labels(text: &mut String, labels: &[Label], found: usize) {
    let _ = writeln!(
        text,
        "\n# What each label feeds. `document` drops its text, `other` keeps it under the label; \"Avec *\" is a label without a colon.\n[labels]"
    );
    for label in labels {
        let unknown = label.field == Field::Other;
        let _ = writeln!(
            text,
            "{}{} = {}   # {} of {found} entries",
            if unknown { "# " } else { "" },
            quoted(&label.text),
            quoted(label.field.as_str()),
            label.entries
        );
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A file's name as a profile's name.
fn kebab(stem: &str) -> String {
    let words: Vec<String> = fold(stem)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if words.is_empty() {
        "profile".to_owned()
    } else {
        words.join("-")
    }
}
