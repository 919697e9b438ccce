//! Marks that are plain to read but that Markdown does not take: a heading or list mark before U+3000, and file names
//! with spaces in links and images. They are mended in the text, and the text is rendered once more.
//!
//! Input: the text of paragraphs, in which such marks are left over. Output: [`Repair`]s, and the mended text with its
//! [`SourceMap`]. Does not report anything and does not know whether files exist.

use std::borrow::Cow;
use std::ops::Range;

use super::fullwidth_lint::HARD_BREAK;
use super::inline::LeafKind;
use super::line_markers::starts_words;
use super::source_map::SourceMap;
use puzhi_core::base::is_zero_width;

/// One change of the file's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Repair {
    /// Offset in the file.
    pub at: usize,
    /// Number of bytes that are replaced.
    pub length: usize,
    /// What stands there instead.
    pub with: Cow<'static, str>,
    /// Place in the file where a link must stand in the end, if the repair is of use only then.
    pub link: Option<usize>,
}

impl Repair {
    /// A repair that stands for itself.
    pub fn new(at: usize, length: usize, with: impl Into<Cow<'static, str>>) -> Self {
        Self { at, length, with: with.into(), link: None }
    }

    /// A repair that is of use only if a link, an image or a link definition has its start or its address at `place`.
    pub fn of_link(self, place: usize) -> Self {
        Self { link: Some(place), ..self }
    }
}

/// Applies `repairs` to `text`, which starts at `start` in the file. Repairs outside the text or inside another one
/// are left out.
pub(super) fn apply(text: &str, start: usize, repairs: &mut [Repair]) -> (String, SourceMap) {
    repairs.sort_unstable();
    let mut out = String::with_capacity(text.len() + repairs.len());
    let mut source_map = SourceMap::starting_at(start);
    let mut done = 0;
    for repair in repairs.iter() {
        let Some(at) = repair.at.checked_sub(start).filter(|at| *at >= done) else { continue };
        let Some(kept) = text.get(done..at) else { continue };
        if text.get(at..at + repair.length).is_none() {
            continue;
        }
        out.push_str(kept);
        source_map.add_segment(out.len(), repair.at);
        out.push_str(&repair.with);
        // What is longer than the text it replaces ends at the end of that text.
        for extra in repair.length..repair.with.len() {
            let last = repair.at + repair.length.saturating_sub(1);
            source_map.add_segment(out.len() - repair.with.len() + extra, last);
        }
        done = at + repair.length;
        source_map.add_segment(out.len(), start + done);
    }
    out.push_str(&text[done..]);
    (out, source_map)
}

/// White space that programs put into texts besides the space: no-break, en to quarter em, and ideographic spaces, and
/// characters without width.
pub(super) fn is_wide_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{2002}'..='\u{2005}' | '\u{3000}') || is_zero_width(c)
}

/// Length of the wide spaces before a mark at the start of a line: `　　## 甲`, `　　- 甲`, `　　> 甲`, `　　| 甲 |`. Numbers stay as they are,
/// since indented paragraphs begin with them.
fn indented_mark(line: &str, kind: LeafKind) -> Option<usize> {
    let content = line.trim_start_matches(|c| c == ' ' || is_wide_space(c));
    let indent = line.len() - content.len();
    if !line[..indent].contains(is_wide_space) {
        return None;
    }
    let hashes = content.len() - content.trim_start_matches('#').len();
    // What cannot be seen is no indentation.
    let is_seen = line[..indent].contains(|c| is_wide_space(c) && !is_zero_width(c));
    if !is_seen && begins_block(content) {
        return Some(indent);
    }
    if content.starts_with('|') && content.trim_end().ends_with('|') && content.len() > 2 {
        return Some(indent);
    }
    let (mark, words) = match content.chars().next()? {
        '#' if hashes <= 6 => content.split_at(hashes),
        '-' | '+' | '>' => content.split_at(1),
        // In a paragraph it may be the sign of a note.
        '*' if kind == LeafKind::Other || !is_seen => content.split_at(1),
        _ => return None,
    };
    let space = words.chars().next().filter(|c| *c == ' ' || is_wide_space(*c))?;
    let begins = words[space.len_utf8()..].trim_start_matches(|c| c == ' ' || is_wide_space(c));
    let is_words = begins.starts_with(|c: char| c.is_alphabetic() || matches!(c, '“' | '《' | '（' | '【'));
    (is_words && !mark.is_empty()).then_some(indent)
}

