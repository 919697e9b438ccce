//! YAML lists inside directives: contacts and timelines.
//!
//! In: a call whose body is YAML. Out: typed entries; what is wrong is said by cause, at the line and column of the
//! original file, all of it at once. Knows no pages.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::super::model::{Contact, HtmlFragment, TimelineEntry};
use super::super::source_map::SourceMap;
use super::super::writer::{HtmlWriter, WriterMode};
use super::DirectiveCall;
use super::definitions::{DirectiveBodyKind, EntryKey};
use puzhi_core::base::{Span, closest_match};
use puzhi_core::diag::codes::markdown as codes;

/// Longer lists belong into a data file.
const MAX_YAML: usize = 256 * 1024;

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

pub(super) fn timeline(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Vec<TimelineEntry>> {
    let entries = read_entries(writer, call)?;
    // The texts hold no directives, so this is the number that the timeline itself gets.
    let number = writer.context.body.directives.len();
    let mut out = Vec::with_capacity(entries.len());
    for (i, mut entry) in entries.into_iter().enumerate() {
        let link = entry.take("link").and_then(|link| writer.context.add_link(&link, None, entry.span("link")));
        if let Some(text) = entry.take("text") {
            let source_map = map_value_lines(&text, &call.body, entry.at("text"), &call.body_source_map);
            let buffer = writer.nested(&text, &source_map, WriterMode::Plain, entry.span("text"));
            writer.context.timeline_texts.push((number, i, buffer));
        }
        out.push(TimelineEntry {
            date: entry.take("date").unwrap_or_default(),
            end: entry.take("end"),
            title: entry.take("title").unwrap_or_default(),
            text: HtmlFragment::default(),
            link,
        });
    }
    Some(out)
}

/// One entry: its known keys with their values, where the key begins, and the place of the value.
struct YamlEntry {
    values: Vec<(&'static str, Option<String>, usize, Span)>,
}

impl YamlEntry {
    fn take(&mut self, key: &str) -> Option<String> {
        self.values.iter_mut().find(|(k, ..)| *k == key)?.1.take()
    }

    fn span(&self, key: &str) -> Span {
        self.values.iter().find(|(k, ..)| *k == key).map_or(Span::default(), |(.., span)| *span)
    }

    /// The offset of the key in the body.
    fn at(&self, key: &str) -> usize {
        self.values.iter().find(|(k, ..)| *k == key).map_or(0, |(_, _, at, _)| *at)
    }
}

/// A mapping in the order written, with every scalar as its text: a telephone number is not a number.
struct RawMapping(Vec<(String, Option<String>)>);

impl<'de> Deserialize<'de> for RawMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawMappingVisitor;
        impl<'de> Visitor<'de> for RawMappingVisitor {
            type Value = RawMapping;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an entry")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawMapping, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(RawMapping(pairs))
            }
        }
        deserializer.deserialize_map(RawMappingVisitor)
    }
}

fn read_entries(writer: &mut HtmlWriter<'_, '_>, call: &DirectiveCall) -> Option<Vec<YamlEntry>> {
    let DirectiveBodyKind::Entries(keys) = call.definition.body else { return None };
    let body = call.body.as_str();
    let report = |writer: &mut HtmlWriter<'_, '_>, span: Span, zh: &str, en: &str| {
        let diag = writer.context.diag_at(&codes::BAD_ENTRIES, span).arg("name", call.definition.name);
        let example: Vec<&str> = keys.iter().filter(|k| k.required).map(|k| k.en).collect();
        writer.context.push_diag(diag.arg("zh", zh).arg("en", en).arg("keys", format!("{}: …", example.join(": …, "))));
    };
    if body.trim().is_empty() {
        report(writer, call.name_span, "里面没有内容", "there is nothing inside");
        return None;
    }
    if body.len() > MAX_YAML {
        report(writer, call.name_span, "太长了，请放进 data 文件夹", "it is too long; put it into a data file");
        return None;
    }
    let pairs: Vec<RawMapping> = match serde_yaml::from_str(body) {
        Ok(pairs) => pairs,
        Err(error) => {
            let at = error.location().map_or(0, |l| offset(body, l.line(), l.column()));
            let (at, zh, en) = explain_yaml_error(body, at, &error.to_string());
            let end = body[at..].find('\n').map_or(body.len(), |i| at + i);
            report(writer, call.body_source_map.span(&(at..end.max(at))), zh, en);
            return None;
        }
    };
    let mut finder = EntryLocator { body, at: 0 };
    let mut out = Vec::with_capacity(pairs.len());
    let mut complete = true;
    for RawMapping(pairs) in pairs {
        let start = finder.entry();
        let mut entry = YamlEntry { values: Vec::new() };
        for (name, value) in pairs {
            let at = finder.key(&name);
            let span = call.body_source_map.span(&(at..at + name.len()));
            let Some(key) = keys.iter().find(|k| k.en == name || k.zh == name) else {
                unknown_key(writer, keys, &name, call, span);
                continue;
            };
            if entry.values.iter().any(|(k, ..)| *k == key.en) {
                report(writer, span, "同一个键写了两次", "the same key is written twice");
                continue;
            }
            let value = value.filter(|v| !v.trim().is_empty());
            let place = value.as_deref().and_then(|v| value_on_line(body, at + name.len(), v));
            let span = place.map_or(span, |range| call.body_source_map.span(&range));
            entry.values.push((key.en, value, at, span));
        }
        for key in keys.iter().filter(|k| k.required) {
            if !entry.values.iter().any(|(k, v, ..)| *k == key.en && v.is_some()) {
                let end = body[start..].find('\n').map_or(body.len(), |i| start + i);
                let span = call.body_source_map.span(&(start..end));
                let diag = writer.context.diag_at(&codes::MISSING_KEY, span).arg("key", key.en).arg("zh", key.zh);
                writer.context.push_diag(diag);
                complete = false;
            }
        }
        out.push(entry);
    }
    complete.then_some(out)
}

