//! The table of HTML elements that authors may use, and their nesting rules.
//!
//! Input: the name of an element. Output: its row in the table. The rules are a subset of the HTML standard. Does not
//! know pages.

/// Content model of an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ContentModel {
    /// Has no content and no end tag.
    Void,
    /// Text-level content, may be inside a paragraph.
    Phrasing,
    /// Block-level content.
    Block,
    /// Contains only parts of a table (rows, cells, captions).
    TableParts,
    /// A table cell or caption, which may contain any content.
    Cell,
}

/// One HTML element that authors may use.
#[derive(Debug)]
pub(super) struct Element {
    /// Name in lower case.
    pub name: &'static str,
    /// Content model.
    pub content: ContentModel,
    /// Allowed attributes in addition to the global ones.
    pub attributes: &'static [&'static str],
    /// Open elements that the start tag of this element closes.
    pub implicitly_closes: &'static [&'static str],
    /// The search for such elements stops at one of these elements; if the list is empty, at the nearest block
    /// element.
    pub closing_scope: &'static [&'static str],
    /// May occur between the parts of a table.
    pub fits_table: bool,
    /// Is closed at the end of its HTML block: paragraphs, and formatting elements, which an HTML parser would
    /// otherwise reopen in the next block.
    pub ends_with_block: bool,
}

impl Element {
    /// Whether the element has no content and no end tag.
    pub fn is_void(&self) -> bool {
        self.content == ContentModel::Void
    }

    /// Whether the element exists only inside a table.
    pub fn needs_table(&self) -> bool {
        self.fits_table
    }
}

/// The element `name`, which must be in lower case.
pub(super) fn find(name: &str) -> Option<&'static Element> {
    let name = match name {
        // The page title is the only level-1 heading.
        "h1" => "h2",
        "center" => "div",
        "strike" => "s",
        "tt" => "code",
        "big" | "font" | "nobr" => "span",
        other => other,
    };
    ELEMENTS.iter().find(|e| e.name == name)
}

/// All elements that authors may use.
pub(super) fn all() -> impl Iterator<Item = &'static Element> {
    ELEMENTS.iter()
}

/// Whether the content is removed together with the element, for example for `script`.
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

const fn element(name: &'static str, content: ContentModel) -> Element {
    Element {
        name,
        content,
        attributes: &[],
        implicitly_closes: &[],
        closing_scope: &[],
        fits_table: false,
        ends_with_block: false,
    }
}

const fn phrasing(name: &'static str) -> Element {
    element(name, ContentModel::Phrasing)
}

/// A text-level element that HTML parsers reopen in the next block if it is not closed.
const fn formatting(name: &'static str) -> Element {
    Element { ends_with_block: true, ..element(name, ContentModel::Phrasing) }
}

const fn block(name: &'static str) -> Element {
    Element { implicitly_closes: &["p"], ..element(name, ContentModel::Block) }
}

const fn void(name: &'static str) -> Element {
    element(name, ContentModel::Void)
}

const fn table(name: &'static str, content: ContentModel, implicitly_closes: &'static [&'static str]) -> Element {
    Element { implicitly_closes, closing_scope: &["table"], fits_table: true, ..element(name, content) }
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
    Element { implicitly_closes: &["rt", "rp"], closing_scope: &["ruby"], ..phrasing("rt") },
    Element { implicitly_closes: &["rt", "rp"], closing_scope: &["ruby"], ..phrasing("rp") },
    void("br"),
    void("wbr"),
    void("img"),
    Element { implicitly_closes: &["p"], ..void("hr") },
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
    Element { attributes: &["value"], implicitly_closes: &["li", "p"], closing_scope: &["ul", "ol"], ..block("li") },
    Element { implicitly_closes: &["dt", "dd", "p"], closing_scope: &["dl"], ..block("dt") },
    Element { implicitly_closes: &["dt", "dd", "p"], closing_scope: &["dl"], ..block("dd") },
    Element { implicitly_closes: &["p"], ..element("table", ContentModel::TableParts) },
    table("caption", ContentModel::Cell, SECTIONS),
    Element { attributes: &["span"], ..table("colgroup", ContentModel::TableParts, SECTIONS) },
    Element { attributes: &["span"], fits_table: true, ..void("col") },
    table("thead", ContentModel::TableParts, SECTIONS),
    table("tbody", ContentModel::TableParts, SECTIONS),
    table("tfoot", ContentModel::TableParts, SECTIONS),
    table("tr", ContentModel::TableParts, &["tr", "td", "th", "caption", "colgroup"]),
    Element { attributes: &["colspan", "rowspan", "headers"], ..table("td", ContentModel::Cell, &["td", "th"]) },
    Element {
        attributes: &["colspan", "rowspan", "headers", "scope"],
        ..table("th", ContentModel::Cell, &["td", "th"])
    },
];
