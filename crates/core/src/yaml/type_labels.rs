//! Texts that the typed reader uses in messages: the name of a type, the type that was found, and an example. Also
//! parses the words for yes and no, numbers and lists of names.
//!
//! Input: a field type, a node or a text. Output: texts in Chinese and English, or parsed values. Creates no diagnostics.

use crate::base::to_ascii_digit;
use crate::diag::{Lang, SourceText};

use super::{FieldOf, Node, TypeOf, Value};

/// Parses a yes or no in English or Chinese; `None` for any other word.
pub(crate) fn parse_flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "是" | "真" | "开" => Some(true),
        "false" | "no" | "off" | "n" | "否" | "假" | "不" | "不是" | "关" => Some(false),
        _ => None,
    }
}

/// Parses a number written in quotes, with full-width digits or with commas between thousands.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text
        .trim()
        .chars()
        .map(|c| match c {
            '．' => '.',
            '，' => ',',
            other => to_ascii_digit(other),
        })
        .collect();
    let whole = plain.split('.').next().unwrap_or("");
    let mut groups = whole.split(',');
    let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()) || !whole.contains(','));
    let plain =
        if whole.contains(',') && first && groups.all(|g| g.len() == 3) { plain.replace(',', "") } else { plain };
    if !plain.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return None;
    }
    plain.parse().ok()
}

/// Splits `text` into names at `、`, `，`, `,` and `；` outside brackets and quotation marks.
pub(super) fn split_names(text: &str) -> Vec<&str> {
    let mut depth = 0usize;
    let mut start = 0;
    let mut out = Vec::new();
    for (i, c) in text.char_indices() {
        match c {
            '（' | '(' | '《' | '“' | '「' | '【' | '〔' => depth += 1,
            '）' | ')' | '》' | '”' | '」' | '】' | '〕' => depth = depth.saturating_sub(1),
            '、' | '，' | ',' | '；' if depth == 0 => {
                out.push(text[start..i].trim());
                start = i + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(text[start..].trim());
    out.retain(|name| !name.is_empty());
    out
}

/// Describes what `ty` takes, in Chinese and in English.
pub(super) fn describe_expected(ty: &TypeOf<'_>) -> (String, String) {
    let pair = |zh: &str, en: &str| (zh.to_string(), en.to_string());
    match ty {
        TypeOf::Text => pair("文字", "text"),
        TypeOf::Texts => pair("文字或文字的列表", "text or a list of texts"),
        TypeOf::Names => pair("名称或名称的列表", "a name or a list of names"),
        TypeOf::Date => pair("日期", "a date"),
        TypeOf::Flag => pair("“是”或“否”", "true or false"),
        TypeOf::Integer(..) => pair("整数", "a whole number"),
        TypeOf::Number => pair("数字", "a number"),
        TypeOf::Link => pair("链接", "a link"),
        TypeOf::Links => pair("链接或链接的列表", "a link or a list of links"),
        TypeOf::Choice(rows) => (format!("{}之一", list_choices(rows).0), format!("one of {}", list_choices(rows).1)),
        TypeOf::Choices(rows) => {
            (format!("{}中的一个或几个", list_choices(rows).0), format!("one or several of {}", list_choices(rows).1))
        }
        TypeOf::Map(_) => pair("下一层“键: 值”", "a mapping"),
        TypeOf::Maps(_) => pair("列表，每项是“键: 值”", "a list of mappings"),
        TypeOf::OneOf(types) => {
            let words: Vec<_> = types.iter().map(describe_expected).collect();
            let join =
                |with: &str, of: fn(&(String, String)) -> &str| words.iter().map(of).collect::<Vec<_>>().join(with);
            (join("，或", |w| &w.0), join(" or ", |w| &w.1))
        }
        TypeOf::Any => pair("任意内容", "anything"),
    }
}

/// Names the type of the value that was found, in Chinese and in English.
pub(super) fn describe_found(node: &Node) -> (&'static str, &'static str) {
    match node.value {
        Value::Null => ("空", "empty"),
        Value::Bool(_) => ("“是/否”", "a truth value"),
        Value::Int(_) | Value::Float(_) => ("数字", "a number"),
        Value::Text(_) => ("文字", "text"),
        Value::List(_) => ("列表", "a list"),
        Value::Map(_) => ("下一层“键: 值”", "a mapping"),
    }
}

/// How an example is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExampleStyle {
    /// Language of its values.
    pub lang: Lang,
    /// Keys in Chinese, as the author writes them.
    pub chinese_keys: bool,
}

impl ExampleStyle {
    /// The key of a field as the example writes it.
    pub fn key<'f>(&self, field: &FieldOf<'f>) -> &'f str {
        if self.chinese_keys { field.zh } else { field.key }
    }
}

/// Returns an example value for `ty` in Chinese, on one line.
pub fn example_value(ty: &TypeOf<'_>) -> String {
    let path = crate::base::SitePath::root();
    example(ty, &SourceText::new(&path, ""), None, ExampleStyle { lang: Lang::Zh, chinese_keys: false })
}

