//! A page's tree in; its blocks in document order and its elements out. What surrounds the content is kept, as furniture.

use rustc_hash::FxHashMap;

use crate::model::document::{Block, BlockLabel, Cell, Layer, Node};
use crate::model::text::{Style, Text};
use crate::parse::encoding::Decoded;
use crate::parse::marker;
use crate::parse::writer::{LineIndex, Linked, TextWriter};

use super::furniture::{self, Facts, Place};
use super::tables;
use super::tree::{Content, Element, NodeIdx, ROOT, Run, Tree};

/// Elements that begin and end a block.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Children of a figure that are looked at for a quotation.
const MAX_FIGURE: usize = 8;

/// What is read from a tree, and how.
pub(super) struct Reading<'a> {
    pub(super) decoded: &'a Decoded,
    /// For HTML inside a text: evidence names lines, not elements.
    pub(super) lines: Option<&'a LineIndex>,
    pub(super) tree: &'a Tree,
    /// Whether class names tell furniture.
    pub(super) by_class: bool,
    /// Whether what is for browsers without scripts is shown.
    pub(super) shows_noscript: bool,
    /// Number of the first table.
    pub(super) first_table: u32,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) blocks: Vec<Block>,
    pub(super) nodes: Vec<Node>,
    pub(super) n_tables: u32,
}

/// Reads the blocks of a tree.
pub(super) fn read(reading: &Reading<'_>) -> Page {
    let facts = gather(reading);
    let mut walk = Walk {
        reading,
        facts,
        writer: TextWriter::new(reading.decoded, reading.lines),
        page: Page::default(),
        frames: Vec::new(),
        lists: Vec::new(),
        items: Vec::new(),
        numbering: marker::Numbering::default(),
        cells: FxHashMap::default(),
        n_siblings: FxHashMap::default(),
    };
    walk.run();
    walk.page
}

/// What an element passes on to what it holds.
#[derive(Clone, Copy, Debug)]
struct Context {
    label: BlockLabel,
    level: Option<u8>,
    layer: Layer,
    style: Style,
    /// The innermost element, in the document's table.
    node: Option<u32>,
    cell: Option<Cell>,
    /// Number of lists around it.
    n_lists: u8,
    /// The list and the item around it.
    list: Option<usize>,
    item: Option<usize>,
    in_quote: bool,
    is_preformatted: bool,
    place: Place,
}

/// An open element.
struct Frame {
    index: NodeIdx,
    context: Context,
    /// Frame of the nearest block, itself included.
    block: usize,
    is_link: bool,
}

/// An open list: its next number, if it is numbered.
struct List {
    number: Option<i64>,
}

/// An open list item: its marker, until its first block takes it.
struct Item {
    marker: Option<Text>,
    is_begun: bool,
}

struct Walk<'a> {
    reading: &'a Reading<'a>,
    facts: Vec<Facts>,
    writer: TextWriter<'a>,
    page: Page,
    frames: Vec<Frame>,
    lists: Vec<List>,
    items: Vec<Item>,
    numbering: marker::Numbering,
    cells: FxHashMap<NodeIdx, Cell>,
    /// How many children of a tag each element has had.
    n_siblings: FxHashMap<(NodeIdx, &'a str), u32>,
}

impl<'a> Walk<'a> {
    fn run(&mut self) {
        let tree = self.reading.tree;
        self.frames.push(Frame {
            index: ROOT,
            context: Context {
                label: BlockLabel::Text,
                level: None,
                layer: Layer::Body,
                style: Style::default(),
                node: None,
                cell: None,
                n_lists: 0,
                list: None,
                item: None,
                in_quote: false,
                is_preformatted: false,
                place: Place::default(),
            },
            block: 0,
            is_link: false,
        });
        let mut next = tree.node(ROOT).and_then(|node| node.first_child);
        while !self.frames.is_empty() {
            let Some(index) = next else {
                // The innermost open element has no more children.
                let Some(closed) = self.leave() else { break };
                next = tree.node(closed).and_then(|node| node.next);
                continue;
            };
            let entered = self.enter(index);
            let node = tree.node(index);
            next = if entered {
                node.and_then(|node| node.first_child)
            } else {
                node.and_then(|node| node.next)
            };
        }
    }

