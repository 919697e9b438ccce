//! HTML to blocks. In: the HTML of an article's content. Out: an [`Article`]. Everything a reader sees of the HTML is in the blocks; what is not
//! understood is a paragraph. Knows no output.

use crate::blocks::{Article, ArticleInfo, Block, Details, Fact, Figure, Inline, List, ListItem, Note, Picture};
use crate::dom::{Dom, Element, NodeData, NodeId, ReadError};
use crate::flow::{Context, Flow, flatten};
use crate::numbers::number_text;
use crate::visible::{is_unseen, visible_text};
use crate::words::{Words, words};

/// Elements inside each other that are read one by one; deeper ones are read as text alone.
pub(crate) const MAX_DEPTH: usize = 96;

/// Elements that stand on lines of their own and mean nothing else here.
const CONTAINERS: &[&str] = &[
    "address",
    "article",
    "aside",
    "body",
    "center",
    "dd",
    "dialog",
    "div",
    "dt",
    "fieldset",
    "figcaption",
    "footer",
    "form",
    "header",
    "hgroup",
    "legend",
    "li",
    "main",
    "nav",
    "option",
    "optgroup",
    "p",
    "search",
    "section",
    "select",
    "summary",
    "text",
    "html",
    "noscript",
];

/// Elements that play something or show another page.
const MEDIA: [&str; 5] = ["video", "audio", "iframe", "embed", "object"];

impl Article {
    /// Reads the HTML of an article's content: the inside of its element `article` without what belongs to the site. Fails if the HTML is too
    /// large or too deep.
    pub fn from_html(html: &str, info: ArticleInfo) -> Result<Article, ReadError> {
        let dom = Dom::parse(html)?;
        let reader = Reader { dom: &dom, words: words(&info.language) };
        let blocks = reader.content(dom.root(), &Context::default());
        Ok(Article { info, blocks })
    }
}

/// Reads one tree.
pub(crate) struct Reader<'r> {
    pub(crate) dom: &'r Dom,
    pub(crate) words: &'r Words,
}

