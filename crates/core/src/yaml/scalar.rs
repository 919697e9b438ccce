//! What a single unquoted or quoted piece of text means to YAML, for the forms that need no look at the library.
//!
//! Anything that is not plainly one thing goes to serde_yaml, so both read alike; a property test holds them together.

use crate::base::Span;

use super::serde_adapter::{self, ParsedValue};
use super::{Node, Value};

/// The value of unquoted text, which stands at `span`.
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

/// The value where a few looks settle it.
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
    // No number holds a character outside ASCII, a blank, or a sign after its fourth digit: `2025-04-26`, `9:30`, `85%以上`.
    if bytes.iter().any(|b| !b.is_ascii() || matches!(b, b' ' | b'/' | b':' | b'%')) {
        return text();
    }
    // Alone, these would end a document.
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

/// The text inside quotes when it holds no escape and no line break; `quoted` includes the quotes.
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

/// `text` in the quotes that need the fewest changes, shortened for a message.
pub(super) fn quote_shortened(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    if cut.contains(['"', '\\']) { format!("'{}{more}'", cut.replace('\'', "''")) } else { format!("\"{cut}{more}\"") }
}
