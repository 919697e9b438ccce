//! The text that a reader sees. In: HTML, or blocks. Out: text in the normal form of the crate, to compare one with the other. It walks the
//! tree on its own, without what [`crate::read`] does, so that it can find what that loses.

use crate::blocks::{Block, Inline, walk};
use crate::dom::{Dom, Element, NodeData, NodeId, ReadError};

/// Elements whose content is not shown as text. Media have their own content only where they cannot be played.
const UNSEEN: &[&str] = &[
    "script",
    "style",
    "template",
    "head",
    "title",
    "meta",
    "link",
    "desc",
    "metadata",
    "defs",
    "annotation",
    "annotation-xml",
    "video",
    "audio",
    "iframe",
    "object",
    "embed",
    "datalist",
    "rp",
];

/// Whether nothing of the element is shown: it is hidden, is meant for screen readers alone or leads back from a note.
pub(crate) fn is_unseen(element: &Element) -> bool {
    UNSEEN.contains(&element.name())
        || element.attribute("hidden").is_some()
        || element.has_class("visually-hidden")
        || element.attribute("role") == Some("doc-backlink")
        || element.has_class("footnote-back")
}

/// The visible text of a node and all it holds, in order. Needs no stack, whatever the depth.
pub(crate) fn visible_text(dom: &Dom, node: NodeId, mut visit: impl FnMut(&str)) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match dom.data(node) {
            NodeData::Text(text) => visit(text),
            NodeData::Element(element) if is_unseen(element) => {}
            _ => open.extend(dom.children(node).iter().rev()),
        }
    }
}

/// Text without white space.
pub fn normal_form(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The visible text of HTML in normal form.
pub fn visible_text_of_html(html: &str) -> Result<String, ReadError> {
    let dom = Dom::parse(html)?;
    let mut out = String::new();
    // The element that holds them is made by the parser.
    dom.children(dom.root()).iter().for_each(|node| visible_text(&dom, *node, |text| out.push_str(text)));
    Ok(normal_form(&out))
}

/// The visible text of blocks in normal form, without generated parts.
pub fn visible_text_of_blocks(blocks: &[Block]) -> String {
    let mut out = String::new();
    walk(blocks, &mut |inlines| {
        for inline in inlines {
            match inline {
                Inline::Text(run) if !run.marks.generated => out.push_str(&run.text),
                Inline::NoteReference(label) => out.push_str(label),
                _ => {}
            }
        }
    });
    normal_form(&out)
}
