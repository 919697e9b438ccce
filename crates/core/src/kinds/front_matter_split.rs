//! Splits a page into front matter and body.
//!
//! Input: the text of a file. Output: two spans, and diagnostics about the delimiter lines. Does not parse the front
//! matter.

use super::first_lines::publication_day;
use super::unread_front_matter::{self, UnreadFrontMatter};
use crate::base::{DateOrDateTime, Span};
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, DiagnosticCode, Edit, SourceText};

/// The two parts of a page's text.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontMatterSplit {
    /// The text between the `---` lines, if there is front matter; may be empty.
    pub front: Option<Span>,
    /// The Markdown after the front matter.
    pub body: Span,
    diagnostics: Vec<(&'static DiagnosticCode, Span)>,
    unread: Option<Box<UnreadFrontMatter>>,
}

impl FrontMatterSplit {
    /// The day before which the page stays back, by front matter that is not read.
    pub fn not_before(&self, source: &SourceText<'_>) -> Option<DateOrDateTime> {
        self.unread.as_ref()?.not_before(source.zone)
    }

    /// Returns the diagnostics about the delimiter lines, and about front matter that is not read.
    pub fn diags(&self, source: &SourceText<'_>) -> Vec<Diagnostic> {
        let diag = |(code, span): &(&'static DiagnosticCode, Span)| {
            let line = source.text.get(span.start..span.end).unwrap_or("");
            let start = span.start + line.len() - line.trim_start().len();
            let edit = Edit::new(Span::new(start, start + line.trim().len()), "---");
            Diagnostic::new(code).at(source, *span).arg("mark", line.trim()).fixed_by([edit])
        };
        self.diagnostics.iter().map(diag).chain(self.unread.iter().map(|unread| unread.diag(source))).collect()
    }
}

/// Finds front matter at the start of `text`; blank lines may precede it. A `---` followed by prose instead of keys
/// is a thematic break and belongs to the body.
pub fn split_front_matter(text: &str) -> FrontMatterSplit {
    let mut split = recognised_front_matter(text);
    match split.front {
        None => split.unread = unread_front_matter::find(text).map(Box::new),
        Some(front) if slice(text, front).trim().is_empty() => {
            let start = split.body.start;
            let unread = unread_front_matter::find(&text[start..]).map(|unread| unread.below_empty_marks(start));
            split.unread = unread.map(Box::new);
        }
        Some(_) => split.unread = second_block(text, split.body.start).map(Box::new),
    }
    if split.unread.is_none() {
        let front = split.front.map(|front| slice(text, front));
        let day = publication_day(slice(text, split.body), front);
        split.unread = day.map(|day| Box::new(UnreadFrontMatter::of_day(day).shift(split.body.start)));
    }
    split
}

/// Most lines of such a block.
const MOST_LINES_OF_SECOND_BLOCK: usize = 60;

/// A second block right below the front matter that was read, or a comment there that names the day of publication.
fn second_block(text: &str, start: usize) -> Option<UnreadFrontMatter> {
    let body = &text[start..];
    let first = body.trim_start();
    // Few pages begin with a mark.
    let is_comment = first.starts_with("<!--");
    let is_mark = |line: &str| Delimiter::of(line).is_some();
    let is_block = || {
        let mut lines = first.lines().take(MOST_LINES_OF_SECOND_BLOCK);
        lines.next().is_some_and(is_mark) && lines.any(is_mark)
    };
    if !(is_comment || first.starts_with(['-', '－', '—', '–', '―', '─']) && is_block()) {
        return None;
    }
    let found = unread_front_matter::find(body)?;
    (found.start() == body.len() - first.len()).then(|| found.below_front_matter(start))?
}

fn recognised_front_matter(text: &str) -> FrontMatterSplit {
    let whole = FrontMatterSplit { front: None, body: Span::new(0, text.len()), diagnostics: Vec::new(), unread: None };
    let mut lines = LineSpans { text, at: 0 };
    let Some(open) = lines.by_ref().find(|l| !slice(text, *l).trim().is_empty()) else { return whole };
    let Some(opening) = Delimiter::of(slice(text, open)) else { return whole };
    let start = lines.at;
    let scan = OpeningScan::of(text, lines);
    let mut diagnostics = Vec::new();
    match scan.close {
        Some((line, mark)) if scan.is_front(opening) => {
            diagnostics.extend((opening == Delimiter::LookAlike).then_some((&code::FRONT_MATTER_MARK, open)));
            diagnostics.extend((mark == Delimiter::LookAlike).then_some((&code::FRONT_MATTER_MARK, line)));
            FrontMatterSplit {
                front: Some(Span::new(start, line.start)),
                body: Span::new(after_line(text, line), text.len()),
                diagnostics,
                unread: None,
            }
        }
        _ if opening == Delimiter::Exact && scan.is_unclosed() => {
            let end = scan.last_key.map_or(start, |line| after_line(text, line));
            diagnostics.push((&code::FRONT_MATTER_UNCLOSED, open));
            FrontMatterSplit {
                front: Some(Span::new(start, end)),
                body: Span::new(end, text.len()),
                diagnostics,
                unread: None,
            }
        }
        _ => whole,
    }
}

