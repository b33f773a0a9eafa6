//! What the maker of a PDF says its text is: a tree of elements, and which shown text belongs to which (ISO 32000-2, 14.7 and 14.8).
//!
//! Elements within a line (links, spans) are not kept: what their text is part of is. Elements stand in the order of the tree, each behind what holds
//! it.

/// What an element is, as far as layout asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The document, a part, a division: it holds others.
    Group,
    /// A paragraph.
    Paragraph,
    /// A heading, with its rank where that is said.
    Heading(Option<u8>),
    /// A list.
    List,
    /// An item of a list.
    Item,
    /// A table.
    Table,
    /// A row.
    Row,
    /// A cell, and whether it heads others.
    Cell {
        /// Whether it is a header.
        header: bool,
    },
    /// Words for a picture or table.
    Caption,
    /// A quotation set apart.
    Quote,
    /// A note.
    Note,
}

/// An element that begins a paragraph, or holds some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// What holds it, by its index.
    pub parent: Option<u32>,
    /// Columns and rows that a cell covers.
    pub span: (u16, u16),
}

/// Text that runs on: that of a paragraph, a heading, a cell; what stands between the paragraphs of an element that holds some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The element that it is of.
    pub element: u32,
    /// Whether it is the first text of an item of a list.
    pub begins_item: bool,
    /// How many lists hold it.
    pub n_lists: u8,
}

/// A run of text as the page shows it (a marked-content sequence).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its flow, by its index.
    pub flow: u32,
    /// Whether it is the bullet or number of an item.
    pub is_label: bool,
    /// Whether it is in an element within a line, such as a link.
    pub is_inline: bool,
}

/// The tree of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    /// The elements, in the order of the tree.
    pub elements: Vec<Element>,
    /// The flows, in the order of the tree: that of reading.
    pub flows: Vec<Flow>,
    /// What `TextSpan::content` refers to.
    pub contents: Vec<Content>,
}
