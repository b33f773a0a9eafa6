//! Word's packages. In: bytes; out: the paragraphs of the body, its tables and lists, then notes, headers and footers.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use super::{Body, Paragraph, Role};
use crate::config::Limits;
use crate::error::ErrorKind;
use crate::model::document::BlockLabel;
use crate::model::raw::RawDocument;
use crate::model::text::Style;
use crate::parse::package::{Package, Related, damaged};
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
    let main = package.main_part("word/document.xml")?;
    let related = package.related(&main)?;
    let part = |kind: &str| {
        (related.values())
            .filter(|related| related.kind.ends_with(kind))
            .map(|related| related.path.clone())
            .collect::<BTreeSet<String>>()
    };
    let mut context = Context {
        styles: BTreeMap::new(),
        lists: Lists::default(),
        related: &related,
    };
    for path in part("/styles") {
        context.read_styles(&mut package, &path)?;
    }
    for path in part("/numbering") {
        context.lists = Lists::read(&mut package, &path)?;
    }
    let mut xml = package
        .xml(&main)?
        .ok_or_else(|| damaged("it has no text"))?;
    body.begin_part(&main, None);
    read_part(&mut xml, &mut context, body)?;
    drop(xml);
    for (kind, label) in [
        ("/footnotes", BlockLabel::Footnote),
        ("/endnotes", BlockLabel::Footnote),
        ("/header", BlockLabel::PageHeader),
        ("/footer", BlockLabel::PageFooter),
    ] {
        for path in part(kind) {
            let own = package.related(&path)?;
            let mut context = Context {
                styles: std::mem::take(&mut context.styles),
                lists: Lists::default(),
                related: &own,
            };
            if let Some(mut xml) = package.xml(&path)? {
                body.begin_part(&path, Some(label));
                read_part(&mut xml, &mut context, body)?;
            }
        }
    }
    Ok(())
}

/// A paragraph's or character's style.
#[derive(Clone, Debug, Default)]
struct Named {
    base: Option<String>,
    name: String,
    level: Option<u8>,
    bold: Option<bool>,
    /// The list that its paragraphs are items of.
    list: Option<u32>,
}

/// What paragraphs refer to.
struct Context<'r> {
    styles: BTreeMap<String, Named>,
    lists: Lists,
    related: &'r BTreeMap<String, Related>,
}

