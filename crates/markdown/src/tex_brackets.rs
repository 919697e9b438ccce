//! Reports formulas in the brackets of LaTeX: `\(…\)` and `\[…\]`, also with two backslashes as some programs want them.
//! Markdown takes the backslash for an escape, so the formula shows as text.
//!
//! Input: the text of a paragraph, heading or cell, with code and formulas masked. Output: diagnostics that name the
//! correction. Does not change the text and does not know TeX beyond the signs that tell it from words.

use super::context::MarkdownContext;
use super::dollar_signs;
use super::source_map::SourceMap;
use puzhi_core::base::{Span, is_han};
use puzhi_core::diag::Edit;
use puzhi_core::diag::codes::markdown as codes;

/// Most brackets of one text that are looked at.
const MAX_BRACKETS: usize = 200;
/// Longest formula in bytes.
const MAX_LENGTH: usize = 1_000;
/// Longest formula that a message repeats, in characters.
const MAX_SHOWN: usize = 60;

/// Whether `text` has a bracket behind a backslash.
pub(super) fn may_occur(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\\', bytes).any(|at| matches!(bytes.get(at + 1), Some(b'(' | b'[')))
}

/// Reports each formula of one text.
pub(super) fn check(context: &mut MarkdownContext<'_>, text: &str, source_map: &SourceMap) {
    let mut done = 0;
    for (at, bracket) in text.match_indices(['(', '[']).take(MAX_BRACKETS) {
        let place = source_map.file_offset(at);
        let backslashes = trailing_backslashes(context.text_before(place));
        if at < done || !(1..=2).contains(&backslashes) {
            continue;
        }
        let is_inline = bracket == "(";
        let mut end = text.len().min(at + MAX_LENGTH);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let closes = |close: usize| {
            let place = source_map.file_offset(at + 1 + close);
            trailing_backslashes(context.text_before(place)) == backslashes
        };
        let rest = &text[at + 1..end];
        let close = rest.match_indices(if is_inline { ')' } else { ']' }).find(|(close, _)| closes(*close));
        let inner = match close {
            Some((close, _)) => &rest[..close],
            // Other marks can part a formula of several lines.
            None if !is_inline && has_command(rest) => rest,
            None => continue,
        };
        let formula = inner.trim_end_matches('\\').trim();
        if !is_tex(formula, is_inline) {
            continue;
        }
        done = at + 1 + inner.len();
        let dollars = if is_inline { "$" } else { "$$" };
        let shown = if formula.chars().nth(MAX_SHOWN).is_some() || close.is_none() { "…" } else { formula };
        let start = place.saturating_sub(backslashes);
        let mark = context.source.text.get(start..place + 1).unwrap_or(bracket).to_string();
        let span = Span::new(start, place + 1);
        let edit = close.and_then(|(close, _)| {
            let end = source_map.file_offset(at + 1 + close) + 1;
            let written = context.source.text.get(place + 1..end - 1)?.strip_suffix(&*"\\".repeat(backslashes))?;
            let is_plain = written.trim() == formula && !written.contains(['\n', '$']);
            is_plain.then(|| Edit::new(Span::new(start, end), format!("{dollars}{formula}{dollars}")))
        });
        let diag = context.diag_at(&codes::TEX_BRACKETS, span).arg("mark", mark);
        context.push_diag(diag.arg("fix", format!("{dollars}{shown}{dollars}")).fixed_by(edit));
    }
}

fn trailing_backslashes(text: &str) -> usize {
    text.bytes().rev().take(4).take_while(|b| *b == b'\\').count()
}

/// Whether a text has a command such as `\frac`. One letter behind a backslash is that of a regular expression.
fn has_command(text: &str) -> bool {
    text.match_indices('\\').any(|(at, _)| text[at + 1..].bytes().take(2).filter(u8::is_ascii_alphabetic).count() == 2)
}

/// Whether a text has words: functions such as `log` are short.
fn has_words(text: &str) -> bool {
    const LONGEST_NAME: usize = 3;
    text.contains(is_han) || text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.len() > LONGEST_NAME)
}

/// Whether a text in brackets is a formula. Escaped square brackets also keep words from being a link.
fn is_tex(text: &str, is_inline: bool) -> bool {
    has_command(text)
        || !has_words(text)
            && text.contains(['^', '_', '=', '+'])
            && !text.starts_with(['^', '['])
            && !text.contains(['"', '\\'])
        || is_inline && !has_words(text) && dollar_signs::is_plain_term(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_words() {
        for (text, is_inline) in [("x^2", false), ("r", true), ("\\pi 是圆周率", true), ("a = b", false), ("n-1", true)]
        {
            assert!(is_tex(text, is_inline), "{text}");
        }
        for (text, is_inline) in [
            ("注", true),
            ("x", false),
            ("^1", false),
            ("见下文", false),
            ("see below", true),
            ("", true),
            ("People + AI", true),
            ("\\d+", false),
            ("rel=\"x\"]", false),
        ] {
            assert!(!is_tex(text, is_inline), "{text}");
        }
        assert!(may_occur("甲\\(") && may_occur("\\\\[") && !may_occur("\\*(") && !may_occur("a\\"));
    }
}
