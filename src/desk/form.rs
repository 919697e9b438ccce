//! Front matter as a form: its fields from the tables that check them, and the values of a text.
//!
//! Input: tables of keys, and the text of a page. Output: values for JSON, with places in UTF-16 code units. Changes no text.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::catalog::PageRole;
use crate::preview::ShownSite;
use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{COMMON_FIELDS, KindName, SECTION_FIELDS, SiteKinds, TAXONOMY_KEYS, split_front_matter};
use puzhi_core::yaml::{FieldOf, Node, TypeOf, Value, example_value, parse_mapping};

use super::offsets::Utf16Offsets;

/// Keys of long texts, which the form shows in several lines.
const LONG_TEXTS: [&str; 2] = ["summary", "description"];

/// A kind of page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Kind {
    /// English name; `section` for pages that describe their folder.
    pub name: String,
    /// Chinese name.
    pub label: String,
    /// Folder of `content/` for new pages.
    pub folder: String,
    /// Whether `new` makes one.
    pub can_be_new: bool,
    /// Its keys, those of all pages first.
    pub fields: Vec<FormField>,
}

/// A key as a field of a form.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FormField {
    /// English key.
    pub key: String,
    /// Chinese key.
    pub label: String,
    /// What it is for.
    pub help: String,
    /// What it takes, as the desk's page names it.
    #[serde(rename = "type")]
    pub ty: &'static str,
    /// Whether a page must have it.
    pub required: bool,
    /// Whether it is of this kind alone.
    pub own: bool,
    /// The words that it takes.
    pub choices: Vec<FormChoice>,
    /// The taxonomy whose terms it takes.
    pub terms: Option<&'static str>,
    /// The keys of a group, or of each group of a list.
    pub fields: Vec<FormField>,
    /// A value as an example.
    pub example: String,
}

/// A word that a field takes.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FormChoice {
    /// As it is written in the file.
    pub value: String,
    /// As the form shows it.
    pub label: String,
}

impl Kind {
    /// A kind of the site.
    pub fn of(kinds: &SiteKinds, kind: KindName) -> Kind {
        let own_keys = kinds.own(kind).map(|own| own.keys.as_slice()).unwrap_or_default();
        let is_required = |field: &FieldOf<'_>| own_keys.iter().any(|key| key.name == field.key && key.required);
        let own: Vec<FormField> = kinds.with_table(kind, |table| {
            table
                .iter()
                .map(|field| FormField { required: is_required(field), own: true, ..FormField::of(field) })
                .collect()
        });
        Kind {
            name: kinds.name(kind).to_string(),
            label: kinds.zh(kind).to_string(),
            folder: kinds.folder(kind).to_string(),
            can_be_new: true,
            fields: common_fields(kinds).chain(own).collect(),
        }
    }

    /// Pages that describe their folder.
    pub fn section(kinds: &SiteKinds) -> Kind {
        let own = SECTION_FIELDS.iter().map(|field| FormField { own: true, ..FormField::of(field) });
        Kind {
            name: "section".into(),
            label: "栏目".into(),
            folder: String::new(),
            can_be_new: false,
            fields: common_fields(kinds).chain(own).collect(),
        }
    }
}

/// The keys of all pages.
fn common_fields(kinds: &SiteKinds) -> impl Iterator<Item = FormField> {
    let kinds: Vec<FormChoice> = kinds.all().map(|kind| FormChoice::same(kinds.zh(kind))).collect();
    COMMON_FIELDS.iter().map(move |field| match field.key {
        "kind" => FormField { ty: "choice", choices: kinds.clone(), ..FormField::of(field) },
        _ => FormField::of(field),
    })
}

impl FormChoice {
    /// A word that is shown as it is written.
    pub fn same(word: &str) -> Self {
        FormChoice { value: word.to_string(), label: word.to_string() }
    }
}

impl FormField {
    /// The field of a key.
    pub fn of(field: &FieldOf<'_>) -> FormField {
        let (ty, rows) = form_type(&field.ty);
        let mut names: Vec<&str> = Vec::new();
        let mut choices = Vec::new();
        for (name, zh) in rows {
            if !names.contains(name) {
                names.push(name);
                choices.push(FormChoice::same(zh));
            }
        }
        FormField {
            key: field.key.to_string(),
            label: field.zh.to_string(),
            help: field.doc_zh.to_string(),
            ty: if LONG_TEXTS.contains(&field.key) { "multiline" } else { ty },
            required: field.key == "title",
            own: false,
            choices,
            terms: TAXONOMY_KEYS.iter().find(|(_, key)| *key == field.key).map(|(taxonomy, _)| *taxonomy),
            fields: inner(&field.ty).iter().map(FormField::of).collect(),
            example: example_value(&field.ty),
        }
    }
}

/// What the desk's page calls a type, and the words that it takes.
fn form_type<'f>(ty: &TypeOf<'f>) -> (&'static str, &'f [(&'f str, &'f str)]) {
    match ty {
        TypeOf::Text => ("text", &[]),
        TypeOf::Link => ("link", &[]),
        TypeOf::Texts | TypeOf::Names => ("list", &[]),
        TypeOf::Links => ("links", &[]),
        TypeOf::Date => ("date", &[]),
        TypeOf::Flag => ("bool", &[]),
        TypeOf::Integer(..) | TypeOf::Number => ("number", &[]),
        TypeOf::Choice(rows) => ("choice", rows),
        TypeOf::Choices(rows) => ("choices", rows),
        TypeOf::OneOf(types) => types.first().map_or(("table", &[]), form_type),
        TypeOf::Map(_) | TypeOf::Maps(_) | TypeOf::Any => ("table", &[]),
    }
}