/// Number of columns of white space.
fn width_of(space: char) -> usize {
    match space {
        '\u{3000}' => 2,
        c => usize::from(!is_zero_width(c)),
    }
}

/// Whether a line is a rule: `---`, `***`, `___`.
fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    line.len() > 2
        && ["-", "*", "_"].iter().any(|mark| line.trim_matches(mark.chars().next().unwrap_or('-')).is_empty())
}

/// Whether a line begins with the mark of a numbered list, a fence, a rule or a footnote.
fn begins_block(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_item = (1..=9).contains(&digits)
        && line[digits..].strip_prefix(['.', ')']).is_some_and(|rest| rest.starts_with([' ', '\t']));
    let is_note = line.starts_with("[^") && line.contains("]:");
    is_item || is_note || line.starts_with("```") || line.starts_with("~~~")
}

/// Finds wide spaces before and after heading and list marks at the start of lines. In text that is no paragraph, which may be a table
/// cell, the first line is left alone.
pub(super) fn find_wide_spaces(text: &str, source_map: &SourceMap, kind: LeafKind, out: &mut Vec<Repair>) {
    let mut at = 0;
    let mut may_count = true;
    let lines: Vec<&str> = text.split('\n').collect();
    for (number, line) in lines.iter().enumerate() {
        let start = at;
        at += line.len() + 1;
        if kind != LeafKind::Paragraph && number == 0 {
            continue;
        }
        let indent = if number == 0 && is_rule(line.trim_start_matches(is_zero_width)) {
            line.len() - line.trim_start_matches(is_zero_width).len()
        } else {
            indented_mark(line, kind).unwrap_or(0)
        };
        if indent > 0 {
            // In a list, the depth of the next item is that of the wide spaces.
            let width = if kind == LeafKind::Paragraph { 0 } else { line[..indent].chars().map(width_of).sum() };
            replace_spaces(source_map, start..start + indent, " ".repeat(width), out);
        }
        let content = line[indent..].trim_start_matches([' ', '\t']);
        let Some((mark, rest)) = content.split_once(is_wide_space) else {
            may_count = false;
            continue;
        };
        let hashes = !mark.is_empty() && mark.len() <= 6 && mark.bytes().all(|b| b == b'#');
        let starred = |line: Option<&&str>| {
            line.and_then(|l| l.trim_start().strip_prefix(mark)).is_some_and(|rest| rest.starts_with(is_wide_space))
        };
        let bullet = mark == "-"
            // A single asterisk may mark a note.
            || matches!(mark, "*" | "+") && (starred(lines.get(number + 1)) || number > 0 && starred(lines.get(number - 1)));
        let digits = mark
            .strip_suffix(['.', ')'])
            .filter(|d| (1..=9).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
        // A list that does not start with 1 cannot follow the text of a paragraph.
        let counts = digits.is_some_and(|d| d == "1" || may_count);
        may_count = digits.is_some() && counts;
        let wide = start + (line.len() - content.len()) + mark.len();
        let first = content[mark.len()..].chars().next().map_or(0, char::len_utf8);
        let more = rest.len() - rest.trim_start_matches(|c| matches!(c, ' ' | '\t') || is_wide_space(c)).len();
        let is_seen = !content[mark.len()..mark.len() + first + more].chars().all(is_zero_width);
        if !is_seen && (hashes || matches!(mark, "-" | "*" | "+") || digits.is_some()) {
            // Without what nobody sees, the mark is read or reported as others without a space are.
            if content[mark.len() + first + more..].starts_with(starts_words) {
                replace_spaces(source_map, wide..wide + first + more, "", out);
            }
            continue;
        }
        let is_mark = (hashes || bullet || counts) && is_seen && !rest.trim().is_empty();
        if is_mark && !replace_spaces(source_map, wide..wide + first + more, " ", out) {
            replace_spaces(source_map, wide..wide + first, " ", out);
        }
    }
}

/// Character references that stand for white space.
pub(super) const SPACE_REFERENCES: [&str; 12] = [
    "&nbsp;", "&ensp;", "&emsp;", "&thinsp;", "&zwnj;", "&#160;", "&#xA0;", "&#xa0;", "&#12288;", "&#x3000;",
    "&#8203;", "&#x200B;",
];

/// Whether a text has only white space, some of it wide, without width or written as a character reference.
pub(super) fn is_blank_of_wide_spaces(text: &str) -> bool {
    let mut rest = text;
    let mut is_wide = false;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            ' ' | '\t' | '\r' => 1,
            c if is_wide_space(c) => c.len_utf8(),
            _ => SPACE_REFERENCES.iter().find(|name| rest.starts_with(**name)).map_or(0, |name| name.len()),
        };
        if length == 0 {
            return false;
        }
        is_wide |= length > 1;
        rest = &rest[length..];
    }
    is_wide
}

