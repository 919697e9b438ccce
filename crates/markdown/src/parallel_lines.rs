//! Keeps the breaks of lines that nobody has wrapped: those below a line that ends with a colon, paragraphs of whole sentences,
//! one a line, and short lines of one form, such as names with numbers (`张三 138…`), prices, shares of a sum and slogans.
//!
//! Input: the line above a line break and the lines below it. Output: whether the line break stays. Reports nothing, since
//! the lines are shown as they are written. Does not know lists.

use std::ops::Range;

use super::line_markers::content_of;
use super::own_lines::without_item_mark;
use super::writer::HtmlWriter;
use puzhi_core::base::is_han;

/// Most lines that are compared.
const MOST_LINES: usize = 60;

impl HtmlWriter<'_, '_> {
    /// Whether the line break at `range` stays because of the form of the lines around it.
    pub fn keeps_parallel_lines(&mut self, range: &Range<usize>) -> bool {
        let mut head = self.text.get(..range.start).unwrap_or("").rsplit('\n');
        let above = without_item_mark(head.next().unwrap_or("")).trim_end();
        let rest = self.text.get(range.end..).unwrap_or("");
        let next = rest.trim_start_matches([' ', '\t', '>', '\u{3000}']);
        let begins_words = |c: char| is_han(c) || c.is_alphanumeric() || c == '《';
        if is_lead(above) && (next.starts_with(begins_words) || next.starts_with("**"))
            || is_part(rest) && !goes_on(above)
        {
            return true;
        }
        let Some(leaf) = self.inline.leaf.as_mut() else { return false };
        let lead = head.next().is_some_and(|line| is_lead(line.trim_end()));
        if !leaf.numbers.is_first_break() && !lead && !is_part(above) {
            return false;
        }
        let above = above.strip_prefix(OF_THEM).unwrap_or(above);
        let below = rest.split('\n').map(|line| content_of(line).trim_end());
        let below = below.take_while(|line| !line.is_empty() && !begins_block(line));
        let lines: Vec<&str> = std::iter::once(content_of(above)).chain(below).take(MOST_LINES).collect();
        let keeps = lines.len() > 1
            && (are_sentences(&lines) || are_alike(&lines) || are_entries(&lines) || lead && are_names(&lines));
        if keeps {
            leaf.numbers.keep_all();
        }
        keeps
    }
}

/// Whether a line leads to what stands below it.
fn is_lead(line: &str) -> bool {
    line.ends_with('：') || line.strip_suffix(':').is_some_and(|words| words.ends_with(is_han))
}

/// What begins the parts of a sum: `其中：发明12件`.
const OF_THEM: &str = "其中：";

/// Whether a text begins with the parts of a sum.
fn is_part(text: &str) -> bool {
    content_of(text.split('\n').next().unwrap_or("")).starts_with(OF_THEM)
}

/// Whether the lines are names, as those of offices below `参加单位：`.
fn are_names(lines: &[&str]) -> bool {
    const LONGEST: usize = 24;
    let is_name = |line: &&str| {
        line.chars().take(LONGEST + 1).count() <= LONGEST
            && line.chars().all(|c| is_han(c) || matches!(c, '（' | '）' | ' ' | '\u{3000}'))
            && !goes_on(line)
    };
    lines.iter().all(is_name)
}

/// Whether a line begins a block of its own.
fn begins_block(line: &str) -> bool {
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_item = |mark: &str| mark.starts_with(['.', ')']) && mark[1..].starts_with([' ', '\t']);
    let is_sign = line.starts_with(['-', '*', '+']) && line[1..].starts_with([' ', '\t']);
    is_sign || behind.len() < line.len() && is_item(behind) || line.starts_with(['#', '|']) || line.starts_with("```")
}

/// Whether each line ends as a sentence does.
fn are_sentences(lines: &[&str]) -> bool {
    lines.iter().all(|line| {
        let words = line.trim_end_matches(['”', '’', '）', '》', '』', '」', '*', ')']);
        words.contains(is_han) && words.ends_with(['。', '！', '？', '；', '：', '…'])
    })
}

