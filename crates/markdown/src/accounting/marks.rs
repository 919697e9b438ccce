//! Which characters between two pieces of text are marks of Markdown.
//!
//! Input: a gap, which is a part of the text that the parser returns with no event, and the element around it. Output:
//! the parts of the gap that no mark of this element explains. Does not know the page.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Tag};

use super::super::collected_blocks::hidden_words;
use super::page_text::is_visible;

/// A gap in the text, with what stands around it.
pub(super) struct Gap<'g> {
    /// The whole text.
    pub text: &'g str,
    /// The byte range of the gap in it.
    pub range: Range<usize>,
    /// The innermost open element.
    pub element: Option<&'g Tag<'g>>,
    /// Whether the gap is at the start of this element.
    pub opens: bool,
    /// Whether it is at its end.
    pub closes: bool,
    /// Whether a block quote is open.
    pub quoted: bool,
}

/// The parts of a gap that are no marks, as byte ranges of the text.
pub(super) fn unexplained(gap: &Gap<'_>) -> Vec<Range<usize>> {
    let mut at = gap.range.start;
    let mut found: Vec<Range<usize>> = Vec::new();
    if gap.opens {
        at += opening(gap);
    }
    if at < gap.range.end && gap.closes && is_closing(gap, at) {
        return found;
    }
    while let Some(c) = gap.text[at..gap.range.end].chars().next() {
        let next = at + c.len_utf8();
        if is_visible(c) && !is_mark(gap, at, c) {
            match found.last_mut() {
                Some(last) if gap.text[last.end..at].chars().all(|c| c == ' ') => last.end = next,
                _ => found.push(at..next),
            }
        }
        at = next;
    }
    found
}

/// Length of the mark at the start of a gap that opens an element.
fn opening(gap: &Gap<'_>) -> usize {
    let text = &gap.text[gap.range.clone()];
    let blank = text.len() - text.trim_start().len();
    let rest = &text[blank..];
    let length = match gap.element {
        Some(Tag::Heading { .. }) => count(rest, '#'),
        Some(Tag::BlockQuote(kind)) => {
            let mark = count_if(rest, |c| matches!(c, '>' | ' ' | '\t'));
            match kind {
                Some(_) if rest[mark..].starts_with("[!") => rest.find(']').map_or(mark, |end| end + 1),
                _ => mark,
            }
        }
        Some(Tag::Item) => {
            let digits = count_if(rest, |c| c.is_ascii_digit());
            let marker = digits + usize::from(rest[digits..].starts_with(['.', ')', '-', '+', '*']));
            // In a loose list the parser returns the box after the start of the paragraph.
            let boxed = rest[marker..].trim_start();
            let is_box = ["[ ]", "[x]", "[X]"].iter().any(|b| boxed.starts_with(b));
            if is_box { rest.len() - boxed.len() + "[ ]".len() } else { marker }
        }
        Some(Tag::FootnoteDefinition(_)) if rest.starts_with("[^") => rest.find("]:").map_or(0, |end| end + 2),
        Some(Tag::DefinitionListDefinition) => count(rest, ':').min(1),
        // The first line of a fence: the marks and the language, which becomes a class.
        Some(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
            let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
            hidden_words(info).and_then(|words| rest[..end].find(words)).unwrap_or(end)
        }
        Some(Tag::Link { .. }) => usize::from(rest.starts_with(['[', '<'])),
        Some(Tag::Image { .. }) if rest.starts_with("![") => 2,
        _ => 0,
    };
    blank + length
}

/// Whether the rest of a gap from `at` on closes its element.
fn is_closing(gap: &Gap<'_>, at: usize) -> bool {
    let rest = gap.text[at..gap.range.end].trim_start();
    match gap.element {
        // What the brackets hold is compared as an address.
        Some(Tag::Link { .. } | Tag::Image { .. }) => rest.starts_with([']', '>']),
        Some(Tag::Heading { .. }) => {
            // The closing signs, the attributes and the line below the title, as far as they are there.
            let line = |c: char| matches!(c, '#' | '=' | '-' | '>' | ' ' | '\t' | '\n' | '\r');
            let rest = rest.trim_matches(line);
            // Other attributes than ids and classes are not written.
            let attributes = rest.strip_prefix('{').and_then(|r| r.strip_suffix('}'));
            rest.is_empty() || attributes.is_some_and(|a| a.split_whitespace().all(|w| w.starts_with(['#', '.'])))
        }
        _ => false,
    }
}

/// Whether one character of a gap is a mark.
fn is_mark(gap: &Gap<'_>, at: usize, c: char) -> bool {
    let line = gap.text[..at].rfind('\n').map_or(0, |end| end + 1);
    if c == '>' && gap.quoted && gap.text[line..at].chars().all(|c| matches!(c, '>' | ' ' | '\t')) {
        return true;
    }
    if c == '\\' && gap.element.is_some_and(|e| !matches!(e, Tag::CodeBlock(_))) {
        return gap.text[at + 1..].starts_with(|c: char| c.is_ascii_punctuation() || matches!(c, '\n' | '\r'));
    }
    match gap.element {
        Some(Tag::Emphasis | Tag::Strong) => matches!(c, '*' | '_'),
        Some(Tag::Strikethrough | Tag::Subscript) => c == '~',
        Some(Tag::Superscript) => c == '^',
        Some(Tag::CodeBlock(_)) => gap.closes && matches!(c, '`' | '~'),
        Some(Tag::Table(_) | Tag::TableHead) => matches!(c, '|' | '-' | ':'),
        Some(Tag::TableRow | Tag::TableCell) => c == '|',
        // The line below a title whose attributes are none.
        Some(Tag::Heading { .. }) => {
            gap.closes && matches!(c, '=' | '-') && gap.text[line..at].trim_matches([c, ' ', '>']).is_empty()
        }
        _ => false,
    }
}

fn count(text: &str, mark: char) -> usize {
    count_if(text, |c| c == mark)
}

fn count_if(text: &str, mark: impl Fn(char) -> bool) -> usize {
    text.len() - text.trim_start_matches(mark).len()
}
