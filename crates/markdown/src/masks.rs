//! Tells stars that stand for what is not told: the rest of names and numbers (`孙*明与周*华`, `昆明**有限公司、云南**公司`), parts
//! of dates and addresses (`20**年**月**日`), and those of required entries of a form (`姓名*（必填）　电话*（必填）`).
//!
//! Input: a pair of runs that a parser would take for marks, and what stands between them. Output: whether nobody means
//! them as marks. Does not know the runs around the pair.

use super::sign_runs::{JOINERS, Run, before, ends_term};
use puzhi_core::base::is_han;

/// What follows the part of a date or an address that is not told.
const UNITS: [&str; 22] = [
    "年", "月", "日", "小区", "社区", "路", "街", "街道", "巷", "镇", "乡", "村", "组", "县", "市", "区", "号", "栋",
    "幢", "单元", "室", "楼",
];
/// What follows the part of the name of a company or person that is not told.
const NAME_ENDS: [&str; 13] = [
    "有限公司",
    "有限责任公司",
    "股份",
    "集团",
    "公司",
    "合作社",
    "经营部",
    "商行",
    "同志",
    "先生",
    "女士",
    "同学",
    "某",
];
/// What follows the name of a person in a sentence about an office.
const OFFICE_VERBS: [&str; 5] = ["任", "为", "担任", "兼任", "接任"];

/// Whether stars stand for what is not told of names and numbers one after the other.
pub(super) fn is_mask(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    let joins = |c: char| JOINERS.contains(&c) && c != '/' || c == '\n';
    // `尾号**1234和**5678`, `张**138****1234、李**139****5678`
    let digits = content.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '*' | '-'));
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
    if is_rest_of_name(text, first, second, content) || is_entry(text, first, second, content) {
        return true;
    }
    // `孙*明与周*华`
    let given = content.trim_start_matches(is_han);
    let is_parted = content.starts_with(joins)
        || digits.len() < content.len() && digits.starts_with(joins)
        || given.starts_with(|c: char| joins(c) || matches!(c, '（' | '('))
        || content.char_indices().skip(1).take(2).any(|(at, c)| matches!(c, '与' | '和' | '及') && at > 0);
    is_parted && ends_with_surname(before(text, first.start, 12)) && ends_with_surname(content)
}

/// Whether stars stand before the rest of names or the units of a date or address: `昆明**有限公司、云南**科技有限公司`,
/// `20**年**月**日`, `拟由***同志任***职务`.
fn is_rest_of_name(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    /// Longest part of a name before its end, in characters: `科技有限公司`.
    const LONGEST: usize = 6;
    let behind = &text[second.end..];
    let begins = |text: &str, ends: &[&str]| ends.iter().any(|end| text.starts_with(end));
    if first.width() > 1 && UNITS.contains(&content) && begins(behind, &UNITS) {
        return true;
    }
    let is_joined = content.contains(['、', '，', '；', '：', ',', '\n', '和', '与', '及']);
    if first.width() < 2 || !second.is_infix() || !(first.is_infix() || is_joined) {
        return false;
    }
    let near = &behind[..behind.char_indices().nth(LONGEST).map_or(behind.len(), |(at, _)| at)];
    let near = &near[..near.len() - near.trim_start_matches(is_han).len()];
    let has_end = |words: &str| {
        words.char_indices().any(|(at, _)| begins(&words[at..], &NAME_ENDS))
            || begins(words, &UNITS)
            || words.is_empty()
    };
    // The comma after the first name stands between the stars.
    let name = content.split(|c: char| !is_han(c)).next().unwrap_or("");
    let begins_with_end = name.char_indices().take(LONGEST).any(|(at, _)| begins(&name[at..], &NAME_ENDS));
    if is_joined && begins_with_end && has_end(near) {
        return true;
    }
    let office = NAME_ENDS.iter().find_map(|end| content.strip_prefix(end));
    office.is_some_and(|verb| OFFICE_VERBS.contains(&verb))
}

/// Whether stars stand behind entries of a form: `单位*（盖章）：　　日期*：`, `姓名*（必填） 电话*（必填）`.
fn is_entry(text: &str, first: &Run, second: &Run, content: &str) -> bool {
    if !ends_term(first.before) || !ends_term(second.before) {
        return false;
    }
    let Some((_, behind)) = content.strip_prefix(['（', '(']).and_then(|inner| inner.split_once(['）', ')'])) else {
        return false;
    };
    let ends = text[second.end..].trim_start_matches([' ', '\u{3000}']);
    let is_end = ends.is_empty() || ends.starts_with(['（', '(', '：', ':', '\n', '_']);
    is_end && behind.starts_with([' ', '\u{3000}', '：', ':', '_'])
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