/// The table of a group of keys.
fn inner<'f>(ty: &TypeOf<'f>) -> &'f [FieldOf<'f>] {
    match ty {
        TypeOf::Map(table) | TypeOf::Maps(table) => table,
        _ => &[],
    }
}

/// Calls `f` with the tables of keys of a page's text.
pub(super) fn with_tables<R>(
    site: &ShownSite<'_>,
    path: &SitePath,
    text: &str,
    f: impl FnOnce(&[&[FieldOf<'_>]]) -> R,
) -> R {
    let kinds = &site.data.settings.kinds;
    let meta = site.data.catalog.by_path(path).map(|id| site.data.catalog.page(id));
    let is_section = meta.map_or(path.stem() == "_index", |meta| meta.role == PageRole::Section);
    if is_section {
        return f(&[COMMON_FIELDS, SECTION_FIELDS]);
    }
    // The text may say another kind than the one that was shown last.
    let written = written_kind(path, text, kinds);
    let kind = written.or(meta.map(|meta| meta.kind)).unwrap_or(KindName::Page);
    kinds.with_table(kind, |own| f(&[COMMON_FIELDS, own]))
}

/// The kind that front matter names.
fn written_kind(path: &SitePath, text: &str, kinds: &SiteKinds) -> Option<KindName> {
    let front = split_front_matter(text).front?;
    let (mapping, _) = parse_mapping(&SourceText::new(path, text), front);
    let is_kind = |key: &str| COMMON_FIELDS.iter().any(|field| field.key == "kind" && field.is_named(key));
    let entry = mapping.entries.iter().find(|entry| is_kind(&entry.key))?;
    kinds.from_label(&entry.node.text()?)
}

/// The values of a text's front matter: `{front_matter, fields}`.
pub(super) fn fields_of(site: &ShownSite<'_>, path: &SitePath, text: &str) -> Json {
    let Some(front) = split_front_matter(text).front else { return json!({ "front_matter": null, "fields": [] }) };
    let offsets = Utf16Offsets::new(text);
    let source = SourceText::new(path, text);
    let (mapping, found) = parse_mapping(&source, front);
    // Lines of values that are written wrongly: what stands there is more than what was read of it.
    let wrong: Vec<usize> = found.iter().filter_map(|diag| Some(diag.position?.line)).collect();
    with_tables(site, path, text, |tables| {
        let fields = mapping.entries.iter().map(|entry| {
            let field = tables.iter().copied().flatten().find(|field| field.is_named(&entry.key));
            let [first, last] = [entry.key_span.start, entry.node.span.end].map(|at| source.line_column(at).line);
            let is_wrong = wrong.iter().any(|line| (first..=last.max(first)).contains(line));
            let value = form_value(&entry.node).filter(|_| !is_wrong);
            json!({
                "key": field.map_or(entry.key.as_str(), |field| field.key),
                "written_key": entry.key,
                "known": field.is_some(),
                "value": value,
                "from": offsets.unit(entry.key_span.start),
                "to": offsets.unit(entry.node.span.end.max(entry.key_span.end)),
                "editable": value.is_some() && field.is_none_or(|field| form_type(&field.ty).0 != "table"),
            })
        });
        json!({
            "front_matter": { "from": offsets.unit(front.start), "to": offsets.unit(front.end) },
            "fields": fields.collect::<Vec<_>>(),
        })
    })
}

/// A value that a form can show: a text or a list of texts.
fn form_value(node: &Node) -> Option<Json> {
    match &node.value {
        Value::Map(_) => None,
        Value::List(items) => {
            items.iter().map(|item| item.text().map(|text| json!(text))).collect::<Option<Vec<_>>>().map(Json::from)
        }
        _ => node.text().map(|text| json!(text)),
    }
}

/// Whether a text's front matter has a key of all pages.
pub(super) fn has_key(path: &SitePath, text: &str, key: &str) -> bool {
    common_value(path, text, key, |_| ()).is_some()
}

/// The texts of a key of all pages in a text's front matter.
pub(super) fn texts_of(path: &SitePath, text: &str, key: &str) -> Vec<String> {
    let texts = |node: &Node| match form_value(node) {
        Some(Json::Array(items)) => items.into_iter().filter_map(|item| item.as_str().map(String::from)).collect(),
        Some(Json::String(text)) if !text.is_empty() => vec![text],
        _ => Vec::new(),
    };
    common_value(path, text, key, texts).unwrap_or_default()
}

fn common_value<R>(path: &SitePath, text: &str, key: &str, read: impl FnOnce(&Node) -> R) -> Option<R> {
    let front = split_front_matter(text).front?;
    let (mapping, _) = parse_mapping(&SourceText::new(path, text), front);
    let field = COMMON_FIELDS.iter().find(|field| field.key == key)?;
    mapping.entries.iter().find(|entry| field.is_named(&entry.key)).map(|entry| read(&entry.node))
}
