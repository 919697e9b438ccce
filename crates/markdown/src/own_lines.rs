//! Reads lines that nobody means to be joined although no marker begins them: the signature below a letter, links one to a
//! line, names in bold one to a line, names in columns.
//!
//! Input: the line above a line break and the text from the line below it on, both without the marks of quotations. Output:
//! whether the line break stays. Does not know lists or the rest of the paragraph.

use super::line_markers::{content_of, is_space};
use super::repairs::SPACE_REFERENCES;
use super::time_markers::is_day;
use puzhi_core::base::is_han;

/// Whether the line below is one of its own: it begins a signature, or both lines are a link or begin with a name in bold.
pub(super) fn are_own_lines(above: &str, below: &str) -> bool {
    let (above, next) = (without_item_mark(above).trim_end(), below.split('\n').next().unwrap_or("").trim());
    begins_signature(above, below)
        || above.ends_with("此致") && next.starts_with("敬礼")
        || is_link(above) && is_link(next)
        || begins_with_strong_name(above) && begins_with_strong_name(next) && !above.ends_with(['，', '、', '；', ','])
}

/// The text of a line behind its indentation, quote marks and the mark of a list item.
pub(super) fn without_item_mark(line: &str) -> &str {
    let line = line.trim_start_matches([' ', '\t', '>']);
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let behind = match number.len() < line.len() {
        true => number.strip_prefix(['.', ')']),
        false => line.strip_prefix(['-', '*', '+']),
    };
    behind.filter(|rest| rest.starts_with([' ', '\t'])).map_or(line, str::trim_start)
}

/// Whether the text ends after a few lines with a day, before which organs stand, or which stands below a sentence.
fn begins_signature(above: &str, below: &str) -> bool {
    /// Most organs that sign.
    const MOST: usize = 4;
    let mut organs = 0;
    let mut lines = below.split('\n').map(|line| content_of(line).trim_end());
    while lines.next().is_some_and(|line| organs < MOST && is_organ(line)) {
        organs += 1;
        if lines.clone().next().is_some_and(is_day) {
            return lines.nth(1).is_none_or(str::is_empty);
        }
    }
    let day = below.split('\n').next().map_or("", |line| content_of(line).trim_end());
    organs == 0
        && (above.ends_with(['。', '！', '）', '》']) || is_organ(above) && above.contains(is_space))
        && is_day(day)
        && below.split('\n').nth(1).is_none_or(|next| content_of(next).trim().is_empty())
}

/// Whether a line is the name of an organ, such as `安宁市市场监督管理局`.
pub(super) fn is_organ(line: &str) -> bool {
    const LONGEST: usize = 26;
    const ENDS: [&str; 20] = [
        "局", "委", "办", "厅", "部", "院", "会", "府", "室", "所", "队", "站", "处", "科", "中心", "公司", "组",
        "学校", "小学", "中学",
    ];
    let name = line.strip_suffix("（章）").or_else(|| line.strip_suffix("（印章）")).unwrap_or(line);
    (3..=LONGEST).contains(&name.chars().take(LONGEST + 1).count())
        && name.chars().all(|c| is_han(c) || is_space(c) || matches!(c, '（' | '）'))
        && ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a line is one link and nothing else.
fn is_link(line: &str) -> bool {
    let Some(inner) = line.strip_prefix('[') else { return false };
    // `[1](a.md)` refers to a source.
    let is_named = inner.split(']').next().is_some_and(|words| words.contains(char::is_alphabetic));
    is_named && inner.ends_with(')') && inner.matches("](").count() == 1 && inner.matches('(').count() == 1
}

/// Whether a line begins with a short name in bold and a space: `**时间** 4月20日`.
fn begins_with_strong_name(line: &str) -> bool {
    const LONGEST: usize = 8;
    let name = line.strip_prefix("**").and_then(|inner| inner.split_once("**"));
    name.is_some_and(|(name, behind)| {
        (2..=LONGEST).contains(&name.chars().take(LONGEST + 1).count())
            && name.chars().all(is_han)
            && behind.starts_with(is_space)
            && !behind.trim().is_empty()
    })
}

/// Whether a line is two short texts in columns that spaces part: `组长    张三`.
pub(super) fn is_pair_in_columns(line: &str) -> bool {
    const LONGEST: usize = 12;
    let line = line.trim();
    let Some((name, value)) = line.split_once("  ") else { return false };
    let value = value.trim_start_matches(' ');
    let is_word = |word: &str| {
        (2..=LONGEST).contains(&word.chars().take(LONGEST + 1).count())
            && word.chars().all(|c| is_han(c) || c == ' ' || c.is_ascii_digit() || matches!(c, '（' | '）' | '-'))
    };
    is_word(name) && is_word(value) && !value.contains("  ") && name.starts_with(is_han)
}

/// Length in bytes and number of the wide spaces at the start of a line, as paragraphs of Chinese texts have two of them. A
/// space may be written as a character reference.
pub(super) fn wide_indent(line: &str) -> (usize, usize) {
    let (mut length, mut count) = (0, 0);
    loop {
        let rest = &line[length..];
        let reference = SPACE_REFERENCES.iter().find(|name| rest.starts_with(**name)).map(|name| name.len());
        let space = rest.chars().next().filter(|c| matches!(c, '\u{3000}' | '\u{2003}' | '\u{A0}')).map(char::len_utf8);
        let Some(next) = reference.or(space) else { return (length, count) };
        length += next;
        count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_their_own() {
        for (above, below) in [
            ("特此通知。", "安宁市市场监督管理局\n2024年4月8日"),
            ("附件：申请表", "安宁市市场监督管理局\n安宁市教育体育局\n二〇二四年四月八日\n\n后文"),
            ("特此通知。", "2024年4月8日"),
            ("安宁市市场监督管理局 安宁市教育体育局", "2024年4月8日"),
            ("此致", "敬礼！"),
            ("[甲](https://a.cn)", "[乙](b.md)"),
            ("- [甲](a.md)", "  [乙](b.md)"),
            ("**时间** 4月20日", "**地点** 广场"),
        ] {
            assert!(are_own_lines(above, below), "{below}");
        }
        for (above, below) in [
            ("本通知自", "2024年4月8日\n起施行。"),
            ("发布日期为", "2024年4月8日"),
            ("本通知由", "安宁市市场监督管理局\n负责解释。"),
            ("见[甲](a.md)", "[乙](b.md)"),
            ("[1](a.md)", "[2](b.md)"),
            ("**要点** 一，", "**重点** 二"),
            ("**甲** 是", "**乙** 的上级"),
        ] {
            assert!(!are_own_lines(above, below), "{below}");
        }
    }

    #[test]
    fn pairs_and_indents() {
        assert!(is_pair_in_columns("组长    张三") && is_pair_in_columns("副组长  李四"));
        assert!(
            !is_pair_in_columns("甲  乙  丙")
                && !is_pair_in_columns("组长 张三")
                && !is_pair_in_columns("请看，  这里")
        );
        assert_eq!(wide_indent("&emsp;&emsp;甲"), (12, 2));
        assert_eq!(wide_indent("\u{3000}&nbsp;甲"), (9, 2));
        assert_eq!(wide_indent("甲"), (0, 0));
    }
}
