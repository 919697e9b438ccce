//! Reports blocks that Markdown reads in another way than their author meant: text that became a heading, code, a table
//! row or part of a list, list numbers that change, boxes of tasks that are none.
//!
//! Input: blocks and line breaks as they occur, with their places in the text. Output: diagnostics. Does not change the
//! HTML.

use std::ops::Range;

use super::context::TextPlace;
use super::fullwidth_lint::is_bullet;
use super::line_markers::{LineMarker, MarkerKind, marker};
use super::own_lines::is_organ;
use super::repairs::blank_line_at;
use super::writer::{HtmlWriter, WriterMode};
use puzhi_core::base::{Span, is_han, is_zero_width};
use puzhi_core::diag::codes::markdown as codes;

/// The numbers of the items of one list.
#[derive(Debug, Default)]
pub(super) struct ListNumbers {
    /// The number of the first item; none if the list has signs.
    first: Option<u64>,
    /// Number that the next item is shown with.
    next: u64,
    /// The number that the last item is written with.
    written: Option<u64>,
    /// How many items were reported.
    slips: usize,
    /// Number of items.
    items: usize,
    /// Place of a sign that begins a list and reads like a note about the sign.
    note: Option<Span>,
    /// Columns before the number of the first item.
    indent: usize,
    /// Columns before the text of the last item; none if the list has signs.
    text_indent: Option<usize>,
}

/// The last list that has ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClosedList {
    /// The number after that of its last item; none if the list has signs.
    pub next: Option<u64>,
    end: usize,
    indent: usize,
    text_indent: Option<usize>,
}

impl ListNumbers {
    /// At the start of a list.
    pub fn starting_at(first: Option<u64>) -> Self {
        Self { first, next: first.unwrap_or(0), ..Self::default() }
    }
}

/// A block that goes on in a line without its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContinuedBlock {
    Quote,
    List,
    Footnote,
}

/// What ends a sentence or a part of one.
const SENTENCE_ENDS: [char; 8] = ['。', '；', '！', '？', '，', '：', ';', ','];

impl HtmlWriter<'_, '_> {
    /// Reports a paragraph that the line of hyphens or equals signs below it makes a heading, if it reads like text.
    pub fn check_underline(&mut self, range: &Range<usize>) {
        let Some(block) = self.text.get(range.clone()) else { return };
        if block.starts_with('#') || self.context.ends_at_conflict(self.span(range)) {
            return;
        }
        let block = block.trim_end();
        let Some((words, line)) = block.rsplit_once('\n') else { return };
        let words = words.trim_end();
        let mark = line.trim_start_matches([' ', '\t', '>']);
        if mark.is_empty() || !mark.bytes().all(|b| matches!(b, b'-' | b'=')) {
            return;
        }
        if words.contains('\n') || words.ends_with(SENTENCE_ENDS) {
            let start = range.start + block.len() - mark.len();
            let span = self.span(&(start..start + mark.len()));
            let diag = self.context.diag_at(&codes::UNDERLINED_TEXT, span).arg("mark", &mark[..1]);
            self.context.push_diag(diag);
        }
    }

    /// Whether the list item at `range` begins the numbers of its list anew, as a second list below an empty line does.
    /// Markdown makes one list of both.
    pub fn begins_anew(&mut self, range: &Range<usize>) -> Option<u64> {
        let (start, item) = (range.start, self.text.get(range.clone())?.trim_start_matches(' '));
        let head = self.text.get(..start)?.trim_end_matches([' ', '\t', '>']).strip_suffix('\n')?;
        let is_parted = head.trim_end_matches([' ', '\t', '>', '\r']).ends_with('\n');
        let indent = self.indent_at(start);
        let digits = item.bytes().take_while(u8::is_ascii_digit).count();
        let list = self.lists.last_mut().filter(|list| is_parted && list.items > 0 && list.indent == indent)?;
        let first = list.first.filter(|first| item[..digits].parse() == Ok(*first) && list.written > Some(*first))?;
        *list = ListNumbers { indent, ..ListNumbers::starting_at(Some(first)) };
        Some(first)
    }

