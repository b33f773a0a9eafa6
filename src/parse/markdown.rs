//! Markdown, with the HTML fragments, tab-separated cells and stray markup that conversions leave in it. In: decoded text; out: blocks.
//!
//! Read by line, not with `pulldown-cmark`: a conversion is Markdown only by intention. Rows of cells are separated by tabs and hold HTML, fiches with
//! their own front matter follow each other, bullets are printed signs, and the end of a line is often one that the author made. So it is kept as
//! `\n`, and whether a line wraps on is for extraction to say.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::config::Limits;
use crate::model::document::{Block, BlockLabel, Cell, Document, Layer};
use crate::model::text::{Style, Text};

use super::encoding::Decoded;
use super::front_matter::{self, Entry, Folding};
use super::inline::{self, Lines};
use super::marker;
use super::rows::{self, Rows};
use super::running;
use super::writer::{LineIndex, Linked, TextWriter};

/// A text whose paragraphs have more lines than this on average does not separate paragraphs by blank lines: each line is one.
const MAX_PARAGRAPH_LINES: usize = 6;

/// In prose that was wrapped to a width, at least one line in so many starts in the middle of a sentence, with a small letter.
const MIN_WRAPPED: usize = 4;

/// Lines up to this many characters may have been wrapped by hand or by a mailer; longer ones end where their author ended them.
const WRAPPED_LINE: usize = 100;

/// A line this long without a sentence's end is gone on with by the next.
const OPEN_LINE: usize = 60;

/// Elements that open a block of HTML in Markdown.
const HTML_BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dd",
    "div",
    "dl",
    "dt",
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
    "iframe",
    "li",
    "main",
    "nav",
    "noscript",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements whose blank lines do not end them.
const HTML_CONTAINERS: &[&str] = &[
    "table", "ul", "ol", "dl", "script", "style", "svg", "details",
];

/// Longest name of an element.
const MAX_NAME: usize = 16;

/// Endings of files that front matter names for a site's pages.
const FILE_EXTENSIONS: &[&str] = &[
    "png", "jpg", "jpeg", "svg", "webp", "gif", "avif", "ico", "mp4", "pdf", "css", "js", "html",
];

/// Fills `document` with the blocks and metadata of a text.
pub(super) fn read(decoded: &Decoded, limits: &Limits, document: &mut Document) {
    let reader = Reader::new(decoded, true, limits).read_all();
    document.blocks = reader.blocks;
    document.metadata.title = reader.title;
}

/// The block being gathered.
#[derive(Debug)]
enum Open {
    Nothing,
    Paragraph(Lines),
    Item {
        lines: Lines,
        marker: Range<usize>,
        /// Column of the item's text: what is indented as far belongs to it.
        column: usize,
        depth: u8,
    },
}

/// What was found out of a list of lines at its first need, so that no line looks through all those behind it again.
#[derive(Debug, Default)]
struct Ahead {
    /// For each kind of container, and each line: the line, if any, at whose end as many of its elements are open as before the line.
    closing: HashMap<&'static str, Vec<Option<usize>>>,
    /// No comment ends from here on.
    is_without_comment_end: bool,
}

