//! Days of publication that stand inside another value, where they have no effect: in a text that swallowed their line, behind
//! another value of the line, or in a mapping for templates.
//!
//! Input: an entry of front matter. Output: the day before which the page stays back, and a diagnostic with the line to type. Knows
//! neither the day of the build nor other pages.

use super::foreign_dates::{is_publication_day, is_publication_name};
use crate::base::{DateOrDateTime, Span};
use crate::diag::Diagnostic;
use crate::diag::codes::front_matter as code;
use crate::yaml::{FieldOf, Mapping, MappingEntry, MappingReader, Value};

/// A day of publication inside another value.
struct LostDay {
    span: Span,
    key: String,
    written: String,
    day: DateOrDateTime,
    place: Place,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind another value in its line.
    Line,
    /// On a line of its own, which the value above swallowed.
    Text,
    /// In a mapping.
    Mapping,
}

/// Reads and reports the first such day of an entry. The page stays back before it. `inner` are the keys that a group is declared to have.
pub(super) fn lost_day(
    fields: &mut MappingReader<'_, '_>,
    entry: &MappingEntry,
    inner: &[FieldOf<'_>],
) -> Option<DateOrDateTime> {
    let found = match &entry.node.value {
        Value::Map(mapping) => in_mapping(fields, mapping, inner),
        Value::Text(_) => in_text(fields, entry.node.span),
        _ => None,
    }?;
    let name = if found.key.is_ascii() { "date" } else { "日期" };
    let (zh, en) = match found.place {
        Place::Line => ("给整个值加上引号", "quote the whole value"),
        Place::Text => ("就写成一句话", "write it as a sentence"),
        Place::Mapping => ("就换一个名字", "give it another name"),
    };
    let diag = Diagnostic::new(&code::PUBLISH_DATE_LOST).at(fields.source(), found.span).arg("key", &found.key);
    let diag = diag.arg("day", &found.written).arg("inside", &entry.key).arg("name", name);
    fields.report(diag.arg("advice_zh", zh).arg("advice_en", en));
    Some(found.day)
}

/// `extra: {publishDate: 2027-05-01}`.
fn in_mapping(fields: &MappingReader<'_, '_>, mapping: &Mapping, inner: &[FieldOf<'_>]) -> Option<LostDay> {
    let is_declared = |entry: &&MappingEntry| inner.iter().any(|field| field.is_named(&entry.key));
    mapping.entries.iter().filter(|entry| !is_declared(entry)).find_map(|entry| {
        let written = entry.node.text().filter(|_| is_publication_name(&entry.key))?.trim().to_string();
        let day = fields.parse_date(&written)?;
        Some(LostDay { span: entry.key_span, key: entry.key.clone(), written, day, place: Place::Mapping })
    })
}

/// `"甲⏎日期: 2027-05-01"` and `甲；日期: 2027-05-01`.
fn in_text(fields: &MappingReader<'_, '_>, span: Span) -> Option<LostDay> {
    let text = fields.source().text.get(span.start..span.end)?;
    // Most texts have no colon.
    if memchr::memchr(b':', text.as_bytes()).is_none() && !text.contains('：') {
        return None;
    }
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let start = at;
        at += line.len();
        let colons = line.match_indices([':', '：']);
        let found = colons.into_iter().find_map(|(colon, mark)| {
            let (before, value) = (&line[..colon], &line[colon + mark.len()..]);
            let name = before.trim_end();
            let begin = begin_of_last_word(name)?;
            let key = &name[begin..];
            let place = match number {
                // A quoted text is meant as it is.
                0 if begin > 0 && !line.starts_with(['"', '\'']) => Place::Line,
                0 => return None,
                _ => Place::Text,
            };
            // Lines that are indented belong to the text; a bare date may be that of an event.
            let swallowed = place == Place::Line || !line.starts_with([' ', '\t', '\u{3000}']);
            let named = if swallowed { is_publication_day(key) } else { is_publication_name(key) };
            let written = value.trim().trim_matches(['"', '\'']).trim_end();
            let alone = place == Place::Line || begin == line.len() - line.trim_start().len();
            let day = if named && alone { fields.parse_date(written) } else { None }?;
            let from = span.start + start + begin;
            Some(LostDay {
                span: Span::new(from, from + key.len()),
                key: key.to_string(),
                written: written.to_string(),
                day,
                place,
            })
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Where the last word of a text begins; `None` if it is longer than a name.
fn begin_of_last_word(text: &str) -> Option<usize> {
    const LONGEST_NAME: usize = 30;
    for (length, (at, c)) in text.char_indices().rev().enumerate() {
        if is_separator(c) {
            return Some(at + c.len_utf8());
        }
        if length > LONGEST_NAME {
            return None;
        }
    }
    Some(0)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ';' | '；' | ',' | '，' | '、' | '|' | '｜' | '。')
}
