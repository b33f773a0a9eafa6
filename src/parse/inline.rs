//! Markup inside a paragraph of Markdown or plain text: emphasis, links, superscripts, entities, stray HTML tags. In: the lines of one paragraph;
//! out: their text without markup, each character with its place and style.
//!
//! Written by hand, not with `pulldown-cmark`: conversions break its rules in ways that readers do not notice (`**Lien :**Oui`, bold over a
//! hard break, `1^{er}`), and a strict parser then leaves the markup in the text.

use std::ops::Range;

use markup5ever::data::NAMED_ENTITIES;

use crate::model::text::Style;

use super::writer::{Linked, TextWriter};

/// Longest address or tag that is looked for: longer ones are data, not markup.
const MAX_TARGET: usize = 4096;

/// Longest call of a site's generator.
const MAX_SHORTCODE: usize = 300;

/// Parentheses inside each other in an address; more is no address.
const MAX_PARENTHESES: usize = 8;

/// Longest name of an entity, and longest content of `^{…}`.
const MAX_SHORT: usize = 40;

/// Elements that conversions leave inside a line; any other `<word>` is the author's own.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "main",
    "mark",
    "nav",
    "o:p",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "video",
    "wbr",
];

/// The lines of one paragraph, without what marks them as its lines (indentation, `>`, bullets).
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The lines, joined by line feeds.
    string: String,
    /// Where each begins: in `string`, in the decoded text.
    starts: Vec<(usize, usize)>,
    /// Positions in `string` of the line feeds that are mere white space.
    folds: Vec<usize>,
}

impl Lines {
    /// Appends a line: `range` of `text`.
    pub(super) fn push(&mut self, text: &str, range: &Range<usize>) {
        if !self.starts.is_empty() {
            self.string.push('\n');
        }
        self.starts.push((self.string.len(), range.start));
        self.string
            .push_str(text.get(range.clone()).unwrap_or_default());
    }

    /// Appends a line that goes on the one before: mere white space stands between them.
    pub(super) fn push_on(&mut self, text: &str, range: &Range<usize>) {
        if !self.starts.is_empty() {
            self.folds.push(self.string.len());
        }
        self.push(text, range);
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn as_str(&self) -> &str {
        &self.string
    }

    /// Range of the decoded text for a range of `string` that does not cross a line feed.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let index = self
            .starts
            .partition_point(|(start, _)| *start <= range.start);
        let (from, to) = index
            .checked_sub(1)
            .and_then(|before| self.starts.get(before))
            .copied()
            .unwrap_or_default();
        range.start - from + to..range.end - from + to
    }
}

/// What the parser found, in order.
#[derive(Debug)]
enum Piece {
    /// Characters as they stand.
    Text(Range<usize>),
    /// An entity.
    As(String, Range<usize>),
    Break,
    /// A run of `*` or `_`: index in `Scanner::delimiters`.
    Delimiter(usize),
    /// A tag or mark that begins (or ends) a style.
    Mark(Mark, bool),
    Link(String),
    LinkEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Bold,
    Italic,
    Superscript,
}

/// A run of emphasis characters.
#[derive(Debug)]
struct Delimiter {
    range: Range<usize>,
    opens: bool,
    closes: bool,
    /// What it turned out to do; a run of three does both.
    bold: Option<bool>,
    italic: Option<bool>,
}