/// Whether the lines are short and of one form that is more than a word.
fn are_alike(lines: &[&str]) -> bool {
    /// Longest such line in characters.
    const LONGEST: usize = 40;
    /// Longest line that has words alone, or a comma.
    const LONGEST_WORDS: usize = 24;
    let Some(first) = lines.first() else { return false };
    let length = |line: &str| line.chars().take(LONGEST + 1).count();
    let is_entry = |line: &&str| {
        let is_told = line.contains(is_han) || is_number(line) || has_address(line);
        is_told
            && length(line) <= LONGEST
            && !line.contains(['。', '！', '？', '；'])
            && !goes_on(line)
            && !holds_address(line)
    };
    if !lines.iter().all(is_entry) {
        return false;
    }
    let is_short = lines.iter().all(|line| length(line) <= LONGEST_WORDS);
    let is_even = || lines.iter().all(|line| length(line) == length(first));
    let opening = first.chars().next().filter(|c| matches!(c, '《' | '“' | '（' | '【'));
    if opening.is_some_and(|c| lines.iter().all(|line| line.starts_with(c))) {
        return true;
    }
    let has_comma = lines.iter().any(|line| line.contains(['，', '、', ',']));
    if has_comma && !(is_short && is_even()) {
        return false;
    }
    let has_same = |form: fn(&str) -> String| {
        let wanted = form(first);
        let is_word = wanted.chars().count() < 2 && !matches!(wanted.as_str(), "9" | "U");
        let is_wordy = || wanted.chars().all(|c| matches!(c, 'H' | 'A' | '9' | 'W' | ' '));
        // `2024年增长` is the beginning of a sentence.
        let is_sum =
            || wanted == "9" || wanted.contains(' ') || wanted.starts_with('H') && wanted.contains('9') || !is_wordy();
        !is_word && is_sum() && (is_short || !is_wordy()) && lines.iter().all(|line| form(line) == wanted)
    };
    has_same(fine_form) || has_same(coarse_form)
}

/// Whether each line is a short word and words that belong to it, and the first words end alike: `一等奖 张三`, `二等奖 李四 王五`.
fn are_entries(lines: &[&str]) -> bool {
    /// Most words of a line, and longest word in characters.
    const MOST_WORDS: usize = 12;
    const LONGEST: usize = 6;
    fn words(line: &str) -> impl Iterator<Item = &str> {
        line.split([' ', '\t', '\u{3000}']).filter(|word| !word.is_empty())
    }
    fn end(line: &str) -> Option<char> {
        words(line).next().and_then(|word| word.chars().next_back())
    }
    let is_word =
        |word: &str| (2..=LONGEST).contains(&word.chars().take(LONGEST + 1).count()) && word.chars().all(is_han);
    let wanted = lines.first().and_then(|line| end(line));
    lines.iter().all(|line| {
        let number = words(line).take(MOST_WORDS + 1).count();
        (2..=MOST_WORDS).contains(&number) && words(line).all(is_word) && end(line) == wanted && !goes_on(line)
    })
}

/// Whether the words of a line go on in the next, or emphasis ends it.
fn goes_on(line: &str) -> bool {
    const JOINING: &str = "和与及或的是于至，、,：:（“《—-*";
    line.ends_with(|c| JOINING.contains(c))
}

/// Whether a line is numbers and signs alone.
fn is_number(line: &str) -> bool {
    line.contains(|c: char| c.is_ascii_digit()) && !line.contains(|c: char| c.is_lowercase() || c == '*')
}

/// Whether words stand right beside an address: `详见https://a.cn/`.
fn holds_address(line: &str) -> bool {
    line.split([' ', '\t', '\u{3000}']).any(|word| has_address(word) && !word.is_ascii())
}

