//! Reads the YAML mapping of a diagram by the table of its keys.
//!
//! Input: a [`DirectiveCall`] whose body is YAML. Output: a [`Form`] with the text and place of each value, or findings
//! with their position in the file. Does not know what the values mean.

use super::super::super::source_map::SourceMap;
use super::super::super::writer::HtmlWriter;
use super::super::DirectiveCall;
use super::super::definitions::DirectiveBodyKind;
use super::super::yaml_entries::{MAX_YAML, explain, full_width_colon, is_fatal, line_end, map_value_lines, offset};
use super::keys::{DiagramKey, DiagramValue};
use puzhi_core::base::{Span, closest_match};
use puzhi_core::diag::SourceText;
use puzhi_core::diag::codes::{diagrams as codes, front_matter as yaml_codes, markdown as entry_codes};
use puzhi_core::yaml::{Mapping, MappingEntry, Node, parse_value};

/// A mapping: the values of its keys, without those that are empty.
pub(super) struct Form {
    /// Byte range of its first line in the file.
    pub span: Span,
    values: Vec<(&'static str, FormValue)>,
}

enum FormValue {
    Text(Written),
    Names(Vec<Written>),
    Entries(Vec<Form>),
}

/// A text with its place.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// The text, trimmed.
    pub text: String,
    /// Byte range in the file.
    pub span: Span,
    /// Byte offset of the value in the body.
    start: usize,
}

impl Written {
    /// Places of the lines of the text in the file.
    pub fn source_map(&self, call: &DirectiveCall) -> SourceMap {
        map_value_lines(&self.text, &call.body, self.start, &call.body_source_map)
    }
}

impl Form {
    fn take_value(&mut self, key: &str) -> Option<FormValue> {
        let at = self.values.iter().position(|(name, _)| *name == key)?;
        Some(self.values.swap_remove(at).1)
    }

