//! Changes of front matter by a form: the lines of the changed keys alone, with comments and the order of all others.
//!
//! Input: the text of a page, the tables of its keys and new values. Output: the changed text, or that a value cannot be changed in the
//! form. What comes out is read again and compared, so that a change never touches another key.

use std::ops::Range;

use serde::Deserialize;

use puzhi_core::base::{SitePath, Span};
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::split_front_matter;
use puzhi_core::yaml::{FieldOf, Mapping, MappingEntry, Node, Value, parse_mapping, quote_scalar};

/// A key and its new value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct FieldChange {
    /// The English key, or a key that no table knows, as it is written.
    pub key: String,
    /// The value; `None` takes the key away.
    pub value: Option<FieldValue>,
}

/// A value that a form can give.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum FieldValue {
    /// 是 or 否.
    Flag(bool),
    /// A text, a date, a word of a choice.
    Text(String),
    /// Texts.
    List(Vec<String>),
}

/// Why front matter was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unchangeable {
    /// The key.
    pub key: String,
}

/// The tables of keys of a page.
pub(super) type Tables<'t> = &'t [&'t [FieldOf<'t>]];

/// Makes the changes, one after the other.
pub(super) fn change_fields(text: &str, changes: &[FieldChange], tables: Tables<'_>) -> Result<String, Unchangeable> {
    let mut text = text.to_string();
    for change in changes {
        let unchangeable = || Unchangeable { key: change.key.clone() };
        let before = Front::of(&text);
        let changed = before.change(change, tables).ok_or_else(unchangeable)?;
        if !Front::of(&changed).is_changed_by(&before, change, tables) {
            return Err(unchangeable());
        }
        text = changed;
    }
    Ok(text)
}

/// The front matter of a text.
struct Front<'t> {
    text: &'t str,
    span: Option<Span>,
    body: &'t str,
    mapping: Mapping,
}

impl<'t> Front<'t> {
    fn of(text: &'t str) -> Self {
        let split = split_front_matter(text);
        let path = SitePath::root();
        let mapping = split.front.map(|front| parse_mapping(&SourceText::new(&path, text), front).0);
        let body = text.get(split.body.start..split.body.end).unwrap_or_default();
        Front { text, span: split.front, body, mapping: mapping.unwrap_or_default() }
    }

