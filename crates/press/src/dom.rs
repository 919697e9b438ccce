//! HTML as a tree. In: HTML. Out: a [`Dom`] of bounded size and depth. The parser is html5ever, which reads as browsers do; the nodes lie in one
//! vector, so that neither reading nor dropping a tree of any depth needs the stack.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, local_name, ns};

/// Largest HTML of an article, in bytes. The program's own limit for a page is smaller.
pub const MAX_HTML_BYTES: usize = 4 << 20;

/// Most elements that may lie inside each other. The parser looks through all of them at some tags.
const MAX_OPEN: usize = 512;

/// Most nodes. Unclosed formatting elements are opened again in each block, so the nodes can be many more than the tags.
const MAX_NODES: usize = 1 << 20;

/// Bytes that are read between two looks at the bounds above.
const CHUNK: usize = 4096;

/// Of how many of the newest nodes the depth is looked at. The newest one may have been taken out of the tree.
const LOOKED_AT: usize = 8;

/// Why HTML is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadError {
    /// It is larger than [`MAX_HTML_BYTES`].
    TooLarge,
    /// Too many elements lie inside each other.
    TooDeep,
    /// It makes too many elements and texts.
    TooManyNodes,
}

/// A node's place in [`Dom::nodes`].
pub(crate) type NodeId = usize;

/// A tree of nodes.
#[derive(Debug)]
pub(crate) struct Dom {
    nodes: Vec<Node>,
    root: NodeId,
}

#[derive(Debug)]
struct Node {
    parent: Option<NodeId>,
    children: Vec<NodeId>,
    data: NodeData,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeData {
    /// An element.
    Element(Element),
    /// Text.
    Text(String),
    /// The document, a comment, the content of a template.
    Other,
}

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    name: QualName,
    attributes: Vec<(String, String)>,
    template: Option<NodeId>,
}

impl Element {
    /// The name without its namespace.
    pub fn name(&self) -> &str {
        &self.name.local
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All attributes: name and value.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the attribute `class` has this name.
    pub fn has_class(&self, name: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split_ascii_whitespace().any(|class| class == name))
    }
}

impl Dom {
    /// Reads HTML as the content of a `<body>`.
    pub fn parse(html: &str) -> Result<Dom, ReadError> {
        if html.len() > MAX_HTML_BYTES {
            return Err(ReadError::TooLarge);
        }
        let context = QualName::new(None, ns!(html), local_name!("body"));
        let mut parser =
            html5ever::driver::parse_fragment(Sink::default(), ParseOpts::default(), context, Vec::new(), false);
        let mut rest = html;
        while !rest.is_empty() {
            let mut end = rest.len().min(CHUNK);
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            let (chunk, after) = rest.split_at(end);
            rest = after;
            parser.process(chunk.into());
            let sink = &parser.tokenizer.sink.sink;
            let count = sink.nodes.borrow().len();
            if count > MAX_NODES {
                return Err(ReadError::TooManyNodes);
            }
            if (count.saturating_sub(LOOKED_AT)..count).any(|node| sink.is_deep(node)) {
                return Err(ReadError::TooDeep);
            }
        }
        Ok(parser.finish())
    }

    /// The node that holds the content.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// What a node is.
    pub fn data(&self, node: NodeId) -> &NodeData {
        &self.nodes[node].data
    }

    /// The element, if the node is one.
    pub fn element(&self, node: NodeId) -> Option<&Element> {
        match &self.nodes[node].data {
            NodeData::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The element's name, or nothing for other nodes.
    pub fn name(&self, node: NodeId) -> &str {
        self.element(node).map_or("", Element::name)
    }

    /// The nodes directly inside.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        &self.nodes[node].children
    }
}

/// Builds the tree as the parser says.
struct Sink {
    nodes: RefCell<Vec<Node>>,
}

impl Default for Sink {
    fn default() -> Self {
        let document = Node { parent: None, children: Vec::new(), data: NodeData::Other };
        Sink { nodes: RefCell::new(vec![document]) }
    }
}

impl Sink {
    fn add(&self, data: NodeData) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, children: Vec::new(), data });
        nodes.len() - 1
    }

    /// Puts `child` into `parent` before the child at `at`. Text goes on where text stands before it.
    fn insert(&self, parent: NodeId, at: usize, child: NodeOrText<NodeId>) {
        let child = match child {
            NodeOrText::AppendNode(node) => {
                self.remove_from_parent(&node);
                node
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).and_then(|before| nodes[parent].children.get(before).copied());
                if let Some(NodeData::Text(said)) = before.map(|before| &mut nodes[before].data) {
                    said.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(NodeData::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, child);
        nodes[child].parent = Some(parent);
    }

    /// Whether the node lies in more than [`MAX_OPEN`] elements.
    fn is_deep(&self, node: NodeId) -> bool {
        let nodes = self.nodes.borrow();
        std::iter::successors(Some(node), |node| nodes[*node].parent).nth(MAX_OPEN).is_some()
    }

    /// Parent and place among its children. Searched from the end, where the parser works.
    fn place(&self, node: NodeId) -> Option<(NodeId, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes[node].parent?;
        let at = nodes[parent].children.iter().rposition(|child| *child == node)?;
        Some((parent, at))
    }
}

/// An element's name, as the parser asks for it.
#[derive(Debug)]
struct OwnedName(QualName);

impl html5ever::interface::ElemName for OwnedName {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Dom;
    type ElemName<'a> = OwnedName;

    fn finish(self) -> Dom {
        let nodes = self.nodes.into_inner();
        // A fragment lies in an element `html` of the document.
        let root = nodes[0].children.first().copied().unwrap_or(0);
        Dom { nodes, root }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        0
    }

    fn elem_name(&self, target: &NodeId) -> OwnedName {
        match &self.nodes.borrow()[*target].data {
            NodeData::Element(element) => OwnedName(element.name.clone()),
            _ => OwnedName(QualName::new(None, ns!(), local_name!(""))),
        }
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let template = flags.template.then(|| self.add(NodeData::Other));
        let attributes = attrs.into_iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        let element = self.add(NodeData::Element(Element { name, attributes, template }));
        if let Some(template) = template {
            self.nodes.borrow_mut()[template].parent = Some(element);
        }
        element
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.add(NodeData::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(NodeData::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let at = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, at, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        if self.place(*element).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        match &self.nodes.borrow()[*target].data {
            NodeData::Element(element) => element.template.unwrap_or(*target),
            _ => *target,
        }
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(node) = &new_node {
            self.remove_from_parent(node);
        }
        if let Some((parent, at)) = self.place(*sibling) {
            self.insert(parent, at, new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        if let NodeData::Element(element) = &mut self.nodes.borrow_mut()[*target].data {
            for attr in attrs {
                let name = attr.name.local.to_string();
                if element.attribute(&name).is_none() {
                    element.attributes.push((name, attr.value.to_string()));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        if let Some((parent, at)) = self.place(*target) {
            let mut nodes = self.nodes.borrow_mut();
            nodes[parent].children.remove(at);
            nodes[*target].parent = None;
        }
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }
}
