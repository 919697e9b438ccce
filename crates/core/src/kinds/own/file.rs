//! `kinds/NAME.yaml`: the definition of a kind of page that a site has of its own.
//!
//! Input: the text of the file, the kinds defined before it and the site's taxonomies. Output: an [`OwnKind`] that can
//! be used as far as the file can be understood, and diagnostics. Does not know whether templates exist.

use super::folder::folder;
use super::key_list::report_keys_without_list;
use super::{ChoiceWord, KeyDefinition, KeyType, OwnKind};
use crate::base::{Span, closest_match};
use crate::diag::codes::front_matter::RANGE_REVERSED;
use crate::diag::codes::kinds as code;
use crate::diag::{Diagnostic, SourceText};
use crate::kinds::common::{COMMON_FIELDS, SECTION_FIELDS};
use crate::kinds::values::read_value;
use crate::kinds::{KeyValue, KindName};
use crate::yaml::{self, Field, Mapping, MappingEntry, MappingReader, Spanned, Type};

/// How many kinds a site may define.
pub const MAX_KINDS: usize = 40;
/// How many keys a kind, or a group in it, may have.
const MAX_KEYS: usize = 60;
/// How many words a choice may have.
const MAX_CHOICES: usize = 200;
/// Longest name of a kind or key, in characters.
const MAX_NAME: usize = 24;
/// Names of kinds that mean something else in templates, settings or `puzhi kinds`.
const RESERVED_NAMES: [&str; 8] = ["own", "section", "term", "taxonomy", "home", "targets", "site", "kind"];

/// What is known when a file is read.
#[derive(Debug, Clone, Copy)]
pub struct KindFileContext<'c> {
    /// The kinds that files before this one define.
    pub taken: &'c [OwnKind],
    /// The keys of the site's own taxonomies.
    pub taxonomies: &'c [String],
}

/// The keys of the file.
pub const KIND_FIELDS: &[Field] = &[
    Field::new(
        "name",
        "名称",
        Type::Text,
        "类型的中文名字，页面里写“类型: 名字”；缺省是文件名",
        "the Chinese name, as pages write it; the file name by default",
    )
    .meant_by(&["类型名", "类型名称", "名字", "标题", "title"]),
    Field::new(
        "en",
        "英文名",
        Type::Text,
        "英文名字，模板和英文页面用；缺省是文件名",
        "the English name, for templates and English pages; the file name by default",
    ),
    Field::new(
        "folder",
        "文件夹",
        Type::Text,
        "content 里放新页的文件夹；缺省是英文名",
        "the folder of content/ for new pages; the English name by default",
    )
    .meant_by(&["目录", "路径", "位置", "dir", "directory", "path"]),
    Field::new(
        "template",
        "模板",
        Type::Text,
        "用哪个模板；缺省是 page.html，把各个键列成表",
        "the template; page.html by default, which lists the keys",
    )
    .meant_by(&["版式", "layout"]),
    Field::new(
        "dated",
        "有日期",
        Type::OneOf(&[Type::Flag, Type::Text]),
        "显不显示日期；也可以写一个日期键的名字，没写“日期”的页面用它",
        "whether dates are shown; or the name of a date key that stands in for a missing date",
    )
    .meant_by(&["日期", "显示日期", "date"]),
    Field::new(
        "expires",
        "失效取自",
        Type::Text,
        "一个日期键的名字：过了那天页面失效，网址不变",
        "the name of a date key after which a page has expired and keeps its address",
    )
    .meant_by(&["失效", "过期", "失效日期", "到期", "有效期", "expiry"]),
    Field::new(
        "feeds",
        "进订阅",
        Type::Flag,
        "进不进订阅源；缺省进",
        "whether feeds contain its pages; yes by default",
    )
    .meant_by(&["订阅", "订阅源", "feed"]),
    Field::new(
        "searchable",
        "可搜索",
        Type::Flag,
        "让不让搜索引擎收录；缺省让",
        "whether search engines may list its pages; yes by default",
    )
    .meant_by(&["搜索", "收录", "可收录", "search"]),
    Field::new(
        "keys",
        "键",
        Type::Maps(KEY_FIELDS),
        "这种页面自己的键，按显示的先后",
        "its keys, in the order they are shown",
    )
    .meant_by(&["字段", "字段列表", "项目", "项", "属性", "栏", "内容", "键名", "fields", "columns", "properties"]),
];

