//! Parses the value that begins on a line: quoted text, brackets, a text block, or plain text. Also handles common
//! mistakes in plain text.
//!
//! Input: a start position. Output: a [`Node`], diagnostics and the first unused line. Where a mistake leaves no
//! doubt about the meaning, the value is read as text with a warning that shows the correctly quoted form.

use std::ops::Range;

use crate::base::Span;
use crate::diag::Edit;
use crate::diag::codes::front_matter as code;

use super::block::{MAX_DEPTH, Parser, ValueStart};
use super::edits::list_edit;
use super::flow::{self, BracketScan};
use super::lines::{SourceLine, blank_at, quoted_end};
use super::serde_adapter::ParseErrorKind;
use super::{Node, Value, scalar};

impl<'t> Parser<'_, 't> {
    /// Parses the value that begins at `start`. Also returns the index of the first line it does not use.
    pub fn value(&mut self, start: ValueStart<'_>) -> (Node, usize) {
        let ValueStart { at, line, .. } = start;
        let next = start.rest.start;
        let inline = &self.text[at..line.end];
        let bytes = inline.as_bytes();
        match bytes.first().copied().unwrap_or(b' ') {
            quote @ (b'"' | b'\'') => self.quoted(quote, start),
            b'[' | b'{' => self.bracketed(start),
            b'|' | b'>' if is_block_header(inline) => self.text_block(start),
            first @ (b'&' | b'*') => (self.anchor_or_alias(at, line.end, first), next),
            b'!' | b'@' | b'%' | b'`' | b',' | b']' | b'}' | b'|' | b'>' | b'#' => {
                (self.text_needing_quotes(at, line.end, &inline[..1]), next)
            }
            b'-' if blank_at(bytes, 1) => (self.list_on_key_line(at, line), next),
            b'?' | b':' if blank_at(bytes, 1) => (self.text_needing_quotes(at, line.end, &inline[..1]), next),
            _ => match self.full_width_list(at, line) {
                Some(node) => (node, next),
                None => self.plain_text(start),
            },
        }
    }

    /// Parses unquoted text over one line or several.
    fn plain_text(&mut self, start: ValueStart<'_>) -> (Node, usize) {
        let ValueStart { at, line, rest, mark, .. } = start;
        let text = self.text;
        let end = self.text_end(at, line);
        let raw = &text[at..end];
        let span = Span::new(at, end);
        if let Some(colon) = inner_colon(raw) {
            let place = Span::new(at + colon, at + colon + 1);
            let edit = Edit::new(span, scalar::quote(raw));
            self.report_repair(&code::NEEDS_QUOTES, place, |d| {
                d.arg("mark", ":").arg("fix", scalar::quote_shortened(raw)).fixed_by([edit])
            });
            return (Node::new(span, Value::Text(raw.to_string())), rest.start);
        }
        let mut used = self.end_of_nested_lines(rest.clone(), line.indent, false);
        if mark.is_empty() {
            used = rest.end;
        }
        // A line with a key belongs to the surrounding mapping, and an item below an item to its list, whatever their
        // indentation.
        let item = mark.starts_with('-');
        if let Some(other) = (rest.start..used).find(|i| {
            let line = self.line_at(*i);
            !line.is_blank_or_comment(text) && (line.key(text).is_some() || item && line.item(text).is_some())
        }) {
            used = other;
        }
        match (rest.start..used).rev().map(|i| self.line_at(i)).find(|l| !l.is_blank_or_comment(text)) {
            Some(last) => {
                let span = Span::new(at, last.end);
                let document = format!("{:indent$}{mark}{}", "", &text[at..last.end], indent = line.indent);
                (self.parse_with_serde(&document, span, at), used)
            }
            None => {
                self.warn_lost_to_comment_after(end, line);
                if raw.starts_with('“') && raw.ends_with('”') && raw.matches('“').count() == 1 {
                    self.report(&code::FULL_WIDTH_QUOTES, span, |d| d);
                }
                (scalar::parse_plain(raw, span), rest.start)
            }
        }
    }

    /// Returns the end of unquoted text that starts at `at`: before a comment or trailing blanks.
    fn text_end(&self, at: usize, line: SourceLine) -> usize {
        let inline = &self.text[at..line.end];
        let bytes = inline.as_bytes();
        let comment =
            (1..bytes.len()).find(|i| bytes[*i] == b'#' && matches!(bytes[i - 1], b' ' | b'\t')).unwrap_or(bytes.len());
        at + inline[..comment].trim_end_matches([' ', '\t']).len()
    }

    fn warn_lost_to_comment_after(&mut self, end: usize, line: SourceLine) {
        let tail = &self.text[end..line.end];
        let comment = line.end - tail.trim_start_matches([' ', '\t']).len();
        if comment < line.end {
            self.warn_lost_to_comment(comment, line);
        }
    }

    /// Reads the rest of the line as text and reports that it needs quotes, with the quoted form as a hint.
    pub fn text_needing_quotes(&mut self, at: usize, line_end: usize, mark: &str) -> Node {
        let inline = &self.text[at..line_end];
        let end = at + inline.find(" #").filter(|i| *i > 0).map_or(inline, |i| &inline[..i]).trim_end().len();
        let raw = &self.text[at..end];
        let span = Span::new(at, end);
        let edit = Edit::new(span, scalar::quote(raw));
        self.report_repair(&code::NEEDS_QUOTES, span, |d| {
            d.arg("mark", mark).arg("fix", scalar::quote_shortened(raw)).fixed_by([edit])
        });
        Node::new(span, Value::Text(raw.to_string()))
    }

    /// Rejects `&anchor` and `*alias`. Other text that starts with `&` or `*` is read as text.
    pub fn anchor_or_alias(&mut self, at: usize, end: usize, first: u8) -> Node {
        let raw = self.text[at..end].trim_end();
        let name = raw[1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
        let after = raw.as_bytes().get(1 + name);
        let whole = if first == b'*' {
            after.is_none() || raw[1 + name..].trim_start().starts_with('#')
        } else {
            blank_at(raw.as_bytes(), 1 + name)
        };
        if name > 0 && whole {
            let span = Span::new(at, at + 1 + name);
            let mark = char::from(first);
            self.report_repair(&code::YAML_ALIAS, span, |d| d.arg("value", &raw[..1 + name]).arg("mark", mark));
            return Node::new(span, Value::Null);
        }
        self.text_needing_quotes(at, end, &raw[..1])
    }

    /// Parses `key: - item`: a list that begins on the line of its key.
    fn list_on_key_line(&mut self, at: usize, line: SourceLine) -> Node {
        let item = self.text[at + 1..line.end].trim();
        if item.is_empty() || item.starts_with('#') {
            return self.text_needing_quotes(at, line.end, "-");
        }
        let span = Span::new(at, at + self.text[at..line.end].trim_end().len());
        self.report_repair(&code::YAML_LIST_ON_KEY_LINE, span, |d| {
            d.arg("value", item.chars().take(60).collect::<String>())
        });
        let start = line.end - self.text[at + 1..line.end].trim_start().len();
        Node::new(
            span,
            Value::List(vec![Node::new(Span::new(start, start + item.len()), Value::Text(item.to_string()))]),
        )
    }

    /// Parses a text block: `|` or `>` with the lines below.
    fn text_block(&mut self, start: ValueStart<'_>) -> (Node, usize) {
        let ValueStart { at, line, rest, mark, .. } = start;
        let used = if mark.is_empty() { rest.end } else { self.end_of_nested_lines(rest.clone(), line.indent, false) };
        let end = if used > rest.start { self.end_of_line(used - 1) } else { line.end };
        let document = format!("{:indent$}{mark}{}", "", &self.text[at..end], indent = line.indent);
        let span = Span::new(at, at + self.text[at..end].trim_end().len());
        // serde_yaml gets the text up to the end of the last line. The span leaves out trailing line breaks, but they
        // can be part of the value.
        (self.parse_with_serde(&document, span, at), used)
    }

    /// Returns the offset up to which quotes or brackets may reach: the end of the document if the value is the whole
    /// document, else the end of the lines that may continue it.
    fn end_of_reach(&self, start: &ValueStart<'_>) -> usize {
        if start.mark.is_empty() && start.depth == 0 {
            self.document_end()
        } else {
            self.multiline_limit(start.line, start.rest.clone(), start.line.indent)
        }
    }

    /// Parses text in `quote`s over one line or several.
    fn quoted(&mut self, quote: u8, start: ValueStart<'_>) -> (Node, usize) {
        let text = self.text;
        let limit = self.end_of_reach(&start);
        let beyond = || self.quote_beyond_keys(quote, &start, limit);
        let end = quoted_end(&text[..limit], start.at, quote).or_else(beyond);
        let ValueStart { at, line, rest, .. } = start;
        if let Some(end) = end.filter(|end| *end > limit) {
            let key = text[limit..end].trim_start();
            let place = end - key.len();
            let word = key.find([':', '：']).unwrap_or(0);
            let lines = [at, place].map(|at| self.source.line_column(at).line);
            self.report(&code::YAML_QUOTED_KEY, Span::new(place, place + word), |d| {
                d.arg("line", lines[1]).arg("first", lines[0]).arg("mark", char::from(quote))
            });
        }
        let Some(end) = end else {
            let mark = char::from(quote);
            let inner = text[at + 1..line.end].trim();
            // A backslash may have taken the mark, and a comment may follow it.
            let is_plain = !inner.is_empty() && !inner.contains(['\\', mark]) && !inner.contains(" #");
            let edit = is_plain.then(|| Edit::insert(at + text[at..line.end].trim_end().len(), mark));
            self.report_repair(&code::YAML_UNCLOSED_QUOTE, Span::new(at, line.end), |d| {
                d.arg("mark", mark).fixed_by(edit)
            });
            return (
                Node::new(Span::new(at, line.end), Value::Text(inner.to_string())),
                self.end_of_nested_lines(rest, line.indent, false),
            );
        };
        if !self.ends_line(end) && !self.trailing_mark(at, end, line) {
            return match end <= line.end {
                true => (self.text_needing_quotes(at, line.end, &text[at..at + 1]), rest.start),
                false => self.report_trailing_text(at, end, rest),
            };
        }
        let span = Span::new(at, end);
        let used = if end <= line.end { rest.start } else { self.after_line_of(end - 1, rest) };
        match scalar::unquote(&text[at..end]) {
            Some(value) => (Node::new(span, Value::Text(value)), used),
            None => (self.parse_with_serde(&text[at..end], span, at), used),
        }
    }

    /// The end of a quoted text of which a line, not indented, looks like a key: only where the quotation mark ends a line soon
    /// and no line between holds another.
    fn quote_beyond_keys(&self, quote: u8, start: &ValueStart<'_>, limit: usize) -> Option<usize> {
        /// Most lines of such a text.
        const MOST_LINES: usize = 10;
        if !start.mark.starts_with('k') || start.depth > 0 {
            return None;
        }
        let reach =
            self.text[limit..self.document_end()].split_inclusive('\n').take(MOST_LINES).map(str::len).sum::<usize>();
        let end = quoted_end(&self.text[..limit + reach], start.at, quote)?;
        let line_end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at);
        (self.text[end..line_end].trim().is_empty() && self.text[limit..end - 1].contains(char::is_alphanumeric))
            .then_some(end)
    }

    /// Parses a list or mapping in brackets over one line or several.
    fn bracketed(&mut self, start: ValueStart<'_>) -> (Node, usize) {
        let text = self.text;
        let limit = self.end_of_reach(&start);
        let ValueStart { at, line, rest, depth, .. } = start;
        let used = self.end_of_nested_lines(rest.clone(), line.indent, false);
        match flow::scan_brackets(text, at, limit, MAX_DEPTH.saturating_sub(depth)) {
            BracketScan::Closed(end) => {
                if !self.ends_line(end) && !self.trailing_mark(at, end, line) {
                    return match end <= line.end {
                        true => (self.text_needing_quotes(at, line.end, &text[at..at + 1]), rest.start),
                        false => self.report_trailing_text(at, end, rest),
                    };
                }
                let used = if end <= line.end { rest.start } else { self.after_line_of(end - 1, rest) };
                let mut pos = at;
                let node = match self.flow_value(&mut pos, end, depth) {
                    Ok(node) if pos == end => node,
                    _ => self.parse_with_serde(&text[at..end], Span::new(at, end), at),
                };
                (node, used)
            }
            BracketScan::TooDeep(place) => {
                self.report_repair(&code::YAML_TOO_DEEP, Span::new(place, place + 1), |d| d.arg("limit", MAX_DEPTH));
                (Node::new(Span::new(at, line.end), Value::Null), used)
            }
            BracketScan::UnclosedQuote(place) => {
                let mark = char::from(text.as_bytes()[place]);
                let end = text[place..limit].find('\n').map_or(limit, |i| place + i);
                self.report_repair(&code::YAML_UNCLOSED_QUOTE, Span::new(place, end), |d| d.arg("mark", mark));
                (Node::new(Span::new(at, line.end), Value::Null), used)
            }
            BracketScan::Unclosed(place) => {
                if let Some(node) = self.full_width_list(at, line) {
                    return (node, rest.start);
                }
                let (mark, close) = if text.as_bytes()[place] == b'[' { ("[", "]") } else { ("{", "}") };
                self.report_repair(&code::YAML_UNCLOSED_BRACKET, Span::new(place, place + 1), |d| {
                    d.arg("mark", mark).arg("close", close)
                });
                (Node::new(Span::new(at, line.end), Value::Null), used)
            }
        }
    }

    /// Reports a comma, as in JSON, or a bracket too many behind a quoted or bracketed value of one line, which then is read without
    /// it. Returns whether there is one.
    fn trailing_mark(&mut self, at: usize, end: usize, line: SourceLine) -> bool {
        let tail = self.text.get(end..line.end).unwrap_or_default();
        let mark = tail.trim();
        let brackets = self.text[..end].ends_with(']') && mark == "]" || self.text[..end].ends_with('}') && mark == "}";
        if !brackets && !matches!(mark, "," | "，" | ";" | "；") {
            return false;
        }
        let from = end + tail.len() - tail.trim_start().len();
        let value = &self.text[at..end];
        let span = Span::new(from, from + mark.len());
        self.report_repair(&code::TRAILING_MARK, span, |d| {
            d.arg("mark", mark).arg("fix", scalar::shortened(value)).fixed_by([Edit::new(span, "")])
        });
        true
    }

    /// Reports text after the end of a quoted or bracketed value of several lines.
    fn report_trailing_text(&mut self, at: usize, end: usize, rest: Range<usize>) -> (Node, usize) {
        let span = Span::new(at, end);
        self.report_error_kind(ParseErrorKind::Other, Span::new(end, end), span);
        (Node::new(span, Value::Null), self.after_line_of(end - 1, rest))
    }

    /// Whether only blanks or a comment follow byte `end` on its line.
    fn ends_line(&self, end: usize) -> bool {
        let tail = self.text[end..].lines().next().unwrap_or("");
        let tail = if end >= self.document_end() { "" } else { tail };
        let trimmed = tail.trim_start_matches([' ', '\t']);
        trimmed.is_empty() || trimmed.len() < tail.len() && trimmed.starts_with('#')
    }

    /// Parses `［甲，乙］`, a list with full-width brackets or commas. One ASCII bracket is accepted.
    fn full_width_list(&mut self, at: usize, line: SourceLine) -> Option<Node> {
        let end = self.text_end(at, line);
        let raw = &self.text[at..end];
        let open = raw.chars().next().filter(|c| matches!(c, '［' | '['))?;
        let close = raw.chars().next_back().filter(|c| matches!(c, '］' | ']'))?;
        let inner = Span::new(at + open.len_utf8(), end - close.len_utf8());
        if inner.end < inner.start || open == '[' && close == ']' {
            return None;
        }
        let (mut items, mut written) = (Vec::new(), Vec::new());
        let mut start = inner.start;
        for part in self.text[inner.start..inner.end].split(['，', ',', '、']) {
            let item = part.trim();
            let from = start + (part.len() - part.trim_start().len());
            if !item.is_empty() {
                items.push(scalar::parse_plain(item, Span::new(from, from + item.len())));
                written.push(item);
            }
            start += part.len();
            start += self.text[start..].chars().next().map_or(0, char::len_utf8);
        }
        let fix: Vec<_> = items.iter().filter_map(Node::text).collect();
        let fix = format!("[{}]", fix.join(", "));
        let mark = if open == '［' { open } else { close };
        let span = Span::new(at, end);
        let edit = list_edit(span, &written);
        self.report_repair(&code::FULL_WIDTH_LIST, span, |d| d.arg("mark", mark).arg("fix", fix).fixed_by(edit));
        Some(Node::new(span, Value::List(items)))
    }
}

/// Whether the line is `|` or `>` followed only by block indicators and a comment.
fn is_block_header(inline: &str) -> bool {
    let rest = inline[1..].trim_start_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    let tail = rest.trim_start_matches([' ', '\t']);
    inline.len() - rest.len() <= 3 && (tail.is_empty() || tail.len() < rest.len() && tail.starts_with('#'))
}

/// Finds a colon at the end of `raw` or before a blank.
fn inner_colon(raw: &str) -> Option<usize> {
    let bytes = raw.as_bytes();
    (0..bytes.len()).find(|i| bytes[*i] == b':' && blank_at(bytes, i + 1))
}
