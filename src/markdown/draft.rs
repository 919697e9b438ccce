//! HTML being written: a string with holes at ascending offsets.
//!
//! In: pieces of HTML, and what is to be put where. Out: one string and its holes, which may be cut and joined.
//! Knows nothing of Markdown.

use super::model::Slot;
use puzhi_core::base::{escape_attr, escape_text};

/// What is missing at a place of a draft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Hole {
    /// Left to the view.
    Slot(Slot),
    /// HTML that no sanitizer may see, by number.
    Trusted(u32),
    /// A reference to the footnote of this number in the order of definition.
    Note(u32),
}

/// HTML with holes.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub html: String,
    pub holes: Vec<(usize, Hole)>,
    /// Whether raw HTML of the author's went in.
    pub raw: bool,
}

/// A place in a draft to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    html: usize,
    holes: usize,
}

impl Mark {
    /// Whether nothing stands before it.
    pub fn is_start(&self) -> bool {
        self.html == 0
    }
}

impl Draft {
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

    pub fn hole(&mut self, hole: Hole) {
        self.holes.push((self.html.len(), hole));
    }

    pub fn slot(&mut self, slot: Slot) {
        self.hole(Hole::Slot(slot));
    }

    pub fn mark(&self) -> Mark {
        Mark { html: self.html.len(), holes: self.holes.len() }
    }

    /// Puts HTML in front of what was written since `mark`, of which there is little.
    pub fn insert(&mut self, mark: Mark, html: &str) {
        self.html.insert_str(mark.html, html);
        for (at, _) in &mut self.holes[mark.holes..] {
            *at += html.len();
        }
    }

    /// Cuts off what was written since `mark`.
    pub fn cut(&mut self, mark: Mark) -> Draft {
        let html = self.html.split_off(mark.html);
        let mut holes = self.holes.split_off(mark.holes);
        for (at, _) in &mut holes {
            *at -= mark.html;
        }
        Draft { html, holes, raw: false }
    }

    pub fn append(&mut self, other: Draft) {
        let shift = self.html.len();
        self.html.push_str(&other.html);
        self.holes.extend(other.holes.into_iter().map(|(at, hole)| (at + shift, hole)));
        self.raw |= other.raw;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_move_with_their_text() {
        let mut draft = Draft::default();
        draft.push("<p>");
        let mark = draft.mark();
        draft.text("a<");
        draft.hole(Hole::Trusted(7));
        let cut = draft.cut(mark);
        assert_eq!((cut.html.as_str(), &cut.holes[..]), ("a&lt;", &[(5, Hole::Trusted(7))][..]));
        draft.push("<b>");
        draft.append(cut);
        assert_eq!(draft.holes, [(11, Hole::Trusted(7))]);
    }
}
