//! Reports comments, shortcodes and tags of other site generators, which are shown as text: `{{< figure >}}`, `{% include %}`,
//! `{{/* … */}}`, `{: .note}`, `[TOC]`, `!!! note`.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked. Output: one diagnostic for each comment,
//! which nobody is meant to read, and one a page for all other commands, which says what to write here. Does not change the
//! text.

use super::context::MarkdownContext;
use super::fullwidth_lint::HARD_BREAK;
use super::source_map::SourceMap;
use puzhi_core::base::{Span, is_han};
use puzhi_core::diag::codes::markdown as codes;

/// Most signs of one text that are looked at.
const MAX_MARKS: usize = 100;
/// Longest command, in bytes.
const MAX_LENGTH: usize = 600;

/// A command in the text.
#[derive(Debug, PartialEq)]
struct Command<'t> {
    at: usize,
    /// The part that the message shows.
    shown: &'t str,
    use_instead: Purpose,
}

/// What a command is for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Purpose {
    Contents,
    Comment,
    Picture,
    Alert,
    Link,
    Include,
    Attributes,
    Note,
    Abbreviation,
    Other,
}

impl Purpose {
    /// What to write here, in Chinese and English.
    fn advice(self) -> (&'static str, &'static str) {
        match self {
            Self::Contents => (
                "删掉它；要目录，写两行：```{toc} 和 ```",
                "remove it; for a table of contents write two lines: ```{toc} and ```",
            ),
            Self::Comment => ("备注写成 <!-- 备注 -->", "write a remark as <!-- remark -->"),
            Self::Picture => ("图片写成 ![说明文字](图片.png)", "write a picture as ![text](picture.png)"),
            Self::Alert => (
                "提示框写成两行：> [!说明] 和 > 内容；把成对的标签都删掉",
                "write an alert as two lines: > [!NOTE] and > its text; remove both tags of a pair",
            ),
            Self::Link => ("链接写成 [文字](页面.md)", "write a link as [text](page.md)"),
            Self::Include => (
                "把那个文件里的内容写进来，或者写一个链接：[文字](页面.md)",
                "write the text of that file here, or a link: [text](page.md)",
            ),
            Self::Attributes => (
                "删掉它；标题的编号写成 ## 标题 {#编号}",
                "remove it; the id of a heading is written as ## Title {#id}",
            ),
            Self::Note => (
                "脚注写成 [^1]，另起一行写 [^1]: 脚注内容",
                "write a footnote as [^1], and its text on a line of its own: [^1]: text",
            ),
            Self::Abbreviation => ("在正文里第一次用到的地方写全称", "write the full name where the word first occurs"),
            Self::Other => (
                "删掉它，改用 Markdown 或指令；就是要显示它，写在反引号里",
                "remove it and use Markdown or a directive; to show it put it between backticks",
            ),
        }
    }

    /// The purpose of the command with this content, which starts with its name.
    fn of(content: &str) -> Self {
        let content = content.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let name = content.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next().unwrap_or("");
        match name.to_ascii_lowercase().as_str() {
            "toc" => Self::Contents,
            "comment" | "endcomment" => Self::Comment,
            "figure" | "img" | "image" | "asset_img" | "asset_path" | "gallery" | "picture" => Self::Picture,
            "notice" | "note" | "tip" | "hint" | "alert" | "admonition" | "callout" | "info" | "warning" | "danger"
            | "important" | "success" => Self::Alert,
            "ref" | "relref" | "post_link" | "link" | "post_url" => Self::Link,
            "include" | "include_relative" | "readfile" | "include_code" => Self::Include,
            _ => Self::Other,
        }
    }
}

