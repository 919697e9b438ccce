//! Reads the YAML lists in the body of `contacts` and `timeline` directives.
//!
//! Input: a [`DirectiveCall`] whose body is YAML. Output: typed entries, or diagnostics with their position in the
//! file. The YAML is parsed by `puzhi_core::yaml`; this file words the diagnostics for lists in directives. Does not
//! know other pages.

use super::super::context::EntryText;
use super::super::diagram_model::Position;
use super::super::model::{Contact, DirectiveData, HtmlFragment, TimelineEntry};
use super::super::source_map::SourceMap;
use super::super::writer::{HtmlWriter, WriterMode};
use super::DirectiveCall;
use super::definitions::{DirectiveBodyKind, EntryKey, TIMELINE};
use super::diagrams::numbers;
use puzhi_core::base::{LineColumn, Span, closest_match};
use puzhi_core::diag::codes::{diagrams as diagram_codes, front_matter as yaml_codes, markdown as codes};
use puzhi_core::diag::{Diagnostic, Severity, SourceText};
use puzhi_core::yaml::{Mapping, Node, parse_value};

/// Size limit of the YAML of a directive, in bytes. Longer lists belong in a data file.
pub(super) const MAX_YAML: usize = 256 * 1024;

/// Most marks on the ruler of a timeline, so that their numbers have room on a phone.
const MAX_MARKS: usize = 8;