/// Reads lines into blocks.
pub(super) struct Reader<'a> {
    decoded: &'a Decoded,
    text: &'a str,
    index: LineIndex,
    is_markup: bool,
    /// Whether each line is a paragraph.
    by_line: bool,
    /// Words that the text sets as labels, apart from their values.
    row_labels: HashSet<&'a str>,
    /// Where the lines begin that are running headers or folios.
    running: HashSet<usize>,
    limits: &'a Limits,
    open: Open,
    /// Indentations of the open lists.
    indents: Vec<usize>,
    numbering: marker::Numbering,
    n_tables: u32,
    in_quote: bool,
    /// What is known of the lines being read.
    ahead: Ahead,
    n_front_matters: usize,
    /// Title that the only front matter gives.
    pub(super) title: Option<String>,
    /// What was read so far.
    pub(super) blocks: Vec<Block>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(decoded: &'a Decoded, is_markup: bool, limits: &'a Limits) -> Self {
        Self {
            decoded,
            text: decoded.text(),
            index: LineIndex::new(decoded.text()),
            is_markup,
            by_line: false,
            row_labels: HashSet::new(),
            running: HashSet::new(),
            limits,
            open: Open::Nothing,
            indents: Vec::new(),
            numbering: marker::Numbering::default(),
            n_tables: 0,
            in_quote: false,
            ahead: Ahead::default(),
            n_front_matters: 0,
            title: None,
            blocks: Vec::new(),
        }
    }

    /// Reads the whole text.
    pub(super) fn read_all(mut self) -> Self {
        let lines = self.lines();
        self.by_line = is_by_line(self.text, &lines);
        if !self.is_markup {
            self.row_labels = rows::row_labels(self.text, &lines);
            self.running = running::running_lines(self.text, &lines);
        }
        self.read(&lines);
        if self.n_front_matters != 1 {
            self.title = None;
        }
        label_title(&mut self.blocks);
        self
    }

    /// The content of each line, without its end.
    fn lines(&self) -> Vec<Range<usize>> {
        let starts = self.index.starts();
        let ends = starts.iter().skip(1).copied().chain([self.text.len()]);
        starts
            .iter()
            .zip(ends)
            .map(|(start, end)| {
                let line = self.text.get(*start..end).unwrap_or_default();
                *start..start + line.trim_end_matches(['\n', '\r']).len()
            })
            .collect()
    }

    fn str(&self, range: &Range<usize>) -> &'a str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn read(&mut self, lines: &[Range<usize>]) {
        let outer = std::mem::take(&mut self.ahead);
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            at += self.structure(lines, at, line).unwrap_or_else(|| {
                self.text_line(line);
                1
            });
        }
        self.close();
        self.indents.clear();
        self.ahead = outer;
    }

    /// Reads what begins `at` a line and is more than a line of text; returns the number of lines that it takes.
    fn structure(&mut self, all: &[Range<usize>], at: usize, line: &Range<usize>) -> Option<usize> {
        let lines = all.get(at..)?;
        let string = self.str(line);
        let trimmed = string.trim();
        if is_blank(trimmed, self.is_markup) || !self.is_markup && is_rule(trimmed) {
            self.close();
            return Some(1);
        }
        if self.running.contains(&line.start) {
            self.close();
            let text = self.raw(line.clone());
            if !text.is_empty() {
                let mut block = Block::new(BlockLabel::Text, text);
                block.layer = Layer::Furniture;
                self.blocks.push(block);
            }
            return Some(1);
        }
        let next = lines.get(1).map_or("", |next| self.str(next).trim_start());
        if arrows(trimmed) > 1
            && !next.starts_with('>')
            && !self.in_quote
            && let Some(content) = unquoted(self.text, line).filter(|content| !content.is_empty())
        {
            self.close();
            let mut heading = Lines::default();
            heading.push(self.text, &content);
            self.heading(&heading, u8::try_from(arrows(trimmed).min(6)).unwrap_or(6));
            return Some(1);
        }
        if self.is_markup
            && let Some(n_lines) = self.markup(all, at, line, trimmed)
        {
            return Some(n_lines);
        }
        if rows::is_tabbed(string)
            && marker::find_marker(trimmed).is_none()
            && let Some(found) = rows::find_tabbed(self.text, lines)
        {
            return Some(self.table(&found));
        }
        if !self.is_markup
            && let Some(found) = rows::find_labelled(self.text, lines, &self.row_labels)
        {
            return Some(self.table(&found));
        }
        if rows::is_separated(string)
            && marker::find_marker(trimmed).is_none()
            && let Some(found) = rows::find_separated(self.text, lines)
        {
            return Some(self.table(&found));
        }
        None
    }

    fn markup(
        &mut self,
        all: &[Range<usize>],
        at: usize,
        line: &Range<usize>,
        trimmed: &str,
    ) -> Option<usize> {
        let lines = all.get(at..)?;
        if trimmed.starts_with("<!--") && !self.ahead.is_without_comment_end {
            let end = lines.iter().position(|line| self.str(line).contains("-->"));
            self.ahead.is_without_comment_end = end.is_none();
            let end = end?;
            // Text behind the comment on its last line is read with it, as a paragraph.
            let rest = lines.get(end)?;
            let after = self.str(rest).find("-->")? + "-->".len();
            self.close();
            let rest = rest.start + after..rest.end;
            if !self.str(&rest).trim().is_empty() {
                self.text_line(&rest);
            }
            return Some(end + 1);
        }
        // Fences of code and of divisions: what they enclose is read like the rest.
        if ["```", "~~~", ":::"]
            .iter()
            .any(|fence| trimmed.starts_with(fence))
        {
            self.close();
            return Some(1);
        }
        if let Some((entries, n_lines)) = matches!(self.open, Open::Nothing)
            .then(|| front_matter::find(self.text, lines))
            .flatten()
        {
            self.front_matter(&entries);
            return Some(n_lines);
        }
        if let Some(level) = self.underline(trimmed) {
            if let Open::Paragraph(lines) = std::mem::replace(&mut self.open, Open::Nothing) {
                self.heading(&lines, level);
            }
            return Some(1);
        }
        if is_rule(trimmed) || is_definition(trimmed) {
            self.close();
            return Some(1);
        }
        if let Some((level, content)) = heading_content(self.text, line) {
            self.close();
            let mut heading = Lines::default();
            heading.push(self.text, &content);
            self.heading(&heading, level);
            return Some(1);
        }
        if let Some(found) = rows::find_piped(self.text, lines) {
            return Some(self.table(&found));
        }
        if trimmed.starts_with('>') && !self.in_quote {
            let quoted: Vec<Range<usize>> = lines
                .iter()
                .map_while(|line| unquoted(self.text, line))
                .collect();
            self.close();
            self.in_quote = true;
            self.read(&quoted);
            self.in_quote = false;
            return Some(quoted.len());
        }
        let name = html_block(trimmed)?;
        self.close();
        let n_lines = self.html_lines(all, at, &name);
        let end = lines.get(n_lines.checked_sub(1)?)?.end;
        self.fragment(line.start..end, None);
        Some(n_lines)
    }

    /// The level of the heading that a line of `=` or `-` makes of the paragraph above it.
    fn underline(&self, trimmed: &str) -> Option<u8> {
        let Open::Paragraph(lines) = &self.open else {
            return None;
        };
        let all = |sign: u8| trimmed.len() >= 3 && trimmed.bytes().all(|byte| byte == sign);
        match lines.len() {
            1..=2 if all(b'=') => Some(1),
            1..=2 if all(b'-') => Some(2),
            _ => None,
        }
    }

    /// How many lines a block of HTML takes: up to a blank line, or to the end of its element where that may hold blank lines.
    fn html_lines(&mut self, all: &[Range<usize>], at: usize, name: &str) -> usize {
        if let Some(container) = HTML_CONTAINERS.iter().find(|known| **known == name) {
            if !self.ahead.closing.contains_key(container) {
                let closing = self.closing_lines(all, container);
                self.ahead.closing.insert(container, closing);
            }
            if let Some(end) = self
                .ahead
                .closing
                .get(container)
                .and_then(|closing| *closing.get(at)?)
            {
                return end + 1 - at;
            }
        }
        let lines = all.get(at..).unwrap_or_default();
        lines
            .iter()
            .position(|line| self.str(line).trim().is_empty())
            .unwrap_or(lines.len())
    }

    /// For each line, the first from it on at whose end no more elements of a name are open than before it.
    fn closing_lines(&self, lines: &[Range<usize>], name: &str) -> Vec<Option<usize>> {
        let (opening, closing) = (format!("<{name}"), format!("</{name}"));
        let mut found = vec![None; lines.len()];
        // Lines whose elements are still open, and how many were open before each: ever more.
        let mut open: Vec<(usize, isize)> = Vec::new();
        let mut n_open = 0_isize;
        for (number, line) in lines.iter().enumerate() {
            open.push((number, n_open));
            let line = self.str(line).to_ascii_lowercase();
            n_open += line.matches(&opening).count().cast_signed();
            n_open -= line.matches(&closing).count().cast_signed();
            while let Some((start, _)) = open.pop_if(|(_, before)| n_open <= *before) {
                if let Some(found) = found.get_mut(start) {
                    *found = Some(number);
                }
            }
        }
        found
    }

    /// A line of a paragraph or list.
    fn text_line(&mut self, line: &Range<usize>) {
        let string = self.str(line);
        let indent = columns(string);
        let start = line.start + (string.len() - string.trim_start().len());
        let content = start..line.start + string.trim_end().len();
        let item = self.find_item(self.str(&content));
        if let Some(found) = item {
            self.close();
            while self.indents.last().is_some_and(|open| *open > indent) {
                self.indents.pop();
            }
            if self.indents.last().is_none_or(|open| *open < indent) {
                self.indents.push(indent);
            }
            self.numbering
                .follow(self.text.get(start..start + found.end).unwrap_or_default());
            let mut lines = Lines::default();
            lines.push(self.text, &(start + found.rest..content.end));
            self.open = Open::Item {
                lines,
                marker: start..start + found.end,
                column: indent + found.rest.min(found.end + 1),
                depth: u8::try_from(self.indents.len() - 1).unwrap_or(u8::MAX),
            };
            return;
        }
        let by_line = self.by_line;
        let goes_on = match &self.open {
            Open::Nothing => false,
            Open::Paragraph(_) => !by_line,
            Open::Item { lines, column, .. } => {
                indent >= *column || !by_line && is_continued(lines.as_str(), self.str(&content))
            }
        };
        if !goes_on {
            self.close();
            self.indents.clear();
        }
        match &mut self.open {
            Open::Paragraph(lines) | Open::Item { lines, .. } => lines.push(self.text, &content),
            Open::Nothing => {
                let mut lines = Lines::default();
                lines.push(self.text, &content);
                self.open = Open::Paragraph(lines);
            }
        }
    }

    /// The marker of a list item; in Markdown, emphasis that only looks like one is told apart by the space behind it.
    fn find_item(&self, content: &str) -> Option<marker::Marker> {
        self.numbering
            .find_marker(content)
            .filter(|_| !self.is_markup || !is_rule(content))
    }

    /// Ends the block being gathered.
    fn close(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Paragraph(lines) => {
                let linked = self.inline(&lines);
                let label = if self.in_quote {
                    BlockLabel::Quote
                } else {
                    BlockLabel::Text
                };
                let items = marker::split_items(&linked, label, &mut self.numbering);
                self.blocks.extend(items);
            }
            Open::Item {
                lines,
                marker,
                depth,
                ..
            } => {
                let linked = self.inline(&lines);
                let mut items =
                    marker::split_items(&linked, BlockLabel::ListItem, &mut self.numbering);
                if let Some(first) = items.first_mut().filter(|first| {
                    // A number behind the bullet tells more than the bullet.
                    first
                        .marker
                        .as_ref()
                        .is_none_or(|own| !own.as_str().contains(|c: char| c.is_alphanumeric()))
                }) {
                    first.marker = Some(self.raw(marker));
                }
                for item in &mut items {
                    item.depth = depth;
                }
                self.blocks.extend(items);
            }
        }
    }

    fn heading(&mut self, lines: &Lines, level: u8) {
        let linked = self.inline(lines);
        if let Some(mut block) = marker::heading(&linked, &mut self.numbering) {
            block.level = Some(level);
            self.blocks.push(block);
        }
    }

    fn inline(&self, lines: &Lines) -> Linked {
        let mut writer = TextWriter::new(self.decoded, Some(&self.index));
        inline::parse(lines, self.is_markup, &mut writer)
    }

    /// Characters as they stand.
    fn raw(&self, range: Range<usize>) -> Text {
        let mut writer = TextWriter::new(self.decoded, Some(&self.index));
        writer.push(range, Style::default(), None);
        writer.take().text
    }

    fn table(&mut self, found: &Rows) -> usize {
        self.close();
        self.indents.clear();
        let table = self.n_tables;
        self.n_tables += 1;
        for (row, cells) in found.cells.iter().enumerate() {
            for (column, range) in cells.iter().enumerate() {
                let cell = Cell {
                    table,
                    row: u32::try_from(row).unwrap_or(u32::MAX),
                    column: u16::try_from(column).unwrap_or(u16::MAX),
                    header: found.has_header && row == 0 || found.is_labelled && column == 0,
                };
                if self.is_markup && html_block(self.str(range)).is_some() {
                    self.fragment(range.clone(), Some(cell));
                    continue;
                }
                let mut lines = Lines::default();
                for line in lines_of(self.text, range) {
                    lines.push(self.text, &line);
                }
                let linked = self.inline(&lines);
                let mut blocks =
                    marker::split_items(&linked, BlockLabel::Text, &mut self.numbering);
                for block in &mut blocks {
                    block.cell = Some(cell);
                }
                self.blocks.extend(blocks);
            }
        }
        found.n_lines
    }

    /// Reads HTML inside Markdown.
    fn fragment(&mut self, range: Range<usize>, cell: Option<Cell>) {
        let mut blocks = super::html::read_fragment(
            self.decoded,
            &self.index,
            range,
            self.limits,
            &mut self.n_tables,
        );
        for block in &mut blocks {
            block.cell = cell.or(block.cell);
            if self.in_quote && block.label == BlockLabel::Text {
                block.label = BlockLabel::Quote;
            }
        }
        self.blocks.extend(blocks);
    }

    /// Each scalar becomes a block `key: value`; a list's key stands alone above its items.
    fn front_matter(&mut self, entries: &[Entry]) {
        self.close();
        self.n_front_matters += 1;
        if self.blocks.is_empty() {
            self.title = front_matter::scalar(self.text, entries, "title");
        }
        for entry in entries {
            let is_long = entry.is_block
                && (entry.value.iter().any(Range::is_empty)
                    || entry
                        .value
                        .iter()
                        .any(|line| marker::find_marker(self.str(line)).is_some()));
            let first_block = self.blocks.len();
            let mut lines = Lines::default();
            if let Some(key) = &entry.key {
                lines.push(self.text, key);
            }
            let value = if is_long { &[] } else { entry.value.as_slice() };
            for (number, line) in value.iter().enumerate() {
                if number == 0 || entry.folding == Folding::Space {
                    lines.push_on(self.text, line);
                } else {
                    lines.push(self.text, line);
                }
            }
            let linked = self.inline(&lines);
            if !linked.text.is_empty() {
                let label = if entry.dash.is_some() {
                    BlockLabel::ListItem
                } else {
                    BlockLabel::Text
                };
                let mut block = linked.into_block(label);
                block.marker = entry.dash.clone().map(|dash| self.raw(dash));
                block.depth = entry.depth;
                self.blocks.push(block);
            }
            if is_long {
                self.read(&entry.value);
            }
            if is_technical(self.value_of(entry)) {
                for block in self.blocks.iter_mut().skip(first_block) {
                    block.layer = Layer::Furniture;
                }
            }
        }
    }

    fn value_of(&self, entry: &Entry) -> &str {
        match entry.value.as_slice() {
            [line] => self.str(line).trim(),
            _ => "",
        }
    }
}

