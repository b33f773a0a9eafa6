//! The structure tree of a tagged PDF. In: the catalogue's `StructTreeRoot`; out: its elements, and which marked content of which page belongs to which.
//! Whether what it says is to be believed is for layout, which sees the pages.

use hayro_syntax::Pdf;
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Dict, MaybeRef, Name, ObjRef, Object};
use hayro_syntax::xref::XRef;
use rustc_hash::{FxHashMap, FxHashSet};

use super::catalog::root;
use crate::model::structure::{Content, Element, Flow, Role, Structure};

/// Elements nest this deep at most: pages printed from the web have thirty levels.
const DEEPEST: usize = 200;
/// Elements and marked content at most: a table of 10,000 rows has 200,000 elements.
const MOST: usize = 2_000_000;
/// A role is mapped to another so many times at most.
const MOST_MAPPINGS: usize = 8;

/// The marked content of a page, by its number (MCID).
pub(super) type Marked = FxHashMap<i32, u32>;

/// The tree, and where its text is shown.
#[derive(Default)]
pub(super) struct Tagging {
    pub(super) structure: Structure,
    pages: FxHashMap<ObjRef, Marked>,
}

impl Tagging {
    /// Reads the tree of a file that says it is tagged.
    pub(super) fn read(pdf: &Pdf) -> Option<Self> {
        let root = root(pdf)?;
        let tree = root.get::<Dict<'_>>(b"StructTreeRoot")?;
        let mut reader = Reader {
            xref: pdf.xref(),
            roles: tree.get::<Dict<'_>>(b"RoleMap").unwrap_or_default(),
            tagging: Self::default(),
            seen: FxHashSet::default(),
            open: None,
            is_label: false,
            begins_item: false,
        };
        reader.kids(&tree, Within::default(), 0);
        let tagging = reader.tagging;
        (!tagging.structure.contents.is_empty()).then_some(tagging)
    }

    /// The marked content of a page.
    pub(super) fn of_page(&self, page: &Dict<'_>) -> Option<&Marked> {
        self.pages.get(&page.obj_id()?.into())
    }
}

/// What an element of the file is to the text in it.
enum Kind {
    /// It begins text of its own.
    Block(Role),
    /// It is part of a line; or a run of text that nothing else is said of.
    Inline { is_run: bool },
    /// The bullet or number of an item.
    Label,
    /// No part of the text.
    Artifact,
}

/// Where in the tree something stands.
#[derive(Clone, Copy, Default)]
struct Within {
    /// The nearest element that is kept.
    element: Option<u32>,
    page: Option<ObjRef>,
    n_lists: u8,
    in_label: bool,
    /// Whether an element within a line holds it.
    in_line: bool,
}

struct Reader<'p> {
    xref: &'p XRef,
    roles: Dict<'p>,
    tagging: Tagging,
    /// References that were followed: a tree has one way to each.
    seen: FxHashSet<ObjRef>,
    /// The flow that text goes on.
    open: Option<u32>,
    /// Whether that has nothing but a label yet.
    is_label: bool,
    /// Whether the next flow begins an item.
    begins_item: bool,
}