/// Entries of a `contacts` directive; `None` if the list has an error, which is reported.
pub(super) fn contacts(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Vec<Contact>> {
    let entries = read_entries(writer, call)?;
    let contact = |mut entry: YamlEntry| Contact {
        name: entry.take("name").unwrap_or_default(),
        place: entry.take("place"),
        phone: entry.take("phone"),
        hours: entry.take("hours"),
        note: entry.take("note"),
    };
    Some(entries.into_iter().map(contact).collect())
}

/// The entries of a `timeline` directive and the unit of its ruler; `None` if the list has an error, which is reported.
pub(super) fn timeline(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<DirectiveData> {
    let entries = read_entries(writer, call)?;
    let unit = call.text("ruler");
    let positions = positions(writer, call, &entries, unit.is_some())?;
    // The index that the timeline itself will get: its texts cannot contain directives.
    let directive = writer.context.body.directives.len();
    let mut out = Vec::with_capacity(entries.len());
    for ((number, mut entry), at) in entries.into_iter().enumerate().zip(positions) {
        let link_span = entry.span("link");
        let link = entry.take("link").and_then(|link| writer.context.add_link(&link, None, link_span));
        let (text_span, text_start) = (entry.span("text"), entry.start("text"));
        if let Some(text) = entry.take("text") {
            let source_map = map_value_lines(&text, &call.body, text_start, &call.body_source_map);
            let html = writer.nested(&text, &source_map, WriterMode::Plain, text_span);
            writer.context.entry_texts.push(EntryText { directive, entry: number, html });
        }
        out.push(TimelineEntry {
            date: entry.take("date").unwrap_or_default(),
            end: entry.take("end"),
            title: entry.take("title").unwrap_or_default(),
            text: HtmlFragment::default(),
            link,
            at,
        });
    }
    Some(DirectiveData::Timeline { entries: out, unit })
}

/// Where each entry stands on the ruler: all of them with a ruler, in ascending order, and none without one.
fn positions(
    writer: &mut HtmlWriter<'_, '_>,
    call: &DirectiveCall,
    entries: &[YamlEntry],
    has_ruler: bool,
) -> Option<Vec<Option<Position>>> {
    let mut out: Vec<Option<Position>> = Vec::with_capacity(entries.len());
    let mut is_right = true;
    for entry in entries {
        let written = entry.get("at").and_then(|value| Some((value.text.as_deref()?, value.span)));
        let (zh, en, span) = match (has_ruler, written) {
            (false, None) => {
                out.push(None);
                continue;
            }
            (false, Some((_, span))) => {
                ("写了“位置”，还要在最前面写 :ruler: 单位", "\"at\" needs an option :ruler: with the unit", span)
            }
            (true, None) => (
                "有 :ruler: 的时间线，每一项都要写“位置”",
                "with :ruler:, each entry needs \"at\"",
                entry.values.first().map_or(call.name_span, |value| value.span),
            ),
            (true, Some((text, span))) => {
                let value = numbers::read(writer, text, span, false);
                is_right &= value.is_some();
                let Some(value) = value else { continue };
                let position = Position { value, written: text.trim().to_string() };
                match out.last().and_then(Option::as_ref) {
                    Some(earlier) if earlier.value >= value => {
                        numbers::report_order(writer, &earlier.written, text, span);
                        is_right = false;
                    }
                    _ => out.push(Some(position)),
                }
                continue;
            }
        };
        EntryReader { writer, call, keys: TIMELINE }.report(span, zh, en);
        is_right = false;
    }
    if has_ruler && entries.len() > MAX_MARKS {
        let diag = writer.context.diag_at(&diagram_codes::TOO_MANY_ENTRIES, call.name_span);
        writer.context.push_diag(diag.arg("key", "timeline").arg("limit", MAX_MARKS));
        is_right = false;
    }
    is_right.then_some(out)
}

/// One entry of a list: the values of the keys that the directive defines.
struct YamlEntry {
    values: Vec<EntryValue>,
}

/// The value of one key.
struct EntryValue {
    /// English spelling of the key.
    key: &'static str,
    /// The value as written, or `None` if it is empty. Numbers are kept as text, because a telephone number is not a
    /// number.
    text: Option<String>,
    /// Byte offset of the value in the body.
    start: usize,
    /// Byte range of the value in the file. If the value is not on one line or is escaped, the range of the key.
    span: Span,
}

impl YamlEntry {
    fn get(&self, key: &str) -> Option<&EntryValue> {
        self.values.iter().find(|value| value.key == key)
    }

    fn take(&mut self, key: &str) -> Option<String> {
        self.values.iter_mut().find(|value| value.key == key)?.text.take()
    }

    fn span(&self, key: &str) -> Span {
        self.get(key).map_or(Span::default(), |value| value.span)
    }

    fn start(&self, key: &str) -> usize {
        self.get(key).map_or(0, |value| value.start)
    }
}

/// An error in a list: its position in the body and its description in Chinese and English.
pub(super) struct EntryFault {
    pub at: usize,
    pub zh: &'static str,
    pub en: &'static str,
}

fn read_entries(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Vec<YamlEntry>> {
    let DirectiveBodyKind::Entries(keys) = call.definition.body else { return None };
    let mut reader = EntryReader { writer, call, keys };
    let body = call.body.as_str();
    if body.trim().is_empty() {
        reader.report(call.name_span, "里面没有内容", "there is nothing inside");
        return None;
    }
    if body.len() > MAX_YAML {
        reader.report(call.name_span, "太长了，请放进 data 文件夹", "it is too long; put it into a data file");
        return None;
    }
    let source = SourceText::new(reader.writer.context.source.file, body);
    let (node, diags) = parse_value(&source, Span::new(0, body.len()));
    match reader.entries(&node, &diags) {
        Ok(entries) => entries,
        Err(fault) => {
            let end = line_end(body, fault.at);
            reader.report(call.body_source_map.span(&(fault.at..end)), fault.zh, fault.en);
            None
        }
    }
}

/// Converts the YAML of one directive to entries and reports errors.
struct EntryReader<'r, 'w, 'a> {
    writer: &'r mut HtmlWriter<'w, 'a>,
    call: &'r DirectiveCall,
    keys: &'static [EntryKey],
}

impl EntryReader<'_, '_, '_> {
    /// Reports that the list cannot be read, with the reason in Chinese and English.
    fn report(&mut self, span: Span, zh: &str, en: &str) {
        let diag = self.writer.context.diag_at(&codes::BAD_ENTRIES, span).arg("name", self.call.definition.name);
        let example: Vec<&str> = self.keys.iter().filter(|k| k.required).map(|k| k.en).collect();
        let diag = diag.arg("zh", zh).arg("en", en).arg("keys", format!("{}: …", example.join(": …, ")));
        self.writer.context.push_diag(diag);
    }

    /// All entries of the list, or `None` if an entry lacks a required key.
    fn entries(&mut self, list: &Node, diags: &[Diagnostic]) -> Result<Option<Vec<YamlEntry>>, EntryFault> {
        let body = self.call.body.as_str();
        if let Some(diag) = diags.iter().find(|diag| is_fatal(diag)) {
            let at = diag.position.map_or(0, |position| offset(body, position));
            return Err(explain(body, at, diag));
        }
        for repeated in diags.iter().filter(|d| *d.code == yaml_codes::DUPLICATE_KEY) {
            let at = repeated.position.map_or(0, |position| offset(body, position));
            let width = repeated.excerpt.as_ref().map_or(1, |excerpt| excerpt.marked.chars().count().max(1));
            let end = body[at..].char_indices().nth(width).map_or(body.len(), |(i, _)| at + i);
            self.report_repeated(self.call.body_source_map.span(&(at..end)));
        }
        let items = list.as_list().ok_or_else(|| wrong_structure(body, list.span.start))?;
        let mut out = Vec::with_capacity(items.len());
        let mut complete = true;
        for item in items {
            let mapping = item.as_map().ok_or_else(|| wrong_structure(body, item.span.start))?;
            let entry = self.entry(mapping)?;
            complete &= self.check_required(&entry, item.span.start);
            out.push(entry);
        }
        Ok(complete.then_some(out))
    }

    fn entry(&mut self, mapping: &Mapping) -> Result<YamlEntry, EntryFault> {
        let body = self.call.body.as_str();
        let mut entry = YamlEntry { values: Vec::with_capacity(mapping.entries.len()) };
        for pair in &mapping.entries {
            let key_span = self.call.body_source_map.span(&(pair.key_span.start..pair.key_span.end));
            let Some(key) = self.keys.iter().find(|k| k.en == pair.key || k.zh == pair.key) else {
                self.report_unknown(&pair.key, key_span);
                continue;
            };
            if entry.get(key.en).is_some() {
                self.report_repeated(key_span);
                continue;
            }
            let written = body.get(pair.node.span.start..pair.node.span.end).unwrap_or("");
            let text = match pair.node.text() {
                Some(_) if pair.node.is_null() => None,
                Some(text) => Some(text.into_owned()),
                // Only an ASCII bracket starts a YAML list. A value that starts with a full-width bracket is text.
                None if written.starts_with('［') => Some(written.to_string()),
                None => return Err(wrong_structure(body, pair.node.span.start)),
            };
            let text = text.filter(|text| !text.trim().is_empty());
            // The position excludes quotation marks. For a value over several lines it is that of the key.
            let inner = text.as_ref().and_then(|text| written.find(text).map(|at| (at, at + text.len())));
            let start = pair.node.span.start;
            let span = inner.map_or(key_span, |(from, to)| self.call.body_source_map.span(&(start + from..start + to)));
            entry.values.push(EntryValue { key: key.en, text, start, span });
        }
        Ok(entry)
    }

    /// Reports the required keys that are missing in `entry`, which starts at byte `start` of the body.
    fn check_required(&mut self, entry: &YamlEntry, start: usize) -> bool {
        let body = self.call.body.as_str();
        let before = body[..start].trim_end();
        let start = if before.ends_with('-') { before.len() - 1 } else { start };
        let span = self.call.body_source_map.span(&(start..line_end(body, start)));
        let mut complete = true;
        for key in self.keys.iter().filter(|k| k.required) {
            if entry.get(key.en).is_none_or(|value| value.text.is_none()) {
                let diag = self.writer.context.diag_at(&codes::MISSING_KEY, span).arg("key", key.en).arg("zh", key.zh);
                self.writer.context.push_diag(diag);
                complete = false;
            }
        }
        complete
    }

    fn report_repeated(&mut self, span: Span) {
        self.report(span, "同一个键写了两次", "the same key is written twice");
    }

    fn report_unknown(&mut self, name: &str, span: Span) {
        let near = closest_match(name, self.keys.iter().flat_map(|k| [k.en, k.zh]));
        let diag = self.writer.context.diag_at(&codes::UNKNOWN_KEY, span).arg("key", name);
        self.writer.context.push_diag(diag.arg("name", self.call.definition.name).optional_arg("nearest", near));
    }
}

/// Whether a diagnostic of the YAML reader makes the list unusable. Problems that the reader repairs elsewhere are
/// errors here. Exceptions are comments, full-width brackets (which are text here) and duplicate keys.
pub(super) fn is_fatal(diag: &Diagnostic) -> bool {
    let other = [&yaml_codes::LOST_TO_COMMENT, &yaml_codes::FULL_WIDTH_LIST, &yaml_codes::DUPLICATE_KEY];
    diag.severity >= Severity::Warning && !other.contains(&diag.code)
}

/// Byte offset of a position in `text`.
pub(super) fn offset(text: &str, position: LineColumn) -> usize {
    let start: usize = text.split_inclusive('\n').take(position.line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start..line_end(text, start)];
    start + rest.char_indices().nth(position.column.saturating_sub(1)).map_or(rest.len(), |(i, _)| i)
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |i| i + 1)
}

pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |i| at + i)
}

/// Converts an error of the YAML reader at byte `at` of the body to a message for lists in directives.
pub(super) fn explain(body: &str, at: usize, diag: &Diagnostic) -> EntryFault {
    if let Some(fault) = full_width_colon(body, at) {
        return fault;
    }
    let (code, rest) = (diag.code, &body[at..]);
    let line = line_start(body, at);
    if *code == yaml_codes::YAML_INDENT_CHARACTER && rest.starts_with('\t') {
        EntryFault { at, zh: "缩进里有 Tab，请换成空格", en: "there is a tab in the indentation; use spaces" }
    } else if *code == yaml_codes::NEEDS_QUOTES && rest.starts_with(':') {
        EntryFault {
            at, zh: "值里有“: ”，请给整个值加引号", en: "the value holds \": \"; put it in quotes"
        }
    } else if *code == yaml_codes::YAML_UNCLOSED_QUOTE {
        EntryFault { at: line, zh: "引号没有成对", en: "a quotation mark is not closed" }
    } else if *code == yaml_codes::YAML_ALIAS {
        EntryFault {
            at: line, zh: "“&”和“*”开头的值要加引号", en: "values that begin with & or * need quotes"
        }
    } else if value_begins_with(&body[line..], &['%', '@', '`']) {
        EntryFault {
            at: line,
            zh: "“%”“@”“`”开头的值要加引号，如 \"%\"",
            en: "values that begin with %, @ or ` need quotes: \"%\"",
        }
    } else {
        EntryFault {
            at: line,
            zh: "看不懂这一行：检查缩进、冒号后的空格和引号",
            en: "this line cannot be read: check indentation, the space after the colon, and quotes",
        }
    }
}

