//! Where serde_yaml has the word: each outermost entry or item that is more than plain is read by it, and its values
//! stand; where its reading has another shape than the light pass saw, they stand with the span of what encloses them.
//!
//! In: the tree of the light pass. Out: the same with the library's values, or findings by cause.

use crate::base::Span;
use crate::diag::codes::front_matter as code;

use super::library::{self, Cause, Refusal};
use super::scan::{DEPTH, Scan};
use super::{Entry, Node, Value};

impl<'t> Scan<'_, 't> {
    /// A new outermost entry or item begins.
    pub fn begin(&mut self) {
        self.repaired = self.unsound;
        self.plain = true;
    }

    /// The text of the lines from byte `start` up to line `used`.
    fn lines_text(&self, start: usize, used: usize) -> &'t str {
        let end = used.checked_sub(1).map_or(self.end_of_all(), |last| self.end_of(last));
        self.text.get(start..end).unwrap_or("")
    }

    pub fn settle_entry(&mut self, entry: &mut Entry, start: usize, used: usize) {
        match library::read(self.lines_text(start, used)) {
            Ok(library::Reading::Map(mut read)) if read.len() == 1 => {
                if let Some((key, reading)) = read.pop() {
                    entry.key = key;
                    reading.settle(&mut entry.node);
                }
            }
            Ok(_) => self.refuse(Refusal { cause: Cause::Other, at: None }, start, used),
            Err(refusal) => self.refuse(refusal, start, used),
        }
    }

    pub fn settle_item(&mut self, item: &mut Node, start: usize, used: usize) {
        match library::read(self.lines_text(start, used)) {
            Ok(library::Reading::List(mut read)) if read.len() == 1 => {
                if let Some(reading) = read.pop() {
                    reading.settle(item);
                }
            }
            Ok(_) => self.refuse(Refusal { cause: Cause::Other, at: None }, start, used),
            Err(refusal) => self.refuse(refusal, start, used),
        }
    }

    pub fn settle_at(&mut self, node: &mut Node, start: usize, used: usize) {
        if self.plain || self.repaired {
            return;
        }
        match library::read(self.lines_text(start, used)) {
            Ok(reading) => reading.settle(node),
            Err(refusal) => self.refuse(refusal, start, used),
        }
    }

    /// Reports what serde_yaml refused, by cause.
    fn refuse(&mut self, refusal: Refusal, start: usize, used: usize) {
        let length = self.lines_text(start, used).trim_end().len();
        let span = Span::new(refusal.at.map_or(start, |at| start + at.min(length)), start + length);
        self.refused(refusal.cause, span, Span::new(start, start + length));
    }

    /// Reports a cause at `span`, within `whole`.
    pub fn refused(&mut self, cause: Cause, span: Span, whole: Span) {
        let source = self.source;
        let line = |at: usize| source.place(at).line;
        let found = self.text[span.start..span.end].chars().next().map_or(String::new(), String::from);
        match cause {
            Cause::Escape => self.repair(&code::YAML_BAD_ESCAPE, span, |d| d),
            Cause::Deep => self.repair(&code::YAML_TOO_DEEP, span, |d| d.arg("limit", DEPTH)),
            Cause::Alias => self.repair(&code::YAML_ALIAS, span, |d| d.arg("value", &found).arg("mark", &found)),
            _ => self
                .repair(&code::YAML_INVALID, span, |d| d.arg("first", line(whole.start)).arg("last", line(whole.end))),
        }
    }

    /// A value that only serde_yaml can read, given alone; `document` is it with what it needs before it.
    pub fn leaf(&mut self, document: &str, span: Span, start: usize) -> Node {
        self.plain = false;
        match library::read(document) {
            Ok(library::Reading::Map(mut read)) if document.trim_start().starts_with("k: ") && read.len() == 1 => {
                read.pop().map_or(Node::new(span, Value::Null), |(_, reading)| reading.into_node(span))
            }
            Ok(library::Reading::List(mut read)) if document.trim_start().starts_with("- ") && read.len() == 1 => {
                read.pop().map_or(Node::new(span, Value::Null), |reading| reading.into_node(span))
            }
            Ok(reading) => reading.into_node(span),
            Err(refusal) => {
                // The document may begin with a mark that is not in the file.
                let before = document.find(&self.text[start..span.end]).unwrap_or(0);
                let at = refusal.at.map_or(start, |at| (start + at.saturating_sub(before)).clamp(start, span.end));
                let at = (at..=span.end).find(|i| self.text.is_char_boundary(*i)).unwrap_or(start);
                self.refused(refusal.cause, Span::new(at, span.end), span);
                Node::new(span, Value::Null)
            }
        }
    }
}