    /// Checks the start of a list item: its number, its box, and whether it is a page number.
    pub fn check_item(&mut self, range: &Range<usize>) {
        let Some(item) = self.text.get(range.clone()) else { return };
        // The parser counts the spaces before an item to it, unless they belong to the item around it.
        let (item, range) = (item.trim_start_matches(' '), range.end - item.trim_start_matches(' ').len()..range.end);
        let line = item.split('\n').next().unwrap_or("").trim_end();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let words = line[digits..].get(1..).unwrap_or("").trim_start_matches([' ', '\t']);
        let span = |start: usize, length: usize| range.start + start..range.start + start + length;
        if digits == 0 {
            let number = words.strip_suffix('-').map_or("", str::trim);
            if line.starts_with('-') && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
                let span = self.span(&span(0, line.len()));
                let diag = self.context.diag_at(&codes::PAGE_NUMBER, span).arg("mark", line);
                self.context.push_diag(diag);
            }
        }
        if let Some(length) = broken_box(words) {
            let range = span(line.len() - words.len(), length);
            let place = TextPlace { text: self.text, source_map: &self.source_map };
            let edit = self.context.edit(&place, range.clone(), sound_box(words, length));
            let diag = self.context.diag_at(&codes::TASK_BOX, self.span(&range)).fixed_by(edit);
            self.context.push_diag(diag);
        }
        let note = (digits == 0 && is_about_mark(words, line.starts_with('*'))).then(|| self.span(&span(0, 1)));
        let indent = self.indent_at(range.start);
        let Some(list) = self.lists.last_mut() else { return };
        list.items += 1;
        list.note = note.filter(|_| list.items == 1);
        // `  1. 乙` below `1. 甲` counts on in the same list.
        let above = std::mem::replace(
            &mut list.text_indent,
            (digits > 0).then(|| indent + line.len() - words.len()).filter(|_| !words.is_empty()),
        );
        if list.items == 1 {
            list.indent = indent;
        } else if let Some(above) = above.filter(|above| indent > list.indent && indent < *above)
            && line.starts_with("1.")
        {
            return self.report_indent(range.start, above - indent);
        }
        let Some(list) = self.lists.last_mut() else { return };
        let shown = list.next;
        list.next += 1;
        let Some(number) = line[..digits].parse::<u64>().ok() else { return };
        // The same number before each item is a way to leave the counting to the program.
        const MAX_SLIPS: usize = 3;
        let last = list.written.replace(number);
        let counts_on = last.is_some_and(|last| number == last + 1);
        // `1.` below `1.` `2.` begins a list of its own for its author.
        let is_same = Some(number) == list.first && last == list.first;
        if is_same || number == shown || list.slips > 0 && counts_on || list.slips == MAX_SLIPS {
            return;
        }
        list.slips += 1;
        let span = self.span(&span(0, digits));
        let diag = self.context.diag_at(&codes::LIST_NUMBERS, span).arg("number", number).arg("shown", shown);
        self.context.push_diag(diag);
    }

    /// Reports strong text inside strong text if a space on one side shows that its stars were meant to pair with others:
    /// `**甲 **乙** 丙**`.
    pub fn check_crossed(&mut self, range: &Range<usize>) {
        if !self.is_in_strong() {
            return;
        }
        let (head, behind) = (self.text.get(..range.start).unwrap_or(""), self.text.get(range.end..).unwrap_or(""));
        let Some(inner) = self.text.get(range.clone()) else { return };
        let words = inner.trim_matches('*');
        if inner.starts_with("**") && (head.ends_with([' ', '\t']) || behind.starts_with([' ', '\t'])) {
            let span = self.span(&(range.start..range.start + "**".len()));
            let words = words.split('\n').next().unwrap_or("").to_string();
            let diag = self.context.diag_at(&codes::EMPHASIS_CROSSED, span).arg("words", words);
            self.context.push_diag(diag);
        }
    }

    /// Number of columns before the block at `at` in its line, behind the marks of quotations. The place of a block may be
    /// before its indentation.
    fn indent_at(&self, at: usize) -> usize {
        let (head, rest) = (self.text.get(..at).unwrap_or(""), self.text.get(at..).unwrap_or(""));
        head.len() - head.trim_end_matches(' ').len() + rest.len() - rest.trim_start_matches(' ').len()
    }

    /// Number of columns before the mark of the list item whose text begins at `place` of the file.
    fn indent_of_mark(&self, place: usize) -> Option<usize> {
        let line = self.context.text_before(place).rsplit('\n').next().unwrap_or("");
        let line = without_quote_marks(line, self.quotes_around());
        let mark = line.trim_start_matches(' ');
        let sign = mark.trim_end_matches([' ', '\t']);
        let number = sign.strip_suffix(['.', ')']).unwrap_or("");
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        (matches!(sign, "-" | "*" | "+") || is_number).then_some(line.len() - mark.len())
    }

    /// Starts a list at `start`, and reports one that is to be part of the item above it, but is indented by less than the
    /// text of the item, so that it ends that list.
    pub fn begin_list(&mut self, first: Option<u64>, start: usize) {
        self.lists.push(ListNumbers::starting_at(first));
        let Some(ClosedList { end, indent, text_indent: Some(above), .. }) = self.last_list else { return };
        if self.text.get(end..start).is_none_or(|between| !between.trim_matches([' ', '\n', '\r', '>']).is_empty()) {
            return;
        }
        let own = self.indent_at(start);
        // With an empty line between, a single space is no sign of a level.
        let is_parted = self.text.get(..start).is_some_and(|head| head.trim_end_matches(' ').ends_with("\n\n"));
        let fewest = if is_parted { 2 } else { 1 };
        if own >= indent + fewest && own < above {
            self.report_indent(start, above - own);
        }
    }

    fn report_indent(&mut self, start: usize, missing: usize) {
        let line = self.text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
        let (start, line) = (start + line.len() - line.trim_start_matches(' ').len(), line.trim_start_matches(' '));
        let mark = line.split(' ').next().unwrap_or("");
        let span = self.span(&(start..start + mark.len()));
        let diag = self.context.diag_at(&codes::LIST_INDENT, span).arg("missing", missing);
        self.context.push_diag(diag);
    }

    /// Reports, at its end, a list of one item that explains its own sign, as `* 号为必填` does.
    pub fn end_list(&mut self, end: usize) {
        let Some(list) = self.lists.pop() else { return };
        let next = list.first.map(|_| list.next);
        self.last_list = Some(ClosedList { next, end, indent: list.indent, text_indent: list.text_indent });
        if let ListNumbers { items: 1, note: Some(span), .. } = list {
            self.report_lost_mark(span);
        }
    }

    /// Reports a heading or quotation that explains its own sign, as `# 号键返回` does.
    pub fn check_mark_note(&mut self, range: &Range<usize>) {
        let Some(block) = self.text.get(range.clone()) else { return };
        if let Some(words) = block.strip_prefix(['#', '>'])
            && (is_about_mark(words.trim_start(), false) || block.starts_with('>') && is_amount(words))
        {
            let span = self.span(&(range.start..range.start + 1));
            self.report_lost_mark(span);
        }
    }

    fn report_lost_mark(&mut self, span: Span) {
        let mark = self.context.source.text.get(span.start..span.end).unwrap_or("").to_string();
        let diag = self.context.diag_at(&codes::MARK_NOT_SHOWN, span).arg("mark", mark);
        self.context.push_diag(diag);
    }

    /// Reports an indented block of code that reads like paragraphs.
    pub fn check_indented_text(&mut self, range: &Range<usize>) {
        let Some(block) = self.text.get(range.clone()) else { return };
        // Below an empty line inside HTML, tags that are indented as the tags around them are code.
        let is_html =
            !self.open_raw_elements.is_empty() && block.lines().all(|line| line.trim().is_empty() || is_tag(line));
        let mut sentences = is_html;
        for line in block.lines().map(str::trim).filter(|line| !line.is_empty() && !is_html) {
            let words = line.chars().filter(|c| *c != '*');
            let (han, all) = words.fold((0, 0), |(han, all), c| (han + usize::from(is_han(c)), all + 1));
            let is_item = line.strip_prefix("- ").is_some_and(|words| words.starts_with(is_han));
            let is_rule = line.contains("--") && line.bytes().all(|b| b"|-: ".contains(&b));
            let is_row =
                line.len() > 2 && line.starts_with('|') && line.ends_with('|') && (line.contains(" | ") || is_rule);
            if is_item || is_row || is_label_or_day(line) {
                sentences = true;
                continue;
            }
            let is_code = line.starts_with(['/', '#', '*', '-', '"', '\'', '|']) && !line.starts_with("**")
                || line.contains("//")
                || line.contains(['{', '}', '=', '<', '>', '`', '$', '\\']);
            if han * 2 < all || is_code {
                return;
            }
            let is_numbered = |found: &LineMarker| found.kind.is_outline() || found.kind == MarkerKind::Spaced;
            sentences |= line.ends_with(SENTENCE_ENDS)
                || line.starts_with("——")
                || is_organ(line)
                || marker(line).as_ref().is_some_and(is_numbered);
        }
        if sentences {
            let indent = block.len() - block.trim_start().len();
            let span = self.span(&(range.start..range.start + indent.max(1)));
            self.context.report(&codes::INDENTED_TEXT, span);
        }
    }

    /// Reports a table row without a bar, which is a line of text that the table takes, and one without a bar at its start
    /// in a table that has bars there, which is the rest of a cell.
    pub fn check_row_line(&mut self, range: &Range<usize>) {
        let Some(row) = self.text.get(range.clone()) else { return };
        let line = row.trim();
        if !line.contains('|') {
            let start = self.source_map.file_offset(range.start);
            if let Some(repair) = blank_line_at(self.context.source.text, start) {
                self.context.repairs.push(repair);
                return;
            }
        }
        // The cell that goes on has no bar at its end.
        let goes_on = || {
            let above = self.text[..range.start].trim_end_matches('\n').rsplit('\n').next().unwrap_or("").trim();
            above.trim_start_matches(['>', ' ']).starts_with('|') && !above.ends_with('|')
        };
        let code = match line.contains('|') {
            false => &codes::TABLE_LINE,
            true if self.table_framed && !line.starts_with('|') && goes_on() => &codes::TABLE_BREAK,
            true => return,
        };
        if !line.is_empty() {
            let start = range.start + (row.len() - row.trim_start().len());
            let span = self.span(&(start..start + line.len()));
            let edit = self.context.blank_line_before(span.start).filter(|_| self.is_text_below(range));
            let diag = self.context.diag_at(code, span).fixed_by(edit);
            self.context.push_diag(diag);
        }
    }

    /// Whether the row at `range`, which has no bar, is the first of them, and no row with a bar is below it.
    fn is_text_below(&self, range: &Range<usize>) -> bool {
        const MAX_LINES: usize = 100;
        let above = self.text[..range.start].trim_end_matches(['\n', '>', ' ']).rsplit('\n').next().unwrap_or("");
        let rest = &self.text[range.end..];
        let rest =
            if self.text[range.clone()].ends_with('\n') { rest } else { rest.strip_prefix('\n').unwrap_or(rest) };
        let below = rest.lines().take(MAX_LINES);
        above.contains('|') && below.take_while(|line| !line.trim().is_empty()).all(|line| !line.contains('|'))
    }

    /// Reports the line below the table that ends at `end` if it is the rest of its last row: a cell with a list in it.
    pub fn check_table_end(&mut self, end: usize) {
        let head = self.text.get(..end).unwrap_or("").trim_end_matches('\n');
        let last = head.rsplit('\n').next().unwrap_or("").trim_start_matches(['>', ' ']).trim_end();
        let Some(rest) = self.text.get(head.len()..).map(|rest| rest.strip_prefix('\n').unwrap_or(rest)) else {
            return;
        };
        let line = rest.split('\n').next().unwrap_or("");
        let words = line.trim();
        let goes_on = self.table_framed && last.starts_with('|') && !last.ends_with('|') && words.ends_with('|');
        if goes_on && words.len() > 1 && !words.starts_with('|') {
            let start = end.max(head.len() + 1) + (line.len() - line.trim_start().len());
            let span = self.span(&(start..start + words.len()));
            self.context.report(&codes::TABLE_BREAK, span);
        }
    }

    /// Reports, once for each paragraph, a line after the line break at `range` that continues a quotation or a list
    /// item without its mark, if it reads like a line of its own.
    pub fn check_lazy_line(&mut self, range: &Range<usize>) {
        let Some(leaf) = self.inline.leaf.as_ref().filter(|leaf| !leaf.lazy_reported) else { return };
        let Some(block) = self.continued_block() else { return };
        let rest = self.text.get(range.end..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        let is_lazy = if block == ContinuedBlock::Quote {
            let content = line.trim_start_matches([' ', '\t', '>']);
            let marks = line[..line.len() - content.len()].bytes().filter(|b| *b == b'>').count();
            marks < self.quote_depth().max(1)
        } else {
            let last = leaf.masked.rsplit(['\n', super::fullwidth_lint::HARD_BREAK]).next().unwrap_or("").trim_end();
            let ends = last.ends_with(SENTENCE_ENDS) || last.chars().take(21).count() <= 20;
            let content = without_quote_marks(line, self.quotes_around()).trim_start_matches(is_zero_width);
            let indent = content.len() - content.trim_start_matches(' ').len();
            // A line indented as the item around is a line of that item for its author.
            let is_outer = indent > 0
                && block == ContinuedBlock::List
                && self.indent_of_mark(leaf.masked_source_map.file_offset(0)).is_some_and(|mark| indent <= mark);
            let content = if is_outer { &content[indent..] } else { content };
            // Several lines with one sign are reported as a list.
            let below = rest[line.len()..].trim_start_matches(['\n', ' ']);
            let is_series = content.starts_with(is_bullet) && below.chars().next() == content.chars().next();
            ends && !is_series && begins_line(content, last)
        };
        // A hard break is the author's own, and the text of a directive has marks of its own.
        if !is_lazy || line.trim().is_empty() || self.mode == WriterMode::Plain {
            return;
        }
        let words = line.trim_end();
        let start = range.end + (words.len() - words.trim_start_matches([' ', '\t', '>']).len());
        let span = self.span(&(start..range.end + words.len()));
        let (zh, en) = match block {
            ContinuedBlock::Quote => ("引用", "quotation"),
            ContinuedBlock::List => ("列表的最后一条", "list item"),
            ContinuedBlock::Footnote => ("脚注", "footnote"),
        };
        let diag = self.context.diag_at(&codes::LAZY_LINE, span).arg("zh", zh).arg("en", en);
        self.context.push_diag(diag);
        if let Some(leaf) = &mut self.inline.leaf {
            leaf.lazy_reported = true;
        }
    }
}

