//! Where serde_yaml has the word: each outermost entry or item that is more than plain is read by it, and its values
//! stand; where its reading has another shape than the light pass saw, they stand with the span of what encloses them.
//!
//! In: the tree of the light pass. Out: the same with the library's values, or findings by cause.

use crate::base::Span;
use crate::diag::codes::front_matter as code;

use super::block::{MAX_DEPTH, Parser};
use super::serde_adapter::{self, ParseError, ParseErrorKind};
use super::{MappingEntry, Node, Value};

impl<'t> Parser<'_, 't> {
    /// A new outermost entry or item begins.
    pub fn begin_entry(&mut self) {
        self.has_repairs = self.has_invalid_characters;
        self.is_simple = true;
    }

    /// The text of the lines from byte `start` up to line `used`.
    fn text_of_lines(&self, start: usize, used: usize) -> &'t str {
        let end = used.checked_sub(1).map_or(self.document_end(), |last| self.end_of_line(last));
        self.text.get(start..end).unwrap_or("")
    }

    pub fn reparse_entry(&mut self, entry: &mut MappingEntry, start: usize, used: usize) {
        match serde_adapter::parse(self.text_of_lines(start, used)) {
            Ok(serde_adapter::ParsedValue::Map(mut read)) if read.len() == 1 => {
                if let Some((key, parsed)) = read.pop() {
                    entry.key = key;
                    parsed.overlay_onto(&mut entry.node);
                }
            }
            Ok(_) => self.report_parse_error(ParseError { kind: ParseErrorKind::Other, at: None }, start, used),
            Err(parse_error) => self.report_parse_error(parse_error, start, used),
        }
    }

    pub fn reparse_item(&mut self, item: &mut Node, start: usize, used: usize) {
        match serde_adapter::parse(self.text_of_lines(start, used)) {
            Ok(serde_adapter::ParsedValue::List(mut read)) if read.len() == 1 => {
                if let Some(parsed) = read.pop() {
                    parsed.overlay_onto(item);
                }
            }
            Ok(_) => self.report_parse_error(ParseError { kind: ParseErrorKind::Other, at: None }, start, used),
            Err(parse_error) => self.report_parse_error(parse_error, start, used),
        }
    }

    pub fn reparse_value(&mut self, node: &mut Node, start: usize, used: usize) {
        if self.is_simple || self.has_repairs {
            return;
        }
        match serde_adapter::parse(self.text_of_lines(start, used)) {
            Ok(parsed) => parsed.overlay_onto(node),
            Err(parse_error) => self.report_parse_error(parse_error, start, used),
        }
    }

    /// Reports what serde_yaml refused, by cause.
    fn report_parse_error(&mut self, parse_error: ParseError, start: usize, used: usize) {
        let length = self.text_of_lines(start, used).trim_end().len();
        let span = Span::new(parse_error.at.map_or(start, |at| start + at.min(length)), start + length);
        self.report_error_kind(parse_error.kind, span, Span::new(start, start + length));
    }

    /// Reports a cause at `span`, within `whole`.
    pub fn report_error_kind(&mut self, kind: ParseErrorKind, span: Span, whole: Span) {
        let source = self.source;
        let line = |at: usize| source.line_column(at).line;
        let found = self.text[span.start..span.end].chars().next().map_or(String::new(), String::from);
        match kind {
            ParseErrorKind::Escape => self.report_repair(&code::YAML_BAD_ESCAPE, span, |d| d),
            ParseErrorKind::TooDeep => self.report_repair(&code::YAML_TOO_DEEP, span, |d| d.arg("limit", MAX_DEPTH)),
            ParseErrorKind::Alias => {
                self.report_repair(&code::YAML_ALIAS, span, |d| d.arg("value", &found).arg("mark", &found))
            }
            _ => self.report_repair(&code::YAML_INVALID, span, |d| {
                d.arg("first", line(whole.start)).arg("last", line(whole.end))
            }),
        }
    }

    /// A value that only serde_yaml can read, given alone; `document` is it with what it needs before it.
    pub fn parse_with_serde(&mut self, document: &str, span: Span, start: usize) -> Node {
        self.is_simple = false;
        match serde_adapter::parse(document) {
            Ok(serde_adapter::ParsedValue::Map(mut read))
                if document.trim_start().starts_with("k: ") && read.len() == 1 =>
            {
                read.pop().map_or(Node::new(span, Value::Null), |(_, parsed)| parsed.into_node(span))
            }
            Ok(serde_adapter::ParsedValue::List(mut read))
                if document.trim_start().starts_with("- ") && read.len() == 1 =>
            {
                read.pop().map_or(Node::new(span, Value::Null), |parsed| parsed.into_node(span))
            }
            Ok(parsed) => parsed.into_node(span),
            Err(parse_error) => {
                // The document may begin with a mark that is not in the file.
                let before = document.find(&self.text[start..span.end]).unwrap_or(0);
                let at = parse_error.at.map_or(start, |at| (start + at.saturating_sub(before)).clamp(start, span.end));
                let at = (at..=span.end).find(|i| self.text.is_char_boundary(*i)).unwrap_or(start);
                self.report_error_kind(parse_error.kind, Span::new(at, span.end), span);
                Node::new(span, Value::Null)
            }
        }
    }
}
