//! Finds draft marks that nobody reads: a page that says that it is a draft must not be published for a slip.
//!
//! Input: the text of a page and its parsed front matter. Output: a diagnostic at the mark. Decides nothing about the
//! page; the error keeps it from being published. Does not know other pages.

use super::common::COMMON_FIELDS;
use super::unread_front_matter::{self, HEAD_BYTES};
use crate::base::{Span, closest_match};
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, SourceText};
use crate::yaml::{Mapping, MappingEntry, parse_flag};

/// Where a mark is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Lines of keys: anywhere outside comments and quoted text.
    Metadata,
    /// The first lines of the body: only where a line holds nothing else.
    Body,
}

const NAMES: [&str; 2] = ["draft", "草稿"];

/// Reports a draft mark that front matter or the first lines of the body hold without effect. `front` is the span of
/// the front matter that `mapping` was parsed from.
pub(super) fn lost_mark(source: &SourceText<'_>, front: Option<Span>, mapping: &Mapping) -> Option<Diagnostic> {
    let report = |span: Span| {
        let written = source.text[span.start..span.end].lines().next().unwrap_or_default();
        Diagnostic::new(&code::DRAFT_MARK_UNREAD).at(source, span).arg("mark", written)
    };
    let is_draft_field =
        |entry: &&MappingEntry| COMMON_FIELDS.iter().any(|f| f.key == "draft" && f.is_named(&entry.key));
    if mapping.entries.iter().any(|entry| is_draft_field(&entry)) {
        return None;
    }
    if let Some(entry) = mapping.entries.iter().find(|entry| means_draft(entry)) {
        return Some(report(Span::new(entry.key_span.start, entry.node.span.end.max(entry.key_span.end))));
    }
    if let Some(front) = front
        && let Some(found) = find_in(&source.text[front.start..front.end], Place::Metadata)
    {
        return Some(report(found.shift(front.start)));
    }
    let start = front.map_or(0, |front| front.end);
    let mut end = source.text.len().min(start + HEAD_BYTES);
    while !source.text.is_char_boundary(end) {
        end -= 1;
    }
    let found = find_in(&source.text[start..end], Place::Body)?;
    // A block that was reported as a whole is not reported again.
    let reported = front.is_none() && unread_front_matter::find(source.text).is_some_and(|block| block.is_draft());
    (!reported).then(|| report(found.shift(start)))
}

/// Whether a key that is none here can only mean that the page is a draft: a misspelt `draft`, or the mark of another
/// program.
fn means_draft(entry: &MappingEntry) -> bool {
    let Some(value) = entry.node.text() else { return false };
    let key = entry.key.trim().to_lowercase();
    if COMMON_FIELDS.iter().any(|field| field.is_named(&key) && field.key != "draft") {
        return false;
    }
    match (&*key, parse_flag(&value)) {
        (_, Some(true)) => closest_match(&key, NAMES).is_some(),
        ("published" | "publish" | "发布", Some(false)) => true,
        ("status" | "状态", None) => NAMES.contains(&&*value.trim().to_lowercase()),
        _ => false,
    }
}

/// Finds a draft mark such as `draft: true`, `"draft": true`, `draft = true` or `草稿：是`.
pub(super) fn find_in(text: &str, place: Place) -> Option<Span> {
    let mut at = 0;
    let mut fence = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if place == Place::Body {
            let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
            match (fence, mark) {
                (None, Some(_)) => fence = mark,
                (Some(open), Some(mark)) if open == mark => fence = None,
                _ => {}
            }
        }
        let comment = place == Place::Metadata && trimmed.starts_with('#');
        if fence.is_some() || comment {
            continue;
        }
        if has_name(line)
            && let Some(found) = mark_in_line(line, place)
        {
            return Some(found.shift(start));
        }
        if trimmed.len() <= LONGEST_BROKEN_MARK && is_broken_mark(trimmed) {
            return Some(Span::new(start, start + line.trim_end().len()));
        }
    }
    None
}

/// Characters of a value that can be a misspelt `true`, `yes` or `是`.
const LONGEST_VALUE: usize = 5;

/// Bytes of a line that can be a mark with a few characters too many.
const LONGEST_BROKEN_MARK: usize = 40;

/// Whether the letters of a line are those of a mark, whatever stands between them: `草稿 是`, `dr:aft: true`.
fn is_broken_mark(line: &str) -> bool {
    let letters: String = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().any(|name| letters.strip_prefix(name).is_some_and(|value| parse_flag(value) == Some(true)))
}

fn has_name(line: &str) -> bool {
    line.contains("草稿") || line.as_bytes().windows(5).any(|bytes| bytes.eq_ignore_ascii_case(b"draft"))
}

fn mark_in_line(line: &str, place: Place) -> Option<Span> {
    let lower = line.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let (at, name) = NAMES.iter().filter_map(|name| lower[from..].find(name).map(|at| (from + at, name))).min()?;
        from = at + name.len();
        let rest = lower[from..].trim_start_matches(['"', '\'', '”', '“', ' ', '\t']);
        let Some(colon) = rest.chars().next().filter(|c| matches!(c, ':' | '：' | '=' | '＝')) else { continue };
        let value = rest[colon.len_utf8()..].trim_start_matches(['"', '\'', '“', '”', ' ', '\t', '\u{3000}']);
        let word: String = value.chars().take_while(|c| c.is_alphanumeric()).collect();
        let end = lower.len() - value.len() + word.len();
        let before = line[..at].trim_start_matches('\u{FEFF}').trim();
        let is_mark = match parse_flag(&word) {
            Some(flag) => flag,
            // Nobody knows what the author of `draft: rue` means, so it counts as a mark. In the body it is a short line of its own.
            None => {
                before.chars().all(|c| matches!(c, '"' | '\'' | '{' | ',' | ' '))
                    && (place == Place::Metadata || word.chars().count() <= LONGEST_VALUE && !word.is_empty())
            }
        };
        if !is_mark {
            continue;
        }
        let alone = match place {
            Place::Metadata => !is_quoted(before, &line[end..]),
            Place::Body => {
                before.chars().all(|c| matches!(c, '-' | '－' | '—' | '*' | '>' | '#' | '"' | '{' | '+' | '`' | ' '))
                    && value[word.len()..].trim().chars().all(|c| matches!(c, '"' | '\'' | ',' | '}' | '”' | '`' | ' '))
            }
        };
        if alone {
            return Some(Span::new(at, end));
        }
    }
}

/// Whether a mark between `before` and `after` is part of a quoted value, and so text that somebody meant.
fn is_quoted(before: &str, after: &str) -> bool {
    ['"', '\''].into_iter().any(|quote| {
        let value = before.split_once([':', '：', '=']).map_or("", |(_, value)| value.trim_start());
        value.len() > 1 && value.starts_with(quote) && value.matches(quote).count() == 1 && after.contains(quote)
    })
}