/// Whether a line that no mark begins reads like a line of its own below `last`. What begins with Latin letters may be a
/// wrapped line of a text in them.
fn begins_line(line: &str, last: &str) -> bool {
    let Some(first) = line.chars().next() else { return false };
    match first {
        '“' | '《' | '（' | '—' | '\u{3000}' | '【' | '「' | '『' | '〔' => true,
        c if is_han(c) || is_bullet(c) => true,
        // Other marks of lists begin items.
        '*' | '_' => line[1..].starts_with(first),
        // Comments are reported as such.
        '[' => last.contains(is_han) && !line.contains("]:"),
        // What counts is reported with its numbers.
        c if c.is_ascii_alphanumeric() => {
            let counts = marker(line).is_some_and(|found| found.kind.counts());
            last.contains(is_han) && line.contains(is_han) && !counts || is_numeric_date(line)
        }
        _ => false,
    }
}

/// Whether a line is a date of digits: `2024-04-08`.
fn is_numeric_date(line: &str) -> bool {
    let line = line.trim_end();
    marker(line).is_some_and(|found| found.kind == MarkerKind::Date && found.length == line.len())
}

/// A line without the marks of `count` quotations at its start and the space behind each.
pub(super) fn without_quote_marks(line: &str, count: usize) -> &str {
    let mut rest = line;
    for _ in 0..count {
        let Some(inner) = rest.trim_start_matches([' ', '\t']).strip_prefix('>') else { return rest };
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    rest
}

/// Whether a line begins with a tag of HTML.
fn is_tag(line: &str) -> bool {
    let name = line.trim_start().strip_prefix('<').map(|tag| tag.strip_prefix('/').unwrap_or(tag));
    name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.contains('>'))
}

