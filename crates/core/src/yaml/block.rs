//! Parses block structure: turns the lines of a text into mapping entries and list items with their spans. An error
//! in one line does not stop the parsing of the others.
//!
//! Input: the lines of a span. Output: a tree of [`Node`]s and diagnostics. This file does not interpret single
//! values: `inline` and `flow` parse the value on a line, and `reparse` passes everything that is not a plain scalar
//! to serde_yaml.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, DiagnosticCode, Edit, SourceText};

use super::bounded_diagnostics::BoundedDiagnostics;
use super::line_folding::join_lines;
use super::lines::{self, ColonStyle, KeyToken, SourceLine};
use super::{Mapping, MappingEntry, Node, Value};

/// Maximum nesting depth of lists and mappings.
pub(super) const MAX_DEPTH: usize = 32;
/// Longest word that is a key where every colon of a block is full-width, in characters.
const MAX_WORD_BEFORE_FULL_WIDTH_COLON: usize = 8;

pub(super) struct Parser<'a, 't> {
    pub source: &'a SourceText<'t>,
    pub text: &'t str,
    lines: Vec<SourceLine>,
    end: usize,
    pub diagnostics: BoundedDiagnostics,
    /// The current entry contains something that serde_yaml would reject or read differently. It has already been
    /// reported, so the entry is not passed to serde_yaml.
    pub has_repairs: bool,
    /// The current entry is a plain scalar or simple list that serde_yaml would read the same way, so serde_yaml is
    /// not called.
    pub is_simple: bool,
    /// The text contains characters that serde_yaml rejects or treats as line breaks.
    pub has_invalid_characters: bool,
}

impl<'a, 't> Parser<'a, 't> {
    pub fn new(source: &'a SourceText<'t>, span: Span) -> Self {
        let text = source.text;
        let mut parser = Self {
            source,
            text,
            lines: lines::lines(text, span),
            end: span.end,
            diagnostics: BoundedDiagnostics::new(),
            has_repairs: false,
            is_simple: true,
            has_invalid_characters: false,
        };
        parser.report_control_characters(span);
        // We treat a line of full-width spaces or tabs as blank. serde_yaml reads such a line as text or rejects it.
        parser.has_invalid_characters |=
            parser.lines.iter().any(|l| l.is_blank_or_comment(text) && l.odd_indent.is_some());
        parser
    }

    /// Reports characters that YAML does not allow and invisible characters that break lines.
    fn report_control_characters(&mut self, span: Span) {
        let bytes = &self.text.as_bytes()[span.start..span.end];
        let odd = |b: &u8| (*b < 0x20 && !matches!(*b, b'\t' | b'\n' | b'\r')) || *b == 0x7F;
        // Bytes C2 (80..9F), E2 (80 A8/A9) and EF (BB BF, BF BE/BF) start the other invalid characters. CR is invalid
        // only when no LF follows.
        if !bytes.iter().any(|b| odd(b) || matches!(*b, 0xC2 | 0xE2 | 0xEF | b'\r')) {
            return;
        }
        let text = self.text;
        for (i, c) in text[span.start..span.end].char_indices() {
            let at = span.start + i;
            let bad = match c {
                '\t' | '\n' => false,
                '\r' => text.as_bytes().get(at + 1).is_some_and(|b| *b != b'\n') && at + 1 < span.end,
                '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{2028}' | '\u{2029}' => true,
                _ => c.is_control(),
            };
            if bad {
                self.has_invalid_characters = true;
                self.report(&code::YAML_CONTROL, Span::new(at, at + c.len_utf8()), |d| {
                    d.arg("name", format!("U+{:04X}", c as u32))
                });
            }
        }
    }

    /// Adds a diagnostic at `span`. `fill` sets its arguments.
    pub fn report(&mut self, code: &'static DiagnosticCode, span: Span, fill: impl FnOnce(Diagnostic) -> Diagnostic) {
        self.diagnostics.add(self.source, code, span, fill);
    }

    /// Adds a diagnostic about something that this parser reads differently from YAML, and marks the current entry as
    /// repaired so that serde_yaml does not read it again.
    pub fn report_repair(
        &mut self,
        code: &'static DiagnosticCode,
        span: Span,
        fill: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        self.has_repairs = true;
        self.report(code, span, fill);
    }