    fn entries<'s>(&'s self, key: &'s str, tables: Tables<'s>) -> impl Iterator<Item = &'s MappingEntry> {
        let field = field(key, tables);
        let is_key =
            move |entry: &&MappingEntry| entry.key == key || field.is_some_and(|field| field.is_named(&entry.key));
        self.mapping.entries.iter().filter(is_key)
    }

    fn entry<'s>(&'s self, key: &'s str, tables: Tables<'s>) -> Option<&'s MappingEntry> {
        self.entries(key, tables).next()
    }

    /// The changed text; `None` if the value is written in a way that a form cannot change.
    fn change(&self, change: &FieldChange, tables: Tables<'_>) -> Option<String> {
        // Of a key that is there twice nobody knows which one is meant.
        if self.entries(&change.key, tables).count() > 1 {
            return None;
        }
        match (self.entry(&change.key, tables), &change.value) {
            (None, None) => Some(self.text.to_string()),
            (Some(entry), None) => {
                let lines = self.lines_of(entry)?;
                Some(self.with(lines, ""))
            }
            (Some(entry), Some(value)) => self.replace(entry, value),
            (None, Some(value)) => self.add(&change.key, value, tables),
        }
    }

    fn with(&self, place: Range<usize>, new: &str) -> String {
        [&self.text[..place.start], new, &self.text[place.end..]].concat()
    }

    /// The whole lines of an entry; `None` if it does not begin its line.
    fn lines_of(&self, entry: &MappingEntry) -> Option<Range<usize>> {
        let start = line_start(self.text, entry.key_span.start);
        let end = line_end(self.text, entry.node.span.end.max(entry.key_span.end));
        self.text[start..entry.key_span.start].is_empty().then_some(start..end)
    }

    /// Puts a value in place of another.
    fn replace(&self, entry: &MappingEntry, value: &FieldValue) -> Option<String> {
        self.lines_of(entry)?;
        if let (Value::List(items), FieldValue::List(texts)) = (&entry.node.value, value) {
            return self.replace_list(entry, items, texts);
        }
        let old = self.text.get(entry.node.span.start..entry.node.span.end)?;
        let colon = entry.key_span.end + self.text[entry.key_span.end..].find([':', '：'])?;
        let after = colon + self.text[colon..].chars().next()?.len_utf8();
        let new = match value {
            FieldValue::Flag(flag) => written_flag(*flag, old).to_string(),
            FieldValue::Text(text) => scalar(text, old),
            FieldValue::List(texts) => flow_list(texts),
        };
        let is_empty = entry.node.is_null() && old.trim().is_empty();
        let end = if is_empty { after } else { entry.node.span.end }.max(after);
        if !new.contains('\n') {
            return Some(self.with(after..end, &format!(" {new}")));
        }
        // Behind the lines of a text nothing can stand; a comment goes to the line of the key.
        let rest = &self.text[end..line_end(self.text, end)];
        let comment = if rest.trim_start().starts_with('#') { rest.trim_end() } else { "" };
        let (mark, lines) = new.split_once('\n')?;
        let end = line_end(self.text, end);
        Some(self.with(after..end, &format!(" {mark}{comment}\n{lines}\n")))
    }

    /// Replaces the items of a list that differ, so that the others keep their comments.
    fn replace_list(&self, entry: &MappingEntry, items: &[Node], texts: &[String]) -> Option<String> {
        let old: Option<Vec<String>> = items.iter().map(|item| Some(item.text()?.into_owned())).collect();
        let old = old?;
        if old == texts {
            return Some(self.text.to_string());
        }
        let written = self.text.get(entry.node.span.start..entry.node.span.end)?;
        if written.starts_with('[') || items.is_empty() || texts.is_empty() {
            let colon = entry.key_span.end + self.text[entry.key_span.end..].find([':', '：'])?;
            let after = colon + self.text[colon..].chars().next()?.len_utf8();
            return Some(self.with(after..entry.node.span.end.max(after), &format!(" {}", flow_list(texts))));
        }
        let starts: Vec<usize> = items.iter().map(|item| line_start(self.text, item.span.start)).collect();
        let end = line_end(self.text, entry.node.span.end);
        // Each item has its lines, the comments above the next one among them.
        let lines = |n: usize| starts[n]..starts.get(n + 1).copied().unwrap_or(end);
        let head = old.iter().zip(texts).take_while(|(a, b)| a == b).count();
        let rest = old.len().min(texts.len()) - head;
        let tail = old.iter().rev().zip(texts.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
        let first = &self.text[lines(0)];
        let indent = &first[..first.find('-')?];
        let indent = indent.trim_matches(' ').is_empty().then_some(indent)?;
        let from = if head == old.len() { end } else { starts[head] };
        let to = if tail == 0 { end } else { starts[old.len() - tail] };
        let middle = &texts[head..texts.len() - tail];
        let new: String = middle.iter().map(|text| format!("{indent}- {}\n", quote_scalar(text))).collect();
        Some(self.with(from..to, &new))
    }

    /// Adds a key: in place of the line that names it as a comment, else behind the last one.
    fn add(&self, key: &str, value: &FieldValue, tables: Tables<'_>) -> Option<String> {
        let field = field(key, tables);
        let chinese = self.mapping.entries.is_empty() || self.mapping.entries.iter().any(|entry| !entry.key.is_ascii());
        let name = match field {
            Some(field) if chinese => field.zh,
            Some(field) => field.key,
            None => key,
        };
        let new = match value {
            FieldValue::Flag(flag) => written_flag(*flag, if chinese { "是" } else { "true" }).to_string(),
            FieldValue::Text(text) => scalar(text, ""),
            FieldValue::List(texts) => flow_list(texts),
        };
        let line = format!("{name}: {new}");
        let is_block = new.contains('\n');
        let Some(front) = self.span else { return Some(format!("---\n{line}\n---\n\n{}", self.text)) };
        let mut at = front.start;
        for row in self.text[front.start..front.end].split_inclusive('\n') {
            let commented = row.strip_prefix("# ").and_then(|row| row.trim_end().split_once(':'));
            let is_named = |written: &str| written == name || field.is_some_and(|field| field.is_named(written));
            if let Some((_, rest)) = commented.filter(|(written, rest)| is_named(written) && is_unfilled(rest)) {
                let comment = rest.find("  # ").filter(|_| !is_block).map_or("", |at| &rest[at..]);
                return Some(self.with(at..at + row.len(), &format!("{line}{comment}\n")));
            }
            at += row.len();
        }
        let last = self
            .mapping
            .entries
            .last()
            .map(|entry| self.lines_of(entry))
            .map_or(Some(front.end), |lines| Some(lines?.end))?;
        let gap = if self.text[..last].ends_with('\n') { "" } else { "\n" };
        Some(self.with(last..last, &format!("{gap}{line}\n")))
    }

    /// Whether this is `before` with this change and no other.
    fn is_changed_by(&self, before: &Front<'_>, change: &FieldChange, tables: Tables<'_>) -> bool {
        let others = |front: &Front<'_>| -> Vec<(String, serde_json::Value)> {
            let own = front.entry(&change.key, tables).map(|entry| entry.key_span);
            let others = front.mapping.entries.iter().filter(|entry| Some(entry.key_span) != own);
            others.map(|entry| (entry.key.clone(), entry.node.to_json())).collect()
        };
        let node = self.entry(&change.key, tables).map(|entry| &entry.node);
        let is_set = match (&change.value, node) {
            (None, None) => true,
            (Some(FieldValue::Flag(flag)), Some(node)) => {
                node.text().is_some_and(|text| ["是", "true"].contains(&text.as_ref()) == *flag)
            }
            (Some(FieldValue::Text(text)), Some(node)) => {
                node.text().is_some_and(|written| written == clean_lines(text))
            }
            (Some(FieldValue::List(texts)), Some(node)) => node.as_list().is_some_and(|items| {
                items.len() == texts.len()
                    && items
                        .iter()
                        .zip(texts)
                        .all(|(item, text)| item.text().is_some_and(|written| written == one_line(text)))
            }),
            _ => false,
        };
        let same_body =
            self.body == before.body || before.span.is_none() && self.body.trim_start() == before.body.trim_start();
        is_set && same_body && others(self) == others(before)
    }
}

