//! A buffer for HTML that is being written: a string with placeholders at ascending offsets.
//!
//! Input: pieces of HTML and placeholders. Output: one string with its placeholders, which can be split and joined.
//! Does not know Markdown.

use super::model::Slot;
use puzhi_core::base::{escape_attr, escape_text};

/// Content of the buffer that is inserted later.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Placeholder {
    /// Filled by the view.
    Slot(Slot),
    /// HTML that bypasses the sanitizer, as an index into
    /// [`MarkdownContext::trusted`](super::context::MarkdownContext::trusted).
    Trusted(u32),
    /// A reference to the footnote with this index ([`Footnotes::index`](super::context::Footnotes::index)).
    FootnoteReference(u32),
}

/// HTML with placeholders.
#[derive(Debug, Clone, Default)]
pub(super) struct HtmlBuffer {
    /// The HTML without the content of the placeholders.
    pub html: String,
    /// Byte offset in `html` and placeholder, in ascending order.
    pub placeholders: Vec<(usize, Placeholder)>,
    /// Whether the buffer contains raw HTML of the author and must be sanitized.
    pub has_raw_html: bool,
}

/// A position in a buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct BufferPosition {
    html: usize,
    placeholders: usize,
}

impl BufferPosition {
    /// Whether it is the start of the buffer.
    pub fn is_start(&self) -> bool {
        self.html == 0
    }
}

impl HtmlBuffer {
    /// Opens a list whose first item has the number `first`.
    pub fn open_ordered_list(&mut self, first: u64) {
        match first {
            1 => self.push("<ol>\n"),
            _ => self.push(&format!("<ol start=\"{first}\">\n")),
        }
    }

    /// Appends HTML.
    pub fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Appends text, escaped.
    pub fn text(&mut self, text: &str) {
        escape_text(&mut self.html, text);
    }

    /// Appends an attribute ` name="value"`, with the value escaped.
    pub fn attr(&mut self, name: &str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        escape_attr(&mut self.html, value);
        self.html.push('"');
    }

    /// Appends a placeholder.
    pub fn placeholder(&mut self, placeholder: Placeholder) {
        self.placeholders.push((self.html.len(), placeholder));
    }

    /// Appends a slot.
    pub fn slot(&mut self, slot: Slot) {
        self.placeholder(Placeholder::Slot(slot));
    }

    /// The current end of the buffer.
    pub fn position(&self) -> BufferPosition {
        BufferPosition { html: self.html.len(), placeholders: self.placeholders.len() }
    }

    /// Whether anything was added after `position`.
    pub fn has_content_since(&self, position: BufferPosition) -> bool {
        self.html.len() > position.html || self.placeholders.len() > position.placeholders
    }

    /// Inserts HTML at `position`. Takes time proportional to the length of what follows.
    pub fn insert_at(&mut self, position: BufferPosition, html: &str) {
        self.html.insert_str(position.html, html);
        for (at, _) in &mut self.placeholders[position.placeholders..] {
            *at += html.len();
        }
    }

    /// Removes everything after `position` and returns it.
    pub fn split_off(&mut self, position: BufferPosition) -> HtmlBuffer {
        let html = self.html.split_off(position.html);
        let mut placeholders = self.placeholders.split_off(position.placeholders);
        for (at, _) in &mut placeholders {
            *at -= position.html;
        }
        HtmlBuffer { html, placeholders, has_raw_html: false }
    }

    /// Appends the content of another buffer.
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