macro_rules! key_fields {
    ($($last:expr),* $(,)?) => {
        &[
            Field::new("key", "名称", Type::Text, "键的中文名字，也是页面上显示的名字", "the key's Chinese name, which pages show").meant_by(&["名字", "键名", "标题", "标签", "name", "label", "title"]),
            Field::new("en", "英文名", Type::Text, "英文名字，模板用：a–z、0–9 和 _", "the English name, for templates: a-z, 0-9 and _"),
            Field::new("type", "类型", Type::Choice(TYPES), "填什么；缺省是文字", "what it takes; text by default").meant_by(&["种类", "格式", "字段类型", "kind", "format"]),
            Field::new("doc", "说明", Type::Text, "这个键填什么，给写的人看", "what the key is for, in Chinese").meant_by(&["备注", "提示", "描述", "注释", "help", "description"]),
            Field::new("doc_en", "英文说明", Type::Text, "同样的话，英文", "what the key is for, in English"),
            Field::new(
                "choices",
                "选项",
                Type::OneOf(&[Type::Texts, Type::Maps(CHOICE_FIELDS)]),
                "单选、多选的选项",
                "the words of a choice"
            ).meant_by(&["可选", "可选项", "选择", "选项值", "取值", "options", "values"]),
            Field::new("min", "最小", Type::Integer(-1_000_000_000_000, 1_000_000_000_000), "整数最小是几", "the smallest whole number").meant_by(&["最小值", "下限", "minimum"]),
            Field::new("max", "最大", Type::Integer(-1_000_000_000_000, 1_000_000_000_000), "整数最大是几", "the largest whole number").meant_by(&["最大值", "上限", "maximum"]),
            $($last,)*
        ]
    };
}

/// The keys of an entry of `keys`.
pub const KEY_FIELDS: &[Field] =
    key_fields!(
        Field::new("required", "必填", Type::Flag, "必须写", "a page must have it")
            .meant_by(&["必须", "必选", "必要", "必需", "must"]),
        Field::new("listed", "列表显示", Type::Flag, "列表里也显示", "lists show it, too")
            .meant_by(&["列表", "显示", "列出", "list"]),
        Field::new("default", "缺省", Type::Any, "没写时当作什么", "its value where a page does not give one")
            .meant_by(&["默认", "默认值", "缺省值", "default_value"]),
        Field::new("keys", "键", Type::Maps(INNER_KEY_FIELDS), "“一组”“多组”里面的键", "the keys of a group")
            .meant_by(&["子键", "字段", "项目", "fields"]),
    );

/// The keys of an entry of `keys` in a group. The last four are there to be refused in their own words.
const INNER_KEY_FIELDS: &[Field] = key_fields!(
    Field::new("required", "必填", Type::Any, "组里的键不能必填", "a key of a group is never required"),
    Field::new("listed", "列表显示", Type::Any, "组不进列表", "lists show no groups"),
    Field::new("default", "缺省", Type::Any, "组里的键没有缺省", "a key of a group has no default"),
    Field::new("keys", "键", Type::Any, "组里不能再有组", "a group has no groups"),
);

const CHOICE_FIELDS: &[Field] = &[
    Field::new("word", "文字", Type::Text, "中文的写法", "the word in Chinese"),
    Field::new("en", "英文", Type::Text, "英文的写法，模板也用它", "the word in English, and in templates"),
];

pub(super) const TYPES: &[(&str, &str)] = &[
    ("text", "文字"),
    ("texts", "几段文字"),
    ("names", "几个名称"),
    ("date", "日期"),
    ("flag", "是否"),
    ("integer", "整数"),
    ("number", "数字"),
    ("link", "链接"),
    ("links", "几个链接"),
    ("choice", "单选"),
    ("choices", "多选"),
    ("group", "一组"),
    ("groups", "多组"),
];

