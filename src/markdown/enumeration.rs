//! Keeps the line breaks of lines that stand for themselves: those that count on, such as `一、` `二、` or `（1）` `（2）`,
//! those with a label, a date or a sign each, such as `时间：` `地点：`, and those indented as paragraphs are.
//!
//! Markdown joins the lines of a paragraph, which makes one run of text of such lines. Input: the source lines of a
//! paragraph, as its line breaks occur. Output: whether a line break stays, and one diagnostic for each paragraph that
//! names what to type. Does not know lists that Markdown knows; `line_markers` reads what begins a line.

use std::ops::Range;

use super::line_markers::{LineMarker, MarkerKind, marker, markers};
use super::source_map::SourceMap;
use super::writer::{HtmlWriter, WriterMode};
use puzhi_core::base::Span;
use puzhi_core::diag::codes::markdown as codes;

/// Most lines that are searched for the next number, so that a long text takes linear time.
const MAX_LOOK_AHEAD: usize = 12;
/// Most bytes of these lines.
const MAX_LOOK_AHEAD_BYTES: usize = 3_000;

/// What the lines of a paragraph count so far.
#[derive(Debug, Default)]
pub(super) struct LineNumbers {
    /// The last marker of each kind, and its place in the file.
    last: Vec<(LineMarker, Span)>,
    /// Whether a line break has occurred.
    broken: bool,
    reported: bool,
}

impl LineNumbers {
    /// Whether the paragraph has only one line so far.
    pub fn is_single_line(&self) -> bool {
        !self.broken
    }

    /// Forgets all lines.
    pub fn clear(&mut self) {
        self.last.clear();
        self.broken = false;
        self.reported = false;
    }
}

/// The text without white space, quote marks and emphasis at its start.
pub(super) fn content_of(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>', '\u{3000}', '*', '_'])
}

