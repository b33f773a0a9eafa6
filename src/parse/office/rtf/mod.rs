//! Texts in RTF, the form that older programs exchange. In: bytes; out: the paragraphs of the text, its tables and lists, notes and margins where they are
//! anchored. What is drawn, embedded or kept for programs is passed over.

mod letters;
mod tokens;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use encoding_rs::WINDOWS_1252;

use self::letters::Letters;
use self::tokens::{Input, Token};
use super::{Body, Paragraph, Role};
use crate::error::ErrorKind;
use crate::message;
use crate::model::document::BlockLabel;
use crate::model::text::Style;

/// Groups within one another: programs write a dozen.
const DEEPEST_GROUP: usize = 1000;

/// Columns of tables that lie this near (twentieths of a point) are one.
const SAME_EDGE: i32 = 30;

/// Where Unicode has the characters of fonts that have pictures for letters.
const SYMBOLS: RangeInclusive<u16> = 0xf020..=0xf0ff;

/// Groups whose text is none of the document's.
const SKIPPED: [&str; 22] = [
    "colortbl",
    "info",
    "pict",
    "sp",
    "shprslt",
    "nonshppict",
    "filetbl",
    "xe",
    "tc",
    "rxe",
    "txe",
    "private",
    "comment",
    "ftnsep",
    "ftnsepc",
    "ftncn",
    "aftnsep",
    "aftnsepc",
    "aftncn",
    "objdata",
    "annotation",
    "upr",
];

/// Words that stand for a character.
const CHARACTERS: [(&str, &str); 12] = [
    ("tab", " "),
    ("line", "\n"),
    ("emdash", "—"),
    ("endash", "–"),
    ("lquote", "‘"),
    ("rquote", "’"),
    ("ldblquote", "“"),
    ("rdblquote", "”"),
    ("bullet", "•"),
    ("emspace", " "),
    ("enspace", " "),
    ("qmspace", " "),
];

/// Reads a text; whether it is whole.
pub(super) fn read(bytes: &[u8], body: &mut Body<'_>) -> Result<bool, ErrorKind> {
    body.begin_part("text", None);
    let mut reader = Reader {
        body,
        states: Vec::new(),
        state: State::default(),
        is_starred: false,
        default: Letters::Page(WINDOWS_1252),
        fonts: BTreeMap::new(),
        font: 0,
        styles: BTreeMap::new(),
        style: 0,
        pending: Vec::new(),
        high: None,
        n_skipped: 0,
        flows: vec![Flow::default()],
        aside: Vec::new(),
        instruction: String::new(),
        table: Table::default(),
    };
    let mut input = Input::new(bytes);
    while let Some(token) = input.next() {
        if reader.read(token)? {
            break;
        }
    }
    let is_whole = reader.states.is_empty();
    reader.end();
    Ok(is_whole)
}

/// Where the characters of a group go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Goes {
    #[default]
    Text,
    Nowhere,
    Fonts,
    Styles,
    /// What a field does.
    Instruction,
    /// What is printed in front of a list's item.
    Marker,
}

/// What holds within a group.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    goes: Goes,
    style: Style,
    is_hidden: bool,
    font: i32,
    /// Characters that stand behind one of Unicode for programs that know none, if not one.
    fallbacks: Option<usize>,
    /// What ends with the group.
    ends_flow: bool,
    ends_link: bool,
}

/// A paragraph's style.
#[derive(Debug, Default)]
struct Named {
    name: String,
    level: Option<u8>,
}

/// Paragraphs one after the other: those of the text, of a note, of a margin.
#[derive(Default)]
struct Flow {
    paragraph: Option<Paragraph>,
    margin: Option<BlockLabel>,
    style: i32,
    level: Option<u8>,
    in_table: bool,
    /// Nesting of its list.
    item: Option<usize>,
    printed: Option<String>,
}

/// The table that is being read, and what is said of its next row.
#[derive(Default)]
struct Table {
    is_open: bool,
    in_row: bool,
    heads: bool,
    /// Right edges of the row's cells, and of those of the first row.
    edges: Vec<i32>,
    grid: Vec<i32>,
    n_cells: usize,
}

