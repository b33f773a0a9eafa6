//! The structure tree as layout asks of it: what a flow is, where in a table it stands, which elements hold it.

use rustc_hash::FxHashMap;

use crate::model::document::{BlockLabel, Cell, Node};
use crate::model::structure::{Content, Flow, Role, Structure};

/// A cell with more flows than this on average is a part of the page, not a value.
const MOST_FLOWS_OF_CELL: usize = 4;
/// Columns of a table that are told apart: cells further right share the last. More is a mistake or an attack.
const MOST_COLUMNS: usize = 1_000;

/// The tree, and what layout asks of it.
pub(in crate::layout) struct Tree<'s> {
    structure: &'s Structure,
    /// The place in a table of each element that is a cell.
    cells: FxHashMap<u32, Cell>,
    /// Whether any text is a heading by it.
    pub(in crate::layout) has_headings: bool,
}

impl<'s> Tree<'s> {
    pub(in crate::layout) fn of(structure: &'s Structure) -> Self {
        let has_headings = (structure.flows.iter())
            .any(|flow| matches!(role(structure, flow.element), Some(Role::Heading(_))));
        Self {
            structure,
            cells: cells(structure),
            has_headings,
        }
    }

    /// A run of text.
    pub(super) fn content(&self, content: u32) -> Option<&Content> {
        self.structure.contents.get(content as usize)
    }

    fn flow(&self, flow: u32) -> Option<&Flow> {
        self.structure.flows.get(flow as usize)
    }

    /// The elements that hold a flow, from the nearest on.
    fn holders(&self, flow: u32) -> impl Iterator<Item = u32> {
        let parent = |element: &u32| self.structure.elements.get(*element as usize)?.parent;
        std::iter::successors(self.flow(flow).map(|flow| flow.element), parent)
    }

    /// The element that a flow is of.
    pub(in crate::layout) fn node(&self, flow: u32) -> Option<u32> {
        self.flow(flow).map(|flow| flow.element)
    }

    /// Where in a table a flow stands.
    pub(in crate::layout) fn cell(&self, flow: u32) -> Option<Cell> {
        self.holders(flow)
            .find_map(|element| self.cells.get(&element).copied())
    }

    /// What a flow is, and the rank of a heading where that is told.
    pub(in crate::layout) fn label(&self, flow: u32) -> (BlockLabel, Option<u8>) {
        for element in self.holders(flow) {
            match role(self.structure, element) {
                Some(Role::Heading(rank)) => return (BlockLabel::SectionHeader, rank),
                Some(Role::Caption) => return (BlockLabel::Caption, None),
                Some(Role::Quote) => return (BlockLabel::Quote, None),
                Some(Role::Note) => return (BlockLabel::Footnote, None),
                Some(Role::Item | Role::Cell { .. } | Role::Table) => break,
                _ => {}
            }
        }
        let begins_item = self.flow(flow).is_some_and(|flow| flow.begins_item);
        let label = if begins_item {
            BlockLabel::ListItem
        } else {
            BlockLabel::Text
        };
        (label, None)
    }

    /// How deep in lists a flow stands, from 0.
    pub(in crate::layout) fn depth(&self, flow: u32) -> u8 {
        self.flow(flow)
            .map_or(0, |flow| flow.n_lists.saturating_sub(1))
    }

    /// The elements, as pages of the web have them.
    pub(in crate::layout) fn nodes(&self) -> Vec<Node> {
        let elements = &self.structure.elements;
        let mut seen: FxHashMap<(Option<u32>, &str), u32> = FxHashMap::default();
        elements
            .iter()
            .map(|element| {
                let tag = match element.role {
                    Role::Group => "div",
                    Role::Paragraph => "p",
                    Role::Heading(Some(1)) => "h1",
                    Role::Heading(Some(2)) => "h2",
                    Role::Heading(Some(3)) => "h3",
                    Role::Heading(Some(4)) => "h4",
                    Role::Heading(_) => "h5",
                    Role::List => "ul",
                    Role::Item => "li",
                    Role::Table => "table",
                    Role::Row => "tr",
                    Role::Cell { header: true } => "th",
                    Role::Cell { header: false } => "td",
                    Role::Caption => "caption",
                    Role::Quote => "blockquote",
                    Role::Note => "aside",
                };
                let number = seen.entry((element.parent, tag)).or_default();
                *number += 1;
                Node {
                    parent: element.parent,
                    tag: tag.to_owned(),
                    class: String::new(),
                    id: String::new(),
                    nth_of_type: *number,
                }
            })
            .collect()
    }
}