    /// Returns the first line in `range` that is neither blank nor a comment, and the index of the line after it.
    fn first_content_line(&self, range: Range<usize>) -> Option<(SourceLine, usize)> {
        range.into_iter().find(|i| !self.lines[*i].is_blank_or_comment(self.text)).map(|i| (self.lines[i], i + 1))
    }

    /// Parses the whole text as a mapping.
    pub fn document_mapping(&mut self) -> Vec<MappingEntry> {
        let all = self.lines.len();
        let Some((first, next)) = self.first_content_line(0..all) else { return Vec::new() };
        if first.body(self.text).starts_with('{') && first.odd_indent.is_none() {
            return match self.single_value(first, next..all).value {
                Value::Map(mapping) => mapping.entries,
                Value::Null => Vec::new(),
                _ => {
                    self.report_stray_line(first, &code::YAML_NO_KEY);
                    Vec::new()
                }
            };
        }
        self.mapping(first, next..all, 0)
    }

    /// Parses the whole text as a mapping, a list or a single value, whichever it is.
    pub fn document(&mut self, span: Span) -> Node {
        let all = self.lines.len();
        let Some((mut first, mut next)) = self.first_content_line(0..all) else { return Node::new(span, Value::Null) };
        if first.document_mark(self.text) == Some("---") && first.body(self.text).trim_end_matches([' ', '\t']) == "---"
        {
            match self.first_content_line(next..all) {
                Some(after) => (first, next) = after,
                None => return Node::new(span, Value::Null),
            }
        }
        if first.document_mark(self.text).is_some() {
            self.report_stray_line(first, &code::YAML_NO_KEY);
            return Node::new(span, Value::Null);
        }
        let mut node = if first.item(self.text).is_some() {
            Node::new(span, Value::List(self.sequence(first, next..all, 0)))
        } else if first.key(self.text).is_some() {
            Node::new(span, Value::Map(Mapping { span, entries: self.mapping(first, next..all, 0) }))
        } else {
            return self.single_value(first, next..all);
        };
        node.span = Span::new(first.body, span.end.max(first.body));
        node
    }

    /// Parses the whole text as one value that starts on `first` and is neither a block mapping nor a block list.
    fn single_value(&mut self, first: SourceLine, rest: Range<usize>) -> Node {
        self.begin_entry();
        let at = self.text_start(first);
        let (mut node, used) = self.value(ValueStart { at, line: first, rest: rest.clone(), mark: "", depth: 0 });
        let used = used.max(rest.start);
        self.reparse_value(&mut node, first.start, used);
        join_lines(self.text, &mut node);
        if let Some((stray, _)) = self.first_content_line(used..rest.end) {
            self.report_stray_line(stray, &code::YAML_NO_KEY);
        }
        node
    }

    /// Parses the block that starts with `first`: a list, a mapping, or one value over several lines.
    fn block(&mut self, first: SourceLine, rest: Range<usize>, depth: usize) -> Node {
        let end = rest
            .clone()
            .rev()
            .map(|i| self.lines[i])
            .find(|l| !l.is_blank())
            .map_or(first.end, |l| l.end.max(first.end));
        let span = Span::new(first.body, end);
        self.is_simple = false;
        if depth > MAX_DEPTH {
            self.report_repair(&code::YAML_TOO_DEEP, span, |d| d.arg("limit", MAX_DEPTH));
            return Node::new(span, Value::Null);
        }
        if first.item(self.text).is_some() || self.looks_like_list(first, rest.clone()) {
            return Node::new(span, Value::List(self.sequence(first, rest, depth)));
        }
        if first.key(self.text).is_some() || self.looks_like_mapping(first, rest.clone()) {
            return Node::new(span, Value::Map(Mapping { span, entries: self.mapping(first, rest, depth) }));
        }
        let at = self.text_start(first);
        let (node, used) = self.value(ValueStart { at, line: first, rest: rest.clone(), mark: "", depth });
        if let Some((stray, _)) = self.first_content_line(used.max(rest.start)..rest.end) {
            self.report_stray_line(stray, &code::YAML_NO_KEY);
        }
        node
    }