/// The lines of a range, without the white space around each.
fn lines_of(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut start = range.start;
    text.get(range.clone())
        .unwrap_or_default()
        .split('\n')
        .map(|line| {
            let from = start + (line.len() - line.trim_start().len());
            start += line.len() + 1;
            from..from + line.trim().len()
        })
        .collect()
}

/// Whether a line separates paragraphs: nothing on it, or only breaks.
fn is_blank(trimmed: &str, is_markup: bool) -> bool {
    let mut rest = trimmed;
    while is_markup && !rest.is_empty() {
        let after = ["<br>", "<br/>", "<br />", "&nbsp;", "\\"]
            .iter()
            .find_map(|mark| rest.strip_prefix(mark));
        match after {
            Some(after) => rest = after.trim_start(),
            None => return false,
        }
    }
    rest.is_empty()
}

/// `---`, `* * *`, `___`, and `===`, as letters in plain text have it
fn is_rule(trimmed: &str) -> bool {
    let Some(sign) = trimmed
        .chars()
        .next()
        .filter(|sign| matches!(sign, '-' | '*' | '_' | '='))
    else {
        return false;
    };
    trimmed.chars().all(|c| c == sign || c == ' ')
        && trimmed.chars().filter(|c| *c == sign).count() >= 3
}