struct Reader<'b, 'd> {
    body: &'b mut Body<'d>,
    states: Vec<State>,
    state: State,
    /// Whether the next word may be passed over with its group by who does not know it.
    is_starred: bool,
    default: Letters,
    fonts: BTreeMap<i32, Letters>,
    /// The font and the style that are being described.
    font: i32,
    styles: BTreeMap<i32, Named>,
    style: i32,
    /// Bytes of a code page that are not decoded yet.
    pending: Vec<u8>,
    /// The first half of a character beyond sixteen bits.
    high: Option<u16>,
    n_skipped: usize,
    flows: Vec<Flow>,
    /// Paragraphs of notes and margins that wait for the end of the one that they are anchored in.
    aside: Vec<(Paragraph, Option<BlockLabel>)>,
    instruction: String,
    table: Table,
}

impl Reader<'_, '_> {
    /// Whether the text ends with this.
    fn read(&mut self, token: Token<'_>) -> Result<bool, ErrorKind> {
        match token {
            Token::Byte(_) if self.n_skipped > 0 => {
                self.n_skipped -= 1;
                return Ok(false);
            }
            Token::Byte(byte) => {
                self.pending.push(byte);
                return Ok(false);
            }
            _ => {
                self.n_skipped = 0;
                self.flush();
            }
        }
        match token {
            Token::Open => {
                if self.states.len() >= DEEPEST_GROUP {
                    return Err(ErrorKind::Damaged(message!(
                        "its groups are nested too deep"
                    )));
                }
                self.states.push(self.state);
                self.state.ends_flow = false;
                self.state.ends_link = false;
            }
            Token::Close => {
                let outer = self.states.pop();
                self.end_group();
                self.state = outer.unwrap_or_default();
                return Ok(self.states.is_empty());
            }
            Token::Symbol(b'*') => {
                self.is_starred = true;
                return Ok(false);
            }
            Token::Symbol(symbol) => match symbol {
                b'\\' | b'{' | b'}' => self.pending.push(symbol),
                b'~' => self.put("\u{a0}"),
                b'_' => self.put("-"),
                b'\r' | b'\n' => self.word("par", None),
                _ => {}
            },
            Token::Word(name, number) => {
                let is_starred = std::mem::take(&mut self.is_starred);
                if self.state.goes != Goes::Nowhere && !self.begin_group(name, is_starred) {
                    self.word(name, number);
                }
            }
            Token::Byte(_) => {}
        }
        self.is_starred = false;
        Ok(false)
    }