    /// Reads a node; returns whether its children come next.
    fn enter(&mut self, index: NodeIdx) -> bool {
        let tree = self.reading.tree;
        let Some((context, block)) = self.frames.last().map(|frame| (frame.context, frame.block))
        else {
            return false;
        };
        match tree.node(index).map(|node| &node.content) {
            Some(Content::Text(runs)) => {
                self.text(runs, &context);
                false
            }
            Some(Content::Element(element)) => {
                let parent = self.frames.last().map_or(ROOT, |frame| frame.index);
                let tag = element.tag_name();
                let nth = self.n_siblings.entry((parent, tag)).or_insert(0);
                *nth += 1;
                let nth = *nth;
                if furniture::is_dropped(element, self.reading.shows_noscript) {
                    return false;
                }
                match tag {
                    "br" => {
                        self.line_break(&context);
                        return false;
                    }
                    "hr" => {
                        self.flush();
                        return false;
                    }
                    "wbr" | "img" => return false,
                    _ => {}
                }
                self.open(index, element, nth, context, block);
                true
            }
            _ => false,
        }
    }

    fn open(
        &mut self,
        index: NodeIdx,
        element: &'a Element,
        nth: u32,
        outer: Context,
        outer_block: usize,
    ) {
        let tag = element.tag_name();
        let facts = self.fact(index);
        let is_furniture = self.reading.lines.is_none()
            && furniture::is_furniture(
                element,
                &facts,
                &self.fact(ROOT),
                outer.place,
                self.reading.by_class,
            );
        let starts_furniture = is_furniture && outer.layer == Layer::Body;
        let is_block = BLOCKS.contains(&tag)
            || starts_furniture
            || tag == "cite" && outer.in_quote && self.is_apart(index)
            || is_displayed_as_block(element)
            || facts.is_item;
        if is_block {
            self.flush();
        }
        let mut context = self.context_of(index, element, nth, outer);
        if is_furniture {
            context.layer = Layer::Furniture;
        }
        let target = element
            .attribute("href")
            .filter(|target| tag == "a" && !target.trim_start().starts_with("javascript:"));
        if let Some(target) = target {
            self.writer.open_link(target.trim().to_owned());
        }
        let block = if is_block {
            self.frames.len()
        } else {
            outer_block
        };
        self.frames.push(Frame {
            index,
            context,
            block,
            is_link: target.is_some(),
        });
    }