/// `[name]: address`
fn is_definition(trimmed: &str) -> bool {
    trimmed
        .strip_prefix('[')
        .filter(|rest| !rest.starts_with('^'))
        .and_then(|rest| rest.split_once("]: "))
        .is_some_and(|(name, target)| {
            !name.contains([']', '['])
                && (target.contains("://") || target.starts_with(['/', '#', '<']))
        })
}

/// Level and content of a heading with number signs; without a space behind them two are needed, since `#mot` is a hashtag.
fn heading_content(text: &str, line: &Range<usize>) -> Option<(u8, Range<usize>)> {
    let string = text.get(line.clone())?;
    let trimmed = string.trim_start();
    let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    let rest = trimmed.get(level..)?;
    let spaced = rest.is_empty() || rest.starts_with(char::is_whitespace);
    if !(1..=6).contains(&level) || !spaced && level == 1 {
        return None;
    }
    let start = line.start + (string.len() - rest.trim_start().len());
    let mut content = rest.trim();
    let unclosed = content.trim_end_matches('#');
    if unclosed.is_empty() || unclosed.ends_with(' ') {
        content = unclosed.trim_end();
    }
    Some((
        u8::try_from(level).ok()?,
        start.min(line.end)..(start + content.len()).min(line.end),
    ))
}

