//! YAML read by serde_yaml with a light pass beside it that knows where each key and value stands.
//!
//! In: a span of a file's text. Out: a tree of values with spans, and every finding at once. Knows no schema of its own:
//! [`MappingReader`] reads a mapping by a table that another room defines.

mod block;
mod bounded_diagnostics;
mod field;
mod fill_in_template;
mod flow;
mod inline;
mod lines;
mod mapping_reader;
#[cfg(test)]
mod properties;
mod reparse;
mod scalar;
mod serde_adapter;
mod type_labels;

use std::borrow::Cow;

use crate::base::Span;
use crate::diag::{Diagnostic, SourceText};

pub use field::{Field, Type};
pub use fill_in_template::{FilledField, fill_in_template, quote_scalar};
pub use mapping_reader::MappingReader;

/// A value with where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Bytes of the value in the file, quotes and brackets included.
    pub span: Span,
    /// The value itself.
    pub value: Value,
    /// A number, truth value or null as written, so that `3.50` stays `3.50` where text is wanted.
    raw: Option<Box<str>>,
}

/// What YAML makes of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`. Chinese and other words are text until a [`MappingReader`] reads them.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Also whole numbers too large for [`Value::Int`].
    Float(f64),
    /// Text, quoted or not.
    Text(String),
    /// A list in block or flow form.
    List(Vec<Node>),
    /// A mapping in block or flow form.
    Map(Mapping),
}

/// Keys and values in the order they were written; no key twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    /// Bytes of the whole mapping in the file.
    pub span: Span,
    /// The entries in the order they were written.
    pub entries: Vec<MappingEntry>,
}

/// One key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingEntry {
    /// The key, unquoted.
    pub key: String,
    /// Bytes of the key in the file, quotes included.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

/// Something with where it was written, for findings that only a later phase can make.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Bytes of the value in the file.
    pub span: Span,
}

/// Without the span: what moves in its file is still the same.
impl<T: std::hash::Hash> std::hash::Hash for Spanned<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl Node {
    /// A text, list, mapping or null at `span`.
    pub fn new(span: Span, value: Value) -> Self {
        Self { span, value, raw: None }
    }

    /// A scalar that is not text, with the letters that made it.
    pub fn scalar(span: Span, value: Value, raw: &str) -> Self {
        Self { span, value, raw: Some(raw.into()) }
    }

    /// A scalar as text, the way it was written: `007` and `1.10` keep their digits. `None` for lists and mappings.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match (&self.value, &self.raw) {
            (Value::Text(text), _) => Some(Cow::Borrowed(text)),
            (Value::List(_) | Value::Map(_), _) => None,
            (_, Some(raw)) => Some(Cow::Borrowed(raw)),
            (Value::Null, None) => Some(Cow::Borrowed("")),
            (Value::Bool(b), None) => Some(Cow::Owned(b.to_string())),
            (Value::Int(i), None) => Some(Cow::Owned(i.to_string())),
            (Value::Float(f), None) => Some(Cow::Owned(f.to_string())),
        }
    }

    /// Whether nothing was written, or `null`.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The mapping, if it is one.
    pub fn as_map(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Map(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The value as JSON. Numbers JSON cannot hold become the text that was written.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(i) => Json::from(*i),
            Value::Float(f) => serde_json::Number::from_f64(*f)
                .map_or_else(|| Json::String(self.text().unwrap_or_default().into_owned()), Json::Number),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Map(mapping) => mapping.to_json(),
        }
    }
}

impl Mapping {
    /// The value of exactly this key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The mapping as a JSON object, with its keys in order.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::Value::Object(self.entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect())
    }
}

/// Reads the mapping that `span` of `source` holds. One bad entry never hides another.
pub fn parse_mapping(source: &SourceText<'_>, span: Span) -> (Mapping, Vec<Diagnostic>) {
    let span = clamp_span(source, span);
    let mut parser = block::Parser::new(source, span);
    let entries = parser.document_mapping();
    (Mapping { span, entries }, parser.diagnostics.into_diags())
}

/// Reads whatever `span` of `source` holds: a mapping, a list (item by item) or a single value.
pub fn parse_value(source: &SourceText<'_>, span: Span) -> (Node, Vec<Diagnostic>) {
    let span = clamp_span(source, span);
    let mut parser = block::Parser::new(source, span);
    let node = parser.document(span);
    (node, parser.diagnostics.into_diags())
}

/// `span` cut to what the text holds.
fn clamp_span(source: &SourceText<'_>, span: Span) -> Span {
    let floor =
        |at: usize| (0..=at.min(source.text.len())).rev().find(|i| source.text.is_char_boundary(*i)).unwrap_or(0);
    let end = floor(span.end);
    Span::new(floor(span.start).min(end), end)
}
