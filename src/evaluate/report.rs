//! Scores, test results and changes as text for people, Markdown for documents, and `JUnit` for continuous integration. Nothing is printed here.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::calibration::{Bin, Reliability};
use super::fixture::{Difference, FieldResult};
use super::judge::Mode;
use super::score::{Row, Score, Tally};
use crate::message;
use crate::message::{Language, Message, verbatim};

/// What came of one fixture.
#[derive(Clone, Debug, Serialize)]
pub struct FixtureResult {
    /// Name of its folder.
    pub fixture: String,
    /// Path of its document.
    pub input: String,
    /// How many records were read.
    pub records: usize,
    /// Results by field.
    pub results: Vec<FieldResult>,
    /// What blessing changed in its expectation, by field.
    pub blessed: Vec<FieldResult>,
    /// Why the document, or what is expected of it, could not be read.
    #[serde(serialize_with = "crate::message::text_or_none::serialize")]
    pub error: Option<Message>,
    /// What can be done about it.
    #[serde(serialize_with = "crate::message::text_or_none::serialize")]
    pub hint: Option<Message>,
}

impl FixtureResult {
    /// Whether everything is as expected.
    pub fn is_pass(&self) -> bool {
        self.error.is_none() && self.results.iter().all(FieldResult::is_pass)
    }
}

/// Characters shown on either side of a difference.
const CONTEXT: usize = 40;

/// The results of a run of fixtures: the failures in full, then a line of totals. With `all`, a line for what passes too.
pub fn test_text(fixtures: &[FixtureResult], all: bool, language: Language) -> String {
    let mut out = String::new();
    let mut say = |message: Message| push(&mut out, format_args!("{}", message.to(language)));
    for fixture in fixtures {
        let name = &fixture.fixture;
        if let Some(error) = &fixture.error {
            say(message!("FAIL  {name}: {error}", name, error));
            if let Some(hint) = &fixture.hint {
                say(message!("      hint: {hint}", hint));
            }
        } else if fixture.is_pass() && all {
            say(message!(
                "ok    {name} ({records} {records|record|records}, {results} {results|result|results})",
                name,
                records = fixture.records,
                results = fixture.results.len(),
            ));
        }
        let changes = fixture.blessed.iter().map(|result| (true, result));
        let failures = fixture.results.iter().map(|result| (false, result));
        for (is_blessed, result) in changes
            .chain(failures)
            .filter(|(_, result)| !result.is_pass())
        {
            let field = &result.field;
            say(if is_blessed {
                message!("BLESS {name}: {field}", name, field)
            } else {
                message!("FAIL  {name}: {field}", name, field)
            });
            for difference in &result.differences {
                say(difference_text(&result.field, difference));
            }
        }
    }
    let failed = fixtures.iter().filter(|fixture| !fixture.is_pass()).count();
    let results: Vec<&FieldResult> = fixtures
        .iter()
        .flat_map(|fixture| &fixture.results)
        .collect();
    let failed_results = results.iter().filter(|result| !result.is_pass()).count();
    say(message!(
        "{fixtures} {fixtures|fixture|fixtures}: {passed} as expected, {failed} not; {results} {results|result|results}: {failed_results} failed",
        fixtures = fixtures.len(),
        passed = fixtures.len() - failed,
        failed,
        results = results.len(),
        failed_results,
    ));
    out
}

/// A difference on lines of its own, the last without its end.
fn difference_text(field: &str, difference: &Difference) -> Message {
    let is_record = field == "records";
    let record = match difference.record {
        Some(number) => message!("record {number}", number),
        None => message!("the document"),
    };
    match (&difference.expected, &difference.found) {
        (Value::String(expected), Value::Null) if is_record => {
            return message!("      {record} is missing: {expected}", record, expected);
        }
        (Value::Null, Value::String(found)) if is_record => {
            return message!("      {record} is not expected: {found}", record, found);
        }
        _ => {}
    }
    let (expected, found) = match (&difference.expected, &difference.found) {
        (Value::String(expected), Value::String(found)) => {
            let (expected, found) = excerpts(expected, found, CONTEXT);
            (verbatim(expected), verbatim(found))
        }
        (expected, found) => (shown(expected), shown(found)),
    };
    let title =
        (!difference.title.is_empty()).then(|| message!(" ({title})", title = &difference.title));
    message!(
        "      {record}{title}\n        expected: {expected}\n        found:    {found}",
        record,
        title,
        expected,
        found,
    )
}

