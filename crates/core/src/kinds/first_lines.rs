//! What the first lines of a page's text say about its publication: `发布时间：2027-05-01`, `公开形式：不予公开`, `（草稿，请勿发布）`.
//! Official texts begin with labels and remarks, on lines of their own, several on a line, in lists or in a table.
//!
//! Input: the text below front matter. Output: the place of what was found. Looks at a bounded number of lines, up to the first running text;
//! reports nothing.

use std::borrow::Cow;

use super::draft_remarks::{bracketed_remark, is_draft_remark, secrecy_mark};
use super::foreign_dates::{is_publication_name, plain_name};
use super::unpublished_words::text_line_holds_back;
use crate::base::{Span, parse_written_date};

/// Most lines with words that are looked at.
const MOST_LINES: usize = 20;
/// Most characters of these lines.
const MOST_CHARACTERS: usize = 600;
/// Lines among which a label counts below running text, too.
const LABELS_IN_TEXT: usize = 5;
/// A line without a label and with more characters is running text.
const LONGEST_SHORT_LINE: usize = 60;
/// Most characters of a remark without brackets around it that goes on behind its word.
const LONGEST_BARE_REMARK: usize = 24;
/// Longest label, in characters.
const LONGEST_LABEL: usize = 16;

/// Names of the day of publication that mean no other day. `上线时间` may be that of what the page is about.
const SURE_NAMES: [&str; 8] = ["发布", "发表", "刊发", "定时发布", "计划发布", "预定发布", "预约发布", "publish"];

/// A line among the first.
struct FirstLine<'t> {
    /// The line without white space around it.
    words: &'t str,
    /// Where it begins in the text.
    start: usize,
    is_heading: bool,
    /// One of several items of a list, one below the other.
    is_item: bool,
    /// The next line explains it.
    is_term: bool,
    /// It stands below running text.
    in_text: bool,
}

/// A part of a line, without marks around it.
struct Part<'t> {
    text: Cow<'t, str>,
    span: Span,
}

/// The place of words in the first lines that say that the page is not to be published.
pub fn unpublished_in_first_lines(body: &str) -> Option<Span> {
    let lines = first_lines(body, Extent::WithText);
    let in_lines = lines.iter().enumerate().find_map(|(number, line)| mark_in(line, number == 0));
    in_lines.or_else(|| lines.windows(2).find_map(mark_in_column))
}

/// The mark in two lines of which one is a label and the other its value, as columns of a table are pasted: `状态` above `待审`.
fn mark_in_column(lines: &[FirstLine<'_>]) -> Option<Span> {
    /// Longest value in characters.
    const LONGEST: usize = 24;
    let [label, value] = lines else { return None };
    let (name, words) = (label.words.trim_matches(is_ornament), value.words.trim_matches(is_ornament));
    let is_name = (2..=LONGEST_LABEL / 2).contains(&name.chars().count()) && name.chars().all(char::is_alphanumeric);
    let is_plain = !label.is_heading && !value.is_heading && !label.in_text && !label.is_item && !value.is_item;
    let fits = is_name && is_plain && words.chars().count() <= LONGEST && !words.contains(['：', ':', '。']);
    let holds_back = || text_line_holds_back(&format!("{name}：{words}"));
    (fits && holds_back()).then(|| Span::new(label.start, value.start + value.words.len()))
}

/// The place of a label for the day of publication among the first lines whose value names no day: `发布时间：待定`.
pub fn unread_publication_day(body: &str) -> Option<Span> {
    let is_unread = |part: &Part<'_>| {
        let Some((name, value)) = label_of(&part.text) else { return false };
        let is_time = name.ends_with(['期', '间', '日']) || name.ends_with("date") || name.ends_with("time");
        let is_empty = !value.contains(char::is_alphanumeric);
        is_sure_name(&name) && (is_time || name.len() > "发布".len() * 2) && !is_empty && leading_date(value).is_none()
    };
    let lines = first_lines(body, Extent::AboveText);
    let labelled = lines.iter().filter(|line| !line.in_text && line.may_have_label());
    let mut parts = labelled.flat_map(FirstLine::parts);
    parts.find(is_unread).map(|part| part.span)
}

/// A day of publication among the first lines.
pub(super) struct NamedDay {
    pub span: Span,
    /// The front matter that says the same; the line alone if the page has some.
    pub yaml: String,
}