/// How many `>` a line opens with. Mail quotes mail by them; one line alone with several is a heading of a letter in plain text: `>>> Le ring des mots`.
fn arrows(trimmed: &str) -> usize {
    trimmed.bytes().take_while(|byte| *byte == b'>').count()
}

/// A quoted line without its `>`s.
fn unquoted(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let string = text.get(line.clone())?;
    let rest = string.trim_start().strip_prefix('>')?;
    let rest = rest.trim_start_matches(['>', ' ']);
    Some(line.end - rest.len()..line.end)
}

/// The name of the block element that a line starts with.
fn html_block(trimmed: &str) -> Option<String> {
    let rest = trimmed.strip_prefix('<')?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest
        .bytes()
        .take(MAX_NAME)
        .position(|byte| matches!(byte, b'>' | b' ' | b'/' | b'\t'))
        .unwrap_or(rest.len());
    let name = rest.get(..end)?.to_ascii_lowercase();
    HTML_BLOCKS.contains(&name.as_str()).then_some(name)
}

/// Columns of white space that a line starts with; a tab goes to the next multiple of four.
fn columns(line: &str) -> usize {
    let mut columns = 0;
    for character in line.chars() {
        match character {
            '\t' => columns = columns / 4 * 4 + 4,
            c if c.is_whitespace() => columns += 1,
            _ => break,
        }
    }
    columns
}

