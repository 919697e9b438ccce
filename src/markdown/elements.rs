//! Which HTML elements an author may write, and how they nest.
//!
//! In: an element's name. Out: its row of the table. Knows nothing of pages.

/// What an element is to the elements around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Content {
    /// Never has content.
    Void,
    Phrasing,
    Block,
    /// Holds nothing but parts of a table.
    TableParts,
    /// A table's cell or caption, which holds anything.
    Cell,
}

#[derive(Debug)]
pub(super) struct Element {
    pub name: &'static str,
    pub content: Content,
    /// Attributes besides those every element may have.
    pub attributes: &'static [&'static str],
    /// Open elements that its start ends by itself …
    pub ends: &'static [&'static str],
    /// … looked for up to one of these; up to the nearest block when empty.
    pub within: &'static [&'static str],
    /// May stand between the parts of a table.
    pub fits_table: bool,
    /// Ends with its block: formatting, which an HTML parser would open again in the next one, and paragraphs.
    pub ends_with_block: bool,
}

impl Element {
    pub fn is_void(&self) -> bool {
        self.content == Content::Void
    }
}

/// The row of `name`, which is in lower case.
pub(super) fn find(name: &str) -> Option<&'static Element> {
    let name = match name {
        // The page's title is its only first heading.
        "h1" => "h2",
        "center" => "div",
        "strike" => "s",
        "tt" => "code",
        "big" | "font" | "nobr" => "span",
        other => other,
    };
    ELEMENTS.iter().find(|e| e.name == name)
}

/// Every element an author may write.
pub(super) fn names() -> impl Iterator<Item = &'static Element> {
    ELEMENTS.iter()
}

/// Elements whose content goes with them.
pub(super) fn drops_content(name: &str) -> bool {
    const DROPPED: [&str; 21] = [
        "script",
        "style",
        "iframe",
        "noscript",
        "textarea",
        "title",
        "xmp",
        "noembed",
        "noframes",
        "template",
        "svg",
        "math",
        "object",
        "applet",
        "audio",
        "video",
        "canvas",
        "select",
        "head",
        "plaintext",
        "frameset",
    ];
    DROPPED.contains(&name)
}

const fn element(name: &'static str, content: Content) -> Element {
    Element { name, content, attributes: &[], ends: &[], within: &[], fits_table: false, ends_with_block: false }
}

const fn phrasing(name: &'static str) -> Element {
    element(name, Content::Phrasing)
}

/// Phrasing that HTML parsers carry over into the next block when it is left open.
const fn formatting(name: &'static str) -> Element {
    Element { ends_with_block: true, ..element(name, Content::Phrasing) }
}

const fn block(name: &'static str) -> Element {
    Element { ends: &["p"], ..element(name, Content::Block) }
}

const fn void(name: &'static str) -> Element {
    element(name, Content::Void)
}

const fn table(name: &'static str, content: Content, ends: &'static [&'static str]) -> Element {
    Element { ends, within: &["table"], fits_table: true, ..element(name, content) }
}

const SECTIONS: &[&str] = &["thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"];

static ELEMENTS: &[Element] = &[
    formatting("a"),
    formatting("b"),
    formatting("code"),
    formatting("em"),
    formatting("i"),
    formatting("s"),
    formatting("small"),
    formatting("strong"),
    formatting("u"),
    formatting("abbr"),
    formatting("bdi"),
    formatting("bdo"),
    formatting("cite"),
    Element { attributes: &["datetime"], ..formatting("del") },
    formatting("dfn"),
    Element { attributes: &["datetime"], ..formatting("ins") },
    formatting("kbd"),
    formatting("mark"),
    formatting("q"),
    formatting("samp"),
    formatting("span"),
    formatting("sub"),
    formatting("sup"),
    Element { attributes: &["datetime"], ..formatting("time") },
    formatting("var"),
    formatting("ruby"),
    Element { ends: &["rt", "rp"], within: &["ruby"], ..phrasing("rt") },
    Element { ends: &["rt", "rp"], within: &["ruby"], ..phrasing("rp") },
    void("br"),
    void("wbr"),
    void("img"),
    Element { ends: &["p"], ..void("hr") },
    block("address"),
    block("article"),
    block("aside"),
    block("blockquote"),
    Element { attributes: &["open"], ..block("details") },
    block("div"),
    block("dl"),
    block("figcaption"),
    block("figure"),
    block("footer"),
    block("h2"),
    block("h3"),
    block("h4"),
    block("h5"),
    block("h6"),
    block("header"),
    Element { attributes: &["start", "reversed"], ..block("ol") },
    Element { ends_with_block: true, ..block("p") },
    block("pre"),
    block("section"),
    Element { ends_with_block: true, ..block("summary") },
    block("ul"),
    Element { attributes: &["value"], ends: &["li", "p"], within: &["ul", "ol"], ..block("li") },
    Element { ends: &["dt", "dd", "p"], within: &["dl"], ..block("dt") },
    Element { ends: &["dt", "dd", "p"], within: &["dl"], ..block("dd") },
    Element { ends: &["p"], ..element("table", Content::TableParts) },
    table("caption", Content::Cell, SECTIONS),
    Element { attributes: &["span"], ..table("colgroup", Content::TableParts, SECTIONS) },
    Element { attributes: &["span"], fits_table: true, ..void("col") },
    table("thead", Content::TableParts, SECTIONS),
    table("tbody", Content::TableParts, SECTIONS),
    table("tfoot", Content::TableParts, SECTIONS),
    table("tr", Content::TableParts, &["tr", "td", "th", "caption", "colgroup"]),
    Element { attributes: &["colspan", "rowspan", "headers"], ..table("td", Content::Cell, &["td", "th"]) },
    Element { attributes: &["colspan", "rowspan", "headers", "scope"], ..table("th", Content::Cell, &["td", "th"]) },
];
