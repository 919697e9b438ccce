//! The rows of the release log, read from its file and written to it.
//!
//! Input: the text of the file. Output: a [`ReleaseLog`] or one finding, at the first place that differs from the form that
//! [`ReleaseLog::to_yaml`] writes.

use std::collections::{BTreeMap, BTreeSet};

use puzhi_core::base::{DateOrDateTime, Route, Span};
use puzhi_core::diag::codes::releases as code;
use puzhi_core::diag::{Diagnostic, Lang, SourceText};
use puzhi_core::yaml::{Field, MappingReader, Spanned, Type, parse_mapping};

/// All that was ever released, by address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct ReleaseLog {
    /// Articles.
    pub articles: BTreeMap<Route, ArticleRow>,
    /// Attachments.
    pub files: BTreeMap<Route, FileRow>,
    /// Lists: pages of sections, terms, months. An address that goes leads to the list above it.
    pub lists: BTreeSet<Route>,
}

/// An article at an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ArticleRow {
    /// Title when it was last recorded.
    pub title: String,
    /// Path of its file.
    pub file: String,
    /// The date that its front matter had.
    pub date: Option<DateOrDateTime>,
    /// When it was first recorded, in the site's zone.
    pub first: DateOrDateTime,
    /// When it was last recorded with a change, in the site's zone.
    pub last: DateOrDateTime,
    /// Hash of its text ([`super::text_hash`]).
    pub text: String,
    /// Hash of its text before the last change.
    pub before: Option<String>,
    /// Number of its corrections.
    pub corrections: u32,
    /// When its withdrawal was recorded, in the site's zone.
    pub withdrawn: Option<DateOrDateTime>,
    /// Where its page was moved to, if the address is an old one. It still has to lead somewhere.
    pub moved: Option<Route>,
}

/// An attachment at an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct FileRow {
    /// Path of its file.
    pub file: String,
    /// When it was first recorded, in the site's zone.
    pub first: DateOrDateTime,
    /// When it was last recorded with a change, in the site's zone.
    pub last: DateOrDateTime,
    /// Hash of its bytes, with the name of the algorithm.
    pub bytes: String,
    /// When it went with a withdrawn article, or was let go on purpose, in the site's zone.
    pub gone: Option<DateOrDateTime>,
}

const LOG_FIELDS: &[Field] = &[
    Field::new("version", "version", Type::Integer(1, 1), "格式", "the form"),
    Field::new("articles", "articles", Type::Maps(ARTICLE_FIELDS), "文章", "the articles"),
    Field::new("files", "files", Type::Maps(FILE_FIELDS), "附件", "the attachments"),
    Field::new("lists", "lists", Type::Texts, "列表", "the lists"),
];

const ARTICLE_FIELDS: &[Field] = &[
    Field::new("address", "address", Type::Text, "网址", "its address"),
    Field::new("title", "title", Type::Text, "标题", "its title"),
    Field::new("file", "file", Type::Text, "文件", "its file"),
    Field::new("date", "date", Type::Date, "写的日期", "its date"),
    Field::new("first", "first", Type::Date, "第一次发布", "first release"),
    Field::new("last", "last", Type::Date, "最近一次发布", "last release"),
    Field::new("text", "text", Type::Text, "文字的指纹", "hash of its text"),
    Field::new("before", "before", Type::Text, "改动以前的指纹", "hash before the last change"),
    Field::new("corrections", "corrections", Type::Integer(0, u32::MAX as i64), "更正了几次", "number of corrections"),
    Field::new("withdrawn", "withdrawn", Type::Date, "什么时候撤的", "when it was withdrawn"),
    Field::new("moved", "moved", Type::Text, "搬到哪里", "where it was moved to"),
];