    /// Whether lines that YAML would join into one text look like a list: every line at this indentation starts with
    /// a list mark.
    fn looks_like_list(&self, first: SourceLine, rest: Range<usize>) -> bool {
        let level: Vec<SourceLine> = self.lines_at_indent(first, rest).collect();
        let text = self.text;
        let number = |l: &SourceLine| {
            l.body(text).get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
        };
        level.iter().all(|l| l.item(text).or(l.lenient_item(text)).is_some())
            && (level.len() > 1 || first.single_item(text) && !number(&first) || first.starred_item(text).is_some())
    }

    /// Whether lines without a valid key look like a mapping: one of them has a valid key, or there are several and
    /// each begins with a short word before a full-width colon.
    fn looks_like_mapping(&self, first: SourceLine, rest: Range<usize>) -> bool {
        let text = self.text;
        if first.lenient_key(text).is_none() {
            return false;
        }
        let level: Vec<SourceLine> = self.lines_at_indent(first, rest).collect();
        let full_width = |l: &SourceLine| {
            l.lenient_key(text).is_some_and(|key| {
                key.colon == ColonStyle::FullWidth
                    && text[key.span.start..key.span.end].chars().count() <= MAX_WORD_BEFORE_FULL_WIDTH_COLON
            })
        };
        level.iter().any(|l| l.key(text).is_some()) || level.len() > 1 && level.iter().all(full_width)
    }

    fn lines_at_indent(&self, first: SourceLine, rest: Range<usize>) -> impl Iterator<Item = SourceLine> {
        let same = move |l: &SourceLine| l.indent == first.indent && !l.is_blank_or_comment(self.text);
        std::iter::once(first).chain(rest.map(|i| self.lines[i]).filter(same))
    }

    /// Whether a line can be part of what the line above begins: not if it has a key and that one has its value already.
    fn belongs_to_line_above(&self, line: SourceLine) -> bool {
        let number = self.lines.partition_point(|other| other.start < line.start);
        let above = self.lines[..number].iter().rev().find(|other| !other.is_blank_or_comment(self.text));
        above.is_none_or(|above| {
            let words = self.text[above.body..above.end].trim_end();
            above.indent > 0
                || words.ends_with([':', '：'])
                || words.starts_with(['-', '－'])
                || line.key(self.text).is_none()
        })
    }

    /// Reports a tab, full-width space or no-break space in the indentation.
    fn report_indent_character(&mut self, line: SourceLine) {
        if let Some((at, c)) = line.odd_indent {
            let (what, what_en) = match c {
                '\t' => ("制表符（Tab）", "tab"),
                '\u{3000}' => ("全角空格", "full-width space"),
                _ => ("不换行空格", "no-break space"),
            };
            let is_nested = self.belongs_to_line_above(line);
            let spaces = " ".repeat(if is_nested { line.indent } else { 0 });
            let edit = Edit::new(Span::new(line.start, line.body), spaces);
            let (fix, fix_en) = match is_nested {
                true => (
                    format!("改打 {} 个半角空格", line.indent),
                    format!("delete it and type {} spaces instead", line.indent),
                ),
                false => ("顶格写".to_string(), "delete it and start the line at its beginning".to_string()),
            };
            self.report_repair(&code::YAML_INDENT_CHARACTER, Span::new(at, line.body), |d| {
                d.arg("what", what).arg("what_en", what_en).arg("fix", fix).arg("fix_en", fix_en).fixed_by([edit])
            });
        }
    }

    /// Returns the first byte of a text that begins on `line`. Full-width and no-break spaces before it belong to the
    /// text.
    fn text_start(&mut self, line: SourceLine) -> usize {
        match line.odd_indent {
            Some((at, c)) if c != '\t' => at,
            _ => {
                self.report_indent_character(line);
                line.body
            }
        }
    }

    /// Reports a line that is neither an entry nor an item of the surrounding block.
    fn report_stray_line(&mut self, line: SourceLine, code: &'static DiagnosticCode) {
        let span = Span::new(line.body, line.end);
        match line.document_mark(self.text) {
            Some(mark) => self.report_repair(&code::YAML_DOCUMENTS, span, |d| d.arg("mark", mark)),
            None => self.report_repair(code, span, |d| d),
        }
    }

