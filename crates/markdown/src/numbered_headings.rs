//! Makes headings of the numbered lines of official documents (`一、` `（一）` `1.` `（1）`, `第一章` `第一节`), where the site
//! asks for it.
//!
//! Input: the text of a page and the places of its top-level blocks. Output: [`Repair`]s that put number signs before
//! such lines. A line is a heading if it is short, is no sentence, and text stands between it and the next number of its
//! kind; numbered lines that follow each other at once stay a list. Does not know lists inside other blocks.

use std::ops::Range;

use pulldown_cmark::HeadingLevel;

use super::line_markers::{MarkerKind, content_of, marker};
use super::repairs::Repair;
use super::source_map::SourceMap;

/// Longest heading in characters, without its number.
const MAX_TITLE: usize = 40;
/// Deepest level of a heading in HTML.
const DEEPEST: u8 = 6;

/// A block that is in no other block.
#[derive(Debug, Clone)]
pub(super) struct TopBlock {
    pub kind: TopBlockKind,
    /// Byte range in the text.
    pub range: Range<usize>,
}

/// What a top-level block is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TopBlockKind {
    /// A paragraph each of whose lines is a line of the file.
    Paragraph,
    /// An ordered list.
    List,
    /// A heading that is written as one.
    Heading(HeadingLevel),
    /// Anything else.
    Other,
}

/// Place of a number in the order of levels that official documents use.
type Rank = u8;

/// One line of the text, or a block whose lines do not matter.
struct Line {
    /// Byte range in the text, without the line end.
    range: Range<usize>,
    number: Option<Number>,
    /// Level of a heading that is written as one.
    written: Option<u8>,
}

/// The number at the start of a line.
#[derive(Debug, Clone, Copy)]
struct Number {
    rank: Rank,
    number: u32,
    /// Length of its mark in bytes.
    length: usize,
    /// Whether the line reads like a heading.
    is_title: bool,
}

impl Number {
    fn precedes(&self, later: Option<&Number>) -> bool {
        later.is_some_and(|later| later.rank == self.rank && later.number == self.number + 1)
    }
}

/// The repairs that make headings of `text`. `blocks` are its top-level blocks in order.
pub(super) fn find(text: &str, blocks: &[TopBlock], source_map: &SourceMap) -> Vec<Repair> {
    let mut lines = Vec::new();
    for block in blocks {
        read_block(text, block, &mut lines);
    }
    let mut outline = Outline { base: 1, open: Vec::new(), seen: 0 };
    let mut out = Vec::new();
    let mut previous: Option<Number> = None;
    for (i, line) in lines.iter().enumerate() {
        let Some(number) = line.number else {
            previous = None;
            if let Some(level) = line.written {
                outline.written(level, None);
            }
            continue;
        };
        if let Some(level) = line.written {
            outline.written(level, Some(number.rank));
            previous = None;
            continue;
        }
        let next = lines.get(i + 1).and_then(|line| line.number.as_ref());
        let is_listed =
            number.precedes(next) || previous.is_some_and(|p| p.precedes(Some(&number))) || i + 1 == lines.len();
        let begins = number.number == 1 || outline.seen & (1 << number.rank) != 0;
        if number.is_title && begins && !is_listed {
            let level = outline.next(number.rank);
            let line_text = &text[line.range.clone()];
            let indent = line_text.len() - line_text.trim_start().len();
            let span = source_map.span(&(line.range.start..line.range.start + indent));
            let with = format!("{} ", "#".repeat(usize::from(level)));
            out.push(Repair::new(span.start, span.end - span.start, with));
            // A word processor puts a tab after the number.
            if let Some(tab) = line_text[indent..].find('\t').filter(|tab| *tab == number.length) {
                let rest = &line_text[indent + tab..];
                let tabs = rest.len() - rest.trim_start_matches(['\t', ' ']).len();
                let start = line.range.start + indent + tab;
                let span = source_map.span(&(start..start + tabs));
                out.push(Repair::new(span.start, span.end - span.start, " "));
            }
            previous = None;
        } else {
            previous = Some(number);
        }
    }
    out
}