/// Finds lines between two lines of a text that hold only wide spaces: they are to part paragraphs, as empty lines do.
pub(super) fn find_blank_lines(text: &str, source_map: &SourceMap, file: &str, out: &mut Vec<Repair>) {
    let words_end = text.trim_end_matches(|c: char| c.is_whitespace() || is_wide_space(c)).len();
    let (mut at, mut has_words) = (0, false);
    for line in text.split_inclusive(['\n', HARD_BREAK]) {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', HARD_BREAK]);
        if !is_blank_of_wide_spaces(content) {
            has_words |= !content.trim().is_empty();
        } else if has_words && at < words_end {
            out.extend(blank_line_at(file, source_map.file_offset(start)));
        }
    }
}

/// The repair that empties the line of the file at `place`, if it holds only wide spaces behind the marks of quotations.
pub(super) fn blank_line_at(file: &str, place: usize) -> Option<Repair> {
    let start = file.get(..place)?.rfind('\n').map_or(0, |end| end + 1);
    let line = file.get(start..)?.split('\n').next()?.trim_end_matches('\r');
    let content = line.trim_start_matches([' ', '\t', '>']);
    is_blank_of_wide_spaces(content).then(|| Repair::new(start + line.len() - content.len(), content.len(), ""))
}

/// Replaces spaces of a text that has no comments any more. Returns `false`, and replaces nothing, where one stands among
/// them in the file.
fn replace_spaces(
    source_map: &SourceMap,
    spaces: Range<usize>,
    with: impl Into<Cow<'static, str>>,
    out: &mut Vec<Repair>,
) -> bool {
    let span = source_map.span(&spaces);
    let is_whole = span.end - span.start == spaces.len();
    if is_whole {
        out.push(Repair::new(span.start, spaces.len(), with));
    }
    is_whole
}

/// Finds `[文字](名字 带空格.docx)` and `[标签]: 名字 带空格.docx`, whose addresses need `<` and `>`.
pub(super) fn find_spaced_addresses(text: &str, source_map: &SourceMap, out: &mut Vec<Repair>) {
    let mut start = 0;
    for line in text.split('\n') {
        let mut from = 0;
        while let Some(open) = line[from..].find("](").map(|i| from + i + 2) {
            from = open;
            if !line[..open - 2].contains('[') {
                continue;
            }
            let Some(inner) = in_parentheses(&line[open..]) else { continue };
            if wrap(inner, start + open, source_map, out) {
                from = open + inner.len();
            }
        }
        let content = line.trim_start_matches(' ');
        if let Some((_, rest)) = content.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            wrap(rest, start + line.len() - rest.len(), source_map, out);
        }
        start += line.len() + 1;
    }
}

/// Adds the repairs that put `<` and `>` around the address in `inner`, which starts at `at`, if it is a file name or
/// web address with a space. What follows the address is its title.
fn wrap(inner: &str, at: usize, source_map: &SourceMap, out: &mut Vec<Repair>) -> bool {
    let address = without_title(inner).trim_end();
    let start = address.len() - address.trim_start().len();
    let address = &address[start..];
    if !is_spaced_address(address) {
        return false;
    }
    let begin = source_map.file_offset(at + start);
    let end = source_map.span(&(at + start..at + start + address.len())).end;
    out.push(Repair::new(begin, 0, "<").of_link(begin));
    out.push(Repair::new(end, 0, ">").of_link(begin));
    true
}

/// Whether a text is a file name or an anchor with spaces.
pub(super) fn is_spaced_address(address: &str) -> bool {
    let is_spaced = address.contains([' ', '\t']) && !address.contains(['<', '>', '\u{FFFC}', '`']);
    is_spaced && (is_file_address(address) || address.starts_with('#'))
}

