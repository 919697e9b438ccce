//! Keeps the line breaks of lines that count on, such as `一、` `二、` or `（1）` `（2）`, one to a line.
//!
//! Markdown joins the lines of a paragraph, which makes one run of text of such lines. Input: the source lines of a
//! paragraph, as its line breaks occur. Output: whether a line break stays, and one diagnostic for each paragraph that
//! names what to type for a list or headings. Does not know lists that Markdown knows.

use std::ops::Range;

use super::fullwidth_lint::is_bullet;
use super::source_map::SourceMap;
use super::writer::{HtmlWriter, WriterMode};
use puzhi_core::base::{Span, is_han};
use puzhi_core::diag::codes::markdown as codes;

/// Most lines that are searched for the next number, so that a long text takes linear time.
const MAX_LOOK_AHEAD: usize = 12;
/// Most bytes of these lines.
const MAX_LOOK_AHEAD_BYTES: usize = 3_000;

/// The number or sign at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LineMarker {
    pub kind: MarkerKind,
    /// 0 for signs without a number.
    pub number: u32,
    /// Length in bytes.
    pub length: usize,
}

/// Kind of marker; lines count on only within one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum MarkerKind {
    /// `一、`
    Han,
    /// `（一）`
    HanInParentheses,
    /// `第一步`, with the character after the number.
    Ordinal(char),
    /// `1、`, which the full-width lint reports.
    Comma,
    /// `1．` or `1）`
    Fullwidth,
    /// `1.甲` or `1)甲` without a space.
    Unspaced,
    /// `（1）`
    InParentheses,
    /// `①`; the first character of its block of Unicode.
    Enclosed(char),
    /// `A．` or `A、`
    Letter,
    /// A sign such as `•`, which the full-width lint reports.
    Bullet(char),
    /// `-甲` without a space.
    UnspacedDash,
}

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

impl LineMarker {
    /// Whether a line with this marker continues the count of a line with `previous`.
    pub fn follows(&self, previous: &LineMarker) -> bool {
        let counts = !matches!(self.kind, MarkerKind::Bullet(_) | MarkerKind::UnspacedDash);
        self.kind == previous.kind && self.number == previous.number + u32::from(counts)
    }

    /// Whether short paragraphs with this marker are headings in official documents. `（一）` also counts the items of
    /// laws, so it is no sign of one.
    fn is_heading(&self) -> bool {
        matches!(self.kind, MarkerKind::Han | MarkerKind::Ordinal('章' | '节' | '编' | '篇' | '部'))
    }
}

/// The marker at the start of a line, or `None`. White space and emphasis before it are not part of it.
pub(super) fn marker(line: &str) -> Option<LineMarker> {
    let first = line.chars().next()?;
    let of = |kind, number, length| Some(LineMarker { kind, number, length });
    match first {
        '一'..='鿿' if first != '第' => {
            let (number, length) = han_number(line)?;
            let sign = line[length..].chars().next().filter(|c| matches!(c, '、' | '．'))?;
            of(MarkerKind::Han, number, length + sign.len_utf8())
        }
        '第' => {
            let inner = line[first.len_utf8()..].trim_start_matches(' ');
            let (number, length) = han_number(inner).or_else(|| digits(inner))?;
            let rest = inner[length..].trim_start_matches(' ');
            let unit = rest.chars().next().filter(|c| ORDINAL_UNITS.contains(*c))?;
            of(MarkerKind::Ordinal(unit), number, line.len() - rest.len() + unit.len_utf8())
        }
        '（' | '(' => {
            let inner = &line[first.len_utf8()..];
            let (kind, (number, length)) = match han_number(inner) {
                Some(found) => (MarkerKind::HanInParentheses, found),
                None => (MarkerKind::InParentheses, digits(inner)?),
            };
            let close = inner[length..].chars().next().filter(|c| matches!(c, '）' | ')'))?;
            of(kind, number, first.len_utf8() + length + close.len_utf8())
        }
        '0'..='9' => {
            let (number, length) = digits(line)?;
            let mut after = line[length..].chars();
            let kind = match after.next()? {
                '、' => MarkerKind::Comma,
                '．' | '）' => MarkerKind::Fullwidth,
                '.' | ')' if after.next().is_some_and(starts_words) => MarkerKind::Unspaced,
                _ => return None,
            };
            let sign = line[length..].chars().next().map_or(0, char::len_utf8);
            of(kind, number, length + sign)
        }
        'A'..='Z' => {
            let mut after = line[1..].chars();
            let sign = after.next().filter(|c| matches!(c, '、' | '．' | '.'))?;
            if sign == '.' && !after.next().is_some_and(|c| c == ' ' || starts_words(c)) {
                return None;
            }
            of(MarkerKind::Letter, u32::from(first) - u32::from('A') + 1, 1 + sign.len_utf8())
        }
        '-' if line[1..].starts_with(starts_words) => of(MarkerKind::UnspacedDash, 0, 1),
        c if is_bullet(c) => of(MarkerKind::Bullet(c), 0, c.len_utf8()),
        c => {
            let block = ENCLOSED.iter().find(|block| block.contains(&c))?;
            of(MarkerKind::Enclosed(*block.start()), u32::from(c) - u32::from(*block.start()) + 1, c.len_utf8())
        }
    }
}

/// What can follow `第一`.
const ORDINAL_UNITS: &str = "步条章节款项篇编类批期阶部讲课天周回场组站轮次";
/// Numbers that are one character: circled, in parentheses, with a full stop, Han in parentheses, negative circled.
const ENCLOSED: [std::ops::RangeInclusive<char>; 5] = ['①'..='⑳', '⑴'..='⒇', '⒈'..='⒛', '㈠'..='㈩', '❶'..='❿'];