    /// The text of a key that takes one.
    pub fn text(&mut self, key: &str) -> Option<Written> {
        match self.take_value(key)? {
            FormValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a key that was checked to be there.
    pub fn required(&mut self, key: &str) -> String {
        self.text(key).map(|written| written.text).unwrap_or_default()
    }

    /// The names of a key that takes several.
    pub fn names(&mut self, key: &str) -> Vec<Written> {
        match self.take_value(key) {
            Some(FormValue::Names(names)) => names,
            _ => Vec::new(),
        }
    }

    /// The mappings of a key that takes a list of them.
    pub fn entries(&mut self, key: &str) -> Vec<Form> {
        match self.take_value(key) {
            Some(FormValue::Entries(entries)) => entries,
            _ => Vec::new(),
        }
    }
}

/// Reads the YAML of a diagram; `None` if it has an error, which is reported.
pub(super) fn read(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Form> {
    let DirectiveBodyKind::Diagram(keys) = call.definition.body else { return None };
    let mut reader = FormReader { writer, call, is_right: true };
    let body = call.body.as_str();
    if body.trim().is_empty() {
        reader.report(call.name_span, "里面没有内容", "there is nothing inside");
        return None;
    }
    if body.len() > MAX_YAML {
        reader.report(call.name_span, "太长了，请分成几张图", "it is too long; make several diagrams");
        return None;
    }
    let source = SourceText::new(reader.writer.context.source.file, body);
    let (node, diags) = parse_value(&source, Span::new(0, body.len()));
    if let Some(diag) = diags.iter().find(|diag| is_fatal(diag)) {
        let at = diag.position.map_or(0, |position| offset(body, position));
        let fault = explain(body, at, diag);
        let span = call.body_source_map.span(&(fault.at..line_end(body, fault.at)));
        reader.report(span, fault.zh, fault.en);
        return None;
    }
    for repeated in diags.iter().filter(|d| *d.code == yaml_codes::DUPLICATE_KEY) {
        let at = repeated.position.map_or(0, |position| offset(body, position));
        reader.report_repeated(call.body_source_map.span(&(at..line_end(body, at))));
    }
    let Some(mapping) = node.as_map() else {
        reader.report_structure(
            &node,
            "这里要写“键: 值”，不是一个列表",
            "\"key: value\" lines belong here, not a list",
        );
        return None;
    };
    let form = reader.mapping(mapping, keys);
    reader.is_right.then_some(form)
}

struct FormReader<'r, 'w, 'a> {
    writer: &'r mut HtmlWriter<'w, 'a>,
    call: &'r DirectiveCall,
    is_right: bool,
}

impl FormReader<'_, '_, '_> {
    fn report(&mut self, span: Span, zh: &str, en: &str) {
        self.is_right = false;
        let example = match self.call.definition.name {
            "flow" => "步骤: [{标题: 提交材料}]",
            "decision" => "问题: [{问: …, 选项: [{答: …, 去: …}]}]",
            _ => "单位: 件",
        };
        let diag = self.writer.context.diag_at(&codes::BAD_DIAGRAM, span).arg("name", self.call.definition.name);
        self.writer.context.push_diag(diag.arg("zh", zh).arg("en", en).arg("example", example));
    }

    fn report_repeated(&mut self, span: Span) {
        self.report(span, "同一个键写了两次", "the same key is written twice");
    }

    /// Reports a value of a wrong form, or the full-width colon that is the cause of it.
    fn report_structure(&mut self, node: &Node, zh: &str, en: &str) {
        let (at, zh, en) = match full_width_colon(&self.call.body, node.span.start) {
            Some(fault) => (fault.at, fault.zh, fault.en),
            None => (node.span.start, zh, en),
        };
        self.report(self.rest_of_line(at), zh, en);
    }

    /// Byte range in the file from byte `at` of the body to the end of its line.
    fn rest_of_line(&self, at: usize) -> Span {
        self.call.body_source_map.span(&(at..line_end(&self.call.body, at)))
    }

    fn mapping(&mut self, mapping: &Mapping, keys: &'static [DiagramKey]) -> Form {
        let first = mapping.entries.first().map_or(mapping.span.start, |entry| entry.key_span.start);
        let mut form = Form { span: self.rest_of_line(first), values: Vec::new() };
        let mut seen: Vec<&str> = Vec::new();
        for entry in &mapping.entries {
            let key_span = self.call.body_source_map.span(&(entry.key_span.start..entry.key_span.end));
            let Some(key) = keys.iter().find(|key| key.en == entry.key || key.zh == entry.key) else {
                let near = closest_match(&entry.key, keys.iter().flat_map(|key| [key.en, key.zh]));
                let diag = self.writer.context.diag_at(&entry_codes::UNKNOWN_KEY, key_span).arg("key", &entry.key);
                let diag = diag.arg("name", self.call.definition.name).optional_arg("nearest", near);
                self.writer.context.push_diag(diag);
                continue;
            };
            if seen.contains(&key.en) {
                self.report_repeated(key_span);
                continue;
            }
            seen.push(key.en);
            if let Some(value) = self.value(key, entry) {
                form.values.push((key.en, value));
            }
        }
        // A key whose value was refused is not missing.
        for key in keys.iter().filter(|key| key.required && !form.values.iter().any(|(name, _)| *name == key.en)) {
            let is_refused = mapping.entries.iter().any(|e| (e.key == key.en || e.key == key.zh) && !is_empty(&e.node));
            if !is_refused {
                self.report_missing(key, form.span);
            }
        }
        form
    }

    fn report_missing(&mut self, key: &DiagramKey, span: Span) {
        self.is_right = false;
        report_missing(self.writer, key.en, key.zh, span);
    }

    fn value(&mut self, key: &'static DiagramKey, entry: &MappingEntry) -> Option<FormValue> {
        if is_empty(&entry.node) {
            return None;
        }
        match &key.takes {
            DiagramValue::Entries { keys, limit } => {
                let items = entry.node.as_list().unwrap_or(std::slice::from_ref(&entry.node));
                let mut out = Vec::with_capacity(items.len().min(*limit));
                for (number, item) in items.iter().enumerate() {
                    if number >= *limit {
                        self.is_right = false;
                        let span = self.rest_of_line(item.span.start);
                        let diag = self.writer.context.diag_at(&codes::TOO_MANY_ENTRIES, span);
                        self.writer.context.push_diag(diag.arg("key", key.zh).arg("limit", limit));
                        break;
                    }
                    match item.as_map() {
                        Some(mapping) => out.push(self.mapping(mapping, keys)),
                        None => self.report_structure(
                            item,
                            "这里要写一个列表，每一项是“- 键: 值”",
                            "a list belongs here, with \"- key: value\" entries",
                        ),
                    }
                }
                Some(FormValue::Entries(out))
            }
            DiagramValue::Names => {
                let mut out = Vec::new();
                match entry.node.as_list() {
                    Some(items) => {
                        items.iter().filter(|item| !is_empty(item)).for_each(|item| out.extend(self.text(item)))
                    }
                    None => {
                        out.extend(self.text(&entry.node).into_iter().flat_map(|line| split_names(&line, self.call)))
                    }
                }
                Some(FormValue::Names(out))
            }
            _ => self.text(&entry.node).map(FormValue::Text),
        }
    }

    /// The text of a value, or a finding if it is a list or mapping.
    fn text(&mut self, node: &Node) -> Option<Written> {
        let body = self.call.body.as_str();
        let written = body.get(node.span.start..node.span.end).unwrap_or("");
        let text = match node.text() {
            Some(text) => text.trim().to_string(),
            // Only an ASCII bracket starts a YAML list. A value that starts with a full-width bracket is text.
            None if written.starts_with('［') => written.trim().to_string(),
            None => {
                self.report_structure(node, "这里只写文字，不写列表", "text belongs here, not a list");
                return None;
            }
        };
        // The place leaves out quotation marks; that of a value over several lines is its first line.
        let inner = written.find(&text).map(|at| (node.span.start + at, node.span.start + at + text.len()));
        let span = match inner {
            Some((from, to)) => self.call.body_source_map.span(&(from..to)),
            None => self.rest_of_line(node.span.start),
        };
        Some(Written { text, span, start: node.span.start })
    }
}

/// Reports that a mapping lacks a key.
pub(super) fn report_missing(writer: &mut HtmlWriter<'_, '_>, en: &str, zh: &str, span: Span) {
    let diag = writer.context.diag_at(&entry_codes::MISSING_KEY, span).arg("key", en).arg("zh", zh);
    writer.context.push_diag(diag);
}

/// Reports a fault of the diagram as a whole.
pub(super) fn report(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall, span: Span, zh: &str, en: &str) {
    FormReader { writer, call, is_right: true }.report(span, zh, en);
}

/// Whether a value says nothing: null, blank text, a list of nothing.
fn is_empty(node: &Node) -> bool {
    match node.as_list() {
        Some(items) => items.iter().all(is_empty),
        None => node.is_null() || node.text().is_some_and(|text| text.trim().is_empty()),
    }
}

/// The names in one line, each with its place; with that of the line if it is written with escapes or over several lines.
fn split_names(line: &Written, call: &DirectiveCall) -> Vec<Written> {
    let rest = call.body.get(line.start..).unwrap_or("");
    let first = rest[..rest.find('\n').unwrap_or(rest.len())].find(&line.text).map(|at| line.start + at);
    let at_of = |part: &str| part.as_ptr() as usize - line.text.as_ptr() as usize;
    let parts = line.text.split(['、', '，', ',', '；', ';']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| match first.map(|first| first + at_of(part)) {
            Some(start) => {
                let span = call.body_source_map.span(&(start..start + part.len()));
                Written { text: part.to_string(), span, start }
            }
            None => Written { text: part.to_string(), ..line.clone() },
        })
        .collect()
}