impl<'p> Reader<'p> {
    fn kids(&mut self, dict: &Dict<'p>, within: Within, depth: usize) {
        if let Some(kid) = dict.get_raw::<Object<'_>>(b"K") {
            self.kid(kid, within, depth);
        }
    }

    fn kid(&mut self, kid: MaybeRef<Object<'p>>, within: Within, depth: usize) {
        if depth > DEEPEST || self.tagging.structure.contents.len() > MOST {
            return;
        }
        let object = match kid {
            MaybeRef::Ref(reference) => {
                if self.seen.len() > MOST || !self.seen.insert(reference) {
                    return;
                }
                match self.xref.get::<Object<'_>>(reference.into()) {
                    Some(object) => object,
                    None => return,
                }
            }
            MaybeRef::NotRef(object) => object,
        };
        match object {
            Object::Number(number) => self.content(number.as_i64(), within),
            Object::Array(kids) => {
                for kid in kids.raw_iter() {
                    self.kid(kid, within, depth + 1);
                }
            }
            Object::Dict(dict) => {
                let page = dict.get_ref(b"Pg").or(within.page);
                let within = Within { page, ..within };
                let name = dict.get::<Name<'_>>(keys::TYPE);
                match name.as_ref().map(AsRef::as_ref) {
                    // What a form shows under numbers of its own is found in no page.
                    Some(b"MCR") if !dict.contains_key(b"Stm") => {
                        if let Some(number) = dict.get::<i32>(b"MCID") {
                            self.content(i64::from(number), within);
                        }
                    }
                    Some(b"MCR" | b"OBJR") => {}
                    _ => self.element(&dict, within, depth),
                }
            }
            _ => {}
        }
    }

    fn content(&mut self, number: i64, within: Within) {
        let (Some(page), Some(element), Ok(number)) =
            (within.page, within.element, i32::try_from(number))
        else {
            return;
        };
        let structure = &mut self.tagging.structure;
        let flow = self.open.unwrap_or_else(|| {
            let flow = index(structure.flows.len());
            let role = (structure.elements.get(element as usize)).map(|element| element.role);
            structure.flows.push(Flow {
                element,
                begins_item: self.begins_item && !matches!(role, Some(Role::Heading(_))),
                n_lists: within.n_lists,
            });
            self.begins_item = false;
            self.is_label = within.in_label;
            self.open = Some(flow);
            flow
        });
        self.is_label &= within.in_label;
        let content = index(structure.contents.len());
        structure.contents.push(Content {
            flow,
            is_label: within.in_label,
            is_inline: within.in_line,
        });
        let marked = self.tagging.pages.entry(page).or_default();
        marked.entry(number).or_insert(content);
    }

    fn element(&mut self, dict: &Dict<'p>, within: Within, depth: usize) {
        let role = match self.kind(dict, within) {
            Kind::Artifact => return,
            Kind::Inline { is_run } => {
                let in_line = within.in_line || !is_run;
                return self.kids(dict, Within { in_line, ..within }, depth + 1);
            }
            Kind::Label => {
                let within = Within {
                    in_label: true,
                    ..within
                };
                return self.kids(dict, within, depth + 1);
            }
            Kind::Block(role) => role,
        };
        // The bullet stands in the line of what follows it.
        let goes_on_label = self.is_label && !matches!(role, Role::Item | Role::List);
        if !goes_on_label {
            self.close();
        }
        self.begins_item |= role == Role::Item;
        let elements = &mut self.tagging.structure.elements;
        let element = index(elements.len());
        elements.push(Element {
            role,
            parent: within.element,
            span: span(dict),
        });
        let within = Within {
            element: Some(element),
            n_lists: within.n_lists.saturating_add(u8::from(role == Role::List)),
            in_label: false,
            in_line: false,
            ..within
        };
        self.kids(dict, within, depth + 1);
        self.close();
        if role == Role::Item {
            self.begins_item = false;
        }
    }

    fn close(&mut self) {
        self.open = None;
        self.is_label = false;
    }

    fn is_in_paragraph(&self, within: Within) -> bool {
        let elements = &self.tagging.structure.elements;
        let element = within
            .element
            .and_then(|element| elements.get(element as usize));
        element.is_some_and(|element| matches!(element.role, Role::Paragraph | Role::Heading(_)))
    }

    fn kind(&self, dict: &Dict<'p>, within: Within) -> Kind {
        let mut name: Vec<u8> = dict
            .get::<Name<'_>>(b"S")
            .map(|name| name.as_ref().to_vec())
            .unwrap_or_default();
        for _ in 0..MOST_MAPPINGS {
            match self.roles.get::<Name<'_>>(&name) {
                Some(mapped) if mapped.as_ref() != name.as_slice() => {
                    name = mapped.as_ref().to_vec();
                }
                _ => break,
            }
        }
        let group = Kind::Block(Role::Group);
        match name.as_slice() {
            b"P" => Kind::Block(Role::Paragraph),
            b"H" | b"Title" => Kind::Block(Role::Heading(None)),
            [b'H', digit @ b'1'..=b'9'] => Kind::Block(Role::Heading(Some(digit - b'0'))),
            b"L" => Kind::Block(Role::List),
            b"LI" => Kind::Block(Role::Item),
            b"Lbl" => Kind::Label,
            b"Table" => Kind::Block(Role::Table),
            b"TR" => Kind::Block(Role::Row),
            b"TH" => Kind::Block(Role::Cell { header: true }),
            b"TD" => Kind::Block(Role::Cell { header: false }),
            b"Caption" => Kind::Block(Role::Caption),
            b"BlockQuote" => Kind::Block(Role::Quote),
            b"Note" | b"FENote" => Kind::Block(Role::Note),
            b"Artifact" => Kind::Artifact,
            b"Span" | b"Link" | b"Em" | b"Strong" | b"Quote" | b"Code" | b"Reference"
            | b"BibEntry" | b"Annot" | b"Sub" | b"Ruby" | b"RB" | b"RT" | b"RP" | b"Warichu"
            | b"WT" | b"WP" => {
                if is_placed_as_block(dict) {
                    Kind::Block(Role::Paragraph)
                } else {
                    Kind::Inline { is_run: false }
                }
            }
            // A run of text, or a division that is called nothing else: there is none in a paragraph.
            b"NonStruct" if within.element.is_some() && holds_runs(dict) => {
                Kind::Inline { is_run: true }
            }
            b"NonStruct" if self.is_in_paragraph(within) => Kind::Inline { is_run: false },
            // The text of an item stands behind its bullet.
            b"LBody" => Kind::Inline { is_run: true },
            _ => group,
        }
    }
}