/// Whether a line is a label with its value (`联系人：张三`) or a day (`2025年6月1日`), as below a letter.
fn is_label_or_day(line: &str) -> bool {
    let label = line.split_once('：').map(|(label, _)| label);
    let is_label = label.is_some_and(|label| (2..=8).contains(&label.chars().count()) && label.chars().all(is_han));
    let is_day = line.ends_with('日') && line.contains('年') && line.contains('月') && line.chars().count() <= 14;
    is_label || is_day
}

/// Whether words behind `>` are an amount that something is greater than: `=60分`, `80%的家庭`, `30℃`. Dates and numbers of list
/// items begin quotations.
fn is_amount(words: &str) -> bool {
    let number = words.trim_start_matches(['=', '＝']);
    let behind = number.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    if number.len() == behind.len() {
        return false;
    }
    const UNITS: &str = "%％℃°元分岁万亿个人次天小米公克吨亩户级度家倍";
    number.len() < words.len()
        || behind.starts_with(|c| UNITS.contains(c)) && !number[..number.len() - behind.len()].ends_with('.')
}

/// Whether words are about the sign before them: `号为必填`, `表示可选`, with `notes` also `注：以实际为准`.
fn is_about_mark(words: &str, notes: bool) -> bool {
    const VERBS: [&str; 14] =
        ["为", "表示", "代表", "的", "是", "标", "键", "必填", "项", "处", "后", "前", "：", "，"];
    let about = |words: &str| VERBS.iter().any(|verb| words.starts_with(verb));
    match words.strip_prefix('号').or_else(|| words.strip_prefix("星号")) {
        Some(rest) => rest.is_empty() || about(rest),
        None => {
            const NOTES: [&str; 11] =
                ["为必填", "为必选", "表示", "必填", "标记的", "标注的", "带星", "注：", "注:", "备注：", "说明："];
            notes && NOTES.iter().any(|note| words.starts_with(note))
        }
    }
}

