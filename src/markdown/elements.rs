//! Which HTML elements an author may write, and how they nest.
//!
//! In: an element's name. Out: its row of the table. Knows nothing of pages.

/// What an element is to the elements around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ContentModel {
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
    pub content: ContentModel,
    /// Attributes besides those every element may have.
    pub attributes: &'static [&'static str],
    /// Open elements that its start ends by itself …
    pub implicitly_closes: &'static [&'static str],
    /// … looked for up to one of these; up to the nearest block when empty.
    pub closing_scope: &'static [&'static str],
    /// May stand between the parts of a table.
    pub fits_table: bool,
    /// Ends with its block: formatting, which an HTML parser would open again in the next one, and paragraphs.
    pub ends_with_block: bool,
}

impl Element {
    pub fn is_void(&self) -> bool {
        self.content == ContentModel::Void
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
pub(super) fn all() -> impl Iterator<Item = &'static Element> {
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

/// Phrasing that HTML parsers carry over into the next block when it is left open.
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