/// Reads one paragraph. Without `is_markup` only what no author types on purpose counts: `1^{er}`, and addresses become links.
pub(super) fn parse(lines: &Lines, is_markup: bool, writer: &mut TextWriter<'_>) -> Linked {
    let mut scanner = Scanner {
        string: &lines.string,
        folds: &lines.folds,
        is_markup,
        pieces: Vec::new(),
        delimiters: Vec::new(),
        text_start: 0,
    };
    scanner.scan();
    match_delimiters(&mut scanner.delimiters, '*', lines.as_str());
    match_delimiters(&mut scanner.delimiters, '_', lines.as_str());
    let mut depth = [0_u32; 3];
    for piece in &scanner.pieces {
        let style = Style {
            bold: depth[0] > 0,
            italic: depth[1] > 0,
            superscript: depth[2] > 0,
            ..Style::default()
        };
        let mut mark = |mark: Mark, begins: bool| {
            let [bold, italic, superscript] = &mut depth;
            let count = match mark {
                Mark::Bold => bold,
                Mark::Italic => italic,
                Mark::Superscript => superscript,
            };
            *count = if begins {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        };
        match piece {
            Piece::Text(range) => writer.push(lines.place(range), style, None),
            Piece::As(characters, range) => {
                writer.push_as(characters, &lines.place(range), style, None);
            }
            Piece::Break => writer.push_break(),
            Piece::Mark(kind, begins) => mark(*kind, *begins),
            Piece::Link(target) => writer.open_link(target.clone()),
            Piece::LinkEnd => writer.close_link(),
            Piece::Delimiter(index) => {
                let Some(delimiter) = scanner.delimiters.get(*index) else {
                    continue;
                };
                if let Some(begins) = delimiter.bold {
                    mark(Mark::Bold, begins);
                }
                if let Some(begins) = delimiter.italic {
                    mark(Mark::Italic, begins);
                }
                // A single sign that pairs with nothing is a character (a note's asterisk, a product); a double one is a broken mark.
                let is_text = delimiter.bold.is_none()
                    && delimiter.italic.is_none()
                    && delimiter.range.len() == 1;
                if is_text {
                    writer.push(lines.place(&delimiter.range), style, None);
                }
            }
        }
    }
    writer.take()
}

/// Pairs the runs of one sign: each mark that can close ends the nearest open one of its kind.
fn match_delimiters(delimiters: &mut [Delimiter], sign: char, string: &str) {
    for is_bold in [true, false] {
        let mut open: Option<usize> = None;
        let mut pairs = Vec::new();
        for (index, delimiter) in delimiters.iter().enumerate() {
            let is_sign = string
                .get(delimiter.range.clone())
                .is_some_and(|run| run.starts_with(sign));
            let counts = match delimiter.range.len() {
                1 => !is_bold,
                2 => is_bold,
                _ => true,
            };
            if !is_sign || !counts {
                continue;
            }
            match open {
                Some(start) if delimiter.closes => {
                    pairs.push((start, index));
                    open = None;
                }
                _ if delimiter.opens => open = Some(index),
                _ => {}
            }
        }
        for (start, end) in pairs {
            for (index, begins) in [(start, true), (end, false)] {
                if let Some(delimiter) = delimiters.get_mut(index) {
                    if is_bold {
                        delimiter.bold = Some(begins);
                    } else {
                        delimiter.italic = Some(begins);
                    }
                }
            }
        }
    }
}

struct Scanner<'a> {
    string: &'a str,
    folds: &'a [usize],
    is_markup: bool,
    pieces: Vec<Piece>,
    delimiters: Vec<Delimiter>,
    /// Where the text that is not yet a piece begins.
    text_start: usize,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        let brackets = if self.is_markup {
            match_brackets(self.string)
        } else {
            Vec::new()
        };
        // Links whose text is being read: where the text ends, where the link ends.
        let mut open_links: Vec<(usize, usize)> = Vec::new();
        let mut at = 0;
        while let Some(rest) = self.string.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((_, end)) = open_links.pop_if(|(close, _)| *close == at) {
                self.mark(at, end, Some(Piece::LinkEnd));
                at = end;
                continue;
            }
            let length = match rest.as_bytes().first() {
                Some(b'\n') if self.folds.binary_search(&at).is_ok() => {
                    // What follows the line in the file is white space, too.
                    Some(self.replace(at, 1, Some(Piece::Text(at..at + 1))))
                }
                Some(b'\n') => Some(self.replace(at, 1, Some(Piece::Break))),
                Some(b'^' | b'$') => self.superscript(at, rest),
                Some(b'h') => self.address(at, rest),
                Some(_) if !self.is_markup => None,
                Some(b'\\') => self.escape(at, rest),
                Some(b'*' | b'_') => Some(self.emphasis(at, rest)),
                Some(b'`') => Some(self.code(at, rest)),
                Some(b'~') if rest.starts_with("~~") => Some(self.replace(at, 2, None)),
                Some(b'&') => self.entity(at, rest),
                Some(b'<') => self.tag(at, rest),
                Some(b'{') => self.shortcode(at, rest),
                Some(b'!') if rest.starts_with("![") => self.image(at, &brackets),
                // The end of a link whose beginning another paragraph has.
                Some(b']') if rest.starts_with("](http") => {
                    target_after(rest.get(1..).unwrap_or_default())
                        .map(|(_, length)| self.replace(at, 1 + length, None))
                }
                Some(b'[') => self.link(at, rest, &brackets, &mut open_links),
                _ => None,
            };
            at += length
                .filter(|length| *length > 0)
                .unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
        }
        self.flush(self.string.len());
    }

    /// Ends the running text at `end`.
    fn flush(&mut self, end: usize) {
        if self.text_start < end {
            self.pieces.push(Piece::Text(self.text_start..end));
        }
        self.text_start = end;
    }

    /// Puts `piece` in place of the characters from `start` to `end`.
    fn mark(&mut self, start: usize, end: usize, piece: Option<Piece>) {
        self.flush(start);
        self.pieces.extend(piece);
        self.text_start = end;
    }

    fn replace(&mut self, at: usize, length: usize, piece: Option<Piece>) -> usize {
        self.mark(at, at + length, piece);
        length
    }

    /// `^{er}`, also as mathematics: `$^{er}$`, `$1^{er}$`. (The note references `[^1]` are met in `link`.)
    fn superscript(&mut self, at: usize, rest: &str) -> Option<usize> {
        if let Some(rest) = rest.strip_prefix('$') {
            let digits = rest
                .bytes()
                .take(MAX_SHORT)
                .take_while(u8::is_ascii_digit)
                .count();
            return rest
                .get(digits..)?
                .starts_with("^{")
                .then(|| self.replace(at, 1, None));
        }
        let inner = rest.strip_prefix("^{")?;
        let length = inner
            .bytes()
            .take(MAX_SHORT)
            .position(|byte| byte == b'}')?;
        let (start, end) = (at + 2, at + 2 + length);
        let is_mathematics = self
            .string
            .get(..at)?
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .ends_with('$');
        let closing = usize::from(is_mathematics && inner.get(length + 1..)?.starts_with('$'));
        self.mark(at, start, Some(Piece::Mark(Mark::Superscript, true)));
        self.mark(
            end,
            end + 1 + closing,
            Some(Piece::Mark(Mark::Superscript, false)),
        );
        Some(end + 1 + closing - at)
    }

    /// A bare address.
    fn address(&mut self, at: usize, rest: &str) -> Option<usize> {
        if !rest.starts_with("http://") && !rest.starts_with("https://") {
            return None;
        }
        let url = url_at_start(head(rest));
        let end = at + url.len();
        let target = if self.is_markup {
            unescape(url)
        } else {
            url.to_owned()
        };
        self.mark(at, at, Some(Piece::Link(target)));
        if self.is_markup {
            // Converters escape underscores in addresses, too.
            for (position, _) in url.match_indices('\\') {
                self.mark(at + position, at + position + 1, None);
            }
        }
        self.mark(end, end, Some(Piece::LinkEnd));
        Some(url.len())
    }

    fn escape(&mut self, at: usize, rest: &str) -> Option<usize> {
        match rest.as_bytes().get(1) {
            // A backslash at the end of a line is a hard break, as the line feed itself is.
            None | Some(b'\n') => Some(self.replace(at, 1, None)),
            Some(next) if next.is_ascii_punctuation() => {
                self.mark(at, at + 1, None);
                Some(2)
            }
            Some(_) => None,
        }
    }

    fn emphasis(&mut self, at: usize, rest: &str) -> usize {
        let sign = rest.as_bytes().first().copied().unwrap_or(b'*');
        let length = rest.bytes().take_while(|byte| *byte == sign).count();
        let before = self
            .string
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .unwrap_or(' ');
        let after = rest
            .get(length..)
            .and_then(|after| after.chars().next())
            .unwrap_or(' ');
        let (opens, closes) = if sign == b'_' {
            // Underscores inside words (addresses, file names) are characters, and so are the lines of forms to fill in.
            (
                !before.is_alphanumeric() && !after.is_whitespace(),
                !after.is_alphanumeric() && !before.is_whitespace(),
            )
        } else if length == 1 {
            (
                !after.is_whitespace() && !before.is_alphanumeric(),
                !before.is_whitespace() && !after.is_alphanumeric(),
            )
        } else {
            // Conversions put spaces inside and none outside: a double sign is always a mark.
            (true, true)
        };
        if sign == b'_' && (length > 3 || !(opens || closes)) {
            return length;
        }
        self.delimiters.push(Delimiter {
            range: at..at + length,
            opens,
            closes,
            bold: None,
            italic: None,
        });
        let index = self.delimiters.len() - 1;
        self.replace(at, length, Some(Piece::Delimiter(index)))
    }

    /// Backticks go, their content stays.
    fn code(&mut self, at: usize, rest: &str) -> usize {
        let length = rest.bytes().take_while(|byte| *byte == b'`').count();
        self.replace(at, length, None)
    }

    fn entity(&mut self, at: usize, rest: &str) -> Option<usize> {
        let length = rest.bytes().take(MAX_SHORT).position(|byte| byte == b';')?;
        let characters = decode_entity(rest.get(1..length)?)?;
        Some(self.replace(
            at,
            length + 1,
            Some(Piece::As(characters, at..at + length + 1)),
        ))
    }

    /// `<https://…>`, `<name@host>`, comments, and elements.
    fn tag(&mut self, at: usize, rest: &str) -> Option<usize> {
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").map_or(rest.len(), |end| end + 7);
            // A comment may take several lines, whose ends are then no breaks.
            return Some(self.replace(at, end, None));
        }
        let end = rest
            .bytes()
            .skip(1)
            .take(MAX_TARGET)
            .position(|byte| matches!(byte, b'>' | b'<'))?
            + 1;
        let inner = rest.get(1..end)?;
        if rest.as_bytes().get(end) != Some(&b'>') || inner.is_empty() {
            return None;
        }
        let is_address = !inner.contains(char::is_whitespace)
            && (inner.contains("://") || inner.starts_with("mailto:") || is_email(inner))
            && !inner.starts_with('/')
            && !inner.contains(['"', '\'']);
        if is_address {
            let target = if is_email(inner) {
                format!("mailto:{inner}")
            } else {
                unescape(inner)
            };
            self.mark(at, at + 1, Some(Piece::Link(target)));
            for (position, _) in inner.match_indices('\\') {
                self.mark(at + 1 + position, at + 2 + position, None);
            }
            self.mark(at + end, at + end + 1, Some(Piece::LinkEnd));
            return Some(end + 1);
        }
        let closes = inner.starts_with('/');
        let body = inner.trim_start_matches('/');
        let name_end = body
            .find(|c: char| c.is_whitespace() || c == '/')
            .unwrap_or(body.len());
        let name = body.get(..name_end)?.to_ascii_lowercase();
        if !TAGS.contains(&name.as_str()) {
            return None;
        }
        let attributes = body.get(name_end..)?;
        let piece = match name.as_str() {
            "br" | "hr" | "p" | "div" | "li" | "tr" | "table" | "ul" | "ol" | "dt" | "dd" => {
                Some(Piece::Break)
            }
            "td" | "th" => Some(Piece::As(" ".to_owned(), at..at + end + 1)),
            "b" | "strong" => Some(Piece::Mark(Mark::Bold, !closes)),
            "i" | "em" | "cite" => Some(Piece::Mark(Mark::Italic, !closes)),
            "sup" => Some(Piece::Mark(Mark::Superscript, !closes)),
            "a" if closes => Some(Piece::LinkEnd),
            "a" => attribute(attributes, "href").map(Piece::Link),
            _ => None,
        };
        Some(self.replace(at, end + 1, piece))
    }

    /// `{{< video >}}`, `{% include %}`, `{: .class}`, `{#id}`: for the site's generator, not for readers.
    fn shortcode(&mut self, at: usize, rest: &str) -> Option<usize> {
        let close = if rest.starts_with("{{") {
            "}}"
        } else if rest.starts_with("{%") {
            "%}"
        } else if rest.starts_with("{:") || rest.starts_with("{#") {
            "}"
        } else {
            return None;
        };
        let line = rest
            .get(..rest.floor_char_boundary(MAX_SHORTCODE))?
            .split('\n')
            .next()?;
        let length = line.find(close)? + close.len();
        Some(self.replace(at, length, None))
    }

    /// Pictures have no text; what stands for them is not the author's sentence.
    fn image(&mut self, at: usize, brackets: &[(usize, usize)]) -> Option<usize> {
        let close = matching(brackets, at + 1)?;
        let after = self.string.get(close + 1..)?;
        let (_, length) = target_after(after)?;
        let attributes = after.get(length..).and_then(attributes_length);
        let end = close + 1 + length + attributes.unwrap_or(0);
        Some(self.replace(at, end - at, None))
    }

    fn link(
        &mut self,
        at: usize,
        rest: &str,
        brackets: &[(usize, usize)],
        open_links: &mut Vec<(usize, usize)>,
    ) -> Option<usize> {
        let close = matching(brackets, at)?;
        if let Some(name) = rest.strip_prefix("[^") {
            let name = name.get(..close.checked_sub(at + 2)?)?;
            if !name.is_empty() && name.len() < MAX_SHORT && !name.contains(char::is_whitespace) {
                self.mark(at, at + 2, Some(Piece::Mark(Mark::Superscript, true)));
                self.mark(
                    close,
                    close + 1,
                    Some(Piece::Mark(Mark::Superscript, false)),
                );
                return Some(close + 1 - at);
            }
        }
        let after = self.string.get(close + 1..)?;
        let (target, length) = target_after(after)?;
        self.mark(at, at + 1, Some(Piece::Link(target)));
        open_links.push((close, close + 1 + length));
        Some(1)
    }
}

