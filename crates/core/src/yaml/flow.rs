//! Parses lists and mappings in brackets: `[a, b]`, `{id: a, text: b}`, over one line or several.
//!
//! Supports the forms that people usually write. For any other form it returns [`UnsupportedFlow`], and the caller
//! passes the whole value to serde_yaml.
//!
//! Input: the position of an opening bracket. Output: a [`Node`] with spans, and diagnostics. Does not know block structure.

use std::collections::HashMap;

use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, Edit};

use super::block::Parser;
use super::lines::{blank_at, looks_like_key, quoted_end};
use super::{Mapping, MappingEntry, Node, Value, scalar};

/// The result of looking for the bracket that closes an opening bracket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BracketScan {
    /// Found; the offset after the closing bracket.
    Closed(usize),
    /// The bracket at this offset is never closed.
    Unclosed(usize),
    /// The quote at this offset is never closed.
    UnclosedQuote(usize),
    /// The bracket at this offset exceeds the allowed nesting depth.
    TooDeep(usize),
}

/// This parser does not support the form; serde_yaml must read it.
pub(super) struct UnsupportedFlow;

/// Finds the bracket that closes the one at `at`. Does not look beyond `limit` or deeper than `depth` levels.
pub(super) fn scan_brackets(text: &str, at: usize, limit: usize, depth: usize) -> BracketScan {
    let bytes = &text.as_bytes()[..limit];
    let mut open: Vec<usize> = Vec::new();
    let mut fresh = true;
    let mut i = at;
    while i < limit {
        match bytes[i] {
            b'[' | b'{' => {
                if open.len() >= depth {
                    return BracketScan::TooDeep(i);
                }
                open.push(i);
                fresh = true;
            }
            close @ (b']' | b'}') => {
                let top = open.pop().unwrap_or(at);
                if (bytes[top] == b'[') != (close == b']') {
                    return BracketScan::Unclosed(top);
                }
                if open.is_empty() {
                    return BracketScan::Closed(i + 1);
                }
                fresh = false;
            }
            quote @ (b'"' | b'\'') if fresh => match quoted_end(&text[..limit], i, quote) {
                Some(end) => {
                    i = end;
                    fresh = false;
                    continue;
                }
                None => return BracketScan::UnclosedQuote(i),
            },
            b'#' if matches!(bytes[i - 1], b' ' | b'\t' | b'\n') || fresh => {
                i += bytes[i..].iter().position(|b| *b == b'\n').unwrap_or(limit - i);
                continue;
            }
            b',' | b':' => fresh = true,
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => fresh = false,
        }
        i += 1;
    }
    BracketScan::Unclosed(open.last().copied().unwrap_or(at))
}

