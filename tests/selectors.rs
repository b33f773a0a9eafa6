//! Every selector of a value's evidence leads, in a parser of its own, to the one element that holds the text.

use palmares::config::Expect;
use palmares::config::Limits;
use palmares::extract::extract;
use palmares::model::raw::{DocumentId, Format, RawDocument};
use palmares::pipeline::to_document;
use palmares::profile::LEXICON;
use palmares::segment::segment;
use scraper::{Html, Selector};

#[test]
fn selectors_lead_to_the_elements_that_hold_the_values() {
    let mut checked = 0;
    for entry in std::fs::read_dir("raw").expect("the repository has raw/") {
        let path = entry.expect("raw/ can be listed").path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a sample can be read");
        let page = Html::parse_document(&String::from_utf8_lossy(&bytes));
        let raw = RawDocument {
            address: None,
            id: DocumentId::of(&bytes),
            path: path.display().to_string(),
            format: Format::Html,
            bytes: bytes.into(),
        };
        let document = to_document(&raw, &Limits::default())
            .expect("a sample is readable")
            .output;
        let segmentation = segment(&document, &LEXICON, None, Expect::default());
        for mention in extract(&document, &segmentation, None).mentions {
            let Some(name) = &mention.name else { continue };
            for piece in &mention.evidence["/name"] {
                let selector = piece
                    .selector
                    .as_deref()
                    .expect("a piece of a web page has a selector");
                let found: Vec<_> = page
                    .select(&Selector::parse(selector).expect("the selector is CSS"))
                    .collect();
                assert_eq!(found.len(), 1, "{selector}");
                let text: String = found[0].text().collect();
                // A `<br>` has no character.
                let words = |text: &str| text.split_whitespace().collect::<String>();
                assert!(
                    words(&text).contains(&words(name)),
                    "{selector}: {name:?} is not in {text:?}"
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 10, "only {checked} names were checked");
}