/// Whether one of the lines after the first one of `text` counts on from `marker`.
fn is_continued(text: &str, first: &LineMarker) -> bool {
    let mut end = text.len().min(MAX_LOOK_AHEAD_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let lines = text[..end].lines().skip(1).take(MAX_LOOK_AHEAD).map(content_of);
    let mut later = lines.take_while(|line| !line.is_empty()).flat_map(markers).flatten();
    later.any(|(_, later)| later.follows(first))
}

impl HtmlWriter<'_, '_> {
    /// Whether the line break at `range` of the text stays, because the next line stands for itself.
    pub fn keeps_break(&mut self, range: &Range<usize>) -> bool {
        let mut keeps = false;
        let next = self.line_after(range);
        for line in next.into_iter().flatten() {
            let Some(leaf) = &self.inline.leaf else { return false };
            let previous = leaf.numbers.last.iter().find(|(before, _)| line.marker.follows(before)).copied();
            if previous.is_some() || is_continued(&self.text[line.start..], &line.marker) {
                keeps = true;
                let (first, place) = previous.unwrap_or((line.marker, line.span));
                self.report_enumeration(first, place);
            }
            self.remember(line.marker, line.span);
        }
        keeps || self.keeps_indent(range)
    }

    /// Takes note of the line after a line break that stays anyway.
    pub fn count_line(&mut self, range: &Range<usize>) {
        for line in self.line_after(range).into_iter().flatten() {
            self.remember(line.marker, line.span);
        }
    }

    /// The markers of the line after a line break. At the first line break of a paragraph, those of the first line are
    /// remembered.
    fn line_after(&mut self, range: &Range<usize>) -> [Option<NumberedLine>; 2] {
        let Some(leaf) = self.inline.leaf.as_mut() else { return [None, None] };
        let is_first = !std::mem::replace(&mut leaf.numbers.broken, true);
        let rest = self.text.get(range.end..).unwrap_or("");
        let content = content_of(rest);
        let start = range.end + (rest.len() - content.len());
        let found = markers(content.split(['\n', '\r']).next().unwrap_or(""));
        if is_first && found[0].is_some() {
            let line = content_of(&leaf.masked);
            let start = leaf.masked.len() - line.len();
            let first = markers(line);
            for (at, marker) in first.into_iter().flatten() {
                let Some(leaf) = &self.inline.leaf else { break };
                let place = leaf.masked_source_map.span(&(start + at..start + at + marker.length));
                self.remember(marker, place);
            }
        }
        found.map(|found| {
            found.map(|(at, marker)| {
                let start = start + at;
                NumberedLine { marker, start, span: self.source_map.span(&(start..start + marker.length)) }
            })
        })
    }

    /// Whether the next line is indented as the paragraphs of Chinese texts are.
    fn keeps_indent(&mut self, range: &Range<usize>) -> bool {
        let rest = self.text.get(range.end..).unwrap_or("");
        let content = rest.trim_start_matches([' ', '\t', '>']);
        let indent = content.len() - content.trim_start_matches(['\u{3000}', '\u{2003}', '\u{A0}']).len();
        if content[..indent].chars().count() < 2 {
            return false;
        }
        let start = range.end + (rest.len() - content.len());
        let span = self.source_map.span(&(start..start + indent));
        let Some(leaf) = &mut self.inline.leaf else { return false };
        if !std::mem::replace(&mut leaf.numbers.reported, true) {
            self.context.report(&codes::INDENTED_LINES, span);
        }
        true
    }

    fn remember(&mut self, marker: LineMarker, span: Span) {
        let Some(leaf) = &mut self.inline.leaf else { return };
        match leaf.numbers.last.iter_mut().find(|(known, _)| known.kind == marker.kind) {
            Some(known) => *known = (marker, span),
            None => leaf.numbers.last.push((marker, span)),
        }
    }

    /// Reports the first line of a count, once for each paragraph.
    fn report_enumeration(&mut self, marker: LineMarker, span: Span) {
        let mark = self.context.source.text.get(span.start..span.end).unwrap_or("").to_string();
        let code = match marker.kind {
            // The full-width lint reports these.
            MarkerKind::Comma if mark.is_empty() || mark.starts_with(|c: char| c.is_ascii_digit()) => return,
            MarkerKind::Bullet(_) => return,
            // Behind a label a space makes no list.
            MarkerKind::Unspaced if self.context.text_before(span.start).ends_with(['：', ':']) => {
                &codes::ENUMERATED_LINES
            }
            MarkerKind::Unspaced | MarkerKind::UnspacedDash => &codes::LIST_SPACE,
            MarkerKind::Label | MarkerKind::Time | MarkerKind::Date => &codes::LABELLED_LINES,
            _ => &codes::ENUMERATED_LINES,
        };
        let Some(leaf) = &mut self.inline.leaf else { return };
        if std::mem::replace(&mut leaf.numbers.reported, true) {
            return;
        }
        let diag = self.context.diag_at(code, span).arg("mark", mark.trim_end());
        self.context.push_diag(diag);
    }
}

/// Paragraphs of a page that are numbered as headings are.
#[derive(Debug, Default)]
pub(super) struct NumberedParagraphs {
    last: Vec<NumberedParagraph>,
    /// Number of paragraphs so far.
    count: usize,
    reported: bool,
}

/// The last paragraph of one kind of marker.
#[derive(Debug, Clone, Copy)]
struct NumberedParagraph {
    marker: LineMarker,
    /// Its place in the file.
    span: Span,
    /// Number of paragraphs before it.
    number: usize,
}

impl HtmlWriter<'_, '_> {
    /// Reports the first of several paragraphs that look like numbered headings with text between them, once for each
    /// page. `text` is the text of a paragraph of one line, or `None` if it has several.
    pub fn check_numbered_paragraph(&mut self, text: Option<&str>, source_map: &SourceMap) {
        const MAX_HEADING: usize = 40;
        if self.context.numbered_paragraphs.reported || self.mode != WriterMode::WholePage || self.depth > 0 {
            return;
        }
        self.context.numbered_paragraphs.count += 1;
        let number = self.context.numbered_paragraphs.count;
        let Some(text) = text else { return };
        let line = text.trim_start();
        let Some(found) = marker(line).filter(LineMarker::is_heading) else { return };
        let title = line.trim_end();
        let is_sentence = title.ends_with(['。', '；', '，', '：', '、', '！', '？', ';', '.', ':', '?']);
        if is_sentence || title.len() == found.length || title.chars().count() > MAX_HEADING {
            return;
        }
        let at = text.len() - line.len();
        let span = source_map.span(&(at..at + found.length));
        let last = &mut self.context.numbered_paragraphs.last;
        // Paragraphs that follow each other at once are a list.
        let first = last.iter().find(|p| found.follows(&p.marker) && number > p.number + 1).map(|p| p.span);
        last.retain(|p| p.marker.kind != found.kind);
        last.push(NumberedParagraph { marker: found, span, number });
        if let Some(first) = first {
            self.context.numbered_paragraphs.reported = true;
            let mark = self.context.source.text.get(first.start..first.end).unwrap_or("").to_string();
            let diag = self.context.diag_at(&codes::NUMBERED_HEADING, first).arg("mark", mark);
            self.context.push_diag(diag);
        }
    }
}

/// A line that starts with a marker.
struct NumberedLine {
    marker: LineMarker,
    /// Where the marker starts in the text.
    start: usize,
    /// Its place in the file.
    span: Span,
}
