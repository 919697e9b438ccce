//! Generates a YAML mapping for a person to fill in. It is generated from the table that also checks it, so the two
//! always agree.
//!
//! Input: a table of fields and the known values. Output: YAML with Chinese keys, in which every key without a known
//! value is a comment that says what the key takes. This file does not know what the mapping is for.

use super::{FieldOf, TypeOf};

/// Writes one line or block for each field, in the table's order, except those in `skip`. A known field is written
/// with its value and comment. Other fields are written as comments; removing the leading `# ` turns them into YAML.
pub fn fill_in_template(fields: &[FieldOf<'_>], filled: &[FilledField<'_>], skip: &[&str]) -> String {
    let mut out = String::new();
    for field in fields.iter().filter(|f| !skip.contains(&f.key)) {
        match filled.iter().find(|f| f.key == field.key) {
            Some(FilledField { value, comment, .. }) => {
                let gap = if value.starts_with('\n') { "" } else { " " };
                let comment = if comment.is_empty() { String::new() } else { format!("  # {comment}") };
                out.push_str(&format!("{}:{gap}{value}{comment}\n", field.zh));
            }
            None => {
                let mut lines = String::new();
                write_placeholder(&mut lines, field, 0, "");
                lines.lines().for_each(|line| out.push_str(&format!("# {line}\n")));
            }
        }
    }
    out
}

/// A field with a known value.
#[derive(Debug, Clone)]
pub struct FilledField<'f> {
    /// The English key.
    pub key: &'f str,
    /// The value as YAML; [`quote_scalar`] converts any text. A block value starts with a line break.
    pub value: String,
    /// A comment for the person who fills in the mapping, or "".
    pub comment: &'f str,
}

/// Returns `text` as a YAML value on one line, quoted where YAML could read it as something else.
pub fn quote_scalar(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim();
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                '，' | '。'
                    | '、'
                    | '《'
                    | '》'
                    | '（'
                    | '）'
                    | '〔'
                    | '〕'
                    | '·'
                    | '？'
                    | '！'
                    | '；'
                    | '—'
                    | '-'
                    | '/'
                    | '.'
                    | '_'
                    | ' '
            )
    };
    let word = clean.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_ascii() || matches!(c, '《' | '〔'));
    const RESERVED_WORDS: [&str; 11] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    let id = clean.starts_with(|c: char| c.is_ascii_alphabetic())
        && clean.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if id && !RESERVED_WORDS.contains(&clean.to_lowercase().as_str()) {
        return clean.to_string();
    }
    if word && clean.chars().all(plain) {
        clean.to_string()
    } else {
        format!("\"{}\"", clean.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

fn write_placeholder(out: &mut String, field: &FieldOf<'_>, indent: usize, dash: &str) {
    let pad = " ".repeat(indent - dash.len());
    // Keys that a site defines need not be described.
    let mut line = |value: &str, more: &str| {
        let parts: Vec<&str> = [field.doc_zh, more].into_iter().filter(|part| !part.is_empty()).collect();
        let comment = if parts.is_empty() { String::new() } else { format!("  # {}", parts.join("；")) };
        out.push_str(&format!("{pad}{dash}{}:{value}{comment}\n", field.zh));
    };
    match simplest_type(&field.ty) {
        TypeOf::Map(inner) => {
            line("", "");
            inner.iter().for_each(|f| write_placeholder(out, f, indent + 2, ""));
        }
        TypeOf::Maps(inner) => {
            line("", "");
            for (i, f) in inner.iter().enumerate() {
                write_placeholder(out, f, indent + 4, if i == 0 { "- " } else { "" });
            }
        }
        TypeOf::Choice(rows) | TypeOf::Choices(rows) => {
            let mut shown: Vec<&str> = Vec::new();
            let mut names: Vec<&str> = Vec::new();
            for (name, zh) in *rows {
                if !names.contains(name) {
                    names.push(name);
                    shown.push(zh);
                }
            }
            let first = shown.first().map_or(String::new(), |word| format!(" {word}"));
            line(&first, &format!("可以写：{}", shown.join("、")));
        }
        TypeOf::Flag => line(" 是", ""),
        TypeOf::Names | TypeOf::Texts | TypeOf::Links => line(" []", "几个就写 [甲, 乙]"),
        _ => line("", ""),
    }
}

/// Returns the first of several accepted types, which is the simplest one.
fn simplest_type<'t, 'f>(ty: &'t TypeOf<'f>) -> &'t TypeOf<'f> {
    match ty {
        TypeOf::OneOf(types) => types.first().map_or(ty, simplest_type),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Field, Type};

    const INNER: &[Field] = &[
        Field::new("place", "地点", Type::Text, "在哪里", "where"),
        Field::new("open", "开放", Type::Flag, "开着", "open"),
    ];
    const FIELDS: &[Field] = &[
        Field::new("title", "标题", Type::Text, "大标题", "title"),
        Field::new("status", "状态", Type::Choice(&[("a", "甲"), ("a", "甲甲"), ("b", "乙")]), "怎样", "how"),
        Field::new("window", "窗口", Type::Map(INNER), "到哪里办", "where to go"),
        Field::new("rows", "行", Type::Maps(INNER), "几行", "rows"),
        Field::new("tags", "标签", Type::Names, "几个词", "words"),
        Field::new("hidden", "不显示", Type::Text, "没有", "none"),
    ];

    #[test]
    fn filled_fields_are_lines_and_others_comments() {
        let filled = [FilledField { key: "title", value: quote_scalar("讲商标"), comment: "照读者的话写" }];
        let want = "标题: 讲商标  # 照读者的话写\n# 状态: 甲  # 怎样；可以写：甲、乙\n# 窗口:  # 到哪里办\n#   地点:  # 在哪里\n#   开放: 是  # 开着\n\
                    # 行:  # 几行\n#   - 地点:  # 在哪里\n#     开放: 是  # 开着\n# 标签: []  # 几个词；几个就写 [甲, 乙]\n";
        assert_eq!(fill_in_template(FIELDS, &filled, &["hidden"]), want);
    }

    #[test]
    fn quote_scalar_keeps_any_text() {
        assert_eq!(quote_scalar("4·26 开放日"), "\"4·26 开放日\"");
        assert_eq!(quote_scalar("讲商标 #1"), "\"讲商标 #1\"");
        assert_eq!(quote_scalar("他说：\"好\\坏\"\n---"), "\"他说：\\\"好\\\\坏\\\" ---\"");
        assert_eq!(
            (quote_scalar("是"), quote_scalar("market-2"), quote_scalar("No")),
            ("是".into(), "market-2".into(), "\"No\"".into())
        );
        for text in [
            "market-2",
            "OFF",
            "n",
            "e5",
            "x1",
            "a: b",
            "- x",
            "{a",
            "[a]",
            "&a",
            "!x",
            "null",
            "'",
            "标题：值",
            "# 注",
            "yes",
            "@x",
            "%",
            "2026-01-01",
            "“全部”",
        ] {
            let path = crate::base::SitePath::new("a.yaml").unwrap();
            let written = format!("k: {}\n", quote_scalar(text));
            let source = crate::diag::SourceText::new(&path, &written);
            let (mapping, found) = crate::yaml::parse_mapping(&source, crate::base::Span::new(0, written.len()));
            assert!(found.is_empty(), "{text}: {found:?}");
            assert_eq!(mapping.entries[0].node.text().as_deref(), Some(text));
        }
    }
}