/// Each `[` with its `]`, sorted by the former; escaped ones do not count.
fn match_brackets(string: &str) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    let mut escaped = false;
    for (position, byte) in string.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => open.push(position),
            b']' => pairs.extend(open.pop().map(|start| (start, position))),
            _ => {}
        }
    }
    pairs.sort_unstable();
    pairs
}

fn matching(brackets: &[(usize, usize)], open: usize) -> Option<usize> {
    let index = brackets
        .binary_search_by_key(&open, |(start, _)| *start)
        .ok()?;
    brackets.get(index).map(|(_, close)| *close)
}

/// Length of `{.class #id width=3in}`, which some converters put behind pictures and bracketed words.
fn attributes_length(after: &str) -> Option<usize> {
    let inner = after.strip_prefix('{')?;
    let is_attribute = inner.starts_with(['.', '#'])
        || inner.starts_with("width=")
        || inner.starts_with("height=")
        || inner.starts_with("lang=");
    let end = inner
        .bytes()
        .take(MAX_SHORTCODE)
        .position(|byte| matches!(byte, b'}' | b'\n'))?;
    (is_attribute && inner.get(end..)?.starts_with('}')).then_some(end + 2)
}

/// The address in `(address "title")` or `[name]`, and how many bytes it takes; a reference has no address here.
fn target_after(after: &str) -> Option<(String, usize)> {
    if after.starts_with('(') {
        let mut depth = 0_usize;
        for (position, byte) in after.bytes().enumerate().take(MAX_TARGET) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                // An address does not go over a paragraph's lines, but its title may.
                b'\n' if !after.get(..position)?.contains('"') => return None,
                _ => {}
            }
            if depth > MAX_PARENTHESES {
                return None;
            }
            if depth == 0 {
                let inner = after.get(1..position)?.trim();
                let target = inner
                    .strip_prefix('<')
                    .and_then(|inner| inner.split('>').next())
                    .or_else(|| inner.split_whitespace().next())
                    .unwrap_or_default();
                return Some((unescape(target), position + 1));
            }
        }
        return None;
    }
    if let Some(length) = attributes_length(after) {
        return Some((String::new(), length));
    }
    let name = after.strip_prefix('[')?;
    let end = name
        .bytes()
        .take(MAX_TARGET)
        .position(|byte| matches!(byte, b']' | b'[' | b'\n'))?;
    name.get(end..)?
        .starts_with(']')
        .then(|| (String::new(), end + 2))
}

