//! Tells the runs of `*`, `_` and `~~` in Chinese text that are signs from those that are marks: products
//! (`桌子*10张、椅子*20把`), masked names and numbers (`孙*明与周*华`), notes about the sign itself (`带*的为必填`), grades
//! (`*、**、***三档`), blanks to fill in (`（__）年（__）月`) and ranges (`9:00~~11:30，14:30~~17:00`).
//!
//! Input: a text and the start of a run. Output: whether the run is a sign. Runs of one width are paired in order, as
//! authors type marks; a pair that nobody types as marks shows that its first run is a sign. What may be meant as marks
//! stays with the parser. Does not know blocks, except for what ends a paragraph.

use super::amounts::{ends_with_amount, ends_with_quantity, is_name_of_amount};
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
const CLAUSE: [char; 7] = ['，', '、', '；', '：', '。', '！', '？'];
/// Words and signs that join the parts of an enumeration.
const JOINERS: [char; 12] = ['、', '，', '；', ',', '和', '与', '及', '或', '至', '到', '/', ' '];

/// The signs among the runs of one delimiter.
pub(super) struct SignRuns {
    delimiter: u8,
    /// All runs before this offset have been looked at.
    end: usize,
    runs: Vec<Run>,
}

/// One run of a delimiter.
struct Run {
    start: usize,
    end: usize,
    before: char,
    after: char,
    is_paired: bool,
    is_sign: bool,
}

impl Run {
    fn at(text: &str, start: usize, end: usize) -> Self {
        let before = text[..start].chars().next_back().unwrap_or('\n');
        let after = text[end..].chars().next().unwrap_or('\n');
        Self { start, end, before, after, is_paired: false, is_sign: false }
    }

    fn width(&self) -> usize {
        self.end - self.start
    }

    /// Whether terms stand on both sides, as in a product.
    fn is_infix(&self) -> bool {
        ends_term(self.before) && (self.after.is_alphanumeric() || matches!(self.after, '(' | '（'))
    }
}