fn unknown_key(
    writer: &mut HtmlWriter<'_, '_>,
    keys: &'static [EntryKey],
    name: &str,
    call: &DirectiveCall,
    span: Span,
) {
    let near = closest_match(name, keys.iter().flat_map(|k| [k.en, k.zh]));
    let diag = writer.context.diag_at(&codes::UNKNOWN_KEY, span).arg("key", name).arg("name", call.definition.name);
    writer.context.push_diag(diag.optional_arg("nearest", near));
}

/// Finds entries and keys in the text, going forward only.
struct EntryLocator<'b> {
    body: &'b str,
    at: usize,
}

impl EntryLocator<'_> {
    /// The next line that begins with `-`.
    fn entry(&mut self) -> usize {
        let mut at = self.at;
        for line in self.body[self.at..].split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if line[indent..].starts_with('-') {
                self.at = at + indent;
                return self.at;
            }
            at += line.len();
        }
        self.at
    }

    /// `name` as a key from here on.
    fn key(&mut self, name: &str) -> usize {
        let mut from = self.at;
        while let Some(found) = self.body[from..].find(name) {
            let at = from + found;
            from = at + name.len().max(1);
            let before = self.body[..at].rsplit('\n').next().unwrap_or("");
            let opens = before.trim_end_matches(['"', '\'']).trim_end_matches([' ', '-', '{', ',']).is_empty()
                || before.trim_end_matches(['"', '\'', ' ']).ends_with([',', '{']);
            let after = self.body[from.min(self.body.len())..].trim_start_matches(['"', '\'', ' ']);
            if opens && after.starts_with(':') {
                self.at = at;
                return at;
            }
        }
        self.at
    }
}

/// Where `value` stands between `from` and the end of its line.
fn value_on_line(body: &str, from: usize, value: &str) -> Option<Range<usize>> {
    let line = body.get(from..)?.split('\n').next()?;
    line.find(value).map(|at| from + at..from + at + value.len())
}

/// The offset of 1-based `line` and `column` (in characters).
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text[start..].split('\n').next().unwrap_or("");
    let inside = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(i, _)| i);
    (start + inside).min(text.len())
}

/// What is wrong, by what is seen around `at`, and where that is. A library's own words are of no use to a writer.
fn explain_yaml_error(body: &str, at: usize, message: &str) -> (usize, &'static str, &'static str) {
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if line[..indent].contains('\t') {
            return (start, "缩进里有 Tab，请换成空格", "there is a tab in the indentation; use spaces");
        }
        let words = line.trim_start_matches([' ', '-']);
        let colon = words.find('：').filter(|wide| words.find(':').is_none_or(|narrow| *wide < narrow));
        if let Some(colon) = colon {
            let at = start + (line.len() - words.len()) + colon;
            return (
                at,
                "键后面的冒号是全角的，请换成半角冒号加空格",
                "the colon after the key is full-width; type \": \"",
            );
        }
        start += line.len();
        if start > at {
            break;
        }
    }
    let line = body[..at].rfind('\n').map_or(0, |i| i + 1);
    if message.contains("mapping values are not allowed") {
        return (at, "值里有“: ”，请给整个值加引号", "the value holds \": \"; put it in quotes");
    }
    if message.contains("found unexpected end") || message.contains("quoted scalar") {
        let mut at = 0;
        let odd = body.split_inclusive('\n').find_map(|text| {
            at += text.len();
            (text.matches('"').count() % 2 == 1).then_some(at - text.len())
        });
        return (odd.unwrap_or(line), "引号没有成对", "a quotation mark is not closed");
    }
    if message.contains("invalid type") {
        return (
            line,
            "这里的层次不对：要写成一个列表，每一项是“键: 值”",
            "the structure is wrong: write a list whose entries are \"key: value\" lines",
        );
    }
    if message.contains("anchor") || message.contains("alias") || message.contains("repetition") {
        return (line, "“&”和“*”开头的值要加引号", "values that begin with & or * need quotes");
    }
    (
        line,
        "看不懂这一行：检查缩进、冒号后的空格和引号",
        "this line cannot be read: check indentation, the space after the colon, and quotes",
    )
}

/// Where the lines of a value stand in the body from `at` on.
fn map_value_lines(value: &str, body: &str, at: usize, body_source_map: &SourceMap) -> SourceMap {
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
