//! The keys of a kind written as something else than a list with one mapping for each: `键: {手法: 文字}`, `键: [手法, 渠道]`.
//!
//! Input: the file of a kind. Output: a finding with the lines to type. Reads no key.

use super::file::{KEY_FIELDS, TYPES};
use crate::diag::Diagnostic;
use crate::diag::codes::kinds as code;
use crate::yaml::{MappingReader, Node, Value, quote_scalar};

/// Most keys that the hint shows.
const MOST_SHOWN: usize = 20;

/// Reports keys that are no list of mappings. Returns whether they are.
pub(super) fn report_keys_without_list(fields: &mut MappingReader<'_, '_>) -> bool {
    let Some(node) = fields.node("keys") else { return false };
    let zh = fields.entry("keys").is_some_and(|entry| !entry.key.is_ascii());
    let Some(items) = items(node, zh) else { return false };
    let key = fields.entry("keys").map_or("keys", |entry| &entry.key);
    let lines = items.iter().take(MOST_SHOWN).map(|item| format!("\n  - {item}"));
    let yaml = format!("{key}:{}", lines.collect::<String>());
    let span = crate::base::Span::new(node.span.start, node.span.start);
    let diag = Diagnostic::new(&code::KIND_KEYS_NO_LIST).at(fields.source(), span).arg("key", key);
    fields.report(diag.block_arg("yaml", &yaml));
    true
}

/// The items of the list that is meant; `None` if it is one already.
fn items(node: &Node, zh: bool) -> Option<Vec<String>> {
    match &node.value {
        // One key alone needs no list.
        Value::Map(mapping)
            if mapping.entries.iter().any(|entry| KEY_FIELDS.iter().any(|field| field.is_named(&entry.key))) =>
        {
            None
        }
        Value::Map(mapping) => {
            Some(mapping.entries.iter().map(|entry| item(&entry.key, Some(&entry.node), zh)).collect())
        }
        Value::List(nodes) if nodes.iter().any(|node| matches!(node.value, Value::Text(_))) => {
            let texts = nodes.iter().filter_map(|node| node.text());
            Some(texts.map(|name| item(&name, None, zh)).collect())
        }
        Value::Text(name) => Some(vec![item(name, None, zh)]),
        _ => None,
    }
}

/// One key of the list. What stands behind its name is its type, its parts, or what it is for.
fn item(name: &str, value: Option<&Node>, zh: bool) -> String {
    let word = |zh_word: &str, en: &str| if zh { zh_word.to_string() } else { en.to_string() };
    let mut parts = vec![format!("{}: {}", word("名称", "key"), quote_scalar(name.trim()))];
    match value.map(|node| &node.value) {
        Some(Value::Map(mapping)) => {
            for entry in &mapping.entries {
                let shown = match &entry.node.value {
                    Value::List(items) => {
                        let texts: Vec<String> =
                            items.iter().filter_map(|item| Some(quote_scalar(&item.text()?))).collect();
                        format!("[{}]", texts.join(", "))
                    }
                    _ => entry.node.text().map_or_else(|| "…".to_string(), |text| quote_scalar(&text)),
                };
                parts.push(format!("{}: {shown}", entry.key));
            }
        }
        Some(_) => {
            let text = value.and_then(Node::text).unwrap_or_default();
            let is_type = TYPES.iter().any(|(en, zh)| *en == text || *zh == text);
            let part = if is_type { word("类型", "type") } else { word("说明", "doc") };
            if !text.is_empty() {
                parts.push(format!("{part}: {}", quote_scalar(&text)));
            }
        }
        None => {}
    }
    format!("{{{}}}", parts.join(", "))
}
