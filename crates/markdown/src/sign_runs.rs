//! Tells the runs of `*`, `_` and `~~` in Chinese text that are signs from those that are marks: products
//! (`桌子*10张、椅子*20把`), masked names and numbers (`孙*明与周*华`), notes about the sign itself (`带*的为必填`), grades
//! (`*、**、***三档`), blanks to fill in (`（__）年（__）月`), ranges (`9:00~~11:30，14:30~~17:00`) and parts of addresses
//! (`http://a.cn/a*b*c`).
//!
//! Input: a text and the start of a run. Output: whether the run is a sign. Runs of one width are paired in order, as
//! authors type marks; a pair that nobody types as marks shows that its first run is a sign. What may be meant as marks
//! stays with the parser. Does not know blocks, except for what ends a paragraph.

use super::bare_addresses::is_inside;
use super::masks::is_mask;
use super::products::{is_any_file, is_in_formula, is_open_number, is_product, is_search};
use puzhi_core::base::{is_cjk_punctuation, is_han};

/// Most bytes and runs that are looked at together.
const MAX_STRETCH: usize = 8_000;
const MAX_RUNS: usize = 200;
/// Longest code span in bytes.
const MAX_CODE: usize = 1_000;
/// Longest content of a pair that is looked at, in bytes.
const MAX_CONTENT: usize = 600;
/// Greatest width of a run; longer ones are blanks and masks anyway.
const MAX_WIDTH: usize = 3;

/// Punctuation that parts clauses. Half-width signs also occur in numbers and code.
pub(super) const CLAUSE: [char; 7] = ['，', '、', '；', '：', '。', '！', '？'];
/// Words and signs that join the parts of an enumeration.
pub(super) const JOINERS: [char; 12] = ['、', '，', '；', ',', '和', '与', '及', '或', '至', '到', '/', ' '];

/// The signs among the runs of one delimiter.
pub(super) struct SignRuns {
    delimiter: u8,
    /// All runs before this offset have been looked at.
    end: usize,
    runs: Vec<Run>,
}

/// One run of a delimiter.
pub(super) struct Run {
    pub start: usize,
    pub end: usize,
    pub before: char,
    pub after: char,
    is_paired: bool,
    /// Whether it is a sign also in a text without Han characters.
    is_pattern: bool,
    is_sign: bool,
}

impl Run {
    fn at(text: &str, start: usize, end: usize) -> Self {
        let before = text[..start].chars().next_back().unwrap_or('\n');
        let after = text[end..].chars().next().unwrap_or('\n');
        Self { start, end, before, after, is_paired: false, is_pattern: false, is_sign: false }
    }

    pub fn width(&self) -> usize {
        self.end - self.start
    }

    /// Whether terms stand on both sides, as in a product.
    pub fn is_infix(&self) -> bool {
        ends_term(self.before) && (self.after.is_alphanumeric() || matches!(self.after, '(' | '（'))
    }
}

/// Whether a term of a product can end with `c`.
pub(super) fn ends_term(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ')' | '）' | '%' | '％' | '℃')
}

impl SignRuns {
    /// No runs yet.
    pub fn of(delimiter: u8) -> Self {
        Self { delimiter, end: 0, runs: Vec::new() }
    }

    /// Whether the run at `start` of `text` is a sign. Runs are asked for in ascending order.
    pub fn is_sign(&mut self, text: &str, start: usize) -> bool {
        if start >= self.end {
            self.read(text, start);
            self.decide(text);
        }
        self.runs.binary_search_by_key(&start, |run| run.start).is_ok_and(|found| self.runs[found].is_sign)
    }

    /// Collects the runs from `start` to the end of the paragraph. Runs in code are left out.
    fn read(&mut self, text: &str, start: usize) {
        let bytes = text.as_bytes();
        let limit = bytes.len().min(start + MAX_STRETCH);
        self.runs.clear();
        let mut at = start;
        while let Some(found) = bytes.get(at..limit).and_then(|rest| memchr::memchr3(self.delimiter, b'\n', b'`', rest))
        {
            let from = at + found;
            let width = bytes[from..].iter().take_while(|b| **b == bytes[from]).count();
            at = from + width;
            match bytes[from] {
                b'\n' => {
                    at = from + 1;
                    if ends_paragraph(&text[at..]) {
                        break;
                    }
                }
                b'`' => at = end_of_code(text, at, width),
                _ => {
                    let backslashes = bytes[..from].iter().rev().take_while(|b| **b == b'\\').count();
                    let from = from + backslashes % 2;
                    if from < at {
                        self.runs.push(Run::at(text, from, at));
                    }
                    if self.runs.len() == MAX_RUNS {
                        break;
                    }
                }
            }
        }
        self.end = at.max(start + 1);
    }

