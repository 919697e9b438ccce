//! What a reader of a page sees: the text of the HTML with its slots filled, without white space.
//!
//! Input: a [`RenderedBody`]. Output: a text from which pieces are taken, each once. Does not know the source.

use super::super::html_tokens::decode;
use super::super::model::{HtmlFragment, RenderedBody, Slot};

/// How far ahead of the last piece the next one is looked for first: between two pieces stand labels at most.
const NEAR: usize = 400;
/// How many bytes may be searched for pieces that are not where they are expected. What is beyond counts as missing.
const BUDGET: usize = 400_000_000;

/// The visible text of a page.
pub(super) struct PageText {
    /// The text; pieces that were taken are overwritten with U+0000.
    text: String,
    /// Addresses, titles and alternative texts.
    addresses: std::collections::HashSet<String>,
    /// Where the last piece ended.
    cursor: usize,
    budget: usize,
}

/// Whether a character counts: white space and characters without width do not.
pub(super) fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// The characters of `text` that count.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|c| is_visible(*c)).collect()
}

impl PageText {
    /// The visible text of `body`.
    pub fn of(body: &RenderedBody) -> Self {
        let mut text = String::new();
        if let Some(title) = &body.title {
            text.push_str(&visible(title));
        }
        push_fragment(&mut text, body, &body.main);
        let mut addresses = std::collections::HashSet::new();
        for link in &body.links {
            addresses.insert(visible(&link.written));
            addresses.extend(link.title.as_deref().map(visible));
        }
        for image in &body.images {
            addresses.insert(visible(&image.written));
            addresses.extend(image.title.as_deref().map(visible));
        }
        Self { text, addresses, cursor: 0, budget: BUDGET }
    }

    /// Takes `piece` out of the text; `false` if it is not there. Visible characters count only.
    pub fn take(&mut self, piece: &str) -> bool {
        let piece = visible(piece);
        if piece.is_empty() || self.take_ahead(&piece) {
            return true;
        }
        let budget = self.budget.checked_sub(self.text.len());
        let Some(at) = budget.and_then(|_| self.text.find(&piece)) else { return false };
        self.budget = budget.unwrap_or(0);
        self.mark(at, piece.len());
        true
    }

    fn take_ahead(&mut self, piece: &str) -> bool {
        let mut near = (self.cursor + NEAR + piece.len()).min(self.text.len());
        while !self.text.is_char_boundary(near) {
            near += 1;
        }
        let Some(found) = self.text[self.cursor..near].find(piece) else { return false };
        self.mark(self.cursor + found, piece.len());
        true
    }

    fn mark(&mut self, at: usize, length: usize) {
        self.text.replace_range(at..at + length, &"\0".repeat(length));
        self.cursor = at + length;
    }

    /// Whether a link or image has this address or title.
    pub fn has_address(&self, address: &str) -> bool {
        let address = visible(address);
        address.is_empty() || self.addresses.contains(&address)
    }
}

fn push_fragment(out: &mut String, body: &RenderedBody, fragment: &HtmlFragment) {
    let mut done = 0;
    for (at, slot) in &fragment.slots {
        push_html(out, &fragment.html[done..*at]);
        done = *at;
        match slot {
            Slot::Image(n) => out.extend(body.images.get(*n as usize).map(|i| visible(&i.alt))),
            Slot::Code(n) => out.extend(body.code.get(*n as usize).map(|c| visible(&c.text))),
            Slot::Directive(n) => {
                if let Some(directive) = body.directives.get(*n as usize) {
                    directive.data.entry_texts().for_each(|text| push_fragment(out, body, text));
                }
            }
            Slot::LinkOpen(_) | Slot::LinkClose(_) => {}
        }
    }
    push_html(out, &fragment.html[done..]);
}

/// Appends the text between the tags of well-formed HTML.
fn push_html(out: &mut String, html: &str) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&visible(&decode(&rest[..start])));
        let mut quoted = false;
        let end = rest[start..].bytes().position(|b| {
            quoted ^= b == b'"';
            b == b'>' && !quoted
        });
        rest = end.map_or("", |end| &rest[start + end + 1..]);
    }
    out.push_str(&visible(&decode(rest)));
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{HtmlFragment, RenderedBody};
    use super::*;

    #[test]
    fn each_piece_is_taken_once() {
        let html = "<p title=\"a>b\">甲 &lt; 乙</p>\n<p>丙</p>".to_string();
        let body = RenderedBody { main: HtmlFragment { html, slots: Vec::new() }, ..RenderedBody::default() };
        let mut page = PageText::of(&body);
        assert!(page.take("乙") && page.take("甲 <") && page.take(" \n") && page.take("丙"));
        assert!(!page.take("丙") && !page.take("a>b"));
    }
}
