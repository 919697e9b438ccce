//! Makes front matter that can be typed as it is of YAML that was made from broken metadata.
//!
//! Input: YAML between two `---` lines. Output: the same with keys that pages have, and with the lines that are no part of it as
//! comments, so that the whole is read without an error. Does not know where the metadata stood.

use super::common::COMMON_FIELDS;
use super::foreign_dates::is_publication_line;
use super::unpublished_words::{is_state, line_holds_back};
use super::unread_front_matter::{PARTS, QUOTES, TELLING, is_known, is_named, key_of};
use crate::base::{SitePath, Span};
use crate::diag::SourceText;
use crate::yaml::parse_mapping;

/// What stands between a key and its value where it is no colon.
const SIGNS: [&str; 8] = ["::", ":=", "=>", "->", "=", "＝", "→", "："];

/// Quotation marks that YAML does not know.
const TYPOGRAPHIC: [char; 6] = ['“', '”', '‘', '「', '『', '＂'];

/// Most rounds in which lines become comments.
const MOST_ROUNDS: usize = 6;

/// YAML in which lines that are no part of it are comments. With `draft`, it marks a draft in any case.
pub(super) fn readable(yaml: &str, draft: bool) -> String {
    let mut lines: Vec<String> = yaml.lines().map(mended).collect();
    if !lines.iter().any(|line| is_named(line, &["date"])) {
        lines.iter_mut().find(|line| is_publication_line(line)).into_iter().for_each(name_as_date);
    }
    if draft {
        lines.iter_mut().filter(|line| is_state_of_page(line)).for_each(|line| *line = mark_like(line).to_string());
        let mut marks = 0;
        lines.retain(|line| {
            let is_mark = is_named(line, &["draft"]);
            marks += usize::from(is_mark);
            !is_mark || marks == 1
        });
    }
    for _ in 0..MOST_ROUNDS {
        let wrong = lines_with_errors(&lines);
        if wrong.is_empty() {
            break;
        }
        for at in wrong {
            lines[at].insert_str(0, "# ");
        }
    }
    let is_draft = |line: &String| is_named(line, &["draft"]);
    if draft && !lines.iter().any(is_draft) && lines.len() > 1 {
        let chinese = lines.iter().any(|line| key_of(line).is_some_and(|key| !key.is_ascii()));
        let mark = if chinese { "草稿: 是" } else { "draft: true" };
        lines.insert(lines.len() - 1, mark.to_string());
    }
    lines.join("\n")
}

/// Whether a line says by a key of events that a page waits: `状态: 草稿`.
fn is_state_of_page(line: &str) -> bool {
    key_of(line).is_some_and(|key| matches!(&*key.to_lowercase(), "状态" | "status")) && line_holds_back(line)
}

/// Gives the day of publication the key that pages have for it.
fn name_as_date(line: &mut String) {
    if let Some((key, value)) = line.split_once(':').filter(|(key, _)| !key.contains(QUOTES)) {
        *line = format!("{}:{value}", if key.is_ascii() { "date" } else { "日期" });
    }
}

/// The mark of a draft in the language of a line.
fn mark_like(line: &str) -> &'static str {
    if key_of(line).is_some_and(|key| !key.is_ascii()) { "草稿: 是" } else { "draft: true" }
}

/// A line with the key and the colon that it is to have, or as a comment.
fn mended(line: &str) -> String {
    let is_part = line.trim().is_empty() || line.starts_with([' ', '\t', '-', '#']);
    if is_part {
        return line.to_string();
    }
    let sign = SIGNS
        .iter()
        .filter_map(|sign| Some((line.find(sign)?, *sign)))
        .min_by_key(|(at, sign)| (*at, usize::MAX - sign.len()));
    let colon = line.find(':').unwrap_or(line.len());
    if let Some((at, sign)) = sign.filter(|(at, _)| *at <= colon) {
        let (key, value) = (line[..at].trim(), line[at + sign.len()..].trim());
        if is_known(&format!("{key}:")) {
            return keyed(key, value);
        }
    }
    match line.split_once(':') {
        Some((key, value)) if is_known(&format!("{key}:")) => return keyed(key, value.trim()),
        _ => {}
    }
    if line.starts_with(PARTS) || key_of(line).is_some() {
        return line.to_string();
    }
    if is_state(line) {
        return "草稿: 是".to_string();
    }
    match line.split_once(char::is_whitespace) {
        Some((word, value)) if is_named(&format!("{word}:"), &TELLING) => keyed(word, value.trim()),
        _ => format!("# {line}"),
    }
}

/// The line of a key that pages have, which another program may write with capitals.
fn keyed(key: &str, value: &str) -> String {
    let bare = key.trim().trim_matches(QUOTES);
    // Typographic quotation marks are part of a key in YAML.
    let (key, value) = match key.trim().starts_with(TYPOGRAPHIC) {
        true => (bare, value.trim_matches(QUOTES)),
        false => (key, value),
    };
    let lower = bare.to_lowercase();
    let capitals = lower != bare && COMMON_FIELDS.iter().any(|field| field.is_named(&lower));
    let key = if capitals { lower.as_str() } else { key.trim() };
    if value.is_empty() { format!("{key}:") } else { format!("{key}: {value}") }
}

/// The numbers of the lines that are no YAML, but for the marks around.
fn lines_with_errors(lines: &[String]) -> Vec<usize> {
    if lines.len() < 3 {
        return Vec::new();
    }
    let text = lines[1..lines.len() - 1].join("\n");
    let path = SitePath::root();
    let source = SourceText::new(&path, &text);
    let (_, found) = parse_mapping(&source, Span::new(0, text.len()));
    let errors = found.iter().filter(|diag| diag.is_error()).filter_map(|diag| diag.position);
    let mut wrong: Vec<usize> = errors
        .map(|position| position.line)
        .filter(|at| lines.get(*at).is_some_and(|line| !line.starts_with('#')))
        .collect();
    wrong.sort_unstable();
    wrong.dedup();
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read() {
        for (yaml, draft, wanted) in [
            ("---\n标题 = 甲\n草稿 -> 是\n---", true, "---\n标题: 甲\n草稿: 是\n---"),
            ("---\nTitle: 甲\nDraft: true\n---", true, "---\ntitle: 甲\ndraft: true\n---"),
            ("---\ntitle:: 甲\ntags:: a, b\n---", false, "---\ntitle: 甲\ntags: a, b\n---"),
            ("---\n// 注释\n标题: 甲\n---", false, "---\n# // 注释\n标题: 甲\n---"),
            ("---\n标题: \"甲\n日期: 2026-01-01\n---", false, "---\n# 标题: \"甲\n日期: 2026-01-01\n---"),
            ("---\n标题: 甲\n这是草\u{7}稿\n---", true, "---\n标题: 甲\n# 这是草\u{7}稿\n草稿: 是\n---"),
            ("---\n（草稿）\n标题: 甲\n---", true, "---\n草稿: 是\n标题: 甲\n---"),
            ("---\n标题: 甲\n状态: 草稿\n---", true, "---\n标题: 甲\n草稿: 是\n---"),
            ("---\ntitle: 甲\nstatus: draft\ndraft: true\n---", true, "---\ntitle: 甲\ndraft: true\n---"),
            ("---\n标题: 甲\n状态: 确认\n---", false, "---\n标题: 甲\n状态: 确认\n---"),
            ("---\n“标题”: “甲”\n---", false, "---\n标题: 甲\n---"),
            ("---\nlayout: post\n---", false, "---\nlayout: post\n---"),
        ] {
            assert_eq!(readable(yaml, draft), wanted);
        }
    }
}