    /// Pairs the runs of each width and finds the signs.
    fn decide(&mut self, text: &str) {
        let widths = if self.delimiter == b'~' { 2..=2 } else { 1..=MAX_WIDTH };
        for width in widths {
            let mut open: Option<usize> = None;
            let mut is_doubtful = false;
            for next in 0..self.runs.len() {
                if self.runs[next].width() != width {
                    continue;
                }
                let run = &self.runs[next];
                let is_star_sign = self.delimiter == b'*' && (is_open_number(text, run) || is_in_formula(text, run));
                if is_star_sign || is_inside(text, run.start..run.end) {
                    (self.runs[next].is_sign, self.runs[next].is_pattern) = (true, true);
                    continue;
                }
                if self.is_alone(text, next) {
                    self.runs[next].is_sign = true;
                    continue;
                }
                let run = &self.runs[next];
                match open {
                    Some(first) if !run.before.is_whitespace() => {
                        // Behind a sign a star between terms is one, too, unless its clause has a partner.
                        let (left, right) = (&self.runs[first], &self.runs[next]);
                        let is_next_sign =
                            is_doubtful && left.is_infix() && text[left.end..right.start].contains(CLAUSE);
                        if !is_next_sign && self.is_pair(text, first, next) {
                            self.runs[first].is_paired = true;
                            self.runs[next].is_paired = true;
                            (open, is_doubtful) = (None, false);
                        } else {
                            self.runs[first].is_sign = true;
                            (open, is_doubtful) = (Some(next), true);
                        }
                    }
                    _ if run.after.is_whitespace() => {}
                    _ => (open, is_doubtful) = (Some(next), false),
                }
            }
            if let Some(last) = open.filter(|_| is_doubtful) {
                self.runs[last].is_sign = true;
            }
        }
        // The parser also pairs runs of different widths.
        for next in 1..self.runs.len() {
            let (first, second) = (&self.runs[next - 1], &self.runs[next]);
            let differ = first.width() != second.width() && self.delimiter != b'~';
            let differ = differ && !first.after.is_whitespace();
            if differ && !first.is_paired && !second.is_paired && !self.is_pair(text, next - 1, next) {
                self.runs[next - 1].is_sign = true;
                self.runs[next].is_sign = true;
            }
        }
        let (Some(first), Some(last)) = (self.runs.first(), self.runs.last()) else { return };
        let is_found = self.runs.iter().any(|run| run.is_sign);
        if is_found && !near(text, first.start, last.end).contains(|c| is_han(c) || is_cjk_punctuation(c)) {
            self.runs.retain(|run| run.is_pattern);
        }
    }

    /// Whether a run is a sign whatever stands beside it.
    fn is_alone(&self, text: &str, run: usize) -> bool {
        let run = &self.runs[run];
        match self.delimiter {
            b'*' => is_named(text, run) || is_in_cell_of_digits(text, run) || is_any_file(text, run),
            // `^_^` is a face.
            b'_' => is_in_brackets(run.before, run.after) || (run.before, run.after) == ('^', '^'),
            _ => false,
        }
    }

    /// Whether two runs can be meant as marks.
    fn is_pair(&self, text: &str, first: usize, second: usize) -> bool {
        let (first, second) = (&self.runs[first], &self.runs[second]);
        let content = &text[first.end..second.start];
        if content.len() > MAX_CONTENT || content.contains('|') {
            return true;
        }
        match self.delimiter {
            b'*' => {
                !(is_misplaced(first, content)
                    || is_enumeration(text, first, second, content)
                    || is_product(text, first, second, content)
                    || is_search(text, first, second, content)
                    || is_mask(text, first, second, content))
            }
            b'_' => !is_blank(first, second, content),
            _ => !is_range(first, second, content),
        }
    }
}

