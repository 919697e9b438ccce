//! The edits that correct what the parser reads leniently: colons, indentation, marks of lists, lists with full-width signs.
//!
//! Input: places in the text. Output: [`Edit`]s after which YAML itself reads what the parser has read, or nothing where that
//! is not certain.

use crate::base::Span;
use crate::diag::Edit;

use super::block::Parser;
use super::lines::SourceLine;

impl Parser<'_, '_> {
    /// Gives a line this indentation. Lines below that belong to it must stay deeper.
    pub fn indent_edit(&self, line: SourceLine, indent: usize) -> Option<Edit> {
        let stays_above = indent < line.indent || !self.has_nested_lines(line);
        (is_whole(line) && stays_above).then(|| Edit::new(Span::new(line.start, line.body), " ".repeat(indent)))
    }

    /// Puts a plain colon and a space between a key that ends at `from` and what follows the colon, which ends at `after`.
    pub fn colon_edit(&self, from: usize, after: usize) -> Edit {
        let rest = self.text.get(after..self.document_end()).unwrap_or_default();
        let value = rest.trim_start_matches([' ', '\t', '\u{3000}']);
        let is_empty = value.is_empty() || value.starts_with(['\n', '\r']);
        let end = after + rest.len() - value.len();
        if is_empty { Edit::new(Span::new(from, after), ":") } else { Edit::new(Span::new(from, end), ": ") }
    }

    /// Writes the mark of a list item, which stands at `span`, as `- `. A number is a word of its author, and lines below may
    /// stand under the first letter of the item.
    pub fn list_mark_edit(&self, line: SourceLine, span: Span) -> Option<Edit> {
        let is_sign = !self.text[span.start..span.end].contains(char::is_alphanumeric);
        (is_whole(line) && is_sign && !self.has_nested_lines(line)).then(|| Edit::new(span, "- "))
    }
}

/// Whether only spaces stand before the body of a line.
fn is_whole(line: SourceLine) -> bool {
    line.body - line.start == line.indent
}

/// Writes a list at `span` in plain brackets and commas. `None` if an item would need quotes.
pub(super) fn list_edit(span: Span, items: &[&str]) -> Option<Edit> {
    const SIGNS: &[char] = &[',', '[', ']', '{', '}', '#', ':', '"', '\'', '\n'];
    const FIRST: &[char] = &['&', '*', '!', '|', '>', '%', '@', '`', '-', '?'];
    let is_plain = |item: &&str| !item.is_empty() && !item.contains(SIGNS) && !item.starts_with(FIRST);
    items.iter().all(is_plain).then(|| Edit::new(span, format!("[{}]", items.join(", "))))
}