/// Example of the file for the reference page.
pub const KIND_EXAMPLE: &str = "名称: 骗局\n英文名: scam\n文件夹: scams\n有日期: 发现日期\n键:\n  - {名称: 手法, 英文名: method, 必填: 是, 说明: 骗子怎么做}\n  - {名称: 渠道, 英文名: channel_used, 类型: 单选, 选项: [电话, 网络, 上门], 列表显示: 是}\n  - {名称: 发现日期, 英文名: seen, 类型: 日期}\n";

/// Reads the whole file.
pub fn read_kind(source: &SourceText<'_>, context: KindFileContext<'_>) -> (OwnKind, Vec<Diagnostic>) {
    let (mapping, mut diags) = yaml::parse_mapping(source, Span::new(0, source.text.len()));
    let mut fields = MappingReader::new(source, &mapping, KIND_FIELDS, &mut diags);
    let stem = source.file.stem();
    let start = Span::new(0, 0);
    let written = |fields: &mut MappingReader<'_, '_>, key: &str| fields.spanned_text(key);
    let zh = written(&mut fields, "name").unwrap_or_else(|| Spanned { value: stem.to_string(), span: start });
    let name = written(&mut fields, "en").unwrap_or_else(|| Spanned { value: stem.to_string(), span: start });
    check_name(&mut fields, &zh, context.taken);
    if name.value != zh.value {
        check_name(&mut fields, &name, context.taken);
    }
    let folder = folder(&mut fields, &name, context);
    let keys = match report_keys_without_list(&mut fields) {
        true => Vec::new(),
        false => keys(&mut fields, context.taxonomies),
    };
    let mut kind = OwnKind {
        path: source.file.clone(),
        name: name.value.to_lowercase(),
        zh: zh.value,
        folder,
        template: fields.spanned_text("template"),
        shows_date: true,
        dated_by: None,
        expires_by: None,
        in_feeds: fields.flag("feeds").unwrap_or(true),
        searchable: fields.flag("searchable").unwrap_or(true),
        keys,
    };
    read_dates(&mut fields, &mut kind);
    (kind, diags)
}

/// Whether a name consists of letters of any script, digits, `-` and `_`.
fn is_name(name: &str) -> bool {
    let letters = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    letters && !name.is_empty() && name.chars().count() <= MAX_NAME
}

fn check_name(fields: &mut MappingReader<'_, '_>, name: &Spanned<String>, taken: &[OwnKind]) {
    let lower = name.value.to_lowercase();
    let built_in = KindName::from_label(&lower).map(|kind| format!("{} {}", kind.zh(), kind.as_str()));
    let own = taken.iter().find(|kind| kind.name == lower || kind.zh == name.value).map(|kind| kind.path.to_string());
    let reserved = RESERVED_NAMES.contains(&lower.as_str()).then(|| lower.clone());
    let diag = if !is_name(&name.value) {
        Diagnostic::new(&code::BAD_KIND_NAME).arg("limit", MAX_NAME).arg("example", "骗局").arg("example_en", "scam")
    } else if let Some(other) = built_in.or(own).or(reserved) {
        Diagnostic::new(&code::KIND_NAME_TAKEN).arg("other", other)
    } else {
        return;
    };
    fields.report(diag.at(fields.source(), name.span).arg("value", &name.value));
}

/// Reads `dated` and `expires`, which may name keys.
fn read_dates(fields: &mut MappingReader<'_, '_>, kind: &mut OwnKind) {
    let dated = fields.node("dated").and_then(|node| node.text());
    let is_flag = dated.as_deref().is_none_or(|text| kind.keys.iter().all(|key| key.zh != text && key.name != text));
    let words = ["true", "false", "yes", "no", "on", "off", "是", "否", "真", "假"];
    if is_flag && dated.as_deref().is_none_or(|text| words.contains(&text.trim().to_lowercase().as_str())) {
        kind.shows_date = fields.flag("dated").unwrap_or(true);
    } else {
        kind.dated_by = date_key(fields, "dated", &kind.keys);
    }
    kind.expires_by = date_key(fields, "expires", &kind.keys);
}