/// Returns an example value for `ty`. If a text was read as a mapping because of its colon, returns that
/// text in quotes.
pub(super) fn example(ty: &TypeOf<'_>, source: &SourceText<'_>, node: Option<&Node>, style: ExampleStyle) -> String {
    let written = node.and_then(|n| source.text.get(n.span.start..n.span.end)).map(str::trim);
    if let (Some(text), Some(Value::Map(_))) = (written, node.map(|n| &n.value))
        && matches!(ty, TypeOf::Text | TypeOf::Texts | TypeOf::Names)
        && !text.contains('\n')
        && !text.starts_with('{')
    {
        return super::scalar::quote_shortened(text);
    }
    let zh = style.lang == Lang::Zh;
    // A list where one text is wanted: the texts of the list as one.
    if let (TypeOf::Text, Some(Value::List(items))) = (ty, node.map(|node| &node.value)) {
        let texts: Option<Vec<String>> = items.iter().map(|item| Some(item.text()?.trim().to_string())).collect();
        if let Some(texts) = texts.filter(|texts| !texts.is_empty()) {
            let joined = texts.join(if zh { "、" } else { ", " });
            let plain = joined.chars().all(|c| c.is_alphanumeric() || matches!(c, '、' | ',' | ' '));
            return if plain { joined } else { super::scalar::quote_shortened(&joined) };
        }
    }
    // `{甲, 乙}` where a list is wanted.
    if let (TypeOf::Texts | TypeOf::Names, Some(Value::Map(mapping))) = (ty, node.map(|node| &node.value))
        && mapping.entries.len() > 1
        && mapping.entries.iter().all(|entry| entry.node.is_null() && is_plain_name(&entry.key))
    {
        let names: Vec<&str> = mapping.entries.iter().map(|entry| entry.key.as_str()).collect();
        return format!("[{}]", names.join(", "));
    }
    match ty {
        TypeOf::Text if zh => "文字".into(),
        TypeOf::Text => "text".into(),
        TypeOf::Texts | TypeOf::Names if zh => "[甲, 乙]".into(),
        TypeOf::Texts | TypeOf::Names => "[one, two]".into(),
        TypeOf::Date => "2025-04-26".into(),
        TypeOf::Flag if zh => "是".into(),
        TypeOf::Flag => "true".into(),
        TypeOf::Integer(..) => "1".into(),
        TypeOf::Number => "85".into(),
        // In settings a link begins at the site's root.
        TypeOf::Link | TypeOf::Links if source.file.as_str() == "site.yaml" => "/guides/".into(),
        TypeOf::Link | TypeOf::Links => "../guides/a.md".into(),
        TypeOf::Choice(rows) | TypeOf::Choices(rows) => {
            rows.first().map_or(String::new(), |(en, spelling)| if zh { *spelling } else { *en }.into())
        }
        TypeOf::Map(fields) => format!("{{{}}}", pairs(fields, source, style)),
        TypeOf::Maps(fields) => format!("[{{{}}}]", pairs(fields, source, style)),
        TypeOf::OneOf(types) => types.first().map_or(String::new(), |ty| example(ty, source, None, style)),
        TypeOf::Any => "…".into(),
    }
}

/// Whether a name needs no quotes in a list.
fn is_plain_name(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '·' | '（' | '）'))
}

fn pairs(fields: &[FieldOf<'_>], source: &SourceText<'_>, style: ExampleStyle) -> String {
    let flat =
        fields.iter().filter(|f| !matches!(f.ty, TypeOf::Map(_) | TypeOf::Maps(_) | TypeOf::OneOf(_) | TypeOf::Any));
    flat.take(2)
        .map(|f| format!("{}: {}", style.key(f), example(&f.ty, source, None, style)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Joins the names of a choice, each once: the Chinese spellings, then the English names.
pub(super) fn list_choices(rows: &[(&str, &str)]) -> (String, String) {
    let mut zh: Vec<&str> = Vec::new();
    let mut en: Vec<&str> = Vec::new();
    for (name, spelling) in rows {
        if !en.contains(name) {
            en.push(name);
            zh.push(spelling);
        }
    }
    (zh.join("、"), en.join(", "))
}

pub(super) fn choices_of<'f>(ty: &TypeOf<'f>) -> &'f [(&'f str, &'f str)] {
    match ty {
        TypeOf::Choice(rows) | TypeOf::Choices(rows) => rows,
        TypeOf::OneOf(types) => types.iter().map(choices_of).find(|rows| !rows.is_empty()).unwrap_or(&[]),
        _ => &[],
    }
}

/// Returns the field table of a mapping or a list of mappings.
pub(super) fn table_of<'f>(ty: &TypeOf<'f>) -> Option<&'f [FieldOf<'f>]> {
    match ty {
        TypeOf::Map(table) | TypeOf::Maps(table) => Some(table),
        TypeOf::OneOf(types) => types.iter().find_map(table_of),
        _ => None,
    }
}

pub(super) fn integer_bounds(ty: &TypeOf<'_>) -> (i64, i64) {
    match ty {
        TypeOf::Integer(min, max) => (*min, *max),
        // Outside these bounds a 64-bit float cannot represent every whole number.
        _ => (-(1 << 53), 1 << 53),
    }
}