/// The command at the brace at `at`. A tag that HTML took out of it is an object in `text`.
fn braces(text: &str, at: usize) -> Option<Command<'_>> {
    const PAIRS: [(&str, &str); 14] = [
        ("{{<", ">}}"),
        ("{{%", "%}}"),
        ("{{/*", "*/}}"),
        ("{{ /*", "*/ }}"),
        ("{{--", "--}}"),
        ("{::comment}", "{:/comment}"),
        ("{>>", "<<}"),
        ("{{- /*", "*/ -}}"),
        ("{{!--", "--}}"),
        ("{{!", "}}"),
        ("{%", "%}"),
        ("{/*", "*/}"),
        ("{*", "*}"),
        ("{#", "#}"),
    ];
    let rest = &text[at..text.floor_char_boundary(at + MAX_LENGTH)];
    let found = |length: usize, use_instead| Some(Command { at, shown: &rest[..length], use_instead });
    for (open, close) in PAIRS {
        if let Some(end) = rest.strip_prefix(open).and_then(|inner| inner.find(close)) {
            let inner = &rest[open.len()..open.len() + end];
            let is_comment = is_comment_mark(open);
            let is_command = inner.contains(char::is_alphanumeric) && !inner.contains("{{");
            // `{#甲#}` may be text.
            let fits = is_command && (!matches!(open, "{#" | "{*") || inner.starts_with([' ', '-', '\n']));
            let use_instead = if is_comment { Purpose::Comment } else { Purpose::of(inner) };
            return if fits { found(open.len() + end + close.len(), use_instead) } else { None };
        }
    }
    // The end of a comment may stand in another paragraph.
    const OPEN: [&str; 8] = ["{{/*", "{{ /*", "{{- /*", "{{--", "{{!--", "{/*", "{# ", "{>>"];
    if rest.starts_with("{::comment}") {
        return found("{::comment}".len(), Purpose::Comment);
    }
    if let Some(open) = OPEN.into_iter().find(|open| rest.starts_with(open)) {
        return (!rest.contains('}')).then(|| found(open.trim_end().len(), Purpose::Comment)).flatten();
    }
    if rest.starts_with("{{\u{FFFC}}}") {
        return found("{{".len(), Purpose::Other);
    }
    let line = rest.split(['\n', HARD_BREAK]).next().unwrap_or("");
    if let Some((inner, _)) = line.strip_prefix("{{").and_then(|inner| inner.split_once("}}")) {
        return is_expression(inner).then(|| found(inner.len() + "{{}}".len(), Purpose::of(inner))).flatten();
    }
    // Attributes of kramdown and Pandoc.
    let (inner, _) = line.strip_prefix('{')?.split_once('}')?;
    let attribute = inner.strip_prefix(':').map(str::trim_start).unwrap_or(inner);
    let is_attribute = attribute.starts_with(['.', '#'])
        && attribute[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        && attribute[1..].bytes().all(|b| b.is_ascii_alphanumeric() || b"-_ .#=\"".contains(&b));
    let is_kramdown = inner.starts_with(':')
        && attribute.starts_with(|c: char| c.is_ascii_alphabetic())
        && (attribute == "toc" || attribute.contains('=') && attribute.is_ascii());
    let use_instead = if attribute == "toc" { Purpose::Contents } else { Purpose::Attributes };
    let is_size = text[..at].ends_with('\u{FFFC}') && attribute.contains('=') && attribute.is_ascii();
    if is_attribute || is_kramdown || is_size { found(inner.len() + "{}".len(), use_instead) } else { None }
}

/// Whether this sign opens a comment.
fn is_comment_mark(open: &str) -> bool {
    open.contains(['*', '!']) || matches!(open, "{#" | "{{--" | "{::comment}" | "{>>")
}

/// Whether a text is a value of a template, such as ` page.title | upper `.
fn is_expression(inner: &str) -> bool {
    let name = inner.trim().trim_start_matches(['-', '$', '.', '~']).trim_start();
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.len() > 1
        && inner.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_.$|:'\"~/()[],".contains(&b))
}

/// A line that begins a block of other generators: `[TOC]`, `!!! note`, `??? tip`.
fn line_command(text: &str) -> Option<Command<'_>> {
    let line = text.split(['\n', HARD_BREAK]).next().unwrap_or("").trim_end();
    let start = text.len() - text.trim_start().len();
    let words = line.trim_start();
    let contents = ["[toc]", "@[toc]", "[[toc]]", "[[_toc_]]"];
    if line.len() == text.trim_end().len() && contents.iter().any(|mark| words.eq_ignore_ascii_case(mark)) {
        return Some(Command { at: start, shown: words, use_instead: Purpose::Contents });
    }
    if let Some((label, rest)) = words.strip_prefix("*[").and_then(|inner| inner.split_once("]: ")) {
        let shown = &words[.."*[]:".len() + label.len()];
        let is_short = !label.is_empty() && !label.contains('[') && !rest.is_empty();
        return is_short.then_some(Command { at: start, shown, use_instead: Purpose::Abbreviation });
    }
    let block = words.strip_prefix("!!! ").or_else(|| words.strip_prefix("??? "))?;
    let name = block.split([' ', '"']).next().unwrap_or("");
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    let shown = &words[.."!!! ".len() + name.len()];
    is_name.then_some(Command { at: start, shown, use_instead: Purpose::Alert })
}

/// A note of Pandoc in the text: `^[说明]`.
fn inline_note(text: &str, at: usize) -> Option<Command<'_>> {
    let rest = &text[at..text.floor_char_boundary(at + MAX_LENGTH)];
    let inner = &rest["^[".len()..rest.find(']')?];
    let is_note = inner.chars().filter(|c| is_han(*c)).take(2).count() == 2 && !inner.contains(['-', '[']);
    is_note.then(|| Command { at, shown: &rest[..inner.len() + "^[]".len()], use_instead: Purpose::Note })
}