/// Whether the address ends in a file extension, perhaps with an anchor.
fn is_file_address(address: &str) -> bool {
    let path = address.split(['#', '?']).next().unwrap_or("");
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    (1..=5).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric())
        && extension.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The text up to the parenthesis that closes the one before it.
pub(super) fn in_parentheses(text: &str) -> Option<&str> {
    let mut depth = 0usize;
    let mut quoted = false;
    for (at, c) in text.char_indices().take(1_000) {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => return Some(&text[..at]),
            ')' if !quoted => depth -= 1,
            _ => {}
        }
    }
    None
}

/// An address without the title in quotes after it.
pub(super) fn without_title(inner: &str) -> &str {
    let trimmed = inner.trim_end();
    for quote in ['"', '\''] {
        if let Some(body) = trimmed.strip_suffix(quote)
            && let Some((address, _)) = body.split_once([' ', quote].iter().collect::<String>().as_str())
        {
            return address;
        }
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> String {
        let source_map = SourceMap::starting_at(7);
        let mut repairs = Vec::new();
        find_wide_spaces(text, &source_map, LeafKind::Paragraph, &mut repairs);
        find_spaced_addresses(text, &source_map, &mut repairs);
        apply(text, 7, &mut repairs).0
    }

    #[test]
    fn what_is_plain_is_mended() {
        for (text, wanted) in [
            ("##　甲", "## 甲"),
            ("-　甲\n-　　乙", "- 甲\n- 乙"),
            ("1.　甲\n2.　乙", "1. 甲\n2. 乙"),
            ("##\u{A0}甲", "## 甲"),
            ("1.\u{2003}甲\n2.\u{2003}\u{A0}乙", "1. 甲\n2. 乙"),
            ("　　## 甲", "## 甲"),
            ("\u{A0}\u{A0}- 甲\n\u{A0}\u{A0}- 乙", "- 甲\n- 乙"),
            ("　　>　甲", ">　甲"),
            ("　　##　甲", "## 甲"),
            ("　　| 甲 |\n　　|---|", "| 甲 |\n|---|"),
            ("\u{200B}- 甲\n\u{FEFF}- 乙", "- 甲\n- 乙"),
            ("\u{2060}# 甲", "# 甲"),
            ("#\u{200B} 甲", "# 甲"),
            ("\u{AD}1. 甲\n\u{200B}2. 乙", "1. 甲\n2. 乙"),
            ("\u{200B}```\n甲", "```\n甲"),
            ("\u{FEFF}| 甲 |\n|---|", "| 甲 |\n|---|"),
            ("\u{200B}[^1]: 注", "[^1]: 注"),
            ("[甲](申请表 2026.docx)", "[甲](<申请表 2026.docx>)"),
            ("![甲](图片 (1).png \"图 注\")", "![甲](<图片 (1).png> \"图 注\")"),
            ("[甲](a b.md#c d)和[乙](c d.pdf)", "[甲](<a b.md#c d>)和[乙](<c d.pdf>)"),
            ("[甲]: 现场 照片.png", "[甲]: <现场 照片.png>"),
        ] {
            assert_eq!(mended(text), wanted);
        }
        for text in [
            "#　",
            "#######　甲",
            "　　甲",
            "　　1. 甲",
            "　　- 5℃",
            "　　-",
            "甲-　乙",
            "\u{200B}甲",
            "甲\u{200B}- 乙",
            "\u{200B}-5℃",
            "1.\u{200B}5倍",
            "3.　甲乙\n丙\n4.　丁",
            "[注](见下 文)",
            "[甲](a.md)",
            "*　注",
            "[甲]（a b.md）",
        ] {
            let wanted = if text.starts_with('3') { "3. 甲乙\n丙\n4.　丁" } else { text };
            assert_eq!(mended(text), wanted);
        }
    }

    #[test]
    fn places_in_the_mended_text_are_those_of_the_file() {
        let mut repairs =
            vec![Repair::new(12, 3, " "), Repair::new(10, 0, "<"), Repair::new(13, 1, "x"), Repair::new(99, 0, ">")];
        let (text, source_map) = apply("ab　cd", 10, &mut repairs);
        assert_eq!(text, "<ab cd");
        assert_eq!((source_map.file_offset(1), source_map.file_offset(2), source_map.file_offset(4)), (10, 11, 15));
    }
}