    /// Decodes the bytes so far.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let letters = self.fonts.get(&self.state.font).copied();
        let text = letters.unwrap_or(self.default).decode(&self.pending);
        self.pending.clear();
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        match self.state.goes {
            Goes::Nowhere | Goes::Fonts => {}
            Goes::Styles => {
                let style = self.styles.entry(self.style).or_default();
                style.name.push_str(text);
            }
            Goes::Instruction => self.instruction.push_str(text),
            Goes::Marker => {
                if let Some(flow) = self.flows.last_mut() {
                    flow.printed.get_or_insert_default().push_str(text);
                }
            }
            Goes::Text => {
                let style = self.state.style;
                if !self.state.is_hidden
                    && let Some(paragraph) = self.paragraph()
                {
                    paragraph.push(text, style);
                }
            }
        }
    }

    /// Begins a group that is no text of the document, or none of its own; whether the word does.
    fn begin_group(&mut self, name: &str, is_starred: bool) -> bool {
        let margin = match name {
            "header" | "headerl" | "headerr" | "headerf" => Some(BlockLabel::PageHeader),
            "footer" | "footerl" | "footerr" | "footerf" => Some(BlockLabel::PageFooter),
            "footnote" => Some(BlockLabel::Footnote),
            _ => None,
        };
        if margin.is_some() || name == "shptxt" {
            self.flows.push(Flow {
                margin,
                ..Flow::default()
            });
            self.state = State {
                ends_flow: true,
                ..State::default()
            };
            return true;
        }
        self.state.goes = match name {
            "fonttbl" => Goes::Fonts,
            "stylesheet" => Goes::Styles,
            "listtext" | "pntext" => Goes::Marker,
            "fldinst" => {
                self.instruction.clear();
                Goes::Instruction
            }
            "fldrslt" => {
                let target = target(&self.instruction).map(str::to_owned);
                if let (Some(target), Some(paragraph)) = (target, self.paragraph()) {
                    paragraph.open_link(target);
                    self.state.ends_link = true;
                }
                Goes::Text
            }
            "shpinst" => self.state.goes,
            name if is_starred || SKIPPED.contains(&name) => Goes::Nowhere,
            _ => return false,
        };
        true
    }

    fn end_group(&mut self) {
        if self.state.ends_link
            && let Some(paragraph) = self
                .flows
                .last_mut()
                .and_then(|flow| flow.paragraph.as_mut())
        {
            paragraph.close_link();
        }
        if self.state.ends_flow {
            self.end_paragraph();
            self.flows.pop();
        }
    }

    fn word(&mut self, name: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        if let Some((_, text)) = CHARACTERS.iter().find(|(own, _)| *own == name) {
            return self.put(text);
        }
        match (name, number) {
            ("u", Some(number)) => self.unicode(number),
            ("uc", Some(number)) => self.state.fallbacks = usize::try_from(number).ok(),
            ("ansicpg", Some(number)) => self.default = Letters::page(number),
            ("mac", _) => self.default = Letters::page(10000),
            ("f", Some(number)) if self.state.goes == Goes::Fonts => self.font = number,
            ("fcharset", Some(number)) => {
                if let Some(letters) = Letters::set(number) {
                    self.fonts.insert(self.font, letters);
                }
            }
            ("f", Some(number)) => self.state.font = number,
            ("plain", _) => {
                self.state.style = Style::default();
                self.state.is_hidden = false;
                self.state.font = 0;
            }
            ("b", _) => self.state.style.bold = is_on,
            ("i", _) => self.state.style.italic = is_on,
            ("super", _) => self.state.style.superscript = is_on,
            ("nosupersub" | "sub", _) => self.state.style.superscript = false,
            ("v" | "deleted", _) => self.state.is_hidden = is_on,
            ("s", Some(number)) if self.state.goes == Goes::Styles => self.style = number,
            ("outlinelevel", level) if self.state.goes == Goes::Styles => {
                self.styles.entry(self.style).or_default().level = rank(level);
            }
            _ if self.state.goes == Goes::Text => self.layout(name, number),
            _ => {}
        }
    }

    /// A character by its number in Unicode, of which two may be halves of one.
    fn unicode(&mut self, number: i32) {
        self.n_skipped = self.state.fallbacks.unwrap_or(1);
        // Numbers are written with a sign, as sixteen bits.
        let unit = u16::try_from(number & 0xffff).unwrap_or_default();
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        // Fonts of symbols have their pictures here.
        if SYMBOLS.contains(&unit) {
            return self.put("•");
        }
        let units: Vec<u16> = self.high.take().into_iter().chain([unit]).collect();
        self.put(&String::from_utf16_lossy(&units));
    }

    /// A word about paragraphs and tables.
    fn layout(&mut self, name: &str, number: Option<i32>) {
        let is_main = self.flows.len() == 1;
        match name {
            "par" | "sect" => {
                self.paragraph();
                self.end_paragraph();
            }
            "cell" if is_main => {
                self.end_paragraph();
                self.end_cell();
            }
            "page" | "cell" | "nestcell" => self.end_paragraph(),
            "row" if is_main => self.table.in_row = false,
            "trowd" if is_main => {
                self.table.heads = false;
                self.table.edges.clear();
            }
            "trhdr" if is_main => self.table.heads = true,
            "cellx" if is_main => self.table.edges.extend(number),
            _ => {
                let Some(flow) = self.flows.last_mut() else {
                    return;
                };
                match name {
                    "pard" => {
                        flow.style = 0;
                        flow.level = None;
                        flow.in_table = false;
                        flow.item = None;
                    }
                    "s" => flow.style = number.unwrap_or(0),
                    "outlinelevel" => flow.level = rank(number),
                    "intbl" => flow.in_table = is_main,
                    "ls" => flow.item = flow.item.or(number.filter(|list| *list > 0).map(|_| 0)),
                    "ilvl" => flow.item = number.and_then(|level| usize::try_from(level).ok()),
                    _ => {}
                }
            }
        }
    }

    /// The paragraph that is being read.
    fn paragraph(&mut self) -> Option<&mut Paragraph> {
        let flow = self.flows.last()?;
        if flow.paragraph.is_none() {
            let in_table = flow.in_table;
            if self.flows.len() == 1 {
                self.enter(in_table);
            }
            let paragraph = self.body.begin_paragraph();
            self.flows.last_mut()?.paragraph = Some(paragraph);
        }
        self.flows.last_mut()?.paragraph.as_mut()
    }

    fn end_paragraph(&mut self) {
        let Some(flow) = self.flows.last_mut() else {
            return;
        };
        let Some(mut paragraph) = flow.paragraph.take() else {
            return;
        };
        let style = self.styles.get(&flow.style);
        paragraph.role = match flow.level {
            Some(level) => Role::Heading(level),
            None => style.map_or(Role::Text, Named::role),
        };
        let printed = flow.printed.take();
        if printed.is_some() || flow.item.is_some() {
            let printed = printed.map(|printed| printed.trim().to_owned());
            let printed = printed.filter(|printed| printed.contains(char::is_alphanumeric));
            paragraph.item = Some((flow.item.unwrap_or(0), printed));
        }
        let margin = flow.margin;
        // What is anchored in a paragraph would part it from the one before.
        if self.flows.len() > 1 {
            self.aside.push((paragraph, margin));
            return;
        }
        self.body.end_paragraph(paragraph, margin);
        self.end_aside();
    }

    fn end_aside(&mut self) {
        for (paragraph, margin) in self.aside.drain(..) {
            self.body.end_paragraph(paragraph, margin);
        }
    }

    /// Goes on within a table's row, or outside of tables.
    fn enter(&mut self, in_table: bool) {
        let table = &mut self.table;
        if table.is_open && !in_table {
            self.body.end_table();
            table.is_open = false;
            table.in_row = false;
        }
        if !in_table {
            return;
        }
        if !table.is_open {
            self.body.begin_table();
            table.is_open = true;
            table.grid.clone_from(&table.edges);
        }
        if !table.in_row {
            self.body.begin_row(table.heads);
            table.in_row = true;
            table.n_cells = 0;
        }
    }

    fn end_cell(&mut self) {
        self.enter(true);
        let table = &mut self.table;
        let edge = |index: usize| table.edges.get(index).copied();
        let left = table.n_cells.checked_sub(1).and_then(edge);
        let left = left.unwrap_or(i32::MIN).saturating_add(SAME_EDGE);
        let right = edge(table.n_cells).map_or(left, |right| right.saturating_add(SAME_EDGE));
        let within = |edge: &&i32| **edge > left && **edge <= right;
        let width = table.grid.iter().filter(within).count();
        table.n_cells += 1;
        self.body.end_cell(width);
    }

    /// Ends what is open.
    fn end(mut self) {
        self.flush();
        while !self.flows.is_empty() {
            self.end_paragraph();
            self.flows.pop();
        }
        self.end_aside();
        if self.table.is_open {
            self.body.end_table();
        }
    }
}

impl Named {
    fn role(&self) -> Role {
        let name = self.name.trim().trim_end_matches(';').to_lowercase();
        if name == "title" {
            return Role::Title;
        }
        let named = name.strip_prefix("heading ");
        let level = named.and_then(|level| level.parse().ok());
        level.or(self.level).map_or(Role::Text, Role::Heading)
    }
}

/// The rank of an outline's level, of which the tenth is text.
fn rank(level: Option<i32>) -> Option<u8> {
    let level = u8::try_from(level?).ok()?;
    (level < 9).then_some(level + 1)
}

/// Where a field leads that is a link to another document.
fn target(instruction: &str) -> Option<&str> {
    let rest = instruction.trim().strip_prefix("HYPERLINK")?.trim();
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split_whitespace().next(),
    }
    .filter(|target| !target.starts_with('\\') && !target.is_empty())
}

#[cfg(test)]
mod tests;
