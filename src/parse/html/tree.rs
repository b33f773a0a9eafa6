//! The tree that the HTML standard builds from a page, each text with the bytes it was written in. In: decoded text; out: an arena of nodes.
//!
//! The tokens of `html5ever` tile their source, and the queue that the tokenizer reads from tells how far it has come; so a token's place is known. The
//! tree builder hands texts on in the order of their tokens, but drops or splits white space; so each text is looked up among the characters of the
//! last tokens. An arena of our own takes the tree, rather than `scraper`'s: texts hold places instead of strings, depth is bounded on the way in.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::collections::VecDeque;
use std::ops::Range;

use html5ever::interface::{Attribute, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, QualName, TokenizerResult, local_name, ns};

use super::attributes;

/// Elements that the tree builder may make of its own accord, for each start tag in the source: it repeats open formatting in every paragraph. More
/// is an attack, and the rest is read without structure.
const MAX_REPEATED: usize = 8;

/// Elements that any page may have beyond that.
const FREE_ELEMENTS: usize = 10_000;

/// Index of a node.
pub(super) type NodeIdx = u32;

/// The document node.
pub(super) const ROOT: NodeIdx = 0;

/// A page.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<TreeNode>,
    /// Whether elements were left out because they were nested too deeply or too many.
    pub(super) is_flattened: bool,
    /// Whether attributes were left out because a tag has too many.
    pub(super) has_too_many_attributes: bool,
}

/// A node and its neighbours.
#[derive(Debug)]
pub(super) struct TreeNode {
    pub(super) parent: Option<NodeIdx>,
    pub(super) previous: Option<NodeIdx>,
    pub(super) next: Option<NodeIdx>,
    pub(super) first_child: Option<NodeIdx>,
    pub(super) last_child: Option<NodeIdx>,
    pub(super) content: Content,
    depth: usize,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Content {
    /// The document, or the inside of a template.
    Root,
    Element(Element),
    Text(Vec<Run>),
    /// A comment or processing instruction.
    Other,
}

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    name: QualName,
    attributes: Vec<Attribute>,
    /// Its start tag in the decoded text.
    pub(super) tag: Range<usize>,
}

/// Characters of a text node.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// Place in the decoded text.
    pub(super) range: Range<usize>,
    /// What the place stands for, where that is not what it says (an entity).
    pub(super) characters: Option<StrTendril>,
}

impl Element {
    /// Tag name; empty for what stands inside a drawing or a formula.
    pub(super) fn tag_name(&self) -> &str {
        if self.name.ns == ns!(html) || matches!(&*self.name.local, "svg" | "math") {
            &self.name.local
        } else {
            ""
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| &*attribute.value)
    }
}

