//! The report as a page that opens from disk: no script, nothing that is loaded; what documents say is text in it.

use std::fmt::Write as _;

use palmares::evaluate::report::escape;
use palmares::message;
use palmares::message::{Language, Message, word};
use palmares::model::validation::{Fault, Tier, ValidationReport};

use super::forms::{name_of, named, place_of, source_of, value_of};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}table{border-collapse:collapse;width:100%}\
th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eee}summary{cursor:pointer}";

/// The page.
pub(super) fn page(report: &ValidationReport, language: Language) -> String {
    let say = |message: &Message| escape(&message.to(language));
    let code = match language {
        Language::English => "en",
        Language::French => "fr",
    };
    let title = say(&message!("Validation report"));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"palmares\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n",
        say(&super::summary(report))
    );
    for tier in Tier::ALL {
        let _ = writeln!(page, "<section>\n<h2>{}</h2>", say(&name_of(tier)));
        for rule in report.rules.iter().filter(|rule| rule.tier == tier) {
            let what = word(rule.what.clone());
            let title = message!(
                "{name}: {what} – {errors} {errors|error|errors} in {records} {records|record|records}",
                name = &rule.name,
                what,
                errors = rule.errors,
                records = rule.records
            );
            if rule.errors == 0 {
                let _ = writeln!(page, "<p>{}</p>", say(&title));
                continue;
            }
            let heads = [
                message!("Where"),
                message!("Record"),
                message!("Pointer"),
                message!("What is wrong"),
                message!("Value"),
                message!("In the document"),
            ];
            let heads: String = heads.iter().fold(String::new(), |heads, head| {
                heads + "<th scope=\"col\">" + &say(head) + "</th>"
            });
            let _ = write!(
                page,
                "<details>\n<summary>{}</summary>\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n",
                say(&title)
            );
            for error in report.errors.iter().filter(|error| error.rule == rule.name) {
                write_row(&mut page, error, language);
            }
            page.push_str("</tbody>\n</table>\n</details>\n");
        }
        page.push_str("</section>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn write_row(page: &mut String, error: &Fault, language: Language) {
    let source = source_of(error).map(|source| source.to(language));
    let cells = [
        format!("{}, {}", error.file, place_of(error).to(language)),
        error.id.clone().unwrap_or_default(),
        named(error).to(language),
        error.message.to(language),
        value_of(error).unwrap_or_default(),
        source.unwrap_or_default(),
    ];
    page.push_str("<tr>");
    for cell in cells {
        let _ = write!(page, "<td>{}</td>", escape(&cell));
    }
    page.push_str("</tr>\n");
}