/// Whether a line has the address of a page or a mailbox.
fn has_address(line: &str) -> bool {
    line.contains("://") || line.contains("www.") || line.contains('@')
}

/// The form of a line: `H` for Han characters, `A` for letters, `9` for digits, `U` for an address, signs as they are. Runs
/// are one.
fn fine_form(line: &str) -> String {
    let mut form = String::new();
    for (number, word) in line.split([' ', '\t', '\u{3000}']).filter(|word| !word.is_empty()).enumerate() {
        if number > 0 {
            form.push(' ');
        }
        let is_address = has_address(word) && word.is_ascii();
        for c in word.chars().filter(|_| !is_address) {
            let sign = match c {
                c if is_han(c) => 'H',
                '0'..='9' => '9',
                c if c.is_alphabetic() => 'A',
                c => c,
            };
            if !form.ends_with(sign) {
                form.push(sign);
            }
        }
        if is_address {
            form.push('U');
        }
    }
    form
}

/// The form of a line with `W` for words of any characters, which parts them only at spaces and signs.
fn coarse_form(line: &str) -> String {
    let mut form = String::new();
    for c in fine_form(line).chars() {
        let sign = if matches!(c, 'H' | 'A' | '9') { 'W' } else { c };
        if !form.ends_with(sign) {
            form.push(sign);
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        assert_eq!((fine_form("A4纸  25元/包"), coarse_form("A4纸  25元/包")), ("A9H 9H/H".into(), "W W/W".into()));
        assert_eq!(fine_form("商标局 https://a.cn/b?c=1"), "H U");
    }

    #[test]
    fn lines_of_entries() {
        let are = |text: &str| are_entries(&text.split('\n').collect::<Vec<_>>());
        assert!(are("一等奖 张三\n二等奖 李四 王五\n优秀奖 赵六 孙七 周八"));
        assert!(are("市场监管局　张三\n农业农村局　李四　王五"));
        for text in ["一等奖 张三\n优秀教师 李四", "一等奖\n二等奖", "活动 由市局 举办\n联动 各街道 参加活动的群众很多"]
        {
            assert!(!are(text), "{text}");
        }
    }

    #[test]
    fn lines_of_one_form() {
        for text in [
            "张三 13812345678\n李四 13987654321",
            "A4纸 25元/包\n签字笔 2元/支\n文件夹 5元/个",
            "1号窗口 商标受理\n2号窗口 专利咨询",
            "发明12件\n实用新型20件",
            "签到（9:00）\n开幕（9:30）",
            "户口簿*1\n照片*4",
            "2022-2023 建设期\n2024-2025 提升期",
            "尊重知识，崇尚创新\n诚信守法，公平竞争",
            "编辑/张三\n审核/李四",
            "《专利法》第11条\n《商标法》第7条和第8条",
            "530181199001011234\n530181199202022345",
            "https://a.cn\nhttps://b.cn/c",
            "姓名_____\n电话_______",
            "GB/T 29490-2013\nGB/T 3100-93",
            "Day1 报到\nDay2 培训",
            "《专利法》第11条、第60条\n《商标法》第57条",
        ] {
            assert!(are_alike(&text.split('\n').collect::<Vec<_>>()), "{text}");
        }
        for text in [
            "共有申请\n3.5万件",
            "甲\n乙",
            "支持企业，\n个人，",
            "his words\nare wrapped",
            "会议地点在\n3号楼201室",
            "2024年增长\n2025年下降",
            "详见https://a.cn/\n以及http://b.cn/",
            "138****1234\n139****5678",
            "安宁市市场监管局认真组织开展宣传，共发放资料3000份\n各乡镇街道也结合实际组织宣传活动，共发放资料500份",
        ] {
            assert!(!are_alike(&text.split('\n').collect::<Vec<_>>()), "{text}");
        }
        assert!(are_sentences(&["会议由张三主持。", "会议强调，要提高认识（见附件）。"]));
        assert!(!are_sentences(&["会议强调，", "要提高认识。"]));
    }
}