    fn mapping(&mut self, first: SourceLine, rest: Range<usize>, depth: usize) -> Vec<MappingEntry> {
        let mut level = MappingLevel { base: first.indent, entries: Vec::new(), seen: BTreeMap::new() };
        let (mut line, mut next) = (first, rest.start);
        loop {
            if !line.is_blank_or_comment(self.text) {
                if depth == 0 {
                    self.begin_entry();
                }
                self.report_indent_character(line);
                self.check_indent(line, &mut level.base, depth);
                match line.lenient_key(self.text) {
                    Some(key) if line.document_mark(self.text).is_none() => {
                        next = self.entry(&mut level, line, key, next..rest.end, depth)
                    }
                    _ => self.report_stray_line(line, &code::YAML_NO_KEY),
                }
            }
            if next >= rest.end {
                return level.entries;
            }
            line = self.lines[next];
            next += 1;
        }
    }

    /// Reports a line whose indentation differs from that of its block. In the outermost block a smaller indentation
    /// becomes the new base.
    fn check_indent(&mut self, line: SourceLine, base: &mut usize, depth: usize) {
        if line.indent != *base && line.odd_indent.is_none() {
            let edit = self.indent_edit(line, *base);
            self.report_repair(&code::YAML_INDENT, Span::new(line.body, line.end), |d| {
                let (fix, fix_en) = match *base {
                    0 => ("顶格写，前面不要空格".to_string(), "start it at the left margin".to_string()),
                    spaces => (format!("前面空 {spaces} 个空格"), format!("start it with {spaces} spaces")),
                };
                d.arg("fix", fix).arg("fix_en", fix_en).fixed_by(edit)
            });
        }
        if depth == 0 {
            *base = line.indent.min(*base);
        }
    }

    /// Whether the next line with content is indented deeper.
    pub fn has_nested_lines(&self, line: SourceLine) -> bool {
        let below = self.lines.partition_point(|other| other.start <= line.start);
        self.first_content_line(below..self.lines.len()).is_some_and(|(next, _)| next.indent > line.indent)
    }

    /// Parses one `key: value` entry that starts on `line`. `rest` holds the lines that may continue it. Returns the
    /// index of the first line it does not use.
    fn entry(
        &mut self,
        level: &mut MappingLevel,
        line: SourceLine,
        key: KeyToken,
        rest: Range<usize>,
        depth: usize,
    ) -> usize {
        let text = self.text;
        let written = &text[key.span.start..key.span.end];
        let name = if key.quoted { self.key_text(written, key.span) } else { written.to_string() };
        let edit = self.colon_edit(key.span.end, key.after);
        let fill = |d: Diagnostic| d.arg("key", &name).fixed_by([edit]);
        match key.colon {
            ColonStyle::Plain => {}
            ColonStyle::FullWidth => {
                self.report_repair(&code::FULL_WIDTH_COLON, Span::new(key.span.end, key.after), fill)
            }
            ColonStyle::NoSpace => self.report_repair(&code::NO_SPACE_AFTER_COLON, key.span, fill),
        }
        let (node, used) =
            self.value_after_marker(ValueStart { at: key.after, line, rest: rest.clone(), mark: "k: ", depth });
        let known = match level.seen.get(&name) {
            Some(at) => {
                let source = self.source;
                self.report_repair(&code::DUPLICATE_KEY, key.span, |d| {
                    d.arg("key", &name).arg("line", source.line_column(*at).line)
                });
                true
            }
            None => false,
        };
        let mut entry = MappingEntry { key: name, key_span: key.span, node };
        if depth == 0 && !self.is_simple && !self.has_repairs {
            self.reparse_entry(&mut entry, line.start, used);
        }
        if depth == 0 && used > rest.start {
            join_lines(self.text, &mut entry.node);
        }
        if !known {
            level.seen.insert(entry.key.clone(), key.span.start);
            level.entries.push(entry);
        }
        used
    }

    fn key_text(&mut self, quoted: &str, span: Span) -> String {
        match super::scalar::unquote(quoted) {
            Some(text) => text,
            None => self.parse_with_serde(quoted, span, span.start).text().unwrap_or_default().into_owned(),
        }
    }