    fn context_of(
        &mut self,
        index: NodeIdx,
        element: &'a Element,
        nth: u32,
        outer: Context,
    ) -> Context {
        let tag = element.tag_name();
        let mut context = outer;
        context.style = style_of(element, outer.style);
        if self.reading.lines.is_none() && !tag.is_empty() {
            let node = u32::try_from(self.page.nodes.len()).ok();
            self.page.nodes.push(Node {
                parent: outer.node,
                tag: tag.to_owned(),
                class: element.attribute("class").unwrap_or_default().to_owned(),
                id: element.attribute("id").unwrap_or_default().to_owned(),
                nth_of_type: nth,
            });
            context.node = node;
        }
        match tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                context.label = BlockLabel::SectionHeader;
                context.level = tag.as_bytes().get(1).map(|digit| digit - b'0');
                context.place.in_heading = true;
            }
            "blockquote" => {
                context.in_quote = true;
                context.label = BlockLabel::Quote;
                context.place.in_section = true;
            }
            // Who is quoted stands in the quotation, but is none of it.
            "cite" | "footer" if outer.in_quote => context.label = BlockLabel::Text,
            // Under a quotation, a caption says whose it is.
            "figcaption" if self.captions_quotation(index) => context.label = BlockLabel::Text,
            "figcaption" | "caption" => context.label = BlockLabel::Caption,
            "dt" | "summary" => {
                context.style.bold = true;
                context.place.in_heading = true;
            }
            "pre" => context.is_preformatted = true,
            "main" | "article" => {
                context.place.in_main = true;
                context.place.in_section = true;
            }
            "section" | "td" | "th" | "li" | "figure" => context.place.in_section = true,
            "ul" | "ol" | "menu" | "dir" => {
                context.n_lists = outer.n_lists.saturating_add(1);
                let start = element
                    .attribute("start")
                    .and_then(|start| start.trim().parse().ok())
                    .unwrap_or(1);
                self.lists.push(List {
                    number: (tag == "ol").then_some(start),
                });
                context.list = Some(self.lists.len() - 1);
                context.item = None;
            }
            "table" => {
                let number = self.reading.first_table + self.page.n_tables;
                let text = self.reading.decoded.text();
                let cells = tables::cells(self.reading.tree, index, &self.facts, text, number);
                if let Some(cells) = cells {
                    self.cells.extend(cells);
                    self.page.n_tables += 1;
                }
                context.cell = None;
            }
            _ => {}
        }
        if element.attribute("role") == Some("main") {
            context.place.in_main = true;
        }
        if let Some(level) = heading_role(element) {
            context.label = BlockLabel::SectionHeader;
            context.level = Some(level);
            context.place.in_heading = true;
        }
        if matches!(tag, "td" | "th") {
            context.cell = self.cells.get(&index).copied();
        }
        if tag == "li" {
            let marker = self.number(element, outer);
            self.items.push(Item {
                marker,
                is_begun: false,
            });
            context.item = Some(self.items.len() - 1);
        }
        context
    }

    /// The number that a browser prints in front of an item, grounded in its start tag.
    fn number(&mut self, element: &Element, context: Context) -> Option<Text> {
        let list = context.list.and_then(|list| self.lists.get_mut(list))?;
        let number = list.number.as_mut()?;
        if let Some(value) = element
            .attribute("value")
            .and_then(|value| value.trim().parse().ok())
        {
            *number = value;
        }
        let printed = format!("{number}.");
        *number = number.saturating_add(1);
        let mut writer = TextWriter::new(self.reading.decoded, self.reading.lines);
        writer.push_as(&printed, &element.tag, Style::default(), context.node);
        Some(writer.take().text)
    }

    /// Whether a `<cite>` is the last thing in what holds it, so that it names who is quoted, not a work.
    fn is_apart(&self, index: NodeIdx) -> bool {
        if self.fact(index).text == 0 {
            return false;
        }
        let tree = self.reading.tree;
        let mut next = tree.node(index).and_then(|node| node.next);
        while let Some(sibling) = next {
            if self.fact(sibling).text > 0 {
                return false;
            }
            next = tree.node(sibling).and_then(|node| node.next);
        }
        true
    }

    fn captions_quotation(&self, index: NodeIdx) -> bool {
        let tree = self.reading.tree;
        let tag = |index: NodeIdx| tree.element(index).map_or("", Element::tag_name);
        let parent = tree.node(index).and_then(|node| node.parent);
        parent
            .filter(|parent| tag(*parent) == "figure")
            .is_some_and(|parent| {
                tree.children(parent)
                    .take(MAX_FIGURE)
                    .any(|child| tag(child) == "blockquote")
            })
    }

    fn leave(&mut self) -> Option<NodeIdx> {
        let (is_link, is_block) = self
            .frames
            .last()
            .map(|frame| (frame.is_link, frame.block + 1 == self.frames.len()))?;
        if is_link {
            self.writer.close_link();
        }
        if is_block {
            self.flush();
        }
        self.frames.pop().map(|frame| frame.index)
    }

    fn line_break(&mut self, context: &Context) {
        // Two breaks in a row leave an empty line, as between paragraphs.
        let is_heading = context.label == BlockLabel::SectionHeader;
        if self.writer.is_at_break() && !is_heading {
            self.flush();
        } else {
            self.writer.push_break();
        }
    }

    fn text(&mut self, runs: &[Run], context: &Context) {
        for run in runs {
            if context.is_preformatted {
                self.preformatted(run, context);
                continue;
            }
            match &run.characters {
                Some(characters) => {
                    self.writer
                        .push_as(characters, &run.range, context.style, context.node);
                }
                None => self
                    .writer
                    .push(run.range.clone(), context.style, context.node),
            }
        }
    }

    /// In `<pre>` the ends of lines are the author's.
    fn preformatted(&mut self, run: &Run, context: &Context) {
        let text = self.reading.decoded.text();
        if let Some(characters) = &run.characters {
            if characters.contains('\n') {
                self.line_break(context);
            } else {
                self.writer
                    .push_as(characters, &run.range, context.style, context.node);
            }
            return;
        }
        let mut start = run.range.start;
        let string = text.get(run.range.clone()).unwrap_or_default();
        for (number, line) in string.split('\n').enumerate() {
            if number > 0 {
                self.line_break(context);
            }
            self.writer
                .push(start..start + line.len(), context.style, context.node);
            start += line.len() + 1;
        }
    }

    /// Ends the block being written.
    fn flush(&mut self) {
        let linked = self.writer.take();
        if linked.text.is_empty() {
            return;
        }
        let Some(context) = self
            .frames
            .last()
            .and_then(|frame| self.frames.get(frame.block))
            .map(|frame| frame.context)
        else {
            return;
        };
        let mut blocks = if context.label == BlockLabel::SectionHeader {
            marker::heading(&linked, &mut self.numbering)
                .into_iter()
                .collect()
        } else {
            self.items_of(&linked, &context)
        };
        for block in &mut blocks {
            block.layer = context.layer;
            block.level = context.level;
            block.node = context.node;
            block.cell = context.cell;
            block.depth = context.n_lists.saturating_sub(1);
        }
        if let Some(item) = context.item.and_then(|item| self.items.get_mut(item)) {
            item.is_begun = true;
        }
        self.page.blocks.extend(blocks);
    }

    fn items_of(&mut self, linked: &Linked, context: &Context) -> Vec<Block> {
        let item = context.item.and_then(|item| self.items.get_mut(item));
        let begins_item = item.as_ref().is_some_and(|item| !item.is_begun);
        let label = if begins_item && context.label == BlockLabel::Text {
            BlockLabel::ListItem
        } else {
            context.label
        };
        let mut blocks = marker::split_items(linked, label, &mut self.numbering);
        if let (Some(first), Some(item)) = (blocks.first_mut(), item)
            && let Some(number) = item.marker.take()
        {
            // A number printed in front of the text tells more than the list's own.
            let has_number = first
                .marker
                .as_ref()
                .is_some_and(|own| own.as_str().contains(char::is_alphanumeric));
            if !has_number {
                first.marker = Some(number);
            }
        }
        blocks
    }

    fn fact(&self, index: NodeIdx) -> Facts {
        self.facts.get(index as usize).copied().unwrap_or_default()
    }
}