/// Whether the value on the first line begins with one of these signs.
fn value_begins_with(text: &str, signs: &[char]) -> bool {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(": ").is_some_and(|(_, value)| value.trim_start().starts_with(signs))
}

/// The error that the structure at byte `at` is not a list of mappings with text values.
fn wrong_structure(body: &str, at: usize) -> EntryFault {
    full_width_colon(body, at).unwrap_or(EntryFault {
        at: line_start(body, at),
        zh: "这里的层次不对：要写成一个列表，每一项是“键: 值”",
        en: "the structure is wrong: write a list whose entries are \"key: value\" lines",
    })
}

/// The error for the first full-width colon after a key on the lines before byte `until`. Such a colon makes the
/// following lines invalid.
pub(super) fn full_width_colon(body: &str, until: usize) -> Option<EntryFault> {
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        if start > until {
            break;
        }
        let words = line.trim_start_matches([' ', '-']);
        let colon = words.find('：').filter(|wide| words.find(':').is_none_or(|narrow| *wide < narrow));
        if let Some(colon) = colon {
            return Some(EntryFault {
                at: start + (line.len() - words.len()) + colon,
                zh: "键后面的冒号是全角的，请换成半角冒号加空格",
                en: "the colon after the key is full-width; type \": \"",
            });
        }
        start += line.len();
    }
    None
}

/// Maps the lines of a value to the lines of the body from byte `at` on, where they are indented or quoted.
pub(super) fn map_value_lines(value: &str, body: &str, at: usize, body_source_map: &SourceMap) -> SourceMap {
    let mut source_map = SourceMap::default();
    let mut from = at;
    let mut done = 0;
    for line in value.split_inclusive('\n') {
        let words = line.trim();
        if let Some(found) = body.get(from..).and_then(|rest| rest.find(words)).filter(|_| !words.is_empty()) {
            let indent = line.len() - line.trim_start().len();
            source_map.add_segment(done + indent, body_source_map.file_offset(from + found));
            from += found + words.len();
        } else if done == 0 {
            source_map.add_segment(0, body_source_map.file_offset(at));
        }
        done += line.len();
    }
    source_map
}