/// Two texts cut down to where they differ; the differing middle stands in `[- -]` and `{+ +}`.
pub(super) fn excerpts(expected: &str, found: &str, context: usize) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) = (expected.chars().collect(), found.chars().collect());
    let same_start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let shorter = a.len().min(b.len());
    let same_end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(shorter - same_start)
        .take_while(|(a, b)| a == b)
        .count();
    let excerpt = |text: &[char], open: &str, close: &str| {
        let part = |from: usize, to: usize| {
            text.iter()
                .skip(from)
                .take(to.saturating_sub(from))
                .map(|c| if *c == '\n' { '⏎' } else { *c })
                .collect::<String>()
        };
        let (middle, end) = (text.len() - same_end, text.len());
        let (from, to) = (
            same_start.saturating_sub(context),
            end.min(middle.saturating_add(context)),
        );
        let (before, after) = (
            if from > 0 { "…" } else { "" },
            if to < end { "…" } else { "" },
        );
        let differing = part(same_start, middle);
        let differing = if differing.is_empty() {
            String::new()
        } else {
            format!("{open}{differing}{close}")
        };
        format!(
            "{before}{}{differing}{}{after}",
            part(from, same_start),
            part(middle, to)
        )
    };
    (excerpt(&a, "[-", "-]"), excerpt(&b, "{+", "+}"))
}

/// A value on one line.
pub(super) fn shown(value: &Value) -> Message {
    match value {
        Value::Null => message!("(nothing)"),
        Value::String(text) => verbatim(text.replace('\n', "⏎")),
        other => verbatim(other.to_string()),
    }
}