/// What the lines after an opening delimiter contain.
#[derive(Default)]
struct OpeningScan {
    close: Option<(Span, Delimiter)>,
    first: Option<LineKind>,
    /// Number of keys before the first line of prose.
    keys: usize,
    /// Last line before the first line of prose.
    last_key: Option<Span>,
    /// Whether there is a line of prose.
    prose: bool,
    /// Whether prose follows a blank line and the line before the closing delimiter is prose.
    body_before_close: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineKind {
    Key,
    /// A key before a full-width colon. It can also be prose.
    PerhapsKey,
    /// An indented line or a list item.
    Continuation,
    Prose,
}

impl OpeningScan {
    fn of(text: &str, lines: LineSpans<'_>) -> OpeningScan {
        let mut out = OpeningScan::default();
        let mut blank = false;
        let mut after_blank = false;
        let mut last = None;
        // The mark of a quoted value that goes on below its line.
        let mut quote = None;
        for line in lines {
            let words = slice(text, line).trim_end();
            if let Some(mark) = Delimiter::of(words) {
                out.close = Some((line, mark));
                break;
            }
            if words.is_empty() || words.starts_with('#') {
                blank |= words.is_empty();
                continue;
            }
            let look = match quote {
                Some(mark) => {
                    quote = quote.filter(|_| !words.contains(mark));
                    LineKind::Continuation
                }
                None => {
                    quote = open_quote(words).filter(|mark| is_closed_below(text, line, *mark));
                    classify_line(words)
                }
            };
            out.first.get_or_insert(look);
            last = Some(look);
            out.prose |= look == LineKind::Prose;
            after_blank |= look == LineKind::Prose && blank;
            if !out.prose {
                out.keys += usize::from(look != LineKind::Continuation);
                out.last_key = Some(line);
            }
            blank = false;
        }
        out.body_before_close = after_blank && last == Some(LineKind::Prose);
        out
    }

    /// Whether the text before the closing delimiter is front matter.
    fn is_front(&self, opening: Delimiter) -> bool {
        match self.first {
            None => opening == Delimiter::Exact,
            Some(LineKind::Key) => !self.body_before_close,
            Some(LineKind::PerhapsKey) => !self.prose,
            Some(_) => false,
        }
    }

    /// Whether front matter begins and the closing delimiter is missing.
    fn is_unclosed(&self) -> bool {
        match self.first {
            Some(LineKind::Key) => true,
            Some(LineKind::PerhapsKey) => self.keys > 1,
            _ => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    Exact,
    LookAlike,
}

impl Delimiter {
    fn of(line: &str) -> Option<Delimiter> {
        let line = line.trim_end();
        if line == "---" {
            return Some(Delimiter::Exact);
        }
        let dashes = line.chars().all(|c| matches!(c, '-' | '－' | '—' | '–' | '―' | '─' | '﹣' | '−'));
        let count = line.chars().count();
        (dashes && (2..=8).contains(&count) && line != "--").then_some(Delimiter::LookAlike)
    }
}

/// The quotation mark that begins the value of a line and does not end on it.
fn open_quote(line: &str) -> Option<char> {
    let (_, value) = line.split_once(": ")?;
    let value = value.trim_start();
    let mark = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    (!value[1..].contains(mark)).then_some(mark)
}

/// Whether one of the next lines up to a delimiter ends with `mark` and is the first that holds it.
fn is_closed_below(text: &str, line: Span, mark: char) -> bool {
    /// Most lines of such a value.
    const MOST_LINES: usize = 30;
    let below = LineSpans { text, at: after_line(text, line) };
    let mut words = below.take(MOST_LINES).map(|line| slice(text, line).trim_end());
    words
        .find(|words| Delimiter::of(words).is_some() || words.contains(mark))
        .is_some_and(|words| words.ends_with(mark))
}

fn classify_line(line: &str) -> LineKind {
    if line.starts_with([' ', '\t', '-', '\u{3000}']) {
        return LineKind::Continuation;
    }
    let Some(colon) = line.find([':', '：']) else { return LineKind::Prose };
    let key = line[..colon].trim_matches(['"', '\'', ' ']);
    let sentence = |c: char| {
        c.is_whitespace()
            || matches!(c, '，' | '。' | '、' | '“' | '《' | '（' | '/' | '(' | '*' | '[' | '【' | '!' | '>')
    };
    if key.is_empty() || key.chars().count() > 30 || key.contains(sentence) {
        return LineKind::Prose;
    }
    let after = line[colon..].chars().nth(1);
    match line[colon..].starts_with(':') && after.is_none_or(char::is_whitespace) {
        true => LineKind::Key,
        false if line[colon..].starts_with("://") => LineKind::Prose,
        false => LineKind::PerhapsKey,
    }
}

/// Iterator over the lines of a text, as spans without line endings.
struct LineSpans<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for LineSpans<'_> {
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

fn slice(text: &str, span: Span) -> &str {
    &text[span.start..span.end]
}

/// Returns the offset of the line after the one that ends at `line.end`.
fn after_line(text: &str, line: Span) -> usize {
    text[line.end..].find('\n').map_or(text.len(), |i| line.end + i + 1)
}