impl<'t> Parser<'_, 't> {
    /// Parses the value at `pos` and moves `pos` after it. `end` is the offset after the outermost closing bracket.
    pub fn flow_value(&mut self, pos: &mut usize, end: usize, depth: usize) -> Result<Node, UnsupportedFlow> {
        match self.byte(*pos, end) {
            Some(b'[') => self.flow_list(pos, end, depth),
            Some(b'{') => self.flow_map(pos, end, depth),
            Some(_) => self.flow_scalar(pos, end),
            None => Err(UnsupportedFlow),
        }
    }

    fn byte(&self, pos: usize, end: usize) -> Option<u8> {
        self.text.as_bytes()[..end].get(pos).copied()
    }

    /// Moves `pos` over white space, line breaks and comments.
    fn skip(&mut self, pos: &mut usize, end: usize) {
        while let Some(b) = self.byte(*pos, end) {
            match b {
                b' ' | b'\t' => *pos += 1,
                b'\n' | b'\r' => {
                    self.is_simple = false;
                    *pos += 1;
                }
                b'#' => {
                    self.is_simple = false;
                    while self.byte(*pos, end).is_some_and(|b| b != b'\n') {
                        *pos += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn flow_list(&mut self, pos: &mut usize, end: usize, depth: usize) -> Result<Node, UnsupportedFlow> {
        let start = *pos;
        *pos += 1;
        let mut items: Vec<Node> = Vec::new();
        let mut wide_comma = false;
        loop {
            self.skip(pos, end);
            match self.byte(*pos, end) {
                Some(b']') => break,
                None | Some(b',' | b'}') => return Err(UnsupportedFlow),
                Some(b'[' | b'{') => self.is_simple = false,
                Some(_) => {}
            }
            let first = *pos;
            let quoted = matches!(self.byte(first, end), Some(b'"' | b'\''));
            let mut item = self.flow_value(pos, end, depth + 1)?;
            self.skip(pos, end);
            if self.byte(*pos, end) == Some(b':') && (quoted || blank_at(self.text.as_bytes(), *pos + 1)) {
                item = self.single_pair_mapping(item, pos, end, depth)?;
            }
            // `["甲"，"乙"]`: a quoted item ends at its second mark.
            if quoted && self.text[*pos..end].starts_with(['，', '、']) {
                wide_comma = true;
                *pos += '，'.len_utf8();
                items.push(item);
                continue;
            }
            items.push(self.finish_flow_item(item, first, pos, end, b']')?);
            if self.byte(*pos, end) == Some(b',') {
                *pos += 1;
            }
        }
        *pos += 1;
        if wide_comma {
            self.is_simple = false;
            let written: Vec<&str> = items.iter().map(|item| &self.text[item.span.start..item.span.end]).collect();
            let fix = format!("[{}]", written.join(", "));
            let span = Span::new(start, *pos);
            // Nothing else may stand between the items.
            let is_plain = !self.text[start..*pos].contains(['\n', '#']);
            let edit = is_plain.then(|| Edit::new(span, fix.clone()));
            self.report_repair(&code::FULL_WIDTH_LIST, span, |d| d.arg("mark", '，').arg("fix", fix).fixed_by(edit));
        }
        Ok(Node::new(Span::new(start, *pos), Value::List(items)))
    }

    /// Parses `[key: value]`, which YAML reads as a mapping with one entry.
    fn single_pair_mapping(
        &mut self,
        key: Node,
        pos: &mut usize,
        end: usize,
        depth: usize,
    ) -> Result<Node, UnsupportedFlow> {
        self.is_simple = false;
        let name = key.text().ok_or(UnsupportedFlow)?.into_owned();
        *pos += 1;
        self.skip(pos, end);
        let node = match self.byte(*pos, end) {
            None | Some(b',' | b']') => Node::new(Span::new(*pos, *pos), Value::Null),
            Some(_) => self.flow_value(pos, end, depth + 1)?,
        };
        let span = Span::new(key.span.start, node.span.end);
        Ok(Node::new(
            span,
            Value::Map(Mapping { span, entries: vec![MappingEntry { key: name, key_span: key.span, node }] }),
        ))
    }

    /// Checks that only `,` or the closing bracket follows the item. If other text follows, it becomes part of a
    /// scalar and is reported.
    fn finish_flow_item(
        &mut self,
        item: Node,
        first: usize,
        pos: &mut usize,
        end: usize,
        close: u8,
    ) -> Result<Node, UnsupportedFlow> {
        self.skip(pos, end);
        match self.byte(*pos, end) {
            Some(b',') => return Ok(item),
            Some(b) if b == close => return Ok(item),
            None => return Err(UnsupportedFlow),
            Some(_) => {}
        }
        if item.text().is_none() || self.text[first..*pos].contains('\n') {
            return Err(UnsupportedFlow);
        }
        let stop = self.text[*pos..end].find([',', ']', '}', '[', '{', '\n', '\r']).map_or(end, |i| *pos + i);
        if !matches!(self.byte(stop, end), Some(b',' | b']' | b'}')) {
            return Err(UnsupportedFlow);
        }
        let mark = self.text[*pos..].chars().next().map_or(String::new(), String::from);
        let mark = if matches!(self.text.as_bytes()[first], b'"' | b'\'') {
            self.text[first..first + 1].to_string()
        } else {
            mark
        };
        *pos = stop;
        Ok(self.text_needing_quotes(first, stop, &mark))
    }

    fn flow_map(&mut self, pos: &mut usize, end: usize, depth: usize) -> Result<Node, UnsupportedFlow> {
        self.is_simple = false;
        let start = *pos;
        *pos += 1;
        let mut entries: Vec<MappingEntry> = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        loop {
            self.skip(pos, end);
            match self.byte(*pos, end) {
                Some(b'}') => break,
                None | Some(b',' | b']' | b'[' | b'{') => return Err(UnsupportedFlow),
                Some(_) => {}
            }
            let entry = self.flow_entry(pos, end, depth)?;
            if let Some(at) = seen.get(&entry.key) {
                let source = self.source;
                self.report_repair(&code::DUPLICATE_KEY, entry.key_span, |d| {
                    d.arg("key", &entry.key).arg("line", source.line_column(*at).line)
                });
            } else {
                seen.insert(entry.key.clone(), entry.key_span.start);
                entries.push(entry);
            }
            if self.byte(*pos, end) == Some(b',') {
                *pos += 1;
            }
        }
        *pos += 1;
        let span = Span::new(start, *pos);
        Ok(Node::new(span, Value::Map(Mapping { span, entries })))
    }

    fn flow_entry(&mut self, pos: &mut usize, end: usize, depth: usize) -> Result<MappingEntry, UnsupportedFlow> {
        let quoted = matches!(self.byte(*pos, end), Some(b'"' | b'\''));
        if let Some(entry) = (!quoted).then(|| self.lenient_entry(pos, end)).flatten() {
            return Ok(entry);
        }
        let key = self.flow_scalar(pos, end)?;
        let name = key.text().ok_or(UnsupportedFlow)?.into_owned();
        self.skip(pos, end);
        let mut node = Node::new(Span::new(*pos, *pos), Value::Null);
        if self.byte(*pos, end) == Some(b':') {
            *pos += 1;
            self.skip(pos, end);
            if !matches!(self.byte(*pos, end), None | Some(b',' | b'}')) {
                node = self.entry_value(pos, end, depth)?;
            }
        }
        if self.text[..*pos].ends_with('，') {
            return Ok(MappingEntry { key: name, key_span: key.span, node });
        }
        self.skip(pos, end);
        match self.byte(*pos, end) {
            Some(b',' | b'}') => Ok(MappingEntry { key: name, key_span: key.span, node }),
            _ => Err(UnsupportedFlow),
        }
    }

    /// Parses the value of an entry. A full-width comma before the next `key:` also ends it.
    fn entry_value(&mut self, pos: &mut usize, end: usize, depth: usize) -> Result<Node, UnsupportedFlow> {
        let first = *pos;
        if matches!(self.byte(first, end), Some(b'[' | b'{' | b'"' | b'\'')) {
            let node = self.flow_value(pos, end, depth + 1)?;
            return self.finish_flow_item(node, first, pos, end, b'}');
        }
        let marks = self.text[first..end].match_indices([',', '}', '\n', ']', '[', '{', '，']);
        let comma = marks
            .take_while(|(_, mark)| *mark == "，")
            .find(|(i, _)| starts_with_key(&self.text[first + i + '，'.len_utf8()..end]));
        if let Some((comma, mark)) = comma {
            let value = self.text[first..first + comma].trim_end();
            let span = Span::new(first + comma, first + comma + mark.len());
            let fix = plain_mapping(self.text, first, end);
            let is_spaced = self.text[span.end..].starts_with(' ');
            let edit = Edit::new(span, if is_spaced { "," } else { ", " });
            self.report_repair(&code::FULL_WIDTH_LIST, span, |d| d.arg("mark", "，").arg("fix", fix).fixed_by([edit]));
            // Continue after the full-width comma as if it were an ASCII comma.
            *pos = span.end;
            let node = scalar::parse_plain(value, Span::new(first, first + value.len()));
            return Ok(node);
        }
        let node = self.flow_scalar(pos, end)?;
        self.finish_flow_item(node, first, pos, end, b'}')
    }

    /// Parses `{id:a}` and `{id：a}`, which YAML reads as keys without values.
    fn lenient_entry(&mut self, pos: &mut usize, end: usize) -> Option<MappingEntry> {
        let stop = self.text[*pos..end].find([',', '}', '\n', '[', '{', ']', '，']).map(|i| *pos + i)?;
        let text = &self.text[*pos..stop];
        let (at, colon) = text.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
        let name = text[..at].trim_end();
        let value_start = at + colon.len_utf8();
        let exact = text.contains(": ") || text.ends_with(':');
        if !looks_like_key(name)
            || colon == ':' && (exact || text[at..].starts_with("://"))
            || matches!(text.as_bytes()[0], b'&' | b'*' | b'!')
        {
            return None;
        }
        let key_span = Span::new(*pos, *pos + name.len());
        let place = Span::new(*pos + at, *pos + value_start);
        let edit = self.colon_edit(key_span.end, place.end);
        let fill = |d: Diagnostic| d.arg("key", name).fixed_by([edit]);
        match colon {
            '：' => self.report_repair(&code::FULL_WIDTH_COLON, place, fill),
            _ => self.report_repair(&code::NO_SPACE_AFTER_COLON, key_span, fill),
        }
        let rest = &text[value_start..];
        let from = *pos + value_start + (rest.len() - rest.trim_start().len());
        if from == stop {
            *pos = stop;
            return Some(MappingEntry {
                key: name.to_string(),
                key_span,
                node: Node::new(Span::new(stop, stop), Value::Null),
            });
        }
        *pos = from;
        let node = self.entry_value(pos, end, 0).ok()?;
        Some(MappingEntry { key: name.to_string(), key_span, node })
    }

    fn flow_scalar(&mut self, pos: &mut usize, end: usize) -> Result<Node, UnsupportedFlow> {
        let text = self.text;
        let start = *pos;
        let bytes = &text.as_bytes()[..end];
        let delimiter = || text[start..end].find([',', ']', '}', '\n']).map_or(end, |i| start + i);
        match bytes[start] {
            quote @ (b'"' | b'\'') => {
                *pos = quoted_end(&text[..end], start, quote).ok_or(UnsupportedFlow)?;
                let span = Span::new(start, *pos);
                return Ok(match scalar::unquote(&text[start..*pos]) {
                    Some(value) => Node::new(span, Value::Text(value)),
                    None => self.parse_with_serde(&text[start..*pos], span, start),
                });
            }
            first @ (b'&' | b'*') => {
                *pos = delimiter();
                return Ok(self.anchor_or_alias(start, *pos, first));
            }
            b'!' | b'@' | b'%' | b'`' | b'|' | b'>' => {
                *pos = delimiter();
                return Ok(self.text_needing_quotes(start, *pos, &text[start..start + 1]));
            }
            b':' | b'?' => return Err(UnsupportedFlow),
            b'-' if blank_at(bytes, start + 1) => return Err(UnsupportedFlow),
            _ => {}
        }
        let mut i = start;
        while i < end {
            match bytes[i] {
                b',' | b'[' | b']' | b'{' | b'}' | b'\n' | b'\r' => break,
                b':' if blank_at(bytes, i + 1) => break,
                b':' if matches!(bytes.get(i + 1), Some(b',' | b'?' | b'[' | b']' | b'{' | b'}')) => {
                    return Err(UnsupportedFlow);
                }
                b'#' if matches!(bytes[i - 1], b' ' | b'\t') => break,
                _ => i += 1,
            }
        }
        let raw = text[start..i].trim_end_matches([' ', '\t']);
        *pos = i;
        // serde_yaml joins a text that continues on the next line.
        if matches!(bytes.get(i), Some(b'\n' | b'\r' | b'#')) {
            self.skip(pos, end);
            if !matches!(self.byte(*pos, end), Some(b',' | b']' | b'}' | b':')) {
                return Err(UnsupportedFlow);
            }
        }
        Ok(scalar::parse_plain(raw, Span::new(start, start + raw.len())))
    }
}

/// The mapping in braces around `at` with plain commas and colons.
fn plain_mapping(text: &str, at: usize, end: usize) -> String {
    const LONGEST: usize = 160;
    let start = text[..at].rfind('{').unwrap_or(at);
    let stop = text[at..end].find('}').map_or(end, |i| at + i + 1);
    let written = &text[start..stop];
    if written.len() > LONGEST || written.contains('\n') {
        return "{a: 1, b: 2}".to_string();
    }
    let mut out = String::with_capacity(written.len() + 8);
    let mut in_key = true;
    for (i, c) in written.char_indices() {
        match c {
            '，' if starts_with_key(&written[i + c.len_utf8()..]) => {
                out.push_str(", ");
                in_key = true;
            }
            '：' | ':' if in_key => {
                out.push(':');
                if !written[i + c.len_utf8()..].starts_with(' ') {
                    out.push(' ');
                }
                in_key = false;
            }
            ',' | '{' => {
                out.push(c);
                in_key = true;
            }
            _ => out.push(c),
        }
    }
    out
}

/// Whether `text` begins with a key and an ASCII or full-width colon.
fn starts_with_key(text: &str) -> bool {
    let end = text.char_indices().take(40).find(|(_, c)| matches!(c, ':' | '：' | ',' | '}' | '\n'));
    end.is_some_and(|(i, c)| matches!(c, ':' | '：') && looks_like_key(text[..i].trim()))
}