impl Reader<'_> {
    /// The content of a node as blocks.
    pub(crate) fn content(&self, node: NodeId, context: &Context) -> Vec<Block> {
        let mut flow = Flow::default();
        self.children(node, context, &mut flow);
        flow.end_line();
        flow.blocks
    }

    /// The content of a node as one line.
    pub(crate) fn line_of(&self, node: NodeId, context: &Context) -> Vec<Inline> {
        let mut out = Vec::new();
        flatten(self.content(node, context), &mut out);
        out
    }

    pub(crate) fn children(&self, node: NodeId, context: &Context, flow: &mut Flow) {
        let inner = Context { depth: context.depth + 1, ..context.clone() };
        if inner.depth > MAX_DEPTH {
            visible_text(self.dom, node, |text| flow.line.text(text, context));
            return;
        }
        for child in self.dom.children(node) {
            match self.dom.data(*child) {
                NodeData::Text(text) => flow.line.text(text, &inner),
                NodeData::Element(element) => self.element(*child, element, &inner, flow),
                NodeData::Other => {}
            }
        }
    }

    pub(crate) fn element(&self, node: NodeId, element: &Element, context: &Context, flow: &mut Flow) {
        let name = element.name();
        if MEDIA.contains(&name) && element.attribute("hidden").is_none() {
            self.media(node, element, context, flow);
        } else if !is_unseen(element) && !self.block(node, element, context, flow) {
            self.inline(node, element, context, flow);
        }
    }

    /// Reads an element that stands on lines of its own. Says whether it is one.
    fn block(&self, node: NodeId, element: &Element, context: &Context, flow: &mut Flow) -> bool {
        let block = match element.name() {
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let level = name.as_bytes()[1] - b'0';
                Block::Heading { level, text: self.line_of(node, context) }
            }
            "ul" | "ol" | "menu" => return self.list(node, element, context, flow),
            "table" => Block::Table(self.table(node, context)),
            "figure" => Block::Figure(self.figure(node, context)),
            "blockquote" => Block::Quote(self.content(node, context)),
            "pre" => Block::Code(self.line_of(node, &Context { preformatted: true, ..context.clone() })),
            "dl" => Block::Facts(self.facts(node, context)),
            "details" => Block::Details(self.details(node, context)),
            "hr" => Block::Rule,
            _ if element.attribute("role") == Some("doc-endnotes") || element.has_class("footnotes") => {
                flow.end_line();
                self.notes(node, context, flow);
                return true;
            }
            name if CONTAINERS.contains(&name) => {
                flow.end_line();
                let mut inner = context.clone();
                inner.marks.strong |= is_title(element);
                self.children(node, &inner, flow);
                flow.end_line();
                return true;
            }
            _ => return false,
        };
        let is_empty = match &block {
            Block::Heading { text, .. } | Block::Code(text) => text.is_empty(),
            Block::Table(table) => table.rows.is_empty() && table.caption.is_empty(),
            Block::Figure(figure) => figure.blocks.is_empty() && figure.caption.is_empty() && figure.credit.is_empty(),
            Block::Quote(blocks) => blocks.is_empty(),
            Block::Facts(facts) => facts.is_empty(),
            Block::Details(details) => details.blocks.is_empty() && details.question.is_empty(),
            _ => false,
        };
        flow.end_line();
        if !is_empty {
            flow.add(block);
        }
        true
    }

    fn inline(&self, node: NodeId, element: &Element, context: &Context, flow: &mut Flow) {
        let mut inner = context.clone();
        let marks = &mut inner.marks;
        match element.name() {
            "br" => {
                flow.line.space = None;
                flow.line.inlines.push(Inline::Break);
            }
            "img" => flow.line.add(Inline::Picture(Picture {
                address: element.attribute("src").unwrap_or_default().trim().to_string(),
                alt: element.attribute("alt").unwrap_or_default().to_string(),
            })),
            "input" => input(element, context, flow),
            "a" | "sup" if element.attribute("role") == Some("doc-noteref") || element.has_class("footnote-ref") => {
                let mut label = String::new();
                visible_text(self.dom, node, |text| label.push_str(text));
                let label = label.trim();
                if !label.is_empty() {
                    flow.line.add(Inline::NoteReference(label.to_string()));
                }
                return;
            }
            "b" | "strong" => marks.strong = true,
            "i" | "em" | "cite" | "dfn" | "var" => marks.emphasis = true,
            "code" | "kbd" | "samp" | "tt" => marks.code = true,
            "s" | "strike" | "del" => marks.strike = true,
            "u" | "ins" => marks.underline = true,
            "mark" => marks.highlight = true,
            "sub" => marks.sub = true,
            "sup" => marks.sup = true,
            "textarea" => inner.preformatted = true,
            // A drawing, of which other media need the address.
            "a" if element.has_class("drawing") => {
                let mut alt = String::new();
                visible_text(self.dom, node, |text| alt.push_str(text));
                let address = element.attribute("href").unwrap_or_default().trim().to_string();
                return flow.line.add(Inline::Picture(Picture { address, alt }));
            }
            "a" => {
                let address = element.attribute("href").map(str::trim).unwrap_or_default();
                if !address.is_empty() && !address.starts_with('#') {
                    inner.link = Some(address.into());
                }
                let start = flow.line.inlines.len();
                self.children(node, &inner, flow);
                // A picture carries no address: a word behind it does.
                let linked = flow.line.inlines.get(start..).unwrap_or_default();
                let has_words = linked.iter().any(|inline| !matches!(inline, Inline::Picture(_) | Inline::Break));
                let has_picture = linked.iter().any(|inline| matches!(inline, Inline::Picture(_)));
                if inner.link.is_some() && has_picture && !has_words {
                    flow.line.generated(self.words.link, &inner);
                }
                return;
            }
            "q" => {
                flow.line.generated(self.words.quotes.0, context);
                self.children(node, context, flow);
                flow.line.generated(self.words.quotes.1, context);
                return;
            }
            "rt" => {
                flow.line.generated(self.words.brackets.0.trim(), context);
                self.children(node, context, flow);
                flow.line.generated(self.words.brackets.1, context);
                return;
            }
            name if self.formula(name, node, context, flow) => return,
            _ => {}
        }
        self.children(node, &inner, flow);
    }

    /// What cannot be carried along: its address as a link.
    fn media(&self, node: NodeId, element: &Element, context: &Context, flow: &mut Flow) {
        let source = self.dom.children(node).iter().filter_map(|child| self.dom.element(*child));
        let inside = source.filter(|element| element.name() == "source").find_map(|element| element.attribute("src"));
        let address = element.attribute("src").or(element.attribute("data")).or(inside).unwrap_or_default().trim();
        let title = element.attribute("title").unwrap_or_default();
        let (open, close) = self.words.brackets;
        let text = match title {
            "" => format!("{open}{}{close}", self.words.media),
            title => format!("{open}{}{}{title}{close}", self.words.media, self.words.colon),
        };
        flow.end_line();
        let link = (!address.is_empty()).then(|| address.into());
        flow.line.generated(text.trim(), &Context { link, ..context.clone() });
        flow.end_line();
    }

    fn list(&self, node: NodeId, element: &Element, context: &Context, flow: &mut Flow) -> bool {
        flow.end_line();
        let ordered = element.name() == "ol";
        let style = match element.attribute("type") {
            Some(style @ ("a" | "A" | "i" | "I")) => style.as_bytes()[0] as char,
            _ => '1',
        };
        let is_item =
            |child: &&NodeId| self.dom.name(**child) == "li" && !self.dom.element(**child).is_some_and(is_unseen);
        let count = self.dom.children(node).iter().filter(is_item).count() as i64;
        let reversed = element.attribute("reversed").is_some();
        let mut number = integer(element, "start").unwrap_or(if reversed { count } else { 1 });
        let mut items: Vec<ListItem> = Vec::new();
        let inner = Context { depth: context.depth + 1, ..context.clone() };
        for child in self.dom.children(node) {
            let mut blocks = Flow::default();
            match self.dom.data(*child) {
                NodeData::Text(text) => blocks.line.text(text, &inner),
                NodeData::Element(element) if is_shown(element, "li") => {
                    number = integer(element, "value").filter(|_| ordered).unwrap_or(number);
                    let label = if ordered { format!("{}.", number_text(number, style)) } else { "•".to_string() };
                    let blocks = self.content(*child, &inner);
                    items.push(ListItem { number: if ordered { number } else { 0 }, label, blocks });
                    number = if reversed { number.saturating_sub(1) } else { number.saturating_add(1) };
                    continue;
                }
                NodeData::Element(element) => self.element(*child, element, &inner, &mut blocks),
                NodeData::Other => {}
            }
            // What stands between items, such as a list directly in a list, belongs to the one before.
            blocks.end_line();
            match items.last_mut() {
                Some(item) => item.blocks.extend(blocks.blocks),
                None => flow.blocks.extend(blocks.blocks),
            }
        }
        let begins_with_heading = |item: &ListItem| matches!(item.blocks.first(), Some(Block::Heading { .. }));
        if !ordered && items.iter().all(begins_with_heading) {
            // Parts of the text rather than items: a mark alone on a line would stand above each heading.
            items.into_iter().flat_map(|item| item.blocks).for_each(|block| flow.add(block));
        } else if !items.is_empty() {
            flow.add(Block::List(List { ordered, style, items }));
        }
        true
    }

    fn figure(&self, node: NodeId, context: &Context) -> Figure {
        let mut figure = Figure::default();
        let mut flow = Flow::default();
        let inner = Context { depth: context.depth + 1, ..context.clone() };
        for child in self.dom.children(node) {
            match self.dom.data(*child) {
                NodeData::Text(text) => flow.line.text(text, &inner),
                NodeData::Element(element) if is_shown(element, "figcaption") && figure.is_without_caption() => {
                    flow.end_line();
                    figure.blocks.append(&mut flow.blocks);
                    figure.caption_first = figure.blocks.is_empty();
                    self.caption(*child, &inner, &mut figure);
                }
                NodeData::Element(element) => self.element(*child, element, &inner, &mut flow),
                NodeData::Other => {}
            }
        }
        flow.end_line();
        if figure.blocks.is_empty() {
            figure.blocks = flow.blocks;
            return figure;
        }
        if !flow.blocks.is_empty() {
            // A caption in the middle: what is above it keeps it, so that the order stays and it still is a caption.
            let mut blocks = vec![Block::Figure(figure)];
            blocks.append(&mut flow.blocks);
            return Figure { blocks, ..Figure::default() };
        }
        figure
    }

    /// Reads a caption, and the credit that ends it.
    fn caption(&self, node: NodeId, context: &Context, figure: &mut Figure) {
        let mut flow = Flow::default();
        let children = self.dom.children(node);
        let shows = |child: &&NodeId| match self.dom.data(**child) {
            NodeData::Text(text) => !text.trim().is_empty(),
            NodeData::Element(element) => !is_unseen(element),
            NodeData::Other => false,
        };
        let last = children.iter().rfind(shows).copied();
        let credit = last.filter(|last| self.dom.element(*last).is_some_and(|element| element.has_class("credit")));
        for child in children.iter().filter(|child| Some(**child) != credit) {
            match self.dom.data(*child) {
                NodeData::Text(text) => flow.line.text(text, context),
                NodeData::Element(element) => self.element(*child, element, context, &mut flow),
                NodeData::Other => {}
            }
        }
        flow.end_line();
        flatten(flow.blocks, &mut figure.caption);
        if let Some(credit) = credit {
            figure.credit = self.line_of(credit, context);
        }
    }

    fn details(&self, node: NodeId, context: &Context) -> Details {
        let mut details = Details::default();
        let mut flow = Flow::default();
        let inner = Context { depth: context.depth + 1, ..context.clone() };
        for child in self.dom.children(node) {
            match self.dom.data(*child) {
                NodeData::Text(text) => flow.line.text(text, &inner),
                NodeData::Element(element)
                    if is_shown(element, "summary") && details.question.is_empty() && flow.is_empty() =>
                {
                    details.question = self.line_of(*child, &inner);
                }
                NodeData::Element(element) => self.element(*child, element, &inner, &mut flow),
                NodeData::Other => {}
            }
        }
        flow.end_line();
        details.blocks = flow.blocks;
        details
    }

    fn facts(&self, node: NodeId, context: &Context) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        let inner = Context { depth: context.depth + 1, ..context.clone() };
        self.facts_in(node, &inner, &mut facts);
        facts
    }

    fn facts_in(&self, node: NodeId, context: &Context, facts: &mut Vec<Fact>) {
        for child in self.dom.children(node) {
            let mut flow = Flow::default();
            match self.dom.data(*child) {
                NodeData::Text(text) => flow.line.text(text, context),
                NodeData::Element(element) if is_shown(element, "dt") => {
                    let term = self.line_of(*child, context);
                    match facts.last_mut() {
                        Some(fact) if fact.details.is_empty() => fact.terms.push(term),
                        _ => facts.push(Fact { terms: vec![term], details: Vec::new() }),
                    }
                }
                NodeData::Element(element) if is_shown(element, "div") && context.depth < MAX_DEPTH => {
                    let inner = Context { depth: context.depth + 1, ..context.clone() };
                    self.facts_in(*child, &inner, facts);
                }
                NodeData::Element(element) if is_shown(element, "dd") => flow.blocks = self.content(*child, context),
                NodeData::Element(element) => self.element(*child, element, context, &mut flow),
                NodeData::Other => {}
            }
            flow.end_line();
            if !flow.blocks.is_empty() {
                match facts.last_mut() {
                    Some(fact) => fact.details.push(flow.blocks),
                    None => facts.push(Fact { terms: Vec::new(), details: vec![flow.blocks] }),
                }
            }
        }
    }

    /// Notes are the items of the lists directly in the section; what else is there stays as it is.
    fn notes(&self, node: NodeId, context: &Context, flow: &mut Flow) {
        for block in self.content(node, context) {
            match block {
                Block::List(list) if list.ordered => {
                    let note = |item: ListItem| Note {
                        label: item.label.trim_end_matches('.').to_string(),
                        blocks: item.blocks,
                    };
                    flow.add(Block::Notes(list.items.into_iter().map(note).collect()));
                }
                other => flow.add(other),
            }
        }
    }
}

/// Whether it is an element of this name that a reader sees.
fn is_shown(element: &Element, name: &str) -> bool {
    element.name() == name && !is_unseen(element)
}

impl Figure {
    pub(crate) fn is_without_caption(&self) -> bool {
        self.caption.is_empty() && self.credit.is_empty()
    }
}

/// Whether a paragraph is the title of what follows: of a remark, a step, an entry.
fn is_title(element: &Element) -> bool {
    element.name() == "p" && (element.has_class("title") || element.has_class("admonition-title"))
}

/// Boxes and circles that the page draws; texts in fields are no part of an article.
fn input(element: &Element, context: &Context, flow: &mut Flow) {
    let checked = element.attribute("checked").is_some();
    match element.attribute("type") {
        Some("checkbox") => flow.line.generated(if checked { "☑ " } else { "☐ " }, context),
        Some("radio") => flow.line.generated(if checked { "● " } else { "○ " }, context),
        _ => {}
    }
}

fn integer(element: &Element, name: &str) -> Option<i64> {
    element.attribute(name)?.trim().parse().ok()
}