/// Whether a cell of a table holds nothing but a number between stars, as a short code or a masked number: `| *2345* |`.
fn is_in_cell_of_digits(text: &str, run: &Run) -> bool {
    if run.width() != 1 || run.before.is_ascii_digit() == run.after.is_ascii_digit() {
        return false;
    }
    let is_digit = |c: char| c.is_ascii_digit();
    let (head, behind) = (before(text, run.start, 40), &text[run.end..]);
    let (head, behind, number) = if is_digit(run.after) {
        let rest = behind.trim_start_matches(is_digit);
        let Some(outside) = rest.strip_prefix('*') else { return false };
        (head, outside, behind.len() - rest.len())
    } else {
        let rest = head.trim_end_matches(is_digit);
        let Some(outside) = rest.strip_suffix('*') else { return false };
        (outside, behind, head.len() - rest.len())
    };
    number >= 3 && head.trim_end_matches(' ').ends_with('|') && behind.trim_start_matches(' ').starts_with('|')
}

/// Whether the line that `rest` begins with is no part of the paragraph above it.
fn ends_paragraph(rest: &str) -> bool {
    let line = rest.trim_start_matches([' ', '\t']);
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marked = match line.as_bytes().get(digits) {
        Some(b'-' | b'+' | b'*') if digits == 0 => 1,
        Some(b'.' | b')') if digits > 0 => digits + 1,
        _ => return line.is_empty() || line.starts_with(['\n', '\r', '|', '#', '>']),
    };
    line[marked..].starts_with([' ', '\t'])
}

/// Where the code span ends that `width` backticks before `at` open, or `at` if its line does not close it.
fn end_of_code(text: &str, at: usize, width: usize) -> usize {
    let end = text.len().min(at + MAX_CODE);
    let bytes = text.as_bytes()[at..end].split(|b| *b == b'\n').next().unwrap_or_default();
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'`', &bytes[from..]) {
        let length = bytes[from + found..].iter().take_while(|b| **b == b'`').count();
        from += found + length;
        if length == width {
            return at + from;
        }
    }
    at
}

/// The text around a range, at most some hundred bytes on each side.
fn near(text: &str, start: usize, end: usize) -> &str {
    const NEAR: usize = 300;
    let (mut from, mut to) = (start.saturating_sub(NEAR), text.len().min(end + NEAR));
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[from..to]
}

/// Whether the words around a star name it: `带*的为必填`, `标*号`.
fn is_named(text: &str, run: &Run) -> bool {
    const BEFORE: [char; 12] = ['带', '标', '注', '打', '加', '有', '以', '填', '“', '"', '（', '见'];
    const AFTER: [&str; 10] = ["的为", "的项", "的是", "的必", "的题", "的栏", "的均", "的内容", "号", "处"];
    let after = &text[run.end..];
    BEFORE.contains(&run.before)
        && (AFTER.iter().any(|words| after.starts_with(words)) || is_in_brackets(run.before, run.after))
}

/// Whether brackets or quotation marks hold nothing but the run.
fn is_in_brackets(before: char, after: char) -> bool {
    const PAIRS: [(char, char); 9] = [
        ('（', '）'),
        ('(', ')'),
        ('“', '”'),
        ('《', '》'),
        ('【', '】'),
        ('〔', '〕'),
        ('「', '」'),
        ('‘', '’'),
        ('"', '"'),
    ];
    PAIRS.contains(&(before, after))
}

/// Whether nobody begins an emphasis here: its text would begin with the punctuation behind a word (`姓名*：____ 电话*：____`,
/// `李**：138；王**：139`), or a bracket that opens right before the star closes in it (`（*为必填）姓名*`).
fn is_misplaced(first: &Run, content: &str) -> bool {
    let closes = matches!(first.before, '”' | '》' | '】' | '’' | '」');
    let behind_word =
        CLAUSE.contains(&first.after) && (ends_term(first.before) || closes || CLAUSE.contains(&first.before));
    behind_word && content.contains(char::is_alphanumeric)
        || matches!(first.before, '（' | '(') && closes_outside(content)
}