/// Finds the day of publication among the first lines of `body`. Right below front matter that names no other time a line `日期: …` is one,
/// too, as it is below a title.
pub(super) fn publication_day(body: &str, front: Option<&str>) -> Option<NamedDay> {
    let lines = first_lines(body, Extent::AboveText);
    // Most pages have no label at their beginning.
    if !lines.iter().any(FirstLine::may_have_label) {
        return None;
    }
    let has_other_time =
        |front: &str| ["开始", "时间", "start", "time", "event", "活动"].iter().any(|w| front.contains(w));
    let below_front = front.is_some_and(|front| !has_other_time(front));
    // A rule above it makes the line a text's.
    let begins_body = |line: &FirstLine<'_>| body[..line.start].trim().is_empty();
    let mut below_title = false;
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| !line.in_text) {
        let is_alone =
            || lines.get(number + 1).is_none_or(|next| next.parts().iter().all(|p| label_of(&p.text).is_none()));
        for part in line.parts() {
            let Some((name, value)) = label_of(&part.text) else { continue };
            below_title |= matches!(&*name, "标题" | "title");
            let is_date = matches!(&*name, "日期" | "date");
            let counts = is_sure_name(&name)
                || is_date && (below_title || below_front && begins_body(line) && number == 0 && is_alone());
            if let Some(written) = leading_date(value).filter(|_| counts) {
                let key = if name.is_ascii() { "date" } else { "日期" };
                let line = format!("{key}: {written}");
                let yaml = if front.is_some() { line } else { format!("---\n{line}\n---") };
                return Some(NamedDay { span: part.span, yaml });
            }
        }
    }
    None
}

/// Whether a plain name is that of the day of publication and of nothing else.
fn is_sure_name(name: &str) -> bool {
    is_publication_name(name) && SURE_NAMES.iter().any(|sure| name.starts_with(sure))
}

/// The date that a value begins with, perhaps with a time.
fn leading_date(value: &str) -> Option<&str> {
    /// Longest date with a time, in characters.
    const LONGEST: usize = 40;
    let value = value.trim();
    let ends = value.char_indices().take(LONGEST).map(|(at, c)| at + c.len_utf8());
    let ends: Vec<usize> = ends.collect();
    ends.into_iter().rev().map(|end| value[..end].trim_end()).find(|start| parse_written_date(start).is_some())
}

/// The plain name and the value of `名称：值`.
fn label_of(part: &str) -> Option<(Cow<'_, str>, &str)> {
    let (label, value) = part.split_once([':', '：'])?;
    let label = label.trim_matches(is_ornament);
    let is_name = !label.is_empty()
        && label.chars().filter(|c| !c.is_whitespace()).count() <= LONGEST_LABEL
        && !label.contains(['，', '。', '、', '；', '/']);
    is_name.then(|| (plain_name(label), value.trim_matches(is_ornament)))
}

/// Marks around a part: those of emphasis, code, quotations and brackets that stand for emphasis.
fn is_ornament(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '`' | '>' | '【' | '】' | '［' | '］' | '[' | ']')
}

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Those above running text, and its first line.
    AboveText,
    /// Lines of running text, too, of which fewer count.
    WithText,
}

/// The first lines, up to running text.
fn first_lines(body: &str, extent: Extent) -> Vec<FirstLine<'_>> {
    let mut out: Vec<FirstLine<'_>> = Vec::new();
    let (mut fenced, mut in_text, mut has_heading, mut characters, mut at) = (false, false, false, 0, 0);
    let mut lines = body.split_inclusive('\n').take(4 * MOST_LINES).peekable();
    while let Some(line) = lines.next() {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let words = line.trim();
        if words.starts_with("```") || words.starts_with("~~~") {
            fenced = !fenced;
            in_text = true;
        }
        if fenced || !words.contains(char::is_alphanumeric) {
            continue;
        }
        let below = lines.peek().map_or("", |line| line.trim());
        let is_underline = |mark: char| below.len() > 2 && below.chars().all(|c| c == mark);
        let is_heading = words.starts_with('#') || is_underline('=') || is_underline('-');
        // A character has four bytes at most.
        let is_short = words.len() <= 4 * MOST_CHARACTERS;
        characters += if is_short { words.chars().count().min(MOST_CHARACTERS) } else { MOST_CHARACTERS };
        let is_next_section = is_heading && has_heading && out.last().is_some_and(|line| !line.is_heading);
        let is_far = out.len() >= if in_text { LABELS_IN_TEXT } else { MOST_LINES };
        if is_next_section || is_far || characters > MOST_CHARACTERS {
            break;
        }
        has_heading |= is_heading;
        let is_item =
            list_mark(words) > 0 && (list_mark(below) > 0 || out.last().is_some_and(|line| list_mark(line.words) > 0));
        let is_term = below.starts_with([':', '：']);
        in_text |= !is_heading && is_running_text(words);
        out.push(FirstLine { words, start, is_heading, is_item, is_term, in_text });
        if in_text && extent == Extent::AboveText {
            break;
        }
    }
    out
}