/// Reports each comment of other generators, and the first of their other commands on a page.
pub(super) fn check(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    let line = line_command(text);
    let notes = text.match_indices("^[").take(MAX_MARKS).filter_map(|(at, _)| inline_note(text, at));
    let marks = text.match_indices('{').take(MAX_MARKS).filter_map(|(at, _)| braces(text, at));
    let mut end = 0;
    for found in line.into_iter().chain(notes).chain(marks) {
        let is_comment = found.use_instead == Purpose::Comment;
        if context.generator_reported && !is_comment || is_comment && found.at < end {
            continue;
        }
        let span = source_map.span(&(found.at..found.at + found.shown.len()));
        // An object may also be code.
        let is_tag = || context.source.text.get(span.start..).is_some_and(|rest| rest.starts_with("{{<"));
        if context.text_before(span.start).ends_with('\\') || found.shown == "{{" && !is_tag() {
            continue;
        }
        if is_comment {
            // Braces in a comment are part of it.
            end = found.at + found.shown.len();
        } else {
            context.generator_reported = true;
        }
        report(context, &found, span);
    }
}

fn report(context: &mut MarkdownContext<'_>, found: &Command<'_>, span: Span) {
    let shown = found.shown.split(['\n', HARD_BREAK, '\u{FFFC}']).next().unwrap_or("");
    let mark = match shown.char_indices().nth(30) {
        Some((end, _)) => format!("{} …", shown[..end].trim_end()),
        None => shown.to_string(),
    };
    let (zh, en) = found.use_instead.advice();
    let diag = context.diag_at(&codes::GENERATOR_SYNTAX, span).arg("mark", mark).arg("zh", zh).arg("en", en);
    context.push_diag(diag);
}

/// Whether the first line of a text may begin a block of other generators.
pub(super) fn may_begin(text: &str) -> bool {
    text.starts_with(['!', '?', '[', '@', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_what_they_are_for() {
        for (text, shown, use_instead) in [
            ("{{< figure src=\"a.png\" >}}", "{{< figure src=\"a.png\" >}}", Purpose::Picture),
            ("{{% notice tip %}}甲{{% /notice %}}", "{{% notice tip %}}", Purpose::Alert),
            ("{{/* 备注 */}}", "{{/* 备注 */}}", Purpose::Comment),
            ("{{!-- 备注 --}}", "{{!-- 备注 --}}", Purpose::Comment),
            ("{{- /* 备注 */ -}}甲", "{{- /* 备注 */ -}}", Purpose::Comment),
            ("{{! 备注 }}", "{{! 备注 }}", Purpose::Comment),
            ("{{-- 备注 --}}甲", "{{-- 备注 --}}", Purpose::Comment),
            ("{{ /* 备注 */ }}", "{{ /* 备注 */ }}", Purpose::Comment),
            ("{::comment}备注{:/comment}", "{::comment}备注{:/comment}", Purpose::Comment),
            ("{::comment}", "{::comment}", Purpose::Comment),
            ("{>>备注<<}", "{>>备注<<}", Purpose::Comment),
            ("{* 备注 *}", "{* 备注 *}", Purpose::Comment),
            ("{{/* 到下一段", "{{/*", Purpose::Comment),
            ("{# 到下一段", "{#", Purpose::Comment),
            ("{% comment %}", "{% comment %}", Purpose::Comment),
            ("{% include a.html %}", "{% include a.html %}", Purpose::Include),
            ("{%- post_url 2026-01-01-a -%}", "{%- post_url 2026-01-01-a -%}", Purpose::Link),
            ("{# 备注 #}", "{# 备注 #}", Purpose::Comment),
            ("{{ page.title | upper }}", "{{ page.title | upper }}", Purpose::Other),
            ("{:toc}", "{:toc}", Purpose::Contents),
            ("{: .note}", "{: .note}", Purpose::Attributes),
            ("{:target=\"_blank\"}", "{:target=\"_blank\"}", Purpose::Attributes),
            ("{.lead}", "{.lead}", Purpose::Attributes),
            ("{{\u{FFFC}}}", "{{", Purpose::Other),
        ] {
            assert_eq!(braces(text, 0), Some(Command { at: 0, shown, use_instead }), "{text}");
        }
        for text in ["{甲}", "{{甲}}", "{1, 2}", "{.5}", "{#甲#}", "{% 5 }", "{{", "{a: b}", "{%甲", "{{1}}", "{: 甲}"]
        {
            assert_eq!(braces(text, 0), None, "{text}");
        }
    }

    #[test]
    fn blocks_of_other_generators() {
        let purpose = |text| line_command(text).map(|found| found.use_instead);
        assert_eq!(purpose("[TOC]"), Some(Purpose::Contents));
        assert_eq!(purpose("!!! note \"提示\"\n内容"), Some(Purpose::Alert));
        assert_eq!(purpose("??? tip\n内容"), Some(Purpose::Alert));
        for text in ["[TOC] 是目录", "!!! 注意", "!!!", "??? 甲", "[甲]"] {
            assert_eq!(purpose(text), None, "{text}");
        }
    }
}