/// Whether a term of a product can end with `c`.
fn ends_term(c: char) -> bool {
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
            self.runs.clear();
        }
    }

    /// Whether a run is a sign whatever stands beside it.
    fn is_alone(&self, text: &str, run: usize) -> bool {
        let run = &self.runs[run];
        match self.delimiter {
            b'*' => is_named(text, run) || is_in_cell_of_digits(text, run),
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
    let behind_word = CLAUSE.contains(&first.after) && (ends_term(first.before) || CLAUSE.contains(&first.before));
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
    begins || joined || about || alike
}

/// Whether stars multiply what stands beside them.
fn is_product(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    /// What can be an equation before the first star.
    const HEAD: usize = 120;
    if first.width() != 1 || !first.is_infix() || !second.is_infix() {
        return false;
    }
    let digits = first.after.is_ascii_digit() && second.after.is_ascii_digit();
    let after_brackets = matches!((first.before, second.before), ('）', '）') | (')', ')'));
    // `长20cm*宽10cm*高5cm`: an amount stands before each star.
    let head = before(text, first.start, HEAD);
    let are_amounts = ends_with_amount(head) && (ends_with_amount(content) || ends_with_quantity(content));
    if digits
        || are_amounts
        || after_brackets
        || content.contains(CLAUSE)
        || closes_outside(content)
        || opens_bracket(content)
    {
        return true;
    }
    let ends_clause = |c: char| CLAUSE.contains(&c) || c == '\n';
    let head = head.rsplit(ends_clause).next().unwrap_or("");
    let is_equation = |words: &str| words.contains(['=', '＝', '×', '÷', '＋']);
    let is_amount = |c: Option<char>| c.is_some_and(is_name_of_amount);
    is_equation(content) || is_equation(head) || is_amount(Some(first.before)) && is_amount(content.chars().next_back())
}

/// Whether `content` begins with a bracket that it does not close.
fn opens_bracket(content: &str) -> bool {
    content.strip_prefix(['（', '(']).is_some_and(|rest| !rest.contains(['）', ')']))
}

/// Whether a bracket in `content` closes one that was opened before it.
fn closes_outside(content: &str) -> bool {
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

/// Whether stars stand for what is not told of names and numbers one after the other.
fn is_mask(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    let joins = |c: char| JOINERS.contains(&c) && c != '/' || c == '\n';
    // `尾号**1234和**5678`
    let digits = content.trim_start_matches(|c: char| c.is_ascii_digit());
    if first.after.is_ascii_digit() && second.after.is_ascii_digit() && digits.starts_with(joins) {
        return is_han(first.before) || ends_term(first.before) || first.before.is_whitespace();
    }
    // `张*（男）、李*（女）`
    if ends_term(first.before)
        && let Some(inner) = content.strip_prefix(['（', '('])
        && let Some((_, behind)) = inner.split_once(['）', ')'])
        && behind.starts_with(|c| joins(c) && c != ' ')
    {
        return true;
    }
    // `孙*明与周*华`
    let given = content.trim_start_matches(is_han);
    let is_parted = content.starts_with(joins)
        || given.starts_with(|c: char| joins(c) || matches!(c, '（' | '('))
        || content.char_indices().skip(1).take(2).any(|(at, c)| matches!(c, '与' | '和' | '及') && at > 0);
    is_parted && ends_with_surname(before(text, first.start, 12)) && ends_with_surname(content)
}

/// Whether `text` ends with a surname that nothing but the start of a name can be: no word stands right before it.
fn ends_with_surname(text: &str) -> bool {
    const ONE: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范\
        金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐伍庞";
    const TWO: [&str; 8] = ["欧阳", "司马", "上官", "诸葛", "司徒", "东方", "夏侯", "皇甫"];
    let is_edge = |head: &str| {
        head.chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric() && c != '*' || matches!(c, '与' | '和' | '及' | '或'))
    };
    if let Some(head) = TWO.iter().find_map(|name| text.strip_suffix(name)) {
        return is_edge(head);
    }
    let mut chars = text.chars();
    chars.next_back().is_some_and(|c| ONE.contains(c)) && is_edge(chars.as_str())
}

/// The text before `at`, at most `most` bytes.
fn before(text: &str, at: usize, most: usize) -> &str {
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
mod tests {
    use super::*;

    /// The text with `§` for each sign.
    fn signs(text: &str, delimiter: u8) -> String {
        let mut runs = SignRuns::of(delimiter);
        let mut out = text.to_string().into_bytes();
        let mut at = 0;
        while let Some(found) = text.as_bytes()[at..].iter().position(|b| *b == delimiter) {
            let start = at + found;
            at = start + text.as_bytes()[start..].iter().take_while(|b| **b == delimiter).count();
            if runs.is_sign(text, start) {
                out[start..at].fill(b'#');
            }
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn stars_that_are_signs() {
        for text in [
            "桌子*10张、椅子*20把。",
            "公章*1，法人章*1",
            "公章*1,法人章*1,合同章*2",
            "门窗1.5m*1.2m*2樘",
            "基数*系数*月数",
            "长20cm*宽10cm*高5cm",
            "甲5件*乙3件*丙",
            "单价5元*数量10*天数",
            "长*宽*高",
            "总额=基数*标准*人头",
            "评分=(A*40%)+(B*60%)",
            "孙*明与周*华",
            "王*、张*芳、李**、欧阳*、司马**",
            "张*（男）、李*（女）",
            "账户尾号**1234和**5678",
            "尾号*1234、*5678",
            "带*的项目必填，标*号的选填",
            "评级为*、**、***三档",
            "*为必填，*为选填",
            "王*、李**",
            "见*注1、*注2",
            "“王*”“李*”",
            "王*明\n李*华",
            "单价*数量=金额，奖金*系数",
            "申请人张*（男），配偶李*（女）",
            "李**：138；王**：139",
            "张*：甲；李*：乙",
            "密码：******，验证码：**",
            "豫A·12***，豫A**888",
            "*12345，*67890",
            "*1 甲，*2 乙",
            "姓名*：____ 电话*：____",
            "带*号：甲*，乙*。",
            "（*为必填）姓名*",
            "长(m)*宽(m)*高(m)",
            "（长*宽）*（高*2）",
            "| 甲 | *2345* | *010* |",
        ] {
            assert_eq!(signs(text, b'*'), text.replace('*', "#"));
        }
        assert_eq!(signs("王*明（电话138****1234）、李*华（电话139****5678）", b'*').matches('#').count(), 2);
        // A run without a partner is no mark anyway.
        assert_eq!(signs("*为必填项。带*的为必填", b'*'), "*为必填项。带#的为必填");
        assert_eq!(signs("桌子*10张、椅子*20把，*注*", b'*'), "桌子#10张、椅子#20把，*注*");
        assert_eq!(signs("底数*2，这是*重点*内容", b'*'), "底数#2，这是*重点*内容");
    }

    #[test]
    fn stars_that_are_marks() {
        for text in [
            "**甲，乙**",
            "见*强调，带逗号*。",
            "请务必**带齐材料，不要遗漏**后再来",
            "不需要*任何*外部需求",
            "作为*函数表达式（Function Expression）*而非*函数声明（Function Declaration）*来解析",
            "加一个*（如果在某些情况下，你需要，标出它们）*。",
            "**张**、**李**、*王*",
            "***强调***、**重点**",
            "*（试行）*版，**注意：**请勿",
            "**一、**总体要求，**接着的\n续行**，然后**重点**。",
            "**10日**前，**20日**后",
            "请于**10月1日前完成**2026年的任务",
            "2025年*5月1日*前，共3件*重点*工作",
            "第*1*条、第*2*条",
            "电话**123**、**456**",
            "这就是**”我的电脑“**这个称呼",
            "**张、王、李**三人",
            "a*b*c, d*e*f",
            "**/**",
            "*必填*项",
            "`*`、`**` 和*甲*",
            "- *甲\n- 乙*",
            "**A类：**甲，**B类：**乙",
            "**1）甲**，**2）乙**",
            "（**重点**）和（*甲*）",
            "**甲** ，乙**丙**",
            "| *甲* | *乙* |",
            "| 甲 | **2345** | *3* |",
        ] {
            assert_eq!(signs(text, b'*'), text);
        }
    }

    #[test]
    fn blanks_and_ranges() {
        for text in [
            "甲方（盖章）：___乙方（盖章）：___",
            "本人（姓名）___，身份证号：___，自愿___",
            "（__）年（__）月",
            "选择：（_）甲（_）乙，(_)丙",
            "编号：__-__",
            "___（单位）___（姓名）",
            "（单位）___（姓名）___",
            "__（省）__（市）__（县）",
            "_（甲）_（乙）",
            "___，___，___",
        ] {
            assert_eq!(signs(text, b'_'), text.replace('_', "#"));
        }
        for text in [
            "__注意：__请勿",
            "_斜_、__粗__",
            "见 __甲，乙__。",
            "___重点___",
            "__（试行）__",
            "_（试行）_，_（废止）_",
        ] {
            assert_eq!(signs(text, b'_'), text);
        }
        for text in [
            "办公时间：9:00~~11:30，14:30~~17:00。",
            "楼层5~~10、10~~20~~30",
            "周一~~周五，周六~~周日",
            "3月~~5月，9月~~11月",
        ] {
            assert_eq!(signs(text, b'~'), text.replace('~', "#"));
        }
        for text in
            ["原价~~100~~80元", "~~甲，乙~~", "将~~甲，乙~~改为丙", "~~1~~~~2~~", "原价~~1,000~~800元，~~20~~10元"]
        {
            assert_eq!(signs(text, b'~'), text);
        }
    }

    #[test]
    fn long_texts_take_linear_time() {
        let text = "王*".repeat(200_000);
        assert!(signs(&text, b'*').len() == text.len());
    }
}
