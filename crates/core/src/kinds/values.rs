//! Values of a page read by a table of keys alone, for kinds that have no struct of their own.
//!
//! Input: front matter and a table. Output: [`KindFields`] in the order of the table, and diagnostics. Does not follow
//! links and knows no kind in particular.

use serde::{Deserialize, Serialize};

use super::{KindName, Spanned};
use crate::base::DateOrDateTime;
use crate::yaml::{FieldOf, MappingReader, TypeOf};

/// What the front matter of a page says by the keys of its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct KindFields {
    /// The kind.
    pub kind: KindName,
    /// Values of the keys that are given, in the order of the table.
    pub values: Vec<KeyValue>,
    /// The values that lists show, in the same order.
    pub listed: Vec<KeyValue>,
    /// Date for lists, unless the page has `date`.
    pub date: Option<DateOrDateTime>,
    /// Last day of validity, unless the page has `expires`.
    pub expires: Option<DateOrDateTime>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyValue {
    /// English name of the key.
    pub key: String,
    /// Its value.
    pub value: KindValue,
}

/// The value of a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KindValue {
    /// One text, as written.
    Text(String),
    /// Texts or names, in order.
    Texts(Vec<String>),
    /// A number in its shortest decimal form.
    Number(String),
    /// A date.
    Date(DateOrDateTime),
    /// Yes or no.
    Flag(bool),
    /// A word that was chosen.
    Choice(ChosenWord),
    /// Words that were chosen.
    Choices(Vec<ChosenWord>),
    /// A link as written, relative to the page.
    Link(Spanned<String>),
    /// Several links.
    Links(Vec<Spanned<String>>),
    /// A group of keys.
    Group(Vec<KeyValue>),
    /// Several groups with the same keys.
    Groups(Vec<Vec<KeyValue>>),
}

/// A word of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChosenWord {
    /// Its name in templates.
    pub name: String,
    /// The spelling that is shown in Chinese.
    pub zh: String,
}

/// How the keys of a kind are used besides being shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyRoles<'k> {
    /// Keys that a page must have, at the top level.
    pub required: &'k [&'k str],
    /// Keys whose values lists show.
    pub listed: &'k [&'k str],
    /// The key whose date is the page's date in lists.
    pub dated_by: Option<&'k str>,
    /// The key whose date is the last day on which the page is valid.
    pub expires_by: Option<&'k str>,
}

impl KindFields {
    /// Reads all keys of `table`. The order of the values is the order of the table.
    pub fn read(
        kind: KindName,
        fields: &mut MappingReader<'_, '_>,
        table: &[FieldOf<'_>],
        roles: &KeyRoles<'_>,
    ) -> KindFields {
        for key in roles.required {
            fields.require(key, table);
        }
        let values = read_values(fields, table);
        KindFields::of(kind, values, roles)
    }

    /// Derives dates and listed values.
    pub fn of(kind: KindName, values: Vec<KeyValue>, roles: &KeyRoles<'_>) -> KindFields {
        let date_of = |key: Option<&str>| {
            let found = values.iter().find(|entry| Some(entry.key.as_str()) == key)?;
            if let KindValue::Date(date) = found.value { Some(date) } else { None }
        };
        let listed = values.iter().filter(|entry| roles.listed.contains(&entry.key.as_str())).cloned().collect();
        KindFields { kind, listed, date: date_of(roles.dated_by), expires: date_of(roles.expires_by), values }
    }

    /// All links in the values, in order, those in groups included.
    pub fn links(&self) -> impl Iterator<Item = &Spanned<String>> {
        let mut links = Vec::new();
        collect_links(&self.values, &mut links);
        links.into_iter()
    }
}

fn collect_links<'v>(values: &'v [KeyValue], out: &mut Vec<&'v Spanned<String>>) {
    for entry in values {
        match &entry.value {
            KindValue::Link(link) => out.push(link),
            KindValue::Links(links) => out.extend(links),
            KindValue::Group(group) => collect_links(group, out),
            KindValue::Groups(groups) => groups.iter().for_each(|group| collect_links(group, out)),
            _ => {}
        }
    }
}