/// Whether a line is a sentence or a long text, and neither a label nor a remark.
fn is_running_text(words: &str) -> bool {
    let is_end = ['。', '！', '？'];
    let is_sentence = words.ends_with(is_end) || words.contains(is_end) || words.ends_with('.') && words.len() > 20;
    let is_label = || label_of(words.trim_start_matches(is_ornament)).is_some();
    let is_long = words.chars().count() > LONGEST_SHORT_LINE;
    is_sentence && !is_draft_remark(words) && (is_long || !is_label()) || is_long && !is_label() && !words.contains('|')
}

/// Bytes of the mark of a list's item at the start of a line.
fn list_mark(words: &str) -> usize {
    let bullet = ["- ", "* ", "+ ", "• ", "· "].iter().find(|mark| words.starts_with(**mark)).map(|mark| mark.len());
    let numbered = || {
        let digits = words.bytes().take_while(u8::is_ascii_digit).count();
        let mark = words[digits..].chars().next().filter(|c| matches!(c, '.' | ')' | '、' | '）'))?;
        (1..=3).contains(&digits).then(|| digits + mark.len_utf8())
    };
    bullet.or_else(numbered).unwrap_or(0)
}

impl<'t> FirstLine<'t> {
    fn is_row(&self) -> bool {
        self.words.contains(['|', '｜'])
    }

    /// Whether a part of the line can be a label with a value: it has a colon, or cells.
    fn may_have_label(&self) -> bool {
        let bytes = self.words.as_bytes();
        // The last bytes of `：` and `｜`.
        let is_wide = |at: usize| at > 1 && matches!(&bytes[at - 2..=at], b"\xEF\xBC\x9A" | b"\xEF\xBD\x9C");
        memchr::memchr2(b':', b'|', bytes).is_some() || memchr::memchr2_iter(0x9A, 0x9C, bytes).any(is_wide)
    }

    /// The parts of the line that blanks or strokes separate. A label and its value in two cells of a table are one.
    fn parts(&self) -> Vec<Part<'t>> {
        let words = self.words;
        let mut pieces: Vec<Span> = Vec::new();
        let mut from = words.len() - words.trim_start_matches(['#', '>', ' ']).len();
        from += list_mark(&words[from..]);
        let text_start = from;
        let ends = separators(words).into_iter().filter(|span| span.start >= text_start);
        for end in ends.chain([Span::new(words.len(), words.len())]) {
            let piece = trimmed(words, Span::new(from.min(end.start), end.start));
            from = end.end;
            match pieces.last_mut() {
                _ if piece.start == piece.end => {}
                // `标　题：甲`.
                Some(last)
                    if is_letter(&words[last.start..last.end])
                        && is_letter(label_or_all(&words[piece.start..piece.end])) =>
                {
                    last.end = piece.end;
                }
                _ => pieces.push(piece),
            }
        }
        let shift = |span: Span| span.shift(self.start);
        let part = |span: &Span| Part { text: Cow::Borrowed(&words[span.start..span.end]), span: shift(*span) };
        if self.is_row() && pieces.len().is_multiple_of(2) {
            let joined = |pair: &[Span]| {
                let text = |span: Span| words[span.start..span.end].trim_end_matches([':', '：']).to_string();
                let both = format!("{}：{}", text(pair[0]), text(pair[1]));
                Part { text: Cow::Owned(both), span: shift(Span::new(pair[0].start, pair[1].end)) }
            };
            let is_labelled = pieces
                .iter()
                .step_by(2)
                .all(|span| !words[span.start..span.end].trim_end_matches([':', '：']).contains([':', '：']));
            if is_labelled {
                return pieces.chunks_exact(2).map(joined).collect();
            }
        }
        pieces.iter().map(part).collect()
    }
}

/// Whether a text is nothing but single Han characters, parts of a label that is spread out.
fn is_letter(text: &str) -> bool {
    !text.is_ascii() && text.split_whitespace().all(|word| word.chars().count() == 1)
}

/// The label of a piece, or the whole of one that has none.
fn label_or_all(text: &str) -> &str {
    text.split([':', '：']).next().unwrap_or_default()
}

