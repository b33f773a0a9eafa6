//! OpenDocument texts. In: bytes; out: the paragraphs of the body, its tables, lists and notes, then headers and footers.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::{Body, Paragraph, Role};
use crate::config::Limits;
use crate::error::ErrorKind;
use crate::model::document::BlockLabel;
use crate::model::raw::RawDocument;
use crate::model::text::Style;
use crate::parse::package::{Package, damaged};
use crate::parse::xml::{Xml, attribute, characters, number};

/// How far styles may be based on others.
const MAX_BASES: usize = 20;

/// Reads a text.
pub(super) fn read(
    raw: &RawDocument,
    limits: &Limits,
    body: &mut Body<'_>,
) -> Result<(), ErrorKind> {
    let mut package = Package::open(&raw.bytes, limits, Package::is_xml)?;
    package.ensure_open()?;
    let mut styles = Styles::default();
    // Headers and footers stand beside the styles, which the body needs first.
    if let Some(mut xml) = package.xml("styles.xml")? {
        styles.read(&mut xml)?;
    }
    let mut xml = package
        .xml("content.xml")?
        .ok_or_else(|| damaged("it has no content"))?;
    body.begin_part("content.xml", None);
    read_part(&mut xml, &mut styles, body)?;
    drop(xml);
    if let Some(mut xml) = package.xml("styles.xml")? {
        body.begin_part("styles.xml", Some(BlockLabel::PageHeader));
        read_part(&mut xml, &mut styles, body)?;
    }
    Ok(())
}

/// How what bears a style is set.
#[derive(Clone, Debug, Default)]
struct Named {
    base: Option<String>,
    name: String,
    bold: Option<bool>,
    italic: Option<bool>,
    raised: bool,
    hidden: bool,
}

#[derive(Default)]
struct Styles {
    named: BTreeMap<String, Named>,
    current: String,
    /// Lists that count, with their level from 1.
    counting: BTreeSet<(String, u32)>,
    list: String,
}