/// The beginning of a string, as far as a search may go: what is looked for at every position must not read on to the end.
fn head(string: &str) -> &str {
    string
        .get(..string.floor_char_boundary(MAX_TARGET))
        .unwrap_or(string)
}

/// The address that a string starts with: up to white space, quotation marks, or a bracket that closes what was open before it; without what ends the
/// sentence.
fn url_at_start(string: &str) -> &str {
    let (mut round, mut square) = (0_usize, 0_usize);
    let end = string.find(|c: char| {
        let open = match c {
            '(' | ')' => &mut round,
            '[' | ']' => &mut square,
            _ => {
                return c.is_whitespace()
                    || matches!(c, '<' | '>' | '"' | '«' | '»' | '|' | '*' | '`');
            }
        };
        let closes_outer = matches!(c, ')' | ']') && *open == 0;
        if matches!(c, '(' | '[') {
            *open += 1;
        } else {
            *open = open.saturating_sub(1);
        }
        closes_outer
    });
    string
        .get(..end.unwrap_or(string.len()))
        .unwrap_or(string)
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’'])
}

fn is_email(string: &str) -> bool {
    string
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && string
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+' | '\\'))
}

/// An address as the author meant it: without backslashes, entities decoded.
fn unescape(string: &str) -> String {
    let plain: String = string.chars().filter(|c| *c != '\\').collect();
    plain.replace("&amp;", "&")
}