    fn sequence(&mut self, first: SourceLine, rest: Range<usize>, depth: usize) -> Vec<Node> {
        let mut items = Vec::new();
        let mut base = first.indent;
        let (mut line, mut next) = (first, rest.start);
        loop {
            if !line.is_blank_or_comment(self.text) {
                if depth == 0 {
                    self.begin_entry();
                }
                self.report_indent_character(line);
                self.check_indent(line, &mut base, depth);
                let exact = line.item(self.text).filter(|_| line.document_mark(self.text).is_none());
                match exact.or_else(|| line.lenient_item(self.text)) {
                    Some(content) => {
                        if exact.is_none() {
                            self.report_list_mark(line, content);
                        }
                        let (mut item, used) = self.item(line, content, next..rest.end, depth);
                        if depth == 0 && !self.is_simple && !self.has_repairs {
                            self.reparse_item(&mut item, line.start, used);
                        }
                        if depth == 0 && used > next {
                            join_lines(self.text, &mut item);
                        }
                        next = used;
                        items.push(item);
                    }
                    None => self.report_stray_line(line, &code::YAML_NO_ITEM),
                }
            }
            if next >= rest.end {
                return items;
            }
            line = self.lines[next];
            next += 1;
        }
    }

    /// Parses the content of a list item, which starts at byte `content` of `line`.
    fn item(&mut self, line: SourceLine, content: usize, rest: Range<usize>, depth: usize) -> (Node, usize) {
        let inner = line.from(content);
        let used = self.end_of_nested_lines(rest.clone(), line.indent, false);
        let is_block = || {
            inner.item(self.text).is_some()
                || inner.key(self.text).is_some()
                || self.looks_like_mapping(inner, rest.start..used)
        };
        if content < line.end && is_block() {
            return (self.block(inner, rest.start..used, depth + 1), used);
        }
        self.value_after_marker(ValueStart { at: content, line, rest, mark: "- ", depth })
    }

    /// Parses what follows `key:` or `- `: a value on the same line, or the block on the lines below. Also returns
    /// the index of the first line it does not use.
    fn value_after_marker(&mut self, start: ValueStart<'_>) -> (Node, usize) {
        let text = self.text;
        let ValueStart { at, line, .. } = start;
        // Skip a full-width space only where the colon or list mark has no ASCII space after it.
        let blanks: &[char] = if text[at..].starts_with('\u{3000}') && !text[..at].ends_with([' ', '\t']) {
            &[' ', '\t', '\u{3000}']
        } else {
            &[' ', '\t']
        };
        let at = line.end - text[at..line.end].trim_start_matches(blanks).len();
        let inline = &text[at..line.end];
        if start.mark.starts_with('k')
            && let Some(list) = self.numbered_list_on_key_line(at, &start)
        {
            return list;
        }
        let blank_before = at == line.end || text[..at].ends_with([' ', '\t']);
        let commented = inline.starts_with('#') && blank_before;
        if !inline.is_empty() && !commented {
            return self.value(ValueStart { at, ..start });
        }
        let used = self.end_of_nested_lines(start.rest.clone(), line.indent, start.mark.starts_with('k'));
        match self.first_content_line(start.rest.start..used) {
            Some((first, next)) => (self.block(first, next..used, start.depth + 1), used),
            None => {
                self.warn_lost_to_comment(at, line);
                (Node::new(Span::new(at, at), Value::Null), used)
            }
        }
    }

    /// Reads `key: 1. one` with `2. two` on the lines below as a list.
    fn numbered_list_on_key_line(&mut self, at: usize, start: &ValueStart<'_>) -> Option<(Node, usize)> {
        let ValueStart { line, rest, depth, .. } = start;
        let first = line.from(at);
        let content = first.numbered_item(self.text)?;
        let used = self.end_of_nested_lines(rest.clone(), line.indent, true);
        let (below, next) = self.first_content_line(rest.start..used)?;
        below.numbered_item(self.text)?;
        self.is_simple = false;
        self.report_list_mark(first, content);
        let span = Span::new(content, content + self.text[content..line.end].trim_end().len());
        let mut items = vec![super::scalar::parse_plain(&self.text[span.start..span.end], span)];
        items.extend(self.sequence(below, next..used, depth + 1));
        let end = items.last().map_or(span.end, |item| item.span.end);
        Some((Node::new(Span::new(at, end.max(span.end)), Value::List(items)), used))
    }