impl Context<'_> {
    fn read_styles(&mut self, package: &mut Package, path: &str) -> Result<(), ErrorKind> {
        let Some(mut xml) = package.xml(path)? else {
            return Ok(());
        };
        let mut id = None;
        let mut style = Named::default();
        loop {
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "style" => {
                        id = attribute(&element, "styleId");
                        style = Named::default();
                    }
                    "name" => style.name = value(&element).to_lowercase(),
                    "basedOn" => style.base = Some(value(&element)),
                    "outlineLvl" => style.level = outline(&element),
                    "numId" => style.list = number(&element, "val"),
                    "b" => style.bold = Some(is_on(&element)),
                    _ => {}
                },
                Event::End(element) if element.local_name().as_ref() == "style" => {
                    if let Some(id) = id.take() {
                        self.styles.insert(id, std::mem::take(&mut style));
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// A style and those that it is based on.
    fn bases(&self, id: &str) -> impl Iterator<Item = &Named> {
        let first = self.styles.get(id);
        std::iter::successors(first, |style| self.styles.get(style.base.as_deref()?))
            .take(MAX_BASES)
    }

    fn role(&self, style: &str) -> Role {
        self.bases(style)
            .find_map(|style| {
                if style.name == "title" {
                    return Some(Role::Title);
                }
                let named = style.name.strip_prefix("heading ");
                let level = named.and_then(|level| level.trim().parse().ok());
                Some(Role::Heading(level.or(style.level)?))
            })
            .unwrap_or_default()
    }

    fn is_bold(&self, style: &str) -> bool {
        self.bases(style)
            .find_map(|style| style.bold)
            .unwrap_or(false)
    }
}

/// What an element says in its `val`.
fn value(element: &BytesStart<'_>) -> String {
    attribute(element, "val").unwrap_or_default()
}

/// Whether a property is on: it is unless it says no.
fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(value(element).as_str(), "0" | "false" | "off" | "none")
}

/// The rank of an outline's level, of which the tenth is text.
fn outline(element: &BytesStart<'_>) -> Option<u8> {
    let level = number(element, "val")?;
    u8::try_from(level)
        .ok()
        .filter(|level| *level < 9)
        .map(|level| level + 1)
}

/// How lists number their items.
#[derive(Debug, Default)]
struct Lists {
    /// Of each list and level, whether it counts.
    counts: BTreeMap<(u32, u32), bool>,
    /// How many items each has so far.
    numbers: BTreeMap<(u32, u32), u32>,
}

impl Lists {
    fn read(package: &mut Package, path: &str) -> Result<Self, ErrorKind> {
        let mut lists = Self::default();
        let Some(mut xml) = package.xml(path)? else {
            return Ok(lists);
        };
        let mut shapes: BTreeMap<(u32, u32), bool> = BTreeMap::new();
        let (mut shape, mut level, mut list) = (0, 0, None);
        loop {
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "abstractNum" => shape = number(&element, "abstractNumId").unwrap_or(0),
                    "lvl" => level = number(&element, "ilvl").unwrap_or(0),
                    "numFmt" => {
                        let counts = !matches!(value(&element).as_str(), "bullet" | "none");
                        shapes.insert((shape, level), counts);
                    }
                    "num" => list = number(&element, "numId"),
                    "abstractNumId" => {
                        if let (Some(list), Some(shape)) = (list, number(&element, "val")) {
                            let own = shapes.range((shape, 0)..=(shape, u32::MAX));
                            let levels = own.map(|((_, level), counts)| ((list, *level), *counts));
                            lists.counts.extend(levels);
                        }
                    }
                    _ => {}
                },
                Event::Eof => return Ok(lists),
                _ => {}
            }
        }
    }

    /// What the next item of a list has in front.
    fn next(&mut self, list: u32, level: u32) -> Option<String> {
        // What stands below counts anew.
        let deeper: Vec<(u32, u32)> = (self.numbers.range((list, level + 1)..=(list, u32::MAX)))
            .map(|(place, _)| *place)
            .collect();
        for place in deeper {
            self.numbers.remove(&place);
        }
        let count = self.numbers.entry((list, level)).or_default();
        *count = count.saturating_add(1);
        let counts = self.counts.get(&(list, level)).copied().unwrap_or(false);
        counts.then(|| format!("{count}."))
    }
}

/// A paragraph with what its properties say.
struct Open {
    paragraph: Paragraph,
    style: String,
    level: Option<u8>,
    list: Option<u32>,
    list_level: u32,
    run: Run,
    in_properties: bool,
}

/// How a run is set.
#[derive(Clone, Debug, Default)]
struct Run {
    style: String,
    bold: Option<bool>,
    italic: bool,
    raised: bool,
    hidden: bool,
}