const FILE_FIELDS: &[Field] = &[
    Field::new("address", "address", Type::Text, "网址", "its address"),
    Field::new("file", "file", Type::Text, "文件", "its file"),
    Field::new("first", "first", Type::Date, "第一次发布", "first release"),
    Field::new("last", "last", Type::Date, "最近一次发布", "last release"),
    Field::new("bytes", "bytes", Type::Text, "内容的指纹", "hash of its bytes"),
    Field::new("gone", "gone", Type::Date, "什么时候没有的", "when it went"),
];

impl ReleaseLog {
    /// The moment of publication of a page whose text names `written`: where that is a day without a time and the page at this address was
    /// first recorded on it, the time of that record. Else it is what was written, since a time of another day is of another publication.
    pub fn publication_moment(&self, address: &Route, written: DateOrDateTime) -> DateOrDateTime {
        let first = self.articles.get(address).map(|row| row.first);
        first.filter(|first| written.time.is_none() && first.date == written.date).unwrap_or(written)
    }

    /// The text of the file.
    pub fn to_yaml(&self) -> String {
        let mut out = String::from(
            "# 由 puzhi release record 写成，和内容一起保存，不要手工改。\n\
             # Written by `puzhi release record`. Keep it with the content; do not edit it.\nversion: 1\n",
        );
        out.push_str(if self.articles.is_empty() { "articles: []\n" } else { "articles:\n" });
        for (address, row) in &self.articles {
            let mut line = |key: &str, value: Option<String>| {
                if let Some(value) = value {
                    out.push_str(if key == "address" { "  - " } else { "    " });
                    out.push_str(&format!("{key}: {value}\n"));
                }
            };
            line("address", Some(quoted(address.as_str())));
            line("title", Some(quoted(&row.title)));
            line("file", Some(quoted(&row.file)));
            line("date", row.date.map(|date| date.iso()));
            line("first", Some(row.first.iso()));
            line("last", Some(row.last.iso()));
            line("text", Some(quoted(&row.text)));
            line("before", row.before.as_deref().map(quoted));
            line("corrections", (row.corrections > 0).then(|| row.corrections.to_string()));
            line("withdrawn", row.withdrawn.map(|time| time.iso()));
            line("moved", row.moved.as_ref().map(|route| quoted(route.as_str())));
        }
        out.push_str(if self.files.is_empty() { "files: []\n" } else { "files:\n" });
        for (address, row) in &self.files {
            out.push_str(&format!("  - address: {}\n    file: {}\n", quoted(address.as_str()), quoted(&row.file)));
            out.push_str(&format!("    first: {}\n    last: {}\n", row.first.iso(), row.last.iso()));
            out.push_str(&format!("    bytes: {}\n", quoted(&row.bytes)));
            if let Some(gone) = row.gone {
                out.push_str(&format!("    gone: {}\n", gone.iso()));
            }
        }
        out.push_str(if self.lists.is_empty() { "lists: []\n" } else { "lists:\n" });
        self.lists.iter().for_each(|address| out.push_str(&format!("  - {}\n", quoted(address.as_str()))));
        out
    }
}

/// A text in double quotes. Invisible characters that break lines, which YAML files must not hold, are written as escapes.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// A sentence on what is wrong, in both languages.
struct Cause {
    zh: String,
    en: String,
    span: Span,
}

/// What reads the addresses of a log: each stands there once and is an address of a site.
#[derive(Default)]
struct Addresses {
    seen: BTreeSet<Route>,
    wrong: Option<Cause>,
}

impl Addresses {
    /// The address of a row, which no other row has.
    fn read(&mut self, written: &Spanned<String>) -> Option<Route> {
        let route = self.parse(written)?;
        if !self.seen.insert(route.clone()) {
            let (zh, en) = (format!("网址“{route}”写了两次"), format!("the address \"{route}\" stands there twice"));
            self.wrong.get_or_insert(Cause { zh, en, span: written.span });
            return None;
        }
        Some(route)
    }

    /// A row that cannot be used: nothing of the log may be taken for all of it.
    fn incomplete<T>(&mut self, span: Span) -> Option<T> {
        let (zh, en) = ("这一行不完整".to_string(), "this row is not complete".to_string());
        self.wrong.get_or_insert(Cause { zh, en, span });
        None
    }