/// Whether an element holds runs of text alone, which some makers wrap in spans.
fn holds_runs(dict: &Dict<'_>) -> bool {
    let is_run = |object: &Object<'_>| match object {
        Object::Dict(kid) => {
            let name = |key: &[u8]| kid.get::<Name<'_>>(key);
            name(keys::TYPE).is_some_and(|kind| matches!(kind.as_ref(), b"MCR" | b"OBJR"))
                || name(b"S").is_some_and(|role| role.as_ref() == b"Span")
        }
        _ => true,
    };
    match dict.get::<Object<'_>>(b"K") {
        Some(Object::Array(kids)) => kids.iter::<Object<'_>>().all(|kid| is_run(&kid)),
        Some(kid) => is_run(&kid),
        None => true,
    }
}

/// The attributes of an element: one dictionary, or several with revision numbers between them.
fn attributes<'p>(dict: &Dict<'p>) -> Vec<Dict<'p>> {
    match dict.get::<Object<'_>>(b"A") {
        Some(Object::Dict(one)) => vec![one],
        Some(Object::Array(several)) => several
            .iter::<Object<'_>>()
            .filter_map(|object| match object {
                Object::Dict(dict) => Some(dict),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn is_placed_as_block(dict: &Dict<'_>) -> bool {
    attributes(dict).iter().any(|attributes| {
        let placement = attributes.get::<Name<'_>>(b"Placement");
        placement.is_some_and(|placement| placement.as_ref() == b"Block")
    })
}

/// Columns and rows that a cell covers.
fn span(dict: &Dict<'_>) -> (u16, u16) {
    let mut span = (1, 1);
    for attributes in attributes(dict) {
        let read = |key: &[u8]| {
            let number = attributes.get::<i32>(key)?;
            u16::try_from(number).ok().filter(|number| *number > 0)
        };
        span.0 = read(b"ColSpan").unwrap_or(span.0);
        span.1 = read(b"RowSpan").unwrap_or(span.1);
    }
    span
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
