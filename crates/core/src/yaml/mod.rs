//! YAML parser: serde_yaml for the values, with our own light parser for the span of each key and value.
//!
//! Input: a span of a file's text. Output: a tree of values with spans, and all diagnostics at once. This module has
//! no schema of its own: [`MappingReader`] reads a mapping by a table that another module defines.

mod block;
mod bounded_diagnostics;
mod date_reader;
mod edits;
mod field;
mod fill_in_template;
mod flow;
mod inline;
mod json_schema;
mod line_folding;
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

pub use field::{Field, FieldOf, Type, TypeOf};
pub use fill_in_template::{FilledField, fill_in_template, quote_scalar};
pub use json_schema::mapping_schema;
pub use mapping_reader::MappingReader;
pub use type_labels::example_value;
pub(crate) use type_labels::parse_flag;

/// A value with its position in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Byte range of the value in the file, including quotes and brackets.
    pub span: Span,
    /// The value itself.
    pub value: Value,
    /// A number, boolean or null as written, so that `3.50` stays `3.50` where text is needed.
    raw: Option<Box<str>>,
}

/// A YAML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value, `~` or `null`.
    Null,
    /// `true` or `false`. Other words for yes and no are text until a [`MappingReader`] reads them as a flag.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction or exponent, or a whole number too large for [`Value::Int`].
    Float(f64),
    /// Text, quoted or not.
    Text(String),
    /// A list in block or flow form.
    List(Vec<Node>),
    /// A mapping in block or flow form.
    Map(Mapping),
}

/// A mapping in the order in which it was written. No key occurs twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    /// Byte range of the whole mapping in the file.
    pub span: Span,
    /// The entries, in the order in which they were written.
    pub entries: Vec<MappingEntry>,
}

/// One key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingEntry {
    /// The key, unquoted.
    pub key: String,
    /// Byte range of the key in the file, including quotes.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

/// A value with its position, so that a later phase can report a diagnostic about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Byte range of the value in the file.
    pub span: Span,
}

/// The hash leaves out the span, so that a value that only moved within its file keeps the same hash.
impl<T: std::hash::Hash> std::hash::Hash for Spanned<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl Node {
    /// Creates a text, list, mapping or null at `span`.
    pub fn new(span: Span, value: Value) -> Self {
        Self { span, value, raw: None }
    }

    /// Creates a scalar that is not text. `raw` is the text as written.
    pub fn scalar(span: Span, value: Value, raw: &str) -> Self {
        Self { span, value, raw: Some(raw.into()) }
    }

    /// Returns a scalar as the text that was written: `007` and `1.10` keep their digits. `None` for lists and
    /// mappings.
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

    /// Whether there is no value, or `null`.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// Returns the mapping, or `None` if the value is something else.
    pub fn as_map(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Map(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// Returns the items of a list, or `None` if the value is something else.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Converts the value to JSON. A number that JSON cannot hold becomes the text that was written.
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
    /// Returns the value of the entry with exactly this key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Converts the mapping to a JSON object that keeps the order of keys.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::Value::Object(self.entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect())
    }
}

/// Parses `span` of `source` as a mapping. An error in one entry does not affect the others.
pub fn parse_mapping(source: &SourceText<'_>, span: Span) -> (Mapping, Vec<Diagnostic>) {
    let span = clamp_span(source, span);
    let mut parser = block::Parser::new(source, span);
    let entries = parser.document_mapping();
    (Mapping { span, entries }, parser.diagnostics.into_diags())
}

/// Parses `span` of `source` as a mapping, a list or a single value.
pub fn parse_value(source: &SourceText<'_>, span: Span) -> (Node, Vec<Diagnostic>) {
    let span = clamp_span(source, span);
    let mut parser = block::Parser::new(source, span);
    let node = parser.document(span);
    (node, parser.diagnostics.into_diags())
}

/// Limits `span` to the length of the text and moves its ends to character boundaries.
fn clamp_span(source: &SourceText<'_>, span: Span) -> Span {
    let floor =
        |at: usize| (0..=at.min(source.text.len())).rev().find(|i| source.text.is_char_boundary(*i)).unwrap_or(0);
    let end = floor(span.end);
    Span::new(floor(span.start).min(end), end)
}
