//! Interprets a single unquoted or quoted scalar where this is possible without serde_yaml.
//!
//! Every scalar that is not clearly of one type goes to serde_yaml, so that both parsers give the same result; a
//! property test checks this.
//!
//! Input: the text of one scalar. Output: a [`Node`] or a quoted text. Does not know the lines around the scalar.

use crate::base::Span;

use super::serde_adapter::{self, ParsedValue};
use super::{Node, Value};

/// Returns the value of unquoted text at `span`.
pub(super) fn parse_plain(raw: &str, span: Span) -> Node {
    match plain_value(raw) {
        Some(Value::Text(text)) => Node::new(span, Value::Text(text)),
        Some(value) => Node::scalar(span, value, raw),
        None => match serde_adapter::parse(raw) {
            Ok(ParsedValue::Text(text)) => Node::new(span, Value::Text(text)),
            Ok(parsed) => {
                let mut node = parsed.into_node(span);
                node.raw = Some(raw.into());
                node
            }
            Err(_) => Node::new(span, Value::Text(raw.to_string())),
        },
    }
}

/// Returns the value if a few simple checks determine it.
fn plain_value(raw: &str) -> Option<Value> {
    let bytes = raw.as_bytes();
    let text = || Some(Value::Text(raw.to_string()));
    match bytes.first() {
        None => return Some(Value::Null),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => {}
        Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F') => {
            return match raw {
                "~" | "null" | "Null" | "NULL" => Some(Value::Null),
                "true" | "True" | "TRUE" => Some(Value::Bool(true)),
                "false" | "False" | "FALSE" => Some(Value::Bool(false)),
                _ => text(),
            };
        }
        Some(_) => return text(),
    }
    // A YAML number contains only ASCII and none of these characters. Examples of text: `9:30`, `85%以上`, `2025/4/26`.
    if bytes.iter().any(|b| !b.is_ascii() || matches!(b, b' ' | b'/' | b':' | b'%')) {
        return text();
    }
    // As a whole document these would be document marks, so do not pass them to serde_yaml.
    if matches!(raw, "---" | "...") {
        return text();
    }
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == bytes.len() && digits < 18 {
        if digits > 1 && bytes[0] == b'0' {
            return text();
        }
        return raw.parse().ok().map(Value::Int);
    }
    if digits > 0 && bytes.get(digits) == Some(&b'-') {
        return text();
    }
    None
}

/// Returns the text inside quotes if it has no escape and no line break. `quoted` includes the quotes.
pub(super) fn unquote(quoted: &str) -> Option<String> {
    let inner = quoted.get(1..quoted.len() - 1)?;
    if inner.contains(['\n', '\r']) {
        return None;
    }
    if quoted.starts_with('\'') {
        return Some(inner.replace("''", "'"));
    }
    (!inner.contains('\\')).then(|| inner.to_string())
}

/// Returns `text` as it is, shortened for a message.
pub(super) fn shortened(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    cut + more
}

/// Returns `text` in the kind of quotes that needs fewer changes.
pub(super) fn quote(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// The same, shortened for a message.
pub(super) fn quote_shortened(text: &str) -> String {
    quote(&shortened(text))
}
