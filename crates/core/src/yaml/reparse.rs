//! Checks the tree of the light parser against serde_yaml. serde_yaml parses each outermost entry or item that is not
//! a plain scalar, and its values win. Where the shape of its result differs from our tree, its values get the span
//! of the enclosing value.
//!
//! Input: the tree of the light parser. Output: the same tree with the values of serde_yaml, or diagnostics by cause.

use crate::base::Span;
use crate::diag::codes::front_matter as code;

use super::block::{MAX_DEPTH, Parser};
use super::serde_adapter::{self, ParseError, ParseErrorKind};
use super::{MappingEntry, Node, Value};

impl<'t> Parser<'_, 't> {
    /// Resets the state at the start of an outermost entry or item.
    pub fn begin_entry(&mut self) {
        self.has_repairs = self.has_invalid_characters;
        self.is_simple = true;
    }

    /// Returns the text from byte `start` up to the end of the line before line `used`.
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

    /// Reports an error of serde_yaml by its cause.
    fn report_parse_error(&mut self, parse_error: ParseError, start: usize, used: usize) {
        let length = self.text_of_lines(start, used).trim_end().len();
        let span = Span::new(parse_error.at.map_or(start, |at| start + at.min(length)), start + length);
        self.report_error_kind(parse_error.kind, span, Span::new(start, start + length));
    }

    /// Reports the cause at `span`, which lies in the value `whole`.
    pub fn report_error_kind(&mut self, kind: ParseErrorKind, span: Span, whole: Span) {
        let source = self.source;
        let line = |at: usize| source.line_column(at).line;
        let found = self.text[span.start..span.end].chars().next().map_or(String::new(), String::from);
        match kind {
            ParseErrorKind::Escape => self.report_repair(&code::YAML_BAD_ESCAPE, span, |d| d),
            ParseErrorKind::Control(c) => {
                self.report_repair(&code::YAML_CONTROL, span, |d| d.arg("name", format!("U+{:04X}", u32::from(c))));
            }
            ParseErrorKind::TooDeep => self.report_repair(&code::YAML_TOO_DEEP, span, |d| d.arg("limit", MAX_DEPTH)),
            ParseErrorKind::Alias => {
                self.report_repair(&code::YAML_ALIAS, span, |d| d.arg("value", &found).arg("mark", &found))
            }
            _ => self.report_repair(&code::YAML_INVALID, span, |d| {
                d.arg("first", line(whole.start)).arg("last", line(whole.end))
            }),
        }
    }

    /// Parses a value that only serde_yaml can read. `document` is the value with the key, list mark or indentation
    /// it needs to be a valid document.
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
                // The document can begin with a prefix that is not in the file.
                let before = document.find(&self.text[start..span.end]).unwrap_or(0);
                let at = parse_error.at.map_or(start, |at| (start + at.saturating_sub(before)).clamp(start, span.end));
                let at = (at..=span.end).find(|i| self.text.is_char_boundary(*i)).unwrap_or(start);
                self.report_error_kind(parse_error.kind, Span::new(at, span.end), span);
                Node::new(span, Value::Null)
            }
        }
    }
}