impl Tree {
    pub(super) fn node(&self, index: NodeIdx) -> Option<&TreeNode> {
        self.nodes.get(index as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn element(&self, index: NodeIdx) -> Option<&Element> {
        match &self.node(index)?.content {
            Content::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The children of a node.
    pub(super) fn children(&self, index: NodeIdx) -> impl Iterator<Item = NodeIdx> {
        let first = self.node(index).and_then(|node| node.first_child);
        std::iter::successors(first, |child| self.node(*child).and_then(|node| node.next))
    }

    /// What stands inside a node, in document order.
    pub(super) fn within(&self, top: NodeIdx) -> impl Iterator<Item = NodeIdx> {
        let first = self.node(top).and_then(|node| node.first_child);
        std::iter::successors(first, move |index| {
            let node = self.node(*index)?;
            if let Some(child) = node.first_child {
                return Some(child);
            }
            let mut current = node;
            loop {
                if let Some(next) = current.next {
                    return Some(next);
                }
                let parent = current.parent.filter(|parent| *parent != top)?;
                current = self.node(parent)?;
            }
        })
    }

    /// The node that follows in document order; its children first where `enter` says so.
    pub(super) fn after(&self, index: NodeIdx, enter: bool) -> Option<NodeIdx> {
        let node = self.node(index)?;
        if let (true, Some(child)) = (enter, node.first_child) {
            return Some(child);
        }
        let mut current = node;
        loop {
            if let Some(next) = current.next {
                return Some(next);
            }
            current = self.node(current.parent?)?;
        }
    }
}

/// Builds the tree of `text[range]`; elements nested deeper than `nesting` are left out, their text stays.
pub(super) fn build(text: &str, range: Range<usize>, nesting: usize) -> Tree {
    let source = text.get(range.clone()).unwrap_or_default();
    let queue = BufferQueue::default();
    let sink = Sink::new();
    let options = TreeBuilderOpts {
        // With scripting, `<noscript>` would hold its markup as text.
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    };
    let tokens = Tokens {
        builder: TreeBuilder::new(sink, options),
        queue: &queue,
        source,
        base: range.start,
        fed: Cell::new(0),
        at: Cell::new(0),
        nesting,
        n_tags: Cell::new(0),
        dropped: RefCell::new(Vec::new()),
        is_flattened: Cell::new(false),
    };
    let tokenizer_options = TokenizerOpts {
        discard_bom: false,
        ..TokenizerOpts::default()
    };
    let tokenizer = Tokenizer::new(tokens, tokenizer_options);
    let left_out = attributes::beyond_limit(source);
    let starts = left_out.iter().map(|part| part.start);
    let ends = left_out.iter().map(|part| part.end);
    for (start, end) in [0]
        .into_iter()
        .chain(ends)
        .zip(starts.chain([source.len()]))
    {
        let Some(part) = source.get(start..end).filter(|part| !part.is_empty()) else {
            continue;
        };
        queue.push_back(StrTendril::from_slice(part));
        tokenizer.sink.fed.set(end);
        // It stops for scripts, which are not run, and for declarations of encoding, which are known.
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    }
    tokenizer.end();
    let is_flattened = tokenizer.sink.is_flattened.get();
    Tree {
        nodes: tokenizer.sink.builder.sink.nodes.into_inner(),
        is_flattened,
        has_too_many_attributes: !left_out.is_empty(),
    }
}

/// Stands between the tokenizer and the tree builder, and knows where each token is.
struct Tokens<'a> {
    builder: TreeBuilder<NodeIdx, Sink>,
    queue: &'a BufferQueue,
    source: &'a str,
    /// Where the source begins in the decoded text.
    base: usize,
    /// How much of the source the tokenizer was given.
    fed: Cell<usize>,
    /// End of the last token.
    at: Cell<usize>,
    nesting: usize,
    n_tags: Cell<usize>,
    /// Names of open elements that were left out.
    dropped: RefCell<Vec<LocalName>>,
    is_flattened: Cell<bool>,
}

impl Tokens<'_> {
    /// How far the tokenizer has read.
    fn consumed(&self) -> usize {
        let mut parts = Vec::new();
        let mut left = 0;
        while let Some(part) = self.queue.pop_front() {
            left += part.len();
            parts.push(part);
        }
        for part in parts.into_iter().rev() {
            self.queue.push_front(part);
        }
        self.fed.get().saturating_sub(left)
    }

    /// Takes the next characters of the source, which the tokenizer made `text` of.
    fn locate(&self, text: &StrTendril) -> Run {
        let mut start = self.at.get();
        let rest = |start: usize| self.source.get(start..).unwrap_or_default();
        // A carriage return was given as a line feed, the line feed behind it is nothing.
        if start > 0
            && self.source.as_bytes().get(start - 1) == Some(&b'\r')
            && rest(start).starts_with('\n')
        {
            start += 1;
        }
        let end = self.consumed().max(start);
        // The tokenizer may have read one character more and put it back in its own pocket, so what was read is no measure; but `&amp;` also
        // begins with what it stands for.
        let is_reference = &**text == "&"
            && rest(start)
                .get(1..4)
                .is_some_and(|name| name.starts_with('#') || name.eq_ignore_ascii_case("amp"))
            && end - start > "&am".len();
        if rest(start).starts_with(&**text) && !is_reference {
            self.at.set(start + text.len());
            return Run {
                range: self.base + start..self.base + start + text.len(),
                characters: None,
            };
        }
        self.at.set(end);
        Run {
            range: self.base + start..self.base + end,
            characters: Some(text.clone()),
        }
    }

    /// What becomes of a tag: passed on, or left out where the tree would grow too deep or too large.
    fn admit(&self, tag: Tag) -> Option<Tag> {
        let sink = &self.builder.sink;
        if tag.kind == TagKind::EndTag {
            if self.dropped.borrow().last() == Some(&tag.name) {
                self.dropped.borrow_mut().pop();
                return None;
            }
            sink.open_depth.set(sink.open_depth.get().saturating_sub(1));
            return Some(tag);
        }
        self.n_tags.set(self.n_tags.get() + 1);
        let is_full = sink.nodes.borrow().len() > self.n_tags.get() * MAX_REPEATED + FREE_ELEMENTS;
        if sink.open_depth.get() < self.nesting && !is_full {
            return Some(tag);
        }
        self.is_flattened.set(true);
        let is_void = matches!(
            tag.name,
            local_name!("br") | local_name!("hr") | local_name!("img") | local_name!("input")
        );
        if is_void && !is_full {
            return Some(tag);
        }
        if !is_void {
            self.dropped.borrow_mut().push(tag.name);
        }
        None
    }
}

impl TokenSink for Tokens<'_> {
    type Handle = NodeIdx;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeIdx> {
        let token = match token {
            Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::CharacterTokens(text) => {
                let run = self.locate(&text);
                let sink = &self.builder.sink;
                sink.pending.borrow_mut().push_back((text.clone(), run));
                return self
                    .builder
                    .process_token(Token::CharacterTokens(text), line_number);
            }
            Token::TagToken(tag) => {
                let (start, end) = (self.at.get(), self.consumed());
                self.at.set(end);
                let sink = &self.builder.sink;
                sink.tag.replace(self.base + start..self.base + end);
                match self.admit(tag) {
                    Some(tag) => Token::TagToken(tag),
                    None => return TokenSinkResult::Continue,
                }
            }
            other => {
                self.at.set(self.consumed());
                other
            }
        };
        let result = self.builder.process_token(token, line_number);
        self.builder.sink.pending.borrow_mut().clear();
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Takes the nodes that the tree builder makes.
struct Sink {
    nodes: RefCell<Vec<TreeNode>>,
    /// Characters given to the tree builder since the last other token.
    pending: RefCell<VecDeque<(StrTendril, Run)>>,
    /// Place of the tag being processed.
    tag: RefCell<Range<usize>>,
    /// Depth of the element that is open, as far as appended elements and end tags tell.
    open_depth: Cell<usize>,
    /// The names that `elem_name` gives for nodes that are no elements.
    no_name: RefCell<QualName>,
}

impl Sink {
    fn new() -> Self {
        let sink = Self {
            nodes: RefCell::new(Vec::new()),
            pending: RefCell::new(VecDeque::new()),
            tag: RefCell::new(0..0),
            open_depth: Cell::new(0),
            no_name: RefCell::new(QualName::new(None, ns!(), local_name!(""))),
        };
        sink.create(Content::Root);
        sink
    }

    fn create(&self, content: Content) -> NodeIdx {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(TreeNode {
            parent: None,
            previous: None,
            next: None,
            first_child: None,
            last_child: None,
            content,
            depth: 0,
        });
        NodeIdx::try_from(nodes.len() - 1).expect("a file has fewer nodes than bytes")
    }

    /// The runs of a text, taken from the pending characters; what the tree builder dropped before it is skipped.
    fn take(&self, text: &str) -> Vec<Run> {
        let mut pending = self.pending.borrow_mut();
        let mut runs: Vec<Run> = Vec::new();
        let mut rest = text;
        while let Some(wanted) = rest.chars().next() {
            let Some((front, run)) = pending.front_mut() else {
                break;
            };
            let Some(skipped) = front.find(wanted) else {
                pending.pop_front();
                continue;
            };
            let common = front
                .get(skipped..)
                .unwrap_or_default()
                .bytes()
                .zip(rest.bytes())
                .take_while(|(a, b)| a == b)
                .count();
            let common = rest.floor_char_boundary(common).max(wanted.len_utf8());
            let end = skipped + common;
            let taken = if run.characters.is_some() {
                run.clone()
            } else {
                Run {
                    range: run.range.start + skipped..run.range.start + end,
                    characters: None,
                }
            };
            if end == front.len() {
                pending.pop_front();
            } else {
                if run.characters.is_none() {
                    run.range.start += end;
                }
                let left = front.get(end..).map(StrTendril::from_slice);
                *front = left.unwrap_or_default();
            }
            match runs.last_mut() {
                Some(last)
                    if last.characters.is_none()
                        && taken.characters.is_none()
                        && last.range.end == taken.range.start =>
                {
                    last.range.end = taken.range.end;
                }
                _ => runs.push(taken),
            }
            rest = rest.get(common..).unwrap_or_default();
        }
        runs
    }

    fn update(&self, index: NodeIdx, change: impl FnOnce(&mut TreeNode)) {
        if let Some(node) = self.nodes.borrow_mut().get_mut(index as usize) {
            change(node);
        }
    }

    fn read<T>(&self, index: NodeIdx, read: impl FnOnce(&TreeNode) -> T) -> Option<T> {
        self.nodes.borrow().get(index as usize).map(read)
    }

    fn last_child(&self, parent: NodeIdx) -> Option<NodeIdx> {
        self.read(parent, |node| node.last_child).flatten()
    }

    /// Adds a text to the text node `before`, if it is one; else gives the runs back.
    fn extend_text(&self, before: Option<NodeIdx>, runs: Vec<Run>) -> Option<Vec<Run>> {
        let mut nodes = self.nodes.borrow_mut();
        match before.and_then(|before| nodes.get_mut(before as usize)) {
            Some(TreeNode {
                content: Content::Text(existing),
                ..
            }) => {
                existing.extend(runs);
                None
            }
            _ => Some(runs),
        }
    }

    fn detach(&self, index: NodeIdx) {
        let Some((parent, previous, next)) =
            self.read(index, |node| (node.parent, node.previous, node.next))
        else {
            return;
        };
        match previous {
            Some(previous) => self.update(previous, |node| node.next = next),
            None => {
                if let Some(parent) = parent {
                    self.update(parent, |node| node.first_child = next);
                }
            }
        }
        match next {
            Some(next) => self.update(next, |node| node.previous = previous),
            None => {
                if let Some(parent) = parent {
                    self.update(parent, |node| node.last_child = previous);
                }
            }
        }
        self.update(index, |node| {
            node.parent = None;
            node.previous = None;
            node.next = None;
        });
    }

    /// Puts a node under `parent`, before `next` or last.
    fn attach(&self, parent: NodeIdx, next: Option<NodeIdx>, index: NodeIdx) {
        self.detach(index);
        let previous = match next {
            Some(next) => self.read(next, |node| node.previous).flatten(),
            None => self.last_child(parent),
        };
        let depth = self.read(parent, |node| node.depth).unwrap_or(0) + 1;
        self.update(index, |node| {
            node.parent = Some(parent);
            node.previous = previous;
            node.next = next;
            node.depth = depth;
        });
        match previous {
            Some(previous) => self.update(previous, |node| node.next = Some(index)),
            None => self.update(parent, |node| node.first_child = Some(index)),
        }
        match next {
            Some(next) => self.update(next, |node| node.previous = Some(index)),
            None => self.update(parent, |node| node.last_child = Some(index)),
        }
        self.open_depth.set(depth);
    }

    fn parent(&self, index: NodeIdx) -> Option<NodeIdx> {
        self.read(index, |node| node.parent).flatten()
    }
}

impl TreeSink for Sink {
    type Handle = NodeIdx;
    type Output = Self;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeIdx {
        ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeIdx) -> Ref<'a, QualName> {
        let element = Ref::filter_map(self.nodes.borrow(), |nodes| {
            match &nodes.get(*target as usize)?.content {
                Content::Element(element) => Some(&element.name),
                _ => None,
            }
        });
        element.unwrap_or_else(|_| self.no_name.borrow())
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> NodeIdx {
        let tag = self.tag.borrow().clone();
        self.create(Content::Element(Element {
            name,
            attributes,
            tag,
        }))
    }

    fn create_comment(&self, _text: StrTendril) -> NodeIdx {
        self.create(Content::Other)
    }

    fn create_pi(&self, _target: StrTendril, _content: StrTendril) -> NodeIdx {
        self.create(Content::Other)
    }

    fn append(&self, parent: &NodeIdx, child: NodeOrText<NodeIdx>) {
        match child {
            NodeOrText::AppendNode(child) => self.attach(*parent, None, child),
            NodeOrText::AppendText(text) => {
                let runs = self.take(&text);
                if let Some(runs) = self.extend_text(self.last_child(*parent), runs) {
                    let depth = self.open_depth.get();
                    let text = self.create(Content::Text(runs));
                    self.attach(*parent, None, text);
                    self.open_depth.set(depth);
                }
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeIdx,
        previous: &NodeIdx,
        child: NodeOrText<NodeIdx>,
    ) {
        if self.parent(*element).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(
        &self,
        _name: StrTendril,
        _public_id: StrTendril,
        _system_id: StrTendril,
    ) {
    }

    fn get_template_contents(&self, _target: &NodeIdx) -> NodeIdx {
        // Never attached: what a template holds is not on the page.
        self.create(Content::Root)
    }

    fn same_node(&self, a: &NodeIdx, b: &NodeIdx) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeIdx, child: NodeOrText<NodeIdx>) {
        let Some(parent) = self.parent(*sibling) else {
            return;
        };
        match child {
            NodeOrText::AppendNode(child) => self.attach(parent, Some(*sibling), child),
            NodeOrText::AppendText(text) => {
                let runs = self.take(&text);
                let before = self.read(*sibling, |node| node.previous).flatten();
                if let Some(runs) = self.extend_text(before, runs) {
                    let depth = self.open_depth.get();
                    let text = self.create(Content::Text(runs));
                    self.attach(parent, Some(*sibling), text);
                    self.open_depth.set(depth);
                }
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeIdx, attributes: Vec<Attribute>) {
        self.update(*target, |node| {
            if let Content::Element(element) = &mut node.content {
                for attribute in attributes {
                    if !element
                        .attributes
                        .iter()
                        .any(|own| own.name == attribute.name)
                    {
                        element.attributes.push(attribute);
                    }
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &NodeIdx) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeIdx, new_parent: &NodeIdx) {
        while let Some(child) = self.read(*node, |node| node.first_child).flatten() {
            self.attach(*new_parent, None, child);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// Tags and texts in order; each text must be what its places say, decoded.
    fn outline(source: &str) -> String {
        let tree = build(source, 0..source.len(), 512);
        let mut outline = String::new();
        let mut current = tree.after(ROOT, true);
        while let Some(index) = current {
            match &tree.node(index).unwrap().content {
                Content::Element(element) => write!(outline, "<{}>", element.tag_name()).unwrap(),
                Content::Text(runs) => {
                    for run in runs {
                        let raw = &source[run.range.clone()];
                        match &run.characters {
                            None => write!(outline, "{raw}").unwrap(),
                            Some(characters) => write!(outline, "[{raw}={characters}]").unwrap(),
                        }
                    }
                }
                _ => {}
            }
            current = tree.after(index, true);
        }
        outline
            .strip_prefix("<html><head>")
            .unwrap_or(&outline)
            .to_owned()
    }

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(outline(source), expected);
    }

    #[test]
    fn texts_have_their_places() {
        check("<p>un <b>toit</b> là", "<body><p>un <b>toit là");
    }

    #[test]
    fn entities_stand_for_their_bytes() {
        check(
            "<p>A &amp; B&nbsp;: &eacute &#8217; &amp &unknown; R&D</p>",
            "<body><p>A [&amp;=&] B[&nbsp;=\u{a0}]: [&eacute=é] [&#8217;=’] [&amp=&] &unknown; R&D",
        );
    }

    #[test]
    fn a_lone_less_than_sign_shifts_nothing() {
        check("<p>5 < 6 ans et 3<4</p>fin", "<body><p>5 < 6 ans et 3<4fin");
    }

    #[test]
    fn line_ends_of_windows_count_two_bytes() {
        check("<p>un\r\ntoit\rlà", "<body><p>un[\r=\n]toit[\r=\n]là");
    }

    #[test]
    fn misnesting_and_foster_parenting() {
        check("<b>un<p>deux</b>trois", "<body><b>un<p><b>deuxtrois");
        check(
            "<table>dehors<tr><td>dedans</table>après",
            "<body>dehors<table><tbody><tr><td>dedansaprès",
        );
        check(
            "<p>un</body> deux <!-- x --> trois",
            "<body><p>un deux  trois",
        );
    }

    #[test]
    fn white_space_that_the_builder_drops_shifts_nothing() {
        check(
            "\n <!DOCTYPE html>\n<head>\n</head>\n<pre>\n\nun</pre>",
            "\n\n<body><pre>\nun",
        );
    }

    #[test]
    fn raw_text_and_cut_off_tags() {
        check(
            "<style>a<b</style><p>un</p><a href=",
            "<style>a<b<body><p>un",
        );
        check("<noscript><p>un</p></noscript>", "<noscript><body><p>un");
        check("un\0deux", "<body>undeux");
        check(
            "<meta charset=utf-8><p>un<script>x</script>",
            "<meta><body><p>un<script>x",
        );
    }

    #[test]
    fn attributes_beyond_the_limit_are_left_out_and_shift_nothing() {
        let many = "a"
            .repeat(attributes::MAX_ATTRIBUTES)
            .replace('a', "a= '>' ");
        let source = format!("<p {many} b c=d>un toit</p><p e>là");
        let tree = build(&source, 0..source.len(), 512);
        assert!(tree.has_too_many_attributes);
        assert!(outline(&source).ends_with("<p>un toit<p>là"));
    }

    #[test]
    fn deep_nesting_is_cut_and_its_text_kept() {
        let source = format!("{}fond", "<div>".repeat(100_000));
        let tree = build(&source, 0..source.len(), 512);
        assert!(tree.is_flattened);
        assert!(tree.len() < 600);
        let source = format!("{}{}", "<b><i><u>".repeat(400), "<p>x".repeat(20_000));
        assert!(build(&source, 0..source.len(), 512).is_flattened);
    }
}