/// Counts what every element holds.
fn gather(reading: &Reading<'_>) -> Vec<Facts> {
    let (tree, text) = (reading.tree, reading.decoded.text());
    let mut facts = vec![Facts::default(); tree.len()];
    let mut order = Vec::with_capacity(tree.len());
    let mut current = tree.after(ROOT, true);
    while let Some(index) = current {
        let enter = tree
            .element(index)
            .is_none_or(|element| !furniture::is_dropped(element, reading.shows_noscript));
        if enter {
            order.push(index);
        }
        current = tree.after(index, enter);
    }
    for index in order.iter().rev() {
        let Some(node) = tree.node(*index) else {
            continue;
        };
        let Some(own) = facts.get_mut(*index as usize) else {
            continue;
        };
        match &node.content {
            Content::Text(runs) => own.text = runs.iter().map(|run| shown(run, text)).sum(),
            Content::Element(element) => {
                let tag = element.tag_name();
                if matches!(tag, "b" | "strong" | "th") {
                    own.bold = own.text;
                }
                own.n_tables += usize::from(tag == "table");
                own.n_blocks += usize::from(BLOCKS.contains(&tag) && own.text > 0);
                own.n_headings +=
                    usize::from(matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
                own.has_main |= tag == "main" || element.attribute("role") == Some("main");
            }
            _ => {}
        }
        let own = *own;
        if let Some(parent) = node
            .parent
            .and_then(|parent| facts.get_mut(parent as usize))
        {
            parent.text += own.text;
            parent.bold += own.bold;
            parent.n_tables += own.n_tables;
            parent.n_blocks += own.n_blocks;
            parent.n_headings += own.n_headings;
            parent.has_main |= own.has_main;
        }
    }
    mark_related(tree, text, &order, &mut facts);
    mark_items(tree, &order, &mut facts);
    facts
}

/// Marks the elements of one class that alone fill a block: `<a class="grantee">…</a> <a class="grantee">…</a>`. A style sheet shows each by itself; no sentence is written so.
fn mark_items(tree: &Tree, order: &[NodeIdx], facts: &mut [Facts]) {
    const FEWEST: usize = 3;
    const PHRASES: [&str; 5] = ["a", "span", "b", "strong", "button"];
    for index in order {
        let is_block =
            (tree.element(*index)).is_some_and(|element| BLOCKS.contains(&element.tag_name()));
        if !is_block {
            continue;
        }
        let text_of = |child: NodeIdx| facts.get(child as usize).map_or(0, |own| own.text);
        let items: Vec<NodeIdx> = (tree.children(*index))
            .filter(|child| text_of(*child) > 0)
            .collect();
        let kind = |child: NodeIdx| {
            let element = tree.element(child)?;
            let class = element.attribute("class").map(str::trim)?;
            let is_phrase = PHRASES.contains(&element.tag_name()) && !class.is_empty();
            is_phrase.then(|| (element.tag_name(), class))
        };
        let first = items.first().and_then(|first| kind(*first));
        if items.len() < FEWEST || first.is_none() || items.iter().any(|item| kind(*item) != first)
        {
            continue;
        }
        for item in items {
            if let Some(own) = facts.get_mut(item as usize) {
                own.is_item = true;
            }
        }
    }
}

/// Characters of a run that are not white space.
fn shown(run: &Run, text: &str) -> usize {
    match &run.characters {
        Some(characters) => characters.chars().filter(|c| !c.is_whitespace()).count(),
        None => text
            .get(run.range.clone())
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_whitespace())
            .count(),
    }
}