impl Styles {
    /// Reads the styles of a part that is nothing else to the body.
    fn read<R: BufRead>(&mut self, xml: &mut Xml<R>) -> Result<(), ErrorKind> {
        loop {
            match xml.next()? {
                Event::Start(element) => self.take(&element),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// What an element says of a style.
    fn take(&mut self, element: &BytesStart<'_>) {
        match element.local_name().as_ref() {
            "style" => {
                self.current = attribute(element, "name").unwrap_or_default();
                let style = Named {
                    base: attribute(element, "parent-style-name"),
                    name: attribute(element, "display-name")
                        .unwrap_or_else(|| self.current.clone())
                        .to_lowercase(),
                    ..Named::default()
                };
                self.named.insert(self.current.clone(), style);
            }
            "text-properties" => {
                if let Some(style) = self.named.get_mut(&self.current) {
                    let says = |name: &str, yes: &str| {
                        attribute(element, name).map(|value| value.starts_with(yes))
                    };
                    style.bold = says("font-weight", "bold");
                    style.italic = says("font-style", "italic");
                    style.raised = says("text-position", "super").unwrap_or(false);
                    style.hidden = says("display", "none").unwrap_or(false);
                }
            }
            "list-style" => self.list = attribute(element, "name").unwrap_or_default(),
            "list-level-style-number" => {
                let counts = attribute(element, "num-format").is_some_and(|form| !form.is_empty());
                if let Some(level) = number(element, "level").filter(|_| counts) {
                    self.counting.insert((self.list.clone(), level));
                }
            }
            _ => {}
        }
    }

    fn bases(&self, name: &str) -> impl Iterator<Item = &Named> {
        let first = self.named.get(name);
        std::iter::successors(first, |style| self.named.get(style.base.as_deref()?)).take(MAX_BASES)
    }

    /// How the characters of a paragraph or span are set, within others that are set as `outer`.
    fn set(&self, name: &str, outer: Style) -> (Style, bool) {
        let bold = self.bases(name).find_map(|style| style.bold);
        let italic = self.bases(name).find_map(|style| style.italic);
        let style = Style {
            bold: bold.unwrap_or(outer.bold),
            italic: italic.unwrap_or(outer.italic),
            superscript: outer.superscript || self.bases(name).any(|style| style.raised),
            ..outer
        };
        (style, self.bases(name).any(|style| style.hidden))
    }

    fn is_title(&self, name: &str) -> bool {
        self.bases(name).any(|style| style.name == "title")
    }
}

/// A list that is open: its style, and how many items it has.
struct List {
    style: String,
    n_items: u32,
    /// What its item has in front, until a paragraph takes it.
    printed: Option<String>,
    is_begun: bool,
}

/// A paragraph with what is open in it.
struct Open {
    paragraph: Paragraph,
    /// How characters are set, the innermost span last, and whether they are hidden.
    spans: Vec<(Style, bool)>,
}

fn read_part<R: BufRead>(
    xml: &mut Xml<R>,
    styles: &mut Styles,
    body: &mut Body<'_>,
) -> Result<(), ErrorKind> {
    let mut paragraphs: Vec<Open> = Vec::new();
    let mut lists: Vec<List> = Vec::new();
    let mut widths: Vec<usize> = Vec::new();
    // Paragraphs within notes and margins.
    let mut margins: Vec<BlockLabel> = Vec::new();
    let mut in_head = false;
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "annotation"
                | "tracked-changes"
                | "note-citation"
                | "forms"
                | "index-title-template" => {
                    xml.skip()?;
                }
                "p" | "h" => {
                    let open = begin(element, styles, &mut lists, body);
                    paragraphs.push(open);
                }
                "note-body" => margins.push(BlockLabel::Footnote),
                "header" | "header-first" | "header-left" => margins.push(BlockLabel::PageHeader),
                "footer" | "footer-first" | "footer-left" => margins.push(BlockLabel::PageFooter),
                "list" => {
                    let inherited = || lists.last().map(|list| list.style.clone());
                    let style = attribute(element, "style-name")
                        .or_else(inherited)
                        .unwrap_or_default();
                    lists.push(List {
                        style,
                        n_items: 0,
                        printed: None,
                        is_begun: false,
                    });
                }
                "list-item" => {
                    let level = u32::try_from(lists.len()).unwrap_or(u32::MAX);
                    if let Some(list) = lists.last_mut() {
                        list.n_items = list.n_items.saturating_add(1);
                        let counts = styles.counting.contains(&(list.style.clone(), level));
                        list.printed = counts.then(|| format!("{}.", list.n_items));
                        list.is_begun = false;
                    }
                }
                "table" => body.begin_table(),
                "table-header-rows" => in_head = true,
                "table-row" => body.begin_row(in_head),
                "table-cell" | "covered-table-cell" => {
                    let repeated = number(element, "number-columns-repeated").unwrap_or(1);
                    widths.push(repeated as usize);
                }
                name => {
                    if let Some(open) = paragraphs.last_mut() {
                        open.read(name, element, styles);
                    } else {
                        styles.take(element);
                    }
                }
            },
            Event::End(element) => match element.local_name().as_ref() {
                "p" | "h" => {
                    if let Some(open) = paragraphs.pop() {
                        body.end_paragraph(open.paragraph, margins.last().copied());
                    }
                }
                "note-body" | "header" | "header-first" | "header-left" | "footer"
                | "footer-first" | "footer-left" => {
                    margins.pop();
                }
                "list" => {
                    lists.pop();
                }
                "table" => body.end_table(),
                "table-header-rows" => in_head = false,
                "table-cell" | "covered-table-cell" => body.end_cell(widths.pop().unwrap_or(1)),
                "span" => {
                    if let Some(open) = paragraphs.last_mut().filter(|open| open.spans.len() > 1) {
                        open.spans.pop();
                    }
                }
                "a" => {
                    if let Some(open) = paragraphs.last_mut() {
                        open.paragraph.close_link();
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(()),
            event => {
                if let Some(open) = paragraphs.last_mut()
                    && let Some(text) = characters(event)
                {
                    open.push(&text.replace(['\n', '\r', '\t'], " "));
                }
            }
        }
    }
}

/// Begins a paragraph or heading.
fn begin(
    element: &BytesStart<'_>,
    styles: &Styles,
    lists: &mut [List],
    body: &mut Body<'_>,
) -> Open {
    let mut paragraph = body.begin_paragraph();
    let style = attribute(element, "style-name").unwrap_or_default();
    if element.local_name().as_ref() == "h" {
        let level = number(element, "outline-level").unwrap_or(1).clamp(1, 9);
        paragraph.role = Role::Heading(u8::try_from(level).unwrap_or(9));
    } else if styles.is_title(&style) {
        paragraph.role = Role::Title;
    }
    let depth = lists.len().saturating_sub(1);
    if let Some(list) = lists.last_mut()
        && !std::mem::replace(&mut list.is_begun, true)
    {
        paragraph.item = Some((depth, list.printed.take()));
    }
    Open {
        paragraph,
        spans: vec![styles.set(&style, Style::default())],
    }
}

impl Open {
    /// An element within the paragraph.
    fn read(&mut self, name: &str, element: &BytesStart<'_>, styles: &Styles) {
        match name {
            "span" => {
                let (outer, is_hidden) = self.spans.last().copied().unwrap_or_default();
                let name = attribute(element, "style-name").unwrap_or_default();
                let (style, hides) = styles.set(&name, outer);
                self.spans.push((style, hides || is_hidden));
            }
            "s" => {
                let count = number(element, "c").unwrap_or(1).min(100) as usize;
                self.push(&" ".repeat(count));
            }
            "tab" => self.push(" "),
            "line-break" => self.push("\n"),
            "a" => {
                if let Some(target) = attribute(element, "href") {
                    self.paragraph.open_link(target);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        let (style, is_hidden) = self.spans.last().copied().unwrap_or_default();
        if !is_hidden {
            self.paragraph.push(text, style);
        }
    }
}