/// The English name of the date key that `part` names.
fn date_key(fields: &mut MappingReader<'_, '_>, part: &str, keys: &[KeyDefinition]) -> Option<String> {
    let written = fields.spanned_text(part)?;
    let is_date = |key: &&KeyDefinition| key.ty == KeyType::Plain(Type::Date);
    let found = keys.iter().filter(is_date).find(|key| key.zh == written.value || key.name == written.value);
    if found.is_none() {
        let dates: Vec<&str> = keys.iter().filter(is_date).map(|key| key.zh.as_str()).collect();
        let near = closest_match(&written.value, dates.iter().copied()).or(dates.first().copied());
        let diag = Diagnostic::new(&code::KIND_DATE_KEY).at(fields.source(), written.span);
        fields.report(diag.arg("value", &written.value).optional_arg("nearest", near));
    }
    found.map(|key| key.name.clone())
}

/// Reads the keys of the kind and checks that they differ from each other and from those of every page.
fn keys(fields: &mut MappingReader<'_, '_>, taxonomies: &[String]) -> Vec<KeyDefinition> {
    let mut seen: Vec<(String, String)> = Vec::new();
    let count_limit = KeyLimit::of(fields);
    let mut left = MAX_KEYS;
    let keys = fields.maps("keys", |key| {
        left = left.checked_sub(1)?;
        let named = key_names(key, &mut seen)?;
        let reserved = |name: &str| {
            let shared = COMMON_FIELDS.iter().chain(SECTION_FIELDS.iter()).any(|field| field.is_named(name));
            shared || taxonomies.iter().any(|taxonomy| taxonomy == name)
        };
        let names = [(&named.zh, named.zh_span), (&named.name, named.name_span)];
        if let Some((name, span)) = names.into_iter().find(|(name, _)| reserved(name)) {
            let diag = Diagnostic::new(&code::KIND_KEY_RESERVED).at(key.source(), span);
            key.report(diag.arg("key", name));
            return None;
        }
        Some(read_key(key, named))
    });
    count_limit.check(fields);
    keys
}

/// Reports a list of keys that is too long, once.
struct KeyLimit {
    count: usize,
    span: Span,
}

impl KeyLimit {
    fn of(fields: &MappingReader<'_, '_>) -> KeyLimit {
        let node = fields.node("keys");
        let count = node.and_then(|node| node.as_list()).map_or(0, <[_]>::len);
        KeyLimit { count, span: node.map_or_else(Span::default, |node| Span::new(node.span.start, node.span.start)) }
    }

    fn check(&self, fields: &mut MappingReader<'_, '_>) {
        if self.count > MAX_KEYS {
            let diag = Diagnostic::new(&code::TOO_MANY_KIND_KEYS).at(fields.source(), self.span);
            fields.report(diag.arg("count", self.count).arg("limit", MAX_KEYS));
        }
    }
}

/// The names of a key, and where they are written.
struct KeyNames {
    name: String,
    zh: String,
    name_span: Span,
    zh_span: Span,
}

/// Reads the names of a key and checks that no key before it has one of them.
fn key_names(key: &mut MappingReader<'_, '_>, seen: &mut Vec<(String, String)>) -> Option<KeyNames> {
    key.require("key", KEY_FIELDS);
    let zh = key.spanned_text("key")?;
    let en = key.spanned_text("en");
    let begins_well = |name: &str| name.starts_with(char::is_alphabetic);
    let ascii = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let good = |name: &str| is_name(name) && begins_well(name);
    let bad = match &en {
        _ if !good(&zh.value) => Some(&zh),
        Some(en) if !good(&en.value) || !ascii(&en.value) => Some(en),
        _ => None,
    };
    if let Some(bad) = bad {
        let diag = Diagnostic::new(&code::BAD_KIND_KEY).at(key.source(), bad.span);
        key.report(diag.arg("value", &bad.value).arg("limit", MAX_NAME));
        return None;
    }
    let names = (en.as_ref().map_or_else(|| zh.value.clone(), |en| en.value.clone()), zh.value.clone());
    let is_taken = |name: &String| seen.iter().any(|other| other.0 == *name || other.1 == *name);
    if let Some(twice) = [&names.1, &names.0].into_iter().find(|name| is_taken(name)) {
        let span = en.as_ref().filter(|en| en.value == *twice && zh.value != *twice).map_or(zh.span, |en| en.span);
        let diag = Diagnostic::new(&code::KIND_KEY_TWICE).at(key.source(), span).arg("key", twice);
        key.report(diag);
        return None;
    }
    seen.push(names.clone());
    let name_span = en.map_or(zh.span, |en| en.span);
    Some(KeyNames { name: names.0, zh: names.1, name_span, zh_span: zh.span })
}