/// The results as `JUnit` XML: a suite for each fixture, a case for each field.
pub fn test_junit(fixtures: &[FixtureResult]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let cases =
        |fixture: &FixtureResult| fixture.results.len() + usize::from(fixture.error.is_some());
    let failures = |fixture: &FixtureResult| {
        fixture
            .results
            .iter()
            .filter(|result| !result.is_pass())
            .count()
    };
    push(
        &mut out,
        format_args!(
            "<testsuites name=\"palmares test\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
            fixtures.iter().map(cases).sum::<usize>(),
            fixtures.iter().map(failures).sum::<usize>(),
            fixtures
                .iter()
                .filter(|fixture| fixture.error.is_some())
                .count(),
        ),
    );
    for fixture in fixtures {
        let name = escape(&fixture.fixture);
        push(
            &mut out,
            format_args!(
                "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
                cases(fixture),
                failures(fixture),
                usize::from(fixture.error.is_some()),
            ),
        );
        if let Some(error) = &fixture.error {
            push(
                &mut out,
                format_args!(
                    "    <testcase classname=\"{name}\" name=\"read\"><error message=\"{}\"/></testcase>",
                    escape(&error.to_string())
                ),
            );
        }
        for result in &fixture.results {
            let field = escape(&result.field);
            if result.is_pass() {
                push(
                    &mut out,
                    format_args!("    <testcase classname=\"{name}\" name=\"{field}\"/>"),
                );
            } else {
                let text: String = result
                    .differences
                    .iter()
                    .map(|difference| {
                        difference_text(&result.field, difference).to_string()
                            + "
"
                    })
                    .collect();
                push(
                    &mut out,
                    format_args!(
                        "    <testcase classname=\"{name}\" name=\"{field}\"><failure message=\"{}\">\n{}    </failure></testcase>",
                        count(result.differences.len(), "difference"),
                        escape(&text),
                    ),
                );
            }
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// Text as XML and HTML allow it: markup escaped, control characters that XML forbids replaced.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' | '\r' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// One document's score as an aligned table for a terminal: counts and strict figures, then F1 in the other modes.
pub fn score_text(document: &str, score: &Score) -> String {
    let mut out = String::new();
    push(&mut out, format_args!("{document}"));
    push(
        &mut out,
        format_args!(
            "{:<20}{:>7}{:>7}{:>7}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
            "field", "right", "found", "gold", "P", "R", "F1", "soft", "lev", "ratc"
        ),
    );
    for (field, row) in &score.rows {
        let [strict, soft, levenshtein, ratcliff] = row;
        push(
            &mut out,
            format_args!(
                "{field:<20}{:>7}{:>7}{:>7}{:>8.3}{:>8.3}{:>8.3}{:>8.3}{:>8.3}{:>8.3}",
                strict.right,
                strict.produced,
                strict.wanted,
                strict.precision(),
                strict.recall(),
                strict.f1(),
                soft.f1(),
                levenshtein.f1(),
                ratcliff.f1()
            ),
        );
    }
    let modes = |value: &dyn Fn(Mode) -> f64| {
        Mode::ALL
            .map(|mode| format!("{:.4}", value(mode)))
            .join("  ")
    };
    push(
        &mut out,
        format_args!(
            "macro F1 (strict, soft, lev, ratc):         {}",
            modes(&|mode| score.macro_f1(mode).unwrap_or_default())
        ),
    );
    push(
        &mut out,
        format_args!(
            "instance recall (strict, soft, lev, ratc):  {}",
            modes(&|mode| score.instance_recall(mode))
        ),
    );
    out
}

/// One document's score as a Markdown table: precision, recall and F1 in each of the four modes.
pub fn score_markdown(document: &str, score: &Score) -> String {
    let mut out = String::new();
    push(&mut out, format_args!("### {document}\n"));
    let modes = Mode::ALL.map(Mode::title).join(" | ");
    push(&mut out, format_args!("| field | gold | found | {modes} |"));
    push(&mut out, format_args!("|---|---:|---:|---|---|---|---|"));
    for (field, row) in &score.rows {
        let [strict, ..] = row;
        push(
            &mut out,
            format_args!(
                "| {field} | {} | {} | {} |",
                strict.wanted,
                strict.produced,
                cells(row)
            ),
        );
    }
    let line = |value: &dyn Fn(Mode) -> f64| {
        Mode::ALL
            .map(|mode| format!("**{:.4}**", value(mode)))
            .join(" | ")
    };
    push(
        &mut out,
        format_args!(
            "| **macro F1** | | | {} |",
            line(&|mode| score.macro_f1(mode).unwrap_or_default())
        ),
    );
    push(
        &mut out,
        format_args!(
            "| **instance recall** | | | {} |",
            line(&|mode| score.instance_recall(mode))
        ),
    );
    out.push('\n');
    out
}

/// `P / R / F1` for each mode.
fn cells(row: &Row) -> String {
    row.iter()
        .map(|tally| {
            format!(
                "{:.3} / {:.3} / {:.3}",
                tally.precision(),
                tally.recall(),
                tally.f1()
            )
        })
        .collect::<Vec<_>>()
        .join(" | ")
}

/// One document's score as JSON: by field, counts and figures in each mode.
pub fn score_json(document: &str, score: &Score) -> Value {
    let tally = |tally: &Tally| {
        serde_json::json!({
            "right": tally.right, "produced": tally.produced, "wanted": tally.wanted,
            "precision": tally.precision(), "recall": tally.recall(), "f1": tally.f1(),
        })
    };
    let fields: serde_json::Map<String, Value> = score
        .rows
        .iter()
        .map(|(field, row)| {
            let modes: serde_json::Map<String, Value> = Mode::ALL
                .iter()
                .zip(row)
                .map(|(mode, counts)| (key(*mode), tally(counts)))
                .collect();
            (field.clone(), modes.into())
        })
        .collect();
    let by_mode = |value: &dyn Fn(Mode) -> Value| -> Value {
        let modes: serde_json::Map<String, Value> = Mode::ALL
            .iter()
            .map(|mode| (key(*mode), value(*mode)))
            .collect();
        modes.into()
    };
    serde_json::json!({
        "document": document,
        "fields": fields,
        "macro_f1": by_mode(&|mode| score.macro_f1(mode).into()),
        "instance_recall": by_mode(&|mode| score.instance_recall(mode).into()),
    })
}

fn key(mode: Mode) -> String {
    match mode {
        Mode::Strict => "strict",
        Mode::Soft => "soft",
        Mode::Levenshtein => "levenshtein",
        Mode::Ratcliff => "ratcliff",
    }
    .to_owned()
}

/// A reliability curve as a Markdown table, which reads well on a terminal too.
pub fn reliability_markdown(reliability: &Reliability) -> String {
    let mut out = String::from(
        "| confidence | values | mean stated | observed right |\n|---|---:|---:|---:|\n",
    );
    for (number, bin) in reliability
        .bins
        .iter()
        .enumerate()
        .filter(|(_, bin)| bin.values > 0)
    {
        let Bin { values, .. } = bin;
        push(
            &mut out,
            format_args!(
                "| {:.1}–{:.1} | {values} | {:.3} | {:.3} |",
                number as f64 / 10.0,
                (number + 1) as f64 / 10.0,
                bin.stated(),
                bin.observed()
            ),
        );
    }
    push(
        &mut out,
        format_args!("\nExpected calibration error: {:.3}", reliability.error()),
    );
    out
}

/// Every strict difference of one document.
pub fn differences_text(document: &str, score: &Score, language: Language) -> String {
    let mut out = String::new();
    for difference in &score.differences {
        let (wanted, found) = match (&difference.wanted, &difference.found) {
            (Value::String(wanted), Value::String(found)) => {
                let (wanted, found) = excerpts(wanted, found, CONTEXT);
                (verbatim(wanted), verbatim(found))
            }
            (wanted, found) => (shown(wanted), shown(found)),
        };
        let told = message!(
            "- {document}: {field}, {record}\n    gold:  {wanted}\n    found: {found}",
            document,
            field = &difference.field,
            record = match difference.record {
                Some(number) => message!("gold record {number}", number),
                None => message!("a record that gold does not have"),
            },
            wanted,
            found,
        );
        push(&mut out, format_args!("{}", told.to(language)));
    }
    out
}

/// `1 record`, `2 records`, `2 entries`.
pub(super) fn count(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        (_, None) => format!("{n} {noun}s"),
    }
}

pub(super) fn push(out: &mut String, line: std::fmt::Arguments) {
    writeln!(out, "{line}").expect("a string takes any text");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::score::score;
    use super::*;

    fn failing() -> FixtureResult {
        FixtureResult {
            fixture: "a&b".to_owned(),
            input: "fixtures/a&b/input.txt".to_owned(),
            records: 1,
            results: vec![
                FieldResult {
                    field: "name".to_owned(),
                    differences: Vec::new(),
                },
                FieldResult {
                    field: "territory".to_owned(),
                    differences: vec![Difference {
                        record: Some(1),
                        title: "Un".to_owned(),
                        expected: json!("Lens <Nord>"),
                        found: json!("Lans <Nord>"),
                    }],
                },
            ],
            blessed: Vec::new(),
            hint: None,
            error: None,
        }
    }

    #[test]
    fn a_failure_shows_where_the_texts_part() {
        assert_eq!(
            test_text(&[failing()], false, Language::English),
            "FAIL  a&b: territory\n      record 1 (Un)\n        expected: L[-e-]ns <Nord>\n        found:    L{+a+}ns <Nord>\n\
             1 fixture: 0 as expected, 1 not; 2 results: 1 failed\n"
        );
    }

    #[test]
    fn junit_is_escaped_and_counted() {
        let xml = test_junit(&[failing()]);
        assert!(
            xml.contains(
                "<testsuites name=\"palmares test\" tests=\"2\" failures=\"1\" errors=\"0\">"
            ),
            "{xml}"
        );
        assert!(
            xml.contains("<testcase classname=\"a&amp;b\" name=\"name\"/>"),
            "{xml}"
        );
        assert!(xml.contains("L[-e-]ns &lt;Nord&gt;"), "{xml}");
    }

    #[test]
    fn long_texts_are_cut_to_the_difference() {
        let same = "x".repeat(100);
        let (expected, found) =
            excerpts(&format!("{same}é{same}"), &format!("{same}{same}"), CONTEXT);
        let side = "x".repeat(CONTEXT);
        assert_eq!(expected, format!("…{side}[-é-]{side}…"));
        assert_eq!(found, format!("…{side}{side}…"));
    }

    #[test]
    fn markdown_has_a_row_for_each_field() {
        let records: Vec<_> = json!([{"name": "Un"}])
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|value| value.as_object().cloned())
            .collect();
        let table = score_markdown("000", &score(&records, &records));
        assert!(
            table.contains("| name | 1 | 1 | 1.000 / 1.000 / 1.000 | 1.000 / 1.000 / 1.000 | 1.000 / 1.000 / 1.000 | 1.000 / 1.000 / 1.000 |"),
            "{table}"
        );
        assert!(
            table.contains("| **macro F1** | | | **1.0000** |"),
            "{table}"
        );
    }
}