/// Adds the lines of a block.
fn read_block(text: &str, block: &TopBlock, out: &mut Vec<Line>) {
    let Some(content) = text.get(block.range.clone()) else { return };
    let whole = |written| Line {
        range: block.range.clone(),
        number: number_of(content.trim_start_matches(['#', ' ', '\t'])),
        written,
    };
    match block.kind {
        TopBlockKind::Heading(level) => out.push(whole(Some(level as u8))),
        TopBlockKind::Paragraph => read_lines(content, block.range.start, out),
        TopBlockKind::List if is_flat(content) => read_lines(content, block.range.start, out),
        TopBlockKind::List | TopBlockKind::Other => out.push(Line { number: None, ..whole(None) }),
    }
}

fn read_lines(content: &str, start: usize, out: &mut Vec<Line>) {
    let mut at = start;
    for line in content.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let range = at..at + line.trim_end_matches(['\n', '\r']).len();
            out.push(Line { range, number: number_of(line), written: None });
        }
        at += line.len();
    }
}

/// Whether nothing of a list is indented below its numbers: then its author typed numbered lines with text between.
fn is_flat(list: &str) -> bool {
    list.lines().enumerate().all(|(i, line)| {
        let begins = line.starts_with(|c: char| c.is_ascii_digit());
        begins || i > 0 && (line.trim().is_empty() || !line.starts_with([' ', '\t', '-', '*', '+', '>', '#', '`']))
    })
}

/// The number at the start of a line.
fn number_of(line: &str) -> Option<Number> {
    let content = content_of(line);
    let found = ranked(content)?;
    let title = content[found.length..].trim().trim_end_matches(['*', '_']);
    let is_sentence = title.ends_with(['。', '；', '，', '：', '、', '！', '？', '…', ';', ',', '.', ':', '?', '!'])
        || title.contains('。');
    // These would be marks at the end of a heading.
    let is_mark = title.ends_with(['#', '}', '\\']);
    let is_short = (1..=MAX_TITLE).contains(&title.chars().take(MAX_TITLE + 1).count());
    Some(Number { is_title: !is_sentence && !is_mark && is_short, ..found })
}

/// The number at the start of `content`, as if the line were a title.
fn ranked(content: &str) -> Option<Number> {
    // A list of Markdown: `1. 甲`.
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some(rest) = content[digits..].strip_prefix('.')
        && rest.starts_with([' ', '\t', '\u{3000}'])
    {
        let number = content[..digits].parse().ok()?;
        return Some(Number { rank: 5, number, length: digits + 1, is_title: true });
    }
    let found = marker(content)?;
    let rank = match found.kind {
        MarkerKind::Ordinal('编' | '篇' | '部') => 0,
        MarkerKind::Ordinal('章') => 1,
        MarkerKind::Ordinal('节') => 2,
        MarkerKind::Han => 3,
        MarkerKind::HanInParentheses | MarkerKind::Enclosed('㈠') => 4,
        MarkerKind::Unspaced | MarkerKind::Fullwidth if content[..found.length].ends_with(['.', '．']) => 5,
        MarkerKind::Comma | MarkerKind::Enclosed('⒈') => 5,
        MarkerKind::InParentheses | MarkerKind::Enclosed('⑴') => 6,
        _ => return None,
    };
    Some(Number { rank, number: found.number, length: found.length, is_title: true })
}

/// The headings that are open at a place of the text.
struct Outline {
    /// Level of the written heading that the numbers are below.
    base: u8,
    /// Rank and level of the open numbered headings, outermost first.
    open: Vec<OpenHeading>,
    /// The ranks that occurred, as bits.
    seen: u8,
}

#[derive(Debug, Clone, Copy)]
struct OpenHeading {
    rank: Rank,
    level: u8,
}

impl Outline {
    /// Opens a heading with a number of this rank; returns its level.
    fn next(&mut self, rank: Rank) -> u8 {
        let same = self.open.iter().find(|heading| heading.rank == rank).map(|heading| heading.level);
        self.open.retain(|heading| heading.rank < rank);
        let above = self.open.last().map_or(self.base, |heading| heading.level);
        let level = same.unwrap_or(above + 1).min(DEEPEST);
        self.open.push(OpenHeading { rank, level });
        self.seen |= 1 << rank;
        level
    }