fn read_key(key: &mut MappingReader<'_, '_>, named: KeyNames) -> KeyDefinition {
    let written = key.choice("type").unwrap_or("text");
    let ty = key_type(key, written);
    let is_listed = key.flag("listed").unwrap_or(false);
    let can_be_listed = !matches!(written, "link" | "links" | "group" | "groups");
    if is_listed && !can_be_listed {
        report_unused(key, "listed", written);
    }
    let mut definition = KeyDefinition {
        name: named.name,
        zh: named.zh,
        ty,
        required: key.flag("required").unwrap_or(false),
        listed: is_listed && can_be_listed,
        doc_zh: key.text("doc").unwrap_or_default(),
        doc_en: key.text("doc_en").unwrap_or_default(),
        default: None,
    };
    definition.default = default(key, &definition);
    if definition.required && definition.default.is_some() {
        let span = key.entry("required").map_or_else(Span::default, |entry| entry.key_span);
        let diag = Diagnostic::new(&code::KIND_REQUIRED_DEFAULT).at(key.source(), span);
        key.report(diag.arg("key", &definition.zh));
    }
    definition
}

/// A key of a group: what it takes and how it is called.
fn read_inner_key(key: &mut MappingReader<'_, '_>, named: KeyNames) -> KeyDefinition {
    let written = key.choice("type").unwrap_or("text");
    for part in ["required", "listed", "default"] {
        let Some(entry) = key.entry(part) else { continue };
        let diag = Diagnostic::new(&code::KIND_INNER_PART).at(key.source(), entry.key_span);
        key.report(diag.arg("part", &entry.key));
    }
    KeyDefinition {
        name: named.name,
        zh: named.zh,
        ty: key_type(key, written),
        required: false,
        listed: false,
        doc_zh: key.text("doc").unwrap_or_default(),
        doc_en: key.text("doc_en").unwrap_or_default(),
        default: None,
    }
}

/// The type of a key. Reports parts that have no effect for it.
fn key_type(key: &mut MappingReader<'_, '_>, written: &str) -> KeyType {
    for (part, types) in [
        ("choices", &["choice", "choices"][..]),
        ("min", &["integer"]),
        ("max", &["integer"]),
        ("keys", &["group", "groups"]),
    ] {
        if key.node(part).is_some() && !types.contains(&written) {
            report_unused(key, part, written);
        }
    }
    match written {
        "texts" => KeyType::Plain(Type::Texts),
        "names" => KeyType::Plain(Type::Names),
        "date" => KeyType::Plain(Type::Date),
        "flag" => KeyType::Plain(Type::Flag),
        "number" => KeyType::Plain(Type::Number),
        "link" => KeyType::Plain(Type::Link),
        "links" => KeyType::Plain(Type::Links),
        "integer" => {
            const LIMIT: i64 = 1_000_000_000_000;
            let (min, max) = (key.integer("min").unwrap_or(-LIMIT), key.integer("max").unwrap_or(LIMIT));
            if let Some(node) = key.node("max").filter(|_| min > max) {
                let diag = Diagnostic::new(&RANGE_REVERSED).at(key.source(), node.span);
                key.report(diag.arg("min", min).arg("max", max));
            }
            KeyType::Plain(Type::Integer(min, max.max(min)))
        }
        "choice" => KeyType::Choice(choices(key)),
        "choices" => KeyType::Choices(choices(key)),
        "group" => KeyType::Group(inner_keys(key)),
        "groups" => KeyType::Groups(inner_keys(key)),
        _ => KeyType::Plain(Type::Text),
    }
}