fn read_part<R: BufRead>(
    xml: &mut Xml<R>,
    context: &mut Context<'_>,
    body: &mut Body<'_>,
) -> Result<(), ErrorKind> {
    // A text box stands within a paragraph, and holds others.
    let mut paragraphs: Vec<Open> = Vec::new();
    let mut widths: Vec<usize> = Vec::new();
    let mut in_text = false;
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(element) => {
                let name = element.local_name();
                match name.as_ref() {
                    // What older programs show instead; what was deleted; words of fields, not their results.
                    "Fallback" | "del" | "moveFrom" | "instrText" | "delText" => xml.skip()?,
                    // Separators of notes, and settings of sections.
                    "footnote" | "endnote" if attribute(element, "type").is_some() => xml.skip()?,
                    "p" => paragraphs.push(Open {
                        paragraph: body.begin_paragraph(),
                        style: String::new(),
                        level: None,
                        list: None,
                        list_level: 0,
                        run: Run::default(),
                        in_properties: false,
                    }),
                    "tbl" => body.begin_table(),
                    "tr" => body.begin_row(false),
                    "tblHeader" if is_on(element) => body.head_row(),
                    "tc" => widths.push(1),
                    "gridSpan" => {
                        if let (Some(width), Some(span)) =
                            (widths.last_mut(), number(element, "val"))
                        {
                            *width = span as usize;
                        }
                    }
                    "t" => in_text = true,
                    name => {
                        if let Some(open) = paragraphs.last_mut() {
                            open.read(name, element, context);
                        }
                    }
                }
            }
            Event::End(element) => match element.local_name().as_ref() {
                "p" => {
                    if let Some(open) = paragraphs.pop() {
                        open.end(context, body);
                    }
                }
                "tbl" => body.end_table(),
                "tc" => body.end_cell(widths.pop().unwrap_or(1)),
                "t" => in_text = false,
                "pPr" => {
                    if let Some(open) = paragraphs.last_mut() {
                        open.in_properties = false;
                    }
                }
                "hyperlink" => {
                    if let Some(open) = paragraphs.last_mut() {
                        open.paragraph.close_link();
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(()),
            event => {
                if in_text
                    && let Some(open) = paragraphs.last_mut()
                    && let Some(text) = characters(event)
                {
                    open.push(&text.replace(['\n', '\r'], " "), context);
                }
            }
        }
    }
}

impl Open {
    /// A property of the paragraph or of a run, or what stands for a character.
    fn read(&mut self, name: &str, element: &BytesStart<'_>, context: &Context<'_>) {
        match name {
            "pPr" => self.in_properties = true,
            "pStyle" => self.style = value(element),
            "outlineLvl" => self.level = outline(element),
            "numId" => self.list = number(element, "val"),
            "ilvl" => self.list_level = number(element, "val").unwrap_or(0),
            "r" => self.run = Run::default(),
            "rStyle" => self.run.style = value(element),
            // The properties of the mark at a paragraph's end are not those of its characters.
            "b" if !self.in_properties => self.run.bold = Some(is_on(element)),
            "i" if !self.in_properties => self.run.italic = is_on(element),
            "vanish" if !self.in_properties => self.run.hidden = is_on(element),
            "vertAlign" if !self.in_properties => self.run.raised = value(element) == "superscript",
            "tab" if !self.in_properties => self.push(" ", context),
            "br" | "cr" => self.push("\n", context),
            "noBreakHyphen" => self.push("-", context),
            "hyperlink" => {
                let target = attribute(element, "id").and_then(|id| context.related.get(&id));
                if let Some(related) = target {
                    self.paragraph.open_link(related.target.clone());
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str, context: &Context<'_>) {
        if self.run.hidden {
            return;
        }
        let bold = self
            .run
            .bold
            .unwrap_or_else(|| context.is_bold(&self.run.style) || context.is_bold(&self.style));
        let style = Style {
            bold,
            italic: self.run.italic,
            superscript: self.run.raised,
            ..Style::default()
        };
        self.paragraph.push(text, style);
    }

    fn end(mut self, context: &mut Context<'_>, body: &mut Body<'_>) {
        self.paragraph.role = match self.level {
            Some(level) => Role::Heading(level),
            None => context.role(&self.style),
        };
        let of_style = || context.bases(&self.style).find_map(|style| style.list);
        let list = self.list.or_else(of_style).filter(|list| *list > 0);
        if let Some(list) = list {
            let printed = context.lists.next(list, self.list_level);
            self.paragraph.item = Some((self.list_level as usize, printed));
        }
        body.end_paragraph(self.paragraph, None);
    }
}
