//! Tables of keys as Markdown: one table for a mapping, and one more for each mapping inside it.

use puzhi_core::yaml::{Field, Type};

use super::table::{code, plain, table};

/// The table of `fields`, followed by those of the mappings its keys hold, at heading level `level`.
pub fn tables(fields: &'static [Field], level: usize) -> String {
    let mut out = one(fields);
    for (names, inner) in inner(fields) {
        let keys: Vec<String> = names.iter().map(|f| code(f.key)).collect();
        let zh: Vec<&str> = names.iter().map(|f| f.zh).collect();
        out.push_str(&format!("\n{} {}（{}）\n\n", "#".repeat(level), keys.join(", "), zh.join("、")));
        out.push_str(&one(inner));
    }
    out
}

fn one(fields: &[Field]) -> String {
    table(&["键 Key", "中文键", "写法 Takes", "说明", "Meaning"], fields.iter().map(row))
}

fn row(field: &Field) -> Vec<String> {
    let also: String = field.aliases.iter().map(|n| format!("、{}", code(n))).collect();
    vec![
        code(field.key),
        format!("{}{also}", code(field.zh)),
        takes(&field.ty),
        plain(field.doc_zh),
        plain(field.doc_en),
    ]
}

/// Each distinct mapping below `fields` with the keys that hold it, nearest first.
fn inner(fields: &'static [Field]) -> Vec<(Vec<&'static Field>, &'static [Field])> {
    let mut found: Vec<(Vec<&'static Field>, &'static [Field])> = Vec::new();
    let mut open: Vec<&'static [Field]> = vec![fields];
    while !open.is_empty() {
        let mut next = Vec::new();
        for field in open.into_iter().flatten() {
            let Some(table) = mapping(&field.ty) else { continue };
            match found.iter_mut().find(|(_, known)| *known == table) {
                Some((names, _)) if names.iter().any(|n| n.key == field.key) => {}
                Some((names, _)) => names.push(field),
                None => {
                    found.push((vec![field], table));
                    next.push(table);
                }
            }
        }
        open = next;
    }
    found
}

fn mapping(ty: &Type) -> Option<&'static [Field]> {
    match ty {
        Type::Map(table) | Type::Maps(table) => Some(table),
        Type::OneOf(types) => types.iter().find_map(mapping),
        _ => None,
    }
}

/// What a key takes, in Chinese and English.
fn takes(ty: &Type) -> String {
    match ty {
        Type::Text => "文字 text".into(),
        Type::Texts => "一段或几段文字 texts".into(),
        Type::Names => "一个或几个名称 names".into(),
        Type::Date => "日期 date".into(),
        Type::Flag => "是或否 yes or no".into(),
        Type::Integer(min, max) if *max >= 1 << 40 => format!("整数，{min} 以上 whole number from {min}"),
        Type::Integer(min, max) => format!("整数，{min} 到 {max} whole number"),
        Type::Number => "数 number".into(),
        Type::Link => "链接 link".into(),
        Type::Links => "一个或几个链接 links".into(),
        Type::Choice(rows) => format!("选一个 one of: {}", words(rows)),
        Type::Choices(rows) => format!("选一个或几个 some of: {}", words(rows)),
        Type::Map(_) => "几个键，见下面的表 mapping, see below".into(),
        Type::Maps(_) => "列表，每项的键见下面的表 list of mappings, see below".into(),
        Type::OneOf(types) => types.iter().map(takes).collect::<Vec<_>>().join("；或 or "),
        Type::Any => "任意 anything".into(),
    }
}

/// The words of a choice: the name with all its spellings.
fn words(rows: &[(&str, &str)]) -> String {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, spelling) in rows {
        match out.iter_mut().find(|(n, _)| n == name) {
            Some((_, spellings)) => spellings.push(spelling),
            None => out.push((name, vec![spelling])),
        }
    }
    let each = |(name, spellings): &(&str, Vec<&str>)| format!("{}（{}）", code(name), spellings.join("、"));
    out.iter().map(each).collect::<Vec<_>>().join("，")
}

/// How each type is written, with an example.
pub fn types() -> String {
    let rows: [(&str, &str, &str); 10] = [
        (
            "文字 text",
            "`标题: 专利申请怎么办`",
            "文字里有“: ”或以 `[`、`{`、`#`、`*`、`&`、`!`、`%`、`@` 开头时，整段加半角引号。",
        ),
        (
            "一段或几段文字 texts",
            "`材料: 身份证` 或 or `材料: [身份证, 营业执照]`",
            "只有一项时不用写成列表；长的每项一行，以 `- ` 开头。",
        ),
        (
            "一个或几个名称 names",
            "`标签: 专利` 或 or `标签: [专利, 商标]`",
            "几个名称用方括号和半角逗号；名称本身有顿号时加引号。",
        ),
        ("日期 date", "`2025-04-26`、`2025/4/26`、`2025年4月26日 9:30`", "时间可以不写。按站点的时区理解。"),
        ("是或否 yes or no", "`草稿: 是` 或 or `draft: true`", "也可以写 yes、no、否、false。"),
        ("整数、数 whole number, number", "`排序: 10`、`数值: 85.5`", "只写数字，单位另写。"),
        (
            "链接 link",
            "`解读: plan.md#s3`",
            "相对这个文件的路径，或以 `/` 开头从 content 文件夹算起的路径，或完整网址。",
        ),
        ("选一个 one of", "`状态: 有效` 或 or `status: effective`", "表里每个词后面括号里的写法都认。"),
        ("几个键 mapping", "`窗口: {地点: …, 电话: …}`", "也可以换行，每个键缩进两格。"),
        (
            "列表 list of mappings",
            "`- 名称: …`，下一行 then `  数值: …`",
            "每一项以 `- ` 开头；只有一项时可以不写 `- `。",
        ),
    ];
    table(&["写法 Takes", "例子 Example", "说明 Notes"], rows.map(|(a, b, c)| vec![a.into(), b.into(), c.into()]))
}