fn report_unused(key: &mut MappingReader<'_, '_>, part: &str, written: &str) {
    let Some(entry) = key.entry(part) else { return };
    let zh = TYPES.iter().find(|(name, _)| *name == written).map_or(written, |(_, zh)| zh);
    let diag = Diagnostic::new(&code::KIND_KEY_UNUSED).at(key.source(), entry.key_span);
    key.report(diag.arg("part", &entry.key).arg("kind", zh).arg("kind_en", written));
}

fn choices(key: &mut MappingReader<'_, '_>) -> Vec<ChoiceWord> {
    key.require_entries("choices", KEY_FIELDS);
    let word = |word: Spanned<String>| (ChoiceWord { name: word.value.clone(), zh: word.value }, word.span);
    let words = key.texts_or_maps(
        "choices",
        |text| Some(word(text)),
        |choice| {
            choice.require("word", CHOICE_FIELDS);
            let zh = choice.spanned_text("word")?;
            let name = choice.text("en").unwrap_or_else(|| zh.value.clone());
            Some((ChoiceWord { name, zh: zh.value }, zh.span))
        },
    );
    let mut kept: Vec<ChoiceWord> = Vec::new();
    for (word, span) in words.into_iter().flatten() {
        let twice = kept.iter().any(|other| other.name == word.name || other.zh == word.zh);
        if twice || kept.len() == MAX_CHOICES {
            let diag = Diagnostic::new(&code::BAD_KIND_CHOICES).at(key.source(), span).arg("limit", MAX_CHOICES);
            let name = key.text("key").unwrap_or_default();
            key.report(diag.arg("key", name).arg("value", word.zh));
            break;
        }
        kept.push(word);
    }
    kept
}

/// The keys of a group.
fn inner_keys(key: &mut MappingReader<'_, '_>) -> Vec<KeyDefinition> {
    key.require_entries("keys", KEY_FIELDS);
    if key.node("keys").is_some() && is_inner(key) {
        let entry = key.entry("keys").map_or_else(Span::default, |entry| entry.key_span);
        let diag = Diagnostic::new(&code::KIND_TOO_DEEP).at(key.source(), entry);
        key.report(diag);
        return Vec::new();
    }
    let mut seen = Vec::new();
    let limit = KeyLimit::of(key);
    let mut left = MAX_KEYS;
    let keys = key.maps("keys", |inner| {
        left = left.checked_sub(1)?;
        let named = key_names(inner, &mut seen)?;
        Some(read_inner_key(inner, named))
    });
    limit.check(key);
    keys
}

/// Whether the reader reads a key of a group, whose own `keys` is refused.
fn is_inner(key: &MappingReader<'_, '_>) -> bool {
    key.field_type("keys") == Some(Type::Any)
}

/// Reads the default by the type of the key, as a page's value is read.
fn default(key: &mut MappingReader<'_, '_>, definition: &KeyDefinition) -> Option<KeyValue> {
    let entry = key.entry("default").filter(|entry| !entry.node.is_null())?;
    let inner_rows: Vec<Vec<(&str, &str)>> = definition.inner().iter().map(KeyDefinition::rows).collect();
    let inner: Vec<_> =
        definition.inner().iter().zip(&inner_rows).map(|(inner, rows)| inner.field(rows, &[])).collect();
    let rows = definition.rows();
    // Findings name the key as it is written in this file.
    let renamed = KeyDefinition { name: entry.key.clone(), zh: entry.key.clone(), ..definition.clone() };
    let table = [crate::yaml::FieldOf { ty: definition.field(&rows, &inner).ty, ..renamed.field(&[], &[]) }];
    let entries = vec![MappingEntry { key: entry.key.clone(), key_span: entry.key_span, node: entry.node.clone() }];
    let mapping = Mapping { span: entry.node.span, entries };
    let mut found = Vec::new();
    let mut reader = MappingReader::new(key.source(), &mapping, &table, &mut found);
    let value = read_value(&mut reader, &table[0]);
    found.into_iter().for_each(|diag| key.report(diag));
    value.map(|value| KeyValue { key: definition.name.clone(), value })
}