/// Whether `next` goes on the list item `so_far` although it is not indented: a sentence that a line's end cut.
fn is_continued(so_far: &str, next: &str) -> bool {
    let last = so_far.lines().next_back().unwrap_or_default().trim_end();
    next.starts_with(char::is_lowercase)
        || last.chars().count() >= OPEN_LINE
            && last.chars().count() <= WRAPPED_LINE
            && !last.ends_with(['.', ';', ':', '!', '?'])
}

/// Whether blank lines do not separate this text's paragraphs, so that each line is one.
fn is_by_line(text: &str, lines: &[Range<usize>]) -> bool {
    let (mut n_lines, mut n_paragraphs, mut n_wrapped, mut in_paragraph) = (0, 0, 0, false);
    for range in lines {
        let line = text.get(range.clone()).unwrap_or_default().trim();
        // What states itself what it is says nothing of the others.
        let is_own = line.is_empty()
            || line.starts_with(['#', '>', '|', '<'])
            || rows::is_tabbed(line)
            || marker::find_marker(line).is_some();
        if is_own {
            in_paragraph = false;
            continue;
        }
        n_lines += 1;
        if in_paragraph {
            n_wrapped += usize::from(line.starts_with(char::is_lowercase));
        } else {
            n_paragraphs += 1;
        }
        in_paragraph = true;
    }
    n_lines > n_paragraphs * MAX_PARAGRAPH_LINES && n_wrapped * MIN_WRAPPED < n_lines - n_paragraphs
}

/// Whether a front matter's value is for the site's generator: a file, a switch, a time.
fn is_technical(value: &str) -> bool {
    let value = value.trim_matches(['"', '\'']);
    let is_file = !value.contains(' ')
        && value
            .rsplit_once('.')
            .is_some_and(|(_, extension)| FILE_EXTENSIONS.contains(&extension));
    let is_time = value.len() > 10
        && value.bytes().zip(b"0000-00-00".iter()).all(|(byte, form)| {
            if *form == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == *form
            }
        })
        && value.contains(':');
    matches!(value, "true" | "false") || is_file || is_time
}