    fn parse(&mut self, written: &Spanned<String>) -> Option<Route> {
        let route = Route::new(&written.value).ok();
        if route.is_none() {
            let (zh, en) = (format!("“{}”不是网址", written.value), format!("\"{}\" is no address", written.value));
            self.wrong.get_or_insert(Cause { zh, en, span: written.span });
        }
        route
    }
}

/// Reads the log. If the text is not in the form that [`ReleaseLog::to_yaml`] writes, there is exactly one error, at the first
/// deviation, and the log is empty: a part of it must not be taken for all of it.
pub fn read_log(source: &SourceText<'_>) -> (ReleaseLog, Option<Diagnostic>) {
    let (mapping, mut diags) = parse_mapping(source, Span::new(0, source.text.len()));
    let mut log = ReleaseLog::default();
    let mut addresses = Addresses::default();
    let mut fields = MappingReader::new(source, &mapping, LOG_FIELDS, &mut diags);
    fields.require("version", LOG_FIELDS);
    let _ = fields.integer("version");
    log.articles = fields
        .maps("articles", |row| article(row, &mut addresses).or_else(|| addresses.incomplete(row.span())))
        .into_iter()
        .collect();
    log.files = fields
        .maps("files", |row| file(row, &mut addresses).or_else(|| addresses.incomplete(row.span())))
        .into_iter()
        .collect();
    log.lists = fields.spanned_texts("lists").iter().filter_map(|written| addresses.read(written)).collect();
    // A key that nothing reads is a deviation, too: what it says would be gone when the log is written next.
    let first = diags.into_iter().next().or_else(|| {
        let Cause { zh, en, span } = addresses.wrong?;
        Some(Diagnostic::new(&code::RELEASE_LOG_INVALID).arg("cause_zh", zh).arg("cause_en", en).at(source, span))
    });
    let Some(first) = first else { return (log, None) };
    if *first.code == code::RELEASE_LOG_INVALID {
        return (ReleaseLog::default(), Some(first));
    }
    let diag = Diagnostic::new(&code::RELEASE_LOG_INVALID).file(source.file);
    let mut diag = diag.arg("cause_zh", first.message(Lang::Zh)).arg("cause_en", first.message(Lang::En));
    (diag.position, diag.excerpt) = (first.position, first.excerpt);
    (ReleaseLog::default(), Some(diag))
}

fn article(row: &mut MappingReader<'_, '_>, addresses: &mut Addresses) -> Option<(Route, ArticleRow)> {
    for key in ["address", "title", "file", "first", "last", "text"] {
        row.require(key, ARTICLE_FIELDS);
    }
    let address = row.spanned_text("address").and_then(|written| addresses.read(&written));
    let (title, file) = (row.text("title"), row.text("file"));
    let (date, first, last) = (row.date("date"), row.date("first"), row.date("last"));
    let (text, before) = (row.text("text"), row.text("before"));
    let corrections = row.integer("corrections").and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
    let withdrawn = row.date("withdrawn");
    let moved = row.spanned_text("moved").and_then(|written| addresses.parse(&written));
    let (title, file, first) = (title?, file?, first?);
    Some((
        address?,
        ArticleRow { title, file, date, first, last: last?, text: text?, before, corrections, withdrawn, moved },
    ))
}

fn file(row: &mut MappingReader<'_, '_>, addresses: &mut Addresses) -> Option<(Route, FileRow)> {
    for key in ["address", "file", "first", "last", "bytes"] {
        row.require(key, FILE_FIELDS);
    }
    let address = row.spanned_text("address").and_then(|written| addresses.read(&written));
    let (file, bytes) = (row.text("file"), row.text("bytes"));
    let (first, last, gone) = (row.date("first"), row.date("last"), row.date("gone"));
    Some((address?, FileRow { file: file?, first: first?, last: last?, bytes: bytes?, gone }))
}
