//! Directives as components with forms: their argument, their options and the keys of their bodies, from the tables that check them.
//!
//! Input: the definition of a directive. Output: values for JSON, and a template in which `▮` stands where one goes on writing.

use serde_json::{Value as Json, json};

use crate::markdown::{
    DiagramKey, DiagramValue, DirectiveArgument, DirectiveBodyKind, DirectiveDefinition, EntryKey, OptionDefinition,
    OptionValueKind,
};

use super::form::FormChoice;

/// A directive as a component.
pub(super) fn component(directive: &DirectiveDefinition) -> Json {
    let argument = argument_field(&directive.argument);
    let has_argument = argument.is_some();
    let fields: Vec<Json> = argument.into_iter().chain(directive.options.iter().map(option_field)).collect();
    let (body, body_fields): (&str, Vec<Json>) = match directive.body {
        DirectiveBodyKind::None => ("none", Vec::new()),
        DirectiveBodyKind::Markdown => ("text", Vec::new()),
        DirectiveBodyKind::Steps => ("steps", Vec::new()),
        DirectiveBodyKind::Questions => ("questions", Vec::new()),
        DirectiveBodyKind::Images => ("pictures", Vec::new()),
        DirectiveBodyKind::Entries(keys) => ("entries", keys.iter().map(entry_field).collect()),
        DirectiveBodyKind::Diagram(keys) => ("diagram", keys.iter().map(diagram_field).collect()),
    };
    let space = if has_argument { " " } else { "" };
    let fence = "```";
    json!({
        "name": directive.name,
        "label": directive.zh,
        "about": directive.zh,
        "body": body,
        "body_fields": body_fields,
        "template": format!("{fence}{{{}}}{space}\n{}{fence}\n", directive.name, body_template(&directive.body)),
        "fields": fields,
    })
}

fn argument_field(argument: &DirectiveArgument) -> Option<Json> {
    let (zh, required) = match argument {
        DirectiveArgument::None => return None,
        DirectiveArgument::Optional(zh, _) => (zh, false),
        DirectiveArgument::Required(zh, _) => (zh, true),
    };
    Some(json!({ "key": "", "label": zh, "help": "", "type": "text", "required": required, "choices": [] }))
}

fn option_field(option: &OptionDefinition) -> Json {
    let (ty, words): (&str, &[&str]) = match option.value {
        OptionValueKind::Text => ("text", &[]),
        OptionValueKind::List => ("list", &[]),
        OptionValueKind::Bool => ("bool", &[]),
        OptionValueKind::Number(..) => ("number", &[]),
        OptionValueKind::OneOf(words) => ("choice", words),
    };
    let choices: Vec<FormChoice> = words.iter().map(|word| FormChoice::same(word)).collect();
    json!({ "key": option.name, "label": option.zh, "help": "", "type": ty, "required": false, "choices": choices })
}

fn entry_field(key: &EntryKey) -> Json {
    json!({ "key": key.en, "write": key.zh, "label": key.zh, "help": "", "type": "text", "required": key.required, "choices": [] })
}

fn diagram_field(key: &DiagramKey) -> Json {
    let (ty, inner): (&str, &[DiagramKey]) = match &key.takes {
        DiagramValue::Text => ("text", &[]),
        DiagramValue::Markdown => ("multiline", &[]),
        DiagramValue::Number => ("number", &[]),
        DiagramValue::Names => ("list", &[]),
        DiagramValue::Flag => ("bool", &[]),
        DiagramValue::Link => ("link", &[]),
        DiagramValue::Entries { keys, .. } => ("table", keys),
    };
    json!({
        "key": key.en,
        "write": key.zh,
        "label": key.zh,
        "help": key.about_zh,
        "type": ty,
        "required": key.required,
        "choices": [],
        "fields": inner.iter().map(diagram_field).collect::<Vec<_>>(),
    })
}

/// A body to begin with.
fn body_template(body: &DirectiveBodyKind) -> String {
    match body {
        DirectiveBodyKind::None => String::new(),
        DirectiveBodyKind::Markdown | DirectiveBodyKind::Images => "▮\n".to_string(),
        DirectiveBodyKind::Steps => "1. ▮\n2. \n".to_string(),
        DirectiveBodyKind::Questions => "### ▮\n\n\n".to_string(),
        DirectiveBodyKind::Entries(keys) => {
            let wanted = keys.iter().enumerate().filter(|(at, key)| *at == 0 || key.required);
            wanted
                .map(|(at, key)| {
                    format!("{}{}: {}\n", if at == 0 { "- " } else { "  " }, key.zh, if at == 0 { "▮" } else { "" })
                })
                .collect()
        }
        DirectiveBodyKind::Diagram(keys) => {
            let mut out = String::new();
            keys.iter().filter(|key| key.required).for_each(|key| key_template(key, 0, &mut out));
            out.replacen(": \n", ": ▮\n", 1)
        }
    }
}

fn key_template(key: &DiagramKey, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    let DiagramValue::Entries { keys, .. } = &key.takes else {
        out.push_str(&format!("{pad}{}: \n", key.zh));
        return;
    };
    out.push_str(&format!("{pad}{}:\n", key.zh));
    let mut entry = String::new();
    keys.iter().filter(|key| key.required).for_each(|key| key_template(key, indent + 4, &mut entry));
    // The first key of an entry stands behind the mark of the list.
    out.push_str(&entry.replacen(&format!("{pad}    "), &format!("{pad}  - "), 1));
}