/// The only heading of the first level is the document's title.
pub(super) fn label_title(blocks: &mut [Block]) {
    let mut top = blocks
        .iter_mut()
        .filter(|block| block.is_body() && block.level == Some(1))
        .filter(|block| block.label == BlockLabel::SectionHeader);
    if let (Some(first), None) = (top.next(), top.next()) {
        first.label = BlockLabel::Title;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::raw::{DocumentId, Format, RawDocument};
    use crate::parse::parse_text;

    fn parse(source: &str, format: Format) -> Document {
        let bytes = source.as_bytes().to_vec();
        let raw = RawDocument {
            address: None,
            id: DocumentId::of(&bytes),
            path: "text.md".to_owned(),
            format,
            bytes: bytes.into(),
        };
        parse_text(&raw, &Limits::default()).unwrap().output
    }

    fn line(block: &Block) -> String {
        let label = match block.label {
            BlockLabel::Title => "title".to_owned(),
            BlockLabel::SectionHeader => format!("h{}", block.level.unwrap()),
            BlockLabel::Text => "p".to_owned(),
            BlockLabel::ListItem => format!("{}-", "  ".repeat(usize::from(block.depth))),
            BlockLabel::Quote => ">".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        let marker = block
            .marker
            .as_ref()
            .map_or(String::new(), |marker| format!("[{}] ", marker.as_str()));
        let cell = block.cell.map_or(String::new(), |cell| {
            let header = if cell.header { "h" } else { "" };
            format!("{},{}{header} ", cell.row, cell.column)
        });
        let text = format!("{label} {cell}{marker}{}", block.text.as_str());
        if block.is_body() {
            text
        } else {
            format!("({text})")
        }
    }

    #[track_caller]
    fn check_as(format: Format, source: &str, expected: &[&str]) {
        let lines: Vec<String> = parse(source, format).blocks.iter().map(line).collect();
        assert_eq!(lines, expected);
    }

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        check_as(Format::Markdown, source, expected);
    }

    #[track_caller]
    fn check_plain(source: &str, expected: &[&str]) {
        check_as(Format::Plain, source, expected);
    }

    #[test]
    fn headings_and_paragraphs() {
        check(
            "# Le palmarès\n\n## 1. **Un toit** ##\nDu texte\nsur deux lignes.\n\nFin\n===\n##Sans espace\n#mot-dièse\n",
            &[
                "h1 Le palmarès",
                "h2 [1.] Un toit",
                "p Du texte\nsur deux lignes.",
                "h1 Fin",
                "h2 Sans espace",
                "p #mot-dièse",
            ],
        );
        check("# Seul\n\n## Un\n", &["title Seul", "h2 Un"]);
    }

    #[test]
    fn lists_nest_by_indentation() {
        check(
            "- un\n  suite\n  - deux\n- 3 - trois\n1. quatre\n\n  • cinq\n",
            &[
                "- [-] un\nsuite",
                "  - [-] deux",
                "- [-] 3 - trois",
                "- [1.] quatre",
                "  - [•] cinq",
            ],
        );
    }

    #[test]
    fn a_bullet_inside_a_paragraph_begins_an_item() {
        check_plain(
            "Les projets :\n• un toit\n• un emploi\nPublic : jeunes\n",
            &[
                "p Les projets :",
                "- [•] un toit",
                "- [•] un emploi",
                "p Public : jeunes",
            ],
        );
    }

    #[test]
    fn a_text_without_blank_lines_has_a_paragraph_a_line() {
        check_plain(
            "Lauréats\nLE TOIT\nLieu : Rodez\nPublic : jeunes\nLE PONT\nLieu : Albi\nPublic : adultes\n12\n",
            &[
                "p Lauréats",
                "p LE TOIT",
                "p Lieu : Rodez",
                "p Public : jeunes",
                "p LE PONT",
                "p Lieu : Albi",
                "p Public : adultes",
                "p 12",
            ],
        );
    }

    #[test]
    fn a_wrapped_text_keeps_its_paragraphs() {
        let source = "Le projet réunit des\nhabitants qui veulent\nouvrir un lieu, et des\nartisans qui leur\napprennent leur métier\ndans la durée,\navec patience.\n";
        check_plain(source, &[&format!("p {}", source.trim_end())]);
    }

    #[test]
    fn notes_have_their_marker() {
        check(
            "Un toit<sup>1</sup>\n\n<sup>1</sup> Retenu en 2020\n\n[^2]: Une note\n",
            &[
                "p Un toit1",
                "footnote [1] Retenu en 2020",
                "footnote [2] : Une note",
            ],
        );
    }

    #[test]
    fn rows_of_cells_hold_paragraphs_and_items() {
        check(
            "Descriptif\tApport\n<p>Un texte &amp; sa <i>suite</i>.</p><p>Fin.</p>\t<ul><li>• un</li><li>deux</li></ul>\n\nAprès\n",
            &[
                "p 0,0h Descriptif",
                "p 0,1h Apport",
                "p 1,0 Un texte & sa suite.",
                "p 1,0 Fin.",
                "- 1,1 [•] un",
                "- 1,1 deux",
                "p Après",
            ],
        );
    }

    #[test]
    fn cells_of_html_are_grounded() {
        let source = "Nom\tApport\nLe Toit\t<ul><li>• L&rsquo;été</li></ul>\n";
        let document = parse(source, Format::Markdown);
        let block = document.blocks.last().unwrap();
        let piece = &block.text.evidence(&())[0];
        let [start, end] = piece.span.unwrap();
        assert_eq!(&source[start as usize..end as usize], "L&rsquo;été");
        assert_eq!(piece.line, Some(2));
    }

    #[test]
    fn pipe_tables() {
        check(
            "| Nom | Ville |\n|---|---|\n| **Le Toit** | Lens |\n",
            &["p 0,0h Nom", "p 0,1h Ville", "p 1,0 Le Toit", "p 1,1 Lens"],
        );
    }

    #[test]
    fn html_between_paragraphs() {
        check(
            "Avant\n<div>\n<p>un</p>\n</div>\n\n<table>\n<tr><th>Nom</th><th>Ville</th></tr>\n\n<tr><td>Le Toit</td><td>Lens</td></tr>\n</table>\nAprès <!-- rien -->\n",
            &[
                "p Avant",
                "p un",
                "p 0,0h Nom",
                "p 0,1h Ville",
                "p 1,0 Le Toit",
                "p 1,1 Lens",
                "p Après",
            ],
        );
    }

    #[test]
    fn a_container_that_is_never_closed_ends_at_a_blank_line() {
        check(
            "<ul>\n\nAvant\n\n<ul>\n<li>un\n\n<li>deux\n</ul>\nfin\n\n<!-- a\n\n<!-- b\n",
            &["p Avant", "- un", "- deux", "p fin"],
        );
    }

    #[test]
    fn letters_in_plain_text_set_headings_between_rules_and_behind_arrows() {
        check(
            "=====\nÉDITO\n=====\n\nMerci.\n\n>>> Judo contre la chute\nAvec le Dojo.\n\n>> cité\n> deux fois\n",
            &[
                "title ÉDITO",
                "p Merci.",
                "h3 Judo contre la chute",
                "p Avec le Dojo.",
                "> cité\ndeux fois",
            ],
        );
    }

    #[test]
    fn quotations_and_rules() {
        check(
            "> « Je revis. »\n> Inès\n\n---\n\n> - un\n",
            &["> « Je revis. »\nInès", "- [-] un"],
        );
    }

    #[test]
    fn each_fiche_has_its_front_matter() {
        check(
            "---\ntitle: Le Toit\ndescription: Un lieu\n  partagé\ntown: \"Rodez\"\nimage: toit.png\nthemes:\n  - Logement\n---\n**Problème**\nPeu de toits.\n\n---\ntitle: >-\n  Le Pont\n---\nFin\n",
            &[
                "p title: Le Toit",
                "p description: Un lieu partagé",
                "p town: Rodez",
                "(p image: toit.png)",
                "p themes:",
                "  - [-] Logement",
                "p Problème\nPeu de toits.",
                "p title: Le Pont",
                "p Fin",
            ],
        );
        let one = parse("---\ntitle: 'Le Toit'\n---\nFin\n", Format::Markdown);
        assert_eq!(one.metadata.title.as_deref(), Some("Le Toit"));
    }

    #[test]
    fn breaks_alone_separate_paragraphs() {
        check(
            "un\n<br>\ndeux\\\n\\\ntrois\n",
            &["p un", "p deux", "p trois"],
        );
    }

    #[test]
    fn hostile_texts_are_read_to_the_end() {
        let many = 20_000;
        for source in [
            "[".repeat(many),
            "[a](".repeat(many),
            "**".repeat(many) + "fin",
            "* ".repeat(many),
            "> ".repeat(many) + "fin",
            "http://)".repeat(many),
            "{{".repeat(many),
            "<!--".repeat(many),
            "`".repeat(many),
            "a\tb\n".repeat(many / 10),
            "|a|\n".repeat(many / 10),
            "- \n  ".repeat(many / 10),
            "<ul>\n".repeat(many / 100),
            "---\na: b\n".repeat(many / 10),
            "x\u{0}\u{7f}\u{85}\u{2028}y".to_owned(),
        ] {
            parse(&source, Format::Markdown);
            parse(&source, Format::Plain);
        }
    }
}
