//! The only file that calls serde_yaml. Input: a text. Output: a plain tree or the cause of an error. Error texts of
//! the library are not passed on.
#![expect(clippy::disallowed_types, reason = "values of YAML are read here")]

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};

use crate::base::Span;

use super::{Mapping, MappingEntry, Node, Value};

/// A value as serde_yaml parses it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ParsedValue {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<ParsedValue>),
    /// Entries with their keys as written.
    Map(Vec<(String, ParsedValue)>),
}

/// The cause of a serde_yaml error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParseErrorKind {
    /// An escape sequence that YAML does not define.
    Escape,
    /// An escape sequence of a character that no file can show.
    Control(char),
    /// An anchor, alias or tag.
    Alias,
    /// Nested more deeply than serde_yaml allows.
    TooDeep,
    /// Any other cause; the diagnostic only names the lines.
    Other,
}

/// An error with its byte offset, if serde_yaml gives a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ParseError {
    pub kind: ParseErrorKind,
    pub at: Option<usize>,
}

/// Parses one document. The caller has limited its nesting depth.
pub(super) fn parse(text: &str) -> Result<ParsedValue, ParseError> {
    AnyValue.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| parse_error(text, &error))
}

/// What an error says before the character that an escape sequence must not stand for.
const CONTROL: &str = "control character ";

/// A text without characters that no file can show. In the text itself they are found before it is parsed, so here one comes from an
/// escape sequence.
fn shown_text<E: de::Error>(text: String) -> Result<String, E> {
    let hidden = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    match text.chars().find(hidden) {
        Some(c) => Err(E::custom(format!("{CONTROL}{c}"))),
        None => Ok(text),
    }
}

fn parse_error(text: &str, error: &serde_yaml::Error) -> ParseError {
    let words = error.to_string();
    let says = |part: &str| words.contains(part);
    let control = words.find(CONTROL).and_then(|at| words[at + CONTROL.len()..].chars().next());
    let kind = if let Some(control) = control {
        ParseErrorKind::Control(control)
    } else if says("escape") || says("hexadecimal") {
        ParseErrorKind::Escape
    } else if says("anchor") || says("alias") || says("tag") {
        ParseErrorKind::Alias
    } else if says("recursion") {
        ParseErrorKind::TooDeep
    } else {
        ParseErrorKind::Other
    };
    let at = error.location().map(|location| {
        let above: usize = text.split_inclusive('\n').take(location.line().saturating_sub(1)).map(str::len).sum();
        let column = location.column().saturating_sub(1);
        let line = text[above..].lines().next().unwrap_or("");
        above + line.char_indices().nth(column).map_or(line.len(), |(i, _)| i)
    });
    ParseError { kind, at }
}

impl ParsedValue {
    /// Converts the tree to a node. Every value gets `span`, because no exact position is known.
    pub fn into_node(self, span: Span) -> Node {
        let value = match self {
            ParsedValue::Null => Value::Null,
            ParsedValue::Bool(b) => Value::Bool(b),
            ParsedValue::Int(i) => Value::Int(i),
            ParsedValue::Float(f) => Value::Float(f),
            ParsedValue::Text(text) => Value::Text(text),
            ParsedValue::List(items) => Value::List(items.into_iter().map(|item| item.into_node(span)).collect()),
            ParsedValue::Map(entries) => Value::Map(Mapping {
                span,
                entries: entries
                    .into_iter()
                    .map(|(key, parsed)| MappingEntry { key, key_span: span, node: parsed.into_node(span) })
                    .collect(),
            }),
        };
        Node::new(span, value)
    }

    /// Replaces the values of `node` with these values. The light parser made `node` from the same text. Spans are
    /// kept where both trees have the same shape.
    pub fn overlay_onto(self, node: &mut Node) {
        if self.equals(node) {
            return;
        }
        match (self, &mut node.value) {
            (ParsedValue::List(read), Value::List(items)) if read.len() == items.len() => {
                read.into_iter().zip(items).for_each(|(parsed, item)| parsed.overlay_onto(item));
            }
            (ParsedValue::Map(read), Value::Map(mapping))
                if read.len() == mapping.entries.len()
                    && read.iter().zip(&mapping.entries).all(|(r, e)| r.0 == e.key) =>
            {
                read.into_iter()
                    .zip(&mut mapping.entries)
                    .for_each(|((_, parsed), entry)| parsed.overlay_onto(&mut entry.node));
            }
            (parsed, _) => *node = parsed.into_node(node.span),
        }
    }

    /// Whether both are the same scalar. Returns false for lists and mappings.
    pub fn equals(&self, node: &Node) -> bool {
        match (self, &node.value) {
            (ParsedValue::Null, Value::Null) => true,
            (ParsedValue::Bool(a), Value::Bool(b)) => a == b,
            (ParsedValue::Int(a), Value::Int(b)) => a == b,
            (ParsedValue::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (ParsedValue::Text(a), Value::Text(b)) => a == b,
            _ => false,
        }
    }
}

/// Reads any value. Rejects tags, because a tag could change the type of a value without the author noticing.
struct AnyValue;

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = ParsedValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ParsedValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = ParsedValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<ParsedValue, E> {
        Ok(ParsedValue::Null)
    }

    fn visit_none<E>(self) -> Result<ParsedValue, E> {
        Ok(ParsedValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<ParsedValue, E> {
        Ok(ParsedValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<ParsedValue, E> {
        Ok(ParsedValue::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<ParsedValue, E> {
        Ok(i64::try_from(value).map_or(ParsedValue::Float(value as f64), ParsedValue::Int))
    }

    fn visit_i128<E>(self, value: i128) -> Result<ParsedValue, E> {
        Ok(ParsedValue::Float(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<ParsedValue, E> {
        Ok(ParsedValue::Float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<ParsedValue, E> {
        Ok(ParsedValue::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<ParsedValue, E> {
        shown_text(value.to_string()).map(ParsedValue::Text)
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<ParsedValue, E> {
        shown_text(value).map(ParsedValue::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<ParsedValue, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element_seed(AnyValue)? {
            out.push(item);
        }
        Ok(ParsedValue::List(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<ParsedValue, A::Error> {
        let mut out = Vec::new();
        while let Some(key) = entries.next_key_seed(KeyText)? {
            out.push((key, entries.next_value_seed(AnyValue)?));
        }
        Ok(ParsedValue::Map(out))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<ParsedValue, A::Error> {
        Err(de::Error::custom("tag"))
    }
}

/// Reads a key as the text that was written: `4.10` stays `4.10`.
struct KeyText;

impl<'de> DeserializeSeed<'de> for KeyText {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<String, E> {
        shown_text(value.to_string())
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok(String::new())
    }
}
