//! Reports marks of alerts, comments and formulas that are not written as they must be, so that what they mark is shown
//! as text.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked; the source of a block quote. Output:
//! diagnostics that name the correction. Does not change the text.

use std::ops::Range;

use super::callouts::kind_of;
use super::context::{MarkdownContext, TextPlace};
use super::fullwidth_lint::HARD_BREAK;
use super::source_map::SourceMap;
use super::writer::HtmlWriter;
use puzhi_core::diag::codes::markdown as codes;

/// Most marks of one text that are looked at.
const MAX_MARKS: usize = 100;

/// The mark at the start of a block that is meant as that of an alert: `[！重要]`, `【!注意】`, `[! NOTE]`.
struct AlertMark<'t> {
    word: &'t str,
    /// What stands behind it in its line.
    title: &'t str,
    /// Length of the mark in bytes.
    length: usize,
}

fn alert_mark(line: &str) -> Option<AlertMark<'_>> {
    let space = |c: char| matches!(c, ' ' | '\t' | '\u{3000}');
    let inner = line.strip_prefix(['[', '［', '【'])?.trim_start_matches(space);
    let inner = inner.strip_prefix(['!', '！'])?.trim_start_matches(space);
    let (word, title) = inner.split_once([']', '］', '】'])?;
    let word = word.trim_matches(space);
    let fits = !word.is_empty()
        && word.chars().take(13).count() <= 12
        && word.chars().all(|c| c.is_alphanumeric() || c == '-');
    fits.then_some(AlertMark { word, title: title.trim(), length: line.len() - title.len() })
}

impl HtmlWriter<'_, '_> {
    /// Reports the first line of the block quote at `range`, which is no alert, if it is meant as that of one.
    pub fn check_alert_quote(&mut self, range: &Range<usize>) {
        let Some(quote) = self.text.get(range.clone()) else { return };
        let content = quote.trim_start_matches([' ', '\t', '>']);
        let line = content.split('\n').next().unwrap_or("").trim_end();
        let Some(found) = alert_mark(line) else { return };
        let fix = match (kind_of(found.word), found.title) {
            (Some(_), "") => format!("> [!{}]", found.word),
            (Some(_), title) => format!("> [!{}] {title}", found.word),
            (None, title) => format!("> [!说明] {} {title}", found.word).trim_end().to_string(),
        };
        let start = range.start + (quote.len() - content.len());
        let mark = start..start + found.length;
        let is_spaced = line[found.length..].is_empty() || line[found.length..].starts_with(' ');
        let typed = format!("[!{}]{}", found.word, if is_spaced { "" } else { " " });
        let place = TextPlace { text: self.text, source_map: &self.source_map };
        let edit = kind_of(found.word).and_then(|_| self.context.edit(&place, mark.clone(), typed));
        let diag = self.context.diag_at(&codes::ALERT_MARK, self.span(&mark)).arg("fix", fix).fixed_by(edit);
        self.context.push_diag(diag);
    }
}

/// Reports a paragraph that begins with the mark of an alert, but with no sign of a quotation.
pub(super) fn check_alert(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    let line = text.split(['\n', HARD_BREAK]).next().unwrap_or("").trim_end();
    let Some(found) = alert_mark(line).filter(|found| found.title.is_empty() && kind_of(found.word).is_some()) else {
        return;
    };
    let span = source_map.span(&(0..found.length));
    let before = context.text_before(span.start).trim_end_matches([' ', '\t']);
    if before.is_empty() || before.ends_with('\n') {
        let fix = format!("> [!{}]", found.word);
        let diag = context.diag_at(&codes::ALERT_MARK, span).arg("fix", fix);
        context.push_diag(diag);
    }
}

/// Reports comments whose first signs a word processor has changed.
pub(super) fn check_comments(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    for (at, sign) in text.match_indices(['<', '‹', '＜', '〈', '《']).take(MAX_MARKS) {
        if let Some(mark) = comment_mark(text, at, sign.len()) {
            report_comment(context, source_map, at, mark);
        }
    }
}