/// A span without marks of emphasis and white space around it.
fn trimmed(words: &str, span: Span) -> Span {
    let text = &words[span.start..span.end];
    let from = text.len() - text.trim_start_matches(is_ornament).len();
    let length = text[from..].trim_end_matches(is_ornament).len();
    Span::new(span.start + from, span.start + from + length)
}

/// Where a line falls into parts: two or more blanks, wide blanks, tabs, strokes, and a single blank before a label.
fn separators(words: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut at = 0;
    while let Some(length) = words[at..].find(|c: char| c.is_whitespace() || matches!(c, '|' | '｜')) {
        let start = at + length;
        let rest = words[start..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '｜'));
        let end = words.len() - rest.len();
        let next = rest.split(char::is_whitespace).next().unwrap_or_default();
        let label = next.split_once([':', '：']).map(|(label, _)| label);
        let is_label = || label.is_some_and(|label| label.chars().count() > 1 && !label.is_ascii());
        if &words[start..end] != " " || is_label() {
            out.push(Span::new(start, end));
        }
        at = end;
    }
    out
}

/// The mark in a line. `is_first` is whether it is the first of the text.
fn mark_in(line: &FirstLine<'_>, is_first: bool) -> Option<Span> {
    // Most lines are running text without a label, or headings.
    let (may_have_label, has_star) = (line.may_have_label(), !line.in_text && line.words.contains('★'));
    if line.in_text && !line.is_heading && !may_have_label {
        return None;
    }
    let has_parts = may_have_label || has_star || !line.is_heading;
    let parts = if has_parts { line.parts() } else { Vec::new() };
    let is_label = |part: &&Part<'_>| {
        let text = part.text.trim_start_matches(is_ornament);
        text_line_holds_back(&text.replace(['*', '`'], "")) && label_of(text).is_some()
    };
    if let Some(part) = parts.iter().filter(|_| may_have_label).find(is_label) {
        return Some(part.span);
    }
    let whole = trimmed(line.words, Span::new(0, line.words.len())).shift(line.start);
    if let Some(part) = parts.iter().find(|part| has_star && secrecy_mark(&part.text).is_some()) {
        return Some(part.span);
    }
    let is_remark = |part: &&Part<'_>| {
        let text = part.text.trim_matches(is_ornament);
        let is_short = text.chars().count() <= LONGEST_BARE_REMARK || text.starts_with(['（', '(']);
        is_short && is_draft_remark(text)
    };
    if line.is_item || line.is_term || line.words.contains("](") {
        return None;
    }
    if line.is_heading {
        let text = line.words.trim_matches(['#', ' ']);
        return (is_first && is_draft_remark(text) || bracketed_remark(text).is_some()).then_some(whole);
    }
    // Words that an ornament alone sets apart, as in `———草稿———` and `<!-- 草稿 -->`.
    let is_ornate = || is_draft_remark(line.words) && !line.words.contains('。');
    if line.in_text || line.is_row() && parts.len() > 1 {
        return None;
    }
    let in_brackets = || {
        let is_open = line.words.chars().count() <= LONGEST_SHORT_LINE;
        is_open
            && (line.words.ends_with(['）', ')', '】', ']', '］'])
                || line.words.starts_with(['（', '(', '【', '[', '［']))
            && bracketed_remark(line.words).is_some()
    };
    parts.iter().find(is_remark).map(|part| part.span).or_else(|| (is_ornate() || in_brackets()).then_some(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_colons_or_cells() {
        let line =
            |words| FirstLine { words, start: 0, is_heading: false, is_item: false, is_term: false, in_text: false };
        for words in ["a:", "密级：秘密", "|", "甲｜乙", "，：", "好字：", "ﾚ："] {
            assert!(line(words).may_have_label(), "{words}");
        }
        // Characters whose last byte is that of a colon or a stroke of full width.
        for words in ["", "甲乙", "，。", "处", "\u{9A}\u{9C}", "多\u{559A}一\u{4E1C}"] {
            assert!(!line(words).may_have_label(), "{words}");
        }
    }

    #[test]
    fn lines_above_text_end_with_its_first_line() {
        let body = "# 甲\n\n日期：一\n\n这是正文。\n\n发布时间：2027-05-01\n";
        let words = |extent| first_lines(body, extent).iter().map(|line| line.words).collect::<Vec<_>>();
        assert_eq!(words(Extent::AboveText), ["# 甲", "日期：一", "这是正文。"]);
        assert_eq!(words(Extent::WithText), ["# 甲", "日期：一", "这是正文。", "发布时间：2027-05-01"]);
    }
}