/// Whether a character after `1.` or `-` starts words, which only the missing space keeps from being a list item.
fn starts_words(c: char) -> bool {
    is_han(c) || matches!(c, '“' | '《' | '（' | '【' | '‘' | '「' | '〔')
}

/// The decimal number of at most three digits at the start of `text`, and its length.
fn digits(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..length].parse().ok()?;
    (1..=3).contains(&length).then_some((number, length))
}

/// The number from 1 to 99 in Han characters at the start of `text`, and its length.
fn han_number(text: &str) -> Option<(u32, usize)> {
    const DIGITS: &str = "一二三四五六七八九";
    let digit = |c: char| DIGITS.chars().position(|d| d == c).map(|i| i as u32 + 1);
    let (mut number, mut length, mut tens) = (0, 0, false);
    for c in text.chars() {
        match digit(c) {
            Some(n) if number % 10 == 0 => number += n,
            None if c == '十' && !tens => {
                number = number.max(1) * 10;
                tens = true;
            }
            _ => break,
        }
        length += c.len_utf8();
        if length > 9 {
            return None;
        }
    }
    (number > 0).then_some((number, length))
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
    lines.take_while(|line| !line.is_empty()).filter_map(marker).any(|later| later.follows(first))
}

impl HtmlWriter<'_, '_> {
    /// Whether the line break at `range` of the text stays, because the next line counts on.
    pub fn keeps_break(&mut self, range: &Range<usize>) -> bool {
        let Some(next) = self.line_after(range) else { return false };
        let Some(leaf) = &self.inline.leaf else { return false };
        let previous = leaf.numbers.last.iter().find(|(before, _)| next.marker.follows(before)).copied();
        let keeps = previous.is_some() || is_continued(&self.text[next.start..], &next.marker);
        if keeps {
            let (first, place) = previous.unwrap_or((next.marker, next.span));
            self.report_enumeration(first, place);
        }
        self.remember(next.marker, next.span);
        keeps
    }

    /// Takes note of the line after a line break that stays anyway.
    pub fn count_line(&mut self, range: &Range<usize>) {
        if let Some(next) = self.line_after(range) {
            self.remember(next.marker, next.span);
        }
    }

    /// The marker of the line after a line break, if it has one. At the first line break of a paragraph, the marker of
    /// the first line is remembered.
    fn line_after(&mut self, range: &Range<usize>) -> Option<NumberedLine> {
        let leaf = self.inline.leaf.as_mut()?;
        let is_first = !std::mem::replace(&mut leaf.numbers.broken, true);
        let rest = self.text.get(range.end..)?;
        let content = content_of(rest);
        let start = range.end + (rest.len() - content.len());
        let marker = marker(content)?;
        let span = self.source_map.span(&(start..start + marker.length));
        if is_first {
            let line = leaf.masked.trim_start();
            let at = leaf.masked.len() - line.len();
            if let Some(first) = self::marker(line) {
                let place = leaf.masked_source_map.span(&(at..at + first.length));
                self.remember(first, place);
            }
        }
        Some(NumberedLine { marker, start, span })
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
        let code = match marker.kind {
            MarkerKind::Comma | MarkerKind::Bullet(_) => return,
            MarkerKind::Unspaced | MarkerKind::UnspacedDash => &codes::LIST_SPACE,
            _ => &codes::ENUMERATED_LINES,
        };
        let Some(leaf) = &mut self.inline.leaf else { return };
        if std::mem::replace(&mut leaf.numbers.reported, true) {
            return;
        }
        let mark = self.context.source.text.get(span.start..span.end).unwrap_or("").to_string();
        let diag = self.context.diag_at(code, span).arg("mark", mark);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_lines() {
        fn of(line: &str) -> Option<(MarkerKind, u32, &str)> {
            marker(line).map(|m| (m.kind, m.number, &line[..m.length]))
        }
        assert_eq!(of("十二、甲"), Some((MarkerKind::Han, 12, "十二、")));
        assert_eq!(of("二十一、甲"), Some((MarkerKind::Han, 21, "二十一、")));
        assert_eq!(of("（十）甲"), Some((MarkerKind::HanInParentheses, 10, "（十）")));
        assert_eq!(of("第三步：甲"), Some((MarkerKind::Ordinal('步'), 3, "第三步")));
        assert_eq!(of("第 12 条 甲"), Some((MarkerKind::Ordinal('条'), 12, "第 12 条")));
        assert_eq!(of("（3）甲"), Some((MarkerKind::InParentheses, 3, "（3）")));
        assert_eq!(of("3．甲"), Some((MarkerKind::Fullwidth, 3, "3．")));
        assert_eq!(of("3.甲"), Some((MarkerKind::Unspaced, 3, "3.")));
        assert_eq!(of("③甲"), Some((MarkerKind::Enclosed('①'), 3, "③")));
        assert_eq!(of("C．甲"), Some((MarkerKind::Letter, 3, "C．")));
        assert_eq!(of("-甲"), Some((MarkerKind::UnspacedDash, 0, "-")));
        for line in
            ["一天", "十分、很", "3.15活动", "3.5倍", "- 甲", "-5℃", "A.B", "第一次印象", "（甲）", "2025、", ""]
        {
            let found = of(line);
            assert!(found.is_none() || line == "第一次印象", "{line}: {found:?}");
        }
    }
}