/// The mark of a comment that is none, at the sign of this length at `at`: `＜!--`, `<! --`, `<!-`, `<#--`, `<--`. What is a comment for
/// Markdown is checked elsewhere.
fn comment_mark(text: &str, at: usize, sign_length: usize) -> Option<&str> {
    // Comments of JSP and ERB.
    if let Some(mark) = ["<%--", "<%#"].into_iter().find(|mark| text[at..].starts_with(mark)) {
        return Some(mark);
    }
    let is_dash = |c: char| matches!(c, '-' | '—' | '–' | '－');
    let behind_sign = text[at + sign_length..].trim_start_matches(' ');
    let behind_mark = behind_sign.strip_prefix(['!', '！', '#']);
    let rest = behind_mark.unwrap_or(behind_sign).trim_start_matches(' ');
    let words = rest.trim_start_matches(|c: char| is_dash(c) || c == ' ');
    let dashes = rest[..rest.len() - words.len()].trim_end();
    let mark = &text[at..text.len() - rest.len() + dashes.len()];
    if dashes.is_empty() || mark.starts_with("<!--") {
        return None;
    }
    // Titles of books stand in such brackets, so the sign behind it must be there.
    if mark.starts_with(['〈', '《']) && (behind_mark.is_none() || mark.contains('#') || dashes.chars().count() < 2) {
        return None;
    }
    if behind_mark.is_some() && mark != "<!-" && !mark.contains([' ', '#']) {
        return Some(mark);
    }
    // Arrows and signs of comparison look alike, so such a mark needs its end, and one without `!` and `#` a line of its own.
    let line = words.split(['\n', HARD_BREAK]).next().unwrap_or("").trim_end();
    let body = line.trim_end_matches(['>', '›', '＞', '〉', '》']);
    let is_closed = body.len() < line.len() && body.trim_end_matches(' ').ends_with(is_dash);
    let before = text[..at].trim_end_matches(' ');
    let starts_line = before.is_empty() || before.ends_with(['\n', HARD_BREAK]);
    (is_closed && (behind_mark.is_some() || starts_line && dashes.chars().count() > 1)).then_some(mark)
}

/// Reports comments of Obsidian: `%%备注%%`.
pub(super) fn check_percent_signs(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    if !text.contains("%%") {
        return;
    }
    let mut marks = text.match_indices("%%").take(MAX_MARKS);
    while let (Some((open, mark)), Some((close, _))) = (marks.next(), marks.next()) {
        let content = &text[open + mark.len()..close];
        if content.contains(char::is_alphanumeric) && !text[..open].ends_with(|c: char| c.is_ascii_digit()) {
            report_comment(context, source_map, open, mark);
        }
    }
}

fn report_comment(context: &mut MarkdownContext<'_>, source_map: &SourceMap, at: usize, mark: &str) {
    let span = source_map.span(&(at..at + mark.len()));
    if !context.text_before(span.start).ends_with('\\') {
        let diag = context.diag_at(&codes::WIDE_COMMENT, span).arg("mark", mark);
        context.push_diag(diag);
    }
}

/// Reports formulas that were not read, since they have no end or an empty line cuts them.
pub(super) fn check_formulas(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    let mut at = 0;
    for line in text.split_inclusive(['\n', HARD_BREAK]).take(MAX_MARKS) {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let line = line.trim();
        let dollars = line.len() - line.trim_start_matches('$').len();
        let inner = &line[dollars..];
        if context.open_formula && line.ends_with("$$") {
            context.open_formula = false;
            continue;
        }
        let is_tex = inner.contains(['\\', '=', '^', '_']) && !inner.contains("$$");
        let begins =
            dollars == 2 && (inner.is_empty() || is_tex) || dollars == 1 && is_command(inner) && !inner.contains('$');
        let span = source_map.span(&(start..start + dollars));
        if begins && !context.text_before(span.start).ends_with('\\') {
            let mark = &line[..dollars];
            let diag = context.diag_at(&codes::OPEN_FORMULA, span).arg("mark", mark);
            context.push_diag(diag);
            context.open_formula = dollars == 2;
            return;
        }
    }
}

/// Whether a text begins with a command such as `\frac`.
fn is_command(text: &str) -> bool {
    text.strip_prefix('\\').is_some_and(|name| name.bytes().take(2).filter(u8::is_ascii_alphabetic).count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_alerts() {
        let word = |line| alert_mark(line).map(|found| (found.word, found.title));
        assert_eq!(word("[！重要]"), Some(("重要", "")));
        assert_eq!(word("【!注意】"), Some(("注意", "")));
        assert_eq!(word("[! NOTE] 甲"), Some(("NOTE", "甲")));
        assert_eq!(word("［！注意］请带"), Some(("注意", "请带")));
        for line in ["[注意]", "[!]", "![图](a.png)", "【注意！】", "[!这一句话太长了不会是提示框的名字]", "[! ]"]
        {
            assert_eq!(word(line), None, "{line}");
        }
    }
}