/// The value of an attribute in a tag's text.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.to_ascii_lowercase().find(&format!("{name}="))? + name.len() + 1;
    let value = tag.get(start..)?;
    let quote = value.chars().next()?;
    let value = if matches!(quote, '"' | '\'') {
        value.get(1..)?.split(quote).next()?
    } else {
        value.split_whitespace().next()?
    };
    Some(unescape(value))
}

/// What `&name;` stands for, without its `&` and `;`.
pub(super) fn decode_entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code)
            .filter(|c| *c != '\0')
            .map(String::from);
    }
    let (first, second) = NAMED_ENTITIES.get(format!("{name};").as_str())?;
    let characters: String = [*first, *second]
        .into_iter()
        .filter(|code| *code != 0)
        .filter_map(char::from_u32)
        .collect();
    (!characters.is_empty()).then_some(characters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::encoding::decode;
    use crate::parse::writer::LineIndex;

    fn read(source: &str, is_markup: bool) -> Linked {
        let decoded = decode(source.as_bytes());
        let index = LineIndex::new(decoded.text());
        let mut lines = Lines::default();
        let mut start = 0;
        for line in source.split('\n') {
            lines.push(source, &(start..start + line.len()));
            start += line.len() + 1;
        }
        parse(
            &lines,
            is_markup,
            &mut TextWriter::new(&decoded, Some(&index)),
        )
    }

    /// The text with its styles shown: `*bold*`, `/italic/`, `^superscript^`.
    fn shown(linked: &Linked) -> String {
        let mut shown = String::new();
        for segment in linked.text.segments() {
            let part = &linked.text.as_str()[segment.start as usize..segment.end as usize];
            let style = segment.style;
            let signs = [
                (style.bold, '*'),
                (style.italic, '/'),
                (style.superscript, '^'),
            ];
            let open: String = signs
                .iter()
                .filter(|sign| sign.0)
                .map(|sign| sign.1)
                .collect();
            let close: String = open.chars().rev().collect();
            shown = format!("{shown}{open}{part}{close}");
        }
        shown
    }

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(shown(&read(source, true)), expected);
    }

    #[test]
    fn emphasis_becomes_style() {
        check("**Public :** jeunes", "*Public :* jeunes");
        check("**Public :**jeunes", "*Public :*jeunes");
        check("du *FSE* et __tous__", "du /FSE/ et *tous*");
        check("***Les deux*** ici", "*/Les deux/* ici");
        check("**sur\ndeux lignes**", "*sur**\n**deux lignes*");
    }

    #[test]
    fn signs_that_are_no_emphasis_stay() {
        check("bénéficiaires* du RSA", "bénéficiaires* du RSA");
        check("3 * 4 * 5", "3 * 4 * 5");
        check("un_nom_de_fichier", "un_nom_de_fichier");
        check("Signature : ______", "Signature : ______");
        check("**Gras jamais fermé", "Gras jamais fermé");
    }

    #[test]
    fn superscripts_in_three_notations() {
        check("1^{ère} vague", "1^ère^ vague");
        check("1<sup>er</sup> prix", "1^er^ prix");
        check("le $1^{er}$ prix", "le 1^er^ prix");
        check("le 1$^{er}$ prix", "le 1^er^ prix");
        check("un projet[^3]", "un projet^3^");
        assert_eq!(shown(&read("1^{ère} **x**", false)), "1^ère^ **x**");
    }

    #[test]
    fn links_show_their_text() {
        let linked = read(
            "voir [le site](https://exemple.fr/a_(b) \"Titre\") ou <x@exemple.fr>",
            true,
        );
        assert_eq!(linked.text.as_str(), "voir le site ou x@exemple.fr");
        let targets: Vec<&str> = linked
            .links
            .iter()
            .map(|link| link.target.as_str())
            .collect();
        assert_eq!(targets, ["https://exemple.fr/a_(b)", "mailto:x@exemple.fr"]);
        assert_eq!(linked.links[0].range, 5..12);
    }

    #[test]
    fn addresses_are_links_without_their_escapes() {
        let linked = read(r"**Lien :** <http://exemple.fr/un\_guide.pdf>", true);
        assert_eq!(
            linked.text.as_str(),
            "Lien : http://exemple.fr/un_guide.pdf"
        );
        assert_eq!(linked.links[0].target, "http://exemple.fr/un_guide.pdf");
        let linked = read("(voir https://exemple.fr/page).", false);
        assert_eq!(linked.links[0].target, "https://exemple.fr/page");
        let linked = read("https://exemple.fr/Page_(suite), puis", false);
        assert_eq!(linked.links[0].target, "https://exemple.fr/Page_(suite)");
    }

    #[test]
    fn references_and_pictures() {
        check("[texte][ref] ![Logo](logo.png)[Suite](b)", "texte Suite");
        check("[24 janvier]", "[24 janvier]");
        check("![x](x.png){width=3in}[dit]{.underline}", "dit");
    }

    #[test]
    fn entities_and_escapes_are_decoded() {
        check(
            "A &amp; B &gt; C&nbsp;: &#233; &inconnu;",
            "A & B > C : é &inconnu;",
        );
        check(r"\[Lauréat\] 5 \* 3", "[Lauréat] 5 * 3");
        check("Ville\\\nsuite", "Ville\nsuite");
    }

    #[test]
    fn tags_go_and_comparisons_stay() {
        check("un<br/>deux <span class='x'>trois</span>", "un\ndeux trois");
        check("moins de < 30 ans et <PME>", "moins de < 30 ans et <PME>");
        check("a {{< video x >}} b <!-- note --> c", "a b c");
    }
}