    /// Takes note of a heading that is written as one, perhaps with a number.
    fn written(&mut self, level: u8, rank: Option<Rank>) {
        if let Some(rank) = rank {
            self.open.retain(|heading| heading.rank < rank);
            self.open.push(OpenHeading { rank, level: level.max(2) });
            self.seen |= 1 << rank;
        } else if level <= self.base || self.open.is_empty() {
            self.base = level;
            self.open.clear();
        } else {
            self.open.retain(|heading| heading.level < level);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::repairs::apply;
    use super::*;

    /// The text with its headings; each line is a paragraph of its own if `apart`, else all are one.
    fn headings(lines: &[&str], apart: bool) -> Vec<String> {
        let text = lines.join(if apart { "\n\n" } else { "\n" });
        let mut blocks = Vec::new();
        if apart {
            let mut at = 0;
            for line in lines {
                let hashes = line.len() - line.trim_start_matches('#').len();
                let kind = match HeadingLevel::try_from(hashes) {
                    Ok(level) => TopBlockKind::Heading(level),
                    Err(_) => TopBlockKind::Paragraph,
                };
                blocks.push(TopBlock { kind, range: at..at + line.len() });
                at += line.len() + 2;
            }
        } else {
            blocks.push(TopBlock { kind: TopBlockKind::Paragraph, range: 0..text.len() });
        }
        let mut repairs = find(&text, &blocks, &SourceMap::starting_at(0));
        let mended = apply(&text, 0, &mut repairs).0;
        mended.lines().filter(|line| line.starts_with('#')).map(String::from).collect()
    }

    #[test]
    fn levels_follow_the_order_of_official_documents() {
        let lines = [
            "　　一、总体要求",
            "坚持为民。",
            "**（一）工作目标**",
            "到2026年。",
            "1.扩大宣传",
            "进村入户。",
            "（1）对象",
            "全体居民。",
            "2．加强培训",
            "分批进行。",
            "（二）基本原则",
            "实事求是。",
            "二、保障措施",
            "落实责任。",
        ];
        let wanted = [
            "## 一、总体要求",
            "### **（一）工作目标**",
            "#### 1.扩大宣传",
            "##### （1）对象",
            "#### 2．加强培训",
            "### （二）基本原则",
            "## 二、保障措施",
        ];
        assert_eq!(headings(&lines, true), wanted);
        assert_eq!(headings(&lines, false), wanted);
    }

    #[test]
    fn levels_stand_below_written_headings() {
        assert_eq!(
            headings(
                &["# 题", "## 方案", "一、甲", "文", "### 小节", "文", "二、乙", "文", "## 附件", "（一）丙", "文"],
                true
            ),
            ["# 题", "## 方案", "### 一、甲", "### 小节", "### 二、乙", "## 附件", "### （一）丙"]
        );
        assert_eq!(headings(&["## 一、甲", "文", "二、乙", "文"], true), ["## 一、甲", "## 二、乙"]);
        assert_eq!(
            headings(&["第一章 总则", "第一条 文。", "第一节 一般", "文", "第二章 分则", "文"], true),
            ["## 第一章 总则", "### 第一节 一般", "## 第二章 分则"]
        );
    }

    #[test]
    fn sentences_and_lists_stay() {
        for lines in [
            &["一、甲。", "文", "二、乙。", "文"][..],
            &["申请材料", "一、身份证", "二、申请表", "三、照片", "以上一式两份。"],
            &["（一）加强领导。各乡镇要重视。", "（二）落实责任。各单位要负责。", "文"],
            &["三、甲", "文"],
            &["文", "一、甲"],
            &["一、甲 {#x}", "文"],
            &["第一条 甲", "文"],
            &["1）甲", "文"],
            &["一、", "文"],
        ] {
            assert!(headings(lines, true).is_empty(), "{lines:?}: {:?}", headings(lines, true));
            assert!(headings(lines, false).is_empty(), "{lines:?}");
        }
    }
}
