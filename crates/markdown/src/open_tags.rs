//! Reports start tags of raw HTML without an end tag, and elements that are meant to hide their text.
//!
//! Input: tags as `raw_html` meets them. Output: diagnostics at the start tags. Elements that HTML ends by itself, such as
//! `<li>` and `<p>`, and those that look the same with and without an end are left out. Does not write HTML.

use super::context::MarkdownContext;
use super::html_tokens::{Tag, decode};
use puzhi_core::base::Span;
use puzhi_core::diag::codes::markdown as codes;

/// A start tag whose element ended without an end tag.
#[derive(Debug, Clone)]
pub(super) struct UnclosedTag {
    /// Name of the element, as the table of elements has it.
    pub element: &'static str,
    /// Name as written.
    pub written: &'static str,
    /// Whether everything behind it is part of it; otherwise it ends with its paragraph.
    pub is_block: bool,
    /// Place of the start tag.
    pub span: Span,
}

/// Elements within a paragraph that readers see.
const VISIBLE: [&str; 20] = [
    "a", "b", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "ruby", "s", "samp", "small", "strong",
    "sub", "sup", "u", "var",
];
/// Blocks that readers see.
const VISIBLE_BLOCKS: [&str; 12] =
    ["aside", "blockquote", "details", "dl", "h2", "h3", "h4", "h5", "h6", "ol", "pre", "ul"];

impl UnclosedTag {
    /// The start tag at `span` of the element with the name `element`; `None` if it makes no difference where the element
    /// ends.
    pub fn of(element: &'static str, tag: &Tag<'_>, span: Span) -> Option<Self> {
        let is_aligned =
            || tag.name == "center" || tag.attributes().any(|(name, value)| name == "align" && value != "left");
        let is_block = VISIBLE_BLOCKS.contains(&element) || element == "div" && is_aligned();
        // Elements that are written in another way than their author typed them.
        let written = match tag.name.as_str() {
            "center" => "center",
            "h1" => "h1",
            "strike" => "strike",
            "tt" => "tt",
            _ => element,
        };
        (is_block || VISIBLE.contains(&element)).then_some(Self { element, written, is_block, span })
    }
}

/// Whether the attributes of a tag hide its element.
pub(super) fn hides(tag: &Tag<'_>) -> bool {
    tag.attributes().any(|(name, value)| match name {
        "hidden" => true,
        "style" => {
            let style: String = decode(value).chars().filter(|c| !c.is_whitespace()).collect();
            let style = style.to_ascii_lowercase();
            ["display:none", "visibility:hidden"].iter().any(|rule| style.contains(rule))
        }
        _ => false,
    })
}

impl MarkdownContext<'_> {
    /// Forgets the last unclosed start tag of an element whose end tag has come too late and is reported itself. Returns
    /// whether there was one.
    pub fn forget_unclosed(&mut self, element: &str) -> bool {
        let found = self.unclosed_tags.iter().rposition(|tag| tag.element == element);
        found.map(|at| self.unclosed_tags.remove(at)).is_some()
    }

    /// Reports the start tags whose end tag has not come at the end of the page.
    pub fn report_unclosed_tags(&mut self) {
        for UnclosedTag { written, is_block, span, .. } in std::mem::take(&mut self.unclosed_tags) {
            let (zh, en) = match is_block {
                true => ("后面的内容都算在它里面", "everything behind it is part of it"),
                false => ("到这一段的末尾就结束了", "it ends with its paragraph"),
            };
            let diag = self.diag_at(&codes::HTML_OPEN_TAG, span).arg("tag", format!("<{written}>"));
            self.push_diag(diag.arg("end", format!("</{written}>")).arg("zh", zh).arg("en", en));
        }
    }
}