/// Whether stars stand in an enumeration of such signs, or explain themselves at the start of a sentence.
fn is_enumeration(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    const ABOUT: [&str; 8] = ["为必", "为选", "为已", "为未", "表示", "代表", "号", "必填"];
    // No emphasis begins with the comma of an enumeration.
    let begins = first.after == '、' && ends_term(first.before) && content.contains(char::is_alphanumeric);
    // `**和**` stresses a word.
    let same = first.width() == second.width();
    let joined =
        !content.trim().is_empty() && content.chars().all(|c| if same { c == '、' } else { JOINERS.contains(&c) });
    let is_about = |words: &str| ABOUT.iter().any(|about| words.starts_with(about));
    let about = is_about(content) && is_about(&text[second.end..]);
    // `*注1、*注2`, `*1 甲，*2 乙`, `“王*”“李*”`
    let both_digits = first.after.is_ascii_digit() && second.after.is_ascii_digit();
    let alike = (first.after == second.after || both_digits && !ends_term(first.before))
        && (first.width() == 1 && content.ends_with(['、', '，', '；'])
            || ends_term(first.before) && matches!(first.after, '”' | '）' | '》' | '」'));
    // `*姓名、*电话、*地址为必填`
    let required = || {
        const NEAR: usize = 300;
        let rest = &text[second.end..text.floor_char_boundary(second.end + NEAR)];
        let rest = rest.split(['\n', '。']).next().unwrap_or("");
        ["必填", "必选", "选填"].iter().any(|word| rest.contains(word)) && !rest.contains("**")
    };
    let is_listed = first.width() == 1 && content.ends_with('、') && content.chars().nth(2).is_some();
    begins || joined || about || alike || is_listed && required()
}

/// Whether `content` begins with a bracket that it does not close.
pub(super) fn opens_bracket(content: &str) -> bool {
    content.strip_prefix(['（', '(']).is_some_and(|rest| !rest.contains(['）', ')']))
}

/// Whether a bracket in `content` closes one that was opened before it.
pub(super) fn closes_outside(content: &str) -> bool {
    let mut depth = 0usize;
    for c in content.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' if depth == 0 => return true,
            ')' | '）' => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The text before `at`, at most `most` bytes.
pub(super) fn before(text: &str, at: usize, most: usize) -> &str {
    let mut from = at.saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..at]
}

/// Whether underscores are blanks to fill in.
fn is_blank(first: &Run, second: &Run, content: &str) -> bool {
    let is_label = |c: char| matches!(c, '：' | ':' | '（' | '(');
    if is_label(first.before) && is_label(second.before) {
        return true;
    }
    // `___（单位）___（姓名）`, `（单位）___（姓名）___`, `___，___，___`
    let is_bracketed = content.starts_with(['（', '(']) && content.ends_with(['）', ')']);
    let is_punctuation = |c: char| matches!(c, '-' | '—' | '/' | '、' | '，' | '；' | '.' | ' ');
    if is_bracketed && (matches!(second.after, '（' | '(') || matches!(first.before, '）' | ')'))
        || content.chars().all(is_punctuation)
    {
        return true;
    }
    // A single underscore before punctuation may be emphasis that begins too early.
    if first.width() == 1 || first.before.is_whitespace() {
        return false;
    }
    let ends = |c: char| CLAUSE.contains(&c) || matches!(c, '）' | ')' | '》' | '年' | '月' | '日');
    let parts = |c: char| is_label(c) || matches!(c, '，' | ',' | '、' | '；');
    ends(first.after)
        || parts(second.before) && (parts(first.before) || is_han(first.before))
        || matches!((first.after, second.after), ('（', '（') | ('(', '('))
}

/// Whether tildes stand between the ends of ranges.
fn is_range(first: &Run, second: &Run, content: &str) -> bool {
    let alike = first.after == second.after || first.after.is_ascii_digit() && second.after.is_ascii_digit();
    // The class of the first range stands before the second one.
    let letters = [first.before, first.after, second.after].iter().all(char::is_ascii_uppercase);
    let numbers = first.before.is_ascii_digit() && second.before.is_ascii_digit();
    (alike || letters) && ends_term(first.before) && ends_term(second.before) && (numbers || content.contains(CLAUSE))
}

#[cfg(test)]
#[path = "sign_runs_tests.rs"]
mod tests;