/// Whether nothing but what a template puts there stands behind a key that is a comment: what a person noted there stays.
fn is_unfilled(rest: &str) -> bool {
    let value = rest.split("  # ").next().unwrap_or_default().trim();
    // A template has one word for choices and for yes or no, and remarks only behind two spaces.
    value.is_empty()
        || value == "[]"
        || value.chars().count() <= 6 && value.chars().all(char::is_alphanumeric) && rest.contains("  # ")
}

fn field<'t>(key: &str, tables: Tables<'t>) -> Option<&'t FieldOf<'t>> {
    tables.iter().copied().flatten().find(|field| field.key == key)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// The place behind the line end after `at`; behind a line end that `at` is behind already, that place.
fn line_end(text: &str, at: usize) -> usize {
    if at > 0 && text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// A text on one line, as a value has it.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_string()
}

/// A text as a value has it: on several lines if it was typed so.
fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text.trim().lines().map(one_line).collect();
    lines.join("\n")
}

/// A value as YAML. A date or a number stays as it is, and quotation marks that were there stay.
fn scalar(text: &str, old: &str) -> String {
    let text = clean_lines(text);
    if text.contains('\n') {
        let indented = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("  {line}") });
        return format!("|-\n{}", indented.collect::<Vec<_>>().join("\n"));
    }
    let is_plain =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b' ' | b'.'));
    if is_plain && text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(": ") && !text.ends_with(':') {
        return text;
    }
    match old.chars().next() {
        Some('"') => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Some('\'') => format!("'{}'", text.replace('\'', "''")),
        _ => quote_scalar(&text),
    }
}

/// Yes or no in the words that stand there.
fn written_flag(flag: bool, old: &str) -> &'static str {
    let english = old.trim().bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    match (flag, english) {
        (true, false) => "是",
        (false, false) => "否",
        (true, true) => "true",
        (false, true) => "false",
    }
}