    /// Reports a list item that begins with another mark than `- `.
    fn report_list_mark(&mut self, line: SourceLine, content: usize) {
        let mark = self.text[line.body..content].trim();
        let value: String = self.text[content..line.end].chars().take(40).collect();
        let span = Span::new(line.body, content);
        let edit = self.list_mark_edit(line, span);
        self.report_repair(&code::LIST_MARK, span, |d| d.arg("mark", mark).arg("value", value).fixed_by(edit));
    }

    /// Warns about a `#` directly before text: YAML reads the text as a comment although it was probably meant as
    /// content, as in `colour: #9b1c1c`.
    pub fn warn_lost_to_comment(&mut self, at: usize, line: SourceLine) {
        let comment = &self.text[at..line.end];
        if comment.starts_with('#')
            && !comment[1..].starts_with([' ', '#', '\t', '!', '-', '=', '—'])
            && comment.len() > 1
        {
            let value: String = comment.chars().take(40).collect();
            self.report(&code::LOST_TO_COMMENT, Span::new(at, line.end), |d| d.arg("value", value));
        }
    }

    /// Returns the index after the lines that are indented by more than `indent`. With `items`, list items at exactly
    /// `indent` also count, with other marks, too, unless they begin with a key.
    pub fn end_of_nested_lines(&self, rest: Range<usize>, indent: usize, items: bool) -> usize {
        let inside = |l: &SourceLine| {
            l.is_blank_or_comment(self.text)
                || l.indent > indent
                || items
                    && l.indent == indent
                    && (l.item(self.text).is_some() || l.key(self.text).is_none() && self.is_marked(l))
        };
        rest.clone().find(|i| !inside(&self.lines[*i])).unwrap_or(rest.end)
    }

    /// Whether a line has another mark of a list; one with a hyphen may be a key before a full-width colon.
    fn is_marked(&self, line: &SourceLine) -> bool {
        let (text, line) = (self.text, *line);
        line.numbered_item(text).or(line.starred_item(text)).is_some()
            || line.lenient_item(text).is_some()
                && line.lenient_key(text).is_none()
                && line.document_mark(text).is_none()
    }

    /// Returns the offset up to which brackets or quotes opened on a line indented by `indent` may reach: they stop
    /// before the next line, indented no deeper, that starts with a key, a list mark or a document mark.
    pub fn multiline_limit(&self, line: SourceLine, rest: Range<usize>, indent: usize) -> usize {
        let stops = |l: &SourceLine| {
            l.indent <= indent
                && !l.is_blank_or_comment(self.text)
                && (l.key(self.text).is_some() || l.item(self.text).is_some() || l.document_mark(self.text).is_some())
        };
        let mut end = line.end;
        for i in rest {
            if stops(&self.lines[i]) {
                break;
            }
            end = self.lines[i].end;
        }
        end
    }

    /// Returns the index of the line after the one that contains byte `at`.
    pub fn after_line_of(&self, at: usize, rest: Range<usize>) -> usize {
        let (start, found) = (rest.start, self.lines[rest].partition_point(|l| l.start <= at));
        start + found
    }

    pub fn line_at(&self, index: usize) -> SourceLine {
        self.lines[index]
    }

    /// Returns the offset after the last byte of line `index`, including its line ending.
    pub fn end_of_line(&self, index: usize) -> usize {
        self.lines.get(index + 1).map_or(self.end, |next| next.start)
    }

    pub fn document_end(&self) -> usize {
        self.end
    }
}

/// The position of a value and the lines that may belong to it.
#[derive(Clone)]
pub(super) struct ValueStart<'m> {
    /// First byte of the value.
    pub at: usize,
    /// The line on which the value begins.
    pub line: SourceLine,
    /// Indexes of the lines that may continue the value.
    pub rest: Range<usize>,
    /// What stands before the value: `k: ` for any key, `- ` for an item, or nothing for a whole document or block.
    pub mark: &'m str,
    /// Number of levels above the value.
    pub depth: usize,
}

/// The state of a mapping while its lines are read.
struct MappingLevel {
    base: usize,
    entries: Vec<MappingEntry>,
    /// Byte offset of the first occurrence of each key.
    seen: BTreeMap<String, usize>,
}