/// Marks what stands under a heading such as « À lire aussi »: the element that the heading opens, or its following siblings up to the next heading.
fn mark_related(tree: &Tree, text: &str, order: &[NodeIdx], facts: &mut [Facts]) {
    let level = |index: NodeIdx| {
        tree.element(index)
            .and_then(|element| match element.tag_name() {
                "h2" => Some(2),
                "h3" => Some(3),
                "h4" => Some(4),
                "h5" => Some(5),
                "h6" => Some(6),
                _ => None,
            })
    };
    let page = facts.get(ROOT as usize).copied().unwrap_or_default();
    for index in order {
        let Some(own_level) = level(*index) else {
            continue;
        };
        let is_short = facts
            .get(*index as usize)
            .is_some_and(|own| (1..=furniture::MAX_HEADING).contains(&own.text));
        if !is_short || !furniture::is_furniture_heading(&string_of(tree, *index, text)) {
            continue;
        }
        // The element that the heading opens: nothing is shown before it there.
        let mut top = *index;
        while let Some(parent) = tree.node(top).and_then(|node| node.parent) {
            let fact = facts.get(parent as usize).copied().unwrap_or_default();
            let mut before = tree.node(top).and_then(|node| node.previous);
            while let Some(sibling) = before {
                if facts.get(sibling as usize).is_some_and(|own| own.text > 0) {
                    break;
                }
                before = tree.node(sibling).and_then(|node| node.previous);
            }
            if before.is_some() || fact.has_main || fact.text * 2 > page.text {
                break;
            }
            top = parent;
        }
        let mut marked = vec![top];
        if top == *index {
            let mut next = tree.node(top).and_then(|node| node.next);
            while let Some(sibling) = next {
                if level(sibling).is_some_and(|level| level <= own_level) {
                    break;
                }
                marked.push(sibling);
                next = tree.node(sibling).and_then(|node| node.next);
            }
        }
        for index in marked {
            if let Some(fact) = facts.get_mut(index as usize) {
                fact.is_related = true;
            }
        }
    }
}

/// The text of a short element.
fn string_of(tree: &Tree, top: NodeIdx, text: &str) -> String {
    let mut string = String::new();
    for index in tree.within(top) {
        if let Some(Content::Text(runs)) = tree.node(index).map(|node| &node.content) {
            for run in runs {
                match &run.characters {
                    Some(characters) => string.push_str(characters),
                    None => string.push_str(text.get(run.range.clone()).unwrap_or_default()),
                }
            }
        }
    }
    string
}

/// `role="heading"` with its level.
fn heading_role(element: &Element) -> Option<u8> {
    if element.attribute("role") != Some("heading") {
        return None;
    }
    let level = element
        .attribute("aria-level")
        .and_then(|level| level.trim().parse().ok());
    Some(level.unwrap_or(2).clamp(1, 6))
}

fn is_displayed_as_block(element: &Element) -> bool {
    element.attribute("style").is_some_and(|style| {
        let style = style.to_ascii_lowercase();
        style.contains("display:block") || style.contains("display: block")
    })
}

/// The style inside an element: what its tag and its own `style` attribute say.
fn style_of(element: &Element, outer: Style) -> Style {
    let mut style = outer;
    match element.tag_name() {
        "b" | "strong" | "th" => style.bold = true,
        "i" | "em" | "cite" | "dfn" | "var" | "address" => style.italic = true,
        "sup" => style.superscript = true,
        _ => {}
    }
    if let Some(declarations) = element.attribute("style") {
        for declaration in declarations.split(';') {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            match (name.trim(), value.trim()) {
                ("font-weight", value) => {
                    style.bold = match value {
                        "normal" | "lighter" => false,
                        "bold" | "bolder" => true,
                        _ => value
                            .parse::<u32>()
                            .map_or(style.bold, |weight| weight >= 600),
                    };
                }
                ("font-style", value) => style.italic = matches!(value, "italic" | "oblique"),
                ("vertical-align", "super") => style.superscript = true,
                _ => {}
            }
        }
    }
    style
}