fn flow_list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quote_scalar(text)).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use puzhi_core::kinds::COMMON_FIELDS;

    fn changed(text: &str, key: &str, value: Option<FieldValue>) -> Result<String, Unchangeable> {
        change_fields(text, &[FieldChange { key: key.into(), value }], &[COMMON_FIELDS])
    }

    fn text(text: &str) -> Option<FieldValue> {
        Some(FieldValue::Text(text.into()))
    }

    fn list(texts: &[&str]) -> Option<FieldValue> {
        Some(FieldValue::List(texts.iter().map(|text| (*text).into()).collect()))
    }

    #[test]
    fn only_the_lines_of_the_key_change() {
        let page = "---\n# 头\n标题: 旧  # 照读者的话写\ndate: 2026-01-01\n标签:\n  - 甲  # 第一\n  # 乙的话\n  - 乙\n草稿: 是\n# 摘要:  # 一两句\n---\n\n正文\n";
        let with = |from: &str, to: &str| Ok(page.replace(from, to));
        assert_eq!(changed(page, "title", text("新：题")), with("标题: 旧", "标题: \"新：题\""));
        assert_eq!(changed(page, "date", text("2026-11-29 9:30")), with("2026-01-01", "2026-11-29 9:30"));
        assert_eq!(changed(page, "draft", None), with("草稿: 是\n", ""));
        assert_eq!(changed(page, "draft", Some(FieldValue::Flag(false))), with("草稿: 是", "草稿: 否"));
        assert_eq!(
            changed(page, "tags", list(&["甲", "丙", "乙"])),
            with("  # 乙的话\n  - 乙", "  # 乙的话\n  - 丙\n  - 乙").or(with("", ""))
        );
        assert_eq!(changed(page, "summary", text("两句")), with("# 摘要:  # 一两句", "摘要: 两句  # 一两句"));
        assert_eq!(changed(page, "order", text("3")), with("草稿: 是\n", "草稿: 是\n排序: 3\n"));
        assert_eq!(changed("正文\n", "title", text("新")), Ok("---\n标题: 新\n---\n\n正文\n".into()));
        assert_eq!(
            changed("---\ntitle: a\n---\n", "draft", Some(FieldValue::Flag(true))),
            Ok("---\ntitle: a\ndraft: true\n---\n".into())
        );
    }

    #[test]
    fn other_values_stay_as_they_are() {
        let page = "---\nextra: {a: 1}\ntitle: x\n---\n";
        assert_eq!(changed(page, "title", text("新")), Ok(page.replace(": x", ": 新")));
        // A value in quotation marks stays in them, and a key that is not there is not taken away.
        let page = "---\ntitle: '旧' # 注\n---\n";
        assert_eq!(changed(page, "title", text("it's")), Ok(page.replace("'旧'", "'it''s'")));
        assert_eq!(changed(page, "draft", None), Ok(page.to_string()));
        // Front matter on one line is for the source view.
        assert!(changed("---\n{title: x, date: 2026-01-01}\n---\n", "title", text("新")).is_err());
    }

    proptest::proptest! {
        #[test]
        fn comments_order_and_other_keys_stay(
            values in proptest::collection::vec("[甲乙a1：:#\"' \\[\\]-]{0,6}", 1..5),
            new in "[甲乙丙a1：:#\"'\\\\ \\[\\]{},&*!|>%@-]{1,10}",
            which in 0usize..8,
        ) {
            const KEYS: [&str; 4] = ["标题", "summary", "作者", "来源"];
            const CHANGED: [&str; 8] = ["title", "summary", "author", "source", "tags", "draft", "order", "reviewer"];
            let lines: String = values.iter().zip(KEYS).map(|(value, key)| format!("# 关于{key}\n{key}: {}  # 尾注\n", quote_scalar(value))).collect();
            let page = format!("---\n{lines}---\n\n# 正文 #\n{new}\n");
            let value = if CHANGED[which] == "tags" { FieldValue::List(vec![new.clone(), "b".into()]) } else { FieldValue::Text(new.clone()) };
            if let Ok(after) = changed(&page, CHANGED[which], Some(value)) {
                let comments = |text: &str| text.lines().filter(|line| line.starts_with("# 关于")).map(String::from).collect::<Vec<_>>();
                proptest::prop_assert_eq!(comments(&after), comments(&page));
                let kept = page.lines().filter(|line| after.contains(line)).count();
                proptest::prop_assert!(kept + 1 >= page.lines().count());
                proptest::prop_assert!(after.ends_with(&page[page.find("\n\n# 正文").unwrap_or(0)..]));
            } else {
                proptest::prop_assert!(new.trim().is_empty());
            }
        }
    }
}
