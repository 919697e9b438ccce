//! The door to serde_yaml: a text in, a plain tree or a cause out. Nothing of the library's own wording leaves here.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};

use crate::base::Span;

use super::{Entry, Mapping, Node, Value};

/// What serde_yaml makes of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Reading>),
    /// Keys as written.
    Map(Vec<(String, Reading)>),
}

/// Why serde_yaml refused a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Quote,
    Bracket,
    Escape,
    Alias,
    Deep,
    Control,
    Documents,
    Other,
}

/// A refusal with the byte it is about, if the library knows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub cause: Cause,
    pub at: Option<usize>,
}

/// Reads one document. The caller has bounded its nesting.
pub(super) fn read(text: &str) -> Result<Reading, Refusal> {
    AnyValue.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| refusal(text, &error))
}

fn refusal(text: &str, error: &serde_yaml::Error) -> Refusal {
    let words = error.to_string();
    let says = |part: &str| words.contains(part);
    let cause = if says("quoted scalar") && (says("end of stream") || says("document indicator")) {
        Cause::Quote
    } else if says("expected ',' or") {
        Cause::Bracket
    } else if says("escape") || says("hexadecimal") {
        Cause::Escape
    } else if says("anchor") || says("alias") || says("tag") {
        Cause::Alias
    } else if says("recursion") {
        Cause::Deep
    } else if says("control characters") {
        Cause::Control
    } else if says("document") {
        Cause::Documents
    } else {
        Cause::Other
    };
    let at = error.location().map(|location| {
        let above: usize = text.split_inclusive('\n').take(location.line().saturating_sub(1)).map(str::len).sum();
        let column = location.column().saturating_sub(1);
        let line = text[above..].lines().next().unwrap_or("");
        above + line.char_indices().nth(column).map_or(line.len(), |(i, _)| i)
    });
    Refusal { cause, at }
}

impl Reading {
    /// The tree with everything at `span`, for where no closer place is known.
    pub fn into_node(self, span: Span) -> Node {
        let value = match self {
            Reading::Null => Value::Null,
            Reading::Bool(b) => Value::Bool(b),
            Reading::Int(i) => Value::Int(i),
            Reading::Float(f) => Value::Float(f),
            Reading::Text(text) => Value::Text(text),
            Reading::List(items) => Value::List(items.into_iter().map(|item| item.into_node(span)).collect()),
            Reading::Map(entries) => Value::Map(Mapping {
                span,
                entries: entries
                    .into_iter()
                    .map(|(key, reading)| Entry { key, key_span: span, node: reading.into_node(span) })
                    .collect(),
            }),
        };
        Node::new(span, value)
    }

    /// Lays this reading over `node`, which the light pass made of the same text: the values are the library's, the
    /// spans stay where both see the same shape.
    pub fn settle(self, node: &mut Node) {
        if self.equals(node) {
            return;
        }
        match (self, &mut node.value) {
            (Reading::List(read), Value::List(items)) if read.len() == items.len() => {
                read.into_iter().zip(items).for_each(|(reading, item)| reading.settle(item));
            }
            (Reading::Map(read), Value::Map(mapping))
                if read.len() == mapping.entries.len()
                    && read.iter().zip(&mapping.entries).all(|(r, e)| r.0 == e.key) =>
            {
                read.into_iter()
                    .zip(&mut mapping.entries)
                    .for_each(|((_, reading), entry)| reading.settle(&mut entry.node));
            }
            (reading, _) => *node = reading.into_node(node.span),
        }
    }

    fn equals(&self, node: &Node) -> bool {
        match (self, &node.value) {
            (Reading::Null, Value::Null) => true,
            (Reading::Bool(a), Value::Bool(b)) => a == b,
            (Reading::Int(a), Value::Int(b)) => a == b,
            (Reading::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Reading::Text(a), Value::Text(b)) => a == b,
            _ => false,
        }
    }
}

/// Reads any value. Refuses tags, which would turn text into something else behind the writer's back.
struct AnyValue;

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Reading;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Reading, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Reading;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Reading, E> {
        Ok(Reading::Null)
    }

    fn visit_none<E>(self) -> Result<Reading, E> {
        Ok(Reading::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Reading, E> {
        Ok(Reading::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Reading, E> {
        Ok(Reading::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Reading, E> {
        Ok(i64::try_from(value).map_or(Reading::Float(value as f64), Reading::Int))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Reading, E> {
        Ok(Reading::Float(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Reading, E> {
        Ok(Reading::Float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Reading, E> {
        Ok(Reading::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Reading, E> {
        Ok(Reading::Text(value.to_string()))
    }

    fn visit_string<E>(self, value: String) -> Result<Reading, E> {
        Ok(Reading::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Reading, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element_seed(AnyValue)? {
            out.push(item);
        }
        Ok(Reading::List(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Reading, A::Error> {
        let mut out = Vec::new();
        while let Some(key) = entries.next_key_seed(KeyText)? {
            out.push((key, entries.next_value_seed(AnyValue)?));
        }
        Ok(Reading::Map(out))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Reading, A::Error> {
        Err(de::Error::custom("tag"))
    }
}

/// Reads a key as the text it was written as: `4.10` stays `4.10`.
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

    fn visit_str<E>(self, value: &str) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok(String::new())
    }
}
