//! HTML being written: a string with holes at ascending offsets.
//!
//! In: pieces of HTML, and what is to be put where. Out: one string and its holes, which may be cut and joined.
//! Knows nothing of Markdown.

use super::model::Slot;
use puzhi_core::base::{escape_attr, escape_text};

/// What is missing at a place of a draft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Placeholder {
    /// Left to the view.
    Slot(Slot),
    /// HTML that no sanitizer may see, by number.
    Trusted(u32),
    /// A reference to the footnote of this number in the order of definition.
    FootnoteReference(u32),
}

/// HTML with holes.
#[derive(Debug, Clone, Default)]
pub(super) struct HtmlBuffer {
    pub html: String,
    pub placeholders: Vec<(usize, Placeholder)>,
    /// Whether raw HTML of the author's went in.
    pub has_raw_html: bool,
}

/// A place in a draft to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct BufferPosition {
    html: usize,
    placeholders: usize,
}

impl BufferPosition {
    /// Whether nothing stands before it.
    pub fn is_start(&self) -> bool {
        self.html == 0
    }
}

impl HtmlBuffer {
    pub fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    pub fn text(&mut self, text: &str) {
        escape_text(&mut self.html, text);
    }

    /// ` name="value"`.
    pub fn attr(&mut self, name: &str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        escape_attr(&mut self.html, value);
        self.html.push('"');
    }

    pub fn placeholder(&mut self, placeholder: Placeholder) {
        self.placeholders.push((self.html.len(), placeholder));
    }

    pub fn slot(&mut self, slot: Slot) {
        self.placeholder(Placeholder::Slot(slot));
    }

    pub fn position(&self) -> BufferPosition {
        BufferPosition { html: self.html.len(), placeholders: self.placeholders.len() }
    }

    /// Puts HTML in front of what was written since `position`, of which there is little.
    pub fn insert_at(&mut self, position: BufferPosition, html: &str) {
        self.html.insert_str(position.html, html);
        for (at, _) in &mut self.placeholders[position.placeholders..] {
            *at += html.len();
        }
    }

    /// Cuts off what was written since `position`.
    pub fn split_off(&mut self, position: BufferPosition) -> HtmlBuffer {
        let html = self.html.split_off(position.html);
        let mut placeholders = self.placeholders.split_off(position.placeholders);
        for (at, _) in &mut placeholders {
            *at -= position.html;
        }
        HtmlBuffer { html, placeholders, has_raw_html: false }
    }

    pub fn append(&mut self, other: HtmlBuffer) {
        let shift = self.html.len();
        self.html.push_str(&other.html);
        self.placeholders.extend(other.placeholders.into_iter().map(|(at, placeholder)| (at + shift, placeholder)));
        self.has_raw_html |= other.has_raw_html;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_move_with_their_text() {
        let mut buffer = HtmlBuffer::default();
        buffer.push("<p>");
        let position = buffer.position();
        buffer.text("a<");
        buffer.placeholder(Placeholder::Trusted(7));
        let cut = buffer.split_off(position);
        assert_eq!((cut.html.as_str(), &cut.placeholders[..]), ("a&lt;", &[(5, Placeholder::Trusted(7))][..]));
        buffer.push("<b>");
        buffer.append(cut);
        assert_eq!(buffer.placeholders, [(11, Placeholder::Trusted(7))]);
    }
}