/// What to type for the box of `length` bytes at the start of `words`, with a space behind it.
fn sound_box(words: &str, length: usize) -> String {
    let (written, rest) = words.split_at(length);
    let is_empty = written.trim_matches(['[', ']', '【', '】']).trim().is_empty();
    let space = if rest.is_empty() || rest.starts_with([' ', '\t']) { "" } else { " " };
    format!("{}{space}", if is_empty { "[ ]" } else { "[x]" })
}

/// Length of a box at the start of a list item that is no box for Markdown: `[]`, `[√]`, `[ ]甲`, `【 】`.
fn broken_box(words: &str) -> Option<usize> {
    const CHECKS: [&str; 8] = ["", " ", "x", "X", "√", "✓", "✔", "\u{3000}"];
    let (close, inner) = match words.chars().next()? {
        '[' => (']', &words[1..]),
        '【' => ('】', &words['【'.len_utf8()..]),
        _ => return None,
    };
    let (check, rest) = inner.split_once(close)?;
    if !CHECKS.contains(&check) || rest.starts_with(['(', '[', ':']) {
        return None;
    }
    let is_right =
        close == ']' && matches!(check, " " | "x" | "X") && (rest.is_empty() || rest.starts_with([' ', '\t']));
    (!is_right).then(|| words.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_about_their_mark() {
        for words in ["号为必填", "号键返回", "表示已过期", "注：以实际为准", "必填项", "号"] {
            assert!(is_about_mark(words, true), "{words}");
        }
        for words in ["号召全县", "号码", "带领群众", "必要材料", "表格", ""] {
            assert!(!is_about_mark(words, true), "{words}");
        }
        assert!(!is_about_mark("注：甲", false));
    }

    #[test]
    fn amounts_and_quotations() {
        for words in ["=60分及格", "80%的家庭", "30℃停工", "＝3级", "1,000元", "2.5倍"] {
            assert!(is_amount(words), "{words}");
        }
        for words in ["2025年", "1. 甲", "1.个人", "3、甲", " 80%", "甲", "=甲", "", "2025"] {
            assert!(!is_amount(words), "{words}");
        }
    }

    #[test]
    fn boxes() {
        for words in ["[]甲", "[ ]甲", "[x]甲", "[√] 甲", "【 】甲", "【】甲", "[] 甲"] {
            assert!(broken_box(words).is_some(), "{words}");
        }
        for words in ["[ ] 甲", "[x] 甲", "[ ]", "[甲]", "[x](a.md)", "[](a.md)", "[x]: a", "【甲】", "甲"] {
            assert_eq!(broken_box(words), None, "{words}");
        }
    }
}