/// Reads the keys that are given. A key whose type cannot be shown by itself ([`TypeOf::OneOf`], [`TypeOf::Any`]) is not
/// read.
fn read_values(fields: &mut MappingReader<'_, '_>, table: &[FieldOf<'_>]) -> Vec<KeyValue> {
    let mut values = Vec::new();
    for field in table {
        if let Some(value) = read_value(fields, field) {
            values.push(KeyValue { key: field.key.to_string(), value });
        }
    }
    values
}

/// Reads the value of one key, if it has one.
pub(super) fn read_value(fields: &mut MappingReader<'_, '_>, field: &FieldOf<'_>) -> Option<KindValue> {
    let key = field.key;
    fields.node(key)?;
    match field.ty {
        TypeOf::Text => fields.text(key).map(KindValue::Text),
        TypeOf::Texts | TypeOf::Names => some(fields.texts(key)).map(KindValue::Texts),
        TypeOf::Date => fields.date(key).map(KindValue::Date),
        TypeOf::Flag => fields.flag(key).map(KindValue::Flag),
        TypeOf::Integer(..) => fields.integer(key).map(|number| KindValue::Number(number.to_string())),
        TypeOf::Number => fields.number(key).map(|number| KindValue::Number(number.to_string())),
        TypeOf::Link => fields.spanned_text(key).map(KindValue::Link),
        TypeOf::Links => some(fields.spanned_texts(key)).map(KindValue::Links),
        TypeOf::Choice(rows) => fields.choice(key).map(|name| KindValue::Choice(ChosenWord::of(name, rows))),
        TypeOf::Choices(rows) => {
            let chosen = fields.choices(key).iter().map(|name| ChosenWord::of(name.value, rows)).collect();
            some(chosen).map(KindValue::Choices)
        }
        TypeOf::Map(table) => fields.map(key, |group| read_values(group, table)).map(KindValue::Group),
        TypeOf::Maps(table) => some(fields.maps(key, |group| some(read_values(group, table)))).map(KindValue::Groups),
        TypeOf::OneOf(_) | TypeOf::Any => None,
    }
}

impl ChosenWord {
    fn of(name: &str, rows: &[(&str, &str)]) -> ChosenWord {
        let zh = rows.iter().find(|(of, _)| *of == name).map_or(name, |(_, zh)| zh);
        ChosenWord { name: name.to_string(), zh: zh.to_string() }
    }
}

/// A list that is not empty.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{SitePath, Span};
    use crate::diag::SourceText;
    use crate::yaml::{Field, Type, parse_mapping};

    const INNER: &[Field] =
        &[Field::new("place", "地点", Type::Text, "", ""), Field::new("map", "地图", Type::Link, "", "")];
    const TABLE: &[Field] = &[
        Field::new("count", "数量", Type::Integer(0, 100), "", ""),
        Field::new("way", "方式", Type::Choice(&[("phone", "电话"), ("phone", "打电话"), ("web", "网络")]), "", ""),
        Field::new("files", "附件", Type::Links, "", ""),
        Field::new("seen", "发现日期", Type::Date, "", ""),
        Field::new("until", "有效期", Type::Date, "", ""),
        Field::new("rate", "比例", Type::Number, "", ""),
        Field::new("spots", "地点", Type::Maps(INNER), "", ""),
        Field::new("open", "公开", Type::Flag, "", ""),
    ];
    const ROLES: KeyRoles<'_> =
        KeyRoles { required: &["count"], listed: &["way", "count"], dated_by: Some("seen"), expires_by: Some("until") };

    fn read(text: &str) -> (KindFields, Vec<String>) {
        let path = SitePath::new("content/a.md").unwrap();
        let source = SourceText::new(&path, text);
        let (mapping, mut diags) = parse_mapping(&source, Span::new(0, text.len()));
        let mut fields = MappingReader::new(&source, &mapping, TABLE, &mut diags);
        let values = KindFields::read(KindName::Page, &mut fields, TABLE, &ROLES);
        (values, diags.iter().map(|diag| diag.code.name.to_string()).collect())
    }

    #[test]
    fn values_have_the_order_of_the_table_and_their_types() {
        let (fields, found) = read(
            "公开: 是\n地点: [{地点: 一楼, 地图: a.png}, {地点: 二楼}]\n比例: 3.50\n发现日期: 2026-03-01\n有效期: 2026-04-01\n附件: [b.pdf, c.pdf]\n方式: 打电话\n数量: 3\n",
        );
        assert_eq!(found, [""; 0]);
        let keys: Vec<&str> = fields.values.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["count", "way", "files", "seen", "until", "rate", "spots", "open"]);
        assert_eq!(fields.values[0].value, KindValue::Number("3".into()));
        let chosen = ChosenWord { name: "phone".into(), zh: "电话".into() };
        assert_eq!(fields.values[1].value, KindValue::Choice(chosen));
        assert_eq!(fields.values[5].value, KindValue::Number("3.5".into()));
        let listed: Vec<&str> = fields.listed.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(listed, ["count", "way"]);
        assert_eq!(fields.date.unwrap().iso(), "2026-03-01");
        assert_eq!(fields.expires.unwrap().iso(), "2026-04-01");
        // Links in groups are links, in the order of the values.
        let links: Vec<&str> = fields.links().map(|link| link.value.as_str()).collect();
        assert_eq!(links, ["b.pdf", "c.pdf", "a.png"]);
    }

    #[test]
    fn what_is_missing_or_wrong_is_said_and_left_out() {
        let (fields, found) = read("方式: 写信\n发现日期: 那天\n附件: []\n");
        assert_eq!(found, ["missing-key", "bad-choice", "bad-date"]);
        assert_eq!((fields.values, fields.date, fields.expires), (vec![], None, None));
    }
}