fn role(structure: &Structure, element: u32) -> Option<Role> {
    (structure.elements.get(element as usize)).map(|element| element.role)
}

/// A table of the tree while its cells are placed.
#[derive(Default)]
struct Placing {
    rows: u32,
    column: usize,
    /// For each column, how many rows below are taken by a cell above.
    taken: Vec<u16>,
    cells: Vec<(u32, Cell)>,
    n_flows: usize,
    n_columns: usize,
    holds_table: bool,
    holds_heading: bool,
}

/// The cells of the tables that hold data.
fn cells(structure: &Structure) -> FxHashMap<u32, Cell> {
    let mut tables: FxHashMap<u32, Placing> = FxHashMap::default();
    // The table that each element stands in.
    let mut of: Vec<Option<u32>> = Vec::with_capacity(structure.elements.len());
    for (number, element) in (0_u32..).zip(&structure.elements) {
        let within = element
            .parent
            .and_then(|parent| of.get(parent as usize).copied().flatten());
        let mut own = within;
        match element.role {
            Role::Table => {
                if let Some(outer) = within.and_then(|outer| tables.get_mut(&outer)) {
                    outer.holds_table = true;
                }
                tables.insert(number, Placing::default());
                own = Some(number);
            }
            Role::Row => {
                if let Some(table) = within.and_then(|table| tables.get_mut(&table)) {
                    table.begin_row();
                }
            }
            Role::Cell { header } => {
                if let Some(table) = within.and_then(|table| tables.get_mut(&table)) {
                    table.cell(number, header, element.span);
                }
            }
            _ => {}
        }
        of.push(own);
    }
    for flow in &structure.flows {
        let Some(table) = of.get(flow.element as usize).copied().flatten() else {
            continue;
        };
        if let Some(table) = tables.get_mut(&table) {
            table.n_flows += 1;
            table.holds_heading |= matches!(role(structure, flow.element), Some(Role::Heading(_)));
        }
    }
    let mut tables: Vec<(u32, Placing)> = tables.into_iter().collect();
    tables.sort_by_key(|(element, _)| *element);
    tables.retain(|(_, table)| {
        let has_header = table.cells.iter().any(|(_, cell)| cell.header);
        let is_layout = !has_header
            && (table.rows < 2
                || table.holds_heading
                || table.n_flows > table.cells.len() * MOST_FLOWS_OF_CELL);
        table.n_columns > 1 && !table.holds_table && !is_layout
    });
    (0_u32..)
        .zip(tables)
        .flat_map(|(number, (_, table))| {
            let placed = move |(element, cell)| {
                (
                    element,
                    Cell {
                        table: number,
                        ..cell
                    },
                )
            };
            table.cells.into_iter().map(placed)
        })
        .collect()
}

impl Placing {
    fn begin_row(&mut self) {
        if self.rows > 0 {
            for rows in &mut self.taken {
                *rows = rows.saturating_sub(1);
            }
        }
        self.rows += 1;
        self.column = 0;
    }

    fn cell(&mut self, element: u32, header: bool, (width, height): (u16, u16)) {
        while self.column + 1 < MOST_COLUMNS
            && self.taken.get(self.column).is_some_and(|rows| *rows > 0)
        {
            self.column += 1;
        }
        self.cells.push((
            element,
            Cell {
                table: 0,
                row: self.rows.saturating_sub(1),
                column: u16::try_from(self.column).unwrap_or(u16::MAX),
                header,
            },
        ));
        let end = (self.column + usize::from(width)).min(MOST_COLUMNS);
        if height > 1 {
            if self.taken.len() < end {
                self.taken.resize(end, 0);
            }
            if let Some(taken) = self.taken.get_mut(self.column..end) {
                taken.fill(height);
            }
        }
        self.column = end;
        self.n_columns = self.n_columns.max(end);
    }
}
