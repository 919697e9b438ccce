//! What a WeChat fragment must not have. In: HTML. Out: each thing that WeChat removes or changes, by looking at the tree as a browser reads it.

use crate::dom::{Dom, Element, NodeData, ReadError};

/// A thing in a fragment that WeChat removes or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forbidden {
    /// An element that is removed: `script`, `style`, `iframe`, `form` and all that is not in the list of allowed ones.
    Element(String),
    /// An attribute that is removed: `class`, `id`, `onclick` and all that is not in the list of allowed ones.
    Attribute(String),
    /// A style that uses a variable, a position or an address.
    Style(String),
    /// A link into the page, to a script or without an address on the web.
    Link(String),
    /// A picture that is not at an address on the web, or whose name says that it is neither JPEG nor PNG.
    Picture(String),
    /// A list in an item of a list.
    NestedList,
}

/// Elements that the editor keeps.
const ELEMENTS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Attributes that the editor keeps.
const ATTRIBUTES: &[&str] = &["alt", "colspan", "href", "rowspan", "src", "start", "style"];

/// What no style may contain, in lower case.
const STYLES: &[&str] = &["var(", "--", "url(", "expression", "position", "@import", "\\", "!important"];

/// Everything in the fragment that WeChat removes or changes, in order.
pub fn forbidden_in_wechat(fragment: &str) -> Result<Vec<Forbidden>, ReadError> {
    let dom = Dom::parse(fragment)?;
    let mut found = Vec::new();
    // Each node with whether it lies in a list.
    let mut open: Vec<(usize, bool)> = dom.children(dom.root()).iter().rev().map(|node| (*node, false)).collect();
    while let Some((node, in_list)) = open.pop() {
        let mut inside = in_list;
        if let NodeData::Element(element) = dom.data(node) {
            let is_list = matches!(element.name(), "ul" | "ol");
            if is_list && in_list {
                found.push(Forbidden::NestedList);
            }
            inside |= is_list;
            look_at(element, &mut found);
        }
        open.extend(dom.children(node).iter().rev().map(|child| (*child, inside)));
    }
    Ok(found)
}

fn look_at(element: &Element, found: &mut Vec<Forbidden>) {
    if !ELEMENTS.contains(&element.name()) {
        found.push(Forbidden::Element(element.name().to_string()));
    }
    for (name, value) in element.attributes() {
        let lower = value.to_ascii_lowercase();
        match name {
            _ if !ATTRIBUTES.contains(&name) => found.push(Forbidden::Attribute(name.to_string())),
            "style" if STYLES.iter().any(|part| lower.contains(part)) => {
                found.push(Forbidden::Style(value.to_string()))
            }
            "href" if !is_on_the_web(&lower) => found.push(Forbidden::Link(value.to_string())),
            "src" if !is_on_the_web(&lower) || has_other_type(&lower) => {
                found.push(Forbidden::Picture(value.to_string()));
            }
            _ => {}
        }
    }
    if element.name() == "img" && element.attribute("src").is_none() {
        found.push(Forbidden::Picture(String::new()));
    }
}

/// Whether an address is absolute and of the web.
pub(crate) fn is_on_the_web(address: &str) -> bool {
    let is = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && address.len() > scheme.len()
    };
    is("https://") || is("http://")
}

/// Whether the name of a picture says that it is neither JPEG nor PNG.
pub(crate) fn has_other_type(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".webp", ".svg", ".svgz", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".heic"].iter().any(|end| path.ends_with(end))
}
