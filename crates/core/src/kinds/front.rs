//! Where front matter ends and the body begins.
//!
//! In: a file's text. Out: two spans, and what is wrong with the marks. Does not read what stands between them.

use crate::base::Span;
use crate::diag::codes::front_matter as code;
use crate::diag::{Code, Diag, SourceText};

/// A page's text in two parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// What stands between the `---` lines, if there is front matter; may be empty.
    pub front: Option<Span>,
    pub body: Span,
    findings: Vec<(&'static Code, Span)>,
}

impl Split {
    /// What is wrong with the marks themselves.
    pub fn diags(&self, source: &SourceText<'_>) -> Vec<Diag> {
        let mark = |span: &Span| source.text.get(span.start..span.end).unwrap_or("").trim().to_string();
        self.findings.iter().map(|(code, span)| Diag::new(code).at(source, *span).arg("mark", mark(span))).collect()
    }
}

/// Finds front matter at the very start of `text` (blank lines may precede it). A `---` that is followed by prose, and
/// not by keys, is a thematic break and belongs to the body.
pub fn split(text: &str) -> Split {
    let whole = Split { front: None, body: Span::new(0, text.len()), findings: Vec::new() };
    let mut lines = Lines { text, at: 0 };
    let Some(open) = lines.by_ref().find(|l| !at(text, *l).trim().is_empty()) else { return whole };
    let Some(opening) = Mark::of(at(text, open)) else { return whole };
    let start = lines.at;
    let survey = Survey::of(text, lines);
    let mut findings = Vec::new();
    match survey.close {
        Some((line, mark)) if survey.is_front(opening) => {
            findings.extend((opening == Mark::LookAlike).then_some((&code::FRONT_MATTER_MARK, open)));
            findings.extend((mark == Mark::LookAlike).then_some((&code::FRONT_MATTER_MARK, line)));
            Split {
                front: Some(Span::new(start, line.start)),
                body: Span::new(after(text, line), text.len()),
                findings,
            }
        }
        _ if opening == Mark::Exact && survey.is_unclosed() => {
            let end = survey.last_key.map_or(start, |line| after(text, line));
            findings.push((&code::FRONT_MATTER_UNCLOSED, open));
            Split { front: Some(Span::new(start, end)), body: Span::new(end, text.len()), findings }
        }
        _ => whole,
    }
}

/// What the lines after an opening mark look like.
#[derive(Default)]
struct Survey {
    close: Option<(Span, Mark)>,
    first: Option<Look>,
    /// Keys before the first line that belongs to no front matter.
    keys: usize,
    /// The last line that does, before that.
    last_key: Option<Span>,
    /// Some line is prose.
    prose: bool,
    /// Prose follows a blank line, and the close follows prose.
    body_before_close: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Key,
    /// A key before a full-width colon, which may also be prose.
    PerhapsKey,
    /// Indented, or a list item.
    Continuation,
    Prose,
}

impl Survey {
    fn of(text: &str, lines: Lines<'_>) -> Survey {
        let mut out = Survey::default();
        let mut blank = false;
        let mut after_blank = false;
        let mut last = None;
        for line in lines {
            let words = at(text, line).trim_end();
            if let Some(mark) = Mark::of(words) {
                out.close = Some((line, mark));
                break;
            }
            if words.is_empty() || words.starts_with('#') {
                blank |= words.is_empty();
                continue;
            }
            let look = look(words);
            out.first.get_or_insert(look);
            last = Some(look);
            out.prose |= look == Look::Prose;
            after_blank |= look == Look::Prose && blank;
            if !out.prose {
                out.keys += usize::from(look != Look::Continuation);
                out.last_key = Some(line);
            }
            blank = false;
        }
        out.body_before_close = after_blank && last == Some(Look::Prose);
        out
    }

    /// Whether what stands before the close is front matter.
    fn is_front(&self, opening: Mark) -> bool {
        match self.first {
            None => opening == Mark::Exact,
            Some(Look::Key) => !self.body_before_close,
            Some(Look::PerhapsKey) => !self.prose,
            Some(_) => false,
        }
    }

    /// Whether front matter began and its close was forgotten.
    fn is_unclosed(&self) -> bool {
        match self.first {
            Some(Look::Key) => true,
            Some(Look::PerhapsKey) => self.keys > 1,
            _ => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Exact,
    LookAlike,
}

impl Mark {
    fn of(line: &str) -> Option<Mark> {
        let line = line.trim_end();
        if line == "---" {
            return Some(Mark::Exact);
        }
        let dashes = line.chars().all(|c| matches!(c, '-' | '－' | '—' | '–' | '―' | '─' | '﹣' | '−'));
        let count = line.chars().count();
        (dashes && (2..=8).contains(&count) && line != "--").then_some(Mark::LookAlike)
    }
}

fn look(line: &str) -> Look {
    if line.starts_with([' ', '\t', '-', '\u{3000}']) {
        return Look::Continuation;
    }
    let Some(colon) = line.find([':', '：']) else { return Look::Prose };
    let key = line[..colon].trim_matches(['"', '\'', ' ']);
    let sentence = |c: char| {
        c.is_whitespace()
            || matches!(c, '，' | '。' | '、' | '“' | '《' | '（' | '/' | '(' | '*' | '[' | '【' | '!' | '>')
    };
    if key.is_empty() || key.chars().count() > 30 || key.contains(sentence) {
        return Look::Prose;
    }
    let after = line[colon..].chars().nth(1);
    match line[colon..].starts_with(':') && after.is_none_or(char::is_whitespace) {
        true => Look::Key,
        false if line[colon..].starts_with("://") => Look::Prose,
        false => Look::PerhapsKey,
    }
}

/// The lines of a text as spans without their endings.
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let next = self.text[start..].find('\n').map_or(self.text.len(), |i| start + i + 1);
        self.at = next;
        Some(Span::new(start, start + self.text[start..next].trim_end_matches(['\n', '\r']).len()))
    }
}

fn at(text: &str, span: Span) -> &str {
    &text[span.start..span.end]
}

/// The first byte after the line that ends at `line.end`.
fn after(text: &str, line: Span) -> usize {
    text[line.end..].find('\n').map_or(text.len(), |i| line.end + i + 1)
}
